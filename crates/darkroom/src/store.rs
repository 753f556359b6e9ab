//! The media store: clean copies, named by the SHA-256 of their bytes, in a folder for the service's own user only or in a
//! bucket. When a copy may go is not decided here.
//!
//! The folder is our own code and not the library's: that one gives neither private modes nor a copy that is on the disk
//! when `put` returns.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};

use schoolgate_media::Limits;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::{
    bounded::read_file,
    bucket::{Bucket, BucketSettings},
};

/// Nobody but the service's own user enters a folder of children's pictures.
const FOLDER_MODE: u32 = 0o700;
/// Nor reads a file in it.
const FILE_MODE: u32 = 0o600;

/// How old a draft is before it is what a crash has left: no picture takes so long to write.
const STALE: Duration = Duration::from_secs(600);
/// What doctor writes and takes away again; a hash that nothing has.
const PROBE: &[u8] = b"schoolgate looks whether it can write here";

/// Where clean copies are kept. Every call may wait for the disk or the net, so callers are on a thread that may.
#[derive(Debug, Clone)]
pub struct MediaStore {
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// A folder of clean copies below the data folder.
#[derive(Debug, Clone)]
struct Folder {
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
        let folder = Folder { data: data.into() };
        if let Err(error) = folder.close_to_others() {
            tracing::warn!(error = %error.kind(), "the media folder could not be closed to other users");
        }
        Self {
            place: Place::Folder(folder),
        }
    }

    /// A store in a bucket. Nothing is asked yet; every call needs a runtime.
    ///
    /// # Errors
    /// The settings do not name a bucket that could be asked.
    pub fn in_bucket(settings: &BucketSettings) -> io::Result<Self> {
        Ok(Self {
            place: Place::Bucket(Bucket::new(settings)?),
        })
    }

    /// Keeps a clean copy and gives its path, relative to the data folder or to the bucket's prefix. A copy that is there
    /// already counts only when its bytes are right.
    ///
    /// # Errors
    /// I/O errors; nothing half-written stays under the final name.
    pub fn put(&self, bytes: &[u8]) -> io::Result<String> {
        let relative = relative(&sha256_hex(bytes));
        match &self.place {
            Place::Folder(folder) => folder.put(&relative, bytes)?,
            Place::Bucket(bucket) => bucket.put(&relative, bytes)?,
        }
        Ok(relative)
    }

    /// Gives a clean copy back, or `None` where there is none or its bytes no longer fit its name.
    pub fn get(&self, hash: &str) -> Option<Vec<u8>> {
        let relative = is_hash(hash).then(|| relative(hash))?;
        let bytes = match &self.place {
            Place::Folder(folder) => read_file(&folder.data.join(relative), max_copy_bytes()).ok(),
            Place::Bucket(bucket) => bucket.get(&relative, max_copy_bytes()).ok().flatten(),
        }?;
        (sha256_hex(&bytes) == hash).then_some(bytes)
    }

    /// Removes a clean copy for good, and what a crash has left half-written beside it. One that is not there is no fault.
    ///
    /// # Errors
    /// I/O errors; it may still be there then.
    pub fn remove(&self, hash: &str) -> io::Result<()> {
        if !is_hash(hash) {
            return Ok(());
        }
        match &self.place {
            Place::Folder(folder) => folder.remove(&relative(hash)),
            Place::Bucket(bucket) => bucket.remove(&relative(hash)),
        }
    }

    /// Whether copies can be kept, given back and removed: tries it.
    ///
    /// # Errors
    /// What is in the way.
    pub fn check(&self) -> io::Result<()> {
        self.put(PROBE)?;
        let hash = sha256_hex(PROBE);
        let found = self.get(&hash);
        self.remove(&hash)?;
        match found {
            Some(_) => Ok(()),
            None => Err(io::Error::other("what was written does not come back")),
        }
    }
}

impl Folder {
    fn put(&self, relative: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.data.join(relative);
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
        Ok(())
    }

    fn remove(&self, relative: &str) -> io::Result<()> {
        let path = self.data.join(relative);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let Some(folder) = path.parent().filter(|folder| folder.is_dir()) else {
            return Ok(());
        };
        remove_drafts(folder)?;
        File::open(folder)?.sync_all()
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

/// A name that no user has chosen.
fn is_hash(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Removes the drafts of writers that are gone: nobody knows which picture is in them.
fn remove_drafts(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(is_hash) {
            continue;
        }
        let about = entry.metadata()?;
        let age = about.modified()?.elapsed().unwrap_or_default();
        if about.is_file() && age > STALE {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
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
    use schoolgate_model::Redacted;
    use schoolgate_testkit::bucket::{self, BucketServer};

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
    fn what_is_removed_is_gone_with_the_drafts_that_a_crash_has_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = MediaStore::new(folder.path());
        let hash = sha256_hex(b"picture");
        // nothing there yet, not even a folder
        store.remove(&hash).unwrap();
        let path = folder.path().join(store.put(b"picture").unwrap());
        let beside = path.parent().unwrap();
        let (old, new) = (beside.join(".tmpOLD"), beside.join(".tmpNEW"));
        for draft in [&old, &new] {
            fs::write(draft, b"pict").unwrap();
        }
        let long_ago = std::time::SystemTime::UNIX_EPOCH + STALE;
        let file = File::options().write(true).open(&old).unwrap();
        file.set_modified(long_ago).unwrap();
        store.remove(&hash).unwrap();
        assert_eq!(store.get(&hash), None);
        assert!(!path.exists() && !old.exists());
        assert!(new.exists(), "somebody may still be writing it");
        store.remove(&hash).unwrap();
        store.remove("../../etc/passwd").unwrap();
    }

    #[test]
    fn a_store_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        MediaStore::new(folder.path()).check().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"x").unwrap();
        assert!(MediaStore::new(&file).check().is_err());
    }

    fn in_bucket(server: &BucketServer, access_key: &str) -> MediaStore {
        MediaStore::in_bucket(&BucketSettings {
            bucket: bucket::BUCKET.to_owned(),
            region: "eu-west-2".to_owned(),
            endpoint: Some(server.endpoint()),
            prefix: "trust one/".to_owned(),
            path_style: true,
            access_key: access_key.to_owned(),
            secret_key: Redacted::new("secret".to_owned()),
        })
        .unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_bucket_keeps_copies_as_a_folder_does() {
        let server = BucketServer::start().await.unwrap();
        let store = in_bucket(&server, bucket::ACCESS_KEY);
        let working = store.clone();
        let hash = sha256_hex(b"picture");
        // on a thread that may wait, and on one that may not
        let put = tokio::task::spawn_blocking(move || working.put(b"picture"));
        assert_eq!(put.await.unwrap().unwrap(), relative(&hash));
        assert_eq!(store.get(&hash).as_deref(), Some(b"picture".as_slice()));
        let name = format!("trust%20one/{}", relative(&hash));
        let objects = server.objects();
        assert_eq!(objects.keys().collect::<Vec<_>>(), [&name]);
        server.tamper(&name, b"other");
        assert_eq!(store.get(&hash), None, "its bytes do not fit its name");
        store.put(b"picture").unwrap();
        assert!(store.get(&hash).is_some());
        store.remove(&hash).unwrap();
        assert!(server.objects().is_empty());
        assert_eq!(store.get(&hash), None);
        store.remove(&hash).unwrap();
        store.check().unwrap();
        assert!(server.objects().is_empty());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_bucket_that_refuses_or_is_not_there_is_a_fault_that_tells_nothing() {
        let server = BucketServer::start().await.unwrap();
        let refused = in_bucket(&server, "AKIAOTHER").check().unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(refused.to_string(), "the bucket does not accept the key");
        assert!(!format!("{:?}", in_bucket(&server, "AKIA")).contains("secret"));
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
