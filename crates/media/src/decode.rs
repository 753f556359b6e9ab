//! Proves that a picture can be opened: decodes its pixels once and throws them away.

use crate::error::MediaError;
use crate::format::{Format, sniff};
use crate::limits::Limits;
use crate::{gif, jpeg, pixels, png, tiff, webp};

/// Decodes the pixels of a picture (of an animation: its first picture) under `limits`.
///
/// # Errors
///
/// As [`crate::inspect`] for the container, and [`MediaError::TooLarge`], [`MediaError::CannotClean`] or
/// [`MediaError::Malformed`] when the pixels need too much memory or cannot be decoded.
pub fn decode_check(bytes: &[u8], limits: &Limits) -> Result<(), MediaError> {
    limits.check_bytes(bytes.len())?;
    match sniff(bytes) {
        Format::Jpeg => limits.check_alloc(jpeg_needs(&jpeg::walk(bytes, limits)?.frame))?,
        Format::Png => limits.check_alloc(png_needs(&png::walk(bytes, limits)?)?)?,
        Format::Gif => {
            let report = gif::inspect(bytes, limits)?;
            // The frame, and the canvas that it is put on.
            limits.check_alloc(8 * u64::from(report.width) * u64::from(report.height))?;
        }
        Format::WebP => return decode_webp(bytes, limits),
        Format::Tiff => return tiff::decode(bytes, limits).map(drop),
        Format::Unknown => return Err(MediaError::NotAPicture),
        other => return Err(MediaError::Unsupported(other)),
    }
    pixels::decode(bytes, sniff(bytes), limits).map(drop)
}

/// Decodes the copy: the decoder refuses a header that announces metadata which is not there, and the copy has none such.
fn decode_webp(bytes: &[u8], limits: &Limits) -> Result<(), MediaError> {
    let report = webp::inspect(bytes, limits)?;
    limits.check_alloc(8 * u64::from(report.width) * u64::from(report.height))?;
    pixels::decode(&webp::rebuild(bytes, limits)?, Format::WebP, limits).map(drop)
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

/// Bytes that decoding takes: the pixels, and for a progressive picture every coefficient as 16 bits. The decoder's own
/// limit forgets the coefficients (a 20,000 by 20,000 grey one took 1,152 MiB under a limit of 512).
fn jpeg_needs(frame: &jpeg::Frame) -> u64 {
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let components = frame.sampling.len() as u64;
    let most = frame
        .sampling
        .iter()
        .fold((1, 1), |most, &(h, v)| (most.0.max(h), most.1.max(v)));
    let whole = u64::from(most.0) * u64::from(most.1);
    let shares: u64 = frame
        .sampling
        .iter()
        .map(|&(h, v)| u64::from(h) * u64::from(v))
        .sum();
    let coefficients = match frame.marker {
        0xC2 | 0xCA => 2 * pixels * shares / whole,
        _ => 0,
    };
    pixels * components + coefficients
}
