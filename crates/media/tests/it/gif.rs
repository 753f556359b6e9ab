//! GIF: reports, clean copies, and what the second reader objects to.

use schoolgate_media::MetadataKind::{Comment, Device, PersonName, Trailer};
use schoolgate_media::{Limits, clean, decode_check, inspect, verify_clean};

use crate::pictures::{
    decoded, gif, gif_block, gif_blocks_at, gif_picture, gif_with, gif_xmp, has, listing, profile,
    report,
};

fn limits() -> Limits {
    Limits::default()
}

fn cleaned(picture: &[u8]) -> Vec<u8> {
    let cleaned = clean(picture, &limits()).unwrap();
    assert!(!cleaned.re_encoded);
    cleaned.bytes
}

#[test]
fn every_class_of_detail_is_reported_and_goes() {
    let resources = b"8BIM\x04\x04\0\0\0\0\0\x11\x1C\x02\x50\0\x0COliver Smith\0";
    let original = [
        gif_with(&[
            gif_block(0xFE, &[b"Amelia Jones ", b"at sports day"]),
            gif_block(0x01, &[&[0; 12], b"Star of the week"]),
            gif_xmp(),
            gif_block(0xFF, &[b"MGK8BIM0000", resources]),
            gif_block(
                0xFF,
                &[b"ICCRGBG1012", &profile("Zara's screen", "x")[..200]],
            ),
            gif_block(0xFF, &[b"Invented1.0", b"Robin class"]),
            gif_block(0x42, &[b"unknown words"]),
        ]),
        b"PK\x03\x04".to_vec(),
    ]
    .concat();
    let report = report(&original);
    for (kind, tag, value) in [
        (Comment, "GIF:Comment", Some("Amelia Jones at sports day")),
        (Comment, "GIF:Text", Some("Star of the week")),
        (PersonName, "XMP:Creator", Some("Oliver Smith")),
        (PersonName, "IPTC:By-line", Some("Oliver Smith")),
        (Device, "ICC", None),
        (Device, "GIF:Invented1.0", Some("Robin class")),
        (Device, "GIF:0x42", Some("unknown words")),
        (Trailer, "GIF:Trailer:zip", None),
    ] {
        assert!(
            has(&report, kind, tag, value),
            "{tag} missing from\n{}",
            listing(&report)
        );
    }
    assert!(!report.text_cut && !report.unreadable && report.frames == 1);
    assert_eq!(cleaned(&original), gif());
}

#[test]
fn an_animation_keeps_its_timing_and_loops() {
    let plain = gif();
    let at = gif_blocks_at(&plain);
    let control = gif_block(0xF9, &[&[0x09, 10, 0, 1]]);
    let loops = gif_block(0xFF, &[b"NETSCAPE2.0", &[1, 7, 0]]);
    let note = gif_block(0xFE, &[b"Zara Khan"]);
    let moving = |between: &[u8]| {
        let parts = [
            &loops,
            between,
            &control,
            between,
            &gif_picture(),
            between,
            &control,
            &gif_picture(),
        ];
        [&plain[..at], &parts.concat(), b"\x3B"].concat()
    };
    let original = moving(&note);
    assert_eq!(report(&original).frames, 2);
    assert_eq!(cleaned(&original), moving(&[]));
    let few = Limits {
        max_frames: 1,
        ..limits()
    };
    assert_eq!(clean(&original, &few).unwrap_err().code(), "too_large");
}

#[test]
fn what_hides_behind_the_last_pixel_goes() {
    let plain = gif();
    let at = plain.len() - 2;
    let stuffed = [&plain[..at], b"\x09Zara Khan\0\x3B"].concat();
    assert!(verify_clean(&stuffed, &limits()).is_err());
    assert_eq!(cleaned(&stuffed), plain);
    assert_eq!(decoded(&stuffed), decoded(&plain));
    // Bits without a meaning.
    let mut flags = plain.clone();
    let descriptor = gif_blocks_at(&plain);
    flags[descriptor + 9] |= 0x18;
    assert_eq!(cleaned(&flags), plain);
}

#[test]
fn small_faults_of_real_encoders_are_mended() {
    let plain = gif();
    let no_end = &plain[..plain.len() - 1];
    assert_eq!(cleaned(no_end), plain);
    let stray_zeros = [no_end, b"\0\0\x3B"].concat();
    assert_eq!(cleaned(&stray_zeros), plain);
    let unused_control = [no_end, &gif_block(0xF9, &[&[0, 1, 0, 0]]), b"\x3B"].concat();
    assert_eq!(cleaned(&unused_control), plain);
}

#[test]
fn damaged_pictures_are_refused_with_their_reason() {
    let plain = gif();
    let at = gif_blocks_at(&plain);
    let mut no_size = plain.clone();
    no_size[6] = 0;
    no_size[7] = 0;
    let mut huge = plain.clone();
    huge[6..10].copy_from_slice(&[0xFF; 4]);
    let mut codes = plain.clone();
    codes[at + 12] = 0xFF;
    let cases = [
        ([&plain[..at], b"\x3B"].concat(), "malformed"),
        (plain[..at].to_vec(), "truncated"),
        ([&plain[..at], b"\x99"].concat(), "malformed"),
        (no_size, "malformed"),
        (huge, "too_large"),
        (codes, "malformed"),
    ];
    for (number, (picture, code)) in cases.iter().enumerate() {
        assert_eq!(
            clean(picture, &limits()).unwrap_err().code(),
            *code,
            "case {number}"
        );
    }
    assert!(inspect(&plain, &limits()).is_ok() && decode_check(&plain, &limits()).is_ok());
}

#[test]
fn every_truncation_but_that_of_the_end_marker_is_an_error() {
    let plain = gif();
    for len in 0..plain.len() - 1 {
        assert!(clean(&plain[..len], &limits()).is_err(), "{len}");
        assert!(verify_clean(&plain[..len], &limits()).is_err(), "{len}");
    }
}

#[test]
fn the_second_reader_objects_to_everything_else() {
    let plain = gif();
    let end = plain.len() - 1;
    let cases = [
        gif_with(&[gif_block(0xFE, &[b"x"])]),
        gif_with(&[gif_block(0x01, &[b"x"])]),
        gif_with(&[gif_block(0xFF, &[b"Invented1.0", b"x"])]),
        gif_with(&[gif_block(0xFF, &[b"NETSCAPE2.0", &[1, 0, 0], b"x"])]),
        gif_with(&[gif_block(0xF9, &[&[0xE0, 0, 0, 0]])]),
        [&plain[..end], &gif_block(0xF9, &[&[0, 0, 0, 0]]), b"\x3B"].concat(),
        [&plain[..], b"x"].concat(),
        plain[..end].to_vec(),
    ];
    for (number, picture) in cases.iter().enumerate() {
        assert!(verify_clean(picture, &limits()).is_err(), "case {number}");
    }
    verify_clean(&plain, &limits()).unwrap();
}
