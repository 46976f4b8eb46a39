//! Everything without a mouse.

use e2e::{visit, with_field};

const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";
const HOME: &str = "\u{e011}";
const END: &str = "\u{e010}";
const ESCAPE: &str = "\u{e00c}";
const TAB: &str = "\u{e004}";

#[test]
fn keys_do_what_the_help_says() {
    visit("keys_do_what_the_help_says", "/", async |page| {
        let end = page.has_opened().await?.of;
        page.press(LEFT).await?;
        page.is_at(end - 1).await?;
        page.press(RIGHT).await?;
        page.is_at(end).await?;
        page.press(HOME).await?;
        page.is_at(0).await?;
        page.press("v").await?;
        page.counter_when("a violation", |counter| counter.at > 0).await?;
        page.press(END).await?;
        page.is_at(end).await?;
        page.press(HOME).await?;
        page.is_at(0).await?;
        page.press(" ").await?;
        page.attribute_is("play", "aria-label", "Pause").await?;
        page.counter_when("that it plays", |counter| counter.at > 0).await?;
        page.press(" ").await?;
        page.attribute_is("play", "aria-label", "Play").await?;
        page.press(HOME).await?;
        page.is_at(0).await?;
        page.press("1").await?;
        page.is_at(1).await?;
        page.press("?").await?;
        page.text_when("help", "the keys", |text| text.contains("Space")).await?;
        page.press(ESCAPE).await?;
        page.has_no_dialog().await
    });
}

#[test]
fn a_letter_typed_in_a_list_looks_for_a_choice() {
    visit("a_letter_typed_in_a_list_looks_for_a_choice", "/", async |page| {
        let opened = page.has_opened().await?;
        page.perform("document.querySelector('.transport .speed select, .speed select').focus()").await?;
        // Each of these does something where no list has the focus.
        page.press("tw1[").await?;
        page.holds(
            "the theme of the system",
            "return !['light', 'dark'].includes(document.documentElement.dataset.theme)",
        )
        .await?;
        page.holds("no explanation", "return !document.querySelector('.why')").await?;
        page.is_at(opened.of).await?;
        Ok(())
    });
}

#[test]
fn a_key_typed_into_a_text_is_a_letter() {
    visit("a_key_typed_into_a_text_is_a_letter", "/", async |page| {
        let opened = page.has_opened().await?;
        page.click("tab-0").await?;
        page.perform(&with_field("field().select(0, 0)")).await?;
        page.press("// v 1 ?\n").await?;
        page.holds("the letters", &with_field("return field().text.startsWith('// v 1 ?\\n')")).await?;
        assert!(!page.has("help").await?);
        assert_eq!(page.counter().await?, opened);
        Ok(())
    });
}

#[test]
fn the_focus_is_seen_and_every_control_has_a_name() {
    visit("the_focus_is_seen_and_every_control_has_a_name", "/", async |page| {
        page.has_opened().await?;
        let mut seen = Vec::new();
        for _ in 0..12 {
            page.press(TAB).await?;
            let (name, marked): (String, bool) = page
                .run(
                    "const on = document.activeElement, style = getComputedStyle(on);
                     return [on.getAttribute('data-testid') || on.getAttribute('aria-label') || on.textContent,
                             (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none']",
                )
                .await?;
            assert!(marked, "nobody sees that {name:?} has the focus");
            seen.push(name);
        }
        assert!(seen.contains(&"share".to_owned()), "{seen:?}");
        let nameless: Vec<String> = page
            .run(
                "const named = e => e.getAttribute('aria-label') || e.getAttribute('title') || e.textContent.trim() ||
                     (e.labels && [...e.labels].some(label => label.textContent.trim()));
                 return [...document.querySelectorAll('button, input, select, textarea, a[href]')]
                     .filter(e => !named(e)).map(e => e.outerHTML)",
            )
            .await?;
        assert!(nameless.is_empty(), "{nameless:?}");
        Ok(())
    });
}
