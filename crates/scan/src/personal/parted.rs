//! Patterns of hundreds of alternatives, taken apart: of each text only those are asked that it has the words for. A
//! machine for all of them at once would never have seen enough texts to be ready for the next one.

use std::{ops::Range, sync::OnceLock};

use regex::Regex;
use regex_syntax::hir::{
    Hir, HirKind, Look,
    literal::{ExtractKind, Extractor},
};

use crate::lexicon::{
    pattern::leftmost,
    prefilter::{Marks, Prefilter},
};

/// One alternative; made ready to run when a text first asks for it.
struct Machine {
    written: String,
    ready: OnceLock<Option<Regex>>,
}

impl Machine {
    fn of(shape: &Hir) -> Self {
        Self {
            written: shape.to_string(),
            ready: OnceLock::new(),
        }
    }

    fn ready(&self) -> Option<&Regex> {
        self.ready
            .get_or_init(|| Regex::new(&self.written).ok())
            .as_ref()
    }
}

/// Several patterns, known by their numbers.
pub(super) struct Parted {
    /// What the alternatives of all patterns need; `None` where their words take too much memory together.
    prefilter: Option<Prefilter>,
    /// The alternatives of all patterns, one pattern after the other.
    machines: Vec<Machine>,
    /// Which alternatives each pattern has.
    patterns: Vec<Range<usize>>,
}

/// The alternatives that may match.
pub(super) struct Asked(Option<Marks>);

impl Parted {
    /// Takes patterns apart; one that is none or can match nothing at all never matches.
    pub(super) fn new<'p>(written: impl IntoIterator<Item = &'p str>) -> Self {
        let mut shapes = Vec::new();
        let mut patterns = Vec::new();
        for pattern in written {
            let first = shapes.len();
            if let Ok(shape) = regex_syntax::parse(pattern)
                && shape.properties().minimum_len().unwrap_or(0) > 0
            {
                take_apart(&shape, &mut shapes);
            }
            patterns.push(first..shapes.len());
        }
        let machines = shapes.iter().map(Machine::of).collect();
        let edged = shapes.iter().map(|shape| Some(edged(shape)));
        Self {
            prefilter: Prefilter::new(&[], edged.collect()),
            machines,
            patterns,
        }
    }

    /// Reads a text once for all patterns.
    pub(super) fn asked(&self, text: &str) -> Asked {
        let prefilter = self.prefilter.as_ref();
        Asked(prefilter.map(|prefilter| prefilter.candidates(text.as_bytes()).patterns))
    }

    /// The places of a pattern from left to right, of several at one place that of the first alternative.
    pub(super) fn places(&self, pattern: usize, asked: &Asked, text: &str) -> Vec<Range<usize>> {
        let own = self.patterns.get(pattern).cloned().unwrap_or_default();
        let may_match = |at: &usize| asked.0.as_ref().is_none_or(|marks| marks.has(*at));
        let machines: Vec<&Regex> = own
            .filter(may_match)
            .filter_map(|at| self.machines.get(at)?.ready())
            .collect();
        leftmost(&machines, |machine, from| {
            Some(machine.find_at(text, from)?.range())
        })
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

    fn places(parted: &Parted, pattern: usize, text: &str) -> Vec<Range<usize>> {
        parted.places(pattern, &parted.asked(text), text)
    }

    #[test]
    fn alternatives_find_what_the_whole_pattern_finds() {
        let patterns = [
            r"(?-u:\b)(?:lost (?:his|her) (?:leg|arm)|his leg hurts| ?lost|(?:a|the) [a-z]+ rash(?-u:\b)|his leg)",
            r"(?-u:\b)(?:off sick|[a-z]{2,9}itis|sick note)(?-u:\b)|off",
        ];
        let parted = Parted::new(patterns);
        for text in [
            "he lost his leg and his leg hurts, his leg",
            "off sick note, off sick notes, tonsillitis itis",
            "a red rash, the rash, a nasty red rashes, lost her arm lost",
            "caf\u{e9}lost lost\u{e9} the \u{e9}t\u{e9} rash",
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
    fn what_is_no_pattern_or_matches_nothing_at_all_never_matches() {
        let parted = Parted::new(["(", "a?"]);
        assert!(places(&parted, 0, "a (").is_empty());
        assert!(places(&parted, 1, "a (").is_empty());
        assert!(places(&parted, 2, "a (").is_empty());
    }
}
