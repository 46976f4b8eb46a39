//! Outlines of the texts that were read most recently.
//!
//! The page asks for the name of the kernel some ten times for each picture. In a text of 256 KiB, reading it once takes
//! several milliseconds. An experiment does not keep its outline: whoever replaces its text would have to replace that too.

use lang::{Outline, outline};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// How many outlines are kept: the text in the editor, the text on the stage, and some that are compared with them.
const KEPT: usize = 4;

thread_local! {
    /// The latest outline is the last one. A text that is kept here keeps its place in memory.
    static LAST: RefCell<Vec<(Arc<str>, Rc<Outline>)>> = const { RefCell::new(Vec::new()) };
}

/// The outline of a text.
pub(crate) fn of(text: &Arc<str>) -> Rc<Outline> {
    LAST.with_borrow_mut(|last| {
        let there = last.iter().position(|(kept, _)| Arc::ptr_eq(kept, text));
        let found = match there {
            Some(at) => last.remove(at),
            None => (text.clone(), Rc::new(outline(text))),
        };
        let outline = found.1.clone();
        if last.len() == KEPT {
            last.remove(0);
        }
        last.push(found);
        outline
    })
}

#[cfg(test)]
mod tests {
    use super::{KEPT, of};
    use std::rc::Rc;
    use std::sync::Arc;

    #[test]
    fn a_text_is_read_once_and_an_equal_one_is_another() {
        let text: Arc<str> = "scenario \"s\" { use kernel \"k\" case \"c\" { } }".into();
        let first = of(&text);
        assert_eq!((first.name.as_deref(), first.cases.len()), (Some("s"), 2));
        assert!(Rc::ptr_eq(&first, &of(&text.clone())));
        let same: Arc<str> = (&*text).into();
        assert!(!Rc::ptr_eq(&first, &of(&same)), "what is kept is found by its place");
        let others: Vec<Arc<str>> = (0..KEPT).map(|n| format!("scenario \"{n}\" {{ }}").into()).collect();
        for (n, other) in others.iter().enumerate() {
            assert_eq!(of(other).name, Some(n.to_string()));
        }
        assert_eq!(*of(&text), *first, "it is read again when it has been forgotten");
    }
}
