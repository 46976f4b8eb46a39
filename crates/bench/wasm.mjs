// Runs the benchmark's wasm module: node wasm.mjs MODULE SUBJECT. It runs the same search twice in one instance,
// in slices. It prints the counts as the native benchmark does, then the milliseconds of the first run and of the second.
import { readFile } from "node:fs/promises";

const [path, subject] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(path), {});
const { begin, go, states, transitions, depth } = instance.exports;
const times = [];
for (let run = 0; run < 2; run++) {
    const started = performance.now();
    if (!begin(Number(subject))) throw new Error(`no subject ${subject}`);
    while (go(1024)) {}
    times.push(performance.now() - started);
}
console.log(`counts ${states()} ${transitions()} ${depth()} -`);
console.log(`times ${times.join(" ")}`);
