//! Which settings there are: combinations of options, laid out as a table, and cases.

use crate::model::session::{Session, Setting, Setup};
use lang::program::{Origin, ProgramOption};

/// Most combinations of options that are shown.
pub const MOST: usize = 64;

/// The rows and columns of the grid: options that vary, and those that stay as they are because there would be too many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GridAxes {
    /// The case.
    pub case: Option<u8>,
    /// The kernel in the place of the one that the text names, if it is run on another.
    pub kernel: Option<String>,
    /// The options that vary, rows first.
    pub varied: Vec<ProgramOption>,
    /// How many of them make the rows.
    pub rows: usize,
    /// The options that do not vary, with their present choices.
    pub fixed: Vec<(String, String)>,
    /// Bounds of the machine, which are the same in all of them.
    pub bounds: Vec<(String, String)>,
}

impl GridAxes {
    /// The axes for a machine that compiled: kernel options first, as they stand in the text, as many as fit.
    #[must_use]
    pub fn of(setup: &Setup) -> GridAxes {
        let options = &setup.machine.program().options;
        let of = |origin: Origin| options.iter().filter(move |option| option.origin == origin);
        let kernel = of(Origin::Kernel).chain(of(Origin::Scenario));
        let machine = options.iter().filter(|option| option.origin == Origin::Machine);
        let (mut varied, mut fixed, mut count) = (Vec::new(), Vec::new(), 1);
        for option in kernel.chain(machine) {
            if count * option.choices.len() <= MOST {
                count *= option.choices.len();
                varied.push(option.clone());
            } else {
                fixed.push((option.name.clone(), choice(option, option.chosen)));
            }
        }
        // At least as many rows as columns: the page is higher than it is wide.
        let combinations =
            |options: &[ProgramOption]| options.iter().map(|o| o.choices.len()).product::<usize>();
        let split =
            (0..varied.len()).find(|&rows| combinations(&varied[..rows]) >= combinations(&varied[rows..]));
        let rows = split.unwrap_or(varied.len());
        let bounds = options.iter().filter(|option| option.origin == Origin::Bound);
        let bounds = bounds.map(|option| (option.name.clone(), choice(option, option.chosen))).collect();
        GridAxes {
            case: setup.session.experiment.selection.case,
            kernel: setup.session.experiment.selection.kernel.clone(),
            varied,
            rows,
            fixed,
            bounds,
        }
    }

    /// All combinations of the options from one to another, in the order of their choices.
    fn combinations(options: &[ProgramOption]) -> Vec<Vec<(String, String)>> {
        let mut all = vec![Vec::new()];
        for option in options {
            let with = |made: &Vec<(String, String)>| {
                let choices = option.choices.iter();
                let longer = |choice: &String| {
                    let added = (option.name.clone(), choice.clone());
                    made.iter().cloned().chain([added]).collect()
                };
                choices.map(longer).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        all
    }

    /// What stands at the head of the rows, and of the columns.
    #[must_use]
    pub fn heads(&self) -> [Vec<Vec<(String, String)>>; 2] {
        let (rows, columns) = self.varied.split_at(self.rows);
        [GridAxes::combinations(rows), GridAxes::combinations(columns)]
    }

    /// The setting where a row and a column meet.
    #[must_use]
    pub fn setting(&self, row: &[(String, String)], column: &[(String, String)]) -> Setting {
        let parts = row.iter().chain(column).chain(&self.fixed).chain(&self.bounds);
        Setting { case: self.case, options: parts.cloned().collect(), kernel: self.kernel.clone() }
    }

    /// All settings of the grid, row by row.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let [rows, columns] = self.heads();
        let row = |row: &Vec<(String, String)>| {
            let cells = columns.iter().map(|column| self.setting(row, column));
            cells.collect::<Vec<_>>()
        };
        rows.iter().flat_map(row).collect()
    }
}

fn choice(option: &ProgramOption, index: u8) -> String {
    option.choices.get(usize::from(index)).cloned().unwrap_or_default()
}

/// The cases of a session as written, the scenario itself first; none if there is only that.
#[must_use]
pub fn cases(session: &Session) -> Vec<Setting> {
    let cases = session.cases();
    if cases.len() < 2 {
        return Vec::new();
    }
    let told = |case: lang::CaseName| Setting { case: case.case, ..Setting::default() };
    cases.into_iter().take(MOST).map(told).collect()
}

/// The names of all kernels there are for a session: those of the library, then those that only the page has.
#[must_use]
pub fn kernel_names(session: &Session) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    names.extend(gallery::kernels().filter_map(gallery::LibraryText::kernel_name).map(str::to_owned));
    let more =
        session.experiment.kernels.iter().map(|own| own.0).filter(|name| gallery::kernel(name).is_none());
    names.extend(more.map(str::to_owned));
    names
}

/// A setting for each of them: the scenario as written on each kernel, as it stands on the page, on the machine as it
/// is set now. The scenario's settings for its own kernel also hold on another kernel that has such options.
#[must_use]
pub fn kernels(setup: &Setup) -> Vec<Setting> {
    let options: Vec<(String, String)> = setup
        .options(Origin::Scenario)
        .chain(setup.options(Origin::Machine))
        .chain(setup.options(Origin::Bound))
        .filter_map(|option| {
            Some((option.name.clone(), option.choices.get(usize::from(option.chosen))?.clone()))
        })
        .collect();
    let setting = |name: String| Setting { case: None, options: options.clone(), kernel: Some(name) };
    kernel_names(&setup.session).into_iter().map(setting).collect()
}

#[cfg(test)]
mod tests {
    use super::{GridAxes, MOST};
    use crate::model::session::{Session, Setup};
    use lang::source::SourceId;

    fn setup(session: &Session) -> Setup {
        session.compile().0.expect("it compiles")
    }

    fn library(slug: &str) -> Session {
        Session::library(slug).expect("it is in the library")
    }

    #[test]
    fn every_combination_has_one_place() {
        for text in gallery::scenarios() {
            let setup = setup(&library(text.slug));
            let axes = GridAxes::of(&setup);
            let settings = axes.settings();
            let mut different = settings.clone();
            different.sort();
            different.dedup();
            assert_eq!(different.len(), settings.len(), "{}", text.slug);
            assert!((1..=MOST).contains(&settings.len()));
            let [rows, columns] = axes.heads();
            assert!(rows.len() >= columns.len() && columns.len() <= 8, "{}", text.slug);
            let options = setup.machine.program().options.len();
            assert!(settings.iter().all(|setting| setting.options.len() == options));
        }
    }

    #[test]
    fn what_does_not_fit_stays_as_it_is_set() {
        let mut session = library(crate::DEFAULT);
        let more = (0..4).map(|n| format!("option extra{n} = on \"Nothing\"\n")).collect::<String>();
        let kernel = session.kernel().replacen("option ", &format!("{more}option "), 1);
        session = session.edited(SourceId::KERNEL, &kernel);
        let axes = GridAxes::of(&setup(&session));
        assert_eq!(axes.settings().len(), MOST);
        assert!(!axes.fixed.is_empty());
        for setting in axes.settings() {
            assert!(axes.fixed.iter().all(|fixed| setting.options.contains(fixed)));
        }
    }
}
