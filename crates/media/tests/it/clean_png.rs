//! Clean copies of PNGs.

use schoolgate_media::MetadataKind::{
    CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};
use schoolgate_media::{Limits, clean, decode_check, verify_clean};

use crate::pictures::{chunk, decoded, listing, phone_exif, png, png_with, profile, report, zlib};

/// The joined picture data, found without any of the crate's code.
fn picture_data(bytes: &[u8]) -> Vec<u8> {
    let (mut at, mut out) = (8, Vec::new());
    while at < bytes.len() {
        let len = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        if &bytes[at + 4..at + 8] == b"IDAT" {
            out.extend(&bytes[at + 8..at + 8 + len]);
        }
        at += 12 + len;
        if &bytes[at - 8 - len..at - 4 - len] == b"IEND" {
            break;
        }
    }
    out
}

#[test]
fn everything_goes_but_pixels_orientation_and_display_figures() {
    let original = [
        png_with(&[
            chunk(b"gAMA", &45455u32.to_be_bytes()),
            chunk(b"pHYs", &[0, 0, 11, 19, 0, 0, 11, 19, 1]),
            chunk(b"eXIf", &phone_exif(8)),
            chunk(b"tEXt", b"Author\0Amelia Jones"),
            chunk(
                b"iCCP",
                &[
                    b"Zara's screen\0\0",
                    &zlib(&profile("Zara's screen", "x"))[..],
                ]
                .concat(),
            ),
            chunk(b"prVt", b"Oliver"),
            chunk(b"tIME", &[7, 0xEA, 5, 1, 10, 11, 12]),
        ]),
        b"PK\x03\x04".to_vec(),
    ]
    .concat();
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
    let after = report(&cleaned.bytes);
    assert!(after.entries.is_empty(), "{}", listing(&after));
    assert_eq!(after.orientation, Some(8));
    assert_eq!(decoded(&cleaned.bytes), decoded(&original));
    assert_eq!(picture_data(&cleaned.bytes), picture_data(&original));
    for kept in [b"gAMA", b"pHYs"] {
        assert!(cleaned.bytes.windows(4).any(|w| w == kept));
    }
    for gone in [
        &b"Amelia"[..],
        b"Zara",
        b"Oliver",
        b"SN-0042",
        b"prVt",
        b"tIME",
    ] {
        assert!(!cleaned.bytes.windows(gone.len()).any(|w| w == gone));
    }
}

#[test]
fn a_standard_profile_stays_under_a_fresh_name() {
    let standard = profile("Display P3", "Copyright Apple Inc., 2022");
    let data = [
        b"Amelia's phone\0\0",
        &zlib(&standard)[..],
        b"after the stream",
    ]
    .concat();
    let cleaned = clean(&png_with(&[chunk(b"iCCP", &data)]), &Limits::default()).unwrap();
    let expected = chunk(b"iCCP", &[b"icc\0\0", &zlib(&standard)[..]].concat());
    let kept = cleaned.bytes.windows(4).filter(|w| *w == b"iCCP").count();
    assert!(
        kept == 1
            && !cleaned
                .bytes
                .windows(6)
                .any(|w| w == b"Amelia" || w == b"stream")
    );
    assert!(verify_clean(&png_with(&[expected]), &Limits::default()).is_ok());
}

#[test]
fn bytes_after_the_pixel_stream_are_left_behind() {
    let plain = png();
    let data = picture_data(&plain);
    let stuffed = [
        &plain[..33],
        &chunk(b"IDAT", &data),
        &chunk(b"IDAT", b"Zara Khan in plain sight"),
        &chunk(b"IEND", b""),
    ]
    .concat();
    assert!(verify_clean(&stuffed, &Limits::default()).is_err());
    let cleaned = clean(&stuffed, &Limits::default()).unwrap();
    assert!(!cleaned.bytes.windows(4).any(|w| w == b"Zara"));
    assert_eq!(decoded(&cleaned.bytes), decoded(&plain));
}

#[test]
fn more_rows_than_the_picture_shows_are_left_behind() {
    let plain = png();
    let mut rows = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::ZlibDecoder::new(&picture_data(&plain)[..]),
        &mut rows,
    )
    .unwrap();
    rows.extend(b"\0Zara Khan stood below the edge".repeat(20));
    let stuffed = [
        &plain[..33],
        &chunk(b"IDAT", &zlib(&rows)),
        &chunk(b"IEND", b""),
    ]
    .concat();
    let cleaned = clean(&stuffed, &Limits::default()).unwrap();
    assert_eq!(decoded(&cleaned.bytes), decoded(&plain));
    let mut kept = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::ZlibDecoder::new(&picture_data(&cleaned.bytes)[..]),
        &mut kept,
    )
    .unwrap();
    assert_eq!(kept.len(), 24 * 121);
}

#[test]
fn a_stream_without_its_checksum_is_closed_properly() {
    let plain = png();
    let data = picture_data(&plain);
    let torn = [
        &plain[..33],
        &chunk(b"IDAT", &data[..data.len() - 4]),
        &chunk(b"IEND", b""),
    ]
    .concat();
    let cleaned = clean(&torn, &Limits::default()).unwrap();
    assert_eq!(decoded(&cleaned.bytes), decoded(&plain));
}

#[test]
fn a_wrong_checksum_is_an_error_only_where_the_picture_needs_the_part() {
    let mut picture = png_with(&[chunk(b"tEXt", b"Author\0Amelia Jones")]);
    picture[50] ^= 1;
    assert!(report(&picture).entries.len() == 1);
    assert_eq!(
        clean(&picture, &Limits::default()).unwrap().bytes,
        clean(&png(), &Limits::default()).unwrap().bytes
    );
    let mut broken = png();
    broken[20] ^= 1;
    assert_eq!(
        clean(&broken, &Limits::default()).unwrap_err().code(),
        "malformed"
    );
}

#[test]
fn chunks_that_come_too_late_or_twice_or_in_the_wrong_length_are_left_behind() {
    let plain = png();
    let end = plain.len() - 12;
    let odd = [
        &plain[..33],
        &chunk(b"gAMA", &[0; 5]),
        &chunk(b"pHYs", &[1; 9]),
        &chunk(b"pHYs", &[2; 9]),
        &plain[33..end],
        &chunk(b"cHRM", &[0; 32]),
        &plain[end..],
    ]
    .concat();
    let cleaned = clean(&odd, &Limits::default()).unwrap().bytes;
    let expected = [&plain[..33], &chunk(b"pHYs", &[1; 9]), &plain[33..]].concat();
    assert_eq!(cleaned, expected);
}

#[test]
fn a_packed_app_picture_is_refused_in_words() {
    let app = [
        &png()[..8],
        &chunk(b"CgBI", &[0x50, 0, 0x20, 2]),
        &png()[8..],
    ]
    .concat();
    let error = clean(&app, &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("iPhone app"), "{error}");
    assert_eq!(error, decode_check(&app, &Limits::default()).unwrap_err());
}

#[test]
fn palette_and_transparency_of_indexed_pictures_stay() {
    let header = chunk(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 1, 8, 3, 0, 0, 0]);
    let palette = chunk(b"PLTE", &[10, 20, 30, 40, 50, 60]);
    let transparency = chunk(b"tRNS", &[255, 7]);
    let parts = [&b"\x89PNG\r\n\x1a\n"[..], &header, &palette, &transparency];
    let picture = [
        &parts.concat()[..],
        &chunk(b"IDAT", &zlib(&[0, 0, 1])),
        &chunk(b"IEND", b""),
    ]
    .concat();
    assert_eq!(clean(&picture, &Limits::default()).unwrap().bytes, picture);
}

#[test]
fn interlaced_and_sixteen_bit_pictures_are_cleaned() {
    // Adam7 of 3 by 3: passes of 1, 0, 0 (too narrow), 1+1, 1x2, 1 and 3 pixels.
    let header = chunk(b"IHDR", &[0, 0, 0, 3, 0, 0, 0, 3, 16, 0, 0, 0, 1]);
    // Rows: pass 1 1px, pass 4 1 row of 1px, pass 5 1 row of 2px, pass 6 2 rows of 1px, pass 7 1 row of 3px.
    let rows: usize = 3 + 3 + 5 + 2 * 3 + 7;
    let data = chunk(b"IDAT", &zlib(&vec![0; rows]));
    let picture = [
        &b"\x89PNG\r\n\x1a\n"[..],
        &header,
        &data,
        &chunk(b"IEND", b""),
    ]
    .concat();
    assert_eq!(image::load_from_memory(&picture).unwrap().width(), 3);
    assert_eq!(clean(&picture, &Limits::default()).unwrap().bytes, picture);
}
