//! Pictures that a reader saves: the same bytes as a native program draws, in two engines, under a strict policy.

use e2e::{Bench, Firefox, Look, Outcome, flow, shot, visit};
use figure::{PictureKind, Theme};

/// A link with a case, to the middle of a run.
const LINK: &str = include_str!("figures.txt");

/// What PNG files end with, and where they have their width and height.
const END: &[u8] = b"IEND\xaeB`\x82";

/// The picture of an address that a native program draws: `crates/cli/tests/article.rs` compares this with what it prints.
fn drawn(address: &str, what: PictureKind, theme: Theme) -> Outcome<String> {
    let link = link::decode(address).map_err(|refusal| refusal.to_string())?;
    Ok(figure::of_link(&link::open(&link)?, what, theme))
}

/// A number at a place of a PNG file.
fn number(png: &[u8], at: usize) -> u32 {
    png[at..at + 4].iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// The width and height of an SVG file.
fn sides(svg: &str) -> [u32; 2] {
    let side = |name: &str| svg.split_once(name).and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
    [" width=\"", " height=\""].map(|name| side(name).unwrap_or_default())
}

/// A script that says how many colours are in a PNG file, of a dot in each hundred.
fn colours(png: &[u8]) -> String {
    let hex: String = png.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "const picture = new Image(); \
         picture.src = URL.createObjectURL(new Blob([new Uint8Array('{hex}'.match(/../g).map(byte => parseInt(byte, 16)))])); \
         await picture.decode(); \
         const canvas = Object.assign(document.createElement('canvas'), {{ width: picture.width, height: picture.height }}); \
         const pen = canvas.getContext('2d'); pen.drawImage(picture, 0, 0); \
         const dots = new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer); \
         return new Set(dots.filter((dot, at) => at % 100 === 0)).size"
    )
}

#[test]
fn a_picture_is_saved_as_the_native_program_draws_it() {
    flow("a_picture_is_saved_as_the_native_program_draws_it", async |bench: &Bench| {
        for look in [Look::WIDE, Look::PHONE.dark()] {
            let page = bench.visitor(look).await?;
            let saved = page.saves().await?;
            page.open(&format!("/#{}", LINK.trim())).await?;
            page.text_when("step-counter", "the moment", |text| text.starts_with("Step 9 /")).await?;
            page.click_top("share").await?;
            page.element("form-link").await?;
            let address = page.offered("share-dialog").await?;
            for (what, dark) in
                [(PictureKind::Stage, false), (PictureKind::Timeline, true), (PictureKind::Both, false)]
            {
                page.click(&format!("figure-{}", what.name())).await?;
                if page
                    .run::<bool>("return document.querySelector('[data-testid=figure-dark]').checked")
                    .await?
                    != dark
                {
                    page.click("figure-dark").await?;
                }
                // Whatever is no name of a file becomes one.
                page.perform(&format!(
                    "document.querySelector('[data-testid=figure-name]').value = '../{}: a?'",
                    what.name()
                ))
                .await?;
                let name = format!("-{}- a-", what.name());
                page.click("figure-svg").await?;
                let theme = if dark { Theme::Dark } else { Theme::Light };
                let svg = drawn(&address, what, theme)?;
                let file = saved.file(&format!("{name}.svg"), b"</svg>\n").await?;
                assert!(file == svg.as_bytes(), "{what:?}, dark {dark}: another picture than natively");
                page.text_when("figure-said", "what was saved", |text| text.contains(".svg")).await?;
                page.click("figure-png").await?;
                let png = saved.file(&format!("{name}.png"), END).await?;
                assert_eq!([number(&png, 16), number(&png, 20)], sides(&svg).map(|side| side * 2));
                let seen: usize = page.run(&colours(&png)).await?;
                assert!(seen > 10, "{what:?}: {seen} colours");
            }
            // The link leads elsewhere, and so does the picture.
            page.click("leads-start").await?;
            page.click("figure-both").await?;
            page.perform("document.querySelector('[data-testid=figure-name]').value = 'start'").await?;
            let start = page.offered("share-dialog").await?;
            page.click("figure-svg").await?;
            let file = saved.file("start.svg", b"</svg>\n").await?;
            assert!(file == drawn(&start, PictureKind::Both, Theme::Light)?.as_bytes());
            page.perform(
                "document.querySelector('[data-testid=figure-svg]').scrollIntoView({ block: 'end' })",
            )
            .await?;
            shot(&format!("figure-{}", look.width), &page).await?;
        }
        Ok(())
    });
}

#[test]
fn a_picture_is_saved_in_firefox() {
    flow("a_picture_is_saved_in_firefox", async |bench: &Bench| {
        let page = Firefox::start(1440, 1000).await?;
        let saved = page.saves().await?;
        page.open(&format!("{}/#{}", bench.site.origin, LINK.trim())).await?;
        page.click("[data-testid=share]").await?;
        page.holds("the choices", "return !!document.querySelector('[data-testid=figure-svg]')").await?;
        let address: String = page.run("return document.querySelector('dialog textarea').value").await?;
        page.run::<bool>("document.querySelector('[data-testid=figure-svg]').scrollIntoView(); return true")
            .await?;
        page.run::<bool>("document.querySelector('[data-testid=figure-name]').value = 'mine'; return true")
            .await?;
        page.click("[data-testid=figure-both]").await?;
        page.click("[data-testid=figure-svg]").await?;
        let svg = drawn(&address, PictureKind::Both, Theme::Light)?;
        assert!(
            saved.file("mine.svg", b"</svg>\n").await? == svg.as_bytes(),
            "another picture than natively"
        );
        page.click("[data-testid=figure-png]").await?;
        let png = saved.file("mine.png", END).await?;
        assert_eq!([number(&png, 16), number(&png, 20)], sides(&svg).map(|side| side * 2));
        let seen: usize = page.run(&colours(&png)).await?;
        assert!(seen > 10, "{seen} colours");
        let complaints = page.complaints(&bench.site.origin).await?;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        Ok(())
    });
}

#[test]
fn where_what_draws_does_not_come_the_dialog_says_so() {
    visit("where_what_draws_does_not_come_the_dialog_says_so", "/", async |page| {
        page.has_opened().await?;
        page.perform("window.ask = fetch; globalThis.fetch = (what, ...more) => /plotter-/.test(what) ? Promise.reject('the host does not answer') : ask(what, ...more)").await?;
        page.click("share").await?;
        page.click("figure-svg").await?;
        page.text_when("figure-said", "why not", |text| {
            text == "There is no picture: the host does not answer"
        })
        .await?;
        // It is asked again.
        let saved = page.saves().await?;
        page.perform("globalThis.fetch = window.ask").await?;
        page.click("figure-svg").await?;
        saved.file("lazy+unmap+andy.svg", b"</svg>\n").await.map(drop)
    });
}
