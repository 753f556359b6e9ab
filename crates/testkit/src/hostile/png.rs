//! PNG and APNG (ISO 15948) that lie, end early or inflate without end.

use std::io::Write as _;

use anyhow::Result;
use flate2::{Compression, Crc, write::ZlibEncoder};
use image::ImageFormat;

use super::{Hostile, seeds::encoded, torn};

const HEADER_END: usize = 33;

pub(super) fn hostile() -> Result<Vec<Hostile>> {
    let sound = encoded(ImageFormat::Png)?;
    let mut corpus = torn("png", "png", &sound, &[1, 5, 20, 40, 60, 80, 99]);
    corpus.extend(headers(&sound));
    corpus.extend(chunks(&sound)?);
    corpus.extend(animations(&sound));
    Ok(corpus)
}

fn new(name: &str, bytes: Vec<u8>) -> Hostile {
    Hostile::new(format!("png-{name}"), "png", bytes)
}

fn header(width: u32, height: u32, rest: [u8; 5]) -> Vec<u8> {
    chunk(
        b"IHDR",
        &[&width.to_be_bytes()[..], &height.to_be_bytes(), &rest].concat(),
    )
}

fn headers(sound: &[u8]) -> Vec<Hostile> {
    let with = |header: Vec<u8>| [&sound[..8], &header, &sound[HEADER_END..]].concat();
    vec![
        new(
            "sixty-thousand-squared",
            with(header(60_000, 60_000, [8, 2, 0, 0, 0])),
        ),
        new(
            "two-billion-wide",
            with(header(0x7FFF_FFFF, 1, [8, 2, 0, 0, 0])),
        ),
        new("no-width", with(header(0, 64, [8, 2, 0, 0, 0]))),
        new("depth-of-three", with(header(96, 64, [3, 2, 0, 0, 0]))),
        new("colour-of-nine", with(header(96, 64, [8, 9, 0, 0, 0]))),
        new("unknown-compression", with(header(96, 64, [8, 2, 7, 0, 0]))),
        new("unknown-interlace", with(header(96, 64, [8, 2, 0, 0, 9]))),
        new("no-palette", with(header(96, 64, [8, 3, 0, 0, 0]))),
        new(
            "more-rows-than-data",
            with(header(96, 9_000, [8, 2, 0, 0, 0])),
        ),
        new("two-headers", [&sound[..HEADER_END], &sound[8..]].concat()),
        new("no-header", [&sound[..8], &sound[HEADER_END..]].concat()),
    ]
}

fn chunks(sound: &[u8]) -> Result<Vec<Hostile>> {
    let end = sound.len() - 12;
    let data_kind = super::at(sound, b"IDAT")?;
    let mut wrong_sum = sound.to_vec();
    wrong_sum[end - 1] ^= 0x55;
    let mut wrong_header_sum = sound.to_vec();
    wrong_header_sum[HEADER_END - 1] ^= 0x55;
    let text = zlib(&vec![b'a'; 64 * 1024 * 1024])?;
    let bomb = [b"Comment\0\0".as_slice(), &text].concat();
    let tiny = zlib(b"too little")?;
    let little = [&sound[..HEADER_END], &chunk(b"IDAT", &tiny), &sound[end..]].concat();
    let mut claim = sound[..HEADER_END].to_vec();
    claim.extend(b"\xFF\xFF\xFF\xFFIDATabc");
    Ok(vec![
        new("wrong-sum-of-data", wrong_sum),
        new("wrong-sum-of-header", wrong_header_sum),
        new("no-data", [&sound[..HEADER_END], &sound[end..]].concat()),
        new("no-end", sound[..end].to_vec()),
        new("data-for-one-row", little),
        new("chunk-of-four-gigabytes", claim),
        new(
            "text-that-inflates-to-64-megabytes",
            behind_header(sound, &chunk(b"zTXt", &bomb)),
        ),
        new(
            "thirty-thousand-chunks",
            behind_header(sound, &chunk(b"tEXt", b"a\0b").repeat(30_000)),
        ),
        new(
            "critical-chunk-that-nobody-knows",
            behind_header(sound, &chunk(b"QQQQ", b"x")),
        ),
        new(
            "data-that-is-noise",
            super::patched(sound, data_kind + 6, &[0xA7; 40]),
        ),
    ])
}

fn animations(sound: &[u8]) -> Vec<Hostile> {
    let control = |frames: u32| chunk(b"acTL", &[frames.to_be_bytes(), [0; 4]].concat());
    let frame = |sequence: u32, width: u32| {
        let head = [sequence, width, 64, 0, 0].map(u32::to_be_bytes).concat();
        chunk(b"fcTL", &[&head[..], &[0, 1, 0, 10, 0, 0]].concat())
    };
    let with = |extra: Vec<u8>| behind_header(sound, &extra);
    vec![
        new("two-billion-frames", with(control(0x7FFF_FFFF))),
        new(
            "frame-outside-the-picture",
            with([control(1), frame(0, 5_000)].concat()),
        ),
        new(
            "frames-out-of-order",
            with([control(2), frame(7, 96)].concat()),
        ),
        new(
            "frames-without-data",
            with([control(3), frame(0, 96), frame(1, 96)].concat()),
        ),
    ]
}

fn behind_header(sound: &[u8], chunks: &[u8]) -> Vec<u8> {
    [&sound[..HEADER_END], chunks, &sound[HEADER_END..]].concat()
}

fn zlib(data: &[u8]) -> Result<Vec<u8>> {
    let mut writer = ZlibEncoder::new(Vec::new(), Compression::best());
    writer.write_all(data)?;
    Ok(writer.finish()?)
}

pub(super) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&length[..], kind, data, &sum.sum().to_be_bytes()].concat()
}
