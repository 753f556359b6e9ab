//! Reads an Exif block: lists what it gives away, and its orientation. Finding the block inside a JPEG or PNG is the
//! container's work; maker notes are reported as opaque and never opened.

mod directory;
mod tags;

use std::fmt::{self, Write};

use exif::{Context, Exif, In, Reader, Tag};

use self::directory::{Directory, Slot};
use self::tags::Shape;
use crate::error::MediaError;
use crate::report::{Collector, MetadataKind};
use crate::{iptc, text, xmp};

/// Numbers with more bytes than this are tables, not something to show.
const MAX_NUMBER_BYTES: usize = 256;

/// Reports the fields of the TIFF block `data` and returns its orientation, if it has one of 1 to 8.
///
/// A block whose directories cannot be walked is an error; a single value that cannot be read is an entry without value.
pub(crate) fn read(data: &[u8], out: &mut Collector) -> Result<Option<u8>, MediaError> {
    let directory = directory::walk(data)?;
    let exif = Reader::new()
        .continue_on_error(true)
        .read_raw(data.to_vec())
        // The walk has already listed every field that a partial result lacks.
        .or_else(|error| error.distill_partial_result(|_| ()))
        .map_err(|_| MediaError::Malformed("its Exif details cannot be read"))?;
    for slot in &directory.slots {
        report(slot, &directory, &exif, out)?;
    }
    if directory.has_stray_directory {
        out.blob(MetadataKind::Device, "Exif:StrayDirectory");
    }
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    let orientation = orientation.and_then(|field| field.value.get_uint(0));
    Ok(orientation
        .and_then(|n| u8::try_from(n).ok())
        .filter(|n| (1..=8).contains(n)))
}

fn report(
    slot: &Slot<'_>,
    directory: &Directory<'_>,
    exif: &Exif,
    out: &mut Collector,
) -> Result<(), MediaError> {
    let Some((kind, name, shape)) = tags::meaning(slot.tag, slot.ifd) else {
        return Ok(());
    };
    let name = match slot.ifd {
        0 => name.into_owned(),
        n => format!("IFD{n}:{name}"),
    };
    let Some(raw) = slot.raw else {
        out.blob(kind, name);
        return Ok(());
    };
    let is_text = matches!(slot.kind, 1 | 2 | 6 | 7 | 129);
    match shape {
        Shape::Opaque => out.blob(kind, name),
        Shape::Xmp => xmp::read(raw, out)?,
        Shape::Iptc => iptc::records(raw, out)?,
        Shape::Photoshop => iptc::photoshop(raw, out)?,
        Shape::CodedText if is_text => coded_text(kind, name, raw, directory.big_endian, out),
        Shape::WindowsText if is_text => windows_text(kind, name, raw, out),
        Shape::Plain if slot.kind == 2 || slot.kind == 129 => out.bytes(kind, name, raw),
        Shape::Plain if is_text && slot.tag.context() != Context::Gps => out.bytes(kind, name, raw),
        _ => number(kind, name, slot, raw, exif, out),
    }
    Ok(())
}

fn coded_text(kind: MetadataKind, name: String, raw: &[u8], big_endian: bool, out: &mut Collector) {
    match raw.split_first_chunk::<8>() {
        Some((b"UNICODE\0", body)) => {
            let text = text::utf16_either(bounded(body, out), big_endian);
            out.text(kind, name, &text);
        }
        // No decoder for JIS X 0208 here: present, unread.
        Some((b"JIS\0\0\0\0\0", body)) if !body.is_empty() => out.blob(kind, name),
        Some((b"ASCII\0\0\0" | [0, 0, 0, 0, 0, 0, 0, 0], body)) => out.bytes(kind, name, body),
        // Many writers forget the code altogether.
        _ => out.bytes(kind, name, raw),
    }
}

fn windows_text(kind: MetadataKind, name: String, raw: &[u8], out: &mut Collector) {
    let text = text::utf16_either(bounded(raw, out), false);
    out.text(kind, name, &text);
}

fn bounded<'a>(raw: &'a [u8], out: &mut Collector) -> &'a [u8] {
    let max = out.max_value_bytes();
    if raw.len() > max {
        out.cut();
    }
    &raw[..raw.len().min(max)]
}

/// Shows a number with its unit, as `kamadak-exif` words it ("51 deg 30 min 26 sec N").
fn number(
    kind: MetadataKind,
    name: String,
    slot: &Slot<'_>,
    raw: &[u8],
    exif: &Exif,
    out: &mut Collector,
) {
    let field = exif
        .get_field(slot.tag, In(slot.ifd))
        .filter(|_| raw.len() <= MAX_NUMBER_BYTES);
    let mut shown = Bounded(String::new());
    match field.map(|field| write!(shown, "{}", field.display_value().with_unit(exif))) {
        Some(Ok(())) if !shown.0.trim().is_empty() => out.text(kind, name, &shown.0),
        _ => out.blob(kind, name),
    }
}

/// A string that refuses to grow past any honest number with its unit.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len() + part.len() > 2048 {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}

/// Builds the smallest TIFF block that holds an orientation and nothing else.
pub(crate) fn orientation_only(value: u8) -> [u8; 26] {
    let mut block = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = value;
    block
}
