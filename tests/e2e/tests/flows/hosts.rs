//! The laboratory in pages that others make with the tools that they have: on another origin than the site, from a sub-path each,
//! under a strict policy, dark and light.

use e2e::tool::{self, Tool};
use e2e::{BLOG, Bench, Look, Outcome, Visit, flow, shot};

/// The address of a page below the folder of its host.
fn at(address: &str, page: &str) -> String {
    format!("{}{BLOG}{page}", address.trim_end_matches('/'))
}

/// The laboratory has a verdict, is as dark as wanted and as high as what is in it, also when that changes; and all that the author
/// wrote is out of sight but for the caption.
async fn runs(reader: &Visit, dark: bool) -> Outcome {
    reader
        .holds("a verdict", "return document.querySelector('tlb-scope').verdict?.verdict === 'reachable'")
        .await?;
    let hidden: bool = reader
        .run("return [...document.querySelectorAll('tlb-scope > :not([slot])')].every(each => !each.checkVisibility())")
        .await?;
    assert!(hidden, "what stands in the laboratory's place is still there");
    let high = "return document.querySelector('tlb-scope').shadowRoot.querySelector('iframe').clientHeight";
    let before: u32 = reader.run(high).await?;
    let whole = "return document.documentElement.scrollHeight <= innerHeight + 1";
    reader.into_embed().await?;
    reader.holds("all of it in the frame", whole).await?;
    let ink: u32 = reader
        .run("return Math.max(...getComputedStyle(document.body).color.match(/[0-9]+/g).slice(0, 3).map(Number))")
        .await?;
    assert_eq!(ink > 128, dark, "the ink is {ink}");
    reader.out_of_frame().await?;
    reader.perform("document.querySelector('tlb-scope').option('init_mm_switch', 'on')").await?;
    reader
        .holds("another verdict", "return document.querySelector('tlb-scope').verdict.verdict === 'safe'")
        .await?;
    reader.into_embed().await?;
    reader.holds("all of it in the frame again", whole).await?;
    reader.out_of_frame().await?;
    reader.holds("another height", &format!("{high} !== {before}")).await
}

/// Reads a page, and runs what is in it.
async fn read(bench: &Bench, tool: Tool) -> Outcome {
    let blog = bench.made(tool).await?;
    for look in [Look::WIDE, Look { width: 320, ..Look::PHONE.dark() }] {
        let reader = bench.visitor(look).await?;
        reader.open(&at(&blog.address, tool.page())).await?;
        let words: String = reader.run("return document.querySelector('tlb-scope').innerText").await?;
        assert!(
            words.contains("In 2017") && words.contains("Open it") && words.contains("Made with"),
            "{words}"
        );
        reader.start_embed().await?;
        runs(&reader, look.dark).await?;
        let wide: bool = reader.run("return document.documentElement.scrollWidth <= innerWidth").await?;
        assert!(wide, "{tool:?} is too wide at {}", look.width);
        shot(&format!("host-{tool:?}-{}", look.width), &reader).await?;
    }
    Ok(())
}

#[test]
fn a_book_has_a_laboratory() {
    flow("a_book_has_a_laboratory", async |bench: &Bench| read(bench, Tool::Book).await);
}

#[test]
fn a_page_of_rustdoc_has_a_laboratory() {
    flow("a_page_of_rustdoc_has_a_laboratory", async |bench: &Bench| read(bench, Tool::Rustdoc).await);
}

#[test]
fn a_blog_made_by_hugo_has_a_laboratory() {
    flow("a_blog_made_by_hugo_has_a_laboratory", async |bench: &Bench| {
        read(bench, Tool::Hugo).await?;
        // The markup itself stands in a post only if Hugo may leave it there.
        let folder = e2e::root().join("target/e2e/raw");
        let _ = std::fs::remove_dir_all(&folder);
        let posts = folder.join("source/content/posts");
        std::fs::create_dir_all(&posts)?;
        let book = std::fs::read_to_string(Tool::Book.source().join("src/walk.md"))?;
        std::fs::write(posts.join("raw.md"), book.trim_start_matches("# "))?;
        std::fs::create_dir_all(folder.join("source/layouts/_default"))?;
        std::fs::write(folder.join("source/layouts/_default/single.html"), "{{ .Content }}")?;
        std::fs::write(folder.join("source/hugo.toml"), "")?;
        for raw in [false, true] {
            tool::hugo(&folder.join("source"), &folder.join("made"), "http://host/", raw).await?;
            let made = std::fs::read_to_string(folder.join("made/posts/raw/index.html"))?;
            assert_eq!(made.contains("<tlb-scope src="), raw, "{made}");
            assert_eq!(
                made.contains(
                    book.split_once("<tlb-scope")
                        .map_or("", |(_, rest)| rest.split("And so").next().unwrap_or(rest))
                        .trim()
                ),
                raw,
                "{made}"
            );
        }
        Ok(())
    });
}

#[test]
fn a_slide_has_a_laboratory() {
    flow("a_slide_has_a_laboratory", async |bench: &Bench| {
        let blog = bench.made(Tool::Reveal).await?;
        // A talk is as dark as its theme, whatever the reader's system prefers.
        for look in [Look { height: 900, ..Look::WIDE }, Look::PHONE.dark()] {
            let reader = bench.visitor(look).await?;
            reader.open(&at(&blog.address, Tool::Reveal.page())).await?;
            reader.holds("the talk", "return Reveal.isReady()").await?;
            let asked = bench.site.asked().len();
            let idle: bool = reader.run("return !document.querySelector('tlb-scope').running").await?;
            assert!(idle, "it runs before its slide is shown");
            reader.perform("document.activeElement.blur()").await?;
            reader.press("\u{e014}").await?;
            reader.embed_runs().await?;
            assert!(bench.site.asked().len() > asked, "it loads when its slide is shown");
            runs(&reader, true).await?;
            shot(&format!("host-slide-{}", look.width), &reader).await?;
            // It goes on where it was when somebody comes back.
            reader.perform("Reveal.next()").await?;
            reader.perform("Reveal.prev()").await?;
            let still: bool =
                reader.run("return document.querySelector('tlb-scope').verdict?.verdict === 'safe'").await?;
            assert!(still, "it has been started anew");
        }
        Ok(())
    });
}

#[test]
fn the_document_has_the_sources_that_work() {
    /// What stands in a text between two others.
    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {text}"));
        rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} in {rest}")).0
    }
    let document: Vec<&str> = include_str!("../../../../docs/embedding.md").lines().map(str::trim).collect();
    for source in [
        between(include_str!("../../hosts/book/src/walk.md"), "them:\n\n", "\n\n"),
        include_str!("../../hosts/hugo/layouts/shortcodes/tlbscope.html"),
        between(include_str!("../../hosts/hugo/content/posts/walk.md"), "them:\n\n", "\n\n"),
        between(
            include_str!("../../hosts/slides/index.html"),
            "</h1>\n      </section>\n      <section>\n",
            "      </section>",
        ),
        include_str!("../../hosts/slides/deck.js").lines().next().unwrap_or_default(),
    ] {
        let lines: Vec<&str> = source.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert!(!lines.is_empty() && document.windows(lines.len()).any(|shown| shown == lines), "{source}");
    }
}
