//! UK postcodes (DOMAIN 2.5): shape by pattern, area by list, private or public by the words around.

use std::{ops::Range, sync::LazyLock};

use super::{
    Candidate,
    address::names_a_street,
    cues::{DIGITWORD, GOODS, HOME, IDENT, ORG, PASSWORD, PHONE, PRIVATE, STREET, VENUE},
    kind::Kind,
    lived::{is_outing, is_talk},
    page::Page,
    person::is_given_name,
};
use regex::Regex;

/// The postcode areas in use (DOMAIN appendix C), with the Crown dependencies and BFPO.
const AREAS: &[&str] = &[
    "AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB",
    "CF", "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT",
    "DY", "E", "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP",
    "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD",
    "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW",
    "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK",
    "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR",
    "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
];

/// Whether these capitals are a postcode area.
pub(super) fn is_area(letters: &str) -> bool {
    AREAS.contains(&letters)
}

static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)([a-pr-uwyz](?:[0-9]{1,2}|[0-9][a-hjkpstuw]|[a-hk-y][0-9]{1,2}|[a-hk-y][0-9][abehmnprvwxy]))([\s-]{0,2})([0-9][a-z]{2})(?-u:\b)").ok()
});

/// Letters that no real postcode has in its second half, so that they are not misread.
const UNUSED: [char; 6] = ['c', 'i', 'k', 'm', 'o', 'v'];

/// Whether what is written like a postcode stands right behind an address, where a slip of the pen makes it no other thing.
fn is_behind_an_address(page: &Page<'_>, bytes: &Range<usize>, found: &[Candidate]) -> bool {
    let street = page.near(bytes, STREET | HOME, 24, 0);
    let listed = found.last().is_some_and(|last| {
        last.kind == Kind::Address && (last.bytes.end..last.bytes.end + 24).contains(&bytes.start)
    });
    let housed = page.text_before(bytes.start, 3).ends_with(", ")
        && ["house, ", "court, ", "lodge, ", "cottage, ", "farm, "]
            .iter()
            .any(|house| page.text_before(bytes.start, 12).ends_with(house));
    page.in_capitals(bytes.clone())
        && page.text[bytes.clone()].contains(' ')
        && (street || listed || housed)
}

/// A postcode broken up sign by sign, or told in words.
static BROKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const N: &str = "(?:[0-9]|one|two|three|four|five|six|seven|eight|nine|zero|double (?:one|two|three|four|five|six|seven|eight|nine))";
    const L: &str = "(?:[a-z]|bee|dee|eff|gee|aitch|haitch|jay|el|em|en|pee|ar|ess|tee|you|ex|why|zed|alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|juliet|lima|november|oscar|papa|romeo|sierra|tango|uniform|victor|whiskey|xray|yankee|zulu)";
    Regex::new(&format!(
        r"(?-u:\b){L}[ .-]?(?:{L}[ .-]?)?{N}(?:[ .-]?{N})?(?:[ .-]?{L})?[ ,.-]{{1,3}}{N}[ .-]?(?:[a-z][ .-]?[a-z]|{L}[ .-]{L})(?-u:\b)"
    ))
    .ok()
});

/// Somebody's house just before: "Hayley's house, sat nav".
static HOUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[a-z]{2,15}'s|our|my|his|her|their) (?:new )?(?:house|place|home|flat|front door|mum's|dad's|nan's)(?-u:\b)[^.!?\n]{0,24}$").ok()
});

fn broken(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in BROKEN.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let parts = shaped.as_str().split([' ', '.', '-']).count();
        // "J 4 7 2 B R Y" goes on
        let mut after = page.text_after(shaped.end(), 3).chars();
        if after.next() == Some(' ')
            && after.next().is_some_and(|c| c.is_ascii_alphanumeric())
            && after.next().is_none_or(|c| !c.is_alphanumeric())
        {
            continue;
        }
        let cued = page.near(&shaped.range(), HOME, 60, 40)
            || page.text_after(shaped.end(), 12).starts_with(" is our")
            || page.says("catchment")
            || ["postcode", "post code"]
                .iter()
                .any(|label| page.text_before(shaped.start(), 24).contains(label));
        if parts >= 4 && cued && !page.near(&shaped.range(), PHONE, 30, 0) {
            found.push(Candidate::new(Kind::Postcode, shaped.range(), 0.7));
        }
    }
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let spelled = page
        .cues
        .iter()
        .filter(|cue| cue.classes & DIGITWORD != 0)
        .nth(1)
        .is_some();
    if page.digits == 0 && !spelled {
        return;
    }
    if page.has(HOME)
        || page.says("postcode")
        || page.says("post code")
        || page.says("catchment")
        || page.says("sat nav")
    {
        broken(page, found);
    }
    let Some(shape) = SHAPE.as_ref().filter(|_| page.digits > 0) else {
        return;
    };
    for captures in shape.captures_iter(page.text) {
        let (Some(whole), Some(outward), Some(gap), Some(inward)) = (
            captures.get(0),
            captures.get(1),
            captures.get(2),
            captures.get(3),
        ) else {
            continue;
        };
        let bytes = whole.range();
        if inward.as_str().contains(UNUSED) && !is_behind_an_address(page, &bytes, found) {
            continue;
        }
        if !is_of_an_area(outward.as_str())
            || is_known_to_all(page, outward.as_str(), whole.start())
            || !page.stands_alone(&bytes)
            || page.own.is_own_postcode(whole.as_str())
        {
            continue;
        }
        if is_right_behind_an_address(&bytes, found) {
            found.push(Candidate::new(Kind::Postcode, bytes, 0.8));
        } else if let Some(confidence) = confidence(page, &bytes, !gap.is_empty()) {
            found.push(Candidate::new(Kind::Postcode, bytes, confidence));
        }
    }
}

/// Whether a private address ends right before it, which says whose it is.
fn is_right_behind_an_address(bytes: &Range<usize>, found: &[Candidate]) -> bool {
    found.iter().any(|home| {
        home.kind == Kind::Address
            && home.confidence >= SURE_OF_A_HOME
            && (home.bytes.end..=home.bytes.end + 3).contains(&bytes.start)
    })
}

/// Whether the letters that the first half of a postcode opens with are an area.
fn is_of_an_area(outward: &str) -> bool {
    let area = outward.split(|c: char| c.is_ascii_digit()).next();
    area.is_some_and(|area| is_area(&area.to_uppercase()))
}

/// Where something is written like a postcode of an area that there is.
pub(super) fn shapes<'p>(page: &'p Page<'_>) -> impl Iterator<Item = Range<usize>> + 'p {
    let shape = SHAPE.as_ref();
    shape
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
        .filter(|captures| {
            captures
                .get(1)
                .is_some_and(|outward| is_of_an_area(outward.as_str()))
        })
        .filter_map(|captures| captures.get(0).map(|whole| whole.range()))
}

/// Parliament, the palace and Downing Street have postcodes of their own, which a visit or a letter names.
fn is_known_to_all(page: &Page<'_>, outward: &str, at: usize) -> bool {
    let sentence = &page.text[page.sentence_of(at)];
    matches!(outward, "sw1a" | "w1a")
        && [
            "house of commons",
            "parliament",
            "house of lords",
            " palace",
            "downing street",
            "westminster",
            "the king ",
            "the queen ",
            "prime minister",
            "bbc",
            "whitehall",
            " our mp ",
            " the mp ",
        ]
        .iter()
        .any(|place| sentence.contains(place))
}

/// Somebody's own ground: "right to our drive", "out of the garden at".
static OURS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:our|my|his|her|their|[a-z]{2,15}'s) (?:[a-z]+ )?(?:drive|driveway|gate|bungalow|house|home|garden|flat|door|doorstep|place|road|street|cottage|estate|close|lane|caravan|farm|yard|garage|cul-de-sac|grove|avenue)|(?:a|the|their) (?:back |front )?garden (?:at|in|of)|(?:to|at|from|round) (?:ours|mine)|(?:brings?|takes?|leads?|gets?) you (?:right |straight )?to (?:us|ours|our|my)|we(?:'re| are| live)|that'?s (?:us|me|where)|is (?:us|ours|mine)|(?:with|at|to|from) [a-z]{2,15}'s (?:family|mum|dad|nan|gran|parents|grandparents|auntie|aunt))(?-u:\b)").ok()
});

/// How sure an address must be to tell whose the postcode behind it is.
const SURE_OF_A_HOME: f32 = 0.75;
/// How sure of a postcode that counts only behind an address.
const WITH_ADDRESS: f32 = 0.4;

/// A postcode of a place open to all is nobody's home, unless it stands behind an address that is one.
pub(super) fn settle(found: &mut Vec<Candidate>) {
    let homes: Vec<usize> = found
        .iter()
        .filter(|home| home.kind == Kind::Address && home.confidence >= 0.5)
        .map(|home| home.bytes.end)
        .collect();
    found.retain_mut(|candidate| {
        if candidate.kind == Kind::Postcode && candidate.confidence <= WITH_ADDRESS {
            let start = candidate.bytes.start;
            candidate.confidence = 0.7;
            return homes.iter().any(|end| (*end..=end + 24).contains(&start));
        }
        true
    });
}

/// Whether the words around tell of a place open to all. A navigation device goes to homes too, and "Station Road" is no
/// station.
fn is_public_place(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let from = bytes.start.saturating_sub(70);
    page.cues_between(from, bytes.end + 60).any(|cue| {
        cue.classes & (VENUE | ORG) != 0
            && !is_talk(page, &cue.bytes)
            && (page.context.draft
                || !matches!(&page.text[cue.bytes.clone()], "sat nav" | "satnav"))
            && !names_a_street(page, cue.bytes.end)
    })
}

/// "Meet outside Ingrid's, tall hedge", "party at Kay's": the house of somebody by given name.
fn is_at_somebodys(page: &Page<'_>, at: usize) -> bool {
    static AT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:at|outside|to|from|round|round at|near|by|opposite) ([a-z]{3,14})'s(?:[,.;:(]| \(| house| place|$)").ok()
    });
    let before = page.text_before(at, 70);
    let from = at - before.len();
    AT.iter()
        .flat_map(|shape| shape.captures_iter(before))
        .filter_map(|captures| captures.get(1))
        .any(|name| page.opens_with_capital(from + name.start()) && is_given_name(name.as_str()))
}

fn confidence(page: &Page<'_>, bytes: &Range<usize>, spaced: bool) -> Option<f32> {
    let around = page.text_before(bytes.start, 48);
    let ours = page.text_after(bytes.end, 70);
    let own_use = [
        "catchment",
        "p/code",
        "p code",
        "pc ",
        "nearest school",
        "we're in",
        "were in",
        "i'm in",
        "im in",
        "distance",
        "miles",
        "sleepover",
        "second house",
        "car share",
        "playdate",
        "in your phone",
        "in ur phone",
        "into your phone",
    ]
    .iter()
    .any(|word| around.contains(word) || ours.contains(word));
    let home = page.near(bytes, HOME, 60, 24) || own_use;
    let private = page.near(bytes, PRIVATE, 50, 24);
    let public = is_public_place(page, bytes);
    let upper = page.in_capitals(bytes.clone());
    // "y61ab" in small letters without a space is a room or class code far more often than a home
    let by_itself = bytes.len() >= 6 && !page.context.draft && !page.near(bytes, PASSWORD, 40, 30);
    let aimed = page.has(HOME) || page.says("sat nav") || page.says("satnav");
    let whole = bytes.len() >= 6;
    if !(spaced || upper || home || by_itself || whole && aimed) {
        return None;
    }
    if (page.near(bytes, IDENT, 16, 0) || page.near(bytes, GOODS, 40, 30)) && !home {
        return None;
    }
    let lived = [
        "lives at ",
        "live at ",
        "living at ",
        "lives in ",
        "live in ",
        "lived at ",
        "home is ",
        "home address ",
        "moved to ",
        "moving to ",
        "my postcode is ",
        "our postcode is ",
        "his postcode is ",
        "her postcode is ",
    ];
    let to_ours = [
        "our front door",
        "our house",
        "our door",
        "our place",
        "to ours",
        "my house",
        "my front door",
        "grandma",
        "granny",
        "nan's",
        "gran's",
        "grandad",
    ]
    .iter()
    .any(|home| ours.contains(home));
    let household = to_ours
        || is_at_somebodys(page, bytes.start)
        || OURS
            .iter()
            .any(|shape| shape.is_match(ours) || shape.is_match(around))
        || HOUSE.iter().any(|shape| shape.is_match(around))
        || lived.iter().any(|lead| around.ends_with(lead))
        || [
            "families is",
            "family is",
            "families are",
            "families at",
            "the family at",
            "school run",
            "lift share",
            "for the party",
            "third house",
            "first house",
            "second house",
            "last house",
            "end house",
            "corner house",
            "a parent's house",
        ]
        .iter()
        .any(|word| around.contains(word) || ours.contains(word));
    if household {
        return Some(0.75);
    }
    let sentence = &page.text[page.sentence_of(bytes.start)];
    let away = [
        "care home",
        "nursing home",
        "leaves for ",
        "leave for ",
        "set off for ",
    ]
    .iter()
    .any(|place| sentence.contains(place));
    if page.context.draft && (away || !private && is_outing(page, sentence)) {
        return Some(WITH_ADDRESS);
    }
    match (home, private, public) {
        (true, _, false) => Some(0.95),
        (true, true, true) => Some(0.75),
        (_, false, true) => Some(WITH_ADDRESS),
        (false, true, true) => Some(WITH_ADDRESS),
        (false, _, false) if upper => Some(0.75),
        (false, _, false) => Some(0.65),
    }
}
