//! From two texts to a program.

mod asked;
mod bodies;
mod code;
mod devices;
mod guests;
mod outline;
mod stage;
mod vacuous;
mod watched;

use self::asked::{expectations, finale, labelled};
use self::bodies::{cpu_blocks, functions, invariants, tasks, twice};
use self::code::{Blocks, lower, probe};
use self::devices::devices;
use self::guests::guests;
pub use self::outline::{CaseName, Outline, cases, kernel_name, outline, scenario_name};
use self::stage::staged;
use self::watched::{unwalked_anyway, watch_accesses, watched};
use crate::check;
use crate::check::declare::{declare, own_names};
use crate::check::env::Env;
use crate::check::graph;
use crate::check::hir::{Body, Uses};
use crate::check::initial;
use crate::check::intrusions;
use crate::check::machine::{self, Halves};
use crate::check::options::{self, Meant};
use crate::diagnostic::nearest::{and_looked, did_you_mean};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::extend::{Whole, together};
use crate::lower::after_fault;
use crate::lower::live::live;
use crate::parse::{parse, parse_kernels};
use crate::program::{HandlerKind, MachineSpec, Op, Program, ProgramOption, Scope, Thread, Type, VarId};
use crate::source::{SourceId, Span};
use crate::syntax::{Case, File, FunctionKind, Kernel, Name, OptionDecl, Scenario, Stage};
use crate::texts::Texts;
use crate::workload;
use std::collections::BTreeSet;
use std::ops::Range;

/// The choices made outside the texts. The default is the scenario as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Which `case`, counted from 0 in textual order; `None` is the scenario itself.
    pub case: Option<u8>,
    /// Options and their choices.
    pub options: Vec<(String, String)>,
    /// Another kernel, by name, in the place of the one that the text names for this case. What the text sets
    /// for its own kernel holds here as far as this one has such options.
    pub kernel: Option<String>,
}

impl Selection {
    /// A case with choices for options, on the kernel that the text names.
    #[must_use]
    pub fn new(case: Option<u8>, options: Vec<(String, String)>) -> Selection {
        Selection { case, options, kernel: None }
    }

    /// The name of the kernel that a scenario is compiled with; nothing if the text can't be read that far.
    #[must_use]
    pub fn kernel_of(&self, scenario: &str) -> Option<String> {
        if self.kernel.is_some() {
            return self.kernel.clone();
        }
        self.kernel_in(&cases(scenario))
    }

    /// The same for a scenario with these cases.
    #[must_use]
    pub fn kernel_in(&self, cases: &[CaseName]) -> Option<String> {
        if self.kernel.is_some() {
            return self.kernel.clone();
        }
        // A case that the text no longer has is ignored, here as in a compilation.
        let chosen = cases.iter().find(|there| there.case == self.case).or(cases.first())?;
        Some(chosen.kernel.clone()).filter(|name| !name.is_empty())
    }
}

/// The result of compiling texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The program, if there was no error.
    pub program: Option<Program>,
    /// Errors and warnings, in textual order, the scenario's first.
    pub diagnostics: Vec<Diagnostic>,
}

impl Compiled {
    /// Whether there was an error.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

/// What a check of texts says, without a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Errors and warnings, as in [`Compiled::diagnostics`].
    pub diagnostics: Vec<Diagnostic>,
    /// The locals of all bodies that could be checked.
    pub locals: Vec<LocalType>,
    /// All options with their choices, if there was no error.
    pub options: Vec<ProgramOption>,
}

/// The type of a local variable or parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalType {
    /// The text that declares it.
    pub source: SourceId,
    /// The place of its name there.
    pub span: Span,
    /// What the type is called.
    pub name: &'static str,
}

/// Compiles a scenario with the kernel it uses.
#[must_use]
pub fn compile(scenario: &str, texts: &dyn Texts, selection: &Selection) -> Compiled {
    let mut out = Diagnostics::default();
    let program = program(scenario, texts, selection, None, &mut out);
    let program = program.filter(|_| !out.failed());
    Compiled { program, diagnostics: out.finish() }
}

/// Checks a scenario with the kernel it uses, for an editor: what there is to say, and the type of each local.
#[must_use]
pub fn checked(scenario: &str, texts: &dyn Texts, selection: &Selection) -> Checked {
    let mut out = Diagnostics::default();
    out.locals = Some(Vec::new());
    let program = program(scenario, texts, selection, None, &mut out);
    let options = program.filter(|_| !out.failed()).map(|program| program.options).unwrap_or_default();
    let locals = out.locals.take().unwrap_or_default();
    let named = |(source, span, ty): (SourceId, Span, Type)| LocalType { source, span, name: ty.name() };
    Checked { locals: locals.into_iter().map(named).collect(), options, diagnostics: out.finish() }
}

/// Compiles a scenario for a timed run: with as many CPUs as `cpus` says, or else its workload. Those that the scenario does
/// not have run the block of the CPU that the workload names. No search takes more than
/// [`MAX_CPUS`](crate::program::MAX_CPUS).
#[must_use]
pub fn compile_timed(scenario: &str, texts: &dyn Texts, selection: &Selection, cpus: Option<u8>) -> Compiled {
    let mut out = Diagnostics::default();
    let program = program(scenario, texts, selection, Some(cpus), &mut out);
    let program = program.filter(|_| !out.failed());
    Compiled { program, diagnostics: out.finish() }
}

/// Checks a kernel by itself, on the machine a scenario has that says nothing about it. A kernel that it extends has to be
/// in the text as well ([`Whole`]).
#[must_use]
pub fn check_kernel(text: &str) -> Vec<Diagnostic> {
    let mut out = Diagnostics::default();
    // The text is reported as a kernel's, whatever it is.
    let nothing: [(&str, &str); 0] = [];
    match parse_kernels(text, &mut out) {
        Ok(kernels) if !out.failed() => {
            let Some((kernel, extended)) = together(kernels, &nothing, &mut out) else { return out.finish() };
            let mut env = Env::new(MachineSpec::default());
            options::kernel_options(&mut env, &mut out, &kernel);
            let (_, uses) = declare(&mut env, &mut out, &kernel, 2);
            let functions = functions(&env, &mut out, &kernel);
            graph::recursion(&mut out, &env, &functions);
            let invariants: Vec<Body> = kernel
                .invariants
                .iter()
                .map(|decl| check::invariant(&env, &mut out, SourceId::KERNEL, decl))
                .collect();
            let bodies: Vec<&Body> = functions.iter().chain(&invariants).collect();
            graph::unused(&mut out, &env, &kernel, &[], &bodies, &[&uses]);
            share(&mut env, &functions, &bodies);
            if !out.failed() {
                probe(&env, &functions, &mut out);
            }
            out.no_warnings_in(SourceId::KERNEL, &extended);
        }
        Err(Some(scenario)) => {
            let message = "this is a scenario, not a kernel";
            let advice = "this place needs the kernel that a scenario uses: `kernel \"name\" { sys run(next: mm) { ... } }`";
            out.push(Diagnostic::error(SourceId::KERNEL, scenario.name.span, message).advice(advice));
        }
        _ => {}
    }
    out.finish()
}

fn program(
    text: &str,
    texts: &dyn Texts,
    selection: &Selection,
    timed: Option<Option<u8>>,
    out: &mut Diagnostics,
) -> Option<Program> {
    let scenario = match parse(text, SourceId::SCENARIO, out)? {
        File::Scenario(scenario) => *scenario,
        File::Kernel(kernel) => {
            let message = "this is a kernel, not a scenario";
            let advice = format!(
                "a scenario uses it: `scenario \"...\" {{ use kernel \"{}\" cpu 0 {{ ... }} expect never violation; }}`",
                kernel.name.value
            );
            out.push(Diagnostic::error(SourceId::SCENARIO, kernel.name.span, message).advice(advice));
            return None;
        }
        File::Costs(table) => {
            let message = "these are costs, not a scenario";
            out.push(Diagnostic::error(SourceId::SCENARIO, table.name.span, message));
            return None;
        }
    };
    let case = case_chosen(&scenario, selection, out);
    let own = case.and_then(|c| c.uses.as_ref()).or(scenario.uses.as_ref());
    let place = own.map_or(scenario.name.span, |uses| uses.kernel.span);
    let Some(name) = selection.kernel.as_deref().or(own.map(|uses| uses.kernel.value.as_str())) else {
        // In a text with syntax errors it may only have been skipped.
        if !out.failed() {
            let message = "this scenario uses no kernel";
            let advice = "write `use kernel \"name\"`";
            out.push(Diagnostic::error(SourceId::SCENARIO, scenario.name.span, message).advice(advice));
        }
        return None;
    };
    let Some(kernel_text) = texts.kernel(name) else {
        let message = format!("there is no kernel \"{name}\"");
        let names = texts.names();
        let near = did_you_mean(name, names.iter().map(String::as_str));
        let there = || {
            (!names.is_empty() && names.len() <= 5).then(|| format!("the kernels are {}", names.join(", ")))
        };
        let advice = and_looked(near.or_else(there), texts.looked());
        out.push(Diagnostic::error(SourceId::SCENARIO, place, message).maybe(advice));
        return None;
    };
    let whole = Whole::new(kernel_text, texts);
    let kernels = match parse_kernels(&whole.text, out) {
        Ok(kernels) => kernels,
        Err(None) => return None,
        Err(Some(_)) => {
            let message = format!("\"{name}\" is a scenario, not a kernel");
            let advice = "name the text that begins with `kernel \"...\"`";
            out.push(Diagnostic::error(SourceId::SCENARIO, place, message).advice(advice));
            return None;
        }
    };
    // After a syntax error the tree is incomplete, and each missing part would be reported a second
    // time.
    if out.failed() {
        return None;
    }
    let (kernel, extended) = together(kernels, texts, out)?;
    let crowd = crowd(&scenario, timed, out);
    let program = build(text, &scenario, case, (name, place), (&kernel, &extended), (selection, crowd), out);
    out.no_warnings_in(SourceId::KERNEL, &extended);
    program
}

fn case_chosen<'a>(scenario: &'a Scenario, selection: &Selection, out: &mut Diagnostics) -> Option<&'a Case> {
    let wanted = selection.case?;
    let case = scenario.cases.get(usize::from(wanted));
    if case.is_none() {
        let message = format!("this scenario has no case number {wanted}");
        out.push(Diagnostic::warning(SourceId::SCENARIO, scenario.name.span, message));
    }
    case
}

/// How many CPUs a timed run has, and which CPU of the scenario the added ones are like; nothing for a search.
fn crowd(scenario: &Scenario, timed: Option<Option<u8>>, out: &mut Diagnostics) -> Option<(u8, u8)> {
    let said = workload::checked(scenario, out).and_then(|workload| workload.cpus);
    let asked = timed?;
    if let (Some(_), None) = (asked, said) {
        let message = "the workload does not say what further CPUs do";
        let advice = "write `workload { cpus 16 like 1; }`";
        out.push(Diagnostic::error(SourceId::SCENARIO, scenario.name.span, message).advice(advice));
    }
    let (cpus, like) = said?;
    Some((asked.unwrap_or(cpus).min(workload::MAX_TIMED_CPUS), like))
}

/// Added CPUs do what one CPU of the scenario does.
fn join(threads: &mut Vec<Thread>, cpus: Range<u8>, like: u8) {
    let same: Vec<Thread> = threads.iter().filter(|thread| thread.cpu == like).copied().collect();
    threads.extend(cpus.flat_map(|cpu| same.iter().map(move |thread| Thread { cpu, ..*thread })));
}

fn build(
    text: &str,
    scenario: &Scenario,
    case: Option<&Case>,
    (used, place): (&str, Span),
    (kernel, extended): (&Kernel, &[Span]),
    (selection, crowd): (&Selection, Option<(u8, u8)>),
    out: &mut Diagnostics,
) -> Option<Program> {
    let mut env = Env::new(MachineSpec::default());
    let choose = Choose { scenario, case, used, place, selection };
    let (stage, staging) = prepare(&mut env, text, kernel, &choose, out);
    let (mut mms, names) = machine::mms(out, Halves::of(&env.machine), &stage.mms);
    let there = env.machine.cpus;
    let (cpus, like) = crowd.map_or((there, 0), |(cpus, like)| (cpus.max(there), like));
    env.machine.cpus = cpus;
    env.mms = names;
    let (written, machine_options) = choose.options(&mut env, out);
    options::apply(&mut env.machine, &machine_options);

    let (mut cells, declared) = declare(&mut env, out, kernel, mms.len());
    own_names(&env, out);
    initial::values(&env, out, &stage.mms, selection.kernel.is_some(), &mut cells);
    initial::words(&env, out, &stage.words, &mut mms);
    let walks = initial::walks(&env, out, &stage.walks);
    let (walks_off, no_walks) =
        options::no_walks(out, walks, &written, &selection.options, env.machine.cpus, place);
    let functions = functions(&env, out, kernel);
    let setup = cpu_blocks(&env, out, stage.setup.as_deref().unwrap_or(&[]), &[], "setup, cpu");
    let own = case.map_or(&[][..], |case| &case.stage.cpus);
    let threads = cpu_blocks(&env, out, &stage.cpus, own, "cpu");
    twice(out, &stage.cpus);
    let tasks = tasks(&env, out, &scenario.threads);
    if stage.cpus.is_empty() {
        let message = "no CPU does anything in this scenario";
        let advice = "write `cpu 0 { ... }`";
        out.push(Diagnostic::error(SourceId::SCENARIO, scenario.name.span, message).advice(advice));
    }
    graph::recursion(out, &env, &functions);
    let nmis = intrusions::allowed(&env, out, &stage.intrusions, HandlerKind::Nmi);
    let vmexits = intrusions::allowed(&env, out, &stage.intrusions, HandlerKind::VmExit);
    let expectations = expectations(scenario, case, out);
    let checked = finale(&env, out, text, scenario, case, &threads);
    let watched = watched(&stage.watch, Halves::of(&env.machine), &mms, out);
    let invariants = invariants(&env, out, kernel, scenario);
    let blocks = Blocks { setup, threads, tasks, invariants };
    let by_themselves = blocks.setup.iter().chain(&blocks.threads).map(|(_, b)| b);
    let wandering = blocks.tasks.iter().map(|(.., b)| b);
    let looking = blocks.invariants.iter().map(|(_, b)| b);
    let bodies: Vec<&Body> = functions.iter().chain(by_themselves).chain(wandering).chain(looking).collect();
    // A case may have replaced what an option is for.
    let replaced = case.map(|case| stage::parts(text, &case.stage)).unwrap_or_default();
    let own: &[OptionDecl] = if replaced.is_empty() { &scenario.options } else { &[] };
    let others = [&declared, &checked.uses, &staging];
    graph::unused(out, &env, kernel, own, &bodies, &others);
    graph::left_behind(out, kernel, extended, &choose.with(), &bodies, &others);
    share(&mut env, &functions, &bodies);
    if out.failed() {
        return None;
    }
    probe(&env, &functions, out);
    let absent = mms.iter().any(|mm| mm.absent);
    let mut code = lower(&env, &functions, &blocks, &checked, (scenario.name.span, absent), out);
    join(&mut code.setup, there..cpus, like);
    join(&mut code.threads, there..cpus, like);
    guests(out, &mms, &code, &vmexits);
    devices(out, &env.machine, &mms, &code, [&nmis, &vmexits], scenario.name.span);
    vacuous::claims(out, &code, Halves::of(&env.machine));
    vacuous::asked(out, case.map_or(&scenario.expects, |case| &case.expects), &code);
    after_fault::warn(out, scenario, &code.handlers, &code.ops, &code.sites);
    let watched = watch_accesses(watched, &code, scenario.name.span, out);
    unwalked_anyway(&walks_off, &watched, place, out);
    let labelled = labelled(case.map_or(&scenario.expects, |case| &case.expects), &code.labels, out);
    let live = live(&code.ops.iter().map(Op::effects).collect::<Vec<_>>(), &code.observed);
    let values = |texts: &[crate::syntax::Text]| texts.iter().map(|t| t.value.clone()).collect::<Vec<_>>();
    Some(Program {
        name: scenario.name.value.clone(),
        kernel: kernel.name.value.clone(),
        replaced,
        about: values(&scenario.about),
        claim: scenario.claim.as_ref().or(kernel.claim.as_ref()).map(|claim| claim.value.clone()),
        cites: [values(&kernel.cites), values(&scenario.cites)].concat(),
        options: written.into_iter().chain(machine_options).chain(no_walks).collect(),
        machine: env.machine,
        mms,
        variables: env.vars,
        cells,
        code: code.ops,
        sites: code.sites,
        live,
        setup: code.setup,
        threads: code.threads,
        tasks: code.tasks,
        end: code.end,
        handlers: code.handlers,
        nmis,
        vmexits,
        watched,
        walks_off,
        whiles: code.whiles,
        invariants: code.invariants,
        labels: code.labels,
        expectations,
        finale: checked.finale,
        labelled,
    })
}

/// The two sources of the choices of options: the texts, and the selection made outside them.
struct Choose<'a> {
    scenario: &'a Scenario,
    case: Option<&'a Case>,
    /// The kernel's name, and where it is written.
    used: &'a str,
    place: Span,
    selection: &'a Selection,
}

impl Choose<'_> {
    /// The choices for the kernel's options that the texts make.
    fn with(&self) -> Vec<&(Name, Name)> {
        let uses = self.scenario.uses.iter().chain(self.case.and_then(|case| case.uses.as_ref()));
        uses.filter(|uses| uses.kernel.value == self.used).flat_map(|uses| &uses.with).collect()
    }

    /// The options of the texts and of the machine, as they are chosen. The former are put into `env`, too.
    fn options(&self, env: &mut Env, out: &mut Diagnostics) -> (Vec<ProgramOption>, Vec<ProgramOption>) {
        let mut machine_options = options::machine_options(&env.machine, &env.options);
        for uses in self.scenario.uses.iter().chain(self.case.and_then(|case| case.uses.as_ref())) {
            let meant = match &self.selection.kernel {
                _ if uses.kernel.value == self.used => Meant::Here,
                Some(_) => Meant::WhereItFits,
                None => Meant::ForAnother,
            };
            options::with(out, &mut env.options, &mut machine_options, &uses.with, meant);
        }
        let mut all = env.options.clone();
        all.append(&mut machine_options);
        options::select(out, &mut all, &self.selection.options, self.place);
        let machine_options = all.split_off(env.options.len());
        env.options = all;
        (env.options.clone(), machine_options)
    }
}

/// Declares options and everything that sets up the machine; then makes the machine. Wrong choices are reported later,
/// when the machine's own options are known.
fn prepare(
    env: &mut Env,
    text: &str,
    kernel: &Kernel,
    choose: &Choose<'_>,
    out: &mut Diagnostics,
) -> (Stage, Uses) {
    options::kernel_options(env, out, kernel);
    options::scenario_options(env, out, &choose.scenario.options);
    let written = env.options.clone();
    choose.options(env, &mut Diagnostics::default());
    env.settled = false;
    let (stage, staging) = staged(env, out, text, choose.scenario, choose.case);
    env.settled = true;
    env.machine = machine::machine(out, &stage.machine);
    let threads = &choose.scenario.threads;
    env.machine.threads = u8::try_from(threads.len()).unwrap_or(u8::MAX);
    let first = u64::from(env.machine.cpus);
    for (task, thread) in (first..).zip(threads) {
        env.tasks.insert(thread.name.text.clone(), task);
    }
    env.options = written;
    (stage, staging)
}

/// Decides which contexts can see each variable, whatever the options are.
fn share(env: &mut Env, functions: &[Body], bodies: &[&Body]) {
    let mut remote: BTreeSet<VarId> = BTreeSet::new();
    bodies.iter().for_each(|body| remote.extend(&body.uses.remote));
    let touched = |kinds: &[FunctionKind]| {
        let mut touched: BTreeSet<VarId> = BTreeSet::new();
        let reached = graph::in_interrupts(env, functions, kinds);
        reached.iter().for_each(|&id| touched.extend(&functions[id].uses.vars));
        touched
    };
    let handled = touched(&[FunctionKind::Ipi]);
    // Where an interrupt may switch to another thread, anything may happen in it.
    let preempts = env.machine.threads > 0 && env.functions.iter().any(|f| f.kind == FunctionKind::Irq);
    let intruded = touched(&[FunctionKind::Nmi, FunctionKind::VmExit]);
    for (n, variable) in env.vars.iter_mut().enumerate() {
        let Ok(id) = u16::try_from(n) else { return };
        // What passes a limit ends the run for all, so its stores are steps.
        variable.shared = variable.scope != Scope::PerCpu || remote.contains(&id) || variable.limit.is_some();
        variable.in_handlers = preempts || handled.contains(&id);
        variable.in_intruders = intruded.contains(&id);
    }
}
