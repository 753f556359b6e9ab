//! Which of many shapes may match a text, by the words that it has: each word is looked for once, for all shapes together.

use std::collections::HashMap;

use regex_syntax::hir::Hir;

use crate::lexicon::literals::{Clause, Literal, Required, required};

/// Most sets of words that an alternative is asked for: further ones rarely tell anything new.
const MOST_CLAUSES: usize = 3;

/// What one alternative of a shape needs besides its rarest set of words.
struct Ask {
    shape: u32,
    others: Vec<u32>,
}

/// The words of all shapes.
#[derive(Default)]
pub(super) struct Needs {
    /// What is to be looked for; none is blank.
    pub(super) words: Vec<Literal>,
    /// The sets that each word belongs to.
    sets: Vec<Vec<u32>>,
    /// For each set the alternatives that have it for their rarest.
    asks: Vec<Vec<Ask>>,
    /// The shapes that nothing is known of.
    always: Vec<u32>,
}

/// The sets of which a text has a word.
pub(super) struct There(Vec<u64>);

impl Needs {
    /// Works out what the shapes need.
    pub(super) fn of(shapes: &[Hir]) -> Self {
        let mut builder = Builder::default();
        for (shape, number) in shapes.iter().zip(0..) {
            builder.add(number, &required(shape));
        }
        builder.needs.always.dedup();
        builder.needs
    }

    /// A text of which nothing has been read.
    pub(super) fn nothing(&self) -> There {
        There(vec![0; self.asks.len().div_ceil(64)])
    }

    /// Notes that the text has one of the words.
    pub(super) fn note(&self, word: usize, there: &mut There) {
        for set in &self.sets[word] {
            there.0[*set as usize / 64] |= 1 << (set % 64);
        }
    }

    /// The numbers of the shapes that may match, in order.
    pub(super) fn asked(&self, there: &There) -> Vec<u32> {
        let has = |set: &u32| there.0[*set as usize / 64] >> (set % 64) & 1 == 1;
        let mut asked = self.always.clone();
        for (at, word) in there.0.iter().enumerate() {
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
    needs: Needs,
    word_numbers: HashMap<Literal, u32>,
    set_numbers: HashMap<Clause, u32>,
}

impl Builder {
    fn add(&mut self, shape: u32, required: &Required) {
        for (_, clauses) in &required.alternatives {
            let clauses = clauses
                .iter()
                .filter_map(|at| required.clauses.get(*at as usize))
                .filter(|clause| !clause.iter().any(is_blank));
            let mut numbers = clauses.take(MOST_CLAUSES).map(|clause| self.set(clause));
            let Some(rarest) = numbers.next() else {
                self.needs.always.push(shape);
                return;
            };
            let others = numbers.collect();
            self.needs.asks[rarest as usize].push(Ask { shape, others });
        }
    }

    fn set(&mut self, words: &Clause) -> u32 {
        if let Some(known) = self.set_numbers.get(words) {
            return *known;
        }
        let number = count(&self.needs.asks);
        self.needs.asks.push(Vec::new());
        for word in words {
            let word = self.word(word);
            self.needs.sets[word as usize].push(number);
        }
        self.set_numbers.insert(words.clone(), number);
        number
    }

    fn word(&mut self, word: &Literal) -> u32 {
        if let Some(known) = self.word_numbers.get(word) {
            return *known;
        }
        let number = count(&self.needs.words);
        self.needs.words.push(word.clone());
        self.needs.sets.push(Vec::new());
        self.word_numbers.insert(word.clone(), number);
        number
    }
}

fn is_blank(literal: &Literal) -> bool {
    literal.bytes.trim_ascii().is_empty()
}

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
