//! Reports what the chunks and trailing bytes of a WebP give away.

use super::picture::{Content, find, frame_chunks};
use super::{Chunk, split_chunk, walk};
use crate::error::MediaError;
use crate::format::Format;
use crate::jpeg::{report_profile, trailer_tag};
use crate::limits::Limits;
use crate::report::MetadataKind::{
    CaptureTime, Comment, Device, Owner, PersonName, Thumbnail, Trailer,
};
use crate::report::{Collector, Report};
use crate::{exif, xmp};

/// Reports a WebP.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let webp = walk(bytes, limits)?;
    let picture = find(&webp, limits)?;
    let mut out = Collector::new(limits);
    let mut seen = Seen::default();
    for chunk in &webp.chunks {
        seen.read(chunk, &mut out)?;
    }
    let (frames, pictures) = match &picture.content {
        Content::Still(_) => (1, 1),
        Content::Moving(_, frames) => (frames.len(), frames.len()),
    };
    if seen.pictures > pictures {
        out.blob(Thumbnail, "WebP:SecondPicture");
    }
    read_trailer(webp.trailer, limits, &mut out)?;
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::WebP,
        width: picture.width,
        height: picture.height,
        // A bare picture is shown as it is, whatever stands behind it.
        orientation: seen.orientation.filter(|_| picture.flags.is_some()),
        frames: u32::try_from(frames).unwrap_or(u32::MAX),
        entries,
        text_cut,
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
                let found = out.block(Device, "Exif", |out| exif::read(block, out))?;
                self.orientation = self.orientation.or(found.flatten());
            }
            // Some programs end the name with a zero.
            b"XMP " | b"XMP\0" => {
                let packet = data.strip_prefix(xmp::PREFIX).unwrap_or(data);
                out.block(Comment, "XMP", |out| xmp::read(packet, out))?;
            }
            b"ICCP" => report_profile(Some(data.to_vec()), out),
            b"LIST" => list(data, out),
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
    if trailer.is_empty() {
        return Ok(());
    }
    out.blob(Trailer, trailer_tag("WebP", trailer));
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
