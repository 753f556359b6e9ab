//! Sentences written from right to left: `mih llik annog mI`. Single swear words backwards are the vocabulary's own
//! respellings; here at least two words in a row make sense only when read from their end.

use std::ops::Range;

use super::{
    excuses::FUNCTION_WORDS,
    literals::COMMON,
    view::{Glyph, plain_letters},
    vocabulary::Vocabulary,
};

/// Longest word that is turned round.
const LONGEST_WORD: usize = 16;

/// Shortest word of the rules that makes somebody look whether a text is written backwards.
const SHORTEST_ANCHOR: usize = 4;

/// Most words of one run.
const LONGEST_RUN: usize = 24;

/// What a word is when it is turned round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turned {
    /// A word of the rules, and no word as it was written.
    Anchor,
    /// A word, and none as it was written.
    Word,
    /// A word both ways.
    Either,
    /// No word.
    Nothing,
}

/// Whether any word of the text is a word of the rules only when it is turned round.
pub(super) fn any_backwards<'c>(
    glyphs: &[Glyph],
    mut chunks: impl Iterator<Item = &'c Range<usize>>,
    vocabularies: &[&Vocabulary],
) -> bool {
    chunks.any(|chunk| {
        letters(glyphs, chunk).is_some_and(|word| is_anchor(&glyphs[word], vocabularies))
    })
}

/// Whether a word of plain letters is a word of the rules only when it is turned round.
pub(super) fn is_turned(word: &str, vocabulary: &Vocabulary) -> bool {
    let turned: String = word.chars().rev().collect();
    word.len() >= SHORTEST_ANCHOR && vocabulary.has(&turned) && !vocabulary.has(word)
}

/// The glyphs of a run of words that starts here and is written backwards, the right way round, with the place of the
/// run and the number of its chunks.
pub(super) fn backwards(
    glyphs: &[Glyph],
    chunks: &[Range<usize>],
    vocabularies: &[&Vocabulary],
) -> Option<(Range<usize>, Vec<Glyph>, usize)> {
    let mut place: Option<Range<usize>> = None;
    let (mut words, mut anchors, mut used) = (0, 0, 0);
    for (at, chunk) in chunks.iter().take(LONGEST_RUN).enumerate() {
        let Some(word) = letters(glyphs, chunk) else {
            break;
        };
        match turned(&glyphs[word.clone()], vocabularies) {
            Turned::Anchor => (words, anchors) = (words + 1, anchors + 1),
            Turned::Word => words += 1,
            Turned::Either if place.is_some() => continue,
            Turned::Either | Turned::Nothing => break,
        }
        let start = place.map_or(word.start, |place: Range<usize>| place.start);
        (place, used) = (Some(start..word.end), at + 1);
    }
    let place = place.filter(|_| words >= 2 && anchors >= 1)?;
    let turned = glyphs[place.clone()].iter().rev().copied().collect();
    Some((place, turned, used))
}

/// The letters of a chunk without the marks around them, where it has nothing else.
fn letters(glyphs: &[Glyph], chunk: &Range<usize>) -> Option<Range<usize>> {
    let letter = |at: &usize| glyphs[*at].c.is_ascii_lowercase();
    let start = chunk.clone().find(letter)?;
    let end = chunk.clone().rev().find(letter)? + 1;
    let word = start..end;
    (word.len() <= LONGEST_WORD && word.clone().all(|at| letter(&at))).then_some(word)
}

fn is_anchor(word: &[Glyph], vocabularies: &[&Vocabulary]) -> bool {
    let known = |word: &str| vocabularies.iter().any(|vocabulary| vocabulary.has(word));
    let (mut turned, mut straight) = ([0; LONGEST_WORD], [0; LONGEST_WORD]);
    word.len() >= SHORTEST_ANCHOR
        && known(plain_letters(
            word.iter().rev().map(|glyph| glyph.c),
            &mut turned,
        ))
        && !known(plain_letters(
            word.iter().map(|glyph| glyph.c),
            &mut straight,
        ))
}

fn turned(word: &[Glyph], vocabularies: &[&Vocabulary]) -> Turned {
    if is_anchor(word, vocabularies) {
        return Turned::Anchor;
    }
    let known = |word: &str| {
        FUNCTION_WORDS.contains(&word)
            || COMMON.contains(&word)
            || vocabularies.iter().any(|vocabulary| vocabulary.has(word))
    };
    let (mut turned, mut straight) = ([0; LONGEST_WORD], [0; LONGEST_WORD]);
    let turned = known(plain_letters(
        word.iter().rev().map(|glyph| glyph.c),
        &mut turned,
    ));
    match (
        turned,
        known(plain_letters(
            word.iter().map(|glyph| glyph.c),
            &mut straight,
        )),
    ) {
        (true, false) => Turned::Word,
        (true, true) => Turned::Either,
        (false, _) => Turned::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Budget, Surface};

    use crate::{
        language::{LanguageContext, scan_rules},
        lexicon::tests::LEXICON,
        surface::SurfaceText,
    };

    fn found(text: &str) -> Vec<String> {
        let surface = SurfaceText::new(Surface::Text, None, text);
        let context = LanguageContext { draft: false };
        let findings = scan_rules(&[surface], &LEXICON, &context, &Budget::default().meter());
        let findings = findings.unwrap().into_iter();
        findings.filter_map(|found| found.text).collect()
    }

    #[test]
    fn a_sentence_written_from_its_end_is_read_and_its_place_is_told() {
        assert_eq!(
            found("mih llik annog mI, read it backwards"),
            ["mih llik annog mI"]
        );
        assert_eq!(found("well then: flesruoy llik"), ["flesruoy llik"]);
        assert_eq!(found("flesruoy llik esaelp"), ["flesruoy llik"]);
    }

    #[test]
    fn words_that_are_words_both_ways_are_left_alone() {
        for text in [
            "stop the pots on the spot",
            "no evil star saw a live pool",
            "llik",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
