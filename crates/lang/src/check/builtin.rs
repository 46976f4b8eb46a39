//! Names the language knows: functions called as in Linux. (`constant.rs` has the constants.)
//!
//! A function is a row with its parameters, their types, and its meaning. The row determines how many arguments the
//! function takes, what each may be, the message for a wrong one, and how advice spells the function. The row of an
//! operation of the machine also makes that operation from the arguments, so that no other file knows the function.

use crate::check::constant::constants;
use crate::check::hir::{Answer, Node};
use crate::ir::op::{Fixup, Op, Operand, Rmw, RmwResult};
use crate::program::{
    Bin, Claimed, Inspected, InvlpgbOp, InvpcidOp, InvvpidOp, Level, QueueOp, RarOp, Reg, Sleep, Type,
};

mod row;

pub(crate) use row::{Allowed, BuiltinRow, Holds, Locked, Meaning, Param, Wants};

/// A row whose meaning is written out.
macro_rules! means {
    ($allowed:ident $name:ident ($($param:ident: $wants:expr),*) = $meaning:expr) => {
        BuiltinRow {
            name: stringify!($name),
            params: &[$(Param { name: stringify!($param), wants: $wants }),*],
            allowed: Allowed::$allowed,
            meaning: $meaning,
        }
    };
}

/// A row for an operation, made of the operands that are called as the parameters.
macro_rules! act {
    ($allowed:ident $name:ident ($($param:ident: $wants:expr),*) => $op:expr) => {
        means!($allowed $name($($param: $wants),*) = Meaning::Act(|operands| {
            let [$($param),*] = *operands else { return None };
            Option::<Op>::from($op)
        }))
    };
}

/// A row for a check, made of the operands that are called as the parameters, and of its label.
macro_rules! check {
    ($name:ident ($($param:ident: $wants:expr),*) labelled $label:ident => $op:expr) => {
        BuiltinRow {
            name: stringify!($name),
            params: &[
                $(Param { name: stringify!($param), wants: $wants },)*
                Param { name: "label", wants: Wants::Label },
            ],
            allowed: Allowed::Everywhere,
            meaning: Meaning::Check(|operands, $label| {
                let [$($param),*] = *operands else { return None };
                $op
            }),
        }
    };
}

/// A row for an operation that puts a value of a type into a register.
macro_rules! gives {
    ($allowed:ident $name:ident ($($param:ident: $wants:expr),*) -> $dst:ident: $gives:ident => $op:expr) => {
        means!($allowed $name($($param: $wants),*) = Meaning::Value(Type::$gives, |operands, $dst| {
            let [$($param),*] = *operands else { return None };
            Some($op)
        }))
    };
}

/// A row for an access with a fixup, made of the operands that are called as the parameters. The local among them is no
/// operand but a register.
macro_rules! tries {
    ($name:ident [$($local:ident)?] ($($param:ident: $wants:expr),*) -> $x:pat, $fixup:ident => $op:expr) => {
        means!(Everywhere $name($($local: Local,)? $($param: $wants),*) = Meaning::Try(|operands, $x, $fixup| {
            let [$($param),*] = *operands else { return None };
            Some($op)
        }))
    };
}

/// A row for a value that is computed of others.
macro_rules! formula {
    ($name:ident ($($param:ident: $wants:expr),*) as $span:ident => $node:expr) => {
        means!(Everywhere $name($($param: $wants),*) = Meaning::Formula(|nodes, $span| {
            let [$($param),*] = <[Node; _]>::try_from(nodes).ok()?;
            Some($node)
        }))
    };
}

use Wants::{Address, Held, Local, Noflush, Place, Value, Variable};

/// An operand that an instruction does not look at.
const UNUSED: Operand = Operand::Const(0);
const CPU: Wants = Value(Type::Cpu);
const CPUS: Wants = Value(Type::Cpus);
const ENTRY: Wants = Value(Type::Pte);
const FRAME: Wants = Value(Type::Frame);
const MM: Wants = Value(Type::Mm);
const NUMBER: Wants = Value(Type::Int);
const TASK: Wants = Value(Type::Task);
const TRUTH: Wants = Value(Type::Bool);
const VA: Wants = Value(Type::Va);

/// All built-in functions.
pub(crate) const FUNCTIONS: &[BuiltinRow] = &[
    means!(Everywhere per_cpu(variable: Variable, cpu: CPU) = Meaning::PerCpu),
    means!(Everywhere mem(va: Address) = Meaning::Linear),
    means!(Everywhere pgd(m: MM, va: VA) = Meaning::Entry),
    means!(Everywhere p4d(m: MM, va: VA) = Meaning::Entry),
    means!(Everywhere pud(m: MM, va: VA) = Meaning::Entry),
    means!(Everywhere pmd(m: MM, va: VA) = Meaning::Entry),
    means!(Everywhere pte(m: MM, va: VA) = Meaning::Entry),
    means!(Everywhere READ_ONCE(place: Place(Holds::Anything)) = Meaning::Read),
    means!(Everywhere WRITE_ONCE(place: Place(Holds::Anything), value: Held) = Meaning::Write),
    means!(Everywhere xchg(place: Place(Holds::Anything), value: Held)
        = Meaning::Locked(Locked::Xchg, None, Answer::Old)),
    means!(Everywhere cmpxchg(place: Place(Holds::Anything), old: Held, new: Held)
        = Meaning::Locked(Locked::CmpXchg, None, Answer::Old)),
    means!(Everywhere inc_return(place: Place(Holds::Number))
        = Meaning::Locked(Locked::Add, Some(1), Answer::New)),
    means!(Everywhere dec_return(place: Place(Holds::Number))
        = Meaning::Locked(Locked::Add, Some(u64::MAX), Answer::New)),
    means!(Everywhere add_return(place: Place(Holds::Number), n: Held)
        = Meaning::Locked(Locked::Add, None, Answer::New)),
    means!(Everywhere fetch_or(place: Place(Holds::NumberOrSet), value: Held)
        = Meaning::Locked(Locked::Or, None, Answer::Old)),
    means!(Everywhere fetch_and_not(place: Place(Holds::NumberOrSet), value: Held)
        = Meaning::Locked(Locked::AndNot, None, Answer::Old)),
    means!(Everywhere cpumask_set_cpu(cpu: CPU, place: Place(Holds::Set))
        = Meaning::Locked(Locked::Or, None, Answer::Old)),
    means!(Everywhere cpumask_clear_cpu(cpu: CPU, place: Place(Holds::Set))
        = Meaning::Locked(Locked::AndNot, None, Answer::Old)),
    means!(Everywhere cpumask_test_and_clear_cpu(cpu: CPU, place: Place(Holds::Set))
        = Meaning::Locked(Locked::AndNot, None, Answer::Bit)),
    formula!(cpumask_test_cpu(cpu: CPU, set: CPUS) as span => Node::bin(Bin::In, cpu, set, Some(Type::Bool), span)),
    formula!(cpumask_empty(set: CPUS) as span => {
        Node::bin(Bin::Eq, set, Node::number(0, Type::Cpus, span), Some(Type::Bool), span)
    }),
    formula!(cpumask_weight(set: CPUS) as span => Node::weight(set, span)),
    act!(Everywhere smp_mb() => Op::Fence),
    // x86 keeps these orders by itself, and there is no compiler.
    act!(Everywhere smp_rmb() => None::<Op>),
    act!(Everywhere smp_wmb() => None::<Op>),
    act!(Everywhere barrier() => None::<Op>),
    act!(Kernel write_cr3(frame: FRAME, pcid: NUMBER, noflush: Noflush)
        => Op::WriteCr3 { root: frame, pcid, noflush }),
    act!(Kernel invlpg(va: VA) => Op::Invlpg { va }),
    act!(Kernel invpcid_flush_one(pcid: NUMBER, va: VA) => Op::Invpcid { op: InvpcidOp::Addr, pcid, va }),
    act!(Kernel invpcid_flush_single_context(pcid: NUMBER)
        => Op::Invpcid { op: InvpcidOp::Single, pcid, va: UNUSED }),
    act!(Kernel invpcid_flush_all() => Op::Invpcid { op: InvpcidOp::All, pcid: UNUSED, va: UNUSED }),
    act!(Kernel invpcid_flush_all_nonglobals()
        => Op::Invpcid { op: InvpcidOp::AllNonGlobal, pcid: UNUSED, va: UNUSED }),
    act!(Kernel toggle_pge() => Op::TogglePge),
    act!(Kernel local_irq_disable() => Op::IrqDisable),
    act!(Kernel local_irq_enable() => Op::IrqEnable),
    gives!(Kernel local_irq_save() -> dst: Bool => Op::IrqSave { dst }),
    act!(Kernel local_irq_restore(flags: TRUTH) => Op::IrqRestore { on: flags }),
    gives!(Everywhere alloc_page() -> dst: Frame => Op::AllocPage { dst }),
    gives!(Kernel alloc_table(m: MM, level: Wants::Level) -> dst: Frame
        => Op::AllocTable { dst, level: level_of(level)?, mm: m }),
    gives!(Everywhere get_current() -> dst: Task => Op::Current { dst }),
    formula!(idle_task(cpu: CPU) as span => Node { ty: Some(Type::Task), span, ..cpu }),
    act!(Kernel __switch_to(next: TASK) => Op::SwitchTo { task: next }),
    act!(Kernel mm_alloc(m: MM) => Op::MmAlloc { mm: m }),
    act!(Kernel mm_free(m: MM) => Op::MmFree { mm: m }),
    act!(Everywhere free_page(frame: FRAME) => Op::Free { frame }),
    act!(Kernel free_table(frame: FRAME) => Op::Free { frame }),
    act!(Kernel free_page_rcu(frame: FRAME) => Op::FreeRcu { frame }),
    act!(Kernel free_table_rcu(frame: FRAME) => Op::FreeRcu { frame }),
    formula!(pte_pfn(entry: ENTRY) as span => {
        let bits = Node::bin(Bin::And, entry, Node::number(FRAME_BITS, Type::Int, span), Some(Type::Pte), span);
        Node::bin(Bin::Shr, bits, Node::number(12, Type::Int, span), Some(Type::Frame), span)
    }),
    formula!(pte_present(entry: ENTRY) as span => {
        Node::bin(Bin::And, entry, Node::number(1, Type::Int, span), Some(Type::Bool), span)
    }),
    formula!(pfn_pte(frame: FRAME, flags: ENTRY) as span => {
        let address = Node::bin(Bin::Shl, frame, Node::number(12, Type::Int, span), Some(Type::Pte), span);
        Node::bin(Bin::Or, address, flags, Some(Type::Pte), span)
    }),
    check!(BUG_ON(condition: TRUTH) labelled label => bad(condition, true, label)),
    check!(WARN_ON(condition: TRUTH) labelled label => bad(condition, false, label)),
    check!(WARN_ON_ONCE(condition: TRUTH) labelled label => bad(condition, false, label)),
    act!(Everywhere claim_flushed(m: MM, start: VA, end: VA) => claim(Claimed::All, m, start, end)),
    act!(Everywhere claim_flushed_tables(m: MM, start: VA, end: VA) => claim(Claimed::Tables, m, start, end)),
    gives!(Invariant cr3_pgd(cpu: CPU) -> dst: Frame => inspect(dst, Inspected::Root, cpu, UNUSED)),
    gives!(Invariant cr3_pcid(cpu: CPU) -> dst: Int => inspect(dst, Inspected::Pcid, cpu, UNUSED)),
    gives!(Invariant tlb_entries(cpu: CPU) -> dst: Int => inspect(dst, Inspected::Translations, cpu, UNUSED)),
    gives!(Invariant tlb_pcid(cpu: CPU, n: NUMBER) -> dst: Int => inspect(dst, Inspected::TranslationPcid, cpu, n)),
    gives!(Invariant tlb_va(cpu: CPU, n: NUMBER) -> dst: Va => inspect(dst, Inspected::TranslationVa, cpu, n)),
    gives!(Invariant tlb_frame(cpu: CPU, n: NUMBER) -> dst: Frame => inspect(dst, Inspected::TranslationFrame, cpu, n)),
    gives!(Invariant tlb_mm(cpu: CPU, n: NUMBER) -> dst: Mm => inspect(dst, Inspected::TranslationMm, cpu, n)),
    gives!(Invariant tlb_writable(cpu: CPU, n: NUMBER) -> dst: Bool => inspect(dst, Inspected::Writable, cpu, n)),
    gives!(Invariant tlb_user(cpu: CPU, n: NUMBER) -> dst: Bool => inspect(dst, Inspected::User, cpu, n)),
    gives!(Invariant tlb_global(cpu: CPU, n: NUMBER) -> dst: Bool => inspect(dst, Inspected::Global, cpu, n)),
    gives!(Invariant psc_entries(cpu: CPU) -> dst: Int => inspect(dst, Inspected::Pointers, cpu, UNUSED)),
    gives!(Invariant psc_pcid(cpu: CPU, n: NUMBER) -> dst: Int => inspect(dst, Inspected::PointerPcid, cpu, n)),
    gives!(Invariant psc_va(cpu: CPU, n: NUMBER) -> dst: Va => inspect(dst, Inspected::PointerVa, cpu, n)),
    gives!(Invariant psc_frame(cpu: CPU, n: NUMBER) -> dst: Frame => inspect(dst, Inspected::PointerFrame, cpu, n)),
    gives!(Invariant psc_mm(cpu: CPU, n: NUMBER) -> dst: Mm => inspect(dst, Inspected::PointerMm, cpu, n)),
    means!(Everywhere spin_lock(place: Place(Holds::Lock)) = Meaning::Acquire),
    means!(Everywhere spin_unlock(place: Place(Holds::Lock)) = Meaning::Release),
    gives!(Everywhere maybe() -> dst: Bool => Op::Maybe { dst }),
    gives!(Everywhere is_page_table(frame: FRAME) -> dst: Bool => Op::IsTable { dst, frame }),
    act!(Kernel invlpgb_flush_user_nr_nosync(pcid: NUMBER, va: VA, pages: NUMBER, final_only: TRUTH)
        => Op::Invlpgb { op: InvlpgbOp::Range, pcid, va, pages, final_only }),
    act!(Kernel invlpgb_flush_single_pcid_nosync(pcid: NUMBER) => invlpgb(InvlpgbOp::Single, pcid)),
    act!(Kernel invlpgb_flush_all_nonglobals_nosync() => invlpgb(InvlpgbOp::AllNonGlobal, UNUSED)),
    act!(Kernel invlpgb_flush_all_nosync() => invlpgb(InvlpgbOp::All, UNUSED)),
    act!(Kernel invlpgb_flush_single_asid_nosync(asid: NUMBER) => invlpgb(InvlpgbOp::Asid, asid)),
    act!(Kernel invlpgb_flush_asid_nested_nosync(asid: NUMBER) => invlpgb(InvlpgbOp::AsidAll, asid)),
    act!(Kernel invlpgb_flush_all_nested_nosync() => invlpgb(InvlpgbOp::AllNested, UNUSED)),
    act!(Kernel tlbsync() => Op::Tlbsync),
    act!(Kernel rar_flush_one(targets: CPUS, pcid: NUMBER, va: VA)
        => Op::SendRar { op: RarOp::Addr, targets, pcid, va }),
    act!(Kernel rar_flush_single_context(targets: CPUS, pcid: NUMBER)
        => Op::SendRar { op: RarOp::Single, targets, pcid, va: UNUSED }),
    act!(Kernel rar_wait() => Op::WaitRar),
    act!(Kernel iommu_attach_pasid(device: NUMBER, m: MM, pasid: NUMBER)
        => Op::AttachPasid { device, mm: m, pasid }),
    act!(Kernel iommu_detach_pasid(device: NUMBER)
        => Op::AttachPasid { device, mm: Operand::Const(0), pasid: UNUSED }),
    act!(Kernel qi_flush_piotlb(pasid: NUMBER) => Op::QueueFlush { op: QueueOp::Iotlb, pasid, va: UNUSED }),
    act!(Kernel qi_flush_piotlb_addr(pasid: NUMBER, va: VA) => Op::QueueFlush { op: QueueOp::IotlbAddr, pasid, va }),
    act!(Kernel qi_flush_dev_iotlb_pasid(pasid: NUMBER)
        => Op::QueueFlush { op: QueueOp::DevTlb, pasid, va: UNUSED }),
    act!(Kernel qi_flush_dev_iotlb_pasid_addr(pasid: NUMBER, va: VA)
        => Op::QueueFlush { op: QueueOp::DevTlbAddr, pasid, va }),
    act!(Kernel qi_wait() => Op::QueueWait),
    act!(Kernel vmptrld(m: MM, ept: MM, vpid: NUMBER) => Op::Vmptrld { mm: m, ept, vpid }),
    act!(Kernel vmresume() => Op::VmEnter { control: None }),
    act!(Kernel vmrun(tlb_control: NUMBER) => Op::VmEnter { control: Some(tlb_control) }),
    act!(Kernel vmcall() => Op::Vmcall),
    act!(Kernel invept_single(ept: MM) => Op::Invept { ept: Some(ept) }),
    act!(Kernel invept_global() => Op::Invept { ept: None }),
    act!(Kernel invvpid_addr(vpid: NUMBER, va: VA) => Op::Invvpid { op: InvvpidOp::Addr, vpid, va }),
    act!(Kernel invvpid_single(vpid: NUMBER) => Op::Invvpid { op: InvvpidOp::Single, vpid, va: UNUSED }),
    act!(Kernel invvpid_all() => Op::Invvpid { op: InvvpidOp::All, vpid: UNUSED, va: UNUSED }),
    act!(Kernel invvpid_single_nonglobal(vpid: NUMBER)
        => Op::Invvpid { op: InvvpidOp::SingleNonGlobal, vpid, va: UNUSED }),
    act!(Kernel invlpga(va: VA, asid: NUMBER) => Op::Invlpga { va, asid }),
    act!(Kernel mwait_c1() => Op::Sleep(Sleep::C1)),
    act!(Kernel mwait_c6() => Op::Sleep(Sleep::C6)),
    act!(Kernel bad_area() => Op::BadArea),
    gives!(Everywhere load(va: Address) -> dst: Int => Op::UserLoad { dst, va, fixup: Fixup::Nowhere }),
    act!(Everywhere store(va: Address, value: NUMBER) => Op::UserStore { va, value, fixup: Fixup::Nowhere }),
    gives!(Everywhere load_nofault(va: Address) -> dst: Int => Op::UserLoad { dst, va, fixup: Fixup::Behind }),
    act!(Everywhere store_nofault(va: Address, value: NUMBER)
        => Op::UserStore { va, value, fixup: Fixup::Behind }),
    tries!(get_user[x](va: Address) -> x, fixup => Op::UserLoad { dst: x, va, fixup }),
    tries!(xchg_user[x](va: Address, value: NUMBER) -> x, fixup => rmw_user(Rmw::Xchg, va, value, x, fixup)),
    tries!(cmpxchg_user[x](va: Address, old: NUMBER, new: NUMBER) -> x, fixup
        => rmw_user(Rmw::CmpXchg { expected: old }, va, new, x, fixup)),
    tries!(put_user[](value: NUMBER, va: Address) -> _x, fixup => Op::UserStore { va, value, fixup }),
];

/// The bits of an entry that hold a page-frame number.
const FRAME_BITS: u64 = 0x000f_ffff_ffff_f000;

/// The words for levels of page tables: which entries a table will hold. (With four levels a table of p4d entries is one
/// that CR3 may point to.)
pub(crate) const LEVELS: &[(&str, u64)] = &[
    ("pte", Level::Pt as u64),
    ("pmd", Level::Pd as u64),
    ("pud", Level::Pdpt as u64),
    ("p4d", Level::Pml4 as u64),
];

/// The level that one of the words stands for.
fn level_of(word: Operand) -> Option<Level> {
    Level::ALL.iter().copied().find(|&level| word == Operand::Const(level as u64))
}

/// A check; one that can't fail leaves no code.
fn bad(cond: Operand, fatal: bool, label: u16) -> Option<Op> {
    (cond != Operand::Const(0)).then_some(Op::Check { cond, fatal, label })
}

/// A locked operation on user memory; the old value goes to a register.
fn rmw_user(op: Rmw, va: Operand, value: Operand, dst: Reg, fixup: Fixup) -> Op {
    Op::UserRmw { dst: Some((dst, RmwResult::Old)), va, op, value, fixup }
}

fn invlpgb(op: InvlpgbOp, pcid: Operand) -> Op {
    Op::Invlpgb { op, pcid, va: UNUSED, pages: UNUSED, final_only: UNUSED }
}

fn inspect(dst: Reg, what: Inspected, cpu: Operand, n: Operand) -> Op {
    Op::Inspect { dst, what, cpu, n }
}

fn claim(what: Claimed, mm: Operand, start: Operand, end: Operand) -> Op {
    Op::Claim { what, mm, start, end }
}

/// The built-in function of that name.
pub(crate) fn function(name: &str) -> Option<&'static BuiltinRow> {
    FUNCTIONS.iter().find(|builtin| builtin.name == name)
}

/// Names of all built-in functions and constants, for completion and documentation.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    builtin_functions().chain(constants())
}

/// Names of all built-in functions.
pub fn builtin_functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|builtin| builtin.name)
}

/// Whether the language itself gives `name` a meaning.
pub(crate) fn is_builtin(name: &str) -> bool {
    function(name).is_some() || constants().any(|c| c == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_function_follows_from_its_parameters() {
        let of = |name: &str| function(name).expect("built in");
        assert_eq!(of("write_cr3").usage(), "write_cr3(frame, pcid [, noflush|flush])");
        assert_eq!(of("alloc_table").usage(), "alloc_table(m, pte|pmd|pud|p4d)");
        assert_eq!(of("tlbsync").usage(), "tlbsync()");
        assert_eq!((of("write_cr3").arity(), of("xchg").arity()), ((2, 3), (2, 2)));
        assert_eq!(of("write_cr3").what(2), "the third argument (noflush)");
        assert_eq!(of("BUG_ON").what(0), "the condition");
        assert_eq!(of("local_irq_restore").what(0), "the argument (flags)");
        assert_eq!(of("invlpg").what(0), "the argument");
    }

    /// The parser knows by name which calls end in a label.
    #[test]
    fn labels_are_read_where_they_are_taken() {
        let taken = |builtin: &&BuiltinRow| matches!(builtin.meaning, Meaning::Check(_));
        let names: Vec<&str> = FUNCTIONS.iter().filter(taken).map(|builtin| builtin.name).collect();
        assert_eq!(names, crate::parse::expr::LABELLED);
    }

    /// Each operation is made of as many operands as there are parameters, whatever they are.
    #[test]
    fn operations_are_made_of_their_arguments() {
        let nothing = ["smp_rmb", "smp_wmb", "barrier"];
        for builtin in FUNCTIONS {
            let operand = |param: &Param| match param.wants {
                Wants::Level => Operand::Const(LEVELS[0].1),
                _ => Operand::Reg(1),
            };
            let operands: Vec<Operand> = builtin.params.iter().map(operand).collect();
            let made = match builtin.meaning {
                Meaning::Act(make) => make(&operands),
                Meaning::Check(make) => make(&operands[..operands.len() - 1], 1),
                Meaning::Value(_, make) => make(&operands, 2),
                _ => continue,
            };
            assert_eq!(made.is_none(), nothing.contains(&builtin.name), "{}", builtin.name);
            let reads = made.map_or(0, |op| op.effects().read());
            let named = builtin.params.iter().any(|param| param.wants != Wants::Level);
            assert_eq!(reads != 0, named, "{}", builtin.name);
        }
    }
}
