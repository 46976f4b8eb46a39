//! Whatever is pasted, the answer is a link or a refusal: never a panic, never more memory than the limits say.

use crate::sample;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use explore::Seeded;
use link::{Base, Link, LinkRefusal, MAX_OPTIONS, MAX_STEPS, MAX_TEXT, decode, encode, hash_state};

fn links() -> Vec<Link> {
    let mut seed = Seeded::new(7);
    (0..16).map(|_| sample::any(&mut seed)).collect()
}

#[test]
fn every_beginning_of_a_link_is_cut_off() {
    for link in links() {
        let text = encode(&link);
        for end in 2..text.len() {
            let missing = (text.len() - end) as u32;
            match decode(&text[..end]) {
                Err(LinkRefusal::Truncated { missing: said }) => {
                    // Before the length can be read, only what the shortest link needs can count as missing.
                    assert!(said >= 1 && said <= missing.max(8), "{said} of {missing}");
                    assert!(end < 6 || said == missing, "{said} of {missing}");
                }
                other => panic!("{end} of {}: {other:?}", text.len()),
            }
        }
    }
    assert_eq!(decode("1"), Err(LinkRefusal::NotALink));
}

/// A number of missing characters means nothing to whoever reads it, least of all where words only begin like a link.
#[test]
fn what_looks_like_a_link_is_refused_without_numbers() {
    for text in ["#2.xyz", "1.KNp7pCABwy2zx9w1"] {
        let said = decode(text).expect_err("it is no link").to_string();
        assert!(
            said.contains("cut off, or TLBscope did not make it")
                && !said.contains(|c: char| c.is_ascii_digit()),
            "{said}"
        );
    }
}

#[test]
fn every_changed_character_is_noticed() {
    for link in links() {
        let text = encode(&link);
        for at in 2..text.len() {
            for other in [b'A', b'_', b'.', b'%', b'#'] {
                let mut bytes = text.clone().into_bytes();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
                let changed = String::from_utf8(bytes).unwrap();
                // The last character may hold bits that mean nothing.
                let unused = at + 1 == text.len() && decode(&changed) == Ok(link.clone());
                assert!(unused || decode(&changed).is_err(), "{at}: {changed}");
            }
        }
    }
}

/// A payload of a version with the right length and check in front: only what it says can be wrong.
fn sealed(version: u8, payload: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut length = payload.len();
    while length >= 128 {
        bytes.push(length as u8 | 128);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(&hash_state(payload).to_le_bytes()[..3]);
    bytes.extend_from_slice(payload);
    format!("{version}.{}", BASE64.encode(bytes))
}

/// The version and the payload of a link.
fn payload(link: &Link) -> (u8, Vec<u8>) {
    let text = encode(link);
    let (version, body) = text.split_once('.').unwrap();
    let bytes = BASE64.decode(body).unwrap();
    let length = bytes.iter().take_while(|&&byte| byte >= 128).count() + 1;
    (version.parse().unwrap(), bytes[length + 3..].to_vec())
}

#[test]
fn every_change_that_passes_the_check_is_refused_or_reads_back_as_what_it_says() {
    let (mut read, mut refused) = (0, 0);
    let mut versions = [0; link::NEWEST as usize + 1];
    for link in links() {
        let (version, payload) = payload(&link);
        versions[usize::from(version)] += 1;
        if versions[usize::from(version)] > 3 {
            continue;
        }
        assert_eq!(decode(&sealed(version, &payload)), Ok(link));
        for at in 0..payload.len() {
            for bits in [1, 0x80, 0xff] {
                let mut changed = payload.clone();
                changed[at] ^= bits;
                match decode(&sealed(version, &changed)) {
                    Ok(other) => {
                        // Not all of them, since compressing takes time.
                        if at % 8 == 0 {
                            assert_eq!(decode(&encode(&other)), Ok(other));
                        }
                        read += 1;
                    }
                    Err(LinkRefusal::Corrupt | LinkRefusal::TooBig { .. }) => refused += 1,
                    Err(other) => panic!("{other}"),
                }
            }
            assert!(decode(&sealed(version, &payload[..at])).is_err());
        }
    }
    assert!(read > 100 && refused > 100, "{read} {refused}");
    assert!(versions[1..].iter().all(|links| *links >= 3), "{versions:?}");
}

#[test]
fn noise_is_refused() {
    let mut seed = Seeded::new(11);
    for _ in 0..2_000 {
        let noise: Vec<u8> = (0..seed.number() % 200).map(|_| seed.number() as u8).collect();
        let _ = decode(&String::from_utf8_lossy(&noise));
        // Seven in eight begin with valid flags, and so get past the first byte.
        let mut flagged = noise.clone();
        flagged.insert(0, (seed.number() % 128) as u8);
        for version in 1..=link::NEWEST as u8 {
            assert!(decode(&format!("#{version}.{}", BASE64.encode(&noise))).is_err());
            let _ = decode(&sealed(version, &flagged));
        }
    }
}

fn small() -> Link {
    Link::new(Base::Library { slug: "s".into(), kernel: None, hash: 0 })
}

#[test]
fn limits_are_exact() {
    let steps = |count| Link { schedule: vec![8; count], ..small() };
    assert_eq!(decode(&encode(&steps(MAX_STEPS))), Ok(steps(MAX_STEPS)));
    assert_eq!(decode(&encode(&steps(MAX_STEPS + 1))), Err(LinkRefusal::TooBig { what: "number of steps" }));
    let text =
        |count| Link { base: Base::Inline { scenario: "x".repeat(count), kernel: None, hash: 0 }, ..small() };
    assert_eq!(decode(&encode(&text(MAX_TEXT))), Ok(text(MAX_TEXT)));
    assert_eq!(decode(&encode(&text(MAX_TEXT + 1))), Err(LinkRefusal::TooBig { what: "text" }));
    let options = |count| Link { options: vec![("a".into(), "b".into()); count], ..small() };
    assert_eq!(decode(&encode(&options(MAX_OPTIONS))), Ok(options(MAX_OPTIONS)));
    assert_eq!(
        decode(&encode(&options(MAX_OPTIONS + 1))),
        Err(LinkRefusal::TooBig { what: "number of options" })
    );
}

/// Some programs make small letters of a whole address.
#[test]
fn a_link_without_its_capital_letters_says_that() {
    for link in [small(), Link { schedule: (0..200).collect(), ..small() }] {
        let text = encode(&link);
        assert_eq!(decode(&text.to_ascii_lowercase()), Err(LinkRefusal::Lowercased), "{text}");
        // One that has lost its end still has capital letters.
        assert!(matches!(decode(&text[..text.len() - 4]), Err(LinkRefusal::Truncated { .. })));
    }
}

#[test]
fn lengths_that_lie_cost_nothing() {
    // The link says that it has 2^60 bytes, and has six.
    let huge =
        format!("1.{}", BASE64.encode([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 2, 3]));
    assert_eq!(decode(&huge), Err(LinkRefusal::TooBig { what: "link" }));
    assert_eq!(decode(&"1.".repeat(2 << 20)), Err(LinkRefusal::TooBig { what: "link" }));
}

#[test]
fn a_cursor_beyond_the_end_is_no_moment() {
    let link = Link { schedule: vec![0, 0], cursor: 3, ..small() };
    assert_eq!(decode(&encode(&link)), Err(LinkRefusal::Corrupt));
}

#[test]
fn versions_are_told_apart() {
    let version = link::NEWEST + 1;
    assert_eq!(decode(&format!("#{version}.whatever")), Err(LinkRefusal::TooNew { version }));
    assert_eq!(decode("#0.whatever"), Err(LinkRefusal::NotALink));
    assert_eq!(decode("#1."), Err(LinkRefusal::Truncated { missing: 8 }));
    assert_eq!(decode("#2."), Err(LinkRefusal::Truncated { missing: 8 }));
}
