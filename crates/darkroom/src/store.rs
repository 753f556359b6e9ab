//! The media store: clean copies, named by the SHA-256 of their bytes, for the service's own user only. When a copy
//! may go is not decided here.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use schoolgate_media::Limits;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::bounded::read_file;

/// Nobody but the service's own user enters a folder of children's pictures.
const FOLDER_MODE: u32 = 0o700;
/// Nor reads a file in it.
const FILE_MODE: u32 = 0o600;

/// A folder of clean copies.
#[derive(Debug, Clone)]
pub struct MediaStore {
    data: PathBuf,
}

/// SHA-256 as 64 lower-case hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl MediaStore {
    /// A store below the data folder; folders are made when needed. Folders that an earlier release left open to
    /// other users are closed; where that fails it is logged here, and [`MediaStore::put`] refuses.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let store = Self { data: data.into() };
        if let Err(error) = store.close_to_others() {
            tracing::warn!(error = %error.kind(), "the media folder could not be closed to other users");
        }
        store
    }

    /// Keeps a clean copy and gives its path relative to the data folder. A copy that is there already counts only
    /// when its bytes are right.
    ///
    /// # Errors
    /// I/O errors; nothing half-written stays under the final name.
    pub fn put(&self, bytes: &[u8]) -> io::Result<String> {
        let hash = sha256_hex(bytes);
        let relative = relative(&hash);
        let path = self.data.join(&relative);
        let media = self.media();
        let folder = path.parent().unwrap_or(&media);
        private_folder(&media)?;
        private_folder(folder)?;
        if holds(&path, bytes) {
            keep(&path)?;
        } else {
            write(folder, &path, bytes)?;
        }
        // also for a copy that was there: another writer may have renamed it and not come further yet
        for folder in [folder, &media, self.data()] {
            File::open(folder)?.sync_all()?;
        }
        Ok(relative)
    }

    /// Gives a clean copy back, or `None` where there is none or its bytes no longer fit its name.
    pub fn get(&self, hash: &str) -> Option<Vec<u8>> {
        let well_formed =
            hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let path = well_formed.then(|| self.data.join(relative(hash)))?;
        let bytes = read_file(&path, max_copy_bytes()).ok()?;
        (sha256_hex(&bytes) == hash).then_some(bytes)
    }

    fn data(&self) -> &Path {
        match self.data.as_os_str().is_empty() {
            true => Path::new("."),
            false => &self.data,
        }
    }

    fn media(&self) -> PathBuf {
        self.data.join("media")
    }

    fn close_to_others(&self) -> io::Result<()> {
        let media = self.media();
        if !media.is_dir() {
            return Ok(());
        }
        private_folder(&media)?;
        for entry in fs::read_dir(&media)? {
            let entry = entry?;
            // the type of the entry itself: a link's target is not ours to change
            if entry.file_type()?.is_dir() {
                private_folder(&entry.path())?;
            }
        }
        Ok(())
    }
}

fn relative(hash: &str) -> String {
    format!("media/{}/{hash}", &hash[..2])
}

/// The largest copy that is given back: what the parent takes from a child, and no more.
pub(crate) fn max_copy_bytes() -> u64 {
    Limits::default().max_bytes
}

/// Makes a folder where there is none, and closes it where it is open.
fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(path)?;
    match fs::metadata(path)?.permissions().mode() & 0o777 {
        FOLDER_MODE => Ok(()),
        _ => fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE)),
    }
}

/// Whether a file of our own (no link) is there and has these bytes.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    path.symlink_metadata().is_ok_and(|about| about.is_file())
        && read_file(path, bytes.len() as u64).is_ok_and(|there| there == bytes)
}

fn keep(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    if file.metadata()?.permissions().mode() & 0o777 != FILE_MODE {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    file.sync_all()
}

/// Every writer has a draft of its own, so two that keep the same picture at once do not meet.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = NamedTempFile::new_in(folder)?;
    draft
        .as_file()
        .set_permissions(Permissions::from_mode(FILE_MODE))?;
    draft.write_all(bytes)?;
    draft.as_file().sync_all()?;
    draft.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_put_comes_back_and_what_was_changed_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::new(folder.path());
        let path = store.put(b"picture").unwrap();
        assert_eq!(store.put(b"picture").unwrap(), path);
        let hash = sha256_hex(b"picture");
        assert_eq!(store.get(&hash).as_deref(), Some(b"picture".as_slice()));
        assert_eq!(store.get("../../etc/passwd"), None);
        fs::write(folder.path().join(path), b"other").unwrap();
        assert_eq!(store.get(&hash), None);
    }

    #[test]
    fn many_writers_of_one_picture_all_succeed_and_leave_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::new(folder.path());
        for round in 0..20u8 {
            let picture = vec![round; 100_000];
            std::thread::scope(|scope| {
                let writers: Vec<_> = (0..16)
                    .map(|_| scope.spawn(|| store.put(&picture)))
                    .collect();
                for writer in writers {
                    writer.join().unwrap().unwrap();
                }
            });
            let hash = sha256_hex(&picture);
            assert_eq!(store.get(&hash), Some(picture));
            let path = folder.path().join(relative(&hash));
            let names: Vec<_> = fs::read_dir(path.parent().unwrap())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            assert!(names.iter().all(|name| name.len() == 64), "{names:?}");
        }
    }

    #[test]
    fn a_stored_copy_that_is_wrong_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::new(folder.path());
        let path = folder.path().join(store.put(b"picture").unwrap());
        for wrong in [b"pict".as_slice(), b"", b"pictures and more", b"PICTURE"] {
            fs::write(&path, wrong).unwrap();
            store.put(b"picture").unwrap();
            let hash = sha256_hex(b"picture");
            assert_eq!(store.get(&hash).as_deref(), Some(b"picture".as_slice()));
        }
    }

    #[test]
    fn a_link_in_the_place_of_a_copy_is_replaced_and_its_target_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::new(folder.path());
        let path = folder.path().join(store.put(b"picture").unwrap());
        let target = folder.path().join("target");
        fs::write(&target, b"picture").unwrap();
        fs::set_permissions(&target, Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        store.put(b"picture").unwrap();
        assert!(path.symlink_metadata().unwrap().is_file());
        assert_eq!(mode(&target), 0o644);
    }

    #[test]
    fn only_the_service_can_read_pictures_also_where_an_earlier_release_left_them_open() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let path = MediaStore::new(folder.path()).put(b"picture").unwrap();
        let parts = [("media", 0o700), (&path[..8], 0o700), (&path, 0o600)];
        for (part, expected) in parts {
            assert_eq!(mode(&at(part)), expected, "{part}");
        }
        let open_up = || {
            for (part, _) in parts {
                fs::set_permissions(at(part), Permissions::from_mode(0o755)).unwrap();
            }
        };
        open_up();
        let store = MediaStore::new(folder.path());
        assert_eq!((mode(&at("media")), mode(&at(&path[..8]))), (0o700, 0o700));
        open_up();
        store.put(b"picture").unwrap();
        for (part, expected) in parts {
            assert_eq!(mode(&at(part)), expected, "{part}");
        }
    }
}
