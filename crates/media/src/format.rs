//! Recognises a picture or film by its first bytes. The file name, extension and declared type are never looked at:
//! they are the sender's words.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A file format, as its first bytes show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C PNG, third edition), animated or not.
    Png,
    /// GIF 87a or 89a.
    Gif,
    /// WebP in its RIFF container.
    WebP,
    /// TIFF, BigTIFF and the camera raw formats built on them.
    Tiff,
    /// HEIF picture with HEVC inside (iPhone).
    Heic,
    /// HEIF picture with AV1 inside.
    Avif,
    /// ISO base media or QuickTime film.
    Mp4,
    /// Anything else.
    Unknown,
}

impl Format {
    /// Returns the lower-case word for the format, as used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Tiff => "tiff",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Mp4 => "mp4",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Tells the format from the first bytes alone.
pub fn sniff(bytes: &[u8]) -> Format {
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Format::Jpeg;
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Format::Png;
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Format::Gif;
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Format::WebP;
    }
    // The last four are camera raw of Olympus and Panasonic: a TIFF but for these bytes.
    const TIFF_MAGICS: [&[u8]; 8] = [
        b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"IIRO", b"IIRS", b"MMOR", b"IIU\0",
    ];
    if TIFF_MAGICS.iter().any(|magic| bytes.starts_with(magic)) {
        return Format::Tiff;
    }
    match bytes.get(4..8) {
        Some(b"ftyp") => iso_brand(bytes),
        // QuickTime films need no `ftyp`; cameras start them with whatever comes first.
        Some(b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot") if bytes[0] < 0x10 => {
            Format::Mp4
        }
        _ => Format::Unknown,
    }
}

/// Reads the major and the compatible brands of an ISO file (ISO/IEC 14496-12, `ftyp`).
fn iso_brand(bytes: &[u8]) -> Format {
    let size = bytes
        .first_chunk::<4>()
        .map_or(0, |b| u32::from_be_bytes(*b) as usize)
        .clamp(12, 256);
    let end = size.min(bytes.len());
    let major = bytes.get(8..12).unwrap_or_default();
    let compatible = bytes.get(16..end).unwrap_or_default();
    let brands = || std::iter::once(major).chain(compatible.chunks_exact(4));
    let is_avif = |brand: &[u8]| matches!(brand, b"avif" | b"avis");
    let is_hevc = |brand: &[u8]| {
        matches!(
            brand,
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs"
        )
    };
    let is_generic = |brand: &[u8]| matches!(brand, b"mif1" | b"msf1" | b"mif2" | b"mif3");
    let is_film = |brand: &[u8]| {
        brand.starts_with(b"iso") && brand != b"iso8"
            || brand.starts_with(b"mp4")
            || brand.starts_with(b"3g")
            || matches!(brand, b"qt  " | b"M4V " | b"M4A " | b"avc1" | b"crx ")
    };
    // A picture whose first brand is a newer or private one still names the usual ones behind it.
    let generic = is_generic(major) || (!is_film(major) && brands().any(is_generic));
    match () {
        () if is_avif(major) => Format::Avif,
        () if is_hevc(major) => Format::Heic,
        () if generic && brands().any(is_avif) => Format::Avif,
        () if generic => Format::Heic,
        () => Format::Mp4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let cases: [(&[u8], Format); 18] = [
            (b"\xFF\xD8\xFF\xE0", Format::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Format::Png),
            (b"GIF89a....", Format::Gif),
            (b"RIFF\0\0\0\0WEBPVP8 ", Format::WebP),
            (b"RIFF\0\0\0\0WAVEfmt ", Format::Unknown),
            (b"II*\0\x08\0\0\0", Format::Tiff),
            (b"MM\0*\0\0\0\x08", Format::Tiff),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Format::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Format::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Format::Avif),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf", Format::Avif),
            (b"\0\0\0\x18ftypqt  \0\0\0\0qt  ", Format::Mp4),
            (b"\0\0\0\x18ftypMiHB\0\0\0\0mif1heic", Format::Heic),
            (b"\0\0\0\x18ftypisom\0\0\0\0mif1avif", Format::Mp4),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Format::Mp4),
            (b"The free encyclopaedia", Format::Unknown),
            (b"", Format::Unknown),
            (b"%PDF-1.7", Format::Unknown),
        ];
        for (bytes, expected) in cases {
            assert_eq!(sniff(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_display_word_is_the_serialised_word() {
        let word = serde_json::to_string(&Format::WebP).unwrap();
        assert_eq!(word, format!("\"{}\"", Format::WebP));
    }
}
