//! Which words a pattern cannot match without: the literals that the prefilter looks for.
//!
//! For every alternative of a pattern sets of literals are worked out, of each of which every match contains one. Running the pattern is
//! left to `compiled`; looking for the literals is the `prefilter`'s work.

use std::{collections::HashSet, sync::LazyLock};

use regex_syntax::{
    ParserBuilder,
    hir::{Class, ClassUnicodeRange, Hir, HirKind, Look, Repetition},
};

use super::excuses::FUNCTION_WORDS;

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
static EVERYDAY: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| {
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

/// What each alternative of a pattern needs: every match of the pattern is one of an alternative, and holds something
/// of each of its clauses. The rarest clause comes first; none at all where nothing useful is known.
pub(crate) fn required(pattern: &str) -> Vec<Vec<Clause>> {
    let hir = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern);
    let Ok(hir) = hir else {
        return vec![Vec::new()];
    };
    let (inner, around) = inside(&hir);
    let mut branches = Vec::new();
    expand(inner, 0, MOST_ALTERNATIVES, &mut branches);
    let mut alternatives: Vec<Vec<Clause>> = branches
        .iter()
        .map(|branch| clauses(known(branch, around), around))
        .collect();
    alternatives.sort_unstable();
    alternatives.dedup();
    if alternatives.iter().any(Vec::is_empty) {
        return vec![Vec::new()];
    }
    alternatives
}

/// The alternatives of a pattern one by one, as far as they are few. What stands beside a choice between longer parts
/// is repeated for each of them, so that the parts of one are not mixed with those of another. Parts before `from` are
/// no such choices.
fn expand(hir: Hir, from: usize, most: usize, branches: &mut Vec<Hir>) {
    match hir.kind() {
        HirKind::Capture(capture) => expand((*capture.sub).clone(), 0, most, branches),
        HirKind::Alternation(choices) => {
            for choice in choices {
                expand(choice.clone(), 0, most, branches);
            }
        }
        HirKind::Concat(parts) => {
            let choice = parts.iter().enumerate().skip(from).find_map(|(at, part)| {
                let choices = choices(part)?;
                let few = choices.len() <= most;
                let long = few && known(part, Around::default()).exact.is_none();
                long.then_some((at, choices))
            });
            let Some((at, choices)) = choice else {
                branches.push(hir);
                return;
            };
            for choice in choices {
                let mut parts = parts.clone();
                parts[at] = choice.clone();
                expand(Hir::concat(parts), at, most / choices.len(), branches);
            }
        }
        _ => branches.push(hir),
    }
}

fn choices(part: &Hir) -> Option<&[Hir]> {
    match part.kind() {
        HirKind::Capture(capture) => choices(&capture.sub),
        HirKind::Alternation(choices) => Some(choices),
        _ => None,
    }
}

/// The useful clauses, the rarest first.
fn clauses(known: Known, around: Around) -> Vec<Clause> {
    let mut sets: Vec<_> = known
        .all(around)
        .map(|set| (worth(&set), set))
        .filter(|(worth, _)| *worth > 0)
        .collect();
    sets.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.len().cmp(&b.len())));
    sets.truncate(MOST_CLAUSES);
    let mut clauses: Vec<Clause> = Vec::new();
    for (worth, set) in sets {
        let mut literals: Clause = set.iter().map(|raw| literal(raw)).collect();
        literals.sort_unstable();
        literals.dedup();
        let weak = worth < WEAK && !clauses.is_empty();
        if !weak && !clauses.iter().any(|clause| implies(clause, &literals)) {
            clauses.push(literals);
        }
    }
    clauses
}

/// Whether a text that has something of the one clause has something of the other too.
fn implies(one: &[Literal], other: &[Literal]) -> bool {
    let held = |literal: &Literal| other.iter().any(|part| literal.holds(part));
    one.iter().all(held)
}

/// The pattern between its word boundaries.
fn inside(hir: &Hir) -> (Hir, Around) {
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
    (Hir::concat(parts.to_vec()), around)
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

/// What is known about the matches of a part of a pattern.
struct Known {
    /// Every match, where they are few.
    exact: Option<Vec<Vec<u8>>>,
    /// Sets of each of which every match contains one.
    contained: Vec<Vec<Vec<u8>>>,
}

impl Known {
    const NOTHING: Self = Self {
        exact: None,
        contained: Vec::new(),
    };

    fn exactly(exact: Vec<Vec<u8>>) -> Self {
        Self {
            exact: Some(exact),
            contained: Vec::new(),
        }
    }

    /// Every set of which every match contains one.
    fn all(self, around: Around) -> impl Iterator<Item = Vec<Vec<u8>>> {
        let exact = self.exact.map(|exact| around.mark(exact));
        exact.into_iter().chain(self.contained)
    }

    /// The rarest set of which every match contains one.
    fn best(self, around: Around) -> Option<Vec<Vec<u8>>> {
        self.all(around)
            .map(|set| (worth(&set), set))
            .filter(|(worth, _)| *worth > 0)
            .max_by_key(|(worth, _)| *worth)
            .map(|(_, set)| set)
    }
}

/// Whether what stands beside a part of a pattern is certainly no letter or digit.
#[derive(Clone, Copy, Default)]
struct Around {
    before: bool,
    after: bool,
}

impl Around {
    fn mark(self, set: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let edge = |yes: bool| if yes { &[EDGE][..] } else { &[] };
        set.into_iter()
            .map(|literal| [edge(self.before), &literal[..], edge(self.after)].concat())
            .collect()
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

fn known(hir: &Hir, around: Around) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::exactly(vec![Vec::new()]),
        HirKind::Literal(literal) => Known::exactly(vec![literal.0.to_vec()]),
        HirKind::Class(class) => letters(class).map_or(Known::NOTHING, Known::exactly),
        HirKind::Capture(capture) => known(&capture.sub, around),
        HirKind::Repetition(repetition) => repeated(repetition, around),
        HirKind::Alternation(branches) => one_of(branches, around),
        HirKind::Concat(parts) => in_turn(parts, around),
    }
}

fn letters(class: &Class) -> Option<Vec<Vec<u8>>> {
    let mut letters = Vec::new();
    match class {
        Class::Bytes(class) => {
            for range in class.ranges() {
                letters.extend((range.start()..=range.end()).map(|byte| vec![byte]));
            }
        }
        // emoji: their classes are as wide as somebody wrote them
        Class::Unicode(class) => {
            let width = |range: &ClassUnicodeRange| range.len();
            if class.ranges().iter().map(width).sum::<usize>() > MOST_PRODUCTS {
                return None;
            }
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            letters.extend(chars.map(|c| c.to_string().into_bytes()));
        }
    }
    let plain = letters.iter().filter(|letter| letter.len() == 1).count();
    (plain <= WIDEST_CLASS).then_some(letters)
}

fn repeated(repetition: &Repetition, around: Around) -> Known {
    match (repetition.min, repetition.max) {
        (1, Some(1)) => known(&repetition.sub, around),
        (0, Some(1)) => Known {
            exact: known(&repetition.sub, around).exact.map(|mut exact| {
                exact.push(Vec::new());
                exact
            }),
            contained: Vec::new(),
        },
        (0, _) => Known::NOTHING,
        // what stands beside one turn may be another turn
        _ => Known {
            exact: None,
            contained: known(&repetition.sub, Around::default())
                .all(Around::default())
                .collect(),
        },
    }
}

fn one_of(branches: &[Hir], around: Around) -> Known {
    let mut exact = Some(Vec::new());
    let mut contained = Some(Vec::new());
    for branch in branches {
        let branch = known(branch, around);
        exact = match (exact, &branch.exact) {
            (Some(mut all), Some(more)) if all.len() + more.len() <= MOST_BRANCHES => {
                all.extend(more.iter().cloned());
                Some(all)
            }
            _ => None,
        };
        contained = match (contained, branch.best(around)) {
            (Some(mut all), Some(more)) => {
                all.extend(more);
                Some(all)
            }
            _ => None,
        };
    }
    Known {
        exact,
        contained: contained.into_iter().collect(),
    }
}

/// Parts side by side: what stands together is multiplied out as far as it stays small.
fn in_turn(parts: &[Hir], around: Around) -> Known {
    let mut after = vec![around.after; parts.len()];
    for at in (1..parts.len()).rev() {
        after[at - 1] = starts_open(&parts[at], after[at]);
    }
    let mut contained: Vec<Vec<Vec<u8>>> = Vec::new();
    let mut offer = |set: Vec<Vec<u8>>| {
        if worth(&set) > 0 {
            contained.push(set);
        }
    };
    let mut running = Running::new(around.before);
    let mut whole = true;
    let mut before = around.before;
    for (part, after) in parts.iter().zip(after) {
        let here = Around { before, after };
        let inner = known(part, here);
        let exact = inner.exact.unwrap_or_default();
        if exact.is_empty() || !fits(&running.set, &exact) {
            whole = false;
            offer(running.marked(starts_open(part, after)));
            running = Running::new(before);
        }
        if exact.is_empty() {
            running.broken = true;
        } else if fits(&running.set, &exact) {
            running.set = product(&running.set, &exact);
        } else {
            offer(here.mark(exact));
            running.broken = true;
        }
        inner.contained.into_iter().for_each(&mut offer);
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

/// What the parts so far match together.
struct Running {
    set: Vec<Vec<u8>>,
    before: bool,
    /// The part just read is no longer in the set.
    broken: bool,
}

impl Running {
    fn new(before: bool) -> Self {
        Self {
            set: vec![Vec::new()],
            before,
            broken: false,
        }
    }

    fn marked(&mut self, after: bool) -> Vec<Vec<u8>> {
        let before = self.before;
        Around { before, after }.mark(std::mem::take(&mut self.set))
    }
}

fn fits(left: &[Vec<u8>], right: &[Vec<u8>]) -> bool {
    let longest = |set: &[Vec<u8>]| set.iter().map(Vec::len).max().unwrap_or(0);
    left.len() * right.len() <= MOST_PRODUCTS && longest(left) + longest(right) <= LONGEST
}

fn product(left: &[Vec<u8>], right: &[Vec<u8>]) -> Vec<Vec<u8>> {
    left.iter()
        .flat_map(|left| right.iter().map(move |right| [&left[..], right].concat()))
        .collect()
}

/// How much looking for the set saves: as much as its commonest literal.
fn worth(set: &[Vec<u8>]) -> u32 {
    set.iter().map(|literal| rarity(literal)).min().unwrap_or(0)
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
        let clause = |clause: &Clause| {
            let literals: Vec<_> = clause.iter().map(literal).collect();
            literals.join(" ")
        };
        let alternative = |clauses: &Vec<Clause>| {
            let clauses: Vec<_> = clauses.iter().map(clause).collect();
            clauses.join(" & ")
        };
        let alternatives: Vec<_> = required(&pattern).iter().map(alternative).collect();
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
        assert_eq!(shown("(?:very )?(?:big )+cat"), "|cat| & |big|");
        assert_eq!(
            shown("(?:knife [a-z]+ bag|stab [a-z]+ day) now"),
            "|knife| & |bag now| / |stab| & |day now|"
        );
    }
}
