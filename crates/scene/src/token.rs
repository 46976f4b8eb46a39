//! The token: what moves in a step. At most one thing moves: the one that the reader should look
//! at.

use crate::arrow::{device_id, frame_id, tile_id};
use crate::name::{self, Names};
use crate::view::{TokenView, Tone};
use crate::{cache, kernel};
use machine::{Event, How, Loc, State, What};
use x86::{Backing, Hazard, WalkOutcome, Walked};

/// The token of a step, if something moves in it.
pub(crate) fn token(names: Names<'_>, events: &[Event], after: &State) -> Option<TokenView> {
    events.iter().find_map(|event| {
        let cpu = event.cpu;
        match &event.what {
            What::Walk { walked, .. } => walk(names, after, cpu, walked),
            What::Written { loc, how, .. } if *how != How::Private => {
                Some(plain(format!("cpu{cpu}"), loc_id(names, *loc), "store"))
            }
            What::IpiSent { targets, .. } => {
                let target = name::members(*targets).next()?;
                Some(plain(format!("cpu{cpu}"), format!("cpu{target}"), "IPI"))
            }
            What::IpiDone { sender, .. } => Some(plain(format!("cpu{cpu}"), format!("cpu{sender}"), "done")),
            What::Accessed { write, via, va, .. } => {
                let tile = tile_id(names.machine, via.frame_of(*va))?;
                let cpu = format!("cpu{cpu}");
                let mut token = if *write { plain(cpu, tile, "store") } else { plain(tile, cpu, "load") };
                token.tone = cache::standing(via.provenance).0;
                Some(token)
            }
            _ => None,
        }
    })
}

/// The token of a walk: what the walk writes where it must not write, or else what it brings back.
fn walk(names: Names<'_>, after: &State, cpu: u8, walked: &Walked) -> Option<TokenView> {
    let card = format!("cpu{cpu}");
    let word = match walked.backing {
        Backing::Frame(frame) => format!("{}/{}", frame_id(names.machine, frame), walked.index),
        Backing::Device(device) => device_id(names.machine, device),
        Backing::OtherDram | Backing::Absent => return None,
    };
    let tone = if walked.hazards.is_empty() { Tone::Speculative } else { Tone::Corrupt };
    if walked.hazards.has(Hazard::ABitCorruption) {
        return Some(TokenView { from: card, to: word, label: "A := 1".to_owned(), tone });
    }
    let label = walked.from.level.entry_name().to_owned();
    let hw = &after.cpus[cpu as usize].hw;
    let row = match &walked.outcome {
        WalkOutcome::Structure(entry) => {
            let at = hw.psc.binary_search(entry).ok()?;
            cache::psc_ids(cpu, &hw.psc).swap_remove(at)
        }
        WalkOutcome::Translation(entry) => {
            let at = hw.tlb.binary_search(entry).ok()?;
            cache::tlb_ids(cpu, &hw.tlb).swap_remove(at)
        }
        WalkOutcome::DeviceRead { .. } | WalkOutcome::MachineCheck => {
            return Some(TokenView { from: card, to: word, label: "read".to_owned(), tone });
        }
        WalkOutcome::NotPresent | WalkOutcome::Reserved | WalkOutcome::Uncacheable => card,
    };
    Some(TokenView { from: word, to: row, label, tone })
}

fn plain(from: String, to: String, label: &str) -> TokenView {
    TokenView { from, to, label: label.to_owned(), tone: Tone::Plain }
}

fn loc_id(names: Names<'_>, loc: Loc) -> String {
    match loc {
        Loc::Cell(cell) => kernel::id(names, cell),
        Loc::Word(frame, index) => format!("{}/{index}", frame_id(names.machine, frame)),
    }
}
