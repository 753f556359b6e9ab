//! Marks: corners of a picture that are found again in a copy of it, at several sizes, with their surroundings.

use super::{
    grey::Grey,
    pattern::{Bits, Pattern, RADIUS},
};

/// Sizes at which marks are looked for; each is smaller by the third root of two.
pub const LEVELS: usize = 9;
/// Marks a level at most.
const QUOTA: [usize; LEVELS] = [170, 135, 110, 90, 75, 60, 50, 40, 30];
/// The most marks that a picture has.
pub const MOST: usize = 760 + INNER;
/// The most finer marks of what is inside a picture.
const INNER: usize = 256;
/// Parts of a pixel that places are kept in.
pub const FINE: f32 = 64.0;
/// A weaker corner is noise.
const FAINT: f32 = 12.0;

/// A corner with its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Right of the middle, in 64ths of a pixel.
    pub x: i16,
    /// Below the middle.
    pub y: i16,
    /// Which size it was found at; below 0 what is inside the picture was looked at more closely.
    pub level: i8,
    /// How bright it is.
    pub shade: u8,
    /// What it looks like.
    pub bits: Bits,
}

impl Mark {
    /// Its place in pixels, seen from the middle.
    pub fn place(&self) -> (f32, f32) {
        (f32::from(self.x) / FINE, f32::from(self.y) / FINE)
    }
}

/// The marks of a picture, the strongest of each size first.
pub fn marks(grey: &Grey) -> Vec<Mark> {
    on_levels(grey, &QUOTA)
}

/// The marks of what is inside a picture that are finer than those of the whole, by so many levels. The middle of what is
/// inside is at `middle`, and it was enlarged by so much.
pub fn inner_marks(grey: &Grey, finer: u8, middle: (f32, f32)) -> Vec<Mark> {
    let quotas = QUOTA.get(..usize::from(finer)).unwrap_or(&QUOTA);
    let all = quotas.iter().sum::<usize>().max(INNER);
    let quotas: Vec<usize> = quotas.iter().map(|quota| quota * INNER / all).collect();
    let larger = shrinkage(finer as i8) * FINE;
    let place = |at: i16, middle: f32| ((f32::from(at) / larger + middle) * FINE).round() as i16;
    let mut marks = on_levels(grey, &quotas);
    for mark in &mut marks {
        mark.level -= finer as i8;
        mark.x = place(mark.x, middle.0);
        mark.y = place(mark.y, middle.1);
    }
    marks
}

fn on_levels(grey: &Grey, quotas: &[usize]) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut levels: Vec<Grey> = Vec::with_capacity(LEVELS);
    for (level, quota) in quotas.iter().enumerate() {
        let now = match level.checked_sub(3).and_then(|at| levels.get(at)) {
            Some(larger) => larger.halved(),
            None => shrunk(grey, level),
        };
        if now.wide.min(now.high) <= 2 * MARGIN {
            break;
        }
        marks_of(&now, grey, level, *quota, &mut marks);
        levels.push(now);
    }
    marks
}

/// How many times smaller a level is.
pub fn shrinkage(level: i8) -> f32 {
    const THIRDS: [f32; 3] = [1.0, 1.259_921, 1.587_401];
    let third = THIRDS[usize::from(level.rem_euclid(3).unsigned_abs()) % 3];
    // a power of two, written down as one
    let octaves = f32::from_bits((127 + i32::from(level.div_euclid(3))).cast_unsigned() << 23);
    third * octaves
}

fn shrunk(grey: &Grey, level: usize) -> Grey {
    if level == 0 {
        return grey.clone();
    }
    let by = shrinkage(level as i8);
    let side = |length: usize| ((length as f32 / by).round() as usize).max(1);
    grey.resized(side(grey.wide), side(grey.high))
}

/// The nearest a mark comes to an edge.
const MARGIN: usize = RADIUS as usize + 1;

fn marks_of(now: &Grey, base: &Grey, level: usize, quota: usize, marks: &mut Vec<Mark>) {
    let soft = softened(now);
    let strength = corners(&soft);
    let chosen = choose(peaks(&strength), quota, now);
    let smooth = softened(&softened(&soft));
    let pattern = Pattern::new(now.wide);
    // thirds of an octave below the first three are halves of those, with a row or column lost at most
    let scale = match level {
        0..3 => (
            base.wide as f32 / now.wide as f32,
            base.high as f32 / now.high as f32,
        ),
        _ => {
            let (octaves, first) = (level / 3, level % 3);
            let by = shrinkage(first as i8);
            let side = |length: usize| length as f32 / (length as f32 / by).round();
            let twos = (1_u32 << octaves) as f32;
            (side(base.wide) * twos, side(base.high) * twos)
        }
    };
    for peak in chosen {
        let place = |at: f32, scale: f32, length: usize| {
            (((at + 0.5) * scale - length as f32 / 2.0) * FINE).round() as i16
        };
        marks.push(Mark {
            x: place(peak.x as f32 + peak.dx, scale.0, base.wide),
            y: place(peak.y as f32 + peak.dy, scale.1, base.high),
            level: level as i8,
            shade: smooth
                .row(peak.y)
                .get(peak.x)
                .map_or(0, |shade| shade.round() as u8),
            bits: pattern.read(&smooth, peak.x, peak.y),
        });
    }
}

/// Each pixel the weighted mean of its neighbourhood of 5 x 5.
fn softened(grey: &Grey) -> Grey {
    let mut rows = Vec::with_capacity(grey.pixels.len());
    for row in grey.pixels.chunks_exact(grey.wide) {
        soften_row(row, &mut rows);
    }
    let rows = grey.with(rows);
    let last = grey.high - 1;
    let mut out = Vec::with_capacity(grey.pixels.len());
    for y in 0..grey.high {
        let row = |by: isize| rows.row(y.saturating_add_signed(by).min(last));
        let sides = row(-2).iter().zip(row(2)).zip(row(-1)).zip(row(1));
        out.extend(
            sides
                .zip(row(0))
                .map(|((((a, e), b), d), c)| (a + e + 4.0 * (b + d) + 6.0 * c) / 16.0),
        );
    }
    grey.with(out)
}

fn soften_row(row: &[f32], out: &mut Vec<f32>) {
    let last = row.len() - 1;
    let edge = |x: usize| {
        let at = |by: isize| row[x.saturating_add_signed(by).min(last)];
        (at(-2) + at(2) + 4.0 * (at(-1) + at(1)) + 6.0 * at(0)) / 16.0
    };
    let inner = row.len().saturating_sub(4);
    out.extend((0..row.len().min(2)).map(edge));
    let sides = row.iter().zip(row.iter().skip(4));
    let near = row.iter().skip(1).zip(row.iter().skip(3));
    out.extend(
        sides
            .zip(near)
            .zip(row.iter().skip(2))
            .take(inner)
            .map(|(((a, e), (b, d)), c)| (a + e + 4.0 * (b + d) + 6.0 * c) / 16.0),
    );
    out.extend((2 + inner..row.len()).map(edge));
}

/// How much of a corner each pixel is: how steep its surroundings are in the direction in which they are flattest.
fn corners(soft: &Grey) -> Grey {
    let size = soft.pixels.len();
    let (mut xx, mut yy, mut xy) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    let wide = soft.wide;
    for y in 1..soft.high - 1 {
        let (above, row, below) = (soft.row(y - 1), soft.row(y), soft.row(y + 1));
        let inner = y * wide + 1..(y + 1) * wide - 1;
        let slopes = row
            .iter()
            .zip(&row[2..])
            .zip(above[1..].iter().zip(&below[1..]));
        let out = xx[inner.clone()]
            .iter_mut()
            .zip(&mut yy[inner.clone()])
            .zip(&mut xy[inner]);
        for (((left, right), (up, down)), ((xx, yy), xy)) in slopes.zip(out) {
            let (dx, dy) = (right - left, down - up);
            *xx = dx * dx;
            *yy = dy * dy;
            *xy = dx * dy;
        }
    }
    let [xx, yy, xy] = [xx, yy, xy].map(|product| softened(&soft.with(product)));
    let all = xx.pixels.iter().zip(&yy.pixels).zip(&xy.pixels);
    let strength = all.map(|((xx, yy), xy)| {
        let (mean, half) = ((xx + yy) * 0.5, (xx - yy) * 0.5);
        mean - (half * half + xy * xy).sqrt()
    });
    soft.with(strength.collect())
}

/// A place where the strength is greatest among its neighbours.
struct Peak {
    strength: f32,
    x: usize,
    y: usize,
    /// Where between the pixels the top is.
    dx: f32,
    dy: f32,
}

fn peaks(strength: &Grey) -> Vec<Peak> {
    let mut peaks = Vec::new();
    for y in MARGIN..strength.high - MARGIN {
        let (above, row, below) = (strength.row(y - 1), strength.row(y), strength.row(y + 1));
        for x in MARGIN..strength.wide - MARGIN {
            let top = row[x];
            if top <= FAINT || top < row[x - 1] || top <= row[x + 1] {
                continue;
            }
            let around = x - 1..x + 2;
            if above[around.clone()].iter().any(|s| *s > top)
                || below[around].iter().any(|s| *s >= top)
            {
                continue;
            }
            peaks.push(Peak {
                strength: top,
                x,
                y,
                dx: between(row[x - 1], top, row[x + 1]),
                dy: between(above[x], top, below[x]),
            });
        }
    }
    peaks
}

/// Where the parabola through three neighbours has its top.
fn between(before: f32, top: f32, after: f32) -> f32 {
    let bend = before + after - 2.0 * top;
    if bend < -1e-6 {
        (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
    } else {
        0.0
    }
}

/// The strongest peaks, spread over the picture: first those with no stronger one near, then the rest by strength.
fn choose(mut peaks: Vec<Peak>, quota: usize, now: &Grey) -> Vec<Peak> {
    peaks.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    if peaks.len() <= quota {
        return peaks;
    }
    let area = (now.wide - 2 * MARGIN) * (now.high - 2 * MARGIN);
    let apart = (area as f32 / quota as f32).sqrt() * 0.7;
    let cells = (
        (now.wide as f32 / apart) as usize + 1,
        (now.high as f32 / apart) as usize + 1,
    );
    let mut taken: Vec<Vec<(f32, f32)>> = vec![Vec::new(); cells.0 * cells.1];
    let (mut chosen, mut rest) = (Vec::new(), Vec::new());
    for peak in peaks {
        let (x, y) = (peak.x as f32, peak.y as f32);
        let (column, row) = ((x / apart) as usize, (y / apart) as usize);
        let crowded = (row.saturating_sub(1)..=row + 1)
            .flat_map(|row| (column.saturating_sub(1)..=column + 1).map(move |c| (row, c)))
            .filter(|(row, column)| *column < cells.0 && *row < cells.1)
            .any(|(row, column)| {
                taken[row * cells.0 + column]
                    .iter()
                    .any(|(a, b)| (a - x).powi(2) + (b - y).powi(2) < apart * apart)
            });
        if crowded {
            rest.push(peak);
            continue;
        }
        taken[row * cells.0 + column].push((x, y));
        chosen.push(peak);
        if chosen.len() == quota {
            return chosen;
        }
    }
    let wanted = quota - chosen.len();
    chosen.extend(rest.into_iter().take(wanted));
    chosen
}
