//! One surface of an item, prepared once and read by every detector.

use std::sync::{Arc, OnceLock};

use schoolgate_model::{CheckFailure, MediaId, Span, Surface};

use crate::{
    fold::{Folded, fold},
    lexicon::Prepared,
};

/// A text with its folded view.
#[derive(Clone)]
pub struct SurfaceText {
    surface: Surface,
    media: Option<MediaId>,
    original: String,
    /// Byte offset of each scalar value, and the length as a sentinel; empty where every one is a byte.
    offsets: Vec<u32>,
    folded: Folded,
    /// The views of the language checks, with the version of the lexicon that they were made for.
    prepared: OnceLock<(Arc<str>, Arc<Prepared>)>,
}

impl std::fmt::Debug for SurfaceText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SurfaceText")
            .field("surface", &self.surface)
            .field("chars", &self.char_count())
            .finish_non_exhaustive()
    }
}

impl SurfaceText {
    /// Prepares a text. The caller has cut it to the screened length.
    pub fn new(surface: Surface, media: Option<MediaId>, original: &str) -> Self {
        let mut offsets = Vec::new();
        if !original.is_ascii() {
            offsets.reserve_exact(original.len() + 1);
            offsets.extend(original.char_indices().map(|(byte, _)| position(byte)));
            offsets.push(position(original.len()));
        }
        Self {
            surface,
            media,
            original: original.to_owned(),
            offsets,
            folded: fold(original),
            prepared: OnceLock::new(),
        }
    }

    /// The views for the lexicon of this version: those that another check has made, or new ones.
    pub(crate) fn prepared(
        &self,
        version: &Arc<str>,
        prepare: impl FnOnce() -> Result<Prepared, CheckFailure>,
    ) -> Result<Arc<Prepared>, CheckFailure> {
        match self.prepared.get() {
            Some((made_for, prepared)) if Arc::ptr_eq(made_for, version) => {
                return Ok(Arc::clone(prepared));
            }
            _ => {}
        }
        let prepared = Arc::new(prepare()?);
        // another lexicon's views may stand there already; these are then simply not kept
        let _ = self
            .prepared
            .set((Arc::clone(version), Arc::clone(&prepared)));
        Ok(prepared)
    }

    /// Which surface it is.
    pub fn surface(&self) -> Surface {
        self.surface
    }

    /// Which picture it belongs to.
    pub fn media(&self) -> Option<&MediaId> {
        self.media.as_ref()
    }

    /// The text as it came.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// How many scalar values the original has.
    pub fn char_count(&self) -> usize {
        match self.offsets.len() {
            0 => self.original.len(),
            with_sentinel => with_sentinel - 1,
        }
    }

    /// The folded view.
    pub fn folded(&self) -> &Folded {
        &self.folded
    }

    /// Calls `take` for each folded character with its byte, the original character's index and the original character.
    pub(crate) fn each_letter(&self, mut take: impl FnMut(usize, char, u32, Option<char>)) {
        let folded = &self.folded;
        if folded.is_plain() {
            let both = folded.text().bytes().zip(self.original.bytes());
            for ((at, source), (c, original)) in (0..).zip(0_u32..).zip(both) {
                take(at, char::from(c), source, Some(char::from(original)));
            }
            return;
        }
        let mut originals = (0_u32..).zip(self.original.chars());
        let mut last = originals.next();
        // both run in the order of the text, so one walk is enough
        for (byte, c, source) in folded.chars() {
            while last.is_some_and(|(at, _)| at < source) {
                last = originals.next();
            }
            let original = last.filter(|(at, _)| *at == source);
            take(byte, c, source, original.map(|(_, original)| original));
        }
    }

    /// The original from the character on that is behind a byte of the folded text.
    pub(crate) fn original_from(&self, byte: usize) -> Option<&str> {
        self.original.get(self.original_byte(byte)?..)
    }

    /// The original letters behind folded ones, where each of them is one byte.
    pub(crate) fn original_letters(&self, folded: std::ops::Range<usize>) -> Option<&str> {
        let length = folded.len().checked_sub(1)?;
        let last = folded.start + length;
        let apart = |first: usize, last: usize| last.checked_sub(first) == Some(length);
        let (first, end) = (self.original_byte(folded.start)?, self.original_byte(last)?);
        let in_order = apart(self.folded.source(folded.start)?, self.folded.source(last)?);
        if !in_order || !apart(first, end) {
            return None;
        }
        self.original.get(first..=end)
    }

    fn original_byte(&self, folded: usize) -> Option<usize> {
        let source = self.folded.source(folded)?;
        if self.offsets.is_empty() {
            return Some(source);
        }
        self.offsets.get(source).map(|offset| *offset as usize)
    }

    /// The original text of a span; empty where the span lies outside.
    pub fn slice(&self, span: Span) -> &str {
        let byte = |index: u32| {
            if self.offsets.is_empty() {
                return Some(index as usize);
            }
            self.offsets
                .get(index as usize)
                .map(|offset| *offset as usize)
        };
        match (byte(span.start), byte(span.end)) {
            (Some(start), Some(end)) if start <= end => {
                self.original.get(start..end).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The span of a byte range of the original, for detectors that run a pattern over it.
    pub fn span_of_bytes(&self, bytes: std::ops::Range<usize>) -> Span {
        let index = |byte: usize| {
            let byte = position(byte);
            if self.offsets.is_empty() {
                return byte;
            }
            position(self.offsets.partition_point(|offset| *offset < byte))
        };
        Span {
            start: index(bytes.start),
            end: index(bytes.end),
        }
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_told_with_what_was_written() {
        let letters = |original: &str| {
            let mut letters = Vec::new();
            SurfaceText::new(Surface::Text, None, original)
                .each_letter(|byte, c, source, written| letters.push((byte, c, source, written)));
            letters
        };
        assert_eq!(
            letters("A`b"),
            [
                (0, 'a', 0, Some('A')),
                (1, '\'', 1, Some('`')),
                (2, 'b', 2, Some('b'))
            ]
        );
        assert_eq!(
            letters("&amp;ßÉ"),
            [
                (0, '&', 0, Some('&')),
                (1, 's', 5, Some('ß')),
                (2, 's', 5, Some('ß')),
                (3, 'e', 6, Some('É'))
            ]
        );
    }

    #[test]
    fn spans_and_bytes_agree() {
        let text = SurfaceText::new(Surface::Text, None, "Zoë 😀 runs");
        let start = "Zoë 😀 runs".find("runs").unwrap();
        let span = text.span_of_bytes(start..start + 4);
        assert_eq!(span, Span { start: 6, end: 10 });
        assert_eq!(text.slice(span), "runs");
        assert_eq!(text.slice(Span { start: 9, end: 99 }), "");
    }
}
