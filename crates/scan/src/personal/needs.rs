//! Which of many shapes may match a text, by the words that it has: each word is looked up once, for all shapes together.

use std::collections::HashMap;

use regex_syntax::hir::Hir;

use crate::lexicon::{
    literals::{Clause, Literal, Required, required},
    phrasebook::Phrasebook,
};

/// Most sets of words that an alternative is asked for: further ones rarely tell anything new.
const MOST_CLAUSES: usize = 3;

/// What one alternative of a shape needs besides its rarest set of words.
struct Ask {
    shape: u32,
    others: Vec<u32>,
}

/// The words of all shapes.
pub(super) struct Needs {
    book: Phrasebook,
    /// The sets that each word belongs to.
    sets: Vec<Vec<u32>>,
    /// For each set the alternatives that have it for their rarest.
    asks: Vec<Vec<Ask>>,
    /// The shapes that nothing is known of.
    always: Vec<u32>,
}

impl Needs {
    /// Works out what the shapes need; `None` where their words take too much memory together.
    pub(super) fn of(shapes: &[Hir]) -> Option<Self> {
        let mut builder = Builder::default();
        for (shape, number) in shapes.iter().zip(0..) {
            builder.add(number, &required(shape));
        }
        builder.always.dedup();
        Some(Self {
            book: Phrasebook::new(builder.words)?,
            sets: builder.sets,
            asks: builder.asks,
            always: builder.always,
        })
    }

    /// The numbers of the shapes that may match, in order.
    pub(super) fn asked(&self, text: &str) -> Vec<u32> {
        let mut there = vec![0_u64; self.asks.len().div_ceil(64)];
        self.book.find(text.as_bytes(), |word, _| {
            for set in &self.sets[word as usize] {
                there[*set as usize / 64] |= 1 << (set % 64);
            }
        });
        let has = |set: &u32| there[*set as usize / 64] >> (set % 64) & 1 == 1;
        let mut asked = self.always.clone();
        for (at, word) in there.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                let set = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let may_match = |ask: &&Ask| ask.others.iter().all(has);
                asked.extend(self.asks[set].iter().filter(may_match).map(|ask| ask.shape));
            }
        }
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}

#[derive(Default)]
struct Builder {
    words: Vec<Literal>,
    sets: Vec<Vec<u32>>,
    asks: Vec<Vec<Ask>>,
    always: Vec<u32>,
    word_numbers: HashMap<Literal, u32>,
    set_numbers: HashMap<Vec<Literal>, u32>,
}

impl Builder {
    fn add(&mut self, shape: u32, required: &Required) {
        for (_, clauses) in &required.alternatives {
            let clauses = clauses
                .iter()
                .filter_map(|at| required.clauses.get(*at as usize));
            let mut numbers = clauses
                .take(MOST_CLAUSES)
                .map(|clause| self.set(opened(clause)));
            let Some(rarest) = numbers.next() else {
                self.always.push(shape);
                return;
            };
            let others = numbers.collect();
            self.asks[rarest as usize].push(Ask { shape, others });
        }
    }

    fn set(&mut self, words: Vec<Literal>) -> u32 {
        if let Some(known) = self.set_numbers.get(&words) {
            return *known;
        }
        let number = count(&self.asks);
        self.asks.push(Vec::new());
        for word in &words {
            let word = self.word(word);
            self.sets[word as usize].push(number);
        }
        self.set_numbers.insert(words, number);
        number
    }

    fn word(&mut self, word: &Literal) -> u32 {
        if let Some(known) = self.word_numbers.get(word) {
            return *known;
        }
        let number = count(&self.words);
        self.words.push(word.clone());
        self.sets.push(Vec::new());
        self.word_numbers.insert(word.clone(), number);
        number
    }
}

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// The literals from where their first word opens, so that they can be looked up word by word.
fn opened(clause: &Clause) -> Vec<Literal> {
    let mut literals: Vec<Literal> = clause.iter().map(from_a_word).collect();
    literals.sort_unstable();
    literals.dedup();
    literals
}

/// The literal without the end of a word that it opens with, if another word follows.
fn from_a_word(literal: &Literal) -> Literal {
    let bytes = &literal.bytes;
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let apart = |at: &usize| !is_letter(&bytes[at - 1]) && is_letter(&bytes[*at]);
    match (1..bytes.len()).find(apart) {
        Some(at) if !literal.starts => Literal {
            bytes: bytes[at..].to_vec(),
            starts: true,
            ends: literal.ends,
        },
        _ => literal.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_looked_for_from_its_first_whole_word() {
        let literal = |written: &str| Literal {
            starts: written.starts_with('|'),
            ends: written.ends_with('|'),
            bytes: written.trim_matches('|').as_bytes().to_vec(),
        };
        for (written, opened) in [
            ("'s syndrome|", "|s syndrome|"),
            ("ill with a cold", "|with a cold"),
            ("|ill with", "|ill with"),
            ("itis|", "itis|"),
            (" %", " %"),
        ] {
            assert_eq!(from_a_word(&literal(written)), literal(opened), "{written}");
        }
    }
}
