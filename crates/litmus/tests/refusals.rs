//! Tests that can't be read are refused with a place, and nothing makes the importer panic.

/// A test with these instructions on one processor.
fn one(architecture: &str, instructions: &str) -> String {
    let rows: String = instructions.lines().map(|line| format!(" {line} ;\n")).collect();
    format!("{architecture} t\n{{ }}\n P0 ;\n{rows}exists (x=1)\n")
}

#[track_caller]
fn refused(test: &str, problem: &str) {
    match litmus::import(test) {
        Ok(scenario) => panic!("{test}\nis read as\n{scenario}"),
        Err(found) => assert_eq!(found.to_string(), problem, "{test}"),
    }
}

#[test]
fn each_problem_has_its_place() {
    refused("", "1:1: this is no litmus test: it is empty");
    refused("AArch64 t\n{ }", "1:1: only tests for X86 and X86_64 can be read, not \"AArch64\"");
    refused("X86\n{ }", "1:4: the test has no name; write it after the architecture");
    refused("X86 t\n P0 ;", "1:5: the test has no initial state; write { } if there is none");
    refused("X86 t\n{ x=1;\n P0 ;", "2:1: this brace is not closed");
    refused("X86 t (* what\n{ }\n", "1:7: this comment has no end; write *)");
    refused("X86 t\n{ }\nexists (x=1)", "3:1: the test has no program; its first row is `P0 | P1 ;`");
    refused("X86 t\n{ }\n P0 | P2 ;\n", "3:7: expected P1: processors are numbered from 0, in their order");
    refused(
        "X86 t\n{ }\n P0 | P1 ;\n NOP ;\nexists (x=1)",
        "4:2: this row has 1 columns, the first row has 2",
    );
    refused("X86 t\n{ x=1=2; }\n P0 ;\nexists (x=1)", "2:7: expected ; before another =");
    refused("X86 t\n{ 3:EAX=1; }\n P0 ;\nexists (x=1)", "2:3: there is no processor \"3\"");
    refused("X86 t\n{ int8_t x; }\n P0 ;\nexists (x=1)", "2:3: there is no type \"int8_t\" of 32 or 64 bits");
    refused(
        "X86 t\n{ int x[2]; }\n P0 ;\nexists (x=1)",
        "2:7: arrays can't be read: each location is one word",
    );
    refused(
        "X86 t\n{ }\n P0 ;\n",
        "3:6: the test has no condition: exists (...), ~exists (...) or forall (...)",
    );
    let paging = litmus::import("X86_64 t\n{ [PTE(x)]=(oa:PA(y)); }\n P0 ;\nexists (x=1)").unwrap_err();
    assert!(paging.message.contains("page-table extension"), "{paging}");
}

#[test]
fn each_instruction_that_is_unknown_is_named() {
    refused(&one("X86", "MOV [x],$1\nPAUSE"), "5:2: the instruction \"PAUSE\" can't be read");
    refused(&one("X86", "MOV AL,[x]"), "4:6: AL is a part of a register: only 32 and 64 bits can be read");
    refused(&one("X86_64", "movb $1,(x)"), "4:2: only accesses of 32 and 64 bits can be read");
    refused(&one("X86", "MOV RAX,[x]"), "4:6: X86 has no register RAX");
    refused(&one("X86", "MOV [x],[y]"), "4:2: no instruction has two operands in memory");
    refused(&one("X86", "MOV $1,EAX"), "4:2: the destination is a number");
    refused(&one("X86", "MOV [x]"), "4:2: \"MOV\" has 2 operands, not 1");
    refused(&one("X86", "LOCK MOV [x],$1"), "4:7: \"MOV\" can't have the prefix LOCK here");
    refused(&one("X86", "LOCK INC EAX"), "4:2: LOCK needs a destination in memory");
    refused(&one("X86", "MOV [EAX],$1"), "4:7: it is not known which location EAX leads to");
    refused(&one("X86_64", "movl 8(%rax),%eax"), "4:7: expected $1, a register or (x), found \"8(%rax)\"");
    refused(&one("X86", "JE L0\nL0: NOP"), "4:2: a jump has to follow CMP or CMPXCHG at once");
    refused(
        &one("X86", "L0: CMP EAX,$1\nJE L0"),
        "5:2: only jumps forward can be read: there is no L0 below",
    );
    refused(
        &one("X86", "JMP L0\nL0: NOP"),
        "4:2: JMP can't be read: only JE and JNE, forward, after a comparison",
    );
    refused(&one("X86", "MOV [x],$-1"), "4:2: a number of 32 bits is from 0 to 4294967295 here");
}

#[test]
fn each_condition_that_is_unknown_is_named() {
    let asked = |condition: &str| format!("X86 t\n{{ }}\n P0 ;\n MOV EAX,[x] ;\n{condition}\n");
    refused(&asked("exists (0:EAX=y)"), "5:15: expected a number, found \"y\"");
    refused(
        &asked("exists (0:EAX=-1)"),
        "5:15: negative numbers can't be compared: their width is not known here",
    );
    refused(&asked("exists (0:EFX=1)"), "5:11: there is no register \"EFX\"");
    refused(&asked("exists (7:EAX=1)"), "5:9: there is no processor \"7\"");
    refused(&asked("exists (x=1"), "5:12: expected )");
    refused(
        &asked("exists (x=1) exists (x=2)"),
        "5:14: expected one of locations, filter, exists, ~exists and forall, each once",
    );
    refused(
        &asked("exists (fault(P0,x))"),
        "5:9: no access of a test for X86 faults here: every location is mapped",
    );
    refused(&asked(&format!("exists {}x=1", "(".repeat(100))), "5:32: nested more than 24 deep");
}

#[test]
fn what_can_be_read_is_read() {
    let test = "X86_64 all of it\n\"a \\ \\\"doc\\\"\"\nCom=Rf Fr\n(* a (* nested *) comment *)
{ int far=3; 0:rdi=far; uint64_t y; 1:rcx=7 }
 P0 | P1 ;
 movl (%rdi),%eax | movl DWORD PTR (y),%eax ;
 xorl %ebx,%ebx | cmpl %ecx,%eax ;
 lock incl (%rdi) | jne L ;
 lock orl $4,(far) | movl $9,%edx ;
 incl %ebx | L: subl $1,%edx ;
 xchgl %ebx,(y) | sfence ;
locations [far; 0:rbx;]
filter (y=1 => true)
~exists (far=8 /\\ not (0:rax=2) \\/ 1:rdx=8 /\\ 1:rcx<>7)\n";
    let scenario = litmus::import(test).unwrap_or_else(|problem| panic!("{problem}"));
    let expected = r#"scenario "all of it" {
    about "a"
    use kernel "litmus"
    machine { cpus 2; tso 2; }
    // The test calls v far.

    setup {
        cpu 0 {
            v = 3;
        }
    }

    cpu 0 {
        let rax = v;
        let rbx = 0;
        add_return(v, 1);
        fetch_or(v, 4);
        rbx = (rbx + 1) & 0xffff_ffff;
        rbx = xchg(y, rbx);
    }
    cpu 1 {
        let rcx = 7;
        let rdx = 0;
        let rax = y;
        if rax == rcx {
            rdx = 9;
        }
        rdx = (rdx - 1) & 0xffff_ffff;
        smp_wmb();
    }

    locations v, 0:rbx;
    filter (!(y == 1) || true)
    ~exists ((v == 8 && !(0:rax == 2)) || (1:rdx == 8 && 1:rcx != 7))
}
"#;
    assert_eq!(scenario, expected, "{scenario}");
}

/// Every piece of a test, cut off anywhere, doubled, or with a character of it replaced.
#[test]
fn nothing_makes_it_panic() {
    let test = "X86_64 t\n\"doc\"\n{ int x=1; 0:rax=x; }\n P0 | P1 ;\n L: movl $1,(%rax) | lock xaddl %ebx,(y) ;\n\
        cmpl $1,%ecx | MFENCE ;\n jne M | M: ;\n M: nop | ;\nlocations [[x];1:rbx]\nforall (x=1 /\\ (not (1:rbx=0x1)) \\/ y<>2)";
    for (at, _) in test.char_indices() {
        let (head, tail) = test.split_at(at);
        for between in ["", "é", "(*", "\u{0}", ";", "|", "(", "[", "$", ":", "\n", "exists"] {
            let mangled = format!("{head}{between}{}", tail.chars().skip(1).collect::<String>());
            for text in [head.to_owned(), format!("{head}{between}{tail}"), mangled] {
                if let Ok(scenario) = litmus::import(&text) {
                    assert_eq!(lang::format(&scenario).as_ref(), Ok(&scenario), "{text}");
                }
            }
        }
    }
}
