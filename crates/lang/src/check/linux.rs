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
        "cpumask_test_cpu" | "cpumask_set_cpu" | "cpumask_clear_cpu" | "cpumask_test_and_clear_cpu" => {
            "the order is (cpu, place), as in Linux"
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
        "mb" | "mfence" | "__smp_mb" => "write `smp_mb()`",
        "smp_mb__after_atomic" | "smp_mb__before_atomic" | "smp_mb__after_spinlock" => {
            "leave it out: on x86 a locked operation is a full barrier"
        }
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
        "__flush_tlb_one"
        | "flush_tlb_one"
        | "flush_tlb_one_user"
        | "__flush_tlb_single"
        | "__native_flush_tlb_single" => "write `invlpg(va)`",
        "__flush_tlb" | "flush_tlb_local" => "write `write_cr3(m.pgd, pcid)`",
        "flush_tlb_mm"
        | "flush_tlb_mm_range"
        | "flush_tlb_page"
        | "flush_tlb_range"
        | "flush_tlb_kernel_range" => {
            "write the function, or begin with `kernel \"mine\" extends \"linux-6.18\"`"
        }
        "smp_call_rar_many" => {
            "write `rar_flush_single_context(set, pcid)` or `rar_flush_one(set, pcid, va)`, then `rar_wait()`"
        }
        "__invlpgb" => "write `invlpgb_flush_user_nr_nosync(pcid, va, pages, final_only)`",
        "cli" | "irq_disable" => "write `local_irq_disable()`",
        "sti" | "irq_enable" => "write `local_irq_enable()`",
        "smp_call_function"
        | "smp_call_function_many"
        | "smp_call_function_many_cond"
        | "smp_call_function_single"
        | "on_each_cpu"
        | "on_each_cpu_mask"
        | "on_each_cpu_cond"
        | "on_each_cpu_cond_mask"
        | "native_flush_tlb_multi"
        | "flush_tlb_others" => "write `ipi handler(args) to targets and wait;`",
        "cpumask_test_and_set_cpu" => "write `cpu in fetch_or(place, {cpu})`",
        "cpumask_any_but" => "write `place - {cpu} != {}`",
        "cpumask_clear" => "write `place = {};`",
        "cpumask_copy" | "cpumask_and" | "cpumask_or" | "cpumask_andnot" => {
            "sets are values: write `place = a;`, `a & b`, `a | b`, `a - b`"
        }
        "for_each_cpu" | "for_each_online_cpu" => "write `for c in set { }`; all CPUs are `online`",
        "set_bit" | "test_and_set_bit" | "atomic_fetch_or" | "atomic_or" => "write `fetch_or(place, v)`",
        "clear_bit" | "test_and_clear_bit" | "ptep_set_wrprotect" => "write `fetch_and_not(place, v)`",
        "test_bit" => "write `(place & v) != 0`",
        "try_cmpxchg" | "atomic_cmpxchg" | "atomic_try_cmpxchg" => "write `cmpxchg(place, old, new)`",
        "atomic_xchg" | "this_cpu_xchg" => "write `xchg(place, v)`",
        "atomic_dec_and_test" => "write `dec_return(place) == 0`",
        "this_cpu_inc" | "this_cpu_dec" | "this_cpu_add" => "write `n = n + 1;`, with interrupts off",
        "spin_trylock" => "write `cmpxchg(lock, 0, 1) == 0`",
        "spin_lock_irqsave" | "spin_lock_irq" => {
            "write `let flags = local_irq_save();`, then `spin_lock(lock);`"
        }
        "spin_unlock_irqrestore" | "spin_unlock_irq" => {
            "write `spin_unlock(lock);`, then `local_irq_restore(flags);`"
        }
        "raw_spin_lock" | "mutex_lock" | "down_read" | "down_write" | "mmap_read_lock"
        | "mmap_write_lock" => "declare `global lock: int = 0;` and write `spin_lock(lock)`",
        "raw_spin_unlock" | "mutex_unlock" | "up_read" | "up_write" | "mmap_read_unlock"
        | "mmap_write_unlock" => "write `spin_unlock(lock)`",
        "preempt_disable" | "preempt_enable" | "get_cpu" | "put_cpu" => {
            "leave it out: nothing but an interrupt and `__switch_to` takes a CPU from its block"
        }
        "rcu_read_lock" | "rcu_read_unlock" => {
            "keep interrupts off meanwhile: a grace period ends when each CPU has been seen with interrupts on"
        }
        "ptep_get_and_clear" | "native_ptep_get_and_clear" | "ptep_clear_flush" => {
            "write `xchg(pte(m, va), 0)`, and the flush by itself"
        }
        "pte_val" => "an entry is a number",
        "pte_none" => "write `entry == 0`",
        "pte_young" | "pte_dirty" | "pte_write" => {
            "write `(entry & _PAGE_ACCESSED) != 0`, or with _PAGE_DIRTY, _PAGE_RW"
        }
        "mk_pte" => "write `pfn_pte(frame, flags)`",
        "set_pmd" | "pmd_populate" => "write `pmd(m, va) = value;`",
        "set_pte" | "set_pte_at" => "write `pte(m, va) = value;`",
        "pte_clear" | "pmd_clear" => "write `pte(m, va) = 0;`",
        "alloc" | "__get_free_page" | "alloc_pages" => "write `alloc_page()`",
        "pte_alloc_one" | "pmd_alloc_one" => "write `alloc_table(m, pte)`",
        "free" | "__free_page" | "free_pages" | "put_page" => "write `free_page(frame)`",
        "tlb_remove_table" | "pte_free" | "pmd_free" => {
            "write `free_table(frame)` or `free_table_rcu(frame)`"
        }
        "call_rcu" | "call_rcu_sched" | "synchronize_rcu" => {
            "write `free_page_rcu(frame)` or `free_table_rcu(frame)`"
        }
        "BUG" => "write `BUG_ON(true)`",
        "assert" => "write `BUG_ON(!(condition))`: it fires if its condition holds",
        "VM_WARN_ON_ONCE" | "VM_WARN_ON" | "WARN" => "write `WARN_ON_ONCE(condition)`",
        "VM_BUG_ON" => "write `BUG_ON(condition)`",
        "likely" | "unlikely" => "write the condition alone",
        "cpu_relax" | "smp_cond_load_acquire" => "wait with `until condition;`",
        "ACCESS_ONCE" => "write `READ_ONCE(place)`",
        "read_cr3" | "__read_cr3" => "keep what you write to CR3 in a percpu variable, as Linux does",
        "hlt" | "mwait" | "safe_halt" => "write `mwait_c1()`, or `mwait_c6()` for a deep sleep",
        "schedule" => "write `__switch_to(task)`",
        "udelay" | "msleep" => "leave it out: any step may be late",
        "irqs_disabled" | "lockdep_assert_irqs_disabled" | "might_sleep" => "leave it out",
        "static_cpu_has" | "cpu_feature_enabled" | "boot_cpu_has" => "declare an option and ask it",
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
