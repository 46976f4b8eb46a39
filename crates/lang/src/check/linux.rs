//! What C programmers and readers of Linux try to write, and what to write instead.

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
        "void" => "a function that returns nothing has no `-> type`",
        _ => return None,
    })
}

/// What to write instead, where a function of ours has Linux's name and takes other arguments than Linux's.
pub(crate) fn called_otherwise(name: &str) -> Option<&'static str> {
    Some(match name {
        "local_irq_save" => {
            "write `let flags = local_irq_save();`: Linux's macro stores into its argument, this function gives a bool"
        }
        "local_irq_restore" => {
            "give it what was saved: `let flags = local_irq_save();`, then `local_irq_restore(flags);`"
        }
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
        "atomic_read" | "atomic64_read" | "this_cpu_read" | "__this_cpu_read" | "smp_load_acquire" => {
            "name the variable: reading it is one load"
        }
        "atomic_set" | "atomic64_set" | "this_cpu_write" | "__this_cpu_write" | "smp_store_release" => {
            "write `variable = value;`: it is one store"
        }
        "mb" | "mfence" | "__smp_mb" | "smp_mb__after_atomic" | "smp_mb__before_atomic" => "write `smp_mb()`",
        "weak_wrmsr_fence" => {
            "write `if x2apic { smp_mb(); }`; Linux leaves it out on AMD since 04c3024560d3"
        }
        "rmb" | "lfence" | "smp_rb" => "write `smp_rmb()`; on x86 it does nothing",
        "wmb" | "sfence" | "smp_wb" => "write `smp_wmb()`; on x86 it does nothing",
        "smp_processor_id" | "raw_smp_processor_id" => "write `cpu`",
        "mm_cpumask" => "declare `mm cpumask: cpus = {};` and write `m.cpumask`",
        "this_cpu_ptr" | "per_cpu_ptr" | "cpu_data" => {
            "a percpu variable's name is this CPU's; another's is `per_cpu(name, c)`"
        }
        "load_cr3" | "load_new_mm_cr3" | "native_write_cr3" => "write `write_cr3(m.pgd, pcid)`",
        "__flush_tlb_all" | "flush_tlb_all" => "write `toggle_pge()` or `invpcid_flush_all()`",
        "__flush_tlb_one" | "flush_tlb_one" | "__flush_tlb_single" => "write `invlpg(va)`",
        "cli" | "irq_disable" => "write `local_irq_disable()`",
        "sti" | "irq_enable" => "write `local_irq_enable()`",
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
        "NULL" => {
            "the value for no frame is `none`; there is no such value for an mm, only an mm such as `init_mm`"
        }
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
