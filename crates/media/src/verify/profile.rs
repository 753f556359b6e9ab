//! The second reader's own look at a colour profile: instead of understanding its text elements it lists every run of
//! readable characters in them and accepts none that a standard profile does not have.

use crate::icc::{DATED_NOTES, MAX_STANDARD_BYTES, STANDARD_NAMES, STANDARD_NOTES};

/// Shorter runs are type names, language codes and lengths ("mluc", "enUS").
const SHORTEST_WORD: usize = 6;

/// Tells whether every readable text in the profile is a standard one.
pub(super) fn is_plain(profile: &[u8]) -> bool {
    profile.len() <= MAX_STANDARD_BYTES
        && text_elements(profile).is_some_and(|e| e.iter().all(|e| is_known(e)))
}

/// Returns the elements that are neither curves nor figures.
fn text_elements(profile: &[u8]) -> Option<Vec<&[u8]>> {
    let word = |at: usize| -> Option<usize> {
        let bytes: [u8; 4] = profile.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let mut found = Vec::new();
    for index in 0..word(128)?.min(1000) {
        let entry = 132 + 12 * index;
        let (start, len) = (word(entry + 4)?, word(entry + 8)?);
        let element = profile.get(start..)?.get(..len)?;
        let is_figures = matches!(
            element.get(..4)?,
            b"XYZ " | b"curv" | b"para" | b"sf32" | b"meas" | b"view" | b"sig " | b"chrm"
        );
        if !is_figures {
            found.push(element);
        }
    }
    Some(found)
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
