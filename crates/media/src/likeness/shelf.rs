//! The known pictures, and which of them a picture shows again.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
};

use super::{
    Fingerprint, Likeness,
    catalogue::Catalogue,
    index::Fingerprints,
    marks::{MOST, Mark},
    pattern::{FORMS, Form},
    proof::{ENOUGH, Proof, View, in_form, prove, whole},
    votes::Votes,
};

/// Below this quality a fingerprint says little.
const TELLING: u8 = 50;
/// Fingerprints that differ in more bits need the support of the marks. Chance and a common print bring pictures so near,
/// and so does the filter of the algorithm with a mirrored copy.
const SURE: u32 = 16;
/// Of a picture that is turned over or lies on its side, only one in so many marks is looked up.
const SELDOM: usize = 3;

/// The known pictures. Adding and removing works at once.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    places: BTreeMap<[u8; 32], u32>,
    /// By number; `None` once taken away.
    known: Vec<Option<Known>>,
    prints: Fingerprints,
    pub(super) catalogue: Catalogue,
    /// Marks in the catalogue whose picture was taken away.
    gone: usize,
}

#[derive(Debug, Clone)]
struct Known {
    key: [u8; 32],
    fingerprint: Fingerprint,
    quality: u8,
    size: (f32, f32),
    marks: Range<usize>,
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
    /// How many of its marks were found again; 0 where only the fingerprint decided.
    pub marks: usize,
}

impl Shelf {
    /// An empty shelf.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a known picture, or replaces the one with the same key.
    pub fn put(&mut self, key: [u8; 32], likeness: &Likeness) {
        self.remove(&key);
        let known = Known {
            key,
            fingerprint: likeness.fingerprint(),
            quality: likeness.quality(),
            size: likeness.size(),
            marks: 0..0,
        };
        self.add(known, &likeness.marks);
    }

    /// Takes a known picture away; whether it was there.
    pub fn remove(&mut self, key: &[u8; 32]) -> bool {
        let Some(number) = self.places.remove(key) else {
            return false;
        };
        self.prints.remove(number);
        if let Some(known) = self.known.get_mut(number as usize).and_then(Option::take) {
            self.gone += known.marks.len();
        }
        if self.gone > MOST.max(self.catalogue.len() / 2) {
            self.tidy();
        }
        true
    }

    /// Builds everything anew without what was taken away.
    fn tidy(&mut self) {
        let old = std::mem::take(self);
        for known in old.known.into_iter().flatten() {
            let marks = old.catalogue.marks(known.marks.clone());
            self.add(known, marks);
        }
    }

    fn add(&mut self, mut known: Known, marks: &[Mark]) {
        let number = self.prints.push(known.fingerprint);
        known.marks = self.catalogue.add(number, marks);
        self.places.insert(known.key, number);
        self.known.push(Some(known));
    }

    /// How many pictures are known.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The known pictures that this one shows again, the surest first.
    pub fn find(&self, likeness: &Likeness) -> Vec<Sighting> {
        let forms = FORMS.map(|form| in_form(&likeness.marks, form));
        let views = views(likeness, &forms);
        let mut found: BTreeMap<u32, Sighting> = BTreeMap::new();
        for (number, distance) in self.alike(likeness) {
            if distance > SURE && !self.supported(number, &views) {
                continue;
            }
            if let Some(key) = self.key(number) {
                found.insert(
                    number,
                    Sighting {
                        key,
                        distance: Some(distance),
                        share: 1.0,
                        marks: 0,
                    },
                );
            }
        }
        for (number, proof) in self.shown(&forms, &views) {
            match found.entry(number) {
                Entry::Occupied(mut entry) => entry.get_mut().marks = proof.marks,
                Entry::Vacant(entry) => {
                    if let Some(key) = self.key(number) {
                        entry.insert(Sighting {
                            key,
                            distance: None,
                            share: proof.share,
                            marks: proof.marks,
                        });
                    }
                }
            }
        }
        let mut found: Vec<Sighting> = found.into_values().collect();
        found.sort_by_key(|sighting| {
            (
                sighting.distance.unwrap_or(u32::MAX),
                std::cmp::Reverse(sighting.marks),
            )
        });
        found
    }

    fn known(&self, number: u32) -> Option<&Known> {
        self.known.get(number as usize)?.as_ref()
    }

    fn key(&self, number: u32) -> Option<[u8; 32]> {
        Some(self.known(number)?.key)
    }

    /// The known pictures whose fingerprint is near, with the distance.
    fn alike(&self, likeness: &Likeness) -> BTreeMap<u32, u32> {
        let mut nearest = BTreeMap::new();
        if likeness.quality() < TELLING {
            return nearest;
        }
        for form in likeness.forms() {
            self.prints.near(form, |number, distance| {
                if self
                    .known(number)
                    .is_some_and(|known| known.quality >= TELLING)
                {
                    let best = nearest.entry(number).or_insert(distance);
                    *best = distance.min(*best);
                }
            });
        }
        nearest
    }

    /// Whether the marks of the whole pictures bear out what their fingerprints say, where there are enough to tell.
    fn supported(&self, number: u32, views: &[View<'_>]) -> bool {
        let Some(known) = self.known(number) else {
            return false;
        };
        let marks = self.catalogue.marks(known.marks.clone());
        let few = |count: usize| count < ENOUGH;
        few(marks.len())
            || views
                .iter()
                .any(|view| few(view.len()) || whole(marks, known.size, view).supports())
    }

    /// The known pictures whose marks are found again, with the proof.
    fn shown(&self, forms: &[Vec<Mark>; 8], views: &[View<'_>]) -> Vec<(u32, Proof)> {
        let mut proofs: BTreeMap<u32, Proof> = BTreeMap::new();
        for ((number, form), pairs) in self.votes(forms).best() {
            let Some((known, view)) = self.known(number).zip(views.get(usize::from(form))) else {
                continue;
            };
            let marks = self.catalogue.marks(known.marks.clone());
            if let Some(proof) = prove(marks, view, &pairs) {
                let best = proofs.entry(number).or_insert(proof);
                if proof.marks > best.marks {
                    *best = proof;
                }
            }
        }
        proofs.into_iter().collect()
    }

    /// The marks of known pictures that look like those of the picture in one of its forms.
    fn votes(&self, forms: &[Vec<Mark>; 8]) -> Votes {
        let mut votes = Votes::default();
        for (form, marks) in (0_u8..).zip(forms) {
            let stride = if form < 2 { 1 } else { SELDOM };
            for (other, mark) in (0_u16..).zip(marks).step_by(stride) {
                for (owner, at, like, differing) in self.catalogue.like(&mark.bits) {
                    if let Some(known) = self.known(owner) {
                        let number = (at - known.marks.start) as u32;
                        votes.add((owner, form), (other, mark), (number, like), differing);
                    }
                }
            }
        }
        votes
    }
}

/// A picture's marks in each form, ready to be looked through.
fn views<'m>(likeness: &Likeness, forms: &'m [Vec<Mark>; 8]) -> Vec<View<'m>> {
    let (wide, high) = likeness.size();
    let view = |(form, marks): (&Form, &'m Vec<Mark>)| {
        let size = if form.swaps() {
            (high, wide)
        } else {
            (wide, high)
        };
        View::new(marks, size)
    };
    FORMS.iter().zip(forms).map(view).collect()
}
