//! `tlbscope doctor`: whether the links in articles still show what they showed.

use crate::article::{self, Form, FoundLink};
use crate::files;
use crate::stop::{Status, Stop};
use clap::Args;
use link::{ComparedAs, Link, Opened, Outcome};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Replay the links in articles: Markdown, HTML, mail.
///
/// A link is fine; or outdated, if its run ends as it did though the model or the library's texts have changed since; or
/// changed, if its run leads elsewhere now; or broken, if it shows nothing, or only a part.
///
/// Exit status: 0 every link is fine or outdated, 1 a link has changed or is broken, 2 an article can't be read or written.
#[derive(Args, Debug)]
pub struct DoctorCommand {
    /// Articles, or folders of them (.md, .html, .htm, .txt, .eml, .mbox, .svg). `-` is standard input.
    #[arg(value_name = "ARTICLE", required = true)]
    articles: Vec<String>,
    /// Renew the links that are outdated, in their articles.
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
    /// Its run ends as it did; so does that of this link, made now.
    Outdated(String),
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
    outdated: usize,
    changed: usize,
    broken: usize,
}

impl DoctorCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        files::stdin_once(&self.articles)?;
        if self.fix && self.articles.iter().any(|article| article == "-") {
            return Err(Stop::Refused("standard input can't be renewed: name a file".to_owned()));
        }
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
        let Count { articles, fine, outdated, changed, broken } = count;
        let links = fine + outdated + changed + broken;
        let several = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        writeln!(
            out,
            "{} in {}: {fine} fine, {outdated} outdated, {changed} changed, {broken} broken",
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
        let mut lines = article::LineCounter::new(&bytes);
        let mut renewed: Vec<(FoundLink, String)> = Vec::new();
        let mut told: Vec<Told> = Vec::new();
        for found in article::links(&bytes) {
            let diagnosis = seen.entry(found.text.clone()).or_insert_with(|| diagnose(&found)).clone();
            let word = diagnosis.health.counted(count);
            if word == FINE && !self.all {
                continue;
            }
            let renews =
                self.fix && found.form != Form::Base64 && matches!(diagnosis.health, Health::Outdated(_));
            told.push(Told { place: lines.of(found.place.start), word, renews, words: diagnosis.words });
            if let (true, Health::Outdated(text)) = (renews, diagnosis.health) {
                renewed.push((found, text));
            }
        }
        // What is renewed is told when it has been written.
        let written = match path {
            Some(path) if !renewed.is_empty() => files::replace(path, article::with(&bytes, &renewed)),
            _ => Ok(()),
        };
        for Told { place: (line, column), word, renews, words } in told {
            let word = if renews && written.is_ok() { "renewed" } else { word };
            writeln!(out, "{name}:{line}:{column}: {word}: {}", lang::legible(&words))?;
        }
        written
    }
}

/// What is told of a link.
struct Told {
    place: (usize, usize),
    word: &'static str,
    renews: bool,
    words: String,
}

const FINE: &str = "fine";

impl Health {
    /// Counts a link; the word for what has become of it.
    fn counted(&self, count: &mut Count) -> &'static str {
        let (number, word) = match self {
            Health::Fine => (&mut count.fine, FINE),
            Health::Outdated(_) => (&mut count.outdated, "outdated"),
            Health::Changed => (&mut count.changed, "changed"),
            Health::Broken => (&mut count.broken, "broken"),
        };
        *number += 1;
        word
    }
}

/// Replays a link.
fn diagnose(found: &FoundLink) -> Diagnosis {
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
    let agrees = |same: &Opened| {
        same.outcome == Outcome::Reproduced
            && same.cursor == opened.cursor
            && same.compared == opened.compared
            && same.trace.schedule() == opened.trace.schedule()
    };
    if !same.as_ref().is_some_and(agrees) {
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
    Diagnosis {
        health: Health::Outdated(text),
        words: said(&format!("{since}. Its run still ends as it did.")),
    }
}

/// The same link, as it would be made now. What a link says beside the moment stays as it is.
fn renewed(link: &Link, opened: &Opened) -> Link {
    let moment = link::moment(&opened.experiment, &opened.machine, &opened.trace, opened.cursor, link.view);
    let Link { base, options, case, schedule, cursor, digest, model, .. } = moment;
    // A number of an old link has its meaning together with the texts of that time: it becomes a name.
    let compared = opened.compared.as_ref().and_then(|compared| compared.as_ref().ok());
    let compared = compared.cloned().map(ComparedAs::Named);
    Link { base, options, case, schedule, cursor, digest, model, compared, ..link.clone() }
}
