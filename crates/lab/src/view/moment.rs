//! The machine at the shown moment: its picture, and the actions that are possible.

use crate::model::player::Player;
use lang::source::{SourceId, Span};
use machine::{Action, Machine, State};
use scene::view::Scene;
use std::rc::Rc;

/// An enabled action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The action.
    pub action: Action,
    /// The action in a few words, without its CPU.
    pub name: String,
    /// What it would do.
    pub sentence: String,
    /// Whether hardware does it by itself, so that no instruction asks for it.
    pub unasked: bool,
    /// Whether the run does it next.
    pub next: bool,
}

/// The machine at the moment shown, and its enabled actions.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentView {
    /// The picture.
    pub scene: Rc<Scene>,
    /// The statement at which each CPU is.
    pub lines: Rc<Vec<String>>,
    /// The enabled actions.
    pub choices: Vec<Choice>,
    /// For each CPU its name, and why its software can't continue.
    pub blocked: Vec<(String, Option<String>)>,
}

impl MomentView {
    /// What a player shows.
    #[must_use]
    pub fn of(player: &Player) -> MomentView {
        let (machine, cursor) = (player.machine(), player.cursor());
        let after = player.state(cursor);
        let before = cursor.checked_sub(1).map(|moment| player.state(moment));
        let scene = scene::frame(machine, before.as_ref(), player.step(), &after);
        let statement = |cpu: &scene::view::CpuView| {
            let position = &cpu.position;
            let text = player.setup().text(SourceId(position.source));
            let span = Span { start: position.start, end: position.end };
            span.of(text).lines().next().unwrap_or_default().trim_end().to_owned()
        };
        let next = player.trace().steps().get(cursor).map(|step| step.action);
        let choices = player.enabled().into_iter().map(|action| Choice {
            action,
            name: short(machine, action),
            sentence: scene::explain_action(machine, &after, action),
            unasked: action.unasked() && !asked_for(machine, &after, action),
            next: Some(action) == next,
        });
        let cpus = 0..after.cpus.len() as u8;
        MomentView {
            lines: Rc::new(scene.cpus.iter().map(statement).collect()),
            choices: choices.collect(),
            blocked: cpus
                .map(|cpu| (scene::unit(machine, cpu), scene::why_blocked(machine, &after, cpu)))
                .collect(),
            scene: Rc::new(scene),
        }
    }
}

/// An action in a few words, without its CPU; and without the address, if no other one is walked: cards are narrow.
fn short(machine: &Machine, action: Action) -> String {
    let name = scene::action_name(machine, action);
    let name = name.split_once(' ').map_or("", |(_, name)| name);
    match machine.watched() {
        [only] => name.replacen(&format!(" {only}"), "", 1),
        _ => name.to_owned(),
    }
}

/// Whether the program of its CPU waits for a walk: then it is not speculative.
fn asked_for(machine: &Machine, state: &State, action: Action) -> bool {
    match action {
        Action::Walk { cpu, va, .. }
        | Action::GuestWalk { cpu, va, .. }
        | Action::Translate { cpu, va, .. } => machine
            .wants(state, cpu)
            .is_some_and(|wanted| machine.watched().get(usize::from(va)) == Some(&wanted)),
        _ => false,
    }
}
