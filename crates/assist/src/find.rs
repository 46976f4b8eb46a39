//! Where a name is declared, and where it stands.

use crate::names::{At, SOURCES, Symbol};
use crate::reading::Reading;
use crate::workspace::{TextPlace, WhichText, Workspace};
use lang::source::Span;

/// The most places of one answer.
const MOST: usize = 4096;

impl Workspace<'_> {
    /// Where the name at a byte is declared; see [`Reading::definitions`].
    #[must_use]
    pub fn definitions(&self, text: &WhichText, byte: u32) -> Vec<TextPlace> {
        let whole = self.whole();
        Reading::new(self, whole.as_ref()).definitions(text, byte)
    }

    /// Every place where the name at a byte stands; see [`Reading::uses`].
    #[must_use]
    pub fn uses(&self, text: &WhichText, byte: u32) -> Vec<TextPlace> {
        let whole = self.whole();
        Reading::new(self, whole.as_ref()).uses(text, byte)
    }
}

impl Reading<'_> {
    /// Where the name at a byte is declared: in the scenario, in the kernel, or in one that the kernel extends. Where a
    /// kernel replaces the declaration of another, its own comes first.
    #[must_use]
    pub fn definitions(&self, text: &WhichText, byte: u32) -> Vec<TextPlace> {
        let Some(symbol) = symbol(self, text, byte) else { return Vec::new() };
        match &symbol {
            Symbol::Local(source, at) => vec![place(self, (*source, *at))],
            Symbol::Page(_) | Symbol::Label(_) => self.all(&symbol).into_iter().take(1).collect(),
            Symbol::Text(name) if self.names.declarations(&symbol).is_empty() => {
                // It is not on the workspace, but there.
                let there = self.workspace.kernels.kernel(name).is_some();
                let start = Span { start: 0, end: 0 };
                there
                    .then(|| TextPlace { text: WhichText::Extended((*name).to_owned()), span: start })
                    .into_iter()
                    .collect()
            }
            symbol => self.names.declarations(symbol).iter().map(|&at| place(self, at)).collect(),
        }
    }

    /// Every place where the name at a byte stands, its declarations included, in the order of the texts.
    #[must_use]
    pub fn uses(&self, text: &WhichText, byte: u32) -> Vec<TextPlace> {
        symbol(self, text, byte).map(|symbol| self.all(&symbol)).unwrap_or_default()
    }

    fn all(&self, symbol: &Symbol<'_>) -> Vec<TextPlace> {
        let read = self;
        let mut found = Vec::new();
        for source in SOURCES {
            let scan = read.names.scan(source);
            for at in 0..scan.marks.len() {
                if found.len() < MOST && read.names.symbol(source, at).as_ref() == Some(symbol) {
                    found.push(place(read, (source, at)));
                }
            }
        }
        found
    }
}

fn symbol<'a>(read: &'a Reading<'a>, text: &WhichText, byte: u32) -> Option<Symbol<'a>> {
    let (source, byte) = read.source(text, byte)?;
    let at = read.names.scan(source).mark_at(byte)?;
    // A word of the language is declared nowhere.
    read.names.symbol(source, at).filter(|symbol| !matches!(symbol, Symbol::Word(..)))
}

fn place(read: &Reading<'_>, (source, at): At) -> TextPlace {
    read.place(source, read.names.scan(source).marks[at].span)
}
