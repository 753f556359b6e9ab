//! What single words are worth, and whether a text is plainly English: then nothing else has to be asked about it.

use unicode_normalization::char::is_combining_mark;

use super::{identify::WORDS, words::is_ignored};
use crate::hashing::{
    ByHash, CHUNK, EMPTY, Row, Sieve, Table, WordMap, by_chunks, by_chunks_small, fnv, hash_part,
};

/// What is known about a word. Languages are bits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    pub(super) english: bool,
    /// The languages that have it.
    pub(super) spoken: u64,
    /// The languages in which it begins a word of thanks or praise.
    pub(super) thanks: u64,
    /// It is a risk word that needs no recognised language, or begins like one.
    pub(super) risk: bool,
    /// A phrase of that kind begins with it.
    pub(super) begins_risk: bool,
}

/// A word with what is known about it.
#[derive(Clone, Default)]
struct Known {
    key: u64,
    word: Box<str>,
    entry: Entry,
}

impl Row for Known {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

/// The words of every language, and the beginnings of risk words.
pub(super) struct WordBook {
    /// By their [`key`]s.
    words: Table<Known>,
    /// What risk words of any ending begin with.
    stems: Sieve,
    /// The first two words of risk phrases, or what those begin with.
    pairs: Sieve,
}

/// What begins risks that need no recognised language.
#[derive(Default)]
pub(super) struct Beginnings {
    /// Of single words that may have any ending.
    pub(super) stems: Vec<String>,
    /// The first two words of phrases.
    pub(super) pairs: Vec<String>,
}

impl WordBook {
    pub(super) fn of(words: WordMap<String, Entry>, risks: &Beginnings) -> Self {
        let stems = sieve(&risks.stems);
        let known = |(word, mut entry): (String, Entry)| {
            entry.risk |= begins(EMPTY, word.as_bytes(), &stems);
            let word: Box<str> = word.into();
            (
                key(&word),
                Known {
                    key: 0,
                    word,
                    entry,
                },
            )
        };
        let words: ByHash<Known> = words.into_iter().map(known).collect();
        Self {
            words: Table::of(words),
            pairs: sieve(&risks.pairs),
            stems,
        }
    }

    /// What is known about a word.
    pub(super) fn get(&self, word: &str) -> Entry {
        let known = self.words.get(key(word));
        let known = known.filter(|known| *known.word == *word);
        known.map(|known| known.entry).unwrap_or_default()
    }

    /// The same of ASCII letters and digits, whatever their capitals are. The key of a long word is not the word: whoever
    /// wants two of them to share one can make them.
    fn find(&self, written: &[u8]) -> Option<&Entry> {
        let known = self.words.get(by_chunks_small(written))?;
        let word = known.word.as_bytes();
        let is_it = word.len() == written.len()
            && (word.len() <= CHUNK || written.eq_ignore_ascii_case(word));
        is_it.then_some(&known.entry)
    }

    /// Whether a text of unaccented Latin letters can be no other language and says no risk word of one. Yes is certain;
    /// no only means that the text must be read word by word.
    pub(super) fn is_plainly_english(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut tally = Tally::default();
        let mut words = 0;
        let mut at = 0;
        // the hash of the word before and of a space, where a phrase of risk may go on
        let mut before = None;
        while let Some(byte) = bytes.get(at) {
            if !byte.is_ascii() {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    return false;
                };
                let joins = is_ignored(c) && at > 0 && bytes[at - 1].is_ascii_alphanumeric();
                if joins || c.is_alphanumeric() || is_combining_mark(c) && !is_ignored(c) {
                    return false;
                }
                at += c.len_utf8();
                continue;
            }
            if !IN_WORD[*byte as usize] {
                at += 1;
                continue;
            }
            let rest = &bytes[at..];
            let is_out = |byte: &u8| !IN_WORD[*byte as usize];
            let written = &rest[..rest.iter().position(is_out).unwrap_or(rest.len())];
            let has_letter = written.iter().any(|byte| *byte > b'9');
            at += written.len();
            let known = self.find(written);
            let risk =
                known.map_or_else(|| begins(EMPTY, written, &self.stems), |entry| entry.risk);
            if risk || before.is_some_and(|before| begins(before, written, &self.pairs)) {
                return false;
            }
            let goes_on = known.is_some_and(|entry| entry.begins_risk);
            before = goes_on.then(|| {
                let small = written.iter().map(u8::to_ascii_lowercase);
                fnv(small.fold(EMPTY, fnv), b' ')
            });
            if has_letter && words < WORDS {
                known.into_iter().for_each(|word| tally.count(word));
            }
            words += 1;
        }
        tally.is_english()
    }
}

/// The key of a word of the list. That of plain letters can be told of the word as it was written.
fn key(word: &str) -> u64 {
    if word.is_ascii() {
        by_chunks_small(word.as_bytes())
    } else {
        by_chunks(word.as_bytes())
    }
}

/// Whether a byte is a plain letter or a digit.
const IN_WORD: [bool; 256] = {
    let mut within = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        within[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    within
};

/// Wide enough that hardly a word is held up for nothing: each is asked about once for every letter.
fn sieve(words: &[String]) -> Sieve {
    let mut sieve = Sieve::with_room_for(16 * words.len());
    words.iter().for_each(|word| sieve.add(hash_part(word)));
    sieve
}

/// Whether the word, behind what has this hash, may begin with something of the sieve.
fn begins(hash: u64, word: &[u8], sieve: &Sieve) -> bool {
    let hashes = word.iter().scan(hash, |hash, byte| {
        *hash = fnv(*hash, byte.to_ascii_lowercase());
        Some(*hash)
    });
    hashes.into_iter().any(|hash| sieve.may_have(hash))
}

/// Bounds of what the words of a text speak for.
#[derive(Default)]
struct Tally {
    /// English words that no other language has.
    english: usize,
    /// Words that are not English and that another language has.
    other: usize,
    /// No language has more evidence than this.
    score: u32,
}

impl Tally {
    fn count(&mut self, word: &Entry) {
        if word.english {
            self.english += usize::from(word.spoken == 0);
        } else if word.spoken != 0 {
            self.other += 1;
            self.score += if word.spoken.is_power_of_two() { 2 } else { 1 };
        }
    }

    /// Another language needs a text without English words of its own, or more words than English has.
    fn is_english(&self) -> bool {
        self.english > 0 && (self.score < 4 || self.other <= self.english)
    }
}
