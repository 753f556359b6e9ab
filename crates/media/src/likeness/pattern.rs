//! What the surroundings of a mark look like: 256 comparisons of brightness.
//!
//! The comparisons come in families of eight, one family a byte: one comparison in the eight ways a square can be turned
//! and mirrored. So the surroundings in a turned or mirrored picture have the same bytes with their bits in another order,
//! and nothing has to be read anew.

use std::sync::LazyLock;

use super::grey::Grey;

/// Pixels that are looked at in each direction.
pub const RADIUS: i32 = 14;
/// A difference in brightness that is more than noise.
const NOTICEABLE: f32 = 1.0;
const FAMILIES: usize = 32;

/// The comparisons of a mark's surroundings, a bit each.
pub type Bits = [u64; 4];

/// In how many comparisons two surroundings differ.
pub fn differing(a: &Bits, b: &Bits) -> u32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| (a ^ b).count_ones())
        .sum::<u32>()
}

/// One of the eight ways to turn and mirror a square about its middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    swap: bool,
    left: bool,
    up: bool,
}

/// All eight, the first being the picture as it is, the second its mirror image.
pub const FORMS: [Form; 8] = [
    Form::new(false, false, false),
    Form::new(false, true, false),
    Form::new(false, false, true),
    Form::new(false, true, true),
    Form::new(true, false, false),
    Form::new(true, true, false),
    Form::new(true, false, true),
    Form::new(true, true, true),
];

impl Form {
    const fn new(swap: bool, left: bool, up: bool) -> Self {
        Self { swap, left, up }
    }

    /// Where a point goes, seen from the middle.
    pub fn point<T: std::ops::Neg<Output = T>>(self, (x, y): (T, T)) -> (T, T) {
        let (x, y) = if self.swap { (y, x) } else { (x, y) };
        (if self.left { -x } else { x }, if self.up { -y } else { y })
    }

    /// Where a part goes: left, top, right and bottom, seen from the middle.
    pub fn part(self, [left, top, right, bottom]: [f32; 4]) -> [f32; 4] {
        let (a, b) = (self.point((left, top)), self.point((right, bottom)));
        [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)]
    }

    /// Where a point comes from.
    pub fn back(self, (x, y): (f32, f32)) -> (f32, f32) {
        let (x, y) = (if self.left { -x } else { x }, if self.up { -y } else { y });
        if self.swap { (y, x) } else { (x, y) }
    }

    /// Whether width and height change places.
    pub fn swaps(self) -> bool {
        self.swap
    }

    /// The same surroundings in a picture of this form.
    pub fn bits(self, bits: &Bits) -> Bits {
        let at = FORMS.iter().position(|form| *form == self).unwrap_or(0);
        let Some(order) = ORDERS.get(at) else {
            return *bits;
        };
        bits.map(|word| u64::from_le_bytes(word.to_le_bytes().map(|byte| order[usize::from(byte)])))
    }
}

/// For each form, what becomes of a byte.
static ORDERS: LazyLock<Vec<[u8; 256]>> = LazyLock::new(|| {
    FORMS
        .iter()
        .map(|form| {
            // the comparison that was at `from` is at `to` afterwards
            let moves: Vec<(usize, usize)> = FORMS
                .iter()
                .enumerate()
                .filter_map(|(from, inner)| {
                    let point = form.point(inner.point((1, 2)));
                    let to = FORMS.iter().position(|f| f.point((1, 2)) == point)?;
                    Some((from, to))
                })
                .collect();
            std::array::from_fn(|byte| {
                moves
                    .iter()
                    .fold(0, |out, (from, to)| out | ((byte >> from & 1) << to) as u8)
            })
        })
        .collect()
});

/// The pairs of places that are compared: family by family, form by form.
static PAIRS: LazyLock<Vec<[(i32, i32); 2]>> = LazyLock::new(|| {
    let mut state = 0x5DEE_CE66_D1CE_u64;
    let mut third = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f32 / (1_u64 << 31) as f32 - 0.5
    };
    let mut place = || {
        loop {
            let mut about = || ((third() + third()) * 15.0).round() as i32;
            let (x, y) = (about(), about());
            // on an axis of the square, two forms would be one
            if x.abs() != y.abs() && x != 0 && y != 0 && x.abs().max(y.abs()) <= RADIUS {
                return (x, y);
            }
        }
    };
    let mut pairs = Vec::with_capacity(FAMILIES * FORMS.len());
    while pairs.len() < FAMILIES * FORMS.len() {
        let (a, b) = (place(), place());
        if (a.0 - b.0).abs() + (a.1 - b.1).abs() >= 4 {
            pairs.extend(FORMS.map(|form| [form.point(a), form.point(b)]));
        }
    }
    pairs
});

/// The comparisons for pictures of one width.
pub struct Pattern {
    steps: Vec<[isize; 2]>,
}

impl Pattern {
    /// For pictures of this width.
    pub fn new(wide: usize) -> Self {
        let step = |(x, y): (i32, i32)| y as isize * wide as isize + x as isize;
        Self {
            steps: PAIRS.iter().map(|pair| pair.map(step)).collect(),
        }
    }

    /// The surroundings of a place, which must be [`RADIUS`] away from every edge.
    pub fn read(&self, smooth: &Grey, x: usize, y: usize) -> Bits {
        let middle = y * smooth.wide + x;
        let at = |step: isize| {
            smooth
                .pixels
                .get(middle.wrapping_add_signed(step))
                .copied()
                .unwrap_or_default()
        };
        let mut bits = [0; 4];
        for (word, steps) in bits.iter_mut().zip(self.steps.chunks_exact(64)) {
            for (bit, [a, b]) in steps.iter().enumerate() {
                *word |= u64::from(at(*a) > at(*b) + NOTICEABLE) << bit;
            }
        }
        bits
    }
}
