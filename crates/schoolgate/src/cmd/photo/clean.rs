//! `photo clean`: the copies that may be shown to anybody.

use std::{
    ffi::OsString,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use schoolgate_darkroom::{
    Asked, Darkroom, Developed, sha256_hex,
    tray::{self, Place, Written},
};
use schoolgate_model::{MediumFault, MetadataKind};
use tempfile::NamedTempFile;

use super::{count, develop, many};
use crate::{
    exit::{Exit, Failure, complain, say},
    runtime::stop_signal,
};

/// Arguments of `photo clean`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder for the copies, which keep their file names; nothing is overwritten
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Tells the SHA-256 of each copy
    #[arg(long)]
    sha256: bool,
    /// The pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) async fn run(darkroom: &Darkroom, arguments: &Arguments) -> Result<Exit, Failure> {
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let (mut written, mut refused) = (0, 0);
    let desk = Desk {
        darkroom: darkroom.clone(),
        out: arguments.out.clone(),
        sha256: arguments.sha256,
    };
    let work = |files: Vec<PathBuf>| {
        let desk = desk.clone();
        async move { desk.clean(files).await }
    };
    let size = arguments.files.len().div_ceil(many::at_once());
    let size = size.min(tray::MOST);
    let cleaning = many::each_tray(&arguments.files, size, work, |file, result| match result {
        Ok(line) => {
            written += 1;
            say(line)
        }
        Err(why) => {
            refused += 1;
            complain(&format!("error: {}: {why}", file.display()));
            Ok(())
        }
    });
    tokio::select! {
        done = cleaning => done?,
        // what is half written goes with the work in hand
        () = stop_signal() => return Err(anyhow!("stopped; the copies that were named stay").into()),
    }
    if arguments.files.len() > 1 {
        let copies = count(written, "clean copy", "clean copies");
        say(format_args!(
            "{copies} written, {} refused.",
            count(refused, "picture", "pictures")
        ))?;
    }
    Ok(match refused {
        0 => Exit::Success,
        _ => Exit::PartlyRead,
    })
}

/// Where copies are made and put.
#[derive(Clone)]
struct Desk {
    darkroom: Darkroom,
    out: PathBuf,
    sha256: bool,
}

impl Desk {
    /// Cleans a few pictures in one child, and those that this was not enough for in one each.
    async fn clean(self, files: Vec<PathBuf>) -> Vec<Result<String, String>> {
        let out = self.out.clone();
        let drafts: Vec<_> = files.iter().map_while(|_| draft(&out).ok()).collect();
        let places = files.iter().zip(&drafts);
        let places: Vec<_> = places
            .map(|(file, draft)| Place {
                picture: file.clone(),
                copy: draft.path().to_path_buf(),
            })
            .collect();
        let written = self.darkroom.clean_tray(&places).await;
        let mut drafts = drafts.into_iter().zip(written);
        let mut lines = Vec::new();
        for file in files {
            // a draft that will not be used makes room first
            let kept = drafts
                .next()
                .and_then(|(draft, written)| Some((draft, written?)));
            let line = match kept {
                Some((draft, written)) => self.keep(draft, written, file).await,
                None => self.clean_alone(file).await,
            };
            lines.push(line.map_err(|error| format!("{error:#}")));
        }
        lines
    }

    /// Gives a copy that a child has written its name.
    async fn keep(
        &self,
        draft: NamedTempFile,
        written: Written,
        file: PathBuf,
    ) -> anyhow::Result<String> {
        let (out, sha256) = (self.out.clone(), self.sha256);
        let keeping = tokio::task::spawn_blocking(move || {
            let sha256 = sha256.then(|| fs::read(draft.path())).transpose()?;
            let sha256 = sha256.map(|bytes| sha256_hex(&bytes));
            let target = out.join(copy_name(&file, &written.format, &written.format)?);
            put(draft, &target)?;
            Ok(line(&target, &written.removed, false, sha256))
        });
        keeping.await.context("the writer stopped").flatten()
    }

    async fn clean_alone(&self, file: PathBuf) -> anyhow::Result<String> {
        let developed = develop(&self.darkroom, &file, Asked::COPY).await;
        let developed = developed.map_err(anyhow::Error::msg)?;
        let (out, sha256) = (self.out.clone(), self.sha256);
        let writing =
            tokio::task::spawn_blocking(move || write_copy(developed, &file, &out, sha256));
        writing.await.context("the writer stopped").flatten()
    }
}

fn write_copy(
    developed: Developed,
    file: &Path,
    out: &Path,
    sha256: bool,
) -> anyhow::Result<String> {
    let format = developed.read.format;
    let (copy, bytes) = match (developed.read.clean, developed.clean) {
        (Ok(copy), Some(bytes)) => (copy, bytes),
        (Err(fault), _) => bail!("{}", MediumFault::describe(&fault)),
        (Ok(_), None) => bail!("the clean copy is missing"),
    };
    let target = out.join(copy_name(file, &format, &copy.format)?);
    let mut draft = draft(out)?;
    draft
        .write_all(&bytes)
        .with_context(|| format!("cannot write {}", target.display()))?;
    put(draft, &target)?;
    let sha256 = sha256.then_some(copy.sha256);
    Ok(line(&target, &copy.removed, copy.re_encoded, sha256))
}

fn line(
    target: &Path,
    removed: &[MetadataKind],
    re_encoded: bool,
    sha256: Option<String>,
) -> String {
    let sha256 = sha256.map_or_else(String::new, |hash| format!("; sha256 {hash}"));
    let done = what_was_done(removed, re_encoded);
    format!("{}: {done}{sha256}", target.display())
}

/// The file's own name, with the ending of the copy's format where that is another one.
fn copy_name(file: &Path, format: &str, copy_format: &str) -> anyhow::Result<OsString> {
    let name = file.file_name().context("has no file name")?;
    if copy_format.is_empty() || format == copy_format {
        return Ok(name.to_owned());
    }
    let ending = match copy_format {
        "jpeg" => "jpg",
        other => other,
    };
    Ok(Path::new(name).with_extension(ending).into_os_string())
}

fn what_was_done(removed: &[MetadataKind], re_encoded: bool) -> String {
    let removed: Vec<_> = removed.iter().map(|kind| kind.code()).collect();
    let removed = match removed.is_empty() {
        true => "nothing to remove".to_owned(),
        false => format!("removed {}", removed.join(", ")),
    };
    match re_encoded {
        true => format!("{removed}; pixels compressed anew"),
        false => removed,
    }
}

/// A file without its name yet, in the folder of the copies.
fn draft(out: &Path) -> anyhow::Result<NamedTempFile> {
    NamedTempFile::new_in(out).with_context(|| format!("cannot write in {}", out.display()))
}

/// Gives a copy its name, which no other file may have.
fn put(draft: NamedTempFile, target: &Path) -> anyhow::Result<()> {
    draft
        .persist_noclobber(target)
        .map_err(|error| error.error)
        .with_context(|| match target.symlink_metadata() {
            Ok(_) => format!(
                "cannot write {}: a file of that name is already there",
                target.display()
            ),
            Err(_) => format!("cannot write {}", target.display()),
        })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_its_name_and_takes_the_ending_of_its_format() {
        let name = |file: &str, format: &str, copy: &str| {
            copy_name(Path::new(file), format, copy)
                .unwrap()
                .into_string()
                .unwrap()
        };
        assert_eq!(name("a/IMG_1.JPG", "jpeg", "jpeg"), "IMG_1.JPG");
        assert_eq!(name("IMG_1.HEIC", "heic", "jpeg"), "IMG_1.jpg");
        assert_eq!(name("scan.tif", "tiff", "png"), "scan.png");
        assert_eq!(name("noending", "heic", "jpeg"), "noending.jpg");
        assert!(copy_name(Path::new("/"), "jpeg", "jpeg").is_err());
    }
}
