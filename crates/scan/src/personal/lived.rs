//! The words directly before or after an address that say somebody lives there, whatever the street is called.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    cues::{CHILDREN, COHORT, EVENT},
    page::Page,
    person::is_no_name,
    shape::Shape,
};

/// Who is where, or what is brought to a door: "we live at", "collect it from", "kindly lent their garage at".
static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const WHO: &str = "(?:we|they|he|she)(?:'re|'s| are| is)|i(?:'m| am)|you'll find (?:us|me)|im|were|hes|shes|theyre";
    const HOME: &str = "(?:house|home|address|garage|porch|driveway|drive|place|flat|door|doorstep|gate|garden|fence|wall|shed|front room|kitchen|conservatory|party|sleepover|playdate)";
    const BROUGHT: &str = "(?:collect|collected|collection|pick(?:ed)?|fetch|fetched|get|post|posted|send|sent|drop|dropped|deliver|delivered|delivery|deliveries|bring|leave|left (?:it|them|him|her|some|the)|hand(?:ed)?|return|returned|take|pop|popped|come|round|over|call|called|forward(?:ed)?|knock|write|viewing)";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?:{WHO})(?: all| still| now| just| only){{0,2}}(?: at| on)?|(?:lives?|lived|living|based|staying|stays?|moved|moving|resident|residents|neighbours?|family|families|burglary|break-in) (?:just )?(?:round |over |back |in |in)?(?:at|in|to|into|on|of)|(?:our|my|his|her|their|new|home|the family) (?:new )?{HOME}(?: now)?(?: is|'s| at|:| =| for [a-z ]{{3,24}} is)|(?:at|to|round) (?:ours|mine|his|hers|theirs|nan'?s|grandma'?s|his dad'?s|her dad'?s|his mum'?s|her mum'?s)[,:]?(?: at| is)?|{BROUGHT}(?: [a-z']+){{0,4}}? (?:from|to|at|round to|over to|off at|up from|in at)|home visits?[^.!?\n]{{0,50}} at|knock (?:on|at)|(?:theirs|his|hers|it|them|these|those|one|box(?:es)?|hampers?|parcels?|cards?|letters?|bags?|flowers|meals?|delivery|shopping|food) (?:(?:to|can|should|must|will|could) )?(?:go|goes|going)(?: round| over| straight)? to|the [a-z]{{3,14}}s(?:'? family)? (?:are|have|live|live at|moved|have moved|are now)(?: all| still| now)? (?:at|to|in|into)|(?:and |so |but |, |^)(?:it'?s|that'?s|thats)) $|(?-u:\b)(?:cards?|letters?|drawings?|flowers|notes?|visits?|visitors|donations?|parcels?|post|thank[- ]yous?)(?: [a-z']+){{0,8}}: $"
    ))
    .ok()
});
/// "Rose Cottage, Mill Lane, that's us now!"
static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[,.:) -]{0,3}(?:that'?s|thats|it'?s|is|this is) (?:us|ours|our|my|me|mine|where (?:we|i|they|he|she) live|his|her|their)(?-u:\b)|^,? (?:is )?where (?:(?:the|our|my|his|her) )?[a-z']+ (?:has |have |had |now )?(?:just |now |both )?(?:moved|lives?|lived|living|stays?|staying|settled|grew)(?-u:\b)").ok()
});
/// A number and a name of one to three words, of whatever kind: "19 Weaver's Hey".
pub(super) const OPEN: &str = r"(?-u:\b)(?:no\.? ?|number )?[0-9]{1,3}[a-z]?,? (?:[a-z][a-z'\x{2019}-]{1,16} ){1,2}[a-z]{3,14}(?-u:\b)";

/// What parents write of the school their children go to, which makes no public place of an address beside it.
const TALK: &[&str] = &[
    "school",
    "reception",
    "office",
    "nursery",
    "park",
    "parking",
    "centre",
    "club",
    "text us",
    "ring us",
    "call us",
    "event",
    "pool",
    "station",
    "tour",
    "pitch",
    "ground",
    "gym",
    "primary",
    "infant",
    "junior",
    "chippy",
    "garage",
    "absence line",
];

/// Offices where everybody may go.
const PUBLIC_OFFICES: &[&str] = &[
    "registry ",
    "register ",
    "post ",
    "council ",
    "box ",
    "head ",
    "ticket ",
    "estate ",
    "sorting ",
    "parish ",
    "housing ",
    "benefits ",
    "passport ",
    "tourist ",
    "law ",
    "enquiry ",
    "union ",
];

/// Whether a word of a comment only says what the talk is of.
pub(super) fn is_talk(page: &Page<'_>, cue: &Range<usize>) -> bool {
    let public = &page.text[cue.clone()] == "office"
        && PUBLIC_OFFICES
            .iter()
            .any(|office| page.text_before(cue.start, 10).ends_with(office));
    !page.context.draft && !public && TALK.contains(&&page.text[cue.clone()])
}

/// Whether a class goes out to an address.
pub(super) fn is_outing(page: &Page<'_>, sentence: &str) -> bool {
    page.context.draft
        && [
            " trip",
            " visit to",
            "visited",
            " visiting",
            "toured",
            "tour of",
            "museum",
            "exhibition",
            "performance",
            "matinee",
        ]
        .iter()
        .any(|word| sentence.contains(word))
        && !sentence.contains("home visit")
}

/// Places that are open to all, before an address.
const SHOPS: &[&str] = &[
    "office",
    "shop",
    "store",
    "café",
    "cafe",
    "church",
    "library",
    "hall",
    "pub",
    "club",
    "centre",
    "reception",
    "surgery",
    "supplier",
    "stockist",
    "uniform shop",
    "head office",
    "museum",
    "station",
];

/// Whether somebody's home is told there, by the words just before or after.
pub(super) fn is_lived_in(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let before = page.text_before(bytes.start, 70);
    let clause = before
        .rsplit(['.', '!', '?', '\n'])
        .next()
        .unwrap_or(before);
    let public = SHOPS.iter().any(|shop| clause.contains(shop));
    LEAD.iter().any(|lead| lead.is_match(clause)) && !public
        || TAIL
            .iter()
            .any(|tail| tail.is_match(page.text_after(bytes.end, 60)))
}

/// Numbers with a name in capitals where somebody is said to live.
pub(super) fn open_shapes<'p>(page: &'p Page<'_>) -> impl Iterator<Item = Range<usize>> + 'p {
    Shape::AddressOpen
        .within(page)
        .into_iter()
        .filter(|_| page.digits > 0)
        .flat_map(|shape| shape.find_iter(page.text))
        .filter_map(|shaped| capitals(page, shaped.range()))
        .filter(|bytes| {
            // "that's 6 Green Bottles"
            let counted = ["its ", "it's ", "thats ", "that's "]
                .iter()
                .any(|lead| page.text[..bytes.start].ends_with(lead));
            !counted && is_lived_in(page, bytes)
        })
}

/// The stretch up to its last word with a capital, if its name has two.
fn capitals(page: &Page<'_>, bytes: Range<usize>) -> Option<Range<usize>> {
    let start = bytes.start;
    let mut end = start;
    let mut count = 0;
    let mut at = start;
    for word in page.text[bytes].split(' ') {
        let name = word.trim_end_matches(',');
        let number = name.bytes().any(|byte| byte.is_ascii_digit())
            || matches!(name, "number" | "no" | "no.");
        if !number {
            if !page.opens_with_capital(at) {
                break;
            }
            count += 1;
            end = at + name.len();
        }
        at += word.len() + 1;
    }
    let other = page
        .cues_in(&(start..end), EVENT | COHORT | CHILDREN)
        .next()
        .is_some()
        || page.text[start..end].split(' ').any(is_no_name);
    (count >= 2 && !other).then_some(start..end)
}
