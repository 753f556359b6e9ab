//! The fold: text as a matcher wants it, with an exact map back to the original.
//!
//! One pass: HTML entities are read, letters on their heads are put right, invisible characters go, compatibility forms and
//! accents are reduced, case is lowered, typographic quotes and dashes become plain ones, and look-alike letters become
//! Latin where the word is written in Latin.
//! Leetspeak, spaced-out letters and repetitions are not undone here: that is the language detector's view.

mod upside_down;

use schoolgate_model::Span;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::entities::entity;

/// Folded text and, for each of its bytes, the original character that produced it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Folded {
    text: String,
    /// Each byte of `text` is one character of the original, at the same place; the two maps below are then empty.
    plain: bool,
    /// Index of the original scalar value for each byte of `text`.
    source: Vec<u32>,
    /// Some words stand in another order than in the original.
    turned: bool,
    /// For each original scalar value, one past the marks that stand on it; empty where there are no marks.
    ends: Vec<u32>,
}

impl std::fmt::Debug for Folded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folded")
            .field("bytes", &self.text.len())
            .finish()
    }
}

impl Folded {
    /// An empty text that so many bytes can be pushed to without moving it.
    pub(crate) fn with_room_for(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            plain: false,
            source: Vec::with_capacity(bytes),
            turned: false,
            ends: Vec::new(),
        }
    }

    /// Whether each byte is one character of the original, at the same place.
    pub(crate) const fn is_plain(&self) -> bool {
        self.plain
    }

    /// Whether some words stand in another order than in the original.
    pub(crate) const fn is_turned(&self) -> bool {
        self.turned
    }

    /// Index of the original character behind a byte of the folded text.
    pub(crate) fn source(&self, byte: usize) -> Option<usize> {
        if self.plain {
            return Some(byte);
        }
        self.source.get(byte).map(|source| *source as usize)
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The original characters behind a byte range of the folded text, with the marks on the last of them, so that a
    /// highlight never cuts a letter from its accent. An empty or reversed range gives `None`.
    pub fn span(&self, bytes: std::ops::Range<usize>) -> Option<Span> {
        let last = bytes.end.checked_sub(1)?;
        if bytes.start > last {
            return None;
        }
        if self.plain {
            self.text.get(bytes.clone())?;
            return Some(Span {
                start: place(bytes.start),
                end: place(bytes.end),
            });
        }
        let sources = self.source.get(bytes.start..=last)?;
        let (first, last) = match self.turned {
            true => (*sources.iter().min()?, *sources.iter().max()?),
            false => (*sources.first()?, *sources.last()?),
        };
        Some(Span {
            start: first,
            end: self.ends.get(last as usize).copied().unwrap_or(last + 1),
        })
    }

    /// Adds one folded character that came from the original character `source`.
    pub fn push(&mut self, folded: char, source: u32) {
        self.turned |= self.source.last().is_some_and(|last| *last > source);
        self.text.push(folded);
        if folded.is_ascii() {
            self.source.push(source);
        } else {
            self.source.resize(self.text.len(), source);
        }
    }

    /// Adds plain letters that came from the original characters at `source` and behind it.
    pub(crate) fn push_run(&mut self, folded: &str, source: u32) {
        self.turned |= self.source.last().is_some_and(|last| *last > source);
        self.text.push_str(folded);
        self.source.extend((source..).take(folded.len()));
    }

    /// Adds a word of plain letters that starts at the original character `source`.
    fn push_ascii(&mut self, word: &str, source: u32) {
        if word.contains('`') {
            self.text.extend(word.chars().map(ascii));
        } else {
            let start = self.text.len();
            self.text.push_str(word);
            self.text[start..].make_ascii_lowercase();
        }
        self.source.extend(source..source + place(word.len()));
    }

    /// The folded characters, each with its byte offset and the original character's index.
    pub fn chars(&self) -> impl Iterator<Item = (usize, char, u32)> + '_ {
        self.text.char_indices().map(|(byte, folded)| {
            let source = if self.plain {
                place(byte)
            } else {
                self.source[byte]
            };
            (byte, folded, source)
        })
    }
}

fn place(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// Folds `original`; offsets count its scalar values from 0.
pub fn fold(original: &str) -> Folded {
    if original.is_ascii() && !original.contains('&') {
        return fold_ascii(original);
    }
    let mut folded = Folded {
        text: String::with_capacity(original.len()),
        plain: false,
        source: Vec::with_capacity(original.len()),
        turned: false,
        ends: Vec::new(),
    };
    if original.contains('&') || original.chars().any(upside_down::is_turned) {
        let chars: Vec<char> = original.chars().collect();
        folded.ends = cluster_ends(&chars);
        let mut written = decoded(&chars, &mut folded.ends);
        upside_down::put_right(&mut written);
        for word in written.split_inclusive(|written| written.c.is_whitespace()) {
            fold_word(word, &mut folded);
        }
        return folded;
    }
    if original.chars().any(is_part_of_last) {
        folded.ends = cluster_ends(&original.chars().collect::<Vec<_>>());
    }
    let mut written = Vec::new();
    let mut source = 0;
    for word in original.split_inclusive(char::is_whitespace) {
        if word.is_ascii() {
            folded.push_ascii(word, source);
            source += place(word.len());
            continue;
        }
        written.clear();
        written.extend(
            word.chars()
                .zip(source..)
                .map(|(c, source)| Written { c, source }),
        );
        source += place(written.len());
        fold_word(&written, &mut folded);
    }
    folded
}

/// The fold of a text without accents, symbols and look-alikes, which most are.
fn fold_ascii(original: &str) -> Folded {
    let mut text = original.to_ascii_lowercase();
    if text.contains('`') {
        text = text.replace('`', "'");
    }
    Folded {
        text,
        plain: true,
        source: Vec::new(),
        turned: false,
        ends: Vec::new(),
    }
}

/// A character as it is meant: itself, or what an HTML entity stands for.
struct Written {
    c: char,
    /// The original character that it starts at.
    source: u32,
}

/// The characters with entities read, each of which ends where its semicolon does.
fn decoded(chars: &[char], ends: &mut [u32]) -> Vec<Written> {
    let mut written = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let source = u32::try_from(at).unwrap_or(u32::MAX);
        let Some((meant, length)) = Some(c)
            .filter(|c| **c == '&')
            .and_then(|_| entity(&chars[at..]))
        else {
            written.push(Written { c: *c, source });
            at += 1;
            continue;
        };
        written.push(Written { c: meant, source });
        if let (Some(last), Some(end)) = (ends.get(at + length - 1).copied(), ends.get_mut(at)) {
            *end = last;
        }
        at += length;
    }
    written
}

/// How many folded characters one original character may give. Some ligatures stand for whole phrases.
const MAX_EXPANSION: usize = 4;

fn fold_word(word: &[Written], folded: &mut Folded) {
    if word.iter().all(|written| written.c.is_ascii()) {
        for written in word {
            folded.push(ascii(written.c), written.source);
        }
        return;
    }
    let latin = word
        .iter()
        .any(|written| is_latin_letter(written.c) || drawn_letter(written.c).is_some());
    let spelled = spells_with_flags(word);
    for Written { c, source } in word {
        let drawn = drawn_letter(*c).filter(|_| spelled || !is_regional(*c));
        match drawn {
            Some(letter) => folded.push(letter, *source),
            None if c.is_ascii() => folded.push(ascii(*c), *source),
            None => fold_char(*c, *source, latin, folded),
        }
    }
}

/// Whether the regional indicators of the word spell something: two are a flag, and so is one flag waved several times.
fn spells_with_flags(word: &[Written]) -> bool {
    let mut letters = word
        .iter()
        .map(|written| written.c)
        .filter(|c| is_regional(*c));
    let flag = (letters.next(), letters.next());
    while let Some(next) = letters.next() {
        if flag != (Some(next), letters.next()) {
            return true;
        }
    }
    false
}

const fn ascii(c: char) -> char {
    match c {
        '`' => '\'',
        c => c.to_ascii_lowercase(),
    }
}

/// Whether the character stands on the one before it.
fn is_part_of_last(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || matches!(c, '\u{FE00}'..='\u{FE0F}'))
}

/// For each character, one past the marks and variation selectors that follow it.
fn cluster_ends(chars: &[char]) -> Vec<u32> {
    let mut ends = vec![0; chars.len()];
    let mut end = u32::try_from(chars.len()).unwrap_or(u32::MAX);
    for (at, c) in chars.iter().enumerate().rev() {
        let own = u32::try_from(at + 1).unwrap_or(u32::MAX);
        ends[at] = end;
        if !is_part_of_last(*c) {
            end = own - 1;
        }
    }
    ends
}

fn fold_char(original: char, index: u32, in_latin_word: bool, folded: &mut Folded) {
    if is_invisible(original) {
        return;
    }
    if let Some(digit) = digit(original) {
        folded.push(digit, index);
        return;
    }
    if let Some(plain) = plain_form(original) {
        plain.chars().for_each(|c| folded.push(c, index));
        return;
    }
    for part in std::iter::once(original).nfkd().take(MAX_EXPANSION) {
        if is_combining_mark(part) || is_invisible(part) {
            continue;
        }
        if let Some(plain) = plain_form(part) {
            plain.chars().for_each(|c| folded.push(c, index));
            continue;
        }
        let part = if in_latin_word && part.is_alphabetic() {
            look_alike(part)
        } else {
            part
        };
        part.to_lowercase()
            .filter(|c| !is_combining_mark(*c))
            .for_each(|c| folded.push(c, index));
    }
}

fn is_latin_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(
            c,
            '\u{C0}'..='\u{2AF}' | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1EFF}' | '\u{A720}'..='\u{A7FF}'
                | '\u{FF21}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D7FF}'
        )
}

const fn is_regional(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// The letter inside a drawn box or circle that Unicode gives no compatible form, and regional indicators.
fn drawn_letter(c: char) -> Option<char> {
    let from = match c {
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        c if is_regional(c) => 0x1F1E6,
        _ => return None,
    };
    char::from_u32(u32::from(c) - from + u32::from('a'))
}

/// Characters that draw nothing: zero-width, bidi controls, soft hyphen, variation selectors, tags.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Letters that do not decompose, and punctuation with a plain twin.
fn plain_form(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' | 'Ł' => "l",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ı' | 'İ' => "i",
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{02BC}' | '\u{02BB}' | '\u{60}'
        | '\u{B4}' | '\u{FF07}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => "-",
        '\u{2026}' => "...",
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        _ => return None,
    })
}

/// The zeros of decimal digits that have no compatibility form: Arabic, Indic, South-East Asian and others.
const ZEROS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
    0xED0, 0xF20, 0x1040, 0x17E0, 0x1810,
];

/// The European digit of another script's digit.
fn digit(c: char) -> Option<char> {
    let c = u32::from(c);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&c))?;
    char::from_digit(c - zero, 10)
}

/// The Latin letter that another letter imitates, where there is one: Cyrillic, Greek, Cherokee, Lisu, phonetic letters,
/// small capitals and hooked forms.
fn look_alike(c: char) -> char {
    let imitates = matches!(
        c,
        '\u{180}'..='\u{24F}' | '\u{250}'..='\u{2AF}' | '\u{370}'..='\u{52F}' | '\u{13A0}'..='\u{13FF}'
            | '\u{1D00}'..='\u{1DBF}' | '\u{A4D0}'..='\u{A4FF}' | '\u{A720}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB6F}'
    );
    if !imitates {
        return c;
    }
    match decancer::cure_char!(c) {
        decancer::Translation::Character(latin) if latin.is_ascii_alphanumeric() => latin,
        decancer::Translation::String(latin) => latin
            .chars()
            .next()
            .filter(char::is_ascii_alphanumeric)
            .unwrap_or(c),
        decancer::Translation::Character(_) | decancer::Translation::None => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(original: &str) -> String {
        fold(original).text().to_owned()
    }

    #[test]
    fn accents_case_and_width_are_reduced() {
        let cases = [
            ("Zoë Siân Łukasz Şule", "zoe sian lukasz sule"),
            ("Nguyễn", "nguyen"),
            ("ＦＵＬＬ Ｗｉｄｔｈ", "full width"),
            ("𝓐𝓶𝓮𝓵𝓲𝓪", "amelia"),
            ("O’Connor D`Angelo", "o'connor d'angelo"),
            ("Lily–Mae", "lily-mae"),
            ("Straße", "strasse"),
        ];
        for (original, expected) in cases {
            assert_eq!(folded(original), expected, "{original}");
        }
    }

    #[test]
    fn invisible_characters_go_and_spans_still_fit() {
        let original = "A\u{200B}m\u{2060}elia";
        let view = fold(original);
        assert_eq!(view.text(), "amelia");
        assert_eq!(view.span(0..6), Some(Span { start: 0, end: 8 }));
    }

    #[test]
    fn look_alikes_become_latin_in_latin_words_only() {
        assert_eq!(folded("Аmеlia"), "amelia");
        assert_eq!(folded("Спасибо"), "спасибо");
    }

    #[test]
    fn letters_in_disguise_become_plain() {
        let cases = [
            (
                "\u{26A}\u{A731}\u{1D00}\u{299}\u{1D07}\u{29F}\u{29F}\u{1D00}",
                "isabella",
            ),
            ("\u{1F175}\u{1F184}\u{1F172}\u{1F17A}", "fuck"),
            ("\u{1F155}\u{1F164}\u{1F152}\u{1F15A}", "fuck"),
            ("\u{1F1EB}\u{1F1FA}\u{1F1E8}\u{1F1F0}", "fuck"),
            ("\u{192}uck", "fuck"),
            ("\u{192}\u{28B}\u{188}\u{199}", "fuck"),
        ];
        for (original, expected) in cases {
            assert_eq!(folded(original), expected, "{original}");
        }
        for flags in [
            "Go \u{1F1EC}\u{1F1E7} team",
            "\u{1F1F3}\u{1F1EC}\u{1F1F3}\u{1F1EC}",
        ] {
            assert_eq!(folded(flags), flags.to_lowercase(), "a flag stays a flag");
        }
    }

    #[test]
    fn a_highlight_keeps_a_letter_and_its_accent_together() {
        let view = fold("Zoe\u{308} won");
        assert_eq!(view.span(0..3), Some(Span { start: 0, end: 4 }));
        assert_eq!(
            fold("fuck\u{336}").span(0..4),
            Some(Span { start: 0, end: 5 })
        );
    }

    #[test]
    fn one_character_never_becomes_a_long_text() {
        assert!(folded("\u{FDFA}").chars().count() <= MAX_EXPANSION);
    }

    #[test]
    fn a_letter_that_folds_to_two_points_back_to_one() {
        let view = fold("xßy");
        assert_eq!(view.text(), "xssy");
        assert_eq!(view.span(1..3), Some(Span { start: 1, end: 2 }));
    }

    proptest! {
        #[test]
        fn every_span_folds_to_the_text_it_came_from(original in "\\PC{0,60}|[A-Za-zäöüß\u{200B}\u{301}АеО0-9 ’-]{0,60}") {
            let view = fold(&original);
            let count = u32::try_from(original.chars().count()).unwrap();
            prop_assert_eq!(view.plain || view.text().len() == view.source.len(), true);
            let mut last = 0;
            for (byte, c, source) in view.chars() {
                prop_assert!(source < count);
                prop_assert!(source >= last);
                last = source;
                let span = view.span(byte..byte + c.len_utf8()).unwrap();
                prop_assert_eq!(span.start, source);
                prop_assert!(span.end > source && span.end <= count);
            }
        }
    }
}
