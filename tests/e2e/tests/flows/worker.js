// The site's worker in Node.js: its script and its wasm as they are, with what a browser's worker has around them.
// Each line of the input is a message in hexadecimal digits, and each line of the output is an answer.
const { readFileSync, readdirSync } = require("node:fs");
const { runInThisContext } = require("node:vm");
const [dist, library] = process.argv.slice(1);
// Their names have the hash of the release.
const file = (name) => `${dist}/${readdirSync(dist).find((one) => name.test(one))}`;
globalThis.DedicatedWorkerGlobalScope = class {
  static [Symbol.hasInstance](scope) {
    return scope === globalThis;
  }
};
globalThis.postMessage = (bytes) => process.stdout.write(`${Buffer.from(bytes).toString("hex")}\n`);
runInThisContext(readFileSync(file(/^app-.*\.js$/), "utf8"));
runInThisContext("wasm_bindgen")({ module_or_path: readFileSync(file(/^app_bg-.*\.wasm$/)) }).then(() => {
  onmessage({ data: readFileSync(library, "utf8") });
  const lines = require("node:readline").createInterface({ input: process.stdin });
  lines.on("line", (line) => onmessage({ data: Uint8Array.from(Buffer.from(line, "hex")) }));
  lines.on("close", () => process.exit());
});
