//! Time under the visitor's control.

use e2e::{Bench, Look, flow, visit};

#[test]
fn the_counter_follows_every_control() {
    visit("the_counter_follows_every_control", "/", async |page| {
        let end = page.has_opened().await?.of;
        page.click("back").await?;
        page.is_at(end - 1).await?;
        page.click("step").await?;
        page.is_at(end).await?;
        page.click("start").await?;
        page.is_at(0).await?;
        assert!(!page.element("back").await?.is_enabled().await?, "nothing comes before the beginning");
        for step in 1..=3 {
            page.click("step").await?;
            page.is_at(step).await?;
        }
        page.click("end").await?;
        let counter = page.is_at(end).await?;
        assert_eq!(counter.of, end, "looking around changes no run");
        Ok(())
    });
}

#[test]
fn scrubbing_goes_anywhere() {
    visit("scrubbing_goes_anywhere", "/", async |page| {
        let end = page.has_opened().await?.of;
        // A click in the middle of a slider goes to the middle.
        page.click("scrub").await?;
        let middle =
            page.counter_when("about the middle", |counter| counter.at.abs_diff(end / 2) <= 1).await?.at;
        let scrub = page.element("scrub").await?;
        scrub.send_keys("\u{e014}\u{e014}").await?; // the arrow to the right
        page.is_at(middle + 2).await?;
        scrub.send_keys("\u{e011}").await?; // Home
        page.is_at(0).await?;
        let told = scrub.attr("aria-valuetext").await?.unwrap_or_default();
        assert!(told.contains(&format!("0 of {end}")), "{told}");
        Ok(())
    });
}

#[test]
fn jumping_finds_the_violations() {
    visit("jumping_finds_the_violations", "/", async |page| {
        let end = page.has_opened().await?.of;
        page.click("start").await?;
        page.is_at(0).await?;
        page.click("jump-violation").await?;
        let mut at = page.counter_when("a violation", |counter| counter.at > 0).await?.at;
        loop {
            page.shows_a_violation().await?;
            if at == end {
                return Ok(());
            }
            page.click("jump-violation").await?;
            at = page.counter_when("the next violation", |counter| counter.at > at).await?.at;
        }
    });
}

#[test]
fn the_timeline_is_as_wide_as_one_likes() {
    visit("the_timeline_is_as_wide_as_one_likes", "/", async |page| {
        page.has_opened().await?;
        let width = "const e = document.querySelector('[data-testid=timeline] .scroller'); \
                     return [e.scrollWidth, e.clientWidth]";
        page.holds(
            "that all of the run is to be seen",
            &format!("const [all, seen] = (() => {{ {width} }})(); return all <= seen"),
        )
        .await?;
        // Until the room for it has been measured, it is drawn for the usual one.
        page.holds(
            "a diagram for the room that there is",
            "const room = document.querySelector('[data-testid=timeline] .scroller').clientWidth - 76 - 18; \
             const columns = document.querySelectorAll('[data-testid=timeline] .column'); \
             const width = Number(columns[0].querySelector('rect').getAttribute('width')); \
             return width === Math.min(54, Math.max(14, Math.floor(room / columns.length)))",
        )
        .await?;
        let labels = "return [...document.querySelectorAll('[data-testid=timeline] .mark text')].length";
        let some: usize = page.run(labels).await?;
        // Three keys before the next picture: each counts from the one before.
        let wanted: i32 = page
            .run(
                "const wide = [...[8, 12, 18, 26, 40, 60, 90, 130]]; \
                 const rect = document.querySelector('[data-testid=timeline] .column rect'); \
                 const wider = wide.filter(width => width > Number(rect.getAttribute('width'))); \
                 const scroller = document.querySelector('[data-testid=timeline] .scroller'); scroller.focus(); \
                 for (const key of '+++') scroller.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); \
                 return wider[2]",
            )
            .await?;
        page.holds(
            "three times wider",
            &format!("return Number(document.querySelector('[data-testid=timeline] .column rect').getAttribute('width')) === {wanted}"),
        )
        .await?;
        page.holds("a wider one", &format!("const [all, seen] = (() => {{ {width} }})(); return all > seen"))
            .await?;
        page.holds("the moment in view", "const box = e => document.querySelector(e).getBoundingClientRect(); \
            return box('[data-testid=timeline] .now').right <= box('[data-testid=timeline] .scroller').right + 1").await?;
        assert!(some > 1, "labels beside marks: {some}");
        page.holds(
            "more labels beside marks",
            &format!("const more = (() => {{ {labels} }})(); return more > {some} + 5"),
        )
        .await?;
        page.press("-0").await?;
        page.holds(
            "all of it again",
            &format!("const [all, seen] = (() => {{ {width} }})(); return all <= seen"),
        )
        .await
    });
}

#[test]
fn the_timeline_and_the_list_lead_to_their_moments() {
    visit("the_timeline_and_the_list_lead_to_their_moments", "/", async |page| {
        page.has_opened().await?;
        page.perform("document.querySelector('[data-testid=trace-list]').open = true").await?;
        page.holds("the list", "return document.querySelectorAll('[data-testid=trace-list] li').length > 4")
            .await?;
        page.perform("document.querySelectorAll('[data-testid=trace-list] li button')[4].click()").await?;
        page.is_at(5).await?;
        let sentence: String = page
            .run("return document.querySelectorAll('[data-testid=trace-list] li button')[4].textContent")
            .await?;
        let caption = page.text("caption").await?;
        assert!(caption.starts_with(sentence.trim()), "{caption} / {sentence}");
        Ok(())
    });
}

#[test]
fn a_kind_of_steps_can_be_looked_for() {
    visit("a_kind_of_steps_can_be_looked_for", "/", async |page| {
        page.has_opened().await?;
        page.click("start").await?;
        page.is_at(0).await?;
        let kinds: Vec<String> = page
            .run("return [...document.querySelectorAll('#jump-kind-list button')].map(e => e.textContent)")
            .await?;
        assert!(kinds.iter().any(|kind| kind == "violation"), "{kinds:?}");
        let walk = kinds.iter().position(|kind| kind == "page walk").ok_or("no walks")?;
        // By keyboard, past the others.
        page.element("jump-kind").await?.focus().await?;
        page.press("\u{e007}").await?;
        page.press("\u{e004}".repeat(walk + 1)).await?;
        page.press("\u{e007}").await?;
        let first = page.counter_when("the first walk", |counter| counter.at > 0).await?.at;
        page.text_when("caption", "a walk", |caption| caption.contains("page walker")).await?;
        assert!(walk > 0);
        page.holds("that the list is closed", "return !document.querySelector(':popover-open')").await?;
        page.element("play").await?.focus().await?;
        page.press("n").await?;
        page.counter_when("the next walk", |counter| counter.at > first).await?;
        page.text_when("caption", "another walk", |caption| caption.contains("page walker")).await?;
        Ok(())
    });
}

/// Shorter names where there is less room: everything has its place in the row.
#[test]
fn the_controls_stand_in_one_row() {
    flow("the_controls_stand_in_one_row", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        for (width, height) in [
            (721, 900),
            (760, 900),
            (899, 900),
            (900, 900),
            (1099, 700),
            (1100, 700),
            (1100, 900),
            (1120, 900),
            (1240, 900),
            (1280, 720),
            (1440, 900),
        ] {
            page.look(Look { width, height, ..Look::WIDE }).await?;
            page.holds(
                &format!("one row at {width}x{height}"),
                "const box = name => document.querySelector(name).getBoundingClientRect(), [transport, asks, time] = ['.transport', '.asks', '.time'].map(box); \
                 return asks.left >= transport.right && asks.right <= time.right && Math.abs(asks.top + asks.bottom - transport.top - transport.bottom) < 4 \
                     && [...document.querySelectorAll('.asks button, .asks select, .counter')].every(e => e.scrollWidth <= e.clientWidth + 1)",
            )
            .await?;
        }
        Ok(())
    });
}
