//! Official numbers, plates and addresses that people break: over lines, with dots, dashes and spaces, with words between
//! ("60 14 08 then 31926819"), letter by letter or letters told by words ("N for November"). Loose shapes are common,
//! so each asks for a check digit or for the words that go with it.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    bank::is_card,
    cues::{CARD, DIGITWORD, GOODS, IDENT, IP, NINO, PASSPORT, PHONE, PLATE, VEHICLE},
    kind::Kind,
    page::Page,
    phone::spelled_numbers,
    postcode::is_area,
    tales::is_of_animals_or_parts,
};

/// How far from a number, in bytes, the word that says what it is may stand.
const NEARBY: usize = 120;

/// Six digits in pairs, some words, eight digits: a sort code and its account.
static SORT_AND_ACCOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[0-9]{2}[\s./-]{0,3}[0-9]{2}[\s./-]{0,3}[0-9]{2}[^0-9.!?]{1,30}(?:[0-9]{4}[\s.-]?[0-9]{4}|(?:[0-9]{2}[\s.-]){3}[0-9]{2}|(?:[0-9] ){7}[0-9])(?-u:\b)").ok()
});

/// What is said where money goes from one to another.
static MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:bank|banks|nat ?west|barclays|lloyds|halifax|nationwide|santander|monzo|starling|hsbc|sort(?: ?code|-code| is|:)|account|acc|bacs|transfers?|owes?|owed|pay|paid|paying|refunds?|deposits?|chip(?:ping)? in|whip[- ]?round|collection|direct)(?-u:\b)|£").ok()
});

/// Four groups of four digits, with words between if somebody tells where the number begins and ends.
static CARD_GROUPS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[2-6][0-9]{3}(?:[^0-9!?]{1,24}[0-9]{4}){3}(?-u:\b)").ok()
});

/// A plate in parts: signs by dots or over a line, "EY 65, then N for November".
static PLATE_PARTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const L: &str = "[a-z](?: for [a-z]{3,12})?";
    const GAP: &str = r"[\s.,/-]{0,3}(?:(?:then|and|dash|dot|space) )?";
    const DIGITS: &str = r"[0-9](?:[\s.-]{0,2}[0-9]){0,2}";
    Regex::new(&format!(
        r"(?-u:\b)(?:{L}{GAP}{L}{GAP}[0-9][\s.-]{{0,2}}[0-9]{GAP}{L}{GAP}{L}{GAP}{L}|{L}{GAP}{DIGITS}{GAP}{L}{GAP}{L}{GAP}{L}|{L}{GAP}{L}{GAP}{L}{GAP}{DIGITS}{GAP}{L})(?-u:\b)"
    ))
    .ok()
});

/// A network address whose dots stand apart or are told otherwise.
static IP_PARTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const DOT: &str = r"(?: ?[.,_-] ?| ?[\[(](?:dot|\.)[\])] ?| dot | point )";
    Regex::new(&format!(
        r"(?-u:\b)([0-9]{{1,3}}){DOT}([0-9]{{1,3}}){DOT}([0-9]{{1,3}}){DOT}([0-9]{{1,3}})(?-u:\b)"
    ))
    .ok()
});

/// A postcode sign by sign: "E C 1 A 1 B B".
static POSTCODE_SIGNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)([a-z](?: [a-z])?) [0-9](?: [0-9a-z])? {1,3}[0-9] [abd-hjlnp-uw-z] [abd-hjlnp-uw-z](?-u:\b)").ok()
});

/// Two letters, six digits and a letter of national insurance with anything between.
static INSURANCE_PARTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const GAP: &str = r"[\s.,/-]{0,3}(?:then )?";
    Regex::new(&format!(
        r"(?-u:\b)[a-z]{GAP}[a-z]{GAP}[0-9]{GAP}[0-9]{GAP}[0-9]{GAP}[0-9]{GAP}[0-9]{GAP}[0-9]{GAP}[a-d](?-u:\b)"
    ))
    .ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits >= 14 {
        accounts(page, found);
    }
    if page.digits >= 16 && page.has(CARD) {
        cards(page, found);
    }
    if page.digits >= 2 && page.has(VEHICLE | PLATE) {
        plates(page, found);
    }
    if page.digits >= 6 {
        networks(page, found);
    }
    if page.digits >= 2 {
        postcodes(page, found);
    }
    if page.digits >= 6 && page.has(NINO) {
        for shaped in within(&INSURANCE_PARTS, page) {
            if page.near(&shaped, NINO, NEARBY, 40) && page.in_capitals(shaped.clone()) {
                found.push(Candidate::new(Kind::NationalInsurance, shaped, 0.75));
            }
        }
    }
    if page.has(PASSPORT) && page.has(DIGITWORD) {
        for (bytes, digits) in spelled_numbers(page) {
            if digits.len() == 9 && page.near(&bytes, PASSPORT, NEARBY, 60) {
                found.push(Candidate::new(Kind::Passport, bytes, 0.8));
            }
        }
    }
}

/// Where a shape stands on the page.
fn within<'p>(
    shape: &'p LazyLock<Option<Regex>>,
    page: &'p Page<'_>,
) -> impl Iterator<Item = Range<usize>> + 'p {
    shape
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
        .map(|shaped| shaped.range())
}

fn accounts(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in within(&SORT_AND_ACCOUNT, page) {
        let before = page.text_before(shaped.start, NEARBY);
        let after = page.text_after(shaped.end, 40);
        let money = MONEY
            .iter()
            .any(|money| money.is_match(before) || money.is_match(after));
        let words = page.text[shaped.clone()]
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .count();
        // `£200000 for a new roof, 12345678 sales later`
        let sum = before.ends_with('£');
        if money && words <= 4 && !sum {
            found.push(Candidate::new(Kind::BankAccount, shaped, 0.85));
        }
    }
}

fn cards(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in within(&CARD_GROUPS, page) {
        let number: Vec<u32> = page.text[shaped.clone()]
            .chars()
            .filter_map(|c| c.to_digit(10))
            .collect();
        let years = number.chunks(4).all(|group| group[0] <= 2);
        if !years && is_card(&number) && page.near(&shaped, CARD, NEARBY, 60) {
            found.push(Candidate::new(Kind::PaymentCard, shaped, 0.8));
        }
    }
}

fn plates(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in within(&PLATE_PARTS, page) {
        let told = page.text[shaped.clone()].contains(" for ");
        let written = &page.text[shaped.clone()];
        let gaps = written
            .bytes()
            .filter(|byte| !byte.is_ascii_alphanumeric())
            .count();
        // what is written in one or two parts is found by itself
        let broken = written.contains(['\n', '.', ',']) || gaps >= 4;
        let letters = if told {
            is_told_by_letters(written)
        } else {
            broken && is_in_capitals_but_for_joints(page, &shaped) && has_no_word(written)
        };
        if letters
            && page.near(&shaped, VEHICLE | PLATE, NEARBY, NEARBY)
            && !page.near(&shaped, IDENT | GOODS, 16, 0)
            && stands_free(page, &shaped)
        {
            found.push(Candidate::new(Kind::VehicleRegistration, shaped, 0.8));
        }
    }
}

/// "N for november": every word opens with the letter that it stands for.
fn is_told_by_letters(written: &str) -> bool {
    let mut parts = written.split(" for ");
    let first = parts.next().unwrap_or_default();
    let mut letter = first.chars().next_back();
    parts.all(|part| {
        let fits = letter.is_some() && part.chars().next() == letter;
        letter = part.chars().next_back();
        fits
    })
}

/// "YL68, then TGN": capitals, apart from the words that join the parts.
fn is_in_capitals_but_for_joints(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let mut at = bytes.start;
    page.text[bytes.clone()].split(' ').all(|part| {
        let from = at;
        at += part.len() + 1;
        let joint = matches!(part, "then" | "and" | "dash" | "dot" | "space" | "");
        let letters = part.bytes().any(|byte| byte.is_ascii_alphabetic());
        joint || !letters || page.in_capitals(from..from + part.len())
    })
}

/// Whether no group of letters is a word that stands beside a number: "MEET AT 14, THE OLD HALL".
pub(super) fn has_no_word(written: &str) -> bool {
    const WORDS: &[&str] = &[
        "at", "am", "as", "by", "is", "in", "on", "of", "to", "no", "or", "we", "up", "the", "and",
        "for", "but", "pm", "yrs", "age", "all", "now", "are", "her", "his", "you", "our", "ks",
        "yr",
    ];
    !written
        .split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| WORDS.contains(&word))
}

/// Whether no further single sign stands beside: a longer row of signs is something else.
fn stands_free(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let single = |word: Option<&str>| {
        word.is_some_and(|word| word.len() == 1 && word.as_bytes()[0].is_ascii_alphanumeric())
    };
    let before = page.text_before(bytes.start, 4);
    let after = page.text_after(bytes.end, 4);
    let beside = before.ends_with(' ') && single(before.split_whitespace().next_back());
    let follows = after.strip_prefix(' ').map(|rest| rest.split(' ').next());
    let article = beside && before.trim_end().ends_with(['a', 'i']) && {
        let at = bytes.start - 2;
        !page.opens_with_capital(at)
    };
    (!beside || article) && !single(follows.flatten())
}

fn networks(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in IP_PARTS
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let bytes = whole.range();
        let written = whole.as_str();
        let plain = written.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let parts: Option<Vec<u8>> = captures
            .iter()
            .skip(1)
            .flatten()
            .map(|part| part.as_str().parse().ok())
            .collect();
        let Some(parts) = parts.filter(|parts| (1..=223).contains(&parts[0]) && !plain) else {
            continue;
        };
        let told = written.contains("dot") || written.contains(" point ") || written.contains('[');
        let spaced = written.matches('.').count() == 3;
        let dashed = written.matches('-').count() == 3 && !written.contains(' ');
        let long = parts.iter().any(|part| *part >= 100);
        let near = page.near(&bytes, IP, 60, 60);
        let computing = near
            || [" it say", "connection", "computer", "laptop", "online"]
                .iter()
                .any(|word| page.says(word));
        let inside = matches!(parts[..2], [10 | 127, _] | [192, 168] | [172, 16..=31]);
        let fits = told || long && (spaced && computing || dashed && near);
        let longer = page.text_after(bytes.end, 2).starts_with(['-', '/'])
            || page.text[..bytes.start].ends_with(['-', '/', '.', '+']);
        if fits && !inside && !longer && !page.near(&bytes, PHONE, 16, 0) {
            found.push(Candidate::new(Kind::Ip, bytes, 0.75));
        }
    }
}

fn postcodes(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in POSTCODE_SIGNS
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(whole), Some(area)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let bytes = whole.range();
        let area = area.as_str().replace(' ', "").to_uppercase();
        let squeezed = whole.as_str().replace(' ', "");
        let told = [
            "family",
            "families",
            "house",
            "home",
            "live",
            "moved",
            "move",
            "now of",
            "postcode",
            "post code",
            "address",
            "we're at",
            "sat nav",
            "satnav",
            "catchment",
        ]
        .iter()
        .any(|word| page.text_before(bytes.start, NEARBY).contains(word));
        if told
            && is_area(&area)
            && page.in_capitals(bytes.clone())
            && stands_free(page, &bytes)
            && !page.near(&bytes, VEHICLE | PLATE | IDENT, 40, 20)
            && !page.own.is_own_postcode(&squeezed)
            && !is_of_animals_or_parts(page, &page.sentence_of(bytes.start))
        {
            found.push(Candidate::new(Kind::Postcode, bytes, 0.75));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::scan;

    #[test]
    fn broken_numbers_are_found_by_check_or_by_the_words_around() {
        for (kind, text, told) in [
            (
                "nhs_number",
                "In an appointment book, NHS\n999 872\n7073\nand a horse.",
                "999 872\n7073",
            ),
            (
                "bank_account",
                "You owe me £4. nat west 60 14 08 then 31926819, ta",
                "60 14 08 then 31926819",
            ),
            (
                "payment_card",
                "A debit card. It begins 4658 5930 7051 and ends 2430.",
                "4658 5930 7051 and ends 2430",
            ),
            (
                "iban",
                "Pay Ngozi's dad\nGB77 NWBK\n6016 1396\n7961 60\nand he brings it.",
                "GB77 NWBK\n6016 1396\n7961 60",
            ),
            (
                "driving_licence",
                "A licence of FAIRC 907128 MJ9 LP. handed in",
                "FAIRC 907128 MJ9 LP",
            ),
            (
                "passport",
                "It wants the passport!! mine says five two zero, four four eight, one nine six",
                "five two zero, four four eight, one nine six",
            ),
            (
                "ip",
                "The caller who froze (198 . 51 . 100 . 24), IT say it's you.",
                "198 . 51 . 100 . 24",
            ),
            (
                "ip",
                "whoever is on 198-51-100-24 stop using our wifi",
                "198-51-100-24",
            ),
            (
                "vehicle_registration",
                "Lights left on! J 4 7 2 B R Y, flat battery",
                "J 4 7 2 B R Y",
            ),
            (
                "vehicle_registration",
                "Parking, again: YK07\nHZP. On the zigzags.",
                "YK07\nHZP",
            ),
            (
                "vehicle_registration",
                "Black qashqai EY 65, then N for november, R for romeo, B for bravo.",
                "EY 65, then N for november, R for romeo, B for bravo",
            ),
            (
                "vehicle_registration",
                "I have you on dashcam, MT.14.OLV",
                "MT.14.OLV",
            ),
            (
                "postcode",
                "The Kirkbride family, now of E C 1 A 1 B B, did it.",
                "E C 1 A 1 B B",
            ),
        ] {
            let found = scan(text);
            assert!(
                found.iter().any(|(k, t, _)| k == kind && t == told),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn rows_of_other_numbers_stay_clean() {
        for text in [
            "The scores were 12 14 16 then 20 to us.",
            "Christmas card sales: 2012, then 2016, then 2020, then 2024.",
            "PARKING: MEET AT 14, THE OLD HALL.",
            "The hymns are 198, 51, 100 and 24.",
            "Spell it with the cards: A B C 1 D 2 E F.",
            "Ingredients: 200 . 50 . 100 . 20 grams of each.",
            "The houses scored 120-95-110-80 on sports day.",
            "Buses 6, 14 and 08 then 31 to the park, £2 each.",
            "Meet at the car park at 10, or 11. The tea is 50p.",
        ] {
            assert!(scan(text).is_empty(), "{text}: {:?}", scan(text));
        }
    }
}
