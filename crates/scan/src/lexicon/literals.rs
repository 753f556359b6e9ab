//! Which words a pattern cannot match without: the literals that the prefilter looks for.
//!
//! For every alternative of a pattern sets of literals are worked out, of each of which every match contains one. Running the pattern is
//! left to `compiled`; looking for the literals is the `prefilter`'s work.

use std::{
    cell::OnceCell,
    hash::{Hash, Hasher},
    rc::Rc,
    sync::LazyLock,
};

use regex_syntax::{
    ParserBuilder,
    hir::{Class, ClassUnicodeRange, Hir, HirKind, Look, Repetition},
};

use super::excuses::FUNCTION_WORDS;
use crate::hashing::{AsIs, ByHash, WordSet};

/// Most literals that are multiplied out where parts of a pattern stand side by side.
const MOST_PRODUCTS: usize = 96;

/// Most alternatives that are kept one by one.
const MOST_BRANCHES: usize = 256;

/// Most alternatives that a part of a pattern is taken apart into.
const MOST_ALTERNATIVES: usize = 48;

/// Most clauses of an alternative.
const MOST_CLAUSES: usize = 6;

/// What a clause beside a better one must be worth: nearly every text has a loose letter.
const WEAK: u32 = 3;

/// Most characters of a class that are taken for literals.
const WIDEST_CLASS: usize = 10;

/// Longest literal that is worth building, in bytes.
const LONGEST: usize = 48;

/// Stands for a word boundary in a literal under construction; no plain view has it.
const EDGE: u8 = 1;

/// Words so common in a school's texts that looking for them saves little.
pub(crate) const COMMON: &[&str] = &[
    "being",
    "boy",
    "boys",
    "child",
    "children",
    "class",
    "day",
    "days",
    "else",
    "even",
    "ever",
    "few",
    "girl",
    "girls",
    "give",
    "great",
    "help",
    "ill",
    "keep",
    "kid",
    "kids",
    "know",
    "last",
    "let",
    "like",
    "look",
    "love",
    "made",
    "make",
    "many",
    "may",
    "miss",
    "mr",
    "mrs",
    "mum",
    "much",
    "must",
    "need",
    "next",
    "night",
    "only",
    "other",
    "own",
    "parents",
    "people",
    "please",
    "pupils",
    "put",
    "right",
    "school",
    "see",
    "show",
    "something",
    "son",
    "staff",
    "still",
    "take",
    "teacher",
    "teachers",
    "tell",
    "thank",
    "thanks",
    "thing",
    "think",
    "time",
    "told",
    "tonight",
    "ur",
    "use",
    "way",
    "week",
    "well",
    "work",
    "year",
    "years",
];

/// Both lists, for looking words up.
static EVERYDAY: LazyLock<WordSet<&[u8]>> = LazyLock::new(|| {
    let words = FUNCTION_WORDS.iter().chain(COMMON);
    words.map(|word| word.as_bytes()).collect()
});

/// Something that must stand in a text for a pattern to match.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Literal {
    pub(crate) bytes: Vec<u8>,
    /// No word character stands before it.
    pub(crate) starts: bool,
    /// No word character stands after it.
    pub(crate) ends: bool,
}

impl Literal {
    /// Whether wherever this stands the other stands.
    fn holds(&self, part: &Self) -> bool {
        let length = part.bytes.len();
        if length == 0 || length > self.bytes.len() {
            return length == 0;
        }
        let edge = |byte: Option<&u8>, outer: bool| byte.map_or(outer, |byte| *byte == b' ');
        let mut places = self.bytes.windows(length).enumerate();
        places.any(|(at, window)| {
            let before = at.checked_sub(1).and_then(|at| self.bytes.get(at));
            window == part.bytes
                && (!part.starts || edge(before, self.starts))
                && (!part.ends || edge(self.bytes.get(at + length), self.ends))
        })
    }
}

/// Literals of which every match of a pattern contains one.
pub(crate) type Clause = Vec<Literal>;

/// What a pattern needs: every match of it is one of an alternative, and holds something of each of its clauses.
#[derive(Default)]
pub(crate) struct Required {
    /// The clauses, each of them once.
    pub(crate) clauses: Vec<Clause>,
    /// The part and the clauses of each alternative, the rarest first; none at all where nothing useful is known.
    pub(crate) alternatives: Vec<(u32, Vec<u32>)>,
}

impl Required {
    /// Nothing useful is known.
    pub(crate) fn nothing() -> Self {
        Self {
            clauses: Vec::new(),
            alternatives: vec![(0, Vec::new())],
        }
    }
}

/// A pattern read; only its shape is, and no machine is built to run it.
pub(crate) fn parse(pattern: &str) -> Result<Hir, String> {
    ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .map_err(|error| last_line(&error))
}

/// The reason of an error, without the drawing of the pattern above it.
pub(crate) fn last_line(error: &impl ToString) -> String {
    let error = error.to_string();
    error.lines().last().unwrap_or_default().trim().to_owned()
}

/// One alternative of a pattern, or several that are plain words.
pub(crate) struct Part<'h>(Vec<Vec<&'h Hir>>);

impl Part<'_> {
    fn rows(&self) -> impl Iterator<Item = Hir> {
        let rows = self.0.iter();
        rows.map(|row| Hir::concat(row.iter().map(|part| (*part).clone()).collect()))
    }

    /// The part as a pattern.
    pub(crate) fn written(&self) -> String {
        let rows = self.rows().map(|row| row.to_string());
        rows.collect::<Vec<_>>().join("|")
    }

    /// The part by itself.
    pub(crate) fn shape(&self) -> Hir {
        Hir::alternation(self.rows().collect())
    }
}

/// The alternatives of a pattern in their order, and what stands around each of them. Neighbours that are plain words
/// are one part. What can match nothing at all is not taken apart.
pub(crate) fn parts(hir: &Hir) -> (Around, Vec<Part<'_>>) {
    let (inner, around) = inside(hir);
    let mut parts = Vec::new();
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        parts.push(Part(vec![inner]));
    } else {
        take_apart(inner, &mut parts);
    }
    (around, parts)
}

fn take_apart<'h>(row: Vec<&'h Hir>, parts: &mut Vec<Part<'h>>) {
    if let [alone] = row.as_slice()
        && let Some(choices) = choices(alone)
    {
        for choice in choices {
            let mut row = Vec::new();
            put(choice, &mut row);
            take_apart(row, parts);
        }
        return;
    }
    match parts.last_mut() {
        Some(Part(rows)) if is_plain(&row) && rows.last().is_some_and(|row| is_plain(row)) => {
            rows.push(row);
        }
        _ => parts.push(Part(vec![row])),
    }
}

fn is_plain(row: &[&Hir]) -> bool {
    matches!(row, [alone] if matches!(alone.kind(), HirKind::Literal(_)))
}

/// What each alternative of a pattern needs.
pub(crate) fn required(hir: &Hir) -> Required {
    let (around, parts) = parts(hir);
    let mut knowledge = Knowledge::default();
    let mut clauses = Clauses::default();
    let mut alternatives = Vec::new();
    for (number, part) in (0_u32..).zip(parts) {
        let mut branches = Vec::new();
        for row in part.0 {
            knowledge.expand(row, 0, MOST_ALTERNATIVES, &mut branches);
        }
        let first = alternatives.len();
        for branch in &branches {
            let known = knowledge.side_by_side(branch, around);
            let needed = clauses.of(&known, around);
            let nothing = needed.is_empty();
            if nothing {
                alternatives.truncate(first);
            }
            alternatives.push((number, needed));
            if nothing {
                break;
            }
        }
    }
    alternatives.sort_unstable();
    alternatives.dedup();
    Required {
        clauses: clauses.list,
        alternatives,
    }
}

/// A part put into a row of parts: what stands side by side in it stands side by side in the row.
fn put<'h>(part: &'h Hir, row: &mut Vec<&'h Hir>) {
    match part.kind() {
        HirKind::Empty => {}
        HirKind::Concat(parts) => parts.iter().for_each(|part| put(part, row)),
        _ => row.push(part),
    }
}

fn choices(part: &Hir) -> Option<&[Hir]> {
    match part.kind() {
        HirKind::Capture(capture) => choices(&capture.sub),
        HirKind::Alternation(choices) => Some(choices),
        _ => None,
    }
}

/// The clauses of one pattern, each of them once.
#[derive(Default)]
struct Clauses {
    list: Vec<Clause>,
    by_hash: ByHash<Vec<u32>>,
    /// Which clause implies which, by both numbers.
    implied: ByHash<bool>,
}

impl Clauses {
    /// The useful clauses of an alternative, the rarest first.
    fn of(&mut self, known: &Known, around: Around) -> Vec<u32> {
        let mut sets: Vec<_> = known.all(around).collect();
        sets.retain(|set| set.worth() > 0);
        sets.sort_by(|a, b| {
            let rarer = b.worth().cmp(&a.worth());
            rarer.then_with(|| a.len().cmp(&b.len()))
        });
        sets.truncate(MOST_CLAUSES);
        let mut clauses: Vec<u32> = Vec::new();
        for set in sets {
            if set.worth() < WEAK && !clauses.is_empty() {
                continue;
            }
            let number = *set.clause.get_or_init(|| self.number(&set));
            if !clauses.iter().any(|clause| self.implies(*clause, number)) {
                clauses.push(number);
            }
        }
        clauses
    }

    fn number(&mut self, set: &Words) -> u32 {
        let mut clause: Clause = set.iter().map(literal).collect();
        clause.sort_unstable();
        clause.dedup();
        let mut hasher = AsIs::default();
        clause.hash(&mut hasher);
        let same = self.by_hash.entry(hasher.finish()).or_default();
        let known = same
            .iter()
            .find(|at| self.list.get(**at as usize) == Some(&clause));
        if let Some(known) = known {
            return *known;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        same.push(number);
        self.list.push(clause);
        number
    }

    /// Whether a text that has something of the one clause has something of the other too.
    fn implies(&mut self, one: u32, other: u32) -> bool {
        let list = &self.list;
        let both = u64::from(one) << 32 | u64::from(other);
        *self.implied.entry(both).or_insert_with(|| {
            let clause = |number: u32| list.get(number as usize).map_or(&[][..], Vec::as_slice);
            let held = |literal: &Literal| clause(other).iter().any(|part| literal.holds(part));
            clause(one).iter().all(held)
        })
    }
}

/// The pattern between its word boundaries.
fn inside(hir: &Hir) -> (Vec<&Hir>, Around) {
    let mut parts: &[Hir] = match hir.kind() {
        HirKind::Concat(parts) => parts,
        _ => std::slice::from_ref(hir),
    };
    let mut around = Around::default();
    let is = |part: &Hir, look: Look| *part.kind() == HirKind::Look(look);
    if let Some((first, rest)) = parts.split_first()
        && is(first, Look::WordStartHalfAscii)
    {
        (around.before, parts) = (true, rest);
    }
    if let Some((last, rest)) = parts.split_last()
        && is(last, Look::WordEndHalfAscii)
    {
        (around.after, parts) = (true, rest);
    }
    let mut row = Vec::new();
    parts.iter().for_each(|part| put(part, &mut row));
    (row, around)
}

/// A space at an end of it is the edge of a word.
fn literal(raw: &[u8]) -> Literal {
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(*byte, EDGE | b' '));
    let (starts, ends) = (edge(raw.first()), edge(raw.last()));
    let bytes: Vec<u8> = raw.iter().copied().filter(|byte| *byte != EDGE).collect();
    Literal {
        bytes: bytes.trim_ascii().to_vec(),
        starts,
        ends,
    }
}

/// A set of literals under construction.
#[derive(Default)]
struct Words {
    /// One after the other.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    longest: usize,
    worth: OnceCell<u32>,
    /// The number of the clause that it makes.
    clause: OnceCell<u32>,
}

impl Words {
    fn one(word: &[u8]) -> Self {
        let mut words = Self::default();
        words.push(&[word]);
        words
    }

    /// Adds a literal made of these pieces.
    fn push(&mut self, pieces: &[&[u8]]) {
        let start = self.bytes.len();
        for piece in pieces {
            self.bytes.extend_from_slice(piece);
        }
        self.ends.push(self.bytes.len());
        self.longest = self.longest.max(self.bytes.len() - start);
    }

    fn extend(&mut self, more: &Self) {
        more.iter().for_each(|word| self.push(&[word]));
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let places = starts.zip(&self.ends);
        places.map(|(start, end)| self.bytes.get(*start..*end).unwrap_or_default())
    }

    const fn len(&self) -> usize {
        self.ends.len()
    }

    const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How much looking for the set saves: as much as its commonest literal.
    fn worth(&self) -> u32 {
        let least = || self.iter().map(rarity).min().unwrap_or(0);
        *self.worth.get_or_init(least)
    }
}

/// What is known about the matches of a part of a pattern.
#[derive(Default)]
struct Known {
    /// Every match, where they are few.
    exact: Option<Rc<Words>>,
    /// Sets of each of which every match contains one.
    contained: Vec<Rc<Words>>,
}

impl Known {
    fn exactly(exact: Words) -> Self {
        Self {
            exact: Some(Rc::new(exact)),
            contained: Vec::new(),
        }
    }

    /// Every set of which every match contains one.
    fn all(&self, around: Around) -> impl Iterator<Item = Rc<Words>> {
        let exact = self.exact.iter().map(move |exact| around.mark(exact));
        exact.chain(self.contained.iter().map(Rc::clone))
    }

    /// The rarest set of which every match contains one.
    fn best(&self, around: Around) -> Option<Rc<Words>> {
        self.all(around)
            .filter(|set| set.worth() > 0)
            .max_by_key(|set| set.worth())
    }
}

/// Whether what stands beside a part of a pattern is certainly no letter or digit.
#[derive(Clone, Copy, Default)]
pub(crate) struct Around {
    before: bool,
    after: bool,
}

impl Around {
    fn mark(self, set: &Rc<Words>) -> Rc<Words> {
        if !self.before && !self.after {
            return Rc::clone(set);
        }
        let edge = |yes: bool| if yes { &[EDGE][..] } else { &[] };
        let mut marked = Words::default();
        for literal in set.iter() {
            marked.push(&[edge(self.before), literal, edge(self.after)]);
        }
        Rc::new(marked)
    }
}

const fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether no letter stands at the end of what the part matches, where none stood before it.
fn ends_open(hir: &Hir, before: bool) -> bool {
    beside(hir, before, Look::WordStartHalfAscii, |literal| {
        literal.last().copied()
    })
}

/// Whether no letter stands at the start of what the part matches, where none stands after it.
fn starts_open(hir: &Hir, after: bool) -> bool {
    beside(hir, after, Look::WordEndHalfAscii, |literal| {
        literal.first().copied()
    })
}

/// Carries the knowledge about one side of a part through to its other side.
fn beside(hir: &Hir, known: bool, edge: Look, outer: fn(&[u8]) -> Option<u8>) -> bool {
    match hir.kind() {
        HirKind::Empty => known,
        HirKind::Look(Look::Start) if edge == Look::WordStartHalfAscii => true,
        HirKind::Look(Look::End) if edge == Look::WordEndHalfAscii => true,
        HirKind::Look(look) => known || *look == edge,
        HirKind::Literal(literal) => outer(&literal.0).map_or(known, |byte| !is_letter(byte)),
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .all(|range| (range.start()..=range.end()).all(|byte| !is_letter(byte))),
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().all(|range| !range.start().is_ascii())
        }
        HirKind::Capture(capture) => beside(&capture.sub, known, edge, outer),
        HirKind::Repetition(repetition) => {
            (known || repetition.min > 0) && beside(&repetition.sub, known, edge, outer)
        }
        HirKind::Alternation(branches) => branches
            .iter()
            .all(|branch| beside(branch, known, edge, outer)),
        HirKind::Concat(parts) if edge == Look::WordStartHalfAscii => parts
            .iter()
            .fold(known, |known, part| beside(part, known, edge, outer)),
        HirKind::Concat(parts) => parts
            .iter()
            .rev()
            .fold(known, |known, part| beside(part, known, edge, outer)),
    }
}

/// What is known about the parts of one pattern: the same part is asked about in many alternatives.
#[derive(Default)]
struct Knowledge(ByHash<Remembered>);

/// What has been worked out about one part.
#[derive(Default)]
struct Remembered {
    /// Whatever stands around it.
    anywhere: Option<Rc<Known>>,
    /// By what stands around it.
    around: [Option<Rc<Known>>; 4],
}

impl Knowledge {
    /// The alternatives of a pattern one by one, as far as they are few. What stands beside a choice between longer
    /// parts is repeated for each of them, so that the parts of one are not mixed with those of another. Parts before
    /// `from` are no such choices.
    fn expand<'h>(
        &mut self,
        row: Vec<&'h Hir>,
        from: usize,
        most: usize,
        branches: &mut Vec<Vec<&'h Hir>>,
    ) {
        let alone = match row.as_slice() {
            [alone] => Some(*alone),
            _ => None,
        };
        if let Some(choices) = alone.and_then(choices) {
            for choice in choices {
                let mut row = Vec::new();
                put(choice, &mut row);
                self.expand(row, 0, most, branches);
            }
            return;
        }
        let choice = row.iter().enumerate().skip(from).find_map(|(at, part)| {
            let choices = choices(part)?;
            let few = choices.len() <= most;
            let long = few && self.of(part, Around::default()).exact.is_none();
            long.then_some((at, choices))
        });
        let Some((at, choices)) = choice else {
            branches.push(row);
            return;
        };
        for choice in choices {
            let mut longer = Vec::with_capacity(row.len() + 8);
            longer.extend_from_slice(&row[..at]);
            put(choice, &mut longer);
            longer.extend_from_slice(&row[at + 1..]);
            self.expand(longer, at, most / choices.len(), branches);
        }
    }

    fn of(&mut self, hir: &Hir, around: Around) -> Rc<Known> {
        // an odd factor keeps different places different
        let place = std::ptr::from_ref(hir).addr() as u64;
        let key = place.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let way = usize::from(around.before) << 1 | usize::from(around.after);
        if let Some(remembered) = self.0.get(&key) {
            let known = remembered.anywhere.as_ref();
            if let Some(known) = known.or(remembered.around[way].as_ref()) {
                return Rc::clone(known);
            }
        }
        let known = Rc::new(self.work_out(hir, around));
        let remembered = self.0.entry(key).or_default();
        if known.exact.is_some() && known.contained.is_empty() {
            remembered.anywhere = Some(Rc::clone(&known));
        } else {
            remembered.around[way] = Some(Rc::clone(&known));
        }
        known
    }

    fn work_out(&mut self, hir: &Hir, around: Around) -> Known {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Known::exactly(Words::one(b"")),
            HirKind::Literal(literal) => Known::exactly(Words::one(&literal.0)),
            HirKind::Class(class) => letters(class).map_or_else(Known::default, Known::exactly),
            HirKind::Capture(capture) => self.work_out(&capture.sub, around),
            HirKind::Repetition(repetition) => self.repeated(repetition, around),
            HirKind::Alternation(branches) => self.one_of(branches, around),
            HirKind::Concat(parts) => self.in_turn(&parts.iter().collect::<Vec<_>>(), around),
        }
    }

    fn side_by_side(&mut self, row: &[&Hir], around: Around) -> Rc<Known> {
        match row {
            [alone] => self.of(alone, around),
            row => Rc::new(self.in_turn(row, around)),
        }
    }

    fn repeated(&mut self, repetition: &Repetition, around: Around) -> Known {
        match (repetition.min, repetition.max) {
            (1, Some(1)) => self.work_out(&repetition.sub, around),
            (0, Some(1)) => Known {
                exact: self.of(&repetition.sub, around).exact.as_ref().map(|some| {
                    let mut exact = Words::default();
                    exact.extend(some);
                    exact.push(&[]);
                    Rc::new(exact)
                }),
                contained: Vec::new(),
            },
            (0, _) => Known::default(),
            // what stands beside one turn may be another turn
            _ => {
                let sub = &repetition.sub;
                let around = Around {
                    before: around.before && ends_open(sub, false),
                    after: around.after && starts_open(sub, false),
                };
                Known {
                    exact: None,
                    contained: self.of(sub, around).all(around).collect(),
                }
            }
        }
    }

    fn one_of(&mut self, branches: &[Hir], around: Around) -> Known {
        if let Some(exact) = self.every_one_of(branches, around) {
            return Known::exactly(exact);
        }
        let mut contained = Words::default();
        for branch in branches {
            let Some(best) = self.of(branch, around).best(around) else {
                return Known::default();
            };
            contained.extend(&best);
        }
        Known {
            exact: None,
            contained: vec![Rc::new(contained)],
        }
    }

    /// All matches of the branches, where they are few.
    fn every_one_of(&mut self, branches: &[Hir], around: Around) -> Option<Words> {
        let mut all = Words::default();
        for branch in branches {
            if let HirKind::Literal(literal) = branch.kind() {
                all.push(&[&literal.0]);
            } else {
                all.extend(self.of(branch, around).exact.as_ref()?);
            }
            if all.len() > MOST_BRANCHES {
                return None;
            }
        }
        Some(all)
    }

    /// Parts side by side: what stands together is multiplied out as far as it stays small.
    fn in_turn(&mut self, parts: &[&Hir], around: Around) -> Known {
        let mut after = vec![around.after; parts.len()];
        for at in (1..parts.len()).rev() {
            after[at - 1] = starts_open(parts[at], after[at]);
        }
        let mut contained: Vec<Rc<Words>> = Vec::new();
        let mut offer = |set: Rc<Words>| {
            if set.worth() > 0 {
                contained.push(set);
            }
        };
        let nothing = Rc::new(Words::default());
        let mut running = Running::new(around.before);
        let mut whole = true;
        let mut before = around.before;
        for (part, after) in parts.iter().zip(after) {
            let here = Around { before, after };
            let inner = self.of(part, here);
            let exact = inner.exact.as_ref().unwrap_or(&nothing);
            if exact.is_empty() || !fits(&running.set, exact) {
                whole = false;
                offer(running.marked(starts_open(part, after)));
                running = Running::new(before);
            }
            if exact.is_empty() {
                running.broken = true;
            } else if fits(&running.set, exact) {
                running.set = Rc::new(product(&running.set, exact));
            } else {
                offer(here.mark(exact));
                running.broken = true;
            }
            inner.contained.iter().map(Rc::clone).for_each(&mut offer);
            before = ends_open(part, before);
            if running.broken {
                running = Running::new(before);
            }
        }
        if whole {
            return Known {
                contained,
                exact: Some(running.set),
            };
        }
        offer(running.marked(around.after));
        Known {
            exact: None,
            contained,
        }
    }
}

fn letters(class: &Class) -> Option<Words> {
    let mut letters = Words::default();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                (range.start()..=range.end()).for_each(|byte| letters.push(&[&[byte]]));
            }
        }
        // emoji: their classes are as wide as somebody wrote them
        Class::Unicode(class) => {
            let width = |range: &ClassUnicodeRange| range.len();
            if class.ranges().iter().map(width).sum::<usize>() > MOST_PRODUCTS {
                return None;
            }
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            chars.for_each(|c| letters.push(&[c.encode_utf8(&mut [0; 4]).as_bytes()]));
        }
    }
    let plain = letters.iter().filter(|letter| letter.len() == 1).count();
    (plain <= WIDEST_CLASS).then_some(letters)
}

/// What the parts so far match together.
struct Running {
    set: Rc<Words>,
    before: bool,
    /// The part just read is no longer in the set.
    broken: bool,
}

impl Running {
    fn new(before: bool) -> Self {
        Self {
            set: Rc::new(Words::one(b"")),
            before,
            broken: false,
        }
    }

    fn marked(&self, after: bool) -> Rc<Words> {
        let before = self.before;
        Around { before, after }.mark(&self.set)
    }
}

const fn fits(left: &Words, right: &Words) -> bool {
    left.len() * right.len() <= MOST_PRODUCTS && left.longest + right.longest <= LONGEST
}

fn product(left: &Words, right: &Words) -> Words {
    let mut product = Words::default();
    for left in left.iter() {
        right.iter().for_each(|right| product.push(&[left, right]));
    }
    product
}

/// A guess at how rare a literal is, by its rarest word: long words are, function words are not, and neither is a
/// loose letter.
fn rarity(raw: &[u8]) -> u32 {
    let starts = raw.first() == Some(&EDGE);
    let ends = raw.last() == Some(&EDGE);
    let bare = &raw[usize::from(starts).min(raw.len())..];
    let bare = &bare[..bare.len() - usize::from(ends).min(bare.len())];
    let last = bare.iter().filter(|byte| **byte == b' ').count();
    let mut rarest = 0;
    let mut words = 0;
    for (at, piece) in bare.split(|byte| *byte == b' ').enumerate() {
        let whole = (at > 0 || starts) && (at < last || ends);
        rarest = rarest.max(rarity_of_word(piece, whole));
        words += u32::from(!piece.is_empty());
    }
    rarest + 2 * words.saturating_sub(1)
}

fn rarity_of_word(piece: &[u8], whole: bool) -> u32 {
    let length = u32::try_from(piece.len().min(10)).unwrap_or(0);
    match length {
        0 => 0,
        _ if EVERYDAY.contains(piece) => {
            if whole {
                3
            } else {
                1
            }
        }
        _ if !piece.is_ascii() => 12,
        length if whole => 2 * length + 4,
        1 => 1,
        2 => 2,
        length => 2 * length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> String {
        let pattern = format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}");
        let edge = |yes| if yes { "|" } else { "" };
        let literal = |literal: &Literal| {
            let text = String::from_utf8_lossy(&literal.bytes);
            format!("{}{text}{}", edge(literal.starts), edge(literal.ends))
        };
        let required = required(&parse(&pattern).unwrap());
        let clause = |clause: &u32| {
            let literals = required.clauses[*clause as usize].iter().map(literal);
            let literals: Vec<_> = literals.collect();
            literals.join(" ")
        };
        let alternative = |(_, clauses): &(u32, Vec<u32>)| {
            let clauses: Vec<_> = clauses.iter().map(clause).collect();
            clauses.join(" & ")
        };
        let alternatives: Vec<_> = required.alternatives.iter().map(alternative).collect();
        alternatives.join(" / ")
    }

    #[test]
    fn the_words_of_every_part_of_a_pattern_are_required() {
        assert_eq!(shown("kill (?:him|her)"), "|kill her| |kill him|");
        assert_eq!(
            shown("(?:i will|im going to) (?:[^ .?][^ ]* ){0,4}stab(?:bed)? you"),
            "|stab you| |stabbed you| & |i will| |im going to|"
        );
        assert_eq!(shown("cats?|dog [a-z]+"), "|cat| |cats| / |dog|");
        assert_eq!(shown("[a-z]+ [a-z]+"), "");
        assert_eq!(shown("(?:very )?(?:big )+cat"), "|big| & |cat|");
        assert_eq!(
            shown("(?:knife [a-z]+ bag|stab [a-z]+ day) now"),
            "|knife| & |bag now| / |stab| & |day now|"
        );
    }
}
