//! Whether a picture shows a known one again: the PDQ fingerprint for copies of the whole, and marks with their
//! surroundings for parts of it, such as crops, screenshots and collages.
//!
//! Pure: nothing is kept but what a [`Likeness`] holds, and nothing depends on anything but the pixels. It does not decide what a likeness means.

mod align;
mod bytes;
mod catalogue;
mod fingerprint;
mod grey;
mod index;
mod inner;
mod marks;
mod pattern;
mod pdq;
mod pixels;
mod proof;
mod shelf;
#[cfg(test)]
mod tests;
mod votes;

use image::RgbImage;

pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use index::Fingerprints;
pub use shelf::{Shelf, Sighting};

use grey::Grey;
use inner::Inner;
use marks::Mark;
use pdq::{Pdq, pdq};
use pixels::{LOOKED, Sketch};

/// Both sides of every comparison are brought to this longer side first.
const SIDE: usize = 512;

/// What a picture can be recognised by.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    pdq: Pdq,
    /// Width and height at the common size.
    size: (u16, u16),
    marks: Vec<Mark>,
    sketch: Sketch,
    inner: Option<Inner>,
}

/// What the picture, its orientation already applied, can be recognised by.
pub fn likeness(picture: &RgbImage) -> Likeness {
    let grey = Grey::scaled(picture, SIDE);
    let mut marks = marks::marks(&grey);
    let inner = inner::part(picture, &grey)
        .and_then(|part| look_inside(picture, &grey, part))
        .map(|(inner, finer)| {
            marks.extend(finer);
            inner
        });
    Likeness {
        pdq: pdq(&grey),
        size: (grey.wide as u16, grey.high as u16),
        marks,
        sketch: Sketch::new(&grey, LOOKED),
        inner,
    }
}

/// What is inside the picture, looked at as closely as a whole picture would be, and its marks.
fn look_inside(picture: &RgbImage, whole: &Grey, part: [usize; 4]) -> Option<(Inner, Vec<Mark>)> {
    let by = whole.wide.max(whole.high) as f32 / picture.width().max(picture.height()) as f32;
    let [left, top, right, bottom] = part.map(|at| at as f32 * by);
    let (half_x, half_y) = (whole.wide as f32 / 2.0, whole.high as f32 / 2.0);
    let [left, top, right, bottom] = [left - half_x, top - half_y, right - half_x, bottom - half_y];
    let cut = inner::cut(picture, part);
    let longer = (right - left).max(bottom - top);
    // no larger than its own pixels, and no larger than the whole is looked at
    let most = (SIDE as f32 / longer).min(1.0 / by);
    let finer = (3.0 * most.log2())
        .floor()
        .clamp(0.0, f32::from(inner::FINEST)) as u8;
    let side = longer * marks::shrinkage(finer as i8);
    let grey = Grey::scaled(&cut, side.round() as usize);
    if grey.pixels.is_empty() {
        return None;
    }
    let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
    let fine = |at: f32| (at * marks::FINE).round() as i16;
    let inner = Inner {
        left: fine(left),
        top: fine(top),
        right: fine(right),
        bottom: fine(bottom),
        finer,
        pdq: pdq(&grey),
    };
    Some((inner, marks::inner_marks(&grey, finer, middle)))
}

impl Likeness {
    /// The PDQ fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        self.pdq.forms[0]
    }

    /// The fingerprints of the picture as it is, turned by 90, 180 and 270 degrees, and these mirrored.
    pub fn forms(&self) -> &[Fingerprint; 8] {
        &self.pdq.forms
    }

    /// How much there is to see, 0 to 100. Below 50 the fingerprint says little.
    pub fn quality(&self) -> u8 {
        self.pdq.quality
    }

    fn size(&self) -> (f32, f32) {
        (f32::from(self.size.0), f32::from(self.size.1))
    }

    /// The fingerprints and places of the whole and of what is inside.
    fn parts(&self) -> impl Iterator<Item = (&Pdq, [f32; 4])> {
        let (half_x, half_y) = (f32::from(self.size.0) / 2.0, f32::from(self.size.1) / 2.0);
        let inner = self.inner.iter().map(|inner| (&inner.pdq, inner.part()));
        std::iter::once((&self.pdq, [-half_x, -half_y, half_x, half_y])).chain(inner)
    }

    /// The same without the small grey copy, for pictures of which nothing to look at may be kept. Parts of it are then
    /// recognised by their marks alone.
    #[must_use]
    pub fn without_sketch(mut self) -> Self {
        self.sketch = Sketch::default();
        self
    }

    /// The small grey copy, as much as a known picture needs: at most 80 pixels a side.
    pub fn sketch_bytes(&self) -> Vec<u8> {
        let small = self.sketch.smaller();
        [&[small.wide, small.high], small.pixels.as_slice()].concat()
    }

    /// With what [`Likeness::sketch_bytes`] gave; without any where these are other bytes.
    #[must_use]
    pub fn with_sketch(mut self, bytes: &[u8]) -> Self {
        self.sketch = bytes::sketch(bytes)
            .filter(|(_, rest)| rest.is_empty())
            .map(|(sketch, _)| sketch)
            .unwrap_or_default();
        self
    }

    /// The bytes to keep: at most 64 KiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::write(self)
    }

    /// Reads what [`Likeness::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes::read(bytes)
    }
}
