//! The way of a laboratory through three pairs of hands, in each of three engines. An author copies the snippet from the dialog into a
//! page on another origin. A reader reads it, runs it, sets a switch, opens it in full and shares what was done. Somebody else
//! opens that.

use e2e::{Bench, Firefox, Look, Outcome, Reader, Webkit, flow};

/// The step counter as a reader sees it: where, and of how many.
const COUNTER: &str = "const counter = () => (document.querySelector('[data-testid=step-counter]')?.innerText.match(/[0-9]+/g) ?? []).map(Number);";

/// Waits for the verdict, and for the search to end.
async fn verdict_is(who: &impl Reader, mood: &str) -> Outcome {
    let script = format!(
        "return document.querySelector('[data-testid=verdict]')?.dataset.mood === {mood:?} && !document.querySelector('[data-testid=stop-search]')"
    );
    who.waits_for(&format!("the verdict {mood:?}"), &script).await
}

/// Waits until a run is there, and says where the reader is in it.
async fn place(who: &impl Reader) -> Outcome<[usize; 2]> {
    who.waits_for("a run", &format!("{COUNTER} return counter()[1] > 0")).await?;
    who.asks(&format!("{COUNTER} return counter()")).await
}

/// What a dialog offers to be copied.
async fn offered(who: &impl Reader, button: &str, dialog: &str, part: &str) -> Outcome<String> {
    who.clicks(&format!("[data-testid={button}]")).await?;
    let area = format!("document.querySelector('[data-testid={dialog}-dialog] textarea')");
    who.waits_for("what is offered", &format!("return !!{area}?.value.includes({part:?})")).await?;
    who.asks(&format!("return {area}.value")).await
}

async fn through_three_hands(
    bench: &Bench,
    author: impl Reader,
    reader: impl Reader,
    third: impl Reader,
) -> Outcome {
    author.goes_to(&format!("{}/", bench.site.origin)).await?;
    verdict_is(&author, "reachable").await?;
    let [_, steps] = place(&author).await?;
    let markup = offered(&author, "embed", "embed", "</tlb-scope>").await?;
    drop(author);

    let blog = bench.blog(&markup).await?;
    reader.goes_to(&blog.address).await?;
    let words: String = reader.asks("return document.querySelector('tlb-scope').innerText").await?;
    assert!(words.contains("lazy+unmap+andy") && words.contains("Open it in TLBscope"), "{words}");
    let button = "document.querySelector('tlb-scope').shadowRoot?.querySelector('button')";
    reader.waits_for("the button of the embed", &format!("return !!{button}")).await?;
    reader.asks::<bool>(&format!("{button}.click(); return true")).await?;
    reader
        .waits_for(
            "an embed that runs",
            "return document.querySelector('tlb-scope').verdict?.verdict === 'reachable'",
        )
        .await?;
    reader.enters_embed().await?;
    assert_eq!(place(&reader).await?, [steps, steps], "it begins at the author's moment");
    reader
        .waits_for(
            "all of it in the frame",
            "return document.documentElement.scrollHeight <= innerHeight + 1",
        )
        .await?;
    reader.clicks("[data-testid=option-init_mm_switch]").await?;
    verdict_is(&reader, "safe").await?;
    let [at, of] = place(&reader).await?;
    reader.clicks("[data-testid=back]").await?;
    reader.waits_for("a step back", &format!("{COUNTER} return counter()[0] === {}", at - 1)).await?;
    reader.clicks("[data-testid=open-in-full]").await?;
    reader.turns_to_other_window().await?;
    verdict_is(&reader, "safe").await?;
    assert_eq!(place(&reader).await?, [at - 1, of], "what was done goes along");
    let link = offered(&reader, "share", "share", "/#").await?;
    drop(reader);

    third.goes_to(&link).await?;
    verdict_is(&third, "safe").await?;
    assert_eq!(place(&third).await?, [at - 1, of]);
    let notice: String =
        third.asks("return document.querySelector('[data-testid=notice]').innerText").await?;
    assert!(notice.contains("Changed from the library: init_mm_switch on."), "{notice}");
    let on = "return document.querySelector('[data-testid=option-init_mm_switch]').getAttribute('aria-checked') === 'true'";
    assert!(third.asks::<bool>(on).await?);
    Ok(())
}

#[test]
fn a_laboratory_goes_through_three_hands() {
    flow("a_laboratory_goes_through_three_hands", async |bench: &Bench| {
        let hands = [Look::WIDE, Look { width: 700, height: 900, ..Look::WIDE.dark() }, Look::WIDE];
        let [author, reader, third] = hands.map(|look| bench.visitor(look));
        through_three_hands(bench, author.await?, reader.await?, third.await?).await
    });
}

#[test]
fn a_laboratory_goes_through_three_hands_in_firefox() {
    flow("a_laboratory_goes_through_three_hands_in_firefox", async |bench: &Bench| {
        let hands =
            [(1440, 1000), (700, 900), (1440, 1000)].map(|(width, height)| Firefox::start(width, height));
        let [author, reader, third] = hands;
        through_three_hands(bench, author.await?, reader.await?, third.await?).await
    });
}

#[test]
fn a_laboratory_goes_through_three_hands_in_webkit() {
    flow("a_laboratory_goes_through_three_hands_in_webkit", async |bench: &Bench| {
        let hands =
            [(1440, 1000), (700, 1800), (1440, 1000)].map(|(width, height)| Webkit::start(width, height));
        let [author, reader, third] = hands;
        through_three_hands(bench, author.await?, reader.await?, third.await?).await
    });
}
