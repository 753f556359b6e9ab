//! How far the words read in a picture are to be trusted. Leaves, bricks and jumpers are read as short scraps of
//! letters, and a scrap that happens to be a name or a slur is no finding by itself; a child who may not be published is
//! one whatever the reading is worth, which is the policy's business.

use schoolgate_model::{Finding, Surface};
use schoolgate_scan::SurfaceText;

/// What any reading takes off the certainty of what was found in it.
const READ: f32 = 0.9;
/// What is left of the certainty of a scrap: below what the policy holds for.
const SCRAP: f32 = 0.3;

/// Lowers the certainty of what was found in the words of pictures.
pub(crate) fn weigh(findings: &mut [Finding], texts: &[SurfaceText]) {
    for finding in findings {
        if finding.surface != Some(Surface::Ocr) {
            continue;
        }
        finding.confidence *= READ;
        let found = finding.text.as_deref().unwrap_or_default();
        if is_scrap(found) && !in_company(finding, texts) || is_jumbled(found) {
            finding.confidence = finding.confidence.min(SCRAP);
        }
    }
}

/// Up to three letters, or four without a vowel: what noise is made of.
fn is_scrap(found: &str) -> bool {
    let letters = || found.chars().filter(|letter| letter.is_alphabetic());
    let vowels = |letter: char| "aeiouyAEIOUY".contains(letter) || !letter.is_ascii();
    let digits = found.chars().any(|letter| letter.is_ascii_digit());
    let count = letters().count();
    !digits && (count <= 3 || count == 4 && !letters().any(vowels))
}

/// Capitals and small letters mixed as nobody writes them: `sHan`, `RUbiM`.
fn is_jumbled(found: &str) -> bool {
    found
        .split(|letter: char| !letter.is_alphabetic())
        .any(is_jumbled_word)
}

/// `McAllister`, `O'Connor` read as `OConnor` and `OliverBennett` are written by people: each capital opens a piece of at
/// least three letters, but for one that stands first.
fn is_jumbled_word(word: &str) -> bool {
    let word = word.trim_end_matches('s');
    let small = word.chars().any(char::is_lowercase);
    let capital = word.chars().any(char::is_uppercase);
    if !small || !capital {
        return false;
    }
    let mut letters = word.chars();
    if letters.next().is_some_and(char::is_lowercase) {
        return true;
    }
    let mut piece = 1_usize;
    let mut first = true;
    for letter in letters {
        if letter.is_uppercase() {
            let opens = first && piece <= 2;
            if piece < 3 && !opens {
                return true;
            }
            (piece, first) = (1, false);
        } else {
            piece += 1;
        }
    }
    piece < 3 && !first
}

/// Whether at least two longer words stand in the same line: then somebody wrote a sentence.
fn in_company(finding: &Finding, texts: &[SurfaceText]) -> bool {
    let Some(span) = finding.span() else {
        return false;
    };
    let mut of_picture = texts
        .iter()
        .filter(|text| text.surface() == Surface::Ocr && text.media() == finding.media.as_ref());
    of_picture.any(|text| {
        let mut start = 0_usize;
        for line in text.original().split('\n') {
            let end = start + line.chars().count();
            let (from, to) = (span.start as usize, span.end as usize);
            if (start..=end).contains(&from) && to <= end {
                return longer_words(line) >= 2;
            }
            start = end + 1;
        }
        false
    })
}

fn longer_words(line: &str) -> usize {
    line.split_whitespace()
        .filter(|word| word.chars().filter(|letter| letter.is_alphabetic()).count() >= 4)
        .filter(|word| !is_jumbled(word))
        .count()
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Category, CheckName, RuleId, Severity, Span};

    use super::*;

    fn certainty(text: &str, found: &str) -> f32 {
        let surface = SurfaceText::new(Surface::Ocr, Some("m1".into()), text);
        let before = text.split(found).next().unwrap().chars().count();
        let start = u32::try_from(before).unwrap();
        let end = start + u32::try_from(found.chars().count()).unwrap();
        let finding = Finding::new(
            CheckName::Names,
            RuleId::fixed("pupil-given-name"),
            Category::PupilName,
            Severity::Low,
            0.9,
            "",
        )
        .on(Surface::Ocr, Some("m1".into()))
        .at(Span { start, end }, found);
        let mut findings = [finding];
        weigh(&mut findings, &[surface]);
        findings[0].confidence
    }

    #[test]
    fn a_scrap_is_doubtful_unless_somebody_wrote_a_sentence_around_it() {
        for (text, found) in [
            ("ee | SAM\nof", "SAM"),
            ("tdtm", "tdtm"),
            ("x sHan x", "sHan"),
            ("RUbiM", "RUbiM"),
        ] {
            assert!(certainty(text, found) < 0.5, "{text}");
        }
        for (text, found) in [
            ("ee\nThis peg belongs to Sam", "Sam"),
            ("AMELIA", "AMELIA"),
            ("Amelia", "Amelia"),
            ("Niamh O'Connor", "Niamh O'Connor"),
            ("Rory McAllister", "Rory McAllister"),
            ("OliverBennett", "OliverBennett"),
            ("Niamh OConnor", "Niamh OConnor"),
            ("M1 2AB", "M1 2AB"),
        ] {
            assert!(certainty(text, found) > 0.8, "{text}");
        }
    }

    #[test]
    fn what_was_not_read_from_a_picture_keeps_its_certainty() {
        let mut findings = [Finding::new(
            CheckName::Names,
            RuleId::fixed("pupil-given-name"),
            Category::PupilName,
            Severity::Low,
            0.9,
            "",
        )
        .on(Surface::Text, None)
        .at(Span { start: 0, end: 3 }, "Sam")];
        weigh(&mut findings, &[]);
        assert!(findings[0].confidence > 0.89);
    }
}
