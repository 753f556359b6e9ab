//! Words of a text that are spelt otherwise than the words they mean: with figures, without spaces, with a slip.

use std::{cell::OnceCell, ops::Range};

use super::{
    disguise::{LONGEST_CHUNK, LONGEST_WORD, Rewritten, core, decode, spaced, spread},
    spelling::Spelling,
    view::{Glyph, plain_letters},
    vocabulary::Vocabulary,
};

/// A text whose slips are looked for.
pub(super) struct Slips<'t> {
    glyphs: &'t [Glyph],
    chunks: &'t [Range<usize>],
    /// Those that may be spelt otherwise; the others are words.
    loud: &'t [usize],
    vocabularies: &'t [&'t Vocabulary],
    spelling: &'t Spelling,
    /// Whether several words have figures for letters: short ones are read so only then.
    in_figures: bool,
    english: OnceCell<bool>,
}

impl<'t> Slips<'t> {
    /// Looks for words written with figures; they are among the `loud` stretches.
    pub(super) fn new(
        glyphs: &'t [Glyph],
        (chunks, loud): (&'t [Range<usize>], &'t [usize]),
        vocabularies: &'t [&'t Vocabulary],
        spelling: &'t Spelling,
    ) -> Self {
        let mut slips = Self {
            glyphs,
            chunks,
            loud,
            vocabularies,
            spelling,
            in_figures: false,
            english: OnceCell::new(),
        };
        let mut figured = loud.iter().filter_map(|at| slips.figured(&chunks[*at]));
        slips.in_figures = figured.nth(1).is_some();
        slips
    }

    /// What a stretch between white space means, where it is spelt otherwise.
    pub(super) fn at(&self, chunk: &Range<usize>) -> Option<Rewritten> {
        if let Some((range, word)) = self.figured(chunk) {
            return Some(Rewritten {
                glyphs: spread(&word, &self.glyphs[range.clone()]),
                range,
                open: true,
            });
        }
        let range = core(self.glyphs, chunk.clone())?;
        let letters = &self.glyphs[range.clone()];
        let sign = range.start.checked_sub(1).map(|at| self.glyphs[at].c);
        let mut buffer = [0_u8; LONGEST_CHUNK];
        let word = plain_letters(letters.iter().map(|glyph| glyph.c), &mut buffer);
        let known = |word: &str| self.vocabularies.iter().any(|known| known.has(word));
        if letters.len() > LONGEST_CHUNK
            || sign == Some('@')
            || self.spelling.has(word)
            || known(word)
        {
            return None;
        }
        if self.is_a_name(&range) || !self.is_english() && self.chunks.len() > 2 {
            return None;
        }
        let glyphs = match self.spelling.meant(word) {
            Some(meant) => spread(&meant, letters),
            None => {
                let cut = self.spelling.cut(word, known);
                let cut = cut.or_else(|| {
                    let titled = self.follows_title(&range);
                    (!titled).then(|| self.spelling.cut_in_two(word, known))?
                });
                spaced(letters, &cut?)
            }
        };
        Some(Rewritten {
            range,
            glyphs,
            open: true,
        })
    }

    /// The letters behind figures, where those make a word: `57up1d`; `m3` and `70` only beside longer ones.
    fn figured(&self, chunk: &Range<usize>) -> Option<(Range<usize>, String)> {
        let written = &self.glyphs[chunk.clone()];
        if !written.iter().any(|glyph| glyph.c.is_ascii_digit()) {
            return None;
        }
        let core = core(self.glyphs, chunk.clone())?;
        let letters = &self.glyphs[core.clone()];
        let spelt = letters.iter().any(|glyph| glyph.c.is_ascii_lowercase());
        if !spelt && !self.in_figures || letters.len() > LONGEST_WORD {
            return None;
        }
        ['i', 'l'].into_iter().find_map(|one| {
            let word = decode(letters.iter().copied(), one)?;
            let meant = self.spelling.figured(&word, self.in_figures);
            meant.then(|| (core.clone(), word))
        })
    }

    /// Whether a word with one capital stands where no sentence opens, or after a title.
    fn is_a_name(&self, word: &Range<usize>) -> bool {
        let letters = &self.glyphs[word.clone()];
        let titled = letters[0].upper && !letters[1..].iter().any(|glyph| glyph.upper);
        let before = self.glyphs[..word.start].iter().rev();
        let mut before = before.skip_while(|glyph| !glyph.c.is_alphanumeric() && !is_stop(glyph.c));
        titled
            && before
                .next()
                .is_some_and(|glyph| !is_stop(glyph.c) || self.follows_title(word))
    }

    fn follows_title(&self, word: &Range<usize>) -> bool {
        let before = &self.glyphs[..word.start];
        let letters = before
            .iter()
            .rev()
            .filter(|glyph| glyph.c.is_ascii_lowercase());
        let back: String = letters.take(4).map(|glyph| glyph.c).collect();
        ["rm", "srm", "ssim", "sm", "xm", "rd"]
            .iter()
            .any(|title| back.starts_with(title))
    }

    /// Whether most words are known: in another language no word is a slip in an English one.
    fn is_english(&self) -> bool {
        *self.english.get_or_init(|| {
            let mut buffer = [0_u8; LONGEST_CHUNK];
            let others = self.loud.iter().map(|at| self.chunks[*at].clone());
            let words = others.filter_map(|chunk| core(self.glyphs, chunk));
            let known = words.filter(|core| {
                let letters = self.glyphs[core.clone()].iter().map(|glyph| glyph.c);
                let letters = letters.filter(|c| !matches!(c, '\'' | '\u{2019}'));
                self.spelling.has(plain_letters(letters, &mut buffer))
            });
            let quiet = self.chunks.len() - self.loud.len();
            (quiet + known.count()) * 2 >= self.chunks.len()
        })
    }
}

/// What ends a sentence.
fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '\n')
}
