//! A new configuration folder for one school, as `schoolgate init` writes it. Nothing that exists is touched.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    service,
    toml_file::{SLUG_HINT, is_slug},
};

const PUPILS: &str = "pupil_id,upn,legal_given,legal_middle,legal_family,preferred_given,preferred_family,former_family,year,class,do_not_publish,consent_social_photo,consent_social_video,consent_website_photo,consent_press_photo,consent_name,consent_name_with_photo\n";
const STAFF: &str = "staff_id,title,given,family,role,email,end_date,no_photos\n";
const SCHOOL: &str = include_str!("scaffold/school.toml");

/// Why no folder was written. Nothing has changed on disk.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The folder is there and not empty.
    #[error("{} already exists and is not empty: name another folder", .0.display())]
    Exists(PathBuf),
    /// The short name cannot be a folder's.
    #[error("the short name cannot be used: {SLUG_HINT}")]
    Slug,
    /// The school has no name.
    #[error("the school needs a name of one line")]
    Name,
    /// The disk refused.
    #[error("{} cannot be written: {}", .path.display(), .source.kind())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// Why it was not.
        source: io::Error,
    },
}

/// Writes a commented configuration folder for one school and says which files it holds. The folder appears whole
/// or not at all: it is written beside its place and moved there.
///
/// # Errors
/// Anything is there already, the names cannot be used, the disk refuses.
pub fn scaffold(dir: &Path, name: &str, slug: &str) -> Result<Vec<PathBuf>, ScaffoldError> {
    if !is_slug(slug) {
        return Err(ScaffoldError::Slug);
    }
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(ScaffoldError::Name);
    }
    if is_taken(dir) {
        return Err(ScaffoldError::Exists(dir.to_owned()));
    }
    let partial = partial_beside(dir);
    let files = files(name, slug);
    let written = write_all(&partial, &files).and_then(|()| {
        fs::rename(&partial, dir).map_err(|source| ScaffoldError::Io {
            path: dir.to_owned(),
            source,
        })
    });
    if let Err(error) = written {
        // What is left is our own and has never been seen under the folder's name.
        let _ = fs::remove_dir_all(&partial);
        // Somebody else was faster between the look and the move.
        return Err(if is_taken(dir) {
            ScaffoldError::Exists(dir.to_owned())
        } else {
            error
        });
    }
    Ok(files.iter().map(|(file, _)| dir.join(file)).collect())
}

/// Whether the place holds a file, or a folder with anything in it.
fn is_taken(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// A hidden name in the same folder, so that the move stays on one disk; the process id keeps two runs apart.
fn partial_beside(dir: &Path) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    dir.with_file_name(format!(".{name}.init-{}", std::process::id()))
}

fn files(name: &str, slug: &str) -> Vec<(PathBuf, String)> {
    let school = Path::new("schools").join(slug);
    let quoted = toml::Value::String(name.to_owned()).to_string();
    vec![
        (PathBuf::from("schoolgate.toml"), service::SAMPLE.to_owned()),
        (
            school.join("school.toml"),
            SCHOOL.replace("\"NAME\"", &quoted),
        ),
        (school.join("pupils.csv"), PUPILS.to_owned()),
        (school.join("staff.csv"), STAFF.to_owned()),
    ]
}

fn write_all(root: &Path, files: &[(PathBuf, String)]) -> Result<(), ScaffoldError> {
    for (file, text) in files {
        let path = root.join(file);
        let failed = |source| ScaffoldError::Io {
            path: path.clone(),
            source,
        };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, text).map_err(failed)?;
    }
    Ok(())
}
