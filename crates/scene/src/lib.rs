//! What is shown: plain views of a machine's state and steps. No Yew, no DOM, no colour, no clock.
#![forbid(unsafe_code)]

pub mod view;
