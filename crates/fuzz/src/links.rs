//! Links. An input is what a user pastes. After a first byte that is the number of a version, the input is the
//! payload of a link of that version: the target adds the right length and check, so that the code after those checks is reached.

use crate::reached::reached;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use figure::{PictureKind, Theme};
use link::{Link, Opened, Opening};
use scene::Sources;

/// Steps of a run that are followed.
const MOST_STEPS: usize = 2_000;

/// Runs of at most so many steps are drawn and exported: each step of a large machine takes its time.
const MOST_DRAWN: usize = 60;

/// The payload of a well-formed link, without its version.
pub(crate) fn payload_of(link: &str) -> Option<Vec<u8>> {
    let (version, body) = link.trim().split_once('.')?;
    let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
    let length = bytes.iter().position(|byte| byte & 0x80 == 0)? + 1;
    let payload = bytes.get(length + 3..)?;
    Some([&[version.parse().ok()?], payload].concat())
}

fn framed(version: u8, payload: &[u8]) -> String {
    let mut out = Vec::new();
    let mut length = payload.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(&link::hash_state(payload).to_le_bytes()[..3]);
    out.extend(payload);
    format!("{version}.{}", URL_SAFE_NO_PAD.encode(out))
}

fn link_of(input: &[u8]) -> Option<Link> {
    let pasted = match input {
        [version, payload @ ..] if (1..=link::NEWEST).contains(&u32::from(*version)) => {
            framed(*version, payload)
        }
        pasted => String::from_utf8_lossy(pasted).into_owned(),
    };
    let link = link::decode(&pasted).ok()?;
    assert_eq!(link::decode(&link::encode(&link)).as_ref(), Ok(&link), "written and read, it is the same");
    Some(link)
}

/// Decodes.
pub(crate) fn decoded(input: &[u8]) {
    if link_of(input).is_some() {
        reached();
    }
}

/// Decodes, compiles, sets up, follows.
pub(crate) fn opened(input: &[u8]) {
    let Some(link) = link_of(input) else { return };
    match Opening::begin(link) {
        Ok(mut opening) => {
            reached();
            opening.run(MOST_STEPS);
            let opened = opening.end();
            if let Some(other) =
                opened.compared.as_ref().and_then(|other| other.as_ref().ok()?.experiment(&opened.experiment))
            {
                let _ = other.compile();
            }
            assert!(opened.cursor <= opened.trace.len());
            assert!(!opened.outcome.to_string().is_empty());
            let again = link::moment(
                &opened.experiment,
                &opened.machine,
                &opened.trace,
                opened.cursor,
                link::View::default(),
            );
            let again = link::decode(&link::encode(&again)).expect("what is shown can be shared");
            assert_eq!(again.schedule.len(), opened.trace.len());
            if opened.trace.len() <= MOST_DRAWN {
                drawn(&opened);
            }
        }
        Err(unopened) => assert!(!unopened.to_string().is_empty()),
    }
}

/// Draws and exports what was opened.
fn drawn(opened: &Opened) {
    let Opened { machine, trace, cursor, .. } = opened;
    let (cursor, case, sources) = (*cursor, None, Sources::default());
    let moment = figure::DrawnRun { machine, trace, cursor, case, sources };
    for what in [PictureKind::Both, PictureKind::Storyboard] {
        let svg = figure::svg(&moment, what, Theme::Light);
        assert!(svg.len() <= figure::MOST_BYTES && svg.ends_with("</svg>\n"), "{} bytes", svg.len());
    }
    let run = export::ExportedRun { machine, trace, cursor, case, sources, link: "" };
    assert!(export::trace(&run).ends_with("]}\n") && export::json(&run).ends_with("}\n"));
    assert!(export::mermaid(&run).contains("sequenceDiagram"));
}
