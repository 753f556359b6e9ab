//! Proves that a picture can be opened: decodes its pixels once and throws them away. The size a header claims is checked
//! before; the caller adds a process with hard limits around it.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{ImageError, ImageFormat, ImageReader};

use crate::error::MediaError;
use crate::format::{Format, sniff};
use crate::limits::Limits;
use crate::{jpeg, png};

/// Decodes the pixels of a JPEG or PNG under `limits`.
///
/// # Errors
///
/// As [`crate::inspect`] for the container, and [`MediaError::TooLarge`] or [`MediaError::Malformed`] when the pixels
/// need too much memory or cannot be decoded.
pub fn decode_check(bytes: &[u8], limits: &Limits) -> Result<(), MediaError> {
    limits.check_bytes(bytes.len())?;
    let format = match sniff(bytes) {
        Format::Jpeg => {
            limits.check_alloc(jpeg_needs(&jpeg::walk(bytes, limits)?.frame))?;
            ImageFormat::Jpeg
        }
        Format::Png => {
            let header = png::walk(bytes, limits)?.header;
            let pixels = u64::from(header.width) * u64::from(header.height);
            // Palettes are expanded to RGBA.
            let bits = if header.colour == 3 {
                32
            } else {
                header.bits_per_pixel().max(8)
            };
            limits.check_alloc(pixels * bits.div_ceil(8))?;
            ImageFormat::Png
        }
        Format::Unknown => return Err(MediaError::NotAPicture),
        other => return Err(MediaError::Unsupported(other)),
    };
    // `image` warns that decoders may panic on hostile bytes; such a picture is damaged, and the caller goes on.
    catch_unwind(AssertUnwindSafe(|| decode(bytes, format, limits))).unwrap_or(Err(UNREADABLE))
}

const UNREADABLE: MediaError = MediaError::Malformed("its picture data cannot be read");

fn decode(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<(), MediaError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(limits.max_side);
    bounds.max_image_height = Some(limits.max_side);
    bounds.max_alloc = Some(limits.max_alloc_bytes);
    reader.limits(bounds);
    match reader.decode() {
        Ok(_) => Ok(()),
        Err(ImageError::Limits(_)) => Err(MediaError::TooLarge {
            what: "memory needed to open it, in bytes",
            limit: limits.max_alloc_bytes,
        }),
        Err(_) => Err(UNREADABLE),
    }
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
