//! What the words around a place read like by themselves. A draft that thanks somebody for telling what was done to a
//! child reads like thanks as a whole; the words that say what was done do not.

use schoolgate_model::{CheckFailure, Meter, Span};

use crate::{lexicon::Lexicon, surface::SurfaceText};

/// So many words on each side are read.
const WORDS: usize = 9;

/// Words by which a school speaks of its own children and families.
const OWN: &[&str] = &[
    "our", "we", "us", "my", "pupil", "pupils", "child", "children", "girl", "girls", "boy",
    "boys", "year", "class", "family", "families", "school",
];

/// How likely harm is in the words around a place, within its sentence; 0 where they speak of nobody at the school.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub(super) fn harm(
    text: &SurfaceText,
    span: Span,
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<f32, CheckFailure> {
    let before = text.slice(Span {
        start: 0,
        end: span.start,
    });
    let after = text.slice(Span {
        start: span.end,
        end: u32::try_from(text.char_count()).unwrap_or(u32::MAX),
    });
    let before = &before[before.len() - reach(before.chars().rev())..];
    let after = &after[..reach(after.chars())];
    let near = format!("{before}{}{after}", text.slice(span));
    let words = near.to_lowercase();
    let mut words = words.split(|c: char| !c.is_alphanumeric());
    if !words.any(|word| OWN.contains(&word)) {
        return Ok(0.0);
    }
    let near = SurfaceText::new(text.surface(), None, &near);
    let prepared = lexicon.prepare(&near, meter)?;
    let readings = lexicon.readings(&prepared, meter)?;
    Ok(readings
        .iter()
        .fold(0.0, |harm, (_, reading)| reading.harm.max(harm)))
}

/// How many bytes the next words of the sentence take.
fn reach(chars: impl Iterator<Item = char>) -> usize {
    let mut spaces = 0;
    chars
        .take_while(|c| {
            spaces += usize::from(c.is_whitespace());
            spaces <= WORDS && !matches!(c, '.' | '!' | '?' | '\n')
        })
        .map(char::len_utf8)
        .sum()
}
