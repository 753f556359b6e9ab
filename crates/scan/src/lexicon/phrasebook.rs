//! Looking up words and phrases word by word: which literals of a list stand in a text.
//!
//! Most literals begin where a word begins, so a table by hash answers for each word; those that only end where a word
//! ends have another one, read backwards. The few others (stems inside words) are left to an automaton.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::literals::Literal;
use crate::hashing::{ByHash, EMPTY, Row, Sieve, Table, fnv};

/// Longest literal that is looked up by hash, in bytes: so far is read from each word, and no further.
const LONGEST: usize = 64;

/// The automaton of so few literals may take the memory that makes it fast.
const MOST_IN_A_TABLE: usize = 1_000;

/// What the bytes so far are.
#[derive(Clone, Copy, Default)]
struct Entry {
    key: u64,
    /// One more than the literal that ends here at the end of a word; 0 = none.
    whole: u32,
    /// One more than the literal that ends here wherever the word goes on; 0 = none. The highest bit says that a longer
    /// literal goes on with the next word.
    start: u32,
}

/// A longer literal goes on with the next word.
const GOES_ON: u32 = 1 << 31;

impl Row for Entry {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

impl Entry {
    const fn whole(self) -> Option<u32> {
        self.whole.checked_sub(1)
    }

    const fn start(self) -> Option<u32> {
        (self.start & !GOES_ON).checked_sub(1)
    }

    const fn goes_on(self) -> bool {
        self.start & GOES_ON != 0
    }
}

/// Entries by the hash of their bytes.
struct Entries {
    table: Table<Entry>,
    sieve: Sieve,
    /// Those of literals that end wherever the word goes on: far fewer.
    stems: Sieve,
}

impl Entries {
    fn of(entries: ByHash<Entry>) -> Self {
        let stems = || entries.iter().filter(|(_, entry)| entry.start().is_some());
        let mut sieves = (
            Sieve::with_room_for(entries.len()),
            Sieve::with_room_for(stems().count()),
        );
        entries.keys().for_each(|hash| sieves.0.add(*hash));
        stems().for_each(|(hash, _)| sieves.1.add(*hash));
        Self {
            table: Table::of(entries),
            sieve: sieves.0,
            stems: sieves.1,
        }
    }

    /// What the bytes so far are, where the word ends with them.
    fn of_whole(&self, hash: u64) -> Option<Entry> {
        if !self.sieve.may_have(hash) {
            return None;
        }
        self.table.get(hash).copied()
    }

    /// The literal that the bytes so far are, where the word goes on.
    fn of_stem(&self, hash: u64) -> Option<u32> {
        if !self.stems.may_have(hash) {
            return None;
        }
        self.table.get(hash)?.start()
    }
}

/// A list of literals, ready to look for.
pub(crate) struct Phrasebook {
    forwards: Entries,
    backwards: Entries,
    literals: Vec<Literal>,
    has_backwards: bool,
    rest: Option<AhoCorasick>,
    /// Whether the automaton looks for something that a text of plain letters can have.
    rest_in_ascii: bool,
    /// The literals of the automaton.
    rest_numbers: Vec<u32>,
}

impl Phrasebook {
    /// Builds the tables; `None` where the words take too much memory together.
    pub(crate) fn new(literals: Vec<Literal>) -> Option<Self> {
        let mut forwards = ByHash::default();
        let mut backwards = ByHash::default();
        let mut rest = Vec::new();
        let mut rest_numbers = Vec::new();
        for (number, literal) in (0_u32..).zip(&literals) {
            let bytes = literal.bytes.iter().copied();
            let entered = match (literal.starts, literal.ends) {
                (true, ends) => enter(&mut forwards, number, bytes, ends),
                (false, true) => enter(&mut backwards, number, bytes.rev(), false),
                (false, false) => false,
            };
            if !entered {
                rest_numbers.push(number);
                rest.push(&literal.bytes);
            }
        }
        let rest_in_ascii = rest.iter().any(|bytes| bytes.is_ascii());
        let automaton = if rest.is_empty() {
            None
        } else {
            let few = rest.len() <= MOST_IN_A_TABLE;
            let kind = few.then_some(AhoCorasickKind::DFA);
            Some(AhoCorasick::builder().kind(kind).build(&rest).ok()?)
        };
        Some(Self {
            has_backwards: !backwards.is_empty(),
            forwards: Entries::of(forwards),
            backwards: Entries::of(backwards),
            rest: automaton,
            rest_in_ascii,
            rest_numbers,
            literals,
        })
    }

    /// Calls `found` for every place of every literal, and where the hash of other words is the same: ask [`Self::is`]
    /// where that matters.
    pub(crate) fn find(&self, text: &[u8], found: impl FnMut(u32, Range<usize>)) {
        self.find_where(text, in_word, found);
    }

    /// The same where other bytes are those of words.
    pub(crate) fn find_where(
        &self,
        text: &[u8],
        in_word: impl Fn(u8) -> bool + Copy,
        mut found: impl FnMut(u32, Range<usize>),
    ) {
        let mut before = b' ';
        for (at, byte) in text.iter().enumerate() {
            let starts = !in_word(before) && *byte != b' ' && !is_continuation(*byte);
            if starts {
                self.find_from(text, at, in_word, &mut found);
            }
            let ends = !in_word(*byte) && before != b' ' && !is_continuation(*byte);
            if ends && self.has_backwards {
                self.find_before(text, at, &mut found);
            }
            before = *byte;
        }
        if self.has_backwards && before != b' ' {
            self.find_before(text, text.len(), &mut found);
        }
        let Some(rest) = &self.rest else {
            return;
        };
        if !self.rest_in_ascii && text.is_ascii() {
            return;
        }
        for place in rest.find_overlapping_iter(text) {
            let number = self.rest_numbers[place.pattern().as_usize()];
            let literal = &self.literals[number as usize];
            let before = place.start().checked_sub(1).map(|at| text[at]);
            let after = text.get(place.end()).copied();
            if !(literal.starts && before.is_some_and(in_word)
                || literal.ends && after.is_some_and(in_word))
            {
                found(number, place.range());
            }
        }
    }

    /// The literals that start with the word at `start`.
    fn find_from(
        &self,
        text: &[u8],
        start: usize,
        in_word: impl Fn(u8) -> bool + Copy,
        found: &mut impl FnMut(u32, Range<usize>),
    ) {
        let mut hash = EMPTY;
        let mut entry = None;
        let end = text.len().min(start + LONGEST);
        for at in start..end {
            if text[at] == b' ' && !entry.is_some_and(Entry::goes_on) {
                return;
            }
            hash = fnv(hash, text[at]);
            if text.get(at + 1).copied().is_some_and(in_word) {
                if let Some(number) = self.forwards.of_stem(hash) {
                    found(number, start..at + 1);
                }
                continue;
            }
            entry = self.forwards.of_whole(hash);
            let Some(entry) = entry else {
                continue;
            };
            if let Some(number) = entry.start() {
                found(number, start..at + 1);
            }
            if let Some(number) = entry.whole() {
                found(number, start..at + 1);
            }
        }
    }

    /// The literals that end with the word at `end`.
    fn find_before(&self, text: &[u8], end: usize, found: &mut impl FnMut(u32, Range<usize>)) {
        let mut hash = EMPTY;
        let mut entry = None;
        for at in (end.saturating_sub(LONGEST)..end).rev() {
            if text[at] == b' ' && !entry.is_some_and(Entry::goes_on) {
                return;
            }
            hash = fnv(hash, text[at]);
            entry = self.backwards.of_whole(hash);
            if let Some(number) = entry.and_then(Entry::start) {
                found(number, at..end);
            }
        }
    }

    /// Whether the literal is these words. A hash is not the word: whoever wants two words to share one can make them.
    pub(crate) fn is(&self, number: u32, words: &[u8]) -> bool {
        let literal = self.literals.get(number as usize);
        literal.is_some_and(|literal| literal.bytes == words)
    }
}

/// Enters a literal that starts with a word, and ends with one where `whole`; says whether there was room.
fn enter(
    entries: &mut ByHash<Entry>,
    number: u32,
    bytes: impl Iterator<Item = u8> + Clone,
    whole: bool,
) -> bool {
    // no word is empty
    let spaced = bytes.clone().chain([b' ']).try_fold(b' ', |before, byte| {
        (before != b' ' || byte != b' ').then_some(byte)
    });
    if bytes.clone().count() > LONGEST || spaced.is_none() {
        return false;
    }
    let mut hash = EMPTY;
    for byte in bytes {
        if byte == b' ' {
            entries.entry(hash).or_default().start |= GOES_ON;
        }
        hash = fnv(hash, byte);
    }
    let entry = entries.entry(hash).or_default();
    // two literals with one hash: the second one is left to the automaton
    if whole && entry.whole == 0 {
        entry.whole = number + 1;
        return true;
    }
    let free = !whole && entry.start().is_none();
    if free {
        entry.start |= number + 1;
    }
    free
}

/// What a pattern's word boundary takes for a letter.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A later byte of a character of another alphabet.
const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_every_literal_is_found() {
        let literal = |written: &str| Literal {
            starts: written.starts_with('|'),
            ends: written.ends_with('|'),
            bytes: written.trim_matches('|').as_bytes().to_vec(),
        };
        let list = [
            "|stab|",
            "|stab",
            "|stab you|",
            "|stab you all",
            "team|",
            "🔪",
            "ab",
        ];
        let book = Phrasebook::new(list.map(literal).to_vec()).unwrap();
        let places = |text: &str| {
            let mut places = Vec::new();
            book.find(text.as_bytes(), |number, place| {
                places.push((list[number as usize], place.start));
            });
            places.sort_unstable();
            places
        };
        assert_eq!(
            places("stab you allx"),
            [
                ("ab", 2),
                ("|stab", 0),
                ("|stab you all", 0),
                ("|stab you|", 0),
                ("|stab|", 0)
            ]
        );
        assert_eq!(places("stabs"), [("ab", 2), ("|stab", 0)]);
        assert_eq!(places("xteam 🔪s teams"), [("team|", 1), ("🔪", 6)]);
        assert_eq!(places("éstab"), [("ab", 4), ("|stab", 2), ("|stab|", 2)]);
    }
}
