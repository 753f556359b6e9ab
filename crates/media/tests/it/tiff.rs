//! TIFF: reports, and clean copies made from the pixels.

use image::{DynamicImage, RgbImage};
use schoolgate_media::MetadataKind::{
    CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};
use schoolgate_media::{Format, Limits, clean, decode_check, inspect, verify_clean};

use crate::pictures::{
    Field, Page, TIFF_PIXELS, XMP, ascii, bytes, decoded, has, listing, long, profile, rationals,
    report, short, tiff_of,
};

fn limits() -> Limits {
    Limits::default()
}

/// A page with something of every kind.
fn talkative() -> Page {
    let resources = b"8BIM\x04\x04\0\0\0\0\0\x0F\x1C\x02\x19\0\x0ARobin team\0";
    let geography = bytes(0x87B1, 2, b"Salford grid|\0");
    Page {
        fields: vec![
            ascii(0x010D, "Class list.tif"),
            ascii(0x010E, "Year 3 trip"),
            ascii(0x013B, "Amelia Jones"),
            ascii(0x013C, "OFFICE-PC-7"),
            ascii(0x8298, "Miss J Bloggs"),
            bytes(0x02BC, 1, XMP.as_bytes()),
            bytes(0x83BB, 7, b"\x1C\x02\x50\0\x09Zara Khan"),
            bytes(0x8649, 7, resources),
            bytes(0x8773, 7, &profile("Zara's screen", "x")),
            geography,
            bytes(0xC7A1, 7, b"a private field"),
        ],
        exif: vec![
            ascii(0x9003, "2026:05:01 10:11:12"),
            ascii(0xA431, "SN-0042"),
        ],
        gps: vec![
            ascii(0x0001, "N"),
            rationals(0x0002, &[(53, 1), (29, 1), (0, 1)]),
        ],
        sub: vec![Page {
            fields: vec![ascii(0x013B, "Oliver Smith")],
            ..Page::default()
        }],
        ..Page::default()
    }
}

#[test]
fn every_class_of_detail_is_reported_from_both_kinds() {
    for wide in [false, true] {
        let report = report(&tiff_of(vec![talkative()], wide));
        for (kind, tag, value) in [
            (Comment, "ImageDescription", Some("Year 3 trip")),
            (PersonName, "Artist", Some("Amelia Jones")),
            (PersonName, "Artist", Some("Oliver Smith")),
            (Owner, "Copyright", Some("Miss J Bloggs")),
            (PersonName, "XMP:Creator", Some("Oliver Smith")),
            (PersonName, "IPTC:By-line", Some("Zara Khan")),
            (Comment, "IPTC:Keywords", Some("Robin team")),
            (Device, "ICC:ProfileDescription", Some("Zara's screen")),
            (Gps, "GeoTIFF:0x87B1", Some("Salford grid|")),
            (Gps, "GPSLatitude", Some("53 deg 29 min 0 sec N")),
            (CaptureTime, "DateTimeOriginal", Some("2026:05:01 10:11:12")),
            (SerialNumber, "BodySerialNumber", Some("SN-0042")),
            (Thumbnail, "TIFF:Thumbnail", None),
        ] {
            assert!(
                has(&report, kind, tag, value),
                "{tag} missing from\n{}",
                listing(&report)
            );
        }
        for text in ["Class list.tif", "OFFICE-PC-7"] {
            assert!(
                report
                    .entries
                    .iter()
                    .any(|e| e.value.as_deref() == Some(text)),
                "{text}"
            );
        }
        assert!(has(
            &report,
            Comment,
            "CameraLabel",
            Some("a private field")
        ));
        assert_eq!(
            (report.width, report.height, report.text_cut),
            (4, 2, false)
        );
    }
}

#[test]
fn the_copy_is_an_upright_png_of_the_pixels() {
    for wide in [false, true] {
        for orientation in 1..=8 {
            let mut page = talkative();
            page.fields.push(short(0x0112, orientation));
            let cleaned = clean(&tiff_of(vec![page], wide), &limits()).unwrap();
            assert_eq!((cleaned.format, cleaned.re_encoded), (Format::Png, true));
            let after = report(&cleaned.bytes);
            assert!(after.entries.is_empty() && after.orientation.is_none());
            let plain = RgbImage::from_raw(4, 2, TIFF_PIXELS.to_vec()).unwrap();
            let mut expected = DynamicImage::ImageRgb8(plain);
            expected.apply_orientation(
                image::metadata::Orientation::from_exif(orientation as u8).unwrap(),
            );
            assert_eq!(
                (after.width, after.height),
                (expected.width(), expected.height())
            );
            assert_eq!(decoded(&cleaned.bytes), expected.into_rgb8().into_raw());
        }
    }
}

#[test]
fn a_standard_profile_stays() {
    let page = Page {
        fields: vec![bytes(
            0x8773,
            7,
            &profile("Display P3", "Copyright Apple Inc., 2022"),
        )],
        ..Page::default()
    };
    let cleaned = clean(&tiff_of(vec![page], false), &limits()).unwrap();
    assert!(cleaned.bytes.windows(4).any(|w| w == b"iCCP"));
    verify_clean(&cleaned.bytes, &limits()).unwrap();
}

/// A page of one row of these packed pixels.
fn packed(bits: u16, colour: u16, width: u16, row: &[u8], more: Vec<Field>) -> Vec<u8> {
    let mut fields = vec![
        short(0x0100, width),
        short(0x0101, 1),
        short(0x0102, bits),
        short(0x0103, 1),
        short(0x0106, colour),
        short(0x0115, 1),
        short(0x0116, 1),
        long(0x0117, row.len() as u32),
    ];
    fields.extend(more);
    // The pixels stand at the end of the file, behind a directory whose length is known.
    let page = |at: u32, mut fields: Vec<Field>| {
        fields.push(long(0x0111, at));
        tiff_of(
            vec![Page {
                fields,
                bare: true,
                ..Page::default()
            }],
            false,
        )
    };
    let again = fields
        .iter()
        .map(|Field(a, b, c, d)| Field(*a, *b, *c, d.clone()))
        .collect();
    let len = page(0, again).len();
    [page(len as u32, fields), row.to_vec()].concat()
}

#[test]
fn palettes_and_few_bits_of_grey_keep_their_colours() {
    let reds = [0x11, 0x22, 0x33, 0x44].repeat(64);
    let map = |bits: u32| {
        let entries = 1usize << bits;
        let plane = |add: u8| {
            reds[..entries]
                .iter()
                .flat_map(move |v| [v + add, 0xAA])
                .collect::<Vec<u8>>()
        };
        Field(
            0x0140,
            3,
            3 * entries as u32,
            [plane(0), plane(1), plane(2)].concat(),
        )
    };
    for (bits, row) in [
        (1, &[0b1010_0000][..]),
        (2, &[0b0110_1100]),
        (4, &[0x12, 0x30]),
        (8, &[1, 2, 3, 0]),
    ] {
        let picture = packed(bits, 3, 4, row, vec![map(bits.into())]);
        let cleaned = clean(&picture, &limits()).unwrap();
        let indices: Vec<usize> = match bits {
            1 => vec![1, 0, 1, 0],
            _ => vec![1, 2, 3, 0],
        };
        let expected: Vec<u8> = indices
            .iter()
            .flat_map(|&i| [reds[i], reds[i] + 1, reds[i] + 2])
            .collect();
        assert_eq!(decoded(&cleaned.bytes), expected, "{bits} bits");
    }
    for (colour, expected) in [(1, [0, 85, 170, 255]), (0, [255, 170, 85, 0])] {
        let cleaned = clean(&packed(2, colour, 4, &[0b0001_1011], vec![]), &limits()).unwrap();
        let grey = image::load_from_memory(&cleaned.bytes)
            .unwrap()
            .into_luma8()
            .into_raw();
        assert_eq!(grey, expected);
    }
}

#[test]
fn what_a_copy_cannot_stand_for_is_refused_in_words() {
    let several = tiff_of(vec![Page::default(), Page::default()], false);
    assert!(has(&report(&several), Thumbnail, "TIFF:Page2", None));
    let flagged = |flag: Field| Page {
        fields: vec![flag],
        ..Page::default()
    };
    let raw = tiff_of(vec![flagged(bytes(0xC612, 1, &[1, 4, 0, 0]))], false);
    for (picture, words) in [(several, "several pages"), (raw, "camera raw")] {
        let error = clean(&picture, &limits()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(decode_check(&picture, &limits()).unwrap_err(), error);
        assert!(verify_clean(&picture, &limits()).is_err());
    }
    // A page that is marked as the thumbnail of the first one is reported and dropped.
    let thumbnail = tiff_of(vec![Page::default(), flagged(long(0x00FE, 1))], false);
    assert!(has(&report(&thumbnail), Thumbnail, "TIFF:Thumbnail", None));
    clean(&thumbnail, &limits()).unwrap();
}

#[test]
fn circles_lies_and_lost_directories_are_found_out() {
    let plain = tiff_of(vec![Page::default()], false);
    let first = u32::from_be_bytes(plain[4..8].try_into().unwrap());
    let mut circle = plain.clone();
    let end = circle.len() - 4;
    circle[end..].copy_from_slice(&first.to_be_bytes());
    assert_eq!(inspect(&circle, &limits()).unwrap_err().code(), "malformed");

    let mut nowhere = plain.clone();
    nowhere[4..8].copy_from_slice(&[0xFF; 4]);
    assert_eq!(
        inspect(&nowhere, &limits()).unwrap_err().code(),
        "truncated"
    );

    let mut far = tiff_of(vec![Page::default()], true);
    far[8..16].copy_from_slice(&[0xFF; 8]);
    assert_eq!(inspect(&far, &limits()).unwrap_err().code(), "truncated");

    let lost = tiff_of(
        vec![Page {
            fields: vec![long(0x8825, 900_000)],
            ..Page::default()
        }],
        false,
    );
    let report = report(&lost);
    assert!(report.unreadable && has(&report, Device, "TIFF:Unreadable", None));

    let huge = tiff_of(
        vec![Page {
            fields: vec![long(0x0100, 60_000), long(0x0101, 60_000)],
            bare: true,
            ..Page::default()
        }],
        false,
    );
    assert_eq!(clean(&huge, &limits()).unwrap_err().code(), "too_large");
    assert_eq!(
        decode_check(&huge, &limits()).unwrap_err().code(),
        "too_large"
    );
}

#[test]
fn fields_that_share_one_large_value_are_not_copied_a_thousand_times() {
    let mut picture = tiff_of(
        vec![Page {
            fields: (0..4_000)
                .map(|n| Field(0xC000 + n, 7, 5, b"share".to_vec()))
                .collect(),
            ..Page::default()
        }],
        false,
    );
    let (len, at) = (picture.len() as u32 + 1_000_000, 8u32);
    let needle = [7u16.to_be_bytes().to_vec(), 5u32.to_be_bytes().to_vec()].concat();
    let slots: Vec<usize> = picture
        .windows(6)
        .enumerate()
        .filter(|(_, w)| **w == needle[..])
        .map(|(i, _)| i)
        .collect();
    for slot in slots {
        picture[slot + 2..slot + 6].copy_from_slice(&(len - at).to_be_bytes());
        picture[slot + 6..slot + 10].copy_from_slice(&at.to_be_bytes());
    }
    picture.resize(len as usize, 0);
    assert_eq!(
        inspect(&picture, &limits()).unwrap_err().code(),
        "too_many_segments"
    );
}
