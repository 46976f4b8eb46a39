//! Grammar of tables of costs, and of what a workload says of time.

use crate::costs::{MAX_TIME, Sure, TIMES, Unit};
use crate::parse::{Parsed, Parser};
use crate::syntax::token::Tok;
use crate::syntax::{Amount, CostsDecl, GivenFigure};

impl Parser<'_> {
    /// `costs "name" extends "name" { items }`
    pub(crate) fn costs(&mut self) -> Parsed<CostsDecl> {
        self.bump();
        let name = self.title("the name of the table in quotes")?;
        let extends = match self.eat_word("extends") {
            true => Some(self.title("the name of another table in quotes")?),
            false => None,
        };
        let mut table = CostsDecl { name, extends, about: Vec::new(), with: Vec::new(), figures: Vec::new() };
        self.items("table of costs", &[], |p| p.costs_item(&mut table))?;
        Ok(table)
    }

    fn costs_item(&mut self, table: &mut CostsDecl) -> Parsed<()> {
        match self.word_ahead(0) {
            "about" => {
                self.bump();
                table.about.push(self.text("a sentence in quotes")?);
                self.eat(Tok::Semi);
            }
            "with" => {
                self.bump();
                let option = self.name("an option")?;
                self.expect(Tok::Assign, "=")?;
                let choice = self.name("a choice")?;
                table.with.push((option, choice));
                self.semi();
            }
            _ => {
                let name = self.name("a figure, as `ipi_send 300 ns guessed \"source\";`")?;
                let (amount, unit) = self.quantity()?;
                let word = self.here();
                let Some(&(_, sure)) = Sure::ALL.iter().find(|one| one.0 == word) else {
                    let message =
                        format!("expected a word for how sure the figure is, found {}", self.found());
                    let advice =
                        "say measured, documented, derived or guessed, and then the source in quotes";
                    return self.fail_here(&message, Some(advice));
                };
                self.bump();
                let source = self.text("the source in quotes")?;
                table.figures.push(GivenFigure { name, amount, unit, sure, source });
                self.semi();
            }
        }
        Ok(())
    }

    /// A number of entries, or a time.
    fn quantity(&mut self) -> Parsed<(Amount, Unit)> {
        if self.ahead(1) == Tok::Name && self.word_ahead(1) == "entries" {
            let amount = self.plain_number("a number")?;
            self.bump();
            return Ok((amount, Unit::Entries));
        }
        Ok((self.duration()?, Unit::Time))
    }

    /// A number that is written as one: no constant, since figures and workloads are read without the rest of the text.
    pub(crate) fn plain_number(&mut self, what: &str) -> Parsed<Amount> {
        let amount = self.amount(what)?;
        if amount.named {
            self.report(amount.span, "a name can't stand here", Some("write the number"));
        }
        Ok(amount)
    }

    /// A time: a number and its unit. In picoseconds.
    pub(crate) fn duration(&mut self) -> Parsed<Amount> {
        let Tok::Number(number) = self.tok() else {
            let message = format!("expected a time, as 300 ns, found {}", self.found());
            return self.fail_here(&message, None);
        };
        let start = self.bump();
        let word = self.word_ahead(0);
        let Some(&(_, size)) = TIMES.iter().find(|unit| unit.0 == word) else {
            let message = format!("expected a unit of time, found {}", self.found());
            let advice = "the units are ps, ns, us, ms and s; a fraction is written in the next smaller unit";
            return self.fail_here(&message, Some(advice));
        };
        let span = start.to(self.bump());
        match number.checked_mul(size).filter(|time| *time <= MAX_TIME) {
            Some(value) => Ok(Amount { value, span, named: false }),
            None => {
                self.report(span, "a time is at most 1 s", None);
                Ok(Amount { value: MAX_TIME, span, named: false })
            }
        }
    }
}
