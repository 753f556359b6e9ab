//! Capitals and exclamation marks.

use schoolgate_model::Span;

use super::span;

/// How many words in capitals shout; three are a heading or a quotation.
const WORDS: usize = 4;

/// How many letters they have at least, so that a row of abbreviations is none.
const LETTERS: usize = 14;

/// How many exclamation marks in a row are too many.
const MARKS: usize = 3;

/// Runs of words in capitals.
pub(super) fn shouting(chars: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize, usize)> = None;
    for (start, end) in words(chars) {
        let word = &chars[start..end];
        let letters = word.iter().filter(|c| c.is_alphabetic()).count();
        let loud = letters > 0
            && !matches!(word.first(), Some('#' | '@'))
            && !word.iter().any(|c| c.is_lowercase())
            && word.iter().any(|c| c.is_uppercase());
        if loud {
            let (from, _, count, sum) = run.unwrap_or((start, end, 0, 0));
            run = Some((from, end, count + 1, sum + letters));
        } else if letters > 0 {
            found.extend(run.take().and_then(loud_enough));
        }
    }
    found.extend(run.and_then(loud_enough));
    found
}

fn loud_enough((start, end, count, letters): (usize, usize, usize, usize)) -> Option<Span> {
    (count >= WORDS && letters >= LETTERS).then(|| span(start, end))
}

/// Where words stand: from one blank to the next.
fn words(chars: &[char]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while chars.get(at).is_some_and(|c| c.is_whitespace()) {
            at += 1;
        }
        let start = at;
        while chars.get(at).is_some_and(|c| !c.is_whitespace()) {
            at += 1;
        }
        (at > start).then_some((start, at))
    })
}

/// Runs of exclamation marks.
pub(super) fn exclamations(chars: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in chars.iter().enumerate().chain([(chars.len(), &' ')]) {
        match (matches!(c, '!' | '\u{FF01}' | '\u{2757}'), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if at - from >= MARKS {
                    found.push(span(from, at));
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}
