//! Codes told by what happens to them: what a lock is fed, what is pressed between a star and a hash, a user and a word on
//! both sides of a stroke, and letters and digits so mixed that they can be nothing but a code.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{DISCOUNT, GOODS, PHONE, PLATE, VEHICLE},
    kind::Kind,
    opened::is_elsewhere,
    page::Page,
    postcode::is_area,
    shape::Shape,
    shown::is_counted,
};

/// What a number opens.
static LOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:alarms?|gates?|doors?|pad|keypad|locks?|padlock|lock ?box|key ?(?:box|safe)|safe|shed|barrier|shutters?|store|garage|cupboard|intercom|buzzer|entrance|fob|panel|bell|bin store|trolley|locker|hut|pavilion|boiler house|box|wheels|dials?|tumblers|keys)(?-u:\b)").ok()
});

/// What is unlocked by its figures, and has no lock that anybody sees.
static DEVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:tablets?|i ?pads?|laptops?|chromebooks?|phones?|mobile|handset|computers?|pcs?|screens?|whiteboards?|kindles?|tills?)(?-u:\b)").ok()
});

/// What a lock is given, in verbs that need no word for a code.
pub(super) const FED: &str = r"(?-u:\b)(?:(?:feed|fed|give|given|tell|told|show|tickle|tap) (?:it|her|him|the (?:[a-z]+ )?(?:box|pad|panel|alarm|door|machine|keypad|safe|lock|gate))(?: the number| the code| with)?|(?:set|setting|turned|turning|lining up|wound|spun) (?:it |them )?(?:to|at|on)|(?:opens|unlocks|open|unlock|works|disarms|resets?) (?:it )?(?:with|on|to)|(?:wants|likes|needs|takes|asks for|expects|answers to|responds to|still|obeys|(?:is|been|was) (?:changed|reset|set|switched|altered|moved) to|changed to|now set to|pad is now|pad is|lock is|safe is|gate is|door is|door's|gate's|pad's|lock's)(?: now| still| only| just)?|(?:press|hit|tap|select|choose|turn|spin)(?: the)? [a-z]{2,8},? (?:and )?then|(?:remember|its|it's)) (#?[a-z]?[0-9]{4,6}[a-z]?|[a-z][0-9]{3,5}|[0-9](?:[ -][0-9]){3,5})(?:[.,;:!?)\n]| (?:and|then|or|to|so|but|&|plus|followed|hash|star|if|when|before|first|for the (?:door|gate))(?-u:\b)|$| ?x+$)";

/// A number between the signs of a keypad: "star four one seven hash".
pub(super) static SIGNED: LazyLock<String> = LazyLock::new(|| {
    const UNIT: &str = "(?:(?:double|triple|treble) )?(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|[0-9]{1,6})";
    const SIGN: &str = "(?:star|hash|asterisk|pound sign|tick|hashtag)";
    format!(
        r"(?-u:\b){SIGN},? (?:and )?(?:then )?{UNIT}(?:[ ,-]{{1,2}}{UNIT}){{0,5}}(?:,? (?:and )?(?:then )?(?:the )?{SIGN})?(?-u:\b)|(?-u:\b){UNIT}(?:[ ,-]{{1,2}}{UNIT}){{0,5}},? (?:and )?(?:then )?(?:the )?(?:{SIGN}|(?:green|enter|bell|key) (?:button|key))(?-u:\b)"
    )
});

/// A user's name and a word, with a stroke between.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)([a-z0-9][a-z0-9._@-]{3,24})(?: ?/ ?| \| )([a-z0-9][a-z0-9._!?$&*@-]{3,24})",
    )
    .ok()
});

/// A network that a name and a key are for.
static NETWORK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:wi-?fi|wlan|network|router|hotspot)(?-u:\b)").ok());

/// "Everybody uses merlin5class and the word Excalibur!5".
pub(super) const USED: &str = r"(?-u:\b)(?:uses?|using|is|as|with|name|user|type|enter|put) ([a-z0-9][a-z0-9._-]{3,24}),? (?:and|then|with|plus) (?:the |then )?(?:pass)?(?:word|pin|key|code) (?:is )?([a-z0-9][a-z0-9._!?$&*@-]{3,24})";

/// Where somebody logs in.
static LOGIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:log(?:ins?|[- ]?(?:in|on)s?|ging in|ged in)|sign(?:ing|ed)?[- ]in|sites?|app|account|users?|user ?names?|passwords?|details|portal|platform|online|website|(?:use|borrow|share|try) (?:ours|mine|my|his|her|this|these|everybody's|the class)|purple ?mash|sumdog|mathletics|numbots|rock ?stars|ttrs|oxford owl|seesaw|tapestry|class ?dojo|reading (?:eggs|cloud|planet)|bug club|spelling (?:shed|frame)|my ?maths|doodle|nessy|lexia|teams|zoom|chromebooks?|laptops?|ipads?|tablets?|computers?|wi-?fi|homework|times ?tables?)(?-u:\b)").ok()
});

/// Where a code lets somebody into a class, a meeting, a network or a building.
static JOINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:google classroom|classroom|class code|join(?:ing)?|(?:tap|press|hit|click) (?:the )?(?:plus|join|\+)|kahoot|blooket|seesaw|class ?dojo|showbie|nearpod|padlet|edpuzzle|google meet|log[- ]?(?:in|on)|passwords?|passcodes?|wi-?fi|the code|code is|(?:gate|door|entry|access) code|(?:side|back|front|main|nursery|office|staff ?room|hall) (?:door|gate)|door|keypad|key ?pad|door pad|pad|padlock|key ?(?:safe|box))(?-u:\b)").ok()
});

/// Words right before a code that give it.
const GIVING: &[&str] = &[
    "is", "its", "it's", "now", "put", "type", "enter", "add", "use", "code", "then", "with", "as",
    "try", "key", "tap", "lol", "in", "press", "word", "password", "passcode", "still", "was",
    "be", "to", "says", "say",
];

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits >= 4 {
        fed(page, found);
    }
    if Shape::Signed.may_match(page)
        && ["star", "hash", "tick", "asterisk", "button", " key"]
            .iter()
            .any(|sign| page.says(sign))
    {
        signed(page, found);
    }
    if page.digits > 0 && (page.writes(b'/') || page.writes(b'|')) || page.text.contains(" / ") {
        pairs(page, found);
    }
    if page.digits >= 4 && (page.writes(b'#') || page.writes(b'*')) {
        hashed(page, found);
    }
    if page.digits > 0 {
        used(page, found);
        mixed(page, found);
    }
}

/// Adds a code, unless it opens something in a story or a lesson.
fn offer(page: &Page<'_>, bytes: Range<usize>, found: &mut Vec<Candidate>) {
    if !is_elsewhere(page, &bytes) {
        give(page, bytes, found);
    }
}

/// Adds a code that nobody knows already.
fn give(page: &Page<'_>, bytes: Range<usize>, found: &mut Vec<Candidate>) {
    let told = found
        .iter()
        .any(|told| told.kind == Kind::Credential && told.overlaps(&bytes));
    if !told && !page.near(&bytes, DISCOUNT, 40, 28) {
        found.push(Candidate::new(Kind::Credential, bytes, 0.72));
    }
}

/// Whether words of a kind stand in the sentence before a place or in the one before that.
fn is_told_before(page: &Page<'_>, shape: &LazyLock<Option<Regex>>, at: usize) -> bool {
    let sentence = page.sentence_of(at);
    let before = page.text_before(sentence.start, 90);
    let words = &page.text[sentence.start - before.len()..at];
    shape.iter().any(|shape| shape.is_match(words))
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

fn fed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::Fed
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(whole), Some(number)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let lead = &page.text[whole.start()..number.start()];
        let opens =
            lead.starts_with("open") || lead.starts_with("unlock") || lead.contains("set to");
        let sure = !is_year(number.as_str()) || opens;
        let phone = page.near(&number.range(), PHONE | VEHICLE | PLATE, 40, 20);
        let device = lead.starts_with("unlock") && is_told_before(page, &DEVICE, number.start());
        if device || sure && !phone && is_told_before(page, &LOCK, number.start()) {
            offer(page, number.range(), found);
        }
    }
}

fn signed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in Shape::Signed
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let digits: usize = shaped
            .as_str()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .map(|word| match word {
                "zero" | "oh" | "nought" | "one" | "two" | "three" | "four" | "five" | "six"
                | "seven" | "eight" | "nine" => 1,
                "double" | "and" | "then" | "the" => 0,
                "triple" | "treble" => 1,
                number if number.bytes().all(|byte| byte.is_ascii_digit()) => number.len(),
                _ => 0,
            })
            .sum();
        if (3..=8).contains(&digits) && is_told_before(page, &LOCK, shaped.start()) {
            offer(page, shaped.range(), found);
        }
    }
}

/// "Autumn2", "band7": one figure behind a word of the school's year or its books.
pub(super) fn is_counted_or_dated(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "autumn", "spring", "summer", "winter", "band", "book", "red", "blue", "green",
    ];
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    is_counted(word)
        || word.len() - letters.len() == 1 && WORDS.iter().any(|known| letters.starts_with(known))
}

/// Letters and digits in one word, or words joined by dots with capitals: "Biscuits2017", "Jump.Frog.Jump".
fn is_secret(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let word = &page.text[bytes.clone()];
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let host = [".com", ".uk", ".org", ".net", ".example", ".co", ".pdf"]
        .iter()
        .any(|end| word.contains(end));
    let joined = word.matches(['.', '_', '-']).count() >= 2
        && page
            .written(bytes.clone())
            .chars()
            .filter(|c| c.is_uppercase())
            .count()
            >= 2;
    !host
        && letters >= 3
        && (digits > 0 && !is_counted_or_dated(word)
            || joined
            || word.contains(['!', '$', '&', '*']) && letters > 3)
}

/// "Use 4471# on the keypad": a number with the sign that closes it.
fn hashed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    static HASHED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z]?[0-9]{4,6}[a-z]?[#*](?:[\s.,;)]|$)").ok());
    for shaped in HASHED.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let code = shaped
            .as_str()
            .trim_end_matches(|c: char| !matches!(c, '#' | '*'));
        let bytes = shaped.start()..shaped.start() + code.len();
        let after = page.text_after(bytes.end, 40);
        let opens = is_told_before(page, &LOCK, bytes.start)
            || LOCK.iter().any(|lock| lock.is_match(after));
        if opens {
            offer(page, bytes, found);
        }
    }
}

fn pairs(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in PAIR.iter().flat_map(|shape| shape.captures_iter(page.text)) {
        let (Some(whole), Some(user), Some(word)) =
            (captures.get(0), captures.get(1), captures.get(2))
        else {
            continue;
        };
        let end = word.start() + word.as_str().trim_end_matches(['.', '!', '?', '-']).len();
        let key = word.start()..end;
        let capitals = page.in_capitals(user.range()) && page.in_capitals(word.range());
        let further = page
            .text_after(whole.end(), 3)
            .trim_start()
            .starts_with('/')
            || page.text_before(whole.start(), 3).trim_end().ends_with('/');
        // the name of a network need not look like a code
        let secret = is_secret(page, &key)
            && (is_secret(page, &user.range()) || is_told_before(page, &NETWORK, whole.start()));
        if secret
            && !capitals
            && !further
            && !page.in_link(&whole.range())
            && is_told_before(page, &LOGIN, whole.start())
        {
            give(page, whole.start()..end, found);
        }
    }
}

fn used(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::KeyedUsed
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(user), Some(word)) = (captures.get(1), captures.get(2)) else {
            continue;
        };
        let end = word.start() + word.as_str().trim_end_matches(['.', '!', '?', '-']).len();
        let secret = is_secret(page, &user.range()) || is_secret(page, &(word.start()..end));
        if secret && is_told_before(page, &LOGIN, user.start()) {
            give(page, user.start()..end, found);
        }
    }
}

/// How often letters and digits take turns in a word.
fn turns(word: &str) -> usize {
    let signs = word.as_bytes();
    signs
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count()
}

/// Whether letters and digits take turns as they do in a plate, a postcode or a measure.
fn is_other_code(word: &str) -> bool {
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:[a-z]{2}[0-9]{2}[a-z]{3}|[a-z][0-9]{1,3}[a-z]{3}|[0-9]+x[0-9]+[a-z]*|[0-9]+[a-z]{1,2}[0-9]+[a-z]{1,2}|[0-9]+(?:st|nd|rd|th|am|pm|to|v|vs|and)[0-9a-z]*|(?:ks|y|yr|year|p|s)[0-9].*|[a-z]+[0-9]+s)$").ok()
    });
    let letters = word.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let coded_as_a_place = || {
        static PLACE: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^[a-z]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2}$").ok());
        is_area(&word[..letters].to_uppercase()) && PLACE.iter().any(|place| place.is_match(word))
    };
    OTHER.iter().any(|other| other.is_match(word)) || coded_as_a_place()
}

fn mixed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let mut before = "";
    let mut next = 0;
    for word in page.text.split([' ', '\n']) {
        let at = next;
        next += word.len() + 1;
        let code = word
            .trim_start_matches(['"', '\'', '('])
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
        let start = at + (word.len() - word.trim_start_matches(['"', '\'', '(']).len());
        let bytes = start..start + code.len();
        let coded = (6..=9).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && turns(code) >= 2
            && code.bytes().filter(u8::is_ascii_alphabetic).count() >= 2
            && !is_other_code(code);
        if coded {
            let given =
                before.ends_with([':', '=']) || GIVING.contains(&before.trim_end_matches(','));
            if given
                && is_told_before(page, &JOINED, start)
                && !page.near(&bytes, VEHICLE | PLATE | GOODS, 40, 20)
            {
                offer(page, bytes, found);
            }
        }
        before = if word.is_empty() { before } else { word };
    }
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    fn codes(text: &str) -> Vec<String> {
        told("credential", text)
    }

    #[test]
    fn codes_are_known_by_what_is_done_with_them() {
        for (text, told) in [
            (
                "First one in: the alarm box beeps at you till you feed it 7741, then put the urn on.",
                "7741",
            ),
            (
                "gates been reset, its star four one seven hash",
                "star four one seven hash",
            ),
            ("The bin store opens with X5512.", "X5512"),
            ("Bell panel: press Menu, then 9021, then OK.", "9021"),
            (
                "Google Classroom for tomorrow: tap plus, put xk7q2vb.",
                "xk7q2vb",
            ),
            ("The door pad is now C2580Y.", "C2580Y"),
            (
                "for the reading site just use ours, heronmum4 / Biscuits2017",
                "heronmum4 / Biscuits2017",
            ),
            (
                "Purple Mash tonight please. stfinch2 / Jump.Frog.Jump",
                "stfinch2 / Jump.Frog.Jump",
            ),
        ] {
            assert!(
                codes(text).iter().any(|code| code == told),
                "{text}: {:?}",
                codes(text)
            );
        }
    }

    #[test]
    fn numbers_that_open_nothing_stay_clean() {
        for text in [
            "The gate opens at 0845, and the door is on the latch.",
            "The barrier is now 1200 mm wide.",
            "Gold star one, two, three and a hash brown for breakfast.",
            "Read Level2b / Band7red tonight.",
            "Homework site: see Year5 / Autumn2 for the sheets.",
            "The door went to AB51CDE, a van on the verge.",
            "The classroom is now 20m2 bigger and 4x100m was won.",
        ] {
            assert!(codes(text).is_empty(), "{text}: {:?}", codes(text));
        }
    }
}
