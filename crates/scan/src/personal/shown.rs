//! Codes that show themselves: what is typed where a login, a network or a lock was spoken of, whatever it is called.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Candidate, cues::DISCOUNT, kind::Kind, page::Page, shape::Shape};

/// What is opened by those who know a word or a number.
pub(super) const OPENED: &str = r"(?-u:\b)(?:log[- ]?(?:in|on)s?|logs (?:in|on)|logging (?:in|on)|logged (?:in|on)|sign(?:s|ing|ed)? in (?:to|as|with|at|for|on|using)|sign[- ]ins?|passwords?|passcodes?|pass ?phrases?|wi-?fi|hotspot|wireless|router|portal|key ?pads?|key ?code|(?:key|lock) ?(?:box|safe)|padlocks?|combination lock|(?:door|gate|entry|access|alarm|class|join|joining|meeting|parent|invite) codes?|google classroom|broadband|networks?|zoom|google meet|webinar|seesaw|class ?dojo|showbie|kahoot|booking (?:thing|site|system|page)|(?:shared|google|one) ?drive|dropbox|sharepoint|user ?names?|(?:magic|secret|pass)[ -]word|(?:lets?|gets?) (?:u|you|them|him|her|us) in)(?-u:\b)";

/// What opens by digits alone.
pub(super) const LOCK: &str = r"(?-u:\b)(?:key ?pads?|key ?code|(?:key|lock) ?(?:box|safe)|padlocks?|combination|(?:door|gate|entry|access|alarm|lock|safe|shed|locker|cupboard|barrier)(?:'s)? (?:codes?|pin|lock)|pin (?:number|code)|(?:digit|number|coded|combination|dial) lock|burglar alarm|alarm panel|buzzer|intercom|(?:the|a) (?:key ?)?(?:dial|pad|safe|little safe|lock)|bike (?:shed|lock|store)|tumblers?|(?:front|back|side|main|staff) (?:door|gate))(?-u:\b)";

/// Where digits are told one by one.
pub(super) const PRESSED: &str = r"(?-u:\b)(?:gates?|doors?|pad|safe|locks?|keypad|press|alarm|shed|dial|buzzer|intercom|padlock|barrier|cupboard)(?-u:\b)";

/// A user and a word in one breath: "log in as office_temp with Priory!Lane8", "user heronreads, and the magic word is toadstool".
pub(super) const USER_AND_WORD: &str = r#"(?-u:\b)(?:log(?:ging|s)?[ -]?(?:in|on)(?: with| as| using| is|:)+|sign(?:ing)? in(?: as| with| using)+|user(?: ?name)?(?: is|:)?|(?:put|type|enter|tap)(?: in)?|(?:log-?in|details)(?: is| are|:)) ["']?([^\s,;"']{3,30})["']?,? (?:and|with|then|&|plus|followed by|n)(?: then)?( the| your| our)?( (?:magic|secret|pass)[ -]?word| password| word| pin| code| key)?( is| of|:)? ["']?([^\s,;"']{3,30})"#;

/// "The magic word is toadstool", where somebody logs in.
pub(super) const WORD: &str = r#"(?-u:\b)(?:magic|secret|pass)[ -]word(?:'s| is| was|:) (?:now |still )?["']?([a-z0-9!-]{4,20})"#;

/// Digits one by one, as a dial is turned.
static TURNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9](?:(?:[ -]|,? then )[0-9]){3,5}|(?:zero|one|two|three|four|five|six|seven|eight|nine)(?:-(?:zero|one|two|three|four|five|six|seven|eight|nine)){3,5})(?-u:\b)").ok()
});

/// The words right before a value that give it.
const LEADS: &[&str] = &[
    "is", "its", "it's", "now", "was", "with", "use", "using", "type", "enter", "then", "as",
    "key", "word", "pass", "try", "still", "password", "passcode", "code", "pin", "user",
    "username", "login", "reads", "dial", "press", "tap", "input", "number", "been", "need",
    "needs", "put",
];

/// What a code stands right behind, after a comma.
const THINGS: &[&str] = &[
    "lock", "padlock", "safe", "box", "keypad", "door", "gate", "pad", "code", "pin", "password",
    "login",
];

/// Verbs before "in" and "to" that give what follows.
const TYPING: &[&str] = &[
    "type", "put", "key", "tap", "punch", "enter", "pop", "changed", "changes", "switched", "set",
    "turn", "turned", "it", "reset", "updated", "goes", "went",
];

/// Letters before a figure that count something or name a product.
const COUNTED: &[&str] = &[
    "year",
    "years",
    "yr",
    "class",
    "form",
    "room",
    "level",
    "stage",
    "phase",
    "week",
    "term",
    "day",
    "covid",
    "top",
    "group",
    "set",
    "team",
    "unit",
    "page",
    "part",
    "windows",
    "office",
    "microsoft",
    "block",
    "building",
    "floor",
    "zone",
    "version",
    "office-",
    "under",
    "over",
    "mid",
    "pre",
    "post",
    "half",
    "quarter",
    "step",
    "lesson",
    "chapter",
    "section",
    "table",
    "game",
    "round",
    "route",
    "bus",
    "ipad",
    "iphone",
    "firmware",
    "android",
    "formula",
    "web",
    "channel",
    "radio",
    "key-stage",
    "keystage",
];

/// How far a user's name and the word that goes with it stand apart at most.
const BESIDE: usize = 25;

/// What is measured or counted.
const UNITS: &[&str] = &[
    "mins", "hours", "days", "weeks", "months", "years", "words", "metres", "miles", "pence",
    "litres", "grams", "pages", "pupils", "children", "people", "places", "points", "laps",
    "steps",
];

/// Adds the codes that stand where something is opened.
pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let opened: Vec<usize> = places(page, Shape::Opened);
    let locks = places(page, Shape::Lock);
    turned(page, found);
    if opened.is_empty() && locks.is_empty() {
        return;
    }
    for captures in Shape::UserAndWord
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(user), Some(word)) = (captures.get(1), captures.get(5)) else {
            continue;
        };
        let called = captures.get(3).is_some() && captures.get(4).is_some();
        let bytes = user.start()..word.start() + closed(word.as_str()).len();
        let plain = [user.as_str(), closed(word.as_str())]
            .iter()
            .any(|part| super::credential::TALK.contains(part));
        let coded = is_code(user.as_str()) || is_code(closed(word.as_str()));
        if (called || coded) && !plain && is_told(page, &opened, user.start()) {
            offer(page, bytes, 0.97, found);
        }
    }
    for captures in Shape::MagicWord
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(whole), Some(word)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let mut near = told_near(page, &opened, word.start()).iter();
        let elsewhere = near.any(|at| !whole.range().contains(at));
        let polite = matches!(word.as_str(), "please" | "thank" | "abracadabra")
            || super::credential::TALK.contains(&word.as_str());
        if elsewhere && !polite {
            offer(page, word.range(), 0.75, found);
        }
    }
    let mut before = (0..0, "");
    let mut next = 0;
    for word in page.text.split([' ', '\n']) {
        let at = next;
        next += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        let start = at + (word.len() - word.trim_start_matches(['"', '\'']).len());
        let value = closed(&page.text[start..at + word.len()]);
        let bytes = start..start + value.len();
        if value.len() > 3 && is_led(page, &before) {
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            let plain = !value.bytes().any(|byte| byte.is_ascii_digit());
            let named = plain && page.named_in(&bytes).next().is_some();
            if !digits && !named && is_code(value) && is_told(page, &opened, at) {
                offer(page, bytes.clone(), 0.75, found);
            } else if digits
                && is_number(value)
                && !goes_on(page, bytes.end)
                && is_told(page, &locks, at)
            {
                offer(page, bytes.clone(), 0.7, found);
            }
        }
        before = (at..at + word.len(), word);
    }
}

/// A code told digit by digit: "press 6 then 2 then 0 then 9", "its 2 4 6 8 on the pad".
fn turned(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let pressed = places(page, Shape::Pressed);
    if pressed.is_empty() {
        return;
    }
    for turned in TURNED.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let words = turned.as_str();
        let counted = words.starts_with("1 2 3") || words.starts_with("one-two-three");
        if !counted && is_told(page, &pressed, turned.start()) {
            offer(page, turned.range(), 0.7, found);
        }
    }
}

fn places(page: &Page<'_>, shape: Shape) -> Vec<usize> {
    let found = shape.within(page).into_iter();
    found
        .flat_map(|shape| shape.find_iter(page.text))
        .filter(|place| !is_out_of_danger(page, &place.range()))
        .map(|place| place.start())
        .collect()
}

fn offer(page: &Page<'_>, bytes: Range<usize>, confidence: f32, found: &mut Vec<Candidate>) {
    if page.near(&bytes, DISCOUNT, 40, 28) {
        return;
    }
    let beside = found.iter_mut().find(|told| {
        told.kind == Kind::Credential
            && told.bytes.start <= bytes.end + BESIDE
            && bytes.start <= told.bytes.end + BESIDE
    });
    if let Some(told) = beside {
        told.bytes = told.bytes.start.min(bytes.start)..told.bytes.end.max(bytes.end);
        told.confidence = told.confidence.max(confidence);
    } else {
        found.push(Candidate::new(Kind::Credential, bytes, confidence));
    }
}

/// Without the signs that close a sentence.
fn closed(value: &str) -> &str {
    value.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\''])
}

/// Whether one of the places lies in the same sentence as a value or in the one before.
fn is_told(page: &Page<'_>, places: &[usize], at: usize) -> bool {
    !told_near(page, places, at).is_empty()
}

/// Those of the places, in order, that lie in the sentence of a value or in the one before.
fn told_near<'p>(page: &Page<'_>, places: &'p [usize], at: usize) -> &'p [usize] {
    let sentence = page.sentence_of(at);
    let before = page.sentence_before(&sentence);
    let first = places.partition_point(|place| *place < before.start);
    let end = places.partition_point(|place| *place < sentence.end);
    places.get(first..end).unwrap_or_default()
}

/// Whether the word before a value gives it.
fn is_led(page: &Page<'_>, before: &(Range<usize>, &str)) -> bool {
    let (bytes, word) = before;
    let thing = word.strip_suffix(',');
    if word.ends_with([':', '=']) || thing.is_some_and(|thing| THINGS.contains(&thing)) {
        return true;
    }
    if matches!(*word, "in" | "to") {
        let earlier = page.text_before(bytes.start, 24).trim_end();
        let earlier = earlier.rsplit([' ', '\n']).next().unwrap_or_default();
        return TYPING.contains(&earlier);
    }
    LEADS.contains(word)
}

/// Four to six digits that are no year.
fn is_number(value: &str) -> bool {
    (4..=6).contains(&value.len())
        && !(value.len() == 4 && (value.starts_with("19") || value.starts_with("20")))
}

/// "0808 2000 247": more groups of digits follow, as they do in a telephone number.
fn goes_on(page: &Page<'_>, end: usize) -> bool {
    let after = page.text_after(end, 5);
    after.strip_prefix([' ', '-']).is_some_and(|rest| {
        rest.len() > 2 && rest.bytes().take(3).all(|byte| byte.is_ascii_digit())
    })
}

/// "A safe place", "a safe pair of hands": no box with a lock.
fn is_out_of_danger(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    const SAFE: &[&str] = &[
        "place",
        "places",
        "space",
        "spaces",
        "home",
        "environment",
        "way",
        "pair",
        "bet",
        "adult",
        "grown",
        "haven",
        "route",
        "distance",
        "and",
        "journey",
        "person",
        "word",
        "room",
        "area",
        "spot",
        "trip",
        "crossing",
        "return",
        "school",
        "world",
        "start",
        "half",
        "summer",
        "christmas",
        "weekend",
        "landing",
        "hands",
        "drive",
        "walk",
    ];
    let next = page.text_after(bytes.end, 14).trim_start();
    let next = next
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    page.text[bytes.clone()].ends_with(" safe") && SAFE.contains(&next)
}

/// Letters and figures in one, or words joined by signs, as nobody writes them but in codes.
fn is_code(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let elsewhere = value.starts_with(['@', '#', '£', '$'])
        || value.contains("//")
        || [
            ".co", ".uk", ".org", ".net", "www.", ".example", ".pdf", ".gov",
        ]
        .iter()
        .any(|host| value.contains(host));
    let signs = |c: char| matches!(c, '!' | '$' | '%' | '*' | '&' | '#' | '_' | '+' | '^');
    if elsewhere || value.len() < 5 || letters < 2 || !value.is_ascii() {
        return false;
    }
    if value.contains(['-', '.', '/', ':', '\'', '@', ',']) {
        return is_joined(value);
    }
    if value.trim_matches(signs).contains(signs) {
        return letters > 3 && (digits > 0 || value.contains('_') || value.contains('!'));
    }
    digits > 0 && !is_counted(value) && !is_place_or_car(value)
}

/// Whether a word with a figure at its end counts something or names a product: "year6", "office365".
pub(super) fn is_counted(value: &str) -> bool {
    let word = value.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let measured = unit.bytes().all(|byte| byte.is_ascii_alphabetic())
        && unit.len() < value.len()
        && (unit.len() < 4 || UNITS.contains(&unit));
    measured
        || COUNTED.contains(&word)
        || word
            .strip_suffix('s')
            .is_some_and(|one| COUNTED.contains(&one))
}

/// "lemon.curd.44", "marmalade-otter-9": words joined, a figure last.
fn is_joined(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '.']).collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    let words = &parts[..parts.len() - 1];
    let word = |part: &&str| part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    parts.len() > 1
        && words.iter().all(word)
        && !COUNTED.contains(first)
        && last.len() < 5
        && last.bytes().any(|byte| byte.is_ascii_digit())
        && last
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'!')
}

/// "m146pp", "ab51cde": a place or a car.
fn is_place_or_car(value: &str) -> bool {
    static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:[a-z]{1,2}[0-9]{1,2}[a-z]?[0-9][a-z]{2}|[a-z]{2}[0-9]{2}[a-z]{3})$").ok()
    });
    PLACE.iter().any(|place| place.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_what_is_counted() {
        for code in [
            "c1947y",
            "7xk2pqa",
            "marmalade-otter-9",
            "lemon.curd.44",
            "priory!lane8",
            "office_temp",
            "autumn26",
            "wren2026",
        ] {
            assert!(is_code(code), "{code}");
        }
        for plain in [
            "year6",
            "covid-19",
            "11-year-old",
            "office365",
            "10.30am",
            "25metres",
            "m146pp",
            "school.example",
            "under-11s",
            "parents",
            "a-level",
            "5ghz",
            "8.45am",
            "ks2-3",
        ] {
            assert!(!is_code(plain), "{plain}");
        }
    }
}
