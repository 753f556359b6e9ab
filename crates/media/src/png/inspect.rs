//! Reports what the ancillary chunks and trailing bytes of a PNG give away.

use super::{Chunk, inflate, walk};
use crate::error::MediaError;
use crate::format::Format;
use crate::icc;
use crate::jpeg::{report_profile, trailer_tag};
use crate::limits::Limits;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use crate::report::{Collector, Report};
use crate::{exif, iptc, text, xmp};

/// An Exif block larger than this is no camera's (a JPEG's cannot pass 64 KiB).
const MAX_EXIF_BYTES: usize = 1024 * 1024;

const BROKEN_TEXT: MediaError = MediaError::Malformed("one of its text parts cannot be read");

/// Reports a PNG.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let png = walk(bytes, limits)?;
    let mut out = Collector::new(limits);
    let mut orientation = None;
    for chunk in &png.chunks {
        let found = read_chunk(chunk, &mut out)?;
        orientation = orientation.or(found);
    }
    if !png.trailer.is_empty() {
        out.blob(Trailer, trailer_tag("PNG", png.trailer));
    }
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::Png,
        width: png.header.width,
        height: png.header.height,
        orientation,
        frames: 1,
        entries,
        text_cut,
        unreadable,
    })
}

fn read_chunk(chunk: &Chunk<'_>, out: &mut Collector) -> Result<Option<u8>, MediaError> {
    match &chunk.kind {
        b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" => {}
        b"tRNS" | b"gAMA" | b"cHRM" | b"sRGB" | b"sBIT" | b"bKGD" | b"pHYs" => {}
        // Colour volumes, animation control, histogram, offsets: figures about how to show the picture.
        b"cICP" | b"mDCV" | b"cLLI" | b"acTL" | b"fcTL" | b"hIST" | b"oFFs" | b"sTER" => {}
        b"eXIf" if chunk.data.len() > MAX_EXIF_BYTES => {
            return Err(MediaError::Malformed("its Exif details are far too long"));
        }
        b"eXIf" => return exif::read(chunk.data, out),
        b"tEXt" => uncompressed(chunk.data, out)?,
        b"zTXt" => compressed(chunk.data, out)?,
        b"iTXt" => international(chunk.data, out)?,
        b"tIME" => out.text(CaptureTime, "PNG:tIME", &time(chunk.data)?),
        b"iCCP" => report_profile(profile(chunk.data), out),
        b"fdAT" => out.blob(Thumbnail, "PNG:fdAT"),
        kind => unknown(kind, out)?,
    }
    Ok(None)
}

fn unknown(kind: &[u8; 4], out: &mut Collector) -> Result<(), MediaError> {
    // An upper-case first letter says that the picture cannot be shown without the chunk.
    if kind[0].is_ascii_uppercase() {
        return Err(MediaError::Malformed("it has a part that no PNG has"));
    }
    out.blob(Device, format!("PNG:{}", String::from_utf8_lossy(kind)));
    Ok(())
}

/// Reads the profile of an iCCP chunk: name, zero, method 0, zlib. Nothing past the size of a standard one is inflated.
pub(super) fn profile(data: &[u8]) -> Option<Vec<u8>> {
    let (_, body) = split_at_zero(data)?;
    let stream = body.strip_prefix(&[0])?;
    let (profile, cut) = inflate(stream, icc::MAX_STANDARD_BYTES).ok()?;
    (!cut).then_some(profile)
}

fn split_at_zero(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|&b| b == 0)?;
    Some((&data[..at], &data[at + 1..]))
}

fn time(data: &[u8]) -> Result<String, MediaError> {
    let [y1, y0, month, day, hour, minute, second] = *data else {
        return Err(MediaError::Malformed("its time stamp cannot be read"));
    };
    let year = u16::from_be_bytes([y1, y0]);
    Ok(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
    ))
}

fn uncompressed(data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let (keyword, body) = split_at_zero(data).ok_or(BROKEN_TEXT)?;
    keyed("tEXt", keyword, body, out)
}

fn compressed(data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let (keyword, body) = split_at_zero(data).ok_or(BROKEN_TEXT)?;
    let body = inflate_text(body.strip_prefix(&[0]).ok_or(BROKEN_TEXT)?, out)?;
    keyed("zTXt", keyword, &body, out)
}

fn inflate_text(stream: &[u8], out: &mut Collector) -> Result<Vec<u8>, MediaError> {
    // Raw profiles are hexadecimal: twice the block they hold.
    let (body, cut) = inflate(stream, out.max_value_bytes().max(2 * MAX_EXIF_BYTES))?;
    if cut {
        out.cut();
    }
    Ok(body)
}

fn international(data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let (keyword, body) = split_at_zero(data).ok_or(BROKEN_TEXT)?;
    let [flag @ (0 | 1), _, body @ ..] = body else {
        return Err(BROKEN_TEXT);
    };
    let (_language, body) = split_at_zero(body).ok_or(BROKEN_TEXT)?;
    let (translated, body) = split_at_zero(body).ok_or(BROKEN_TEXT)?;
    let inflated = if *flag == 1 {
        Some(inflate_text(body, out)?)
    } else {
        None
    };
    let body = inflated.as_deref().unwrap_or(body);
    out.bytes(Comment, "PNG:iTXt:TranslatedKeyword", translated);
    if keyword == b"XML:com.adobe.xmp" {
        return xmp::read(body, out);
    }
    keyed("iTXt", keyword, body, out)
}

fn keyed(chunk: &str, keyword: &[u8], body: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let keyword = text::guess(&keyword[..keyword.len().min(79)], false).into_owned();
    if let Some(profile) = keyword.strip_prefix("Raw profile type ") {
        return raw_profile(profile, body, out);
    }
    out.bytes(kind_of(&keyword), format!("PNG:{chunk}:{keyword}"), body);
    Ok(())
}

/// Reads the hexadecimal blocks that ImageMagick and exiftool write: a line with the name, one with the length, digits.
fn raw_profile(name: &str, body: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let mut parts = body.trim_ascii_start().splitn(3, |&b| b == b'\n');
    let (_, _, digits) = (parts.next(), parts.next(), parts.next().ok_or(BROKEN_TEXT)?);
    let block = from_hex(digits).ok_or(BROKEN_TEXT)?;
    let block = &block[..];
    match name {
        "exif" | "APP1" if block.starts_with(xmp::PREFIX) => {
            xmp::read(&block[xmp::PREFIX.len()..], out)
        }
        "exif" | "APP1" => {
            exif::read(block.strip_prefix(b"Exif\0\0").unwrap_or(block), out).map(|_| ())
        }
        "xmp" => xmp::read(block, out),
        "iptc" | "8bim" if block.starts_with(b"8BIM") => iptc::photoshop(block, out),
        "iptc" => iptc::records(block, out),
        "icc" | "icm" => {
            report_profile(Some(block.to_vec()), out);
            Ok(())
        }
        _ => {
            out.blob(Device, "PNG:RawProfile");
            Ok(())
        }
    }
}

fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = digits
        .iter()
        .filter(|b| !b.is_ascii_whitespace() && **b != 0)
        .map(|&b| char::from(b).to_digit(16).map(|d| d as u8))
        .collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| {
        digits
            .chunks_exact(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect()
    })
}

/// Sorts a keyword by its words; programs copy Exif, IPTC and XMP names into keywords as they please.
fn kind_of(keyword: &str) -> MetadataKind {
    let lower = keyword.to_ascii_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match () {
        () if is(&["gps", "latitude", "longitude"]) => Gps,
        () if is(&["serial", "uniqueid"]) => SerialNumber,
        () if is(&["copyright", "owner", "credit", "rights"]) => Owner,
        () if is(&["creation time", "date", "time", "timestamp", "mtime"]) => CaptureTime,
        () if is(&[
            "software",
            "creatortool",
            "model",
            "exif:make",
            "camera",
            "device",
        ]) || matches!(&*lower, "source" | "make") =>
        {
            Device
        }
        () if is(&[
            "author",
            "artist",
            "creator",
            "byline",
            "by-line",
            "person",
            "photographer",
        ]) =>
        {
            PersonName
        }
        () => Comment,
    }
}
