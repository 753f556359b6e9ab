//! PNG (W3C PNG, third edition): the walk over chunks that reporting and rebuilding share. The proof of a clean copy has
//! its own walk in `verify` and uses nothing from here.

mod inspect;
mod rebuild;

pub(crate) use inspect::inspect;
pub(crate) use rebuild::rebuild;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::error::MediaError;
use crate::limits::Limits;

pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// One chunk with a valid checksum.
pub(crate) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
}

/// The figures of IHDR.
#[derive(Clone, Copy)]
pub(crate) struct Header {
    pub width: u32,
    pub height: u32,
    pub depth: u8,
    pub colour: u8,
    pub interlaced: bool,
}

/// A PNG in pieces.
pub(crate) struct Png<'a> {
    pub header: Header,
    /// Every chunk from IHDR to IEND, both included.
    pub chunks: Vec<Chunk<'a>>,
    /// What follows IEND.
    pub trailer: &'a [u8],
}

/// Splits `bytes` into chunks and checks every checksum.
pub(crate) fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Png<'a>, MediaError> {
    let mut rest = bytes.get(SIGNATURE.len()..).ok_or(MediaError::Truncated)?;
    let mut chunks: Vec<Chunk<'a>> = Vec::new();
    let mut header = None;
    loop {
        let (chunk, after) = next_chunk(rest)?;
        rest = after;
        if chunks.len() >= limits.max_segments {
            return Err(MediaError::TooManySegments);
        }
        match (&chunk.kind, header) {
            (b"IHDR", None) => {
                let read = read_header(chunk.data)?;
                limits.check_size(read.width, read.height)?;
                header = Some(read);
            }
            (b"IHDR", Some(_)) => return Err(MediaError::Malformed("it has two picture headers")),
            (_, None) => {
                return Err(MediaError::Malformed(
                    "it does not start with its picture header",
                ));
            }
            _ => {}
        }
        let is_end = &chunk.kind == b"IEND";
        chunks.push(chunk);
        if let (true, Some(header)) = (is_end, header) {
            check_picture_data(&chunks)?;
            return Ok(Png {
                header,
                chunks,
                trailer: rest,
            });
        }
    }
}

fn next_chunk(rest: &[u8]) -> Result<(Chunk<'_>, &[u8]), MediaError> {
    let (length, after) = rest.split_first_chunk::<4>().ok_or(MediaError::Truncated)?;
    let (kind, after) = after
        .split_first_chunk::<4>()
        .ok_or(MediaError::Truncated)?;
    if !kind.iter().all(u8::is_ascii_alphabetic) {
        return Err(MediaError::Malformed("one of its parts has no valid name"));
    }
    let length = u32::from_be_bytes(*length) as usize;
    let (data, after) = after
        .split_at_checked(length)
        .ok_or(MediaError::Truncated)?;
    let (stored, after) = after
        .split_first_chunk::<4>()
        .ok_or(MediaError::Truncated)?;
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    if crc.sum() != u32::from_be_bytes(*stored) {
        return Err(MediaError::Malformed(
            "the checksum of one of its parts is wrong",
        ));
    }
    Ok((Chunk { kind: *kind, data }, after))
}

fn read_header(data: &[u8]) -> Result<Header, MediaError> {
    const BROKEN: MediaError = MediaError::Malformed("its picture header cannot be read");
    let [
        w3,
        w2,
        w1,
        w0,
        h3,
        h2,
        h1,
        h0,
        depth,
        colour,
        0,
        0,
        interlace,
    ] = *data
    else {
        return Err(BROKEN);
    };
    let possible = match colour {
        0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
        3 => matches!(depth, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(depth, 8 | 16),
        _ => false,
    };
    if !possible || interlace > 1 {
        return Err(BROKEN);
    }
    Ok(Header {
        width: u32::from_be_bytes([w3, w2, w1, w0]),
        height: u32::from_be_bytes([h3, h2, h1, h0]),
        depth,
        colour,
        interlaced: interlace == 1,
    })
}

fn check_picture_data(chunks: &[Chunk<'_>]) -> Result<(), MediaError> {
    let runs = chunks
        .chunk_by(|a, b| a.kind == b.kind)
        .filter(|run| &run[0].kind == b"IDAT")
        .count();
    match runs {
        1 => Ok(()),
        0 => Err(MediaError::Malformed("it has no picture in it")),
        _ => Err(MediaError::Malformed("its picture data are torn apart")),
    }
}

impl Header {
    /// Bits of one pixel.
    pub(crate) fn bits_per_pixel(&self) -> u64 {
        let samples = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        samples * u64::from(self.depth)
    }

    /// Bytes of the inflated picture data, filter bytes included.
    pub(crate) fn inflated_len(&self) -> u64 {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let pass = |w: u64, h: u64| match w {
            0 => 0,
            _ => h * (1 + (w * self.bits_per_pixel()).div_ceil(8)),
        };
        if !self.interlaced {
            return pass(width, height);
        }
        // Adam7: column start and step, row start and step of each pass.
        const PASSES: [(u64, u64, u64, u64); 7] = [
            (0, 8, 0, 8),
            (4, 8, 0, 8),
            (0, 4, 4, 8),
            (2, 4, 0, 4),
            (0, 2, 2, 4),
            (1, 2, 0, 2),
            (0, 1, 1, 2),
        ];
        let count = |size: u64, start: u64, step: u64| size.saturating_sub(start).div_ceil(step);
        PASSES
            .iter()
            .map(|&(x, dx, y, dy)| pass(count(width, x, dx), count(height, y, dy)))
            .sum()
    }
}

/// Inflates a zlib stream to at most `max` bytes; says whether there was more.
pub(crate) fn inflate(data: &[u8], max: usize) -> Result<(Vec<u8>, bool), MediaError> {
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
