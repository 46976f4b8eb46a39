/* What can be done next, and doing it. */

enum { STEP, ACCESS, DIRTY_WALK, FAULT, DRAIN, INTERRUPT, WALK, PICK, BROADCAST, NMI, VM_EXIT, ALLOCATE };

struct action { unsigned char kind, c, a, level, copy, own; };

/* The actions of a state. Spin asks for each of them by itself, and comes back to a state after it has been in others:
   so lists are kept by depth, each with the state that it is of. */
#define LISTS 256
static struct list { struct machine of; int count, made; struct action actions[ACTIONS]; } lists[LISTS];

/* Spin's. */
extern long depth;
extern int readtrail;
extern void (*uerror)(char *);

#if NCORE > 1 || defined(BFS_PAR)
#error "the numbers in a state are those of one process: run several checkers beside each other instead"
#endif
#ifndef STOP_AT
#define STOP_AT 0
#endif
#ifndef AVOID
#define AVOID 0
#endif

static void run_silent(int c) {
    for (int count = 0; !cut; ) {
        unsigned short *pc = pc_of(c);
        if (kind[*pc] == WAITS && !awaits(c)) {
            ++*pc;
            continue;
        }
        if (!is_silent(c, *pc)) break;
        if (++count > 65536) {
            bug();
            break;
        }
        carry_out(c, *pc);
    }
    u64 used = live[*pc_of(c)];
    int most = !in_thread(c) ? HANDLER_REGS : TASK_REGS;
    for (int r = 0; r < most; r++)
        if (!(used >> r & 1)) regs(c)[r] = 0;
}

static int start_of(const struct action *a, struct table *from) {
    int c = a->c;
    num cached;
    if (a->level == 0) {
        *from = from_cr3(c);
        return 1;
    }
    cached = structure(c, watched[a->a], a->level, a->copy);
    if (!cached) return 0;
    *from = from_psc(cached);
    return 1;
}

static void take(const struct action *a) {
    int c = a->c;
    struct table from;
    struct walk w;
    switch (a->kind) {
    case STEP: carry_out(c, *pc_of(c)); break;
    case ALLOCATE:
        for (chosen = 0; M.free_frames[chosen] != a->a; chosen++) {}
        carry_out(c, *pc_of(c));
        break;
    case ACCESS: make_access(c, a->copy); break;
    case DIRTY_WALK: dirty_walk(c, a->level, a->copy); break;
    case FAULT: make_fault(c, a->a); break;
    case DRAIN:
        drain(c);
        quiescent(c);
        break;
    case INTERRUPT: interrupt(c); break;
    case PICK: picked(c, a->a); break;
    case NMI: intrude(c, OF_NMI); break;
    case VM_EXIT: intrude(c, OF_VM_EXIT); break;
    case BROADCAST: broadcast(c); return;
    case WALK:
        if (start_of(a, &from) && walk_from(c, watched[a->a], from, a->own, &w)) take_walk(c, watched[a->a], &w);
        return;
    }
    run_silent(c);
}

/* Shows which invariants are broken. Each runs on CPU 0, with nothing else there, in a state that is put back. */
static void look_at_invariants(void) {
#if INVARIANTS
    struct machine before = M;
    unsigned shown = marks;
    looking = 1;
    for (int i = 0; i < INVARIANTS; i++) {
        int c = 0, left = 1 << 20;
        CPU.handler = 0;
#if INTRUDERS
        CPU.intruder = 0;
#endif
#if FAULT_HANDLER
        CPU.faulted = 0;
#endif
#if DEPTH
        CPU.held = 0;
#endif
        memset(CPU.regs, 0, sizeof CPU.regs);
        CPU.pc = invariant_entry[i];
        marks = 0;
        while (kind[CPU.pc] != HALTS && !marks && left--) carry_out(c, CPU.pc);
        if (marks || left < 0) shown |= invariant_shows[i];
        M = before;
    }
    looking = 0;
    marks = shown;
#endif
}

static void perform(const struct action *a) {
    cut = 0;
    take(a);
    look_at_invariants();
}

static void add(struct list *list, int kind_, int c, int a, int level, int copy, int own) {
    struct action action = { (unsigned char)kind_, (unsigned char)c, (unsigned char)a, (unsigned char)level,
                             (unsigned char)copy, (unsigned char)own };
    if (AVOID) {
        struct machine before = M;
        unsigned shown;
        marks = 0;
        perform(&action);
        shown = marks;
        M = before;
        seen |= shown;
        if (shown & AVOID) return;
    }
    if (list->count == ACTIONS) die("a state has more actions than this model has room for: export it with more --room");
    list->actions[list->count++] = action;
}

static void list_accesses(struct list *list, int c, const struct access *access) {
    struct walk w;
    int refused = 0, copy = 0, no_room = access->locked ? !empty(c) : access->write && full(c);
    if (!canonical(access->va)) {
        add(list, FAULT, c, 0, 0, 0, 0);
        return;
    }
    for (int i = 0; i < TLB_ROOM && CPU.tlb[i]; i++) {
        const struct entry *e = &entries[CPU.tlb[i]];
        if (!uses(access->va, e, c, 0)) continue;
        if (((e->rights & USER) || supervisor(c)) && (!access->write || (e->rights & WRITE))) {
            if (!no_room) add(list, ACCESS, c, 0, 0, copy, 0);
        } else refused = 1;
        copy++;
    }
    if (access->write && !no_room)
        for (int level = LEVELS; level >= 2; level--)
            for (copy = 0; structure(c, access->va, level, copy); copy++)
                if (dirty_leaf(c, access->va, level, copy, &w)) add(list, DIRTY_WALK, c, 0, level, copy, 0);
#if FAULT_HANDLER && FAULT_PRESENT
    if (to_handler(c, access)) {
        int codes = error_codes(c, access->va, access->write, refused);
        if (codes & 1) add(list, FAULT, c, 0, 0, 0, 0);
        if (codes & 2) add(list, FAULT, c, 1, 0, 0, 0);
        return;
    }
#endif
    if (faults_by_cache(c, access->va, refused) || faults(c, access->va, access->write)) add(list, FAULT, c, 0, 0, 0, 0);
}

static void list_walk(struct list *list, int c, int va, int level, int copy, struct table from) {
    struct walk w;
    u64 aim;
    /* Walks that nobody asks for may be switched off. */
    if (unwalked[c] >> va & 1 && !(wants(c, &aim) && tag_of(1, aim) == tag_of(1, watched[va]))) return;
    for (int own = 0; own < 2; own++)
        if (walk_from(c, watched[va], from, own, &w) && (fills(c, &w) || w.sets_a || w.hazards))
            add(list, WALK, c, va, level, copy, own);
}

static int all_done(void) {
    for (int c = 0; c < CPUS; c++)
        if (!in_thread(c) || kind[CPU.pc] != HALTS) return 0;
    return 1;
}

static int walk_wanted(void) {
    u64 va;
    for (int c = 0; c < CPUS; c++)
        if (wants(c, &va)) return 1;
    return 0;
}

static void make_list(struct list *list) {
    struct access access;
    int moves;
    list->count = 0;
    if (!M.stopped) {
        for (int c = 0; c < CPUS; c++) {
            int pc = *pc_of(c);
            if (kind[pc] == PICKS) {
                add(list, PICK, c, 0, 0, 0, 0);
                add(list, PICK, c, 1, 0, 0, 0);
            } else if (kind[pc] == ACCESSES) {
                if (user_access(c, &access)) list_accesses(list, c, &access);
            } else if (ALLOC_ANY && kind[pc] == ALLOCATES) {
                for (int i = 0; i < M.free; i++) add(list, ALLOCATE, c, M.free_frames[i], 0, 0, 0);
            } else if (!blocked(c, pc)) add(list, STEP, c, 0, 0, 0, 0);
            if (!empty(c)) add(list, DRAIN, c, 0, 0, 0, 0);
#if IPIS
            if (interruptible(c) && CPU.ipis && empty(c)) add(list, INTERRUPT, c, 0, 0, 0, 0);
#endif
#if CASTS
            if (CPU.casts) add(list, BROADCAST, c, 0, 0, 0, 0);
#endif
        }
    }
    moves = list->count;
    if (!M.stopped) {
        for (int c = 0; c < CPUS; c++) {
#if INTRUDERS
            if (!CPU.intruder && CPU.nmis && empty(c)) add(list, NMI, c, 0, 0, 0, 0);
            if (!CPU.intruder && CPU.vmexits && empty(c)) add(list, VM_EXIT, c, 0, 0, 0, 0);
#endif
            if (CPU.asleep || preempted(c)) continue;
            for (int va = 0; va < WATCHED; va++) {
                list_walk(list, c, va, 0, 0, from_cr3(c));
                for (int level = LEVELS; level >= 2; level--)
                    for (int copy = 0; ; copy++) {
                        num cached = structure(c, watched[va], level, copy);
                        if (!cached) break;
                        list_walk(list, c, va, level, copy, from_psc(cached));
                    }
            }
        }
    }
    if (moves == 0) {
        int over = M.stopped || all_done();
        if (over) {
            if (!cut_off()) an_end = 1;
#if FINALE
            if (!M.stopped && final_state()) {
                seen |= 1u << FINAL_STATE;
                if (STOP_AT >> FINAL_STATE & 1) uerror("tlbscope: final_state");
            }
#endif
        } else if (!walk_wanted()) {
            seen |= 1u << DEADLOCK;
            if (STOP_AT >> DEADLOCK & 1) uerror("tlbscope: deadlock");
        }
    }
}

/* The list of the state that Spin is in. */
static struct list *list_now(void) {
    struct list *list = &lists[depth % LISTS];
    if (!list->made || memcmp(&list->of, &M, sizeof M)) {
        list->of = M;
        list->made = 1;
        make_list(list);
    }
    return list;
}

static int can(int number) { return number < list_now()->count; }

/* The number by which TLBscope knows an action: `tlbscope run --schedule` takes a list of them. */
static unsigned code_of(const struct action *a) {
    static const unsigned char tags[] = { 0, 4, 4, 5, 2, 3, 1, 6, 7, 3, 3, 0 };
    unsigned code = tags[a->kind] | a->c << 3, start = a->level ? a->level - 1 : 0;
    /* A fifth level has no place in the codes of two bits. */
    unsigned extended = 1 << 7 | a->c << 3;
    if (a->level > 4 && a->kind == DIRTY_WALK) return extended | 1 << 8 | a->level << 13 | (unsigned)a->copy << 16;
    if (a->level > 4)
        return extended | a->a << 13 | a->level << 17 | (unsigned)a->own << 20 | (unsigned)a->copy << 21;
    switch (a->kind) {
    case ACCESS: return code | a->copy << 7;
    case DIRTY_WALK: return code | 1 << 15 | start << 16 | (unsigned)a->copy << 18;
    case WALK: return code | a->a << 7 | start << 11 | a->own << 13 | (unsigned)a->copy << 14;
    case PICK: return code | a->a << 7;
    case FAULT: return code | a->a << 7;
    case NMI: return code | 1 << 7;
    case VM_EXIT: return code | 2 << 7;
    case ALLOCATE: return extended | 16 << 8 | (unsigned)a->a << 13;
    }
    return code;
}

static void act(int number) {
    struct action action = list_now()->actions[number];
    marks = 0;
    perform(&action);
    seen |= marks;
    if (readtrail && replayed < MOST_REPLAYED) replay[replayed++] = code_of(&action);
    if (marks & STOP_AT)
        for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
            if (marks & STOP_AT & 1u << i) uerror((char *)names[i]);
}
