//! Walks the directories of a TIFF block (TIFF 6.0 section 2) without recursion and within bounds, and lists every slot
//! with its raw bytes. Real cameras write pointers that lead nowhere, so what is broken costs itself and not the block.
//! It runs before `kamadak-exif`, which follows repeated pointers as often as they occur (a 64 KiB block can make it list
//! millions of fields) and says nothing about a field whose value lies outside the block. What a tag means is decided in
//! `tags`.

use std::collections::BTreeSet;

use exif::{Context, Tag};

/// `kamadak-exif` follows the same number of chained directories.
const MAX_CHAIN: u16 = 8;
/// Cameras write under 300 fields in all directories together.
const MAX_SLOTS: usize = 4096;
/// Sub-directories that one field may point at.
const MAX_CHILDREN: usize = 8;
/// Directories that are not in the chain are numbered from here.
pub(super) const SUB_IFD: u16 = 100;

/// Directories met again: three or more readings of each would add up.
const MAX_REPEATS: usize = 2;
/// The fields that point at further directories: Exif, GPS, interoperability.
const POINTERS: [u16; 3] = [0x8769, 0x8825, 0xA005];

const SUB_IFDS: Tag = Tag(Context::Tiff, 0x014A);

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
    /// A reader that follows every pointer might not come to an end soon.
    pub is_risky: bool,
    /// So many fields that not all of them were looked at.
    pub is_overfull: bool,
}

struct Walker<'a> {
    data: &'a [u8],
    seen: BTreeSet<usize>,
    pending: Vec<(usize, Context, u16)>,
    repeats: usize,
    is_broken: bool,
    out: Directory<'a>,
}

/// Lists the fields of `data`, which starts at the TIFF header; `None` when there is no directory to be read.
pub(super) fn walk(data: &[u8]) -> Option<Directory<'_>> {
    let big_endian = match data.get(..2)? {
        b"MM" => true,
        b"II" => false,
        _ => return None,
    };
    let mut walker = Walker {
        data,
        seen: BTreeSet::new(),
        pending: Vec::new(),
        repeats: 0,
        is_broken: false,
        out: Directory {
            big_endian,
            slots: Vec::new(),
            is_risky: false,
            is_overfull: false,
        },
    };
    let first = walker.u32_at(4)? as usize;
    walker.u16_at(first).filter(|_| first >= 8)?;
    walker.pending.push((first, Context::Tiff, 0));
    while let Some((offset, context, ifd)) = walker.pending.pop() {
        if walker.seen.insert(offset) {
            walker.is_broken |= walker.directory(offset, context, ifd).is_none();
        } else {
            walker.repeats += 1;
        }
    }
    walker.out.is_risky |= walker.out.is_overfull || walker.repeats > MAX_REPEATS;
    let is_lost = walker.out.slots.is_empty() && walker.is_broken;
    (!is_lost).then_some(walker.out)
}

impl<'a> Walker<'a> {
    /// Lists one directory; `None` when it was broken somewhere.
    fn directory(&mut self, offset: usize, context: Context, ifd: u16) -> Option<()> {
        if ifd % SUB_IFD >= MAX_CHAIN {
            return None;
        }
        let count = usize::from(self.u16_at(offset)?);
        let first = offset + 2;
        // A directory whose first fields make no sense is none: the pointer was wrong. What is called a place is reported.
        let mut kinds = (0..count.min(3)).filter_map(|index| self.u16_at(first + index * 12 + 2));
        let makes_sense = count == 0 || kinds.any(|kind| matches!(kind, 1..=13 | 129));
        if !makes_sense && context != Context::Gps {
            let tags = (0..count).map_while(|index| self.u16_at(first + index * 12));
            self.out.is_risky |= tags.into_iter().any(|tag| POINTERS.contains(&tag));
            return None;
        }
        for index in 0..count {
            if self.out.slots.len() >= MAX_SLOTS {
                self.out.is_overfull = true;
                return None;
            }
            self.slot(first + index * 12, context, ifd)?;
        }
        // Some writers leave out the last directory's link.
        let next = self.u32_at(first + count * 12).unwrap_or(0) as usize;
        let is_chained = context == Context::Tiff && ifd < SUB_IFD;
        if is_chained && next != 0 && next < self.data.len() {
            self.pending.push((next, Context::Tiff, ifd + 1));
        }
        Some(())
    }

    fn slot(&mut self, at: usize, context: Context, ifd: u16) -> Option<()> {
        let tag = Tag(context, self.u16_at(at)?);
        let kind = self.u16_at(at + 2)?;
        let count = self.u32_at(at + 4)? as usize;
        // Unused room in a directory.
        if kind == 0 {
            return Some(());
        }
        let raw = self.raw(at, kind, count);
        let child = match tag {
            Tag::ExifIFDPointer => Some(Context::Exif),
            Tag::GPSInfoIFDPointer => Some(Context::Gps),
            Tag::InteropIFDPointer => Some(Context::Interop),
            _ => None,
        };
        match child {
            Some(child) => {
                let target = raw.and_then(|raw| self.pointer(kind, raw));
                self.pending
                    .extend(target.map(|target| (target, child, ifd)));
            }
            None => {
                if tag == SUB_IFDS {
                    self.children(kind, raw.unwrap_or_default());
                }
                self.out.slots.push(Slot {
                    tag,
                    ifd,
                    kind,
                    raw,
                });
            }
        }
        Some(())
    }

    fn children(&mut self, kind: u16, raw: &[u8]) {
        let targets = raw.chunks_exact(4).take(MAX_CHILDREN);
        for (target, number) in targets.zip(SUB_IFD..) {
            // Type 13 is a pointer by name.
            let kind = if kind == 13 { 4 } else { kind };
            if let Some(target) = self.pointer(kind, target) {
                self.pending.push((target, Context::Tiff, number));
            }
        }
    }

    fn raw(&self, at: usize, kind: u16, count: usize) -> Option<&'a [u8]> {
        let unit = match kind {
            1 | 2 | 6 | 7 | 129 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let len = count.checked_mul(unit)?;
        let start = if len <= 4 {
            at + 8
        } else {
            self.u32_at(at + 8)? as usize
        };
        self.data.get(start..start.checked_add(len)?)
    }

    /// Reads a pointer as `kamadak-exif` does: the first number, whatever its width.
    fn pointer(&self, kind: u16, raw: &[u8]) -> Option<usize> {
        let big = self.out.big_endian;
        let value = match (kind, raw) {
            (1, [a, ..]) => u32::from(*a),
            (3 | 8, [a, b, ..]) => u32::from(number16([*a, *b], big)),
            (4 | 9 | 13, [a, b, c, d, ..]) => number32([*a, *b, *c, *d], big),
            _ => return None,
        };
        Some(value as usize)
    }

    fn u16_at(&self, at: usize) -> Option<u16> {
        let bytes = self.data.get(at..)?.first_chunk()?;
        Some(number16(*bytes, self.out.big_endian))
    }

    fn u32_at(&self, at: usize) -> Option<u32> {
        let bytes = self.data.get(at..)?.first_chunk()?;
        Some(number32(*bytes, self.out.big_endian))
    }
}

pub(super) fn number16(bytes: [u8; 2], big_endian: bool) -> u16 {
    if big_endian {
        u16::from_be_bytes(bytes)
    } else {
        u16::from_le_bytes(bytes)
    }
}

pub(super) fn number32(bytes: [u8; 4], big_endian: bool) -> u32 {
    if big_endian {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    }
}
