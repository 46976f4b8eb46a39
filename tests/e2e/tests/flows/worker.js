// The site's worker in Node.js: dist/app.js and dist/app_bg.wasm as they are, with what a browser's worker has around them.
// Each line of the input is a message in hexadecimal digits, and each line of the output is an answer.
const { readFileSync } = require("node:fs");
const { runInThisContext } = require("node:vm");
const [dist, library] = process.argv.slice(1);
globalThis.DedicatedWorkerGlobalScope = class {
  static [Symbol.hasInstance](scope) {
    return scope === globalThis;
  }
};
globalThis.postMessage = (bytes) => process.stdout.write(`${Buffer.from(bytes).toString("hex")}\n`);
runInThisContext(readFileSync(`${dist}/app.js`, "utf8"));
runInThisContext("wasm_bindgen")({ module_or_path: readFileSync(`${dist}/app_bg.wasm`) }).then(() => {
  onmessage({ data: readFileSync(library, "utf8") });
  const lines = require("node:readline").createInterface({ input: process.stdin });
  lines.on("line", (line) => onmessage({ data: Uint8Array.from(Buffer.from(line, "hex")) }));
  lines.on("close", () => process.exit());
});
