//! JPEG (ITU-T T.81): the walk over segments and scans that reporting and rebuilding share. The proof of a clean copy has
//! its own walk in `verify` and uses nothing from here.

mod inspect;
mod rebuild;

pub(crate) use inspect::{inspect, report_profile, trailer_tag};
pub(crate) use rebuild::rebuild;

use crate::error::MediaError;
use crate::limits::Limits;

pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const APP0: u8 = 0xE0;
pub(crate) const APP1: u8 = 0xE1;
pub(crate) const APP2: u8 = 0xE2;
pub(crate) const APP14: u8 = 0xEE;
pub(crate) const COM: u8 = 0xFE;

pub(crate) const EXIF_PREFIX: &[u8] = b"Exif\0";
pub(crate) const ICC_PREFIX: &[u8] = b"ICC_PROFILE\0";

/// Progressive pictures have about ten scans; each further one costs a decoder a pass over every pixel.
const MAX_SCANS: usize = 100;

/// One marker segment, and for SOS the entropy-coded data that follows it.
pub(crate) struct Segment<'a> {
    pub marker: u8,
    pub payload: &'a [u8],
    pub scan: &'a [u8],
}

/// The frame header's figures.
pub(crate) struct Frame {
    pub marker: u8,
    pub width: u32,
    pub height: u32,
    /// Sampling factors (horizontal, vertical) of each component.
    pub sampling: Vec<(u8, u8)>,
}

/// A JPEG in pieces.
pub(crate) struct Jpeg<'a> {
    /// Every segment between SOI and EOI, in order.
    pub segments: Vec<Segment<'a>>,
    /// What follows EOI.
    pub trailer: &'a [u8],
    pub frame: Frame,
}

/// Splits `bytes` into segments, stopping at the first EOI.
pub(crate) fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Jpeg<'a>, MediaError> {
    let mut rest = bytes.get(2..).ok_or(MediaError::Truncated)?;
    let mut segments: Vec<Segment<'a>> = Vec::new();
    let mut frame = None;
    let mut scans = 0;
    loop {
        let (marker, after) = next_marker(rest)?;
        if marker == EOI {
            let frame = frame.ok_or(MediaError::Malformed("it has no picture in it"))?;
            if scans == 0 {
                return Err(MediaError::Malformed("it has no picture in it"));
            }
            return Ok(Jpeg {
                segments,
                trailer: after,
                frame,
            });
        }
        let (payload, after) = payload(marker, after)?;
        let scan = match marker {
            SOS => &after[..scan_len(after)?],
            _ => &[],
        };
        scans += usize::from(marker == SOS);
        if segments.len() >= limits.max_segments || scans > MAX_SCANS {
            return Err(MediaError::TooManySegments);
        }
        if is_frame_header(marker) {
            let header = frame_header(marker, payload)?;
            limits.check_size(header.width, header.height)?;
            if frame.replace(header).is_some() {
                return Err(MediaError::Malformed("it has more than one picture header"));
            }
        } else if marker == SOS && frame.is_none() {
            return Err(MediaError::Malformed(
                "its picture data come before its header",
            ));
        }
        segments.push(Segment {
            marker,
            payload,
            scan,
        });
        rest = &after[scan.len()..];
    }
}

/// Reads a marker with its fill bytes (T.81, B.1.1.2).
fn next_marker(rest: &[u8]) -> Result<(u8, &[u8]), MediaError> {
    match rest.first() {
        None => return Err(MediaError::Truncated),
        Some(0xFF) => {}
        Some(_) => {
            return Err(MediaError::Malformed(
                "there are stray bytes between its parts",
            ));
        }
    }
    let at = rest
        .iter()
        .position(|&b| b != 0xFF)
        .ok_or(MediaError::Truncated)?;
    Ok((rest[at], &rest[at + 1..]))
}

fn payload(marker: u8, rest: &[u8]) -> Result<(&[u8], &[u8]), MediaError> {
    // Stand-alone, reserved and extension markers never occur between the parts of a photo; DNL and the hierarchical
    // markers change the picture's size behind the header's back.
    if !matches!(marker, 0xC0..=0xC7 | 0xC9..=0xCF | SOS | 0xDB | 0xDD | 0xE0..=0xEF | COM) {
        return Err(MediaError::Malformed("it has a part that no photo has"));
    }
    let length = rest
        .first_chunk()
        .map(|b| usize::from(u16::from_be_bytes(*b)));
    match length {
        None => Err(MediaError::Truncated),
        Some(0 | 1) => Err(MediaError::Malformed(
            "one of its parts has an impossible length",
        )),
        Some(length) if rest.len() < length => Err(MediaError::Truncated),
        Some(length) => Ok((&rest[2..length], &rest[length..])),
    }
}

/// Finds where entropy-coded data ends: at the first marker that is neither stuffing nor a restart.
fn scan_len(data: &[u8]) -> Result<usize, MediaError> {
    let mut at = 0;
    loop {
        let skip = data[at..]
            .iter()
            .position(|&b| b == 0xFF)
            .ok_or(MediaError::Truncated)?;
        at += skip;
        match data.get(at + 1) {
            None => return Err(MediaError::Truncated),
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            Some(_) => return Ok(at),
        }
    }
}

fn is_frame_header(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn frame_header(marker: u8, payload: &[u8]) -> Result<Frame, MediaError> {
    const BROKEN: MediaError = MediaError::Malformed("its picture header cannot be read");
    let [_, h1, h0, w1, w0, count, components @ ..] = payload else {
        return Err(BROKEN);
    };
    if components.len() != usize::from(*count) * 3 || !matches!(count, 1..=4) {
        return Err(BROKEN);
    }
    let sampling: Vec<(u8, u8)> = components
        .chunks_exact(3)
        .map(|c| (c[1] >> 4, c[1] & 15))
        .collect();
    if !sampling
        .iter()
        .all(|(h, v)| (1..=4).contains(h) && (1..=4).contains(v))
    {
        return Err(BROKEN);
    }
    Ok(Frame {
        marker,
        width: u16::from_be_bytes([*w1, *w0]).into(),
        height: u16::from_be_bytes([*h1, *h0]).into(),
        sampling,
    })
}

/// Puts the numbered pieces of the colour profile together; `None` if there is none or a piece is missing or doubled.
pub(crate) fn colour_profile(segments: &[Segment<'_>]) -> Option<Vec<u8>> {
    let mut pieces: Vec<(u8, u8, &[u8])> = segments
        .iter()
        .filter(|s| s.marker == APP2)
        .filter_map(|s| match s.payload.strip_prefix(ICC_PREFIX)? {
            [number, total, data @ ..] => Some((*number, *total, data)),
            _ => None,
        })
        .collect();
    pieces.sort_by_key(|(number, ..)| *number);
    let complete = pieces
        .iter()
        .zip(1u8..)
        .all(|((number, total, _), expected)| {
            *number == expected && usize::from(*total) == pieces.len()
        });
    (complete && !pieces.is_empty()).then(|| {
        pieces
            .iter()
            .flat_map(|(.., data)| *data)
            .copied()
            .collect()
    })
}
