//! Where the matches of a pattern can begin: what its alternatives start with.

use regex_syntax::hir::{Class, Hir, HirKind, Look, literal::Extractor};

/// Most beginnings that are told apart.
const MOST: usize = 1_000;

/// The beginnings of a pattern: the first three bytes of every match are among them.
pub(super) struct Starts([u64; Self::WORDS]);

impl Starts {
    const WORDS: usize = 8;

    /// What a pattern of whole words begins with; `None` where that can be nearly anything, where it matters what stands
    /// before, or where a match has no end in sight: a text of nothing but beginnings would be read again from each.
    pub(super) fn of(shape: &Hir) -> Option<Self> {
        let properties = shape.properties();
        let looks = properties.look_set();
        let back = [Look::Start, Look::StartLF, Look::StartCRLF];
        let asks_back = back.into_iter().any(|look| looks.contains(look));
        if asks_back || properties.minimum_len()? == 0 || roams(shape) {
            return None;
        }
        let beginnings = Extractor::new().limit_total(MOST).extract(shape);
        let mut starts = Self([0; Self::WORDS]);
        for beginning in beginnings.literals()? {
            match *beginning.as_bytes() {
                [first, second, third, ..] => starts.add([first, second, third]),
                [first, second] => {
                    (0..=u8::MAX).for_each(|third| starts.add([first, second, third]));
                }
                _ => return None,
            }
        }
        Some(starts)
    }

    fn add(&mut self, three: [u8; 3]) {
        let (word, bit) = place(three);
        self.0[word] |= bit;
    }

    /// The places at `from` or behind it at which a word opens as a match does.
    pub(super) fn places(&self, text: &[u8], from: usize) -> impl Iterator<Item = usize> {
        let byte = |at: usize| text.get(at).copied().unwrap_or(b' ');
        let opens = move |at: usize| {
            let (word, bit) = place([byte(at), byte(at + 1), byte(at + 2)]);
            self.0[word] & bit != 0
        };
        let first = match from.checked_sub(1) {
            Some(before) => after_word(text, before),
            None => 0,
        };
        let next = |at: &usize| Some(after_word(text, *at));
        std::iter::successors(Some(first), next)
            .take_while(|at| *at < text.len())
            .filter(move |at| opens(*at))
    }
}

/// The place behind the first byte at `at` or behind it that stands in no word: there another one may open.
fn after_word(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.iter().take_while(|byte| in_word(**byte)).count();
    at + word + 1
}

/// Whether a match may go over any number of words.
fn roams(shape: &Hir) -> bool {
    match shape.kind() {
        HirKind::Repetition(again) => {
            roams(&again.sub) || again.max.is_none() && has_space(&again.sub)
        }
        HirKind::Capture(capture) => roams(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(roams),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

/// Whether what the shape matches may go over the end of a word.
fn has_space(shape: &Hir) -> bool {
    match shape.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b' '),
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&b' ')),
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&' ')),
        HirKind::Repetition(again) => has_space(&again.sub),
        HirKind::Capture(capture) => has_space(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_space),
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

/// What stands between words is all the same.
fn place(three: [u8; 3]) -> (usize, u64) {
    let [a, b, c] = three.map(|byte| if in_word(byte) { u32::from(byte) } else { 32 });
    let mixed = (a << 16 | b << 8 | c).wrapping_mul(0x9E37_79B1) >> 23;
    (mixed as usize / 64, 1 << (mixed % 64))
}

/// What a pattern's word boundary takes for a letter.
const fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::literals::parse;

    fn starts(pattern: &str) -> Option<Starts> {
        Starts::of(&parse(pattern).unwrap())
    }

    #[test]
    fn a_match_begins_where_a_word_opens_as_the_pattern_does() {
        let starts = starts("(?:stab|hurt) (?:you|him)|me").unwrap();
        let text = "hurt hurts unhurt £me stable me";
        let places = |from| -> Vec<usize> { starts.places(text.as_bytes(), from).collect() };
        assert_eq!(places(0), [0, 5, 20, 23, 30]);
        assert_eq!(places(1), [5, 20, 23, 30]);
        assert_eq!(places(21), [23, 30]);
        assert!(places(text.len()).is_empty());
    }

    #[test]
    fn nothing_is_said_of_patterns_that_begin_with_anything_ask_what_stands_before_or_have_no_end()
    {
        for pattern in [
            "ha(?: ha)+ you",
            "stab .*you",
            "[a-z]+ you",
            "\\A(?:would|will)",
            "(?:\\A|\\. )hello",
            "a?",
            "i",
        ] {
            assert!(starts(pattern).is_none(), "{pattern}");
        }
        assert!(starts("stab(?:b+)(?: [a-z]+){0,6} you").is_some());
    }
}
