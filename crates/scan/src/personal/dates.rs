//! Dates in every written form, for birthdays.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::page::Page;

const MONTHS: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

/// The days of a month in words.
const ORDINALS: &str = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first";

/// Years in words, as far back as parents were born.
const YEARS: &str = "((?:twenty|nineteen|two thousand)(?: and)?[ -](?:(?:twenty|eighty|ninety)[ -]?)?(?:oh[ -])?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|eighty|ninety))";

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?-u:\b)(?:(?:the )?(?:{ORDINALS}) (?:day )?(?:of|o'|in) (?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth),? (?:of )?(?:[12][0-9]{{3}}|{YEARS})|(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th) (?:day )?of the [0-9]{{1,2}}(?:st|nd|rd|th),? (?:of )?(?:[12][0-9]{{3}}|[0-9]{{2}})|[0-9]{{2}} [0-9]{{2}} (?:19|20)[0-9]{{2}}|[0-9]{{1,2}}[./ -](?:i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})[./ -](?:(?:19|20)[0-9]{{2}}|[0-9]{{2}})|(?:the )?(?:{ORDINALS}|last|[0-9]{{1,2}}(?:st|nd|rd|th)?) (?:day )?(?:of |o'? )?(?:{MONTHS}),? (?:[12][0-9]{{3}}|{YEARS})|[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|[0-9]{{1,2}} ?[-/.] ?[0-9]{{1,2}} ?[-/.] ?(?:[0-9]{{4}}|[0-9]{{2}})|(?:the )?(?:{ORDINALS}) (?:of |o'? )?(?:{MONTHS})|[0-9]{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?(?:{MONTHS})(?:[.,]? ?['’]?-?(?:[12][0-9]{{3}}|[0-9]{{2}}))?|(?:{MONTHS}) [0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? [12][0-9]{{3}})?)(?-u:\b)"
    ))
    .ok()
});

/// A date and the year it names, if any.
pub(super) struct Date {
    pub(super) bytes: Range<usize>,
    pub(super) year: Option<i16>,
}

/// Every date of the text.
pub(super) fn dates(page: &Page<'_>) -> Vec<Date> {
    DATE.iter()
        .flat_map(|pattern| pattern.captures_iter(page.text))
        .filter_map(|captures| {
            let shaped = captures.get(0)?;
            let year = match captures.iter().skip(1).flatten().next() {
                Some(spelled) => spelled_year(spelled.as_str()),
                None => year(shaped.as_str(), page.context.year),
            };
            let bytes = shaped.range();
            Some(Date { bytes, year })
        })
        .collect()
}

fn year(date: &str, now: Option<i16>) -> Option<i16> {
    let numbers: Vec<&str> = date
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    if let Some(year) = numbers.iter().find(|part| part.len() == 4) {
        return year.parse().ok();
    }
    let words = date.bytes().any(|byte| byte.is_ascii_alphabetic());
    let needed = if words && !date.contains(" of the ") || numbers.len() == 2 {
        2
    } else {
        3
    };
    let short: i16 = numbers.get(needed - 1)?.parse().ok()?;
    let this = now.unwrap_or(2030) % 100;
    Some(if short <= this {
        2000 + short
    } else {
        1900 + short
    })
}

/// "Twenty sixteen", "two thousand and nine", "nineteen eighty-four".
fn spelled_year(year: &str) -> Option<i16> {
    const CENTURIES: &[(&str, i16)] =
        &[("two thousand", 2000), ("nineteen", 1900), ("twenty", 2000)];
    const TENS: &[(&str, i16)] = &[("twenty", 20), ("eighty", 80), ("ninety", 90)];
    const SMALL: &[&str] = &[
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    let (rest, century) = CENTURIES
        .iter()
        .find_map(|(word, century)| Some((year.strip_prefix(word)?, *century)))?;
    let value = |word: &str| {
        let tens = TENS.iter().find(|(spelled, _)| *spelled == word);
        let small = || (1..).zip(SMALL).find(|(_, spelled)| **spelled == word);
        tens.map(|(_, tens)| *tens)
            .or_else(|| small().map(|(small, _)| small))
    };
    Some(century + rest.split([' ', '-']).filter_map(value).sum::<i16>())
}
