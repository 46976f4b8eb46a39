//! Which steps may be taken first, since no other process can observe their order.

use super::Factored;

/// What steps touch, as two sets of *resources*: what they read, and what they write. A resource is a number from 0 to 63.
/// What a resource stands for is for the system to say: a variable, a queue, an interrupt line. Several may share a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    /// What they read, or may read.
    pub reads: u64,
    /// What they write, or may write.
    pub writes: u64,
}

impl Touched {
    /// Nothing.
    pub const NOTHING: Touched = Touched { reads: 0, writes: 0 };

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Touched) -> Touched {
        Touched { reads: self.reads | other.reads, writes: self.writes | other.writes }
    }

    /// Whether one writes what the other one touches, the resources that are asleep apart.
    #[must_use]
    pub const fn conflicts(self, other: Touched, asleep: u64) -> bool {
        (self.writes & (other.reads | other.writes) | self.reads & other.writes) & !asleep != 0
    }
}

/// What a process may do next, and what it may ever do. A *process* is what the groups with one control part
/// ([`Factored::control`]) do, those of [bystanders](Commuting::bystander) apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prospect {
    /// What its next steps touch: those that are enabled, and those that others could enable.
    pub next: Touched,
    /// What its first action touches, if that is enabled, does not depend on its other actions, and leaves them as they are.
    /// It must hold for as long as nobody calls the process.
    pub alone: Option<Touched>,
    /// Whether that holds even if somebody calls it.
    pub deaf: bool,
    /// What all its steps from here on may touch, if nobody calls it.
    pub ever: Touched,
    /// What else they may touch if somebody does.
    pub called: Touched,
    /// Whether it may call somebody from here on. (Who has been called already and has not answered yet counts with
    /// [`Prospect::ever`].)
    pub calls: bool,
    /// Resources that it may wake from here on ([`Commuting::asleep`]).
    pub wakes: u64,
    /// Whether none of its next steps is one that may come again: no execution without end, of steps of this kind alone, goes
    /// round in a circle.
    pub straight: bool,
}

/// A system whose processes do not always get into each other's way.
///
/// If a process can do something that none of the others can tell, now or ever, then it makes no difference when it does so:
/// it may as well do it now, and a search need not look at the states in which it has not. The same is true of several
/// processes that can do nothing but what concerns each other. (Such a set of steps is called persistent.)
///
/// The promises are:
///
/// 1. A step touches nothing but what its process's [`Prospect`] says. If two steps of different processes do not conflict
///    ([`Touched::conflicts`]), then they lead to the same state in either order, neither makes the other one possible or
///    impossible, and each shows what it shows without the other. (A step that stops everything needs no resource for that, if
///    [`Prospect::next`] is not its.)
/// 2. What bystanders do depends on what processes touch: as long as no process takes a step that conflicts with a set of
///    steps, no bystander gets an action that does.
/// 3. Whoever is followed alone is *straight*: every cycle of states has a step that is not.
///
/// No action of a process is [optional](Factored::optional). Where a bystander has an action, all actions of the state are
/// followed.
///
/// A test should compare what both searches find.
pub trait Commuting: Factored {
    /// What the process with this control part may do, in a state of which only that part is looked at; nothing if nothing can
    /// be said.
    fn prospect(&self, state: &Self::State, control: u32) -> Option<Prospect>;

    /// Whether a group belongs to no process: an environment, hardware that acts of its own accord.
    fn bystander(&self, group: u32) -> bool;

    /// Resources through which nothing can be told, until somebody wakes them: a list that everybody looks at and that is empty.
    /// Of the state only the [halting part](Factored::halting_part) is looked at.
    fn asleep(&self, state: &Self::State) -> u64;

    /// Whether anything of this may be used at all.
    fn commutes(&self) -> bool;
}
