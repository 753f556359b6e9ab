//! The known pictures, and which of them a picture shows again.

use std::collections::BTreeMap;

use super::{Fingerprint, Likeness};

/// Fingerprints that differ in at most so many bits belong to one picture.
const SAME: u32 = 31;
/// Below this quality a fingerprint says little.
const TELLING: u8 = 50;

/// The known pictures. Adding and removing works at once.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    known: BTreeMap<[u8; 32], Likeness>,
}

/// A known picture that another one shows again, whole or in part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// The key the known picture was put under.
    pub key: [u8; 32],
    /// Bits of 256 in which the fingerprints differ, where they decided (in the form that fits best).
    pub distance: Option<u32>,
    /// How much of the known picture was found again, 0 to 1.
    pub share: f32,
}

impl Shelf {
    /// An empty shelf.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a known picture, or replaces the one with the same key.
    pub fn put(&mut self, key: [u8; 32], likeness: &Likeness) {
        self.known.insert(key, likeness.clone());
    }

    /// Takes a known picture away; whether it was there.
    pub fn remove(&mut self, key: &[u8; 32]) -> bool {
        self.known.remove(key).is_some()
    }

    /// How many pictures are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The known pictures that this one shows again, the surest first.
    pub fn find(&self, likeness: &Likeness) -> Vec<Sighting> {
        let mut found: Vec<Sighting> = self
            .known
            .iter()
            .filter(|(_, known)| known.quality() >= TELLING && likeness.quality() >= TELLING)
            .filter_map(|(key, known)| {
                Some(Sighting {
                    key: *key,
                    distance: Some(nearest(likeness, &known.fingerprint())?),
                    share: 1.0,
                })
            })
            .collect();
        found.sort_by_key(|sighting| sighting.distance);
        found
    }
}

fn nearest(likeness: &Likeness, known: &Fingerprint) -> Option<u32> {
    let forms = likeness.forms().iter();
    forms.filter_map(|form| form.within(known, SAME)).min()
}
