//! Looking up words and phrases word by word: which literals of a list stand in a text.
//!
//! Most literals begin where a word begins, so a table by hash answers for each word; those that only end where a word
//! ends have another one, read backwards. The few others (stems inside words) are left to an automaton.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::literals::Literal;
use crate::hashing::{ByHash, EMPTY, Row, Sieve, Table, fnv, hash_part};

/// Longest literal that is looked up by hash, in bytes: so far is read from each word, and no further.
const LONGEST: usize = 64;

/// The automaton of so few literals may take the memory that makes it fast.
const MOST_IN_A_TABLE: usize = 1_000;

/// What is known of a common word beforehand.
#[derive(Clone, Copy, Default)]
struct Common {
    key: u64,
    /// One more than the number that it goes by where literals stand in it; 0 = there are none.
    inside: u32,
    next: Next,
    /// A literal of the words before may end with it.
    ends_phrase: bool,
    /// A literal that is left to the automaton across words may start with its end.
    starts_across: bool,
}

impl Row for Common {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

/// What the bytes so far are.
#[derive(Clone, Copy, Default)]
struct Entry {
    key: u64,
    /// One more than the literal that ends here at the end of a word; 0 = none.
    whole: u32,
    /// One more than the literal that ends here wherever the word goes on; 0 = none. The highest bits are [`Next`].
    start: u32,
}

/// What follows the words so far.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Next {
    /// A longer literal goes on with the next word.
    goes_on: bool,
    /// One of them ends within that word, wherever it goes on.
    ends_within: bool,
}

/// The same as bits of an entry.
const GOES_ON: u32 = 1 << 31;
const ENDS_WITHIN: u32 = 1 << 30;

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
        (self.start & !(GOES_ON | ENDS_WITHIN)).checked_sub(1)
    }

    const fn next(self) -> Next {
        Next {
            goes_on: self.start & GOES_ON != 0,
            ends_within: self.start & ENDS_WITHIN != 0,
        }
    }

    const fn goes_on(self) -> bool {
        self.next().goes_on
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
    /// The literals that no table has: those within one word, and those of several.
    inside: Rest,
    across: Rest,
    /// Common words.
    common: Table<Common>,
}

/// Literals that are left to an automaton.
struct Rest {
    automaton: Option<AhoCorasick>,
    numbers: Vec<u32>,
    /// Whether it looks for something that a text of plain letters can have.
    in_ascii: bool,
    /// Their first words.
    firsts: Vec<Vec<u8>>,
}

impl Rest {
    fn of(literals: &[Literal], numbers: Vec<u32>) -> Option<Self> {
        let bytes = || numbers.iter().map(|at| &literals[*at as usize].bytes);
        let few = numbers.len() <= MOST_IN_A_TABLE;
        let kind = few.then_some(AhoCorasickKind::DFA);
        let automaton = || AhoCorasick::builder().kind(kind).build(bytes()).ok();
        let first = |bytes: &Vec<u8>| bytes.split(|byte| *byte == b' ').next().map(<[u8]>::to_vec);
        let mut firsts: Vec<_> = bytes().filter_map(first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        Some(Self {
            firsts,
            in_ascii: bytes().any(|bytes| bytes.is_ascii()),
            automaton: match numbers.is_empty() {
                true => None,
                false => Some(automaton()?),
            },
            numbers,
        })
    }

    /// Calls `found` for every place of its literals in this part of a text.
    fn find(
        &self,
        (text, part): (&[u8], Range<usize>),
        literals: &[Literal],
        found: &mut impl FnMut(u32, Range<usize>),
    ) {
        let looked = &text[part.clone()];
        let Some(automaton) = &self.automaton else {
            return;
        };
        if !self.in_ascii && looked.is_ascii() {
            return;
        }
        for place in automaton.find_overlapping_iter(looked) {
            let number = self.numbers[place.pattern().as_usize()];
            let literal = &literals[number as usize];
            let place = part.start + place.start()..part.start + place.end();
            let before = place.start.checked_sub(1).map(|at| text[at]);
            let after = text.get(place.end).copied();
            if !(literal.starts && before.is_some_and(in_word)
                || literal.ends && after.is_some_and(in_word))
            {
                found(number, place);
            }
        }
    }

    /// Whether one of its literals may start with the end of this word.
    fn may_start(&self, word: &[u8]) -> bool {
        self.firsts.iter().any(|first| word.ends_with(first))
    }
}

impl Phrasebook {
    /// Builds the tables; `None` where the words take too much memory together.
    pub(crate) fn new(literals: Vec<Literal>) -> Option<Self> {
        let mut forwards = ByHash::default();
        let mut backwards = ByHash::default();
        let (mut inside, mut across) = (Vec::new(), Vec::new());
        for (number, literal) in (0_u32..).zip(&literals) {
            let bytes = literal.bytes.iter().copied();
            let entered = match (literal.starts, literal.ends) {
                (true, ends) => enter(&mut forwards, number, bytes, ends),
                (false, true) => enter(&mut backwards, number, bytes.rev(), false),
                (false, false) => false,
            };
            match entered {
                true => {}
                false if literal.bytes.contains(&b' ') => across.push(number),
                false => inside.push(number),
            }
        }
        Some(Self {
            has_backwards: !backwards.is_empty(),
            forwards: Entries::of(forwards),
            backwards: Entries::of(backwards),
            inside: Rest::of(&literals, inside)?,
            across: Rest::of(&literals, across)?,
            literals,
            common: Table::of(ByHash::default()),
        })
    }

    /// Finds out beforehand what stands in common words of plain letters. `note` is told of each word that has some which
    /// literal it is itself, if it is one, and which stand in it, and gives the number by which [`Self::find`] calls the word
    /// from now on.
    pub(crate) fn learn<'w>(
        &mut self,
        words: impl Iterator<Item = &'w str>,
        mut note: impl FnMut(Option<u32>, &[u32]) -> u32,
    ) {
        let mut common = ByHash::default();
        for word in words.filter(|word| word.len() <= LONGEST && word.bytes().all(in_word)) {
            let text = word.as_bytes();
            let key = hash_part(word);
            let mut inside = Vec::new();
            self.find_in(text, 0..text.len(), &mut |literal, _| inside.push(literal));
            let is_whole = |literal: &u32| self.is_by_itself(*literal, text);
            let whole = inside.iter().copied().find(is_whole);
            let entry = self.forwards.of_whole(key);
            let row = Common {
                key,
                inside: match inside.is_empty() {
                    true => 0,
                    false => note(whole, &inside) + 1,
                },
                next: entry.map_or(Next::default(), Entry::next),
                ends_phrase: self.goes_back(text),
                starts_across: self.across.may_start(text),
            };
            common.insert(key, row);
        }
        self.common = Table::of(common);
    }

    /// Calls `found` for every place of every literal, for some of them twice, and where the hash of other words is the same:
    /// ask [`Self::is`] where that matters. What stands in a common word is told by the word's number and place.
    pub(crate) fn find(&self, text: &[u8], mut found: impl FnMut(u32, Range<usize>)) {
        let mut start = 0;
        let mut across = false;
        while start < text.len() {
            let rest = &text[start..];
            let length = rest.iter().position(|byte| *byte == b' ');
            let end = length.map_or(text.len(), |length| start + length);
            let word = &text[start..end];
            let hash = word.iter().copied().fold(EMPTY, fnv);
            if let Some(known) = self.common.get(hash) {
                if let Some(inside) = known.inside.checked_sub(1) {
                    found(inside, start..end);
                }
                if known.next.goes_on {
                    self.go_on((text, start..end), hash, known.next, &mut found);
                }
                if known.ends_phrase {
                    self.find_before(text, end, &mut found);
                }
                across |= known.starts_across;
            } else {
                self.find_in(text, start..end, &mut found);
                across = across || self.across.may_start(word);
            }
            start = end + 1;
        }
        if across {
            let whole = (text, 0..text.len());
            self.across.find(whole, &self.literals, &mut found);
        }
    }

    /// The literals that start in this part of a text or end in it, but for those of the automaton across words. A space or
    /// nothing stands around the part.
    fn find_in(&self, text: &[u8], part: Range<usize>, found: &mut impl FnMut(u32, Range<usize>)) {
        let mut before = b' ';
        for at in part.clone() {
            let byte = text[at];
            let starts = !in_word(before) && byte != b' ' && !is_continuation(byte);
            if starts {
                self.go_on((text, at..at), EMPTY, Next::default(), found);
            }
            let ends = !in_word(byte) && before != b' ' && !is_continuation(byte);
            if ends && self.has_backwards {
                self.find_before(text, at, found);
            }
            before = byte;
        }
        if self.has_backwards && before != b' ' {
            self.find_before(text, part.end, found);
        }
        self.inside.find((text, part), &self.literals, found);
    }

    /// The literals that start with what has been read, which has this hash, and go on behind it.
    fn go_on(
        &self,
        (text, read): (&[u8], Range<usize>),
        mut hash: u64,
        mut next: Next,
        found: &mut impl FnMut(u32, Range<usize>),
    ) {
        let start = read.start;
        let mut stems = read.is_empty();
        let end = text.len().min(start + LONGEST);
        for at in read.end..end {
            let byte = text[at];
            if byte == b' ' {
                if !next.goes_on {
                    return;
                }
                stems = next.ends_within;
            }
            hash = fnv(hash, byte);
            if text.get(at + 1).copied().is_some_and(in_word) {
                let stem = stems.then(|| self.forwards.of_stem(hash));
                if let Some(number) = stem.flatten() {
                    found(number, start..at + 1);
                }
                continue;
            }
            let Some(entry) = self.forwards.of_whole(hash) else {
                next = Next::default();
                continue;
            };
            next = entry.next();
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

    /// Whether a literal of several words may end with this one.
    fn goes_back(&self, word: &[u8]) -> bool {
        let hash = word.iter().rev().copied().fold(EMPTY, fnv);
        self.backwards.of_whole(hash).is_some_and(Entry::goes_on)
    }

    /// Whether the literal is this word by itself.
    fn is_by_itself(&self, number: u32, word: &[u8]) -> bool {
        let literal = self.literals.get(number as usize);
        literal.is_some_and(|literal| literal.starts && literal.ends) && self.is(number, word)
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
    let (mut hash, mut before_last) = (EMPTY, None);
    for byte in bytes {
        if byte == b' ' {
            before_last = Some(hash);
            entries.entry(hash).or_default().start |= GOES_ON;
        }
        hash = fnv(hash, byte);
    }
    if let (Some(hash), false) = (before_last, whole) {
        entries.entry(hash).or_default().start |= ENDS_WITHIN;
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
    fn what_is_known_of_common_words_is_what_stands_in_them() {
        let literal = |written: &str| Literal {
            starts: written.starts_with('|'),
            ends: written.ends_with('|'),
            bytes: written.trim_matches('|').as_bytes().to_vec(),
        };
        let list = [
            "|in|", "|in a|", "|in a h", "|a home", "ome|", "me in|", "om", "home in", "|£5|",
            "|home",
        ];
        let found = |book: &Phrasebook, words: &[Vec<u32>], text: &str| {
            let mut found = Vec::new();
            book.find(text.as_bytes(), |number, _| {
                match (number as usize).checked_sub(list.len()) {
                    None => found.push(number),
                    Some(at) => found.extend(&words[at]),
                }
            });
            found.sort_unstable();
            found
        };
        let plain = Phrasebook::new(list.map(literal).to_vec()).unwrap();
        let mut learnt = Phrasebook::new(list.map(literal).to_vec()).unwrap();
        let mut words = Vec::new();
        let common = ["in", "a", "home", "some", "house"];
        learnt.learn(common.into_iter(), |_, inside| {
            words.push(inside.to_vec());
            u32::try_from(list.len() + words.len() - 1).unwrap()
        });
        for text in [
            "in a home in a house",
            "some in a homely home in",
            "a in home £5 in. a home.in",
            "home in £5",
            "welcome in a h",
            "",
        ] {
            let known = found(&learnt, &words, text);
            assert_eq!(found(&plain, &[], text), known, "{text}");
        }
        assert!(!found(&plain, &[], "some in a house").is_empty());
    }

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
