//! Unique Pupil Numbers (DOMAIN 2.1): shape, check letter, and the word "UPN" nearby.

use std::sync::LazyLock;

use super::{Candidate, cues::UPN, kind::Kind, page::Page};
use regex::Regex;

static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:(?-u:\b)|_)(?:upn:?)?([a-hj-np-rt-z](?:[ .-]?[0-9]){11}[ .-]?[0-9a-hj-np-rt-z])(?:(?-u:\b)|_)",
    )
    .ok()
});

/// The check letters in order of value; I, O and S are not used.
const LETTERS: &[u8; 23] = b"abcdefghjklmnpqrtuvwxyz";

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let Some(shape) = SHAPE.as_ref().filter(|_| page.digits >= 11) else {
        return;
    };
    for captures in shape.captures_iter(page.text) {
        let Some(shaped) = captures.get(1) else {
            continue;
        };
        let code: String = shaped
            .as_str()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let labelled = captures
            .get(0)
            .is_some_and(|whole| whole.len() > shaped.len());
        let context = labelled || page.near(&shaped.range(), UPN, 40, 40);
        let plain = shaped.len() == code.len() || page.opens_with_capital(shaped.start());
        let confidence = match (has_check_letter(&code), context) {
            (true, true) => 0.99,
            (true, false) if plain => 0.85,
            (false, true) if code.get(1..4) != Some("000") => 0.7,
            _ => continue,
        };
        found.push(Candidate::new(Kind::Upn, shaped.range(), confidence));
    }
}

/// Whether the first letter fits the rest: values times their positions, modulo 23. Authority 000 does not exist.
pub(super) fn has_check_letter(code: &str) -> bool {
    let bytes = code.as_bytes();
    if bytes.len() != 13 || &bytes[1..4] == b"000" {
        return false;
    }
    let sum: Option<usize> = bytes[1..]
        .iter()
        .enumerate()
        .map(|(index, byte)| {
            let value = match byte {
                b'0'..=b'9' => usize::from(byte - b'0'),
                letter => LETTERS.iter().position(|known| known == letter)?,
            };
            Some(value * (index + 2))
        })
        .sum();
    sum.is_some_and(|sum| LETTERS[sum % 23] == bytes[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_check_vectors_agree() {
        for (code, good) in [
            ("b801200005001", true),
            ("r999999926001", true),
            ("f999999926002", true),
            ("c99999992600a", true),
            ("n99999992600z", true),
            ("p207000016049", true),
            ("q207000016049", false),
            ("a801200005001", false),
            ("a000000000000", false),
        ] {
            assert_eq!(has_check_letter(code), good, "{code}");
        }
    }
}
