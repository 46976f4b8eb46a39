//! A verdict says what it is about, stays in view, and says what it was before.

use e2e::{Bench, Look, flow};

const LOOKS: [Look; 4] = [
    Look::WIDE,
    Look { width: 1280, height: 720, ..Look::WIDE },
    Look { width: 900, height: 1000, ..Look::WIDE },
    Look::PHONE,
];

#[test]
fn an_edit_flips_the_verdict_in_view() {
    flow("an_edit_flips_the_verdict_in_view", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        for look in LOOKS {
            page.look(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.turn_to("code").await?;
            page.click("tab-1").await?;
            page.click_behind("} else if lazy_tlb {").await?;
            page.press("\u{e015}\u{e011}").await?; // Down, Home
            page.types("//").await?;
            page.verdict_is("safe").await?;
            page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
            page.text_when("header-about", "the same at the top", |text| text == "edited (1 line)").await?;
            page.text_when("was", "what it was", |text| text == "Before: Corruption is reachable").await?;
            let shown = if look.width > 720 { "[data-testid=strip] b" } else { "[data-testid=verdict] h2" };
            page.in_view(shown).await?;
            let title: String =
                page.run(&format!("return document.querySelector('{shown}').textContent")).await?;
            assert_eq!(title, "Safe");
            let quoted: String =
                page.run("return document.querySelector('[data-testid=quoted]').value").await?;
            assert!(quoted.contains("About: edited (1 line)."), "{quoted}");
            // The page tells a reader who comes by a link.
            let link = page.link_in_address().await?;
            page.open(&link).await?;
            page.text_when("notice", "that it is edited", |text| text.contains("edited (1 line)")).await?;
            page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        }
        Ok(())
    });
}

#[test]
fn a_switch_flips_the_verdict_in_view() {
    flow("a_switch_flips_the_verdict_in_view", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        for look in LOOKS {
            page.look(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.turn_to("change").await?;
            for (mood, title, before) in [
                ("safe", "Safe", "Corruption is reachable"),
                ("reachable", "Corruption is reachable", "Safe"),
            ] {
                let switch = page.browser_element("[data-testid=option-init_mm_switch]").await?;
                switch.scroll_into_view().await?;
                page.click_at(&switch).await?;
                page.verdict_is(mood).await?;
                page.text_when("was", "what it was", |text| text == format!("Before: {before}")).await?;
                let seen = format!(
                    "return [...document.querySelectorAll('[data-testid=strip] b, [data-testid=verdict] h2')].some(there => {{ \
                     const r = there.getBoundingClientRect(); \
                     const seen = document.elementFromPoint(r.left + 5, r.top + r.height / 2); \
                     return there.textContent === {title:?} && !!seen && (there.contains(seen) || seen.contains(there)) }})"
                );
                page.holds(&format!("{title:?} in view"), &seen).await?;
            }
        }
        Ok(())
    });
}
