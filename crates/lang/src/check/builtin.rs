//! Names the language knows: functions and constants called as in Linux, and what C programmers try instead.

use crate::program::{InvlpgbOp, InvpcidOp, Level, MachineSpec, NO_MM, Sleep, Type, Vendor};

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    PerCpu,
    Entry(Level),
    Xchg,
    CmpXchg,
    Count(u64),
    AddReturn,
    FetchOr,
    FetchAndNot,
    SetCpu,
    ClearCpu,
    TestAndClearCpu,
    TestCpu,
    Empty,
    Fence,
    Nothing,
    WriteCr3,
    Invlpg,
    Invpcid(InvpcidOp),
    TogglePge,
    IrqDisable,
    IrqEnable,
    AllocPage,
    AllocTable,
    Free,
    FreeTable,
    FreeRcu,
    PtePfn,
    PtePresent,
    PfnPte,
    Check { fatal: bool },
    Load { fixup: bool },
    Store { fixup: bool },
    SpinLock,
    SpinUnlock,
    Maybe,
    IsTable,
    Invlpgb(InvlpgbOp),
    Tlbsync,
    Sleep(Sleep),
}

/// Where a built-in may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    Everywhere,
    Kernel,
    User,
}

/// What there is to know about a built-in function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Info {
    pub(crate) name: &'static str,
    pub(crate) builtin: Builtin,
    /// The parameters, for messages.
    pub(crate) usage: &'static str,
    pub(crate) allowed: Allowed,
}

const fn row(name: &'static str, builtin: Builtin, usage: &'static str, allowed: Allowed) -> Info {
    Info { name, builtin, usage, allowed }
}

use Allowed::{Everywhere, Kernel, User};

/// All built-in functions.
pub(crate) const FUNCTIONS: &[Info] = &[
    row("per_cpu", Builtin::PerCpu, "variable, cpu", Everywhere),
    row("pgd", Builtin::Entry(Level::Pml4), "m, va", Everywhere),
    row("pud", Builtin::Entry(Level::Pdpt), "m, va", Everywhere),
    row("pmd", Builtin::Entry(Level::Pd), "m, va", Everywhere),
    row("pte", Builtin::Entry(Level::Pt), "m, va", Everywhere),
    row("xchg", Builtin::Xchg, "place, value", Everywhere),
    row("cmpxchg", Builtin::CmpXchg, "place, old, new", Everywhere),
    row("inc_return", Builtin::Count(1), "place", Everywhere),
    row("dec_return", Builtin::Count(u64::MAX), "place", Everywhere),
    row("add_return", Builtin::AddReturn, "place, n", Everywhere),
    row("fetch_or", Builtin::FetchOr, "place, value", Everywhere),
    row("fetch_and_not", Builtin::FetchAndNot, "place, value", Everywhere),
    row("cpumask_set_cpu", Builtin::SetCpu, "cpu, place", Everywhere),
    row("cpumask_clear_cpu", Builtin::ClearCpu, "cpu, place", Everywhere),
    row("cpumask_test_and_clear_cpu", Builtin::TestAndClearCpu, "cpu, place", Everywhere),
    row("cpumask_test_cpu", Builtin::TestCpu, "cpu, set", Everywhere),
    row("cpumask_empty", Builtin::Empty, "set", Everywhere),
    row("smp_mb", Builtin::Fence, "", Everywhere),
    row("smp_rmb", Builtin::Nothing, "", Everywhere),
    row("smp_wmb", Builtin::Nothing, "", Everywhere),
    row("barrier", Builtin::Nothing, "", Everywhere),
    row("write_cr3", Builtin::WriteCr3, "frame, pcid [, noflush|flush]", Kernel),
    row("invlpg", Builtin::Invlpg, "va", Kernel),
    row("invpcid_flush_one", Builtin::Invpcid(InvpcidOp::Addr), "pcid, va", Kernel),
    row("invpcid_flush_single_context", Builtin::Invpcid(InvpcidOp::Single), "pcid", Kernel),
    row("invpcid_flush_all", Builtin::Invpcid(InvpcidOp::All), "", Kernel),
    row("invpcid_flush_all_nonglobals", Builtin::Invpcid(InvpcidOp::AllNonGlobal), "", Kernel),
    row("toggle_pge", Builtin::TogglePge, "", Kernel),
    row("local_irq_disable", Builtin::IrqDisable, "", Kernel),
    row("local_irq_enable", Builtin::IrqEnable, "", Kernel),
    row("alloc_page", Builtin::AllocPage, "", Everywhere),
    row("alloc_table", Builtin::AllocTable, "m, pte|pmd|pud", Kernel),
    row("free_page", Builtin::Free, "frame", Everywhere),
    row("free_table", Builtin::FreeTable, "frame", Kernel),
    row("free_page_rcu", Builtin::FreeRcu, "frame", Kernel),
    row("free_table_rcu", Builtin::FreeRcu, "frame", Kernel),
    row("pte_pfn", Builtin::PtePfn, "entry", Everywhere),
    row("pte_present", Builtin::PtePresent, "entry", Everywhere),
    row("pfn_pte", Builtin::PfnPte, "frame, flags", Everywhere),
    row("BUG_ON", Builtin::Check { fatal: true }, "condition", Everywhere),
    row("WARN_ON_ONCE", Builtin::Check { fatal: false }, "condition", Everywhere),
    row("spin_lock", Builtin::SpinLock, "place", Everywhere),
    row("spin_unlock", Builtin::SpinUnlock, "place", Everywhere),
    row("maybe", Builtin::Maybe, "", Everywhere),
    row("is_page_table", Builtin::IsTable, "frame", Everywhere),
    row(
        "invlpgb_flush_user_nr_nosync",
        Builtin::Invlpgb(InvlpgbOp::Range),
        "pcid, va, pages, final_only",
        Kernel,
    ),
    row("invlpgb_flush_single_pcid_nosync", Builtin::Invlpgb(InvlpgbOp::Single), "pcid", Kernel),
    row("invlpgb_flush_all_nonglobals_nosync", Builtin::Invlpgb(InvlpgbOp::AllNonGlobal), "", Kernel),
    row("invlpgb_flush_all_nosync", Builtin::Invlpgb(InvlpgbOp::All), "", Kernel),
    row("tlbsync", Builtin::Tlbsync, "", Kernel),
    row("mwait_c1", Builtin::Sleep(Sleep::C1), "", Kernel),
    row("mwait_c6", Builtin::Sleep(Sleep::C6), "", Kernel),
    row("load", Builtin::Load { fixup: false }, "va", User),
    row("store", Builtin::Store { fixup: false }, "va, value", User),
    row("load_nofault", Builtin::Load { fixup: true }, "va", User),
    row("store_nofault", Builtin::Store { fixup: true }, "va, value", User),
];

/// The built-in function of that name.
pub(crate) fn function(name: &str) -> Option<&'static Info> {
    FUNCTIONS.iter().find(|info| info.name == name)
}

/// Page-table bits and sizes.
const NUMBERS: &[(&str, Type, u64)] = &[
    ("PAGE_SIZE", Type::Int, 4096),
    ("PMD_SIZE", Type::Int, 2 << 20),
    ("_PAGE_PRESENT", Type::Pte, 1),
    ("_PAGE_RW", Type::Pte, 1 << 1),
    ("_PAGE_USER", Type::Pte, 1 << 2),
    ("_PAGE_PWT", Type::Pte, 1 << 3),
    ("_PAGE_PCD", Type::Pte, 1 << 4),
    ("_PAGE_ACCESSED", Type::Pte, 1 << 5),
    ("_PAGE_DIRTY", Type::Pte, 1 << 6),
    ("_PAGE_PSE", Type::Pte, 1 << 7),
    ("_PAGE_GLOBAL", Type::Pte, 1 << 8),
    ("_PAGE_NX", Type::Pte, 1 << 63),
    ("_PAGE_TABLE", Type::Pte, 0x067),
    ("true", Type::Bool, 1),
    ("false", Type::Bool, 0),
    ("none", Type::Frame, 0),
    ("init_mm", Type::Mm, 0),
    ("LOADED_MM_SWITCHING", Type::Mm, NO_MM as u64),
];

/// Constants that follow from the machine; `cpu` is no constant but as good as one.
const MACHINE: &[&str] = &["pcid", "pge", "tce", "amd", "intel", "x2apic", "online", "NR_CPUS", "cpu"];

/// The value of a built-in constant (but `cpu`).
pub(crate) fn constant(name: &str, machine: &MachineSpec) -> Option<(Type, u64)> {
    if let Some(&(_, ty, value)) = NUMBERS.iter().find(|(n, ..)| *n == name) {
        return Some((ty, value));
    }
    Some(match name {
        "pcid" => (Type::Bool, machine.pcid.into()),
        "pge" => (Type::Bool, machine.pge.into()),
        // Only AMD has it.
        "tce" => (Type::Bool, (machine.tce && machine.vendor == Vendor::Amd).into()),
        "amd" => (Type::Bool, (machine.vendor == Vendor::Amd).into()),
        "intel" => (Type::Bool, (machine.vendor == Vendor::Intel).into()),
        "x2apic" => (Type::Bool, machine.x2apic.into()),
        "online" => (Type::Cpus, (1 << machine.cpus) - 1),
        "NR_CPUS" => (Type::Int, machine.cpus.into()),
        _ => return None,
    })
}

/// Names of all built-in functions and constants, for completion and documentation.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|info| info.name).chain(constants())
}

/// Names of all built-in constants, `cpu` included.
pub(crate) fn constants() -> impl Iterator<Item = &'static str> {
    NUMBERS.iter().map(|(name, ..)| *name).chain(MACHINE.iter().copied())
}

/// Whether the language itself gives `name` a meaning.
pub(crate) fn is_builtin(name: &str) -> bool {
    function(name).is_some() || constants().any(|c| c == name)
}

/// The type a word names.
pub(crate) fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "int" => Type::Int,
        "bool" => Type::Bool,
        "mm" => Type::Mm,
        "cpu" => Type::Cpu,
        "cpus" => Type::Cpus,
        "frame" => Type::Frame,
        "pte" => Type::Pte,
        "va" => Type::Va,
        _ => return None,
    })
}

/// What a type is called.
pub(crate) fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Int => "int",
        Type::Bool => "bool",
        Type::Mm => "mm",
        Type::Cpu => "cpu",
        Type::Cpus => "cpus",
        Type::Frame => "frame",
        Type::Pte => "pte",
        Type::Va => "va",
    }
}

/// What to write instead of a type of C.
pub(crate) fn c_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "u8" | "u16" | "u32" | "u64" | "s64" | "long" | "unsigned" | "atomic64_t" | "size_t" => {
            "numbers are int"
        }
        "_Bool" | "boolean" => "truth values are bool",
        "mm_struct" => "address spaces are mm",
        "cpumask" | "cpumask_t" | "set" => "sets of CPUs are cpus",
        "page" | "pfn" | "table" => "page frames are frame",
        "pte_t" | "pmd_t" | "pud_t" | "pgd_t" | "entry" => "page-table entries are pte",
        "addr" | "address" | "ptr" => "linear addresses are va",
        "void" => "a function that gives nothing back has no `-> type`",
        _ => return None,
    })
}

/// What to write instead of a function of Linux or C that we do not have.
pub(crate) fn c_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "atomic_inc"
        | "atomic64_inc"
        | "atomic_inc_return"
        | "atomic64_inc_return"
        | "inc_mm_tlb_gen"
        | "inc" => "write `inc_return(place)`",
        "atomic_dec" | "atomic64_dec" | "atomic_dec_return" | "atomic64_dec_return" => {
            "write `dec_return(place)`"
        }
        "atomic_add" | "atomic64_add" | "atomic_add_return" | "atomic64_add_return" => {
            "write `add_return(place, n)`"
        }
        "atomic_read" | "atomic64_read" | "READ_ONCE" | "this_cpu_read" | "__this_cpu_read"
        | "smp_load_acquire" => "name the variable: reading it is one load",
        "atomic_set" | "atomic64_set" | "WRITE_ONCE" | "this_cpu_write" | "__this_cpu_write"
        | "smp_store_release" => "write `variable = value;`: it is one store",
        "mb" | "mfence" | "__smp_mb" | "smp_mb__after_atomic" | "smp_mb__before_atomic" => "write `smp_mb()`",
        "weak_wrmsr_fence" => {
            "write `if x2apic { smp_mb(); }`; Linux leaves it out on AMD since 04c3024560d3"
        }
        "rmb" | "lfence" => "write `smp_rmb()`; on x86 it is nothing",
        "wmb" | "sfence" => "write `smp_wmb()`; on x86 it is nothing",
        "smp_processor_id" | "raw_smp_processor_id" => "write `cpu`",
        "mm_cpumask" => "declare `mm cpumask: cpus = {};` and write `m.cpumask`",
        "this_cpu_ptr" | "per_cpu_ptr" | "cpu_data" => {
            "a percpu variable's name is this CPU's; another's is `per_cpu(name, c)`"
        }
        "load_cr3" | "load_new_mm_cr3" | "native_write_cr3" => "write `write_cr3(m.pgd, pcid)`",
        "__flush_tlb_all" | "flush_tlb_all" => "write `toggle_pge()` or `invpcid_flush_all()`",
        "__flush_tlb_one" | "flush_tlb_one" | "__flush_tlb_single" => "write `invlpg(va)`",
        "cli" | "local_irq_save" | "irq_disable" => "write `local_irq_disable()`",
        "sti" | "local_irq_restore" | "irq_enable" => "write `local_irq_enable()`",
        "smp_call_function_many" | "on_each_cpu_mask" | "flush_tlb_others" | "smp_call_function" => {
            "write `ipi handler(args) to targets and wait;`"
        }
        "cpumask_test_and_set_cpu" => "write `cpu in fetch_or(place, {cpu})`",
        "cpumask_any_but" => "write `place - {cpu} != {}`",
        "ptep_get_and_clear" | "native_ptep_get_and_clear" => "write `xchg(pte(m, va), 0)`",
        "set_pte" | "set_pte_at" => "write `pte(m, va) = value;`",
        "pte_clear" | "pmd_clear" => "write `pte(m, va) = 0;`",
        "alloc" | "__get_free_page" | "alloc_pages" => "write `alloc_page()`",
        "pte_alloc_one" | "pmd_alloc_one" => "write `alloc_table(m, pte)`",
        "free" | "__free_page" | "free_pages" | "put_page" => "write `free_page(frame)`",
        "tlb_remove_table" | "pte_free" | "pmd_free" => {
            "write `free_table(frame)` or `free_table_rcu(frame)`"
        }
        "call_rcu" | "call_rcu_sched" => "write `free_page_rcu(frame)` or `free_table_rcu(frame)`",
        "BUG" => "write `BUG_ON(true)`",
        "WARN_ON" | "VM_WARN_ON_ONCE" | "VM_WARN_ON" | "WARN" => "write `WARN_ON_ONCE(condition)`",
        "VM_BUG_ON" => "write `BUG_ON(condition)`",
        "likely" | "unlikely" => "write the condition alone",
        "cpu_relax" => "wait with `until condition;`",
        "printk" | "pr_info" => "the page shows every step",
        "sizeof" => "an entry has 8 bytes, a page PAGE_SIZE",
        _ => return None,
    })
}

/// What to write instead of a constant of Linux or C that we do not have.
pub(crate) fn c_constant(name: &str) -> Option<&'static str> {
    Some(match name {
        "NULL" => "no frame is `none`; an mm always is one, such as `init_mm`",
        "smp_processor_id" => "write `cpu`",
        "cpu_online_mask" => "write `online`",
        "swapper_pg_dir" => "write `init_mm.pgd`",
        "current" => "there are no tasks: give the mm as a parameter",
        "X86_FEATURE_PCID" => "write `pcid`",
        "TRUE" => "write `true`",
        "FALSE" => "write `false`",
        "on" => "in an expression it is `true`",
        "off" => "in an expression it is `false`",
        "noflush" | "flush" => "that is the third argument of write_cr3",
        _ => return None,
    })
}
