//! `cargo xtask fuzz`: mutated texts through the whole screening on one thread, mutated pictures through every reader on
//! another, for as long as is wanted. What breaks what must hold is written down and printed.

mod pictures;
mod texts;

use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use fastrand::Rng;

/// An input that takes longer than this is a finding.
const SLOW: Duration = Duration::from_secs(2);

/// At most so many findings of one kind of input are kept.
const MOST: usize = 20;

/// A kind of input: how one is made, and what must hold for it.
trait Fuzzed: Sync {
    type Input: AsRef<[u8]> + Clone;
    /// What runs, in the plural, for the report.
    fn what(&self) -> &'static str;
    /// The ending of a finding's file.
    fn ending(&self) -> &'static str;
    /// The next input.
    fn make(&self, rng: &mut Rng) -> Self::Input;
    /// Everything that is wrong with how this input is treated.
    fn examine(&self, input: &Self::Input) -> Vec<String>;
}

/// What a run did.
pub struct Report {
    /// Lines to print.
    pub lines: Vec<String>,
    /// Whether nothing was found.
    pub good: bool,
}

/// Runs for so many seconds, one thread for each kind of input. The same seed makes the same inputs.
///
/// # Errors
/// When the inputs to start from cannot be read or a finding cannot be written.
pub fn run(root: &Path, seconds: u64, seed: u64) -> Result<Report> {
    let texts = texts::Texts::new(root)?;
    let pictures = pictures::Pictures::new(root)?;
    let until = Instant::now() + Duration::from_secs(seconds);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let (of_texts, of_pictures) = std::thread::scope(|scope| {
        let texts = scope.spawn(|| work(&texts, seed, until));
        let pictures = scope.spawn(|| work(&pictures, seed, until));
        (texts.join(), pictures.join())
    });
    std::panic::set_hook(hook);
    let broken = |_| anyhow::anyhow!("a thread ended by itself");
    let mut report = Report {
        lines: Vec::new(),
        good: true,
    };
    tell(
        &texts,
        root,
        seconds,
        &of_texts.map_err(broken)?,
        &mut report,
    )?;
    tell(
        &pictures,
        root,
        seconds,
        &of_pictures.map_err(broken)?,
        &mut report,
    )?;
    Ok(report)
}

/// How many inputs there were, and one input for each thing that went wrong.
struct Outcome<I> {
    executions: u64,
    faults: BTreeMap<String, I>,
}

fn work<F: Fuzzed>(fuzzed: &F, seed: u64, until: Instant) -> Outcome<F::Input> {
    let mut rng = Rng::with_seed(seed);
    let mut outcome = Outcome {
        executions: 0,
        faults: BTreeMap::new(),
    };
    while Instant::now() < until {
        let input = fuzzed.make(&mut rng);
        outcome.executions += 1;
        let began = Instant::now();
        let mut found = fuzzed.examine(&input);
        if began.elapsed() > SLOW {
            found.push("slow".to_owned());
        }
        for what in found {
            if outcome.faults.len() < MOST {
                outcome.faults.entry(what).or_insert_with(|| input.clone());
            }
        }
    }
    outcome
}

fn tell<F: Fuzzed>(
    fuzzed: &F,
    root: &Path,
    seconds: u64,
    outcome: &Outcome<F::Input>,
    report: &mut Report,
) -> Result<()> {
    let (executions, found) = (outcome.executions, outcome.faults.len());
    report.lines.push(format!(
        "{executions} {} in {seconds} s: {found} findings",
        fuzzed.what()
    ));
    report.good &= executions > 0 && found == 0;
    let folder = root.join("target/fuzz");
    for (at, (what, input)) in outcome.faults.iter().enumerate() {
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("finding-{at}.{}", fuzzed.ending()));
        fs::write(&file, input.as_ref()).with_context(|| file.display().to_string())?;
        report
            .lines
            .push(format!("  {what}; the input is in {}", file.display()));
    }
    Ok(())
}

/// Runs a check, whatever it does: a panic is a finding like any other.
fn guarded(name: &str, faults: &mut Vec<String>, check: impl FnOnce() -> Vec<String>) {
    match catch_unwind(AssertUnwindSafe(check)) {
        Ok(found) => faults.extend(found),
        Err(_) => faults.push(format!("{name} panicked")),
    }
}
