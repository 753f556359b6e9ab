//! The register compiled for matching: an index from written form to the names it could be, and from names to pupils.
//! Reading text against it happens elsewhere.
//!
//! A name that many pupils share is kept once, pupils are numbers, and every list is sorted: a million pupils fit into
//! memory, and what a look-up costs does not depend on their number.

use std::collections::{HashMap, HashSet};

use schoolgate_model::{Pupil, PupilId, PupilRefs, Redacted, Staff};
use thiserror::Error;

use super::{
    alike,
    classes::{ClassBook, Group},
    forms::{self, Quality},
    register::Register,
    sounds,
    tables::{QuickBuild, Table, hash, hash_bytes, mix},
};
use crate::hashing::Sieve;

/// Why a register cannot be used. Everything is held until it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RosterFault {
    /// There is no pupil in it.
    #[error("the pupil register is empty")]
    Empty,
    /// No pupil in it has a name.
    #[error("the pupil register has no names")]
    Nameless,
}

/// Which part of a name a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Role {
    Given,
    Family,
}

/// One meaning of a written form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) breaks: u64,
    pub(super) name: u32,
    pub(super) role: Role,
    pub(super) quality: Quality,
}

/// A name that a form could be, and how close it is.
pub(super) type Named = (u32, Quality);

/// The most pupils of one name that are looked at; a finding lists fewer. They are the strictest ones.
const MOST: usize = 24;

/// Pupils that some words could mean, strictest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Each pupil once, with the closest form.
    pub(super) list: Vec<(u32, Quality)>,
    /// How many there are beyond those.
    pub(super) more: u32,
}

impl Known {
    fn gather<'t>(lists: impl Iterator<Item = (&'t [u32], Quality)>) -> Self {
        let mut known = Self::default();
        for (pupils, quality) in lists {
            let listed = pupils.iter().take(MOST);
            known.list.extend(listed.map(|pupil| (*pupil, quality)));
            known.more += u32::try_from(pupils.len().saturating_sub(MOST)).unwrap_or(u32::MAX);
        }
        known.list.sort_unstable();
        known.list.dedup_by_key(|(pupil, _)| *pupil);
        known
    }

    /// The pupils alone.
    pub(super) fn pupils(&self) -> Vec<u32> {
        self.list.iter().map(|(pupil, _)| *pupil).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The compiled register of one school. Immutable; built once and shared.
pub struct Roster {
    pub(super) register: Register,
    /// The written forms, one after the other, and where each ends.
    texts: String,
    text_ends: Vec<u32>,
    meanings: Vec<Meaning>,
    /// Where the meanings of each form end.
    meaning_ends: Vec<u32>,
    /// Words to forms.
    index: Table,
    /// What stands before the first break of a form.
    openings: Table,
    /// Wide skeletons to forms.
    alike: Table,
    /// Forms of four letters or more, and what is left of them without one letter, to the forms.
    worn: Table,
    /// How the forms sound, to the forms.
    sounds: Table,
    pub(super) classes: ClassBook,
    pub(super) staff: StaffBook,
}

/// Staff names by folded family name.
#[derive(Default)]
pub(super) struct StaffBook {
    /// Family key to the given names that go with it.
    pub(super) families: HashMap<String, Vec<String>, QuickBuild>,
    /// Given names of staff.
    pub(super) givens: HashSet<String, QuickBuild>,
    /// What the family keys begin with.
    begins: Sieve,
}

impl StaffBook {
    /// Whether a family key may begin with the word that has this key; no is certain.
    pub(super) fn may_begin(&self, hash: u64) -> bool {
        self.begins.may_have(hash)
    }
}

impl std::fmt::Debug for Roster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Roster")
            .field("pupils", &self.pupil_count())
            .finish_non_exhaustive()
    }
}

/// One written form with one of its meanings, while the index is built.
pub(super) struct Row {
    pub(super) key: String,
    pub(super) meaning: Meaning,
}

impl Roster {
    /// Compiles a register. `extra_classes` are class names beyond those of the register.
    ///
    /// # Errors
    /// A register without pupils or without names is a fault: nothing could be recognised (contract, section 1).
    pub fn build(
        pupils: &[Pupil],
        staff: &[Staff],
        extra_classes: &[String],
    ) -> Result<Self, RosterFault> {
        if pupils.is_empty() {
            return Err(RosterFault::Empty);
        }
        let classes = ClassBook::build(pupils, extra_classes);
        let (register, rows) = Register::build(pupils, &classes);
        if rows.is_empty() {
            return Err(RosterFault::Nameless);
        }
        let mut roster = Self {
            register,
            texts: String::new(),
            text_ends: Vec::new(),
            meanings: Vec::with_capacity(rows.len()),
            meaning_ends: Vec::new(),
            index: Table::default(),
            openings: Table::default(),
            alike: Table::default(),
            worn: Table::default(),
            sounds: Table::default(),
            classes,
            staff: staff_book(staff),
        };
        roster.file(rows);
        Ok(roster)
    }

    fn file(&mut self, mut rows: Vec<Row>) {
        rows.sort_by(|a, b| {
            let closeness = |row: &Row| (row.meaning.role, row.meaning.quality, row.meaning.name);
            a.key
                .cmp(&b.key)
                .then_with(|| closeness(a).cmp(&closeness(b)))
        });
        let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (mut index, mut alike, mut worn) = (Vec::new(), Vec::new(), Vec::new());
        let (mut openings, mut sounds) = (Vec::new(), Vec::new());
        for forms in rows.chunk_by(|a, b| a.key == b.key) {
            let Some(key) = forms.first().map(|row| row.key.as_str()) else {
                continue;
            };
            let number = end(self.text_ends.len());
            index.push((hash(key), number));
            let breaks = forms.iter().map(|row| row.meaning.breaks);
            let first = breaks
                .filter(|breaks| *breaks != 0)
                .map(u64::trailing_zeros);
            openings.extend(first.filter_map(|at| Some((hash(key.get(..at as usize)?), 0))));
            if key.len() >= 3 {
                alike.push((alike::wide_hash(key), number));
            }
            let spelled = forms
                .iter()
                .any(|row| row.meaning.quality <= Quality::Spelling);
            if spelled && key.len() >= SHORTEST_WORN {
                worn.push((hash(key), number));
                worn.extend(deletions(key).map(|left| (left, number)));
                worn.push((bare_key(key), number));
            }
            let own = forms.iter().any(|row| row.meaning.quality == Quality::Own);
            let sound = sounds::sound(key);
            if own && !sound.is_empty() {
                sounds.push((hash_bytes(&sound), number));
            }
            self.texts.push_str(key);
            self.text_ends.push(end(self.texts.len()));
            self.meanings.extend(forms.iter().map(|row| row.meaning));
            self.meaning_ends.push(end(self.meanings.len()));
        }
        self.index = Table::build(index);
        self.openings = Table::build(openings);
        self.alike = Table::build(alike);
        self.worn = Table::build(worn);
        self.sounds = Table::build(sounds);
        self.texts.shrink_to_fit();
        self.text_ends.shrink_to_fit();
        self.meaning_ends.shrink_to_fit();
        self.meanings.shrink_to_fit();
    }

    /// How many pupils the register has.
    pub fn pupil_count(&self) -> usize {
        self.register.len()
    }

    fn text(&self, form: u32) -> &str {
        let at = form as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.text_ends[before]);
        self.texts
            .get(start as usize..self.text_ends[at] as usize)
            .unwrap_or_default()
    }

    fn meanings_of(&self, form: u32) -> &[Meaning] {
        let at = form as usize;
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.meaning_ends[before]);
        &self.meanings[start as usize..self.meaning_ends[at] as usize]
    }

    /// Whether the word may be a name; no is certain.
    pub(super) fn may_know(&self, word: &str) -> bool {
        self.index.may_have(hash(word))
    }

    /// What a written form could mean.
    pub(super) fn meanings(&self, key: &str) -> &[Meaning] {
        self.index
            .get(hash(key))
            .iter()
            .find(|form| self.text(**form) == key)
            .map_or(&[], |form| self.meanings_of(*form))
    }

    /// The same of a word with this key.
    pub(super) fn may_know_hash(&self, hash: u64) -> bool {
        self.index.may_have(hash)
    }

    /// Whether a form of several words begins with the word that has this key.
    pub(super) fn opens(&self, hash: u64) -> bool {
        !self.openings.get(hash).is_empty()
    }

    /// The names of one role that a written form could be, no further away than `worst`.
    pub(super) fn named(&self, key: &str, role: Role, worst: Quality) -> Vec<Named> {
        self.meanings(key)
            .iter()
            .filter(|m| m.role == role && m.quality <= worst)
            .map(|m| (m.name, m.quality))
            .collect()
    }

    /// The written forms that look like `word`; longer than two letters.
    pub(super) fn alike<'r>(&'r self, word: &str) -> impl Iterator<Item = &'r str> + use<'r> {
        let forms = self.alike.get(alike::wide_hash(word));
        forms.iter().map(|form| self.text(*form))
    }

    /// The written forms that sound like `word`, and the word is none of them; `sound` is room to work in.
    pub(super) fn heard<'r, 's>(
        &'r self,
        word: &str,
        sound: &'s mut Vec<u8>,
    ) -> impl Iterator<Item = &'r str> + use<'r, 's> {
        sounds::sound_into(word, sound);
        let forms: &[u32] = if sound.is_empty() {
            &[]
        } else {
            self.sounds.get(hash_bytes(sound))
        };
        forms
            .iter()
            .take(MOST_NEAR)
            .map(|form| self.text(*form))
            .filter(move |form| sounds::sound(form) == *sound)
    }

    /// The names that have a spelling one slip away from `word`, with that spelling.
    pub(super) fn near<'r>(&'r self, word: &str, role: Role) -> Vec<(u32, &'r str)> {
        let mut forms: Vec<u32> = Vec::new();
        for key in deletions(word).chain([hash(word), bare_key(word)]) {
            forms.extend(self.worn.get(key).iter().take(MOST_NEAR));
        }
        forms.sort_unstable();
        forms.dedup();
        let slip = |form: &u32| {
            let text = self.text(*form);
            text != word && strsim::osa_distance(text, word) == 1
                || sounds::without_vowels(text, word)
        };
        forms
            .into_iter()
            .filter(slip)
            .flat_map(|form| {
                self.meanings_of(form)
                    .iter()
                    .filter(|m| m.role == role && m.quality <= Quality::Spelling)
                    .map(move |m| (m.name, self.text(form)))
            })
            .take(MOST_NEAR)
            .collect()
    }

    /// The pupils that have a given and a family name of these, with the closeness of the family name.
    pub(super) fn common(&self, given: &[Named], family: &[Named]) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        for (one, given) in given {
            for (other, family) in family {
                let pupils = self.register.pairs.get(mix((*one).into(), (*other).into()));
                pairs.extend(pupils.iter().take(MOST).map(|pupil| Pair {
                    pupil: *pupil,
                    quality: *given.max(family),
                    family: *family,
                }));
            }
        }
        pairs.sort_unstable_by_key(|pair| (pair.pupil, pair.quality, pair.family));
        pairs.dedup_by(|a, b| {
            b.family = b.family.min(a.family);
            a.pupil == b.pupil
        });
        pairs
    }

    /// How many pupils have these two names, where they are more than were looked at.
    pub(super) fn beyond(&self, given: &[Named], family: &[Named]) -> u32 {
        let mut more = 0;
        for (one, quality) in given {
            for (other, _) in family
                .iter()
                .filter(|(_, q)| (*q).max(*quality) < Quality::Piece)
            {
                let pupils = self.register.pairs.get(mix((*one).into(), (*other).into()));
                more += pupils.len().saturating_sub(MOST);
            }
        }
        u32::try_from(more).unwrap_or(u32::MAX)
    }

    /// The pupils that bear one of the names.
    pub(super) fn bearers(&self, names: &[Named]) -> Known {
        Known::gather(
            names
                .iter()
                .map(|(name, quality)| (self.register.bearers.get((*name).into()), *quality)),
        )
    }

    /// Whether a pupil who may not be published bears one of the names.
    pub(super) fn is_hidden_name(&self, names: &[Named]) -> bool {
        names.iter().any(|(name, _)| {
            let bearers = self.register.bearers.get((*name).into());
            bearers.first().is_some_and(|pupil| self.is_hidden(*pupil))
        })
    }

    /// The bearers of the names that belong to one of the groups, or could.
    pub(super) fn bearers_in(&self, names: &[Named], groups: &[Group]) -> Known {
        let subjects = names
            .iter()
            .map(|(name, quality)| ((*name).into(), *quality));
        self.subjects_in(subjects, groups)
    }

    /// The pupils with these initials that belong to one of the groups, or could.
    pub(super) fn initials_in(&self, initials: &str, groups: &[Group]) -> Known {
        let subject = super::register::initials_subject(initials);
        self.subjects_in(std::iter::once((subject, Quality::Own)), groups)
    }

    fn subjects_in(
        &self,
        subjects: impl Iterator<Item = (u64, Quality)>,
        groups: &[Group],
    ) -> Known {
        let lists = subjects.flat_map(|(subject, quality)| {
            groups.iter().flat_map(move |group| {
                self.register
                    .in_group(subject, group, &self.classes)
                    .map(move |pupils| (pupils, quality))
            })
        });
        Known::gather(lists)
    }

    /// The bearers of the names whose other name begins with the letter.
    pub(super) fn with_letter(&self, names: &[Named], letter: char) -> Known {
        Known::gather(names.iter().map(|(name, quality)| {
            let key = super::register::letter_key(*name, letter);
            (self.register.letters.get(key), *quality)
        }))
    }

    /// The bearers of the names who have no other name.
    pub(super) fn single(&self, names: &[Named]) -> Known {
        Known::gather(
            names
                .iter()
                .map(|(name, quality)| (self.register.singles.get((*name).into()), *quality)),
        )
    }

    /// Whether a bearer of the names has `word` as a middle name or as another given name.
    pub(super) fn has_beside(&self, names: &[Named], word: &str) -> bool {
        names.iter().any(|(name, _)| {
            let key = mix(u64::from(*name), hash(word));
            !self.register.beside.get(key).is_empty()
        })
    }

    /// The written forms of the pupil's names of one role, no further away than a spelling.
    pub(super) fn spellings(&self, pupil: u32, role: Role) -> impl Iterator<Item = &str> {
        self.register
            .names_of(pupil)
            .filter(move |name| self.register.role(*name) == role)
            .flat_map(|name| self.register.spelt(name))
            .map(String::as_str)
    }

    /// The pupil's names of one role as the register writes them, the legal one first.
    pub(super) fn own_names(&self, pupil: u32, role: Role) -> impl Iterator<Item = &str> {
        self.register
            .names_of(pupil)
            .filter(move |name| self.register.role(*name) == role)
            .filter_map(|name| self.register.spelt(name).first())
            .map(String::as_str)
    }

    /// Whether nothing of the pupil may be published.
    pub(super) fn is_hidden(&self, pupil: u32) -> bool {
        self.register.is_hidden(pupil)
    }

    /// The pupils as a finding carries them: strictest first, then in the order of the register.
    pub(super) fn refs(&self, pupils: &[u32], more: u32) -> PupilRefs {
        let mut order = pupils.to_vec();
        order.sort_unstable();
        order.dedup();
        let listed = u32::try_from(order.len()).unwrap_or(u32::MAX);
        PupilRefs {
            count: listed.saturating_add(more),
            ids: order
                .iter()
                .take(PupilRefs::MAX)
                .map(|pupil| PupilId::from(self.register.id(*pupil)))
                .collect(),
        }
    }
}

/// A pupil that two names have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) pupil: u32,
    /// The weaker of the two forms.
    pub(super) quality: Quality,
    pub(super) family: Quality,
}

/// Shorter names are not looked for with a slip.
const SHORTEST_WORN: usize = 4;

/// The most names that one slip is allowed to lead to.
const MOST_NEAR: usize = 48;

/// The key of a word without its vowels, apart from the keys of whole words.
fn bare_key(word: &str) -> u64 {
    mix(hash(&sounds::bare(word)), 1)
}

/// The keys of every word that is `word` with one letter taken away.
fn deletions(word: &str) -> impl Iterator<Item = u64> + '_ {
    let mut shorter = String::with_capacity(word.len());
    word.char_indices().map(move |(at, c)| {
        shorter.clear();
        shorter.push_str(&word[..at]);
        shorter.push_str(&word[at + c.len_utf8()..]);
        hash(&shorter)
    })
}

pub(super) fn exposed(name: Option<&Redacted<String>>) -> Option<&str> {
    name.map(|name| name.expose().as_str())
}

fn staff_book(staff: &[Staff]) -> StaffBook {
    let mut book = StaffBook::default();
    for person in staff {
        let given = exposed(person.given.as_ref()).map(forms::parts);
        let given = given.unwrap_or_default().concat();
        let family = exposed(person.family.as_ref()).unwrap_or_default();
        for form in forms::family_forms(family) {
            let givens = book.families.entry(form.key).or_default();
            if !given.is_empty() {
                givens.push(given.clone());
                givens.extend(super::lists::shorts(&given).iter().cloned());
            }
        }
        if !given.is_empty() {
            book.givens.insert(given);
        }
    }
    let letters = book.families.keys().map(String::len).sum();
    book.begins = Sieve::with_room_for(letters);
    for key in book.families.keys() {
        let ends = key.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.for_each(|end| book.begins.add(hash(&key[..end])));
    }
    book
}
