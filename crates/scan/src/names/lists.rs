//! The detector's own word lists: English words that are names, everyday words, common given names, well-known people.
//! They are data; what follows from a word being in a list is decided by the rules.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    cues,
    tables::{QuickBuild, hash},
};
use crate::hashing::{self, Row, Table};

/// The company in which an English word is usually not a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// A modal verb: will, may.
    Modal,
    /// A month.
    Month,
    /// A season.
    Season,
    /// A value or feast word: grace, hope.
    Virtue,
    /// A plant.
    Plant,
    /// A stone or metal.
    Gem,
    /// A colour.
    Colour,
    /// A place.
    Place,
    /// A title: king, dean.
    Title,
    /// An animal, the sky, water.
    Nature,
    /// A trade.
    Job,
    /// A verb.
    Verb,
    /// A quality.
    Adjective,
    /// A school subject.
    Subject,
    /// Any other noun.
    Thing,
    /// A word too common to be a name alone.
    Function,
}

const TOPICS: &[(&str, Topic)] = &[
    ("modal", Topic::Modal),
    ("month", Topic::Month),
    ("season", Topic::Season),
    ("virtue", Topic::Virtue),
    ("plant", Topic::Plant),
    ("gem", Topic::Gem),
    ("colour", Topic::Colour),
    ("place", Topic::Place),
    ("title", Topic::Title),
    ("nature", Topic::Nature),
    ("job", Topic::Job),
    ("verb", Topic::Verb),
    ("adjective", Topic::Adjective),
    ("subject", Topic::Subject),
    ("thing", Topic::Thing),
    ("function", Topic::Function),
];

pub(super) fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// What the lists know of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Word {
    /// The topic of an English word that is also a name.
    pub(super) topic: Option<Topic>,
    /// Everyday English.
    pub(super) common: bool,
    /// A given name in everyday use.
    pub(super) given: bool,
    /// The title of an adult, or what a title begins with.
    pub(super) title: bool,
    /// A word that shows which world a text is in begins with it.
    pub(super) cue: bool,
    /// A well-known person, book or saying begins with it.
    pub(super) figure: bool,
    /// One of [`cues::PRAISE`].
    pub(super) praise: bool,
    /// One of [`cues::LINKS`].
    pub(super) link: bool,
    /// One of [`cues::KIN`].
    pub(super) kin: bool,
    /// Whose company it keeps, as a set of [`company`] marks.
    company: u16,
}

/// The kinds of words that say whose a given name is.
pub(super) mod company {
    /// A grown-up relation or friend: husband, auntie, boss.
    pub(in super::super) const KIN: u16 = 1;
    /// An animal or a toy that has a name.
    pub(in super::super) const PET: u16 = 2;
    /// What an adult is: governor, vet, driver.
    pub(in super::super) const ROLE: u16 = 4;
    /// Where an adult is from: office, council, surgery.
    pub(in super::super) const ORG: u16 = 8;
    /// What an adult does: drives, donated.
    pub(in super::super) const DEED: u16 = 16;
    /// What adults talk about: rota, raffle.
    pub(in super::super) const ADULT: u16 = 32;
    /// Events of an adult's life: wedding, retirement.
    pub(in super::super) const LIFE: u16 = 64;
    /// Films, songs, sport on the screen.
    pub(in super::super) const MEDIA: u16 = 128;
    /// Scripture.
    pub(in super::super) const FAITH: u16 = 256;
    /// A child's day at school.
    pub(in super::super) const CHILD: u16 = 512;
}

const COMPANY: &[(&str, u16)] = &[
    ("kin", company::KIN),
    ("pet", company::PET),
    ("role", company::ROLE),
    ("org", company::ORG),
    ("deed", company::DEED),
    ("adult", company::ADULT),
    ("life", company::LIFE),
    ("media", company::MEDIA),
    ("faith", company::FAITH),
    ("child", company::CHILD),
];

impl Word {
    /// Whether the word is English at all, as far as the lists know.
    pub(super) fn is_english(self) -> bool {
        self.common || self.topic.is_some()
    }

    /// Whether the word keeps one of these kinds of company.
    pub(super) fn keeps(self, company: u16) -> bool {
        self.company & company != 0
    }
}

/// A word may be in several topics; the first one listed speaks for it.
static WORDS: LazyLock<Table<Listed>> = LazyLock::new(|| {
    let mut words: HashMap<_, Word, QuickBuild> = HashMap::default();
    for line in lines(include_str!("words.txt")) {
        let Some((label, members)) = line.split_once(':') else {
            continue;
        };
        let Some((_, topic)) = TOPICS.iter().find(|(name, _)| *name == label) else {
            continue;
        };
        for word in members.split_whitespace() {
            words.entry(word).or_default().topic.get_or_insert(*topic);
        }
    }
    for line in lines(include_str!("company.txt")) {
        let Some((label, members)) = line.split_once(':') else {
            continue;
        };
        let marks = COMPANY
            .iter()
            .filter(|(name, _)| *name == label)
            .fold(0, |marks, (_, mark)| marks | mark);
        for word in members.split_whitespace() {
            words.entry(word).or_default().company |= marks;
        }
    }
    let all = |data| lines(data).flat_map(str::split_whitespace);
    for word in all(include_str!("common_words.txt")) {
        words.entry(word).or_default().common = true;
    }
    for word in all(include_str!("other_people.txt")) {
        words.entry(word).or_default().given = true;
    }
    for title in super::adults::titles() {
        words.entry(title).or_default().title = true;
    }
    for first in super::worlds::cue_words() {
        words.entry(first).or_default().cue = true;
    }
    for word in cues::PRAISE {
        words.entry(word).or_default().praise = true;
    }
    for word in cues::LINKS {
        words.entry(word).or_default().link = true;
    }
    for word in cues::KIN {
        words.entry(word).or_default().kin = true;
    }
    for first in FIGURES.keys() {
        words.entry(first).or_default().figure = true;
    }
    let listed = |(text, word)| (hash(text), Listed { key: 0, text, word });
    Table::of(words.into_iter().map(listed).collect())
});

/// A word of the lists.
#[derive(Clone, Default)]
struct Listed {
    key: u64,
    text: &'static str,
    word: Word,
}

impl Row for Listed {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

static FIGURES: LazyLock<HashMap<&'static str, Vec<Vec<&'static str>>, QuickBuild>> =
    LazyLock::new(|| {
        let mut figures: HashMap<_, Vec<Vec<_>>, _> = HashMap::default();
        for line in lines(include_str!("figures.txt")) {
            let words: Vec<_> = line.split_whitespace().collect();
            if let Some(first) = words.first() {
                figures.entry(*first).or_default().push(words);
            }
        }
        figures
    });

/// Groups of names that stand for one another, as `variants.txt` writes them.
static VARIANTS: LazyLock<Variants> =
    LazyLock::new(|| Variants::read(include_str!("variants.txt")));

struct Variants {
    spellings: HashMap<String, Vec<String>>,
    shorts: HashMap<String, Vec<String>>,
    formals: HashMap<String, Vec<String>>,
}

impl Variants {
    fn read(data: &'static str) -> Self {
        let mut spellings: HashMap<String, Vec<String>> = HashMap::new();
        let mut shorts: HashMap<String, Vec<String>> = HashMap::new();
        let mut formals: HashMap<String, Vec<String>> = HashMap::new();
        for line in lines(data) {
            if let Some(members) = line.strip_prefix('=') {
                let members: Vec<String> =
                    members.split_whitespace().map(str::to_lowercase).collect();
                for one in &members {
                    let others = members.iter().filter(|other| *other != one).cloned();
                    spellings.entry(one.clone()).or_default().extend(others);
                }
            } else if let Some((formal, members)) = line.split_once(':') {
                let formal = formal.to_lowercase();
                for short in members.split_whitespace().map(str::to_lowercase) {
                    formals
                        .entry(short.clone())
                        .or_default()
                        .push(formal.clone());
                    shorts
                        .entry(short.clone())
                        .or_default()
                        .push(formal.clone());
                    shorts.entry(formal.clone()).or_default().push(short);
                }
            }
        }
        Self {
            spellings,
            shorts,
            formals,
        }
    }
}

/// What the lists know of a word.
pub(super) fn word(word: &str) -> Word {
    word_of(hash(word), word)
}

/// What the lists know of a word with this key.
pub(super) fn word_of(hash: u64, word: &str) -> Word {
    // the key of a long word is not the word: whoever wants two of them to share one can make them
    let is_it =
        |text: &str| text.len() == word.len() && (word.len() <= hashing::CHUNK || text == word);
    let listed = WORDS.get(hash).filter(|listed| is_it(listed.text));
    listed.map(|listed| listed.word).unwrap_or_default()
}

/// The topic of an English word that is also a name.
pub(super) fn topic(text: &str) -> Option<Topic> {
    word(text).topic
}

/// Whether the word is everyday English.
pub(super) fn is_common(text: &str) -> bool {
    word(text).common
}

/// Whether the word is English at all, as far as the lists know.
pub(super) fn is_word(text: &str) -> bool {
    word(text).is_english()
}

/// Endings that make English words of others.
const ENDINGS: &[&str] = &[
    "fulness", "fully", "lessly", "ingly", "ship", "hood", "ness", "less", "like", "some", "able",
    "ment", "ful", "ing", "ers", "est", "ed", "ly", "er", "es", "s",
];

/// Whether the word is English, or is made of an English word by its ending: `faithfully`, `gracefulness`.
pub(super) fn is_formed(text: &str) -> bool {
    is_word(text)
        || ENDINGS.iter().any(|ending| {
            text.strip_suffix(ending)
                .is_some_and(|stem| stem.len() >= SHORTEST_STEM && is_word(stem))
        })
}

/// A shorter stem would be chance.
const SHORTEST_STEM: usize = 4;

/// Whether the word is a given name in everyday use.
pub(super) fn is_given(text: &str) -> bool {
    word(text).given
}

/// The well-known people, books and sayings that begin with this word.
pub(super) fn figures(first: &str, known: Word) -> &'static [Vec<&'static str>] {
    if !known.figure {
        return &[];
    }
    FIGURES.get(first).map_or(&[], Vec::as_slice)
}

/// Other spellings of a folded given name.
pub(super) fn spellings(name: &str) -> &'static [String] {
    VARIANTS.spellings.get(name).map_or(&[], Vec::as_slice)
}

/// Whether the word stands in the list of names that stand for one another.
pub(super) fn is_variant(name: &str) -> bool {
    VARIANTS.spellings.contains_key(name) || VARIANTS.shorts.contains_key(name)
}

/// Short and formal forms of a folded given name.
pub(super) fn shorts(name: &str) -> &'static [String] {
    VARIANTS.shorts.get(name).map_or(&[], Vec::as_slice)
}

/// Whether `formal` is a formal name that the short form `name` may come from.
pub(super) fn is_formal(formal: &str, name: &str) -> bool {
    VARIANTS
        .formals
        .get(name)
        .is_some_and(|formals| formals.iter().any(|one| one == formal))
}

/// A number of things that is written as a word as a rule: two to ten, and a dozen.
pub(super) fn is_few(word: &str) -> bool {
    matches!(
        word,
        "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "twelve"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_word_list_has_a_known_topic() {
        for line in lines(include_str!("words.txt")) {
            let label = line.split_once(':').expect("a topic and a colon").0;
            assert!(TOPICS.iter().any(|(name, _)| *name == label), "{label}");
        }
    }

    #[test]
    fn variants_work_both_ways_and_short_forms_do_not_mix() {
        assert!(shorts("william").contains(&"billy".to_owned()));
        assert!(shorts("billy").contains(&"william".to_owned()));
        assert!(!shorts("billy").contains(&"bill".to_owned()));
        assert!(spellings("mohammed").contains(&"muhammad".to_owned()));
        assert!(spellings("neve").contains(&"niamh".to_owned()));
    }

    #[test]
    fn a_word_name_has_a_topic() {
        assert_eq!(topic("may"), Some(Topic::Modal));
        assert_eq!(topic("summer"), Some(Topic::Season));
        assert_eq!(topic("amelia"), None);
    }
}
