//! A few words for a mark.

use crate::name::{self, Names};
use explore::Step;
use machine::{Action, Aftermath, Event, Invalidation, Loc, State, What};
use x86::{Asks, Invept, Invpcid, Invvpid, WalkOutcome};

/// What a step is about, in few words.
pub(super) fn label(names: Names<'_>, before: &State, step: &Step<Action, Event>) -> String {
    let cpu = step.action.cpu();
    let Some(event) = step.events.first() else { return "continue".to_owned() };
    match &event.what {
        What::Walk { va, walked, .. } => {
            let entry = walked.from.level.entry_name();
            match walked.outcome {
                WalkOutcome::MachineCheck => format!("{entry} of {va}: machine check"),
                WalkOutcome::DeviceRead { device } => {
                    format!("{entry} of {va}: reads {}", names.device(device))
                }
                _ => format!("{entry} of {va}"),
            }
        }
        What::Read { loc, .. } => format!("read {}", place(names, before, cpu, *loc)),
        What::Buffered { loc, value } | What::Written { loc, after: value, .. } => {
            let value = names.loc_value(before, *loc, *value);
            format!("{} := {value}", place(names, before, cpu, *loc))
        }
        What::Fenced => "fence".to_owned(),
        What::Cr3Written { after, .. } => format!("CR3 := {}", names.cr3(*after)),
        What::Invalidated { by, .. } => match by {
            Invalidation::Invlpg(va) => format!("INVLPG {va}"),
            Invalidation::Invpcid(Invpcid::Address(pcid, va)) => format!("INVPCID {pcid}, {va}"),
            Invalidation::Invpcid(Invpcid::Single(pcid)) => format!("INVPCID {pcid}"),
            Invalidation::Invpcid(Invpcid::All | Invpcid::AllNonGlobal) => "INVPCID all".to_owned(),
            Invalidation::TogglePge => "toggle PGE".to_owned(),
            Invalidation::Invept(Invept::Single(ept)) => format!("INVEPT {}", names.frame(*ept)),
            Invalidation::Invept(Invept::Global) => "INVEPT all".to_owned(),
            Invalidation::Invvpid(Invvpid::Address(vpid, va)) => format!("INVVPID {vpid}, {va}"),
            Invalidation::Invvpid(Invvpid::Single(vpid) | Invvpid::SingleNonGlobal(vpid)) => {
                format!("INVVPID {vpid}")
            }
            Invalidation::Invvpid(Invvpid::All) => "INVVPID all".to_owned(),
            Invalidation::Invlpga(va, asid) => format!("INVLPGA {va}, {asid}"),
            Invalidation::Violation { gpa, .. } => format!("EPT violation {gpa}"),
        },
        What::VmcsLoaded { ept, .. } => format!("loads guest {}", names.mm(u64::from(*ept))),
        What::VmEntered { .. } => "VM entry".to_owned(),
        What::VmExited { .. } => "VM exit".to_owned(),
        What::IrqsOn(on) => if *on { "interrupts on" } else { "interrupts off" }.to_owned(),
        What::IpiSent { targets, .. } => format!("IPI to {}", name::cpus(*targets)),
        What::NoRoom { at } => format!("no room at CPU {at}"),
        What::IpiTaken { handler, .. } => names.handler(*handler).to_owned(),
        What::IpiDone { .. } => "IPI done".to_owned(),
        What::CutIn { handler } => names.handler(*handler).to_owned(),
        What::NoOperation { .. } => "INVLPG, no operation".to_owned(),
        What::CutInDone { .. } => "resumes".to_owned(),
        What::Acquired { loc } => format!("lock {}", place(names, before, cpu, *loc)),
        What::Picked { yes } => format!("maybe: {}", if *yes { "yes" } else { "no" }),
        What::BroadcastSent(_) => "INVLPGB".to_owned(),
        What::Shared { cpus, .. } => format!("for {} too", name::cpus(*cpus)),
        What::RarSent { targets, .. } => format!("RAR to {}", name::cpus(*targets)),
        What::CommandQueued(_) => "IOMMU command".to_owned(),
        What::PasidAttached { mm: 0, .. } => "no PASID".to_owned(),
        What::PasidAttached { mm, pasid, .. } => format!("PASID {pasid} is {}", names.mm(u64::from(*mm))),
        What::Translated { va, .. } => format!("asks for {va}"),
        What::DeviceRefused { va, .. } => format!("refused at {va:#x}"),
        What::BroadcastDone { broadcast, sender, .. } => {
            let what = match broadcast.by {
                Asks::Invlpgb => "INVLPGB",
                Asks::Request => "RAR",
                Asks::Iotlb => "IOTLB command",
                Asks::DeviceTlb => "dev-TLB command",
            };
            format!("{what} of CPU {sender}")
        }
        What::Slept { depth, .. } => format!("sleep {depth:?}"),
        What::Claimed { mm, start, .. } => format!("claim {} {start:#x} flushed", names.mm(u64::from(*mm))),
        What::UserWithoutInterrupts => "user code with IF=0".to_owned(),
        What::InvariantBroken { label } => format!("breaks: {}", names.label(*label).unwrap_or_default()),
        What::BeyondLimit { .. } => "limit".to_owned(),
        What::StillHeld { .. } => "missed flush".to_owned(),
        What::Woke => "wake".to_owned(),
        What::Waited => "wait is over".to_owned(),
        What::Allocated { frame, .. } => format!("allocate {}", names.frame(*frame)),
        What::RootRead { mm } => format!("read {}.pgd", names.mm(*mm)),
        What::Switched { to, .. } => format!("switch to {}", names.task(u64::from(*to))),
        What::SpaceMade { mm } => format!("make mm {}", names.mm(u64::from(*mm))),
        What::SpaceEnded { mm } => format!("end mm {}", names.mm(u64::from(*mm))),
        What::Freed { frame, .. } => format!("free {}", names.frame(*frame)),
        What::FreeQueued { frame, .. } => format!("free {} later", names.frame(*frame)),
        What::Mode { to, .. } => names.mode(*to),
        What::Accessed { va, was: Some(_), .. } => format!("lock {va}"),
        What::Accessed { va, write, .. } => format!("{} {va}", if *write { "store" } else { "load" }),
        What::DirtySet { .. } => "set D".to_owned(),
        What::Faulted { va, then: Aftermath::Killed, .. } => format!("killed: fault {va}"),
        What::Faulted { va, then: Aftermath::Oops, .. } => format!("oops: fault {va}"),
        What::Faulted { va, .. } => format!("fault {va}"),
        What::FaultDone { .. } => "return from fault".to_owned(),
        What::GivenUp { va, then: Aftermath::Killed, .. } => format!("killed: fault {va:#x}"),
        What::GivenUp { va, then: Aftermath::Oops, .. } => format!("oops: fault {va:#x}"),
        What::GivenUp { va, .. } => format!("fixup: {va:#x}"),
        What::Rewalked { va, .. } => format!("walk {va} again"),
        What::CheckFailed { fatal, label } => {
            let what = if *fatal { "BUG_ON" } else { "WARN_ON" };
            names.label(*label).map_or_else(|| what.to_owned(), |label| format!("{what} {label}"))
        }
        What::Bug(_) => "kernel bug".to_owned(),
    }
}

fn place(names: Names<'_>, state: &State, cpu: u8, loc: Loc) -> String {
    match loc {
        Loc::Cell(_) => names.loc(state, cpu, loc),
        Loc::Word(frame, index) => format!("{}[{index}]", names.frame(frame)),
    }
}
