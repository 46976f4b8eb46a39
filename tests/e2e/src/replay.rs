//! A link followed without a browser: the same choices, on the same texts, by the same code compiled for this machine.

use crate::outcome::{Outcome, fault};
use explore::{System, Trace};
use lang::{Selection, Texts};
use link::{Base, Link};
use machine::{Action, Machine};

/// A moment that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The link, taken apart.
    pub link: Link,
    /// How many of its steps could be taken here.
    pub taken: usize,
    /// Digest of the state after them, computed here.
    pub digest: u32,
}

/// The library's kernels, or the link's own in place of every one.
struct Kernels<'a>(Option<&'a str>);

impl Texts for Kernels<'_> {
    fn kernel(&self, name: &str) -> Option<&str> {
        self.0.or_else(|| gallery::kernel(name).map(|text| text.text))
    }
}

impl Moment {
    /// Follows a link.
    ///
    /// # Errors
    /// If there is no link in the address, or its texts do not compile here.
    pub fn follow(address: &str) -> Outcome<Moment> {
        let link = link::decode(address).map_err(|refusal| refusal.to_string())?;
        let scenario = match &link.base {
            Base::Inline { scenario, .. } => scenario.as_str(),
            Base::Library { slug, .. } => match gallery::scenario(slug) {
                Some(text) => text.text,
                None => return fault(format!("no scenario {slug:?} in the library")),
            },
        };
        let selection = Selection { case: link.case, options: link.options.clone() };
        let compiled = lang::compile(scenario, &Kernels(link.base.kernel()), &selection);
        let Some(program) = compiled.program else {
            return fault(format!("the texts do not compile: {:?}", compiled.diagnostics));
        };
        let machine = Machine::new(program).map_err(|refusal| refusal.to_string())?;
        let schedule: Vec<Action> = link.schedule.iter().map_while(|&code| Action::from_code(code)).collect();
        let (trace, _) = Trace::replay(&machine, &schedule);
        let mut packed = Vec::new();
        machine.pack(trace.last(), &mut packed);
        Ok(Moment { taken: trace.len(), digest: link::hash_state(&packed), link })
    }
}
