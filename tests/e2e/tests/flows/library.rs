//! The library comes in a file of its own. Where it does not come, the page says so, and does all that needs no text of it.

use e2e::{Bench, Look, Outcome, Visit, flow};
use experiment::Experiment;
use link::View;

/// A host that does not answer when it is asked for the library, until somebody has it answer.
const WITHHOLD: &str = "() => { const ask = globalThis.fetch; globalThis.withheld = true;
    globalThis.fetch = (what, ...more) => String(what).includes('/library-') && globalThis.withheld
        ? Promise.reject(new TypeError('Failed to fetch')) : ask(what, ...more); }";

async fn says(page: &Visit, id: &str, words: &str) -> Outcome {
    page.text_when(id, words, |text| text.contains(words)).await.map(drop)
}

async fn answer_again(page: &Visit) -> Outcome {
    page.perform("globalThis.withheld = false").await
}

#[test]
fn the_page_opens_without_the_library_and_asks_again() {
    flow("the_page_opens_without_the_library_and_asks_again", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(WITHHOLD).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.verdict_is("reachable").await?;
        says(&page, "library", "could not be loaded: the host does not answer").await?;
        page.click("picker").await?;
        says(&page, "gallery", "could not be loaded: the host does not answer").await?;
        page.click("gallery-again").await?;
        says(&page, "gallery", "could not be loaded").await?;
        page.press("\u{e00c}").await?; // Escape
        // What leads into the library waits for it, and nothing else changes.
        let scenario =
            link::encode(&moment(&Experiment::library("lazy+munmap").expect("the library has it")));
        page.perform(&format!("location.hash = '#{scenario}'")).await?;
        says(&page, "picker", "lazy+unmap+andy").await?;
        page.click("library-again").await?;
        says(&page, "library", "could not be loaded").await?;
        answer_again(&page).await?;
        page.click("library-again").await?;
        says(&page, "picker", "lazy+munmap").await?;
        page.holds("that nothing is missing", "return !document.querySelector('[data-testid=library]')")
            .await?;
        page.text_when("policies-summary", "all kernels", |text| text.starts_with("The scenario runs on 2"))
            .await?;
        page.click("picker").await?;
        page.text_when("gallery", "the other scenarios", |text| text.contains("exit+exec+run")).await?;
        Ok(())
    });
}

fn moment(experiment: &Experiment) -> link::Link {
    let machine = experiment.compile().machine.expect("it compiles");
    link::moment(experiment, &machine, &explore::Trace::new(&machine), 0, View::default())
}

#[test]
fn a_link_into_the_library_waits_and_one_with_its_own_texts_does_not() {
    flow("a_link_into_the_library_waits_and_one_with_its_own_texts_does_not", async |bench: &Bench| {
        let library = Experiment::library("lazy+munmap").expect("the library has it");
        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(WITHHOLD).await?;
        page.open(&format!("/#{}", link::encode(&moment(&library)))).await?;
        says(&page, "no-library", "which could not be loaded: the host does not answer").await?;
        answer_again(&page).await?;
        page.click("library-again").await?;
        page.verdict_is("reachable").await?;
        says(&page, "picker", "lazy+munmap").await?;

        let page = bench.visitor(Look::WIDE).await?;
        page.prepare(WITHHOLD).await?;
        let kernel =
            library.kernel_text().expect("there is such a kernel").replacen("kernel \"", "kernel \"my ", 1);
        let scenario = library.scenario.replacen("use kernel \"", "use kernel \"my ", 1);
        let own = Experiment::new(scenario).with_kernel_text(kernel);
        page.open(&format!("/#{}", link::encode(&moment(&own)))).await?;
        page.verdict_is("reachable").await?;
        says(&page, "picker", "my linux-4.14-rc1").await?;
        says(&page, "library", "could not be loaded").await?;
        answer_again(&page).await?;
        page.click("library-again").await?;
        page.holds("that nothing is missing", "return !document.querySelector('[data-testid=library]')")
            .await?;
        Ok(())
    });
}

#[test]
fn a_frame_that_is_trusted_with_nothing_gets_the_library() {
    flow("a_frame_that_is_trusted_with_nothing_gets_the_library", async |bench: &Bench| {
        let library = Experiment::library("lazy+munmap").expect("the library has it");
        let address = format!("{}/?embed#{}", bench.site.origin, link::encode(&moment(&library)));
        let frame = format!(
            "<iframe src=\"{address}\" sandbox=\"allow-scripts\" title=\"A story\" width=\"900\" height=\"800\"></iframe>"
        );
        let blog = bench.blog(&frame).await?;
        let reader = bench.visitor(Look::WIDE).await?;
        reader.open(&blog.address).await?;
        reader.into_frame().await?;
        reader.verdict_is("reachable").await?;
        let files = bench.site.asked().into_iter().filter(|path| path.starts_with("/library-")).count();
        assert_eq!(files, 1, "it is asked for once, and the worker gets it from the page");
        Ok(())
    });
}
