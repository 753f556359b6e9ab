//! How well pictures are known again: the table of what happens to pictures on social media, and false matches among
//! thousands of different scenes. The scenes are made up; a folder of photographs can be measured in their place.

mod canvas;
mod distort;
pub mod scenes;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use image::RgbImage;
use schoolgate_media::{Likeness, Shelf, likeness};

use self::{
    canvas::Dice,
    distort::{Distortion, Promise},
};
use super::Report;

/// Scenes of the table.
const SCENES: u64 = 100;
/// Scenes that must not be taken for one another.
const DIFFERENT: u64 = 10_000;

/// Measures on made-up scenes.
pub fn run(report: &mut Report) {
    let pictures = side_by_side(SCENES, scenes::varied);
    report.say(format!("pictures known again, {SCENES} made-up scenes:"));
    table(&pictures, report);
    let likenesses = side_by_side(DIFFERENT, |number| likeness(&scenes::any(number)));
    strangers(&likenesses, report);
}

/// Measures on the pictures of a folder.
///
/// # Errors
/// When the folder cannot be read or holds no picture.
pub fn run_on(folder: &Path, report: &mut Report) -> Result<()> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let pictures: Vec<RgbImage> = side_by_side(files.len() as u64, |at| {
        let picture = image::open(&files[at as usize]).ok()?;
        Some(picture.thumbnail(1600, 1600).into_rgb8())
    })
    .into_iter()
    .flatten()
    .collect();
    ensure!(!pictures.is_empty(), "{}: no picture", folder.display());
    report.say(format!(
        "pictures known again, {} pictures of {}:",
        pictures.len(),
        folder.display()
    ));
    table(&pictures, report);
    let likenesses: Vec<Likeness> =
        side_by_side(pictures.len() as u64, |at| likeness(&pictures[at as usize]));
    strangers(&likenesses, report);
    Ok(())
}

/// Does a piece of work for each number on all processors.
fn side_by_side<T: Send>(count: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(u64, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return done;
                        }
                        done.push((number, work(number)));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .flatten()
            .collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, value)| value).collect()
}

fn key(number: u64) -> [u8; 32] {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&number.to_be_bytes());
    key
}

fn shelf(likenesses: &[Likeness]) -> Shelf {
    let mut shelf = Shelf::new();
    for (number, likeness) in (0..).zip(likenesses) {
        shelf.put(key(number), likeness);
    }
    shelf
}

/// Each row of the table: found by the fingerprint, found by both stages, and others that were found instead.
fn table(pictures: &[RgbImage], report: &mut Report) {
    let count = pictures.len() as u64;
    let known = shelf(&side_by_side(count, |at| likeness(&pictures[at as usize])));
    report.say(format!(
        "      {:<36} {:>8} {:>12} {:>12}",
        "distortion", "strength", "fingerprint", "both stages"
    ));
    for (row, distortion) in (0_u64..).zip(distort::ALL) {
        for (column, strength) in (0_u64..).zip(distortion.strengths) {
            let found = side_by_side(count, |at| {
                let mut dice = Dice::new(at * 1000 + row * 10 + column);
                let changed = (distortion.work)(&pictures[at as usize], strength, &mut dice);
                let sightings = known.find(&likeness(&changed));
                let own = sightings.iter().find(|sighting| sighting.key == key(at));
                let others = sightings.len() - usize::from(own.is_some());
                (
                    own.is_some_and(|own| own.distance.is_some()),
                    own.is_some(),
                    others,
                )
            });
            score(distortion, strength, &found, report);
        }
    }
}

fn score(
    distortion: &Distortion,
    strength: f32,
    found: &[(bool, bool, usize)],
    report: &mut Report,
) {
    let share = |count: usize| count as f64 / found.len() as f64;
    let first = share(found.iter().filter(|found| found.0).count());
    let both = share(found.iter().filter(|found| found.1).count());
    let others: usize = found.iter().map(|found| found.2).sum();
    let goal = match distortion.promise {
        Promise::Fingerprint => Some(0.99),
        Promise::Both => Some(0.95),
        Promise::UpTo(limit) => (strength <= limit).then_some(0.95),
        Promise::None => None,
    };
    let met = goal.is_none_or(|goal| both >= goal);
    report.good &= met;
    let mark = if met { "     " } else { "BELOW" };
    let goal = goal.map_or_else(String::new, |goal| format!("  (goal {goal:.2})"));
    let wrong = if others > 0 {
        format!("  and {others} others")
    } else {
        String::new()
    };
    report.say(format!(
        "{mark} {:<36} {strength:>8} {first:>12.3} {both:>12.3}{goal}{wrong}",
        distortion.name
    ));
}

/// No two of different pictures may be taken for one another.
fn strangers(likenesses: &[Likeness], report: &mut Report) {
    let known = shelf(likenesses);
    let microseconds = AtomicU64::new(0);
    let pairs = side_by_side(likenesses.len() as u64, |at| {
        let began = Instant::now();
        let sightings = known.find(&likenesses[at as usize]);
        microseconds.fetch_add(began.elapsed().as_micros() as u64, Ordering::Relaxed);
        let others = sightings
            .into_iter()
            .filter(|sighting| sighting.key != key(at));
        others.collect::<Vec<_>>()
    });
    let mut wrong = BTreeSet::new();
    for (at, sightings) in (0_u64..).zip(pairs) {
        for sighting in sightings {
            let other = (0..8).fold(0, |n, byte| n << 8 | u64::from(sighting.key[byte]));
            if wrong.insert((at.min(other), at.max(other))) && wrong.len() <= 20 {
                report.say(format!(
                    "      {at} was taken for {other}: distance {:?}, {} marks, share {:.2}",
                    sighting.distance, sighting.marks, sighting.share
                ));
            }
        }
    }
    report.say(format!(
        "      a look-up among these took {:.1} ms, all processors busy",
        microseconds.into_inner() as f64 / 1e3 / likenesses.len().max(1) as f64
    ));
    let met = wrong.is_empty();
    report.good &= met;
    let mark = if met { "     " } else { "BELOW" };
    report.say(format!(
        "{mark} false matches among {} different scenes: {} (goal 0)",
        likenesses.len(),
        wrong.len()
    ));
}
