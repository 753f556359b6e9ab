//! What `inspect` reports of Exif blocks.

use schoolgate_media::MetadataKind::{
    CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};

use crate::pictures::{
    Exif, Field, ascii, bytes, chunk, has, jpeg, jpeg_with_exif, listing, long, phone_exif,
    png_with, report, short, utf16le,
};

#[test]
fn every_kind_that_a_phone_writes_is_reported_from_jpeg_and_png() {
    let exif = phone_exif(6);
    for picture in [jpeg_with_exif(&exif), png_with(&[chunk(b"eXIf", &exif)])] {
        let report = report(&picture);
        let expected = [
            (Device, "Make", Some("Invented Cameras")),
            (CaptureTime, "DateTimeOriginal", Some("2026:05:01 10:11:12")),
            (PersonName, "Artist", Some("Amelia Jones")),
            (Owner, "Copyright", Some("Miss J Bloggs")),
            (Owner, "CameraOwnerName", Some("Miss J Bloggs")),
            (SerialNumber, "BodySerialNumber", Some("SN-0042")),
            (Device, "MakerNote", Some("opaque maker bytes")),
            (Gps, "GPSLatitude", Some("53 deg 29 min 0 sec N")),
            (Gps, "GPSLongitude", Some("2 deg 14 min 30 sec W")),
            (CaptureTime, "GPSDateStamp", Some("2026:05:01")),
            (Thumbnail, "IFD1:Thumbnail", None),
            (Comment, "IFD1:ImageDescription", Some("Year 3 trip")),
        ];
        for (kind, tag, value) in expected {
            assert!(
                has(&report, kind, tag, value),
                "{tag} missing from\n{}",
                listing(&report)
            );
        }
        assert_eq!(
            (report.width, report.height, report.orientation),
            (40, 24, Some(6))
        );
        assert!(!report.text_cut);
    }
}

#[test]
fn windows_and_coded_texts_are_decoded() {
    let exif = Exif {
        primary: vec![
            bytes(0x9C9B, 1, &utf16le("Harvest assembly\0")),
            bytes(0x9C9D, 1, &utf16le("Zoë Brown\0")),
            bytes(0x9C9E, 1, &utf16le("Year 4;Amelia\0")),
        ],
        exif: vec![bytes(
            0x9286,
            7,
            &[b"UNICODE\0", &utf16le("Ben by the lake")[..]].concat(),
        )],
        ..Exif::default()
    };
    let report = report(&jpeg_with_exif(&exif.tiff()));
    assert!(
        has(&report, Comment, "XPTitle", Some("Harvest assembly")),
        "{}",
        listing(&report)
    );
    assert!(has(&report, PersonName, "XPAuthor", Some("Zoë Brown")));
    assert!(has(&report, Comment, "XPKeywords", Some("Year 4;Amelia")));
    assert!(has(
        &report,
        Comment,
        "UserComment",
        Some("Ben by the lake")
    ));
}

#[test]
fn blank_texts_and_an_idle_receiver_are_not_reported() {
    let exif = Exif {
        primary: vec![
            ascii(0x010E, "          "),
            ascii(0x013B, ""),
            short(0x0128, 2),
        ],
        exif: vec![bytes(0x9286, 7, b"ASCII\0\0\0            ")],
        gps: vec![bytes(0x0000, 1, &[2, 3, 0, 0]), ascii(0x0009, "V")],
        ..Exif::default()
    };
    let report = report(&jpeg_with_exif(&exif.tiff()));
    assert!(report.entries.is_empty(), "{}", listing(&report));
}

#[test]
fn a_field_whose_value_lies_outside_the_block_is_an_entry_without_value() {
    let outside = Field(0xA431, 2, 5000, b"\0\0\0\x08____".to_vec());
    let gps = Field(0x0002, 99, 3, vec![0; 4]);
    let exif = Exif {
        exif: vec![outside],
        gps: vec![gps],
        ..Exif::default()
    };
    let report = report(&jpeg_with_exif(&exif.tiff()));
    assert!(
        has(&report, SerialNumber, "BodySerialNumber", None),
        "{}",
        listing(&report)
    );
    assert!(
        has(&report, Gps, "GPSLatitude", None),
        "{}",
        listing(&report)
    );
}

#[test]
fn exif_that_cannot_be_read_at_all_is_never_taken_for_none() {
    for (bad, words) in [
        (&b"MM"[..], None),
        (b"Zara Khan's garbage", Some("Zara Khan's garbage")),
        (b"MM\0*\x7F\0\0\0", None),
    ] {
        assert!(
            report(&png_with(&[chunk(b"eXIf", bad)])).unreadable,
            "{bad:?}"
        );
        let report = report(&jpeg_with_exif(bad));
        assert!(report.unreadable, "{bad:?}");
        assert!(has(&report, Device, "Exif:Unreadable", words));
    }
}

#[test]
fn a_directory_that_cannot_be_read_costs_itself_and_not_the_block() {
    let good = phone_exif(6);
    let circle = {
        let mut tiff = Exif {
            primary: vec![ascii(0x013B, "Ava")],
            ..Exif::default()
        }
        .tiff();
        tiff[22..26].copy_from_slice(&8u32.to_be_bytes());
        tiff
    };
    let pointing = |target| {
        Exif {
            primary: vec![ascii(0x013B, "Ava"), long(0x8825, target)],
            ..Exif::default()
        }
        .tiff()
    };
    let cut = &good[..good.len() - 30];
    // a circle is no accident of a camera: it is read to its end, and told
    for (block, name, unreadable) in [
        (&circle[..], "Ava", true),
        (&pointing(900_000), "Ava", false),
        (&pointing(8), "Ava", true),
        (cut, "Amelia Jones", false),
    ] {
        let report = report(&jpeg_with_exif(block));
        assert!(
            has(&report, PersonName, "Artist", Some(name)),
            "{}",
            listing(&report)
        );
        assert_eq!(report.unreadable, unreadable);
    }
    assert_eq!(report(&jpeg_with_exif(cut)).orientation, Some(6));
}

#[test]
fn directories_that_repeat_one_pointer_thousands_of_times_are_read_once() {
    let links = (0..4000).map(|_| long(0x8769, 8)).collect();
    let tiff = Exif {
        primary: links,
        ..Exif::default()
    }
    .tiff();
    let started = std::time::Instant::now();
    let report = report(&png_with(&[chunk(b"eXIf", &tiff)]));
    assert!(report.unreadable, "{}", listing(&report));
    assert!(started.elapsed().as_secs() < 2);
    let fields = (0..5000).map(|n| ascii(n, "Ava")).collect();
    let overfull = Exif {
        primary: fields,
        ..Exif::default()
    }
    .tiff();
    assert!(crate::pictures::report(&png_with(&[chunk(b"eXIf", &overfull)])).unreadable);
}

#[test]
fn an_orientation_stored_as_a_signed_number_counts() {
    let stored: [(u16, &[u8]); 3] = [(6, &[6]), (8, &[0, 6]), (9, &[0, 0, 0, 6])];
    for (kind, value) in stored {
        let exif = Exif {
            primary: vec![Field(0x0112, kind, 1, value.to_vec())],
            ..Exif::default()
        };
        let found = report(&jpeg_with_exif(&exif.tiff())).orientation;
        assert_eq!(found, Some(6), "type {kind}");
    }
}

#[test]
fn orientation_outside_one_to_eight_is_none() {
    for (stored, expected) in [(0, None), (1, Some(1)), (8, Some(8)), (9, None)] {
        assert_eq!(
            report(&jpeg_with_exif(&phone_exif(stored))).orientation,
            expected
        );
    }
    assert_eq!(report(&jpeg()).orientation, None);
}

#[test]
fn little_endian_blocks_are_read_too() {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    tiff.extend(b"\x3B\x01\x02\0\x04\0\0\0Ava\0\0\0\0\0");
    assert!(has(
        &report(&jpeg_with_exif(&tiff)),
        PersonName,
        "Artist",
        Some("Ava")
    ));
}

#[test]
fn a_last_directory_without_its_link_is_read_all_the_same() {
    let mut tiff = Exif {
        exif: vec![short(0xA405, 300), ascii(0xA431, "S7")],
        ..Exif::default()
    }
    .tiff();
    tiff.truncate(tiff.len() - 4);
    assert!(has(
        &report(&jpeg_with_exif(&tiff)),
        SerialNumber,
        "BodySerialNumber",
        Some("S7")
    ));
}
