//! Dead letters: looked at, taken up again or dropped by a person, each with a line of the trail.

use jiff::Timestamp;

use crate::{DeadLetter, Receipt, Store, StoreError};

/// What became of a dead letter that was to be taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retried {
    /// Its body was received, and the letter is gone.
    Received(Receipt),
    /// Its body still cannot be used; the letter stays.
    Unusable,
    /// There is no such letter.
    Gone,
}

impl Store {
    /// One dead letter.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn dead_letter(&self, key: &str) -> Result<Option<DeadLetter>, StoreError> {
        let _ = key;
        Err(StoreError::SchemaMissing)
    }

    /// Removes a dead letter for good. False where there was none. `by` is who does it, an id or `cli`.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn dead_letter_drop(
        &self,
        key: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let _ = (key, by, now);
        Err(StoreError::SchemaMissing)
    }

    /// Takes a dead letter up again: a body that contradicted a revision becomes the next revision of its item,
    /// anything else is received as it stands. `new_key` is the key of the row to be.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn dead_letter_retry(
        &self,
        key: &str,
        new_key: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<Retried, StoreError> {
        let _ = (key, new_key, by, now);
        Err(StoreError::SchemaMissing)
    }
}
