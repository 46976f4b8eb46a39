//! What screen readers and keyboards meet: headings, landmarks, names, and a way past the header.

use e2e::{Bench, Look, flow, visit};
use link::{Base, Link};
use serde_json::json;

#[test]
fn the_first_stop_leads_past_the_header() {
    visit("the_first_stop_leads_past_the_header", "/", async |page| {
        page.has_opened().await?;
        page.press("\u{e004}").await?; // Tab
        page.holds("the way past", "return document.activeElement.dataset.testid === 'skip'").await?;
        let seen: bool = page.run("return document.activeElement.getBoundingClientRect().top >= 0").await?;
        assert!(seen, "who can use it sees it");
        page.press("\u{e007}").await?; // Enter
        page.holds("the focus on what matters", "return document.activeElement.matches('main')").await?;
        assert!(!page.address().await?.contains("#main"), "the address is a moment's");
        page.press("\u{e004}").await?;
        page.holds("the next stop in there", "return !!document.activeElement.closest('main')").await
    });
}

#[test]
fn every_page_has_a_heading_and_a_main_part() {
    flow("every_page_has_a_heading_and_a_main_part", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        for address in ["/", "/#tour/walk", "/#challenge/fence", "/?embed"] {
            page.open(address).await?;
            page.element("step-counter").await?;
            let (headings, mains): (usize, usize) = page
                .run("return [document.querySelectorAll('main h1').length, document.querySelectorAll('main').length]")
                .await?;
            assert_eq!((headings, mains), (1, 1), "{address}");
        }
        Ok(())
    });
}

#[test]
fn the_title_tells_scenario_and_moment() {
    visit("the_title_tells_scenario_and_moment", "/", async |page| {
        let end = page.has_opened().await?.of;
        let title = |step: usize| {
            format!("return document.title === 'lazy+unmap+andy, step {step} of {end} \u{2013} TLBscope'")
        };
        page.holds("the moment in the title", &title(end)).await?;
        page.click("back").await?;
        page.holds("the moment before", &title(end - 1)).await?;
        page.open("/#tour/walk").await?;
        page.holds("the tour", "return document.title.startsWith('Tour: The walk that nobody asked for')")
            .await
    });
}

#[test]
fn rules_are_named_by_their_sentences() {
    visit("rules_are_named_by_their_sentences", "/", async |page| {
        page.has_opened().await?;
        let names: Vec<(String, String)> = page
            .run("return [...document.querySelectorAll('.law')].map(e => [e.firstChild.textContent, e.textContent])")
            .await?;
        assert!(!names.is_empty());
        for (number, name) in names {
            assert!(name.starts_with(&number) && name.contains(": ") && name.len() > 60, "{name:?}");
        }
        Ok(())
    });
}

#[test]
fn a_grid_is_one_stop() {
    visit("a_grid_is_one_stop", "/", async |page| {
        let opened = page.has_opened().await?;
        page.text_when("grid-summary", "that all is settled", |text| text.starts_with("Of ")).await?;
        for part in
            ["[data-testid=grid] table", "[data-testid=grid] .case-verdicts", "[data-testid=policies] table"]
        {
            let stops: usize = page
                .run(&format!("return [...document.querySelectorAll('{part} :is(a, button)')].filter(e => e.tabIndex === 0).length"))
                .await?;
            assert_eq!(stops, 1, "{part}");
        }
        let cell = "document.activeElement.matches('[data-testid=grid] td .cell')";
        page.perform("document.querySelector('[data-testid=grid] td .cell[tabindex=\"0\"]').focus()").await?;
        page.perform("window.first = document.activeElement").await?;
        page.press("\u{e014}").await?; // the arrow to the right
        page.holds("the next cell", &format!("return {cell} && document.activeElement !== first")).await?;
        page.press("\u{e015}").await?; // down
        page.holds(
            "a cell below",
            &format!("return {cell} && document.activeElement.getBoundingClientRect().top > first.getBoundingClientRect().bottom"),
        )
        .await?;
        page.press("\u{e011}").await?; // Home
        page.holds("the first of all", &format!("return document.activeElement === document.querySelector('[data-testid=grid] td .cell') && {cell}")).await?;
        // Elsewhere these keys step.
        page.is_at(opened.at).await?;
        Ok(())
    });
}

/// A text like the library's, by another name, as a link.
fn renamed(name: &str) -> String {
    let text = gallery::scenario("lazy+unmap+andy").expect("it is in the library").text;
    let scenario = text.replacen("lazy+unmap+andy", name, 1);
    link::encode(&Link::new(Base::Inline { scenario, kernel: None, hash: 0 }))
}

#[test]
fn a_name_from_right_to_left_moves_nothing_beside_it() {
    flow("a_name_from_right_to_left_moves_nothing_beside_it", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        // The number right after the name would change its side.
        page.open(&format!("/#{}", renamed("\u{639}\u{631}\u{628}\u{64a} 7"))).await?;
        page.verdict_is("reachable").await?;
        for place in ["[data-testid=verdict] .sentence", "[data-testid=picker]"] {
            page.holds(
                &format!("the name and the number in their order in {place}"),
                &format!(
                    "const name = document.querySelector('{place} bdi'); if (!name) return false; \
                     const walker = document.createTreeWalker(name.parentElement, NodeFilter.SHOW_TEXT); \
                     while (walker.nextNode() && !walker.currentNode.textContent.startsWith(' 7')); \
                     const range = document.createRange(); \
                     range.setStart(walker.currentNode, 1); range.setEnd(walker.currentNode, 2); \
                     const [left, right] = [name, range].map(it => it.getBoundingClientRect()); \
                     return right.top > left.top + 8 || right.left >= left.right - 1"
                ),
            )
            .await?;
        }
        Ok(())
    });
}

#[test]
fn a_name_from_right_to_left_moves_nothing_where_it_is_copied_to() {
    flow("a_name_from_right_to_left_moves_nothing_where_it_is_copied_to", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open(&format!("/#{}", renamed("\u{639}\u{631}\u{628}\u{64a} 7"))).await?;
        page.verdict_is("reachable").await?;
        let isolated = "\u{2068}\u{639}\u{631}\u{628}\u{64a}\u{2069} 7";
        page.click("embed").await?;
        page.element("piece-switches").await?;
        let markup = page.offered("embed-dialog").await?;
        assert!(markup.contains(&format!("title=\"{isolated}\"")), "{markup}");
        page.press("\u{e00c}").await?; // Escape
        page.has_no_dialog().await?;
        // A reader marks all that is on the page, and copies it.
        page.allow_clipboard().await?;
        page.chord(&['\u{e009}', 'a']).await?;
        page.chord(&['\u{e009}', 'c']).await?;
        page.holds(
            "the name in the clipboard",
            &format!(
                "return navigator.clipboard.readText().then(text => text.includes({}))",
                json!(isolated)
            ),
        )
        .await?;
        // A text goes as it is.
        page.click("tab-0").await?;
        page.click_behind("scenario \"").await?;
        page.has_the_editor().await?;
        page.chord(&['\u{e009}', 'a']).await?;
        page.chord(&['\u{e009}', 'c']).await?;
        let (text, _) = page.field().await?;
        assert!(text.contains("\u{64a} 7") && !text.contains('\u{2068}'), "{text}");
        page.holds(
            "the text in the clipboard",
            &format!("return navigator.clipboard.readText().then(text => text === {})", json!(text)),
        )
        .await
    });
}

#[test]
fn a_name_that_looks_like_markup_is_a_name_wherever_it_is_copied_to() {
    flow("a_name_that_looks_like_markup_is_a_name_wherever_it_is_copied_to", async |bench: &Bench| {
        let name = r#"\ "a" 'b' <img src=x onerror=alert(1)> [c](d) *e* _f_ `g` ~h~ |i| &lt;"#;
        let page = bench.visitor(Look::WIDE).await?;
        let written = name.replace('\\', "\\\\").replace('"', "\\\"");
        page.open(&format!("/#{}", renamed(&written))).await?;
        page.verdict_is("reachable").await?;
        page.click("share").await?;
        page.element("form-link").await?;
        let link = page.offered("share-dialog").await?;
        page.click("form-markdown").await?;
        let markdown = page.offered("share-dialog").await?;
        let shown =
            r#"\\ "a" 'b' \<img src=x onerror=alert(1)\> \[c\](d) \*e\* \_f\_ \`g\` \~h\~ \|i\| \&lt;"#;
        assert!(
            markdown.starts_with(&format!("[{shown} on ")) && markdown.contains(&format!("]({link}): ")),
            "{markdown}"
        );
        page.click("form-citation").await?;
        let citation = page.offered("share-dialog").await?;
        assert!(citation.starts_with(&format!("TLBscope: \u{201c}{name}\u{201d} on ")), "{citation}");
        // What a browser makes of the markup: its elements, and where the name stands.
        let parsed = "const copied = document.querySelector('dialog textarea').value; \
             const body = new DOMParser().parseFromString(copied, 'text/html').body; \
             const all = [...body.querySelectorAll('*')].map(each => each.localName).join(' ')";
        page.click("form-html").await?;
        page.offered("share-dialog").await?;
        let (all, text, to): (String, String, String) = page
            .run(&format!("{parsed}; const a = body.firstChild; return [all, a.textContent, a.href]"))
            .await?;
        assert!(all == "a" && text.starts_with(&format!("{name} on ")) && to == link, "{all}: {text}: {to}");
        page.press("\u{e00c}").await?; // Escape
        page.has_no_dialog().await?;
        page.click("embed").await?;
        page.element("piece-switches").await?;
        page.element("embed-caption").await?.send_keys(name).await?;
        let caption = json!(name);
        let (all, title, said): (String, String, bool) = page
            .run(&format!(
                "{parsed}; const lab = body.querySelector('tlb-scope'); \
                 return [all, lab.title, lab.lastElementChild.textContent.startsWith({caption})]"
            ))
            .await?;
        assert_eq!((all.as_str(), title.as_str(), said), ("tlb-scope figure p p a p a", name, true));
        page.click("form-frame").await?;
        let (all, title): (String, String) =
            page.run(&format!("{parsed}; return [all, body.firstChild.title]")).await?;
        assert_eq!((all.as_str(), title.as_str()), ("iframe", name));
        // The frame has a style in its markup, which the policy of this page refuses.
        let said = page.complained().await?;
        assert!(said.iter().all(|line| line.contains("inline style")), "{said:?}");
        Ok(())
    });
}
