//! What a run costs, counted.

use explore::{System, Trace};
use lang::program::Mode;
use machine::{Machine, What};

/// The costly operations of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// IPIs sent: one for each CPU that gets one.
    pub ipis: u32,
    /// Of these, to CPUs that sleep, idle or run a kernel thread.
    pub ipis_to_idle: u32,
    /// CR3 writes.
    pub cr3_writes: u32,
    /// Of these, with nothing invalidated.
    pub cr3_kept: u32,
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        let Cost { ipis, ipis_to_idle, cr3_writes, cr3_kept } = other;
        self.ipis += ipis;
        self.ipis_to_idle += ipis_to_idle;
        self.cr3_writes += cr3_writes;
        self.cr3_kept += cr3_kept;
    }
}

impl Cost {
    /// Counts.
    #[must_use]
    pub fn of(machine: &Machine, trace: &Trace<Machine>) -> Cost {
        let mut cost = Cost::default();
        let mut state = machine.initial();
        for step in trace.steps() {
            for event in &step.events {
                match event.what {
                    What::IpiSent { targets, .. } => {
                        let cpus = state.cpus.iter().enumerate();
                        let asked = cpus.filter(|(number, _)| targets >> number & 1 == 1);
                        for (_, cpu) in asked {
                            cost.ipis += 1;
                            cost.ipis_to_idle += u32::from(matches!(cpu.mode, Mode::Kthread | Mode::Idle));
                        }
                    }
                    What::Cr3Written { noflush, .. } => {
                        cost.cr3_writes += 1;
                        cost.cr3_kept += u32::from(noflush);
                    }
                    _ => {}
                }
            }
            machine.step(&mut state, step.action, &mut ());
        }
        cost
    }
}
