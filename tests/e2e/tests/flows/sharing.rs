//! The dialog that gives a link away: where it leads, and how it is written.

use e2e::{Bench, Look, Moment, flow};

/// An arrow key.
const DOWN: &str = "\u{e015}";

#[test]
fn a_link_leads_where_its_sender_wants() {
    flow("a_link_leads_where_its_sender_wants", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        // The sheet of the system, which a browser in a test has not.
        page.prepare("() => { Navigator.prototype.share = (what) => { window.sent = what; return Promise.resolve(); }; }").await?;
        page.open("/").await?;
        let counter = page.has_opened().await?;
        page.click_top("share").await?;
        page.element("form-link").await?;
        let now = page.offered("share-dialog").await?;
        assert_eq!(Moment::follow(&now)?.link.cursor as usize, counter.at);
        let length = now.chars().count();
        page.text_when("link-length", "the length", |text| {
            text == format!("The address has {length} characters.")
        })
        .await?;
        let fits: bool = page.run("return document.querySelector('.modal').scrollWidth <= document.querySelector('.modal').clientWidth").await?;
        assert!(fits, "the dialog is wider than a phone");
        page.click("system-share").await?;
        let sent: String = page.run("return window.sent.url").await?;
        assert_eq!(sent, now);
        // The code is another one for another link.
        let code = "return document.querySelector('[data-testid=qr] path').getAttribute('d')";
        let first: String = page.run(code).await?;
        assert!(first.len() > 1_000);
        page.click("leads-start").await?;
        let start = page.offered("share-dialog").await?;
        let moment = Moment::follow(&start)?.link;
        assert_eq!((moment.cursor, moment.schedule.len()), (0, counter.of));
        assert_ne!(page.run::<String>(code).await?, first);
        page.click("leads-texts").await?;
        let texts = page.offered("share-dialog").await?;
        assert_eq!(Moment::follow(&texts)?.link.schedule.len(), 0);
        page.click("leads-now").await?;
        // By keyboard, form by form.
        page.perform("document.querySelector('[data-testid=form-link]').focus()").await?;
        page.press(DOWN).await?;
        let markdown = page.offered("share-dialog").await?;
        assert!(
            markdown.starts_with("[lazy+unmap+andy on ") && markdown.contains(&format!("]({now})")),
            "{markdown}"
        );
        page.press(DOWN).await?;
        let html = page.offered("share-dialog").await?;
        assert!(html.starts_with(&format!("<a href=\"{now}\">")), "{html}");
        page.press(DOWN).await?;
        let citation = page.offered("share-dialog").await?;
        for part in [
            "\u{201c}lazy+unmap+andy\u{201d} on ",
            "2 CPUs",
            &format!("Model version {}. {now}", machine::MODEL),
        ] {
            assert!(citation.contains(part), "{citation} has no {part}");
        }
        page.allow_clipboard().await?;
        page.click("copy").await?;
        page.holds(
            "the citation in the clipboard",
            "return navigator.clipboard.readText().then(text => text.includes('Model version'))",
        )
        .await?;
        assert_eq!(page.offered("share-dialog").await?, citation, "what is copied stays in view");
        Ok(())
    });
}

#[test]
fn a_dialog_without_its_choices_says_why() {
    flow("a_dialog_without_its_choices_says_why", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        // As without a network: what draws the choices does not come.
        page.perform("library.share = () => Promise.reject(new Error('no network'))").await?;
        for dialog in ["share", "embed"] {
            page.click_top(dialog).await?;
            let why = "const told = document.querySelector('.modal [role=alert]'); return !!told && told.checkVisibility() \
                && told.textContent.includes('could not be loaded: no network')";
            page.holds("why there are no choices", why).await?;
            // A link can be copied without them. Markup is made of them.
            if dialog == "share" {
                assert!(page.offered("share-dialog").await?.contains("/#1."));
            } else {
                page.holds(
                    "nothing to copy",
                    "return document.querySelector('.modal [data-testid=copy]').disabled",
                )
                .await?;
            }
            page.press("\u{e00c}").await?; // Escape
            page.has_no_dialog().await?;
        }
        Ok(())
    });
}

#[test]
fn who_opens_a_link_reads_what_differs() {
    flow("who_opens_a_link_reads_what_differs", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("option-init_mm_switch").await?;
        page.verdict_is("safe").await?;
        page.click("share").await?;
        page.element("form-link").await?;
        let link = page.offered("share-dialog").await?;
        let reader = bench.visitor(Look::WIDE).await?;
        reader.open(&link).await?;
        let notice = reader.text("notice").await?;
        assert!(notice.ends_with("Changed from the library: init_mm_switch on."), "{notice}");
        Ok(())
    });
}
