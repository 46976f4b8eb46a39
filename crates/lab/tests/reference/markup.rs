//! The part of Markdown that the reference is written in, as blocks, and as markup for the page.

use super::example::Examples;
use lab::view::colours;
use std::fmt::Write;

/// A block of the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// A heading: how deep, and its words.
    Heading(usize, &'a str),
    /// A paragraph.
    Words(String),
    /// The items of a list.
    List(Vec<String>),
    /// A table: its first row is the head.
    Table(Vec<Vec<String>>),
    /// Code between fences; of our language, what kind of text it is.
    Code {
        /// `stmt`, `kernel`, … or nothing for a whole text; none if it is not of our language.
        kind: Option<&'a str>,
        /// The code.
        text: String,
    },
}

/// The blocks of a text, in their order.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut all = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(fence) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let kind = fence.strip_prefix("tlb").map(str::trim);
            all.push(Block::Code { kind, text: code.iter().map(|line| format!("{line}\n")).collect() });
        } else if line.starts_with('#') {
            let depth = line.bytes().take_while(|c| *c == b'#').count();
            all.push(Block::Heading(depth, line[depth..].trim()));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(row));
            }
            assert!(rows.len() > 2 && rows[1].iter().all(|cell| cell.trim_matches(['-', ':']).is_empty()));
            rows.remove(1);
            all.push(Block::Table(rows));
        } else if let Some(first) = item(line) {
            let mut items = vec![first.to_owned()];
            while let Some(next) = lines.next_if(|line| item(line).is_some() || line.starts_with("  ")) {
                match (item(next), items.last_mut()) {
                    (None, Some(last)) => *last += &format!(" {}", next.trim()),
                    (item, _) => items.push(item.unwrap_or(next).to_owned()),
                }
            }
            all.push(Block::List(items));
        } else if !line.is_empty() {
            let mut words = line.to_owned();
            let plain = |line: &&str| {
                !line.is_empty() && !["```", "#", "|", "- "].iter().any(|at| line.starts_with(at))
            };
            while let Some(more) = lines.next_if(plain) {
                words += &format!(" {more}");
            }
            all.push(Block::Words(words));
        }
    }
    all
}

/// What stands in a line that begins an item of a list. The number of one is a part of it.
fn item(line: &str) -> Option<&str> {
    let numbered = line.len() > 3 && line.as_bytes()[0].is_ascii_digit() && line[1..].starts_with(". **");
    line.strip_prefix("- ").or(numbered.then_some(line))
}

/// The cells of a row; a bar within one is written `\|`.
fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner).replace("\\|", "\u{1}");
    inner.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What a heading is called in links: as GitHub does.
fn anchor(words: &str) -> String {
    let kept = words.chars().filter(|c| c.is_alphanumeric() || "- _".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Words with code, links and stress. A link into this page stays one, and so does one to a run. One to another document is its
/// words: those are not part of the site. A sentence that only names such a document is left out.
fn words(text: &str) -> String {
    let mut out = String::new();
    let text = &without_references(text);
    for (place, part) in text.split('`').enumerate() {
        if place % 2 == 1 {
            let _ = write!(out, "<code>{}</code>", escaped(part));
            continue;
        }
        out += &linked(part);
    }
    // A link whose words are code.
    while let Some((before, rest)) = out.split_once('[')
        && let Some((inner, rest)) = rest.split_once("](")
        && let Some((to, after)) = rest.split_once(')')
    {
        out = format!("{before}{}{after}", link(inner, to));
    }
    out
}

/// Words without sentences that begin with the name of another document, and without brackets that hold nothing but a link there.
fn without_references(text: &str) -> String {
    let mut out = text.to_owned();
    while let Some((before, rest)) = out.split_once("[")
        && let Some((inner, rest)) = rest.split_once("](")
        && let Some((to, behind)) = rest.split_once(')')
    {
        let (elsewhere, named) = (place(to).is_none(), inner.ends_with(".md"));
        let bracket = before.strip_suffix(" (").filter(|_| elsewhere).zip(behind.strip_prefix(')'));
        let kept = match bracket {
            Some((before, behind)) => format!("{before}{behind}"),
            None if named => {
                assert!(
                    before.is_empty() || before.ends_with(". "),
                    "{inner} stands within a sentence: {text}"
                );
                let next = behind.split_once(". ").map_or("", |(_, next)| next);
                format!("{before}{next}").trim_end().to_owned()
            }
            // It is looked at no more.
            None => format!("{before}\u{1}{inner}\u{2}{to})\u{3}{behind}"),
        };
        out = kept;
    }
    out.replace('\u{1}', "[").replace('\u{2}', "](").replace('\u{3}', "")
}

/// Where a link leads that the page can follow: what it is called there, and whether it is a run.
fn place(to: &str) -> Option<(&str, bool)> {
    match (to.strip_prefix("http://127.0.0.1:8080/#"), to.split_once('#')) {
        (Some(run), _) => Some((run, true)),
        (None, Some(("" | "language.md" | "write-your-own-kernel.md", section))) => Some((section, false)),
        (None, None) => to.strip_suffix(".md").filter(|name| *name == GUIDE).map(|name| (name, false)),
        _ => None,
    }
}

fn link(inner: &str, to: &str) -> String {
    match place(to) {
        Some((run, true)) => format!("<a href=\"#{run}\">{inner}</a>"),
        Some((place, false)) => format!("<a href=\"#\" data-to=\"{place}\">{inner}</a>"),
        None => inner.to_owned(),
    }
}

fn linked(text: &str) -> String {
    let mut out = String::new();
    // Pairs of two stars, which are strong, before those of one.
    let strong = escaped(text).split("**").enumerate().fold(String::new(), |all, (place, part)| {
        let tag = ["", "<b>", "</b>"][if place == 0 { 0 } else { 2 - place % 2 }];
        all + tag + part
    });
    let mut rest = strong;
    while let Some((before, after)) = rest.split_once('*') {
        match after.split_once('*') {
            Some((inner, end)) if !inner.starts_with([' ', '*']) => {
                let _ = write!(out, "{before}<em>{inner}</em>");
                rest = end.to_owned();
            }
            _ => {
                let _ = write!(out, "{before}*");
                rest = after.to_owned();
            }
        }
    }
    out + &rest
}

/// Code in the colours of the texts.
fn coloured(text: &str) -> String {
    let lines = text.lines().count();
    let mut out = String::new();
    for line in colours::lines(text, &[], &(0..lines)) {
        for piece in line {
            let said = escaped(piece.text);
            match piece.class {
                "" => out += &said,
                class => {
                    let _ = write!(out, "<i class=\"{class}\">{said}</i>");
                }
            }
        }
        out.push('\n');
    }
    out
}

/// What the guide is called in links.
const GUIDE: &str = "write-your-own-kernel";

/// The reference as the page shows it, with the guide behind it.
pub fn page(language: &str, guide: &str) -> String {
    // On the page its links lead to runs of this page.
    let (before, where_it_is) =
        guide.split_once(" The links lead to\n").expect("it says where its links lead");
    let (_, behind) = where_it_is.split_once("work as well.)").expect("and of which copies");
    sections(language, None) + &sections(&format!("{before}{behind}"), Some(GUIDE))
}

/// A section for each heading. `name` is what links call the whole text; then a scenario among its examples is about the text as it
/// has become, which a link runs.
fn sections(text: &str, name: Option<&str>) -> String {
    let mut examples = Examples::of(text);
    let mut out = String::new();
    let mut chapter = "";
    for block in blocks(text) {
        match block {
            Block::Heading(1, title) => {
                out += &name.map_or("<section>\n".to_owned(), |name| {
                    chapter = title;
                    format!("<section data-at=\"{name}\">\n<h3>{}</h3>\n", words(title))
                });
            }
            Block::Heading(depth, title) => {
                let above =
                    if depth == 2 { String::new() } else { format!("<small>{}</small>", escaped(chapter)) };
                let above = if depth == 2 && name.is_some() {
                    format!("<small>{}</small>", escaped(chapter))
                } else {
                    above
                };
                if depth == 2 && name.is_none() {
                    chapter = title;
                }
                let (id, title) = (anchor(title), words(title));
                let _ = writeln!(out, "</section>\n<section data-at=\"{id}\">\n<h3>{above}{title}</h3>");
            }
            Block::Words(said) => {
                let _ = writeln!(out, "<p>{}</p>", words(&said));
            }
            Block::List(items) => {
                out += "<ul>\n";
                for item in items {
                    let _ = writeln!(out, "<li>{}</li>", words(&item));
                }
                out += "</ul>\n";
            }
            Block::Table(rows) => {
                let row = |row: &[String], tag: &str| {
                    row.iter().map(|cell| format!("<{tag}>{}</{tag}>", words(cell))).collect::<String>()
                };
                let _ = writeln!(out, "<table>\n<thead><tr>{}</tr></thead>\n<tbody>", row(&rows[0], "th"));
                for cells in &rows[1..] {
                    let _ = writeln!(out, "<tr>{}</tr>", row(cells, "td"));
                }
                out += "</tbody>\n</table>\n";
            }
            Block::Code { kind: None, text } => {
                let _ = writeln!(out, "<pre>{}</pre>", escaped(&text));
            }
            Block::Code { text, .. } if name.is_some() && text.starts_with("scenario") => {
                let _ = writeln!(out, "<pre>{}</pre>", coloured(&text));
            }
            Block::Code { kind: Some(kind), text } => {
                let whole = escaped(&examples.opened(kind, &text));
                let _ = writeln!(
                    out,
                    "<pre>{}</pre>\n<button type=\"button\" data-text=\"{whole}\">Run this</button>",
                    coloured(&text)
                );
            }
        }
    }
    out + "</section>\n"
}
