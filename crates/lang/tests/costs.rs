//! Tables of costs and workloads: what is read, and what is said of what can't be.

use lang::costs::{Costs, Figure, Sure, Unit, costs, written};
use lang::workload::{MaybeAnswer, Work, workload};

/// A whole table.
fn whole() -> String {
    let row = |figure: &Figure| match figure.unit() {
        Unit::Time if figure.may_be(7_000).is_err() => format!("{} 0 ns guessed \"x\";", figure.name()),
        Unit::Time => format!("{} 7 ns guessed \"x\";", figure.name()),
        Unit::Entries => format!("{} 9 entries documented \"y\";", figure.name()),
    };
    let rows: Vec<String> = Figure::ALL.iter().map(row).collect();
    format!("costs \"whole\" {{ about \"All.\"; with pcid = off; {} }}", rows.join(" "))
}

fn read(text: &str) -> Result<Costs, Vec<String>> {
    let base = whole();
    let find = |name: &str| match name {
        "whole" => Some(base.as_str()),
        "loop" => Some("costs \"loop\" extends \"loop\" { }"),
        "bad" => Some("costs \"bad\" extends \"whole\" { nonsense 1 ns guessed \"\"; }"),
        _ => None,
    };
    costs(text, &find).map_err(|found| {
        let told = |d: lang::Diagnostic| {
            let advice = d.advice.map(|advice| format!(" ({advice})")).unwrap_or_default();
            format!("{}{advice}", d.message)
        };
        found.into_iter().map(told).collect()
    })
}

#[test]
fn a_table_takes_over_what_it_does_not_say() {
    let text = "costs \"mine\" extends \"whole\" { with pcid = on; cr3_keep 8500 ps measured \"here\"; c6_exit 133 us documented \"there\"; }";
    let mine = read(text).unwrap();
    assert_eq!(mine.name, "mine");
    assert_eq!(mine.with, [("pcid".to_owned(), "on".to_owned())]);
    let keep = mine.value(Figure::Cr3Keep);
    assert_eq!((keep.amount, keep.sure, keep.source.as_str()), (8_500, Sure::Measured, "here"));
    assert_eq!(mine.amount(Figure::C6Exit), 133_000_000);
    assert_eq!((mine.amount(Figure::Invlpg), mine.amount(Figure::TlbEntries)), (7_000, 9));
}

#[test]
fn what_is_wrong_is_told_with_what_to_write() {
    let in_it =
        |rows: &str| read(&format!("costs \"m\" extends \"whole\" {{ {rows} }}")).unwrap_err().join("; ");
    assert_eq!(
        in_it("ipi_sent 3 ns guessed \"\";"),
        "there is no figure `ipi_sent` (did you mean `ipi_send`?)"
    );
    assert!(in_it("ipi_send 3 entries guessed \"\";").contains("`ipi_send` is a time"));
    assert!(in_it("tlb_entries 3 us guessed \"\";").contains("`tlb_entries` is a number of entries"));
    assert!(in_it("ipi_send 3 guessed \"\";").contains("expected a unit of time, found `guessed`"));
    assert!(in_it("ipi_send 3 ns sure \"\";").contains("say measured, documented, derived or guessed"));
    assert!(in_it("ipi_send 2 s guessed \"\";").contains("a time is at most 1 s"));
    assert!(in_it("ipi_send 1 ns guessed \"\"; ipi_send 1 ns guessed \"\";").contains("given twice"));
    let one = read("costs \"m\" { ipi_send 1 ns guessed \"\"; }").unwrap_err().join("; ");
    assert!(one.contains("has no operation, line_remote") && one.contains("extends"), "{one}");
    let none = read("costs \"m\" extends \"there is none\" { }").unwrap_err();
    assert_eq!(none, ["there are no costs \"there is none\""]);
    assert!(read("costs \"m\" extends \"bad\" { }").unwrap_err()[0].contains("have errors themselves"));
    assert!(!read("costs \"m\" extends \"loop\" { }").unwrap_err().is_empty(), "and it ends");
    assert!(read("scenario \"s\" { }").unwrap_err()[0].contains("no table of costs"));
}

#[test]
fn times_are_written_in_the_largest_unit_that_fits() {
    let told = [0, 8_500, 300_000, 1_000_000, 133_000_000_000].map(|time| written(time, Unit::Time));
    assert_eq!(told, ["0 ns", "8500 ps", "300 ns", "1 us", "133 ms"]);
}

const KERNEL: &str = "kernel \"k\" { percpu n: int = 0; global all: cpus = online; sys poke() { n = n + 1; if maybe() { all = online; } } }";

fn scenario(workload: &str) -> String {
    format!(
        "scenario \"s\" {{ use kernel \"k\" machine {{ cpus 2; }} mm A {{ 0x400000 -> page \"p\"; }} setup {{ cpu 1 {{ poke(); }} }}
         cpu 0 {{ poke(); }} cpu 1 {{ if maybe() {{ poke(); }} }} {workload} expect never machine_check; }}"
    )
}

#[test]
fn a_workload_says_how_often_and_how_long() {
    let text = scenario(
        "workload { cpus 40 like 1; at 0x400123 { takes 20 us; touches 512 pages; }
         cpu 0 { every 1 ms; } cpu 1 { every 50 us; sleep 200 us; maybe 1: 30 percent; maybe 2: asleep; } }",
    );
    let said = workload(&text).unwrap().unwrap();
    assert_eq!(said.cpus, Some((40, 1)));
    assert_eq!(said.works, [Work { va: 0x40_0000, time: 20_000_000, pages: 512 }]);
    assert_eq!((said.loads[0].cpu, said.loads[0].every, said.loads[0].sleep), (0, Some(1_000_000_000), None));
    assert_eq!(said.loads[1].answers, [(1, MaybeAnswer::Percent(30)), (2, MaybeAnswer::Asleep)]);
    assert_eq!(workload(&scenario("")), Ok(None));
    let once = lang::format(&text).unwrap();
    assert_eq!(lang::format(&once).unwrap(), once);
}

#[test]
fn a_search_has_the_cpus_of_the_scenario_and_a_timed_run_those_of_the_workload() {
    let kernels: [(&str, &str); 1] = [("k", KERNEL)];
    let text = scenario("workload { cpus 40 like 1; }");
    let whole = lang::Selection::default();
    let search = lang::compile(&text, &kernels, &whole).program.unwrap();
    assert_eq!((search.machine.cpus, search.threads.len(), search.setup.len()), (2, 2, 1));
    let timed = |cpus| lang::compile_timed(&text, &kernels, &whole, cpus).program.unwrap();
    let forty = timed(None);
    assert_eq!((forty.machine.cpus, forty.threads.len(), forty.setup.len()), (40, 40, 39));
    assert!(forty.threads[2..].iter().all(|thread| thread.entry == forty.threads[1].entry));
    assert!(forty.code.len() == search.code.len(), "one text for all");
    let sixty_four = timed(Some(64));
    let online = sixty_four.variables.iter().find(|variable| variable.name == "all").unwrap();
    assert_eq!(sixty_four.cells[usize::from(online.base)], u64::MAX);
    // Without `like` nobody knows what more CPUs do.
    let alone = lang::compile_timed(&scenario("workload { }"), &kernels, &whole, Some(3));
    assert!(alone.diagnostics[0].message.contains("what further CPUs do"));
}

#[test]
fn a_workload_names_what_there_is() {
    let told = |workload: &str| {
        let found = lang::compile(&scenario(workload), &[("k", KERNEL)], &lang::Selection::default());
        assert!(found.program.is_none(), "{workload}");
        found.diagnostics[0].message.clone()
    };
    assert_eq!(told("workload { cpu 3 { every 1 us; } }"), "CPU 3 has no block");
    assert_eq!(told("workload { cpus 9 like 4; }"), "CPU 4 has no block");
    assert_eq!(told("workload { cpus 65 like 1; }"), "a timed run has 1 to 64 CPUs, not 65");
    assert_eq!(told("workload { cpu 1 { does \"\"; } }"), "what a round does is said in 1 to 40 letters");
    assert_eq!(told("workload { cpu 1 { evry 1 us; } }"), "a workload has no `evry` here");
    assert_eq!(told("workload { cpu 1 { maybe 1: 101 percent; } }"), "that is more than 100 percent");
    assert_eq!(told("workload { cpu 1 { maybe 1: often; } }"), "a name can't stand here");
    assert_eq!(told("workload { } workload { }"), "a scenario has one workload");
}
