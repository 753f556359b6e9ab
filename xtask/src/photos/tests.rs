//! What is committed is what the generator makes, every file decodes, and its metadata reads back. The reader of tags in
//! here is a second, plain one, so that the writer is not judged by itself.

use super::list::List;
use super::{container, load, render_all, write_all};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::OnceLock;

fn list() -> List {
    load().expect("the list is valid")
}

/// All files, drawn once for all tests.
fn made() -> &'static BTreeMap<String, Vec<u8>> {
    static MADE: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    MADE.get_or_init(|| {
        render_all(&list())
            .expect("every photo is drawn")
            .into_iter()
            .collect()
    })
}

fn committed() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../fixtures/demo/photos"
    ))
}

fn exif_of(file: &str) -> Tiff<'static> {
    let bytes = &made()[file];
    let at = bytes
        .windows(6)
        .position(|w| w == b"Exif\0\0")
        .expect("an EXIF segment");
    let length = usize::from(u16::from_be_bytes([bytes[at - 2], bytes[at - 1]]));
    Tiff(&bytes[at + 6..at - 2 + length])
}

/// A TIFF block and how to read it.
struct Tiff<'a>(&'a [u8]);

impl Tiff<'_> {
    fn number(&self, at: usize, length: usize) -> usize {
        let bytes = self.0[at..at + length]
            .iter()
            .map(|byte| usize::from(*byte));
        let join = |sum: usize, byte: usize| sum << 8 | byte;
        if self.0.starts_with(b"MM\0*") {
            bytes.fold(0, join)
        } else {
            bytes.rev().fold(0, join)
        }
    }

    fn first(&self) -> usize {
        self.number(4, 4)
    }

    fn next(&self, directory: usize) -> usize {
        self.number(directory + 2 + 12 * self.number(directory, 2), 4)
    }

    fn tags(&self, directory: usize) -> Vec<usize> {
        (0..self.number(directory, 2))
            .map(|i| self.number(directory + 2 + 12 * i, 2))
            .collect()
    }

    /// Kind and raw bytes of a tag.
    fn find(&self, directory: usize, tag: usize) -> Option<(usize, Vec<u8>)> {
        let index = self
            .tags(directory)
            .iter()
            .position(|found| *found == tag)?;
        let entry = directory + 2 + 12 * index;
        let kind = self.number(entry + 2, 2);
        let length = self.number(entry + 4, 4) * [0, 1, 1, 2, 4, 8, 1, 1][kind];
        let at = if length > 4 {
            self.number(entry + 8, 4)
        } else {
            entry + 8
        };
        Some((kind, self.0[at..at + length].to_vec()))
    }

    fn text(&self, directory: usize, tag: usize) -> String {
        let (kind, bytes) = self.find(directory, tag).expect("the tag is there");
        assert_eq!((kind, bytes.last()), (2, Some(&0)), "text ends with a zero");
        String::from_utf8(bytes[..bytes.len() - 1].to_vec()).expect("text is ASCII")
    }

    fn pointer(&self, directory: usize, tag: usize) -> usize {
        let index = self
            .tags(directory)
            .iter()
            .position(|found| *found == tag)
            .expect("the pointer is there");
        self.number(directory + 2 + 12 * index + 8, 4)
    }

    /// Degrees of a coordinate.
    fn degrees(&self, directory: usize, tag: usize) -> f64 {
        let at = self.pointer(directory, tag);
        (0..3)
            .map(|i| {
                self.number(at + 8 * i, 4) as f64
                    / self.number(at + 8 * i + 4, 4) as f64
                    / 60_f64.powi(i as i32)
            })
            .sum()
    }
}

#[test]
fn committed_files_are_what_the_generator_makes() {
    for (name, bytes) in made() {
        let stored = std::fs::read(committed().join(name)).unwrap_or_default();
        assert!(
            stored == *bytes,
            "{name} differs: run `cargo xtask photos` and commit the result"
        );
    }
    let files = std::fs::read_dir(committed())
        .expect("the folder is committed")
        .count();
    assert_eq!(
        files,
        made().len(),
        "the folder holds a file that the list does not"
    );
}

#[test]
fn writing_returns_the_names_in_the_order_of_the_list() {
    let folder = std::env::temp_dir().join(format!("demo-photos-{}", std::process::id()));
    let names = write_all(&folder).expect("the files are written");
    let wanted: Vec<String> = list().photo.into_iter().map(|photo| photo.file).collect();
    assert_eq!(names, wanted);
    assert!(
        names
            .iter()
            .all(|name| std::fs::read(folder.join(name)).is_ok_and(|bytes| bytes == made()[name]))
    );
    std::fs::remove_dir_all(folder).expect("the folder can go");
}

#[test]
fn every_file_decodes_to_the_size_and_format_its_entry_names() {
    for photo in list().photo {
        let bytes = &made()[&photo.file];
        let reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .expect("in memory");
        let ending = photo.file.rsplit('.').next().unwrap_or_default();
        assert!(
            reader
                .format()
                .is_some_and(|format| format.extensions_str().contains(&ending)),
            "{}",
            photo.file
        );
        let mut decoder = reader.into_decoder().expect("a decoder");
        let turn = decoder.orientation().expect("an orientation");
        assert_eq!(
            turn,
            Orientation::from_exif(photo.orientation).expect("1 to 8"),
            "{}",
            photo.file
        );
        let mut picture = DynamicImage::from_decoder(decoder).expect("pixels");
        picture.apply_orientation(turn);
        assert_eq!(
            (picture.width(), picture.height()),
            (photo.width, photo.height),
            "{}",
            photo.file
        );
    }
}

#[test]
fn every_orientation_is_undone_by_a_reader_that_honours_it() {
    let seen = image::RgbImage::from_fn(5, 3, |x, y| image::Rgb([x as u8, y as u8, 7]));
    for orientation in 1..=8 {
        let stored = super::lay_down(seen.clone(), orientation).expect("a valid orientation");
        let mut shown = DynamicImage::ImageRgb8(stored);
        shown.apply_orientation(Orientation::from_exif(orientation).expect("1 to 8"));
        assert_eq!(shown.to_rgb8(), seen, "orientation {orientation}");
    }
    assert!(super::lay_down(seen, 9).is_err());
}

#[test]
fn files_stay_small_enough_for_a_repository() {
    for (name, bytes) in made() {
        assert!(bytes.len() < 150_000, "{name} has {} bytes", bytes.len());
    }
    assert!(made().values().map(Vec::len).sum::<usize>() < 2_000_000);
}

#[test]
fn exif_of_the_compact_camera_reads_back() {
    let tiff = exif_of("classroom-display.jpg");
    let main = tiff.first();
    assert_eq!(tiff.text(main, 0x010F), "KESTREL OPTICAL");
    assert_eq!(tiff.text(main, 0x0110), "Snapline C60");
    assert_eq!(tiff.text(main, 0x0132), "2026:11:03 16:02:44");
    assert_eq!(tiff.text(main, 0x013B), "Helen Marsh");
    assert!(tiff.find(main, 0x8825).is_none(), "no place was asked for");
    let detail = tiff.pointer(main, 0x8769);
    assert_eq!(tiff.text(detail, 0xA430), "Helen Marsh");
    assert_eq!(tiff.text(detail, 0xA431), "KC60-0048213");
    assert_eq!(tiff.text(detail, 0xA435), "L0093371");
    assert_eq!(tiff.text(detail, 0x9011), "+00:00");
    let (_, note) = tiff.find(detail, 0x927C).expect("a maker note");
    assert!(
        note.windows(12).any(|w| w == b"KC60-0048213"),
        "the serial number is in the maker note too"
    );
}

#[test]
fn exif_in_big_endian_order_carries_place_name_and_thumbnail() {
    let tiff = exif_of("science-fair.jpg");
    assert!(tiff.0.starts_with(b"MM\0*"));
    let main = tiff.first();
    let (kind, comment) = tiff.find(main, 0x9C9C).expect("the desktop's comment");
    let units: Vec<u16> = comment
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    assert_eq!(
        (kind, String::from_utf16_lossy(&units).as_str()),
        (1, "Amelia Whitcombe star of the week\0")
    );
    let place = tiff.pointer(main, 0x8825);
    assert_eq!(
        (tiff.text(place, 1), tiff.text(place, 3)),
        ("N".to_owned(), "E".to_owned())
    );
    assert!((tiff.degrees(place, 2) - 57.8841).abs() < 1e-5);
    assert!((tiff.degrees(place, 4) - 1.9046).abs() < 1e-5);
    let preview = tiff.next(main);
    let (at, length) = (tiff.pointer(preview, 0x0201), tiff.pointer(preview, 0x0202));
    let small = image::load_from_memory(&tiff.0[at..at + length]).expect("the thumbnail decodes");
    assert_eq!((small.width(), small.height()), (160, 120));
}

#[test]
fn gps_time_is_utc_and_west_is_marked() {
    let tiff = exif_of("trip-coach.jpg");
    let place = tiff.pointer(tiff.first(), 0x8825);
    let at = tiff.pointer(place, 7);
    assert_eq!(
        [0, 8, 16].map(|i| tiff.number(at + i, 4)),
        [8, 12, 26],
        "09:12:26 in summer time"
    );
    assert_eq!(tiff.text(place, 3), "W");
}

#[test]
fn tags_ascend_in_every_directory() {
    for photo in list().photo.iter().filter(|photo| photo.camera != "none") {
        let tiff = exif_of(&photo.file);
        let main = tiff.first();
        let place = photo.gps.as_ref().map(|_| tiff.pointer(main, 0x8825));
        for directory in [main, tiff.pointer(main, 0x8769)].into_iter().chain(place) {
            assert!(tiff.tags(directory).is_sorted(), "{}", photo.file);
        }
    }
}

#[test]
fn clean_photos_hold_nothing_but_the_picture() {
    for name in ["harvest-table.jpg", "library-corner.jpg"] {
        let bytes = &made()[name];
        assert!(
            !bytes.windows(4).any(|w| w == b"Exif" || w == b"http"),
            "{name}"
        );
        assert!(
            bytes.starts_with(b"\xFF\xD8\xFF\xE0") && bytes.ends_with(b"\xFF\xD9"),
            "{name}"
        );
    }
}

#[test]
fn a_clip_follows_the_end_of_the_finish_photo() {
    let bytes = &made()["sports-day-finish.jpg"];
    let film = bytes
        .windows(8)
        .position(|w| w == b"ftypmp42")
        .expect("a film");
    assert_eq!(
        &bytes[film - 6..film - 4],
        b"\xFF\xD9",
        "the film starts where the picture ends"
    );
    let mut at = film - 4;
    while at < bytes.len() {
        at += u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
    }
    assert_eq!(at, bytes.len(), "the boxes fill the rest of the file");
}

#[test]
fn png_chunks_have_right_checksums_and_the_listed_texts() {
    for photo in list()
        .photo
        .iter()
        .filter(|photo| photo.file.ends_with(".png"))
    {
        let bytes = &made()[&photo.file];
        let (mut at, mut texts) = (8, 0);
        while at < bytes.len() {
            let word = |at: usize| {
                u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
            };
            let end = at + 8 + word(at) as usize;
            assert_eq!(
                word(end),
                container::crc(&bytes[at + 4..end]),
                "{}",
                photo.file
            );
            let (kind, payload) = (&bytes[at + 4..at + 8], &bytes[at + 8..end]);
            texts += usize::from(photo.png_text.iter().any(|(keyword, text)| {
                (kind == b"tEXt" || kind == b"iTXt")
                    && payload.starts_with(keyword.as_bytes())
                    && payload.ends_with(text.as_bytes())
            }));
            at = end + 4;
        }
        assert_eq!(
            (at, texts),
            (bytes.len(), photo.png_text.len()),
            "{}",
            photo.file
        );
    }
    assert_eq!(
        container::crc(b"123456789"),
        0xCBF4_3926,
        "the check value of the standard"
    );
}

#[test]
fn polynomial_sine_is_close_to_the_real_one() {
    for step in -80..80 {
        let degrees = step as f32 * 9.3;
        let (s, c) = super::draw::sin_cos(degrees);
        let (real_s, real_c) = degrees.to_radians().sin_cos();
        assert!(
            (s - real_s).abs() < 1e-5 && (c - real_c).abs() < 1e-5,
            "{degrees} degrees"
        );
    }
}

#[test]
fn a_list_with_an_unknown_key_scene_or_camera_is_refused() {
    let entry =
        "file = 'x.jpg'\nscene = 'relay'\nwidth = 8\nheight = 6\nseed = 1\ncamera = 'none'\n";
    let check = |entry: &str| -> anyhow::Result<()> {
        let list: List = toml::from_str(&format!("camera = []\n[[photo]]\n{entry}"))?;
        render_all(&list).map(|_| ())
    };
    assert!(check(entry).is_ok());
    for (from, to) in [
        ("seed = 1", "seed = 1\nplace = 'x'"),
        ("'relay'", "'nothing'"),
        ("'none'", "'box'"),
    ] {
        assert!(check(&entry.replace(from, to)).is_err(), "{to}");
    }
}
