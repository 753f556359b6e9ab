//! The words around a candidate that tell what it is: one pass over the text finds them all.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use crate::lexicon::literals::Literal;

/// A set of classes of words.
pub(super) type Mask = u128;

macro_rules! classes {
    ($($name:ident = $heading:literal,)*) => {
        #[derive(Clone, Copy)]
        #[expect(clippy::upper_case_acronyms, non_camel_case_types, reason = "the names of the bits below")]
        enum Bit { $($name,)* }

        $(pub(super) const $name: Mask = 1 << (Bit::$name as u32);)*

        /// The class under a heading of the file.
        fn class(heading: &str) -> Option<Mask> {
            match heading {
                $($heading => Some($name),)*
                _ => None,
            }
        }
    };
}

classes! {
    PHONE = "phone",
    PRIVATE = "private",
    ORG = "org",
    VENUE = "venue",
    HOME = "home",
    STREET = "street",
    UPN = "upn",
    ULN = "uln",
    NHS = "nhs",
    NINO = "nino",
    BANK = "bank",
    CARD = "card",
    IBAN = "iban",
    LICENCE = "licence",
    PASSPORT = "passport",
    VEHICLE = "vehicle",
    PLATE = "plate",
    DOB = "dob",
    DOB_LABEL = "dob_label",
    BIRTHDAY = "birthday",
    IP = "ip",
    RECUR = "recur",
    TIME = "time",
    PLACE = "place",
    OWN_GATE = "own_gate",
    CHILDREN = "children",
    COHORT = "cohort",
    CHILD = "child",
    ONE_CHILD = "one_child",
    MOVE = "move",
    ALONE = "alone",
    EVENT = "event",
    CONDITION = "condition",
    SEND = "send",
    VERBAL = "verbal",
    SENSITIVE = "sensitive",
    FIRM_SENSITIVE = "firm_sensitive",
    GENERAL = "general",
    HAS = "has",
    STRONG_HAS = "strong_has",
    STAFF_TITLE = "staff_title",
    LIVE = "live",
    NOW = "now",
    IDENT = "ident",
    VERSION = "version",
    W3W = "w3w",
    COORDS = "coords",
    GRID = "grid",
    MAPWORD = "mapword",
    PLATFORM = "platform",
    ADD = "add",
    PASSWORD = "password",
    DISCOUNT = "discount",
    DIGITWORD = "digitword",
    GOODS = "goods",
}

/// The classes whose words are told of one or of several alike.
const MATTERS: Mask = CONDITION | SEND | SENSITIVE;

/// The shortest of them.
const SHORTEST_TOLD_OF_SEVERAL: usize = 6;

/// A word found and the classes it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) bytes: Range<usize>,
    pub(super) classes: Mask,
}

/// What is looked for.
struct Vocabulary {
    phrases: Vec<Literal>,
    /// What each phrase tells.
    meanings: Vec<Vec<Meaning>>,
}

/// What a phrase tells.
struct Meaning {
    classes: Mask,
    /// Its last letter is the sign of several, and not part of what is told.
    several: bool,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut phrases = Vec::new();
    let mut meanings: Vec<Vec<Meaning>> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut mean = |phrase: String, classes: Mask, several: bool| {
        let number = *numbers.entry(phrase).or_insert_with_key(|phrase| {
            phrases.push(Literal {
                bytes: phrase.as_bytes().to_vec(),
                starts: true,
                ends: true,
            });
            meanings.push(Vec::new());
            meanings.len() - 1
        });
        meanings[number].push(Meaning { classes, several });
    };
    for (word, classes) in words(include_str!("cues.txt")) {
        // "an adrenaline pen", "two adrenaline pens"
        let closes = word.ends_with(|c: char| c.is_ascii_alphanumeric());
        if classes & MATTERS != 0 && closes && word.len() >= SHORTEST_TOLD_OF_SEVERAL {
            mean(format!("{word}s"), classes, true);
        }
        mean(word, classes, false);
    }
    Vocabulary { phrases, meanings }
});

/// The words of the file with the classes of all headings they stand under. What stands under an unknown heading is
/// left out; a test keeps the file without such.
fn words(file: &str) -> Vec<(String, Mask)> {
    let mut order = Vec::new();
    let mut classes: HashMap<&str, Mask> = HashMap::new();
    let mut mask = 0;
    for line in file.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix('[') {
            mask = class(heading.trim_end_matches(']')).unwrap_or(0);
        } else if !line.starts_with('#') {
            for word in line
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty())
            {
                let known = classes.entry(word).or_insert_with(|| {
                    order.push(word);
                    0
                });
                *known |= mask;
            }
        }
    }
    let told = order
        .into_iter()
        .map(|word| (word.to_owned(), classes.get(word).copied().unwrap_or(0)));
    told.chain(pairs_of_days())
        .chain(hurts())
        .chain(aids())
        .chain(meals())
        .collect()
}

/// "Walks with a frame", "uses a talker": what somebody cannot do without.
fn aids() -> impl Iterator<Item = (String, Mask)> {
    const USED: &[&str] = &[
        "uses",
        "using",
        "used",
        "needs",
        "walks with",
        "walking with",
        "walk with",
        "gets about with",
        "gets around with",
        "gets about in",
        "gets around in",
        "relies on",
        "on",
        "with",
    ];
    const AIDS: &[&str] = &[
        "a frame",
        "his frame",
        "her frame",
        "a walker",
        "his walker",
        "her walker",
        "a rollator",
        "two sticks",
        "his sticks",
        "her sticks",
        "a white cane",
        "a long cane",
        "his cane",
        "her cane",
        "a standing frame",
        "a power chair",
        "a powerchair",
        "his chair and",
        "her chair and",
        "a communication device",
        "a talker",
        "eye gaze",
        "eyegaze",
        "a hoist",
        "sign language",
        "braille",
        "leg splints",
        "his splints",
        "her splints",
        "a feeding tube",
        "a ventilator",
        "a medical buggy",
    ];
    USED.iter().flat_map(|used| {
        AIDS.iter()
            .map(move |aid| (format!("{used} {aid}"), CONDITION))
    })
}

/// "Gets his dinners free", "has her school lunches paid for".
fn meals() -> impl Iterator<Item = (String, Mask)> {
    const MEALS: &[&str] = &[
        "dinner",
        "dinners",
        "lunch",
        "lunches",
        "meals",
        "school meals",
        "trips",
        "uniform",
    ];
    const FREE: &[&str] = &[
        "free",
        "for free",
        "for nothing",
        "paid for",
        "paid for by",
        "paid by the council",
        "for nowt",
        "off the council",
    ];
    MEALS.iter().flat_map(|meal| {
        FREE.iter()
            .map(move |free| (format!("{meal} {free}"), SENSITIVE | FIRM_SENSITIVE))
    })
}

/// "Cutting his arms", "split her chin open": what somebody does to a part of the body.
fn hurts() -> impl Iterator<Item = (String, Mask)> {
    const DONE: &[&str] = &[
        "cut",
        "cuts",
        "cutting",
        "scratching",
        "burning",
        "split",
        "snapped",
        "smashed",
        "gashed",
        "sliced",
        "trapped",
        "crushed",
        "twisted",
        "pulled",
        "tore",
        "dislocated",
        "banged",
        "cracked",
        "cracks",
        "shattered",
        "damaged",
        "injured",
    ];
    const PARTS: &[&str] = &[
        "arm",
        "arms",
        "leg",
        "legs",
        "wrist",
        "wrists",
        "ankle",
        "knee",
        "head",
        "chin",
        "lip",
        "foot",
        "toe",
        "finger",
        "fingers",
        "thumb",
        "hand",
        "elbow",
        "shoulder",
        "collarbone",
        "back",
        "neck",
        "nose",
        "jaw",
        "eye",
        "thigh",
        "thighs",
        "hip",
        "rib",
        "ribs",
        "forehead",
    ];
    DONE.iter().flat_map(|done| {
        ["his", "her"].iter().flat_map(move |whose| {
            PARTS
                .iter()
                .map(move |part| (format!("{done} {whose} {part}"), CONDITION | VERBAL))
        })
    })
}

/// "Mon weds", "tues/thurs", "mon and fri": two days together come again every week.
fn pairs_of_days() -> impl Iterator<Item = (String, Mask)> {
    const DAYS: &[&[&str]] = &[
        &["mon", "mons"],
        &["tue", "tues"],
        &["wed", "weds"],
        &["thu", "thur", "thurs"],
        &["fri", "fris"],
        &["sat", "sats"],
    ];
    const JOINERS: &[&str] = &[" ", " and ", " & ", "/", " n ", ", "];
    let days = || {
        DAYS.iter()
            .enumerate()
            .flat_map(|(nth, forms)| forms.iter().map(move |form| (nth, *form)))
    };
    days()
        .flat_map(move |(nth, first)| {
            days()
                .filter(move |(later, _)| *later > nth)
                .flat_map(move |(_, second)| {
                    JOINERS
                        .iter()
                        .map(move |join| format!("{first}{join}{second}"))
                })
        })
        .map(|pair| (pair, RECUR))
}

/// What is to be looked for in a text.
pub(super) fn phrases() -> &'static [Literal] {
    &VOCABULARY.phrases
}

/// Every cue of a text, in order of where it ends, and the classes of all of them.
#[derive(Default)]
pub(super) struct Cues {
    pub(super) list: Vec<Cue>,
    pub(super) seen: Mask,
}

impl Cues {
    /// Adds what a phrase tells that ends there.
    pub(super) fn add(&mut self, phrase: usize, end: usize) {
        let start = end - VOCABULARY.phrases[phrase].bytes.len();
        for meaning in &VOCABULARY.meanings[phrase] {
            self.seen |= meaning.classes;
            self.list.push(Cue {
                bytes: start..end - usize::from(meaning.several),
                classes: meaning.classes,
            });
        }
    }

    /// Puts the cues in order.
    pub(super) fn sort(&mut self) {
        self.list
            .sort_unstable_by_key(|cue| (cue.bytes.end, cue.bytes.start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_of_the_file_is_a_class_and_every_word_is_folded() {
        let file = include_str!("cues.txt");
        for line in file.lines().map(str::trim) {
            if let Some(heading) = line.strip_prefix('[') {
                assert!(class(heading.trim_end_matches(']')).is_some(), "{heading}");
            }
        }
        for (word, classes) in words(file) {
            assert_ne!(classes, 0, "{word}");
            assert_eq!(crate::fold(&word).text(), word, "{word}");
        }
    }

    #[test]
    fn words_are_found_whole() {
        let (cues, _) = super::super::reading::read("recall my mobile: ring 07700");
        assert!(cues.seen & PHONE != 0 && cues.seen & PRIVATE != 0);
        let whole = |cue: &Cue| cue.bytes != (2..6);
        assert!(cues.list.iter().all(whole), "{:?}", cues.list);
    }
}
