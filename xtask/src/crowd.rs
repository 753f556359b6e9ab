//! Registers of any size for measuring, made by counting: the same size is always the same register. Given names and
//! family names follow the few-are-common shape of real registers; every name is put together from syllables or is a
//! common word-name, so nobody real is meant.

use std::{fmt::Write as _, fs, path::Path, sync::Arc};

use anyhow::{Context, Result};
use schoolgate_model::{Consents, Pupil, PupilId, Redacted};
use schoolgate_pipeline::Snapshot;

/// Common given names, word-names among them.
const GIVEN: &[&str] = &[
    "Amelia", "Oliver", "Grace", "Jack", "Lily", "Mohammed", "Poppy", "Will", "Ruby", "Harry",
    "Daisy", "Noah", "Ivy", "Yusuf", "Rose", "Leo", "Summer", "Zainab", "May", "Alfie", "Hope",
    "Max", "Aisha", "Mark", "Freya", "Robin", "Zofia", "Hunter", "Sienna", "Jay", "Willow",
    "Rowan",
];
const FAMILY: &[&str] = &[
    "Hart", "Bennett", "Patel", "Khan", "Okafor", "Kowalski", "Smith", "Jones", "Green", "Wood",
    "Begum", "Evans", "O'Neill", "Singh", "Price", "Young", "Bell", "Cook", "Frost", "Marsh",
];
const ONSETS: &[&str] = &[
    "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "br", "sh",
    "th", "st",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ee", "ia", "ou"];
const ENDS: &[&str] = &[
    "n", "l", "r", "s", "ck", "m", "th", "ton", "ley", "ham", "worth", "ski",
];

/// The `at`th name: common ones first, then made of syllables.
fn name(common: &[&str], at: usize) -> String {
    if let Some(common) = common.get(at) {
        return (*common).to_owned();
    }
    let mut left = at;
    let mut take = |of: &[&'static str]| {
        let part = of[left % of.len()];
        left /= of.len();
        part
    };
    let mut made = String::new();
    for part in [
        take(ONSETS),
        take(VOWELS),
        take(ONSETS),
        take(VOWELS),
        take(ENDS),
    ] {
        made.push_str(part);
    }
    let mut chars = made.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// A number from 0 to `below`, small ones far more often.
fn uneven(seed: usize, below: usize) -> usize {
    let mixed = (seed as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(23)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let span = below as u64;
    let one = (mixed >> 8) % span;
    let two = (mixed >> 36) % span;
    usize::try_from(one * two / span).unwrap_or(0)
}

/// How many different given and family names a register of this size has.
fn variety(count: usize) -> (usize, usize) {
    (count.clamp(60, 9_000), (count * 2).clamp(80, 60_000))
}

fn given_and_family(at: usize, count: usize) -> (String, String) {
    let (givens, families) = variety(count);
    (
        name(GIVEN, uneven(at, givens)),
        name(FAMILY, uneven(at + 7_919, families)),
    )
}

/// A register.
pub(crate) fn pupils(count: usize) -> Vec<Pupil> {
    (0..count)
        .map(|at| {
            let (given, family) = given_and_family(at, count);
            Pupil {
                id: PupilId::new(format!("P{at:07}")),
                upn: None,
                legal_given: Some(Redacted::new(given)),
                legal_middle: None,
                legal_family: Some(Redacted::new(family)),
                preferred_given: None,
                preferred_family: None,
                former_family: None,
                year: Some((at % 6 + 1).to_string()),
                class: Some(format!("{} {}", at % 6 + 1, ["Oak", "Ash"][at % 2])),
                do_not_publish: Some(at % 50 == 0),
                consents: Consents::default(),
            }
        })
        .collect()
}

/// A school with such a register, read from a folder as any school is.
///
/// # Errors
/// When the folder cannot be written or the school not be read.
pub(crate) fn school(folder: &Path, count: usize) -> Result<Snapshot> {
    let school = folder.join("schools/measured");
    fs::create_dir_all(&school)?;
    let mut register =
        "pupil_id,legal_given,legal_family,year,class,do_not_publish,consent_name\n".to_owned();
    for at in 0..count {
        let (given, family) = given_and_family(at, count);
        let (year, class) = (at % 6 + 1, ["Oak", "Ash"][at % 2]);
        let listed = if at % 50 == 0 { "yes" } else { "no" };
        writeln!(
            register,
            "P{at:07},{given},{family},{year},{year} {class},{listed},"
        )?;
    }
    fs::write(school.join("pupils.csv"), register)?;
    fs::write(
        school.join("staff.csv"),
        "staff_id,title,given,family,role,email,end_date\nS1,Mrs,Ada,Verity,Head,,\n",
    )?;
    fs::write(school.join("school.toml"), "name = \"Measured School\"\n")?;
    let schools = schoolgate_school::load(folder, "measured", jiff::Timestamp::UNIX_EPOCH)
        .map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let snapshot: &Arc<Snapshot> = schools.only().context("the generated school")?;
    Ok(Snapshot::clone(snapshot))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_register_is_the_same_every_time_and_its_names_are_varied() {
        let pupils = pupils(1_500);
        assert_eq!(pupils, super::pupils(1_500));
        let names: HashSet<_> = (0..1_500).map(|at| given_and_family(at, 1_500)).collect();
        assert!(names.len() > 1_000, "{}", names.len());
    }
}
