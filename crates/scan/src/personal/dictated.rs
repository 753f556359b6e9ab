//! Postcodes, number plates and official numbers that somebody dictates sign by sign: "Oscar, Lima, one, two, nine, Zulu,
//! Zulu", "A for apple, B for bravo, 65 43 21, D for dog", "b.d.1.9.k.h.t".

use std::ops::Range;

use super::{
    Candidate,
    broken::has_no_word,
    cues::{DIGITWORD, NINO, PLATE, UPN, VEHICLE},
    kind::Kind,
    page::Page,
    phone::spelled_digits,
    postcode::is_area,
    upn::has_check_letter,
};

/// The most signs in a row that are tried as one code.
const LONGEST: usize = 16;

/// The shortest and longest codes, in letters and digits.
const LENGTHS: Range<usize> = 5..14;

/// How far from a code, in bytes, the word that says what it is may stand.
const NEARBY: usize = 120;

/// In how many parts nobody writes a number that is not dictated.
const APART: usize = 6;

/// How many letters told by words leave no doubt.
const SURE: usize = 3;

/// One or more letters or digits and the words that tell them.
struct Sign<'p> {
    bytes: Range<usize>,
    signs: &'p str,
    /// Whether a letter was told by a word of its own.
    by_word: bool,
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits < 2 && !page.has(DIGITWORD) {
        return;
    }
    for row in rows(page) {
        in_row(page, &row, found);
    }
}

fn in_row(page: &Page<'_>, row: &[Sign<'_>], found: &mut Vec<Candidate>) {
    let mut first = 0;
    while first < row.len() {
        let mut code = String::new();
        let mut best = None;
        for (count, sign) in row[first..].iter().take(LONGEST).enumerate() {
            code.push_str(sign.signs);
            if code.len() >= LENGTHS.end {
                break;
            }
            if LENGTHS.contains(&code.len())
                && let Some(told) = told(page, &row[first..=first + count], &code)
            {
                best = Some((count, told));
            }
        }
        first += 1;
        if let Some((count, told)) = best {
            found.push(told);
            first += count;
        }
    }
}

/// What a row of signs is, if it is written unlike what is found by its shape alone.
fn told(page: &Page<'_>, signs: &[Sign<'_>], code: &str) -> Option<Candidate> {
    let bytes = signs.first()?.bytes.start..signs.last()?.bytes.end;
    if signs.len() < 2 {
        return None;
    }
    let by_word = signs.iter().filter(|sign| sign.by_word).count();
    let one_by_one = signs.len() == code.len();
    let near = |classes| page.near(&bytes, classes, NEARBY, NEARBY);
    let shape: String = code
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { '0' } else { 'a' })
        .collect();
    let is_plate = matches!(
        shape.as_str(),
        "aa00aaa" | "a000aaa" | "a00aaa" | "a0aaa" | "aaa000a" | "aaa00a" | "aaa0a"
    );
    let is_postcode = matches!(
        shape.as_str(),
        "a00aa" | "a000aa" | "aa00aa" | "aa000aa" | "a0a0aa" | "aa0a0aa"
    );
    let area = shape.find('0').map(|end| code[..end].to_uppercase());
    let (kind, stands) = if is_plate {
        let named = near(VEHICLE | PLATE);
        // "LR 7 1 OPF": in more parts than a plate has
        let apart = signs.len() > 2
            && page.in_capitals(bytes.clone())
            && has_no_word(&page.text[bytes.clone()]);
        let stands = by_word >= SURE || named && (by_word >= 2 || one_by_one || apart);
        (Kind::VehicleRegistration, stands)
    } else if is_postcode && area.is_some_and(|area| is_area(&area)) {
        let named = ["postcode", "post code", "sat nav", "satnav", "address"]
            .iter()
            .any(|label| page.text_before(bytes.start, NEARBY).contains(label));
        let own = page.own.is_own_postcode(code);
        let stands = !own && (by_word >= SURE || named && by_word >= 2);
        (Kind::Postcode, stands)
    } else if shape == "aa000000a" && code.ends_with(['a', 'b', 'c', 'd']) {
        let stands =
            by_word >= 2 || one_by_one || near(NINO) && (by_word > 0 || signs.len() >= APART);
        (Kind::NationalInsurance, stands)
    } else if has_check_letter(code) {
        (Kind::Upn, near(UPN))
    } else {
        return None;
    };
    stands.then(|| Candidate::new(kind, bytes, 0.8))
}

/// The rows of signs of a text; any other word ends a row.
fn rows<'p>(page: &Page<'p>) -> Vec<Vec<Sign<'p>>> {
    let mut rows = Vec::new();
    let mut row: Vec<Sign<'p>> = Vec::new();
    let mut words = words(page.text).peekable();
    let mut end = 0;
    while let Some((start, word)) = words.next() {
        let apart = !is_gap(&page.text[end..start]);
        end = start + word.len();
        let mut sign = sign(page, start, word);
        // "N for November"
        let letter = word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase();
        if letter && words.peek().is_some_and(|(_, next)| *next == "for") {
            let rest = page.text[end..].strip_prefix(" for ").unwrap_or_default();
            let length = rest
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(rest.len());
            if length > 1 && rest.starts_with(word) {
                words.next();
                words.next();
                end += " for ".len() + length;
                sign = Some((word, true));
            }
        }
        if apart || sign.is_none() && !is_joint(word) {
            rows.push(std::mem::take(&mut row));
        }
        if let Some((signs, by_word)) = sign {
            let bytes = start..end;
            row.push(Sign {
                bytes,
                signs,
                by_word,
            });
        }
    }
    rows.push(row);
    rows.retain(|row| row.len() > 1);
    rows
}

/// The words of a text and where they open.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split(|c: char| !c.is_alphanumeric())
        .map(move |word| {
            let start = next;
            let end = start + word.len();
            next = end + text[end..].chars().next().map_or(0, char::len_utf8);
            (start, word)
        })
        .filter(|(_, word)| !word.is_empty())
}

/// Whether nothing but a short pause stands between two words.
fn is_gap(between: &str) -> bool {
    between.len() <= 3
        && between
            .chars()
            .all(|c| matches!(c, ' ' | ',' | '.' | '-' | '/' | '\n' | ':' | '('))
}

/// Words between the parts of what is dictated.
fn is_joint(word: &str) -> bool {
    matches!(
        word,
        "then"
            | "and"
            | "dash"
            | "space"
            | "ends"
            | "ending"
            | "starts"
            | "starting"
            | "followed"
            | "letter"
    )
}

/// The letters or digits that a word stands for, and whether it is a word for a letter.
fn sign<'p>(page: &Page<'p>, start: usize, word: &'p str) -> Option<(&'p str, bool)> {
    let bytes = word.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        return Some((word, false));
    }
    let letters = bytes.iter().all(u8::is_ascii_lowercase);
    let capitals = || page.in_capitals(start..start + word.len());
    if letters && (word.len() == 1 || word.len() <= 3 && capitals()) {
        return Some((word, false));
    }
    if let Some(digits) = spelled_digits(word) {
        return Some((digits, false));
    }
    RADIO.contains(&word).then(|| (&word[..1], true))
}

/// The words by which letters are told over the telephone (the alphabet of the ITU and NATO).
const RADIO: &[&str] = &[
    "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
    "juliet", "juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo",
    "sierra", "tango", "uniform", "victor", "whiskey", "whisky", "xray", "yankee", "zulu",
];

#[cfg(test)]
mod tests {
    use crate::personal::tests::scan;

    #[test]
    fn what_is_dictated_sign_by_sign_is_found() {
        for (kind, text, told) in [
            (
                "postcode",
                "Parcels need the postcode, which is Oscar, Lima, one, two, nine, Zulu, Zulu.",
                "Oscar, Lima, one, two, nine, Zulu, Zulu",
            ),
            (
                "vehicle_registration",
                "Little red Fiat, starts Mike Golf two one, ends Tango Yankee Hotel. Lights are on.",
                "Mike Golf two one, ends Tango Yankee Hotel",
            ),
            (
                "vehicle_registration",
                "NAME AND SHAME: b.d.1.9.k.h.t blue corsa on my drive again",
                "b.d.1.9.k.h.t",
            ),
            (
                "vehicle_registration",
                "the van (plate YZ oh seven, bravo tango foxtrot) is only the plumber",
                "YZ oh seven, bravo tango foxtrot",
            ),
            (
                "national_insurance",
                "I gave her my national insurance, A for apple, B for bravo, 65 43 21, D for dog, twice.",
                "A for apple, B for bravo, 65 43 21, D for dog",
            ),
            (
                "national_insurance",
                "Her NI is W-L, seven one, zero eight, three five, letter A",
                "W-L, seven one, zero eight, three five, letter A",
            ),
            (
                "national_insurance",
                "It only worked when she typed q q 1 2 3 4 5 6 c in one go",
                "q q 1 2 3 4 5 6 c",
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
    fn other_rows_of_signs_stay_clean() {
        for text in [
            "Oscar, Mike and Charlie were one, two and three in the egg and spoon race.",
            "A for effort, B for bravery: 65 out of 100.",
            "The register goes a b c d, then 1 2 3 4, then e f g.",
            "Foxtrot, tango, golf, hotel: spelling words for 2 Finch.",
            "Key A 1 2 3 B C D on the piano.",
            "",
            "é a 1",
        ] {
            assert!(scan(text).is_empty(), "{text}: {:?}", scan(text));
        }
    }
}
