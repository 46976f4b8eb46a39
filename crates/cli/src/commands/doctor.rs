//! `tlbscope doctor`: whether the links in articles still show what they showed.

use crate::article::{self, Form, Found};
use crate::files;
use crate::stop::{Status, Stop};
use clap::Args;
use link::{Link, Opened, Outcome};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Replay the links in articles: Markdown, HTML, mail.
///
/// A link is fine; or moved, if it shows what it showed though the model or the library's texts have changed since; or
/// changed, if its run leads elsewhere now; or broken, if it shows nothing, or less.
///
/// Exit status: 0 every link is fine or moved, 1 a link has changed or is broken, 2 an article can't be read.
#[derive(Args, Debug)]
pub struct Doctor {
    /// Articles, or folders of them (.md, .html, .htm, .txt, .eml, .mbox, .svg). `-` is standard input.
    #[arg(value_name = "ARTICLE", required = true)]
    articles: Vec<String>,
    /// Renew the links that have moved, in their articles.
    #[arg(long)]
    fix: bool,
    /// Print the links that are fine as well.
    #[arg(long)]
    all: bool,
}

/// What has become of a link.
#[derive(Clone, Debug)]
enum Health {
    Fine,
    /// It shows what it showed; so does this one, made now.
    Moved(String),
    Changed,
    Broken,
}

/// A link that was replayed.
#[derive(Clone, Debug)]
struct Diagnosis {
    health: Health,
    /// What it shows, and what has changed.
    words: String,
}

/// How many links there are of each kind.
#[derive(Default)]
struct Count {
    articles: usize,
    fine: usize,
    moved: usize,
    changed: usize,
    broken: usize,
}

impl Doctor {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        files::stdin_once(&self.articles)?;
        let (mut count, mut seen) = (Count::default(), BTreeMap::new());
        let mut status = Status::Fine;
        for argument in &self.articles {
            let articles =
                if argument == "-" { Ok(vec![None]) } else { files::articles(Path::new(argument)) };
            match articles {
                Ok(articles) => {
                    for path in articles {
                        match self.article(path.as_ref(), &mut count, &mut seen, out) {
                            Ok(()) => {}
                            Err(stop) => {
                                stop.tell()?;
                                status = status.and(Status::BadInput);
                            }
                        }
                    }
                }
                Err(stop) => {
                    stop.tell()?;
                    status = status.and(Status::BadInput);
                }
            }
        }
        let Count { articles, fine, moved, changed, broken } = count;
        let links = fine + moved + changed + broken;
        let several = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        writeln!(
            out,
            "{} in {}: {fine} fine, {moved} moved, {changed} changed, {broken} broken",
            several(links, "link"),
            several(articles, "article")
        )?;
        let failed = changed + broken > 0;
        Ok(if failed { status.and(Status::Failed) } else { status })
    }

    fn article(
        &self,
        path: Option<&PathBuf>,
        count: &mut Count,
        seen: &mut BTreeMap<String, Diagnosis>,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let bytes = files::read_article(path.map(PathBuf::as_path))?;
        let name = path.map_or_else(|| "standard input".to_owned(), |path| files::shown(path));
        count.articles += 1;
        let mut renewed: Vec<(Found, String)> = Vec::new();
        for found in article::links(&bytes) {
            let diagnosis = seen.entry(found.text.clone()).or_insert_with(|| diagnose(&found)).clone();
            let (line, column) = article::line_column(&bytes, found.place.start);
            let word = match diagnosis.health {
                Health::Fine => {
                    count.fine += 1;
                    if !self.all {
                        continue;
                    }
                    "fine"
                }
                Health::Moved(text) => {
                    count.moved += 1;
                    let renews = self.fix && found.form != Form::Base64;
                    if renews {
                        renewed.push((found, text));
                    }
                    if renews { "renewed" } else { "moved" }
                }
                Health::Changed => {
                    count.changed += 1;
                    "changed"
                }
                Health::Broken => {
                    count.broken += 1;
                    "broken"
                }
            };
            writeln!(out, "{name}:{line}:{column}: {word}: {}", lang::legible(&diagnosis.words))?;
        }
        match path {
            Some(path) if !renewed.is_empty() => files::replace(path, article::with(&bytes, &renewed)),
            None if !renewed.is_empty() => {
                Err(Stop::Refused("standard input can't be renewed: name a file".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Replays a link.
fn diagnose(found: &Found) -> Diagnosis {
    let broken = |words: String| Diagnosis { health: Health::Broken, words };
    let link = match &found.link {
        Ok(link) => link,
        Err(refusal) => return broken(refusal.to_string()),
    };
    let opened = match link::open(link) {
        Ok(opened) => opened,
        Err(why) => return broken(why.to_string()),
    };
    let program = opened.machine.program();
    let about = format!("{}, step {} of {}", program.name, opened.cursor, link.schedule.len());
    let said = |words: &str| format!("{about}. {words}");
    match opened.outcome {
        Outcome::Reproduced => {}
        Outcome::Differs { .. } => {
            return Diagnosis { health: Health::Changed, words: said(&opened.outcome.to_string()) };
        }
        Outcome::Cut { .. } | Outcome::Stopped { .. } => return broken(said(&opened.outcome.to_string())),
    }
    if let Some(Err(why)) = &opened.compared {
        return Diagnosis { health: Health::Changed, words: said(&why.to_string()) };
    }
    let now = renewed(link, &opened);
    if (now.model, now.base.hash()) == (link.model, link.base.hash()) {
        return Diagnosis { health: Health::Fine, words: about };
    }
    let text = link::encode(&now);
    // Only what means the same is renewed: the new link is opened like any other.
    let same = link::decode(&text).ok().and_then(|link| link::open(&link).ok());
    if same.is_none_or(|same| same.outcome != Outcome::Reproduced || same.cursor != opened.cursor) {
        return Diagnosis { health: Health::Fine, words: about };
    }
    let since = match (now.model == link.model, now.base.hash() == link.base.hash()) {
        (false, true) => format!("It is of model version {}; this is {}", link.model, now.model),
        (true, _) => "The library's text has changed since".to_owned(),
        (false, false) => format!(
            "It is of model version {} (this is {}), and the library's text has changed since",
            link.model, now.model
        ),
    };
    Diagnosis { health: Health::Moved(text), words: said(&format!("{since}. It shows what it showed.")) }
}

/// The same link, as it would be made now.
fn renewed(link: &Link, opened: &Opened) -> Link {
    let moment = link::moment(&opened.experiment, &opened.machine, &opened.trace, opened.cursor, link.view);
    Link { compared: link.compared.clone(), timed: link.timed.clone(), ..moment }
}
