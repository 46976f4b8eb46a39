//! Links of every version open in the page, in one engine or the other, with the words that the model computes here.

use e2e::{Bench, Firefox, Look, Outcome, Reader, Webkit, flow};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Of the links of `tests/links` every sixth one, from the first, the third or the fifth on, and what is said of each when it
/// opens. Three engines take a sixth of them each: what they run is the same, and `tests/links.rs` opens all natively. Of the
/// newer versions, which have few links, they take a third each.
fn published(from: usize) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../links");
    (1..=link::NEWEST)
        .flat_map(|version| {
            let text = fs::read_to_string(folder.join(format!("v{version}.txt"))).expect("it is there");
            let lines = text.lines().filter(|line| !line.starts_with("//") && !line.is_empty());
            let step = if version == 1 { 6 } else { 3 };
            let links = lines.map(|line| line.split(' ').next().unwrap_or(line).to_owned());
            links.skip(from * step / 3).step_by(step).collect::<Vec<_>>()
        })
        .map(|text| {
            let read = link::decode(&text).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
            let opened = link::open(&read).unwrap_or_else(|why| panic!("{text}: {why}"));
            (text, opened.outcome.to_string())
        })
        .collect()
}

/// Follows links, one after the other, and gives what the page says of each. What it said before has been put away.
fn following(links: &[(String, String)]) -> String {
    let links: Vec<&str> = links.iter().map(|(link, _)| &**link).collect();
    format!(
        "const frame = () => new Promise(requestAnimationFrame), notice = () => document.querySelector('[data-testid=notice]');
         const said = [];
         for (const link of {links:?}) {{
             while (notice()) {{ notice().querySelector('button').click(); await frame(); }}
             location.hash = link;
             while (!notice()) await frame();
             said.push(notice().textContent);
         }}
         return said;"
    )
}

/// As many as are followed by one script, which may not take long.
const AT_ONCE: usize = 16;

fn compare(links: &[(String, String)], said: &[String], found: &mut BTreeSet<String>) {
    assert_eq!(said.len(), links.len());
    let differ = links.iter().zip(said).filter(|((_, expected), said)| !said.starts_with(&**expected));
    found.extend(differ.map(|((link, expected), said)| format!("{link}: {said:?} in place of {expected:?}")));
}

fn none(found: &BTreeSet<String>) {
    assert!(found.is_empty(), "{}", found.iter().cloned().collect::<Vec<_>>().join("\n"));
}

async fn follow_all(reader: &impl Reader, from: usize) -> Outcome {
    let (links, mut found) = (published(from), BTreeSet::new());
    for links in links.chunks(AT_ONCE) {
        let script = format!("return (async () => {{ {} }})()", following(links));
        compare(links, &reader.asks::<Vec<String>>(&script).await?, &mut found);
    }
    none(&found);
    Ok(())
}

#[test]
fn many_published_links_open() {
    flow("many_published_links_open", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        follow_all(&page, 0).await
    });
}

#[test]
fn others_open_in_firefox() {
    flow("others_open_in_firefox", async |bench: &Bench| -> Outcome {
        let page = Firefox::start(1440, 1000).await?;
        begins(&page, bench).await?;
        follow_all(&page, 1).await
    });
}

#[test]
fn others_open_in_webkit() {
    flow("others_open_in_webkit", async |bench: &Bench| -> Outcome {
        let page = Webkit::start(1440, 1000).await?;
        begins(&page, bench).await?;
        follow_all(&page, 2).await
    });
}

async fn begins(reader: &impl Reader, bench: &Bench) -> Outcome {
    reader.goes_to(&format!("{}/", bench.site.origin)).await?;
    reader.waits_for("the page", "return !!document.querySelector('[data-testid=verdict]')").await
}
