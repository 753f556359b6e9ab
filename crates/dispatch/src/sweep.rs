//! The loop that watches the response windows: what has reached a stage is recorded with its effects, once however many
//! sweep. When a stage is reached and who is told is the policy's.

use std::{sync::Arc, time::Duration};

use schoolgate_model::Clock;
use schoolgate_policy::stages_due;
use schoolgate_store::{Store, StoreError};
use tokio::sync::watch;

/// How often the windows are looked at. A stage may be noticed so much late.
const EVERY: Duration = Duration::from_secs(5);
/// Windows looked at together.
const BATCH: u32 = 200;

/// Watches the windows.
pub struct Sweep {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl Sweep {
    /// Puts the parts together.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Works until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.turn().await {
                // a pile after an outage is worked off without a pause
                Ok(found) if found >= BATCH as usize => continue,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(error = %error, "the response windows could not be looked at; trying again");
                }
            }
            let pause = tokio::time::sleep(EVERY);
            tokio::select! { () = pause => {}, _ = stop.changed() => {} }
        }
    }

    async fn turn(&self) -> Result<usize, StoreError> {
        let due = self.store.windows_due(self.clock.now(), BATCH).await?;
        for window in &due {
            let now = self.clock.now();
            let stages = stages_due(&window.running(), now);
            let recorded = self.store.record_stages(&window.item_key, &stages, now);
            let new = match recorded.await {
                Ok(new) => new,
                Err(error) if error.is_retryable() => return Err(error),
                Err(error) => {
                    // a row that cannot be understood must not keep the windows behind it from being watched
                    tracing::error!(item_key = %window.item_key, error = %error, "a response window cannot be watched");
                    continue;
                }
            };
            for stage in new {
                tracing::info!(item_key = %window.item_key, stage = stage.code(), "a response window has reached a stage");
            }
        }
        Ok(due.len())
    }
}
