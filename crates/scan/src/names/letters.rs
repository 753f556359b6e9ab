//! The characters of a text as atoms are cut from them: what each is, how it was written, and how far an atom goes.
//! What stands between atoms and what an atom means is told in `stream`.

use super::stream::Case;
use crate::SurfaceText;

/// The characters of a folded text, by number.
pub(super) trait Letters {
    /// How many there are.
    fn count(&self) -> usize;
    /// Where one stands in the folded text; behind the last, its end.
    fn byte(&self, at: usize) -> usize;
    /// What one is; `Other` behind the last.
    fn kind(&self, at: usize) -> Kind;
    /// How one was written; `NoLetter` behind the last.
    fn written(&self, at: usize) -> Written;
    /// Whether one is a letter of any alphabet, and not what counts for one.
    fn is_alphabetic(&self, at: usize) -> bool;
    /// Whether one is an `s`.
    fn is_s(&self, at: usize) -> bool;
    /// The whole atom that starts at `at`, where it can be told without a look at each letter.
    fn word(&self, _at: usize) -> Option<Extent> {
        None
    }
}

/// Folded letters and digits that are plain ones, a byte each.
trait Folded {
    /// The folded text.
    fn folded(&self) -> &[u8];
    /// How a character was written; `NoLetter` behind the last.
    fn written(&self, at: usize) -> Written;
    /// The whole atom that starts at `at`, where it can be told without a look at each letter.
    fn word(&self, at: usize) -> Option<Extent>;
}

impl<T: Folded> Letters for T {
    fn count(&self) -> usize {
        self.folded().len()
    }

    fn byte(&self, at: usize) -> usize {
        at
    }

    fn kind(&self, at: usize) -> Kind {
        Kind::of_plain(self.folded().get(at))
    }

    fn written(&self, at: usize) -> Written {
        Folded::written(self, at)
    }

    fn is_alphabetic(&self, at: usize) -> bool {
        self.kind(at) == Kind::Letter
    }

    fn is_s(&self, at: usize) -> bool {
        self.folded().get(at) == Some(&b's')
    }

    fn word(&self, at: usize) -> Option<Extent> {
        Folded::word(self, at)
    }
}

/// A text whose folded characters are the bytes of the original, in small letters.
pub(super) struct Plain<'t> {
    pub(super) folded: &'t [u8],
    pub(super) original: &'t [u8],
}

impl Folded for Plain<'_> {
    fn folded(&self) -> &[u8] {
        self.folded
    }

    fn written(&self, at: usize) -> Written {
        match self.original.get(at) {
            Some(b'a'..=b'z') => Written::Small,
            Some(b'A'..=b'Z') => Written::Capital,
            _ => Written::NoLetter,
        }
    }

    /// Small letters, the first perhaps a capital, and nothing that may belong to them behind: most words.
    fn word(&self, at: usize) -> Option<Extent> {
        let (first, rest) = self.original.get(at..)?.split_first()?;
        let small = rest.iter().take_while(|byte| byte.is_ascii_lowercase());
        let end = at + 1 + small.count();
        let goes_on = matches!(self.kind(end), Kind::Letter | Kind::Apostrophe);
        let case = Extent::case_of(*first)?;
        (!goes_on).then_some(Extent {
            end,
            apostrophe: false,
            case,
        })
    }
}

/// A text whose folded letters and digits are plain ones, whatever signs stand between them and whatever they were.
pub(super) struct Spread<'t> {
    surface: &'t SurfaceText,
    folded: &'t [u8],
}

impl<'t> Spread<'t> {
    /// `None` where a letter or digit of the text is none of the plain ones, or words were turned round.
    pub(super) fn of(surface: &'t SurfaceText) -> Option<Self> {
        let folded = surface.folded();
        let text = folded.text();
        let is_plain = |c: char| match c.is_ascii() {
            true => !c.is_ascii_uppercase(),
            false => !c.is_alphanumeric(),
        };
        let all = !folded.is_turned() && text.chars().all(is_plain);
        all.then_some(Self {
            surface,
            folded: text.as_bytes(),
        })
    }
}

impl Folded for Spread<'_> {
    fn folded(&self) -> &[u8] {
        self.folded
    }

    fn written(&self, at: usize) -> Written {
        let original = self.surface.original_from(at);
        let written = original.and_then(|original| original.chars().next());
        written.map_or(Written::NoLetter, Written::of)
    }

    fn word(&self, at: usize) -> Option<Extent> {
        let letters = self.folded.get(at..)?.iter();
        let end = at + letters.take_while(|byte| byte.is_ascii_lowercase()).count();
        let written = self.surface.original_letters(at..end)?.as_bytes();
        let (first, rest) = written.split_first()?;
        let case = Extent::case_of(*first)?;
        let whole = rest.iter().all(u8::is_ascii_lowercase) && self.kind(end) != Kind::Apostrophe;
        whole.then_some(Extent {
            end,
            apostrophe: false,
            case,
        })
    }
}

/// One character of any folded text.
struct Letter {
    byte: usize,
    c: char,
    kind: Kind,
    /// How it was written.
    written: Written,
}

/// The characters of any folded text, and its length.
pub(super) struct Mixed(Vec<Letter>, usize);

impl Mixed {
    pub(super) fn of(surface: &SurfaceText) -> Self {
        let length = surface.folded().text().len();
        let mut letters = Vec::with_capacity(length);
        surface.each_letter(|byte, c, _, original| {
            letters.push(Letter {
                byte,
                c,
                kind: Kind::of(c),
                written: Written::of(original.unwrap_or(c)),
            });
        });
        Self(letters, length)
    }
}

impl Letters for Mixed {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn byte(&self, at: usize) -> usize {
        self.0.get(at).map_or(self.1, |letter| letter.byte)
    }

    fn kind(&self, at: usize) -> Kind {
        self.0.get(at).map_or(Kind::Other, |letter| letter.kind)
    }

    fn written(&self, at: usize) -> Written {
        let letter = self.0.get(at);
        letter.map_or(Written::NoLetter, |letter| letter.written)
    }

    fn is_alphabetic(&self, at: usize) -> bool {
        self.0
            .get(at)
            .is_some_and(|letter| letter.c.is_alphabetic())
    }

    fn is_s(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|letter| letter.c == 's')
    }
}

/// What a folded character is to an atom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letter,
    Number,
    Apostrophe,
    Other,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' => Self::Letter,
            '\'' => Self::Apostrophe,
            c if c.is_numeric() => Self::Number,
            c if c.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }

    /// What a byte of a text is whose letters and digits are plain ones.
    fn of_plain(byte: Option<&u8>) -> Self {
        match byte {
            Some(b'a'..=b'z') => Self::Letter,
            Some(b'0'..=b'9') => Self::Number,
            Some(b'\'') => Self::Apostrophe,
            _ => Self::Other,
        }
    }

    pub(super) fn is_alphanumeric(self) -> bool {
        matches!(self, Self::Letter | Self::Number)
    }
}

/// How a character was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Small,
    Capital,
    /// A letter of an alphabet that knows neither.
    Uncased,
    NoLetter,
}

impl Written {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' => Self::Small,
            c if c.is_uppercase() && c.is_alphabetic() => Self::Capital,
            c if c.is_lowercase() && c.is_alphabetic() => Self::Small,
            c if c.is_alphabetic() => Self::Uncased,
            _ => Self::NoLetter,
        }
    }
}

/// How far an atom goes, and how it is written.
pub(super) struct Extent {
    pub(super) end: usize,
    pub(super) apostrophe: bool,
    pub(super) case: Case,
}

impl Extent {
    /// How a word is written that begins so and goes on in small letters.
    fn case_of(first: u8) -> Option<Case> {
        match first {
            b'a'..=b'z' => Some(Case::Lower),
            b'A'..=b'Z' => Some(Case::Title),
            _ => None,
        }
    }

    /// The atom that starts at `at`: letters with inner apostrophes, or digits; a small letter before a capital ends it.
    pub(super) fn of(letters: &impl Letters, at: usize) -> Self {
        let numeric = letters.kind(at) == Kind::Number;
        let mut extent = Self {
            end: at + 1,
            apostrophe: false,
            case: Case::None,
        };
        let mut cases = Cases::default();
        let mut last = letters.written(at);
        cases.add(last);
        while extent.end < letters.count() {
            let kind = letters.kind(extent.end);
            let written = letters.written(extent.end);
            if kind == Kind::Apostrophe && !numeric {
                let inner = letters.is_alphabetic(extent.end + 1);
                if !inner || ends_in_s(letters, extent.end) {
                    break;
                }
                extent.apostrophe = true;
            } else {
                let same = kind.is_alphanumeric() && (kind == Kind::Number) == numeric;
                let camel = last == Written::Small && written == Written::Capital;
                if !same || camel {
                    break;
                }
            }
            cases.add(written);
            last = written;
            extent.end += 1;
        }
        extent.case = cases.case();
        extent
    }
}

/// Whether the apostrophe at `at` is followed by a lone `s`.
fn ends_in_s(letters: &impl Letters, at: usize) -> bool {
    letters.is_s(at + 1) && letters.kind(at + 2) == Kind::Other
}

/// Whether a possessive ending follows, and where the text goes on.
pub(super) fn possessive_after(letters: &impl Letters, end: usize) -> (bool, usize) {
    if letters.kind(end) == Kind::Apostrophe && ends_in_s(letters, end) {
        return (true, end + 2);
    }
    (false, end)
}

/// The capitals among the letters of an atom.
#[derive(Default)]
struct Cases {
    total: usize,
    upper: usize,
    /// Whether the first letter is one.
    first: bool,
}

impl Cases {
    fn add(&mut self, written: Written) {
        if written == Written::NoLetter {
            return;
        }
        let capital = written == Written::Capital;
        self.first |= capital && self.total == 0;
        self.total += 1;
        self.upper += usize::from(capital);
    }

    fn case(&self) -> Case {
        match (self.total, self.upper, self.first) {
            (0, ..) => Case::None,
            (_, 0, _) => Case::Lower,
            (_, 1, true) => Case::Title,
            (total, upper, _) if total == upper => Case::Upper,
            _ => Case::Mixed,
        }
    }
}
