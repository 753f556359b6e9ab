//! Maker notes: secret by design, different for every make and model. They stay opaque, but most are a TIFF directory
//! whose tag numbers are known, so their owner's name and serial number can at least be told to be there. Their values are
//! shown only as far as they are plain text.

use memchr::memmem;

use super::directory::{number16, number32};
use crate::report::Collector;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};

/// Headers of makers' notes are at most this long.
const LAST_START: usize = 26;
/// Values of one field: more is no count.
const MAX_VALUES: u32 = 0x10_0000;
/// Cameras write under 200 fields.
const MAX_FIELDS: usize = 512;

/// What a tag of one maker gives away: maker, tag, kind, name.
const KNOWN: [(&[u8], u16, MetadataKind, &str); 89] = [
    (b"canon", 0x0009, Owner, "OwnerName"),
    (b"canon", 0x000C, SerialNumber, "SerialNumber"),
    (b"canon", 0x0028, SerialNumber, "ImageUniqueID"),
    (b"canon", 0x0035, CaptureTime, "TimeInfo"),
    (b"canon", 0x0096, SerialNumber, "InternalSerialNumber"),
    (b"nikon", 0x001D, SerialNumber, "SerialNumber"),
    (b"nikon", 0x0024, CaptureTime, "WorldTime"),
    (b"nikon", 0x0039, Gps, "LocationInfo"),
    (b"nikon", 0x00A0, SerialNumber, "SerialNumber"),
    (b"nikon", 0x00B6, CaptureTime, "PowerUpTime"),
    (b"panasonic", 0x0025, SerialNumber, "InternalSerialNumber"),
    (b"panasonic", 0x0033, Comment, "BabyAge"),
    (b"panasonic", 0x0052, SerialNumber, "LensSerialNumber"),
    (b"panasonic", 0x0061, PersonName, "FaceRecInfo"),
    (b"panasonic", 0x0065, Comment, "Title"),
    (b"panasonic", 0x0066, PersonName, "BabyName"),
    (b"panasonic", 0x0067, Gps, "Location"),
    (b"panasonic", 0x0069, Gps, "Country"),
    (b"panasonic", 0x006B, Gps, "State"),
    (b"panasonic", 0x006D, Gps, "City"),
    (b"panasonic", 0x006F, Gps, "Landmark"),
    (b"panasonic", 0x8010, Comment, "BabyAge"),
    (b"leica", 0x0305, SerialNumber, "SerialNumber"),
    (b"olympus", 0x0404, SerialNumber, "SerialNumber"),
    (b"olympus", 0x2010, SerialNumber, "Equipment"),
    (b"om digital", 0x2010, SerialNumber, "Equipment"),
    (b"fujifilm", 0x0010, SerialNumber, "InternalSerialNumber"),
    (b"fujifilm", 0x4282, PersonName, "FaceRecInfo"),
    (b"pentax", 0x0006, CaptureTime, "Date"),
    (b"pentax", 0x0215, SerialNumber, "CameraInfo"),
    (b"pentax", 0x0229, SerialNumber, "SerialNumber"),
    (b"ricoh", 0x0005, SerialNumber, "SerialNumber"),
    (b"ricoh", 0x0229, SerialNumber, "SerialNumber"),
    (b"sony", 0x2031, SerialNumber, "SerialNumber"),
    (b"sigma", 0x0002, SerialNumber, "SerialNumber"),
    (b"apple", 0x0011, SerialNumber, "ContentIdentifier"),
    (b"apple", 0x0015, SerialNumber, "ImageUniqueID"),
    (b"samsung", 0xA002, SerialNumber, "SerialNumber"),
    (b"samsung", 0x0123, PersonName, "FaceName"),
    (b"canon", 0x4019, SerialNumber, "LensInfo"),
    (b"nintendo", 0x1101, SerialNumber, "CameraInfo"),
    (b"ricoh", 0x2001, SerialNumber, "CameraInfo"),
    (b"motorola", 0x5501, SerialNumber, "SerialNumber"),
    (b"asahi", 0x0006, CaptureTime, "Date"),
    (b"apple", 0x000B, SerialNumber, "BurstUUID"),
    (b"apple", 0x0020, SerialNumber, "ImageCaptureRequestID"),
    (b"apple", 0x002B, SerialNumber, "PhotoIdentifier"),
    (b"canon", 0x00B6, Thumbnail, "PreviewImage"),
    (b"casio", 0x0004, Thumbnail, "PreviewImage"),
    (b"casio", 0x2000, Thumbnail, "PreviewImage"),
    (b"casio", 0x3006, CaptureTime, "HometownCity"),
    (b"konica", 0x0081, Thumbnail, "PreviewImage"),
    (b"konica", 0x0088, Thumbnail, "PreviewImage"),
    (b"minolta", 0x0081, Thumbnail, "PreviewImage"),
    (b"minolta", 0x0088, Thumbnail, "PreviewImage"),
    (b"leica", 0x0054, SerialNumber, "AccessorySerialNumber"),
    (b"leica", 0x0300, Thumbnail, "PreviewImage"),
    (b"leica", 0x0303, SerialNumber, "SerialNumber"),
    (b"leica", 0x0321, SerialNumber, "LensSerialNumber"),
    (b"leica", 0x0340, SerialNumber, "ImageIDNumber"),
    (b"leica", 0x0500, SerialNumber, "InternalSerialNumber"),
    (b"nikon", 0x0011, Thumbnail, "PreviewImage"),
    (b"olympus", 0x0081, Thumbnail, "PreviewImage"),
    (b"olympus", 0x0088, Thumbnail, "PreviewImage"),
    (b"olympus", 0x0100, Thumbnail, "ThumbnailImage"),
    (b"olympus", 0x101A, SerialNumber, "SerialNumber"),
    (b"olympus", 0x1036, Thumbnail, "PreviewImage"),
    (b"panasonic", 0x0054, SerialNumber, "AccessorySerialNumber"),
    (b"panasonic", 0x0080, Gps, "City"),
    (b"panasonic", 0x00AF, CaptureTime, "TimeStamp"),
    (b"pentax", 0x0004, Thumbnail, "PreviewImage"),
    (b"pentax", 0x0023, CaptureTime, "HometownCity"),
    (b"pentax", 0x0024, CaptureTime, "DestinationCity"),
    (b"pentax", 0x022E, PersonName, "Artist"),
    (b"pentax", 0x022F, Owner, "Copyright"),
    (b"ricoh", 0x0215, SerialNumber, "CameraInfo"),
    (b"ricoh", 0x022E, PersonName, "Artist"),
    (b"ricoh", 0x022F, Owner, "Copyright"),
    (b"samsung", 0x0030, Gps, "LocationName"),
    (b"samsung", 0x0031, Gps, "LocationName"),
    (b"samsung", 0x0035, Thumbnail, "PreviewImage"),
    (b"samsung", 0xA005, SerialNumber, "LensSerialNumber"),
    (b"sanyo", 0x0100, Thumbnail, "ThumbnailImage"),
    (b"sigma", 0x001B, Thumbnail, "PreviewImage"),
    (b"sigma", 0x001C, Thumbnail, "PreviewImage"),
    (b"sony", 0x2001, Thumbnail, "PreviewImage"),
    (b"sony", 0x3000, CaptureTime, "DateTime"),
    (b"sony", 0x9050, SerialNumber, "InternalSerialNumber"),
    (b"kodak", 0x09CE, SerialNumber, "SensorSerialNumber"),
];

/// How notes begin that tell their maker themselves, where that is not the picture's make, or the picture has none.
const SIGNED: [(&[u8], &[u8]); 15] = [
    (b"AGFA", b"olympus"),
    (b"AOC\0", b"pentax"),
    (b"Apple iOS\0", b"apple"),
    (b"EPSON", b"olympus"),
    (b"FUJIFILM", b"fujifilm"),
    (b"LEICA", b"leica"),
    (b"Nikon\0", b"nikon"),
    (b"OLYMP", b"olympus"),
    (b"OM SYSTEM", b"olympus"),
    (b"PENTAX \0", b"pentax"),
    (b"Panasonic", b"panasonic"),
    (b"QVC\0", b"casio"),
    (b"SANYO\0", b"sanyo"),
    (b"SIGMA\0", b"sigma"),
    (b"SONY ", b"sony"),
];

/// Reports a maker note; `make` is the camera's make as the picture states it.
pub(super) fn report(name: &str, note: &[u8], make: &[u8], big_endian: bool, out: &mut Collector) {
    out.opaque(Device, name, note);
    if memmem::find(note, &[0xFF, 0xD8, 0xFF]).is_some() {
        out.blob(Thumbnail, format!("{name}:PreviewImage"));
    }
    let make = make.trim_ascii_start().to_ascii_lowercase();
    let signed = SIGNED.iter().find(|(start, _)| note.starts_with(start));
    let signed = signed.map_or(&b""[..], |(_, maker)| maker);
    let is_by = |maker: &[u8]| make.starts_with(maker) || signed == maker;
    let tags = tags(note, big_endian);
    for (_, tag, kind, what) in KNOWN.iter().filter(|(maker, ..)| is_by(maker)) {
        if tags.contains(tag) {
            out.blob(*kind, format!("{name}:{what}"));
        }
    }
}

/// Returns the tag numbers of the directory in the note: behind a TIFF header if there is one, else the longest thing that
/// can be one, in either byte order.
fn tags(note: &[u8], big_endian: bool) -> Vec<u16> {
    let starts = || (0..=LAST_START).step_by(2);
    let behind_header = starts().find_map(|start| {
        let tiff = note.get(start..)?;
        let big = match tiff.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        let offset = number32(*tiff.get(4..)?.first_chunk()?, big) as usize;
        directory(tiff.get(offset..)?, big)
    });
    let anywhere = || {
        starts()
            .flat_map(|start| [(start, big_endian), (start, !big_endian)])
            .filter_map(|(start, big)| directory(note.get(start..)?, big))
            .max_by_key(Vec::len)
    };
    behind_header.or_else(anywhere).unwrap_or_default()
}

fn directory(data: &[u8], big: bool) -> Option<Vec<u16>> {
    let count = usize::from(number16(*data.first_chunk()?, big));
    if !(2..=MAX_FIELDS).contains(&count) {
        return None;
    }
    let fields = data.get(2..2 + count * 12)?;
    let mut tags = Vec::with_capacity(count);
    for field in fields.chunks_exact(12) {
        let (tag, kind) = (
            number16([field[0], field[1]], big),
            number16([field[2], field[3]], big),
        );
        let values = number32([field[4], field[5], field[6], field[7]], big);
        if (1..=13).contains(&kind) && values <= MAX_VALUES {
            tags.push(tag);
        }
    }
    // A few fields are broken in real notes; chance would break most.
    (tags.len() * 4 >= count * 3).then_some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn field(tag: u16, kind: u16) -> Vec<u8> {
        let [t, k] = [tag.to_le_bytes(), kind.to_le_bytes()];
        [t, k, [1, 0], [0, 0], [7, 0], [0, 0]].concat()
    }

    fn found(note: &[u8], make: &[u8]) -> Vec<(MetadataKind, String, Option<String>)> {
        let mut out = Collector::new(&Limits::default());
        report("MakerNote", note, make, true, &mut out);
        let (entries, _) = out.finish().unwrap();
        let entries = entries.into_iter();
        entries.map(|e| (e.kind, e.tag, e.value)).collect()
    }

    #[test]
    fn a_serial_number_and_an_owner_are_told_from_the_tag_numbers() {
        let note = [
            &2u16.to_le_bytes()[..],
            &field(0x0009, 2),
            &field(0x000C, 4),
            b"Miss J Bloggs\0",
        ]
        .concat();
        let blob = |kind, what: &str| (kind, format!("MakerNote:{what}"), None);
        let words = Some("Miss J Bloggs".to_owned());
        assert_eq!(
            found(&note, b"Canon\0"),
            [
                (Device, "MakerNote".to_owned(), words),
                blob(Owner, "OwnerName"),
                blob(SerialNumber, "SerialNumber"),
            ]
        );
    }

    #[test]
    fn a_note_that_names_its_maker_is_known_under_any_make() {
        let fields = [field(0x2001, 7), field(0x9050, 7)].concat();
        let note = [b"SONY DSC \0\0\0\x02\0", &fields[..]].concat();
        for make in [&b""[..], b"Invented Cameras", b"SONY"] {
            let kinds: Vec<_> = found(&note, make).into_iter().map(|e| e.0).collect();
            assert_eq!(kinds, [Device, Thumbnail, SerialNumber]);
        }
    }
}
