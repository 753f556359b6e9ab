//! How fast photos are read and cleaned, beside exiftool and beside one plain decode: the part of `cargo xtask bench` about
//! camera-sized files.

use std::{
    fs,
    hint::black_box,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use schoolgate_darkroom::{Asked, child};
use schoolgate_media::{Limits, inspect_and_clean};

use crate::{bench::Report, needs, photos};

/// Photos in the batch.
const PHOTOS: u32 = 50;
/// A 12-megapixel camera.
const SIDES: (u32, u32) = (4_000, 3_000);

/// Measures.
///
/// # Errors
/// When the photos cannot be drawn or written, or one of the programs fails.
pub fn run(root: &Path, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let photos = photos(folder.path())?;
    let size = photos.iter().map(Vec::len).sum::<usize>() / photos.len();
    report.lines.push(format!(
        "{PHOTOS} JPEGs of 12 megapixels, {:.1} MB each, with Exif, thumbnail, maker note and XMP",
        size as f64 / 1e6
    ));
    let exiftool = exiftool(folder.path())?;
    let alone = fastest(3, || clean_all(&photos));
    let together = fastest(3, || clean_on_all_cores(&photos));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    report.goal(
        exiftool / together >= 20.0,
        &format!(
            "exiftool -all= over them {:.2} s : reading and cleaning in process, {cores} cores = {:.1} (goal >= 20); on one core {:.1}",
            exiftool,
            exiftool / together,
            exiftool / alone
        ),
    );
    let program = root.join("target/release/schoolgate");
    let command = command(&program, folder.path())?;
    report.goal(
        exiftool / command >= 5.0,
        &format!(
            "exiftool -all= : schoolgate photo clean, {command:.2} s = {:.1} (goal >= 5)",
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
    let mut plain = Vec::new();
    JpegEncoder::new_with_quality(&mut plain, 92).encode_image(&scene)?;
    let dressed = photos::camera_jpeg(&plain)?;
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

fn fastest(rounds: u32, mut work: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

fn clean_all(photos: &[Vec<u8>]) {
    for photo in photos {
        let (report, cleaned) = inspect_and_clean(photo, &Limits::default());
        black_box((report.is_ok(), cleaned.map(|copy| copy.bytes.len())).1).ok();
    }
}

fn clean_on_all_cores(photos: &[Vec<u8>]) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for part in photos.chunks(photos.len().div_ceil(cores)) {
            scope.spawn(|| clean_all(part));
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

fn batch(folder: &Path) -> Vec<std::path::PathBuf> {
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
