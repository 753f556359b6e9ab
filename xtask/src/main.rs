//! The project's chores behind `cargo xtask`: running every test with what the tests need, and drawing the demo's
//! photographs. Each command is one module; this file only reads the command line and turns the answer into an exit
//! status. Nothing here is part of the product.

mod bench;
mod crowd;
mod eval;
mod fuzz;
mod lookalike;
mod needs;
mod photo_speed;
mod photos;
mod seeded;
mod tally;
mod test;
mod text;
mod train;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Chores of the Schoolgate repository.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Exit status: 0 success; 1 the answer is no; 2 usage, or something is missing."
)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Run every test, with a private PostgreSQL and a private RabbitMQ that are started and removed by this command.
    ///
    /// What the tests need is used when found; when missing it is installed if this runs as root or with CI=true,
    /// and otherwise the one line that installs it is printed.
    #[command(
        after_help = "Examples:\n  cargo xtask test\n  cargo xtask test -- -p schoolgate-model\n  cargo xtask test -- draft_with_listed_pupil\n  cargo xtask test -- -p schoolgate-store -- --nocapture"
    )]
    Test {
        /// Minutes after which the run is stopped and counted as failed.
        #[arg(long, value_name = "MINUTES", default_value_t = 75)]
        limit: u64,
        /// What goes to `cargo test`: a filter, `-p CRATE`, or a second `--` and the test program's own arguments.
        #[arg(last = true, value_name = "CARGO_TEST_ARGUMENT")]
        cargo: Vec<OsString>,
    },
    /// Kill every role, the broker and the database at random moments under load; report what was lost or doubled.
    #[command(after_help = "Example:\n  cargo xtask faults --kills 300 --items 10000 --seed 7")]
    Faults {
        /// Kills of roles; the broker and the database are killed three times each on top.
        #[arg(long, default_value_t = 100)]
        kills: u32,
        /// Items that stream in meanwhile.
        #[arg(long, default_value_t = 5000)]
        items: u32,
        /// Chooses the moments; the same seed chooses the same ones.
        #[arg(long, default_value_t = 20_261_121)]
        seed: u32,
    },
    /// Fail when a tracked file holds words that do not belong: this machine's paths, notes to self, skipped tests.
    #[command(after_help = "Example:\n  cargo xtask check-text")]
    CheckText,
    /// Print how good the screening is on the labelled sets of fixtures/, with n and a 95 % interval; answer 1 below a
    /// goal.
    ///
    /// The screening of text first, then how well pictures are known again after what social media do to them.
    #[command(
        after_help = "Examples:\n  cargo xtask eval\n  cargo xtask eval --pictures ~/Pictures"
    )]
    Eval {
        /// Measure only how well pictures are known again, on the pictures of a folder. None may be like another.
        #[arg(long, value_name = "FOLDER")]
        pictures: Option<PathBuf>,
        /// Measure only how well pictures are known again, on the made-up scenes.
        #[arg(long, conflicts_with = "pictures")]
        scenes: bool,
        /// This is the release build: measure here.
        #[arg(long, hide = true)]
        here: bool,
    },
    /// Print how fast the screening is, as ratios within one run on one thread; answer 1 beyond a goal.
    #[command(after_help = "Example:\n  cargo xtask bench")]
    Bench {
        /// This is the release build: measure here.
        #[arg(long, hide = true)]
        here: bool,
    },
    /// Run mutated texts through the whole screening and mutated pictures through every reader; answer 1 for any
    /// finding.
    #[command(after_help = "Example:\n  cargo xtask fuzz --seconds 600")]
    Fuzz {
        /// How long.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Chooses the inputs; the same seed makes the same ones.
        #[arg(long, default_value_t = 20_261_121)]
        seed: u64,
        /// This is the release build: run here.
        #[arg(long, hide = true)]
        here: bool,
    },
    /// Learn the wording model's weights from fixtures/train and write those of wordlists/wording.
    #[command(after_help = "Example:\n  cargo xtask train")]
    Train {
        /// Learn only what drafts are about, from fixtures/train/drafts, and which words there are.
        #[arg(long)]
        topics: bool,
        /// Also learn four times without a quarter of the texts, and print how good the model is on those.
        #[arg(long)]
        check: bool,
        /// This is the release build: learn here.
        #[arg(long, hide = true)]
        here: bool,
    },
    /// Take the screenshots of the console anew into fixtures/shots, from a demo of its own.
    #[command(after_help = "Example:\n  cargo xtask shots")]
    Shots,
    /// Draw the demo's photographs anew into fixtures/demo/photos.
    #[command(after_help = "Example:\n  cargo xtask photos")]
    Photos,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli.chore) {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(chore: &Chore) -> Result<ExitCode> {
    let root = repository_root()?;
    match chore {
        Chore::Test { limit, cargo } => test::run(&root, *limit, cargo),
        Chore::Faults { kills, items, seed } => test::faults(
            &root,
            &[("KILLS", *kills), ("ITEMS", *items), ("SEED", *seed)],
        ),
        Chore::CheckText => check_text(&root),
        Chore::Eval {
            pictures,
            scenes,
            here: true,
        } => {
            let report = match (pictures, scenes) {
                (Some(folder), _) => eval::pictures_of(folder)?,
                (None, true) => eval::made_up_scenes(),
                (None, false) => eval::run(&root)?,
            };
            Ok(tell(&[], report.good))
        }
        Chore::Eval {
            pictures,
            scenes,
            here: false,
        } => {
            let mut arguments = vec![OsString::from("eval"), "--here".into()];
            arguments.extend(scenes.then(|| "--scenes".into()));
            if let Some(folder) = pictures {
                let folder = std::path::absolute(folder)?;
                arguments.extend(["--pictures".into(), folder.into()]);
            }
            released(&root, &arguments)
        }
        Chore::Bench { here: true } => {
            let report = bench::run(&root)?;
            Ok(tell(&report.lines, report.good))
        }
        Chore::Bench { here: false } => released(&root, &["bench", "--here"]),
        Chore::Fuzz {
            seconds,
            seed,
            here: true,
        } => {
            let report = fuzz::run(&root, *seconds, *seed)?;
            Ok(tell(&report.lines, report.good))
        }
        Chore::Fuzz {
            seconds,
            seed,
            here: false,
        } => {
            let (seconds, seed) = (seconds.to_string(), seed.to_string());
            let arguments = ["fuzz", "--here", "--seconds", &seconds, "--seed", &seed];
            released(&root, &arguments)
        }
        Chore::Train {
            topics: true,
            check,
            here: true,
        } => Ok(tell(&train::topics(&root, *check)?, true)),
        Chore::Train {
            check, here: true, ..
        } => Ok(tell(&train::run(&root, *check)?, true)),
        Chore::Train {
            topics,
            check,
            here: false,
        } => {
            let options = [(*topics, "--topics"), (*check, "--check")];
            let chosen = options.iter().filter(|(chosen, _)| *chosen);
            let arguments = ["train", "--here"].into_iter();
            let arguments: Vec<&str> = arguments.chain(chosen.map(|(_, name)| *name)).collect();
            released(&root, &arguments)
        }
        Chore::Shots => test::shots(&root),
        Chore::Photos => draw_photos(&root),
    }
}

/// Prints a report and turns it into an exit status.
fn tell(lines: &[String], good: bool) -> ExitCode {
    lines.iter().for_each(|line| say(line));
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Builds everything in release and runs the release build of this program with the arguments.
fn released(root: &Path, arguments: &[impl AsRef<OsStr>]) -> Result<ExitCode> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--workspace", "--locked"])
        .current_dir(root)
        .status()?;
    ensure!(built.success(), "the release build failed");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let status = Command::new(root.join(target).join("release/xtask"))
        .args(arguments)
        .current_dir(root)
        .status()
        .context("the release build cannot be started")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints what does not belong and answers 1 if there is anything.
fn check_text(root: &Path) -> Result<ExitCode> {
    let findings = text::check(root)?;
    for finding in &findings {
        say(finding);
    }
    if findings.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    complain(&format!("check-text: {} to mend", findings.len()));
    Ok(ExitCode::FAILURE)
}

/// Draws the photographs and names each file written.
fn draw_photos(root: &Path) -> Result<ExitCode> {
    let files = photos::write_all(&root.join("fixtures/demo/photos"))?;
    files.iter().for_each(|file| say(file));
    Ok(ExitCode::SUCCESS)
}

/// Finds the folder of the workspace: the one above xtask, which cargo names when it runs us, or the nearest folder
/// upwards that holds a workspace manifest.
fn repository_root() -> Result<PathBuf> {
    let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::current_dir().context("cannot tell the current folder")?,
    };
    start
        .ancestors()
        .find(|folder| {
            std::fs::read_to_string(folder.join("Cargo.toml"))
                .is_ok_and(|manifest| manifest.lines().any(|line| line.trim() == "[workspace]"))
        })
        .map(Path::to_path_buf)
        .with_context(|| format!("no workspace at or above {}", start.display()))
}

/// Prints one line. A closed pipe is not our fault and not worth a panic.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints one line on stderr.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
