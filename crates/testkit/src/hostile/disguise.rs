//! Files that are not what their name or their first bytes say: other formats, and two formats in one file.

use anyhow::Result;
use image::ImageFormat;

use super::{Hostile, seeds, seeds::encoded};

const ARCHIVE: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0names.csv Zara Khan PK\x01\x02PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
const PAGE: &[u8] = b"<!DOCTYPE html><html><script>alert(1)</script></html>";
const PAPER: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
const PROGRAM: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0";
const RAR: &[u8] = b"Rar!\x1A\x07\x01\0\x33\x92\xB5\xE5";

pub(super) fn hostile() -> Result<Vec<Hostile>> {
    let mut corpus = strangers();
    for seed in seeds()? {
        for (what, stranger) in [
            ("archive", ARCHIVE),
            ("page", PAGE),
            ("paper", PAPER),
            ("program", PROGRAM),
            ("rar", RAR),
        ] {
            let name = format!("{}-with-a-{what}-behind-it", seed.ending);
            corpus.push(Hostile::new(
                name,
                seed.ending,
                [&seed.bytes, stranger].concat(),
            ));
        }
    }
    let jpeg = encoded(ImageFormat::Jpeg)?;
    let png = encoded(ImageFormat::Png)?;
    corpus.push(Hostile::new("jpeg-named-png", "png", jpeg.clone()));
    corpus.push(Hostile::new("png-named-jpeg", "jpg", png.clone()));
    corpus.push(Hostile::new("png-named-heic", "heic", png.clone()));
    corpus.push(Hostile::new("jpeg-named-film", "mp4", jpeg.clone()));
    corpus.push(Hostile::new(
        "archive-in-front-of-jpeg",
        "jpg",
        [ARCHIVE, &jpeg].concat(),
    ));
    corpus.push(Hostile::new(
        "page-in-front-of-png",
        "png",
        [PAGE, &png].concat(),
    ));
    Ok(corpus)
}

/// What is no picture at all, or a kind that is not read.
fn strangers() -> Vec<Hostile> {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let bitmap = [
        b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".as_slice(),
        &[0; 80],
    ]
    .concat();
    [
        ("nothing", "jpg", Vec::new()),
        ("one-byte", "jpg", vec![0xFF]),
        ("words", "jpg", b"This is not a picture at all.".to_vec()),
        ("page", "jpg", PAGE.to_vec()),
        ("drawing-with-a-script", "jpg", svg.to_vec()),
        ("paper", "jpg", PAPER.to_vec()),
        ("archive", "png", ARCHIVE.to_vec()),
        ("program", "jpg", PROGRAM.to_vec()),
        ("bitmap", "bmp", bitmap),
        (
            "icon",
            "ico",
            b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0".to_vec(),
        ),
        ("photoshop", "psd", b"8BPS\0\x01\0\0\0\0\0\0\0\x03".to_vec()),
        (
            "jpeg-2000",
            "jp2",
            b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14ftypjp2 ".to_vec(),
        ),
        ("jpeg-xl", "jxl", b"\xFF\x0A\x7F\x20\0\0\0\0".to_vec()),
        ("zeros", "jpg", vec![0; 100_000]),
        ("ones", "jpg", vec![0xFF; 100_000]),
    ]
    .into_iter()
    .map(|(name, ending, bytes)| Hostile::new(format!("stranger-{name}"), ending, bytes))
    .collect()
}
