//! `tlbscope cost`: tables, answers, and what can't be run.

use std::process::{Command, Output};

fn cost(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.arg("cost").args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = cost(arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn refused(arguments: &[&str]) -> String {
    let output = cost(arguments);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn kernels_have_their_verdicts_beside_what_they_cost() {
    let json = printed(&["idle+munmap", "--steps", "20000", "--json"]);
    let lines: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kernel: &str| lines.iter().find(|line| line["kernel"] == kernel).unwrap();
    assert!(lines.len() > 8, "{json}");
    let (wrong, proposal, old) = (of("linux-4.14-rc1"), of("init_mm switch"), of("linux-4.13"));
    // The bug of 2017 sends no IPI to a CPU that sleeps.
    assert_eq!(wrong["verdict"]["violation"], "a_bit_corruption");
    assert_eq!(wrong["counts"]["ipis_c1"], 0);
    // The proposal is right, and costs CR3 writes that keep cached entries; 4.13 is right, and costs IPIs.
    for right in [proposal, old] {
        assert_eq!(right["verdict"]["violation"], serde_json::Value::Null, "{right}");
        assert_eq!(right["verdict"]["complete"], true, "{right}");
    }
    let count = |line: &serde_json::Value, name: &str| line["counts"][name].as_u64().unwrap();
    assert_eq!((count(proposal, "ipis_c1"), count(proposal, "ipis_c6")), (0, 0));
    assert!(count(proposal, "cr3_kept") > 100 && count(old, "cr3_kept") == 0);
    assert!(count(old, "ipis_c1") > 10, "{old}");
}

#[test]
fn the_same_table_for_people_and_as_csv() {
    let arguments = ["threads+zap", "--on", "linux-4.14", "--steps", "5000", "--states", "0"];
    let table = printed(&arguments);
    assert!(table.starts_with("kernel "), "{table}");
    assert!(table.contains("linux-4.14 ") && table.contains("Costs \"server\""), "{table}");
    // INVLPG, INVPCID and INVLPGB are counted apart; what nobody executes has no column.
    let heads = table.lines().next().unwrap_or_default();
    assert!(
        heads.contains("INVLPG/s") && !heads.contains("INVLPGB") && !heads.contains("not running"),
        "{heads}"
    );
    let csv = printed(&[&arguments[..], &["--csv"]].concat());
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(lines[0].starts_with("workload,kernel,verdict,end,steps,time,"), "{csv}");
    assert!(lines[1].starts_with("\"threads+zap\",\"linux-4.14\",\"-\",steps,5000,"), "{csv}");
    assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    assert_eq!(csv, printed(&[&arguments[..], &["--csv"]].concat()), "the same run");
}

#[test]
fn where_two_kernels_cost_the_same_is_said_in_a_sentence() {
    // Lazy CPUs cost an IPI each time; leaving the mm costs a CR3 write each time a CPU goes idle.
    let text = printed(&[
        "threads+zap",
        "--on",
        "init_mm switch",
        "--against",
        "linux-4.13",
        "--over",
        "every 0",
        "--range",
        "20us..500ms",
        "--steps",
        "10000",
    ]);
    assert!(text.starts_with("init_mm switch costs less than linux-4.13 from "), "{text}");
    assert!(text.contains("flushes a second on, and more below that"), "{text}");
}

#[test]
fn the_answer_in_json_has_its_points_and_the_guesses() {
    let arguments = [
        "threads+zap",
        "--on",
        "init_mm switch",
        "--against",
        "linux-4.13",
        "--over",
        "cpus",
        "--steps",
        "3000",
    ];
    let json = printed(&[&arguments[..], &["--json"]].concat());
    let even: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (even["over"].as_str(), even["from"].as_u64(), even["to"].as_u64()),
        (Some("cpus"), Some(2), Some(64))
    );
    assert!(even["points"].as_array().unwrap().len() >= 7 && even["deciding_guesses"].is_array(), "{json}");
    assert!(printed(&arguments).starts_with(even["sentence"].as_str().unwrap()));
}

#[test]
fn counts_are_told_for_each_round_of_a_cpu_too() {
    let arguments = ["threads+zap", "--on", "linux-4.13", "--steps", "5000", "--states", "0", "--per"];
    let table = printed(&[&arguments[..], &["round 0"]].concat());
    assert!(table.contains("IPIs to busy") && !table.contains("IPIs to busy/s"), "{table}");
    assert!(table.contains("for each round of CPU 0"), "{table}");
    assert!(refused(&[&arguments[..], &["round 64"]].concat()).contains("no CPU 64"));
    assert!(refused(&[&arguments[..], &["minute"]].concat()).contains("write `second`"));
}

#[test]
fn all_kernels_on_all_workloads_are_one_table() {
    let arguments = ["--all", "--steps", "300", "--states", "0"];
    let table = printed(&arguments);
    let heads: Vec<&str> = table.lines().next().unwrap_or_default().split_whitespace().collect();
    let workloads: Vec<&str> = gallery::workloads().map(|text| text.slug).collect();
    assert_eq!(heads[1..], workloads);
    assert!(table.lines().any(|line| line.starts_with("linux-4.13 ") && line.contains(" %")), "{table}");
    let csv = printed(&[&arguments[..], &["--csv"]].concat());
    let json = printed(&[&arguments[..], &["--json"]].concat());
    assert_eq!(csv.lines().count(), json.lines().count() + 1);
    let cells =
        table.lines().take_while(|line| !line.is_empty()).skip(1).map(|line| line.matches('%').count());
    assert_eq!(cells.sum::<usize>(), json.lines().count(), "{table}");
}

#[test]
fn what_can_not_be_run_is_refused_with_what_there_is() {
    assert!(
        refused(&["idle+munmup"])
            .contains("the workloads are ebizzy, flush2+threads, idle+munmap, idle+ping-pong, make-j, ping-pong, switches+flushes, threads+zap")
    );
    assert!(refused(&["ping-pong", "--costs", "servre"]).contains("did you mean server?"));
    assert!(refused(&["ping-pong", "--figure", "ipi_sent=1us"]).contains("did you mean ipi_send?"));
    assert!(refused(&["ping-pong", "--figure", "ipi_send=1"]).contains("write 1 as a time"));
    assert!(refused(&["ping-pong", "--on", "linux-9"]).contains("there is no kernel \"linux-9\""));
    assert!(refused(&["ping-pong", "--cpus", "8"]).contains("what further CPUs do"));
    assert!(refused(&["idle+munmap", "--cpus", "1"]).contains("the scenario itself has 2 CPUs"));
    assert!(refused(&["ping-pong", "--figure", "speculation=1ps"]).contains("0, or at least 10 ns"));
    assert!(refused(&["ping-pong", "--steps", "0"]).contains("--steps"));
    assert!(refused(&["ping-pong", "--set", "no_such=on"]).contains("has no option no_such"));
    assert!(printed(&[]).contains("  laptop: "), "without a path it lists what there is");
}

#[test]
fn a_kernel_of_ones_own_stands_before_those_of_the_library() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("cost");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("mine.tlb");
    let text = "kernel \"nobody is told\" {
    sys run(next: mm) { write_cr3(next.pgd, 0, flush); }
    sys munmap_page(m: mm, va: va) { free_page(pte_pfn(xchg(pte(m, va), 0))); }
}
scenario \"mine\" {
    use kernel \"nobody is told\"
    machine { cpus 2; spare 1; }
    mm A { 0x400000 -> page \"buffer\"; }
    setup { cpu 0 { run(A); } cpu 1 { run(A); } }
    cpu 0 {
        munmap_page(A, 0x400000);
        let page = alloc_page();
        pte(A, 0x400000) = pfn_pte(page, _PAGE_PRESENT | _PAGE_RW | _PAGE_USER);
    }
    cpu 1 { load(0x400000); }
    workload { cpu 0 { every 10 us; } cpu 1 { every 1 us; } }
    expect sometimes stale_access;
}
";
    std::fs::write(&file, text).unwrap();
    let json = printed(&[file.to_str().unwrap(), "--steps", "2000", "--json"]);
    let lines: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["kernel"], "nobody is told");
    assert_eq!(lines[0]["verdict"]["violation"], "stale_access");
    assert_eq!(lines[0]["counts"]["ipis_busy"], 0, "cheap, and wrong");
    assert!(lines.iter().any(|line| line["kernel"] == "linux-6.18"), "{json}");
}

#[test]
fn a_run_that_ends_early_says_why() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("cost-stuck");
    std::fs::create_dir_all(&folder).unwrap();
    let text = "kernel \"waits\" { global never: int = 0; sys wait() { until never == 1; } }
        scenario \"s\" { use kernel \"waits\" cpu 0 { wait(); } workload { cpu 0 { every 1 us; } } expect sometimes deadlock; }";
    let file = folder.join("stuck.tlb");
    std::fs::write(&file, text).unwrap();
    let table = printed(&[file.to_str().unwrap(), "--on", "waits", "--steps", "100", "--states", "0"]);
    let why = "The run of waits ended after 0 steps: no CPU can go on, and at least one of them waits.";
    assert!(table.contains(why), "{table}");
    let whole = printed(&["ping-pong", "--on", "linux-4.14", "--steps", "100", "--states", "0"]);
    assert!(!whole.contains("ended after"), "{whole}");
}

fn sweep(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tlbscope"));
    command.arg("sweep").args(arguments).output().unwrap()
}

/// The arguments of a small sweep, and more.
fn small<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let grid = ["ping-pong", "--over", "cr3_flush=100ns,1us", "--over", "refill=0ns,17ns", "--steps", "500"];
    let on = ["--on", "linux-4.13", "--on", "linux-4.14"];
    [&grid[..], &on[..], more].concat()
}

fn told(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn shards_of_a_sweep_are_put_together_and_a_stopped_one_goes_on() {
    let whole = told(sweep(&small(&[])));
    assert_eq!(whole.lines().count(), 2 + 2 * 2 * 2, "{whole}");
    let folder = std::env::temp_dir().join(format!("tlbscope-sweep-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let files: Vec<String> =
        (1..=3).map(|shard| folder.join(format!("{shard}.csv")).to_string_lossy().into_owned()).collect();
    for (number, file) in files.iter().enumerate() {
        told(sweep(&small(&["--shard", &format!("{}/3", number + 1), "--out", file])));
    }
    let merge: Vec<&str> = ["--merge"].into_iter().chain(files.iter().map(String::as_str)).collect();
    assert_eq!(told(sweep(&merge)), whole);
    // One that was stopped in the middle of a line loses that line, and makes it again.
    let text = std::fs::read_to_string(&files[0]).unwrap();
    std::fs::write(&files[0], &text[..text.len() - 20]).unwrap();
    let lacking = sweep(&merge);
    assert_eq!(lacking.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&lacking.stderr).contains("1 of 8 runs are missing"));
    told(sweep(&small(&["--shard", "1/3", "--out", &files[0]])));
    assert_eq!(std::fs::read_to_string(&files[0]).unwrap(), text);
    // A file of other settings is neither gone on with nor merged.
    let other = sweep(&small(&["--seeds", "2", "--shard", "1/3", "--out", &files[0]]));
    assert_eq!(other.status.code(), Some(2));
    let contradicting = text.replace("\n0,", "\n3,");
    std::fs::write(&files[0], contradicting).unwrap();
    assert!(String::from_utf8_lossy(&sweep(&merge).stderr).contains("contradicts"));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// A folder of this test's own.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_large_sweep_goes_on_and_is_put_together() {
    let folder = folder("sweep-large");
    let (whole, file) = (folder.join("whole.csv"), folder.join("part.csv"));
    let (whole, file) = (whole.to_str().unwrap(), file.to_str().unwrap());
    let grid = |out| {
        [
            "ping-pong",
            "--over",
            "cr3_flush=0ns,1us",
            "--on",
            "linux-4.14",
            "--steps",
            "1",
            "--seeds",
            "1200",
            "--out",
            out,
        ]
    };
    told(sweep(&grid(whole)));
    let text = std::fs::read_to_string(whole).unwrap();
    assert_eq!(text.lines().count(), 2_402);
    assert!(text.len() > 256 << 10, "{} bytes", text.len());
    // Stopped in the middle of its last line, then once more at its very beginning.
    for left in [text.len() - 3, 20, 0] {
        std::fs::write(file, &text[..left]).unwrap();
        told(sweep(&grid(file)));
        assert_eq!(std::fs::read_to_string(file).unwrap(), text, "from {left} bytes on");
    }
    assert_eq!(told(sweep(&["--merge", file, whole])), text);
    // What is there is not written again: a line that no run would give stays where it is.
    let edited = text.replacen("\n0,", "\n0, ", 1);
    std::fs::write(file, &edited[..edited.len() - 3]).unwrap();
    told(sweep(&grid(file)));
    assert_eq!(std::fs::read_to_string(file).unwrap(), edited);
    // A line without end is refused, and so is what is no run.
    for (broken, why) in
        [("1".repeat(1 << 17), "is longer than"), ("run one,\n".to_owned(), "line 3 is no run")]
    {
        let head: String = text.lines().take(2).flat_map(|line| [line, "\n"]).collect();
        std::fs::write(file, head + &broken).unwrap();
        let said = sweep(&["--merge", file]);
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_sweep_in_json_has_the_same_runs() {
    let folder = folder("sweep-json");
    let file = folder.join("part.json");
    let file = file.to_str().unwrap();
    let json = told(sweep(&small(&["--json"])));
    let lines: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["runs"]), (9, &8.into()));
    let csv = told(sweep(&small(&[])));
    for (line, row) in lines[1..].iter().zip(csv.lines().skip(2)) {
        let fields: Vec<&str> = row.split(',').collect();
        assert_eq!((line["run"].to_string(), line["end"].as_str()), (fields[0].to_owned(), Some(fields[5])));
        assert_eq!(
            (line["load"].to_string(), line["counted"]["steps"].to_string()),
            (fields[6].to_owned(), fields[7].to_owned())
        );
    }
    std::fs::write(file, &json[..json.len() / 2]).unwrap();
    told(sweep(&small(&["--json", "--out", file])));
    assert_eq!(told(sweep(&["--merge", file])), json);
}

#[test]
fn parts_made_with_two_texts_of_a_kernel_are_not_put_together() {
    let folder = folder("sweep-kernels");
    let kernel = "kernel \"mine\" { sys run(next: mm) { write_cr3(next.pgd, 0, flush); } }";
    let scenario = "scenario \"s\" { use kernel \"mine\" machine { cpus 1; }
        mm A { 0x400000 -> page \"p\"; } cpu 0 { run(A); load(0x400000); } workload { cpu 0 { every 10 us; } } expect never violation; }";
    let (text, own) = (folder.join("s.tlb"), folder.join("k.tlb"));
    std::fs::write(&text, scenario).unwrap();
    let (text, own) = (text.to_str().unwrap(), own.to_str().unwrap());
    let mut files = Vec::new();
    for (part, kernel) in
        [(1, kernel.to_owned()), (2, kernel.replace("flush);", "flush); write_cr3(next.pgd, 0, flush);"))]
    {
        std::fs::write(own, kernel).unwrap();
        let file = folder.join(format!("{part}.csv"));
        let shard = format!("{part}/2");
        let over = ["--over", "cr3_flush=1us,2us", "--steps", "50", "--on", "mine"];
        told(sweep(
            &[&[text, "--kernel", own, "--shard", &shard, "--out", file.to_str().unwrap()][..], &over]
                .concat(),
        ));
        files.push(file.to_str().unwrap().to_owned());
    }
    let merged = sweep(&["--merge", &files[0], &files[1]]);
    assert!(String::from_utf8_lossy(&merged.stderr).contains("are of two sweeps"));
}

#[test]
fn a_sweep_refuses_what_would_not_run() {
    let refused = |arguments: &[&str]| {
        let output = sweep(arguments);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(refused(&["threads+zap", "--over", "cpus=8,65"]).contains("at most 64 CPUs"));
    assert!(refused(&["threads+zap", "--over", "cpus=1"]).contains("itself has 2 CPUs"));
    assert!(refused(&["threads+zap", "--over", "every 5=1us"]).contains("no item `cpu 5`"));
    assert!(refused(&["threads+zap", "--over", "cpus=8", "--seeds", "0"]).contains("--seeds"));
    assert!(refused(&["threads+zap", "--over", "cpus=8", "--steps", "0"]).contains("--steps"));
    assert!(refused(&["threads+zap", "--over", "cpus=8", "--set", "no_such=on"]).contains("no_such"));
    let costs = folder("sweep-costs").join("broken.tlb");
    std::fs::write(&costs, "costs \"c\" {").unwrap();
    assert!(
        refused(&["threads+zap", "--over", "cpus=8", "--costs", costs.to_str().unwrap()])
            .contains("broken.tlb")
    );
}
