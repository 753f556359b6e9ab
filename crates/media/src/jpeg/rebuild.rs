//! Builds a JPEG anew from the parts that make the picture: tables, frame header, scans. Everything else is left behind;
//! what is kept of the header segments is written fresh, not copied.

use super::{
    APP0, APP1, APP2, APP14, COM, EOI, ICC_PREFIX, Jpeg, SOI, SOS, Segment, colour_profile,
    inspect, walk_watched, whole,
};
use crate::error::MediaError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;
use crate::report::{Cleaned, MetadataKind, Parts, Report};
use crate::verify::{Sweep, verify_swept};
use std::borrow::Cow;
use std::collections::BTreeSet;

const BAD_TABLES: MediaError =
    MediaError::Malformed("its picture tables have bytes that do not belong there");

/// Reports, rebuilds and proves, with one walk over the original. The second reader looks at the compressed data while the
/// first one has them near the processor: bringing megabytes there takes longer than reading them.
pub(crate) fn clean_in_parts<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> (
    Result<Report, MediaError>,
    Result<Cleaned<Parts<'a>>, MediaError>,
) {
    let mut sweep = None;
    let mut watch = |data, part| sweep.get_or_insert_with(|| Sweep::of(data)).look(part);
    let jpeg = match walk_watched(bytes, limits, &mut watch) {
        Ok(jpeg) => jpeg,
        Err(error) => return (inspect::inspect(bytes, limits), Err(error)),
    };
    let report = inspect::report(&jpeg, limits);
    let cleaned = match &report {
        Ok(report) => clean((&jpeg, bytes), report, sweep, limits),
        Err(error) => Err(error.clone()),
    };
    (report, cleaned)
}

fn clean<'a>(
    (jpeg, original): (&Jpeg<'a>, &[u8]),
    before: &Report,
    sweep: Option<Sweep<'a>>,
    limits: &Limits,
) -> Result<Cleaned<Parts<'a>>, MediaError> {
    if jpeg.is_damaged {
        return Err(MediaError::Malformed("its picture data are damaged"));
    }
    let copy = rebuild(jpeg, before.orientation)?;
    if !jpeg.has_end && !whole::is_whole(&copy.clone().join(), original, limits) {
        return Err(MediaError::Truncated);
    }
    verify_swept(&copy, sweep, limits).map_err(MediaError::StillIdentifying)?;
    // The proof leaves nothing in the copy that a report would list, so all that was listed is gone.
    let removed: BTreeSet<MetadataKind> = before.kinds().collect();
    Ok(Cleaned {
        bytes: copy,
        format: Format::Jpeg,
        removed: removed.into_iter().collect(),
        re_encoded: false,
    })
}

/// Builds the copy: everything up to the first scan's header anew, then the entropy-coded data byte for byte.
fn rebuild<'a>(jpeg: &Jpeg<'a>, orientation: Option<u8>) -> Result<Parts<'a>, MediaError> {
    if !matches!(jpeg.frame.marker, 0xC0..=0xC3 | 0xC9..=0xCB) {
        return Err(MediaError::Unsupported(Format::Jpeg));
    }
    let kept: Vec<&Segment<'a>> = jpeg
        .segments
        .iter()
        .filter(|s| !matches!(s.marker, 0xE0..=0xEF | COM))
        .collect();
    for segment in &kept {
        check_tables(segment.marker, segment.payload)?;
    }
    let first = kept.iter().position(|s| s.marker == SOS);
    let (tables, scans) = kept
        .split_at_checked(first.map_or(0, |at| at + 1))
        .unwrap_or_default();
    let mut head = Vec::with_capacity(HEADER_BYTES);
    head.extend_from_slice(&[0xFF, SOI]);
    header_segments(jpeg, orientation, &mut head);
    for segment in tables {
        push(&mut head, segment.marker, &[segment.payload]);
    }
    let data = tables.last().map_or(&[][..], |s| s.scan);
    Ok(Parts {
        head,
        body: body(jpeg, data, scans),
    })
}

/// The first scan's data, the tables and scans that follow it, and the end: as they stand in the original, where nothing
/// stands between them that is left out, else put together.
fn body<'a>(jpeg: &Jpeg<'a>, data: &'a [u8], scans: &[&Segment<'a>]) -> Cow<'a, [u8]> {
    let further = scans.iter().map(|s| 4 + s.payload.len() + s.scan.len());
    let size = data.len() + further.sum::<usize>() + 2;
    // What is kept stands there in this order, so that nothing else has room where the lengths agree.
    let before_trailer = jpeg.from_scans.len().saturating_sub(jpeg.trailer.len());
    if jpeg.has_end && before_trailer == size {
        return Cow::Borrowed(&jpeg.from_scans[..size]);
    }
    let mut out = Vec::with_capacity(size);
    out.extend_from_slice(data);
    for segment in scans {
        push(&mut out, segment.marker, &[segment.payload]);
        out.extend_from_slice(segment.scan);
    }
    out.extend_from_slice(&[0xFF, EOI]);
    Cow::Owned(out)
}

/// Room for the headers written anew; a profile may need more.
const HEADER_BYTES: usize = 8 * 1024;

fn header_segments(jpeg: &Jpeg<'_>, orientation: Option<u8>, out: &mut Vec<u8>) {
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
    let profile = colour_profile(&jpeg.segments);
    if let Some(profile) = profile.and_then(|profile| icc::plain(&profile)) {
        push(out, APP2, &[ICC_PREFIX, &[1, 1], &profile]);
    }
    if let Some(adobe) = adobe(jpeg) {
        push(out, APP14, &[&adobe]);
    }
}

/// Writes the first JFIF header anew, without its thumbnail. A picture that had none gets none: its presence tells a
/// decoder which colours the components are.
fn jfif(jpeg: &Jpeg<'_>) -> Option<[u8; 14]> {
    let found = jpeg.segments.iter().filter(|s| s.marker == APP0);
    // Decoders take no notice of a shorter one.
    let mut found = found.filter_map(|s| s.payload.strip_prefix(b"JFIF\0")?.first_chunk::<9>());
    let [_, minor, unit, x1, x0, y1, y0, _, _] = *found.next()?;
    let minor = minor.min(2);
    let unit = if unit > 2 { 0 } else { unit };
    let density = |high, low| u16::from_be_bytes([high, low]).max(1).to_be_bytes();
    let ([x1, x0], [y1, y0]) = (density(x1, x0), density(y1, y0));
    Some([
        b'J', b'F', b'I', b'F', 0, 1, minor, unit, x1, x0, y1, y0, 0, 0,
    ])
}

/// Writes the Adobe segment anew from its colour transform; without it CMYK and RGB pictures change colour. Decoders take
/// the last one, and none that is cut short; an unknown transform counts as the usual one.
fn adobe(jpeg: &Jpeg<'_>) -> Option<[u8; 12]> {
    let segments = jpeg.segments.iter().filter(|s| s.marker == APP14);
    let mut found = segments.filter_map(|s| s.payload.strip_prefix(b"Adobe")?.get(6));
    let transform = match found.next_back()? {
        known @ 0..=2 => *known,
        _ if jpeg.frame.sampling.len() == 4 => 2,
        _ => 1,
    };
    Some([b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform])
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
