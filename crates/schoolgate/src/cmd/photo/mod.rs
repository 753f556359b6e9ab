//! `photo`: what a picture's file gives away, a copy that gives nothing away, taking pictures back, and listing those that
//! may not be published.

mod clean;
mod inspect;
mod list;
mod many;
mod purge;

pub use list::{LIST_ANEW, outdated};

use std::path::Path;

use clap::Subcommand;
use schoolgate_darkroom::{Asked, Darkroom, DarkroomSettings, Developed, read_file};

use crate::{
    exit::{Exit, Failure},
    runtime::{darkroom_settings, tokio_runtime},
};

/// What to do with the pictures.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reports what each picture's file gives away; exit code 1 when something identifying was found
    #[command(
        after_help = "Example:\n  schoolgate photo inspect fixtures/demo/photos/sports-day-relay.jpg\n  schoolgate photo inspect --json holiday.jpg\n  schoolgate photo inspect --hash holiday.jpg"
    )]
    Inspect(inspect::Arguments),
    /// Writes a copy of each picture without hidden details, and proves it
    #[command(
        after_help = "Example:\n  schoolgate photo clean --out cleaned fixtures/demo/photos/sports-day-relay.jpg"
    )]
    Clean(clean::Arguments),
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

pub fn run(config: &Path, command: Command) -> Result<Exit, Failure> {
    let runtime = tokio_runtime()?;
    let darkroom = Darkroom::new(DarkroomSettings {
        children: many::at_once(),
        ..darkroom_settings()?
    });
    match command {
        Command::Inspect(arguments) => runtime.block_on(inspect::run(&darkroom, &arguments)),
        Command::Clean(arguments) => runtime.block_on(clean::run(&darkroom, &arguments)),
        Command::Purge(arguments) => runtime.block_on(purge::run(config, &darkroom, &arguments)),
        Command::List(command) => runtime.block_on(list::run(config, &darkroom, &command)),
    }
}

async fn develop(darkroom: &Darkroom, file: &Path, asked: Asked) -> Result<Developed, String> {
    let limit = schoolgate_media::Limits::default().max_bytes;
    let file = file.to_path_buf();
    let bytes = tokio::task::spawn_blocking(move || read_file(&file, limit))
        .await
        .map_err(|_| "the file reader stopped".to_owned())?
        .map_err(|unread| unread.to_string())?;
    darkroom
        .develop_asked(bytes, asked)
        .await
        .map_err(|fault| fault.describe())
}

/// How many of something there are, in words.
fn count(of: usize, one: &str, many: &str) -> String {
    match of {
        1 => format!("1 {one}"),
        _ => format!("{of} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_regular_file_is_never_read() {
        let darkroom = Darkroom::new(DarkroomSettings::new("/bin/false".into()));
        let folder = tempfile::tempdir().unwrap();
        for path in [Path::new("/dev/null"), folder.path()] {
            let refused = develop(&darkroom, path, Asked::COPY).await.unwrap_err();
            assert_eq!(refused, "is not a regular file");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_too_large_is_refused_before_the_reader_is_started() {
        let darkroom = Darkroom::new(DarkroomSettings::new("/bin/false".into()));
        let file = tempfile::NamedTempFile::new().unwrap();
        let limit = schoolgate_media::Limits::default().max_bytes;
        file.as_file().set_len(limit + 1).unwrap();
        let refused = develop(&darkroom, file.path(), Asked::COPY)
            .await
            .unwrap_err();
        assert_eq!(refused, "is too large: more than 50 MB");
        file.as_file().set_len(limit).unwrap();
        let started = develop(&darkroom, file.path(), Asked::COPY)
            .await
            .unwrap_err();
        assert!(started.contains("status 1"), "{started}");
    }
}
