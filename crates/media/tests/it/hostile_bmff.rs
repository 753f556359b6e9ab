//! HEIC pictures and films made to do harm, and broken ones.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use schoolgate_media::{Limits, MediaError, inspect};

use crate::boxes::{
    Heic, bx, exif_item, film, full, international, item, keys, mime_item, movie_header,
    picture_track, size, tables, track,
};
use crate::pictures::{XMP, jpeg, jpeg_with, phone_exif, report, segment};

/// The code of the error; a report of what stands in front of the damage counts as one.
fn code(bytes: &[u8]) -> &'static str {
    match inspect(bytes, &Limits::default()) {
        Ok(report) if report.unreadable => "unreadable",
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

/// A film that says nothing, not even a date.
fn silent_film(in_moov: &[Vec<u8>]) -> Vec<u8> {
    let moov = [vec![movie_header(0), picture_track()], in_moov.to_vec()].concat();
    [
        bx(b"ftyp", b"isom\0\0\0\0isom"),
        bx(b"mdat", b"frames"),
        bx(b"moov", &moov.concat()),
    ]
    .concat()
}

fn laden_heic() -> Vec<u8> {
    let mut heic = Heic::with(vec![
        exif_item(&phone_exif(6)),
        mime_item("application/rdf+xml", XMP.as_bytes()),
        item(b"hvc1", b"\0", b"small", &[2]),
    ]);
    heic.links = vec![(b"thmb", 4, vec![1])];
    heic.properties.push(full(b"udes", 0, b"en\0a\0b\0c\0"));
    heic.bytes()
}

fn laden_film() -> Vec<u8> {
    let user = [
        international(b"\xA9xyz", "+53.4808-002.2426/"),
        bx(b"TAGS", b"INVENTED DIGITAL CAMERA\0"),
        bx(b"Xtra", &[0, 0, 0, 9, 1, 2, 3, 4, 5]),
        bx(b"GPMF", b"CASNc\x01\0\x04C346"),
    ];
    let words = track(b"", b"text", "", &tables(b"tx3g", b"", 28, &[7, 8]));
    let list = keys(&[("com.apple.quicktime.author", "Amelia Jones")]);
    let in_moov = [words, list, bx(b"udta", &user.concat())];
    film(b"qt  ", &in_moov, b"\0\x05Helen\0\x06Oliver")
}

#[test]
fn every_truncation_is_an_error() {
    for whole in [Heic::default().bytes(), laden_heic(), laden_film()] {
        assert_eq!(code(&whole), "ok");
        for len in 0..whole.len() {
            assert_ne!(code(&whole[..len]), "ok", "cut at {len} of {}", whole.len());
        }
    }
}

#[test]
fn lies_about_sizes_are_told_apart() {
    let film = silent_film(&[]);
    let patched = |find: &[u8], bytes: &[u8]| {
        let at = film.windows(4).position(|w| w == find).unwrap() - 4;
        [&film[..at], bytes, &film[at + bytes.len()..]].concat()
    };
    for (find, bytes, expected) in [
        (b"mdat", &b"\xFF\xFF\xFF\xFF"[..], "truncated"),
        (b"moov", b"\xFF\xFF\xFF\xFF", "truncated"),
        (b"moov", b"\0\0\0\x07", "malformed"),
        (b"trak", b"\x7F\0\0\0", "malformed"),
        (b"tkhd", b"\0\0\0\x02", "malformed"),
    ] {
        assert_eq!(code(&patched(find, bytes)), expected, "{find:?} {bytes:?}");
    }
    // A 64-bit size that is true, and one that is not.
    let moov = bx(b"moov", &[movie_header(0), picture_track()].concat());
    let wide = |size: u64| {
        let mdat = [&b"\0\0\0\x01mdat"[..], &size.to_be_bytes(), b"frames"].concat();
        [bx(b"ftyp", b"isom\0\0\0\0isom"), moov.clone(), mdat].concat()
    };
    assert_eq!(code(&wide(22)), "ok");
    for lie in [23, 1 << 40, u64::MAX] {
        assert_eq!(code(&wide(lie)), "truncated", "{lie}");
    }
    assert_eq!(code(&wide(15)), "malformed");
}

#[test]
fn a_fault_in_a_vendors_box_costs_that_box_only() {
    let broken = bx(
        b"udta",
        &[bx(b"name", b"Robin class"), b"\xFF\0\0\0oops".to_vec()].concat(),
    );
    let found = report(&film(b"isom", &[broken], b""));
    let tags: Vec<&str> = found.entries.iter().map(|e| e.tag.as_str()).collect();
    assert!(tags.contains(&"UserData:Name") && tags.contains(&"QuickTime:UnreadablePart"));
}

#[test]
fn deep_and_wide_trees_are_refused() {
    let mut deep = bx(b"trak", b"");
    for _ in 0..200 {
        deep = bx(b"meta", &[&[0; 4][..], &deep].concat());
    }
    assert_eq!(code(&silent_film(&[deep])), "malformed");
    let wide = bx(b"free", b"").repeat(30_000);
    assert_eq!(
        code(&film(b"isom", std::slice::from_ref(&wide), b"")),
        "too_many_segments"
    );
    let many = Heic {
        in_meta: wide,
        ..Heic::default()
    };
    assert_eq!(code(&many.bytes()), "too_many_segments");
}

/// `iloc` of version 2 with these sizes, count and body, in a picture of its own.
fn with_locations(sizes: [u8; 2], count: u32, body: &[u8]) -> Vec<u8> {
    let meta = [
        full(b"pitm", 0, &[0, 1]),
        full(
            b"iinf",
            0,
            &[&[0, 1][..], &full(b"infe", 2, b"\0\x01\0\0hvc1\0")].concat(),
        ),
        full(
            b"iloc",
            2,
            &[&sizes[..], &count.to_be_bytes(), body].concat(),
        ),
        bx(
            b"iprp",
            &[
                bx(b"ipco", &size(64, 48)),
                full(b"ipma", 0, b"\0\0\0\x01\0\x01\x01\x01"),
            ]
            .concat(),
        ),
    ];
    [
        bx(b"ftyp", b"heic\0\0\0\0heic"),
        full(b"meta", 0, &meta.concat()),
    ]
    .concat()
}

#[test]
fn lists_that_claim_more_than_they_hold_are_refused() {
    let entry =
        |id: u32, extents: u16| [&id.to_be_bytes()[..], &[0; 4], &extents.to_be_bytes()].concat();
    // Extents of no bytes at all: a million items of 65,535 each would keep a reader busy for hours.
    let body: Vec<u8> = (1..2000).flat_map(|id| entry(id, 65_535)).collect();
    assert_eq!(
        code(&with_locations([0, 0], 1999, &body)),
        "too_many_segments"
    );
    assert_eq!(code(&with_locations([0x44, 0], u32::MAX, b"")), "malformed");
    assert_eq!(
        code(&with_locations([0xFF, 0xFF], 1, &entry(1, 1))),
        "malformed"
    );
    assert_eq!(code(&with_locations([0, 0], 1, &entry(1, 0))), "ok");
    let mut shared = Heic::default();
    shared.properties.extend((0..200).map(|_| size(1, 1)));
    shared.items[0].properties = (1..=200).collect();
    assert_eq!(code(&shared.bytes()), "ok");
}

#[test]
fn overlapping_extents_cannot_make_much_out_of_little() {
    // Two thousand XMP items that all claim the whole file.
    let whole: Vec<_> = (0..2000).map(|_| mime_item("text/plain", b"")).collect();
    let mut heic = Heic::with(whole);
    heic.after = bx(b"free", &vec![0; 1_000_000]);
    let started = Instant::now();
    assert_eq!(code(&heic.bytes()), "too_many_segments");
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn references_in_circles_come_to_an_end() {
    let mut heic = Heic::with(vec![
        item(b"grid", b"\0", b"x", &[2]),
        item(b"grid", b"\0", b"x", &[2]),
    ]);
    heic.links = vec![
        (b"dimg", 1, vec![2, 1]),
        (b"dimg", 2, vec![3]),
        (b"dimg", 3, vec![1, 2]),
        (b"thmb", 1, vec![1]),
    ];
    assert_eq!(code(&heic.bytes()), "ok");
}

#[test]
fn two_items_of_one_number_and_details_outside_the_file_are_refused() {
    let entry = full(b"infe", 2, b"\0\x01\0\0hvc1\0");
    let list = full(b"iinf", 0, &[&[0, 2][..], &entry, &entry].concat());
    let meta = [full(b"pitm", 0, &[0, 1]), list].concat();
    let twice = [bx(b"ftyp", b"heic\0\0\0\0heic"), full(b"meta", 0, &meta)].concat();
    assert_eq!(code(&twice), "malformed");
    let mut outside = Heic::with(vec![exif_item(&phone_exif(1))]).bytes();
    let at = outside.windows(4).position(|w| w == b"iloc").unwrap();
    // Version and flags, sizes, count; item 1; number, method, reference, count, then the offset of item 2.
    let offset = at + 4 + 4 + 2 + 2 + 16 + 8;
    outside[offset..offset + 4].copy_from_slice(&[0x7F; 4]);
    assert_eq!(code(&outside), "unreadable");
}

#[test]
fn a_film_of_fifty_megabytes_takes_no_time() {
    let samples = vec![0x5A; 48 * 1024 * 1024];
    let film = film(
        b"isom",
        &[bx(b"udta", &international(b"\xA9ART", "Ava"))],
        &samples,
    );
    let started = Instant::now();
    assert_eq!(code(&film), "ok");
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn only_the_converters_jpeg_of_a_still_heic_is_cleaned() {
    let limits = Limits::default();
    let original = report(&laden_heic());
    let exif = segment(0xE1, &[b"Exif\0\0", &phone_exif(6)[..]].concat());
    let converted = jpeg_with(&[exif]);
    let cleaned = schoolgate_media::clean_converted(&converted, &original, &limits).unwrap();
    let after = report(&cleaned.bytes);
    assert_eq!(
        after.orientation, None,
        "the converter has turned it already"
    );
    assert!(after.entries.is_empty() && cleaned.re_encoded);
    assert_eq!(cleaned.format, schoolgate_media::Format::Jpeg);
    assert_eq!(cleaned.removed, {
        let mut kinds: Vec<_> = original.kinds().collect();
        kinds.sort();
        kinds.dedup();
        kinds
    });
    let plain = schoolgate_media::clean_converted(&jpeg(), &original, &limits).unwrap();
    assert!(plain.re_encoded);
    let refused = [
        schoolgate_media::clean_converted(&converted, &report(&laden_film()), &limits),
        schoolgate_media::clean_converted(&converted, &report(&jpeg()), &limits),
        schoolgate_media::clean_converted(b"no picture", &original, &limits),
        schoolgate_media::clean_converted(&converted[..converted.len() / 2], &original, &limits),
    ];
    assert!(refused.iter().all(Result::is_err));
    assert_eq!(refused[2], Err(MediaError::NotAPicture));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changed_bytes_never_panic(
        which in 0usize..2,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = if which == 0 { laden_heic() } else { laden_film() };
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let _ = inspect(&bytes, &Limits::default());
        bytes.truncate(cut.index(bytes.len()));
        let _ = inspect(&bytes, &Limits::default());
    }

    #[test]
    fn arbitrary_boxes_never_panic(
        kinds in prop::collection::vec(
            prop::sample::select(vec![
                *b"meta", *b"ilst", *b"keys", *b"udta", *b"uuid", *b"loci", *b"Xtra", *b"GPMF",
                *b"iinf", *b"iloc", *b"iref", *b"ipma", *b"free", *b"jumb", *b"sefd", *b"mpvd",
                *b"stsd", *b"xml ", *b"kywd", *b"\xA9xyz", *b"pnot", *b"dref",
            ]),
            1..6,
        ),
        body in prop::collection::vec(any::<u8>(), 0..200),
        depth in 0usize..4,
    ) {
        let mut inner = body;
        for kind in &kinds {
            inner = bx(kind, &inner);
        }
        for _ in 0..depth {
            inner = full(b"meta", 0, &inner);
        }
        let _ = inspect(&film(b"qt  ", &[inner.clone()], b""), &Limits::default());
        let heic = Heic { in_meta: inner.clone(), after: inner, ..Heic::default() };
        let _ = inspect(&heic.bytes(), &Limits::default());
    }
}
