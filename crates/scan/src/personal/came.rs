//! Days of birth told without "born": "came into the world on", "is 11th May 2016 and not ...", and a date that a child's
//! age was reckoned from (DOMAIN 2.11).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    born::is_pupil_age,
    dates::dates,
    kind::Kind,
    page::Page,
    person::{Told, is_given, is_public_prose, people, words},
    tales::is_of_animals_or_parts,
};

/// Words of a birth right before its day.
static CAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:came|come|popped|burst|brought|slid|tumbled) in(?:to|2) (?:the|this|our) (?:world|lives|family)|(?:entered|joined|met|greeted|surprised) (?:the|this) (?:world|family)|made (?:his|her|their|an?) (?:[a-z]+ )?(?:entrance|appearance|arrival|debut)|first saw (?:the light|daylight)|saw the light of day|(?:was|were) (?:delivered|welcomed into the world)|drew (?:his|her|their) first breath)(?: (?:to|for) [a-z' ]{2,20})?(?: early| late| safely| at last)?(?: on| at)?(?: the)?,? (?:[a-z]+day,? )?$").ok()
});

/// Words of an arrival, which may be one at the school.
static ARRIVED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:arrived|appeared|turned up|came along|came to us|joined us|was here|dates from|date is|day is|day was|day of days was)(?: early| late| safely| at last| with us)?(?: on)?(?: the)?,? (?:[a-z]+day,? )?$").ok()
});

/// What makes an arrival a birth.
static BABY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:leap[- ](?:year|day)|bab(?:y|ies)|midwife|maternity|delivery (?:room|suite)|labour ward|birthdays?|bday|[0-9]{1,2} ?lbs?|ounces|weeks early|weeks late|prem|years? old|how old)(?-u:\b)").ok()
});

/// A child's age reckoned from a date.
static RECKONED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:worked|working|counted|counting|started|starting|began|reckoned|went) (?:it )?(?:out |on |up )?from|put in|typed in|entered|used|chose|took|with)(?: (?:his|her|their)(?: own)?(?: date)?,?)? $").ok()
});

static HOW_OLD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:how old|(?:age|ages|old|alive) in (?:days|weeks|hours|minutes|seconds)|how many (?:days|weeks|hours|seconds|minutes) (?:old|alive|(?:have )?(?:we|they) (?:been alive|lived))|days (?:old|alive)|our ages?|their ages?)(?-u:\b)").ok()
});

/// A record that has a child's day wrong.
static RECORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:passports?|form|forms|register|records?|system|certificate|birth|birthday|wrong|down as|put down|typo|american|month first|mixed up|swapped|details|application)(?-u:\b)").ok()
});

/// A child of the writer.
static OWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)my (?:[a-z]+ )?(?:daughter|son|child|lad|lass|girl|boy|eldest|youngest|twins?)(?-u:\b)").ok()
});

/// "Clemency is", "clemency is 11th may not": who has this day.
static IS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?P<who>[a-z]{3,14})(?:'s)?(?: is|'s)(?: really| actually| definitely| the)? (?:[0-9]{1,2}(?:st|nd|rd|th)?(?: of)? [a-z]{3,9},? (?:and )?not (?:the )?)?$").ok()
});

/// Without one of them nothing here is told.
const TELLING: &[&str] = &[
    " world",
    "the family",
    "our family",
    "entrance",
    "appearance",
    "arriv",
    "debut",
    "daylight",
    "the light",
    "deliver",
    "welcomed",
    "first breath",
    "turned up",
    "came along",
    "came to us",
    "joined us",
    "how old",
    "old in",
    "alive",
    "days old",
    "many days",
    " ages",
    "age in",
    "wrong",
    "passport",
    "form",
    "regist",
    "record",
    "certificate",
    "down as",
];

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let dated = page.digits > 0 || page.says("twenty");
    if !dated || !TELLING.iter().any(|word| page.says(word)) {
        return;
    }
    for date in dates(page) {
        if !date.year.is_some_and(|year| is_pupil_age(page, year)) {
            continue;
        }
        if tells_a_birth(page, &date.bytes) {
            found.push(Candidate::new(Kind::DateOfBirth, date.bytes, 0.7));
        }
    }
}

fn tells_a_birth(page: &Page<'_>, date: &Range<usize>) -> bool {
    let sentence = page.sentence_of(date.start);
    let before = page.text_before(date.start, 70);
    let before = &before[before.len().saturating_sub(date.start - sentence.start)..];
    let reach = page.text_before(sentence.start, 120).len();
    let around = &page.text[sentence.start - reach..sentence.end];
    let is = |shape: &LazyLock<Option<Regex>>, words: &str| {
        shape.iter().any(|shape| shape.is_match(words))
    };
    let came = is(&CAME, before) || is(&ARRIVED, before) && is(&BABY, around);
    let reckoned = is(&RECKONED, before) && is(&HOW_OLD, around);
    let known = || {
        !is_public_prose(page, &sentence)
            && people(page, &sentence)
                .iter()
                .any(|person| person.told >= Told::Capital || person.told == Told::OwnChild)
            // "the Ruby who came into the world on"
            || came
                && words(page, &sentence)
                    .iter()
                    .any(|(at, word)| {
 *at > sentence.start + 1 && *at < date.start && word.len() > 2 && page.opens_with_capital(*at)
 })
    };
    if (came || reckoned) && !is_of_animals_or_parts(page, &sentence) && known() {
        return true;
    }
    is(&RECORD, around)
        && IS
            .iter()
            .find_map(|shape| shape.captures(before))
            .and_then(|captures| captures.name("who"))
            .is_some_and(|who| {
                let at = date.start - before.len() + who.start();
                let name = who.as_str();
                is_given(page, at, name)
                    || is(&OWN, &page.text[sentence.start - reach..date.start])
                    || ["daughter", "son", "child"].contains(&name)
                    || page
                        .named_in(&(at..at + name.len()))
                        .any(|named| !named.staff)
            })
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    fn births(text: &str) -> Vec<String> {
        told("date_of_birth", text)
    }

    #[test]
    fn a_day_of_birth_needs_no_word_of_birth() {
        for (text, told) in [
            (
                "This is for the Ruby who came into the world on 14 Feb '16 and not her friend.",
                "14 Feb '16",
            ),
            (
                "A leap-year baby: Ruby arrived on Feb 29th 2020, she says.",
                "Feb 29th 2020",
            ),
            (
                "How old are we in days? Jack worked from 02/09/2018 and got it.",
                "02/09/2018",
            ),
            (
                "Wilfred told us all: born third of the eleventh twenty twenty-two, likes bins.",
                "third of the eleventh twenty twenty-two",
            ),
            (
                "The passport form is wrong. Ruby is 11th May not 5th November 2016.",
                "5th November 2016",
            ),
        ] {
            let found = births(text);
            assert!(
                found.iter().any(|found| found.contains(told)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn other_days_are_no_births() {
        for text in [
            "Ruby arrived on 3 September 2021 from Leeds.",
            "The new minibus arrived on 12/03/2019.",
            "Our school dog Bramble came to us on 4 May 2021.",
            "The timeline worked from 02/09/2018 to today.",
            "How old is the oak? The plaque says 4 June 2012.",
            "The form is wrong: sports day is 11 June 2024.",
        ] {
            assert!(births(text).is_empty(), "{text}: {:?}", births(text));
        }
    }
}
