//! The parts of the page, and the dialogs above it.

/// A part of the page. Where it is narrow, one of them shows at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
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

impl Part {
    /// All of them, in the order of the bar.
    pub const ALL: [Part; 7] =
        [Part::Machine, Part::Run, Part::Next, Part::Change, Part::Code, Part::Verdict, Part::Cost];

    /// Its name in the style sheet.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Part::Machine => "machine",
            Part::Run => "run",
            Part::Next => "next",
            Part::Change => "change",
            Part::Code => "code",
            Part::Verdict => "verdict",
            Part::Cost => "cost",
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
