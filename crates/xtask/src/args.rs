//! The commands of the front door, and how they are spelt.

use lexopt::prelude::*;
use std::ffi::OsString;
use std::path::PathBuf;

/// Shown for `help`, and after arguments that were not understood.
pub const HELP: &str = "\
usage: cargo xtask COMMAND

  serve [--port N] [--dev] [--dist DIR]
                  install what is missing, build the site, serve it, print its address
  build [--dev] [--dist DIR] [--page ADDRESS]
                  the same without serving
  package [--page ADDRESS] [--built]
                  what a release hands out, in target/packages: the program as crates with the page in it, and
                  the site as an archive
  test [--quick] [--skip-setup]
                  every check that CI runs
  setup [--test]  install only what `serve` needs; with --test also what `test` needs
  bench [OPTION..]
                  measure our explorer beside other checkers; `bench --help` lists its options
  bless           rewrite golden files to what the code now says; read the diff afterwards
  styles          join the style sheets; Trunk asks for it whenever it builds
  complete        add the other sheets, the library, the editor and the share dialogs to a site, and make a release of it; Trunk asks for it as well
  help            this text

  --port N        the port to serve on (8080, or the next free one)
  --dev           a quick, unoptimised build; `serve` then builds again at every change
  --dist DIR      where the site goes (./dist; with --dev ./target/site-dev)
  --page ADDRESS  where it will be served: adds a page for each scenario, which has to name whole addresses
  --built         take the site that was built last
  --quick         leave out the site and the browsers
  --skip-setup    assume that everything is installed

Tools go to ./.tools and nowhere else; their logs are in ./.tools/logs.
Set TLBSCOPE_WASM=fallback to try the set-up for machines on which rustup cannot add the wasm target.";

/// One command, fully understood.
#[derive(Debug, PartialEq)]
pub enum Ask {
    /// Build, serve, stay.
    Serve { build: Build, port: u16 },
    /// Build the site.
    Build(Build),
    /// Build what a release hands out; `built` takes the site that is there.
    Package { build: Build, built: bool },
    /// Everything CI runs; `quick` leaves the site and the browsers out.
    Test { quick: bool, skip_setup: bool },
    /// Only install; `browsers` for the tests' needs as well.
    Setup { browsers: bool },
    /// Rewrite golden files.
    Bless,
    /// Join the style sheets.
    Styles,
    /// Adds what Trunk does not make to what it has built.
    Complete,
    /// Measure; the rest of the line is the benchmark's own.
    Bench(Vec<OsString>),
    /// Say how this is used.
    Help,
}

/// Which site is built, and where to.
#[derive(Debug, PartialEq)]
pub struct Build {
    /// Unoptimised, and soon done.
    pub dev: bool,
    /// The folder asked for, if any.
    pub dist: Option<PathBuf>,
    /// Where it will be served, if that is known.
    pub page: Option<String>,
}

impl Build {
    /// The site as visitors get it, in `dist`.
    pub const SITE: Self = Self { dev: false, dist: None, page: None };
}

/// Where `serve` tries first.
pub const PORT: u16 = 8080;

/// Reads the arguments behind `cargo xtask`.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Ask, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(args);
    let command = match parser.next()? {
        None => return Ok(Ask::Help),
        Some(Short('h') | Long("help")) => return Ok(Ask::Help),
        Some(Value(word)) if word == "bench" => return Ok(Ask::Bench(parser.raw_args()?.collect())),
        Some(Value(word)) => word.string()?,
        Some(other) => return Err(other.unexpected()),
    };
    let (mut dev, mut dist, mut page, mut port, mut quick, mut skip_setup, mut browsers) =
        (false, None, None, PORT, false, false, false);
    let mut built = false;
    while let Some(arg) = parser.next()? {
        match (command.as_str(), arg) {
            (_, Short('h') | Long("help")) => return Ok(Ask::Help),
            ("serve", Long("port")) => port = parser.value()?.parse()?,
            ("serve" | "build", Long("dev")) => dev = true,
            ("serve" | "build", Long("dist")) => dist = Some(parser.value()?.into()),
            ("build" | "package", Long("page")) => page = Some(parser.value()?.string()?),
            ("package", Long("built")) => built = true,
            ("test", Long("quick")) => quick = true,
            ("test", Long("skip-setup")) => skip_setup = true,
            ("setup", Long("test")) => browsers = true,
            (_, other) => return Err(other.unexpected()),
        }
    }
    let build = Build { dev, dist, page };
    match command.as_str() {
        "serve" => Ok(Ask::Serve { build, port }),
        "build" => Ok(Ask::Build(build)),
        "package" => Ok(Ask::Package { build, built }),
        "test" => Ok(Ask::Test { quick, skip_setup }),
        "setup" => Ok(Ask::Setup { browsers }),
        "bless" => Ok(Ask::Bless),
        "styles" => Ok(Ask::Styles),
        "complete" => Ok(Ask::Complete),
        "help" => Ok(Ask::Help),
        unknown => Err(format!("there is no command {unknown:?}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Ask, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn options_belong_to_their_command() {
        let build = Build { dev: true, dist: None, page: None };
        assert_eq!(asked("serve --port 9000 --dev"), Ok(Ask::Serve { build, port: 9000 }));
        assert_eq!(asked("test --quick"), Ok(Ask::Test { quick: true, skip_setup: false }));
        assert_eq!(asked("setup --test"), Ok(Ask::Setup { browsers: true }));
        let build = Build { dev: false, dist: None, page: Some("https://host/".to_owned()) };
        assert_eq!(asked("build --page https://host/"), Ok(Ask::Build(build)));
        let build = Build { dev: false, dist: None, page: None };
        assert_eq!(asked("package --built"), Ok(Ask::Package { build, built: true }));
        assert!(asked("package --dev").is_err());
        assert!(asked("build --port 9000").is_err() && asked("serve --page https://host/").is_err());
        assert!(asked("serve --port 70000").is_err());
        let rest = ["--rounds", "2", "--help"].map(OsString::from).to_vec();
        assert_eq!(asked("bench --rounds 2 --help"), Ok(Ask::Bench(rest)));
    }

    #[test]
    fn the_unknown_is_named() {
        assert_eq!(asked("sevre"), Err("there is no command \"sevre\"".to_owned()));
        assert_eq!(asked(""), Ok(Ask::Help));
    }
}
