//! One small model as text. The parts that every model has, `runtime.c` and `actions.c`, are cut out.

use experiment::Experiment;
use std::path::Path;

fn model(slug: &str, room: u16) -> String {
    promela::export(&Experiment::library(slug).unwrap().compile().machine.unwrap(), room)
}

#[test]
fn a_small_model_is_as_it_was() {
    let always = ["c_code {\n/* The hardware, once more", "c_code {\n/* What can be done next"];
    let model = model("map+load", 0);
    let (cut, kept): (Vec<&str>, Vec<&str>) =
        model.split_inclusive("\n}\n\n").partition(|block| always.iter().any(|head| block.starts_with(head)));
    assert_eq!(cut.len(), always.len(), "both are there");
    golden::check(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/map+load.pml"), &kept.concat());
}

/// A name stands in a comment of another language, and may contain that language's signs.
#[test]
fn no_name_ends_the_comment_that_it_stands_in() {
    let plain = gallery::scenario("map+load").unwrap().text;
    let head = |model: &str| model.split_once("c_decl {").unwrap().0.to_owned();
    let golden = head(&model("map+load", 0));
    for name in ["x*/ c_code { evil(); } /*", r"x*\\\n/\nc_code { evil(); }\n/*", r"x*??/\n/", "\\\\", "*/"] {
        let named = plain.replacen("scenario \"map+load\"", &format!("scenario \"{name}\""), 1);
        let head = head(&promela::export(&Experiment::new(named).compile().machine.unwrap(), 0));
        let first = head.lines().next().unwrap();
        assert!(!first[2..].contains(['*', '/', '\\', '?', '{', '"', '#']), "{first}");
        assert_eq!(head.lines().count(), golden.lines().count(), "{head}");
        assert_eq!(head.matches("*/").count(), 1);
    }
}

#[test]
fn more_room_means_more_room_and_options() {
    let (tight, roomy) = (model("map+load", 0), model("map+load", 3));
    let options = |model: &str| model.matches("d_step").count();
    assert_eq!(options(&roomy), options(&tight) + 3);
    let room = |model: &str| -> u16 {
        let line = model.lines().find_map(|line| line.strip_prefix("\\#define TLB_ROOM ")).unwrap();
        line.parse().unwrap()
    };
    assert_eq!(room(&roomy), room(&tight) + 3);
    assert!(!tight.contains("\\#define IPIS 1"), "no IPIs are sent, so there is no room for any");
}
