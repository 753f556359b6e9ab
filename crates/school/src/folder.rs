//! The configuration folder on disk: which schools there are, and the bytes of a file. What they mean is not read here.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use schoolgate_model::{ConfigFault, SchoolId};

use crate::toml_file::{SLUG_HINT, is_slug, utf8};

/// A configuration folder. Faults name files relative to it.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The bytes of a file; `None` where it is not there.
    pub(crate) fn bytes(&self, file: &str) -> Result<Option<Vec<u8>>, ConfigFault> {
        match std::fs::read(self.root.join(file)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ConfigFault::whole(
                file,
                format!("the file cannot be read: {}", error.kind()),
            )),
        }
    }

    /// When a file was last written; `None` where that is not known.
    pub(crate) fn written_at(&self, file: &str) -> Option<Timestamp> {
        let written = std::fs::metadata(self.root.join(file)).ok()?.modified();
        Timestamp::try_from(written.ok()?).ok()
    }

    /// The text of a file; `None` where it is not there.
    pub(crate) fn text(&self, file: &str) -> Result<Option<String>, ConfigFault> {
        let bytes = self.bytes(file)?;
        bytes
            .map(|bytes| utf8(file, &bytes).map(str::to_owned))
            .transpose()
    }

    /// Whether a folder holds anything that is not hidden.
    pub(crate) fn holds_something(&self, folder: &str) -> bool {
        std::fs::read_dir(self.root.join(folder)).is_ok_and(|entries| {
            entries
                .flatten()
                .any(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        })
    }

    /// The schools, in order of their slugs. No school at all is a fault.
    pub(crate) fn schools(&self) -> Result<Vec<SchoolId>, Vec<ConfigFault>> {
        if !self.root.is_dir() {
            let fault = ConfigFault::whole(
                self.root.display().to_string(),
                "there is no such configuration folder",
            );
            return Err(vec![
                fault.hint("name it with --config, or make one with `schoolgate init`"),
            ]);
        }
        let entries = std::fs::read_dir(self.root.join("schools")).map_err(|error| {
            let message = match error.kind() {
                ErrorKind::NotFound => {
                    "there is no such folder in the configuration folder".to_owned()
                }
                kind => format!("the folder cannot be read: {kind}"),
            };
            vec![ConfigFault::whole("schools", message).hint(
                "name the configuration folder with --config, or make one with `schoolgate init`",
            )]
        })?;
        let mut slugs = Vec::new();
        let mut faults = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) if !entry.path().is_dir() => {}
                Ok(entry) => match entry.file_name().to_str() {
                    Some(hidden) if hidden.starts_with('.') => {}
                    Some(slug) if is_slug(slug) => slugs.push(SchoolId::new(slug)),
                    name => faults.push(bad_slug(name.unwrap_or("?"))),
                },
                Err(error) => {
                    let message = format!("the folder cannot be read: {}", error.kind());
                    faults.push(ConfigFault::whole("schools", message));
                }
            }
        }
        if slugs.is_empty() && faults.is_empty() {
            let fault = ConfigFault::whole("schools", "there is no school in this folder");
            faults.push(fault.hint("each school has a folder with a school.toml"));
        }
        slugs.sort();
        faults.sort_by(|a, b| a.file.cmp(&b.file));
        if faults.is_empty() {
            Ok(slugs)
        } else {
            Err(faults)
        }
    }
}

fn bad_slug(name: &str) -> ConfigFault {
    ConfigFault::whole(
        format!("schools/{name}"),
        "the folder's name cannot be used as a school's short name",
    )
    .hint(SLUG_HINT)
}
