//! Builds a JPEG anew from the parts that make the picture: tables, frame header, scans. Everything else is left behind;
//! what is kept of the header segments is written fresh, not copied.

use super::{
    APP0, APP1, APP2, APP14, COM, EOI, ICC_PREFIX, Jpeg, SOI, SOS, colour_profile, inspect, walk,
};
use crate::error::MediaError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

const BAD_TABLES: MediaError =
    MediaError::Malformed("its picture tables have bytes that do not belong there");

/// Builds the copy. Entropy-coded data are copied byte for byte.
pub(crate) fn rebuild(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let orientation = inspect(bytes, limits)?.orientation;
    let jpeg = walk(bytes, limits)?;
    if !matches!(jpeg.frame.marker, 0xC0 | 0xC1 | 0xC2 | 0xC9 | 0xCA) {
        return Err(MediaError::Unsupported(Format::Jpeg));
    }
    let mut out = vec![0xFF, SOI];
    header_segments(&jpeg, orientation, &mut out)?;
    for segment in &jpeg.segments {
        if matches!(segment.marker, 0xE0..=0xEF | COM) {
            continue;
        }
        check_tables(segment.marker, segment.payload)?;
        push(&mut out, segment.marker, &[segment.payload]);
        out.extend_from_slice(segment.scan);
    }
    out.extend_from_slice(&[0xFF, EOI]);
    Ok(out)
}

fn header_segments(
    jpeg: &Jpeg<'_>,
    orientation: Option<u8>,
    out: &mut Vec<u8>,
) -> Result<(), MediaError> {
    if let Some(jfif) = jfif(jpeg) {
        push(out, APP0, &[&jfif]);
    }
    if let Some(value) = orientation.filter(|value| *value > 1) {
        push(
            out,
            APP1,
            &[b"Exif\0\0", &crate::exif::orientation_only(value)],
        );
    }
    if let Some(profile) =
        colour_profile(&jpeg.segments).filter(|profile| icc::is_standard(profile))
    {
        push(out, APP2, &[ICC_PREFIX, &[1, 1], &profile]);
    }
    if let Some(adobe) = adobe(jpeg)? {
        push(out, APP14, &[&adobe]);
    }
    Ok(())
}

/// Writes the first JFIF header anew, without its thumbnail. A picture that had none gets none: its presence tells a
/// decoder which colours the components are.
fn jfif(jpeg: &Jpeg<'_>) -> Option<[u8; 14]> {
    let found = jpeg.segments.iter().filter(|s| s.marker == APP0);
    let mut found = found.filter_map(|s| s.payload.strip_prefix(b"JFIF\0")?.first_chunk::<7>());
    let [_, minor, unit, x1, x0, y1, y0] = *found.next()?;
    let minor = minor.min(2);
    let unit = if unit > 2 { 0 } else { unit };
    let density = |high, low| u16::from_be_bytes([high, low]).max(1).to_be_bytes();
    let ([x1, x0], [y1, y0]) = (density(x1, x0), density(y1, y0));
    Some([
        b'J', b'F', b'I', b'F', 0, 1, minor, unit, x1, x0, y1, y0, 0, 0,
    ])
}

/// Writes the Adobe segment anew from its colour transform; without it CMYK and RGB pictures change colour.
fn adobe(jpeg: &Jpeg<'_>) -> Result<Option<[u8; 12]>, MediaError> {
    let mut transform = None;
    for segment in jpeg.segments.iter().filter(|s| s.marker == APP14) {
        let Some(body) = segment.payload.strip_prefix(b"Adobe") else {
            continue;
        };
        let found = *body
            .get(6)
            .ok_or(MediaError::Malformed("its colour header is cut short"))?;
        if found > 2 || transform.is_some_and(|known| known != found) {
            return Err(MediaError::Malformed(
                "its colour header contradicts itself",
            ));
        }
        transform = Some(found);
    }
    Ok(transform.map(|t| [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, t]))
}

fn push(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    // Every payload was read from a segment, or is a header or profile of at most 4 KiB: the length fits.
    let len: usize = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    out.extend_from_slice(&[0xFF, marker, (len >> 8) as u8, len as u8]);
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// Refuses a table segment with bytes that no decoder reads: text can hide there.
fn check_tables(marker: u8, payload: &[u8]) -> Result<(), MediaError> {
    let fits = match marker {
        0xC4 => consume(payload, huffman_table_len),
        0xDB => consume(payload, quantisation_table_len),
        0xCC => payload.len().is_multiple_of(2),
        0xDD => payload.len() == 2,
        SOS => payload
            .first()
            .is_some_and(|n| (1..=4).contains(n) && payload.len() == 4 + 2 * usize::from(*n)),
        _ => true,
    };
    if fits { Ok(()) } else { Err(BAD_TABLES) }
}

fn consume(mut payload: &[u8], len: impl Fn(&[u8]) -> Option<usize>) -> bool {
    while !payload.is_empty() {
        match len(payload).and_then(|len| payload.get(len..)) {
            Some(rest) => payload = rest,
            None => return false,
        }
    }
    true
}

fn huffman_table_len(table: &[u8]) -> Option<usize> {
    let symbols: usize = table.get(1..17)?.iter().map(|&n| usize::from(n)).sum();
    (table[0] & 0xEC == 0 && symbols <= 256).then_some(17 + symbols)
}

fn quantisation_table_len(table: &[u8]) -> Option<usize> {
    match table.first()? {
        0x00..=0x03 => Some(65),
        0x10..=0x13 => Some(129),
        _ => None,
    }
}
