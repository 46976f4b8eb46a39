//! Every diagnostic with its place and advice. `tests/texts/diagnostics.txt` holds texts and answers together:
//!
//! ```text
//! >>> stmt
//! x += 1;
//! <<<
//! error at `x`: ...
//! ```
//!
//! A character that can't be seen stands there as `<U+202E>`: a file in which it stood would not be what it looks like.

use crate::common;

/// Runs every fragment of the file and writes the answers anew.
fn answers(file: &str) -> String {
    let mut out = String::new();
    for (n, section) in file.split(">>> ").enumerate() {
        if n == 0 {
            out += section;
            continue;
        }
        let (kind, rest) = section.split_once('\n').unwrap_or((section, ""));
        let fragment = rest.split("\n<<<").next().unwrap_or("").trim_end();
        let (scenario, kernel) = common::texts(kind.trim(), &spelled(fragment));
        let compiled = common::compiled(&scenario, &kernel);
        out += &format!(">>> {kind}\n{fragment}\n<<<\n");
        for diagnostic in &compiled.diagnostics {
            // Remarks about unused parts of the surrounding text do not count here.
            if diagnostic.message.ends_with("is never used") && !diagnostic.message.contains("unused") {
                continue;
            }
            let told = common::describe(diagnostic, &scenario, &kernel);
            out.extend(told.lines().map(|line| lang::legible(line) + "\n"));
        }
        out += "\n";
    }
    out
}

/// The characters that stand as numbers.
fn spelled(fragment: &str) -> String {
    let mut out = String::new();
    for (n, piece) in fragment.split("<U+").enumerate() {
        let number = piece.split_once('>').filter(|_| n > 0);
        let c = number.and_then(|(hex, _)| char::from_u32(u32::from_str_radix(hex, 16).ok()?));
        match (c, number) {
            (Some(c), Some((_, rest))) => out.extend([&*c.to_string(), rest]),
            _ => out += piece,
        }
    }
    out
}

#[test]
fn every_mistake_has_its_place_and_advice() {
    let path = format!("{}/tests/texts/diagnostics.txt", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(path).expect("the table is there");
    common::golden("diagnostics.txt", &answers(&file));
}

#[test]
fn the_text_around_the_fragments_is_right() {
    for (kind, fragment) in [("stmt", "smp_mb();"), ("cpu", "store(0x400000, 1);")] {
        let (scenario, kernel) = common::texts(kind, fragment);
        let compiled = common::compiled(&scenario, &kernel);
        assert!(!compiled.failed(), "{:#?}", compiled.diagnostics);
    }
}

/// Words of Linux that are no words of ours. Each leads on, and to something that there is.
#[test]
fn words_of_linux_lead_on() {
    let words = "preempt_disable get_cpu rcu_read_lock synchronize_rcu call_rcu spin_lock_irqsave spin_unlock_irqrestore \
        raw_spin_lock mutex_lock mutex_unlock down_read mmap_write_lock spin_trylock cpumask_copy cpumask_and cpumask_clear \
        for_each_cpu set_bit clear_bit test_bit try_cmpxchg atomic_cmpxchg atomic_xchg this_cpu_xchg this_cpu_inc \
        atomic_dec_and_test atomic_fetch_or __read_cr3 __native_flush_tlb_single flush_tlb_one_user __flush_tlb \
        flush_tlb_mm_range flush_tlb_kernel_range __invlpgb native_flush_tlb_multi smp_call_function_single on_each_cpu \
        on_each_cpu_cond_mask pte_val pte_none pte_young pte_write mk_pte ptep_set_wrprotect ptep_clear_flush set_pmd \
        schedule udelay smp_cond_load_acquire ACCESS_ONCE mwait irqs_disabled static_cpu_has smp_mb__after_atomic \
        smp_mb__after_spinlock atomic_inc atomic_read atomic_set mb rmb wmb cpumask_any_but set_pte_at pte_clear put_page \
        tlb_remove_table BUG VM_WARN_ON likely cpu_relax printk";
    let known: Vec<&str> = lang::builtin_names().collect();
    for word in words.split_whitespace() {
        let found = lang::check_kernel(&format!("kernel \"k\" {{ sys f() {{ {word}(); }} }}"));
        let said = found.iter().find(|d| d.message == format!("there is no function `{word}`"));
        let advice = said.and_then(|d| d.advice.as_deref()).unwrap_or_else(|| panic!("{word} leads nowhere"));
        assert!(!advice.starts_with("did you mean"), "{word}: {advice}");
        for code in advice.split('`').skip(1).step_by(2) {
            let Some((before, _)) = code.split_once('(') else { continue };
            let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
            let ours = known.contains(&name) || ["", "handler"].contains(&name);
            assert!(ours, "{word}: {advice}: there is no {name}");
        }
    }
}

/// The diagnostics for a block that enters a guest and then does this.
fn refused_of_guest(block: &str, item: &str) -> Vec<String> {
    let kernel = format!(
        "kernel \"k\" {{
            sys enter(m: mm, g: mm) then user(m) {{ vmptrld(m, g, 1); vmresume(); }}
            sys leave() {{ vmcall(); }}
            sys take(g: mm) {{ free_page(pte_pfn(xchg(pte(g, 0x5000), 0))); }}
            sys give(g: mm) {{ pte(g, 0x5000) = pfn_pte(alloc_page(), VMX_EPT_RWX_MASK); }}
            global n: int;
            sys maybe_leave() {{ if maybe() {{ vmcall(); }} }}
            exit handle_exit() {{ free_page(alloc_page()); }} {item}
        }}"
    );
    let scenario = format!(
        "scenario \"s\" {{ use kernel \"k\" guest G; mm A in G {{ 0x400000 -> page \"a\" at 0x5000; }} {block} expect never violation; }}"
    );
    let compiled = common::compiled(&scenario, &kernel);
    let found = compiled.diagnostics.iter().filter(|found| {
        found.severity == lang::Severity::Error || found.message.contains("the guest allocates")
    });
    found.map(|found| found.message.clone()).collect()
}

#[test]
fn a_guest_allocates_and_frees_nothing() {
    let refused = |block: &str| refused_of_guest(block, "");
    let wrong = "the guest allocates and frees nothing";
    assert_eq!(
        refused("cpu 0 { give(G); enter(A, G); load(0x400000); leave(); take(G); give(G); }"),
        [""; 0]
    );
    assert_eq!(refused("cpu 0 { enter(A, G); take(G); }"), [wrong]);
    assert_eq!(refused("cpu 0 { enter(A, G); let p = alloc_page(); p[0] = 1; }"), [wrong]);
    // It may still be in the guest, or not: only a run tells.
    let open = "if a guest comes here, it is a `kernel_bug`: the guest allocates and frees nothing";
    assert_eq!(refused("cpu 0 { enter(A, G); maybe_leave(); take(G); }"), [open]);
    assert_eq!(refused("cpu 0 { if n == 0 { enter(A, G); } if n == 0 { leave(); } take(G); }"), [open]);
    assert_eq!(refused("setup { cpu 0 { enter(A, G); } } cpu 0 { take(G); leave(); give(G); }"), [wrong]);
    assert_eq!(
        refused("setup { cpu 0 { enter(A, G); } } cpu 0 { leave(); take(G); } cpu 1 { give(G); }"),
        [""; 0]
    );
}

#[test]
fn what_a_text_with_guests_cannot_have_is_said() {
    let with =
        |more: &str, item: &str| refused_of_guest(&format!("cpu 0 {{ enter(A, G); leave(); }} {more}"), item);
    assert_eq!(with("nmi cpu 0;", "nmi watchdog() { }"), [""; 0]);
    for (more, item) in [
        ("vmexit cpu 0;", "vmexit preempted() { }"),
        ("thread T in A { }", ""),
        ("mm B;", ""),
        ("", "fault page_fault() { }"),
        // They would give a guest other tables than the machine has laid out.
        ("mm B { } cpu 1 { end(B); }", "sys end(m: mm) { mm_free(m); }"),
        ("cpu 1 { begin(G); }", "sys begin(m: mm) { mm_alloc(m); }"),
    ] {
        assert_eq!(with(more, item).len(), 1, "{more} {item}");
    }
}
