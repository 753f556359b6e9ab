//! Opens a picture: decodes its pixels once, as small as the question allows, and turns them upright. That it can be opened
//! is the proof that it is a picture at all. The size a header claims is checked before; the caller adds a process with
//! hard limits around it.

mod again;
mod bits;
mod grey;
mod jpeg;

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

pub use again::clean_again;
pub use grey::{from_pgm, grey, smaller, to_pgm};

use crate::error::MediaError;
use crate::format::Format;
use crate::jpeg::walk;
use crate::limits::Limits;
use crate::report::Report;
use crate::{inspect, pixels, png, tiff, webp};

/// Decodes the pixels of a picture under `limits` and throws them away.
///
/// # Errors
///
/// As [`open`].
pub fn decode_check(bytes: &[u8], limits: &Limits) -> Result<(), MediaError> {
    open(bytes, 1, limits).map(drop)
}

/// Decodes the pixels of a picture under `limits`, upright, on white where it is transparent. The longer side of the
/// answer is at least `long_side` and less than twice that; a smaller picture stays as it is. Of a picture that moves it is
/// the first frame.
///
/// # Errors
///
/// As [`crate::inspect`] for the container; [`MediaError::Unsupported`] for films and what only another program opens;
/// [`MediaError::TooLarge`], [`MediaError::Truncated`] or [`MediaError::Malformed`] when the pixels need too much memory,
/// end too early or cannot be decoded.
pub fn open(bytes: &[u8], long_side: u32, limits: &Limits) -> Result<RgbImage, MediaError> {
    let report = inspect(bytes, limits)?;
    let scale = scale(&report, long_side);
    let picture = match jpeg::decode(bytes, &report, scale)? {
        Some(small) => small,
        None => {
            // the other decoder fills up what is missing of a scan with grey
            jpeg::decode(bytes, &report, 8)?;
            flat(full(bytes, &report, limits)?)
        }
    };
    let rest = picture.width().max(picture.height()) / long_side.max(1);
    let mut small = DynamicImage::ImageRgb8(shrink(picture, rest));
    small.apply_orientation(upright(&report));
    Ok(small.into_rgb8())
}

/// By how much the picture may be made smaller.
fn scale(report: &Report, long_side: u32) -> u32 {
    report.width.max(report.height) / long_side.max(1)
}

fn upright(report: &Report) -> Orientation {
    let stored = report.orientation.and_then(Orientation::from_exif);
    stored.unwrap_or(Orientation::NoTransforms)
}

const UNREADABLE: MediaError = MediaError::Malformed("its picture data cannot be read");

/// Every pixel, as it is stored.
fn full(bytes: &[u8], report: &Report, limits: &Limits) -> Result<DynamicImage, MediaError> {
    let pixels = u64::from(report.width) * u64::from(report.height);
    match report.format {
        Format::Jpeg => limits.check_alloc(jpeg::needs(&walk(bytes, limits)?.frame))?,
        Format::Png => limits.check_alloc(png_needs(&png::walk(bytes, limits)?)?)?,
        // the frame, and the canvas that it is put on
        Format::Gif => limits.check_alloc(8 * pixels)?,
        Format::WebP => {
            limits.check_alloc(8 * pixels)?;
            // the decoder refuses a header that announces metadata which is not there; the copy has none such
            return pixels::decode(&webp::rebuild(bytes, limits)?, Format::WebP, limits);
        }
        Format::Tiff => return tiff::decode(bytes, limits),
        other => return Err(MediaError::Unsupported(other)),
    }
    pixels::decode(bytes, report.format, limits)
}

/// Bytes that decoding takes; palettes are expanded to RGBA.
fn png_needs(png: &png::Png<'_>) -> Result<u64, MediaError> {
    png::check_cleanable(png)?;
    let header = png.header;
    let bits = if header.colour == 3 {
        32
    } else {
        header.bits_per_pixel().max(8)
    };
    Ok(u64::from(header.width) * u64::from(header.height) * bits.div_ceil(8))
}

/// Eight bits a colour, on white.
fn flat(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layered = picture.into_rgba8();
    let (width, height) = layered.dimensions();
    let mut bytes = Vec::with_capacity(layered.len() / 4 * 3);
    for pixel in layered.chunks_exact(4) {
        let alpha = u32::from(pixel[3]);
        for colour in &pixel[..3] {
            let mixed = (u32::from(*colour) * alpha + 255 * (255 - alpha) + 127) / 255;
            bytes.push(u8::try_from(mixed).unwrap_or(u8::MAX));
        }
    }
    RgbImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// Averages squares of `factor` by `factor` pixels; what is left over at the right and the bottom joins smaller ones.
fn shrink(picture: RgbImage, factor: u32) -> RgbImage {
    if factor < 2 {
        return picture;
    }
    let (width, height) = picture.dimensions();
    let (columns, rows) = (width.div_ceil(factor), height.div_ceil(factor));
    let mut bytes = Vec::with_capacity(columns as usize * rows as usize * 3);
    let mut sums = vec![0u32; columns as usize * 3];
    let stride = (width as usize * 3).max(1);
    for band in picture.as_raw().chunks(stride * factor as usize) {
        sums.fill(0);
        for line in band.chunks_exact(stride) {
            for (sums, square) in sums
                .chunks_exact_mut(3)
                .zip(line.chunks(3 * factor as usize))
            {
                for pixel in square.chunks_exact(3) {
                    for (sum, colour) in sums.iter_mut().zip(pixel) {
                        *sum += u32::from(*colour);
                    }
                }
            }
        }
        let lines = u32::try_from(band.len() / stride).unwrap_or(1).max(1);
        for (column, sums) in (0u32..).zip(sums.chunks_exact(3)) {
            let wide = factor.min(width - column * factor);
            let count = wide * lines;
            let mean = |sum: &u32| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX);
            bytes.extend(sums.iter().map(mean));
        }
    }
    RgbImage::from_raw(columns, rows, bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_averaged_and_what_is_left_over_is_kept() {
        let picture =
            RgbImage::from_fn(5, 3, |x, y| image::Rgb([(x * 10) as u8, (y * 20) as u8, 7]));
        let small = shrink(picture, 2);
        assert_eq!(small.dimensions(), (3, 2));
        assert_eq!(small.get_pixel(0, 0).0, [5, 10, 7]);
        assert_eq!(small.get_pixel(2, 1).0, [40, 40, 7]);
    }

    #[test]
    fn what_is_transparent_lies_on_white() {
        let clear = image::RgbaImage::from_pixel(2, 2, image::Rgba([0, 0, 0, 0]));
        let half = image::RgbaImage::from_pixel(1, 1, image::Rgba([0, 0, 0, 128]));
        assert_eq!(flat(clear.into()).get_pixel(1, 1).0, [255; 3]);
        assert_eq!(flat(half.into()).get_pixel(0, 0).0, [127; 3]);
    }
}
