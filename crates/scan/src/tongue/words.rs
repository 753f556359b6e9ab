//! A text as plain words of any alphabet: small letters without accents, cut at apostrophes, with their places.

use std::ops::Range;

use schoolgate_model::Span;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::scripts::{Script, script};

/// The words of a text, one space between two.
#[derive(Default)]
pub(super) struct Words {
    text: String,
    words: Vec<Word>,
    sentences: u32,
}

/// One word.
pub(super) struct Word {
    /// Where it stands in the plain text, in bytes.
    pub(super) bytes: Range<usize>,
    /// Where it stands in the original, in scalar values.
    pub(super) span: Span,
    /// The alphabet of its letters; `None` for a mixture or for figures.
    pub(super) script: Option<Script>,
    /// How many letters it has.
    pub(super) letters: u32,
    /// Its letters with accents or of other shapes, as they were.
    pub(super) special: Vec<char>,
    /// How many sentences end before it.
    sentence: u32,
}

/// Where words stand: from which to which, and in which sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    pub(super) first: u32,
    pub(super) last: u32,
    /// The bytes of the plain text, where several stand in what looks like one word.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sentence: u32,
}

impl Words {
    /// Cuts a text into words.
    pub(super) fn of(original: &str) -> Self {
        let mut words = Self {
            text: String::with_capacity(original.len()),
            words: Vec::with_capacity(original.len() / 4),
            sentences: 0,
        };
        let mut open: Option<Word> = None;
        let mut mixed = false;
        let mut before = ' ';
        for (at, c) in (0_u32..).zip(original.chars()) {
            if c.is_ascii_lowercase() {
                let word = open.get_or_insert_with(|| words.begin(at));
                word.span.end = at + 1;
                mixed |= word.script.is_some_and(|earlier| earlier != Script::Latin);
                word.script = Some(Script::Latin);
                word.letters += 1;
                words.text.push(c);
                before = c;
                continue;
            }
            if is_ignored(c) {
                continue;
            }
            let is_letter = c.is_alphanumeric() && c != '\u{2BC}';
            if !(is_letter || !c.is_ascii() && is_combining_mark(c)) {
                words.close(open.take(), mixed);
                mixed = false;
                words.stop(c, before);
                before = c;
                continue;
            }
            before = c;
            let word = open.get_or_insert_with(|| words.begin(at));
            word.span.end = at + 1;
            if let Some(letter) = script(c) {
                mixed |= word.script.is_some_and(|earlier| earlier != letter);
                word.script = Some(letter);
            }
            word.letters += u32::from(c.is_alphabetic());
            words.push(c, word);
        }
        words.close(open.take(), mixed);
        words
    }

    fn begin(&mut self, at: u32) -> Word {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        Word {
            bytes: self.text.len()..self.text.len(),
            span: Span { start: at, end: at },
            script: None,
            letters: 0,
            special: Vec::new(),
            sentence: self.sentences,
        }
    }

    /// Notes what stands between words: a sentence may end there, but not at the dot of "Mr.", nor at dots that only
    /// hesitate.
    fn stop(&mut self, c: char, before: char) {
        let Some(last) = self.words.last() else {
            return;
        };
        if c == '.' && (before == '.' || last.letters <= 2) {
            self.sentences = last.sentence;
        } else if is_stop(c) {
            self.sentences = last.sentence + 1;
        }
    }

    fn push(&mut self, c: char, word: &mut Word) {
        if c.is_ascii() {
            self.text.push(c.to_ascii_lowercase());
            return;
        }
        for small in c.to_lowercase() {
            if !is_combining_mark(small) {
                word.special.push(small);
            }
            for part in std::iter::once(small)
                .nfd()
                .filter(|part| !is_accent(*part))
            {
                match plain(part) {
                    Some(letters) => self.text.push_str(letters),
                    None => self.text.push(part),
                }
            }
        }
    }

    fn close(&mut self, word: Option<Word>, mixed: bool) {
        let Some(mut word) = word else {
            return;
        };
        word.bytes.end = self.text.len();
        if mixed {
            word.script = None;
        }
        self.words.push(word);
    }

    /// The plain text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The words in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Word)> {
        self.words
            .iter()
            .map(|word| (&self.text[word.bytes.clone()], word))
    }

    /// The words that a byte range of the plain text touches.
    pub(super) fn stand(&self, bytes: Range<usize>) -> Option<Stand> {
        let word = |byte: usize| {
            let after = self.words.partition_point(|word| word.bytes.start <= byte);
            u32::try_from(after.checked_sub(1)?).ok()
        };
        let first = word(bytes.start)?;
        Some(Stand {
            first,
            last: word(bytes.end.checked_sub(1)?)?,
            start: bytes.start,
            end: bytes.end,
            sentence: self.words.get(first as usize)?.sentence,
        })
    }

    /// The original characters from a word to another.
    pub(super) fn span(&self, first: u32, last: u32) -> Option<Span> {
        Some(Span {
            start: self.words.get(first as usize)?.span.start,
            end: self.words.get(last as usize)?.span.end,
        })
    }
}

/// A phrase of the pack as plain words.
pub(super) fn plain_words(text: &str) -> String {
    Words::of(text).text
}

/// Letters that no decomposition makes plain.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ı' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        // Persian and Urdu letters that are typed as Arabic ones, and the other way round
        'ی' | 'ى' => "ي",
        'ک' => "ك",
        'ہ' | 'ھ' | 'ة' | 'ە' => "ه",
        _ => return None,
    })
}

/// Whether a sentence ends with it.
fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '\u{37E}'
            | '\u{61F}'
            | '\u{6D4}'
            | '\u{964}'
            | '\u{3002}'
            | '\u{FF01}'
            | '\u{FF1F}'
    )
}

/// Characters that nobody sees.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{640}')
}

/// Marks that are left out: accents, and the small vowels of Arabic.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{655}' | '\u{670}')
}
