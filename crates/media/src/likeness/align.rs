//! How one picture lies in another: a map of the plane found from pairs of places.

/// A place, seen from the middle of a picture, in pixels.
pub type Place = (f32, f32);

/// A map of the plane: `x' = a x + b y + c`, `y' = d x + e y + f`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Map {
    a: f32,
    b: f32,
    c: f32,
    d: f32,
    e: f32,
    f: f32,
    /// How many levels further up things are found.
    steps: f32,
}

/// The strongest turn that is believed, as the tangent of the angle.
const TURN: f32 = 0.36;
/// The strongest enlargement or reduction.
const SCALE: f32 = 5.0;
/// How much more one direction may be stretched than another.
const STRETCH: f32 = 1.35;

impl Map {
    /// The map that only moves, turns and scales, and takes these two places there.
    pub fn through(from: [Place; 2], to: [Place; 2]) -> Option<Self> {
        let (x, y) = (from[1].0 - from[0].0, from[1].1 - from[0].1);
        let (u, v) = (to[1].0 - to[0].0, to[1].1 - to[0].1);
        let square = x * x + y * y;
        if square < 100.0 {
            return None;
        }
        let (p, q) = ((u * x + v * y) / square, (v * x - u * y) / square);
        let map = Self {
            a: p,
            b: -q,
            c: to[0].0 - p * from[0].0 + q * from[0].1,
            d: q,
            e: p,
            f: to[0].1 - q * from[0].0 - p * from[0].1,
            steps: 0.0,
        };
        map.believed()
    }

    /// The map that takes the whole of one picture to the whole of another, larger by so much in width and height.
    pub fn onto((wide, high): (f32, f32)) -> Self {
        Self {
            a: wide,
            b: 0.0,
            c: 0.0,
            d: 0.0,
            e: high,
            f: 0.0,
            steps: 1.5 * (wide * high).max(1e-6).log2(),
        }
    }

    /// The map that takes one upright part to another: left, top, right and bottom of each.
    pub fn between(from: [f32; 4], to: [f32; 4]) -> Option<Self> {
        let (a, e) = (
            (to[2] - to[0]) / (from[2] - from[0]),
            (to[3] - to[1]) / (from[3] - from[1]),
        );
        let map = Self {
            a,
            b: 0.0,
            c: to[0] - a * from[0],
            d: 0.0,
            e,
            f: to[1] - e * from[1],
            steps: 0.0,
        };
        map.believed()
    }

    /// The map that fits these pairs best, each stretched as it may be.
    pub fn fitted(pairs: &[(Place, Place)]) -> Option<Self> {
        let count = pairs.len() as f64;
        if pairs.len() < 3 {
            return None;
        }
        let mean = |of: &dyn Fn(&(Place, Place)) -> f32| {
            pairs.iter().map(|pair| f64::from(of(pair))).sum::<f64>() / count
        };
        let (x0, y0) = (mean(&|p| p.0.0), mean(&|p| p.0.1));
        let (u0, v0) = (mean(&|p| p.1.0), mean(&|p| p.1.1));
        let mut sums = [0.0_f64; 7];
        for ((x, y), (u, v)) in pairs {
            let (x, y) = (f64::from(*x) - x0, f64::from(*y) - y0);
            let (u, v) = (f64::from(*u) - u0, f64::from(*v) - v0);
            let terms = [x * x, x * y, y * y, u * x, u * y, v * x, v * y];
            sums.iter_mut()
                .zip(terms)
                .for_each(|(sum, term)| *sum += term);
        }
        let [xx, xy, yy, ux, uy, vx, vy] = sums;
        let whole = xx * yy - xy * xy;
        // places on one line say nothing about the other direction
        if whole <= 1e-3 * xx.max(yy).powi(2) {
            return None;
        }
        let (a, b) = ((ux * yy - uy * xy) / whole, (uy * xx - ux * xy) / whole);
        let (d, e) = ((vx * yy - vy * xy) / whole, (vy * xx - vx * xy) / whole);
        let (c, f) = (u0 - a * x0 - b * y0, v0 - d * x0 - e * y0);
        let [a, b, c, d, e, f] = [a, b, c, d, e, f].map(|value| value as f32);
        let map = Self {
            a,
            b,
            c,
            d,
            e,
            f,
            steps: 0.0,
        };
        map.believed()
    }

    /// The map after a step that moves, turns and stretches the known picture under it.
    pub fn stepped(&self, [p, q, x, r, s, y]: [f32; 6]) -> Option<Self> {
        let whole = (1.0 + p) * (1.0 + s) - q * r;
        let (a, b) = ((1.0 + s) / whole, -q / whole);
        let (d, e) = (-r / whole, (1.0 + p) / whole);
        let mut map = Self {
            a: self.a * a + self.b * d,
            b: self.a * b + self.b * e,
            d: self.d * a + self.e * d,
            e: self.d * b + self.e * e,
            ..*self
        };
        map.c = self.c - map.a * x - map.b * y;
        map.f = self.f - map.d * x - map.e * y;
        map.believed()
    }

    /// Where a place goes.
    pub fn of(&self, (x, y): Place) -> Place {
        (
            self.a * x + self.b * y + self.c,
            self.d * x + self.e * y + self.f,
        )
    }

    /// How many levels further up things are found there.
    pub fn steps(&self) -> f32 {
        self.steps
    }

    /// The map, if a picture travels like this: barely turned, neither tiny nor torn.
    fn believed(mut self) -> Option<Self> {
        let scale = (self.a * self.e - self.b * self.d).abs().sqrt();
        let (across, down) = (self.a.hypot(self.d), self.b.hypot(self.e));
        let sheared = (self.a * self.b + self.d * self.e).abs() > 0.2 * across * down;
        let believable = self.a > 0.0
            && self.e > 0.0
            && self.d.abs() <= TURN * self.a
            && self.b.abs() <= TURN * self.e
            && !sheared
            && across.max(down) <= STRETCH * across.min(down)
            && (1.0 / SCALE..=SCALE).contains(&scale);
        self.steps = 3.0 * scale.log2();
        believable.then_some(self)
    }
}
