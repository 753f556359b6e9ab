//! Animals with names, and people in books and plays: what is told of them is nobody's business.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::page::Page;

/// An animal that has a name.
static ANIMAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:fish|cat|dog|rabbit|hamster|tortoise|hen|chicken|snail|owl|hawk|vulture|pony|horse|lamb|goat|gecko|snake|lizard|gerbil|guinea pig|pet|donkey|duck|tadpole|spider|bear)s?,? (?:called|named|who is called)(?-u:\b)|(?-u:\b)(?:class|school|our|the) (?:fish|pet|rabbit|tortoise|hamster|gecko|snail|hen|hens|chickens|goldfish)(?-u:\b)").ok()
});

/// Words that tell of an animal or of a part in a play.
const PARTS: &[&str] = &[
    "therapy dog",
    "book club",
    "therapy lab",
    "therapy pony",
    "therapy horse",
    "therapy rabbit",
    "therapy cat",
    "therapy animal",
    "therapy pup",
    "guide dog",
    "school dog",
    "reading dog",
    "hamster",
    "guinea pig",
    "puppy",
    "kitten",
    "the vet",
    "to the vets",
    "teddy had",
    "teddy hospital",
    "role play",
    "novel",
    "story about",
    "book about",
    "role-play",
    "in our play",
    "in the play",
    "in our story",
    "in the story",
    "in the book",
    "in the secret garden",
    "plays the",
    "his crown",
    "tumbling after",
];

/// What somebody plays who is in no play.
static PLAYED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)plays the (?:violin|viola|cello|double bass|bass|piano|keyboard|organ|guitar|ukulele|banjo|harp|flute|recorder|clarinet|oboe|bassoon|sax[a-z]*|trumpet|cornet|trombone|tuba|horn|drums?|cymbals|steel pans|tabla|fiddle|pipes|bagpipes|whistle|accordion|fool|clown|game)(?-u:\b)").ok()
});

/// Where one clause of a sentence ends and the next opens.
const CLAUSES: &[&str] = &[
    ",",
    ";",
    ":",
    " - ",
    " \u{2013} ",
    " \u{2014} ",
    " and ",
    " but ",
    " who ",
    " because ",
    " since ",
    " after ",
    " although ",
    " though ",
    " while ",
];

/// Whether a sentence is about an animal or somebody in a play, who may have a child's name.
pub(super) fn is_of_animals_or_parts(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let words = &page.text[sentence.clone()];
    ANIMAL.iter().any(|animal| animal.is_match(words))
        || PARTS.iter().any(|word| {
            page.says_in(sentence, word)
                && (*word != "plays the" || !PLAYED.iter().any(|played| played.is_match(words)))
        })
}

/// Whether what a sentence tells is told of an animal or a part in a play. Of a child whom the school knows only the clause
/// of the animal or the part is: "Mia plays the violin in the play, and her asthma ..." tells of Mia.
pub(super) fn is_a_tale(page: &Page<'_>, sentence: &Range<usize>, told: &Range<usize>) -> bool {
    if !is_of_animals_or_parts(page, sentence) {
        return false;
    }
    let known = page.named_in(sentence).any(|named| !named.staff);
    let before = &page.text[sentence.start..told.start.max(sentence.start)];
    let after = &page.text[told.end.min(sentence.end)..sentence.end];
    let opening = |before: &str| {
        let ends = CLAUSES
            .iter()
            .filter_map(|end| Some(before.rfind(end)? + end.len()));
        ends.max().unwrap_or(0)
    };
    let mut start = opening(before);
    // "the troll, who is deaf": of whom stands before it
    if before[..start].ends_with(" who ") {
        let whose = before[..start - " who ".len()].trim_end_matches(',');
        start = opening(whose);
    }
    let end = CLAUSES.iter().filter_map(|end| after.find(end)).min();
    let clause = sentence.start + start..sentence.end - after.len() + end.unwrap_or(after.len());
    !known || is_of_animals_or_parts(page, &clause)
}
