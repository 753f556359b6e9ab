//! `cargo xtask eval`: how good the screening is on the dev sets, in figures. It runs the real program's `check` and
//! compares its verdicts with a careful human's. Which figures are good enough is not decided here: nothing fails.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A dev set: items, and where the human's verdicts are (`None` = in the items themselves).
const SETS: &[(&str, &[&str], Option<&str>)] = &[
    (
        "sample day",
        &["demo/day/drafts.jsonl", "demo/day/comments.jsonl"],
        Some("demo/day/expected.jsonl"),
    ),
    (
        "short texts",
        &["text/must_pass.jsonl", "text/must_hold.jsonl"],
        None,
    ),
    ("urgent texts", &["text/urgent.jsonl"], None),
];

/// What the human and the machine said about one item.
struct Pair {
    kind: String,
    human: Outcome,
    machine: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Approve,
    Hold,
    Escalate,
}

impl Outcome {
    fn of(value: &Value) -> Result<Self> {
        Ok(match value.as_str() {
            Some("approve") => Self::Approve,
            Some("hold") => Self::Hold,
            Some("escalate") => Self::Escalate,
            _ => bail!("an outcome is missing or unknown"),
        })
    }
}

/// Runs the dev sets and gives the lines of the report.
///
/// # Errors
/// When the program cannot be built or run, or a set cannot be read.
pub fn run(root: &Path) -> Result<Vec<String>> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--workspace", "--locked"])
        .current_dir(root)
        .status()?;
    if !built.success() {
        bail!("the program does not build");
    }
    let mut report = Vec::new();
    for (name, files, verdicts) in SETS {
        let pairs = pairs(root, files, *verdicts).with_context(|| format!("the set `{name}`"))?;
        report.push(format!("{name}: {} items", pairs.len()));
        for kind in ["draft", "comment"] {
            let pairs: Vec<_> = pairs.iter().filter(|pair| pair.kind == kind).collect();
            report.extend(figures(kind, &pairs));
        }
    }
    Ok(report)
}

fn pairs(root: &Path, files: &[&str], verdicts: Option<&str>) -> Result<Vec<Pair>> {
    let fixtures = root.join("fixtures");
    let read = |file: &str| {
        fs::read_to_string(fixtures.join(file)).with_context(|| format!("fixtures/{file}"))
    };
    let key = |item: &Value| format!("{}/{}", item["id"], item["revision"].as_u64().unwrap_or(1));
    let (mut human, mut machine) = (BTreeMap::new(), BTreeMap::new());
    for file in files {
        let items = read(file)?;
        for line in items.lines().filter(|_| verdicts.is_none()) {
            let item: Value = serde_json::from_str(line)?;
            human.insert(key(&item), Outcome::of(&item["expect"])?);
        }
        for line in check(root, &fixtures.join(file))?.lines() {
            let verdict: Value = serde_json::from_str(line)?;
            let kind = verdict["kind"].as_str().unwrap_or_default().to_owned();
            machine.insert(key(&verdict), (kind, Outcome::of(&verdict["outcome"])?));
        }
    }
    for line in verdicts.map(read).transpose()?.unwrap_or_default().lines() {
        let expected: Value = serde_json::from_str(line)?;
        human.insert(key(&expected), Outcome::of(&expected["expect"])?);
    }
    machine
        .into_iter()
        .map(|(key, (kind, machine))| {
            let human = *human
                .get(&key)
                .with_context(|| format!("no human verdict for {key}"))?;
            Ok(Pair {
                kind,
                human,
                machine,
            })
        })
        .collect()
}

fn check(root: &Path, file: &Path) -> Result<String> {
    let output = Command::new(
        root.join(
            std::env::var_os("CARGO_TARGET_DIR")
                .map_or_else(|| "target".into(), std::path::PathBuf::from),
        )
        .join("release/schoolgate"),
    )
    .args(["check", "--config"])
    .arg(root.join("fixtures/demo/config"))
    .arg("--media-root")
    .arg(root.join("fixtures/demo"))
    .arg(file)
    .stderr(Stdio::inherit())
    .output()
    .context("the program cannot be started")?;
    if !output.status.success() {
        bail!("check ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Precision and recall of "a person must look", recall of escalation, and how many harmless items pass.
fn figures(kind: &str, pairs: &[&Pair]) -> Vec<String> {
    let count = |test: &dyn Fn(&Pair) -> bool| pairs.iter().filter(|pair| test(pair)).count();
    let looked = |outcome: Outcome| outcome >= Outcome::Hold;
    let both = count(&|pair| looked(pair.human) && looked(pair.machine));
    let urgent =
        count(&|pair| pair.human == Outcome::Escalate && pair.machine == Outcome::Escalate);
    let passed = count(&|pair| !looked(pair.human) && !looked(pair.machine));
    [
        (
            "held, of what must be held (recall)",
            both,
            count(&|pair| looked(pair.human)),
        ),
        (
            "must be held, of what is held (precision)",
            both,
            count(&|pair| looked(pair.machine)),
        ),
        (
            "escalated, of what must be escalated",
            urgent,
            count(&|pair| pair.human == Outcome::Escalate),
        ),
        (
            "approved, of what is harmless",
            passed,
            count(&|pair| !looked(pair.human)),
        ),
    ]
    .into_iter()
    .filter(|(_, _, of)| *of > 0)
    .map(|(what, good, of)| {
        let (low, high) = wilson(good, of);
        let share = ratio(good, of);
        format!("  {kind}s: {what:<42} {share:.3}  ({good} of {of}, 95 % {low:.3} to {high:.3})")
    })
    .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "dev sets have a few hundred items"
)]
fn ratio(good: usize, of: usize) -> f64 {
    good as f64 / of as f64
}

/// The 95 % interval of a share (Wilson's score interval), which is honest for small counts.
#[expect(
    clippy::cast_precision_loss,
    reason = "dev sets have a few hundred items"
)]
fn wilson(good: usize, of: usize) -> (f64, f64) {
    let (n, p, z) = (of as f64, ratio(good, of), 1.96_f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(9, 10);
        assert!(
            (low - 0.596).abs() < 0.001 && (high - 0.982).abs() < 0.001,
            "{low} {high}"
        );
        assert!(wilson(10, 10).1 > 0.999 && wilson(0, 10).0 < 0.001);
    }

    #[test]
    fn figures_count_what_they_say() {
        let pair = |human, machine| Pair {
            kind: "draft".to_owned(),
            human,
            machine,
        };
        let all = [
            pair(Outcome::Hold, Outcome::Hold),
            pair(Outcome::Hold, Outcome::Approve),
            pair(Outcome::Escalate, Outcome::Hold),
            pair(Outcome::Approve, Outcome::Hold),
            pair(Outcome::Approve, Outcome::Approve),
        ];
        let lines = figures("draft", &all.iter().collect::<Vec<_>>());
        for (line, share) in lines.iter().zip(["2 of 3", "2 of 3", "0 of 1", "1 of 2"]) {
            assert!(line.contains(share), "{line}");
        }
    }
}
