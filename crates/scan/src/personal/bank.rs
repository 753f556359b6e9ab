//! Sort codes and account numbers, IBANs, payment cards (DOMAIN 2.7).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{BANK, CARD, DIGITWORD, IBAN, IDENT, PHONE},
    kind::Kind,
    page::Page,
    phone::spelled_numbers,
};

static SORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9]{2}[ ./-][0-9]{2}[ ./-][0-9]{2}|[0-9]{6})(?-u:\b)").ok()
});
static ACCOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9]{4} [0-9]{4}|(?:[0-9] ){7}[0-9]|[0-9]{7,17})(?-u:\b)").ok()
});
static IBAN_HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)[a-z](?:[a-z][0-9]{2}[ .\n-]?[a-z0-9]{4}| [a-z] [0-9] [0-9] [a-z0-9] [a-z0-9])",
    )
    .ok()
});
static CARD_SHAPE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[23456][0-9](?:[ -]?[0-9]){11,17}(?-u:\b)").ok());

/// How many characters may stand between a sort code and its account number.
const PAIR_GAP: usize = 40;

/// A sort code in words: "twenty, twenty-nine, fifty-nine".
static SORT_WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const PAIR: &str = "(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:oh|zero|nought|double)[ -]?(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)|[0-9]{2})";
    Regex::new(&format!(
        r"(?-u:\b){PAIR}[ ,.-]{{1,3}}{PAIR}[ ,.-]{{1,3}}{PAIR}(?-u:\b)"
    ))
    .ok()
});

/// Sort codes and account numbers told in words, after a word of banking.
fn spelled(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in SORT_WORDS
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let words = shaped
            .as_str()
            .bytes()
            .any(|byte| byte.is_ascii_alphabetic());
        if words && page.near(&shaped.range(), BANK, 30, 0) {
            found.push(Candidate::new(Kind::BankAccount, shaped.range(), 0.75));
        }
    }
    for (bytes, digits) in spelled_numbers(page) {
        let whole = matches!(digits.len(), 6 | 8 | 14);
        if whole && page.near(&bytes, BANK, 30, 0) {
            found.push(Candidate::new(Kind::BankAccount, bytes, 0.8));
        }
    }
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.has(BANK) && page.has(DIGITWORD) {
        spelled(page, found);
    }
    if page.digits >= 6 {
        accounts(page, found);
    }
    if page.has(DIGITWORD) && page.digits >= 4 || page.has(CARD) && page.has(DIGITWORD) {
        for (bytes, digits) in spelled_numbers(page) {
            let number: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
            if matches!(number.len(), 15 | 16) && is_card(&number) {
                found.push(Candidate::new(Kind::PaymentCard, bytes, 0.85));
            }
        }
    }
    if page.digits >= 10 {
        ibans(page, found);
        cards(page, found);
    }
}

fn accounts(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let accounts: Vec<Range<usize>> = ACCOUNT
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
        .map(|shaped| shaped.range())
        .collect();
    let mut paired_to = 0;
    for sort in SORT.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let spoken = near_word(page, &sort.range(), &["sort "])
            && ["account", "bank", "refund", "transfer"]
                .iter()
                .any(|word| page.text_before(sort.start(), 160).contains(word));
        let labelled = near_word(page, &sort.range(), &["sort", "sc ", "s/c", "branch"]);
        // "30/94/57" is a date without its label
        if !labelled && sort.as_str().contains(['/', '.']) {
            continue;
        }
        let named = spoken || page.near(&sort.range(), BANK, 40, 25);
        let next = accounts.partition_point(|account| account.start < sort.end());
        let account = accounts.get(next).filter(|account| {
            account.start - sort.end() <= PAIR_GAP && digits(&page.text[(*account).clone()]) == 8
        });
        let joined = sort.len() == 6;
        match account {
            Some(account) if named || !joined && account.start - sort.end() <= 3 => {
                paired_to = account.end;
                let confidence = if named { 0.95 } else { 0.6 };
                let bytes = sort.start()..account.end;
                found.push(Candidate::new(Kind::BankAccount, bytes, confidence));
            }
            Some(account) if is_paid(page, sort.start(), &page.text[sort.end()..account.start]) => {
                paired_to = account.end;
                found.push(Candidate::new(
                    Kind::BankAccount,
                    sort.start()..account.end,
                    0.7,
                ));
            }
            None if named && labelled => {
                found.push(Candidate::new(Kind::BankAccount, sort.range(), 0.8));
            }
            _ => {}
        }
    }
    for account in accounts
        .into_iter()
        .filter(|account| account.start >= paired_to)
    {
        let names = ["account", "acc", "a/c", "acct", "bacs"];
        let phone =
            page.text[account.clone()].starts_with("07") && page.near(&account, PHONE, 20, 0);
        if !phone && page.has(BANK) && near_word(page, &account, &names) {
            let (end, confidence) = match sort_code_behind(page, account.end) {
                Some(end) => (end, 0.9),
                None => (account.end, 0.75),
            };
            let bytes = account.start..end;
            found.push(Candidate::new(Kind::BankAccount, bytes, confidence));
        }
    }
}

/// A sort code that stands behind the number of its account: ", s/c 20 32 53", " (11.04.87)".
static BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[ ,;:./-]{0,3}(\()?(?:and |with |the |my |his |her |our )*((?:sort[ -]?(?:code|cd|no)?|s/c|s\.c|sc)(?: is| of| no| number)?[ .:=-]{0,3})?([0-9]{2}[ ./-][0-9]{2}[ ./-][0-9]{2}|[0-9]{6})(?-u:\b)").ok()
});

/// Where a sort code ends that stands right behind an account's number. Without its label six digits in a row may count
/// anything, and outside brackets full stops may be those of a date.
fn sort_code_behind(page: &Page<'_>, at: usize) -> Option<usize> {
    let after = page.text_after(at, PAIR_GAP);
    let captures = BEHIND.iter().find_map(|shape| shape.captures(after))?;
    let code = captures.get(3)?;
    let labelled = captures.get(2).is_some();
    let plain =
        code.len() > 6 && (captures.get(1).is_some() || !code.as_str().contains(['.', '/']));
    (code.start() > 0 && (labelled || plain)).then_some(at + code.end())
}

/// "Pay me direct, 089999 and 66374958": six digits, eight digits and a word of paying.
fn is_paid(page: &Page<'_>, start: usize, between: &str) -> bool {
    let before = page.text_before(start, 50);
    matches!(
        between.trim(),
        "" | "and" | "," | "/" | "-" | ", and" | "then" | "&"
    ) && ["pay", "transfer", "send", "money", "refund", "deposit"]
        .iter()
        .any(|word| before.contains(word))
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether one of the words stands just before.
fn near_word(page: &Page<'_>, bytes: &Range<usize>, words: &[&str]) -> bool {
    let before = page.text_before(bytes.start, 32);
    words.iter().any(|word| before.contains(word))
}

/// Lengths by country; where none is known any length may be right.
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("gb", 22),
    ("ie", 22),
    ("de", 22),
    ("fr", 27),
    ("es", 24),
    ("it", 27),
    ("nl", 18),
    ("be", 16),
    ("pl", 28),
    ("ro", 24),
    ("pt", 25),
    ("ch", 21),
    ("at", 20),
    ("dk", 18),
    ("se", 24),
    ("no", 15),
    ("fi", 18),
    ("lt", 20),
    ("lv", 21),
    ("cz", 24),
    ("hu", 28),
    ("bg", 22),
    ("gr", 27),
    ("tr", 26),
];

fn ibans(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for head in IBAN_HEAD
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let country = head.as_str().replace(' ', "");
        let known = IBAN_LENGTHS
            .iter()
            .find(|(known, _)| country.starts_with(known));
        let Some((_, length)) = known else {
            continue;
        };
        let Some(bytes) = take(page.text, head.start(), *length) else {
            continue;
        };
        let named = page.near(&bytes, IBAN, 80, 20);
        let good = remainder(&page.text[bytes.clone()]) == 1;
        match (good, named) {
            (true, _) => found.push(Candidate::new(Kind::Iban, bytes, 0.98)),
            (false, true) => found.push(Candidate::new(Kind::Iban, bytes, 0.7)),
            // "my account GB75 XMPL ...", with a slip in it
            (false, false)
                if *length >= 18
                    && (is_in_fours(&page.text[bytes.clone()])
                        || page.near(&bytes, BANK, 40, 20))
                    && !page.near(&bytes, IDENT, 24, 0) =>
            {
                found.push(Candidate::new(Kind::Iban, bytes, 0.65));
            }
            (false, false) => {}
        }
    }
}

/// The stretch from `start` that holds `length` letters and digits with single spaces, dashes, dots or ends of lines between them.
fn take(text: &str, start: usize, length: usize) -> Option<Range<usize>> {
    let mut taken = 0;
    let mut gap = false;
    for (at, byte) in text.as_bytes()[start..].iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            taken += 1;
            gap = false;
            if taken == length {
                let end = start + at + 1;
                let free = text
                    .as_bytes()
                    .get(end)
                    .is_none_or(|next| !next.is_ascii_alphanumeric());
                return free.then_some(start..end);
            }
        } else if matches!(byte, b' ' | b'-' | b'.' | b'\n') && !gap {
            gap = true;
        } else {
            return None;
        }
    }
    None
}

/// Whether it is written as the standard has it printed: in groups of four, of which the last may be shorter.
fn is_in_fours(written: &str) -> bool {
    let mut groups = written.split(' ').rev();
    let last = groups.next().map_or(0, str::len);
    (1..=4).contains(&last) && written.contains(' ') && groups.all(|group| group.len() == 4)
}

/// The number modulo 97 with the first four characters at the end and letters as two digits.
fn remainder(code: &str) -> u32 {
    let plain: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let (head, tail) = plain.split_at(plain.len().min(4));
    tail.iter().chain(head).fold(0, |sum, c| {
        let value = c.to_digit(36).unwrap_or(0);
        let shift = if value > 9 { 100 } else { 10 };
        (sum * shift + value) % 97
    })
}

fn cards(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in CARD_SHAPE
        .iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let written = without_expiry(shaped.as_str());
        let bytes = shaped.start()..shaped.start() + written.len();
        let number: Vec<u32> = written.chars().filter_map(|c| c.to_digit(10)).collect();
        let labelled = is_labelled(page, bytes.start) || is_amex(page, written, &bytes);
        let named = labelled || page.near(&bytes, CARD, 40, 40) || written.len() < shaped.len();
        let identifier = !labelled && page.near(&bytes, IDENT | PHONE, 24, 0);
        let usual = labelled || matches!(number.len(), 15 | 16);
        let bytes = bytes.start..with_expiry(page, bytes.end);
        match (is_card(&number), named) {
            (true, true) => found.push(Candidate::new(Kind::PaymentCard, bytes, 0.98)),
            (true, false) if usual && !identifier => {
                found.push(Candidate::new(Kind::PaymentCard, bytes, 0.8));
            }
            (false, true) if usual && !identifier => {
                found.push(Candidate::new(Kind::PaymentCard, bytes, 0.6));
            }
            _ => {}
        }
    }
}

/// "Card number", "visa", "the long number": what is told of a card that pays, right before its number.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:card|visa|mastercard|maestro|amex|american express|debit|credit|long|16 digit|sixteen digit)(?: card)?(?: (?:number|numbers|no|num|nr|details)\.?)?(?: is| are| says| reads| was)?[ :=#-]{1,3}$").ok()
});

/// Cards that do not pay.
const OTHER_CARDS: &[&str] = &[
    "library",
    "gift",
    "loyalty",
    "club",
    "member",
    "nectar",
    "points",
    "sim ",
    "bus ",
    "travel",
    "oyster",
    "railcard",
    "student",
    " id ",
    "donor",
    "score",
    "reward",
    "voucher",
    "phone card",
    "swipe",
    "fishing",
    "report card",
    "trading",
    "pokemon",
    "raffle",
    "reference",
];

/// Whether a number is called that of a card that pays, whatever its check digit says: an issuer may not be known, and a
/// number be mistyped.
fn is_labelled(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 40);
    LABEL.iter().any(|label| label.is_match(before))
        && !OTHER_CARDS.iter().any(|other| before.contains(other))
}

/// The groups that one issuer prints, four digits and six before the rest, where a card is told of: "Amex ..., full number
/// is". A digit too many is a slip.
fn is_amex(page: &Page<'_>, written: &str, bytes: &Range<usize>) -> bool {
    let groups: Vec<usize> = written.split([' ', '-']).map(str::len).collect();
    matches!(written.get(..2), Some("34" | "37"))
        && matches!(groups[..], [4, 6, 5 | 6])
        && ["amex", "american express", "card"]
            .iter()
            .any(|name| page.says_in(&page.sentence_of(bytes.start), name))
}

/// What is printed beside the number of a card: the month and year of its end, and the digits on its back.
static PRINTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[ ,;.(-]{0,3}(?:and |then |with |the )*(?:(?:(?:exp(?:iry|ires|iring|iration|\.)?|valid (?:to|until|thru|till)|ends?|until|to)(?: date)?(?: is)?[ .:=-]{0,3})?(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[0-9]{2}|(?:cvv|cvc|cv2|csc|security (?:code|no|number|num)|sec(?:urity)? code|(?:last |the )?(?:three|3)(?: digits?)?(?: on the back| on back)|on the back|back)(?: no| number| code)?(?: is|'s)?[ .:=-]{0,3}[0-9]{3,4}|[0-9]{3,4} (?:is )?(?:on|from) (?:the )?back)(?-u:\b)").ok()
});

/// The end of a card's number with what is printed beside it: "exp 08/28 cvv 311".
fn with_expiry(page: &Page<'_>, end: usize) -> usize {
    let mut end = end;
    for _ in 0..3 {
        let after = page.text_after(end, 60);
        match PRINTED.iter().find_map(|shape| shape.find(after)) {
            Some(printed) => end += printed.end(),
            None => break,
        }
    }
    end
}

/// The number alone where the month and year of its end stand behind it: "4111 1111 1111 1111 08/28".
fn without_expiry(shaped: &str) -> &str {
    let mut digits = 0;
    for (at, byte) in shaped.bytes().enumerate() {
        if digits == 16 && matches!(byte, b' ' | b'-') {
            return &shaped[..at];
        }
        digits += usize::from(byte.is_ascii_digit());
    }
    shaped
}

/// Luhn's check; all zeros cannot get here, because a card opens with 2 to 6.
pub(super) fn is_card(number: &[u32]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double @ 10..) => double - 9,
            (_, double) => double,
        })
        .sum();
    let opens = number.iter().take(4).fold(0, |sum, digit| sum * 10 + digit);
    (13..=19).contains(&number.len())
        && sum.is_multiple_of(10)
        && (opens >= 3000 || (2221..=2720).contains(&opens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_check_vectors_agree() {
        assert_eq!(remainder("gb82 west 1234 5698 7654 32"), 1);
        assert_ne!(remainder("gb82 west 1234 5698 7654 33"), 1);
        for (number, good) in [
            ("4111111111111111", true),
            ("4242424242424242", true),
            ("5555555555554444", true),
            ("378282246310005", true),
            ("4111111111111112", false),
            ("0000000000000000", false),
        ] {
            let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
            assert_eq!(is_card(&digits), good, "{number}");
        }
    }
}
