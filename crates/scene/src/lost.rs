//! The first step of a run after which what it shows can no longer be avoided, in a sentence.

use crate::verdict::grouped;
use explore::Lost;

/// From which step on a run of `steps` steps was lost, as far as a search has settled it that looks at `most` states.
#[must_use]
pub fn lost(known: Lost, steps: usize, most: u32) -> String {
    let Lost { from, settled } = known;
    let within = format!("(at most {} states are looked at, and the model has limits)", grouped(most.into()));
    let then = "hardware (when it walks, when interrupts arrive) could make this happen, whatever the order in which the CPUs continued";
    match (from, settled) {
        (0, _) => format!("It was lost from the beginning: {then}."),
        (from, true) if from == steps => "Software could avoid this up to the last step.".to_owned(),
        (from, true) => format!("It was lost from step {from} on: then {then}."),
        (from, false) if from == steps => {
            format!("Whether software could avoid this before the last step is not settled {within}.")
        }
        (from, false) => {
            format!(
                "It was lost from step {from} on: then {then}. Whether it was lost before is not settled {within}."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lost;
    use explore::Lost;

    #[test]
    fn a_sentence_says_no_more_than_is_settled() {
        let told = |from, settled| lost(Lost { from, settled }, 20, 50_000);
        let all =
            [(0, true), (7, true), (20, true), (7, false), (20, false)].map(|known| told(known.0, known.1));
        assert!(all[0].contains("from the beginning") && all[1].contains("from step 7 on"));
        assert!(all[2].contains("up to the last step") && !all[2].contains("lost"));
        assert!(all[3].starts_with(all[1].trim_end_matches('.')) && all[3].contains("50,000 states"));
        assert!(all[4].contains("not settled") && !all[4].contains("It was lost"));
    }
}
