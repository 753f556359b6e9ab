//! Whether two pictures agree pixel by pixel where a map lays one over the other: the last word on every likeness.
//!
//! Broad brightness says little, since every landscape is bright above and dark below. So the mean of the surroundings is
//! taken away first, and the pictures are compared field by field.

use super::{
    align::{Map, Place},
    grey::Grey,
    pattern::Form,
};

/// The longer side of the small copy that a picture is looked through with.
pub const LOOKED: usize = 160;
/// The longer side of the small copy of a known picture.
const KNOWN: usize = 80;
/// How far surroundings reach.
const AROUND: usize = 4;
/// Pixels a side of a field.
const FIELD: usize = 8;
/// Pixels of a field that must be visible.
const VISIBLE: usize = 24;
/// A field that varies less is plain.
const PLAIN: f32 = 1.6;
/// Fields that go together at least so well agree.
const AGREEING: f32 = 0.75;
/// Fields that go together better belong to what is shown of the known picture.
const EVEN: f32 = 0.45;
/// Steps of the search for the best map, on the coarse and on the fine picture.
const STEPS: [usize; 2] = [4, 3];
/// Pictures that go together no better on the coarse copies are not compared on the fine ones.
const HOPELESS: f32 = 0.35;
/// The longest step that is believed, in pixels, and the strongest turn or stretch.
const FARTHEST: f32 = 5.0;
const STRONGEST: f32 = 0.15;

/// A small grey copy of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    pub wide: u8,
    pub high: u8,
    pub pixels: Vec<u8>,
}

impl Sketch {
    /// A copy with this longer side.
    pub fn new(grey: &Grey, longer: usize) -> Self {
        let most = grey.wide.max(grey.high).max(1);
        let side = |length: usize| ((length * longer + most / 2) / most).clamp(1, 255);
        if grey.pixels.is_empty() {
            return Self::default();
        }
        let small = grey.resized(side(grey.wide), side(grey.high));
        Self {
            wide: small.wide as u8,
            high: small.high as u8,
            pixels: small.pixels.iter().map(|p| (p + 0.5) as u8).collect(),
        }
    }

    /// The copy to keep of a known picture.
    pub fn smaller(&self) -> Self {
        Self::new(&self.grey(), KNOWN)
    }

    fn grey(&self) -> Grey {
        Grey {
            wide: usize::from(self.wide),
            high: usize::from(self.high),
            pixels: self.pixels.iter().map(|p| f32::from(*p)).collect(),
        }
    }
}

/// The copies of a picture, each half as large as the one before, and the size of the picture.
pub struct Copies {
    size: Place,
    levels: Vec<Grey>,
}

impl Copies {
    /// The copies of a picture of this size.
    pub fn new(sketch: &Sketch, size: Place) -> Self {
        let mut levels = vec![sketch.grey()];
        for _ in 0..3 {
            let half = levels.last().map(Grey::halved).unwrap_or_default();
            levels.push(half);
        }
        Self { size, levels }
    }

    fn level(&self, level: usize) -> Option<&Grey> {
        let last = self.levels.len().saturating_sub(1);
        self.levels
            .get(level.min(last))
            .filter(|grey| grey.wide >= 8 && grey.high >= 8)
    }
}

/// How well the pixels agree, where they agree best: in a collage a part of the known picture lies under another one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Agreement {
    /// Fields with something in them.
    pub fields: usize,
    /// Those of them that agree.
    pub agreeing: usize,
    /// How well the fields go together on the whole, 1 being perfectly.
    pub together: f32,
    /// How well the brightness goes together, surroundings and all.
    pub broad: f32,
    /// How much of the known picture this is, 0 to 1.
    pub visible: f32,
    /// Where it is in the known picture, seen from its middle: left, top, right, bottom.
    pub place: [f32; 4],
}

impl Agreement {
    /// Whether the pictures agree so well that they are one, given that something else says so too.
    pub fn holds(&self) -> bool {
        self.fields >= 8 && self.together >= 0.6 && self.part() >= 0.5 && self.broad >= 0.85
    }

    /// The part of the fields that agree.
    pub fn part(&self) -> f32 {
        self.agreeing as f32 / self.fields.max(1) as f32
    }
}

/// How well a picture in one of its forms agrees with the known one where the map puts it, and the map that fits best.
pub fn compare(
    known: &Copies,
    other: &Copies,
    form: Form,
    mut map: Map,
) -> Option<(Map, Agreement)> {
    let mut agreement = Agreement::default();
    for (coarser, steps) in [1, 0].into_iter().zip(STEPS) {
        let mut laid = Laid::new(known, other, form, &map, coarser)?;
        for _ in 0..steps {
            let Some((better, still)) = laid
                .step()
                .and_then(|step| Some((map.stepped(step)?, laid.hardly(&step))))
            else {
                break;
            };
            if still {
                break;
            }
            map = better;
            laid = Laid::new(known, other, form, &map, coarser)?;
        }
        agreement = laid.agreement();
        if agreement.together < HOPELESS {
            break;
        }
    }
    Some((map, agreement))
}

/// How well the brightness goes together where the map puts one over the other.
pub fn glance(known: &Copies, other: &Copies, form: Form, map: &Map) -> f32 {
    Laid::new(known, other, form, map, 1).map_or(-1.0, |laid| broad(&laid.shades))
}

/// A known picture and what lies over it, without the broad brightness of either.
struct Laid {
    wide: usize,
    high: usize,
    /// Pixels of the known picture for one of these.
    coarse: Place,
    /// The brightness here and there.
    shades: Vec<(f32, f32)>,
    known: Vec<f32>,
    other: Vec<f32>,
    visible: Vec<bool>,
}

impl Laid {
    /// Lays one over the other, on copies whose pixels are about equally large there.
    fn new(known: &Copies, other: &Copies, form: Form, map: &Map, coarser: usize) -> Option<Self> {
        let finer = (map.steps() / 3.0 + 1.0).round() as i32;
        let (k, o) = ((-finer).max(0) as usize, finer.max(0) as usize);
        let (under, over) = (known.level(k + coarser)?, other.level(o + coarser)?);
        let (wide, high) = (under.wide, under.high);
        let coarse = (known.size.0 / wide as f32, known.size.1 / high as f32);
        let (fine_x, fine_y) = (
            over.wide as f32 / other.size.0.max(1.0),
            over.high as f32 / other.size.1.max(1.0),
        );
        let (half_x, half_y) = (over.wide as f32 / 2.0, over.high as f32 / 2.0);
        let mut shades = Vec::with_capacity(wide * high);
        for y in 0..high {
            let down = (y as f32 + 0.5) * coarse.1 - known.size.1 / 2.0;
            for x in 0..wide {
                let along = (x as f32 + 0.5) * coarse.0 - known.size.0 / 2.0;
                let (u, v) = form.back(map.of((along, down)));
                shades.push(between(
                    over,
                    u * fine_x + half_x - 0.5,
                    v * fine_y + half_y - 0.5,
                ));
            }
        }
        let visible: Vec<bool> = shades.iter().map(Option::is_some).collect();
        let shades: Vec<f32> = shades.into_iter().map(Option::unwrap_or_default).collect();
        Some(Self {
            wide,
            high,
            coarse,
            shades: under
                .pixels
                .iter()
                .copied()
                .zip(shades.iter().copied())
                .collect(),
            known: sharpened(&under.pixels, &visible, wide),
            other: sharpened(&shades, &visible, wide),
            visible,
        })
    }

    /// The step towards a better map: what the known picture must be moved, turned and stretched by to lie more exactly
    /// under the other (Lucas and Kanade's way).
    fn step(&self) -> Option<[f32; 6]> {
        let (even, odd) = (rms(&self.known), rms(&self.other));
        if even < 0.3 || odd < 0.3 {
            return None;
        }
        let (middle_x, middle_y) = (self.wide as f32 / 2.0, self.high as f32 / 2.0);
        let (mut square, mut side) = ([[0.0_f32; 6]; 6], [0.0_f32; 6]);
        for y in 1..self.high.saturating_sub(1) {
            for x in 1..self.wide.saturating_sub(1) {
                let at = y * self.wide + x;
                let around = [at, at - 1, at + 1, at - self.wide, at + self.wide];
                if !around.iter().all(|at| self.visible[*at]) {
                    continue;
                }
                let [_, left, right, above, below] = around.map(|at| self.known[at] / even);
                let (dx, dy) = ((right - left) * 0.5, (below - above) * 0.5);
                let apart = (self.other[at] / odd - self.known[at] / even).clamp(-1.0, 1.0);
                let (x, y) = (x as f32 + 0.5 - middle_x, y as f32 + 0.5 - middle_y);
                let slopes = [dx * x, dx * y, dx, dy * x, dy * y, dy];
                for (row, (sum, slope)) in square.iter_mut().zip(side.iter_mut().zip(slopes)) {
                    *sum += slope * apart;
                    for (cell, other) in row.iter_mut().zip(slopes) {
                        *cell += slope * other;
                    }
                }
            }
        }
        let mut step = solved(square, side)?;
        if step[2].hypot(step[5]) > FARTHEST
            || [0, 1, 3, 4].iter().any(|at| step[*at].abs() > STRONGEST)
        {
            return None;
        }
        step[2] *= self.coarse.0;
        step[5] *= self.coarse.1;
        Some(step)
    }

    /// Whether a step changes next to nothing.
    fn hardly(&self, [p, q, x, r, s, y]: &[f32; 6]) -> bool {
        let far = self.wide.max(self.high) as f32 / 2.0;
        let stretched = p.abs().max(q.abs()).max(r.abs()).max(s.abs()) * far;
        (x / self.coarse.0).hypot(y / self.coarse.1) + stretched < 0.15
    }

    fn agreement(&self) -> Agreement {
        let (across, down) = (self.wide.div_ceil(FIELD), self.high.div_ceil(FIELD));
        let mut fields = Vec::with_capacity(across * down);
        for top in (0..self.high).step_by(FIELD) {
            for left in (0..self.wide).step_by(FIELD) {
                fields.push(self.field(left, top));
            }
        }
        let worth = |field: &Option<Field>| match field {
            None => -0.2,
            Some(field) if field.is_plain() => 0.0,
            Some(field) => field.together - EVEN,
        };
        let worths: Vec<f32> = fields.iter().map(worth).collect();
        let [left, top, right, bottom] = richest(&worths, across, down);
        let mut agreement = Agreement::default();
        let (mut sum, mut weights) = (0.0, 0.0);
        let rows = (top..bottom).flat_map(|y| (left..right).map(move |x| y * across + x));
        for field in rows.filter_map(|at| fields.get(at).copied().flatten()) {
            if !field.is_plain() {
                agreement.fields += 1;
                agreement.agreeing += usize::from(field.together >= AGREEING);
                let weight = field.known.clamp(PLAIN, 8.0);
                sum += field.together * weight;
                weights += weight;
            }
        }
        agreement.together = sum / f32::max(weights, 1e-3);
        let (right, bottom) = (
            (right * FIELD).min(self.wide),
            (bottom * FIELD).min(self.high),
        );
        let (left, top) = (left * FIELD, top * FIELD);
        let inside = |at: usize| {
            (left..right).contains(&(at % self.wide)) && (top..bottom).contains(&(at / self.wide))
        };
        let seen: Vec<(f32, f32)> = (0..self.shades.len())
            .filter(|at| self.visible[*at] && inside(*at))
            .map(|at| self.shades[at])
            .collect();
        agreement.broad = broad(&seen);
        agreement.visible = seen.len() as f32 / self.visible.len().max(1) as f32;
        let (half_x, half_y) = (self.wide as f32 / 2.0, self.high as f32 / 2.0);
        let x = |at: usize| (at as f32 - half_x) * self.coarse.0;
        let y = |at: usize| (at as f32 - half_y) * self.coarse.1;
        agreement.place = [x(left), y(top), x(right), y(bottom)];
        agreement
    }

    /// How well a field goes together, and how much it varies here and there.
    fn field(&self, left: usize, top: usize) -> Option<Field> {
        let (mut count, mut sums) = (0, [0.0_f32; 5]);
        for y in top..(top + FIELD).min(self.high) {
            for at in y * self.wide + left..y * self.wide + (left + FIELD).min(self.wide) {
                if self.visible[at] {
                    let (a, b) = (self.known[at], self.other[at]);
                    let terms = [a, b, a * a, b * b, a * b];
                    sums.iter_mut()
                        .zip(terms)
                        .for_each(|(sum, term)| *sum += term);
                    count += 1;
                }
            }
        }
        if count < VISIBLE {
            return None;
        }
        let [a, b, aa, bb, ab] = sums.map(|sum| sum / count as f32);
        let (known, other) = ((aa - a * a).max(0.0).sqrt(), (bb - b * b).max(0.0).sqrt());
        // a little doubt for fields that vary hardly more than noise
        let together = (ab - a * b) / (known * other + 0.5);
        Some(Field {
            together,
            known,
            other,
        })
    }
}

/// A field of the known picture: how well it goes together, and how much it varies here and there.
#[derive(Debug, Clone, Copy)]
struct Field {
    together: f32,
    known: f32,
    other: f32,
}

impl Field {
    fn is_plain(&self) -> bool {
        self.known.max(self.other) < PLAIN
    }
}

/// The part whose fields are worth most together: left, top, right and bottom.
fn richest(worths: &[f32], across: usize, down: usize) -> [usize; 4] {
    let mut sums = vec![0.0_f32; (across + 1) * (down + 1)];
    for y in 0..down {
        let mut row = 0.0;
        for x in 0..across {
            row += worths[y * across + x];
            sums[(y + 1) * (across + 1) + x + 1] = sums[y * (across + 1) + x + 1] + row;
        }
    }
    let sum = |x: usize, y: usize| sums[y * (across + 1) + x];
    let (mut best, mut most) = ([0, 0, across, down], f32::MIN);
    for top in 0..down {
        for bottom in top + 1..=down {
            for left in 0..across {
                for right in left + 1..=across {
                    let worth =
                        sum(right, bottom) - sum(left, bottom) - sum(right, top) + sum(left, top);
                    // of two parts that are worth the same, the larger
                    if worth >= most {
                        (best, most) = ([left, top, right, bottom], worth);
                    }
                }
            }
        }
    }
    best
}

/// The brightness between the pixels at a place; nothing outside.
fn between(grey: &Grey, x: f32, y: f32) -> Option<f32> {
    let (last_x, last_y) = (grey.wide as f32 - 1.0, grey.high as f32 - 1.0);
    if x < -0.5 || y < -0.5 || x > last_x + 0.5 || y > last_y + 0.5 {
        return None;
    }
    let (x, y) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y));
    let (column, row) = (
        (x as usize).min(grey.wide - 2),
        (y as usize).min(grey.high - 2),
    );
    let (along, down) = (x - column as f32, y - row as f32);
    let at = row * grey.wide + column;
    let (above, below) = (
        grey.pixels.get(at..at + 2)?,
        grey.pixels.get(at + grey.wide..)?,
    );
    let (top, low) = (
        above[0] + (above[1] - above[0]) * along,
        below[0] + (below[1] - below[0]) * along,
    );
    Some(top + (low - top) * down)
}

/// Without the mean of the visible surroundings; 0 where nothing is visible.
fn sharpened(shades: &[f32], visible: &[bool], wide: usize) -> Vec<f32> {
    let high = shades.len() / wide.max(1);
    let across = wide + 1;
    let mut sums = vec![(0.0_f32, 0.0_f32); across * (high + 1)];
    for y in 0..high {
        let mut row = (0.0, 0.0);
        for x in 0..wide {
            if visible[y * wide + x] {
                row = (row.0 + shades[y * wide + x] - 128.0, row.1 + 1.0);
            }
            let above = sums[y * across + x + 1];
            sums[(y + 1) * across + x + 1] = (above.0 + row.0, above.1 + row.1);
        }
    }
    let mut out = Vec::with_capacity(shades.len());
    for y in 0..high {
        let (top, low) = (y.saturating_sub(AROUND), (y + AROUND + 1).min(high));
        for x in 0..wide {
            if !visible[y * wide + x] {
                out.push(0.0);
                continue;
            }
            let (left, right) = (x.saturating_sub(AROUND), (x + AROUND + 1).min(wide));
            let [a, b, c, d] = [(top, left), (top, right), (low, left), (low, right)]
                .map(|(y, x)| sums[y * across + x]);
            let (sum, count) = (d.0 - b.0 - c.0 + a.0, d.1 - b.1 - c.1 + a.1);
            out.push(shades[y * wide + x] - 128.0 - sum / count.max(1.0));
        }
    }
    out
}

/// The correlation.
fn broad(shades: &[(f32, f32)]) -> f32 {
    let mut sums = [0.0_f32; 5];
    for (a, b) in shades {
        let (a, b) = (a - 128.0, b - 128.0);
        let terms = [a, b, a * a, b * b, a * b];
        sums.iter_mut()
            .zip(terms)
            .for_each(|(sum, term)| *sum += term);
    }
    let [a, b, aa, bb, ab] = sums.map(|sum| sum / shades.len().max(1) as f32);
    (ab - a * b) / ((aa - a * a) * (bb - b * b)).max(0.0).sqrt().max(1.0)
}

fn rms(values: &[f32]) -> f32 {
    let squares: f32 = values.iter().map(|value| value * value).sum();
    (squares / values.len().max(1) as f32).sqrt()
}

/// The solution of six equations; `None` where they leave a direction open.
fn solved(mut square: [[f32; 6]; 6], mut side: [f32; 6]) -> Option<[f32; 6]> {
    for (at, row) in square.iter_mut().enumerate() {
        row[at] = row[at] * 1.001 + 1e-3;
    }
    for at in 0..6 {
        let (pivot_row, pivot_side) = (square[at], side[at]);
        if pivot_row[at] < 1e-4 {
            return None;
        }
        for (row, value) in square.iter_mut().zip(&mut side).skip(at + 1) {
            let share = row[at] / pivot_row[at];
            for (cell, pivot) in row.iter_mut().zip(pivot_row) {
                *cell -= share * pivot;
            }
            *value -= share * pivot_side;
        }
    }
    for (at, row) in square.iter().enumerate().rev() {
        let known: f32 = row.iter().zip(side).skip(at + 1).map(|(a, b)| a * b).sum();
        side[at] = (side[at] - known) / row[at];
    }
    Some(side)
}
