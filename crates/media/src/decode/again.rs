//! A copy compressed anew from the pixels: for what cannot be cleaned part by part, and where a school wants it so.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat};

use super::{full, upright};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::report::{Cleaned, MetadataKind};
use crate::{inspect, verify_clean};

/// Quality of a JPEG that is written anew: the trace that it leaves is not seen.
const QUALITY: u8 = 93;

/// Makes a copy from the pixels alone, upright: a PNG of a PNG and of what is transparent, otherwise a JPEG. Nothing of the
/// file is carried over, not even what hides between its compressed data.
///
/// # Errors
///
/// As [`super::open`], and [`MediaError::Unsupported`] for a picture that moves.
pub fn clean_again(bytes: &[u8], limits: &Limits) -> Result<Cleaned, MediaError> {
    let before = inspect(bytes, limits)?;
    let mut picture = full(bytes, &before, limits)?;
    picture.apply_orientation(upright(&before));
    let keeps_all = before.format == Format::Png || picture.color().has_alpha();
    let copy = match keeps_all {
        true => png(&picture),
        false => jpeg(picture),
    }
    .map_err(|_| MediaError::Malformed("its pixels cannot be written anew"))?;
    limits.check_bytes(copy.len())?;
    verify_clean(&copy, limits).map_err(MediaError::StillIdentifying)?;
    let mut removed: Vec<MetadataKind> = before.kinds().collect();
    removed.sort_unstable();
    removed.dedup();
    Ok(Cleaned {
        format: crate::sniff(&copy),
        bytes: copy,
        removed,
        re_encoded: true,
    })
}

fn png(picture: &DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut copy = Cursor::new(Vec::new());
    picture.write_to(&mut copy, ImageFormat::Png)?;
    Ok(copy.into_inner())
}

fn jpeg(picture: DynamicImage) -> image::ImageResult<Vec<u8>> {
    let mut copy = Vec::new();
    let picture = match picture {
        DynamicImage::ImageLuma8(grey) => DynamicImage::ImageLuma8(grey),
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut copy, QUALITY))?;
    Ok(copy)
}
