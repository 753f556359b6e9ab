//! Looks through the tracked files for words that do not belong in the repository: paths of somebody's own machine,
//! notes to self, and tests that are switched off. Spelling and style are not judged here.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// Folders whose contents nobody wrote, skipped when there is no git to ask.
const NOT_OURS: &[&str] = &[".git", "target", "data"];

/// Paths that mean one machine only. The word after the second kind is somebody's name.
// Written in two parts, so that this file does not hold what it looks for.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];

/// Returns one line `file:line: what` for everything that does not belong.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let checkout = checkout_path(root);
    for file in tracked_files(root)? {
        // A file that was deleted but not yet committed is still listed; a symbolic link is checked where it points to.
        let Ok(bytes) = fs::read(root.join(&file)) else {
            continue;
        };
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let is_rust = file.extension().is_some_and(|ending| ending == "rs");
        for (at, line) in text.lines().enumerate() {
            for what in faults(line, is_rust, checkout.as_deref()) {
                findings.push(format!("{}:{}: {what}", file.display(), at + 1));
            }
        }
    }
    Ok(findings)
}

/// Lists the files, relative to `root`: what git tracks or would track, or everything if there is no git.
fn tracked_files(root: &Path) -> Result<Vec<PathBuf>> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output();
    if let Ok(output) = listed
        && output.status.success()
        && !output.stdout.is_empty()
    {
        let names = String::from_utf8_lossy(&output.stdout).into_owned();
        return Ok(names
            .split('\0')
            .filter(|name| !name.is_empty())
            .map(PathBuf::from)
            .collect());
    }
    let mut files = Vec::new();
    walk(root, root, &mut files)?;
    Ok(files)
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let name = entry.file_name();
            let top = folder == root;
            if !(top && NOT_OURS.iter().any(|other| name == *other)) {
                walk(root, &path, files)?;
            }
        } else if kind.is_file() {
            files.push(path.strip_prefix(root)?.to_path_buf());
        }
    }
    Ok(())
}

/// Returns the path of this very checkout, unless it is so short (`/app`) that it may well mean something else.
fn checkout_path(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let named = root
        .components()
        .filter(|part| matches!(part, Component::Normal(_)));
    (named.count() > 1).then(|| root.to_string_lossy().into_owned())
}

/// Returns what is wrong with one line.
fn faults(line: &str, is_rust: bool, checkout: Option<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    if checkout.is_some_and(|path| line.contains(path)) {
        faults.push("the path of this checkout".to_owned());
    }
    for path in MACHINE_PATHS {
        if has_path(line, path) {
            faults.push(format!("a path of one machine ({path}...)"));
        }
    }
    // Written in two halves so that this file passes its own check.
    for note in [concat!("TO", "DO"), concat!("FIX", "ME")] {
        if has_word(line, note) {
            faults.push(format!("a note to self ({note}); finish it or file it"));
        }
    }
    if is_rust && line.trim_start().starts_with(concat!("#[", "ignore")) {
        faults.push("a test that is switched off; mend it or delete it".to_owned());
    }
    faults
}

/// Tells whether `path` occurs as the beginning of an absolute path that goes on (`a/home/b` is not one).
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + path.len()..].chars().next();
        let begins = !before.is_some_and(|c| c.is_alphanumeric() || "_-.~/}*>)".contains(c));
        begins && after.is_some_and(|c| c.is_alphanumeric() || c == '.' || c == '_')
    })
}

/// Tells whether `word` occurs as a whole word.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        !line[..at].chars().next_back().is_some_and(joins)
            && !line[at + word.len()..].chars().next().is_some_and(joins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(line: &str, expected: usize) {
        assert_eq!(faults(line, true, None).len(), expected, "{line}");
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        check_line(concat!("see /ro", "ot/notes.txt"), 1);
        check_line(concat!("\"/ho", "me/jo/project\""), 1);
        check_line("https://school.example/home/news", 0);
        check_line("fixtures/home/one.json", 0);
        check_line("/var/lib/schoolgate", 0);
    }

    #[test]
    fn notes_to_self_are_found_as_whole_words() {
        check_line(concat!("// TO", "DO: later"), 1);
        check_line(concat!("// FIX", "ME"), 1);
        check_line("METODOLOGY and todo in lower case", 0);
    }

    #[test]
    fn switched_off_tests_are_found_in_rust_only() {
        let line = concat!("    #[", "ignore = \"slow\"]");
        assert_eq!(faults(line, true, None).len(), 1);
        assert_eq!(faults(line, false, None).len(), 0);
    }

    #[test]
    fn the_path_of_the_checkout_itself_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().canonicalize().expect("real");
        fs::write(
            folder.path().join("notes.md"),
            path.to_string_lossy().as_bytes(),
        )
        .expect("writable");
        let findings = check(folder.path()).expect("readable");
        assert_eq!(findings, ["notes.md:1: the path of this checkout"]);
        assert_eq!(checkout_path(Path::new("/usr")), None);
    }

    #[test]
    fn without_git_the_folder_is_walked_and_the_finding_names_file_and_line() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("target")).expect("a folder");
        fs::create_dir(folder.path().join("src")).expect("a folder");
        let bad = concat!("fine\n// TO", "DO\n");
        fs::write(folder.path().join("src/one.rs"), bad).expect("writable");
        fs::write(folder.path().join("target/two.rs"), bad).expect("writable");
        fs::write(folder.path().join("photo.bin"), [0xff, 0xfe]).expect("writable");
        let findings = check(folder.path()).expect("readable");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("src/one.rs:2: "), "{findings:?}");
    }
}
