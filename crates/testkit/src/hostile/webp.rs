//! WebP (RFC 9649) that lies or ends early.

use anyhow::Result;
use image::ImageFormat;

use super::{Hostile, patched, seeds::encoded, torn};

pub(super) fn hostile() -> Result<Vec<Hostile>> {
    let sound = encoded(ImageFormat::WebP)?;
    let mut corpus = torn("webp", "webp", &sound, &[1, 5, 20, 40, 60, 80, 98]);
    let body = &sound[12..];
    let extended = |flags: u8, width: u32, height: u32, chunks: &[u8]| {
        let [w0, w1, w2, _] = (width - 1).to_le_bytes();
        let [h0, h1, h2, _] = (height - 1).to_le_bytes();
        let head = chunk(b"VP8X", &[flags, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
        riff(&[&head[..], chunks].concat())
    };
    let frame = |width: u32, data: &[u8]| {
        let [w0, w1, w2, _] = (width - 1).to_le_bytes();
        let head = [0, 0, 0, 0, 0, 0, w0, w1, w2, 63, 0, 0, 10, 0, 0, 0];
        chunk(b"ANMF", &[&head[..], data].concat())
    };
    let loops = chunk(b"ANIM", &[0; 6]);
    let odd = [
        ("nothing-inside", riff(&[])),
        ("size-of-four-gigabytes", patched(&sound, 4, &[0xFF; 4])),
        ("chunk-of-four-gigabytes", patched(&sound, 16, &[0xFF; 4])),
        (
            "picture-data-that-is-noise",
            riff(&chunk(b"VP8L", &[0x5A; 300])),
        ),
        (
            "lossy-data-that-is-noise",
            riff(&chunk(b"VP8 ", &[0x5A; 300])),
        ),
        (
            "canvas-of-sixteen-million",
            extended(0, 0xFF_FFFF, 0xFF_FFFF, body),
        ),
        ("canvas-without-picture", extended(0, 96, 64, &[])),
        ("canvas-of-another-size", extended(0, 3_000, 2_000, body)),
        ("two-pictures", riff(&[body, body].concat())),
        ("animation-without-frames", extended(2, 96, 64, &loops)),
        (
            "frame-without-picture",
            extended(2, 96, 64, &[loops.clone(), frame(96, &[])].concat()),
        ),
        (
            "frame-outside-the-canvas",
            extended(2, 96, 64, &[loops.clone(), frame(9_000, body)].concat()),
        ),
        (
            "five-thousand-frames-of-16k",
            extended(
                2,
                16_000,
                16_000,
                &[loops, frame(96, body).repeat(5_000)].concat(),
            ),
        ),
        (
            "thirty-thousand-chunks",
            riff(&[body, &chunk(b"QQQQ", b"xx").repeat(30_000)].concat()),
        ),
    ];
    corpus.extend(
        odd.into_iter()
            .map(|(name, bytes)| Hostile::new(format!("webp-{name}"), "webp", bytes)),
    );
    Ok(corpus)
}

fn riff(body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 4)
        .unwrap_or(u32::MAX)
        .to_le_bytes();
    [b"RIFF".as_slice(), &size, b"WEBP", body].concat()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let size = u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes();
    let pad: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
    [kind.as_slice(), &size, data, pad].concat()
}
