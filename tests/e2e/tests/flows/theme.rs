//! Light and dark.

use e2e::{Bench, Look, Outcome, Visit, flow, visit};

/// How light something is, from 0 to 255: the page's ground and its words.
async fn lightness(page: &Visit) -> Outcome<(u32, u32)> {
    page.run(
        "const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
         const of = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
             const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data; return Math.round((r + g + b) / 3) };
         const style = getComputedStyle(document.body);
         const ground = [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor)
             .find(colour => colour !== 'rgba(0, 0, 0, 0)');
         return [of(ground), of(style.color)]",
    )
    .await
}

#[test]
fn the_button_changes_the_colours_for_good() {
    visit("the_button_changes_the_colours_for_good", "/", async |page| {
        page.has_opened().await?;
        let (ground, words) = lightness(page).await?;
        assert!(ground > 200 && words < 100, "light: {ground}, {words}");
        page.click("theme").await?;
        page.holds("light", "return document.documentElement.dataset.theme === 'light'").await?;
        page.click("theme").await?;
        page.holds("dark", "return document.documentElement.dataset.theme === 'dark'").await?;
        let (ground, words) = lightness(page).await?;
        assert!(ground < 80 && words > 180, "dark: {ground}, {words}");
        page.open("/").await?;
        page.has_opened().await?;
        page.holds("that it is remembered", "return document.documentElement.dataset.theme === 'dark'").await
    });
}

#[test]
fn without_a_choice_the_system_decides() {
    flow("without_a_choice_the_system_decides", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE.dark()).await?;
        page.open("/").await?;
        page.has_opened().await?;
        let (ground, words) = lightness(&page).await?;
        assert!(ground < 80 && words > 180, "dark: {ground}, {words}");
        page.look(Look::WIDE).await?;
        let (ground, words) = lightness(&page).await?;
        assert!(ground > 200 && words < 100, "light: {ground}, {words}");
        Ok(())
    });
}
