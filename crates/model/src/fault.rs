//! A fault in a file that a person wrote: where it is and how to mend it.

use std::fmt;

/// One fault of a configuration or register file. Never repeats a pupil's details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The file, relative to the configuration folder where possible.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1; 0 where the whole line is meant.
    pub column: usize,
    /// What is wrong, in one plain sentence without a full stop.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl ConfigFault {
    /// A fault at a place.
    pub fn at(
        file: impl Into<String>,
        line: usize,
        column: usize,
        message: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            line,
            column,
            message: message.into(),
            hint: None,
        }
    }

    /// A fault of the whole file.
    pub fn whole(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::at(file, 0, 0, message)
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Line and column (both from 1, column in characters) of a byte offset in `text`.
    pub fn place(text: &str, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }
}

impl fmt::Display for ConfigFault {
    /// `file:line:column: message (hint)`, with the parts that are known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "a = 1\nzoë = x\n";
        assert_eq!(ConfigFault::place(text, 0), (1, 1));
        assert_eq!(ConfigFault::place(text, text.find('x').unwrap()), (2, 7));
        assert_eq!(ConfigFault::place(text, 9_999), (3, 1));
    }

    #[test]
    fn a_fault_reads_as_place_message_and_hint() {
        let fault = ConfigFault::at("schools/a/policy.toml", 4, 2, "unknown key `profantiy`")
            .hint("did you mean `profanity`?");
        assert_eq!(
            fault.to_string(),
            "schools/a/policy.toml:4:2: unknown key `profantiy` (did you mean `profanity`?)"
        );
    }
}
