//! The tools that are measured.

/// In which order a search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Breadth first: the first violation found is a nearest one.
    Bfs,
    /// Depth first.
    Dfs,
}

/// A checker, with how it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `explore::Search`.
    Ours(u8),
    /// Stateright, driving the same `System` as ours.
    Stateright(Order, u8),
    /// Spin, on Promela.
    Spin(Order),
}

impl Tool {
    /// All of them; ours first: the others are compared with it.
    pub const ALL: [Tool; 8] = [
        Tool::Ours(1),
        Tool::Ours(2),
        Tool::Stateright(Order::Bfs, 1),
        Tool::Stateright(Order::Dfs, 1),
        Tool::Stateright(Order::Bfs, 2),
        Tool::Stateright(Order::Dfs, 2),
        Tool::Spin(Order::Bfs),
        Tool::Spin(Order::Dfs),
    ];

    /// How it is named on a command line.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Tool::Ours(threads) => format!("ours-{threads}"),
            Tool::Stateright(order, threads) => format!("stateright-{}-{threads}", order.word()),
            Tool::Spin(order) => format!("spin-{}", order.word()),
        }
    }

    /// The tool of a name.
    #[must_use]
    pub fn named(word: &str) -> Option<Tool> {
        Tool::ALL.into_iter().find(|tool| tool.word() == word)
    }

    /// How it is named in a table.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Tool::Ours(_) => "TLBscope".into(),
            Tool::Stateright(Order::Bfs, _) => "Stateright `spawn_bfs`".into(),
            Tool::Stateright(Order::Dfs, _) => "Stateright `spawn_dfs`".into(),
            Tool::Spin(Order::Bfs) => "Spin `-DBFS`".into(),
            Tool::Spin(Order::Dfs) => "Spin".into(),
        }
    }

    /// Threads that search.
    #[must_use]
    pub fn threads(self) -> u8 {
        match self {
            Tool::Ours(threads) | Tool::Stateright(_, threads) => threads,
            Tool::Spin(_) => 1,
        }
    }

    /// Whether the first violation it finds is a nearest one. (Stateright's order is breadth first on one thread
    /// only.)
    #[must_use]
    pub fn shortest(self) -> bool {
        matches!(self, Tool::Ours(_) | Tool::Stateright(Order::Bfs, 1) | Tool::Spin(Order::Bfs))
    }
}

impl Order {
    fn word(self) -> &'static str {
        match self {
            Order::Bfs => "bfs",
            Order::Dfs => "dfs",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tool;

    #[test]
    fn every_tool_has_a_name_of_its_own() {
        for tool in Tool::ALL {
            assert_eq!(Tool::named(&tool.word()), Some(tool));
        }
    }
}
