//! TIFF 6.0 and BigTIFF whose directories loop, lie or point outside the file.

use anyhow::Result;
use image::ImageFormat;

use super::{Hostile, seeds::encoded, torn};

/// Tag, type, count, value or offset.
type Field = (u16, u16, u32, u32);

const PICTURE: [Field; 9] = [
    (256, 4, 1, 96),
    (257, 4, 1, 64),
    (258, 3, 1, 8),
    (259, 3, 1, 1),
    (262, 3, 1, 1),
    (273, 4, 1, 8),
    (277, 3, 1, 1),
    (278, 4, 1, 64),
    (279, 4, 1, 6_144),
];

pub(super) fn hostile() -> Result<Vec<Hostile>> {
    let sound = encoded(ImageFormat::Tiff)?;
    let mut corpus = torn("tiff", "tif", &sound, &[1, 5, 20, 40, 60, 80, 99]);
    let with = |changes: &[Field]| picture(changes, 0);
    let odd = [
        ("header-only", b"II*\0".to_vec()),
        (
            "directory-outside-the-file",
            b"II*\0\xF0\xFF\xFF\x7F".to_vec(),
        ),
        ("directory-that-follows-itself", looped()),
        (
            "sixty-thousand-squared",
            with(&[(256, 4, 1, 60_000), (257, 4, 1, 60_000)]),
        ),
        ("no-width", with(&[(256, 4, 1, 0)])),
        ("unknown-compression", with(&[(259, 3, 1, 31_337)])),
        ("data-outside-the-file", with(&[(273, 4, 1, 0x7FFF_FFF0)])),
        ("data-of-four-gigabytes", with(&[(279, 4, 1, u32::MAX)])),
        (
            "four-billion-strips",
            with(&[(273, 4, u32::MAX, 8), (279, 4, u32::MAX, 8)]),
        ),
        ("four-billion-of-a-field", with(&[(270, 2, u32::MAX, 8)])),
        ("samples-of-sixty-thousand", with(&[(277, 3, 1, 60_000)])),
        ("bits-of-two-hundred", with(&[(258, 3, 1, 200)])),
        ("rows-of-nothing", with(&[(278, 4, 1, 0)])),
        ("directory-of-sixty-thousand-fields", patched_count()),
        ("large-format-of-64-bit-lies", large()),
        (
            "sub-directory-that-is-its-parent",
            with(&[(330, 4, 1, 6_152)]),
        ),
    ];
    corpus.extend(
        odd.into_iter()
            .map(|(name, bytes)| Hostile::new(format!("tiff-{name}"), "tif", bytes)),
    );
    Ok(corpus)
}

/// Header, 6,144 bytes of pixels, one directory of the fields above with changes.
fn picture(changes: &[Field], next: u32) -> Vec<u8> {
    let mut fields = PICTURE.to_vec();
    for change in changes {
        match fields.iter_mut().find(|field| field.0 == change.0) {
            Some(field) => *field = *change,
            None => fields.push(*change),
        }
    }
    fields.sort_unstable();
    let mut out = b"II*\0\x08\x18\0\0".to_vec();
    out.extend((0..6_144u32).map(|at| (at * 7 % 255) as u8));
    out.extend((fields.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in fields {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend(next.to_le_bytes());
    out
}

/// A directory whose next directory is itself.
pub(super) fn looped() -> Vec<u8> {
    picture(&[], 6_152)
}

fn patched_count() -> Vec<u8> {
    super::patched(&picture(&[], 0), 6_152, &[0xFF, 0xEA])
}

/// BigTIFF whose one field has 2^63 values.
fn large() -> Vec<u8> {
    let mut out = b"II\x2B\0\x08\0\0\0".to_vec();
    out.extend(16u64.to_le_bytes());
    out.extend(1u64.to_le_bytes());
    out.extend([0x11, 0x01, 16, 0]);
    out.extend((1u64 << 63).to_le_bytes());
    out.extend(u64::MAX.to_le_bytes());
    out.extend(0u64.to_le_bytes());
    out
}
