//! The clock as an argument. Only `SystemClock` reads the machine's time; tests bring their own.

use jiff::Timestamp;

/// Tells the time to the roles that own a loop. Pure code takes a `Timestamp` instead.
pub trait Clock: Send + Sync {
    /// Returns the present instant, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
