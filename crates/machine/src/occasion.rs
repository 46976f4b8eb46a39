//! Whether a store buffer has to be empty: one answer for every operation and every event, with the rule that says so.
//!
//! A store waits in its CPU's buffer (H55). To let an operation wait for an empty buffer excludes every order in which
//! the buffer is not empty. So an operation waits only if a rule says so. The rows below make three things: the guard
//! of the transition function, the words for a CPU that waits, and a table in `docs/model.md`.
//!
//! Where the answer is yes, the buffer has to drain before the operation or event can be taken. Each drain is a step of
//! its own. Draining within the operation would come to the same: a store can leave the buffer at any time, and nothing
//! that is decided here depends on a store that is still buffered. Separate drains add no states. A fault is the one
//! exception, because a buffered store may be its cause (H57): there the stores drain in the step of the fault.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::{Machine, State};
use lang::program::{Op, Operand, Sleep};
use x86::{Confidence, Law, Vendor};

/// Turns each row into a variant of [`Occasion`], documented by its own sentence.
macro_rules! occasions {
    ($($occasion:ident $name:literal, $drains:literal, $law:expr, $confidence:ident: $why:literal;)+) => {
        /// An operation or an event, as far as store buffers are concerned.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Occasion {
            $(#[doc = $why] $occasion,)+
        }

        impl Occasion {
            /// All of them, operations first.
            pub const ALL: &[Occasion] = &[$(Occasion::$occasion),+];

            /// Whether the CPU's store buffer is empty when it happens.
            #[must_use]
            pub const fn drains(self) -> bool {
                match self {
                    $(Occasion::$occasion => $drains,)+
                }
            }

            /// The rule that says so; none, if no rule asks for anything.
            #[must_use]
            pub const fn law(self) -> Option<Law> {
                match self {
                    $(Occasion::$occasion => $law,)+
                }
            }

            /// How a text writes it, or what the event is.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Occasion::$occasion => $name,)+
                }
            }

            /// The standing of its source.
            #[must_use]
            pub const fn confidence(self) -> Confidence {
                match self {
                    $(Occasion::$occasion => Confidence::$confidence,)+
                }
            }

            /// The reason, in a sentence or two.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self {
                    $(Occasion::$occasion => $why,)+
                }
            }
        }
    };
}

occasions! {
    Inside "arithmetic, branches, checks, `maybe()`, the end of a program", false, None, Documented:
        "Nothing is accessed.";
    Load "a variable or an entry is read", false, Some(Law::H55), Documented:
        "A load may overtake older stores.";
    Until "`until`", false, Some(Law::H55), Documented:
        "`until` is a loop of loads.";
    WaitIpis "`wait_ipis`, `rar_wait`, `qi_wait`", false, Some(Law::H55), Documented:
        "It is a loop of loads, as in Linux's csd_lock_wait().";
    Store "a variable or an entry is assigned, `spin_unlock`", false, Some(Law::H55), Documented:
        "The store goes into the buffer. It waits only for room there.";
    UserLoad "`load`, `get_user`", false, Some(Law::H55), Documented:
        "A load may overtake older stores.";
    UserStore "`store`, `put_user`", false, Some(Law::H55), Documented:
        "The store goes into the buffer. That the processor's locked update of D waits for nothing is our choice.";
    Locked "`xchg`, `cmpxchg`, `inc_return` and the other locked operations, also on `mem(va)`", true, Some(Law::H55), Documented:
        "A locked instruction is a full barrier.";
    Fence "`smp_mb`", true, Some(Law::H55), Documented:
        "MFENCE is a full barrier, and so is the locked instruction that Linux uses in its place.";
    Acquire "`spin_lock`", true, Some(Law::H55), Documented:
        "A lock is taken by a locked instruction.";
    WriteCr3 "`write_cr3`", true, Some(Law::H54), Documented:
        "MOV to CR3 serializes, with bit 63 too.";
    Invlpg "`invlpg`", true, Some(Law::H54), Documented:
        "INVLPG serializes.";
    Invpcid "`invpcid_...`", true, Some(Law::H54), Choice:
        "SDM 4.10.4.3 counts INVPCID among the serializing instructions; the list in 8.3 leaves it out.";
    TogglePge "`toggle_pge`", true, Some(Law::H54), Documented:
        "MOV to CR4 serializes.";
    Invlpgb "`invlpgb_...`", false, Some(Law::H54), Documented:
        "INVLPGB is weakly ordered: other CPUs may carry it out before they can see older stores.";
    Tlbsync "`tlbsync`", true, Some(Law::H49), Observed:
        "TLBSYNC is listed as serializing on AMD; the APM itself was not at hand.";
    IrqFlag "`local_irq_disable`, `local_irq_enable`, `local_irq_save`, `local_irq_restore`", false, None, Documented:
        "CLI, STI, PUSHF and POPF are in no list of serializing instructions.";
    SendToNobody "`ipi`, `rar_flush_...` to no other CPU", false, None, Documented:
        "Nothing is executed: the loop over the targets has no iterations.";
    SendQueued "`ipi ... by llist_add`", true, Some(Law::H55), Documented:
        "A locked cmpxchg puts the call into each target's queue, as in Linux's smp_call_function_many().";
    SendXapic "`ipi`, `rar_flush_...` by an xAPIC", true, Some(Law::H60), Documented:
        "The ICR is uncached memory, and writing it serializes.";
    SendX2apic "`ipi`, `rar_flush_...` by an x2APIC of Intel", false, Some(Law::H60), Documented:
        "WRMSR to the ICR may complete before older stores are visible.";
    SendX2apicAmd "`ipi` by an x2APIC of AMD", true, Some(Law::H60), Observed:
        "Linux sends without a fence there, since AMD needs none.";
    QueueCommand "`qi_flush_...`", true, Some(Law::H76), Choice:
        "The tail of the queue is a register in uncached memory; a write there comes after older stores.";
    AttachPasid "`iommu_attach_pasid`, `iommu_detach_pasid`", true, Some(Law::H74), Choice:
        "The entry of the PASID table is written, and then a command makes the IOMMU forget the old one.";
    Halt "`mwait_c1`", false, Some(Law::H61), Documented:
        "HLT and MWAIT are in no list of serializing instructions.";
    DeepSleep "`mwait_c6`", true, Some(Law::H61), Observed:
        "The core loses power.";
    Wake "a CPU that sleeps wakes up by itself", false, Some(Law::H61), Documented:
        "The instruction after HLT or MWAIT is like any other.";
    Allocate "`alloc_page`, `alloc_table`, `mm_alloc`", false, None, Choice:
        "A free list of the CPU's own needs no locked operation. A new table is zeroed in memory, in the same step.";
    Free "`free_page`, `free_table`, `mm_free`", true, Some(Law::H55), Choice:
        "A locked decrement drops the last reference to a page, as in Linux's put_page(). A free list alone \
         would not wait, though nobody could take the page from it before older stores are visible.";
    FreeRcu "`free_page_rcu`, `free_table_rcu`", false, None, Choice:
        "call_rcu() promises no barrier. The grace period ends when each CPU has been seen with interrupts on and \
         nothing in its store buffer.";
    Switch "`__switch_to`", false, None, Choice:
        "The stack pointer is loaded from memory, and nothing in the switch serializes.";
    Iret "the end of an `ipi`, `irq`, `nmi` or `fault` handler", true, Some(Law::H59), Documented:
        "IRET serializes.";
    VmResume "`vmresume`, `vmrun`, `vmcall`, the end of an `exit` handler", true, Some(Law::H59), Choice:
        "VM entries and exits load control registers and MSRs.";
    Vmptrld "`vmptrld`", false, None, Choice:
        "It is in no list of serializing instructions.";
    Invept "`invept_...`, `invvpid_...`", true, Some(Law::H54), Documented:
        "SDM 8.3 lists INVEPT and INVVPID among the serializing instructions.";
    Invlpga "`invlpga`", true, Some(Law::H54), Choice:
        "It is taken to serialize as INVLPG does.";
    VmEntry "the end of a `vmexit`", true, Some(Law::H59), Choice:
        "VM entry loads control registers and MSRs.";
    Interrupt "an IPI is taken", true, Some(Law::H59), Documented:
        "The buffer is drained when an interrupt is generated.";
    Nmi "an NMI comes", true, Some(Law::H59), Documented:
        "The buffer is drained when an interrupt is generated.";
    VmExit "the host preempts a virtual CPU", true, Some(Law::H59), Choice:
        "An interrupt of the host causes the exit.";
    Fault "a page fault", true, Some(Law::H59), Documented:
        "The buffer is drained when an exception is generated. It may be full when the fault is found.";
    Translate "a device asks for a translation", false, Some(Law::H75), Choice:
        "It is no CPU, and has no store buffer.";
    Broadcast "an INVLPGB, a remote action request or a command of an IOMMU is carried out", false, Some(Law::H48), Documented:
        "The CPU that carries it out executes no instruction for it. (Of requests this is a choice of ours.)";
    Walk "a walk, with its locked update of A", false, Some(Law::H20), Documented:
        "Updates of A are not ordered with the program's own operations.";
}

impl Machine {
    /// The occasion of a CPU's next operation.
    #[must_use]
    pub fn occasion(&self, state: &State, cpu: u8) -> Occasion {
        let this = &state.cpus[cpu as usize];
        match &self.program.code[this.context().pc as usize] {
            Op::Bin { .. }
            | Op::Move { .. }
            | Op::PgdOf { .. }
            | Op::Current { .. }
            | Op::MmOfTask { .. }
            | Op::Jump(_)
            | Op::JumpIfZero { .. }
            | Op::IsTable { .. }
            | Op::Maybe { .. }
            | Op::SetMode(_)
            | Op::EnterKernel
            | Op::LeaveKernel(_)
            | Op::Check { .. }
            | Op::Claim { .. }
            | Op::Inspect { .. }
            | Op::Halt => Occasion::Inside,
            Op::Load { .. } | Op::LoadPgd { .. } => Occasion::Load,
            Op::Until { .. } => Occasion::Until,
            Op::WaitIpis | Op::WaitRar => Occasion::WaitIpis,
            Op::Store { .. } => Occasion::Store,
            Op::UserLoad { .. } => Occasion::UserLoad,
            Op::UserStore { .. } => Occasion::UserStore,
            Op::Rmw { .. } | Op::UserRmw { .. } => Occasion::Locked,
            Op::Fence => Occasion::Fence,
            Op::Acquire { .. } => Occasion::Acquire,
            Op::WriteCr3 { .. } => Occasion::WriteCr3,
            Op::Invlpg { .. } => Occasion::Invlpg,
            Op::Invpcid { .. } => Occasion::Invpcid,
            Op::TogglePge => Occasion::TogglePge,
            Op::Invlpgb { .. } => Occasion::Invlpgb,
            Op::Tlbsync => Occasion::Tlbsync,
            Op::IrqDisable | Op::IrqEnable | Op::IrqSave { .. } | Op::IrqRestore { .. } => Occasion::IrqFlag,
            Op::SendIpi { targets, queued, .. } => self.sending(state, cpu, *targets, *queued),
            Op::SendRar { targets, .. } => self.sending(state, cpu, *targets, false),
            Op::QueueFlush { .. } => Occasion::QueueCommand,
            Op::QueueWait => Occasion::WaitIpis,
            Op::AttachPasid { .. } => Occasion::AttachPasid,
            Op::Sleep(_) if this.asleep.is_some() => Occasion::Wake,
            Op::Sleep(Sleep::C1) => Occasion::Halt,
            Op::Sleep(Sleep::C6) => Occasion::DeepSleep,
            Op::AllocPage { .. } | Op::AllocTable { .. } | Op::MmAlloc { .. } => Occasion::Allocate,
            Op::Free { .. } | Op::MmFree { .. } => Occasion::Free,
            Op::FreeRcu { .. } => Occasion::FreeRcu,
            Op::SwitchTo { .. } => Occasion::Switch,
            Op::BadArea => Occasion::Iret,
            Op::Vmptrld { .. } => Occasion::Vmptrld,
            Op::VmEnter { .. } | Op::Vmcall => Occasion::VmResume,
            Op::Invept { .. } | Op::Invvpid { .. } => Occasion::Invept,
            Op::Invlpga { .. } => Occasion::Invlpga,
            Op::Return if self.ends_exit(this) => Occasion::VmResume,
            Op::Return if self.preempted(this) => Occasion::VmEntry,
            Op::Return => Occasion::Iret,
        }
    }

    fn sending(&self, state: &State, cpu: u8, targets: Operand, queued: bool) -> Occasion {
        let spec = &self.program.machine;
        match (self.others(state, cpu, targets), queued, spec.x2apic, spec.vendor) {
            (0, ..) => Occasion::SendToNobody,
            (_, true, ..) => Occasion::SendQueued,
            (_, false, false, _) => Occasion::SendXapic,
            (_, false, true, Vendor::Intel) => Occasion::SendX2apic,
            (_, false, true, Vendor::Amd) => Occasion::SendX2apicAmd,
        }
    }

    /// The CPUs that an IPI to a set goes to: those that exist, but for the sender.
    pub(crate) fn others(&self, state: &State, cpu: u8, targets: Operand) -> u64 {
        let others = u64::MAX >> (64 - self.program.machine.processors()) & !(1 << cpu);
        self.operand(state, cpu, targets) & others
    }

    /// Whether a CPU's store buffer has to drain before its next operation.
    pub(crate) fn held_back(&self, state: &State, cpu: u8, occasion: Occasion) -> bool {
        occasion.drains() && !state.cpus[cpu as usize].buffer.is_empty()
    }
}
