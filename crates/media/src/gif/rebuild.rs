//! Builds a GIF anew from its pictures, their colour tables and timing, and the number of loops. Every other block is left
//! behind, and so is what hides behind the last pixel of a picture.

use super::{Block, Frame, Gif, lzw, walk};
use crate::error::MediaError;
use crate::limits::Limits;

/// Builds the copy. Compressed pixels are copied bit for bit up to the last pixel.
pub(crate) fn rebuild(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let gif = walk(bytes, limits)?;
    let frames = gif.blocks.iter().filter(|b| matches!(b, Block::Frame(_)));
    limits.check_frames(frames.count(), gif.width, gif.height)?;
    let mut out = gif.header.to_vec();
    out.extend_from_slice(gif.palette);
    if let Some(loops) = loops(&gif) {
        out.extend_from_slice(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01");
        out.extend_from_slice(&loops);
        out.push(0);
    }
    let mut control = None;
    for block in &gif.blocks {
        match block {
            Block::Control(figures) => control = Some(*figures),
            Block::Frame(frame) => {
                push_frame(&mut out, frame, control.take())?;
            }
            Block::Extension(..) => {}
        }
    }
    out.push(0x3B);
    Ok(out)
}

/// Finds how often the animation plays.
fn loops(gif: &Gif<'_>) -> Option<[u8; 2]> {
    gif.blocks.iter().find_map(|block| {
        let Block::Extension(0xFF, data) = block else {
            return None;
        };
        let mut pieces = data.iter();
        if !matches!(pieces.next()?, b"NETSCAPE2.0" | b"ANIMEXTS1.0") {
            return None;
        }
        pieces.find_map(|piece| match piece {
            [1, low, high] => Some([*low, *high]),
            _ => None,
        })
    })
}

fn push_frame(
    out: &mut Vec<u8>,
    frame: &Frame<'_>,
    control: Option<[u8; 4]>,
) -> Result<(), MediaError> {
    if let Some([flags, delay0, delay1, transparent]) = control {
        // The three top bits have no meaning.
        out.extend_from_slice(&[0x21, 0xF9, 4, flags & 0x1F, delay0, delay1, transparent, 0]);
    }
    let mut descriptor = frame.descriptor;
    descriptor[8] &= 0b1110_0111;
    out.push(0x2C);
    out.extend_from_slice(&descriptor);
    out.extend_from_slice(frame.palette);
    out.push(frame.code_size);
    let (width, height) = frame.size();
    let pixels = u64::from(width) * u64::from(height);
    let data = lzw::trim(frame.code_size, &frame.data.joined(), pixels)?;
    for piece in data.chunks(255) {
        out.push(piece.len() as u8);
        out.extend_from_slice(piece);
    }
    out.push(0);
    Ok(())
}
