//! What is encoded is decoded: every field, every length, however the link is wrapped.

use crate::sample;

use explore::Seeded;
use link::{Link, Outcome, Replayed, decode, encode};

#[test]
fn every_link_reads_back() {
    let mut seed = Seeded::new(1);
    for _ in 0..500 {
        let link = sample::any(&mut seed);
        let text = encode(&link);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{text}");
        assert_eq!(decode(&text), Ok(link));
    }
}

#[test]
fn what_surrounds_a_link_does_not_matter() {
    let mut seed = Seeded::new(2);
    for _ in 0..50 {
        let link = sample::any(&mut seed);
        let text = encode(&link);
        for (before, after) in [
            ("#", "."),
            ("?s=", "&theme=dark"),
            ("https://host/lab/#", ")."),
            ("https://host/lab/?embed%23", ">"),
            ("https://host/lab/%25231.%0A", ""),
            ("see <https://host/#", ">, step 4"),
            ("_https://host/#", "_"),
            ("\n> https://host/#", " which shows it and more words and some more\n"),
        ] {
            let before = before.strip_suffix("1.%0A").unwrap_or(before);
            let pasted = format!("{before}{text}{after}");
            assert_eq!(decode(&pasted).as_ref(), Ok(&link), "{pasted}");
        }
        let broken: Vec<&str> =
            text.as_bytes().chunks(60).map(|part| std::str::from_utf8(part).unwrap()).collect();
        assert_eq!(decode(&broken.join("\r\n ")), Ok(link));
    }
}

#[test]
fn a_replay_is_judged_by_what_it_came_to() {
    let link = Link { schedule: vec![0, 8, 0], digest: 5, model: 1, ..sample::any(&mut Seeded::new(3)) };
    let same = Replayed { taken: 3, full: false, digest: 5, model: 1, texts: link.base.hash() };
    assert_eq!(Outcome::of(&link, same), Outcome::Reproduced);
    // Other changes do not matter if the end is the same.
    assert_eq!(Outcome::of(&link, Replayed { model: 2, texts: !same.texts, ..same }), Outcome::Reproduced);
    let said = |replayed| Outcome::of(&link, replayed).to_string();
    assert_eq!(
        said(Replayed { digest: 6, ..same }),
        "Every step can still be taken, but the run now leads to another state than when the link was made."
    );
    assert_eq!(
        said(Replayed { digest: 6, model: 2, ..same }),
        "Every step can still be taken, but the run now leads to another state than when the link was made. The link is of \
         model version 1, this is 2."
    );
    assert_eq!(
        said(Replayed { taken: 2, texts: !same.texts, ..same }),
        "Step 3 of 3 can no longer be taken: the first 2 steps are shown. The library's text has changed since."
    );
    assert_eq!(
        said(Replayed { taken: 0, ..same }),
        "Step 1 of 3 can no longer be taken: the beginning is shown."
    );
}
