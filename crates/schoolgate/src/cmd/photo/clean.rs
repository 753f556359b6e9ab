//! `photo clean`: the copies that may be shown to anybody.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Args;
use schoolgate_darkroom::{Darkroom, Developed};
use schoolgate_model::{CleanCopy, MediumFault};

use super::{count, develop, many};
use crate::exit::{Exit, Failure, complain, say};

/// Arguments of `photo clean`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder for the copies, which keep their file names; nothing is overwritten
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) async fn run(darkroom: &Darkroom, arguments: &Arguments) -> Result<Exit, Failure> {
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let (mut written, mut refused) = (0, 0);
    let work = |file: PathBuf| {
        let (darkroom, out) = (darkroom.clone(), arguments.out.clone());
        async move {
            let developed = develop(&darkroom, &file).await?;
            let writing = tokio::task::spawn_blocking(move || write_copy(developed, &file, &out));
            let written = writing.await.context("the writer stopped").flatten();
            written.map_err(|error| format!("{error:#}"))
        }
    };
    many::each(&arguments.files, work, |file, result| match result {
        Ok(line) => {
            written += 1;
            say(line)
        }
        Err(why) => {
            refused += 1;
            complain(&format!("error: {}: {why}", file.display()));
            Ok(())
        }
    })
    .await?;
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

fn write_copy(developed: Developed, file: &Path, out: &Path) -> anyhow::Result<String> {
    let format = developed.read.format;
    let (copy, bytes) = match (developed.read.clean, developed.clean) {
        (Ok(copy), Some(bytes)) => (copy, bytes),
        (Err(fault), _) => bail!("{}", MediumFault::describe(&fault)),
        (Ok(_), None) => bail!("the clean copy is missing"),
    };
    let target = out.join(copy_name(file, &format, &copy.format)?);
    write_new(&target, &bytes).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(format!(
        "{}: {}; sha256 {}",
        target.display(),
        what_was_done(&copy),
        copy.sha256
    ))
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

fn what_was_done(copy: &CleanCopy) -> String {
    let removed: Vec<_> = copy.removed.iter().map(|kind| kind.code()).collect();
    let removed = match removed.is_empty() {
        true => "nothing to remove".to_owned(),
        false => format!("removed {}", removed.join(", ")),
    };
    match copy.re_encoded {
        true => format!("{removed}; pixels compressed anew"),
        false => removed,
    }
}

/// Writes a file that does not exist yet, whole or not at all.
fn write_new(target: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = target.parent().context("has no folder")?;
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut draft, bytes)?;
    draft
        .persist_noclobber(target)
        .map_err(|error| error.error)
        .context("a file of that name is already there")?;
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
