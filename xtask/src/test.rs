//! `cargo xtask test`: looks the files over, supplies what the tests need, starts the private PostgreSQL and
//! RabbitMQ, runs `cargo test` and adds up its answers. How the servers start and how things are tidied up live in testkit.

use crate::needs::{self, Supply};
use crate::tally::Tally;
use crate::{complain, say, seeded, text};
use anyhow::{Context, Result};
use schoolgate_testkit::servers::{
    keeper::{self, Keeper},
    postgres::{self, Commits, Server},
    rabbitmq::{self, Node},
};
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long output may still arrive after cargo has ended: a test's forgotten child may hold the pipe for ever.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// Runs everything; answers 0 when all passed, 1 when anything failed, 2 when something is missing.
pub(crate) fn run(root: &Path, limit_minutes: u64, arguments: &[OsString]) -> Result<ExitCode> {
    let words = text::check(root)?;
    if !words.is_empty() {
        words.iter().for_each(|finding| say(finding));
        complain("check-text failed, so no test was run");
        say(&format!("0 passed, {} failed", words.len()));
        return Ok(ExitCode::FAILURE);
    }
    if let Supply::Missing(line) = needs::supply()? {
        say(&line);
        return Ok(ExitCode::from(2));
    }
    let tools = Tools::find(root)?;
    let limit = Duration::from_secs(limit_minutes * 60);
    let seeded = seeded::build(root)?;
    let (tally, ending) = with_servers(|keeper, server, node| {
        let mut command = cargo_test(root, arguments);
        command.env("SCHOOLGATE_TEST_POSTGRES", &server.url);
        command.env("SCHOOLGATE_TEST_RABBITMQ", &node.url);
        command.env("SCHOOLGATE_TEST_RABBITMQ_CTL", node.control_script());
        command.env("SCHOOLGATE_TEST_SEEDED", &seeded);
        tools.hand_to(&mut command);
        run_tests(keeper, command, limit, std::io::stdout())
    })?;
    Ok(report(tally, &ending))
}

/// Runs the storm of kills alone, which starts servers of its own, and shows its report.
pub(crate) fn faults(root: &Path, settings: &[(&str, u32)]) -> Result<ExitCode> {
    if let Supply::Missing(line) = needs::supply()? {
        say(&line);
        return Ok(ExitCode::from(2));
    }
    let python = needs::python().context("python3 with pika has gone")?;
    let mut command = cargo();
    command
        .args(["test", "--locked", "--workspace", "--test", "it"])
        .args(["a_hundred_kills", "--", "--nocapture"])
        .env("SCHOOLGATE_TEST_PYTHON", &python)
        .current_dir(root);
    for (name, value) in settings {
        command.env(format!("SCHOOLGATE_FAULTS_{name}"), value.to_string());
    }
    let status = command.status().context("cannot start cargo")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The programs that tests drive, named to them by the environment.
pub(crate) struct Tools {
    exiftool: PathBuf,
    chromium: PathBuf,
    chromedriver: PathBuf,
    axe: PathBuf,
    python: PathBuf,
}

impl Tools {
    /// Finds every one; they were supplied before.
    pub(crate) fn find(root: &Path) -> Result<Self> {
        Ok(Self {
            exiftool: needs::exiftool().context("exiftool has gone")?,
            chromium: needs::chromium().context("Chromium has gone")?,
            chromedriver: needs::chromedriver().context("ChromeDriver has gone")?,
            axe: needs::axe(root)?,
            python: needs::python().context("python3 with pika has gone")?,
        })
    }

    /// Names them to a command.
    pub(crate) fn hand_to(&self, command: &mut Command) {
        command
            .env("SCHOOLGATE_TEST_EXIFTOOL", &self.exiftool)
            .env("SCHOOLGATE_TEST_CHROMIUM", &self.chromium)
            .env("SCHOOLGATE_TEST_CHROMEDRIVER", &self.chromedriver)
            .env("SCHOOLGATE_TEST_AXE", &self.axe)
            .env("SCHOOLGATE_TEST_PYTHON", &self.python);
    }
}

/// Starts the servers side by side, does the work and stops them, whatever the work answered.
fn with_servers<T>(work: impl FnOnce(&mut Keeper, &Server, &Node) -> Result<T>) -> Result<T> {
    let parent = postgres::temp_parent();
    keeper::sweep(&parent);
    // Each server's folder belongs to that server's user, so there are two keepers.
    let mut keeper = Keeper::start(&parent)?;
    let mut beam_keeper = Keeper::start(&parent)?;
    let begun = Instant::now();
    let (server, node) = std::thread::scope(|scope| {
        let node = scope.spawn(|| rabbitmq::start(&mut beam_keeper));
        let server = postgres::start(&mut keeper, Commits::MayBeLost);
        let node = node
            .join()
            .unwrap_or_else(|_| Err(anyhow::anyhow!("starting RabbitMQ broke off")));
        (server, node)
    });
    let (mut server, mut node) = (server?, node?);
    say(&format!(
        "private PostgreSQL on 127.0.0.1:{}, private RabbitMQ on 127.0.0.1:{}, ready in {:.1} s",
        server.port,
        node.port,
        begun.elapsed().as_secs_f32()
    ));
    let answer = work(&mut keeper, &server, &node);
    keeper.release();
    beam_keeper.release();
    server.reap();
    node.reap();
    keeper.finish();
    beam_keeper.finish();
    answer
}

/// Takes the console's screenshots: the browser test's own road, told where to put pictures.
pub(crate) fn shots(root: &Path) -> Result<ExitCode> {
    if let Supply::Missing(line) = needs::supply()? {
        say(&line);
        return Ok(ExitCode::from(2));
    }
    let folder = root.join("fixtures/shots");
    std::fs::create_dir_all(&folder).context("cannot make fixtures/shots")?;
    let words = ["--test", "it", "the_console_looks_like_its_pictures"].map(OsString::from);
    let mut command = cargo_test(root, &words);
    Tools::find(root)?.hand_to(&mut command);
    command.env("SCHOOLGATE_SHOTS", &folder);
    let status = command.status().context("cannot start cargo")?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Prepares `cargo test` over the whole workspace, or over the packages that the caller named.
fn cargo_test(root: &Path, arguments: &[OsString]) -> Command {
    let mut command = cargo();
    command.args(["test", "--locked", "--no-fail-fast"]);
    if !names_packages(arguments) {
        command.arg("--workspace");
    }
    command.args(arguments).current_dir(root);
    command
}

/// Cargo as it calls us.
pub(crate) fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(cargo);
    // Cargo tells us about xtask's own package; some build scripts watch these and would be built anew each time.
    for (name, _) in std::env::vars_os().filter(|(name, _)| describes_a_package(name)) {
        command.env_remove(name);
    }
    command
}

fn describes_a_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let prefixes = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
    ];
    prefixes.iter().any(|prefix| name.starts_with(prefix)) || name == "CARGO_PRIMARY_PACKAGE"
}

/// Tells whether the arguments for cargo (up to a second `--`) choose packages themselves.
fn names_packages(arguments: &[OsString]) -> bool {
    arguments
        .iter()
        .map(|argument| argument.to_string_lossy())
        .take_while(|argument| argument != "--")
        .any(|argument| {
            argument == "--package"
                || argument.starts_with("--package=")
                || argument == "--manifest-path"
                || (argument.starts_with("-p") && !argument.starts_with("--"))
        })
}

/// How a run of cargo came to its end.
#[derive(Debug)]
enum Ending {
    Exited(ExitStatus),
    OverLimit(Duration),
}

/// Runs the tests, passing their output on as it comes. Cargo's own messages go straight to stderr.
fn run_tests(
    keeper: &mut Keeper,
    mut command: Command,
    limit: Duration,
    out: impl Write + Send + 'static,
) -> Result<(Tally, Ending)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .context("cannot start cargo")?;
    keeper.watch_tests(child.id())?;
    let output = child.stdout.take().context("cargo has no output")?;
    let tally = Arc::new(Mutex::new(Tally::default()));
    let drained = pass_on(output, out, Arc::clone(&tally));
    let ending = wait(&mut child, limit)?;
    let _ = drained.recv_timeout(DRAIN_LIMIT);
    let sum = tally.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok((sum, ending))
}

/// Copies the output to `out` in pieces, so that a slow test's name shows while it runs, and counts as it goes.
fn pass_on(
    mut output: ChildStdout,
    mut out: impl Write + Send + 'static,
    tally: Arc<Mutex<Tally>>,
) -> Receiver<()> {
    let (done, drained) = channel();
    std::thread::spawn(move || {
        let mut piece = [0_u8; 8192];
        while let Ok(size @ 1..) = output.read(&mut piece) {
            // Our reader may have gone (`| head`); the count matters still.
            let _ = out.write_all(&piece[..size]).and_then(|()| out.flush());
            let mut sum = tally.lock().unwrap_or_else(PoisonError::into_inner);
            sum.feed(&piece[..size]);
        }
        let _ = done.send(());
    });
    drained
}

/// Waits for cargo; over the limit its whole process group is killed.
fn wait(child: &mut Child, limit: Duration) -> Result<Ending> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().context("cannot ask after cargo")? {
            return Ok(Ending::Exited(status));
        }
        if begun.elapsed() > limit {
            if let Some(group) = i32::try_from(child.id())
                .ok()
                .and_then(rustix::process::Pid::from_raw)
            {
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
            let _ = child.wait();
            return Ok(Ending::OverLimit(limit));
        }
        std::thread::sleep(POLL);
    }
}

/// Prints the sum as the last line and answers with the exit status.
fn report(tally: Tally, ending: &Ending) -> ExitCode {
    let (tally, trouble) = judge(tally, ending);
    if let Some(trouble) = trouble {
        complain(&trouble);
    }
    if tally.ignored > 0 {
        say(&format!("{} switched off", tally.ignored));
    }
    say(&tally.to_string());
    if tally.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Settles the sum: a run that broke without a failed test counts as one failure, and is named.
fn judge(mut tally: Tally, ending: &Ending) -> (Tally, Option<String>) {
    let trouble = match ending {
        Ending::OverLimit(limit) => Some(format!(
            "stopped: the tests ran for more than {} minutes",
            limit.as_secs() / 60
        )),
        Ending::Exited(status) if !status.success() && tally.failed == 0 => Some(format!(
            "cargo test ended with {status} although no test reported a failure: see above"
        )),
        Ending::Exited(_) if tally.passed + tally.failed == 0 => {
            Some("no test ran; is the filter right?".to_owned())
        }
        Ending::Exited(_) => None,
    };
    tally.failed += u64::from(trouble.is_some());
    (tally, trouble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    fn os(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn naming_a_package_replaces_the_whole_workspace() {
        for words in [
            &["-p", "schoolgate-model"][..],
            &["-pschoolgate-model"],
            &["--package=schoolgate-model", "a_filter"],
        ] {
            let command = cargo_test(Path::new("."), &os(words));
            assert!(!command.get_args().any(|word| word == "--workspace"));
        }
        for words in [&[][..], &["a_filter"], &["--", "-p"]] {
            let command = cargo_test(Path::new("."), &os(words));
            assert!(command.get_args().any(|word| word == "--workspace"));
        }
    }

    fn failures(passed: u64, failed: u64, ending: Ending) -> u64 {
        let mut tally = Tally::default();
        tally.passed = passed;
        tally.failed = failed;
        judge(tally, &ending).0.failed
    }

    fn exited(code: i32) -> Ending {
        Ending::Exited(ExitStatus::from_raw(code << 8))
    }

    #[test]
    fn only_a_run_in_which_something_passed_and_nothing_broke_is_a_success() {
        assert_eq!(failures(3, 0, exited(0)), 0);
        assert_eq!(failures(3, 2, exited(101)), 2);
        assert_eq!(failures(3, 0, exited(101)), 1);
        assert_eq!(failures(0, 0, exited(0)), 1);
        let late = Ending::OverLimit(Duration::from_secs(60));
        assert_eq!(failures(9, 0, late), 1);
    }

    #[test]
    fn a_run_over_its_limit_is_killed_and_what_it_said_is_counted() {
        let parent = tempfile::tempdir().expect("a folder");
        let mut keeper = Keeper::start(parent.path()).expect("a keeper");
        let mut command = Command::new("sh");
        let script = "echo 'test result: ok. 2 passed; 0 failed;'; sleep 600 & sleep 600";
        command.args(["-c", script]);
        let limit = Duration::from_millis(500);
        let (tally, ending) =
            run_tests(&mut keeper, command, limit, std::io::sink()).expect("it runs");
        assert_eq!(tally.passed, 2);
        assert!(matches!(ending, Ending::OverLimit(_)));
    }
}
