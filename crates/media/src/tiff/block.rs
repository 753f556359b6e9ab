//! Writes what a picture of a TIFF says about itself as a small Exif block, so that one reader serves both. BigTIFF becomes
//! an ordinary one on the way; the fields that only place and pack pixels are left out.

use super::fields::is_structure;
use super::walk::{Directory, Field, Role, Tiff};
use crate::error::MediaError;

/// The directories that belong to one picture.
struct Parts<'t, 'a> {
    picture: Vec<&'t Field<'a>>,
    exif: Vec<&'t Field<'a>>,
    gps: Vec<&'t Field<'a>>,
    interop: Vec<&'t Field<'a>>,
}

/// Builds the block of the picture with this index. `read_apart` names fields that have another reader.
pub(super) fn of(
    tiff: &Tiff<'_>,
    index: usize,
    room: usize,
    read_apart: impl Fn(u16) -> bool,
) -> Result<Vec<u8>, MediaError> {
    let keep = |directory: &Directory<'_>, field: &Field<'_>| {
        let is_picture = matches!(directory.role, Role::Page(_) | Role::Sub(_));
        match is_picture {
            true => !is_structure(field.tag) && !read_apart(field.tag),
            false => field.tag != 0xA005,
        }
    };
    let fields = |role: Role| {
        let directory = tiff.directories.iter().find(|d| d.role == role);
        directory
            .into_iter()
            .flat_map(|d| d.fields.iter().filter(|f| keep(d, f)))
            .collect::<Vec<_>>()
    };
    let exif_index = tiff
        .directories
        .iter()
        .position(|d| d.role == Role::Exif(index));
    let picture = &tiff.directories[index];
    let parts = Parts {
        picture: picture.fields.iter().filter(|f| keep(picture, f)).collect(),
        exif: fields(Role::Exif(index)),
        gps: fields(Role::Gps(index)),
        interop: exif_index.map_or_else(Vec::new, |exif| fields(Role::Interop(exif))),
    };
    let all = [&parts.picture, &parts.exif, &parts.gps, &parts.interop];
    let bytes: usize = all
        .iter()
        .flat_map(|part| part.iter())
        .map(|f| f.raw.map_or(0, <[u8]>::len) + 24)
        .sum();
    // Fields that share their bytes would multiply them here.
    if bytes > room {
        return Err(MediaError::TooManySegments);
    }
    Ok(write(tiff.big_endian, &parts))
}

struct Writer {
    big_endian: bool,
    out: Vec<u8>,
    data: Vec<u8>,
    data_at: usize,
}

fn write(big_endian: bool, parts: &Parts<'_, '_>) -> Vec<u8> {
    let len = |fields: usize| 2 + 12 * fields + 4;
    let has_exif = !(parts.exif.is_empty() && parts.interop.is_empty());
    let links = usize::from(has_exif) + usize::from(!parts.gps.is_empty());
    let exif_at = 8 + len(parts.picture.len() + links);
    let gps_at = exif_at + len(parts.exif.len() + usize::from(!parts.interop.is_empty()));
    let interop_at = gps_at + len(parts.gps.len());
    let data_at = interop_at + len(parts.interop.len());
    let header = if big_endian {
        b"MM\0*\0\0\0\x08"
    } else {
        b"II*\0\x08\0\0\0"
    };
    let mut writer = Writer {
        big_endian,
        out: header.to_vec(),
        data: Vec::new(),
        data_at,
    };
    let link = |wanted: bool, tag: u16, at: usize| wanted.then_some((tag, at));
    let exif = link(has_exif, 0x8769, exif_at);
    let gps = link(!parts.gps.is_empty(), 0x8825, gps_at);
    let interop = link(!parts.interop.is_empty(), 0xA005, interop_at);
    writer.directory(&parts.picture, &[exif, gps]);
    writer.directory(&parts.exif, &[interop]);
    writer.directory(&parts.gps, &[]);
    writer.directory(&parts.interop, &[]);
    writer.out.extend_from_slice(&writer.data);
    writer.out
}

impl Writer {
    fn directory(&mut self, fields: &[&Field<'_>], links: &[Option<(u16, usize)>]) {
        let links: Vec<(u16, usize)> = links.iter().flatten().copied().collect();
        self.short((fields.len() + links.len()) as u16);
        for field in fields {
            self.field(field);
        }
        for (tag, at) in links {
            self.short(tag);
            self.short(4);
            self.long(1);
            self.long(at as u32);
        }
        self.long(0);
    }

    fn field(&mut self, field: &Field<'_>) {
        self.short(field.tag);
        let (kind, count) = match (field.kind, field.raw) {
            // 64-bit numbers do not exist in the small form.
            (16..=18, Some(raw)) => (7, raw.len() as u64),
            (kind, _) => (kind, field.count),
        };
        self.short(kind);
        self.long(u32::try_from(count).unwrap_or(u32::MAX));
        match field.raw {
            // Points outside, as in the file.
            None => self.long(u32::MAX),
            Some(raw) if raw.len() <= 4 => {
                let mut inline = [0; 4];
                inline[..raw.len()].copy_from_slice(raw);
                self.out.extend_from_slice(&inline);
            }
            Some(raw) => {
                self.long((self.data_at + self.data.len()) as u32);
                self.data.extend_from_slice(raw);
                self.data.resize(self.data.len().next_multiple_of(2), 0);
            }
        }
    }

    fn short(&mut self, value: u16) {
        let bytes = if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        };
        self.out.extend_from_slice(&bytes);
    }

    fn long(&mut self, value: u32) {
        let bytes = if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        };
        self.out.extend_from_slice(&bytes);
    }
}
