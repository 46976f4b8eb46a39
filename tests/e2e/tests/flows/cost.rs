//! What it costs: the question of the thread, answered on the page by pointer and by keyboard.

use cost::Per;
use e2e::{Bench, By, Look, Outcome, Visit, flow, shot, visit};
use lab::model::jobs::Purpose;
use lab::model::timed::TimedAct;
use lab::view::timed::table::{CostRow, CostTable};
use lab::{Act, Lab};
use protocol::{Server, ToExplorer, from_bytes, to_bytes};

/// Waits until every kernel has run.
async fn has_run(page: &Visit) -> Outcome<String> {
    page.text_when("cost-status", "that all kernels have run", |text| {
        text.contains("kernels run this workload")
    })
    .await
}

/// Waits for an answer of the picture.
async fn answers(page: &Visit, what: &str, answer: &str) -> Outcome<String> {
    page.text_when("cost-answer", what, |text| text.contains(answer)).await
}

/// What a row says in the first column of numbers: all that the scheme costs, in hundredths of a percent.
async fn load(page: &Visit, kernel: &str) -> Outcome<u64> {
    let text: String = page
        .run(&format!(
            "return [...document.querySelectorAll('[data-testid=cost-table] tbody tr')]\
             .find(row => row.querySelector('th').textContent === '{kernel}').children[2].textContent"
        ))
        .await?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    Ok(digits.parse().expect("a number"))
}

/// The kernels, from the top.
async fn order(page: &Visit) -> Outcome<Vec<String>> {
    page.run("return [...document.querySelectorAll('[data-testid=cost-table] tbody th')].map(head => head.textContent)")
        .await
}

/// Waits until the reader is where something was put on the stage: at a cell in the row of a kernel.
async fn is_led_back(page: &Visit, kernel: &str, cell: usize) -> Outcome {
    page.holds(
        "the place in the table",
        &format!(
            "const cell = document.activeElement.closest('[data-testid=cost-table] tbody :is(td, th)'); \
             return cell?.cellIndex === {cell} && cell.parentElement.children[0].textContent === '{kernel}'"
        ),
    )
    .await?;
    page.in_view("#cost-came").await
}

/// Chooses from a list by its words.
async fn choose(page: &Visit, menu: &str, name: &str) -> Outcome {
    page.perform(&format!(
        "const menu = document.querySelector('[data-testid={menu}]'); \
         menu.value = [...menu.options].find(option => option.textContent === '{name}').value; \
         menu.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await
}

#[test]
fn the_question_of_the_thread_in_a_minute() {
    visit("the_question_of_the_thread_in_a_minute", "/", async |page| {
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        let status = has_run(page).await?;
        assert!(status.starts_with("13 kernels"), "{status}");
        // The cheapest is at the top; lazy without IPIs is cheaper than the init_mm switch, and broken.
        assert!(load(page, "init_mm switch").await? < load(page, "linux-4.13").await?);
        let answer = answers(page, "which of the two is cheaper", "costs less than").await?;
        assert!(answer.starts_with("init_mm switch costs less than linux-4.13"), "{answer}");
        page.text_when("cost-guesses", "which guesses decide", |text| text.starts_with("At ")).await?;
        let over: i32 = page
            .run("const table = document.querySelector('.cost .sideways'); return table.scrollWidth - table.clientWidth")
            .await?;
        assert!(over <= 0, "the table is {over} pixels wider than its place on a wide screen");
        // Each number and each head is in its own column, and there is room beside it.
        let crossing: Vec<String> = page
            .run(
                "const text = (cell) => { const range = document.createRange(); range.selectNodeContents(cell.querySelector('button') || cell); return range.getBoundingClientRect(); };
                 const rows = [...document.querySelectorAll('[data-testid=cost-table] :is(tbody tr, thead tr:last-child)')].map(row => [...row.children].slice(2));
                 return rows.flatMap(row => row.slice(1).filter((cell, place) => cell.textContent && row[place].textContent \
                     && text(cell).left < text(row[place]).right + 3).map(cell => cell.textContent + ' in ' + cell.parentElement.textContent))",
            )
            .await?;
        assert!(crossing.is_empty(), "numbers run into one another: {crossing:?}");
        // Lazy, with a barrier and without IPIs, is a third line and a second answer. It is the cheapest, and broken.
        let barrier = "linux-4.14-rc1, with a barrier";
        choose(page, "cost-kernel-2", barrier).await?;
        let second = answers(page, "the answer for the third kernel", barrier).await?;
        assert!(second.starts_with("init_mm switch costs less than linux-4.13"), "{second}");
        assert!(load(page, barrier).await? < load(page, "init_mm switch").await?);
        page.holds("three lines", "return document.querySelectorAll('.even g[class^=line]').length === 3")
            .await?;
        page.holds("the reader's own points", "return document.querySelectorAll('.even .own').length === 3")
            .await?;
        // Each CR3 write flushes: the reverse answer.
        choose(page, "cost-costs", "server, no PCIDs").await?;
        has_run(page).await?;
        assert!(load(page, "init_mm switch").await? > load(page, "linux-4.13").await?);
        // Whatever point of the picture is there, it leads to its own table; the reader's own point is the table on the page.
        const POINT: &str = "document.querySelector('.even > svg a:not(:has(.own))')";
        page.holds("a point of the picture", &format!("return {POINT} !== null")).await?;
        // Beside the mark, where a finger may land.
        let [x, y]: [f64; 2] = page
            .run(&format!(
                "const point = {POINT}; point.scrollIntoView({{ block: 'center' }});
                 const box = point.querySelector('.near').getBoundingClientRect(); return [box.left + box.width / 2, box.top + 4]",
            ))
            .await?;
        page.click_point(x, y).await?;
        page.text_when("cost-assumed", "another table", |text| text.contains("unmaps a second")).await?;
        has_run(page).await?;
        let assumed = page.text("cost-assumed").await?;
        // The address is a link that holds the costs and the third kernel.
        let link = page.link_in_address().await?;
        assert!(link.contains("4."), "{link}");
        page.reload().await?;
        has_run(page).await?;
        assert_eq!(page.text("cost-assumed").await?, assumed);
        Ok(())
    });
}

/// Every kernel on every workload: the numbers come first, a number leads to its round, and the way back leads here.
#[test]
fn every_workload_in_one_table() {
    visit("every_workload_in_one_table", "/", async |page| {
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        choose(page, "cost-workload", "every workload").await?;
        let heads: Vec<String> = page
            .run("return [...document.querySelectorAll('[data-testid=cost-table] thead tr:last-child button')].map(head => head.firstChild.textContent)")
            .await?;
        let workloads: Vec<String> = gallery::workloads().map(|text| text.slug.replace('-', " ")).collect();
        assert_eq!(heads[2..], workloads, "{heads:?}");
        let place =
            |workload: &str| 2 + workloads.iter().position(|name| name == workload).expect("it is there");
        // All of them are counted natively (`crates/lab/tests/timed/overview.rs`): here two are waited for.
        let row = "const row = [...document.querySelectorAll('[data-testid=cost-table] tbody tr')].find(row => row.children[0].textContent === 'linux-4.13')";
        let counted = format!(
            "{row}; return !!row?.children[{}].querySelector('button') && row.children[{}].textContent !== '\u{2026}'",
            place("idle+munmap"),
            place("flush2+threads")
        );
        page.holds("two workloads", &counted).await?;
        let lacking: String =
            page.run(&format!("{row}; return row.children[{}].textContent", place("flush2+threads"))).await?;
        assert_eq!(lacking, "", "a kernel that lacks a function");
        page.holds(
            "one tab stop for all numbers",
            "return [...document.querySelectorAll('[data-testid=cost-table] tbody td button')].filter(button => button.tabIndex === 0).length === 1",
        )
        .await?;
        choose(page, "cost-number", "IPIs to busy").await?;
        shot("cost-every-workload", page).await?;
        let number = format!(
            "//*[@data-testid='cost-table']//tbody//tr[th='linux-4.13']/td[{}]/button",
            place("idle+munmap")
        );
        page.click_on(By::XPath(&number)).await?;
        page.text_when("picker", "the workload", |text| text.contains("idle+munmap")).await?;
        page.counter_when("its round", |counter| counter.of > 0).await?;
        page.press("\u{e007}").await?;
        is_led_back(page, "linux-4.13", place("idle+munmap")).await?;
        page.holds(
            "it is the overview",
            "return document.querySelector('[data-testid=cost-number]') !== null",
        )
        .await?;
        page.look(Look::PHONE).await?;
        page.holds(
            "what is too wide scrolls in its own box",
            "const table = document.querySelector('.cost .sideways'); \
             return table.scrollWidth > table.clientWidth && document.documentElement.scrollWidth <= document.documentElement.clientWidth",
        )
        .await?;
        Ok(())
    });
}

#[test]
fn the_table_by_keyboard() {
    visit("the_table_by_keyboard", "/", async |page| {
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.perform("document.querySelector('[data-testid=cost-open]').focus()").await?;
        page.press("\u{e007}").await?; // Enter
        has_run(page).await?;
        let cheapest = order(page).await?;
        // The head of the column that it is sorted by sorts the other way.
        page.perform("document.querySelector('[data-testid=cost-table] thead tr:last-child th:nth-child(3) button').focus()")
            .await?;
        page.press("\u{e007}").await?;
        page.holds(
            "the mark of the column",
            "return document.querySelector('[data-testid=cost-table] thead tr:last-child th:nth-child(3)').ariaSort === 'descending'",
        )
        .await?;
        let dearest = order(page).await?;
        assert_eq!(dearest.len(), cheapest.len());
        assert_ne!(dearest[0], cheapest[0]);
        // A kernel's name puts a round on the stage.
        page.perform(
            "[...document.querySelectorAll('[data-testid=cost-table] tbody th button')]\
             .find(button => button.textContent === 'linux-4.13').focus()",
        )
        .await?;
        page.press("\u{e007}").await?;
        page.text_when("picker", "the workload", |text| text.contains("idle+munmap, timed")).await?;
        let counter = page.counter_when("the beginning of a round", |counter| counter.at == 0).await?;
        assert!(counter.of > 40, "{counter:?}");
        // The stage is in view, and the clock beside it has the focus, with the way back.
        page.holds("the clock", "return document.activeElement.dataset.testid === 'clock-back'").await?;
        page.holds(
            "the stage in view",
            "const place = document.querySelector('.stage').getBoundingClientRect(); return place.top >= -1 && place.top < innerHeight / 2",
        )
        .await?;
        let before = page.text("clock-now").await?;
        page.press("\u{e014}").await?; // Right: a step
        page.text_when("clock-now", "a later moment", |text| text != before).await?;
        page.perform("document.querySelector('[data-testid=clock-back]').focus()").await?;
        page.press("\u{e007}").await?;
        is_led_back(page, "linux-4.13", 0).await?;
        // One stop for all numbers; the arrow keys lead from one to the next, and Enter puts the run where that is counted.
        page.perform("document.querySelector('[data-testid=cost-table] tbody td button').focus()").await?;
        for key in ["\u{e015}", "\u{e014}"] {
            page.press(key).await?;
        }
        page.holds(
            "the number at the right of the second row",
            "return document.activeElement === document.querySelectorAll('[data-testid=cost-table] tbody tr')[1].querySelectorAll('td button')[1]",
        )
        .await?;
        page.press("\u{e007}").await?;
        page.counter_when("the step that is counted", |counter| counter.at > 0).await?;
        assert_eq!(page.barriers("[data-testid=cost]", false).await?, Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn an_edited_figure_changes_the_table() {
    visit("an_edited_figure_changes_the_table", "/", async |page| {
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        has_run(page).await?;
        let before = load(page, "linux-4.13").await?;
        page.turn_to("code").await?;
        page.click("tab-2").await?;
        page.attribute_is("tab-2", "aria-selected", "true").await?;
        page.perform(
            "const field = document.querySelector('.code textarea'); \
             field.value = field.value.replace('ipi_latency 1 us', 'ipi_latency 50 us'); \
             field.dispatchEvent(new InputEvent('input', { bubbles: true }))",
        )
        .await?;
        page.turn_to("cost").await?;
        page.text_when("cost-assumed", "that the text was edited", |text| {
            text.contains("edited on this page")
        })
        .await?;
        // Rows stay, or are new: the table is never empty.
        let rows = "return document.querySelectorAll('[data-testid=cost-table] tbody tr').length >= 11";
        assert!(page.run::<bool>(rows).await?);
        has_run(page).await?;
        let after = load(page, "linux-4.13").await?;
        assert!(after > before, "{before} and {after} hundredths of a percent");
        Ok(())
    });
}

/// With a challenge beside it, or without: the reader sees where the round is from.
#[test]
fn the_way_back_from_a_round_is_in_view() {
    flow("the_way_back_from_a_round_is_in_view", async |bench: &Bench| {
        let wide = Look { height: 900, ..Look::WIDE };
        let low = Look { width: 1280, height: 720, ..Look::WIDE };
        let (phone, challenge) = (Look::PHONE, "/#challenge/cheapest-safe");
        let page = bench.visitor(wide).await?;
        page.open("/").await?;
        page.has_opened().await?;
        page.opens_the_costs().await?;
        for (look, beside) in [(wide, ""), (low, ""), (phone, ""), (wide, challenge), (phone, challenge)] {
            page.look(look).await?;
            if beside.is_empty() {
                page.turn_to("cost").await?;
            } else {
                page.open(beside).await?;
                page.has_opened().await?;
                page.click("to-costs").await?;
            }
            has_run(&page).await?;
            let kernel = "//*[@data-testid='cost-table']//tbody//th/button[.='linux-4.14']";
            page.click_on(By::XPath(kernel)).await?;
            page.text_when("round", "the kernel", |text| text.contains("linux-4.14")).await?;
            page.holds(
                "the way back has the focus",
                "return document.activeElement.dataset.testid === 'clock-back'",
            )
            .await?;
            page.in_view("[data-testid=clock-back]").await?;
            page.press("\u{e007}").await?;
            is_led_back(&page, "linux-4.14", 0).await?;
        }
        Ok(())
    });
}

/// A table that is wider than its place says so: a shade at its edge, until its last column is in view.
#[test]
fn a_wide_table_shows_that_there_is_more() {
    visit("a_wide_table_shows_that_there_is_more", "/", async |page| {
        page.look(Look { width: 1180, height: 820, ..Look::WIDE }).await?;
        page.has_opened().await?;
        page.opens_the_costs().await?;
        has_run(page).await?;
        let tables: Vec<(bool, String)> = page
            .run(
                "return [...document.querySelectorAll('.sideways')].map(e => \
                 [e.scrollWidth > e.clientWidth, getComputedStyle(e).backgroundAttachment])",
            )
            .await?;
        assert!(tables.len() > 1 && tables.iter().any(|table| table.0), "{tables:?}");
        assert!(tables.iter().all(|table| table.1.starts_with("local, scroll")), "{tables:?}");
        Ok(())
    });
}

/// The table of a workload with some costs, counted here.
fn here(workload: &str, costs: &str) -> CostTable {
    let lab = Lab::open(None).expect("a scenario compiles").after(Act::Timed(TimedAct::Open));
    let lab = lab.after(Act::Timed(TimedAct::Costs(costs.to_owned())));
    let lab = lab.after(Act::Timed(TimedAct::Workload(workload.to_owned())));
    let Some(ToExplorer::Timed { job, curve, texts, selection, costs, runs, steps, .. }) =
        lab.request(Purpose::Timed)
    else {
        panic!("the table is asked for");
    };
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    server.handle(&to_bytes(&ToExplorer::Timed {
        job,
        curve,
        texts,
        selection,
        costs,
        runs,
        steps,
        states: 0,
    }));
    let mut said = Vec::new();
    while server.busy() {
        let replies = server.run(1_000_000);
        said.extend(replies.iter().map(|bytes| from_bytes(bytes).expect("its own words")));
    }
    CostTable::of(lab.after(Act::Heard(said)).timed(), Per::Second)
}

/// For each kernel of a table its name and the exact numbers of its row, without columns of zeros.
fn numbers(table: &CostTable) -> Vec<Vec<String>> {
    let row = |row: &CostRow| {
        let cells = row.cells.iter().enumerate().filter(|(column, _)| !table.empty(*column));
        let cells = cells.map(|(_, cell)| cell.exact.clone().unwrap_or_else(|| cell.said.clone()));
        [row.kernel.clone()].into_iter().chain(cells).collect()
    };
    let mut rows: Vec<Vec<String>> = table.rows.iter().map(row).collect();
    rows.sort();
    rows
}

/// The same of the table on the page.
async fn shown(page: &Visit) -> Outcome<Vec<Vec<String>>> {
    let mut rows: Vec<Vec<String>> = page
        .run(
            "const said = (cell) => (cell.querySelector('[aria-hidden]') || cell).textContent; \
             return [...document.querySelectorAll('[data-testid=cost-table] tbody tr')].map(row => \
             [...row.children].filter((cell, place) => place !== 1).map(cell => cell.title || said(cell)))",
        )
        .await?;
    rows.sort();
    Ok(rows)
}

#[test]
fn a_browser_counts_what_is_counted_natively() {
    visit("a_browser_counts_what_is_counted_natively", "/", async |page| {
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        // Node.js counts all workloads with all costs (`node.rs`). Here it is seen that the page shows what is counted.
        let (workload, costs) = ("idle+munmap", "guest");
        choose(page, "cost-costs", &lab::view::timed::table::costs_name(costs)).await?;
        has_run(page).await?;
        // An IPI may wait for a time slice of the host.
        assert!(load(page, "init_mm switch").await? * 3 < load(page, "linux-4.13").await?);
        assert_eq!(shown(page).await?, numbers(&here(workload, costs)), "{workload} with {costs}");
        Ok(())
    });
}

#[test]
fn a_violation_in_the_table_leads_to_its_shortest_way() {
    visit("a_violation_in_the_table_leads_to_its_shortest_way", "/", async |page| {
        page.has_opened().await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        has_run(page).await?;
        let verdict = "//*[@data-testid='cost-table']//tbody//tr[th='linux-4.14-rc1']/td[1]/button";
        page.click_on(By::XPath(verdict)).await?;
        page.text_when("picker", "the workload", |text| text.contains("idle+munmap, timed")).await?;
        page.verdict_is("reachable").await?;
        page.counter_when("the way to the violation", |counter| counter.of > 10).await?;
        page.shows_a_violation().await
    });
}

#[test]
fn a_scenario_of_ones_own_is_timed() {
    visit("a_scenario_of_ones_own_is_timed", "/", async |page| {
        page.has_opened().await?;
        let text = gallery::workload("threads+zap")
            .expect("it is there")
            .text
            .replace("\"threads+zap\"", "\"mine\"");
        page.turn_to("code").await?;
        page.click("tab-0").await?;
        page.attribute_is("tab-0", "aria-selected", "true").await?;
        page.perform(&format!(
            "const field = document.querySelector('.code textarea'); field.value = {text:?}; \
             field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))"
        ))
        .await?;
        page.text_when("picker", "the scenario", |text| text.contains("mine")).await?;
        page.turn_to("cost").await?;
        page.opens_the_costs().await?;
        page.holds("the scenario among the workloads", "return document.querySelector('[data-testid=cost-workload]').textContent.includes('your scenario: mine')").await?;
        choose(page, "cost-workload", "your scenario: mine").await?;
        has_run(page).await?;
        let before = order(page).await?;
        page.reload().await?;
        has_run(page).await?;
        assert_eq!(order(page).await?, before, "the address holds it");
        Ok(())
    });
}

/// A laptop's width: what decides needs no scrolling.
#[test]
fn a_narrower_screen_shows_the_whole_table() {
    visit("a_narrower_screen_shows_the_whole_table", "/", async |page| {
        page.has_opened().await?;
        page.opens_the_costs().await?;
        for workload in ["idle+munmap", "switches+flushes", "threads+zap"] {
            choose(page, "cost-workload", workload).await?;
            has_run(page).await?;
            for width in [1280, 1366] {
                page.look(Look { width, height: 720, ..Look::WIDE }).await?;
                let over: i32 = page
                    .run("const table = document.querySelector('.cost .sideways'); return table.scrollWidth - table.clientWidth")
                    .await?;
                assert!(over <= 0, "{workload}: the table is {over} pixels wider than its place at {width}");
            }
        }
        Ok(())
    });
}

#[test]
fn the_cheapest_safe_kernel_is_found() {
    visit("the_cheapest_safe_kernel_is_found", "/#challenge/cheapest-safe", async |page| {
        page.has_opened().await?;
        page.click("to-costs").await?;
        page.turn_to("cost").await?;
        has_run(page).await?;
        // The cheapest has the bug.
        for (kernel, solved) in [("linux-4.14-rc1", "false"), ("linux-4.14", "true")] {
            page.perform(&format!(
                "[...document.querySelectorAll('[data-testid=cost-table] tbody th button')]\
                 .find(button => button.textContent === '{kernel}').click()"
            ))
            .await?;
            page.text_when("clock", "the kernel's round", |text| text.contains(&format!("{kernel},")))
                .await?;
            page.attribute_is("judgement", "data-solved", solved).await?;
        }
        Ok(())
    });
}

#[test]
fn the_tour_leads_to_the_costs_and_they_go_on_paper() {
    visit("the_tour_leads_to_the_costs_and_they_go_on_paper", "/#tour/cost", async |page| {
        page.verdict_is("safe").await?;
        page.click("to-costs").await?;
        has_run(page).await?;
        page.in_view("[data-testid=cost] h2").await?;
        answers(page, "which of the two is cheaper", "costs less than").await?;
        page.on_paper(true).await?;
        let (shown, hidden, wide): (bool, bool, bool) = page
            .run(
                "const drawn = (selector) => document.querySelector(selector).getClientRects().length > 0;
                 return [drawn('.cost table') && drawn('.even svg'), !drawn('.stage') && !drawn('.right > *') && !drawn('.cost .choices'),
                         document.documentElement.scrollWidth > document.documentElement.clientWidth]",
            )
            .await?;
        assert_eq!((shown, hidden, wide), (true, true, false));
        page.on_paper(false).await
    });
}
