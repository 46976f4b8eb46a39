//! What a search has settled, in sentences that claim no more than the search did.
//!
//! Three results are possible for a property. It is reachable: then there is a shortest path to it, and its number of
//! steps is exact even if the search stopped there, because the search goes breadth first. (Only a path through
//! saturated states may be longer than needed, and the sentence says so.) It is not reachable: then the search looked
//! at every state, or at every saturated one. Or the search stopped at a bound before the answer was known: that is no
//! proof, and the sentence says so.

use crate::name;
use explore::{Bound, Completeness, Progress, PropertySet};
use lang::program::{Alloc, MachineSpec, Observation, Origin, OwnStores};
use machine::{BEYOND, LIMIT, Machine, Needs};
use x86::Vendor;

/// What a search knows of a property.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// How often it shows, as far as that is settled.
    pub observation: Option<Observation>,
    /// The length of a path to it, and whether that is known to be a shortest one.
    pub witness: Option<(usize, bool)>,
    /// How far the search went.
    pub progress: &'a Progress,
    /// Whether it looked at saturated states.
    pub saturated: bool,
    /// What it would have needed, if a bound stopped it and there is an estimate.
    pub needs: Option<Needs>,
    /// Whether a store had to wait because the store buffer was full, so that its depth is a bound that made a
    /// difference.
    pub waited: bool,
}

/// The states that a search has counted: `7,281 saturated states`.
#[must_use]
pub fn states(count: u32, saturated: bool) -> String {
    format!("{} {}", grouped(u64::from(count)), if saturated { "saturated states" } else { "states" })
}

/// What is known of a property, as a sentence with the bounds within which it holds. `property` is a name of the language,
/// groups included.
#[must_use]
pub fn verdict_sentence(machine: &Machine, property: &str, known: &Known<'_>) -> String {
    let &Known { observation, witness, progress, saturated, needs: needed, waited } = known;
    let what = meaning(property);
    // This term is our own, so the sentence explains it.
    let saturation = if saturated { ", in which each CPU has cached whatever it can" } else { "" };
    let states = format!("{}{saturation}", states(progress.states, saturated));
    let counted = interchangeable(machine).map(|counted| format!(", {counted}")).unwrap_or_default();
    let within = format!("{}; {}{counted}", subject(machine), bounds(machine, waited));
    match (observation, witness, progress.completeness) {
        (Some(Observation::Always), _, _) => {
            format!("Always, whatever the schedule: {what} (all {states}; {within}).")
        }
        (_, Some((steps, shortest)), _) => {
            let steps = self::steps(steps);
            let fewer = if shortest { "" } else { " or fewer" };
            format!("Reachable in {steps}{fewer}: {what} ({within}).")
        }
        (_, None, Completeness::Complete) => {
            let complete = complete(machine, waited);
            // The first thought is what is settled, the second what is not.
            let open = if waited { "; larger store buffers are open" } else { "" };
            format!("None in all {states}: there is no run in which {what}{open} ({complete}; {within}).")
        }
        (_, None, Completeness::Running) => {
            format!(
                "It is open whether {what}: none in {states} so far, and the search continues ({within})."
            )
        }
        (_, None, Completeness::Bounded(bound)) => {
            let stopped = match bound {
                Bound::States => format!("stopped at its limit of states; {}", needs(needed)),
                Bound::Bytes => format!("stopped at its limit of memory; {}", needs(needed)),
                Bound::Found => "stopped early, because it had seen everything that was asked for".to_owned(),
                Bound::System => reached(machine, progress.seen),
            };
            format!(
                "It is open whether {what}: none found within {states}, which is not a proof; \
                 the search {stopped} ({within})."
            )
        }
    }
}

/// What is known of a violation before the search is done: that it shows, in a run of so many steps. Whether that is a `shortest`
/// one, and whether it is `settled` that nothing graver shows, may be open.
#[must_use]
pub fn early_sentence(
    machine: &Machine,
    property: &str,
    steps: usize,
    shortest: bool,
    settled: bool,
) -> String {
    let fewer = if shortest { "" } else { " or fewer" };
    let open = match (shortest, settled) {
        (false, true) => "Whether a shorter run shows it is still open",
        (false, false) => "Whether a shorter run shows it, and whether anything graver shows, is still open",
        (true, false) => "Whether anything graver shows is still open",
        (true, true) => "Nothing graver shows",
    };
    format!(
        "Reachable in {}{fewer}: {}. {open} ({}; {}).",
        self::steps(steps),
        meaning(property),
        subject(machine),
        bounds(machine, false),
    )
}

/// The share of an estimated number of states that a search has looked at: `about 60 %`. It is rounded down to a multiple of
/// ten.
#[must_use]
pub fn share(done: u32, estimate: u64) -> String {
    match u64::from(done) * 10 / estimate.max(1) {
        0 => "less than 10 %".to_owned(),
        tenths @ 1..=8 => format!("about {tenths}0 %"),
        _ => "more than 90 %".to_owned(),
    }
}

/// So many steps: `1 step`, `5 steps`.
#[must_use]
pub fn steps(count: usize) -> String {
    name::count(count, "step", "steps")
}

/// What a search that stopped at a bound would have needed, as the end of a sentence about it.
#[must_use]
pub fn needs(needs: Option<Needs>) -> String {
    let Some(Needs { states, saturated, bytes }) = needs else {
        return "the number of further states can't be estimated".to_owned();
    };
    let states = if saturated {
        format!("{} saturated states", rounded(states))
    } else {
        format!("{} states", rounded(states))
    };
    let memory = if bytes < 1_000_000_000 {
        format!("{} MB", rounded((bytes / 1_000_000).max(10)))
    } else {
        format!("{} GB", rounded(bytes.div_ceil(1_000_000_000)))
    };
    format!(
        "to end it would need about {states} and {memory} of memory, estimated from the number of states at each depth"
    )
}

/// A number to two digits.
fn rounded(number: u64) -> String {
    let unit = 10_u64.pow(number.max(1).ilog10().saturating_sub(1));
    grouped(number.div_ceil(unit) * unit)
}

/// What was searched: the scenario, the kernel and how its options are set.
#[must_use]
pub fn subject(machine: &Machine) -> String {
    let program = machine.program();
    let replaced = replaced(&program.replaced).map(|own| format!(" ({own})")).unwrap_or_default();
    format!("{}{replaced} on {}", program.name, kernel(machine))
}

/// The parts that a case replaces: `with its own machine cpus, cpu 2`. Nothing if it only
/// sets options.
#[must_use]
pub fn replaced(parts: &[String]) -> Option<String> {
    (!parts.is_empty()).then(|| format!("with its own {}", parts.join(", ")))
}

/// The kernel and how its options are set: `linux-4.14 with table_free=rcu, users_short_cut`. Options that are off go
/// without saying.
#[must_use]
pub fn kernel(machine: &Machine) -> String {
    let program = machine.program();
    let mut set = Vec::new();
    let mut own = Vec::new();
    for option in &program.options {
        let set = match option.origin {
            Origin::Kernel => &mut set,
            Origin::Scenario => &mut own,
            Origin::Machine | Origin::Bound => continue,
        };
        match option.choices.get(option.chosen as usize).map(String::as_str) {
            Some("on") => set.push(option.name.clone()),
            Some("off") | None => {}
            Some(choice) => set.push(format!("{}={choice}", option.name)),
        }
    }
    let options = if set.is_empty() { String::new() } else { format!(" with {}", set.join(", ")) };
    let own = if own.is_empty() { String::new() } else { format!(" (the scenario with {})", own.join(", ")) };
    format!("{}{options}{own}", program.kernel)
}

/// How complete a search is that has come to its end: `complete`, or `complete up to 2 stores in flight` if a store had to
/// wait for room in the store buffer.
#[must_use]
pub fn complete(machine: &Machine, waited: bool) -> String {
    if !waited {
        return "complete".to_owned();
    }
    let depth = machine.program().machine.store_buffer;
    format!("complete up to {} in flight", name::count(depth.into(), "store", "stores"))
}

/// The bounds of a machine within which its verdicts hold: `Intel, 2 CPUs, PCID on, 1 address walked, store
/// buffer 2`. A store that `waited` because the buffer was full is mentioned.
#[must_use]
pub fn bounds(machine: &Machine, waited: bool) -> String {
    let program = machine.program();
    // All fields are named: one that comes later must be told here, or left out for a reason.
    let &MachineSpec {
        cpus,
        vendor,
        pcid,
        pge,
        tce,
        tlb_cache_dis,
        walk_sees_own_stores,
        erratum_invlpg_global,
        erratum_383,
        x2apic,
        invlpgb_count_max,
        tlb_shared_by,
        ats,
        store_buffer,
        maxphyaddr,
        top,
        alloc,
        // The reader sees these in the text and in the picture: they are the scenario's subject.
        dram: _,
        devices: _,
        threads: _,
        spare: _,
    } = &program.machine;
    let vendor = match vendor {
        Vendor::Intel => "Intel",
        Vendor::Amd => "AMD",
    };
    let mut parts = vec![
        vendor.to_owned(),
        name::count(usize::from(cpus - ats), "CPU", "CPUs"),
        format!("PCID {}", if pcid { "on" } else { "off" }),
        name::count(machine.watched().len(), "address walked", "addresses walked"),
        match store_buffer {
            0 => "no store buffer".to_owned(),
            depth if waited => format!("store buffer {depth}, which was full when another store came"),
            depth => format!("store buffer {depth}"),
        },
    ];
    // Only what differs from what a reader would take for granted.
    let usual = MachineSpec::default();
    if top != usual.top {
        parts.push(format!("{}-level paging", top as u8));
    }
    let switches = [
        (!pge, "PGE off"),
        (tce, "TCE on"),
        (tlb_cache_dis, "TlbCacheDis on"),
        (erratum_invlpg_global, "with the INVLPG erratum"),
        (erratum_383, "with erratum 383"),
        (x2apic, "x2APIC"),
        (walk_sees_own_stores == OwnStores::Yes, "a walk reads its own CPU's buffered stores"),
        (walk_sees_own_stores == OwnStores::No, "a walk does not read its own CPU's buffered stores"),
    ];
    parts.extend(switches.into_iter().filter(|&(differs, _)| differs).map(|(_, words)| words.to_owned()));
    let numbers = [
        (maxphyaddr != usual.maxphyaddr, format!("MAXPHYADDR {maxphyaddr}")),
        (
            invlpgb_count_max != usual.invlpgb_count_max,
            format!("{} in an INVLPGB", name::count(invlpgb_count_max.into(), "page", "pages")),
        ),
        (tlb_shared_by != usual.tlb_shared_by, format!("a TLB for {tlb_shared_by} CPUs")),
        (ats != usual.ats, format!("{} with ATS", name::count(ats.into(), "device", "devices"))),
    ];
    parts.extend(numbers.into_iter().filter(|(differs, _)| *differs).map(|(_, words)| words));
    let off = &program.walks_off;
    for cpu in (0..cpus).filter(|cpu| off.cpus >> cpu & 1 == 1) {
        parts.push(format!("no speculation on CPU {cpu}"));
    }
    parts.extend(off.addresses.iter().map(|va| format!("no speculation to {va:#x}")));
    match alloc {
        Alloc::Last => {}
        Alloc::First => parts.push("the page freed first is handed out first".to_owned()),
        Alloc::Any => parts.push("any free page is handed out".to_owned()),
    }
    parts.join(", ")
}

/// Which CPUs a search has counted as interchangeable: `CPUs 1 and 2 counted as interchangeable`. Nothing if it
/// distinguishes every CPU.
#[must_use]
pub fn interchangeable(machine: &Machine) -> Option<String> {
    let class = |&class: &u64| {
        let cpus: Vec<String> =
            (0..64).filter(|cpu| class >> cpu & 1 == 1).map(|cpu| cpu.to_string()).collect();
        let (last, others) = cpus.split_last()?;
        Some(format!("CPUs {} and {last}", others.join(", ")))
    };
    let classes: Vec<String> = machine.interchangeable().iter().filter_map(class).collect();
    (!classes.is_empty()).then(|| format!("{} counted as interchangeable", classes.join("; ")))
}

/// Which limits a search has reached: those of the model, or those that the text declares.
#[must_use]
pub fn reached(machine: &Machine, seen: PropertySet) -> String {
    let mut reached = Vec::new();
    if seen.intersects(LIMIT) {
        let limited = machine.program().variables.iter();
        let limits = limited.filter_map(|variable| Some(format!("{} <= {}", variable.name, variable.limit?)));
        let limits: Vec<String> = limits.collect();
        reached.push(format!("followed only runs with {}", name::list(&limits)));
    }
    if seen.intersects(BEYOND) || reached.is_empty() {
        reached.push(
            "reached a limit of the model (more IPIs or INVLPGBs wait at a CPU than the model keeps)"
                .to_owned(),
        );
    }
    reached.join(", and ")
}

/// What a property means, as the end of "It is possible that ...". A label follows it.
fn meaning(property: &str) -> String {
    let (name, label) = property.split_once(' ').unwrap_or((property, ""));
    let meaning = lang::property::sentence(name).unwrap_or(name);
    if label.is_empty() { meaning.to_owned() } else { format!("{meaning}: {label}") }
}

/// A number with its thousands apart: 48210 as `48,210`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{grouped, needs, share};
    use machine::Needs;

    #[test]
    fn shares_promise_no_more_than_there_is() {
        let of = |done| share(done, 1_000);
        assert_eq!((of(0), of(99)), ("less than 10 %".into(), "less than 10 %".into()));
        assert_eq!((of(100), of(699)), ("about 10 %".into(), "about 60 %".into()));
        assert_eq!((of(900), of(5_000)), ("more than 90 %".into(), "more than 90 %".into()));
    }

    #[test]
    fn needs_are_told_to_two_digits() {
        let of = |states, bytes| needs(Some(Needs { states, saturated: true, bytes }));
        let told = of(123_456_789, 2_345_678_901);
        assert!(told.contains("about 130,000,000 saturated states and 3 GB of memory"), "{told}");
        assert!(of(4_001, 345_000_000).contains("about 4,100 saturated states and 350 MB of memory"));
        assert_eq!(needs(None), "the number of further states can't be estimated");
    }

    #[test]
    fn large_numbers_are_grouped() {
        let of = |number| grouped(number);
        assert_eq!(
            (of(7), of(999), of(1_000), of(48_210)),
            ("7".into(), "999".into(), "1,000".into(), "48,210".into())
        );
        assert_eq!(of(50_000_000), "50,000,000");
    }
}
