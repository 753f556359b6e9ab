//! `photo list`: the pictures that may not be published. What is added counts for the very next item, in every process.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use schoolgate_darkroom::{Asked, Darkroom, MediaStore, read_file, sha256_hex};
use schoolgate_media::Likeness;
use schoolgate_model::{Clock as _, KnownList, SystemClock};
use schoolgate_store::{NewKnown, PictureReason, Store, StoreError, StoredKnown};
use serde_json::json;

use super::purge::{BY, known_list, reason};
use crate::{
    cmd::user::{Place, open_store},
    exit::{Exit, Failure, complain, say},
    runtime::{load_schools, media_store},
};

/// The commands about known pictures.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lists pictures; their copies, whole or in part, are held from now on
    #[command(
        after_help = "Example:\n  schoolgate photo list add --school st-saviours --reason consent leavers-2025.jpg"
    )]
    Add(Add),
    /// Takes pictures off the list
    #[command(
        after_help = "Example:\n  schoolgate photo list remove --school st-saviours leavers-2025.jpg"
    )]
    Remove(Remove),
    /// Shows which pictures are listed, by their SHA-256
    #[command(after_help = "Example:\n  schoolgate photo list show --school st-saviours --json")]
    Show(Show),
}

/// Which school's list, in which store.
#[derive(Debug, Args)]
struct Which {
    /// The school's folder name; may be left out where there is one school
    #[arg(long, value_name = "SLUG")]
    school: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Arguments of `photo list add`.
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    which: Which,
    /// Why it is listed: do_not_publish, or withdrawn for one that was published and taken back
    #[arg(long, value_name = "LIST", default_value = "do_not_publish", value_parser = known_list)]
    list: KnownList,
    /// The reason: compromising, consent, request, mistake or other
    #[arg(long, value_name = "REASON", default_value = "request", value_parser = reason)]
    reason: PictureReason,
    /// Keeps no copy for those who may compare a match with it
    #[arg(long)]
    no_copy: bool,
    /// The pictures
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Arguments of `photo list remove`.
#[derive(Debug, Args)]
pub struct Remove {
    #[command(flatten)]
    which: Which,
    /// The pictures, or their SHA-256
    #[arg(required = true, value_name = "FILE|SHA256")]
    pictures: Vec<String>,
}

/// Arguments of `photo list show`.
#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    which: Which,
    /// One JSON object a picture
    #[arg(long)]
    json: bool,
}

/// One school's list.
struct Listing {
    store: Store,
    media: MediaStore,
    school: String,
}

pub async fn run(config: &Path, darkroom: &Darkroom, command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Add(arguments) => {
            let listing = open(config, &arguments.which).await?;
            let mut exit = Exit::Success;
            for file in &arguments.files {
                match listing.add(darkroom, arguments, file).await {
                    Ok(line) => say(format_args!("{}: {line}", file.display()))?,
                    Err(error) => {
                        exit = Exit::PartlyRead;
                        complain(&format!("error: {}: {error:#}", file.display()));
                    }
                }
            }
            Ok(exit)
        }
        Command::Remove(arguments) => {
            let listing = open(config, &arguments.which).await?;
            let mut exit = Exit::Success;
            for picture in &arguments.pictures {
                if listing.remove(picture).await? {
                    say(format_args!("{picture}: not listed any more"))?;
                } else {
                    exit = Exit::No;
                    complain(&format!("error: {picture}: is not on this school's list"));
                }
            }
            Ok(exit)
        }
        Command::Show(arguments) => {
            let listing = open(config, &arguments.which).await?;
            let known = listing
                .store
                .known_pictures(&listing.school, u32::MAX)
                .await?;
            if known.is_empty() && !arguments.json {
                say("No picture is listed.")?;
            }
            for known in &known {
                show(known, arguments.json)?;
            }
            if known.iter().any(|known| is_outdated(&known.picture)) {
                complain(&format!(
                    "warning: some were listed by another version of this program; {LIST_ANEW}"
                ));
            }
            Ok(Exit::Success)
        }
    }
}

async fn open(config: &Path, which: &Which) -> Result<Listing, Failure> {
    let settings = which.place.settings(config)?;
    let schools = load_schools(config)?;
    let school = schools
        .resolve(which.school.as_deref())
        .context("name the school with --school: the name of its folder under schools/")?;
    Ok(Listing {
        store: open_store(&settings).await?,
        media: media_store(&settings)?,
        school: school.to_string(),
    })
}

impl Listing {
    /// Lists one file. One that does not open is listed by its bytes all the same, and that is told as a fault.
    async fn add(
        &self,
        darkroom: &Darkroom,
        arguments: &Add,
        file: &Path,
    ) -> anyhow::Result<&'static str> {
        let limit = schoolgate_media::Limits::default().max_bytes;
        let bytes = read_file(file, limit).map_err(anyhow::Error::from)?;
        let sha256 = sha256_hex(&bytes);
        let asked = Asked {
            likeness: true,
            ..Asked::PROOF
        };
        let developed = darkroom.develop_asked(bytes, asked).await;
        let (clean, likeness) = match developed {
            Ok(developed) => (developed.clean, developed.likeness),
            Err(_) => (None, None),
        };
        let copy = clean.filter(|_| !arguments.no_copy);
        let copy_sha256 = self.keep(&sha256, copy).await?;
        let sketched = likeness.as_ref().filter(|_| copy_sha256.is_some());
        let known = NewKnown {
            sketch: sketched.map_or_else(Vec::new, |found| found.sketch_bytes()),
            copy_sha256,
            sha256,
            list: arguments.list,
            fingerprint: likeness
                .as_ref()
                .map(|found| found.fingerprint().to_string()),
            likeness: likeness
                .clone()
                .map_or_else(Vec::new, |found| found.without_sketch().to_bytes()),
            reason: arguments.reason,
        };
        let now = SystemClock.now();
        self.store.known_add(&self.school, &known, BY, now).await?;
        if likeness.is_none() {
            bail!(
                "is listed, but it does not open: only the very same file will be found, no copy of it"
            );
        }
        Ok("is listed; its copies are held from now on")
    }

    /// Keeps the copy for comparing, unless the school has taken the picture back: of that nothing is kept.
    async fn keep(&self, sha256: &str, copy: Option<Vec<u8>>) -> anyhow::Result<Option<String>> {
        let Some(bytes) = copy else { return Ok(None) };
        let clean = sha256_hex(&bytes);
        for hash in [sha256, &clean] {
            if self.store.tombstone(&self.school, hash).await?.is_some() {
                return Ok(None);
            }
        }
        let media = self.media.clone();
        tokio::task::spawn_blocking(move || media.put(&bytes))
            .await?
            .context("the copy for comparing cannot be kept")?;
        Ok(Some(clean))
    }

    /// Takes one picture off the list, and its copy away where nothing else needs it.
    async fn remove(&self, picture: &str) -> anyhow::Result<bool> {
        let is_hash = picture.len() == 64 && picture.bytes().all(|b| b.is_ascii_hexdigit());
        let sha256 = if is_hash {
            picture.to_lowercase()
        } else {
            let limit = schoolgate_media::Limits::default().max_bytes;
            sha256_hex(&read_file(Path::new(picture), limit).map_err(anyhow::Error::from)?)
        };
        let removed = self
            .store
            .known_remove(&self.school, &sha256, BY, SystemClock.now())
            .await?;
        let Some(known) = removed else {
            return Ok(false);
        };
        if let Some(copy) = known.picture.copy_sha256
            && !self.store.copy_needed(&copy).await?
        {
            let media = self.media.clone();
            tokio::task::spawn_blocking(move || media.remove(&copy))
                .await?
                .context("it is off the list, but its copy cannot be removed")?;
        }
        Ok(true)
    }
}

/// Tells whether what a listed picture is recognised by was noted by another version of the program. Nobody can compare it
/// then, and every picture of the school is held.
fn is_outdated(picture: &NewKnown) -> bool {
    !picture.likeness.is_empty() && Likeness::from_bytes(&picture.likeness).is_none()
}

/// How many of a school's listed pictures were noted by another version of the program.
///
/// # Errors
/// When the list cannot be read.
pub async fn outdated(store: &Store, school: &str) -> Result<usize, StoreError> {
    let known = store.known_pictures(school, u32::MAX).await?;
    let outdated = known.iter().filter(|known| is_outdated(&known.picture));
    Ok(outdated.count())
}

/// What to do about them.
pub const LIST_ANEW: &str = "list the same files anew with `schoolgate photo list add`, or take them off with `schoolgate photo list remove SHA256`; until then every picture is held";

fn show(known: &StoredKnown, as_json: bool) -> std::io::Result<()> {
    let picture = &known.picture;
    let list = match picture.list {
        KnownList::DoNotPublish => "do_not_publish",
        KnownList::Withdrawn => "withdrawn",
    };
    let outdated = is_outdated(picture);
    let recognised = !picture.likeness.is_empty() && !outdated;
    if as_json {
        return say(json!({
            "sha256": picture.sha256, "list": list, "reason": picture.reason.code(),
            "listed_at": known.listed_at.to_string(), "listed_by": known.listed_by,
            "finds_copies": recognised, "outdated": outdated, "has_copy": picture.copy_sha256.is_some(),
        }));
    }
    let extent = match (outdated, recognised) {
        (true, _) => "list it anew",
        (_, true) => "copies too",
        _ => "same file only",
    };
    say(format_args!(
        "{}  {list:<14}  {:<12}  {extent:<14}  since {}",
        picture.sha256,
        picture.reason.code(),
        known.listed_at.strftime("%Y-%m-%d")
    ))
}
