//! Rows of caches and queues: TLB, paging-structure caches, store buffer, pending IPIs.
//!
//! Caches are sets. A row is the same row as before if it has the same id, and the id consists of what the hardware
//! would compare. Queues are first in, first out: entries leave at the front and come in at the back.

use crate::name::{self, Names};
use crate::view::{CacheView, Change, Tone};
use lang::program::Type;
use machine::{CpuState, State};
use x86::{Asks, Cpu, Ghost, Provenance, PscEntry, Space, SpaceKind, TlbEntry};

/// Rows of the paging-structure caches, from the highest level down to PDEs.
pub(crate) fn psc(names: Names<'_>, before: Option<&State>, after: &State, cpu: u8) -> Vec<CacheView> {
    let rows = |state: &State| {
        let this = &state.cpus[cpu as usize];
        let ids = psc_ids(cpu, &this.hw.psc);
        let mut rows = Vec::new();
        for level in names.machine.map().top.pointers() {
            let of_level = this.hw.psc.iter().zip(&ids).filter(|(entry, _)| entry.level == level);
            rows.extend(of_level.map(|(entry, id)| psc_row(names, this, entry, id.clone())));
        }
        rows
    };
    compare_sets(before.map(rows), rows(after))
}

/// Rows of the TLB.
pub(crate) fn tlb(names: Names<'_>, before: Option<&State>, after: &State, cpu: u8) -> Vec<CacheView> {
    let rows = |state: &State| {
        let this = &state.cpus[cpu as usize];
        let ids = tlb_ids(cpu, &this.hw.tlb);
        this.hw.tlb.iter().zip(ids).map(|(entry, id)| tlb_row(names, this, entry, id)).collect()
    };
    compare_sets(before.map(rows), rows(after))
}

/// Rows of the store buffer, oldest first.
pub(crate) fn buffer(names: Names<'_>, before: Option<&State>, after: &State, cpu: u8) -> Vec<CacheView> {
    let rows = |state: &State| {
        let stores = state.cpus[cpu as usize].buffer.stores().iter();
        let rows = stores.map(|&(loc, value)| {
            let key = names.loc(state, cpu, loc);
            let value = names.loc_value(state, loc, value);
            row(format!("cpu{cpu}/buffer/{key}"), key, value)
        });
        numbered(rows.collect())
    };
    compare_queues(before.map(rows), rows(after))
}

/// Rows of the IPIs that have arrived.
pub(crate) fn pending(names: Names<'_>, before: Option<&State>, after: &State, cpu: u8) -> Vec<CacheView> {
    let rows = |state: &State| {
        let pending = state.cpus[cpu as usize].pending.iter();
        let rows = pending.map(|ipi| {
            let params = names.machine.program().handlers.get(ipi.handler as usize).map(|h| &h.params);
            let types = params.into_iter().flatten().map(|param| param.1);
            let args: Vec<(Type, u64)> = types.zip(ipi.args.iter().copied()).collect();
            let key = names.handler(ipi.handler).to_owned();
            let value = names.call(ipi.handler, &args);
            let id = format!("cpu{cpu}/ipi/{key}/cpu{}", ipi.sender);
            CacheView { tag: Some(format!("from CPU {}", ipi.sender)), ..row(id, key, value) }
        });
        let broadcasts = state.cpus[cpu as usize].broadcasts.iter().map(|sent| {
            let key = match sent.broadcast.by {
                Asks::Invlpgb => "INVLPGB",
                Asks::Request => "RAR",
                Asks::Iotlb => "IOTLB",
                Asks::DeviceTlb => "dev-TLB",
            };
            let id = format!("cpu{cpu}/{}/cpu{}", key.to_ascii_lowercase(), sent.sender);
            let value = name::broadcast(&sent.broadcast);
            CacheView { tag: Some(format!("from CPU {}", sent.sender)), ..row(id, key.to_owned(), value) }
        });
        numbered(rows.chain(broadcasts).collect())
    };
    compare_queues(before.map(rows), rows(after))
}

/// Ids of paging-structure cache entries: `cpu1/psc/pde/0x400000/pcid1/0x1004`.
pub(crate) fn psc_ids(cpu: u8, entries: &[PscEntry]) -> Vec<String> {
    let ids = entries.iter().map(|entry| {
        let level = entry.level.entry_name().to_ascii_lowercase();
        let va = entry.tag << entry.level.shift();
        format!("cpu{cpu}/psc/{level}/{va:#x}/pcid{}/{}{}", entry.pcid, entry.table, space_id(entry.space))
    });
    told_apart(ids.collect(), |at| entries[at].provenance)
}

/// Ids of TLB entries: `cpu1/tlb/0x400000/4k/pcid1/0x1005`.
pub(crate) fn tlb_ids(cpu: u8, entries: &[TlbEntry]) -> Vec<String> {
    let ids = entries.iter().map(|entry| {
        let va = entry.page << entry.level.shift();
        let (size, tags) = (entry.level.short_page_size(), space_id(entry.space));
        format!("cpu{cpu}/tlb/{va:#x}/{size}/pcid{}/{}{tags}", entry.pcid, entry.pfn)
    });
    told_apart(ids.collect(), |at| entries[at].provenance)
}

/// The tags of guests, in an id.
fn space_id(space: Space) -> String {
    match space.kind {
        SpaceKind::Linear => String::new(),
        SpaceKind::GuestPhysical => format!("/gpa/{}.{}", space.vpid, space.ept),
        SpaceKind::Combined => format!("/guest/{}.{}", space.vpid, space.ept),
        SpaceKind::Device => "/device".to_owned(),
    }
}

/// What stands before an address in a row's key.
fn kind_word(space: Space) -> &'static str {
    match space.kind {
        SpaceKind::Linear => "",
        SpaceKind::GuestPhysical => "gPA ",
        SpaceKind::Combined => "guest ",
        SpaceKind::Device => "dev-TLB ",
    }
}

/// Whether an entry can be used now, by its tags.
pub(crate) fn usable(hw: &Cpu, space: Space, pcid: x86::Pcid, global: bool) -> bool {
    match space.kind {
        SpaceKind::GuestPhysical => hw.physical_space() == Some(space),
        SpaceKind::Device => pcid == hw.cr3.pcid,
        SpaceKind::Linear | SpaceKind::Combined => hw.space() == space && (global || pcid == hw.cr3.pcid),
    }
}

/// Numbers equal ids, the least sound entry first: it is the older one, since a later read from the same place
/// is from a live table.
fn told_apart(ids: Vec<String>, provenance: impl Fn(usize) -> Provenance) -> Vec<String> {
    let rank = |at: usize| (std::cmp::Reverse(provenance(at)), at);
    (0..ids.len())
        .map(|at| {
            let older =
                (0..ids.len()).filter(|&other| ids[other] == ids[at] && rank(other) < rank(at)).count();
            if older == 0 { ids[at].clone() } else { format!("{}/{}", ids[at], older + 1) }
        })
        .collect()
}

/// Numbers rows with equal ids, first come first.
fn numbered(mut rows: Vec<CacheView>) -> Vec<CacheView> {
    // Queues may be long, so that one pass has to do.
    let mut there: Vec<(String, u32)> = Vec::new();
    for row in &mut rows {
        match there.binary_search_by(|known| known.0.cmp(&row.id)) {
            Err(at) => there.insert(at, (row.id.clone(), 1)),
            Ok(at) => {
                there[at].1 += 1;
                row.id.push_str(&format!("/{}", there[at].1));
            }
        }
    }
    rows
}

/// A plain row.
fn row(id: String, key: String, value: String) -> CacheView {
    let (tag, change) = (None, Change::None);
    CacheView { id, key, value, tag, usable: true, tone: Tone::Plain, word: "", change }
}

fn psc_row(names: Names<'_>, this: &CpuState, entry: &PscEntry, id: String) -> CacheView {
    let key = format!(
        "{}{} {:#x}",
        kind_word(entry.space),
        entry.level.entry_name(),
        entry.tag << entry.level.shift()
    );
    let value = format!("{}{}", names.pfn(entry.table), name::unusual_type(entry.memory_type));
    let (tone, word) = claimed(entry.provenance, entry.ghost);
    let usable = usable(&this.hw, entry.space, entry.pcid, false);
    let tone = if tone == Tone::Plain && !usable { Tone::Muted } else { tone };
    let tag = names.tags(entry.space, names.pcid(entry.pcid));
    CacheView { tag, usable, tone, word, ..row(id, key, value) }
}

fn tlb_row(names: Names<'_>, this: &CpuState, entry: &TlbEntry, id: String) -> CacheView {
    let va = entry.page << entry.level.shift();
    let key = match entry.level {
        level if level.is_page_table() => format!("{}{va:#x}", kind_word(entry.space)),
        level => format!("{}{va:#x} {}", kind_word(entry.space), level.short_page_size()),
    };
    let dirty = if entry.dirty { " D" } else { "" };
    let memory_type = name::unusual_type(entry.memory_type);
    let value = format!("{} {}{dirty}{memory_type}", names.pfn(entry.pfn), name::rights(entry.rights));
    let (tone, word) = claimed(entry.provenance, entry.ghost);
    let usable = usable(&this.hw, entry.space, entry.pcid, entry.global);
    let tone = if tone == Tone::Plain && !usable { Tone::Muted } else { tone };
    let tag = if entry.global { Some("global".to_owned()) } else { names.pcid(entry.pcid) };
    let tag = names.tags(entry.space, tag);
    CacheView { tag, usable, tone, word, ..row(id, key, value) }
}

/// How a reference is drawn, and the word for it.
pub(crate) fn standing(provenance: Provenance) -> (Tone, &'static str) {
    match provenance {
        Provenance::Sound => (Tone::Plain, ""),
        Provenance::Dangling => (Tone::Stale, "stale"),
        Provenance::Garbage => (Tone::Corrupt, "garbage"),
    }
}

/// The same, for an entry that a claim knows of.
fn claimed(provenance: Provenance, ghost: Ghost) -> (Tone, &'static str) {
    match standing(provenance) {
        (Tone::Plain, _) if ghost.outdated => (Tone::Stale, "outdated"),
        standing => standing,
    }
}

/// Marks the rows that a set has gained, and shows the rows that it has lost once more, in their old places.
fn compare_sets(before: Option<Vec<CacheView>>, mut after: Vec<CacheView>) -> Vec<CacheView> {
    let Some(before) = before else { return after };
    for row in &mut after {
        row.change = match before.iter().find(|old| old.id == row.id) {
            None => Change::Added,
            Some(old) if old.value != row.value => Change::Was(old.value.clone()),
            Some(old) if old.word != row.word => Change::Meaning,
            Some(_) => Change::None,
        };
    }
    for (at, old) in before.into_iter().enumerate() {
        if after.iter().all(|row| row.id != old.id) {
            after.insert(at.min(after.len()), CacheView { change: Change::Removed, ..old });
        }
    }
    after
}

/// Marks the rows that have joined a queue at its back, and shows the rows that have left it once more, at
/// its front.
fn compare_queues(before: Option<Vec<CacheView>>, mut after: Vec<CacheView>) -> Vec<CacheView> {
    let Some(before) = before else { return after };
    let same = |a: &CacheView, b: &CacheView| a.key == b.key && a.value == b.value && a.tag == b.tag;
    let stays = |left: &usize| {
        let kept = &before[*left..];
        kept.len() <= after.len() && kept.iter().zip(&after).all(|(a, b)| same(a, b))
    };
    let left = (0..=before.len()).find(stays).unwrap_or(before.len());
    for row in after.iter_mut().skip(before.len() - left) {
        row.change = Change::Added;
    }
    let gone = before.into_iter().take(left).map(|old| CacheView { change: Change::Removed, ..old });
    let mut rows: Vec<CacheView> = gone.collect();
    for row in &mut rows {
        if after.iter().any(|kept| kept.id == row.id) {
            row.id.push_str("/gone");
        }
    }
    rows.extend(after);
    rows
}

#[cfg(test)]
mod tests {
    use super::{compare_queues, compare_sets, numbered, row};
    use crate::view::{CacheView, Change};

    fn rows(keys: &[&str]) -> Vec<CacheView> {
        numbered(keys.iter().map(|key| row((*key).to_owned(), (*key).to_owned(), String::new())).collect())
    }

    fn shown(rows: &[CacheView]) -> String {
        let mark = |row: &CacheView| match &row.change {
            Change::None => row.id.clone(),
            Change::Added => format!("+{}", row.id),
            Change::Removed => format!("-{}", row.id),
            Change::Was(old) => format!("{}={old}", row.id),
            Change::Meaning => format!("!{}", row.id),
        };
        rows.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sets_gain_and_lose_anywhere() {
        assert_eq!(shown(&compare_sets(None, rows(&["a"]))), "a");
        assert_eq!(shown(&compare_sets(Some(rows(&["a", "b"])), rows(&["a", "b"]))), "a b");
        assert_eq!(shown(&compare_sets(Some(rows(&["a", "b", "c"])), rows(&["a", "c", "d"]))), "a -b c +d");
    }

    #[test]
    fn queues_gain_at_the_back_and_lose_at_the_front() {
        assert_eq!(shown(&compare_queues(Some(rows(&["a", "b"])), rows(&["b"]))), "-a b");
        assert_eq!(shown(&compare_queues(Some(rows(&["a"])), rows(&["a", "a"]))), "a +a/2");
        assert_eq!(shown(&compare_queues(Some(rows(&["a", "a"])), rows(&["a"]))), "-a/gone a");
        assert_eq!(shown(&compare_queues(Some(rows(&["a"])), rows(&[]))), "-a");
    }
}
