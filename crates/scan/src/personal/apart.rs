//! Where a child waits or plays without anybody at this moment: "is standing on her own at the stile behind Hagg Wood",
//! "still outside the chip shop waiting for his auntie" (DOMAIN 2.13).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{ALONE, EVENT, PLACE, VENUE},
    kind::Kind,
    page::Page,
    person::{Told, is_public_prose, people},
    tales::is_of_animals_or_parts,
};

/// Somebody is somewhere, now.
static AT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const HOW: &str = "(?:standing|stood|sat|sitting|waiting|stuck|hiding|playing|parked|camped|fishing|queuing|sheltering|marshalling|stranded)";
    const ALONE: &str = "(?:(?:all )?alone|(?:all )?on (?:his|her|their|our|my) own|(?:all )?by (?:him|her|my)self|by themselves)";
    Regex::new(&format!(
        r"(?-u:\b)(?:is|are|'s|'re|'m|im|am|hes|shes|theyre|were)(?: both| all)?(?: still| now| currently| just| out| down| up| over)*(?: {HOW})?(?: still| now| there| here| out| down| up)*(?: {ALONE})?(?: {HOW})? (?:at|outside|by|behind|near|under|opposite|in|on|beside|next to|round the back of) [^.!?\n]{{4,120}}"
    ))
    .ok()
});

/// Nobody else is there, or somebody is waited for.
static NOBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:waiting (?:for|on) (?:his|her|their|a|my|our) (?:[a-z]+ )?(?:auntie?|mum|mam|dad|nan|nana|gran|grandad|grandma|mother|father|brother|sister|lift|bus|taxi|uncle|childminder|parents?)|(?:just|only) (?:the|us) (?:2|two)(?: of (?:us|them))?|just us(?: two| 2)?|by (?:him|her)self|by themselves|on (?:his|her|their) own|all alone|alone|unaccompanied|nobody with (?:him|her|them)|no grown[- ]?ups?|no adults?|without (?:an adult|a grown[- ]?up))(?-u:\b)").ok()
});

/// It lasts while it is read.
static LASTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:still|now|until|till?|til|for the (?:rest of|next|whole)|right now|at the moment|currently|waiting|rn|atm|today|this (?:morning|afternoon|evening|minute)|tonight|as we speak|all (?:day|afternoon|morning|evening)|wave|say hello|if any(?:one|body))(?-u:\b)").ok()
});

/// Places of the school and of talk, which tell nobody where to go.
static NO_PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:reception|(?:our|school) library|(?:the|our|school|main|front) office|(?:the|our|school) (?:hall|playground|classroom|garden|field|gym|studio)|classroom|assembly|(?:the )?stage|top of the|bottom of the|lead|charge|tears|bed|hospital|maths|reading|(?:her|his|their|my) (?:head|room|desk|seat|chair|class|form|year|book|work|project|team|mind)|project|page|chapter|line for|goal|book|story|photo|picture|poster|screen|team|league|table|leaderboard|podium|favou?r|front of the class|drawing|painting|display)(?-u:\b)").ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let nobody = ["waiting ", "just the", "just us", "only the", "only us"];
    if !page.has(ALONE) && !nobody.iter().any(|word| page.says(word)) {
        return;
    }
    for shaped in AT.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let sentence = page.sentence_of(shaped.start());
        let words = &page.text[sentence.clone()];
        let is = |shape: &LazyLock<Option<Regex>>, words: &str| {
            shape.iter().any(|shape| shape.is_match(words))
        };
        let place = shaped.start()..(shaped.start() + 90).min(sentence.end);
        if is(&NOBODY, words)
            && is(
                &LASTS,
                page.text_after(shaped.start(), sentence.end + 30 - shaped.start()),
            )
            && !is(&NO_PLACE, shaped.as_str())
            && names_a_place(page, &place)
            && !words.trim_end().ends_with('?')
            && page.cues_in(&sentence, EVENT).next().is_none()
            && !is_of_animals_or_parts(page, &sentence)
            && !is_public_prose(page, &sentence)
            && is_of_a_child(page, &sentence)
        {
            let blank = words.len() - words.trim_start().len();
            let bytes = sentence.start + blank..sentence.start + words.trim_end().len();
            found.push(Candidate::new(Kind::LiveLocation, bytes, 0.65));
        }
    }
}

/// A child somebody names or tells of; the writer of a comment with somebody named is with a child too.
fn is_of_a_child(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    people(page, sentence)
        .iter()
        .any(|person| person.told >= Told::Given || person.told == Told::OwnChild)
        || page.says_in(sentence, "little ")
            && people(page, sentence)
                .iter()
                .any(|person| person.told >= Told::Capital)
        || !page.context.draft
            && (page.says_in(sentence, "me and ") || page.says_in(sentence, " and me "))
}

/// Whether a stretch names a place: by its kind, or with a capital.
fn names_a_place(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let end = bytes.start + page.text_after(bytes.start, bytes.len()).len();
    page.cues_in(&(bytes.start..end), PLACE | VENUE)
        .any(|cue| cue.classes & ALONE == 0)
        || page.spaced(bytes.start..end).any(|(at, word)| {
            at > bytes.start
                && word.len() > 2
                && word.as_bytes()[0].is_ascii_alphabetic()
                && page.opens_with_capital(at)
        })
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::scan;

    fn told(text: &str) -> bool {
        scan(text).iter().any(|(kind, ..)| kind == "location")
    }

    #[test]
    fn a_child_alone_somewhere_now_is_found() {
        for text in [
            "Jack is standing on his own at the stile behind Hagg Wood until the last class comes through.",
            "Little Ella came by herself and is still outside the chip shop on Cross Street waiting for her auntie.",
            "Sam is sat on his own by the canal at Stokes Lock right now.",
        ] {
            assert!(told(text), "{text}");
        }
    }

    #[test]
    fn what_is_read_behind_a_sentence_may_end_in_any_letter() {
        for padding in 0..8 {
            let next = format!("{}{}", "x".repeat(padding), "😉".repeat(9));
            let text = format!("Jack is waiting on his own at the stile behind Hagg Wood. {next}");
            assert!(told(&text), "{text}");
        }
    }

    #[test]
    fn other_stays_are_not() {
        for text in [
            "Jack is on his own at the top of the leaderboard now.",
            "Ella is working on her own on a project about Hagg Wood today.",
            "In the story Tom is hiding by himself in the Dark Forest until dawn.",
            "Jack was standing on his own at the stile behind Hagg Wood.",
            "Ella is in the school office, waiting for her mum.",
        ] {
            assert!(!told(text), "{text}: {:?}", scan(text));
        }
    }
}
