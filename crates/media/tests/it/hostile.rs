//! Pictures made to do harm: bombs, lies, polyglots, formats in disguise.

use schoolgate_media::MetadataKind::Trailer;
use schoolgate_media::{Format, Limits, MediaError, clean, decode_check, inspect, verify_clean};

use crate::pictures::{
    chunk, gif_block, gif_picture, gif_with, jpeg, jpeg_with, phone_exif, png, png_with, riff,
    segment, vp8l, vp8x, webp_of, zlib,
};

fn codes(bytes: &[u8]) -> [&'static str; 3] {
    let limits = Limits::default();
    let code = |error: Option<MediaError>| error.map_or("ok", |error| error.code());
    [
        code(inspect(bytes, &limits).err()),
        code(clean(bytes, &limits).err()),
        code(decode_check(bytes, &limits).err()),
    ]
}

#[test]
fn headers_that_claim_sixty_thousand_squared_are_refused_before_anything_is_allocated() {
    let side = 60_000u32.to_be_bytes();
    let header = [&side[..], &side, &[8, 6, 0, 0, 0]].concat();
    let bomb = [&png()[..8], &chunk(b"IHDR", &header), &png()[33..]].concat();
    assert_eq!(codes(&bomb), ["too_large"; 3]);
    let mut jpeg = jpeg();
    let at = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[at + 5..at + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
    assert_eq!(codes(&jpeg), ["too_large"; 3]);
}

#[test]
fn a_progressive_picture_counts_its_coefficients_against_the_memory_limit() {
    let mut bytes = jpeg();
    let at = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    let pixels = 40 * 24;
    let limits = Limits {
        max_alloc_bytes: pixels * 4,
        ..Limits::default()
    };
    decode_check(&bytes, &limits).unwrap();
    bytes[at + 1] = 0xC2;
    assert_eq!(
        decode_check(&bytes, &limits).unwrap_err().code(),
        "too_large"
    );
}

#[test]
fn a_profile_that_inflates_to_two_hundred_megabytes_is_dropped_uninflated() {
    let bomb = [b"icc\0\0", &zlib(&vec![0; 200_000_000])[..]].concat();
    let picture = png_with(&[chunk(b"iCCP", &bomb)]);
    let started = std::time::Instant::now();
    let cleaned = clean(&picture, &Limits::default()).unwrap();
    assert!(cleaned.bytes.len() < 10_000);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn a_picture_that_is_also_an_archive_loses_the_archive() {
    for (picture, format) in [(jpeg(), Format::Jpeg), (png(), Format::Png)] {
        let polyglot = [&picture[..], b"PK\x03\x04names.csv Zara Khan PK\x05\x06"].concat();
        let cleaned = clean(&polyglot, &Limits::default()).unwrap();
        assert_eq!(cleaned.removed, [Trailer]);
        assert!(!cleaned.bytes.windows(2).any(|w| w == b"PK"), "{format}");
    }
}

#[test]
fn what_is_no_picture_is_named_so() {
    assert_eq!(codes(b"%PDF-1.7 not a picture"), ["not_a_picture"; 3]);
    assert_eq!(codes(b""), ["not_a_picture"; 3]);
}

#[test]
fn files_over_the_byte_limit_are_refused_first() {
    let limits = Limits {
        max_bytes: 100,
        ..Limits::default()
    };
    let error = inspect(&jpeg(), &limits).unwrap_err();
    assert!(error.to_string().contains("100"), "{error}");
    assert_eq!(clean(&png(), &limits).unwrap_err().code(), "too_large");
    assert_eq!(
        decode_check(&png(), &limits).unwrap_err().code(),
        "too_large"
    );
}

#[test]
fn pictures_of_countless_parts_are_refused() {
    let limits = Limits {
        max_segments: 50,
        ..Limits::default()
    };
    let comments: Vec<Vec<u8>> = (0..60).map(|_| segment(0xFE, b"x")).collect();
    assert_eq!(
        clean(&jpeg_with(&comments), &limits).unwrap_err().code(),
        "too_many_segments"
    );
    let texts: Vec<Vec<u8>> = (0..60).map(|_| chunk(b"tEXt", b"a\0b")).collect();
    assert_eq!(
        clean(&png_with(&texts), &limits).unwrap_err().code(),
        "too_many_segments"
    );
}

#[test]
fn every_truncation_is_an_error() {
    // Without the two bytes of its end marker alone a JPEG is whole all the same.
    for (picture, spare) in [(jpeg(), 2), (png(), 0)] {
        for len in 0..picture.len() - spare {
            assert!(clean(&picture[..len], &Limits::default()).is_err(), "{len}");
            assert!(
                verify_clean(&picture[..len], &Limits::default()).is_err(),
                "{len}"
            );
        }
    }
}

#[test]
fn whole_pictures_decode_and_torn_ones_do_not() {
    decode_check(&jpeg(), &Limits::default()).unwrap();
    decode_check(&png(), &Limits::default()).unwrap();
    let mut torn = png();
    let at = torn.len() - 40;
    torn[at] ^= 0x55;
    assert!(decode_check(&torn, &Limits::default()).is_err());
}

#[test]
fn a_claim_of_four_gigabytes_in_a_small_chunk_is_truncation() {
    let mut lie = png();
    lie.truncate(33);
    lie.extend(b"\xFF\xFF\xFF\xFFIDATabc");
    assert_eq!(codes(&lie), ["truncated"; 3]);
}

#[test]
fn what_stands_before_a_fault_is_reported_and_the_picture_is_not_cleaned() {
    let limits = Limits::default();
    let text = png_with(&[chunk(b"tEXt", b"Author\0Amelia Jones")]);
    let gif = gif_with(&[gif_block(0xFE, &[b"Amelia Jones"])]);
    let exif = riff(b"EXIF", &phone_exif(6));
    let webp = webp_of(&[vp8x(0x08, 40, 24), exif, riff(b"VP8L", &vp8l())]);
    for picture in [text, gif, webp] {
        for len in [picture.len() - 10, picture.len() - 4] {
            let torn = &picture[..len];
            let report = inspect(torn, &limits).unwrap();
            let name = |e: &schoolgate_media::Entry| e.value.as_deref() == Some("Amelia Jones");
            assert!(report.unreadable && report.entries.iter().any(name));
            assert_eq!(clean(torn, &limits).unwrap_err().code(), "truncated");
            assert!(decode_check(torn, &limits).is_err());
        }
    }
}

#[test]
fn small_files_that_unpack_to_more_than_any_picture_are_refused() {
    let limits = Limits {
        max_frames: 100,
        ..Limits::default()
    };
    // Twenty megabytes of text, and as many frames of a large canvas as a few kilobytes hold.
    let text = png_with(&[chunk(
        b"zTXt",
        &[b"Comment\0\0", &zlib(&vec![b'a'; 20_000_000])[..]].concat(),
    )]);
    let report = inspect(&text, &limits).unwrap();
    assert!(report.text_cut);
    let started = std::time::Instant::now();
    assert!(clean(&text, &limits).unwrap().bytes.len() < 10_000);
    let mut canvas = gif_with(&vec![gif_picture(); 150]);
    assert_eq!(clean(&canvas, &limits).unwrap_err().code(), "too_large");
    canvas = gif_with(&vec![gif_picture(); 90]);
    canvas[6..10].copy_from_slice(&[0x00, 0x20, 0x00, 0x10]);
    assert_eq!(clean(&canvas, &limits).unwrap_err().code(), "too_large");
    assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
}
