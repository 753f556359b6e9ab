//! Takes the stored files of removed pictures away: right after the removal where somebody asks, and again in a sweep,
//! which does what a crash has cut short and what was still on its way.

use std::{collections::BTreeSet, io, sync::Arc, time::Duration};

use anyhow::anyhow;
use schoolgate_darkroom::{MediaRoot, MediaStore};
use schoolgate_model::{Clock, MediaSource, wire::parse_submission};
use schoolgate_store::{Store, Tombstone};
use tokio::{sync::watch, time::MissedTickBehavior};

/// How often the sweep looks.
const EVERY: Duration = Duration::from_secs(60);
/// The largest original that is looked at, bytes: no larger one was ever read.
const MAX_ORIGINAL: u64 = 256 * 1024 * 1024;
/// How many removals one look takes up.
const AT_ONCE: u32 = 200;

/// Where the files of pictures are.
#[derive(Debug, Clone)]
pub struct Places {
    /// The clean copies.
    pub media: MediaStore,
    /// The folder that items name pictures in.
    pub root: MediaRoot,
}

/// Removes the stored copies with these hashes, as far as no other school needs them, and the files below the media root
/// from which items took them. The record is already written: what fails here the sweep does again.
///
/// # Errors
/// The store's or the disk's fault; the rest was tried all the same.
pub async fn remove_files(
    store: &Store,
    places: &Places,
    school: &str,
    hashes: &[String],
) -> anyhow::Result<()> {
    let mut fault = remove_originals(store, &places.root, school, hashes)
        .await
        .err();
    for hash in hashes {
        fault = fault.or(remove_file(store, &places.media, school, hash).await.err());
    }
    fault.map_or(Ok(()), Err)
}

/// Only a file that still has the removed bytes goes: another picture may have taken its name.
async fn remove_originals(
    store: &Store,
    root: &MediaRoot,
    school: &str,
    hashes: &[String],
) -> anyhow::Result<()> {
    let items = store.items_showing(school, hashes).await?;
    let media = items
        .iter()
        .filter_map(|item| parse_submission(&item.body).ok());
    let paths: BTreeSet<String> = media
        .flat_map(|submission| submission.content.media)
        .filter_map(|medium| match medium.source {
            MediaSource::Path(path) => Some(path),
            _ => None,
        })
        .collect();
    let (root, hashes) = (root.clone(), hashes.to_vec());
    let removing = tokio::task::spawn_blocking(move || {
        let remove = |path: &String| root.remove(path, &hashes, MAX_ORIGINAL).err();
        // every path is tried, whatever becomes of the others
        paths.iter().filter_map(remove).collect::<Vec<_>>().pop()
    });
    match removing.await? {
        None => Ok(()),
        Some(fault) => Err(anyhow!(
            "an original could not be removed: {}",
            fault.describe()
        )),
    }
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
    places: Places,
    clock: Arc<dyn Clock>,
}

impl Remover {
    /// Puts the parts together.
    pub fn new(store: Store, places: Places, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            places,
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
        let (school, hash) = (&removal.school, &removal.sha256);
        remove_file(&self.store, &self.places.media, school, hash).await?;
        let hashes = std::slice::from_ref(hash);
        let originals = remove_originals(&self.store, &self.places.root, school, hashes);
        if let Err(error) = originals.await {
            // a folder that only its owner may change; whoever asked for the removal has been told
            tracing::warn!(error = %error, "the original of a removed picture may still be there");
        }
        Ok(self.store.swept(removal, self.clock.now()).await?)
    }
}
