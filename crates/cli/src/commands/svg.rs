//! `tlbscope svg`: a picture of a moment or a run, for an article.

use crate::recorded::MomentArguments;
use crate::stop::{Status, Stop};
use clap::{Args, ValueEnum};
use figure::{PictureKind, Theme};
use std::io::Write;
use std::path::PathBuf;

/// Print a picture of a moment or a run as SVG: one file that needs nothing else.
///
/// Without --seed, --witness or --schedule it shows the run of the link, or the run of seed 0.
///
/// Exit status: 0 it has been written, 1 there is no such run or it leads elsewhere now (with -o nothing is written), 2 the input
/// has errors or the file can't be written, 3 the search for the run stopped at its bound.
#[derive(Args, Debug)]
pub struct SvgCommand {
    #[command(flatten)]
    moment: MomentArguments,
    /// What to draw.
    #[arg(long, value_name = "PART", value_enum, default_value_t = Part::Both)]
    what: Part,
    /// Light on dark, for dark pages.
    #[arg(long)]
    dark: bool,
    /// The file to write, instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Part {
    /// The machine at the moment.
    Stage,
    /// The run as a space-time diagram.
    Timeline,
    /// The machine and the run.
    Both,
    /// A cell for each step of the run.
    Storyboard,
}

impl SvgCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let recorded = self.moment.record()?;
        let what = match self.what {
            Part::Stage => PictureKind::Stage,
            Part::Timeline => PictureKind::Timeline,
            Part::Both => PictureKind::Both,
            Part::Storyboard => PictureKind::Storyboard,
        };
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        recorded.deliver(&figure::svg(&recorded.moment(), what, theme), self.output.as_ref(), out)
    }
}
