//! Grey pictures for the programs that look at one: which size words are read at, and PGM, the one format that every such
//! program reads and that needs no decoder.

use image::imageops::{FilterType, grayscale, resize, thumbnail};
use image::{GrayImage, RgbImage};

use super::shrink;

/// A picture whose longer side is below this is enlarged, so that small letters are read.
const ENLARGE_BELOW: u32 = 1_300;

/// The picture with every length divided by the same whole number, its longer side still at least `long_side`.
pub fn smaller(picture: RgbImage, long_side: u32) -> RgbImage {
    let factor = picture.width().max(picture.height()) / long_side.max(1);
    shrink(picture, factor)
}

/// The picture in grey, its longer side at most `long_side`; a small one is enlarged.
pub fn grey(picture: &RgbImage, long_side: u32) -> GrayImage {
    let grey = grayscale(picture);
    let (width, height) = grey.dimensions();
    let longer = width.max(height).max(1);
    if longer > long_side {
        let to = |side: u32| (u64::from(side) * u64::from(long_side) / u64::from(longer)).max(1);
        return thumbnail(&grey, to(width) as u32, to(height) as u32);
    }
    if longer < ENLARGE_BELOW.min(long_side / 2) {
        return resize(&grey, width * 2, height * 2, FilterType::CatmullRom);
    }
    grey
}

/// Writes a grey picture as binary PGM.
pub fn to_pgm(picture: &GrayImage) -> Vec<u8> {
    let head = format!("P5\n{} {}\n255\n", picture.width(), picture.height());
    [head.as_bytes(), picture.as_raw()].concat()
}

/// Reads what [`to_pgm`] wrote; `None` for anything else.
pub fn from_pgm(bytes: &[u8]) -> Option<GrayImage> {
    let rest = bytes.strip_prefix(b"P5\n")?;
    let (size, rest) = line(rest)?;
    let (depth, pixels) = line(rest)?;
    let (width, height) = size.split_once(' ')?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    let whole = u64::from(width) * u64::from(height) == pixels.len() as u64;
    let picture =
        (depth == "255" && whole).then(|| GrayImage::from_raw(width, height, pixels.to_vec()));
    picture.flatten()
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stay_within_what_is_asked() {
        let size = |width, height| grey(&RgbImage::new(width, height), 2000).dimensions();
        assert_eq!(size(4000, 3000), (2000, 1500));
        assert_eq!(size(1600, 1200), (1600, 1200));
        assert_eq!(size(640, 480), (1280, 960));
        assert_eq!(size(20_000, 3), (2000, 1));
        assert_eq!(
            smaller(RgbImage::new(4000, 3000), 512).dimensions(),
            (572, 429)
        );
        assert_eq!(
            smaller(RgbImage::new(300, 200), 512).dimensions(),
            (300, 200)
        );
    }

    #[test]
    fn a_pgm_comes_back_and_anything_else_is_refused() {
        let picture = GrayImage::from_fn(7, 5, |x, y| image::Luma([(x * y) as u8]));
        let bytes = to_pgm(&picture);
        assert_eq!(from_pgm(&bytes), Some(picture));
        for cut in 0..bytes.len() {
            assert_eq!(from_pgm(&bytes[..cut]), None);
        }
        assert_eq!(from_pgm(b"P5\n4294967295 4294967295\n255\nxx"), None);
        assert_eq!(from_pgm(b"P6\n1 1\n255\nxxx"), None);
    }
}
