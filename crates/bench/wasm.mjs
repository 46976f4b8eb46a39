// Runs the benchmark's wasm module in slices, and prints the counts as the native benchmark does.
//
// node wasm.mjs MODULE SUBJECT: the same search twice in one instance, then the milliseconds of the first run and of the second.
// node wasm.mjs MODULE grow STATES AXIS VALUE: a search of what grows, once.
// node wasm.mjs MODULE timed CPUS STEPS: a timed run, once.
import { readFile } from "node:fs/promises";

const [path, subject, ...grown] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(path), {});
const { begin, grow, go, complete, states, transitions, depth, timed } = instance.exports;
if (subject === "timed") {
    const [cpus, steps] = grown.map(Number);
    const started = performance.now();
    const first = timed(cpus, steps, 0);
    const took = performance.now() - started;
    console.log(`counted [${[first, ...[1, 2, 3].map((which) => timed(cpus, steps, which))].join(", ")}]`);
    console.log(`bytes ${timed(cpus, steps, 4)}`);
    console.log(`took ${took}`);
    process.exit();
}
if (subject === "grow") {
    if (!grow(...grown.map(Number))) throw new Error(`nothing grows like ${grown}`);
    while (go(1024)) {}
    if (!complete()) throw new Error("it did not come to its end");
    console.log(`counts ${states()} ${transitions()} ${depth()} -`);
    process.exit();
}
const times = [];
for (let run = 0; run < 2; run++) {
    const started = performance.now();
    if (!begin(Number(subject))) throw new Error(`no subject ${subject}`);
    while (go(1024)) {}
    times.push(performance.now() - started);
}
console.log(`counts ${states()} ${transitions()} ${depth()} -`);
console.log(`times ${times.join(" ")}`);
