//! The table that says what an Exif field can give away (Exif 3.0, DNG 1.7, Windows property tags). Values are read in
//! `mod.rs`.

use std::borrow::Cow;

use exif::{Context, Tag};

use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};

/// How the value of a field is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Text, or a number that is shown as text.
    Plain,
    /// Eight bytes of character code, then text (Exif 3.0, 4.6.6.B).
    CodedText,
    /// UTF-16LE, as Windows writes it.
    WindowsText,
    /// Not to be read, only reported.
    Opaque,
    /// A camera maker's own block.
    MakerNote,
    /// Where the smaller picture starts.
    Thumbnail,
    /// A packet of another standard inside a TIFF field.
    Xmp,
    /// IPTC-IIM records.
    Iptc,
    /// Photoshop image resources.
    Photoshop,
}

/// What a field is: kind, name and shape.
pub(super) type Meaning = (MetadataKind, Cow<'static, str>, Shape);

/// Returns what the field can give away; `None` for technical fields such as size, exposure or resolution. A text of
/// some length (`is_prose`) is reported wherever it stands.
pub(super) fn meaning(tag: Tag, ifd: u16, is_prose: bool) -> Option<Meaning> {
    if let Some((kind, name, shape)) = listed(tag) {
        return Some((kind, Cow::Borrowed(name), shape));
    }
    match tag {
        Tag(Context::Tiff, 0x0111 | 0x0144 | 0x0201) if ifd > 0 => {
            Some((Thumbnail, Cow::Borrowed("Thumbnail"), Shape::Thumbnail))
        }
        Tag(Context::Gps, number) => gps(tag, number).or_else(|| is_prose.then(|| prose(tag))),
        _ if is_technical(tag) && is_prose => Some(prose(tag)),
        _ if is_technical(tag) => None,
        // A field that no standard lists can hold anything, so it is reported though nobody can read it.
        Tag(_, number) => Some((
            Device,
            Cow::Owned(format!("Exif:0x{number:04X}")),
            Shape::Opaque,
        )),
    }
}

/// A text where a code or a number is expected.
fn prose(tag: Tag) -> Meaning {
    let name = match tag.description() {
        Some(_) => tag.to_string(),
        None => format!("Exif:0x{:04X}", tag.1),
    };
    (Comment, Cow::Owned(name), Shape::Plain)
}

fn gps(tag: Tag, number: u16) -> Option<Meaning> {
    // Cameras without a receiver write the version, status and datum all the same: no place in them.
    let (kind, shape) = match number {
        0x00 | 0x09 | 0x0A | 0x12 | 0x1E => return None,
        0x07 | 0x1D => (CaptureTime, Shape::Plain),
        0x1B | 0x1C => (Gps, Shape::CodedText),
        _ => (Gps, Shape::Plain),
    };
    let name = match tag.description() {
        Some(_) => tag.to_string(),
        None => format!("GPS:0x{number:04X}"),
    };
    Some((kind, Cow::Owned(name), shape))
}

fn is_technical(tag: Tag) -> bool {
    // Cells, tiles, ratings, Windows padding, reference black, print flags, gamma, exposure offset, interoperability.
    const UNLISTED: [u16; 18] = [
        0x00FE, 0x00FF, 0x0108, 0x0109, 0x0129, 0x013D, 0x0142, 0x0143, 0x0152, 0x0200, 0x1000,
        0x4746, 0x4749, 0x501B, 0xA500, 0xC7A5, 0xEA1C, 0xEA1D,
    ];
    tag.description().is_some() || tag.context() == Context::Interop || UNLISTED.contains(&tag.1)
}

fn listed(tag: Tag) -> Option<(MetadataKind, &'static str, Shape)> {
    let Tag(context, number) = tag;
    if !matches!(context, Context::Tiff | Context::Exif) {
        return None;
    }
    // Writers put these into either directory, so the directory is not asked.
    let (kind, name) = match number {
        0x013B => (PersonName, "Artist"),
        0xA437 => (PersonName, "Photographer"),
        0xA438 => (PersonName, "ImageEditor"),
        0x8298 => (Owner, "Copyright"),
        0xA430 => (Owner, "CameraOwnerName"),
        0xFDE8 => (Owner, "OwnerName"),
        0xC6FE => (Owner, "ProfileCopyright"),
        0xA431 => (SerialNumber, "BodySerialNumber"),
        0xA435 => (SerialNumber, "LensSerialNumber"),
        0xA420 => (SerialNumber, "ImageUniqueID"),
        0xC62F => (SerialNumber, "CameraSerialNumber"),
        0xFDE9 => (SerialNumber, "SerialNumber"),
        0xC353 => (Owner, "CameraOwner"),
        0xC354 => (SerialNumber, "SerialNumber"),
        0xC65D => (SerialNumber, "RawDataUniqueID"),
        0x9211 => (SerialNumber, "ImageNumber"),
        0xC68B => (Comment, "OriginalRawFileName"),
        0xC7A1 => (Comment, "CameraLabel"),
        0xC789 => (Comment, "ReelName"),
        0x0151 => (Comment, "TargetPrinter"),
        0x830E | 0x8480 | 0x8482 | 0x85D8 => (Gps, "GeoTiffModel"),
        0x87AF..=0x87B1 => (Gps, "GeoTiffParams"),
        0xA480 => (Comment, "GDALMetadata"),
        0x882A => (CaptureTime, "TimeZoneOffset"),
        0xC764 | 0xC763 => (CaptureTime, "TimeCodes"),
        0x0132 => (CaptureTime, "DateTime"),
        0x9003 => (CaptureTime, "DateTimeOriginal"),
        0x9004 => (CaptureTime, "DateTimeDigitized"),
        0x9010 => (CaptureTime, "OffsetTime"),
        0x9011 => (CaptureTime, "OffsetTimeOriginal"),
        0x9012 => (CaptureTime, "OffsetTimeDigitized"),
        0x9290 => (CaptureTime, "SubSecTime"),
        0x9291 => (CaptureTime, "SubSecTimeOriginal"),
        0x9292 => (CaptureTime, "SubSecTimeDigitized"),
        0xC71B => (CaptureTime, "PreviewDateTime"),
        0x010D => (Comment, "DocumentName"),
        0x010E => (Comment, "ImageDescription"),
        0x011D => (Comment, "PageName"),
        0x9213 => (Comment, "ImageHistory"),
        0xA004 => (Comment, "RelatedSoundFile"),
        0xA436 => (Comment, "ImageTitle"),
        0x010F => (Device, "Make"),
        0x0110 => (Device, "Model"),
        0x0131 => (Device, "Software"),
        0x013C => (Device, "HostComputer"),
        0xA433 => (Device, "LensMake"),
        0xA434 => (Device, "LensModel"),
        0xA439 => (Device, "CameraFirmware"),
        0xA43A => (Device, "RAWDevelopingSoftware"),
        0xA43B => (Device, "ImageEditingSoftware"),
        0xA43C => (Device, "MetadataEditingSoftware"),
        0xC614 => (Device, "UniqueCameraModel"),
        0xFDEA => (Device, "Lens"),
        _ => return listed_with_shape(number),
    };
    Some((kind, name, Shape::Plain))
}

fn listed_with_shape(number: u16) -> Option<(MetadataKind, &'static str, Shape)> {
    Some(match number {
        0x9286 => (Comment, "UserComment", Shape::CodedText),
        0x9C9B => (Comment, "XPTitle", Shape::WindowsText),
        0x9C9C => (Comment, "XPComment", Shape::WindowsText),
        0x9C9D => (PersonName, "XPAuthor", Shape::WindowsText),
        0x9C9E => (Comment, "XPKeywords", Shape::WindowsText),
        0x9C9F => (Comment, "XPSubject", Shape::WindowsText),
        0x927C => (Device, "MakerNote", Shape::MakerNote),
        0xA40B => (Device, "DeviceSettingDescription", Shape::Opaque),
        0xC4A5 => (Device, "PrintImageMatching", Shape::Opaque),
        0xC634 => (Device, "DNGPrivateData", Shape::Opaque),
        0xC42B | 0x935C => (Device, "ImageSourceData", Shape::Opaque),
        0xC716 | 0xC718 => (Device, "PreviewApplicationName", Shape::Opaque),
        0x014A => (Thumbnail, "SubIFDs", Shape::Opaque),
        0x02BC => (Comment, "XMP", Shape::Xmp),
        0x83BB => (Comment, "IPTC", Shape::Iptc),
        0x8649 => (Comment, "Photoshop", Shape::Photoshop),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_no_standard_lists_is_reported_as_opaque() {
        let (kind, name, shape) = meaning(Tag(Context::Exif, 0xBEEF), 0, false).unwrap();
        assert!(kind == Device && name == "Exif:0xBEEF" && shape == Shape::Opaque);
    }

    #[test]
    fn size_exposure_and_an_idle_receiver_say_nothing_about_anybody() {
        for tag in [
            Tag::ImageWidth,
            Tag::ExposureTime,
            Tag::GPSVersionID,
            Tag::Orientation,
        ] {
            assert!(meaning(tag, 0, false).is_none(), "{tag}");
        }
    }
}
