//! Whether a picture shows a known one again: the PDQ fingerprint for copies of the whole, and marks with their
//! surroundings for parts of it, such as crops, screenshots and collages.
//!
//! Pure: no picture is kept, and nothing depends on anything but the pixels. It does not decide what a likeness means.

mod align;
mod bytes;
mod catalogue;
mod fingerprint;
mod grey;
mod index;
mod marks;
mod pattern;
mod pdq;
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
use marks::Mark;
use pdq::{Pdq, pdq};

/// Both sides of every comparison are brought to this longer side first.
const SIDE: usize = 512;

/// What a picture can be recognised by.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    pdq: Pdq,
    /// Width and height at the common size.
    size: (u16, u16),
    marks: Vec<Mark>,
}

/// What the picture, its orientation already applied, can be recognised by.
pub fn likeness(picture: &RgbImage) -> Likeness {
    let grey = Grey::scaled(picture, SIDE);
    Likeness {
        pdq: pdq(&grey),
        size: (grey.wide as u16, grey.high as u16),
        marks: marks::marks(&grey),
    }
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

    /// The bytes to keep: at most 64 KiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::write(self)
    }

    /// Reads what [`Likeness::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes::read(bytes)
    }
}
