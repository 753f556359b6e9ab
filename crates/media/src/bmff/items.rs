//! The items of a HEIF file (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12): what there is, where its bytes are, what refers
//! to what, which properties belong to which. What an item gives away is decided in `picture`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::boxes::{Part, Parts, until_zero};
use super::tree::Reader;
use crate::error::MediaError;

const BROKEN: MediaError = MediaError::Malformed("the list of its pictures cannot be read");
/// Extents of all items together; a 200-megapixel picture has under 2,000 tiles of one each.
const MAX_EXTENTS: usize = 100_000;
/// References and associations together.
const MAX_LINKS: usize = 1_000_000;

/// One item.
#[derive(Default)]
pub(super) struct Item<'a> {
    /// Four letters; `mime` for what versions 0 and 1 of the box list.
    pub kind: [u8; 4],
    pub name: &'a [u8],
    /// Of a `mime` item.
    pub content_type: &'a [u8],
    /// Of a `mime` item: `deflate` and the like.
    pub encoding: &'a [u8],
    /// Of a `uri ` item.
    pub uri: &'a [u8],
    method: u8,
    is_elsewhere: bool,
    extents: Vec<(u64, u64)>,
}

/// A reference from one item to others.
pub(super) struct Link {
    pub kind: [u8; 4],
    pub from: u32,
    pub to: Vec<u32>,
}

/// All items of a file.
#[derive(Default)]
pub(super) struct Items<'a> {
    pub primary: Option<u32>,
    pub by_id: BTreeMap<u32, Item<'a>>,
    pub links: Vec<Link>,
    pub properties: Vec<Part<'a>>,
    associations: BTreeMap<u32, Vec<u16>>,
    data: &'a [u8],
    link_count: usize,
    extent_count: usize,
}

/// Tells whether a `meta` box lists items.
pub(super) fn holds_items(meta: &[u8]) -> bool {
    let mut parts = Parts::new(meta);
    for _ in 0..64 {
        match parts.next() {
            Ok(Some(part)) if matches!(&part.kind, b"iinf" | b"iloc" | b"pitm") => return true,
            Ok(Some(_)) => {}
            _ => return false,
        }
    }
    false
}

impl<'a> Items<'a> {
    /// Takes one box of `meta` in; false if it is none of the list's.
    pub(super) fn take(
        &mut self,
        part: &Part<'a>,
        reader: &mut Reader<'a, '_>,
    ) -> Result<bool, MediaError> {
        let mut bytes = Cursor(part.body);
        match &part.kind {
            b"pitm" => {
                let version = bytes.version()?;
                self.primary = Some(bytes.id(version >= 1)?);
            }
            b"iinf" => self.infos(bytes, reader)?,
            b"iloc" => self.locations(bytes)?,
            b"iref" => self.references(bytes, reader)?,
            b"iprp" => self.property_box(bytes, reader)?,
            b"idat" => self.data = part.body,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn infos(
        &mut self,
        mut bytes: Cursor<'a>,
        reader: &mut Reader<'a, '_>,
    ) -> Result<(), MediaError> {
        let version = bytes.version()?;
        bytes.id(version >= 1)?;
        let mut parts = Parts::new(bytes.0);
        while let Some(part) = parts.next()? {
            reader.count()?;
            if &part.kind == b"infe" {
                self.info(Cursor(part.body))?;
            }
        }
        Ok(())
    }

    fn info(&mut self, mut bytes: Cursor<'a>) -> Result<(), MediaError> {
        let version = bytes.version()?;
        let id = bytes.id(version >= 3)?;
        bytes.number(2)?;
        let kind = match version {
            0 | 1 => *b"mime",
            _ => bytes.take(4)?.first_chunk().copied().ok_or(BROKEN)?,
        };
        let (name, rest) = until_zero(bytes.0);
        let (first, rest) = until_zero(rest);
        let item = self.by_id.entry(id).or_default();
        if item.kind != [0; 4] {
            return Err(MediaError::Malformed("two of its pictures have one number"));
        }
        item.kind = kind;
        item.name = name;
        match &kind {
            b"mime" => {
                item.content_type = first;
                item.encoding = until_zero(rest).0;
            }
            b"uri " => item.uri = first,
            _ => {}
        }
        Ok(())
    }

    fn locations(&mut self, mut bytes: Cursor<'a>) -> Result<(), MediaError> {
        let version = bytes.version()?;
        let sizes = bytes.number(2)?;
        let size = |shift: u32| (sizes >> shift & 15) as usize;
        let (offset_size, length_size, base_size) = (size(12), size(8), size(4));
        let index_size = if version >= 1 { size(0) } else { 0 };
        let count = bytes.id(version >= 2)?;
        for _ in 0..count {
            let id = bytes.id(version >= 2)?;
            let method = if version >= 1 {
                bytes.number(2)? & 15
            } else {
                0
            };
            let reference = bytes.number(2)?;
            let base = bytes.number(base_size)?;
            let extents = bytes.number(2)? as usize;
            self.extent_count += extents;
            if self.extent_count > MAX_EXTENTS {
                return Err(MediaError::TooManySegments);
            }
            let mut found = Vec::new();
            for _ in 0..extents {
                bytes.number(index_size)?;
                let offset = bytes.number(offset_size)?.checked_add(base).ok_or(BROKEN)?;
                found.push((offset, bytes.number(length_size)?));
            }
            let item = self.by_id.entry(id).or_default();
            item.method = method as u8;
            item.is_elsewhere = reference != 0;
            item.extents = found;
        }
        Ok(())
    }

    fn references(
        &mut self,
        mut bytes: Cursor<'a>,
        reader: &mut Reader<'a, '_>,
    ) -> Result<(), MediaError> {
        let is_wide = bytes.version()? >= 1;
        let mut parts = Parts::new(bytes.0);
        while let Some(part) = parts.next()? {
            reader.count()?;
            let mut bytes = Cursor(part.body);
            let from = bytes.id(is_wide)?;
            let count = bytes.number(2)? as usize;
            self.links(count)?;
            let to = (0..count).map(|_| bytes.id(is_wide));
            self.links.push(Link {
                kind: part.kind,
                from,
                to: to.collect::<Result<_, _>>()?,
            });
        }
        Ok(())
    }

    fn property_box(
        &mut self,
        bytes: Cursor<'a>,
        reader: &mut Reader<'a, '_>,
    ) -> Result<(), MediaError> {
        let mut parts = Parts::new(bytes.0);
        while let Some(part) = parts.next()? {
            reader.count()?;
            match &part.kind {
                b"ipco" => {
                    let mut inner = Parts::new(part.body);
                    while let Some(property) = inner.next()? {
                        reader.count()?;
                        self.properties.push(property);
                    }
                }
                b"ipma" => self.associate(Cursor(part.body))?,
                _ => {}
            }
        }
        Ok(())
    }

    fn associate(&mut self, mut bytes: Cursor<'a>) -> Result<(), MediaError> {
        let head = bytes.number(4)?;
        let (is_wide_id, is_wide_index) = (head >> 24 >= 1, head & 1 == 1);
        for _ in 0..bytes.number(4)? {
            let id = bytes.id(is_wide_id)?;
            let count = bytes.number(1)? as usize;
            self.links(count)?;
            let list = self.associations.entry(id).or_default();
            for _ in 0..count {
                // The highest bit says that a reader must know the property.
                list.push(match is_wide_index {
                    true => (bytes.number(2)? & 0x7FFF) as u16,
                    false => (bytes.number(1)? & 0x7F) as u16,
                });
            }
        }
        Ok(())
    }

    fn links(&mut self, more: usize) -> Result<(), MediaError> {
        self.link_count += more;
        match self.link_count > MAX_LINKS {
            true => Err(MediaError::TooManySegments),
            false => Ok(()),
        }
    }

    /// The references of one kind.
    pub(super) fn linked(&self, kind: [u8; 4]) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| link.kind == kind)
    }

    /// The items that references of one kind start from.
    pub(super) fn from(&self, kind: [u8; 4]) -> BTreeSet<u32> {
        self.linked(kind).map(|link| link.from).collect()
    }

    /// The properties of an item, in the order in which they apply.
    pub(super) fn properties_of(&self, id: u32) -> impl Iterator<Item = &Part<'a>> {
        let list = self.associations.get(&id).map(Vec::as_slice);
        list.unwrap_or_default()
            .iter()
            .filter_map(|index| self.properties.get(usize::from(*index).checked_sub(1)?))
    }

    /// The size that an item says it has.
    pub(super) fn size_of(&self, id: u32) -> Option<(u32, u32)> {
        let property = self.properties_of(id).find(|p| &p.kind == b"ispe")?;
        let at = |at| super::boxes::be32(property.body, at);
        Some((at(4)?, at(8)?))
    }

    /// Tells whether all bytes of an item are there.
    pub(super) fn is_whole(&self, id: u32, file: &[u8]) -> bool {
        let Some(item) = self.by_id.get(&id) else {
            return false;
        };
        let source = if item.method == 1 { self.data } else { file };
        let is_inside = |&(offset, length): &(u64, u64)| {
            offset
                .checked_add(length)
                .is_some_and(|end| end <= source.len() as u64)
        };
        !item.is_elsewhere && (item.method > 1 || item.extents.iter().all(is_inside))
    }

    /// The bytes of an item; `None` if they are not in this file or lie outside it.
    pub(super) fn bytes_of(&self, item: &Item<'a>, file: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        let source = match item.method {
            0 => file,
            1 => self.data,
            _ => return None,
        };
        if item.is_elsewhere {
            return None;
        }
        let piece = |(offset, length): (u64, u64)| {
            let start = usize::try_from(offset).ok()?;
            let rest = source.get(start..)?;
            // A length of zero means everything.
            match usize::try_from(length).ok()? {
                0 => Some(rest),
                length => rest.get(..length),
            }
        };
        match item.extents.as_slice() {
            [] => None,
            [one] => piece(*one).map(Cow::Borrowed),
            many => {
                let mut whole = Vec::new();
                for extent in many {
                    let piece = piece(*extent)?;
                    // Extents that overlap could make a gigabyte out of a kilobyte.
                    if whole.len() + piece.len() > source.len() {
                        return None;
                    }
                    whole.extend_from_slice(piece);
                }
                Some(Cow::Owned(whole))
            }
        }
    }
}

/// Reads numbers off the front of bytes.
#[derive(Clone, Copy)]
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], MediaError> {
        let (head, rest) = self.0.split_at_checked(len).ok_or(BROKEN)?;
        self.0 = rest;
        Ok(head)
    }

    /// A number of up to eight bytes; none at all is zero.
    fn number(&mut self, len: usize) -> Result<u64, MediaError> {
        if len > 8 {
            return Err(BROKEN);
        }
        let bytes = self.take(len)?;
        Ok(bytes.iter().fold(0, |sum, &b| sum << 8 | u64::from(b)))
    }

    /// A number of an item, or a count: two bytes or four.
    fn id(&mut self, is_wide: bool) -> Result<u32, MediaError> {
        let number = self.number(if is_wide { 4 } else { 2 })?;
        u32::try_from(number).map_err(|_| BROKEN)
    }

    /// The version in the first byte of the version-and-flags word.
    fn version(&mut self) -> Result<u8, MediaError> {
        Ok(self.take(4)?[0])
    }
}
