//! One pass over a text that finds every term and every word without which a pattern cannot match, of all packs at
//! once. A rule costs nothing on a text that has none of its words.

use std::{cell::RefCell, collections::BTreeSet, ops::Range, sync::Arc};

use regex_syntax::hir::Hir;

use super::{
    literals::{Clause, Literal, Required, required},
    parallel,
    phrasebook::Phrasebook,
    rule::Rule,
    spelling::Commonness,
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
    /// In about how many training texts it stands.
    texts: u64,
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
    /// Where each list starts.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    fn push(&mut self, list: Vec<u32>) {
        let start = self.append(list);
        self.starts.push(start);
    }

    /// Adds a list that is not counted; where it starts.
    fn append(&mut self, list: Vec<u32>) -> u32 {
        let start = number(self.numbers.len());
        self.numbers.extend(list);
        start
    }

    /// The numbers from the start of a list on.
    fn get(&self, at: usize) -> &[u32] {
        let start = self.starts.get(at);
        start.map_or(&[], |start| self.behind(*start as usize))
    }

    fn behind(&self, start: usize) -> &[u32] {
        self.numbers.get(start..).unwrap_or_default()
    }
}

/// The tables of all terms and required literals.
pub(crate) struct Prefilter {
    book: Phrasebook,
    /// What each literal is for, the commonest first, and behind them the same of each common word, which is for all that the
    /// literals in it are for.
    uses: Lists,
    /// The clauses of common words that satisfy many, as sets, one behind the other.
    rows: Vec<u32>,
    /// How many literals and common words there are.
    known: usize,
    /// How many clauses there are.
    clause_count: usize,
    /// The number of each pattern's first part, and how many parts there are. All parts of a pattern stand together.
    firsts: Arc<[u32]>,
    /// The parts that nothing can be required for, and the rules whose own patterns have such parts.
    always: Vec<u32>,
    unfiltered: Marks,
}

/// A set of numbers, one bit each.
#[derive(Clone, Default)]
pub(crate) struct Marks(Vec<u32>);

impl Marks {
    /// How many numbers stand together.
    const TOGETHER: usize = u32::BITS as usize;

    fn with_room_for(count: usize) -> Self {
        Self(vec![0; count.div_ceil(Self::TOGETHER)])
    }

    /// Empties the set and makes room for so many numbers.
    fn start(&mut self, count: usize) {
        self.0.clear();
        self.0.resize(count.div_ceil(Self::TOGETHER), 0);
    }

    fn set(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / Self::TOGETHER) {
            *word |= 1 << (at % Self::TOGETHER);
        }
    }

    /// Adds all numbers of a set of the same size.
    fn unite(&mut self, other: &[u32]) {
        for (own, other) in self.0.iter_mut().zip(other) {
            *own |= other;
        }
    }

    fn has(&self, at: usize) -> bool {
        let word = self.0.get(at / Self::TOGETHER);
        word.is_some_and(|word| word >> (at % Self::TOGETHER) & 1 == 1)
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.within(0..self.0.len() * Self::TOGETHER)
    }

    /// The numbers of a range, in order.
    fn within(&self, range: Range<usize>) -> impl Iterator<Item = usize> + use<'_> {
        let first = range.start / Self::TOGETHER;
        let words = self.0.get(first..range.end.div_ceil(Self::TOGETHER));
        let mut words = words.unwrap_or_default().iter().copied().zip(first..);
        let (mut left, mut at) = words.next().unwrap_or_default();
        left &= u32::MAX << (range.start % Self::TOGETHER);
        std::iter::from_fn(move || {
            while left == 0 {
                (left, at) = words.next()?;
            }
            let number = at * Self::TOGETHER + left.trailing_zeros() as usize;
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
}

/// What a pass notes while it runs; kept for the next one, because most texts are short and the tables are not.
#[derive(Default)]
struct Notes {
    /// Every literal and common word that was found, with its place.
    found: Vec<(u32, Range<usize>)>,
    /// The literals and common words of the text.
    present: Stamps,
    /// The clauses that the text satisfies.
    there: Marks,
}

thread_local! {
    static NOTES: RefCell<Notes> = RefCell::default();
}

/// What the pass found.
pub(crate) struct Candidates {
    /// Each whole term with its rule.
    pub(crate) terms: Vec<(usize, Range<usize>)>,
    /// The rules whose own patterns may match.
    pub(crate) rules: Marks,
    /// The parts of all patterns that may match; `None` = all of them.
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

    /// Whether the pattern may match.
    pub(crate) fn has(&self, pattern: usize) -> bool {
        match self.asked(pattern) {
            Asked::All => true,
            Asked::Parts(parts) => parts.iter().next().is_some(),
        }
    }

    fn add(&mut self, [part, pattern]: PartOf) {
        self.rules.set(pattern as usize);
        self.add_part(part);
    }

    fn add_part(&mut self, part: u32) {
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
            self.owners.push(Owners {
                texts: Commonness::built_in().of(literal),
                ..Owners::default()
            });
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

    /// Adds an alternative with its clauses: it is thought of where something of the rarest stands in a text, and the
    /// others are asked in their order.
    fn alternative(&mut self, part: PartOf, mut needed: Vec<&[u32]>) {
        needed.sort_by_cached_key(|clause| self.texts(clause));
        let at = number(self.alternatives.len());
        let mut needed = needed.into_iter();
        for literal in needed.next().into_iter().flatten() {
            self.owners[*literal as usize].alternatives.push(at);
        }
        let clauses = needed.map(|clause| self.clause(clause)).collect();
        self.alternatives.push(Alternative { part, clauses });
    }

    /// In about how many training texts something of the clause stands.
    fn texts(&self, clause: &[u32]) -> u64 {
        let texts = |literal: &u32| self.owners[*literal as usize].texts;
        clause.iter().map(texts).sum()
    }

    /// Puts the literals that stand in many texts before all others: what is needed often then lies together.
    fn sort(&mut self) {
        let (literals, owners) = (&mut self.literals, &mut self.owners);
        let mut both: Vec<_> = literals.drain(..).zip(owners.drain(..)).collect();
        both.sort_by_key(|(_, owners)| std::cmp::Reverse(owners.texts));
        (self.literals, self.owners) = both.into_iter().unzip();
    }

    /// What each literal is for; patterns from `rules` on are no rules'.
    fn uses(&self, rules: usize) -> Lists {
        let mut lists = Lists::default();
        for (literal, owners) in (0_u32..).zip(&self.owners) {
            let terms = owners.terms.iter().copied();
            let mut uses = Uses {
                // the rules of which it is a term stand behind its own number
                terms: match owners.terms.is_empty() {
                    true => Vec::new(),
                    false => std::iter::once(literal).chain(terms).collect(),
                },
                clauses: owners.clauses.iter().copied().collect(),
                ..Uses::default()
            };
            for at in &owners.alternatives {
                let Alternative { part, clauses } = &self.alternatives[*at as usize];
                match clauses.as_slice() {
                    [] if (part[1] as usize) < rules => uses.own.extend([*part]),
                    [] => uses.parts.extend([part[0]]),
                    clauses => uses.others.extend([(*part, clauses)]),
                }
            }
            lists.push(uses.list(literal, 0));
        }
        lists
    }
}

/// What a literal, or several in one word, are for.
#[derive(Default)]
struct Uses<'u> {
    /// A literal and the rules of which it is a term.
    terms: Vec<u32>,
    clauses: BTreeSet<u32>,
    /// The parts of rules' own patterns that need nothing else, and those of other patterns.
    own: BTreeSet<PartOf>,
    parts: BTreeSet<u32>,
    /// The alternatives that need more, with the clauses that each needs.
    others: BTreeSet<(PartOf, &'u [u32])>,
}

impl<'u> Uses<'u> {
    /// Adds those of a list.
    fn extend(&mut self, list: &'u [u32]) {
        if let Some(used) = Used::of(list) {
            self.clauses.extend(used.clauses);
            self.own.extend(used.own);
            self.parts.extend(used.parts);
            self.others.extend(alternatives(used.others));
        }
    }

    /// All of it as one list, which [`Used`] reads: with a number of its own, and that of a row of clauses.
    fn list(&self, own: u32, row: usize) -> Vec<u32> {
        let mut list = vec![own, number(row)];
        let mut push = |numbers: Vec<u32>| {
            list.push(number(numbers.len()));
            list.extend(numbers);
        };
        push(self.terms.clone());
        push(self.clauses.iter().copied().collect());
        push(self.own.iter().copied().flatten().collect());
        push(self.parts.iter().copied().collect());
        let mut others = Vec::new();
        for (part, clauses) in &self.others {
            others.extend_from_slice(part);
            others.push(number(clauses.len()));
            others.extend_from_slice(clauses);
        }
        push(others);
        list
    }
}

/// The same read from its list.
struct Used<'u> {
    number: u32,
    row: u32,
    terms: &'u [u32],
    clauses: &'u [u32],
    own: &'u [PartOf],
    parts: &'u [u32],
    others: &'u [u32],
}

impl<'u> Used<'u> {
    fn of(list: &'u [u32]) -> Option<Self> {
        let ([number, row], rest) = list.split_first_chunk()?;
        let (terms, rest) = counted(rest)?;
        let (clauses, rest) = counted(rest)?;
        let (own, rest) = counted(rest)?;
        let (parts, rest) = counted(rest)?;
        let (others, _) = counted(rest)?;
        Some(Self {
            number: *number,
            row: *row,
            terms,
            clauses,
            own: own.as_chunks().0,
            parts,
            others,
        })
    }
}

/// The alternatives that need more, each with the clauses that it needs.
fn alternatives(mut list: &[u32]) -> impl Iterator<Item = (PartOf, &[u32])> {
    std::iter::from_fn(move || {
        let (part, rest) = list.split_first_chunk()?;
        let (needed, rest) = counted(rest)?;
        list = rest;
        Some((*part, needed))
    })
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
                let needed = alternative.iter();
                let needed: Vec<_> = needed.map(|at| &clauses[*at as usize][..]).collect();
                match needed.is_empty() {
                    true => always.push(of),
                    false => builder.alternative(of, needed),
                }
            }
        }
        firsts.resize(count + 1, parts);
        builder.sort();
        let mut filtered = Self {
            uses: builder.uses(rules.len()),
            rows: Vec::new(),
            known: builder.literals.len(),
            book: Phrasebook::new(builder.literals)?,
            clause_count: builder.clause_index.len(),
            firsts: firsts.into(),
            always: always.iter().map(|[part, _]| *part).collect(),
            unfiltered: Marks::with_room_for(rules.len()),
        };
        for [_, pattern] in always {
            filtered.unfiltered.set(pattern as usize);
        }
        Some(filtered)
    }

    /// Finds out beforehand what stands in common words, the commonest first.
    pub(crate) fn learn<'w>(&mut self, words: impl Iterator<Item = &'w str>) {
        let (uses, known, rows) = (&mut self.uses, &mut self.known, &mut self.rows);
        let literals = number(uses.starts.len());
        let size = self.clause_count.div_ceil(Marks::TOGETHER);
        self.book.learn(words, |whole, inside| {
            let mut all = Uses::default();
            inside
                .iter()
                .for_each(|literal| all.extend(uses.get(*literal as usize)));
            let whole = whole.and_then(|whole| Used::of(uses.get(whole as usize)));
            all.terms = whole.map_or_else(Vec::new, |used| used.terms.to_vec());
            let mut row = 0;
            if all.clauses.len() > size / 4 {
                let mut many = Marks::with_room_for(self.clause_count);
                let clauses = std::mem::take(&mut all.clauses).into_iter();
                clauses.for_each(|clause| many.set(clause as usize));
                rows.extend(many.0);
                row = rows.len() / size;
            }
            let list = all.list(number(*known), row);
            *known += 1;
            literals + uses.append(list)
        });
    }

    /// Reads a plain view once.
    pub(crate) fn candidates(&self, text: &[u8]) -> Candidates {
        NOTES.with(|notes| match notes.try_borrow_mut() {
            Ok(mut notes) => self.read(text, &mut notes),
            Err(_) => self.read(text, &mut Notes::default()),
        })
    }

    fn read(&self, text: &[u8], notes: &mut Notes) -> Candidates {
        let count = self.firsts.last().map_or(0, |count| *count as usize);
        let mut parts = Marks::with_room_for(count);
        self.always
            .iter()
            .for_each(|part| parts.set(*part as usize));
        let mut candidates = Candidates {
            terms: Vec::new(),
            rules: self.unfiltered.clone(),
            parts: Some(parts),
            firsts: Arc::clone(&self.firsts),
        };
        notes.present.start(self.known);
        notes.there.start(self.clause_count);
        // what literals are for lies far apart: looked up one right after the other, it is waited for together
        notes.found.clear();
        self.book
            .find(text, |number, range| notes.found.push((number, range)));
        let mut found = Vec::with_capacity(notes.found.len());
        for (number, range) in notes.found.drain(..) {
            let Some(used) = self.used(number as usize) else {
                continue;
            };
            if let Some((literal, rules)) = used.terms.split_first()
                && apart(text, &range)
                && self.book.is(*literal, &text[range.clone()])
            {
                let terms = rules.iter();
                let terms = terms.map(|rule| (*rule as usize, range.clone()));
                candidates.terms.extend(terms);
            }
            if !notes.present.add(used.number) {
                continue;
            }
            self.satisfy(&used, &mut notes.there);
            used.own.iter().for_each(|part| candidates.add(*part));
            used.parts
                .iter()
                .for_each(|part| candidates.add_part(*part));
            if !used.others.is_empty() {
                found.push(used.others);
            }
        }
        for (part, needed) in found.into_iter().flat_map(alternatives) {
            let is_there = |clause: &u32| notes.there.has(*clause as usize);
            if needed.iter().all(is_there) {
                candidates.add(part);
            }
        }
        candidates
    }

    /// What a literal is for, or a common word, whose number says where its list starts.
    fn used(&self, number: usize) -> Option<Used<'_>> {
        Used::of(match number.checked_sub(self.uses.starts.len()) {
            Some(start) => self.uses.behind(start),
            None => self.uses.get(number),
        })
    }

    /// Notes the clauses that something satisfies.
    fn satisfy(&self, used: &Used<'_>, there: &mut Marks) {
        let size = there.0.len();
        if let Some(row) = used.row.checked_sub(1) {
            let start = row as usize * size;
            there.unite(self.rows.get(start..start + size).unwrap_or_default());
        }
        let clauses = used.clauses.iter();
        clauses.for_each(|clause| there.set(*clause as usize));
    }

    /// As if every pattern might match.
    #[cfg(test)]
    pub(crate) fn everything(&self, text: &[u8]) -> Candidates {
        let mut all = self.candidates(text);
        all.rules.0.fill(u32::MAX);
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
