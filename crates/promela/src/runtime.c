/* The hardware, once more: caches, walks, invalidations, store buffers, IPIs. What the program does is made by the
   generator and stands behind this; what is configured stands before it. Numbers of 64 bits are kept in the state as
   their places in a table of numbers (num), and cache entries and broadcasts likewise, so that a state is short; the
   tables belong to the run and are no part of the state. Equal states have equal bytes: what is unused is zero. */

typedef unsigned long long u64;

static void die(const char *what) {
    printf("tlbscope: %s\n", what);
    exit(3);
}

/* ---- numbers ---- */

#define MOST_NUMS 65535
static u64 nums[MOST_NUMS + 1];
static unsigned num_table[1 << 18];
static unsigned num_count;

static num put_num(u64 value) {
    unsigned at = (unsigned)((value * 0x9e3779b97f4a7c15ull) >> 46);
    if (value == 0) return 0;
    while (num_table[at]) {
        if (nums[num_table[at]] == value) return (num)num_table[at];
        at = (at + 1) & ((1 << 18) - 1);
    }
    if (num_count == MOST_NUMS) die("more than 65535 different numbers");
    nums[++num_count] = value;
    num_table[at] = num_count;
    return (num)num_count;
}

/* A cached entry. Of a translation a is the page and b the frame; of a pointer a is the tag and b the table. The order
   of entries is that of the fields from pcid on. */
struct entry {
    u64 a, b;
    unsigned short pcid;
    unsigned char level, rights, dirty, global, type, standing;
    /* What only an observer knows: the space (and one) at whose root the walk began, 0 if nobody asks; and whether it was
       older than the page tables at a claim. */
    unsigned char space, outdated, unused[6];
};

#define WRITE 4
#define USER 2
#define NX 1
enum { SOUND, DANGLING, GARBAGE };
enum { UC = 0, WC = 1, WT = 4, WP = 5, WB = 6, UC_MINUS = 7 };

static struct entry entries[MOST_NUMS + 1];
static unsigned entry_table[1 << 18];
static unsigned entry_count;

static num put_entry(const struct entry *e) {
    u64 mix = e->a * 0x9e3779b97f4a7c15ull ^ e->b * 0xc2b2ae3d27d4eb4full;
    mix ^= ((u64)e->pcid << 48 | (u64)e->level << 40 | e->rights << 24 | e->dirty << 20 | e->global << 16
            | e->type << 8 | (u64)e->space << 56 | e->outdated << 7 | e->standing) * 0x165667b19e3779f9ull;
    unsigned at = (unsigned)(mix >> 46);
    while (entry_table[at]) {
        if (!memcmp(&entries[entry_table[at]], e, sizeof *e)) return (num)entry_table[at];
        at = (at + 1) & ((1 << 18) - 1);
    }
    if (entry_count == MOST_NUMS) die("more than 65535 different cache entries");
    entries[++entry_count] = *e;
    entry_table[at] = entry_count;
    return (num)entry_count;
}

static int compare(const struct entry *x, const struct entry *y) {
#define FIELD(f) if (x->f != y->f) return x->f < y->f ? -1 : 1;
    FIELD(pcid) FIELD(level) FIELD(a) FIELD(b) FIELD(rights) FIELD(dirty) FIELD(global) FIELD(type) FIELD(standing)
    FIELD(space) FIELD(outdated)
#undef FIELD
    return 0;
}

static int holds(const num *set, int room, num e) {
    for (int i = 0; i < room && set[i]; i++)
        if (set[i] == e) return 1;
    return 0;
}

static void insert(num *set, int room, num e) {
    int at = 0, end;
    while (at < room && set[at] && compare(&entries[set[at]], &entries[e]) < 0) at++;
    if (at < room && set[at] == e) return;
    for (end = at; end < room && set[end]; end++) {}
    if (end == room) die("a cache holds more entries than this model has room for: export it with more --room");
    for (; end > at; end--) set[end] = set[end - 1];
    set[at] = e;
}

/* ---- what a run has seen ---- */

static unsigned marks, seen;
static int an_end;
static const char *names[] = { PROPERTY_NAMES };

/* The actions of a trail that is being replayed. */
#define MOST_REPLAYED 100000
static unsigned replay[MOST_REPLAYED];
static int replayed;

static void tell(void) {
    for (int i = 0; i < replayed; i++) printf(i ? ",%u" : "tlbscope: run --schedule %u", replay[i]);
    if (replayed) printf("\n");
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i] && (seen >> i & 1)) printf("tlbscope: seen %s\n", names[i]);
    if (an_end) printf("tlbscope: seen an execution that is complete\n");
}

#define SHOW(p) (marks |= 1u << (p))
/* An invariant is evaluated: what does not exist reads as 0. A step has led a variable beyond its limit. */
static int looking, cut;
static void bug(void) { if (!looking) SHOW(KERNEL_BUG); }

/* ---- memory ---- */

#define M (now.m)
#define CPU (M.cpu[c])
#define P 1ull
#define RW 2ull
#define US 4ull
#define PWT 8ull
#define PCD 16ull
#define A 32ull
#define D 64ull
#define PS 128ull
#define G 256ull
#define XD (1ull << 63)
#define ADDRESS 0x000ffffffffff000ull

static int shift_of(int level) { return 12 + 9 * (level - 1); }
static int index_of(int level, u64 va) { return va >> shift_of(level) & 511; }
static u64 tag_of(int level, u64 va) { return va >> shift_of(level); }
static int canonical(u64 va) { long long top = (long long)va >> (shift_of(LEVELS) + 8); return top == 0 || top == -1; }

/* The words of a frame that are ever written get slots, in the order of their first use. */
static short slots[WORDS];
static int slot_count;

static int slot_of(int index, int make) {
    if (!slots[index] && make) {
        if (slot_count == SLOTS) die("more words are used than this model has room for: export it with more --room");
        slots[index] = ++slot_count;
    }
    return slots[index] - 1;
}

static u64 word(int frame, int index) {
    int slot = slot_of(index, 0);
    return slot < 0 ? 0 : nums[M.word[frame][slot]];
}

static void put_word(int frame, int index, u64 value) {
    int slot = slot_of(index, value != 0);
    if (slot >= 0) M.word[frame][slot] = put_num(value);
}

enum { FRAME, OTHER_DRAM, DEVICE, ABSENT };

static int backing(u64 pfn, int *which) {
    u64 base = pfn << 12;
    for (int i = 0; i < FRAMES; i++)
        if (pfns[i] <= pfn && pfn < pfns[i] + spans[i]) { *which = i; return FRAME; }
    for (int i = 0; i < DRAMS; i++)
        if (drams[i][0] <= base && base < drams[i][1]) return OTHER_DRAM;
    for (int i = 0; i < DEVICES; i++)
        if (devices[i][0] <= base && base < devices[i][1]) { *which = i; return DEVICE; }
    return ABSENT;
}

/* Owners: 0 nobody, 1 data, 2 user, 3 + level a table; the mm in the low byte. */
#define OWNER(kind, mm) ((num)((kind) << 8 | (mm)))
#define KIND(owner) ((owner) >> 8)

static int is_table(int frame, int level) { return KIND(M.owner[frame]) == 3 + level; }

/* The number of a word of a page frame in the frame that it is a part of. */
static int place_of(int frame, u64 pfn, int index) { return (int)(pfn - pfns[frame]) * 512 + index; }

/* A table may be read as one of a lower level: through a slot that refers to its own table. */
static int table_at(int frame, u64 pfn, int level) { return pfns[frame] == pfn && KIND(M.owner[frame]) >= 3 + level; }

/* ---- store buffers: a location is 1 + cell, or 1 + CELLS + frame * WORDS + index; 0 is none ---- */

static int cell_loc(int base, u64 owners, u64 len, u64 owner, u64 index) {
    return owner < owners && index < len ? (int)(1 + base + owner * len + index) : 0;
}

static int word_at(int frame, int index) { return 1 + CELLS + frame * WORDS + index; }

static u64 memory(int loc) {
    int at = loc - 1;
    return at < CELLS ? nums[M.cell[at]] : word((at - CELLS) / WORDS, (at - CELLS) % WORDS);
}

/* Beyond the limit of a variable the run ends. */
static void keep_within(int loc, u64 value) {
#if LIMITS
    if (loc <= CELLS && value > limits[loc - 1]) M.stopped = cut = 1;
#endif
}

static int cut_off(void) {
#if LIMITS
    for (int cell = 0; cell < CELLS; cell++)
        if (nums[M.cell[cell]] > limits[cell]) return 1;
#if DEPTH
    for (int c = 0; c < CPUS; c++)
        for (int i = 0; i < CPU.held; i++)
            if (CPU.where[i] <= CELLS && nums[CPU.what[i]] > limits[CPU.where[i] - 1]) return 1;
#endif
#endif
    return 0;
}

static void write_memory(int loc, u64 value) {
    int at = loc - 1;
    keep_within(loc, value);
    if (at < CELLS) M.cell[at] = put_num(value);
    else put_word((at - CELLS) / WORDS, (at - CELLS) % WORDS, value);
}

static int forward(int c, int loc, u64 *value) {
#if DEPTH
    for (int i = CPU.held - 1; i >= 0; i--)
        if (CPU.where[i] == loc) { *value = nums[CPU.what[i]]; return 1; }
#endif
    return 0;
}

static u64 view(int c, int loc) {
    u64 value;
    return forward(c, loc, &value) ? value : memory(loc);
}

static int empty(int c) { return !DEPTH || CPU.held == 0; }
static int full(int c) { return DEPTH && CPU.held >= DEPTH; }

static void store(int c, int loc, u64 value) {
#if DEPTH
    CPU.where[CPU.held] = (unsigned)loc;
    CPU.what[CPU.held++] = put_num(value);
    keep_within(loc, value);
#else
    write_memory(loc, value);
#endif
}

static void drain(int c) {
#if DEPTH
    write_memory(CPU.where[0], nums[CPU.what[0]]);
    CPU.held--;
    for (int i = 0; i < DEPTH; i++) {
        CPU.where[i] = i < CPU.held ? CPU.where[i + 1] : 0;
        CPU.what[i] = i < CPU.held ? CPU.what[i + 1] : 0;
    }
#endif
}

/* ---- what runs ---- */

/* On a CPU a thread; the handler of a page fault that it has caused; a handler that interrupts them; and what cuts in on
   all, an NMI's handler or the host. */
#if FAULT_HANDLER
static int in_exception(int c) { return CPU.faulted != 0; }
static num *below_regs(int c) { return CPU.faulted ? CPU.eregs : CPU.regs; }
static unsigned short *below_pc(int c) { return CPU.faulted ? &CPU.epc : &CPU.pc; }
#else
static int in_exception(int c) { return 0; }
static num *below_regs(int c) { return CPU.regs; }
static unsigned short *below_pc(int c) { return &CPU.pc; }
#endif
#if INTRUDERS
static int intruded(int c) { return CPU.intruder != 0; }
static int intrudable(int c) { return !CPU.intruder && (CPU.nmis || CPU.vmexits); }
static int preempted(int c) { return CPU.intruder && handler_kind[CPU.intruder - 1] == OF_VM_EXIT; }
static num *regs(int c) { return CPU.intruder ? CPU.iregs : CPU.handler ? CPU.hregs : below_regs(c); }
static unsigned short *pc_of(int c) { return CPU.intruder ? &CPU.ipc : CPU.handler ? &CPU.hpc : below_pc(c); }
#else
static int intruded(int c) { return 0; }
static int intrudable(int c) { return 0; }
static int preempted(int c) { return 0; }
static num *regs(int c) { return CPU.handler ? CPU.hregs : below_regs(c); }
static unsigned short *pc_of(int c) { return CPU.handler ? &CPU.hpc : below_pc(c); }
#endif
static int in_thread(int c) { return !intruded(c) && !CPU.handler && !in_exception(c); }
#define R(n) (nums[regs(c)[n]])
#define SET(n, value) (regs(c)[n] = put_num(value))
static int interruptible(int c) { return CPU.irqs_on && !CPU.handler && !intruded(c); }
enum { IDLE, KTHREAD, USER_MODE, KERNEL_MODE, ENTERED };
static int supervisor(int c) { return !in_thread(c) || CPU.mode != USER_MODE; }

static int frame_of(u64 pfn) {
    int which;
    return backing(pfn, &which) == FRAME ? which : -1;
}

/* The frame that begins there: what is freed as a whole. */
static int whole_of(u64 pfn) {
    int frame = frame_of(pfn);
    return frame >= 0 && pfns[frame] == pfn ? frame : -1;
}

static int word_loc(u64 pfn, u64 index) {
    int frame = frame_of(pfn);
    return frame >= 0 && index < 512 ? word_at(frame, place_of(frame, pfn, (int)index)) : 0;
}

/* Whether an entry can map a page by PS. */
static int large_at(int level) { return level == 2 || level == 3; }
static int leaf(u64 entry, int level) { return level == 1 || (large_at(level) && (entry & PS)); }

static u64 pfn_of(u64 entry, int level) {
    u64 address = entry & ADDRESS;
    if (large_at(level) && (entry & PS)) address &= ~((1ull << shift_of(level)) - 1);
    return address >> 12;
}

/* The frame of a space's root, also of a space that has ended; -1 if there is none. Whether the space exists. */
#if SPACES
static int root_of(u64 mm) { return mm < MMS ? M.space_root[mm] - 1 : -1; }
static int exists(u64 mm) { return mm < MMS && M.space_exists[mm]; }
#else
static int root_of(u64 mm) { return mm < MMS ? roots[mm] : -1; }
static int exists(u64 mm) { return mm < MMS; }
#endif

static u64 root_pfn(u64 mm) { return root_of(mm) < 0 ? 0 : pfns[root_of(mm)]; }

static int entry_loc(int c, int level, u64 mm, u64 va) {
    int table = root_of(mm);
    if (table < 0) return 0;
    u64 pfn = pfns[table];
    for (int upper = LEVELS; upper >= 1; upper--) {
        int loc = word_at(table, place_of(table, pfn, index_of(upper, va)));
        if (upper == level) return loc;
        u64 entry = view(c, loc);
        if (!(entry & P) || leaf(entry, upper)) return 0;
        pfn = pfn_of(entry, upper);
        table = frame_of(pfn);
        if (table < 0) return 0;
    }
    return 0;
}

/* ---- walks ---- */

static int reserved(u64 entry, int level) {
    if (entry & ADDRESS & ~((1ull << MAXPHYADDR) - 1)) return 1;
    if (level > 3) return (entry & PS) || (AMD && (entry & G));
    if (large_at(level) && (entry & PS))
        return (entry & ((1ull << shift_of(level)) - 1) & ~0x1fffull) != 0;
    return 0;
}

static int pat_type(u64 entry) {
    if (entry & PCD) return entry & PWT ? UC : UC_MINUS;
    return entry & PWT ? WT : WB;
}

static int effective(int pat, int mtrr) {
    if (pat == UC) return UC;
    if (pat == UC_MINUS) return mtrr == WC || mtrr == WP ? WC : UC;
    if (mtrr == UC || mtrr == UC_MINUS) return UC;
    if ((pat == WT || pat == WP) && mtrr == WC) return UC;
    return pat == WB ? mtrr : pat;
}

struct table { u64 pfn; int level, rights, type, standing, space, outdated; };
enum { NOT_PRESENT, RESERVED, UNCACHEABLE, DEVICE_READ_, MACHINE_CHECK_, STRUCTURE, TRANSLATION };
struct walk { struct table from; int index, frame, device, sets_a, outcome; unsigned hazards; u64 value; num entry; };

#define HAZARD(p) (w->hazards |= 1u << (p))

static int uses(u64 va, const struct entry *e, int c, int of_psc) {
    return tag_of(e->level, va) == e->a && (e->pcid == CPU.pcid || (!of_psc && e->global));
}

static int table_standing(u64 pfn, int level) {
    int which;
    return backing(pfn, &which) == FRAME && level >= 1 && table_at(which, pfn, level) ? SOUND : DANGLING;
}

/* Every frame in it that is modelled has to be in use; a table that user code could write is not meant to be seen. */
static int page_standing(u64 pfn, int level, int rights) {
    u64 end = pfn + (1ull << (shift_of(level) - 12));
    int modelled = 0, which;
    for (int i = 0; i < FRAMES; i++) {
        if (pfns[i] >= end || pfns[i] + spans[i] <= pfn) continue;
        modelled = 1;
        if (KIND(M.owner[i]) == 0) return DANGLING;
        if (KIND(M.owner[i]) > 3 && (rights & USER) && (rights & WRITE)) return DANGLING;
    }
    return modelled || backing(pfn, &which) != OTHER_DRAM ? SOUND : DANGLING;
}

static void look(int c, struct table from, u64 va, const u64 *own, int wanted, struct walk *w) {
    int which = -1, assumes = AMD && !TLB_CACHE_DIS, back = backing(from.pfn, &which);
    int mtrr = back == FRAME || back == OTHER_DRAM ? WB : back == DEVICE ? (int)devices[which][2] : UC;
    memset(w, 0, sizeof *w);
    w->from = from;
    w->index = index_of(from.level, va);
    w->frame = -1;
    if ((back == DEVICE || back == ABSENT) && assumes) {
        HAZARD(MACHINE_CHECK);
        w->outcome = MACHINE_CHECK_;
        return;
    }
    if ((effective(from.type, mtrr) == UC && !assumes && !wanted) || back == ABSENT) {
        w->outcome = UNCACHEABLE;
        return;
    }
    if (back == OTHER_DRAM) {
        HAZARD(WALK_OF_FREED);
        return;
    }
    if (back == DEVICE) {
        HAZARD(DEVICE_READ);
        w->outcome = DEVICE_READ_;
        w->device = which;
        return;
    }
    w->index = place_of(which, from.pfn, w->index);
    u64 entry = own ? *own : word(which, w->index);
    int astray = !table_at(which, from.pfn, from.level) || from.standing != SOUND;
    w->frame = which;
    w->value = entry;
    if (astray) HAZARD(WALK_OF_FREED);
    if (!(entry & P)) return;
    if (reserved(entry, from.level)) {
        w->outcome = RESERVED;
        return;
    }
    if (!(entry & A)) {
        w->sets_a = 1;
        if (astray) HAZARD(A_BIT_CORRUPTION);
    }
    struct entry e;
    memset(&e, 0, sizeof e);
    e.pcid = CPU.pcid;
    e.level = (unsigned char)from.level;
    e.a = tag_of(from.level, va);
    e.b = pfn_of(entry, from.level);
    e.rights = (unsigned char)((from.rights & ((entry & RW ? WRITE : 0) | (entry & US ? USER : 0)))
                               | ((from.rights & NX) || (entry & XD) ? NX : 0));
    e.type = (unsigned char)pat_type(entry);
    /* The kernel's mappings, in the upper half, are the same in every space. */
    e.space = (unsigned char)(CLAIMS || !(va >> 63) ? from.space : 0);
    e.outdated = (unsigned char)from.outdated;
    if (leaf(entry, from.level)) {
        e.dirty = (entry & D) != 0;
        e.global = PGE && (entry & G);
        if (astray) HAZARD(GARBAGE_TLB);
        e.standing = (unsigned char)(astray ? GARBAGE : page_standing(e.b, from.level, e.rights));
        w->outcome = TRANSLATION;
    } else {
        if (astray) HAZARD(GARBAGE_PSC);
        e.standing = (unsigned char)(astray ? GARBAGE : table_standing(e.b, from.level - 1));
        w->outcome = STRUCTURE;
    }
    w->entry = put_entry(&e);
}

/* The space that has this root, and one. */
static int space_of(u64 root) {
    for (int mm = 0; (CLAIMS || ORIGINS) && mm < MMS; mm++)
        if (exists((u64)mm) && root_pfn((u64)mm) == root) return mm + 1;
    return 0;
}

static struct table from_cr3(int c) {
    struct table t = { nums[CPU.root], LEVELS, WRITE | USER, WB, CPU.standing, space_of(nums[CPU.root]), 0 };
    return t;
}

static struct table from_psc(num n) {
    const struct entry *e = &entries[n];
    struct table t = { e->b, e->level - 1, e->rights, e->type, e->standing, e->space, e->outdated };
    return t;
}

static int wants(int c, u64 *va);

/* A step of a walk that sees memory, or the CPU's own stores; 0 if there is none. */
static int walk_from(int c, u64 va, struct table from, int own, struct walk *w) {
    int which, buffered = 0, wanted;
    u64 stored, aim;
    if (backing(from.pfn, &which) == FRAME)
        buffered = forward(c, word_at(which, place_of(which, from.pfn, index_of(from.level, va))), &stored);
    if (!buffered && own) return 0;
    if (buffered && (own ? OWN_STORES == 0 : OWN_STORES == 1)) return 0;
    wanted = wants(c, &aim) && tag_of(1, aim) == tag_of(1, va);
    look(c, from, va, buffered && own ? &stored : 0, wanted, w);
    return !(buffered && own) || !w->sets_a;
}

static int fills(int c, const struct walk *w) {
    if (w->outcome == STRUCTURE) return !holds(CPU.psc, PSC_ROOM, w->entry);
    if (w->outcome == TRANSLATION) return !holds(CPU.tlb, TLB_ROOM, w->entry);
    return 0;
}

static void check_sizes(int c, u64 va) {
    int level = 0;
    for (int i = 0; i < TLB_ROOM && CPU.tlb[i]; i++) {
        const struct entry *e = &entries[CPU.tlb[i]];
        if (!uses(va, e, c, 0)) continue;
        if (level && level != e->level) {
            SHOW(MULTI_MATCH);
            if (ERRATUM_383) {
                SHOW(MACHINE_CHECK);
                M.stopped = 1;
            }
            return;
        }
        level = e->level;
    }
}

static void take_walk(int c, u64 va, const struct walk *w) {
    int filled = fills(c, w);
    if (w->sets_a) put_word(w->frame, w->index, w->value | A);
    if (w->outcome == STRUCTURE) insert(CPU.psc, PSC_ROOM, w->entry);
    if (w->outcome == TRANSLATION) insert(CPU.tlb, TLB_ROOM, w->entry);
    if (w->outcome == DEVICE_READ_ && M.pops[w->device] < 3) M.pops[w->device]++;
    if (w->outcome == MACHINE_CHECK_) M.stopped = 1;
    marks |= w->hazards;
    if (filled) check_sizes(c, va);
}

/* The psc entry of a level that is usable for an address, by number; 0 if there is none. */
static num structure(int c, u64 va, int level, int copy) {
    for (int i = 0; i < PSC_ROOM && CPU.psc[i]; i++) {
        const struct entry *e = &entries[CPU.psc[i]];
        if (e->level == level && uses(va, e, c, 1) && copy-- == 0) return CPU.psc[i];
    }
    return 0;
}

static num translation(int c, u64 va, int copy) {
    for (int i = 0; i < TLB_ROOM && CPU.tlb[i]; i++)
        if (uses(va, &entries[CPU.tlb[i]], c, 0) && copy-- == 0) return CPU.tlb[i];
    return 0;
}

/* ---- invalidations: what is not gone is kept, in its order ---- */

static int keep(num *set, int room, int at, int kept, int gone) {
    num e = set[at];
    set[at] = 0;
    if (!gone) set[kept++] = e;
    return kept;
}

#define ENTRY(set) const struct entry *e = &entries[(set)[at]];
#define REMOVE(set, room, gone) for (int at = 0, kept = 0; at < (room) && (set)[at]; at++) { ENTRY(set) kept = keep(set, room, at, kept, gone); }
#define FLUSH(of_tlb, of_psc) do { REMOVE(CPU.tlb, TLB_ROOM, of_tlb) REMOVE(CPU.psc, PSC_ROOM, of_psc) } while (0)
#define COVERS(va) (tag_of(e->level, va) == e->a)

static void flush_pcid(int c, unsigned pcid) { FLUSH(e->pcid == pcid && !e->global, e->pcid == pcid); }
static void flush_all(int c) { FLUSH(1, 1); }

static void regain(int c);

static void write_cr3(int c, u64 root, u64 pcid, int noflush) {
    int which;
    if (pcid > 4095 || (!PCIDE && noflush)) { bug(); return; }
    CPU.standing = SOUND;
    if (backing(root, &which) != FRAME || pfns[which] != root || !is_table(which, LEVELS)) {
        bug();
        CPU.standing = DANGLING;
    }
    CPU.root = put_num(root);
    CPU.pcid = PCIDE ? (unsigned short)pcid : 0;
    if (!(PCIDE && noflush)) flush_pcid(c, CPU.pcid);
    for (int va = 0; va < WATCHED; va++) check_sizes(c, watched[va]);
    regain(c);
}

static void invlpg(int c, u64 va) {
    if (!canonical(va)) return;
    FLUSH(COVERS(va) && (e->global ? !(PCIDE && INVLPG_KEEPS_GLOBALS) : e->pcid == CPU.pcid),
          e->pcid == CPU.pcid && (!TCE || COVERS(va)));
}

/* Types as in the SDM. */
static void invpcid(int c, int type, u64 pcid, u64 va) {
    int all_upper = AMD && !TCE;
    if (type < 2 && (pcid > 4095 || (!PCIDE && pcid != 0))) { bug(); return; }
    if (type == 0 && !canonical(va)) { bug(); return; }
    if (type == 0)
        FLUSH(COVERS(va) && e->pcid == pcid && !e->global, e->pcid == pcid && (all_upper || COVERS(va)));
    else if (type == 1) flush_pcid(c, (unsigned)pcid);
    else if (type == 2) flush_all(c);
    else FLUSH(!e->global, 1);
}

static void page_fault(int c, u64 va) {
    FLUSH(uses(va, e, c, 0), uses(va, e, c, 1));
}

/* Broadcasts are kept like cache entries: a is the first address, b the pages; rights 1 has a pcid, 2 a range, 4 is a remote
   action request. They go to the CPUs of a set. */
static void cast_to(int c, u64 targets, const struct entry *e) {
#if CASTS
    num n = put_entry(e);
    for (int i = 0; i < CPUS; i++) {
        if (!(targets >> i & 1)) continue;
        if (M.cpu[i].casts == CASTS) die("more broadcasts are under way than this model has room for: export it with more --room");
        M.cpu[i].cast[M.cpu[i].casts] = n;
        M.cpu[i].cast_by[M.cpu[i].casts++] = (unsigned char)c;
    }
#endif
}

static void send_rar(int c, int one, u64 targets, u64 pcid, u64 va) {
    struct entry e;
    if (AMD) { bug(); return; }
    if (!targets) return;
    if (pcid > 4095 || (!PCIDE && pcid != 0) || (one && !canonical(va))) { bug(); return; }
    memset(&e, 0, sizeof e);
    e.rights = (unsigned char)(1 | 4 | (one ? 2 : 0));
    e.a = one ? va : 0;
    e.b = one != 0;
    e.pcid = (unsigned short)pcid;
    e.level = 9;
    cast_to(c, targets, &e);
}

static void send_broadcast(int c, int type, u64 pcid, u64 va, u64 pages, int final_only) {
    struct entry e;
    if (!AMD || pcid > 4095 || (!PCIDE && pcid != 0)) { bug(); return; }
    memset(&e, 0, sizeof e);
    if (type == 0) {
        if (!canonical(va) || pages == 0 || pages > INVLPGB_COUNT_MAX) { bug(); return; }
        e.rights |= 2;
        e.a = va;
        e.b = pages;
    }
    if (type < 2) {
        e.rights |= 1;
        e.pcid = (unsigned short)pcid;
    }
    e.global = type == 3;
    e.dirty = final_only != 0;
    e.level = 9;
    cast_to(c, ~(u64)0, &e);
}

static int names_address(const struct entry *cast, const struct entry *e) {
    if (!(cast->rights & 2)) return 1;
    for (u64 page = 0; page < cast->b; page++) {
        u64 va = cast->a + (page << 12);
        if (canonical(va) && COVERS(va)) return 1;
    }
    return 0;
}

static int cast_tlb(const struct entry *cast, const struct entry *e) {
    if (e->global && !cast->global) return 0;
    if (!e->global && (cast->rights & 1) && e->pcid != cast->pcid) return 0;
    return names_address(cast, e);
}

static int cast_psc(const struct entry *cast, const struct entry *e) {
    if (cast->dirty || ((cast->rights & 1) && e->pcid != cast->pcid)) return 0;
    return !(TCE || cast->rights & 4) || names_address(cast, e);
}

static void broadcast(int c) {
#if CASTS
    struct entry cast = entries[CPU.cast[0]];
    CPU.casts--;
    for (int i = 0; i < CASTS; i++) {
        CPU.cast[i] = i < CPU.casts ? CPU.cast[i + 1] : 0;
        CPU.cast_by[i] = i < CPU.casts ? CPU.cast_by[i + 1] : 0;
    }
    FLUSH(cast_tlb(&cast, e), cast_psc(&cast, e));
#endif
}

static int unsynced(int c) {
#if CASTS
    for (int o = 0; o < CPUS; o++)
        for (int i = 0; i < M.cpu[o].casts; i++)
            if (M.cpu[o].cast_by[i] == c) return 1;
#endif
    return 0;
}

/* ---- frames change hands ---- */

enum { MOST_ROOM = TLB_ROOM > PSC_ROOM ? TLB_ROOM : PSC_ROOM };

/* Takes all entries out of a CPU's paging-structure caches (0) or its TLB (1): they are put in again, changed, one by one.
   Those after the last one are 0. */
static num *take_out(int c, int which, int *room, num old[MOST_ROOM]) {
    num *set = which ? CPU.tlb : CPU.psc;
    *room = which ? TLB_ROOM : PSC_ROOM;
    memset(old, 0, MOST_ROOM * sizeof *old);
    memcpy(old, set, *room * sizeof *set);
    memset(set, 0, *room * sizeof *set);
    return set;
}

static void frames_freed(u64 pfn, u64 count) {
    for (int c = 0; c < CPUS; c++) {
        if (pfn <= nums[CPU.root] && nums[CPU.root] < pfn + count) CPU.standing = DANGLING;
        for (int which = 0; which < 2; which++) {
            num old[MOST_ROOM];
            int room;
            num *set = take_out(c, which, &room, old);
            for (int i = 0; i < room && old[i]; i++) {
                struct entry e = entries[old[i]];
                u64 frames = which ? 1ull << (shift_of(e.level) - 12) : 1;
                if (e.b < pfn + count && pfn < e.b + frames && e.standing == SOUND) e.standing = DANGLING;
                insert(set, room, put_entry(&e));
            }
        }
    }
}

/* Where the allocator may give any frame, the free ones are in order, and one has been chosen. */
static int chosen;

static int take_frame(int owner) {
    int at = ALLOC_ANY ? chosen : ALLOC_FIRST ? 0 : M.free - 1, frame = M.free_frames[at];
    M.free--;
    memmove(M.free_frames + at, M.free_frames + at + 1, M.free - at);
    M.free_frames[M.free] = 0;
    M.owner[frame] = (num)owner;
    if (KIND(owner) > 3) memset(M.word[frame], 0, sizeof M.word[frame]);
    return frame;
}

static void allocate(int c, int reg, int owner) {
    if (M.free) SET(reg, pfns[take_frame(owner)]);
}

static int queued(int frame) {
#if RCUS
    for (int i = 0; i < M.rcus; i++)
        if (M.rcu_frame[i] == frame) return 1;
#endif
    return 0;
}

static void give_back(int frame) {
    int at = M.free++;
    M.owner[frame] = 0;
    for (; ALLOC_ANY && at > 0 && M.free_frames[at - 1] > frame; at--) M.free_frames[at] = M.free_frames[at - 1];
    M.free_frames[at] = (unsigned char)frame;
    frames_freed(pfns[frame], spans[frame]);
}

static void free_frame(u64 pfn) {
    int frame = whole_of(pfn);
    if (frame < 0 || M.owner[frame] == 0 || queued(frame)) { bug(); return; }
    give_back(frame);
}

/* mm_alloc: a root with the kernel's half of init_mm's, and the variables as they were at the start. */
static void make_space(u64 mm) {
#if SPACES
    if (mm >= MMS || exists(mm)) { bug(); return; }
    if (!M.free) return;
    int frame = take_frame(OWNER(3 + LEVELS, mm));
    for (int index = 256; index < 512; index++) put_word(frame, index, word(root_of(0), index));
    for (int i = 0; i < MM_VARIABLES; i++)
        for (int n = 0; n < mm_variables[i][1]; n++) {
            int cell = mm_variables[i][0] + (int)mm * mm_variables[i][1] + n;
            M.cell[cell] = put_num(first_cells[cell]);
        }
    M.space_root[mm] = (unsigned char)(frame + 1);
    M.space_exists[mm] = 1;
#endif
}

static void end_space(u64 mm) {
#if SPACES
    if (mm == 0 || !exists(mm)) { bug(); return; }
    M.space_exists[mm] = 0;
    free_frame(root_pfn(mm));
#endif
}

static void end_grace_periods(void) {
#if RCUS
    unsigned char over[RCUS];
    int ended = 0, kept = 0;
    for (int i = 0; i < M.rcus; i++) {
        if (M.rcu_waits[i] == 0) {
            over[ended++] = M.rcu_frame[i];
        } else {
            M.rcu_frame[kept] = M.rcu_frame[i];
            M.rcu_waits[kept++] = M.rcu_waits[i];
        }
    }
    M.rcus = (unsigned char)kept;
    for (; kept < RCUS; kept++) M.rcu_frame[kept] = 0, M.rcu_waits[kept] = 0;
    for (int i = 0; i < ended; i++) give_back(over[i]);
#endif
}

/* RCU may take a CPU for quiescent: interrupts on, and nothing buffered that a critical section has stored. */
static int is_quiescent(int c) { return interruptible(c) && empty(c); }

static void free_rcu(u64 pfn) {
#if RCUS
    int frame = whole_of(pfn), waits = 0;
    if (frame < 0 || M.owner[frame] == 0 || queued(frame)) { bug(); return; }
    for (int c = 0; c < CPUS; c++)
        if (!is_quiescent(c)) waits |= 1 << c;
    if (M.rcus == RCUS) die("more frames wait for RCU than this model has room for: export it with more --room");
    M.rcu_frame[M.rcus] = (unsigned char)frame;
    M.rcu_waits[M.rcus++] = (unsigned short)waits;
    end_grace_periods();
#endif
}

static void quiescent(int c) {
#if RCUS
    if (!is_quiescent(c)) return;
    for (int i = 0; i < M.rcus; i++) M.rcu_waits[i] &= (unsigned short)~(1 << c);
    end_grace_periods();
#endif
}

/* ---- interrupts and sleep ---- */

/* A handler begins with its flag clear, and IRET brings back that of what was interrupted. */
static void irqs(int c, int on) {
    if (CPU.handler || intruded(c)) return;
    CPU.irqs_on = (unsigned char)on;
    quiescent(c);
}

static u64 irq_save(int c) {
    u64 on = (u64)interruptible(c);
    irqs(c, 0);
    return on;
}

static u64 others(int c, u64 targets) { return targets & ((1ull << CPUS) - 1) & ~(1ull << c); }

static void send_ipi(int c, int handler, u64 targets, const u64 *args, int count) {
    targets = others(c, targets);
#if IPIS
    for (int o = 0; o < CPUS; o++) {
        struct cpu *target = &M.cpu[o];
        if (!(targets >> o & 1)) continue;
        if (target->ipis == IPIS) die("more IPIs are pending than this model has room for: export it with more --room");
        target->ipi[target->ipis].handler = (unsigned char)handler;
        target->ipi[target->ipis].sender = (unsigned char)c;
        for (int i = 0; i < count; i++) target->ipi[target->ipis].args[i] = put_num(args[i]);
        target->ipis++;
        if (target->mode == KTHREAD || target->mode == IDLE) SHOW(IPI_TO_IDLE);
    }
#endif
}

static int awaits(int c) {
    for (int o = 0; o < CPUS; o++) {
#if IPIS
        for (int i = 0; i < M.cpu[o].ipis; i++)
            if (M.cpu[o].ipi[i].sender == c) return 1;
#endif
        if (M.cpu[o].handler && M.cpu[o].sender == c) return 1;
    }
    return 0;
}

static void interrupt(int c) {
#if IPIS
    struct ipi ipi = CPU.ipi[0];
    CPU.ipis--;
    for (int i = 0; i < IPIS; i++) {
        if (i < CPU.ipis) CPU.ipi[i] = CPU.ipi[i + 1];
        else memset(&CPU.ipi[i], 0, sizeof CPU.ipi[i]);
    }
    if (CPU.asleep) {
        CPU.asleep = 0;
        ++*pc_of(c);
    }
    CPU.handler = ipi.handler + 1;
    CPU.sender = ipi.sender;
    CPU.hpc = handler_entry[ipi.handler];
    memset(CPU.hregs, 0, sizeof CPU.hregs);
    for (int i = 0; i < ARGS && i < HANDLER_REGS; i++) CPU.hregs[i] = ipi.args[i];
    regain(c);
#endif
}

/* An NMI comes, or the host takes the virtual CPU. */
static void intrude(int c, int what) {
#if INTRUDERS
    int number = 0;
    while (handler_kind[number] != what) number++;
    if (what == OF_NMI) {
        CPU.nmis--;
        if (CPU.asleep) {
            CPU.asleep = 0;
            ++*pc_of(c);
        }
    } else CPU.vmexits--;
    CPU.intruder = (unsigned char)(number + 1);
    CPU.ipc = handler_entry[number];
    regain(c);
#endif
}

/* IRET: the flag is as it was. */
static void end_exception(int c) {
#if FAULT_HANDLER
    CPU.irqs_on = CPU.irqs_back;
    CPU.faulted = CPU.irqs_back = 0;
    CPU.epc = 0;
    memset(CPU.eregs, 0, sizeof CPU.eregs);
#endif
}

static void finish_handler(int c) {
    if (in_thread(c)) return;
    if (!intruded(c) && !CPU.handler) {
        end_exception(c);
        quiescent(c);
        return;
    }
#if INTRUDERS
    if (CPU.intruder) {
        CPU.intruder = 0;
        CPU.ipc = 0;
        memset(CPU.iregs, 0, sizeof CPU.iregs);
        quiescent(c);
        return;
    }
#endif
    CPU.handler = CPU.sender = 0;
    CPU.hpc = 0;
    memset(CPU.hregs, 0, sizeof CPU.hregs);
    quiescent(c);
}

static void end_handler(int c) {
    finish_handler(c);
    regain(c);
}

/* Whether the operation is over. */
static int sleeping(int c, int depth) {
    if (CPU.asleep) {
        CPU.asleep = 0;
        regain(c);
        return 1;
    }
    CPU.asleep = (unsigned char)depth;
    if (depth == 2) flush_all(c);
    return 0;
}

/* ---- claims: what is older than the page tables at a claim is marked, and must not be usable from then on ---- */

struct found { int level, leaf, rights; u64 pfn; };

/* What the tables of a root give an address at a level, or the leaf above it: in memory, or as the CPU sees it. */
static int find(int c, int own, int root, u64 va, int lowest, struct found *f) {
    if (root < 0) return 0;
    u64 table = pfns[root];
    f->rights = WRITE | USER;
    for (int level = LEVELS; level >= 1; level--) {
        int which;
        if (backing(table, &which) != FRAME) return 0;
        int loc = word_at(which, place_of(which, table, index_of(level, va)));
        u64 entry = own ? view(c, loc) : memory(loc);
        if (!(entry & P) || reserved(entry, level)) return 0;
        f->rights &= (entry & RW ? WRITE : 0) | (entry & US ? USER : 0) | NX;
        if (entry & XD) f->rights |= NX;
        table = pfn_of(entry, level);
        if (leaf(entry, level) || level == lowest) {
            f->level = level;
            f->leaf = leaf(entry, level);
            f->pfn = table;
            return 1;
        }
    }
    return 0;
}

/* Whether some rights allow what others do not. */
static int more(int some, int others_) {
    return (some & (WRITE | USER) & ~others_) != 0 || (!(some & NX) && (others_ & NX));
}

/* What an entry covers of the addresses of a claim. */
static int overlap(const struct entry *e, u64 start, u64 end, u64 *first, u64 *last) {
    u64 base = e->a << shift_of(e->level), top = base | ((1ull << shift_of(e->level)) - 1);
    if (end == 0) return 0;
    start &= ~0xfffull;
    end = (end - 1) | 0xfff;
    *first = base > start ? base : start;
    *last = top < end ? top : end;
    return base <= end && start <= top && start <= end;
}

static int is_older(int c, int root, const struct entry *e, u64 start, u64 end) {
    u64 va, last, size;
    struct found f;
    if (!overlap(e, start, end, &va, &last)) return 0;
    for (;; va = (va | size) + 1) {
        if (!find(c, 1, root, va, 1, &f) || !f.leaf) return 1;
        if (e->level > 2 && f.level != e->level) return 1;
        if (!canonical(va)) return 1;
        u64 now = f.pfn + ((va & ((1ull << shift_of(f.level)) - 1)) >> 12);
        u64 cached = e->b + ((va & ((1ull << shift_of(e->level)) - 1)) >> 12);
        if (now != cached || more(e->rights, f.rights)) return 1;
        size = (1ull << shift_of(f.level)) - 1;
        if (last <= (va | size)) return 0;
    }
}

static int is_unlinked(int c, int root, const struct entry *e, u64 start, u64 end) {
    u64 first, last;
    struct found f;
    if (!overlap(e, start, end, &first, &last)) return 0;
    return !find(c, 1, root, first, e->level, &f) || f.leaf || f.pfn != e->b || more(e->rights, f.rights);
}

/* Whether memory gives an address something older than what the CPU sees: a store has not drained. */
static int differs(int c, int all, int root, u64 va) {
    struct found before, after;
    for (int level = LEVELS; level >= (all ? 1 : 2); level--) {
        if (!find(c, 0, root, va, level, &before) || before.level != level || (!all && before.leaf)) continue;
        if (!find(c, 1, root, va, level, &after) || after.level != before.level || after.pfn != before.pfn
            || after.leaf != before.leaf || more(before.rights, after.rights))
            return 1;
    }
    return 0;
}

/* Whether a CPU can use something marked. */
static int still_holds(int c) {
    if (CPU.asleep || preempted(c)) return 0;
    for (int i = 0; i < TLB_ROOM && CPU.tlb[i]; i++) {
        const struct entry *e = &entries[CPU.tlb[i]];
        if (e->outdated && (e->global || e->pcid == CPU.pcid)) return 1;
    }
    for (int i = 0; i < PSC_ROOM && CPU.psc[i]; i++) {
        const struct entry *e = &entries[CPU.psc[i]];
        if (e->outdated && e->pcid == CPU.pcid) return 1;
    }
    return 0;
}

static void regain(int c) {
    if (CLAIMS && still_holds(c)) SHOW(MISSED_FLUSH);
}

static void claim(int claimer, int all, u64 mm, u64 start, u64 end) {
    if (mm >= MMS) { bug(); return; }
    int root = exists(mm) ? root_of(mm) : -1, missed = 0;
    for (int c = 0; c < CPUS; c++) {
        for (int which = 0; which < 2; which++) {
            num old[MOST_ROOM];
            int room;
            num *set = take_out(c, which, &room, old);
            for (int i = 0; i < room && old[i]; i++) {
                struct entry e = entries[old[i]];
                int about = mm == 0 || e.space == mm + 1;
                if (about && (which ? all && is_older(claimer, root, &e, start, end)
                                    : is_unlinked(claimer, root, &e, start, end)))
                    e.outdated = 1;
                insert(set, room, put_entry(&e));
            }
        }
        missed |= still_holds(c);
    }
    for (int va = 0; va < WATCHED; va++)
        if ((start & ~0xfffull) <= watched[va] && watched[va] < end && differs(claimer, all, root, watched[va]))
            missed = 1;
    if (missed) SHOW(MISSED_FLUSH);
}

/* ---- invariants look at a CPU's hardware ---- */

enum { ROOT, PCID, TLB_SIZE, TLB_PCID, TLB_VA, TLB_FRAME, TLB_MM, TLB_WRITABLE, TLB_USER, TLB_GLOBAL,
       PSC_SIZE, PSC_PCID, PSC_VA, PSC_FRAME, PSC_MM };

static u64 inspect(int what, u64 of, u64 n) {
    if (of >= CPUS) return 0;
    int c = (int)of, tlb = 0, psc = 0;
    while (tlb < TLB_ROOM && CPU.tlb[tlb]) tlb++;
    while (psc < PSC_ROOM && CPU.psc[psc]) psc++;
    switch (what) {
    case ROOT: return nums[CPU.root];
    case PCID: return CPU.pcid;
    case TLB_SIZE: return (u64)tlb;
    case PSC_SIZE: return (u64)psc;
    }
    if (n >= (u64)(what < PSC_SIZE ? tlb : psc)) return 0;
    const struct entry *e = &entries[what < PSC_SIZE ? CPU.tlb[n] : CPU.psc[n]];
    switch (what) {
    case TLB_PCID: case PSC_PCID: return e->pcid;
    case TLB_VA: case PSC_VA: return e->a << shift_of(e->level);
    case TLB_FRAME: case PSC_FRAME: return e->b;
    case TLB_MM: case PSC_MM: return e->space ? e->space - 1 : NO_MM;
    case TLB_WRITABLE: return (e->rights & WRITE) != 0;
    case TLB_USER: return (e->rights & USER) != 0;
    case TLB_GLOBAL: return e->global;
    }
    return 0;
}

static void set_mode(int c, int mode, int mm) {
    CPU.mode = (unsigned char)mode;
    CPU.mode_mm = (unsigned char)mm;
}

/* ---- committed accesses: made by the generator are user_access (what is next) and finish (what becomes of it) ---- */

/* A fixup is 0 for none, 1 for the place behind the access, else 2 and where it is. */
struct access { u64 va, value; int write, fixup, locked; };
static int user_access(int c, struct access *access);
static void finish(int c, u64 value);
/* What a locked access makes of what it finds, and what it gives. */
static u64 changed_to(int c, u64 old, u64 value, u64 *given);

static int wants(int c, u64 *va) {
    struct access access;
    if (!user_access(c, &access) || !canonical(access.va)) return 0;
    *va = access.va;
    return 1;
}

/* Memory as the CPU's own stores will make it, if `own`. */
static u64 word_seen(int c, int frame, int index, int own) {
    u64 value;
    if (own && forward(c, word_at(frame, index), &value)) return value;
    return word(frame, index);
}

/* Whether the tables allow an access; the leaf's level, frame number and place if so. */
static int translate(int c, u64 va, int write, int own, int *level_, u64 *pfn_) {
    u64 table = nums[CPU.root];
    int rights = WRITE | USER;
    for (int level = LEVELS; level >= 1; level--) {
        int which;
        if (backing(table, &which) != FRAME) return 0;
        u64 entry = word_seen(c, which, place_of(which, table, index_of(level, va)), own);
        if (!(entry & P) || reserved(entry, level)) return 0;
        rights &= (entry & RW ? WRITE : 0) | (entry & US ? USER : 0);
        table = pfn_of(entry, level);
        if (leaf(entry, level)) {
            if ((!(rights & USER) && !supervisor(c)) || (write && !(rights & WRITE))) return 0;
            *level_ = level;
            *pfn_ = table;
            return 1;
        }
    }
    return 0;
}

static int faults(int c, u64 va, int write) {
    int level, words = 0;
    u64 pfn;
#if DEPTH
    for (int i = 0; i < CPU.held; i++) words |= CPU.where[i] > CELLS;
#endif
    if (OWN_STORES == 1 && words) return !translate(c, va, write, 1, &level, &pfn);
    if (!translate(c, va, write, 0, &level, &pfn)) return 1;
    return OWN_STORES == 2 && words && !translate(c, va, write, 1, &level, &pfn);
}

/* Where the leaf for an address is; its level, or 0. */
static int leaf_of(int c, u64 va, int *frame, int *index) {
    u64 table = nums[CPU.root];
    for (int level = LEVELS; level >= 1; level--) {
        if (backing(table, frame) != FRAME) return 0;
        *index = place_of(*frame, table, index_of(level, va));
        u64 entry = word(*frame, *index);
        if (!(entry & P)) return 0;
        if (leaf(entry, level)) return level;
        table = pfn_of(entry, level);
    }
    return 0;
}

static int dirty_leaf(int c, u64 va, int level, int copy, struct walk *w) {
    num cached = structure(c, va, level, copy);
    int frame, index, at;
    if (!cached || level < 2 || !walk_from(c, va, from_psc(cached), 0, w)) return 0;
    if (w->outcome != TRANSLATION || w->frame < 0) return 0;
    const struct entry *e = &entries[w->entry];
    at = leaf_of(c, va, &frame, &index);
    int other = !(at && frame == w->frame && index == w->index && at == w->from.level);
    return (e->rights & WRITE) && ((e->rights & USER) || supervisor(c)) && other && !e->dirty;
}

/* Whether the tables, in memory or with the CPU's own stores, lead an access to that page frame. */
static int gives(int c, const struct access *access, int own, u64 pfn) {
    int level;
    u64 found;
    return translate(c, access->va, access->write, own, &level, &found)
        && found + ((access->va & ((1ull << shift_of(level)) - 1)) >> 12) == pfn;
}

static void go_through(int c, const struct access *access, num through) {
    const struct entry *e = &entries[through];
    u64 pfn = e->b + ((access->va & ((1ull << shift_of(e->level)) - 1)) >> 12), value = access->value;
    int which, loc = 0;
    if (e->standing != SOUND) SHOW(STALE_ACCESS);
    if (e->outdated) SHOW(MISSED_FLUSH_USED);
    if (!gives(c, access, 0, pfn) && !gives(c, access, 1, pfn)) {
        SHOW(STALE_TRANSLATION);
        int own = space_of(nums[CPU.root]);
        if (own && e->space && e->space != own && !(access->va >> 63)) SHOW(FOREIGN_ACCESS);
    }
    if (backing(pfn, &which) == FRAME) loc = word_at(which, place_of(which, pfn, (int)((access->va & 4095) / 8)));
    if (access->locked) {
        u64 old = loc ? memory(loc) : 0, new_ = changed_to(c, old, access->value, &value);
        if (loc) write_memory(loc, new_);
        finish(c, value);
        return;
    }
    if (!access->write) value = loc ? view(c, loc) : 0;
    if (access->write && loc) store(c, loc, value);
    finish(c, value);
}

static void make_access(int c, int copy) {
    struct access access;
    if (!user_access(c, &access)) return;
    num through = translation(c, access.va, copy);
    if (access.write && !entries[through].dirty) {
        struct entry e = entries[through];
        int frame, index, level, at = leaf_of(c, access.va, &frame, &index);
        u64 pfn;
        if (!at || !translate(c, access.va, 1, 0, &level, &pfn) || level != e.level || pfn != e.b) {
            page_fault(c, access.va);
            return;
        }
        put_word(frame, index, word(frame, index) | A | D);
        REMOVE(CPU.tlb, TLB_ROOM, e == &entries[through])
        e.dirty = 1;
        through = put_entry(&e);
        insert(CPU.tlb, TLB_ROOM, through);
    }
    go_through(c, &access, through);
}

static void dirty_walk(int c, int level, int copy) {
    struct access access;
    struct walk w;
    if (!user_access(c, &access) || !dirty_leaf(c, access.va, level, copy, &w)) return;
    struct entry e = entries[w.entry];
    e.dirty = 1;
    num through = put_entry(&e);
    put_word(w.frame, w.index, w.value | A | D);
    insert(CPU.tlb, TLB_ROOM, through);
    if (w.hazards >> WALK_OF_FREED & 1) w.hazards |= 1u << A_BIT_CORRUPTION;
    marks |= w.hazards;
    check_sizes(c, access.va);
    if (!M.stopped) go_through(c, &access, through);
}

/* Whether a walk from a cached pointer finds nothing: 1 if nothing is present, 2 if a reserved bit is set, 3 for both. */
static int dead_end(int c, u64 va) {
    struct walk w;
    num cached;
    int found = 0;
    for (int level = LEVELS; level >= 2; level--)
        for (int copy = 0; (cached = structure(c, va, level, copy)) != 0; copy++)
            for (int own = 0; own < 2; own++)
                if (walk_from(c, va, from_psc(cached), own, &w)) {
                    if (w.outcome == RESERVED) found |= 2;
                    if (w.outcome == NOT_PRESENT) found |= 1;
                }
    return found;
}

/* Whether what is cached refuses an access that memory allows. */
static int faults_by_cache(int c, u64 va, int refused) {
    if (refused || AMD) return refused;
    return dead_end(c, va) != 0;
}

/* Gives an access up: behind it, or with the program's end. */
static void leave(int c, const struct access *access) {
    if (access->fixup) {
        finish(c, 0);
        if (access->fixup > 1) *pc_of(c) = (unsigned short)(access->fixup - 2);
        return;
    }
    if (in_exception(c)) end_exception(c);
    if (intruded(c)) {
#if INTRUDERS
        CPU.intruder = 0;
        CPU.ipc = 0;
        memset(CPU.iregs, 0, sizeof CPU.iregs);
#endif
    } else {
        CPU.handler = CPU.sender = 0;
        CPU.hpc = 0;
        memset(CPU.hregs, 0, sizeof CPU.hregs);
    }
    CPU.pc = END;
    for (int r = 0; r < TASK_REGS; r++)
        if (!((u64)KEPT >> r & 1)) CPU.regs[r] = 0;
    CPU.irqs_on = 1;
    quiescent(c);
}

#if FAULT_HANDLER
/* Why the tables refuse an access: 0 if they do not, 1 if nothing is present, 2 if something is. */
static int why_refused(int c, u64 va, int write, int own) {
    u64 table = nums[CPU.root];
    int rights = WRITE | USER;
    for (int level = LEVELS; level >= 1; level--) {
        int which;
        if (backing(table, &which) != FRAME) return 1;
        u64 entry = word_seen(c, which, place_of(which, table, index_of(level, va)), own);
        if (!(entry & P)) return 1;
        if (reserved(entry, level)) return 2;
        rights &= (entry & RW ? WRITE : 0) | (entry & US ? USER : 0);
        table = pfn_of(entry, level);
        if (leaf(entry, level)) return (!(rights & USER) && !supervisor(c)) || (write && !(rights & WRITE)) ? 2 : 0;
    }
    return 1;
}

/* Which P of the error code there may be: 1 clear, 2 set. */
static int error_codes(int c, u64 va, int write, int refused) {
    int words = 0, codes = 0, why;
#if DEPTH
    for (int i = 0; i < CPU.held; i++) words |= CPU.where[i] > CELLS;
#endif
    if (!(OWN_STORES == 1 && words)) codes |= why_refused(c, va, write, 0);
    if (OWN_STORES != 0 && words) codes |= why_refused(c, va, write, 1);
    if (AMD) return codes ? codes : refused;
    why = dead_end(c, va);
    return codes | why | (refused ? 2 : 0);
}

static int to_handler(int c, const struct access *access) {
    return in_thread(c) && !(access->fixup == 1 && supervisor(c)) && canonical(access->va);
}

/* Made by the generator: puts what the handler is told into its registers. */
static void tell_handler(int c, u64 address, u64 write, u64 user, u64 present);

static void bad_area(int c) {
    struct access access;
    end_exception(c);
    if (!user_access(c, &access)) return;
    if (!access.fixup && supervisor(c)) bug();
    leave(c, &access);
    quiescent(c);
}
#endif

static void make_fault(int c, int present) {
    struct access access;
    int level;
    u64 pfn;
    if (!user_access(c, &access)) return;
#if FAULT_HANDLER
    int handled = to_handler(c, &access), user = !supervisor(c);
#endif
    int reached = canonical(access.va), told = !reached || !AMD || faults(c, access.va, access.write);
    while (told && !empty(c)) {
        drain(c);
        quiescent(c);
    }
    if (!reached) {
        bug();
        leave(c, &access);
        return;
    }
    page_fault(c, access.va);
    if (!told) return;
    SHOW(PAGE_FAULT);
#if FAULT_HANDLER
    if (handled) {
        CPU.faulted = FAULT_HANDLER;
        CPU.irqs_back = CPU.irqs_on;
        CPU.irqs_on = 0;
        CPU.epc = handler_entry[FAULT_HANDLER - 1];
        tell_handler(c, access.va, access.write != 0, user != 0, present != 0);
        return;
    }
#endif
    if (translate(c, access.va, access.write, 0, &level, &pfn)) return;
    if (!access.fixup && supervisor(c)) bug();
    leave(c, &access);
}
