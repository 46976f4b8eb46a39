//! The page on a projector, and the run as on paper.

use e2e::{Bench, Look, Outcome, Visit, flow, visit};

const PAGE_DOWN: &str = "\u{e00f}";
const PAGE_UP: &str = "\u{e00e}";
const ESCAPE: &str = "\u{e00c}";

/// Waits until all that an audience has to see is on the screen: the memory above the CPUs, what the moment of the tour says, the
/// sentence whole, and nothing that scrolls.
async fn fits(page: &Visit) -> Outcome {
    page.when_empty(
        "that all is in view",
        "const box = selector => document.querySelector(selector)?.getBoundingClientRect(); \
         const root = document.documentElement, out = []; \
         if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) out.push('the page scrolls'); \
         for (const selector of ['.stage .memory', '.stage .cpus', '.lesson .prose', '.caption .sentence']) { \
             const found = box(selector); \
             if (!found || found.width < 100 || found.top < 0 || found.bottom > innerHeight + 1 || found.right > innerWidth + 1) out.push(selector) } \
         if (box('.stage .memory').top > box('.stage .cpus').top) out.push('memory is not first'); \
         const stage = document.querySelector('.stage'); \
         if (stage.scrollHeight > stage.clientHeight + 1) out.push('the machine is cut off'); \
         const lesson = document.querySelector('.lesson'); \
         if (lesson.scrollHeight > lesson.clientHeight + 1) out.push('what the moment says is cut off'); \
         const said = document.querySelector('.caption .sentence'); \
         if (said.scrollHeight > said.clientHeight + 2) out.push('the sentence is cut off'); \
         return out.join(', ')",
    )
    .await
}

/// Waits until the letters of a moment can be read from afar, and nothing in the machine's frames is cut off.
async fn legible(page: &Visit) -> Outcome {
    page.when_empty(
        "that all can be read",
        "const seen = selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()); \
         return [...seen('.lesson :is(p, td, th)').filter(e => parseFloat(getComputedStyle(e).fontSize) < 15), \
                 ...seen('.pin').filter(e => e.scrollWidth > e.clientWidth + 1)].map(e => e.textContent).join(', ')",
    )
    .await
}

#[test]
fn a_clicker_goes_through_the_tour_on_three_projectors() {
    flow("a_clicker_goes_through_the_tour_on_three_projectors", async |bench: &Bench| {
        for (width, height) in [(1280, 720), (1024, 768), (1920, 1080)] {
            let page = bench.visitor(Look { width, height, ..Look::WIDE }).await?;
            page.open("/?present#tour/lazy-tlb").await?;
            let mut at = page.counter_when("the moment", |counter| counter.at > 0).await?;
            fits(&page).await?;
            page.press(PAGE_UP).await?;
            page.is_at(at.at - 1).await?;
            page.press(PAGE_DOWN).await?;
            // To the end of the run, and on to the next moment.
            while at.at < at.of {
                page.press(PAGE_DOWN).await?;
                at = page.is_at(at.at + 1).await?;
                fits(&page).await?;
            }
            page.link_in_address().await?;
            page.press(PAGE_DOWN).await?;
            page.holds("the next moment", "return location.hash === '#tour/cached-pointer'").await?;
            fits(&page).await?;
            // The browser's Back leads to the moment that was left, with what the reader had done there.
            page.go_back().await?;
            page.is_at(at.of).await?;
            page.holds(
                "the tour",
                "return document.querySelector('[data-testid=tour-panel] [aria-current=step]').textContent === '1'",
            )
            .await?;
            page.holds("its link alone in the address", "return location.hash.startsWith('#1.')").await?;
        }
        Ok(())
    });
}

/// An audience bets, and reads the answer.
#[test]
fn an_audience_bets() {
    flow("an_audience_bets", async |bench: &Bench| {
        let page = bench.visitor(Look { width: 1280, height: 720, ..Look::WIDE }).await?;
        page.open("/?present#tour/barrier").await?;
        let at = page.counter_when("the moment", |counter| counter.at > 0).await?;
        fits(&page).await?;
        // A clicker's key shows the answer, and leads nowhere before.
        page.press(PAGE_DOWN).await?;
        page.text_when("bet-answer", "the answer without a bet", |text| {
            text.starts_with("The explorer has tried")
        })
        .await?;
        page.in_view("[data-testid=bet-answer]").await?;
        fits(&page).await?;
        page.is_at(at.at).await?;
        page.press(PAGE_DOWN).await?;
        page.is_at(at.at + 1).await?;
        page.click("bet-yes").await?;
        page.text_when("bet-answer", "the answer to the bet", |text| text.starts_with("You were right"))
            .await?;
        page.in_view("[data-testid=bet-answer]").await?;
        fits(&page).await?;
        page.open("/?present#tour/cost").await?;
        page.counter_when("the moment", |counter| counter.at > 0).await?;
        for look in
            [Look { width: 1280, height: 720, ..Look::WIDE }, Look { width: 1024, height: 768, ..Look::WIDE }]
        {
            page.look(look).await?;
            fits(&page).await?;
            legible(&page).await?;
        }
        // On a phone the moment has a place of its own.
        page.look(Look::PHONE).await?;
        page.in_view(".lesson h2").await?;
        page.in_view(".caption .sentence").await
    });
}

#[test]
fn it_is_black_on_request_and_leaves_by_key_and_by_button() {
    visit("it_is_black_on_request_and_leaves_by_key_and_by_button", "/", async |page| {
        let end = page.has_opened().await?.of;
        page.press("p").await?;
        page.holds(
            "the mode, and the address",
            "return !!document.querySelector('.presented') && location.search === '?present'",
        )
        .await?;
        page.press("b").await?;
        page.element("black").await?;
        // Whatever is pressed brings the picture back, and does nothing else.
        page.press(PAGE_UP).await?;
        page.holds("the picture", "return !document.querySelector('[data-testid=black]')").await?;
        page.is_at(end).await?;
        page.press(PAGE_UP).await?;
        page.is_at(end - 1).await?;
        page.press(ESCAPE).await?;
        page.holds(
            "the whole page",
            "return !document.querySelector('.presented') && location.search === ''",
        )
        .await?;
        // By pointer.
        page.click_top("present-open").await?;
        page.click("present-back").await?;
        page.is_at(end - 2).await?;
        page.click("present-on").await?;
        page.is_at(end - 1).await?;
        page.click("present-leave").await?;
        page.holds(
            "the whole page",
            "return !document.querySelector('.presented') && !document.querySelector('.stage').style.zoom",
        )
        .await
    });
}

/// The address says whether the page is for a projector, and keeps what else it says.
#[test]
fn the_address_keeps_its_theme_and_leads_back() {
    visit("the_address_keeps_its_theme_and_leads_back", "/?theme=dark#tour/lazy-tlb", async |page| {
        page.counter_when("the moment", |counter| counter.at > 0).await?;
        let is = |search: &str, presented: bool| {
            format!(
                "return location.search === '{search}' && !!document.querySelector('.presented') === {presented} \
                 && document.documentElement.dataset.theme === 'dark'"
            )
        };
        page.holds("the whole page", &is("?theme=dark", false)).await?;
        page.press("p").await?;
        page.holds("the projector", &is("?theme=dark&present", true)).await?;
        page.press(ESCAPE).await?;
        page.holds("the whole page", &is("?theme=dark", false)).await?;
        // The moment after it, on the projector; then back, to the page as it was.
        page.perform("location.hash = '#tour/cached-pointer'").await?;
        page.counter_when("the next moment", |counter| counter.at > 0).await?;
        page.press("p").await?;
        page.holds("the projector", &is("?theme=dark&present", true)).await?;
        page.go_back().await?;
        page.holds("the page as it was", &is("?theme=dark", false)).await
    });
}

/// On paper is the storyboard, whatever is on the screen.
#[test]
fn paper_is_the_same_while_the_page_is_on_a_projector() {
    visit("paper_is_the_same_while_the_page_is_on_a_projector", "/?present", async |page| {
        let steps = page.has_opened().await?.of;
        page.press("b").await?;
        page.element("black").await?;
        page.on_paper(true).await?;
        page.run::<Option<()>>("dispatchEvent(new Event('beforeprint'))").await?;
        page.holds(
            "the storyboard, and nothing else",
            &format!(
                "const board = document.querySelector('.storyboard'); \
                 const others = [...document.querySelector('.page').children].filter(e => e !== board && e.checkVisibility() && e.getBoundingClientRect().height > 0 && getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)'); \
                 return board.querySelectorAll('li').length === {steps} && board.checkVisibility() \
                     && !document.querySelector('main').checkVisibility() && others.length === 0 \
                     && getComputedStyle(document.querySelector('.page')).overflow === 'visible'"
            ),
        )
        .await?;
        page.on_paper(false).await
    });
}

#[test]
fn the_storyboard_is_a_page_with_its_link() {
    flow("the_storyboard_is_a_page_with_its_link", async |bench: &Bench| {
        for look in [Look::WIDE, Look::PHONE] {
            let page = bench.visitor(look).await?;
            page.open("/").await?;
            let steps = page.has_opened().await?.of;
            page.click_top("board-open").await?;
            page.element("board").await?;
            let (cells, link, said, wide): (usize, String, String, bool) = page
                .run(
                    "const board = document.querySelector('[data-testid=board]'), link = board.querySelector('.link-line a'); \
                     return [board.querySelectorAll('li').length, link.href, link.textContent, \
                             document.documentElement.scrollWidth > innerWidth]",
                )
                .await?;
            assert_eq!((cells, wide), (steps, false));
            assert_eq!(link, said, "on paper one reads the address");
            let other = bench.visitor(look).await?;
            other.open(&link).await?;
            other.is_at(steps).await?;
            page.press(ESCAPE).await?;
            page.element("stage").await?;
            page.click_top("board-open").await?;
            page.click("board-back").await?;
            page.element("stage").await?;
        }
        Ok(())
    });
}
