//! What the explorer says.

pub mod findings;
pub mod panel;
pub mod quote;
pub mod strip;
pub mod wager;

use crate::browser::{use_held_for, use_rate};
use lab::model::address::Address;
use lab::view::area::Area;
use lab::view::next::{Hint, next};
use lab::view::quote::quote;
use lab::view::shown::Shown;
use lab::view::verdict::{VerdictView, unreached};
use lab::{Lab, Same};
use panel::Verdict;
use std::rc::Rc;
use yew::prelude::*;

/// How long a verdict stays while the next one is awaited, in milliseconds.
const STEADY: u32 = 250;

/// A verdict, and how it is quoted.
#[derive(Clone, PartialEq)]
pub struct Judged {
    /// The number of the check.
    pub check: u32,
    /// What the explorer has said.
    pub said: Rc<VerdictView>,
    /// The text to be copied; empty as long as there is no verdict.
    pub quote: AttrValue,
    /// The lines that no run reaches; empty if there are none.
    pub unreached: AttrValue,
    /// What to try next.
    pub next: Rc<Vec<Hint>>,
}

/// The verdict to be shown. It stays until there is another one, if that does not take long: nothing flashes while
/// the reader types.
#[hook]
pub fn use_judged(address: &Address, lab: &Rc<Lab>) -> Judged {
    let said = use_memo(Same(lab.clone()), |lab| Rc::new(VerdictView::of(&lab.0)));
    let kept = {
        let (lab, said, address) = (lab.clone(), said.clone(), address.clone());
        use_memo((lab.check().clone(), Same(lab.setup().clone()), lab.stale()), move |_| {
            [quote(&lab, &said, |link| address.to(link)), unreached(&lab)]
                .map(|text| AttrValue::from(text.unwrap_or_default()))
        })
    };
    let [quote, unreached] = (*kept).clone();
    let challenge = lab.lesson().challenge().is_some();
    let lost = lab.lost().known().cloned();
    let asked = (
        said.mood,
        lab.stale(),
        challenge,
        Same(lab.setup().clone()),
        Same(lab.grid().cells().clone()),
        lost,
    );
    let next = use_memo(asked, |_| Rc::new(next(lab, said.mood)));
    let judged =
        Judged { check: lab.check().job, said: (*said).clone(), quote, unreached, next: (*next).clone() };
    let awaited = lab.check().silent().then_some(judged.check);
    let scenario = lab.session().slug.clone();
    use_held_for(STEADY, (judged, scenario), awaited, |shown, now| shown.1 == now.1).0
}

/// What there is to draw of the verdict. It is drawn again only when something that it is drawn from has changed.
#[derive(Clone, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
    /// The verdict.
    pub judged: Judged,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        self.judged == other.judged && Area::Verdict.is_same(&self.shown, &other.shown)
    }
}

/// Draws the verdict.
#[component]
pub fn VerdictArea(props: &Props) -> Html {
    let Props { shown, judged } = props;
    let lab = &shown.lab;
    let Judged { check, said, quote, .. } = judged.clone();
    let rate = use_rate(lab.check().job, lab.check().states());
    let player = lab.player();
    let witness = said.headline.and_then(|headline| lab.check().witness(headline));
    let shown = witness.filter(|schedule| *schedule == player.trace().schedule());
    html! { <Verdict {check} {said} shown={shown.map(|_| player.playing())} {rate} {quote} /> }
}
