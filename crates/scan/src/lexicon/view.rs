//! The plain view: folded text as a stream of words, with an exact map back to the original.
//!
//! Apostrophes inside words go (`don't` is `dont`), everything else that is not a letter or digit separates, one
//! space stands between words, ` . ` between sentences and ` ? ` after questions, an emoji is a word of its own.
//! So a pattern can be written as plain words. Undoing disguises happens in `disguise`, not here.

use std::ops::Range;

use schoolgate_model::Span;

use crate::{fold::Folded, surface::SurfaceText};

/// Longest run without a space; longer ones are cut, so that no pattern looks further than a bounded distance.
const LONGEST_WORD: usize = 40;

/// Words that end with a full stop without ending a sentence.
const ABBREVIATIONS: &[&str] = &["mr", "mrs", "ms", "mx", "dr", "st", "miss", "yr", "no"];

/// One folded character, where it came from, and whether it was a capital there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) c: char,
    pub(crate) source: u32,
    pub(crate) upper: bool,
}

/// The plain letters of a word that is no longer than the buffer; any other character is a space, which no word has.
pub(crate) fn plain_letters<const LONGEST: usize>(
    word: impl Iterator<Item = char>,
    buffer: &mut [u8; LONGEST],
) -> &str {
    let mut length = 0;
    for (place, c) in buffer.iter_mut().zip(word) {
        *place = u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b' ');
        length += 1;
    }
    let letters = buffer.get(..length).unwrap_or_default();
    std::str::from_utf8(letters).unwrap_or_default()
}

/// The folded characters of a surface.
pub(crate) fn glyphs(text: &SurfaceText) -> Vec<Glyph> {
    if text.folded().is_plain() {
        let both = text.folded().text().bytes().zip(text.original().bytes());
        let glyph = |(source, (c, original)): (usize, (u8, u8))| Glyph {
            c: char::from(c),
            source: u32::try_from(source).unwrap_or(u32::MAX),
            upper: original.is_ascii_uppercase(),
        };
        return both.enumerate().map(glyph).collect();
    }
    let mut glyphs = Vec::with_capacity(text.folded().text().len());
    text.each_letter(|_, c, source, original| {
        let upper = original.is_some_and(char::is_uppercase);
        glyphs.push(Glyph { c, source, upper });
    });
    glyphs
}

/// The punctuation that is counted: it tells prose that was written to be printed from what somebody typed.
pub(crate) const PUNCTUATION: [char; 12] =
    [',', '"', ';', ':', '!', '(', '-', '?', '.', '\n', '@', '\''];

/// How often each of [`PUNCTUATION`] stands in a text.
pub(crate) type Punctuation = [u8; PUNCTUATION.len()];

fn count(punctuation: &mut Punctuation, c: char) {
    let c = match c {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '—' | '–' => '-',
        c => c,
    };
    if let Some(at) = PUNCTUATION.iter().position(|known| *known == c) {
        punctuation[at] = punctuation[at].saturating_add(1);
    }
}

/// The plain view of a text.
#[derive(Default)]
pub(crate) struct View {
    punctuation: Punctuation,
    text: Folded,
    /// Byte offset at which each word (and each sentence mark) starts.
    starts: Vec<usize>,
    /// Byte offset of each mark between sentences.
    marks: Vec<usize>,
}

impl View {
    fn with_room_for(letters: usize) -> Self {
        Self {
            text: Folded::with_room_for(letters + letters / 8),
            starts: Vec::with_capacity(letters / 4),
            marks: Vec::new(),
            punctuation: Punctuation::default(),
        }
    }

    /// How often each of [`PUNCTUATION`] stands in the original.
    pub(crate) const fn punctuation(&self) -> &Punctuation {
        &self.punctuation
    }

    /// The words.
    pub(crate) fn text(&self) -> &str {
        self.text.text()
    }

    /// The original characters behind a byte range, spaces and sentence marks at its ends left out.
    pub(crate) fn span(&self, range: Range<usize>) -> Option<Span> {
        let bytes = self.text().as_bytes().get(range.clone())?;
        let inner = |byte: &u8| !matches!(byte, b' ' | b'.' | b'?');
        let start = bytes.iter().position(inner)?;
        let end = bytes.iter().rposition(inner)? + 1;
        self.text.span(range.start + start..range.start + end)
    }

    /// Which word the byte belongs to.
    pub(crate) fn word_at(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= byte)
            .saturating_sub(1)
    }

    /// Where the marks between sentences stand, in bytes, in order.
    pub(crate) fn marks(&self) -> &[usize] {
        &self.marks
    }

    /// How many words lie between two byte ranges; 0 where they touch or overlap.
    pub(crate) fn words_between(&self, left: &Range<usize>, right: &Range<usize>) -> usize {
        let (first, second) = if left.start <= right.start {
            (left, right)
        } else {
            (right, left)
        };
        if second.start <= first.end {
            return 0;
        }
        self.word_at(second.start)
            .saturating_sub(self.word_at(first.end.saturating_sub(1)))
    }
}

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Stop,
    Question,
}

struct Builder {
    view: View,
    gap: Gap,
    last_source: u32,
    word_start: usize,
    word_length: usize,
}

impl Builder {
    fn separate(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn mark(&mut self, mark: char) {
        self.view.text.push(' ', self.last_source);
        let at = self.view.text.text().len();
        self.view.starts.push(at);
        self.view.marks.push(at);
        self.view.text.push(mark, self.last_source);
    }

    fn open(&mut self) {
        match self.gap {
            Gap::None => return,
            Gap::Stop => self.mark('.'),
            Gap::Question => self.mark('?'),
            Gap::Space => {}
        }
        self.gap = Gap::None;
        if !self.view.text.text().is_empty() {
            self.view.text.push(' ', self.last_source);
        }
        self.word_start = self.view.text.text().len();
        self.word_length = 0;
        self.view.starts.push(self.word_start);
    }

    fn letter(&mut self, c: char, source: u32) {
        if self.word_length >= LONGEST_WORD {
            self.separate(Gap::Space);
        }
        if self.view.text.text().is_empty() {
            self.gap = Gap::Space;
        }
        self.open();
        self.view.text.push(c, source);
        self.word_length += 1;
        self.last_source = source;
    }

    /// A run of plain letters and digits, all of them.
    fn letters(&mut self, run: &[Glyph], folded: Option<&str>) {
        let room = LONGEST_WORD.saturating_sub(match self.gap {
            Gap::None => self.word_length,
            _ => 0,
        });
        let Some(first) = run.first().filter(|_| run.len() <= room) else {
            run.iter()
                .for_each(|glyph| self.letter(glyph.c, glyph.source));
            return;
        };
        if self.view.text.text().is_empty() {
            self.gap = Gap::Space;
        }
        self.open();
        match folded {
            Some(run) => self.view.text.push_run(run, first.source),
            None => run
                .iter()
                .for_each(|glyph| self.view.text.push(glyph.c, glyph.source)),
        }
        self.word_length += run.len();
        self.last_source = run[run.len() - 1].source;
    }

    fn word(&self) -> &str {
        self.view.text.text().get(self.word_start..).unwrap_or("")
    }
}

/// Builds the plain view of the glyphs of a surface.
pub(crate) fn plain_of(text: &SurfaceText, glyphs: &[Glyph]) -> View {
    let folded = text.folded();
    build(glyphs, folded.is_plain().then(|| folded.text()))
}

/// Builds the plain view.
pub(crate) fn plain(glyphs: &[Glyph]) -> View {
    build(glyphs, None)
}

/// Builds the plain view; `folded` are the glyphs as they stand in the text, where each of them is one character of it.
fn build(glyphs: &[Glyph], folded: Option<&str>) -> View {
    let mut builder = Builder {
        view: View::with_room_for(glyphs.len()),
        gap: Gap::Space,
        last_source: 0,
        word_start: 0,
        word_length: 0,
    };
    let mut tagged = false;
    let mut newlines = 0;
    let mut next = 0;
    while let Some(glyph) = glyphs.get(next) {
        let at = next;
        next += 1;
        if glyph.c == ' ' {
            (tagged, builder.gap) = (false, builder.gap.max(Gap::Space));
            continue;
        }
        if !tagged && glyph.c.is_ascii_alphanumeric() {
            let run = glyphs[at..].iter();
            let run = run.take_while(|glyph| glyph.c.is_ascii_alphanumeric());
            next = at + run.count();
            newlines = 0;
            builder.letters(&glyphs[at..next], folded.and_then(|all| all.get(at..next)));
            continue;
        }
        let before = at.checked_sub(1).map(|before| glyphs[before]);
        let after = glyphs.get(at + 1).copied();
        newlines = match glyph.c {
            '\n' => newlines + 1,
            c if c.is_whitespace() => newlines,
            _ => 0,
        };
        if glyph.c.is_alphanumeric() || matches!(glyph.c, '£') {
            let camel = tagged && glyph.upper && starts_camel(before, after);
            if camel {
                builder.separate(Gap::Space);
            }
            builder.letter(glyph.c, glyph.source);
            continue;
        }
        count(&mut builder.view.punctuation, glyph.c);
        tagged = matches!(glyph.c, '#' | '@') || tagged && glyph.c == '_';
        if is_symbol(glyph.c) {
            builder.separate(Gap::Space);
            builder.letter(glyph.c, glyph.source);
            builder.separate(Gap::Space);
        } else if glyph.c == '&' {
            builder.separate(Gap::Space);
            "and".chars().for_each(|c| builder.letter(c, glyph.source));
            builder.separate(Gap::Space);
        } else if joins(before, glyph.c, after) {
            match (glyph.c, contraction(builder.word(), &glyphs[at + 1..])) {
                ('\'', Some(start)) => {
                    builder.separate(Gap::Space);
                    start.chars().for_each(|c| builder.letter(c, glyph.source));
                }
                ('\'', None) => {}
                (point, _) => builder.letter(point, glyph.source),
            }
        } else {
            let gap = gap(&builder, before, glyph.c, after, newlines);
            builder.separate(gap);
        }
    }
    if builder.gap == Gap::Question && !builder.view.text.text().is_empty() {
        builder.mark('?');
    }
    builder.view
}

/// Whether a capital in a hashtag starts a word: after a small letter, or as the last of several before one
/// (`#WhatAShow`).
fn starts_camel(before: Option<Glyph>, after: Option<Glyph>) -> bool {
    let small = |glyph: Glyph| glyph.c.is_alphanumeric() && !glyph.upper;
    before.is_some_and(|before| {
        small(before)
            || before.upper && after.is_some_and(|after| small(after) && after.c.is_alphabetic())
    })
}

/// Whether the character belongs to the word around it: an apostrophe, or the point of a number or a time.
fn joins(before: Option<Glyph>, c: char, after: Option<Glyph>) -> bool {
    let both = |test: fn(char) -> bool| {
        before.is_some_and(|b| test(b.c)) && after.is_some_and(|a| test(a.c))
    };
    match c {
        '\'' => both(char::is_alphanumeric),
        '.' | ':' => both(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// The letters that an apostrophe stands for where leaving it out would make another word: `we'll`, `he'll`, `we're`.
fn contraction(word: &str, after: &[Glyph]) -> Option<&'static str> {
    let rest: String = after
        .iter()
        .take(3)
        .map(|glyph| glyph.c)
        .take_while(|c| c.is_alphanumeric())
        .collect();
    match (word, rest.as_str()) {
        ("we" | "he" | "she", "ll") => Some("wi"),
        ("we", "re") => Some("a"),
        _ => None,
    }
}

fn gap(
    builder: &Builder,
    before: Option<Glyph>,
    c: char,
    after: Option<Glyph>,
    newlines: u32,
) -> Gap {
    let dots = [before, after].iter().flatten().any(|near| near.c == '.');
    match c {
        '?' => Gap::Question,
        '!' | ';' => Gap::Stop,
        '.' if dots || ABBREVIATIONS.contains(&builder.word()) => Gap::Space,
        '.' => Gap::Stop,
        '\n' if newlines >= 2 => Gap::Stop,
        _ => Gap::Space,
    }
}

/// Emoji and pictographs; skin tones and the signs of the sexes only change the one before.
pub(crate) fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
        && !matches!(c, '\u{1F3FB}'..='\u{1F3FF}' | '\u{2640}' | '\u{2642}')
}

/// The plain view of a text that is not a surface.
pub(crate) fn plain_view(text: &str) -> View {
    let surface = SurfaceText::new(schoolgate_model::Surface::Text, None, text);
    plain(&glyphs(&surface))
}

/// The plain form of a text that is not a surface: a term, a phrase, a school's own word.
pub(crate) fn plain_form(text: &str) -> String {
    plain_view(text).text().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_apart_by_one_space() {
        let cases = [
            (
                "I don't  know,\nMrs. Smith-Jones!",
                "i dont know mrs smith jones",
            ),
            ("Stop. Look?? Listen... now", "stop . look ? listen now"),
            ("Fair at 4.30, £20 & cake?", "fair at 4.30 £20 and cake ?"),
            ("#WellDoneTeam_A yes", "well done team a yes"),
            ("#WhatAShow #NHSHeroes #PTA", "what a show nhs heroes pta"),
            ("👍🏽👩‍🏫🤷‍♀️❤️", "👍 👩 🏫 🤷 ❤"),
            ("see you 🔪tomorrow", "see you 🔪 tomorrow"),
            ("one\n\ntwo\nthree", "one . two three"),
            ("", ""),
            (
                "we'll see, we’re off, he'll go",
                "we will see we are off he will go",
            ),
            ("?!", ""),
        ];
        for (original, expected) in cases {
            assert_eq!(plain_form(original), expected, "{original}");
        }
    }

    #[test]
    fn spans_point_at_the_original_words() {
        let text = SurfaceText::new(
            schoolgate_model::Surface::Text,
            None,
            "“Don’t  go”, she said.",
        );
        let view = plain(&glyphs(&text));
        let span = view.span(0..7).unwrap();
        assert_eq!(view.text(), "dont go she said");
        assert_eq!(text.slice(span), "Don’t  go");
    }

    #[test]
    fn words_between_counts_words() {
        let text = SurfaceText::new(schoolgate_model::Surface::Text, None, "a b c d");
        let view = plain(&glyphs(&text));
        assert_eq!(view.words_between(&(0..1), &(2..3)), 1);
        assert_eq!(view.words_between(&(6..7), &(0..1)), 3);
    }
}
