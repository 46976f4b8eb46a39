//! The site without a network, and what happens when a host has another release of it.

use e2e::{Bench, By, Firefox, Outcome, Passing, Reader, SUB_PATH, Visit, flow, release, whose};

/// The worker that keeps the site, and what it has kept, in a promise.
const KEPT: &str = "navigator.serviceWorker.getRegistration('/some/sub/path/')\
    .then(async kept => ({ kept, caches: await caches.keys() }))";

/// Waits for a condition of `kept` and `caches`.
async fn holds(page: &impl Reader, what: &str, condition: &str) -> Outcome {
    page.waits_for(what, &format!("return {KEPT}.then(({{ kept, caches }}) => {condition})")).await
}

/// Asks the host for another release, and says what becomes of it: its worker's state after it has taken the files, or failed to.
async fn looks_for_another(page: &Visit) -> Outcome<String> {
    page.run(&format!(
        "return {KEPT}.then(({{ kept }}) => new Promise(done => {{ \
             kept.onupdatefound = () => {{ const found = kept.installing; \
                 found.onstatechange = () => found.state !== 'installing' && done(found.state) }}; \
             kept.update().catch(why => done(String(why))) }}))"
    ))
    .await
}

async fn is_of(page: &Visit, release: &str) -> Outcome {
    assert_eq!(page.run::<String>(whose()).await?, release);
    Ok(())
}

/// The parts that come later, each as a reader asks for it.
async fn all_of_it_comes(page: &Visit) -> Outcome {
    page.click("picker").await?;
    let slug = "lazy+return";
    page.click_on(By::XPath(format!("//*[@data-testid='gallery']//button[b='{slug}']"))).await?;
    page.text_when("findings", "its verdict", |text| text.contains("of the scenario hold")).await?;
    page.click("share").await?;
    page.element("form-link").await?;
    let saved = page.saves().await?;
    page.click("figure-svg").await?;
    saved.file(&format!("{slug}.svg"), b"</svg>\n").await?;
    page.press("\u{e00c}").await?; // Escape
    page.has_no_dialog().await?;
    page.click("read-language").await?;
    page.text_when("reference", "the reference", |text| text.contains("invlpg")).await?;
    page.press("\u{e00c}").await?;
    page.click("tab-0").await?;
    page.click_behind("scenario \"").await?;
    page.has_the_editor().await?;
    page.knows_the_language().await?;
    Ok(())
}

/// A host that has something else now gets its visitors back.
async fn gives_way(page: &Visit, host: &mut Passing) -> Outcome {
    let other = e2e::root().join("target/e2e/releases/other");
    std::fs::create_dir_all(&other)?;
    std::fs::write(
        other.join("index.html"),
        "<!doctype html><title>Another</title><link rel=icon href=data:,>",
    )?;
    host.come_with(other)?;
    page.reload().await?;
    page.holds("nothing that is kept", &format!("return {KEPT}.then(({{ kept }}) => !kept)")).await?;
    page.reload().await?;
    page.holds("the other thing", "return document.title === 'Another'").await?;
    page.complained().await.map(drop)
}

#[test]
fn after_one_visit_the_page_needs_no_network_and_no_release_mixes_with_another() {
    let name = "after_one_visit_the_page_needs_no_network_and_no_release_mixes_with_another";
    flow(name, async |bench: &Bench| {
        let mut host = Passing::of(release('a')?)?;
        let page = bench.visitor_of(&host, true).await?;
        page.open(SUB_PATH).await?;
        page.has_opened().await?;
        holds(&page, "a whole site that is kept", "!!kept?.active && caches.length === 1").await?;

        host.go();
        page.reload().await?;
        page.has_opened().await?;
        is_of(&page, "a").await?;
        all_of_it_comes(&page).await?;
        // Everything else of the host is not here.
        let other: bool = page.run("return fetch('./other').then(() => false, () => true)").await?;
        assert!(other);

        // A host in the middle of an update: what is not whole is not taken.
        let half = release('b')?;
        let mut files = std::fs::read_dir(&half)?.flatten().map(|entry| entry.path());
        let missing = files.find(|path| path.to_string_lossy().contains("extras-"));
        std::fs::remove_file(missing.unwrap_or_default())?;
        host.come_with(half)?;
        assert_eq!(looks_for_another(&page).await?, "redundant");
        holds(&page, "the old site alone", "caches.length === 1").await?;
        // The browser says so, and that there was nobody.
        let said = page.errors().await?;
        assert!(said.iter().all(|line| line.contains("is not of this release")), "{said:?}");
        page.complained().await?;

        host.come_with(release('b')?)?;
        assert_eq!(looks_for_another(&page).await?, "installed");
        page.text_when("newer", "the news", |text| text.contains("A newer version of this page is here"))
            .await?;
        // It goes on as it is, also when it is loaded anew.
        page.reload().await?;
        page.verdict_is("safe").await?;
        is_of(&page, "a").await?;
        page.click_on(By::XPath("//*[@data-testid='newer']/button[1]".to_owned())).await?;
        page.holds(
            "the release that its reader has asked for",
            &format!("return (() => {{ {} }})() === 'b'", whose()),
        )
        .await?;
        page.verdict_is("safe").await?;
        holds(
            &page,
            "nothing of the old one",
            "!kept.waiting && caches.length === 1 && caches[0].includes('bbbb')",
        )
        .await?;

        // Without being asked for, another release comes when no page of the old one is open.
        host.come_with(release('c')?)?;
        assert_eq!(looks_for_another(&page).await?, "installed");
        is_of(&page, "b").await?;
        // A page of the same host that nobody keeps.
        page.open("/icon.svg").await?;
        holds(
            &page,
            "the other release in charge",
            "!kept.waiting && caches.length === 1 && caches[0].includes('cccc')",
        )
        .await?;
        host.go();
        page.open(&format!("{SUB_PATH}?present")).await?;
        page.has_opened().await?;
        is_of(&page, "c").await?;
        drop(page.complained().await?);

        gives_way(&page, &mut host).await
    });
}

#[test]
fn two_tabs_of_two_releases_both_go_on() {
    flow("two_tabs_of_two_releases_both_go_on", async |bench: &Bench| {
        let mut host = Passing::of(release('a')?)?;
        let page = bench.visitor_of(&host, true).await?;
        page.open(SUB_PATH).await?;
        page.has_opened().await?;
        holds(&page, "a whole site that is kept", "!!kept?.active && caches.length === 1").await?;
        let old = page.tab().await?;

        // A second tab, after the host has got another release: it is of the old one too, and its reader asks for the new one.
        host.come_with(release('b')?)?;
        page.opens_a_second_tab().await?;
        page.open(SUB_PATH).await?;
        page.has_opened().await?;
        is_of(&page, "a").await?;
        page.text_when("newer", "the news", |text| text.contains("A newer version of this page is here"))
            .await?;
        page.click_on(By::XPath("//*[@data-testid='newer']/button[1]".to_owned())).await?;
        let other = format!("return (() => {{ {} }})() === 'b'", whose());
        page.holds("the release that its reader has asked for", &other).await?;
        page.has_opened().await?;
        let new = page.tab().await?;

        // Nobody has loaded the first tab anew. What it asks for only now is of its own release, also without a network.
        host.go();
        page.turns_to_tab(&old).await?;
        is_of(&page, "a").await?;
        all_of_it_comes(&page).await?;
        is_of(&page, "a").await?;
        page.turns_to_tab(&new).await?;
        all_of_it_comes(&page).await?;
        is_of(&page, "b").await?;
        holds(&page, "both releases", "caches.length === 2").await?;

        // When the first tab is gone, so is its release.
        page.turns_to_tab(&old).await?;
        page.closes_tab().await?;
        page.turns_to_tab(&new).await?;
        page.reload().await?;
        page.verdict_is("safe").await?;
        is_of(&page, "b").await?;
        holds(&page, "the new release alone", "caches.length === 1 && caches[0].includes('bbbb')").await
    });
}

#[test]
fn after_one_visit_firefox_needs_no_network() {
    flow("after_one_visit_firefox_needs_no_network", async |_: &Bench| {
        let mut host = Passing::of(release('d')?)?;
        let address = format!("{}{SUB_PATH}", host.origin);
        let page = Firefox::start_keeping(1440, 1000).await?;
        page.open(&address).await?;
        holds(&page, "a whole site that is kept", "!!kept?.active && caches.length === 1").await?;
        host.go();
        page.reload().await?;
        let verdict = "return document.querySelector('[data-testid=verdict]')?.dataset.mood === 'reachable'";
        page.holds("the verdict without a network", verdict).await?;
        assert_eq!(page.run::<String>(whose()).await?, "d");
        // A part that comes later: the choices of a dialog.
        page.click("[data-testid=share]").await?;
        page.holds("the choices", "return !!document.querySelector('[data-testid=form-link]')").await?;
        // Another page of the same reader.
        page.opens_a_second(1440, 1000).await?;
        page.open(&address).await?;
        page.holds("the verdict in another tab", verdict).await?;
        assert_eq!(page.run::<String>(whose()).await?, "d");
        Ok(())
    });
}
