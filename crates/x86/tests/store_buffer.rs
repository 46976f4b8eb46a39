//! The store buffer against a model of it, over all short histories: H55.

use x86::StoreBuffer;

#[derive(Clone, Copy)]
enum Move {
    Store(char, u64),
    Drain,
}

const MOVES: [Move; 5] =
    [Move::Store('x', 1), Move::Store('x', 2), Move::Store('y', 1), Move::Store('y', 2), Move::Drain];

/// All histories of some length, by number.
fn history(length: u32, number: usize) -> Vec<Move> {
    (0..length).map(|at| MOVES[number / MOVES.len().pow(at) % MOVES.len()]).collect()
}

#[test]
fn h55_stores_reach_memory_in_program_order_and_own_loads_see_the_youngest() {
    for length in 0..=6 {
        for number in 0..MOVES.len().pow(length) {
            let mut buffer = StoreBuffer::default();
            // All stores ever made, and how many of them have drained.
            let (mut stores, mut drained) = (Vec::new(), 0);
            for step in history(length, number) {
                match step {
                    Move::Store(location, value) => {
                        buffer.push(location, value);
                        stores.push((location, value));
                    }
                    Move::Drain => {
                        let expected = stores.get(drained).copied();
                        assert_eq!(buffer.drain(), expected);
                        drained += usize::from(expected.is_some());
                    }
                }
                assert_eq!(buffer.stores(), &stores[drained..]);
                assert_eq!(
                    (buffer.len(), buffer.is_empty()),
                    (stores.len() - drained, stores.len() == drained)
                );
                for location in ['x', 'y', 'z'] {
                    let mut youngest = None;
                    for store in &stores[drained..] {
                        if store.0 == location {
                            youngest = Some(store.1);
                        }
                    }
                    assert_eq!(buffer.forward(location), youngest);
                }
            }
        }
    }
}

#[test]
fn h55_forwarding_ends_when_the_store_has_left() {
    let mut buffer = StoreBuffer::default();
    buffer.push('x', 1);
    assert_eq!(buffer.forward('x'), Some(1));
    assert_eq!(buffer.drain(), Some(('x', 1)));
    assert_eq!((buffer.forward('x'), buffer.drain()), (None, None));
}
