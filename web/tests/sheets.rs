//! The style sheets and the table of areas agree: on a narrow page, each area shows only with the parts that the table names.

use lab::view::area::Area;
use lab::view::page::Tab;
use std::path::Path;

/// The classes of an area's outermost elements.
const fn classes(area: Area) -> &'static [&'static str] {
    match area {
        Area::Stage => &["stage"],
        Area::Clock => &["clock"],
        Area::Timeline => &["timeline", "compare", "trace"],
        Area::Verdict => &["verdict"],
        Area::Settings => &["toggles"],
        Area::Tables => &["policies", "grid"],
        Area::Cost => &["cost"],
        Area::Texts => &["code"],
    }
}

/// All sheets of the page, without comments.
fn sheets() -> String {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let mut all = String::new();
    for folder in std::fs::read_dir(ui).expect("it is there").flatten() {
        for name in ["style.css", "later.css"] {
            let sheet = std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
            let mut parts = sheet.split("/*");
            all += parts.next().unwrap_or_default();
            all.extend(parts.filter_map(|part| part.split_once("*/")).map(|(_, code)| code));
        }
    }
    all
}

/// The names in `[data-part="NAME"]`, in order.
fn named(selector: &str) -> Vec<&str> {
    let all = selector.split("[data-part=\"").skip(1);
    all.filter_map(|rest| rest.split('"').next()).collect()
}

/// Whether a selector is about elements with a class that stand in a column of the page.
fn is_about(selector: &str, class: &str) -> bool {
    let last = selector.rsplit("> ").next().unwrap_or_default();
    last.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == class)
        && selector.contains(" > ")
}

/// The selectors of a rule: a comma inside brackets separates none.
fn selectors(head: &str) -> Vec<&str> {
    let (mut depth, mut from, mut all) = (0, 0, Vec::new());
    for (at, c) in head.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                all.push(head[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    all.push(head[from..].trim());
    all
}

#[test]
fn each_area_shows_only_with_its_parts() {
    let sheets = sheets();
    let hidden: Vec<&str> = sheets
        .split('}')
        .filter_map(|rule| rule.rsplit_once('{'))
        .filter(|(_, body)| body.trim() == "display: none;")
        .flat_map(|(head, _)| selectors(head.rsplit('{').next().unwrap_or_default()))
        .collect();
    let mut missing = Vec::new();
    for area in Area::ALL.into_iter().filter(|area| !area.tabs().is_empty()) {
        let parts: Vec<&str> = area.tabs().iter().map(|tab| tab.name()).collect();
        for class in classes(area) {
            let rule = |selector: &&&str| {
                selector.starts_with(".page:not(") && named(selector) == parts && is_about(selector, class)
            };
            if hidden.iter().find(rule).is_none() {
                missing.push(format!("no rule hides .{class} where the part is none of {parts:?}"));
            }
        }
    }
    assert_eq!(missing, [] as [String; 0]);
}

#[test]
fn the_sheets_name_parts_that_there_are() {
    let sheets = sheets();
    let known = Tab::ALL.map(Tab::name);
    assert!(named(&sheets).len() > 10);
    assert!(named(&sheets).iter().all(|name| known.contains(name)), "{:?}", named(&sheets));
    // Each part shows something of its own: an area, or what the reader can do next.
    let of_areas = |tab: &Tab| Area::ALL.iter().any(|area| area.tabs().contains(tab));
    let shows = |tab: &Tab| of_areas(tab) || named(&sheets).contains(&tab.name());
    assert!(Tab::ALL.iter().all(shows));
}

/// What comes in when a search has ended moves nothing that can be clicked: it stands below that on any page.
#[test]
fn what_is_found_later_stands_below_what_can_be_clicked() {
    let sheets = sheets();
    let orders = |class: &str| -> Vec<u32> {
        let rules = sheets.split('}').filter_map(|rule| rule.rsplit_once('{'));
        let of =
            rules.filter(|(head, _)| selectors(head.rsplit('{').next().unwrap_or_default()).contains(&class));
        let values = of.filter_map(|(_, body)| body.split("order: ").nth(1)?.split(';').next()?.parse().ok());
        values.collect()
    };
    let clicked: Vec<u32> = [".toggles", ".policies", ".grid"].into_iter().flat_map(orders).collect();
    let found = orders(".findings");
    assert!(clicked.len() > 2 && found.len() > 1, "{clicked:?} {found:?}");
    assert!(found.iter().min() > clicked.iter().max(), "{found:?} is not below {clicked:?}");
}

/// The legend says that a dashed edge is hardware's. What is stale is hatched; only a line of its own, which says in words what
/// it is, may have dashes too.
#[test]
fn an_edge_of_what_is_stale_is_not_dashed() {
    let sheets = sheets();
    let rules = sheets.split('}').filter_map(|rule| rule.rsplit_once('{'));
    let stale = |head: &str| selectors(head).iter().any(|selector| selector.ends_with(".stale"));
    let framed: Vec<&str> = rules
        .filter(|(head, body)| stale(head) && body.contains("border") && body.contains("dashed"))
        .map(|(head, _)| head.trim())
        .collect();
    assert_eq!(framed, [".pin.stale", ".pin.stale"], "a pin is in high contrast only");
}
