//! Who a sentence is about: somebody the names check found, a given name, or one child told by role.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    cues::{CHILD, CHILDREN, COHORT, CONDITION, ONE_CHILD, SEND, SENSITIVE, STAFF_TITLE},
    page::Page,
};
use crate::hashing::WordMap;

/// Everyday given names; `true` for those that are no everyday words.
static GIVEN: LazyLock<WordMap<&'static str, bool>> = LazyLock::new(|| {
    let mut plain = true;
    let mut names = WordMap::default();
    for line in include_str!("given_names.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        if line.starts_with("----") {
            plain = false;
        } else {
            for name in line.split_whitespace() {
                names.insert(name, plain);
            }
        }
    }
    names
});

/// One child told by role: "a Year 5 boy", "one of our Reception children", "a lad in my son's class".
static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const CHILD: &str = "(?:boy|girl|lad|lass|kid|child|pupil|student|youngster|bairn|wean)";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?:one|a couple|two) of (?:our|the|my|your) (?:[a-z0-9']+ ){{0,3}}?(?:{CHILD}s?|children|infants|juniors|receptions|nursery|year [0-9]{{1,2}}s?|y[0-9]{{1,2}}s?)|(?:a|one|the|that|this|our|another) (?:[a-z]+ )?(?:year [0-9]{{1,2}}|y[0-9]{{1,2}}|yr ?[0-9]{{1,2}}|reception|nursery|p[1-7]|[0-9]{{1,2}}[- ]year[- ]old)(?: little| wee)? {CHILD}|(?:a|one|the|that|this|another) (?:[a-z]+ )?{CHILD} (?:in|from|who's|who has|who is|who was|who gets|who had|who needs|who takes|with|called|named) (?:[a-z0-9']+ ?){{1,4}}|(?:my|our|the) neighbour'?s? {CHILD}|(?:my|his|her|our) (?:son|daughter|lad|girl|boy)'?s (?:best )?(?:friend|mate))(?-u:\b)"
    ))
    .ok()
});
/// Words of which every role that has no figure in it holds one.
const IN_A_ROLE: &[&str] = &[
    "boy",
    "girl",
    "lad",
    "lass",
    "kid",
    "child",
    "pupil",
    "student",
    "youngster",
    "bairn",
    "wean",
    "infants",
    "juniors",
    "receptions",
    "nursery",
    "friend",
    "mate",
];

/// Words of prose about people known to the public.
static PUBLIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:1[0-9]{3}|actor|actress|author|singer|footballer|athlete|olympian|paralympian|player|striker|goalkeeper|composer|composed|symphony|poet|artist|painter|scientist|inventor|invented|novel|album|film|bbc|itv|series|minister|mp|councillor|president|king|queen|prince|princess|politician|campaigner|campaigned|campaigning|celebrity|presenter|comedian|chef|the court (?:heard|was told)|court heard|police said|told the|spokesman|spokeswoman|spokesperson|said:|premier league|championship|world cup|olympic|paralympic|century|empire|saint|tudor|victorian|famous|history|professor|textbook|researchers?|biographer|archaeologist|dame|soprano|tenor|goalscorer|has died at|obituary|our guest|guest speaker|motivational speaker|as a (?:boy|child|girl|young man|young woman),? and|fought for|gold medall?ist|memoir|autobiography|biography)(?-u:\b)").ok()
});
/// Words that tell of a child at school, its class or its family.
static SCHOOL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:year [0-9]{1,2}|y[0-9]{1,2}|yr ?[0-9]|reception|nursery|class|classmates?|our school|the school|in school|back to school|at school|pupils?|mum|mam|dad|nan|mummy|parents?|my (?:son|daughter|lad|kid|boy|girl)|playground|assembly|homework|miss|sats|phonics|trip|lunch ?time|playtime|well done|welcome|get well|thinking of|sports day|residential|(?:his|her) teacher|ta|lesson|pe|cake stall|raffle|pta|fete|buns|free (?:school )?(?:meals?|dinners?|lunch(?:es)?)|ehcp|fsm|excluded|exclusion|detention|isolation|social worker|foster|at risk register|nurture)(?-u:\b)").ok()
});

/// Everyday words that are given names too and open sentences as verbs: "Hope she is better".
const AFTER_A_VERB: &[&str] = &[
    "the",
    "she",
    "he",
    "she's",
    "he's",
    "shes",
    "hes",
    "you",
    "your",
    "all",
    "everyone",
    "everybody",
    "that",
    "it",
    "its",
    "it's",
    "they",
    "we",
    "my",
    "our",
    "mr",
    "mrs",
    "miss",
    "ms",
    "this",
    "to",
    "a",
    "an",
    "his",
    "her",
    "their",
    "there",
    "i",
    "some",
    "someone",
    "no",
    "for",
];

/// Months that are given names too.
const MONTH_NAMES: &[&str] = &["april", "may", "june", "august", "january", "avril"];

/// Words that make a month of the name after them.
const BEFORE_A_MONTH: &[&str] = &[
    "in", "by", "since", "until", "till", "til", "this", "next", "last", "of", "from", "on",
    "during", "mid", "early", "late", "every", "end", "and", "st", "nd", "rd", "th", "before",
    "after", "around", "to",
];

/// Whether an everyday word that is a given name too means what the word says.
fn is_everyday(before: &str, word: &str, after: &str) -> bool {
    if MONTH_NAMES.contains(&word) {
        let dated = before.bytes().any(|byte| byte.is_ascii_digit())
            || after.bytes().any(|byte| byte.is_ascii_digit());
        return dated || BEFORE_A_MONTH.contains(&before);
    }
    if bare(word) == "eve" && matches!(before, "christmas" | "year's" | "years" | "new") {
        return true;
    }
    !is_given_name(word) && before.is_empty() && AFTER_A_VERB.contains(&after)
}

/// "Blue light from tablets": an everyday word that opens a sentence and does nothing that people do.
fn is_plain_opening(before: &str, word: &str, after: &str) -> bool {
    !is_given_name(word)
        && before.is_empty()
        && bare(word).len() == word.len()
        && !PERSON_VERBS.contains(&after)
        && THINGS_OPENING.contains(&word)
}

/// Everyday words that stand before a thing more often than they name somebody.
const THINGS_OPENING: &[&str] = &[
    "blue", "amber", "red", "gray", "olive", "sage", "coral", "pearl", "summer", "sunny", "rose",
    "dawn", "hazel", "ivory", "jet", "jade", "crystal", "diamond", "early", "young", "bright",
];

/// How a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    /// "My son", by a parent: nobody who reads it knows who that is.
    OwnChild,
    /// "A boy in Year 2", "our only wheelchair user".
    Role,
    /// A capital letter and a verb of a person: probably a name.
    Capital,
    /// An everyday given name.
    Given,
    /// A name that the names check found.
    Named,
}

/// A person in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) bytes: Range<usize>,
    pub(super) told: Told,
}

/// Capitalised words that open sentences or name things, not people.
const NO_NAME: &[&str] = &[
    "the",
    "this",
    "that",
    "these",
    "those",
    "there",
    "what",
    "when",
    "where",
    "which",
    "who",
    "why",
    "how",
    "our",
    "your",
    "his",
    "her",
    "their",
    "its",
    "she",
    "they",
    "you",
    "and",
    "but",
    "for",
    "everyone",
    "everybody",
    "anyone",
    "someone",
    "nobody",
    "year",
    "school",
    "class",
    "today",
    "tomorrow",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "autism",
    "asthma",
    "diabetes",
    "cancer",
    "epilepsy",
    "covid",
    "dyslexia",
    "attendance",
    "mum",
    "dad",
    "nan",
    "gran",
    "mummy",
    "daddy",
    "grandad",
    "mam",
    "nana",
    "granny",
    "grandma",
    "grandpa",
    "auntie",
    "uncle",
    "hubby",
    "husband",
    "mate",
    "it",
    "here",
    "all",
    "some",
    "many",
    "most",
    "each",
    "every",
    "one",
    "another",
    "reception",
    "nursery",
    "children",
    "parents",
    "pupils",
    "staff",
    "people",
    "kids",
    "families",
    "england",
    "scotland",
    "wales",
    "britain",
    "london",
    "homework",
    "football",
    "maths",
    "english",
    "science",
    "lunch",
    "breakfast",
    "uniform",
    "winter",
    "summer",
    "spring",
    "autumn",
    "christmas",
    "easter",
    "eid",
    "diwali",
    "assembly",
    "ofsted",
    "government",
    "nhs",
    "also",
    "then",
    "now",
    "even",
    "just",
    "please",
    "thank",
    "thanks",
    "well",
    "not",
    "yes",
    "hello",
    "dear",
    "behaviour",
    "detention",
    "bullying",
    "safeguarding",
    "support",
    "nothing",
    "everything",
    "something",
    "in",
    "on",
    "at",
    "if",
    "as",
    "so",
    "he",
    "we",
    "my",
    "is",
    "was",
    "has",
    "god",
    "father",
    "mother",
    "brother",
    "sister",
    "doctor",
    "hospital",
    "swimming",
    "life",
    "time",
    "work",
    "access",
    "bbc",
    "uk",
    "eu",
    "europe",
    "police",
    "council",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "rehearsal",
    "practice",
    "training",
    "lesson",
    "nobody's",
    "somebody",
    "story",
    "teacher",
    "headteacher",
    "lunchtime",
    "playtime",
];

/// Whether a capital makes no name of the word.
pub(super) fn is_no_name(word: &str) -> bool {
    NO_NAME.contains(&bare(word))
}

/// Words after a name that make it a road, a school or a thing.
const THING_AFTER: &[&str] = &[
    "road",
    "street",
    "avenue",
    "lane",
    "close",
    "school",
    "primary",
    "academy",
    "college",
    "church",
    "house",
    "hall",
    "park",
    "week",
    "month",
    "day",
    "uk",
    "trust",
    "society",
    "foundation",
    "charity",
    "class",
    "theatre",
    "museum",
    "hospital",
    "centre",
    "club",
    "cup",
    "trophy",
    "award",
    "project",
    "group",
    "team",
    "assembly",
    "council",
    "fund",
    "fever",
];

/// Verbs that make a capitalised word before them a person.
const PERSON_VERBS: &[&str] = &[
    "has",
    "whose",
    "receives",
    "sees",
    "broke",
    "fell",
    "missed",
    "attends",
    "fractured",
    "sprained",
    "caught",
    "moved",
    "scored",
    "arrived",
    "spent",
    "is",
    "was",
    "had",
    "gets",
    "needs",
    "takes",
    "suffers",
    "got",
    "went",
    "lives",
    "struggles",
    "carries",
    "wears",
    "uses",
    "won't",
    "can't",
    "hasn't",
    "doesn't",
    "didn't",
    "been",
    "who",
    "came",
    "with",
    "will",
    "failed",
    "goes",
    "walks",
    "waits",
    "cycles",
    "catches",
    "sits",
    "cant",
    "doesnt",
    "collapsed",
    "fainted",
];

/// The words of a stretch with their places.
pub(super) fn words<'t>(page: &Page<'t>, bytes: &Range<usize>) -> Vec<(usize, &'t str)> {
    let text = &page.text[bytes.clone()];
    // English words have five letters and a space
    let mut words = Vec::with_capacity(text.len() / 5 + 2);
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside =
            c.is_alphanumeric() || c == '\'' && open.is_some() || c == '-' && open.is_some();
        match (inside, open) {
            (true, None) => open = Some(at),
            (false, Some(start)) => {
                let word = text[start..at].trim_end_matches(['\'', '-']);
                words.push((bytes.start + start, word));
                open = None;
            }
            _ => {}
        }
    }
    words
}

/// A word without its possessive.
pub(super) fn bare(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}

/// Whether a word in small letters is a given name and no everyday word.
pub(super) fn is_given_name(word: &str) -> bool {
    GIVEN.get(word).copied().unwrap_or(false)
}

/// Whether the word is a given name: an everyday word needs a capital.
pub(super) fn is_given(page: &Page<'_>, at: usize, word: &str) -> bool {
    match GIVEN.get(bare(word)) {
        Some(true) => true,
        None if word.contains('-') && is_double_name(page, at, word) => true,
        Some(false) => page.opens_with_capital(at) || is_doing(page, at, word),
        None => !page.context.draft && is_possessive(page, at, word),
    }
}

/// "Demi-Leigh": two names joined.
fn is_double_name(page: &Page<'_>, at: usize, word: &str) -> bool {
    bare(word).split_once('-').is_some_and(|(first, second)| {
        second.len() > 1 && GIVEN.contains_key(first) && page.opens_with_capital(at)
    })
}

/// "Louies birthday": a possessive without its apostrophe, not the family name after a given name.
fn is_possessive(page: &Page<'_>, at: usize, word: &str) -> bool {
    if word.len() < 4 || !word.ends_with('s') || page.text_after(at + word.len(), 1) != " " {
        return false;
    }
    let before = page.text_before(at, 20).trim_end();
    let before = before.rsplit(' ').next().unwrap_or_default();
    let after = page.text_after(at + word.len(), 10);
    let plural = [
        " are", " have", " were", " will", " can", " class", " and", " is", " has", " went",
        " who", " in ",
    ]
    .iter()
    .any(|next| after.starts_with(next));
    let capital = page.opens_with_capital(at);
    (word.len() >= 5 || word.len() == 4 && capital)
        && word.strip_suffix('s').is_some_and(|name| {
            is_given_name(name) || capital && !plural && GIVEN.contains_key(name)
        })
        && !is_given_name(before)
}

/// Words that are given names too and that do things without being anybody.
const ABSTRACT: &[&str] = &[
    "may", "will", "hope", "art", "bill", "faith", "joy", "grace", "summer", "autumn", "august",
    "june", "april", "dawn", "sky", "star", "sunny", "mark", "rain", "storm", "ocean", "river",
    "honey", "harmony", "mercy", "bear",
];

/// "mason got a detention": an everyday word in small letters, at the opening of a text without capitals, with a verb.
fn is_doing(page: &Page<'_>, at: usize, word: &str) -> bool {
    let after = page.text_after(at + word.len(), 10);
    at == page.sentence_of(at).start
        && !ABSTRACT.contains(&word)
        && !page
            .written(0..page.text.len().min(at + 80))
            .chars()
            .any(char::is_uppercase)
        && [
            " got ", " gets ", " has ", " hasnt ", " had ", " needs ", " takes ", " cant ",
            " went ", " walks ",
        ]
        .iter()
        .any(|verb| after.starts_with(verb))
}

/// Everybody whom a sentence is about.
pub(super) fn people(page: &Page<'_>, sentence: &Range<usize>) -> Vec<Person> {
    let mut people: Vec<Person> = page
        .named_in(sentence)
        .filter(|named| !named.staff)
        .map(|named| Person {
            bytes: named.bytes.clone(),
            told: Told::Named,
        })
        .collect();
    let words = words(page, sentence);
    for (nth, (at, word)) in words.iter().enumerate() {
        let capital = page.opens_with_capital(*at);
        let given = is_given(page, *at, word);
        if !given && !capital {
            continue;
        }
        let bytes = *at..*at + bare(word).len();
        let overlaps = people
            .iter()
            .any(|person| person.bytes.start < bytes.end && bytes.start < person.bytes.end);
        let after = words.get(nth + 1).map_or("", |(_, word)| *word);
        // `Winnie the Witch`, `Alfred the Great`
        let bynamed = after == "the"
            && words
                .get(nth + 2)
                .is_some_and(|(at, _)| page.opens_with_capital(*at));
        if overlaps
            || bynamed
            || titled(page, *at)
            || THING_AFTER.contains(&after)
            || is_staff(page, &bytes)
        {
            continue;
        }
        let before = nth
            .checked_sub(1)
            .and_then(|nth| words.get(nth))
            .map_or("", |(_, word)| *word);
        if matches!(before, "st" | "saint" | "the" | "storm") || is_of_several(page, *at) {
            continue;
        }
        let class = page.context.draft
            && word.len() == bare(word).len()
            && before.len() == 1
            && before.bytes().all(|byte| byte.is_ascii_digit());
        if class && capital || is_an_abbreviation(page, &bytes) {
            continue;
        }
        if given {
            if is_everyday(before, word, after) || is_plain_opening(before, word, after) {
                continue;
            }
            if bare(word).len() == word.len()
                && has_surname(page, words.get(nth + 1).copied())
                && !is_school_matter(page, sentence)
                && !is_dear(before)
                && !is_told_of(page, &words[nth + 1..])
            {
                continue;
            }
            people.push(Person {
                bytes,
                told: Told::Given,
            });
        } else if is_addressed(page, *at, word) {
            people.push(Person {
                bytes,
                told: Told::Given,
            });
        } else if !GIVEN.contains_key(before)
            && !ends_a_full_name(page, *at, before)
            && (is_probable(page, *at, word, after) && !is_placed(page, *at, word, before)
                || is_praised(page, *at, word)
                || is_amid(page, *at, word, before, after))
        {
            people.push(Person {
                bytes,
                told: Told::Capital,
            });
        }
    }
    for cue in page.cues_in(sentence, CHILD | ONE_CHILD) {
        let own = cue.classes & CHILD != 0;
        if !own && is_share(page, cue.bytes.end) {
            continue;
        }
        people.push(Person {
            bytes: cue.bytes.clone(),
            told: if own { Told::OwnChild } else { Told::Role },
        });
    }
    let roles = ROLE
        .iter()
        .filter(|_| page.digits > 0 || IN_A_ROLE.iter().any(|word| page.says(word)));
    for shaped in roles.flat_map(|shape| shape.find_iter(&page.text[sentence.clone()])) {
        let start = sentence.start + shaped.start();
        if SHARE
            .iter()
            .any(|share| share.is_match(&page.text[start..sentence.end]))
            || is_whoever(page, start, sentence)
        {
            continue;
        }
        // "our one pupil with ...": what follows is the matter; of any other boy it only says which boy
        let sole =
            page.text_before(start, 5).ends_with("our ") || shaped.as_str().contains("only ");
        let length = [" with ", " who "]
            .iter()
            .filter_map(|clause| shaped.as_str().find(clause).filter(|_| sole))
            .min()
            .unwrap_or(shaped.len());
        people.push(Person {
            bytes: start..start + length,
            told: Told::Role,
        });
    }
    people
}

/// "Holiday club places (HAF)": capitals in brackets amid small letters shorten a name that is nobody's.
fn is_an_abbreviation(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let lead = bytes.start - page.text_before(bytes.start, 24).len()..bytes.start;
    page.text[..bytes.start].ends_with('(')
        && page.text[bytes.end..].starts_with(')')
        && page.in_capitals(bytes.clone())
        && page.written(lead).chars().any(char::is_lowercase)
}

/// "A child who is confused or sick needs 999": whoever it may be, and nobody.
static WHOEVER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:a|an|any|every|each|another) (?:[a-z]+ )?(?:child|pupil|student|youngster|person|young person|teenager|baby) (?:with|whose|who(?: is|'s| has| feels| shows| looks| seems| gets| becomes| struggles| finds| needs| takes| collapses| suffers)|in (?:distress|crisis|pain|care))(?-u:\b)[^.!?\n]{2,110}? (?:needs?|must|should|may|might|can|cannot|can't|will|won't|could|has to|ought to|is likely|is entitled|deserves?)(?-u:\b)").ok()
});

/// Whether a role is anybody's in a sentence of advice: no class and no school day is told.
fn is_whoever(page: &Page<'_>, start: usize, sentence: &Range<usize>) -> bool {
    let advice = &page.text[start..sentence.end];
    WHOEVER.iter().any(|whoever| whoever.is_match(advice))
        && page.cues_in(sentence, COHORT).next().is_none()
        && ![
            "class",
            "today",
            "yesterday",
            "last ",
            "this week",
            " year ",
            " our ",
            " my ",
        ]
        .iter()
        .any(|known| advice.contains(known))
}

/// "Half of Wrens": a class of that name.
fn is_of_several(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 9);
    ["half of ", "most of ", "all of ", "some of ", "lots of "]
        .iter()
        .any(|share| before.ends_with(share))
}

/// "One child in eight": a share of all children and nobody.
static SHARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:one|a|every|any|1) )?[a-z]+ (?:in|out of) (?:every )?(?:[0-9]{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred|one hundred|a thousand)(?:[ ,.][^0-9]|$)").ok()
});

/// Whether the words up to `end` and those after them tell a share ("one pupil in" and "five").
fn is_share(page: &Page<'_>, end: usize) -> bool {
    let next = page.text_after(end, 10).trim_start();
    page.text[..end].ends_with(" in")
        && [
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "fifteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "eighty",
            "every",
            "a hundred",
            "a thousand",
        ]
        .iter()
        .any(|number| next.starts_with(number))
}

/// Whether a sentence speaks of a child at school, and not of somebody known to the public.
fn is_school_matter(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let words = &page.text[sentence.clone()];
    SCHOOL.iter().any(|school| school.is_match(words)) && !is_public_prose(page, sentence)
}

/// Whether a sentence reads as published prose about somebody known to the public.
pub(super) fn is_public_prose(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    PUBLIC
        .iter()
        .any(|public| public.is_match(&page.text[sentence.clone()]))
}

/// "Little Bea Tolley", "poor Donna Pike": nobody known to the public is spoken of like that.
fn is_dear(before: &str) -> bool {
    matches!(
        before,
        "little" | "poor" | "our" | "brave" | "wee" | "bless"
    )
}

/// Words of what a school tells of people who are known to the public.
static FAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:stars?|stardom|medals?|superpower|inspir[a-z]*|role models?|ambassador|hero(?:es|ine)?|champion|history|(?:learnt|learned|learning|read|assembly|lesson|film|talk|book) about|won|world|fans?|career|legend)(?-u:\b)").ok()
});

/// What stands behind a full name whose bearer's own matters are told.
const TOLD_OF: &[&str] = &[
    "has", "carries", "needs", "takes", "uses", "wears", "is", "can't", "cannot", "gets",
];

/// "Percy Winstanley carries an inhaler", "Nia Rees - EHCP": what is so today, or a row of a list. News tells what somebody
/// did. `rest`: the words from the family name on.
fn is_told_of(page: &Page<'_>, rest: &[(usize, &str)]) -> bool {
    let [(at, family), rest @ ..] = rest else {
        return false;
    };
    let after = page
        .text_after(at + family.len(), 3)
        .trim_start_matches(' ');
    let row = after.starts_with(['-', '\u{2013}', ':', '(', '|']);
    let told = rest.first().is_some_and(|(_, verb)| TOLD_OF.contains(verb));
    let famed = || FAMED.iter().any(|famed| famed.is_match(page.text));
    (row || told) && !is_public_prose(page, &(0..page.text.len())) && !famed()
}

/// "Usain Bolt has": a capital right before another, as in the name of somebody whom everybody knows and the register does not.
fn ends_a_full_name(page: &Page<'_>, at: usize, before: &str) -> bool {
    let Some(start) = at.checked_sub(before.len() + 1) else {
        return false;
    };
    page.context.draft
        && before.len() > 2
        && page.text[..at].ends_with(' ')
        && page.text.is_char_boundary(start)
        && page.opens_with_capital(start)
        && is_small_from_the_second_letter(page, start, before)
        && !AT_THE_START.contains(&before)
        && !is_no_name(before)
        && !OPENING.contains(&before)
}

/// Words that open a sentence before the name of a child.
const OPENING: &[&str] = &[
    "welcome",
    "congratulations",
    "congrats",
    "bravo",
    "hooray",
    "hurrah",
    "wishing",
    "sending",
    "remember",
    "meet",
    "watch",
    "see",
    "tell",
    "ask",
    "let",
    "give",
    "help",
    "find",
    "look",
    "only",
    "little",
    "lovely",
    "young",
    "brave",
    "clever",
    "super",
    "happy",
    "good",
    "great",
    "big",
    "last",
    "first",
    "next",
    "while",
    "although",
    "though",
    "because",
    "even",
    "once",
    "until",
    "unless",
    "before",
    "during",
    "with",
    "without",
    "from",
    "like",
    "love",
    "sorry",
    "special",
    "huge",
    "massive",
    "twins",
    "cousin",
    "captain",
    "nurse",
    "auntie",
    "both",
    "either",
    "pupil",
    "star",
    "missing",
    "miss",
    "missed",
    "imagine",
    "thinking",
    "prayers",
    "goodbye",
    "farewell",
    "hello",
    "again",
    "lets",
];

/// A capitalised word after the given name is a family name: somebody of the register would have been found by it, so
/// this is somebody else, most often somebody known to the public.
fn has_surname(page: &Page<'_>, after: Option<(usize, &str)>) -> bool {
    after.is_some_and(|(at, word)| {
        word.len() > 2
            && !NO_NAME.contains(&bare(word))
            && page.opens_with_capital(at)
            && page
                .written(at..at + word.len())
                .chars()
                .skip(1)
                .any(char::is_lowercase)
            && page.text[..at].ends_with(' ')
            && !is_given(page, at, word)
    })
}

fn titled(page: &Page<'_>, at: usize) -> bool {
    page.near(&(at..at), STAFF_TITLE, 8, 0)
}

fn is_staff(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    page.named_in(&(bytes.start.saturating_sub(40)..bytes.end + 40))
        .any(|named| {
            named.staff && named.bytes.start <= bytes.start && bytes.end <= named.bytes.end
        })
}

/// "Please think of Yevhen", "get well soon Tamsyn": somebody by a name that no list holds.
fn is_addressed(page: &Page<'_>, at: usize, word: &str) -> bool {
    let leads = [
        "think of ",
        "thinking of ",
        "thoughts are with ",
        "thoughts with ",
        "thoughts to ",
        "pray for ",
        "prayers for ",
        "get well ",
        "get well soon ",
        "get well soon to ",
        "better soon ",
        "remember that ",
        "reminder that ",
        "know that ",
        "well soon, ",
        "love to ",
        "hugs to ",
        "poor ",
        "wishes to ",
        "hats off to ",
        "called ",
        "named ",
        "recovery to ",
        "recovery for ",
        "refugee ",
        "autistic ",
        "adopted ",
        "fostered ",
        "dyslexic ",
        "deaf ",
        "disabled ",
        "epileptic ",
        "diabetic ",
        "asthmatic ",
        "looked-after ",
        "homeless ",
        "bereaved ",
        "young carer ",
    ];
    let name = bare(word);
    let before = page.text_before(at, 20);
    leads.iter().any(|lead| before.ends_with(lead))
        && !THING_AFTER.contains(&name)
        && is_written_like_a_name(page, at, name)
}

/// Words before a capital that make a place, a thing or a title of it.
const BEFORE_A_THING: &[&str] = &[
    "in", "at", "from", "near", "of", "the", "a", "an", "on", "via", "by", "into", "round", "via",
    "around", "through", "past", "towards", "outside", "behind", "this", "that", "these", "every",
    "each", "next", "last", "any", "some", "no", "year", "class", "room", "team", "house", "per",
    "mr", "mrs", "miss", "ms", "dr", "sir", "lady", "lord", "st", "saint", "mount", "lake", "port",
    "new", "old", "north", "south", "east", "west", "great", "upper", "lower", "king", "queen",
    "world", "national", "called", "as", "visit", "play", "played", "beat", "against", "v", "vs",
    "across", "over", "under", "inside", "between", "like", "love", "watch", "read", "reading",
];

/// Words that open a sentence before a name.
const AT_THE_START: &[&str] = &[
    "our", "my", "poor", "wee", "little", "dear", "is", "isn't", "does", "has", "did", "can",
    "will", "was", "get", "that", "omg", "hope", "since", "after", "when", "because",
];

/// A capital amid a sentence, where English writes one for names only, and neither a place nor a title.
fn is_amid(page: &Page<'_>, at: usize, word: &str, before: &str, after: &str) -> bool {
    let name = bare(word);
    let next = at + word.len() + 1;
    let people = ["ish", "days", "ese", "ians", "ers"];
    !people.iter().any(|end| name.ends_with(end))
        && !before.is_empty()
        && page.text[..at]
            .strip_suffix(' ')
            .is_some_and(|lead| lead.ends_with(before))
        && before
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'\'')
        && !BEFORE_A_THING.contains(&before)
        && !THING_AFTER.contains(&after)
        && is_written_like_a_name(page, at, name)
        && is_small_from_the_second_letter(page, at, name)
        && (!page.opens_with_capital(at - 1 - before.len()) || AT_THE_START.contains(&before))
        && !(page.text[at + word.len()..].starts_with(' ')
            && !after.is_empty()
            && page.opens_with_capital(next))
}

/// "Bonked at Tebay, was sick": a place, and a verb of somebody else.
fn is_placed(page: &Page<'_>, at: usize, word: &str, before: &str) -> bool {
    matches!(before, "at" | "in" | "near" | "to" | "from" | "past")
        && page.text[at + word.len()..].starts_with(',')
}

/// "A huge cheer for Bronte, whose ...": a capital after words of praise, and a clause about a person.
fn is_praised(page: &Page<'_>, at: usize, word: &str) -> bool {
    let leads = [
        "cheer for ",
        "well done ",
        "well done to ",
        "congratulations ",
        "congratulations to ",
        "congrats ",
        "proud of ",
        "shout out to ",
        "shout-out to ",
        "welcome back ",
        "goes to ",
        "bravo ",
        "missed ",
        "missing ",
    ];
    let name = bare(word);
    let before = page.text_before(at, 20);
    let after = page.text_after(at + word.len(), 8);
    leads.iter().any(|lead| before.ends_with(lead))
        && [", who", " who", ", off "]
            .iter()
            .any(|clause| after.starts_with(clause))
        && !THING_AFTER.contains(&name)
        && is_written_like_a_name(page, at, name)
}

/// A capital and letters of the alphabet, neither a word that is no name nor a matter.
fn is_written_like_a_name(page: &Page<'_>, at: usize, name: &str) -> bool {
    name.len() >= 3
        && name.bytes().all(|byte| byte.is_ascii_lowercase())
        && page.opens_with_capital(at)
        && !NO_NAME.contains(&name)
        && !is_a_matter(page, at, name.len())
}

/// Whether only its first letter can be a capital.
fn is_small_from_the_second_letter(page: &Page<'_>, at: usize, name: &str) -> bool {
    let written = page.written(at..at + name.len());
    written.chars().skip(1).all(char::is_lowercase)
}

/// Whether the word itself is an illness or another matter ("Norovirus has ...").
fn is_a_matter(page: &Page<'_>, at: usize, length: usize) -> bool {
    page.cues_between(at, at + length)
        .any(|cue| cue.classes & (CONDITION | SEND | SENSITIVE | CHILDREN) != 0)
}

/// A capitalised word of small letters that does what people do.
fn is_probable(page: &Page<'_>, at: usize, word: &str, after: &str) -> bool {
    let name = bare(word);
    let possessive = word.len() > name.len();
    (possessive || PERSON_VERBS.contains(&after))
        && is_written_like_a_name(page, at, name)
        && is_small_from_the_second_letter(page, at, name)
}
