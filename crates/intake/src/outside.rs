//! What the darkroom asks of the house: pictures by web address, which pictures a school has taken back for good, and
//! which it never shows. It knows the store and the web; the darkroom knows neither.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::tz::TimeZone;
use schoolgate_darkroom::{Asking, Fetcher, Finding, Found, Gate, Likeness, Shelf, Shelves};
use schoolgate_fetch::PictureFetcher;
use schoolgate_model::{KnownList, KnownPicture, LookFault, MediumFault, SchoolId};
use schoolgate_store::{KnownChange, NewKnown, Store, StoreError, Tombstone};
use tokio::sync::Mutex;

/// How many changes of a list are read at once.
const PAGE: u32 = 500;
/// Where people read the date of a removal.
const ZONE: &str = "Europe/London";

/// Fetches pictures from the web.
#[derive(Debug, Clone, Default)]
pub struct WebPictures(pub PictureFetcher);

impl Fetcher for WebPictures {
    fn fetch<'a>(&'a self, address: &'a str) -> Asking<'a, Vec<u8>> {
        Box::pin(self.0.fetch(address))
    }
}

/// Refuses what the store says was removed.
#[derive(Debug, Clone)]
pub struct RemovedPictures(pub Store);

impl Gate for RemovedPictures {
    fn pass<'a>(&'a self, school: &'a SchoolId, sha256: &'a str) -> Asking<'a, ()> {
        Box::pin(async move {
            match self.0.tombstone(school.as_str(), sha256).await {
                Ok(None) => Ok(()),
                Ok(Some(stone)) => Err(MediumFault::Removed(day(&stone))),
                Err(error) => {
                    tracing::warn!(error = %error, "removed pictures could not be asked for");
                    Err(MediumFault::Unreadable {
                        code: "removed_unknown".to_owned(),
                        plain: "whether this picture was removed before could not be found out"
                            .to_owned(),
                    })
                }
            }
        })
    }
}

fn day(stone: &Tombstone) -> String {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    stone.at.to_zoned(zone).strftime("%-d %B %Y").to_string()
}

/// The known pictures of the store, kept at hand. Before each use the store is asked whether a list has changed, so that
/// what somebody adds counts for the very next picture, in every process.
#[derive(Clone)]
pub struct StoredShelves {
    store: Store,
    schools: Arc<Mutex<HashMap<SchoolId, Arc<Mutex<Kept>>>>>,
}

impl fmt::Debug for StoredShelves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredShelves").finish_non_exhaustive()
    }
}

/// One school's list as of a version.
#[derive(Default)]
struct Kept {
    version: i64,
    shelf: Arc<RwLock<Shelf>>,
    listed: BTreeMap<[u8; 32], KnownList>,
    /// Those that only their own bytes are recognised by, although they had a likeness: this program cannot read it.
    unreadable: BTreeSet<[u8; 32]>,
}

impl StoredShelves {
    /// Keeps nothing yet.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            schools: Arc::default(),
        }
    }

    async fn look(&self, school: &SchoolId, sha256: &str, likeness: Option<&Likeness>) -> Found {
        let kept = Arc::clone(self.schools.lock().await.entry(school.clone()).or_default());
        let mut kept = kept.lock().await;
        if let Err(error) = self.refresh(school, &mut kept).await {
            tracing::warn!(error = %error, "the list of known pictures could not be read");
            let what = "the list of known pictures could not be read".to_owned();
            return Some(Err(LookFault::Failed(what)));
        }
        if kept.version == 0 {
            return None;
        }
        Some(kept.find(sha256, likeness).await)
    }

    async fn refresh(&self, school: &SchoolId, kept: &mut Kept) -> Result<(), StoreError> {
        let mut more = self.store.known_version(school.as_str()).await? != kept.version;
        while more {
            let news = self.store.known_since(school.as_str(), kept.version, PAGE);
            let news = news.await?;
            for change in news.changes {
                kept.take(change);
            }
            (kept.version, more) = (news.version, news.more);
        }
        Ok(())
    }
}

impl Shelves for StoredShelves {
    fn find<'a>(
        &'a self,
        school: &'a SchoolId,
        sha256: &'a str,
        likeness: Option<&'a Likeness>,
    ) -> Finding<'a> {
        Box::pin(self.look(school, sha256, likeness))
    }
}

impl Kept {
    fn take(&mut self, change: KnownChange) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        match change {
            KnownChange::Listed(known) => {
                let NewKnown {
                    sha256,
                    list,
                    likeness,
                    sketch,
                    ..
                } = known.picture;
                let Some(key) = key(&sha256) else { return };
                self.listed.insert(key, list);
                self.unreadable.remove(&key);
                match Likeness::from_bytes(&likeness) {
                    Some(likeness) => shelf.put(key, &likeness.with_sketch(&sketch)),
                    None => {
                        shelf.remove(&key);
                        if !likeness.is_empty() {
                            self.unreadable.insert(key);
                        }
                    }
                }
            }
            KnownChange::Gone { sha256 } => {
                let Some(key) = key(&sha256) else { return };
                self.listed.remove(&key);
                self.unreadable.remove(&key);
                shelf.remove(&key);
            }
        }
    }

    /// The listed pictures that this one shows again. What could not be compared is a fault, unless there is a match.
    async fn find(
        &self,
        sha256: &str,
        likeness: Option<&Likeness>,
    ) -> Result<Vec<KnownPicture>, LookFault> {
        let own = key(sha256);
        let (shelf, compared) = (Arc::clone(&self.shelf), likeness.cloned());
        let sightings = tokio::task::spawn_blocking(move || {
            let shelf = shelf.read().unwrap_or_else(PoisonError::into_inner);
            compared.map_or_else(Vec::new, |likeness| shelf.find(&likeness))
        });
        let sightings = sightings
            .await
            .map_err(|_| LookFault::Failed("the comparison stopped".to_owned()))?;
        let same = own.and_then(|own| Some((own, *self.listed.get(&own)?, None)));
        let alike = sightings.into_iter().filter_map(|sighting| {
            let list = self.listed.get(&sighting.key)?;
            (Some(sighting.key) != own).then_some((sighting.key, *list, sighting.distance))
        });
        let known: Vec<KnownPicture> = same
            .into_iter()
            .chain(alike)
            .map(|(found, list, distance)| KnownPicture {
                sha256: hex(&found),
                list,
                same_bytes: Some(found) == own,
                distance,
            })
            .collect();
        if known.is_empty() && likeness.is_none() && !self.listed.is_empty() {
            return Err(LookFault::Unopened);
        }
        if known.is_empty() && !self.unreadable.is_empty() {
            let what = "some listed pictures were prepared by another version; list them again";
            return Err(LookFault::Failed(what.to_owned()));
        }
        Ok(known)
    }
}

/// The hash as bytes.
fn key(sha256: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if sha256.len() != 64 || !sha256.is_ascii() {
        return None;
    }
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&sha256[at..at + 2], 16).ok()?;
    }
    Some(key)
}

fn hex(key: &[u8; 32]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}
