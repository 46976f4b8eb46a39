//! Which version a link has, and what the numbers in links of version 1 meant.

use experiment::Experiment;
use explore::Trace;
use link::{
    Base, Compared, ComparedAs, Incomparable, Link, Numbered, TimedTable, View, decode, encode, moment, open,
};
use machine::Action;

fn beginning(experiment: &Experiment) -> Link {
    let machine = experiment.compile().into_machine().expect("it compiles");
    moment(experiment, &machine, &Trace::new(&machine), 0, View::default())
}

fn library(slug: &str) -> Experiment {
    Experiment::library(slug).expect("it is in the library")
}

/// The text of a link, which leads back to it, and its version.
fn version(link: &Link) -> char {
    let text = encode(link);
    assert_eq!(decode(&text).as_ref(), Ok(link));
    text.chars().next().unwrap_or_default()
}

#[test]
fn version_1_is_written_where_it_says_all_there_is_to_say() {
    let plain = beginning(&library("lazy+munmap"));
    let with = |comparison| Link { compared: Some(comparison), ..plain.clone() };
    assert_eq!(version(&plain), '1');
    assert_eq!(version(&with(ComparedAs::Numbered(Numbered::Setting(3)))), '1');
    assert_eq!(version(&with(ComparedAs::Named(Compared::Kernel("linux-4.14".to_owned())))), '2');
    assert_eq!(version(&with(ComparedAs::Named(Compared::Case(None)))), '2');
    assert_eq!(version(&Link { schedule: vec![0, 8, u32::MAX], ..plain.clone() }), '1');
    let extended = 1 << 7;
    assert!(Action::is_extended(extended));
    assert_eq!(version(&Link { schedule: vec![0, 8, extended], ..plain.clone() }), '2');
}

#[test]
fn version_3_is_written_for_costs_alone() {
    let plain = beginning(&library("lazy+munmap"));
    let timed = Some(TimedTable { workload: "idle+munmap".to_owned(), ..TimedTable::default() });
    assert_eq!(version(&Link { timed: timed.clone(), ..plain.clone() }), '3');
    let compared = Some(ComparedAs::Named(Compared::Case(None)));
    assert_eq!(version(&Link { timed, compared, ..plain.clone() }), '3');
}

#[test]
fn version_4_is_written_for_more_than_two_kernels_alone() {
    let more = vec!["linux-4.20".to_owned(), "linux-6.18".to_owned()];
    let timed = Some(TimedTable { workload: "idle+munmap".to_owned(), more, ..TimedTable::default() });
    assert_eq!(version(&Link { timed, ..beginning(&library("lazy+munmap")) }), '4');
}

/// The bits that earlier readers took for a comparison, in a link made before there were names.
#[test]
fn a_comparison_of_version_1_stands_where_it_stood() {
    let text = "1.MD7GsDABi3V8dAUgmlMPbGF6eSt1bm1hcCthbmR5gAoZAQUAAQUA_y8ApAEAAAAAACAEGQ";
    let link = decode(text).expect("it was published");
    assert_eq!(link.compared, Some(ComparedAs::Numbered(Numbered::Setting(1))));
    assert_eq!(link.view, View::default());
    assert_eq!(encode(&link), text, "written again, it is the same to the byte");
}

/// What a link's number says today.
fn named(link: &Link, numbered: Numbered) -> Result<Compared, Incomparable> {
    let link = Link { compared: Some(ComparedAs::Numbered(numbered)), ..link.clone() };
    open(&link).expect("it opens").compared.expect("the link compares with something")
}

fn meant(link: &Link, numbered: Numbered) -> Option<String> {
    Some(match named(link, numbered).ok()? {
        Compared::Option { name, choice } => format!("{name} {choice}"),
        Compared::Case(name) => name.unwrap_or_else(|| "as written".to_owned()),
        Compared::Kernel(name) => name,
    })
}

fn settings(link: &Link, count: u32) -> Vec<Option<String>> {
    (0..count).map(|place| meant(link, Numbered::Setting(place))).collect()
}

fn said(all: &[&str]) -> Vec<Option<String>> {
    all.iter().map(|name| Some((*name).to_owned())).collect()
}

/// The same link, made when the library had other texts.
fn from_before(mut link: Link) -> Link {
    let (Base::Library { hash, .. } | Base::Inline { hash, .. }) = &mut link.base;
    *hash ^= 1;
    link
}

#[test]
fn a_number_means_what_it_meant_when_the_link_was_made() {
    let texts = library("lazy+unmap+andy");
    let link = beginning(&texts);
    let options =
        ["lazy_tlb off", "memory_barrier on", "init_mm_switch on", "vendor intel", "pcid off", "tso off"];
    let cases: Vec<Option<String>> = texts.cases().into_iter().skip(1).map(|case| case.name).collect();
    let mut all = said(&options);
    all.extend(cases);
    all.push(None);
    assert_eq!(settings(&link, all.len() as u32), all);
    assert_eq!(settings(&from_before(link.clone()), all.len() as u32), all, "this kernel had one list only");
    // Where something is chosen, the other choices are counted, and the scenario as written is another machine.
    let chosen = Link { options: vec![("memory_barrier".to_owned(), "on".to_owned())], ..link };
    all[1] = Some("memory_barrier off".to_owned());
    all.insert(6, Some("as written".to_owned()));
    assert_eq!(settings(&chosen, all.len() as u32), all);
}

/// `linux-4.14` had an option when numbers were first written, and three in the end.
#[test]
fn a_number_that_had_two_meanings_is_left_out() {
    let texts = library("lazy+munmap").on_kernel(Some("linux-4.14"));
    let link = beginning(&texts);
    let now = said(&["table_free direct", "users_short_cut off", "single_user on", "vendor amd"]);
    assert_eq!(settings(&link, 4), now, "the texts are those of then");
    let link = from_before(link);
    let before = settings(&link, 4);
    assert_eq!(named(&link, Numbered::Setting(1)), Err(Incomparable::Ambiguous));
    assert_eq!(named(&link, Numbered::Setting(1 << 20)), Err(Incomparable::NoSetting));
    assert_eq!(
        before,
        [now[0].clone(), None, None, None],
        "vendor or users_short_cut; pcid or single_user; ..."
    );
}

/// A kernel that comes with the link has the options that its text has.
#[test]
fn the_options_of_an_edited_kernel_are_its_own() {
    let texts = library("lazy+unmap+andy");
    let text = texts.kernel_text().expect("the library has it");
    let more = text.replacen("    option ", "    option mine = off \"Nothing\"\n    option ", 1);
    let link = from_before(beginning(&texts.with_kernel_text(more)));
    assert_eq!(settings(&link, 2), said(&["mine on", "lazy_tlb off"]));
}

#[test]
fn a_kernel_of_version_1_goes_by_a_hash_of_its_name() {
    let text = "1.M_GjSzABi3V8dAUgmlMPbGF6eSt1bm1hcCthbmR5gJye3AsZAQUAAQUA_y8ApAEAAAAAACAEGQ";
    let opened = open(&decode(text).expect("it was published")).expect("it opens");
    assert_eq!(opened.compared, Some(Ok(Compared::Kernel("linux-4.14".to_owned()))));
    let link = beginning(&library("lazy+munmap"));
    assert_eq!(named(&link, Numbered::Kernel(0)), Err(Incomparable::NoKernel), "no kernel has this hash");
}

/// Names come back as they are, and lead to the machine that they name.
#[test]
fn what_is_compared_has_a_name_that_leads_to_it() {
    let texts = library("lazy+munmap");
    for (compared, kernel, memory) in [
        (Compared::Kernel("linux-4.14".to_owned()), "linux-4.14", None),
        (Compared::Option { name: "pcid".to_owned(), choice: "off".to_owned() }, "linux-4.14-rc1", Some(0)),
        (Compared::Case(texts.cases()[1].name.clone()), &texts.cases()[1].kernel, None),
    ] {
        let link = Link { compared: Some(ComparedAs::Named(compared.clone())), ..beginning(&texts) };
        let opened = open(&decode(&encode(&link)).expect("it was made here")).expect("it opens");
        assert_eq!(opened.compared, Some(Ok(compared.clone())));
        let other = compared.experiment(&opened.experiment).expect("there is one");
        let machine = other.compile().into_machine().expect("it compiles");
        assert_eq!(machine.program().kernel, kernel);
        let pcid =
            machine.program().options.iter().find(|option| option.name == "pcid").expect("there is one");
        assert!(memory.is_none_or(|off| pcid.chosen == off));
    }
    let gone = Compared::Case(Some("no such case".to_owned()));
    assert_eq!(gone.experiment(&texts), None);
}
