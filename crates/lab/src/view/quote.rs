//! The verdict as people quote it: the sentence, its bounds, where to see it, and how to check it again.

use crate::model::lab::Lab;
use crate::model::verdict;
use crate::view::direction::isolated_text;
use crate::view::verdict::VerdictView;
use explore::Trace;
use link::View;
use machine::MODEL;
use protocol::WireBound;
use scene::grouped;

/// What no verdict takes into account.
pub const NOT_MODELLED: &str = "any difference between instruction fetches and data accesses, hyper-threads that use each other's TLB entries, how long anything takes";

/// The verdict on what is on the page; nothing as long as there is none. `address` makes an address of a link.
#[must_use]
pub fn quote(lab: &Lab, said: &VerdictView, address: impl Fn(&str) -> String) -> Option<String> {
    let report = lab.check().report()?;
    let machine = lab.player().machine();
    let schedule = verdict::headline(report, machine.program()).map(|(_, schedule)| schedule);
    let trace = Trace::replay(machine, &schedule.unwrap_or_default()).0;
    let moment = link::moment(&lab.setup().session.experiment, machine, &trace, trace.len(), View::default());
    let link = link::encode(&moment);
    let end = match report.bound {
        None => scene::complete(machine, report.stores_waited),
        Some(WireBound::States) => "where the search stopped at its limit of states".to_owned(),
        Some(WireBound::Bytes) => "where the search stopped at its limit of memory".to_owned(),
        Some(WireBound::Found) => {
            "where the search stopped, because it had seen everything that was asked for".to_owned()
        }
        Some(WireBound::Limit) => "where runs are cut off at the limit of a variable".to_owned(),
        Some(WireBound::Model) => "where the search reached a limit of the model".to_owned(),
    };
    let about =
        said.about.as_ref().map(|about| format!("About: {}.\n", isolated_text(about))).unwrap_or_default();
    Some(format!(
        "{}\n{about}Searched: {} ({end}), {} transitions, {} steps deep; model version {MODEL}. Not modelled: \
         {NOT_MODELLED}.\nSee it: {}\nCheck it again: tlbscope check {link}\n",
        isolated_text(&said.sentence),
        scene::states(report.states, report.saturated),
        grouped(report.transitions),
        report.depth,
        address(&link),
    ))
}
