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

/// Whether a sentence is about an animal or somebody in a play, who may have a child's name.
pub(super) fn is_of_animals_or_parts(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    ANIMAL
        .iter()
        .any(|animal| animal.is_match(&page.text[sentence.clone()]))
        || PARTS.iter().any(|word| page.says_in(sentence, word))
}
