//! The costs in a link: what it says of them, and what it shows. The overview of every workload is a workload there, whose name has
//! the number that the overview shows and the workload that a round was put on the stage from. A page that knows no overview
//! shows what is shown at first.

use super::{ALL, MOST_COMPARED, OWN, Timed, costs_text, number_name};
use cost::SHOWN;
use link::TimedCosts;
use std::rc::Rc;

impl Timed {
    /// What a link says of it; nothing as long as the table is not open.
    #[must_use]
    pub fn linked(&self) -> Option<link::TimedTable> {
        let costs = match self.is_edited() {
            false => TimedCosts::Library(self.preset.clone()),
            true => TimedCosts::Text(self.preset.clone(), self.text.to_string()),
        };
        let over = self.over.clone();
        let (mut workload, changes) = (self.workload.clone(), self.changes.clone());
        if let Some(shown) = self.number().and_then(|number| SHOWN.get(number)) {
            workload = format!("{ALL}{}*{workload}", number_name(shown));
        }
        let contest = [0, 1].map(|place| self.contest[place].clone());
        let more = self.contest[2..].to_vec();
        self.open.then_some(link::TimedTable { workload, costs, changes, contest, more, over })
    }

    /// The table that a link shows.
    #[must_use]
    pub fn following(&self, linked: Option<link::TimedTable>) -> Timed {
        let Some(linked) = linked else { return Timed { open: false, ..self.clone() } };
        let link::TimedTable { mut workload, costs, changes, contest, more, over } = linked;
        let mut number = None;
        if let Some((name, of)) = workload.strip_prefix(ALL).and_then(|overview| overview.split_once('*')) {
            number = Some(SHOWN.iter().position(|shown| number_name(shown) == name).unwrap_or(0));
            workload = of.to_owned();
        }
        let contest = contest.into_iter().chain(more).take(MOST_COMPARED).collect();
        // A link may hold any number. What is shown is what runs.
        let most = |(what, value): (String, u64)| (what, value.min(lang::costs::MAX_TIME));
        let changes = changes.into_iter().map(most).collect();
        let (preset, text) = match costs {
            TimedCosts::Library(slug) => {
                let text = costs_text(&slug);
                (slug, text)
            }
            TimedCosts::Text(slug, text) => (slug, text.into()),
        };
        let mut timed = Timed {
            open: true,
            all: number.map(|_| Rc::default()),
            number: number.unwrap_or(0),
            came: None,
            halted: false,
            workload,
            preset,
            text,
            changes,
            contest,
            over,
            ..self.clone()
        };
        // The reader's own scenario comes with the link, and is looked at there.
        if timed.workload == OWN {
            timed.base = Timed::default().base;
        } else {
            timed.rebase();
        }
        timed
    }
}
