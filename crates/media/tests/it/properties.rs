//! Whatever is done to a picture: an answer, never a panic; and what is called clean is clean.

use proptest::prelude::*;
use schoolgate_media::{Limits, clean, decode_check, inspect, inspect_and_clean, verify_clean};

use crate::pictures::{
    Page, ascii, chunk, decoded, gif_block, gif_picture, gif_with, iptc_segment, jpeg_with, long,
    moving_png, phone_exif, png_with, profile, riff, segment, short, tiff_of, vp8l, vp8x,
    webp_frame, webp_of, xmp_segment, zlib,
};

fn jpeg_seed() -> Vec<u8> {
    let seed = jpeg_with(&[
        segment(0xE1, &[b"Exif\0\0", &phone_exif(6)[..]].concat()),
        xmp_segment(),
        iptc_segment(&[(80, "Oliver Smith"), (25, "Amelia")]),
        segment(
            0xE2,
            &[
                b"ICC_PROFILE\0\x01\x01",
                &profile("sRGB", "Public Domain")[..],
            ]
            .concat(),
        ),
        segment(0xFE, b"Amelia"),
    ]);
    [seed, b"PK\x03\x04".to_vec()].concat()
}

fn png_seed() -> Vec<u8> {
    png_with(&[
        chunk(
            b"iCCP",
            &[b"x\0\0", &zlib(&profile("sRGB", "Public Domain"))[..]].concat(),
        ),
        chunk(b"eXIf", &phone_exif(6)),
        chunk(b"tEXt", b"Author\0Amelia Jones"),
        chunk(
            b"zTXt",
            &[b"Comment\0\0", &zlib(b"Robin class")[..]].concat(),
        ),
    ])
}

fn webp_seed() -> Vec<u8> {
    webp_of(&[
        vp8x(0x2C, 40, 24),
        riff(b"ICCP", &profile("sRGB", "Public Domain")),
        riff(b"VP8L", &vp8l()),
        riff(b"EXIF", &phone_exif(6)),
        riff(b"note", b"Amelia Jones"),
    ])
}

fn moving_webp_seed() -> Vec<u8> {
    webp_of(&[
        vp8x(0x02, 40, 24),
        riff(b"ANIM", &[0; 6]),
        webp_frame(&[riff(b"note", b"Amelia Jones")]),
        webp_frame(&[]),
    ])
}

fn gif_seed() -> Vec<u8> {
    let loops = gif_block(0xFF, &[b"NETSCAPE2.0", &[1, 0, 0]]);
    let control = gif_block(0xF9, &[&[1, 10, 0, 1]]);
    let mut seed = gif_with(&[loops, gif_block(0xFE, &[b"Amelia Jones"]), control.clone()]);
    seed.pop();
    [seed, control, gif_picture(), b"\x3B".to_vec()].concat()
}

fn tiff_seed(wide: bool) -> Vec<u8> {
    let page = Page {
        fields: vec![ascii(0x013B, "Amelia Jones"), short(0x0112, 6)],
        gps: vec![ascii(0x0001, "N")],
        sub: vec![Page::default()],
        ..Page::default()
    };
    let thumbnail = Page {
        fields: vec![long(0x00FE, 1)],
        ..Page::default()
    };
    tiff_of(vec![page, thumbnail], wide)
}

/// Mends every checksum that can be found, so that mutations get past the first gate.
fn mend(mut png: Vec<u8>) -> Vec<u8> {
    let mut at = 8;
    while let Some(head) = png.get(at..at + 8) {
        let len = u32::from_be_bytes(head[..4].try_into().unwrap()) as usize;
        let Some(body) = png
            .get(at + 4..)
            .and_then(|rest| rest.get(..len.saturating_add(4)))
        else {
            break;
        };
        let mut crc = flate2::Crc::new();
        crc.update(body);
        let sum = crc.sum().to_be_bytes();
        let end = at + 8 + len;
        let Some(stored) = png.get_mut(end..end + 4) else {
            break;
        };
        stored.copy_from_slice(&sum);
        at = end + 4;
    }
    png
}

fn limits() -> Limits {
    Limits {
        max_pixels: 1_000_000,
        ..Limits::default()
    }
}

/// Looks at the bytes through every door, and at the pixels before and after.
fn probe(bytes: &[u8]) {
    if let Some(copy) = examine(bytes)
        // The decoder refuses some headers that the copy has put right.
        && image::load_from_memory(bytes).is_ok()
        && decode_check(bytes, &limits()).is_ok()
    {
        // Not `assert_eq`: thousands of figures help nobody.
        assert!(decoded(&copy) == decoded(bytes), "other pixels than before");
    }
}

/// Looks at the bytes through every door; returns the clean copy if there is one.
fn examine(bytes: &[u8]) -> Option<Vec<u8>> {
    let limits = limits();
    let report = inspect(bytes, &limits);
    let _ = verify_clean(bytes, &limits);
    let _ = decode_check(bytes, &limits);
    let cleaned = clean(bytes, &limits);
    assert!(inspect_and_clean(bytes, &limits) == (report, cleaned.clone()));
    let cleaned = cleaned.ok()?;
    let (copy, re_encoded) = (cleaned.bytes, cleaned.re_encoded);
    assert_eq!(verify_clean(&copy, &limits), Ok(()));
    let again = clean(&copy, &limits).unwrap();
    assert!(again.bytes == copy && again.removed.is_empty());
    (!re_encoded).then_some(copy)
}

fn mutated(
    mut seed: Vec<u8>,
    edits: &[(prop::sample::Index, u8)],
    cut: Option<prop::sample::Index>,
) -> Vec<u8> {
    for (at, value) in edits {
        let at = at.index(seed.len());
        seed[at] = *value;
    }
    if let Some(cut) = cut {
        seed.truncate(cut.index(seed.len()));
    }
    seed
}

#[test]
fn whatever_stands_in_place_of_the_end_the_pixels_stay_or_the_picture_is_held() {
    let seed = jpeg_seed();
    let end = seed.windows(2).rposition(|pair| pair == [0xFF, 0xD9]);
    let end = end.unwrap() + 1;
    for marker in 0..=u8::MAX {
        let mut bytes = seed.clone();
        bytes[end] = marker;
        probe(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_jpegs_never_panic_and_clean_means_clean(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        probe(&mutated(jpeg_seed(), &edits, cut));
    }

    #[test]
    fn mutated_pngs_never_panic_and_clean_means_clean(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
        mended in prop::bool::weighted(0.8),
    ) {
        let bytes = mutated(png_seed(), &edits, cut);
        probe(&if mended { mend(bytes) } else { bytes });
    }

    #[test]
    fn mutated_moving_pngs_never_panic_and_clean_means_clean(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        probe(&mend(mutated(moving_png(&[chunk(b"tEXt", b"Author\0Amelia Jones")]), &edits, None)));
    }

    #[test]
    fn mutated_webps_never_panic_and_clean_means_clean(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
        moving in any::<bool>(),
    ) {
        let seed = if moving { moving_webp_seed() } else { webp_seed() };
        probe(&mutated(seed, &edits, cut));
    }

    #[test]
    fn mutated_gifs_never_panic_and_clean_means_clean(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        probe(&mutated(gif_seed(), &edits, cut));
    }

    #[test]
    fn mutated_tiffs_never_panic_and_clean_means_clean(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::weighted(0.1, any::<prop::sample::Index>()),
        wide in any::<bool>(),
    ) {
        probe(&mutated(tiff_seed(wide), &edits, cut));
    }

    #[test]
    fn arbitrary_bytes_behind_a_signature_never_panic(
        signature in prop::sample::select(vec![&b"GIF89a"[..], b"RIFF\xFF\0\0\0WEBP", b"II*\0", b"MM\0+\0\x08\0\0", b"IIU\0"]),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        probe(&[signature, &body].concat());
    }

    #[test]
    fn arbitrary_exif_blocks_never_panic(block in prop::collection::vec(any::<u8>(), 0..400)) {
        let tiff = [b"MM\0*\0\0\0\x08", &block[..]].concat();
        probe(&png_with(&[chunk(b"eXIf", &tiff)]));
        probe(&jpeg_with(&[segment(0xE1, &[b"Exif\0\0", &tiff[..]].concat())]));
    }

    #[test]
    fn arbitrary_markup_never_panics(parts in prop::collection::vec("[<>/=\"'a:& ;#!?\\[\\]-]{0,12}|<a b='c'>|</a>|&#x41;", 0..20)) {
        let packet = [b"http://ns.adobe.com/xap/1.0/\0", parts.concat().as_bytes()].concat();
        probe(&jpeg_with(&[segment(0xE1, &packet)]));
    }

    #[test]
    fn arbitrary_resources_never_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        probe(&jpeg_with(&[segment(0xED, &[b"Photoshop 3.0\08BIM\x04\x04\0\0", &body[..]].concat())]));
        probe(&jpeg_with(&[segment(0xED, &[b"Photoshop 3.0\08BIM", &body[..]].concat())]));
    }

    #[test]
    fn arbitrary_segments_stray_bytes_and_trailers_never_panic(
        number in 0u8..16,
        name in prop::sample::select(VENDORS),
        body in prop::collection::vec(any::<u8>(), 0..200),
        stray in prop::collection::vec(any::<u8>(), 0..8),
        trailer in prop::collection::vec(any::<u8>(), 0..60),
        at in any::<prop::sample::Index>(),
    ) {
        let part = [segment(0xE0 + number, &[name, &body[..]].concat()), stray].concat();
        let picture = [jpeg_with(&[part]), trailer].concat();
        probe(&picture);
        // The same in the middle of anything. Decoders disagree about segments in and behind the picture data, so the
        // pixels are not looked at.
        let at = at.index(picture.len());
        examine(&[&picture[..at], &segment(0xE0 + number, &body)[..], &picture[at..]].concat());
    }

    #[test]
    fn profiles_with_arbitrary_bytes_come_out_as_standard_ones_or_not_at_all(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        name in prop::sample::select(&["sRGB", "Display P3", "Amelia's laptop"][..]),
    ) {
        let profile = mutated(profile(name, "Public Domain"), &edits, None);
        probe(&jpeg_with(&[segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &profile[..]].concat())]));
    }
}

/// What the segments of vendors start with.
const VENDORS: &[&[u8]] = &[
    b"",
    b"Exif\0\0",
    b"Exif\0\0II*\0\x08\0\0\0",
    b"http://ns.adobe.com/xap/1.0/\0<a>",
    b"MPF\0",
    b"FPXR\0",
    b"ICC_PROFILE\0\x01\x01",
    b"Meta\0\0",
    b"Ducky",
    b"[picture info]",
    b"JP\0\x01",
    b"Adobe\0\x64\0\0\0\0",
    b"Photoshop 3.0\08BIM\x04\x04\0\0",
    b"Adobe_Photoshop2.5:",
    b"\x1C\x02",
    b"JFIF\0\x01\x02",
    b"AXS!\x1C\x02",
    b"http://ns.adobe.com/xmp/extension/\0",
    b"ssuniqueid\0",
    b"GoPro\0",
];
