//! Codes of actions, which links and messages carry: each is what it was when it was first published.

use machine::{Action, From};
use std::collections::BTreeMap;
use x86::Level;

/// The CPUs that fit in a code.
const CPUS: u8 = 16;

/// Bits for all codes of today: a store that walks has the longest.
const BITS: u32 = 26;

/// All actions of a CPU, each with its code as it was published: tag, CPU, operand.
fn published(cpu: u8) -> Vec<(Action, u32)> {
    let code = |tag: u32, operand: u32| tag | u32::from(cpu) << 3 | operand << 7;
    let mut all = vec![
        (Action::Step { cpu }, code(0, 0)),
        (Action::Drain { cpu }, code(2, 0)),
        (Action::Interrupt { cpu }, code(3, 0)),
        (Action::Nmi { cpu }, code(3, 1)),
        (Action::VmExit { cpu }, code(3, 2)),
        (Action::Fault { cpu }, code(5, 0)),
        (Action::ProtectionFault { cpu }, code(5, 1)),
        (Action::Pick { cpu, yes: false }, code(6, 0)),
        (Action::Pick { cpu, yes: true }, code(6, 1)),
        (Action::Broadcast { cpu }, code(7, 0)),
    ];
    let levels = [(Level::Pd, 1), (Level::Pdpt, 2), (Level::Pml4, 3)];
    for copy in 0..=u8::MAX {
        all.push((Action::Access { cpu, copy }, code(4, copy.into())));
        for (level, number) in levels {
            let operand = 1 << 8 | number << 9 | u32::from(copy) << 11;
            all.push((Action::DirtyWalk { cpu, level, copy }, code(4, operand)));
        }
    }
    for (va, own) in (0..16).flat_map(|va| [(va, false), (va, true)]) {
        let about = u32::from(va) | u32::from(own) << 6;
        all.push((Action::Walk { cpu, va, from: From::Cr3, own }, code(1, about)));
        for (copy, (level, number)) in (0..=u8::MAX).flat_map(|copy| levels.map(|level| (copy, level))) {
            let from = From::Psc { level, copy };
            all.push((
                Action::Walk { cpu, va, from, own },
                code(1, about | number << 4 | u32::from(copy) << 7),
            ));
        }
    }
    all
}

#[test]
fn every_published_code_means_what_it_meant() {
    let mut known = Vec::new();
    for (action, code) in (0..CPUS).flat_map(published) {
        assert_eq!(action.code(), code, "{action:?}");
        assert_eq!(Action::from_code(code), Some(action), "{code}");
        assert!(!Action::is_extended(code), "{action:?}: version 1 of links carries it");
        known.push(code);
    }
    known.sort_unstable();
    known.dedup();
    // Ten plain ones; copies of a translation; stores that walk; walks of 16 addresses, with two kinds of memory, from
    // CR3 or from copies at three levels.
    assert_eq!(known.len(), 16 * (10 + 256 + 3 * 256 + 16 * 2 * (1 + 3 * 256)));
    assert!(known.iter().all(|code| code >> BITS == 0));
    // Some of them as links have them.
    for (code, action) in [
        (8, Action::Step { cpu: 1 }),
        (137, Action::Walk { cpu: 1, va: 1, from: From::Cr3, own: false }),
        (2057, Action::Walk { cpu: 1, va: 0, from: From::Psc { level: Level::Pd, copy: 0 }, own: false }),
        (8193, Action::Walk { cpu: 0, va: 0, from: From::Cr3, own: true }),
        (131, Action::Nmi { cpu: 0 }),
        (98_308, Action::DirtyWalk { cpu: 0, level: Level::Pd, copy: 0 }),
    ] {
        assert_eq!((action.code(), Action::from_code(code)), (code, Some(action)));
    }
    // And there are no others. A code that gets a meaning is new, and must be in the list above or be extended.
    let all = (0..1 << BITS).filter(|&code| Action::from_code(code).is_some() && !Action::is_extended(code));
    assert!(all.eq(known.iter().copied()));
}

/// Walks from a level that does not fit in two bits (kinds 0 and 1 of extended codes), requests of devices (2) and frames (16), as
/// published.
fn extended(cpu: u8) -> Vec<(Action, u32)> {
    let code = |kind: u32, operand: u32| u32::from(cpu) << 3 | 1 << 7 | kind << 8 | operand << 13;
    let mut all = Vec::new();
    for (level, number) in [(Level::Pml5, 5)] {
        for copy in 0..=u8::MAX {
            let from = From::Psc { level, copy };
            for (va, own) in (0..16).flat_map(|va| [(va, false), (va, true)]) {
                let operand = u32::from(va) | number << 4 | u32::from(own) << 7 | u32::from(copy) << 8;
                all.push((Action::Walk { cpu, va, from, own }, code(0, operand)));
            }
            all.push((Action::DirtyWalk { cpu, level, copy }, code(1, number | u32::from(copy) << 3)));
        }
    }
    for (va, copy) in (0..16u8).flat_map(|va| (0..=u8::MAX).map(move |copy| (va, copy))) {
        all.push((Action::Translate { cpu, va, copy }, code(2, u32::from(va) | u32::from(copy) << 4)));
    }
    all.extend((0..=u8::MAX).map(|frame| (Action::Allocate { cpu, frame }, code(16, frame.into()))));
    all.extend(of_guests(cpu));
    all
}

/// What guests do, as it was published: kinds 3 to 5.
fn of_guests(cpu: u8) -> Vec<(Action, u32)> {
    let code = |kind: u32, operand: u32| u32::from(cpu) << 3 | 1 << 7 | kind << 8 | operand << 13;
    let mut all = vec![(Action::Violation { cpu }, code(5, 0))];
    let levels = [(Level::Pd, 2u32), (Level::Pdpt, 3), (Level::Pml4, 4), (Level::Pml5, 5)];
    let starts = |copies: u8| {
        let cached = levels.into_iter().flat_map(move |(level, number)| {
            (0..=copies).map(move |copy| (From::Psc { level, copy }, number, u32::from(copy)))
        });
        std::iter::once((From::Cr3, 0, 0)).chain(cached)
    };
    for (from, level, copy) in starts(u8::MAX) {
        for page in 0..128u8 {
            let operand = u32::from(page) | level << 7 | copy << 10;
            all.push((Action::NestedWalk { cpu, page, from }, code(4, operand)));
        }
    }
    for (from, level, copy) in starts(15) {
        let roots = if level == 0 { 8 } else { 1 };
        for (va, own) in (0..16u8).flat_map(|va| [(va, false), (va, true)]) {
            for (root, next) in (0..roots).flat_map(|root| (0..16u8).map(move |next| (root, next))) {
                let at = u32::from(va) | level << 4 | u32::from(own) << 7 | copy << 8;
                let operand = at | u32::from(root) << 12 | u32::from(next) << 15;
                all.push((Action::GuestWalk { cpu, va, from, own, root, next }, code(3, operand)));
            }
        }
    }
    all
}

/// Extended codes have 32 kinds of 19 bits for each CPU. Those that have no meaning yet are refused.
#[test]
fn every_extended_code_means_what_it_meant_and_there_is_room_for_more() {
    for cpu in 0..CPUS {
        let known: BTreeMap<u32, Action> =
            extended(cpu).into_iter().map(|(action, code)| (code, action)).collect();
        for (&code, &action) in &known {
            assert_eq!(action.code(), code, "{action:?}");
        }
        for (kind, operand) in (0..32u32).flat_map(|kind| (0..1 << 19).map(move |operand| (kind, operand))) {
            let code = u32::from(cpu) << 3 | 1 << 7 | kind << 8 | operand << 13;
            assert!(Action::is_extended(code));
            assert_eq!(Action::from_code(code), known.get(&code).copied(), "{code}");
        }
    }
}
