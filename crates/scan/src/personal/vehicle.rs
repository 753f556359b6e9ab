//! Number plates (DOMAIN 2.10): the current form by itself, older forms with the words that go with them.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{GOODS, HOME, IDENT, PLATE, VEHICLE},
    kind::Kind,
    page::Page,
    shape::Shape,
};

pub(super) const CURRENT: &str = r"(?-u:\b)[a-hj-pr-y][ -]?[a-hj-pr-y][ -]?([0-9][ -]?[0-9])[ -]{0,2}[a-hj-pr-z][ -]?[a-hj-pr-z][ -]?[a-hj-pr-z](?-u:\b)";
pub(super) const OLDER: &str = r"(?-u:\b)(?:[a-hj-npr-y] ?[0-9]{1,3}[ -]?[a-hj-pr-z]{3}|[a-hj-pr-z]{3} ?[0-9]{1,3} ?[a-hj-npr-y]|[a-z]{3} ?[0-9]{3,4}|q[0-9]{1,3} ?[a-z]{3})(?-u:\b)";
pub(super) const DATELESS: &str =
    r"(?-u:\b)(?:[0-9]{1,4} [a-z]{1,3}|[a-z]{1,3} [0-9]{1,4})(?-u:\b)";

/// "LS 21 whiskey yankee tango": the last letters told in words.
pub(super) static RADIO: LazyLock<String> = LazyLock::new(|| {
    const W: &str = "(?:alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|juliett|kilo|lima|mike|november|oscar|papa|romeo|sierra|tango|uniform|victor|whiskey|whisky|x-?ray|yankee|zulu)";
    const N: &str = "(?:[0-9]|oh|zero|nought|one|two|three|four|five|six|seven|eight|nine)";
    const TEN: &str = "(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|fifty|sixty|seventy)";
    format!(
        r"(?-u:\b)(?:[a-y] ?[a-y]|{W} {W}),? ?(?:[0-9]{{2}}|{N}[ -]{N}|{TEN}(?:[ -]{N})?),? {W},? {W},? {W}(?-u:\b)"
    )
});

/// What somebody chose to have on a plate.
static OWN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[a-z0-9]{1,4} ?[a-z0-9]{3}(?-u:\b)").ok());
/// "R thirty-one, P E W": letters one by one and a number in words or figures.
pub(super) static SPOKEN: LazyLock<String> = LazyLock::new(|| {
    const TEN: &str = "(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|[0-9]{1,3}|[0-9] [0-9]|(?:oh|zero) (?:one|two|three|four|five|six|seven|eight|nine|[0-9]))";
    format!(r"(?-u:\b)(?:[a-y] )?[a-y],? {TEN},? [a-z],? [a-z],? [a-z](?-u:\b)")
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::PlateCurrent
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(shaped), Some(age)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let letters: String = age.as_str().chars().filter(char::is_ascii_digit).collect();
        let age = letters.parse().unwrap_or(0u8);
        if !is_even(shaped.as_str()) {
            continue;
        }
        if (matches!(age, 2..=29 | 51..=79))
            && let Some(confidence) = current(page, &shaped.range())
        {
            found.push(Candidate::new(
                Kind::VehicleRegistration,
                shaped.range(),
                confidence,
            ));
        }
    }
    for shaped in Shape::PlateRadio
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        found.push(Candidate::new(
            Kind::VehicleRegistration,
            shaped.range(),
            0.85,
        ));
    }
    if !page.has(VEHICLE | PLATE) {
        return;
    }
    for shaped in Shape::PlateOlder
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let bytes = shaped.range();
        let close = page.near(&bytes, PLATE, 24, 16);
        let near = page.near(&bytes, VEHICLE, 32, 24) && page.in_capitals(bytes.clone());
        let reference = page.near(&bytes, IDENT, 12, 0) && !close;
        // "old green land rover by the top field since Saturday, P482 NHK"
        let plain = shaped.as_str().bytes().filter(u8::is_ascii_digit).count() >= 2
            && shaped.as_str().contains(' ')
            && shaped.len() >= 7;
        let told = plain
            && page.in_capitals(bytes.clone())
            && page
                .cues_in(&page.sentence_of(bytes.start), VEHICLE)
                .next()
                .is_some()
            && !page.near(&bytes, GOODS | IDENT, 40, 20);
        if (close || near || told) && !reference && !is_school_code(shaped.as_str()) {
            let confidence = if close { 0.85 } else { 0.65 };
            found.push(Candidate::new(Kind::VehicleRegistration, bytes, confidence));
        }
    }
    let chosen = page.digits > 0
        && ["plate", "private reg", "cherished"]
            .iter()
            .any(|word| page.says(word));
    for shaped in OWN
        .iter()
        .filter(|_| chosen)
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let mixed = shaped.as_str().bytes().any(|byte| byte.is_ascii_digit());
        let bytes = shaped.range();
        let told = || {
            [
                "personal plate",
                "private plate",
                "personalised plate",
                "private reg",
                "cherished",
            ]
            .iter()
            .any(|told| page.text_before(bytes.start, 60).contains(told))
        };
        if mixed && told() && page.in_capitals(bytes.clone()) && !is_school_code(shaped.as_str()) {
            found.push(Candidate::new(Kind::VehicleRegistration, bytes, 0.7));
        }
    }
    for shaped in Shape::PlateSpoken
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let capitals =
            page.opens_with_capital(shaped.start()) && page.opens_with_capital(shaped.end() - 1);
        if !capitals && !page.near(&shaped.range(), PLATE, 24, 0) {
            continue;
        }
        found.push(Candidate::new(
            Kind::VehicleRegistration,
            shaped.range(),
            0.7,
        ));
    }
    for shaped in Shape::PlateDateless
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let bytes = shaped.range();
        let before = page.text_before(bytes.start, 14);
        let named = ["reg ", "reg: ", "plate ", "plate: ", "reg is ", "plate is "]
            .iter()
            .any(|named| before.ends_with(named));
        if named && page.in_capitals(bytes.clone()) {
            found.push(Candidate::new(Kind::VehicleRegistration, bytes, 0.7));
        }
    }
}

fn current(page: &Page<'_>, bytes: &Range<usize>) -> Option<f32> {
    let named = page.near(bytes, VEHICLE | PLATE, 45, 40);
    let upper = page.in_capitals(bytes.clone());
    if page.near(bytes, IDENT, 16, 0) && !named {
        return None;
    }
    let room = [
        "room ", "class ", "unit ", "ref ", "bay ", "slot ", "part ", "item ", "model ",
    ]
    .iter()
    .any(|room| page.text_before(bytes.start, 6).ends_with(room));
    let example = [
        "plate like ",
        "plates like ",
        "such as ",
        "e.g. ",
        "example ",
        "for example, ",
    ]
    .iter()
    .any(|lead| page.text_before(bytes.start, 14).ends_with(lead));
    if room || example || !named && is_shop_code(page, bytes) {
        return None;
    }
    let spaced = page.text[bytes.clone()].contains([' ', '-']);
    if !upper && spaced && is_of_words(&page.text[bytes.clone()]) {
        return None;
    }
    let beside = spaced && page.near(bytes, VEHICLE, 14, 0);
    if page.near(bytes, GOODS, 60, 40) && !page.near(bytes, PLATE, 24, 16) && !beside {
        return None;
    }
    match (named, upper) {
        (true, _) => Some(0.95),
        (false, true) if spaced => Some(0.75),
        (false, true) => Some(0.6),
        (false, false) if spaced && page.has(VEHICLE) => Some(0.6),
        (false, false) if page.near(bytes, HOME, 40, 20) => Some(0.5),
        (false, false) => None,
    }
}

/// "HG26 BLU in small, HG26 BLK in medium": a colour or size at the end, or several codes with one beginning.
fn is_shop_code(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    const COLOURS: &[&str] = &[
        "blu", "blk", "red", "grn", "nvy", "wht", "pnk", "yel", "ylw", "gry", "brn", "prp", "gld",
        "slv", "sml", "med", "lrg", "xxl", "kid", "set", "tee",
    ];
    let code = &page.text[bytes.clone()];
    let series = code.get(..4).is_some_and(|head| {
        head.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && page.text.matches(head).count() > 1
            && page.text.matches(code).count() == 1
    });
    let ordered = ["code", "order", "item", "catalogue", "part no", "style"]
        .iter()
        .any(|word| page.text_before(bytes.start, 50).contains(word));
    COLOURS.iter().any(|colour| code.ends_with(colour))
        || series && ordered
        || ordered && page.context.draft
}

/// "I am 12 and can": words around a number.
fn is_of_words(shape: &str) -> bool {
    let first = shape.split([' ', '-']).next().unwrap_or_default();
    let last = shape.rsplit([' ', '-']).next().unwrap_or_default();
    let little = [
        "am", "at", "as", "by", "be", "do", "go", "he", "we", "me", "my", "no", "up", "so", "to",
        "us", "an", "pm",
    ];
    let after = [
        "and", "but", "the", "for", "can", "has", "was", "her", "per", "pcs", "yrs", "day", "am",
        "are", "who", "now", "she", "he", "by", "but", "they", "then", "pm", "new", "old", "men",
        "boys", "kgs",
    ];
    little.contains(&first) || after.contains(&last)
}

/// Whether the signs are written together in two groups, or each by itself (`L-T-1-9 K-X-P`).
fn is_even(shape: &str) -> bool {
    let groups: Vec<usize> = shape
        .split([' ', '-'])
        .filter(|part| !part.is_empty())
        .map(str::len)
        .collect();
    matches!(*groups.as_slice(), [7] | [4, 3] | [2, 2, 3])
        || groups.iter().all(|length| *length == 1)
}

/// Key stages, years, rooms and the like are written as plates are.
fn is_school_code(shape: &str) -> bool {
    let school = [
        "sat", "sats", "year", "ks", "mat", "age", "rm ", "red", "blu", "bus",
    ];
    let opens_with_time = ["am", "pm"].iter().any(|end| shape.ends_with(end));
    opens_with_time
        || school
            .iter()
            .any(|word| shape.ends_with(word) || shape.starts_with(word))
        || [
            "the", "and", "for", "has", "was", "her", "his", "are", "but", "may", "jun", "jul",
            "aug", "sep", "oct", "nov", "dec", "jan", "feb", "mar", "apr", "top", "tel", "ext",
            "bmw", "age", "row", "use",
        ]
        .iter()
        .any(|word| {
            shape
                .split(|c: char| !c.is_ascii_alphabetic())
                .any(|part| part == *word)
        })
}
