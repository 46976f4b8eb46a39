//! Who searches, when it is measured how a search grows: our explorer and well-known checkers, each in several ways.

use crate::tool::Order;
use bench::grown::States;

/// Who searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Ours: some states, on so many threads.
    Ours(States, u8),
    /// Ours: some states, in wasm.
    Wasm(States),
    /// Stateright, on so many threads.
    Stateright(Order, u8),
    /// Spin, breadth first.
    Spin,
    /// Spin, depth first, with its own partial-order reduction and -DCOLLAPSE.
    SpinReduced,
}

impl Who {
    /// All, in the order of the tables.
    pub const ALL: [Who; 12] = [
        Who::Ours(States::Reduced, 1),
        Who::Ours(States::Reduced, 2),
        Who::Wasm(States::Reduced),
        Who::Ours(States::Saturated, 1),
        Who::Ours(States::All, 1),
        Who::Ours(States::All, 2),
        Who::Stateright(Order::Bfs, 1),
        Who::Stateright(Order::Bfs, 2),
        Who::Stateright(Order::Dfs, 1),
        Who::Stateright(Order::Dfs, 2),
        Who::Spin,
        Who::SpinReduced,
    ];

    /// Its name in tables and pictures, and on a command line.
    pub fn name(self) -> String {
        let of = |states: States| match states {
            States::All => "every state",
            States::Saturated => "saturated states",
            States::Reduced => "partial orders too",
        };
        match self {
            Who::Ours(states, 1) => format!("TLBscope, {}", of(states)),
            Who::Ours(states, threads) => format!("TLBscope, {}, {threads} threads", of(states)),
            Who::Wasm(states) => format!("TLBscope in wasm, {}", of(states)),
            Who::Stateright(order, threads) => {
                let spawn = if order == Order::Bfs { "spawn_bfs" } else { "spawn_dfs" };
                let threads = if threads == 1 { String::new() } else { format!(", {threads} threads") };
                format!("Stateright {spawn}{threads}")
            }
            Who::Spin => "Spin -DBFS".to_owned(),
            Who::SpinReduced => "Spin, reduced, -DCOLLAPSE".to_owned(),
        }
    }

    /// Whether it looks at every state.
    pub fn whole(self) -> bool {
        !matches!(
            self,
            Who::Ours(States::Saturated | States::Reduced, _)
                | Who::Wasm(States::Saturated | States::Reduced)
                | Who::SpinReduced
        )
    }
}
