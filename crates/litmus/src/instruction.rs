//! One instruction of a test.

use crate::cursor::{Piece, Wrong, is_name, number};
use crate::names::{Width, register};
use crate::sections::Architecture;

/// An operand.
#[derive(Clone, Debug)]
pub(crate) enum Operand<'a> {
    Number(i64),
    Register(String),
    /// A location by its name.
    Location(Piece<'a>),
    /// A location whose address is in a register.
    Through(String, Piece<'a>),
}

/// What an instruction computes from its destination and its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compute {
    Add,
    Sub,
    And,
    Or,
    Xor,
}

/// An instruction, whichever way it was written: the destination comes first.
#[derive(Clone, Debug)]
pub(crate) enum Instruction<'a> {
    Nop,
    /// MFENCE, LFENCE or SFENCE.
    Fence(&'static str),
    Mov(Operand<'a>, Operand<'a>),
    Xchg(Operand<'a>, Operand<'a>),
    Compute {
        op: Compute,
        to: Operand<'a>,
        by: Operand<'a>,
        locked: bool,
    },
    Xadd {
        to: Operand<'a>,
        by: Operand<'a>,
        locked: bool,
    },
    Cmpxchg {
        to: Operand<'a>,
        new: Operand<'a>,
        locked: bool,
    },
    /// CMP.
    Compare(Operand<'a>, Operand<'a>),
    /// JE or JNE to a label: whether it jumps where both are equal.
    Jump {
        when_equal: bool,
        label: &'a str,
    },
}

/// A cell of the program: labels before an instruction, and the instruction.
#[derive(Debug)]
pub(crate) struct Cell<'a> {
    pub(crate) at: Piece<'a>,
    pub(crate) labels: Vec<&'a str>,
    pub(crate) instruction: Instruction<'a>,
    pub(crate) width: Width,
}

/// Reads a cell that is not empty.
pub(crate) fn cell(piece: Piece<'_>, architecture: Architecture) -> Result<Cell<'_>, Wrong> {
    let mut rest = piece.trimmed();
    let mut labels = Vec::new();
    while let Some((label, _)) = rest.text.split_once(':').filter(|(label, _)| is_name(label.trim())) {
        labels.push(label.trim());
        rest = rest.part(label.len() + 1, rest.text.len()).trimmed();
    }
    let at = rest;
    let mut word = first_word(rest);
    let locked = word.text.eq_ignore_ascii_case("lock");
    if locked {
        rest = rest.part(word.text.len(), rest.text.len()).trimmed();
        word = first_word(rest);
    }
    let operands = rest.part(word.text.len(), rest.text.len()).trimmed();
    let (name, suffix) = mnemonic(word)?;
    let mut reader = Reader { architecture, width: suffix };
    let instruction = reader.instruction(name, word, operands, locked)?;
    let width = reader.width.unwrap_or(match architecture {
        Architecture::X86 => Width::Long,
        Architecture::X8664 => Width::Quad,
    });
    let cell = Cell { at, labels, instruction, width };
    cell.check()?;
    Ok(cell)
}

fn first_word(piece: Piece<'_>) -> Piece<'_> {
    let end = piece.text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(piece.text.len());
    piece.part(0, end)
}

/// All that can be read.
const NAMES: [&str; 24] = [
    "", "nop", "endbr64", "mfence", "lfence", "sfence", "mov", "xchg", "add", "sub", "inc", "dec", "and",
    "or", "xor", "xadd", "cmpxchg", "cmp", "jmp", "je", "jz", "jne", "jnz", "lea",
];

/// The name of an instruction without the letter for its width.
fn mnemonic(word: Piece<'_>) -> Result<(&'static str, Option<Width>), Wrong> {
    let lower = word.text.to_ascii_lowercase();
    let known = |name: &str| NAMES.iter().copied().find(|known| *known == name && *known != "lea");
    if let Some(name) = known(&lower) {
        return Ok((name, None));
    }
    let width = match lower.as_bytes().last() {
        Some(b'l') => Width::Long,
        Some(b'q') => Width::Quad,
        Some(b'b' | b'w') if known(&lower[..lower.len() - 1]).is_some() => {
            return word.wrong("only accesses of 32 and 64 bits can be read");
        }
        _ => return word.wrong(format!("the instruction {:?} can't be read", word.text)),
    };
    match known(&lower[..lower.len() - 1]) {
        Some(name) if !name.is_empty() => Ok((name, Some(width))),
        _ => word.wrong(format!("the instruction {:?} can't be read", word.text)),
    }
}

struct Reader {
    architecture: Architecture,
    width: Option<Width>,
}

impl Reader {
    fn instruction<'a>(
        &mut self,
        name: &str,
        word: Piece<'a>,
        operands: Piece<'a>,
        locked: bool,
    ) -> Result<Instruction<'a>, Wrong> {
        if locked
            && !matches!(name, "add" | "sub" | "inc" | "dec" | "and" | "or" | "xadd" | "cmpxchg" | "xchg")
        {
            return word.wrong(format!("{:?} can't have the prefix LOCK here", word.text));
        }
        if let "jmp" | "je" | "jz" | "jne" | "jnz" = name {
            if name == "jmp" {
                return word.wrong("JMP can't be read: only JE and JNE, forward, after a comparison");
            }
            if !is_name(operands.text) {
                return operands.wrong(format!("expected a label, found {:?}", operands.text));
            }
            return Ok(Instruction::Jump { when_equal: matches!(name, "je" | "jz"), label: operands.text });
        }
        let mut list = Vec::new();
        for piece in operand_list(operands) {
            list.push(self.operand(piece)?);
        }
        // AT&T writes the destination last.
        if self.architecture == Architecture::X8664 {
            list.reverse();
        }
        let wanted = match name {
            "" | "nop" | "endbr64" | "mfence" | "lfence" | "sfence" => 0,
            "inc" | "dec" => 1,
            _ => 2,
        };
        if list.len() != wanted {
            let s = if wanted == 1 { "" } else { "s" };
            return word.wrong(format!("{:?} has {wanted} operand{s}, not {}", word.text, list.len()));
        }
        let mut list = list.into_iter();
        let first = list.next().unwrap_or(Operand::Number(1));
        let second = list.next().unwrap_or(Operand::Number(1));
        let compute = |op| Instruction::Compute { op, to: first.clone(), by: second.clone(), locked };
        Ok(match name {
            "mfence" => Instruction::Fence("smp_mb"),
            "lfence" => Instruction::Fence("smp_rmb"),
            "sfence" => Instruction::Fence("smp_wmb"),
            "mov" => Instruction::Mov(first, second),
            "xchg" => Instruction::Xchg(first, second),
            "add" | "inc" => compute(Compute::Add),
            "sub" | "dec" => compute(Compute::Sub),
            "and" => compute(Compute::And),
            "or" => compute(Compute::Or),
            "xor" => compute(Compute::Xor),
            "xadd" => Instruction::Xadd { to: first, by: second, locked },
            "cmpxchg" => Instruction::Cmpxchg { to: first, new: second, locked },
            "cmp" => Instruction::Compare(first, second),
            _ => Instruction::Nop,
        })
    }

    fn operand<'a>(&mut self, piece: Piece<'a>) -> Result<Operand<'a>, Wrong> {
        let mut piece = piece;
        for (word, width) in [("DWORD PTR", Width::Long), ("QWORD PTR", Width::Quad)] {
            if piece.text.get(..word.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(word)) {
                self.width = Some(width);
                piece = piece.part(word.len(), piece.text.len()).trimmed();
            }
        }
        let inner = |open: char, close: char| {
            let there = piece.text.len() > 1 && piece.text.starts_with(open) && piece.text.ends_with(close);
            there.then(|| piece.part(1, piece.text.len() - 1).trimmed())
        };
        if let Some(place) = inner('[', ']').or_else(|| inner('(', ')')) {
            return match register(place.text, self.architecture) {
                Some(Ok((local, _))) => Ok(Operand::Through(local, place)),
                Some(Err(message)) => place.wrong(message),
                None if is_name(place.text) => Ok(Operand::Location(place)),
                None => {
                    place.wrong(format!("the address {:?} can't be read: a location is one word", place.text))
                }
            };
        }
        let plain = piece.text.strip_prefix('$').unwrap_or(piece.text);
        if let Some(number) = number(plain) {
            return Ok(Operand::Number(number));
        }
        match register(piece.text, self.architecture) {
            Some(Ok((local, width))) => {
                self.width = self.width.or(Some(width));
                Ok(Operand::Register(local))
            }
            Some(Err(message)) => piece.wrong(message),
            None => {
                let form = if self.architecture == Architecture::X86 { "[x]" } else { "(x)" };
                let message = format!("expected $1, a register or {form}, found {:?}", piece.text);
                piece.wrong(message)
            }
        }
    }
}

/// Operands between commas; those in parentheses do not count.
fn operand_list(piece: Piece<'_>) -> Vec<Piece<'_>> {
    if piece.text.is_empty() {
        return Vec::new();
    }
    let (mut list, mut start, mut depth) = (Vec::new(), 0, 0u32);
    for (at, c) in piece.text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                list.push(piece.part(start, at).trimmed());
                start = at + 1;
            }
            _ => {}
        }
    }
    list.push(piece.part(start, piece.text.len()).trimmed());
    list
}

impl Operand<'_> {
    pub(crate) fn in_memory(&self) -> bool {
        matches!(self, Operand::Location(_) | Operand::Through(..))
    }
}

impl Cell<'_> {
    /// Whether there is such an instruction on x86, and one whose numbers mean here what they mean there.
    fn check(&self) -> Result<(), Wrong> {
        let number = |operand: &Operand<'_>| matches!(operand, Operand::Number(_));
        let (to, by) = match &self.instruction {
            Instruction::Nop | Instruction::Fence(_) | Instruction::Jump { .. } => return Ok(()),
            Instruction::Mov(to, by)
            | Instruction::Xchg(to, by)
            | Instruction::Compare(to, by)
            | Instruction::Compute { to, by, .. }
            | Instruction::Xadd { to, by, .. }
            | Instruction::Cmpxchg { to, new: by, .. } => (to, by),
        };
        let compares = matches!(self.instruction, Instruction::Compare(..));
        if to.in_memory() && by.in_memory() {
            return self.at.wrong("no instruction has two operands in memory");
        }
        if number(to) && !compares {
            return self.at.wrong("the destination is a number");
        }
        let locked = match &self.instruction {
            Instruction::Compute { locked, .. }
            | Instruction::Xadd { locked, .. }
            | Instruction::Cmpxchg { locked, .. } => *locked,
            _ => false,
        };
        if locked && !to.in_memory() {
            return self.at.wrong("LOCK needs a destination in memory");
        }
        let from_register = matches!(
            self.instruction,
            Instruction::Xchg(..) | Instruction::Xadd { .. } | Instruction::Cmpxchg { .. }
        );
        if from_register && number(by) {
            return self.at.wrong("the source has to be a register");
        }
        if self.width == Width::Long {
            let numbers = [to, by].into_iter().filter_map(|operand| match operand {
                Operand::Number(number) => Some(*number),
                _ => None,
            });
            if numbers.into_iter().any(|number| !(0..1 << 32).contains(&number)) {
                return self.at.wrong("a number of 32 bits is from 0 to 4294967295 here");
            }
        }
        Ok(())
    }
}
