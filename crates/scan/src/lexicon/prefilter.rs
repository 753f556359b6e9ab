//! One pass over a text that finds every term and every word without which a pattern cannot match, of all packs at
//! once. A rule costs nothing on a text that has none of its words.

use std::{cell::RefCell, ops::Range, sync::Arc};

use regex_syntax::hir::Hir;

use super::{
    literals::{Clause, Literal, Required, required},
    parallel,
    phrasebook::Phrasebook,
    rule::Rule,
};
use crate::hashing::WordMap;

/// What a literal stands for.
#[derive(Default)]
struct Owners {
    /// Rules of which it is a term.
    terms: Vec<u32>,
    /// Clauses besides the rarest that it satisfies.
    clauses: Vec<u32>,
    /// Alternatives of patterns that have it in their rarest clause.
    alternatives: Vec<u32>,
}

/// A pattern's number, and that of one of its parts.
pub(crate) type PartOf = (u32, u32);

/// Which parts of a pattern may match.
#[derive(Clone, Copy)]
pub(crate) enum Asked<'c> {
    /// Perhaps any.
    All,
    /// No others than these: those that the text asks for, and those that every text asks for.
    Parts([&'c [PartOf]; 2]),
}

/// One alternative of a pattern.
struct Alternative {
    /// The number of its part among all of them.
    part: u32,
    /// The clauses besides the rarest.
    clauses: Vec<u32>,
}

/// Lists of numbers, one behind the other: what belongs together is read together.
#[derive(Default)]
struct Lists {
    /// Where each list starts, and where the last one ends.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.numbers.extend(list);
        self.starts.push(number(self.numbers.len()));
    }

    fn get(&self, at: usize) -> &[u32] {
        match self.starts.get(at..at + 2) {
            Some([start, end]) => self
                .numbers
                .get(*start as usize..*end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The tables of all terms and required literals.
pub(crate) struct Prefilter {
    book: Phrasebook,
    /// What each literal is for, list after list, each behind its length: the rules it is a term of; the clauses it
    /// satisfies; the parts that need nothing else; then for each alternative that needs more its part and the list of those
    /// clauses.
    uses: Lists,
    /// How many clauses there are.
    clause_count: usize,
    /// The pattern of each part, and which of its parts it is.
    parts: Vec<PartOf>,
    /// The parts that nothing can be required for.
    always: Arc<[PartOf]>,
    /// The patterns that have such parts.
    unfiltered: Marks,
    /// How many literals there are.
    count: usize,
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

    /// Empties the set, and makes room for so many numbers.
    fn start(&mut self, count: usize) {
        self.0.clear();
        self.0.resize(count.div_ceil(64), 0);
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let mut words = self.0.iter().copied().enumerate();
        let (mut at, mut left) = (0, 0_u64);
        std::iter::from_fn(move || {
            while left == 0 {
                (at, left) = words.next()?;
            }
            let bit = left.trailing_zeros() as usize;
            left &= left - 1;
            Some(at * 64 + bit)
        })
    }
}

/// A set of numbers that is emptied without a look at all of them.
#[derive(Default)]
struct Reused {
    marks: Marks,
    /// The numbers that were added.
    used: Vec<u32>,
}

impl Reused {
    /// Empties the set and makes room for so many numbers.
    fn start(&mut self, count: usize) {
        if self.marks.0.len() < count.div_ceil(64) {
            self.marks.start(count);
            self.used.clear();
        }
        for at in self.used.drain(..) {
            if let Some(word) = self.marks.0.get_mut(at as usize / 64) {
                *word = 0;
            }
        }
    }

    /// Adds the number; says whether it is new.
    fn add(&mut self, at: u32) -> bool {
        let new = !self.marks.has(at as usize);
        if new {
            self.marks.set(at as usize);
            self.used.push(at);
        }
        new
    }
}

/// What a pass notes while it runs; kept for the next one, because most texts are short and the tables are not.
#[derive(Default)]
struct Notes {
    /// Every literal that was found, with its place.
    found: Vec<(u32, Range<usize>)>,
    /// The literals of the text.
    present: Reused,
    /// Which clauses the text satisfies: many are noted and few asked for, so each has a place of its own.
    there: Vec<bool>,
    /// The parts that may match.
    seen: Marks,
    /// The same by pattern, in order.
    parts: Vec<PartOf>,
}

thread_local! {
    static NOTES: RefCell<Notes> = RefCell::default();
}

/// What the pass found.
pub(crate) struct Candidates {
    /// Each whole term with its rule.
    pub(crate) terms: Vec<(usize, Range<usize>)>,
    /// The patterns that may match.
    pub(crate) patterns: Marks,
    /// Their parts that may match, in order; `None` = all of them.
    parts: Option<Vec<PartOf>>,
    always: Arc<[PartOf]>,
}

impl Candidates {
    /// Which parts of the pattern may match.
    pub(crate) fn asked(&self, pattern: usize) -> Asked<'_> {
        let Some(parts) = &self.parts else {
            return Asked::All;
        };
        Asked::Parts([parts_of(pattern, parts), parts_of(pattern, &self.always)])
    }
}

fn parts_of(pattern: usize, parts: &[PartOf]) -> &[PartOf] {
    let first = parts.partition_point(|(of, _)| (*of as usize) < pattern);
    let after = parts.partition_point(|(of, _)| (*of as usize) <= pattern);
    parts.get(first..after).unwrap_or_default()
}

/// The tables under construction.
#[derive(Default)]
struct Builder {
    index: WordMap<Literal, u32>,
    literals: Vec<Literal>,
    owners: Vec<Owners>,
    alternatives: Vec<Alternative>,
    clause_index: WordMap<Vec<u32>, u32>,
    part_index: WordMap<PartOf, u32>,
    parts: Vec<PartOf>,
}

impl Builder {
    fn literal(&mut self, literal: Literal) -> u32 {
        let next = number(self.literals.len());
        *self.index.entry(literal).or_insert_with_key(|literal| {
            self.literals.push(literal.clone());
            self.owners.push(Owners::default());
            next
        })
    }

    fn owners(&mut self, literal: Literal) -> &mut Owners {
        let at = self.literal(literal);
        &mut self.owners[at as usize]
    }

    fn literals(&mut self, clause: Clause) -> Vec<u32> {
        clause
            .into_iter()
            .map(|literal| self.literal(literal))
            .collect()
    }

    fn clause(&mut self, literals: &[u32]) -> u32 {
        if let Some(known) = self.clause_index.get(literals) {
            return *known;
        }
        let next = number(self.clause_index.len());
        for literal in literals {
            self.owners[*literal as usize].clauses.push(next);
        }
        self.clause_index.insert(literals.to_vec(), next);
        next
    }

    /// Adds an alternative with its rarest clause and the others.
    fn alternative<'c>(
        &mut self,
        part: PartOf,
        rarest: &[u32],
        others: impl Iterator<Item = &'c [u32]>,
    ) {
        let at = number(self.alternatives.len());
        for literal in rarest {
            self.owners[*literal as usize].alternatives.push(at);
        }
        let clauses = others.map(|clause| self.clause(clause)).collect();
        let next = number(self.parts.len());
        let part = *self.part_index.entry(part).or_insert_with_key(|part| {
            self.parts.push(*part);
            next
        });
        self.alternatives.push(Alternative { part, clauses });
    }

    /// What each literal is for.
    fn uses(&self) -> Lists {
        let mut uses = Lists::default();
        for owners in &self.owners {
            let alternatives = owners.alternatives.iter();
            let (alone, others): (Vec<_>, Vec<_>) = alternatives
                .map(|at| &self.alternatives[*at as usize])
                .partition(|alternative| alternative.clauses.is_empty());
            let mut alone: Vec<u32> = alone.iter().map(|alternative| alternative.part).collect();
            alone.sort_unstable();
            alone.dedup();
            let counted = |list: &[u32]| std::iter::once(number(list.len())).chain(list.to_vec());
            let known = counted(&owners.terms).chain(counted(&owners.clauses));
            let others = others.into_iter().flat_map(|alternative| {
                std::iter::once(alternative.part).chain(counted(&alternative.clauses))
            });
            uses.push(known.chain(counted(&alone)).chain(others));
        }
        uses
    }
}

fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl Prefilter {
    /// Builds the tables. The patterns of the rules have the numbers of the rules, further ones follow on; `None` where
    /// the words take too much memory together.
    pub(crate) fn new(rules: &[Rule], further: Vec<Option<Hir>>) -> Option<Self> {
        let mut builder = Builder::default();
        let count = rules.len() + further.len();
        let mut always = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            for term in &rule.terms {
                let term = Literal {
                    bytes: term.as_bytes().to_vec(),
                    starts: true,
                    ends: true,
                };
                builder.owners(term).terms.push(number(at));
            }
        }
        let own = rules.iter().enumerate().filter_map(|(at, rule)| {
            let pattern = rule.pattern.as_ref()?;
            Some((at, pattern.take_shape()))
        });
        let further = (rules.len()..).zip(further);
        let shapes: Vec<_> = own.chain(further).collect();
        let all = parallel::each(&shapes, |(_, shape)| {
            shape.as_ref().map_or_else(Required::nothing, required)
        });
        for ((at, _), required) in shapes.into_iter().zip(all) {
            let clauses: Vec<Vec<u32>> = required
                .clauses
                .into_iter()
                .map(|clause| builder.literals(clause))
                .collect();
            for (part, alternative) in required.alternatives {
                let part = (number(at), part);
                let mut needed = alternative
                    .iter()
                    .map(|at| clauses[*at as usize].as_slice());
                match needed.next() {
                    Some(rarest) => builder.alternative(part, rarest, needed),
                    None => always.push(part),
                }
            }
        }
        always.sort_unstable();
        let mut unfiltered = Marks::with_room_for(count);
        for (pattern, _) in &always {
            unfiltered.set(*pattern as usize);
        }
        Some(Self {
            uses: builder.uses(),
            count: builder.literals.len(),
            book: Phrasebook::new(builder.literals)?,
            clause_count: builder.clause_index.len(),
            parts: builder.parts,
            always: always.into(),
            unfiltered,
        })
    }

    /// Finds out beforehand what stands in common words.
    pub(crate) fn learn<'w>(&mut self, words: impl Iterator<Item = &'w str>) {
        self.book.learn(words);
    }

    /// Reads a plain view once.
    pub(crate) fn candidates(&self, text: &[u8]) -> Candidates {
        NOTES.with(|notes| match notes.try_borrow_mut() {
            Ok(mut notes) => self.read(text, &mut notes),
            Err(_) => self.read(text, &mut Notes::default()),
        })
    }

    fn read(&self, text: &[u8], notes: &mut Notes) -> Candidates {
        let mut terms = Vec::new();
        notes.present.start(self.count);
        notes.there.clear();
        notes.there.resize(self.clause_count, false);
        notes.seen.start(self.parts.len());
        // what literals are for lies far apart: looked up one right after the other, it is waited for together
        notes.found.clear();
        self.book
            .find(text, |literal, range| notes.found.push((literal, range)));
        let mut found = Vec::with_capacity(notes.found.len());
        for (literal, range) in notes.found.drain(..) {
            let Some((rules, uses)) = counted(self.uses.get(literal as usize)) else {
                continue;
            };
            if !rules.is_empty()
                && apart(text, &range)
                && self.book.is(literal, &text[range.clone()])
            {
                terms.extend(rules.iter().map(|rule| (*rule as usize, range.clone())));
            }
            if !notes.present.add(literal) {
                continue;
            }
            let Some((clauses, uses)) = counted(uses) else {
                continue;
            };
            for clause in clauses {
                if let Some(there) = notes.there.get_mut(*clause as usize) {
                    *there = true;
                }
            }
            let Some((alone, others)) = counted(uses) else {
                continue;
            };
            for part in alone {
                notes.seen.set(*part as usize);
            }
            if !others.is_empty() {
                found.push(others);
            }
        }
        for mut others in found {
            while let [part, rest @ ..] = others {
                let Some((needed, rest)) = counted(rest) else {
                    break;
                };
                others = rest;
                let there = |clause: &u32| notes.there.get(*clause as usize) == Some(&true);
                if needed.iter().all(there) {
                    notes.seen.set(*part as usize);
                }
            }
        }
        // the parts are numbered in their order
        notes.parts.clear();
        for (at, word) in notes.seen.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                let part = at * 64 + left.trailing_zeros() as usize;
                notes.parts.extend(self.parts.get(part));
                left &= left - 1;
            }
        }
        let parts = notes.parts.clone();
        let mut patterns = self.unfiltered.clone();
        for (pattern, _) in &parts {
            patterns.set(*pattern as usize);
        }
        Candidates {
            terms,
            patterns,
            parts: Some(parts),
            always: Arc::clone(&self.always),
        }
    }

    /// As if every pattern might match.
    #[cfg(test)]
    pub(crate) fn everything(&self, text: &[u8]) -> Candidates {
        let mut all = self.candidates(text);
        all.patterns.0.fill(u64::MAX);
        all.parts = None;
        all
    }

    /// How many patterns are run over every text.
    #[cfg(test)]
    pub(crate) fn unfiltered(&self) -> Vec<usize> {
        let patterns = self.always.iter().map(|(pattern, _)| *pattern as usize);
        patterns.collect()
    }
}

/// The numbers that a list begins with, as many as its first one says, and what follows them.
fn counted(list: &[u32]) -> Option<(&[u32], &[u32])> {
    let (count, rest) = list.split_first()?;
    rest.split_at_checked(*count as usize)
}

/// Whether a term stands apart: the bytes of other alphabets count as letters.
fn apart(text: &[u8], range: &Range<usize>) -> bool {
    let space = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
    space(range.start.checked_sub(1).and_then(|at| text.get(at))) && space(text.get(range.end))
}
