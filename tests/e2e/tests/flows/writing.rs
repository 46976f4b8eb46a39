//! A visitor types into the texts at the speed of a person, and clicks with a pointer.

use e2e::{Bench, Look, Outcome, Visit, flow, visit, with_field};
use serde_json::json;

/// What the text in front is scrolled in.
const SCROLLER: &str = "(document.querySelector('[data-testid=code] .cm-scroller') ?? document.querySelector('[data-testid=code] .editor'))";

/// Waits until the tables above the texts are full: until then they grow, and what is below them moves.
async fn tables_are_full(page: &Visit) -> Outcome {
    page.text_when("grid-summary", "that all is settled", |text| text.starts_with("Of ")).await?;
    page.text_when("policies-summary", "that all is settled", |text| text.starts_with("The scenario "))
        .await?;
    Ok(())
}

/// From now on, notes at each key where the field is on the screen, and how far the text in it is scrolled.
async fn watch_the_place(page: &Visit) -> Outcome {
    page.perform(&format!(
        "window.places = []; const note = () => {{ const s = {SCROLLER}; \
         places.push(Math.round(s.getBoundingClientRect().top) + ' ' + s.scrollTop + ' ' + s.scrollLeft); }}; \
         note(); document.addEventListener('keydown', note); document.addEventListener('keyup', note)"
    ))
    .await
}

/// How far the field and the text in it have moved since, in pixels.
async fn moved(page: &Visit) -> Outcome<i32> {
    let places: Vec<String> = page.run("return places").await?;
    let numbers =
        |place: &String| place.split(' ').map(|number| number.parse().unwrap_or(0)).collect::<Vec<i32>>();
    let first = places.first().map(numbers).unwrap_or_default();
    let far = places
        .iter()
        .map(numbers)
        .flat_map(|now| now.into_iter().zip(first.clone()).map(|(a, b)| (a - b).abs()));
    Ok(far.max().unwrap_or(0))
}

#[test]
fn a_text_is_written_at_a_persons_speed() {
    visit("a_text_is_written_at_a_persons_speed", "/", async |page| {
        page.has_opened().await?;
        tables_are_full(page).await?;
        for (tab, behind, typed) in [
            ("tab-0", "use kernel \"lazy TLB lab\"", " // with nothing set, so far"),
            ("tab-1", "cpumask_clear_cpu(cpu, m.cpumask);", " // here the CPU leaves"),
        ] {
            page.click(tab).await?;
            page.attribute_is(tab, "aria-selected", "true").await?;
            page.click_behind(behind).await?;
            let (before, at) = page.field().await?;
            assert!(before[..at].ends_with(behind), "the caret is behind {behind:?}");
            watch_the_place(page).await?;
            page.types(typed).await?;
            let (now, caret) = page.field().await?;
            assert_eq!(now, format!("{}{typed}{}", &before[..at], &before[at..]));
            assert_eq!(caret, at + typed.len(), "the caret is behind what was typed");
            // A pixel may remain, because heights above are not whole numbers of pixels.
            assert!(moved(page).await? <= 1, "the line stays where it is: {} pixels", moved(page).await?);
            page.text_when(tab, "that it is edited", |text| text.contains("edited")).await?;
            // The last edit does not move anything either when the page adopts it.
            assert_eq!(page.field().await?, (now, caret));
        }
        Ok(())
    });
}

#[test]
fn what_was_just_written_is_there_after_a_look_at_the_other_text() {
    visit("what_was_just_written_is_there_after_a_look_at_the_other_text", "/", async |page| {
        page.has_opened().await?;
        tables_are_full(page).await?;
        page.click("tab-1").await?;
        page.click_behind("cpumask_clear_cpu(cpu, m.cpumask);").await?;
        // Without a pause: the page has adopted nothing when the other text comes to the front.
        page.press(" // quick").await?;
        page.click("tab-0").await?;
        page.attribute_is("tab-0", "aria-selected", "true").await?;
        page.click("tab-1").await?;
        page.reads("m.cpumask); // quick").await
    });
}

#[test]
fn an_error_leads_to_its_line() {
    flow("an_error_leads_to_its_line", async |bench: &Bench| {
        for look in [Look::WIDE, Look { width: 1280, height: 720, ..Look::WIDE }] {
            let page = bench.visitor(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.click("tab-1").await?;
            page.click_behind("cpumask_clear_cpu(cpu, m.cpumask);").await?;
            page.types(" }").await?;
            page.text_when("diagnostics", "an error", |text| text.contains("error")).await?;
            // The reader looks somewhere else in the meantime, in the other text.
            page.click("tab-0").await?;
            page.perform(&format!("{SCROLLER}.scrollTop = 0")).await?;
            let error = page.browser_element("[data-testid=diagnostics] .error button").await?;
            error.scroll_into_view().await?;
            page.click_at(&error).await?;
            page.attribute_is("tab-1", "aria-selected", "true").await?;
            page.holds(
                "the caret in the line of the error, and the line in view",
                &with_field(
                    "const it = field(), line = it.text.slice(0, it.from).split('\\n').length; \
                     const said = document.querySelector('[data-testid=diagnostics] .error b').textContent; \
                     if (!it.focused || said.split(/[ :]/)[1] !== String(line)) return false; \
                     const r = it.line(it.text.split('\\n')[line - 1])[0].getBoundingClientRect(); \
                     const seen = document.elementFromPoint(r.left + 20, r.top + r.height / 2); \
                     return document.activeElement.contains(seen)",
                ),
            )
            .await?;
        }
        Ok(())
    });
}

#[test]
fn the_line_that_a_cpu_is_at_can_be_read() {
    flow("the_line_that_a_cpu_is_at_can_be_read", async |bench: &Bench| {
        for look in [Look::WIDE, Look::WIDE.dark()] {
            let page = bench.visitor(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.click("back").await?;
            let band = page.browser_element("[data-testid=code] .bands rect").await?;
            band.scroll_into_view().await?;
            // The element found at a point is the one that was painted there last. The field itself is
            // transparent.
            let script = "document.querySelector('[data-testid=code] textarea').style.pointerEvents = 'none'; document.querySelector('.bands').style.pointerEvents = 'all'; \
                 const r = document.querySelector('[data-testid=code] .bands rect').getBoundingClientRect(); \
                 const lines = [...document.querySelectorAll('[data-testid=code] pre > *')]; \
                 const line = lines.find(line => Math.abs(line.getBoundingClientRect().top - r.top) < 2); \
                 const range = document.createRange(); range.selectNodeContents(line); \
                 const words = range.getBoundingClientRect(); \
                 const seen = document.elementFromPoint(words.right - 4, r.top + r.height / 2); \
                 return seen.tagName";
            let seen: String = page.run(script).await?;
            assert!(
                ["SPAN", "DIV"].contains(&seen.as_str()),
                "over the words lies a {seen}, {}",
                json!(look.dark)
            );
        }
        Ok(())
    });
}
