//! Which of many shapes may match a text, by the words that it has: each word is looked for once, for all shapes together.

use std::collections::HashMap;

use regex_syntax::hir::{Class, ClassBytesRange, ClassUnicodeRange, Hir, HirKind};

use crate::lexicon::literals::{Clause, Literal, Required, required};

/// Most sets of words that an alternative is asked for: further ones rarely tell anything new.
const MOST_CLAUSES: usize = 6;

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
    /// Which sets those are, a bit for each.
    asking: Vec<u64>,
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
            let digits = has_digit(shape).then(|| builder.set(&digits()));
            builder.add(number, &required(shape), digits);
        }
        let mut needs = builder.needs;
        needs.always.dedup();
        let mut asking = needs.nothing();
        for (set, asks) in (0..).zip(&needs.asks) {
            if !asks.is_empty() {
                asking.note(set);
            }
        }
        needs.asking = asking.0;
        needs
    }

    /// A text of which nothing has been read.
    pub(super) fn nothing(&self) -> There {
        There(vec![0; self.asks.len().div_ceil(64)])
    }

    /// Notes that the text has one of the words.
    pub(super) fn note(&self, word: usize, there: &mut There) {
        self.sets[word].iter().for_each(|set| there.note(*set));
    }

    /// The numbers of the shapes that may match, in order.
    pub(super) fn asked(&self, there: &There) -> Vec<u32> {
        let mut asked = self.always.clone();
        for (at, (word, asking)) in there.0.iter().zip(&self.asking).enumerate() {
            let mut left = word & asking;
            while left != 0 {
                let set = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let may_match = |ask: &&Ask| ask.others.iter().all(|set| there.has(*set));
                asked.extend(self.asks[set].iter().filter(may_match).map(|ask| ask.shape));
            }
        }
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}

impl There {
    fn note(&mut self, set: u32) {
        self.0[set as usize / 64] |= 1 << (set % 64);
    }

    fn has(&self, set: u32) -> bool {
        self.0[set as usize / 64] >> (set % 64) & 1 == 1
    }
}

#[derive(Default)]
struct Builder {
    needs: Needs,
    word_numbers: HashMap<Literal, u32>,
    set_numbers: HashMap<Clause, u32>,
}

impl Builder {
    /// Adds a shape, and the set of the digits where all that matches it has one.
    fn add(&mut self, shape: u32, required: &Required, digits: Option<u32>) {
        for (_, clauses) in &required.alternatives {
            let clauses = clauses
                .iter()
                .filter_map(|at| required.clauses.get(*at as usize))
                .filter(|clause| !clause.iter().any(is_blank));
            let mut numbers = clauses
                .take(MOST_CLAUSES)
                .map(|clause| self.set(clause))
                .chain(digits);
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

/// The digits, wherever they stand.
fn digits() -> Clause {
    let digit = |byte| Literal {
        bytes: vec![byte],
        starts: false,
        ends: false,
    };
    (b'0'..=b'9').map(digit).collect()
}

/// Whether everything that matches has a digit.
fn has_digit(shape: &Hir) -> bool {
    match shape.kind() {
        HirKind::Literal(literal) => literal.0.iter().any(u8::is_ascii_digit),
        HirKind::Class(class) => match class {
            Class::Unicode(class) => {
                let is_digit =
                    |range: &ClassUnicodeRange| range.start() >= '0' && range.end() <= '9';
                class.iter().all(is_digit)
            }
            Class::Bytes(class) => {
                let is_digit =
                    |range: &ClassBytesRange| range.start() >= b'0' && range.end() <= b'9';
                class.iter().all(is_digit)
            }
        },
        HirKind::Repetition(repeated) => repeated.min > 0 && has_digit(&repeated.sub),
        HirKind::Capture(capture) => has_digit(&capture.sub),
        HirKind::Concat(row) => row.iter().any(has_digit),
        HirKind::Alternation(choices) => choices.iter().all(has_digit),
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

fn is_blank(literal: &Literal) -> bool {
    literal.bytes.trim_ascii().is_empty()
}

fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_has_a_digit_where_each_way_through_it_has_one() {
        let has = |shape: &str| has_digit(&regex_syntax::parse(shape).unwrap());
        for shape in [
            "[0-9]{2,3}%",
            "a(?:7|b[1-9]+)",
            "at ([0-9])?1",
            "(?:x[0-9]){1,2}",
        ] {
            assert!(has(shape), "{shape}");
        }
        for shape in [
            "[0-9]*%",
            "a(?:7|b)",
            r"\d",
            "[0-9a-f]",
            "(?:x[0-9])?",
            "x|[0-9]",
        ] {
            assert!(!has(shape), "{shape}");
        }
    }
}
