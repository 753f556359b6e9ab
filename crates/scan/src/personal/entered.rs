//! Days of birth beside a child's name on a form ("LOLA_E 14032018 F"), on a waiting list, and where a family tells what
//! else happened that day ("the very night Rosie was born", "the day I had her").

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    born::is_pupil_age,
    cues::IDENT,
    dates::dates,
    kind::Kind,
    page::Page,
    person::{is_given, is_public_prose, words},
    tales::is_of_animals_or_parts,
};

/// Day, month and year without signs between.
static JOINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])(20[0-3][0-9])|(20[0-3][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))(?-u:\b)").ok()
});

/// What is filled in with names and days of birth.
static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:portal|form|forms|register|registration|entry|entries|upload|spreadsheet|csv|list|lists|badges?|licen[cs]e|squad|fixture|team sheet|passport|record|records|roll|import|candidate|applicant)(?-u:\b)").ok()
});

/// The same day, and who came on it: "the very night Rosie was born", "the night she arrived", "the day I had him".
static SAME_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:the|that|same) (?:very |same |exact |actual |first )?(?:night|day|morning|afternoon|evening|date|week|hour)(?: that| when| on which| after| before)?,? (?:i |we |she |her mum |his mum |my daughter |my wife |our |my |little |baby )?(?:(?P<born>(?:[a-z][a-z'-]{1,14} ){1,3}(?:was|were) born|had (?:him|her|them|my (?:boy|girl|twins|son|daughter)|our [a-z]+)|gave birth|went into labour)|(?P<came>(?:she|he|they|[a-z][a-z'-]{2,14}) (?:arrived|came|came along|turned up|made (?:his|her) entrance|appeared|popped out)))(?-u:\b)").ok()
});

/// What makes an arrival a birth.
static BIRTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:special care|ambulance|midwi(?:fe|ves)|hospital|maternity|labour|born|bab(?:y|ies)|[0-9] ?lbs?|weeks early|weeks late|premature|prem|grandchild|nana|nan|granny|grandma|grandad|incubator|scbu|nicu|delivered|contractions?|waters)(?-u:\b)").ok()
});

/// A child or grandchild who came on a day: "my grandson came on the very day of the eclipse,".
static CAME_ON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:he|she|they|(?:my|our) (?:[a-z]+ )?(?:son|daughter|grandson|granddaughter|grandchild|boy|girl|lad|lass|twins|niece|nephew))(?-u:\b)[^.!?\n]{0,40}(?-u:\b)(?:came|arrived|turned up|appeared|made it|landed)(?P<how>[^.!?\n]{0,44})$").ok()
});

/// A family waiting for a child, or just given one.
static AWAITED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:grand(?:son|daughter|child)|was due|were due|due date|overdue|early|late|hospital|labour|midwi(?:fe|ves)|born|baby|babies|bump)(?-u:\b)").ok()
});

/// Where somebody else than a newborn arrives.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:from|school|nursery|reception|england|the uk|britain|class|for the|to see|home|first|second|third|top|last|with)(?-u:\b)").ok()
});

/// Children who came together or were weighed.
static WEIGHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:minutes apart|mins apart|[0-9]{1,2} ?lbs?(?: ?[0-9]{1,2})?(?: ?oz)?|weeks (?:early|late|premature)|c[- ]section|in labour|born at)(?-u:\b)").ok()
});

/// Where a child waits for a place.
static WAITING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:put (?:him|her|them|my [a-z]+|our [a-z]+) (?:down|on)|waiting list|down for (?:nursery|reception|a place)|nursery place|register(?:ing)? (?:him|her|my|our)|apply(?:ing)? for (?:him|her|my|our)|place for (?:him|her|my|our))(?-u:\b)").ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits >= 8 {
        on_forms(page, found);
    }
    let dated = page.digits > 0 || page.says("twenty");
    let told = [
        "night",
        "day",
        "morning",
        "afternoon",
        "evening",
        "week",
        "apart",
        "lb",
        "hour",
        "labour",
        "nursery",
        "waiting list",
        "register",
        "place",
        " down ",
        "came",
        "arriv",
        "turned up",
        "appeared",
    ]
    .iter()
    .any(|word| page.says(word));
    if dated && told {
        of_a_day(page, found);
    }
}

fn is(shape: &LazyLock<Option<Regex>>, words: &str) -> bool {
    shape.iter().any(|shape| shape.is_match(words))
}

/// Whether a child's name lies in a stretch.
fn names_a_child(page: &Page<'_>, stretch: &Range<usize>) -> bool {
    page.named_in(stretch).any(|named| !named.staff)
        || words(page, stretch)
            .iter()
            .any(|(at, word)| page.opens_with_capital(*at) && is_given(page, *at, word))
}

/// Eight digits that are a day of birth, right behind a name where a form is spoken of.
fn on_forms(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in JOINED
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (Some(whole), Some(year)) =
            (captures.get(0), captures.get(3).or_else(|| captures.get(4)))
        else {
            continue;
        };
        let year = year.as_str().parse().unwrap_or(0);
        let before = page.text_before(whole.start(), 24);
        let line = before.rsplit('\n').next().unwrap_or(before);
        let named = names_a_child(page, &(whole.start() - line.len()..whole.start()));
        let after = page.text_after(whole.end(), 10);
        let sexed = [
            " m", " f", ",m", ",f", " male", " female", " boy", " girl", " y", ", m", ", f",
        ]
        .iter()
        .any(|sex| {
            after.starts_with(sex)
                && after[sex.len()..]
                    .bytes()
                    .next()
                    .is_none_or(|byte| !byte.is_ascii_alphabetic())
        });
        let sentence = page.sentence_of(whole.start());
        let back = page.text_before(sentence.start, 90).len();
        let form = is(&FORM, &page.text[sentence.start - back..sentence.end]);
        if named
            && (sexed || form)
            && is_pupil_age(page, year)
            && !page.near(&whole.range(), IDENT, 10, 0)
        {
            found.push(Candidate::new(Kind::DateOfBirth, whole.range(), 0.8));
        }
    }
}

/// A date and who was born on it, in any order within one sentence.
fn of_a_day(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for date in dates(page) {
        if !date.year.is_some_and(|year| is_pupil_age(page, year)) {
            continue;
        }
        let sentence = page.sentence_of(date.bytes.start);
        let told = &page.text[sentence.clone()];
        let reach = page.text_before(sentence.start, 120).len();
        let next = page.text_after(sentence.end, 120);
        let around = &page.text[sentence.start - reach..sentence.end + next.len()];
        let same_day = SAME_DAY
            .iter()
            .flat_map(|shape| shape.captures_iter(told))
            .any(|captures| captures.name("born").is_some() || is(&BIRTH, around));
        let twins = told.contains("twins") && is(&WEIGHED, told);
        let lead = page.text_before(date.bytes.start, 30).len();
        let tail = page.text_after(date.bytes.end, 24).len();
        let beside = (date.bytes.start - lead).max(sentence.start)
            ..(date.bytes.end + tail).min(sentence.end.max(date.bytes.end));
        let waiting = is(&WAITING, told)
            && names_a_child(page, &beside)
            && ![
                "on ", "by ", "until ", "from ", "before ", "after ", "closes ", "starts ",
            ]
            .iter()
            .any(|lead| page.text_before(date.bytes.start, 8).ends_with(lead));
        let came = CAME_ON
            .iter()
            .find_map(|shape| shape.captures(&page.text[sentence.start..date.bytes.start]))
            .and_then(|captures| captures.name("how"))
            .is_some_and(|how| is(&AWAITED, told) && !is(&ELSEWHERE, how.as_str()));
        if (same_day || twins || waiting || came)
            && !is_of_animals_or_parts(page, &sentence)
            && !is_public_prose(page, &sentence)
        {
            found.push(Candidate::new(Kind::DateOfBirth, date.bytes, 0.65));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    fn days(text: &str) -> Vec<String> {
        told("date_of_birth", text)
    }

    #[test]
    fn days_of_birth_are_known_by_the_name_or_by_who_came_that_day() {
        for (text, told) in [
            (
                "Swimming badges are in. For the badge portal: Lola E 14032018 F.",
                "14032018",
            ),
            (
                "Weather diary: Storm Dennis hit on 15 February 2020, which is also the very night Rosie was born.",
                "15 February 2020",
            ),
            (
                "I was there the night she arrived, 8th of August two thousand and twenty. Seven weeks in special care.",
                "8th of August two thousand and twenty",
            ),
            (
                "that was the day i had her, 9.9.2019, hottest on record",
                "9.9.2019",
            ),
            (
                "the twins, the third of May, twenty nineteen, four minutes apart",
                "the third of May, twenty nineteen",
            ),
            (
                "please put him down for nursery, 11-02-23, Alfie Marsh",
                "11-02-23",
            ),
        ] {
            assert!(
                days(text).iter().any(|day| day == told),
                "{text}: {:?}",
                days(text)
            );
        }
    }

    #[test]
    fn other_days_stay_clean() {
        for text in [
            "Library book due 21032026, ref 14032018, for Lola.",
            "Storm Arwen hit on 26 November 2021, the very night the shed went.",
            "The day Miss Rao arrived, 1 September 2015, it rained.",
            "The same day the lambs were born, 3 April 2025, the vet came to see our school dog.",
            "Put your coat down on the form, 11-02-23 is the old one.",
        ] {
            assert!(days(text).is_empty(), "{text}: {:?}", days(text));
        }
    }
}
