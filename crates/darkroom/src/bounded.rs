//! Reading a file that somebody named: regular files only, without waiting for anybody, never more than a bound.
//! Which files may be named at all is not decided here.

use std::{fs::File, io::Read as _, path::Path};

use rustix::fs::{Mode, OFlags, open};

/// How every file is opened: a pipe without a writer does not hold us up, a terminal does not become ours.
pub(crate) const READ_ONLY: OFlags = OFlags::RDONLY
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// Why a file was not read. Names no file.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It could not be opened or read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// A folder, pipe, device or socket.
    #[error("is not a regular file")]
    NotRegular,
    /// More than the bound, which is given in bytes.
    #[error("is too large: more than {} MB", .0 / 1_048_576)]
    TooLarge(u64),
}

/// Reads the regular file at `path`, up to `max_bytes`. Links are followed: for paths that the operator names or
/// that we made.
///
/// # Errors
/// [`Unread`]; a length that the file claims is never believed.
pub fn read_file(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Unread> {
    let file = open(path, READ_ONLY, Mode::empty()).map_err(std::io::Error::from)?;
    read_opened(file.into(), max_bytes)
}

/// Reads a file that is open already, up to `max_bytes`.
pub(crate) fn read_opened(file: File, max_bytes: u64) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    read_into(file, max_bytes, &mut bytes)?;
    Ok(bytes)
}

/// As [`read_opened`], in the place of what `bytes` hold: their room is used again.
pub(crate) fn read_into(file: File, max_bytes: u64, bytes: &mut Vec<u8>) -> Result<(), Unread> {
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(Unread::NotRegular);
    }
    bytes.clear();
    // room for what it claims, within the bound, saves growing; what it really has is counted
    let room = about.len().min(max_bytes).saturating_add(1);
    bytes.reserve(usize::try_from(room).unwrap_or_default());
    file.take(max_bytes.saturating_add(1)).read_to_end(bytes)?;
    match bytes.len() as u64 > max_bytes {
        true => Err(Unread::TooLarge(max_bytes)),
        false => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Makes a pipe with a name.
    pub(crate) fn fifo(path: &Path) {
        rustix::fs::mknodat(
            rustix::fs::CWD,
            path,
            rustix::fs::FileType::Fifo,
            Mode::RUSR | Mode::WUSR,
            0,
        )
        .unwrap();
    }

    #[test]
    fn what_is_no_regular_file_is_refused_without_waiting_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.jpg");
        fifo(&pipe);
        for path in [Path::new("/dev/zero"), &pipe, folder.path()] {
            let refused = read_file(path, 100);
            assert!(matches!(refused, Err(Unread::NotRegular)), "{refused:?}");
        }
    }

    #[test]
    fn a_file_is_read_up_to_the_bound_whatever_length_it_claims() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, b"abc").unwrap();
        assert_eq!(read_file(&path, 3).unwrap(), b"abc");
        assert!(matches!(read_file(&path, 2), Err(Unread::TooLarge(2))));
        // claims a length of 0 and has more
        let claims_nothing = Path::new("/proc/self/status");
        assert!(matches!(
            read_file(claims_nothing, 2),
            Err(Unread::TooLarge(2))
        ));
    }
}
