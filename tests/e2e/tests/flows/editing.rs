//! The texts are the visitor's: what is written is compiled, checked and explored.

use e2e::{Bench, Look, Outcome, Visit, flow, visit, with_field};
use link::{Base, Link};
use thirtyfour::prelude::*;

/// Opens one of the two texts and selects a part of it, as a mouse would.
async fn select(page: &Visit, text: &str, part: &str) -> Outcome {
    page.click(text).await?;
    page.attribute_is(text, "aria-selected", "true").await?;
    page.select(part).await
}

#[test]
fn an_error_is_shown_and_mending_it_recovers() {
    visit("an_error_is_shown_and_mending_it_recovers", "/", async |page| {
        let opened = page.has_opened().await?;
        select(page, "tab-0", "machine {").await?;
        page.press("machin {").await?;
        let diagnostics =
            page.text_when("diagnostics", "a diagnostic", |text| text.contains("error")).await?;
        let line: usize = page
            .run(&with_field(
                "const t = field().text; return t.slice(0, t.indexOf('machin {')).split('\\n').length",
            ))
            .await?;
        assert!(diagnostics.contains(&format!("scenario {line}:")), "line {line}: {diagnostics}");
        // The line above the field says so too, where one writes.
        let state = page.text("text-state").await?;
        assert!(state.contains(&format!("scenario {line}:")), "{state}");
        page.holds(
            "the error in view",
            "const box = document.querySelector('[data-testid=text-state]').getBoundingClientRect(); \
             return box.top >= 0 && box.bottom <= innerHeight",
        )
        .await?;
        page.text_when("notice", "that the old machine stays", |text| text.contains("error")).await?;
        assert_eq!(page.counter().await?, opened, "the last good machine stays on stage");

        select(page, "tab-0", "machin {").await?;
        page.press("machine {").await?;
        page.holds("no diagnostic", "return !document.querySelector('[data-testid=diagnostics]')").await?;
        page.holds("no notice", "return !document.querySelector('[data-testid=notice]')").await?;
        page.verdict_is("reachable").await?;
        assert!(!page.has("reset-text").await?, "it is the library's text again");
        Ok(())
    });
}

#[test]
fn one_line_of_the_kernel_changes_the_verdict() {
    visit("one_line_of_the_kernel_changes_the_verdict", "/", async |page| {
        page.has_opened().await?;
        // Leaving the mask is what keeps the flush IPIs away.
        let line = "cpumask_clear_cpu(cpu, m.cpumask);          // CR3 unchanged";
        select(page, "tab-1", line).await?;
        page.press("\u{e003}").await?; // Backspace
        page.verdict_is("safe").await?;
        assert!(page.has("reset-text").await?);
        // The page shows the difference from the library's text: one line, which is two changes.
        page.text_when("changes", "one line", |text| text.contains("1 new, 1 gone")).await?;
        page.click_on(By::Css("[data-testid=changes] summary")).await?;
        let gone = page.browser_element("[data-testid=changes] .gone code").await?.text().await?;
        assert!(gone.contains(line), "{gone}");
        page.click("reset-text").await?;
        page.holds("no changes", "return !document.querySelector('[data-testid=changes]')").await?;
        page.verdict_is("reachable").await?;
        page.reads(line).await
    });
}

#[test]
fn an_edited_text_travels_in_the_link() {
    visit("an_edited_text_travels_in_the_link", "/", async |page| {
        page.has_opened().await?;
        select(page, "tab-0", "\"Andy\";").await?;
        page.press("\"Rik\";").await?;
        let link = page.link_in_address().await?;
        page.open(&link).await?;
        page.click("tab-0").await?;
        page.reads("q[0] = \"Rik\";").await?;
        page.text_when("tab-0", "that it is edited", |text| text.contains("edited")).await?;
        page.text_when("notice", "that it is reproduced", |text| text.starts_with("Reproduced")).await?;
        Ok(())
    });
}

#[test]
fn every_line_can_be_clicked() {
    visit("every_line_can_be_clicked", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-1").await?;
        let (text, _) = page.field().await?;
        let lines: Vec<&str> = text.lines().collect();
        for part in 0..4 {
            // The first line of each quarter that is one of a kind.
            let one = |line: &usize| !lines[*line].is_empty() && text.matches(lines[*line]).count() == 1;
            let at = (lines.len() * part / 4..lines.len()).find(one).expect("a line that is one of a kind");
            let (line, words) = (at + 1, lines[at]);
            page.click_behind(words).await?;
            let caret = with_field(&format!(
                "const it = field(); return it.focused && it.text.slice(0, it.from).split('\\n').length === {line}"
            ));
            page.holds(&format!("the caret in line {line}"), &caret).await?;
        }
        Ok(())
    });
}

/// A link to a scenario of the library behind so many lines of remarks.
fn behind_remarks(lines: usize) -> String {
    let text = gallery::scenario("lazy+unmap+andy").expect("it is in the library").text;
    let scenario = format!("{}{text}", "// a remark that nobody reads\n".repeat(lines));
    link::encode(&Link::new(Base::Inline { scenario, kernel: None, hash: 0 }))
}

#[test]
fn a_long_text_is_shown_at_once_and_written_in_when_asked_for() {
    flow("a_long_text_is_shown_at_once_and_written_in_when_asked_for", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open(&format!("/#{}", behind_remarks(3000))).await?;
        page.verdict_is("reachable").await?;
        page.click("tab-0").await?;
        page.attribute_is("tab-0", "aria-selected", "true").await?;
        page.holds("no field", &with_field("return !field().there")).await?;
        // All of it can be read.
        let last = "const it = document.querySelector('[data-testid=code] .editor'); it.scrollTop = it.scrollHeight; \
            return [...it.querySelectorAll('pre > *')].some(line => line.textContent.includes('expect '))";
        page.holds("the last lines", last).await?;
        page.click("open-text").await?;
        page.click_behind("machine {").await?;
        page.types(" // x").await?;
        page.holds("what was written, in the whole text", &with_field(
            "const { text } = field(); return text.includes('machine { // x') && text.length > 80000 && text.startsWith('// a remark')"
        ))
        .await?;
        page.text_when("about", "that it is edited", |text| text.contains("edited")).await?;
        page.holds("the field, for whoever goes on", &with_field("return field().focused")).await
    });
}
