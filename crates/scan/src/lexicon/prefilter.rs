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

/// Which parts of a pattern may match.
#[derive(Clone, Copy)]
pub(crate) enum Asked<'c> {
    /// Perhaps any.
    All,
    /// No others than these.
    Parts(Parts<'c>),
}

/// Parts of one pattern.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'c> {
    /// Parts of all patterns.
    marks: &'c Marks,
    /// The numbers that this one's parts have there.
    first: usize,
    end: usize,
}

impl<'c> Parts<'c> {
    /// The numbers of the parts among those of the pattern, in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> + use<'c> {
        let numbers = self.marks.within(self.first..self.end);
        numbers.map(move |number| number - self.first)
    }
}

/// One alternative of a pattern.
struct Alternative {
    /// The number of its part among all of them, and its pattern.
    part: PartOf,
    /// The clauses besides the rarest.
    clauses: Vec<u32>,
}

/// The number of a part among those of all patterns, and that of its pattern.
type PartOf = [u32; 2];

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
    /// The number of each pattern's first part, and how many parts there are. All parts of a pattern stand together.
    firsts: Arc<[u32]>,
    /// The parts that nothing can be required for, and the patterns that have such parts.
    always: Marks,
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

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.within(0..self.0.len() * 64)
    }

    /// The numbers of a range, in order.
    fn within(&self, range: Range<usize>) -> impl Iterator<Item = usize> + use<'_> {
        let first = range.start / 64;
        let words = self.0.get(first..range.end.div_ceil(64));
        let mut words = words.unwrap_or_default().iter().copied().zip(first..);
        let (mut left, mut at) = words.next().unwrap_or_default();
        left &= u64::MAX << (range.start % 64);
        std::iter::from_fn(move || {
            while left == 0 {
                (left, at) = words.next()?;
            }
            let number = at * 64 + left.trailing_zeros() as usize;
            left &= left - 1;
            (number < range.end).then_some(number)
        })
    }
}

/// A set of numbers that is emptied without a look at them: each has a place of its own, in which the number of the pass
/// stands that added it.
#[derive(Default)]
struct Stamps {
    places: Vec<u8>,
    pass: u8,
}

impl Stamps {
    /// Empties the set and makes room for so many numbers.
    fn start(&mut self, count: usize) {
        if self.places.len() < count {
            self.places.resize(count, 0);
        }
        self.pass = self.pass.checked_add(1).unwrap_or_else(|| {
            self.places.fill(0);
            1
        });
    }

    /// Adds the number; says whether it is new.
    fn add(&mut self, at: u32) -> bool {
        let place = self.places.get_mut(at as usize);
        place.is_some_and(|place| std::mem::replace(place, self.pass) != self.pass)
    }

    fn has(&self, at: u32) -> bool {
        self.places.get(at as usize) == Some(&self.pass)
    }
}

/// What a pass notes while it runs; kept for the next one, because most texts are short and the tables are not.
#[derive(Default)]
struct Notes {
    /// Every literal that was found, with its place.
    found: Vec<(u32, Range<usize>)>,
    /// The literals of the text.
    present: Stamps,
    /// The clauses that the text satisfies.
    there: Stamps,
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
    /// Their parts that may match; `None` = all of them.
    parts: Option<Marks>,
    firsts: Arc<[u32]>,
}

impl Candidates {
    /// Which parts of the pattern may match.
    pub(crate) fn asked(&self, pattern: usize) -> Asked<'_> {
        match (&self.parts, self.firsts.get(pattern..pattern + 2)) {
            (Some(marks), Some([first, end])) => Asked::Parts(Parts {
                marks,
                first: *first as usize,
                end: *end as usize,
            }),
            _ => Asked::All,
        }
    }

    fn add(&mut self, [part, pattern]: PartOf) {
        self.patterns.set(pattern as usize);
        if let Some(parts) = &mut self.parts {
            parts.set(part as usize);
        }
    }
}

/// The tables under construction.
#[derive(Default)]
struct Builder {
    index: WordMap<Literal, u32>,
    literals: Vec<Literal>,
    owners: Vec<Owners>,
    alternatives: Vec<Alternative>,
    clause_index: WordMap<Vec<u32>, u32>,
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
            let mut alone: Vec<_> = alone.iter().map(|alternative| alternative.part).collect();
            alone.sort_unstable();
            alone.dedup();
            let alone: Vec<u32> = alone.into_flattened();
            let counted = |list: &[u32]| std::iter::once(number(list.len())).chain(list.to_vec());
            let known = counted(&owners.terms).chain(counted(&owners.clauses));
            let others = others.into_iter().flat_map(|alternative| {
                let part = alternative.part.into_iter();
                part.chain(counted(&alternative.clauses))
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
        let (mut firsts, mut always) = (Vec::new(), Vec::new());
        let mut parts = 0;
        for ((at, _), required) in shapes.into_iter().zip(all) {
            // a rule without a pattern has no parts
            firsts.resize(at + 1, parts);
            let clauses: Vec<Vec<u32>> = required
                .clauses
                .into_iter()
                .map(|clause| builder.literals(clause))
                .collect();
            for (part, alternative) in required.alternatives {
                let of = [firsts[at] + part, number(at)];
                parts = parts.max(of[0] + 1);
                let mut needed = alternative
                    .iter()
                    .map(|at| clauses[*at as usize].as_slice());
                match needed.next() {
                    Some(rarest) => builder.alternative(of, rarest, needed),
                    None => always.push(of),
                }
            }
        }
        firsts.resize(count + 1, parts);
        let mut filtered = Self {
            uses: builder.uses(),
            count: builder.literals.len(),
            book: Phrasebook::new(builder.literals)?,
            clause_count: builder.clause_index.len(),
            firsts: firsts.into(),
            always: Marks::with_room_for(parts as usize),
            unfiltered: Marks::with_room_for(count),
        };
        for [part, pattern] in always {
            filtered.always.set(part as usize);
            filtered.unfiltered.set(pattern as usize);
        }
        Some(filtered)
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
        let mut candidates = Candidates {
            terms: Vec::new(),
            patterns: self.unfiltered.clone(),
            parts: Some(self.always.clone()),
            firsts: Arc::clone(&self.firsts),
        };
        notes.present.start(self.count);
        notes.there.start(self.clause_count);
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
                let terms = &mut candidates.terms;
                terms.extend(rules.iter().map(|rule| (*rule as usize, range.clone())));
            }
            if !notes.present.add(literal) {
                continue;
            }
            let Some((clauses, uses)) = counted(uses) else {
                continue;
            };
            for clause in clauses {
                notes.there.add(*clause);
            }
            let Some((alone, others)) = counted(uses) else {
                continue;
            };
            let (alone, _) = alone.as_chunks();
            alone.iter().for_each(|part| candidates.add(*part));
            if !others.is_empty() {
                found.push(others);
            }
        }
        for mut others in found {
            while let [part, pattern, rest @ ..] = others {
                let Some((needed, rest)) = counted(rest) else {
                    break;
                };
                others = rest;
                if needed.iter().all(|clause| notes.there.has(*clause)) {
                    candidates.add([*part, *pattern]);
                }
            }
        }
        candidates
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
        self.unfiltered.iter().collect()
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
