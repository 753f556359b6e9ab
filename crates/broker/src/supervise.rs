//! What both supervisors share: when to try again, and how a fault is told once.

use std::time::Duration;
use tokio::sync::watch;

const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(15);

/// The pause before attempt number `attempt` (from 0): 0.5 s, 1 s, 2 s ... 15 s, shortened by up to a half, so that many
/// copies do not come back in step. The shortening is a hash of name and attempt, not a throw of dice.
pub(crate) fn pause(name: &str, attempt: u32) -> Duration {
    let whole = SHORTEST
        .saturating_mul(1_u32 << attempt.min(6))
        .min(LONGEST);
    let share = hash(name, attempt) % 512;
    whole - whole.mul_f64(f64::from(u32::try_from(share).unwrap_or(0)) / 1024.0)
}

/// FNV-1a.
fn hash(name: &str, attempt: u32) -> u64 {
    let bytes = name.bytes().chain(attempt.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A place where anybody who holds a connection can say that it is no good. The first to say so is heard.
#[derive(Debug)]
pub(crate) struct Fault(watch::Sender<Option<String>>);

impl Fault {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(crate) fn raise(&self, sentence: impl FnOnce() -> String) {
        self.0.send_if_modified(|fault| {
            let first = fault.is_none();
            if first {
                *fault = Some(sentence());
            }
            first
        });
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until somebody raises it.
    pub(crate) async fn raised(&self) -> String {
        let mut told = self.0.subscribe();
        match told.wait_for(Option::is_some).await {
            Ok(fault) => fault.clone().unwrap_or_default(),
            Err(_) => String::new(),
        }
    }
}

/// Sleeps, but not longer than until `stop` turns true. A dropped sender counts as stop.
pub(crate) async fn sleep_or_stop(pause: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = stopped(stop) => {}
    }
}

/// Waits until `stop` turns true or nobody can turn it any more.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Whether the service is stopping.
pub(crate) fn is_stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_from_a_quarter_second_to_fifteen_and_never_beyond() {
        for name in ["intake-1", "intake-2", "dispatch"] {
            for attempt in 0..200 {
                let whole = SHORTEST.saturating_mul(1 << attempt.min(6)).min(LONGEST);
                let pause = pause(name, attempt);
                assert!(
                    pause <= whole && pause >= whole / 2,
                    "{name} {attempt} {pause:?}"
                );
            }
        }
        assert!(pause("a", 100) > Duration::from_secs(7));
    }

    #[test]
    fn two_copies_do_not_come_back_in_step() {
        let apart = (0..20).filter(|n| pause("intake-1", *n) != pause("intake-2", *n));
        assert!(apart.count() > 15);
    }

    #[tokio::test]
    async fn the_first_fault_is_the_one_that_is_told() {
        let fault = Fault::new();
        assert!(!fault.is_raised());
        fault.raise(|| "first".to_owned());
        fault.raise(|| "second".to_owned());
        assert_eq!(fault.raised().await, "first");
    }
}
