//! The tour, from the button in the header to the last moment, with a bet on the way.

use e2e::{Bench, Look, flow, visit};

/// Waits for a moment of the tour by its title.
const AT: &str = "return document.querySelector('[data-testid=tour-panel] h2')?.innerText === ";

#[test]
fn the_tour_leads_from_moment_to_moment() {
    visit("the_tour_leads_from_moment_to_moment", "/", async |page| {
        page.has_opened().await?;
        page.click("tour").await?;
        page.element("tour-panel").await?;
        let titles: Vec<String> =
            page.run("return [...document.querySelectorAll('.dots a')].map(dot => dot.title)").await?;
        assert!((6..=10).contains(&titles.len()), "{titles:?}");
        let mut captions = Vec::new();
        for (number, title) in titles.iter().enumerate() {
            page.holds(title, &format!("{AT}{title:?}")).await?;
            // It has arrived once the step that it is about is on the stage.
            page.counter_when("a step", |counter| counter.at > 0).await?;
            captions.push(page.text("caption").await?);
            assert!(page.address().await?.contains("#tour/"), "each moment has an address");
            if number + 1 < titles.len() {
                page.click("tour-next").await?;
            }
        }
        assert!(!page.has("tour-next").await?);
        captions.dedup();
        assert!(captions.len() + 1 >= titles.len(), "moments are different steps: {captions:#?}");
        Ok(())
    });
}

/// Who goes on at the end of a long text sees the beginning of the next one, and the keyboard is there.
#[test]
fn the_last_moment_comes_into_view() {
    flow("the_last_moment_comes_into_view", async |bench: &Bench| {
        let page = bench.visitor(Look { width: 1280, height: 720, ..Look::WIDE }).await?;
        page.open("/#tour/cost").await?;
        page.text_when("tour-text", "the costs", |text| text.contains("IPI")).await?;
        page.perform("document.querySelector('[data-testid=tour-next]').scrollIntoView({ block: 'end' }); scrollBy(0, 600)").await?;
        page.click("tour-next").await?;
        page.text_when("tour-text", "what came after", |text| text.contains("4.20")).await?;
        page.holds(
            "its heading in view",
            "const box = document.querySelector('.lesson h2').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight",
        )
        .await?;
        page.holds(
            "the keyboard at it",
            "return document.activeElement === document.querySelector('.lesson h2')",
        )
        .await
    });
}

/// Two moments may show one run at one step: then the part of the address after `#` is the same, and the browser's Back still leads
/// to the text of the other moment.
#[test]
fn back_leads_to_the_other_moment_of_the_same_run() {
    visit("back_leads_to_the_other_moment_of_the_same_run", "/#tour/cached-pointer", async |page| {
        let at = |title: &str| format!("{AT}{title:?}");
        let mut links = Vec::new();
        for title in ["The cached pointer", "The IPI that isn't sent"] {
            page.holds(title, &at(title)).await?;
            page.counter_when("a step", |counter| counter.at > 0).await?;
            page.press("\u{e010}").await?; // End
            links.push(page.link_in_address().await?);
            if links.len() == 1 {
                page.click("tour-next").await?;
            }
        }
        assert_eq!(links[0], links[1], "one run at one step");
        page.go_back().await?;
        page.holds("the moment before", &at("The cached pointer")).await?;
        page.go_forward().await?;
        page.holds("the moment after it", &at("The IPI that isn't sent")).await
    });
}

#[test]
fn a_bet_is_answered_by_the_explorer() {
    visit("a_bet_is_answered_by_the_explorer", "/#tour/barrier", async |page| {
        page.counter_when("the bad walk", |counter| counter.at > 0).await?;
        assert!(!page.has("bet-answer").await?, "nothing is given away before the bet");
        page.click("bet-no").await?;
        page.text_when("bet-answer", "the answer", |text| {
            text.contains("You were not right") && text.contains("Reachable in")
        })
        .await?;
        page.attribute_is("option-memory_barrier", "aria-checked", "true").await?;
        page.verdict_is("reachable").await?;
        page.click("bet-yes").await?;
        page.text_when("bet-answer", "another answer", |text| text.contains("You were right")).await?;
        Ok(())
    });
}

#[test]
fn a_moment_opens_from_its_address_and_waits_for_whoever_wanders() {
    visit(
        "a_moment_opens_from_its_address_and_waits_for_whoever_wanders",
        "/#tour/unsent-ipi",
        async |page| {
            page.text_when("caption", "the IPI that is not sent", |text| text.contains("gets no IPI"))
                .await?;
            let at = page.counter().await?;
            page.click("back").await?;
            page.is_at(at.at - 1).await?;
            page.click("option-init_mm_switch").await?;
            page.verdict_is("safe").await?;
            page.click("again").await?;
            page.verdict_is("reachable").await?;
            page.counter_when("the moment again", |counter| counter == at).await?;
            page.click("leave").await?;
            page.holds("the story again", "return !!document.querySelector('.story')").await?;
            page.click("tour").await?;
            page.counter_when("the moment once more", |counter| counter == at).await?;
            Ok(())
        },
    );
}

#[test]
fn costs_are_counted_for_every_case() {
    visit("costs_are_counted_for_every_case", "/#tour/cost", async |page| {
        page.element("costs").await?;
        let rows: Vec<Vec<u32>> = page
            .run(
                "return [...document.querySelectorAll('[data-testid=costs] tbody tr')]
                     .map(row => [...row.querySelectorAll('td')].map(cell => +cell.innerText))",
            )
            .await?;
        assert!(rows.len() > 3, "{rows:?}");
        assert!(rows.iter().any(|row| row[0] > 0) && rows.iter().any(|row| row[0] == 0), "{rows:?}");
        assert!(rows.iter().all(|row| row[1] <= row[0] && row[3] <= row[2]), "{rows:?}");
        Ok(())
    });
}

/// The moments, and what changes in memory in those that speak of it.
const MOMENTS: [(&str, &str); 9] = [
    ("lazy-tlb", ""),
    ("cached-pointer", ".pin.added"),
    ("unsent-ipi", ""),
    ("reuse", ".row.changed"),
    ("walk", ".row.changed"),
    ("barrier", ".row.changed"),
    ("init-mm", ""),
    ("cost", ""),
    ("after", ""),
];

/// The text of a moment is in view, and with it what the moment speaks of.
#[test]
fn the_tour_fits_a_phone() {
    flow("the_tour_fits_a_phone", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/#tour/lazy-tlb").await?;
        for (slug, changed) in MOMENTS {
            page.holds(slug, &format!("return location.hash === '#tour/{slug}'")).await?;
            page.counter_when("a step", |counter| counter.at > 0).await?;
            page.holds(
                "no wider than the screen",
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth",
            )
            .await?;
            page.in_view(".lesson h2").await?;
            if !changed.is_empty() {
                page.in_view(&format!(".stage .memory {changed}")).await?;
            }
            if slug != "after" {
                page.click("tour-next").await?;
            }
        }
        Ok(())
    });
}
