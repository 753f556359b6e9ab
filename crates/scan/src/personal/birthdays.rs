//! Birthdays from which a date of birth follows (DOMAIN 2.11): the day on which a child is so many years old.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    born::{is_of_an_animal, is_told, twins},
    cues::BIRTHDAY,
    kind::Kind,
    page::Page,
    person::{Person, Told, bare, is_given_name, is_public_prose, people, words},
    shape::Shape,
};

pub(super) const AGE: &str = r"(?-u:\b)(?:(?:happy|wishing|a very happy) )?(?:(?:[a-z]+'s )?([0-9]{1,2}|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|eighteenth)(?:st|nd|rd|th)? (?:birthday|bday|b'day)|(?:turns|turned|turning|is turning|will be|who's|who is|is|celebrating being|became|hits|being) (?:now |finally |already |just |officially )?(?:a big |the big )?([0-9]{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen)(?: years old| yrs old)? ?(?:today|tomorrow|this week|yesterday|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|this (?:mon|tues|wednes|thurs|fri|satur|sun)day|at the weekend|this weekend|!|\u{1F382}|\u{1F389})|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|[0-9]{1,2}) today|happy [0-9]{1,2}(?:st|nd|rd|th)(?: to|,|!| my| our)|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|[0-9]{1,2}) candles (?:today|tomorrow|this|for our|for my|on (?:his|her))|(?:there were|blew out|blowing out|blow out|blew|with|had|has|count(?:ed|ing)?) (?:all |her |his )?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|[0-9]{1,2}) candles|(?:the )?big (?:[1-9]|1[ -]?[0-9]|one[- ](?:oh|one|two|three)|(?:oh|0)[- ]?(?:[1-9]|two|three|four|five|six|seven|eight|nine))(?: today| tomorrow| this | on | for (?:our|my|his|her) |[.!,?]|$)(?:mon|tues|wednes|thurs|fri|satur|sun)?(?:day)?|(?:has |have |have only |has only |'s |just |only |s )(?:just )?turned (?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)(?-u:\b)|double (?:figures|digits)(?:!| (?:a week (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|yesterday|this week|next week|last week|this weekend|at the weekend|at last|already|(?:on |this |last |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day))|[0-9]{1,2} (?:2day|tmrw|tmw|2moro)|[0-9]{1,2}(?:st|nd|rd|th)? birthday|birthday (?:boy|girl)(?: [a-z]+ (?:turned|turns|is) [0-9]{1,2}(?-u:\b))?)";

/// Birthdays told without the shape "7th birthday": "he's 11 on Friday", "Tom (Mon)", "a teenager today".
pub(super) static TOLD: LazyLock<String> = LazyLock::new(|| {
    const DAY: &str = "(?:(?:a|one|two) weeks? (?:on |this |from )?(?:today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|in (?:a|one|two|three) (?:week|fortnight|day)s?|the day(?:[ ,.!]|$)|(?:on )?(?:boxing day|christmas (?:day|eve)|new year'?s (?:day|eve)|hallowe'?en|bonfire night|valentine'?s(?: day)?|easter (?:sunday|monday)|pancake day|mother'?s day|father'?s day|st [a-z]+'?s day|(?:mon|tues|wednes|thurs|fri|satur|sun)day week)|today|2day|tmrw|tmw|2moro|2moz|tomoz|tmoz|2morrow|tomorrow|yesterday|the morra|(?:this |next |on )?(?:mon|tues?|weds?|wednes|thurs?|fri|satur|sat|sun)(?:day)?|(?:on )?the [0-9]{1,2}(?:st|nd|rd|th)(?: of (?:the )?[a-z0-9]+)?|(?:the|a|two|three) days? (?:before|after) (?:boxing day|christmas(?: day| eve)?|new year|hallowe'?en|bonfire night|valentine'?s|easter|pancake day|st [a-z]+'?s)|(?:on )?[0-9]{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)";
    format!(
        r"(?-u:\b)(?:(?:birthday|bday|b'day|burfday|birfday|burthday|birthdy)(?:'?s)?(?: is| was| it's| falls| for)? (?:on )?(?:{DAY}|(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|1[0-2]))|(?:[1-9]|1[0-9])(?:st|nd|rd|th)? (?:birthday|bday|b'day|burfday|birfday|burthday|birthdy)|(?:is|'s|s|turns|turned|be|hits|was|and|,|both|turn|youre|you're|re|'re|are|gonna be|going to be|hits) (?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen) (?:years old )?{DAY}|(?:official(?:ly)? )?(?:a )?teenager (?:today|tomorrow)|(?:becomes|turns into) a teenager(?: {DAY})?|born on this day|born [0-9]{{1,2}} years ago today|[0-9]{{1,2}} (?:years|yrs) ago today|this time [0-9]{{1,2}} (?:years|yrs) ago|(?:is|'s) [0-9]{{1,2}} (?:years old )?(?:today|tomorrow)|today,? [^.!?\n]{{0,40}}? is (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[2-9]|1[0-9])(?:[.,!]|$)|whose birthday (?:is|was|falls)|(?:yn |mae'n )?(?:[0-9]{{1,2}}|dri|tair|bedwar|bedair|bump|pum|chwech|saith|wyth|naw|ddeg|un ar ddeg|unarddeg) (?:mlwydd )?oed (?:heddiw|yfory|ddoe|dydd [a-z]+)|(?:gonna be|going to be) (?:[2-9]|1[0-9])|[a-z]{{3,14}}s (?:[2-9]|1[0-9]) {DAY}|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|[1-9]|1[0-9]) candles (?:for|on (?:his|her|their))|[a-z]{{2,15}}'s (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|eighteenth|[0-9]{{1,2}}(?:st|nd|rd|th)) (?:next week|this week|at the weekend|{DAY})|(?:birthday|bday)(?: [a-z]+)?,? (?:and|so|when|n|&|cos|because) (?:he|she|hes|shes)(?:'ll| will|'s| is)? (?:be |turns |turning )?(?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)|(?:celebrat(?:es|ed|ing)|had|having|has) (?:his|her|their) (?:[a-z]+|[0-9]+(?:st|nd|rd|th)) birthday|[0-9]{{1,2}} years? old (?:today|tomorrow|yesterday)|(?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen) (?:next|this|on) (?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:would (?:you|u) believe|can (?:you|u) believe|already|and counting|bless)|{DAY},? [a-z]{{2,15}} (?:will be|turns|is|'ll be|hits|becomes) (?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen))(?-u:\b)|(?:hit|hits|reached|reaches|reaching|made it to)(?: the)?(?: grand| ripe)?(?: old)?(?: age of)? (?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen)(?: \(| on | today| this |[,.!])|(?:been |is )?alive (?:for )?(?:exactly )?[0-9,]{{3,6}} (?:days|weeks|hours)|[0-9]{{1,2}},?[0-9]{{3}} days old|[a-z]{{2,15}} \((?:turn(?:s|ed|ing) |aged )?(?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen),? {DAY}\)|[a-z]{{2,15}} \((?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|[0-9]{{1,2}})\)"
    )
});

/// Words of a part of a birthday that need nobody named: "both 5 on Boxing Day", "shes 16 on fri", "ours turned 5".
fn tells_whose(page: &Page<'_>, at: usize, words: &str) -> bool {
    let own = ["ours ", "mine "]
        .iter()
        .any(|own| page.text_before(at, 5).ends_with(own));
    ["both ", "shes ", "hes "]
        .iter()
        .any(|who| words.starts_with(who))
        || own && words.starts_with("turned ")
}

/// Who is so many years old, right before it is told.
const OF_THEM: &[&str] = &[
    "he'll ",
    "she'll ",
    "hell ",
    "shell ",
    "he ",
    "she ",
    "he",
    "she",
    "twins ",
    "my son ",
    "youngest ",
    "eldest ",
    "daughter ",
];

/// A birthday told in other words, of a child somebody names or tells of.
fn told_birthdays(page: &Page<'_>, first: usize, found: &mut Vec<Candidate>) {
    for shaped in Shape::BirthdayTold
        .within(page)
        .into_iter()
        .flat_map(|pattern| pattern.find_iter(page.text))
    {
        let words = shaped.as_str();
        let sentence = page.sentence_of(shaped.start());
        let around = &page.text[sentence.clone()];
        let birthday = words.contains("birth")
            || words.contains("bday")
            || words.contains("b'day")
            || words.contains("urfday")
            || words.contains("irfday");
        let known = birthday
            || page.says("birthday")
            || page.says("bday")
            || words.contains("teenager")
            || words.contains("alive")
            || words.contains("age of")
            || words.contains("days old")
            || words.starts_with("this time ")
            || words.starts_with("hit")
            || words.contains("turn")
            || words.contains("'s ")
            || words.contains(" will be ")
            || words.starts_with("be ") && page.text_before(shaped.start(), 5).ends_with("will ")
            || words.contains(" oed ")
            || page.says("happy returns")
            || [
                " sing for ",
                " sang for ",
                " sing to ",
                " sang to ",
                "candles",
                " cake",
                "balloons",
                "presents",
            ]
            .iter()
            .any(|song| page.says(song));
        let old = age(words).is_some_and(|age| age > 19) && birthday;
        let grown = [
            "shakespeare",
            "dickens",
            "darwin",
            "mozart",
            "beethoven",
            "newton",
            "nightingale",
            "roald dahl",
            "mr ",
            "mrs ",
            "miss ",
            "ms ",
            "grandad",
            "school's",
            "our school",
        ]
        .iter()
        .any(|word| around.contains(word))
            || is_of_another(around);
        let near = shaped.start().saturating_sub(60).max(sentence.start)
            ..(shaped.end() + 60).min(sentence.end);
        let near = on_boundaries(page.text, near);
        let person = people(page, &near)
            .into_iter()
            .max_by_key(|person| person.told);
        let child = [
            " he",
            " she",
            " his",
            " her",
            "shes ",
            "hes ",
            "my little",
            "my big",
            "my baby",
        ]
        .iter()
        .any(|word| {
            page.says_in(&near, word) || page.text[near.clone()].starts_with(word.trim_start())
        });
        let confidence = match person.as_ref().map(|person| person.told) {
            Some(Told::Named | Told::Given) if known => 0.75,
            Some(Told::Named | Told::Given)
                if words.contains("today")
                    || ["is ", "was ", "'s ", "s ", "be ", "gonna ", "going "]
                        .iter()
                        .any(|verb| words.starts_with(verb)) =>
            {
                0.6
            }
            Some(_) if known => 0.6,
            None if birthday && child => 0.55,
            None if OF_THEM
                .iter()
                .any(|who| page.text_before(shaped.start(), 10).ends_with(who))
                && ["be ", "turn", "hits ", "is ", "'s ", "s "]
                    .iter()
                    .any(|verb| words.starts_with(verb)) =>
            {
                0.55
            }
            None if tells_whose(page, shaped.start(), words) => 0.55,
            _ => continue,
        };
        let full = is_told(&found[first..], Kind::DateOfBirth, &sentence);
        let again = (words.contains("going to be") || words.contains("gonna be"))
            && is_told(&found[first..], Kind::Birthday, &sentence);
        let animal = is_of_an_animal(page, &sentence, shaped.start());
        if !old && !grown && !full && !again && !animal {
            found.push(Candidate::new(Kind::Birthday, shaped.range(), confidence));
        }
    }
}

/// Whether a sentence tells of a grandmother, a crown or a club. To club together is what parents do for a child.
fn is_of_another(words: &str) -> bool {
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:king|queen|nan|nana|nanna)(?:'?s)?(?-u:\b)|(?-u:\b)(?:[a-z]+)?club(?:'?s|bing)?(?-u:\b)(?: together)?").ok()
    });
    OTHER
        .iter()
        .flat_map(|other| other.find_iter(words))
        .any(|other| !other.as_str().ends_with(" together"))
}

/// "Double figures! A happy 10th birthday to Ishaan": two words for one birthday.
fn once(page: &Page<'_>, first: usize, found: &mut Vec<Candidate>) {
    let several = found[first..]
        .iter()
        .filter(|told| told.kind == Kind::Birthday)
        .count()
        > 1;
    let mut at = 0;
    found.retain(|told| {
        at += 1;
        !(several
            && at > first
            && told.kind == Kind::Birthday
            && page.text[told.bytes.clone()].starts_with("double "))
    });
}

/// `first` is where in `found` the dates of birth of the same text begin.
pub(super) fn scan(page: &Page<'_>, first: usize, found: &mut Vec<Candidate>) {
    let aged = [
        "age of",
        " alive ",
        "days old",
        " hit ",
        "half-term babies",
        "this time ",
    ]
    .iter()
    .any(|word| page.says(word));
    if page.has(BIRTHDAY) || aged {
        birthdays(page, first, found);
        told_birthdays(page, first, found);
    }
    if ["sang ", "sing ", "song ", "candle", " cake", "birthday"]
        .iter()
        .any(|song| page.says(song))
    {
        sung_to(page, found);
    }
    if page.says("double ") {
        once(page, first, found);
    }
}

/// The age that the words say.
fn age(words: &str) -> Option<u32> {
    const SPELLED: &[(&str, u32)] = &[
        ("double", 10),
        ("first", 1),
        ("second", 2),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
        ("ninth", 9),
        ("tenth", 10),
        ("eleventh", 11),
        ("twelfth", 12),
        ("thirteen", 13),
        ("fourteen", 14),
        ("fifteen", 15),
        ("sixteen", 16),
        ("eighteen", 18),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("eleven", 11),
        ("twelve", 12),
    ];
    let digits: String = words
        .chars()
        .skip_while(|c| !matches!(c, '1'..='9'))
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok().or_else(|| {
        let mut words = words.split(' ');
        words.find_map(|word| {
            SPELLED
                .iter()
                .find(|(spelled, _)| word.starts_with(spelled))
                .map(|(_, age)| *age)
        })
    })
}

fn birthdays(page: &Page<'_>, first: usize, found: &mut Vec<Candidate>) {
    // one child's birthday is one finding, where the age is told if it is told at all
    let mut told: Vec<(Range<usize>, Candidate, bool)> = Vec::new();
    for shaped in Shape::BirthdayAge
        .within(page)
        .into_iter()
        .flat_map(|pattern| pattern.find_iter(page.text))
    {
        let sentence = page.sentence_of(shaped.start());
        let known = age(shaped.as_str());
        let birthday_child = shaped.as_str().ends_with("boy") || shaped.as_str().ends_with("girl");
        // "Year 1 today"
        let class = page
            .text_before(shaped.start(), 9)
            .trim_end()
            .rsplit(' ')
            .next()
            .is_some_and(|word| {
                [
                    "year", "yr", "y", "class", "room", "page", "day", "week", "chapter",
                ]
                .contains(&word)
            });
        let scored = ["scored", "goals", "points", "runs ", "wickets"]
            .iter()
            .any(|count| page.says_in(&sentence, count));
        // "on her thirteenth birthday, 12 June 1942"
        let long_ago = page.text[sentence.clone()]
            .split(|c: char| !c.is_ascii_digit())
            .any(|year| year.len() == 4 && ("1000".."1950").contains(&year));
        if class
            || scored
            || long_ago
            || is_of_an_animal(page, &sentence, shaped.start())
            || known.is_some_and(|age| !(1..=19).contains(&age))
            || known.is_none() && !birthday_child
        {
            continue;
        }
        let full = is_told(&found[first..], Kind::DateOfBirth, &sentence);
        if full {
            continue;
        }
        let near = shaped.start().saturating_sub(60).max(sentence.start)
            ..(shaped.end() + 60).min(sentence.end);
        let near = on_boundaries(page.text, near);
        // "Eight today! Three cheers for Gwendoline"
        let next = sentence.end..(sentence.end + 60).min(page.text.len());
        let next = on_boundaries(page.text, next);
        let candles = shaped.as_str().contains("candles");
        if candles && is_lit_for_worship(page) {
            continue;
        }
        let alone = sentence.len() < if candles { 90 } else { 30 };
        let person = people(page, &near)
            .into_iter()
            .max_by_key(|person| person.told)
            .or_else(|| somebody(page, &near))
            .or_else(|| pronoun_before(page, shaped.start()))
            .or_else(|| twins(page, &near))
            .or_else(|| {
                let mut named = people(page, &next).into_iter();
                named.rfind(|person| alone && person.told >= Told::Given)
            });
        let Some(person) = person else {
            continue;
        };
        let confidence = match person.told {
            Told::Named | Told::Given => 0.88,
            Told::Role | Told::Capital => 0.65,
            Told::OwnChild => 0.6,
        };
        let lead = ["who is ", "who's ", "is ", "s "]
            .iter()
            .find(|lead| shaped.as_str().starts_with(**lead));
        let mut bytes = shaped.start() + lead.map_or(0, |lead| lead.len())..shaped.end();
        // a list of children's birthdays is one finding
        if page.says_in(&sentence, "birthdays") {
            bytes.end = sentence.start + page.text[sentence.clone()].trim_end().len();
        }
        let birthday = Candidate::new(Kind::Birthday, bytes, confidence);
        match told.iter_mut().find(|(whom, ..)| *whom == person.bytes) {
            Some((_, before, aged)) if !*aged && known.is_some() => {
                (*before, *aged) = (birthday, true);
            }
            Some(_) => {}
            None => told.push((person.bytes, birthday, known.is_some())),
        }
    }
    found.extend(told.into_iter().map(|(_, birthday, _)| birthday));
}

/// Candles that count no years.
fn is_lit_for_worship(page: &Page<'_>) -> bool {
    [
        "hanuk",
        "chanuk",
        "menorah",
        "advent",
        "christingle",
        "church",
        "vigil",
        "diwali",
        "diva",
        "prayer",
        "memorial",
        "remembrance",
        "shabbat",
        "kwanzaa",
        "science",
        "experiment",
        "years of",
    ]
    .iter()
    .any(|word| page.says(word))
}

/// "She's double figures on Sunday": the writer's child or one told before.
fn pronoun_before(page: &Page<'_>, at: usize) -> Option<Person> {
    let before = page.text_before(at, 10);
    let lead = [
        "hes ",
        "shes ",
        "he's ",
        "she's ",
        "he is ",
        "she is ",
        "he'll be ",
        "she'll be ",
    ]
    .iter()
    .find(|lead| before.ends_with(**lead))?;
    Some(Person {
        bytes: at - lead.len()..at,
        told: Told::OwnChild,
    })
}

/// "A loud song for Wiktoria, who is seven", where somebody is sung to.
static SUNG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:who(?:'s| is|s)|is now|aged|who turns|who turned) (?:a (?:grand|very) |now |just )?(?:[2-9]|1[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen)(?:[.,!]|$| and | so )").ok()
});

/// The age of somebody named to whom all sang, or for whom a cake was cut.
fn sung_to(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let sung = ["sang ", "sing ", "song ", "candle", " cake", "birthday"];
    for shaped in SUNG.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let sentence = page.sentence_of(shaped.start());
        let words = &page.text[sentence.clone()];
        let near = on_boundaries(
            page.text,
            shaped.start().saturating_sub(30).max(sentence.start)..shaped.start(),
        );
        let named = people(page, &near)
            .iter()
            .any(|person| person.told >= Told::Given);
        if named && sung.iter().any(|song| words.contains(song)) {
            let end = shaped
                .as_str()
                .trim_end_matches(|c: char| !c.is_alphanumeric());
            let end = end
                .strip_suffix(" and")
                .or_else(|| end.strip_suffix(" so"))
                .unwrap_or(end);
            found.push(Candidate::new(
                Kind::Birthday,
                shaped.start()..shaped.start() + end.len(),
                0.6,
            ));
        }
    }
}

/// Anybody with a given name and a family name; for an age under twenty it hardly matters who is known to whom.
fn somebody(page: &Page<'_>, near: &Range<usize>) -> Option<Person> {
    if is_public_prose(page, near) {
        return None;
    }
    let words = words(page, near);
    let turns = words
        .iter()
        .position(|(_, word)| matches!(*word, "turns" | "turned"));
    let subject = turns
        .and_then(|turns| words.get(turns.checked_sub(1)?))
        .copied();
    let full = subject.filter(|(at, word)| word.len() > 2 && page.opens_with_capital(*at));
    words
        .iter()
        .copied()
        .find(|(at, word)| is_given_name(bare(word)) && page.opens_with_capital(*at))
        .or(full)
        .map(|(at, word)| Person {
            bytes: at..at + bare(word).len(),
            told: Told::Role,
        })
}

/// The bytes, wider where they end inside a letter.
fn on_boundaries(text: &str, mut bytes: Range<usize>) -> Range<usize> {
    while !text.is_char_boundary(bytes.start) {
        bytes.start -= 1;
    }
    while !text.is_char_boundary(bytes.end) {
        bytes.end += 1;
    }
    bytes
}
