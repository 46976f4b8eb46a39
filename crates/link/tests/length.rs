//! The length of links: they have to fit where people put them.

use explore::Seeded;
use link::{Base, Link, encode};

/// Codes as a machine with two CPUs gives them: software steps, drains, interrupts, and walks of two addresses.
const CODES: [u32; 14] = [0, 8, 2, 10, 3, 11, 9, 137, 2057, 4105, 6153, 2185, 4, 12];

fn moment(slug: &str, steps: usize) -> Link {
    let mut seed = Seeded::new(steps as u64);
    // Two in three steps are of software.
    let schedule: Vec<u32> = (0..steps)
        .map(|_| match seed.number() % 3 {
            0 => CODES[(seed.number() % CODES.len() as u64) as usize],
            n => CODES[n as usize - 1],
        })
        .collect();
    let base = Base::Library { slug: slug.to_owned(), kernel: None, hash: 0x8765_4321 };
    Link { cursor: steps as u32, schedule, digest: 0xfeed_beef, ..Link::new(base) }
}

#[test]
fn a_moment_of_the_gallery_fits_a_short_message() {
    for text in gallery::scenarios() {
        let length = encode(&moment(text.slug, 25)).len();
        assert!(length < 120, "{}: {length}", text.slug);
        let toggled = Link { options: vec![("memory_barrier".into(), "on".into())], ..moment(text.slug, 25) };
        assert!(encode(&toggled).len() < 140, "{}", text.slug);
    }
    assert!(encode(&moment("lazy+exit+andy", 0)).len() < 50);
    assert!(encode(&moment("lazy+exit+andy", 200)).len() < 240);
}

/// A kernel of about ten kilobytes: one of the library, and new functions in the middle of it.
fn edited(kernel: &str) -> String {
    let mut seed = Seeded::new(5);
    let mut new = String::new();
    while kernel.len() + new.len() < 10_000 {
        let (name, constant) = (seed.number() % 10_000, seed.number() % 1_000);
        new += &format!(
            "\n    fn attempt_{name}(m: mm) {{\n        if m.tlb_gen != {constant} {{\n            \
             cpumask_clear_cpu(cpu, m.cpumask);   // attempt {name}\n        }}\n    }}\n"
        );
    }
    let middle = kernel.find("\n    fn ").unwrap_or(0);
    format!("{}{new}{}", &kernel[..middle], &kernel[middle..])
}

/// Kernels that are new or have grown since the words of the format were frozen: what is new in them is spelled out.
const GROWN: [&str; 26] = [
    "asid-allocator",
    "asterinas",
    "do-anonymous-page",
    "dragonos",
    "freebsd-pmap",
    "hugetlb-gup",
    "illumos-hat",
    "intel-rar",
    "kpti-global-asid",
    "kvm-nested",
    "kvm-remote-flush",
    "kvm-shadow",
    "mremap-page-tables",
    "netbsd-pmap",
    "openbsd-pmap",
    "pmd-free-pte-page",
    "processes",
    "sel4",
    "skip-sync-ipi",
    "sva-ats",
    "tlb-flush-batched",
    "tlb-free-vmas",
    "tlb-remove-table",
    "verimm",
    "xen-flushtlb",
    "zircon",
];

#[test]
fn an_edited_kernel_fits_a_chat_message() {
    // Longer ones are longer links.
    let mut long = Vec::new();
    for kernel in gallery::kernels().filter(|kernel| kernel.text.len() <= 10_000) {
        let text = edited(kernel.text);
        let base = Base::Library { slug: "lazy+exit+andy".into(), kernel: Some(text), hash: 1 };
        let length = encode(&Link { base, ..moment("", 25) }).len();
        let most = match kernel.slug {
            "luf" | "temporary-mm" => 3_800,
            slug if GROWN.contains(&slug) => 2_750,
            _ => 2_000,
        };
        if length >= most {
            long.push(format!("{}: {length}", kernel.slug));
        }
    }
    assert!(long.is_empty(), "{long:?}");
}
