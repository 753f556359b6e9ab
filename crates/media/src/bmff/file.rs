//! The outermost boxes of a file: where the picture, the film, free space and what hangs on behind are told apart.

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

/// What the outermost boxes held.
#[derive(Default)]
pub(super) struct Outline {
    pub picture: Option<Picture>,
    pub has_moov: bool,
    pub has_film: bool,
    pub film_size: Option<(u32, u32)>,
}

/// Reports a picture or film.
pub(crate) fn inspect(bytes: &[u8], format: Format, limits: &Limits) -> Result<Report, MediaError> {
    let mut out = Collector::new(limits);
    let outline = outline(bytes, limits, &mut out, true)?;
    let has_picture = outline.picture.is_some();
    let is_film = format == Format::Mp4 || !has_picture;
    let (size, orientation) = match outline.picture {
        Some(picture) => (Some(picture.size), picture.orientation),
        None => (outline.film_size, None),
    };
    if !outline.has_moov && !has_picture {
        return Err(MediaError::Malformed(match format {
            Format::Mp4 => "it has no film in it",
            _ => "it has no picture in it",
        }));
    }
    if let (false, Some((width, height))) = (is_film, size) {
        limits.check_size(width, height)?;
    }
    let (width, height) = size.unwrap_or_default();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format,
        width,
        height,
        orientation,
        frames: if is_film || outline.has_film { 2 } else { 1 },
        entries,
        text_cut,
    })
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
        b"ftyp" | b"styp" | b"mfra" | b"sidx" | b"ssix" | b"prft" | b"pdin" => None,
        b"mdat" | b"idat" => {
            if memmem::find(body, b"freeGPS ").is_some() {
                reader.out.blob(Gps, "QuickTime:FreeGPS");
            }
            None
        }
        b"moov" => {
            outline.has_moov = true;
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
