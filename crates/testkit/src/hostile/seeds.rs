//! Sound pictures to start from, drawn and encoded here.

use std::io::Cursor;

use anyhow::Result;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A sound picture.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The format's file ending.
    pub ending: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A picture of each format that the `image` crate writes.
///
/// # Errors
/// When one of them cannot be encoded.
pub fn seeds() -> Result<Vec<Seed>> {
    [
        ("jpg", ImageFormat::Jpeg),
        ("png", ImageFormat::Png),
        ("webp", ImageFormat::WebP),
        ("gif", ImageFormat::Gif),
        ("tif", ImageFormat::Tiff),
    ]
    .into_iter()
    .map(|(ending, format)| {
        Ok(Seed {
            ending,
            bytes: encoded(format)?,
        })
    })
    .collect()
}

/// A small picture with enough in it to have real compressed data.
pub(super) fn encoded(format: ImageFormat) -> Result<Vec<u8>> {
    let pixels = RgbImage::from_fn(96, 64, |x, y| {
        let wave = (x * x / 7 + y * 13) as u8;
        Rgb([wave, (x * 2) as u8 ^ (y * 3) as u8, (x * y / 5) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, format)?;
    Ok(bytes.into_inner())
}
