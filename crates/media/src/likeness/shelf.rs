//! The known pictures, and which of them a picture shows again.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    ops::Range,
};

use super::{
    Fingerprint, Likeness,
    align::Map,
    catalogue::Catalogue,
    index::Fingerprints,
    marks::{MOST, Mark},
    pattern::{FORMS, Form},
    pixels::{Agreement, Copies, Sketch, compare, glance},
    proof::{ENOUGH, Proof, View, in_form, is_shown, part, prove, whole},
    votes::Votes,
};

/// Below this quality a fingerprint says little.
const TELLING: u8 = 50;
/// Fingerprints that differ in more bits need the support of the marks. Chance and a common print bring pictures so near,
/// and so does the filter of the algorithm with a mirrored copy.
const SURE: u32 = 16;
/// How much of a picture a frame or a screen must show where its marks are not asked.
const MOST_OF_IT: f32 = 0.75;
/// Of a picture that is turned over or lies on its side, only one in so many marks is looked up.
const SELDOM: usize = 3;

/// The known pictures. Adding and removing works at once.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    places: BTreeMap<[u8; 32], u32>,
    /// By number; `None` once taken away.
    known: Vec<Option<Known>>,
    prints: Fingerprints,
    /// The fingerprints of what is inside known pictures, and whose they are.
    insides: Fingerprints,
    inside: Vec<u32>,
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
    sketch: Sketch,
    /// What is inside: its fingerprint's number and value, and where it is.
    inner: Option<(u32, Fingerprint, [f32; 4])>,
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
            sketch: likeness.sketch.smaller(),
            inner: likeness
                .inner
                .as_ref()
                .filter(|inner| inner.pdq.quality >= TELLING)
                .map(|inner| (0, inner.pdq.forms[0], inner.part())),
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
            if let Some((number, ..)) = known.inner {
                self.insides.remove(number);
            }
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
        if let Some((at, fingerprint, _)) = &mut known.inner {
            *at = self.insides.push(*fingerprint);
            self.inside.push(number);
        }
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
        let copies = Copies::new(&likeness.sketch, likeness.size());
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
        for (number, agreement) in self.framed(likeness, &copies) {
            if let Some(key) = self.key(number) {
                found.entry(number).or_insert(Sighting {
                    key,
                    distance: None,
                    share: agreement.visible,
                    marks: 0,
                });
            }
        }
        for (number, proof) in self.shown(&copies, &forms, &views, &found) {
            match found.entry(number) {
                Entry::Occupied(mut entry) => {
                    let sighting = entry.get_mut();
                    sighting.marks = proof.marks;
                    sighting.share = proof.share.max(sighting.share);
                }
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

    /// The known pictures that are shown in a frame, over a bar or on a screen, or that were so when they were put, and how
    /// well the pixels agree.
    fn framed(&self, likeness: &Likeness, copies: &Copies) -> Vec<(u32, Agreement)> {
        let mut near: BTreeSet<(u32, bool, usize)> = BTreeSet::new();
        for (at, (pdq, _)) in likeness.parts().enumerate() {
            for form in pdq.forms.iter().filter(|_| pdq.quality >= TELLING) {
                self.prints.near(form, |number, _| {
                    near.insert((number, false, at));
                });
                self.insides.near(form, |number, _| {
                    if let Some(number) = self.inside.get(number as usize) {
                        near.insert((*number, true, at));
                    }
                });
            }
        }
        let parts: Vec<[f32; 4]> = likeness.parts().map(|(_, part)| part).collect();
        let agreement = |(number, inside, at): (u32, bool, usize)| {
            let known = self.known(number)?;
            let from = match known.inner {
                Some((_, _, part)) if inside => part,
                _ if known.quality < TELLING => return None,
                _ => {
                    let (x, y) = (known.size.0 / 2.0, known.size.1 / 2.0);
                    [-x, -y, x, y]
                }
            };
            let small = Copies::new(&known.sketch, known.size);
            let (_, form, map) = FORMS
                .into_iter()
                .filter_map(|form| {
                    let map = Map::between(from, form.part(*parts.get(at)?))?;
                    Some((glance(&small, copies, form, &map), form, map))
                })
                .max_by(|a, b| a.0.total_cmp(&b.0))?;
            let (_, agreement) = compare(&small, copies, form, map)?;
            (agreement.holds() && agreement.visible >= MOST_OF_IT).then_some((number, agreement))
        };
        near.into_iter().filter_map(agreement).collect()
    }

    /// The known pictures whose marks are found again, with the proof.
    fn shown(
        &self,
        copies: &Copies,
        forms: &[Vec<Mark>; 8],
        views: &[View<'_>],
        sure: &BTreeMap<u32, Sighting>,
    ) -> Vec<(u32, Proof)> {
        let mut best: BTreeMap<u32, Proof> = BTreeMap::new();
        for ((number, form), pairs) in self.votes(forms).best() {
            let Some((known, view)) = self.known(number).zip(views.get(usize::from(form))) else {
                continue;
            };
            let marks = self.catalogue.marks(known.marks.clone());
            let Some((proof, map)) = prove(marks, view, &pairs) else {
                continue;
            };
            if sure.contains_key(&number) {
                best.entry(number).or_insert(proof);
                continue;
            }
            let small = Copies::new(&known.sketch, known.size);
            let is_shown = match compare(&small, copies, FORMS[usize::from(form)], map) {
                Some((map, agreement)) => {
                    let part = part(marks, view, &map, agreement.place);
                    is_shown(&proof, &part, &agreement)
                }
                // no pixels are kept of it, or too few of a long strip
                None => proof.holds(),
            };
            if !is_shown {
                continue;
            }
            let best = best.entry(number).or_insert(proof);
            if proof.marks > best.marks {
                *best = proof;
            }
        }
        best.into_iter().collect()
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
        let inner = likeness.inner.as_ref();
        let inner = inner.map(|inner| (form.part(inner.part()), f32::from(inner.finer)));
        View::new(marks, size, inner)
    };
    FORMS.iter().zip(forms).map(view).collect()
}
