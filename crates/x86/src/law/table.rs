//! The table of rules: number, title, confidence and source, then the sentence, then what is in doubt.
//!
//! A reader who may know the manual by heart reads the sentence below a moving picture. So each rule is one exact
//! sentence of at most 200 characters. A qualification that does not fit belongs into the note. It is never left
//! out.

use super::{Confidence, Head, Text};

laws! {
    // What is cached, and its tag.
    H1 "TLB entry contents", Documented, "SDM vol. 3A 4.10.2.2":
        "A TLB entry holds the page frame, R/W and U/S ANDed and XD ORed over every level of the walk, and \
         the protection key, dirty flag and memory type of the entry that maps the page.",
        note "XD counts only if EFER.NXE=1. A special-purpose TLB may leave out what it does not need, and a \
              large page may be cached as several smaller ones. The model has no protection keys.";
    H2 "Entries carry a PCID", Documented, "SDM vol. 3A 4.10.1, 4.10.2.4, 4.10.3.1; APM vol. 2 5.5.1":
        "A new TLB or paging-structure-cache entry is tagged with the current PCID, and only entries with \
         the current PCID may be used, except that a global TLB entry may be used under any PCID.";
    H3 "The current PCID", Documented, "SDM vol. 3A 4.10.1; APM vol. 2 5.5.1":
        "The current PCID is bits 11:0 of CR3 if CR4.PCIDE=1, else 000H; setting PCIDE raises #GP unless \
         EFER.LMA=1 and those bits are 0, and clearing CR0.PG raises #GP while PCIDE=1.";
    H4 "Global TLB entries", Documented, "SDM vol. 3A 4.10.2.4":
        "A TLB entry is global if CR4.PGE=1 and its leaf has G=1; entries that reference a table make no use \
         of G, so no paging-structure-cache entry is global.";
    H5 "Paging-structure cache index", Documented, "SDM vol. 3A 4.10.3.1":
        "With 4-level paging an entry of the PML4E cache serves all linear addresses that share bits 47:39, \
         one of the PDPTE cache bits 47:30, and one of the PDE cache bits 47:21.",
        note "5-level paging adds a PML5E cache for bits 56:48 and starts the other three ranges at bit 56. \
              An entry also serves only the kind of paging, ordinary or HLAT, that made it; the model has \
              no HLAT.";
    H6 "Paging-structure-cache entry contents", Documented, "SDM vol. 3A 4.10.3.1":
        "A paging-structure-cache entry holds the next table's physical address, R/W and U/S ANDed and XD \
         ORed down to its level, and the last entry's PCD and PWT, but nothing read from that table.",
        note "Nothing in it tells who owns the next table: once that frame is freed and given away, the \
              entry leads into the new owner's data. Where there is HLAT paging, an entry also says whether \
              HLAT paging made it, and whether it restarts.";
    H7 "What is never cached", Documented, "SDM vol. 3A 4.10.3.1; APM vol. 2 5.5.3":
        "A paging-structure-cache entry is made only if every entry used down to its level has P=1, A=1 and \
         no reserved bit set, and none of them maps a page.",
        note "The APM states the condition on P alone; that AMD also needs A and valid reserved bits is \
              assumed.";
    H8 "Pointers to empty tables", Documented, "SDM vol. 3A 4.10.3.1, 4.10.4.4; APM vol. 2 5.5.3":
        "An empty table does not keep its pointer out of the caches: even with every PTE of a page table \
         clear, a PDE-cache entry may be made from its PDE as long as that PDE has P=1.";
    H9 "No guarantee of retention", Documented, "SDM vol. 3A 4.10.2.2, 4.10.3.1, 4.10.3.3":
        "A processor may have all, some or none of these caches, may drop any entry at any time, and may \
         hold several entries derived from a single paging-structure entry.",
        note "Several entries arise where tables are shared or reference themselves.";
    H10 "No negative caching", Documented, "SDM vol. 3A 4.10.2.3":
        "A page number can have a TLB entry only if every paging-structure entry used to translate it had \
         P=1 and no reserved bit set, so the absence of a translation is never cached.";
    H11 "Caches do not snoop", Documented, "SDM vol. 3A 4.10.2.3, 4.10.3.1; APM vol. 2 5.5":
        "A store to a paging-structure entry need not reach what is cached from it: TLBs do not snoop memory \
         accesses, and the old contents may be used until they are invalidated.",
        note "That there is no snooping is the APM's wording; the SDM says that the processor may keep an \
              entry as it is after such a store.";
    H12 "AMD table-walk caches", Documented, "APM vol. 2 5.5.3":
        "AMD processors may hold upper-level entries in table-walk caches, which stay coherent by the means \
         that serve the TLB: INVLPG, moves to CR3, and changes of paging controls in CR0 and CR4.";

    // When walks happen.
    H13 "Fills at any time", Documented, "SDM vol. 3A 4.10.2.3, 4.10.3.1; APM vol. 2 5.5.3":
        "Any linear address that the current CR3 or a usable cached entry leads to may be walked and cached, \
         as by prefetch or wrong-path execution, whether or not the program ever uses the address.",
        note "No text ties this to the privilege level. The bound by cached entries is our \
              inference: the APM names valid entries under CR3 only. We assume that a halted CPU \
              makes no walks and that a polling one does.";
    H14 "Where a walk starts", Documented, "SDM vol. 3A 4.10.3.2":
        "Without a TLB hit a walk may start from a PDE-cache, else PDPTE-cache, else PML4E-cache entry, else \
         CR3; a hit skips every read above it, so upper entries cleared in memory go unnoticed.",
        note "The SDM gives this order as an example of a procedure; a processor may also ignore a hit and \
              start higher.";
    H15 "Faults consult memory", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.3":
        "Because a page fault drops what the current PCID has cached for its address, a retried access that \
         the tables in memory allow does not fault again on account of a stale entry.",
        note "AMD goes further and repeats the walk from memory before it reports the fault. A speculative \
              access reports no fault, so nothing checks its stale entries (our inference).";
    H16 "Old or new value", Documented, "SDM vol. 3A 4.10.4.4, 4.10.5":
        "Between a store to an entry and its invalidation either value may be used, for an unlimited time, \
         and speculation may read the unmapped range.",
        note "So an invalidation must not be delayed where reads have side effects, and frames must not be \
              reallocated before it.";

    // The accessed and dirty flags.
    H17 "Speculative walks set A", Documented, "SDM vol. 3A 4.10.2.3, 4.10.3.1; APM vol. 2 5.4.2, 5.5.3":
        "Nothing is cached from a paging-structure entry before its A flag is 1, and the processor sets that \
         flag itself, so even a walk for an access that never retires may write to the table.",
        note "The SDM combines the two statements only by implication; the APM says outright that loading a \
              translation speculatively sets A.";
    H18 "Locked A/D updates", Documented, "SDM vol. 3A 8.1.2.1; CVE-2025-71089":
        "A and D are set by locked read-modify-writes of the entry in memory, so a walk through a stale \
         pointer may set bit 5 of any word in a reused page that looks like a present, valid entry.",
        note "The lock is documented. The write into a reused page follows from it with H14 and H17; the \
              advisory describes it for an IOMMU. The word needs bit 0 set, reserved bits and bit 5 clear.";
    H19 "No speculative D", Choice, "APM vol. 2 5.4.2, 5.5.3; SDM vol. 3A 4.8":
        "AMD never sets D speculatively and loads no translation speculatively that would need D set; \
         Intel's text promises neither, and the model lets only committed writes set D.",
        note "That is our choice for Intel. AMD may in rare cases set D although no write was performed. A \
              processor with CET never sets D in an entry with R/W=0, not even one that another CPU has just \
              cleared (SDM 4.8, from memory).";
    H20 "Order of A/D updates", Documented, "APM vol. 2 5.4.2":
        "AMD does not order A updates against loads by other instructions; D updates are in general ordered \
         with loads and stores, yet a serializing operation is advised before D is read.",
        note "The order of D updates need not extend to accesses to WC memory.";
    H21 "A/D updates racing P", Observed, "Linux e4a84be6f05e; AMD erratum 298; APM vol. 2 5.4.2":
        "A or D must not be set once P is clear, but Knights Landing could set them in an entry whose P had \
         just been cleared, and AMD erratum 298 made A/D updates in the L2 cache non-atomic.",
        note "Erratum 298 concerns Barcelona and Phenom B2; it could end in an L3 protocol error machine \
              check, and the BIOS workaround sets TlbCacheDis. The model's check and update are one step.";
    H22 "IOMMU sharing the tables", Observed, "CVE-2025-71089":
        "An IOMMU that shares the CPU's page tables may walk a kernel address all the way to its leaf and \
         reject the access only then, having cached table pointers and set A and D.",
        note "CPU flushes do not reach the IOMMU's caches (H76), and until the fix nothing told it that a kernel \
              page table was freed.";

    // Rights, reserved bits, addresses.
    H23 "Upgrades need no flush", Documented, "SDM vol. 3A 4.10.4.3; APM vol. 2 5.5.3":
        "Setting P, A or R/W, setting U/S while CR4.SMEP=0, or clearing XD needs no invalidation: the worst \
         effect is one spurious page fault per affected linear address.",
        note "For P and A this assumes an invalidation after the flag was last cleared. With SMEP=1 \
              setting U/S also takes a right away, that of supervisor fetches. Intel may raise the \
              fault, and the kernel sees it; that AMD never does follows from H15 (our inference).";
    H24 "Clearing A or D", Documented, "SDM vol. 3A 4.10.4.3":
        "After software clears A, or D in a leaf, without an invalidation, later accesses or writes may \
         leave the flag clear, so a clear flag does not show that none happened.";
    H25 "Changing the page size", Documented, "SDM vol. 3A 4.10.4.2; AMD erratum 383":
        "After a change of page size several translations of an address may be cached, and any may be used, \
         whether or not frame or rights changed too; AMD family 10h may raise a machine check.",
        note "Where frame or rights change too, the SDM advises P=0 and an invalidation in between. The \
              model raises a machine check only on request. Erratum 383: MC0_STATUS \
              B600_0000_0001_0015h. Intel's counterpart is the machine check on instruction-TLB \
              multi-hits, CVE-2018-12207 (unchecked).";
    H26 "Garbage read as entry", Documented, "SDM vol. 3A 4.5, 4.7":
        "A walk takes any 8-byte word at face value: P=0 or a reserved bit ends it with nothing cached, else \
         the word is a pointer or a leaf, and PS=1 makes a PDE or PDPTE a leaf.",
        note "Read off the entry formats; no text found speaks of garbage. Where the walk ends so, a \
              committed access faults and a speculative one is dropped. PS in a PML4E and address bits \
              beyond MAXPHYADDR are reserved, on AMD also bit 8 of a PML4E, and XD if EFER.NXE=0.";
    H27 "Non-canonical addresses", Documented, "SDM vol. 2A INVLPG, INVPCID":
        "In 64-bit mode INVLPG of a non-canonical address is a no-op, whereas INVPCID type 0 with one in its \
         descriptor raises #GP.",
        note "In the model no walk starts for a non-canonical address. Some AMD CPUs transiently use the low \
              48 bits of one, CVE-2020-12965 (unchecked).";

    // Memory type.
    H28 "Effective memory type", Documented, "SDM vol. 3A 4.9.2, 11.5.2.2, 11.12.3":
        "A page's memory type combines the PAT entry that its leaf's PAT, PCD and PWT select with the \
         frame's MTRR type; for reading a table, PCD and PWT come from the entry or CR3 that points to it.",
        note "With CR4.PCIDE=1 bits 4:3 of CR3 belong to the PCID, and the top table is read as if PCD and \
              PWT were 0 (unchecked). The model combines the two only for tables, with a PAT as after \
              reset.";
    H29 "Memory types are cached", Documented, "SDM vol. 3A 4.9.3":
        "The processor may take memory-type bits from a TLB or paging-structure-cache entry instead of from \
         memory, so a changed type may stay without effect until the entry is invalidated.";
    H30 "UC stops speculation", Documented, "SDM vol. 3A 11.3, 11.5.2.2":
        "UC memory sees no speculative accesses and no speculative page walks, while WB, WT, WP and WC \
         memory may be read speculatively.",
        note "That only speculative walks are barred is our reading. MTRR type UC overrides WB, WT and WP \
              from the PAT but not WC. Conflicts between a stale WB entry and a UC or WC mapping are outside \
              the model.";
    H31 "Tables assumed in DRAM", Documented, "AMD PPR/BKDG, MSRC001_0015 HWCR bit 3 (TlbCacheDis)":
        "With TlbCacheDis=0, its reset value, AMD processors assume that PML4, PDP, PDE and PTE entries lie \
         in cacheable WB DRAM, and an OS that keeps them elsewhere must set the bit.",
        note "It is an inference that a walk therefore fetches the next table as if from coherent DRAM, with \
              no full check of its type.";
    H32 "Northbridge protocol error", Observed, "AMD northbridge error table, code 01001b":
        "On AMD with TlbCacheDis=0, a table fetch from an address routed to I/O can put a coherent-only CPU \
         packet on an I/O link: protocol error 01001b, an uncorrectable machine check.",
        note "The code is from AMD's table. It is the likelier reading that table fetches caused the \
              hangs of 2017; the fix's log also speaks of AMD checks that trip on garbage TLB entries \
              (unchecked).";
    H33 "No Intel counterpart", Choice, "SDM vol. 3A 11.3 (UC); nothing corresponds to TlbCacheDis":
        "No Intel text lets a walk skip type checks, so an Intel walk in the model stops at UC memory, and \
         what a freed table can cause is garbage TLB entries, reads through them, and A-flag writes.";

    // What invalidates.
    H34 "MOV CR3 without PCIDs", Documented, "SDM vol. 3A 4.10.4.1":
        "With CR4.PCIDE=0, MOV to CR3 invalidates all non-global TLB entries and all paging-structure-cache \
         entries of PCID 000H.";
    H35 "MOV CR3 that flushes", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.1":
        "With CR4.PCIDE=1 and source bit 63 = 0, MOV to CR3 invalidates all non-global TLB entries and all \
         paging-structure-cache entries of the PCID being loaded, and may leave other PCIDs alone.";
    H36 "MOV CR3 without flush", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.1":
        "With CR4.PCIDE=1 and source bit 63 = 1, MOV to CR3 need not invalidate anything; bit 63 is not \
         stored, and non-global entries of the PCID it leaves cannot be used until that PCID is loaded \
         again.",
        note "The second half follows from H2.";
    H37 "INVLPG of a page", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.3":
        "INVLPG invalidates the page's TLB entries of the current PCID, its global ones of any PCID, and all \
         paging-structure-cache entries of the current PCID, whatever address they serve.",
        note "On AMD the last part holds while EFER.TCE=0 or TCE is not supported (H38).";
    H38 "INVLPG with AMD TCE", Documented, "APM vol. 2 3.1.7, 5.5.3; Linux 440a65b7d25f":
        "On AMD with EFER.TCE=1, INVLPG drops the page's TLB entries but, of the cached upper-level entries, \
         only those that lead to that page.",
        note "TCE acts on INVPCID and INVLPGB as well; Linux sets it since 6.15. A ranged flush is then \
              still enough if it includes an address under each freed table (our analysis).";
    H39 "INVPCID type 0, address", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 3.1.7":
        "INVPCID type 0 invalidates the non-global TLB entries and the paging-structure-cache entries that \
         would translate the given address in the given PCID, and need not drop those for other addresses.",
        note "INVLPG promises more (H37). On AMD with EFER.TCE=0 INVPCID too removes all upper-level \
              entries, by the APM's text on TCE.";
    H40 "INVPCID type 1, context", Documented, "SDM vol. 3A 4.10.4.1":
        "INVPCID type 1 invalidates all non-global TLB entries and all paging-structure-cache entries of the \
         PCID in its descriptor, whether or not that PCID is current.";
    H41 "INVPCID type 2, everything", Documented, "SDM vol. 3A 4.10.4.1":
        "INVPCID type 2 invalidates all TLB entries, global ones included, and all paging-structure-cache \
         entries of all PCIDs.";
    H42 "INVPCID type 3, non-global", Documented, "SDM vol. 3A 4.10.4.1":
        "INVPCID type 3 invalidates all non-global TLB entries and all paging-structure-cache entries of all \
         PCIDs, but may spare global TLB entries.";
    H43 "CR4.PGE or PCIDE changed", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.3":
        "MOV to CR4 that changes PGE, or PCIDE from 1 to 0, invalidates all TLB entries, global ones \
         included, and all paging-structure-cache entries, for all PCIDs.",
        note "AMD does the same when PAE or PSE changes or PKE goes from 0 to 1. In the model PGE is the \
              one bit that can change.";
    H44 "CR4.PAE or SMEP changed", Documented, "SDM vol. 3A 4.10.4.1":
        "MOV to CR4 that changes PAE, or SMEP from 0 to 1, invalidates all TLB entries and all \
         paging-structure-cache entries of the current PCID.",
        note "Long mode does not allow PAE to be cleared. SMEP from 1 to 0 may invalidate but need not. For \
              AMD see H43; the APM's list does not name SMEP.";
    H45 "Paging switched off", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.3":
        "MOV to CR0 that clears PG invalidates all TLB entries, global ones included, and all \
         paging-structure-cache entries, for all PCIDs.",
        note "AMD lists every change of PG.";
    H46 "Task switch changing CR3", Documented, "SDM vol. 3A 4.10.4.1":
        "A task switch that changes CR3 invalidates all non-global TLB entries and all \
         paging-structure-cache entries of PCID 000H; IA-32e mode has no such task switches.";
    H47 "Page fault", Documented, "SDM vol. 3A 4.10.4.1; APM vol. 2 5.5.3":
        "A page fault invalidates, for the current PCID, the TLB entries of the faulting page and those \
         paging-structure-cache entries that its linear address would use.",
        note "H15 says what this is for: a fault may result from cached entries alone. In the model, on \
              Intel, a stale pointer may also cause one.";
    H48 "INVLPGB broadcasts", Documented, "APM vol. 2 5.5.3, 3.1.7; Linux b7aa05cbdc52, 634ab76159a8":
        "AMD's INVLPGB flushes on all CPUs what matches the chosen address range, PCID and ASID, globals on \
         request, and upper-level entries too unless rAX bit 4 limits it to final translations.",
        note "Operand details are from Linux, not from APM vol. 3. The range is a count of 4 KiB or 2 \
              MiB steps, up to a ceiling in CPUID 8000_0008. A PCID that is not 0 while CR4.PCIDE=0 is \
              #GP. Unless the ASID is marked valid, the instruction means every ASID, guests' too; in a \
              guest it means the guest's own ASID, whatever its operand says; one bit adds nested \
              translations. A count beyond the ceiling is #GP (from memory). With TCE only upper levels that \
              lead to the range go (440a65b7d25f). Patches set rAX bit 4; the tree we read does not. \
              Intel has no such instruction: #UD.";
    H49 "TLBSYNC waits", Observed, "Linux b7aa05cbdc52, after APM vol. 3 TLBSYNC":
        "TLBSYNC supplies the wait that INVLPGB lacks: it ends once every invalidation that this CPU has \
         broadcast is complete.",
        note "Taken from Linux; APM vol. 3 itself was not at hand.";
    H50 "More may be invalidated", Documented, "SDM vol. 3A 4.10.4.1":
        "Every invalidation may remove more than it must: other pages, other PCIDs, global entries, or \
         entries used by another logical processor of the same core.",
        note "The model's operations remove exactly the required minimum. Loss of more needs no step, \
              because using a cached entry is always a choice.";
    H51 "INVLPG erratum on globals", Observed, "Linux ce0b15d11ad8, f24f669d03f8; errata ADL063, RPL042":
        "On Alder Lake, Raptor Lake and Alder Lake-N, INVLPG may fail to remove global TLB entries of the \
         page while PCIDs are enabled.",
        note "The errata say that guests (VMX non-root operation) are not affected. Linux turned PCIDs off \
              on these parts. Since 6.13, and in stable kernels, it leaves them on if the microcode of March \
              2024 or a later one is loaded.";
    H52 "Flush after unlinking", Documented, "SDM vol. 3A 4.10.4.2":
        "A change of an entry that referenced a table calls for INVLPG of each page translated through it, \
         and of one even if there was none; or for MOV to CR3 (if no globals), or a CR4.PGE change.",
        note "This serves the current PCID. Other PCIDs that may use the entry need the same while loaded, \
              or a PGE change before they are used again.";
    H53 "Reusing a PCID", Documented, "SDM vol. 3A 4.10.4.2":
        "A PCID that last served another address space should be loaded with source bit 63 = 0, or else its \
         old entries may translate for the new one.",
        note "Global entries survive this; the SDM assumes that both address spaces have the same global \
              pages.";

    // Ordering.
    H54 "Invalidations serialize", Choice, "SDM vol. 3A 4.10.4.3, 8.3; Linux b7aa05cbdc52 (INVLPGB)":
        "Local invalidating instructions serialize: older stores drain, and later walks follow; we count \
         INVPCID among them and let no walk in flight outlive them, while INVLPGB is weakly ordered.",
        note "SDM 4.10.4.3 calls them all serializing, but the list in 8.3 omits INVPCID. No text says \
              whether a walk that began before a CR3 write may insert an entry after it. A MOV to CR3 \
              serializes with bit 63 too.";
    H55 "TSO and store buffers", Documented, "SDM vol. 3A 8.2.2, 8.2.3, 8.2.5":
        "WB stores reach memory in program order through a per-CPU buffer that forwards to its own loads; \
         only store-to-load order may be lost, unless MFENCE or a locked instruction stands between.",
        note "The buffer as a FIFO is the x86-TSO model of what the SDM states as ordering rules. \
              Non-temporal and fast-string stores are left out. LFENCE drains nothing, and a compiler \
              barrier emits no instruction.";
    H56 "Fences do not stop walks", Observed, "Linux 4.13 arch/x86/mm/tlb.c (3d28ebceaffa)":
        "MFENCE, LFENCE and LOCK order the program's own accesses but rule out no TLB fill at any point; \
         what divides fills into before and after is a CR3 write, INVLPG or another invalidation.",
        note "The kernel's comment names LOCK and MFENCE. LFENCE also delays later instructions, and with \
              them the fills they would cause, but not prefetches (our reading).";
    H57 "Walks and store buffers", Choice, "SDM vol. 3A 4.10.4.3":
        "An instruction-fetch walk may miss an older store to the entry if nothing serializes in between; \
         for data walks no text was found, and the model lets each walk do either, unless told which.",
        note "Seeing the buffer early would matter only where P is set: a flush drains the buffer, so an \
              entry cleared before it is in memory by then.";
    H58 "A flush is momentary", Documented, "SDM vol. 3A 4.10.5, 4.10.2.3":
        "Flushing a PCID removes only what is cached by then; new entries may be made until the CPU leaves \
         it, and they are right only if the tables already hold the new values.",
        note "Our consequence of H11 and H13; the SDM asks for invalidation after the modification.";
    H59 "Events drain, IRET serializes", Documented, "SDM vol. 3A 11.10, 8.3":
        "The store buffer is drained when an interrupt, NMI or exception is taken, and IRET serializes, so no \
         handler begins or ends while older stores are still buffered.",
        note "VM exits and VM entries are in neither list; the model counts them among these events, as they \
              load control registers and MSRs. ERETU and ERETS (FRED) do not exist in the model.";
    H60 "IPIs and older stores", Documented, "SDM vol. 3A 10.12.3; Linux 25a068b8e9a4, 04c3024560d3":
        "A write to the memory-mapped ICR of an xAPIC serializes, but a WRMSR to the ICR of an x2APIC may \
         complete before older stores are globally visible, unless MFENCE or the like precedes it.",
        note "Linux says that AMD's WRMSR needs no fence (04c3024560d3); the model takes that to mean that \
              older stores are visible first. Intel also needs LFENCE after MFENCE, because of later \
              instructions.";
    H61 "Deep sleep empties a core", Observed, "Linux drivers/idle/intel_idle.c, CPUIDLE_FLAG_TLB_FLUSHED":
        "A core that enters C6 or a deeper state may lose whatever it has cached, so its buffered stores \
         reach memory before it sleeps; HLT and MWAIT themselves serialize nothing.",
        note "It differs from part to part which states lose the TLB; Linux marks them with that flag. We \
              infer from the loss of power that no store outlives the state.";

    // Paging modes.
    H62 "5-level paging", Documented, "SDM vol. 3A 4.1.1, 4.5, 4.10.3.1, vol. 1 3.3.7.1; APM vol. 2 5.3":
        "With CR4.LA57=1 CR3 leads to a PML5 table, bits 56:48 of an address select its entry, a PML5E cache \
         may hold that entry, and an address is canonical if its bits 63:56 are equal.",
        note "All levels below work as with 4-level paging. No PML5E maps a page: PS is reserved in it. \
              CR4.LA57 cannot be changed while IA-32e mode is active, so in the model it belongs to the \
              machine and not to the program.";

    // Guests.
    H63 "Two dimensions", Documented, "SDM vol. 3C 28.2.1, 28.2.2; APM vol. 2 15.25.5 (as Linux quotes it)":
        "In a guest, CR3 and the guest's page-table entries hold guest-physical addresses: each table, and the \
         page itself, is found by a walk of EPT or of AMD's nested page tables.",
        note "The accessed and dirty flags for EPT are off, and EPT memory types are taken as \
              write-back. An entry of EPT is present if any of bits 2:0 is set; one that forbids \
              reads counts as a misconfiguration, which the model reports as an EPT violation. AMD \
              takes the walk of a guest's table for a user's write, and an access to its page for a \
              user's; it sets A in nested tables, and D is not set here. On Intel a walk needs the \
              right to write a guest table only where it sets A or D; the model leaves that out.";
    H64 "Tags in guests", Documented, "SDM vol. 3C 28.3.2; APM vol. 2 15.16":
        "Without EPT a CPU uses linear mappings of the current VPID and PCID; with EPT, combined mappings of the \
         current VPID, PCID and EP4TA, and guest-physical mappings of the EP4TA.",
        note "Outside guests the VPID is 0000H. A global translation may be used under any PCID, \
              but only under its own VPID and EP4TA. AMD tags by ASID alone, so two nested tables \
              under one ASID are not told apart; that its guest-physical mappings carry the ASID \
              is our reading. The model's tags have 8 bits.";
    H65 "Combined mappings", Documented, "SDM vol. 3C 28.3.1":
        "A combined mapping holds what both dimensions give: a paging-structure-cache entry leads to where the \
         guest's table is in memory, and a translation has the rights that both leave.",
        note "So a combined mapping outlives a change of EPT as a linear one outlives a change of a page \
              table. Its page size is the smaller one of the two dimensions.";
    H66 "Invalidations in guests", Documented, "SDM vol. 3C 28.3.3.1, 28.3.3.2":
        "INVLPG, INVPCID, page faults and moves to CR3 or CR4 need to remove only the linear and combined \
         mappings of the current VPID, for all EP4TAs; guest-physical mappings may stay.";
    H67 "VM entries and exits", Documented, "SDM vol. 3C 28.3.3.1, 28.3.3.2":
        "With VPIDs off, VM entries and exits remove all linear and combined mappings of VPID 0000H; with \
         VPIDs on, they need to remove nothing; they never need to remove guest-physical mappings.",
        note "Combined mappings of VPID 0000H go for all EP4TAs. On AMD, H71 says what VMRUN flushes.";
    H68 "INVEPT of an EP4TA", Documented, "SDM vol. 3C 28.3.3.1, 28.3.3.2":
        "INVEPT of one EP4TA, or of all, removes its guest-physical mappings and its combined mappings for all \
         VPIDs and PCIDs; linear mappings may stay.";
    H69 "INVVPID of a VPID", Documented, "SDM vol. 3C 28.3.3.1, 28.3.3.2":
        "INVVPID removes linear and combined mappings of an address of a VPID, of a VPID with or without globals, or \
         of all VPIDs but 0000H, for all EP4TAs; guest-physical ones may stay.",
        note "The three types that name a VPID fail for 0000H. The type for one address acts on all PCIDs, \
              as the text says of combined mappings.";
    H70 "EPT violations", Documented, "SDM vol. 3C 28.3.3.1":
        "An EPT violation removes the guest-physical mappings that its address would use, and the combined ones of \
         its linear address under the current PCID, VPID and EP4TA.",
        note "The same is assumed for AMD's nested page fault; no text was at hand. If only a combined \
              mapping refuses an access, the model's CPU walks again before it reports anything.";
    H71 "ASIDs and VMRUN", Choice, "APM vol. 2 15.16.1, 15.16.2 (from memory); Linux arch/x86/kvm/svm":
        "VMRUN flushes what TLB_CONTROL says: nothing, all ASIDs, the guest's ASID, or the guest's ASID \
         except globals; INVLPGA removes one linear address of one ASID.",
        note "VMRUN with ASID 0 fails. KVM relies on a flush of an ASID to remove its guest-physical \
              mappings too (svm_flush_tlb_asid). It is our choice that INVLPGA means every PCID, and drops \
              upper levels as INVLPG does.";

    // Requests to other processors.
    H72 "Remote action requests", Observed, "Intel datasheets, Remote Action Request; Linux RFC PATCH v3, v4 (RAR)":
        "On Intel a CPU can ask the CPUs of a mask for an INVPCID, which microcode carries out between two \
         instructions, also while interrupts are off; the sender polls until each of them has answered.",
        note "Intel's white paper (341431) was not at hand: only the datasheets' list of actions, and the \
              patches. A request goes out by the ICR, as an IPI does (H60). The model's actions are INVPCID \
              of one address and of one PCID; they mean what the host has cached, also while a guest runs. \
              That a sleeping CPU answers is our choice. Left out are the payload table, and the actions for \
              INVLPG, EPT, VPIDs and MSRs. No CPU asks itself here.";

    // Hyper-threads.
    H73 "Shared TLBs", Choice, "SDM vol. 3A 8.7.13.2; Linux arch/mips/include/asm/cpu-features.h (shared FTLB entries)":
        "Where CPUs share a TLB without a tag for the CPU, what one of them caches may serve the others under an \
         equal PCID; an invalidation by one of them need not remove it for the others.",
        note "Intel tags entries with the logical processor (from quotations), and we know of no x86 that shares \
              entries: it is an option for other processors. On MIPS siblings use each other's entries if \
              address spaces have one number on all CPUs, on Arm if CnP is set (from memory). The model copies \
              an entry when it is cached. A CPU that goes on using a sibling's entry after an invalidation of \
              its own, as on MIPS, is not covered.";

    // Devices behind an IOMMU.
    H74 "Walks by PASID", Observed, "Linux drivers/iommu/intel/pasid.c, intel_pasid_tear_down_entry(), with VT-d 3.4 table 23; CVE-2025-71202":
        "An IOMMU that shares an address space's page tables may walk them for a device at any time, and caches \
         translations and table pointers under a PASID, as a CPU does under a PCID.",
        note "Intel's VT-d specification was not at hand, only quotations. In the model each device has an IOMMU's caches of its own, \
              and one PASID at a time; tags have 12 bits. G is ignored, since Linux leaves PGE of the PASID entry \
              clear. The write to the PASID table and the command that makes the IOMMU forget the old entry are one \
              step. Left out are second-stage tables, domain numbers and page requests (PRI): an access that is \
              refused is given up.";
    H75 "TLBs of devices", Documented, "VT-d 6.5.2.5 (from quotations); Linux drivers/iommu/intel/svm.c, intel_flush_svm_range_dev(), and arm-smmu-v3.c, arm_smmu_atc_inv_domain()":
        "A device with ATS asks its IOMMU for translations, which may come from the IOTLB, and uses what it has cached \
         until a command for the TLBs of devices removes it.",
        note "So software must always invalidate the IOTLB first: a device that is flushed first may ask again and \
              get what is stale. Linux does so for Intel's and for Arm's. It is our choice that a device gets no \
              translation that a user may not use, and that one that asks once more to write drops the stale \
              answer that it had (PCIe ATS was not at hand).";
    H76 "Invalidation queue", Choice, "VT-d 6.5.2.11 (from quotations); Linux drivers/iommu/intel/dmar.c, qi_submit_sync(), and iommu.c, domain_flush_pasid_iotlb()":
        "No flush of CPUs reaches an IOMMU or a device: software puts commands into a queue, which are \
         carried out later, and a wait descriptor tells when the commands before it are done.",
        note "A command for the IOTLB removes translations and table pointers of a PASID, or those that lead to one \
              address; a command for devices removes what these have of it. Hardware carries out a command for a \
              device only after all commands for the IOTLB ahead of it, and a wait after all ahead of it. That it \
              keeps to the order of the queue elsewhere, too, is our choice: a command for the IOTLB may overtake \
              one for a device. AMD's and Arm's queues work alike (from memory).";
}
