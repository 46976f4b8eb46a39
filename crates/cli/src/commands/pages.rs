//! `tlbscope pages`: a page for each scenario of the library, at an address of its own, for those who never run a script: search
//! engines, and places that show a card for an address.
//!
//! Such a card needs whole addresses. So a site has these pages where somebody knows its address, and not in every build.

use crate::commands::embed::address;
use crate::files;
use crate::recorded::Recorded;
use crate::schedule::Which;
use crate::setting::SettingArgs;
use crate::stop::{Status, Stop};
use crate::subject::Subject;
use clap::Args;
use figure::{PictureKind, Theme, escaped};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Write a page for each built-in scenario: its story, its picture, what the explorer says, a link, and what places need that show a
/// card or an embed for an address (Open Graph, oEmbed).
///
/// Exit status: 0 they have been written, 2 one of them can't be written.
#[derive(Args, Debug)]
pub struct PagesCommand {
    /// The folder for them, in the folder of the site: they name the site by --page, and one another by relative addresses.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Where TLBscope is served, for instance `https://example.org/tlbscope/`
    #[arg(long, value_name = "ADDRESS")]
    page: String,
    /// Where the folder is served. [default: scenarios/ below --page]
    #[arg(long, value_name = "ADDRESS")]
    at: Option<String>,
    /// Only these scenarios. [default: all of the library]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
}

/// How the pages look: a file, since a strict policy forbids styles in markup.
const SHEET: (&str, &str) = (
    "pages.css",
    ":root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }\n\
     main { max-width: 62em; margin: auto; overflow-wrap: anywhere; }\nimg { max-width: 100%; height: auto; }\n",
);

/// The most steps of a run by chance, where there is none that violates something.
const MOST_STEPS: usize = 60;

/// The width of an embed that somebody asks for by oEmbed, and its height: it cannot say how high its contents are.
const FRAME: (u32, u32) = (700, 900);

/// What oEmbed answers for an address, in its version 1.0.
#[derive(Serialize)]
struct OEmbed<'a> {
    version: &'static str,
    r#type: &'static str,
    provider_name: &'static str,
    provider_url: &'a str,
    title: &'a str,
    html: String,
    width: u32,
    height: u32,
    thumbnail_url: &'a str,
    thumbnail_width: u32,
    thumbnail_height: u32,
}

impl PagesCommand {
    pub fn run(&self) -> Result<Status, Stop> {
        let page = address(&self.page)?;
        let at = match &self.at {
            Some(at) => address(at)?,
            None => {
                format!("{}/scenarios/", page.rsplit_once('/').map_or(page.as_str(), |(folder, _)| folder))
            }
        };
        let named = |slug: &&str| self.only.is_empty() || self.only.iter().any(|name| name == slug);
        let unknown = self.only.iter().find(|name| gallery::scenario(name).is_none());
        if let Some(name) = unknown {
            return Err(Stop::Refused(format!("--only {name}: the library has no such scenario")));
        }
        for slug in gallery::scenarios().map(|text| text.slug).filter(named) {
            self.write(slug, &page, &at)?;
        }
        files::put(&self.folder.join(SHEET.0), SHEET.1)?;
        Ok(Status::Fine)
    }

    fn write(&self, slug: &str, page: &str, at: &str) -> Result<(), Stop> {
        let setting = SettingArgs::default();
        let mut subject = Subject::load(slug, &setting)?;
        let variant = subject.variant(&setting)?;
        let found = Which::violation().run(&subject, &variant, None)?;
        let said = found.note.clone();
        let run = match found.status {
            Status::Fine => found,
            _ => Which::chance().run(&subject, &variant, Some(MOST_STEPS))?,
        };
        let length = run.trace.len();
        let recorded = Recorded::new(subject, variant, run, length);
        let picture = figure::svg(&recorded.moment(), PictureKind::Stage, Theme::Light);
        let sides = [" width=\"", " height=\""].map(|side| {
            let number = picture.split_once(side).and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
            number.unwrap_or(0)
        });
        let base = format!("{at}{}", encoded(slug));
        let leaflet = Leaflet { slug, page, base: &base, said: &said, sides, recorded: &recorded };
        for (ending, text) in [("svg", picture), ("json", leaflet.oembed()?), ("html", leaflet.html())] {
            files::put(&self.folder.join(format!("{slug}.{ending}")), &text)?;
        }
        Ok(())
    }
}

/// The page of one scenario.
struct Leaflet<'a> {
    slug: &'a str,
    /// Where TLBscope is.
    page: &'a str,
    /// Where this page is, without its ending.
    base: &'a str,
    /// What the explorer says.
    said: &'a str,
    /// Width and height of the picture.
    sides: [u32; 2],
    recorded: &'a Recorded,
}

impl Leaflet<'_> {
    fn title(&self) -> &str {
        &self.recorded.variant.machine.program().name
    }

    fn link(&self) -> String {
        format!("{}#{}", self.page, self.recorded.link)
    }

    fn oembed(&self) -> Result<String, Stop> {
        let ((width, height), [thumbnail_width, thumbnail_height]) = (FRAME, self.sides);
        let html = format!(
            "<iframe src=\"{}?embed&amp;show=verdict,stage,caption#{}\" \
             sandbox=\"allow-scripts allow-popups allow-popups-to-escape-sandbox\" title=\"{}\" loading=\"lazy\" width=\"{width}\" \
             height=\"{height}\" style=\"border:0;max-width:100%\"></iframe>",
            escaped(self.page),
            self.recorded.link,
            escaped(self.title())
        );
        let answer = OEmbed {
            version: "1.0",
            r#type: "rich",
            provider_name: "TLBscope",
            provider_url: self.page,
            title: self.title(),
            html,
            width,
            height,
            thumbnail_url: &format!("{}.svg", self.base),
            thumbnail_width,
            thumbnail_height,
        };
        let text = serde_json::to_string_pretty(&answer).map_err(|error| Stop::Refused(error.to_string()))?;
        Ok(text + "\n")
    }

    fn html(&self) -> String {
        let program = self.recorded.variant.machine.program();
        let (title, base, link) = (escaped(self.title()), escaped(self.base), escaped(&self.link()));
        let story = escaped(&program.about.join(" "));
        // A description is one or two sentences.
        let first = escaped(program.about.first().map_or("", String::as_str));
        let [width, height] = self.sides;
        let mut head = String::new();
        for (name, content) in [
            ("og:type", "article"),
            ("og:site_name", "TLBscope"),
            ("og:title", &title),
            ("og:description", &first),
            ("og:url", &format!("{base}.html")),
            ("og:image", &format!("{base}.svg")),
            ("og:image:type", "image/svg+xml"),
            ("og:image:width", &width.to_string()),
            ("og:image:height", &height.to_string()),
            ("og:image:alt", &escaped(self.said.lines().next().unwrap_or_default())),
        ] {
            let _ = writeln!(head, "<meta property=\"{name}\" content=\"{content}\">");
        }
        let (file, sheet) = (escaped(&encoded(self.slug)), SHEET.0);
        let said: String = self.said.lines().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <link rel=\"stylesheet\" href=\"{sheet}\">\n<title>{title}: TLBscope</title>\n\
             <meta name=\"description\" content=\"{first}\">\n{head}\
             <meta name=\"twitter:card\" content=\"summary_large_image\">\n\
             <link rel=\"canonical\" href=\"{base}.html\">\n\
             <link rel=\"alternate\" type=\"application/json+oembed\" href=\"{base}.json\" title=\"{title}\">\n\
             <link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{story}</p>\n\
             <p><a href=\"{link}\">Run it in TLBscope</a></p>\n{said}\
             <p><a href=\"{link}\"><img src=\"{file}.svg\" width=\"{width}\" height=\"{height}\" alt=\"The machine at the end of the run\"></a></p>\n\
             </main>\n</body>\n</html>\n"
        )
    }
}

/// A name as a part of an address.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
