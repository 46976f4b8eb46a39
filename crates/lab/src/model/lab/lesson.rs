//! What the tour and the challenges do to the lab: they open settings, load runs, and judge what is on the stage.

use super::Lab;
use crate::model::act::Act;
use crate::model::jobs::Purpose;
use crate::model::lesson::{Course, LessonAct, Switches};
use crate::model::permalink;
use crate::model::player::{Player, PlayerAct};
use crate::model::session::{Session, Setup};
use crate::model::timed::TimedAct;
use crate::model::verdict::Check;
use cost::Over;
use guide::judge::{self, Judgement};
use guide::{Bench, Challenge, Goal, LessonSetting, ShownRun};
use lang::source::SourceId;
use machine::VIOLATION;
use protocol::{Report, WireVerdict};
use std::rc::Rc;

/// The library's texts, with what a setting chooses.
fn session(setting: &LessonSetting) -> Option<Session> {
    let mut session = Session::library(&setting.scenario)?.with_case(setting.case_number());
    session.choose(setting.options.iter().cloned());
    Some(session)
}

/// The setting at the start of a challenge.
fn start(challenge: &Challenge) -> Option<Session> {
    let session = session(&challenge.setting)?;
    match challenge.planted(&session.kernel()) {
        Some(kernel) => Some(session.edited(SourceId::KERNEL, &kernel)),
        None => Some(session),
    }
}

impl Lab {
    /// Opens a moment or a challenge.
    pub(super) fn begin(&mut self, course: Course) {
        self.lesson.enter(course);
        match course {
            Course::Tour(_) => self.open_moment(false),
            Course::Challenge(_) => self.open_challenge(),
        }
    }

    pub(super) fn lesson_by(&mut self, ask: LessonAct) {
        match ask {
            LessonAct::Bet(bet) => self.answer(Some(bet)),
            LessonAct::Answer => self.answer(None),
            LessonAct::Again => match self.lesson.course() {
                Some(Course::Tour(_)) => self.open_moment(self.lesson.answered()),
                Some(Course::Challenge(_)) => self.open_challenge(),
                None => {}
            },
            LessonAct::Leave => self.lesson.leave(),
            LessonAct::Fewest(way) => self.lesson.know(way),
            LessonAct::Solve => {
                if let Some(link) = self.solution() {
                    self.lesson.offer(link);
                }
            }
        }
    }

    fn answer(&mut self, bet: Option<bool>) {
        self.lesson.answer(bet);
        self.open_moment(true);
    }

    /// Puts a session on the stage; what the explorer knows of it already stays known.
    fn stage(&mut self, session: Session) {
        self.notice = None;
        self.unveil = true;
        if self.player.setup().session != session {
            let (setup, diagnostics) = session.compile();
            let Some(setup) = setup else { return };
            self.diagnostics = Rc::new(diagnostics);
            self.check = Check::asked(self.jobs.number(Purpose::Check));
            self.player = Player::new(Rc::new(setup));
        } else {
            self.diagnostics = Rc::default();
            self.player = Player::new(self.player.setup().clone());
        }
        self.session = session;
    }

    /// Opens the moment of the tour. `betted` sets the option that its bet is about.
    fn open_moment(&mut self, betted: bool) {
        let Some(moment) = self.lesson.moment().cloned() else { return };
        let Some(mut session) = session(&moment.setting) else { return };
        if betted && let Some(bet) = &moment.bet {
            session.choose([(bet.option.0.clone(), bet.option.1.clone())]);
        }
        self.stage(session);
        self.lesson.arrive();
        match moment.run {
            ShownRun::Eager => {
                self.unveil = false;
                self.go_to_place();
            }
            ShownRun::Shortest(_) => self.unveil_headline(),
        }
    }

    fn open_challenge(&mut self) {
        let Some(challenge) = self.lesson.challenge().cloned() else { return };
        let Some(session) = start(&challenge) else { return };
        self.stage(session);
        self.lesson.arrive();
        if let Some(bench) = challenge.bench() {
            self.timed = Rc::new(self.timed.following(Some(linked(bench, &challenge.task))));
        }
        if matches!(challenge.task, Goal::Break { .. }) {
            self.unveil = false;
            self.player = self.player.after(&PlayerAct::Load(Vec::new(), 0));
        } else {
            self.unveil_headline();
        }
    }

    /// Loads the run that the moment is about, now that the explorer has found it; whether a moment is open.
    pub(super) fn unveil_moment(&mut self, report: &Report) -> bool {
        let Some(moment) = self.lesson.moment() else { return false };
        if let ShownRun::Shortest(properties) = moment.run
            && let Some((_, schedule)) = report.witness(properties)
        {
            self.load(schedule);
            self.go_to_place();
        }
        true
    }

    fn go_to_place(&mut self) {
        let place = self.lesson.moment().map(|moment| moment.place.clone());
        let (machine, trace) = (self.player.machine(), self.player.trace());
        if let Some(found) = place.and_then(|place| place.find(machine, trace.steps())) {
            self.player = self.player.after(&PlayerAct::To(found));
        }
    }

    /// How many steps a run chosen by hand may have, once the explorer has said how many it takes.
    #[must_use]
    pub fn allowed(&self) -> Option<u32> {
        let Goal::Break { goal, slack, .. } = &self.lesson.challenge()?.task else { return None };
        let (_, shortest) = self.check.report()?.witness(*goal)?;
        Some(u32::try_from(shortest.len()).ok()? + slack)
    }

    /// The state of the attempt at the challenge; nothing while that is not known.
    #[must_use]
    pub fn judgement(&self) -> Option<Judgement> {
        let challenge = self.lesson.challenge()?;
        let start = start(challenge)?;
        if self.stale() {
            return Some(Judgement::Open);
        }
        if challenge.bench().is_some() {
            return self.judge_costs(&challenge.task);
        }
        match &challenge.task {
            Goal::Cheapest { .. } | Goal::Turn { .. } => None,
            Goal::Break { goal, .. } if self.session == start => {
                let taken = self.player.trace().steps().get(..self.player.cursor())?;
                Some(judge::run(taken, *goal, self.allowed()?))
            }
            Goal::Break { .. } => Some(Judgement::Elsewhere),
            Goal::Secure { keep } => {
                let mut texts = self.session.clone();
                texts.experiment.selection.options.clone_from(&start.experiment.selection.options);
                if texts != start {
                    return Some(Judgement::Elsewhere);
                }
                let before = start.compile().0?;
                let program = |setup: &Setup| setup.machine.program().clone();
                let Some(took) = judge::changed(&program(&before), &program(self.setup()), keep) else {
                    return Some(Judgement::Elsewhere);
                };
                match safe(self.check.report()?) {
                    Judgement::Solved => {
                        let allowed = u32::try_from(self.lesson.fewest()?.len()).ok()?;
                        Some(if took <= allowed {
                            Judgement::Solved
                        } else {
                            Judgement::Dear { took, allowed }
                        })
                    }
                    other => Some(other),
                }
            }
            Goal::Mend { .. } => {
                let mut texts = self.session.clone();
                texts.experiment.kernels = start.experiment.kernels.clone();
                if texts != start {
                    return Some(Judgement::Elsewhere);
                }
                let report = self.check.report()?;
                let kept = report.expectations.iter().all(|found| found.verdict == WireVerdict::Met);
                Some(match safe(report) {
                    Judgement::Solved if !kept => Judgement::Open,
                    other => other,
                })
            }
        }
    }

    /// How an attempt that timed runs judge stands at present.
    fn judge_costs(&self, task: &Goal) -> Option<Judgement> {
        let (Goal::Cheapest { costs, .. } | Goal::Turn { costs, .. }) = task else { return None };
        let timed = &self.timed;
        if !timed.is_open() || timed.workload() != costs.workload || timed.preset() != costs.costs {
            return Some(Judgement::Elsewhere);
        }
        let changed = timed.changed_figures()?;
        match task {
            Goal::Cheapest { .. } if changed != Some(Vec::new()) => Some(Judgement::Elsewhere),
            Goal::Cheapest { within, .. } => {
                let ran = timed.ran()?;
                let Some(clock) = self.clock() else { return Some(Judgement::Open) };
                let chosen = ran.iter().find(|one| one.0 == clock.kernel)?.1;
                let all: Vec<_> = ran.iter().map(|one| one.1).collect();
                Some(judge::cheapest(chosen, &all, *within))
            }
            Goal::Turn { kernels, within, .. } => {
                let near = |&(was, is): &(u64, u64)| {
                    is <= was.saturating_mul(*within) && was <= is.saturating_mul(*within)
                };
                let Some(changed) = changed.filter(|changed| changed.iter().all(near)) else {
                    return Some(Judgement::Elsewhere);
                };
                let ran = timed.ran()?;
                let of = |kernel: &String| Some(ran.iter().find(|one| one.0 == *kernel)?.1);
                Some(judge::turned([of(&kernels[0])?, of(&kernels[1])?], u32::try_from(changed.len()).ok()?))
            }
            _ => None,
        }
    }

    /// What has to be searched for the fewest changes that make the kernel of a challenge safe: its start, and the
    /// ways to change it. Nothing once that is known.
    #[must_use]
    pub fn candidates(&self) -> Option<(Session, Vec<Switches>)> {
        let challenge = self.lesson.challenge().filter(|_| self.lesson.fewest().is_none())?;
        let Goal::Secure { keep } = &challenge.task else { return None };
        let start = start(challenge)?;
        let before = start.compile().0?;
        Some((start, judge::ways(before.machine.program(), keep)))
    }

    /// A link to a solution, computed: the explorer's own run, the fewest changes, or the library's own text.
    fn solution(&self) -> Option<String> {
        let challenge = self.lesson.challenge()?;
        let start = start(challenge)?;
        let open = |session: Session| Some(Player::new(Rc::new(session.compile().0?)));
        let player = match &challenge.task {
            Goal::Break { goal, .. } => {
                let (_, schedule) = self.check.report().filter(|_| self.session == start)?.witness(*goal)?;
                let end = schedule.len();
                open(start)?.after(&PlayerAct::Load(schedule, end))
            }
            Goal::Secure { .. } => {
                let mut session = start;
                session.choose(self.lesson.fewest()?.iter().cloned());
                open(session)?
            }
            Goal::Mend { .. } => open(start.reset(SourceId::KERNEL))?,
            Goal::Cheapest { .. } => {
                let ran = self.timed.ran()?;
                let safe = ran.iter().filter(|one| one.1.safe);
                let kernel = safe.min_by_key(|one| one.1.load)?.0.clone();
                let mut lab = self.clone();
                lab.apply(Act::Timed(TimedAct::Stage(kernel, None)));
                return Some(lab.link());
            }
            Goal::Turn { way: (figure, times), .. } => {
                let Ok(Over::Figure(over)) = Over::named(figure) else { return None };
                let amount = self.timed.preset_costs()?.amount(over).saturating_mul(*times);
                let change = Some((figure.clone(), amount));
                let mut lab = self.clone();
                lab.apply(Act::Timed(TimedAct::Change(change)));
                return Some(lab.link());
            }
        };
        Some(permalink::encode(&player))
    }
}

/// The workload, the costs and the compared kernels that a challenge opens.
fn linked(bench: &Bench, task: &Goal) -> link::TimedTable {
    let costs = link::TimedCosts::Library(bench.costs.clone());
    let mut linked =
        link::TimedTable { workload: bench.workload.clone(), costs, ..link::TimedTable::default() };
    linked.contest = match task {
        Goal::Turn { kernels, .. } => kernels.clone(),
        _ => crate::model::timed::CONTEST.map(str::to_owned),
    };
    linked
}

/// Whether nothing can go wrong any more.
fn safe(report: &Report) -> Judgement {
    match (report.seen().intersects(VIOLATION), report.complete()) {
        (true, _) => Judgement::Open,
        (false, true) => Judgement::Solved,
        (false, false) => Judgement::Unsettled,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{act, checked};
    use super::{Goal, Judgement, Lab, VIOLATION};
    use crate::model::lab::Act;
    use crate::model::lesson::{LessonAct, Switches};
    use crate::model::player::PlayerAct;
    use crate::model::session::Session;
    use explore::PropertySet;
    use guide::Claim;
    use lang::program::Observation;
    use lang::source::SourceId;
    use machine::by_name;

    fn at(address: &str) -> Lab {
        let lab = checked(Lab::open(None).expect("a scenario compiles"));
        checked(act(lab, Act::Follow(address.to_owned())))
    }

    fn holds(lab: &Lab, claim: &Claim) -> bool {
        let report = lab.check().report().expect("the check is done");
        let properties: PropertySet = by_name(&claim.property).expect("a property");
        report.complete()
            && report.seen().intersects(properties) == (claim.observation == Observation::Sometimes)
    }

    #[test]
    fn every_moment_is_what_it_says() {
        let tour = guide::tour();
        for moment in &tour {
            let lab = at(&format!("tour/{}", moment.slug));
            assert_eq!(lab.lesson().moment(), Some(moment));
            let player = lab.player();
            let found = moment.place.find(player.machine(), player.trace().steps());
            assert_eq!(found, Some(player.cursor()), "{}: {:?}", moment.slug, moment.place);
            for claim in &moment.claims {
                assert!(holds(&lab, claim), "{}: {claim:?}", moment.slug);
            }
            for slug in &moment.see {
                assert!(gallery::scenario(slug).is_some(), "{}: {slug}", moment.slug);
            }
            if let Some(bet) = &moment.bet {
                let lab = checked(act(lab, Act::Lesson(LessonAct::Bet(false))));
                assert!(lab.session().experiment.selection.options.contains(&bet.option));
                assert!(!bet.claims.is_empty() && bet.claims.iter().all(|claim| holds(&lab, claim)));
                let steps = lab.player().trace().steps();
                assert_eq!(moment.place.find(lab.player().machine(), steps), Some(lab.player().cursor()));
            }
        }
    }

    #[test]
    fn the_tour_is_offered_beside_the_librarys_text_alone() {
        let lab = Lab::open(None).expect("a scenario compiles");
        let session =
            Session::library(&lab.lesson().moments[0].setting.scenario).expect("the tour begins there");
        assert!(lab.lesson().tour_of(&session).is_some());
        let mine = format!("{}\n// mine", session.text(SourceId::SCENARIO));
        assert_eq!(lab.lesson().tour_of(&session.edited(SourceId::SCENARIO, &mine)), None);
    }

    #[test]
    fn who_leaves_the_way_is_led_back() {
        let lab = at("tour/walk");
        let place = lab.player().cursor();
        assert_eq!(lab.lesson().address().as_deref(), Some("tour/walk"));
        let away = act(lab, Act::Play(PlayerAct::Back));
        assert!(away.lesson().wandered() && away.lesson().address().as_deref() == Some("tour/walk"));
        let option = Act::Option { name: "init_mm_switch".into(), choice: "on".into() };
        let back = checked(act(checked(act(away, option)), Act::Lesson(LessonAct::Again)));
        assert_eq!((back.player().cursor(), back.lesson().wandered()), (place, false));
        let left = act(back, Act::Lesson(LessonAct::Leave));
        assert!(left.lesson().course().is_none());
        assert_eq!(left.lesson().tour_address().as_deref(), Some("tour/walk"));
    }

    /// The browser's Back leads to where the reader had wandered within a moment, and the moment is still open.
    #[test]
    fn who_comes_back_to_where_they_wandered_is_still_on_the_tour() {
        let away = act(at("tour/walk"), Act::Play(PlayerAct::Back));
        let link = away.link();
        let on = checked(act(away.clone(), Act::Follow("tour/reuse".to_owned())));
        for from in [on.clone(), Lab::open(None).expect("a scenario compiles")] {
            let back = checked(act(from, Act::Follow(format!("tour/walk/{link}"))));
            assert_eq!(back.lesson().moment(), away.lesson().moment());
            assert!(back.lesson().wandered());
            assert_eq!((back.player().cursor(), back.link()), (away.player().cursor(), link.clone()));
        }
        // The link alone is for others, who are on no tour.
        assert!(act(on.clone(), Act::Follow(link)).lesson().course().is_none());
        let broken = act(on, Act::Follow("tour/walk/1.damaged".to_owned()));
        assert!(broken.lesson().moment().is_some() && broken.notice().is_some_and(|notice| notice.warning));
    }

    #[test]
    fn an_address_without_a_name_leads_to_the_first() {
        for (address, kind) in [("tour", "tour"), ("tour/", "tour"), ("challenge", "challenge")] {
            let lab = Lab::open(Some(address)).expect("a scenario compiles");
            let lesson = lab.lesson();
            let first = if kind == "tour" { lesson.moments[0].slug } else { lesson.challenges[0].slug };
            assert_eq!((lesson.address(), lab.notice()), (Some(format!("{kind}/{first}")), None));
        }
    }

    #[test]
    fn an_address_that_leads_nowhere_says_where_one_can_go() {
        for (address, begins, names) in [
            ("tour/atlantis", "The tour has no moment \u{201c}atlantis\u{201d}. There are: ", "walk"),
            (
                "challenge/atlantis/1.x",
                "There is no challenge \u{201c}atlantis\u{201d}. There are: ",
                "lazy-walk",
            ),
        ] {
            let lab = Lab::open(Some(address)).expect("a scenario compiles");
            assert!(lab.lesson().course().is_none());
            let notice = lab.notice().filter(|notice| notice.warning).expect("it is said");
            assert!(notice.sentence.starts_with(begins), "{}", notice.sentence);
            assert!(
                notice.sentence.contains(names) && notice.sentence.contains("What you see is "),
                "{}",
                notice.sentence
            );
        }
        let long = format!("tour/{}", "a".repeat(5_000));
        let lab = Lab::open(Some(&long)).expect("a scenario compiles");
        assert!(lab.notice().is_some_and(|notice| notice.sentence.len() < 500));
    }

    /// What the seeker does on the page.
    fn sought(lab: Lab) -> Lab {
        let Some((start, ways)) = lab.candidates() else { return lab };
        let safe = |way: &Switches| {
            let mut session = start.clone();
            session.choose(way.iter().cloned());
            let machine = session.compile().0.expect("it compiles").machine;
            let mut check = machine::Check::new(&machine, explore::Limits::default());
            check.run_to_end();
            !check.progress().seen.intersects(VIOLATION)
        };
        let way = ways.into_iter().find(safe).expect("there is a way");
        assert!(!way.is_empty(), "it is safe already");
        act(lab, Act::Lesson(LessonAct::Fewest(way)))
    }

    #[test]
    fn every_challenge_is_open_and_its_solution_solves_it() {
        // Those that timed runs judge are in `tests/timed.rs`.
        for challenge in guide::challenges().into_iter().filter(|challenge| challenge.bench().is_none()) {
            let lab = sought(at(&format!("challenge/{}", challenge.slug)));
            assert_eq!(lab.lesson().challenge(), Some(&challenge));
            assert_eq!(lab.judgement(), Some(Judgement::Open), "{} at the start", challenge.slug);
            let report = lab.check().report().expect("the check is done");
            assert!(report.seen().intersects(VIOLATION), "{} is no challenge", challenge.slug);
            if matches!(challenge.task, Goal::Break { .. }) {
                assert!(lab.player().trace().is_empty(), "the reader chooses every step");
            }
            let lab = act(lab, Act::Lesson(LessonAct::Solve));
            let link = lab.lesson().solution().expect("a solution").to_owned();
            let solved = checked(act(lab, Act::Follow(link)));
            assert_eq!(solved.judgement(), Some(Judgement::Solved), "{}", challenge.slug);
        }
    }

    #[test]
    fn more_than_needed_is_dear_and_less_counts_not() {
        let lab = sought(at("challenge/cheapest"));
        let option = |name: &str, choice: &str| Act::Option { name: name.into(), choice: choice.into() };
        let both = act(act(lab, option("memory_barrier", "on")), option("init_mm_switch", "on"));
        let both = checked(both);
        assert_eq!(both.judgement(), Some(Judgement::Dear { took: 2, allowed: 1 }));
        let one = checked(act(both.clone(), option("memory_barrier", "off")));
        assert_eq!(one.judgement(), Some(Judgement::Solved));
        let kept = checked(act(both, option("lazy_tlb", "off")));
        assert_eq!(kept.judgement(), Some(Judgement::Elsewhere), "lazy TLB has to stay on");
    }

    #[test]
    fn a_scenario_without_threads_is_no_answer() {
        let lab = at("challenge/mask-first");
        let idle = lab.session().experiment.scenario.replace("kthread();", "");
        let cheat = checked(act(lab, Act::Edit(SourceId::SCENARIO, idle)));
        assert!(!cheat.stale(), "{:?}", cheat.diagnostics());
        assert_eq!(cheat.judgement(), Some(Judgement::Elsewhere));
    }

    #[test]
    fn a_kernel_that_does_not_unmap_is_no_answer() {
        let lab = at("challenge/free-first");
        let kernel = lab.session().kernel();
        let lazy = kernel.replace("        free_table(pd);\n", "").replace("        free_table(pdpt);\n", "");
        let lazy = lazy.replace("        free_table(pt);\n", "");
        let cheat = checked(act(lab, Act::Edit(SourceId::KERNEL, lazy)));
        assert!(!cheat.stale(), "{:?}", cheat.diagnostics());
        assert_eq!(cheat.judgement(), Some(Judgement::Open), "whoever wants a page waits for ever");
    }
}
