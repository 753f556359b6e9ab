//! A text as a browser, or a person who follows a disguised address, would read it: written-out dots are dots, wide
//! letters are plain ones, invisible characters are gone. Every character knows where it stood.

/// One character and where it came from.
#[derive(Clone, Copy)]
struct Sign {
    shown: char,
    /// Index of the original scalar value.
    at: u32,
    /// Whether brackets or wide signs stood for it, so that it did not look like part of an address.
    disguised: bool,
}

/// The characters that matter to links.
pub(super) struct View {
    signs: Vec<Sign>,
}

/// Whether anything here could be part of a link. Most comments end at this question.
pub(super) fn may_hold_a_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    // a full stop or a colon with a space behind it ends a sentence
    let goes_on = |at: usize| bytes.get(at + 1).is_some_and(|b| !b.is_ascii_whitespace());
    let says_dot = |at: usize| matches!(bytes.get(at..at + 3), Some(b"dot" | b"Dot" | b"DOT"));
    memchr::memchr2_iter(b'.', b':', bytes).any(goes_on)
        || memchr::memchr2_iter(b'd', b'D', bytes).any(says_dot)
        || (!text.is_ascii() && text.contains(is_foreign_dot))
}

impl View {
    pub(super) fn of(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut view = Self {
            signs: Vec::with_capacity(original.len()),
        };
        let mut at = 0;
        while let Some(&c) = original.get(at) {
            if let Some(dot) = written_dot(&original, at) {
                view.push('.', at + dot.sign, dot.disguised);
                at += dot.length;
                continue;
            }
            if !is_invisible(c) {
                view.push(plain(c), at, is_foreign_dot(c));
            }
            at += 1;
        }
        view
    }

    fn push(&mut self, shown: char, at: usize, disguised: bool) {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.signs.push(Sign {
            shown,
            at,
            disguised,
        });
    }

    pub(super) fn len(&self) -> usize {
        self.signs.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<char> {
        self.signs.get(at).map(|sign| sign.shown)
    }

    /// The character before `at`.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|before| self.get(before))
    }

    pub(super) fn text(&self, range: std::ops::Range<usize>) -> String {
        let signs = self.signs.get(range).unwrap_or_default();
        signs.iter().map(|sign| sign.shown).collect()
    }

    /// Whether the characters from `at` on are these, in any case.
    pub(super) fn says(&self, at: usize, words: &str) -> bool {
        words
            .chars()
            .enumerate()
            .all(|(n, c)| self.get(at + n).is_some_and(|o| o.eq_ignore_ascii_case(&c)))
    }

    pub(super) fn is_disguised(&self, range: std::ops::Range<usize>) -> bool {
        let signs = self.signs.get(range).unwrap_or_default();
        signs.iter().any(|sign| sign.disguised)
    }

    /// The stretch of the original behind a range of the view.
    pub(super) fn original(&self, range: std::ops::Range<usize>) -> Option<schoolgate_model::Span> {
        let first = self.signs.get(range.start)?;
        let last = self.signs.get(range.end.checked_sub(1)?)?;
        Some(schoolgate_model::Span {
            start: first.at,
            end: last.at + 1,
        })
    }
}

/// A dot that is written in words or brackets: how long it is, and where in it the sign that stands for it.
struct WrittenDot {
    length: usize,
    sign: usize,
    disguised: bool,
}

/// `[.]`, `(dot)`, `{ dot }` and ` dot ` between two letters or digits.
fn written_dot(text: &[char], at: usize) -> Option<WrittenDot> {
    let first = *text.get(at)?;
    if !matches!(first, ' ' | '[' | '(' | '{') || !text.get(at.checked_sub(1)?)?.is_alphanumeric() {
        return None;
    }
    let open = skip_spaces(text, at, 2);
    let bracketed = text.get(open).is_some_and(|c| matches!(c, '[' | '(' | '{'));
    let word = if bracketed {
        skip_spaces(text, open + 1, 1)
    } else {
        open
    };
    let mut end = if text.get(word) == Some(&'.') && bracketed {
        word + 1
    } else {
        let written = text.get(word..word + 3)?;
        let is_dot = written
            .iter()
            .zip("dot".chars())
            .all(|(c, d)| c.eq_ignore_ascii_case(&d));
        is_dot.then_some(word + 3)?
    };
    if bracketed {
        end = skip_spaces(text, end, 1);
        if !text.get(end).is_some_and(|c| matches!(c, ']' | ')' | '}')) {
            return None;
        }
        end = skip_spaces(text, end + 1, 2);
    } else {
        let after = skip_spaces(text, end, 2);
        if word == at || after == end {
            return None;
        }
        end = after;
    }
    text.get(end)?.is_alphanumeric().then_some(WrittenDot {
        length: end - at,
        sign: word - at,
        disguised: bracketed,
    })
}

fn skip_spaces(text: &[char], from: usize, most: usize) -> usize {
    let spaces = text.iter().skip(from).take(most);
    from + spaces.take_while(|c| **c == ' ').count()
}

/// Full stops of other scripts, which browsers read as dots.
fn is_foreign_dot(c: char) -> bool {
    matches!(c, '。' | '．' | '｡' | '\u{2024}')
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
    )
}

/// Wide letters and foreign dots as plain ones.
fn plain(c: char) -> char {
    match c {
        c if is_foreign_dot(c) => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
        '\u{a0}' => ' ',
        c => c,
    }
}
