//! The parts of the page, and the dialogs above it.

/// A part of the page. Where it is narrow, one of them shows at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The stage, and what the scenario says about itself.
    #[default]
    Machine,
    /// The run: diagram, comparison, sentences.
    Run,
    /// The actions that are enabled now.
    Next,
    /// Cases and options.
    Change,
    /// The texts.
    Code,
    /// The verdict at length, for all kernels and all settings.
    Verdict,
    /// What kernels cost.
    Cost,
}

impl Tab {
    /// All of them, in the order of the bar.
    pub const ALL: [Tab; 7] =
        [Tab::Machine, Tab::Run, Tab::Next, Tab::Change, Tab::Code, Tab::Verdict, Tab::Cost];

    /// Its name in the style sheet.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Tab::Machine => "machine",
            Tab::Run => "run",
            Tab::Next => "next",
            Tab::Change => "change",
            Tab::Code => "code",
            Tab::Verdict => "verdict",
            Tab::Cost => "cost",
        }
    }
}

/// The dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The list of scenarios.
    Gallery,
    /// The list of challenges.
    Challenges,
    /// The link to this moment.
    Share,
    /// The markup to embed it.
    Embed,
    /// The help.
    Help,
}
