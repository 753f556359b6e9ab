//! The configuration folder as a whole: what loads, what is held, and where every fault is said to be.

#![expect(
    clippy::unwrap_used,
    reason = "the lint spares tests only, not the helpers that they share"
)]

mod examples;
mod faults;
mod folder;
mod registers;
mod scaffold;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use schoolgate_model::ConfigFault;
use schoolgate_school::{Schools, load};
use tempfile::TempDir;

/// A configuration folder in a place of its own.
struct Config {
    root: TempDir,
}

const PUPILS: &str =
    "pupil_id,legal_given,legal_family,class,do_not_publish\nP1,Ada,Tennick,1 Robin,no\n";
const STAFF: &str = "staff_id,title,given,family\nS1,Mrs,Judith,Averill\nS2,Mr,Tomos,Penhale\n";
const SCHOOL: &str = "name = \"Larkmere\"\n[contacts]\nhead = [\"head@larkmere.example\"]\n";

impl Config {
    fn empty() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    /// One school, `larkmere`, with nothing to complain about.
    fn sound() -> Self {
        Self::empty()
            .with("schools/larkmere/school.toml", SCHOOL)
            .with("schools/larkmere/pupils.csv", PUPILS)
            .with("schools/larkmere/staff.csv", STAFF)
    }

    fn with(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.root.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn without(self, file: &str) -> Self {
        std::fs::remove_file(self.root.path().join(file)).unwrap();
        self
    }

    fn load(&self) -> Result<Schools, Vec<ConfigFault>> {
        load_dir(self.root.path())
    }

    fn faults(&self) -> Vec<String> {
        shown(&self.load().unwrap_err())
    }

    fn warnings(&self) -> Vec<String> {
        shown(&self.load().unwrap().warnings)
    }
}

fn load_dir(dir: &Path) -> Result<Schools, Vec<ConfigFault>> {
    load(dir, "0.0.0-test", now())
}

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn shown(faults: &[ConfigFault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
