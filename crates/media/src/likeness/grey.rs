//! The brightness of a picture, brought to a given size.

use image::RgbImage;

/// Brightness from 0 to 255, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grey {
    pub wide: usize,
    pub high: usize,
    pub pixels: Vec<f32>,
}

impl Grey {
    /// The picture with its longer side brought to `side` pixels.
    pub fn scaled(picture: &RgbImage, side: usize) -> Self {
        let (from_wide, from_high) = (picture.width() as usize, picture.height() as usize);
        if from_wide == 0 || from_high == 0 {
            return Self {
                wide: 0,
                high: 0,
                pixels: Vec::new(),
            };
        }
        let longer = from_wide.max(from_high);
        let short = |length: usize| ((2 * length * side + longer) / (2 * longer)).max(1);
        let (wide, high) = (short(from_wide), short(from_high));
        let columns = taps(from_wide, wide);
        let mut narrow = Vec::with_capacity(wide * from_high);
        let mut shades = vec![0.0; from_wide];
        for row in picture.as_raw().chunks_exact(from_wide * 3) {
            for (out, rgb) in shades.iter_mut().zip(row.chunks_exact(3)) {
                *out = bright([rgb[0], rgb[1], rgb[2]]);
            }
            narrow.extend(columns.iter().map(|tap| tap.of(&shades)));
        }
        Self {
            wide,
            high,
            pixels: lower(&narrow, wide, &taps(from_high, high)),
        }
    }

    /// The same picture, smaller or larger.
    pub fn resized(&self, wide: usize, high: usize) -> Self {
        let columns = taps(self.wide, wide);
        let mut narrow = Vec::with_capacity(wide * self.high);
        for row in self.pixels.chunks_exact(self.wide.max(1)) {
            narrow.extend(columns.iter().map(|tap| tap.of(row)));
        }
        Self {
            wide,
            high,
            pixels: lower(&narrow, wide, &taps(self.high, high)),
        }
    }

    /// Half as large.
    pub fn halved(&self) -> Self {
        let (wide, high) = (self.wide / 2, self.high / 2);
        let mut pixels = Vec::with_capacity(wide * high);
        for y in 0..high {
            let (above, below) = (self.row(2 * y), self.row(2 * y + 1));
            let pairs = above.chunks_exact(2).zip(below.chunks_exact(2));
            pixels.extend(pairs.map(|(a, b)| (a[0] + a[1] + b[0] + b[1]) * 0.25));
        }
        Self { wide, high, pixels }
    }

    /// Other pixels of the same size.
    pub fn with(&self, pixels: Vec<f32>) -> Self {
        Self { pixels, ..*self }
    }

    /// One row; empty below the picture.
    pub fn row(&self, y: usize) -> &[f32] {
        self.pixels
            .get(y * self.wide..(y + 1) * self.wide)
            .unwrap_or_default()
    }
}

/// How bright a pixel is.
pub fn bright(rgb: [u8; 3]) -> f32 {
    0.299 * f32::from(rgb[0]) + 0.587 * f32::from(rgb[1]) + 0.114 * f32::from(rgb[2])
}

/// The rows, each the weighted mean of some of the rows given.
fn lower(narrow: &[f32], wide: usize, rows: &[Tap]) -> Vec<f32> {
    let mut out = vec![0.0; wide * rows.len()];
    for (tap, to) in rows.iter().zip(out.chunks_exact_mut(wide)) {
        let from = narrow[tap.first * wide..].chunks_exact(wide);
        for (weight, row) in tap.weights.iter().zip(from) {
            for (sum, pixel) in to.iter_mut().zip(row) {
                *sum += weight * pixel;
            }
        }
    }
    out
}

/// The samples that one sample of another size is made of.
struct Tap {
    first: usize,
    weights: Vec<f32>,
}

impl Tap {
    fn of(&self, samples: &[f32]) -> f32 {
        let from = &samples[self.first..];
        self.weights.iter().zip(from).map(|(w, s)| w * s).sum()
    }
}

/// Smaller: the mean over the area that a pixel covers. Larger: between the two nearest.
fn taps(from: usize, to: usize) -> Vec<Tap> {
    let ratio = from as f64 / to as f64;
    (0..to)
        .map(|at| {
            if ratio <= 1.0 {
                let place = ((at as f64 + 0.5) * ratio - 0.5).clamp(0.0, (from - 1) as f64);
                let first = (place as usize).min(from.saturating_sub(2));
                let share = (place - first as f64) as f32;
                let mut weights = vec![1.0 - share, share];
                weights.truncate(from);
                return Tap { first, weights };
            }
            let (start, end) = (at as f64 * ratio, (at + 1) as f64 * ratio);
            let first = start as usize;
            let last = (end.ceil() as usize).clamp(first + 1, from);
            let weights = (first..last)
                .map(|x| {
                    let covered = end.min((x + 1) as f64) - start.max(x as f64);
                    (covered / ratio) as f32
                })
                .collect();
            Tap { first, weights }
        })
        .collect()
}
