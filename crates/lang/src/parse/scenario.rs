//! Grammar of scenarios: the machine, address spaces, CPUs, expectations, cases.

use crate::parse::{Parsed, Parser};
use crate::syntax::ThreadDecl;
use crate::syntax::token::Tok;
use crate::syntax::{
    Amount, Case, CpuBlock, Expect, HandlerKind, Intrusion, MachineItem, Mapping, MmDecl, Name, Observation,
    PageWord, Scenario, Stage, Use, WalkItem,
};

pub(crate) const ITEMS: &[&str] = &[
    "about",
    "claim",
    "cite",
    "use",
    "option",
    "const",
    "machine",
    "mm",
    "page",
    "guest",
    "watch",
    "walk",
    "nmi",
    "vmexit",
    "setup",
    "cpu",
    "thread",
    "invariant",
    "expect",
    "exists",
    "forall",
    "filter",
    "locations",
    "workload",
    "case",
    "kernel",
    "scenario",
];
pub(crate) const CASE_ITEMS: &[&str] = &[
    "use", "const", "machine", "mm", "guest", "page", "watch", "walk", "nmi", "vmexit", "setup", "cpu",
    "expect", "exists", "forall",
];

/// Words behind the page of a mapping.
pub(crate) const MAPPING: &[&str] = &["4K", "2M", "rw", "ro", "global", "shared", "at"];

/// How often something is expected.
pub(crate) const OBSERVATIONS: &[(&str, Observation)] =
    &[("always", Observation::Always), ("sometimes", Observation::Sometimes), ("never", Observation::Never)];

impl Parser<'_> {
    /// `scenario "name" { items }`
    pub(crate) fn scenario(&mut self) -> Parsed<Scenario> {
        self.bump();
        let name = self.title("the scenario's name in quotes")?;
        let mut scenario = Scenario {
            name,
            about: Vec::new(),
            claim: None,
            cites: Vec::new(),
            uses: None,
            options: Vec::new(),
            stage: Stage::default(),
            threads: Vec::new(),
            invariants: Vec::new(),
            expects: Vec::new(),
            finale: None,
            filter: None,
            locations: Vec::new(),
            workload: None,
            cases: Vec::new(),
        };
        self.items("scenario", ITEMS, |p| p.scenario_item(&mut scenario))?;
        Ok(scenario)
    }

    fn scenario_item(&mut self, scenario: &mut Scenario) -> Parsed<()> {
        match self.word_ahead(0) {
            "about" => {
                self.bump();
                scenario.about.push(self.text("a sentence in quotes")?);
                self.eat(Tok::Semi);
            }
            "claim" => self.claim(&mut scenario.claim)?,
            "cite" => {
                self.bump();
                scenario.cites.push(self.text("a source in quotes")?);
                self.eat(Tok::Semi);
            }
            "use" => {
                let mut uses = None;
                let read = self.uses(&mut uses);
                if let Some(uses) = uses {
                    if scenario.uses.is_some() {
                        let advice = Some("another kernel is a `case`");
                        self.report(uses.span, "a scenario uses one kernel", advice);
                    }
                    scenario.uses.get_or_insert(uses);
                }
                read?;
            }
            "option" => scenario.options.push(self.option()?),
            "thread" => scenario.threads.push(self.thread()?),
            "invariant" => scenario.invariants.push(self.invariant()?),
            "expect" => scenario.expects.push(self.expectation()?),
            "case" => scenario.cases.push(self.case()?),
            "workload" => {
                let first = scenario.workload.is_none();
                let workload = self.workload()?;
                if !first {
                    self.report(workload.span, "a scenario has one workload", None);
                }
                scenario.workload.get_or_insert(workload);
            }
            "filter" => self.filter(scenario)?,
            "locations" => self.locations(&mut scenario.locations)?,
            _ if self.at_finale() => self.finale(&mut scenario.finale)?,
            _ if self.at_stage() => self.stage(&mut scenario.stage)?,
            word @ ("global" | "percpu" | "fn" | "ipi" | "sys" | "fault") => {
                let message = format!("`{word}` belongs in a kernel, not in a scenario");
                return self.fail_here(&message, None);
            }
            _ => {
                let message = format!("expected an item of a scenario, found {}", self.found());
                let advice = "items are about, claim, cite, use, option, const, machine, mm, guest, page, watch, walk, nmi, vmexit, setup, cpu, thread, invariant, expect, exists, ~exists, forall, filter, locations, workload, case";
                return self.fail_here(&message, Some(advice));
            }
        }
        Ok(())
    }

    /// Whether an item begins here that a scenario and its cases may have.
    fn at_stage(&self) -> bool {
        const STAGE: &[&str] =
            &["const", "machine", "mm", "guest", "page", "watch", "walk", "nmi", "vmexit", "setup", "cpu"];
        STAGE.contains(&self.word_ahead(0))
    }

    /// An item that a scenario and its cases may have.
    fn stage(&mut self, stage: &mut Stage) -> Parsed<()> {
        match self.word_ahead(0) {
            "const" => stage.consts.push(self.constant()?),
            "machine" => {
                self.bump();
                let machine = &mut stage.machine;
                self.items("machine", &[], |p| {
                    let item = p.machine_item()?;
                    machine.push(item);
                    Ok(())
                })?;
            }
            "mm" => stage.mms.push(self.mm()?),
            "page" => stage.words.push(self.page_word()?),
            "guest" => stage.mms.push(self.guest()?),
            "watch" => {
                self.bump();
                stage.watch.push(self.amount("a linear address")?);
                while self.eat(Tok::Comma) {
                    stage.watch.push(self.amount("a linear address")?);
                }
                self.semi();
            }
            "walk" => stage.walks.push(self.walk()?),
            "nmi" => stage.intrusions.push(self.intrusion(HandlerKind::Nmi)?),
            "vmexit" => stage.intrusions.push(self.intrusion(HandlerKind::VmExit)?),
            "setup" => {
                self.bump();
                let setup = stage.setup.get_or_insert_default();
                self.items("setup", &["cpu"], |p| {
                    if !p.is_word("cpu") {
                        let message = format!("expected `cpu`, found {}", p.found());
                        return p.fail_here(&message, Some("write `setup { cpu 0 { run(A); } }`"));
                    }
                    let block = p.cpu_block()?;
                    setup.push(block);
                    Ok(())
                })?;
            }
            _ => stage.cpus.push(self.cpu_block()?),
        }
        Ok(())
    }

    /// `page "user data"[1] = 7;`
    fn page_word(&mut self) -> Parsed<PageWord> {
        self.bump();
        let page = self.title("the page's name in quotes")?;
        let mut index = None;
        if self.eat(Tok::LBracket) {
            index = Some(self.expr()?);
            self.expect(Tok::RBracket, "]")?;
        }
        self.expect(Tok::Assign, "= and what the word holds")?;
        let value = self.expr()?;
        self.semi();
        Ok(PageWord { page, index, value })
    }

    /// `walk cpu 1 off;` or `walk 0x400000 off;`
    fn walk(&mut self) -> Parsed<WalkItem> {
        self.bump();
        let cpu = self.eat_word("cpu");
        let target = self.amount(if cpu { "the CPU's number" } else { "cpu or a linear address" })?;
        let word = self.name("off or on")?;
        if word.text != "off" && word.text != "on" {
            let message = format!("expected `off` or `on`, found `{}`", word.text);
            self.report(word.span, &message, Some("write `walk cpu 1 off;` or `walk 0x400000 off;`"));
        }
        self.semi();
        Ok(WalkItem { cpu, target, on: word.text == "on" })
    }

    /// A kernel's name is read even where its options can't be: an editor proposes these while they are written.
    fn uses(&mut self, found: &mut Option<Use>) -> Parsed<()> {
        let start = self.bump();
        if !self.eat_word("kernel") {
            return self
                .fail_here("expected `kernel` and its name", Some("write `use kernel \"linux-4.13\"`"));
        }
        let kernel = self.title("the kernel's name in quotes")?;
        let span = start.to(self.last());
        let uses = found.insert(Use { kernel, with: Vec::new(), span });
        if self.eat_word("with") {
            self.expect(Tok::LBrace, "{ and the options")?;
            uses.with = self.list(Tok::RBrace, "}", |p| {
                let name = p.name("an option's name")?;
                p.expect(Tok::Assign, "= and a choice")?;
                let choice = p.choice("a choice")?;
                Ok((name, choice))
            })?;
        }
        uses.span = start.to(self.last());
        self.eat(Tok::Semi);
        Ok(())
    }

    fn machine_item(&mut self) -> Parsed<MachineItem> {
        let key = self.name("a property of the machine")?;
        let item = match key.text.as_str() {
            "dram" => {
                let from = self.amount("the first byte")?;
                self.expect(Tok::DotDot, ".. and the end")?;
                MachineItem::Dram(from, self.amount("the end")?)
            }
            "device" => {
                let name = self.title("the device's name in quotes")?;
                if !self.eat_word("at") {
                    return self.fail_here(
                        "expected `at` and an address",
                        Some("write `device \"nic\" at 0x1000;`"),
                    );
                }
                let base = self.amount("the first byte")?;
                let end = if self.eat(Tok::DotDot) { Some(self.amount("the end")?) } else { None };
                let memory_type =
                    if self.tok() == Tok::Name { Some(self.name("a memory type")?) } else { None };
                MachineItem::Device { name, base, end, memory_type }
            }
            _ if matches!(self.tok(), Tok::Number(_)) => MachineItem::Number(key, self.amount("a number")?),
            _ => MachineItem::Word(key, self.name("a value")?),
        };
        self.semi();
        Ok(item)
    }

    fn mm(&mut self) -> Parsed<MmDecl> {
        self.bump();
        let name = self.new_name("the mm's name")?;
        let guest = if self.eat_word("in") { Some(self.name("the guest's name")?) } else { None };
        let (mut mappings, mut values) = (Vec::new(), Vec::new());
        if self.eat(Tok::Semi) {
            return Ok(MmDecl { name, guest, second: false, absent: true, mappings, values });
        }
        self.items("mm", &[], |p| {
            if p.tok() == Tok::Name && p.ahead(1) != Tok::Arrow {
                let place = p.expr()?;
                p.expect(Tok::Assign, "= and what the variable begins with, or -> and a page")?;
                values.push((place, p.expr()?));
                p.semi();
                return Ok(());
            }
            let va = p.amount("a linear address")?;
            p.expect(Tok::Arrow, "-> and what is mapped")?;
            if !p.eat_word("page") {
                return p.fail_here(
                    "expected `page` and its name",
                    Some("write `0x400000 -> page \"user data\";`"),
                );
            }
            let mut mapping = Mapping {
                va,
                page: p.title("the page's name in quotes")?,
                large: false,
                writable: true,
                global: false,
                shared: false,
                gpa: None,
            };
            loop {
                if p.eat_word("2M") {
                    mapping.large = true;
                } else if p.eat_word("ro") {
                    mapping.writable = false;
                } else if p.eat_word("global") {
                    mapping.global = true;
                } else if p.eat_word("shared") {
                    mapping.shared = true;
                } else if p.eat_word("at") {
                    mapping.gpa = Some(p.amount("a guest-physical address")?);
                } else if !p.eat_word("4K") && !p.eat_word("rw") {
                    break;
                }
            }
            if p.tok() == Tok::Name {
                let message = format!("unknown kind of mapping {}", p.found());
                return p.fail_here(
                    &message,
                    Some(
                        "a mapping may be 4K (the default) or 2M, rw (the default) or ro, global, and shared; in a guest it may be at a guest-physical address",
                    ),
                );
            }
            p.semi();
            mappings.push(mapping);
            Ok(())
        })?;
        Ok(MmDecl { name, guest, second: false, absent: false, mappings, values })
    }

    /// `guest G;`
    fn guest(&mut self) -> Parsed<MmDecl> {
        self.bump();
        let name = self.new_name("the guest's name")?;
        self.semi();
        Ok(MmDecl {
            name,
            guest: None,
            second: true,
            absent: false,
            mappings: Vec::new(),
            values: Vec::new(),
        })
    }

    /// `nmi cpu 0;`
    fn intrusion(&mut self, kind: HandlerKind) -> Parsed<Intrusion> {
        self.bump();
        if !self.eat_word("cpu") {
            let message = format!("expected `cpu`, found {}", self.found());
            return self.fail_here(&message, Some("write `nmi cpu 0;`: one may come there, at any time"));
        }
        let cpu: Amount = self.amount("the CPU's number")?;
        self.semi();
        Ok(Intrusion { kind, cpu })
    }

    fn cpu_block(&mut self) -> Parsed<CpuBlock> {
        self.bump();
        let cpu: Amount = self.amount("the CPU's number")?;
        Ok(CpuBlock { cpu, body: self.block()? })
    }

    /// `thread T in A { ... }`
    fn thread(&mut self) -> Parsed<ThreadDecl> {
        self.bump();
        let name = self.new_name("the thread's name")?;
        let mm = if self.eat_word("in") { Some(self.name("the mm whose user code it is")?) } else { None };
        Ok(ThreadDecl { name, mm, body: self.block()? })
    }

    fn expectation(&mut self) -> Parsed<Expect> {
        let start = self.bump();
        let word: Name = self.name("always, sometimes or never")?;
        let Some(&(_, observation)) = OBSERVATIONS.iter().find(|(there, _)| *there == word.text) else {
            let message = format!("expected always, sometimes or never, found `{}`", word.text);
            self.report(word.span, &message, Some("write `expect never stale_access;`"));
            self.skip_statement(self.position());
            let span = word.span;
            return Ok(Expect { observation: Observation::Never, span, property: word, label: None });
        };
        let property = self.name("a property")?;
        let label = if self.tok() == Tok::Text { Some(self.title("a label in quotes")?) } else { None };
        let span = start.to(self.last());
        self.semi();
        Ok(Expect { observation, property, label, span })
    }

    fn case(&mut self) -> Parsed<Case> {
        self.bump();
        let name = self.title("the case's name in quotes")?;
        let mut case = Case { name, uses: None, stage: Stage::default(), expects: Vec::new(), finale: None };
        self.items("case", CASE_ITEMS, |p| {
            match p.word_ahead(0) {
                "use" => {
                    let mut uses = None;
                    let read = p.uses(&mut uses);
                    if let Some(uses) = uses {
                        if case.uses.is_some() {
                            p.report(uses.span, "a case uses one kernel", Some("write another case"));
                        }
                        case.uses.get_or_insert(uses);
                    }
                    read?;
                }
                "expect" => case.expects.push(p.expectation()?),
                _ if p.at_finale() => p.finale(&mut case.finale)?,
                _ if p.at_stage() => p.stage(&mut case.stage)?,
                _ => {
                    let message =
                        format!("expected use, expect, exists, ~exists or forall, found {}", p.found());
                    let advice = "a case says which kernel with which options and what to expect, and may replace const, machine, mm, page, watch, walk, nmi, vmexit, setup and cpu";
                    return p.fail_here(&message, Some(advice));
                }
            }
            Ok(())
        })?;
        Ok(case)
    }
}
