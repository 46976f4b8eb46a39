//! The model computes the same on this machine and in the browser's wasm: digests of states agree, both ways.

use e2e::{Moment, visit};

#[test]
fn what_the_browser_recorded_is_reproduced_here() {
    visit("what_the_browser_recorded_is_reproduced_here", "/", async |page| {
        page.has_opened().await?;
        page.click("share").await?;
        let address: String = page.offered("share-dialog").await?;
        let moment = Moment::follow(&address)?;
        assert!(moment.taken > 0);
        assert_eq!(moment.taken, moment.link.schedule.len());
        assert_eq!(moment.digest, moment.link.digest);
        Ok(())
    });
}

#[test]
fn what_was_computed_here_is_reproduced_in_the_browser() {
    visit("what_was_computed_here_is_reproduced_in_the_browser", "/", async |page| {
        page.has_opened().await?;
        page.click("share").await?;
        let address: String = page.offered("share-dialog").await?;
        let whole = Moment::follow(&address)?.link;
        for steps in [0, 1, whole.schedule.len() / 2, whole.schedule.len() - 1] {
            let mut link = whole.clone();
            link.schedule.truncate(steps);
            link.cursor = steps as u32;
            link.digest = Moment::follow(&format!("#{}", link::encode(&link)))?.digest;
            page.open(&format!("/#{}", link::encode(&link))).await?;
            let notice = page.text("notice").await?;
            assert!(notice.starts_with("Reproduced"), "{steps} steps: {notice}");
            page.is_at(steps).await?;
            // And it is really compared.
            link.digest ^= 1;
            page.open(&format!("/#{}", link::encode(&link))).await?;
            let notice = page.text("notice").await?;
            assert!(!notice.starts_with("Reproduced"), "{steps} steps: {notice}");
        }
        Ok(())
    });
}
