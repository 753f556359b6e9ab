//! Reads the text chunks of a PNG, and the blocks of other standards that programs hide in them.

use super::stream::inflate;
use crate::error::MediaError;
use crate::jpeg::report_profile;
use crate::report::Collector;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber,
};
use crate::{exif, icc, iptc, text, xmp};

/// An Exif block larger than this is no camera's (a JPEG's cannot pass 64 KiB).
pub(super) const MAX_EXIF_BYTES: usize = 1024 * 1024;

/// Curves of 4,096 points for three colours, and as much again.
const MAX_PROFILE_BYTES: usize = 64 * 1024;

const BROKEN_TEXT: MediaError = MediaError::Malformed("one of its text parts cannot be read");

/// Reads the profile of an iCCP chunk: name, zero, method 0, zlib. A profile of tables is longer than this, and not kept.
pub(super) fn profile(data: &[u8]) -> Option<Vec<u8>> {
    let (_, body) = split_at_zero(data)?;
    let stream = body.strip_prefix(&[0])?;
    let (profile, cut) = inflate(stream, MAX_PROFILE_BYTES).ok()?;
    (!cut).then_some(profile)
}

fn split_at_zero(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = data.iter().position(|&b| b == 0)?;
    Some((&data[..at], &data[at + 1..]))
}

/// Reports a profile and the name that its chunk gives it, where that says more than what it is.
pub(super) fn profile_chunk(data: &[u8], out: &mut Collector) {
    const USUAL: [&str; 8] = [
        "icc",
        "ICC",
        "ICC Profile",
        "ICC profile",
        "Photoshop ICC profile",
        "Skia",
        "embedded",
        "unnamed",
    ];
    report_profile(profile(data), out);
    let name =
        text::guess(split_at_zero(data).map_or(&[][..], |(name, _)| name), false).into_owned();
    if !USUAL.contains(&&*name) && !icc::STANDARD_NAMES.contains(&&*name) {
        out.text(Device, "PNG:iCCP:Name", &name);
    }
}

/// Inflates the Exif block of the chunk that was proposed before `eXIf`: zero, length, zlib; or Exif as it is.
pub(super) fn compressed_exif(data: &[u8]) -> Result<Vec<u8>, MediaError> {
    match data {
        [0, _, _, _, _, stream @ ..] => {
            let (block, cut) = inflate(stream, MAX_EXIF_BYTES)?;
            (!cut).then_some(block).ok_or(BROKEN_TEXT)
        }
        _ => Ok(data.to_vec()),
    }
}

pub(super) fn time(data: &[u8]) -> Option<String> {
    let [y1, y0, month, day, hour, minute, second] = *data else {
        return None;
    };
    let year = u16::from_be_bytes([y1, y0]);
    Some(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
    ))
}

/// Reports a `tEXt` or `zTXt` chunk.
pub(super) fn text_chunk(
    kind: &[u8; 4],
    data: &[u8],
    out: &mut Collector,
) -> Result<(), MediaError> {
    match (kind, split_at_zero(data)) {
        (b"tEXt", Some((keyword, body))) => keyed("tEXt", keyword, body, out),
        (b"zTXt", Some((keyword, body))) => {
            let inflated = out.block("PNG:zTXt", |out| {
                inflate_text(body.strip_prefix(&[0]).ok_or(BROKEN_TEXT)?, out)
            })?;
            keyed(
                "zTXt",
                keyword,
                inflated.as_deref().unwrap_or_default(),
                out,
            )
        }
        // A text without a keyword is a text all the same.
        _ => {
            out.bytes(Comment, "PNG:tEXt", data);
            Ok(())
        }
    }
}

fn inflate_text(stream: &[u8], out: &mut Collector) -> Result<Vec<u8>, MediaError> {
    // Raw profiles are hexadecimal: twice the block they hold, and line breaks.
    let (body, cut) = inflate(stream, out.max_value_bytes().max(3 * MAX_EXIF_BYTES))?;
    if cut {
        out.cut();
    }
    Ok(body)
}

/// Reports an `iTXt` chunk: keyword, compression flag and method, language, translated keyword, UTF-8.
pub(super) fn international(data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let (keyword, body) = split_at_zero(data).ok_or(BROKEN_TEXT)?;
    let [flag @ (0 | 1), _, body @ ..] = body else {
        return Err(BROKEN_TEXT);
    };
    let (_language, body) = split_at_zero(body).ok_or(BROKEN_TEXT)?;
    let (translated, body) = split_at_zero(body).ok_or(BROKEN_TEXT)?;
    out.bytes(Comment, "PNG:iTXt:TranslatedKeyword", translated);
    let inflated = if *flag == 1 {
        Some(inflate_text(body, out)?)
    } else {
        None
    };
    let body = inflated.as_deref().unwrap_or(body);
    if keyword == b"XML:com.adobe.xmp" {
        return xmp::read(body, out);
    }
    keyed("iTXt", keyword, body, out)
}

fn keyed(chunk: &str, keyword: &[u8], body: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let full = keyword;
    let keyword = text::guess(&full[..full.len().min(79)], false).into_owned();
    let name = format!("PNG:{chunk}:{keyword}");
    if full.len() > 79 {
        out.bytes(Comment, format!("PNG:{chunk}"), full);
    }
    if let Some(profile) = keyword.strip_prefix("Raw profile type ") {
        let read = out.block("PNG:RawProfile", |out| raw_profile(profile, body, out))?;
        if read.is_none() {
            out.bytes(Comment, name, body);
        }
        return Ok(());
    }
    if keyword == "XML:com.adobe.xmp" || keyword.eq_ignore_ascii_case("xmp") {
        let read = out.block("XMP", |out| xmp::read(body, out))?;
        if read.is_some() {
            return Ok(());
        }
    }
    out.bytes(kind_of(&keyword), name, body);
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
        "iptc" | "8bim" if block.starts_with(iptc::PHOTOSHOP_PREFIX) => {
            iptc::photoshop(&block[iptc::PHOTOSHOP_PREFIX.len()..], out)
        }
        "iptc" => iptc::records(block, out),
        "icc" | "icm" => {
            report_profile(Some(block.to_vec()), out);
            Ok(())
        }
        _ => {
            out.opaque(Device, "PNG:RawProfile", block);
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
        () if is(&["serial", "uniqueid", "documentid", "instanceid"]) => SerialNumber,
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
