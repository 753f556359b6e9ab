//! Whether a picture shows a known one again: the PDQ fingerprint for copies of the whole, and marks with their
//! surroundings for parts of it, such as crops, screenshots and collages.
//!
//! Pure: no picture is kept, and nothing depends on anything but the pixels. It does not decide what a likeness means.

mod fingerprint;
mod grey;
mod index;
mod pdq;
mod shelf;

use image::RgbImage;

pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use index::Fingerprints;
pub use shelf::{Shelf, Sighting};

use grey::Grey;
use pdq::{Pdq, pdq};

/// Both sides of every comparison are brought to this longer side first.
const SIDE: usize = 512;
/// The first byte of the bytes of a likeness.
const VERSION: u8 = 1;

/// What a picture can be recognised by.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    pdq: Pdq,
}

/// What the picture, its orientation already applied, can be recognised by.
pub fn likeness(picture: &RgbImage) -> Likeness {
    let grey = Grey::scaled(picture, SIDE);
    Likeness { pdq: pdq(&grey) }
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

    /// The bytes to keep: at most 64 KiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.pdq.quality];
        for form in &self.pdq.forms {
            bytes.extend(form.to_bytes());
        }
        bytes
    }

    /// Reads what [`Likeness::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [VERSION, quality @ 0..=100, rest @ ..] = bytes else {
            return None;
        };
        let (forms, []) = rest.as_chunks::<32>() else {
            return None;
        };
        let forms: [[u8; 32]; 8] = forms.try_into().ok()?;
        Some(Self {
            pdq: Pdq {
                forms: forms.map(|form| Fingerprint::from_bytes(&form)),
                quality: *quality,
            },
        })
    }
}
