//! The post of the documentation: five laboratories in somebody else's page, one of them driven by the post's own text.

use e2e::{Bench, By, Look, Outcome, Passing, Visit, dist, flow, shot};

/// Waits for what an embed has told the post about its verdict.
async fn verdict_is(page: &Visit, embed: usize, verdict: &str) -> Outcome {
    let script =
        format!("return document.querySelectorAll('tlb-scope')[{embed}].verdict?.verdict === {verdict:?}");
    page.holds(&format!("{verdict:?} in embed {embed}"), &script).await
}

/// How much wider the post is than its window, and which of its pictures are missing.
async fn faults(page: &Visit) -> Outcome<(i32, Vec<String>)> {
    page.run(
        "const { scrollWidth, clientWidth } = document.documentElement; \
         return [scrollWidth - clientWidth, [...document.images].filter(e => !(e.complete && e.naturalWidth)).map(e => e.src)]",
    )
    .await
}

#[test]
fn a_post_with_five_laboratories() {
    flow("a_post_with_five_laboratories", async |bench: &Bench| {
        let blog = bench.post().await?;
        for (name, look) in [
            ("phone", Look { width: 320, ..Look::PHONE }),
            ("wide-dark", Look { width: 700, height: 900, ..Look::WIDE.dark() }),
        ] {
            let reader = bench.visitor(look).await?;
            // Without scripts it is a post with pictures and links.
            reader.scripts(false).await?;
            reader.open(&blog.address).await?;
            assert_eq!(faults(&reader).await?, (0, Vec::new()), "at {}", look.width);
            let links: usize = reader.run("return document.querySelectorAll('tlb-scope a').length").await?;
            assert_eq!(links, 5);
            shot(&format!("post-{name}"), &reader).await?;
            reader.scripts(true).await?;
            reader.open(&blog.address).await?;
            // The first one is started by a click; a button of the post starts that which it drives.
            reader.start_embed().await?;
            reader.click_on(By::Id("without")).await?;
            verdict_is(&reader, 2, "reachable").await?;
            let said =
                |what: &str| format!("return document.getElementById('said').textContent.includes({what:?})");
            reader.holds("what the explorer says", &said("accessed bit")).await?;
            reader.click_on(By::Id("with")).await?;
            verdict_is(&reader, 2, "safe").await?;
            reader.holds("what it says now", &said("None")).await?;
            // All five at once.
            reader.perform("for (const lab of document.querySelectorAll('tlb-scope')) lab.run()").await?;
            for (embed, verdict) in ["reachable", "reachable", "safe", "safe", "safe"].into_iter().enumerate()
            {
                verdict_is(&reader, embed, verdict).await?;
            }
            assert_eq!(faults(&reader).await?.0, 0, "at {}", look.width);
            shot(&format!("post-run-{name}"), &reader).await?;
        }
        Ok(())
    });
}

#[test]
fn a_post_whose_laboratory_is_not_to_be_had_keeps_its_pictures_and_words() {
    flow("a_post_whose_laboratory_is_not_to_be_had_keeps_its_pictures_and_words", async |bench: &Bench| {
        let mut host = Passing::of(dist()?)?;
        let blog = bench.post_with(&host).await?;
        let reader = bench.visitor_of(&host, false).await?;
        let first = "const lab = document.querySelector('tlb-scope'); \
             return [lab.innerText.includes('Open it in TLBscope'), lab.querySelector('img').checkVisibility()]";
        host.go();
        reader.open(&blog.address).await?;
        assert_eq!(faults(&reader).await?, (0, Vec::new()));
        assert_eq!(reader.run::<[bool; 2]>(first).await?, [true, true], "nothing of it was ever there");
        // Its script has come, and then the host goes away: the time that the script waits for an answer is made short.
        reader
            .prepare("() => { const wait = setTimeout; window.setTimeout = (does, time, ...more) => wait(does, time / 100, ...more); }")
            .await?;
        host.come_with(dist()?)?;
        reader.open(&blog.address).await?;
        reader.holds("the button", "return !!document.querySelector('tlb-scope').shadowRoot").await?;
        host.go();
        reader.perform("document.querySelector('tlb-scope').run()").await?;
        reader
            .holds(
                "the frame, which is empty",
                "return document.querySelector('tlb-scope').shadowRoot.querySelector('iframe').className === ''",
            )
            .await?;
        assert_eq!(reader.run::<[bool; 2]>(first).await?, [true, true], "it is hidden by an empty frame");
        reader.complained().await.map(drop)
    });
}
