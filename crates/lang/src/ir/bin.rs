//! The arithmetic of the language: one definition for the compiler and the machine.

/// A two-operand function without side effects. Comparisons give 0 or 1. Arithmetic wraps. A division does not
/// exist. Shifts of 64 or more give 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bin {
    /// a + b
    Add,
    /// a - b
    Sub,
    /// a * b
    Mul,
    /// a & b
    And,
    /// a | b
    Or,
    /// a ^ b
    Xor,
    /// a & !b
    AndNot,
    /// a << b
    Shl,
    /// a >> b
    Shr,
    /// a == b
    Eq,
    /// a != b
    Ne,
    /// a < b
    Lt,
    /// a <= b
    Le,
    /// a > b
    Gt,
    /// a >= b
    Ge,
    /// bit a of set b (0 if a is 64 or more)
    In,
    /// a & b is 0: two sets without a common member
    Disjoint,
    /// how many bits of a & b are 1: how many common members two sets have
    Weight,
}

impl Bin {
    /// How it is written.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Bin::Add => "+",
            Bin::Sub => "-",
            Bin::Mul => "*",
            Bin::And => "&",
            Bin::Or => "|",
            Bin::Xor => "^",
            Bin::AndNot => "&~",
            Bin::Shl => "<<",
            Bin::Shr => ">>",
            Bin::Eq => "==",
            Bin::Ne => "!=",
            Bin::Lt => "<",
            Bin::Le => "<=",
            Bin::Gt => ">",
            Bin::Ge => ">=",
            Bin::In => "in",
            Bin::Disjoint => "disjoint",
            Bin::Weight => "weight",
        }
    }
}

/// What `op` gives for two values. It is compiled where it is used: in the machine it is part of each step.
#[inline]
#[must_use]
pub fn fold(op: Bin, a: u64, b: u64) -> u64 {
    let shift = |by: u64| u32::try_from(by).ok();
    match op {
        Bin::Add => a.wrapping_add(b),
        Bin::Sub => a.wrapping_sub(b),
        Bin::Mul => a.wrapping_mul(b),
        Bin::And => a & b,
        Bin::Or => a | b,
        Bin::Xor => a ^ b,
        Bin::AndNot => a & !b,
        Bin::Shl => shift(b).and_then(|by| a.checked_shl(by)).unwrap_or(0),
        Bin::Shr => shift(b).and_then(|by| a.checked_shr(by)).unwrap_or(0),
        Bin::Eq => (a == b).into(),
        Bin::Ne => (a != b).into(),
        Bin::Lt => (a < b).into(),
        Bin::Le => (a <= b).into(),
        Bin::Gt => (a > b).into(),
        Bin::Ge => (a >= b).into(),
        Bin::In => shift(a).and_then(|by| b.checked_shr(by)).unwrap_or(0) & 1,
        Bin::Disjoint => (a & b == 0).into(),
        Bin::Weight => (a & b).count_ones().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(fold(Bin::Shl, 1, 64), 0);
        assert_eq!(fold(Bin::Shr, u64::MAX, 63), 1);
        assert_eq!(fold(Bin::Shr, u64::MAX, 1 << 40), 0);
        assert_eq!(fold(Bin::Add, u64::MAX, 1), 0);
        assert_eq!(fold(Bin::In, 3, 0b1000), 1);
        assert_eq!(fold(Bin::In, 64, u64::MAX), 0);
        assert_eq!(fold(Bin::Disjoint, 0b1100, 0b0011), 1);
        assert_eq!(fold(Bin::Weight, 0b1110, 0b0111), 2);
    }

    #[test]
    fn ge_is_not_lt_and_gt_is_not_le() {
        for a in 0..4 {
            for b in 0..4 {
                assert_eq!(fold(Bin::Ge, a, b), 1 - fold(Bin::Lt, a, b));
                assert_eq!(fold(Bin::Gt, a, b), 1 - fold(Bin::Le, a, b));
            }
        }
    }
}
