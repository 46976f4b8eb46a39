//! The texts that explain: the scenario's story, the tour, the challenges.

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
use tour::Tour;
use yew::prelude::*;

/// Draws the tour or the challenge that the reader is in, else the scenario's own story.
pub fn lesson(shown: &Shown, said: &VerdictView) -> Html {
    let lab = &shown.lab;
    match lab.lesson().course() {
        Some(Course::Tour(index)) => tour(lab, index, said),
        Some(Course::Challenge(index)) => challenge(lab, index),
        None => {
            let program = lab.player().machine().program();
            story::story(
                &program.about,
                program.claim.as_deref(),
                &program.cites,
                lab.lesson().tour_of(lab.session()).as_ref(),
            )
        }
    }
}

fn tour(lab: &Lab, index: usize, said: &VerdictView) -> Html {
    let lesson = lab.lesson();
    html! {
        <Tour moments={lesson.moments.clone()} {index} bet={lesson.bet()} answered={lesson.answered()} mood={said.mood}
            sentence={said.sentence.clone()} wandered={lesson.wandered()} />
    }
}

fn challenge(lab: &Lab, index: usize) -> Html {
    let lesson = lab.lesson();
    let Some(challenge) = lesson.challenge().cloned() else { return html! {} };
    let next = lesson.challenges.get(index + 1).map(|next| (next.slug.to_owned(), next.title.to_string()));
    let enough = lesson.fewest().and_then(|fewest| u32::try_from(fewest.len()).ok());
    html! {
        <>
            <ChallengePanel {challenge} judgement={lab.judgement()} allowed={lab.allowed().or(enough)}
                taken={lab.player().cursor()} {next} solution={lesson.solution().map(str::to_owned)}
                wandered={lesson.wandered()} />
            if let Some((start, candidates)) = lab.candidates() {
                <Seeker key={index} {start} {candidates} />
            }
        </>
    }
}
