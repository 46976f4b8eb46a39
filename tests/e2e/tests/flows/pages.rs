//! The page that a scenario has at an address of its own, as `tlbscope pages` writes it: `crates/cli/tests/article.rs` compares the files
//! in `hosts/pages` with what that writes.

use e2e::{Bench, By, Moment, Outcome, Passing, SUB_PATH, flow, release, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Where TLBscope is, in these files.
const NOWHERE: &str = "https://example.org/tlbscope/";
const SLUG: &str = "lazy+munmap+andy";

/// Puts the pages into the folder of a site that will be at an address.
fn add(site: &Path, address: &str) -> Outcome {
    fs::create_dir_all(site.join("scenarios"))?;
    for entry in fs::read_dir(root().join("tests/e2e/hosts/pages"))?.flatten() {
        let text = fs::read_to_string(entry.path())?.replace(NOWHERE, address);
        fs::write(site.join("scenarios").join(entry.file_name()), text)?;
    }
    Ok(())
}

#[test]
fn the_page_of_a_scenario_leads_to_it_and_says_what_cards_need() {
    flow("the_page_of_a_scenario_leads_to_it_and_says_what_cards_need", async |bench: &Bench| {
        let folder = release('e')?;
        let host = Passing::of(folder.clone())?;
        let site = format!("{}{SUB_PATH}", host.origin);
        add(&folder, &site)?;
        let page = bench.visitor_of(&host, false).await?;
        page.open(&format!("{SUB_PATH}scenarios/{SLUG}.html")).await?;
        let said: Value = page
            .run(
                "const said = { title: document.title, oembed: document.querySelector('link[type=\"application/json+oembed\"]').href, \
                     link: document.querySelector('main a').href, wide: document.documentElement.scrollWidth > innerWidth }; \
                 for (const meta of document.querySelectorAll('meta[property]')) said[meta.getAttribute('property')] = meta.content; \
                 const picture = document.images[0]; \
                 return picture.decode().then(() => ({ ...said, drawn: picture.naturalWidth }))",
            )
            .await?;
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        assert_eq!((said["drawn"].as_u64(), &said["wide"]), (Some(1000), &false.into()), "{said}");
        assert_eq!((text("title"), text("og:title")), (format!("{SLUG}: TLBscope"), SLUG.to_owned()));
        assert!(!text("og:description").is_empty());
        // What a card asks for is there, at these very addresses.
        for (name, kind) in
            [("og:url", "text/html"), ("og:image", "image/svg+xml"), ("oembed", "application/json")]
        {
            assert!(
                text(name).starts_with(&format!("{site}scenarios/lazy%2Bmunmap%2Bandy.")),
                "{name}: {said}"
            );
            let found: String = page
                .run(&format!("return fetch({:?}).then(answer => answer.status + ' ' + answer.headers.get('Content-Type'))", text(name)))
                .await?;
            assert!(found.starts_with(&format!("200 {kind}")), "{name}: {found}");
        }
        let answer: Value =
            page.run(&format!("return fetch({:?}).then(answer => answer.json())", text("oembed"))).await?;
        assert_eq!(answer["title"], SLUG);
        let moment = Moment::follow(&text("link"))?;
        assert_eq!(moment.taken, moment.link.schedule.len());

        // The link leads to that very scenario and moment.
        page.click_on(By::Css("main a")).await?;
        page.verdict_is("reachable").await?;
        page.text_when("picker", "the scenario", |text| text.starts_with(SLUG)).await?;
        page.is_at(moment.taken).await?;

        // The answer for those who ask for an embed runs in somebody else's page.
        let blog = bench.blog(answer["html"].as_str().unwrap_or_default()).await?;
        page.open(&blog.address).await?;
        page.into_frame().await?;
        page.verdict_is("reachable").await?;
        page.is_at(moment.taken).await.map(drop)
    });
}
