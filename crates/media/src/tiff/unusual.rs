//! Pixels that the decoder knows how to unpack but not what they mean: palettes, two and four bits of grey, grey with
//! transparency, and luminance with colour difference. It is given a copy of the file whose header calls them plain numbers,
//! and what they mean is worked out here.

use image::{DynamicImage, GrayAlphaImage, GrayImage, Rgb, RgbImage};

use super::fields::{
    BITS, COLOUR_MAP, COMPRESSION, EXTRA_SAMPLES, FILL_ORDER, PHOTOMETRIC, PREDICTOR, SAMPLES,
    TILE_WIDTH, WIDTH, size, value_of,
};
use super::walk::{Directory, Field, Tiff, number};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::pixels;

const UNREADABLE: MediaError = MediaError::Malformed("its picture data cannot be read");

const BLACK_IS_ZERO: u32 = 1;
const RGB: u32 = 2;
const CHROMA_SIZE: u16 = 0x0212;
/// A number that no field has.
const NO_FIELD: u16 = 0xFDE9;

/// How the pixels of a page are to be understood.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// Index into the colour table, of so many bits.
    Palette(u32),
    /// Grey of two or four bits; white may be zero.
    Grey { bits: u32, inverted: bool },
    /// Grey and transparency, 8 bits each.
    GreyAlpha { inverted: bool },
    /// Luminance and two colour differences, 8 bits each, of the same size.
    Luminance,
}

/// Recognises what needs help; `None` for what the decoder understands by itself, or nobody here does.
pub(super) fn recognise(tiff: &Tiff<'_>, page: &Directory<'_>) -> Option<Packing> {
    let value = |tag| value_of(tiff, page, tag);
    let bits = value(BITS).unwrap_or(1);
    let samples = value(SAMPLES).unwrap_or(1);
    let colour = value(PHOTOMETRIC)?;
    let is_jpeg = value(COMPRESSION) == Some(7);
    let inverted = colour == 0;
    match (colour, samples, bits) {
        (3, 1, 1 | 2 | 4 | 8) => Some(Packing::Palette(bits)),
        (0 | 1, 1, 2 | 4) => Some(Packing::Grey { bits, inverted }),
        (0 | 1, 2, 8) if !is_jpeg => Some(Packing::GreyAlpha { inverted }),
        (6, 3, 8) if is_jpeg || is_full_colour(tiff, page) => Some(Packing::Luminance),
        _ => None,
    }
}

/// Tells whether the colour differences have the size of the picture; where nothing says so, they are half as wide.
fn is_full_colour(tiff: &Tiff<'_>, page: &Directory<'_>) -> bool {
    let field = page.field(CHROMA_SIZE).and_then(|field| field.raw);
    field.is_some_and(|raw| {
        raw.len() == 4
            && raw
                .chunks(2)
                .all(|pair| number(pair, tiff.big_endian) == Some(1))
    })
}

/// Decodes such a page.
pub(super) fn decode(
    bytes: &[u8],
    tiff: &Tiff<'_>,
    page: &Directory<'_>,
    packing: Packing,
    limits: &Limits,
) -> Result<DynamicImage, MediaError> {
    let mut plain = Plain {
        bytes: bytes.to_vec(),
        tiff,
        page,
    };
    let (width, _) = size(tiff, page).ok_or(UNREADABLE)?;
    match packing {
        Packing::Luminance => {
            plain.set(PHOTOMETRIC, RGB)?;
            let stored = plain.decode(limits)?.into_rgb8();
            Ok(DynamicImage::ImageRgb8(from_luminance(stored)))
        }
        Packing::GreyAlpha { inverted } => {
            let differences = plain.as_wide_grey(width)?;
            let stored = plain.decode(limits)?.into_luma8();
            grey_alpha(stored, width, differences, inverted)
        }
        Packing::Grey { bits, inverted } => {
            plain.as_bytes(width, bits)?;
            let mut grey = unpack(&plain, width, bits, limits)?;
            let top = 255 / ((1 << bits) - 1);
            for level in grey.iter_mut() {
                *level = (*level * top) ^ if inverted { 0xFF } else { 0 };
            }
            Ok(DynamicImage::ImageLuma8(grey))
        }
        Packing::Palette(bits) => {
            plain.set(PHOTOMETRIC, BLACK_IS_ZERO)?;
            let indices = match bits {
                1 => black_or_white(plain.decode(limits)?.into_luma8()),
                8 => plain.decode(limits)?.into_luma8(),
                _ => {
                    plain.as_bytes(width, bits)?;
                    unpack(&plain, width, bits, limits)?
                }
            };
            let colours = colours(tiff, page).ok_or(UNREADABLE)?;
            Ok(DynamicImage::ImageRgb8(paint(&indices, &colours)))
        }
    }
}

/// The copy of the file whose header is changed.
struct Plain<'t, 'a> {
    bytes: Vec<u8>,
    tiff: &'t Tiff<'a>,
    page: &'t Directory<'a>,
}

impl Plain<'_, '_> {
    fn decode(&self, limits: &Limits) -> Result<DynamicImage, MediaError> {
        pixels::decode(&self.bytes, Format::Tiff, limits)
    }

    /// Gives a field, where there is one, another first value.
    fn set(&mut self, tag: u16, value: u32) -> Result<(), MediaError> {
        let Some(field) = self.page.field(tag) else {
            return Ok(());
        };
        match field.kind {
            3 => self.write(field.at, 2, value),
            4 => self.write(field.at, 4, value),
            _ => Err(UNREADABLE),
        }
    }

    fn write(&mut self, at: usize, width: usize, value: u32) -> Result<(), MediaError> {
        let place = self.bytes.get_mut(at..at + width).ok_or(UNREADABLE)?;
        match self.tiff.big_endian {
            true => place.copy_from_slice(&value.to_be_bytes()[4 - width..]),
            false => place.copy_from_slice(&value.to_le_bytes()[..width]),
        }
        Ok(())
    }

    /// Calls each row a row of bytes.
    fn as_bytes(&mut self, width: u32, bits: u32) -> Result<(), MediaError> {
        let packed = |pixels: u32| (pixels * bits).div_ceil(8);
        let tile = value_of(self.tiff, self.page, TILE_WIDTH);
        if value_of(self.tiff, self.page, PREDICTOR).is_some_and(|p| p != 1) {
            return Err(UNREADABLE);
        }
        self.set(PHOTOMETRIC, BLACK_IS_ZERO)?;
        self.set(WIDTH, packed(width))?;
        self.set(BITS, 8)?;
        tile.map_or(Ok(()), |tile| {
            self.set(TILE_WIDTH, packed(tile.min(0xFFFF)))
        })
    }

    /// Calls the two numbers of a pixel two pixels; says whether each is stored as the difference to the one before.
    fn as_wide_grey(&mut self, width: u32) -> Result<bool, MediaError> {
        let predictor = value_of(self.tiff, self.page, PREDICTOR).unwrap_or(1);
        let is_tiled = self.page.field(TILE_WIDTH).is_some();
        if is_tiled || predictor > 2 {
            return Err(UNREADABLE);
        }
        self.set(PHOTOMETRIC, BLACK_IS_ZERO)?;
        self.set(WIDTH, width * 2)?;
        self.set(SAMPLES, 1)?;
        self.set(PREDICTOR, 1)?;
        let field = |tag| {
            self.page
                .field(tag)
                .map(|field: &Field<'_>| (field.slot, field.at))
        };
        let (depth, extra) = (field(BITS), field(EXTRA_SAMPLES));
        if let Some((slot, at)) = depth {
            // One number is stored where it is counted, not elsewhere.
            let inline = slot + if self.tiff.wide { 12 } else { 8 };
            if at != inline {
                return Err(UNREADABLE);
            }
            self.write(slot + 4, 4, 1)?;
        }
        if let Some((slot, _)) = extra {
            self.write(slot, 2, NO_FIELD.into())?;
        }
        Ok(predictor == 2)
    }
}

/// Splits bytes into pixels of two or four bits.
fn unpack(
    plain: &Plain<'_, '_>,
    width: u32,
    bits: u32,
    limits: &Limits,
) -> Result<GrayImage, MediaError> {
    let packed = plain.decode(limits)?.into_luma8();
    let reversed = value_of(plain.tiff, plain.page, FILL_ORDER) == Some(2);
    let each = 8 / bits;
    Ok(GrayImage::from_fn(width, packed.height(), |x, y| {
        let byte = packed.get_pixel(x / each, y).0[0];
        let byte = if reversed { byte.reverse_bits() } else { byte };
        let shift = 8 - bits * (x % each + 1);
        image::Luma([byte >> shift & ((1 << bits) - 1)])
    }))
}

fn black_or_white(mut picture: GrayImage) -> GrayImage {
    for level in picture.iter_mut() {
        *level >>= 7;
    }
    picture
}

fn grey_alpha(
    stored: GrayImage,
    width: u32,
    differences: bool,
    inverted: bool,
) -> Result<DynamicImage, MediaError> {
    let height = stored.height();
    let mut numbers = stored.into_raw();
    if differences {
        for row in numbers.chunks_exact_mut(2 * width as usize) {
            for at in 2..row.len() {
                row[at] = row[at].wrapping_add(row[at - 2]);
            }
        }
    }
    if inverted {
        for level in numbers.iter_mut().step_by(2) {
            *level ^= 0xFF;
        }
    }
    let picture = GrayAlphaImage::from_raw(width, height, numbers).ok_or(UNREADABLE)?;
    Ok(DynamicImage::ImageLumaA8(picture))
}

/// ITU-R BT.601 with the full range, as JPEG has it.
fn from_luminance(mut picture: RgbImage) -> RgbImage {
    for Rgb([first, second, third]) in picture.pixels_mut() {
        let (y, cb, cr) = (
            f32::from(*first),
            f32::from(*second) - 128.0,
            f32::from(*third) - 128.0,
        );
        // A conversion to `u8` saturates.
        *first = (y + 1.402 * cr).round() as u8;
        *second = (y - 0.344_136 * cb - 0.714_136 * cr).round() as u8;
        *third = (y + 1.772 * cb).round() as u8;
    }
    picture
}

/// Reads the table: all reds, all greens, all blues, 16 bits each.
fn colours(tiff: &Tiff<'_>, page: &Directory<'_>) -> Option<Vec<[u8; 3]>> {
    let map = page.field(COLOUR_MAP)?.raw?;
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

fn paint(indices: &GrayImage, colours: &[[u8; 3]]) -> RgbImage {
    RgbImage::from_fn(indices.width(), indices.height(), |x, y| {
        let index = usize::from(indices.get_pixel(x, y).0[0]);
        Rgb(colours.get(index).copied().unwrap_or_default())
    })
}
