//! An example of the reference as a file that runs: a part is put into a text around it, and a whole text gets what it rests
//! on.

use super::markup::{Block, blocks};

/// The whole texts of the reference, by their names.
pub struct Examples {
    kernels: Vec<(String, String)>,
    scenarios: Vec<String>,
}

/// What a part may use of a kernel: the names that it is for, and the lines.
const KERNEL: [(&[&str], &str); 20] = [
    (&["lazy_tlb"], "option lazy_tlb = on \"Stay lazy\""),
    (&["table_free"], "option table_free: direct | rcu = direct \"How tables are freed\""),
    (&["LIMIT"], "const LIMIT = 6;"),
    (&["next_id"], "global next_id: int = 1;"),
    (&["busy"], "global busy: bool = false;"),
    (&["names"], "global names[4]: int = 0;"),
    (&["pool"], "global pool: frame = none;"),
    (&["stopped"], "global stopped: cpus = {};"),
    (&["turn"], "global turn: cpu = 0;"),
    (&["tlb_gen"], "mm     tlb_gen: int = 1;"),
    (&["cpumask"], "mm     cpumask: cpus = {};"),
    (&["slots"], "mm     slots[2]: int = 0;"),
    (&["run", "loaded_mm", "flush"], "percpu loaded_mm: mm = init_mm;"),
    (&["is_lazy", "flush"], "percpu is_lazy: bool = false;"),
    (&["count"], "percpu count: int = 0;"),
    (&["ctxs"], "percpu ctxs[6] { tlb_gen: int = 0; owner: mm = init_mm; }"),
    (&["flush"], "ipi flush(m: mm, gen: int) { if m == loaded_mm { per_cpu(is_lazy, cpu) = gen > 1; } }"),
    (&["twice"], "fn twice(n: int) -> int { return n + n; }"),
    (&["run"], "sys run(next: mm) { write_cr3(next.pgd, 0); loaded_mm = next; }"),
    (&["munmap"], "sys munmap(m: mm, va: va) { xchg(pte(m, va), 0); }"),
];

/// Whether a text has a word.
fn has(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|there| there == word)
}

/// A kernel with what a text uses, unless the part declares it itself.
fn kernel(used: &str, part: &str) -> String {
    let declares = |line: &str| {
        let name = |line: &str| {
            line.split(['(', ':', '[', '{', '='])
                .next()
                .unwrap_or("")
                .split_whitespace()
                .last()
                .map(str::to_owned)
        };
        name(line).is_some_and(|own| {
            // `ipi flush(m) to s;` sends what is declared elsewhere.
            part.lines().filter(|line| !line.contains(") to ")).any(|line| {
                ["option ", "const ", "global ", "mm ", "percpu ", "fn ", "sys ", "ipi "]
                    .iter()
                    .any(|kind| line.starts_with(kind))
                    && name(line).as_deref() == Some(&own)
            })
        })
    };
    let lines = KERNEL.iter().filter(|(names, line)| {
        names.iter().any(|name| has(used, name) || has(part, name)) && !declares(line)
    });
    let lines: String = lines.map(|(_, line)| format!("{line}\n")).collect();
    format!("kernel \"example\" {{\n{lines}\n{part}\n}}")
}

fn scenario(inner: &str) -> String {
    format!(
        "scenario \"example\" {{\nuse kernel \"example\"\nmm A {{ 0x400000 -> page \"data\"; }}\n{inner}\n}}"
    )
}

fn formatted(text: &str) -> String {
    lang::format(text).unwrap_or_else(|found| panic!("{found:#?} in\n{text}"))
}

impl Examples {
    /// Those of the reference.
    pub fn of(page: &str) -> Examples {
        let mut all = Examples { kernels: Vec::new(), scenarios: Vec::new() };
        for block in blocks(page) {
            let Block::Code { kind: Some(""), text } = block else { continue };
            match lang::kernel_name(&text) {
                Some(name) => all.kernels.push((name, text)),
                None => all.scenarios.push(text),
            }
        }
        all
    }

    /// The file that is opened for an example of some kind.
    pub fn opened(&mut self, kind: &str, text: &str) -> String {
        // A part that names a kernel gets one with this name.
        let named = text.split_once("use kernel \"").and_then(|(_, behind)| behind.split('"').next());
        let name = format!("kernel \"{}\"", named.unwrap_or("example"));
        let around = |part: &str, inner: &str| {
            let parts = [kernel(&format!("run {inner}"), part), scenario(inner)];
            parts.map(|part| formatted(&part.replacen("kernel \"example\"", &name, 1))).join("\n")
        };
        const BEGIN: &str = "cpu 0 { run(A); }";
        match kind {
            "stmt" => {
                let part = format!("sys test(m: mm, n: int, s: cpus, f: frame) {{\n{text}\n}}");
                around(&part, "cpu 0 { run(A); test(A, 1, {0}, none); }")
            }
            "kernel" => around(text, BEGIN),
            "cpu" => around("", &format!("cpu 0 {{ run(A); {text} }}")),
            "scenario" if text.lines().any(|line| line.starts_with("cpu 0 ")) => around("", text),
            "scenario" => around("", &format!("{BEGIN}\n{text}")),
            "machine" => around("", &format!("machine {{ {text} }}\n{BEGIN}")),
            "" => self.whole(text),
            other => panic!("a fence of an unknown kind: {other}"),
        }
    }

    /// A whole text, after the kernels that it rests on, and before a scenario that uses it.
    fn whole(&self, text: &str) -> String {
        let kernel_of =
            |name: &str| self.kernels.iter().find(|(there, _)| there == name).map(|(_, text)| text);
        if lang::costs::costs_name(text).is_some() {
            return text.to_owned();
        }
        let uses = |scenario: &str, name: &str| scenario.contains(&format!("use kernel \"{name}\""));
        let mut parts = vec![text.to_owned()];
        if let Some(name) = lang::kernel_name(text) {
            let with = self.scenarios.iter().find(|scenario| uses(scenario, &name));
            parts.push(with.cloned().unwrap_or_else(|| {
                scenario("cpu 0 { run(A); munmap(A, 0x400000); }")
                    .replace("\"example\"", &format!("\"{name}\""))
            }));
        }
        // What these rest on comes before them.
        let mut place = 0;
        while place < parts.len() {
            let needs: Vec<String> = self
                .kernels
                .iter()
                .filter(|(name, _)| {
                    uses(&parts[place], name) || lang::extended_kernel(&parts[place]).as_ref() == Some(name)
                })
                .map(|(name, _)| name.clone())
                .collect();
            for name in needs {
                let Some(kernel) = kernel_of(&name).filter(|kernel| !parts.contains(kernel)) else {
                    continue;
                };
                parts.insert(0, kernel.clone());
                place = 0;
            }
            place += 1;
        }
        parts.iter().map(|part| formatted(part)).collect::<Vec<_>>().join("\n")
    }
}
