//! Makes the demo photos of `fixtures/demo/photos` from the list in `fixtures/demo/photos.toml`: drawn scenes saved as real
//! JPEG and PNG files with the metadata that phones, cameras and editors leave. No photo of a person is ever used, every
//! name is invented, and every place is open sea or empty moor. The same list gives the same bytes on every machine.
//!
//! Not here: reading or removing metadata (the product's own code, which these files are there to try).

mod container;
mod draw;
mod exif;
mod figures;
mod lettering;
mod list;
mod scenes;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, bail, ensure};
use container::Extras;
pub(crate) use container::crc;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use list::{List, Photo};
use std::path::Path;

const LIST: &str = include_str!("../../../fixtures/demo/photos.toml");
/// Longer side of the small copy in EXIF, as cameras make it.
const THUMBNAIL_SIDE: u32 = 160;

/// Writes every demo photo into the folder `out` (made if need be) and returns the file names in the order of the list.
///
/// # Errors
/// When the list is wrong (unknown scene, camera or key), a segment outgrows its format, or a file cannot be written.
pub fn write_all(out: &Path) -> Result<Vec<String>> {
    std::fs::create_dir_all(out).context("making the folder of the demo photos")?;
    let mut written = Vec::new();
    for (name, bytes) in render_all(&load()?)? {
        std::fs::write(out.join(&name), bytes).with_context(|| format!("writing {name}"))?;
        written.push(name);
    }
    Ok(written)
}

fn load() -> Result<List> {
    toml::from_str(LIST).context("reading fixtures/demo/photos.toml")
}

/// Draws all photos, each on a thread of its own: without optimisation one takes a second or two.
fn render_all(list: &List) -> Result<Vec<(String, Vec<u8>)>> {
    std::thread::scope(|scope| {
        let work: Vec<_> = list
            .photo
            .iter()
            .map(|photo| (photo, scope.spawn(move || render(list, photo))))
            .collect();
        work.into_iter()
            .map(|(photo, thread)| {
                let bytes = thread
                    .join()
                    .ok()
                    .with_context(|| format!("{}: drawing failed", photo.file))??;
                Ok((photo.file.clone(), bytes))
            })
            .collect()
    })
}

/// The finished file of one photo.
fn render(list: &List, photo: &Photo) -> Result<Vec<u8>> {
    let camera = list.camera_of(photo)?;
    let png = photo.file.ends_with(".png");
    ensure!(
        png || photo.png_text.is_empty(),
        "{}: only a PNG has text chunks",
        photo.file
    );
    let seen = RgbImage::from_raw(photo.width, photo.height, scenes::draw(photo, png)?)
        .context("the canvas has the size asked for")?;
    let stored = lay_down(seen, photo.orientation)?;
    let thumbnail = if photo.thumbnail {
        Some(small_copy(&stored)?)
    } else {
        None
    };
    let extras = Extras {
        exif: exif::exif_block(photo, camera, stored.dimensions(), thumbnail.as_deref())?,
        xmp: exif::xmp_packet(photo),
        comment: photo.jpeg_comment.clone(),
        texts: photo.png_text.clone(),
        trailer: photo.trailer.clone(),
    };
    if png {
        container::dress_png(&encode_png(&stored)?, &extras)
    } else {
        container::dress_jpeg(&encode_jpeg(&stored, photo.quality)?, &extras)
    }
    .with_context(|| format!("packing {}", photo.file))
}

/// A JPEG as a phone of the demo's list saves it: with Exif, thumbnail, `note` in its maker note, XMP and a comment
/// `photo number`. `plain` is the `scene` without them.
///
/// # Errors
/// When the list has no photo by a phone, or a segment outgrows its format.
pub fn camera_jpeg(scene: &RgbImage, plain: &[u8], note: Vec<u8>) -> Result<Vec<u8>> {
    let mut list = load()?;
    let xmp = list.photo.iter().find_map(exif::xmp_packet);
    let by_phone = |photo: &Photo| photo.gps.is_some() && photo.thumbnail;
    let at = list.photo.iter().position(by_phone);
    let mut photo = list.photo.swap_remove(at.context("no photo by a phone")?);
    photo.note = note;
    let (camera, thumbnail) = (list.camera_of(&photo)?, small_copy(scene)?);
    let extras = Extras {
        exif: exif::exif_block(&photo, camera, scene.dimensions(), Some(&thumbnail))?,
        xmp,
        comment: Some("photo number         0".to_owned()),
        ..Extras::default()
    };
    container::dress_jpeg(plain, &extras)
}

/// Turns the picture as seen into the picture as stored, which the orientation tag turns back.
fn lay_down(seen: RgbImage, orientation: u8) -> Result<RgbImage> {
    Ok(match orientation {
        1 => seen,
        2 => flip_horizontal(&seen),
        3 => rotate180(&seen),
        4 => flip_vertical(&seen),
        5 => flip_horizontal(&rotate90(&seen)),
        6 => rotate270(&seen),
        7 => flip_vertical(&rotate90(&seen)),
        8 => rotate90(&seen),
        other => bail!("orientation {other} is not in EXIF"),
    })
}

fn small_copy(stored: &RgbImage) -> Result<Vec<u8>> {
    let (wide, high) = stored.dimensions();
    let longer = wide.max(high);
    let small = imageops::thumbnail(
        stored,
        wide * THUMBNAIL_SIDE / longer,
        high * THUMBNAIL_SIDE / longer,
    );
    encode_jpeg(&small, 65)
}

fn encode_jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(picture)
        .context("encoding JPEG")?;
    Ok(bytes)
}

fn encode_png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let (wide, high) = picture.dimensions();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(picture, wide, high, ExtendedColorType::Rgb8)
        .context("encoding PNG")?;
    Ok(bytes)
}
