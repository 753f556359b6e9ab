//! The picture inside a picture: what is left of a screenshot, a framed or a captioned picture without its plain paper.

use image::{RgbImage, imageops};

use super::{
    grey::{Grey, bright},
    marks::FINE,
    pdq::Pdq,
};

/// The part of what is inside, seen from the middle of the whole, in 64ths of a pixel, and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    pub left: i16,
    pub top: i16,
    pub right: i16,
    pub bottom: i16,
    /// How many levels finer than the whole its marks go.
    pub finer: u8,
    pub pdq: Pdq,
}

impl Inner {
    /// Left, top, right and bottom, seen from the middle of the whole, in pixels.
    pub fn part(&self) -> [f32; 4] {
        [self.left, self.top, self.right, self.bottom].map(|side| f32::from(side) / FINE)
    }
}

/// A part of a picture, in pixels: left, top, right, bottom.
type Part = [usize; 4];

/// The most levels that marks inside are finer.
pub const FINEST: u8 = 6;
/// Brightness that differs no more from the paper's is paper too.
const PAPER: f32 = 8.0;
/// A line with this share of paper is a bar, the words on it included.
const BAR: f32 = 0.62;
/// A column with this share of paper is a margin.
const EDGE: f32 = 0.9;
/// Lines of paper inside of a picture.
const GAP: usize = 2;
/// The smallest part of a side that is looked at.
const LEAST: f32 = 0.2;
/// A part that fills more is the whole picture.
const WHOLE: f32 = 0.95;

/// The part of the picture inside plain paper, in the picture's own pixels.
pub fn part(picture: &RgbImage, grey: &Grey) -> Option<Part> {
    let (wide, high) = (grey.wide, grey.high);
    if wide < 64 || high < 64 {
        return None;
    }
    let mut papers = vec![paper(grey.row(1)), paper(grey.row(high - 2))];
    papers.dedup_by(|a, b| (*a - *b).abs() <= PAPER);
    papers
        .into_iter()
        .filter_map(|paper| inside(grey, paper).map(|part| (part, paper)))
        .filter(|([left, top, right, bottom], _)| {
            let (w, h) = ((right - left) as f32, (bottom - top) as f32);
            let (wide, high) = (wide as f32, high as f32);
            w >= LEAST * wide && h >= LEAST * high.min(wide) && w * h <= WHOLE * wide * high
        })
        .min_by_key(|([left, top, right, bottom], _)| (right - left) * (bottom - top))
        .map(|(part, paper)| exact(picture, grey, part, paper))
}

/// The most frequent brightness of a line.
fn paper(line: &[f32]) -> f32 {
    let mut counts = [0_u32; 64];
    for shade in line {
        counts[(*shade / 4.0).clamp(0.0, 63.0) as usize] += 1;
    }
    let best = counts.iter().enumerate().max_by_key(|(_, count)| **count);
    best.map_or(0.0, |(at, _)| at as f32 * 4.0 + 2.0)
}

fn is_paper(shade: f32, paper: f32) -> bool {
    (shade - paper).abs() <= PAPER
}

/// The longest run of lines that are no bars, and of columns in it that are no margins.
fn inside(grey: &Grey, paper: f32) -> Option<Part> {
    let (mut left, mut right) = (0, grey.wide);
    let mut part = None;
    for _ in 0..2 {
        let lines: Vec<bool> = (0..grey.high)
            .map(|y| {
                let line = grey.row(y).get(left..right).unwrap_or_default();
                share(line.iter().copied(), paper) < BAR
            })
            .collect();
        let (top, bottom) = longest(&lines)?;
        let mut plain = vec![0_u32; grey.wide];
        for row in (top..bottom).map(|y| grey.row(y)) {
            for (count, shade) in plain.iter_mut().zip(row) {
                *count += u32::from(is_paper(*shade, paper));
            }
        }
        let most = EDGE * (bottom - top) as f32;
        let columns: Vec<bool> = plain.iter().map(|count| (*count as f32) < most).collect();
        (left, right) = longest(&columns)?;
        part = Some([left, top, right, bottom]);
    }
    part
}

fn share(shades: impl Iterator<Item = f32>, paper: f32) -> f32 {
    let (mut all, mut plain) = (0, 0);
    for shade in shades {
        all += 1;
        plain += u32::from(is_paper(shade, paper));
    }
    plain as f32 / f32::max(all as f32, 1.0)
}

/// The longest run, with gaps of a line or two.
fn longest(lines: &[bool]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut run = best;
    for at in (0..lines.len()).filter(|at| lines[*at]) {
        run = match run {
            Some((from, to)) if at - to <= GAP => Some((from, at + 1)),
            _ => Some((at, at + 1)),
        };
        if best.map_or(0, |(from, to)| to - from) < run.map_or(0, |(from, to)| to - from) {
            best = run;
        }
    }
    best
}

/// The part in the picture's own pixels, its edges looked up there.
fn exact(picture: &RgbImage, grey: &Grey, [left, top, right, bottom]: Part, paper: f32) -> Part {
    let (wide, high) = (picture.width() as usize, picture.height() as usize);
    let (across, down) = (
        wide as f32 / grey.wide as f32,
        high as f32 / grey.high as f32,
    );
    let to = |at: usize, by: f32, most: usize| ((at as f32 * by).round() as usize).min(most);
    let (x0, x1) = (to(left, across, wide), to(right, across, wide));
    let (y0, y1) = (to(top, down, high), to(bottom, down, high));
    let shade = |x: usize, y: usize| {
        picture
            .get_pixel_checked(x as u32, y as u32)
            .map_or(paper, |pixel| bright(pixel.0))
    };
    let line = |y: usize| share((x0..x1).map(|x| shade(x, y)), paper) < BAR;
    let column = |x: usize| share((y0..y1).map(|y| shade(x, y)), paper) < EDGE;
    let first = |at: usize, reach: f32, most: usize, kept: &dyn Fn(usize) -> bool| {
        let reach = reach.ceil() as usize + 1;
        let mut around = at.saturating_sub(reach)..(at + reach).min(most);
        around.find(|at| kept(*at)).unwrap_or(at)
    };
    let last = |at: usize, reach: f32, most: usize, kept: &dyn Fn(usize) -> bool| {
        let reach = reach.ceil() as usize + 1;
        let mut around = (at.saturating_sub(reach)..(at + reach).min(most)).rev();
        around.find(|at| kept(*at)).map_or(at, |at| at + 1)
    };
    [
        first(x0, across, wide, &column),
        first(y0, down, high, &line),
        last(x1, across, wide, &column),
        last(y1, down, high, &line),
    ]
}

/// What is inside, cut out.
pub fn cut(picture: &RgbImage, [left, top, right, bottom]: Part) -> RgbImage {
    let (wide, high) = (right.saturating_sub(left), bottom.saturating_sub(top));
    let [left, top, wide, high] = [left, top, wide, high].map(|side| side as u32);
    imageops::crop_imm(picture, left, top, wide, high).to_image()
}
