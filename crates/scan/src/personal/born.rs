//! Dates of birth (DOMAIN 2.11).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate, birthdays,
    cues::{BIRTHDAY, CHILD, DOB, DOB_LABEL, ONE_CHILD, PRIVATE},
    dates::dates,
    kind::Kind,
    page::Page,
    person::{Person, Told, is_given, is_public_prose, people, words},
    shape::Shape,
    table::{is_below_a_birth, is_in_a_persons_row},
    tales::is_of_animals_or_parts,
};

static JOINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:0?[1-9]|[12][0-9]|3[01]) ?(?:0[1-9]|1[0-2]|[1-9]) ?(?:(?:19|20)?[0-9]{2})(?-u:\b)")
        .ok()
});
pub(super) const BORN_YEAR: &str = r"(?-u:\b)(?:b\. ?|born in |born )(20[0-3][0-9])(?-u:\b)";
/// "Born on bonfire night 2021": a day with a name and a year.
pub(super) const NAMED_DAY: &str = r"(?-u:\b)(?:born|arrived|came along|turned up|made (?:his|her|their) (?:entrance|appearance|debut))(?: early| late)?(?: on)? ((?:christmas (?:day|eve)|boxing day|new year'?s (?:day|eve)|hallowe'?en|bonfire night|guy fawkes night|valentine'?s day|leap day|midsummer'?s? day|april fools?'? day|st [a-z]+'?s day),? (?:in )?(?:19[3-9][0-9]|20[0-3][0-9]))(?-u:\b)";
/// Whether something of a kind was found in a sentence before.
pub(super) fn is_told(found: &[Candidate], kind: Kind, sentence: &Range<usize>) -> bool {
    found.iter().any(|earlier| {
        earlier.kind == kind
            && sentence.start <= earlier.bytes.start
            && earlier.bytes.end <= sentence.end
    })
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let first = found.len();
    let spelled = page.has(DOB | CHILD | ONE_CHILD)
        && ["twenty", "two thousand", "nineteen"]
            .iter()
            .any(|century| page.says(century));
    let spelled = spelled || page.says("baby") || page.text.contains("lb");
    if page.digits >= 3 || spelled || page.digits > 0 && page.has(DOB | BIRTHDAY) {
        full_dates(page, found);
        joined_dates(page, found);
        years(page, found);
    }
    birthdays::scan(page, first, found);
}

/// Whether somebody born in that year is of school age when the item is written.
pub(super) fn is_pupil_age(page: &Page<'_>, year: i16) -> bool {
    super::is_pupil_birth(year, page.context.year)
}

/// "Shakespeare's birthday falls on 23 April": the birthday of somebody in a lesson, of the crown or of the school itself.
fn is_of_a_figure(words: &str) -> bool {
    static FIGURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        const WHO: &str = "(?:shakespeare|dickens|darwin|mozart|beethoven|bach|newton|nightingale|dahl|austen|einstein|mandela|hawking|seacole|luther king|burns|turing|anning|parks|king|queen|charles|elizabeth|jesus|buddha|guru [a-z]+|prophet|school|club|nation|nhs|robin|king charles|world|internet|country|church)";
        Regex::new(&format!(
            r"(?-u:\b){WHO}(?:'?s|')? (?:official |[0-9]+(?:st|nd|rd|th) |own |real )?(?:birthday|bday)(?-u:\b)|(?-u:\b)birthday (?:of|to) (?:(?:the|our|this) )?(?:[a-z]+ ){{0,2}}(?:{WHO}|library|garden|choir|pond|hens?|chickens?|guinea pigs?|dog|cat|rabbits?|hamster|tortoise|podcast|newsletter|pta|nursery|hall|building|pool|orchestra|band|site|blog|page)(?-u:\b)"
        ))
        .ok()
    });
    FIGURE.iter().any(|figure| figure.is_match(words))
}

/// A day and a month: somebody's birthday, or the day on which a child was born this year.
fn without_year(page: &Page<'_>, bytes: &Range<usize>, labelled: bool, found: &mut Vec<Candidate>) {
    let sentence = page.sentence_of(bytes.start);
    let words = &page.text[sentence.clone()];
    let birthday = (words.contains("birthday") || words.contains("bday"))
        && !["party", "parties", "card", "invit", "tea "]
            .iter()
            .any(|word| words.contains(word))
        && !is_public_prose(page, &sentence)
        && !is_of_a_figure(words)
        && people(page, &sentence)
            .iter()
            .any(|person| person.told >= Told::Given);
    let vintage = page
        .text_after(bytes.end, 24)
        .split(|c: char| !c.is_ascii_digit())
        .any(|year| year.len() == 4 && year.parse().is_ok_and(|year| is_pupil_age(page, year)));
    if birthday && vintage {
        found.push(Candidate::new(Kind::DateOfBirth, bytes.clone(), 0.6));
    } else if birthday && !labelled {
        found.push(Candidate::new(Kind::Birthday, bytes.clone(), 0.55));
    } else if labelled || is_newborn(page, bytes) {
        found.push(Candidate::new(Kind::DateOfBirth, bytes.clone(), 0.7));
    }
}

/// "And his brother (7 Jan 2021)": somebody of a family right before a date, where another date of birth was told.
fn beside_kin(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    static KIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:brother|sister|sibling|twin|son|daughter|cousin|baby|babies|eldest|oldest|youngest|middle one|other one|little one|younger one|older one|boy|girl|lad|step(?:brother|sister|son|daughter)|nephew|niece|grandson|granddaughter|him|her|(?:brother|sister|twin|son|daughter) [a-z][a-z'-]{1,15})(?:'s)?(?: is| was| on)?[ ,:(-]{1,3}$").ok()
    });
    let before = page.text_before(bytes.start, 40);
    KIN.iter().any(|kin| kin.is_match(before))
}

/// "Born on bonfire night 2021".
fn named_days(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for captures in Shape::BornOnNamedDay
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let sentence = page.sentence_of(captures.get(0).map_or(0, |whole| whole.start()));
        if let Some(day) = captures
            .get(1)
            .filter(|_| !is_public_prose(page, &sentence))
        {
            found.push(Candidate::new(Kind::DateOfBirth, day.range(), 0.65));
        }
    }
}

/// Whether a year of four figures stands in some words.
fn tells_a_year(words: &str) -> bool {
    words
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

/// "Start date 9.11.26": the date of something that begins, ends or is due.
fn begins_something(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 16).trim_end_matches([' ', ':', '-']);
    [
        "start date",
        "end date",
        "due date",
        "expiry date",
        "exp",
        "expires",
        "review date",
        "admission date",
        "leaving date",
    ]
    .iter()
    .any(|label| before.ends_with(label))
}

fn full_dates(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let first = found.len();
    named_days(page, found);
    for date in dates(page) {
        let certificate = page.says("birth certificate")
            && page.says_in(&page.sentence_of(date.bytes.start), "birth certificate");
        let labelled = certificate || page.near(&date.bytes, DOB_LABEL, 40, 24);
        let sentence = page.sentence_of(date.bytes.start);
        let told_so_far = &page.text[sentence.start..date.bytes.start];
        // "born on 4 February 1913 and arrested on 1 December 1955": of two dates the first
        let born = told_so_far.len() < 120
            && told_so_far
                .rsplit_once(" born ")
                .is_some_and(|(_, since)| !tells_a_year(since));
        if begins_something(page, date.bytes.start) {
            continue;
        }
        let cued = labelled || born || page.near(&date.bytes, DOB, 36, 24);
        let Some(year) = date.year else {
            without_year(page, &date.bytes, labelled, found);
            continue;
        };
        let latest = page.context.year.unwrap_or(2100);
        if !(1900..=latest).contains(&year) {
            continue;
        }
        if labelled {
            found.push(Candidate::new(Kind::DateOfBirth, date.bytes, 0.97));
            continue;
        }
        let pupil = is_pupil_age(page, year);
        // "Flo the school dog was born on", "Princess Charlotte was born on"
        let public = is_public_prose(page, &sentence) && page.named_in(&sentence).next().is_none();
        if pupil && (public || is_of_an_animal(page, &sentence, date.bytes.start)) {
            continue;
        }
        let short = page.text_before(date.bytes.start, 4);
        if pupil
            && [" b. ", "(b. ", " b.", "(b.", "(b "]
                .iter()
                .any(|label| short.ends_with(label))
        {
            found.push(Candidate::new(Kind::DateOfBirth, date.bytes, 0.9));
            continue;
        }
        let before = page.text_before(date.bytes.start, 40);
        let sentence = before.rfind(". ").map_or(0, |stop| stop + 2);
        let before = &before[sentence..];
        // the months in which children start school are the same for everybody
        if [
            "between",
            "on or after",
            "on or before",
            "from",
            "children born",
            "before",
            "after",
        ]
        .iter()
        .any(|word| before.contains(word))
            && !page.near(&date.bytes, PRIVATE | ONE_CHILD, 40, 0)
            || page
                .text_before(date.bytes.start, 90)
                .contains("born between")
        {
            continue;
        }
        let subject = ["hes ", "shes ", "he's ", "she's ", "he is ", "she is "]
            .iter()
            .any(|word| before.ends_with(word));
        let after = page.text_after(date.bytes.end, 10);
        let subject = subject
            || [
                " shes ", " hes ", " she's ", " he's ", " she is ", " he is ",
            ]
            .iter()
            .any(|who| after.starts_with(who));
        let baby = page.text_after(date.bytes.end, 6).starts_with(" baby");
        if pupil && (subject || baby) {
            found.push(Candidate::new(Kind::DateOfBirth, date.bytes, 0.75));
            continue;
        }
        let told = told_of(page, &date.bytes, (year, cued), (found, first));
        found.extend(told.map(|sure| Candidate::new(Kind::DateOfBirth, date.bytes, sure)));
    }
}

/// How sure it is that a whole date is somebody's, by its year, by whether words of birth stand near, and by what was found
/// before it, of which the dates of birth begin at `first`.
fn told_of(
    page: &Page<'_>,
    date: &Range<usize>,
    (year, cued): (i16, bool),
    (found, first): (&[Candidate], usize),
) -> Option<f32> {
    let latest = page.context.year.unwrap_or(2100);
    let pupil = is_pupil_age(page, year);
    let mine = page.text_before(date.start, 40).contains("i was born")
        || page.near(date, CHILD | ONE_CHILD, 50, 10);
    Some(match (cued, pupil) {
        (true, true) => 0.92,
        (true, false) if mine => 0.85,
        (true, false) if page.near(date, PRIVATE, 40, 10) && year >= 1930 => 0.6,
        (true, false) if year >= 1935 && is_known_adult(page, date) => 0.6,
        (true, false) if year >= 1920 && is_beside_a_number(page, found, date) => 0.8,
        (false, true) if is_new_child(page, date) => 0.65,
        (false, true) if is_below_a_birth(page, &found[first..], date) => 0.8,
        (false, _)
            if (1930..latest - 3).contains(&year) && is_in_a_persons_row(page, found, date) =>
        {
            0.75
        }
        (false, true) if mine && page.text_before(date.start, 16).contains("arrived") => 0.7,
        (false, true)
            if is_told(
                &found[first..],
                Kind::DateOfBirth,
                &page.sentence_of(date.start),
            ) && beside_kin(page, date) =>
        {
            0.8
        }
        (false, true)
            if beside_a_name(page, date, year) || beside_a_full_name(page, date, year) =>
        {
            0.6
        }
        _ => return None,
    })
}

/// How many numbers are looked at for the one that stands beside a date.
const MOST_NUMBERS: usize = 256;

/// "Passport 718830264, born 11.6.1974": of whoever the number beside it is.
fn is_beside_a_number(page: &Page<'_>, found: &[Candidate], date: &Range<usize>) -> bool {
    let sentence = page.sentence_of(date.start);
    found.iter().take(MOST_NUMBERS).any(|number| {
        matches!(
            number.kind,
            Kind::Passport | Kind::NationalInsurance | Kind::NhsNumber | Kind::DrivingLicence
        ) && sentence.contains(&number.bytes.start)
    })
}

/// "Baby Ottilie arrived on the second of November, 7lb 3oz": the day on which a child was born this year.
fn is_newborn(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    static BORN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:(?:was |were )?born|arrived|made (?:his|her|their) (?:entrance|appearance|way)|came into the world|joined the world|entered the world|came along|was delivered|weigh(?:ed|ing|s)(?: in)?|[0-9]{1,2} ?lbs?)(?-u:\b)").ok()
    });
    static BABY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:baby|babies|newborn|new arrival|twins|little (?:boy|girl|brother|sister)|(?:son|daughter|granddaughter|grandson|granny|grandad|grandma|nephew|niece)|[0-9]{1,2} ?lbs?|ounces|midwife)(?-u:\b)").ok()
    });
    let words = &page.text[page.sentence_of(bytes.start)];
    let is = |shape: &LazyLock<Option<Regex>>| shape.iter().any(|shape| shape.is_match(words));
    let ahead = [
        "due ",
        "expecting",
        "shower",
        "clinic",
        "group",
        "chicks",
        "lambs",
    ]
    .iter()
    .any(|word| words.contains(word));
    is(&BORN) && is(&BABY) && !ahead
}

/// Whether the words around a birth tell of somebody at the school or in a family, and not of somebody in a book.
fn is_known_adult(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let sentence = page.sentence_of(bytes.start);
    let from = sentence.start.saturating_sub(80);
    let around = page.text_before(sentence.end, sentence.end - from);
    let known = [
        "retire",
        "retiring",
        "lollipop",
        "crossing",
        "caretaker",
        "dinner lady",
        "our cook",
        "volunteer",
        "neighbour",
        "miss ",
        "mrs ",
        "mr ",
        "governor",
        "leaves us",
        "mam",
        "nan",
        "gran",
        "my dad",
        "my mum",
        "his dad",
        "her mum",
    ]
    .iter()
    .any(|word| around.contains(word));
    let public = [
        "author",
        "actor",
        "king ",
        "queen ",
        "artist",
        "footballer",
        "president",
        "history",
    ]
    .iter()
    .any(|word| around.contains(word));
    known && !public
}

/// Whether a date stands beside words about a child who is new: "twins, both 02/05/2019, starting in Nursery".
fn is_new_child(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let words = &page.text[page.sentence_of(bytes.start)];
    let child = [
        "twins",
        "siblings",
        "new starter",
        "admission",
        "new pupil",
        "new boy",
        "new girl",
        "joining us",
    ]
    .iter()
    .any(|word| words.contains(word));
    let held = [
        "on ", "by ", "until ", "from ", "before ", "after ", "for ", "ends ", "starts ", "due ",
        "closes ",
    ]
    .iter()
    .any(|lead| page.text_before(bytes.start, 10).ends_with(lead));
    child && !held
}

/// "dob 080317", "d.o.b is 06 11 15": a date without signs between, after its label.
fn joined_dates(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !page.has(DOB_LABEL) {
        return;
    }
    for shaped in JOINED.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let whole = shaped.len() >= 6 && (shaped.as_str().contains(' ') || shaped.len() % 2 == 0);
        if whole && page.near(&shaped.range(), DOB_LABEL, 14, 0) {
            found.push(Candidate::new(Kind::DateOfBirth, shaped.range(), 0.85));
        }
    }
}

/// A pupil's name directly before a date long ago enough: "Amelia Hart (12/03/2017)".
fn beside_a_name(page: &Page<'_>, bytes: &Range<usize>, year: i16) -> bool {
    let before = bytes.start.saturating_sub(4);
    page.context.year.is_some_and(|now| now - year >= 3)
        && page
            .named_in(&(bytes.start.saturating_sub(60)..bytes.start))
            .any(|named| !named.staff && named.bytes.end >= before)
}

/// A given name and another name directly before such a date: "Theo Ashworth 12/05/2015".
fn beside_a_full_name(page: &Page<'_>, bytes: &Range<usize>, year: i16) -> bool {
    let before = page.text_before(bytes.start, 40);
    let first = bytes.start - before.len();
    let names = words(page, &(first..bytes.start));
    // "Caspian (9/2/2019)"
    let alone = names.last().is_some_and(|(at, name)| {
        let between = &page.text[at + name.len()..bytes.start];
        is_given(page, *at, name)
            && page.opens_with_capital(*at)
            && matches!(
                between,
                " " | " (" | " - " | ": " | ", " | " b " | " b. " | " (b " | " (b. "
            )
    });
    if alone
        && page
            .context
            .year
            .is_some_and(|now| (3..=19).contains(&(now - year)))
    {
        return true;
    }
    let [.., (given_at, given), (family_at, _)] = names.as_slice() else {
        return false;
    };
    page.context
        .year
        .is_some_and(|now| (3..=19).contains(&(now - year)))
        && is_given(page, *given_at, given)
        && page.opens_with_capital(*given_at)
        && page.opens_with_capital(*family_at)
        && !page.text[*given_at..bytes.start]
            .trim_end()
            .trim_end_matches('.')
            .contains(['.', '!', '?'])
}

/// "b. 2015", "born in 2016": with a name that is near a date of birth.
fn years(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if !page.says("b. ") && !page.says("b.2") && !page.has(DOB) {
        return;
    }
    for captures in Shape::BornInYear
        .within(page)
        .into_iter()
        .flat_map(|pattern| pattern.captures_iter(page.text))
    {
        let (Some(whole), Some(year)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        let year = year.as_str().parse().unwrap_or(0);
        let sentence = page.sentence_of(whole.start());
        let named = people(page, &sentence)
            .iter()
            .any(|person| person.told >= Told::Given);
        if named && is_pupil_age(page, year) {
            found.push(Candidate::new(Kind::DateOfBirth, whole.range(), 0.6));
        }
    }
}

/// "Our guinea pig Nibbles turns 3": whether the animal stands before what is told.
pub(super) fn is_of_an_animal(page: &Page<'_>, sentence: &Range<usize>, told: usize) -> bool {
    is_of_animals_or_parts(page, &(sentence.start..told.max(sentence.start)))
}

/// "Happy birthday to the twins, nine today."
pub(super) fn twins(page: &Page<'_>, near: &Range<usize>) -> Option<Person> {
    let at = page.text[near.clone()].find("twins")?;
    let start = near.start + at;
    Some(Person {
        bytes: start..start + "twins".len(),
        told: Told::Role,
    })
}
