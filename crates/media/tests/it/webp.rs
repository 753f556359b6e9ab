//! WebP: reports, clean copies, and what the second reader objects to.

use schoolgate_media::MetadataKind::{
    Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use schoolgate_media::{Limits, clean, decode_check, verify_clean};

use crate::pictures::{
    VP8, XMP, decoded, has, listing, phone_exif, profile, report, riff, vp8l, vp8x, webp_frame,
    webp_of,
};

fn limits() -> Limits {
    Limits::default()
}

/// The bytes of a chunk up to the next one.
fn between(picture: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = |name: &[u8]| picture.windows(4).position(|w| w == name).unwrap();
    picture[at(from)..at(to)].to_vec()
}

/// Everything that a WebP can say besides its pixels, around these pixels.
fn talkative(pixels: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
    let list = [
        &b"INFO"[..],
        &riff(b"IART", b"Oliver Smith"),
        &riff(b"ICRD", b"2026-05-01"),
    ]
    .concat();
    let mut picture = webp_of(&[
        vp8x(0x2C, width, height),
        riff(b"ICCP", &profile("Zara's screen", "x")),
        pixels,
        riff(b"EXIF", &phone_exif(6)),
        riff(b"XMP ", XMP.as_bytes()),
        riff(b"LIST", &list),
        riff(b"prVt", b"Amelia Jones was here"),
    ]);
    picture.extend(b"PK\x03\x04Robin class");
    picture
}

#[test]
fn every_class_of_detail_is_reported() {
    for picture in [
        talkative(riff(b"VP8L", &vp8l()), 40, 24),
        talkative(riff(b"VP8 ", VP8), 1, 1),
    ] {
        let report = report(&picture);
        for (kind, tag, value) in [
            (Gps, "GPSLatitude", Some("53 deg 29 min 0 sec N")),
            (SerialNumber, "BodySerialNumber", Some("SN-0042")),
            (PersonName, "Artist", Some("Amelia Jones")),
            (Owner, "Copyright", Some("Miss J Bloggs")),
            (Thumbnail, "IFD1:Thumbnail", None),
            (PersonName, "XMP:Creator", Some("Oliver Smith")),
            (Comment, "XMP:City", Some("Salford")),
            (PersonName, "RIFF:IART", Some("Oliver Smith")),
            (Device, "ICC:ProfileDescription", Some("Zara's screen")),
            (Device, "WebP:prVt", Some("Amelia Jones was here")),
            (Trailer, "WebP:Trailer:zip", Some("Robin class")),
        ] {
            assert!(
                has(&report, kind, tag, value),
                "{tag} missing from\n{}",
                listing(&report)
            );
        }
        assert_eq!((report.orientation, report.frames), (Some(6), 1));
    }
}

#[test]
fn only_pixels_and_orientation_stay() {
    for (pixels, width, height) in [(riff(b"VP8L", &vp8l()), 40, 24), (riff(b"VP8 ", VP8), 1, 1)] {
        let original = talkative(pixels.clone(), width, height);
        let cleaned = clean(&original, &limits()).unwrap();
        // The figures of the profile stay under a standard name.
        let figures = between(&cleaned.bytes, b"ICCP", &pixels[..4]);
        assert!(!figures.windows(4).any(|w| w == b"Zara") && figures.len() > 128);
        let expected = webp_of(&[
            vp8x(0x28, width, height),
            figures,
            pixels,
            riff(
                b"EXIF",
                b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
            ),
        ]);
        assert_eq!(cleaned.bytes, expected);
        assert!(!cleaned.re_encoded && cleaned.removed.contains(&Gps));
        assert_eq!(decoded(&cleaned.bytes), decoded(&original));
        decode_check(&cleaned.bytes, &limits()).unwrap();
    }
}

#[test]
fn a_standard_profile_and_transparency_stay() {
    let standard = profile("Display P3", "Copyright Apple Inc., 2022");
    let alpha = riff(b"ALPH", &[0, 0x80]);
    let parts = [
        vp8x(0x30, 1, 1),
        riff(b"ICCP", &standard),
        alpha,
        riff(b"VP8 ", VP8),
    ];
    let original = webp_of(&parts);
    assert_eq!(clean(&original, &limits()).unwrap().bytes, original);
    assert!(report(&original).entries.is_empty());
}

#[test]
fn flags_that_announce_what_is_not_there_are_put_right() {
    for flags in [0x3C, 0x0C, 0x10] {
        let lying = webp_of(&[vp8x(flags, 1, 1), riff(b"VP8 ", VP8)]);
        assert!(verify_clean(&lying, &limits()).is_err());
        decode_check(&lying, &limits()).unwrap();
        let cleaned = clean(&lying, &limits()).unwrap().bytes;
        assert_eq!(cleaned, webp_of(&[vp8x(0, 1, 1), riff(b"VP8 ", VP8)]));
        assert_eq!(decoded(&cleaned).len(), 3);
    }
}

#[test]
fn an_animation_keeps_its_frames_and_loses_what_is_in_them() {
    let control = riff(b"ANIM", &[0, 0, 0, 0, 3, 0]);
    let stowaway = riff(b"note", b"Zara Khan");
    let original = webp_of(&[
        vp8x(0x02, 40, 24),
        control.clone(),
        webp_frame(std::slice::from_ref(&stowaway)),
        stowaway,
        webp_frame(&[]),
    ]);
    let before = report(&original);
    assert_eq!((before.frames, before.is_moving()), (2, true));
    assert_eq!(
        before
            .entries
            .iter()
            .filter(|e| e.value.as_deref() == Some("Zara Khan"))
            .count(),
        2
    );
    let cleaned = clean(&original, &limits()).unwrap();
    let expected = webp_of(&[
        vp8x(0x02, 40, 24),
        control,
        webp_frame(&[]),
        webp_frame(&[]),
    ]);
    assert_eq!(cleaned.bytes, expected);
    let few = Limits {
        max_frames: 1,
        ..limits()
    };
    assert_eq!(clean(&original, &few).unwrap_err().code(), "too_large");
    let small = Limits {
        max_total_pixels: 1_919,
        ..limits()
    };
    assert_eq!(clean(&original, &small).unwrap_err().code(), "too_large");
}

#[test]
fn details_appended_behind_a_wrong_length_are_found() {
    let bare = webp_of(&[riff(b"VP8L", &vp8l())]);
    let appended = [&bare[..], &riff(b"EXIF", &phone_exif(1))].concat();
    let mut too_long = webp_of(&[riff(b"VP8L", &vp8l()), riff(b"EXIF", &phone_exif(1))]);
    too_long[4..8].copy_from_slice(&[0xFF; 4]);
    for picture in [appended, too_long] {
        assert!(has(
            &report(&picture),
            PersonName,
            "Artist",
            Some("Amelia Jones")
        ));
        assert_eq!(clean(&picture, &limits()).unwrap().bytes, bare);
    }
}

#[test]
fn a_second_picture_is_reported_and_goes() {
    let bare = webp_of(&[riff(b"VP8 ", VP8)]);
    let double = webp_of(&[riff(b"VP8 ", VP8), riff(b"VP8L", &vp8l())]);
    assert!(has(&report(&double), Thumbnail, "WebP:SecondPicture", None));
    assert_eq!(clean(&double, &limits()).unwrap().bytes, bare);
}

#[test]
fn damaged_pictures_are_refused_with_their_reason() {
    let cases = [
        (webp_of(&[]), "truncated"),
        (webp_of(&[riff(b"EXIF", b"x")]), "malformed"),
        (webp_of(&[riff(b"VP8 ", b"short")]), "malformed"),
        (webp_of(&[vp8x(0, 2, 2), riff(b"VP8 ", VP8)]), "malformed"),
        (webp_of(&[vp8x(0, 1, 1)]), "malformed"),
        (
            webp_of(&[vp8x(2, 1, 1), riff(b"ANIM", &[0; 6])]),
            "malformed",
        ),
        (
            webp_of(&[vp8x(0, 16_777_216, 16_777_216), riff(b"VP8 ", VP8)]),
            "malformed",
        ),
    ];
    for (picture, code) in cases {
        assert_eq!(
            clean(&picture, &limits()).unwrap_err().code(),
            code,
            "{picture:?}"
        );
    }
}

#[test]
fn broken_details_do_not_hide_the_rest() {
    let picture = webp_of(&[
        vp8x(0x0C, 1, 1),
        riff(b"VP8 ", VP8),
        riff(b"EXIF", b"MM\0*garbage"),
        riff(b"XMP ", b"<x:xmpmeta"),
        riff(b"note", b"Zara Khan"),
    ]);
    let report = report(&picture);
    assert!(report.unreadable);
    assert!(has(&report, Device, "WebP:note", Some("Zara Khan")));
    assert!(clean(&picture, &limits()).is_ok());
}

#[test]
fn the_second_reader_objects_to_everything_else() {
    let pixels = || riff(b"VP8 ", VP8);
    let orientation = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let cases = [
        webp_of(&[pixels(), riff(b"EXIF", orientation)]),
        webp_of(&[vp8x(0x08, 1, 1), pixels(), riff(b"EXIF", &phone_exif(6))]),
        webp_of(&[vp8x(0, 1, 1), pixels(), riff(b"EXIF", orientation)]),
        webp_of(&[
            vp8x(0x20, 1, 1),
            riff(b"ICCP", &profile("Zara's screen", "x")),
            pixels(),
        ]),
        webp_of(&[vp8x(0x01, 1, 1), pixels()]),
        webp_of(&[pixels(), riff(b"LIST", &riff(b"LIST", b""))]),
        webp_of(&[
            vp8x(2, 40, 24),
            riff(b"ANIM", &[0; 6]),
            webp_frame(&[riff(b"note", b"x")]),
        ]),
        webp_of(&[vp8x(2, 40, 24), riff(b"ANIM", &[0; 8]), webp_frame(&[])]),
        [&webp_of(&[pixels()])[..], b"x"].concat(),
    ];
    for (number, picture) in cases.iter().enumerate() {
        assert!(verify_clean(picture, &limits()).is_err(), "case {number}");
    }
    verify_clean(&webp_of(&[pixels()]), &limits()).unwrap();
}
