//! The words and signs of the language, and how a page may colour them.
//!
//! No word has its own kind of token. `step`, `page`, `cpu` or `to` have a meaning only where the grammar expects
//! them, so a kernel may call a variable `page`. [`RESERVED`] holds the few words that no variable may take.

use crate::source::Span;

/// A token with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) tok: Tok,
    pub(crate) span: Span,
}

/// What the parser sees. Strings and names are looked up in the text by their span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tok {
    Name,
    Number(u64),
    Text,
    LBrace,
    RBrace,
    LParen,
    RParen,
    LBracket,
    RBracket,
    Semi,
    Comma,
    Colon,
    Dot,
    DotDot,
    Arrow,
    Assign,
    EqEq,
    NotEq,
    Lt,
    Le,
    Gt,
    Ge,
    Shl,
    Shr,
    Plus,
    Minus,
    Star,
    Amp,
    AmpAmp,
    Pipe,
    PipePipe,
    Caret,
    Bang,
    Tilde,
    /// `++` or `--`: C, not ours.
    Step,
    /// `+=` and its kin: C, not ours.
    Compound,
    /// `/`, `%`, `?`: C, not ours.
    Foreign,
    End,
}

/// Signs, longest first.
pub(crate) const SIGNS: &[(&str, Tok)] = &[
    ("<<=", Tok::Compound),
    (">>=", Tok::Compound),
    ("..", Tok::DotDot),
    ("->", Tok::Arrow),
    ("==", Tok::EqEq),
    ("!=", Tok::NotEq),
    ("<=", Tok::Le),
    (">=", Tok::Ge),
    ("<<", Tok::Shl),
    (">>", Tok::Shr),
    ("&&", Tok::AmpAmp),
    ("||", Tok::PipePipe),
    ("++", Tok::Step),
    ("--", Tok::Step),
    ("+=", Tok::Compound),
    ("-=", Tok::Compound),
    ("*=", Tok::Compound),
    ("/=", Tok::Compound),
    ("%=", Tok::Compound),
    ("|=", Tok::Compound),
    ("&=", Tok::Compound),
    ("^=", Tok::Compound),
    ("{", Tok::LBrace),
    ("}", Tok::RBrace),
    ("(", Tok::LParen),
    (")", Tok::RParen),
    ("[", Tok::LBracket),
    ("]", Tok::RBracket),
    (";", Tok::Semi),
    (",", Tok::Comma),
    (":", Tok::Colon),
    (".", Tok::Dot),
    ("=", Tok::Assign),
    ("<", Tok::Lt),
    (">", Tok::Gt),
    ("+", Tok::Plus),
    ("-", Tok::Minus),
    ("*", Tok::Star),
    ("&", Tok::Amp),
    ("|", Tok::Pipe),
    ("^", Tok::Caret),
    ("!", Tok::Bang),
    ("~", Tok::Tilde),
    ("/", Tok::Foreign),
    ("%", Tok::Foreign),
    ("?", Tok::Foreign),
];

impl Tok {
    /// Whether an expression must follow: so a `{` here opens a set and a `-` is a sign.
    pub(crate) fn wants_operand(self) -> bool {
        !matches!(
            self,
            Tok::Name
                | Tok::Number(_)
                | Tok::Text
                | Tok::LBrace
                | Tok::RBrace
                | Tok::RParen
                | Tok::RBracket
                | Tok::Semi
                | Tok::Colon
                | Tok::Dot
                | Tok::Arrow
                | Tok::End
        )
    }
}

/// Words after which an expression follows.
pub(crate) const OPERAND_WORDS: &[&str] = &["in", "return", "to", "until", "if", "while", "step"];

/// Words that no variable, function or option may be called.
pub(crate) const RESERVED: &[&str] = &[
    "let",
    "if",
    "else",
    "while",
    "for",
    "in",
    "return",
    "until",
    "ipi",
    "fn",
    "sys",
    "option",
    "const",
    "global",
    "percpu",
    "mm",
    "kernel",
    "scenario",
    "wait_ipis",
    "break",
    "continue",
    "goto",
    "switch",
    "do",
    "struct",
];

/// Those of [`RESERVED`] that have no meaning: they would have another one in C.
const WITHOUT_MEANING: &[&str] = &["break", "continue", "goto", "switch", "do", "struct"];

/// Words coloured as keywords although a variable may be called so.
pub(crate) const SOFT: &[&str] = &[
    "extends",
    "about",
    "claim",
    "cite",
    "use",
    "with",
    "machine",
    "setup",
    "watch",
    "walk",
    "fault",
    "irq",
    "thread",
    "exit",
    "guest",
    "nmi",
    "vmexit",
    "invariant",
    "limit",
    "expect",
    "case",
    "workload",
    "costs",
    "exists",
    "forall",
    "filter",
    "locations",
    "step",
    "to",
    "and",
    "wait",
    "page",
    "device",
    "dram",
    "at",
    "spare",
    "vendor",
    "cpus",
    "tso",
    "maxphyaddr",
    "always",
    "sometimes",
    "never",
    "on",
    "off",
    "ro",
    "shared",
];

/// The words of the grammar.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    let reserved = RESERVED.iter().filter(|word| !WITHOUT_MEANING.contains(word));
    reserved.chain(SOFT).copied()
}

/// The types.
pub(crate) const TYPES: &[&str] = &["int", "bool", "mm", "cpu", "cpus", "frame", "pte", "va", "task"];

/// How a piece of text may be coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// `// ...` or `/* ... */`
    Comment,
    /// A word of the grammar.
    Keyword,
    /// `int`, `frame`, ...
    Type,
    /// A built-in function or constant: `xchg`, `init_mm`.
    Builtin,
    /// `0x1000`
    Number,
    /// `"..."`
    Text,
    /// A declared name.
    Name,
    /// An operator, a bracket, a comma.
    Punctuation,
    /// A character that means nothing here.
    Unknown,
}

impl TokenKind {
    /// All of them.
    pub const ALL: [TokenKind; 9] = [
        TokenKind::Comment,
        TokenKind::Keyword,
        TokenKind::Type,
        TokenKind::Builtin,
        TokenKind::Number,
        TokenKind::Text,
        TokenKind::Name,
        TokenKind::Punctuation,
        TokenKind::Unknown,
    ];

    /// One lower-case word for it: the name of a class on the page, and of a scope in an editor.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            TokenKind::Comment => "comment",
            TokenKind::Keyword => "keyword",
            TokenKind::Type => "type",
            TokenKind::Builtin => "builtin",
            TokenKind::Number => "number",
            TokenKind::Text => "text",
            TokenKind::Name => "name",
            TokenKind::Punctuation => "punctuation",
            TokenKind::Unknown => "unknown",
        }
    }
}
