//! From the state of the page to the text after `#`, and back.

use crate::model::comparison::Counterpart;
use crate::model::player::Player;
use crate::model::session::{Session, Setup};
use link::{Base, Compared, ComparedAs, Incomparable, Link, Outcome, View};
use scene::grouped;
use std::rc::Rc;

/// Steps that are taken at most where a text with errors came by link.
const MOST_LIKE: usize = 400;

/// An opened link.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The player, at the link's moment.
    pub player: Player,
    /// How the replay compares with what was recorded.
    pub outcome: Outcome,
    /// The other machine on which the run is followed.
    pub counterpart: Option<Counterpart>,
    /// Why there is no other machine, though the link names one.
    pub incomparable: Option<Incomparable>,
    /// The link itself, for what it shows beside the run.
    pub link: Link,
}

/// Why a link did not open.
#[derive(Clone, Debug)]
pub enum Unopened {
    /// A sentence for the reader: the link is damaged, or names something that does not exist.
    Refused(String),
    /// Its texts have errors.
    Broken(Box<Broken>),
}

/// Texts with errors that came by link.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The texts, and the choices.
    pub session: Session,
    /// What stands on the stage in their place, if there is something like them that compiles: at the link's moment, as
    /// far as its run goes there.
    pub player: Option<Player>,
    /// The link itself, for what it shows beside the run.
    pub link: Link,
}

/// The link to what a player shows.
#[must_use]
pub fn encode(player: &Player) -> String {
    encode_compared(player, None)
}

/// The same with the other machine that the run is followed on.
#[must_use]
pub fn encode_compared(player: &Player, counterpart: Option<&Counterpart>) -> String {
    encode_texts(&player.setup().session, player, counterpart)
}

/// The link to texts as they stand, with errors perhaps, and to what a player shows of the last ones that compiled.
#[must_use]
pub fn encode_texts(session: &Session, player: &Player, counterpart: Option<&Counterpart>) -> String {
    link::encode(&of_texts(session, player, counterpart))
}

/// The contents of such a link.
#[must_use]
pub fn of_texts(session: &Session, player: &Player, counterpart: Option<&Counterpart>) -> Link {
    let compared =
        counterpart.and_then(|counterpart| counterpart.compared(player.setup())).map(ComparedAs::Named);
    let experiment = &session.experiment;
    let moment = link::moment(experiment, player.machine(), player.trace(), player.cursor(), View::default());
    let moment = Link { compared, ..moment };
    if *session == player.setup().session {
        return moment;
    }
    Link { options: experiment.selection.options.clone(), ..moment }
}

/// What to say of a session that no link can hold, and a run of so many steps; nothing if one can.
#[must_use]
pub fn too_long(session: &Session, steps: usize) -> Option<String> {
    let longest = session
        .experiment
        .kernels
        .iter()
        .map(|(_, text)| text.len())
        .chain([session.experiment.scenario.len()])
        .max();
    let what = if longest.is_some_and(|longest| longest > link::MAX_TEXT) {
        format!("The text is longer than the {} KiB that an address can hold", link::MAX_TEXT >> 10)
    } else if steps > link::MAX_STEPS {
        format!(
            "The run is longer than the {} steps that an address can hold",
            grouped(link::MAX_STEPS as u64)
        )
    } else {
        return None;
    };
    Some(format!(
        "{what}. So the address does not contain it, and a reload loses it. Save the text into a file; the page opens it from \
         there, and the command line reads it (tlbscope check FILE)."
    ))
}

/// Whether a link needs texts of the library that the page does not have from the beginning.
#[must_use]
pub fn needs_library(text: &str) -> bool {
    let Ok(link) = link::decode(text) else { return false };
    if let Base::Library { slug, .. } = &link.base
        && !gallery::at_once(slug)
    {
        return true;
    }
    // Workloads and tables of costs are texts of the library.
    if link.timed.is_some() {
        return true;
    }
    let other = match &link.compared {
        Some(ComparedAs::Named(Compared::Kernel(name))) => !gallery::at_once(name),
        Some(ComparedAs::Numbered(_)) => true,
        _ => false,
    };
    other || link.experiment().is_ok_and(|experiment| experiment.needs_library())
}

/// The link to the beginning of a session; nothing if it does not compile.
#[must_use]
pub fn beginning(session: &Session) -> Option<String> {
    let setup = session.compile().0?;
    Some(link::beginning(&session.experiment, &setup.machine))
}

/// A link being opened.
#[derive(Debug)]
pub struct Begun {
    opening: link::Opening,
}

/// Starts to open a link.
///
/// # Errors
/// If there is no machine to show.
pub fn begin(text: &str) -> Result<Begun, Unopened> {
    let link = link::decode(text).map_err(|refusal| Unopened::Refused(refusal.to_string()))?;
    let opening = link::Opening::begin(link.clone()).map_err(|why| match (&why, link.experiment()) {
        (link::Unopened::Text(_) | link::Unopened::Machine(_), Ok(experiment)) => {
            Unopened::Broken(Box::new(Broken::of(link, Session::of(experiment))))
        }
        _ => Unopened::Refused(why.to_string()),
    })?;
    Ok(Begun { opening })
}

impl Begun {
    /// Takes up to `most` steps of its run; whether there are more to take.
    pub fn run(&mut self, most: usize) -> bool {
        self.opening.run(most)
    }

    /// How much there is to list in a state of its machine: CPUs, times addresses that are walked, times entries that these leave.
    #[must_use]
    pub fn size(&self) -> usize {
        let program = self.opening.machine().program();
        usize::from(program.machine.cpus) * program.watched.len().pow(2)
    }

    /// How many steps have been taken, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        self.opening.progress()
    }

    /// The opened link.
    #[must_use]
    pub fn end(self) -> Opened {
        let link::Opened { experiment, machine, trace, cursor, outcome, compared, link, diagnostics: _ } =
            self.opening.end();
        let session = Session::of(experiment);
        let setup = Setup { machine, kernel: session.whole_kernel(), session };
        let counterpart = compared.map(|compared| {
            compared.and_then(|compared| Counterpart::found(&setup, &compared).ok_or(Incomparable::Gone))
        });
        let (counterpart, incomparable) = match counterpart {
            Some(Ok(counterpart)) => (Some(counterpart), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let player = Player::at(Rc::new(setup), trace, cursor);
        Opened { player, outcome, counterpart, incomparable, link }
    }
}

/// Opens a link, however long it takes.
///
/// # Errors
/// As [`begin`].
pub fn decode(text: &str) -> Result<Opened, Unopened> {
    let mut begun = begin(text)?;
    begun.run(usize::MAX);
    Ok(begun.end())
}

impl Broken {
    fn of(mut link: Link, session: Session) -> Broken {
        // The page does not wait for a longer run, since this run only resembles the one in the
        // link.
        link.schedule.truncate(MOST_LIKE);
        let setup = session.without_edits().find_map(|less| less.compile().0);
        let player = setup.map(|setup| {
            let (trace, _) = link::replay(&link, &setup.session.experiment, &setup.machine);
            Player::at(Rc::new(setup), trace, link.cursor as usize)
        });
        Broken { session, player, link }
    }
}

#[cfg(test)]
mod tests {
    use super::{Unopened, decode, encode, encode_compared, encode_texts};
    use crate::model::player::{Player, PlayerAct};
    use crate::model::session::Session;
    use lang::source::SourceId;
    use link::Outcome;
    use std::rc::Rc;

    fn player() -> Player {
        let session = Session::library(crate::DEFAULT).expect("the default scenario is in the library");
        let (setup, diagnostics) = session.compile();
        Player::new(Rc::new(setup.unwrap_or_else(|| panic!("{diagnostics:?}"))))
    }

    #[test]
    fn a_link_leads_back_to_its_moment() {
        let player = player().after(&PlayerAct::To(5));
        let opened = decode(&encode(&player)).expect("a link made here opens here");
        assert_eq!(opened.outcome, Outcome::Reproduced);
        assert_eq!(opened.player.cursor(), 5);
        assert_eq!(opened.player.trace().schedule(), player.trace().schedule());
        assert_eq!(opened.player.setup().session, player.setup().session);
    }

    #[test]
    fn what_the_run_is_compared_with_comes_along() {
        let player = player();
        let settings =
            crate::model::comparison::offered(player.setup(), false).into_iter().flat_map(|group| group.1);
        let kernel = crate::model::comparison::Counterpart::Kernel("linux-4.14".to_owned());
        let others: Vec<_> = settings.map(|(counterpart, _)| counterpart).chain([kernel]).collect();
        assert!(others.len() > 3);
        for other in others {
            let opened =
                decode(&encode_compared(&player, Some(&other))).expect("a link made here opens here");
            assert_eq!(opened.counterpart, Some(other));
        }
        assert_eq!(decode(&encode(&player)).expect("it opens").counterpart, None);
    }

    #[test]
    fn texts_with_errors_come_back_with_their_run() {
        let player = player().after(&PlayerAct::To(5));
        let session = player.setup().session.clone();
        let scenario =
            session.edited(SourceId::SCENARIO, &session.experiment.scenario.replace("machine {", "machin {"));
        let kernel = session.edited(SourceId::KERNEL, &session.kernel().replacen('{', "", 1));
        let no_kernel = session.edited(SourceId::SCENARIO, "scenario");
        let both = no_kernel.edited(SourceId::KERNEL, "kernel \"lazy TLB lab\" { // mine");
        for broken in [scenario, kernel, no_kernel, both] {
            assert!(broken.compile().0.is_none());
            let link = encode_texts(&broken, &player, None);
            let Err(Unopened::Broken(opened)) = decode(&link) else { panic!("{broken:?}") };
            assert_eq!(
                (&opened.session.experiment.scenario, &opened.session.experiment.kernels),
                (&broken.experiment.scenario, &broken.experiment.kernels)
            );
            let Some(stage) = opened.player else { continue };
            assert_eq!((stage.cursor(), stage.trace().len()), (5, player.trace().len()));
            // And back: the opened link is written as the same link.
            assert_eq!(encode_texts(&opened.session, &stage, None), link);
        }
    }

    #[test]
    fn damaged_links_are_refused_in_words() {
        let link = encode(&player());
        for end in 0..link.len() {
            let refused = decode(&link[..end]).map(|opened| opened.outcome);
            assert!(refused.is_err(), "{end}: {refused:?}");
        }
        assert!(decode("1.!!!!").is_err());
    }
}
