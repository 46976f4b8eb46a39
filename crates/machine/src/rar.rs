//! Remote action requests (Intel, H72): INVPCID on other CPUs, by microcode.
//!
//! A request waits at each CPU of a set until the CPU carries it out, at any moment. The queue is that of INVLPGBs, which
//! no processor of Intel's has.

use crate::step::Stepping;
use crate::{Bug, CpuState, MOST_WAITING, Machine, Sent, VmFault, What};
use lang::program::{Operand, RarOp};
use x86::{Broadcast, Pcid, Vendor};

impl Machine {
    /// Sends a request, unless one of its targets has no room for it; whether the operation is over.
    pub(crate) fn send_rar(
        &self,
        step: &mut Stepping<'_>,
        op: RarOp,
        targets: Operand,
        pcid: u64,
        va: u64,
    ) -> bool {
        if !self.has(step, Vendor::Intel) {
            return true;
        }
        if step.state.cpus[usize::from(step.cpu)].in_guest() {
            step.bug(Bug::Vm(VmFault::InGuest));
            return true;
        }
        let targets = self.others(step.state, step.cpu, targets);
        let tag = Pcid((pcid & 0xffff) as u16);
        if targets == 0 {
            // Nothing is executed, so nothing can be wrong either.
            let broadcast = Broadcast::request(tag, self.map.linear(va).filter(|_| op == RarOp::Addr));
            step.event(|| What::RarSent { targets, broadcast });
            return true;
        }
        // What is an error of INVPCID is an answer that tells of failure. The kernel of the patches has nothing else to do then.
        if pcid > 4095 || (!self.control.pcide && pcid != 0) {
            step.bug(Bug::GeneralProtection(tag));
            return true;
        }
        let address = match (op, self.map.linear(va)) {
            (RarOp::Addr, None) => {
                step.bug(Bug::NotCanonical(va));
                return true;
            }
            (RarOp::Addr, found) => found,
            (RarOp::Single, _) => None,
        };
        let full = |(cpu, target): &(u8, &CpuState)| {
            targets >> cpu & 1 == 1 && target.broadcasts.len() >= MOST_WAITING
        };
        if let Some((cpu, _)) = (0..).zip(&step.state.cpus).find(full) {
            self.wait_for_room(step, cpu);
            return false;
        }
        let (sender, broadcast) = (step.cpu, Broadcast::request(tag, address));
        for (_, cpu) in (0..).zip(&mut step.state.cpus).filter(|&(cpu, _)| targets >> cpu & 1 == 1) {
            cpu.broadcasts.push(Sent { sender, broadcast });
        }
        step.event(|| What::RarSent { targets, broadcast });
        true
    }

    /// Every request of the CPU has been carried out.
    pub(crate) fn rar_wait(&self, step: &mut Stepping<'_>) {
        if self.has(step, Vendor::Intel) {
            step.event(|| What::Waited);
        }
    }
}
