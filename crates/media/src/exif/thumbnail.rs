//! The smaller picture in an Exif block. Editors that crop a photo often leave it as it was.

use super::directory::{Slot, number32};

/// Frame headers stand within the tables, well before this.
const MAX_SEGMENTS: usize = 32;

/// Returns the width and height of the JPEG that the slot points at in the block.
pub(super) fn size(block: &[u8], slot: &Slot<'_>, big_endian: bool) -> Option<(u16, u16)> {
    if slot.kind != 4 {
        return None;
    }
    let start = number32(*slot.raw?.first_chunk()?, big_endian) as usize;
    let mut rest = block.get(start..)?.strip_prefix(&[0xFF, 0xD8])?;
    for _ in 0..MAX_SEGMENTS {
        let [0xFF, marker, high, low, body @ ..] = rest else {
            return None;
        };
        if let (0xC0..=0xC2, [_, h1, h0, w1, w0, ..]) = (marker, body) {
            return Some((
                u16::from_be_bytes([*w1, *w0]),
                u16::from_be_bytes([*h1, *h0]),
            ));
        }
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        rest = rest.get(2 + len..)?;
    }
    None
}
