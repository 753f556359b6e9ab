//! How fast pictures are known again: the part of `cargo xtask bench` about fingerprints.

use std::{hint::black_box, time::Instant};

use schoolgate_media::{Fingerprint, Fingerprints, Likeness, Shelf, likeness};

use crate::{bench::Report, eval::scene};

/// Fingerprints of the large index.
const MANY: u64 = 1_000_000;
/// Look-ups a measurement.
const LOOKUPS: u64 = 200;
/// Pictures on the shelf.
const SHELF: u64 = 200;

/// Measures; `allocated` says how many bytes are in use.
pub fn run(report: &mut Report, allocated: impl Fn() -> usize) {
    index(report, allocated);
    shelf(report);
}

/// A fingerprint as good as any other.
fn print(number: u64) -> Fingerprint {
    let mut bytes = [0; 32];
    for (word, place) in (0..).zip(bytes.chunks_exact_mut(8)) {
        let mut value = (number * 4 + word + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        value = (value ^ value >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ value >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        place.copy_from_slice(&(value ^ value >> 31).to_le_bytes());
    }
    Fingerprint::from_bytes(&bytes)
}

/// The fingerprint with 31 bits changed.
fn near(number: u64) -> Fingerprint {
    let mut bytes = print(number).to_bytes();
    for (bit, byte) in bytes.iter_mut().take(31).enumerate() {
        *byte ^= 1 << (bit % 8);
    }
    Fingerprint::from_bytes(&bytes)
}

fn index(report: &mut Report, allocated: impl Fn() -> usize) {
    let before = allocated();
    let began = Instant::now();
    let mut index = Fingerprints::new();
    for number in 0..MANY {
        index.push(print(number));
    }
    let built = began.elapsed().as_secs_f64();
    let megabytes = allocated().saturating_sub(before) / 1_000_000;
    let mut missed = 0;
    let (began, mut slowest) = (Instant::now(), 0.0_f64);
    for at in 0..LOOKUPS {
        let number = at * (MANY / LOOKUPS) + at;
        let wanted = near(number);
        let one = Instant::now();
        let mut found = false;
        index.near(&wanted, |other, _| found |= u64::from(other) == number);
        slowest = slowest.max(one.elapsed().as_secs_f64());
        missed += u32::from(!found);
    }
    let each = began.elapsed().as_secs_f64() / LOOKUPS as f64;
    report.goal(
        each < 1e-3 && missed == 0,
        &format!(
            "look-up among {MANY} fingerprints within 31 bits: {:.3} ms, slowest {:.3} ms, {missed} of {LOOKUPS} missed (goal < 1 ms, none missed)",
            each * 1e3,
            slowest * 1e3
        ),
    );
    report.lines.push(format!(
        "      index of {MANY} fingerprints: {megabytes} MB, built one by one in {built:.1} s"
    ));
}

fn shelf(report: &mut Report) {
    let pictures: Vec<_> = (0..SHELF).map(scene).collect();
    let began = Instant::now();
    let likenesses: Vec<Likeness> = pictures.iter().map(likeness).collect();
    let taken = began.elapsed().as_secs_f64() / SHELF as f64;
    let mut shelf = Shelf::new();
    for (number, likeness) in (0_u64..).zip(&likenesses) {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_le_bytes());
        shelf.put(key, likeness);
    }
    let began = Instant::now();
    for likeness in likenesses.iter().take(50) {
        black_box(shelf.find(likeness));
    }
    let found = began.elapsed().as_secs_f64() / 50.0;
    report.goal(
        taken < 0.04,
        &format!(
            "fingerprint and marks of a picture: {:.1} ms (goal < 40)",
            taken * 1e3
        ),
    );
    report.lines.push(format!(
        "      both stages against {SHELF} known pictures: {:.1} ms",
        found * 1e3
    ));
}
