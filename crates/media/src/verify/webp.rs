//! The second reader's own walk over a WebP: it knows the one order in which the parts of a clean copy may stand, and
//! accepts nothing that departs from it.

use img_parts::Bytes;
use img_parts::webp::WebP;

use super::{is_bare_orientation, profile};
use crate::error::Leftover;

/// A position in the bytes from which parts are taken off.
struct Reader<'a> {
    left: &'a [u8],
}

impl<'a> Reader<'a> {
    fn name(&self) -> &'a [u8] {
        self.left.get(..4).unwrap_or_default()
    }

    /// Takes the next part, which must have this name.
    fn part(&mut self, name: &[u8; 4]) -> Option<&'a [u8]> {
        let rest = self.left.strip_prefix(name)?;
        let size = usize::try_from(u32::from_le_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let body = rest.get(4..)?.get(..size)?;
        let after = &rest[4 + size..];
        self.left = match size % 2 {
            0 => after,
            _ => after.strip_prefix(&[0])?,
        };
        Some(body)
    }

    /// Takes the compressed pixels; says whether they can be transparent.
    fn pixels(&mut self) -> Option<bool> {
        if self.name() == b"VP8L" {
            return self.part(b"VP8L").map(|_| true);
        }
        let has_alpha = self.name() == b"ALPH";
        if has_alpha {
            self.part(b"ALPH")?;
        }
        self.part(b"VP8 ").map(|_| has_alpha)
    }
}

/// Lists what a clean WebP may not have.
pub(super) fn leftovers(bytes: &[u8], max_frames: usize) -> Vec<Leftover> {
    let length = bytes.get(4..8).and_then(|len| len.try_into().ok());
    let claimed = length.map(|len| u64::from(u32::from_le_bytes(len)) + 8);
    if claimed != Some(bytes.len() as u64) {
        return vec![Leftover::new(
            "WebP:Trailer",
            "its length is not the file's",
        )];
    }
    let mut reader = Reader {
        left: bytes.get(12..).unwrap_or_default(),
    };
    match parts(&mut reader, max_frames) {
        Err(leftover) => vec![leftover],
        Ok(()) if !reader.left.is_empty() => {
            let name = String::from_utf8_lossy(reader.name()).into_owned();
            vec![Leftover::new(
                format!("WebP:{name}"),
                "does not belong to the picture",
            )]
        }
        Ok(()) => Vec::new(),
    }
}

fn parts(reader: &mut Reader<'_>, max_frames: usize) -> Result<(), Leftover> {
    let no_picture = || Leftover::new("WebP", "not exactly one picture");
    if reader.name() != b"VP8X" {
        return match reader.name() {
            b"ALPH" => Err(no_picture()),
            _ => reader.pixels().map(|_| ()).ok_or_else(no_picture),
        };
    }
    let header = reader.part(b"VP8X").unwrap_or_default();
    let [flags, 0, 0, 0, _, _, _, _, _, _] = *header else {
        return Err(Leftover::new("WebP:VP8X", "has spare bytes"));
    };
    let mut expected = flags & 0x10;
    if reader.name() == b"ICCP" {
        expected |= 0x20;
        if !reader.part(b"ICCP").is_some_and(profile::is_plain) {
            return Err(Leftover::new("WebP:ICCP", "not a standard colour profile"));
        }
    }
    if reader.name() == b"ANIM" {
        expected |= 0x02;
        frames(reader, max_frames)?;
    } else if !reader.pixels().ok_or_else(no_picture)? {
        expected &= !0x10;
    }
    if reader.name() == b"EXIF" {
        expected |= 0x08;
        if !reader.part(b"EXIF").is_some_and(is_bare_orientation) {
            return Err(Leftover::new("WebP:EXIF", "more than the orientation"));
        }
    }
    match flags == expected {
        true => Ok(()),
        false => Err(Leftover::new(
            "WebP:VP8X",
            "announces parts that are not there",
        )),
    }
}

fn frames(reader: &mut Reader<'_>, max_frames: usize) -> Result<(), Leftover> {
    let broken = || Leftover::new("WebP:ANMF", "not a bare animation");
    if reader
        .part(b"ANIM")
        .is_none_or(|control| control.len() != 6)
    {
        return Err(broken());
    }
    let mut count = 0;
    while reader.name() == b"ANMF" {
        let body = reader.part(b"ANMF").ok_or_else(broken)?;
        let (header, left) = body.split_at_checked(16).ok_or_else(broken)?;
        let mut inner = Reader { left };
        let whole = inner.pixels().is_some() && inner.left.is_empty();
        count += 1;
        if !whole || header[15] > 3 || count > max_frames {
            return Err(broken());
        }
    }
    (count > 0).then_some(()).ok_or_else(broken)
}

/// Asks another library which parts it sees.
pub(super) fn second_opinion(bytes: &[u8]) -> Option<Leftover> {
    const KNOWN: [&[u8; 4]; 8] = [
        b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L", b"EXIF",
    ];
    let Ok(webp) = WebP::from_bytes(Bytes::copy_from_slice(bytes)) else {
        return Some(Leftover::new("WebP", "another reader cannot walk it"));
    };
    let stray = webp
        .chunks()
        .iter()
        .find(|chunk| !KNOWN.contains(&&chunk.id()));
    stray.map(|chunk| {
        Leftover::new(
            format!("WebP:{}", String::from_utf8_lossy(&chunk.id())),
            "another reader sees it",
        )
    })
}
