//! Makes a JPEG of a HEIC or AVIF picture with another program, in a folder that only we can enter and that is gone
//! afterwards. What the JPEG still holds is cleaned by the child like any other.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use schoolgate_model::MediumFault;
use tempfile::TempDir;

use crate::{
    bounded::read_file,
    process,
    settings::DarkroomSettings,
    store::max_copy_bytes,
    tool::{HEIF_INPUT, HEIF_OUTPUT},
};

/// How the folders are named, so that what a killed process left behind is found.
const PREFIX: &str = "schoolgate-heif-";
/// A folder of this age belongs to nobody any more.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);
/// What the program says on its output is not read beyond this.
const MAX_SAID: u64 = 64 * 1024;

/// Makes a JPEG of `bytes`.
///
/// # Errors
/// `Unreadable` where the program is missing, refuses the picture or finds several in it; how it ended otherwise.
pub(crate) async fn convert(
    settings: &DarkroomSettings,
    bytes: &[u8],
    timeout: Duration,
) -> Result<Vec<u8>, MediumFault> {
    let Some(converter) = &settings.heif_convert else {
        return Err(unreadable(
            "no_converter",
            "HEIC and AVIF pictures cannot be opened here because heif-convert is not installed",
        ));
    };
    let folder = prepared(bytes.to_vec()).await?;
    let (program, first) = &settings.launcher;
    let this = [Path::new("heif"), converter, folder.path()];
    let arguments = process::arguments(first, &this);
    match process::run((program, &arguments), b"", MAX_SAID, timeout).await {
        Ok(_) => {}
        Err(MediumFault::ChildFailed(_)) => {
            return Err(unreadable(
                "not_converted",
                "This picture is damaged or of a rare kind: heif-convert could not open it",
            ));
        }
        Err(fault) => return Err(fault),
    }
    blocking(move || collected(&folder)).await?
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, MediumFault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| MediumFault::ChildFailed("the converter's files were not reached".to_owned()))
}

/// A private folder with the picture in it.
async fn prepared(bytes: Vec<u8>) -> Result<TempDir, MediumFault> {
    let made = blocking(move || {
        // nobody else may enter: that is how such folders are made
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        sweep(
            &std::env::temp_dir(),
            fs::metadata(folder.path())?.modified()?,
        );
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.path().join(HEIF_INPUT))?
            .write_all(&bytes)?;
        Ok::<_, std::io::Error>(folder)
    });
    made.await?.map_err(|error| {
        MediumFault::ChildFailed(format!("no folder for the converter ({})", error.kind()))
    })
}

/// Removes what a process that was killed left behind; what belongs to others cannot be removed, and stays.
fn sweep(place: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(place) else {
        return;
    };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && is_old(&entry, now).unwrap_or(false) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

fn is_old(entry: &fs::DirEntry, now: SystemTime) -> Option<bool> {
    let about = entry.metadata().ok().filter(fs::Metadata::is_dir)?;
    let age = now.duration_since(about.modified().ok()?).ok()?;
    Some(age > LEFT_BEHIND)
}

/// The JPEG that the program wrote.
fn collected(folder: &TempDir) -> Result<Vec<u8>, MediumFault> {
    let output = folder.path().join(HEIF_OUTPUT);
    if numbered(&output, 1).exists() {
        return Err(unreadable(
            "several_pictures",
            "This file holds several pictures. Please save the one to be shown as a JPEG",
        ));
    }
    read_file(&output, max_copy_bytes()).map_err(|_| {
        unreadable(
            "not_converted",
            "This picture could not be made into a JPEG that can be checked",
        )
    })
}

/// How the program names the pictures of a file that holds several.
fn numbered(output: &Path, number: u32) -> PathBuf {
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!("{stem}-{number}.jpg"))
}

fn unreadable(code: &str, plain: &str) -> MediumFault {
    MediumFault::Unreadable {
        code: code.to_owned(),
        plain: plain.to_owned(),
    }
}
