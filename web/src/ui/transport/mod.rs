//! Time under the reader's control: where the run is, what happened, why, and what could happen next.

pub mod caption;
pub mod choose;
pub mod controls;
pub mod law;
pub mod library;
pub mod notice;
pub mod opening;
pub mod why;

use caption::CaptionText;
use choose::Choose;
use controls::Transport;
use lab::model::lab::Notice;
use lab::model::library::Library;
use lab::model::opening::Opening;
use lab::view::shown::Shown;
use lab::view::why::Explained;
use lab::view::{lesson, texts};
use library::LibraryBar;
use notice::NoticeBar;
use opening::OpeningBar;
use scene::view::Acted;
use why::Why;
use yew::prelude::*;

/// Draws the controls, with what is to be told above them, and the step just taken below, followed by the way `back` to
/// where the run came from.
pub fn transport(shown: &Shown, back: Html) -> Html {
    let Shown { lab, run, moment, grounds, columns, .. } = shown;
    let player = lab.player();
    let (cursor, steps) = (player.cursor(), player.trace().len());
    let told = Notice::joined(lab.notice().cloned(), texts::too_long(lab));
    let caption = cursor.checked_sub(1).and_then(|step| run.captions.get(step)).cloned();
    let sentence = caption.as_ref().map(|caption| caption.sentence.clone()).unwrap_or_default();
    let speculative = moment.scene.cpus.iter().any(|cpu| cpu.acted == Acted::Speculatively);
    html! {
        <div class="time">
            <OpeningBar sentence={lab.opening().map(Opening::sentence)} />
            <LibraryBar sentence={lab.library().sentence(lab.waits())} />
            <NoticeBar {told} broken={texts::broken(lab)} />
            <Transport {cursor} {steps} violations={player.violations()} kinds={run.kinds.clone()}
                playing={player.playing()} speed={player.speed()} explained={grounds.as_ref().map(|grounds| grounds.about != Explained::Data)} reduced={lab.reduced()}
                can_go_on={!moment.choices.is_empty()} {sentence} />
            <CaptionText {caption} {speculative} {steps} {cursor} folded={columns.hides((cursor as u32).saturating_sub(1))} library={*lab.library() == Library::Here} />
            { back }
            if let Some(grounds) = grounds {
                <Why grounds={grounds.clone()} captions={run.captions.clone()} {cursor} />
            }
        </div>
    }
}

/// Draws what could happen next.
pub fn next(shown: &Shown) -> Html {
    let Shown { lab, moment, .. } = shown;
    let (player, sealed) = (lab.player(), lesson::sealed(lab));
    let away = lab.distances().at(player.cursor()).filter(|_| !sealed);
    let unknown = lab.distances().refused().filter(|_| !sealed).map(|why| AttrValue::from(why.to_owned()));
    html! {
        <Choose choices={moment.choices.clone()} blocked={moment.blocked.clone()} {away} {unknown}
            kept={player.kept().map(|kept| kept.trace.len())} at_end={player.at_end()} />
    }
}
