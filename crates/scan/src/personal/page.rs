//! One surface as the modules of this check read it: folded text, cue words, sentences, names found before.

use std::ops::Range;

use schoolgate_model::{Category, Finding, Surface};

use super::{
    OwnDetails, PersonalContext,
    cues::{Cue, Mask},
    parted::Asked,
    reading,
};
use crate::{SurfaceText, hashing::Triplets};

/// Somebody named by the names check, as bytes of the folded text.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) bytes: Range<usize>,
    pub(super) staff: bool,
}

/// A surface prepared.
pub(super) struct Page<'a> {
    pub(super) surface: &'a SurfaceText,
    pub(super) text: &'a str,
    pub(super) own: &'a OwnDetails,
    pub(super) context: &'a PersonalContext<'a>,
    /// In order of their ends.
    pub(super) cues: Vec<Cue>,
    /// The classes of all cues.
    pub(super) seen: Mask,
    pub(super) digits: usize,
    pub(super) named: Vec<Named>,
    /// Where sentences open, in order; the first is 0.
    sentences: Vec<usize>,
    triplets: Triplets,
    /// Which bytes the text has.
    signs: [bool; 256],
    /// What the text may hold of the large patterns.
    pub(super) asked: Asked,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        surface: &'a SurfaceText,
        own: &'a OwnDetails,
        context: &'a PersonalContext<'a>,
    ) -> Self {
        let text = surface.folded().text();
        let (cues, asked) = reading::read(text);
        let signs = signs(text);
        let counted = signs[usize::from(b'0')..=usize::from(b'9')].contains(&true);
        let digits = || text.bytes().filter(u8::is_ascii_digit).count();
        Self {
            surface,
            text,
            own,
            context,
            cues: cues.list,
            seen: cues.seen,
            digits: if counted { digits() } else { 0 },
            named: named(surface, context.names),
            sentences: sentences(text),
            triplets: Triplets::of(text),
            signs,
            asked,
        }
    }

    /// Whether the text has a cue of one of these classes at all.
    pub(super) fn has(&self, classes: Mask) -> bool {
        self.seen & classes != 0
    }

    /// Whether the text has this ASCII character.
    pub(super) const fn writes(&self, sign: u8) -> bool {
        self.signs[sign as usize]
    }

    /// Whether these letters stand anywhere in the text.
    pub(super) fn says(&self, words: &str) -> bool {
        self.triplets.may_have(words) && self.text.contains(words)
    }

    /// Whether these letters stand in a part of the text.
    pub(super) fn says_in(&self, part: &Range<usize>, words: &str) -> bool {
        self.triplets.may_have(words) && self.text[part.clone()].contains(words)
    }

    /// Whether a cue stands at most `before` bytes before the range or `after` bytes after it.
    pub(super) fn near(
        &self,
        bytes: &Range<usize>,
        classes: Mask,
        before: usize,
        after: usize,
    ) -> bool {
        if !self.has(classes) {
            return false;
        }
        let from = bytes.start.saturating_sub(before);
        self.cues_between(from, bytes.end + after).any(|cue| {
            cue.classes & classes != 0
                && (cue.bytes.end <= bytes.start || cue.bytes.start >= bytes.end)
        })
    }

    /// Whether a cue of these classes ends at most `gap` bytes before a place, however long it is.
    pub(super) fn is_led_by(&self, at: usize, classes: Mask, gap: usize) -> bool {
        let after = self.cues.partition_point(|cue| cue.bytes.end <= at);
        self.cues[..after]
            .iter()
            .rev()
            .take_while(|cue| cue.bytes.end + gap >= at)
            .any(|cue| cue.classes & classes != 0)
    }

    /// The cues that lie between two bytes.
    pub(super) fn cues_between(&self, from: usize, to: usize) -> impl Iterator<Item = &Cue> {
        let first = self.cues.partition_point(|cue| cue.bytes.end <= from);
        self.cues[first..]
            .iter()
            .take_while(move |cue| cue.bytes.end <= to)
            .filter(move |cue| cue.bytes.start >= from)
    }

    /// The cues of these classes in a sentence.
    pub(super) fn cues_in(
        &self,
        bytes: &Range<usize>,
        classes: Mask,
    ) -> impl Iterator<Item = &Cue> {
        self.cues_between(bytes.start, bytes.end)
            .filter(move |cue| cue.classes & classes != 0)
    }

    /// Every sentence.
    pub(super) fn sentences(&self) -> impl Iterator<Item = Range<usize>> {
        let ends = self
            .sentences
            .iter()
            .skip(1)
            .copied()
            .chain([self.text.len()]);
        self.sentences
            .iter()
            .copied()
            .zip(ends)
            .map(|(start, end)| start..end)
    }

    /// The sentence that holds a byte.
    pub(super) fn sentence_of(&self, at: usize) -> Range<usize> {
        let next = self.sentences.partition_point(|start| *start <= at);
        let start = next
            .checked_sub(1)
            .and_then(|n| self.sentences.get(n))
            .copied();
        let end = self.sentences.get(next).copied().unwrap_or(self.text.len());
        start.unwrap_or(0)..end
    }

    /// The sentence before another one, over an empty line, or the first.
    pub(super) fn sentence_before(&self, sentence: &Range<usize>) -> Range<usize> {
        self.sentence_of(sentence.start.saturating_sub(2))
    }

    /// The people named whose names lie in a range.
    pub(super) fn named_in(&self, bytes: &Range<usize>) -> impl Iterator<Item = &Named> {
        let first = self
            .named
            .partition_point(|named| named.bytes.start < bytes.start);
        let end = bytes.end;
        self.named[first..]
            .iter()
            .take_while(move |named| named.bytes.end <= end)
    }

    /// What the author wrote where the folded text has these bytes.
    pub(super) fn written(&self, bytes: Range<usize>) -> &str {
        self.surface
            .folded()
            .span(bytes)
            .map_or("", |span| self.surface.slice(span))
    }

    /// Whether the author wrote no small letter there, and at least one capital.
    pub(super) fn in_capitals(&self, bytes: Range<usize>) -> bool {
        let written = self.written(bytes);
        !written.chars().any(char::is_lowercase) && written.chars().any(char::is_uppercase)
    }

    /// Whether the word there opens with a capital.
    pub(super) fn opens_with_capital(&self, at: usize) -> bool {
        self.written(at..at + 1)
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
    }

    /// The folded text of at most `reach` bytes before a place.
    pub(super) fn text_before(&self, at: usize, reach: usize) -> &'a str {
        let mut from = at.saturating_sub(reach);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        &self.text[from..at]
    }

    /// The folded text of at most `reach` bytes after a place.
    pub(super) fn text_after(&self, at: usize, reach: usize) -> &'a str {
        let mut to = (at + reach).min(self.text.len());
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        self.text.get(at..to).unwrap_or_default()
    }

    /// The words of a range, each with where it opens; only spaces part them.
    pub(super) fn spaced(&self, bytes: Range<usize>) -> impl Iterator<Item = (usize, &'a str)> {
        let mut from = bytes.start;
        self.text[bytes].split(' ').map(move |word| {
            let at = from;
            from += word.len() + 1;
            (at, word)
        })
    }

    /// Whether no letter or digit touches the range.
    pub(super) fn stands_alone(&self, bytes: &Range<usize>) -> bool {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !word(self.text[..bytes.start].chars().next_back())
            && !word(self.text[bytes.end..].chars().next())
    }

    /// Whether the bytes lie inside a link, where long numbers are names of pages.
    pub(super) fn in_link(&self, bytes: &Range<usize>) -> bool {
        let before = self.text_before(bytes.start, 300);
        let word = before
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        word.contains("://")
            || word.starts_with("www.")
            || word.contains(".com/")
            || word.contains(".uk/")
    }

    /// Whether the surface holds what people write.
    pub(super) fn is_sentence_text(&self) -> bool {
        matches!(
            self.surface.surface(),
            Surface::Text | Surface::Alt | Surface::Caption | Surface::Ocr
        )
    }
}

/// Which bytes a text has.
fn signs(text: &str) -> [bool; 256] {
    let mut signs = [false; 256];
    for byte in text.bytes() {
        signs[usize::from(byte)] = true;
    }
    signs
}

/// Where a sentence without an end is cut, so that no text costs more than its length.
const LONGEST_SENTENCE: usize = 500;

/// Where sentences open. A full stop between digits or after one letter (`3.30`, `J.`) closes none.
fn sentences(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    // most texts have few
    let mut starts = Vec::with_capacity(8);
    starts.push(0);
    let mut last = 0;
    for (at, byte) in bytes.iter().enumerate() {
        // no letter closes a sentence
        if *byte > b'?' {
            continue;
        }
        let spaced = || bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
        let before = |back: usize| at.checked_sub(back).map(|before| bytes[before]);
        let initial = || {
            before(1).is_some_and(|byte| byte.is_ascii_alphabetic())
                && !before(2).is_some_and(|byte| byte.is_ascii_alphanumeric())
        };
        let closes = match byte {
            b'\n' => true,
            b'!' | b'?' => spaced(),
            b'.' => spaced() && !initial(),
            b' ' => at - last > LONGEST_SENTENCE,
            _ => false,
        };
        if closes && at + 1 < bytes.len() {
            last = at + 1;
            starts.push(last);
        }
    }
    starts
}

/// The people named on this surface, in order.
fn named(surface: &SurfaceText, names: &[Finding]) -> Vec<Named> {
    let mut here: Vec<_> = names
        .iter()
        .filter(|name| {
            name.surface == Some(surface.surface()) && name.media.as_ref() == surface.media()
        })
        .filter(|name| matches!(name.category, Category::PupilName | Category::StaffName))
        .filter_map(|name| Some((name.span()?, name.category == Category::StaffName)))
        .collect();
    if here.is_empty() {
        return Vec::new();
    }
    here.sort_unstable_by_key(|(span, _)| *span);
    here.dedup_by(|later, earlier| later.0.overlaps(earlier.0));
    let mut found: Vec<Named> = Vec::new();
    let mut next = 0;
    for (byte, c, source) in surface.folded().chars() {
        while here.get(next).is_some_and(|(span, _)| span.end <= source) {
            next += 1;
        }
        let Some((span, staff)) = here.get(next).filter(|(span, _)| span.start <= source) else {
            continue;
        };
        let end = byte + c.len_utf8();
        match found.last_mut() {
            Some(last) if source > span.start && last.bytes.end == byte => last.bytes.end = end,
            _ => found.push(Named {
                bytes: byte..end,
                staff: *staff,
            }),
        }
    }
    found
}
