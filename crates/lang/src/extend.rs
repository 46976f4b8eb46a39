//! A kernel that extends another one: `kernel "mine" extends "linux-4.14" { ... }`.
//!
//! Its declarations replace those of the other kernel with the same name: options, constants, variables, functions,
//! invariants. New names are added. The rest is the other kernel's.
//!
//! Every place in a kernel is a place in one text. So the text of the extended kernel is appended to the text of the
//! extending kernel, unless that text contains it already ([`Whole`]). A function of the extended kernel has its place
//! there.

use crate::diagnostic::nearest::{and_looked, did_you_mean};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::parse_kernels;
use crate::source::{SourceId, Span};
use crate::syntax::Kernel;
use crate::syntax::lex::MAX_TEXT;
use crate::texts::Texts;
use std::borrow::Cow;

/// The most kernels that a text may hold: one, and those that it extends.
const MOST: usize = 8;

/// A kernel's text with the texts of the kernels that it extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole<'a> {
    /// The whole text: places in the kernel refer to it.
    pub text: Cow<'a, str>,
    /// Where the text of each appended kernel begins, with the name by which it was asked for.
    pub joints: Vec<(u32, String)>,
}

impl<'a> Whole<'a> {
    /// A kernel's text, followed by those of the kernels that it extends, unless it contains them itself.
    #[must_use]
    pub fn new(text: &'a str, texts: &dyn Texts) -> Whole<'a> {
        let mut whole = Whole { text: Cow::Borrowed(text), joints: Vec::new() };
        while whole.joints.len() < MOST
            && let Some(name) = missing(&whole.text, &whole.joints)
        {
            let Some(base) = texts.extended(&name) else { break };
            if whole.text.len() + base.len() >= MAX_TEXT {
                break;
            }
            let text = whole.text.to_mut();
            text.push('\n');
            whole.joints.push((Span::new(0..text.len()).end, name));
            text.push_str(base);
        }
        whole
    }

    /// The text that a place is in, the name of its kernel unless that is the first one, and the place there.
    #[must_use]
    pub fn place(&self, span: Span) -> (Option<&str>, &str, Span) {
        let after = self.joints.partition_point(|joint| joint.0 <= span.start);
        let end = self.joints.get(after).map_or(self.text.len(), |next| next.0 as usize - 1);
        let (start, name) = match after.checked_sub(1).and_then(|at| self.joints.get(at)) {
            Some((start, name)) => (*start, Some(name.as_str())),
            None => (0, None),
        };
        let text = self.text.get(start as usize..end).unwrap_or("");
        (name, text, Span { start: span.start - start, end: span.end.saturating_sub(start) })
    }
}

/// The name that a kernel of a text extends and that is not the name of another one there, nor has been asked for.
fn missing(text: &str, asked: &[(u32, String)]) -> Option<String> {
    // Most texts have none, and then the text need not be parsed.
    if !text.contains("extends") {
        return None;
    }
    let mut kernels = kernels(text, &mut Diagnostics::default());
    kernels.truncate(MOST + 1);
    let there = |name: &str| {
        kernels.iter().any(|kernel| kernel.name.value == name) || asked.iter().any(|(_, asked)| asked == name)
    };
    kernels
        .iter()
        .filter_map(|kernel| kernel.extends.as_ref())
        .map(|base| base.value.clone())
        .find(|name| !there(name))
}

/// The name of the kernel that a text's kernel extends, if it extends one that is not in the text itself.
#[must_use]
pub fn extended_kernel(text: &str) -> Option<String> {
    missing(text, &[])
}

/// The kernels of a text.
fn kernels(text: &str, out: &mut Diagnostics) -> Vec<Kernel> {
    parse_kernels(text, out).unwrap_or_default()
}

/// Whether some kernel of several extends this one.
fn is_extended(kernels: &[Kernel], name: &str) -> bool {
    kernels.iter().any(|kernel| kernel.extends.as_ref().is_some_and(|base| base.value == name))
}

/// The kernel of a text that holds several: the one that no other extends.
pub(crate) fn main(kernels: &[Kernel]) -> Option<usize> {
    kernels.iter().position(|kernel| !is_extended(kernels, &kernel.name.value))
}

/// The kernel that the kernels of a text make together, and where the ones stand that were extended. Nothing if they
/// make none, which is reported.
pub(crate) fn together(
    mut kernels: Vec<Kernel>,
    texts: &dyn Texts,
    out: &mut Diagnostics,
) -> Option<(Kernel, Vec<Span>)> {
    let error = |span, message: String, advice: Option<String>| {
        Diagnostic::error(SourceId::KERNEL, span, message).maybe(advice)
    };
    if let Some(more) = kernels.get(MOST) {
        let message = format!("more than {MOST} kernels that extend each other");
        out.push(error(more.name.span, message, None));
        return None;
    }
    let Some(at) = main(&kernels) else {
        if let Some(first) = kernels.first() {
            let message = format!("\"{}\" extends itself", first.name.value);
            out.push(error(
                first.name.span,
                message,
                Some("a kernel extends one of another name".to_owned()),
            ));
        }
        return None;
    };
    let mut chain = vec![kernels.remove(at)];
    while let Some(base) = chain.last().and_then(|kernel| kernel.extends.clone()) {
        let Some(at) = kernels.iter().position(|kernel| kernel.name.value == base.value) else {
            let message = format!("there is no kernel \"{}\" to extend", base.value);
            let names = texts.names();
            let near = did_you_mean(&base.value, names.iter().map(String::as_str));
            out.push(error(base.span, message, and_looked(near, texts.looked())));
            return None;
        };
        chain.push(kernels.remove(at));
    }
    if let Some(other) = kernels.first() {
        let message = "nothing may follow the closing brace".to_owned();
        let advice = format!(
            "one text holds one kernel, and the kernels it extends; nothing extends \"{}\"",
            other.name.value
        );
        out.push(error(other.name.span, message, Some(advice)));
        return None;
    }
    let spans = chain[1..].iter().map(|kernel| kernel.span).collect();
    let mut whole = chain.pop()?;
    while let Some(kernel) = chain.pop() {
        whole = over(whole, kernel);
    }
    Some((whole, spans))
}

/// A kernel in which another one's declarations replace its own.
fn over(base: Kernel, kernel: Kernel) -> Kernel {
    fn replace<T>(mut list: Vec<T>, new: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
        // Within one kernel no declaration replaces another. The checker reports a name that is there twice.
        let old = list.len();
        let mut taken = vec![false; old];
        for item in new {
            let named = |at: &usize| name(&list[*at]) == name(&item);
            match (0..old).rfind(named).filter(|&at| !std::mem::replace(&mut taken[at], true)) {
                Some(at) => list[at] = item,
                None => list.push(item),
            }
        }
        list
    }
    Kernel {
        options: replace(base.options, kernel.options, |option| &option.name.text),
        consts: replace(base.consts, kernel.consts, |constant| &constant.name.text),
        vars: replace(base.vars, kernel.vars, |var| &var.name.text),
        functions: replace(base.functions, kernel.functions, |function| &function.name.text),
        invariants: replace(base.invariants, kernel.invariants, |invariant| &invariant.name.value),
        claim: kernel.claim.or(base.claim),
        extends: None,
        ..kernel
    }
}
