//! The tests of `prompter`: what the editor asks, and what it gets.

mod answers;
