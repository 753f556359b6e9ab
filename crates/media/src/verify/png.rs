//! The second reader's own walk over a PNG. Checksums are left to `img-parts`, which has its own.

use flate2::{Decompress, FlushDecompress, Status};
use img_parts::Bytes;
use img_parts::png::Png;

use super::{is_bare_orientation, profile};
use crate::error::Leftover;

/// Lists what a clean PNG may not have.
pub(super) fn leftovers(bytes: &[u8], max_chunks: usize) -> Vec<Leftover> {
    let mut found = Vec::new();
    let mut names: Vec<&[u8]> = Vec::new();
    let mut film = Film::new();
    let mut colour = 0;
    let mut left = bytes.get(8..).unwrap_or_default();
    while names.last() != Some(&b"IEND".as_slice()) {
        let Some((name, body, rest)) = split(left) else {
            found.push(Leftover::new("PNG", "cannot be walked to its end"));
            return found;
        };
        left = rest;
        if names.is_empty() {
            colour = body.get(9).copied().unwrap_or_default();
        }
        let repeated = !matches!(name, b"IDAT" | b"fcTL" | b"fdAT") && names.contains(&name);
        let objection = if repeated {
            Some("more than one")
        } else {
            film.objection(name, body)
                .or_else(|| objection(name, body, colour))
        };
        if let Some(why) = objection {
            found.push(Leftover::new(
                format!("PNG:{}", String::from_utf8_lossy(name)),
                why,
            ));
        }
        names.push(name);
        if names.len() > max_chunks || found.len() > 100 {
            found.push(Leftover::new("PNG", "too many parts"));
            return found;
        }
    }
    if !left.is_empty() {
        found.push(Leftover::new("PNG:Trailer", "bytes after the end"));
    }
    if names.first() != Some(&b"IHDR".as_slice()) || !film.is_whole() {
        found.push(Leftover::new(
            "PNG:IDAT",
            "not exactly the pictures it announces",
        ));
    }
    found
}

/// The picture, and the frames of an animation, as their chunks go by.
struct Film {
    pixels: Pixels,
    /// Frames that the animation control announces; `None` for a still picture.
    announced: Option<u32>,
    frames: u32,
    next_number: u32,
    has_picture: bool,
    broken: bool,
}

impl Film {
    fn new() -> Self {
        Self {
            pixels: Pixels::new(),
            announced: None,
            frames: 0,
            next_number: 0,
            has_picture: false,
            broken: false,
        }
    }

    /// Takes a chunk in, and says what is wrong with it as a part of the animation.
    fn objection(&mut self, name: &[u8], body: &[u8]) -> Option<&'static str> {
        match name {
            b"IDAT" => {
                self.has_picture = true;
                self.pixels.feed(body);
                None
            }
            b"acTL" => {
                let early = !self.has_picture && self.frames == 0 && body.len() == 8;
                self.announced = body.first_chunk().map(|count| u32::from_be_bytes(*count));
                (!early).then_some("not a bare animation control")
            }
            b"fcTL" | b"fdAT" => {
                let number = body.first_chunk().map(|number| u32::from_be_bytes(*number));
                let in_order = self.announced.is_some() && number == Some(self.next_number);
                self.next_number = self.next_number.wrapping_add(1);
                if name == b"fcTL" {
                    self.next_frame();
                    return (!in_order || body.len() != 26).then_some("not the next frame");
                }
                self.pixels.feed(body.get(4..).unwrap_or_default());
                (!in_order || self.frames == 0).then_some("not a part of the animation")
            }
            _ => None,
        }
    }

    fn next_frame(&mut self) {
        self.frames = self.frames.saturating_add(1);
        if self.has_picture {
            self.broken |= !self.pixels.is_whole();
            self.pixels = Pixels::new();
        }
    }

    fn is_whole(&self) -> bool {
        let counted = self
            .announced
            .is_none_or(|announced| announced == self.frames);
        self.has_picture && counted && !self.broken && self.pixels.is_whole()
    }
}

fn split(left: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let length = u32::from_be_bytes(left.get(..4)?.try_into().ok()?) as usize;
    let end = length.checked_add(8)?;
    let rest = left.get(end.checked_add(4)?..)?;
    Some((left.get(4..8)?, left.get(8..end)?, rest))
}

/// Says what is wrong with a chunk; `None` when it belongs to the picture.
fn objection(name: &[u8], body: &[u8], colour: u8) -> Option<&'static str> {
    let lengths: &[usize] = match name {
        b"IDAT" | b"acTL" | b"fcTL" | b"fdAT" => return None,
        b"IHDR" => &[13],
        b"IEND" => &[0],
        b"PLTE" => {
            let plain = colour == 3
                && !body.is_empty()
                && body.len().is_multiple_of(3)
                && body.len() <= 768;
            return (!plain).then_some("not a bare palette");
        }
        b"tRNS" if colour == 3 => {
            return (body.is_empty() || body.len() > 256)
                .then_some("spare bytes in the transparency");
        }
        b"tRNS" => &[2, 6],
        b"gAMA" | b"cICP" => &[4],
        b"cHRM" => &[32],
        b"sRGB" => &[1],
        b"sBIT" => &[1, 2, 3, 4],
        b"bKGD" => &[1, 2, 6],
        b"pHYs" => &[9],
        b"eXIf" => return (!is_bare_orientation(body)).then_some("more than the orientation"),
        b"iCCP" => return (!is_standard_profile(body)).then_some("not a standard colour profile"),
        _ => return Some("does not belong to the picture"),
    };
    (!lengths.contains(&body.len())).then_some("has spare bytes")
}

fn is_standard_profile(body: &[u8]) -> bool {
    let Some(stream) = body.strip_prefix(b"icc\0\0") else {
        return false;
    };
    let mut profile = vec![0; 128 * 1024];
    let mut zlib = Decompress::new(true);
    let status = zlib.decompress(stream, &mut profile, FlushDecompress::Finish);
    let ended = matches!(status, Ok(Status::StreamEnd)) && zlib.total_in() as usize == stream.len();
    profile.truncate(zlib.total_out() as usize);
    ended && profile::is_plain(&profile)
}

/// Follows the compressed pixels to see that their stream ends where the picture data end.
struct Pixels {
    zlib: Decompress,
    sink: Vec<u8>,
    ended: bool,
    surplus: bool,
}

impl Pixels {
    fn new() -> Self {
        Self {
            zlib: Decompress::new(true),
            sink: vec![0; 32 * 1024],
            ended: false,
            surplus: false,
        }
    }

    fn is_whole(&self) -> bool {
        self.ended && !self.surplus
    }

    fn feed(&mut self, body: &[u8]) {
        let mut used = 0;
        while !self.ended {
            let before = (self.zlib.total_in(), self.zlib.total_out());
            let status = self
                .zlib
                .decompress(&body[used..], &mut self.sink, FlushDecompress::None);
            used += (self.zlib.total_in() - before.0) as usize;
            match status {
                Ok(Status::StreamEnd) => self.ended = true,
                Ok(_) if (self.zlib.total_in(), self.zlib.total_out()) != before => {}
                _ => break,
            }
        }
        self.surplus |= used < body.len();
    }
}

/// Asks another library which chunks it sees, and whether their checksums hold.
pub(super) fn second_opinion(bytes: &[u8]) -> Option<Leftover> {
    const KNOWN: [&[u8; 4]; 17] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD",
        b"pHYs", b"eXIf", b"iCCP", b"cICP", b"acTL", b"fcTL", b"fdAT",
    ];
    let Ok(png) = Png::from_bytes(Bytes::copy_from_slice(bytes)) else {
        return Some(Leftover::new("PNG", "another reader cannot walk it"));
    };
    if png.len() != bytes.len() {
        return Some(Leftover::new("PNG:Trailer", "another reader sees it"));
    }
    let stray = png
        .chunks()
        .iter()
        .find(|chunk| !KNOWN.contains(&&chunk.kind()));
    stray.map(|chunk| {
        Leftover::new(
            format!("PNG:{}", String::from_utf8_lossy(&chunk.kind())),
            "another reader sees it",
        )
    })
}
