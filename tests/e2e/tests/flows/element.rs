//! `<tlb-scope>` in somebody else's page, from the snippet in the dialog to what a reader does with it.

use e2e::{Bench, Look, Outcome, Visit, flow};

/// The markup with `embed.js` that the page offers, after an author has chosen.
async fn snippet(page: &Visit, chosen: &[&str]) -> Outcome<String> {
    page.open("/").await?;
    page.has_opened().await?;
    page.click("embed").await?;
    page.element("piece-switches").await?;
    for choice in chosen {
        page.click(choice).await?;
    }
    page.offered("embed-dialog").await
}

/// How high the frame is in the post, and what is in it.
async fn heights(page: &Visit) -> Outcome<(u32, u32)> {
    page.run(
        "const frame = document.querySelector('tlb-scope').shadowRoot.querySelector('iframe'); \
         return [frame.clientHeight, document.documentElement.scrollWidth - document.documentElement.clientWidth]",
    )
    .await
}

#[test]
fn a_post_is_read_run_and_opened_in_full() {
    flow("a_post_is_read_run_and_opened_in_full", async |bench: &Bench| {
        let author = bench.visitor(Look::WIDE).await?;
        let markup = snippet(&author, &[]).await?;
        assert!(
            markup.contains("<tlb-scope src=") && markup.contains(&format!("{}/embed.js", bench.site.origin)),
            "{markup}"
        );
        for look in [
            Look::PHONE,
            Look { width: 320, ..Look::PHONE.dark() },
            Look { width: 700, height: 900, ..Look::WIDE.dark() },
        ] {
            let blog = bench.blog(&markup).await?;
            let reader = bench.visitor(look).await?;
            // Without scripts there is a text and a link.
            reader.scripts(false).await?;
            reader.open(&blog.address).await?;
            let read: String = reader.run("return document.querySelector('tlb-scope').innerText").await?;
            assert!(read.contains("lazy+unmap+andy") && read.contains("Open it in TLBscope"), "{read}");
            reader.scripts(true).await?;
            reader.open(&blog.address).await?;
            let asked = bench.site.asked().len();
            reader.start_embed().await?;
            assert!(bench.site.asked().len() > asked, "it loads when it is started");
            reader.into_embed().await?;
            let before = reader
                .counter_when("the moment of the snippet", |counter| {
                    counter.at == counter.of && counter.of > 0
                })
                .await?;
            let dark: bool = reader.run("return matchMedia('(prefers-color-scheme: dark)').matches").await?;
            assert_eq!(dark, look.dark, "it is as dark as the page around");
            // As high as what is in it, also when that changes.
            reader
                .holds(
                    "all of it in the frame",
                    "return document.documentElement.scrollHeight <= innerHeight + 1",
                )
                .await?;
            reader.out_of_frame().await?;
            let (high, wide) = heights(&reader).await?;
            assert!(high > 300 && wide == 0, "{high} high, {wide} too wide at {}", look.width);
            reader.into_embed().await?;
            reader.click("option-init_mm_switch").await?;
            reader.verdict_is("safe").await?;
            reader
                .holds(
                    "all of it in the frame again",
                    "return document.documentElement.scrollHeight <= innerHeight + 1",
                )
                .await?;
            let there = reader.counter_when("a run", |counter| counter.at > 0).await?;
            reader.click("back").await?;
            reader.is_at(there.at - 1).await?;
            // What the reader has done goes along.
            reader.click("open-in-full").await?;
            reader.into_other_window().await?;
            reader.verdict_is("safe").await?;
            let after = reader.is_at(there.at - 1).await?;
            assert!(after.of > 0 && before.of > 0);
            let on = reader.element("option-init_mm_switch").await?.attr("aria-checked").await?;
            assert_eq!(on.as_deref(), Some("true"));
        }
        Ok(())
    });
}

#[test]
fn an_author_chooses_what_is_shown() {
    flow("an_author_chooses_what_is_shown", async |bench: &Bench| {
        let author = bench.visitor(Look::WIDE).await?;
        let markup =
            snippet(&author, &["piece-stage", "piece-caption", "from-start", "locked", "bet"]).await?;
        assert!(
            markup.contains("show=\"switches verdict\"") && markup.contains(" step=\"0\" locked bet"),
            "{markup}"
        );
        let blog =
            bench.blog(&markup.replace("<tlb-scope ", "<tlb-scope start=\"view\" theme=\"dark\" ")).await?;
        let reader = bench.visitor(Look { width: 320, ..Look::PHONE }).await?;
        reader.open(&blog.address).await?;
        reader.embed_runs().await?;
        reader.into_embed().await?;
        reader.element("wager").await?;
        let hidden = "return !document.querySelector('[data-testid=verdict]').checkVisibility()";
        assert!(reader.run::<bool>(hidden).await?, "the verdict comes after the bet");
        assert!(!reader.has("step-counter").await? && !reader.has("caption").await?);
        let theme: String = reader.run("return document.documentElement.dataset.theme").await?;
        assert_eq!(theme, "dark");
        let locked: bool = reader
            .run("return document.querySelector('[data-testid=option-lazy_tlb]').matches(':disabled')")
            .await?;
        assert!(locked, "the switches are locked");
        reader.click("bet-no").await?;
        reader.verdict_is("reachable").await?;
        reader
            .text_when("wager", "what the bet has come to", |text| text.ends_with("You were not right."))
            .await?;
        reader.out_of_frame().await?;
        // The page around may set what readers may not; then it is another bet.
        reader.perform("document.querySelector('tlb-scope').option('init_mm_switch', 'on')").await?;
        reader.into_embed().await?;
        reader.attribute_is("option-init_mm_switch", "aria-checked", "true").await?;
        reader.holds("another question", hidden).await?;
        reader.click("bet-no").await?;
        reader
            .text_when("wager", "what the bet has come to", |text| text.ends_with("You were right."))
            .await?;
        Ok(())
    });
}

/// The post in the documentation whose own buttons drive the embed, with the addresses of this site.
fn sample(origin: &str) -> String {
    let page = include_str!("../../../../docs/embedding.md");
    let samples = page.split("```html\n").skip(1).filter_map(|part| part.split("```").next());
    let sample = samples.into_iter().find(|sample| sample.contains("type=\"module\"")).expect("there is one");
    sample.replace("https://example.org/tlbscope", origin)
}

#[test]
fn the_sample_of_the_documentation_drives_the_embed() {
    flow("the_sample_of_the_documentation_drives_the_embed", async |bench: &Bench| {
        let blog = bench.blog(&sample(&bench.site.origin)).await?;
        let reader = bench.visitor(Look { width: 700, height: 900, ..Look::WIDE }).await?;
        reader.open(&blog.address).await?;
        // A button of the post starts it.
        reader.perform("document.getElementById('walk').click()").await?;
        reader.embed_runs().await?;
        let said =
            |what: &str| format!("return document.getElementById('said').textContent.includes({what:?})");
        reader.holds("the step", "return document.getElementById('step').textContent === '25'").await?;
        reader.holds("the verdict", &said("25 steps")).await?;
        reader.into_embed().await?;
        reader.is_at(25).await?;
        reader.click("back").await?;
        reader.out_of_frame().await?;
        reader
            .holds("the reader's step", "return document.getElementById('step').textContent === '24'")
            .await?;
        reader.perform("document.getElementById('with').click()").await?;
        reader
            .holds("another verdict", "return document.querySelector('tlb-scope').verdict.verdict === 'safe'")
            .await?;
        reader.holds("another sentence", &said("25 steps").replace("return ", "return !")).await?;
        reader.perform("document.getElementById('without').click()").await?;
        reader.holds("the first verdict", &said("25 steps")).await?;
        // What can't be done is refused with a reason.
        for (ask, reason) in [
            ("option('init_mm_switch', 'perhaps')", "Here are known: off, on."),
            ("option('nothing', 'on')", "There is no option"),
            ("case('nothing')", "There is no case"),
            ("seek(1.5)", "whole number"),
            ("seek('5')", "whole number"),
            ("seek({ toString() { return 5 } })", ""),
            ("open('1.broken')", ""),
        ] {
            let refused: String = reader
                .run(&format!(
                    "return document.querySelector('tlb-scope').{ask}.then(() => '', why => why.message)"
                ))
                .await?;
            assert!(!refused.is_empty() && refused.contains(reason), "{ask}: {refused:?}");
        }
        let shown: bool =
            reader.run("return document.querySelector('tlb-scope').show().then(() => true)").await?;
        assert!(shown);
        // Stopped, it is the author's text again.
        reader.perform("document.querySelector('tlb-scope').stop()").await?;
        let read: String = reader.run("return document.querySelector('tlb-scope').innerText").await?;
        assert!(read.contains("In 2017"), "{read}");
        Ok(())
    });
}

#[test]
fn a_frame_hears_its_parent_alone() {
    flow("a_frame_hears_its_parent_alone", async |bench: &Bench| {
        let frame = format!(
            "<iframe id=\"lab\" src=\"{}/?embed\" sandbox=\"allow-scripts\" title=\"A story\" width=\"900\" height=\"800\"></iframe>\
             <script>window.heard = []; window.ready = 0; const lab = document.getElementById('lab'); \
             addEventListener('message', ({{ data }}) => {{ if (data.tlbscope === 'ready') ready++; }}); \
             window.connect = (from, data) => {{ const c = new MessageChannel(); c.port1.onmessage = e => heard.push(e.data); \
             from.postMessage(data, '*', [c.port2]); return c.port1; }};</script>",
            bench.site.origin
        );
        let blog = bench.blog(&frame).await?;
        let reader = bench.visitor(Look::WIDE).await?;
        reader.open(&blog.address).await?;
        reader.holds("a frame that listens", "return ready === 1").await?;
        // Another version, another word, no port: all without effect but the first, which is told.
        reader
            .perform(
                "lab.contentWindow.postMessage({ tlbscope: 'connect', version: 1 }, '*'); \
                 lab.contentWindow.postMessage('connect', '*'); \
                 connect(lab.contentWindow, { tlbscope: 'run', version: 1 }); \
                 connect(lab.contentWindow, { tlbscope: 'connect', version: 2 })",
            )
            .await?;
        reader.holds("a refusal", "return heard.length === 1 && heard[0].kind === 'refused' && heard[0].reason.includes('version 1')").await?;
        // Another frame of the post has no say.
        reader
            .perform(
                "const other = document.createElement('iframe'); \
                 other.srcdoc = '<script>const c = new MessageChannel(); c.port1.onmessage = () => parent.spied = true; \
                 parent.frames[0].postMessage({ tlbscope: \"connect\", version: 1 }, \"*\", [c.port2])<' + '/script>'; \
                 document.body.append(other)",
            )
            .await?;
        reader
            .perform("window.port = connect(lab.contentWindow, { tlbscope: 'connect', version: 1 })")
            .await?;
        reader.holds("all that is told", "return ['ready', 'moment', 'verdict', 'settings'].every(kind => heard.some(said => said.kind === kind))").await?;
        // Data of every kind.
        reader
            .perform(
                "heard.length = 0; const deep = {}; deep.deep = deep; const many = {}; for (let i = 0; i < 10000; i++) many['k' + i] = i; \
                 for (const data of [null, 7, 'play', [], new Map([['kind', 'play']]), deep, many, { kind: 'eval', code: 'alert(1)' }, \
                 { kind: 'play', then: 1 }, { kind: ['play'] }, { kind: 'seek', step: NaN }, { kind: 'seek', step: -1 }, \
                 { kind: 'option', name: '__proto__', choice: 'on' }, { kind: 'open', link: 'x'.repeat(5000000) }]) port.postMessage(data); \
                 port.postMessage({ kind: 'seek', step: 2, id: 9 })",
            )
            .await?;
        reader
            .holds("the last answer", "return heard.some(said => said.kind === 'done' && said.id === 9)")
            .await?;
        let refused: usize = reader
            .run("return heard.filter(said => said.kind === 'refused' && said.reason.length > 10).length")
            .await?;
        assert_eq!(refused, 14, "each is refused with a reason");
        reader
            .holds("the step", "return heard.some(said => said.kind === 'moment' && said.step === 2)")
            .await?;
        let spied: bool = reader.run("return window.spied === true").await?;
        assert!(!spied, "another frame has connected");
        Ok(())
    });
}
