//! Decides which chunks of a WebP make its picture: the bare form, the extended form with its parts, or an animation.

use super::{Chunk, Webp, le24, split_chunk};
use crate::error::MediaError;
use crate::limits::Limits;

const BROKEN: MediaError = MediaError::Malformed("its picture header cannot be read");
const BROKEN_ANIMATION: MediaError = MediaError::Malformed("its animation is damaged");

pub(super) const ALPHA: u8 = 0x10;
pub(super) const ANIMATED: u8 = 0x02;

/// The compressed pixels of a picture or of one frame.
pub(super) struct Pixels<'a> {
    pub alpha: Option<&'a [u8]>,
    /// `VP8 ` or `VP8L`.
    pub kind: [u8; 4],
    pub data: &'a [u8],
    pub width: u32,
    pub height: u32,
}

/// One frame of an animation: place, size, duration and flags as stored, and its pixels.
pub(super) struct Frame<'a> {
    pub header: [u8; 16],
    pub pixels: Pixels<'a>,
}

/// What is shown.
pub(super) enum Content<'a> {
    Still(Pixels<'a>),
    /// Background and loop count, frames.
    Moving([u8; 6], Vec<Frame<'a>>),
}

/// A whole picture.
pub(super) struct Picture<'a> {
    /// The flags of the extended header; `None` for the bare form, where nothing but the pixels counts.
    pub flags: Option<u8>,
    pub width: u32,
    pub height: u32,
    pub content: Content<'a>,
}

/// Finds the picture among the chunks.
pub(super) fn find<'a>(webp: &Webp<'a>, limits: &Limits) -> Result<Picture<'a>, MediaError> {
    let first = webp.chunks.first().ok_or(MediaError::Truncated)?;
    let picture = match &first.kind {
        b"VP8 " | b"VP8L" => bare(first)?,
        b"VP8X" => extended(first, &webp.chunks[1..], limits)?,
        _ => {
            return Err(MediaError::Malformed(
                "it does not start with its picture header",
            ));
        }
    };
    limits.check_size(picture.width, picture.height)?;
    Ok(picture)
}

fn bare<'a>(chunk: &Chunk<'a>) -> Result<Picture<'a>, MediaError> {
    let pixels = pixels(None, chunk)?;
    Ok(Picture {
        flags: None,
        width: pixels.width,
        height: pixels.height,
        content: Content::Still(pixels),
    })
}

fn extended<'a>(
    header: &Chunk<'a>,
    rest: &[Chunk<'a>],
    limits: &Limits,
) -> Result<Picture<'a>, MediaError> {
    let flags = *header.data.first().ok_or(BROKEN)?;
    let width = le24(header.data, 4).ok_or(BROKEN)? + 1;
    let height = le24(header.data, 7).ok_or(BROKEN)? + 1;
    let content = match flags & ANIMATED {
        0 => Content::Still(still(rest)?),
        _ => moving(rest, width, height, limits)?,
    };
    match &content {
        Content::Still(pixels) if (pixels.width, pixels.height) != (width, height) => Err(BROKEN),
        _ => Ok(Picture {
            flags: Some(flags),
            width,
            height,
            content,
        }),
    }
}

/// Takes the first compressed picture, and the transparency that stands before it.
fn still<'a>(chunks: &[Chunk<'a>]) -> Result<Pixels<'a>, MediaError> {
    let at = chunks
        .iter()
        .position(|c| matches!(&c.kind, b"VP8 " | b"VP8L"))
        .ok_or(MediaError::Malformed("it has no picture in it"))?;
    let alpha = chunks[..at].iter().find(|c| &c.kind == b"ALPH");
    pixels(alpha.map(|c| c.data), &chunks[at])
}

fn moving<'a>(
    chunks: &[Chunk<'a>],
    width: u32,
    height: u32,
    limits: &Limits,
) -> Result<Content<'a>, MediaError> {
    let control = chunks.iter().find(|c| &c.kind == b"ANIM");
    let control = control
        .and_then(|c| c.data.first_chunk::<6>())
        .ok_or(BROKEN_ANIMATION)?;
    let frames: Vec<&Chunk<'a>> = chunks.iter().filter(|c| &c.kind == b"ANMF").collect();
    limits.check_frames(frames.len(), width, height)?;
    let frames: Vec<Frame<'a>> = frames
        .into_iter()
        .map(|c| frame(c.data, width, height))
        .collect::<Result<_, _>>()?;
    match frames.is_empty() {
        true => Err(BROKEN_ANIMATION),
        false => Ok(Content::Moving(*control, frames)),
    }
}

fn frame(data: &[u8], width: u32, height: u32) -> Result<Frame<'_>, MediaError> {
    let header = data.first_chunk::<16>().ok_or(BROKEN_ANIMATION)?;
    let number = |at: usize| le24(header, at).ok_or(BROKEN_ANIMATION);
    let (x, y) = (number(0)? * 2, number(3)? * 2);
    let (w, h) = (number(6)? + 1, number(9)? + 1);
    let pixels = still(&frame_chunks(data))?;
    let fits = x + w <= width && y + h <= height && (pixels.width, pixels.height) == (w, h);
    fits.then_some(Frame {
        header: *header,
        pixels,
    })
    .ok_or(BROKEN_ANIMATION)
}

/// Lists the chunks inside a frame. A frame has three at most; what follows is nobody's.
pub(super) fn frame_chunks(data: &[u8]) -> Vec<Chunk<'_>> {
    let mut rest = data.get(16..).unwrap_or_default();
    let mut chunks = Vec::new();
    while let (Some((chunk, after)), true) = (split_chunk(rest), chunks.len() < 16) {
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

fn pixels<'a>(alpha: Option<&'a [u8]>, chunk: &Chunk<'a>) -> Result<Pixels<'a>, MediaError> {
    let is_lossless = &chunk.kind == b"VP8L";
    let size = match is_lossless {
        true => lossless_size(chunk.data),
        false => lossy_size(chunk.data),
    };
    let (width, height) = size.ok_or(BROKEN)?;
    Ok(Pixels {
        alpha: alpha.filter(|_| !is_lossless),
        kind: chunk.kind,
        data: chunk.data,
        width,
        height,
    })
}

/// Key frame header (RFC 6386, 9.1): three bytes of tag, start code, 14 bits each of width and height.
fn lossy_size(data: &[u8]) -> Option<(u32, u32)> {
    let [tag, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1] = *data.first_chunk()? else {
        return None;
    };
    let size = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
    (tag & 1 == 0).then_some((size(w0, w1), size(h0, h1)))
}

/// Signature, 14 bits each of width and height less one, a bit for transparency, three of version.
fn lossless_size(data: &[u8]) -> Option<(u32, u32)> {
    let [0x2F, a, b, c, d] = *data.first_chunk()? else {
        return None;
    };
    let bits = u32::from_le_bytes([a, b, c, d]);
    (bits >> 29 == 0).then_some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
}
