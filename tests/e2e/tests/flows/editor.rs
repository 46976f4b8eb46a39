//! The editor, which comes when a visitor begins to write.

use e2e::{Bench, Look, Outcome, Visit, flow, visit, with_field};

const CONTROL: char = '\u{e009}';
const ESCAPE: &str = "\u{e00c}";
const TAB: &str = "\u{e004}";
const F8: &str = "\u{e038}";
const F9: &str = "\u{e039}";
const F12: &str = "\u{e03c}";

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
        let page = bench.visitor(Look::WIDE).await?;
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
        let page = bench.visitor(Look::WIDE).await?;
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
        let (before, _) = page.field().await?;
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
        page.undoes_until(&before).await?;
        page.holds(
            "no message",
            "return !document.querySelector('.cm-lintRange-error, [data-testid=diagnostics]')",
        )
        .await?;
        // A mend that the compiler is sure of is a button.
        page.knows_the_language().await?;
        page.press(" cpumask_set_cpq(cpu, m.cpumask);").await?;
        page.text_when("diagnostics", "an error", |text| text.contains("cpumask_set_cpq")).await?;
        page.browser_element(".cm-lintRange-error").await?;
        page.press(F8).await?;
        page.browser_element(".cm-diagnosticAction").await?;
        page.perform("document.querySelector('.cm-diagnosticAction').click()").await?;
        page.reads("m.cpumask); cpumask_set_cpu(cpu, m.cpumask);").await
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
        let counted = |words: &str| {
            format!("return /{words}/.test(document.querySelector('.cm-counted')?.textContent ?? '')")
        };
        page.holds("how many there are, and which is selected", &counted("^[0-9]+ of [0-9]+$")).await?;
        page.press(TAB).await?;
        page.holds("the other field", "return document.activeElement.name === 'replace'").await?;
        page.press("cpumask_gone").await?;
        page.perform("document.querySelector('.cm-search [name=replaceAll]').click()").await?;
        page.holds("how many there were", &counted("^[0-9]+ replaced$")).await?;
        page.holds(
            "the other word",
            &with_field("const { text } = field(); return text.includes('cpumask_gone') && !text.includes('cpumask_clear_cpu')"),
        )
        .await?;
        let found = page.barriers("[data-testid=code]", false).await?;
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

#[test]
fn what_was_done_can_be_undone_after_another_text_and_after_a_reload() {
    visit("what_was_done_can_be_undone_after_a_reload", "/", async |page| {
        writes(page).await?;
        page.press(F9).await?;
        let (before, _) = page.field().await?;
        for reload in [false, true] {
            page.types(" // mine").await?;
            page.text_when("tab-1", "that it is edited", |text| text.contains("edited")).await?;
            if reload {
                page.link_in_address().await?;
                page.reload().await?;
            } else {
                page.click("tab-0").await?;
                page.attribute_is("tab-0", "aria-selected", "true").await?;
            }
            page.click("tab-1").await?;
            page.reads("m.cpumask); // mine").await?;
            page.click_behind("m.cpumask); // mine").await?;
            page.has_the_editor().await?;
            page.browser_element(".cm-stops i").await?;
            page.undoes_until(&before).await?;
            page.click_behind(LEAVES).await?;
        }
        Ok(())
    });
}

/// A click on the number of a line selects it, and keys go on to the text.
#[test]
fn a_click_on_a_number_keeps_the_keyboard_in_the_text() {
    visit("a_click_on_a_number_keeps_the_keyboard_in_the_text", "/", async |page| {
        writes(page).await?;
        let line: u32 = page
            .run(
                "const number = [...document.querySelectorAll('.cm-lineNumbers .cm-gutterElement')].filter(e => Number(e.textContent) > 1 && e.getBoundingClientRect().height > 0)[5]; \
                 number.scrollIntoView({ block: 'center' }); const box = number.getBoundingClientRect(); \
                 window.at = [box.left + box.width / 2, box.top + box.height / 2]; return Number(number.textContent)",
            )
            .await?;
        let [x, y]: [f64; 2] = page.run("return window.at").await?;
        page.click_point(x, y).await?;
        page.holds("the keyboard in the text", "return !!document.activeElement.closest('.cm-content')")
            .await?;
        let before = page.counter().await?;
        page.press("\u{e010}").await?; // End
        page.types("x").await?;
        page.holds(
            "the letter at the end of the line",
            &with_field(&format!("return field().text.split('\\n')[{}].endsWith('x')", line - 1)),
        )
        .await?;
        assert_eq!(page.counter().await?, before, "no key reaches the run");
        Ok(())
    });
}

/// What would reorder the code around it is shown as a dot.
#[test]
fn what_changes_the_direction_is_shown() {
    visit("what_changes_the_direction_is_shown", "/", async |page| {
        writes(page).await?;
        page.click_behind("} else if lazy_tlb {").await?;
        page.perform("document.activeElement.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: (() => { const data = new DataTransfer(); data.setData('text/plain', '// a\\u202eb\\u2066c'); return data; })() }))").await?;
        page.holds("two dots", "return document.querySelectorAll('.cm-specialChar').length === 2").await
    });
}

#[test]
fn a_line_is_marked_and_the_run_goes_on_to_it() {
    visit("a_line_is_marked_and_the_run_goes_on_to_it", "/", async |page| {
        writes(page).await?;
        assert!(page.disabled("text-run").await?, "no line is marked");
        // A line that a CPU comes to in the run on the stage.
        page.click_behind("} else if lazy_tlb {").await?;
        page.press("\u{e015}").await?; // Down
        page.press(F9).await?;
        page.browser_element(".cm-stops i").await?;
        page.press(ESCAPE).await?;
        page.press(TAB).await?;
        page.perform("document.activeElement.blur()").await?;
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.click("text-run").await?;
        page.text_when("notice", "who has come", |text| text.contains("has reached line")).await?;
        let at = page.counter_when("a later moment", |counter| counter.at > 0).await?;
        page.holds(
            "the CPU's mark in the marked line",
            "const top = mark => mark.closest('.cm-gutterElement').getBoundingClientRect().top; \
             const [stop] = document.querySelectorAll('.cm-stops i'); \
             return [...document.querySelectorAll('.cm-cpus .at')].some(mark => Math.abs(top(mark) - top(stop)) < 2)",
        )
        .await?;
        // By the pointer too: a second click takes the mark away.
        let mark = page.browser_element(".cm-stops i").await?;
        mark.scroll_into_view().await?;
        page.click_at(&mark).await?;
        page.holds("no mark", "return !document.querySelector('.cm-stops i')").await?;
        assert!(page.disabled("text-run").await?);
        assert_eq!(page.counter().await?, at);
        // A mark of the text that is not in front counts too.
        page.click_behind("} else if lazy_tlb {").await?;
        page.press(F9).await?;
        page.browser_element(".cm-stops i").await?;
        page.click("tab-0").await?;
        page.click_behind("        kthread").await?;
        page.has_the_editor().await?;
        page.holds("a line to run to", "return !document.querySelector('[data-testid=text-run]').disabled")
            .await?;
        Ok(())
    });
}

#[test]
fn lines_that_differ_are_marked_and_a_text_is_laid_out() {
    visit("lines_that_differ_are_marked_and_a_text_is_laid_out", "/", async |page| {
        writes(page).await?;
        page.knows_the_language().await?;
        let (before, _) = page.field().await?;
        page.press("\u{e006}idle_again();").await?; // Enter
        page.holds("a new line, indented as the one above", &with_field(
            "const lines = field().text.split('\\n'), at = lines.findIndex(line => line.trim().startsWith('idle_again();')); \
             const indent = line => line.length - line.trimStart().length; \
             return at > 0 && indent(lines[at]) === indent(lines[at - 1]) && indent(lines[at]) > 0"
        ))
        .await?;
        page.undoes_until(&before).await?;
        page.select("    sys run(").await?;
        page.press("  sys   run(").await?;
        page.browser_element(".cm-changed .came").await?;
        // Far above another place, with the caret between the two: it stays at its word.
        page.select("    fn enter_lazy_tlb(").await?;
        page.press("\u{e006}\u{e006}\u{e006}fn enter_lazy_tlb(").await?; // Enter
        page.click_behind(LEAVES).await?;
        page.click("text-format").await?;
        page.holds("it laid out", &with_field(&format!("return field().text === {before:?}"))).await?;
        let (text, at) = page.field().await?;
        assert!(text[..at].ends_with(LEAVES), "the caret is behind {:?}", text[..at].lines().last());
        page.holds("no marked line", "return !document.querySelector('.cm-changed .came')").await?;
        // A text with errors stays as it is.
        page.select("sys run(").await?;
        page.press("sys run((").await?;
        let (wrong, _) = page.field().await?;
        page.click("text-format").await?;
        page.holds(
            "why not",
            "return /errors/.test(document.querySelector('.cm-tools [role=status]').textContent)",
        )
        .await?;
        assert_eq!(page.field().await?.0, wrong);
        Ok(())
    });
}

/// Whether a word is offered first, for long enough that a person has seen it: right after a list has come, Enter still makes a new
/// line.
fn offered(word: &str) -> String {
    format!(
        "const list = document.querySelector('.cm-offered'); \
         if (list?.querySelector('li[aria-selected]')?.textContent !== '{word}') return false; \
         list.since ??= performance.now(); return performance.now() - list.since > 100"
    )
}

#[test]
fn words_are_offered_with_what_they_mean() {
    visit("words_are_offered_with_what_they_mean", "/", async |page| {
        writes(page).await?;
        page.knows_the_language().await?;
        page.types(" cpumask_se").await?;
        page.holds(
            "the word",
            "return document.querySelector('.cm-offered li[aria-selected]')?.textContent.startsWith('cpumask_set_cpu') ?? false",
        )
        .await?;
        page.holds(
            "its sentence",
            "return /the set/.test(document.querySelector('.cm-completionInfo p')?.textContent ?? '')",
        )
        .await?;
        let found = page.barriers("[data-testid=code]", false).await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        page.press("\u{e006}").await?; // Enter
        // It comes with its brackets, and the caret is between them. Whoever types them finds those that are there.
        page.reads("m.cpumask); cpumask_set_cpu()").await?;
        page.types("(cpu, x);").await?;
        page.reads("m.cpumask); cpumask_set_cpu(cpu, x);").await?;
        // Tab takes a word too. Nothing belongs between these brackets: the caret is behind them.
        page.types(" local_irq_d").await?;
        page.holds("the word", &offered("local_irq_disable")).await?;
        page.press(TAB).await?;
        page.types(";").await?;
        page.reads("m.cpumask); cpumask_set_cpu(cpu, x); local_irq_disable();").await?;
        // A word of which a part goes on so; none in which the letters are scattered, as in `get_current`.
        page.types(" irq_e").await?;
        page.holds("the word", &offered("local_irq_enable")).await?;
        page.types("\u{e003}\u{e003}\u{e003}\u{e003}\u{e003}gec").await?; // Backspace
        page.holds("nothing", "return !document.querySelector('.cm-offered')").await?;
        // In a remark nothing is offered.
        page.types(" // cpu").await?;
        page.holds("nothing", "return !document.querySelector('.cm-offered')").await
    });
}

#[test]
fn whoever_chooses_the_other_text_goes_on_there_and_finds_this_one_as_it_was() {
    visit("whoever_chooses_the_other_text_goes_on_there", "/", async |page| {
        let place = "(() => { const { field } = document.querySelector('.cm-editor'); \
            return [field.view.scrollDOM.scrollTop, String(field.selection())].join(' ') })()";
        writes(page).await?;
        page.knows_the_language().await?;
        page.holds("names that are spelled like words", "return !!document.querySelector('.cm-line .name')")
            .await?;
        page.press(" nonsens();").await?;
        page.text_when("text-state", "the error", |text| text.starts_with("kernel")).await?;
        // The line above the text says it: no notice lies over the page.
        page.holds(
            "no notice in view",
            "return document.querySelectorAll('.notice.visually-hidden').length === 1",
        )
        .await?;
        let before: String = page.run(&format!("return {place}")).await?;
        page.perform("addEventListener('mousedown', () => { window.stood = scrollY; }, true)").await?;
        page.click("tab-0").await?;
        page.holds(
            "the keyboard in the other text, and the page where it was",
            "const editor = document.activeElement.closest('.cm-editor'); \
             return editor?.dataset.source === '0' && Math.abs(scrollY - window.stood) < 2",
        )
        .await?;
        page.press("nonsense").await?;
        page.text_when("text-state", "its own error first", |text| text.starts_with("scenario")).await?;
        page.chord(&[CONTROL, 'z']).await?;
        page.click("tab-1").await?;
        page.holds("all as it was", &format!("return {place} === {before:?}")).await?;
        // A step does not scroll the text in which somebody writes.
        page.perform("document.activeElement.blur()").await?;
        page.press("\u{e011}").await?; // Home
        page.is_at(0).await?;
        page.holds("all as it was", &format!("return {place} === {before:?}")).await
    });
}

#[test]
fn a_view_that_a_long_line_has_moved_to_the_side_comes_back() {
    visit("a_view_that_a_long_line_has_moved_comes_back", "/", async |page| {
        writes(page).await?;
        let left = "document.querySelector('.cm-scroller').scrollLeft";
        page.press(&format!(" // {}", "long ".repeat(40))).await?;
        page.holds("a view to the side", &format!("return {left} > 0")).await?;
        page.press("\u{e006}").await?; // Enter
        page.holds("the whole line", &format!("return {left} === 0")).await
    });
}

#[test]
fn brackets_close_by_themselves() {
    visit("brackets_close_by_themselves", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-1").await?;
        page.click_behind(LEAVES).await?;
        page.has_the_editor().await?;
        page.knows_the_language().await?;
        // As somebody types who knows nothing of that: every bracket, also the closing ones. Behind the line stands a remark.
        let (before, _) = page.field().await?;
        page.press(" if (f(1)) {\u{e006}g();\u{e006}}").await?; // Enter
        let (text, at) = page.field().await?;
        let begun = text[..at].rfind(" if (").expect("what was typed");
        let lines: Vec<&str> = text[begun..at].lines().map(str::trim_start).collect();
        assert_eq!(lines, ["if (f(1)) {", "g();", "}"]);
        let indent = |line: &str| line.len() - line.trim_start().len();
        let indents: Vec<usize> = text[begun..at].lines().skip(1).map(indent).collect();
        assert_eq!(indents[0], indents[1] + 4, "{}", &text[begun..at]);
        for bracket in ['(', ')', '{', '}'] {
            let more = text.matches(bracket).count() - before.matches(bracket).count();
            assert_eq!(more, if "()".contains(bracket) { 3 } else { 1 }, "{bracket} in {}", &text[begun..]);
        }
        // The caret is behind a brace: both of the pair stand out.
        page.holds("the pair", "return document.querySelectorAll('.cm-matchingBracket').length === 2")
            .await?;
        // Backspace takes back both brackets.
        page.press("(\u{e003}").await?;
        assert_eq!(page.field().await?, (text, at));
        Ok(())
    });
}

#[test]
fn names_of_kernels_are_offered_between_quotes() {
    visit("names_of_kernels_are_offered_between_quotes", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("scenario \"lazy+unmap+andy\" {").await?;
        page.has_the_editor().await?;
        page.knows_the_language().await?;
        page.types(" use kern").await?;
        page.holds("the word", &offered("kernel")).await?;
        page.press("\u{e006}").await?; // Enter
        page.types(" \"linux-4.1").await?;
        page.holds("the first name", &offered("linux-4.13")).await?;
        // Esc closes the list, and only that: what is written stays.
        page.press(ESCAPE).await?;
        page.holds("no list", "return !document.querySelector('.cm-offered')").await?;
        page.types("3").await?;
        page.holds("the first name", &offered("linux-4.13")).await?;
        page.press("\u{e006}").await?; // Enter
        page.reads("use kernel \"linux-4.13\"\n").await?;
        let (text, at) = page.field().await?;
        assert!(text[..at].ends_with("linux-4.13\""), "the caret is behind the quote");
        // Whoever has asked for words and writes on behind them has a new line by Enter.
        page.types(" ").await?;
        page.chord(&[CONTROL, ' ']).await?;
        page.browser_element(".cm-offered").await?;
        page.types("}").await?;
        page.holds("no list", "return !document.querySelector('.cm-offered')").await?;
        Ok(())
    });
}

#[test]
fn a_name_is_explained_and_leads_to_its_declaration_and_its_uses() {
    visit("a_name_is_explained_and_leads_to_its_declaration", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("        kthread").await?;
        page.has_the_editor().await?;
        page.knows_the_language().await?;
        page.chord(&[CONTROL, 'i']).await?;
        page.holds(
            "how it is declared",
            "return /sys kthread/.test(document.querySelector('.cm-said code')?.textContent ?? '')",
        )
        .await?;
        page.press(ESCAPE).await?;
        page.holds("no explanation", "return !document.querySelector('.cm-said')").await?;
        // The declaration is in the other text.
        page.press(F12).await?;
        page.attribute_is("tab-1", "aria-selected", "true").await?;
        page.holds("the caret at the declaration", &with_field(
            "const { text, from, focused } = field(); return focused && text.slice(0, from).endsWith('sys ') && text.slice(from).startsWith('kthread')"
        ))
        .await?;
        page.click("text-uses").await?;
        page.holds("its places", "return document.querySelectorAll('[data-testid=places] li').length > 1")
            .await?;
        let found = page.barriers("[data-testid=code]", false).await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        page.press("\u{e015}").await?; // Down
        page.holds("the second place", "return document.activeElement === document.querySelectorAll('[data-testid=places] li button')[1]").await?;
        let place = "[...document.querySelectorAll('[data-testid=places] li button')].find(it => it.textContent.startsWith('scenario'))";
        page.perform(&format!("{place}.click()")).await?;
        page.attribute_is("tab-0", "aria-selected", "true").await?;
        page.holds("the caret there", &with_field(
            "const { text, from, focused } = field(); return focused && text.slice(from).startsWith('kthread();')"
        ))
        .await
    });
}

#[test]
fn where_what_knows_the_language_does_not_come_the_rest_goes_on() {
    visit("where_what_knows_the_language_does_not_come", "/", async |page| {
        page.perform("const ask = fetch; globalThis.fetch = (what, ...more) => /prompter-/.test(what) ? Promise.reject('the host does not answer') : ask(what, ...more)").await?;
        writes(page).await?;
        page.types(" cpum").await?;
        page.reads("m.cpumask); cpum").await?;
        page.click("text-explain").await?;
        page.holds("why not", "return /could not be loaded/.test(document.querySelector('.cm-tools [role=status]').textContent)").await?;
        assert!(!page.has("died").await?);
        Ok(())
    });
}
