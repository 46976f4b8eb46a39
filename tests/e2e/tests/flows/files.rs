//! Files: a text of one's own begins, files come in by the field and by a drop, the texts go out; and the reference of the
//! language, whose examples run.

use e2e::{Bench, Look, Outcome, Visit, flow, visit};

const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
const ARROW_DOWN: &str = "\u{e015}";
const KERNEL: &str = "kernel \"mine\" {\n    percpu loaded_mm: mm = init_mm;\n    sys run(next: mm) { write_cr3(next.pgd, 0); loaded_mm = next; }\n    sys unmap(m: mm, va: va) { free_page(pte_pfn(xchg(pte(m, va), 0))); }\n}\n";
const SCENARIO: &str = "scenario \"my file\" {\n    use kernel \"mine\"\n    machine { cpus 1; spare 0; }\n    mm A { 0x400000 -> page \"x\"; }\n    setup { cpu 0 { run(A); } }\n    cpu 0 { unmap(A, 0x400000); load(0x400000); }\n    expect sometimes violation;\n}\n";

/// The script that makes files, as a person's system gives them.
fn files(files: &[(&str, &str)]) -> String {
    let add = |(name, text): &(&str, &str)| format!("data.items.add(new File([{text:?}], {name:?}));");
    format!("const data = new DataTransfer(); {}", files.iter().map(add).collect::<String>())
}

/// Drops files on the page.
async fn drop_on(page: &Visit, dropped: &[(&str, &str)]) -> Outcome {
    // It comes when the page has been drawn.
    page.holds("what takes files", "return !!library.at").await?;
    page.perform(&format!(
        "{} const at = document.querySelector('[data-testid=stage]'); \
         const event = kind => at.dispatchEvent(new DragEvent(kind, {{ dataTransfer: data, bubbles: true, cancelable: true }})); \
         if (event('dragover')) throw new Error('the browser would open the file'); \
         if (!document.documentElement.hasAttribute('data-drop')) throw new Error('nothing says where to drop'); \
         event('drop')",
        files(dropped)
    ))
    .await
}

/// From now on, what is saved is kept for the test, and goes nowhere.
const KEEP: &str = "window.saved = []; const made = new Map(), make = URL.createObjectURL; \
    URL.createObjectURL = blob => { const url = make.call(URL, blob); made.set(url, blob); return url; }; \
    HTMLAnchorElement.prototype.click = function () { const name = this.download; \
    made.get(this.href).text().then(text => saved.push([name, text])) }";

async fn notice(page: &Visit, part: &str) -> Outcome<String> {
    page.text_when("notice", part, |text| text.contains(part)).await
}

#[test]
fn files_are_opened_and_saved_and_back_brings_back_what_was_there() {
    visit("files_are_opened_and_saved_and_back_brings_back_what_was_there", "/", async |page| {
        page.has_opened().await?;
        page.perform(KEEP).await?;
        // What the reader has written, and not saved.
        page.click("tab-0").await?;
        page.click_behind("use kernel \"lazy TLB lab\"").await?;
        page.types(" // mine").await?;
        drop_on(page, &[("mine.tlb", KERNEL), ("file.tlb", SCENARIO)]).await?;
        let said = notice(page, "Opened from mine.tlb, file.tlb").await?;
        assert!(said.contains("the kernel mine; the scenario my file"), "{said}");
        page.verdict_is("reachable").await?;
        page.text_when("picker", "its name", |text| text.contains("my file") && text.contains("on mine"))
            .await?;
        // Saved by hand, and by keys from within the text.
        page.click("save-file").await?;
        page.holds("a file", "return saved.length === 1").await?;
        page.click("tab-0").await?;
        page.click_behind("expect sometimes violation;").await?;
        page.types(" // the end").await?;
        page.chord(&['\u{e009}', 's']).await?;
        page.holds("another", "return saved.length === 2").await?;
        let saved: Vec<(String, String)> = page.run("return saved").await?;
        assert_eq!(saved[0], ("my-file.tlb".to_owned(), format!("{KERNEL}\n{SCENARIO}")));
        assert!(saved[1].1.ends_with("expect sometimes violation; // the end\n}\n"), "{}", saved[1].1);
        // The saved file opens as it was, by the field for it.
        page.open("/").await?;
        page.has_opened().await?;
        // In place of the browser's own window for files.
        page.perform(&format!(
            "{} HTMLInputElement.prototype.click = function () {{ this.files = data.files; this.dispatchEvent(new Event('change')) }}",
            files(&[("again.tlb", &saved[1].1)])
        ))
        .await?;
        page.click("open-file").await?;
        notice(page, "Opened from again.tlb").await?;
        page.verdict_is("reachable").await
    });
}

#[test]
fn what_was_written_comes_back() {
    visit("what_was_written_comes_back", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-0").await?;
        page.click_behind("use kernel \"lazy TLB lab\"").await?;
        page.types(" // mine").await?;
        page.text_when("tab-0", "that it is edited", |text| text.contains("edited")).await?;
        drop_on(page, &[("file.tlb", &format!("{KERNEL}{SCENARIO}"))]).await?;
        page.text_when("picker", "its name", |text| text.contains("my file")).await?;
        page.go_back().await?;
        page.text_when("picker", "what was there", |text| text.contains("lazy+unmap+andy")).await?;
        page.reads("lab\" // mine").await
    });
}

#[test]
fn what_is_no_text_is_refused_and_the_page_stays() {
    visit("what_is_no_text_is_refused_and_the_page_stays", "/", async |page| {
        page.has_opened().await?;
        let long = "x".repeat(257 * 1024);
        for (name, text, why) in [
            ("picture.png", "\u{0}PNG", "it is no text"),
            ("notes.txt", "Dear diary", "it has no kernel and no scenario"),
            ("long.tlb", long.as_str(), "it has more than 256 KiB"),
        ] {
            drop_on(page, &[(name, text)]).await?;
            let said = notice(page, &format!("{name} was not opened")).await?;
            assert!(said.contains(why), "{said}");
            page.text_when("picker", "what was there", |text| text.contains("lazy+unmap+andy")).await?;
        }
        Ok(())
    });
}

#[test]
fn a_text_of_ones_own_begins_with_a_template() {
    visit("a_text_of_ones_own_begins_with_a_template", "/", async |page| {
        page.has_opened().await?;
        let slugs: Vec<&str> = gallery::templates().map(|text| text.slug).collect();
        assert!(slugs.len() > 2);
        for (place, slug) in slugs.iter().enumerate() {
            // By keyboard. An arrow key chooses nothing: the list is closed.
            page.perform("document.querySelector('[data-testid=new-text]').focus()").await?;
            let before = page.text("picker").await?;
            page.press(ARROW_DOWN).await?;
            page.press(ENTER).await?;
            page.holds(
                "the list",
                "return document.querySelector('#new-text-list').matches(':popover-open')",
            )
            .await?;
            assert_eq!(page.text("picker").await?, before);
            for _ in 0..=place {
                page.press(TAB).await?;
            }
            page.holds(
                "the entry, which says what it is",
                &format!(
                    "const at = document.activeElement; return at === document.querySelectorAll('#new-text-list button')[{place}] \
                     && at.textContent.length > 40 && at.checkVisibility()"
                ),
            )
            .await?;
            page.press(ENTER).await?;
            notice(page, &format!("Opened from the template {slug}")).await?;
            page.verdict_is("safe").await?;
            page.text_when("tab-0", "that it is one's own", |text| {
                text.contains("own text") || text.contains("edited")
            })
            .await?;
            page.holds("that it is closed", "return !document.querySelector(':popover-open')").await?;
        }
        Ok(())
    });
}

#[test]
fn an_edited_kernel_is_compared_with_the_librarys() {
    flow("an_edited_kernel_is_compared_with_the_librarys", async |bench: &Bench| {
        for look in [Look::WIDE, Look::PHONE] {
            let page = bench.visitor(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.turn_to("code").await?;
            page.click("tab-1").await?;
            page.perform(
                "const field = document.querySelector('[data-testid=code] textarea'); \
                 field.value = field.value.replace('cpumask_clear_cpu(cpu, m.cpumask);', ''); \
                 field.dispatchEvent(new InputEvent('input', { bubbles: true })); field.focus(); field.blur()",
            )
            .await?;
            // The address keeps up with the edit, and then with what it is compared with.
            page.holds("the edit in the address", "return location.hash.length > 100").await?;
            let edited: String = page.run("return location.hash").await?;
            page.click("compare-unedited").await?;
            page.element("timeline-compared").await?;
            page.holds("the comparison in the address", &format!("return location.hash !== {edited:?}"))
                .await?;
            page.text_when("compare", "the other machine", |text| {
                text.contains("the kernel as in the library")
            })
            .await?;
            page.in_view("[data-testid=compare] h3").await?;
            // Asked once more, it is brought into view once more.
            page.turn_to("code").await?;
            page.click("compare-unedited").await?;
            page.in_view("[data-testid=compare] h3").await?;
            // The link says so.
            let link = page.link_in_address().await?;
            page.open(&link).await?;
            page.text_when("compare", "the other machine", |text| {
                text.contains("the kernel as in the library")
            })
            .await?;
            // Without the edit there is nothing to compare, until the browser's Back brings the edit back.
            page.turn_to("code").await?;
            page.click("reset-text").await?;
            page.turn_to("run").await?;
            page.text_when("compare", "no other machine", |text| !text.contains("as in the library")).await?;
            page.go_back().await?;
            page.text_when("compare", "the other machine", |text| text.contains("as in the library")).await?;
        }
        Ok(())
    });
}

#[test]
fn a_table_of_costs_is_opened_and_back_brings_back_the_one_before() {
    visit("a_table_of_costs_is_opened_and_back_brings_back_the_one_before", "/", async |page| {
        page.has_opened().await?;
        let costs = gallery::costs().find(|text| text.slug == "laptop").ok_or("no costs")?.text;
        // The second one comes before the page has been drawn with the first.
        drop_on(page, &[("laptop.tlb", costs)]).await?;
        let mine = costs.replacen("costs \"", "costs \"my ", 1);
        drop_on(page, &[("mine.tlb", &mine)]).await?;
        notice(page, "Opened from mine.tlb: the table of costs").await?;
        let shown = |name: &str| {
            format!(
                "return document.querySelector('[data-testid=code] textarea').value.startsWith('costs \"{name}')"
            )
        };
        let mine = mine.split('"').nth(1).ok_or("no name")?.to_owned();
        page.click("tab-2").await?;
        page.holds("the reader's table", &shown(&mine)).await?;
        page.go_back().await?;
        page.holds("the one before", &shown(mine.trim_start_matches("my "))).await
    });
}

#[test]
fn what_does_not_come_is_told() {
    visit("what_does_not_come_is_told", "/", async |page| {
        page.has_opened().await?;
        // In place of a host that does not have the file.
        page.perform("library.extras = async failed => failed('404')").await?;
        page.click("open-file").await?;
        notice(page, "could not be loaded: 404").await?;
        page.perform("library.extras = async failed => failed('500')").await?;
        page.click("save-file").await?;
        notice(page, "could not be loaded: 500").await.map(drop)
    });
}

#[test]
fn the_reference_stands_beside_the_text_and_its_examples_run() {
    flow("the_reference_stands_beside_the_text_and_its_examples_run", async |bench: &Bench| {
        for look in [Look::WIDE, Look::PHONE] {
            let page = bench.visitor(look).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.turn_to("code").await?;
            page.holds("that it is not loaded", "return !performance.getEntriesByType('resource').some(file => file.name.includes('reference'))").await?;
            page.click("read-language").await?;
            page.text_when("reference", "the reference", |text| text.contains("What is a step")).await?;
            page.click("reference-words").await?;
            page.press("spin_lock").await?;
            page.text_when("reference-count", "what was found", |text| text.ends_with("sections")).await?;
            page.holds(
                "only rows with the word",
                "const rows = [...document.querySelectorAll('[data-testid=reference] section:not([hidden]) tbody')] \
                 .filter(table => table.textContent.includes('spin_lock')).flatMap(table => [...table.rows].filter(row => !row.hidden)); \
                 return rows.length > 0 && rows.every(row => row.textContent.includes('spin_lock'))",
            )
            .await?;
            looks_up(&page, look == Look::WIDE).await?;
            // The first example is the smallest kernel that can be wrong.
            seek(&page, "careless").await?;
            page.perform(
                "document.querySelector('[data-testid=reference] section:not([hidden]) button').click()",
            )
            .await?;
            notice(&page, "Opened from an example of the reference").await?;
            page.verdict_is("reachable").await?;
            page.holds(
                "that it is out of the way",
                "return document.querySelector('[data-testid=reference]').hidden",
            )
            .await?;
            // It opens where it was, and Escape closes it.
            page.turn_to("code").await?;
            page.click("read-language").await?;
            page.holds(
                "that it is there",
                "return !document.querySelector('[data-testid=reference]').hidden",
            )
            .await?;
            page.click("reference-words").await?;
            page.press("\u{e00c}").await?;
            page.holds(
                "that it is closed",
                "return document.querySelector('[data-testid=reference]').hidden",
            )
            .await?;
        }
        Ok(())
    });
}

/// Looks for words in the reference.
async fn seek(page: &Visit, words: &str) -> Outcome {
    page.perform(&format!(
        "const field = document.querySelector('[data-testid=reference-words]'); field.value = '{words}'; \
         field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))"
    ))
    .await
}

/// What is found is marked and in view, Enter goes on to the next place, and words that only the library has lead there.
async fn looks_up(page: &Visit, wide: bool) -> Outcome {
    const IN_VIEW: &str = "const mark = document.querySelector('[data-testid=reference] mark[data-here]'); \
        const at = mark?.getBoundingClientRect(), around = document.querySelector('.page-of').getBoundingClientRect(); \
        return mark?.textContent === 'mm_alloc' && at.top >= around.top && at.bottom <= around.bottom";
    seek(page, "mm_alloc").await?;
    page.holds("the word, marked and in view", IN_VIEW).await?;
    const FIRST: &str = "document.querySelector('[data-testid=reference] mark').hasAttribute('data-here')";
    page.holds("the first one", &format!("return {FIRST}")).await?;
    page.click("reference-words").await?;
    page.press(ENTER).await?;
    page.holds("the next one", &format!("return !{FIRST}")).await?;
    page.holds("that one too in view", IN_VIEW).await?;
    if wide {
        page.holds(
            "the whole text beside it",
            "return document.querySelector('.code').getBoundingClientRect().right <= document.querySelector('[data-testid=reference]').getBoundingClientRect().left",
        )
        .await?;
    }
    // No section speaks of it, but some kernels have it.
    seek(page, "pte_free_tlb").await?;
    page.text_when("reference-others", "texts of the library", |text| text.contains("linux-4.14")).await?;
    page.holds("no mark", "return !document.querySelector('[data-testid=reference] mark')").await?;
    // The guide is part of it.
    seek(page, "kernel of sixteen lines and makes it safe").await?;
    page.perform("document.querySelector('[data-testid=reference] section:not([hidden]) [data-to]').click()")
        .await?;
    page.holds(
        "the guide in view",
        "const at = document.querySelector('[data-at=write-your-own-kernel]').getBoundingClientRect(); return at.top >= 0 && at.top < innerHeight / 2",
    )
    .await
}

/// From the first screen to the texts and back; and who closes a notice goes on writing.
#[test]
fn a_word_on_the_first_screen_leads_to_the_texts_and_the_verdict_there_leads_back() {
    flow(
        "a_word_on_the_first_screen_leads_to_the_texts_and_the_verdict_there_leads_back",
        async |bench: &Bench| {
            let page = bench.visitor(Look::WIDE).await?;
            page.open("/").await?;
            page.has_opened().await?;
            page.holds("what hears it", "return !!library.at").await?;
            page.click("write").await?;
            page.holds(
                "the text in view, with the focus",
                "const code = document.querySelector('.code'), at = code.getBoundingClientRect(); \
                 return at.top >= 0 && at.top < innerHeight / 2 && code.contains(document.activeElement)",
            )
            .await?;
            page.perform(KEEP).await?;
            page.click("save-file").await?;
            notice(&page, "Saved").await?;
            page.click("write").await?;
            page.click("dismiss").await?;
            page.holds(
                "the focus in the text",
                "return document.querySelector('.code').contains(document.activeElement)",
            )
            .await?;
            page.click("strip").await?;
            page.holds("the machine", "return scrollY < innerHeight / 2").await
        },
    );
}
