//! How a darkroom is set up.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use schoolgate_model::{PictureSettings, SchoolId};

use crate::{
    outside::{Fetcher, Gate},
    root::MediaRoot,
    shelves::Shelves,
    store::MediaStore,
};

/// How long one child may take: its own limit is 5 s of processor time; this is the wall clock on a busy machine.
const CHILD_TIMEOUT: Duration = Duration::from_secs(20);
/// How long all pictures of one item may take: half the screening lease, so that the verdict is ours to record.
const ITEM_TIMEOUT: Duration = Duration::from_secs(60);
/// How long reading the words or counting the faces of one picture may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(15);

/// How a darkroom is set up.
#[derive(Debug, Clone)]
pub struct DarkroomSettings {
    /// The program to run as the child and its arguments: this binary with `media-child`.
    pub child: (PathBuf, Vec<String>),
    /// The program that starts other programs within limits, and its arguments: this binary with `media-tool`.
    pub launcher: (PathBuf, Vec<String>),
    /// The program that reads words; found on the search path, absent where it is not installed.
    pub tesseract: Option<PathBuf>,
    /// The program that opens HEIC and AVIF pictures; likewise.
    pub heif_convert: Option<PathBuf>,
    /// The folder that paths are relative to; without one every path is not found.
    pub root: Option<MediaRoot>,
    /// Where clean copies are kept; `check` keeps none.
    pub store: Option<MediaStore>,
    /// Wall-clock limit of one child.
    pub timeout: Duration,
    /// Wall-clock limit of reading the words of one picture, and of counting its faces.
    pub look_timeout: Duration,
    /// Wall-clock limit of all pictures of one item, waiting for a free child included.
    pub item_timeout: Duration,
    /// Where known pictures are looked for; the check is absent where there is none.
    pub shelves: Vec<Arc<dyn Shelves>>,
    /// Who fetches pictures by web address; without it none is fetched.
    pub fetcher: Option<Arc<dyn Fetcher>>,
    /// Who knows which pictures were taken back for good; without it none was.
    pub gate: Option<Arc<dyn Gate>>,
    /// What each school asks for; a school that is not here asks for no look at the pixels.
    pub wished: BTreeMap<SchoolId, PictureSettings>,
}

impl DarkroomSettings {
    /// The usual settings: `program media-child`, 20 s a picture, 60 s an item; nothing is looked for.
    pub fn new(program: PathBuf) -> Self {
        Self {
            child: (program.clone(), vec!["media-child".to_owned()]),
            launcher: (program, vec!["media-tool".to_owned()]),
            tesseract: on_path("tesseract"),
            heif_convert: on_path("heif-convert"),
            root: None,
            store: None,
            timeout: CHILD_TIMEOUT,
            look_timeout: LOOK_TIMEOUT,
            item_timeout: ITEM_TIMEOUT,
            shelves: Vec::new(),
            fetcher: None,
            gate: None,
            wished: BTreeMap::new(),
        }
    }
}

/// The first program of this name on the search path.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH");
    let path = path.as_deref().unwrap_or(OsStr::new("/usr/bin:/bin"));
    let mut folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.find_map(|folder| Some(folder.join(name)).filter(|file| is_program(file)))
}

fn is_program(file: &Path) -> bool {
    let executable =
        |about: std::fs::Metadata| about.is_file() && about.permissions().mode() & 0o111 != 0;
    file.metadata().is_ok_and(executable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_by_name_and_only_where_they_can_run() {
        assert!(on_path("sh").is_some_and(|shell| shell.is_absolute()));
        assert_eq!(on_path("no-such-program-anywhere"), None);
        assert!(!is_program(Path::new("/etc/passwd")));
        assert!(!is_program(Path::new("/tmp")));
    }
}
