//! The media store: clean copies, named by the SHA-256 of their bytes.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

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
    /// A store below the data folder; folders are made when needed.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into() }
    }

    /// Keeps a clean copy and gives its path relative to the data folder.
    ///
    /// # Errors
    /// I/O errors; nothing half-written stays under the final name.
    pub fn put(&self, bytes: &[u8]) -> std::io::Result<String> {
        let hash = sha256_hex(bytes);
        let relative = relative(&hash);
        let path = self.data.join(&relative);
        if path.is_file() {
            return Ok(relative);
        }
        let folder = path.parent().unwrap_or(&self.data);
        fs::create_dir_all(folder)?;
        let draft = folder.join(format!(".{hash}.{}", std::process::id()));
        let written = write_synced(&draft, bytes).and_then(|()| fs::rename(&draft, &path));
        if written.is_err() {
            // the error that matters is the first one; a leftover draft is harmless and overwritten next time
            drop(fs::remove_file(&draft));
        }
        written.map(|()| relative)
    }

    /// Gives a clean copy back, or `None` where there is none or its bytes no longer fit its name.
    pub fn get(&self, hash: &str) -> Option<Vec<u8>> {
        let well_formed =
            hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let bytes = well_formed.then(|| fs::read(self.data.join(relative(hash))).ok())??;
        (sha256_hex(&bytes) == hash).then_some(bytes)
    }
}

fn relative(hash: &str) -> String {
    format!("media/{}/{hash}", &hash[..2])
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
