//! Finding programs on this machine. Installing what is missing is `cargo xtask`'s work.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Tells whether a program starts and answers a question about itself with success.
#[must_use]
pub fn answers(program: &Path, question: &str) -> bool {
    Command::new(program)
        .arg(question)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Finds a program on PATH.
pub fn on_path(name: impl AsRef<Path>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    find_in(&path, name.as_ref())
}

fn find_in(path: &OsStr, name: &Path) -> Option<PathBuf> {
    std::env::split_paths(path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_that_has_the_program_wins() {
        let one = tempfile::tempdir().expect("a folder");
        let two = tempfile::tempdir().expect("a folder");
        std::fs::write(two.path().join("tool"), "").expect("writable");
        let path = std::env::join_paths([one.path(), two.path()]).expect("joinable");
        assert_eq!(
            find_in(&path, Path::new("tool")),
            Some(two.path().join("tool"))
        );
        assert_eq!(find_in(&path, Path::new("absent")), None);
    }

    #[test]
    fn a_program_that_cannot_start_does_not_answer() {
        assert!(answers(Path::new("/bin/sh"), "-c:") || answers(Path::new("/bin/true"), "-ver"));
        assert!(!answers(Path::new("/bin/false"), "-ver"));
        assert!(!answers(Path::new("/nowhere/at-all"), "-ver"));
    }
}
