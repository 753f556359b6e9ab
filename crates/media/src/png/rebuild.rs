//! Builds a PNG anew from the chunks that make the picture. Every other chunk is left behind, also the ones nobody knows.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc, Decompress, FlushDecompress, Status};

use super::inspect::profile;
use super::{Chunk, Header, Png, SIGNATURE, inspect, walk};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::{exif, icc};

const BAD_SIZE: MediaError = MediaError::Malformed("one of its colour tables has the wrong length");

/// Builds the copy. Compressed picture data are copied byte for byte, but not what follows the end of their stream.
pub(crate) fn rebuild(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let orientation = inspect(bytes, limits)?.orientation;
    let png = walk(bytes, limits)?;
    if png
        .chunks
        .iter()
        .any(|c| matches!(&c.kind, b"acTL" | b"fcTL" | b"fdAT"))
    {
        return Err(MediaError::Unsupported(Format::Png));
    }
    let mut copy = Copy {
        out: SIGNATURE.to_vec(),
        seen: Vec::new(),
        pixels_left: stream_len(&png)?,
    };
    for chunk in &png.chunks {
        copy.chunk(chunk, &png.header)?;
        if &chunk.kind == b"IHDR" {
            copy.colour_profile(&png)?;
            if let Some(value) = orientation.filter(|value| *value > 1) {
                copy.push(b"eXIf", &exif::orientation_only(value));
            }
        }
    }
    Ok(copy.out)
}

struct Copy {
    out: Vec<u8>,
    seen: Vec<[u8; 4]>,
    pixels_left: usize,
}

impl Copy {
    fn chunk(&mut self, chunk: &Chunk<'_>, header: &Header) -> Result<(), MediaError> {
        if &chunk.kind == b"IDAT" {
            let data = &chunk.data[..chunk.data.len().min(self.pixels_left)];
            self.pixels_left -= data.len();
            if !data.is_empty() {
                self.push(b"IDAT", data);
            }
            return Ok(());
        }
        let Some(fits) = fits(chunk, header) else {
            return Ok(());
        };
        if !fits || (&chunk.kind == b"PLTE" && self.seen.contains(b"PLTE")) {
            return Err(BAD_SIZE);
        }
        // A second one is ignored by decoders, so only the first belongs to the picture.
        if !self.seen.contains(&chunk.kind) {
            self.seen.push(chunk.kind);
            self.push(&chunk.kind, chunk.data);
        }
        Ok(())
    }

    /// Writes a standard profile anew: name and compression of the original could carry anything.
    fn colour_profile(&mut self, png: &Png<'_>) -> Result<(), MediaError> {
        let mut found = png.chunks.iter().filter(|c| &c.kind == b"iCCP");
        let Some(profile) = found
            .next()
            .and_then(|c| profile(c.data))
            .filter(|p| icc::is_standard(p))
        else {
            return Ok(());
        };
        let mut zlib = ZlibEncoder::new(b"icc\0\0".to_vec(), Compression::default());
        let written = zlib.write_all(&profile).and_then(|()| zlib.finish());
        let data =
            written.map_err(|_| MediaError::Malformed("its colour profile cannot be kept"))?;
        self.push(b"iCCP", &data);
        Ok(())
    }

    fn push(&mut self, kind: &[u8; 4], data: &[u8]) {
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(data);
        // A chunk that was read had a 32-bit length; the ones written here are smaller.
        self.out
            .extend_from_slice(&(data.len() as u32).to_be_bytes());
        self.out.extend_from_slice(kind);
        self.out.extend_from_slice(data);
        self.out.extend_from_slice(&crc.sum().to_be_bytes());
    }
}

/// Returns whether an allowed chunk has a length that its definition permits; `None` for chunks that are left behind.
fn fits(chunk: &Chunk<'_>, header: &Header) -> Option<bool> {
    let len = chunk.data.len();
    let fits = match &chunk.kind {
        b"IHDR" => true,
        b"IEND" => len == 0,
        // A palette for a picture without indices is a mere suggestion, and 768 bytes of room.
        b"PLTE" if matches!(header.colour, 2 | 6) => return None,
        b"PLTE" => header.colour == 3 && len.is_multiple_of(3) && (3..=768).contains(&len),
        b"tRNS" => match header.colour {
            0 => len == 2,
            2 => len == 6,
            3 => (1..=256).contains(&len),
            _ => false,
        },
        b"gAMA" => len == 4,
        b"cHRM" => len == 32,
        b"sRGB" => len == 1,
        b"sBIT" => (1..=4).contains(&len),
        b"bKGD" => matches!(len, 1 | 2 | 6),
        b"pHYs" => len == 9,
        _ => return None,
    };
    Some(fits)
}

/// Finds how many bytes of the joined picture data belong to their zlib stream, and that it holds exactly the picture.
fn stream_len(png: &Png<'_>) -> Result<usize, MediaError> {
    const BROKEN: MediaError = MediaError::Malformed("its picture data cannot be read");
    let expected = png.header.inflated_len();
    let mut zlib = Decompress::new(true);
    let mut buffer = vec![0; 64 * 1024];
    for chunk in png.chunks.iter().filter(|c| &c.kind == b"IDAT") {
        let mut rest = chunk.data;
        loop {
            let (read, written) = (zlib.total_in(), zlib.total_out());
            let status = zlib
                .decompress(rest, &mut buffer, FlushDecompress::None)
                .map_err(|_| BROKEN)?;
            rest = &rest[(zlib.total_in() - read) as usize..];
            if zlib.total_out() > expected {
                return Err(MediaError::Malformed(
                    "it holds more than the picture that it shows",
                ));
            }
            match status {
                Status::StreamEnd if zlib.total_out() < expected => {
                    return Err(MediaError::Truncated);
                }
                Status::StreamEnd => return Ok(zlib.total_in() as usize),
                _ if zlib.total_in() == read && zlib.total_out() == written => break,
                _ => {}
            }
        }
        if !rest.is_empty() {
            return Err(BROKEN);
        }
    }
    Err(MediaError::Truncated)
}
