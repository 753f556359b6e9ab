//! A quick canvas for made-up scenes: soft-edged shapes, cloudy textures and grain, good enough to be photographed by
//! nobody.

use image::RgbImage;

/// A seeded generator: the same seed draws the same scene on every machine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            dice.roll();
        }
        dice
    }

    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 up to 1.
    pub fn share(&mut self) -> f32 {
        (self.roll() >> 40) as f32 / 16_777_216.0
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    /// From 0 up to, not including, `count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.roll() >> 33) as usize % count.max(1)
    }

    pub fn colour(&mut self) -> Colour {
        let (light, tint) = (self.between(20.0, 235.0), self.between(0.0, 70.0));
        [0; 3].map(|_| (light + self.between(-tint, tint)).clamp(0.0, 255.0))
    }
}

/// Red, green and blue from 0 to 255.
pub type Colour = [f32; 3];

/// A shape that can be painted.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Half axes.
    Oval(f32, f32),
    /// Half sides.
    Box(f32, f32),
}

pub struct Canvas {
    pub wide: usize,
    pub high: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    pub fn new(wide: usize, high: usize, colour: Colour) -> Self {
        Self {
            wide,
            high,
            pixels: vec![colour; wide * high],
        }
    }

    /// Paints a shape about a place, turned, its edge soft over `soft` pixels, fading from one colour to another.
    pub fn paint(&mut self, at: (f32, f32), shape: Shape, turn: f32, soft: f32, ink: [Colour; 2]) {
        let (a, b) = match shape {
            Shape::Oval(a, b) | Shape::Box(a, b) => (a.max(0.5), b.max(0.5)),
        };
        let reach = a.hypot(b) + soft;
        let span = |at: f32, end: usize| {
            let from = (at - reach).max(0.0) as usize;
            from..((at + reach).max(0.0) as usize + 1).min(end)
        };
        let (sin, cos) = turn.sin_cos();
        for y in span(at.1, self.high) {
            for x in span(at.0, self.wide) {
                let (dx, dy) = (x as f32 - at.0, y as f32 - at.1);
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                let inside = match shape {
                    Shape::Oval(..) => {
                        (1.0 - ((u / a).powi(2) + (v / b).powi(2)).sqrt()) * a.min(b)
                    }
                    Shape::Box(..) => (a - u.abs()).min(b - v.abs()),
                };
                let cover = (inside / soft.max(0.5) + 0.5).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let share = (v / b * 0.5 + 0.5).clamp(0.0, 1.0);
                    let pixel = &mut self.pixels[y * self.wide + x];
                    for (channel, (from, to)) in pixel.iter_mut().zip(ink[0].iter().zip(ink[1])) {
                        let colour = from + (to - from) * share;
                        *channel += (colour - *channel) * cover;
                    }
                }
            }
        }
    }

    /// Lays a cloudy texture over everything: octaves of noise, the first `coarse` pixels wide.
    pub fn clouds(&mut self, dice: &mut Dice, coarse: f32, strength: f32, fading: f32) {
        let (mut size, mut strength) = (coarse, strength);
        while size >= 3.0 && strength > 0.5 {
            let (columns, rows) = (
                (self.wide as f32 / size) as usize + 3,
                (self.high as f32 / size) as usize + 3,
            );
            let values: Vec<f32> = (0..columns * rows)
                .map(|_| dice.between(-1.0, 1.0))
                .collect();
            let across: Vec<(usize, f32)> =
                (0..self.wide).map(|x| split(x as f32 / size)).collect();
            for (y, line) in self.pixels.chunks_exact_mut(self.wide).enumerate() {
                let (row, v) = split(y as f32 / size);
                for (pixel, (column, u)) in line.iter_mut().zip(&across) {
                    let at = row * columns + column;
                    let top = values[at] + (values[at + 1] - values[at]) * u;
                    let (low, next) = (values[at + columns], values[at + columns + 1]);
                    let value = top + (low + (next - low) * u - top) * v;
                    for channel in pixel {
                        *channel += value * strength;
                    }
                }
            }
            size *= 0.5;
            strength *= fading;
        }
    }

    /// Takes the sharpness away.
    pub fn blur(&mut self, radius: usize) {
        for _ in 0..2 {
            self.smear(radius, 1, self.wide, self.wide, self.high);
            self.smear(radius, self.wide, self.high, 1, self.wide);
        }
    }

    fn smear(&mut self, radius: usize, step: usize, length: usize, next: usize, lines: usize) {
        let mut line = vec![[0.0; 3]; length];
        for number in 0..lines {
            for (at, place) in line.iter_mut().enumerate() {
                *place = self.pixels[number * next + at * step];
            }
            for at in 0..length {
                let around = &line[at.saturating_sub(radius)..(at + radius + 1).min(length)];
                let mut sum = [0.0; 3];
                for pixel in around {
                    sum.iter_mut().zip(pixel).for_each(|(sum, one)| *sum += one);
                }
                self.pixels[number * next + at * step] = sum.map(|sum| sum / around.len() as f32);
            }
        }
    }

    /// The finished picture, with the grain of a sensor.
    pub fn finish(self, dice: &mut Dice, grain: f32) -> RgbImage {
        let mut bytes = Vec::with_capacity(self.pixels.len() * 3);
        for pixel in &self.pixels {
            let noise = dice.between(-grain, grain) + dice.between(-grain, grain);
            bytes.extend(pixel.map(|channel| ((channel + noise).clamp(0.0, 255.0) + 0.5) as u8));
        }
        RgbImage::from_raw(self.wide as u32, self.high as u32, bytes).unwrap_or_default()
    }
}

fn split(place: f32) -> (usize, f32) {
    // never below 0
    let whole = place as usize;
    let share = place - whole as f32;
    (whole, share * share * (3.0 - 2.0 * share))
}
