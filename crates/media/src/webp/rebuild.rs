//! Builds a WebP anew from the parts that make the picture: pixels, transparency, frames, a standard colour profile and
//! the orientation. Header, lengths and flags are written fresh and say what is there.

use super::picture::{ALPHA, ANIMATED, Content, Picture, Pixels, find};
use super::{inspect, walk};
use crate::error::MediaError;
use crate::limits::Limits;
use crate::{exif, icc};

const PROFILE: u8 = 0x20;
const EXIF: u8 = 0x08;

/// Builds the copy. Compressed pixels are copied byte for byte.
pub(crate) fn rebuild(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let orientation = inspect(bytes, limits)?
        .orientation
        .filter(|value| *value > 1);
    let webp = walk(bytes, limits)?;
    let picture = find(&webp, limits)?;
    let profile = webp.chunks.iter().find(|c| &c.kind == b"ICCP");
    let profile = profile
        .filter(|_| picture.flags.is_some())
        .and_then(|c| icc::plain(c.data));
    let mut list = b"WEBP".to_vec();
    if let Some(flags) = flags(&picture) {
        let mut flags = flags;
        flags |= if profile.is_some() { PROFILE } else { 0 };
        flags |= if orientation.is_some() { EXIF } else { 0 };
        let size = |side: u32| (side - 1).to_le_bytes();
        let (w, h) = (size(picture.width), size(picture.height));
        push(
            &mut list,
            b"VP8X",
            &[flags, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]],
        )?;
    }
    if let Some(profile) = profile {
        push(&mut list, b"ICCP", &profile)?;
    }
    content(&mut list, &picture.content)?;
    if let Some(value) = orientation {
        push(&mut list, b"EXIF", &exif::orientation_only(value))?;
    }
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&length(list.len())?.to_le_bytes());
    out.extend_from_slice(&list);
    Ok(out)
}

/// Works out the flags of the extended header; `None` where the original had none.
fn flags(picture: &Picture<'_>) -> Option<u8> {
    let original = picture.flags?;
    Some(match &picture.content {
        Content::Moving(..) => ANIMATED | original & ALPHA,
        // Decoders refuse a picture that announces transparency and has none.
        Content::Still(pixels) if &pixels.kind == b"VP8 " && pixels.alpha.is_none() => 0,
        Content::Still(_) => original & ALPHA,
    })
}

fn content(list: &mut Vec<u8>, content: &Content<'_>) -> Result<(), MediaError> {
    match content {
        Content::Still(still) => pixels(list, still),
        Content::Moving(control, frames) => {
            push(list, b"ANIM", control)?;
            for frame in frames {
                let mut body = frame.header.to_vec();
                // Only the blending and disposal bits have a meaning.
                body[15] &= 0x03;
                pixels(&mut body, &frame.pixels)?;
                push(list, b"ANMF", &body)?;
            }
            Ok(())
        }
    }
}

fn pixels(list: &mut Vec<u8>, pixels: &Pixels<'_>) -> Result<(), MediaError> {
    if let Some(alpha) = pixels.alpha {
        push(list, b"ALPH", alpha)?;
    }
    push(list, &pixels.kind, pixels.data)
}

fn push(list: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) -> Result<(), MediaError> {
    list.extend_from_slice(kind);
    list.extend_from_slice(&length(data.len())?.to_le_bytes());
    list.extend_from_slice(data);
    if !data.len().is_multiple_of(2) {
        list.push(0);
    }
    Ok(())
}

fn length(len: usize) -> Result<u32, MediaError> {
    u32::try_from(len).map_err(|_| MediaError::Malformed("one of its parts is too long"))
}
