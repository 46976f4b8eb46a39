//! Grammar of what is asked of the states in which executions end: `exists`, `~exists`, `forall`, `filter`, `locations`.

use crate::parse::{Parsed, Parser};
use crate::syntax::token::Tok;
use crate::syntax::{Expr, Finale, Quantifier, Scenario};

impl Parser<'_> {
    /// Whether a condition on final states begins here.
    pub(crate) fn at_finale(&self) -> bool {
        match self.word_ahead(0) {
            "exists" | "forall" => true,
            "not" => self.word_ahead(1) == "exists",
            _ => self.tok() == Tok::Tilde && self.word_ahead(1) == "exists",
        }
    }

    /// `exists (0:x == 0 && y == 1)`, with `~` or `not` before it; or `forall (...)`.
    pub(crate) fn finale(&mut self, place: &mut Option<Finale>) -> Parsed<()> {
        let start = self.span();
        let denied = self.eat(Tok::Tilde) || self.eat_word("not");
        let quantifier = match (denied, self.word_ahead(0)) {
            (true, _) => Quantifier::NotExists,
            (false, "forall") => Quantifier::Forall,
            (false, _) => Quantifier::Exists,
        };
        self.bump();
        let condition = self.expr()?;
        let span = start.to(self.last());
        self.eat(Tok::Semi);
        if place.is_some() {
            let advice = "join the conditions with && or ||, or write another case";
            self.report(span, "there can be only one condition on final states", Some(advice));
        }
        place.get_or_insert(Finale { quantifier, condition, span });
        Ok(())
    }

    /// `filter (x == 1)`
    pub(crate) fn filter(&mut self, scenario: &mut Scenario) -> Parsed<()> {
        self.bump();
        let filter = self.expr()?;
        self.eat(Tok::Semi);
        if scenario.filter.is_some() {
            self.report(filter.span, "there can be only one filter", Some("join the conditions with &&"));
        }
        scenario.filter.get_or_insert(filter);
        Ok(())
    }

    /// `locations 0:x, y;`
    pub(crate) fn locations(&mut self, locations: &mut Vec<Expr>) -> Parsed<()> {
        self.bump();
        locations.push(self.expr()?);
        while self.eat(Tok::Comma) {
            locations.push(self.expr()?);
        }
        self.semi();
        Ok(())
    }
}
