//! The tour: the text about the moment on the stage, and the way to the next moment.

use crate::browser::use_at_beginning;
use crate::ui::lesson::prose::{WayToCosts, prose};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use guide::{Bet, TourMoment};
use lab::Act;
use lab::model::lesson::LessonAct;
use lab::model::verdict::Mood;
use lab::view::cost::{self, CostRow};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The tour.
    pub moments: Rc<Vec<TourMoment>>,
    /// Which moment is open.
    pub index: usize,
    /// What was bet: that it can still go wrong, or not.
    pub bet: Option<bool>,
    /// The answer is shown, also if nothing was bet.
    pub answered: bool,
    /// The explorer's verdict on the machine on the stage.
    pub mood: Mood,
    /// The verdict, as a sentence.
    pub sentence: String,
    /// The reader has done something else since the moment was opened.
    pub wandered: bool,
}

/// Draws the moment.
#[component]
pub fn Tour(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { moments, index, bet, answered, mood, sentence, wandered } = props;
    let text = use_at_beginning(*index);
    let costs = use_memo((moments.clone(), *index), |(moments, index)| {
        let counted = moments.get(*index).filter(|moment| moment.costs);
        counted.map(|moment| cost::rows(&moment.setting)).unwrap_or_default()
    });
    let Some(moment) = moments.get(*index) else { return html! {} };
    let ask = |ask: LessonAct| act.reform(move |_: MouseEvent| Act::Lesson(ask.clone()));
    let link = |to: Option<usize>, id: &'static str, word: &'static str, class: &'static str| {
        let to = to.and_then(|to| moments.get(to));
        to.map(|to| {
            html! {
                <a class={class} data-testid={id} href={format!("#tour/{}", to.slug)}>
                    { word }<span class="visually-hidden">{ format!(": {}", to.title) }</span>
                </a>
            }
        })
    };
    let dot = |(number, moment): (usize, &TourMoment)| {
        let current = (number == *index).then_some("step");
        html! {
            <li key={moment.slug}>
                <a href={format!("#tour/{}", moment.slug)} aria-current={current} title={moment.title.clone()}
                    aria-label={format!("{}: {}", number + 1, moment.title)}>{ number + 1 }</a>
            </li>
        }
    };
    html! {
        <section class="lesson panel" data-testid="tour-panel" aria-label="Tour">
            <header>
                <h2 tabindex="-1">{ &moment.title }</h2>
                <ol class="dots" data-testid="moments" aria-label="Moments of the tour">{ for moments.iter().enumerate().map(dot) }</ol>
                <button type="button" data-testid="leave" onclick={ask(LessonAct::Leave)}>{ "Leave" }</button>
            </header>
            <div class="prose" data-testid="tour-text" ref={text}>
                { prose(&moment.text) }
                if let Some(wager) = &moment.bet { { betting(wager, answered.then_some(*bet), *mood, sentence, act) } }
                if !costs.is_empty() { { table(&costs) }<p><WayToCosts /></p> }
                if !moment.see.is_empty() {
                    <p class="see">{ "Open: " }
                        { for moment.see.iter().map(|slug| {
                            let open = slug.clone();
                            let onclick = act.reform(move |_: MouseEvent| Act::Open(open.clone()));
                            html! { <button type="button" key={slug.clone()} {onclick}>{ slug }</button> }
                        }) }
                    </p>
                }
            </div>
            <footer>
                { link(index.checked_sub(1), "tour-back", "Back", "step-back") }
                if *wandered {
                    <button type="button" data-testid="again" onclick={ask(LessonAct::Again)}>{ "Back to this moment" }</button>
                }
                <span class="hint">{ "Play with everything: nothing is lost, and the tour stays here." }</span>
                { link(Some(index + 1), "tour-next", "Next", "primary") }
            </footer>
        </section>
    }
}

/// The question, and once it is `answered`, on a bet perhaps, the answer: the explorer's, then ours.
fn betting(
    wager: &Bet,
    answered: Option<Option<bool>>,
    mood: Mood,
    sentence: &str,
    act: &Callback<Act>,
) -> Html {
    let button = |on: bool, word: &'static str, id: &'static str| {
        let onclick = act.reform(move |_: MouseEvent| Act::Lesson(LessonAct::Bet(on)));
        let pressed = (answered == Some(Some(on))).to_string();
        html! { <button type="button" data-testid={id} aria-pressed={pressed} {onclick}>{ word }</button> }
    };
    let wrong = match mood {
        Mood::Reachable => Some(true),
        Mood::Safe => Some(false),
        Mood::Working | Mood::Bounded | Mood::Failed => None,
    };
    let answer = match (answered, wrong) {
        (None, _) => None,
        (Some(_), None) => Some(html! { <p class="answer">{ "The explorer is working on it." }</p> }),
        (Some(bet), Some(wrong)) => {
            let result = match bet {
                None => "",
                Some(bet) if bet == wrong => "You were right. ",
                Some(_) => "You were not right. ",
            };
            let claim = sentence.rfind(" (").map_or(sentence, |at| &sentence[..at]);
            Some(html! {
                <>
                    <p class="answer" data-testid="bet-answer"><b>{ result }</b>{ "The explorer has tried every run with that option set. " }{ isolated(claim) }{ "." }</p>
                    { prose(&wager.after) }
                </>
            })
        }
    };
    html! {
        <div class="bet">
            <p><b>{ &wager.question }</b></p>
            <p class="wagers">
                { button(true, "It can", "bet-yes") }
                { button(false, "It is safe now", "bet-no") }
            </p>
            <div role="status">{ answer }</div>
        </div>
    }
}

/// The costs of the cases.
fn table(rows: &[CostRow]) -> Html {
    let row = |row: &CostRow| {
        html! {
            <tr key={row.name.clone()} class={row.open.then_some("open")}>
                <th scope="row">{ &row.name }</th>
                <td>{ row.cost.ipis }</td><td>{ row.cost.ipis_to_idle }</td>
                <td>{ row.cost.cr3_writes }</td><td>{ row.cost.cr3_kept }</td>
            </tr>
        }
    };
    html! {
        <table class="costs" data-testid="costs">
            <thead><tr>
                <th scope="col">{ "Kernel" }</th><th scope="col">{ "IPIs" }</th><th scope="col">{ "to a kernel thread" }</th>
                <th scope="col">{ "CR3 writes" }</th><th scope="col">{ "without a flush" }</th>
            </tr></thead>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}
