//! A text cut into atoms: runs of letters or digits with their case, their neighbours and what stands between them.
//! The cut is finer than the shared tokens: it splits at dots, digits and case changes, because names hide there.
//! Which atoms form a name is not decided here.

use std::{borrow::Cow, cell::Cell, ops::Range};

use schoolgate_model::Surface;

use super::{
    letters::{Extent, Kind, Letters, Mixed, Plain, Spread, possessive_after},
    lists::{self, Word},
    tables::hash,
};
use crate::SurfaceText;

/// What stands between two atoms, as a set of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Gap {
    marks: u16,
    length: u16,
}

impl Gap {
    pub(super) const SPACE: u16 = 1;
    pub(super) const LINE: u16 = 2;
    pub(super) const COMMA: u16 = 4;
    pub(super) const STOP: u16 = 8;
    pub(super) const COLON: u16 = 16;
    pub(super) const DASH: u16 = 32;
    pub(super) const AND: u16 = 64;
    pub(super) const BRACKET: u16 = 128;
    pub(super) const QUOTE: u16 = 256;
    pub(super) const SIGIL: u16 = 512;
    pub(super) const SYMBOL: u16 = 1024;
    pub(super) const UNDERLINE: u16 = 2048;
    pub(super) const BULLET: u16 = 4096;
    /// The marks that a sign for a letter may have.
    pub(super) const SIGNS: u16 = Self::STOP | Self::SIGIL | Self::SYMBOL;

    fn read(text: &str) -> Self {
        if text == " " {
            return Self {
                marks: Self::SPACE,
                length: 1,
            };
        }
        let mut marks = 0;
        for c in text.chars() {
            marks |= match c {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => Self::LINE,
                c if c.is_whitespace() => Self::SPACE,
                ',' | ';' => Self::COMMA,
                '.' | '!' | '?' => Self::STOP,
                ':' => Self::COLON,
                '-' => Self::DASH,
                '_' => Self::UNDERLINE,
                '&' | '+' | '/' => Self::AND,
                '(' | ')' | '[' | ']' | '{' | '}' => Self::BRACKET,
                '"' | '\'' => Self::QUOTE,
                '#' | '@' => Self::SIGIL,
                '•' | '·' | '▪' | '●' => Self::BULLET,
                _ => Self::SYMBOL,
            };
        }
        Self {
            marks,
            length: u16::try_from(text.chars().count()).unwrap_or(u16::MAX),
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.length == 0
    }

    pub(super) fn length(self) -> u16 {
        self.length
    }

    pub(super) fn has(self, marks: u16) -> bool {
        self.marks & marks != 0
    }

    /// Whether there is nothing but these marks.
    pub(super) fn only(self, marks: u16) -> bool {
        self.marks & !marks == 0
    }
}

/// A run of letters or a run of digits.
#[derive(Clone)]
pub(super) struct Atom<'t> {
    /// Folded, without apostrophes.
    pub(super) text: Cow<'t, str>,
    /// The key of the text.
    pub(super) hash: u64,
    /// Where it stands in the folded text, apostrophes included, a possessive ending not.
    pub(super) bytes: Range<usize>,
    pub(super) case: Case,
    pub(super) digits: bool,
    /// `'s`, or a final apostrophe after an s.
    pub(super) possessive: bool,
    /// What stands before it.
    pub(super) gap: Gap,
    /// Opens a sentence, a line or a list entry: its capital says nothing.
    pub(super) opens: bool,
    /// Stands in a line where (nearly) every word has a capital.
    pub(super) heading: bool,
    /// Stands between quotation marks that look like a title.
    pub(super) quoted: bool,
    /// Belongs to a well-known person, book or saying.
    pub(super) figure: bool,
    /// `#` or `@` where it belongs to a hashtag or handle.
    pub(super) sigil: Option<char>,
    /// What the word lists know of it.
    pub(super) word: Word,
}

impl Atom<'_> {
    pub(super) fn capital(&self) -> bool {
        matches!(self.case, Case::Title | Case::Upper | Case::Mixed)
    }

    pub(super) fn is_single(&self) -> bool {
        // no character is longer than four bytes
        match self.text.len() {
            length @ 0..2 => length == 1,
            2..=4 => self.text.chars().nth(1).is_none(),
            _ => false,
        }
    }

    /// The only letter, where it is a single letter.
    pub(super) fn letter(&self) -> Option<char> {
        (self.is_single() && !self.digits)
            .then(|| self.text.chars().next())
            .flatten()
    }
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// No letter in it.
    None,
    /// `will`
    Lower,
    /// `Will`, also a single capital.
    Title,
    /// `WILL`
    Upper,
    /// `wILL`, `McDonald`
    Mixed,
}

/// What some atoms of a text have: whoever looks for what none has need not look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Has {
    /// The marks that stand before atoms.
    pub(super) marks: u16,
    /// How many begin with a capital or have one.
    pub(super) capitals: usize,
    /// A word in capitals, or in letters that know none.
    loud: bool,
    /// A word that is neither English nor a given name in everyday use.
    pub(super) unknown: bool,
    /// A given name in everyday use.
    pub(super) given: bool,
    /// A title of an adult.
    pub(super) title: bool,
    /// What shows in which world the text is.
    pub(super) cue: bool,
    /// What a well-known person, book or saying begins with.
    figure: bool,
    /// A sigil, or no gap before an atom that is not the first.
    pub(super) joined: bool,
}

impl Has {
    fn of(atoms: &[Atom<'_>]) -> Self {
        let mut has = Self::default();
        for (at, atom) in atoms.iter().enumerate() {
            let word = atom.word;
            has.marks |= atom.gap.marks;
            has.capitals += usize::from(atom.capital());
            has.loud |= match atom.case {
                Case::Upper => !atom.is_single(),
                Case::None => !atom.digits,
                _ => false,
            };
            has.unknown |= !atom.digits && !word.is_english() && !word.given;
            has.given |= word.given;
            has.title |= word.title;
            has.cue |= word.cue;
            has.figure |= word.figure;
            has.joined |= atom.sigil.is_some() || at > 0 && atom.gap.is_empty();
        }
        has
    }

    /// Whether a line may have a capital on nearly every word: on three at least, if its letters know capitals.
    fn may_be_heading(&self) -> bool {
        self.capitals >= 3 || self.loud
    }
}

/// The atoms of one surface.
pub(super) struct Stream<'t> {
    pub(super) surface: &'t SurfaceText,
    pub(super) atoms: Vec<Atom<'t>>,
    /// What stands after the last atom.
    tail: Gap,
    /// What some of the atoms have.
    pub(super) has: Has,
    /// File names, links and single words of metadata: small letters and underscores are normal there.
    pub(super) loose: bool,
}

impl<'t> Stream<'t> {
    pub(super) fn read(surface: &'t SurfaceText) -> Self {
        let (mut atoms, tail) = cut(surface);
        let has = Has::of(&atoms);
        mark_openings(&mut atoms);
        if has.may_be_heading() {
            mark_headings(&mut atoms);
        }
        if has.marks & Gap::QUOTE != 0 {
            mark_quotes(&mut atoms, surface.folded().text());
        }
        if has.figure {
            mark_figures(&mut atoms);
        }
        let loose = match surface.surface() {
            Surface::Filename | Surface::Link => true,
            // a photographer's "Daniel Okafor" is written as in a sentence; a keyword is not
            Surface::Metadata => !surface.original().trim().contains(char::is_whitespace),
            _ => false,
        };
        Self {
            surface,
            atoms,
            tail,
            has,
            loose,
        }
    }

    /// Whether any word has a capital.
    pub(super) fn has_capitals(&self) -> bool {
        self.atoms
            .iter()
            .any(|atom| atom.capital() && !atom.is_single())
    }

    /// Whether a sign for a letter may stand somewhere; no is certain.
    pub(super) fn may_have_signs(&self) -> bool {
        self.tail.has(Gap::SIGNS) || self.has.marks & Gap::SIGNS != 0
    }

    pub(super) fn len(&self) -> usize {
        self.atoms.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Atom<'t>> {
        self.atoms.get(index)
    }

    /// The folded text of an atom, empty outside.
    pub(super) fn text(&self, index: usize) -> &str {
        self.atoms.get(index).map_or("", |atom| &*atom.text)
    }

    /// The text of the atom `back` places before `index`, empty outside.
    pub(super) fn text_before(&self, index: usize, back: usize) -> &str {
        index.checked_sub(back).map_or("", |at| self.text(at))
    }

    /// What the lists know of the atom `back` places before `index`; nothing outside.
    pub(super) fn word_before(&self, index: usize, back: usize) -> Word {
        let atom = index.checked_sub(back).and_then(|at| self.get(at));
        atom.map_or_else(Word::default, |atom| atom.word)
    }

    /// What stands before the atom at `index`; after the last atom, the tail.
    pub(super) fn gap(&self, index: usize) -> Gap {
        self.atoms.get(index).map_or(self.tail, |atom| atom.gap)
    }

    /// The folded text between the atom at `index` and the one before; `None` where either is missing.
    pub(super) fn between(&self, index: usize) -> Option<&str> {
        let before = self.atoms.get(index.checked_sub(1)?)?;
        let first = self.atoms.get(index)?;
        let text = self.surface.folded().text();
        Some(
            text.get(before.bytes.end..first.bytes.start)
                .unwrap_or_default(),
        )
    }

    /// Whether the atom at `index` follows the one before with only spaces between.
    pub(super) fn follows(&self, index: usize) -> bool {
        index > 0
            && self
                .atoms
                .get(index)
                .is_some_and(|atom| atom.gap.only(Gap::SPACE) && !self.atoms[index - 1].possessive)
    }
}

thread_local! {
    /// Room for the atoms of the next text. It is more than the allocator has at hand, and every text needs it.
    static ROOM: Cell<Vec<Atom<'static>>> = const { Cell::new(Vec::new()) };
}

/// No more room than for so many atoms is kept.
const MOST_KEPT: usize = 512;

/// The room of the atoms of one text, for those of another.
fn moved<'b>(mut atoms: Vec<Atom<'_>>) -> Vec<Atom<'b>> {
    atoms.clear();
    atoms.into_iter().map_while(|_| None).collect()
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        let atoms = std::mem::take(&mut self.atoms);
        if atoms.capacity() <= MOST_KEPT {
            ROOM.set(moved(atoms));
        }
    }
}

fn cut(surface: &SurfaceText) -> (Vec<Atom<'_>>, Gap) {
    let folded = surface.folded().text();
    if surface.folded().is_plain() {
        let plain = Plain {
            folded: folded.as_bytes(),
            original: surface.original().as_bytes(),
        };
        return atoms(folded, &plain);
    }
    match Spread::of(surface) {
        Some(spread) => atoms(folded, &spread),
        None => atoms(folded, &Mixed::of(surface)),
    }
}

fn atoms<'t>(folded: &'t str, letters: &impl Letters) -> (Vec<Atom<'t>>, Gap) {
    let mut atoms = moved(ROOM.take());
    atoms.reserve(letters.count() / 4);
    let mut at = 0;
    let mut gap_from = 0;
    while at < letters.count() {
        if !letters.kind(at).is_alphanumeric() {
            at += 1;
            continue;
        }
        let extent = letters.word(at).unwrap_or_else(|| Extent::of(letters, at));
        let atom = atom(folded, letters, (at, &extent), gap_from, atoms.last());
        let (possessive, next) = possessive_after(letters, extent.end);
        gap_from = letters.byte(next);
        atoms.push(Atom { possessive, ..atom });
        at = next;
    }
    (atoms, Gap::read(folded.get(gap_from..).unwrap_or_default()))
}

fn atom<'t>(
    folded: &'t str,
    letters: &impl Letters,
    (at, extent): (usize, &Extent),
    gap_from: usize,
    previous: Option<&Atom<'_>>,
) -> Atom<'t> {
    let bytes = letters.byte(at)..letters.byte(extent.end);
    let before = folded.get(gap_from..bytes.start).unwrap_or_default();
    let written = folded.get(bytes.clone()).unwrap_or_default();
    let text = if extent.apostrophe {
        Cow::Owned(written.replace('\'', ""))
    } else {
        Cow::Borrowed(written)
    };
    let hash = hash(&text);
    Atom {
        word: lists::word_of(hash, &text),
        hash,
        text,
        bytes,
        case: extent.case,
        digits: letters.kind(at) == Kind::Number,
        possessive: false,
        gap: Gap::read(before),
        opens: false,
        heading: false,
        quoted: false,
        figure: false,
        sigil: sigil(before, previous),
    }
}

fn sigil(before: &str, previous: Option<&Atom>) -> Option<char> {
    if before == " " {
        return None;
    }
    let mark = before.chars().last();
    match mark {
        // `name@host` is an address, not a handle.
        Some('@') if before == "@" && previous.is_some() => None,
        Some(sigil @ ('#' | '@')) => Some(sigil),
        None | Some('_') => previous.and_then(|atom| atom.sigil),
        Some('.') if before == "." => previous.and_then(|atom| atom.sigil),
        _ => None,
    }
}

const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "st", "rev", "prof", "mx", "revd", "cllr", "no", "vs",
];

fn mark_openings(atoms: &mut [Atom]) {
    for at in 0..atoms.len() {
        let gap = atoms[at].gap;
        let abbreviated = || {
            at > 0
                && gap.only(Gap::STOP | Gap::SPACE)
                && (ABBREVIATIONS.contains(&&*atoms[at - 1].text)
                    || (atoms[at - 1].is_single()
                        && atoms[at - 1].capital()
                        && atoms[at - 1].text != "i"))
        };
        let stop = gap.has(Gap::STOP) && gap.has(Gap::SPACE) && !abbreviated();
        let emoji = gap.has(Gap::SYMBOL) && gap.has(Gap::SPACE);
        atoms[at].opens = at == 0
            || stop
            || emoji
            || gap.has(Gap::LINE | Gap::COLON | Gap::BULLET)
            || atoms[at].sigil.is_some();
    }
}

/// A colon, or a dash with spaces: what stands between a part and who plays it.
fn is_label_gap(gap: Gap) -> bool {
    gap.has(Gap::COLON) || gap.has(Gap::DASH) && gap.has(Gap::SPACE)
}

fn mark_headings(atoms: &mut [Atom]) {
    let mut start = 0;
    while start < atoms.len() {
        let end = (start + 1..atoms.len())
            .find(|at| atoms[*at].gap.has(Gap::LINE))
            .unwrap_or(atoms.len());
        let line = &mut atoms[start..end];
        let (mut all, mut capital, mut small) = (0, 0, 0);
        // `Ox: Noah. Star ..... Sky.`: what opens an entry has its capital for that
        let inside = line.iter().enumerate().filter(|(n, a)| *n == 0 || !a.opens);
        for atom in inside
            .map(|(_, atom)| atom)
            .filter(|a| a.sigil.is_none() && !a.digits && !a.is_single())
        {
            let link = || matches!(&*atom.text, "and" | "the" | "for" | "with" | "from" | "our");
            if !atom.capital() && (atom.text.len() < 3 || link()) {
                continue;
            }
            all += 1;
            capital += usize::from(atom.capital());
            small += usize::from(atom.case == Case::Lower);
        }
        // `Mole - Penny, Ratty - Will, Toad - Max, Badger - Angel`
        let listed = |line: &[Atom]| {
            line.iter().filter(|a| a.gap.has(Gap::COMMA)).count() >= 3
                && line.iter().filter(|a| is_label_gap(a.gap)).count() >= 3
        };
        if all >= 3 && (small == 0 || capital * 5 >= all * 4) && !listed(line) {
            line.iter_mut().for_each(|atom| atom.heading = true);
        }
        for atom in line.iter_mut() {
            atom.heading |= all >= 1 && atom.case == Case::Upper && !atom.is_single();
        }
        start = end;
    }
}

fn mark_quotes(atoms: &mut [Atom], folded: &str) {
    // the apostrophe of `LEADERS' AWARDS` opens nothing
    let opening = |atom: &Atom| {
        folded
            .get(..atom.bytes.start)
            .is_some_and(|before| before.ends_with(['"', '\'']))
    };
    let mut open: Option<usize> = None;
    for at in 0..atoms.len() {
        if !atoms[at].gap.has(Gap::QUOTE) {
            continue;
        }
        if let Some(start) = open.take() {
            let inside = &atoms[start..at];
            let capitals = inside.iter().filter(|a| a.capital()).count();
            let title = (2..=9).contains(&inside.len())
                && inside[0].capital()
                && (capitals >= 2 || inside.iter().any(|a| a.text == "the"));
            if title {
                atoms[start..at].iter_mut().for_each(|a| a.quoted = true);
            }
            continue;
        }
        open = opening(&atoms[at]).then_some(at);
    }
    // A title may close the text.
    if let Some(start) = open {
        let inside = &atoms[start..];
        let capitals = inside.iter().filter(|a| a.capital()).count();
        if (2..=9).contains(&inside.len())
            && capitals >= 2
            && inside.iter().any(|a| a.text == "the")
        {
            atoms[start..].iter_mut().for_each(|a| a.quoted = true);
        }
    }
}

fn mark_figures(atoms: &mut [Atom]) {
    for at in 0..atoms.len() {
        let reach = |words: &Vec<&str>| {
            let mut end = at;
            for word in words {
                let atom = atoms.get(end)?;
                // `Oliver & Company`
                if *word == "and" && end > at && atom.gap.has(Gap::AND) {
                    continue;
                }
                if atom.text != *word || end > at && atom.gap.has(Gap::LINE | Gap::STOP) {
                    return None;
                }
                end += 1;
            }
            Some(end - at)
        };
        let longest = lists::figures(&atoms[at].text, atoms[at].word)
            .iter()
            .filter_map(reach)
            .max()
            .unwrap_or(0);
        atoms[at..at + longest]
            .iter_mut()
            .for_each(|atom| atom.figure = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let surface = SurfaceText::new(Surface::Text, None, text);
        Stream::read(&surface)
            .atoms
            .iter()
            .map(|a| a.text.to_string())
            .collect()
    }

    #[test]
    fn atoms_split_at_dots_digits_and_case_changes() {
        assert_eq!(
            words("oliver_smith_6B.jpg"),
            ["oliver", "smith", "6", "b", "jpg"]
        );
        assert_eq!(words("O.S. in McDonald"), ["o", "s", "in", "mc", "donald"]);
        assert_eq!(
            words("O’Connor's D`Angelo James'"),
            ["oconnor", "dangelo", "james"]
        );
    }

    #[test]
    fn a_possessive_is_a_mark_and_not_a_letter() {
        let surface = SurfaceText::new(Surface::Text, None, "Zoë’s book");
        let stream = Stream::read(&surface);
        assert!(stream.atoms[0].possessive);
        let span = surface
            .folded()
            .span(stream.atoms[0].bytes.clone())
            .unwrap();
        assert_eq!(surface.slice(span), "Zoë");
    }

    #[test]
    fn a_title_before_a_name_does_not_end_the_sentence() {
        let surface = SurfaceText::new(Surface::Text, None, "We met Mrs. Hart. Will ran");
        let opens: Vec<_> = Stream::read(&surface)
            .atoms
            .iter()
            .map(|a| a.opens)
            .collect();
        assert_eq!(opens, [true, false, false, false, true, false]);
    }
}
