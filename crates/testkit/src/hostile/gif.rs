//! GIF that lies, ends early or has frames without end.

use anyhow::Result;
use image::ImageFormat;

use super::{Hostile, at, patched, seeds::encoded, torn};

pub(super) fn hostile() -> Result<Vec<Hostile>> {
    let sound = encoded(ImageFormat::Gif)?;
    let mut corpus = torn("gif", "gif", &sound, &[1, 5, 20, 40, 60, 80]);
    let frame = at(&sound, &[0x2C, 0, 0, 0, 0])?;
    let end = sound.len() - 1;
    let has_local_table = sound[frame + 9] & 0x80 != 0;
    let table = match has_local_table {
        true => 3 << ((sound[frame + 9] & 7) + 1),
        false => 0,
    };
    let code_size = frame + 10 + table;
    let frames = [
        &sound[..end],
        &sound[frame..end].repeat(3_000),
        &sound[end..],
    ]
    .concat();
    let odd = [
        ("header-only", b"GIF89a".to_vec()),
        ("screen-only", [&sound[..13], &[0x3B]].concat()),
        (
            "screen-of-65535-squared",
            patched(&patched(&sound, 6, &[0xFF; 4]), frame + 5, &[0xFF; 4]),
        ),
        ("no-size", patched(&sound, 6, &[0; 4])),
        ("frame-without-size", patched(&sound, frame + 5, &[0; 4])),
        (
            "frame-outside-the-screen",
            patched(&sound, frame + 1, &[0xF0, 0xFF, 0xF0, 0xFF]),
        ),
        ("code-size-of-200", patched(&sound, code_size, &[200])),
        (
            "data-that-is-noise",
            patched(&sound, code_size + 4, &[0xEE; 60]),
        ),
        ("no-data", [&sound[..=code_size], &[0, 0x3B]].concat()),
        ("three-thousand-frames", frames),
        ("unknown-part", patched(&sound, frame, &[0x99])),
    ];
    corpus.extend(
        odd.into_iter()
            .map(|(name, bytes)| Hostile::new(format!("gif-{name}"), "gif", bytes)),
    );
    Ok(corpus)
}
