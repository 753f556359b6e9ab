//! Words with their place, case and neighbours. Splitting hashtags and handles into words happens here;
//! what the words mean does not.

use schoolgate_model::Span;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::fold::fold;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// No letter in it.
    None,
    /// `will`
    Lower,
    /// `Will`, also a single capital.
    Title,
    /// `WILL`
    Upper,
    /// `wILL`, `McDonald`
    Mixed,
}

/// One word of a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in scalar values of the original.
    pub span: Span,
    /// Its folded form.
    pub folded: String,
    /// How it is written.
    pub case: Case,
    /// Whether it opens a sentence or a line.
    pub sentence_start: bool,
    /// `#` or `@` where the word is (part of) a hashtag or handle.
    pub sigil: Option<char>,
    /// The characters between the previous word and this one, folded; empty within a hashtag.
    pub before: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("span", &self.span)
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

/// Splits a text into words. Hyphens separate; apostrophes inside a word do not; hashtags and handles are split
/// at case changes, digits and underscores (`#WellDoneAmelia_J` gives four words).
pub fn tokenise(original: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars_done = 0_usize;
    let mut bytes_done = 0_usize;
    let mut gap_from = 0_usize;
    for (byte, word) in original.unicode_word_indices() {
        for (part_byte, part) in parts(byte, word) {
            chars_done += original[bytes_done..part_byte].chars().count();
            bytes_done = part_byte;
            let length = part.chars().count();
            let gap = &original[gap_from.min(part_byte)..part_byte];
            let sigil = sigil_of(gap, tokens.last());
            tokens.push(Token {
                span: span(chars_done, chars_done + length),
                folded: fold(part).text().to_owned(),
                case: case_of(part),
                sentence_start: tokens.is_empty() || ends_sentence(gap),
                sigil,
                before: if sigil.is_some() && gap == "_" {
                    String::new()
                } else {
                    fold(gap).text().to_owned()
                },
            });
            gap_from = part_byte + part.len();
        }
    }
    tokens
}

fn span(start: usize, end: usize) -> Span {
    Span {
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}

fn sigil_of(gap: &str, previous: Option<&Token>) -> Option<char> {
    match gap.chars().last() {
        Some(sigil @ ('#' | '@')) => Some(sigil),
        None | Some('_') => previous.and_then(|token| token.sigil),
        _ => None,
    }
}

fn ends_sentence(gap: &str) -> bool {
    gap.contains(['.', '!', '?', '\n', '•', ':', '…'])
}

fn case_of(word: &str) -> Case {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let upper = letters.iter().filter(|c| c.is_uppercase()).count();
    match (letters.len(), upper) {
        (0, _) => Case::None,
        (_, 0) => Case::Lower,
        (1, 1) => Case::Title,
        (n, u) if n == u => Case::Upper,
        (_, 1) if letters[0].is_uppercase() => Case::Title,
        _ => Case::Mixed,
    }
}

/// Cuts a word at underscores and, where a small letter meets a capital or a letter meets a digit.
/// `McDonald` and `LeBron` are put together again by the name detector, which knows such names.
fn parts(start: usize, word: &str) -> Vec<(usize, &str)> {
    let mut cuts = vec![0];
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    for pair in chars.windows(2) {
        let ((_, left), (at, right)) = (pair[0], pair[1]);
        let camel = left.is_lowercase() && right.is_uppercase();
        let digit = left.is_alphabetic() && right.is_numeric()
            || left.is_numeric() && right.is_alphabetic();
        if camel || digit || left == '_' || right == '_' {
            cuts.push(at);
        }
    }
    cuts.push(word.len());
    cuts.windows(2)
        .map(|cut| (start + cut[0], &word[cut[0]..cut[1]]))
        .filter(|(_, part)| part.chars().any(char::is_alphanumeric))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokenise(text)
            .into_iter()
            .map(|token| token.folded)
            .collect()
    }

    #[test]
    fn words_keep_apostrophes_and_lose_hyphens() {
        assert_eq!(
            words("O’Connor and Lily-Mae"),
            ["o'connor", "and", "lily", "mae"]
        );
    }

    #[test]
    fn hashtags_and_handles_are_split() {
        assert_eq!(
            words("#WellDoneAmelia_J @oliver_smith7"),
            ["well", "done", "amelia", "j", "oliver", "smith", "7"]
        );
        assert!(
            tokenise("#WellDoneAmelia")
                .iter()
                .all(|token| token.sigil == Some('#'))
        );
    }

    #[test]
    fn spans_count_scalar_values() {
        let tokens = tokenise("😀 Zoë won");
        assert_eq!(tokens[0].span, Span { start: 2, end: 5 });
        assert_eq!(tokens[1].span, Span { start: 6, end: 9 });
    }

    #[test]
    fn sentence_starts_are_known() {
        let tokens = tokenise("Will won. Grace ran, Max\nMay sang");
        let starts: Vec<_> = tokens
            .iter()
            .filter(|t| t.sentence_start)
            .map(|t| t.folded.as_str())
            .collect();
        assert_eq!(starts, ["will", "grace", "may"]);
    }
}
