//! WebP (RFC 9649): the walk over RIFF chunks that reporting and rebuilding share, and what of them makes the picture.
//! The proof of a clean copy has its own walk in `verify` and uses nothing from here.

mod inspect;
mod picture;
mod rebuild;

pub(crate) use inspect::inspect;
pub(crate) use rebuild::rebuild;

use crate::error::MediaError;
use crate::limits::Limits;

/// One RIFF chunk.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
}

/// A WebP in pieces.
pub(crate) struct Webp<'a> {
    /// Every chunk of the file's RIFF list, in order.
    pub chunks: Vec<Chunk<'a>>,
    /// What follows the list.
    pub trailer: &'a [u8],
}

/// Splits `bytes` into chunks.
///
/// The length in the header is often wrong, since programs append chunks and forget it: a chunk that starts inside the
/// list is taken whole, and a list that claims to go on ends with the file.
pub(crate) fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Webp<'a>, MediaError> {
    let (webp, fault) = read(bytes, limits)?;
    fault.map_or(Ok(webp), Err)
}

/// As [`walk`], and of a file that is cut off the chunks before the cut.
fn read<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Webp<'a>, Option<MediaError>), MediaError> {
    let claimed = bytes.get(4..).and_then(<[u8]>::first_chunk);
    let claimed = claimed.map_or(0, |len| u32::from_le_bytes(*len)) as usize;
    let list_end = claimed.saturating_add(8).min(bytes.len());
    let mut rest = bytes.get(12..).ok_or(MediaError::Truncated)?;
    let mut chunks = Vec::new();
    let mut fault = None;
    while bytes.len() - rest.len() + 8 <= list_end {
        let Some((chunk, after)) = split_chunk(rest) else {
            fault = Some(MediaError::Truncated);
            rest = &[];
            break;
        };
        if chunks.len() >= limits.max_segments {
            return Err(MediaError::TooManySegments);
        }
        chunks.push(chunk);
        rest = after;
    }
    let webp = Webp {
        chunks,
        trailer: rest,
    };
    Ok((webp, fault))
}

/// Splits the first chunk off; its data are padded to an even length, which the last chunk of a file may lack.
fn split_chunk(rest: &[u8]) -> Option<(Chunk<'_>, &[u8])> {
    let (kind, after) = rest.split_first_chunk::<4>()?;
    let (len, after) = after.split_first_chunk::<4>()?;
    let len = u32::from_le_bytes(*len) as usize;
    let (data, after) = after.split_at_checked(len)?;
    let after = after.get(len % 2..).unwrap_or_default();
    Some((Chunk { kind: *kind, data }, after))
}

/// Reads three little-endian bytes.
fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let [low, middle, high] = *bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes([low, middle, high, 0]))
}
