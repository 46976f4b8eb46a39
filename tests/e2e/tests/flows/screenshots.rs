//! Pictures of the page for people to look at, in `target/e2e/shots`. The test asserts only that the page in them is
//! complete; people judge how it looks.

use e2e::{Bench, Look, Outcome, Visit, flow, shot};

/// Takes pictures of the page at its opening, in the middle of the run, at the fix, and of its dialogs.
async fn album(page: &Visit, name: &str, look: Look) -> Outcome {
    page.open("/").await?;
    let end = page.has_opened().await?.of;
    complete(page).await?;
    shot(&format!("{name}-opening"), page).await?;
    page.look_at_all(look).await?;
    shot(&format!("{name}-whole"), page).await?;
    page.look(look).await?;
    page.press("\u{e011}").await?; // Home
    page.is_at(0).await?;
    for step in 1..=end / 2 {
        page.press("\u{e014}").await?; // the arrow to the right
        page.is_at(step).await?;
    }
    complete(page).await?;
    shot(&format!("{name}-middle"), page).await?;
    for (button, dialog) in [("picker", "gallery"), ("share", "share-dialog"), ("keys", "help")] {
        page.click_top(button).await?;
        assert!(!page.text(dialog).await?.is_empty());
        shot(&format!("{name}-{dialog}"), page).await?;
        page.press("\u{e00c}").await?; // Escape
        page.has_no_dialog().await?;
    }
    for part in ["run", "next", "code", "verdict", "change"] {
        page.turn_to(part).await?;
        page.look_at_all(look).await?;
        shot(&format!("{name}-{part}"), page).await?;
        page.look(look).await?;
    }
    page.click("option-init_mm_switch").await?;
    page.verdict_is("safe").await?;
    complete(page).await?;
    page.perform("scrollTo(0, 0)").await?;
    shot(&format!("{name}-safe"), page).await?;
    page.open("/?embed").await?;
    page.has_opened().await?;
    shot(&format!("{name}-embed"), page).await
}

/// Takes pictures of moments of the tour and of challenges.
async fn lessons(page: &Visit, name: &str, look: Look) -> Outcome {
    for moment in ["lazy-tlb", "unsent-ipi", "walk", "barrier", "init-mm", "cost", "after"] {
        page.open(&format!("/#tour/{moment}")).await?;
        page.counter_when("the moment", |counter| counter.at > 0).await?;
        if moment == "barrier" {
            page.click("bet-no").await?;
            page.element("bet-answer").await?;
        }
        page.look_at_all(look).await?;
        shot(&format!("{name}-tour-{moment}"), page).await?;
        page.look(look).await?;
    }
    for challenge in ["lazy-walk", "cheapest", "mask-first"] {
        page.open(&format!("/#challenge/{challenge}")).await?;
        page.element("judgement").await?;
        shot(&format!("{name}-challenge-{challenge}"), page).await?;
    }
    page.click_top("challenges-open").await?;
    page.element("challenges").await?;
    shot(&format!("{name}-challenges"), page).await
}

#[test]
fn of_lessons() {
    flow("shots_of_lessons", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        lessons(&page, "wide-light", Look::WIDE).await?;
        page.look(Look::WIDE.dark()).await?;
        lessons(&page, "wide-dark", Look::WIDE.dark()).await
    });
}

#[test]
fn of_lessons_on_a_phone() {
    flow("shots_of_lessons_on_a_phone", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        lessons(&page, "phone-light", Look::PHONE).await
    });
}

/// Everything that a page is made of is there and says something.
async fn complete(page: &Visit) -> Outcome {
    for part in ["verdict", "caption", "step-counter", "stage", "cpu-0", "cpu-1", "choose"] {
        assert!(!page.text(part).await?.is_empty(), "{part} is empty");
    }
    let drawn: usize =
        page.run("return document.querySelectorAll('[data-testid=timeline] svg *').length").await?;
    assert!(drawn > 0, "the timeline is empty");
    Ok(())
}

#[test]
fn on_a_wide_screen() {
    flow("shots_on_a_wide_screen", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        album(&page, "wide-light", Look::WIDE).await
    });
}

#[test]
fn on_a_wide_screen_in_the_dark() {
    flow("shots_on_a_wide_screen_in_the_dark", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE.dark()).await?;
        album(&page, "wide-dark", Look::WIDE.dark()).await
    });
}

#[test]
fn on_a_phone() {
    flow("shots_on_a_phone", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        album(&page, "phone-light", Look::PHONE).await
    });
}

#[test]
fn on_a_phone_in_the_dark() {
    flow("shots_on_a_phone_in_the_dark", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE.dark()).await?;
        album(&page, "phone-dark", Look::PHONE.dark()).await
    });
}

/// Takes pictures of the costs, and of a round from a number of theirs, in the light and in the dark.
async fn costs(page: &Visit, name: &str, look: Look) -> Outcome {
    for (name, look) in [(format!("{name}-light"), look), (format!("{name}-dark"), look.dark())] {
        page.look(look).await?;
        page.turn_to("cost").await?;
        page.perform("document.querySelector('.cost').scrollIntoView()").await?;
        shot(&format!("{name}-costs"), page).await?;
        page.look_at_all(look).await?;
        shot(&format!("{name}-costs-whole"), page).await?;
        page.look(look).await?;
        page.perform("document.querySelector('[data-testid=cost-table] tbody td ~ td button').click()")
            .await?;
        page.element("clock-back").await?;
        shot(&format!("{name}-costs-round"), page).await?;
        page.perform("document.querySelector('.clock').scrollIntoView()").await?;
        shot(&format!("{name}-costs-clock"), page).await?;
    }
    Ok(())
}

#[test]
fn of_costs() {
    flow("shots_of_costs", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.opens_the_costs().await?;
        page.text_when("cost-answer", "which kernel is cheaper", |text| text.contains("costs less")).await?;
        page.text_when("cost-status", "all verdicts", |text| !text.contains("not been")).await?;
        let low = Look { width: 1280, height: 720, ..Look::WIDE };
        for (name, look) in [("wide", Look::WIDE), ("low", low), ("phone", Look::PHONE)] {
            costs(&page, name, look).await?;
        }
        Ok(())
    });
}
