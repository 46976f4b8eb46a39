//! What the costs are about: a workload with its kernels, and a table of costs.

use super::basis::Basis;
use super::over::said;
use super::{COSTS, KEPT, OWN, PRESET, Timed, WORKLOAD, costs_text};
use experiment::{Experiment, Kernels};
use lang::diagnostic::Diagnostic;
use std::rc::Rc;

impl Timed {
    /// Makes sure that there are the texts that are named; whether there are. The page may not have the library yet, and a link
    /// may name what the library does not have: then what is shown at first takes its place.
    pub(super) fn complete(&mut self) -> bool {
        let own = self.workload == OWN && self.own.is_some();
        if !own && gallery::workload(&self.workload).is_none() && gallery::workload(WORKLOAD).is_some() {
            WORKLOAD.clone_into(&mut self.workload);
        }
        if self.text.is_empty() {
            if costs_text(&self.preset).is_empty() {
                PRESET.clone_into(&mut self.preset);
            }
            self.text = costs_text(&self.preset);
        }
        !self.workload_text().is_empty() && !self.text.is_empty()
    }

    /// Notes the scenario on the stage, if it has a workload. A round that came from here is none of the reader's.
    pub(super) fn look_at(&mut self, stage: &Experiment) {
        let same = |own: &Experiment| {
            own.scenario == stage.scenario
                && (&own.selection.case, &own.selection.options)
                    == (&stage.selection.case, &stage.selection.options)
        };
        // With other choices the reader's own scenario is another one, also while it is timed.
        let here = self.workload != OWN && self.base.texts.scenario == stage.scenario;
        if self.own.as_ref().is_some_and(same) || here {
            return;
        }
        let timed = lang::workload::workload(&stage.scenario).is_ok_and(|said| said.is_some());
        let library = || gallery::workloads().map(|text| cost::experiment_of(text.text).scenario);
        if timed && library().all(|scenario| scenario != stage.scenario) {
            self.own = Some(Experiment { kernels: Kernels::default(), ..stage.on_kernel(None) });
            if self.workload == OWN {
                self.rebase();
            }
            self.base_all();
        }
    }

    /// Workload, kernels or costs are other ones.
    pub(super) fn rebase(&mut self) {
        if !self.complete() {
            return;
        }
        let texts = self.texts_of(&self.workload);
        let mut used = self.text.clone();
        match cost::costs_of(&used) {
            Ok(costs) => {
                self.costs = Some(Rc::new(costs));
                self.diagnostics = Rc::default();
            }
            // What was there before stays.
            Err(found) => {
                let here = |found: Diagnostic| Diagnostic { source: COSTS, ..found };
                self.diagnostics = Rc::new(found.into_iter().map(here).collect());
                used = if self.costs.is_some() { self.base.costs.clone() } else { costs_text(&self.preset) };
                if self.costs.is_none() {
                    self.costs = cost::costs_of(&used).ok().map(Rc::new);
                }
            }
        }
        if let Some(costs) = &self.costs {
            self.said = Rc::new(said(&texts, costs));
            self.load = Rc::new(lang::workload::workload(&texts.scenario).ok().flatten().unwrap_or_default());
            self.cpus = texts.program().program.map_or(2, |program| program.machine.cpus);
        }
        let base = Basis { texts, costs: used };
        if *self.base == base {
            return self.base_all();
        }
        self.remember();
        if base.texts.scenario != self.base.texts.scenario {
            self.before = Rc::default();
        }
        let (base, found) = (Rc::new(base), std::mem::take(&mut self.found));
        let kept = Rc::make_mut(&mut self.kept);
        kept.retain(|known| known.0 != self.base);
        kept.insert(0, (self.base.clone(), found));
        kept.truncate(KEPT);
        if let Some(known) = kept.iter().find(|known| known.0 == base) {
            self.found = known.1.clone();
        }
        self.base = base;
        for asked in &mut self.asked {
            // What is under way is about something else.
            asked.runs = Rc::default();
            asked.stopped = asked.job;
        }
        self.base_all();
    }

    /// The texts of a workload, with the kernels of the reader.
    pub(super) fn texts_of(&self, workload: &str) -> Experiment {
        let mut texts = match &self.own {
            Some(own) if workload == OWN => own.clone(),
            _ => cost::experiment_of(gallery::workload(workload).map_or("", |text| text.text)),
        };
        for (name, text) in self.kernels.iter() {
            if texts.kernels.own(name).is_none() {
                texts.kernels.insert(name.to_owned(), text.clone());
            }
        }
        texts
    }
}
