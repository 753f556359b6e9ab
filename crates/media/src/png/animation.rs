//! Animated PNG (PNG third edition, 4.9): which chunks belong to the animation, and that they are in order. Sequence
//! numbers are checked here and written anew by the copy.

use super::stream::{Stream, follow};
use super::{Header, Png};
use crate::error::MediaError;
use crate::limits::Limits;

const BROKEN: MediaError = MediaError::Malformed("its animation is damaged");

/// A checked animation.
pub(super) struct Animation {
    /// How often it plays; 0 is for ever.
    pub plays: [u8; 4],
    pub frames: u32,
    /// The streams of the frames that are not the still picture itself, in file order.
    pub streams: Vec<Stream>,
}

/// Counts the frames that an animated picture announces; 1 for a still.
pub(super) fn count(png: &Png<'_>) -> u32 {
    let frames = png.chunks.iter().filter(|c| &c.kind == b"fcTL").count();
    match control(png) {
        Some(_) => u32::try_from(frames).unwrap_or(u32::MAX).max(1),
        None => 1,
    }
}

/// Returns the data of the chunk that makes a picture animated: it counts only before the still picture, and not when it
/// announces no frame.
fn control<'a>(png: &Png<'a>) -> Option<&'a [u8]> {
    let before = png.chunks.iter().take_while(|c| &c.kind != b"IDAT");
    before
        .into_iter()
        .find(|c| &c.kind == b"acTL" && c.sound)
        .map(|c| c.data)
        .filter(|data| !data.starts_with(&[0; 4]))
}

/// Checks an animation; `None` for a still picture.
pub(super) fn check(png: &Png<'_>, limits: &Limits) -> Result<Option<Animation>, MediaError> {
    let Some(control) = control(png) else {
        return Ok(None);
    };
    let [f3, f2, f1, f0, p3, p2, p1, p0] = *control else {
        return Err(BROKEN);
    };
    let frames = count(png);
    limits.check_frames(frames as usize, png.header.width, png.header.height)?;
    let mut found = Frames::default();
    for chunk in &png.chunks {
        match &chunk.kind {
            b"IDAT" => found.past_picture = true,
            b"fcTL" | b"fdAT" if !chunk.sound => return Err(BROKEN),
            b"fcTL" => found.start(chunk.data, &png.header)?,
            b"fdAT" => found.data(chunk.data)?,
            _ => {}
        }
    }
    found.finish()?;
    if u32::from_be_bytes([f3, f2, f1, f0]) != found.count {
        return Err(BROKEN);
    }
    Ok(Some(Animation {
        plays: [p3, p2, p1, p0],
        frames: found.count,
        streams: found.streams,
    }))
}

#[derive(Default)]
struct Frames<'a> {
    count: u32,
    sequence: u32,
    past_picture: bool,
    /// The frame whose data are being read: inflated length, pieces.
    open: Option<(u64, Vec<&'a [u8]>)>,
    streams: Vec<Stream>,
}

impl<'a> Frames<'a> {
    fn start(&mut self, data: &'a [u8], picture: &Header) -> Result<(), MediaError> {
        self.finish()?;
        let frame = frame_header(self.numbered(data)?, picture).ok_or(BROKEN)?;
        let is_whole = (frame.width, frame.height) == (picture.width, picture.height);
        match (self.past_picture, self.count) {
            (true, _) => self.open = Some((frame.inflated_len(), Vec::new())),
            // The still picture itself is the first frame.
            (false, 0) if is_whole => {}
            (false, _) => return Err(BROKEN),
        }
        self.count += 1;
        Ok(())
    }

    fn data(&mut self, data: &'a [u8]) -> Result<(), MediaError> {
        let data = self.numbered(data)?;
        let (_, parts) = self.open.as_mut().ok_or(BROKEN)?;
        parts.push(data);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), MediaError> {
        if let Some((expected, parts)) = self.open.take() {
            self.streams.push(follow(&parts, expected)?);
        }
        Ok(())
    }

    /// Splits the sequence number off and checks that it is the next one.
    fn numbered(&mut self, data: &'a [u8]) -> Result<&'a [u8], MediaError> {
        let (number, rest) = data.split_first_chunk::<4>().ok_or(BROKEN)?;
        if u32::from_be_bytes(*number) != self.sequence {
            return Err(BROKEN);
        }
        self.sequence += 1;
        Ok(rest)
    }
}

/// Reads size and place of a frame, which must lie inside the picture; its rows are those of a picture of that size.
fn frame_header(data: &[u8], picture: &Header) -> Option<Header> {
    let word = |at: usize| Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?));
    let (width, height, x, y) = (word(0)?, word(4)?, word(8)?, word(12)?);
    let inside = |start: u32, len: u32, whole: u32| {
        len > 0 && start.checked_add(len).is_some_and(|end| end <= whole)
    };
    let plain = data.len() == 22 && data[20] <= 2 && data[21] <= 1;
    (plain && inside(x, width, picture.width) && inside(y, height, picture.height)).then_some(
        Header {
            width,
            height,
            ..*picture
        },
    )
}
