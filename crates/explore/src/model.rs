//! What a system is: its transitions, its factors, its symmetry.
//!
//! A stranger who wants to search a system writes [`System`], and then says in one of three ways how it is to be
//! searched. Nothing is assumed silently: a system that says nothing does not compile in a search.
//!
//! | the system has | it implements | a search |
//! |---|---|---|
//! | states without known parts | [`Opaque`] | computes every step |
//! | states that fall into parts | [`Factored`] and [`Asymmetric`] | computes a step once for all states that agree on the parts it reads |
//! | members that can exchange names | [`Factored`] and [`Symmetric`] | and visits one state for all that differ in names only |

mod factored;
mod handle;
mod marks;
mod sink;
mod symmetric;
mod system;

pub use factored::{Factored, Opaque};
pub use handle::Handle;
pub(crate) use handle::{Action, State};
pub use marks::Marks;
pub use sink::Sink;
pub use symmetric::{Asymmetric, Symmetric};
pub use system::System;
