//! Reading a picture by path: inside the media root only, regular files only, bounded. The kernel resolves the path
//! in the same step that opens the file, so nothing can be swapped in between.

use std::{
    fs::File,
    os::fd::OwnedFd,
    path::{Component, Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, Mode, OFlags, ResolveFlags, open, openat, openat2, unlinkat},
    io::Errno,
};
use schoolgate_model::MediumFault;

use crate::{
    bounded::{READ_ONLY, Unread, read_opened},
    store::sha256_hex,
};

/// How a folder on the way is opened: only to go on from there.
const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// The kernel answers "again" when something on the way is renamed meanwhile; so often is believed to be chance.
const RENAME_RETRIES: usize = 8;

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

    /// Reads at most `max_bytes` of the file at `path` below the root. A relative link that stays below the root is
    /// followed where the kernel can confine it (Linux 5.6); an absolute one never is.
    ///
    /// # Errors
    /// `NotFound`, `OutsideRoot` for absolute paths, `..` and links that lead out, `TooLarge`, `Unreadable`.
    pub fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, MediumFault> {
        self.read_with(path, max_bytes, open_beneath)
    }

    /// Removes the file at `path` below the root, where it is the picture with one of these hashes. True where it was; a
    /// file that is not there or is another one stays as it is.
    ///
    /// # Errors
    /// The file is there and cannot be removed, or the path leads out of the root.
    pub fn remove(
        &self,
        path: &str,
        hashes: &[String],
        max_bytes: u64,
    ) -> Result<bool, MediumFault> {
        let bytes = match self.read(path, max_bytes) {
            Ok(bytes) => bytes,
            Err(MediumFault::NotFound | MediumFault::TooLarge(_)) => return Ok(false),
            Err(fault) => return Err(fault),
        };
        if !hashes.contains(&sha256_hex(&bytes)) {
            return Ok(false);
        }
        let relative = Path::new(path);
        let name = relative.file_name().ok_or(MediumFault::NotFound)?;
        let root = open(&self.folder, FOLDER, Mode::empty()).map_err(open_fault)?;
        let folder = match relative
            .parent()
            .filter(|above| !above.as_os_str().is_empty())
        {
            Some(above) => open_folder(&root, above).map_err(open_fault)?,
            None => root,
        };
        match unlinkat(&folder, name, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(open_fault(error)),
        }
    }

    fn read_with(
        &self,
        path: &str,
        max_bytes: u64,
        open_below: impl Fn(&OwnedFd, &Path) -> Result<OwnedFd, Errno>,
    ) -> Result<Vec<u8>, MediumFault> {
        let relative = Path::new(path);
        if path.contains('\0')
            || !relative
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        {
            return Err(MediumFault::OutsideRoot);
        }
        let root = open(&self.folder, FOLDER, Mode::empty()).map_err(open_fault)?;
        let file = open_below(&root, relative).map_err(open_fault)?;
        read_opened(File::from(file), max_bytes).map_err(read_fault)
    }
}

/// Opens a folder below a folder, to remove what is in it.
fn open_folder(root: &OwnedFd, relative: &Path) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    match openat2(root, relative, FOLDER, Mode::empty(), resolve) {
        // an old kernel, or a container's filter that does not know the call: no link is followed then
        Err(Errno::NOSYS | Errno::PERM) => {
            let parts = relative.components();
            let mut parts = parts.filter(|part| matches!(part, Component::Normal(_)));
            parts.try_fold(
                root.try_clone().map_err(|_| Errno::MFILE)?,
                |above, part| {
                    let name: &Path = part.as_ref();
                    openat(&above, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())
                },
            )
        }
        opened => opened,
    }
}

/// Opens a file below a folder with whatever this kernel has.
fn open_beneath(root: &OwnedFd, relative: &Path) -> Result<OwnedFd, Errno> {
    match open_confined(root, relative) {
        // an old kernel, or a container's filter that does not know the call
        Err(Errno::NOSYS | Errno::PERM) => open_stepwise(root, relative),
        opened => opened,
    }
}

fn open_confined(root: &OwnedFd, relative: &Path) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    let attempt = || openat2(root, relative, READ_ONLY, Mode::empty(), resolve);
    for _ in 1..RENAME_RETRIES {
        match attempt() {
            Err(Errno::AGAIN | Errno::INTR) => {}
            opened => return opened,
        }
    }
    attempt()
}

/// Opens one part of the path after the other and follows no link at all.
fn open_stepwise(root: &OwnedFd, relative: &Path) -> Result<OwnedFd, Errno> {
    let mut folder = None;
    let mut parts = relative
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .peekable();
    while let Some(part) = parts.next() {
        let name: &Path = part.as_ref();
        let flags = match parts.peek() {
            Some(_) => FOLDER,
            None => READ_ONLY,
        };
        let below = folder.as_ref().unwrap_or(root);
        let opened = openat(below, name, flags | OFlags::NOFOLLOW, Mode::empty())?;
        folder = Some(opened);
    }
    folder.ok_or(Errno::NOENT)
}

fn open_fault(error: Errno) -> MediumFault {
    match error {
        // no such device behind the name: a socket
        Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG | Errno::NXIO => MediumFault::NotFound,
        Errno::XDEV | Errno::LOOP => MediumFault::OutsideRoot,
        _ => unreadable(),
    }
}

fn read_fault(fault: Unread) -> MediumFault {
    match fault {
        Unread::NotRegular => MediumFault::NotFound,
        Unread::TooLarge(limit) => {
            MediumFault::TooLarge(format!("more than {} MB", limit / 1_048_576))
        }
        Unread::Io(_) => unreadable(),
    }
}

fn unreadable() -> MediumFault {
    MediumFault::Unreadable {
        code: "io".to_owned(),
        plain: "the picture's file could not be opened".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::symlink,
        sync::atomic::{AtomicBool, Ordering},
    };

    use tempfile::TempDir;

    use super::*;
    use crate::bounded::tests::fifo;

    #[test]
    fn a_removed_picture_is_taken_away_below_the_root_and_nothing_else_is() {
        let (folder, outside) = root_and_outside();
        let root = MediaRoot::new(folder.path());
        let hashes = ["secret", "picture"].map(|text| sha256_hex(text.as_bytes()));
        let at = |name: &str| folder.path().join(name);
        for name in ["photos/b.jpg", "c.jpg"] {
            fs::write(at(name), b"picture").unwrap();
            assert_eq!(root.remove(name, &hashes, 99), Ok(true), "{name}");
            assert!(!at(name).exists());
            assert_eq!(root.remove(name, &hashes, 99), Ok(false), "{name}");
        }
        fs::write(at("photos/other.jpg"), b"other").unwrap();
        assert_eq!(root.remove("photos/other.jpg", &hashes, 99), Ok(false));
        assert!(at("photos/other.jpg").exists());
        symlink(outside.path(), at("out")).unwrap();
        for path in ["out/secret.jpg", "../secret.jpg", "/etc/passwd"] {
            assert_eq!(
                root.remove(path, &hashes, 99),
                Err(MediumFault::OutsideRoot),
                "{path}"
            );
        }
        assert!(outside.path().join("secret.jpg").exists());
    }

    /// A root with `photos/a.jpg`, and a folder outside with `secret.jpg`.
    fn root_and_outside() -> (TempDir, TempDir) {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret.jpg"), b"secret").unwrap();
        fs::create_dir(folder.path().join("photos")).unwrap();
        fs::write(folder.path().join("photos/a.jpg"), b"abc").unwrap();
        (folder, outside)
    }

    #[test]
    fn a_path_never_leaves_the_root() {
        let (folder, outside) = root_and_outside();
        symlink(
            outside.path().join("secret.jpg"),
            folder.path().join("link.jpg"),
        )
        .unwrap();
        let root = MediaRoot::new(folder.path());
        for read in [
            |root: &MediaRoot, path: &str| root.read_with(path, 10, open_beneath),
            |root: &MediaRoot, path: &str| root.read_with(path, 10, open_stepwise),
        ] {
            assert_eq!(read(&root, "photos/a.jpg"), Ok(b"abc".to_vec()));
            assert_eq!(read(&root, "./photos/./a.jpg"), Ok(b"abc".to_vec()));
            for path in ["photos/b.jpg", "photos", "", ".", "photos/a.jpg/b"] {
                assert_eq!(read(&root, path), Err(MediumFault::NotFound), "{path:?}");
            }
            for path in [
                "link.jpg",
                "../x.jpg",
                "photos/../../x.jpg",
                "/etc/passwd",
                "a\0b",
            ] {
                assert_eq!(read(&root, path), Err(MediumFault::OutsideRoot), "{path:?}");
            }
        }
        assert!(matches!(
            root.read("photos/a.jpg", 2),
            Err(MediumFault::TooLarge(_))
        ));
        let missing = MediaRoot::new(folder.path().join("nowhere"));
        assert_eq!(missing.read("photos/a.jpg", 10), Err(MediumFault::NotFound));
    }

    #[test]
    fn a_link_is_followed_only_where_it_stays_below_the_root() {
        let (folder, outside) = root_and_outside();
        let at = |name: &str| folder.path().join(name);
        symlink("photos/a.jpg", at("inside.jpg")).unwrap();
        symlink("../photos/a.jpg", at("photos/up-and-back.jpg")).unwrap();
        symlink(outside.path(), at("away")).unwrap();
        symlink("../../etc/passwd", at("photos/climbs.jpg")).unwrap();
        symlink("/proc/self/root", at("magic")).unwrap();
        let root = MediaRoot::new(folder.path());
        for path in ["inside.jpg", "photos/up-and-back.jpg"] {
            assert_eq!(root.read(path, 10), Ok(b"abc".to_vec()), "{path}");
            let stepwise = root.read_with(path, 10, open_stepwise);
            assert_eq!(stepwise, Err(MediumFault::OutsideRoot), "{path}");
        }
        for path in ["away/secret.jpg", "photos/climbs.jpg", "magic/etc/passwd"] {
            assert_eq!(
                root.read(path, 10_000),
                Err(MediumFault::OutsideRoot),
                "{path}"
            );
            root.read_with(path, 10_000, open_stepwise).unwrap_err();
        }
    }

    #[test]
    fn a_pipe_or_device_is_not_a_picture_and_does_not_hold_the_reader() {
        let (folder, _outside) = root_and_outside();
        fifo(&folder.path().join("pipe.jpg"));
        let _socket =
            std::os::unix::net::UnixListener::bind(folder.path().join("socket.jpg")).unwrap();
        let root = MediaRoot::new(folder.path());
        for path in ["pipe.jpg", "socket.jpg"] {
            assert_eq!(root.read(path, 10), Err(MediumFault::NotFound), "{path}");
            let stepwise = root.read_with(path, 10, open_stepwise);
            assert_eq!(stepwise, Err(MediumFault::NotFound), "{path}");
        }
    }

    #[test]
    fn swapping_a_folder_for_a_link_while_it_is_read_never_gives_the_file_outside() {
        let (folder, outside) = root_and_outside();
        fs::write(outside.path().join("a.jpg"), b"secret").unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink(outside.path(), at("link")).unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    fs::rename(at("photos"), at("aside")).unwrap();
                    fs::rename(at("link"), at("photos")).unwrap();
                    fs::rename(at("photos"), at("link")).unwrap();
                    fs::rename(at("aside"), at("photos")).unwrap();
                }
            });
            let root = MediaRoot::new(folder.path());
            let reads: Vec<_> = (0..4000)
                .flat_map(|_| {
                    [
                        root.read("photos/a.jpg", 10),
                        root.read_with("photos/a.jpg", 10, open_stepwise),
                    ]
                })
                .collect();
            stop.store(true, Ordering::Relaxed);
            let secret = Ok(b"secret".to_vec());
            assert!(reads.iter().all(|read| *read != secret));
            assert!(reads.iter().any(Result::is_ok));
        });
    }
}
