//! The page in a frame on somebody else's site, which trusts it with nothing.

use e2e::{Bench, Look, Outcome, Visit, flow, visit};

/// The markup that the page offers for another page.
async fn snippet(page: &Visit) -> Outcome<String> {
    page.open("/").await?;
    page.has_opened().await?;
    page.click("embed").await?;
    page.click("form-frame").await?;
    // What has been asked of the bare frame: the usual parts.
    page.click("piece-switches").await?;
    page.offered("embed-dialog").await
}

/// Visits a post with this markup in it and plays with the frame.
async fn read_post(bench: &Bench, reader: &Visit, markup: &str) -> Outcome {
    let blog = bench.blog(markup).await?;
    reader.open(&blog.address).await?;
    let before: usize = reader.run("return history.length").await?;
    reader.into_frame().await?;
    reader.verdict_is("reachable").await?;
    assert_eq!(reader.workers().await?, 1, "the explorer runs in a worker here too");
    let counter =
        reader.counter_when("the moment of the snippet", |counter| counter.at == counter.of).await?;
    assert!(counter.of > 0);
    reader.click("back").await?;
    reader.is_at(counter.at - 1).await?;
    reader.click("step").await?;
    reader.is_at(counter.at).await?;
    reader.click("start").await?;
    reader.is_at(0).await?;
    let full = reader.element("open-in-full").await?.attr("href").await?.unwrap_or_default();
    assert!(full.starts_with(&format!("{}/#1.", bench.site.origin)), "{full}");
    let address: String = reader.run("return location.href").await?;
    // In markup, a second parameter comes after `&amp;`.
    assert!(
        markup.contains(&address.replace('&', "&amp;")) || markup.contains(&address),
        "{address} is not what the post asked for"
    );
    reader.out_of_frame().await?;
    let after: usize = reader.run("return history.length").await?;
    assert_eq!(before, after, "the post's Back button still leads out of it");
    Ok(())
}

#[test]
fn the_offered_snippet_runs_on_another_origin() {
    flow("the_offered_snippet_runs_on_another_origin", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let snippet = snippet(&page).await?;
        let reader = bench.visitor(Look::WIDE).await?;
        read_post(bench, &reader, &snippet).await
    });
}

#[test]
fn allow_scripts_alone_is_enough() {
    flow("allow_scripts_alone_is_enough", async |bench: &Bench| {
        let reader = bench.visitor(Look::WIDE).await?;
        let address = format!("{}/?embed&theme=dark", bench.site.origin);
        let frame = format!(
            "<iframe src=\"{address}\" sandbox=\"allow-scripts\" title=\"A story\" width=\"900\" height=\"800\"></iframe>"
        );
        read_post(bench, &reader, &frame).await?;
        reader.into_frame().await?;
        let theme: String = reader.run("return document.documentElement.dataset.theme").await?;
        assert_eq!(theme, "dark", "the page around it chose");
        Ok(())
    });
}

/// Scripts that are no modules come from every host. What they say is all that a reader gets to see there.
#[test]
fn where_a_host_keeps_its_files_to_itself_the_frame_says_so() {
    flow("where_a_host_keeps_its_files_to_itself", async |bench: &Bench| {
        let closed = bench.closed_site().await?;
        let frame =
            format!("<iframe src=\"{closed}/?embed\" sandbox=\"allow-scripts\" title=\"A story\"></iframe>");
        let blog = bench.blog(&frame).await?;
        let reader = bench.visitor(Look::WIDE).await?;
        reader.open(&blog.address).await?;
        reader.into_frame().await?;
        let said = "return !!document.querySelector('[role=alert]')?.textContent.includes('Access-Control-Allow-Origin')";
        reader.holds("what is missing", said).await?;
        reader.out_of_frame().await?;
        let complained = reader.complained().await?;
        assert!(
            complained.iter().all(|line| line.contains("CORS") || line.contains("ERR_FAILED")),
            "{complained:?}"
        );
        // By itself it needs no other origin.
        reader.open(&format!("{closed}/?embed")).await?;
        reader.has_opened().await?;
        Ok(())
    });
}

#[test]
fn an_embed_leaves_no_trace() {
    visit("an_embed_leaves_no_trace", "/?embed", async |page| {
        page.has_opened().await?;
        let before: (usize, String) = page.run("return [history.length, location.href]").await?;
        page.press("t").await?;
        page.holds("another theme", "return document.documentElement.dataset.theme !== 'auto'").await?;
        page.click("back").await?;
        page.counter_when("a step back", |counter| counter.at + 1 == counter.of).await?;
        let full = page.element("open-in-full").await?.attr("href").await?.unwrap_or_default();
        page.click("start").await?;
        page.is_at(0).await?;
        // The link out contains the present moment; a page would have written its address bar by then.
        page.holds(
            "another way out",
            &format!("return document.querySelector('[data-testid=open-in-full]').getAttribute('href') !== {full:?}"),
        )
        .await?;
        let after: (usize, String) = page.run("return [history.length, location.href]").await?;
        assert_eq!(before, after);
        let stored: usize = page.run("return localStorage.length + sessionStorage.length").await?;
        assert_eq!(stored, 0);
        Ok(())
    });
}

#[test]
fn an_embed_fits_its_frame() {
    flow("an_embed_fits_its_frame", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let snippet = snippet(&page).await?;
        let reader = bench.visitor(Look::WIDE).await?;
        for width in [320, 500, 720, 900] {
            let blog = bench.blog(&format!("<div style=\"width:{width}px\">{snippet}</div>")).await?;
            reader.open(&blog.address).await?;
            reader
                .perform("window.told = 0; addEventListener('message', e => { if (e.data.tlbscope === 'height') told = e.data.height })")
                .await?;
            reader.into_frame().await?;
            reader.has_opened().await?;
            let (content, frame): (u32, u32) =
                reader.run("return [document.documentElement.scrollHeight, innerHeight]").await?;
            assert!(content <= frame, "{width} wide: {content} in a frame of {frame}");
            let seen: Vec<String> = reader
                .run(
                    "const seen = e => { const b = e.getBoundingClientRect(); \
                         const hit = document.elementFromPoint(b.left + b.width / 2, b.top + Math.min(b.height / 2, 20)); \
                         return !!hit && e.contains(hit) }; \
                     return ['verdict', 'step-counter', 'caption', 'open-in-full'] \
                         .filter(id => !seen(document.querySelector(`[data-testid=${id}]`)))",
                )
                .await?;
            assert!(seen.is_empty(), "{width} wide: {seen:?} can't be seen");
            // What it is all about.
            let read: bool = reader
                .run(
                    "const row = [...document.querySelectorAll('.tile .row')].find(e => e.textContent.includes('andy')); \
                     return [...row.querySelectorAll('.is, .was')].every(e => e.scrollWidth <= e.clientWidth + 1)",
                )
                .await?;
            assert!(read, "{width} wide: the bytes are cut off");
            reader.out_of_frame().await?;
            reader.holds("a height", "return told > 300").await?;
        }
        Ok(())
    });
}

#[test]
fn in_full_it_is_no_longer_in_the_sandbox() {
    flow("in_full_it_is_no_longer_in_the_sandbox", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let snippet = snippet(&page).await?;
        let blog = bench.blog(&snippet).await?;
        let reader = bench.visitor(Look::WIDE).await?;
        reader.open(&blog.address).await?;
        reader.into_frame().await?;
        reader.has_opened().await?;
        reader.click("open-in-full").await?;
        reader.into_other_window().await?;
        reader.element("step-counter").await?;
        let origin: String = reader.run("return window.origin").await?;
        assert_eq!(origin, bench.site.origin);
        reader.perform("localStorage.setItem('a', 'b')").await
    });
}
