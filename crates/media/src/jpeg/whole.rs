//! Tells a picture that merely lacks its end marker from one whose data were cut off.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jpeg_decoder::Decoder;

use crate::limits::Limits;

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

/// Tells whether the pixels of a JPEG, which ends with EOI, are all there: then bytes in front of EOI change nothing.
/// Decodes twice, so it is for the rare file that has no end marker of its own.
pub(super) fn is_whole(jpeg: &[u8], limits: &Limits) -> bool {
    let Some(body) = jpeg.strip_suffix(&[0xFF, super::EOI]) else {
        return false;
    };
    let Some(pixels) = decode(jpeg, limits) else {
        return false;
    };
    let filled = [body, &FILLER, &[0xFF, super::EOI]].concat();
    decode(&filled, limits).is_some_and(|again| again == pixels)
}

/// `None` when the picture cannot be decoded strictly within the limits.
fn decode(jpeg: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let run = || {
        let mut decoder = Decoder::new(jpeg);
        decoder.read_info().ok()?;
        let info = decoder.info()?;
        // Pixels and, in a progressive picture, every coefficient as 16 bits.
        let needed = u64::from(info.width) * u64::from(info.height) * 12;
        limits.check_alloc(needed).ok()?;
        decoder.set_max_decoding_buffer_size(usize::try_from(limits.max_alloc_bytes).ok()?);
        decoder.decode().ok()
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filler_holds_no_marker() {
        assert!(!FILLER.contains(&0xFF));
    }
}
