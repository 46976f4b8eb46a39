//! On paper, and at four times the size.

use e2e::{Bench, Look, flow, visit};

#[test]
fn paper_gets_a_storyboard() {
    visit("paper_gets_a_storyboard", "/", async |page| {
        let steps = page.has_opened().await?.of;
        let (pages, pdf) = page.print("paper_gets_a_storyboard").await?;
        assert!(
            pages >= 1 && pages <= 1 + steps / 6,
            "{pages} pages for {steps} steps: look into {}",
            pdf.display()
        );
        // Nothing of it remains on the screen.
        page.holds("that it is gone", "return !document.querySelector('.storyboard')").await?;
        // The same without a printer: what is drawn for paper, and how wide.
        page.on_paper(true).await?;
        // Everything is there when the event ends: a browser waits for nothing else, and the reader may just have done
        // something that the page is still drawing.
        let (cells, wide, shown): (usize, bool, bool) = page
            .run(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }));
                 dispatchEvent(new Event('beforeprint'));
                 const board = document.querySelector('.storyboard');
                 return [board.querySelectorAll('li').length, board.scrollWidth > board.clientWidth + 1,
                         getComputedStyle(board.parentElement).display === 'block' && getComputedStyle(document.querySelector('main')).display === 'none']",
            )
            .await?;
        assert_eq!((cells, wide, shown), (steps, false, true));
        page.on_paper(false).await
    });
}

/// 1280 pixels at 400 % are 320: nothing of the page may be beside the screen (WCAG 1.4.10).
#[test]
fn four_times_the_size_needs_no_scrolling_sideways() {
    flow("four_times_the_size_needs_no_scrolling_sideways", async |bench: &Bench| {
        let page = bench.visitor(Look { width: 320, height: 256, hand: false, dark: false }).await?;
        for address in ["/", "/#tour/cost", "/#challenge/cheapest", "/?embed"] {
            page.open(address).await?;
            page.element("verdict").await?;
            page.holds(
                "that it is no wider than the screen",
                "const root = document.documentElement; return root.scrollWidth <= root.clientWidth || root.scrollWidth",
            )
            .await?;
        }
        Ok(())
    });
}
