//! Partial-order reduction: which steps may be taken first, since no other process can observe their order.

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

    /// Whether one writes what the other one touches, except for sleeping resources.
    #[must_use]
    pub const fn conflicts(self, other: Touched, asleep: u64) -> bool {
        (self.writes & (other.reads | other.writes) | self.reads & other.writes) & !asleep != 0
    }
}

/// What a process may do next, and what it may ever do. A *process* consists of the groups with one control
/// part ([`Factored::control`]), without those of [bystanders](Commuting::bystander).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prospect {
    /// What its next steps touch: those that are enabled, and those that others could enable.
    pub next: Touched,
    /// What its first action touches, if that action is enabled, does not depend on the process's other actions, and
    /// does not affect them. This must hold as long as no other process calls this one.
    pub alone: Option<Touched>,
    /// Whether that holds even if another process calls this one.
    pub deaf: bool,
    /// What all its steps from here on may touch, if no other process calls it.
    pub ever: Touched,
    /// What else they may touch if another process does.
    pub called: Touched,
    /// Whether it may call another process from here on. (The steps of a process that has been called and has not
    /// answered yet are part of that process's [`Prospect::ever`].)
    pub calls: bool,
    /// Resources that it may wake from here on ([`Commuting::asleep`]).
    pub wakes: u64,
    /// Whether none of its next steps may be repeated: no endless execution, of steps of this kind alone, is a cycle.
    pub straight: bool,
}

/// A system whose processes do not always interfere with each other. If no other process can observe a step, now or
/// later, then it makes no difference when the step is taken: it may be taken now, and a search need not look at the
/// states in which it has not been taken yet. The same holds for a set of processes whose steps only affect each other.
/// (Such a set of steps is called persistent.)
///
/// The promises are:
///
/// 1. A step touches nothing but what its process's [`Prospect`] says. If two steps of different processes do not
///    conflict ([`Touched::conflicts`]), then they lead to the same state in either order, neither makes the other one
///    possible or impossible, and each shows what it shows without the other. (A step that stops everything needs no
///    resource for that, if it is not part of [`Prospect::next`].)
/// 2. The actions of bystanders depend on what processes touch: as long as no process takes a step that conflicts with
///    a set of steps, no bystander gets an action that conflicts with it.
/// 3. A process that is followed alone is *straight*: every cycle of states has a step that is not straight.
///
/// No action of a process is [optional](Factored::optional). Where a bystander has an action, all actions of the state are
/// followed.
///
/// A test should compare what both searches find.
pub trait Commuting: Factored {
    /// What the process with this control part may do. Only that part of the state is used. Nothing if the system
    /// cannot tell.
    fn prospect(&self, state: &Self::State, control: u32) -> Option<Prospect>;

    /// Whether a group belongs to no process: an environment, or hardware that acts by itself.
    fn bystander(&self, group: u32) -> bool;

    /// Resources through which no process can observe another one, until a process wakes them: for example an empty
    /// list that all processes check. Only the [halting part](Factored::halting_part) of the state is used.
    fn asleep(&self, state: &Self::State) -> u64;

    /// Whether anything of this may be used at all.
    fn commutes(&self) -> bool;
}
