//! Quotes words as a shell needs them, for commands that we suggest.

/// The word itself, or quoted if a shell would read more into it.
pub fn word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-+=./:,%@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else if lang::legible(word) != word {
        // What can't be seen goes as numbers, in the quotes that bash and others have for it.
        let byte = |byte: u8| match byte {
            b'\'' | b'\\' => format!("\\{}", byte as char),
            b' '..=b'~' => (byte as char).to_string(),
            _ => format!("\\x{byte:02x}"),
        };
        format!("$'{}'", word.bytes().map(byte).collect::<String>())
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn words_are_quoted_where_needed() {
        assert_eq!(word("lazy+exit+andy.tlb"), "lazy+exit+andy.tlb");
        assert_eq!(word("memory barrier"), "'memory barrier'");
        assert_eq!(word("Andy's"), r"'Andy'\''s'");
        assert_eq!(word(""), "''");
        assert_eq!(word("a\u{1b}'\u{202e}b"), r"$'a\x1b\'\xe2\x80\xaeb'");
    }
}
