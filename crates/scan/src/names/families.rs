//! A family name by itself, where a class, a word for a child or another name says whose child is meant: `the Marchetti boy
//! in Year R`, `a Merlin called Swift`, `the Vaughans` where the text names Idris too.

use std::ops::Range;

use schoolgate_model::{CheckFailure, Meter, Surface};

use super::{
    alone::{closest, groups_for},
    classes::Group,
    evidence,
    forms::Quality,
    lists,
    lists::company::{ORG, PET},
    parts::{Part, Way},
    roster::{Named, Role},
    scene::{Adult, Candidate, Rule, Scene},
    stream::{Case, Gap},
};

/// `the Marchetti boy in Year R`, `Master Hart, 4 Heron`.
pub(super) fn find(
    scene: &Scene<'_>,
    part: &Part,
    groups: &[Group],
    meter: &Meter,
) -> Result<Option<Candidate>, CheckFailure> {
    let household = household(scene, part, meter)?;
    if household.is_some() {
        return Ok(household);
    }
    let classed = with_class(scene, part, groups);
    if classed.is_some() {
        return Ok(classed);
    }
    torn(scene, part, meter)
}

/// Whether the place of the name belongs to an adult, a class, a title or a disguise.
pub(super) fn is_blocked(scene: &Scene<'_>, part: &Part) -> bool {
    scene.adult(part.start..part.end) != Adult::Nobody
        || scene.in_mention(part.start)
        || scene
            .stream
            .get(part.start)
            .is_none_or(|first| first.figure || first.quoted)
        || part.way >= Way::Alike
}

fn with_class(scene: &Scene<'_>, part: &Part, groups: &[Group]) -> Option<Candidate> {
    let stream = scene.stream;
    let first = stream.get(part.start)?;
    let pupil = is_little_miss(scene, part);
    let blocked = is_blocked(scene, part) && !pupil
        || names_a_kind(scene, part)
        || names_a_firm(scene, part)
        || is_other_word(scene, part);
    let child = family_of_child(scene, part) || is_called(scene, part);
    let ordinary = !lists::is_word(&part.key) && !lists::is_given(&part.key);
    let listed = !groups.is_empty() && families_listed(scene, part);
    let small = !scene.draft && (child && !lists::is_common(&part.key) || listed);
    let read = part.capital || stream.loose || small;
    let together = child
        && groups.is_empty()
        && (siblings(scene, part) || stream.text_before(part.start, 1) == "master" && part.capital);
    if blocked || !read || groups.is_empty() && !stream.loose && !together {
        return None;
    }
    let known = whole_names(part);
    if together && !part_of_other_name(scene, part) {
        let bearers = scene.roster.bearers(&known);
        let pupils = closest(scene, &bearers.list);
        return scene
            .candidate(part.start..part.end, Rule::FamilyClass, 0.65, pupils)
            .map(|found| found.and_more(bearers.more));
    }
    if let Some(found) = family_with_year(scene, part, &known) {
        return Some(found);
    }
    let classed = evidence::attached_class(scene, part).is_some();
    let attached = classed && (!lists::is_word(&part.key) || unexplained(scene, part)) || listed;
    let staff = scene.roster.staff.families.contains_key(&part.key) || towards(scene, part);
    if part_of_other_name(scene, part)
        || !(child || attached || ordinary && !staff && !first.heading)
    {
        return None;
    }
    let wanted: Vec<Group> = groups_for(scene, part, groups)
        .into_iter()
        .cloned()
        .collect();
    let inside = scene.roster.bearers_in(&known, &wanted);
    let pupils = closest(scene, &inside.list);
    if pupils.is_empty() {
        return None;
    }
    let confidence = if child { 0.8 } else { 0.65 };
    scene
        .candidate(part.start..part.end, Rule::FamilyClass, confidence, pupils)
        .map(|found| found.and_more(inside.more))
}

/// `Miss Moyo from Harriers`: nobody on the staff, and a class right behind her.
fn is_little_miss(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    scene.adult(part.start..part.end) == Adult::Perhaps
        && stream.text_before(part.start, 1) == "miss"
        && !scene.roster.staff.families.contains_key(&part.key)
        && matches!(stream.text(part.end), "from" | "of")
        && stream.follows(part.end)
        && scene.mention_at(part.end + 1).is_some()
}

/// `Reid's Garden Centre`: a capital right behind a name that owns, and an organisation at the end of the capitals.
fn names_a_firm(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let owns = stream.get(part.end - 1).is_some_and(|a| a.possessive);
    let capital = |at: &usize| {
        let beside = *at == part.end && stream.gap(*at).only(Gap::SPACE) || stream.follows(*at);
        beside && stream.get(*at).is_some_and(|a| a.capital())
    };
    owns && (part.end..stream.len())
        .take_while(capital)
        .take(3)
        .any(|at| {
            FIRMS.contains(&stream.text(at)) || stream.get(at).is_some_and(|a| a.word.keeps(ORG))
        })
}

/// What a firm ends with beside what other organisations do.
const FIRMS: &[&str] = &[
    "bakery",
    "butchers",
    "cafe",
    "centre",
    "coaches",
    "farm",
    "garage",
    "kitchen",
    "motors",
    "nurseries",
    "nursery",
    "shop",
    "store",
    "stores",
];

/// What is grown, cooked or drunk, and called after somebody: `Bramley apple crumble`, `Bakewell tart`.
const KINDS: &[&str] = &[
    "apple",
    "apples",
    "crumble",
    "pie",
    "pies",
    "tart",
    "tarts",
    "cake",
    "cakes",
    "sponge",
    "bun",
    "buns",
    "pudding",
    "puddings",
    "sausage",
    "sausages",
    "sauce",
    "cheese",
    "tea",
    "potato",
    "potatoes",
    "spuds",
    "plum",
    "plums",
    "pear",
    "pears",
    "tomato",
    "tomatoes",
    "rose",
    "roses",
    "salad",
    "chutney",
    "marmalade",
    "soup",
    "stew",
    "biscuit",
    "biscuits",
    "pippin",
    "pippins",
    "russet",
    "royals",
    "squash",
    "beans",
    "cabbage",
    "kale",
    "daffodil",
    "daffodils",
    "tulip",
    "tulips",
    "sweet",
    "terrier",
    "terriers",
    "spaniel",
    "spaniels",
    "setter",
    "setters",
    "hens",
    "cattle",
    "sheep",
    "pigs",
    "chair",
    "knot",
    "boots",
];

/// `Bramley apple crumble`, `Cox's orange pippins`: a kind of fruit, cake or animal, and no child.
fn names_a_kind(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let kind = |at: usize| stream.follows(at) && KINDS.contains(&stream.text(at));
    let orange = stream.text(part.end) == "orange" && stream.follows(part.end);
    match part.possessive {
        false => kind(part.end),
        true => orange && kind(part.end + 1),
    }
}

/// Words that end like a family of several: `trans kids deserve better`.
const OTHER_WORDS: &[&str] = &["trans", "cis", "blues", "mens", "womens"];

/// Whether the part is written as another word, and only its end makes a name of it.
fn is_other_word(scene: &Scene<'_>, part: &Part) -> bool {
    part.way == Way::Plural
        && scene.stream.text_before(part.start, 1) != "the"
        && OTHER_WORDS.contains(&scene.stream.text(part.start))
}

/// `a lad called Swift`, `the surname is Kinsella`, `a boy by the name of Frost`: and nothing says that it is a dog or a shop.
fn is_called(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let before = |back| stream.text_before(part.start, back);
    let called = matches!(before(1), "called" | "surname" | "surnamed" | "named")
        || matches!(
            (before(2), before(1)),
            ("surname" | "name", "is" | "of" | "was") | ("label" | "tag", "says" | "reads")
        );
    let from = part.start.saturating_sub(NOUN_REACH);
    let stands_for = |n: usize| {
        scene.in_mention(n)
            || matches!(
                stream.text(n),
                "lad"
                    | "boy"
                    | "girl"
                    | "child"
                    | "kid"
                    | "pupil"
                    | "student"
                    | "lass"
                    | "somebody"
                    | "someone"
                    | "name"
                    | "surname"
                    | "label"
                    | "tag"
            )
    };
    let other = |n: usize| stream.get(n).is_some_and(|a| a.word.keeps(ORG | PET));
    called && part.capital && (from..part.start).any(stands_for) && !(from..part.start).any(other)
}

/// How far before a family name the noun is looked for that it belongs to.
const NOUN_REACH: usize = 9;

/// `so Swift (5 Merlin) it is`: a capital that neither a sentence, a heading nor another name explains.
fn unexplained(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let plain = stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title && !a.opens && !a.heading);
    let joined = stream.gap(part.end).has(Gap::BRACKET)
        || matches!(stream.text(part.end), "from" | "of" | "in")
            && scene.mention_at(part.end + 1).is_some();
    plain && joined && !towards(scene, part)
}

/// How far from the name of a family the name of its child is looked for.
const HOUSEHOLD_REACH: usize = 60;

/// The names that the part may stand for, not merely be a piece of.
pub(super) fn whole_names(part: &Part) -> Vec<Named> {
    let whole = part.names.iter().filter(|(_, q)| *q < Quality::Piece);
    whole.copied().collect()
}

/// `What a day for the Vaughans!`, and Idris is named beside them.
fn household(
    scene: &Scene<'_>,
    part: &Part,
    meter: &Meter,
) -> Result<Option<Candidate>, CheckFailure> {
    let stream = scene.stream;
    let pointed = matches!(
        stream.text_before(part.start, 1),
        "the" | "both" | "our" | "two" | "three" | "all" | "little" | "young"
    );
    if part.way != Way::Plural
        || !part.capital
        || !pointed
        || is_blocked(scene, part)
        || part_of_other_name(scene, part)
    {
        return Ok(None);
    }
    let near =
        part.start.saturating_sub(HOUSEHOLD_REACH)..stream.len().min(part.end + HOUSEHOLD_REACH);
    beside_given(scene, part, near, meter, |_| true)
}

/// The pupils whose family name the part is and whose given name stands somewhere in the stretch, `fits` asking more of it.
fn beside_given(
    scene: &Scene<'_>,
    part: &Part,
    near: Range<usize>,
    meter: &Meter,
    fits: impl Fn(&Part) -> bool,
) -> Result<Option<Candidate>, CheckFailure> {
    let known = whole_names(part);
    let mut pupils: Vec<u32> = Vec::new();
    for given in near.flat_map(|at| scene.parts.at(at)) {
        meter.spend(1)?;
        let plain = given.role == Role::Given && given.way == Way::Plain;
        if !plain || !given.capital && scene.spelt || !fits(given) {
            continue;
        }
        meter.spend((given.names.len() * known.len()) as u64)?;
        let both = scene.roster.common(&given.names, &known);
        pupils.extend(both.iter().map(|pair| pair.pupil));
    }
    pupils.sort_unstable();
    pupils.dedup();
    Ok((!pupils.is_empty())
        .then(|| scene.candidate(part.start..part.end, Rule::FamilyClass, 0.65, pupils))
        .flatten())
}

/// How far from a family name the given name is looked for that is torn from it.
const TORN_REACH: usize = 12;

/// `PATEL TRIUMPH: Vihaan and Arjun tied first`, `marinescu again!! stefan has won`: a cry or a headline with the family name,
/// and the given name of the same child in the words after it.
fn torn(scene: &Scene<'_>, part: &Part, meter: &Meter) -> Result<Option<Candidate>, CheckFailure> {
    let stream = scene.stream;
    let Some(first) = stream.get(part.start) else {
        return Ok(None);
    };
    let small = !part.capital && !scene.spelt;
    let cried = first.opens && (small || first.case == Case::Upper || first.heading);
    if !cried
        || part.way != Way::Plain
        || lists::is_word(&part.key)
        || lists::is_given(&part.key)
        || scene.parts.given_at(part.start)
        || is_blocked(scene, part)
        || stream.loose
    {
        return Ok(None);
    }
    let after = part.end..part.end + TORN_REACH;
    beside_given(scene, part, after, meter, |given| {
        !given.is_word() && scene.adult(given.start..given.end) == Adult::Nobody
    })
}

/// The most entries of a list that are looked at on either side.
const LONGEST_LIST: usize = 8;

/// `Rowe, Goldsmith and Mensah of Year 3`, `Bird v Gallagher`: a list of registered family names. Small ones need the
/// class right behind the list: `raza brandt and blunt from merlin`.
fn families_listed(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let family = |at: usize| {
        scene.parts.at(at).iter().any(|p| {
            p.role == Role::Family
                && p.end == at + 1
                && p.best() <= Quality::Spelling
                && (p.capital || !scene.draft)
        })
    };
    let word = |at: usize| {
        matches!(
            stream.text(at),
            "and" | "n" | "v" | "vs" | "versus" | "beat" | "subs" | "sub" | "reserves" | "reserve"
        )
    };
    // `Pawlak (gk), Raza`, `Stokes (2), Morris`
    let noted = |at: usize| {
        let bracket = |at: usize| stream.gap(at).has(Gap::BRACKET);
        usize::from(at < stream.len() && bracket(at) && bracket(at + 1))
    };
    let joint = |at: usize| {
        let gap = stream.gap(at);
        let spaced = !scene.draft && stream.follows(at) && !part.capital;
        spaced || gap.has(Gap::COMMA | Gap::AND) && !gap.has(Gap::STOP | Gap::LINE)
    };
    let (mut others, mut sure) = (0, !lists::is_word(&part.key));
    let mut count = |at: usize| {
        others += 1;
        sure |= !lists::is_word(stream.text(at));
    };
    let mut end = part.end;
    for _ in 0..LONGEST_LIST {
        end += noted(end);
        let link = usize::from(word(end));
        if !(link == 1 || joint(end)) || !family(end + link) {
            break;
        }
        count(end + link);
        end += link + 1;
    }
    let mut start = part.start;
    for _ in 0..LONGEST_LIST {
        start -= start.checked_sub(1).map_or(0, noted);
        let link = usize::from(start > 0 && word(start - 1));
        let Some(before) = start.checked_sub(1 + link) else {
            break;
        };
        if !(link == 1 || joint(start)) || !family(before) {
            break;
        }
        count(before);
        start = before;
    }
    let whole = Part {
        end,
        ..part.clone()
    };
    others > 0 && sure && (part.capital || evidence::attached_class(scene, &whole).is_some())
}

/// `Year 4 went to Bolton`, `Year 6 beat Ashton`: many families are called after a place.
pub(super) fn towards(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let before = stream.text_before(part.start, 1);
    stream.follows(part.start)
        && !families_listed(scene, part)
        && !(before == "to"
            && (evidence::praised(scene, part.start)
                || evidence::attached_class(scene, part).is_some()))
        && stream.text_before(part.start, 2) != "name"
        && matches!(
            before,
            "to" | "at"
                | "in"
                | "near"
                | "around"
                | "of"
                | "via"
                | "through"
                | "visit"
                | "visits"
                | "visiting"
                | "visited"
                | "against"
                | "beat"
                | "v"
                | "vs"
                | "versus"
                | "the"
                | "a"
                | "an"
                | "our"
                | "local"
                | "nearby"
                | "played"
                | "playing"
                | "hosted"
                | "hosting"
                | "about"
                | "studied"
                | "studying"
        )
}

/// `smith_4.jpg`: in a file name the bare number of the pupil's year beside the family name is as good as a class.
fn family_with_year(scene: &Scene<'_>, part: &Part, known: &[Named]) -> Option<Candidate> {
    let stream = scene.stream;
    let number = |at: usize| {
        stream
            .get(at)
            .filter(|atom| atom.digits && !scene.in_mention(at))
            .map(|atom| atom.text.trim_start_matches('0').to_owned())
    };
    let beside = [number(part.end), part.start.checked_sub(1).and_then(number)];
    if stream.surface.surface() != Surface::Filename || lists::is_word(&part.key) {
        return None;
    }
    let years: Vec<Group> = beside.into_iter().flatten().map(Group::Year).collect();
    let pupils = scene.roster.bearers_in(known, &years).pupils();
    (!pupils.is_empty())
        .then(|| scene.candidate(part.start..part.end, Rule::FamilyClass, 0.6, pupils))
        .flatten()
}

/// `the Lacey-Bright boys`, `those Ross twins`: children of one family, and no class is needed to know which.
fn siblings(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let pointed = matches!(
        stream.text_before(part.start, 1),
        "the" | "that" | "those" | "both" | "our" | "two"
    );
    let word = lists::is_word(&part.key) && !part.capital || lists::is_common(&part.key);
    // `Reddy girl was amazing on the drums`
    let opens = !scene.draft
        && !lists::is_word(&part.key)
        && !lists::is_given(&part.key)
        && stream.get(part.start).is_some_and(|a| a.opens);
    (pointed || opens)
        && !word
        && !stream.gap(part.end + 1).has(Gap::COMMA)
        && matches!(
            stream.text(part.end),
            "boy"
                | "girl"
                | "lad"
                | "kids"
                | "twins"
                | "siblings"
                | "brothers"
                | "sisters"
                | "children"
                | "boys"
                | "girls"
                | "lads"
        )
}

fn family_of_child(scene: &Scene<'_>, part: &Part) -> bool {
    let before = scene.stream.text_before(part.start, 1);
    let after = scene.stream.text(part.end);
    matches!(
        before,
        "young" | "master" | "little" | "wee" | "master." | "miss"
    ) || (after == "family" || is_child_noun(after)) && scene.stream.gap(part.end).only(Gap::SPACE)
}

/// What a child, or several of one family, are called behind their name.
pub(super) fn is_child_noun(word: &str) -> bool {
    matches!(
        word,
        "boy"
            | "girl"
            | "child"
            | "kid"
            | "kids"
            | "lad"
            | "twins"
            | "twin"
            | "siblings"
            | "brothers"
            | "sisters"
            | "lads"
            | "children"
            | "boys"
            | "girls"
    )
}

/// What a player is called before the family name: `Keeper Addo`.
pub(super) const POSTS: &[&str] = &[
    "batter",
    "bowler",
    "captain",
    "defender",
    "goalkeeper",
    "goalie",
    "keeper",
    "midfielder",
    "reserves",
    "skipper",
    "striker",
    "sub",
    "subs",
    "substitute",
    "winger",
];

/// Whether a capitalised neighbour makes the family name part of somebody else's name, a place or a thing.
pub(super) fn part_of_other_name(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let name = |at: usize| {
        stream
            .get(at)
            .is_some_and(|a| a.capital() && !a.digits && a.sigil.is_none() && !scene.in_mention(at))
    };
    if stream.loose {
        return false;
    }
    let dash = |at: usize| stream.gap(at).only(Gap::DASH) && !stream.gap(at).is_empty();
    let before = part.start > 0
        && name(part.start - 1)
        && (stream.follows(part.start) || dash(part.start))
        && {
            let text = stream.text(part.start - 1);
            let opens = stream.get(part.start - 1).is_some_and(|a| a.opens);
            !matches!(
                text,
                "master" | "young" | "little" | "wee" | "the" | "that" | "miss"
            ) && !POSTS.contains(&text)
                && (scene.is_given(part.start - 1)
                    || !lists::is_common(text)
                    || !opens && !a_heading(scene, part.start - 1))
        };
    let after = name(part.end)
        && (stream.follows(part.end) || dash(part.end))
        && !part.possessive
        && !(lists::is_common(stream.text(part.end)) && a_heading(scene, part.end));
    before || after
}

fn a_heading(scene: &Scene<'_>, at: usize) -> bool {
    scene.stream.get(at).is_some_and(|a| a.heading)
}
