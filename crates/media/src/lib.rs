#![doc = include_str!("../README.md")]
//!
//! This file holds the doors of the crate and nothing else: which reader runs for which format, and the order
//! inspect, rebuild, verify. It does not decide whether a picture may be published.

mod bmff;
mod converted;
mod decode;
mod error;
mod exif;
pub mod faces;
mod format;
mod gif;
mod icc;
mod iptc;
mod jpeg;
mod likeness;
mod limits;
mod lines;
mod pixels;
mod png;
mod report;
mod text;
mod tiff;
mod verify;
mod webp;
mod xmp;

use std::collections::BTreeSet;

pub use converted::clean_converted;
pub use decode::{clean_again, decode_check, from_pgm, grey, open, smaller, to_pgm};
pub use error::{Leftover, MediaError};
pub use format::{Format, sniff};
pub use likeness::{
    Fingerprint, Fingerprints, Likeness, NotAFingerprint, Shelf, Sighting, likeness,
};
pub use limits::Limits;
pub use lines::lettering;
pub use report::{Cleaned, Entry, MetadataKind, Parts, Report};
pub use verify::{verify_clean, verify_parts};

/// Reports every piece of metadata a picture carries, without decoding a pixel.
///
/// # Errors
///
/// [`MediaError::NotAPicture`] and [`MediaError::Unsupported`] by format, [`MediaError::TooLarge`] and
/// [`MediaError::TooManySegments`] by `limits`, [`MediaError::Truncated`] and [`MediaError::Malformed`] when the
/// container or a metadata block in it cannot be read. Metadata that is present but unreadable is never "none".
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    limits.check_bytes(bytes.len())?;
    match sniff(bytes) {
        Format::Jpeg => jpeg::inspect(bytes, limits),
        Format::Png => png::inspect(bytes, limits),
        format @ (Format::Heic | Format::Avif | Format::Mp4) => {
            bmff::inspect(bytes, format, limits)
        }
        Format::Gif => gif::inspect(bytes, limits),
        Format::WebP => webp::inspect(bytes, limits),
        Format::Tiff => tiff::inspect(bytes, limits),
        Format::Unknown => Err(MediaError::NotAPicture),
    }
}

/// Makes a copy that holds the pixels and nothing that identifies, and proves it with the second reader.
///
/// Lossless for JPEG, PNG, WebP and GIF: the compressed pixel data are carried over and `re_encoded` is false. The copy is
/// built from an allow-list; orientation (2 to 8) and a well-known colour profile are all that stays besides. A TIFF is
/// decoded and saved anew, upright, as PNG or JPEG.
///
/// # Errors
///
/// As [`inspect`]; [`MediaError::CannotClean`] for pictures that their format cannot stand for (several pages, camera raw)
/// and for those with another kind of file behind them;
/// [`MediaError::StillIdentifying`] when [`verify_clean`] finds anything in the copy.
pub fn clean(bytes: &[u8], limits: &Limits) -> Result<Cleaned, MediaError> {
    inspect_and_clean(bytes, limits).1
}

/// Does what [`inspect`] and [`clean`] do, and reads the picture only once for both.
///
/// A picture that cannot be cleaned can often still be reported, so that there are two answers.
pub fn inspect_and_clean(
    bytes: &[u8],
    limits: &Limits,
) -> (Result<Report, MediaError>, Result<Cleaned, MediaError>) {
    let (report, cleaned) = clean_in_parts(bytes, limits);
    (report, cleaned.map(Cleaned::join))
}

/// Does what [`inspect_and_clean`] does, without putting the copy together: of a JPEG nothing is copied but its headers.
pub fn clean_in_parts<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> (
    Result<Report, MediaError>,
    Result<Cleaned<Parts<'a>>, MediaError>,
) {
    if limits.check_bytes(bytes.len()).is_ok() && sniff(bytes) == Format::Jpeg {
        let (report, cleaned) = jpeg::clean_in_parts(bytes, limits);
        let refused = report.as_ref().ok().map_or(Ok(()), refuse_two_files);
        return (report, refused.and(cleaned));
    }
    let report = inspect(bytes, limits);
    let cleaned = match &report {
        Ok(before) => clean_reported(before, bytes, limits),
        Err(error) => Err(error.clone()),
    };
    (report, cleaned)
}

/// The clean copy of a picture that is no JPEG and was reported.
fn clean_reported(
    before: &Report,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Cleaned<Parts<'static>>, MediaError> {
    refuse_two_files(before)?;
    let (format, copy) = match before.format {
        Format::Png => (Format::Png, png::rebuild(bytes, limits)?),
        Format::Gif => (Format::Gif, gif::rebuild(bytes, limits)?),
        Format::WebP => (Format::WebP, webp::rebuild(bytes, limits)?),
        Format::Tiff => tiff::clean(bytes, before.orientation, limits)?,
        _ => return Err(bmff::why_not_clean(before)),
    };
    verify_clean(&copy, limits).map_err(MediaError::StillIdentifying)?;
    let left: BTreeSet<MetadataKind> = inspect(&copy, limits)?.kinds().collect();
    let removed: BTreeSet<MetadataKind> =
        before.kinds().filter(|kind| !left.contains(kind)).collect();
    Ok(Cleaned {
        bytes: copy.into(),
        format,
        removed: removed.into_iter().collect(),
        re_encoded: format != before.format,
    })
}

/// A picture with an archive, a page or a program behind it was made to be taken for what it is not. The copy would be
/// harmless, but a person should know.
fn refuse_two_files(report: &Report) -> Result<(), MediaError> {
    let hides =
        |entry: &Entry| entry.kind == MetadataKind::Trailer && jpeg::hides_other_file(&entry.tag);
    match report.entries.iter().any(hides) {
        true => Err(MediaError::CannotClean(
            "another file (an archive, a document, a web page or a program) is hidden behind it; save the picture anew with a picture program",
        )),
        false => Ok(()),
    }
}
