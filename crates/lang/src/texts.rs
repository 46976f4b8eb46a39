//! Where the texts of kernels come from.

/// Where kernel texts come from.
pub trait Texts {
    /// The text of the kernel of that name.
    fn kernel(&self, name: &str) -> Option<&str>;

    /// The text of the kernel that gives itself that name, to be extended. It is not always what stands in for the kernel
    /// of that name: that may be the kernel that extends it.
    fn extended(&self, name: &str) -> Option<&str> {
        self.kernel(name)
    }

    /// The names that exist, for advice about a misspelt one.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }

    /// Where kernels have been looked for, in words.
    fn looked(&self) -> Option<String> {
        None
    }
}

/// Pairs of name and text.
impl Texts for &[(&str, &str)] {
    fn kernel(&self, name: &str) -> Option<&str> {
        self.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
    }
}

/// Pairs of name and text.
impl<const N: usize> Texts for [(&str, &str); N] {
    fn kernel(&self, name: &str) -> Option<&str> {
        self.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
    }
}

/// Pairs of name and text.
impl Texts for Vec<(String, String)> {
    fn kernel(&self, name: &str) -> Option<&str> {
        self.iter().find(|(n, _)| n == name).map(|(_, text)| text.as_str())
    }

    fn names(&self) -> Vec<String> {
        self.iter().map(|(name, _)| name.clone()).collect()
    }
}
