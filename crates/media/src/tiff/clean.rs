//! Makes the clean copy of a TIFF from its pixels.

use image::DynamicImage;

use super::fields::{
    BITS, COMPRESSION, PHOTOMETRIC, SAMPLES, is_camera_raw, is_structure, pages, size, value_of,
};
use super::unusual;
use super::walk::{Directory, Tiff, walk};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::pixels;

const UNREADABLE: MediaError = MediaError::Malformed("its picture data cannot be read");

/// Makes the copy: a PNG, or a JPEG where that would be too large. The picture is turned upright.
pub(crate) fn clean(
    bytes: &[u8],
    orientation: Option<u8>,
    limits: &Limits,
) -> Result<(Format, Vec<u8>), MediaError> {
    let profile = profile(bytes, limits)?;
    let picture = pixels::upright(decode(bytes, limits)?, orientation);
    pixels::encode(picture, profile, limits)
}

/// Decodes the pixels, as they lie in the file.
pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, MediaError> {
    let tiff = walk(bytes, limits)?;
    if is_camera_raw(&tiff) {
        return Err(MediaError::CannotClean(
            "it is a camera raw file, which has to be developed first. Please export it as a JPEG",
        ));
    }
    if pages(&tiff) > 1 {
        return Err(MediaError::CannotClean(
            "it has several pages. Please save the one to be shown as a JPEG or PNG",
        ));
    }
    let page = tiff.directories.first().ok_or(MediaError::Truncated)?;
    // The decoder takes the four numbers for printing colours.
    let is_jpeg = value_of(&tiff, page, COMPRESSION) == Some(7);
    let number = |tag| value_of(&tiff, page, tag).unwrap_or(0);
    if is_jpeg && number(SAMPLES) > 3 && number(PHOTOMETRIC) != 5 {
        return Err(pixels::UNKNOWN_PACKING);
    }
    // The decoder would make room for what such a field claims to hold.
    if page
        .fields
        .iter()
        .any(|field| is_structure(field.tag) && field.raw.is_none())
    {
        return Err(UNREADABLE);
    }
    let (width, height) = size(&tiff, page).ok_or(UNREADABLE)?;
    limits.check_size(width, height)?;
    limits.check_alloc(memory(&tiff, page, width, height))?;
    match unusual::recognise(&tiff, page) {
        Some(packing) => unusual::decode(bytes, &tiff, page, packing, limits),
        None => pixels::decode(bytes, Format::Tiff, limits),
    }
}

/// Bytes that the pixels take while they are decoded: as stored, and once more as 8 or 16 bits a channel.
fn memory(tiff: &Tiff<'_>, page: &Directory<'_>, width: u32, height: u32) -> u64 {
    let samples = u64::from(value_of(tiff, page, SAMPLES).unwrap_or(1).clamp(1, 64));
    let bits = u64::from(value_of(tiff, page, BITS).unwrap_or(1).clamp(1, 64));
    u64::from(width) * u64::from(height) * samples * bits.div_ceil(8)
}

fn profile(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, MediaError> {
    let tiff = walk(bytes, limits)?;
    let field = tiff.directories.first().and_then(|page| page.field(0x8773));
    Ok(field.and_then(|field| field.raw).map(<[u8]>::to_vec))
}
