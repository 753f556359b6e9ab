//! The second reader's own look at a colour profile: instead of understanding its text elements it lists every run of
//! readable characters in them and accepts none that a standard profile does not have.

use crate::icc::{DATED_NOTES, STANDARD_NAMES, STANDARD_NOTES};

/// A profile in a clean copy fits into one segment.
const MAX_BYTES: usize = 65_000;

/// Shorter runs are type names, language codes and lengths ("mluc", "enUS").
const SHORTEST_WORD: usize = 6;

/// Tells whether every readable text in the profile is a standard one.
pub(super) fn is_plain(profile: &[u8]) -> bool {
    let Some((texts, figures)) = elements(profile).filter(|_| profile.len() <= MAX_BYTES) else {
        return false;
    };
    let accounted = 132 + 12 * (texts.len() + figures.len());
    texts.iter().all(|element| is_known(element))
        && figures.iter().all(|element| is_sober(element))
        && nothing_between(profile, accounted, texts.iter().chain(&figures))
}

/// Tells whether an element of figures is as long as its type says, but for padding, and its curve rises as curves do.
fn is_sober(element: &[u8]) -> bool {
    let count = element
        .get(8..12)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| u32::from_be_bytes(b) as usize);
    let needs = match element.get(..4) {
        Some(b"curv") => count.saturating_mul(2).saturating_add(12),
        Some(b"XYZ ") => 20,
        Some(b"sf32") => 44,
        Some(b"para") => 12 + 7 * 4,
        Some(b"sig ") => 12,
        _ => 36,
    };
    let values = element.get(12..).unwrap_or_default().chunks_exact(2);
    let rises = || {
        let values: Vec<_> = values.take(count).map(|b| (b[0], b[1])).collect();
        values.is_sorted()
    };
    element.len() < needs.saturating_add(4) && (!element.starts_with(b"curv") || rises())
}

/// Tells whether all bytes behind the table that belong to no element are zero.
fn nothing_between<'a>(
    profile: &[u8],
    start: usize,
    elements: impl Iterator<Item = &'a &'a [u8]>,
) -> bool {
    let base = profile.as_ptr().addr();
    let mut covered: Vec<(usize, usize)> = elements
        .map(|e| (e.as_ptr().addr() - base, e.len()))
        .collect();
    covered.sort_unstable();
    let mut at = start;
    for (from, len) in covered {
        let gap = profile.get(at.min(from)..from).unwrap_or_default();
        if gap.iter().any(|&b| b != 0) {
            return false;
        }
        at = at.max(from + len);
    }
    profile
        .get(at..)
        .is_some_and(|tail| tail.iter().all(|&b| b == 0))
}

/// The elements that hold texts, and those that hold curves and other figures.
type Elements<'a> = (Vec<&'a [u8]>, Vec<&'a [u8]>);

fn elements(profile: &[u8]) -> Option<Elements<'_>> {
    let word = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = profile.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let (mut texts, mut figures) = (Vec::new(), Vec::new());
    for index in 0..word(128)?.min(1000) {
        let entry = 132 + 12 * index;
        let (start, len) = (word(entry + 4)?, word(entry + 8)?);
        let element = profile.get(start..)?.get(..len)?;
        let is_figures = matches!(
            element.get(..4)?,
            b"XYZ " | b"curv" | b"para" | b"sf32" | b"meas" | b"view" | b"sig " | b"chrm"
        );
        match is_figures {
            true => figures.push(element),
            false => texts.push(element),
        }
    }
    Some((texts, figures))
}

fn is_known(element: &[u8]) -> bool {
    // UTF-16 text becomes readable when its zero bytes go.
    let letters: Vec<u8> = element.iter().copied().filter(|&b| b != 0).collect();
    let runs = letters.split(|b| !matches!(b, 0x20..=0x7E));
    runs.filter(|run| run.len() >= SHORTEST_WORD)
        .all(ends_in_standard_text)
}

/// Tells whether a run is standard texts one after the other, each with its length in front when that happens to be
/// readable; a type name or language code may come first.
fn ends_in_standard_text(run: &[u8]) -> bool {
    let Ok(mut left) = std::str::from_utf8(run) else {
        return false;
    };
    while left.len() >= SHORTEST_WORD {
        let texts = STANDARD_NAMES.iter().chain(&STANDARD_NOTES);
        let exact = texts.filter_map(|text| left.strip_suffix(*text));
        let dated = DATED_NOTES.iter().filter_map(|text| {
            let (front, year) = left.rsplit_once(*text)?;
            (year.len() == 4).then_some(front)
        });
        // The longest match leaves the shortest front.
        let Some(front) = exact.chain(dated).min_by_key(|front| front.len()) else {
            return false;
        };
        // Stored lengths count the closing zero.
        let length = char::from_u32((left.len() - front.len() + 1) as u32);
        left = length.and_then(|c| front.strip_suffix(c)).unwrap_or(front);
    }
    true
}
