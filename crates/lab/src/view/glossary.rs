//! Words that a reader who knows C may not know, in the order in which one word needs another.

/// Words, and what they mean.
pub const WORDS: [(&str, &str); 17] = [
    (
        "Page tables",
        "They map a process's addresses to memory. They form a tree of four levels: PML4, PDPT, page directory and page table, each of 4 KiB. (With `la57 on` a PML5 stands above them.) An entry is a pointer to the next level and some bits.",
    ),
    (
        "Memory",
        "Pages of memory. The picture keeps each page at its first place and under its first name. Linux calls the levels pgd, pud, pmd and pte: \"A pud 0x0\" was A's PDPT at the beginning, whatever the page holds now.",
    ),
    (
        "Page walker",
        "The part of a CPU that looks an address up in the page tables, one entry per level. It may do so at any time, for any address, merely because it guesses that a program will need that address.",
    ),
    ("CR3", "The register that points to the page tables in use. A walk begins there."),
    (
        "TLB",
        "Translations that walks have found, kept by each CPU for itself. They stay when the page tables change, until the kernel invalidates them on that CPU.",
    ),
    (
        "Paging-structure caches",
        "Pointers to page tables that walks have read, kept by each CPU for itself, so that the next walk can begin halfway. They too stay until they are invalidated.",
    ),
    (
        "PCID",
        "A tag of up to 12 bits in CR3. A walk marks what it caches with the tag, and only entries with the current tag are used. So nothing needs to be flushed when CR3 changes.",
    ),
    (
        "Accessed bit",
        "A walk sets this bit in each entry that it uses. Setting it is a write to memory, made by hardware.",
    ),
    (
        "Store buffer",
        "Stores of this CPU that no other CPU can see yet. They reach memory later, in order; a memory barrier waits until they have.",
    ),
    (
        "IPI",
        "An interrupt from one CPU to another. The kernel sends it to make other CPUs invalidate what they have cached.",
    ),
    (
        "Pending IPIs",
        "Interrupts that have arrived at this CPU and wait, because the CPU has interrupts off.",
    ),
    (
        "mm",
        "Linux's word for an address space, with its page tables. init_mm is the kernel's own: it maps no user memory and is never freed.",
    ),
    (
        "Lazy TLB",
        "A CPU that runs a kernel thread needs no user memory. So it need not load other page tables: it keeps those of the previous process.",
    ),
    ("cpumask", "The set of CPUs that are told when an mm's page tables change."),
    (
        "tlb_gen",
        "A count of the flushes that an mm has asked for. A CPU that comes back to the mm compares its own count with the mm's, and flushes if it has missed a flush.",
    ),
    ("outdated", "An entry that is older than a claim of the kernel to have flushed it."),
    (
        "Per-CPU variables",
        "What the kernel records about this CPU: which mm is loaded, under which PCID, and up to which flush the CPU has flushed.",
    ),
];

/// What a word means, if it is here.
#[must_use]
pub fn meaning(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(there, _)| *there == word).map(|(_, meaning)| *meaning)
}
