//! What hangs on behind a picture: the film of a motion photo, Samsung's list of blocks, further pictures.

use memchr::memmem;

use super::boxes::{be32, is_name};
use super::file;
use super::plain::{find_jpeg, is_text, mine, words};
use super::values::date_time;
use crate::limits::Limits;
use crate::report::Collector;
use crate::report::MetadataKind::{CaptureTime, Comment, Gps, SerialNumber, Thumbnail, Trailer};
use crate::text;

/// What Insta360's cameras end a film with, behind its serial number, positions and movements.
const INSTA360: &[u8] = b"8db42d694ccc418790edff439fe026bf";
/// Places that look like the start of a film and are tried.
const MAX_FILMS: usize = 8;
/// Blocks in Samsung's list: phones write under 20.
const MAX_BLOCKS: usize = 200;
/// A trailer without film or picture is searched for words up to this length.
const MAX_WORDS_BYTES: usize = 64 * 1024;

/// Reports what the bytes after the last box hold. That there are such bytes is the caller's to report.
pub(super) fn report_trailer(bytes: &[u8], out: &mut Collector) {
    let found = report_films(bytes, out);
    let picture = find_jpeg(&bytes[..found.film_at]);
    if picture.is_some() {
        out.blob(Thumbnail, "Trailer:Picture");
    }
    if !found.is_listed && found.film_at == bytes.len() && picture.is_none() {
        let head = &bytes[..bytes.len().min(MAX_WORDS_BYTES)];
        let tail = &bytes[bytes.len().saturating_sub(MAX_WORDS_BYTES).max(head.len())..];
        out.text(Trailer, "Trailer:Text", &words(head));
        out.text(Trailer, "Trailer:Text", &words(tail));
    }
}

/// What was found behind a picture.
pub(crate) struct Behind {
    /// Whether it is Samsung's list of blocks.
    is_listed: bool,
    /// Where a film starts; the end if there is none.
    film_at: usize,
}

/// Reports the film of a motion photo, Samsung's list of blocks and Insta360's records in the bytes behind a picture of
/// any format. Pictures and text there are left to the caller.
pub(crate) fn report_films(bytes: &[u8], out: &mut Collector) -> Behind {
    let is_listed = samsung(bytes, out);
    let film_at = film_start(bytes);
    if let Some(at) = film_at {
        out.blob(Trailer, "Trailer:MotionPhotoVideo");
        film(&bytes[at..], "Trailer", out);
    }
    if bytes.ends_with(INSTA360) {
        out.blob(SerialNumber, "Insta360:SerialNumber");
        out.blob(Gps, "Insta360:GPS");
    }
    Behind {
        is_listed,
        film_at: film_at.unwrap_or(bytes.len()),
    }
}

/// Finds where a film starts: an `ftyp` box of a sensible size with a name for a brand.
fn film_start(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, b"ftyp")
        .take(MAX_FILMS)
        .filter_map(|at| at.checked_sub(4))
        .find(|&at| {
            let size_fits = be32(bytes, at).is_some_and(|n| (16..=512).contains(&n) && n % 4 == 0);
            let brand = super::boxes::fourcc(bytes, at + 8);
            size_fits && brand.is_some_and(is_name)
        })
}

/// Reports a film inside a file: once, whatever it holds inside itself.
pub(super) fn film(bytes: &[u8], what: &str, out: &mut Collector) {
    if file::outline(bytes, &Limits::default(), out, false).is_err() {
        out.blob(Trailer, format!("{what}:UnreadableFilm"));
    }
}

/// Reads the list that Samsung's phones put at the very end (`SEFH` ... `SEFT`); false if there is none.
pub(super) fn samsung(bytes: &[u8], out: &mut Collector) -> bool {
    let le32 = |at: usize| {
        let bytes = bytes.get(at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes) as usize)
    };
    let Some(end) = bytes
        .len()
        .checked_sub(8)
        .filter(|_| bytes.ends_with(b"SEFT"))
    else {
        return false;
    };
    let Some(start) = le32(end).and_then(|len| end.checked_sub(len)) else {
        return false;
    };
    if bytes.get(start..start + 4) != Some(b"SEFH") {
        return false;
    }
    let count = le32(start + 8).unwrap_or(0);
    if count > MAX_BLOCKS {
        out.cut();
    }
    for index in 0..count.min(MAX_BLOCKS) {
        let entry = start + 12 + index * 12;
        let (Some(back), Some(size)) = (le32(entry + 4), le32(entry + 8)) else {
            break;
        };
        let block = start
            .checked_sub(back)
            .and_then(|at| bytes.get(at..at.checked_add(size)?));
        if let Some(block) = block.filter(|block| block.len() >= 8) {
            samsung_block(block, out);
        }
    }
    true
}

fn samsung_block(block: &[u8], out: &mut Collector) {
    let name_len = block
        .get(4..8)
        .and_then(|raw| raw.first_chunk())
        .map_or(0, |raw| u32::from_le_bytes(*raw) as usize);
    let Some((name, value)) = block[8..].split_at_checked(name_len) else {
        return;
    };
    let name = text::guess(&name[..name.len().min(80)], false);
    let tag = format!("Samsung:{name}");
    let short = text::guess(&value[..value.len().min(4096)], value.len() > 4096);
    match () {
        () if name == "Image_UTC_Data" => match short.trim().parse::<u64>() {
            Ok(millis) => out.text(CaptureTime, tag, &date_time(millis / 1000)),
            Err(_) => out.blob(CaptureTime, tag),
        },
        () if name.contains("MotionPhoto") || name.contains("Video") => out.blob(Trailer, tag),
        () if find_jpeg(&value[..value.len().min(64)]).is_some() => out.blob(Thumbnail, tag),
        () if is_text(&short) => out.text(Comment, tag, &short),
        () => mine(Comment, &tag, &value[..value.len().min(4096)], out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Entry;

    fn entries(bytes: &[u8]) -> Vec<Entry> {
        let mut out = Collector::new(&Limits::default());
        report_trailer(bytes, &mut out);
        out.finish().unwrap().0
    }

    fn has(entries: &[Entry], tag: &str, value: Option<&str>) -> bool {
        entries
            .iter()
            .any(|e| e.tag == tag && (value.is_none() || e.value.as_deref() == value))
    }

    #[test]
    fn a_film_behind_a_picture_gives_its_place_away() {
        let xyz = b"\0\0\0\x1E\xA9xyz\0\x12\x15\xC7+53.4808-002.2426/";
        let udta = [&b"\0\0\0\x26udta"[..], xyz].concat();
        let moov = [&b"\0\0\0\x2Emoov"[..], &udta].concat();
        let film = [&b"junk before\0\0\0\x14ftypmp42\0\0\0\0isom"[..], &moov].concat();
        let found = entries(&film);
        assert!(has(&found, "Trailer:MotionPhotoVideo", None));
        assert!(
            found
                .iter()
                .any(|e| e.kind == Gps && e.value.as_deref() == Some("+53.4808-002.2426/")),
            "{}",
            found.len()
        );
    }

    #[test]
    fn samsungs_list_is_read() {
        let name = b"Image_UTC_Data";
        let block = [
            &[0, 0, 1, 10][..],
            &(name.len() as u32).to_le_bytes(),
            name,
            b"1777630272000",
        ]
        .concat();
        let mut bytes = block.clone();
        bytes.extend(b"SEFH");
        for number in [
            106u32,
            1,
            0x0A01_0000,
            block.len() as u32,
            block.len() as u32,
        ] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(24u32.to_le_bytes());
        bytes.extend(b"SEFT");
        let found = entries(&bytes);
        assert!(has(
            &found,
            "Samsung:Image_UTC_Data",
            Some("2026-05-01 10:11:12")
        ));
    }

    #[test]
    fn words_and_pictures_are_found_and_lies_are_not_followed() {
        assert!(has(
            &entries(b"Amelia Jones, Robin class"),
            "Trailer:Text",
            None
        ));
        assert!(has(
            &entries(b"\0\0\xFF\xD8\xFF\xE1\0\0"),
            "Trailer:Picture",
            None
        ));
        for lie in [
            &b"SEFH\xFF\xFF\xFF\xFFSEFT"[..],
            b"SEFH\0\0\0\0\xFF\xFF\xFF\xFF\x0C\0\0\0SEFT",
        ] {
            entries(lie);
        }
    }
}
