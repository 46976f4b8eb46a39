//! The page of kernels side by side: which two, from the address and from the lists; their verdicts, which lead to the laboratory; and
//! their texts.

use e2e::{Look, Outcome, Visit, visit};

/// The words of the page, when it has been drawn.
async fn drawn(page: &Visit, old: &str, new: &str) -> Outcome<String> {
    page.holds(
        &format!("{old} beside {new}"),
        &format!(
            "return document.title.startsWith({:?}) && !!document.querySelector('.lines')",
            format!("{old} and {new}, ")
        ),
    )
    .await?;
    page.run("return document.getElementById('place').textContent").await
}

#[test]
fn two_kernels_are_read_side_by_side() {
    visit("two_kernels_are_read_side_by_side", "/kernels.html#linux-4.20", async |page| {
        // One kernel is compared with the one before it.
        let words = drawn(page, "linux-4.14", "linux-4.20").await?;
        assert!(words.contains("The verdicts differ on ") && words.contains(" the same in both"), "{words}");
        let found = page.barriers("body", false).await?;
        assert!(found.is_empty(), "{}", found.join("\n"));
        // Lines that both have come when somebody asks for them.
        let hidden = "return document.querySelectorAll('.lines tbody[hidden]').length";
        let before: usize = page.run(hidden).await?;
        page.browser_element(".fold button").await?.click().await?;
        assert_eq!(page.run::<usize>(hidden).await?, before - 1);
        // Another one, from the list, is in the address, and so is the way back.
        page.perform(
            "const list = document.getElementById('old'); list.value = 'linux-4.13'; list.dispatchEvent(new Event('change'))",
        )
        .await?;
        drawn(page, "linux-4.13", "linux-4.20").await?;
        assert!(page.address().await?.ends_with("#linux-4.13..linux-4.20"));
        page.perform("history.back()").await?;
        drawn(page, "linux-4.14", "linux-4.20").await?;
        // On a phone it is one column, and nothing is wider than the screen.
        page.look(Look::PHONE).await?;
        page.holds(
            "one column",
            "const [old, , next] = document.querySelectorAll('.lines tr:not(.both) td.gone, .lines tr:not(.both) td.came'); \
             return document.documentElement.scrollWidth <= innerWidth && old.getBoundingClientRect().left === next.getBoundingClientRect().left",
        )
        .await?;
        page.look(Look::WIDE).await?;
        // A verdict leads to its scenario, on its kernel.
        page.perform("document.querySelector('.verdicts td[data-on=\"linux-4.14\"] a').click()").await?;
        page.text_when("tab-1", "the kernel", |text| text.starts_with("linux-4.14")).await?;
        page.element("verdict").await?;
        Ok(())
    });
}

#[test]
fn a_kernel_leads_to_what_it_is_compared_with() {
    visit("a_kernel_leads_to_what_it_is_compared_with", "/", async |page| {
        page.has_opened().await?;
        page.click("tab-1").await?;
        let link: String =
            page.run("return document.querySelector('[data-testid=side-by-side]').href").await?;
        assert!(link.ends_with("/kernels.html#lab"), "{link}");
        // The list of scenarios has a picture of each, in the colours of the page.
        page.click("picker").await?;
        let drawn = "const all = [...document.querySelectorAll('[data-testid=gallery] li svg use')]; \
            return all.length > 100 && all.slice(0, 4).every(use => use.getBBox().width > 100)";
        page.holds("the pictures", drawn).await
    });
}
