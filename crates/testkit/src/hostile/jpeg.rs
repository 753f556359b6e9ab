//! JPEG (ITU-T T.81) that lies, ends early or repeats itself.

use anyhow::Result;
use image::ImageFormat;

use super::{Hostile, at, patched, seeds::encoded, tiff, torn};

pub(super) fn hostile() -> Result<Vec<Hostile>> {
    let sound = encoded(ImageFormat::Jpeg)?;
    let mut corpus = torn("jpeg", "jpg", &sound, &[1, 5, 20, 40, 60, 80, 95]);
    corpus.extend(headers(&sound)?);
    corpus.extend(parts(&sound)?);
    corpus.extend(blocks(&sound)?);
    Ok(corpus)
}

fn new(name: &str, bytes: Vec<u8>) -> Hostile {
    Hostile::new(format!("jpeg-{name}"), "jpg", bytes)
}

/// A frame header that claims what is not so.
fn headers(sound: &[u8]) -> Result<Vec<Hostile>> {
    let frame = at(sound, &[0xFF, 0xC0])?;
    let with = |offset: usize, bytes: &[u8]| patched(sound, frame + offset, bytes);
    Ok(vec![
        new("65500-squared", with(5, &[0xFF, 0xDC, 0xFF, 0xDC])),
        new("no-height", with(5, &[0, 0])),
        new("no-width", with(7, &[0, 0])),
        new("no-components", with(9, &[0])),
        new("five-components", with(9, &[5])),
        new("sampling-of-nothing", with(11, &[0])),
        new("sampling-of-fifteen", with(11, &[0xFF])),
        new("twelve-bits", with(4, &[12])),
        new("lossless", with(1, &[0xC3])),
        new("hierarchical", with(1, &[0xC5])),
        new("arithmetic", with(1, &[0xC9])),
        new("larger-than-its-data", with(5, &[0x20, 0, 0x20, 0])),
    ])
}

/// Parts that are missing, doubled or of an impossible length.
fn parts(sound: &[u8]) -> Result<Vec<Hostile>> {
    let frame = at(sound, &[0xFF, 0xC0])?;
    let scan = at(sound, &[0xFF, 0xDA])?;
    let tables = at(sound, &[0xFF, 0xC4])?;
    let quantities = at(sound, &[0xFF, 0xDB])?;
    let frame_end = frame + 2 + usize::from(sound[frame + 3]);
    let twice = [
        &sound[..frame_end],
        &sound[frame..frame_end],
        &sound[frame_end..],
    ]
    .concat();
    let scans: Vec<u8> = sound[scan..sound.len() - 2].repeat(400);
    let mut noise = sound.to_vec();
    for (place, byte) in noise[scan + 14..].iter_mut().enumerate() {
        *byte = (place * 37 % 251) as u8;
    }
    Ok(vec![
        new("two-frames", twice),
        new("no-frame", [&sound[..frame], &sound[frame_end..]].concat()),
        new("scan-before-frame", [&sound[..2], &sound[scan..]].concat()),
        new("no-scan", [&sound[..scan], &[0xFF, 0xD9]].concat()),
        new("no-huffman-tables", patched(sound, tables + 1, &[0xE5])),
        new("no-quantities", patched(sound, quantities + 1, &[0xE5])),
        new("length-of-nothing", patched(sound, quantities + 2, &[0, 0])),
        new(
            "length-beyond-the-end",
            patched(sound, tables + 2, &[0xFF, 0xFF]),
        ),
        new(
            "four-hundred-scans",
            [&sound[..scan], &scans, &[0xFF, 0xD9]].concat(),
        ),
        new("noise-for-a-scan", noise),
        new("start-only", vec![0xFF, 0xD8]),
        new("start-and-end", vec![0xFF, 0xD8, 0xFF, 0xD9]),
        new(
            "markers-only",
            [&[0xFF, 0xD8][..], &[0xFF; 100_000]].concat(),
        ),
        new(
            "thirty-thousand-comments",
            behind_start(sound, &segment(0xFE, b"x").repeat(30_000)),
        ),
    ])
}

/// Metadata that loops or leads nowhere.
fn blocks(sound: &[u8]) -> Result<Vec<Hostile>> {
    let exif = |name: &str, block: &[u8]| {
        let payload = [b"Exif\0\0".as_slice(), block].concat();
        new(name, behind_start(sound, &segment(0xE1, &payload)))
    };
    Ok(vec![
        exif("exif-that-is-noise", &[0x5A; 400]),
        exif("exif-without-a-directory", b"II*\0\xFF\xFF\xFF\x7F"),
        exif("exif-loop", &tiff::looped()),
    ])
}

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2)
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    [&[0xFF, marker, length[0], length[1]], payload].concat()
}

fn behind_start(sound: &[u8], segments: &[u8]) -> Vec<u8> {
    [&sound[..2], segments, &sound[2..]].concat()
}
