//! Which choice each option has: the default of the kernel or of the scenario, then the scenario's `with`, then the case's, then the
//! selection made on the page.

use crate::check::declare::{declare_option, declare_own};
use crate::check::env::{Entity, Env};
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::{MAX_STORE_BUFFER, MachineSpec, Origin, ProgramOption, Vendor, WalksOff};
use crate::source::{SourceId, Span};
use crate::syntax::{Kernel, Name, OptionDecl};

/// The most options of a kernel.
const MAX_OPTIONS: usize = 64;
/// The most choices of an option.
const MAX_CHOICES: usize = 16;
/// The depth of the store buffer when a machine without one is asked for one.
pub(crate) const STORE_BUFFER: u8 = 2;

/// The option that says how deep store buffers are.
const STORE_BUFFER_OPTION: &str = "store_buffer";
/// The option that says where speculative walks are switched off.
const NO_WALKS: &str = "no_walks";

/// The kernel's options with their defaults, declared in `env`.
pub(crate) fn kernel_options(env: &mut Env, out: &mut Diagnostics, kernel: &Kernel) {
    for decl in &kernel.options {
        if env.options.len() == MAX_OPTIONS {
            let message = format!("more than {MAX_OPTIONS} options");
            return out.push(Diagnostic::error(SourceId::KERNEL, decl.name.span, message));
        }
        let option = written_option(out, decl, Origin::Kernel);
        declare_option(env, out, &decl.name, env.options.len());
        env.plain.push(decl.choices.is_empty());
        env.options.push(option);
    }
}

/// The scenario's options with their defaults, after those of the kernel.
pub(crate) fn scenario_options(env: &mut Env, out: &mut Diagnostics, decls: &[OptionDecl]) {
    for decl in decls {
        if env.options.len() == MAX_OPTIONS {
            let message = format!("more than {MAX_OPTIONS} options, with those of the kernel");
            return out.push(Diagnostic::error(SourceId::SCENARIO, decl.name.span, message));
        }
        let option = written_option(out, decl, Origin::Scenario);
        declare_own(env, out, &decl.name, Entity::Option(env.options.len()));
        env.plain.push(decl.choices.is_empty());
        env.options.push(option);
    }
}

fn written_option(out: &mut Diagnostics, decl: &OptionDecl, origin: Origin) -> ProgramOption {
    let source = if origin == Origin::Kernel { SourceId::KERNEL } else { SourceId::SCENARIO };
    let written = decl.choices.iter().take(MAX_CHOICES + 1);
    let mut choices: Vec<String> = written.clone().map(|c| c.text.clone()).collect();
    for (n, choice) in written.enumerate() {
        if choices[..n].contains(&choice.text) {
            let message = format!("choice `{}` is there twice", choice.text);
            out.push(Diagnostic::error(source, choice.span, message));
        }
    }
    if choices.is_empty() {
        choices = off_on();
    }
    if choices.len() == 1 || choices.len() > MAX_CHOICES {
        let message = format!("an option has 2 to {MAX_CHOICES} choices");
        out.push(Diagnostic::error(source, decl.name.span, message));
    }
    let numbers = choices.iter().filter(|choice| choice.parse::<u64>().is_ok()).count();
    if numbers > 0 && numbers < choices.len() {
        let message = "the choices of an option are names, or all are numbers";
        out.push(Diagnostic::error(source, decl.name.span, message));
    }
    // A kernel may have an option with the name of a bound; no machine of its has that bound.
    let bound = [STORE_BUFFER_OPTION, NO_WALKS].contains(&decl.name.text.as_str());
    if ["vendor", "tso"].contains(&decl.name.text.as_str()) || (bound && origin == Origin::Scenario) {
        let message = format!("`{}` is an option of the machine", decl.name.text);
        out.push(Diagnostic::error(source, decl.name.span, message).advice("take another name"));
    }
    let default = find(out, source, &decl.name.text, &choices, &decl.default).unwrap_or(0);
    let sentence = match &decl.sentence {
        Some(sentence) => sentence.value.clone(),
        None => {
            let message = format!("option `{}` has no label", decl.name.text);
            let advice = "add a sentence in quotes: the page shows it beside the switch";
            out.push(Diagnostic::error(source, decl.name.span, message).advice(advice));
            String::new()
        }
    };
    ProgramOption { name: decl.name.text.clone(), sentence, choices, default, chosen: default, origin }
}

fn off_on() -> Vec<String> {
    vec!["off".to_owned(), "on".to_owned()]
}

/// The machine's options, with what the machine block says as default.
///
/// If a kernel's text declares an option with the name of a bound, the option is the kernel's: such a name is not reserved.
pub(crate) fn machine_options(machine: &MachineSpec, kernel: &[ProgramOption]) -> Vec<ProgramOption> {
    let option = |name: &str, sentence: &str, choices: Vec<String>, chosen: bool| ProgramOption {
        name: name.to_owned(),
        sentence: sentence.to_owned(),
        choices,
        default: chosen.into(),
        chosen: chosen.into(),
        origin: Origin::Machine,
    };
    let vendors = vec!["intel".to_owned(), "amd".to_owned()];
    let depth = if machine.store_buffer == 0 { STORE_BUFFER } else { machine.store_buffer } - 1;
    let depths = ProgramOption {
        name: STORE_BUFFER_OPTION.to_owned(),
        sentence: "Stores in flight: how many a CPU's store buffer holds before the next one waits"
            .to_owned(),
        choices: (1..=MAX_STORE_BUFFER).map(|depth| depth.to_string()).collect(),
        default: depth,
        chosen: depth,
        origin: Origin::Bound,
    };
    let mut options = vec![
        option("vendor", "Whose page walker the CPUs have", vendors, machine.vendor == Vendor::Amd),
        option(
            "pcid",
            "Process-context identifiers: cached translations carry a tag",
            off_on(),
            machine.pcid,
        ),
        option("tso", "Store buffers: a store is seen by others later", off_on(), machine.store_buffer > 0),
    ];
    if kernel.iter().all(|option| option.name != depths.name) {
        options.push(depths);
    }
    options
}

/// Makes the machine agree with its options.
pub(crate) fn apply(machine: &mut MachineSpec, options: &[ProgramOption]) {
    for option in options {
        let on = option.chosen == 1;
        match option.name.as_str() {
            "vendor" => machine.vendor = if on { Vendor::Amd } else { Vendor::Intel },
            "pcid" => machine.pcid = on,
            "tso" if !on => machine.store_buffer = 0,
            "tso" if machine.store_buffer == 0 => machine.store_buffer = STORE_BUFFER,
            // After `tso`: if that has switched store buffers off, their depth does not matter.
            STORE_BUFFER_OPTION if machine.store_buffer > 0 => machine.store_buffer = option.chosen + 1,
            _ => {}
        }
    }
}

/// The kernel for which the settings of a `with` were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// The present kernel: a setting that it does not offer is an error.
    Here,
    /// Another kernel, which the present one replaces by selection: settings that the present one does not offer are left out.
    WhereItFits,
    /// Another kernel, since the case has its own kernel. Only the options of the machine and of the scenario count.
    ForAnother,
}

/// Settings of a `with`: new defaults.
pub(crate) fn with(
    out: &mut Diagnostics,
    kernel: &mut [ProgramOption],
    machine: &mut [ProgramOption],
    settings: &[(Name, Name)],
    meant: Meant,
) {
    if let Some((name, _)) = settings.get(MAX_OPTIONS) {
        let message = format!("more than {MAX_OPTIONS} options are set");
        return out.push(Diagnostic::error(SourceId::SCENARIO, name.span, message));
    }
    for (n, (name, choice)) in settings.iter().enumerate() {
        if settings[..n].iter().any(|(earlier, _)| earlier.text == name.text) {
            let message = format!("option `{}` is set twice", name.text);
            out.push(Diagnostic::error(SourceId::SCENARIO, name.span, message));
        }
        let wanted = |o: &&mut ProgramOption| o.name == name.text;
        let of_text = |o: &&mut ProgramOption| wanted(o) && o.origin == Origin::Scenario;
        let (there, own) = (machine.iter_mut().find(wanted), kernel.iter_mut().find(of_text).is_some());
        let found = match there {
            Some(option) => Some(option),
            None if own => kernel.iter_mut().find(wanted),
            None if meant == Meant::ForAnother => continue,
            None => {
                let fits = |o: &&mut ProgramOption| meant == Meant::Here || o.choices.contains(&choice.text);
                match kernel.iter_mut().find(wanted).filter(fits) {
                    None if meant == Meant::WhereItFits => continue,
                    found => found,
                }
            }
        };
        let Some(option) = found else {
            let names = kernel.iter().chain(machine.iter()).map(|o| o.name.as_str());
            let advice = did_you_mean(&name.text, names.clone()).unwrap_or_else(|| {
                let names: Vec<&str> = names.collect();
                format!("the options are {}", names.join(", "))
            });
            let message = format!("the kernel has no option `{}`", name.text);
            out.push(Diagnostic::error(SourceId::SCENARIO, name.span, message).advice(advice));
            continue;
        };
        if let Some(chosen) = find(out, SourceId::SCENARIO, &name.text, &option.choices, choice) {
            option.default = chosen;
            option.chosen = chosen;
        }
    }
}

/// The selection made outside the texts. A choice that does not fit is ignored with a warning: a text may have been
/// edited since.
pub(crate) fn select(
    out: &mut Diagnostics,
    options: &mut [ProgramOption],
    selection: &[(String, String)],
    place: Span,
) {
    for (name, choice) in selection {
        let option = options.iter_mut().find(|o| o.name == *name);
        if name == NO_WALKS && option.is_none() {
            continue;
        }
        let found = option.and_then(|o| o.choices.iter().position(|c| c == choice).map(|n| (o, n)));
        match found {
            Some((option, n)) => option.chosen = u8::try_from(n).unwrap_or(option.default),
            None => {
                let message =
                    format!("the choice {name} = {choice} was ignored: there is no such option or choice");
                out.push(Diagnostic::warning(SourceId::SCENARIO, place, message));
            }
        }
    }
}

/// Where speculative walks are switched off: what was chosen outside the texts, or else what the text says. With the
/// option that shows it, unless CPUs walk everywhere and no choice was made.
pub(crate) fn no_walks(
    out: &mut Diagnostics,
    written: WalksOff,
    options: &[ProgramOption],
    selection: &[(String, String)],
    cpus: u8,
    place: Span,
) -> (WalksOff, Option<ProgramOption>) {
    // A kernel may have an option of this name.
    let asked = selection.iter().filter(|_| options.iter().all(|option| option.name != NO_WALKS));
    let asked = asked.rev().find(|asked| asked.0 == NO_WALKS).map(|asked| asked.1.as_str());
    let chosen = asked.and_then(WalksOff::read);
    if let (Some(asked), None) = (asked, &chosen) {
        let message = format!(
            "the choice {NO_WALKS} = {asked} was ignored: write a list such as cpu1,0x400000, or none"
        );
        out.push(Diagnostic::warning(SourceId::SCENARIO, place, message));
    }
    let online = u64::MAX >> (64 - cpus);
    let beyond = chosen.as_ref().is_some_and(|off| off.cpus & !online != 0);
    if beyond {
        let message =
            format!("{NO_WALKS} names a CPU that does not exist: the machine has CPUs 0 to {}", cpus - 1);
        out.push(Diagnostic::warning(SourceId::SCENARIO, place, message));
    }
    let chosen = chosen.map(|off| WalksOff { cpus: off.cpus & online, ..off });
    if chosen.is_none() && written == WalksOff::default() {
        return (written, None);
    }
    let default = written.text();
    let off = chosen.unwrap_or(written);
    let mut choices = vec![WalksOff::default().text()];
    for text in [&default, &off.text()] {
        if !choices.contains(text) {
            choices.push(text.clone());
        }
    }
    let number = |text: &str| {
        choices.iter().position(|choice| choice == text).and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
    };
    let (default, chosen) = (number(&default), number(&off.text()));
    let option = ProgramOption {
        name: NO_WALKS.to_owned(),
        sentence: "Where speculative walks are off: a CPU walks there only for its own accesses".to_owned(),
        choices,
        default,
        chosen,
        origin: Origin::Bound,
    };
    (off, Some(option))
}

/// Why an option changes nothing on a machine as its other options stand; nothing if it counts.
#[must_use]
pub fn idle(option: &ProgramOption, machine: &MachineSpec) -> Option<&'static str> {
    let depth = option.origin == Origin::Bound && option.name == STORE_BUFFER_OPTION;
    // As long as the sentence that it stands for on the page, where nothing moves when a switch is turned.
    (depth && machine.store_buffer == 0)
        .then_some("without effect: store buffers are off, so a store is seen by others at once")
}

/// What to write, if a number was given to `tso`: one option says whether there are store buffers, and another one
/// how deep they are. (`machine { tso 4; }` says both.)
#[must_use]
pub fn depth_meant(option: &str, choice: &str) -> Option<String> {
    let number = option == "tso" && choice.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| {
        format!(
            "tso is off or on: whether there are store buffers; store_buffer={choice} says how many stores each holds"
        )
    })
}

fn find(
    out: &mut Diagnostics,
    source: SourceId,
    option: &str,
    choices: &[String],
    choice: &Name,
) -> Option<u8> {
    let found = choices.iter().position(|c| *c == choice.text);
    if found.is_none() {
        let advice = depth_meant(option, &choice.text)
            .or_else(|| did_you_mean(&choice.text, choices.iter().map(String::as_str)))
            .unwrap_or_else(|| format!("it can be {}", choices.join(", ")));
        let message = format!("option `{option}` has no choice `{}`", choice.text);
        out.push(Diagnostic::error(source, choice.span, message).advice(advice));
    }
    found.and_then(|n| u8::try_from(n).ok())
}
