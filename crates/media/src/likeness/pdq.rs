//! PDQ, as published: two passes of a box filter, 64 x 64 points, the 16 x 16 lowest frequencies of their cosine
//! transform, one bit a frequency for whether it lies above the median.

use std::sync::LazyLock;

use super::{fingerprint::Fingerprint, grey::Grey};

/// Points a side that the frequencies are taken of.
const POINTS: usize = 64;
/// Frequencies a side.
const WAVES: usize = 16;
/// A picture with a shorter side has no fingerprint.
const SHORTEST: usize = 5;

/// The frequencies, row by row.
type Spectrum = [f32; WAVES * WAVES];

/// What PDQ says of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pdq {
    /// The fingerprints of the picture's eight forms: as it is, turned by 90, 180 and 270 degrees, and these mirrored.
    pub forms: [Fingerprint; 8],
    /// How much there is to see, 0 to 100.
    pub quality: u8,
}

/// The fingerprints of a picture.
pub fn pdq(grey: &Grey) -> Pdq {
    if grey.wide < SHORTEST || grey.high < SHORTEST {
        return Pdq {
            forms: [Fingerprint::default(); 8],
            quality: 0,
        };
    }
    let points = decimate(&blur(grey));
    let spectrum = frequencies(&points);
    Pdq {
        forms: std::array::from_fn(|form| fingerprint(&turned(&spectrum, form))),
        quality: quality(&points),
    }
}

/// Two passes of the box filter, each along the rows and along the columns.
fn blur(grey: &Grey) -> Grey {
    let window = |side: usize| side.div_ceil(2 * POINTS);
    let (along, down) = (window(grey.wide), window(grey.high));
    let mut now = grey.clone();
    for _ in 0..2 {
        let rows = boxed_rows(&now, along);
        now = boxed_columns(&rows, down);
    }
    now
}

/// The span of samples that is averaged for each place.
fn spans(length: usize, window: usize) -> impl Iterator<Item = (usize, usize)> {
    let ahead = window / 2 + 1;
    let behind = window - ahead.min(window);
    (0..length).map(move |at| (at.saturating_sub(behind), (at + ahead).min(length)))
}

fn boxed_rows(grey: &Grey, window: usize) -> Grey {
    let mut out = Vec::with_capacity(grey.pixels.len());
    for row in grey.pixels.chunks_exact(grey.wide) {
        let (mut sum, mut from, mut to) = (0.0, 0, 0);
        for (first, last) in spans(grey.wide, window) {
            while to < last {
                sum += row[to];
                to += 1;
            }
            while from < first {
                sum -= row[from];
                from += 1;
            }
            out.push(sum / (to - from) as f32);
        }
    }
    grey.with(out)
}

fn boxed_columns(grey: &Grey, window: usize) -> Grey {
    let mut out = Vec::with_capacity(grey.pixels.len());
    let mut sums = vec![0.0; grey.wide];
    let (mut from, mut to) = (0, 0);
    for (first, last) in spans(grey.high, window) {
        while to < last {
            for (sum, pixel) in sums.iter_mut().zip(grey.row(to)) {
                *sum += pixel;
            }
            to += 1;
        }
        while from < first {
            for (sum, pixel) in sums.iter_mut().zip(grey.row(from)) {
                *sum -= pixel;
            }
            from += 1;
        }
        let count = (to - from) as f32;
        out.extend(sums.iter().map(|sum| sum / count));
    }
    grey.with(out)
}

/// One pixel in the middle of each of the 64 x 64 fields.
fn decimate(grey: &Grey) -> Vec<f32> {
    let middle = |at: usize, side: usize| (2 * at + 1) * side / (2 * POINTS);
    let mut points = Vec::with_capacity(POINTS * POINTS);
    for y in 0..POINTS {
        let row = grey.row(middle(y, grey.high));
        points.extend((0..POINTS).map(|x| row[middle(x, grey.wide)]));
    }
    points
}

/// The sum of the noticeable steps between neighbours.
fn quality(points: &[f32]) -> u8 {
    let step = |a: f32, b: f32| ((a - b) * 100.0 / 255.0).abs().trunc() as u32;
    let down = points
        .iter()
        .zip(&points[POINTS..])
        .map(|(a, b)| step(*a, *b));
    let along = points
        .chunks_exact(POINTS)
        .flat_map(|row| row.windows(2).map(|pair| step(pair[0], pair[1])));
    ((down.sum::<u32>() + along.sum::<u32>()) / 90).min(100) as u8
}

/// Row `i`, column `j`: the wave of frequency `i + 1` at point `j`.
static WAVE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let scale = (2.0 / POINTS as f64).sqrt();
    let angle = std::f64::consts::PI / 2.0 / POINTS as f64;
    (0..WAVES * POINTS)
        .map(|at| {
            let (i, j) = (at / POINTS, at % POINTS);
            (scale * (angle * (i + 1) as f64 * (2 * j + 1) as f64).cos()) as f32
        })
        .collect()
});

fn frequencies(points: &[f32]) -> Spectrum {
    let mut half = [0.0; WAVES * POINTS];
    for (wave, out) in WAVE.chunks_exact(POINTS).zip(half.chunks_exact_mut(POINTS)) {
        for (weight, row) in wave.iter().zip(points.chunks_exact(POINTS)) {
            for (sum, point) in out.iter_mut().zip(row) {
                *sum += weight * point;
            }
        }
    }
    let mut spectrum = [0.0; WAVES * WAVES];
    for (row, out) in half
        .chunks_exact(POINTS)
        .zip(spectrum.chunks_exact_mut(WAVES))
    {
        for (wave, sum) in WAVE.chunks_exact(POINTS).zip(out) {
            *sum = row.iter().zip(wave).map(|(a, b)| a * b).sum();
        }
    }
    spectrum
}

/// The spectrum of the picture in another form: turning and mirroring only move frequencies and change their signs.
fn turned(spectrum: &Spectrum, form: usize) -> Spectrum {
    let mut out = [0.0; WAVES * WAVES];
    for (at, value) in spectrum.iter().enumerate() {
        let (row, column) = (at / WAVES, at % WAVES);
        // the first frequency is an odd wave
        let (odd_row, odd_column) = (row % 2 == 0, column % 2 == 0);
        let (across, minus) = match form {
            0 => (false, false),
            1 => (true, odd_column),
            2 => (false, odd_row != odd_column),
            3 => (true, odd_row),
            4 => (false, odd_row),
            5 => (false, odd_column),
            6 => (true, false),
            _ => (true, odd_row != odd_column),
        };
        let to = if across { column * WAVES + row } else { at };
        out[to] = if minus { -value } else { *value };
    }
    out
}

fn fingerprint(spectrum: &Spectrum) -> Fingerprint {
    let mut sorted = *spectrum;
    let (_, median, _) = sorted.select_nth_unstable_by(WAVES * WAVES / 2 - 1, f32::total_cmp);
    let mut fingerprint = Fingerprint::default();
    for (bit, value) in spectrum.iter().enumerate() {
        if value > median {
            fingerprint.set(bit);
        }
    }
    fingerprint
}
