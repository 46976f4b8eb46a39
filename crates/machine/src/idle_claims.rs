//! Claims that say nothing: those that no CPU reaches, and those about addresses of which no CPU has ever cached anything.
//!
//! For such a claim "never" is true but says nothing. This file finds them from the places where the CPUs stood in all states
//! of a complete search, and from what they had cached there.

use crate::Machine;
use crate::number::{hardware, software};
use explore::{Exploration, Factored, Handle};
use lang::program::{Claimed, Op, Pc};
use lang::source::{SourceId, Span};
use x86::{Ghost, Level, Space, SpaceKind, VirtAddr};

/// What a claim is about: the kind, the space, and the addresses from the first to the one behind the last.
type About = (bool, u64, u64, u64);

impl Machine {
    /// The claims of a complete search that say nothing, each statement by one of its operations, and whether some CPU has come
    /// to it.
    pub(crate) fn idle_claims<M: Handle<System = Machine>>(
        &self,
        search: &impl Exploration<M>,
    ) -> Vec<(Pc, bool)> {
        // A call is carried out where it stands, so one statement may be several operations.
        let mut claims: Vec<(Pc, (SourceId, Span))> = Vec::new();
        for (pc, (op, site)) in (0..).zip(self.program.code.iter().zip(&self.program.sites)) {
            if op.claim().is_some() {
                claims.push((pc, (site.source, site.span)));
            }
        }
        if claims.is_empty() {
            return Vec::new();
        }
        let made = self.claims_made(search);
        let cached = self.cached_for(search, made.iter().map(|made| made.1).collect());
        let mut idle: Vec<(Pc, bool)> = Vec::new();
        for (at, &(pc, place)) in claims.iter().enumerate() {
            let same: Vec<Pc> = claims.iter().filter(|claim| claim.1 == place).map(|claim| claim.0).collect();
            let mut of_these = made.iter().filter(|made| same.contains(&made.0)).peekable();
            let reached = of_these.peek().is_some();
            let first = claims[..at].iter().all(|claim| claim.1 != place);
            if first && !of_these.any(|made| cached.contains(&made.1)) {
                idle.push((pc, reached));
            }
        }
        idle
    }

    /// The claims that CPUs have reached, with what each was about.
    fn claims_made<M: Handle<System = Machine>>(&self, search: &impl Exploration<M>) -> Vec<(Pc, About)> {
        let mut made = Vec::new();
        let mut scratch = self.initial.clone();
        for cpu in 0..self.program.machine.cpus {
            let _ = search.any_value(software(cpu), |bytes| {
                self.unpack_part(bytes, software(cpu), &mut scratch);
                let pc = scratch.cpus[usize::from(cpu)].context().pc;
                let claim = self.program.code.get(usize::from(pc)).and_then(Op::claim);
                if let Some((what, mm, start, end)) = claim {
                    let value = |operand| self.operand(&scratch, cpu, operand);
                    let claim = (pc, (what == Claimed::All, value(mm), value(start), value(end)));
                    if !made.contains(&claim) {
                        made.push(claim);
                    }
                }
                false
            });
        }
        made
    }

    /// Those of some claims about which any CPU had something cached in some state.
    fn cached_for<M: Handle<System = Machine>>(
        &self,
        search: &impl Exploration<M>,
        mut open: Vec<About>,
    ) -> Vec<About> {
        let mut cached = Vec::new();
        let mut scratch = self.initial.clone();
        for cpu in 0..self.program.machine.cpus {
            let _ = search.any_value(hardware(cpu), |bytes| {
                self.unpack_part(bytes, hardware(cpu), &mut scratch);
                let hw = &scratch.cpus[usize::from(cpu)].hw;
                open.retain(|&about| {
                    let (all, mm, start, end) = about;
                    let Ok(mm) = self.mm(mm) else { return true };
                    let second = self.program.mms[usize::from(mm)].second;
                    // Entries of high levels are about a lot; what counts is an address that somebody may walk.
                    let walked = || {
                        self.claimable(mm).map(VirtAddr::get).filter(|va| (start & !0xfff..end).contains(va))
                    };
                    let covers = |tag: u64, level: Level, space: Space, ghost: Ghost| {
                        let (tag, level) =
                            match ghost.gfn.filter(|_| second && space.kind == SpaceKind::Combined) {
                                Some(gfn) => (gfn.0, Level::Pt),
                                None => (tag, level),
                            };
                        self.about(mm, ghost, space.kind) && walked().any(|va| va >> level.shift() == tag)
                    };
                    let translations = || hw.tlb.iter().any(|e| covers(e.page, e.level, e.space, e.ghost));
                    let found = all && translations()
                        || hw.psc.iter().any(|e| covers(e.tag, e.level, e.space, e.ghost));
                    cached.extend(found.then_some(about));
                    !found
                });
                open.is_empty()
            });
        }
        cached
    }
}
