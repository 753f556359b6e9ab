//! The second reader: proves that a picture holds nothing but its pixels. It shares no code with the readers that report
//! and rebuild, so a mistake of theirs is not repeated here; besides its own walk it asks `img-parts` and `kamadak-exif`
//! for their view of the same bytes. It refuses what it does not know; it does not say what a leftover means.

mod gif;
mod jpeg;
mod png;
mod profile;
mod webp;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::LazyLock;

use aho_corasick::{Span, packed::Searcher};
use exif::{In, Reader, Tag};
use memchr::memmem;

use crate::error::Leftover;
use crate::limits::Limits;
use crate::report::Parts;

/// Text that metadata blocks cannot do without, wherever they hide. Long enough never to occur by chance.
const SIGNATURES: [(&[u8], &str); 6] = [
    (b"http://ns.adobe.com/", "XMP"),
    (b"<x:xmpmeta", "XMP"),
    (b"<?xpacket ", "XMP"),
    (b"Photoshop 3.0\0", "Photoshop"),
    (b"Raw profile type ", "RawProfile"),
    (b"XML:com.adobe.xmp", "XMP"),
];

/// Proves that `bytes` is a JPEG, PNG, WebP or GIF with no part beyond its pixels, one orientation and a standard colour profile.
///
/// # Errors
///
/// Everything that may not be there; also when the bytes cannot be walked to their end. Values are never included.
pub fn verify_clean(bytes: &[u8], limits: &Limits) -> Result<(), Vec<Leftover>> {
    verify(&[], bytes, limits)
}

/// Does what [`verify_clean`] does for a copy that has not been put together. The head of one that has a head ends with
/// the header of a JPEG's first scan.
///
/// # Errors
///
/// As [`verify_clean`].
pub fn verify_parts(copy: &Parts<'_>, limits: &Limits) -> Result<(), Vec<Leftover>> {
    verify(&copy.head, &copy.body, limits)
}

fn verify(head: &[u8], bytes: &[u8], limits: &Limits) -> Result<(), Vec<Leftover>> {
    let start = if head.is_empty() { bytes } else { head };
    let mut search = Search::of(bytes);
    let mut found = if start.starts_with(&[0xFF, 0xD8]) {
        let mut found = jpeg::leftovers(head, &mut search, limits.max_segments);
        let headers = jpeg::headers(start);
        found.extend(jpeg::second_opinion(&headers));
        found.extend(exif_fields(&headers));
        found
    } else if !head.is_empty() {
        vec![Leftover::new("container", "only a JPEG comes in parts")]
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let mut found = png::leftovers(bytes, limits.max_segments);
        found.extend(png::second_opinion(bytes));
        found.extend(exif_fields(bytes));
        found
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        let mut found = webp::leftovers(bytes, limits.max_frames);
        // The library follows lists inside lists without end, which the first look has ruled out.
        if found.is_empty() {
            found.extend(webp::second_opinion(bytes));
        }
        found.extend(exif_fields(bytes));
        found
    } else if bytes.starts_with(b"GIF8") {
        gif::leftovers(bytes, limits.max_frames)
    } else {
        vec![Leftover::new("container", "not a JPEG, PNG, WebP or GIF")]
    };
    let seam = (
        &head[head.len().saturating_sub(SEAM)..],
        &bytes[..bytes.len().min(SEAM)],
    );
    search.leave(0);
    search.found.extend(signatures(head));
    search.found.extend(signatures(&[seam.0, seam.1].concat()));
    let left = |name| Leftover::new(name, "its signature is still in the file");
    found.extend(search.found.into_iter().map(left));
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// The search for signatures, which goes through the bytes piece by piece.
struct Search<'a> {
    bytes: &'a [u8],
    done: usize,
    found: BTreeSet<&'static str>,
}

impl<'a> Search<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            done: 0,
            found: BTreeSet::new(),
        }
    }

    /// Searches all but the last `rest` bytes, as far as that has not been done.
    fn leave(&mut self, rest: usize) {
        let end = self.bytes.len().saturating_sub(rest).max(self.done);
        // one may have begun in the piece before
        let start = self.done.saturating_sub(SEAM);
        self.found.extend(signatures(&self.bytes[start..end]));
        self.done = end;
    }
}

/// As far from where two pieces meet can a signature begin or end that stands in both.
const SEAM: usize = 32;

/// As much of a signature as is looked for at first: in compressed data even two bytes are rare, and the less there is to
/// compare the faster the megabytes are gone through.
const START: usize = 2;

/// Looks for all signatures at once: a picture has megabytes, and each search would read all of them.
static SEARCH: LazyLock<Option<Searcher>> =
    LazyLock::new(|| Searcher::new(SIGNATURES.map(|(needle, _)| &needle[..START])));

fn signatures(bytes: &[u8]) -> BTreeSet<&'static str> {
    match SEARCH.as_ref() {
        Some(search) => {
            let next = |from: &usize| next_start(search, bytes, *from);
            std::iter::successors(next(&0), |at| next(&(at + 1)))
                .flat_map(|at| SIGNATURES.iter().map(move |signature| (at, signature)))
                .filter(|(at, (needle, _))| bytes[*at..].starts_with(needle))
                .map(|(_, (_, name))| *name)
                .collect()
        }
        // A processor that cannot look for them at once.
        None => SIGNATURES
            .iter()
            .filter(|(needle, _)| memmem::find(bytes, needle).is_some())
            .map(|(_, name)| *name)
            .collect(),
    }
}

/// Where the start of a signature stands next, at `from` or behind it.
fn next_start(search: &Searcher, bytes: &[u8], from: usize) -> Option<usize> {
    let rest = Span {
        start: from.min(bytes.len()),
        end: bytes.len(),
    };
    Some(search.find_in(bytes, rest)?.start())
}

/// Asks the Exif library to find the block itself, with its own reading of the container.
fn exif_fields(bytes: &[u8]) -> Option<Leftover> {
    match Reader::new().read_from_container(&mut Cursor::new(bytes)) {
        Ok(exif) => {
            let only = exif
                .fields()
                .all(|field| field.tag == Tag::Orientation && field.ifd_num == In::PRIMARY);
            (!only || exif.fields().len() != 1)
                .then(|| Leftover::new("Exif", "more than the orientation"))
        }
        Err(exif::Error::NotFound(_)) => None,
        Err(_) => Some(Leftover::new("Exif", "cannot be read")),
    }
}

/// The one Exif block that may stay, as a pattern: a big-endian TIFF with the orientation as its only field.
fn is_bare_orientation(block: &[u8]) -> bool {
    let expected = |value: u8| {
        let mut tiff = Vec::with_capacity(26);
        tiff.extend_from_slice(b"MM\x00\x2A\x00\x00\x00\x08");
        tiff.extend_from_slice(&1u16.to_be_bytes());
        tiff.extend_from_slice(&0x0112u16.to_be_bytes());
        tiff.extend_from_slice(&3u16.to_be_bytes());
        tiff.extend_from_slice(&1u32.to_be_bytes());
        tiff.extend_from_slice(&[0, value, 0, 0]);
        tiff.extend_from_slice(&0u32.to_be_bytes());
        tiff
    };
    (2..=8).any(|value| expected(value) == block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_found_wherever_it_stands_and_whatever_stands_before_it() {
        for (needle, name) in SIGNATURES {
            // the starts of others, right up to it, and where two parts meet
            for before in [&b""[..], b"P", b"<", b"<xXRaPh", &[0x5A; 5_000]] {
                let hidden = [before, needle, &[7; 100]].concat();
                assert!(signatures(&hidden).contains(name), "{before:?}");
                let torn = &hidden[..before.len() + needle.len() - 1];
                assert!(signatures(torn).is_empty());
            }
        }
    }

    #[test]
    fn a_signature_is_found_across_the_pieces_of_a_search() {
        for (needle, name) in SIGNATURES {
            let hidden = [&[7; 50], needle, &[7; 50]].concat();
            for rest in 0..hidden.len() {
                let mut search = Search::of(&hidden);
                // going back changes nothing
                for rest in [hidden.len() + 9, rest + 3, rest, rest + 1, 0] {
                    search.leave(rest);
                }
                assert!(search.found.contains(name), "{rest}");
            }
        }
    }

    #[test]
    fn a_signature_that_stands_in_both_parts_of_a_copy_is_found() {
        for (needle, _) in SIGNATURES {
            for cut in 0..=needle.len() {
                let copy = Parts {
                    head: [&[0xFF, 0xD8], &needle[..cut]].concat(),
                    body: [&needle[cut..], &[0xFF, 0xD9]].concat().into(),
                };
                let left = verify_parts(&copy, &Limits::default()).unwrap_err();
                let told = |leftover: &Leftover| leftover.why.contains("signature");
                assert!(left.iter().any(told), "{left:?}");
            }
        }
    }
}
