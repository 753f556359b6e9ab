//! Numbers that officials give to one person: ULN, NHS, National Insurance, driving licence, passport (DOMAIN 2.2-2.4,
//! 2.8, 2.9).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{DIGITWORD, GOODS, IDENT, LICENCE, NHS, NINO, PASSPORT, PHONE, ULN},
    kind::Kind,
    page::Page,
    phone::spelled_numbers,
    shape::Shape,
};

static LABELLED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:(uln)|nhs)(?:no)?([0-9]{10})(?-u:\b)").ok());
static TEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{4}|[0-9]{3}[\s.,/-]{1,3}[0-9]{3}[\s.,/-]{1,3}[0-9]{4}|[0-9]{4}[ .-][0-9]{6}|[0-9](?:[ .-]{0,3}[0-9]){9}|[0-9]{4} [0-9]{3} [0-9]{3}|(?:[0-9]{2} ){4}[0-9]{2}|[0-9]{5} [0-9]{5}|[0-9]{4}[ -][0-9]{4}[ -][0-9]{2})(?-u:\b)").ok()
});
/// What is told of a patient beside a number that only doctors give out.
pub(super) const CARE: &str = r"(?-u:\b)(?:patients?|hospital|clinic|surgery|gp|doctors?|vaccin[a-z]+|immunis[a-z]+|jabs?|dose|health (?:book|record|visitor)|red book|appointment|prescription|referral|wristband|discharge|consultant|ward|a&e|midwife|medical|nurse|blood|flu|nasal spray|imms|screening|(?:eye|hearing|sight) tests?|dental|dentist|opticians?|audiolog[a-z]+)(?-u:\b)";
/// The same for a part of a text, which may be cut inside a word.
static CARE_IN_A_PART: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(CARE).ok());
/// What is told of somebody who sits an exam.
pub(super) const LEARNER: &str = r"(?-u:\b)(?:candidates?|learners?|exams?|functional skills|qualifications?|certificates?|gcses?|btec|t level|awarding|college|sixth form|apprentice[a-z]*|course|enrol[a-z]*)(?-u:\b)";
static INSURANCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[a-z][ .-]?[a-z][ ./-]{0,2}[0-9][ -]?[0-9][ ./-]?[0-9][ -]?[0-9][ ./-]?[0-9][ -]?[0-9][ ./-]?[a-d]?(?-u:\b)").ok()
});
static DRIVER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)[a-z][a-z9]{4}[ -]?[0-9][0156][0-9][0-3][0-9]{2}[ -]?[a-z9]{2}[ .-]?[a-z0-9][ .-]?[a-z0-9]{2}(?: ?[0-9]{2})?(?-u:\b)").ok()
});
static DOCUMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[a-z]{0,2}[ -]?[0-9]{6,9}|[a-z]{2}[ -]?[0-9]{3,4}[ -][0-9]{3,4}|[a-z][0-9]{3}[ -][0-9]{3}[ -][0-9]{2,3}|[0-9]{3}[,. ]{1,2}[0-9]{3}[,. ]{1,2}[0-9]{3}|[0-9](?:[ -]?[0-9]){8})(?-u:\b)").ok()
});

/// Longest line of a passport that machines read, with room for spaces that are none.
const LONGEST_LINE: usize = 88;

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.has(DIGITWORD) && (page.has(ULN | NHS | PASSPORT) || is_of_care_or_exams(page)) {
        for (bytes, digits) in spelled_numbers(page) {
            if digits.len() == 10 {
                ten(page, bytes, &digits, found);
            } else if digits.len() == 9 && page.near(&bytes, PASSPORT, 60, 16) {
                found.push(Candidate::new(Kind::Passport, bytes, 0.8));
            }
        }
    }
    let passports = || page.text.match_indices("p<gbr");
    for (start, _) in page.says("p<gbr").then(passports).into_iter().flatten() {
        let line = page.text_after(start, LONGEST_LINE);
        let end = start + line.find(char::is_whitespace).unwrap_or(line.len());
        // a line that breaks off before a name shows how it is read
        let line = &page.text[start..end];
        let named = line["p<gbr".len()..]
            .split('<')
            .filter(|name| name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_lowercase()))
            .filter(|name| !name.contains("name"))
            .count();
        if named > 1 || !line.ends_with("..") {
            found.push(Candidate::new(Kind::Passport, start..end, 0.99));
        }
        number_below(page, end, found);
    }
    if page.digits >= 6 {
        if page.digits >= 10 {
            ten_digits(page, found);
        }
        insurance(page, found);
        licence(page, found);
        documents(page, PASSPORT, Kind::Passport, found);
        of_a_nation(page, found);
    }
}

/// "GBR 612993408": a number behind the state that gave it, as on a visa.
fn of_a_nation(page: &Page<'_>, found: &mut Vec<Candidate>) {
    static NATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:gbr|irl|pol|rou|ltu|ukr|bgr|hun|deu|fra|esp|ita|prt|nld|ind|pak|bgd|nga|gha|som|idn|chn|hkg|usa|can|aus)[ ,:]{0,2}([a-z]{0,2} ?[0-9]{7,9})(?-u:\b)").ok()
    });
    for number in NATION
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
        .filter(|captures| {
            captures
                .get(0)
                .is_some_and(|whole| page.in_capitals(whole.range()))
        })
        .filter_map(|captures| captures.get(1))
    {
        found.push(Candidate::new(Kind::Passport, number.range(), 0.8));
    }
}

/// Whether the sentence tells of somebody who sits an exam.
fn is_of_a_learner(page: &Page<'_>, at: usize) -> bool {
    let words = &page.text[page.sentence_of(at)];
    Shape::OfALearner
        .within(page)
        .into_iter()
        .any(|learner| learner.is_match(words))
}

/// The number of a passport after the line with its owner's name.
fn number_below(page: &Page<'_>, end: usize, found: &mut Vec<Candidate>) {
    let rest = page.text_after(end, 60);
    for shaped in DOCUMENT.iter().flat_map(|shape| shape.find_iter(rest)) {
        let bytes = trimmed(page.text, end + shaped.start()..end + shaped.end());
        if values(&page.text[bytes.clone()]).len() == 9 {
            found.push(Candidate::new(Kind::Passport, bytes, 0.8));
        }
    }
}

fn values(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// Whether the text tells of a patient or of somebody who sits an exam.
fn is_of_care_or_exams(page: &Page<'_>) -> bool {
    [Shape::OfCare, Shape::OfALearner]
        .iter()
        .filter_map(|words| words.within(page))
        .any(|words| words.is_match(page.text))
}

/// ULN and NHS numbers look alike and one in eleven random numbers passes either check: only the words around tell.
fn ten_digits(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let labelled = ["uln", "nhs"].iter().any(|label| page.says(label));
    if !page.has(ULN | NHS) && !labelled && !is_of_care_or_exams(page) {
        return;
    }
    for shaped in TEN.iter().flat_map(|shape| shape.find_iter(page.text)) {
        ten(page, shaped.range(), shaped.as_str(), found);
    }
    // "ULN9946444886": the label and its number in one
    for captures in LABELLED
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        let (learner, number) = (captures.get(1), captures.get(2));
        let kind = if learner.is_some() {
            Kind::Uln
        } else {
            Kind::NhsNumber
        };
        found.extend(number.map(|number| Candidate::new(kind, number.range(), 0.9)));
    }
}

fn ten(page: &Page<'_>, bytes: Range<usize>, written: &str, found: &mut Vec<Candidate>) {
    let digits = values(written);
    let learner = page.near(&bytes, ULN, 45, 20);
    let health = page.near(&bytes, NHS, 45, 36);
    if learner && digits.iter().all(|digit| *digit == 9) {
        // nobody's: "no learner number yet"
        return;
    }
    if learner {
        let confidence = if is_learner_number(&digits) {
            0.96
        } else {
            0.55
        };
        found.push(Candidate::new(Kind::Uln, bytes, confidence));
    } else if health {
        let before = page.text_before(bytes.start, 20);
        let close = page.near(&bytes, NHS, 24, 0)
            && ["number", " no", ":", "#", "chi", "is "]
                .iter()
                .any(|label| before.contains(label));
        match (is_health_number(&digits), close) {
            (true, true) => found.push(Candidate::new(Kind::NhsNumber, bytes, 0.97)),
            (true, false) => found.push(Candidate::new(Kind::NhsNumber, bytes, 0.8)),
            (false, true) => found.push(Candidate::new(Kind::NhsNumber, bytes, 0.55)),
            (false, false) => {}
        }
    } else if is_learner_number(&digits) && digits[0] != 0 && is_of_a_learner(page, bytes.start) {
        found.push(Candidate::new(Kind::Uln, bytes, 0.7));
    } else if is_health_number(&digits) && digits[0] != 0 && !page.near(&bytes, IDENT, 16, 0) {
        let sentence = page.sentence_of(bytes.start);
        let before = page.text_before(sentence.start, 90).len();
        let around = &page.text[sentence.start - before..sentence.end];
        let grouped = written.len() >= 12;
        if CARE_IN_A_PART.iter().any(|care| care.is_match(around))
            && (grouped || !page.near(&bytes, PHONE, 20, 0))
        {
            found.push(Candidate::new(Kind::NhsNumber, bytes, 0.75));
        }
    }
}

/// The check digit of the Learning Records Service.
fn is_learner_number(digits: &[u32]) -> bool {
    weighed(digits).is_some_and(|(sum, check)| !sum.is_multiple_of(11) && 10 - sum % 11 == check)
}

/// Modulo 11 as the NHS writes it; all zeros would pass.
fn is_health_number(digits: &[u32]) -> bool {
    weighed(digits).is_some_and(|(sum, check)| sum > 0 && (11 - sum % 11) % 11 == check)
}

/// Ten digits as both numbers use them: the first nine weighed from 10 down to 2 and added up, and the check digit.
fn weighed(digits: &[u32]) -> Option<(u32, u32)> {
    let (check, first) = digits.split_last().filter(|_| digits.len() == 10)?;
    let weighed = first.iter().zip((2..=10).rev());
    Some((weighed.map(|(digit, weight)| digit * weight).sum(), *check))
}

/// Prefixes that are not given out.
const UNUSED: &[&str] = &["bg", "gb", "kn", "nk", "nt", "tn", "zz"];

fn insurance(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in INSURANCE
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let bytes = shaped.range();
        let code: String = shaped
            .as_str()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let sentence = page.sentence_of(bytes.start);
        let told = page
            .cues_in(&sentence, NINO)
            .any(|cue| cue.bytes.len() >= 4);
        let named = told || page.near(&bytes, NINO, 45, 25);
        let whole = code.len() == 9;
        let upper = page.in_capitals(bytes.clone());
        if code.starts_with("qq") && shows_a_format(page, bytes.start)
            || !named && is_parted_unevenly(shaped.as_str())
        {
            continue;
        }
        let confidence = match (named, whole) {
            (true, true) => 0.97,
            (true, false) => 0.6,
            (false, true) if is_of_work(page, &bytes) && is_given_out(&code) => 0.7,
            (false, true) if is_somebodys(page, &bytes) && is_given_out(&code) => 0.7,
            (false, true)
                if page.near(&bytes, IDENT, 20, 0)
                    || page.near(&bytes, GOODS, 40, 28)
                    || [" valve", " pump", " seal", " gasket", " fitting"]
                        .iter()
                        .any(|part| page.text_after(bytes.end, 16).contains(part)) =>
            {
                continue;
            }
            (false, true) if page.text_before(bytes.start, 12).contains("grid ") => continue,
            (false, true) if upper && is_given_out(&code) => 0.8,
            (false, true) if upper && code.starts_with("qq") => 0.6,
            _ => continue,
        };
        found.push(Candidate::new(Kind::NationalInsurance, bytes, confidence));
    }
}

/// "In the form QQ 12 34 56 C": a number that is given to nobody, to show how others are written.
fn shows_a_format(page: &Page<'_>, at: usize) -> bool {
    ["form", "example", "e.g", "such as", "looks like", "like "]
        .iter()
        .any(|shown| page.text_before(at, 30).contains(shown))
}

/// "CE1157-90D": a row that is parted between some of its pairs of figures only, as the numbers of parts are.
fn is_parted_unevenly(written: &str) -> bool {
    if !written.contains('-') {
        return false;
    }
    let mut figures = 0;
    let mut parted = [false; 2];
    for byte in written.bytes() {
        match (byte.is_ascii_digit(), figures) {
            (true, _) => figures += 1,
            (false, 2) => parted[0] = true,
            (false, 4) => parted[1] = true,
            (false, 1 | 3 | 5) => return true,
            _ => {}
        }
    }
    parted[0] != parted[1]
}

/// Whether pay, benefits or a person's file are spoken of, where small letters are no part of a machine.
fn is_of_work(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    static WORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:hr|payroll|payslips?|p45|p60|paye|hmrc|dwp|pensions?|wages?|universal credit|tax|benefits?|on file|personnel|dbs|employe[er]s?|job ?centre|maternity pay|sick pay|claim form|meals? form|school meals)(?-u:\b)").ok()
    });
    let sentence = page.sentence_of(bytes.start);
    let before = page.sentence_before(&sentence).start;
    let around = &page.text[before..sentence.end];
    page.text[bytes.clone()].contains(' ') && WORK.iter().any(|work| work.is_match(around))
}

/// "Mine's jk417209d": whose it is stands right before.
fn is_somebodys(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    static WHOSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:(?:mine|hers|his|ours)(?:'s| is)|(?:my|his|her) number(?:'s| is)?)(?: still| just)?:? $").ok()
    });
    let before = page.text_before(bytes.start, 24);
    WHOSE.iter().any(|whose| whose.is_match(before))
}

fn is_given_out(code: &str) -> bool {
    let mut letters = code.chars();
    let (first, second) = (letters.next(), letters.next());
    !first.is_none_or(|c| "dfiquv".contains(c))
        && !second.is_none_or(|c| "dfioquv".contains(c))
        && !UNUSED.contains(&&code[..2])
}

fn licence(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in DRIVER.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let bytes = shaped.range();
        let digits = values(&shaped.as_str()[5..]);
        let pair = |from: usize| {
            digits
                .get(from..from + 2)
                .map_or(0, |pair| pair[0] * 10 + pair[1])
        };
        let (month, day) = (pair(1), pair(3));
        let real = (1..=31).contains(&day) && matches!(month, 1..=12 | 51..=62);
        let named = page.near(&bytes, LICENCE, 45, 25);
        // "FAIRC 907128 MJ9 LP" and not "house 605217 to say"
        let apart = shaped
            .as_str()
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')
            .rsplit([' ', '.', '-'])
            .next()
            .is_some_and(|last| last.len() < 5);
        if apart && !(real && page.in_capitals(bytes.clone())) {
            continue;
        }
        match (real, named) {
            (true, true) => found.push(Candidate::new(Kind::DrivingLicence, bytes, 0.98)),
            (true, false) => found.push(Candidate::new(Kind::DrivingLicence, bytes, 0.85)),
            (false, true) => found.push(Candidate::new(Kind::DrivingLicence, bytes, 0.6)),
            (false, false) => {}
        }
    }
    documents(page, LICENCE, Kind::DrivingLicence, found);
}

/// How far behind the passport nine figures may stand of which nothing says what they are, in bytes.
const UNNAMED: usize = 140;

/// Numbers that mean a document only where the document is named just before.
fn documents(page: &Page<'_>, named: u128, kind: Kind, found: &mut Vec<Candidate>) {
    if !page.has(named) {
        return;
    }
    for shaped in DOCUMENT.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let bytes: Range<usize> = trimmed(page.text, shaped.range());
        let digits = values(&page.text[bytes.clone()]).len();
        let fits = match kind {
            Kind::Passport => (6..=9).contains(&digits),
            _ => (7..=9).contains(&digits),
        };
        let phone = page.text[bytes.clone()].starts_with('0') && page.near(&bytes, PHONE, 30, 0);
        let long = digits == 9
            && page.sentence_of(bytes.start).start + 80 >= bytes.start
            && (page.text_before(bytes.start, 8).ends_with("number ")
                || !page.near(&bytes, IDENT | PHONE, 16, 0));
        // nine figures of which nothing nearer says what they are: "his old one was 533190276"
        let lettered = page.in_capitals(bytes.clone()) && digits == 7;
        let unnamed = kind == Kind::Passport
            && (digits == 9 || lettered)
            && !page.near(&bytes, IDENT | PHONE | NHS | ULN, 24, 24);
        let reach = match (unnamed, long) {
            (true, _) => UNNAMED,
            (_, true) => 80,
            _ => 36,
        };
        let told_after = kind == Kind::Passport
            && [
                " is his passport",
                " is her passport",
                " is my passport",
                " is the passport",
                " passport",
            ]
            .iter()
            .any(|after| page.text_after(bytes.end, 16).starts_with(after));
        // "01632 960123"
        let goes_on = page
            .text_before(bytes.start, 2)
            .trim_end_matches([' ', '-'])
            .ends_with(|c: char| c.is_ascii_digit());
        let counted = page.text_after(bytes.end, 8).starts_with(" words");
        let other = (PASSPORT | LICENCE) & !named;
        let other = page.near(&bytes, other, 20, 0) && !page.near(&bytes, named, 20, 0);
        if fits
            && !phone
            && !goes_on
            && !counted
            && !other
            && (told_after || page.near(&bytes, named, reach, 0))
        {
            found.push(Candidate::new(kind, bytes, 0.8));
        }
    }
}

/// Without a space or dash at the front (`is 123456789` must not take the space).
fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let cut = text[bytes.clone()].len() - text[bytes.clone()].trim_start_matches([' ', '-']).len();
    let start = bytes.start + cut;
    // two letters and a space before the digits are a word such as "is"
    let short_word = text[start..bytes.end]
        .split_once(' ')
        .is_some_and(|(word, _)| {
            word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase())
        });
    let start = if short_word {
        start + text[start..bytes.end].find(' ').map_or(0, |at| at + 1)
    } else {
        start
    };
    start..bytes.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_learner_numbers_agree() {
        for (number, good) in [
            ("1000102504", true),
            ("9000000016", true),
            ("9000000105", true),
            ("9000000017", false),
            ("9999999999", false),
        ] {
            assert_eq!(is_learner_number(&values(number)), good, "{number}");
        }
    }

    #[test]
    fn published_health_numbers_agree() {
        for (number, good) in [
            ("999 000 0018", true),
            ("999 000 0026", true),
            ("943 476 5919", true),
            ("401 023 2137", true),
            ("999 000 0019", false),
            ("000 000 0000", false),
        ] {
            assert_eq!(is_health_number(&values(number)), good, "{number}");
        }
    }
}
