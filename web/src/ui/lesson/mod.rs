//! What is told: the scenario's story, the tour, the challenges.

pub mod challenge;
pub mod prose;
pub mod seeker;
pub mod story;
pub mod tour;

use challenge::ChallengePanel;
use lab::Lab;
use lab::model::lesson::Course;
use lab::view::shown::Shown;
use lab::view::verdict::VerdictView;
use seeker::Seeker;
use std::rc::Rc;
use story::Story;
use tour::Tour;
use yew::prelude::*;

/// Properties of [`LessonArea`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What there is to draw.
    pub shown: Shown,
    /// What the explorer has said.
    pub said: Rc<VerdictView>,
}

/// Draws the tour or the challenge that the reader is in, else the scenario's own story.
#[component]
pub fn LessonArea(props: &Props) -> Html {
    let lab = &props.shown.lab;
    match lab.learn().course() {
        Some(Course::Tour(index)) => tour(lab, index, &props.said),
        Some(Course::Challenge(index)) => challenge(lab, index),
        None => {
            let program = lab.player().machine().program();
            html! {
                <Story about={program.about.clone()} cites={program.cites.clone()}
                    tour={lab.learn().tour_of(&lab.session().slug)} />
            }
        }
    }
}

fn tour(lab: &Lab, index: usize, said: &VerdictView) -> Html {
    let learn = lab.learn();
    html! {
        <Tour moments={learn.moments.clone()} {index} bet={learn.bet()} mood={said.mood}
            sentence={said.sentence.clone()} wandered={learn.wandered()} />
    }
}

fn challenge(lab: &Lab, index: usize) -> Html {
    let learn = lab.learn();
    let Some(challenge) = learn.challenge().cloned() else { return html! {} };
    let enough = learn.way().and_then(|way| u32::try_from(way.len()).ok());
    html! {
        <>
            <ChallengePanel {challenge} judgement={lab.judgement()} allowed={lab.allowed().or(enough)}
                taken={lab.player().cursor()} solution={learn.solution().map(str::to_owned)}
                wandered={learn.wandered()} />
            if let Some((start, ways)) = lab.ways() {
                <Seeker key={index} {start} {ways} />
            }
        </>
    }
}
