//! Reports what the directories of a TIFF give away: every page, every picture inside, and the blocks of other standards.

use std::borrow::Cow;

use super::block;
use super::fields::{is_preview, size};
use super::walk::{Directory, Field, Role, Tiff, walk};
use crate::bmff::report_jumbf;
use crate::error::MediaError;
use crate::format::Format;
use crate::jpeg::report_profile;
use crate::limits::Limits;
use crate::report::MetadataKind::{Comment, Gps, Thumbnail};
use crate::report::{Collector, Report};
use crate::{exif, iptc, jpeg, xmp};

const XMP: u16 = 0x02BC;
const IPTC: u16 = 0x83BB;
const PHOTOSHOP: u16 = 0x8649;
const PROFILE: u16 = 0x8773;
const LAYERS: u16 = 0x935C;
const CONTENT_CREDENTIALS: u16 = 0xCD41;
/// A whole JPEG that some cameras put into a field, with its own Exif.
const JPEG_FROM_RAW: u16 = 0x002E;
/// What mapping programs note: free text in XML.
const GDAL: u16 = 0xA480;
/// Geography: scale, tie points, transformation, keys and their values, and what mapping programs add.
const MAP: [u16; 8] = [0x830E, 0x8480, 0x8482, 0x85D8, 0x87AF, 0x87B0, 0x87B1, GDAL];

/// Reports a TIFF.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let tiff = walk(bytes, limits)?;
    let first = tiff.directories.first().ok_or(MediaError::Truncated)?;
    // Raw formats may leave the size to their own fields.
    let (width, height) = size(&tiff, first).unwrap_or_default();
    let fault = match tiff.is_camera_header {
        true => None,
        false => limits.check_size(width, height).err(),
    };
    let mut out = Collector::new(limits);
    let mut orientation = None;
    for (index, directory) in tiff.directories.iter().enumerate() {
        if !matches!(directory.role, Role::Page(_) | Role::Sub(_)) {
            continue;
        }
        let found = picture(&tiff, index, bytes.len(), limits, &mut out)?;
        if index == 0 {
            orientation = found;
        }
        further_picture(&tiff, directory, first, &mut out);
    }
    if tiff.has_lost_directory {
        out.block("TIFF", |_| Err::<(), _>(MediaError::Truncated))?;
    }
    out.damaged(fault)?;
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::Tiff,
        width,
        height,
        orientation,
        frames: 1,
        entries,
        text_cut,
        unreadable,
    })
}

fn further_picture(
    tiff: &Tiff<'_>,
    directory: &Directory<'_>,
    first: &Directory<'_>,
    out: &mut Collector,
) {
    match directory.role {
        Role::Page(number) if number > 0 && !is_preview(tiff, directory, first) => {
            out.blob(Thumbnail, format!("TIFF:Page{}", number + 1));
        }
        Role::Page(1..) | Role::Sub(_) => out.blob(Thumbnail, "TIFF:Thumbnail"),
        _ => {}
    }
}

/// Reports what one picture says about itself and returns its orientation.
fn picture(
    tiff: &Tiff<'_>,
    index: usize,
    file_len: usize,
    limits: &Limits,
    out: &mut Collector,
) -> Result<Option<u8>, MediaError> {
    let room = file_len.saturating_add(1024 * 1024);
    let block = block::of(tiff, index, room, is_read_apart)?;
    let orientation = out.block("Exif", |out| exif::read(&block, out))?;
    for field in &tiff.directories[index].fields {
        if is_read_apart(field.tag) {
            read_apart(field, limits, out)?;
        }
    }
    Ok(orientation.flatten())
}

fn is_read_apart(tag: u16) -> bool {
    matches!(
        tag,
        XMP | IPTC | PHOTOSHOP | PROFILE | LAYERS | CONTENT_CREDENTIALS | JPEG_FROM_RAW
    ) || MAP.contains(&tag)
}

fn read_apart(field: &Field<'_>, limits: &Limits, out: &mut Collector) -> Result<(), MediaError> {
    let name = format!("TIFF:0x{:04X}", field.tag);
    let Some(raw) = field.raw else {
        out.block(&name, |_| Err::<(), _>(MediaError::Truncated))?;
        return Ok(());
    };
    match field.tag {
        XMP => out.block("XMP", |out| xmp::read(raw, out)).map(|_| ()),
        IPTC => {
            let records = iptc_in_order(raw);
            out.block("IPTC", |out| iptc::records(&records, out))
                .map(|_| ())
        }
        PHOTOSHOP => out
            .block("Photoshop", |out| iptc::photoshop(raw, out))
            .map(|_| ()),
        PROFILE => {
            report_profile(Some(raw.to_vec()), out);
            Ok(())
        }
        LAYERS => {
            out.blob(Thumbnail, "TIFF:ImageSourceData");
            Ok(())
        }
        CONTENT_CREDENTIALS => {
            report_jumbf(raw, out);
            Ok(())
        }
        JPEG_FROM_RAW => embedded_jpeg(raw, limits, out),
        tag => {
            let kind = if tag == GDAL { Comment } else { Gps };
            match field.kind {
                2 => out.bytes(kind, format!("GeoTIFF:0x{tag:04X}"), raw),
                _ => out.blob(kind, format!("GeoTIFF:0x{tag:04X}")),
            }
            Ok(())
        }
    }
}

/// Some programs store the records as 32-bit numbers, which a change of byte order has turned round.
fn iptc_in_order(raw: &[u8]) -> Cow<'_, [u8]> {
    match raw {
        [first, _, _, 0x1C, ..] if *first != 0x1C => {
            let (words, rest) = raw.as_chunks::<4>();
            let turned = words.iter().flat_map(|[a, b, c, d]| [*d, *c, *b, *a]);
            Cow::Owned(turned.chain(rest.iter().copied()).collect())
        }
        _ => Cow::Borrowed(raw),
    }
}

fn embedded_jpeg(raw: &[u8], limits: &Limits, out: &mut Collector) -> Result<(), MediaError> {
    out.blob(Thumbnail, "TIFF:JpgFromRaw");
    let Some(report) = out.block("TIFF:JpgFromRaw", |_| jpeg::inspect(raw, limits))? else {
        return Ok(());
    };
    for entry in report.entries {
        match entry.value {
            Some(value) => out.text(entry.kind, entry.tag, &value),
            None => out.blob(entry.kind, entry.tag),
        }
    }
    Ok(())
}
