//! JPEG (ITU-T T.81): the walk over segments and scans that reporting and rebuilding share. It forgives what decoders
//! forgive (stray bytes between parts, fill bytes, a missing end), because real cameras write it. The proof of a clean
//! copy has its own walk in `verify` and uses nothing from here.

mod blocks;
mod frame;
mod inspect;
mod rebuild;
mod trailer;
mod whole;

pub(crate) use frame::Frame;
pub(crate) use inspect::{inspect, report_profile};
pub(crate) use rebuild::clean_in_parts;
pub(crate) use trailer::{hides_other_file, report_trailer, trailer_tag};

use std::hint::black_box;
use std::ops::Range;

use memchr::memchr;

use crate::error::MediaError;
use crate::limits::Limits;

pub(crate) const SOI: u8 = 0xD8;
pub(crate) const EOI: u8 = 0xD9;
pub(crate) const SOS: u8 = 0xDA;
pub(crate) const APP0: u8 = 0xE0;
pub(crate) const APP1: u8 = 0xE1;
pub(crate) const APP2: u8 = 0xE2;
pub(crate) const APP14: u8 = 0xEE;
pub(crate) const COM: u8 = 0xFE;
const DNL: u8 = 0xDC;

pub(crate) const ICC_PREFIX: &[u8] = b"ICC_PROFILE\0";

/// Progressive pictures have about ten scans; each further one costs a decoder a pass over every pixel.
const MAX_SCANS: usize = 100;

const NO_PICTURE: MediaError = MediaError::Malformed("it has no picture in it");

/// One marker segment, and for SOS the entropy-coded data that follows it.
pub(crate) struct Segment<'a> {
    pub marker: u8,
    pub payload: &'a [u8],
    pub scan: &'a [u8],
}

/// A JPEG in pieces.
pub(crate) struct Jpeg<'a> {
    /// Every segment between SOI and EOI, in order.
    pub segments: Vec<Segment<'a>>,
    /// Bytes between segments that belong to none. Decoders skip them.
    pub stray: Vec<&'a [u8]>,
    /// Everything from the compressed data of the first scan on.
    pub from_scans: &'a [u8],
    /// What follows the end of the picture.
    pub trailer: &'a [u8],
    pub frame: Frame,
    /// Segments inside the picture data with bytes after them that belong to none: decoders disagree about what they see.
    pub is_damaged: bool,
    /// False when the file stops, or another picture starts, before the end marker.
    pub has_end: bool,
}

/// Looks at compressed data along with the walk.
type Watch<'w, 'a> = dyn FnMut(&'a [u8], Range<usize>) + 'w;

/// The pieces found so far.
#[derive(Default)]
struct Pieces<'a> {
    segments: Vec<Segment<'a>>,
    stray: Vec<&'a [u8]>,
    from_scans: &'a [u8],
    frame: Option<Frame>,
    scans: usize,
    is_damaged: bool,
}

/// Splits `bytes` into segments, stopping at the first EOI.
pub(crate) fn walk<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Jpeg<'a>, MediaError> {
    walk_watched(bytes, limits, &mut |_, _| ())
}

/// Does what [`walk`] does and shows the compressed data while they are near the processor: everything from those of the
/// first scan on, and the part of it that has just been gone through.
fn walk_watched<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    watch: &mut Watch<'_, 'a>,
) -> Result<Jpeg<'a>, MediaError> {
    let mut pieces = Pieces::default();
    let (trailer, has_end) = pieces.gather(bytes, limits, watch)?;
    let frame = pieces.frame.filter(|_| pieces.scans > 0);
    Ok(Jpeg {
        segments: pieces.segments,
        stray: pieces.stray,
        from_scans: pieces.from_scans,
        trailer,
        frame: frame.ok_or(NO_PICTURE)?,
        is_damaged: pieces.is_damaged,
        has_end,
    })
}

/// The segments in front of whatever makes the walk fail: their details can be read, though the picture cannot.
pub(crate) fn rescue<'a>(bytes: &'a [u8], limits: &Limits) -> Vec<Segment<'a>> {
    let mut pieces = Pieces::default();
    let _ = pieces.gather(bytes, limits, &mut |_, _| ());
    pieces.segments
}

/// What is left from the start of the next picture on; nothing if there is none.
fn from_soi(rest: &[u8]) -> &[u8] {
    let at = memchr::memmem::find(rest, &[0xFF, SOI]);
    at.map_or(&[], |at| &rest[at..])
}

impl<'a> Pieces<'a> {
    /// Takes segments in up to the end of the picture; returns what follows it, and whether its end is marked.
    fn gather(
        &mut self,
        bytes: &'a [u8],
        limits: &Limits,
        watch: &mut Watch<'_, 'a>,
    ) -> Result<(&'a [u8], bool), MediaError> {
        let mut rest = bytes.get(2..).ok_or(MediaError::Truncated)?;
        loop {
            let (stray, marker, after) = next_marker(rest);
            // Filler of one value hides nothing.
            if stray.iter().any(|b| Some(b) != stray.first()) {
                self.stray.push(stray);
            }
            self.is_damaged |= self.scans > 0 && marker.is_some() && !stray.is_empty();
            match marker {
                Some(EOI) => return Ok((after, true)),
                None | Some(SOI) if self.scans > 0 => return Ok((from_soi(rest), false)),
                None => return Err(MediaError::Truncated),
                // Stand-alone markers.
                Some(0x01 | 0xD0..=0xD7) => rest = after,
                Some(marker) => match payload(marker, after) {
                    Ok((payload, after)) => {
                        self.add(marker, payload, limits)?;
                        rest = self.scan(marker, after, watch)?;
                    }
                    // Damage behind the picture data costs what is behind it.
                    Err(_) if self.scans > 0 => return Ok((&[], false)),
                    Err(error) => return Err(error),
                },
            }
            if self.segments.len() + self.stray.len() > limits.max_segments {
                return Err(MediaError::TooManySegments);
            }
        }
    }

    /// Takes one segment in.
    fn add(&mut self, marker: u8, payload: &'a [u8], limits: &Limits) -> Result<(), MediaError> {
        if frame::is_frame_header(marker) {
            let header = frame::read(marker, payload)?;
            limits.check_size(header.width, header.height)?;
            if self.frame.replace(header).is_some() {
                return Err(MediaError::Malformed("it has more than one picture header"));
            }
        } else if marker == SOS && self.frame.is_none() {
            return Err(MediaError::Malformed(
                "its picture data come before its header",
            ));
        }
        // The number of lines has been given by the header.
        if marker != DNL {
            self.segments.push(Segment {
                marker,
                payload,
                scan: &[],
            });
        }
        Ok(())
    }

    /// Takes the compressed data in that follow a segment, if it announces any, and returns what follows them.
    fn scan(
        &mut self,
        marker: u8,
        after: &'a [u8],
        watch: &mut Watch<'_, 'a>,
    ) -> Result<&'a [u8], MediaError> {
        if marker != SOS {
            return Ok(after);
        }
        if self.scans == 0 {
            self.from_scans = after;
        }
        self.scans += 1;
        if self.scans > MAX_SCANS {
            return Err(MediaError::TooManySegments);
        }
        let (all, from) = (self.from_scans, self.from_scans.len() - after.len());
        let length = scan_len(after, &mut |done| watch(all, from..from + done));
        let (scan, rest) = after.split_at(length);
        if let Some(segment) = self.segments.last_mut() {
            segment.scan = scan;
        }
        Ok(rest)
    }
}

/// Returns the bytes in front of the next marker, the marker without its fill bytes (T.81, B.1.1.2), and what follows it.
fn next_marker(rest: &[u8]) -> (&[u8], Option<u8>, &[u8]) {
    let mut at = 0;
    while let Some(skip) = memchr(0xFF, &rest[at..]) {
        let start = at + skip;
        let fill = rest[start..].iter().take_while(|&&b| b == 0xFF).count();
        match rest.get(start + fill) {
            // A stuffed byte is no marker: the rest of damaged picture data.
            Some(0) => at = start + fill,
            Some(&marker) => return (&rest[..start], Some(marker), &rest[start + fill + 1..]),
            None => break,
        }
    }
    (rest, None, &[])
}

fn payload(marker: u8, rest: &[u8]) -> Result<(&[u8], &[u8]), MediaError> {
    let is_skipped = matches!(marker, 0xE0..=0xEF | COM | DNL);
    // Reserved, extension and hierarchical markers never occur in a photo, and decoders stop at them.
    if !is_skipped && !matches!(marker, 0xC0..=0xC7 | 0xC9..=0xCF | SOS | 0xDB | 0xDD) {
        return Err(MediaError::Malformed("it has a part that no photo has"));
    }
    let length = rest
        .first_chunk()
        .map(|b| usize::from(u16::from_be_bytes(*b)));
    match length {
        None => Err(MediaError::Truncated),
        Some(0 | 1) if is_skipped => Ok((&[], &rest[2..])),
        Some(0 | 1) => Err(MediaError::Malformed(
            "one of its parts has an impossible length",
        )),
        Some(length) if rest.len() < length => Err(MediaError::Truncated),
        Some(length) => Ok((&rest[2..length], &rest[length..])),
    }
}

/// Finds where entropy-coded data ends: at the first marker that can follow them, or at the end of the file. Stuffing and
/// restarts belong to the data, and so do the impossible markers of a damaged picture. Says piece by piece how far it is.
fn scan_len(data: &[u8], watch: &mut dyn FnMut(usize)) -> usize {
    let (mut at, mut shown) = (0, 0);
    while at < data.len() {
        let calm = calm_len(&data[at..data.len().min(at + PIECE + 1)]);
        fetch(data, at, calm);
        at += calm;
        if calm < PIECE {
            let end = data.len().min(at + BLOCK);
            while let Some(skip) = data.get(at..end).and_then(|part| memchr(0xFF, part)) {
                let start = at + skip;
                let fill = data[start..].iter().take_while(|&&b| b == 0xFF).count();
                at = start + fill;
                match data.get(at) {
                    Some(&(0xC0..=0xCF | SOI..=0xEF | COM)) | None => return start,
                    Some(_) => at += 1,
                }
            }
            at = at.max(end);
        }
        if at >= shown + PIECE {
            watch(at);
            shown = at;
        }
    }
    data.len()
}

/// Bytes that are compared at once.
const BLOCK: usize = 64;
/// Bytes that are gone through at once: few enough to stay near the processor for the second reader.
const PIECE: usize = 16 * BLOCK;

/// Length of the blocks in front of the first one in which 0xFF comes before anything but the zero that stuffs it. Nothing
/// else in compressed data needs a second look, and a photo has megabytes of them.
fn calm_len(data: &[u8]) -> usize {
    let blocks = data.as_chunks::<BLOCK>().0;
    let nexts = data.get(1..).unwrap_or_default().as_chunks::<BLOCK>().0;
    let is_calm = |(block, nexts): &(&[u8; BLOCK], &[u8; BLOCK])| {
        let after_ff = |(&a, &b): (&u8, &u8)| if a == 0xFF { b } else { 0 };
        let pairs = block.iter().zip(*nexts);
        pairs.map(after_ff).fold(0, |seen, b| seen | b) == 0
    };
    BLOCK * blocks.iter().zip(nexts).take_while(is_calm).count()
}

/// Bytes that memory brings along with each one that is read.
const LINE: usize = 64;
/// Bytes that stand in one page of memory, within which it foresees what will be read next.
const ROW: usize = 4 * 1024;
/// Pages that are brought near side by side: that takes less time than one after the other.
const ROWS: usize = 8;

/// Has bytes brought near the processor that will be gone through soon, as many as are just gone through at `at`. Bringing
/// megabytes takes longer than reading them, and that time is not to be spent waiting.
fn fetch(data: &[u8], at: usize, len: usize) {
    let within = at % (ROWS * ROW);
    let next = data.get(at - within + ROWS * ROW..).unwrap_or_default();
    for line in (within / ROWS..(within + len) / ROWS).step_by(LINE) {
        for row in next.as_chunks::<ROW>().0.iter().take(ROWS) {
            black_box(row.get(line).copied());
        }
    }
}

/// Puts the numbered pieces of the colour profile together; `None` if there is none or a piece is missing or doubled.
pub(crate) fn colour_profile(segments: &[Segment<'_>]) -> Option<Vec<u8>> {
    let mut pieces: Vec<(u8, u8, &[u8])> = segments
        .iter()
        .filter(|s| s.marker == APP2)
        .filter_map(|s| match s.payload.strip_prefix(ICC_PREFIX)? {
            [number, total, data @ ..] => Some((*number, *total, data)),
            _ => None,
        })
        .collect();
    pieces.sort_by_key(|(number, ..)| *number);
    let complete = pieces
        .iter()
        .zip(1u8..)
        .all(|((number, total, _), expected)| {
            *number == expected && usize::from(*total) == pieces.len()
        });
    let parts: Vec<&[u8]> = pieces.iter().map(|(.., data)| *data).collect();
    (complete && !parts.is_empty()).then(|| parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte after the other.
    fn slowly(data: &[u8]) -> usize {
        let is_end = |at: &usize| {
            let after = data[*at..].iter().find(|&&b| b != 0xFF);
            data[*at] == 0xFF && !matches!(after, Some(0..=0xBF | 0xD0..=0xD7 | 0xF0..=0xFD))
        };
        (0..data.len()).find(is_end).unwrap_or(data.len())
    }

    #[test]
    fn the_end_of_compressed_data_is_where_reading_byte_by_byte_finds_it() {
        let ends: [&[u8]; 6] = [
            &[0xFF, 0xD9],
            &[0xFF, 0xFF, 0xFF, 0xFE, 1],
            &[0xFF],
            &[0xFF, 0xF5, 0xFF, 0xBF],
            &[0xFF, 0, 0xD9],
            &[],
        ];
        let pieces = [
            PIECE - 1,
            PIECE,
            PIECE + 1,
            3 * PIECE + 5,
            ROWS * ROW + BLOCK,
            3 * ROWS * ROW + 7,
        ];
        for before in (0..3 * BLOCK).chain(pieces) {
            for end in ends {
                for inside in [&[0x12, 0x34][..], &[0xFF, 0, 0xFF, 0xD3], &[0xFF, 0xFF, 0]] {
                    let data: Vec<u8> = inside.iter().copied().cycle().take(before).collect();
                    for after in [0, 2 * BLOCK] {
                        let data = [&data, end, &vec![0x55; after]].concat();
                        let mut done = 0;
                        let found = scan_len(&data, &mut |at| done = at);
                        assert_eq!(found, slowly(&data), "{before} {end:?} {after}");
                        assert!(done <= found, "{before} {end:?} {after}");
                    }
                }
            }
        }
    }
}
