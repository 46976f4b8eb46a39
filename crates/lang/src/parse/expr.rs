//! Grammar of expressions: C's precedence, with `in` beside the comparisons and `{a, b}` for sets.

use crate::parse::{MAX_NESTING, Parsed, Parser};
use crate::syntax::lex::unquote;
use crate::syntax::token::Tok;
use crate::syntax::{Amount, Binary, Expr, ExprKind, Name, Unary};

/// Loosest first. All associate to the left.
const LEVELS: &[&[(Tok, Binary)]] = &[
    &[(Tok::PipePipe, Binary::Or)],
    &[(Tok::AmpAmp, Binary::And)],
    &[(Tok::Pipe, Binary::BitOr)],
    &[(Tok::Caret, Binary::BitXor)],
    &[(Tok::Amp, Binary::BitAnd)],
    &[(Tok::EqEq, Binary::Eq), (Tok::NotEq, Binary::Ne)],
    &[(Tok::Lt, Binary::Lt), (Tok::Le, Binary::Le), (Tok::Gt, Binary::Gt), (Tok::Ge, Binary::Ge)],
    &[(Tok::Shl, Binary::Shl), (Tok::Shr, Binary::Shr)],
    &[(Tok::Plus, Binary::Add), (Tok::Minus, Binary::Sub)],
    &[(Tok::Star, Binary::Mul)],
];

/// The functions that take a label after their other arguments.
pub(crate) const LABELLED: &[&str] = &["BUG_ON", "WARN_ON", "WARN_ON_ONCE"];

/// Where `in` stands among [`LEVELS`].
const IN_LEVEL: usize = 6;

impl Parser<'_> {
    /// An expression.
    pub(crate) fn expr(&mut self) -> Parsed<Expr> {
        self.nested(|p| p.binary(0))
    }

    fn operator(&self, lowest: usize) -> Option<(usize, Binary)> {
        if self.is_word("in") && lowest <= IN_LEVEL {
            return Some((IN_LEVEL, Binary::In));
        }
        let tok = self.tok();
        for (level, operators) in LEVELS.iter().enumerate().skip(lowest) {
            if let Some(&(_, binary)) = operators.iter().find(|(t, _)| *t == tok) {
                return Some((level, binary));
            }
        }
        None
    }

    /// Precedence climbing. A long chain makes a deep tree, so its length counts as nesting too.
    fn binary(&mut self, lowest: usize) -> Parsed<Expr> {
        let mut left = self.unary()?;
        let mut links = 0;
        while let Some((level, binary)) = self.operator(lowest) {
            self.link(&mut links)?;
            self.bump();
            let right = self.nested(|p| p.binary(level + 1))?;
            let span = left.span.to(right.span);
            left = Expr { kind: ExprKind::Binary(binary, Box::new(left), Box::new(right)), span };
        }
        if self.tok() == Tok::Foreign {
            let advice = match self.here() {
                "?" => "write if and else",
                _ => "there is no division: use >> and &, or count otherwise",
            };
            let message = format!("there is no operator {}", self.found());
            return self.fail_here(&message, Some(advice));
        }
        Ok(left)
    }

    /// `=` where an expression goes on, as in `if a = b`: says so, and skips the value.
    pub(super) fn assignment_inside(&mut self) -> Parsed<()> {
        let advice = "write `==` to compare";
        self.report(
            self.span(),
            "`=` assigns, and nothing can be assigned inside an expression",
            Some(advice),
        );
        self.bump();
        self.expr().map(|_| ())
    }

    fn link(&mut self, links: &mut u32) -> Parsed<()> {
        *links += 1;
        if *links + self.depth > MAX_NESTING {
            let message = format!("nested more than {MAX_NESTING} deep");
            return self.fail_here(&message, Some("give a part of it a name with let"));
        }
        Ok(())
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let unary = match self.tok() {
            Tok::Bang => Unary::Not,
            Tok::Tilde => Unary::Complement,
            Tok::Minus => Unary::Minus,
            Tok::Amp => {
                let advice = "there are no pointers: name the place itself, as in `xchg(pte(m, va), 0)`";
                self.report(start, "no address can be taken", Some(advice));
                self.bump();
                return self.nested(Self::unary);
            }
            Tok::Star => {
                let advice = "leave the * out: name the place itself, as in `pte(m, va) = 0;`; a word of a page frame is `f[0]`";
                self.report(start, "there are no pointers", Some(advice));
                self.bump();
                return self.nested(Self::unary);
            }
            _ => return self.postfix(),
        };
        self.bump();
        let operand = self.nested(Self::unary)?;
        let span = start.to(operand.span);
        Ok(Expr { kind: ExprKind::Unary(unary, Box::new(operand)), span })
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        let mut expr = self.primary()?;
        let mut links = 0;
        loop {
            match self.tok() {
                Tok::Dot => {
                    self.bump();
                }
                // An arrow is also what follows a linear address in `mm A { ... }`, but no expression stands there.
                Tok::Arrow => {
                    self.report(self.span(), "there are no pointers", Some("fields are written with a dot"));
                    self.bump();
                }
                Tok::LBracket => {
                    self.link(&mut links)?;
                    self.bump();
                    let index = self.expr()?;
                    let close = self.expect(Tok::RBracket, "]")?;
                    let span = expr.span.to(close);
                    expr = Expr { kind: ExprKind::Index(Box::new(expr), Box::new(index)), span };
                    continue;
                }
                Tok::LParen => {
                    return self.fail_here("only functions can be called", Some("a call is `name(a, b)`"));
                }
                _ => return Ok(expr),
            }
            self.link(&mut links)?;
            let field: Name = self.name("a field's name")?;
            let span = expr.span.to(field.span);
            expr = Expr { kind: ExprKind::Field(Box::new(expr), field), span };
        }
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let span = self.span();
        let kind = match self.tok() {
            Tok::Number(value) => {
                self.bump();
                if self.tok() == Tok::Colon && self.ahead(1) == Tok::Name {
                    self.bump();
                    let name = self.name("a local of that CPU's block")?;
                    ExprKind::Of(Amount { value, span, named: false }, name)
                } else {
                    ExprKind::Number(value)
                }
            }
            Tok::Text => ExprKind::Number(self.text_value()),
            Tok::Name => {
                let name = self.name("a name")?;
                if self.eat(Tok::LParen) {
                    let mut first = true;
                    let labelled = LABELLED.contains(&name.text.as_str());
                    let argument = |p: &mut Self| {
                        let label = labelled && !std::mem::take(&mut first) && p.tok() == Tok::Text;
                        if label { p.label() } else { p.expr() }
                    };
                    ExprKind::Call(name, self.list(Tok::RParen, ") or a comma", argument)?)
                } else {
                    ExprKind::Name(name.text)
                }
            }
            Tok::LParen => {
                self.bump();
                let inner = self.expr()?;
                if self.tok() == Tok::Assign {
                    self.assignment_inside()?;
                }
                let close = self.expect(Tok::RParen, ")")?;
                return Ok(Expr { kind: inner.kind, span: span.to(close) });
            }
            Tok::LBrace => {
                self.bump();
                ExprKind::Set(self.list(Tok::RBrace, "} or a comma", Self::expr)?)
            }
            Tok::Step => {
                let message = format!("there is no {} here", self.found());
                return self
                    .fail_here(&message, Some("write `x = x + 1`, or inc_return(x) for a locked one"));
            }
            _ => {
                let message = format!("expected an expression, found {}", self.found());
                return self.fail_here(&message, None);
            }
        };
        Ok(Expr { kind, span: span.to(self.last()) })
    }

    /// The label of a check.
    fn label(&mut self) -> Parsed<Expr> {
        let label = self.title("a label in quotes")?;
        Ok(Expr { kind: ExprKind::Label(label.value), span: label.span })
    }

    /// A string as a number: its bytes, the first lowest.
    fn text_value(&mut self) -> u64 {
        let bytes = unquote(self.here());
        let span = self.bump();
        if bytes.len() > 8 {
            self.report(span, "a string used as a number has at most 8 bytes", None);
        }
        bytes.iter().take(8).rev().fold(0, |value, &b| value << 8 | u64::from(b))
    }
}
