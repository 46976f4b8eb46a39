//! Where a search has to stop, in a form that can cross from the page.

use explore::Limits;
use serde::{Deserialize, Serialize};

/// Where a search has to stop. A machine may stop earlier if it has less memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireLimits {
    /// Most states kept.
    pub states: u32,
    /// Most bytes of memory.
    pub bytes: u64,
}

impl Default for WireLimits {
    fn default() -> WireLimits {
        let Limits { states, bytes, .. } = Limits::default();
        WireLimits { states, bytes }
    }
}

impl From<WireLimits> for Limits {
    /// What a machine with 32-bit addresses could never hold is not promised: vectors double when they grow, and
    /// both copies must fit.
    fn from(limits: WireLimits) -> Limits {
        const MOST: u64 = if cfg!(target_pointer_width = "32") { 1 << 30 } else { 1 << 40 };
        Limits { states: limits.states, bytes: limits.bytes.min(MOST), ..Limits::default() }
    }
}
