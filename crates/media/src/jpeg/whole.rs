//! Tells a picture that merely lacks its end marker from one whose data were cut off.

use crate::format::Format;
use crate::limits::Limits;
use crate::pixels;

/// Bytes that a decoder would take for picture data if it still wanted some. No one of them is 0xFF.
const FILLER: [u8; 64] = {
    let mut filler = [0u8; 64];
    let mut at = 0;
    while at < filler.len() {
        filler[at] = (at as u8).wrapping_mul(37) ^ 0x5A;
        at += 1;
    }
    filler
};

/// Tells whether the pixels of a JPEG, which ends with EOI, are all there, then bytes in front of EOI change nothing; and
/// whether they are those that `original` shows, which may go on behind its last scan with what some decoders stumble over.
/// Decodes three times, so it is for the rare file that has no end marker of its own.
pub(super) fn is_whole(jpeg: &[u8], original: &[u8], limits: &Limits) -> bool {
    let Some(body) = jpeg.strip_suffix(&[0xFF, super::EOI]) else {
        return false;
    };
    let Some(pixels) = decode(jpeg, limits) else {
        return false;
    };
    let filled = [body, &FILLER, &[0xFF, super::EOI]].concat();
    decode(&filled, limits).is_some_and(|again| again == pixels)
        && decode(original, limits).is_none_or(|shown| shown == pixels)
}

/// `None` when the picture cannot be decoded within the limits.
fn decode(jpeg: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let frame = super::walk(jpeg, limits).ok()?.frame;
    // Pixels and, in a progressive picture, every coefficient as 16 bits.
    let needed = u64::from(frame.width) * u64::from(frame.height) * 12;
    limits.check_alloc(needed).ok()?;
    let picture = pixels::decode(jpeg, Format::Jpeg, limits).ok()?;
    Some(picture.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filler_holds_no_marker() {
        assert!(!FILLER.contains(&0xFF));
    }
}
