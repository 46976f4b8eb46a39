//! `tlbscope embed`: the markup that puts a moment into a page: a picture first, then the laboratory in its place.

use crate::recorded::MomentArguments;
use crate::stop::{Status, Stop};
use clap::Args;
use figure::{PictureKind, Theme};
use std::io::Write;
use std::path::PathBuf;

/// Print the markup that puts a moment into a page of yours: its picture and a link, and in their place the laboratory, once a
/// reader starts it. docs/embedding.md has the attributes.
///
/// Exit status: 0 it has been written, 1 there is no such run or it leads elsewhere now (with -o nothing is written), 2 the input
/// has errors or the file can't be written, 3 the search for the run stopped at its bound.
#[derive(Args, Debug)]
pub struct EmbedCommand {
    #[command(flatten)]
    moment: MomentArguments,
    /// Where TLBscope is served, for instance `https://example.org/tlbscope/`
    #[arg(long, value_name = "ADDRESS")]
    page: String,
    /// What the laboratory shows: some of switches, verdict, stage, timeline, caption, code.
    #[arg(long, value_name = "PARTS", default_value = "switches verdict stage caption")]
    show: String,
    /// For a dark page: a dark picture, and a dark laboratory.
    #[arg(long)]
    dark: bool,
    /// The file to write, instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The parts of an embed, as the page names them.
const PARTS: [&str; 6] = ["switches", "verdict", "stage", "timeline", "caption", "code"];

/// The address at which TLBscope is served.
///
/// # Errors
/// If it is none.
pub fn address(said: &str) -> Result<String, Stop> {
    let page = said.split(['?', '#']).next().unwrap_or_default();
    if !page.starts_with("https://") && !page.starts_with("http://") {
        return Err(Stop::Refused(format!("--page {page}: an address begins with https:// or http://")));
    }
    Ok(whole(page))
}

/// An address in which the files beside the page can be found: a folder ends with a slash, which people leave out. What has no dot
/// in its last part is one.
fn whole(page: &str) -> String {
    let after = page.split_once("//").map_or(page, |(_, rest)| rest);
    match after.rsplit_once('/') {
        Some((_, last)) if last.is_empty() || last.contains('.') => page.to_owned(),
        _ => format!("{page}/"),
    }
}

impl EmbedCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let page = address(&self.page)?;
        let words = || self.show.split([' ', ',']).filter(|word| !word.is_empty());
        if let Some(word) = words().find(|word| !PARTS.contains(word)) {
            let parts = PARTS.join(", ");
            return Err(Stop::Refused(format!(
                "--show {word}: an embed has no such part. Its parts are: {parts}"
            )));
        }
        let recorded = self.moment.record()?;
        let theme = if self.dark { Theme::Dark } else { Theme::Light };
        let picture = figure::svg(&recorded.moment(), PictureKind::Stage, theme);
        let page = figure::escaped(&page);
        let link = format!("{page}#{}", recorded.link);
        let folder = page.rsplit_once('/').map_or(page.as_str(), |(folder, _)| folder);
        let title = figure::escaped(&recorded.variant.machine.program().name);
        let show = words().collect::<Vec<_>>().join(" ");
        let dark = if self.dark { " theme=\"dark\"" } else { "" };
        let markup = format!(
            "<script src=\"{folder}/embed.js\" async></script>\n\
             <tlb-scope src=\"{link}\" title=\"{title}\" show=\"{show}\"{dark}>\n\
             <figure>\n{picture}<p><a href=\"{link}\">Open it in TLBscope</a></p>\n</figure>\n\
             <p slot=\"caption\">Made with <a href=\"{page}\">TLBscope</a>.</p>\n</tlb-scope>\n"
        );
        recorded.deliver(&markup, self.output.as_ref(), out)
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_folder_ends_with_a_slash() {
        for (given, wanted) in [
            ("https://host", "https://host/"),
            ("https://host/", "https://host/"),
            ("https://host.org/lab", "https://host.org/lab/"),
            ("https://host/v1.2/lab", "https://host/v1.2/lab/"),
            ("https://host/lab/index.html", "https://host/lab/index.html"),
        ] {
            assert_eq!(whole(given), wanted);
        }
    }
}
