//! What may come at any time: NMIs, and the host of a virtual machine. A kernel says what happens then. A scenario
//! says on which CPUs they may come, and how often.

use crate::check::env::Env;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::{HandlerKind, MAX_INTRUSIONS};
use crate::source::SourceId;
use crate::syntax::{FunctionKind, Intrusion};

impl FunctionKind {
    /// Which kind of handler it is, if it is one.
    pub(crate) fn handler(self) -> Option<HandlerKind> {
        match self {
            FunctionKind::Fn | FunctionKind::Sys => None,
            FunctionKind::Ipi => Some(HandlerKind::Ipi),
            FunctionKind::Nmi => Some(HandlerKind::Nmi),
            FunctionKind::VmExit => Some(HandlerKind::VmExit),
            FunctionKind::Fault => Some(HandlerKind::Fault),
            FunctionKind::Irq => Some(HandlerKind::Irq),
            FunctionKind::Exit => Some(HandlerKind::Exit),
        }
    }
}

impl HandlerKind {
    /// The word that a text has for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            HandlerKind::Ipi => "ipi",
            HandlerKind::Nmi => "nmi",
            HandlerKind::VmExit => "vmexit",
            HandlerKind::Fault => "fault",
            HandlerKind::Irq => "irq",
            HandlerKind::Exit => "exit",
        }
    }
}

/// For each CPU, how many of a kind may come there.
pub(crate) fn allowed(
    env: &Env,
    out: &mut Diagnostics,
    intrusions: &[Intrusion],
    kind: HandlerKind,
) -> Vec<u8> {
    let mut counts = vec![0u8; env.machine.cpus.into()];
    let word = kind.word();
    for intrusion in intrusions.iter().filter(|intrusion| intrusion.kind == kind) {
        let mut error = |message: String, advice: String| {
            out.push(Diagnostic::error(SourceId::SCENARIO, intrusion.cpu.span, message).advice(advice));
        };
        if !env.functions.iter().any(|function| function.kind.handler() == Some(kind)) {
            let advice = format!("a kernel has one if it says `{word} name() {{ }}`");
            error(format!("this kernel has no {word} handler"), advice);
            break;
        }
        let cpu = usize::try_from(intrusion.cpu.value).unwrap_or(usize::MAX);
        match counts.get_mut(cpu) {
            Some(count) if *count < MAX_INTRUSIONS => *count += 1,
            Some(_) => {
                let message = format!("more than {MAX_INTRUSIONS} of them on one CPU");
                error(message, "each makes a search larger by far".to_owned());
            }
            None => {
                let last = env.machine.cpus - 1;
                error(
                    format!("there is no CPU {}", intrusion.cpu.value),
                    format!("the machine has CPUs 0 to {last}"),
                );
            }
        }
    }
    counts
}
