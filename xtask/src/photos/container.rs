//! Puts metadata into JPEG and PNG files the way cameras and editors lay them out. Encoding of pixels is the `image` crate's.

use super::list::Trailer;
use anyhow::{Context, Result, ensure};

/// What goes into a file beside its pixels.
#[derive(Default)]
pub struct Extras {
    /// EXIF block from the TIFF header on.
    pub exif: Option<Vec<u8>>,
    /// XMP packet.
    pub xmp: Option<String>,
    /// JPEG comment segment.
    pub comment: Option<String>,
    /// PNG text chunks: keyword and text.
    pub texts: Vec<(String, String)>,
    /// What follows the end of the picture.
    pub trailer: Option<Trailer>,
}

/// Inserts the extras behind the start marker of `jpeg` (and appends the trailer).
///
/// # Errors
/// When `jpeg` does not begin as the encoder writes it, or a segment would be longer than JPEG allows (65,533 bytes).
pub fn dress_jpeg(jpeg: &[u8], extras: &Extras) -> Result<Vec<u8>> {
    let body = jpeg
        .strip_prefix(b"\xFF\xD8")
        .context("a JPEG starts with its marker")?;
    let jfif_end = match body {
        [0xFF, 0xE0, high, low, ..] => 2 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => 0,
    };
    let (jfif, rest) = body
        .split_at_checked(jfif_end)
        .context("the JFIF segment is cut short")?;
    let mut out = vec![0xFF, 0xD8];
    // Cameras write EXIF in the place of JFIF.
    match &extras.exif {
        Some(block) => segment(&mut out, 0xE1, &[b"Exif\0\0", block.as_slice()].concat())?,
        None => out.extend(jfif),
    }
    if let Some(packet) = &extras.xmp {
        segment(
            &mut out,
            0xE1,
            &[b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat(),
        )?;
    }
    if let Some(comment) = &extras.comment {
        segment(&mut out, 0xFE, comment.as_bytes())?;
    }
    out.extend(rest);
    append_trailer(&mut out, extras);
    Ok(out)
}

fn segment(out: &mut Vec<u8>, marker: u8, payload: &[u8]) -> Result<()> {
    let length =
        u16::try_from(payload.len() + 2).context("a JPEG segment holds at most 65,533 bytes")?;
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(payload);
    Ok(())
}

/// Inserts the extras behind the header chunk of `png` (and appends the trailer).
///
/// # Errors
/// When `png` does not begin with a header chunk, or asks for a JPEG comment.
pub fn dress_png(png: &[u8], extras: &Extras) -> Result<Vec<u8>> {
    const HEADER: usize = 8 + 12 + 13;
    ensure!(extras.comment.is_none(), "a PNG has no JPEG comment");
    ensure!(
        png.get(12..16) == Some(b"IHDR".as_slice()),
        "a PNG starts with its header chunk"
    );
    let (head, rest) = png
        .split_at_checked(HEADER)
        .context("the PNG header is cut short")?;
    let mut out = head.to_vec();
    if let Some(block) = &extras.exif {
        chunk(&mut out, b"eXIf", block);
    }
    if let Some(packet) = &extras.xmp {
        chunk(
            &mut out,
            b"iTXt",
            &[b"XML:com.adobe.xmp\0\0\0\0\0", packet.as_bytes()].concat(),
        );
    }
    for (keyword, text) in &extras.texts {
        // tEXt is Latin-1 by definition; anything wider goes to iTXt.
        let (kind, gap): (&[u8; 4], &[u8]) = if text.is_ascii() {
            (b"tEXt", b"\0")
        } else {
            (b"iTXt", b"\0\0\0\0\0")
        };
        chunk(
            &mut out,
            kind,
            &[keyword.as_bytes(), gap, text.as_bytes()].concat(),
        );
    }
    out.extend(rest);
    append_trailer(&mut out, extras);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], payload: &[u8]) {
    out.extend((payload.len() as u32).to_be_bytes());
    let checked = [kind.as_slice(), payload].concat();
    out.extend(&checked);
    out.extend(crc(&checked).to_be_bytes());
}

/// CRC-32 as in PNG (ISO 3309).
pub fn crc(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

fn append_trailer(out: &mut Vec<u8>, extras: &Extras) {
    match &extras.trailer {
        Some(Trailer::Text(text)) => out.extend(text.as_bytes()),
        Some(Trailer::Clip(place)) => out.extend(clip(place)),
        None => {}
    }
}

/// A stub of the short film that phones hang behind a still: it carries the place a second time, in ISO 6709 form.
fn clip(place: &str) -> Vec<u8> {
    let film = boxed(b"ftyp", b"mp42\0\0\0\0isommp42");
    let mut location = (place.len() as u16).to_be_bytes().to_vec();
    // Language code "eng", packed five bits a letter.
    location.extend([0x15, 0xC7]);
    location.extend(place.as_bytes());
    let udta = boxed(b"udta", &boxed(b"\xA9xyz", &location));
    let frames: Vec<u8> = (0..512_u32).map(|i| (i * i % 251) as u8).collect();
    [film, boxed(b"moov", &udta), boxed(b"mdat", &frames)].concat()
}

fn boxed(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [
        ((payload.len() + 8) as u32).to_be_bytes().as_slice(),
        kind,
        payload,
    ]
    .concat()
}
