//! A link of some hundred characters whose run takes a browser long to follow: the page shows the progress, still
//! works meanwhile, and stops when told to.

use e2e::{Bench, Look, flow};
use link::{Base, Link, MAX_STEPS};
use machine::Action;
use thirtyfour::By;

/// Sixteen CPUs with sixteen pages that any of them may walk to at any time, and one CPU that goes round and round: each
/// step of it is little work, but what could be done instead is found out at each.
fn slow() -> String {
    let pages: String =
        (0..16).map(|page| format!("{:#x} -> page \"{page}\"; ", 0x40_0000 + page * 0x1000)).collect();
    let run: String = (0..16).map(|cpu| format!("cpu {cpu} {{ run(A); }} ")).collect();
    let scenario = format!(
        "scenario \"round and round\" {{ use kernel \"k\" machine {{ cpus 16; }} mm A {{ {pages} }} setup {{ {run} }} \
         cpu 0 {{ spin(); }} expect never deadlock; }}"
    );
    let kernel =
        "kernel \"k\" { sys run(m: mm) { write_cr3(m.pgd, 0); } sys spin() { while true { smp_mb(); } } }";
    let base = Base::Inline { scenario, kernel: Some(kernel.to_owned()), hash: 0 };
    let schedule = vec![Action::Step { cpu: 0 }.code(); MAX_STEPS];
    link::encode(&Link { schedule, ..Link::new(base) })
}

#[test]
fn a_link_that_takes_long_is_opened_beside_the_page_and_can_be_stopped() {
    flow("a_link_that_takes_long_is_opened_beside_the_page", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        let opened = page.has_opened().await?;
        let link = slow();
        assert!(link.len() < 700, "{} characters", link.len());
        page.perform(&format!("location.hash = '#{link}'")).await?;
        let progress =
            "const bar = document.querySelector('[role=progressbar]'); return bar ? bar.textContent : ''";
        page.holds(
            "how far it is",
            &format!("return (() => {{ {progress} }})().startsWith('Opening the link: step ')"),
        )
        .await?;
        let before: String = page.run(progress).await?;
        // The earlier run is still there, and can be played.
        page.click("back").await?;
        page.is_at(opened.at - 1).await?;
        page.holds(
            "that it goes on",
            &format!("const now = (() => {{ {progress} }})(); return now !== '' && now !== {before:?}"),
        )
        .await?;
        page.click_on(By::XPath("//button[normalize-space()='Stop']")).await?;
        page.holds("that it is over", "return !document.querySelector('[role=progressbar]')").await?;
        page.holds("words that say so", "return document.body.innerText.includes('The link was not opened')")
            .await?;
        let now = page.counter().await?;
        assert_eq!((now.at, now.of), (opened.at - 1, opened.of), "nothing else has changed");
        Ok(())
    });
}
