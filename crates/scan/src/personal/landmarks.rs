//! Where a family lives, told by what stands near the house and by who lives there: a street and a number are not needed
//! to find it.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{CHILDREN, COHORT},
    kind::Kind,
    page::Page,
    shape::Shape,
};

/// A house and what stands near it: "the caravan behind the dentist on Station Parade".
pub(super) const HOUSE: &str = r"(?-u:\b)(?:the|that|a) (?:[a-z]+ ){0,2}?(?:cottage|house|bungalow|flat|terrace|caravan|farmhouse|lodge|barn|narrowboat|houseboat|annexe|chalet|mobile home|static|maisonette|semi|granny flat|rectory|vicarage)(?: with [a-z' ]{3,30}?)?,? (?:opposite|next to|next door to|beside|behind|above|over|facing|just past|past|on the corner of|across from|by|near|round the back of|at the (?:end|bottom|top|back) of|on the end of) [^.,!?\n]{3,60}";

/// Who lives somewhere, by the name of a family, right before it: "The Pettifers have moved into ", "Mrs Bell's now in ".
static HOUSED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const NOW: &str = "(?: all| both| still| now| just| finally| only)*";
    Regex::new(&format!(
        r"(?-u:\b)(?:the ([a-z][a-z'-]{{2,15}}s)(?:'? family)?|(?:mr|mrs|miss|ms|mr and mrs|mr & mrs) ([a-z][a-z'-]{{2,15}}))(?:(?: are|'re|'s| is){NOW}(?: living| staying| moving| moved| based| settled)?| have{NOW} moved| has{NOW} moved| live| lives)(?: back)? (?:in|into|in to|at|to) $"
    ))
    .ok()
});

/// Peoples, bands and books that are called like families.
const NO_FAMILIES: &[&str] = &[
    "romans",
    "tudors",
    "vikings",
    "normans",
    "saxons",
    "celts",
    "greeks",
    "egyptians",
    "victorians",
    "georgians",
    "stuarts",
    "aztecs",
    "mayans",
    "beatles",
    "borrowers",
    "twits",
    "wombles",
    "moomins",
    "simpsons",
    "flintstones",
    "cratchits",
    "darlings",
    "bears",
    "pigs",
    "scouts",
    "cubs",
    "beavers",
    "brownies",
    "rainbows",
    "guides",
    "owls",
    "acorns",
    "governors",
    "teachers",
    "parents",
    "infants",
    "juniors",
    "children",
    "pupils",
    "boys",
    "girls",
    "leaders",
    "volunteers",
    "friends",
    "toilets",
    "books",
    "costumes",
    "police",
    "campbells",
];

/// Whether a sentence speaks of "the Normans" or of another people, band or group that no family is called after.
pub(super) fn is_of_no_family(sentence: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    let mut after_the = false;
    words
        .any(|word| std::mem::replace(&mut after_the, word == "the") && NO_FAMILIES.contains(&word))
}

/// "The Venns are in the caravan behind the dentist on Station Parade": where a family lives, told by a landmark.
pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in Shape::HouseByLandmark
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let sentence = page.sentence_of(shaped.start());
        let from = sentence
            .start
            .max(shaped.start() - page.text_before(shaped.start(), 60).len());
        let lead = &page.text[from..shaped.start()];
        let family = HOUSED
            .iter()
            .find_map(|housed| housed.captures(lead))
            .and_then(|captures| captures.get(1).or_else(|| captures.get(2)));
        let somebodys = family.is_some_and(|family| {
            let bytes = from + family.start()..from + family.end();
            page.opens_with_capital(bytes.start)
                && !NO_FAMILIES.contains(&family.as_str())
                && page.cues_in(&bytes, COHORT | CHILDREN).next().is_none()
        });
        let somebodys = somebodys || is_where_to_come(page, &sentence, lead, shaped.start());
        let acted = [" play", "scene", "story", "chapter", "drama", "novel"]
            .iter()
            .any(|word| page.says_in(&sentence, word));
        if somebodys && !acted {
            let end = shaped.start() + up_to_the_time(shaped.as_str()).len();
            found.push(Candidate::new(Kind::Location, shaped.start()..end, 0.6));
        }
    }
}

/// "Drop them at ours, it's the house opposite the war memorial", "you'll find Bernie in the cottage past the bridge": where
/// somebody is to come to.
fn is_where_to_come(page: &Page<'_>, sentence: &Range<usize>, lead: &str, at: usize) -> bool {
    let pointed = [
        "it's ",
        "its ",
        "it is ",
        "ours ",
        "ours, ",
        "ours is ",
        "we're ",
        "we are ",
        "i'm ",
        "im ",
        "at ours - ",
        "mine ",
        "mine, ",
        "mine is ",
    ]
    .iter()
    .any(|end| lead.ends_with(end));
    let come = [
        "ours",
        "mine",
        "drop ",
        "pick up",
        "pick it up",
        "pick them up",
        "collect",
        "knock",
        "pop round",
        "come round",
        "pop over",
        "my house",
        "our house",
        "find us",
        "come to us",
        "leave it",
        "fetch",
    ]
    .iter()
    .any(|come| page.says_in(sentence, come));
    let from = sentence.start.max(at - lead.len());
    let met = FOUND_AT
        .iter()
        .find_map(|found| found.captures(lead)?.get(1));
    let somebody = met.is_some_and(|who| {
        FOUND_BY_PRONOUN.contains(&who.as_str()) || page.opens_with_capital(from + who.start())
    });
    pointed && come || somebody
}

/// Who is found without a name.
const FOUND_BY_PRONOUN: &[&str] = &["him", "her", "us", "me", "them"];

/// "You'll find Bernie who does the alterations in ", right before a house.
static FOUND_AT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:you'?ll|u'?ll|you will|you can|will) find ((?:mr|mrs|miss|ms) [a-z'-]+|[a-z'-]{2,14}(?:'s (?:mum|dad|nan|house))?)(?:,? who [a-z ']{3,30},?)? (?:in|at|living in) $").ok()
});

/// A place without the time that is told behind it: "behind the dentist on Station Parade till the house is mended".
fn up_to_the_time(place: &str) -> &str {
    [
        " till ", " until ", " til ", " while ", " for now", " since ", " so ", " if ", " but ",
    ]
    .iter()
    .filter_map(|time| place.find(time))
    .min()
    .map_or(place, |end| &place[..end])
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    #[test]
    fn a_familys_home_is_found_by_what_stands_near_it() {
        for (text, home) in [
            (
                "The Okoros have moved into the cottage with the blue gate by the duck pond.",
                "the cottage with the blue gate by the duck pond",
            ),
            (
                "The Wilsons are staying in the flat above the baker till Easter.",
                "the flat above the baker",
            ),
            (
                "Mrs Bell is now in the bungalow opposite the church, cards welcome.",
                "the bungalow opposite the church",
            ),
            (
                "The Patels have moved in to that house on the corner of Mill Lane.",
                "that house on the corner of Mill Lane",
            ),
            (
                "If found could you drop them at ours, it's the house opposite the war memorial, cheers",
                "the house opposite the war memorial",
            ),
            (
                "You'll find Bernie who does the hems in the cottage just past the humpback bridge",
                "the cottage just past the humpback bridge",
            ),
        ] {
            assert!(
                told("location", text).iter().any(|found| found == home),
                "{text}"
            );
        }
    }

    #[test]
    fn houses_of_nobody_known_stay_clean() {
        for text in [
            "The Romans are in the villa next to the river in our topic.",
            "The Normans have moved into the house by the lake.",
            "The Beavers are in the lodge behind the hall tonight.",
            "The Coopers have kindly lent us the barn behind the church.",
            "The Okoros are in the house next to the shed in our play.",
            "The Year 6s are in the lodge near the lake.",
            "You'll find parking in the barn behind the church.",
            "Which one is the museum? It's the house opposite the war memorial.",
        ] {
            assert!(told("location", text).is_empty(), "{text}");
        }
    }
}
