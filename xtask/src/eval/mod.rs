//! `cargo xtask eval`: how good the screening is, in figures. It runs the real program's `check` over the labelled sets
//! of fixtures/ and compares its verdicts with a careful human's. The figures of issue-sized promises have a goal each;
//! below one of them the command answers 1. How a figure is counted is `score`'s to say. How well pictures are known again
//! is `likeness`'s to measure.

mod likeness;
mod score;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use self::score::{Case, Figure, figures};

/// The sets that were written for measuring. One half of each was at hand while the rules were written, the other half
/// was kept aside.
const SETS: &[&str] = &[
    "drafts", "comments", "urgent", "personal", "evasion", "emoji", "identity", "traps", "harmless",
];

/// The two halves: the folder below fixtures/eval and how it is called.
const HALVES: [(&str, &str); 2] = [("tuned", "tuned half"), ("aside", "half kept aside")];

/// How far a figure of the half kept aside may lie below the same figure of the tuned half.
const GAP: f64 = 0.03;

/// Older dev sets: their files and where the human's verdicts are (`None` = in the items themselves).
const DEV_SETS: &[(&str, &[&str], Option<&str>)] = &[
    (
        "sample day",
        &["demo/day/drafts.jsonl", "demo/day/comments.jsonl"],
        Some("demo/day/expected.jsonl"),
    ),
    (
        "short texts",
        &[
            "text/must_pass.jsonl",
            "text/must_hold.jsonl",
            "text/abuse.jsonl",
            "text/urgent.jsonl",
        ],
        None,
    ),
];

/// What was measured, printed as it is.
pub struct Report {
    /// Whether every goal was met.
    pub good: bool,
}

/// Runs the sets and gives the report.
///
/// # Errors
/// When the program cannot be run, or a set cannot be read.
pub fn run(root: &Path) -> Result<Report> {
    let mut report = Report::new();
    for (name, files, verdicts) in DEV_SETS {
        let cases = dev_set(root, files, *verdicts).with_context(|| format!("the set `{name}`"))?;
        report.say(format!("{name}: {} items", cases.len()));
        report.say_all(score::plain(&cases));
    }
    let mut halves = Vec::new();
    for (folder, name) in HALVES {
        let cases = half(root, folder)?;
        report.say(format!("{name}: {} items", cases.len()));
        let figures = figures(&cases);
        for figure in &figures {
            report.good &= figure.is_met();
            report.say(figure.line());
        }
        if folder == "aside" {
            report.say_all(score::reliability(&cases));
        }
        halves.push(figures);
    }
    compare(&halves, &mut report);
    likeness::run(&mut report);
    Ok(report.closed())
}

/// A made-up scene with something to see.
pub fn scene(number: u64) -> image::RgbImage {
    likeness::scenes::varied(number)
}

/// How well made-up scenes are known again.
pub fn made_up_scenes() -> Report {
    let mut report = Report::new();
    likeness::run(&mut report);
    report.closed()
}

/// How well the pictures of a folder are known again.
///
/// # Errors
/// When the folder cannot be read or holds no picture.
pub fn pictures_of(folder: &Path) -> Result<Report> {
    let mut report = Report::new();
    likeness::run_on(folder, &mut report)?;
    Ok(report.closed())
}

impl Report {
    const fn new() -> Self {
        Self { good: true }
    }

    /// Prints a line.
    fn say(&self, line: impl AsRef<str>) {
        crate::say(line.as_ref());
    }

    fn say_all(&self, lines: impl IntoIterator<Item = String>) {
        lines.into_iter().for_each(|line| self.say(line));
    }

    fn closed(self) -> Self {
        self.say(if self.good {
            "every goal is met"
        } else {
            "some goals are not met"
        });
        self
    }
}

/// Whether the half kept aside is nearly as good as the other one.
fn compare(halves: &[Vec<Figure>], report: &mut Report) {
    let [tuned, aside] = halves else {
        return;
    };
    for (tuned, aside) in tuned.iter().zip(aside) {
        let gap = tuned.behind(aside);
        if tuned.has_goal() && gap > GAP {
            report.good = false;
            report.say(format!(
                "BELOW  the half kept aside is {gap:.3} worse than the tuned half: {}",
                tuned.what
            ));
        }
    }
}

/// One half of all the sets, screened.
fn half(root: &Path, folder: &str) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for set in SETS {
        let file = format!("eval/{folder}/{set}.jsonl");
        let items = read(root, &file)?;
        let verdicts = check(root, &root.join("fixtures").join(&file))?;
        if items.len() != verdicts.len() {
            bail!(
                "fixtures/{file}: {} items, {} verdicts",
                items.len(),
                verdicts.len()
            );
        }
        for (item, verdict) in items.into_iter().zip(verdicts) {
            cases.push(Case { set, item, verdict });
        }
    }
    Ok(cases)
}

fn dev_set(root: &Path, files: &[&'static str], verdicts: Option<&str>) -> Result<Vec<Case>> {
    let key = |item: &Value| format!("{}/{}", item["id"], item["revision"].as_u64().unwrap_or(1));
    let mut human = BTreeMap::new();
    for expected in verdicts
        .map(|file| read(root, file))
        .transpose()?
        .unwrap_or_default()
    {
        human.insert(key(&expected), expected["expect"].clone());
    }
    let mut cases = Vec::new();
    for file in files {
        let items = read(root, file)?;
        let verdicts = check(root, &root.join("fixtures").join(file))?;
        for (mut item, verdict) in items.into_iter().zip(verdicts) {
            if let Some(expect) = human.get(&key(&item)) {
                item["expect"] = expect.clone();
            }
            cases.push(Case {
                set: file,
                item,
                verdict,
            });
        }
    }
    Ok(cases)
}

/// The lines of a file below fixtures/.
fn read(root: &Path, file: &str) -> Result<Vec<Value>> {
    let place = || format!("fixtures/{file}");
    fs::read_to_string(root.join("fixtures").join(file))
        .with_context(place)?
        .lines()
        .enumerate()
        .map(|(at, line)| {
            serde_json::from_str(line).with_context(|| format!("{}:{}", place(), at + 1))
        })
        .collect()
}

fn program(root: &Path) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root.join(target).join("release/schoolgate")
}

fn check(root: &Path, file: &Path) -> Result<Vec<Value>> {
    let output = Command::new(program(root))
        .args(["check", "--config"])
        .arg(root.join("fixtures/demo/config"))
        .arg("--media-root")
        .arg(root.join("fixtures/demo"))
        .arg(file)
        .stderr(Stdio::inherit())
        .output()
        .context("the program cannot be started")?;
    if !output.status.success() {
        bail!("check of {} ended with {}", file.display(), output.status);
    }
    String::from_utf8(output.stdout)?
        .lines()
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}
