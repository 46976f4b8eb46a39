//! Lines of synchronisation that no scenario of the library needs, and why.

/// Lines that can go, with the kernels in which they can.
pub struct Redundant {
    /// Kernels, by name.
    pub kernels: &'static [&'static str],
    /// `function: line`, without indentation and comment.
    pub lines: &'static [&'static str],
    /// Why no verdict changes.
    pub because: &'static str,
}

const WITH_SLOTS: &[&str] = &[
    "linux-4.14-rc1",
    "init_mm switch",
    "linux-4.14",
    "linux-4.20",
    "linux-5.13",
    "linux-6.14",
    "linux-6.15",
    "linux-6.18",
];

const ONLY_TIMED: &str = "fork and the copy of a page call it in the workload make-j, which is none of the scenarios. Those have \
                          kernels of their own: fork+store, cow+store";

/// The list.
pub const REDUNDANT: &[Redundant] = &[
    Redundant {
        kernels: WITH_SLOTS,
        lines: &["choose_new_asid: ctxs[0].ctx = next;", "choose_new_asid: ctxs[asid].ctx = next;"],
        because: "a slot that belongs to no mm is never found again: each switch takes a fresh one and flushes it. That \
                  costs only time; without PCIDs nothing asks whose slot 0 is",
    },
    Redundant {
        kernels: WITH_SLOTS,
        lines: &[
            "flush_tlb_func_common: ctxs[asid].tlb_gen = gen;",
            "flush_tlb_func: ctxs[asid].tlb_gen = gen;",
            "switch_mm_irqs_off: ctxs[loaded_mm_asid].tlb_gen = gen;",
            "switch_mm_irqs_off: ctxs[prev_asid].tlb_gen = gen;",
        ],
        because: "the slot counts as older than it is, so the next flush or switch flushes more than it has to",
    },
    Redundant {
        kernels: &["linux-4.14-rc1", "init_mm switch", "linux-4.14", "linux-5.13", "linux-6.14"],
        lines: &["switch_mm_irqs_off: ctxs[asid].tlb_gen = gen;"],
        because: "the same",
    },
    Redundant {
        kernels: &["linux-6.18"],
        lines: &["reload_tlb: ctxs[asid].tlb_gen = gen;"],
        because: "the same",
    },
    Redundant {
        kernels: &["linux-6.15", "linux-6.18"],
        lines: &["use_global_asid: local_irq_disable();"],
        because: "no handler takes the lock, and none sees anything but the number or its absence",
    },
    Redundant {
        kernels: &["linux-4.20"],
        lines: &[
            "native_flush_tlb_others: flush_tlb_func(m, start, end, new_gen);",
            "native_flush_tlb_others: local_irq_disable();",
        ],
        because: "the sender has flushed for itself before, and finds that it is up to date",
    },
    Redundant {
        kernels: &["linux-6.12-stable"],
        lines: &["switch_mm_irqs_off: cpumask_clear_cpu(cpu, prev.cpumask);"],
        because: "a CPU that stays in the mask of an mm that it has left gets IPIs that it does not need",
    },
    Redundant {
        kernels: &["init_mm switch"],
        lines: &["choose_new_asid: ctxs[asid].tlb_gen = 0;"],
        because: "a slot is given to another mm only if there are seven mms apart from init_mm, which has its own \
                  number here; a scenario has at most six",
    },
    Redundant {
        kernels: &["init_mm switch"],
        lines: &["enter_lazy_tlb: loaded_mm_asid = ASID_INIT;"],
        because: "nothing reads the slot of init_mm: flushes skip it, and the switch back chooses a slot anew",
    },
    Redundant {
        kernels: &[
            "linux-4.14-rc1",
            "init_mm switch",
            "linux-4.14",
            "linux-4.20",
            "linux-5.13",
            "linux-6.14",
            "linux-6.15",
            "linux-6.18",
        ],
        lines: &["flush_tlb_mm_range: local_irq_disable();"],
        because: "a handler that comes in between flushes for a later generation; the interrupted flush then notes an \
                  older one, and the next one flushes once more (zap+zap shows this)",
    },
    Redundant {
        kernels: &["linux-5.13", "linux-6.14", "linux-6.15", "linux-6.18"],
        lines: &["native_flush_tlb_multi: local_irq_disable();"],
        because: "as in flush_tlb_mm_range; and no scenario has two CPUs that wait for each other's IPIs",
    },
    Redundant {
        kernels: &["linux-4.13", "linux-4.20", "linux-5.13", "linux-6.14", "linux-6.15", "linux-6.18"],
        lines: &["kthread: local_irq_disable();"],
        because: "enter_lazy_tlb is one store here",
    },
    Redundant {
        kernels: &["linux-4.14-rc1"],
        lines: &["kthread: local_irq_disable();", "idle: local_irq_disable();"],
        because: "enter_lazy_tlb is one locked operation here: an IPI flushes before it, and finds a lazy CPU after it",
    },
    Redundant {
        kernels: &["linux-4.14-rc1"],
        lines: &["exit: flush_tlb_mm_range(m, 0, TLB_FLUSH_ALL);"],
        because: "every CPU that still has the mm loaded is lazy, and lazy CPUs don't flush: the bug itself",
    },
    Redundant {
        kernels: &["linux-4.14-rc1"],
        lines: &["choose_new_asid: ctxs[asid].tlb_gen = 0;"],
        because: "a slot is given to another mm only when a seventh process runs, as init_mm is never loaded again; a \
                  scenario has at most seven mms",
    },
    Redundant {
        kernels: &["linux-4.14-rc1, with a barrier"],
        lines: &["switch_mm_irqs_off: smp_mb();"],
        because: "this answers the question of 2017: no verdict of any scenario depends on the barrier",
    },
    Redundant {
        kernels: &["bare"],
        lines: &["fence: smp_mb();"],
        because: "the one scenario that has it shows that it does not help",
    },
    Redundant {
        kernels: &["linux-4.20", "linux-5.13", "linux-6.14"],
        lines: &["switch_mm_irqs_off: loaded_mm = LOADED_MM_SWITCHING;"],
        because: "only a handler of NMIs reads it (nmi+switch has one, and needs the line); senders read it since 6.15",
    },
    Redundant {
        kernels: &["linux-4.13"],
        lines: &["flush_tlb_mm_range: smp_mb();"],
        because: "the entries are cleared with xchg, a full barrier",
    },
    Redundant {
        kernels: &["linux-4.13"],
        lines: &["flush_here: write_cr3(m.pgd, 0, flush);"],
        because: "only exit flushes everything here, and then all CPUs that have the mm loaded are lazy and leave it",
    },
    Redundant {
        kernels: &["copy_from_user_nmi"],
        lines: &["run: local_irq_disable();"],
        because: "no CPU sends an IPI, and an NMI comes even while interrupts are off",
    },
    Redundant {
        kernels: &["pte_none"],
        lines: &["page_walker: local_irq_disable();"],
        because: "a write after the flush does the same as one before it, so nothing here depends on the wait",
    },
    Redundant {
        kernels: &["pte_none"],
        lines: &["run: write_cr3(next.pgd, 0, flush);"],
        because: "without it A is never loaded, and nothing of A is cached anywhere",
    },
    Redundant {
        kernels: &["KVM paravirt flush"],
        lines: &["vcpu_preempted: smp_mb();"],
        because: "the exchange that precedes or follows it waits for the store buffer; and with a copy the flush is lost \
                  anyway",
    },
    Redundant {
        kernels: &["KVM paravirt flush"],
        lines: &["record_steal_time: invpcid_flush_all();"],
        because: "there are two such lines: the one for the copy cannot help the scenario that has it",
    },
    Redundant {
        kernels: &["coalesce-tlbi-v7"],
        lines: &["run: write_cr3(next.pgd, 1, flush);"],
        because: "what is walked is the kernel's half, which init_mm has too",
    },
    Redundant {
        kernels: &["coalesce-tlbi-v7"],
        lines: &[
            "enter_from_user_mode: local_irq_disable();",
            "enter_from_user_mode: write_cr3(init_mm.pgd, 0, noflush);",
        ],
        because: "the flush that follows drops everything, whatever PCID is loaded and whatever came in between",
    },
    Redundant {
        kernels: &["hugetlb"],
        lines: &["munmap: flush_tlb_mm_range(m, addr, true);"],
        because: "no other CPU has the last sharer's mm loaded; lazy+munmap has lazy CPUs that do",
    },
    Redundant {
        kernels: &["KVM emulation"],
        lines: &["run: write_cr3(next.pgd, 0, flush);"],
        because: "the host finds the tables through the mm, not through CR3",
    },
    Redundant {
        kernels: &["KVM emulation"],
        lines: &["emulate_instruction: smp_mb();"],
        because: "the report leaves the store buffer sooner or later, and sooner is enough for the bug",
    },
    Redundant {
        kernels: &["KVM emulation"],
        lines: &["munmap_page: flush_tlb_func(m, va);"],
        because: "CPU 0 does not use the page that it unmaps; in preempt+munmap it does",
    },
    Redundant {
        kernels: &["khugepaged"],
        lines: &["run: write_cr3(next.pgd, 0, flush);"],
        because: "the software walker finds the tables through the mm, not through CR3",
    },
    Redundant {
        kernels: &["kpti"],
        lines: &["run: write_cr3(next.pgd, KERN_PCID, flush);"],
        because: "nothing is cached for the kernel's PCID when a program is first run",
    },
    Redundant {
        kernels: &["latr"],
        lines: &["switch_mm_irqs_off: cpumask_clear_cpu(cpu, prev.cpumask);"],
        because: "a CPU that has left is on more notes than it has to be: memory is freed later",
    },
    Redundant {
        kernels: &["madvise"],
        lines: &["madvise: spin_lock(m.page_table_lock);"],
        because: "one entry taken with xchg needs no lock; real page tables have more to keep together",
    },
    Redundant {
        kernels: &["madvise"],
        lines: &["madvise: dec_return(m.tlb_flush_pending);"],
        because: "a count that stays too high makes later gathers flush for nothing",
    },
    Redundant {
        kernels: &["mremap"],
        lines: &["mremap: flush_tlb_page(m, old_addr);"],
        because: "there are two such lines: the flush that comes too late does not help the scenario that has it",
    },
    Redundant {
        kernels: &["pfnmap"],
        lines: &["munmap: spin_lock(i_mmap_lock);", "revoke: spin_lock(i_mmap_lock);"],
        because: "a list of one mapping is one word; the lock is for the tree",
    },
    Redundant {
        kernels: &["pfnmap"],
        lines: &["munmap: flush_tlb_page(m, addr);"],
        because: "there are two such lines: the second, in tlb_finish_mmu, comes too late in one case and finds \
                  nothing to do in the other",
    },
    Redundant {
        kernels: &["split_huge_pmd"],
        lines: &["split_huge_pmd: smp_mb();"],
        because: "INVLPG and sending an IPI wait for the store buffer themselves",
    },
    Redundant {
        kernels: &["split_huge_pmd"],
        lines: &["split_huge_pmd: flush_tlb_page(m, va);"],
        because: "there are two such lines: after the table has been put in, the large translation that a flush would \
                  drop maps the same memory",
    },
    Redundant {
        kernels: &["sva"],
        lines: &["bind: write_cr3(m.pgd, 0, flush);"],
        because: "what is walked is the kernel's half, which init_mm has too",
    },
    Redundant {
        kernels: &["tlb_remove_table"],
        lines: &["tlb_remove_table_one: ipi tlb_remove_table_smp_sync() to online by llist_add and wait;"],
        because: "it is for software walkers; those are in collapse+gup",
    },
    Redundant {
        kernels: &["sva"],
        lines: &["vmap_huge: ipi do_kernel_range_flush(addr) to online - iommu by llist_add and wait;"],
        because: "the scenario has one CPU besides the IOMMU",
    },
    Redundant {
        kernels: &["global ASIDs"],
        lines: &[
            "use_global_asid: spin_lock(global_asid_lock);",
            "destroy_context: spin_lock(global_asid_lock);",
        ],
        because: "one CPU gives the ASID back and gives it away",
    },
    Redundant {
        kernels: &["global ASIDs"],
        lines: &["run: write_cr3(next.pgd, 1, flush);"],
        because: "nothing is cached for the PCID of a CPU's own, which no process has used before",
    },
    Redundant {
        kernels: &["asid-allocator"],
        lines: &["run: cpumask_clear_cpu(cpu, tlb_flush_pending);"],
        because: "the CPU flushes once more each time that it takes the slow path",
    },
    Redundant {
        kernels: &["seL4"],
        lines: &["invalidate_page_structure_cache: write_cr3(current.pgd, current.asid, noflush);"],
        because: "the core that unmaps does nothing more in any scenario, and the other one runs that address space",
    },
    Redundant {
        kernels: &["seL4"],
        lines: &["flush_table: ipi invalidate_translation(m, va) to m.tlb_bitmap - {cpu} and wait;"],
        because: "it comes too early: without PCIDs the translation can be cached again, and with PCIDs the last step drops \
                  everything of the number",
    },
    Redundant {
        kernels: &["seL4"],
        lines: &["invalidate_asid: cpumask_clear_cpu(cpu, m.tlb_bitmap);"],
        because: "a core that stays in the bitmap gets IPIs that it does not need",
    },
    Redundant {
        kernels: &["Asterinas"],
        lines: &["run: cpumask_clear_cpu(cpu, last.cpus);"],
        because: "a CPU that stays in the set gets requests for nothing",
    },
    Redundant {
        kernels: &["KVM shadow MMU"],
        lines: &["vcpu_enter_guest: local_irq_disable();"],
        because: "an IPI that comes in between carries the request out, and nothing is cached for the guest before CR3 is \
                  loaded",
    },
    Redundant {
        kernels: &["tlb_flush_batched"],
        lines: &["flush_tlb_batched_pending: flush_tlb_mm(m);"],
        because: "of two such lines, the one that goes with the plain flag: that case is broken with it too",
    },
    Redundant {
        kernels: &["tlb_free_vmas"],
        lines: &["munmap: flush_tlb_range(m, pfnmap, anonymous + PAGE_SIZE);"],
        because: "of two such lines, tlb_finish_mmu's: where it has anything left to flush, the driver has its page already",
    },
    Redundant {
        kernels: &["DragonOS"],
        lines: &["invalidate: if freed_tables {", "munmap: flush_tlb_mm_range(m, va, true);"],
        because: "INVLPG drops pointers to page tables too",
    },
    Redundant {
        kernels: &["DragonOS"],
        lines: &[
            "flush_tlb_mm_range: spin_lock(flush_tlb_global_lock);",
            "flush_tlb_mm_range: local_irq_enable();",
            "execve: cpumask_set_cpu(cpu, next.active_cpus);",
        ],
        because: "of two such lines, the one of the other order, which is broken with it too",
    },
    Redundant {
        kernels: &["DragonOS"],
        lines: &["execve: cpumask_clear_cpu(cpu, old.active_cpus);"],
        because: "a CPU that stays in the set gets IPIs that it does not need",
    },
    Redundant {
        kernels: &["processes"],
        lines: &["kthread: loaded_mm = init_mm;", "fork: flush_tlb_func(old);"],
        because: "a CPU that is taken to run a process flushes for nothing; the CPU that forks runs the child next, and flushes \
                  its own translations then",
    },
    Redundant {
        kernels: &["migration"],
        lines: &["cpu_idle: until nr_queued == 1;"],
        because: "an idle task that does not wait takes the lock again and again, and finds the same in the end",
    },
    Redundant {
        kernels: &["migration"],
        lines: &["wake_up: spin_lock(rq_lock);", "do_exit: spin_lock(rq_lock);"],
        because: "the thread is woken in set-up, where nobody else runs, and when it ends there is nothing left to take",
    },
    Redundant {
        kernels: &["do_anonymous_page"],
        lines: &["munmap: inc_return(m.mmap_seq);"],
        because: "of two such lines, the one that counts too early, which is broken with it too",
    },
    Redundant {
        kernels: &["do_anonymous_page"],
        lines: &["munmap: invlpg(va);"],
        because: "in no scenario does the CPU that unmaps the page access it",
    },
    Redundant {
        kernels: &["do_anonymous_page"],
        lines: &["exc_page_fault: local_irq_enable();"],
        because: "munmap lets go of the lock before it waits for IPIs, so that the handler ends and IRET takes them",
    },
    Redundant {
        kernels: &["KVM remote flush"],
        lines: &["handle_exit: local_irq_enable();"],
        because: "the handler waits for nobody, and goes on into the guest, where an IPI leaves whatever the flag says",
    },
    Redundant {
        kernels: &["ASIDs on hardware threads"],
        lines: &["run: write_cr3(next.pgd, next.memory_map_id);"],
        because: "without it nobody runs where all CPUs use one number, and no page is read",
    },
    Redundant {
        kernels: &["Intel RAR"],
        lines: &["trim_lazy: local_irq_enable();"],
        because: "a request comes while interrupts are off, too, and nobody sends anything else",
    },
    Redundant {
        kernels: &["Intel RAR"],
        lines: &["switch_mm: cpumask_set_cpu(cpu, next.cpumask);"],
        because: "of the two, the one that comes too late: that order is wrong with it and without it",
    },
    Redundant {
        kernels: &["Zircon"],
        lines: &["context_switch: cpumask_set_cpu(cpu, next.active_cpus);"],
        because: "the same",
    },
    Redundant {
        kernels: &["Zircon"],
        lines: &["context_switch: cpumask_clear_cpu(cpu, old.active_cpus);"],
        because: "a CPU that counts as active in a space that it has left gets IPIs that it does not need",
    },
    Redundant {
        kernels: &["Zircon"],
        lines: &["tlb_invalidate: local_irq_disable();", "tlb_invalidate: local_irq_enable();"],
        because: "no scenario has two CPUs that send; a handler that comes in between would change nothing here",
    },
    Redundant {
        kernels: &["Xen"],
        lines: &["decrease_reservation: local_irq_disable();"],
        because: "the entry is cleared before the clock is read: a CPU that flushes between the two reads of the clock \
                  holds nothing of the page. Xen's comment is about every page that gets a time, whatever it was used for",
    },
    Redundant {
        kernels: &["lazy mm references"],
        lines: &["run: cpumask_clear_cpu(cpu, prev.cpumask);"],
        because: "a CPU that stays in the mask of an mm that it has left gets an IPI that it does not need",
    },
    Redundant {
        kernels: &["illumos hat"],
        lines: &["run: cpumask_set_cpu(cpu, hat.hat_cpus);"],
        because: "of the two, the one that comes too late: that order is wrong with it and without it",
    },
    Redundant {
        kernels: &["illumos hat"],
        lines: &["run: cpumask_clear_cpu(cpu, cpu_current_hat.hat_cpus);"],
        because: "a CPU that stays in the set of a space that it has left gets an IPI that it does not need",
    },
    Redundant {
        kernels: &["NetBSD pmap"],
        lines: &[
            "run: cpumask_clear_cpu(cpu, oldpmap.pm_cpus);",
            "run: cpumask_clear_cpu(cpu, oldpmap.pm_kernel_cpus);",
        ],
        because: "the same",
    },
    Redundant {
        kernels: &["NetBSD pmap"],
        lines: &["shootdown: until pmap_tlb_packet == 0;"],
        because: "the exchange is tried again anyway; the wait in between only reads",
    },
    Redundant {
        kernels: &["OpenBSD pmap"],
        lines: &["pmap_tlb_shootpage: until tlb_shoot_wait == 0;"],
        because: "the same",
    },
    Redundant {
        kernels: &["OpenBSD pmap"],
        lines: &["pmap_tlb_shootpage: local_irq_enable();"],
        because: "only the broken variant has it, and is a deadlock with it and without it",
    },
    Redundant {
        kernels: &["KVM nested VMX"],
        lines: &["run_l2: invept_single(eptp01);", "l1_invvpid: invvpid_single(VPID01);"],
        because: "that is the bug: it invalidates another guest's mappings, which nobody needs",
    },
    Redundant {
        kernels: &["tlb_flush_batched"],
        lines: &["flush_tlb_batched_pending: cmpxchg(m.tlb_flush_batched, batch, pending | pending << \
             TLB_FLUSH_BATCH_FLUSHED_SHIFT);"],
        because: "a flush that is not noted is made again, which costs only time",
    },
    Redundant {
        kernels: &["LUF"],
        lines: &["flush_tlb_batched: ctxs[asid].tlb_gen = gen;", "arch_tlbbatch_flush: if ugen_first {"],
        because: "the slot, or the CPU, counts as flushed earlier than it was, so a later flush is made for nothing",
    },
    Redundant {
        kernels: &["LUF"],
        lines: &["flush_tlb_batched: switch_mm_irqs_off(init_mm);"],
        because: "a CPU that is lazy compares generations when it comes back, and LUF frees no page tables",
    },
    Redundant {
        kernels: &["LUF"],
        lines: &["arch_tlbbatch_flush: local_irq_disable();"],
        because: "a handler that comes in between does the same",
    },
    Redundant {
        kernels: &["LUF"],
        lines: &["write: spin_lock(luf_lock);"],
        because: "where somebody writes, the page was reclaimed in set-up, and nobody else changes the file",
    },
    Redundant {
        kernels: &["temporary_mm"],
        lines: &["text_poke: local_irq_disable();"],
        because: "both switches turn interrupts off themselves. Linux keeps handlers from the window to the code, which is no \
                  matter of TLBs",
    },
    Redundant {
        kernels: &["pte_none"],
        lines: &["page_walker: cmpxchg(pte(m, va), entry, entry | _PAGE_ACCESSED);"],
        because: "it stands for a processor without the erratum, whose A bit harms nobody",
    },
    Redundant {
        kernels: &["linux-4.13", "linux-4.14-rc1", "linux-4.14", "init_mm switch"],
        lines: &[
            "flush_tlb_mm: flush_tlb_mm_range(m, 0, TLB_FLUSH_ALL);",
            "flush_tlb_page: flush_tlb_mm_range(m, va, va + PAGE_SIZE);",
        ],
        because: ONLY_TIMED,
    },
    Redundant {
        kernels: &["linux-4.20", "linux-5.13", "linux-6.14", "linux-6.15", "linux-6.18"],
        lines: &[
            "flush_tlb_mm: flush_tlb_mm_range(m, 0, TLB_FLUSH_ALL, true);",
            "flush_tlb_page: flush_tlb_mm_range(m, va, va + PAGE_SIZE, false);",
        ],
        because: ONLY_TIMED,
    },
];
