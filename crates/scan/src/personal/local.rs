//! Phone numbers without the code of their town ("telephone Wexbourne 960742"), several that share their first digits
//! ("Jo 900271, Mags 900655 (both 07700)"), and whose number it is: a person's named just before it, or a firm's.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{GOODS, IDENT, ORG, VENUE},
    kind::Kind,
    page::Page,
    person::is_given_name,
};

/// A word with a capital and six digits, where somebody is to be rung.
static TOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:tel(?:ephone)?|phone|ring|rang|call|dial|contact|text)[.:]?(?: (?:me|us|him|her))?(?: on| at)? (?:[a-z][a-z'-]{2,15},? (?:on |at )?)??|(?:mrs?|miss|ms|dr|[a-z]\.|auntie|aunty|uncle|granny|nan|grandad|let [a-z]+ know on|mine is|ours is|my number is|number is) ?[a-z'-]{0,15},? ?\(?(?:on )?)([a-z]{4,14},? )?\(?([0-9]{3} ?[0-9]{3})(?-u:\b)").ok()
});

/// The first digits of several numbers: "(both 07700)", "all start 01632", "07700 for all".
static SHARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:(?:both|all|each|they|numbers?)(?: (?:of )?(?:them|these|are|the))?(?: of them)?(?: start| starting| begin| beginning| on| with| after| code| prefix| are)*(?: with| on| in)?|same (?:start|code|beginning|prefix)(?: of| as)?|(?:start|begin|prefix|code|put|add|after)(?:s|ing|ning)?(?: each| all| both| them)?(?: with| by| of| is)?)[ :,(]{1,2}(0(?:7[0-9]{3}|1[0-9]{2,3}))(?-u:\b)|(?-u:\b)(0(?:7[0-9]{3}|1[0-9]{2,3})) (?:for |before |in front of |first for )?(?:both|all|each|every|them all)(?-u:\b)").ok()
});

/// What follows the first digits, which stand elsewhere.
static REST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[0-9]{3} ?[0-9]{3}(?-u:\b)").ok());

/// "900146, same start": the first digits are those of the number before.
static AGAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)0(?:7[0-9]{3}|1[0-9]{3}) ?[0-9]{3} ?[0-9]{3}[^0-9.!?]{1,40}?(?-u:\b)([0-9]{3} ?[0-9]{3}),? \(?(?:with )?(?:the )?same (?:start|beginning|code|prefix|first|area|digits)").ok()
});

/// Longest number that lacks its first digits, with a space.
const SHORT: usize = 8;

/// How far from the first digits what follows them may stand.
const REACH: usize = 160;

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits < 6 {
        return;
    }
    for captures in TOWN.iter().flat_map(|shape| shape.captures_iter(page.text)) {
        let Some(number) = captures.get(2) else {
            continue;
        };
        let town = captures.get(1);
        let placed = town.is_some_and(|town| page.opens_with_capital(town.start()));
        let counted = page.near(&number.range(), IDENT | GOODS, 24, 12);
        let titled = captures.get(0).is_some_and(|whole| {
            ["mr", "miss", "ms", "nan", "gran", "aunt", "uncle"]
                .iter()
                .any(|title| whole.as_str().starts_with(title))
        });
        let public = !titled && page.near(&number.range(), ORG | VENUE, 40, 24);
        if placed && !counted && !public {
            offer(page, number.range(), 0.7, found);
        }
    }
    for captures in AGAIN
        .iter()
        .filter(|_| page.says("same "))
        .flat_map(|shape| shape.captures_iter(page.text))
    {
        found.extend(captures.get(1).map(|number| phone(number.range(), 0.75)));
    }
    if !page.text.contains("07") && !page.text.contains("01") {
        return;
    }
    listed(page, found);
    let shared = SHARED
        .iter()
        .flat_map(|shape| shape.captures_iter(page.text))
        .filter_map(|captures| captures.get(1).or_else(|| captures.get(2)));
    let mut read_to = 0;
    for first in shared {
        let from = (first.start() - page.text_before(first.start(), REACH).len()).max(read_to);
        let to = first.end() + page.text_after(first.end(), REACH).len();
        read_to = to;
        for rest in REST
            .iter()
            .flat_map(|shape| shape.find_iter(&page.text[from..to]))
        {
            let bytes = from + rest.start()..from + rest.end();
            // "07700 900123" is whole by itself
            let whole = page.text_before(bytes.start, 1) == " "
                && page
                    .text_before(bytes.start, 2)
                    .starts_with(|c: char| c.is_ascii_digit());
            if !whole && !page.near(&bytes, IDENT, 10, 0) {
                offer(page, bytes, 0.75, found);
            }
        }
    }
}

/// "Mrs Kaur 960418" in a list where somebody's whole number stands.
fn listed(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let whole = found
        .iter()
        .any(|told| told.kind == Kind::Phone && told.bytes.len() > SHORT);
    if !whole
        || ["raffle", "ticket", "lottery", "draw "]
            .iter()
            .any(|draw| page.says(draw))
    {
        return;
    }
    for rest in REST.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let ends = page
            .text_after(rest.end(), 1)
            .chars()
            .next()
            .is_none_or(|c| matches!(c, '\n' | ',' | ';' | ')'));
        let taken = || {
            found.iter().any(|told| {
                told.kind == Kind::Phone
                    && told.bytes.start < rest.end()
                    && rest.start() < told.bytes.end
            })
        };
        if ends && is_somebodys(page, rest.start()) && !taken() {
            offer(page, rest.range(), 0.65, found);
        }
    }
}

const fn phone(bytes: Range<usize>, confidence: f32) -> Candidate {
    Candidate::new(Kind::Phone, bytes, confidence)
}

fn offer(page: &Page<'_>, bytes: Range<usize>, confidence: f32, found: &mut Vec<Candidate>) {
    let digits: String = page.text[bytes.clone()]
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    if !page.own.is_end_of_own_phone(&digits) {
        found.push(phone(bytes, confidence));
    }
}

/// "J. Thwaite, 01632 ...", "Mrs Dunne (": somebody by title or initial and family name right before a number.
static SOMEBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:mr|mrs|miss|ms|mx|auntie|aunty|uncle|granny|grandad|[a-z]\.?) ([a-z][a-z'-]{2,20})(?:[,:]| -| \u{2013}|,? tel\.?:?)? {0,2}\(?$").ok()
});

/// Whether somebody by title or initial stands right before a number.
pub(super) fn is_somebodys(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 50);
    let from = at - before.len();
    SOMEBODY
        .iter()
        .find_map(|shape| shape.captures(before))
        .and_then(|captures| Some((captures.get(0)?, captures.get(1)?)))
        .is_some_and(|(whole, family)| {
            page.opens_with_capital(from + whole.start())
                && page.opens_with_capital(from + family.start())
        })
}

/// "Ring the bus depot,", "the pizza place will deliver,": what is rung, before a number.
static RUNG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?-u:\b)(?:ring|rang|ringing|call|called|phone|phoned|try|contact|contacted|asked?|told) |^|[.!?\n,:;] ?|(?-u:\b)(?:and|but|so|cos|fyi|if|whether|when|think|that) )(?:the|our local) ([a-z'-]{3,16}(?: [a-z'-]{3,16}){0,2}?)(?: (?:will|do|does|can|are|is|have|has|who)(?: [a-z']{2,10}){0,2})?(?: on| at)?[ ,:;(-]{1,2}(?:tel\.? ?)?\(?$").ok()
});

/// Nouns after "the" that mean a person, a home or the number itself.
const PEOPLE: &[&str] = &[
    "lady",
    "man",
    "woman",
    "lad",
    "lass",
    "girl",
    "boy",
    "guy",
    "bloke",
    "mum",
    "dad",
    "nan",
    "mother",
    "father",
    "parent",
    "parents",
    "owner",
    "owners",
    "family",
    "person",
    "driver",
    "teacher",
    "organiser",
    "host",
    "seller",
    "neighbour",
    "neighbours",
    "tutor",
    "childminder",
    "sitter",
    "landlord",
    "house",
    "flat",
    "home",
    "number",
    "one",
    "same",
    "below",
    "above",
    "rest",
    "coach",
    "captain",
    "kid",
    "lads",
    "girls",
    "boys",
    "couple",
    "brother",
    "sister",
    "son",
    "daughter",
    "mobile",
    "landline",
    "other",
    "evening",
    "evenings",
    "weekend",
    "piano",
    "cot",
    "bike",
    "buggy",
];

/// What shops and offices do.
static TRADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:shuts?|closed|opens?|opening|delivers?|delivered|in stock|stocks|stocked|sells|depot|lost property|takeaway|appointments?|customers?|menu|branch|showroom|warehouse|receptionist|switchboard|press [0-9])(?-u:\b)").ok()
});

/// "Tots & Tassels", "Beds n Bits".
static FIRM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)([a-z]{3,14}) (?:&|n|'n'|and) ([a-z]{3,14})(?-u:\b)").ok()
});

/// Whether "the bus depot" is rung at a number, and no person.
pub(super) fn is_rung(page: &Page<'_>, at: usize) -> bool {
    let before = page.text_before(at, 60);
    RUNG.iter()
        .find_map(|shape| shape.captures(before))
        .and_then(|captures| captures.get(1))
        .is_some_and(|noun| !noun.as_str().split(' ').any(|word| PEOPLE.contains(&word)))
}

/// Whether a firm or an office is told of in the sentence of a number.
pub(super) fn is_of_a_trade(page: &Page<'_>, at: usize) -> bool {
    let sentence = page.sentence_of(at);
    let words = &page.text[sentence.clone()];
    let firm = [" & ", " n ", " 'n' "]
        .iter()
        .any(|joined| words.contains(joined));
    is_rung(page, at)
        || firm && is_about_a_firm(page, &sentence) && !words.trim_start().starts_with("the ")
        || TRADING.iter().any(|trade| trade.is_match(words)) && is_about_a_firm(page, &sentence)
}

/// Whether a firm named after two things, or "the" and a noun, is what a sentence is about.
pub(super) fn is_about_a_firm(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let words = &page.text[sentence.clone()];
    let opens = words.trim_start();
    let the = opens
        .strip_prefix("the ")
        .and_then(|rest| rest.split(' ').next())
        .is_some_and(|noun| !PEOPLE.contains(&noun));
    the || FIRM
        .iter()
        .flat_map(|firm| firm.captures_iter(words))
        .filter_map(|captures| Some((captures.get(1)?, captures.get(2)?)))
        .any(|(first, second)| {
            [first, second].iter().all(|word| {
                page.opens_with_capital(sentence.start + word.start())
                    && !is_given_name(word.as_str())
                    && page
                        .named_in(&(sentence.start + word.start()..sentence.start + word.end()))
                        .next()
                        .is_none()
            })
        })
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::scan;

    fn phones(text: &str) -> Vec<String> {
        let found = scan(text).into_iter();
        found
            .filter(|(kind, _, sure)| kind == "phone" && *sure >= 0.5)
            .map(|(_, told, _)| told)
            .collect()
    }

    #[test]
    fn numbers_without_their_first_digits_are_found() {
        for (text, told) in [
            (
                "Fir cones for you, telephone Wexbourne 960742 after the News.",
                "960742",
            ),
            (
                "Tickets from Mrs Bell (Wexbourne 960 441) or at the door.",
                "960 441",
            ),
            (
                "Swim walkers: Jo 900271, Mags 900655 (both 07700).",
                "900655",
            ),
            (
                "Drivers: Kath 900 145 and Lin 900 146, all start 07700.",
                "900 145",
            ),
            (
                "Drivers are Kath (07700 900145) and Jo (900146, same start).",
                "900146",
            ),
            ("Let Geoff know on 960233 (01632).", "960233 (01632)"),
            (
                "Hamper, pink 214, J. Thwaite, 01632 960588. Bring the stub to the office.",
                "01632 960588",
            ),
        ] {
            assert!(
                phones(text).iter().any(|phone| phone == told),
                "{text}: {:?}",
                phones(text)
            );
        }
    }

    #[test]
    fn other_rows_of_six_digits_and_numbers_of_firms_stay_clean() {
        for text in [
            "Raffle: Blue 600112, Pink 900145 and Green 900233, all at the office.",
            "Call reference 960118 when you ring the bus company.",
            "Ring Wexbourne Library 960118 to renew.",
            "We raised 900271 pennies and 900655 buttons, all from 07 families.",
            "ring the bus depot, 01632 960044, they had his trumpet",
            "Tots n Tassels shut mondays, ring first 0114 496 0871",
            "The pizza place will deliver, 01632 960808.",
        ] {
            assert!(phones(text).is_empty(), "{text}: {:?}", phones(text));
        }
    }
}
