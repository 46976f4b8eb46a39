//! The names that `runtime.c` has for the variants of our enums. The C compiler gives them their numbers, so the order of the
//! variants does not matter, and a variant that the C does not know does not compile there.

use lang::program::{HandlerKind, Inspected};
use x86::Provenance;

/// What an invariant asks of a CPU.
pub(crate) const fn inspected(what: Inspected) -> &'static str {
    match what {
        Inspected::Root => "ROOT",
        Inspected::Pcid => "PCID",
        Inspected::Translations => "TLB_SIZE",
        Inspected::TranslationPcid => "TLB_PCID",
        Inspected::TranslationVa => "TLB_VA",
        Inspected::TranslationFrame => "TLB_FRAME",
        Inspected::TranslationMm => "TLB_MM",
        Inspected::Writable => "TLB_WRITABLE",
        Inspected::User => "TLB_USER",
        Inspected::Global => "TLB_GLOBAL",
        Inspected::Pointers => "PSC_SIZE",
        Inspected::PointerPcid => "PSC_PCID",
        Inspected::PointerVa => "PSC_VA",
        Inspected::PointerFrame => "PSC_FRAME",
        Inspected::PointerMm => "PSC_MM",
    }
}

/// What a cached reference leads to.
pub(crate) const fn provenance(of: Provenance) -> &'static str {
    match of {
        Provenance::Sound => "SOUND",
        Provenance::Dangling => "DANGLING",
        Provenance::Garbage => "GARBAGE",
    }
}

/// What a handler handles. The table of handlers stands before the runtime, so the generator declares these ([`HANDLER_KINDS`]).
pub(crate) const fn handler_kind(kind: HandlerKind) -> &'static str {
    match kind {
        HandlerKind::Ipi => "OF_IPI",
        HandlerKind::Nmi => "OF_NMI",
        HandlerKind::VmExit => "OF_VM_EXIT",
        HandlerKind::Irq => "OF_IRQ",
        HandlerKind::Fault => "OF_FAULT",
        HandlerKind::Exit => "OF_EXIT",
    }
}

/// Their declaration.
pub(crate) const HANDLER_KINDS: &str = "enum { OF_IPI, OF_NMI, OF_VM_EXIT, OF_IRQ, OF_FAULT, OF_EXIT };\n";
