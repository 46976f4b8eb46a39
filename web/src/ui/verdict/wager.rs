//! A bet before the verdict: the reader of an embed says what will come out, and then sees it.

use lab::model::embed::bet_result;
use lab::model::verdict::Mood;
use yew::prelude::*;

/// Draws the question about the machine of a check, and what each bet comes to. The style sheet shows the one, and the verdict
/// behind it, when a bet has been placed: the document keeps it until there is another machine.
pub fn wager(check: u32, mood: Mood) -> Html {
    let bet = |wrong: bool, word: &'static str, id: &'static str| {
        html! { <label><input type="radio" name="bet" class={id} data-testid={id} />{ word }<b>{ bet_result(wrong, mood) }</b></label> }
    };
    html! {
        <fieldset key={check} class="wager panel" data-testid="wager">
            <legend>{ "Place your bet: can it go wrong?" }</legend>
            { bet(true, "It can", "bet-yes") }
            { bet(false, "It can\u{2019}t", "bet-no") }
        </fieldset>
    }
}
