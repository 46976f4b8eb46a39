//! At every size a page is seen at, light and dark: what can be clicked lies under nothing else, and what a step changes
//! is in view.

use e2e::{Bench, Look, Outcome, Visit, flow};
use lab::model::library::Library;
use lab::model::player::PlayerAct;
use lab::{Act, Lab};
use std::collections::BTreeSet;

/// Phones, tablets, and wide screens: sizes between the widths at which the layout changes (720, 900, 1100, 1400 and 1560 pixels), and
/// the widest that has the layout of a phone.
const SIZES: [(u32, u32); 13] = [
    (320, 568),
    (360, 640),
    (390, 844),
    (600, 960),
    (720, 900),
    (760, 900),
    (800, 600),
    (1040, 800),
    (1180, 820),
    (1280, 720),
    (1319, 900),
    (1440, 900),
    (1920, 1080),
];

/// Looks of these sizes: what is held in the hand is narrow.
fn looks() -> impl Iterator<Item = Look> {
    SIZES.into_iter().map(|(width, height)| Look { width, height, hand: width <= 720, dark: false })
}

/// Goes to each thing that can be clicked, as a browser does for whoever tabs or clicks there, and says what lies over
/// its middle. Then: which controls of time overlap, or spill.
const COVERED: &str = "
    const shows = e => e.checkVisibility() && e.getClientRects().length && !e.closest('.visually-hidden')
        && getComputedStyle(e).visibility === 'visible';
    const name = e => `${e.tagName} ${e.dataset.testid || e.getAttribute('class') || ''} '${(e.getAttribute('aria-label') || e.textContent).trim().slice(0, 24)}'`;
    const found = [];
    scrollTo(0, 0);
    for (const e of document.querySelectorAll('button, select, a[href], input, summary, li[tabindex]')) {
        // Points of two lines may lie on one another. They are in a list as well.
        if (!shows(e) || e.matches('.skip, .even > svg a')) continue;
        e.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const box = [...e.getClientRects()].find(box => box.width && box.height);
        if (!box) continue;
        const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const label = hit && hit.closest('label');
        if (!(hit && (e.contains(hit) || (label && label.contains(e)))))
            found.push(`${name(e)} lies under ${hit ? name(hit) : 'the edge'}`);
    }
    // On a phone the bars are fixed, and everything else scrolls below them.
    const fixed = getComputedStyle(document.querySelector('.transport')).position === 'fixed';
    const parts = [...document.querySelectorAll(fixed ? '.buttons, .scrub, .counter' : '.buttons, .scrub, .counter, .asks > *')].filter(shows);
    for (const a of parts) {
        if (a.scrollWidth > a.clientWidth + 1 && a.matches('.counter')) found.push(`${name(a)} spills`);
        for (const b of parts) {
            const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();
            const apart = p.right <= q.left + 1 || q.right <= p.left + 1 || p.bottom <= q.top + 1 || q.bottom <= p.top + 1;
            if (a !== b && !apart) found.push(`${name(a)} overlaps ${name(b)}`);
        }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide`);
    scrollTo(0, 0);
    return found";

/// Gives the window another size, as somebody does who drags its edge or turns a phone, and lets the page draw itself.
async fn resize(page: &Visit, look: Look) -> Outcome {
    page.look(look).await?;
    page.run::<Option<()>>(
        "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))",
    )
    .await?;
    Ok(())
}

/// Looks at a state of the page at every size; or, if it is a part that a wide page shows at all times, at the narrow ones.
async fn nothing_is_covered(page: &Visit, when: &str, found: &mut BTreeSet<String>) -> Outcome {
    // Colours move nothing: in the dark a phone, a tablet and a wide screen are enough.
    let all = looks().chain(looks().step_by(5).map(Look::dark));
    for look in all.filter(|look| look.hand || !PARTS.contains(&when)) {
        resize(page, look).await?;
        let size = format!("{}x{}{}", look.width, look.height, if look.dark { " dark" } else { "" });
        let covered: Vec<String> = page.run(COVERED).await?;
        found.extend(covered.into_iter().map(|covered| format!("{size}, {when}: {covered}")));
    }
    page.look(NARROW).await
}

fn none(found: &BTreeSet<String>) {
    assert!(found.is_empty(), "{}", found.iter().cloned().collect::<Vec<_>>().join("\n"));
}

/// What a narrow page shows one at a time, beside the machine.
const PARTS: [&str; 5] = ["run", "next", "change", "code", "verdict"];

/// A size at which it does.
const NARROW: Look = Look { width: 360, height: 640, hand: true, dark: false };

#[test]
fn nothing_lies_under_anything() {
    flow("nothing_lies_under_anything", async |bench: &Bench| {
        let page = bench.visitor(NARROW).await?;
        let mut found = BTreeSet::new();
        page.open("/").await?;
        page.has_opened().await?;
        page.element("code").await?;
        for part in PARTS {
            page.turn_to(part).await?;
            nothing_is_covered(&page, part, &mut found).await?;
        }
        page.turn_to("machine").await?;
        nothing_is_covered(&page, "the whole page", &mut found).await?;
        page.click("ask-why").await?;
        page.element("why").await?;
        nothing_is_covered(&page, "why", &mut found).await?;
        page.press("\u{e00c}").await?; // Escape
        page.click("necessary").await?;
        page.element("notice").await?;
        nothing_is_covered(&page, "a notice", &mut found).await?;
        page.open("/#tour/walk").await?;
        page.counter_when("the moment", |counter| counter.at > 0).await?;
        nothing_is_covered(&page, "the tour", &mut found).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        page.text_when("cost-status", "that all kernels have run", |text| {
            text.contains("kernels run this workload")
        })
        .await?;
        nothing_is_covered(&page, "the costs", &mut found).await?;
        page.open("/?embed").await?;
        page.has_opened().await?;
        nothing_is_covered(&page, "an embed", &mut found).await?;
        none(&found);
        Ok(())
    });
}

/// What of the stage is cut where there is room for all of it: actions on the cards, rows of caches, the kernel's variables.
const CUT: &str = "
    const found = [], box = e => e.getBoundingClientRect();
    for (const action of document.querySelectorAll('.can .action')) {
        const [a, row] = [box(action), box(action.parentElement)];
        if (a.left < row.left - 1 || a.right > row.right + 1) found.push(`the action ${action.textContent}`);
    }
    for (const part of document.querySelectorAll('.cpu .cache .row :is(.key, .is, .word)'))
        if (part.scrollWidth > part.clientWidth + 1) found.push(`${part.textContent} in ${part.closest('.row').title}`);
    const [kernel, time] = [document.querySelector('.shared'), document.querySelector('.time')].map(box);
    if (kernel.bottom > time.top + 1 && kernel.top < time.bottom) found.push(`the kernel, ${kernel.bottom - time.top} pixels of it`);
    return found";

/// On screens that are magnified: the bar of the controls lies over the verdict, and not below it.
#[test]
fn the_controls_lie_over_the_verdict() {
    flow("the_controls_lie_over_the_verdict", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        for (width, height) in [(721, 480), (768, 432), (800, 450), (900, 450)] {
            resize(&page, Look { width, height, ..Look::WIDE }).await?;
            let free: bool = page
                .run(
                    "const box = document.querySelector('.buttons .play').getBoundingClientRect(); \
                     const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2); \
                     return !hit || !!hit.closest('.time')",
                )
                .await?;
            assert!(free, "{width}x{height}");
        }
        // A phone on its side: there nothing stays at an edge, and the controls stand before what they tell.
        resize(&page, Look { width: 844, height: 390, ..Look::WIDE }).await?;
        let first: bool = page
            .run(
                "const [play, sentence] = ['.buttons .play', '.caption'].map(it => document.querySelector(it).getBoundingClientRect()); \
                 return play.bottom <= innerHeight && play.bottom <= sentence.top + 8",
            )
            .await?;
        assert!(first, "844x390");
        Ok(())
    });
}

#[test]
fn a_wide_screen_shows_the_cards_whole() {
    flow("a_wide_screen_shows_the_cards_whole", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let mut found = BTreeSet::new();
        page.open("/").await?;
        page.has_opened().await?;
        for look in looks().filter(|look| look.width >= 1100) {
            resize(&page, look).await?;
            let cut: Vec<String> = page.run(CUT).await?;
            found.extend(cut.into_iter().map(|cut| format!("{}x{}: {cut}", look.width, look.height)));
        }
        none(&found);
        Ok(())
    });
}

/// Addresses in caches that are cut, however little.
const ADDRESSES: &str = "
    const range = document.createRange();
    return [...document.querySelectorAll('.cpu .cache:not(:has(.variables)) .row .key')].filter(key => {
        range.selectNodeContents(key);
        return range.getBoundingClientRect().width > key.getBoundingClientRect().width + 0.02;
    }).map(key => key.textContent)";

#[test]
fn a_wide_screen_shows_the_addresses_of_guests_whole() {
    flow("a_wide_screen_shows_the_addresses_of_guests_whole", async |bench: &Bench| {
        let address = beginning_of("kvm+unmap");
        let page = bench.visitor(Look::WIDE).await?;
        let mut found = BTreeSet::new();
        page.open(&address).await?;
        page.verdict_is("reachable").await?;
        page.click("show-me").await?;
        page.click("end").await?;
        page.counter_when("the end", |counter| counter.of > 0 && counter.at == counter.of).await?;
        let rows: usize =
            page.run("return document.querySelectorAll('.cpu .cache .row .key').length").await?;
        assert!(rows > 8, "{rows} entries");
        for look in looks().filter(|look| look.width >= 1100) {
            resize(&page, look).await?;
            let cut: Vec<String> = page.run(ADDRESSES).await?;
            found.extend(cut.into_iter().map(|cut| format!("{}x{}: {cut}", look.width, look.height)));
        }
        none(&found);
        Ok(())
    });
}

#[test]
fn a_phone_shows_each_sentence_whole() {
    flow("a_phone_shows_each_sentence_whole", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        let mut found = BTreeSet::new();
        page.open("/").await?;
        let end = page.has_opened().await?.of;
        for step in (0..=end).rev() {
            page.is_at(step).await?;
            for look in looks().filter(|look| look.hand) {
                page.look(look).await?;
                let over: i32 = page
                    .run(
                        "const box = name => document.querySelector(name).getBoundingClientRect(); \
                         return Math.round(box('.caption .sentence').bottom - box('.caption').bottom)",
                    )
                    .await?;
                if over > 0 {
                    found.insert(format!("{}x{}, step {step}: {over} pixels", look.width, look.height));
                }
            }
            page.press("\u{e012}").await?; // the arrow to the left
        }
        none(&found);
        Ok(())
    });
}

/// What of the stage has changed in this step and can't be seen: what lies over its middle, if that is not within it.
const UNSEEN: &str = "
    const changed = '.stage :is(.row, .register, .tile):is(.changed, .added, .corrupt.changed)';
    return [...document.querySelectorAll(changed)].filter(e => e.checkVisibility()).filter(e => {
        const box = e.getBoundingClientRect();
        const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return !(hit && (e.contains(hit) || hit.contains(e) && hit.closest('.tile, .cpu')));
    }).map(e => e.dataset.id)";

/// Waits until all of it is seen: the page scrolls when it has been drawn.
async fn in_view(page: &Visit, what: &str) -> Outcome {
    page.holds(what, &format!("return (() => {{ {UNSEEN} }})().length === 0")).await
}

#[test]
fn what_a_step_changes_is_in_view() {
    flow("what_a_step_changes_is_in_view", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        // Lower screens can't show cards and memory at once.
        page.open("/").await?;
        let end = page.has_opened().await?.of;
        for look in looks().filter(|look| look.width > 900 || look.height > 840) {
            resize(&page, look).await?;
            page.press("\u{e011}").await?; // Home
            page.is_at(0).await?;
            for step in 1..=end {
                page.press("\u{e014}").await?; // the arrow to the right
                page.is_at(step).await?;
                in_view(&page, &format!("what step {step} changes at {}x{}", look.width, look.height))
                    .await?;
            }
        }
        Ok(())
    });
}

/// An address that leads to a moment shows what has changed there, too: a variable of the kernel, which lies below the bar at first.
#[test]
fn a_link_arrives_where_its_moment_has_changed_something() {
    flow("a_link_arrives_where_its_moment_has_changed_something", async |bench: &Bench| {
        let lab = Lab::open(None).expect("a scenario compiles").after(Act::Library(Library::Here));
        let lab = lab.after(Act::Open("poke+poke".to_owned())).after(Act::Play(PlayerAct::To(9)));
        let page = bench.visitor(Look { width: 1440, height: 900, ..Look::WIDE }).await?;
        page.open(&format!("/#{}", lab.link())).await?;
        page.is_at(9).await?;
        page.holds("something new", "return !!document.querySelector('.shared .changed')").await?;
        in_view(&page, "what the moment has changed").await
    });
}

/// An explanation takes the room that is left, and no more: what its step has changed stays in view, and where there is room it does not
/// scroll.
#[test]
fn an_explanation_covers_nothing_that_it_is_about() {
    flow("an_explanation_covers_nothing_that_it_is_about", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        let end = page.has_opened().await?.of;
        for (width, height) in [(1440, 900), (1280, 720), (1100, 700), (1440, 1200)] {
            resize(&page, Look { width, height, ..Look::WIDE }).await?;
            page.perform("scrollTo(0, 0)").await?;
            page.press("\u{e010}w").await?; // End, W
            page.is_at(end).await?;
            page.element("why").await?;
            in_view(&page, &format!("what step {end} has changed at {width}x{height}")).await?;
            let (seen, all): (i32, i32) = page
                .run("const list = document.querySelector('.why ol'); return [list.clientHeight, list.scrollHeight]")
                .await?;
            assert!(seen >= 120 && (height < 1000 || seen == all), "{seen} of {all} at {width}x{height}");
            page.press("\u{e00c}").await?; // Escape
        }
        Ok(())
    });
}

/// What of a card has changed in this step and is cut.
const SHORTENED: &str = "
    const changed = '.cpu .cache .row:is(.changed, .added) :is(.key, .is, .word)';
    return [...document.querySelectorAll(changed)].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.textContent)";

/// A translation that becomes outdated has much to say in one row; it lies over what stands beside it.
#[test]
fn what_a_step_changes_on_a_card_is_not_cut() {
    flow("what_a_step_changes_on_a_card_is_not_cut", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let mut found = BTreeSet::new();
        for slug in ["xen+wrap", "freebsd+munmap"] {
            let end = open_run(&page, slug).await?;
            page.press("\u{e010}").await?; // End
            let mut at = end;
            page.is_at(at).await?;
            while !page.run::<bool>("return !!document.querySelector('.cpu .row.changed .word')").await? {
                assert!(at > 0, "{slug}: no entry of a cache becomes outdated");
                at -= 1;
                page.press("\u{e012}").await?; // the arrow to the left
                page.is_at(at).await?;
            }
            for (width, height) in [(1440, 900), (1280, 720)] {
                resize(&page, Look { width, height, ..Look::WIDE }).await?;
                let cut: Vec<String> = page.run(SHORTENED).await?;
                found.extend(cut.into_iter().map(|cut| format!("{width}x{height}, {slug}: {cut}")));
            }
        }
        none(&found);
        Ok(())
    });
}

/// An address that leads to the beginning of a scenario of the library, with a run that it can take.
fn beginning_of(slug: &str) -> String {
    let lab = Lab::open(None).expect("a scenario compiles").after(Act::Library(Library::Here));
    format!("/#{}", lab.after(Act::Open(slug.to_owned())).link())
}

/// Opens a scenario, and the shortest way to its violation if there is one. Gives the number of steps.
async fn open_run(page: &Visit, slug: &str) -> Outcome<usize> {
    page.open(&beginning_of(slug)).await?;
    page.holds(
        "a verdict",
        "const verdict = document.querySelector('[data-testid=verdict]'); return !!verdict && verdict.dataset.mood !== 'working'",
    )
    .await?;
    if page.has("show-me").await? {
        page.click("show-me").await?;
        page.counter_when("the run", |counter| counter.of > 0 && counter.at == counter.of).await?;
    }
    page.press("\u{e011}").await?; // Home
    Ok(page.is_at(0).await?.of)
}

/// Scenarios with tall pictures.
#[test]
fn what_a_step_changes_is_in_view_in_tall_pictures() {
    flow("what_a_step_changes_is_in_view_in_tall_pictures", async |bench: &Bench| {
        let page = bench.visitor(Look { width: 1280, height: 720, ..Look::WIDE }).await?;
        for slug in ["kvm+unmap", "latr+munmap", "return+zap+zap", "nested+vpid", "lazy+return+munmap"] {
            let end = open_run(&page, slug).await?;
            for step in 1..=end {
                page.press("\u{e014}").await?; // the arrow to the right
                page.is_at(step).await?;
                in_view(&page, &format!("what step {step} of {slug} changes")).await?;
            }
        }
        Ok(())
    });
}

/// Words on the stage that run out of the card or the page that they are about. What is cut off shows three dots. News in memory lie
/// over what is beside them until the next step: they run out of no more than the memory.
const OUTSIDE: &str = "
    const found = [], range = document.createRange();
    const news = '.memory :is(.row, .owner):is(:has(.was), .added, .removed, .changed)';
    for (const card of document.querySelectorAll('.cpu, .tile, .shared')) {
        const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            const parent = text.parentElement;
            if (!text.data.trim() || parent.closest('.danger, .flag, .visually-hidden, .term > p') || !parent.checkVisibility({ visibilityProperty: true })) continue;
            const edge = (parent.closest(news)?.closest('.memory') ?? card).getBoundingClientRect();
            range.selectNodeContents(text);
            const seen = range.getBoundingClientRect();
            let { left, right, top, bottom } = seen;
            for (let e = parent; e !== card; e = e.parentElement)
                if (getComputedStyle(e).overflowX !== 'visible') {
                    const clip = e.getBoundingClientRect();
                    [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
                    [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
                }
            if (left < right && (left < edge.left - 1 || right > edge.right + 1 || top < edge.top - 1 || bottom > edge.bottom + 1))
                found.push(`'${text.data}' of ${card.dataset.id || 'the kernel'}`);
        }
    }
    return found";

#[test]
fn nothing_runs_out_of_its_card() {
    flow("nothing_runs_out_of_its_card", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        let mut found = BTreeSet::new();
        for slug in ["lazy+unmap+andy", "kvm+unmap"] {
            let end = open_run(&page, slug).await?;
            for step in 0..=end {
                page.is_at(step).await?;
                for (width, height, hand) in
                    [(1440, 900, false), (1280, 720, false), (800, 600, false), (360, 740, true)]
                {
                    page.look(Look { width, height, hand, dark: false }).await?;
                    let outside: Vec<String> = page.run(OUTSIDE).await?;
                    let told = |what| format!("{width}x{height}, {slug}, step {step}: {what}");
                    found.extend(outside.into_iter().map(told));
                }
                page.press("\u{e014}").await?; // the arrow to the right
            }
        }
        none(&found);
        Ok(())
    });
}

/// What is cut of news, in memory and on cards, and the PCIDs beside them.
const CUT_NEWS: &str = "
    const news = '.stage :is(.row, .register, .owner):is(:has(.was), .added, .changed) :is(.key, .is), .cache .tag, .position .function';
    return [...document.querySelectorAll(news)].filter(e => e.checkVisibility() && e.clientWidth && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)";

#[test]
fn no_news_of_the_tour_are_cut() {
    flow("no_news_of_the_tour_are_cut", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        for moment in ["lazy-tlb", "init-mm", "cost"] {
            page.open(&format!("/#tour/{moment}")).await?;
            page.counter_when("the moment", |counter| counter.at > 0).await?;
            for (width, height) in [(1440, 900), (1280, 720)] {
                resize(&page, Look { width, height, ..Look::WIDE }).await?;
                page.holds(
                    &format!("nothing cut at {moment}, {width}x{height}"),
                    &format!("return (() => {{ {CUT_NEWS} }})().length === 0"),
                )
                .await?;
            }
        }
        Ok(())
    });
}

/// Where the bytes are that the tour speaks of.
const BYTES: &str = "
    const row = [...document.querySelectorAll('.tile .row')].find(row => row.textContent.includes('andy'));
    const box = row.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const whole = [...row.querySelectorAll('.is, .was')].every(e => e.scrollWidth <= e.clientWidth + 1);
    return whole && !!hit && row.contains(hit)";

#[test]
fn the_bytes_that_the_tour_speaks_of_are_in_view() {
    flow("the_bytes_that_the_tour_speaks_of_are_in_view", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        for look in looks().filter(|look| look.width >= 1100) {
            page.look(look).await?;
            page.open("/#tour/walk").await?;
            page.counter_when("the moment", |counter| counter.at > 0).await?;
            let seen: bool = page.run(BYTES).await?;
            assert!(seen, "{}x{}: \"andy\" is not in view", look.width, look.height);
        }
        Ok(())
    });
}

#[test]
fn on_a_phone_the_tour_opens_in_view() {
    flow("on_a_phone_the_tour_opens_in_view", async |bench: &Bench| {
        let look = Look { width: 360, height: 640, hand: true, dark: false };
        let page = bench.visitor(look).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.turn_to("change").await?;
        page.perform("scrollTo(0, 400)").await?;
        page.click_top("tour").await?;
        page.holds(
            "what the tour tells, in view",
            "const box = document.querySelector('[data-testid=tour-text]').getBoundingClientRect(); \
             const hit = document.elementFromPoint(box.left + 60, box.top + 10); \
             return !!hit && !!hit.closest('[data-testid=tour-text]')",
        )
        .await
    });
}

/// However long its text is: the picture begins on the same screen, and the text at its beginning.
#[test]
fn on_a_phone_each_moment_of_the_tour_shows_its_picture() {
    flow("on_a_phone_each_moment_of_the_tour_shows_its_picture", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        for moment in ["init-mm", "cost", "after"] {
            page.open(&format!("/#tour/{moment}")).await?;
            page.counter_when("the moment", |counter| counter.at > 0).await?;
            page.holds(
                &format!("memory at {moment}"),
                "const bar = document.querySelector('.transport').getBoundingClientRect().top; \
                 return document.querySelector('[data-testid=tour-text]').scrollTop === 0 \
                     && [...document.querySelectorAll('.tile')].filter(tile => tile.getBoundingClientRect().bottom <= bar).length >= 2",
            )
            .await?;
            page.perform("document.querySelector('[data-testid=tour-text]').scrollTo(0, 50)").await?;
        }
        Ok(())
    });
}

#[test]
fn a_rule_opens_in_view_and_its_chip_stays() {
    flow("a_rule_opens_in_view_and_its_chip_stays", async |bench: &Bench| {
        let page = bench.visitor(Look::WIDE).await?;
        page.open("/").await?;
        page.has_opened().await?;
        for look in looks().step_by(2) {
            resize(&page, look).await?;
            let size = format!("{}x{}", look.width, look.height);
            let chip = page.browser_element(".law:last-of-type").await?;
            chip.scroll_into_view().await?;
            let place =
                "const b = document.querySelector('.law').getBoundingClientRect(); return [b.left, b.width]";
            let before: (f64, f64) = page.run(place).await?;
            page.point_at(&page.browser_element(".law").await?).await?;
            let after: (f64, f64) = page.run(place).await?;
            assert_eq!(before, after, "{size}: the chip flees the pointer");
            page.click_at(&page.browser_element(".law").await?).await?;
            page.holds(
                "the rule, all of it in view",
                "const text = document.querySelector('.law-text:popover-open'); if (!text) return false; \
                 const b = text.getBoundingClientRect(); \
                 return b.left >= 0 && b.top >= 0 && b.right <= innerWidth && b.bottom <= innerHeight && b.height > 60",
            )
            .await?;
            page.press("\u{e00c}").await?; // Escape
            page.holds("no rule", "return !document.querySelector('.law-text:popover-open')").await?;
        }
        Ok(())
    });
}

#[test]
fn no_line_ends_where_nothing_is() {
    flow("no_line_ends_where_nothing_is", async |bench: &Bench| {
        let page = bench.visitor(Look::PHONE).await?;
        page.open("/").await?;
        let end = page.has_opened().await?.of;
        // The corner of the page is above the stage and left of it.
        let corner = "return [...document.querySelectorAll('.overlay path')].map(e => e.getBBox()) \
            .filter(b => b.x < -20 || b.y < -20).map(b => `${b.x}, ${b.y}`)";
        for step in (0..end).rev() {
            page.press("\u{e012}").await?; // the arrow to the left
            page.is_at(step).await?;
            let lines: Vec<String> = page.run(corner).await?;
            assert!(lines.is_empty(), "step {step}: {lines:?}");
        }
        Ok(())
    });
}
