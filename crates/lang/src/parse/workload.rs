//! Grammar of a scenario's workload.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::did_you_mean;
use crate::parse::{Parsed, Parser};
use crate::source::SourceId;
use crate::syntax::token::Tok;
use crate::syntax::{LoadDecl, Name, WorkloadDecl};
use crate::workload::{MaybeAnswer, Work};

pub(crate) const ITEMS: &[&str] = &["cpus", "cpu", "at"];

impl Parser<'_> {
    /// `workload { items }`
    pub(crate) fn workload(&mut self) -> Parsed<WorkloadDecl> {
        let span = self.bump();
        let mut workload = WorkloadDecl { span, cpus: None, works: Vec::new(), loads: Vec::new() };
        self.items("workload", ITEMS, |p| {
            match p.word_ahead(0) {
                "cpus" => {
                    p.bump();
                    let cpus = p.plain_number("a number of CPUs")?;
                    if !p.eat_word("like") {
                        let message = format!("expected `like`, found {}", p.found());
                        let advice = "write `cpus 16 like 1;`: those that the scenario does not have run the block of CPU 1";
                        return p.fail_here(&message, Some(advice));
                    }
                    workload.cpus = Some((cpus, p.plain_number("the number of a CPU")?));
                    p.semi();
                }
                "at" => workload.works.push(p.work()?),
                "cpu" => workload.loads.push(p.load()?),
                _ => return p.no_such(ITEMS),
            }
            Ok(())
        })?;
        Ok(workload)
    }

    /// `at 0x400000 { takes 20 us; touches 512; }`
    fn work(&mut self) -> Parsed<Work> {
        self.bump();
        let mut work = Work { va: self.plain_number("a linear address")?.value & !0xfff, time: 0, pages: 0 };
        self.items("at", &["takes", "touches"], |p| {
            match p.word_ahead(0) {
                "takes" => {
                    p.bump();
                    work.time = p.duration()?.value;
                }
                "touches" => {
                    p.bump();
                    let pages = p.plain_number("a number of pages")?;
                    if pages.value > MAX_PAGES {
                        let message = format!("a working set has at most {MAX_PAGES} pages");
                        p.report(pages.span, &message, None);
                    }
                    p.eat_word("pages");
                    work.pages = pages.value.min(MAX_PAGES);
                }
                _ => return p.no_such(&["takes", "touches"]),
            }
            p.semi();
            Ok(())
        })?;
        Ok(work)
    }

    /// `cpu 1 { every 50 us; does "unmaps"; sleep 200 us; maybe 1: 30 percent; maybe 2: asleep; }`
    fn load(&mut self) -> Parsed<LoadDecl> {
        const WORDS: &[&str] = &["every", "does", "sleep", "maybe"];
        self.bump();
        let cpu = self.plain_number("the number of a CPU")?;
        let mut load = LoadDecl { cpu, every: None, sleep: None, does: None, answers: Vec::new() };
        self.items("cpu", WORDS, |p| {
            match p.word_ahead(0) {
                "every" => {
                    p.bump();
                    load.every = Some(p.duration()?);
                }
                "does" => {
                    p.bump();
                    load.does = Some(p.text("what its rounds do, in quotes: \"unmaps\"")?);
                }
                "sleep" => {
                    p.bump();
                    load.sleep = Some(p.duration()?);
                }
                "maybe" => {
                    p.bump();
                    let place = p.plain_number("which maybe() of the block, counted from 1")?;
                    p.expect(Tok::Colon, ":")?;
                    load.answers.push((place, p.answer()?));
                }
                _ => return p.no_such(WORDS),
            }
            p.semi();
            Ok(())
        })?;
        Ok(load)
    }

    /// `30 percent` or `asleep`
    fn answer(&mut self) -> Parsed<MaybeAnswer> {
        if self.eat_word("asleep") {
            return Ok(MaybeAnswer::Asleep);
        }
        let percent = self.plain_number("a number of percent, or asleep")?;
        if !self.eat_word("percent") {
            let message = format!("expected `percent`, found {}", self.found());
            return self.fail_here(&message, Some("write `maybe 1: 30 percent;` or `maybe 2: asleep;`"));
        }
        if percent.value > 100 {
            self.report(percent.span, "that is more than 100 percent", None);
        }
        Ok(MaybeAnswer::Percent(u8::try_from(percent.value.min(100)).unwrap_or(100)))
    }

    /// Nothing of a workload begins with the word at the cursor.
    fn no_such(&mut self, there: &[&str]) -> Parsed<()> {
        let word = self.name(&there.join(" or "))?;
        self.out.push(unknown(&word, there));
        Err(crate::parse::Failed)
    }
}

/// The most pages of a working set.
const MAX_PAGES: u64 = 1 << 20;

/// A setting that does not exist.
fn unknown(word: &Name, there: &[&str]) -> Diagnostic {
    let advice = did_you_mean(&word.text, there.iter().copied());
    let advice = advice.unwrap_or_else(|| format!("there are {}", there.join(", ")));
    Diagnostic::error(SourceId::SCENARIO, word.span, format!("a workload has no `{}` here", word.text))
        .advice(advice)
}
