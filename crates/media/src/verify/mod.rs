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

use aho_corasick::packed::Searcher;
use exif::{In, Reader, Tag};
use memchr::memmem;

use crate::error::Leftover;
use crate::limits::Limits;

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
    let mut found = if bytes.starts_with(&[0xFF, 0xD8]) {
        let mut found = jpeg::leftovers(bytes, limits.max_segments);
        let headers = jpeg::headers(bytes);
        found.extend(jpeg::second_opinion(&headers));
        found.extend(exif_fields(&headers));
        found
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
    found.extend(signatures(bytes));
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Looks for all signatures at once: a picture has megabytes, and each search would read all of them.
static SEARCH: LazyLock<Option<Searcher>> =
    LazyLock::new(|| Searcher::new(SIGNATURES.map(|(needle, _)| needle)));

fn signatures(bytes: &[u8]) -> Vec<Leftover> {
    let found: BTreeSet<&str> = match SEARCH.as_ref() {
        Some(search) => search
            .find_iter(bytes)
            .filter_map(|hit| SIGNATURES.get(hit.pattern().as_usize()))
            .map(|(_, name)| *name)
            .collect(),
        // A processor that cannot look for them at once.
        None => SIGNATURES
            .iter()
            .filter(|(needle, _)| memmem::find(bytes, needle).is_some())
            .map(|(_, name)| *name)
            .collect(),
    };
    found
        .into_iter()
        .map(|name| Leftover::new(name, "its signature is still in the file"))
        .collect()
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
