//! A visitor types into the texts at the speed of a person, in Firefox. Its engine orders effects and input
//! differently from Chromium's, so a text that survives in one may be lost in the other.

use e2e::{Bench, Firefox, Outcome, flow, with_field};

/// The text in front, and where the caret is in it.
async fn field(page: &Firefox) -> Outcome<(String, usize)> {
    page.run(&with_field("const { text, from } = field(); return [text, from]")).await
}

/// Waits for words in the element with a test id.
async fn says(page: &Firefox, id: &str, words: &str) -> Outcome {
    let script =
        format!("return !!document.querySelector('[data-testid={id}]')?.textContent.includes({words:?})");
    page.holds(&format!("{words:?} in {id:?}"), &script).await
}

#[test]
fn a_text_is_written_in_firefox_as_in_chromium() {
    flow("a_text_is_written_in_firefox_as_in_chromium", async |bench: &Bench| {
        let page = Firefox::start(1440, 1000).await?;
        page.open(&format!("{}/", bench.site.origin)).await?;
        // The tables above the texts are full: nothing moves any more.
        says(&page, "grid-summary", "Of ").await?;
        for (tab, behind, typed) in [
            ("tab-0", "use kernel \"lazy TLB lab\"", " // with nothing set, so far"),
            ("tab-1", "cpumask_clear_cpu(cpu, m.cpumask);", " // here the CPU leaves"),
        ] {
            page.click(&format!("[data-testid={tab}]")).await?;
            page.click_behind(behind).await?;
            let (before, at) = field(&page).await?;
            assert!(before[..at].ends_with(behind), "the caret is behind {behind:?}");
            page.types(typed).await?;
            let (now, caret) = field(&page).await?;
            assert_eq!(now, format!("{}{typed}{}", &before[..at], &before[at..]));
            assert_eq!(caret, at + typed.len(), "the caret is behind what was typed");
            says(&page, tab, "edited").await?;
            // The last edit does not move anything either when the page adopts it.
            assert_eq!(field(&page).await?, (now, caret));
        }
        let complaints = page.complaints(&bench.site.origin).await?;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        Ok(())
    });
}

#[test]
fn letters_written_right_before_a_reload_are_there_in_firefox() {
    flow("letters_written_right_before_a_reload_are_there_in_firefox", async |bench: &Bench| {
        let page = Firefox::start(1440, 1000).await?;
        page.open(&format!("{}/", bench.site.origin)).await?;
        says(&page, "grid-summary", "Of ").await?;
        let mut written = "machine {".to_owned();
        for (more, late) in [(" // one", false), (" // two", true), (" // three", true)] {
            page.click("[data-testid=tab-0]").await?;
            page.click_behind(&written).await?;
            let before: String = page.run("return location.href").await?;
            page.press(more).await?;
            if late {
                let other = format!("return location.href !== {before:?}");
                page.reload_late("that the old page writes another address", &other).await?;
            } else {
                page.reload().await?;
            }
            written += more;
            page.click("[data-testid=tab-0]").await?;
            page.holds(&written, &with_field(&format!("return field().text.includes({written:?})"))).await?;
        }
        let complaints = page.complaints(&bench.site.origin).await?;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        Ok(())
    });
}

#[test]
fn words_are_offered_and_lines_are_marked_in_firefox() {
    flow("words_are_offered_and_lines_are_marked_in_firefox", async |bench: &Bench| {
        let page = Firefox::start(1440, 1000).await?;
        page.open(&format!("{}/", bench.site.origin)).await?;
        says(&page, "grid-summary", "Of ").await?;
        page.click("[data-testid=tab-1]").await?;
        page.click_behind("cpumask_clear_cpu(cpu, m.cpumask);").await?;
        let here = "return document.querySelector('.cm-editor')?.field.workspace.here() ?? false";
        // The editor comes with the first letter: a browser without a window of its own tells nobody of the focus.
        page.types(" ").await?;
        page.holds("what knows the language", here).await?;
        page.types("cpumask_se").await?;
        // For long enough that a person has seen it: right after a list has come, Enter still makes a new line.
        let offered = "const list = document.querySelector('.cm-offered'); \
            if (!list?.querySelector('li[aria-selected]')?.textContent.startsWith('cpumask_set_cpu')) return false; \
            list.since ??= performance.now(); return performance.now() - list.since > 100";
        page.holds("the word", offered).await?;
        page.press("\u{e004}").await?; // Tab
        let taken = "return document.querySelector('.cm-editor').field.text().includes('m.cpumask); cpumask_set_cpu()')";
        page.holds("the word in the text", taken).await?;
        page.click("[data-testid=text-mark]").await?;
        page.holds("a mark", "return !!document.querySelector('.cm-stops i')").await?;
        let complaints = page.complaints(&bench.site.origin).await?;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        Ok(())
    });
}
