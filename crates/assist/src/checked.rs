//! The compiler's answer on the texts of a workspace: what it says of them, and what it knows.

use crate::workspace::Workspace;
use lang::{Checked, Selection, Texts, Whole};

/// What the compiler says, and what it knows.
pub(crate) fn checked(
    workspace: &Workspace<'_>,
    whole: Option<&Whole<'_>>,
    selection: &Selection,
) -> Checked {
    match (workspace.scenario, whole) {
        (Some(scenario), _) => {
            let name = selection.kernel_of(scenario);
            let over = Over { name, text: workspace.kernel, others: workspace.kernels };
            lang::checked(scenario, &over, selection)
        }
        (None, Some(whole)) => Checked { diagnostics: lang::check_kernel(&whole.text), ..Checked::default() },
        (None, None) => Checked::default(),
    }
}

/// Kernels, with the workspace's own in the place of the one that the scenario runs on.
struct Over<'a> {
    name: Option<String>,
    text: Option<&'a str>,
    others: &'a dyn Texts,
}

impl Texts for Over<'_> {
    fn kernel(&self, name: &str) -> Option<&str> {
        let own = self.text.filter(|_| self.name.as_deref() == Some(name));
        own.or_else(|| self.others.kernel(name))
    }

    fn extended(&self, name: &str) -> Option<&str> {
        self.others.extended(name)
    }

    fn names(&self) -> Vec<String> {
        self.others.names()
    }

    fn looked(&self) -> Option<String> {
        self.others.looked()
    }
}
