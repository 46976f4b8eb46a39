//! The diagram of the run under a wheel and under fingers: what lies under them stays there.

use e2e::{Bench, Look, Outcome, Visit, flow, visit};

/// How wide a step is, and where the column of a step is in the viewport.
async fn step(page: &Visit, step: usize) -> Outcome<(f64, f64)> {
    page.run(&format!(
        "const box = document.querySelector('[data-testid=timeline] .column[data-step=\"{step}\"] rect').getBoundingClientRect(); \
         return [box.width, box.left + box.width / 2]"
    ))
    .await
}

/// The step whose column is nearest to the middle of the part of the diagram that is in view, and a height in that part.
async fn middle(page: &Visit) -> Outcome<(usize, f64)> {
    page.run(
        "const scroller = document.querySelector('[data-testid=timeline] .scroller'); scroller.scrollIntoView({ block: 'center' }); \
         const box = scroller.getBoundingClientRect(), wanted = (box.left + 76 + box.right) / 2; \
         const middle = e => { const b = e.querySelector('rect').getBoundingClientRect(); return b.left + b.width / 2; }; \
         const columns = [...scroller.querySelectorAll('.column[data-step]')]; \
         columns.sort((one, other) => Math.abs(middle(one) - wanted) - Math.abs(middle(other) - wanted)); \
         return [Number(columns[0].dataset.step), box.top + 30]",
    )
    .await
}

#[test]
fn a_wheel_with_the_key_held_down_zooms_at_the_pointer() {
    visit("a_wheel_with_the_key_held_down_zooms_at_the_pointer", "/", async |page| {
        page.has_opened().await?;
        let (number, y) = middle(page).await?;
        let (narrow, x) = step(page, number).await?;
        // It is the diagram's and not the page's.
        let taken: bool = page
            .run(&format!(
                "return !document.querySelector('[data-testid=timeline] .scroller').dispatchEvent(new WheelEvent('wheel', \
                 {{ deltaY: -100, clientX: {x}, clientY: {y}, ctrlKey: true, cancelable: true, bubbles: true }}))"
            ))
            .await?;
        assert!(taken);
        page.holds(
            "wider steps",
            &format!("return document.querySelector('[data-testid=timeline] .column rect').getBoundingClientRect().width > {narrow} * 1.3"),
        )
        .await?;
        let (_, now) = step(page, number).await?;
        assert!((now - x).abs() <= 3.0, "step {number} was at {x} and is at {now}");
        Ok(())
    });
}

/// Wherever the focus is, as long as nothing there takes text.
#[test]
fn keys_change_the_width_of_a_step() {
    visit("keys_change_the_width_of_a_step", "/", async |page| {
        page.has_opened().await?;
        let wide =
            "document.querySelector('[data-testid=timeline] .column rect').getBoundingClientRect().width";
        let fits: f64 = page.run(&format!("document.activeElement.blur(); return {wide}")).await?;
        page.press("+").await?;
        page.holds("wider steps", &format!("return {wide} > {fits} + 1")).await?;
        page.press("--").await?;
        page.holds("narrower steps", &format!("return {wide} < {fits} - 1")).await?;
        page.perform("document.querySelector('[data-testid=step]').focus()").await?;
        page.press("0").await?;
        page.holds("as it was", &format!("return Math.abs({wide} - {fits}) < 1")).await?;
        page.perform("document.querySelector('[data-testid=seek]').focus()").await?;
        page.press("+").await?;
        page.holds("its own text", "return document.querySelector('[data-testid=seek]').value === '+'")
            .await?;
        let kept: f64 = page.run(&format!("return {wide}")).await?;
        assert!((kept - fits).abs() < 1.0, "{kept} {fits}");
        Ok(())
    });
}

#[test]
fn two_fingers_zoom_the_diagram_and_one_scrolls_the_page() {
    flow("two_fingers_zoom_the_diagram_and_one_scrolls_the_page", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.click("part-run").await?;
        page.holds(
            "a diagram that fingers can zoom",
            "return !!document.querySelector('[data-testid=timeline] [data-fingers]')",
        )
        .await?;
        let (number, y) = middle(&page).await?;
        let (narrow, x) = step(&page, number).await?;
        let (left, right): (Vec<_>, Vec<_>) =
            (0..=10).map(|n| 4.0 * f64::from(n)).map(|n| ((x - 30.0 - n, y), (x + 30.0 + n, y))).unzip();
        page.touches(&[&left, &right]).await?;
        page.holds(
            "wider steps",
            &format!("return document.querySelector('[data-testid=timeline] .column rect').getBoundingClientRect().width > {narrow} * 1.8"),
        )
        .await?;
        let (wide, now) = step(&page, number).await?;
        assert!((now - x).abs() <= 4.0, "step {number} was at {x} and is at {now}");
        assert!(wide < narrow * 2.8, "{narrow} became {wide}");
        // The other way round they make it as narrow as it was.
        let (left, right): (Vec<_>, Vec<_>) =
            (left.into_iter().rev().collect(), right.into_iter().rev().collect());
        page.touches(&[&left, &right]).await?;
        page.holds(
            "narrow steps",
            &format!("return Math.abs(document.querySelector('[data-testid=timeline] .column rect').getBoundingClientRect().width - {narrow}) <= 2"),
        )
        .await?;
        // One finger on the diagram scrolls the page.
        let before: f64 = page.run("return scrollY").await?;
        let up: Vec<_> = (0..=12).map(|n| (x, y - 10.0 * f64::from(n))).collect();
        page.touches(&[&up]).await?;
        page.holds("the page has scrolled", &format!("return Math.abs(scrollY - {before}) > 20")).await?;
        let (width, _) = step(&page, number).await?;
        assert!((width - narrow).abs() <= 2.0, "{narrow} became {width}");
        Ok(())
    });
}
