//! Reports what the chunks and trailing bytes of a WebP give away.

use super::picture::{Content, find, frame_chunks};
use super::{Chunk, read, split_chunk};
use crate::bmff::report_jumbf;
use crate::error::MediaError;
use crate::format::Format;
use crate::jpeg::{report_profile, report_trailer};
use crate::limits::Limits;
use crate::report::MetadataKind::{CaptureTime, Comment, Device, Owner, PersonName, Thumbnail};
use crate::report::{Collector, Report};
use crate::{exif, xmp};

/// Reports a WebP; of a damaged one what can still be told apart, without a size.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let (webp, fault) = read(bytes, limits)?;
    let (picture, fault) = match (find(&webp, limits), fault) {
        (Ok(picture), None) => (Some(picture), None),
        (Err(error), None) | (_, Some(error)) => (None, Some(error)),
    };
    let mut out = Collector::new(limits);
    let mut seen = Seen::default();
    for chunk in &webp.chunks {
        seen.read(chunk, &mut out)?;
    }
    let frames = match picture.as_ref().map(|picture| &picture.content) {
        Some(Content::Moving(_, frames)) => frames.len(),
        _ => 1,
    };
    if seen.pictures > frames {
        out.blob(Thumbnail, "WebP:SecondPicture");
    }
    read_trailer(webp.trailer, limits, &mut out)?;
    out.damaged(fault)?;
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    // A bare picture is shown as it is, whatever stands behind it.
    let is_bare = picture
        .as_ref()
        .is_some_and(|picture| picture.flags.is_none());
    let (width, height) = picture.map_or((0, 0), |picture| (picture.width, picture.height));
    Ok(Report {
        format: Format::WebP,
        width,
        height,
        orientation: seen.orientation.filter(|_| !is_bare),
        frames: u32::try_from(frames).unwrap_or(u32::MAX),
        entries,
        text_cut,
        unreadable,
    })
}

#[derive(Default)]
struct Seen {
    orientation: Option<u8>,
    pictures: usize,
}

impl Seen {
    fn read(&mut self, chunk: &Chunk<'_>, out: &mut Collector) -> Result<(), MediaError> {
        let data = chunk.data;
        match &chunk.kind {
            b"VP8 " | b"VP8L" => self.pictures += 1,
            b"ALPH" => {}
            b"VP8X" => surplus(data, 10, "WebP:VP8X", out),
            b"ANIM" => surplus(data, 6, "WebP:ANIM", out),
            b"ANMF" => {
                for inner in frame_chunks(data) {
                    match &inner.kind {
                        b"ANMF" => out.blob(Device, "WebP:ANMF"),
                        _ => self.read_flat(&inner, out)?,
                    }
                }
            }
            _ => self.read_flat(chunk, out)?,
        }
        Ok(())
    }

    /// Reads a chunk that holds no frames.
    fn read_flat(&mut self, chunk: &Chunk<'_>, out: &mut Collector) -> Result<(), MediaError> {
        let data = chunk.data;
        match &chunk.kind {
            b"VP8 " | b"VP8L" => self.pictures += 1,
            b"ALPH" => {}
            b"EXIF" => {
                let block = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
                let found = out.block("Exif", |out| exif::read(block, out))?;
                self.orientation = self.orientation.or(found.flatten());
            }
            // Some programs end the name with a zero.
            b"XMP " | b"XMP\0" => {
                let packet = data.strip_prefix(xmp::PREFIX).unwrap_or(data);
                out.block("XMP", |out| xmp::read(packet, out))?;
            }
            b"ICCP" => report_profile(Some(data.to_vec()), out),
            b"LIST" => list(data, out),
            b"C2PA" => report_jumbf(data, out),
            kind => {
                let name: String = kind
                    .iter()
                    .filter(|b| b.is_ascii_graphic())
                    .map(|&b| char::from(b))
                    .collect();
                out.opaque(Device, format!("WebP:{name}"), data);
            }
        }
        Ok(())
    }
}

fn surplus(data: &[u8], len: usize, tag: &str, out: &mut Collector) {
    if let Some(rest) = data.get(len..).filter(|rest| !rest.is_empty()) {
        out.opaque(Device, tag, rest);
    }
}

/// Reads the texts that RIFF files of any kind may carry.
fn list(data: &[u8], out: &mut Collector) {
    let mut rest = data.get(4..).unwrap_or_default();
    let mut found = false;
    while let Some((chunk, after)) = split_chunk(rest) {
        let kind = match &chunk.kind {
            b"IART" | b"IENG" | b"ITCH" | b"ISTR" | b"IWRI" => PersonName,
            b"ICOP" | b"ICMS" => Owner,
            b"ICRD" | b"IDIT" => CaptureTime,
            b"ISFT" | b"ISRF" | b"ISRC" => Device,
            _ => Comment,
        };
        let name = String::from_utf8_lossy(&chunk.kind).into_owned();
        out.bytes(kind, format!("RIFF:{name}"), chunk.data);
        found = true;
        rest = after;
    }
    if !found || !rest.is_empty() {
        out.opaque(Device, "WebP:LIST", rest);
    }
}

/// Programs append chunks without counting them in, so the trailer is read as chunks too.
fn read_trailer(trailer: &[u8], limits: &Limits, out: &mut Collector) -> Result<(), MediaError> {
    report_trailer("WebP", trailer, out);
    let mut rest = trailer;
    let mut seen = Seen::default();
    for _ in 0..limits.max_segments {
        let Some((chunk, after)) = split_chunk(rest) else {
            break;
        };
        if matches!(&chunk.kind, b"EXIF" | b"XMP " | b"XMP\0" | b"LIST") {
            seen.read_flat(&chunk, out)?;
        }
        rest = after;
    }
    Ok(())
}
