//! What several processes have to do for one another, so that they can share a search.

use std::cell::RefCell;
use std::rc::Rc;

/// One of several members, as it sees the others. Members are numbered from 0. All of them take the same steps in the same
/// order: when one calls [`Team::exchange`], each of the others does so too, or has failed.
///
/// The library has no process, no network and no file. Who implements this has: over sockets, or over channels between
/// threads as the tests do.
pub trait Team {
    /// The number of this member.
    fn index(&self) -> usize;

    /// How many members there are.
    fn size(&self) -> usize;

    /// Sends each member a letter, and waits for one of each. The letter to oneself is not sent; the answer has an empty one
    /// in its place. If a member is lost, this does not return ([`Team::fail`]).
    fn exchange(&mut self, letters: Vec<Vec<u8>>) -> Vec<Vec<u8>>;

    /// A number for all that this member's search depends on: the whole system, the limits, and what is asked. Members whose
    /// numbers differ do not search the same, and none of them goes on.
    fn subject(&self) -> u64;

    /// A search begins, which nothing but a search of the same system in the same way shares this number with, as far as can be seen
    /// from the initial state. Returns the number that its levels are kept under, and how many of its levels have been kept
    /// before: 0 if none, or if no levels are kept.
    fn begin(&mut self, identity: u64) -> (u32, u32);

    /// Whether levels are kept.
    fn keeps(&self) -> bool;

    /// Keeps this member's part of a level of a search.
    fn keep(&mut self, search: u32, level: u32, bytes: &[u8]);

    /// What has been kept of a level: this member's part if it had the same number among as many members, otherwise all parts.
    fn kept(&mut self, search: u32, level: u32) -> Vec<Vec<u8>>;

    /// Ends the run with this reason: a member is lost, or something that another one wrote can't be read.
    fn fail(&mut self, why: &str) -> !;
}

/// A team, shared by the searches of a check.
pub type Shared = Rc<RefCell<dyn Team>>;
