//! Reads IPTC-IIM records (IIM 4.2) and the Photoshop image resources that carry them in a JPEG's APP13. Places, people
//! and captions that picture desks type end up here. XMP and Exif inside a resource go to their own readers.

use crate::error::MediaError;
use crate::jpeg::report_profile;
use crate::report::Collector;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Owner, PersonName, SerialNumber, Thumbnail,
};
use crate::{exif, icc, text, xmp};

/// What a JPEG's APP13 starts with when it holds image resources.
pub(crate) const PHOTOSHOP_PREFIX: &[u8] = b"Photoshop 3.0\0";

/// Longest code of the datasets that classify a picture ("03:Data").
const MAX_CODE: usize = 7;

const BROKEN_RESOURCES: MediaError =
    MediaError::Malformed("the details that Photoshop left in it cannot be read");
const BROKEN_IPTC: MediaError = MediaError::Malformed("its IPTC caption details cannot be read");

/// Reports what a run of image resources (`8BIM`, id, name, size, data) gives away.
pub(crate) fn photoshop(mut data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    while data.iter().any(|&b| b != 0) {
        let (id, name, body, rest) = resource(data).ok_or(BROKEN_RESOURCES)?;
        out.bytes(Comment, format!("Photoshop:0x{id:04X}:Name"), name);
        read_resource(id, body, out);
        data = rest;
    }
    Ok(())
}

/// Id, name and data of a resource, and what follows it.
type Resource<'a> = (u16, &'a [u8], &'a [u8], &'a [u8]);

/// Splits the first resource off; name and data are padded to even lengths.
fn resource(data: &[u8]) -> Option<Resource<'_>> {
    let signature = data.get(..4)?;
    if !matches!(signature, b"8BIM" | b"MeSa" | b"PHUT" | b"AgHg" | b"DCSR") {
        return None;
    }
    let id = u16::from_be_bytes(*data.get(4..)?.first_chunk()?);
    let name_len = usize::from(*data.get(6)?);
    let name = data.get(7..7 + name_len)?;
    let size_at = 6 + (1 + name_len).next_multiple_of(2);
    let size = u32::from_be_bytes(*data.get(size_at..)?.first_chunk()?) as usize;
    let body_at = size_at + 4;
    let body = data.get(body_at..body_at.checked_add(size)?)?;
    // The last resource of a block is often left without its padding byte.
    let rest = data
        .get(body_at + size.next_multiple_of(2)..)
        .unwrap_or_default();
    Some((id, name, body, rest))
}

fn read_resource(id: u16, body: &[u8], out: &mut Collector) {
    match id {
        0x0404 => {
            let read = records(body, out);
            out.tolerate("IPTC", body, read);
        }
        0x0409 | 0x040C => out.blob(Thumbnail, "Photoshop:Thumbnail"),
        0x040F if !icc::is_standard(body) => report_profile(Some(body.to_vec()), out),
        0x0422 | 0x0423 => {
            let read = exif::read(body, out);
            out.tolerate("Photoshop:Exif", body, read);
        }
        0x0424 => {
            let read = xmp::read(body, out);
            out.tolerate("Photoshop:XMP", body, read);
        }
        0x03F0 => out.bytes(
            Comment,
            "Photoshop:Caption",
            body.get(1..).unwrap_or_default(),
        ),
        0x040B => out.bytes(Comment, "Photoshop:URL", body),
        0x0421 => out.opaque(Device, "Photoshop:VersionInfo", body),
        // Slices, layer groups, addresses, paths and alpha channels have names that people give them.
        0x03EE | 0x041A | 0x041E | 0x0415 | 0x0BB7 | 0x07D0..=0x0BB6 => {
            out.words(Comment, format!("Photoshop:0x{id:04X}"), body)
        }
        // Numbers about printing, guides, resolution and order.
        0x03E8..=0x03FD | 0x0400..=0x0428 | 0x2710 => {}
        _ => out.opaque(Device, format!("Photoshop:0x{id:04X}"), body),
    }
}

/// Reports the datasets of an IIM block.
pub(crate) fn records(mut data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let mut utf8 = false;
    let mut is_broken = false;
    while data.iter().any(|&b| b != 0) {
        let Some((record, number, body, rest)) = dataset(data) else {
            // A length that is wrong by a byte or two costs one dataset.
            is_broken = true;
            data = next_dataset(data).unwrap_or_default();
            continue;
        };
        data = rest;
        match (record, number) {
            (1, 90) => utf8 = body == b"\x1b%G",
            (2, 0 | 200 | 201) => {}
            // Codes of a letter or three; what is longer somebody wrote.
            (2, 3 | 4 | 7 | 8 | 10 | 42 | 75 | 130 | 131 | 135) if body.len() <= MAX_CODE => {}
            (2, 202) => out.blob(Thumbnail, "IPTC:ObjectPreviewData"),
            (2, _) => {
                let (kind, name) = meaning(number);
                let name = name.map_or_else(|| format!("IPTC:2:{number}"), |n| format!("IPTC:{n}"));
                report(kind, name, body, utf8, out);
            }
            (1, _) => envelope(number, body, utf8, out),
            (3, _) | (7..=9, _) => {}
            _ => out.opaque(Device, format!("IPTC:{record}:{number}"), body),
        }
    }
    match is_broken {
        true => Err(BROKEN_IPTC),
        false => Ok(()),
    }
}

fn envelope(number: u8, body: &[u8], utf8: bool, out: &mut Collector) {
    let (kind, name) = match number {
        5 => (Comment, "Destination"),
        30 => (Owner, "ServiceIdentifier"),
        40 => (SerialNumber, "EnvelopeNumber"),
        50 => (Comment, "ProductID"),
        70 => (CaptureTime, "DateSent"),
        80 => (CaptureTime, "TimeSent"),
        100 => (SerialNumber, "UniqueObjectName"),
        _ => return,
    };
    report(kind, format!("IPTC:{name}"), body, utf8, out);
}

/// Returns the data from the next thing on that can be a dataset.
fn next_dataset(data: &[u8]) -> Option<&[u8]> {
    let after = data.get(1..)?;
    memchr::memchr_iter(0x1C, after)
        .map(|at| &after[at..])
        .find(|rest| matches!(rest.get(1), Some(1..=9)) && dataset(rest).is_some())
}

/// Tells whether two datasets stand at the start of `data`, which is not by chance.
pub(crate) fn starts_records(data: &[u8]) -> bool {
    let second = dataset(data).and_then(|(.., rest)| dataset(rest));
    second.is_some_and(|(record, ..)| record == 2)
}

/// Splits the first dataset off: 0x1C, record, number, length (extended when the top bit is set), data.
fn dataset(data: &[u8]) -> Option<(u8, u8, &[u8], &[u8])> {
    let [0x1C, record, number, high, low, rest @ ..] = data else {
        return None;
    };
    let len = u16::from_be_bytes([*high, *low]);
    let (len, rest) = match len & 0x8000 {
        0 => (usize::from(len), rest),
        _ => long_length(usize::from(len & 0x7FFF), rest)?,
    };
    let (body, rest) = rest.split_at_checked(len)?;
    Some((*record, *number, body, rest))
}

fn long_length(digits: usize, data: &[u8]) -> Option<(usize, &[u8])> {
    if digits > 4 {
        return None;
    }
    let (length, rest) = data.split_at_checked(digits)?;
    Some((
        length.iter().fold(0, |sum, &b| sum << 8 | usize::from(b)),
        rest,
    ))
}

fn report(kind: MetadataKind, name: String, body: &[u8], utf8: bool, out: &mut Collector) {
    match utf8 {
        true => out.text(kind, name, &String::from_utf8_lossy(body)),
        false => out.text(kind, name, &text::guess(body, false)),
    }
}

fn meaning(number: u8) -> (MetadataKind, Option<&'static str>) {
    let (kind, name) = match number {
        5 => (Comment, "ObjectName"),
        15 => (Comment, "Category"),
        20 => (Comment, "SupplementalCategories"),
        22 => (Comment, "FixtureIdentifier"),
        25 => (Comment, "Keywords"),
        26 => (Comment, "ContentLocationCode"),
        27 => (Comment, "ContentLocationName"),
        30 => (CaptureTime, "ReleaseDate"),
        35 => (CaptureTime, "ReleaseTime"),
        37 => (CaptureTime, "ExpirationDate"),
        38 => (CaptureTime, "ExpirationTime"),
        40 => (Comment, "SpecialInstructions"),
        55 => (CaptureTime, "DateCreated"),
        60 => (CaptureTime, "TimeCreated"),
        62 => (CaptureTime, "DigitalCreationDate"),
        63 => (CaptureTime, "DigitalCreationTime"),
        65 => (Device, "OriginatingProgram"),
        70 => (Device, "ProgramVersion"),
        80 => (PersonName, "By-line"),
        85 => (Comment, "By-lineTitle"),
        90 => (Comment, "City"),
        92 => (Comment, "Sub-location"),
        95 => (Comment, "Province-State"),
        100 => (Comment, "CountryCode"),
        101 => (Comment, "Country"),
        103 => (Comment, "OriginalTransmissionReference"),
        105 => (Comment, "Headline"),
        110 => (Owner, "Credit"),
        115 => (Owner, "Source"),
        116 => (Owner, "CopyrightNotice"),
        118 => (Comment, "Contact"),
        120 => (Comment, "Caption-Abstract"),
        121 => (Comment, "LocalCaption"),
        122 => (PersonName, "Writer-Editor"),
        12 => (Comment, "SubjectReference"),
        45 => (Comment, "ReferenceService"),
        47 => (CaptureTime, "ReferenceDate"),
        50 => (Comment, "ReferenceNumber"),
        150..=154 => (Comment, "Audio"),
        184 => (Comment, "JobID"),
        185 => (SerialNumber, "MasterDocumentID"),
        186 => (SerialNumber, "ShortDocumentID"),
        187 => (SerialNumber, "UniqueDocumentID"),
        188 => (Owner, "OwnerID"),
        221 => (Comment, "Prefs"),
        230 => (Comment, "DocumentNotes"),
        231 => (Comment, "DocumentHistory"),
        232 => (Device, "ExifCameraInfo"),
        255 => (Comment, "CatalogSets"),
        _ => return (Comment, None),
    };
    (kind, Some(name))
}
