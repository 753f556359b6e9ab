//! The one road out of a test run. A small shell script waits on a pipe whose other end only this process holds; when
//! the pipe closes (done, error, panic, Ctrl-C, kill -9) it stops what was started and removes the folder. So there is
//! no signal handler here, and no ending that skips the tidying. What is started, and when, is not decided here.

use anyhow::{Context, Result};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

const SCRIPT: &str = include_str!("keeper.sh");
const PREFIX: &str = "schoolgate-test-";
const LOCK: &str = "in-use";
/// A folder younger than this may belong to a run that has made it but not yet locked it.
const SWEEP_AGE: Duration = Duration::from_secs(60);

/// A private folder with the process that removes it.
#[derive(Debug)]
pub struct Keeper {
    folder: PathBuf,
    script: Child,
    pipe: Option<ChildStdin>,
    // Held for its lock: the kernel lets go of it when this process ends, whatever the reason.
    _lock: File,
}

impl Keeper {
    /// Makes a private folder inside `parent` and starts the script that will remove it.
    ///
    /// # Errors
    /// When the folder cannot be made or the script cannot be started.
    pub fn start(parent: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(parent)
            .with_context(|| format!("cannot make a folder in {}", parent.display()))?;
        let lock = File::create(folder.path().join(LOCK)).context("cannot write the lock file")?;
        lock.try_lock().context("cannot lock our own folder")?;
        // Its own process group: Ctrl-C at the terminal must not reach the one who tidies up.
        let mut script = Command::new("sh")
            .args(["-c", SCRIPT, "keeper"])
            .arg(folder.path())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start sh")?;
        let pipe = script.stdin.take();
        Ok(Self {
            folder: folder.keep(),
            script,
            pipe,
            _lock: lock,
        })
    }

    /// Returns the private folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Names the process group of the tests, to be stopped first.
    ///
    /// # Errors
    /// When the script has gone.
    pub fn watch_tests(&mut self, group: u32) -> Result<()> {
        self.tell(&format!("tests {group}\n"))
    }

    /// Names the process group of a server, to be stopped after the tests.
    ///
    /// # Errors
    /// When the script has gone.
    pub fn watch_server(&mut self, group: u32) -> Result<()> {
        self.tell(&format!("server {group}\n"))
    }

    /// Names the process group of a server that has nothing to tidy up itself, to be killed after the tests.
    ///
    /// # Errors
    /// When the script has gone.
    pub fn watch_beam(&mut self, group: u32) -> Result<()> {
        self.tell(&format!("beam {group}\n"))
    }

    /// Says that a process group has ended; its number may soon be somebody else's.
    ///
    /// # Errors
    /// When the script has gone.
    pub fn forget(&mut self, group: u32) -> Result<()> {
        self.tell(&format!("forget {group}\n"))
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        let pipe = self.pipe.as_mut().context("the keeper has gone")?;
        pipe.write_all(line.as_bytes())
            .context("the keeper does not listen")
    }

    /// Lets the script do its work. `finish` waits for it.
    pub fn release(&mut self) {
        drop(self.pipe.take());
    }

    /// Releases the script and waits until everything is stopped and removed (at most about 14 s, by its own limits).
    pub fn finish(&mut self) {
        self.release();
        let _ = self.script.wait();
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Removes what a run left behind whose keeper was killed too (power cut, kill -9 of everything): folders of ours that
/// nobody holds locked, and the server that still runs in one. Never touches a folder in use.
pub fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && is_abandoned(&entry.path()) {
            stop_server_in(&entry.path());
            stop_beam_in(&entry.path());
            // A folder of another user stays: removing it is refused, and it is theirs.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_abandoned(folder: &Path) -> bool {
    let old = fs::symlink_metadata(folder).is_ok_and(|facts| {
        facts.is_dir()
            && facts
                .modified()
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > SWEEP_AGE))
    });
    if !old {
        return false;
    }
    match File::open(folder.join(LOCK)) {
        Ok(lock) => !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Stops the PostgreSQL whose data lie in `folder`, having made sure that the process id still means that server.
fn stop_server_in(folder: &Path) {
    let data = folder.join("data");
    let Some(pid) = fs::read_to_string(data.join("postmaster.pid"))
        .ok()
        .and_then(|text| text.lines().next()?.trim().parse::<i32>().ok())
        .filter(|pid| *pid > 1)
    else {
        return;
    };
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mentions = String::from_utf8_lossy(&line).contains(&*data.to_string_lossy());
    if let (true, Some(pid)) = (mentions, rustix::process::Pid::from_raw(pid)) {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
    }
}

/// Kills the RabbitMQ node and the port mapper whose ids lie in `folder`, having made sure that the ids still mean them.
fn stop_beam_in(folder: &Path) {
    for (file, word) in [("node.pid", "rabbit"), ("epmd.pid", "epmd")] {
        let Some(pid) = fs::read_to_string(folder.join(file))
            .ok()
            .and_then(|text| text.trim().parse::<i32>().ok())
            .filter(|pid| *pid > 1)
        else {
            continue;
        };
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let place = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
        let ours = place == folder && String::from_utf8_lossy(&line).contains(word);
        if let (true, Some(group)) = (ours, rustix::process::Pid::from_raw(pid)) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn sleeper() -> Child {
        Command::new("sleep")
            .arg("600")
            .process_group(0)
            .spawn()
            .expect("sleep starts")
    }

    #[test]
    fn finishing_stops_every_group_that_was_not_forgotten_and_removes_the_folder() {
        let parent = tempfile::tempdir().expect("a folder");
        let mut keeper = Keeper::start(parent.path()).expect("the keeper starts");
        let (mut tests, mut server, mut beam) = (sleeper(), sleeper(), sleeper());
        let mut other = sleeper();
        keeper.watch_tests(tests.id()).expect("it listens");
        keeper.watch_server(server.id()).expect("it listens");
        keeper.watch_beam(beam.id()).expect("it listens");
        keeper.watch_server(other.id()).expect("it listens");
        keeper.forget(other.id()).expect("it listens");
        let folder = keeper.folder().to_path_buf();
        fs::write(folder.join("something"), "x").expect("writable");
        keeper.release();
        assert!(!tests.wait().expect("it ends").success());
        assert!(!server.wait().expect("it ends").success());
        assert!(!beam.wait().expect("it ends").success());
        keeper.finish();
        assert!(!folder.exists());
        assert!(other.try_wait().expect("asked").is_none());
        other.kill().expect("killed");
        other.wait().expect("it ends");
    }

    #[test]
    fn a_keeper_with_nothing_to_stop_is_done_at_once() {
        let parent = tempfile::tempdir().expect("a folder");
        let keeper = Keeper::start(parent.path()).expect("the keeper starts");
        let folder = keeper.folder().to_path_buf();
        let begun = Instant::now();
        drop(keeper);
        assert!(!folder.exists());
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn sweeping_takes_old_unlocked_folders_only() {
        let parent = tempfile::tempdir().expect("a folder");
        let make = |name: &str, age: u64| {
            let folder = parent.path().join(name);
            fs::create_dir(&folder).expect("a folder");
            let lock = File::create(folder.join(LOCK)).expect("a file");
            let shift = Duration::from_secs(age);
            let now = fs::metadata(&folder)
                .and_then(|facts| facts.modified())
                .expect("a time");
            File::open(&folder)
                .and_then(|open| open.set_modified(now - shift))
                .expect("time travel");
            lock
        };
        drop(make("schoolgate-test-old", 7200));
        drop(make("schoolgate-test-new", 1));
        drop(make("somebody-else", 7200));
        let held = make("schoolgate-test-held", 7200);
        held.try_lock().expect("lockable");
        sweep(parent.path());
        let exists = |name: &str| parent.path().join(name).exists();
        assert!(!exists("schoolgate-test-old"));
        assert!(exists("schoolgate-test-new"));
        assert!(exists("schoolgate-test-held"));
        assert!(exists("somebody-else"));
    }
}
