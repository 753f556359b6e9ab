//! Finds the repository's fixtures folder from wherever a test runs. Reading the files is the test's work.

use std::path::{Path, PathBuf};

/// Returns the path of a fixture, e.g. `fixture("items/own-phone/message.json")`.
///
/// # Panics
/// When there is no such file or folder; the message names what is missing.
#[must_use]
#[expect(clippy::panic, reason = "a missing fixture is a mistake in the test")]
pub fn fixture(path: impl AsRef<Path>) -> PathBuf {
    let path = path.as_ref();
    let Some(folder) = fixtures_folder(&start()) else {
        panic!(
            "no fixtures folder at or above {}; wanted {}",
            start().display(),
            path.display()
        );
    };
    let full = folder.join(path);
    if !full.exists() {
        panic!("missing fixture: fixtures/{}", path.display());
    }
    full
}

/// Cargo names the tested crate's folder; a test program started by hand begins where it stands.
fn start() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_default()
}

/// The nearest `fixtures` beside a workspace's lock file, upwards.
fn fixtures_folder(start: &Path) -> Option<PathBuf> {
    start
        .ancestors()
        .filter(|folder| folder.join("Cargo.lock").is_file())
        .map(|folder| folder.join("fixtures"))
        .find(|folder| folder.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixtures_folder_is_found_from_any_crate() {
        assert!(fixture("demo").is_dir());
    }

    #[test]
    #[should_panic(expected = "missing fixture: fixtures/no/such-file.json")]
    fn a_missing_fixture_is_named() {
        let _ = fixture("no/such-file.json");
    }
}
