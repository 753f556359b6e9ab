//! Reads an Exif block: lists what it gives away, and its orientation. Finding the block inside a JPEG or PNG is the
//! container's work.

mod directory;
mod maker;
mod number;
mod tags;
mod thumbnail;

use exif::{Context, Exif, Reader, Tag};

use self::directory::{Directory, SUB_IFD, Slot};
use self::tags::Shape;
use crate::error::MediaError;
use crate::report::{Collector, MetadataKind};
use crate::{iptc, text, xmp};

/// Technical texts are codes ("R98", "WGS-84"); a longer one somebody wrote.
const MAX_CODE_BYTES: usize = 12;

/// Reports the fields of the TIFF block `data` and returns its orientation, if it has one of 1 to 8.
///
/// A block without a single directory that can be walked is an error, and so is one with more fields than any camera
/// writes; one field that cannot be read is an entry without value.
pub(crate) fn read(data: &[u8], out: &mut Collector) -> Result<Option<u8>, MediaError> {
    const BROKEN: MediaError = MediaError::Malformed("its Exif details cannot be read");
    if data.iter().all(|&b| b == 0) {
        return Ok(None);
    }
    let directory = directory::walk(data).ok_or(BROKEN)?;
    let block = Block {
        data,
        exif: numbers(data, &directory),
        make: text_of(&directory, Tag::Make),
        directory: &directory,
    };
    for slot in &directory.slots {
        block.report(slot, out);
    }
    match directory.is_overfull || directory.is_circular {
        true => Err(BROKEN),
        false => Ok(block.orientation()),
    }
}

/// Lets `kamadak-exif` read the numbers, where the walk has shown that it will come to an end.
fn numbers(data: &[u8], directory: &Directory<'_>) -> Option<Exif> {
    if directory.is_risky {
        return None;
    }
    Reader::new()
        .continue_on_error(true)
        .read_raw(data.to_vec())
        // The walk has already listed every field that a partial result lacks.
        .or_else(|error| error.distill_partial_result(|_| ()))
        .ok()
}

fn text_of<'a>(directory: &Directory<'a>, tag: Tag) -> &'a [u8] {
    let mut slots = directory.slots.iter();
    let slot = slots.find(|slot| slot.tag == tag && slot.ifd == 0);
    slot.and_then(|slot| slot.raw).unwrap_or_default()
}

/// A block whose directories have been listed.
struct Block<'a> {
    data: &'a [u8],
    directory: &'a Directory<'a>,
    exif: Option<Exif>,
    make: &'a [u8],
}

impl Block<'_> {
    fn orientation(&self) -> Option<u8> {
        let mut slots = self.directory.slots.iter();
        let slot = slots.find(|slot| slot.tag == Tag::Orientation && slot.ifd == 0)?;
        let value = match (slot.kind, slot.raw?) {
            // Some writers take a signed number.
            (1 | 6 | 7, [value, ..]) => u32::from(*value),
            (3 | 8, [a, b, ..]) => {
                u32::from(directory::number16([*a, *b], self.directory.big_endian))
            }
            (4 | 9, [a, b, c, d, ..]) => {
                directory::number32([*a, *b, *c, *d], self.directory.big_endian)
            }
            _ => return None,
        };
        u8::try_from(value).ok().filter(|n| (1..=8).contains(n))
    }

    fn report(&self, slot: &Slot<'_>, out: &mut Collector) {
        let is_text = matches!(slot.kind, 2 | 129);
        let is_prose = is_text && slot.raw.is_some_and(|raw| raw.len() > MAX_CODE_BYTES);
        let Some((kind, name, shape)) = tags::meaning(slot.tag, slot.ifd, is_prose) else {
            return;
        };
        let name = match slot.ifd {
            0 => name.into_owned(),
            n if n >= SUB_IFD => format!("SubIFD{}:{name}", n - SUB_IFD),
            n => format!("IFD{n}:{name}"),
        };
        let Some(raw) = slot.raw else {
            return out.blob(kind, name);
        };
        let is_bytes = is_text || matches!(slot.kind, 1 | 6 | 7);
        match shape {
            Shape::Opaque if is_text => out.bytes(kind, name, raw),
            Shape::Opaque if is_bytes => out.opaque(kind, name, raw),
            Shape::Opaque => out.blob(kind, name),
            Shape::MakerNote => {
                maker::report(&name, raw, self.make, self.directory.big_endian, out)
            }
            Shape::Thumbnail => self.thumbnail(slot, name, out),
            Shape::Xmp | Shape::Iptc | Shape::Photoshop => {
                let read = match shape {
                    Shape::Xmp => xmp::read(raw, out),
                    Shape::Iptc => iptc::records(raw, out),
                    _ => iptc::photoshop(raw, out),
                };
                out.tolerate(&name, raw, read);
            }
            Shape::CodedText if is_bytes => {
                coded_text(kind, name, raw, self.directory.big_endian, out)
            }
            Shape::WindowsText if is_bytes => windows_text(kind, name, raw, out),
            Shape::Plain if is_text => out.bytes(kind, name, raw),
            Shape::Plain if is_bytes && slot.tag.context() != Context::Gps => {
                out.bytes(kind, name, raw)
            }
            _ => match number::shown(slot, raw, self.exif.as_ref(), self.directory.big_endian) {
                Some(words) => out.text(kind, name, &words),
                None => out.blob(kind, name),
            },
        }
    }

    fn thumbnail(&self, slot: &Slot<'_>, name: String, out: &mut Collector) {
        let kind = MetadataKind::Thumbnail;
        match thumbnail::size(self.data, slot, self.directory.big_endian) {
            Some((width, height)) => {
                let words = format!("{width} x {height} pixels; it may show what was cropped away");
                out.text(kind, name, &words);
            }
            None => out.blob(kind, name),
        }
    }
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

/// Builds the smallest TIFF block that holds an orientation and nothing else.
pub(crate) fn orientation_only(value: u8) -> [u8; 26] {
    let mut block = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = value;
    block
}
