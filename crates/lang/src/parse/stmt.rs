//! Grammar of statements, with advice for those who write C.

use crate::parse::{Parsed, Parser};
use crate::syntax::token::{TYPES, Tok};
use crate::syntax::{Block, Expr, ExprKind, Range, Send, Stmt, StmtKind};

/// Type names of C that may begin a declaration.
const C_TYPES: &[&str] = &[
    "u8", "u16", "u32", "u64", "s64", "unsigned", "long", "struct", "const", "static", "pte_t", "pmd_t",
    "pgd_t", "bool", "int",
];

impl Parser<'_> {
    /// `{ statements }`
    pub(crate) fn block(&mut self) -> Parsed<Block> {
        let open = self.expect(Tok::LBrace, "{")?;
        self.nested(|p| {
            let mut stmts = Vec::new();
            loop {
                match p.tok() {
                    Tok::RBrace => {
                        let close = p.bump();
                        return Ok(Block { stmts, span: open.to(close) });
                    }
                    Tok::End => {
                        p.unclosed(open, "block");
                        return Ok(Block { stmts, span: open.to(p.span()) });
                    }
                    Tok::Semi => {
                        p.bump();
                    }
                    _ if p.ended_by_item(open, "block") => {
                        return Ok(Block { stmts, span: open.to(p.last()) });
                    }
                    _ => {
                        p.start();
                        let before = p.position();
                        match p.stmt() {
                            Ok(stmt) => stmts.push(stmt),
                            Err(_) => {
                                // The token that could not be understood may itself be a brace or semicolon.
                                p.skip_statement(before);
                                if p.position() == before {
                                    p.bump();
                                }
                            }
                        }
                    }
                }
            }
        })
    }

    fn stmt(&mut self) -> Parsed<Stmt> {
        let start = self.span();
        let simple = |p: &Self, kind| Stmt { kind, span: start.to(p.last()) };
        let kind = match self.word_ahead(0) {
            "let" => self.let_stmt()?,
            "if" => return self.if_stmt(),
            "while" => {
                self.bump();
                let cond = self.expr()?;
                let span = cond.span;
                let body = self.body("while")?;
                return Ok(Stmt { kind: StmtKind::While(cond, body), span });
            }
            "for" => return self.for_stmt(),
            "return" => {
                self.bump();
                let value = if self.tok() == Tok::Semi { None } else { Some(self.expr()?) };
                StmtKind::Return(value)
            }
            "until" => {
                self.bump();
                StmtKind::Until(self.expr()?)
            }
            "ipi" => StmtKind::Ipi(self.send()?),
            "wait_ipis" => {
                self.bump();
                if self.tok() == Tok::LParen && self.ahead(1) == Tok::RParen {
                    self.report(start, "wait_ipis is a statement", Some("write `wait_ipis;`"));
                    self.bump();
                    self.bump();
                }
                StmtKind::WaitIpis
            }
            "" if self.tok() == Tok::LBrace => {
                let block = self.block()?;
                return Ok(Stmt { span: block.span, kind: StmtKind::Block(block) });
            }
            _ => self.expr_stmt()?,
        };
        let stmt = simple(self, kind);
        self.semi();
        Ok(stmt)
    }

    fn let_stmt(&mut self) -> Parsed<StmtKind> {
        self.bump();
        let name = self.new_name("a name")?;
        if name.text == "mut" && self.tok() == Tok::Name {
            return self.fail_here(
                "no `mut` is needed here",
                Some("every local can be assigned: `let n = 0; n = 1;`"),
            );
        }
        let ty = if self.eat(Tok::Colon) { Some(self.name("a type")?) } else { None };
        if self.tok() == Tok::Semi {
            let advice = format!("a local begins with a value: `let {} = 0;`", name.text);
            return self.fail_here("expected = and a value, found `;`", Some(&advice));
        }
        self.expect(Tok::Assign, "= and a value")?;
        Ok(StmtKind::Let(name, ty, self.expr()?))
    }

    fn if_stmt(&mut self) -> Parsed<Stmt> {
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            self.bump();
            let cond = self.expr()?;
            branches.push((cond, self.body("if")?));
            if !self.eat_word("else") {
                break;
            }
            if !self.is_word("if") {
                otherwise = Some(self.body("else")?);
                break;
            }
        }
        let span = branches.first().map_or(self.last(), |(cond, _)| cond.span);
        Ok(Stmt { kind: StmtKind::If(branches, otherwise), span })
    }

    /// The block of an `if` or a loop; says so if a C programmer left the braces out.
    fn body(&mut self, owner: &str) -> Parsed<Block> {
        if self.tok() == Tok::LBrace || self.tok() == Tok::End {
            return self.block();
        }
        if self.tok() == Tok::Assign {
            self.assignment_inside()?;
            return self.body(owner);
        }
        let start = self.span();
        let message = format!("the body of {owner} is a block, found {}", self.found());
        self.report(start, &message, Some("write { and } around it, also for one statement"));
        self.nested(|p| {
            let stmt = p.stmt()?;
            let span = start.to(p.last());
            Ok(Block { stmts: vec![stmt], span })
        })
    }

    fn for_stmt(&mut self) -> Parsed<Stmt> {
        self.bump();
        if self.tok() == Tok::LParen {
            let advice = "write `for c in targets { }` for CPUs, `for v in 0 .. 8 { }` for numbers";
            self.report(self.span(), "`for` takes no parentheses", Some(advice));
            while !matches!(self.tok(), Tok::LBrace | Tok::RBrace | Tok::End) {
                self.bump();
            }
            return Err(crate::parse::Failed);
        }
        let name = self.new_name("a name")?;
        if !self.eat_word("in") {
            let message = format!("expected `in`, found {}", self.found());
            return self.fail_here(&message, Some("write `for c in targets { }` or `for v in 0 .. 8 { }`"));
        }
        let from = self.expr()?;
        if !self.eat(Tok::DotDot) {
            let span = name.span.to(from.span);
            let body = self.body("for")?;
            return Ok(Stmt { kind: StmtKind::ForSet(name, from, body), span });
        }
        let to = self.expr()?;
        let step = if self.eat_word("step") { Some(self.expr()?) } else { None };
        let span = name.span.to(self.last());
        let body = self.body("for")?;
        Ok(Stmt { kind: StmtKind::ForRange(name, Range { from, to, step }, body), span })
    }

    fn send(&mut self) -> Parsed<Send> {
        self.bump();
        let handler = self.name("the handler's name")?;
        self.expect(Tok::LParen, "( and the arguments")?;
        let args = self.list(Tok::RParen, ")", Self::expr)?;
        if !self.eat_word("to") {
            let message = format!("expected `to` and a set of CPUs, found {}", self.found());
            return self.fail_here(&message, Some("write `ipi handler(m) to targets and wait;`"));
        }
        let targets = self.expr()?;
        let queued = self.eat_word("by");
        if queued && !self.eat_word("llist_add") {
            return self.fail_here("expected `llist_add`", Some("write `... to targets by llist_add;`"));
        }
        let wait = self.eat_word("and");
        if wait && !self.eat_word("wait") {
            return self.fail_here("expected `wait`", Some("write `... to targets and wait;`"));
        }
        Ok(Send { handler, args, targets, queued, wait })
    }

    fn expr_stmt(&mut self) -> Parsed<StmtKind> {
        self.c_habits()?;
        let expr = self.expr()?;
        match self.tok() {
            Tok::Assign => {
                self.bump();
                let value = self.expr()?;
                Ok(StmtKind::Assign(expr, value))
            }
            Tok::Compound | Tok::Step => {
                let message = format!("there is no {} here", self.found());
                self.report(self.span(), &message, Some(COUNT_ADVICE));
                self.skip_to_semi();
                Ok(StmtKind::Assign(expr.clone(), expr))
            }
            _ if matches!(expr.kind, ExprKind::Call(..)) => Ok(StmtKind::Expr(expr)),
            Tok::Semi | Tok::RBrace => {
                self.nothing(&expr);
                Ok(StmtKind::Expr(expr))
            }
            _ => Ok(StmtKind::Expr(expr)),
        }
    }

    fn nothing(&mut self, expr: &Expr) {
        let advice = match &expr.kind {
            ExprKind::Binary(crate::syntax::Binary::Eq, ..) => "an assignment has one =",
            ExprKind::Name(name) => &format!("a call has parentheses, also around nothing: `{name}();`"),
            _ => "a statement is a call or an assignment",
        };
        self.report(expr.span, "this does nothing", Some(advice));
    }

    fn skip_to_semi(&mut self) {
        while !matches!(self.tok(), Tok::Semi | Tok::RBrace | Tok::LBrace | Tok::End) {
            self.bump();
        }
    }

    /// Statements that only C has.
    fn c_habits(&mut self) -> Parsed<()> {
        let word = self.word_ahead(0);
        if self.tok() == Tok::Step {
            let message = format!("there is no {} here", self.found());
            return self.fail_here(&message, Some(COUNT_ADVICE));
        }
        let advice = match word {
            "break" | "continue" => "put the loop into a function and leave it with return",
            "goto" => "use if, while and functions",
            "switch" => "use if and else if",
            "do" => "use while",
            "else" => "else follows the closing brace of an if",
            "fn" | "sys" if self.ahead(1) == Tok::Name && self.ahead(2) == Tok::LParen => {
                let message = "a function can't stand inside another function or a block";
                return self.fail_here(message, Some("move it out: it is an item of the kernel"));
            }
            "asm" | "volatile" => "every access here is one access of the machine; no compiler comes between",
            _ => return self.c_declaration(word),
        };
        if self.ahead(1) == Tok::LParen && !matches!(word, "switch" | "asm") {
            return Ok(());
        }
        let message = match word {
            "else" => "this `else` has no `if`".to_owned(),
            _ => format!("there is no statement `{word}`"),
        };
        self.fail_here(&message, Some(advice))
    }

    /// `int x;`, `struct y *z = ...;`
    fn c_declaration(&mut self, word: &str) -> Parsed<()> {
        let typed = C_TYPES.contains(&word) || TYPES.contains(&word);
        let star = usize::from(self.ahead(1) == Tok::Star);
        let name = self.word_ahead(1 + star);
        let declares = typed || matches!(self.ahead(2 + star), Tok::Assign | Tok::Semi);
        if word.is_empty() || name.is_empty() || name == "in" || !declares {
            return Ok(());
        }
        let advice = format!("write `let {name} = ...;`; the type follows from the value");
        self.fail_here("a local variable begins with let", Some(&advice))
    }
}

const COUNT_ADVICE: &str =
    "a plain += is a load and a store: write both, `x = x + 1`, or inc_return(x) for a locked one";
