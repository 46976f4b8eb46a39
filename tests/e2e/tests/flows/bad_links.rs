//! A link that can't be followed is refused in words, and the page works all the same.

use e2e::visit;

#[test]
fn bad_links_are_refused_in_words() {
    visit("bad_links_are_refused_in_words", "/", async |page| {
        page.has_opened().await?;
        page.click("back").await?;
        page.link_in_address().await?;
        let good: String = page.run("return location.hash").await?;
        let mut changed = good.clone();
        let last = changed.pop();
        changed.push(if last == Some('A') { 'B' } else { 'A' });
        let cases = [
            ("#section-3".to_owned(), "not a link"),
            ("#99.abcdefgh".to_owned(), "newer"),
            (good[..good.len() / 2].to_owned(), "cut off"),
            (changed, "damaged"),
            ("#1.!!!!".to_owned(), "link"),
        ];
        for (link, word) in cases {
            page.open(&format!("/{link}")).await?;
            let notice = page.text("notice").await?;
            assert!(notice.contains(word), "{link}: {notice}");
            page.has_opened().await?;
            page.click("back").await?;
            page.counter_when("a working page", |counter| counter.at + 1 == counter.of).await?;
        }
        Ok(())
    });
}
