//! Grammar of kernels: options, constants, variables, functions.

use crate::parse::{Parsed, Parser};
use crate::source::Span;
use crate::syntax::token::Tok;
use crate::syntax::{
    ConstDecl, Function, FunctionKind, InvariantDecl, Kernel, Name, OptionDecl, Scope, Slot, Text, Then,
    VarBody, VarDecl,
};

pub(crate) const ITEMS: &[&str] = &[
    "about",
    "claim",
    "cite",
    "option",
    "const",
    "global",
    "mm",
    "percpu",
    "fn",
    "ipi",
    "irq",
    "sys",
    "fault",
    "exit",
    "nmi",
    "vmexit",
    "invariant",
    "kernel",
    "scenario",
];

impl Parser<'_> {
    /// `kernel "name" { items }` or `kernel "name" extends "other" { items }`
    pub(crate) fn kernel(&mut self) -> Parsed<Kernel> {
        let start = self.bump();
        let name = self.title("the kernel's name in quotes")?;
        let extends = match self.eat_word("extends") {
            true => Some(self.title("the name of the kernel that it extends, in quotes")?),
            false => None,
        };
        let mut kernel = Kernel {
            span: start,
            name,
            extends,
            about: Vec::new(),
            claim: None,
            cites: Vec::new(),
            options: Vec::new(),
            consts: Vec::new(),
            vars: Vec::new(),
            functions: Vec::new(),
            invariants: Vec::new(),
        };
        self.items("kernel", ITEMS, |p| p.kernel_item(&mut kernel))?;
        kernel.span = start.to(self.last());
        Ok(kernel)
    }

    fn kernel_item(&mut self, kernel: &mut Kernel) -> Parsed<()> {
        match self.word_ahead(0) {
            "about" => {
                self.bump();
                kernel.about.push(self.text("a sentence in quotes")?);
                self.eat(Tok::Semi);
            }
            "claim" => self.claim(&mut kernel.claim)?,
            "cite" => {
                self.bump();
                kernel.cites.push(self.text("a source in quotes")?);
                self.eat(Tok::Semi);
            }
            "option" => kernel.options.push(self.option()?),
            "const" => kernel.consts.push(self.constant()?),
            "global" => kernel.vars.push(self.variable(Scope::Global)?),
            "mm" => kernel.vars.push(self.variable(Scope::PerMm)?),
            "percpu" => kernel.vars.push(self.variable(Scope::PerCpu)?),
            "fn" => kernel.functions.push(self.function(FunctionKind::Fn)?),
            "ipi" => kernel.functions.push(self.function(FunctionKind::Ipi)?),
            "sys" => kernel.functions.push(self.function(FunctionKind::Sys)?),
            "irq" => kernel.functions.push(self.function(FunctionKind::Irq)?),
            "fault" => kernel.functions.push(self.function(FunctionKind::Fault)?),
            "exit" => kernel.functions.push(self.function(FunctionKind::Exit)?),
            "nmi" => kernel.functions.push(self.function(FunctionKind::Nmi)?),
            "vmexit" => kernel.functions.push(self.function(FunctionKind::VmExit)?),
            "invariant" => kernel.invariants.push(self.invariant()?),
            word @ ("machine" | "setup" | "expect" | "case" | "watch" | "walk" | "use") => {
                let message = format!("`{word}` belongs in a scenario, not in a kernel");
                return self.fail_here(&message, None);
            }
            word @ ("int" | "bool" | "void" | "static" | "u64" | "u8" | "u16" | "u32" | "unsigned"
            | "long" | "struct" | "atomic64_t" | "DEFINE_PER_CPU") => {
                let message = format!("`{word}` begins no item of a kernel");
                let advice =
                    "a variable is `global name: int = 0;` (or mm, percpu), a function `fn name(a: int) { }`";
                return self.fail_here(&message, Some(advice));
            }
            _ => {
                let message = format!("expected an item of a kernel, found {}", self.found());
                let advice = "items are about, claim, cite, option, const, global, mm, percpu, fn, ipi, irq, sys, fault, exit, nmi, vmexit, invariant";
                return self.fail_here(&message, Some(advice));
            }
        }
        Ok(())
    }

    /// `claim "..."`: in one sentence, what a text claims.
    pub(crate) fn claim(&mut self, claim: &mut Option<Text>) -> Parsed<()> {
        self.bump();
        let text = self.text("a sentence in quotes")?;
        self.eat(Tok::Semi);
        if claim.is_some() {
            self.report(text.span, "a text has one claim", Some("further sentences are `about \"...\"`"));
        }
        claim.get_or_insert(text);
        Ok(())
    }

    /// `invariant "name" { statements }`
    pub(crate) fn invariant(&mut self) -> Parsed<InvariantDecl> {
        self.bump();
        let name = self.title("the invariant's name in quotes")?;
        Ok(InvariantDecl { name, body: self.block()? })
    }

    pub(crate) fn option(&mut self) -> Parsed<OptionDecl> {
        self.bump();
        let name = self.new_name("the option's name")?;
        let mut choices = Vec::new();
        if self.eat(Tok::Colon) {
            choices.push(self.choice("a choice")?);
            while self.eat(Tok::Pipe) {
                choices.push(self.choice("a choice")?);
            }
        }
        self.expect(Tok::Assign, "= and the default")?;
        let default = self.choice("the default")?;
        let sentence = if self.tok() == Tok::Text { Some(self.text("the label")?) } else { None };
        self.eat(Tok::Semi);
        Ok(OptionDecl { name, choices, default, sentence })
    }

    /// A choice of an option: a name or a number.
    pub(crate) fn choice(&mut self, what: &str) -> Parsed<Name> {
        match self.tok() {
            Tok::Number(value) => Ok(Name { text: value.to_string(), span: self.bump() }),
            _ => self.name(what),
        }
    }

    pub(crate) fn constant(&mut self) -> Parsed<ConstDecl> {
        self.bump();
        let name = self.new_name("the constant's name")?;
        let ty = if self.eat(Tok::Colon) { Some(self.name("a type")?) } else { None };
        self.expect(Tok::Assign, "= and the value")?;
        let value = self.expr()?;
        self.semi();
        Ok(ConstDecl { name, ty, value })
    }

    fn variable(&mut self, scope: Scope) -> Parsed<VarDecl> {
        self.bump();
        let name = self.new_name("the variable's name")?;
        let len = if self.eat(Tok::LBracket) {
            let len = self.expr()?;
            self.expect(Tok::RBracket, "]")?;
            Some(len)
        } else {
            None
        };
        if self.tok() != Tok::LBrace {
            let slot = self.slot()?;
            self.semi();
            return Ok(VarDecl { scope, name, len, body: VarBody::Plain(slot) });
        }
        let mut fields = Vec::new();
        self.items("group", &[], |p| {
            let name = p.new_name("a field's name")?;
            p.no_array_within()?;
            let slot = p.slot()?;
            p.semi();
            fields.push((name, slot));
            Ok(())
        })?;
        Ok(VarDecl { scope, name, len, body: VarBody::Group(fields) })
    }

    /// A field has one value. A group may be an array, and so may a variable beside it.
    fn no_array_within(&mut self) -> Parsed<()> {
        if self.tok() != Tok::LBracket {
            return Ok(());
        }
        let advice =
            "make the group an array, as in `percpu slot[2] { gen: int; }`, or declare the array beside it";
        self.report(self.span(), "a field of a group cannot be an array", Some(advice));
        self.bump();
        self.expr()?;
        self.expect(Tok::RBracket, "]").map(drop)
    }

    fn slot(&mut self) -> Parsed<Slot> {
        if self.tok() == Tok::Assign {
            return self.fail_here(
                "expected a type before the value",
                Some("write `name: type = value`, as in `n: int = 0` or `mask: cpus = {}`"),
            );
        }
        self.expect(Tok::Colon, ": and a type")?;
        let ty = self.name("a type")?;
        let init = if self.eat(Tok::Assign) { Some(self.expr()?) } else { None };
        if self.tok() == Tok::LBracket {
            return self.fail_here("the length belongs after the name", Some("write `name[4]: int`"));
        }
        let limit = if self.eat_word("limit") { Some(self.expr()?) } else { None };
        Ok(Slot { ty, init, limit })
    }

    fn function(&mut self, kind: FunctionKind) -> Parsed<Function> {
        self.bump();
        let name = self.new_name("a function's name")?;
        self.expect(Tok::LParen, "( and the parameters")?;
        let params = self.list(Tok::RParen, ")", Self::parameter)?;
        if self.tok() == Tok::Colon {
            return self.fail_here("what a function returns stands after ->", Some("write `-> int`"));
        }
        let ret = if self.eat(Tok::Arrow) { Some(self.name("a type")?) } else { None };
        let then = if self.is_word("then") { Some(self.then()?) } else { None };
        let body = self.block()?;
        Ok(Function { kind, name, params, ret, then, body })
    }

    fn then(&mut self) -> Parsed<Then> {
        self.bump();
        let what = self.name("what the CPU runs then: user, kernel, kthread or idle")?;
        let mm = if self.eat(Tok::LParen) {
            let mm = self.name("the parameter that is the mm")?;
            self.expect(Tok::RParen, ")")?;
            Some(mm)
        } else {
            None
        };
        Ok(Then { what, mm })
    }

    fn parameter(&mut self) -> Parsed<(Name, Name)> {
        let name = self.new_name("a parameter's name")?;
        if self.tok() == Tok::Name {
            let span: Span = name.span.to(self.span());
            self.report(span, "a parameter is a name, a colon and a type", Some("write `next: mm`"));
            self.bump();
            return Ok((name.clone(), name));
        }
        self.expect(Tok::Colon, ": and a type")?;
        Ok((name, self.name("a type")?))
    }
}
