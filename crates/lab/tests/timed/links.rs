//! Costs in links.

use super::{Page, timed};
use cost::Per;
use lab::model::jobs::Purpose;
use lab::model::permalink::needs_library;
use lab::model::timed::{ALL, COSTS, TimedAct};
use lab::view::timed::chart::Chart;
use lab::view::timed::table::CostTable;
use lab::{Act, Lab};

#[test]
fn a_link_holds_what_is_shown_and_a_link_without_costs_is_as_before() {
    let mut page = Page::new(None);
    let plain = page.lab.link();
    assert!(plain.starts_with("1."), "{plain}");
    page.lab = page.lab.after(timed(TimedAct::Open));
    page.lab = page.lab.after(timed(TimedAct::Workload("threads+zap".to_owned())));
    let text = page.lab.timed().text().replace("100 ns documented", "101 ns documented");
    page.lab = page.lab.after(Act::Edit(COSTS, text.clone()));
    page.lab = page.lab.after(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 3_000_000)))));
    page.lab = page.lab.after(timed(TimedAct::Over("c1_exit".to_owned())));
    let link = page.lab.link();
    assert!(link.starts_with("3."), "{link}");
    let opened = Lab::open(Some(&link)).expect("a scenario compiles");
    assert_eq!(opened.link(), link);
    assert_eq!(&**opened.timed().text(), text);
    assert!(opened.request(Purpose::Timed).is_some(), "it is run at once");
    assert_eq!(opened.after(Act::Follow(plain.clone())).link(), plain, "the table closes");
    // Workloads and tables of costs are texts of the library: such a link waits for it, and the plain one does not.
    assert!(needs_library(&link) && !needs_library(&plain));
}

/// The overview has a link: of which number, with which assumptions. No version of the format has changed for it.
#[test]
fn a_link_leads_to_the_overview_with_its_number_and_its_assumptions() {
    let number = cost::SHOWN.iter().position(|shown| shown.name == "C6").expect("there is the column");
    let mut lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let one = lab.link();
    for what in [
        TimedAct::Costs("guest".to_owned()),
        TimedAct::Workload("make-j".to_owned()),
        TimedAct::Workload(ALL.to_owned()),
        TimedAct::Number(number),
        TimedAct::Change(Some(("c1_exit".to_owned(), 3_000_000))),
    ] {
        lab = lab.after(timed(what));
    }
    let link = lab.link();
    assert!(link.starts_with("3.") && needs_library(&link), "{link}");
    let opened = Lab::open(Some(&link)).expect("a scenario compiles");
    let shows = |lab: &Lab| {
        let it = lab.timed();
        (it.all(), it.number(), it.preset().to_owned(), it.workload().to_owned(), it.changes().to_vec())
    };
    assert_eq!((shows(&opened), opened.link()), (shows(&lab), link.clone()));
    assert_eq!((shows(&opened).0, shows(&opened).1, &*shows(&opened).3), (true, Some(number), "make-j"));
    assert!(opened.request(Purpose::Curve).is_some(), "it is run at once");
    let table = CostTable::of(opened.timed(), Per::Second);
    assert_eq!((&*table.common, table.workloads.last().map(|last| last.chosen)), ("IPIs to C6", Some(true)));
    // From it, a link to a workload's table leads to that.
    assert!(!opened.after(Act::Follow(one)).timed().all());
    // A number that there is no more, and one of a workload that there is no more.
    let linked = lab.timed().linked().expect("it is open");
    let other = link::TimedTable { workload: "**no such*no+such".to_owned(), ..linked };
    let opened = Lab::open(Some(&lab.link_with(Some(other)))).expect("a scenario compiles");
    assert_eq!((opened.timed().number(), opened.timed().workload()), (Some(0), "idle+munmap"));
}

#[test]
fn a_link_to_what_the_library_does_not_have_shows_what_is_shown_at_first() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let linked = lab.timed().linked().expect("it is open");
    let costs = link::TimedCosts::Library("mainframe".to_owned());
    let other = link::TimedTable { workload: "no+such".to_owned(), costs, ..linked };
    let opened = Lab::open(Some(&lab.link_with(Some(other)))).expect("a scenario compiles");
    assert_eq!((opened.timed().workload(), opened.timed().preset()), ("idle+munmap", "server"));
    assert!(opened.request(Purpose::Timed).is_some());
}

#[test]
fn any_number_in_a_link_is_one_that_can_run() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    for what in
        ["c6_exit", "every 0", "sleep 1", "cpus", "tlb_entries", "speculation", "vcpu_runs", "no such thing"]
    {
        for value in [1, u64::MAX] {
            let linked = lab.timed().linked().expect("it is open");
            let changes = vec![(what.to_owned(), value)];
            let changed = link::TimedTable { changes, over: what.to_owned(), ..linked };
            let mut page = Page { steps: 50, states: 0, ..Page::new(Some(&lab.link_with(Some(changed)))) };
            page.settles(&[Purpose::Timed]);
            let said = &page.lab.timed().changes()[0];
            assert!(said.1 <= lang::costs::MAX_TIME, "{said:?}");
            let chart = Chart::of(&page.lab).expect("there is a picture");
            assert!(chart.now.1.contains("now"), "{what} {value}: {}", chart.now.1);
            page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), Some(0))));
        }
    }
}

#[test]
fn a_scenario_of_the_readers_own_is_timed_and_goes_into_links() {
    let mut page = Page { steps: 300, states: 0, ..Page::new(None) };
    let mut own = Page { steps: 300, states: 0, ..Page::new(None) };
    page.lab = page.lab.after(timed(TimedAct::Open));
    let names = |page: &Page| {
        let table = CostTable::of(page.lab.timed(), Per::Second);
        table.workloads.into_iter().map(|entry| (entry.slug, entry.name)).collect::<Vec<_>>()
    };
    assert!(
        names(&page).iter().all(|entry| entry.0 != lab::model::timed::OWN),
        "the scenario at first has no workload"
    );
    let text =
        gallery::workload("threads+zap").expect("it is there").text.replace("\"threads+zap\"", "\"mine\"");
    // Whoever opens the table beside such a scenario has its workload there.
    own.lab = own.lab.after(Act::Edit(lang::source::SourceId::SCENARIO, text.clone()));
    own.lab = own.lab.after(timed(TimedAct::Open));
    assert_eq!(own.lab.timed().workload(), lab::model::timed::OWN);
    page.lab = page.lab.after(Act::Edit(lang::source::SourceId::SCENARIO, text));
    assert_eq!(names(&page)[0], (lab::model::timed::OWN.to_owned(), "your scenario: mine".to_owned()));
    page.does_in_the_table(timed(TimedAct::Workload(lab::model::timed::OWN.to_owned())));
    let table = CostTable::of(page.lab.timed(), Per::Second);
    assert!(table.rows.len() > 5 && page.lab.timed().awaited() == 0, "{}", table.status);
    let link = page.lab.link();
    let mut opened = Page { steps: 300, states: 0, ..Page::new(Some(&link)) };
    opened.settles(&[Purpose::Timed]);
    assert_eq!(opened.lab.timed().workload(), lab::model::timed::OWN);
    assert_eq!(CostTable::of(opened.lab.timed(), Per::Second).rows, table.rows);
    // A round of it comes onto the stage, and it stays what is timed.
    opened.lab = opened.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    assert!(opened.lab.clock().is_some());
    assert_eq!(opened.lab.timed().workload(), lab::model::timed::OWN);
    // What is chosen in it is timed. It stays so when a round of another kernel comes onto the stage, and in a link.
    let choose = |name: &str, choice: &str| Act::Option { name: name.to_owned(), choice: choice.to_owned() };
    page.does_in_the_table(choose("pcid", "off"));
    let without = CostTable::of(page.lab.timed(), Per::Second);
    assert!(without.assumed.contains("as it is on the stage: pcid off."), "{}", without.assumed);
    assert_ne!(without.rows, table.rows, "no kernel writes CR3 without a flush");
    let mut opened = Page { steps: 300, states: 0, ..Page::new(Some(&page.lab.link())) };
    opened.settles(&[Purpose::Timed]);
    assert_eq!(CostTable::of(opened.lab.timed(), Per::Second).rows, without.rows);
    page.does_in_the_table(timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    assert_eq!(CostTable::of(page.lab.timed(), Per::Second).assumed, without.assumed);
    // A link to it whose scenario has no workload shows what is shown at first.
    let linked = page.lab.timed().linked();
    let other = Lab::open(None).expect("a scenario compiles").link_with(linked);
    assert_eq!(Lab::open(Some(&other)).expect("a scenario compiles").timed().workload(), "idle+munmap");
}
