//! The second reader: proves that a picture holds nothing but its pixels. It shares no code with the readers that report
//! and rebuild, so a mistake of theirs is not repeated here; besides its own walk it asks `img-parts` and `kamadak-exif`
//! for their view of the same bytes. It refuses what it does not know; it does not say what a leftover means.

mod gif;
mod jpeg;
mod png;
mod profile;
mod sweep;
mod webp;

use std::io::Cursor;

use exif::{In, Reader, Tag};

pub(crate) use sweep::Sweep;

use crate::error::Leftover;
use crate::limits::Limits;
use crate::report::Parts;

/// Proves that `bytes` is a JPEG, PNG, WebP or GIF with no part beyond its pixels, one orientation and a standard colour profile.
///
/// # Errors
///
/// Everything that may not be there; also when the bytes cannot be walked to their end. Values are never included.
pub fn verify_clean(bytes: &[u8], limits: &Limits) -> Result<(), Vec<Leftover>> {
    verify(&[], Sweep::of(bytes), limits)
}

/// Does what [`verify_clean`] does for a copy that has not been put together. The head of one that has a head ends with
/// the header of a JPEG's first scan.
///
/// # Errors
///
/// As [`verify_clean`].
pub fn verify_parts(copy: &Parts<'_>, limits: &Limits) -> Result<(), Vec<Leftover>> {
    verify(&copy.head, Sweep::of(&copy.body), limits)
}

/// Does what [`verify_parts`] does, with what a sweep has seen already if it went over the very bytes of the copy.
pub(crate) fn verify_swept(
    copy: &Parts<'_>,
    sweep: Option<Sweep<'_>>,
    limits: &Limits,
) -> Result<(), Vec<Leftover>> {
    let seen = sweep.and_then(|sweep| sweep.over(&copy.body));
    let sweep = seen.unwrap_or_else(|| Sweep::of(&copy.body));
    verify(&copy.head, sweep, limits)
}

fn verify(head: &[u8], mut sweep: Sweep<'_>, limits: &Limits) -> Result<(), Vec<Leftover>> {
    let bytes = sweep.bytes();
    let start = if head.is_empty() { bytes } else { head };
    let mut found = if start.starts_with(&[0xFF, 0xD8]) {
        let mut found = jpeg::leftovers(head, &mut sweep, limits.max_segments);
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
    let left = |name| Leftover::new(name, "its signature is still in the file");
    found.extend(sweep.signatures(head).into_iter().map(left));
    if found.is_empty() { Ok(()) } else { Err(found) }
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
    use super::sweep::SIGNATURES;
    use super::*;

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
