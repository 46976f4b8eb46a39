//! The tour or the challenge on the page, in the place of the scenario's own story.

use crate::ui::lesson::challenge::ChallengePanel;
use crate::ui::lesson::seeker::Seeker;
use crate::ui::lesson::tour::Tour;
use guide::Kind;
use lab::model::lesson::Course;
use lab::view::moment::Said;
use lab::{Act, Lab};
use yew::prelude::*;

/// What is told, if the reader is on the tour or in a challenge.
#[must_use]
pub fn told(lab: &Lab, said: &Said, act: &Callback<Act>) -> Option<Html> {
    let learn = lab.learn();
    Some(match learn.course()? {
        Course::Tour(index) => html! {
            <Tour moments={learn.moments.clone()} {index} bet={learn.bet()} mood={said.mood} sentence={said.sentence.clone()}
                wandered={learn.wandered()} act={act.clone()} />
        },
        Course::Challenge(index) => {
            let challenge = learn.challenge()?.clone();
            let enough = learn.way().and_then(|way| u32::try_from(way.len()).ok());
            html! {
                <>
                    <ChallengePanel {challenge} judgement={lab.judgement()} allowed={lab.allowed().or(enough)}
                        taken={lab.player().cursor()} solution={learn.solution().map(str::to_owned)}
                        wandered={learn.wandered()} act={act.clone()} />
                    if let Some((start, ways)) = lab.ways() {
                        <Seeker key={index} {start} {ways} act={act.clone()} />
                    }
                </>
            }
        }
    })
}

/// What the reader is at, by name.
#[must_use]
pub fn title(lab: &Lab) -> Option<String> {
    let learn = lab.learn();
    let (kind, title) = match (learn.moment(), learn.challenge()) {
        (Some(moment), _) => ("Tour", &moment.title),
        (_, Some(challenge)) => ("Challenge", &challenge.title),
        _ => return None,
    };
    Some(format!("{kind}: {title}"))
}

/// Whether the verdict would give a challenge away.
#[must_use]
pub fn sealed(lab: &Lab) -> bool {
    lab.learn().challenge().is_some_and(|challenge| matches!(challenge.kind, Kind::Break { .. }))
}
