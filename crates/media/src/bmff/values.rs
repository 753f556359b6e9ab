//! Reads the values of user-data and list boxes: QuickTime's international text, 3GPP's text with its language, Apple's
//! typed data, positions, dates. Where the box stood and what it means is the caller's business.

use super::boxes::{Parts, be16, be32, be64, until_zero};
use super::plain::{is_text, mine};
use crate::report::Collector;
use crate::report::MetadataKind::{self, CaptureTime, Comment, Gps, Thumbnail};
use crate::text;

/// Mac OS Roman from 0x80, which QuickTime text of a low language number is in.
const MAC_ROMAN_HIGH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{A0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{F8FF}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
/// Seconds from 1904 (QuickTime) to 1970.
const EPOCH_1904: u64 = 2_082_844_800;
/// Translations of one text that are read.
const MAX_LANGUAGES: usize = 64;

/// Reports the value of a user-data box.
pub(super) fn user_value(kind: MetadataKind, tag: &str, body: &[u8], out: &mut Collector) {
    if kind == Thumbnail {
        return out.blob(kind, tag);
    }
    if body.get(4..8) == Some(b"data") {
        return list_values(kind, tag, body, out);
    }
    let texts = international(body);
    if !texts.is_empty() {
        for (text, language) in texts {
            text_or_words(kind, tag, text, language < 0x400, out);
        }
        return;
    }
    // 3GPP: version and flags, all zero, then a packed language.
    let text = match body {
        [0, 0, 0, 0, _, _, text @ ..] if !text.is_empty() => text,
        _ => body,
    };
    text_or_words(kind, tag, text, true, out);
}

fn text_or_words(
    kind: MetadataKind,
    tag: &str,
    bytes: &[u8],
    maybe_mac: bool,
    out: &mut Collector,
) {
    let bytes = bytes.trim_ascii();
    let text = decode(bytes, maybe_mac, out);
    match is_text(text.trim_matches('\0')) {
        true => out.text(kind, tag, &text),
        false if bytes.iter().all(|&b| b == 0) => {}
        false => mine(kind, tag, bytes, out),
    }
}

/// Splits QuickTime's international text: length, language, text, again and again.
fn international(body: &[u8]) -> Vec<(&[u8], u16)> {
    let (mut rest, mut out) = (body, Vec::new());
    while let (Some(len), Some(language)) = (be16(rest, 0), be16(rest, 2)) {
        let Some(text) = rest.get(4..4 + usize::from(len)).filter(|t| !t.is_empty()) else {
            break;
        };
        out.push((text, language));
        rest = &rest[4 + text.len()..];
        if out.len() >= MAX_LANGUAGES {
            break;
        }
    }
    let all_read = rest.iter().all(|&b| b == 0);
    if all_read { out } else { Vec::new() }
}

/// Decodes text of unstated encoding, within the collector's bound.
pub(super) fn decode(bytes: &[u8], maybe_mac: bool, out: &mut Collector) -> String {
    let max = out.max_value_bytes();
    let cut = bytes.len() > max;
    if cut {
        out.cut();
    }
    let bytes = &bytes[..bytes.len().min(max)];
    match bytes {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => text::utf16(bytes, true),
        _ if maybe_mac && std::str::from_utf8(bytes).is_err() && !cut => mac_roman(bytes),
        _ => text::guess(bytes, cut).into_owned(),
    }
}

fn mac_roman(bytes: &[u8]) -> String {
    let high: Vec<char> = MAC_ROMAN_HIGH.chars().collect();
    bytes
        .iter()
        .map(|&b| match b {
            0x80.. => high.get(usize::from(b - 0x80)).copied().unwrap_or(' '),
            _ => char::from(b),
        })
        .collect()
}

/// Reports the `data` boxes of one item of a list.
pub(super) fn list_values(kind: MetadataKind, tag: &str, body: &[u8], out: &mut Collector) {
    let mut parts = Parts::new(body);
    let mut seen = 0;
    while let Ok(Some(part)) = parts.next() {
        seen += 1;
        if seen > MAX_LANGUAGES {
            return out.cut();
        }
        if &part.kind == b"data" {
            typed(kind, tag, part.body, out);
        }
    }
}

/// Reports one typed value (QuickTime File Format, "Well-known types").
fn typed(kind: MetadataKind, tag: &str, data: &[u8], out: &mut Collector) {
    let (Some(class), Some(value)) = (be32(data, 0), data.get(8..)) else {
        return out.blob(kind, tag);
    };
    match class & 0x00FF_FFFF {
        _ if kind == Thumbnail => out.blob(kind, tag),
        1 | 4 => out.bytes(kind, tag, value),
        2 | 5 => {
            let text = text::utf16(&value[..value.len().min(out.max_value_bytes())], true);
            out.text(kind, tag, &text);
        }
        13 | 14 | 27 => out.blob(Thumbnail, tag),
        number => match number_text(number, value) {
            Some(shown) => out.text(kind, tag, &shown),
            None => text_or_words(kind, tag, value, false, out),
        },
    }
}

fn number_text(class: u32, value: &[u8]) -> Option<String> {
    let signed = matches!(class, 21 | 65..=67 | 74);
    Some(match (class, value) {
        (23, _) => f32::from_be_bytes(*value.first_chunk()?).to_string(),
        (24, _) => f64::from_be_bytes(*value.first_chunk()?).to_string(),
        (21 | 22 | 65..=67 | 74..=78, [_, ..]) if value.len() <= 8 => {
            let negative = signed && value[0] >= 0x80;
            let start = if negative { -1i64 } else { 0 };
            let number = value
                .iter()
                .fold(start, |sum, &b| (sum << 8) | i64::from(b));
            number.to_string()
        }
        _ => return None,
    })
}

/// Reports 3GPP's `loci`: a place's name, its position, the body it is on and notes.
pub(super) fn location_information(body: &[u8], out: &mut Collector) {
    let tag = "UserData:LocationInformation";
    let Some(rest) = body.get(6..) else {
        return out.blob(Gps, tag);
    };
    let (name, rest) = terminated(rest);
    let degrees = |at: usize| {
        be32(rest, at).map(|raw| f64::from(i32::from_be_bytes(raw.to_be_bytes())) / 65536.0)
    };
    let (Some(longitude), Some(latitude)) = (degrees(1), degrees(5)) else {
        return out.blob(Gps, tag);
    };
    let name = decode(name, false, out);
    let shown = format!("{name} {latitude:.5} {longitude:.5}");
    out.text(Gps, tag, &shown);
    if let Some(rest) = rest.get(13..) {
        let (astronomical, notes) = terminated(rest);
        out.bytes(Comment, "UserData:LocationBody", astronomical);
        out.bytes(Comment, "UserData:LocationNotes", terminated(notes).0);
    }
}

/// Splits a text off that ends in a zero, or in two where it is UTF-16.
fn terminated(bytes: &[u8]) -> (&[u8], &[u8]) {
    if !bytes.starts_with(&[0xFE, 0xFF]) {
        return until_zero(bytes);
    }
    let end = bytes.chunks_exact(2).position(|pair| pair == [0, 0]);
    let end = end.map_or(bytes.len(), |pairs| pairs * 2);
    (&bytes[..end], bytes.get(end + 2..).unwrap_or_default())
}

/// Reports 3GPP's `kywd`, or the plain text that Apple writes under that name.
pub(super) fn keywords(body: &[u8], out: &mut Collector) {
    let tag = "UserData:Keywords";
    let [0, 0, 0, 0, _, _, count, rest @ ..] = body else {
        return text_or_words(Comment, tag, body, false, out);
    };
    let mut rest = rest;
    for _ in 0..*count {
        let Some((len, after)) = rest.split_first() else {
            return;
        };
        let (word, after) = after
            .split_at_checked(usize::from(*len))
            .unwrap_or((after, &[]));
        text_or_words(Comment, tag, word, false, out);
        rest = after;
    }
}

/// Reports Nero's list of chapters: version and flags, four bytes, a count; for each its start, a length and a title.
pub(super) fn chapters(body: &[u8], out: &mut Collector) {
    let tag = "UserData:ChapterList";
    let Some((count, mut rest)) = body.get(8..).and_then(<[u8]>::split_first) else {
        return out.blob(Comment, tag);
    };
    for _ in 0..*count {
        let Some((len, after)) = rest.get(8..).and_then(<[u8]>::split_first) else {
            return mine(Comment, tag, rest, out);
        };
        let (title, after) = after
            .split_at_checked(usize::from(*len))
            .unwrap_or((after, &[]));
        text_or_words(Comment, tag, title, false, out);
        rest = after;
    }
}

/// Shows a time counted in seconds from 1904, or from 1970 as careless programs write it; `None` for "not set".
pub(super) fn time(seconds: u64) -> Option<String> {
    if seconds == 0 {
        return None;
    }
    // A time before 1970 was counted from 1970: cameras that make films are younger.
    let unix = seconds.checked_sub(EPOCH_1904).unwrap_or(seconds);
    Some(date_time(unix))
}

/// Shows a Unix time in the proleptic Gregorian calendar.
pub(super) fn date_time(unix: u64) -> String {
    // Days since 0000-03-01; a cycle of 400 years has 146,097 (Hinnant's civil_from_days).
    let days = unix / 86_400 + 719_468;
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day + 2) / 153;
    let day = day - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + cycle * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (unix / 3600 % 24, unix / 60 % 60, unix % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Reports the creation and modification times at the start of a movie, track or media header.
pub(super) fn header_times(what: &str, body: &[u8], out: &mut Collector) {
    let times = match body.first() {
        Some(1) => [be64(body, 4), be64(body, 12)],
        _ => [be32(body, 4).map(u64::from), be32(body, 8).map(u64::from)],
    };
    for (name, seconds) in ["CreateDate", "ModifyDate"].iter().zip(times) {
        if let Some(shown) = seconds.and_then(time) {
            out.text(CaptureTime, format!("QuickTime:{what}{name}"), &shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::report::Entry;
    use crate::report::MetadataKind::{Device, PersonName};

    fn entries(read: impl Fn(&mut Collector)) -> Vec<Entry> {
        let mut out = Collector::new(&Limits::default());
        read(&mut out);
        out.finish().unwrap().0
    }

    fn only(read: impl Fn(&mut Collector)) -> String {
        let found = entries(read);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].value.clone().unwrap_or_default()
    }

    #[test]
    fn times_are_shown_whatever_year_they_count_from() {
        assert_eq!(time(0), None);
        assert_eq!(time(3_860_388_672).as_deref(), Some("2026-04-30 10:11:12"));
        assert_eq!(
            time(3_860_388_672 - EPOCH_1904).as_deref(),
            Some("2026-04-30 10:11:12")
        );
        assert_eq!(date_time(951_782_400), "2000-02-29 00:00:00");
        assert!(time(u64::MAX).is_some());
    }

    #[test]
    fn texts_of_every_make_are_read() {
        let user = |body: &[u8]| only(|out| user_value(PersonName, "T", body, out));
        assert_eq!(user(b"\0\x06\x15\xC7Amelia"), "Amelia");
        assert_eq!(user(b"\0\x04\0\0Zo\x91\x21"), "Zoë!");
        assert_eq!(user(b"\0\0\0\0\x15\xC7Amelia\0"), "Amelia");
        assert_eq!(user(b"\0\0\0\0\x15\xC7\xFE\xFF\0A\0v\0a\0\0"), "Ava");
        assert_eq!(user(b"Amelia Jones\0\0"), "Amelia Jones");
        let item = b"\0\0\0\x16data\0\0\0\x01\0\0\0\0Amelia";
        assert_eq!(user(item), "Amelia");
        let two = b"\0\x03\0\0Ava\0\x03\x15\xC7Zoe";
        assert_eq!(
            entries(|out| user_value(PersonName, "T", two, out)).len(),
            2
        );
    }

    #[test]
    fn numbers_and_places_are_shown() {
        let number = |class: u8, value: &[u8]| {
            let body = [&[0, 0, 0, class, 0, 0, 0, 0], value].concat();
            only(|out| typed(Device, "T", &body, out))
        };
        assert_eq!(number(21, &[0xFF, 0xFE]), "-2");
        assert_eq!(number(22, &[0xFF, 0xFE]), "65534");
        assert_eq!(number(23, &14.235f32.to_be_bytes()), "14.235");
        let list =
            b"\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x01\x03Ava\0\0\0\0\0\0\0\x02\x04Zo\xC3\xAB";
        let titles = entries(|out| chapters(list, out));
        assert_eq!(titles[0].value.as_deref(), Some("Ava"));
        assert_eq!(titles[1].value.as_deref(), Some("Zoë"));
        let place = [
            &b"\0\0\0\0\x15\xC7Salford\0\x01"[..],
            &(-147_456i32).to_be_bytes(),
            &3_506_176i32.to_be_bytes(),
            &[0; 4],
            b"earth\0by the gate\0",
        ]
        .concat();
        let found = entries(|out| location_information(&place, out));
        assert_eq!(found[0].value.as_deref(), Some("Salford 53.50000 -2.25000"));
        assert_eq!(found[2].value.as_deref(), Some("by the gate"));
    }
}
