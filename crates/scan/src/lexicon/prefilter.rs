//! One pass over a text that finds every term and every word without which a pattern cannot match, of all packs at
//! once. A rule costs nothing on a text that has none of its words.

use std::{collections::HashMap, ops::Range};

use aho_corasick::AhoCorasick;

use super::{literals::required, rule::Rule};

/// What a literal stands for.
#[derive(Clone, Copy)]
enum Owner {
    /// A term of this rule.
    Term(usize),
    /// Something the pattern of this number needs, and whether it starts and ends where a word does.
    Needed {
        pattern: usize,
        starts: bool,
        ends: bool,
    },
}

/// The automaton over all terms and required literals.
pub(crate) struct Prefilter {
    automaton: AhoCorasick,
    owners: Vec<Vec<Owner>>,
    /// The patterns that nothing can be required for.
    always: Marks,
}

/// A set of pattern numbers.
#[derive(Clone, Default)]
pub(crate) struct Marks(Vec<u64>);

impl Marks {
    fn with_room_for(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Whether the number is in the set.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.0
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    at * 64 + bit
                })
            })
        })
    }
}

/// What the pass found.
#[derive(Default)]
pub(crate) struct Candidates {
    /// Each whole term with its rule.
    pub(crate) terms: Vec<(usize, Range<usize>)>,
    /// The patterns that may match.
    pub(crate) patterns: Marks,
}

impl Prefilter {
    /// Builds the automaton. The patterns of the rules have the numbers of the rules, further ones follow on;
    /// `None` where the words take too much memory together.
    pub(crate) fn new(rules: &[Rule], further: &[&regex::bytes::Regex]) -> Option<Self> {
        let mut index: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut literals: Vec<Vec<u8>> = Vec::new();
        let mut owners: Vec<Vec<Owner>> = Vec::new();
        let mut own = |bytes: &[u8], owner: Owner| {
            let place = *index.entry(bytes.to_vec()).or_insert_with(|| {
                literals.push(bytes.to_vec());
                owners.push(Vec::new());
                literals.len() - 1
            });
            owners[place].push(owner);
        };
        let mut always = Marks::with_room_for(rules.len() + further.len());
        for (at, rule) in rules.iter().enumerate() {
            for term in &rule.terms {
                own(term.as_bytes(), Owner::Term(at));
            }
        }
        let patterns = rules.iter().map(|rule| rule.pattern.as_ref());
        let patterns = patterns.chain(further.iter().map(|pattern| Some(*pattern)));
        for (at, pattern) in patterns.enumerate() {
            let Some(pattern) = pattern else {
                continue;
            };
            let Some(needed) = required(pattern.as_str()) else {
                always.set(at);
                continue;
            };
            for literal in needed {
                let owner = Owner::Needed {
                    pattern: at,
                    starts: literal.starts,
                    ends: literal.ends,
                };
                own(&literal.bytes, owner);
            }
        }
        let automaton = AhoCorasick::new(&literals).ok()?;
        Some(Self {
            automaton,
            owners,
            always,
        })
    }

    /// Reads a plain view once.
    pub(crate) fn candidates(&self, text: &[u8]) -> Candidates {
        let mut candidates = Candidates {
            terms: Vec::new(),
            patterns: self.always.clone(),
        };
        for found in self.automaton.find_overlapping_iter(text) {
            let (before, after) = (
                found.start().checked_sub(1).map(|at| text[at]),
                text.get(found.end()).copied(),
            );
            for owner in &self.owners[found.pattern().as_usize()] {
                match *owner {
                    Owner::Term(rule) if apart(before) && apart(after) => {
                        candidates.terms.push((rule, found.range()));
                    }
                    Owner::Term(_) => {}
                    Owner::Needed {
                        pattern,
                        starts,
                        ends,
                    } => {
                        if !(starts && in_word(before) || ends && in_word(after)) {
                            candidates.patterns.set(pattern);
                        }
                    }
                }
            }
        }
        candidates
    }

    /// As if every pattern might match.
    #[cfg(test)]
    pub(crate) fn everything(&self, text: &[u8], patterns: usize) -> Candidates {
        let mut all = self.candidates(text);
        (0..patterns).for_each(|at| all.patterns.set(at));
        all
    }

    /// How many patterns are run over every text.
    #[cfg(test)]
    pub(crate) fn unfiltered(&self) -> Vec<usize> {
        self.always.iter().collect()
    }
}

/// Whether a term may end here: the bytes of other alphabets count as letters.
fn apart(byte: Option<u8>) -> bool {
    byte.is_none_or(|byte| byte == b' ')
}

/// What a pattern's word boundary takes for a letter.
fn in_word(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
