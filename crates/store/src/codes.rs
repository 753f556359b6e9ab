//! Stored codes and numbers back to types. What does not fit is a fault with its place, never a default.

use jiff::Timestamp;
use schoolgate_model::{ItemKind, Outcome, Verb};
use schoolgate_policy::{Restricted, ReviewState, WindowMode};

use crate::StoreError;

/// Where a value stands, for the error.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'static str,
    pub(crate) key: &'a str,
}

impl Place<'_> {
    pub(crate) fn wrong(self, column: &'static str) -> StoreError {
        StoreError::inconsistent(self.table, column, self.key)
    }

    pub(crate) fn time(self, column: &'static str, ms: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(ms).map_err(|_| self.wrong(column))
    }

    pub(crate) fn opt_time(
        self,
        column: &'static str,
        ms: Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        ms.map(|ms| self.time(column, ms)).transpose()
    }

    pub(crate) fn count(self, column: &'static str, value: i64) -> Result<u32, StoreError> {
        u32::try_from(value).map_err(|_| self.wrong(column))
    }

    pub(crate) fn kind(self, code: &str) -> Result<ItemKind, StoreError> {
        ItemKind::from_code(code).ok_or_else(|| self.wrong("kind"))
    }

    pub(crate) fn verb(self, code: &str) -> Result<Verb, StoreError> {
        [Verb::Add, Verb::Edit, Verb::Remove]
            .into_iter()
            .find(|verb| verb.code() == code)
            .ok_or_else(|| self.wrong("verb"))
    }

    pub(crate) fn outcome(self, code: &str) -> Result<Outcome, StoreError> {
        [Outcome::Approve, Outcome::Hold, Outcome::Escalate]
            .into_iter()
            .find(|outcome| outcome.code() == code)
            .ok_or_else(|| self.wrong("outcome"))
    }

    pub(crate) fn review(self, code: &str) -> Result<ReviewState, StoreError> {
        [
            ReviewState::Open,
            ReviewState::Escalated,
            ReviewState::Closed,
        ]
        .into_iter()
        .find(|state| state.code() == code)
        .ok_or_else(|| self.wrong("state"))
    }

    pub(crate) fn restricted(self, code: Option<&str>) -> Result<Option<Restricted>, StoreError> {
        code.map(|code| Restricted::from_code(code).ok_or_else(|| self.wrong("restricted")))
            .transpose()
    }

    pub(crate) fn mode(self, code: &str) -> Result<WindowMode, StoreError> {
        [WindowMode::AsWritten, WindowMode::RollForward]
            .into_iter()
            .find(|mode| mode.code() == code)
            .ok_or_else(|| self.wrong("mode"))
    }
}

/// What may be kept of an error: a short code. Anything else could be a mail server quoting an address.
pub(crate) fn error_code(code: &str) -> &str {
    let fits = (1..=64).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if fits { code } else { "unclassified" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_text_is_not_kept_but_a_code_is() {
        assert_eq!(error_code("smtp_550"), "smtp_550");
        assert_eq!(
            error_code("550 <head@st-judes.example> unknown"),
            "unclassified"
        );
        assert_eq!(error_code(""), "unclassified");
    }
}
