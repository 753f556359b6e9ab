//! A program under test as a real process: started, waited for by a line of its output, killed at any moment, never
//! left behind. Its output goes to files, so that a full pipe cannot stop it and a failed test can show it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const POLL: Duration = Duration::from_millis(10);

/// A running program. Dropping it kills it with signal 9 and waits for its end.
#[derive(Debug)]
pub struct Running {
    child: Child,
    // Removed, with the two files in it, when this is dropped.
    folder: TempDir,
}

impl Running {
    /// Starts a program; the command's arguments, environment and folder are the caller's, its input is empty and its
    /// output goes to files.
    ///
    /// # Errors
    /// When the program cannot be started or no temporary file can be written.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let folder = TempDir::new()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(File::create(folder.path().join("stdout"))?)
            .stderr(File::create(folder.path().join("stderr"))?)
            .spawn()?;
        Ok(Self { child, folder })
    }

    /// Waits until a complete line on stdout contains `marker`, and returns that line without its end.
    ///
    /// # Errors
    /// `TimedOut` after `limit`, `UnexpectedEof` when the program ended first; both show the end of its output.
    pub fn wait_for(&mut self, marker: &str, limit: Duration) -> io::Result<String> {
        let begun = Instant::now();
        loop {
            // Asked before reading: what a program wrote before its end is read after we know of the end.
            let ended = self.child.try_wait()?;
            let stdout = self.stdout();
            let whole = stdout.rfind('\n').map_or("", |end| &stdout[..end]);
            if let Some(line) = whole.lines().find(|line| line.contains(marker)) {
                return Ok(line.to_owned());
            }
            if let Some(status) = ended {
                let what = format!("ended with {status} before it said {marker:?}");
                return Err(self.error(io::ErrorKind::UnexpectedEof, &what));
            }
            if begun.elapsed() > limit {
                let what = format!("did not say {marker:?} in {limit:?}");
                return Err(self.error(io::ErrorKind::TimedOut, &what));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Waits for the program's own end.
    ///
    /// # Errors
    /// `TimedOut` after `limit`; the program still runs then.
    pub fn wait_exit(&mut self, limit: Duration) -> io::Result<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if begun.elapsed() > limit {
                return Err(self.error(
                    io::ErrorKind::TimedOut,
                    &format!("still runs after {limit:?}"),
                ));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Kills the program as a power cut would (signal 9) and waits for its end. Killing one that has ended is fine.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill_nine(&mut self) -> io::Result<ExitStatus> {
        self.child.kill()?;
        self.child.wait()
    }

    /// Asks the program to end, as a service manager does (signal 15).
    ///
    /// # Errors
    /// When the system refuses.
    pub fn terminate(&mut self) -> io::Result<()> {
        self.signal("TERM")
    }

    /// Sends what Ctrl-C sends (signal 2).
    ///
    /// # Errors
    /// When the system refuses.
    pub fn interrupt(&mut self) -> io::Result<()> {
        self.signal("INT")
    }

    fn signal(&mut self, name: &str) -> io::Result<()> {
        if self.child.try_wait()?.is_some() {
            return Err(io::Error::other("the program has ended already"));
        }
        // The shell's own `kill`: there is none in the standard library, and no further crate is worth one signal.
        let sent = Command::new("sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name])
            .arg(self.child.id().to_string())
            .status()?;
        if sent.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("signal {name} was refused")))
    }

    /// Returns the process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns what the program has written to stdout so far.
    #[must_use]
    pub fn stdout(&self) -> String {
        read(&self.file("stdout"))
    }

    /// Returns what the program has written to stderr so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        read(&self.file("stderr"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn error(&self, kind: io::ErrorKind, what: &str) -> io::Error {
        let shown = format!(
            "the program {what}\nstdout: {}\nstderr: {}",
            tail(&self.stdout()),
            tail(&self.stderr())
        );
        io::Error::new(kind, shown)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.kill_nine();
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

/// Returns the last 20 lines.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    const LIMIT: Duration = Duration::from_secs(10);

    fn shell(script: &str) -> Running {
        Running::start(Command::new("sh").args(["-c", script])).expect("sh starts")
    }

    fn is_alive(id: u32) -> bool {
        Path::new(&format!("/proc/{id}")).exists()
    }

    #[test]
    fn the_line_with_the_marker_is_returned_once_it_is_whole() {
        let mut program =
            shell("printf 'one\\nlistening on '; sleep 0.2; echo 1234; exec sleep 600");
        let line = program.wait_for("listening", LIMIT).expect("said");
        assert_eq!(line, "listening on 1234");
    }

    #[test]
    fn an_early_end_is_told_with_the_output() {
        let mut program = shell("echo broken >&2; exit 3");
        let error = program.wait_for("ready", LIMIT).expect_err("ended");
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
        assert!(error.to_string().contains("broken"), "{error}");
        let status = program.wait_exit(LIMIT).expect("ended");
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn silence_is_not_waited_for_longer_than_the_limit() {
        let mut program = shell("exec sleep 600");
        let limit = Duration::from_millis(50);
        let error = program.wait_for("ready", limit).expect_err("silent");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(program.wait_exit(limit).is_err());
    }

    #[test]
    fn kill_nine_cannot_be_caught_and_terminate_can() {
        let script = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done";
        let mut killed = shell(script);
        killed.wait_for("ready", LIMIT).expect("ready");
        assert_eq!(killed.kill_nine().expect("killed").signal(), Some(9));
        let mut asked = shell(script);
        asked.wait_for("ready", LIMIT).expect("ready");
        asked.terminate().expect("sent");
        assert_eq!(asked.wait_exit(LIMIT).expect("ended").code(), Some(7));
        assert!(asked.terminate().is_err());
    }

    #[test]
    fn a_dropped_program_is_dead_and_its_files_are_gone() {
        let program = shell("exec sleep 600");
        let (id, file) = (program.id(), program.file("stdout"));
        assert!(is_alive(id) && file.exists());
        drop(program);
        assert!(!is_alive(id) && !file.exists());
    }
}
