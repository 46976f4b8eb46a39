//! Stateright, driving the same `System` as our explorer: only the search is different.

use crate::tool::Order;
use bench::counts::Counts;
use explore::{PropertySet, Symmetric};
use stateright::{Checker, Model, Property};
use std::fmt::Debug;
use std::hash::Hash;

/// A system that Stateright can drive: it wants to hash, print and send.
pub trait Driven:
    Symmetric<State: Hash + Debug + Send + Sync + 'static, Action: Debug + Send + Sync + 'static>
    + Send
    + Sync
    + 'static
{
}

impl<S> Driven for S where
    S: Symmetric<State: Hash + Debug + Send + Sync + 'static, Action: Debug + Send + Sync + 'static>
        + Send
        + Sync
        + 'static
{
}

/// A system as Stateright's model.
struct Adapter<S> {
    system: S,
    /// What is looked for; nothing for a full search.
    find: Option<PropertySet>,
}

/// A state as Stateright's. Its properties are of states and ours of steps: a state that a violating step led to
/// says so, where one is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Node<T> {
    state: T,
    violated: bool,
}

impl<T: Hash> Hash for Node<T> {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        self.state.hash(hasher);
        if self.violated {
            hasher.write_u8(1);
        }
    }
}

impl<S: Driven> Model for Adapter<S> {
    type State = Node<S::State>;
    type Action = S::Action;

    fn init_states(&self) -> Vec<Self::State> {
        vec![Node { state: self.system.initial(), violated: false }]
    }

    fn actions(&self, node: &Self::State, actions: &mut Vec<Self::Action>) {
        self.system.enabled(&node.state, actions);
    }

    fn next_state(&self, node: &Self::State, action: Self::Action) -> Option<Self::State> {
        let mut state = node.state.clone();
        let properties = self.system.step(&mut state, action, &mut ());
        Some(Node { state, violated: self.find.is_some_and(|find| properties.intersects(find)) })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        // With none at all it does not search.
        vec![Property::always("no violation", |_, node: &Node<S::State>| !node.violated)]
    }
}

/// Searches to the end, or to the first violation of what is looked for.
pub fn search<S: Driven>(system: S, order: Order, threads: u8, find: Option<PropertySet>) -> Counts {
    let builder = Adapter { system, find }.checker().threads(threads.into());
    let counts = |checker: &dyn Figures<S>| Counts {
        states: checker.states(),
        // It counts the initial state as made, too.
        transitions: checker.made() - 1,
        depth: (order == Order::Bfs && threads == 1).then(|| checker.depth() - 1),
        found: checker.found(),
    };
    match order {
        Order::Bfs => counts(&builder.spawn_bfs().join()),
        Order::Dfs => counts(&builder.spawn_dfs().join()),
    }
}

/// The figures of a checker, whichever it is.
trait Figures<S> {
    fn states(&self) -> u64;
    fn made(&self) -> u64;
    fn depth(&self) -> u64;
    fn found(&self) -> Option<u64>;
}

impl<S: Driven, C: Checker<Adapter<S>>> Figures<S> for C {
    fn states(&self) -> u64 {
        self.unique_state_count() as u64
    }

    fn made(&self) -> u64 {
        self.state_count() as u64
    }

    fn depth(&self) -> u64 {
        self.max_depth() as u64
    }

    fn found(&self) -> Option<u64> {
        self.discovery("no violation").map(|path| path.into_actions().len() as u64)
    }
}
