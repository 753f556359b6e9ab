//! The darkroom with the real child and the real programs: words, faces, known pictures, HEIC.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use image::{GrayImage, ImageFormat, Luma, RgbImage, codecs::jpeg::JpegEncoder};
use schoolgate_darkroom::{Darkroom, DarkroomSettings, FolderShelf, MediaRoot};
use schoolgate_model::{
    Clock as _, KnownList, LookFault, MediumFault, PictureSettings, ReadMedium, ReadWords,
    SchoolId, SystemClock, wire::parse_submission,
};
use serde_json::json;
use tempfile::TempDir;

use crate::world::fixture;

const SCHOOL: &str = "st-hildas";

fn settings() -> DarkroomSettings {
    DarkroomSettings::new(env!("CARGO_BIN_EXE_schoolgate").into())
}

fn wishing(wished: PictureSettings) -> DarkroomSettings {
    DarkroomSettings {
        wished: BTreeMap::from([(SchoolId::from(SCHOOL), wished)]),
        ..settings()
    }
}

fn words(words: ReadWords) -> PictureSettings {
    PictureSettings {
        words,
        ..PictureSettings::default()
    }
}

/// The facts of one picture, sent in an item of the sample school.
async fn facts(mut settings: DarkroomSettings, picture: &[u8]) -> Result<ReadMedium, MediumFault> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("picture"), picture).unwrap();
    settings.root = Some(MediaRoot::new(folder.path()));
    let body = json!({"id": "d-1", "kind": "draft", "text": "", "media": [{"path": "picture"}]});
    let item = parse_submission(body.to_string().as_bytes())
        .unwrap()
        .into_item(SCHOOL.into(), 1, SystemClock.now());
    let facts = Darkroom::new(settings).facts(&item).await;
    facts.media.into_iter().next().unwrap().read
}

fn photo(name: &str) -> Vec<u8> {
    std::fs::read(fixture("demo/photos").join(name)).unwrap()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    picture.write_with_encoder(encoder).unwrap();
    bytes
}

/// Points on a grid of 4 by 6.
type Stroke = &'static [(f32, f32)];

/// The letters of one name.
const LETTERS: &[(char, &[Stroke])] = &[
    (
        'A',
        &[&[(0., 6.), (2., 0.), (4., 6.)], &[(1., 4.), (3., 4.)]],
    ),
    ('M', &[&[(0., 6.), (0., 0.), (2., 3.), (4., 0.), (4., 6.)]]),
    (
        'E',
        &[
            &[(4., 0.), (0., 0.), (0., 6.), (4., 6.)],
            &[(0., 3.), (3., 3.)],
        ],
    ),
    ('L', &[&[(0., 0.), (0., 6.), (4., 6.)]]),
    ('I', &[&[(2., 0.), (2., 6.)]]),
    ('J', &[&[(4., 0.), (4., 5.), (3., 6.), (1., 6.), (0., 5.)]]),
    (
        'O',
        &[&[
            (1., 0.),
            (3., 0.),
            (4., 1.),
            (4., 5.),
            (3., 6.),
            (1., 6.),
            (0., 5.),
            (0., 1.),
            (1., 0.),
        ]],
    ),
    ('N', &[&[(0., 6.), (0., 0.), (4., 6.), (4., 0.)]]),
    (
        'S',
        &[&[
            (4., 1.),
            (3., 0.),
            (1., 0.),
            (0., 1.),
            (0., 2.),
            (1., 3.),
            (3., 3.),
            (4., 4.),
            (4., 5.),
            (3., 6.),
            (1., 6.),
            (0., 5.),
        ]],
    ),
];

/// A wall with a badge that reads "AMELIA JONES", its letters `unit` pixels times six high.
fn badge(unit: f32, (ink, paper): (u8, u8)) -> RgbImage {
    let mut wall = GrayImage::from_fn(1600, 1200, |x, y| {
        Luma([(110 + (x / 40 + y / 30) % 2 * 6) as u8])
    });
    let (left, top) = (300.0, 500.0);
    for y in 460..(540 + (unit * 6.0) as u32) {
        for x in 260..(340 + (unit * 5.6 * 12.0) as u32) {
            wall.put_pixel(x, y, Luma([paper]));
        }
    }
    for (index, letter) in "AMELIA JONES".chars().enumerate() {
        let strokes = LETTERS.iter().find(|(known, _)| *known == letter);
        for points in strokes.map_or(&[][..], |(_, strokes)| strokes) {
            for pair in points.windows(2) {
                let at =
                    |(x, y): (f32, f32)| (left + (index as f32 * 5.6 + x) * unit, top + y * unit);
                stroke(&mut wall, at(pair[0]), at(pair[1]), unit * 0.45, ink);
            }
        }
    }
    image::DynamicImage::ImageLuma8(wall).into_rgb8()
}

/// Draws a line of round dots.
fn stroke(picture: &mut GrayImage, from: (f32, f32), to: (f32, f32), radius: f32, ink: u8) {
    let steps = ((to.0 - from.0).abs() + (to.1 - from.1).abs())
        .ceil()
        .max(1.0);
    for step in 0..=(steps as u32) {
        let part = step as f32 / steps;
        let (cx, cy) = (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        );
        for y in (cy - radius) as u32..=(cy + radius) as u32 {
            for x in (cx - radius) as u32..=(cx + radius) as u32 {
                let (dx, dy) = (x as f32 - cx, y as f32 - cy);
                if dx * dx + dy * dy <= radius * radius {
                    picture.put_pixel(x, y, Luma([ink]));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_on_a_badge_is_read_dark_on_light_and_light_on_dark() {
    for colours in [(20, 245), (250, 30)] {
        let picture = jpeg(&badge(9.0, colours), 90);
        let read = facts(wishing(words(ReadWords::Required)), &picture)
            .await
            .unwrap();
        let words = read.looks.words.unwrap().unwrap();
        assert!(!words.cut);
        let lines: Vec<_> = words.text.expose().lines().map(str::to_uppercase).collect();
        let found = lines.iter().any(|line| line.contains("AMELIA JONES"));
        assert!(found, "{colours:?}: {lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_faces_are_looked_for_only_where_they_are_asked() {
    let picture = photo("sports-day-relay.jpg");
    let read = facts(settings(), &picture).await.unwrap();
    assert_eq!((&read.looks.words, &read.looks.faces), (&None, &None));
    assert_eq!((&read.looks.known, &read.looks.fingerprint), (&None, &None));
    let counting = PictureSettings {
        head_count: true,
        ..words(ReadWords::Off)
    };
    let read = facts(wishing(counting), &picture).await.unwrap();
    assert_eq!(read.looks.words, None);
    assert!(matches!(read.looks.faces, Some(Ok(_))), "{:?}", read.looks);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_program_words_are_a_fault_only_where_they_are_required() {
    let picture = photo("sports-day-relay.jpg");
    for (asked, answer) in [
        (ReadWords::Off, None),
        (ReadWords::IfAvailable, None),
        (
            ReadWords::Required,
            Some(Err(LookFault::Missing("tesseract".into()))),
        ),
    ] {
        let settings = DarkroomSettings {
            tesseract: None,
            ..wishing(words(asked))
        };
        let read = facts(settings, &picture).await.unwrap();
        assert_eq!(read.looks.words, answer, "{asked:?}");
        assert!(read.clean.is_ok());
    }
}

/// A configuration folder whose school never publishes the given pictures.
fn listing(pictures: &[(&str, &[u8])]) -> TempDir {
    let config = tempfile::tempdir().unwrap();
    let folder = listed(&config, "");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in pictures {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    config
}

fn listed(config: &TempDir, file: &str) -> PathBuf {
    config
        .path()
        .join("schools")
        .join(SCHOOL)
        .join("do-not-publish")
        .join(file)
}

fn comparing(config: &TempDir) -> (DarkroomSettings, std::sync::Arc<FolderShelf>) {
    let shelf = std::sync::Arc::new(FolderShelf::new(config.path(), Darkroom::new(settings())));
    let settings = DarkroomSettings {
        shelves: vec![shelf.clone()],
        ..settings()
    };
    (settings, shelf)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_the_folder_is_known_again_and_another_is_not() {
    let banned = photo("sports-day-relay.jpg");
    let config = listing(&[("one.jpg", &banned), (".hidden", b"x")]);
    let (settings, shelf) = comparing(&config);
    let known = async |picture: &[u8]| {
        let read = facts(settings.clone(), picture).await.unwrap();
        assert!(read.looks.fingerprint.is_some());
        read.looks.known
    };
    let same = known(&banned).await.unwrap().unwrap();
    assert!(same.len() == 1 && same[0].same_bytes && same[0].list == KnownList::DoNotPublish);
    let pixels = image::load_from_memory(&banned).unwrap().into_rgb8();
    let smaller = image::imageops::thumbnail(&pixels, pixels.width() / 2, pixels.height() / 2);
    let copy = known(&jpeg(&smaller, 60)).await.unwrap().unwrap();
    assert!(copy.len() == 1 && !copy[0].same_bytes && copy[0].sha256 == same[0].sha256);
    assert_eq!(known(&photo("cake-stall.jpg")).await, Some(Ok(Vec::new())));
    // what is added and what is taken away counts at once
    std::fs::write(listed(&config, "two.jpg"), photo("cake-stall.jpg")).unwrap();
    std::fs::remove_file(listed(&config, "one.jpg")).unwrap();
    assert_eq!(
        known(&photo("cake-stall.jpg"))
            .await
            .unwrap()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(known(&banned).await, Some(Ok(Vec::new())));
    std::fs::remove_file(listed(&config, "two.jpg")).unwrap();
    assert_eq!(known(&banned).await, None);
    assert_eq!(shelf.faults(&SCHOOL.into()).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_picture_that_cannot_be_read_lets_nothing_pass_as_unknown() {
    let banned = photo("sports-day-relay.jpg");
    let config = listing(&[
        ("broken.jpg", &banned[..banned.len() / 2]),
        ("one.jpg", &banned),
    ]);
    std::fs::create_dir(listed(&config, "more")).unwrap();
    let (settings, shelf) = comparing(&config);
    let other = facts(settings.clone(), &photo("cake-stall.jpg"))
        .await
        .unwrap();
    assert!(matches!(other.looks.known, Some(Err(LookFault::Failed(_)))));
    // a match is a match all the same
    let same = facts(settings, &banned).await.unwrap();
    assert!(same.looks.known.unwrap().unwrap()[0].same_bytes);
    let faults = shelf.faults(&SCHOOL.into()).await;
    let files: Vec<_> = faults.iter().map(|fault| fault.file.as_str()).collect();
    let below = |file: &str| format!("schools/{SCHOOL}/do-not-publish/{file}");
    assert_eq!(files, [below("broken.jpg"), below("more")]);
}

/// A HEIC of one scene, with a name in its Exif.
fn heic(folder: &Path) -> Vec<u8> {
    let (png, heic) = (folder.join("a.png"), folder.join("a.heic"));
    let scene = image::load_from_memory(&photo("sports-day-relay.jpg")).unwrap();
    scene.save_with_format(&png, ImageFormat::Png).unwrap();
    let run = |program: &str, arguments: &[&std::ffi::OsStr]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {output:?}");
    };
    run(
        "heif-enc",
        &[
            "-q".as_ref(),
            "70".as_ref(),
            png.as_ref(),
            "-o".as_ref(),
            heic.as_ref(),
        ],
    );
    let artist = "-Artist=Zara Khan";
    run(
        "exiftool",
        &[
            "-q".as_ref(),
            "-overwrite_original".as_ref(),
            artist.as_ref(),
            heic.as_ref(),
        ],
    );
    std::fs::read(heic).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heic_is_reported_as_it_came_and_published_as_a_clean_jpeg() {
    let folder = tempfile::tempdir().unwrap();
    let picture = heic(folder.path());
    let config = listing(&[("one.jpg", &photo("sports-day-relay.jpg"))]);
    let (settings, _) = comparing(&config);
    let read = facts(settings.clone(), &picture).await.unwrap();
    assert_eq!(read.format, "heic");
    let texts: Vec<_> = read
        .metadata
        .iter()
        .filter_map(|fact| fact.text.as_ref())
        .collect();
    assert!(
        texts.iter().any(|text| text.expose() == "Zara Khan"),
        "{:?}",
        read.metadata
    );
    let copy = read.clean.unwrap();
    assert!(copy.re_encoded && copy.format == "jpeg" && !copy.removed.is_empty());
    assert_eq!(
        read.looks.known.unwrap().unwrap().len(),
        1,
        "it shows the listed scene"
    );
    let developed = Darkroom::new(settings).develop(picture).await.unwrap();
    let clean = developed.clean.unwrap();
    assert_eq!(image::guess_format(&clean).unwrap(), ImageFormat::Jpeg);
    assert!(!clean.windows(4).any(|window| window == b"Zara"));
    let left = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    let ours = |entry: &std::fs::DirEntry| {
        let name = entry.file_name();
        let heif = name.to_string_lossy().starts_with("schoolgate-heif-");
        heif && std::fs::read_dir(entry.path()).is_ok_and(|files| files.count() > 0)
    };
    // another test may be converting just now, but not for long
    let left: Vec<_> = left.filter(ours).map(|entry| entry.path()).collect();
    std::thread::sleep(Duration::from_secs(1));
    assert!(left.iter().all(|folder| !folder.exists()), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_the_converter_the_heic_is_held_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let picture = heic(folder.path());
    let script = |script: &str| DarkroomSettings {
        launcher: ("/bin/sh".into(), vec!["-c".into(), script.into()]),
        timeout: Duration::from_secs(2),
        ..settings()
    };
    let fault = async |settings: DarkroomSettings| {
        let read = facts(settings, &picture).await.unwrap();
        assert!(
            !read.metadata.is_empty(),
            "what the file says is known all the same"
        );
        read.clean.unwrap_err()
    };
    let missing = DarkroomSettings {
        heif_convert: None,
        ..settings()
    };
    let words = fault(missing).await.describe();
    assert!(words.contains("heif-convert is not installed"), "{words}");
    assert_eq!(
        fault(script("exec sleep 30")).await,
        MediumFault::ChildTimedOut
    );
    assert_eq!(fault(script("kill -9 $$")).await, MediumFault::ChildKilled);
    // `$2` is the folder
    for (does, code) in [
        ("exit 1", "not_converted"),
        ("true", "not_converted"),
        (
            "touch \"$2/picture-1.jpg\" \"$2/picture-2.jpg\"",
            "several_pictures",
        ),
        ("echo no picture > \"$2/picture.jpg\"", "not_a_picture"),
        ("mkfifo \"$2/picture.jpg\"", "not_converted"),
    ] {
        let fault = fault(script(does)).await;
        let MediumFault::Unreadable { code: told, .. } = &fault else {
            panic!("{does}: {fault:?}");
        };
        assert_eq!(told, code, "{does}");
    }
}
