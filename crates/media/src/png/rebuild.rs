//! Builds a PNG anew from the chunks that make the picture. Every other chunk is left behind, also the ones nobody knows.

use std::borrow::Cow;
use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::animation::{self, Animation};
use super::stream::{Stream, follow};
use super::text::profile;
use super::{Chunk, Header, Png, SIGNATURE, check_cleanable, inspect, walk};
use crate::error::MediaError;
use crate::limits::Limits;
use crate::{exif, icc};

/// Builds the copy. Compressed picture data are copied byte for byte, but not what follows the end of their stream.
pub(crate) fn rebuild(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let orientation = inspect(bytes, limits)?.orientation;
    let png = walk(bytes, limits)?;
    check_cleanable(&png)?;
    let animation = animation::check(&png, limits)?;
    let parts: Vec<&[u8]> = png
        .chunks
        .iter()
        .filter(|c| &c.kind == b"IDAT")
        .map(|c| c.data)
        .collect();
    let mut copy = Copy {
        out: SIGNATURE.to_vec(),
        seen: Vec::new(),
        stream: follow(&parts, png.header.inflated_len())?,
        sequence: 0,
        frames: Vec::new().into_iter(),
        control: None,
    };
    if let Some(Animation {
        plays,
        frames,
        streams,
    }) = animation
    {
        copy.frames = streams.into_iter();
        copy.control = Some([frames.to_be_bytes(), plays].concat());
    }
    for chunk in &png.chunks {
        copy.chunk(chunk, &png.header)?;
        if &chunk.kind == b"IHDR" {
            if let Some(control) = copy.control.clone() {
                copy.push(b"acTL", &control);
            }
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
    /// Of the picture or frame whose data are being copied.
    stream: Stream,
    sequence: u32,
    /// The streams of the frames to come.
    frames: std::vec::IntoIter<Stream>,
    /// The animation control of an animated picture.
    control: Option<Vec<u8>>,
}

impl Copy {
    fn chunk(&mut self, chunk: &Chunk<'_>, header: &Header) -> Result<(), MediaError> {
        match &chunk.kind {
            b"IDAT" => self.rows(b"IDAT", chunk.data),
            b"acTL" | b"fcTL" | b"fdAT" => self.animation(chunk),
            _ => return self.other(chunk, header),
        }
        Ok(())
    }

    fn rows(&mut self, kind: &[u8; 4], data: &[u8]) {
        if kind == b"IDAT" && !self.seen.contains(kind) {
            self.seen.push(*kind);
        }
        let kept = self.stream.take(data).into_owned();
        if kept.is_empty() {
            return;
        }
        match kind {
            b"fdAT" => self.numbered(kind, &kept),
            _ => self.push(kind, &kept),
        }
    }

    /// A still picture loses these chunks; those of an animation have been checked, and its control is written first.
    fn animation(&mut self, chunk: &Chunk<'_>) {
        if self.control.is_none() {
            return;
        }
        match (&chunk.kind, chunk.data.get(4..)) {
            (b"fcTL", Some(rest)) => {
                self.numbered(b"fcTL", rest);
                let past_picture = self.seen.contains(b"IDAT");
                if let Some(next) = past_picture.then(|| self.frames.next()).flatten() {
                    self.stream = next;
                }
            }
            (b"fdAT", Some(rest)) => self.rows(b"fdAT", rest),
            _ => {}
        }
    }

    fn other(&mut self, chunk: &Chunk<'_>, header: &Header) -> Result<(), MediaError> {
        // Decoders pass over an ancillary chunk that is damaged, comes too late or comes twice.
        let too_late = self.seen.contains(b"IDAT") && &chunk.kind != b"IEND";
        let repeated = self.seen.contains(&chunk.kind);
        if &chunk.kind == b"PLTE" && header.colour == 3 && (too_late || repeated) {
            return Err(BAD_PALETTE);
        }
        if let (Some(data), true) = (
            allowed(chunk, header)?,
            chunk.sound && !too_late && !repeated,
        ) {
            self.seen.push(chunk.kind);
            self.push(&chunk.kind, &data);
        }
        Ok(())
    }

    /// Writes a standard profile, or the figures of another, anew: name and compression of the original could carry anything.
    fn colour_profile(&mut self, png: &Png<'_>) -> Result<(), MediaError> {
        let mut found = png.chunks.iter().filter(|c| &c.kind == b"iCCP" && c.sound);
        let Some(profile) = found
            .next()
            .and_then(|c| profile(c.data))
            .and_then(|p| icc::plain(&p))
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

    fn numbered(&mut self, kind: &[u8; 4], data: &[u8]) {
        let body = [&self.sequence.to_be_bytes()[..], data].concat();
        self.sequence += 1;
        self.push(kind, &body);
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

const BAD_PALETTE: MediaError = MediaError::Malformed("its colour table cannot be used");

/// Returns what to keep of a chunk whose definition bounds its length; `None` for chunks that are left behind.
fn allowed<'a>(chunk: &Chunk<'a>, header: &Header) -> Result<Option<Cow<'a, [u8]>>, MediaError> {
    let data = chunk.data;
    let len = data.len();
    let keep = match &chunk.kind {
        b"IHDR" => true,
        b"IEND" => return Ok(Some(Cow::Borrowed(&[]))),
        b"PLTE" if header.colour == 3 => {
            let fits = len.is_multiple_of(3) && (3..=768).contains(&len);
            return fits.then_some(Some(Cow::Borrowed(data))).ok_or(BAD_PALETTE);
        }
        b"tRNS" => return Ok(transparency(data, header.colour).map(Cow::Borrowed)),
        b"gAMA" | b"cICP" => len == 4,
        b"cHRM" => len == 32,
        b"sRGB" => len == 1,
        b"sBIT" => len == header.samples() || (header.colour == 3 && len == 3),
        b"bKGD" => {
            len == match header.colour {
                3 => 1,
                0 | 4 => 2,
                _ => 6,
            }
        }
        b"pHYs" => len == 9,
        // A palette for a picture without indices is a mere suggestion, and 768 bytes of room.
        _ => false,
    };
    Ok(keep.then_some(Cow::Borrowed(data)))
}

/// Decoders use the front of a table that is too long.
fn transparency(data: &[u8], colour: u8) -> Option<&[u8]> {
    match colour {
        0 => data.get(..2),
        2 => data.get(..6),
        3 if !data.is_empty() => Some(&data[..data.len().min(256)]),
        _ => None,
    }
}
