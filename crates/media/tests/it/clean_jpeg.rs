//! Clean copies of JPEGs.

use std::borrow::Cow;

use schoolgate_media::MetadataKind::{
    CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use schoolgate_media::{
    Format, Limits, MediaError, Parts, clean, clean_in_parts, decode_check, verify_clean,
    verify_parts,
};

use crate::pictures::{
    decoded, iptc_segment, jpeg, jpeg_with, jpeg_with_exif, listing, phone_exif, profile, report,
    segment, xmp_segment,
};

/// The entropy-coded data of the first scan, found without any of the crate's code.
fn scan(bytes: &[u8]) -> &[u8] {
    let start = bytes.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
    let end = bytes.windows(2).rposition(|w| w == [0xFF, 0xD9]).unwrap();
    &bytes[start..end]
}

fn laden() -> Vec<u8> {
    jpeg_with(&[
        segment(0xE1, &[b"Exif\0\0", &phone_exif(6)[..]].concat()),
        xmp_segment(),
        iptc_segment(&[(80, "Oliver Smith"), (25, "Amelia")]),
        segment(0xE2, b"MPF\0offsets of further pictures"),
        segment(
            0xE2,
            &[
                b"ICC_PROFILE\0\x01\x01",
                &profile("Amelia's laptop", "x")[..],
            ]
            .concat(),
        ),
        segment(0xE5, b"vendor block"),
        segment(0xFE, b"Amelia Jones, Robin class"),
    ])
}

#[test]
fn everything_goes_but_pixels_and_orientation() {
    let original = [laden(), b"PK\x03\x04 a whole archive".to_vec()].concat();
    let cleaned = clean(&original, &Limits::default()).unwrap();
    assert_eq!(
        cleaned.removed,
        [
            Gps,
            SerialNumber,
            PersonName,
            Owner,
            CaptureTime,
            Thumbnail,
            Comment,
            Device,
            Trailer
        ]
    );
    assert!(!cleaned.re_encoded);
    let after = report(&cleaned.bytes);
    assert!(after.entries.is_empty(), "{}", listing(&after));
    assert_eq!(after.orientation, Some(6));
    assert_eq!(scan(&cleaned.bytes), scan(&laden()));
    assert_eq!(decoded(&cleaned.bytes), decoded(&original));
    for word in [
        "Amelia", "Oliver", "Bloggs", "SN-0042", "archive", "vendor", "Salford",
    ] {
        let hit = cleaned
            .bytes
            .windows(word.len())
            .any(|w| w == word.as_bytes());
        assert!(!hit, "{word} survived");
    }
}

#[test]
fn a_plain_picture_comes_out_with_nothing_removed_and_cleaning_twice_changes_nothing() {
    let once = clean(&jpeg(), &Limits::default()).unwrap();
    assert!(once.removed.is_empty());
    assert_eq!(
        clean(&once.bytes, &Limits::default()).unwrap().bytes,
        once.bytes
    );
}

#[test]
fn orientation_is_kept_only_when_it_turns_the_picture() {
    for (stored, kept) in [(0, None), (1, None), (3, Some(3)), (8, Some(8)), (9, None)] {
        let cleaned = clean(&jpeg_with_exif(&phone_exif(stored)), &Limits::default()).unwrap();
        assert_eq!(report(&cleaned.bytes).orientation, kept);
    }
}

#[test]
fn a_standard_profile_stays_byte_for_byte_and_of_any_other_the_figures_stay() {
    let icc = |p: &[u8]| segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", p].concat());
    let holds = |bytes: &[u8], p: &[u8]| bytes.windows(p.len()).any(|w| w == p);
    let standard = profile(
        "sRGB IEC61966-2.1",
        "Copyright (c) 1998 Hewlett-Packard Company",
    );
    let cleaned = clean(&jpeg_with(&[icc(&standard)]), &Limits::default()).unwrap();
    assert!(holds(&cleaned.bytes, &standard) && cleaned.removed.is_empty());
    let mut gap = standard.clone();
    gap.extend(b"Zara");
    let size = (gap.len() as u32).to_be_bytes();
    gap[..4].copy_from_slice(&size);
    for other in [
        profile("sRGB", "Amelia Jones"),
        profile("Amelia's laptop", "Public Domain"),
        gap,
    ] {
        let cleaned = clean(&jpeg_with(&[icc(&other)]), &Limits::default()).unwrap();
        assert_eq!(cleaned.removed, [Device]);
        for word in [&b"Amelia"[..], b"laptop", b"Zara"] {
            assert!(!holds(&cleaned.bytes, word));
        }
        // White, primaries and curve, byte for byte.
        assert!(holds(&cleaned.bytes, b"acsp"));
        assert!(holds(&cleaned.bytes, &[0, 0, 0x6F, 0xA2, 0, 0, 0x38, 0xF5]));
        assert!(holds(&cleaned.bytes, b"curv\0\0\0\0\0\0\0\x01\x02\x33"));
        assert!(report(&cleaned.bytes).entries.is_empty());
    }
}

#[test]
fn a_profile_with_the_primaries_of_a_standard_gets_its_name_whatever_it_was_called() {
    let mut own = profile("Zara's screen", "x");
    for (tag, xyz) in [
        (b"rXYZ", [33757u32, 15807, 0]),
        (b"gXYZ", [19137, 45363, 2746]),
        (b"bXYZ", [10296, 4365, 51386]),
    ] {
        let entry = own.windows(4).position(|w| w == tag).unwrap();
        let at = u32::from_be_bytes(own[entry + 4..entry + 8].try_into().unwrap()) as usize;
        for (index, figure) in xyz.iter().enumerate() {
            own[at + 8 + 4 * index..at + 12 + 4 * index].copy_from_slice(&figure.to_be_bytes());
        }
    }
    let icc = segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &own[..]].concat());
    let cleaned = clean(&jpeg_with(&[icc]), &Limits::default()).unwrap();
    assert!(cleaned.bytes.windows(10).any(|w| w == b"Display P3"));
}

#[test]
fn a_curve_that_spells_something_is_not_kept() {
    let own = profile("Zara's screen", "x");
    let at = own.windows(4).position(|w| w == b"curv").unwrap();
    let letters = b"Zara Khan, Robin class";
    let count = (letters.len() as u32 / 2).to_be_bytes();
    let curve = [b"curv\0\0\0\0", &count[..], letters].concat();
    let mut own = [&own[..at], &curve].concat();
    let size = (own.len() as u32).to_be_bytes();
    own[..4].copy_from_slice(&size);
    for tag in [b"rTRC", b"gTRC", b"bTRC"] {
        let entry = own.windows(4).position(|w| w == tag).unwrap();
        own[entry + 4..entry + 8].copy_from_slice(&(at as u32).to_be_bytes());
        own[entry + 8..entry + 12].copy_from_slice(&(curve.len() as u32).to_be_bytes());
    }
    let icc = segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &own[..]].concat());
    let picture = jpeg_with(&[icc]);
    let cleaned = clean(&picture, &Limits::default()).unwrap();
    assert!(!cleaned.bytes.windows(4).any(|w| w == b"acsp"));
    assert!(verify_clean(&picture, &Limits::default()).is_err());
}

#[test]
fn a_profile_in_several_segments_is_put_together() {
    let whole = profile(
        "Adobe RGB (1998)",
        "Copyright 2000 Adobe Systems Incorporated",
    );
    let (first, second) = whole.split_at(200);
    let picture = jpeg_with(&[
        segment(0xE2, &[b"ICC_PROFILE\0\x02\x02", second].concat()),
        segment(0xE2, &[b"ICC_PROFILE\0\x01\x02", first].concat()),
    ]);
    let cleaned = clean(&picture, &Limits::default()).unwrap();
    assert!(cleaned.bytes.windows(whole.len()).any(|w| w == whole));
}

#[test]
fn the_jfif_thumbnail_goes_and_the_density_stays() {
    let plain = jpeg();
    assert_eq!(
        &plain[2..4],
        [0xFF, 0xE0],
        "the encoder writes a JFIF header"
    );
    let body = [&b"JFIF\0\x01\x02\x01\0\x48\0\x48\x02\x01"[..], &[9; 6]].concat();
    let picture = [&plain[..2], &segment(0xE0, &body), &plain[20..]].concat();
    let cleaned = clean(&picture, &Limits::default()).unwrap();
    assert_eq!(cleaned.removed, [Thumbnail]);
    assert_eq!(
        cleaned.bytes[2..20],
        segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0")[..]
    );
    assert_eq!(decoded(&cleaned.bytes), decoded(&picture));
}

#[test]
fn the_adobe_colour_header_stays_as_its_twelve_bytes() {
    let plain = jpeg();
    let adobe = |extra: &[u8]| segment(0xEE, &[b"Adobe\0\x64\0\0\0\0\x01", extra].concat());
    let picture = [&plain[..2], &adobe(b"Zara"), &plain[20..]].concat();
    let cleaned = clean(&picture, &Limits::default()).unwrap();
    assert!(cleaned.bytes.windows(16).any(|w| w == adobe(b"")));
    assert!(!cleaned.bytes.windows(4).any(|w| w == b"Zara"));
    assert_eq!(decoded(&cleaned.bytes), decoded(&picture));
}

/// An 8 by 8 grey JPEG: one block per scan, `0x00` padding bits fine for any decoder.
fn grey(frame: u8, scans: &[&[u8]]) -> Vec<u8> {
    let quantisation = segment(0xDB, &[&[0u8][..], &[1; 64]].concat());
    let header = segment(frame, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    let mut counts = [0; 16];
    counts[0] = 1;
    let table = |class: u8| segment(0xC4, &[&[class][..], &counts, &[0]].concat());
    let mut out = [
        &[0xFF, 0xD8][..],
        &quantisation,
        &header,
        &table(0x00),
        &table(0x10),
    ]
    .concat();
    scans.iter().for_each(|scan| out.extend_from_slice(scan));
    out.extend([0xFF, 0xD9]);
    out
}

#[test]
fn every_scan_of_a_progressive_picture_is_carried_over_and_comments_between_scans_go() {
    let dc = [&segment(0xDA, &[1, 1, 0x00, 0, 0, 0])[..], &[0x7F]].concat();
    let ac = [&segment(0xDA, &[1, 1, 0x00, 1, 63, 0])[..], &[0x7F]].concat();
    let hidden = segment(0xFE, b"Zara Khan");
    let picture = grey(0xC2, &[&dc, &hidden, &ac]);
    let cleaned = clean(&picture, &Limits::default()).unwrap();
    assert_eq!(cleaned.bytes, grey(0xC2, &[&dc, &ac]));
    assert_eq!(cleaned.removed, [Comment]);
    decode_check(&cleaned.bytes, &Limits::default()).unwrap();
}

#[test]
fn compressed_data_stay_where_they_are_unless_something_between_them_goes() {
    let dc = [&segment(0xDA, &[1, 1, 0x00, 0, 0, 0])[..], &[0x7F]].concat();
    let ac = [&segment(0xDA, &[1, 1, 0x00, 1, 63, 0])[..], &[0x7F]].concat();
    let hidden = segment(0xFE, b"Zara Khan");
    let whole = grey(0xC2, &[&dc, &ac]);
    let padded = [&whole[..whole.len() - 2], &[0xFF, 0xFF, 0xD9]].concat();
    for (picture, in_place) in [
        (whole.clone(), true),
        ([&whole[..], b"trailer"].concat(), true),
        (grey(0xC2, &[&hidden, &dc, &ac]), true),
        (grey(0xC2, &[&dc, &hidden, &ac]), false),
        (padded, false),
    ] {
        let parts = clean_in_parts(&picture, &Limits::default()).1.unwrap();
        assert_eq!(matches!(parts.bytes.body, Cow::Borrowed(_)), in_place);
        assert_eq!(parts.bytes.len(), whole.len());
        assert_eq!(parts.join().bytes, whole);
    }
}

#[test]
fn the_second_reader_takes_a_copy_in_parts_only_as_it_is_made() {
    let picture = jpeg();
    let parts = |at: usize| Parts {
        head: picture[..at].to_vec(),
        body: Cow::Borrowed(&picture[at..]),
    };
    let made = clean_in_parts(&picture, &Limits::default()).1.unwrap();
    let end = made.bytes.head.len();
    // an empty head is the picture in one piece
    let passed =
        (0..picture.len()).filter(|&at| verify_parts(&parts(at), &Limits::default()).is_ok());
    assert_eq!(passed.collect::<Vec<_>>(), [0, end]);
    let png = Parts {
        head: b"\x89PNG\r\n\x1a\n".to_vec(),
        body: Cow::Borrowed(&[]),
    };
    assert!(verify_parts(&png, &Limits::default()).is_err());
    let longer = Parts {
        head: picture.clone(),
        body: Cow::Borrowed(b"Zara Khan"),
    };
    assert!(verify_parts(&longer, &Limits::default()).is_err());
}

#[test]
fn restart_markers_and_stuffed_bytes_stay_inside_their_scan() {
    let scan = [
        &segment(0xDA, &[1, 1, 0x00, 0, 63, 0])[..],
        &[0x3F, 0xFF, 0xD0, 0x12, 0xFF, 0x00, 0x3F],
    ]
    .concat();
    let interval = segment(0xDD, &[0, 1]);
    let picture = grey(0xC0, &[&interval, &scan]);
    assert_eq!(clean(&picture, &Limits::default()).unwrap().bytes, picture);
}

#[test]
fn text_hidden_in_a_table_segment_is_refused() {
    let plain = jpeg();
    let at = plain.windows(2).position(|w| w == [0xFF, 0xDB]).unwrap();
    let table = segment(0xDB, &[&[0u8][..], &[16; 64], b"Zara"].concat());
    let picture = [&plain[..at], &table, &plain[at..]].concat();
    assert_eq!(
        clean(&picture, &Limits::default()).unwrap_err().code(),
        "malformed"
    );
    assert!(verify_clean(&picture, &Limits::default()).is_err());
}

#[test]
fn rare_kinds_of_jpeg_are_refused_as_such() {
    let scan = [&segment(0xDA, &[1, 1, 0x00, 0, 63, 0])[..], &[0x3F]].concat();
    let error = clean(&grey(0xC5, &[&scan]), &Limits::default()).unwrap_err();
    assert_eq!(error, MediaError::Unsupported(Format::Jpeg));
}

#[test]
fn xmp_smuggled_into_the_scan_is_found_by_the_second_reader() {
    let plain = jpeg();
    let end = plain.len() - 2;
    let picture = [&plain[..end], b"<x:xmpmeta>Zara</x:xmpmeta>", &plain[end..]].concat();
    let error = clean(&picture, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "still_identifying");
    assert!(!format!("{error} {error:?}").contains("Zara"));
}

#[test]
fn the_second_reader_names_each_part_that_may_not_be_there() {
    let cases = [
        (segment(0xFE, b"hello"), "JPEG:COM"),
        (xmp_segment(), "JPEG:APP1"),
        (iptc_segment(&[(80, "A")]), "JPEG:APP13"),
        (segment(0xE2, b"MPF\0"), "JPEG:APP2"),
        (
            segment(0xE1, &[b"Exif\0\0", &phone_exif(1)[..]].concat()),
            "JPEG:APP1",
        ),
        (
            segment(
                0xE2,
                &[b"ICC_PROFILE\0\x01\x01", &profile("Zara's screen", "x")[..]].concat(),
            ),
            "JPEG:APP2",
        ),
        (segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01x"), "JPEG:APP14"),
    ];
    assert_eq!(verify_clean(&jpeg(), &Limits::default()), Ok(()));
    for (part, tag) in cases {
        let found = verify_clean(&jpeg_with(&[part]), &Limits::default()).unwrap_err();
        assert!(
            found.iter().any(|leftover| leftover.tag == tag),
            "{tag}: {found:?}"
        );
    }
    let found = verify_clean(&[jpeg(), b"x".to_vec()].concat(), &Limits::default()).unwrap_err();
    assert_eq!(found[0].tag, "JPEG:Trailer");
}
