//! No component is drawn without need. The site for developers counts each drawing (`web/src/browser/drawn.rs`); here stands how
//! many there are for what happens most often.

use e2e::{Bench, Built, Look, Outcome, Visit, flow_on};

/// Each message of the worker, with the number of drawings that it has led to. What is drawn, is drawn before the browser comes to
/// another task.
const NOTE: &str = "() => { const told = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage');
    globalThis.told = [];
    Object.defineProperty(Worker.prototype, 'onmessage', { ...told, set(hear) { told.set.call(this, event => {
        const before = globalThis.drawn ?? 0; hear(event);
        setTimeout(() => globalThis.told.push([event.data.length, globalThis.drawn - before])); }) } }); }";

/// How many components are drawn until the page has come to rest after something was done.
async fn drawings(page: &Visit, done: &str) -> Outcome<u32> {
    let rest = "const frame = () => new Promise(requestAnimationFrame);
        const rest = async () => { for (let still = 0, last = drawn; still < 40; last = drawn) {
            await frame(); still = drawn === last ? still + 1 : 0; } };";
    page.run(&format!(
        "return (async () => {{ {rest} await rest(); const before = drawn; {done}; await rest(); \
        return drawn - before; }})()"
    ))
    .await
}

fn key(key: &str) -> String {
    format!(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }}))"
    )
}

const TYPE: &str = "const area = document.querySelector('[data-testid=code] textarea'); area.focus();
    area.setRangeText(' ', 0, 0, 'end'); area.dispatchEvent(new InputEvent('input', { bubbles: true }))";

#[test]
fn what_happens_most_often_draws_few_components() {
    flow_on(Built::ForDevelopers, "what_happens_most_often_draws_few_components", async |bench: &Bench| {
        let page = bench.visitor(Look::DESK).await?;
        page.prepare(NOTE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.text_when("policies-summary", "that all is settled", |text| text.starts_with("The scenario "))
            .await?;
        page.text_when("grid-summary", "that all is settled", |text| text.starts_with("Of ")).await?;
        page.click("start").await?;
        let step = drawings(&page, &key("ArrowRight")).await?;
        let back = drawings(&page, &key("ArrowLeft")).await?;
        let nothing = drawings(&page, &key("q")).await?;
        let letter = drawings(&page, TYPE).await?;
        println!("step {step} back {back} nothing {nothing} letter {letter}");
        let told: Vec<(u32, u32)> = page.run("return told").await?;
        println!("{told:?}");
        Ok(())
    });
}
