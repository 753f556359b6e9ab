//! The second reader's own walk over a JPEG.

use img_parts::Bytes;
use img_parts::jpeg::Jpeg;

use super::{Sweep, is_bare_orientation, profile};
use crate::error::Leftover;

/// Reads forwards through a file; every read says whether there was enough.
struct Cursor<'a> {
    left: &'a [u8],
    /// What follows where the file comes in two parts. Only compressed data may begin in it.
    next: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn of(left: &'a [u8]) -> Self {
        Self { left, next: &[] }
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.left.split_at_checked(len)?;
        self.left = tail;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    /// Skips compressed data up to the marker that ends them.
    fn skip_scan(&mut self, sweep: &mut Sweep<'_>) -> Option<()> {
        if self.left.is_empty() {
            self.left = std::mem::take(&mut self.next);
        }
        let from = sweep.bytes().len().checked_sub(self.left.len())?;
        // the data of a scan in the first of two parts would go unseen
        if !std::ptr::eq(self.left, &sweep.bytes()[from..]) {
            return None;
        }
        let end = sweep.scan_end(from)?;
        // fill bytes in front of a marker belong to it
        let fill = sweep.bytes()[from..end].iter().rev();
        let end = end - fill.take_while(|&&b| b == 0xFF).count();
        self.take(end - from).map(|_| ())
    }
}

/// How often the parts that may occur once have occurred.
#[derive(Default)]
struct Seen {
    jfif: bool,
    exif: bool,
    profile: bool,
    adobe: bool,
    frames: usize,
    scans: usize,
}

/// Lists what a clean JPEG may not have.
pub(super) fn leftovers(head: &[u8], sweep: &mut Sweep<'_>, max_segments: usize) -> Vec<Leftover> {
    let bytes = sweep.bytes();
    let mut found = Vec::new();
    let mut cursor = match head {
        [] => Cursor::of(bytes),
        _ => Cursor {
            left: head,
            next: bytes,
        },
    };
    let mut seen = Seen::default();
    match walk((&mut cursor, sweep), &mut seen, &mut found, max_segments) {
        Some(()) if !(cursor.left.is_empty() && cursor.next.is_empty()) => {
            found.push(Leftover::new("JPEG:Trailer", "bytes after the end"))
        }
        Some(()) => {}
        None => found.push(Leftover::new("JPEG", "cannot be walked to its end")),
    }
    if seen.frames != 1 || seen.scans == 0 {
        found.push(Leftover::new("JPEG", "not exactly one picture"));
    }
    found
}

fn walk(
    (cursor, sweep): (&mut Cursor<'_>, &mut Sweep<'_>),
    seen: &mut Seen,
    found: &mut Vec<Leftover>,
    max: usize,
) -> Option<()> {
    if cursor.take(2)? != [0xFF, 0xD8] {
        return None;
    }
    for _ in 0..=max {
        if cursor.byte()? != 0xFF {
            return None;
        }
        let marker = cursor.byte()?;
        if marker == 0xD9 {
            return Some(());
        }
        let [high, low] = *cursor.take(2)?.first_chunk()?;
        let length = usize::from(high) * 256 + usize::from(low);
        let body = cursor.take(length.checked_sub(2)?)?;
        if let Some(why) = objection(marker, body, seen) {
            found.push(Leftover::new(name(marker), why));
        }
        if marker == 0xDA {
            cursor.skip_scan(sweep)?;
        }
    }
    None
}

fn name(marker: u8) -> String {
    match marker {
        0xE0..=0xEF => format!("JPEG:APP{}", marker & 15),
        0xFE => "JPEG:COM".to_owned(),
        _ => format!("JPEG:{marker:02X}"),
    }
}

/// Says what is wrong with a segment; `None` when it belongs to the picture.
fn objection(marker: u8, body: &[u8], seen: &mut Seen) -> Option<&'static str> {
    let twice = |flag: &mut bool| std::mem::replace(flag, true);
    match marker {
        0xC0..=0xC3 | 0xC9..=0xCB => {
            seen.frames += 1;
            let parts = body.get(5).copied().map(usize::from).unwrap_or_default();
            (body.len() != 6 + 3 * parts).then_some("spare bytes in the frame header")
        }
        0xDA => {
            seen.scans += 1;
            let parts = body.first().copied().map(usize::from).unwrap_or_default();
            (body.len() != 4 + 2 * parts).then_some("spare bytes in a scan header")
        }
        0xC4 => (!only_huffman(body)).then_some("spare bytes in a Huffman table"),
        0xDB => (!only_quantisation(body)).then_some("spare bytes in a quantisation table"),
        0xCC => (!body.len().is_multiple_of(2)).then_some("spare bytes in arithmetic conditioning"),
        0xDD => (body.len() != 2).then_some("spare bytes in a restart interval"),
        0xE0 if twice(&mut seen.jfif) => Some("more than one"),
        0xE0 => {
            let plain =
                body.len() == 14 && body.starts_with(b"JFIF\0\x01") && body.ends_with(&[0, 0]);
            (!plain).then_some("not a bare JFIF header")
        }
        0xE1 if twice(&mut seen.exif) => Some("more than one"),
        0xE1 => {
            let bare = body
                .strip_prefix(b"Exif\0\0")
                .is_some_and(is_bare_orientation);
            (!bare).then_some("more than the orientation")
        }
        0xE2 if twice(&mut seen.profile) => Some("more than one"),
        0xE2 => {
            let standard = body
                .strip_prefix(b"ICC_PROFILE\0\x01\x01")
                .is_some_and(profile::is_plain);
            (!standard).then_some("not a standard colour profile")
        }
        0xEE if twice(&mut seen.adobe) => Some("more than one"),
        0xEE => {
            (!body.starts_with(b"Adobe\0") || body.len() != 12).then_some("not a bare Adobe header")
        }
        _ => Some("does not belong to the picture"),
    }
}

fn only_huffman(body: &[u8]) -> bool {
    let mut cursor = Cursor::of(body);
    while !cursor.left.is_empty() {
        let Some(counts) = cursor.take(17) else {
            return false;
        };
        let symbols = counts[1..]
            .iter()
            .fold(0usize, |sum, &n| sum + usize::from(n));
        if counts[0] >> 4 > 1
            || counts[0] & 15 > 3
            || symbols > 256
            || cursor.take(symbols).is_none()
        {
            return false;
        }
    }
    true
}

fn only_quantisation(body: &[u8]) -> bool {
    let mut cursor = Cursor::of(body);
    while let Some(head) = cursor.byte() {
        let size = match (head >> 4, head & 15) {
            (0, 0..=3) => 64,
            (1, 0..=3) => 128,
            _ => return false,
        };
        if cursor.take(size).is_none() {
            return false;
        }
    }
    true
}

/// Returns the picture without its compressed data: everything in front of the first scan, and an end. Other libraries
/// go through the data byte by byte, and take what is damaged in them for segments.
pub(super) fn headers(bytes: &[u8]) -> Vec<u8> {
    let mut cursor = Cursor::of(bytes);
    let mut scan_at = bytes.len();
    let _ = cursor.take(2);
    while let Some(&[0xFF, marker]) = cursor.take(2) {
        let length = cursor.left.first_chunk().map(|b| u16::from_be_bytes(*b));
        if matches!(marker, 0xD9 | 0xDA) {
            scan_at = bytes.len() - cursor.left.len() - 2;
            break;
        }
        if cursor.take(length.unwrap_or(u16::MAX).into()).is_none() {
            break;
        }
    }
    [&bytes[..scan_at], &[0xFF, 0xD9]].concat()
}

/// Asks another library which segments it sees in front of the picture data.
pub(super) fn second_opinion(headers: &[u8]) -> Option<Leftover> {
    const KNOWN: [u8; 16] = [
        0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC9, 0xCA, 0xCB, 0xCC, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xE2,
        0xEE,
    ];
    let Ok(jpeg) = Jpeg::from_bytes(Bytes::copy_from_slice(headers)) else {
        return Some(Leftover::new("JPEG", "another reader cannot walk it"));
    };
    let stray = jpeg
        .segments()
        .iter()
        .find(|segment| !KNOWN.contains(&segment.marker()));
    stray.map(|segment| Leftover::new(name(segment.marker()), "another reader sees it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_compressed_data_is_found_wherever_it_stands() {
        for before in 0..1_200 {
            for (end, found) in [
                (&[0xFF, 0xD9][..], true),
                (&[0xFF, 0xFF, 0xFF, 0xDA], true),
                (&[0xFF, 0x00, 0xD9], false),
                (&[0xFF, 0xD0, 0xFF], false),
            ] {
                // stuffing and restarts all the way
                let data: Vec<u8> = [0xFF, 0x00, 0x12, 0xFF, 0xD3].repeat(300)[..before].to_vec();
                let data = [&data, &b"."[..], end, &[0; 200]].concat();
                let mut cursor = Cursor::of(&data);
                let skipped = cursor.skip_scan(&mut Sweep::of(&data));
                assert_eq!(skipped.is_some(), found, "{before} {end:?}");
                let at = data.len() - cursor.left.len();
                assert!(!found || at == before + 1, "{before} {end:?}");
            }
        }
    }
}
