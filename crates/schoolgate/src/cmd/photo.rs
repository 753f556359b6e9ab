//! `photo inspect|clean`: what a picture's file gives away, and a copy that gives nothing away. Taking pictures back and
//! listing those that may not be published stand in files of their own.

mod list;
mod purge;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use schoolgate_darkroom::{Darkroom, Developed, read_file};
use schoolgate_model::{MediumFault, MetadataKind, ReadMedium};
use serde_json::{Value, json};

use crate::{
    exit::{Exit, Failure, complain, say},
    runtime::{darkroom, tokio_runtime},
};

/// What to do with the pictures.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reports what each picture's file gives away; exit code 1 when something identifying was found
    #[command(
        after_help = "Example:\n  schoolgate photo inspect fixtures/demo/photos/sports-day-relay.jpg\n  schoolgate photo inspect --json holiday.jpg"
    )]
    Inspect(Inspect),
    /// Writes a copy of each picture without hidden details, and proves it
    #[command(
        after_help = "Example:\n  schoolgate photo clean --out cleaned fixtures/demo/photos/sports-day-relay.jpg"
    )]
    Clean(Clean),
    /// Takes a picture back for good: its file below the media root, its copies, the picture inside stored messages, and
    /// every approval of it
    #[command(
        after_help = "Example:\n  schoolgate photo purge d-1042 --reason compromising\n  schoolgate photo purge d-1042 --reason consent --also-list withdrawn"
    )]
    Purge(purge::Arguments),
    /// Looks after the pictures that may not be published
    #[command(subcommand)]
    List(list::Command),
}

/// Arguments of `photo inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// One JSON object a picture
    #[arg(long)]
    json: bool,
    /// The pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Arguments of `photo clean`.
#[derive(Debug, Args)]
pub struct Clean {
    /// The folder for the copies, which keep their file names; nothing is overwritten
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(config: &Path, command: Command) -> Result<Exit, Failure> {
    let (darkroom, runtime) = (darkroom(None, None)?, tokio_runtime()?);
    match command {
        Command::Inspect(arguments) => inspect(&darkroom, &runtime, &arguments),
        Command::Clean(arguments) => clean(&darkroom, &runtime, &arguments),
        Command::Purge(arguments) => runtime.block_on(purge::run(config, &darkroom, &arguments)),
        Command::List(command) => runtime.block_on(list::run(config, &darkroom, &command)),
    }
}

fn develop(
    darkroom: &Darkroom,
    runtime: &tokio::runtime::Runtime,
    file: &Path,
) -> Result<Developed, String> {
    let limit = schoolgate_media::Limits::default().max_bytes;
    let bytes = read_file(file, limit).map_err(|unread| unread.to_string())?;
    runtime
        .block_on(darkroom.develop(bytes))
        .map_err(|fault| fault.describe())
}

fn inspect(
    darkroom: &Darkroom,
    runtime: &tokio::runtime::Runtime,
    arguments: &Inspect,
) -> Result<Exit, Failure> {
    let (mut found, mut unread) = (false, false);
    for file in &arguments.files {
        match develop(darkroom, runtime, file) {
            Ok(developed) => {
                found |= !developed.read.metadata.is_empty();
                if arguments.json {
                    say(report_json(file, &developed.read))?;
                } else {
                    report_text(file, &developed.read)?;
                }
            }
            Err(why) => {
                unread = true;
                if arguments.json {
                    say(json!({"file": file, "error": why}))?;
                }
                complain(&format!("error: {}: {why}", file.display()));
            }
        }
    }
    Ok(match (unread, found) {
        (true, _) => Exit::PartlyRead,
        (false, true) => Exit::No,
        (false, false) => Exit::Success,
    })
}

fn report_json(file: &Path, read: &ReadMedium) -> Value {
    let entries: Vec<_> = read
        .metadata
        .iter()
        .map(|fact| json!({"type": fact.kind.code(), "tag": fact.tag, "text": fact.text.as_ref().map(|text| text.expose())}))
        .collect();
    json!({
        "file": file,
        "format": read.format,
        "width": read.width,
        "height": read.height,
        "sha256": read.sha256,
        "metadata": entries,
        "clean_sha256": read.clean.as_ref().ok().map(|clean| clean.sha256.clone()),
        "cannot_clean": read.clean.as_ref().err().map(MediumFault::describe),
    })
}

fn report_text(file: &Path, read: &ReadMedium) -> std::io::Result<()> {
    say(format_args!(
        "{}: {} picture, {} x {} pixels",
        file.display(),
        read.format.to_uppercase(),
        read.width,
        read.height
    ))?;
    let mut kinds: Vec<MetadataKind> = read.metadata.iter().map(|fact| fact.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        say("  The file gives nothing away besides the picture itself.")?;
    } else {
        say("  The file also says:")?;
    }
    for kind in kinds {
        say(format_args!("  - {}", kind.plain()))?;
        for fact in read
            .metadata
            .iter()
            .filter(|fact| fact.kind == kind)
            .take(8)
        {
            let text = fact
                .text
                .as_ref()
                .map_or("(data)", |text| text.expose().as_str());
            say(format_args!("      {}: {}", fact.tag, printable(text)))?;
        }
    }
    match &read.clean {
        Ok(_) => say("  A clean copy can be made: schoolgate photo clean --out DIR FILE"),
        Err(fault) => say(format_args!(
            "  No clean copy can be made: {}.",
            fault.describe()
        )),
    }
}

/// A terminal must not obey what a picture's file says.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(160)
        .collect()
}

fn clean(
    darkroom: &Darkroom,
    runtime: &tokio::runtime::Runtime,
    arguments: &Clean,
) -> Result<Exit, Failure> {
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let mut unread = false;
    for file in &arguments.files {
        match clean_one(darkroom, runtime, file, &arguments.out) {
            Ok(line) => say(line)?,
            Err(error) => {
                unread = true;
                complain(&format!("error: {}: {error:#}", file.display()));
            }
        }
    }
    Ok(if unread {
        Exit::PartlyRead
    } else {
        Exit::Success
    })
}

fn clean_one(
    darkroom: &Darkroom,
    runtime: &tokio::runtime::Runtime,
    file: &Path,
    out: &Path,
) -> anyhow::Result<String> {
    let developed = develop(darkroom, runtime, file).map_err(anyhow::Error::msg)?;
    let copy = match (developed.read.clean, developed.clean) {
        (Ok(copy), Some(bytes)) => (copy, bytes),
        (Err(fault), _) => bail!("{}", fault.describe()),
        (Ok(_), None) => bail!("the clean copy is missing"),
    };
    let name = file.file_name().context("has no file name")?;
    let target = out.join(name);
    write_new(&target, &copy.1).with_context(|| format!("cannot write {}", target.display()))?;
    let removed: Vec<_> = copy.0.removed.iter().map(|kind| kind.code()).collect();
    let removed = if removed.is_empty() {
        "nothing to remove".to_owned()
    } else {
        format!("removed {}", removed.join(", "))
    };
    Ok(format!(
        "{}: {removed}; sha256 {}",
        target.display(),
        copy.0.sha256
    ))
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
    use schoolgate_darkroom::DarkroomSettings;

    use super::*;

    #[test]
    fn what_is_no_regular_file_is_never_read() {
        let darkroom = Darkroom::new(DarkroomSettings::new("/bin/false".into()));
        let runtime = tokio_runtime().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for path in [Path::new("/dev/null"), folder.path()] {
            let refused = develop(&darkroom, &runtime, path).unwrap_err();
            assert_eq!(refused, "is not a regular file");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_before_the_reader_is_started() {
        let darkroom = Darkroom::new(DarkroomSettings::new("/bin/false".into()));
        let runtime = tokio_runtime().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        let limit = schoolgate_media::Limits::default().max_bytes;
        file.as_file().set_len(limit + 1).unwrap();
        let refused = develop(&darkroom, &runtime, file.path()).unwrap_err();
        assert_eq!(refused, "is too large: more than 50 MB");
        file.as_file().set_len(limit).unwrap();
        let started = develop(&darkroom, &runtime, file.path()).unwrap_err();
        assert!(started.contains("status 1"), "{started}");
    }
}
