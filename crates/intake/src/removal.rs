//! Takes the stored files of removed pictures away: right after the removal where somebody asks, and again in a sweep,
//! which does what a crash has cut short and what was still on its way.

use std::{io, sync::Arc, time::Duration};

use schoolgate_darkroom::MediaStore;
use schoolgate_model::Clock;
use schoolgate_store::{Store, Tombstone};
use tokio::{sync::watch, time::MissedTickBehavior};

/// How often the sweep looks.
const EVERY: Duration = Duration::from_secs(60);
/// How many removals one look takes up.
const AT_ONCE: u32 = 200;

/// Removes the stored copies with these hashes, as far as no other school needs them. The record is already written: what
/// fails here the sweep does again.
///
/// # Errors
/// The store's or the disk's fault; the rest of the hashes was tried all the same.
pub async fn remove_files(
    store: &Store,
    media: &MediaStore,
    school: &str,
    hashes: &[String],
) -> anyhow::Result<()> {
    let mut fault = None;
    for hash in hashes {
        fault = fault.or(remove_file(store, media, school, hash).await.err());
    }
    fault.map_or(Ok(()), Err)
}

async fn remove_file(
    store: &Store,
    media: &MediaStore,
    school: &str,
    hash: &str,
) -> anyhow::Result<()> {
    if store.copy_elsewhere(school, hash).await? {
        return Ok(());
    }
    let (media, hash) = (media.clone(), hash.to_owned());
    tokio::task::spawn_blocking(move || media.remove(&hash))
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the remover stopped")))?;
    Ok(())
}

/// Looks after removals for as long as a service runs.
#[derive(Clone)]
pub struct Remover {
    store: Store,
    media: MediaStore,
    clock: Arc<dyn Clock>,
}

impl Remover {
    /// Puts the parts together.
    pub fn new(store: Store, media: MediaStore, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            media,
            clock,
        }
    }

    /// Sweeps at once and then every minute, until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*stop.borrow() {
            tokio::select! {
                _ = every.tick() => self.sweep().await,
                _ = stop.changed() => {}
            }
        }
    }

    /// Takes up every removal that somebody must still look after.
    pub async fn sweep(&self) {
        match self.store.removals_to_sweep(AT_ONCE).await {
            Ok(due) => {
                for removal in due {
                    if let Err(error) = self.take_up(&removal).await {
                        tracing::error!(error = %error, "a removed picture could not be cleared away; trying again");
                    }
                }
            }
            Err(error) => {
                tracing::warn!(error = %error, "removals could not be looked up; trying again");
            }
        }
    }

    /// The file first: only what is gone may count as swept.
    async fn take_up(&self, removal: &Tombstone) -> anyhow::Result<()> {
        remove_file(&self.store, &self.media, &removal.school, &removal.sha256).await?;
        Ok(self.store.swept(removal, self.clock.now()).await?)
    }
}
