//! Street addresses (DOMAIN 2.12): a house and a street, private or public by the words around.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{EVENT, HOME, IDENT, ORG, PRIVATE, STREET, VENUE},
    kind::Kind,
    lived::{is_lived_in, is_outing, is_talk, open_shapes},
    page::Page,
    person::{is_given_name, is_no_name},
    shape::Shape,
};

/// Kinds of street that mean nothing else after a number and a name.
const STREETS: &str = "road|rd|street|lane|ln|avenue|ave|crescent|cres|gardens|gdns|grove|terrace|mews|close|tce|cottages|wynd|brae|vennel|boulevard|blvd|st";
/// Kinds of street that are everyday words too.
const WORDS: &str = "drive|dr|way|place|pl|court|ct|rise|walk|row|green|square|sq|hill|park|view|parade|loan|fields|croft|quay|bank|meadow|meadows|end|fold|vale|gate|mount|garth|circle|trail|parkway|cl|approach|yard|wharf|heights|side|common|cross|vw|hey|heys|keep|moorings|rigg|ings|leaze|mead|meads|sidings|terraces|wells|crossing|wood|woods|dell|drift|field|chase|copse|glade|knoll|link|orchard|pasture|ridge|slade|spinney|leas|lea|leys|strand|ginnel|snicket|twitchel|alley|yards|towers|villas|broadway|promenade|esplanade|path|hollow|holt|paddock|paddocks|brow|nook|drove|gill|gait|bridge|terr|cotts|grv|sqr|avenu|acre|acres|bottom|fell|moor|lodge|weir|maltings|granary|tannery|wynde|buildings|mansions|almshouses|flats|chambers";

pub(super) static NUMBERED: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?-u:\b)(?:(?:flat|unit|apartment|apt|room)\.? ?[0-9a-z]{{1,4}},? (?:[a-z]+ (?:house|court|point|tower|heights),? )?)?(?:no\.? ?|number |# ?)?([0-9]{{1,4}}(?:[a-z]| ?[-/] ?[0-9]{{1,4}})?|(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -]?)?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)(?: [a-d])?),? (?:on |in )?((?:[a-z][a-z'.-]{{1,20}} ){{1,3}}?)(?:({STREETS})|({WORDS}))(?-u:\b)"
    )
});
/// The street first: "Gasworks Road, number 40".
pub(super) static REVERSED: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?-u:\b)(?:[a-z][a-z'-]{{2,15}} ){{1,2}}(?:{STREETS}|{WORDS}),? (?:at )?(?:number|no\.?|nr\.?|#) ?[0-9]{{1,4}}[a-z]?(?-u:\b)"
    )
});
pub(super) const WELSH: &str = r"(?-u:\b)[0-9]{1,4}[a-z]?,? (?:heol|ffordd|stryd|lon|maes|clos|bryn|rhodfa|cwrt|llys|plas|tai|rue|calle|via)(?: y| yr| ap)?(?: [a-z][a-z'-]{1,20}){1,2}";
/// A street without a number, after the name of a house: ", Duck Lane", " on Silver Street".
pub(super) static UNNUMBERED: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?:,| on| in) (?:the )?((?:[a-z][a-z'-]{{1,20}} ){{1,2}}(?:{STREETS}|{WORDS}))(?-u:\b)"
    )
});
/// What houses are called, so that "The Old Forge on Silver Street" is one.
pub(super) const HOUSES: &[&str] = &[
    "cottage",
    "cottages",
    "house",
    "farm",
    "farmhouse",
    "bakehouse",
    "forge",
    "stables",
    "chapel",
    "granary",
    "orchard",
    "gatehouse",
    "smithy",
    "lodge",
    "barn",
    "barns",
    "bungalow",
    "villa",
    "croft",
    "mill",
    "rectory",
    "vicarage",
    "manse",
    "bothy",
    "byre",
    "dairy",
    "oast",
    "toll",
    "grange",
    "manor",
    "steading",
    "cabin",
    "annexe",
];
/// Those of them that are nothing but somebody's home.
const DWELLINGS: &[&str] = &[
    " cottage",
    " farmhouse",
    " bungalow",
    " villa",
    " croft",
    " barn",
    " lodge",
    " house",
    " farm",
];
pub(super) const THE: &str = r"(?-u:\b)[0-9]{1,3}[a-z]?,? (?:the [a-z]{4,15}|[a-z]{3,12}(?:way|gate|side|ridge|wood|field|fields|view|croft|bank|well|cote|ham|hurst|dene|mead|garth|ings|lands|acre|acres))(?-u:\b)";
/// A Welsh house and its road: "Plas Newydd, Ffordd Las".
pub(super) const WELSH_HOUSE: &str = r"(?-u:\b)(?:plas|ty|bryn|pen|llys|hafod|tan|cae|bron|coed|glan|nant|rhyd|ael|bodlon|hendre|craig)(?: ?[a-z][a-z'-]{1,15}){1,2}, (?:ffordd|heol|lon|stryd|rhodfa)(?: [a-z][a-z'-]{1,15}){1,2}";

/// "Two doors down from the chippy on Ash Street".
pub(super) static DOORS: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?-u:\b)(?:[0-9]|one|two|three|four|five|next|a few|couple of) doors? (?:down|up|along|to|from|past)[^.!?\n]{{0,40}}?(?:on|in|along) (?:[a-z'-]{{2,15}} ){{1,2}}(?:{STREETS}|{WORDS})(?-u:\b)|(?:opposite|behind|above|next to) (?:the )?[a-z' ]{{3,25}} on (?:[a-z'-]{{2,15}} ){{1,2}}(?:{STREETS})(?-u:\b)"
    )
});
pub(super) const ROOM: &str = r"(?-u:\b)(?:flat|apartment|apt) [0-9]{1,3}[a-z]?,? [a-z][a-z'-]{2,15} (?:house|court|point|tower|heights)(?-u:\b)";
/// Somebody's room in a home for many: "Room 12, Larchfield House".
pub(super) const ROOM_OF_A_RESIDENT: &str = r"(?-u:\b)(?:room|bed|suite|apartment|flat|ward|bungalow|plot|pitch) [0-9]{1,3}[a-z]?,? (?:at )?(?:the )?(?:[a-z][a-z'-]{2,15} ){1,2}(?:house|court|lodge|manor|hall|grange|care home|nursing home|hospice|hostel|villa|view|gardens|park|caravan park|site)(?-u:\b)";

/// What is brought to a door: "can somebody bring his coat round, 41b cobden st".
static BROUGHT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:bring|drop|take|fetch|leave|left|post|send|return|deliver|collect|pick)(?:ing|ed|s)?(?-u:\b)[^.!?\n]{0,40}?(?:round|over|to|at|back|off|up|from|here)?[,:]? ?(?:it's |its |im at |we're at |were at )?$").ok()
});

/// A title and a name just before: "Mrs Eileen Proudlock, 40 Weavers Court".
static RESIDENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:mr|mrs|miss|ms|mx|dr|revd?|canon|sister|sir|dame|lady|captain|capt|major|colonel|col|sergeant|sgt|commander|cllr|prof(?:essor)?|nurse|pc|[a-z]\.(?: ?[a-z]\.)?)\.? (?:and (?:mr|mrs) )?(?:[a-z][a-z'-]{1,20} ){0,2}?[a-z][a-z'-]{1,20}(?: \([a-z .]{2,20}\))?(?:,| of| at|, at|, of| lives at| has moved to| is at)(?: the)? $").ok()
});

/// Addresses that everybody knows.
const FAMOUS: &[&str] = &[
    "10 downing street",
    "11 downing street",
    "221b baker street",
    "4 privet drive",
    "number four privet drive",
    "12 grimmauld place",
    "32 windsor gardens",
    "52 festive road",
    "1 coronation street",
    "44 scotland street",
    "17 cherry tree lane",
    "742 evergreen terrace",
    "42 wallaby way",
    "1600 pennsylvania",
    "34th street",
    "42nd street",
    "84 charing cross road",
    "21 jump street",
    "10 rillington place",
];

/// What is counted or measured before "way", "walk" or "drive", and words that belong to no street's name.
const NO_STREET: &[&str] = &[
    "had",
    "minute",
    "minutes",
    "min",
    "mins",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "mile",
    "miles",
    "km",
    "metre",
    "metres",
    "meter",
    "m",
    "yards",
    "steps",
    "people",
    "children",
    "pupils",
    "kids",
    "adults",
    "cars",
    "in",
    "a",
    "an",
    "at",
    "to",
    "for",
    "from",
    "by",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "will",
    "with",
    "our",
    "your",
    "my",
    "their",
    "his",
    "her",
    "this",
    "that",
    "it",
    "we",
    "you",
    "they",
    "i",
    "points",
    "goals",
    "pm",
    "am",
    "o'clock",
    "p.m.",
    "a.m.",
    "november",
    "december",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "times",
    "out",
    "per",
    "percent",
    "pounds",
    "pence",
    "places",
    "tickets",
    "classes",
    "or",
    "as",
    "when",
    "if",
    "but",
    "so",
    "more",
    "than",
    "who",
    "which",
    "went",
    "come",
    "came",
    "go",
    "until",
    "till",
    "between",
    "bedroom",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "onwards",
    "foot",
    "feet",
    "inch",
    "lap",
    "laps",
    "stage",
    "homes",
    "houses",
    "shops",
    "schools",
    "new",
    "different",
    "other",
    "along",
    "near",
    "outside",
    "and",
    "into",
    "later",
];

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits > 0 || page.has(STREET) {
        numbered(page, found);
        for bytes in open_shapes(page) {
            let end = with_town(page, bytes.end);
            let sentence = &page.text[page.sentence_of(bytes.start)];
            if !famous_or_own(page, &bytes) && !is_tale(sentence) && !is_past(sentence) {
                found.push(Candidate::new(Kind::Address, bytes.start..end, 0.7));
            }
        }
        residents(page, found);
        for pattern in [
            Shape::AddressWelsh,
            Shape::AddressRoom,
            Shape::WelshHouse,
            Shape::AddressReversed,
        ] {
            for shaped in pattern
                .within(page)
                .into_iter()
                .flat_map(|pattern| pattern.find_iter(page.text))
            {
                let welsh = [" heol ", " ffordd ", " stryd ", " rhodfa "]
                    .iter()
                    .any(|street| shaped.as_str().contains(street));
                let reversed = shaped.as_str().ends_with(|c: char| c.is_ascii_digit());
                let capitals = reversed && page.opens_with_capital(shaped.start())
                    || page.opens_with_capital(last_word(page, &shaped.range()));
                add(page, shaped.range(), welsh || capitals, found);
            }
        }
    }
    if page.digits > 0 || page.has(HOME) {
        for shaped in Shape::Doors
            .within(page)
            .into_iter()
            .flat_map(|pattern| pattern.find_iter(page.text))
        {
            if page.near(&shaped.range(), HOME, 30, 0) {
                found.push(Candidate::new(Kind::Address, shaped.range(), 0.75));
            }
        }
    }
    if page.digits > 0 {
        on_the(page, found);
    }
    if Shape::AddressUnnumbered.may_match(page)
        && (page.has(STREET | HOME) && page.says(", ")
            || HOUSES.iter().any(|house| page.says(house)))
    {
        named(page, found);
    }
}

/// "Write to her c/o Room 12, Larchfield House": where a letter or a visitor finds one person.
fn residents(page: &Page<'_>, found: &mut Vec<Candidate>) {
    static SENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:c/o|care of|(?:write|cards?|letters?|post|flowers|visit|visits|find|send)(?: [a-z']+){0,4}? (?:to|at|in)|(?:she|he|nan|gran|grandma|grandad|grandpa|mum|dad)(?:'s| is|s) (?:now |still )?(?:in|at)|(?:his|her|their) address is|lives? (?:in|at)|moved (?:in)?to|address:?) (?:the )?$").ok()
    });
    for shaped in Shape::RoomOfAResident
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let lead = page.text_before(shaped.start(), 60);
        let to_somebody = SENT.iter().any(|sent| sent.is_match(lead))
            || RESIDENT.iter().any(|resident| resident.is_match(lead));
        let capitals =
            page.opens_with_capital(last_word(page, &shaped.range())) || !page.context.draft;
        let sentence = page.sentence_of(shaped.start());
        let event = page.cues_in(&sentence, EVENT).next().is_some();
        if to_somebody && capitals && !event && !famous_or_own(page, &shaped.range()) {
            found.push(Candidate::new(Kind::Address, shaped.range(), 0.7));
        }
    }
}

/// "12 The Crescent", "3 Millgate".
fn on_the(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in Shape::AddressThe
        .within(page)
        .into_iter()
        .flat_map(|pattern| pattern.find_iter(page.text))
    {
        let bytes = shaped.range();
        let the = bytes.start + shaped.as_str().find(' ').map_or(0, |at| at + 1);
        let capitals =
            page.opens_with_capital(the) && page.opens_with_capital(last_word(page, &bytes));
        let ours = shaped.as_str().contains(" the ")
            && [
                "ours ",
                "ours, ",
                "mine ",
                "mine, ",
                "live at ",
                "lives at ",
                "address is ",
            ]
            .iter()
            .any(|who| page.text_before(bytes.start, 12).ends_with(who));
        let unit = page.near(&bytes, VENUE, 12, 30);
        if !unit
            && (capitals || ours)
            && (page.near(&bytes, HOME, 24, 0) || is_lived_in(page, &bytes))
            && !famous_or_own(page, &bytes)
        {
            found.push(Candidate::new(Kind::Address, bytes, 0.8));
        }
    }
}

/// A house by its name and its road: "Rose Cottage, Mill Lane", "Applegarth, Back Lane", "The Old Forge on Silver Street".
fn named(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::AddressUnnumbered
        .within(page)
        .into_iter()
        .flat_map(|pattern| pattern.captures_iter(page.text))
    {
        let (Some(whole), Some(street)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let capitals = page.opens_with_capital(street.start())
            && page.opens_with_capital(last_word(page, &street.range()));
        let Some(start) = house_before(page, whole.start()).filter(|_| capitals) else {
            continue;
        };
        let house = &page.text[start..whole.start()];
        let housed = HOUSES.iter().any(|kind| house.ends_with(kind));
        // "St Hilda's, Priory Lane"
        if !housed && house.starts_with("st ") && page.own.is_own_address(street.as_str()) {
            continue;
        }
        if whole.as_str().starts_with(',') || housed {
            let bytes = start..street.end();
            if is_home(page, &bytes, housed) {
                let end = with_town(page, bytes.end);
                found.push(Candidate::new(Kind::Address, start..end, 0.8));
            }
        }
    }
}

/// Where the name of a house opens that ends there: at most three words with capitals, perhaps with "the".
fn house_before(page: &Page<'_>, end: usize) -> Option<usize> {
    let before = page.text_before(end, 60);
    let first = end - before.len();
    let mut start = end;
    for word in before.rsplit(' ').take(4) {
        let at = start.checked_sub(word.len() + usize::from(start < end))?;
        let named = word.len() >= 2
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'\'' | b'-'))
            && at >= first
            && (page.opens_with_capital(at) || word == "the")
            && !matches!(word, "mr" | "mrs" | "miss" | "ms" | "dr" | "at");
        if !named || word != "the" && is_no_name(word) {
            break;
        }
        start = at;
        if word == "the" {
            break;
        }
    }
    let house = &page.text[start..end];
    let several = house.contains(' ');
    let somebody = !page.text[..start].ends_with(" at ")
        && (house.split(' ').any(is_given_name) || page.named_in(&(start..end)).next().is_some())
        && !HOUSES.iter().any(|kind| house.ends_with(kind));
    (house.len() >= 5 && !somebody && house != "the" && (several || house.len() >= 7))
        .then_some(start)
}

/// Whether somebody lives in a house with a name, and no shop, church or play is there.
fn is_home(page: &Page<'_>, bytes: &Range<usize>, housed: bool) -> bool {
    let sentence = page.sentence_of(bytes.start);
    let lead = page.text_before(bytes.start, 40);
    let titled = RESIDENT
        .iter()
        .any(|shape| shape.is_match(page.text_before(bytes.start, 60)));
    let of_family = lead
        .strip_suffix(" at ")
        .or_else(|| lead.strip_suffix("', "))
        .is_some_and(|family| {
            let name = family.rsplit(' ').next().unwrap_or_default();
            name.len() > 3
                && name.ends_with('s')
                && page.opens_with_capital(
                    bytes.start - 4 - name.len() + usize::from(lead.ends_with("', ")),
                )
        });
    let asked = [
        " at ",
        " to ",
        " is ",
        " from ",
        " into ",
        ": ",
        ", ",
        " behind ",
        " opposite ",
        " beside ",
        " near ",
    ]
    .iter()
    .any(|lead_in| lead.ends_with(lead_in))
        && (page.near(bytes, PRIVATE, 45, 0)
            || lead.split([' ', ',', '(']).any(|word| {
                let word = word.strip_suffix("'s").unwrap_or(word);
                is_given_name(word) || matches!(word, "mr" | "mrs" | "miss" | "family" | "owner")
            }));
    let placed = [
        "shes at ",
        "hes at ",
        "she's at ",
        "he's at ",
        "they're at ",
        "theyre at ",
        "we're at ",
        "were at ",
        "i'm at ",
        "im at ",
        "belongs at ",
    ]
    .iter()
    .any(|who| lead.ends_with(who));
    let lived = titled || of_family || asked || placed || page.near(bytes, HOME, 40, 0);
    let public = page
        .cues_between(bytes.start.saturating_sub(40), bytes.end + 40)
        .any(|cue| {
            let own = cue.bytes.start >= bytes.start && cue.bytes.end <= bytes.end;
            let public = cue.classes & VENUE != 0
                && !is_talk(page, &cue.bytes)
                && !names_a_street(page, cue.bytes.end);
            public && !(own && housed) && !(own && cue.bytes.end == bytes.end)
        });
    let event = page.cues_in(&sentence, EVENT).next().is_some();
    let addressed = [
        "his address is",
        "her address is",
        "their address is",
        "my address is",
        "our address is",
        "home address",
    ]
    .iter()
    .any(|told| page.text[sentence.clone()].contains(told));
    let house = page.text[bytes.clone()]
        .split(',')
        .next()
        .unwrap_or_default();
    let open_to_all = [
        " church",
        " hall",
        " centre",
        " library",
        " school",
        " club",
        " hospital",
        " museum",
        " theatre",
        " shop",
        " office",
        " chapel hall",
        " surgery",
    ]
    .iter()
    .any(|place| house.ends_with(place));
    if open_to_all && !addressed {
        return false;
    }
    if addressed || is_lived_in(page, bytes) {
        return !is_tale(&page.text[sentence]) && !famous_or_own(page, bytes);
    }
    if !lived || public && !titled || event {
        return false;
    }
    !is_tale(&page.text[sentence]) && !famous_or_own(page, bytes)
}

fn numbered(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::AddressNumbered
        .within(page)
        .into_iter()
        .flat_map(|pattern| pattern.captures_iter(page.text))
    {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(2)) else {
            continue;
        };
        if name
            .as_str()
            .split_whitespace()
            .any(|word| NO_STREET.contains(&word))
        {
            continue;
        }
        if closes_a_sentence(name.as_str()) {
            continue;
        }
        let bytes = whole.range();
        if captures
            .get(1)
            .is_some_and(|number| is_score(page, &number.range(), bytes.end))
        {
            continue;
        }
        let capitals = page.opens_with_capital(name.start())
            && page.opens_with_capital(last_word(page, &bytes));
        let sure_street = captures.get(3).is_some();
        let home = page.near(&bytes, HOME, 45, 30);
        let lead = page.text_before(bytes.start, 16);
        // "come to ours 82 lower green lane": somebody who writes no capitals
        let brought = sure_street
            && BROUGHT
                .iter()
                .any(|shape| shape.is_match(page.text_before(bytes.start, 60)));
        let placed = sure_street
            && [
                "we're at ",
                "were at ",
                "im at ",
                "i'm at ",
                "we are at ",
                "i am at ",
                "hes at ",
                "shes at ",
                "he's at ",
                "she's at ",
                "theyre at ",
                "they're at ",
                "lives at ",
                "live at ",
            ]
            .iter()
            .any(|who| page.text_before(bytes.start, 16).ends_with(who));
        let placed = placed || is_lived_in(page, &bytes) && (sure_street || capitals);
        // "ours, flat 3b, 61 thornbury rise": with a flat, or right after who lives there, any kind of street will do
        let placed = placed
            || captures
                .get(1)
                .is_some_and(|number| is_flat(&page.text[bytes.start..number.start()]))
            || [
                "ours ",
                "ours, ",
                "mine ",
                "mine, ",
                "we live at ",
                "address is ",
                "address: ",
            ]
            .iter()
            .any(|who| lead.ends_with(who));
        let small = brought
            || placed
            || sure_street
                && [
                    "ours ", "ours, ", "mine ", "mine, ", "at ", "to ", "is ", "address ",
                ]
                .iter()
                .any(|word| lead.ends_with(word))
                && (home || page.near(&bytes, PRIVATE, 30, 20) || lead.contains("ours"));
        let before = page.text[..bytes.start].chars().next_back();
        let years = captures
            .get(1)
            .is_some_and(|number| matches!(number.as_str().parse::<u32>(), Ok(1500..=2030)))
            && whole.as_str().contains(" in ");
        if years {
            continue;
        }
        let money = before.is_some_and(|c| matches!(c, '£' | '$' | '€' | '.' | ':' | '-' | '/'));
        let spelled = !whole.as_str().bytes().any(|byte| byte.is_ascii_digit());
        let offered = [
            "cash",
            "collect",
            "collection",
            "knock",
            "come",
            "cya",
            "see you",
            "party",
            "ours",
        ]
        .iter()
        .any(|word| page.text_after(whole.end(), 40).contains(word));
        let spelled = spelled && !(capitals && whole.as_str().starts_with("number"));
        let at = lead.ends_with(" at ") && sure_street;
        if spelled && !(capitals && (home || offered || at) && (sure_street || offered)) {
            continue;
        }
        if (capitals || home && sure_street || small) && !money {
            let bytes = with_house(page, bytes);
            add(page, bytes, capitals || brought || placed, found);
        }
    }
}

/// An address with the name of its house before the number: "Rose Cottage, 2 Pound Lane".
fn with_house(page: &Page<'_>, bytes: Range<usize>) -> Range<usize> {
    let house = page.text[..bytes.start]
        .strip_suffix(", ")
        .filter(|before| DWELLINGS.iter().any(|kind| before.ends_with(kind)))
        .and_then(|before| house_before(page, before.len()));
    house.unwrap_or(bytes.start)..bytes.end
}

/// Whether a flat is told before the number of its house.
fn is_flat(before: &str) -> bool {
    ["flat ", "flat. ", "apartment ", "apt ", "apt. "]
        .iter()
        .any(|flat| before.starts_with(flat))
}

/// Words with a capital before a house that are no team.
const BEFORE_A_HOUSE: &[&str] = &[
    "at", "in", "to", "of", "from", "near", "visit", "address", "outside", "opposite", "behind",
    "and", "or", "our", "my", "the", "by", "is", "number", "no", "flat", "unit",
];

/// "Thornley 4-3 Harbour View", "Thornley 2 Holt Green 1": goals of two teams. A range that does not rise is no row of houses.
fn is_score(page: &Page<'_>, number: &Range<usize>, end: usize) -> bool {
    let mut goals = page.text[number.clone()].split('-').map(str::trim);
    let goals = (goals.next(), goals.next());
    let figures = |goals: &str| goals.parse::<u16>().ok().filter(|goals| *goals < 100);
    let range = match goals {
        (Some(ours), Some(theirs)) => Some((figures(ours), figures(theirs))),
        _ => None,
    };
    if let Some((Some(ours), Some(theirs))) = range
        && ours >= theirs
    {
        return true;
    }
    let before = page.text_before(number.start, 24);
    let Some(lead) = before.strip_suffix(' ') else {
        return false;
    };
    let word = lead.rsplit([' ', '\n']).next().unwrap_or_default();
    let goals_before = lead
        .strip_suffix(" vs")
        .or_else(|| lead.strip_suffix(" v"))
        .is_some_and(|score| score.ends_with(|c: char| c.is_ascii_digit()));
    if goals_before {
        return true;
    }
    let team = word.len() > 1
        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !BEFORE_A_HOUSE.contains(&word)
        && page.opens_with_capital(number.start - 1 - word.len());
    let played = ["won", "lost", "drew", "beat", "win", "us"].contains(&word);
    let after = page.text_after(end, 6);
    let scored = after.trim_start_matches([' ', ',']);
    let scored = after.len() > scored.len()
        && (scored.starts_with("nil")
            || scored
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .starts_with(['.', ',', '!', ')', '\n', ' '])
                && scored.starts_with(|c: char| c.is_ascii_digit())
            || !scored.is_empty() && scored.bytes().all(|byte| byte.is_ascii_digit()));
    team && range.is_some_and(|goals| matches!(goals, (Some(_), Some(_))))
        || (team || played) && scored
}

/// "31 October. Gate opens": a full stop after a word that is no "St." and no initial.
fn closes_a_sentence(name: &str) -> bool {
    name.split_whitespace()
        .filter_map(|word| word.strip_suffix('.'))
        .any(|word| word.len() > 2 && !word.contains('.'))
}

/// Whether a kind of street follows, as after the first word of "Station Road".
pub(super) fn names_a_street(page: &Page<'_>, at: usize) -> bool {
    let word = page
        .text_after(at, 12)
        .strip_prefix(' ')
        .unwrap_or_default();
    let word = word.split(|c: char| !c.is_ascii_lowercase()).next();
    word.is_some_and(|word| !word.is_empty() && STREETS.split('|').any(|street| street == word))
}

fn last_word(page: &Page<'_>, bytes: &Range<usize>) -> usize {
    page.text[bytes.clone()]
        .rfind(' ')
        .map_or(bytes.start, |at| bytes.start + at + 1)
}

pub(super) fn famous_or_own(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let found = &page.text[bytes.clone()];
    let plain = found.replace(',', "");
    // "07 - 09 Oak Lane" is a score
    found.starts_with('0')
        || FAMOUS.iter().any(|famous| plain.contains(famous))
        || page.own.is_own_address(found)
}

/// Streets and units where businesses are, as likely as not.
fn is_shopping_street(address: &str) -> bool {
    let streets = [
        "trading estate",
        "industrial estate",
        "business park",
        "retail park",
        "high street",
        "high st",
        "market place",
        "market street",
        "market square",
        "market cross",
        "market hall",
        "cornmarket",
        "parade",
        "unit ",
        "broadway",
        "station road",
    ];
    streets.iter().any(|street| address.contains(street))
}

/// "Wexbourne Vets, 22 Mill Lane": a name of two words that is nobody's, and the address after a comma.
fn follows_a_shop(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 40);
    let Some(name) = before.strip_suffix(", ") else {
        return false;
    };
    let mut words = name.rsplit(' ').take(2);
    let (Some(last), Some(first)) = (words.next(), words.next()) else {
        return false;
    };
    if matches!(last, "sons" | "son" | "co" | "bros" | "brothers" | "ltd") {
        return true;
    }
    let last_at = at - 2 - last.len();
    let Some(first_at) = last_at.checked_sub(first.len() + 1) else {
        return false;
    };
    first.len() > 2
        && last.len() > 2
        && !is_given_name(first)
        && !matches!(first, "mr" | "mrs" | "miss" | "ms")
        && page.text.is_char_boundary(first_at)
        && page.opens_with_capital(last_at)
        && page.opens_with_capital(first_at)
}

/// Whether a sentence tells of somebody in a story.
pub(super) fn is_tale(sentence: &str) -> bool {
    let told = [
        "in our play",
        "in the story",
        "in our story",
        "in the book",
        "in our book",
        "in the play",
        "once upon",
        " witch",
        "wizard",
        "dragon",
        " bears",
        " fairy",
        "goblin",
        " giant",
        " pirate",
        "the elf",
        " wrote '",
        "author visit",
        "a novel",
        "in our poem",
        "our role play",
        "the character",
        "chapter",
    ];
    told.iter().any(|tale| sentence.contains(tale))
}

/// The end of an address with the town behind it: "3 Tannery Row, Wexbourne".
pub(super) fn with_town(page: &Page<'_>, end: usize) -> usize {
    let after = page.text_after(end, 40);
    let Some(rest) = after.strip_prefix(", ") else {
        return end;
    };
    let length = rest
        .find(|c: char| !c.is_ascii_lowercase() && c != '-')
        .unwrap_or(rest.len());
    let closed = rest[length..]
        .chars()
        .next()
        .is_none_or(|c| matches!(c, '.' | ',' | '\n' | ')'))
        || rest[length..]
            .bytes()
            .skip(1)
            .take(4)
            .any(|byte| byte.is_ascii_digit());
    let town = &rest[..length];
    let name = is_given_name(town) || is_no_name(town);
    if length >= 4 && closed && !name && page.opens_with_capital(end + 2) {
        end + 2 + length
    } else {
        end
    }
}

/// Whether somebody lived there long ago.
pub(super) fn is_past(sentence: &str) -> bool {
    ["old address", "used to live", "grew up at", "grew up in"]
        .iter()
        .any(|past| sentence.contains(past))
        || sentence
            .split(|c: char| !c.is_ascii_digit())
            .any(|number| number.len() == 4 && matches!(number.parse::<u16>(), Ok(1500..=1979)))
}

fn add(page: &Page<'_>, bytes: Range<usize>, capitals: bool, found: &mut Vec<Candidate>) {
    let little = [" and", " or", " if", " is", " on", " at", " so"];
    let words = &page.text[bytes.clone()];
    let cut = little
        .iter()
        .find(|word| words.ends_with(**word))
        .map_or(0, |word| word.len());
    let bytes = bytes.start..bytes.end - cut;
    if famous_or_own(page, &bytes) {
        return;
    }
    let home = page.near(&bytes, HOME, 45, 42);
    let private = page.near(&bytes, PRIVATE, 45, 30);
    let at_home = page.near(&bytes, HOME, 14, 0) && !page.near(&bytes, VENUE, 8, 24);
    let sentence = page.sentence_of(bytes.start);
    let resident = RESIDENT
        .iter()
        .any(|shape| shape.is_match(page.text_before(bytes.start, 60)));
    let person = page.named_in(&sentence).next().is_some();
    let public = page
        .cues_between(bytes.start.saturating_sub(60), bytes.end + 60)
        .any(|cue| {
            let outside = cue.bytes.end <= bytes.start || cue.bytes.start >= bytes.end;
            cue.classes & (VENUE | ORG) != 0
                && outside
                && !is_talk(page, &cue.bytes)
                && !names_a_street(page, cue.bytes.end)
        });
    let identifier = page.near(&bytes, IDENT, 12, 0) && !home;
    if is_past(&page.text[sentence.clone()]) {
        return;
    }
    let care_of = page.text_before(bytes.start, 40).contains("c/o ");
    if is_tale(&page.text[sentence.clone()]) && !care_of {
        return;
    }
    let class = [
        "class ", "year ", "yr ", "form ", "room ", "team ", "hymn ", "psalm ", "song ", "page ",
    ]
    .iter()
    .any(|lead| page.text[..bytes.start].ends_with(lead));
    if class {
        return;
    }
    let after = page.text_after(bytes.end, 20);
    let traded = ["trading", "industrial", "business", "retail", "enterprise"]
        .iter()
        .any(|trade| after.trim_start().starts_with(trade));
    if traded {
        return;
    }
    let lived = is_lived_in(page, &bytes);
    let somebodys = lived || resident || private || person;
    if !somebodys && is_outing(page, &page.text[sentence.clone()]) {
        return;
    }
    let confidence = match (home, private || person, public) {
        _ if lived && (!is_shopping_street(&page.text[bytes.clone()]) || !public) => 0.9,
        _ if identifier => return,
        _ if resident || care_of => 0.85,
        (true, _, false) => 0.93,
        (true, true, true) => 0.7,
        (true, false, true) if at_home => 0.7,
        (true, false, true) => 0.45,
        (false, true, false) => 0.85,
        (false, true, true) if private => 0.55,
        (false, true, true) => 0.4,
        (false, false, true) => return,
        (false, false, false) if follows_a_shop(page, bytes.start) => return,
        (false, false, false) if is_shopping_street(&page.text[bytes.clone()]) => return,
        (false, false, false) if capitals => 0.6,
        (false, false, false) => 0.4,
    };
    let end = with_town(page, bytes.end);
    found.push(Candidate::new(Kind::Address, bytes.start..end, confidence));
}
