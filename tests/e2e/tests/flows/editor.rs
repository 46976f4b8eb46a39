//! The editor, which comes when a visitor begins to write.

use e2e::{Bench, Look, Outcome, Visit, flow, visit, with_field};

const CONTROL: char = '\u{e009}';
const ESCAPE: &str = "\u{e00c}";
const TAB: &str = "\u{e004}";
const F8: &str = "\u{e038}";

/// A line of the kernel that the page opens with, at which a CPU leaves the mask.
const LEAVES: &str = "cpumask_clear_cpu(cpu, m.cpumask);";

/// Clicks into the kernel's text, and waits for the editor.
async fn writes(page: &Visit) -> Outcome {
    page.has_opened().await?;
    page.click("tab-1").await?;
    page.click_behind(LEAVES).await?;
    page.has_the_editor().await
}

#[test]
fn the_editor_comes_when_somebody_begins_to_write_and_takes_over_in_the_middle_of_a_word() {
    flow("the_editor_takes_over_in_the_middle_of_a_word", async |bench: &Bench| {
        let page = bench.visitor(Look::DESK).await?;
        let asked = || bench.site.asked().iter().any(|path| path.contains("/editor-"));
        // A host that is slow: the file comes when the test lets it come.
        page.prepare(
            "() => { \
                let kept; \
                const answered = new Promise(done => { globalThis.answer = done; }); \
                const late = made => ({ __proto__: made, come: () => answered.then(made.come) }); \
                Object.defineProperty(globalThis, 'editor', { get: () => kept, set(made) { kept = late(made); } }); }",
        )
        .await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("tab-1").await?;
        page.text_when("grid-summary", "that all is settled", |text| text.starts_with("Of ")).await?;
        assert!(!asked(), "no visitor waits for it");
        page.click_behind(LEAVES).await?;
        let (before, at) = page.field().await?;
        page.types(" // ab").await?;
        assert!(!page.run::<bool>(&with_field("return field().rich")).await?, "a slow host");
        page.perform("answer()").await?;
        page.types("cdef").await?;
        page.has_the_editor().await?;
        assert!(asked());
        page.types(" more").await?;
        let written = format!("{} // abcdef more{}", &before[..at], &before[at..]);
        assert_eq!(page.field().await?, (written, at + " // abcdef more".len()));
        // What was written before it came can be undone in it.
        page.undoes_until(&before).await
    });
}

#[test]
fn where_the_editor_does_not_come_the_plain_field_goes_on() {
    flow("where_the_editor_does_not_come_the_plain_field_goes_on", async |bench: &Bench| {
        let page = bench.visitor(Look::DESK).await?;
        // What `web/boot.js` does where the host does not answer.
        page.prepare(
            "() => Object.defineProperty(globalThis, 'editor', { get: () => ({ come: async () => { globalThis.refused = true; } }), set() {} })",
        )
        .await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("tab-1").await?;
        page.click_behind(LEAVES).await?;
        page.types(" // plain").await?;
        page.reads("m.cpumask); // plain").await?;
        page.text_when("about", "that it is edited", |text| text == "edited (1 line)").await?;
        page.holds("the plain field", &with_field("return refused && !field().rich && field().focused")).await
    });
}

#[test]
fn the_compilers_messages_are_under_the_words_and_beside_the_line() {
    visit("the_compilers_messages_are_under_the_words", "/", async |page| {
        writes(page).await?;
        page.types(" nonsens();").await?;
        page.text_when("diagnostics", "an error", |text| text.contains("nonsens")).await?;
        page.holds(
            "the word with a line under it",
            "return document.querySelector('.cm-lintRange-error')?.textContent.includes('nonsens') ?? false",
        )
        .await?;
        page.browser_element("[data-testid=code] .cm-lint-marker-error").await?;
        page.press(F8).await?;
        let said = "(document.querySelector('.cm-diagnostic-error')?.textContent ?? '')";
        page.holds(
            "the sentence",
            &format!("return {said}.startsWith('error: ') && {said}.includes('nonsens')"),
        )
        .await?;
        // Where the message was, it is gone when the word is.
        page.chord(&[CONTROL, 'z']).await?;
        page.holds(
            "no message",
            "return !document.querySelector('.cm-lintRange-error, [data-testid=diagnostics]')",
        )
        .await
    });
}

#[test]
fn tab_indents_and_escape_lets_it_leave() {
    visit("tab_indents_and_escape_lets_it_leave", "/", async |page| {
        writes(page).await?;
        let (before, _) = page.field().await?;
        page.press(TAB).await?;
        page.holds(
            "an indented line",
            &with_field(&format!("return field().text !== {before:?} && field().focused")),
        )
        .await?;
        page.press(ESCAPE).await?;
        page.press(TAB).await?;
        page.holds("the focus elsewhere", &with_field("return !field().focused")).await
    });
}

#[test]
fn words_are_found_and_replaced() {
    visit("words_are_found_and_replaced", "/", async |page| {
        writes(page).await?;
        page.chord(&[CONTROL, 'f']).await?;
        page.browser_element(".cm-search [name=search]").await?;
        page.press("cpumask_clear_cpu").await?;
        page.browser_element(".cm-searchMatch").await?;
        page.press(TAB).await?;
        page.perform("document.querySelector('.cm-search [name=replace]').focus()").await?;
        page.press("cpumask_gone").await?;
        page.perform("document.querySelector('.cm-search [name=replaceAll]').click()").await?;
        page.holds(
            "the other word",
            &with_field("const { text } = field(); return text.includes('cpumask_gone') && !text.includes('cpumask_clear_cpu')"),
        )
        .await?;
        let found = page.barriers().await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    });
}

#[test]
fn the_places_of_the_cpus_follow_the_run() {
    visit("the_places_of_the_cpus_follow_the_run", "/", async |page| {
        writes(page).await?;
        page.press(ESCAPE).await?;
        page.press(TAB).await?;
        page.holds("the focus elsewhere", &with_field("return !field().focused")).await?;
        let marks = "[...document.querySelectorAll('[data-testid=code] .cm-cpus .at')].map(mark => `${mark.textContent} \
            ${mark.closest('.cm-editor').field.lineAt(mark.getBoundingClientRect().top + 4)}`).join()";
        let mut seen = Vec::new();
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        for step in 1..6 {
            page.press("\u{e014}").await?; // Right
            page.is_at(step).await?;
            seen.push(page.run::<String>(&format!("return {marks}")).await?);
        }
        seen.dedup();
        assert!(seen.len() > 1, "{seen:?}");
        Ok(())
    });
}
