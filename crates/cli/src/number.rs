//! Whole numbers among the arguments. What is none is refused in a sentence that says which numbers there may be.

/// A whole number from `least` to `most`.
///
/// # Errors
/// If the text is none.
pub fn within<T: TryFrom<u64>>(text: &str, least: u64, most: u64) -> Result<T, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| match (least, most) {
        (0, u64::MAX) => "write a whole number".to_owned(),
        (_, u64::MAX) => format!("write a whole number from {least} on"),
        _ => format!("write a whole number from {least} to {most}"),
    })
}

/// Any whole number.
///
/// # Errors
/// If the text is none.
pub fn any<T: TryFrom<u64>>(text: &str) -> Result<T, String> {
    within(text, 0, u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{any, within};

    #[test]
    fn what_is_no_number_is_told_what_may_be_written() {
        assert_eq!((any("7"), within("64", 1, 64)), (Ok(7_usize), Ok(64_u8)));
        for (said, sentence) in [
            (any::<u64>("many"), "write a whole number"),
            (any("-1"), "write a whole number"),
            (within("0", 1, u64::MAX), "write a whole number from 1 on"),
            (within("65", 1, 64), "write a whole number from 1 to 64"),
        ] {
            assert_eq!(said, Err(sentence.to_owned()));
        }
    }
}
