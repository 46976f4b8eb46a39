//! What all areas of the page draw from: a lab, and the views of it that several areas need.
//!
//! Each view is made once, and made again only when its input has changed.

use crate::model::cases::Cases;
use crate::model::lab::Lab;
use crate::view::columns::Columns;
use crate::view::moment::MomentView;
use crate::view::run::RunView;
use crate::view::search::Hits;
use crate::view::why::Grounds;
use std::cell::OnceCell;
use std::rc::Rc;

/// A lab, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The lab.
    pub lab: Rc<Lab>,
    /// Its run as a whole.
    pub run: Rc<RunView>,
    /// The moment shown.
    pub moment: Rc<MomentView>,
    /// The grounds of the step that is explained.
    pub grounds: Option<Rc<Grounds>>,
    /// The steps that the reader looks for.
    pub hits: Rc<Hits>,
    /// The columns of the diagram.
    pub columns: Rc<Columns>,
    /// Which case the machine is. This is computed when it is first asked for, since it needs compiling.
    cases: Rc<OnceCell<Cases>>,
}

impl Shown {
    /// Which case the machine is, however its options were set.
    #[must_use]
    pub fn cases(&self) -> &Cases {
        self.cases.get_or_init(|| Cases::of(self.lab.setup()))
    }

    /// All views of a lab, computed anew.
    #[must_use]
    pub fn of(lab: Rc<Lab>) -> Shown {
        let run = Rc::new(RunView::new(lab.player().machine(), lab.player().trace()));
        let grounds = grounds(&lab);
        Shown {
            columns: Rc::new(Columns::of(&lab, grounds.as_deref())),
            hits: Rc::new(Hits::of(&run, lab.sought())),
            run,
            moment: Rc::new(MomentView::of(lab.player())),
            grounds,
            cases: Rc::default(),
            lab,
        }
    }

    /// The views of another lab. A view is kept if its machine, run and moment are the same ones, or if the new view
    /// shows nothing else.
    #[must_use]
    pub fn turned_to(&self, lab: Rc<Lab>) -> Shown {
        let (was, is) = (self.lab.player(), lab.player());
        let same_run = Rc::ptr_eq(was.setup(), is.setup()) && Rc::ptr_eq(was.trace(), is.trace());
        let run =
            if same_run { self.run.clone() } else { kept(&self.run, RunView::new(is.machine(), is.trace())) };
        let same_moment = same_run && was.cursor() == is.cursor();
        let moment = if same_moment { self.moment.clone() } else { kept(&self.moment, MomentView::of(is)) };
        let explained = same_run && (self.lab.why(), self.lab.control()) == (lab.why(), lab.control());
        let grounds = if explained { self.grounds.clone() } else { grounds(&lab) };
        let cases = if Rc::ptr_eq(was.setup(), is.setup()) { self.cases.clone() } else { Rc::default() };
        let same_hits = Rc::ptr_eq(&run, &self.run) && self.hits.words == *lab.sought();
        let hits = if same_hits { self.hits.clone() } else { Rc::new(Hits::of(&run, lab.sought())) };
        let columns = kept(&self.columns, Columns::of(&lab, grounds.as_deref()));
        Shown { lab, run, moment, grounds, hits, columns, cases }
    }
}

impl PartialEq for Shown {
    /// The views follow from the lab.
    fn eq(&self, other: &Shown) -> bool {
        Rc::ptr_eq(&self.lab, &other.lab)
    }
}

/// A view; or the earlier view if the two are equal, so that nothing is drawn again.
fn kept<T: PartialEq>(earlier: &Rc<T>, view: T) -> Rc<T> {
    if **earlier == view { earlier.clone() } else { Rc::new(view) }
}

fn grounds(lab: &Lab) -> Option<Rc<Grounds>> {
    lab.why().map(|step| {
        Rc::new(match lab.control() {
            Some(control) => Grounds::of_control(step, control),
            None => Grounds::of(lab.player(), step),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::Shown;
    use crate::model::player::PlayerAct;
    use crate::{Act, Lab};
    use std::rc::Rc;

    #[test]
    fn a_view_is_made_again_only_when_what_it_shows_has_changed() {
        let lab = Lab::open(None).expect("a scenario compiles");
        let first = Shown::of(Rc::new(lab.clone()));
        let same = first.turned_to(Rc::new(lab.after(Act::Dismiss)));
        assert!(Rc::ptr_eq(&same.run, &first.run) && Rc::ptr_eq(&same.moment, &first.moment));
        let stepped = lab.after(Act::Play(PlayerAct::To(3)));
        let moved = first.turned_to(Rc::new(stepped.clone()));
        assert!(Rc::ptr_eq(&moved.run, &first.run), "it is the same run");
        assert!(!Rc::ptr_eq(&moved.moment, &first.moment));
        assert_eq!(*moved.moment, *Shown::of(moved.lab.clone()).moment);
        let why = moved.turned_to(Rc::new(stepped.after(Act::Why)));
        assert!(why.grounds.is_some() && Rc::ptr_eq(&why.moment, &moved.moment));
        let next = stepped.player().trace().steps()[3].action;
        let enabled = stepped.player().enabled();
        let other = *enabled.iter().find(|action| **action != next).expect("there is a choice");
        let forked = why.turned_to(Rc::new(why.lab.after(Act::Play(PlayerAct::Choose(other)))));
        assert!(!Rc::ptr_eq(&forked.run, &why.run));
        assert_eq!((forked.grounds, forked.run), (None, Shown::of(forked.lab.clone()).run));
    }
}
