//! `tlbscope check`: verdicts on everything that scenarios expect.

use super::tally::Tally;
use crate::diagnostics::{self, NamedTexts};
use crate::files;
use crate::lost;
use crate::number;
use crate::report;
use crate::setting::SettingArgs;
use crate::shards;
use crate::stop::{Status, Stop, tell};
use crate::subject::{Subject, Variant, head};
use crate::watch;
use certificate::Claim;
use clap::Args;
use explore::{Bound, Completeness, Exploration, Limits, Progress, PropertySet, Trace};
use lang::program::{Expectation, MAX_STORE_BUFFER, Observation};
use lang::{CaseName, Severity};
use machine::{Asked, Check, MODEL, Machine, Phase, Property, Verdict, every_property, named};
use scene::grouped;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn some_states(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("a search keeps at least the state that it begins with".to_owned()),
        Ok(states) => Ok(states),
        Err(_) => Err(format!("it is a number from 1 to {}", u32::MAX)),
    }
}

/// States between two lines of progress.
const SLICE: u32 = 200_000;

/// Settle what scenarios expect, by trying every interleaving.
///
/// Exit status: 0 all expectations are met, 1 an expectation failed, 2 a text has errors, 3 an expectation is open
/// because a search stopped at its bound.
#[derive(Args, Debug)]
pub struct CheckCommand {
    /// Scenarios: files, folders with .tlb files, names of built-in scenarios, or links. A kernel among them is only
    /// compiled.
    #[arg(required_unless_present = "merge", value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    setting: SettingArgs,
    /// The most states that a search may keep.
    #[arg(long, value_name = "N", default_value_t = Limits::default().states, value_parser = some_states)]
    states: u32,
    /// The most memory that a search may use, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = |text: &str| number::within::<u64>(text, 1, 1 << 20))]
    memory: u64,
    /// Continue to the end and count all states, even when no expectation of the scenario is open any more. (A small
    /// scenario is counted to its end in any case.)
    #[arg(long)]
    count_all: bool,
    /// Threads for one search; its results do not depend on their number. [default: one per core]
    #[arg(long, value_name = "N", value_parser = |text: &str| number::within::<u8>(text, 0, 255))]
    threads: Option<u8>,
    /// Do not use symmetry: count states that differ only in the names of interchangeable CPUs one by one. Verdicts and lengths
    /// don't depend on it.
    #[arg(long)]
    no_symmetry: bool,
    /// Try all orders of steps, even where the order makes no difference. Verdicts don't depend on it. (A search
    /// for a certificate does so in any case.)
    #[arg(long)]
    no_partial_order: bool,
    /// Search without any reduction: no symmetry, dead registers keep their values, and each access that no other CPU can see is
    /// a step of its own. Verdicts don't depend on it; lengths count these steps too.
    #[arg(long)]
    no_reductions: bool,
    /// For each property that shows, print from which step on its run was lost. From that step on hardware can make the property
    /// show, whatever software does. docs/proof.md says which choices are hardware's.
    #[arg(long, conflicts_with_all = ["json", "quiet"])]
    first_lost: bool,
    /// Print only expectations that are not met, and the summary.
    #[arg(long, short)]
    quiet: bool,
    /// Write a certificate: a file with the states that settle what never shows. `tlbscope verify` checks the file without a
    /// search. The paths must name one variant.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Print JSON: one object per line for each variant, and one for the summary. docs/json.md lists the fields.
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// Check only a part of the variants: 2/5 is every fifth one, beginning with the second. --merge joins what the parts have
    /// printed with --json.
    #[arg(long, value_name = "I/N", value_parser = super::sweep::shard, default_value = "1/1", hide_default_value = true)]
    shard: (usize, usize),
    /// Join what `check --json --shard` has printed, in the order of one check. A missing part is an error.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["paths", "shard", "certificate"])]
    merge: Vec<PathBuf>,
    #[cfg(feature = "processes")]
    #[command(flatten)]
    team: crate::team::TeamOptions,
    /// Check again whenever a .tlb file changes, among the paths or among their kernels. Ctrl-C ends it.
    #[arg(long, conflicts_with_all = ["json", "certificate"])]
    watch: bool,
}

impl CheckCommand {
    fn limits(&self) -> Limits {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get().min(32) as u8);
        let threads = self.threads.unwrap_or_else(cores).clamp(1, 32);
        // A certificate holds every successor of each of its states.
        let partial_orders = !(self.no_partial_order || self.no_reductions || self.certificate.is_some());
        let symmetry = self.symmetry();
        Limits {
            states: self.states,
            bytes: self.memory << 20,
            threads,
            symmetry,
            partial_orders,
            ..Limits::default()
        }
    }

    fn symmetry(&self) -> bool {
        !(self.no_symmetry || self.no_reductions)
    }

    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        self.setting.agrees()?;
        files::stdin_once(&self.paths)?;
        if !self.merge.is_empty() {
            return shards::merge(&self.merge, out);
        }
        #[cfg(feature = "processes")]
        if let Some(team) = self.team.start(&self.paths)? {
            return self.shared(team, out);
        }
        if self.watch {
            watch::again(&self.paths, &self.setting.kernel, out, |out| self.once(out))
        } else {
            self.once(out)
        }
    }

    fn once(&self, out: &mut impl Write) -> Result<Status, Stop> {
        self.all(Tally::default(), out).map(|(status, _)| status)
    }

    /// One process reports; the others do the same, and report nothing.
    #[cfg(feature = "processes")]
    fn shared(&self, team: crate::team::Processes, out: &mut impl Write) -> Result<Status, Stop> {
        let tally = Tally { team: Some(team.clone()), ..Tally::default() };
        let all = if team.reports() { self.all(tally, out) } else { self.all(tally, &mut io::sink()) };
        match all {
            Ok((status, _)) => {
                team.part();
                Ok(status)
            }
            Err(stop) => {
                team.leave();
                Err(stop)
            }
        }
    }

    fn all(&self, mut tally: Tally, out: &mut impl Write) -> Result<(Status, Tally), Stop> {
        for path in &self.paths {
            let path = Path::new(path);
            let near = if path.is_dir() { vec![path.to_owned()] } else { Vec::new() };
            let files = match files::texts(path) {
                Ok(files) => files,
                Err(stop) => {
                    tally.refuse(stop)?;
                    continue;
                }
            };
            for file in files {
                if let Err(stop) = self.text(&file.to_string_lossy(), &near, &mut tally, out) {
                    tally.refuse(stop)?;
                }
                out.flush()?;
            }
        }
        if self.json {
            report::line(out, &report::ReportLine::Summary(tally.summary(self.shard)))?;
        } else {
            tally.print(out)?;
        }
        out.flush()?;
        Ok((tally.status(), tally))
    }

    fn text(
        &self,
        path: &str,
        near: &[PathBuf],
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let mut subjects = Subject::load_all(path, &self.setting, near)?;
        let scenarios = subjects.iter().filter(|subject| !subject.is_kernel());
        let used: Vec<String> = scenarios.flat_map(|scenario| scenario.uses(&self.setting)).collect();
        for subject in &mut subjects {
            // A scenario of the same file that uses the kernel reports on it.
            if subject.is_kernel() && used.contains(&subject.kernel_name()) {
                tally.kernels += 1;
                continue;
            }
            std::mem::swap(&mut subject.told, &mut tally.told);
            let checked = self.subject(subject, tally, out);
            std::mem::swap(&mut subject.told, &mut tally.told);
            match checked {
                Ok(()) => tally.texts += 1,
                Err(stop) => tally.refuse(stop)?,
            }
        }
        Ok(())
    }

    fn subject(&self, subject: &mut Subject, tally: &mut Tally, out: &mut impl Write) -> Result<(), Stop> {
        if subject.is_kernel() {
            return self.kernel(subject, tally, out);
        }
        if subject.is_costs() {
            if let Err(wrong) = cost::costs_of(subject.text()) {
                let kernel = lang::Whole::new("", &[("", ""); 0]);
                let scenario = (subject.path.as_str(), subject.text());
                let texts = NamedTexts { scenario, kernel: &kernel, paths: &[] };
                diagnostics::print(&wrong, texts, &mut diagnostics::Printed::default());
                return Err(Stop::Told);
            }
            if !self.quiet && !self.json {
                writeln!(out, "{}: a table of costs (`tlbscope cost` uses it)", subject.path)?;
            }
            return Ok(());
        }
        tally.scenarios += 1;
        let cases = subject.experiment.cases();
        if cases.is_empty() {
            // It is no scenario: compiling it says why.
            subject.compile(None, &self.setting, true)?;
        }
        let name = subject.name();
        let chosen = subject.chosen(&self.setting, &cases)?;
        let wanted = |case: &&CaseName| chosen.is_none_or(|chosen| chosen == *case);
        if self.certificate.is_some() && tally.cases as usize + cases.iter().filter(wanted).count() > 1 {
            let why = "--certificate writes one file, and more than one variant is named; choose with --case";
            return Err(Stop::Refused(why.to_owned()));
        }
        // An error in one case does not keep the others from being checked. What is wrong with all of them is said once.
        let (mut said, mut failed) = (BTreeSet::new(), false);
        let wanted: Vec<&CaseName> = cases.iter().filter(wanted).collect();
        let (lacks, sentences) = subject.lacking(&self.setting, &wanted);
        for sentence in sentences {
            Stop::Refused(sentence).tell()?;
        }
        for (case, lacks) in wanted.into_iter().zip(lacks) {
            tally.met_so_far += 1;
            if (tally.met_so_far - 1) % self.shard.1 != self.shard.0 - 1 {
                continue;
            }
            if lacks {
                failed = true;
                continue;
            }
            match self.case(subject, &name, case, tally, out) {
                Ok(()) => continue,
                Err(Stop::Refused(sentence)) if !said.insert(sentence.clone()) => {}
                Err(stop) => stop.tell()?,
            }
            failed = true;
        }
        if failed { Err(Stop::Told) } else { Ok(()) }
    }

    fn case(
        &self,
        subject: &mut Subject,
        name: &str,
        case: &CaseName,
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let mut variant = subject.compile(case.case, &self.setting, !self.quiet)?;
        if self.no_reductions {
            let machine = Machine::unreduced(variant.machine.program().clone());
            variant.machine = Arc::new(machine.map_err(|refusal| Stop::Refused(refusal.to_string()))?);
        }
        tally.cases += 1;
        self.settle(subject, name, case, &variant, tally, out)
    }

    /// A kernel by itself expects nothing.
    fn kernel(&self, subject: &mut Subject, tally: &mut Tally, out: &mut impl Write) -> Result<(), Stop> {
        tally.kernels += 1;
        let mut found = lang::check_kernel(&subject.whole().0.text);
        found.retain(|diagnostic| !self.quiet || diagnostic.severity == Severity::Error);
        let mut told = std::mem::take(&mut subject.told);
        let (whole, paths) = subject.whole();
        diagnostics::print(
            &found,
            NamedTexts { scenario: ("", ""), kernel: &whole, paths: &paths },
            &mut told,
        );
        subject.told = told;
        if found.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(Stop::Told);
        }
        if !self.quiet && !self.json {
            let named =
                if subject.taken_out() { format!(" {:?}", subject.kernel_name()) } else { String::new() };
            writeln!(
                out,
                "{}: a kernel{named}; it compiles (to check it, name a scenario that uses it)",
                subject.path
            )?;
        }
        Ok(())
    }

    fn settle(
        &self,
        subject: &Subject,
        name: &str,
        case: &CaseName,
        variant: &Variant,
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let machine = &variant.machine;
        let asked = if self.count_all { Asked::Count } else { Asked::by(machine.program()) };
        #[cfg(feature = "processes")]
        if let Some(team) = &tally.team {
            let subject_of_all = format!("{:?} {}", machine.program(), self.no_reductions);
            let Limits { states, bytes, .. } = self.limits();
            let means = team.about(&subject_of_all, &format!("{states} {bytes} {asked:?}"));
            let check: Check<_, explore::Apart<_>> = Check::by(means, machine.clone(), self.limits(), asked);
            self.report(subject, name, case, variant, &searched(check), tally, out)?;
            return Ok(out.flush()?);
        }
        let search = searched(Check::of(machine.clone(), self.limits(), asked));
        if let Some(file) = &self.certificate {
            self.certify(file, subject, variant, &search)?;
        }
        self.report(subject, name, case, variant, &search, tally, out)
    }

    #[expect(clippy::too_many_arguments, reason = "a report touches all that it is made of")]
    fn report<S: Exploration<Arc<Machine>>>(
        &self,
        subject: &Subject,
        name: &str,
        case: &CaseName,
        variant: &Variant,
        search: &Check<Arc<Machine>, S>,
        tally: &mut Tally,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let machine = &variant.machine;
        let expectations = &machine.program().expectations;
        let whole = variant.experiment.whole_kernel();
        let (kernel, joints) =
            whole.as_ref().map_or(("", &[][..]), |whole| (&*whole.text, &whole.joints[..]));
        let sources = scene::Sources { scenario: subject.text(), kernel, joints };
        if self.json {
            expectations.iter().for_each(|expectation| tally.count(search.verdict(expectation)));
            let see = |kind: &str, property: &str| subject.command(&self.setting, case, kind, property);
            let variant = report::variant(tally.met_so_far, subject, case, machine, search, sources, see);
            return Ok(report::line(out, &report::ReportLine::Variant(Box::new(variant)))?);
        }
        let mut head = head(name, case, machine);
        // One of many cases does not repeat it.
        if case.name.is_none() || self.setting.case.is_some() {
            let claim = machine.program().claim.as_deref();
            head.extend(claim.map(|claim| format!("\n  claims: {claim}")));
        }
        let widest = expectations.iter().map(|expectation| expectation.property.len()).max().unwrap_or(0);
        for expectation in expectations {
            let verdict = search.verdict(expectation);
            tally.count(verdict);
            if self.quiet && verdict == Verdict::Met {
                continue;
            }
            if !head.is_empty() {
                writeln!(out, "{}", std::mem::take(&mut head))?;
            }
            self.expectation(subject, case, search, machine, expectation, widest, out)?;
        }
        if self.quiet && !head.is_empty() {
            return Ok(());
        }
        if let Some(finals) = search.finals() {
            writeln!(out, "\n{}", scene::finals(machine, &finals, search.stores_waited()))?;
        }
        if !head.is_empty() {
            writeln!(out, "{head}\n  nothing is expected")?;
        }
        if let Some(sentence) = scene::only_fault(machine, &search.only_fault(), subject.text()) {
            writeln!(out, "  {sentence}")?;
        }
        if let Some(sentence) = scene::idle_claims(machine, &search.idle_claims(), sources) {
            writeln!(out, "  {sentence}")?;
        }
        let full = search.stores_waited().then_some(machine.program().machine.store_buffer);
        let unreached = scene::unreached_lines(machine, &search.unreached(), sources);
        if let Some(sentence) = scene::unreached(&unreached, full) {
            writeln!(out, "  {sentence}")?;
        }
        self.figures(machine, search, out)
    }

    /// Writes how the search ended, with its figures and bounds.
    fn figures<S: Exploration<Arc<Machine>>>(
        &self,
        machine: &Machine,
        search: &Check<Arc<Machine>, S>,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let progress = search.progress();
        let (waited, depth) = (search.stores_waited(), machine.program().machine.store_buffer);
        let end = match progress.completeness {
            Completeness::Complete if waited && depth < MAX_STORE_BUFFER => {
                format!("{} (--set store_buffer={} tries more)", scene::complete(machine, waited), depth + 1)
            }
            Completeness::Complete => scene::complete(machine, waited),
            Completeness::Bounded(Bound::Bytes) => {
                format!(
                    "stopped at the bound of {} MiB of memory: {}",
                    grouped(self.memory),
                    scene::needs(search.needs())
                )
            }
            Completeness::Bounded(Bound::System) => {
                format!("not complete: the search {}", scene::reached(machine, progress.seen))
            }
            Completeness::Bounded(Bound::Found) => {
                "stopped early, because it had seen everything that was asked for (--count-all continues)"
                    .to_owned()
            }
            _ => format!(
                "stopped at the bound of {} states: {}",
                grouped(self.states.into()),
                scene::needs(search.needs())
            ),
        };
        let counted = scene::interchangeable(machine).filter(|_| self.symmetry());
        let counted = counted.map(|counted| format!(", {counted}")).unwrap_or_default();
        writeln!(
            out,
            "  {}, {} transitions, depth {}; {end} ({}{counted})\n",
            scene::states(progress.states, search.saturated()),
            grouped(progress.transitions),
            progress.depth,
            scene::bounds(machine, waited),
        )?;
        Ok(())
    }

    /// Writes the certificate of what never shows.
    fn certify(
        &self,
        file: &Path,
        subject: &Subject,
        variant: &Variant,
        search: &Check<Arc<Machine>>,
    ) -> Result<(), Stop> {
        let machine = &variant.machine;
        let refused = |why: &str| Stop::Refused(format!("{}: {why}", files::shown(file)));
        let states = search.states().filter(|_| !self.no_reductions).ok_or_else(|| {
            refused(
                "there is no certificate: the search did not come to its end, or it ran without reductions",
            )
        })?;
        let start = Trace::new(&**machine);
        let texts = subject.for_link(&variant.experiment);
        let subject = link::moment(&texts, machine, &start, 0, link::View::default());
        let all = every_property(machine.program());
        let claim = Claim {
            subject: link::encode(&subject),
            model: MODEL,
            never: PropertySet(all.0 & !search.progress().seen.0),
            saturated: search.saturated(),
            symmetry: self.symmetry(),
        };
        let write = || {
            let mut out = BufWriter::new(File::create(file)?);
            certificate::write(machine, &claim, states, &mut out)?;
            out.flush()
        };
        write().map_err(|why| refused(&format!("it can't be written: {why}")))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a line of the report touches all that the report is made of"
    )]
    fn expectation<S: Exploration<Arc<Machine>>>(
        &self,
        subject: &Subject,
        case: &CaseName,
        search: &Check<Arc<Machine>, S>,
        machine: &Machine,
        expectation: &Expectation,
        widest: usize,
        out: &mut impl Write,
    ) -> Result<(), Stop> {
        let Expectation { observation, property, site: _ } = expectation;
        let verdict = search.verdict(expectation);
        let properties = named(machine.program(), property).unwrap_or_default();
        let witness = search.witness(properties);
        let steps = witness.as_ref().map(|(_, schedule)| schedule.len());
        let word = match verdict {
            Verdict::Met => "met",
            Verdict::Failed => "FAILED",
            Verdict::Open => "open",
        };
        let often = match observation {
            Observation::Always => "always",
            Observation::Sometimes => "sometimes",
            Observation::Never => "never",
        };
        let length = steps.map_or_else(String::new, |steps| length(steps, search.shortest(properties)));
        let line = format!("  {word:<7} {often:<9} {property:<widest$}  {length}");
        writeln!(out, "{}", line.trim_end())?;
        if let Some((_, schedule)) = witness.as_ref().filter(|_| self.first_lost) {
            lost::tell(machine, properties, schedule, self.states, out)?;
        }
        if verdict != Verdict::Met {
            writeln!(out, "          {}", report::sentence(machine, search, expectation))?;
            let last = witness.and_then(|(_, schedule)| scene::last_step(machine, &schedule, properties));
            if let Some(last) = last {
                writeln!(out, "          Its last step: {} [{}]", last.sentence, last.shown.join(", "))?;
            }
            let without = search.without(properties).is_some();
            let kind = if without { Some("--without") } else { steps.map(|_| "--witness") };
            if let Some(seen) = other_properties(search, verdict, *observation) {
                writeln!(out, "          {seen}")?;
            }
            if let Some(kind) = kind {
                writeln!(out, "          See it: {}", subject.command(&self.setting, case, kind, property))?;
            }
        }
        Ok(())
    }
}

/// The length of a run that shows something.
fn length(steps: usize, shortest: bool) -> String {
    match steps {
        1 => "1 step".to_owned(),
        steps if shortest => format!("{steps} steps"),
        steps => format!("{steps} steps or fewer"),
    }
}

/// What shows where a violation was expected and there is none: properties that are none by themselves.
fn other_properties<S: Exploration<Arc<Machine>>>(
    search: &Check<Arc<Machine>, S>,
    verdict: Verdict,
    observation: Observation,
) -> Option<String> {
    if verdict == Verdict::Met || observation != Observation::Sometimes {
        return None;
    }
    let steps = |property: &Property| Some((property.name(), search.witness(property.as_set())?.1.len()));
    let seen = Property::ALL.iter().filter_map(steps);
    let seen: Vec<String> = seen.map(|(name, steps)| format!("{name} ({})", length(steps, true))).collect();
    (!seen.is_empty()).then(|| format!("Other properties that show: {}.", seen.join(", ")))
}

/// Searches until nothing is open; says how far it is, if somebody is watching.
fn searched<S: Exploration<Arc<Machine>>>(mut search: Check<Arc<Machine>, S>) -> Check<Arc<Machine>, S> {
    let watched = io::stderr().is_terminal();
    let mut shown = false;
    while search.run(SLICE) {
        let (progress, outlook) = (search.progress(), search.outlook());
        if watched && progress.states > SLICE {
            let Progress { states, frontier, .. } = outlook.progress;
            let far =
                outlook.estimate.map(|all| format!(", {} (estimated)", scene::share(states - frontier, all)));
            let found = search.early().map(|early| format!("{} shows; ", early.property.name()));
            tell(format!(
                "\r\x1b[K{}{}, {} still to explore{} ...",
                found.unwrap_or_default(),
                scene::states(states, outlook.phase == Phase::Saturated),
                grouped(frontier.into()),
                far.unwrap_or_default()
            ));
            shown = true;
        }
    }
    if shown {
        // Back to the beginning of the line, and it is empty again.
        tell("\r\x1b[K");
    }
    search
}
