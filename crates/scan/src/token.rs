//! How a word is written. The name detector cuts text into words itself; see `names::stream`.

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// No letter in it.
    None,
    /// `will`
    Lower,
    /// `Will`, also a single capital.
    Title,
    /// `WILL`
    Upper,
    /// `wILL`, `McDonald`
    Mixed,
}
