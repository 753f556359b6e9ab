//! A home that is told by its own name, or by a number and one word, where somebody says that they live there: "we live at
//! Gorse Farm", "my address is Rose Cottage", "they've moved to 71 Ashgrove" (DOMAIN 2.5).

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Candidate,
    address::{HOUSES, famous_or_own, is_past, is_tale, names_a_street, with_town},
    cues::{COHORT, EVENT, HOME, ORG, VENUE},
    kind::Kind,
    page::Page,
    person::is_no_name,
    postcode,
    tales::is_of_animals_or_parts,
};

/// Who lives somewhere, up to the place itself. "Live at the Old Mill" alone is a concert.
static LEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const WHO: &str = "(?:we|i|they|he|she|who|family|mum|dad|nan|gran|grandma|grandad|auntie|aunt|uncle|both|all|still|now|to|kids|parents|[a-z]{2,14}s)";
    const LIVING: &str = "(?:lives|lived|living|resides|residing|resident)";
    const ABODE: &str = "(?:address|home|house)";
    Regex::new(&format!(
        r"(?-u:\b)(?:{WHO} (?:(?:all|both|still|now|just|only|also|currently) )?(?:live|reside)(?: just)?(?: over| up| down| out)? (?:at|in)|{LIVING}(?: with [a-z' ]{{2,20}})?(?: just| now| still)?(?: over| up| down| out)? (?:at|in)|(?:moved|moving|move|relocated|relocating) (?:in|back )?(?:to|into)|(?:our|my|his|her|their|new|home|postal|forwarding|family) {ABODE}(?: now)?(?: is|:| at| =)|(?:^|\n)(?:home )?address ?[:;|]|(?:deliver|delivered|post|posted|sent|send) (?:it |them |this |that )?to (?:us|me|him|her|them) at) (?:number |no\.? ?)?$"
    ))
    .ok()
});

/// A number and one word: "71 Ashgrove".
static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[0-9]{1,3}[a-z]?,? (?:the )?([a-z][a-z'-]{4,19})(?:[.,;:!?)\n]|$| (?:with|near|opposite|behind|next|by|and|so|if|just|until|since|now|please|which)(?-u:\b))").ok()
});

/// What stands before a postcode as on an envelope: a number and up to three words, and perhaps a town.
static ENVELOPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s:;|(,'\x22>])((?:flat [0-9]{1,3}[a-z]?,? )?[0-9]{1,4}[a-z]?,? (?:the )?[a-z][a-z'-]{2,19}(?: [a-z][a-z'-]{1,19}){0,2})(?:,? ?\n ?|, ?)(?:[a-z][a-z' -]{2,24}(?:,? ?\n ?|, ?)){0,2}$").ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits >= 3 {
        on_an_envelope(page, found);
    }
    by_verb(page, found);
}

/// "1b The Wynd, Allerby, CA15 2QU": the lines of an envelope, whatever the street is called.
fn on_an_envelope(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for postcode in postcode::shapes(page) {
        if page.own.is_own_postcode(&page.text[postcode.clone()]) {
            continue;
        }
        let before = page.text_before(postcode.start, 80);
        let captures = ENVELOPE.iter().find_map(|shape| shape.captures(before));
        let Some(home) = captures.and_then(|captures| captures.get(1)) else {
            continue;
        };
        let start = postcode.start - before.len() + home.start();
        let bytes = start..start + home.len();
        let public = page
            .cues_between(bytes.start.saturating_sub(30), postcode.end + 20)
            .filter(|cue| &page.text[cue.bytes.clone()] != "customer")
            .any(|cue| {
                cue.classes & (VENUE | ORG | EVENT) != 0 && !names_a_street(page, cue.bytes.end)
            });
        let told = found
            .iter()
            .any(|known| known.kind == Kind::Address && known.overlaps(&bytes));
        if !public && !told && !famous_or_own(page, &bytes) {
            found.push(Candidate::new(
                Kind::Address,
                bytes.start..with_town(page, bytes.end),
                0.75,
            ));
        }
    }
}

/// Where a verb or a label says that somebody lives there.
fn by_verb(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let told = [
        "live",
        "living",
        "address",
        "moved to",
        "moved into",
        "moving to",
    ];
    if !page.has(HOME) && !told.iter().any(|word| page.says(word)) {
        return;
    }
    let starts = page.text.match_indices(' ').map(|(at, _)| at + 1);
    for start in starts.filter(|at| may_open(page, *at)) {
        let lead = page.text_before(start, 60);
        let lead = lead.strip_suffix("the ").unwrap_or(lead);
        if !LEAD.iter().any(|shape| shape.is_match(lead)) {
            continue;
        }
        let Some(end) = house(page, start).or_else(|| numbered(page, start)) else {
            continue;
        };
        let bytes = start..end;
        let sentence = page.sentence_of(start);
        let words = &page.text[sentence.clone()];
        let other = page.cues_in(&bytes, EVENT | COHORT).next().is_some()
            || page.says_in(&sentence, "performed")
            || is_tale(words)
            || is_past(words)
            || is_of_animals_or_parts(page, &(sentence.start..start))
            || famous_or_own(page, &bytes);
        let told = found
            .iter()
            .any(|known| known.kind == Kind::Address && known.overlaps(&bytes));
        if !other && !told {
            let bytes = start..with_town(page, end);
            found.push(Candidate::new(Kind::Address, bytes, 0.75));
        }
    }
}

/// Whether a capital or a figure stands there.
fn may_open(page: &Page<'_>, at: usize) -> bool {
    let figure = page.text[at..].starts_with(|c: char| c.is_ascii_digit());
    figure || page.opens_with_capital(at)
}

/// Where the name of a house ends that opens there: one to three words with capitals, the last of them what houses are
/// called.
fn house(page: &Page<'_>, start: usize) -> Option<usize> {
    let mut end = start;
    let mut housed = None;
    for (at, word) in page.spaced(start..page.text.len()).take(4) {
        let name = word.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        if name.is_empty() || !page.opens_with_capital(at) {
            break;
        }
        end = at + name.len();
        if at > start && HOUSES.contains(&name) {
            housed = Some(end);
        }
        if name.len() < word.len() {
            break;
        }
    }
    // "Lodge Lane" and "Mill Primary School" are no houses
    housed.filter(|housed| *housed == end)
}

/// Where a number and one word end.
fn numbered(page: &Page<'_>, start: usize) -> Option<usize> {
    let captures = NUMBERED.as_ref()?.captures(&page.text[start..])?;
    let name = captures.get(1)?;
    // "moved to 3 Robin" is a class
    let number = page.text[start..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let moved = ["moved to ", "moving to ", "move to "]
        .iter()
        .any(|moved| page.text[..start].ends_with(moved));
    if moved && number < 2 {
        return None;
    }
    let capital = page.opens_with_capital(start + name.start());
    (capital && !is_no_name(name.as_str())).then_some(start + name.end())
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    #[test]
    fn a_home_is_found_by_the_name_of_its_house() {
        for (text, home) in [
            ("We live at Gorse Farm, Nether Silton.", "Gorse Farm"),
            (
                "My address is Rose Cottage, Wexbourne.",
                "Rose Cottage, Wexbourne",
            ),
            (
                "The Okoros have moved to The Old Rectory now.",
                "The Old Rectory",
            ),
            (
                "She lives with her nan at Little Mill Barn.",
                "Little Mill Barn",
            ),
            ("Our new address is 71 Ashgrove.", "71 Ashgrove"),
            ("He's living at 9 Esplanade with his dad.", "9 Esplanade"),
            (
                "Customer: J Okonjo, 1b The Wynd, Allerby, CA15 2QU",
                "1b The Wynd, Allerby",
            ),
            ("19 crowther fold\nLS27 4WD", "19 crowther fold"),
        ] {
            assert_eq!(told("address", text), [home], "{text}");
        }
    }

    #[test]
    fn concerts_tales_and_numbers_are_no_homes() {
        for text in [
            "The choir sang live at Gorse Farm on Sunday.",
            "We go live at 9 Monday morning.",
            "The three bears lived at Honey Cottage in our play.",
            "In 1841 the family lived at Elm House.",
            "We moved to Year 6 House points today.",
            "They are staying in 3 Lodges between us.",
            "The group is staying at Cropton Lodge until Friday.",
            "Jasmine has moved to 3 Robin.",
            "She lives in Farm Close, I think.",
            "The school tortoise has moved to Manor Farm for the winter.",
            "Wexbourne Library, 14 The Strand, Allerby, CA15 2QU, opens at nine.",
        ] {
            assert!(told("address", text).is_empty(), "{text}");
        }
    }
}
