//! `docs/promela.md` says what can't be exported. This test makes the table: `cargo xtask bless` renews it.

use experiment::Experiment;
use promela::{Unmodelled, first, refused};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- table: refused -->\n";
const END: &str = "<!-- end: refused -->";

#[test]
fn the_page_tells_what_is_refused_and_how_often() {
    let mut rows: Vec<(Unmodelled, Vec<&str>)> = Vec::new();
    let (mut all, mut any) = (0, 0);
    for scenario in gallery::scenarios() {
        all += 1;
        let mut has = Vec::new();
        for (name, experiment) in Experiment::new(scenario.text).variants() {
            let machine = experiment.compile().machine.unwrap_or_else(|why| panic!("{name:?}: {why:?}"));
            has.extend(
                refused(&machine).into_iter().filter(|found| !has.contains(found)).collect::<Vec<_>>(),
            );
        }
        any += usize::from(!has.is_empty());
        for found in has {
            match rows.iter_mut().find(|row| row.0 == found) {
                Some(row) => row.1.push(scenario.slug),
                None => rows.push((found, vec![scenario.slug])),
            }
        }
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.1.len()), row.0.what));
    let mut table = String::from("\n| what | why | instead | scenarios |\n| --- | --- | --- | --- |\n");
    for (Unmodelled { what, why, mend }, slugs) in &rows {
        let _ = writeln!(table, "| {what} | {why} | {mend} | {} |", slugs.len());
    }
    let _ = writeln!(
        table,
        "\n{} of the library's {all} scenarios can be exported in all of their cases.\n",
        all - any
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/promela.md");
    let page = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    golden::check(&path, &format!("{before}{BEGIN}{table}{END}{after}"));
}

#[test]
fn what_has_no_model_is_told_with_a_reason_and_a_mend() {
    let all = [
        ("kvm+unmap", "guests", true),
        ("migrate+munmap", "threads", true),
        ("sva+munmap", "devices", true),
        ("smt+asid", "share TLBs", false),
    ];
    for (slug, what, placed) in all {
        let text = gallery::scenario(slug).expect("it is in the library").text;
        let machine = Experiment::new(text).compile().into_machine().expect("it compiles");
        let [found] = refused(&machine)[..] else { panic!("{slug}: not one reason") };
        assert!(found.what.contains(what) && !found.why.is_empty() && !found.mend.is_empty(), "{found:?}");
        let place = first(&machine, &found).map(|pc| &machine.program().sites[usize::from(pc)]);
        assert_eq!(place.is_some(), placed, "{slug}: {place:?}");
    }
}
