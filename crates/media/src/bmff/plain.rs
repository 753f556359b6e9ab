//! Finds what can be read without knowing the format: words, dates, places, pictures and Exif blocks inside the blocks
//! that cameras and programs leave in their own ways. Bounded, linear, and content to miss what is encoded.

use memchr::memmem;

use crate::exif;
use crate::report::Collector;
use crate::report::MetadataKind::{self, CaptureTime, Gps, Thumbnail};

/// Blocks are looked at as far as this; what vendors write in words stands at the start.
const MAX_LOOK: usize = 256 * 1024;
/// Characters kept of the words of one block.
const MAX_WORDS: usize = 2000;
/// Shorter runs of printable bytes occur by chance.
const MIN_RUN: usize = 5;

/// Reports a block of unknown layout: always one entry, with its plain words if it has any, and one more for each
/// kind of thing that shows in it.
pub(super) fn mine(kind: MetadataKind, tag: &str, body: &[u8], out: &mut Collector) {
    let look = &body[..body.len().min(MAX_LOOK)];
    let picture = find_jpeg(look);
    let look = &look[..picture.unwrap_or(look.len())];
    let words = opaque(kind, tag, look, out);
    if picture.is_some() {
        out.blob(Thumbnail, format!("{tag}:Thumbnail"));
    }
    if kind != Gps && shows_place(&words, look) {
        out.blob(Gps, format!("{tag}:Position"));
    }
    if let (true, Some(date)) = (kind != CaptureTime, find_date(&words)) {
        out.text(CaptureTime, format!("{tag}:Date"), date);
    }
    read_exif(tag, body, out);
}

/// Reports a block with its plain words, which are returned, and nothing more.
pub(super) fn opaque(kind: MetadataKind, tag: &str, body: &[u8], out: &mut Collector) -> String {
    let words = words(&body[..body.len().min(MAX_LOOK)]);
    match words.is_empty() {
        true => out.blob(kind, tag),
        false => out.text(kind, tag, &words),
    }
    words
}

/// Reads an Exif block that stands somewhere in `body`.
fn read_exif(tag: &str, body: &[u8], out: &mut Collector) {
    let look = &body[..body.len().min(MAX_LOOK)];
    let found = [&b"II*\0"[..], b"MM\0*"]
        .iter()
        .filter_map(|magic| memmem::find(look, magic))
        .min();
    if let Some(at) = found {
        let read = exif::read(&look[at..], out);
        out.tolerate(&format!("{tag}:Exif"), &[], read);
    }
}

/// Finds the start of a JPEG.
pub(super) fn find_jpeg(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, b"\xFF\xD8\xFF").find(|at| {
        matches!(
            bytes.get(at + 3),
            Some(0xC0 | 0xC4 | 0xDB | 0xE0..=0xEF | 0xFE)
        )
    })
}

/// Collects the runs of text in a block: UTF-8, and UTF-16 of either byte order as far as it is Latin.
pub(super) fn words(body: &[u8]) -> String {
    let mut out = String::new();
    for chunk in body.utf8_chunks() {
        for run in chunk.valid().split(|c: char| c.is_control()) {
            keep(run, &mut out);
        }
        if out.len() > MAX_WORDS {
            break;
        }
    }
    wide_words(body, &mut out);
    match out.char_indices().nth(MAX_WORDS) {
        Some((at, _)) => out[..at].to_owned(),
        None => out,
    }
}

fn wide_words(body: &[u8], out: &mut String) {
    let mut run = String::new();
    let mut at = 0;
    while out.len() <= MAX_WORDS && at + 1 < body.len() {
        let letter = match (body[at], body[at + 1]) {
            (0, b) | (b, 0) if (0x20..0x7F).contains(&b) || b >= 0xA0 => Some(char::from(b)),
            _ => None,
        };
        match letter {
            Some(letter) => {
                run.push(letter);
                at += 2;
            }
            None => {
                keep(&run, out);
                at += if run.is_empty() { 1 } else { 2 };
                run.clear();
            }
        }
    }
    keep(&run, out);
}

fn keep(run: &str, out: &mut String) {
    let run = run.trim();
    if !reads_like_text(run) {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(run);
}

/// Tells words and numbers from printable bytes that stand together by chance.
fn reads_like_text(run: &str) -> bool {
    let (mut all, mut good, mut solid) = (0usize, 0usize, 0usize);
    for c in run.chars() {
        all += 1;
        let is_solid = c.is_alphanumeric();
        solid += usize::from(is_solid);
        good += usize::from(is_solid || matches!(c, ' ' | '.' | ',' | ':' | '-' | '_' | '/'));
    }
    all >= MIN_RUN && solid >= 3 && good * 5 >= all * 4
}

/// Tells whether a text is for reading: no control characters to speak of.
pub(super) fn is_text(text: &str) -> bool {
    let (mut all, mut odd) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        odd +=
            usize::from((c.is_control() && !c.is_whitespace()) || c == char::REPLACEMENT_CHARACTER);
    }
    all > 0 && odd * 10 <= all
}

/// A position in ISO 6709 form, an NMEA sentence, or a dash camera's block.
fn shows_place(words: &str, body: &[u8]) -> bool {
    let nmea = ["$GPRMC", "$GPGGA", "$GNRMC", "$GNGGA"];
    nmea.iter().any(|sentence| words.contains(sentence))
        || memmem::find(body, b"freeGPS").is_some()
        || words.lines().any(is_iso6709)
}

/// Tells `+51.5074-000.1278+011.000/` and its shorter forms.
pub(super) fn is_iso6709(text: &str) -> bool {
    let text = text.trim().trim_end_matches('/');
    let signed = |part: &str| {
        part.len() >= 3 && part.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !part.is_empty()
    };
    let Some(body) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    let mut parts = body.split(['+', '-']);
    let numbers = parts.by_ref().take(2).filter(|part| signed(part)).count();
    numbers == 2 && text.len() >= 8 && text.contains('.')
}

/// Finds `2026:05:01 10:11:12` with any of the usual separators.
fn find_date(words: &str) -> Option<&str> {
    let bytes = words.as_bytes();
    let shape = |at: usize| {
        let date = bytes.get(at..at + 16)?;
        let digit = |i: usize| date[i].is_ascii_digit();
        let digits = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15];
        let between = matches!(date[4], b':' | b'-' | b'/')
            && date[7] == date[4]
            && matches!(date[10], b' ' | b'T')
            && date[13] == b':';
        (between && digits.iter().all(|&i| digit(i))).then_some(())
    };
    let at = (0..bytes.len().saturating_sub(15)).find(|&at| shape(at).is_some())?;
    let end = words.len().min(at + 19);
    words.get(at..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::report::MetadataKind::Device;

    #[test]
    fn words_come_out_of_binary_blocks_and_noise_does_not() {
        let wide: Vec<u8> = "Amelia Jones"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let block = [
            &b"\x01\x02\xFFFUJIFILM DIGITAL CAMERA\0\0\x07"[..],
            b"a%\x01^&*()!\x02",
            &wide,
            b"\0\0Zo\xC3\xAB Smith\0",
        ]
        .concat();
        assert_eq!(
            words(&block),
            "FUJIFILM DIGITAL CAMERA\nZoë Smith\nAmelia Jones"
        );
    }

    #[test]
    fn places_dates_and_pictures_are_noticed() {
        let mut out = Collector::new(&Limits::default());
        let body = b"\0\0+51.5074-000.1278/\0\x012026:05:01 10:11:12\0\xFF\xD8\xFF\xE0picture";
        mine(Device, "X", body, &mut out);
        let (entries, _) = out.finish().unwrap();
        let kinds: Vec<MetadataKind> = entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [Device, Thumbnail, Gps, CaptureTime]);
        assert_eq!(entries[3].value.as_deref(), Some("2026:05:01 10:11:12"));
    }

    #[test]
    fn positions_are_told_from_numbers() {
        for place in [
            "+51.5-0.1/",
            "+51.5074-000.1278/",
            "-33.8688+151.2093+019.0/",
        ] {
            assert_eq!(is_iso6709(place), place != "+51.5-0.1/" || place.len() >= 8);
        }
        for other in [
            "+44 161 496 0123",
            "2026-05-01",
            "+1-2",
            "a+51.5-000.1/",
            "",
        ] {
            assert!(!is_iso6709(other), "{other}");
        }
    }
}
