//! Which variant of a scenario is meant: arguments that several commands share.

use crate::stop::Stop;
use clap::Args;
use lang::CaseName;
use lang::program::{Program, WalksOff};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Arguments that choose a kernel, a case and options.
#[derive(Args, Clone, Debug, Default)]
pub struct SettingArgs {
    /// A kernel's text, or a folder of kernels. Wherever a text names one of these kernels, it is used. (Other kernels are looked
    /// for in the scenario's folder, in the folder above, in folders `kernels` from there up, and in the built-in library.)
    #[arg(long, value_name = "FILE")]
    pub kernel: Vec<PathBuf>,
    /// Another kernel, by its name, instead of the kernel that the scenario names.
    #[arg(long, value_name = "KERNEL")]
    pub on: Option<String>,
    /// Set an option of the kernel or of the machine. `tlbscope options` lists them.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = choice)]
    pub options: Vec<(String, String)>,
    /// Switch off the speculative walks of a CPU or to an address, to find out which walk is the cause. May be given several times.
    #[arg(long, value_name = "cpuN|0xADDRESS", value_delimiter = ',', value_parser = walks)]
    pub no_walks: Vec<String>,
    /// The scenario of this name, in a file that holds several.
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<String>,
    /// A case of the scenario, by its name. The scenario's own name means the scenario as written.
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
}

pub fn choice(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=value, for example pcid=off")?;
    if name.is_empty() || value.is_empty() {
        return Err("both sides of the = need a value".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn walks(text: &str) -> Result<String, String> {
    let off = WalksOff::read(text).filter(|_| text != "none");
    off.map(|off| off.text()).ok_or_else(|| "write a CPU as cpu1, an address as 0x400000".to_owned())
}

impl SettingArgs {
    /// All choices that the arguments make. Where no walks are made is one of them.
    #[must_use]
    pub fn choices(&self) -> Vec<(String, String)> {
        let mut choices = self.options.clone();
        if let Some(off) = WalksOff::read(&self.no_walks.join(",")) {
            choices.push(("no_walks".to_owned(), off.text()));
        }
        choices
    }

    /// Whether the arguments agree among themselves.
    ///
    /// # Errors
    /// If an option is chosen twice.
    pub fn agrees(&self) -> Result<(), Stop> {
        let choices = self.choices();
        for (n, (name, value)) in choices.iter().enumerate() {
            if let Some((_, first)) = choices[..n].iter().find(|earlier| earlier.0 == *name) {
                let both = format!("--set {name}={first} and --set {name}={value}");
                return Err(Stop::Refused(format!("{name} is chosen twice: {both}")));
            }
        }
        Ok(())
    }

    /// Whether the scenario asked for is among those of a file.
    ///
    /// # Errors
    /// If it is not.
    pub fn named<'a>(&self, names: impl Iterator<Item = &'a str>, path: &str) -> Result<(), Stop> {
        let Some(wanted) = &self.scenario else { return Ok(()) };
        let names: Vec<&str> = names.collect();
        if names.contains(&wanted.as_str()) {
            return Ok(());
        }
        let there = match (lang::nearest(wanted, names.iter().copied()), &names[..]) {
            (Some(near), _) => format!("did you mean {near:?}?"),
            (None, []) => "it has none".to_owned(),
            (None, names) => format!("it has {}", names.join(", ")),
        };
        Err(Stop::Refused(format!("{path} has no scenario {wanted:?}: {there}")))
    }

    /// The case asked for, among those of a scenario. Nothing if none was asked for.
    ///
    /// # Errors
    /// If there is no such case.
    pub fn chosen<'a>(&self, scenario: &str, cases: &'a [CaseName]) -> Result<Option<&'a CaseName>, Stop> {
        let Some(wanted) = self.case.as_deref() else { return Ok(None) };
        let named = cases.iter().find(|case| case.name.as_deref() == Some(wanted));
        let whole = || cases.iter().find(|case| case.name.is_none() && wanted == scenario);
        named.or_else(whole).map(Some).ok_or_else(|| {
            let names = || cases.iter().filter_map(|case| case.name.as_deref());
            let quoted = |name: &str| format!("{name:?}");
            let there = match lang::nearest(wanted, names()) {
                Some(near) => format!("did you mean {near:?}?"),
                None if names().next().is_none() => "it has none".to_owned(),
                None => format!("it has {}", names().map(quoted).collect::<Vec<_>>().join(", ")),
            };
            Stop::Refused(format!("{scenario} has no case {wanted:?}: {there}"))
        })
    }

    /// Which of a scenario's cases have no option of a name that the arguments set, and a sentence for each such name: several
    /// cases are told of once. One case alone is told of when it is compiled ([`SettingArgs::offered`]).
    pub fn lacking(&self, scenario: &str, cases: &[(String, Option<Program>)]) -> (Vec<bool>, Vec<String>) {
        let (mut lacks, mut sentences) = (vec![false; cases.len()], Vec::new());
        for (name, _) in &self.choices() {
            let (mut without, mut there) = (Vec::new(), BTreeSet::new());
            for (place, (case, program)) in cases.iter().enumerate() {
                let Some(program) = program else { continue };
                let names = program.options.iter().map(|option| option.name.as_str());
                if names.clone().all(|offered| offered != name) {
                    without.push((place, case.as_str()));
                    there.extend(names);
                }
            }
            if without.len() < 2 {
                continue;
            }
            without.iter().for_each(|(place, _)| lacks[*place] = true);
            let quoted: Vec<&str> = without.iter().map(|(_, case)| *case).collect();
            sentences.push(if without.len() < cases.len() {
                let (some, all) = (without.len(), cases.len());
                format!(
                    "{scenario} has no option {name} in {some} of its {all} cases, which are not checked: {}",
                    quoted.join(", ")
                )
            } else {
                let there: Vec<&str> = there.into_iter().collect();
                let there = lang::nearest(name, there.iter().copied()).map_or_else(
                    || format!("they have {}", there.join(", ")),
                    |near| format!("did you mean {near}?"),
                );
                format!("{scenario} has no option {name} in any of its cases; {there}")
            });
        }
        (lacks, sentences)
    }

    /// Whether a program offers all choices that the arguments make. (A link may well ask for one that is gone:
    /// then the compiler warns. Who types one wants to know.)
    ///
    /// # Errors
    /// If it does not.
    pub fn offered(&self, scenario: &str, program: &Program) -> Result<(), Stop> {
        for (name, value) in &self.choices() {
            let Some(option) = program.options.iter().find(|option| option.name == *name) else {
                let names: Vec<&str> = program.options.iter().map(|option| option.name.as_str()).collect();
                let there = lang::nearest(name, names.iter().copied()).map_or_else(
                    || format!("it has {}", names.join(", ")),
                    |near| format!("did you mean {near}?"),
                );
                return Err(Stop::Refused(format!("{scenario} has no option {name}; {there}")));
            };
            if !option.choices.contains(value) {
                let there = lang::depth_meant(name, value)
                    .unwrap_or_else(|| format!("it can be {}", option.choices.join(", ")));
                return Err(Stop::Refused(format!("{scenario}: {name} can't be {value}; {there}")));
            }
        }
        Ok(())
    }
}
