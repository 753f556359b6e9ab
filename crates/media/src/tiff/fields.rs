//! Says which fields of a TIFF are about the pixels and nothing else, and reads the numbers among them that decide what
//! kind of file it is.

use super::walk::{Directory, Field, Role, Tiff, number, unit};

const NEW_SUBFILE: u16 = 0x00FE;
pub(super) const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;
pub(super) const COMPRESSION: u16 = 0x0103;
pub(super) const PHOTOMETRIC: u16 = 0x0106;
pub(super) const SAMPLES: u16 = 0x0115;
pub(super) const BITS: u16 = 0x0102;
pub(super) const COLOUR_MAP: u16 = 0x0140;
pub(super) const FILL_ORDER: u16 = 0x010A;
pub(super) const PREDICTOR: u16 = 0x013D;
pub(super) const TILE_WIDTH: u16 = 0x0142;
pub(super) const EXTRA_SAMPLES: u16 = 0x0152;

/// A further page that is no longer than this on any side, and half the first page's, is a preview of it.
const PREVIEW_SIDE: u32 = 640;

/// Fields that place, pack and tint pixels, and pointers that have been followed.
pub(super) fn is_structure(tag: u16) -> bool {
    matches!(tag,
        0x00FE | 0x00FF | 0x0100..=0x0103 | 0x0106..=0x010A | 0x0111 | 0x0115..=0x011C | 0x011E..=0x0125
        | 0x0128 | 0x0129 | 0x012C | 0x012D | 0x013D..=0x014A | 0x014C | 0x014E | 0x0150 | 0x0152..=0x015B
        | 0x0190..=0x0194 | 0x0200..=0x0209 | 0x0211..=0x0214 | 0x022F | 0x80E3..=0x80E6 | 0x828D | 0x828E
        | 0x8769 | 0x8825 | 0xA005)
}

/// Returns the first number of a field.
pub(super) fn value(tiff: &Tiff<'_>, field: &Field<'_>) -> Option<u32> {
    let unit = unit(field.kind).filter(|_| matches!(field.kind, 1 | 3 | 4 | 13 | 16 | 18))?;
    let value = number(field.raw?.get(..unit)?, tiff.big_endian)?;
    u32::try_from(value).ok()
}

pub(super) fn value_of(tiff: &Tiff<'_>, directory: &Directory<'_>, tag: u16) -> Option<u32> {
    value(tiff, directory.field(tag)?)
}

pub(super) fn size(tiff: &Tiff<'_>, directory: &Directory<'_>) -> Option<(u32, u32)> {
    let side = |tag| value_of(tiff, directory, tag);
    Some((side(WIDTH)?, side(HEIGHT)?))
}

/// Tells whether a further page only shows the first one smaller, or masks it.
pub(super) fn is_preview(tiff: &Tiff<'_>, page: &Directory<'_>, first: &Directory<'_>) -> bool {
    let flagged = value_of(tiff, page, NEW_SUBFILE).is_some_and(|flags| flags & 0b101 != 0);
    let old_flag = value_of(tiff, page, 0x00FF) == Some(2);
    let small = match (size(tiff, page), size(tiff, first)) {
        (Some((w, h)), Some((w0, h0))) => w.max(h) <= PREVIEW_SIDE && w <= w0 / 2 && h <= h0 / 2,
        // A thumbnail as Exif has it gives no size.
        (None, _) => true,
        _ => false,
    };
    flagged || old_flag || small
}

/// Counts the pages that are pictures of their own.
pub(super) fn pages(tiff: &Tiff<'_>) -> usize {
    let mut pages = tiff
        .directories
        .iter()
        .filter(|d| matches!(d.role, Role::Page(_)));
    let Some(first) = pages.next() else {
        return 0;
    };
    1 + pages.filter(|page| !is_preview(tiff, page, first)).count()
}

/// Tells whether any picture in the file is what a sensor saw, before it became a picture.
pub(super) fn is_camera_raw(tiff: &Tiff<'_>) -> bool {
    const DNG_VERSION: u16 = 0xC612;
    let is_raw = |directory: &Directory<'_>| {
        let colour = value_of(tiff, directory, PHOTOMETRIC);
        let packed = value_of(tiff, directory, COMPRESSION);
        directory.field(DNG_VERSION).is_some()
            || matches!(colour, Some(32_803 | 34_892))
            || matches!(
                packed,
                Some(32_767 | 32_769 | 32_770 | 34_713 | 34_892 | 65_000 | 65_535)
            )
    };
    tiff.is_camera_header || tiff.directories.iter().any(is_raw)
}
