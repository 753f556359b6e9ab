//! Which stretches of a text cannot be a disguise: words that hide no other one. Most texts have nothing else, and need no
//! further look.

use std::ops::Range;

use super::{
    backwards::is_turned,
    disguise::{LONGEST_FRONT, LONGEST_WORD, SHORTEST_TAG, is_real},
    spelling::Spelling,
    view::{Glyph, plain_letters},
    vocabulary::Vocabulary,
};
use crate::hashing::{EMPTY, fnv};

/// The stretches between white space.
pub(super) struct Chunks {
    pub(super) chunks: Vec<Range<usize>>,
    /// Those that must be looked at, in order: any but words that are known to hide no other one.
    pub(super) loud: Vec<usize>,
}

impl Chunks {
    pub(super) fn of(glyphs: &[Glyph], known: (&[&Vocabulary], &Spelling)) -> Self {
        let mut found = Self {
            chunks: Vec::with_capacity(glyphs.len() / 4),
            loud: Vec::new(),
        };
        // a single letter may begin a word that is spelled out, unless a word follows
        let mut single = None;
        let mut end = 0;
        while let Some(first) = glyphs.get(end) {
            if first.c.is_whitespace() {
                end += 1;
                continue;
            }
            let start = end;
            let mut hash = EMPTY;
            while let Some(letter) = glyphs.get(end).filter(|glyph| glyph.c.is_ascii_lowercase()) {
                hash = fnv(hash, letter.c as u8);
                end += 1;
            }
            let length = end - start;
            while glyphs
                .get(end)
                .is_some_and(|glyph| !glyph.c.is_whitespace())
            {
                end += 1;
            }
            let at = found.chunks.len();
            found.chunks.push(start..end);
            let quiet = is_quiet(&glyphs[start..end], (length, hash), known);
            let long = quiet && length > 1;
            if let Some(single) = single.take().filter(|_| !long) {
                found.loud.push(single);
            }
            match quiet {
                true if !long => single = Some(at),
                true => {}
                false => found.loud.push(at),
            }
        }
        found
    }
}

/// Whether a stretch between white space is a word that hides no other one, with nothing but the end of a sentence behind it.
/// It begins with so many small letters that have this hash.
fn is_quiet(
    chunk: &[Glyph],
    (length, hash): (usize, u64),
    (vocabularies, spelling): (&[&Vocabulary], &Spelling),
) -> bool {
    let behind = &chunk[length..];
    let ends = |glyph: &Glyph| matches!(glyph.c, '.' | ',' | '!' | '?' | ';' | ':' | ')' | '"');
    // a letter with a point may be one of a word that is spelled out, `si!` the front of a split word
    let single = length == 1 && !behind.is_empty();
    let front = chunk.len() <= LONGEST_FRONT && behind.iter().any(|glyph| glyph.c == '!');
    if single || front || !behind.iter().all(ends) || !spelling.is_quiet(hash) {
        return false;
    }
    let mut schools = vocabularies.iter().skip(1).filter(|own| !own.is_empty());
    schools.all(|own| {
        let mut buffer = [0; LONGEST_WORD];
        let letters = chunk[..length].iter().map(|glyph| glyph.c);
        hides_nothing(plain_letters(letters, &mut buffer), own)
    })
}

/// Whether a word that stands by itself hides none of the words, whether it is written in capitals or not: it is no other
/// one respelt, drawn out, run together with others, or turned round, and begins none that has a space in it.
pub(super) fn hides_nothing(word: &str, hidden: &Vocabulary) -> bool {
    let letters = word.as_bytes();
    let plain = word.len() <= LONGEST_WORD && letters.iter().all(u8::is_ascii_lowercase);
    let doubled = letters.windows(2).any(|pair| pair[0] == pair[1]);
    plain
        && hidden.respelt(word).is_none()
        && (word.len() < SHORTEST_TAG || hidden.sworn(word).is_none())
        && (!doubled || hidden.has(word) || hidden.find(word).is_none())
        && (word.len() > LONGEST_FRONT || is_real(word) || !hidden.is_split_behind(word))
        && !is_turned(word, hidden)
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Budget, Surface};

    use super::*;
    use crate::{
        lexicon::{
            backwards::any_backwards,
            disguise::{piece, undisguise},
            slips::Slips,
            tests::LEXICON,
            view,
        },
        surface::SurfaceText,
    };

    #[test]
    fn words_that_hide_nothing_are_left_alone_when_they_are_looked_at() {
        let vocabulary = &LEXICON.built_in.vocabulary;
        let meter = Budget::default().meter();
        let mut quiet = 0;
        for word in Spelling::words() {
            if !hides_nothing(word, vocabulary) {
                continue;
            }
            quiet += 1;
            let title = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
            for written in [
                word.to_owned(),
                word.to_uppercase(),
                title,
                format!("{word}."),
            ] {
                let surface = SurfaceText::new(Surface::Text, None, &written);
                let glyphs = view::glyphs(&surface);
                let vocabularies = [vocabulary];
                let Chunks { chunks, .. } = Chunks::of(&glyphs, (&vocabularies, &LEXICON.spelling));
                let slips = Slips::new(&glyphs, (&chunks, &[0]), &vocabularies, &LEXICON.spelling);
                let (read, used) =
                    piece(&glyphs, &chunks, 0, &vocabularies, &meter.fresh()).unwrap();
                assert!(
                    read.is_none() && used == 1 && slips.at(&chunks[0]).is_none(),
                    "{written}"
                );
                assert!(
                    !any_backwards(&glyphs, chunks.iter(), &vocabularies),
                    "{written}"
                );
            }
        }
        assert!(quiet > 15_000, "{quiet}");
    }

    #[test]
    fn a_split_word_is_seen_behind_words_that_hide_nothing() {
        let meter = Budget::default().meter();
        for (text, hidden) in [
            ("you are a fu ck ing pest", true),
            ("i think a f u c k is said", true),
            ("that is a kcuf llik esaelp word", true),
            ("a nice day at the fair, well done!", false),
        ] {
            let surface = SurfaceText::new(Surface::Text, None, text);
            let glyphs = view::glyphs(&surface);
            let known: (&[&Vocabulary], &Spelling) =
                (&[&LEXICON.built_in.vocabulary], &LEXICON.spelling);
            let found = undisguise(&glyphs, known, &meter).unwrap();
            assert_eq!(found.is_some(), hidden, "{text}");
        }
    }
}
