//! Animated PNG.

use schoolgate_media::MetadataKind::Thumbnail;
use schoolgate_media::{Limits, clean, verify_clean};

use crate::pictures::{chunk, decoded, frame_control, has, moving_png, png, png_with, report};

fn limits() -> Limits {
    Limits::default()
}

#[test]
fn frames_stay_and_details_go() {
    let bare = moving_png(&[]);
    let original = moving_png(&[
        chunk(b"tEXt", b"Author\0Amelia Jones"),
        chunk(b"prVt", b"Oliver"),
    ]);
    let before = report(&original);
    assert_eq!(
        (before.frames, before.is_moving(), before.entries.len()),
        (3, true, 2)
    );
    let cleaned = clean(&original, &limits()).unwrap();
    assert_eq!(cleaned.bytes, bare);
    assert!(!cleaned.re_encoded && report(&cleaned.bytes).frames == 3);
    assert_eq!(decoded(&cleaned.bytes), decoded(&png()));
}

#[test]
fn bytes_behind_the_rows_of_a_frame_go() {
    let bare = moving_png(&[]);
    let at = bare.windows(4).rposition(|w| w == b"fdAT").unwrap();
    let len = u32::from_be_bytes(bare[at - 4..at].try_into().unwrap()) as usize;
    let stuffed = [
        &bare[..at - 4],
        &chunk(
            b"fdAT",
            &[&bare[at + 4..at + 4 + len], b"Zara Khan"].concat(),
        ),
        &bare[at + len + 8..],
    ]
    .concat();
    assert!(verify_clean(&stuffed, &limits()).is_err());
    assert_eq!(clean(&stuffed, &limits()).unwrap().bytes, bare);
}

#[test]
fn animations_out_of_order_are_refused() {
    let good = moving_png(&[]);
    let renumbered = |from: &[u8], to: &[u8]| {
        let at = good.windows(from.len()).rposition(|w| w == from).unwrap();
        [&good[..at], to, &good[at + from.len()..]].concat()
    };
    let cases = [
        // A number twice, a frame that reaches outside, one frame fewer than announced, a control without data.
        renumbered(&frame_control(4, 1, 2), &frame_control(3, 1, 2)),
        renumbered(&frame_control(4, 1, 2), &frame_control(4, 41, 24)),
        renumbered(
            &chunk(b"acTL", &[0, 0, 0, 3, 0, 0, 0, 0]),
            &chunk(b"acTL", &[0, 0, 0, 4, 0, 0, 0, 0]),
        ),
        renumbered(
            &frame_control(1, 40, 24),
            &[frame_control(1, 40, 24), frame_control(2, 40, 24)].concat(),
        ),
    ];
    for (number, picture) in cases.iter().enumerate() {
        let code = clean(picture, &limits()).unwrap_err().code();
        assert!(
            matches!(code, "malformed" | "truncated"),
            "case {number}: {code}"
        );
        // Where a frame lies is the decoder's business.
        assert!(
            number == 1 || verify_clean(picture, &limits()).is_err(),
            "case {number}"
        );
    }
    let few = Limits {
        max_frames: 2,
        ..limits()
    };
    assert_eq!(clean(&good, &few).unwrap_err().code(), "too_large");
}

#[test]
fn frames_that_nobody_announces_are_a_hidden_picture() {
    let hidden = png_with(&[chunk(b"fdAT", b"\0\0\0\0rows"), frame_control(0, 40, 24)]);
    let report = report(&hidden);
    assert!(has(&report, Thumbnail, "PNG:fdAT", None) && report.frames == 1);
    assert_eq!(
        clean(&hidden, &limits()).unwrap().bytes,
        clean(&png(), &limits()).unwrap().bytes
    );
}
