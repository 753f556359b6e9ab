//! Dates in every written form, for birthdays.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::page::Page;

const MONTHS: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?-u:\b)(?:[0-9]{{2}} [0-9]{{2}} (?:19|20)[0-9]{{2}}|(?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first) (?:of )?(?:{MONTHS}),? [12][0-9]{{3}}|[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|[0-9]{{1,2}} ?[-/.] ?[0-9]{{1,2}} ?[-/.] ?(?:[0-9]{{4}}|[0-9]{{2}})|[0-9]{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?(?:{MONTHS})(?:,? ?'?-?(?:[12][0-9]{{3}}|[0-9]{{2}}))?|(?:{MONTHS}) [0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? [12][0-9]{{3}})?)(?-u:\b)"
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
        .flat_map(|pattern| pattern.find_iter(page.text))
        .map(|shaped| Date {
            bytes: shaped.range(),
            year: year(shaped.as_str(), page.context.year),
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
    let needed = if words { 2 } else { 3 };
    let short: i16 = numbers.get(needed - 1)?.parse().ok()?;
    let this = now.unwrap_or(2030) % 100;
    Some(if short <= this {
        2000 + short
    } else {
        1900 + short
    })
}
