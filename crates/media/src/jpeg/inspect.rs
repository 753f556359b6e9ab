//! Reports what the application segments, comments and trailing bytes of a JPEG give away.

use super::{APP0, APP1, APP2, APP14, COM, EXIF_PREFIX, ICC_PREFIX, Segment, colour_profile, walk};
use crate::error::MediaError;
use crate::format::{Format, sniff};
use crate::limits::Limits;
use crate::report::MetadataKind::{Comment, Device, Thumbnail, Trailer};
use crate::report::{Collector, Report};
use crate::{exif, icc, iptc, xmp};

/// Blocks that are spread over several segments and read when all of them are known.
#[derive(Default)]
struct Spread<'a> {
    photoshop: Vec<u8>,
    /// Identifier, offset and data of each piece of extended XMP.
    extended_xmp: Vec<(&'a [u8], u32, &'a [u8])>,
    has_profile: bool,
}

/// Reports a JPEG.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let jpeg = walk(bytes, limits)?;
    let mut out = Collector::new(limits);
    let mut spread = Spread::default();
    let mut orientation = None;
    for segment in &jpeg.segments {
        let found = read_segment(segment, &mut spread, &mut out)?;
        orientation = orientation.or(found);
    }
    iptc::photoshop(&spread.photoshop, &mut out)?;
    read_extended_xmp(spread.extended_xmp, &mut out)?;
    if spread.has_profile {
        report_profile(colour_profile(&jpeg.segments), &mut out);
    }
    if !jpeg.trailer.is_empty() {
        out.blob(Trailer, trailer_tag("JPEG", jpeg.trailer));
    }
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::Jpeg,
        width: jpeg.frame.width,
        height: jpeg.frame.height,
        orientation,
        frames: 1,
        entries,
        text_cut,
    })
}

fn read_segment<'a>(
    segment: &Segment<'a>,
    spread: &mut Spread<'a>,
    out: &mut Collector,
) -> Result<Option<u8>, MediaError> {
    let data = segment.payload;
    match segment.marker {
        APP0 => read_app0(data, out),
        APP1 if data.starts_with(EXIF_PREFIX) => {
            return exif::read(data.get(6..).unwrap_or_default(), out);
        }
        APP1 if data.starts_with(xmp::PREFIX) => xmp::read(&data[xmp::PREFIX.len()..], out)?,
        APP1 if data.starts_with(xmp::EXTENSION_PREFIX) => {
            spread.extended_xmp.push(extended_piece(data)?)
        }
        APP2 if data.starts_with(ICC_PREFIX) => spread.has_profile = true,
        APP2 if data.starts_with(b"MPF\0") => out.blob(Thumbnail, "JPEG:MPF"),
        0xED if data.starts_with(iptc::PHOTOSHOP_PREFIX) => {
            spread
                .photoshop
                .extend_from_slice(&data[iptc::PHOTOSHOP_PREFIX.len()..]);
        }
        APP14 if data.starts_with(b"Adobe") && data.len() == 12 => {}
        APP14 if data.starts_with(b"Adobe") => out.blob(Comment, "JPEG:APP14"),
        COM => out.bytes(Comment, "JPEG:COM", data),
        marker @ 0xE1..=0xEF => out.blob(Device, format!("JPEG:APP{}", marker - 0xE0)),
        _ => {}
    }
    Ok(None)
}

fn read_app0(data: &[u8], out: &mut Collector) {
    // JFIF 1.02: identifier, version, unit, two densities, thumbnail width and height, thumbnail.
    match data {
        [b'J', b'F', b'I', b'F', 0, _, _, _, _, _, _, _, 0, 0] => {}
        [b'J', b'F', b'I', b'F', 0, ..] => out.blob(Thumbnail, "JPEG:JFIF:Thumbnail"),
        [b'J', b'F', b'X', b'X', 0, ..] => out.blob(Thumbnail, "JPEG:JFXX:Thumbnail"),
        _ => out.blob(Device, "JPEG:APP0"),
    }
}

/// Splits a piece of extended XMP (XMP part 3, 1.1.3.1): 32 characters of identifier, full length, offset, data.
fn extended_piece(data: &[u8]) -> Result<(&[u8], u32, &[u8]), MediaError> {
    let broken = MediaError::Malformed("its XMP details cannot be read");
    let body = &data[xmp::EXTENSION_PREFIX.len()..];
    match (
        body.get(..32),
        body.get(36..).and_then(<[u8]>::split_first_chunk),
    ) {
        (Some(id), Some((offset, data))) => Ok((id, u32::from_be_bytes(*offset), data)),
        _ => Err(broken),
    }
}

fn read_extended_xmp(
    mut pieces: Vec<(&[u8], u32, &[u8])>,
    out: &mut Collector,
) -> Result<(), MediaError> {
    pieces.sort_by_key(|(id, offset, _)| (*id, *offset));
    for packet in pieces.chunk_by(|a, b| a.0 == b.0) {
        let whole: Vec<u8> = packet
            .iter()
            .flat_map(|(.., data)| *data)
            .copied()
            .collect();
        xmp::read(&whole, out)?;
    }
    Ok(())
}

/// Reports a colour profile unless it is one that every device ships.
pub(crate) fn report_profile(profile: Option<Vec<u8>>, out: &mut Collector) {
    match profile {
        Some(profile) if icc::is_standard(&profile) => {}
        Some(profile) => match icc::description(&profile).filter(|text| !text.trim().is_empty()) {
            Some(text) => out.text(Device, "ICC:ProfileDescription", &text),
            None => out.blob(Device, "ICC"),
        },
        None => out.blob(Device, "ICC"),
    }
}

/// Names a trailer by what its first bytes look like: a Motion Photo's film, a second picture, an archive.
pub(crate) fn trailer_tag(container: &str, trailer: &[u8]) -> String {
    let what = match sniff(trailer) {
        Format::Unknown if trailer.starts_with(b"PK\x03\x04") => "zip",
        Format::Unknown => return format!("{container}:Trailer"),
        format => format.as_str(),
    };
    format!("{container}:Trailer:{what}")
}
