//! The site lies in any folder of any host.

use e2e::{Bench, Look, SUB_PATH, flow};

#[test]
fn it_runs_from_a_folder() {
    flow("it_runs_from_a_folder", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open(SUB_PATH).await?;
        page.has_opened().await?;
        assert_eq!(page.workers().await?, 1);
        let outside: Vec<String> =
            bench.site.asked().into_iter().filter(|path| !path.starts_with(SUB_PATH)).collect();
        assert!(outside.is_empty(), "asked for {outside:?}");
        page.click("share").await?;
        let link: String = page.offered("share-dialog").await?;
        assert!(link.starts_with(&format!("{}{SUB_PATH}#1.", bench.site.origin)), "{link}");
        Ok(())
    });
}
