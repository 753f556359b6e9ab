//! Where a text has a word, or a run of words, that is a registered given or family name.
//! What the finds mean together is decided by the rules.

use schoolgate_model::{CheckFailure, Meter};

use super::{
    alike,
    cues::{BELONGINGS, FAMILY_OF},
    forms::Quality,
    lists,
    roster::{Named, Role, Roster},
    stream::{Gap, Stream},
};

/// How the form was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Plain,
    /// Otherwise spelt, and it sounds the same.
    Heard,
    /// With an `s` that should have an apostrophe.
    Plural,
    /// With digits or signs for letters.
    Leet,
    /// With letters that look like others.
    Alike,
    /// Cut in two by a symbol or a line end.
    Broken,
    /// Letter by letter.
    Spaced,
}

/// A registered name in the text: atoms `start..end`.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) role: Role,
    pub(super) way: Way,
    pub(super) key: String,
    /// The names that have this form, each with how close it is.
    pub(super) names: Vec<Named>,
    pub(super) capital: bool,
    pub(super) possessive: bool,
}

impl Part {
    /// Whether the form is an English word too.
    pub(super) fn is_word(&self) -> bool {
        self.way != Way::Heard && lists::is_word(&self.key)
    }

    pub(super) fn best(&self) -> Quality {
        self.names
            .iter()
            .map(|(_, quality)| *quality)
            .min()
            .unwrap_or(Quality::Piece)
    }
}

/// The parts of one text, in order of their start.
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    /// Index of the first part that starts at or after each atom.
    first: Vec<usize>,
}

impl Parts {
    pub(super) fn find(
        stream: &Stream<'_>,
        roster: &Roster,
        meter: &Meter,
    ) -> Result<Self, CheckFailure> {
        let mut all = Vec::new();
        let mut first = Vec::with_capacity(stream.len() + 1);
        let mut run = Run::default();
        let signs = stream.may_have_signs() && alike::has_signs(stream.surface.folded().text());
        for at in 0..stream.len() {
            first.push(all.len());
            if begins_no_name(stream, roster, at) {
                meter.spend(steps_for(stream.text(at).len()))?;
            } else {
                parts_at(stream, roster, at, &mut run, meter, &mut all)?;
            }
            if signs {
                disguised(stream, roster, at, meter, &mut all)?;
            }
        }
        first.push(all.len());
        Ok(Self { all, first })
    }

    /// The parts that start at an atom.
    pub(super) fn at(&self, atom: usize) -> &[Part] {
        match (self.first.get(atom), self.first.get(atom + 1)) {
            (Some(start), Some(end)) => &self.all[*start..*end],
            _ => &[],
        }
    }

    /// Whether a registered given name starts at the atom.
    pub(super) fn given_at(&self, atom: usize) -> bool {
        self.at(atom)
            .iter()
            .any(|p| p.role == Role::Given && p.way == Way::Plain && p.best() < Quality::Piece)
    }
}

/// The longest run of single letters that is read as one name.
const LONGEST_SPACED: usize = 24;
/// The most atoms in a name otherwise.
const LONGEST: usize = 5;

/// The longest name in bytes that is looked up; what goes beyond it is still read to the end of its last atom.
const LONGEST_KEY: usize = 48;

/// A run of atoms under construction.
#[derive(Default)]
struct Run {
    key: String,
    /// Room for how the key sounds.
    sound: Vec<u8>,
    /// Breaks that a form must have.
    soft: u64,
    /// Breaks that may stand anywhere, for whole names.
    hard: u64,
    singles: bool,
    digits: bool,
    letters: usize,
}

impl Run {
    /// Starts anew, in the room that it has.
    fn begin(&mut self, singles: bool) {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        *self = Self {
            key,
            sound: std::mem::take(&mut self.sound),
            singles,
            ..Self::default()
        };
    }

    /// Adds the atom at `at`; false where the run cannot go on.
    fn add(&mut self, stream: &Stream<'_>, at: usize, start: usize) -> bool {
        let Some(atom) = stream.get(at) else {
            return false;
        };
        let gap = atom.gap;
        if at > start && !gap.is_empty() {
            if self.key.len() >= 64 {
                return false;
            }
            let bit = 1_u64 << self.key.len();
            let hidden = gap.only(Gap::SYMBOL | Gap::DASH | Gap::UNDERLINE | Gap::LINE)
                && gap.length() <= 3
                && !(gap.only(Gap::DASH | Gap::UNDERLINE) && stream.loose);
            let plain =
                gap.only(Gap::SPACE | Gap::DASH | Gap::UNDERLINE | Gap::QUOTE) && gap.length() <= 3;
            let dotted = self.singles && gap.only(Gap::STOP) && gap.length() == 1
                || self.key == "st" && gap.only(Gap::STOP | Gap::SPACE) && gap.length() <= 2;
            match (hidden, plain || dotted) {
                (true, _) => self.hard |= bit,
                (_, true) => self.soft |= bit,
                _ => return false,
            }
        }
        self.singles &= atom.is_single();
        self.digits |= atom.digits;
        self.letters += if atom.digits { 0 } else { atom.text.len() };
        if self.key.capacity() == 0 {
            self.key.reserve(LONGEST_KEY);
        }
        self.key.push_str(&atom.text);
        true
    }

    /// How the run spells a form with these breaks; `None` where it does not.
    fn way(&self, breaks: u64, atoms: usize) -> Option<Way> {
        if self.singles && atoms >= 4 && (self.soft | self.hard) & !breaks != 0 {
            return Some(Way::Spaced);
        }
        if self.soft & !breaks != 0 {
            return None;
        }
        Some(if self.hard & !breaks != 0 {
            Way::Broken
        } else {
            Way::Plain
        })
    }
}

/// Whether no name can start with the atom: it is an English word, no form of a name, and what follows is not written
/// as the rest of one. Most words end here.
fn begins_no_name(stream: &Stream<'_>, roster: &Roster, at: usize) -> bool {
    let Some(atom) = stream.get(at) else {
        return true;
    };
    let plural = !atom.word.common && atom.text.ends_with('s');
    if atom.digits
        || !atom.word.is_english()
        || atom.word.given
        || plural
        || atom.sigil == Some('@')
        || roster.may_know_hash(atom.hash)
    {
        return false;
    }
    let gap = stream.gap(at + 1);
    let stopped = gap.has(Gap::STOP) && !atom.is_single() && atom.text != "st";
    atom.possessive
        || stopped
        || gap.has(Gap::COMMA | Gap::COLON | Gap::AND | Gap::BRACKET | Gap::SIGIL | Gap::BULLET)
        || at + 1 >= stream.len()
        || !goes_on(stream, roster, at + 1)
}

/// What looking up a run of so many bytes costs.
const fn steps_for(length: usize) -> u64 {
    1 + length as u64 / 8
}

fn parts_at(
    stream: &Stream<'_>,
    roster: &Roster,
    start: usize,
    run: &mut Run,
    meter: &Meter,
    all: &mut Vec<Part>,
) -> Result<(), CheckFailure> {
    // `t.r.4.n.n.y` is cut letter by letter from its first letter on
    run.begin(!continues_letters(stream, start));
    for at in start..stream.len() {
        let count = at - start + 1;
        let longest = if run.singles { LONGEST_SPACED } else { LONGEST };
        if count > longest
            || run.key.len() > LONGEST_KEY
            || count == 2 && !goes_on(stream, roster, at)
        {
            break;
        }
        if !run.add(stream, at, start) {
            break;
        }
        meter.spend(steps_for(run.key.len()))?;
        look_up(stream, roster, run, start, at + 1, meter, all)?;
        if stream.get(at).is_some_and(|atom| atom.possessive) {
            break;
        }
    }
    Ok(())
}

/// Whether a single letter or digit stands right before the one at `at`, with a full stop or a dash between.
fn continues_letters(stream: &Stream<'_>, at: usize) -> bool {
    let single = |at: usize| stream.get(at).is_some_and(super::stream::Atom::is_single);
    let gap = stream.gap(at);
    at > 0
        && single(at - 1)
        && single(at)
        && gap.only(Gap::STOP | Gap::DASH)
        && gap.length() <= 1
        && stream.get(at - 1).is_some_and(|a| !a.capital())
}

/// Whether the name that the atom before `at` begins can go on with the one at `at`: a space must be one of the name's
/// own, or stand between single letters.
fn goes_on(stream: &Stream<'_>, roster: &Roster, at: usize) -> bool {
    let gap = stream.gap(at);
    if !gap.only(Gap::SPACE) || gap.is_empty() {
        return true;
    }
    let single = |at: usize| stream.get(at).is_some_and(super::stream::Atom::is_single);
    let first = at.checked_sub(1).and_then(|before| stream.get(before));
    first.is_some_and(|first| roster.opens(first.hash) || first.is_single() && single(at))
}

fn look_up(
    stream: &Stream<'_>,
    roster: &Roster,
    run: &mut Run,
    start: usize,
    end: usize,
    meter: &Meter,
    all: &mut Vec<Part>,
) -> Result<(), CheckFailure> {
    if run.digits {
        let inside = !stream.loose && is_inside_word(stream, start, end);
        if run.letters * 2 < run.key.len() || run.key.len() < 3 || inside {
            return Ok(());
        }
        for one in ['i', 'l'] {
            let key: String = run.key.chars().map(|c| alike::letter(c, one)).collect();
            take(stream, roster, run, &key, Some(Way::Leet), start..end, all);
            meter.spend(2)?;
        }
        return Ok(());
    }
    let before = all.len();
    take(stream, roster, run, &run.key, None, start..end, all);
    let glued = run.soft | run.hard == 0 || end == start + 1;
    if all.len() == before && glued {
        // `Daisys party` is hers; `daisies` and `two daisys` are flowers.
        let thing = || BELONGINGS.contains(&stream.text(end));
        let sibilant = |stem: &&str| {
            stem.ends_with(['s', 'x', 'z']) || stem.ends_with("ch") || stem.ends_with("sh")
        };
        let stem = run.key.strip_suffix("es").filter(sibilant);
        if let Some(stem) = stem
            .or_else(|| run.key.strip_suffix('s'))
            .filter(|stem| stem.len() >= 3 && roster.may_know(stem))
            && !lists::is_common(&run.key)
            && (FAMILY_OF.contains(&stream.text(end))
                || thing() && !lists::is_word(&run.key)
                || is_plural_of_name(stream, start, stem)
                || !lists::is_word(&run.key)
                    && !lists::is_word(stem)
                    && (stem.len() >= 4 || thing()))
        {
            take(
                stream,
                roster,
                run,
                stem,
                Some(Way::Plural),
                start..end,
                all,
            );
        }
        if stream.get(start).is_some_and(|a| a.sigil == Some('@')) {
            let key = format!("a{}", run.key);
            take(stream, roster, run, &key, Some(Way::Leet), start..end, all);
        }
    }
    let unbroken = run.soft | run.hard == 0;
    if all.len() == before && unbroken && end == start + 1 {
        heard(stream, roster, run, start..end, all);
    }
    if all.len() == before && unbroken && run.key.len() >= SHORTEST_ALIKE {
        look_alikes(stream, roster, run, start..end, all);
    }
    meter.spend((all.len() - before) as u64)
}

/// `our Lilys`, `both Poppys`: the plural of the flower is written otherwise.
fn is_plural_of_name(stream: &Stream<'_>, at: usize, stem: &str) -> bool {
    let consonant = |stem: &str| !stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    stem.strip_suffix('y').is_some_and(consonant)
        && stream.get(at).is_some_and(|a| a.capital() && !a.heading)
}

/// Whether `1zzy` is only the end of `d1zzy`: letters stand right before the run, or right behind it.
fn is_inside_word(stream: &Stream<'_>, start: usize, end: usize) -> bool {
    let glued = |at: usize| at > 0 && stream.get(at).is_some_and(|a| a.gap.is_empty());
    let sigil = stream.get(start).is_some_and(|a| a.sigil.is_some());
    let letters = |at: usize| stream.get(at).is_some_and(|a| !a.digits);
    !sigil && (glued(start) && letters(start - 1) || glued(end) && letters(end))
}

/// Shorter words look like too many others.
const SHORTEST_ALIKE: usize = 4;

/// `Sameer` where Samir is registered: a word that is none, and sounds like a registered name.
fn heard(
    stream: &Stream<'_>,
    roster: &Roster,
    run: &mut Run,
    atoms: std::ops::Range<usize>,
    all: &mut Vec<Part>,
) {
    // one atom, unbroken
    let Some(word) = stream.get(atoms.start).map(|atom| atom.word) else {
        return;
    };
    if word.is_english() && !word.given {
        return;
    }
    let before = all.len();
    let mut sound = std::mem::take(&mut run.sound);
    for key in roster.heard(&run.key, &mut sound) {
        take(
            stream,
            roster,
            run,
            key,
            Some(Way::Heard),
            atoms.clone(),
            all,
        );
    }
    run.sound = sound;
    // `Victoria` is Wiktoria with her family name, and a sponge without.
    if word.is_english() {
        let heard = all.iter_mut().skip(before);
        let qualities = heard.flat_map(|part| &mut part.names);
        qualities.for_each(|(_, quality)| *quality = Quality::Piece);
    }
}

/// `Haddovv`, `lsabella`: a word that is none, and looks like a registered name.
fn look_alikes(
    stream: &Stream<'_>,
    roster: &Roster,
    run: &Run,
    atoms: std::ops::Range<usize>,
    all: &mut Vec<Part>,
) {
    let word = match stream.get(atoms.start) {
        Some(atom) if atoms.len() == 1 => atom.word,
        _ => lists::word(&run.key),
    };
    if word.is_english() || word.given {
        return;
    }
    for key in roster.alike(&run.key) {
        take(
            stream,
            roster,
            run,
            key,
            Some(Way::Alike),
            atoms.clone(),
            all,
        );
    }
}

/// The most atoms that signs cut a name into.
const LONGEST_DISGUISED: usize = 8;

/// `Is@bell@`, `|sabella`: a word with signs for letters, which cut it into several atoms.
fn disguised(
    stream: &Stream<'_>,
    roster: &Roster,
    start: usize,
    meter: &Meter,
    all: &mut Vec<Part>,
) -> Result<(), CheckFailure> {
    let folded = stream.surface.folded().text();
    let Some(first) = stream.get(start) else {
        return Ok(());
    };
    let unsigned = |gap: Gap| !gap.has(Gap::SIGNS);
    if unsigned(first.gap) && unsigned(stream.gap(start + 1)) && !stream.gap(start + 1).is_empty() {
        return meter.spend(1);
    }
    let before = folded.get(..first.bytes.start).unwrap_or_default();
    let plain = before.trim_end_matches(alike::is_sign);
    let glued = plain.ends_with(char::is_alphanumeric) && plain.len() < before.len();
    if glued {
        return Ok(());
    }
    for at in start..stream.len().min(start + LONGEST_DISGUISED) {
        let Some(atom) = stream.get(at) else { break };
        let between = start.max(at.saturating_sub(1));
        let joint = stream.get(between).map_or(0, |a| a.bytes.end)..atom.bytes.start;
        if at > start
            && !folded
                .get(joint)
                .is_some_and(|gap| gap.len() <= 4 && gap.chars().all(alike::is_sign))
        {
            break;
        }
        meter.spend(1)?;
        for word in disguises(folded, plain.len(), atom.bytes.end) {
            meter.spend(4)?;
            uncover(stream, roster, &word, start..at + 1, all);
        }
    }
    Ok(())
}

/// The words with signs that end at `end`: with the signs behind it, and without. A mark of exclamation behind a word
/// that has no other sign is only that.
fn disguises(folded: &str, start: usize, end: usize) -> Vec<String> {
    let Some(inner) = folded.get(start..end) else {
        return Vec::new();
    };
    let rest = folded.get(end..).unwrap_or_default();
    let open = rest.trim_start_matches(alike::is_sign);
    let tail = &rest[..rest.len() - open.len()];
    let signed = inner.contains(alike::is_sign);
    let glued = open.starts_with(char::is_alphanumeric) && !tail.is_empty();
    let mut words = Vec::new();
    if !tail.is_empty() && !glued && (signed || !tail.contains('!')) {
        words.push(format!("{inner}{tail}"));
    }
    if signed && !glued {
        words.push(inner.to_owned());
    }
    words
}

/// Looks a disguised word up by its skeleton.
fn uncover(
    stream: &Stream<'_>,
    roster: &Roster,
    word: &str,
    atoms: std::ops::Range<usize>,
    all: &mut Vec<Part>,
) {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let key: String = word
        .chars()
        .map(|c| alike::letter(c, 'l'))
        .filter(|c| c.is_alphanumeric())
        .collect();
    if key.len() > LONGEST_KEY || letters * 2 < key.chars().count() || letters < 2 {
        return;
    }
    let run = Run::default();
    let known = |all: &[Part], key: &str| {
        all.iter()
            .rev()
            .take_while(|p| p.start == atoms.start)
            .any(|p| p.end == atoms.end && p.key == key)
    };
    let skeleton = alike::skeleton(&key);
    for form in roster.alike(&key) {
        if alike::skeleton(form) == skeleton && !known(all, form) {
            take(
                stream,
                roster,
                &run,
                form,
                Some(Way::Leet),
                atoms.clone(),
                all,
            );
        }
    }
}

/// `lsabella`: the small l is there because it looks like a capital I.
fn small_l_for_capital_i(written: &str, key: &str) -> bool {
    written.starts_with('l') && key.starts_with('i')
}

fn take(
    stream: &Stream<'_>,
    roster: &Roster,
    run: &Run,
    key: &str,
    way: Option<Way>,
    range: std::ops::Range<usize>,
    all: &mut Vec<Part>,
) {
    let meanings = roster.meanings(key);
    if meanings.is_empty() {
        return;
    }
    let capital = stream.atoms[range.clone()]
        .iter()
        .any(super::stream::Atom::capital);
    let possessive = stream.atoms[range.end - 1].possessive;
    for role in [Role::Given, Role::Family] {
        let mut names: Vec<Named> = Vec::new();
        let mut worst = Way::Plain;
        for meaning in meanings.iter().filter(|m| m.role == role) {
            let Some(written) = run.way(meaning.breaks, range.len()) else {
                continue;
            };
            worst = worst.max(way.unwrap_or(written));
            names.push((meaning.name, meaning.quality));
        }
        if names.is_empty() {
            continue;
        }
        all.push(Part {
            start: range.start,
            end: range.end,
            role,
            way: worst,
            key: key.to_owned(),
            names,
            capital: capital
                || worst == Way::Leet
                || worst == Way::Alike && small_l_for_capital_i(stream.text(range.start), key),
            possessive: possessive || worst == Way::Plural,
        });
    }
}
