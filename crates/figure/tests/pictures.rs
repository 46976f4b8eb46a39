//! Pictures of links, as golden files that a browser shows; what every picture keeps to; and what hostile texts can do.

use experiment::Experiment;
use explore::{Seeded, Trace};
use figure::{DrawnRun, MOST_BYTES, PictureKind, Theme, svg};
use link::{Link, Opened};
use scene::Sources;

/// Links of `tests/links`, and what they show.
const WALK: &str = "1.MG_0MyAB6VpG3mgFn2sPbGF6eSt1bm1hcCthbmR5GgEGAAEFAP8f_w8ApAEAAAAAACAlGg";
const LAZY: &str = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";
const SWITCH: &str = "1.NjnfwigBsV3j9aA4xVUNc3dpdGNoK211bm1hcAEDdHNvA29mZhMBBgAHAP8P_w__D0iiEgAAAMAAEw";

fn opened(text: &str) -> Opened {
    let link: Link = link::decode(text).expect("a link of the corpus");
    link::open(&link).expect("it opens")
}

fn picture(text: &str, cursor: Option<usize>, what: PictureKind, theme: Theme) -> String {
    let opened = opened(text);
    let cursor = cursor.unwrap_or(opened.cursor);
    figure::of_link(&Opened { cursor, ..opened }, what, theme)
}

fn golden(name: &str, found: &str) {
    sound(found);
    golden::check(format!("{}/tests/golden/{name}.svg", env!("CARGO_MANIFEST_DIR")), found);
}

#[test]
fn the_bad_walk_in_both_themes() {
    // The picture of the README.
    golden("../../../../docs/walk", &picture(WALK, Some(25), PictureKind::Both, Theme::Light));
    golden("../../../../docs/walk-dark", &picture(WALK, Some(25), PictureKind::Both, Theme::Dark));
}

/// The pictures of the post in the documentation: each of the moment that its link leads to, and of what its laboratory shows.
#[test]
fn the_post_shows_the_moments_of_its_links() {
    let post = include_str!("../../../docs/post/index.html");
    fn between<'a>(text: &'a str, start: &str) -> &'a str {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {text}"));
        rest.split('"').next().unwrap_or(rest)
    }
    let embeds: Vec<&str> = post.split("<tlb-scope ").skip(1).collect();
    assert_eq!(embeds.len(), 5);
    for embed in embeds {
        let (link, name) = (between(embed, "#"), between(embed, "<img src=\"").trim_end_matches(".svg"));
        let what = if between(embed, "show=\"").contains("timeline") {
            PictureKind::Timeline
        } else {
            PictureKind::Stage
        };
        assert!(embed.contains(&format!("srcset=\"{name}-dark.svg\"")), "{name}: in the dark");
        assert!(
            embed.contains(&format!("<a href=\"https://example.org/tlbscope/#{link}\"")),
            "{name}: two links"
        );
        let drawn = picture(link, None, what, Theme::Light);
        golden(&format!("../../../../docs/post/{name}"), &drawn);
        golden(&format!("../../../../docs/post/{name}-dark"), &picture(link, None, what, Theme::Dark));
        let room = |text: &str| [" width=\"", " height=\""].map(|side| between(text, side).to_owned());
        assert_eq!(room(embed), room(&drawn), "{name}: what room it takes");
    }
}

#[test]
fn a_machine_check_stops_the_machine() {
    golden("machine-check", &picture(WALK, None, PictureKind::Stage, Theme::Light));
}

#[test]
fn the_beginning_has_no_sentence() {
    golden("beginning", &picture(LAZY, Some(0), PictureKind::Stage, Theme::Light));
}

#[test]
fn an_ipi_is_an_arrow() {
    golden("timeline", &picture(SWITCH, None, PictureKind::Timeline, Theme::Light));
}

#[test]
fn an_ipi_that_is_not_sent_is_hollow_on_the_stage() {
    golden("no-ipi", &picture(SWITCH, Some(17), PictureKind::Stage, Theme::Dark));
}

#[test]
fn a_storyboard_has_a_cell_for_each_step() {
    golden("storyboard", &picture(LAZY, None, PictureKind::Storyboard, Theme::Light));
}

/// Elements and attributes that a picture may have: nothing that runs, loads, or changes what is around it.
const ELEMENTS: [&str; 8] = ["svg", "title", "desc", "defs", "pattern", "rect", "path", "text"];
const ATTRIBUTES: [&str; 24] = [
    "viewBox",
    "width",
    "height",
    "role",
    "aria-labelledby",
    "aria-describedby",
    "font-family",
    "id",
    "patternUnits",
    "patternTransform",
    "x",
    "y",
    "rx",
    "d",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linejoin",
    "paint-order",
    "font-size",
    "font-weight",
    "text-anchor",
    "text-decoration",
];

/// What every picture keeps to.
fn sound(svg: &str) {
    assert!(svg.len() <= MOST_BYTES, "{}", svg.len());
    let document = roxmltree::Document::parse(svg).expect("it is well-formed");
    let root = document.root_element();
    let number = |node: roxmltree::Node<'_, '_>, name: &str| -> i32 {
        node.attribute(name).map_or(0, |value| value.parse().expect("a whole number"))
    };
    let (width, height) = (number(root, "width"), number(root, "height"));
    assert_eq!(root.attribute("role"), Some("img"));
    let child =
        |name: &str| root.children().find(|node| node.has_tag_name(name) || node.tag_name().name() == name);
    for (name, label) in [("title", "aria-labelledby"), ("desc", "aria-describedby")] {
        let node = child(name).expect("it tells those who do not see it");
        assert_eq!(node.attribute("id"), root.attribute(label));
        assert!(node.text().is_some_and(|text| text.len() > 10));
    }
    for node in document.descendants().filter(|node| node.is_element()) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "{name}");
        for attribute in node.attributes() {
            assert!(ATTRIBUTES.contains(&attribute.name()), "{name} {}", attribute.name());
            let value = attribute.value();
            assert!(!value.contains("url(") || value.starts_with("url(#tlb"), "{value}");
        }
        let (x, y) = (number(node, "x"), number(node, "y"));
        match name {
            "text" => {
                assert!((0..width).contains(&x) && (0..height).contains(&y), "{x} {y} {:?}", node.text())
            }
            "rect" if node.attribute("x").is_some() => {
                let (right, bottom) = (x + number(node, "width"), y + number(node, "height"));
                assert!(x >= 0 && y >= 0 && right <= width && bottom <= height, "{x} {y} {right} {bottom}");
            }
            _ => {}
        }
    }
}

#[test]
fn names_of_hostile_texts_stay_names() {
    let long = "<script>alert(1)</script>&]]>\u{5d0}".repeat(3);
    let scenario = format!(
        "scenario \"{long}\" {{ use kernel \"k]]>\" machine {{ cpus 2; }} mm A {{ 0x400000 -> page \"</svg>{long}\"; }} \
         cpu 0 {{ f(); }} cpu 1 {{ f(); }} expect never kernel_warning; }}
         kernel \"k]]>\" {{ global {name}: int = 0; sys f() {{ {name} = {name} + 1; WARN_ON_ONCE(false); }} }}",
        name = "n".repeat(60)
    );
    let experiment = Experiment::new(scenario.split("kernel \"k]]>\" {").next().unwrap_or_default().trim());
    let kernel = scenario.split_once("kernel \"k]]>\" {").map(|rest| format!("kernel \"k]]>\" {{{}", rest.1));
    let experiment = experiment.with_kernel("k]]>", kernel.unwrap_or_default());
    let compiled = experiment.compile();
    let machine = compiled.machine.unwrap_or_else(|_| panic!("{:?}", compiled.diagnostics.first()));
    let mut trace = Trace::new(&machine);
    trace.run(&machine, &mut Seeded::new(7), 60);
    for what in [PictureKind::Stage, PictureKind::Timeline, PictureKind::Both, PictureKind::Storyboard] {
        let sources = Sources::default();
        let svg = svg(
            &DrawnRun { machine: &machine, trace: &trace, cursor: 20, case: Some(&long), sources },
            what,
            Theme::Dark,
        );
        sound(&svg);
        assert!(!svg.contains("<script"), "{svg}");
    }
}

#[test]
fn large_machines_and_long_runs_have_pictures_of_bounded_size() {
    let cpus: String = (0..16).map(|cpu| format!("cpu {cpu} {{ spin(); }}\n")).collect();
    let pages: String =
        (0..16).map(|n| format!("{:#x} -> page \"p{n}\";\n", 0x40_0000 + n * 0x20_0000_u64)).collect();
    let scenario = format!(
        "scenario \"many\" {{ use kernel \"many\" machine {{ cpus 16; }} mm A {{ {pages} }}\n{cpus} expect never kernel_warning; }}"
    );
    let kernel = "kernel \"many\" { global n: int = 0; sys spin() { while true { n = (n + 1) & 7; } } }";
    let experiment = Experiment::new(scenario).with_kernel("many", kernel);
    let compiled = experiment.compile();
    let machine = compiled.machine.unwrap_or_else(|_| panic!("{:?}", compiled.diagnostics.first()));
    let mut trace = Trace::new(&machine);
    trace.run(&machine, &mut Seeded::new(3), 3_000);
    assert_eq!(trace.len(), 3_000);
    for what in [PictureKind::Both, PictureKind::Storyboard] {
        for cursor in [0, 1_500, usize::MAX] {
            let sources = Sources::default();
            let moment = DrawnRun { machine: &machine, trace: &trace, cursor, case: None, sources };
            sound(&svg(&moment, what, Theme::Light));
        }
    }
}

#[test]
fn every_moment_of_a_run_has_a_sound_picture() {
    let opened = opened(WALK);
    for cursor in 0..=opened.trace.len() {
        let (machine, trace, sources) = (&opened.machine, &opened.trace, Sources::default());
        sound(&svg(
            &DrawnRun { machine, trace, cursor, case: Some("a case"), sources },
            PictureKind::Both,
            Theme::Light,
        ));
    }
}

#[test]
fn every_scenario_of_the_library_has_sound_pictures() {
    for scenario in gallery::scenarios() {
        let Some(experiment) = Experiment::library(scenario.slug) else { panic!("{}", scenario.slug) };
        let Ok(machine) = experiment.compile().machine else { panic!("{}", scenario.slug) };
        let mut trace = Trace::new(&machine);
        trace.run(&machine, &mut Seeded::new(4), 80);
        for cursor in [0, trace.len() / 3, trace.len()] {
            let (machine, trace, sources) = (&machine, &trace, Sources::default());
            sound(&svg(
                &DrawnRun { machine, trace, cursor, case: None, sources },
                PictureKind::Both,
                Theme::Light,
            ));
        }
    }
}
