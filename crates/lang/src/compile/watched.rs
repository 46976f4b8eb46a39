//! The addresses to which CPUs may walk.

use super::code::Code;
use crate::check::machine::Halves;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::UserAccess;
use crate::program::{MAX_WATCHED, MmSpec, Operand, WalksOff};
use crate::source::{SourceId, Span};
use crate::syntax::Amount;

/// Addresses of mapped pages and those the scenario names.
pub(super) fn watched(named: &[Amount], halves: Halves, mms: &[MmSpec], out: &mut Diagnostics) -> Vec<u64> {
    let mut watched = Vec::new();
    mms.iter().flat_map(|mm| &mm.mappings).for_each(|mapping| put(&mut watched, mapping.va));
    for address in named {
        if address.value >= halves.user_end() {
            let diagnostic =
                Diagnostic::error(SourceId::SCENARIO, address.span, "this is not a user address");
            out.push(diagnostic.advice(halves.of_users()));
        }
        put(&mut watched, page(address.value));
    }
    watched
}

/// Puts an address into their ordered list, once.
fn put(watched: &mut Vec<u64>, va: u64) {
    if let Err(at) = watched.binary_search(&va) {
        watched.insert(at, va);
    }
}

fn page(va: u64) -> u64 {
    va & !0xfff
}

pub(super) fn watch_accesses(
    mut watched: Vec<u64>,
    code: &Code,
    place: Span,
    out: &mut Diagnostics,
) -> Vec<u64> {
    for op in &code.ops {
        if let Some(UserAccess { va: Operand::Const(va), .. }) = op.effects().taken.access() {
            put(&mut watched, page(*va));
        }
    }
    if watched.len() > MAX_WATCHED {
        let message = format!("more than {MAX_WATCHED} pages are mapped, watched or accessed");
        out.push(Diagnostic::error(SourceId::SCENARIO, place, message));
    }
    watched
}

/// Warns of walks that are switched off and that no CPU would make.
pub(super) fn unwalked_anyway(off: &WalksOff, watched: &[u64], place: Span, out: &mut Diagnostics) {
    for va in off.addresses.iter().filter(|va| !watched.contains(va)) {
        let message = format!("no CPU ever walks to {va:#x}, so there is no walk to switch off");
        let advice = "walks lead to pages that are mapped, watched, or accessed";
        out.push(Diagnostic::warning(SourceId::SCENARIO, place, message).advice(advice));
    }
}
