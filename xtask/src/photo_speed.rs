//! How fast photos are read and cleaned, beside exiftool and beside one plain decode: the part of `cargo xtask bench` about
//! camera-sized files.

use std::{
    fs,
    hint::black_box,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use schoolgate_darkroom::{Asked, child};
use schoolgate_media::{Limits, clean_in_parts};

use crate::{bench::Report, needs, photos};

/// Photos in the batch.
const PHOTOS: u32 = 50;
/// A 12-megapixel camera.
const SIDES: (u32, u32) = (4_000, 3_000);
/// What makers write of their own; with the thumbnail it nearly fills the segment.
const MAKER_NOTE_BYTES: usize = 48 * 1024;

/// Measures.
///
/// # Errors
/// When the photos cannot be drawn or written, or one of the programs fails.
pub fn run(root: &Path, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let photos = photos(folder.path())?;
    let size = photos.iter().map(Vec::len).sum::<usize>() / photos.len();
    report.lines.push(format!(
        "{PHOTOS} JPEGs of 12 megapixels, {:.1} MB each, with 60 kB of Exif (maker note, thumbnail), XMP and a second picture",
        size as f64 / 1e6
    ));
    let exiftool = exiftool(folder.path())?;
    let alone = fastest(5, || photos.iter().for_each(|photo| clean(photo)));
    let together = fastest(5, || clean_on_all_cores(&photos));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    report.goal(
        exiftool / together >= 20.0,
        &format!(
            "exiftool -all= over them {exiftool:.2} s : reading and cleaning in process, {cores} cores, nothing written, {together:.3} s = {:.1} (goal >= 20); on one core {:.1}",
            exiftool / together,
            exiftool / alone
        ),
    );
    let program = root.join("target/release/schoolgate");
    let command = command(&program, folder.path())?;
    let copying = copying(folder.path())?;
    report.goal(
        exiftool / command >= 5.0,
        &format!(
            "exiftool -all= : schoolgate photo clean, {command:.3} s = {:.1} (goal >= 5); copying the files as they are, on all cores, {copying:.3} s",
            exiftool / command
        ),
    );
    whole_check(&photos[0], report)?;
    memory(&program, &photos[0], report)
}

/// Photos that differ in their pixels' noise, as a camera makes them.
fn photos(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let (width, height) = SIDES;
    let mut rng = fastrand::Rng::with_seed(12);
    let scene = RgbImage::from_fn(width, height, |x, y| {
        let (fx, fy) = (f64::from(x) / 211.0, f64::from(y) / 173.0);
        let light = 110.0 + 60.0 * (fx.sin() + fy.cos() * (fx * 0.37).cos());
        let grain = f64::from(rng.i8(-9..=9));
        Rgb([
            light + grain,
            light * 0.9 + grain,
            light * 0.7 + 30.0 + grain,
        ]
        .map(|c| c as u8))
    });
    let dressed = dress(&scene, &mut rng)?;
    (0..PHOTOS)
        .map(|number| {
            let mut photo = dressed.clone();
            // a note of its own, so that no two files are the same
            let note = format!("photo number {number:>8}");
            let at = photo.windows(12).position(|part| part == b"photo number");
            let at = at.context("the comment is missing")?;
            photo[at..at + note.len()].copy_from_slice(note.as_bytes());
            fs::write(folder.join(format!("photo-{number}.jpg")), &photo)?;
            Ok(photo)
        })
        .collect()
}

/// The scene as phones save it: the picture, what it says of itself, and a second, smaller picture behind it that an
/// index (CIPA DC-007) leads to.
fn dress(scene: &RgbImage, rng: &mut fastrand::Rng) -> Result<Vec<u8>> {
    let mut plain = encoded(scene, 92)?;
    let tables = plain.windows(2).position(|part| part == b"\xFF\xDB");
    let tables = tables.context("the tables are missing")?;
    plain.splice(tables..tables, index(0, 0, 0));
    // a maker's own tables: small figures and larger ones in turn
    let note = (0..MAKER_NOTE_BYTES).map(|at| rng.u8(..) >> (at / 64 % 8));
    let mut photo = photos::camera_jpeg(scene, &plain, note.collect())?;
    let preview = encoded(&imageops::thumbnail(scene, 1_440, 1_080), 80)?;
    let at = photo.windows(8).position(|part| part == b"MPF\0MM\0*");
    let at = at.context("the index is missing")?;
    let whole = photo.len();
    // places in the file are counted from behind the index's name
    let index = index(whole, preview.len(), whole - (at + 4));
    photo[at - 4..][..index.len()].copy_from_slice(&index);
    photo.extend(preview);
    Ok(photo)
}

fn encoded(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture)?;
    Ok(bytes)
}

/// The segment that tells of two pictures in one file: its version, their number, and of each kind, length and place.
fn index(first: usize, second: usize, place: usize) -> Vec<u8> {
    let mut index = b"\xFF\xE2\0\x58MPF\0MM\0*\0\0\0\x08\0\x03".to_vec();
    index.extend(b"\xB0\0\0\x07\0\0\0\x040100");
    index.extend(b"\xB0\x01\0\x04\0\0\0\x01\0\0\0\x02");
    index.extend(b"\xB0\x02\0\x07\0\0\0\x20\0\0\0\x32\0\0\0\0");
    for figure in [0x2003_0000, first, 0, 0, 0x0001_0002, second, place, 0] {
        index.extend((figure as u32).to_be_bytes());
    }
    index
}

fn fastest(rounds: u32, mut work: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

fn clean(photo: &[u8]) {
    let (report, cleaned) = clean_in_parts(photo, &Limits::default());
    black_box((report.is_ok(), cleaned.map(|copy| copy.bytes.len())).1).ok();
}

/// Each core takes the next photo when it is done with one.
fn clean_on_all_cores(photos: &[Vec<u8>]) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(photo) = photos.get(next.fetch_add(1, Ordering::Relaxed)) {
                    clean(photo);
                }
            });
        }
    });
}

/// The faster of two runs of exiftool over the whole batch.
fn exiftool(folder: &Path) -> Result<f64> {
    let program = needs::exiftool().context("exiftool is not installed")?;
    let mut best = f64::INFINITY;
    for round in 0..2 {
        let out = folder.join(format!("exiftool-{round}"));
        fs::create_dir(&out)?;
        let began = Instant::now();
        let status = Command::new(&program)
            .args(["-q", "-all=", "-o"])
            .arg(&out)
            .args(batch(folder))
            .stdout(Stdio::null())
            .status()?;
        best = best.min(began.elapsed().as_secs_f64());
        ensure!(status.success(), "exiftool failed");
        fs::remove_dir_all(&out)?;
    }
    Ok(best)
}

/// What no program that writes the pictures can be faster than: the faster of two copies of them, on all cores.
fn copying(folder: &Path) -> Result<f64> {
    let files = batch(folder);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut best = f64::INFINITY;
    for round in 0..2 {
        let out = folder.join(format!("copied-{round}"));
        fs::create_dir(&out)?;
        let copy = |file: &PathBuf| fs::copy(file, out.join(file.file_name().unwrap_or_default()));
        let began = Instant::now();
        std::thread::scope(|scope| {
            for part in files.chunks(files.len().div_ceil(cores)) {
                scope.spawn(move || part.iter().all(|file| copy(file).is_ok()));
            }
        });
        best = best.min(began.elapsed().as_secs_f64());
        ensure!(fs::read_dir(&out)?.count() == files.len(), "a copy failed");
        fs::remove_dir_all(&out)?;
    }
    Ok(best)
}

fn batch(folder: &Path) -> Vec<PathBuf> {
    (0..PHOTOS)
        .map(|number| folder.join(format!("photo-{number}.jpg")))
        .collect()
}

/// The faster of two runs of the whole command.
fn command(program: &Path, folder: &Path) -> Result<f64> {
    let mut best = f64::INFINITY;
    for round in 0..2 {
        let out = folder.join(format!("clean-{round}"));
        let began = Instant::now();
        let status = Command::new(program)
            .args(["photo", "clean", "--out"])
            .arg(&out)
            .args(batch(folder))
            .stdout(Stdio::null())
            .status()
            .with_context(|| program.display().to_string())?;
        best = best.min(began.elapsed().as_secs_f64());
        ensure!(status.success(), "photo clean failed");
        fs::remove_dir_all(&out)?;
    }
    Ok(best)
}

/// Report, clean copy, proof that it opens, and what it can be recognised by, beside one decode.
fn whole_check(photo: &[u8], report: &mut Report) -> Result<()> {
    let asked = Asked {
        likeness: true,
        ..Asked::PROOF
    };
    let print = child::develop(photo, &asked, &Limits::default());
    ensure!(print.answer.clean.is_ok(), "the photo was not cleaned");
    let decode = fastest(5, || drop(black_box(image::load_from_memory(photo))));
    let check = fastest(5, || {
        drop(black_box(child::develop(photo, &asked, &Limits::default())))
    });
    report.goal(
        check / decode <= 1.4,
        &format!(
            "whole photo check {:.0} ms : one decode by `image` {:.0} ms = {:.2} (goal <= 1.4, stretch 1)",
            check * 1e3,
            decode * 1e3,
            check / decode
        ),
    );
    Ok(())
}

/// The most memory that the child holds while it checks one photo.
fn memory(program: &Path, photo: &[u8], report: &mut Report) -> Result<()> {
    let asked = Asked {
        likeness: true,
        ..Asked::PROOF
    };
    let mut child = Command::new(program)
        .arg("media-child")
        .args(asked.arguments())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut input = child.stdin.take().context("the child has no input")?;
    let bytes = photo.to_vec();
    let feeding = std::thread::spawn(move || input.write_all(&bytes));
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let about = fs::read_to_string(&status).unwrap_or_default();
        peak = peak.max(high_water(&about).unwrap_or_default());
        std::thread::sleep(Duration::from_micros(500));
    }
    feeding.join().ok().context("the photo was not sent")??;
    let megabytes = peak as f64 / 1e3;
    report.goal(
        peak > 0 && megabytes < 250.0,
        &format!("the child at 12 megapixels holds {megabytes:.0} MB at most (goal < 250)"),
    );
    Ok(())
}

/// The peak of the resident set, in kB, from the text of `/proc/PID/status`.
fn high_water(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
