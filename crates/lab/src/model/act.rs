//! Everything that can happen to the page.

use crate::model::comparison::Counterpart;
use crate::model::files::File;
use crate::model::lesson::LessonAct;
use crate::model::library::Library;
use crate::model::player::PlayerAct;
use crate::model::session::Setting;
use crate::model::timed::{COSTS, TimedAct};
use lang::source::SourceId;
use machine::Property;
use protocol::FromExplorer;

/// What can happen.
#[derive(Clone, Debug)]
pub enum Act {
    /// The player is asked for something.
    Play(PlayerAct),
    /// The enabled action of this number is taken.
    Take(usize),
    /// A text was written in a field that shows the text of so many (`Lab::texts`). Others may have come since: then it is
    /// part of none.
    Typed(u32, SourceId, String),
    /// A scenario of the library is opened, by slug.
    Open(String),
    /// A text of one's own begins, from a template, by slug.
    New(String),
    /// Files are opened.
    Files(Vec<File>),
    /// The texts are saved into a file.
    Save,
    /// A link is opened.
    Follow(String),
    /// The link that is being opened has made progress.
    OpeningOn,
    /// The link has been opened.
    Opened,
    /// The page waits for the link no longer.
    StopOpening,
    /// The page is opened as it is without a link.
    Home,
    /// The search is stopped.
    Stop,
    /// The search is started again.
    Check,
    /// Another case of the scenario is chosen.
    Case(Option<u8>),
    /// An option is set.
    Option {
        /// The option.
        name: String,
        /// The choice.
        choice: String,
    },
    /// A case and options are set.
    Setting(Setting),
    /// A text was edited.
    Edit(SourceId, String),
    /// A text is set back to the library's.
    Reset(SourceId),
    /// The run goes on to the next moment at which a CPU comes to one of these lines: each with its text, and counted from 1.
    RunTo(Vec<(SourceId, u32)>),
    /// The shortest way to see a property is loaded.
    Show(Property),
    /// The run of the verdict is shown at the step from which on it was lost.
    ShowLost,
    /// Explains the step just taken, or ends an explanation.
    Why,
    /// The reader asks where something on the stage comes from: the step that last changed it is explained; none if
    /// it has been so from the beginning.
    Origin(Option<u32>),
    /// Explains how control came to the statement of the step just taken, or ends an explanation.
    WhyHere,
    /// It has been found how control came to the step of that number of questions: lines, or nothing if no statement took it.
    Came(u32, Option<String>),
    /// Folds the steps that only one CPU can see, or unfolds all of them.
    Fold,
    /// Unfolds the steps beside this one.
    Unfold(u32),
    /// Words are looked for in the run.
    Seek(String),
    /// No step is explained any more.
    EndWhy,
    /// An act of the tour or of a challenge.
    Lesson(LessonAct),
    /// Reduces the run to the steps that the violation at hand needs, or brings the whole run back.
    Necessary,
    /// Follows the run on another machine as well, or stops that.
    Compare(Option<Counterpart>),
    /// An act about what kernels cost.
    Timed(TimedAct),
    /// The explorer has sent a message.
    Heard(Vec<FromExplorer>),
    /// The library has come, or did not come, or is asked for again.
    Library(Library),
    /// The explorer does not start.
    Lost(String),
    /// The explorer has not answered for so many seconds; nothing once it has.
    Silent(Option<u32>),
    /// The explorer is started anew, and asked again what it has not answered.
    Restart,
    /// Something that is said elsewhere is out of the reader's view.
    Tell(String),
    /// The notice has been read.
    Dismiss,
}

impl Act {
    /// Whether a reader did it, and whether it changes what is shown.
    pub(crate) fn is_a_deed(&self) -> bool {
        let idle = |what: &PlayerAct| {
            matches!(what, PlayerAct::Tick(_) | PlayerAct::Speed(_) | PlayerAct::Faster(_))
        };
        match self {
            Act::Heard(_) | Act::Library(_) | Act::Lost(_) | Act::Silent(_) | Act::Restart => false,
            Act::Tell(_)
            | Act::Dismiss
            | Act::EndWhy
            | Act::Seek(_)
            | Act::OpeningOn
            | Act::Came(..)
            | Act::Unfold(_) => false,
            Act::Play(what) => !idle(what),
            _ => true,
        }
    }

    /// Whether the address has to be written after it: a reader did it.
    pub(crate) fn touches(&self) -> bool {
        !matches!(
            self,
            Act::Heard(_)
                | Act::Library(_)
                | Act::Lost(_)
                | Act::Silent(_)
                | Act::Restart
                | Act::Tell(_)
                | Act::Dismiss
                | Act::Seek(_)
                | Act::Came(..)
                | Act::Fold
                | Act::Unfold(_)
                | Act::Save
                | Act::Play(PlayerAct::Tick(_))
                | Act::OpeningOn
                | Act::Opened
                | Act::StopOpening
        )
    }

    /// Whether it changes the picture, and so leads away from what the tour or a challenge has put on the stage.
    pub(crate) fn leads_away(&self) -> bool {
        match self {
            Act::Play(what) => !matches!(
                what,
                PlayerAct::Tick(_) | PlayerAct::Speed(_) | PlayerAct::Faster(_) | PlayerAct::Pause
            ),
            Act::Edit(source, _) | Act::Reset(source) => *source != COSTS,
            // It is an edit, or nothing.
            Act::Typed(..) => false,
            Act::Timed(what) => matches!(what, TimedAct::Stage(..) | TimedAct::Witness(_)),
            // What is opened leads away when it is there: it may be refused.
            Act::Open(_) | Act::New(_) | Act::Files(_) => false,
            Act::Take(_) | Act::Case(_) | Act::Option { .. } => true,
            Act::Show(_) | Act::ShowLost | Act::RunTo(_) => true,
            _ => false,
        }
    }
}
