//! The outermost boxes of a file: where the picture, the film, free space and what hangs on behind are told apart.

use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;

use super::boxes::{Fault, Part, Parts, is_name};
use super::picture::{self, Picture};
use super::tree::{Place, Reader, meta_body};
use super::{items, trailer, user};
use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::report::MetadataKind::{CaptureTime, Gps, Trailer};
use crate::report::{Collector, Report};

/// Boxes that only stand outermost; a size that reaches past the end means that the file was cut off there.
const KNOWN: [&[u8; 4]; 17] = [
    b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"meta", b"meco",
    b"mfra", b"sidx", b"uuid", b"pnot", b"idat", b"mpvd", b"sefd",
];

/// A movie header is a table; the longest film's is a few hundred kilobytes.
const MAX_INFLATED: u64 = 4 * 1024 * 1024;

/// What the outermost boxes held.
#[derive(Default)]
pub(super) struct Outline {
    pub picture: Option<Picture>,
    pub has_moov: bool,
    /// Canon's raw photos (CR3) are built like a film.
    pub is_raw: bool,
    pub has_film: bool,
    pub film_size: Option<(u32, u32)>,
    /// Movie headers that QuickTime has compressed, inflated.
    compressed: Vec<Vec<u8>>,
}

/// Reports a picture or film.
///
/// Of a file that is cut off or damaged, what stands in front of the damage is reported, without a size and as unreadable:
/// it may still have been sent. One with nothing to report is an error.
pub(crate) fn inspect(bytes: &[u8], format: Format, limits: &Limits) -> Result<Report, MediaError> {
    let mut out = Collector::new(limits);
    let outline = outline(bytes, limits, &mut out, true);
    let shown = match outline.and_then(|outline| shown(&outline, format, limits)) {
        Ok(shown) => shown,
        Err(error @ (MediaError::Truncated | MediaError::Malformed(_))) if !out.is_empty() => {
            out.tolerate("File", &[], Err::<(), _>(error));
            Shown {
                moves: is_film(bytes, format),
                ..Shown::default()
            }
        }
        Err(error) => return Err(error),
    };
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format,
        width: shown.size.0,
        height: shown.size.1,
        orientation: shown.orientation,
        // How many frames a film has does not matter: it moves.
        frames: if shown.moves { 2 } else { 1 },
        entries,
        text_cut,
        unreadable,
    })
}

fn is_film(bytes: &[u8], format: Format) -> bool {
    format == Format::Mp4 && bytes.get(8..12) != Some(b"crx ")
}

/// Says why a reported picture or film has no clean copy: nothing of this family has one as it is.
pub(crate) fn why_not_clean(report: &Report) -> MediaError {
    let is_picture = matches!(report.format, Format::Heic | Format::Avif);
    match (is_picture, report.is_moving()) {
        (true, true) => MediaError::CannotClean(
            "it moves, and hidden details stay in a film. Please use a still picture",
        ),
        (true, false) if report.width == 0 => MediaError::Truncated,
        (false, false) if report.format == Format::Mp4 => MediaError::CannotClean(
            "it is a camera raw file, which has to be developed first. Please export it as a JPEG",
        ),
        _ => MediaError::Unsupported(report.format),
    }
}

/// What a viewer shows.
#[derive(Default)]
struct Shown {
    size: (u32, u32),
    orientation: Option<u8>,
    moves: bool,
}

fn shown(outline: &Outline, format: Format, limits: &Limits) -> Result<Shown, MediaError> {
    match &outline.picture {
        Some(picture) if format != Format::Mp4 => {
            limits.check_size(picture.size.0, picture.size.1)?;
            limits.check_size(picture.largest.0, picture.largest.1)?;
            Ok(Shown {
                size: picture.size,
                orientation: picture.orientation,
                moves: outline.has_film,
            })
        }
        _ if outline.has_moov => Ok(Shown {
            size: outline.film_size.unwrap_or_default(),
            orientation: None,
            moves: !outline.is_raw,
        }),
        _ if format == Format::Mp4 => Err(MediaError::Malformed("it has no film in it")),
        _ => Err(MediaError::Malformed("it has no picture in it")),
    }
}

/// Walks the outermost boxes of `bytes`; `with_trailer` is false for a film inside a file, which is looked into once.
pub(super) fn outline(
    bytes: &[u8],
    limits: &Limits,
    out: &mut Collector,
    with_trailer: bool,
) -> Result<Outline, MediaError> {
    let mut reader = Reader::new(bytes, limits.max_segments, out);
    let mut outline = Outline::default();
    let mut parts = Parts::new(bytes);
    let mut films_inside = Vec::new();
    loop {
        let rest = parts.rest();
        match parts.next() {
            Ok(None) => break,
            Ok(Some(part)) if is_name(part.kind) => {
                reader.count()?;
                outermost(&part, &mut reader, &mut outline, &mut films_inside)?;
            }
            Ok(Some(_)) => {
                behind(rest, &outline, &mut reader, with_trailer, Fault::Stray)?;
                break;
            }
            Err(fault) => {
                behind(rest, &outline, &mut reader, with_trailer, fault)?;
                break;
            }
        }
    }
    outline.has_film = reader.has_film;
    outline.film_size = reader.size;
    for film in films_inside.into_iter().filter(|_| with_trailer) {
        trailer::film(film, "MotionPhoto", out);
    }
    // A header inside a compressed header would be one too many.
    for movie in outline
        .compressed
        .split_off(0)
        .iter()
        .filter(|_| with_trailer)
    {
        match self::outline(movie, limits, out, false) {
            Ok(inner) => {
                outline.has_film |= inner.has_film;
                outline.film_size = outline.film_size.or(inner.film_size);
            }
            Err(error) => drop(out.tolerate("QuickTime:CompressedMovie", &[], Err::<(), _>(error))),
        }
    }
    Ok(outline)
}

/// Deals with bytes that are no box: something hangs on behind, or the file is cut off.
fn behind(
    rest: &[u8],
    outline: &Outline,
    reader: &mut Reader<'_, '_>,
    with_trailer: bool,
    fault: Fault,
) -> Result<(), MediaError> {
    let is_known = rest
        .get(4..8)
        .is_some_and(|kind| KNOWN.iter().any(|known| kind == &known[..]));
    match fault {
        Fault::TooLong if is_known => return Err(MediaError::Truncated),
        Fault::TooSmall if is_known => return Err(fault.into()),
        _ if !outline.has_moov && outline.picture.is_none() => {
            return Err(match fault {
                Fault::Stray if rest.len() < 8 => MediaError::Truncated,
                fault => fault.into(),
            });
        }
        _ => {}
    }
    reader
        .out
        .blob(Trailer, crate::jpeg::trailer_tag("QuickTime", rest));
    if with_trailer {
        trailer::report_trailer(rest, reader.out);
    }
    Ok(())
}

fn outermost<'a>(
    part: &Part<'a>,
    reader: &mut Reader<'a, '_>,
    outline: &mut Outline,
    films_inside: &mut Vec<&'a [u8]>,
) -> Result<(), MediaError> {
    let body = part.body;
    let into = match &part.kind {
        b"ftyp" if body.starts_with(b"crx ") => {
            outline.is_raw = true;
            None
        }
        b"ftyp" | b"styp" | b"mfra" | b"sidx" | b"ssix" | b"prft" | b"pdin" => None,
        b"mdat" | b"idat" => {
            if memmem::find(body, b"freeGPS ").is_some() {
                reader.out.blob(Gps, "QuickTime:FreeGPS");
            }
            None
        }
        b"moov" => {
            outline.has_moov = true;
            // One is enough: each may inflate to megabytes.
            if outline.compressed.is_empty() {
                outline.compressed.extend(inflated(body));
            }
            Some((body, Place::Movie))
        }
        b"moof" | b"meco" => Some((body, Place::Fragment)),
        b"meta" if items::holds_items(meta_body(body)) => {
            if outline.picture.is_some() {
                return Err(MediaError::Malformed("it has two lists of its pictures"));
            }
            outline.picture = picture::read(meta_body(body), reader)?;
            None
        }
        b"meta" => Some((meta_body(body), Place::Meta)),
        b"pnot" => {
            let seconds = super::boxes::be32(body, 0).map(u64::from);
            if let Some(shown) = seconds.and_then(super::values::time) {
                reader
                    .out
                    .text(CaptureTime, "QuickTime:PreviewDate", &shown);
            }
            None
        }
        b"mpvd" => {
            reader.out.blob(Trailer, "QuickTime:MotionPhotoVideo");
            films_inside.push(body);
            None
        }
        b"sefd" => {
            reader.out.blob(Trailer, "Samsung:Trailer");
            trailer::samsung(body, reader.out);
            None
        }
        b"jumb" => {
            super::jumbf::report_boxes(body, reader.out);
            None
        }
        b"free" | b"skip" | b"wide" | b"junk" => reader.free(body),
        b"uuid" => reader.uuid(body)?,
        b"udta" if !user::holds_boxes(body) => {
            reader.out.blob(Gps, "QuickTime:UserData");
            None
        }
        b"udta" => Some((body, Place::User)),
        _ => reader.user(part),
    };
    match into {
        Some((body, place)) => reader.walk(body, place),
        None => Ok(()),
    }
}

/// Inflates a compressed movie header (`cmov` with its method and its data), as QuickTime wrote it before 2000.
fn inflated(moov: &[u8]) -> Option<Vec<u8>> {
    let part = |bytes, kind: &[u8; 4]| {
        let mut parts = Parts::new(bytes);
        // It stands alone in its box.
        (0..4).find_map(|_| parts.next().ok().flatten().filter(|p| &p.kind == kind))
    };
    let cmov = part(moov, b"cmov")?.body;
    let data = part(cmov, b"cmvd")?.body.get(4..)?;
    let mut out = Vec::new();
    let read = ZlibDecoder::new(data)
        .take(MAX_INFLATED)
        .read_to_end(&mut out);
    read.is_ok().then_some(out)
}
