//! Rules on the repository itself that no compiler checks: which crate may see which, what a file must and must not
//! contain, which licences we accept. Each failing test lists every place at once.

mod arrows;
mod floors;
mod functions;
mod licences;
mod lists;
mod names;
mod paths;
mod programs;
mod prose;
mod sources;
mod tree;

/// Fails with all complaints, if there are any.
#[track_caller]
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}
