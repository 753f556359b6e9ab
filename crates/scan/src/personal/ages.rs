//! Birthdays told by an age that a named child comes to, and by the day a child was born on: "Ruby was seven yesterday",
//! "Daisy's seventh is on the 3rd", "Arthur, born on Christmas Day" (DOMAIN 2.11).

use std::{ops::Range, sync::LazyLock};

use super::{
    Candidate,
    kind::Kind,
    page::Page,
    person::{Told, is_public_prose, people},
    shape::Shape,
    tales::is_a_tale,
};

/// An age that a school knows: nobody in it is twenty.
const AGE: &str = "(?:[1-9]|1[0-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)";

const ORDINAL: &str = "(?:[3-9](?:rd|th)|1[0-9]th|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|eighteenth)";

const DAY: &str = "(?:today|2day|tonight|2moro|2morrow|2moz|tomoz|tomoro|tmrw|tmw|tomorrow|yesterday|(?:this|next|last|on|at|over) (?:the )?(?:morning|afternoon|evening|week|weekend|month|mon|tues?|weds?|wednes|thurs?|fri|sat|satur|sun|half[- ]term|easter|christmas|boxing|bonfire|new year|hallowe'?en|valentine|pancake|mother|father|holidays?|summer)[a-z']*|(?:on )?the [0-9]{1,2}(?:st|nd|rd|th)|on [0-9]{1,2}(?:st|nd|rd|th)?|in [a-z0-9]+ (?:days|weeks|sleeps)|in (?:january|february|march|april|may|june|july|august|september|october|november|december))";

const DATE: &str = "(?:[0-9]{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* [0-9]{1,2}(?:st|nd|rd|th)?|(?:christmas|boxing|new year'?s|leap|midsummer'?s?|valentine'?s|april fool'?s?'?|st [a-z]+'?s|pancake|mother'?s|father'?s|(?:the )?longest|(?:the )?shortest) (?:day|eve)|hallowe'?en|bonfire night|easter (?:sunday|monday|day)|the (?:same day as|first day of))";

/// The shapes.
pub(super) static AGES: LazyLock<[String; 13]> = LazyLock::new(|| {
    [
        format!(r" (?:turn(?:s|ed|ing)|is turning|becomes|became|(?:will|'ll) (?:turn|be turning)) (?:the )?(?:big |grand old |a )?{AGE}(?: years old)?(?: {DAY}|[.!?]|$)"),
        format!(r" (?:hits|reache[sd]|(?:will|'ll) (?:hit|reach)) (?:the )?(?:big |grand old |a )?{AGE}(?: years old)? {DAY}"),
        format!(r" (?:is|was|'s|will be|'ll be|is going to be|is officially|is finally|is now) (?:now |just |officially |finally |a grand old |all of )?{AGE}(?: years old)? {DAY}"),
        format!(r" (?:is |'s )?(?:hits?|hitting|reach(?:es|ing)?|into|turn(?:s|ing)|gets? to|goes|going|in) (?:into )?double (?:figures|digits) {DAY}"),
        r"(?-u:\b)the big (?:one[- ](?:oh|zero|one|two|three|four|five|six|eight)|1[- ][0-8]|1[0-68])(?-u:\b)".to_owned(),
        format!(r" (?:is|was|'s|will be|'ll be|becomes|turns)(?: officially| finally| now)? a teenager {DAY}"),
        format!(r"(?-u:\b)(?:celebrat(?:es|ed|ing)|marks|marked) (?:his|her|their) {ORDINAL} {DAY}"),
        format!(r"'s {ORDINAL} (?:is|was|falls) {DAY}"),
        format!(r"(?-u:\b)(?:blew|blow|blows|blowing|blown) out (?:all |the |his |her |their |all the |all of )*{AGE} candles"),
        format!(r"(?-u:\b){AGE} years old (?:(?:on )?(?:the very|this very|the same|that very) day|{DAY})"),
        format!(r"(?-u:\b)(?:was |were )?born on {DATE}"),
        r"(?-u:\b)shares? (?:a|his|her|their) birthday with(?-u:\b)".to_owned(),
        format!(r"(?-u:\b)(?:(?:youngest|eldest|oldest) (?:in|of) (?:the|her|his|their) (?:year|class|form)[^.!?\n]{{0,20}}{DATE}|{DATE},? (?:so )?(?:the |our |is the )?(?:youngest|eldest|oldest))"),
    ]
});

/// Of whom each of them tells.
const TOLD: [(Shape, Whose); 13] = [
    (Shape::AgeTurned, Whose::Before),
    (Shape::AgeReached, Whose::Before),
    (Shape::AgeNow, Whose::Before),
    (Shape::AgeDoubled, Whose::Before),
    (Shape::AgeBigOne, Whose::Named),
    (Shape::AgeTeenager, Whose::Before),
    (Shape::AgeCelebrated, Whose::Named),
    (Shape::AgeFalls, Whose::Before),
    (Shape::AgeCandles, Whose::Named),
    (Shape::AgeYearsOld, Whose::Greeted),
    (Shape::BornOn, Whose::Known),
    (Shape::SharedBirthday, Whose::Known),
    (Shape::Youngest, Whose::Known),
];

/// Of whom a shape tells a birthday.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Of somebody whose name stands right before it.
    Before,
    /// Of somebody named in the sentence.
    Named,
    /// Of somebody wished well in this sentence or the one before.
    Greeted,
    /// Of a child of this school; of others it is history.
    Known,
}

/// Who is no child of this school.
const GROWN: &[&str] = &[
    "advent", "mr", "mrs", "miss", "ms", "dr", "sir", "king", "queen", "nan", "grandad", "grandma",
    "saint", "st", "princess", "prince",
];

/// Without one of them no age and no day of birth is told.
const TELLING: &[&str] = &[
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
    "teen",
    "third",
    "fifth",
    "ninth",
    "twelfth",
    "born on",
    "share",
    "youngest",
    "eldest",
    "oldest",
    "double ",
    "years old",
];

/// Birthdays of named children in sentences that tell none yet.
pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits == 0 && !TELLING.iter().any(|word| page.says(word)) {
        return;
    }
    for (shape, whose) in TOLD {
        let shape = shape.within(page).into_iter();
        for told in shape.flat_map(|shape| shape.find_iter(page.text)) {
            let sentence = page.sentence_of(told.start() + 1);
            let known = found.iter().any(|earlier| {
                matches!(earlier.kind, Kind::Birthday | Kind::DateOfBirth)
                    && earlier.bytes.start < sentence.end
                    && sentence.start < earlier.bytes.end
            });
            if !known && is_of_a_child(page, &sentence, &told.range(), whose) {
                let start = told.start() + told.as_str().len() - told.as_str().trim_start().len();
                let end = start
                    + told
                        .as_str()
                        .trim()
                        .trim_end_matches(['.', ',', '!', '?', ';'])
                        .len();
                found.push(Candidate::new(Kind::Birthday, start..end, 0.75));
            }
        }
    }
}

fn is_of_a_child(
    page: &Page<'_>,
    sentence: &Range<usize>,
    told: &Range<usize>,
    whose: Whose,
) -> bool {
    let told_of = if whose == Whose::Greeted {
        let before = page.text_before(sentence.start, 60).len();
        sentence.start - before..sentence.end
    } else {
        sentence.clone()
    };
    if whose == Whose::Greeted && !is_greeting(page, &told_of) {
        return false;
    }
    let mut people = people(page, &told_of).into_iter();
    let named = people.any(|person| match whose {
        Whose::Known => person.told == Told::Named,
        // "Anne Frank turned thirteen"
        _ if person.told == Told::Given && follows_a_name(page, person.bytes.start) => false,
        Whose::Before => person.told >= Told::Given && person.bytes.end == told.start,
        Whose::Named | Whose::Greeted => person.told >= Told::Given,
    });
    named
        && !page.text[sentence.clone()]
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| GROWN.contains(&word))
        && !is_a_tale(page, sentence, told)
        && !is_public_prose(page, sentence)
}

/// Whether somebody is wished a happy birthday there, in one of the languages of a school.
fn is_greeting(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    [
        "happy ",
        "sto lat",
        "penblwydd",
        "joyeux",
        "feliz",
        "sung",
        "sang ",
        "sing ",
        "cheers",
        "hooray",
        "cake",
        "candle",
        "birthday",
        "congratulations",
        "many returns",
        "badge",
    ]
    .iter()
    .any(|word| page.says_in(bytes, word))
}

/// Whether another word with a capital stands right before a name and no sentence opens with it.
fn follows_a_name(page: &Page<'_>, at: usize) -> bool {
    let Some(before) = page.text[..at].strip_suffix(' ') else {
        return false;
    };
    let word = before.rsplit(' ').next().unwrap_or_default();
    let start = before.len() - word.len();
    let opens = page.sentence_of(start).start + 2 > start;
    !opens && word.ends_with(char::is_alphabetic) && page.opens_with_capital(start)
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    fn birthdays(text: &str) -> Vec<String> {
        told("birthday", text)
    }

    #[test]
    fn an_age_that_a_named_child_comes_to_is_a_birthday() {
        for (text, told) in [
            (
                "Jacob was seven yesterday, hence the badge.",
                "was seven yesterday",
            ),
            (
                "Bring a card on Tuesday, Sam is turning 11.",
                "is turning 11",
            ),
            (
                "Ethan is officially a teenager on Sunday.",
                "is officially a teenager on Sunday",
            ),
            (
                "Niamh celebrated her 6th on Sunday at the rink.",
                "celebrated her 6th on Sunday",
            ),
            (
                "Sto lat, Jakub! Seven years old on the very day the boiler came back.",
                "Seven years old on the very day",
            ),
            ("Our baby Ruby is 7 2moro, oh my.", "is 7 2moro"),
            (
                "For Sam it's the big one one and he hates it.",
                "the big one one",
            ),
            (
                "Leo blew out nine candles in the hall.",
                "blew out nine candles",
            ),
        ] {
            assert_eq!(birthdays(text), [told], "{text}");
        }
    }

    #[test]
    fn ages_of_nobody_and_of_grown_ups_are_none() {
        for text in [
            "The hamster turns two on Friday.",
            "Our school turns 150 next Tuesday.",
            "The King turned 76 in November.",
            "Jesus was born on Christmas Day.",
            "Jacob was second on Friday and Leo was fourth.",
            "Jacob reached level 5 and Sam hits ten sixes in a row.",
            "Sam is on page nine today.",
            "Children must be seven years old on the day to join, says Jack.",
            "The big one for Jack is the final, and the big five are on page two.",
            "Oliver reached 12, the highest of the class on times tables.",
            "Jack hits four, in our cricket scores.",
            "Jack's first was a goal in the cup.",
            "Double figures for Jack: ten goals this season!",
            "In the book, Matilda turned five and read the library.",
            "For our Advent service Jacob blew out four candles.",
            "The raven George was born on Easter Monday.",
        ] {
            assert!(birthdays(text).is_empty(), "{text}");
        }
    }
}
