//! `check --merge`: what the parts of a check have printed, as one check would have printed it.
//!
//! Part I of N has every Nth variant. A variant that can't be compiled has no line, so each line has its variant's
//! number. All parts read all texts. Every part refuses a text that can't be read. A text with a case that can't be
//! compiled is refused by the part that has the case. Each part names the texts that it has refused, so that each text
//! counts once.

use crate::files;
use crate::report::{self, ReportLine, Summary};
use crate::stop::{Status, Stop};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A line of a variant, as far as it is read.
#[derive(Deserialize)]
struct Numbered {
    number: usize,
}

/// What a part has printed.
struct Part {
    /// By their numbers.
    variants: BTreeMap<usize, String>,
    summary: Summary,
    number: usize,
    of: usize,
}

fn read(path: &Path) -> Result<Part, Stop> {
    let refused = |why: &str| Stop::Refused(format!("{}: {why}", files::shown(path)));
    let text = fs::read_to_string(path).map_err(|why| refused(&why.to_string()))?;
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.pop().unwrap_or_default();
    let value: Value = serde_json::from_str(last).unwrap_or_default();
    let kind = value["kind"] == "summary";
    let summary = serde_json::from_value::<Summary>(value).ok().filter(|_| kind).ok_or_else(|| {
        refused("it does not end with the summary of check --json; has that check come to its end?")
    })?;
    let shard = summary.shard.as_ref().and_then(|shard| shard.split_once('/'));
    let (number, of) = shard
        .and_then(|(number, of)| Some((number.parse::<usize>().ok()?, of.parse::<usize>().ok()?)))
        .filter(|(number, of)| (1..=*of).contains(number))
        .ok_or_else(|| refused("it is not a part: check --shard prints one"))?;
    let own = |line: &&str| {
        let Numbered { number: variant } = serde_json::from_str(line).ok()?;
        (variant % of == number % of).then(|| (variant, (*line).to_owned()))
    };
    let variants = lines.iter().map(own).collect::<Option<BTreeMap<usize, String>>>();
    let variants = variants
        .filter(|variants| variants.len() == lines.len() && lines.len() == summary.variants as usize)
        .ok_or_else(|| refused("its lines are not those of the variants that its summary counts"))?;
    Ok(Part { variants, summary, number, of })
}

/// Prints the parts as one.
pub fn merge(paths: &[PathBuf], out: &mut impl Write) -> Result<Status, Stop> {
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    for path in paths {
        let part = read(path)?;
        let refused = |why: String| Stop::Refused(format!("{}: {why}", files::shown(path)));
        if let Some(other) = parts.values().next() {
            let of_check = |part: &Part| (part.of, part.summary.scenarios, part.summary.kernels);
            if of_check(other) != of_check(&part) {
                return Err(refused("it is a part of another check".to_owned()));
            }
        }
        if let Some(before) = parts.insert(part.number, part) {
            return Err(refused(format!("part {} is there twice", before.number)));
        }
    }
    let of = parts.values().next().map_or(0, |part| part.of);
    if let Some(missing) = (1..=of).find(|number| !parts.contains_key(number)) {
        return Err(Stop::Refused(format!("part {missing} of {of} is missing")));
    }
    let variants: BTreeMap<usize, &String> =
        parts.values().flat_map(|part| &part.variants).map(|(&number, line)| (number, line)).collect();
    for line in variants.values() {
        writeln!(out, "{line}")?;
    }
    let mut all = Summary::default();
    let mut refused: BTreeSet<u32> = BTreeSet::new();
    for Part { summary, .. } in parts.values() {
        // Each part has met all scenarios and kernels.
        (all.scenarios, all.kernels) = (summary.scenarios, summary.kernels);
        refused.extend(&summary.refused_texts);
        all.variants += summary.variants;
        all.met += summary.met;
        all.failed += summary.failed;
        all.open += summary.open;
    }
    all.refused = refused.len() as u32;
    all.refused_texts = refused.into_iter().collect();
    let if_any = |count: u32, status: Status| if count > 0 { status } else { Status::Fine };
    let status = if_any(all.refused, Status::BadInput)
        .and(if_any(all.failed, Status::Failed))
        .and(if_any(all.open, Status::Open));
    report::line(out, &ReportLine::Summary(all))?;
    Ok(status)
}
