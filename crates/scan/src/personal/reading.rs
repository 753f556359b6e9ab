//! One pass over a text for the cue words and for the words of the large patterns.

use std::sync::LazyLock;

use super::{
    cues::{self, Cues},
    finder::Finder,
    parted::Asked,
    shape,
};

/// The words of the patterns, and then the cue words.
static WORDS: LazyLock<Finder> =
    LazyLock::new(|| Finder::new(shape::words().iter().chain(cues::phrases())));

/// The cues of a text, and what it may hold of the large patterns.
pub(super) fn read(text: &str) -> (Cues, Asked) {
    let mut cues = Cues::default();
    let asked = shape::asked(&WORDS, text, |number, end| cues.add(number, end));
    cues.sort();
    (cues, asked)
}
