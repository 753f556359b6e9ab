//! ExifTool, a reader that we did not write, finds nothing in the clean copies.

use std::process::Command;
use std::{env, fs};

use image::ImageFormat;
use schoolgate_media::{Limits, clean, inspect};

use crate::pictures::{
    Page, VP8, XMP, ascii, bytes, chunk, encoded, gif_block, gif_with, gif_xmp, moving_png,
    phone_exif, png_with, profile, rationals, riff, tiff_of, vp8l, vp8x, webp_frame, webp_of, zlib,
};

/// What every file of its format has, the orientation, and the figures of a colour profile.
const PLAIN: [&str; 14] = [
    "ICC-header:",
    "ICC_Profile:",
    "SourceFile",
    "ExifTool:ExifToolVersion",
    "System:",
    "File:",
    "Composite:ImageSize",
    "Composite:Megapixels",
    "PNG:",
    "APNG:",
    "PNG-pHYs:",
    "GIF:",
    "RIFF:",
    "IFD0:Orientation",
];
/// What a container's own group may not show all the same.
const TELLING: [&str; 8] = [
    "Comment",
    "Text",
    "Author",
    "Title",
    "Description",
    "ModifyDate",
    "Artist",
    "Warning",
];

fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let text = [
        chunk(b"eXIf", &phone_exif(6)),
        chunk(b"tEXt", b"Author\0Amelia Jones"),
        chunk(
            b"zTXt",
            &[b"Comment\0\0", &zlib(b"Robin class")[..]].concat(),
        ),
        chunk(
            b"iTXt",
            &[b"XML:com.adobe.xmp\0\0\0\0\0", XMP.as_bytes()].concat(),
        ),
        chunk(b"tIME", &[7, 0xEA, 5, 1, 10, 11, 12]),
        chunk(
            b"iCCP",
            &[
                b"Zara's screen\0\0",
                &zlib(&profile("Zara's screen", "x"))[..],
            ]
            .concat(),
        ),
    ];
    let around = |pixels: Vec<u8>, width, height| {
        webp_of(&[
            vp8x(0x2C, width, height),
            riff(b"ICCP", &profile("Zara's screen", "x")),
            pixels,
            riff(b"EXIF", &phone_exif(6)),
            riff(b"XMP ", XMP.as_bytes()),
        ])
    };
    let moving = webp_of(&[
        vp8x(0x0E, 40, 24),
        riff(b"ANIM", &[0; 6]),
        webp_frame(&[]),
        webp_frame(&[]),
        riff(b"EXIF", &phone_exif(6)),
        riff(b"XMP ", XMP.as_bytes()),
    ]);
    let page = || Page {
        fields: vec![
            ascii(0x010E, "Year 3 trip"),
            ascii(0x013B, "Amelia Jones"),
            bytes(0x02BC, 1, XMP.as_bytes()),
        ],
        exif: vec![
            ascii(0x9003, "2026:05:01 10:11:12"),
            ascii(0xA431, "SN-0042"),
        ],
        gps: vec![
            ascii(0x0001, "N"),
            rationals(0x0002, &[(53, 1), (29, 1), (0, 1)]),
        ],
        ..Page::default()
    };
    vec![
        ("still.png", [&png_with(&text)[..], b"PK\x03\x04"].concat()),
        ("moving.png", moving_png(&text)),
        ("lossless.webp", around(riff(b"VP8L", &vp8l()), 40, 24)),
        ("lossy.webp", around(riff(b"VP8 ", VP8), 1, 1)),
        ("moving.webp", moving),
        (
            "still.gif",
            gif_with(&[
                gif_block(0xFE, &[b"Amelia Jones"]),
                gif_xmp(),
                gif_block(0x01, &[&[0; 12], b"Zara"]),
            ]),
        ),
        ("page.tif", tiff_of(vec![page()], false)),
        ("big.tif", tiff_of(vec![page()], true)),
        ("plain.gif", encoded(ImageFormat::Gif)),
    ]
}

/// Names and numbers in the pictures.
const WORDS: [&str; 8] = [
    "Amelia", "Bloggs", "Zara", "Oliver", "Robin", "Salford", "SN-0042", "Year 3",
];

/// Returns the tags that ExifTool finds in each file of a folder besides the plain ones.
fn telling_tags(folder: &std::path::Path) -> Vec<(String, Vec<String>)> {
    let exiftool = env::var_os("SCHOOLGATE_TEST_EXIFTOOL").unwrap_or_else(|| "exiftool".into());
    let answer = Command::new(exiftool)
        .args(["-json", "-a", "-G1"])
        .arg(folder)
        .output();
    assert!(answer.is_ok(), "run `cargo xtask test`: it finds exiftool");
    let answer = answer.unwrap();
    let files: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(&answer.stdout).unwrap();
    let is_telling = |tag: &str, value: &str| {
        let name = tag.rsplit(':').next().unwrap_or_default();
        !PLAIN.iter().any(|plain| tag.starts_with(plain))
            || TELLING.contains(&name)
            || (tag != "SourceFile" && WORDS.iter().any(|word| value.contains(word)))
    };
    files
        .into_iter()
        .map(|file| {
            let name = file["SourceFile"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned();
            (
                name,
                file.iter()
                    .filter(|(tag, value)| is_telling(tag, &value.to_string()))
                    .map(|(tag, _)| tag.clone())
                    .collect(),
            )
        })
        .collect()
}

#[test]
fn exiftool_finds_something_before_and_nothing_after() {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, picture) in pictures() {
        fs::write(before.path().join(name), &picture).unwrap();
        let cleaned = clean(&picture, &Limits::default()).unwrap();
        fs::write(
            after.path().join(format!("{name}.{}", cleaned.format)),
            &cleaned.bytes,
        )
        .unwrap();
        let left = inspect(&cleaned.bytes, &Limits::default()).unwrap();
        assert!(left.entries.is_empty(), "{name}");
    }
    let found = telling_tags(before.path());
    assert_eq!(found.len(), pictures().len());
    for (name, tags) in found {
        assert!(
            name == "plain.gif" || !tags.is_empty(),
            "nothing found in {name}"
        );
    }
    for (name, tags) in telling_tags(after.path()) {
        assert_eq!(tags, Vec::<String>::new(), "{name}");
    }
}
