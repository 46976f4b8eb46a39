//! Nothing that was written is lost: with errors, over a reload, in the browser's history, on the way to somebody else.

use e2e::{Bench, Look, Outcome, Visit, flow, visit, with_field};
use thirtyfour::By;

/// Chooses a scenario as a reader does.
async fn choose(page: &Visit, slug: &str) -> Outcome {
    page.click("picker").await?;
    page.click_on(By::XPath(format!("//*[@data-testid='gallery']//button[b='{slug}']"))).await?;
    page.text_when("picker", slug, |text| text.contains(slug)).await?;
    Ok(())
}

#[test]
fn a_text_with_errors_survives_a_reload_and_a_journey() {
    flow("a_text_with_errors_survives_a_reload_and_a_journey", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        let opened = page.has_opened().await?;
        page.click("tab-1").await?;
        page.click_behind("cpumask_clear_cpu(cpu, m.cpumask);").await?;
        page.types(" // mine").await?;
        page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        page.click("tab-0").await?;
        page.click_behind("machine {").await?;
        // The blank compiles, the text after it does not.
        page.types(" ").await?;
        page.text_when("about", "that it is edited", |text| text == "edited (2 lines)").await?;
        page.types("nonsense").await?;
        page.text_when("diagnostics", "an error", |text| text.contains("error")).await?;
        page.text_when("about", "what the verdict is about", |text| {
            text == "of the last text that compiled; edited (2 lines)"
        })
        .await?;
        page.click("share").await?;
        let holds = page.text("holds").await?;
        for part in ["Your text of the scenario", "The texts have 1 error", "Your text of the kernel"] {
            assert!(holds.contains(part), "{part:?} in {holds:?}");
        }
        let link = page.offered("share-dialog").await?;
        page.press("\u{e00c}").await?; // Escape
        page.has_no_dialog().await?;
        page.reload().await?;
        let there = bench.visitor(Look::WIDE).await?;
        there.open(&link).await?;
        for page in [&page, &there] {
            page.text_when("diagnostics", "the error", |text| text.contains("error")).await?;
            page.text_when("notice", "that there is an error", |text| text.starts_with("The text has"))
                .await?;
            page.text_when("about", "that it is not about this text", |text| {
                text.starts_with("not of the text in the editor")
            })
            .await?;
            page.click("tab-1").await?;
            page.reads("m.cpumask); // mine").await?;
            page.click("tab-0").await?;
            page.reads("machine { nonsense").await?;
            // Once the error is fixed, the text and the run are the earlier ones.
            page.click_behind("machine { nonsense").await?;
            page.types(&"\u{e003}".repeat(" nonsense".len())).await?; // Backspace
            page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
            page.verdict_is("reachable").await?;
            page.counter_when("the run of before", |counter| counter == opened).await?;
        }
        Ok(())
    });
}

#[test]
fn own_texts_are_told_of_when_they_leave_and_offered_on_the_next_visit() {
    visit("own_texts_are_told_of_when_they_leave_and_offered_on_the_next_visit", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("machine {").await?;
        page.types(" // mine").await?;
        page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        choose(page, "asid+rollover").await?;
        page.text_when("notice", "that the text has gone", |text| {
            text.contains("has left the page. The browser\u{2019}s Back brings back")
        })
        .await?;
        // Whoever does not go back, and comes another day.
        page.open("/").await?;
        page.text_when("mine", "the texts of before", |text| {
            text.starts_with("This browser has your texts:")
        })
        .await?;
        page.click_on(By::XPath("//*[@data-testid='mine']/button[1]".to_owned())).await?;
        page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        page.click("tab-0").await?;
        page.reads("machine { // mine").await?;
        page.open("/").await?;
        page.text_when("mine", "the same texts", |text| text.contains("Forget them")).await?;
        page.click_on(By::XPath("//*[@data-testid='mine']/button[.='Forget them']".to_owned())).await?;
        page.holds("that they are forgotten", "return localStorage.getItem('mine') === null").await
    });
}

#[test]
fn letters_written_right_before_a_reload_are_there_after_it() {
    visit("letters_written_right_before_a_reload_are_there_after_it", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("machine {").await?;
        page.holds("the focus", &with_field("return field().focused")).await?;
        let mut written = "machine {".to_owned();
        // From a plain address, and from one that holds the earlier text. Then with a new page that takes so long to
        // load that the old page adopts the letters and writes its address meanwhile: that is too late for the reload.
        for (more, late) in [(" // one", 0), (" // two", 0), (" // three", 1000), (" // four", 1000)] {
            page.press(more).await?;
            page.network_is_late(late).await?;
            page.reload().await?;
            page.network_is_late(0).await?;
            written += more;
            // Although a CPU runs the kernel's text: the reader has edited this one.
            page.attribute_is("tab-0", "aria-selected", "true").await?;
            page.reads(&written).await?;
            page.click_behind(&written).await?;
        }
        // A newly opened address shows its own contents, and nothing that was stored for another
        // one.
        page.open("/").await?;
        page.click("tab-0").await?;
        page.reads("machine {").await?;
        let text: String = page.run(&with_field("return field().text")).await?;
        assert!(!text.contains("// one"), "{text}");
        Ok(())
    });
}

#[test]
fn back_closes_a_dialog() {
    visit("back_closes_a_dialog", "/", async |page| {
        page.has_opened().await?;
        page.click("option-memory_barrier").await?;
        page.text_when("verdict", "the other verdict", |text| text.contains("memory_barrier")).await?;
        page.click("picker").await?;
        page.element("gallery").await?;
        page.go_back().await?;
        page.has_no_dialog().await?;
        page.attribute_is("option-memory_barrier", "aria-checked", "false").await
    });
}

#[test]
fn a_chosen_scenario_is_a_step_of_the_history() {
    visit("a_chosen_scenario_is_a_step_of_the_history", "/", async |page| {
        page.has_opened().await?;
        let first = page.text("picker").await?;
        // Nothing has been done yet: there is no link in the address to come back to.
        choose(page, "lazy+return").await?;
        page.go_back().await?;
        page.text_when("picker", "the scenario that the page opened with", |text| text == first).await?;
        page.go_forward().await?;
        page.text_when("picker", "the chosen one", |text| text.contains("lazy+return")).await?;
        page.click("tab-0").await?;
        page.click_behind("scenario \"lazy+return\" {").await?;
        page.types(" // mine").await?;
        page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        choose(page, "lazy+munmap").await?;
        assert!(!page.has("about").await?);
        page.go_back().await?;
        page.text_when("picker", "the scenario of before", |text| text.contains("lazy+return")).await?;
        page.click("tab-0").await?;
        page.reads("{ // mine").await?;
        page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        page.go_forward().await?;
        page.text_when("picker", "the next scenario", |text| text.contains("lazy+munmap")).await?;
        Ok(())
    });
}

#[test]
fn a_chosen_switch_case_and_kernel_are_steps_of_the_history() {
    visit("a_chosen_switch_case_and_kernel_are_steps_of_the_history", "/", async |page| {
        page.has_opened().await?;
        page.text_when("policies-summary", "all kernels", |text| text.starts_with("The scenario runs on"))
            .await?;
        let header = page.text("picker").await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        page.click_on(By::Css(".policies tr:not(.here) .cell.leads")).await?;
        page.text_when("picker", "another kernel", |text| text != header).await?;
        let there = page.text("picker").await?;
        page.go_back().await?;
        page.text_when("picker", "the kernel of before", |text| text == header).await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.verdict_is("safe").await?;
        page.go_back().await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "false").await?;
        page.verdict_is("reachable").await?;
        page.go_forward().await?;
        page.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        page.go_forward().await?;
        page.text_when("picker", "the other kernel again", |text| text == there).await?;
        Ok(())
    });
}

#[test]
fn what_no_address_can_hold_is_said() {
    visit("what_no_address_can_hold_is_said", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("machine {").await?;
        page.holds("the focus", &with_field("return field().focused")).await?;
        // What a paste does.
        page.perform(
            "document.execCommand('insertText', false, ('\\n// ' + 'a line that says nothing '.repeat(40)).repeat(270))",
        )
        .await?;
        page.text_when("notice", "that it is too long", |text| {
            text.contains("longer than the 256 KiB") && text.contains("a reload loses it")
        })
        .await?;
        page.click("share").await?;
        page.text_when("no-link", "the same", |text| text.contains("longer than the 256 KiB")).await?;
        Ok(())
    });
}
