//! A small raster canvas: anti-aliased polygons and what is built of them (circles, strokes, rounded boxes), soft shadows,
//! lens softness and sensor grain. Pictures of particular things live in the scene modules.
//!
//! Invariant: only addition, multiplication, division and square roots are used on floats, all of which IEEE 754 defines to
//! the last bit; the platform's `sin` and `cos` are not, and the committed files must come out the same everywhere.

/// A point in the canvas's own units: the shorter side of every canvas is 600 of them.
pub type P = (f32, f32);

/// What a shape is filled with.
#[derive(Clone, Copy)]
pub enum Ink {
    /// One colour, as `0xRRGGBB`.
    Flat(u32),
    /// Top colour to bottom colour over the height of the shape.
    Fade(u32, u32),
}

impl From<u32> for Ink {
    fn from(rgb: u32) -> Self {
        Ink::Flat(rgb)
    }
}

/// A seeded generator (xorshift64*), good enough to scatter leaves and grain.
pub struct Dice(u64);

impl Dice {
    /// Starts a sequence; the same seed gives the same sequence for ever.
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.next() >> 40) as f32 / 16_777_216.0)
    }

    /// One of the values given; 0 when there are none.
    pub fn pick(&mut self, from: &[u32]) -> u32 {
        let index = (self.next() >> 33) as usize % from.len().max(1);
        from.get(index).copied().unwrap_or(0)
    }
}

/// Sine and cosine of an angle in degrees, by a polynomial (see the module's invariant). Error below 0.00001.
pub fn sin_cos(degrees: f32) -> (f32, f32) {
    (sine(degrees), sine(degrees + 90.0))
}

fn sine(degrees: f32) -> f32 {
    let turns = degrees / 360.0;
    let part = (turns - turns.floor()) * 4.0;
    let (quarter, sign) = if part < 2.0 {
        (part, 1.0)
    } else {
        (part - 2.0, -1.0)
    };
    let folded = if quarter <= 1.0 {
        quarter
    } else {
        2.0 - quarter
    };
    let x = folded * core::f32::consts::FRAC_PI_2;
    let q = x * x;
    sign * x * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0))))
}

fn channels(rgb: u32) -> [f32; 3] {
    [16, 8, 0].map(|shift| ((rgb >> shift) & 255) as f32)
}

/// Mixes two colours; `share` 0 is all `a`, 1 is all `b`.
pub fn mix(a: u32, b: u32, share: f32) -> u32 {
    let (a, b) = (channels(a), channels(b));
    (0..3).fold(0, |rgb, i| {
        (rgb << 8) | (a[i] + (b[i] - a[i]) * share + 0.5) as u32
    })
}

/// The picture being drawn.
pub struct Canvas {
    wide: usize,
    high: usize,
    scale: f32,
    alpha: f32,
    pixels: Vec<[f32; 3]>,
}

impl Canvas {
    /// A white canvas of `wide` x `high` pixels.
    pub fn new(wide: u32, high: u32) -> Self {
        let (w, h) = (wide as usize, high as usize);
        Canvas {
            wide: w,
            high: h,
            scale: wide.min(high) as f32 / 600.0,
            alpha: 1.0,
            pixels: vec![[255.0; 3]; w * h],
        }
    }

    /// Width in canvas units.
    pub fn width(&self) -> f32 {
        self.wide as f32 / self.scale
    }

    /// Height in canvas units.
    pub fn height(&self) -> f32 {
        self.high as f32 / self.scale
    }

    /// Draws with the given opacity (0 to 1) for the length of `work`.
    pub fn faintly(&mut self, alpha: f32, work: impl FnOnce(&mut Self)) {
        let before = self.alpha;
        self.alpha = before * alpha;
        work(self);
        self.alpha = before;
    }

    /// Fills a simple polygon.
    pub fn poly(&mut self, points: &[P], ink: impl Into<Ink>) {
        let points: Vec<P> = points
            .iter()
            .map(|p| (p.0 * self.scale, p.1 * self.scale))
            .collect();
        let Some(mut cover) = Coverage::around(&points, self.wide, self.high) else {
            return;
        };
        for (i, from) in points.iter().enumerate() {
            cover.edge(*from, points[(i + 1) % points.len()]);
        }
        self.blend(&cover, ink.into());
    }

    fn blend(&mut self, cover: &Coverage, ink: Ink) {
        let (top, bottom) = match ink {
            Ink::Flat(rgb) => (channels(rgb), channels(rgb)),
            Ink::Fade(a, b) => (channels(a), channels(b)),
        };
        for row in 0..cover.high {
            let share = (row as f32 + 0.5) / cover.high as f32;
            let colour: [f32; 3] = core::array::from_fn(|i| top[i] + (bottom[i] - top[i]) * share);
            let mut sum = 0.0;
            let start = (cover.top + row) * self.wide + cover.left;
            for column in 0..cover.wide {
                sum += cover.cells[row * (cover.wide + 2) + column];
                let alpha = sum.abs().min(1.0) * self.alpha;
                if alpha > 0.002 {
                    let pixel = &mut self.pixels[start + column];
                    for (old, new) in pixel.iter_mut().zip(colour) {
                        *old += (new - *old) * alpha;
                    }
                }
            }
        }
    }

    /// Fills an upright rectangle.
    pub fn rect(&mut self, x: f32, y: f32, w: f32, h: f32, ink: impl Into<Ink>) {
        self.poly(&[(x, y), (x + w, y), (x + w, y + h), (x, y + h)], ink);
    }

    /// Fills a rectangle `(x, y, w, h)` with corners of radius `r`.
    pub fn soft_rect(&mut self, (x, y, w, h): (f32, f32, f32, f32), r: f32, ink: impl Into<Ink>) {
        let mut points = Vec::with_capacity(28);
        let corners = [
            (x + w - r, y + h - r),
            (x + r, y + h - r),
            (x + r, y + r),
            (x + w - r, y + r),
        ];
        for (quarter, (cx, cy)) in corners.into_iter().enumerate() {
            let steps = if r < 30.0 { 6 } else { 24 };
            for step in 0..=steps {
                let turn = step as f32 * 90.0 / steps as f32;
                let (s, c) = sin_cos(quarter as f32 * 90.0 + turn);
                points.push((cx + r * c, cy + r * s));
            }
        }
        self.poly(&points, ink);
    }

    /// Fills an upright ellipse.
    pub fn oval(&mut self, x: f32, y: f32, rx: f32, ry: f32, ink: impl Into<Ink>) {
        self.poly(&arc((x, y), rx, ry, 0.0, 352.5), ink);
    }

    /// Fills a circle.
    pub fn dot(&mut self, x: f32, y: f32, r: f32, ink: impl Into<Ink>) {
        self.oval(x, y, r, r, ink);
    }

    /// Strokes a path with round joints and ends.
    pub fn stroke(&mut self, path: &[P], width: f32, rgb: u32) {
        let half = width / 2.0;
        for pair in path.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let (dx, dy) = (x1 - x0, y1 - y0);
            let length = (dx * dx + dy * dy).sqrt();
            if length > 0.01 {
                let (nx, ny) = (-dy / length * half, dx / length * half);
                self.poly(
                    &[
                        (x0 + nx, y0 + ny),
                        (x1 + nx, y1 + ny),
                        (x1 - nx, y1 - ny),
                        (x0 - nx, y0 - ny),
                    ],
                    rgb,
                );
            }
        }
        if width * self.scale > 2.5 {
            for (x, y) in path {
                self.dot(*x, *y, half, rgb);
            }
        }
    }

    /// A blurred patch of light or shade, strongest in the middle.
    pub fn haze(&mut self, (x, y): P, rx: f32, ry: f32, rgb: u32, strength: f32) {
        let (x, y, rx, ry) = (
            x * self.scale,
            y * self.scale,
            rx * self.scale,
            ry * self.scale,
        );
        let colour = channels(rgb);
        let rows = (y - ry).max(0.0) as usize..((y + ry).max(0.0) as usize + 1).min(self.high);
        for row in rows {
            let v = (row as f32 + 0.5 - y) / ry;
            let columns =
                (x - rx).max(0.0) as usize..((x + rx).max(0.0) as usize + 1).min(self.wide);
            for column in columns {
                let u = (column as f32 + 0.5 - x) / rx;
                let left = (1.0 - u * u - v * v).max(0.0);
                let alpha = left * left * strength * self.alpha;
                let pixel = &mut self.pixels[row * self.wide + column];
                for (old, new) in pixel.iter_mut().zip(colour) {
                    *old += (new - *old) * alpha;
                }
            }
        }
    }

    /// Puts everything drawn so far out of focus; `radius` in canvas units.
    pub fn blur(&mut self, radius: f32) {
        let reach = (radius * self.scale + 0.5) as usize;
        let (wide, high) = (self.wide, self.high);
        if reach == 0 {
            return;
        }
        for _ in 0..2 {
            for row in 0..high {
                box_blur(&mut self.pixels, row * wide, 1, wide, reach);
            }
            for column in 0..wide {
                box_blur(&mut self.pixels, column, wide, high, reach);
            }
        }
    }

    /// What a lens and a sensor add: darker corners and grain that is a little coarser than a pixel.
    pub fn photograph(&mut self, seed: u64, grain: f32) {
        let mut dice = Dice::new(seed ^ 0x5EED);
        let (cx, cy) = (self.wide as f32 / 2.0, self.high as f32 / 2.0);
        let mut above = vec![0.0_f32; self.wide + 1];
        for row in 0..self.high {
            let mut before = 0.0;
            for column in 0..self.wide {
                let raw = dice.between(-1.0, 1.0) + dice.between(-1.0, 1.0);
                let soft = (raw + before + above[column] + above[column + 1]) * 0.5 * grain;
                before = raw;
                above[column] = raw;
                let (u, v) = ((column as f32 - cx) / cx, (row as f32 - cy) / cy);
                let fall = 1.0 - 0.075 * (u * u + v * v);
                for value in &mut self.pixels[row * self.wide + column] {
                    *value = *value * fall + soft;
                }
            }
        }
    }

    /// The finished picture as rows of 8-bit RGB.
    pub fn into_rgb(self) -> Vec<u8> {
        self.pixels
            .into_iter()
            .flatten()
            .map(|value| (value + 0.5).clamp(0.0, 255.0) as u8)
            .collect()
    }
}

/// Points of an elliptic arc, clockwise from `from` to `to` degrees (0 is to the right, 90 is down).
pub fn arc((x, y): P, rx: f32, ry: f32, from: f32, to: f32) -> Vec<P> {
    let step = if rx.max(ry) < 40.0 { 7.5 } else { 2.5 };
    let steps = (((to - from).abs() / step) as usize).max(2);
    (0..=steps)
        .map(|step| {
            let (s, c) = sin_cos(from + (to - from) * step as f32 / steps as f32);
            (x + rx * c, y + ry * s)
        })
        .collect()
}

fn box_blur(pixels: &mut [[f32; 3]], start: usize, step: usize, count: usize, reach: usize) {
    let line: Vec<[f32; 3]> = (0..count).map(|i| pixels[start + i * step]).collect();
    let at = |i: isize| line[i.clamp(0, count as isize - 1) as usize];
    let mut sum = [0.0; 3];
    for offset in -(reach as isize)..=reach as isize {
        (0..3).for_each(|k| sum[k] += at(offset)[k]);
    }
    for i in 0..count {
        pixels[start + i * step] = sum.map(|total| total / (2 * reach + 1) as f32);
        let (gone, come) = (
            at(i as isize - reach as isize),
            at((i + reach + 1) as isize),
        );
        (0..3).for_each(|k| sum[k] += come[k] - gone[k]);
    }
}

/// Signed area each edge covers in each pixel of a box; the running sum along a row is the coverage of the shape.
struct Coverage {
    left: usize,
    top: usize,
    wide: usize,
    high: usize,
    cells: Vec<f32>,
}

impl Coverage {
    /// Room for the part of the polygon that lies on the canvas; none when it lies outside.
    fn around(points: &[P], canvas_wide: usize, canvas_high: usize) -> Option<Self> {
        let (mut low, mut up) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for p in points {
            low = (low.0.min(p.0), low.1.min(p.1));
            up = (up.0.max(p.0), up.1.max(p.1));
        }
        let (left, top) = (low.0.max(0.0) as usize, low.1.max(0.0) as usize);
        let right = (up.0.max(0.0).ceil() as usize).min(canvas_wide);
        let bottom = (up.1.max(0.0).ceil() as usize).min(canvas_high);
        if right <= left || bottom <= top {
            return None;
        }
        let (wide, high) = (right - left, bottom - top);
        Some(Coverage {
            left,
            top,
            wide,
            high,
            cells: vec![0.0; (wide + 2) * high],
        })
    }

    fn edge(&mut self, a: P, b: P) {
        let place = |p: P| (p.0 - self.left as f32, p.1 - self.top as f32);
        let (a, b) = (place(a), place(b));
        if a.1 == b.1 {
            return;
        }
        let (sign, upper, lower) = if a.1 < b.1 { (1.0, a, b) } else { (-1.0, b, a) };
        let slope = (lower.0 - upper.0) / (lower.1 - upper.1);
        let last = (lower.1.max(0.0).ceil() as usize).min(self.high);
        for row in upper.1.max(0.0) as usize..last {
            let from = upper.1.max(row as f32);
            let to = lower.1.min(row as f32 + 1.0);
            let limit = self.wide as f32;
            let x0 = (upper.0 + (from - upper.1) * slope).clamp(0.0, limit);
            let x1 = (upper.0 + (to - upper.1) * slope).clamp(0.0, limit);
            self.span(row, x0.min(x1), x0.max(x1), (to - from) * sign);
        }
    }

    /// Spreads `area` over the cells between `x0` and `x1` of a row.
    fn span(&mut self, row: usize, x0: f32, x1: f32, area: f32) {
        let cells = &mut self.cells[row * (self.wide + 2)..(row + 1) * (self.wide + 2)];
        let first = x0 as usize;
        let last = (x1.ceil() as usize).max(first + 1);
        let mut done = 0.0;
        for (cell, slot) in cells.iter_mut().enumerate().take(last).skip(first) {
            // Share of this pixel right of the edge, averaged over the edge's height.
            let (l, r) = (cell as f32, cell as f32 + 1.0);
            let (from, to) = (x0.max(l), x1.min(r));
            let passed = if x1 - x0 < 1e-6 {
                r - x0
            } else {
                ((from - x0) + (to - from) * (r - (from + to) / 2.0)) / (x1 - x0)
            };
            *slot += area * (passed - done);
            done = passed;
        }
        if let Some(slot) = cells.get_mut(last) {
            *slot += area * (1.0 - done);
        }
    }
}
