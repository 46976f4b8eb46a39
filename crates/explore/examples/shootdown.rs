//! A TLB shootdown among any number of CPUs, in the manner of Mach: a system without a given number of members.
//!
//! Each CPU may walk the page table at any time, and caches the page if it is mapped. A CPU that unmaps the page takes
//! the lock, clears the entry, asks each of the others to flush, waits until all have answered, and frees the page. A
//! CPU that is idle answers when it wakes up.
//!
//! ```text
//! cargo run -p explore --example shootdown
//! ```
//!
//! Views of one CPU are not enough: they do not record, of a CPU that still has the page cached, how far the CPU with
//! the lock has come. Views of two show that no CPU ever uses the page after it was freed, with any number of CPUs. If idle CPUs are not asked, two CPUs are enough to
//! see such a use.

use explore::{Closure, Crowd, Few, PropertySet, Views};

/// A CPU accesses the page after it was freed.
const STALE: u8 = 0;

struct Shootdown {
    /// Whether CPUs that are idle are asked, too.
    asks_idle: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shared {
    locked: bool,
    page: Page,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Page {
    Mapped,
    /// Its entry is cleared.
    Unmapped,
    Freed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cpu {
    at: At,
    idle: bool,
    /// Whether the page is in its TLB.
    cached: bool,
    call: Call,
}

/// Where a CPU is in its shootdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Elsewhere,
    HasLock,
    Asks,
    Waits,
    Frees,
    /// It withdraws its requests.
    Leaves,
}

/// Whether a CPU has been asked to flush, and has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    No,
    Asked,
    Answered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    Walk,
    Access,
    Sleep,
    Wake,
    Lock,
    Clear,
    Ask,
    AllAsked,
    Answer,
    AllAnswered,
    Free,
    TakeBack,
    Map,
}

impl Crowd for Shootdown {
    type Shared = Shared;
    type Member = Cpu;
    type Action = Action;

    fn shared(&self) -> Shared {
        Shared { locked: false, page: Page::Mapped }
    }

    fn members(&self) -> Vec<Cpu> {
        vec![Cpu { at: At::Elsewhere, idle: false, cached: false, call: Call::No }]
    }

    fn actions(&self, shared: &Shared, me: &Cpu, out: &mut Vec<Action>) {
        if me.idle {
            return out.push(Action::Wake);
        }
        if shared.page == Page::Mapped && !me.cached {
            out.push(Action::Walk);
        }
        if me.cached {
            out.push(Action::Access);
        }
        if me.call == Call::Asked {
            out.push(Action::Answer);
        }
        match me.at {
            At::Elsewhere => {
                out.push(Action::Sleep);
                if !shared.locked && shared.page == Page::Mapped {
                    out.push(Action::Lock);
                }
            }
            At::HasLock => out.push(Action::Clear),
            At::Asks => out.extend([Action::Ask, Action::AllAsked]),
            At::Waits => out.push(Action::AllAnswered),
            At::Frees => out.push(Action::Free),
            At::Leaves => out.extend([Action::TakeBack, Action::Map]),
        }
    }

    fn aimed(&self, action: Action) -> bool {
        matches!(action, Action::Ask | Action::TakeBack)
    }

    fn hits(&self, action: Action, _: &Cpu, other: &Cpu) -> bool {
        match action {
            Action::Ask => other.call == Call::No && self.must_be_asked(other),
            _ => other.call == Call::Answered,
        }
    }

    fn permits(&self, action: Action, _: &Cpu, other: &Cpu) -> bool {
        match action {
            Action::AllAsked => other.call != Call::No || !self.must_be_asked(other),
            Action::AllAnswered => other.call != Call::Asked,
            Action::Map => other.call == Call::No,
            _ => true,
        }
    }

    fn step(
        &self,
        action: Action,
        shared: &mut Shared,
        me: &mut Cpu,
        other: Option<&mut Cpu>,
    ) -> PropertySet {
        match action {
            Action::Walk => me.cached = true,
            Action::Access if shared.page == Page::Freed => return PropertySet::one(STALE),
            Action::Access => {}
            Action::Sleep => me.idle = true,
            Action::Wake => me.idle = false,
            Action::Lock => (shared.locked, me.at) = (true, At::HasLock),
            Action::Clear => (shared.page, me.cached, me.at) = (Page::Unmapped, false, At::Asks),
            Action::Ask => other.into_iter().for_each(|other| other.call = Call::Asked),
            Action::AllAsked => me.at = At::Waits,
            Action::Answer => (me.cached, me.call) = (false, Call::Answered),
            Action::AllAnswered => me.at = At::Frees,
            Action::Free => (shared.page, me.at) = (Page::Freed, At::Leaves),
            Action::TakeBack => other.into_iter().for_each(|other| other.call = Call::No),
            // The page is mapped again, and the lock released.
            Action::Map => {
                (shared.page, shared.locked, me.at) = (Page::Mapped, false, At::Elsewhere);
            }
        }
        PropertySet::NONE
    }
}

impl Shootdown {
    fn must_be_asked(&self, other: &Cpu) -> bool {
        self.asks_idle || !other.idle
    }
}

fn main() {
    for asks_idle in [true, false] {
        let shootdown = Shootdown { asks_idle };
        println!("idle CPUs are {}asked", if asks_idle { "" } else { "not " });
        for size in 1..=2 {
            let views = Views::new(&shootdown, size, 100_000);
            let never =
                views.closure() == Closure::Closed && !views.shown().intersects(PropertySet::one(STALE));
            let verdict = if never { "never, with any number of CPUs" } else { "not settled" };
            println!("  {} views of {size}: a stale access: {verdict}", views.len());
        }
        for cpus in 1..=3 {
            let few = Few::new(&shootdown, cpus, 1_000_000);
            let path = few.path(STALE).map_or("none".to_owned(), |path| format!("{path:?}"));
            println!("  {cpus} CPUs, {} states: {path}", few.states().count());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, STALE, Shootdown};
    use explore::{Closure, Few, PropertySet, Views};

    #[test]
    fn views_of_two_settle_it_for_any_number_of_cpus() {
        let shootdown = Shootdown { asks_idle: true };
        let views = Views::new(&shootdown, 2, 100_000);
        assert_eq!((views.closure(), views.shown()), (Closure::Closed, PropertySet::NONE));
    }

    #[test]
    fn whoever_is_idle_and_not_asked_uses_the_page_after_it_was_freed() {
        let shootdown = Shootdown { asks_idle: false };
        assert!(Views::new(&shootdown, 2, 100_000).shown().intersects(PropertySet::one(STALE)));
        let few = Few::new(&shootdown, 2, 100_000);
        let path = few.path(STALE).expect("two are enough");
        assert_eq!(path.last(), Some(&Action::Access));
        assert!(path.contains(&Action::Sleep) && !path.contains(&Action::Ask), "{path:?}");
        assert_eq!(Few::new(&shootdown, 1, 100_000).path(STALE), None, "one is alone");
    }

    #[test]
    fn what_a_few_come_to_is_among_the_views() {
        for asks_idle in [true, false] {
            let shootdown = Shootdown { asks_idle };
            for size in 1..=2 {
                let views = Views::new(&shootdown, size, 100_000);
                for cpus in size..=4 {
                    let few = Few::new(&shootdown, cpus, 1_000_000);
                    assert!(few.complete() && views.shown().contains(few.shown()));
                    for (shared, members) in few.states() {
                        assert!(views.cover(shared, members), "{shared:?} {members:?}");
                    }
                }
            }
        }
    }
}
