//! The frame header of a JPEG (T.81, B.2.2): size, kind and components.

use crate::error::MediaError;

/// The frame header's figures.
pub(crate) struct Frame {
    pub marker: u8,
    pub width: u32,
    pub height: u32,
    /// Sampling factors (horizontal, vertical) of each component.
    pub sampling: Vec<(u8, u8)>,
}

pub(super) fn is_frame_header(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

pub(super) fn read(marker: u8, payload: &[u8]) -> Result<Frame, MediaError> {
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
