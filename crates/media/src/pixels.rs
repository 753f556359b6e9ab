//! Pixels in and out, for pictures whose container cannot be cleaned without touching them, and for the proof that a
//! picture opens. The size a header claims is checked before; the caller adds a process with hard limits around it.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder, ImageError, ImageFormat, ImageReader};

use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::{icc, png};

const UNREADABLE: MediaError = MediaError::Malformed("its picture data cannot be read");
pub(crate) const UNKNOWN_PACKING: MediaError = MediaError::CannotClean(
    "its pixels are packed in a way that we cannot read. Please save it again as a JPEG or PNG",
);
const UNWRITABLE: MediaError = MediaError::Malformed("its pixels cannot be saved again");
const JPEG_QUALITY: u8 = 95;

/// Decodes the pixels (of an animation: its first picture) as stored.
pub(crate) fn decode(
    bytes: &[u8],
    format: Format,
    limits: &Limits,
) -> Result<DynamicImage, MediaError> {
    let format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::Gif => ImageFormat::Gif,
        Format::WebP => ImageFormat::WebP,
        Format::Tiff => ImageFormat::Tiff,
        other => return Err(MediaError::Unsupported(other)),
    };
    // `image` warns that decoders may panic on hostile bytes; such a picture is damaged, and the caller goes on.
    catch_unwind(AssertUnwindSafe(|| decode_as(bytes, format, limits))).unwrap_or(Err(UNREADABLE))
}

fn decode_as(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
) -> Result<DynamicImage, MediaError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(limits.max_side);
    bounds.max_image_height = Some(limits.max_side);
    bounds.max_alloc = Some(limits.max_alloc_bytes);
    reader.limits(bounds);
    reader.decode().map_err(|error| match error {
        ImageError::Limits(_) => MediaError::TooLarge {
            what: "memory needed to open it, in bytes",
            limit: limits.max_alloc_bytes,
        },
        ImageError::Unsupported(_) => UNKNOWN_PACKING,
        _ => UNREADABLE,
    })
}

/// Turns a picture as its orientation says.
pub(crate) fn upright(mut picture: DynamicImage, orientation: Option<u8>) -> DynamicImage {
    if let Some(turn) = orientation.and_then(Orientation::from_exif) {
        picture.apply_orientation(turn);
    }
    picture
}

/// Saves pixels as a PNG without loss, or as a JPEG where the PNG would be over the size limit. A colour profile is
/// kept under a standard name.
pub(crate) fn encode(
    picture: DynamicImage,
    profile: Option<Vec<u8>>,
    limits: &Limits,
) -> Result<(Format, Vec<u8>), MediaError> {
    let profile = profile.and_then(|profile| icc::plain(&profile));
    let work = || {
        let picture = whole_numbers(picture);
        let png = to_png(&picture, profile.clone(), limits)?;
        if limits.check_bytes(png.len()).is_ok() {
            return Ok((Format::Png, png));
        }
        drop(png);
        to_jpeg(&picture, profile, limits).map(|jpeg| (Format::Jpeg, jpeg))
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(UNWRITABLE))
}

/// PNG has no fractions.
fn whole_numbers(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageRgb32F(_) => DynamicImage::ImageRgb16(picture.into_rgb16()),
        DynamicImage::ImageRgba32F(_) => DynamicImage::ImageRgba16(picture.into_rgba16()),
        picture => picture,
    }
}

fn to_png(
    picture: &DynamicImage,
    profile: Option<Vec<u8>>,
    limits: &Limits,
) -> Result<Vec<u8>, MediaError> {
    let mut out = Vec::new();
    let mut encoder = PngEncoder::new(&mut out);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).map_err(|_| UNWRITABLE)?;
    }
    picture
        .write_with_encoder(encoder)
        .map_err(|_| UNWRITABLE)?;
    // The encoder's own parts go the way of any other's.
    png::rebuild(&out, &roomy(limits, out.len()))
}

fn to_jpeg(
    picture: &DynamicImage,
    profile: Option<Vec<u8>>,
    limits: &Limits,
) -> Result<Vec<u8>, MediaError> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).map_err(|_| UNWRITABLE)?;
    }
    let flat = DynamicImage::ImageRgb8(picture.to_rgb8());
    flat.write_with_encoder(encoder).map_err(|_| UNWRITABLE)?;
    Ok(crate::clean(&out, limits)?.bytes)
}

/// The limits for a file of our own making: as many parts as its length brings with it.
fn roomy(limits: &Limits, len: usize) -> Limits {
    Limits {
        max_segments: limits.max_segments.max(len / 1024),
        ..*limits
    }
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    #[test]
    fn a_png_over_the_size_limit_becomes_a_jpeg() {
        let grainy = RgbImage::from_fn(128, 128, |x, y| {
            let grain = (x * 128 + y).wrapping_mul(2_654_435_761) >> 29;
            image::Rgb([x as u8 + grain as u8, y as u8, (x + y) as u8])
        });
        let encoded = |max_bytes| {
            let limits = Limits {
                max_bytes,
                ..Limits::default()
            };
            encode(DynamicImage::ImageRgb8(grainy.clone()), None, &limits).unwrap()
        };
        let (format, png) = encoded(1_000_000);
        assert_eq!(format, Format::Png);
        let (format, jpeg) = encoded(png.len() as u64 - 1);
        assert!(format == Format::Jpeg && jpeg.len() < png.len());
    }
}
