//! Every link ever published still opens, and shows what it showed: see `tests/links/README.md`.

use link::Outcome;
use std::fs;
use std::path::Path;

#[test]
fn every_published_link_shows_what_it_showed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("links");
    let mut opened = 0;
    for file in fs::read_dir(folder).expect("the corpus is there") {
        let path = file.expect("the corpus can be read").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        for line in fs::read_to_string(&path).expect("it is text").lines() {
            if line.starts_with("//") || line.is_empty() {
                continue;
            }
            let text = line.split(' ').next().unwrap_or_default();
            let link = link::decode(text).unwrap_or_else(|refusal| panic!("{line}: {refusal}"));
            let outcome = link::open(&link).unwrap_or_else(|why| panic!("{line}: {why}")).outcome;
            let expected = match line.rsplit_once(" {") {
                None => "reproduced".to_owned(),
                Some((_, braced)) => braced.trim_end_matches('}').to_owned(),
            };
            let found = match outcome {
                Outcome::Reproduced => "reproduced".to_owned(),
                Outcome::Differs { .. } => "differs".to_owned(),
                Outcome::Cut { taken, .. } => format!("is cut at {taken}"),
                Outcome::Stopped { taken, .. } => format!("stops at {taken}"),
            };
            assert_eq!(found, expected, "{line}: {outcome}");
            opened += 1;
        }
    }
    assert!(opened >= 10, "{opened} links");
}
