//! Small machines from inline texts, and two ways to run them: step by step, and all ways at once.
#![allow(clippy::disallowed_types, reason = "no result depends on an order")]

pub use explore::{PropertySet, System};
pub use machine::*;
use std::collections::HashSet;

/// A page of the mm `A`.
pub const VA: u64 = 0x40_0000;

/// A machine with a kernel of these items. `run(A)` and `run(B)` load a process, `kthread()` leaves it loaded.
pub fn machine(kernel: &str, scenario: &str) -> Machine {
    laid_out(kernel, scenario).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// The same of texts that may be refused when they are laid out.
pub fn laid_out(kernel: &str, scenario: &str) -> Result<Machine, MachineRefusal> {
    let kernel = format!(
        "kernel \"k\" {{
            sys run(m: mm) {{ write_cr3(m.pgd, 0); }}
            sys kthread() {{ }}
            {kernel}
        }}"
    );
    let scenario = format!("scenario \"s\" {{ use kernel \"k\" {scenario} expect never machine_check; }}");
    let compiled = lang::compile(&scenario, &[("k", kernel.as_str())], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    Machine::new(program)
}

/// One execution, step by step.
pub struct Run<'a> {
    pub machine: &'a Machine,
    pub state: State,
    /// Properties of all steps so far.
    pub properties: PropertySet,
    /// Events of the last step.
    pub events: Vec<What>,
}

impl<'a> Run<'a> {
    pub fn new(machine: &'a Machine) -> Run<'a> {
        Run { machine, state: machine.initial(), properties: PropertySet::NONE, events: Vec::new() }
    }

    pub fn enabled(&self) -> Vec<Action> {
        let mut enabled = Vec::new();
        self.machine.enabled(&self.state, &mut enabled);
        enabled
    }

    pub fn can(&self, action: Action) -> bool {
        self.enabled().contains(&action)
    }

    /// Takes an action, which must be enabled.
    pub fn take(&mut self, action: Action) -> &mut Self {
        assert!(self.can(action), "{action:?} is not among {:?}", self.enabled());
        let mut events: Vec<Event> = Vec::new();
        self.properties |= self.machine.step(&mut self.state, action, &mut events);
        self.events = events.into_iter().map(|event| event.what).collect();
        self
    }

    pub fn step(&mut self, cpu: u8) -> &mut Self {
        self.take(Action::Step { cpu })
    }

    pub fn drain(&mut self, cpu: u8) -> &mut Self {
        self.take(Action::Drain { cpu })
    }

    /// Runs the software of a CPU until nothing of it is enabled.
    pub fn software(&mut self, cpu: u8) -> &mut Self {
        while self.can(Action::Step { cpu }) {
            self.step(cpu);
        }
        self
    }

    /// What the next operation of a CPU waits for.
    pub fn blocked(&self, cpu: u8) -> Option<Blocked> {
        self.machine.blocked(&self.state, cpu)
    }

    /// Walks that a CPU may make now.
    pub fn walks(&self, cpu: u8) -> Vec<Action> {
        let walk = |action: &Action| action.cpu() == cpu && action.speculative();
        self.enabled().into_iter().filter(walk).collect()
    }

    /// Lets a CPU walk until there is nothing new for it to find.
    pub fn walk_all(&mut self, cpu: u8) -> &mut Self {
        while let Some(&walk) = self.walks(cpu).first() {
            self.take(walk);
        }
        self
    }

    /// Lets a CPU walk from where a table pointer of a level is cached.
    pub fn walk_from(&mut self, cpu: u8, level: x86::Level) -> &mut Self {
        let from = From::Psc { level, copy: 0 };
        self.take(Action::Walk { cpu, va: 0, from, own: false })
    }

    /// How many translations and table pointers a CPU has cached.
    pub fn cached(&self, cpu: u8) -> (usize, usize) {
        let hw = &self.state.cpus[cpu as usize].hw;
        (hw.tlb.len(), hw.psc.len())
    }

    /// The value of a global variable in memory.
    pub fn global(&self, name: &str) -> u64 {
        global(self.machine, &self.state, name)
    }

    pub fn shows(&self, property: Property) -> bool {
        self.properties.intersects(property.as_set())
    }
}

/// The value of a global variable in memory.
pub fn global(machine: &Machine, state: &State, name: &str) -> u64 {
    let variable = machine.program().variables.iter().find(|variable| variable.name == name);
    state.cells[variable.unwrap_or_else(|| panic!("no variable {name}")).base as usize]
}

/// The two variables that [`ends`] looks at, for a kernel.
pub const G: &str = "global g: int = 0; global got: int = 9;";

/// `g` and `got` where executions are complete, and all properties.
pub fn ends(machine: &Machine) -> (Vec<(u64, u64)>, PropertySet) {
    let mut values = Vec::new();
    let properties = everywhere(machine, |state, _| {
        if machine.all_done(state) {
            values.push((global(machine, state, "g"), global(machine, state, "got")));
        }
    });
    values.sort_unstable();
    values.dedup();
    (values, properties)
}

/// Every state that can be reached, each with what is enabled in it; returns the properties of all steps.
pub fn everywhere(machine: &Machine, mut each: impl FnMut(&State, &[Action])) -> PropertySet {
    let mut known = HashSet::from([machine.initial()]);
    let mut todo = vec![machine.initial()];
    let mut properties = PropertySet::NONE;
    while let Some(state) = todo.pop() {
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        properties |= machine.observe(&state, &enabled);
        each(&state, &enabled);
        for action in enabled {
            let mut next = state.clone();
            properties |= machine.step(&mut next, action, &mut ());
            if known.insert(next.clone()) {
                todo.push(next);
            }
        }
    }
    properties
}

/// How many states can be reached.
pub fn count(machine: &Machine) -> usize {
    let mut states = 0;
    everywhere(machine, |_, _| states += 1);
    states
}

/// Whether some execution shows a property.
pub fn possible(machine: &Machine, property: Property) -> bool {
    everywhere(machine, |_, _| ()).intersects(property.as_set())
}

/// All values that some global variables have together when everything is done.
pub fn outcomes<const N: usize>(machine: &Machine, names: [&str; N]) -> Vec<[u64; N]> {
    let mut found = Vec::new();
    everywhere(machine, |state, enabled| {
        if machine.ended(state, enabled) && state.cpus.iter().all(|cpu| cpu.buffer.is_empty()) {
            found.push(names.map(|name| global(machine, state, name)));
        }
    });
    found.sort_unstable();
    found.dedup();
    found
}
