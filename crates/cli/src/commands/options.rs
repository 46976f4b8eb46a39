//! `tlbscope options`: the options and cases of a scenario.

use crate::setting::SettingArgs;
use crate::stop::{Status, Stop};
use crate::subject::Subject;
use clap::Args;
use lang::program::{Origin, ProgramOption};
use std::io::Write;

/// List the options and cases of a scenario. The current choice is in brackets.
#[derive(Args, Debug)]
pub struct OptionsCommand {
    /// The scenario: a file, the name of a built-in one, or a link.
    #[arg(value_name = "PATH")]
    path: String,
    #[command(flatten)]
    setting: SettingArgs,
}

impl OptionsCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        let mut subject = Subject::load(&self.path, &self.setting)?;
        let variant = subject.variant(&self.setting)?;
        let program = variant.machine.program();
        writeln!(out, "{} on {}", program.name, program.kernel)?;
        for (origin, heading) in [
            (Origin::Kernel, "options of the kernel"),
            (Origin::Scenario, "options of the scenario"),
            (Origin::Machine, "options of the machine"),
        ] {
            let of = |found: Origin| found == origin || (found == Origin::Bound && origin == Origin::Machine);
            let options: Vec<&ProgramOption> = program.options.iter().filter(|o| of(o.origin)).collect();
            table(
                out,
                heading,
                &options.iter().map(|o| (o.name.clone(), choices(o), o.sentence.clone())).collect::<Vec<_>>(),
            )?;
        }
        let cases: Vec<(String, String, String)> = subject
            .experiment
            .cases()
            .into_iter()
            .filter_map(|case| {
                let own = scene::replaced(&case.replaces).map(|own| format!(", {own}")).unwrap_or_default();
                let expects = format!("expects {}{own}", case.expectations);
                Some((format!("{:?}", case.name?), format!("on {}", case.kernel), expects))
            })
            .collect();
        table(out, "cases", &cases)?;
        Ok(Status::Fine)
    }
}

/// `off | [on]`.
fn choices(option: &ProgramOption) -> String {
    let mark = |(place, choice): (usize, &String)| {
        if place == option.chosen as usize { format!("[{choice}]") } else { choice.clone() }
    };
    option.choices.iter().enumerate().map(mark).collect::<Vec<_>>().join(" | ")
}

/// A heading and three columns, if there is anything in them.
fn table(out: &mut impl Write, heading: &str, rows: &[(String, String, String)]) -> Result<(), Stop> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "{heading}")?;
    let width = |column: fn(&(String, String, String)) -> &String| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0)
    };
    let (first, second) = (width(|row| &row.0), width(|row| &row.1));
    for (name, choices, sentence) in rows {
        writeln!(out, "{}", format!("  {name:<first$}  {choices:<second$}  {sentence}").trim_end())?;
    }
    Ok(())
}
