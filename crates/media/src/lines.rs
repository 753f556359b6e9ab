//! Finds what could be lines of letters anywhere in a picture and puts them on one white page, upright and dark on light, so
//! that a reader made for pages reads a badge on a jumper. What the letters say is not known here.

use image::{GrayImage, Luma};

/// Letters on the page are about this high.
const LETTER: f32 = 34.0;
/// White around each line of the page.
const MARGIN: u32 = 14;
/// The page's width, and the most that it is high.
const PAGE: (u32, u32) = (1_600, 3_000);
/// A letter is at least this high in the picture.
const LOWEST: u32 = 9;
/// The most shapes of one kind that are looked at.
const MOST_SHAPES: usize = 20_000;
/// The most lines on the page, those of the most letters first.
const MOST_LINES: usize = 80;
/// How much darker or lighter than its surroundings ink must be.
const CONTRAST: i32 = 14;

/// Letters of a line differ by at most this much grey.
const SAME_INK: u32 = 45;
/// Marks that fill their boxes more than this on average are tiles, flags or bricks, of 100.
const TILES: u32 = 78;

/// A connected patch of ink.
#[derive(Debug, Clone, Copy)]
struct Shape {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
    /// Its mean grey.
    grey: u32,
    /// How much of its box is ink, of 100.
    full: u32,
}

impl Shape {
    fn width(self) -> u32 {
        self.right - self.left + 1
    }

    fn height(self) -> u32 {
        self.bottom - self.top + 1
    }

    fn middle(self) -> (f32, f32) {
        let mid = |a: u32, b: u32| (a + b) as f32 / 2.0;
        (mid(self.left, self.right), mid(self.top, self.bottom))
    }

    /// Whether it could be a letter, or two that touch.
    fn is_letter(self, picture: (u32, u32)) -> bool {
        let (width, height, full) = (self.width(), self.height(), self.full);
        (LOWEST..=picture.1 / 3).contains(&height)
            && width <= height * 5
            && width * 14 >= height
            && (full >= 10 && (full <= 92 || width * 2 <= height))
    }

    /// Whether `next` can follow in the same line.
    fn goes_on_with(self, next: Self) -> bool {
        let (a, b) = (self.height(), next.height());
        let (low, high) = (a.min(b), a.max(b));
        let overlap = i64::from(self.bottom.min(next.bottom)) - i64::from(self.top.max(next.top));
        let gap = i64::from(next.left) - i64::from(self.right);
        high * 10 <= low * 24
            && self.grey.abs_diff(next.grey) <= SAME_INK
            && overlap * 2 >= i64::from(low)
            && (-i64::from(low) / 2..=i64::from(high) * 3 / 2).contains(&gap)
    }
}

/// What could be lines of letters, on one page; `None` where there are none.
pub fn lettering(picture: &GrayImage) -> Option<GrayImage> {
    let sums = Sums::new(picture);
    let mut lines = Vec::new();
    for light in [false, true] {
        let shapes = shapes(picture, &sums, light);
        let found = chains(&shapes).into_iter();
        lines.extend(found.map(|line| (line, light)));
    }
    lines.sort_by_key(|(line, _)| std::cmp::Reverse(line.len()));
    lines.truncate(MOST_LINES);
    lines.sort_by_key(|(line, _)| line.first().map(|shape| (shape.top, shape.left)));
    let strips = lines
        .iter()
        .filter_map(|(line, light)| strip(picture, line, *light));
    page(strips)
}

/// Sums of everything above and to the left.
struct Sums {
    stride: usize,
    sums: Vec<u32>,
}

impl Sums {
    fn new(picture: &GrayImage) -> Self {
        let stride = picture.width() as usize + 1;
        let mut sums = vec![0u32; stride * (picture.height() as usize + 1)];
        for (row, line) in picture
            .as_raw()
            .chunks_exact((stride - 1).max(1))
            .enumerate()
        {
            let mut sum = 0;
            for (column, pixel) in line.iter().enumerate() {
                sum += u32::from(*pixel);
                let at = (row + 1) * stride + column + 1;
                sums[at] = sums[at - stride].wrapping_add(sum);
            }
        }
        Self { stride, sums }
    }

    /// The mean of the pixels from `(left, top)` to before `(right, bottom)`.
    fn mean(&self, (left, top): (usize, usize), (right, bottom): (usize, usize)) -> i32 {
        let at = |x: usize, y: usize| self.sums[y * self.stride + x];
        let sum = at(right, bottom)
            .wrapping_sub(at(left, bottom))
            .wrapping_sub(at(right, top))
            .wrapping_add(at(left, top));
        let count = ((right - left) * (bottom - top)).max(1);
        (sum as usize / count) as i32
    }
}

/// Patches that are darker (or lighter) than what surrounds them and could be letters, from left to right.
fn shapes(picture: &GrayImage, sums: &Sums, light: bool) -> Vec<Shape> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let reach = (width.max(height) / 45).max(12);
    let mut ink = vec![false; width * height];
    for y in 0..height {
        let rows = (y.saturating_sub(reach), (y + reach + 1).min(height));
        for x in 0..width {
            let columns = (x.saturating_sub(reach), (x + reach + 1).min(width));
            let mean = sums.mean((columns.0, rows.0), (columns.1, rows.1));
            let own = i32::from(picture.as_raw()[y * width + x]);
            let (over, room) = if light {
                (own - mean, 255 - mean)
            } else {
                (mean - own, mean)
            };
            ink[y * width + x] = over >= CONTRAST && over * 7 >= room;
        }
    }
    let mut shapes = Vec::new();
    let mut stack = Vec::new();
    for start in 0..ink.len() {
        if !std::mem::take(&mut ink[start]) {
            continue;
        }
        let shape = patch(&mut ink, picture, start, &mut stack);
        if shape.is_letter(picture.dimensions()) && shapes.len() < MOST_SHAPES {
            shapes.push(shape);
        }
    }
    shapes.sort_by_key(|shape| shape.left);
    shapes
}

/// The patch of ink around `start`, taken out of `ink`.
fn patch(ink: &mut [bool], picture: &GrayImage, start: usize, stack: &mut Vec<usize>) -> Shape {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
    let (mut count, mut grey) = (0u32, 0u32);
    stack.push(start);
    while let Some(at) = stack.pop() {
        let (x, y) = (at % width, at / width);
        (left, right) = (left.min(x), right.max(x));
        (top, bottom) = (top.min(y), bottom.max(y));
        count += 1;
        grey += u32::from(picture.as_raw()[at]);
        for near_y in y.saturating_sub(1)..(y + 2).min(height) {
            for near_x in x.saturating_sub(1)..(x + 2).min(width) {
                let near = near_y * width + near_x;
                if std::mem::take(&mut ink[near]) {
                    stack.push(near);
                }
            }
        }
    }
    let shape = Shape {
        left: left as u32,
        top: top as u32,
        right: right as u32,
        bottom: bottom as u32,
        grey: grey / count.max(1),
        full: 0,
    };
    Shape {
        full: (u64::from(count) * 100 / u64::from(shape.width() * shape.height())) as u32,
        ..shape
    }
}

/// Links shapes to lines of at least three that look like letters of one size.
fn chains(shapes: &[Shape]) -> Vec<Vec<Shape>> {
    let mut open: Vec<Vec<Shape>> = Vec::new();
    let mut done = Vec::new();
    for shape in shapes {
        let reach =
            |line: &Vec<Shape>| line.last().map_or(0, |last| last.right + last.height() * 4);
        let (near, far): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|line| reach(line) >= shape.left);
        done.extend(far);
        open = near;
        let follows =
            |line: &&mut Vec<Shape>| line.last().is_some_and(|last| last.goes_on_with(*shape));
        let closest = open
            .iter_mut()
            .filter(follows)
            .min_by_key(|line| line.last().map(|last| shape.left.abs_diff(last.right)));
        match closest {
            Some(line) => line.push(*shape),
            None => open.push(vec![*shape]),
        }
    }
    done.extend(open);
    done.iter_mut().for_each(trim);
    done.retain(|line| is_line(line));
    done
}

/// Takes a badge's own edges off the ends of a line: thin, and higher than the letters.
fn trim(line: &mut Vec<Shape>) {
    let letter = letter_height(line);
    let is_edge =
        |shape: &Shape| shape.width() * 4 <= shape.height() && shape.height() * 20 > letter * 21;
    while line.last().is_some_and(is_edge) {
        line.pop();
    }
    let edges = line.iter().take_while(|shape| is_edge(shape)).count();
    line.drain(..edges);
}

/// The height that three quarters of the shapes do not exceed.
fn letter_height(line: &[Shape]) -> u32 {
    let mut heights: Vec<_> = line.iter().map(|shape| shape.height()).collect();
    heights.sort_unstable();
    heights.get(heights.len() * 3 / 4).copied().unwrap_or(1)
}

fn is_line(line: &[Shape]) -> bool {
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return false;
    };
    let high = line.iter().map(|shape| shape.height()).max().unwrap_or(1);
    let full: u32 = line.iter().map(|shape| shape.full).sum();
    full <= TILES * line.len() as u32
        && line.len() >= 3
        && last.right.saturating_sub(first.left) * 2 >= high * 3
}

/// One line cut out of the picture: straight, dark on light, letters of the page's size.
fn strip(picture: &GrayImage, line: &[Shape], light: bool) -> Option<GrayImage> {
    let letter = letter_height(line) as f32;
    let scale = LETTER / letter;
    let (slope, base) = straight(line);
    let left = line.first()?.left as f32 - letter * 0.4;
    let right = line.iter().map(|shape| shape.right).max()? as f32 + letter * 0.4;
    // how far the letters reach above and below the straight line through their middles
    let reach = line
        .iter()
        .map(|shape| {
            let (x, _) = shape.middle();
            let at = base + slope * x;
            (at - shape.top as f32).max(shape.bottom as f32 - at)
        })
        .fold(0.0, f32::max)
        + letter * 0.3;
    let width = (((right - left) * scale) as u32).clamp(1, PAGE.0 - 2 * MARGIN);
    let height = ((2.0 * reach * scale) as u32).clamp(1, 200);
    let mut strip = GrayImage::from_fn(width, height, |x, y| {
        let from_x = left + (x as f32 + 0.5) / scale;
        let from_y = base + slope * from_x - reach + (y as f32 + 0.5) / scale;
        Luma([sample(picture, from_x, from_y, 0.5 / scale)])
    });
    stretch(&mut strip, light);
    Some(strip)
}

/// The straight line through the middles of the shapes: slope and height at 0.
fn straight(line: &[Shape]) -> (f32, f32) {
    let count = line.len() as f32;
    let middles: Vec<_> = line.iter().map(|shape| shape.middle()).collect();
    let mean_x = middles.iter().map(|(x, _)| x).sum::<f32>() / count;
    let mean_y = middles.iter().map(|(_, y)| y).sum::<f32>() / count;
    let over: f32 = middles
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    let wide: f32 = middles.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    // a line of few letters rises by chance: "Jo" and "oJ"
    let slope = if wide > 0.0 && line.len() >= 5 {
        (over / wide).clamp(-0.4, 0.4)
    } else {
        0.0
    };
    (slope, mean_y - slope * mean_x)
}

/// The picture's grey around a point: of a larger picture the mean of what one pixel stands for, of a smaller one what lies
/// between its pixels.
fn sample(picture: &GrayImage, x: f32, y: f32, reach: f32) -> u8 {
    let (width, height) = picture.dimensions();
    let inside = |value: f32, most: u32| (value.max(0.0) as u32).min(most - 1);
    if reach <= 0.75 {
        let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
        let (part_x, part_y) = (x.fract(), y.fract());
        let at = |dx: f32, dy: f32| {
            f32::from(
                picture
                    .get_pixel(inside(x + dx, width), inside(y + dy, height))
                    .0[0],
            )
        };
        let above = at(0.0, 0.0) * (1.0 - part_x) + at(1.0, 0.0) * part_x;
        let below = at(0.0, 1.0) * (1.0 - part_x) + at(1.0, 1.0) * part_x;
        return (above * (1.0 - part_y) + below * part_y) as u8;
    }
    let (left, right) = (inside(x - reach, width), inside(x + reach, width));
    let (top, bottom) = (inside(y - reach, height), inside(y + reach, height));
    let step = |from: u32, to: u32| ((to - from) / 4 + 1) as usize;
    let (mut sum, mut count) = (0u32, 0u32);
    for near_y in (top..=bottom).step_by(step(top, bottom)) {
        for near_x in (left..=right).step_by(step(left, right)) {
            sum += u32::from(picture.get_pixel(near_x, near_y).0[0]);
            count += 1;
        }
    }
    (sum / count.max(1)) as u8
}

/// Makes the darkest ink black and the paper white.
fn stretch(strip: &mut GrayImage, light: bool) {
    if light {
        strip.iter_mut().for_each(|grey| *grey = 255 - *grey);
    }
    let mut counts = [0u32; 256];
    strip
        .iter()
        .for_each(|grey| counts[usize::from(*grey)] += 1);
    let all = strip.width() * strip.height();
    let share = |part: u32| {
        let mut seen = 0;
        let reached = |count: &u32| {
            seen += count;
            seen * 100 >= all * part
        };
        counts.iter().position(reached).unwrap_or(255) as i32
    };
    let (ink, paper) = (share(3), share(70));
    let range = (paper - ink).max(24);
    for grey in strip.iter_mut() {
        *grey = ((i32::from(*grey) - ink) * 255 / range).clamp(0, 255) as u8;
    }
}

/// Puts strips below each other.
fn page(strips: impl Iterator<Item = GrayImage>) -> Option<GrayImage> {
    let mut placed = Vec::new();
    let mut down = MARGIN;
    for strip in strips {
        if down + strip.height() + MARGIN > PAGE.1 {
            break;
        }
        let below = down + strip.height() + MARGIN;
        placed.push((down, strip));
        down = below;
    }
    if placed.is_empty() {
        return None;
    }
    let mut page = GrayImage::from_pixel(PAGE.0, down, Luma([255]));
    for (down, strip) in &placed {
        image::imageops::replace(&mut page, strip, MARGIN.into(), (*down).into());
    }
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_marks_becomes_a_line_and_a_flat_wall_none() {
        let wall = GrayImage::from_pixel(800, 600, Luma([120]));
        assert!(lettering(&wall).is_none());
        for (ink, paper) in [(20, 240), (240, 20)] {
            let mut sign = GrayImage::from_pixel(800, 600, Luma([paper]));
            for letter in 0..6 {
                for y in 300..340 {
                    for x in 0..if y > 330 { 22 } else { 8 } {
                        sign.put_pixel(200 + letter * 30 + x, y, Luma([ink]));
                    }
                }
            }
            let page = lettering(&sign).unwrap();
            assert!(page.get_pixel(PAGE.0 - 1, 3).0 == [255]);
            let black = page.iter().filter(|grey| **grey < 60).count();
            assert!(black > 6 * 100, "{black}");
        }
    }

    #[test]
    fn pictures_of_any_shape_and_noise_are_looked_at_to_the_end() {
        for (width, height) in [(1, 1), (1, 900), (900, 1), (13, 13), (700, 500)] {
            for seed in [0u32, 7] {
                let noise = GrayImage::from_fn(width, height, |x, y| {
                    Luma([((x * 31 + y * 17) ^ (x * y * seed)) as u8])
                });
                if let Some(page) = lettering(&noise) {
                    assert!(page.height() <= PAGE.1);
                }
            }
        }
    }
}
