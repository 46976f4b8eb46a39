//! Small kernels and the code they become, for eyes first: `tests/texts/*.dump`.

use crate::common;

use lang::program::{Leave, Mode, Op, Operand, Program};
use lang::{Selection, cases, dump};

fn text(file: &str) -> String {
    let path = format!("{}/tests/texts/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the text is there")
}

fn program(scenario: &str, kernel: &str, selection: &Selection) -> Program {
    let compiled = common::compiled_with(scenario, kernel, selection);
    assert!(compiled.diagnostics.is_empty(), "neither errors nor warnings: {:#?}", compiled.diagnostics);
    compiled.program.expect("a program")
}

fn chosen(options: &[(&str, &str)]) -> Selection {
    let options = options.iter().map(|(n, c)| ((*n).to_owned(), (*c).to_owned())).collect();
    Selection::new(None, options)
}

#[test]
fn the_lab() {
    let (scenario, kernel) = (text("reuse.tlb"), text("lab.kernel.tlb"));
    common::golden("reuse.dump", &dump(&program(&scenario, &kernel, &Selection::default())));
}

#[test]
fn every_construct() {
    let (scenario, kernel) = (text("constructs.tlb"), text("constructs.kernel.tlb"));
    common::golden("constructs.dump", &dump(&program(&scenario, &kernel, &Selection::default())));
}

#[test]
fn options_follow_default_with_case_selection() {
    let (scenario, kernel) = (text("reuse.tlb"), text("lab.kernel.tlb"));
    let value = |selection: &Selection, name: &str| {
        let program = program(&scenario, &kernel, selection);
        let option = program.options.iter().find(|o| o.name == name).cloned().expect("the option");
        (
            option.choices[usize::from(option.default)].clone(),
            option.choices[usize::from(option.chosen)].clone(),
        )
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let plain = Selection::default();
    assert_eq!(value(&plain, "memory_barrier"), pair("off", "off"));
    let case = Selection::new(Some(0), Vec::new());
    assert_eq!(value(&case, "memory_barrier"), pair("on", "on"));
    assert_eq!(value(&case, "lazy_tlb"), pair("on", "on"));
    let both = Selection { case: Some(0), ..chosen(&[("memory_barrier", "off"), ("pcid", "off")]) };
    assert_eq!(value(&both, "memory_barrier"), pair("on", "off"));
    assert_eq!(value(&both, "pcid"), pair("on", "off"));
    assert!(!program(&scenario, &kernel, &both).machine.pcid);
    let amd = program(&scenario, &kernel, &chosen(&[("vendor", "intel"), ("tso", "off")])).machine;
    assert_eq!((amd.vendor, amd.store_buffer), (lang::program::Vendor::Intel, 0));
    // The depth of the store buffer is a separate choice; without a store buffer there is no depth.
    let depth = |chosen_: &[(&str, &str)]| program(&scenario, &kernel, &chosen(chosen_)).machine.store_buffer;
    assert_eq!((depth(&[("store_buffer", "5")]), depth(&[("store_buffer", "5"), ("tso", "off")])), (5, 0));
    let idle = |chosen_: &[(&str, &str)]| {
        let program = program(&scenario, &kernel, &chosen(chosen_));
        let idle = program.options.iter().filter(|option| lang::idle(option, &program.machine).is_some());
        idle.map(|option| option.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!((idle(&[]), idle(&[("tso", "off")])), (vec![], vec!["store_buffer".to_owned()]));
    let deeper = scenario.replacen(" with {", " with { store_buffer = 3,", 1);
    assert_ne!(deeper, scenario, "it has a `with`");
    assert_eq!(program(&deeper, &kernel, &plain).machine.store_buffer, 3);
}

#[test]
fn a_choice_that_no_longer_exists_is_ignored_with_a_warning() {
    let (scenario, kernel) = (text("reuse.tlb"), text("lab.kernel.tlb"));
    let compiled = common::compiled_with(&scenario, &kernel, &chosen(&[("gone", "on")]));
    assert!(compiled.program.is_some());
    assert_eq!(compiled.diagnostics.len(), 1);
    assert!(compiled.diagnostics[0].message.contains("gone = on"));
}

/// A selection may put another kernel in the place of the one that the text names, however the text is spaced.
#[test]
fn a_selection_may_name_another_kernel() {
    let kernel =
        |name: &str, options: &str| format!("kernel \"{name}\" {{ {options} sys f() {{ BUG_ON(false); }} }}");
    let (a, b) = ("option x = off \"X\" option y = off \"Y\"", "option x = off \"X\" option z = on \"Z\"");
    let texts = [("a", &*kernel("a", a)), ("b", &*kernel("b", b))]
        .map(|(name, text)| (name.to_owned(), text.to_owned()));
    let texts = texts.to_vec();
    let settings = |scenario: &str, selection: &Selection| {
        let compiled = lang::compile(scenario, &texts, selection);
        let program = compiled.program.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let set = program
            .options
            .iter()
            .filter(|o| o.chosen == 1 && o.origin == lang::program::Origin::Kernel)
            .map(|o| o.name.clone())
            .collect::<Vec<_>>();
        (program.kernel, set)
    };
    for uses in
        ["use kernel \"a\" with { x = on, y = on }", "use /* a */\tkernel  \"a\" with { y = on, x = on }"]
    {
        let scenario = format!(
            "scenario \"s\" {{ {uses} machine {{ pcid off; tso off; }} cpu 0 {{ f(); }} expect never violation;
                case \"own\" {{ use kernel \"b\" expect never violation; }} }}"
        );
        let on = |case, kernel: Option<&str>| Selection {
            kernel: kernel.map(str::to_owned),
            ..Selection::new(case, Vec::new())
        };
        let of = |case, kernel| {
            let selection = on(case, kernel);
            let (used, set) = settings(&scenario, &selection);
            assert_eq!(selection.kernel_of(&scenario).as_ref(), Some(&used), "{uses}");
            (used, set.join(" "))
        };
        let pair = |kernel: &str, set: &str| (kernel.to_owned(), set.to_owned());
        assert_eq!(of(None, None), pair("a", "x y"));
        assert_eq!(of(None, Some("a")), pair("a", "x y"));
        // The kernel has an option x, which the scenario sets, and no option y.
        assert_eq!(of(None, Some("b")), pair("b", "x z"));
        assert_eq!(of(Some(0), None), pair("b", "z"));
        assert_eq!(of(Some(0), Some("a")), pair("a", "x y"));
    }
}

/// Whatever a kernel calls so, `flush` and `noflush` mean what the manual of write_cr3 says.
#[test]
fn no_name_changes_what_a_word_of_an_instruction_means() {
    let kernel = |declared: &str| {
        format!(
            "kernel \"k\" {{ {declared}
                sys run(m: mm) {{ write_cr3(m.pgd, 0, flush); write_cr3(m.pgd, 1, noflush); }} }}"
        )
    };
    let scenario = "scenario \"s\" { use kernel \"k\" mm A { } cpu 0 { run(A); } expect never violation; }";
    let kept = |declared: &str| -> Vec<Operand> {
        let kernel = kernel(declared);
        let compiled = common::compiled_with(scenario, &kernel, &Selection::default());
        let program = compiled.program.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let kept = program.code.iter().filter_map(|op| match op {
            Op::WriteCr3 { noflush, .. } => Some(*noflush),
            _ => None,
        });
        kept.collect()
    };
    let plain = kept("");
    assert_eq!(plain, [Operand::Const(0), Operand::Const(1)]);
    for declared in [
        "option flush = on \"x\" option noflush = off \"y\"",
        "const flush = true; const noflush = false;",
        "global flush: bool = true; percpu noflush: bool = false;",
    ] {
        assert_eq!(kept(declared), plain, "{declared}");
    }
}

#[test]
fn cases_are_listed_without_a_kernel() {
    let list = cases(&text("reuse.tlb"));
    let names: Vec<_> = list.iter().map(|c| (c.case, c.name.as_deref(), c.expectations)).collect();
    assert_eq!(names, [(None, None, 2), (Some(0), Some("barrier"), 1), (Some(1), Some("init_mm"), 2)]);
    assert!(list.iter().all(|c| c.kernel == "lazy TLB lab"));
}

#[test]
fn a_case_on_another_kernel_takes_only_the_machine_from_the_scenario() {
    let scenario = r#"scenario "s" {
        use kernel "a" with { fast = on, pcid = off }
        cpu 0 { go(); }
        case "b" { use kernel "b" }
    }"#;
    let a = r#"kernel "a" { option fast = off "Fast" sys go() { if fast { smp_mb(); } } }"#;
    let b = r#"kernel "b" { sys go() { if pcid { smp_mb(); } } }"#;
    let texts = [("a", a), ("b", b)];
    let fences = |case| {
        let compiled = lang::compile(scenario, &texts, &Selection::new(case, Vec::new()));
        let program = compiled.program.expect("a program");
        (program.machine.pcid, program.code.iter().filter(|op| **op == Op::Fence).count())
    };
    assert_eq!(fences(None), (false, 1));
    assert_eq!(fences(Some(0)), (false, 0));
}

#[test]
fn branches_on_constants_leave_no_code() {
    let kernel = common::KERNEL.replace('%', "sys t(m: mm) { if lazy_tlb && table_free == direct { smp_mb(); } else if m == loaded_mm { invlpg(1); } }");
    let scenario = common::SCENARIO.replace('%', "cpu 0 { t(A); }");
    let compiled = common::compiled(&scenario, &kernel);
    let code = compiled.program.expect("a program").code;
    assert_eq!(code[..4], [Op::EnterKernel, Op::Fence, Op::LeaveKernel(Leave::Call), Op::Halt]);
}

#[test]
fn mode_changes_follow_the_name_of_the_system_call() {
    let kernel = common::KERNEL.replace(
        '%',
        "sys kthread() { smp_mb(); } sys idle() { smp_mb(); } sys exit(_m: mm) { smp_mb(); } sys other() { smp_mb(); }",
    );
    let scenario = common::SCENARIO.replace('%', "cpu 0 { run(A); kthread(); idle(); exit(A); other(); }");
    let code = common::compiled(&scenario, &kernel).program.expect("a program").code;
    let modes: Vec<&Op> =
        code.iter().filter(|op| matches!(op, Op::SetMode(_) | Op::LeaveKernel(_))).collect();
    let set = Op::SetMode;
    assert_eq!(
        modes,
        [
            &set(Mode::User(1)),
            &set(Mode::Kthread),
            &set(Mode::Idle),
            &set(Mode::Kthread),
            &Op::LeaveKernel(Leave::Call)
        ]
    );
}

#[test]
fn what_others_can_see_does_not_depend_on_the_options() {
    let kernel = r#"kernel "k" {
        option look = off "Look at the other CPU"
        percpu flag: bool = false;
        percpu own: int = 0;
        ipi h() { own = 1; }
        sys run(m: mm) { if look { until per_cpu(flag, 1); } flag = true; own = 2; ipi h() to {1}; if look { invlpg(pte(m, 0)); } }
    }"#;
    let scenario = common::SCENARIO.replace('%', "cpu 0 { run(A); }");
    let program = common::compiled(&scenario, kernel).program.expect("a program");
    let flags: Vec<_> =
        program.variables.iter().map(|v| (v.name.as_str(), v.shared, v.in_handlers)).collect();
    assert_eq!(flags, [("flag", true, false), ("own", false, true)]);
}

#[test]
fn addresses_are_watched_once_and_in_order() {
    let scenario = common::SCENARIO.replace(
        '%',
        "mm B { 0x800000 -> page \"huge\" 2M; } watch 0x1234; cpu 0 { run(A); load(0x400008); store(0x9000, 1); }",
    );
    let program = common::compiled(&scenario, &common::KERNEL.replace('%', "")).program.expect("a program");
    assert_eq!(program.watched, [0x1000, 0x9000, 0x400000, 0x800000]);
}

#[test]
fn sites_name_statement_function_and_callers() {
    let scenario = common::SCENARIO.replace('%', "cpu 0 { t(A); }");
    let kernel = common::KERNEL
        .replace('%', "fn inner(m: mm) { m.tlb_gen = 1; } sys t(m: mm) { if m.tlb_gen == 0 { inner(m); } }");
    let program = common::compiled(&scenario, &kernel).program.expect("a program");
    let at = |op: &dyn Fn(&Op) -> bool| {
        let pc = program.code.iter().position(op).expect("the operation");
        program.sites[pc].clone()
    };
    let store = at(&|op| matches!(op, Op::Store { .. }));
    assert_eq!((store.span.of(&kernel), store.function.as_str()), ("m.tlb_gen = 1", "inner"));
    let callers: Vec<_> = store.callers.iter().map(|(s, span, f)| (s.0, span.start, f.as_str())).collect();
    let call = |text: &str, what: &str| u32::try_from(text.rfind(what).expect("there")).expect("small");
    assert_eq!(callers, [(1, call(&kernel, "inner(m);"), "t"), (0, call(&scenario, "t(A)"), "cpu 0")]);
    let load = at(&|op| matches!(op, Op::Load { .. }));
    assert_eq!((load.span.of(&kernel), load.function.as_str()), ("m.tlb_gen == 0", "t"));
}

#[test]
fn sites_and_live_sets_are_as_long_as_the_code_and_spans_fit() {
    let (scenario, kernel) = (text("constructs.tlb"), text("constructs.kernel.tlb"));
    let program = program(&scenario, &kernel, &Selection::default());
    assert_eq!(program.code.len(), program.sites.len());
    assert_eq!(program.code.len(), program.live.len());
    for site in &program.sites {
        let text = if site.source.0 == 0 { &scenario } else { &kernel };
        assert!(!site.span.of(text).is_empty());
    }
    for thread in program.setup.iter().chain(&program.threads) {
        assert_eq!(program.live[usize::from(thread.entry)], 0, "a thread begins with nothing");
    }
    for handler in &program.handlers {
        assert_eq!(program.live[usize::from(handler.entry)] >> handler.params.len(), 0, "only parameters");
    }
}

#[test]
fn a_store_to_a_parameter_does_not_change_the_caller() {
    let scenario = common::SCENARIO.replace('%', "cpu 0 { t(A); }");
    let kernel = common::KERNEL.replace(
        '%',
        "fn bump(n: int) -> int { n = n + 1; return n; } sys t(m: mm) { let a = m.tlb_gen; let b = bump(a); m.tlb_gen = a; next_id = b; }",
    );
    let program = common::compiled(&scenario, &kernel).program.expect("a program");
    let stores: Vec<_> = program
        .code
        .iter()
        .filter_map(|op| if let Op::Store { value, .. } = op { Some(*value) } else { None })
        .collect();
    let [Operand::Reg(a), Operand::Reg(b), ..] = stores[..] else { panic!("{stores:?}") };
    assert_ne!(a, b);
}
