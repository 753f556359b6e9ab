//! The life of one child: started, fed, heard, and gone again, however it ends. What its answer means is not known here.

use std::{
    convert::Infallible,
    ffi::{OsStr, OsString},
    path::Path,
    process::Stdio,
    time::Duration,
};

use schoolgate_model::MediumFault;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
};

/// How long a killed child may take to be gone: it waits for a disk at most.
const REAP_TIMEOUT: Duration = Duration::from_secs(5);

/// The arguments that every run of a program has, and those of this run.
pub(crate) fn arguments(first: &[String], rest: &[impl AsRef<OsStr>]) -> Vec<OsString> {
    let first = first.iter().map(OsString::from);
    first
        .chain(rest.iter().map(|argument| argument.as_ref().to_owned()))
        .collect()
}

/// Runs a child on `bytes` and gives at most `max_output` bytes of what it wrote. The child is gone when this returns.
///
/// # Errors
/// `ChildTimedOut`, `ChildKilled` for an end by signal, `ChildFailed` for everything else.
pub(crate) async fn run(
    (program, arguments): (&Path, &[OsString]),
    bytes: &[u8],
    max_output: u64,
    timeout: Duration,
) -> Result<Vec<u8>, MediumFault> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // for a caller that stops waiting; whoever waits sees the child reaped below
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(&format!("it could not be started ({})", error.kind())))?;
    let answered = tokio::time::timeout(timeout, converse(&mut child, bytes, max_output))
        .await
        .unwrap_or(Err(MediumFault::ChildTimedOut));
    if child.id().is_some() {
        end(&mut child).await;
    }
    answered
}

/// Writes and reads at once, so that neither side waits for the other for ever.
async fn converse(
    child: &mut Child,
    bytes: &[u8],
    max_output: u64,
) -> Result<Vec<u8>, MediumFault> {
    let mut input = child
        .stdin
        .take()
        .ok_or_else(|| failed("it has no input"))?;
    let output = child
        .stdout
        .take()
        .ok_or_else(|| failed("it has no output"))?;
    let feeding = async move {
        // a child that refuses early closes its input; its answer and its end tell the rest
        drop(input.write_all(bytes).await);
        drop(input);
        std::future::pending::<Infallible>().await
    };
    let hearing = async {
        let mut heard = Vec::new();
        output
            .take(max_output)
            .read_to_end(&mut heard)
            .await
            .map_err(|_| failed("its answer broke off"))?;
        let status = child
            .wait()
            .await
            .map_err(|_| failed("its end was not seen"))?;
        match status.code() {
            Some(0) => Ok(heard),
            Some(code) => Err(failed(&format!("it ended with status {code}"))),
            None => Err(MediumFault::ChildKilled),
        }
    };
    tokio::select! {
        never = feeding => match never {},
        heard = hearing => heard,
    }
}

/// Kills a child and waits until it is gone, so that no zombie and no second reader stays behind.
async fn end(child: &mut Child) {
    let ended = tokio::time::timeout(REAP_TIMEOUT, child.kill()).await;
    if !matches!(ended, Ok(Ok(()))) {
        tracing::warn!("a picture reader could not be ended");
    }
}

fn failed(what: &str) -> MediumFault {
    MediumFault::ChildFailed(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn shell(script: &str, bytes: &[u8], millis: u64) -> Result<Vec<u8>, MediumFault> {
        let arguments = ["-c".into(), script.into()];
        run(
            (Path::new("/bin/sh"), &arguments),
            bytes,
            1000,
            Duration::from_millis(millis),
        )
        .await
    }

    #[tokio::test]
    async fn a_child_that_is_late_or_broken_is_gone_when_the_fault_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let note_pid = format!("echo $$ > '{}'; ", note.display());
        for (script, timeout, fault) in [
            // does not read, reads and does not answer, closes its answer and stays
            ("exec sleep 30", 300, MediumFault::ChildTimedOut),
            (
                "cat > /dev/null; exec sleep 30",
                300,
                MediumFault::ChildTimedOut,
            ),
            ("exec sleep 30 >&-", 300, MediumFault::ChildTimedOut),
            // dies of a broken pipe once its answer is longer than is heard
            ("exec cat /dev/zero", 10_000, MediumFault::ChildKilled),
        ] {
            let ended = shell(&format!("{note_pid}{script}"), &[0; 1_000_000], timeout).await;
            assert_eq!(ended, Err(fault), "{script}");
            let pid = std::fs::read_to_string(&note).unwrap();
            let process = Path::new("/proc").join(pid.trim());
            assert!(!process.exists(), "{script}");
        }
    }

    #[tokio::test]
    async fn a_child_hears_everything_and_has_no_environment_and_no_error_output() {
        let counted = shell("exec wc -c", &[0; 300_000], 10_000).await.unwrap();
        assert_eq!(String::from_utf8(counted).unwrap().trim(), "300000");
        let silent = shell("[ /proc/self/fd/2 -ef /dev/null ]", b"", 10_000).await;
        assert_eq!(silent, Ok(Vec::new()));
        let bare = shell("exec tr '\\0' '\\n' < /proc/self/environ", b"", 10_000).await;
        assert!(!String::from_utf8(bare.unwrap()).unwrap().contains("CARGO"));
    }
}
