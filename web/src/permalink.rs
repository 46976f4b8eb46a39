//! From what is on the page to the text behind `#`, and back.

use crate::beside::Beside;
use crate::player::Player;
use crate::session::{Session, Setup};
use explore::Trace;
use link::{Compared, Outcome, View};
use std::rc::Rc;

/// What a link opened to.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The player, at the link's moment.
    pub player: Player,
    /// How the replay compares with what was recorded.
    pub outcome: Outcome,
    /// The other machine that the run is followed on.
    pub beside: Option<Beside>,
}

/// The link to what a player shows.
#[must_use]
pub fn encode(player: &Player) -> String {
    encode_beside(player, None)
}

/// The same with the other machine that the run is followed on.
#[must_use]
pub fn encode_beside(player: &Player, beside: Option<&Beside>) -> String {
    let compared = beside.and_then(|beside| beside.compared(player.setup()));
    let view = compared.map_or(View::default(), |compared| View::default().comparing(compared));
    let variant = player.setup().session.variant();
    link::encode(&variant.moment(player.machine(), player.trace(), player.cursor(), view))
}

/// The link to the beginning of a session; nothing if it does not compile.
#[must_use]
pub fn beginning(session: &Session) -> Option<String> {
    let machine = session.compile().0?.machine;
    let link = session.variant().moment(&machine, &Trace::new(&machine), 0, View::default());
    Some(link::encode(&link))
}

/// A link being opened.
#[derive(Debug)]
pub struct Begun {
    opening: link::Opening,
    compared: Option<Compared>,
}

/// Begins to open a link.
///
/// # Errors
/// A sentence for the reader: the link is damaged, or names what there is not, or its texts don't compile.
pub fn begin(text: &str) -> Result<Begun, String> {
    let link = link::decode(text).map_err(|refusal| refusal.to_string())?;
    let compared = link.view.compared();
    let opening = link::Opening::begin(link).map_err(|why| why.to_string())?;
    Ok(Begun { opening, compared })
}

impl Begun {
    /// Takes up to `most` steps of its run; whether there are more to take.
    pub fn run(&mut self, most: usize) -> bool {
        self.opening.run(most)
    }

    /// How many steps have been taken, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        self.opening.progress()
    }

    /// What it opened to.
    #[must_use]
    pub fn end(self) -> Opened {
        let link::Opened { variant, machine, trace, cursor, outcome, diagnostics: _ } = self.opening.end();
        let session = Session::of(variant);
        let setup = Setup { machine, kernel: session.kernel(), session };
        let beside = self.compared.and_then(|compared| Beside::found(&setup, compared));
        Opened { player: Player::at(Rc::new(setup), trace, cursor), outcome, beside }
    }
}

/// Opens a link, however long it takes.
///
/// # Errors
/// As [`begin`].
pub fn decode(text: &str) -> Result<Opened, String> {
    let mut begun = begin(text)?;
    begun.run(usize::MAX);
    Ok(begun.end())
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, encode_beside};
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
    fn what_the_run_is_compared_with_comes_along() {
        let player = player();
        let settings = crate::beside::offered(player.setup(), false).into_iter().flat_map(|group| group.1);
        let kernel = crate::beside::Beside::Kernel("linux-4.14".to_owned());
        let others: Vec<_> = settings.map(|(beside, _)| beside).chain([kernel]).collect();
        assert!(others.len() > 3);
        for other in others {
            let opened = decode(&encode_beside(&player, Some(&other))).expect("a link made here opens here");
            assert_eq!(opened.beside, Some(other));
        }
        assert_eq!(decode(&encode(&player)).expect("it opens").beside, None);
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
