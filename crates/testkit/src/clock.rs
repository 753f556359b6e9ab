//! A clock that stands still until a test moves it. Waiting for real time is not here.

use jiff::{SignedDuration, Timestamp};
use schoolgate_model::Clock;
use std::sync::{Arc, Mutex, PoisonError};

/// A clock that a test sets and moves. Copies made with `clone` show the same time.
#[derive(Debug, Clone)]
pub struct TestClock {
    now: Arc<Mutex<Timestamp>>,
}

impl TestClock {
    /// Starts the clock at an instant.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self {
            now: Arc::new(Mutex::new(start)),
        }
    }

    /// Starts the clock at an instant written as RFC 3339, e.g. `2026-11-20T08:00:00Z`.
    ///
    /// # Panics
    /// When the text is not an instant: the test itself is wrong.
    #[must_use]
    #[expect(clippy::panic, reason = "a wrong instant is a mistake in the test")]
    pub fn at(instant: &str) -> Self {
        match instant.parse() {
            Ok(start) => Self::new(start),
            Err(error) => panic!("{instant} is not an instant: {error}"),
        }
    }

    /// Moves the clock forward (or back, with a negative length) and returns the new time.
    ///
    /// # Panics
    /// When the new time is outside what the calendar can say.
    #[expect(
        clippy::panic,
        reason = "leaving the calendar is a mistake in the test"
    )]
    pub fn advance(&self, by: SignedDuration) -> Timestamp {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        match now.checked_add(by) {
            Ok(later) => *now = later,
            Err(error) => panic!("{now} cannot move by {by}: {error}"),
        }
        *now
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_only_when_told_and_copies_move_with_it() {
        let clock = TestClock::at("2026-11-20T08:00:00Z");
        let copy = clock.clone();
        assert_eq!(copy.now().to_string(), "2026-11-20T08:00:00Z");
        clock.advance(SignedDuration::from_hours(24));
        assert_eq!(copy.now().to_string(), "2026-11-21T08:00:00Z");
        copy.set(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
    }

    #[test]
    #[should_panic(expected = "is not an instant")]
    fn a_wrong_instant_is_named() {
        let _ = TestClock::at("tomorrow");
    }
}
