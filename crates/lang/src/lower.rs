//! From checked tree to flat code: every call is inlined, every option is decided, and every local has a register.
//!
//! Registers are handed out like a stack: a local keeps its own register until its block ends, a temporary until
//! its statement ends. A local gets no register at all if it is never assigned again and stands for a constant or
//! for another such local. Operations appear in the order of the text, left to right. No visible operation is ever
//! added, dropped or moved.
//!
//! No text can make this run long: depth, operations and work are all bounded.

pub(crate) mod after_fault;
mod expr;
pub(crate) mod live;
pub(crate) mod progress;
pub(crate) mod simplify;
mod stmt;

use crate::check::env::Env;
use crate::check::env::Signature;
use crate::check::hir::{Body, LocalId, Stmt};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::{By, Flow};
use crate::lower::progress::Loop;
use crate::program::{Handler, HandlerKind, Invariant, MAX_CODE, MAX_REGS, Op, Operand, Pc, Reg, Thread};
use crate::program::{MmId, TaskSpec};
use crate::source::{Site, SourceId, Span};
use crate::syntax::FunctionKind;

/// How deep statements, expressions and inlined calls together may be nested.
const MAX_DEPTH: u32 = 256;
/// How deep calls may be nested.
const MAX_CALLS: usize = 24;
/// How many nodes may be lowered: a bound on the work for texts with many empty inlined calls.
const MAX_WORK: u32 = 400_000;

/// A place in the code that is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(usize);

/// What `return` does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exit {
    /// Ends the thread.
    Halt,
    /// Ends the handler.
    Return,
    /// Leaves an inlined function.
    Inlined { dst: Option<Reg>, end: Label },
}

/// The function that is being lowered, inlined or not.
pub(crate) struct Activation<'a> {
    pub(crate) body: &'a Body,
    /// What each local stands for.
    pub(crate) bindings: Vec<Operand>,
    pub(crate) exit: Exit,
    /// It is a cpu block: calls enter and leave the kernel.
    pub(crate) user: bool,
    /// Locals that have registers of their own to the end, from 0 on.
    pub(crate) kept: Vec<LocalId>,
}

/// Lowers bodies into one code.
pub(crate) struct Lowerer<'a> {
    pub(crate) env: &'a Env,
    pub(crate) functions: &'a [Body],
    pub(crate) out: &'a mut Diagnostics,
    /// For each function, its number as a handler.
    pub(crate) handlers: Vec<u8>,
    pub(crate) code: Vec<Op>,
    pub(crate) sites: Vec<Site>,
    /// For each operation, the registers that a final state observes, as a bit set.
    pub(crate) observed: Vec<u64>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) frame: Activation<'a>,
    /// The registers that are kept to the end, as a bit set.
    keep: u64,
    /// Which kind of handler is being lowered, if one is.
    kind: HandlerKind,
    /// It is set-up.
    pub(crate) setup: bool,
    /// The statement that is being lowered.
    pub(crate) span: Span,
    /// The calls that led here, outermost first.
    pub(crate) callers: Vec<(SourceId, Span, String)>,
    /// The next free register.
    pub(crate) next: Reg,
    /// The most registers needed so far.
    high: Reg,
    /// Whether control can reach this place.
    pub(crate) reachable: bool,
    /// A limit was hit and reported.
    pub(crate) stopped: bool,
    depth: u32,
    work: u32,
    /// Where labels are, and whether anything jumps there.
    labels: Vec<(Option<Pc>, bool)>,
    fixups: Vec<(usize, Label)>,
    /// The labels of checks, in the order in which they are met.
    pub(crate) check_labels: Vec<String>,
}

impl<'a> Lowerer<'a> {
    /// A lowerer with nothing done yet. `nothing` is any empty body.
    pub(crate) fn new(
        env: &'a Env,
        functions: &'a [Body],
        nothing: &'a Body,
        out: &'a mut Diagnostics,
    ) -> Lowerer<'a> {
        let mut count = 0u8;
        let mut handlers = Vec::new();
        for function in &env.functions {
            handlers.push(count);
            if function.kind.handler().is_some() {
                count = count.saturating_add(1);
            }
        }
        Lowerer {
            env,
            functions,
            out,
            handlers,
            code: Vec::new(),
            sites: Vec::new(),
            observed: Vec::new(),
            loops: Vec::new(),
            frame: Activation {
                body: nothing,
                bindings: Vec::new(),
                exit: Exit::Halt,
                user: false,
                kept: Vec::new(),
            },
            keep: 0,
            kind: HandlerKind::Ipi,
            setup: false,
            span: nothing.end,
            callers: Vec::new(),
            next: 0,
            high: 0,
            reachable: true,
            stopped: false,
            depth: 0,
            work: 0,
            labels: Vec::new(),
            fixups: Vec::new(),
            check_labels: Vec::new(),
        }
    }

    /// The number of a check's label, from 1.
    pub(crate) fn check_label(&mut self, label: &str) -> u16 {
        let place = self.check_labels.iter().position(|other| other == label).unwrap_or_else(|| {
            self.check_labels.push(label.to_owned());
            self.check_labels.len() - 1
        });
        // There are fewer operations than numbers.
        u16::try_from(place + 1).unwrap_or(0)
    }

    /// Lowers a cpu block. Some of its locals keep registers to the end, in this order from 0 on.
    pub(crate) fn thread(&mut self, cpu: u8, body: &'a Body, kept: Vec<LocalId>) -> Thread {
        let entry = self.begin(body, Exit::Halt, true);
        for &local in &kept {
            let reg = self.alloc();
            self.frame.bindings[local] = Operand::Reg(reg);
            self.keep |= 1 << reg;
        }
        self.frame.kept = kept;
        self.stmts(&body.stmts);
        self.span = body.end;
        self.emit(Op::Halt);
        self.patch();
        Thread { cpu, entry, regs: self.high }
    }

    /// Lowers a thread. It begins with the kernel's `schedule_tail` and ends with its `do_exit`, if there are such functions.
    pub(crate) fn task(&mut self, name: &str, mm: Option<MmId>, body: &'a Body) -> TaskSpec {
        let entry = self.begin(body, Exit::Halt, true);
        let called = |named: &str, functions: &[Signature]| {
            functions
                .iter()
                .position(|f| f.name == named && f.kind == FunctionKind::Sys && f.params.is_empty())
        };
        self.span = body.end;
        if let Some(id) = called("schedule_tail", &self.env.functions) {
            self.call(id, &[], false, None);
        }
        self.stmts(&body.stmts);
        self.span = body.end;
        self.reachable = true;
        let exit = self.pc();
        if let Some(id) = called("do_exit", &self.env.functions) {
            self.call(id, &[], false, None);
        }
        self.emit(Op::Halt);
        self.patch();
        TaskSpec { name: name.to_owned(), mm, entry, exit, regs: self.high }
    }

    /// Lowers an invariant.
    pub(crate) fn invariant(&mut self, name: &str, body: &'a Body) -> Invariant {
        let label = self.check_label(name);
        let entry = self.begin(body, Exit::Halt, false);
        self.stmts(&body.stmts);
        self.span = body.end;
        self.emit(Op::Halt);
        self.patch();
        Invariant { label, entry, regs: self.high, alike: false }
    }

    /// Lowers a handler.
    pub(crate) fn handler(&mut self, body: &'a Body, kind: HandlerKind) -> Handler {
        let entry = self.begin(body, Exit::Return, false);
        self.kind = kind;
        let mut params = Vec::new();
        for (n, local) in body.locals.iter().take(body.params).enumerate() {
            self.frame.bindings[n] = Operand::Reg(self.alloc());
            // Without a type there is an error, and no program.
            params.push((local.name.clone(), local.ty.unwrap_or(crate::program::Type::Int)));
        }
        self.stmts(&body.stmts);
        self.span = body.end;
        self.emit(Op::Return);
        self.patch();
        self.kind = HandlerKind::Ipi;
        Handler { kind, name: body.name.clone(), params, entry, regs: self.high }
    }

    /// Adds a `Halt` that belongs to no block. A block may run for ever, so no program may rely on the `Halt` of a
    /// block.
    pub(crate) fn end(&mut self, span: Span) -> Pc {
        let pc = self.pc();
        self.code.push(Op::Halt);
        // Blocks that a fault ends come here, each with the locals that are observed of it.
        self.observed.push(self.observed.iter().fold(0, |all, kept| all | kept));
        let function = String::new();
        self.sites.push(Site { source: SourceId::SCENARIO, span, function, callers: Vec::new() });
        pc
    }

    fn begin(&mut self, body: &'a Body, exit: Exit, user: bool) -> Pc {
        let bindings = vec![Operand::Const(0); body.locals.len()];
        self.frame = Activation { body, bindings, exit, user, kept: Vec::new() };
        self.keep = 0;
        self.next = 0;
        self.high = 0;
        self.reachable = true;
        self.pc()
    }

    /// Lowers statements in a scope of their own.
    pub(crate) fn stmts(&mut self, stmts: &'a [Stmt]) {
        let mark = self.next;
        for stmt in stmts {
            self.deeper(|s| s.stmt(stmt));
        }
        self.next = mark;
    }

    /// Runs a step of the descent unless a limit is hit.
    pub(crate) fn deeper(&mut self, step: impl FnOnce(&mut Self)) {
        if self.stopped || !self.reachable {
            return;
        }
        self.work += 1;
        if self.depth >= MAX_DEPTH || self.callers.len() > MAX_CALLS {
            return self.stop("calls and blocks are nested too deeply here");
        }
        if self.work > MAX_WORK {
            return self.stop("this program is too large once calls have been inlined");
        }
        self.depth += 1;
        step(self);
        self.depth -= 1;
    }

    /// Reports that a limit was hit, once.
    pub(crate) fn stop(&mut self, message: &str) {
        if self.stopped {
            return;
        }
        self.stopped = true;
        let source = self.frame.body.source;
        let mut diagnostic = Diagnostic::error(source, self.span, message);
        if let Some((source, span, function)) = self.callers.first() {
            diagnostic = diagnostic.related(*source, *span, format!("called from {function}"));
        }
        self.out.push(diagnostic);
    }

    // Emitting.

    /// Where the next operation will stand.
    pub(crate) fn pc(&self) -> Pc {
        Pc::try_from(self.code.len()).unwrap_or(Pc::MAX)
    }

    /// Appends an operation, if control can come here.
    pub(crate) fn emit(&mut self, op: Op) {
        if self.stopped || !self.reachable {
            return;
        }
        let row = op.effects();
        match (self.kind, row.by) {
            _ if self.setup && row.by == By::Thread => {
                return self.stop("set-up cannot switch to another task: threads begin after it");
            }
            (HandlerKind::VmExit, By::Guest | By::Owner | By::FaultHandler | By::Thread) => {
                return self.stop("the host cannot do this: only the guest can");
            }
            (HandlerKind::Nmi, By::Owner | By::Thread) => {
                return self.stop(
                    "a handler of NMIs cannot do this: it may have interrupted code that does the same",
                );
            }
            (
                HandlerKind::Ipi | HandlerKind::Irq | HandlerKind::Nmi | HandlerKind::Exit,
                By::FaultHandler,
            ) => {
                return self.stop("only the handler of page faults can give up an access");
            }
            (HandlerKind::Ipi | HandlerKind::Irq | HandlerKind::Fault | HandlerKind::Exit, _)
            | (_, By::Anybody)
            | (HandlerKind::Nmi, By::Guest) => {}
        }
        if self.code.len() >= MAX_CODE {
            let message =
                format!("this program has more than {MAX_CODE} operations once calls have been inlined");
            return self.stop(&message);
        }
        self.code.push(op);
        self.observed.push(self.keep);
        self.sites.push(Site {
            source: self.frame.body.source,
            span: self.span,
            function: self.frame.body.name.clone(),
            callers: self.callers.iter().rev().cloned().collect(),
        });
        self.reachable = match row.flow {
            Flow::Next | Flow::Branch(_) => true,
            Flow::Jump(_) | Flow::Leave | Flow::End => false,
        };
    }

    /// A new label.
    pub(crate) fn label(&mut self) -> Label {
        self.labels.push((None, false));
        Label(self.labels.len() - 1)
    }

    /// Places a label here.
    pub(crate) fn place_label(&mut self, label: Label) {
        let pc = self.pc();
        let (place, wanted) = &mut self.labels[label.0];
        *place = Some(pc);
        self.reachable |= *wanted;
    }

    /// Jumps to a label.
    pub(crate) fn jump(&mut self, label: Label) {
        self.fix(label, Op::Jump(0));
    }

    /// Jumps to a label if the condition is 0.
    pub(crate) fn jump_if_zero(&mut self, cond: Operand, label: Label) {
        match cond {
            Operand::Const(0) => self.jump(label),
            Operand::Const(_) => {}
            _ => self.fix(label, Op::JumpIfZero { cond, target: 0 }),
        }
    }

    pub(crate) fn fix(&mut self, label: Label, op: Op) {
        let at = self.code.len();
        self.emit(op);
        if self.code.len() > at {
            self.fixups.push((at, label));
            self.labels[label.0].1 = true;
        }
    }

    /// Fills in where the jumps go.
    fn patch(&mut self) {
        let last = self.pc().saturating_sub(1);
        for (at, label) in std::mem::take(&mut self.fixups) {
            // A label that was never placed belongs to code cut off by a limit, which has been reported.
            let to = self.labels[label.0].0.unwrap_or(last);
            self.code[at].retarget(to);
        }
        self.labels.clear();
    }

    // Registers.

    /// A free register.
    pub(crate) fn alloc(&mut self) -> Reg {
        if usize::from(self.next) >= MAX_REGS {
            let message = format!("more than {MAX_REGS} local values are needed at once here");
            self.stop(&message);
            return 0;
        }
        let reg = self.next;
        self.next += 1;
        self.high = self.high.max(self.next);
        reg
    }

    /// The register asked for, or a free one.
    pub(crate) fn dst(&mut self, hint: Option<Reg>) -> Reg {
        match hint {
            Some(reg) => reg,
            None => self.alloc(),
        }
    }

    /// Makes `dst` hold `value`.
    pub(crate) fn move_to(&mut self, dst: Reg, value: Operand) {
        if value != Operand::Reg(dst) {
            self.emit(Op::Move { dst, a: value });
        }
    }
}
