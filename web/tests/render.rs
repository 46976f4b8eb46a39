//! Components drawn natively, at moments of the tour, into files for people to read: `tests/golden/<name>.html`.
//!
//! A component takes a view and gives markup, so no browser is needed. A change of what readers are shown is a
//! difference of these files; `cargo xtask bless` renews them.

use lab::model::address::Address;
use lab::model::cases::Cases;
use lab::model::comparison::Counterpart;
use lab::model::jobs::Purpose;
use lab::model::timed::TimedAct;
use lab::view::answers::Answers;
use lab::view::grid::GridView;
use lab::view::moment::MomentView;
use lab::view::next::next;
use lab::view::page::Dialog;
use lab::view::policies::Policies;
use lab::view::run::RunView;
use lab::view::search::Hits;
use lab::view::shown::Shown;
use lab::view::verdict::{VerdictView, unreached};
use lab::{Act, Lab, Same};
use lang::source::SourceId;
use protocol::{Server, ToExplorer, from_bytes, to_bytes};
use scene::view::{CacheView, Change, Tone};
use std::path::Path;
use std::rc::Rc;
use web::ui::cost::{self, CostArea};
use web::ui::dialogs;
use web::ui::lesson::story::story;
use web::ui::lesson::tour::{self, Tour};
use web::ui::settings::grid::Grid;
use web::ui::settings::policies::PolicyTable;
use web::ui::settings::toggles::Toggles;
use web::ui::settings::{grid, policies, toggles};
use web::ui::stage::cache::{self, Cache};
use web::ui::stage::picture::{self as stage, Stage};
use web::ui::timeline::diagram::{self as timeline, Lens, TimelineDiagram};
use web::ui::timeline::storyboard::storyboard;
use web::ui::timeline::{self as timeline_area, TimelineArea};
use web::ui::transport::caption;
use web::ui::transport::choose::{self, Choose};
use web::ui::verdict::findings::{self, Findings};
use web::ui::verdict::panel::{self as verdict, Verdict};
use yew::prelude::*;
use yew::{BaseComponent, LocalServerRenderer};

/// A dialog of a page, drawn in its place.
#[derive(Clone, PartialEq, Properties)]
struct Opened {
    dialog: Dialog,
    lab: Same<Lab>,
}

#[component]
fn OpenDialog(props: &Opened) -> Html {
    dialogs::open(props.dialog, &props.lab.0, &Address::of("https://example.org/"), Callback::noop())
}

/// Everything that a server says to a message until it has nothing more to do.
fn replies(server: &mut Server, request: &ToExplorer) -> Vec<Vec<u8>> {
    let mut replies = server.handle(&to_bytes(request));
    while server.busy() {
        replies.extend(server.run(100_000));
    }
    replies
}

/// The page at an address, after the explorer's answers.
fn lab(address: &str) -> Lab {
    let mut lab = Lab::open(Some(address)).expect("a scenario compiles");
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let mut asked = vec![lab.check().request(&lab.setup().session)];
    // The answer may lead to a question: how far the run is from the violation.
    while let Some(request) = asked.pop() {
        let job = lab.distances().job();
        for reply in replies(&mut server, &request) {
            lab = lab.after(Act::Heard(vec![from_bytes(&reply).expect("the server's own words")]));
        }
        asked.extend(lab.distances().request().filter(|_| lab.distances().job() != job));
    }
    lab
}

/// The markup of a component.
fn drawn<C>(props: C::Properties) -> String
where
    C: BaseComponent,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, LocalServerRenderer::<C>::with_props(props).hydratable(false).render())
}

/// A tag to a line, so that differences are small.
fn lines(markup: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for part in markup.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        let closes = tag.starts_with("</");
        let empty = tag.ends_with("/>") || ["<input", "<br"].iter().any(|void| tag.starts_with(void));
        if !text.trim().is_empty() {
            out.push_str(&format!("{}{}\n", " ".repeat(depth), text.trim()));
        }
        depth = depth.saturating_sub(usize::from(closes));
        if !tag.is_empty() {
            out.push_str(&format!("{}{tag}\n", " ".repeat(depth)));
        }
        depth += usize::from(!closes && !empty && !tag.is_empty());
    }
    out
}

fn compare(name: &str, markup: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.html"));
    golden::check(path, &lines(markup));
}

/// The page with what things cost, when all kernels have run for a short while and the picture is whole.
fn costed() -> Lab {
    let mut lab = Lab::open(None).expect("a scenario compiles").after(Act::Timed(TimedAct::Open));
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let mut asked = [0; 2];
    loop {
        let mut said = Vec::new();
        for (place, purpose) in [Purpose::Timed, Purpose::Curve].into_iter().enumerate() {
            let job = std::mem::replace(&mut asked[place], lab.job(purpose));
            let Some(ToExplorer::Timed { job: number, curve, texts, selection, costs, runs, .. }) =
                lab.request(purpose).filter(|_| job != lab.job(purpose))
            else {
                continue;
            };
            let states = if curve { 0 } else { 2_000 };
            let short =
                ToExplorer::Timed { job: number, curve, texts, selection, costs, runs, steps: 4_000, states };
            said.extend(replies(&mut server, &short));
        }
        if said.is_empty() {
            return lab;
        }
        let heard = said.iter().map(|reply| from_bytes(reply).expect("the server's own words")).collect();
        lab = lab.after(Act::Heard(heard));
    }
}

#[test]
fn what_it_costs() {
    let shown = Rc::new(Shown::of(Rc::new(costed())));
    compare("cost", &drawn::<CostArea>(cost::Props { shown }));
}

#[test]
fn the_stage_at_the_bad_walk() {
    let lab = lab("tour/walk");
    let run = RunView::new(lab.player().machine(), lab.player().trace());
    let MomentView { scene, lines, choices, .. } = MomentView::of(lab.player());
    let slots = run.slots;
    let onorigin = Callback::noop();
    let props = stage::Props { scene, slots, lines, moving: None, choices, onorigin };
    compare("stage", &drawn::<Stage>(props));
}

#[test]
fn no_link_is_given_away_that_nobody_could_open() {
    let long = "x(".repeat(150_000);
    let texts = [("short", "x(".to_owned(), true), ("long", long, false)];
    for (which, text, links) in texts {
        let lab = Lab::open(None).expect("a scenario compiles").after(Act::Edit(SourceId::KERNEL, text));
        let dialog = |dialog| drawn::<OpenDialog>(Opened { dialog, lab: Same(Rc::new(lab.clone())) });
        let share = dialog(Dialog::Share);
        assert_eq!(share.contains("<textarea"), links, "{which}: {share}");
        assert_eq!(share.contains("The text is longer than the 256 KiB"), !links, "{which}: {share}");
        // The machine on the stage is the one of the last text that compiled. A link holds that.
        assert!(dialog(Dialog::Embed).contains("<textarea"), "{which}");
    }
}

/// A device's IOMMU takes no interrupts: its card has no queue of them.
#[test]
fn a_device_has_no_queue_of_interrupts() {
    let base = link::Base::Library { slug: "sva+munmap".to_owned(), kernel: None, hash: 0 };
    let lab = lab(&link::encode(&link::Link::new(base)));
    let run = RunView::new(lab.player().machine(), lab.player().trace());
    let MomentView { scene, lines, choices, .. } = MomentView::of(lab.player());
    let mut slots = (*run.slots).clone();
    slots.cpus.iter_mut().for_each(|cpu| cpu.pending = 3);
    let slots = Rc::new(slots);
    let devices = scene.cpus.iter().filter(|cpu| cpu.device).count();
    assert_eq!(devices, 1);
    let cpus = scene.cpus.len() - devices;
    let props = stage::Props { scene, slots, lines, moving: None, choices, onorigin: Callback::noop() };
    assert_eq!(drawn::<Stage>(props).matches("Pending IPIs").count(), cpus);
}

/// All of a run at once.
fn lens(lab: &Lab) -> Lens {
    Lens { columns: lab.player().trace().len() as u32, chosen: None, onask: Callback::noop() }
}

#[test]
fn the_diagram_of_the_bad_run() {
    let lab = lab("tour/walk");
    let run = RunView::new(lab.player().machine(), lab.player().trace());
    let props = timeline::Props {
        timeline: run.timeline.clone(),
        grounds: None,
        cursor: lab.player().cursor(),
        split: Rc::default(),
        along: Rc::new((0..25).rev().map(Some).collect()),
        lens: lens(&lab),
        id: "timeline".into(),
        label: "Timeline".into(),
        columns: Rc::default(),
        folds: Some(false),
        hits: Some(Rc::new(Hits::of(&run, &Rc::from("walk")))),
    };
    compare("timeline", &drawn::<TimelineDiagram>(props));
}

/// The verdict on what is on a page.
fn judged(lab: &Lab) -> verdict::Props {
    verdict::Props {
        check: 1,
        said: Rc::new(VerdictView::of(lab)),
        shown: None,
        rate: None,
        quote: AttrValue::default(),
    }
}

/// What else there is to say about it.
fn found(lab: &Lab) -> findings::Props {
    findings::Props {
        said: Rc::new(VerdictView::of(lab)),
        unreached: unreached(lab).unwrap_or_default().into(),
        next: next(lab, VerdictView::of(lab).mood).into(),
    }
}

#[test]
fn the_verdicts() {
    for (name, address) in [("verdict-reachable", "tour/walk"), ("verdict-safe", "tour/init-mm")] {
        let lab = lab(address);
        compare(name, &(drawn::<Verdict>(judged(&lab)) + &drawn::<Findings>(found(&lab))));
    }
}

/// No run shows the code after a load that can only fault. The verdict says so, with function and line.
#[test]
fn the_verdict_says_which_access_can_only_fault() {
    const KERNEL: &str =
        "kernel \"k\" { sys run(m: mm) { write_cr3(m.pgd, 0); } sys warn() { WARN_ON_ONCE(true); } }";
    const SCENARIO: &str = "scenario \"faults\" {\n use kernel \"k\"\n mm A { 0x400000 -> page \"data\"; }\n \
        cpu 0 {\n run(A);\n load(0x400000);\n load(0x800000);\n warn();\n }\n expect never kernel_warning;\n}\n";
    let said = |scenario: &str| {
        let link = link::encode(&link::Link::new(link::Base::Inline {
            scenario: scenario.to_owned(),
            kernel: Some(KERNEL.to_owned()),
            hash: 0,
        }));
        drawn::<Verdict>(judged(&lab(&link)))
    };
    let text = said(SCENARIO);
    assert!(text.contains("But the load of cpu 0 in line 7 can only fault: it never succeeded."), "{text}");
    assert!(!text.contains("line 6"), "that one succeeds: {text}");
    let mapped = SCENARIO.replace("page \"data\";", "page \"data\"; 0x800000 -> page \"more\";");
    let text = said(&mapped);
    assert!(!text.contains("can only fault"), "{text}");
}

/// A verdict says nothing about code that no run reaches. The page names it beside the verdict.
#[test]
fn code_that_no_run_reaches_stands_beside_the_verdict() {
    const KERNEL: &str =
        "kernel \"k\" {\n global n: int;\n sys work() {\n  if n == 7 {\n   n = 1;\n   n = 2;\n  }\n }\n}";
    const SCENARIO: &str = "scenario \"rare\" { use kernel \"k\" cpu 0 { work(); } expect never violation; }";
    let said = |kernel: &str| {
        let link = link::encode(&link::Link::new(link::Base::Inline {
            scenario: SCENARIO.to_owned(),
            kernel: Some(kernel.to_owned()),
            hash: 0,
        }));
        drawn::<Findings>(found(&lab(&link)))
    };
    assert!(said(KERNEL).contains("No run reaches: work, lines 5-6."), "{}", said(KERNEL));
    assert!(!said(&KERNEL.replace("n == 7", "n == 0")).contains("unreached"));
}

/// The page at an address, when the explorer has also answered a further question.
fn settled(address: &str) -> Lab {
    let mut lab = lab(address);
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let request = lab.grid().request().expect("a grid is wanted");
    for reply in replies(&mut server, &request) {
        lab = lab.after(Act::Heard(vec![from_bytes(&reply).expect("the server's own words")]));
    }
    lab
}

#[test]
fn of_a_long_queue_the_first_are_drawn_and_the_others_counted() {
    let row = |n: usize| CacheView {
        id: format!("cpu1/pending/{n}"),
        key: "from CPU 0".into(),
        value: "f".into(),
        tag: None,
        usable: true,
        tone: Tone::Plain,
        word: "",
        change: Change::None,
    };
    for (count, shown, left) in [(3, 3, None), (machine::MOST_WAITING, 12, Some("and 52 more"))] {
        let rows: Vec<CacheView> = (0..count).map(row).collect();
        let html = drawn::<Cache>(cache::Props {
            title: "Pending IPIs",
            hint: "",
            rows,
            slots: Vec::new(),
            length: count,
        });
        assert_eq!(html.matches("cpu1/pending/").count(), shown);
        assert_eq!(left.is_some_and(|left| html.contains(left)), left.is_some(), "{html}");
    }
}

#[test]
fn the_tables_of_settings_and_of_kernels() {
    let lab = settled("tour/walk");
    let view = Rc::new(GridView::of(lab.setup(), lab.grid().cells(), Cases::of(lab.setup()).here));
    compare("grid", &drawn::<Grid>(grid::Props { view }));
    let view = Rc::new(Policies::of(lab.setup(), lab.grid().cells(), lab.grid().refused_before()));
    let counterpart = Some(Counterpart::Kernel("linux-4.14".to_owned()));
    compare("policies", &drawn::<PolicyTable>(policies::Props { view, counterpart }));
}

#[test]
fn what_could_happen() {
    let lab = lab("tour/unsent-ipi");
    let MomentView { choices, blocked, .. } = MomentView::of(lab.player());
    let props = choose::Props {
        choices,
        blocked,
        kept: Some(26),
        away: lab.distances().at(lab.player().cursor()),
        unknown: None,
        at_end: lab.player().at_end(),
    };
    compare("choose", &drawn::<Choose>(props));
}

#[test]
fn the_run_beside_itself() {
    let counterpart = Counterpart::Kernel("linux-4.14".to_owned());
    let lab = lab("tour/walk").after(Act::Compare(Some(counterpart)));
    compare(
        "compare",
        &drawn::<TimelineArea>(timeline_area::Props { shown: Rc::new(Shown::of(Rc::new(lab))) }),
    );
}

#[test]
fn the_switches() {
    let with = |lab: &Lab| {
        let program = lab.player().machine().program();
        let idle = program.options.iter().map(|option| lang::idle(option, &program.machine)).collect();
        toggles::Props {
            options: program.options.clone(),
            idle,
            cases: vec!["as written".to_owned(), "not lazy".to_owned()],
            case: Some(0),
            changed: Rc::new(Vec::new()),
            answers: Answers::default(),
        }
    };
    let lab = lab("tour/init-mm");
    let markup = drawn::<Toggles>(with(&lab));
    assert!(!markup.contains("disabled") && !markup.contains("without effect"));
    compare("toggles", &markup);
    // How deep store buffers are is no choice on a machine that has none.
    let off = Act::Option { name: "tso".to_owned(), choice: "off".to_owned() };
    let markup = drawn::<Toggles>(with(&lab.after(off)));
    assert!(markup.matches(" disabled=").count() == 8 && markup.contains("without effect"), "{markup}");
}

#[test]
fn the_bet_and_the_costs() {
    for (name, address) in [("tour-bet", "tour/barrier"), ("tour-cost", "tour/cost")] {
        let lab = lab(address);
        let said = VerdictView::of(&lab);
        let index = lab.lesson().moments.iter().position(|moment| Some(moment) == lab.lesson().moment());
        let props = tour::Props {
            moments: lab.lesson().moments.clone(),
            index: index.expect("a moment"),
            bet: Some(true),
            answered: true,
            mood: said.mood,
            sentence: said.sentence,
            wandered: false,
        };
        compare(name, &drawn::<Tour>(props));
    }
}

#[test]
fn the_caption_and_the_storyboard() {
    let lab = lab("tour/walk");
    let run = RunView::new(lab.player().machine(), lab.player().trace());
    let captions = run.captions;
    let steps = captions.len();
    let caption = captions.get(lab.player().cursor() - 1).cloned();
    compare(
        "caption",
        &drawn::<caption::CaptionText>(caption::Props {
            caption,
            speculative: true,
            steps,
            cursor: 0,
            folded: None,
            library: true,
        }),
    );
    // The first cells are enough to show what a cell is.
    let few = captions.iter().take(3).cloned().collect::<Vec<_>>();
    let link = "https://example.org/#4.x";
    let board = storyboard("A run", &VerdictView::of(&lab).sentence, link, &few, &run.timeline);
    compare("storyboard", &drawn::<OnPaper>(Paper { board }));
}

#[test]
fn the_story_and_its_claim() {
    let lab = Lab::open(Some("zircon+munmap")).expect("it is in the library");
    let program = lab.player().machine().program();
    let board = story(&program.about, program.claim.as_deref(), &program.cites, None);
    compare("story", &drawn::<OnPaper>(Paper { board }));
}

#[derive(PartialEq, Properties)]
struct Paper {
    board: Html,
}

/// The storyboard is no component: this one draws it.
#[component]
fn OnPaper(props: &Paper) -> Html {
    props.board.clone()
}
