//! The messages between an embed and the page around it.
//!
//! A message is an object whose fields are texts, whole numbers and flags. The page around may ask for what a reader could do by
//! hand, and nothing else: it sends no code and no markup. What can't be read is refused with a reason. `docs/embedding.md`
//! explains the messages; `web/embed/embed.js` sends them for pages that do not want to.

use crate::model::act::Act;
use crate::model::address::Theme;
use crate::model::lab::Lab;
use crate::model::permalink;
use crate::model::player::PlayerAct;
use crate::view::verdict::VerdictView;

/// The most fields of a message.
pub const MOST_FIELDS: u32 = 8;

/// The most characters of a text in a message: no longer link is read.
pub const MOST_TEXT: u32 = link::MAX_PASTED as u32;

/// What may be asked for.
const KINDS: &[&str] =
    &["seek", "forward", "back", "play", "pause", "show", "option", "case", "open", "theme"];

/// A field of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// A whole number.
    Number(u32),
    /// A text.
    Text(String),
    /// Anything else: too long, or of another type.
    Other,
}

/// What the page around asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A step of the run; its end if there are fewer.
    Seek(usize),
    /// One step on.
    Forward,
    /// One step back.
    Back,
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// The run that shows the verdict.
    Show,
    /// An option, and a choice of it.
    Option(String, String),
    /// A case, by its name; the scenario as written, if that is empty.
    Case(String),
    /// A link.
    Open(String),
    /// Light, dark, or as the reader's system says.
    Theme(Theme),
}

/// Reads a message: its fields, by name.
///
/// # Errors
/// If it is none, in a sentence.
pub fn read(fields: &[(String, FieldValue)]) -> Result<Ask, String> {
    let found = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value);
    let wrong = |name: &str, kind: &str| {
        format!("The field \u{201c}{name}\u{201d} is missing, too long, or no {kind}.")
    };
    let text = |name: &str| match found(name) {
        Some(FieldValue::Text(text)) => Ok(text.clone()),
        _ => Err(wrong(name, "text")),
    };
    let kind = text("kind")?;
    let (ask, names): (Ask, &[&str]) = match kind.as_str() {
        "seek" => match found("step") {
            Some(FieldValue::Number(step)) => (Ask::Seek(*step as usize), &["step"]),
            _ => return Err(wrong("step", "whole number")),
        },
        "forward" => (Ask::Forward, &[]),
        "back" => (Ask::Back, &[]),
        "play" => (Ask::Play, &[]),
        "pause" => (Ask::Pause, &[]),
        "show" => (Ask::Show, &[]),
        "option" => (Ask::Option(text("name")?, text("choice")?), &["name", "choice"]),
        "case" => (Ask::Case(text("name")?), &["name"]),
        "open" => (Ask::Open(text("link")?), &["link"]),
        "theme" => {
            let theme = text("theme")?;
            let known = Theme::from_name(&theme);
            (Ask::Theme(known.ok_or_else(|| no("theme", &theme, &["auto", "light", "dark"]))?), &["theme"])
        }
        _ => return Err(no("message", &kind, KINDS)),
    };
    let unknown = |name: &&String| !matches!(name.as_str(), "kind" | "id") && !names.contains(&name.as_str());
    match fields.iter().map(|(name, _)| name).find(unknown) {
        Some(name) => Err(no("field", name, names)),
        None => Ok(ask),
    }
}

impl Ask {
    /// What happens to a lab; nothing if that is so already.
    ///
    /// # Errors
    /// If there is no such option, choice, case or run, in a sentence.
    pub fn act(self, lab: &Lab) -> Result<Option<Act>, String> {
        let player = lab.player();
        let play = |what: PlayerAct| Ok(Some(Act::Play(what)));
        match self {
            Ask::Seek(step) => play(PlayerAct::To(step)),
            Ask::Forward => play(PlayerAct::Forward),
            Ask::Back => play(PlayerAct::Back),
            Ask::Play => Ok((!player.playing()).then_some(Act::Play(PlayerAct::Toggle))),
            Ask::Pause => play(PlayerAct::Pause),
            Ask::Show => {
                match VerdictView::of(lab).headline {
                    // It is there already: showing it once more would play it.
                    Some(property) if lab.check().witness(property) == Some(player.trace().schedule()) => {
                        play(PlayerAct::To(player.trace().len()))
                    }
                    Some(property) => Ok(Some(Act::Show(property))),
                    None => Err("The verdict has no run to show.".to_owned()),
                }
            }
            Ask::Option(name, choice) => {
                let options = &player.machine().program().options;
                let Some(option) = options.iter().find(|option| option.name == name) else {
                    let all: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
                    return Err(no("option", &name, &all));
                };
                if !option.choices.contains(&choice) {
                    let all: Vec<&str> = option.choices.iter().map(String::as_str).collect();
                    return Err(no("choice", &choice, &all));
                }
                Ok(Some(Act::Option { name, choice }))
            }
            Ask::Case(name) => {
                let cases = lab.session().cases();
                let names: Vec<&str> =
                    cases.iter().map(|case| case.name.as_deref().unwrap_or_default()).collect();
                match names.iter().position(|found| *found == name) {
                    Some(at) => Ok(Some(Act::Case(cases[at].case))),
                    None => Err(no("case", &name, &names)),
                }
            }
            Ask::Open(link) => match link::decode(&link) {
                Ok(_) => Ok(Some(Act::Follow(link))),
                Err(refusal) => Err(refusal.to_string()),
            },
            // The page's matter, and not the lab's.
            Ask::Theme(_) => Ok(None),
        }
    }
}

/// What an embed tells of a lab, in JSON: where the run is, what the explorer says, and what is set, an object for each.
#[must_use]
pub fn told(lab: &Lab) -> String {
    let player = lab.player();
    let program = player.machine().program();
    let (sentence, violations) = caption(lab).unwrap_or_default();
    let verdict = VerdictView::of(lab);
    let selection = &lab.setup().session.experiment.selection;
    let cases = lab.setup().session.cases();
    let case = cases.into_iter().find(|case| case.case == selection.case).and_then(|case| case.name);
    let options = program.options.iter().map(|option| {
        let choice = option.choices.get(usize::from(option.chosen)).map(String::as_str);
        (option.name.as_str(), choice.unwrap_or_default())
    });
    let options: Vec<(&str, &str)> = options.collect();
    let violations: Vec<String> = violations.iter().map(|name| quoted(name)).collect();
    format!(
        "[{{\"kind\":\"moment\",\"step\":{},\"steps\":{},\"playing\":{},\"sentence\":{},\"violations\":[{}],\"link\":{}}},\
         {{\"kind\":\"verdict\",\"verdict\":{},\"title\":{},\"sentence\":{}}},\
         {{\"kind\":\"settings\",\"scenario\":{},\"kernel\":{},\"case\":{},\"options\":{}}}]",
        player.cursor(),
        player.trace().len(),
        player.playing(),
        quoted(&sentence),
        violations.join(","),
        quoted(&permalink::encode_compared(player, lab.counterpart())),
        quoted(verdict.mood.name()),
        quoted(&verdict.title),
        quoted(&verdict.sentence),
        quoted(&program.name),
        quoted(&program.kernel),
        quoted(&case.unwrap_or_default()),
        json(&options),
    )
}

/// Texts by name, in JSON.
#[must_use]
pub fn json(fields: &[(&str, &str)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
    format!("{{{}}}", fields.join(","))
}

/// A text in JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// The sentence of the step that led to the moment; nothing at the beginning of a run.
#[must_use]
pub fn sentence(lab: &Lab) -> Option<String> {
    caption(lab).map(|(sentence, _)| sentence)
}

/// The same, and what the step violates.
fn caption(lab: &Lab) -> Option<(String, Vec<String>)> {
    let player = lab.player();
    let (step, before) = player.step().zip(player.cursor().checked_sub(1))?;
    let (before, after) = (player.state(before), player.state(player.cursor()));
    let caption = scene::caption(player.machine(), &before, step, &after);
    Some((caption.sentence, caption.violations.iter().map(|name| (*name).to_owned()).collect()))
}

/// What to say of a name that names nothing, and what there is.
fn no(what: &str, name: &str, names: &[&str]) -> String {
    let name: String = name.chars().take(40).collect();
    // The scenario as written is the case without a name.
    let seen = |name: &&str| if name.is_empty() { "\u{201c}\u{201d}".to_owned() } else { (*name).to_owned() };
    let known = match names {
        [] => "none".to_owned(),
        names => names.iter().map(seen).collect::<Vec<_>>().join(", "),
    };
    format!("There is no {what} \u{201c}{name}\u{201d}. Here are known: {known}.")
}

#[cfg(test)]
mod tests {
    use super::{Ask, FieldValue, KINDS, quoted, read, told};
    use crate::model::permalink;
    use crate::model::player::PlayerAct;
    use crate::{Act, Lab};

    fn message(fields: &[(&str, FieldValue)]) -> Vec<(String, FieldValue)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn text(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned())
    }

    /// What a message does to a lab, or why it is refused.
    fn sent(lab: &Lab, fields: &[(&str, FieldValue)]) -> Result<Lab, String> {
        let act = read(&message(fields))?.act(lab)?;
        Ok(act.map_or_else(|| lab.clone(), |act| lab.after(act)))
    }

    fn lab() -> Lab {
        Lab::open(None).expect("a scenario compiles")
    }

    #[test]
    fn the_page_around_does_what_a_reader_can_do() {
        let lab = lab();
        let there = sent(&lab, &[("kind", text("seek")), ("step", FieldValue::Number(3))]).expect("a step");
        assert_eq!(there.player().cursor(), 3);
        let on = sent(&there, &[("kind", text("forward"))]).expect("on");
        assert_eq!(on.player().cursor(), 4);
        let back = sent(&on, &[("kind", text("back"))]).expect("back");
        assert_eq!(back.player().cursor(), 3);
        let end =
            sent(&lab, &[("kind", text("seek")), ("step", FieldValue::Number(u32::MAX))]).expect("the end");
        assert_eq!(end.player().cursor(), end.player().trace().len());
        let playing = sent(&there, &[("kind", text("play"))]).expect("it plays");
        assert!(playing.player().playing());
        assert!(sent(&playing, &[("kind", text("play"))]).expect("twice is once").player().playing());
        assert!(!sent(&playing, &[("kind", text("pause"))]).expect("a pause").player().playing());
        let option = lab.player().machine().program().options[0].clone();
        let other = &option.choices[usize::from(option.chosen == 0)];
        let set = [
            ("kind", text("option")),
            ("name", text(&option.name)),
            ("choice", text(other)),
            ("id", FieldValue::Number(7)),
        ];
        let set = sent(&lab, &set).expect("an option");
        assert_eq!(set.session().experiment.selection.options, [(option.name.clone(), other.clone())]);
        assert!(told(&set).contains(&format!("\"{}\":\"{other}\"", option.name)));
        let link = permalink::encode(there.player());
        let opened = sent(&lab, &[("kind", text("open")), ("link", text(&link))]).expect("a link");
        assert_eq!(opened.player().cursor(), 3);
        assert!(told(&opened).contains(&format!("\"link\":\"{link}\"")));
    }

    #[test]
    fn what_is_told_is_what_is_on_the_page() {
        let lab = lab().after(Act::Play(PlayerAct::To(3)));
        let (said, steps) = (told(&lab), lab.player().trace().len());
        assert!(said.contains(&format!("\"step\":3,\"steps\":{steps},\"playing\":false")), "{said}");
        assert!(said.contains("\"verdict\":\"working\"") && said.contains(".\",\"violations\":["), "{said}");
        assert!(said.contains(&format!("\"scenario\":\"{}\"", lab.player().machine().program().name)));
        assert_eq!(quoted("a\"\\\n\u{639}"), "\"a\\\"\\\\\\u000a\u{639}\"");
        assert!(sent(&lab, &[("kind", text("show"))]).is_err(), "there is no verdict yet");
    }

    #[test]
    fn hostile_messages_are_refused_with_a_reason() {
        let lab = lab();
        let long = "\u{202e}<script>".repeat(10_000);
        let odd = [
            FieldValue::Number(0),
            FieldValue::Number(u32::MAX),
            text(""),
            text(&long),
            text("__proto__"),
            FieldValue::Other,
        ];
        for (fields, said) in [
            (vec![], "missing"),
            (vec![("kind", FieldValue::Other)], "no text"),
            (vec![("kind", text("eval"))], "no message"),
            (vec![("kind", text(&long))], "no message"),
            (vec![("kind", text("seek"))], "whole number"),
            (vec![("kind", text("seek")), ("step", text("3"))], "whole number"),
            (vec![("kind", text("play")), ("code", text("alert(1)"))], "Here are known: none."),
            (
                vec![("kind", text("option")), ("name", text("nothing")), ("choice", text("on"))],
                "Here are known: ",
            ),
            (vec![("kind", text("case")), ("name", text("nothing"))], "Here are known: \u{201c}\u{201d}"),
            (vec![("kind", text("open")), ("link", text("javascript:alert(1)"))], "link"),
            (vec![("kind", text("open")), ("link", text(&long))], ""),
            (vec![("kind", text("theme")), ("theme", text("pink"))], "light, dark"),
        ] {
            let refused = sent(&lab, &fields).err().unwrap_or_else(|| panic!("{fields:?} is taken"));
            assert!(refused.contains(said) && refused.len() < 2_000, "{refused}");
        }
        // Every message, with every wrong value in every field.
        for kind in KINDS {
            for name in ["step", "name", "choice", "link", "theme", "id", "kind", "__proto__"] {
                for value in &odd {
                    let fields = [("kind", text(kind)), (name, value.clone()), ("choice", value.clone())];
                    if let Err(refused) = sent(&lab, &fields) {
                        assert!(!refused.is_empty() && refused.len() < 2_000, "{refused}");
                    }
                }
            }
        }
        let option = &lab.player().machine().program().options[0].name;
        let wrong = sent(&lab, &[("kind", text("option")), ("name", text(option)), ("choice", text(&long))]);
        assert!(wrong.is_err_and(|said| said.contains("Here are known: ")));
        assert_eq!(
            read(&message(&[("kind", text("theme")), ("theme", text("dark"))])),
            Ok(Ask::Theme(crate::model::address::Theme::Dark))
        );
    }
}
