//! JPEGs that break the rules as real cameras and programs break them, and clean copies of them all the same.

use schoolgate_media::MetadataKind::{Comment, Device, Thumbnail, Trailer};
use schoolgate_media::{Limits, clean, verify_clean};

use crate::pictures::{decoded, jpeg, jpeg_with, report, segment};

/// Cleans a picture made from [`jpeg`], and makes sure that its pixels stay and none of the words.
fn cleaned(picture: &[u8]) -> Vec<u8> {
    let copy = clean(picture, &Limits::default()).unwrap().bytes;
    assert_eq!(decoded(&copy), decoded(&jpeg()));
    for word in [&b"Zara"[..], b"Amelia"] {
        assert!(!copy.windows(word.len()).any(|w| w == word));
    }
    copy
}

/// Where the marker of this kind stands.
fn position(picture: &[u8], marker: u8) -> usize {
    picture
        .windows(2)
        .position(|w| w == [0xFF, marker])
        .unwrap()
}

fn insert(picture: &[u8], at: usize, part: &[u8]) -> Vec<u8> {
    [&picture[..at], part, &picture[at..]].concat()
}

#[test]
fn bytes_between_segments_are_skipped_and_go() {
    let plain = jpeg();
    let at = position(&plain, 0xDB);
    let words = insert(&plain, at, b"Zara Khan was here");
    assert_eq!(report(&words).entries[0].tag, "JPEG:StrayBytes");
    assert_eq!(
        report(&words).entries[0].value.as_deref(),
        Some("Zara Khan was here")
    );
    assert_eq!(cleaned(&words), cleaned(&plain));
    // Filler and stand-alone markers say nothing.
    for filler in [&[0; 9][..], &[0xFF; 9], &[0xFF, 0x01], &[0xFF, 0xD3]] {
        let picture = insert(&plain, at, filler);
        assert!(report(&picture).entries.is_empty(), "{filler:?}");
        assert_eq!(cleaned(&picture), cleaned(&plain));
    }
}

#[test]
fn empty_and_impossibly_short_segments_are_skipped() {
    let plain = jpeg();
    for part in [
        &[0xFF, 0xE5, 0, 2][..],
        &[0xFF, 0xE5, 0, 0],
        &[0xFF, 0xFE, 0, 1],
        &[0xFF, 0xE1, 0, 2],
    ] {
        let picture = insert(&plain, 2, part);
        assert_eq!(cleaned(&picture), cleaned(&plain), "{part:?}");
    }
}

#[test]
fn a_missing_end_marker_is_added_when_the_picture_is_whole() {
    let plain = jpeg();
    let open = &plain[..plain.len() - 2];
    assert_eq!(cleaned(open), cleaned(&plain));
    // One more byte of data is missing: the last blocks are.
    let torn = &plain[..plain.len() - 3];
    let error = clean(torn, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "truncated");
}

#[test]
fn a_picture_that_starts_before_the_first_one_ends_is_a_trailer() {
    let plain = jpeg();
    let second = jpeg_with(&[segment(0xFE, b"Zara Khan")]);
    let picture = [&plain[..plain.len() - 2], &second].concat();
    let kinds: Vec<_> = report(&picture).kinds().collect();
    assert_eq!(kinds, [Trailer, Comment]);
    let copy = clean(&picture, &Limits::default()).unwrap().bytes;
    assert_eq!(copy, cleaned(&plain));
}

#[test]
fn fill_bytes_before_a_marker_in_the_scan_are_left_out() {
    let plain = jpeg();
    let end = plain.len() - 2;
    assert_eq!(
        cleaned(&insert(&plain, end, &[0xFF, 0xFF])),
        cleaned(&plain)
    );
}

#[test]
fn a_number_of_lines_after_the_scan_repeats_the_header_and_goes() {
    let plain = jpeg();
    let lines = segment(0xDC, &[0, 24]);
    assert_eq!(
        clean(&insert(&plain, plain.len() - 2, &lines), &Limits::default())
            .unwrap()
            .bytes,
        cleaned(&plain)
    );
}

#[test]
fn a_segment_that_damage_opens_inside_the_picture_data_is_not_guessed_at() {
    let plain = jpeg();
    let start = position(&plain, 0xDA) + 60;
    let hidden = [&segment(0xFE, b"Zara Khan")[..], b"and more data"].concat();
    let error = clean(&insert(&plain, start, &hidden), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "malformed");
    assert!(verify_clean(&insert(&plain, start, &hidden), &Limits::default()).is_err());
}

#[test]
fn adobe_headers_of_any_length_and_number_come_out_as_decoders_take_them() {
    let plain = jpeg();
    let with = |bodies: &[&[u8]]| {
        let parts: Vec<u8> = bodies.iter().flat_map(|body| segment(0xEE, body)).collect();
        [&plain[..2], &parts, &plain[20..]].concat()
    };
    let bare = |transform| segment(0xEE, &[&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat());
    for (bodies, kept) in [
        (
            &[&b"Adobe\0\x64\0\0\0\0\x00"[..], b"Adobe\0\x64\0\0\0\0\x01"][..],
            Some(1),
        ),
        (&[b"Adobe\0\x64\0\0\0\0\x07"], Some(1)),
        (&[b"Adobe\0"], None),
        (&[b"Adobe_CM Zara"], Some(1)),
    ] {
        let copy = cleaned(&with(bodies));
        let found = copy.windows(2).any(|w| w == [0xFF, 0xEE]);
        match kept {
            Some(transform) => assert!(copy.windows(16).any(|w| w == bare(transform))),
            None => assert!(!found, "{bodies:?}"),
        }
    }
}

#[test]
fn a_header_with_a_thumbnail_or_too_short_to_count_is_written_anew_or_left_out() {
    let plain = jpeg();
    for (body, kept, kind) in [
        (
            &b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01Zara"[..],
            true,
            Some(Thumbnail),
        ),
        (
            b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0 by Zara Khan",
            true,
            Some(Device),
        ),
        (b"JFIF\0\x01\x02\0\0\x01\0\x01", false, None),
        (b"JFXX\0\x13Zara", false, Some(Thumbnail)),
        (b"AVI1\0 by Zara Khan", false, Some(Device)),
    ] {
        let picture = [&plain[..2], &segment(0xE0, body), &plain[20..]].concat();
        assert_eq!(report(&picture).kinds().next(), kind, "{body:?}");
        assert_eq!(cleaned(&picture)[3] == 0xE0, kept, "{body:?}");
    }
}
