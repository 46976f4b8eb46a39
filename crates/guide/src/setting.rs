//! What is open: a scenario, one of its cases, and the chosen options.

use crate::head::{Head, Malformed, pair};

/// A scenario and a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonSetting {
    /// The scenario of the library, by slug.
    pub scenario: String,
    /// One of its cases, by name.
    pub case: Option<String>,
    /// Options that differ from their defaults.
    pub options: Vec<(String, String)>,
}

impl LessonSetting {
    /// The keys of a head that make a setting.
    pub(crate) const KEYS: [&'static str; 3] = ["scenario", "case", "with"];

    pub(crate) fn read(head: &Head<'_>) -> Result<LessonSetting, Malformed> {
        let scenario = head.need("scenario")?;
        let case = head.get("case").map(str::to_owned);
        // Where the library has not come yet, there is nothing to look into.
        if gallery::whole() {
            let text =
                gallery::scenario(scenario).ok_or_else(|| Malformed(format!("no scenario {scenario}")))?;
            if let Some(case) = &case
                && number(text.text, case).is_none()
            {
                return Err(Malformed(format!("{scenario} has no case {case}")));
            }
        }
        let options = head.all("with").map(pair).collect::<Result<_, _>>()?;
        Ok(LessonSetting { scenario: scenario.to_owned(), case, options })
    }

    /// The number of the case in the scenario's text.
    #[must_use]
    pub fn case_number(&self) -> Option<u8> {
        let text = gallery::scenario(&self.scenario)?;
        number(text.text, self.case.as_deref()?)
    }
}

/// Cases are counted from 0; the scenario as it stands is none of them.
fn number(text: &str, case: &str) -> Option<u8> {
    let cases = lang::cases(text);
    let position = cases.iter().position(|found| found.name.as_deref() == Some(case))?;
    u8::try_from(position.checked_sub(1)?).ok()
}
