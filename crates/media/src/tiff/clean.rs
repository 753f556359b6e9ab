//! Makes the clean copy of a TIFF from its pixels.

use image::{DynamicImage, GrayImage, RgbImage};

use super::fields::{BITS, COLOUR_MAP, PHOTOMETRIC, SAMPLES, is_camera_raw, pages, size, value_of};
use super::walk::{Directory, Tiff, walk};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::pixels;

const UNREADABLE: MediaError = MediaError::Malformed("its picture data cannot be read");
const PALETTE: u32 = 3;

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
    let (width, height) = size(&tiff, page).ok_or(UNREADABLE)?;
    limits.check_size(width, height)?;
    limits.check_alloc(memory(&tiff, page, width, height))?;
    match value_of(&tiff, page, PHOTOMETRIC) {
        Some(PALETTE) => decode_palette(bytes, &tiff, page, limits),
        _ => pixels::decode(bytes, Format::Tiff, limits),
    }
}

/// Bytes that the pixels take while they are decoded: as stored, and once more as 8 or 16 bits a channel.
fn memory(tiff: &Tiff<'_>, page: &Directory<'_>, width: u32, height: u32) -> u64 {
    let samples = u64::from(value_of(tiff, page, SAMPLES).unwrap_or(1).clamp(1, 64));
    let bits = u64::from(value_of(tiff, page, BITS).unwrap_or(1).clamp(1, 64));
    u64::from(width) * u64::from(height) * samples * bits.div_ceil(8)
}

/// Decodes the indices as if they were shades of grey, then looks the colours up.
fn decode_palette(
    bytes: &[u8],
    tiff: &Tiff<'_>,
    page: &Directory<'_>,
    limits: &Limits,
) -> Result<DynamicImage, MediaError> {
    const GREY: u8 = 1;
    let (colour, map) = match (page.field(PHOTOMETRIC), page.field(COLOUR_MAP)) {
        (Some(colour), Some(map)) => (colour, map.raw.ok_or(UNREADABLE)?),
        _ => return Err(UNREADABLE),
    };
    let mut grey = bytes.to_vec();
    let last = colour
        .raw
        .map_or(0, <[u8]>::len)
        .checked_sub(1)
        .ok_or(UNREADABLE)?;
    let at = colour.at + if tiff.big_endian { last } else { 0 };
    *grey.get_mut(at).ok_or(UNREADABLE)? = GREY;
    let indices = pixels::decode(&grey, Format::Tiff, limits)?.into_luma8();
    let bits = value_of(tiff, page, BITS).unwrap_or(1);
    let colours = colours(tiff, map).ok_or(UNREADABLE)?;
    Ok(DynamicImage::ImageRgb8(paint(&indices, bits, &colours)))
}

/// Reads the table: all reds, all greens, all blues, 16 bits each.
fn colours(tiff: &Tiff<'_>, map: &[u8]) -> Option<Vec<[u8; 3]>> {
    let entries = map.len() / 6;
    let high = |index: usize| {
        let word = map.get(2 * index..2 * index + 2)?;
        Some(if tiff.big_endian { word[0] } else { word[1] })
    };
    (0..entries)
        .map(|index| {
            Some([
                high(index)?,
                high(entries + index)?,
                high(2 * entries + index)?,
            ])
        })
        .collect()
}

fn paint(indices: &GrayImage, bits: u32, colours: &[[u8; 3]]) -> RgbImage {
    // One-bit pictures come as black and white.
    let shift = 8 - bits.clamp(1, 8);
    RgbImage::from_fn(indices.width(), indices.height(), |x, y| {
        let index = usize::from(indices.get_pixel(x, y).0[0] >> shift);
        image::Rgb(colours.get(index).copied().unwrap_or_default())
    })
}

fn profile(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, MediaError> {
    let tiff = walk(bytes, limits)?;
    let field = tiff.directories.first().and_then(|page| page.field(0x8773));
    Ok(field.and_then(|field| field.raw).map(<[u8]>::to_vec))
}
