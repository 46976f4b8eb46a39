//! `tlbscope explain`: hardware rules and properties, in words.

use crate::stop::{Status, Stop};
use clap::Args;
use lang::property::PropertyGroup;
use machine::Property;
use std::io::Write;
use x86::Law;

/// Explain hardware rules and properties. Without a name, list all of them.
#[derive(Args, Debug)]
pub struct ExplainCommand {
    /// A rule (H37, or just 37), a property (walk_of_freed), or a word: all that speak of it are listed (INVLPG, "accessed bit").
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

impl ExplainCommand {
    pub fn run(&self, out: &mut impl Write) -> Result<Status, Stop> {
        if self.names.is_empty() {
            for law in Law::ALL {
                writeln!(out, "{law:<4} {}", law.title())?;
            }
            for property in Property::ALL {
                writeln!(out, "{}", property.name())?;
            }
            return Ok(Status::Fine);
        }
        for name in &self.names {
            if let Some(law) = law(name) {
                rule(out, law)?;
            } else if let Some(property) = Property::ALL.into_iter().find(|property| property.name() == name)
            {
                writeln!(out, "{name}: {}.", property.sentence())?;
            } else if let Some(properties) =
                PropertyGroup::ALL.into_iter().find(|group| group.name() == name).map(machine::members)
            {
                let members: Vec<&str> =
                    properties.iter().filter_map(Property::from_number).map(Property::name).collect();
                writeln!(out, "{name}: one of {}.", members.join(", "))?;
            } else if !list(out, name)? {
                let last = Law::ALL.len();
                let names = Property::ALL.into_iter().map(Property::name).chain(["violation", "corruption"]);
                let like: Vec<&str> = names.clone().filter(|there| there.contains(name.as_str())).collect();
                let near =
                    if like.is_empty() { lang::nearest(name, names).into_iter().collect() } else { like };
                let there = match near.join(" or ") {
                    none if none.is_empty() => "`tlbscope explain` lists all of them".to_owned(),
                    near => format!("did you mean {near}?"),
                };
                return Err(Stop::Refused(format!(
                    "{name} is neither a rule (H1 to H{last}) nor a property, and none of them has this word; {there}"
                )));
            }
        }
        Ok(Status::Fine)
    }
}

/// Lists the rules and properties that speak of something; whether there are any.
fn list(out: &mut impl Write, word: &str) -> Result<bool, Stop> {
    let word = word.to_lowercase();
    let has = |text: &str| !word.trim().is_empty() && text.to_lowercase().contains(&word);
    let mut any = false;
    for law in Law::ALL.into_iter().filter(|law| has(law.title()) || has(law.sentence())) {
        writeln!(out, "{law:<4} {}", law.title())?;
        any = true;
    }
    for property in Property::ALL.into_iter().filter(|one| has(one.name()) || has(one.sentence())) {
        writeln!(out, "{}: {}.", property.name(), property.sentence())?;
        any = true;
    }
    Ok(any)
}

fn law(name: &str) -> Option<Law> {
    let number = name.strip_prefix(['H', 'h']).unwrap_or(name);
    Law::from_number(number.parse().ok()?)
}

fn rule(out: &mut impl Write, law: Law) -> Result<(), Stop> {
    let confidence = law.confidence();
    writeln!(out, "{law}  {}", law.title())?;
    writeln!(out, "  {}", law.sentence())?;
    writeln!(out, "  Source: {}", law.source())?;
    writeln!(out, "  Confidence: {confidence}. {}", confidence.sentence())?;
    if let Some(note) = law.note() {
        writeln!(out, "  Note: {note}")?;
    }
    Ok(())
}
