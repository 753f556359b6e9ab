//! Walks the directories of a TIFF block (TIFF 6.0 section 2) without recursion and within bounds, and lists every slot
//! with its raw bytes. It runs before `kamadak-exif`, which follows repeated pointers as often as they occur (a 64 KiB
//! block can make it list millions of fields) and says nothing about a field whose value lies outside the block.
//! What a tag means is decided in `tags`.

use std::collections::BTreeSet;

use exif::{Context, Tag};

use crate::error::MediaError;

/// `kamadak-exif` follows the same number of chained directories.
const MAX_CHAIN: u16 = 8;
/// Cameras write under 300 fields in all directories together.
const MAX_SLOTS: usize = 4096;

/// One field of a directory.
pub(super) struct Slot<'a> {
    pub tag: Tag,
    /// Index in the chain of directories: 0 is the picture, 1 its thumbnail.
    pub ifd: u16,
    /// TIFF type; 129 is the UTF-8 of Exif 3.0.
    pub kind: u16,
    /// The value as stored; `None` when it lies outside the block or has an unknown type.
    pub raw: Option<&'a [u8]>,
}

/// All fields of a block.
pub(super) struct Directory<'a> {
    pub big_endian: bool,
    pub slots: Vec<Slot<'a>>,
    /// A sub-directory claims a successor, which no reader follows.
    pub has_stray_directory: bool,
}

struct Walker<'a> {
    data: &'a [u8],
    seen: BTreeSet<usize>,
    pending: Vec<(usize, Context, u16)>,
    out: Directory<'a>,
}

/// Lists the fields of `data`, which starts at the TIFF header.
pub(super) fn walk(data: &[u8]) -> Result<Directory<'_>, MediaError> {
    let big_endian = match data.get(..4) {
        Some(b"MM\0*") => true,
        Some(b"II*\0") => false,
        _ => {
            return Err(MediaError::Malformed(
                "its Exif details have no valid header",
            ));
        }
    };
    let mut walker = Walker {
        data,
        seen: BTreeSet::new(),
        pending: Vec::new(),
        out: Directory {
            big_endian,
            slots: Vec::new(),
            has_stray_directory: false,
        },
    };
    let first = walker.u32_at(4)? as usize;
    if first != 0 {
        walker.pending.push((first, Context::Tiff, 0));
    }
    while let Some((offset, context, ifd)) = walker.pending.pop() {
        walker.directory(offset, context, ifd)?;
    }
    Ok(walker.out)
}

impl<'a> Walker<'a> {
    fn directory(&mut self, offset: usize, context: Context, ifd: u16) -> Result<(), MediaError> {
        if !self.seen.insert(offset) || ifd >= MAX_CHAIN {
            return Err(MediaError::Malformed("its Exif details run in a circle"));
        }
        let count = usize::from(self.u16_at(offset)?);
        if self.out.slots.len() + count > MAX_SLOTS {
            return Err(MediaError::TooManySegments);
        }
        for index in 0..count {
            self.slot(offset + 2 + index * 12, context, ifd)?;
        }
        // Some writers leave out the last directory's link; every field has been read by then.
        let link_at = offset + 2 + count * 12;
        let next = if self.data.len() < link_at + 4 {
            0
        } else {
            self.u32_at(link_at)?
        };
        match (next as usize, context) {
            (0, _) => {}
            (next, Context::Tiff) => self.pending.push((next, Context::Tiff, ifd + 1)),
            _ => self.out.has_stray_directory = true,
        }
        Ok(())
    }

    fn slot(&mut self, at: usize, context: Context, ifd: u16) -> Result<(), MediaError> {
        let tag = Tag(context, self.u16_at(at)?);
        let kind = self.u16_at(at + 2)?;
        let count = self.u32_at(at + 4)? as usize;
        let raw = self.raw(at, kind, count)?;
        let child = match tag {
            Tag::ExifIFDPointer => Some(Context::Exif),
            Tag::GPSInfoIFDPointer => Some(Context::Gps),
            Tag::InteropIFDPointer => Some(Context::Interop),
            _ => None,
        };
        match child {
            Some(child) => {
                let target = self.pointer(kind, raw)?;
                self.pending.push((target, child, ifd));
            }
            None => self.out.slots.push(Slot {
                tag,
                ifd,
                kind,
                raw,
            }),
        }
        Ok(())
    }

    fn raw(&self, at: usize, kind: u16, count: usize) -> Result<Option<&'a [u8]>, MediaError> {
        let unit = match kind {
            1 | 2 | 6 | 7 | 129 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return Ok(None),
        };
        let Some(len) = count.checked_mul(unit) else {
            return Ok(None);
        };
        let start = if len <= 4 {
            at + 8
        } else {
            self.u32_at(at + 8)? as usize
        };
        Ok(start
            .checked_add(len)
            .and_then(|end| self.data.get(start..end)))
    }

    /// Reads a pointer as `kamadak-exif` does: the first number, whatever its width.
    fn pointer(&self, kind: u16, raw: Option<&[u8]>) -> Result<usize, MediaError> {
        let big = self.out.big_endian;
        let value = match (kind, raw) {
            (1, Some([a, ..])) => u32::from(*a),
            (3, Some([a, b, ..])) => u32::from(number16([*a, *b], big)),
            (4, Some([a, b, c, d, ..])) => number32([*a, *b, *c, *d], big),
            _ => return Err(MediaError::Malformed("its Exif details point nowhere")),
        };
        Ok(value as usize)
    }

    fn u16_at(&self, at: usize) -> Result<u16, MediaError> {
        let bytes = self.data.get(at..).and_then(<[u8]>::first_chunk);
        let bytes = bytes.ok_or(MediaError::Malformed("its Exif details are cut short"))?;
        Ok(number16(*bytes, self.out.big_endian))
    }

    fn u32_at(&self, at: usize) -> Result<u32, MediaError> {
        let bytes = self.data.get(at..).and_then(<[u8]>::first_chunk);
        let bytes = bytes.ok_or(MediaError::Malformed("its Exif details are cut short"))?;
        Ok(number32(*bytes, self.out.big_endian))
    }
}

fn number16(bytes: [u8; 2], big_endian: bool) -> u16 {
    if big_endian {
        u16::from_be_bytes(bytes)
    } else {
        u16::from_le_bytes(bytes)
    }
}

fn number32(bytes: [u8; 4], big_endian: bool) -> u32 {
    if big_endian {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    }
}
