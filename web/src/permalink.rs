//! From what is on the page to the text behind `#`, and back.

use crate::player::{Do, Player};
use crate::session::Session;
use explore::{System, Trace};
use lang::source::SourceId;
use link::{Base, Link, Outcome, Replayed, View};
use machine::{Action, MODEL};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a link opened to.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The player, at the link's moment.
    pub player: Player,
    /// How the replay compares with what was recorded.
    pub outcome: Outcome,
}

/// The link to what a player shows.
#[must_use]
pub fn encode(player: &Player) -> String {
    let session = &player.setup().session;
    let (base, _) = base(session);
    let trace = player.trace();
    let link = Link {
        base,
        options: session.selection().options,
        case: session.case,
        schedule: trace.schedule().into_iter().map(Action::code).collect(),
        cursor: u32::try_from(player.cursor()).unwrap_or(u32::MAX),
        view: View::default(),
        digest: digest(player),
        model: MODEL,
    };
    link::encode(&link)
}

/// Opens a link.
///
/// # Errors
/// A sentence for the reader: the link is damaged, or names what there is not, or its texts don't compile.
pub fn decode(text: &str) -> Result<Opened, String> {
    let link = link::decode(text).map_err(|refusal| refusal.to_string())?;
    let session = session(&link)?;
    let (setup, diagnostics) = session.compile();
    let setup = setup.ok_or_else(|| match diagnostics.first() {
        Some(first) => format!("The text in this link does not compile: {}.", first.message),
        None => "The text in this link does not compile.".to_owned(),
    })?;
    // Codes that mean nothing here end the schedule like actions that are not enabled.
    let schedule: Vec<Action> = link.schedule.iter().map_while(|&code| Action::from_code(code)).collect();
    let player = Player::new(Rc::new(setup)).after(&Do::Load(schedule, link.cursor as usize));
    let texts = base(&session).1;
    let replayed = Replayed { taken: player.trace().len(), digest: digest(&player), model: MODEL, texts };
    Ok(Opened { outcome: Outcome::of(&link, replayed), player })
}

/// Where a session's texts come from, and the hash of those of the library.
fn base(session: &Session) -> (Base, u32) {
    let scenario_edited = session.is_edited(SourceId::SCENARIO);
    let kernel = session.is_edited(SourceId::KERNEL).then(|| session.kernel().to_string());
    let library_kernel = session.kernel();
    let mut texts: Vec<&str> = Vec::new();
    if !scenario_edited {
        texts.push(&session.scenario);
    }
    if kernel.is_none() {
        texts.push(&library_kernel);
    }
    let hash = link::hash_texts(&texts);
    if scenario_edited {
        (Base::Inline { scenario: session.scenario.to_string(), kernel, hash }, hash)
    } else {
        (Base::Library { slug: session.slug.clone(), kernel, hash }, hash)
    }
}

fn session(link: &Link) -> Result<Session, String> {
    let mut session = match &link.base {
        Base::Library { slug, .. } => Session::library(slug).ok_or_else(|| {
            format!("The link is to a scenario named {slug:?}, which is not in this library.")
        })?,
        Base::Inline { scenario, .. } => Session {
            slug: String::new(),
            scenario: scenario.as_str().into(),
            kernels: BTreeMap::new(),
            case: None,
            options: BTreeMap::new(),
        },
    };
    session.case = link.case;
    session.options = link.options.iter().cloned().collect();
    if let Some(kernel) = link.base.kernel() {
        session = session.edited(SourceId::KERNEL, kernel);
    }
    Ok(session)
}

fn digest(player: &Player) -> u32 {
    let trace: &Trace<_> = player.trace();
    let mut packed = Vec::new();
    player.machine().pack(trace.last(), &mut packed);
    link::hash_state(&packed)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::player::{Do, Player};
    use crate::session::Session;
    use link::Outcome;
    use std::rc::Rc;

    fn player() -> Player {
        let session = Session::library(crate::DEFAULT).expect("the default scenario is in the library");
        let (setup, diagnostics) = session.compile();
        Player::new(Rc::new(setup.unwrap_or_else(|| panic!("{diagnostics:?}"))))
    }

    #[test]
    fn a_link_leads_back_to_its_moment() {
        let player = player().after(&Do::To(5));
        let opened = decode(&encode(&player)).expect("a link made here opens here");
        assert_eq!(opened.outcome, Outcome::Reproduced);
        assert_eq!(opened.player.cursor(), 5);
        assert_eq!(opened.player.trace().schedule(), player.trace().schedule());
        assert_eq!(opened.player.setup().session, player.setup().session);
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
