//! Blocks that camera makers and programs put into application segments. The few with a known text layout are read;
//! the others are named, and the plain text in them is shown.

use memchr::memmem;

use super::inspect::read_xmp;
use crate::error::MediaError;
use crate::report::Collector;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, SerialNumber, Thumbnail,
};
use crate::{exif, text, xmp};

const BROKEN_DUCKY: MediaError =
    MediaError::Malformed("the details of its saving for the web cannot be read");

/// What a vendor's block holds besides, told by words in it.
const CONTENTS: [(&[u8], &[u8], MetadataKind); 11] = [
    (b"GoPro", b"CASN", SerialNumber),
    (b"GoPro", b"GPS", Gps),
    (b"HP_TDHD", b"SERIAL", SerialNumber),
    (b"HP_TDHD", b"Serial", SerialNumber),
    (b"[picture info]", b"TimeDate=", CaptureTime),
    (b"[picture info]", b"Serial#=", SerialNumber),
    (b"OLYMPUS", b"Serial", SerialNumber),
    (b"QVCI", b".", CaptureTime),
    (b"FLIR", b"$GPRMC", Gps),
    // The record of the camera has its serial number at a fixed place.
    (b"FLIR", b"FFF\0", SerialNumber),
    (b"RMETA", b"GPS", Gps),
];

/// Reports the application segment `number` that no standard reader knows.
pub(super) fn report(number: u8, data: &[u8], out: &mut Collector) {
    let tag = tag(number, data);
    match number {
        1 | 3 if is_kodak_meta(data) => {
            let read = exif::read(&data[6..], out);
            out.tolerate("Meta", data, read);
        }
        5 if data.starts_with(b"ssuniqueid\0") => out.bytes(SerialNumber, tag, &data[11..]),
        12 if data.starts_with(b"Ducky") => {
            let read = ducky(&data[5..], out);
            out.tolerate("Ducky", data, read);
        }
        2 | 4 | 5 if memmem::find(data, &[0xFF, 0xD8, 0xFF]).is_some() => {
            out.opaque(Thumbnail, tag, &[])
        }
        3 if data.starts_with(b"_JPSJPS_") => out.opaque(Comment, tag, &data[8..]),
        _ => out.opaque(Device, tag, data),
    }
    for (start, word, kind) in CONTENTS {
        if data.starts_with(start) && memmem::find(data, word).is_some() {
            out.blob(kind, self::tag(number, data));
        }
    }
    if let Some(at) = xmp::start(data) {
        read_xmp(&data[at..], out);
    }
}

/// The segment's number and the identifier that nearly every maker puts first.
pub(super) fn tag(number: u8, data: &[u8]) -> String {
    let is_word = |b: &&u8| b.is_ascii_alphanumeric() || b"_-. []".contains(b);
    let word: String = data
        .iter()
        .take_while(is_word)
        .take(20)
        .map(|&b| char::from(b))
        .collect();
    match word.trim() {
        "JP" if memmem::find(data, b"c2pa").is_some() => "JPEG:APP11:C2PA".to_owned(),
        "JP" => format!("JPEG:APP{number}:JUMBF"),
        word if word.len() >= 3 => format!("JPEG:APP{number}:{word}"),
        _ => format!("JPEG:APP{number}"),
    }
}

fn is_kodak_meta(data: &[u8]) -> bool {
    let head = data.get(..6).unwrap_or_default().to_ascii_lowercase();
    head == b"meta\0\0" || head == b"exif\0\0"
}

/// Reads the block of Photoshop's "Save for Web": tag, length, and for texts a count and UTF-16.
fn ducky(mut data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    while let [a, b, high, low, rest @ ..] = data {
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let (body, after) = rest.split_at_checked(len).ok_or(BROKEN_DUCKY)?;
        let words = text::utf16(body.get(4..).unwrap_or_default(), true);
        match u16::from_be_bytes([*a, *b]) {
            0 => break,
            1 => {}
            3 => out.text(Owner, "Ducky:Copyright", &words),
            _ => out.text(Comment, "Ducky:Comment", &words),
        }
        data = after;
    }
    Ok(())
}
