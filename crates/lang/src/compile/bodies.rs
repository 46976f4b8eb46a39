//! The bodies of a text, checked: functions, what the CPUs and threads run, invariants.

use crate::check;
use crate::check::env::{Env, Signature};
use crate::check::hir::Body;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::{MAX_TASKS, MmId};
use crate::source::SourceId;
use crate::syntax::{Amount, CpuBlock, Function, Kernel, Scenario, ThreadDecl};

pub(super) fn functions(env: &Env, out: &mut Diagnostics, kernel: &Kernel) -> Vec<Body> {
    let pairs = kernel.functions.iter().zip(&env.functions);
    pairs
        .map(|(function, signature): (&Function, &Signature)| {
            check::function(env, out, function, signature.ret)
        })
        .collect()
}

/// What CPUs run, by their numbers. `own` are the blocks of the case that is chosen, some of which may be among these.
pub(super) fn cpu_blocks(
    env: &Env,
    out: &mut Diagnostics,
    blocks: &[CpuBlock],
    own: &[CpuBlock],
    what: &str,
) -> Vec<(u8, Body)> {
    let mut bodies = Vec::new();
    for block in blocks {
        let cpu = block.cpu.value;
        // A case with fewer CPUs takes a block away by an empty one.
        let takes_away = || own.iter().any(|own| own.cpu.span == block.cpu.span);
        if cpu >= env.machine.cpus.into() && block.body.stmts.is_empty() && takes_away() {
            continue;
        }
        if cpu >= env.machine.cpus.into() {
            let message = format!("there is no CPU {cpu}");
            let advice = format!(
                "the machine has CPUs 0 to {}; write `cpus {};`",
                env.machine.cpus - 1,
                cpu.saturating_add(1)
            );
            out.push(Diagnostic::error(SourceId::SCENARIO, block.cpu.span, message).advice(advice));
        }
        let body = check::cpu_block(env, out, block, format!("{what} {cpu}"));
        bodies.push((u8::try_from(cpu).unwrap_or(0), body));
    }
    bodies
}

/// The threads, each with the address space whose user code it is.
pub(super) fn tasks(
    env: &Env,
    out: &mut Diagnostics,
    threads: &[ThreadDecl],
) -> Vec<(String, Option<MmId>, Body)> {
    let mut tasks = Vec::new();
    for (n, thread) in threads.iter().enumerate() {
        let mut error =
            |span, message: String| out.push(Diagnostic::error(SourceId::SCENARIO, span, message));
        let name = &thread.name;
        if n == MAX_TASKS {
            error(name.span, format!("more than {MAX_TASKS} threads"));
            break;
        }
        if threads[..n].iter().any(|other| other.name.text == name.text) {
            error(name.span, format!("thread `{}` is there twice", name.text));
        }
        if env.mms.contains_key(&name.text) || check::builtin::is_builtin(&name.text) {
            error(name.span, format!("`{}` is something else already", name.text));
        }
        let mm = thread.mm.as_ref().map(|mm| {
            env.mms.get(&mm.text).map(|found| found.0).unwrap_or_else(|| {
                error(mm.span, format!("there is no mm `{}`", mm.text));
                0
            })
        });
        let cpu = Amount { value: 0, span: name.span, named: false };
        let block = CpuBlock { cpu, body: thread.body.clone() };
        let body = check::cpu_block(env, out, &block, format!("thread {}", name.text));
        tasks.push((name.text.clone(), mm, body));
    }
    tasks
}

pub(super) fn twice(out: &mut Diagnostics, blocks: &[CpuBlock]) {
    for (n, block) in blocks.iter().enumerate().take(64) {
        if let Some(first) = blocks[..n].iter().find(|b| b.cpu.value == block.cpu.value) {
            let message = format!("CPU {} has two blocks", block.cpu.value);
            let diagnostic = Diagnostic::error(SourceId::SCENARIO, block.cpu.span, message);
            out.push(diagnostic.related(SourceId::SCENARIO, first.cpu.span, "first here"));
        }
    }
}

/// All invariants, the kernel's first, each with its name.
pub(super) fn invariants(
    env: &Env,
    out: &mut Diagnostics,
    kernel: &Kernel,
    scenario: &Scenario,
) -> Vec<(String, Body)> {
    let kernels = kernel.invariants.iter().map(|decl| (SourceId::KERNEL, decl));
    let all = kernels.chain(scenario.invariants.iter().map(|decl| (SourceId::SCENARIO, decl)));
    all.map(|(source, decl)| (decl.name.value.clone(), check::invariant(env, out, source, decl))).collect()
}
