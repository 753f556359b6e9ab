//! Patterns of hundreds of alternatives, taken apart: of each text only those are asked that it has the words for. A
//! machine for all of them at once would never have seen enough texts to be ready for the next one.

use std::{ops::Range, sync::OnceLock};

use regex::Regex;
use regex_syntax::hir::{
    Hir, HirKind, Look,
    literal::{ExtractKind, Extractor},
};

use super::{finder::Finder, needs::Needs};
use crate::lexicon::{literals::Literal, pattern::leftmost};

/// A pattern or one alternative of it; made ready to run when a text first asks for it.
struct Machine {
    written: String,
    ready: OnceLock<Option<Regex>>,
}

impl Machine {
    const fn of(written: String) -> Self {
        Self {
            written,
            ready: OnceLock::new(),
        }
    }

    fn ready(&self) -> Option<&Regex> {
        self.ready
            .get_or_init(|| Regex::new(&self.written).ok())
            .as_ref()
    }
}

/// A pattern and its alternatives.
struct Pattern {
    whole: Machine,
    /// The numbers of its alternatives among those of all patterns.
    parts: Range<usize>,
}

/// Several patterns, known by their numbers.
pub(super) struct Parted {
    /// What the alternatives need.
    needs: Needs,
    /// The alternatives of all patterns, one pattern after the other.
    parts: Vec<Machine>,
    patterns: Vec<Pattern>,
    /// The pattern of each alternative.
    pattern_of: Vec<usize>,
}

/// What may match a text.
pub(super) struct Asked {
    /// The alternatives, in order.
    parts: Vec<u32>,
    /// The marks of their patterns.
    patterns: [u64; MARKS],
}

/// How many words of marks there are. Where there are more patterns than bits, several share one.
const MARKS: usize = 2;

/// The mark of a pattern, and which word has it.
const fn mark(pattern: usize) -> (usize, u64) {
    (pattern / 64 % MARKS, 1 << (pattern % 64))
}

impl Parted {
    /// Takes patterns apart; one that is none or can match nothing at all never matches.
    pub(super) fn new<'p>(written: impl IntoIterator<Item = &'p str>) -> Self {
        let mut shapes = Vec::new();
        let mut patterns = Vec::new();
        for written in written {
            let first = shapes.len();
            if let Ok(shape) = regex_syntax::parse(written)
                && shape.properties().minimum_len().unwrap_or(0) > 0
            {
                take_apart(&shape, &mut shapes);
            }
            patterns.push(Pattern {
                whole: Machine::of(written.to_owned()),
                parts: first..shapes.len(),
            });
        }
        let parts = shapes.iter().map(|shape| Machine::of(shape.to_string()));
        let of = |(number, pattern): (usize, &Pattern)| pattern.parts.clone().map(move |_| number);
        Self {
            parts: parts.collect(),
            pattern_of: patterns.iter().enumerate().flat_map(of).collect(),
            needs: Needs::of(&shapes.iter().map(edged).collect::<Vec<_>>()),
            patterns,
        }
    }

    /// What a text is to be searched for.
    pub(super) fn words(&self) -> &[Literal] {
        &self.needs.words
    }

    /// Reads a text once for all patterns. The finder looks for the words first, and then for others that are handed on.
    pub(super) fn asked(
        &self,
        finder: &Finder,
        text: &str,
        mut other: impl FnMut(usize, usize),
    ) -> Asked {
        let mut there = self.needs.nothing();
        let words = self.needs.words.len();
        finder.find(text, |number, end| match number.checked_sub(words) {
            None => self.needs.note(number, &mut there),
            Some(number) => other(number, end),
        });
        let parts = self.needs.asked(&there);
        let mut patterns = [0; MARKS];
        for part in &parts {
            let (word, mark) = mark(self.pattern_of[*part as usize]);
            patterns[word] |= mark;
        }
        Asked { parts, patterns }
    }

    /// Whether the text may hold the pattern.
    pub(super) fn may_match(&self, pattern: usize, asked: &Asked) -> bool {
        let (word, mark) = mark(pattern);
        asked.patterns[word] & mark != 0
            && (self.patterns.get(pattern))
                .is_some_and(|pattern| !asked.of(&pattern.parts).is_empty())
    }

    /// The pattern, where the text may hold it.
    pub(super) fn within(&self, pattern: usize, asked: &Asked) -> Option<&Regex> {
        if !self.may_match(pattern, asked) {
            return None;
        }
        self.patterns.get(pattern)?.whole.ready()
    }

    /// The places of a pattern from left to right, of several at one place that of the first alternative.
    pub(super) fn places(&self, pattern: usize, asked: &Asked, text: &str) -> Vec<Range<usize>> {
        if !self.may_match(pattern, asked) {
            return Vec::new();
        }
        let parts = self.patterns.get(pattern).map(|pattern| &pattern.parts);
        let asked = parts.map(|parts| asked.of(parts)).unwrap_or_default();
        let machines: Vec<&Regex> = asked
            .iter()
            .filter_map(|at| self.parts.get(*at as usize)?.ready())
            .collect();
        leftmost(&machines, |machine, from| {
            Some(machine.find_at(text, from)?.range())
        })
    }
}

impl Asked {
    fn of(&self, parts: &Range<usize>) -> &[u32] {
        let first = self
            .parts
            .partition_point(|at| (*at as usize) < parts.start);
        let asked = &self.parts[first..];
        &asked[..asked.partition_point(|at| (*at as usize) < parts.end)]
    }
}

/// The alternatives of a pattern in their order, each with the edges of words that the pattern asks for around them all.
fn take_apart(shape: &Hir, apart: &mut Vec<Hir>) {
    match shape.kind() {
        HirKind::Alternation(choices) => {
            choices.iter().for_each(|choice| take_apart(choice, apart));
        }
        HirKind::Concat(row) => match only_choice(row) {
            Some((at, choices)) => {
                for choice in choices {
                    let mut row = row.clone();
                    row[at] = choice.clone();
                    take_apart(&Hir::concat(row), apart);
                }
            }
            None => apart.push(shape.clone()),
        },
        _ => apart.push(shape.clone()),
    }
}

/// The choice that has nothing but edges beside it.
fn only_choice(row: &[Hir]) -> Option<(usize, &[Hir])> {
    let mut others = row
        .iter()
        .enumerate()
        .filter(|(_, part)| !matches!(part.kind(), HirKind::Look(_)));
    match (others.next()?, others.next()) {
        ((at, part), None) => match part.kind() {
            HirKind::Alternation(choices) => Some((at, choices)),
            _ => None,
        },
        _ => None,
    }
}

/// The same shape, saying of its edges that words begin and end there, where it begins and ends with letters: more is known
/// of what such a shape needs.
fn edged(shape: &Hir) -> Hir {
    let HirKind::Concat(row) = shape.kind() else {
        return shape.clone();
    };
    let is_edge = |part: Option<&Hir>| {
        part.is_some_and(|part| *part.kind() == HirKind::Look(Look::WordAscii))
    };
    let mut row = row.clone();
    if is_edge(row.first()) && letters_only(shape, ExtractKind::Prefix) {
        row[0] = Hir::look(Look::WordStartHalfAscii);
    }
    let last = row.len() - 1;
    if is_edge(row.last()) && letters_only(shape, ExtractKind::Suffix) {
        row[last] = Hir::look(Look::WordEndHalfAscii);
    }
    Hir::concat(row)
}

/// Whether every match begins, or ends, with a letter or digit.
fn letters_only(shape: &Hir, end: ExtractKind) -> bool {
    let outer = |bytes: &[u8]| match end {
        ExtractKind::Suffix => bytes.last().copied(),
        _ => bytes.first().copied(),
    };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric();
    let ends = Extractor::new().kind(end.clone()).extract(shape);
    ends.literals().is_some_and(|ends| {
        ends.iter()
            .all(|literal| outer(literal.as_bytes()).is_some_and(is_letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(parted: &Parted, text: &str) -> Asked {
        let finder = Finder::new(parted.words().iter());
        parted.asked(&finder, text, |_, _| {})
    }

    fn places(parted: &Parted, pattern: usize, text: &str) -> Vec<Range<usize>> {
        parted.places(pattern, &asked(parted, text), text)
    }

    #[test]
    fn alternatives_find_what_the_whole_pattern_finds() {
        let patterns = [
            r"(?-u:\b)(?:lost (?:his|her) (?:leg|arm)|his leg hurts| ?lost|(?:a|the) [a-z]+ rash(?-u:\b)|his leg)",
            r"(?-u:\b)(?:off sick|[a-z]{2,9}itis|sick note)(?-u:\b)|off",
            r"(?:he|she)'s off|[0-9]{2} ?%|caf.lost|t. rash",
        ];
        let parted = Parted::new(patterns);
        for text in [
            "he lost his leg and his leg hurts, his leg",
            "off sick note, off sick notes, tonsillitis itis",
            "a red rash, the rash, a nasty red rashes, lost her arm lost",
            "caf\u{e9}lost lost\u{e9} the \u{e9}t\u{e9} rash",
            "she's off 12% he's off, 7 %",
            "",
        ] {
            for (number, pattern) in patterns.iter().enumerate() {
                let whole = Regex::new(pattern).unwrap();
                let whole: Vec<_> = whole.find_iter(text).map(|found| found.range()).collect();
                assert_eq!(places(&parted, number, text), whole, "{text}: {pattern}");
            }
        }
    }

    #[test]
    fn a_pattern_is_run_only_where_the_words_stand_that_it_needs() {
        let parted = Parted::new([
            r"(?-u:\b)(?:broke (?:his|her) [a-z]+|off with (?:a )?cold)(?-u:\b)",
            "[a-z]+ [a-z]+|broke",
            "[0-9]{2}",
        ]);
        let runs = |pattern, text| parted.within(pattern, &asked(&parted, text)).is_some();
        assert!(runs(0, "he broke his arm"));
        assert!(runs(0, "off with a cold"));
        assert!(!runs(0, "he broke it, what a lovely afternoon"));
        assert!(!runs(0, "cold milk"));
        assert!(!runs(0, ""));
        assert!(runs(1, "nothing is needed"));
        assert!(runs(2, "at 7"));
        assert!(!runs(2, "at noon"));
    }

    #[test]
    fn what_is_no_pattern_or_matches_nothing_at_all_never_matches() {
        let parted = Parted::new(["(", "a?"]);
        assert!(places(&parted, 0, "a (").is_empty());
        assert!(places(&parted, 1, "a (").is_empty());
        assert!(places(&parted, 2, "a (").is_empty());
    }
}
