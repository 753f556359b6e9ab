//! Walks the directories of a TIFF (TIFF 6.0 section 2; BigTIFF has the same with 64-bit numbers) without recursion and
//! within bounds. What a field means is decided in `fields`.

use std::collections::BTreeSet;

use crate::error::MediaError;
use crate::limits::Limits;

/// Pages, thumbnails and sub-directories of any real file.
const MAX_DIRECTORIES: usize = 1_000;
/// Pointers of one field to further pictures.
const MAX_SUB_PICTURES: usize = 64;

const CIRCLE: MediaError = MediaError::Malformed("its directories run in a circle");

/// What a directory describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A picture in the main chain, counted from 0.
    Page(usize),
    /// A picture that a field of this directory (by index) points to.
    Sub(usize),
    /// Exif details of this directory.
    Exif(usize),
    Gps(usize),
    Interop(usize),
}

/// One field.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub tag: u16,
    pub kind: u16,
    pub count: u64,
    /// The value as stored; `None` when it lies outside the file or has an unknown type.
    pub raw: Option<&'a [u8]>,
    /// Where the value starts.
    pub at: usize,
    /// Where the field itself starts.
    pub slot: usize,
}

/// One directory.
pub(super) struct Directory<'a> {
    pub role: Role,
    pub fields: Vec<Field<'a>>,
}

/// A TIFF in pieces.
pub(super) struct Tiff<'a> {
    pub big_endian: bool,
    /// BigTIFF: numbers of 64 bits.
    pub wide: bool,
    pub directories: Vec<Directory<'a>>,
    /// Some pointer leads to a directory that cannot be read.
    pub has_lost_directory: bool,
    /// The header says that a camera wrote its raw data in a way of its own.
    pub is_camera_header: bool,
}

impl<'a> Directory<'a> {
    pub(super) fn field(&self, tag: u16) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.tag == tag)
    }
}

struct Walker<'a> {
    data: &'a [u8],
    wide: bool,
    seen: BTreeSet<usize>,
    pending: Vec<(usize, Role)>,
    fields_left: usize,
    out: Tiff<'a>,
}

/// Lists the directories of a file.
pub(super) fn walk<'a>(data: &'a [u8], limits: &Limits) -> Result<Tiff<'a>, MediaError> {
    let big_endian = data.starts_with(b"MM");
    let wide = matches!(data.get(2..4), Some(b"+\0" | b"\0+"));
    let is_plain = matches!(data.get(2..4), Some(b"*\0" | b"\0*"));
    let mut walker = Walker {
        data,
        wide,
        seen: BTreeSet::new(),
        pending: Vec::new(),
        fields_left: limits.max_segments,
        out: Tiff {
            big_endian,
            wide,
            directories: Vec::new(),
            has_lost_directory: false,
            is_camera_header: !(wide || is_plain) || data.get(8..10) == Some(b"CR"),
        },
    };
    let first = match wide {
        true => walker.number(8, 8),
        false => walker.number(4, 4),
    };
    let first = first.ok_or(MediaError::Truncated)?;
    walker.queue(first, Role::Page(0))?;
    while let Some((at, role)) = walker.pending.pop() {
        if walker.directory(at, role)?.is_none() {
            if role == Role::Page(0) {
                return Err(MediaError::Truncated);
            }
            walker.out.has_lost_directory = true;
        }
    }
    Ok(walker.out)
}

impl<'a> Walker<'a> {
    /// Reads a directory and notes where it leads; `None` when it does not lie inside the file.
    fn directory(&mut self, at: usize, role: Role) -> Result<Option<()>, MediaError> {
        let (head, slot, link) = if self.wide { (8, 20, 8) } else { (2, 12, 4) };
        let Some(count) = self.number(at, head) else {
            return Ok(None);
        };
        let end = count
            .checked_mul(slot)
            .and_then(|len| len.checked_add(at + head));
        let Some(end) = end.filter(|end| *end <= self.data.len()) else {
            return Ok(None);
        };
        self.fields_left = self
            .fields_left
            .checked_sub(count)
            .ok_or(MediaError::TooManySegments)?;
        let index = self.out.directories.len();
        let mut fields = Vec::new();
        for slot_at in (at + head..end).step_by(slot) {
            let Some(field) = self.field(slot_at) else {
                return Ok(None);
            };
            self.follow(&field, role, index)?;
            fields.push(field);
        }
        self.out.directories.push(Directory { role, fields });
        // Some writers leave out the last link.
        let next = self.number(end, link).unwrap_or(0);
        if let (Role::Page(number), true) = (role, next != 0) {
            self.queue(next, Role::Page(number + 1))?;
        }
        Ok(Some(()))
    }

    /// Notes a directory to read; each is read once.
    fn queue(&mut self, at: usize, role: Role) -> Result<(), MediaError> {
        match (self.seen.insert(at), role) {
            (true, _) if self.seen.len() > MAX_DIRECTORIES => Err(MediaError::TooManySegments),
            (true, _) => {
                self.pending.push((at, role));
                Ok(())
            }
            (false, Role::Page(_)) => Err(CIRCLE),
            // Several directories may share one set of details.
            (false, _) => Ok(()),
        }
    }

    fn field(&self, at: usize) -> Option<Field<'a>> {
        let tag = u16::try_from(self.number(at, 2)?).ok()?;
        let kind = u16::try_from(self.number(at + 2, 2)?).ok()?;
        let size = if self.wide { 8 } else { 4 };
        let count = self.number(at + 4, size)?;
        let inline = at + 4 + size;
        let len = unit(kind).and_then(|unit| count.checked_mul(unit));
        let start = match len {
            Some(len) if len <= size => inline,
            _ => self.number(inline, size)?,
        };
        let end = len.and_then(|len| start.checked_add(len));
        Some(Field {
            tag,
            kind,
            count: count as u64,
            raw: end.and_then(|end| self.data.get(start..end)),
            at: start,
            slot: at,
        })
    }

    fn follow(&mut self, field: &Field<'a>, role: Role, index: usize) -> Result<(), MediaError> {
        let is_picture = matches!(role, Role::Page(_) | Role::Sub(_));
        let (child, most) = match field.tag {
            0x8769 if is_picture => (Role::Exif(index), 1),
            0x8825 if is_picture => (Role::Gps(index), 1),
            0xA005 => (Role::Interop(index), 1),
            0x014A if is_picture => (Role::Sub(index), MAX_SUB_PICTURES),
            _ => return Ok(()),
        };
        let width = match field.kind {
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => 0,
        };
        let raw = field.raw.unwrap_or_default();
        if width == 0 || raw.len() < width || raw.len() / width > most {
            self.out.has_lost_directory = true;
            return Ok(());
        }
        for pointer in 0..raw.len() / width {
            // A pointer to nowhere is how some writers say that there is none.
            match self.number(field.at + pointer * width, width) {
                Some(0) => {}
                Some(at) => self.queue(at, child)?,
                None => self.out.has_lost_directory = true,
            }
        }
        Ok(())
    }

    fn number(&self, at: usize, width: usize) -> Option<usize> {
        let bytes = self.data.get(at..at.checked_add(width)?)?;
        number(bytes, self.out.big_endian)
    }
}

/// Bytes of one value of a type.
pub(super) fn unit(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 | 129 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

/// Reads an unsigned number of up to eight bytes.
pub(super) fn number(bytes: &[u8], big_endian: bool) -> Option<usize> {
    let fold = |sum: u64, &byte: &u8| sum << 8 | u64::from(byte);
    let value = match big_endian {
        true => bytes.iter().fold(0, fold),
        false => bytes.iter().rev().fold(0, fold),
    };
    usize::try_from(value).ok()
}
