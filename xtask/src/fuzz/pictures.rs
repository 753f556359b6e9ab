//! Mutated pictures of every format through every reader of `media`, and what must hold for any bytes.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use fastrand::Rng;
use schoolgate_media::{Limits, clean, decode_check, inspect, verify_clean};
use schoolgate_testkit::hostile;

use super::{Fuzzed, guarded};
use crate::photos::crc;

/// Pictures longer than this are not started from: short ones break more often in a second.
const LONGEST_SEED: u64 = 200_000;
/// A mutation may not make a picture longer than this.
const LONGEST: usize = 400_000;
/// Numbers at the edges of what a length, a count or an offset can be.
const EDGES: [u32; 12] = [
    0,
    1,
    2,
    7,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
];

/// Pictures to start from: sound ones, hostile ones, and the small photos of the sample day.
pub(super) struct Pictures {
    seeds: Vec<Vec<u8>>,
    limits: Limits,
}

impl Pictures {
    /// Draws and reads the pictures.
    ///
    /// # Errors
    /// When a picture cannot be encoded, or a photo of fixtures/ cannot be read.
    pub(super) fn new(root: &Path) -> Result<Self> {
        let mut seeds: Vec<Vec<u8>> = hostile::seeds()?
            .into_iter()
            .map(|seed| seed.bytes)
            .collect();
        seeds.extend(hostile::corpus()?.into_iter().map(|file| file.bytes));
        let folder = root.join("fixtures/demo/photos");
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            if entry.metadata()?.len() <= LONGEST_SEED {
                seeds.push(fs::read(entry.path())?);
            }
        }
        seeds.retain(|seed| !seed.is_empty() && seed.len() <= LONGEST);
        // small enough that a million pictures fit into the time, large enough for every seed
        let limits = Limits {
            max_pixels: 4_000_000,
            max_alloc_bytes: 64 * 1024 * 1024,
            ..Limits::default()
        };
        Ok(Self { seeds, limits })
    }
}

impl Fuzzed for Pictures {
    type Input = Vec<u8>;

    fn what(&self) -> &'static str {
        "pictures through every reader"
    }

    fn ending(&self) -> &'static str {
        "bin"
    }

    fn make(&self, rng: &mut Rng) -> Vec<u8> {
        let mut bytes = self.seeds[rng.usize(..self.seeds.len())].clone();
        for _ in 0..rng.usize(1..6) {
            self.mutate(rng, &mut bytes);
        }
        bytes.truncate(LONGEST);
        if rng.bool() {
            mend_png_sums(&mut bytes);
        }
        bytes
    }

    fn examine(&self, bytes: &Vec<u8>) -> Vec<String> {
        let mut faults = Vec::new();
        guarded("inspect", &mut faults, || {
            drop(inspect(bytes, &self.limits));
            Vec::new()
        });
        guarded("clean", &mut faults, || self.cleaned(bytes));
        guarded("decode", &mut faults, || {
            drop(decode_check(bytes, &self.limits));
            Vec::new()
        });
        faults
    }
}

impl Pictures {
    fn mutate(&self, rng: &mut Rng, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.usize(..bytes.len());
        let to = (at + rng.usize(..64)).min(bytes.len());
        match rng.u8(..9) {
            0 => bytes[at] ^= 1 << rng.u8(..8),
            1 => bytes[at] = rng.u8(..),
            2 => {
                let edge = EDGES[rng.usize(..EDGES.len())];
                let number = if rng.bool() {
                    edge.to_be_bytes()
                } else {
                    edge.to_le_bytes()
                };
                let from = if rng.bool() { 0 } else { 2 };
                for (place, byte) in bytes[at..].iter_mut().zip(&number[from..]) {
                    *place = *byte;
                }
            }
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..to)),
            5 => {
                let part = bytes[at..to].to_vec();
                for _ in 0..rng.usize(1..20) {
                    bytes.splice(at..at, part.iter().copied());
                }
            }
            6 => {
                let other = &self.seeds[rng.usize(..self.seeds.len())];
                let from = rng.usize(..=other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            7 => bytes[at..to].fill(if rng.bool() { 0 } else { 0xFF }),
            _ => {
                let other = &self.seeds[rng.usize(..self.seeds.len())];
                let from = rng.usize(..=other.len());
                let part = &other[from..(from + 200).min(other.len())];
                bytes.splice(at..at, part.iter().copied());
            }
        }
    }

    /// What is called clean is clean for the second reader, and cleaning it again changes nothing.
    fn cleaned(&self, bytes: &[u8]) -> Vec<String> {
        let Ok(cleaned) = clean(bytes, &self.limits) else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        if verify_clean(&cleaned.bytes, &self.limits).is_err() {
            faults.push("a clean copy that the second reader refuses".to_owned());
        }
        match inspect(&cleaned.bytes, &self.limits) {
            Ok(report) if report.entries.is_empty() => {}
            Ok(_) => faults.push("a clean copy that still says something".to_owned()),
            Err(_) => faults.push("a clean copy that cannot be read".to_owned()),
        }
        match clean(&cleaned.bytes, &self.limits) {
            Ok(again) if again.bytes == cleaned.bytes || cleaned.re_encoded => {}
            Ok(_) => faults.push("a clean copy that changes when it is cleaned again".to_owned()),
            Err(_) => faults.push("a clean copy that cannot be cleaned again".to_owned()),
        }
        faults
    }
}

/// Puts the right check sum behind every chunk, so that a changed PNG is not refused at its first chunk.
fn mend_png_sums(bytes: &mut [u8]) {
    if !bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        return;
    }
    let mut at = 8;
    while let Some(head) = bytes
        .get(at..at + 4)
        .and_then(|head| <[u8; 4]>::try_from(head).ok())
    {
        let end = at
            .saturating_add(8)
            .saturating_add(u32::from_be_bytes(head) as usize);
        let Some(sum) = bytes.get(at + 4..end).map(crc) else {
            return;
        };
        let Some(place) = bytes.get_mut(end..end + 4) else {
            return;
        };
        place.copy_from_slice(&sum.to_be_bytes());
        at = end + 4;
    }
}
