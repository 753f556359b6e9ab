//! Where somebody lives or stays, told by what stands near it: "above the chip shop on Station Parade", "ours is the one with
//! the trampoline".

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{EVENT, STAFF_TITLE},
    kind::Kind,
    page::Page,
    person::{Told, bare, is_public_prose, people, words},
    tales::is_of_animals_or_tales,
};

/// What stands near a home.
const BESIDE: &str = "(?:above|over|behind|opposite|next (?:door )?to|beside|across (?:the road )?from|facing|round the (?:back|corner)(?: of| from)?|at the (?:very )?(?:end|top|bottom|back|far end|corner) of|on the corner (?:of|by|with)|(?:two|three|four|five|six|a few|a couple of|[2-9]) doors? (?:down|up|along|away)(?: from| past)?|just (?:past|after|before|by|off|behind)|by|on)";

/// Kinds of homes and lodgings.
const HOME: &str = "(?:house|flat|bungalow|cottage|caravan|maisonette|terrace|semi|farmhouse|houseboat|narrowboat|boat|chalet|lodge|cabin|villa|apartment|static|tent|pitch|room|door|gate)";

/// Kinds of homes that are nothing else at a school.
const DWELLING: &str = "(?:house|flat|bungalow|cottage|caravan|maisonette|terrace|semi|farmhouse|houseboat|narrowboat|chalet|lodge|cabin|villa|apartment|static)";

/// Somebody's home or lodging and what stands near it.
static SEEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const COLOUR: &str = "(?:white|blue|red|green|yellow|pink|black|grey|purple|orange|cream|thatched|old|little|big|tall|end|last|first|corner|middle|top|bottom|ground|only|detached|pebbledashed|new|stone|brick|third|second|fourth)";
    Regex::new(&[
        "(?-u:\\b)(?:",
        // lives above the chip shop
        &format!("(?:lives?|living|live|liv|stays?|staying|stopping|stoppin|moved|moving|renting|rents|lodging|settled|camped|put up)(?: just| right| now| in| out| up| over| round| down| back| with (?:his|her|their|an?) [a-z]+| (?:a|the|one of the) [a-z]+){{0,3}}? (?:{BESIDE}|near|in) (?:the |a |our |what used to be the |[a-z]{{3,12}}'s )[^.,!?;\n]{{3,60}}"),
        // ours is the one with the trampoline
        &format!("|(?:ours|mine|his|hers|theirs|our {HOME}|my {HOME}|their {HOME}|his {HOME}|her {HOME}|[a-z]{{3,15}}'s(?: {HOME})?)(?:'s| is| was) the (?:{COLOUR} )*(?:one|house|flat|bungalow|cottage|caravan|door|{HOME})(?: [a-z]+)? (?:with|{BESIDE}|that|where)[^.,!?;\n]{{3,60}}"),
        // the white bungalow next to the surf school
        // the last house before the ford, the yard that backs on the ginnel
        &format!("|(?:we are|we're|were|ours is|mine is|his is|hers is|[a-z]{{3,15}}'s is|theirs is|that's|thats) (?:the |in the )(?:[a-z]+ )?(?:house|cottage|flat|bungalow|yard|farm|caravan|gate|door|{HOME}) (?:before|after|past|that|where|with|{BESIDE})[^.!?;\n]{{3,70}}"),
        "|(?:big|little|small|white|red|blue|green|old|yellow|end) (?:[a-z]+ )?(?:house|cottage|bungalow|farm|barn),? (?:at )?(?:the )?(?:end|top|bottom|foot|edge) of (?:the |our )?[^.!?;\n]{3,40}",
        &format!("|(?:the |a )?(?:{COLOUR},? ){{1,2}}(?:floor )?(?:{DWELLING}|one),? (?:with the [^.,!?;\n]{{3,40}}|{BESIDE} (?:the |a |our |his |her |their )?[^.,!?;\n]{{3,50}})"),
        // my red door opposite the park
        &format!("|(?:my|his|her|their) (?:{COLOUR},? )?{HOME},? {BESIDE} (?:the |a |our )?[^.,!?;\n]{{3,50}}"),
        // chalet is B block by the boating lake
        &format!("|{DWELLING}(?:'s| is|:| no\\.?| number)? (?:number )?(?:[a-z]? ?[0-9]{{1,3}}[a-z]?|[a-z] (?:block|row|site)),? {BESIDE} (?:the )?[^.,!?;\n]{{3,40}}"),
        ")",
    ].concat()).ok()
});

/// What is told of a home in general, or of a place that is nobody's.
const NO_HOME: &[&str] = &[
    "fear",
    "hope",
    "harmony",
    "peace",
    "tudor",
    "victorian",
    "roman",
    "habitat",
    "the past",
    "the moment",
    "stone age",
    "a shoe",
    "wales",
    "england",
    "the uk",
    "bed ",
    "touch",
    "line",
    "silence",
    "order",
    "class",
    "the book",
    "the sea",
    "the jungle",
    "the world",
    "the forest",
    "pond",
    "nest",
    "burrow",
    "the river",
    "the lead",
    "top of",
    "front of",
    "the front",
    "the line",
    "the stage",
    "year ",
    "reception",
    "yours",
    "catchment",
    "the school",
    "a cave",
    "the area",
    "the village",
    "town",
    "hall",
    "the rules",
    "our values",
    "example",
    "the library",
    "the classroom",
    "first place",
    "second place",
    "third place",
    "the final",
];

/// Places at a school, next to which nobody has a home unless it says so.
const SCHOOL_PLACES: &[&str] = &["office", "kitchen", "bins", "hut", "playground"];

/// What opens the words of somebody who says that they live there.
const LIVED_IN: &[&str] = &[
    "liv", "stay", "stop", "mov", "rent", "lodg", "settled", "camped", "put up", "ours", "mine",
    "my ", "our ", "his ", "hers ", "her ", "their", "we are", "we're", "were ",
];

/// Words for a child's family, as families write them.
const FAMILY: &[&str] = &[
    "family", "mam", "mams", "mum", "mums", "mummy", "dad", "dads", "daddy", "nan", "nans", "nana",
    "nanna", "gran", "grans", "granny", "grandma", "grandad", "they've", "theyve", "they", "ours",
    "our", "we", "we're", "he", "she", "hes", "shes", "he's", "she's", "mine",
];

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in SEEN.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let bytes = shaped.range();
        let words = shaped.as_str();
        let vague = words.contains(" one ")
            && !["house", "home", "door", "flat", "live", "ours"]
                .iter()
                .any(|home| page.text[page.sentence_of(bytes.start)].contains(home));
        let spaced = format!(" {words} ");
        let lived_in = LIVED_IN.iter().any(|lead| words.starts_with(lead));
        let at_school = SCHOOL_PLACES
            .iter()
            .filter(|_| !lived_in && !words.contains("post office"));
        let other = NO_HOME.iter().chain(at_school).any(|other| {
            spaced.split_once(other).is_some_and(|(before, after)| {
                before.ends_with(' ') && !after.starts_with(char::is_alphanumeric)
            })
        });
        if !other && !vague && is_somebodys(page, &bytes) {
            found.push(Candidate::new(Kind::Location, bytes, 0.78));
        }
    }
}

/// Whether the sentence tells of a child or a family, and names the place exactly enough to go there.
fn is_somebodys(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let sentence = page.sentence_of(bytes.start);
    if !is_exact(&page.text[bytes.clone()])
        || is_of_animals_or_tales(page, &sentence)
        || is_public_prose(page, &sentence)
        || page.near(bytes, EVENT, 40, 0)
        || page.near(bytes, STAFF_TITLE, 30, 0) && page.context.draft
    {
        return false;
    }
    let before = page.sentence_of(sentence.start.saturating_sub(1));
    let known = people(page, &sentence)
        .iter()
        .chain(&people(page, &before))
        .any(|person| {
            person.told >= Told::Given || person.told != Told::Capital && !page.context.draft
        });
    let family = || {
        words(page, &sentence)
            .iter()
            .any(|(_, word)| FAMILY.contains(word) || FAMILY.contains(&bare(word)))
    };
    let own = page.text[bytes.clone()].starts_with("my ");
    known || !page.context.draft && (own || family())
}

/// Whether the words name the place exactly enough to go there.
fn is_exact(place: &str) -> bool {
    [
        " above ",
        " over the ",
        "opposite",
        "next to",
        "next door",
        " behind ",
        "beside",
        "across ",
        "facing",
        "doors ",
        " corner",
        " end of",
        "top of",
        "bottom of",
        "back of",
        "block",
        " with the ",
        "trampoline",
        " before the ",
        "backs on",
        "end of",
        "just past",
        "just after",
        " by the ",
        " off ",
    ]
    .iter()
    .any(|near| place.contains(near))
}
