//! Reading a picture by path: inside the media root only, regular files only, bounded.

use std::{
    fs::File,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

use schoolgate_model::MediumFault;

/// The folder that paths of items are relative to.
#[derive(Debug, Clone)]
pub struct MediaRoot {
    folder: PathBuf,
}

impl MediaRoot {
    /// Takes the folder as given; it need not exist yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Reads at most `max_bytes` of the file at `path` below the root.
    ///
    /// # Errors
    /// `NotFound`, `OutsideRoot` for absolute paths, `..` and links that lead out, `TooLarge`, `Unreadable`.
    pub fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, MediumFault> {
        let relative = Path::new(path);
        if path.contains('\0')
            || !relative
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        {
            return Err(MediumFault::OutsideRoot);
        }
        let root = self
            .folder
            .canonicalize()
            .map_err(|_| MediumFault::NotFound)?;
        let full = root
            .join(relative)
            .canonicalize()
            .map_err(|_| MediumFault::NotFound)?;
        if !full.starts_with(&root) {
            return Err(MediumFault::OutsideRoot);
        }
        let unreadable = |_| MediumFault::Unreadable {
            code: "io".to_owned(),
            plain: "the picture's file could not be opened".to_owned(),
        };
        if !full.metadata().map_err(unreadable)?.is_file() {
            return Err(MediumFault::NotFound);
        }
        let mut bytes = Vec::new();
        File::open(&full)
            .map_err(unreadable)?
            .take(max_bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > max_bytes {
            return Err(MediumFault::TooLarge(format!(
                "more than {} MB",
                max_bytes / 1_048_576
            )));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_root() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.jpg"), b"x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("photos")).unwrap();
        std::fs::write(folder.path().join("photos/a.jpg"), b"abc").unwrap();
        std::os::unix::fs::symlink(
            outside.path().join("secret.jpg"),
            folder.path().join("link.jpg"),
        )
        .unwrap();
        let root = MediaRoot::new(folder.path());
        assert_eq!(root.read("photos/a.jpg", 10), Ok(b"abc".to_vec()));
        assert_eq!(root.read("./photos/a.jpg", 10), Ok(b"abc".to_vec()));
        assert_eq!(root.read("photos/b.jpg", 10), Err(MediumFault::NotFound));
        assert_eq!(root.read("photos", 10), Err(MediumFault::NotFound));
        for path in [
            "link.jpg",
            "../x.jpg",
            "photos/../../x.jpg",
            "/etc/passwd",
            "a\0b",
        ] {
            assert_eq!(
                root.read(path, 10),
                Err(MediumFault::OutsideRoot),
                "{path:?}"
            );
        }
        assert!(matches!(
            root.read("photos/a.jpg", 2),
            Err(MediumFault::TooLarge(_))
        ));
    }
}
