//! Random bytes get an answer, never a panic, and the server continues to work.

use explore::Seeded;
use protocol::{
    FromExplorer, Refusal, Server, ToExplorer, WireLimits, WireSelection, WireTexts, from_bytes, to_bytes,
};

const SCENARIO: &str = r#"
scenario "s" { use kernel "k" machine { cpus 1; } cpu 0 { f(); } expect never deadlock; }
"#;
const KERNEL: &str =
    r#"kernel "k" { option o = on "An option" global x: int = 0; sys f() { if o { x = 1; } } }"#;

fn check() -> ToExplorer {
    ToExplorer::Check {
        job: 3,
        texts: WireTexts { scenario: SCENARIO.into(), kernels: vec![("k".into(), KERNEL.into())] },
        selection: WireSelection { options: vec![("o".into(), "off".into())], ..WireSelection::default() },
        limits: WireLimits { states: 1_000, bytes: 1 << 20 },
    }
}

/// Gives the bytes to a server and lets it work. Everything that it says must be messages.
fn feed(bytes: &[u8]) {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let mut replies = server.handle(bytes);
    for _ in 0..4 {
        replies.extend(server.run(300));
    }
    assert!(replies.len() <= 5);
    for reply in replies {
        assert!(from_bytes(&reply).is_ok());
    }
    server.handle(&to_bytes(&check()));
    assert!(server.busy(), "it works as before");
}

#[test]
fn the_message_itself_is_good() {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    assert_eq!(server.handle(&to_bytes(&check())), Vec::<Vec<u8>>::new());
    let mut last = Vec::new();
    while server.busy() {
        last = server.run(100);
    }
    assert!(matches!(from_bytes(&last[0]), Ok(FromExplorer::Done { job: 3, .. })));
}

#[test]
fn every_part_of_a_message_is_refused() {
    let bytes = to_bytes(&check());
    let mut server = Server::default();
    for end in 0..bytes.len() {
        let replies = server.handle(&bytes[..end]);
        let malformed = FromExplorer::Refused { job: None, reason: Refusal::Malformed };
        assert_eq!(from_bytes(&replies[0]), Ok(malformed));
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(from_bytes(&longer), Err(Refusal::Malformed));
}

#[test]
fn every_changed_byte_is_survived() {
    let bytes = to_bytes(&check());
    for at in 0..bytes.len() {
        for bits in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= bits;
            feed(&changed);
        }
    }
}

#[test]
fn noise_is_survived() {
    let mut seed = Seeded::new(1);
    for _ in 0..2_000 {
        let mut noise: Vec<u8> = (0..seed.number() % 64).map(|_| seed.number() as u8).collect();
        feed(&noise);
        let _ = from_bytes(&noise);
        // After a tag that exists, more of the message is read.
        noise.insert(0, (seed.number() % 4) as u8);
        feed(&noise);
        let _ = from_bytes(&noise);
    }
}

#[test]
fn lengths_that_lie_cost_nothing() {
    // A check whose scenario claims to have 2^63 bytes, and one with as many kernels.
    let lie = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1];
    feed(&[&[1, 3][..], &lie].concat());
    feed(&[&[1, 3, 0][..], &lie].concat());
}
