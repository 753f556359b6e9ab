//! Whatever is done to a picture: an answer, never a panic; and what is called clean is clean.

use proptest::prelude::*;
use schoolgate_media::{Limits, clean, decode_check, inspect, verify_clean};

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

/// Looks at the bytes through every door.
fn probe(bytes: &[u8]) {
    let limits = Limits {
        max_pixels: 1_000_000,
        ..Limits::default()
    };
    let _ = inspect(bytes, &limits);
    let _ = verify_clean(bytes, &limits);
    let _ = decode_check(bytes, &limits);
    if let Ok(cleaned) = clean(bytes, &limits) {
        assert_eq!(verify_clean(&cleaned.bytes, &limits), Ok(()));
        let again = clean(&cleaned.bytes, &limits).unwrap();
        assert!(again.bytes == cleaned.bytes && again.removed.is_empty());
        // The decoder refuses some headers that the copy has put right.
        let opens = image::load_from_memory(bytes).is_ok();
        if !cleaned.re_encoded && opens && decode_check(bytes, &limits).is_ok() {
            // Not `assert_eq`: thousands of figures help nobody.
            assert!(
                decoded(&cleaned.bytes) == decoded(bytes),
                "other pixels than before"
            );
        }
    }
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
}
