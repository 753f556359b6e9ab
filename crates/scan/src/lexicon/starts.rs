//! Where the matches of a pattern can begin: what its alternatives start with.

use std::{cell::OnceCell, sync::OnceLock};

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
        let (word, bit) = place(mixed(three));
        self.0[word] |= bit;
    }

    /// The places at `from` or behind it at which a word opens as a match does.
    pub(super) fn places(&self, text: &Text<'_>, from: usize) -> impl Iterator<Item = usize> {
        let opens = |mixed: u16| {
            let (word, bit) = place(mixed);
            self.0[word] & bit != 0
        };
        let openings = text.openings(from).iter();
        openings.filter_map(move |(at, mixed)| opens(*mixed).then_some(*at))
    }
}

/// A text that is looked through for patterns.
pub(crate) struct Text<'t> {
    pub(super) bytes: &'t [u8],
    /// Where a word may open, and how it does, once somebody has asked.
    openings: OnceCell<Vec<(usize, u16)>>,
    /// The same where several searches share it.
    shared: Option<&'t Openings>,
}

/// Where a word may open in a text, and how it does, once somebody has asked.
pub(crate) type Openings = OnceLock<Vec<(usize, u16)>>;

impl<'t> Text<'t> {
    pub(crate) const fn new(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            openings: OnceCell::new(),
            shared: None,
        }
    }

    /// The text with what other searches of it have found out.
    pub(crate) const fn sharing(bytes: &'t [u8], openings: &'t Openings) -> Self {
        Self {
            bytes,
            openings: OnceCell::new(),
            shared: Some(openings),
        }
    }

    /// Where a word may open at `from` or behind it, and how it does.
    pub(super) fn openings(&self, from: usize) -> &[(usize, u16)] {
        let find = || openings(self.bytes);
        let openings = match self.shared {
            Some(shared) => shared.get_or_init(find),
            None => self.openings.get_or_init(find),
        };
        let first = openings.partition_point(|(at, _)| *at < from);
        openings.get(first..).unwrap_or_default()
    }
}

/// Where a word may open: at the start, and behind every byte that stands in no word.
fn openings(text: &[u8]) -> Vec<(usize, u16)> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(b' ');
    let mut openings = Vec::with_capacity(text.len() / 4 + 1);
    let mut before = b' ';
    for (at, now) in text.iter().enumerate() {
        if !in_word(before) {
            openings.push((at, mixed([*now, byte(at + 1), byte(at + 2)])));
        }
        before = *now;
    }
    openings
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
fn mixed(three: [u8; 3]) -> u16 {
    let [a, b, c] = three.map(|byte| if in_word(byte) { u32::from(byte) } else { 32 });
    ((a << 16 | b << 8 | c).wrapping_mul(0x9E37_79B1) >> 23) as u16
}

/// Where a beginning is noted.
const fn place(mixed: u16) -> (usize, u64) {
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
        let places =
            |from| -> Vec<usize> { starts.places(&Text::new(text.as_bytes()), from).collect() };
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
