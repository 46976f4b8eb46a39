//! What a scenario says of the initial state: initial values of an address space's variables, contents of pages, and
//! where speculative walks are switched off.

use crate::check::env::Env;
use crate::check::hir::{Kind, Lvalue, Node};
use crate::check::{Checker, Home, constant};
use crate::diagnostic::nearest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::program::{MmSpec, Type, WalksOff};
use crate::source::SourceId;
use crate::syntax::{Amount, Expr, ExprKind, MmDecl, Name, PageWord, WalkItem};

/// Puts the initial values of the address spaces' variables into their cells. A kernel that was selected instead of the
/// one that the text names may not have these variables: then the values are left out.
pub(crate) fn values(env: &Env, out: &mut Diagnostics, mms: &[MmDecl], other: bool, cells: &mut [u64]) {
    for mm in mms {
        for (place, value) in &mm.values {
            let (place, root) = within(place, &mm.name);
            if other && root.is_some_and(|root| !env.fields.contains_key(&root)) {
                continue;
            }
            let mut checker = Checker::new(env, out, SourceId::SCENARIO, Home::Constant);
            let Some((found, ty)) = checker.place(&place, "an initial value") else { continue };
            let (_, value_, _) = constant(env, out, SourceId::SCENARIO, value, ty);
            let known = |node: &Option<Node>| match node.as_ref().map(|node| &node.kind) {
                None => Some(0),
                Some(Kind::Const(value)) => usize::try_from(*value).ok(),
                Some(_) => None,
            };
            let Lvalue::Cell { var, owner, index } = found else {
                error(out, place.span, "this is no variable of the mm".to_owned(), None);
                continue;
            };
            let variable = &env.vars[usize::from(var)];
            let (Some(owner), Some(index)) = (known(&owner), known(&index)) else {
                let advice = Some("it is decided before anything runs".to_owned());
                error(out, place.span, "the index must be a constant".to_owned(), advice);
                continue;
            };
            if let Some(limit) = variable.limit.filter(|&limit| value_ > limit) {
                let message =
                    format!("the variable begins with {value_}, which is beyond its limit of {limit}");
                error(out, value.span, message, None);
            }
            let cell = usize::from(variable.base) + owner * usize::from(variable.len) + index;
            if let Some(cell) = cells.get_mut(cell) {
                *cell = value_;
            }
        }
    }
}

/// A place within an mm, as it is written elsewhere (`slots[1]` as `A.slots[1]`), and the variable that it begins with.
fn within(place: &Expr, mm: &Name) -> (Expr, Option<String>) {
    let (kind, root) = match &place.kind {
        ExprKind::Name(name) => {
            let base = Expr { kind: ExprKind::Name(mm.text.clone()), span: place.span };
            let field = Name { text: name.clone(), span: place.span };
            (ExprKind::Field(Box::new(base), field), Some(name.clone()))
        }
        ExprKind::Field(base, field) => {
            let (base, root) = within(base, mm);
            (ExprKind::Field(Box::new(base), field.clone()), root)
        }
        ExprKind::Index(base, index) => {
            let (base, root) = within(base, mm);
            (ExprKind::Index(Box::new(base), index.clone()), root)
        }
        other => (other.clone(), None),
    };
    (Expr { kind, span: place.span }, root)
}

/// Puts what pages hold into the first mapping of each.
pub(crate) fn words(env: &Env, out: &mut Diagnostics, words: &[PageWord], mms: &mut [MmSpec]) {
    for word in words {
        let name = &word.page.value;
        let named = |mms: &[MmSpec]| {
            let all = mms.iter().enumerate().flat_map(|(mm, spec)| {
                spec.mappings.iter().enumerate().map(move |(at, mapping)| (mm, at, mapping.clone()))
            });
            all.filter(|(.., mapping)| mapping.page == *name).collect::<Vec<_>>()
        };
        let found = named(mms);
        let Some((mm, at, mapping)) = found.first() else {
            let names: Vec<&str> =
                mms.iter().flat_map(|mm| &mm.mappings).map(|mapping| mapping.page.as_str()).collect();
            let advice = did_you_mean(name, names.iter().copied())
                .unwrap_or_else(|| "an mm maps it: `0x400000 -> page \"name\";`".to_owned());
            error(out, word.page.span, format!("there is no page \"{name}\""), Some(advice));
            continue;
        };
        if found.len() > 1 && !mapping.shared {
            let advice = "give each a name of its own, or write `shared` after each if it is one page";
            let message = format!("there are {} pages \"{name}\"", found.len());
            error(out, word.page.span, message, Some(advice.to_owned()));
            continue;
        }
        let most = if mapping.large { 512 * 512 } else { 512 };
        let index = word.index.as_ref().map_or(0, |index| {
            let (_, value, _) = constant(env, out, SourceId::SCENARIO, index, Some(Type::Int));
            if value >= most {
                error(out, index.span, format!("the page has words 0 to {}, not {value}", most - 1), None);
            }
            value
        });
        let (_, value, _) = constant(env, out, SourceId::SCENARIO, &word.value, Some(Type::Int));
        let words = &mut mms[*mm].mappings[*at].words;
        let index = u32::try_from(index).unwrap_or(0);
        if words.iter().any(|there| there.0 == index) {
            let message = format!("word {index} of \"{name}\" is set twice");
            error(out, word.page.span, message, None);
        }
        if words.len() == MOST_WORDS {
            error(out, word.page.span, format!("more than {MOST_WORDS} words of one page"), None);
        }
        if words.len() < MOST_WORDS {
            words.push((index, value));
        }
    }
}

/// The most words of a page that a scenario may set.
const MOST_WORDS: usize = 64;

/// Where speculative walks are switched off.
pub(crate) fn walks(env: &Env, out: &mut Diagnostics, items: &[WalkItem]) -> WalksOff {
    let mut off = WalksOff::default();
    for WalkItem { cpu, target, on } in items {
        let Amount { value, span, .. } = *target;
        let last = env.machine.cpus - 1;
        match u8::try_from(value) {
            _ if !*cpu && !*on => off.put(value),
            Ok(number) if *cpu && number <= last => off.cpus |= u64::from(!*on) << number,
            _ if *cpu => {
                let advice = Some(format!("the machine has CPUs 0 to {last}"));
                error(out, span, format!("there is no CPU {value}"), advice);
            }
            _ => {}
        }
    }
    off
}

fn error(out: &mut Diagnostics, span: crate::source::Span, message: String, advice: Option<String>) {
    out.push(Diagnostic::error(SourceId::SCENARIO, span, message).maybe(advice));
}
