//! Words for IPIs: who gets one, who does not, and who waits.

use super::{Says, Telling};
use crate::action;
use crate::name;
use crate::view::Tone;
use lang::effects::{Sends, Waits};
use lang::program::{Mode, Scope, Type};
use machine::{Loc, MOST_WAITING};

impl Telling<'_> {
    pub(super) fn ipi_sent(&self, handler: u8, args: &[(Type, u64)], targets: u64, omitted: u64) -> Says {
        let call = self.names.call(handler, args);
        let clause = if targets == 0 {
            format!("has no CPU to send {call} to")
        } else {
            format!("sends {call} to {}", name::cpu_list(targets))
        };
        let mut says = Says::new(self.subject(), clause);
        if omitted != 0 {
            says.clauses.push(self.left_out(args, omitted));
            says.tone = Tone::Stale;
        }
        let idle = |cpu: &u8| matches!(self.before.cpus[*cpu as usize].mode, Mode::Kthread | Mode::Idle);
        let disturbed: u64 = name::members(targets).filter(idle).map(|cpu| 1 << cpu).sum();
        if disturbed != 0 {
            let (runs, is) = if disturbed.count_ones() == 1 { ("runs", "is") } else { ("run", "are") };
            says.clauses.push(format!(
                "{} {runs} no user code and {is} interrupted all the same",
                name::cpu_list(disturbed)
            ));
        }
        says
    }

    pub(super) fn no_room(&self, at: u8) -> Says {
        let what = match self.row().sends {
            Some(Sends::Broadcasts) => name::queued(self.names.machine.map().vendor),
            Some(Sends::Ipis(_) | Sends::RcuFrames) | None => "IPI",
        };
        let clause =
            format!("waits: {MOST_WAITING} {what}s already wait at CPU {at}, and the model keeps no more");
        Says::new(self.subject(), clause).because(
            "This is a limit of the model. The model does not show what could happen with one more.",
            &[],
        )
    }

    /// `CPU 1 has A loaded but is not in A.cpumask: it gets no IPI`.
    fn left_out(&self, args: &[(Type, u64)], omitted: u64) -> String {
        let who = name::cpu_list(omitted);
        let one = omitted.count_ones() == 1;
        let (has, is, gets) =
            if one { ("has", "is", "it gets no IPI") } else { ("have", "are", "they get no IPI") };
        let Some(mm) = args.iter().find(|arg| arg.0 == Type::Mm).map(|arg| arg.1) else {
            return format!("{who} {} none", if one { "gets" } else { "get" });
        };
        let loaded = format!("{who} {has} {} loaded", self.names.mm(mm));
        match self.set_without(mm, omitted) {
            Some(set) => format!("{loaded} but {is} not in {set}: {gets}"),
            None => format!("{loaded}, but {gets}"),
        }
    }

    /// A set of CPUs that the mm keeps, in which none of `omitted` is.
    fn set_without(&self, mm: u64, omitted: u64) -> Option<String> {
        let program = self.names.machine.program();
        let mm = u16::try_from(mm).ok().filter(|&mm| usize::from(mm) < program.mms.len())?;
        program.variables.iter().find_map(|variable| {
            let set = variable.scope == Scope::PerMm && variable.ty == Type::Cpus && !variable.array;
            let cell = variable.base + mm * variable.len;
            let without = set && self.before.cells[cell as usize] & omitted == 0;
            without.then(|| self.names.loc(self.before, self.cpu, Loc::Cell(cell)))
        })
    }

    pub(super) fn ipi_taken(&self, handler: u8, sender: u8) -> Says {
        let handler = self.names.handler(handler);
        Says::new(self.subject(), format!("takes CPU {sender}'s IPI and begins {handler}"))
    }

    pub(super) fn irqs_on(&self, on: bool) -> Says {
        let says = Says::new(self.subject(), format!("turns interrupts {}", if on { "on" } else { "off" }));
        match self.before.cpus[self.cpu as usize].handler {
            Some(_) => says
                .because("At the handler's end IRET brings back the flag of the interrupted program.", &[]),
            None => says,
        }
    }

    pub(super) fn ipi_done(&self, handler: u8, sender: u8) -> Says {
        let handler = self.names.handler(handler);
        Says::new(self.subject(), format!("finishes {handler}, and CPU {sender} can see that"))
    }

    pub(super) fn cut_in(&self, handler: u8) -> Says {
        let name = self.names.handler(handler);
        let this = &self.before.cpus[self.cpu as usize];
        let what = if this.handler.is_some() {
            ", in the middle of an IPI handler"
        } else if !this.irqs_on {
            ", though interrupts are off"
        } else {
            ""
        };
        if self.names.machine.preempted(&self.after.cpus[self.cpu as usize]) {
            Says::new(self.subject(), format!("is preempted by the host{what}; the host begins {name}"))
                .because(
                    "The guest makes no walk until it runs again. The cached entries of the CPU stay.",
                    &[],
                )
        } else {
            Says::new(self.subject(), format!("takes an NMI{what}, and begins {name}"))
        }
    }

    pub(super) fn cut_in_done(&self, handler: u8) -> Says {
        let name = self.names.handler(handler);
        if self.names.machine.preempted(&self.before.cpus[self.cpu as usize]) {
            Says::new(format!("CPU {}", self.cpu), format!("runs again: the host has finished {name}"))
        } else {
            let what = if self.before.cpus[self.cpu as usize].intruder.is_some() { "the NMI" } else { "it" };
            let clause = format!("finishes {name} and returns to the code that {what} interrupted");
            Says::new(self.subject(), clause)
        }
    }

    pub(super) fn waited(&self) -> Says {
        let clause = match self.row().waits {
            Waits::Condition => match action::condition(self.names, self.before, self.cpu) {
                Some(condition) => format!("sees that {condition} and continues"),
                None => "continues".to_owned(),
            },
            Waits::Commands => "sees that its commands have been carried out and continues".to_owned(),
            Waits::Broadcasts => {
                let what = name::queued(self.names.machine.map().vendor);
                format!("sees that its {what}s have been carried out and continues")
            }
            Waits::Ipis => "has no IPI left to wait for and continues".to_owned(),
            Waits::Never | Waits::Room | Waits::Frame | Waits::Lock | Waits::Ended => "continues".to_owned(),
        };
        Says::new(self.subject(), clause)
    }
}
