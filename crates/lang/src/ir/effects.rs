//! The facts about each operation: one table, with a row for each.
//!
//! A row says how the operation is written, which values it reads and what they are, what it writes, which memory and
//! which hardware it touches, what it may have to wait for, who can observe when it happens, who may carry it out,
//! and where control goes afterwards. All code that needs such a fact asks this table: which registers are live,
//! which operations can be removed, how a dump reads, what a step of a search depends on, which values name CPUs, why
//! a CPU waits. No other file matches on operations to pick some of them, so a new operation is complete as soon as
//! the compiler accepts it. (`cargo xtask test` holds that.)
//!
//! Two things are not here. `machine` says what an operation *does*, and `promela` says it a second time. And whether
//! the store buffer has to drain first is a rule of the hardware, not of the program: it depends on the vendor, the
//! APIC and the other activity of the CPU. That rule, with its source, is in `machine`'s `occasion`.

#![deny(clippy::wildcard_enum_match_arm)]

mod kinds;

use crate::ir::bin::Bin;
use crate::ir::op::{
    Claimed, Fixup, Inspected, InvlpgbOp, InvpcidOp, InvvpidOp, Leave, Mode, Op, Operand, Place, QueueOp,
    RarOp, Rmw, RmwResult, Sleep,
};
use crate::ir::value::{Pc, Reg};
pub use kinds::{Access, By, Crossing, Flow, Gives, Role, Seen, Sends, Taken, Touches, UserAccess, Waits};
use x86::Level;

/// The facts about an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// How it is written, after its result: `{}` stands for the next value that it reads, `{args}` for all that are
    /// arguments, `{place}` for its place, `{fn}` for its function, `{to}` for where it jumps to, `{handler}` for the
    /// handler that it sends, `{table}` for the page table that it makes.
    pub form: &'static str,
    /// The register that it writes, and what the value is.
    pub result: Option<(Reg, Gives)>,
    /// The values that it reads, in the order in which they are written.
    pub reads: Vec<(Operand, Role)>,
    /// The memory that it accesses as the kernel does, and how.
    pub place: Option<(Place, Access)>,
    /// The function that it computes, of two values or of its place and a value.
    pub function: Option<Bin>,
    /// Where control goes afterwards.
    pub flow: Flow,
    /// Which contexts can observe when it happens.
    pub seen: Seen,
    /// How it is taken.
    pub taken: Taken,
    /// What it may have to wait for.
    pub waits: Waits,
    /// What it reads or writes, apart from registers and its place.
    pub touches: Touches,
    /// What it puts into a queue.
    pub sends: Option<Sends>,
    /// The level of the page table that it makes.
    pub table: Option<Level>,
    /// Who may carry it out.
    pub by: By,
    /// Whether a statement of a text may stand behind it: not where it only leads from one to another.
    pub statement: bool,
    /// Whether it does nothing but put the accesses before it and after it into order.
    pub barrier: bool,
    /// The label of a check: a place in [`crate::program::Program::labels`] counted from 1; 0 for none.
    pub label: u16,
}

/// A row for a step that reads, writes, touches and waits for nothing.
fn step(form: &'static str) -> Effects {
    Effects {
        form,
        result: None,
        reads: Vec::new(),
        place: None,
        function: None,
        flow: Flow::Next,
        seen: Seen::ByOthers,
        taken: Taken::OneWay,
        waits: Waits::Never,
        touches: Touches::NOTHING,
        sends: None,
        table: None,
        by: By::Anybody,
        statement: true,
        barrier: false,
        label: 0,
    }
}

/// A row for an operation that only the running context can observe.
fn silent(form: &'static str) -> Effects {
    Effects { seen: Seen::ByNobody, ..step(form) }
}

impl Effects {
    fn gives(self, register: Reg, gives: Gives) -> Effects {
        Effects { result: Some((register, gives)), ..self }
    }

    fn reads<const N: usize>(mut self, role: Role, operands: [Operand; N]) -> Effects {
        self.reads.extend(operands.map(|operand| (operand, role)));
        self
    }

    fn plain<const N: usize>(self, operands: [Operand; N]) -> Effects {
        self.reads(Role::Plain, operands)
    }

    fn at(self, place: &Place, access: Access) -> Effects {
        Effects { place: Some((*place, access)), ..self }
    }

    fn by(self, by: By) -> Effects {
        Effects { by, ..self }
    }

    fn goes(self, flow: Flow) -> Effects {
        Effects { flow, ..self }
    }

    /// No statement of a text stands behind it.
    fn unwritten(self) -> Effects {
        Effects { statement: false, ..self }
    }

    fn waits(self, waits: Waits) -> Effects {
        Effects { waits, ..self }
    }

    fn touches(self, touches: Touches) -> Effects {
        Effects { touches: self.touches.and(touches), ..self }
    }

    fn computes(self, function: Bin) -> Effects {
        Effects { function: Some(function), ..self }
    }

    fn sends(self, sends: Sends) -> Effects {
        Effects { sends: Some(sends), ..self }
    }

    fn accesses(self, va: Operand, stored: Option<Operand>, fixup: Fixup) -> Effects {
        let taken = Taken::Access(UserAccess { va, stored, locked: None, fixup });
        let flow = match fixup {
            Fixup::Nowhere | Fixup::Behind => Flow::Next,
            Fixup::At(target) => Flow::Branch(target),
        };
        Effects { taken, flow, ..self }
            .plain([va])
            .touches(Touches::TRANSLATIONS.and(Touches::FRAMES).and(Touches::QUIESCENCE))
            .by(By::Guest)
    }

    /// A locked access.
    fn locked(mut self, op: Rmw, gives: RmwResult) -> Effects {
        if let Taken::Access(access) = &mut self.taken {
            access.locked = Some((op, gives));
        }
        self
    }

    /// Whether it gives what it loads through the MMU, and writes nothing there.
    pub(crate) fn only_loads_user(&self) -> bool {
        let reads = matches!(self.taken, Taken::Access(UserAccess { stored: None, locked: None, .. }));
        reads && self.result.is_some()
    }

    /// Whether it only computes a value from registers: without a reader it is not needed.
    pub(crate) fn computes_only(&self) -> bool {
        self.seen.silent()
            && self.result.is_some()
            && self.place.is_none()
            && self.touches == Touches::NOTHING
    }

    /// The register it writes, as a bit.
    pub(crate) fn written(&self) -> u64 {
        self.result.map_or(0, |(register, _)| 1 << register)
    }

    /// The registers it reads, as bits.
    pub(crate) fn read(&self) -> u64 {
        let place = self.place.iter().flat_map(|(place, _)| place.operands());
        let all = self.reads.iter().map(|(operand, _)| *operand).chain(place);
        all.fold(0, |bits, operand| match operand {
            Operand::Reg(register) => bits | 1 << register,
            Operand::Const(_) | Operand::ThisCpu => bits,
        })
    }
}

impl Place {
    /// The values that say where it is.
    #[must_use]
    pub fn operands(&self) -> [Operand; 2] {
        match *self {
            Place::Cell { owner, index, .. } => [owner, index],
            Place::Entry { mm, va, .. } => [mm, va],
            Place::Word { frame, index } => [frame, index],
        }
    }
}

impl Op {
    /// If address spaces are made or ended, `m.pgd` is a load with which others can interfere. init_mm's never changes.
    pub(crate) fn load_root(&mut self) {
        if let Op::PgdOf { dst, mm } = *self
            && mm != Operand::Const(0)
        {
            *self = Op::LoadPgd { dst, mm };
        }
    }

    /// The operation's row.
    #[must_use]
    pub fn effects(&self) -> Effects {
        use Access::{Compare, Load, Locked, Store};
        match self {
            Op::Bin { dst, op, a, b } => {
                silent("{} {fn} {}").gives(*dst, Gives::Computed).reads(Role::Operand, [*a, *b]).computes(*op)
            }
            Op::Move { dst, a } => silent("{}").gives(*dst, Gives::Read).reads(Role::Any, [*a]),
            Op::PgdOf { dst, mm } => silent("{}.pgd").gives(*dst, Gives::Plain).reads(Role::Mm, [*mm]),
            Op::LoadPgd { dst, mm } => step("load {}.pgd")
                .gives(*dst, Gives::Plain)
                .reads(Role::Mm, [*mm])
                .touches(Touches::FRAMES.and(Touches::ROOTS)),
            Op::MmAlloc { mm } => step("alloc mm {}")
                .reads(Role::Mm, [*mm])
                .touches(Touches::FRAMES.and(Touches::ROOTS))
                .waits(Waits::Frame)
                .by(By::Owner),
            Op::MmFree { mm } => step("free mm {}")
                .reads(Role::Mm, [*mm])
                .touches(Touches::FRAMES.and(Touches::ROOTS).and(Touches::ALL_TRANSLATIONS))
                .by(By::Owner),
            Op::Current { dst } => silent("current").gives(*dst, Gives::Plain),
            Op::MmOfTask { dst, task } => silent("{}.mm").gives(*dst, Gives::Plain).plain([*task]),
            Op::SwitchTo { task } => step("switch to {}")
                .plain([*task])
                .touches(Touches::TASKS.and(Touches::QUIESCENCE))
                .by(By::Thread),
            Op::Jump(target) => silent("jump {to}").goes(Flow::Jump(*target)).unwritten(),
            Op::JumpIfZero { cond, target } => {
                silent("unless {} jump {to}").reads(Role::Truth, [*cond]).goes(Flow::Branch(*target))
            }
            Op::Load { dst, place } => Effects { seen: Seen::ThroughPlace, ..step("load {place}") }
                .gives(*dst, Gives::Held)
                .at(place, Load),
            Op::Store { place, value } => Effects { seen: Seen::ThroughPlace, ..step("store {place} = {}") }
                .reads(Role::Held, [*value])
                .at(place, Store)
                .waits(Waits::Room),
            Op::Rmw { dst, place, op, value } => {
                let row = match op {
                    Rmw::Xchg => step("lock {place} xchg {}").at(place, Locked),
                    Rmw::Add => step("lock {place} add {}").at(place, Locked).computes(Bin::Add),
                    Rmw::Or => step("lock {place} or {}").at(place, Locked).computes(Bin::Or),
                    Rmw::AndNot => step("lock {place} andnot {}").at(place, Locked).computes(Bin::AndNot),
                    Rmw::CmpXchg { expected } => step("lock {place} cmpxchg {} to {}")
                        .at(place, Compare)
                        .reads(Role::Held, [*expected]),
                };
                let gives = |which: &RmwResult| match which {
                    RmwResult::Old => Gives::Before,
                    RmwResult::New => Gives::After,
                };
                let result = dst.as_ref().map(|(register, which)| (*register, gives(which)));
                Effects { result, ..row }.reads(Role::Held, [*value])
            }
            Op::Fence => Effects { barrier: true, ..step("fence") },
            Op::Acquire { place } => step("acquire {place}").at(place, Locked).waits(Waits::Lock),
            Op::Maybe { dst } => Effects { taken: Taken::Picked, ..step("maybe") }.gives(*dst, Gives::Plain),
            Op::IsTable { dst, frame } => {
                silent("is table {}").gives(*dst, Gives::Plain).plain([*frame]).touches(Touches::FRAMES)
            }
            Op::Invlpgb { op, pcid, va, pages, final_only } => step(match op {
                InvlpgbOp::Range => "invlpgb pcid {} va {} pages {} final {}",
                InvlpgbOp::Single => "invlpgb pcid {}",
                InvlpgbOp::AllNonGlobal => "invlpgb all nonglobal",
                InvlpgbOp::All => "invlpgb all",
                InvlpgbOp::Asid => "invlpgb asid {}",
                InvlpgbOp::AsidAll => "invlpgb asid {} global nested",
                InvlpgbOp::AllNested => "invlpgb all nested",
            })
            .plain([*pcid, *va, *pages, *final_only])
            .touches(Touches::ALL_CPUS.and(match op {
                InvlpgbOp::Asid | InvlpgbOp::AsidAll | InvlpgbOp::AllNested => Touches::GUESTS,
                InvlpgbOp::Range | InvlpgbOp::Single | InvlpgbOp::AllNonGlobal | InvlpgbOp::All => {
                    Touches::NOTHING
                }
            }))
            .sends(Sends::Broadcasts),
            Op::Tlbsync => step("tlbsync").touches(Touches::ALL_CPUS).waits(Waits::Broadcasts),
            Op::SendRar { op, targets, pcid, va } => step(match op {
                RarOp::Addr => "rar to {} invpcid one pcid {} va {}",
                RarOp::Single => "rar to {} invpcid single pcid {}",
            })
            .reads(Role::Cpus, [*targets])
            .plain([*pcid, *va])
            .touches(Touches::ALL_CPUS)
            .sends(Sends::Broadcasts)
            .by(By::Owner),
            Op::WaitRar => {
                step("wait for rar").touches(Touches::ALL_CPUS).waits(Waits::Broadcasts).by(By::Owner)
            }
            Op::QueueFlush { op, pasid, va } => step(match op {
                QueueOp::Iotlb => "queue iotlb pasid {}",
                QueueOp::IotlbAddr => "queue iotlb pasid {} va {}",
                QueueOp::DevTlb => "queue device tlb pasid {}",
                QueueOp::DevTlbAddr => "queue device tlb pasid {} va {}",
            })
            .plain([*pasid, *va])
            .touches(Touches::ALL_CPUS.and(Touches::DEVICES))
            .sends(Sends::Broadcasts)
            .by(By::Owner),
            Op::QueueWait => step("wait for queue")
                .touches(Touches::ALL_CPUS.and(Touches::DEVICES))
                .waits(Waits::Commands)
                .by(By::Owner),
            Op::AttachPasid { device, mm, pasid } => step("device {} gets {} pasid {}")
                .plain([*device])
                .reads(Role::Mm, [*mm])
                .plain([*pasid])
                .touches(
                    Touches::ALL_TRANSLATIONS
                        .and(Touches::ALL_CPUS)
                        .and(Touches::FRAMES)
                        .and(Touches::DEVICES),
                )
                .by(By::Owner),
            Op::Sleep(depth) => step(match depth {
                Sleep::C1 => "mwait c1",
                Sleep::C6 => "mwait c6",
            })
            .touches(Touches::TRANSLATIONS)
            .by(By::Owner),
            Op::Until { place, cmp, value } => step("until {place} {fn} {}")
                .reads(Role::Operand, [*value])
                .at(place, Load)
                .computes(*cmp)
                .waits(Waits::Condition),
            Op::WriteCr3 { root, pcid, noflush } => step("write_cr3 frame {} pcid {} noflush {}")
                .plain([*root, *pcid, *noflush])
                .touches(Touches::TRANSLATIONS.and(Touches::FRAMES)),
            Op::Invlpg { va } => step("invlpg {}").plain([*va]).touches(Touches::TRANSLATIONS),
            Op::Invpcid { op, pcid, va } => step(match op {
                InvpcidOp::Addr => "invpcid one pcid {} va {}",
                InvpcidOp::Single => "invpcid single pcid {}",
                InvpcidOp::All => "invpcid all",
                InvpcidOp::AllNonGlobal => "invpcid all nonglobal",
            })
            .plain([*pcid, *va])
            .touches(Touches::TRANSLATIONS),
            Op::TogglePge => step("toggle pge").touches(Touches::TRANSLATIONS),
            Op::IrqDisable => step("cli").touches(Touches::QUIESCENCE).by(By::Owner),
            Op::IrqEnable => step("sti").touches(Touches::QUIESCENCE).by(By::Owner),
            Op::IrqSave { dst } => {
                step("irq save").gives(*dst, Gives::Plain).touches(Touches::QUIESCENCE).by(By::Owner)
            }
            Op::IrqRestore { on } => {
                step("irq restore {}").plain([*on]).touches(Touches::QUIESCENCE).by(By::Owner)
            }
            Op::SendIpi { handler, targets, args, queued } => {
                let mut row = step(match queued {
                    true => "ipi {handler}({args}) to {} by llist_add",
                    false => "ipi {handler}({args}) to {}",
                })
                .reads(Role::Cpus, [*targets])
                .touches(Touches::ALL_CPUS)
                .sends(Sends::Ipis(*handler))
                .by(By::Owner);
                row.reads.extend((0..).zip(args).map(|(n, arg)| (*arg, Role::Argument(n))));
                row
            }
            Op::WaitIpis => Effects { seen: Seen::WhileItWaits, ..step("wait for ipis") }
                .touches(Touches::ALL_CPUS)
                .waits(Waits::Ipis)
                .by(By::Owner),
            Op::AllocPage { dst } => step("alloc page")
                .gives(*dst, Gives::Plain)
                .touches(Touches::FRAMES.and(Touches::ALLOCATOR))
                .waits(Waits::Frame),
            Op::AllocTable { dst, level, mm } => {
                Effects { table: Some(*level), ..step("alloc {table} of {}") }
                    .gives(*dst, Gives::Plain)
                    .reads(Role::Mm, [*mm])
                    .touches(Touches::FRAMES.and(Touches::ALLOCATOR))
                    .waits(Waits::Frame)
            }
            Op::Free { frame } => step("free {}")
                .plain([*frame])
                .touches(Touches::FRAMES.and(Touches::ALL_TRANSLATIONS).and(Touches::ALLOCATOR)),
            Op::FreeRcu { frame } => step("free by rcu {}")
                .plain([*frame])
                .touches(
                    Touches::FRAMES
                        .and(Touches::ALL_TRANSLATIONS)
                        .and(Touches::ALL_CPUS)
                        .and(Touches::ALLOCATOR),
                )
                .sends(Sends::RcuFrames),
            Op::UserLoad { dst, va, fixup } => step(match fixup {
                Fixup::Nowhere => "user load {}",
                Fixup::Behind => "user load {} nofault",
                Fixup::At(_) => "user load {} or jump {to}",
            })
            .gives(*dst, Gives::Plain)
            .accesses(*va, None, *fixup),
            Op::UserStore { va, value, fixup } => step(match fixup {
                Fixup::Nowhere => "user store {} = {}",
                Fixup::Behind => "user store {} = {} nofault",
                Fixup::At(_) => "user store {} = {} or jump {to}",
            })
            .accesses(*va, Some(*value), *fixup)
            .plain([*value])
            .waits(Waits::Room),
            Op::UserRmw { dst, va, op, value, fixup } => {
                let at = matches!(fixup, Fixup::At(_));
                let row = step(match (op, at) {
                    (Rmw::Xchg, false) => "user lock {} xchg {}",
                    (Rmw::Add, false) => "user lock {} add {}",
                    (Rmw::Or, false) => "user lock {} or {}",
                    (Rmw::AndNot, false) => "user lock {} andnot {}",
                    (Rmw::CmpXchg { .. }, false) => "user lock {} cmpxchg {} to {}",
                    (Rmw::Xchg, true) => "user lock {} xchg {} or jump {to}",
                    (Rmw::Add, true) => "user lock {} add {} or jump {to}",
                    (Rmw::Or, true) => "user lock {} or {} or jump {to}",
                    (Rmw::AndNot, true) => "user lock {} andnot {} or jump {to}",
                    (Rmw::CmpXchg { .. }, true) => "user lock {} cmpxchg {} to {} or jump {to}",
                });
                let gives = dst.map_or(RmwResult::Old, |(_, gives)| gives);
                let row = row.accesses(*va, Some(*value), *fixup).locked(*op, gives);
                let row = match op {
                    Rmw::CmpXchg { expected } => row.plain([*expected]),
                    Rmw::Xchg | Rmw::Add | Rmw::Or | Rmw::AndNot => row,
                };
                let result = dst.map(|(register, _)| (register, Gives::Plain));
                Effects { result, ..row }.plain([*value])
            }
            Op::BadArea => {
                step("bad area").touches(Touches::QUIESCENCE).by(By::FaultHandler).goes(Flow::Leave)
            }
            Op::SetMode(mode) => match mode {
                Mode::User(mm) => silent("mode user {}").reads(Role::Mm, [Operand::Const((*mm).into())]),
                Mode::Kernel(mm) | Mode::Entered(mm) => {
                    silent("mode kernel {}").reads(Role::Mm, [Operand::Const((*mm).into())])
                }
                Mode::Kthread => silent("mode kthread"),
                Mode::Idle => silent("mode idle"),
            }
            .touches(Touches::MODE)
            .unwritten(),
            Op::EnterKernel => silent("enter kernel").touches(Touches::MODE).unwritten(),
            Op::LeaveKernel(leave) => silent(match leave {
                Leave::Call => "leave kernel",
                Leave::Stay => "stay in kernel",
                Leave::ToUser => "leave kernel to user",
            })
            .touches(Touches::MODE)
            .unwritten(),
            Op::Check { cond, fatal, label } => Effects {
                label: *label,
                ..silent(if *fatal { "bug on {}" } else { "warn on {}" })
                    .plain([*cond])
                    .touches(Touches::SHOWN)
            },
            Op::Claim { what, mm, start, end } => step(match what {
                Claimed::All => "claim flushed {} {}..{}",
                Claimed::Tables => "claim flushed tables {} {}..{}",
            })
            .reads(Role::Mm, [*mm])
            .plain([*start, *end])
            .touches(
                Touches::FRAMES.and(Touches::ALL_TRANSLATIONS).and(Touches::ALL_CPUS).and(Touches::MARKS),
            )
            .by(By::Guest),
            Op::Inspect { dst, what, cpu, n } => silent(match what {
                Inspected::Root => "cr3_pgd {}",
                Inspected::Pcid => "cr3_pcid {}",
                Inspected::Translations => "tlb_entries {}",
                Inspected::TranslationPcid => "tlb_pcid {} {}",
                Inspected::TranslationVa => "tlb_va {} {}",
                Inspected::TranslationFrame => "tlb_frame {} {}",
                Inspected::TranslationMm => "tlb_mm {} {}",
                Inspected::Writable => "tlb_writable {} {}",
                Inspected::User => "tlb_user {} {}",
                Inspected::Global => "tlb_global {} {}",
                Inspected::Pointers => "psc_entries {}",
                Inspected::PointerPcid => "psc_pcid {} {}",
                Inspected::PointerVa => "psc_va {} {}",
                Inspected::PointerFrame => "psc_frame {} {}",
                Inspected::PointerMm => "psc_mm {} {}",
            })
            .gives(*dst, Gives::Plain)
            .reads(Role::Any, [*cpu, *n])
            .touches(Touches::ALL_TRANSLATIONS.and(match what {
                Inspected::TranslationMm | Inspected::PointerMm => Touches::MARKS,
                Inspected::Root
                | Inspected::Pcid
                | Inspected::Translations
                | Inspected::TranslationPcid
                | Inspected::TranslationVa
                | Inspected::TranslationFrame
                | Inspected::Writable
                | Inspected::User
                | Inspected::Global
                | Inspected::Pointers
                | Inspected::PointerPcid
                | Inspected::PointerVa
                | Inspected::PointerFrame => Touches::NOTHING,
            })),
            Op::Vmptrld { mm, ept, vpid } => step("vmptrld {} ept {} vpid {}")
                .reads(Role::Mm, [*mm, *ept])
                .plain([*vpid])
                .touches(Touches::GUESTS)
                .by(By::Owner),
            Op::VmEnter { control } => match control {
                None => step("vmresume"),
                Some(control) => step("vmrun tlb_control {}").plain([*control]),
            }
            .touches(Touches::GUESTS.and(Touches::TRANSLATIONS).and(Touches::FRAMES).and(Touches::QUIESCENCE))
            .by(By::Owner),
            Op::Vmcall => step("vmcall")
                .touches(
                    Touches::GUESTS.and(Touches::TRANSLATIONS).and(Touches::FRAMES).and(Touches::QUIESCENCE),
                )
                .by(By::Owner),
            Op::Invept { ept } => match ept {
                None => step("invept all"),
                Some(ept) => step("invept {}").reads(Role::Mm, [*ept]),
            }
            .touches(Touches::TRANSLATIONS),
            Op::Invvpid { op, vpid, va } => step(match op {
                InvvpidOp::Addr => "invvpid {} va {}",
                InvvpidOp::Single => "invvpid {}",
                InvvpidOp::All => "invvpid all",
                InvvpidOp::SingleNonGlobal => "invvpid {} nonglobal",
            })
            .plain([*vpid, *va])
            .touches(Touches::TRANSLATIONS),
            Op::Invlpga { va, asid } => {
                step("invlpga {} asid {}").plain([*va, *asid]).touches(Touches::TRANSLATIONS)
            }
            Op::Return => step("return").touches(Touches::QUIESCENCE).goes(Flow::Leave).unwritten(),
            Op::Halt => step("halt").waits(Waits::Ended).goes(Flow::End).unwritten(),
        }
    }

    /// What a claim is about: translations or tables alone, of which space, from where to where. Nothing for other operations.
    #[must_use]
    pub fn claim(&self) -> Option<(Claimed, Operand, Operand, Operand)> {
        if let Op::Claim { what, mm, start, end } = self { Some((*what, *mm, *start, *end)) } else { None }
    }

    /// Where an operation leads between the host and its guest; nothing for those that stay where they are.
    #[must_use]
    pub fn crossing(&self) -> Option<Crossing> {
        if matches!(self, Op::VmEnter { .. }) {
            Some(Crossing::Entry)
        } else {
            matches!(self, Op::Vmcall).then_some(Crossing::Exit)
        }
    }

    /// Lets a jump go elsewhere; nothing happens to other operations.
    pub(crate) fn retarget(&mut self, to: Pc) {
        if let Op::Jump(target)
        | Op::JumpIfZero { target, .. }
        | Op::UserLoad { fixup: Fixup::At(target), .. }
        | Op::UserStore { fixup: Fixup::At(target), .. }
        | Op::UserRmw { fixup: Fixup::At(target), .. } = self
        {
            *target = to;
        }
        debug_assert!(self.effects().flow.target().is_none_or(|target| target == to), "{self:?}");
    }
}
