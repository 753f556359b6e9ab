//! PNG (W3C PNG, third edition): the walk over chunks that reporting and rebuilding share. The proof of a clean copy has
//! its own walk in `verify` and uses nothing from here.

mod animation;
mod inspect;
mod rebuild;
mod stream;
mod text;

pub(crate) use inspect::inspect;
pub(crate) use rebuild::rebuild;

use flate2::Crc;

use crate::error::MediaError;
use crate::limits::Limits;

pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// One chunk.
pub(crate) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
    /// Whether its checksum is right. Decoders skip an ancillary chunk whose checksum is wrong.
    pub sound: bool,
}

impl Chunk<'_> {
    /// Tells whether the picture cannot be shown without the chunk: its name starts with an upper-case letter.
    pub(crate) fn is_critical(&self) -> bool {
        self.kind[0].is_ascii_uppercase()
    }
}

/// The figures of IHDR.
#[derive(Clone, Copy, Default)]
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
    /// Every chunk up to IEND, which is included.
    pub chunks: Vec<Chunk<'a>>,
    /// What follows IEND.
    pub trailer: &'a [u8],
}

/// Splits `bytes` into chunks; those that make the picture must have the right checksum.
pub(crate) fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Png<'a>, MediaError> {
    let mut rest = bytes.get(SIGNATURE.len()..).ok_or(MediaError::Truncated)?;
    let mut chunks: Vec<Chunk<'a>> = Vec::new();
    let mut header = None;
    loop {
        let (chunk, after) = next_chunk(rest)?;
        rest = after;
        if chunk.is_critical() && !chunk.sound {
            return Err(MediaError::Malformed(
                "the checksum of one of its parts is wrong",
            ));
        }
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
            // Apple's own variant puts this one first; it is reported, and refused when it comes to cleaning.
            (b"CgBI", None) => {}
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

/// Lists the chunks of a file that is cut off or damaged, as far as they can be told apart.
fn rescue<'a>(bytes: &'a [u8], limits: &Limits) -> Png<'a> {
    let mut rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    let mut chunks = Vec::new();
    while let (Ok((chunk, after)), true) = (next_chunk(rest), chunks.len() < limits.max_segments) {
        chunks.push(chunk);
        rest = after;
    }
    Png {
        header: Header::default(),
        chunks,
        trailer: &[],
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
    let chunk = Chunk {
        kind: *kind,
        data,
        sound: crc.sum() == u32::from_be_bytes(*stored),
    };
    Ok((chunk, after))
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

/// Refuses what is recognised and walked but is not a PNG that every program shows alike.
pub(crate) fn check_cleanable(png: &Png<'_>) -> Result<(), MediaError> {
    const KNOWN: [&[u8; 4]; 4] = [b"IHDR", b"PLTE", b"IDAT", b"IEND"];
    let strange = png
        .chunks
        .iter()
        .find(|c| c.is_critical() && !KNOWN.contains(&&c.kind));
    match strange.map(|c| &c.kind) {
        None => Ok(()),
        Some(b"CgBI") => Err(MediaError::CannotClean(
            "it was packed for an iPhone app and other programs cannot show it. Please save it again as an ordinary PNG or JPEG",
        )),
        Some(_) => Err(MediaError::Malformed("it has a part that no PNG has")),
    }
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
    /// Numbers that make one pixel.
    fn samples(&self) -> usize {
        match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// Bits of one pixel.
    pub(crate) fn bits_per_pixel(&self) -> u64 {
        self.samples() as u64 * u64::from(self.depth)
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
