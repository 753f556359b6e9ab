//! Reports what the application segments, comments and trailing bytes of a JPEG give away.

use memchr::memmem;

use super::{
    APP0, APP1, APP2, APP14, COM, ICC_PREFIX, Jpeg, Segment, blocks, colour_profile, rescue,
    trailer, walk,
};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::report::MetadataKind::{Comment, Device, Thumbnail};
use crate::report::{Collector, Report};
use crate::{bmff, exif, icc, iptc, xmp};

/// Blocks that are spread over several segments and read when all of them are known.
#[derive(Default)]
struct Spread<'a> {
    photoshop: Vec<&'a [u8]>,
    /// Identifier, offset and data of each piece of extended XMP.
    extended_xmp: Vec<(&'a [u8], u32, &'a [u8])>,
    /// Pieces of JUMBF boxes, as they stand in APP11.
    jumbf: Vec<&'a [u8]>,
    has_profile: bool,
}

/// Reports a JPEG.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    match walk(bytes, limits) {
        Ok(jpeg) => report(&jpeg, limits),
        Err(error @ (MediaError::Truncated | MediaError::Malformed(_))) => {
            report_torn(&rescue(bytes, limits), error, limits)
        }
        Err(error) => Err(error),
    }
}

/// Reports what stands in front of the damage. A picture that cannot be opened may still have been sent, and a file with
/// nothing to report is an error.
fn report_torn(
    segments: &[Segment<'_>],
    error: MediaError,
    limits: &Limits,
) -> Result<Report, MediaError> {
    let mut out = Collector::new(limits);
    let orientation = read_segments(segments, &mut out);
    let (entries, _) = out.finish()?;
    if entries.is_empty() {
        return Err(error);
    }
    Ok(Report {
        format: Format::Jpeg,
        width: 0,
        height: 0,
        orientation,
        frames: 1,
        entries,
        text_cut: true,
        unreadable: true,
    })
}

/// Reports a JPEG that has been walked.
pub(super) fn report(jpeg: &Jpeg<'_>, limits: &Limits) -> Result<Report, MediaError> {
    let mut out = Collector::new(limits);
    let orientation = read_segments(&jpeg.segments, &mut out);
    for stray in &jpeg.stray {
        out.opaque(Device, "JPEG:StrayBytes", stray);
    }
    trailer::report(jpeg.trailer, limits, &mut out, |picture, out| {
        out.within("Trailer:");
        read_segments(&picture.segments, out);
        out.within("");
    });
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::Jpeg,
        width: jpeg.frame.width,
        height: jpeg.frame.height,
        orientation,
        frames: 1,
        entries,
        text_cut,
        unreadable,
    })
}

/// Reports the segments of one picture and returns its orientation.
fn read_segments(segments: &[Segment<'_>], out: &mut Collector) -> Option<u8> {
    let mut spread = Spread::default();
    let mut orientation = None;
    for segment in segments {
        let found = read_segment(segment, &mut spread, out);
        orientation = orientation.or(found);
    }
    let resources = spread.photoshop.concat();
    let read = iptc::photoshop(&resources, out);
    out.tolerate("Photoshop", &resources, read);
    read_extended_xmp(spread.extended_xmp, out);
    bmff::report_app11(spread.jumbf, out);
    if spread.has_profile {
        report_profile(colour_profile(segments), out);
    }
    orientation
}

fn read_segment<'a>(
    segment: &Segment<'a>,
    spread: &mut Spread<'a>,
    out: &mut Collector,
) -> Option<u8> {
    let data = segment.payload;
    match segment.marker {
        APP0 => read_app0(data, out),
        APP1 => return read_app1(data, spread, out),
        APP2 if data.starts_with(ICC_PREFIX) => spread.has_profile = true,
        APP2 if data.starts_with(b"MPF\0") => out.blob(Thumbnail, "JPEG:MPF"),
        0xED => read_app13(data, spread, out),
        APP14 if data.starts_with(b"Adobe") && data.len() == 12 => {}
        APP14 if data.starts_with(b"Adobe") => out.opaque(Comment, "JPEG:APP14", &data[5..]),
        COM => out.bytes(Comment, "JPEG:COM", data),
        0xEB if data.starts_with(b"JP") => {
            spread.jumbf.push(data);
            out.opaque(Device, blocks::tag(11, data), data);
        }
        marker @ 0xE1..=0xEF if !data.is_empty() => blocks::report(marker - 0xE0, data, out),
        _ => {}
    }
    None
}

fn read_app0(data: &[u8], out: &mut Collector) {
    // JFIF 1.02: identifier, version, unit, two densities, thumbnail width and height, thumbnail.
    match data {
        [b'J', b'F', b'I', b'F', 0, _, _, _, _, _, _, _, 0, 0] => {}
        [b'J', b'F', b'I', b'F', 0, _, _, _, _, _, _, _, x, y, ..] if *x > 0 && *y > 0 => {
            out.blob(Thumbnail, "JPEG:JFIF:Thumbnail")
        }
        [b'J', b'F', b'I', b'F', 0, rest @ ..] if rest.len() <= 9 => {}
        [b'J', b'F', b'I', b'F', 0, rest @ ..] => out.opaque(Device, "JPEG:JFIF", &rest[9..]),
        [b'J', b'F', b'X', b'X', 0, ..] => out.blob(Thumbnail, "JPEG:JFXX:Thumbnail"),
        _ => blocks::report(0, data, out),
    }
}

fn read_app1<'a>(data: &'a [u8], spread: &mut Spread<'a>, out: &mut Collector) -> Option<u8> {
    if let Some(block) = exif_block(data) {
        let read = exif::read(block, out);
        return out.tolerate("Exif", block, read).flatten();
    }
    match data {
        _ if data.starts_with(xmp::EXTENSION_PREFIX) => {
            let piece = out.tolerate("XMP", data, extended_piece(data));
            spread.extended_xmp.extend(piece);
        }
        _ if data.starts_with(xmp::PREFIX) => read_xmp(&data[xmp::PREFIX.len()..], out),
        [] => {}
        _ => blocks::report(1, data, out),
    }
    None
}

pub(super) fn read_xmp(packet: &[u8], out: &mut Collector) {
    let read = xmp::read(packet, out);
    out.tolerate("XMP", packet, read);
}

/// Finds the Exif block behind its identifier, which some writers put a few bytes late or in other letters.
fn exif_block(data: &[u8]) -> Option<&[u8]> {
    (0..=4).find_map(|at| {
        let head = data.get(at..at + 5)?;
        head.eq_ignore_ascii_case(b"Exif\0")
            .then(|| data.get(at + 6..).unwrap_or_default())
    })
}

fn read_app13<'a>(data: &'a [u8], spread: &mut Spread<'a>, out: &mut Collector) {
    match data.strip_prefix(iptc::PHOTOSHOP_PREFIX) {
        Some(resources) => spread.photoshop.push(resources),
        None if data.starts_with(b"Adobe_Photoshop2.5") => {
            let at = memmem::find(data, b"8BIM").unwrap_or(data.len());
            spread.photoshop.push(&data[at..]);
        }
        None if data.starts_with(b"\x1C\x02") => {
            let read = iptc::records(data, out);
            out.tolerate("IPTC", data, read);
        }
        None if data.is_empty() => {}
        None => blocks::report(13, data, out),
    }
}

/// Splits a piece of extended XMP (XMP part 3, 1.1.3.1): 32 characters of identifier, full length, offset, data.
fn extended_piece(data: &[u8]) -> Result<(&[u8], u32, &[u8]), MediaError> {
    let body = &data[xmp::EXTENSION_PREFIX.len()..];
    let offset = body.get(36..).and_then(<[u8]>::split_first_chunk);
    match (body.get(..32), offset) {
        (Some(id), Some((offset, data))) => Ok((id, u32::from_be_bytes(*offset), data)),
        _ => Err(xmp::BROKEN),
    }
}

fn read_extended_xmp(mut pieces: Vec<(&[u8], u32, &[u8])>, out: &mut Collector) {
    pieces.sort_by_key(|(id, offset, _)| (*id, *offset));
    pieces.dedup_by_key(|(id, offset, _)| (*id, *offset));
    for packet in pieces.chunk_by(|a, b| a.0 == b.0) {
        let parts: Vec<&[u8]> = packet.iter().map(|(.., data)| *data).collect();
        read_xmp(&parts.concat(), out);
    }
}

/// Reports the texts of a colour profile unless it is one that every device ships.
pub(crate) fn report_profile(profile: Option<Vec<u8>>, out: &mut Collector) {
    let Some(profile) = profile else {
        return out.blob(Device, "ICC");
    };
    if icc::is_standard(&profile) {
        return;
    }
    let texts = icc::described(&profile);
    if texts.is_empty() {
        out.blob(Device, "ICC");
    }
    for (name, text) in texts {
        out.text(Device, format!("ICC:{name}"), &text);
    }
}
