//! Reports what the ancillary chunks and trailing bytes of a PNG give away.

use super::text::{
    MAX_EXIF_BYTES, compressed_exif, international, profile_chunk, text_chunk, time,
};
use super::{Chunk, Png, animation, next_chunk, rescue, walk};
use crate::bmff::report_jumbf;
use crate::error::MediaError;
use crate::format::Format;
use crate::jpeg::report_trailer;
use crate::limits::Limits;
use crate::report::MetadataKind::{CaptureTime, Comment, Device, Thumbnail};
use crate::report::{Collector, Report};
use crate::{exif, xmp};

/// Reports a PNG; of a damaged one what can still be told apart, without a size.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let (png, fault) = match walk(bytes, limits) {
        Ok(png) => (png, None),
        Err(error) => (rescue(bytes, limits), Some(error)),
    };
    let mut out = Collector::new(limits);
    let mut orientation = None;
    let frames = animation::count(&png);
    if frames == 1 && png.chunks.iter().any(|c| &c.kind == b"fdAT") {
        out.blob(Thumbnail, "PNG:fdAT");
    }
    for chunk in &png.chunks {
        let found = read_chunk(chunk, &mut out)?;
        orientation = orientation.or(found);
    }
    read_trailer(&png, limits, &mut out)?;
    out.damaged(fault)?;
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::Png,
        width: png.header.width,
        height: png.header.height,
        orientation,
        frames,
        entries,
        text_cut,
        unreadable,
    })
}

/// Reports what follows the end. Programs that append whole chunks there are not rare, so they are read as such.
fn read_trailer(png: &Png<'_>, limits: &Limits, out: &mut Collector) -> Result<(), MediaError> {
    report_trailer("PNG", png.trailer, out);
    let mut rest = png.trailer;
    for _ in 0..limits.max_segments {
        let Ok((chunk, after)) = next_chunk(rest) else {
            return Ok(());
        };
        read_chunk(&chunk, out)?;
        rest = after;
    }
    Ok(())
}

fn read_chunk(chunk: &Chunk<'_>, out: &mut Collector) -> Result<Option<u8>, MediaError> {
    let data = chunk.data;
    match &chunk.kind {
        b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" => {}
        b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT" | b"bKGD" | b"pHYs" => {}
        // Colour volumes, animation, histogram, offsets, scale, row index: figures about how to show the picture.
        b"cICP" | b"mDCV" | b"mDCv" | b"cLLI" | b"cLLi" | b"acTL" | b"fcTL" | b"fdAT" | b"hIST"
        | b"oFFs" | b"sTER" | b"sCAL" | b"vpAg" | b"caNv" | b"iDOT" => {}
        b"eXIf" | b"exIf" => return read_exif(data, out),
        b"zxIf" | b"zXIf" => {
            let block = out.block("PNG:zxIf", |_| compressed_exif(data))?;
            return block.map_or(Ok(None), |block| read_exif(&block, out));
        }
        b"tEXt" | b"zTXt" => text_chunk(&chunk.kind, data, out)?,
        b"iTXt" => {
            out.block("PNG:iTXt", |out| international(data, out))?;
        }
        b"tXMP" => {
            out.block("XMP", |out| xmp::read(data, out))?;
        }
        b"tIME" => match time(data) {
            Some(time) => out.text(CaptureTime, "PNG:tIME", &time),
            None => out.blob(CaptureTime, "PNG:tIME"),
        },
        b"iCCP" => profile_chunk(data, out),
        b"caBX" => report_jumbf(data, out),
        // Names of palettes and scales, texts of a GIF that became a PNG.
        kind @ (b"sPLT" | b"pCAL" | b"gIFt" | b"gIFx") => {
            let name = data.split(|&b| b == 0).next().unwrap_or_default();
            let text = if kind[0] == b'g' { data } else { name };
            out.opaque(Comment, tag(kind), text);
        }
        kind => out.opaque(Device, tag(kind), data),
    }
    Ok(None)
}

fn tag(kind: &[u8; 4]) -> String {
    format!("PNG:{}", String::from_utf8_lossy(kind))
}

fn read_exif(data: &[u8], out: &mut Collector) -> Result<Option<u8>, MediaError> {
    let data = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
    let found = out.block("Exif", |out| match data.len() {
        0..=MAX_EXIF_BYTES => exif::read(data, out),
        _ => Err(MediaError::Malformed("its Exif details are far too long")),
    })?;
    Ok(found.flatten())
}
