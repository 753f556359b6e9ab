//! Cleans the JPEG that a converter made of a HEIC or AVIF picture. The converter has turned the pixels the right way up
//! and copied the original's Exif, orientation and all; turning them once more would be wrong.

use std::collections::BTreeSet;

use crate::error::MediaError;
use crate::exif;
use crate::format::{Format, sniff};
use crate::limits::Limits;
use crate::report::{Cleaned, MetadataKind, Report};
use crate::verify::verify_clean;

/// Makes the clean copy of a HEIC or AVIF picture out of the JPEG that `heif-convert` wrote.
///
/// `original` is the report of the HEIC or AVIF itself: what it held is what has been removed. The copy holds no
/// orientation, because the converter has already applied the container's (it does, and leaves Exif's number as it was).
///
/// # Errors
///
/// [`MediaError::Unsupported`] for an original that is no HEIC or AVIF picture, or that moves;
/// [`MediaError::Truncated`] for one that could not be read to its end; [`MediaError::NotAPicture`] if the converter's answer is no JPEG; else as [`crate::clean`].
pub fn clean_converted(
    jpeg: &[u8],
    original: &Report,
    limits: &Limits,
) -> Result<Cleaned, MediaError> {
    let is_still = !original.is_moving();
    if !matches!(original.format, Format::Heic | Format::Avif) || !is_still {
        return Err(MediaError::Unsupported(Format::Mp4));
    }
    // Damage that hides the size leaves open what else it hides.
    if original.width == 0 || original.height == 0 {
        return Err(MediaError::Truncated);
    }
    if sniff(jpeg) != Format::Jpeg {
        return Err(MediaError::NotAPicture);
    }
    let copy = crate::clean(jpeg, limits)?;
    let bytes = without_orientation(copy.bytes);
    verify_clean(&bytes, limits).map_err(MediaError::StillIdentifying)?;
    let left = crate::inspect(&bytes, limits)?;
    if left.orientation.is_some() || !left.entries.is_empty() {
        return Err(MediaError::StillIdentifying(Vec::new()));
    }
    let removed: BTreeSet<MetadataKind> = original.kinds().collect();
    Ok(Cleaned {
        bytes,
        format: Format::Jpeg,
        removed: removed.into_iter().collect(),
        re_encoded: true,
    })
}

/// Takes the segment out that a clean copy keeps for its orientation; its bytes are known to the last one.
fn without_orientation(copy: Vec<u8>) -> Vec<u8> {
    for value in 1..=8 {
        let block = exif::orientation_only(value);
        let length = (2 + 6 + block.len()) as u16;
        let segment = [
            &[0xFF, 0xE1][..],
            &length.to_be_bytes(),
            b"Exif\0\0",
            &block,
        ]
        .concat();
        if let Some(at) = memchr::memmem::find(&copy, &segment) {
            return [&copy[..at], &copy[at + segment.len()..]].concat();
        }
    }
    copy
}
