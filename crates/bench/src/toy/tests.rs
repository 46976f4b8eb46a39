//! The toy is what its description says, and keeps its size: older figures are about this very model.

use super::{Action, CPUS, Op, PROGRAM, STALE, Toy, Words, promela};
use explore::{Completeness, Limits, PropertySet, Search, System};

const SMALL: Toy = Toy { starts: [6, 6, 8, 8] };

fn after(state: &Words, action: Action) -> Words {
    let mut after = *state;
    SMALL.step(&mut after, action, &mut ());
    after
}

#[test]
fn the_smallest_size_has_its_counts() {
    let mut search = Search::new(&SMALL, Limits::default());
    assert_eq!(search.run_to_end(), Completeness::Complete);
    let progress = search.progress();
    assert_eq!((progress.states, progress.transitions, progress.depth), (39_708, 204_932, 30));
}

#[test]
fn a_stale_access_is_fourteen_steps_away() {
    let toy = Toy { starts: [0, 0, 0, 12] };
    let mut search = Search::new(&toy, Limits { stop_at: PropertySet::one(STALE), ..Limits::default() });
    search.run_to_end();
    assert_eq!(search.witness(STALE).map(|witness| witness.schedule.len()), Some(14));
}

#[test]
fn a_load_sees_the_youngest_own_store_and_others_see_it_when_it_has_drained() {
    let toy = Toy { starts: [0, 0, 0, 0] };
    let state = after(&toy.initial(), Action::Step(1));
    assert_eq!((state.seen(0, 0), state.seen(1, 0)), (15, 2));
    let drained = after(&state, Action::Drain(1));
    assert_eq!((drained.seen(0, 0), drained.seen(1, 0)), (2, 2));
    assert_eq!(drained.cpus[1], 1, "a drained slot is zero, and so is an empty buffer");
}

#[test]
fn bytes_and_states_are_one_to_one() {
    let (mut state, mut enabled, mut bytes) = (Toy { starts: [0; CPUS] }.initial(), Vec::new(), Vec::new());
    for _ in 0..60 {
        enabled.clear();
        SMALL.enabled(&state, &mut enabled);
        let Some(&action) = enabled.last() else { break };
        SMALL.step(&mut state, action, &mut ());
        bytes.clear();
        SMALL.pack(&state, &mut bytes);
        assert_eq!(SMALL.unpack(&bytes), state);
    }
}

#[test]
fn promela_has_a_line_for_each_operation_of_each_cpu() {
    let text = promela::text(&SMALL);
    for (cpu, pc) in (0..CPUS).flat_map(|cpu| (0..PROGRAM.len()).map(move |pc| (cpu, pc))) {
        let effect = text.contains(&format!("        :: (pc[{cpu}] == {pc}) -> "));
        assert_eq!(effect, PROGRAM[pc] != Op::End, "cpu {cpu}, {pc}");
    }
    assert_eq!(text.matches("d_step").count(), 4 * CPUS);
}
