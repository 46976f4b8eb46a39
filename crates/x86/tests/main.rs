//! The tests of `x86`: one program, since linking one for each file takes longer than running them all.
//! A file that is not named here is never compiled, which tidy finds.

mod accessed;
mod broadcast;
mod caching;
mod faults;
mod garbage;
mod hazards;
mod invalidation;
mod levels;
mod memory_types;
mod nested;
mod own_stores;
mod rules;
mod sizes;
mod store_buffer;
mod support;
mod tags;
mod unlinking;
mod walk;
