//! GIF (87a and 89a): the walk over blocks that reporting and rebuilding share. The proof of a clean copy has its own walk
//! in `verify` and uses nothing from here.

mod inspect;
mod lzw;
mod rebuild;

pub(crate) use inspect::inspect;
pub(crate) use rebuild::rebuild;

use crate::error::MediaError;
use crate::limits::Limits;

/// The data of a block: a chain of pieces, each with its length in front, without the closing zero.
#[derive(Clone, Copy)]
pub(crate) struct Pieces<'a>(pub &'a [u8]);

impl<'a> Pieces<'a> {
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (len, after) = rest.split_first()?;
            let (piece, after) = after.split_at_checked(usize::from(*len))?;
            rest = after;
            Some(piece)
        })
    }

    pub(crate) fn joined(self) -> Vec<u8> {
        self.iter().flatten().copied().collect()
    }
}

/// One picture of the file.
pub(crate) struct Frame<'a> {
    /// Place, size and flags, as stored.
    pub descriptor: [u8; 9],
    pub palette: &'a [u8],
    /// Bits of a palette index.
    pub code_size: u8,
    pub data: Pieces<'a>,
}

impl Frame<'_> {
    pub(crate) fn size(&self) -> (u32, u32) {
        let [_, _, _, _, w0, w1, h0, h1, _] = self.descriptor;
        let side = |low, high| u16::from_le_bytes([low, high]).into();
        (side(w0, w1), side(h0, h1))
    }
}

/// One block after the header.
pub(crate) enum Block<'a> {
    /// Delay, disposal and transparent colour of the next picture.
    Control([u8; 4]),
    Frame(Frame<'a>),
    /// Any other extension: its label and data.
    Extension(u8, Pieces<'a>),
}

/// A GIF in pieces.
pub(crate) struct Gif<'a> {
    /// Signature, version and screen descriptor.
    pub header: &'a [u8],
    pub palette: &'a [u8],
    pub width: u32,
    pub height: u32,
    pub blocks: Vec<Block<'a>>,
    /// What follows the end marker.
    pub trailer: &'a [u8],
}

/// Splits `bytes` into blocks. A file that merely lacks its end marker is read like one that has it.
pub(crate) fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Gif<'a>, MediaError> {
    let (gif, fault) = read(bytes, limits)?;
    fault.map_or(Ok(gif), Err)
}

/// As [`walk`], and of a file that is cut off or damaged the blocks before the fault.
fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(Gif<'a>, Option<MediaError>), MediaError> {
    let (header, rest) = bytes.split_at_checked(13).ok_or(MediaError::Truncated)?;
    let side = |at: usize| u32::from(u16::from_le_bytes([header[at], header[at + 1]]));
    let (width, height) = (side(6), side(8));
    limits.check_size(width, height)?;
    let (palette, mut rest) = palette(header[10], rest)?;
    let mut blocks = Vec::new();
    let mut has_frame = false;
    let fault = loop {
        match next_block(rest, limits) {
            Ok(Next::Block(..)) if blocks.len() >= limits.max_segments => {
                return Err(MediaError::TooManySegments);
            }
            Ok(Next::Block(block, after)) => {
                has_frame |= matches!(block, Block::Frame(_));
                blocks.push(block);
                rest = after;
            }
            Ok(Next::Nothing(after)) => rest = after,
            Ok(Next::End(after)) => {
                rest = after;
                let empty = MediaError::Malformed("it has no picture in it");
                break (!has_frame).then_some(empty);
            }
            Err(MediaError::Truncated) if has_frame && rest.is_empty() => break None,
            Err(error) => {
                rest = &[];
                break Some(error);
            }
        }
    };
    let gif = Gif {
        header,
        palette,
        width,
        height,
        blocks,
        trailer: rest,
    };
    Ok((gif, fault))
}

/// What stands next in a file, and what follows it.
enum Next<'a> {
    Block(Block<'a>, &'a [u8]),
    /// A stray closing zero.
    Nothing(&'a [u8]),
    End(&'a [u8]),
}

fn next_block<'a>(rest: &'a [u8], limits: &Limits) -> Result<Next<'a>, MediaError> {
    let (introducer, rest) = rest.split_first().ok_or(MediaError::Truncated)?;
    let (block, rest) = match introducer {
        0x3B => return Ok(Next::End(rest)),
        0 => return Ok(Next::Nothing(rest)),
        0x21 => extension(rest)?,
        0x2C => frame(rest)?,
        _ => return Err(MediaError::Malformed("it has a part that no GIF has")),
    };
    if let Block::Frame(frame) = &block {
        let (width, height) = frame.size();
        limits.check_size(width, height)?;
    }
    Ok(Next::Block(block, rest))
}

/// Splits a colour table off, if the flags announce one.
fn palette(flags: u8, rest: &[u8]) -> Result<(&[u8], &[u8]), MediaError> {
    let len = match flags & 0x80 {
        0 => 0,
        _ => 6 << (flags & 7),
    };
    rest.split_at_checked(len).ok_or(MediaError::Truncated)
}

fn frame(rest: &[u8]) -> Result<(Block<'_>, &[u8]), MediaError> {
    let (descriptor, rest) = rest.split_first_chunk::<9>().ok_or(MediaError::Truncated)?;
    let (palette, rest) = palette(descriptor[8], rest)?;
    let (code_size, rest) = rest.split_first().ok_or(MediaError::Truncated)?;
    let (data, rest) = pieces(rest)?;
    let frame = Frame {
        descriptor: *descriptor,
        palette,
        code_size: *code_size,
        data,
    };
    Ok((Block::Frame(frame), rest))
}

fn extension(rest: &[u8]) -> Result<(Block<'_>, &[u8]), MediaError> {
    let (label, rest) = rest.split_first().ok_or(MediaError::Truncated)?;
    let (data, rest) = pieces(rest)?;
    let block = match (label, data.0) {
        (0xF9, [4, a, b, c, d]) => Block::Control([*a, *b, *c, *d]),
        _ => Block::Extension(*label, data),
    };
    Ok((block, rest))
}

fn pieces(rest: &[u8]) -> Result<(Pieces<'_>, &[u8]), MediaError> {
    let mut at = 0;
    loop {
        match rest.get(at) {
            None => return Err(MediaError::Truncated),
            Some(0) => return Ok((Pieces(&rest[..at]), &rest[at + 1..])),
            Some(len) => at += 1 + usize::from(*len),
        }
    }
}
