//! Health, special needs, behaviour, care, immigration, meals and results of one identifiable person.
//!
//! General information ("we support children with autism") names nobody. A finding needs a person and the matter in one
//! sentence, close together or joined by a verb such as "has" or "was diagnosed".

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{
        CONDITION, Cue, FIRM_SENSITIVE, GENERAL, HAS, Mask, SEND, SENSITIVE, STRONG_HAS, VERBAL,
    },
    kind::Kind,
    page::Page,
    person::{Person, Told, is_public_prose, people},
};

/// How far the person and the matter may be apart, in bytes.
const REACH: usize = 90;

/// Results of one person: a mark, a level, a percentage of attendance.
static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:from [0-9]{1,2} ?% to [0-9]{1,3} ?%|reading age[^.!?\n]{0,12}[0-9]|retest|attendance[^.!?\n]{0,30}[0-9]{1,3} ?%|(?-u:\b)[0-9]{1,2} ?% attendance|(?:got|scored|achieved|managed|only got)(?: only| just| a| an)? (?:[0-9]{2,3}(?: ?%| out of [0-9]+|/[0-9]+)?|[a-u](?: |\*)|grade [0-9a-u]|level [0-9])[^.!?\n]{0,30}(?:sats|test|exam|assessment|mock|mocks|gcse|maths|english|reading|phonics|spag)|(?:got|scored|managed|only got)(?: only| just)? [0-9]{1,3}(?: out of |/)[0-9]{2,3}(?: ?%| in | for | on |[.,!]|$)|(?:bottom|lowest|lower) (?:[a-z]+ )?(?:set|group|table|stream)(?-u:\b)|(?:did not|didn'?t|failed to|hasn'?t|has not|yet to) (?:reach|meet|achieve|make|met|reached|achieved)[^.!?\n]{0,12}(?:expected|standard|target|grade|level|progress)|moved (?:down|up) to (?:set|the)|can(?:'?t|not) (?:even )?(?:read|write|count|spell)(?-u:\b)|(?:no|a|his|her|another|[0-9]|two|three) (?:red|yellow|amber) cards?(?: this| today| for|[.!])|(?:failed|(?:didn'?t|did not|hasn'?t|not) pass(?:ed)?|passed|resat|retook) (?:his|her|their|the)(?: [a-z0-9]+){0,2} (?:sats|test|exam|assessment|mocks|gcse|gcses|maths|english|phonics|check|screening|times tables)|(?:is|at|below|working|still)(?: only| at| just)? (?:working towards|greater depth|age[- ]related)|reading age of)").ok()
});

/// Whether a sentence is about an animal or somebody in a play, who may have a child's name.
fn is_of_animals_or_tales(sentence: &str) -> bool {
    [
        "therapy dog",
        "guide dog",
        "school dog",
        "reading dog",
        "hamster",
        "guinea pig",
        "puppy",
        "kitten",
        "the vet",
        "to the vets",
        "teddy had",
        "teddy hospital",
        "in our play",
        "in the play",
        "in our story",
        "in the story",
        "in the book",
        "plays the",
        "his crown",
        "tumbling after",
    ]
    .iter()
    .any(|word| sentence.contains(word))
}

/// Who was named in the sentence before.
static PRONOUN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:he|she|hes|shes|he's|she's|him)(?-u:\b)").ok());

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !page.has(CONDITION | SEND | SENSITIVE) {
        return;
    }
    let mut named_before = false;
    for sentence in page.sentences() {
        let mut people = people(page, &sentence);
        let pronoun = PRONOUN
            .iter()
            .find_map(|pronoun| pronoun.find(&page.text[sentence.clone()]));
        if people.is_empty()
            && named_before
            && let Some(pronoun) = pronoun
        {
            people.push(Person {
                bytes: sentence.start + pronoun.start()..sentence.start + pronoun.end(),
                told: Told::Role,
            });
        }
        named_before = people.iter().any(|person| person.told >= Told::Given)
            && !is_public_prose(page, &sentence);
        if people.is_empty() {
            continue;
        }
        if is_of_animals_or_tales(&page.text[sentence.clone()]) {
            continue;
        }
        if is_public_prose(page, &sentence) {
            people.retain(|person| !matches!(person.told, Told::Capital | Told::Given));
        }
        best(page, &sentence, &people, CONDITION, Kind::Health, found);
        best(
            page,
            &sentence,
            &people,
            SEND | SENSITIVE,
            Kind::Sensitive,
            found,
        );
    }
}

/// Adds the surest pair of a person and a matter of these classes.
fn best(
    page: &Page<'_>,
    sentence: &Range<usize>,
    people: &[Person],
    classes: Mask,
    kind: Kind,
    found: &mut Vec<Candidate>,
) {
    let classes_told = page.text[sentence.clone()].matches('%').count() > 2;
    let marks: Vec<Range<usize>> = if kind == Kind::Sensitive && !classes_told {
        MARK.iter()
            .flat_map(|mark| mark.find_iter(&page.text[sentence.clone()]))
            .map(|mark| sentence.start + mark.start()..sentence.start + mark.end())
            .collect()
    } else {
        Vec::new()
    };
    let mut best: Option<(f32, Range<usize>)> = None;
    for person in people.iter().take(40) {
        let from = person.bytes.start.saturating_sub(REACH).max(sentence.start);
        let to = (person.bytes.end + REACH).min(sentence.end);
        let near = page
            .cues_between(from, to)
            .filter(|cue| cue.classes & classes != 0 && !overlap(&cue.bytes, &person.bytes));
        for cue in near {
            if let Some(confidence) = confidence(page, sentence, person, cue, kind) {
                offer(&mut best, confidence, person, &cue.bytes);
            }
        }
        for mark in &marks {
            let apart = mark
                .start
                .max(person.bytes.start)
                .saturating_sub(mark.end.min(person.bytes.end));
            if person.told >= Told::Capital && apart < REACH {
                offer(&mut best, 0.75, person, mark);
            }
        }
    }
    if let Some((confidence, bytes)) = best {
        found.push(Candidate::new(kind, bytes, confidence));
    }
}

/// Whether the matter by itself is about one person ("two detentions, well done Tyler").
fn is_direct(page: &Page<'_>, cue: &Cue) -> bool {
    let direct = [
        "detention",
        "exclu",
        "suspended",
        "expelled",
        "in foster",
        "ehcp",
        "fsm",
        "social worker",
        "on report",
        "behaviour plan",
        "safeguarding plan",
        "child protection plan",
        "in care",
        "pupil premium",
        "educational psych",
        "free school meal",
        "social serv",
        "refugee",
        "lost custody",
        "custody",
        "in prison",
        "working towards",
        "behaviour contract",
        "one-to-one",
        "child in need",
        "divorc",
        "getting divorced",
    ];
    let matter = &page.text[cue.bytes.clone()];
    direct.iter().any(|word| matter.starts_with(word))
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn offer(
    best: &mut Option<(f32, Range<usize>)>,
    confidence: f32,
    person: &Person,
    matter: &Range<usize>,
) {
    let bytes = person.bytes.start.min(matter.start)..person.bytes.end.max(matter.end);
    if best.as_ref().is_none_or(|(before, stretch)| {
        confidence > *before || confidence == *before && bytes.len() > stretch.len()
    }) {
        *best = Some((confidence, bytes));
    }
}

fn confidence(
    page: &Page<'_>,
    sentence: &Range<usize>,
    person: &Person,
    cue: &Cue,
    kind: Kind,
) -> Option<f32> {
    let firm = kind == Kind::Health || cue.classes & (FIRM_SENSITIVE | SEND) != 0;
    let between = person.bytes.end.min(cue.bytes.end)..person.bytes.start.max(cue.bytes.start);
    let after = cue.bytes.start >= person.bytes.end;
    let link = if after {
        &page.text[between.clone()]
    } else {
        ""
    };
    let possessive = page.text[person.bytes.end..].starts_with("'s") && after && link.len() < 24;
    let strong = after
        && page
            .cues_between(between.start, between.end)
            .any(|word| word.classes & STRONG_HAS != 0);
    let has = after
        && page
            .cues_between(between.start, between.end)
            .any(|word| word.classes & HAS != 0);
    let topic = [
        " week",
        " day",
        " month",
        " awareness",
        " uk",
        " lesson",
        " club",
        " charity",
        " group",
        " people",
        " patients",
        " children",
        " adults",
        " pupils",
        " friendly",
        "-friendly",
        " free",
    ];
    let rest = &page.text[cue.bytes.end..];
    let general = page.cues_in(sentence, GENERAL).next().is_some()
        || topic.iter().any(|word| rest.starts_with(word));
    // "talk about her anxiety": whoever it belongs to was named just before
    let owned = after
        && [" his ", " her ", " their "]
            .iter()
            .any(|own| link.ends_with(own));
    let strong = strong || owned && kind == Kind::Health && person.told >= Told::Given;
    let verbal = after && cue.classes & VERBAL != 0 && link.len() <= 16;
    // "has nits again does Kuba", "is on antibiotics, our Marnie"
    let turned = !after
        && person.told >= Told::Given
        && between.len() < 40
        && page
            .text_before(cue.bytes.start, 14)
            .rsplit([' ', ','])
            .take(3)
            .any(|word| {
                matches!(
                    word,
                    "has" | "is" | "got" | "takes" | "had" | "was" | "hes" | "shes"
                )
            });
    let joined = strong || possessive || verbal || turned || has && link.len() < 50;
    // how often somebody came is a matter of the figure beside it
    if &page.text[cue.bytes.clone()] == "attendance" {
        return None;
    }
    let base = match person.told {
        Told::Named | Told::Given => 0.85,
        Told::Role => 0.7,
        // a capital may be any noun that opens a sentence: only "Oscar is autistic", "Oscar's inhaler"
        Told::Capital if possessive && kind == Kind::Health => 0.6,
        Told::Capital if (strong || verbal) && link.len() <= 24 => 0.65,
        Told::Capital if kind == Kind::Health && matches!(link, " is " | " was ") => 0.6,
        Told::Capital
            if joined
                && owned
                && kind == Kind::Health
                && !page.context.draft
                && person.bytes.start > sentence.start + 1 =>
        {
            0.55
        }
        Told::Capital | Told::OwnChild => return None,
    };
    match (joined, general) {
        _ if !(firm || verbal || strong && link.len() <= 16) => None,
        (true, false) if kind == Kind::Sensitive && cue.classes & FIRM_SENSITIVE == 0 => {
            Some(base - 0.01)
        }
        (true, false) => Some(base),
        (true, true) if strong && link.len() < 30 || firm && link.len() < 14 => Some(base - 0.1),
        (false, false)
            if firm && kind == Kind::Health && between.len() < 30 && person.told >= Told::Given =>
        {
            Some(0.55)
        }
        (false, false) if person.told == Told::Role && after && link.len() < 12 && firm => {
            Some(0.65)
        }
        (false, false)
            if is_direct(page, cue) && between.len() < 40 && person.told >= Told::Given =>
        {
            Some(0.55)
        }
        _ => None,
    }
}
