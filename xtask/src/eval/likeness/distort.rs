//! What happens to pictures on their way through social media, each in three strengths.

use std::sync::LazyLock;

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops};

use super::canvas::Dice;

/// Who promises to find the picture again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Promise {
    /// The fingerprint alone, in 99 of 100 cases.
    Fingerprint,
    /// Both stages together, in 95 of 100 cases.
    Both,
    /// The same, up to this strength.
    UpTo(f32),
    /// Nobody; it is measured all the same.
    None,
}

/// One row of the table.
pub struct Distortion {
    pub name: &'static str,
    pub promise: Promise,
    pub strengths: [f32; 3],
    pub work: fn(&RgbImage, f32, &mut Dice) -> RgbImage,
}

const fn row(
    name: &'static str,
    promise: Promise,
    strengths: [f32; 3],
    work: fn(&RgbImage, f32, &mut Dice) -> RgbImage,
) -> Distortion {
    Distortion {
        name,
        promise,
        strengths,
        work,
    }
}

/// The table.
pub const ALL: &[Distortion] = &[
    row(
        "recompressed, JPEG quality",
        Promise::Fingerprint,
        [75.0, 45.0, 20.0],
        |p, s, _| recompressed(p, s),
    ),
    row(
        "resized, %",
        Promise::Fingerprint,
        [75.0, 50.0, 25.0],
        |p, s, _| resized(p, s / 100.0),
    ),
    row(
        "blurred, pixels",
        Promise::Fingerprint,
        [1.0, 2.0, 3.0],
        |p, s, _| imageops::blur(p, s),
    ),
    row(
        "brightness and contrast, %",
        Promise::Fingerprint,
        [10.0, 20.0, 30.0],
        coloured,
    ),
    row(
        "colour taken away, %",
        Promise::Fingerprint,
        [30.0, 60.0, 100.0],
        |p, s, _| bleached(p, s / 100.0),
    ),
    row(
        "mirrored or turned by 90 degrees",
        Promise::Fingerprint,
        [0.0, 1.0, 2.0],
        |p, s, _| turned_over(p, s as u32),
    ),
    row(
        "cropped all round, %",
        Promise::Both,
        [2.0, 5.0, 10.0],
        |p, s, _| cropped(p, [s / 100.0; 4]),
    ),
    row(
        "cropped on one side, %",
        Promise::Both,
        [5.0, 10.0, 20.0],
        |p, s, dice| {
            let mut sides = [0.0; 4];
            sides[dice.below(4)] = s / 100.0;
            cropped(p, sides)
        },
    ),
    row("border, %", Promise::Both, [2.0, 5.0, 10.0], bordered),
    row(
        "caption bar, %",
        Promise::Both,
        [8.0, 15.0, 25.0],
        captioned,
    ),
    row(
        "phone screenshot, width used %",
        Promise::Both,
        [100.0, 92.0, 80.0],
        screenshot,
    ),
    row(
        "collage, tiles",
        Promise::None,
        [2.0, 3.0, 4.0],
        |p, s, dice| collage(p, s as usize, dice),
    ),
    row(
        "turned, degrees",
        Promise::UpTo(5.0),
        [2.0, 5.0, 8.0],
        |p, s, dice| {
            let sign = if dice.share() < 0.5 { -1.0 } else { 1.0 };
            let corner = Rgb([if dice.share() < 0.5 { 0 } else { 255 }; 3]);
            turned(p, sign * s, corner)
        },
    ),
    row(
        "turned and cropped, degrees",
        Promise::UpTo(5.0),
        [2.0, 5.0, 8.0],
        |p, s, _| {
            let cut = s.to_radians().sin() * 0.55;
            cropped(&turned(p, s, Rgb([0; 3])), [cut; 4])
        },
    ),
    row(
        "words and emoji over it, %",
        Promise::None,
        [8.0, 16.0, 28.0],
        overlaid,
    ),
    row(
        "mirrored and cropped, %",
        Promise::None,
        [2.0, 5.0, 10.0],
        |p, s, _| cropped(&imageops::flip_horizontal(p), [s / 100.0; 4]),
    ),
    row(
        "mirrored screenshot, width used %",
        Promise::None,
        [100.0, 92.0, 80.0],
        |p, s, dice| screenshot(&imageops::flip_horizontal(p), s, dice),
    ),
    row(
        "cropped, small, recompressed, %",
        Promise::None,
        [2.0, 5.0, 10.0],
        |p, s, _| recompressed(&resized(&cropped(p, [s / 100.0; 4]), 0.5), 40.0),
    ),
    row(
        "stretched, %",
        Promise::None,
        [5.0, 10.0, 20.0],
        |p, s, _| {
            let wide = (p.width() as f32 * (1.0 + s / 100.0)) as u32;
            enlarged(p, wide, p.height())
        },
    ),
    row(
        "only a part left, % of each side",
        Promise::None,
        [80.0, 65.0, 50.0],
        |p, s, dice| {
            let gone = 1.0 - s / 100.0;
            let (x, y) = (dice.share() * gone, dice.share() * gone);
            cropped(p, [x, y, gone - x, gone - y])
        },
    ),
];

/// Saved as JPEG and opened again.
pub fn recompressed(picture: &RgbImage, quality: f32) -> RgbImage {
    let mut bytes = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut bytes, quality as u8).encode_image(picture);
    let again = written.and_then(|()| image::load_from_memory(&bytes));
    again.map_or_else(|_| RgbImage::new(1, 1), |again| again.into_rgb8())
}

/// Smaller or larger.
pub fn resized(picture: &RgbImage, by: f32) -> RgbImage {
    let side = |length: u32| ((length as f32 * by).round() as u32).max(1);
    let (wide, high) = (side(picture.width()), side(picture.height()));
    if by <= 1.0 {
        return imageops::thumbnail(picture, wide, high);
    }
    enlarged(picture, wide, high)
}

fn enlarged(picture: &RgbImage, wide: u32, high: u32) -> RgbImage {
    let (across, down) = (
        picture.width() as f32 / wide as f32,
        picture.height() as f32 / high as f32,
    );
    RgbImage::from_fn(wide, high, |x, y| {
        let (u, v) = (
            (x as f32 + 0.5) * across - 0.5,
            (y as f32 + 0.5) * down - 0.5,
        );
        let u = u.clamp(0.0, picture.width() as f32 - 1.0);
        sampled(picture, u, v.clamp(0.0, picture.height() as f32 - 1.0)).unwrap_or(Rgb([0; 3]))
    })
}

/// The colour between the pixels at a place; nothing outside of the picture.
fn sampled(picture: &RgbImage, u: f32, v: f32) -> Option<Rgb<u8>> {
    let (wide, high) = (picture.width() as usize, picture.height() as usize);
    if u < 0.0 || v < 0.0 || u > wide as f32 - 1.0 || v > high as f32 - 1.0 {
        return None;
    }
    let (x, y) = (u as usize, v as usize);
    let (right, below) = (usize::from(x + 1 < wide), usize::from(y + 1 < high));
    let (along, down) = (u - x as f32, v - y as f32);
    let bytes = picture.as_raw();
    let at = |x: usize, y: usize| bytes[(y * wide + x) * 3..].first_chunk::<3>();
    let (a, b) = (at(x, y)?, at(x + right, y)?);
    let (c, d) = (at(x, y + below)?, at(x + right, y + below)?);
    Some(Rgb(std::array::from_fn(|n| {
        let [a, b, c, d] = [a[n], b[n], c[n], d[n]].map(f32::from);
        let (top, low) = (a + (b - a) * along, c + (d - c) * along);
        (top + (low - top) * down + 0.5) as u8
    })))
}

fn mapped(picture: &RgbImage, by: impl Fn([f32; 3]) -> [f32; 3]) -> RgbImage {
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        pixel.0 = by(pixel.0.map(f32::from)).map(|channel| channel.clamp(0.0, 255.0) as u8);
    }
    out
}

fn coloured(picture: &RgbImage, strength: f32, dice: &mut Dice) -> RgbImage {
    let signed = |dice: &mut Dice| {
        if dice.share() < 0.5 {
            -strength
        } else {
            strength
        }
    };
    let (contrast, brightness) = (1.0 + signed(dice) / 100.0, signed(dice) * 1.2);
    mapped(picture, |pixel| {
        pixel.map(|channel| (channel - 128.0) * contrast + 128.0 + brightness)
    })
}

fn bleached(picture: &RgbImage, by: f32) -> RgbImage {
    mapped(picture, |pixel| {
        let grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
        pixel.map(|channel| channel + (grey - channel) * by)
    })
}

fn turned_over(picture: &RgbImage, how: u32) -> RgbImage {
    match how {
        0 => imageops::flip_horizontal(picture),
        1 => imageops::rotate90(picture),
        _ => imageops::flip_vertical(picture),
    }
}

/// Shares cut off: left, top, right, bottom.
fn cropped(picture: &RgbImage, [left, top, right, bottom]: [f32; 4]) -> RgbImage {
    let (wide, high) = (picture.width() as f32, picture.height() as f32);
    let (x, y) = ((wide * left) as u32, (high * top) as u32);
    let (w, h) = (wide * (1.0 - left - right), high * (1.0 - top - bottom));
    imageops::crop_imm(picture, x, y, (w as u32).max(1), (h as u32).max(1)).to_image()
}

fn plain(wide: u32, high: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(wide.max(1), high.max(1), Rgb(colour))
}

fn paper(dice: &mut Dice) -> [u8; 3] {
    [[255; 3], [0; 3], [235, 60, 90], [30, 60, 140]][dice.below(4)]
}

fn bordered(picture: &RgbImage, strength: f32, dice: &mut Dice) -> RgbImage {
    let thick = (picture.width().max(picture.height()) as f32 * strength / 100.0) as u32;
    let (wide, high) = (picture.width() + 2 * thick, picture.height() + 2 * thick);
    let mut out = plain(wide, high, paper(dice));
    imageops::replace(&mut out, picture, i64::from(thick), i64::from(thick));
    out
}

fn captioned(picture: &RgbImage, strength: f32, dice: &mut Dice) -> RgbImage {
    let (wide, high) = picture.dimensions();
    let bar = (high as f32 * strength / 100.0) as u32;
    let dark = dice.share() < 0.5;
    let (paper, ink) = if dark {
        ([0; 3], [255; 3])
    } else {
        ([255; 3], [0; 3])
    };
    let top = dice.share() < 0.5;
    let mut out = plain(wide, high + bar, paper);
    imageops::replace(&mut out, picture, 0, if top { i64::from(bar) } else { 0 });
    let line = if top { bar / 2 } else { high + bar / 2 };
    write(
        &mut out,
        (wide / 12, line),
        wide * 10 / 12,
        (bar as f32 * 0.3).max(4.0),
        ink,
        dice,
    );
    out
}

/// A line of something like letters.
fn write(
    out: &mut RgbImage,
    (x, y): (u32, u32),
    length: u32,
    size: f32,
    ink: [u8; 3],
    dice: &mut Dice,
) {
    let mut at = x as f32;
    let stroke = (size * 0.16).max(1.0);
    while at < (x + length) as f32 {
        if dice.share() > 0.16 {
            for _ in 0..3 {
                let (w, h) = if dice.share() < 0.5 {
                    (stroke, size)
                } else {
                    (size * 0.5, stroke)
                };
                let (dx, dy) = (
                    dice.between(0.0, 0.4) * size,
                    dice.between(-0.5, 0.4) * size,
                );
                fill(out, at + dx, y as f32 + dy, w, h, ink);
            }
        }
        at += size * 0.8;
    }
}

fn fill(out: &mut RgbImage, x: f32, y: f32, wide: f32, high: f32, ink: [u8; 3]) {
    let (right, bottom) = ((x + wide) as u32, (y + high) as u32);
    for row in (y.max(0.0) as u32)..bottom.min(out.height()) {
        for column in (x.max(0.0) as u32)..right.min(out.width()) {
            out.put_pixel(column, row, Rgb(ink));
        }
    }
}

/// The picture in an app on a telephone: status bar, name of the poster, buttons, words.
fn screenshot(picture: &RgbImage, strength: f32, dice: &mut Dice) -> RgbImage {
    let phones = [(540, 1170), (540, 1200), (540, 960)];
    let (wide, high) = phones[dice.below(phones.len())];
    let dark = dice.share() < 0.4;
    let (paper, ink) = if dark {
        ([18; 3], [230; 3])
    } else {
        ([255; 3], [25; 3])
    };
    let mut out = plain(wide, high, paper);
    let width = (wide as f32 * strength / 100.0) as u32;
    let by =
        (width as f32 / picture.width() as f32).min(high as f32 * 0.68 / picture.height() as f32);
    let shown = resized(picture, by);
    let room = high - shown.height();
    let top = (room as f32 * dice.between(0.3, 0.6)) as u32;
    imageops::replace(
        &mut out,
        &shown,
        i64::from((wide - shown.width()) / 2),
        i64::from(top),
    );
    write(&mut out, (20, 16), 60, 12.0, ink, dice);
    write(&mut out, (wide - 110, 16), 90, 12.0, ink, dice);
    write(&mut out, (70, top.saturating_sub(34)), 200, 15.0, ink, dice);
    fill(
        &mut out,
        16.0,
        top.saturating_sub(52) as f32,
        40.0,
        40.0,
        [200, 90, 160],
    );
    let below = top + shown.height();
    for icon in 0..4 {
        fill(
            &mut out,
            24.0 + icon as f32 * 62.0,
            below as f32 + 16.0,
            24.0,
            22.0,
            ink,
        );
    }
    for line in 0..3 {
        write(
            &mut out,
            (20, below + 66 + line * 26),
            300 + 40 * line,
            14.0,
            ink,
            dice,
        );
    }
    for icon in 0..5 {
        fill(
            &mut out,
            40.0 + icon as f32 * 105.0,
            high as f32 - 44.0,
            26.0,
            26.0,
            ink,
        );
    }
    recompressed(&out, 80.0)
}

/// Pictures that other pictures are put beside.
static OTHERS: LazyLock<Vec<RgbImage>> =
    LazyLock::new(|| (5_000_000..5_000_024).map(super::scenes::varied).collect());

/// The picture beside others.
fn collage(picture: &RgbImage, tiles: usize, dice: &mut Dice) -> RgbImage {
    let mut shown: Vec<RgbImage> = (1..tiles)
        .map(|_| OTHERS[dice.below(OTHERS.len())].clone())
        .collect();
    shown.insert(dice.below(tiles), picture.clone());
    let (columns, rows) = match (tiles, dice.share() < 0.5) {
        (2, true) => (2, 1),
        (2, false) => (1, 2),
        (3, true) => (3, 1),
        (3, false) => (1, 3),
        _ => (2, 2),
    };
    let (wide, high) = (1080 / columns, 1080 / rows);
    let mut out = plain(1080, 1080, [255; 3]);
    for (at, tile) in shown.iter().enumerate() {
        // the whole tile is shown where it fits roughly, else its middle
        let (column, row) = (at as u32 % columns, at as u32 / columns);
        let ratio = tile.width() as f32 / tile.height() as f32 * high as f32 / wide as f32;
        let whole = !(0.5..=2.0).contains(&ratio);
        let fit = [
            wide as f32 / tile.width() as f32,
            high as f32 / tile.height() as f32,
        ];
        let by = if whole {
            fit[0].min(fit[1])
        } else {
            fit[0].max(fit[1])
        };
        let tile = resized(tile, by);
        let (w, h) = (tile.width().min(wide - 6), tile.height().min(high - 6));
        let (x, y) = ((tile.width() - w) / 2, (tile.height() - h) / 2);
        let tile = imageops::crop_imm(&tile, x, y, w, h).to_image();
        let (left, top) = (column * wide + (wide - w) / 2, row * high + (high - h) / 2);
        imageops::replace(&mut out, &tile, i64::from(left), i64::from(top));
    }
    recompressed(&out, 85.0)
}

fn turned(picture: &RgbImage, degrees: f32, corner: Rgb<u8>) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (wide, high) = (picture.width() as f32, picture.height() as f32);
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (dx, dy) = (x as f32 - wide / 2.0, y as f32 - high / 2.0);
        let (u, v) = (
            dx * cos + dy * sin + wide / 2.0,
            dy * cos - dx * sin + high / 2.0,
        );
        sampled(picture, u, v).unwrap_or(corner)
    })
}

/// Words across it and a few faces of emoji on it.
fn overlaid(picture: &RgbImage, strength: f32, dice: &mut Dice) -> RgbImage {
    let mut out = picture.clone();
    let (wide, high) = (out.width() as f32, out.height() as f32);
    let size = high * strength / 100.0;
    let line = (high * dice.between(0.2, 0.8)) as u32;
    write(
        &mut out,
        (picture.width() / 12, line),
        picture.width() * 10 / 12,
        size * 0.5,
        [255; 3],
        dice,
    );
    for _ in 0..2 {
        let (x, y) = (
            dice.between(0.15, 0.85) * wide,
            dice.between(0.15, 0.85) * high,
        );
        let radius = size * 0.6;
        for row in (y - radius).max(0.0) as u32..((y + radius) as u32).min(out.height()) {
            for column in (x - radius).max(0.0) as u32..((x + radius) as u32).min(out.width()) {
                if (column as f32 - x).hypot(row as f32 - y) < radius {
                    out.put_pixel(column, row, Rgb([250, 205, 60]));
                }
            }
        }
    }
    out
}
