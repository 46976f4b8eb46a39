//! A link is the moment itself: it shows the same to somebody else, in another browser.

use e2e::{Bench, Look, Outcome, Visit, fault, flow, visit};

/// The address in the open dialog, copied by its button and compared with what is in the clipboard then.
async fn copied(page: &Visit, button: &str) -> Outcome<String> {
    page.allow_clipboard().await?;
    page.click(button).await?;
    page.click("copy").await?;
    page.text_when("copy", "that it is copied", |text| text.contains("Copied")).await?;
    let shown: String = page.run("return document.querySelector('dialog textarea').value").await?;
    let clipboard: String = page.run("return navigator.clipboard.readText()").await?;
    if shown == clipboard { Ok(shown) } else { fault(format!("{shown:?} is shown, {clipboard:?} is copied")) }
}

#[test]
fn a_copied_link_opens_the_same_moment() {
    flow("a_copied_link_opens_the_same_moment", async |bench: &Bench| {
        let here = bench.visitor(Look::WIDE).await?;
        here.open("/").await?;
        here.has_opened().await?;
        here.click("option-memory_barrier").await?;
        here.text_when("verdict", "a verdict on the barrier", |text| text.contains("memory_barrier")).await?;
        here.click("show-me").await?;
        here.press("\u{e010}").await?; // End: it would play for half a minute
        here.counter_when("the end", |counter| counter.at == counter.of).await?;
        here.press("\u{e012}\u{e012}\u{e012}").await?; // three steps back
        let counter = here.counter_when("three steps back", |counter| counter.at + 3 == counter.of).await?;
        let caption = here.text("caption").await?;
        let link = copied(&here, "share").await?;

        let there = bench.visitor(Look::WIDE).await?;
        there.open(&link).await?;
        there.counter_when("the same moment", |seen| seen == counter).await?;
        assert_eq!(there.text("caption").await?, caption);
        there.attribute_is("option-memory_barrier", "aria-checked", "true").await?;
        there.attribute_is("option-init_mm_switch", "aria-checked", "false").await?;
        there.text_when("notice", "that it is reproduced", |text| text.starts_with("Reproduced")).await?;
        there.verdict_is("reachable").await
    });
}

#[test]
fn the_address_bar_keeps_up() {
    visit("the_address_bar_keeps_up", "/", async |page| {
        page.has_opened().await?;
        let before: usize = page.run("return history.length").await?;
        page.click("back").await?;
        let counter = page.counter_when("a step back", |counter| counter.at + 1 == counter.of).await?;
        let link = page.link_in_address().await?;
        page.click("start").await?;
        page.is_at(0).await?;
        page.holds("another link", &format!("return location.href !== {link:?}")).await?;
        let after: usize = page.run("return history.length").await?;
        assert_eq!(before, after, "looking at other moments is nothing to go back from");
        // The way back in: the link of a moment ago, put into the address bar of the open page.
        page.perform(&format!("location.href = {link:?}")).await?;
        page.counter_when("the moment of the link", |seen| seen == counter).await?;
        Ok(())
    });
}

#[test]
fn a_link_survives_what_mail_programs_do() {
    visit("a_link_survives_what_mail_programs_do", "/", async |page| {
        page.has_opened().await?;
        page.click("back").await?;
        let counter = page.counter_when("a step back", |counter| counter.at + 1 == counter.of).await?;
        page.link_in_address().await?;
        let link: String = page.run("return location.hash.slice(1)").await?;
        for address in [format!("/#{link})."), format!("/?s={link}"), format!("/#%23{link}%20")] {
            page.open(&address).await?;
            page.counter_when(&format!("the moment of {address}"), |seen| seen == counter).await?;
        }
        Ok(())
    });
}
