//! The compressed rows of a picture (a zlib stream that may be spread over several chunks): how much of them is the
//! picture, and what to keep. Also the bounded inflating of compressed text.

use std::borrow::Cow;
use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

use crate::error::MediaError;

const BROKEN: MediaError = MediaError::Malformed("its picture data cannot be read");

/// Rows beyond this many bytes are not compressed anew: it would take longer than a picture may.
const MAX_FRESH_BYTES: u64 = 128 * 1024 * 1024;

/// What of a picture's stream belongs into a clean copy.
pub(super) enum Stream {
    /// This many bytes from its start, as they are.
    Keep(usize),
    /// The same rows in a new stream, because the old one holds more than the picture.
    Fresh(Vec<u8>),
}

impl Stream {
    /// Returns what to write in place of a chunk's data; the chunks are asked for in order.
    pub(super) fn take<'a>(&mut self, data: &'a [u8]) -> Cow<'a, [u8]> {
        match self {
            Self::Keep(left) => {
                let kept = &data[..data.len().min(*left)];
                *left -= kept.len();
                Cow::Borrowed(kept)
            }
            Self::Fresh(all) => Cow::Owned(std::mem::take(all)),
        }
    }
}

/// Follows the stream in `parts`, which must hold at least `expected` bytes of rows.
pub(super) fn follow(parts: &[&[u8]], expected: u64) -> Result<Stream, MediaError> {
    let mut zlib = Decompress::new(true);
    let mut buffer = vec![0; 64 * 1024];
    for part in parts {
        let mut rest = *part;
        loop {
            let (read, written) = (zlib.total_in(), zlib.total_out());
            let status = zlib.decompress(rest, &mut buffer, FlushDecompress::None);
            rest = &rest[(zlib.total_in() - read) as usize..];
            let filled = zlib.total_out() >= expected;
            match status {
                Ok(Status::StreamEnd) if zlib.total_out() == expected => {
                    return Ok(Stream::Keep(zlib.total_in() as usize));
                }
                Ok(Status::StreamEnd) if !filled => return Err(MediaError::Truncated),
                Err(_) if !filled => return Err(BROKEN),
                // Rows that nobody sees, or a stream with a wrong ending.
                _ if zlib.total_out() > expected || status.is_err() => {
                    return fresh(parts, expected);
                }
                _ if zlib.total_in() == read && zlib.total_out() == written => break,
                _ => {}
            }
        }
        if !rest.is_empty() {
            return Err(BROKEN);
        }
    }
    match zlib.total_out() == expected {
        true => fresh(parts, expected),
        false => Err(MediaError::Truncated),
    }
}

/// Compresses the first `expected` bytes of the rows anew.
fn fresh(parts: &[&[u8]], expected: u64) -> Result<Stream, MediaError> {
    if expected > MAX_FRESH_BYTES {
        return Err(MediaError::Malformed(
            "it holds more than the picture that it shows",
        ));
    }
    let mut out = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut zlib = Decompress::new(true);
    let mut buffer = vec![0; 64 * 1024];
    let mut missing = expected as usize;
    for part in parts {
        let mut rest = *part;
        while missing > 0 {
            let (read, written) = (zlib.total_in(), zlib.total_out());
            let status = zlib.decompress(rest, &mut buffer, FlushDecompress::None);
            rest = &rest[(zlib.total_in() - read) as usize..];
            let grown = (zlib.total_out() - written) as usize;
            let rows = &buffer[..grown.min(missing)];
            out.write_all(rows).map_err(|_| BROKEN)?;
            missing -= rows.len();
            if status.is_err() || (grown == 0 && zlib.total_in() == read) {
                break;
            }
        }
    }
    match missing {
        0 => out.finish().map(Stream::Fresh).map_err(|_| BROKEN),
        _ => Err(BROKEN),
    }
}

/// Inflates a zlib stream to at most `max` bytes; says whether there was more.
pub(super) fn inflate(data: &[u8], max: usize) -> Result<(Vec<u8>, bool), MediaError> {
    const BROKEN: MediaError = MediaError::Malformed("one of its compressed parts cannot be read");
    let mut zlib = Decompress::new(true);
    let mut out = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let (read, written) = (zlib.total_in() as usize, zlib.total_out() as usize);
        let rest = data.get(read..).unwrap_or_default();
        let status = zlib
            .decompress(rest, &mut buffer, FlushDecompress::None)
            .map_err(|_| BROKEN)?;
        let grown = zlib.total_out() as usize - written;
        let room = max.saturating_sub(out.len());
        out.extend_from_slice(&buffer[..grown.min(room)]);
        match status {
            _ if grown > room => return Ok((out, true)),
            Status::StreamEnd => return Ok((out, false)),
            _ if grown == 0 && zlib.total_in() as usize == read => return Err(BROKEN),
            _ => {}
        }
    }
}
