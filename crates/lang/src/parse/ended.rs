//! Where a closing brace is missing: the next item tells.

use crate::diagnostic::Diagnostic;
use crate::parse::{Parser, kernel, scenario};
use crate::source::Span;
use crate::syntax::token::Tok;

impl Parser<'_> {
    /// Whether an item begins at the cursor that can't stand within this brace, while the text lacks a closing one. That ends the
    /// inside; what follows is read as what it is. It is reported once, as the missing end of the text would be.
    pub(crate) fn ended_by_item(&mut self, open: Span, owner: &str) -> bool {
        if self.lacking == 0 || !self.item_ahead(owner) {
            return false;
        }
        self.lacking -= 1;
        if !std::mem::replace(&mut self.unclosed, true) {
            let message = format!("a }} is missing before `{}`", self.here());
            let diagnostic = Diagnostic::error(self.source, self.span(), message);
            self.out.push(diagnostic.related(self.source, open, format!("the {owner} opens here")));
        }
        true
    }

    /// Whether what begins a line here can be nothing but an item of a kernel or of a scenario.
    fn item_ahead(&self, owner: &str) -> bool {
        let word = self.word_ahead(0);
        (kernel::ITEMS.contains(&word) || scenario::ITEMS.contains(&word))
            && self.begins_line()
            && match self.ahead(1) {
                // An IPI is sent to somebody. A handler has parameters with types, or a body.
                Tok::Name => {
                    let follow = (self.ahead(3), self.ahead(4));
                    word != "ipi" || matches!(follow, (Tok::Name, Tok::Colon) | (Tok::RParen, Tok::LBrace))
                }
                Tok::Number(_) => word != "cpu" || !["setup", "workload"].contains(&owner),
                next => matches!(next, Tok::Text | Tok::LBrace),
            }
    }
}
