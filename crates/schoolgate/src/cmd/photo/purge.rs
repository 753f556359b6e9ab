//! `photo purge`: a compromising picture is taken back for good (rule I7). The record first, the files after it: should
//! this be cut short, the service clears away the rest.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use schoolgate_darkroom::{Asked, Darkroom, MediaRoot, MediaStore};
use schoolgate_intake::{Places, remove_files};
use schoolgate_model::{Clock as _, ItemKind, KnownList, MediumVerdict, SystemClock};
use schoolgate_school::Schools;
use schoolgate_store::{NewKnown, PictureReason, Removal, Store};

use crate::{
    cmd::user::{Place, open_store},
    exit::{Exit, Failure, complain, say},
    runtime::{load_schools, media_store},
};

/// Who the trail says that it was.
pub(super) const BY: &str = "cli";
/// How many revisions of an item are looked through, from the newest on.
const MAX_REVISIONS: u32 = 1_000;

/// Arguments of `photo purge`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The item that shows it, by the producer's id, or the SHA-256 of the picture or of its clean copy
    #[arg(value_name = "ITEM|SHA256")]
    what: String,
    /// Why: compromising, consent, request, mistake or other
    #[arg(long, value_name = "REASON", value_parser = reason)]
    reason: PictureReason,
    /// The school's folder name; may be left out where one school has the item. A SHA-256 counts for every school otherwise
    #[arg(long, value_name = "SLUG")]
    school: Option<String>,
    /// Also lists the picture, so that its copies are found again: do_not_publish or withdrawn
    #[arg(long, value_name = "LIST", value_parser = known_list)]
    also_list: Option<KnownList>,
    /// The folder that pictures' paths are relative to
    #[arg(long, value_name = "DIR")]
    media_root: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

pub(super) fn reason(text: &str) -> Result<PictureReason, String> {
    PictureReason::from_code(text).ok_or_else(|| {
        let codes = PictureReason::ALL.map(PictureReason::code);
        format!("write one of {}", codes.join(", "))
    })
}

pub(super) fn known_list(text: &str) -> Result<KnownList, String> {
    match text {
        "do_not_publish" => Ok(KnownList::DoNotPublish),
        "withdrawn" => Ok(KnownList::Withdrawn),
        _ => Err("write do_not_publish or withdrawn".to_owned()),
    }
}

/// The hashes of one picture in one school.
struct Picture {
    school: String,
    hashes: Vec<String>,
}

pub async fn run(
    config: &Path,
    darkroom: &Darkroom,
    arguments: &Arguments,
) -> Result<Exit, Failure> {
    let mut settings = arguments.place.settings(config)?;
    if let Some(root) = &arguments.media_root {
        settings.media_root = Some(root.clone());
    }
    let schools = load_schools(config)?;
    let store = open_store(&settings).await?;
    let places = Places {
        media: media_store(&settings)?,
        root: MediaRoot::new(settings.inbox()),
    };
    let pictures = wanted(&store, &schools, arguments).await?;
    let mut whole = true;
    for picture in &pictures {
        whole &= purge(&store, &places, darkroom, arguments, picture).await?;
    }
    Ok(if whole { Exit::Success } else { Exit::No })
}

/// Which pictures are meant.
async fn wanted(
    store: &Store,
    schools: &Schools,
    arguments: &Arguments,
) -> anyhow::Result<Vec<Picture>> {
    let slugs: Vec<String> = match &arguments.school {
        Some(slug) if schools.by_slug.keys().any(|known| known.as_str() == slug) => {
            vec![slug.clone()]
        }
        Some(_) => bail!("--school is not a folder under schools/"),
        None => schools.by_slug.keys().map(ToString::to_string).collect(),
    };
    let what = arguments.what.trim().to_lowercase();
    if what.len() == 64 && what.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let picture = |school| Picture {
            school,
            hashes: vec![what.clone()],
        };
        return Ok(slugs.into_iter().map(picture).collect());
    }
    let mut found = Vec::new();
    for school in slugs {
        for kind in [ItemKind::Draft, ItemKind::Comment] {
            let media = shown(store, &school, kind, arguments.what.trim()).await?;
            if !media.is_empty() {
                found.push((school.clone(), media));
            }
        }
    }
    let (school, media) = match found.pop() {
        None => bail!("there is no item with this id that shows a picture which was read"),
        Some(_) if !found.is_empty() => {
            bail!(
                "several items have this id; name the school with --school, or the picture by its SHA-256"
            )
        }
        Some(only) => only,
    };
    let picture = |medium: MediumVerdict| Picture {
        school: school.clone(),
        hashes: [medium.sha256, medium.clean_sha256]
            .into_iter()
            .flatten()
            .collect(),
    };
    Ok(media.into_iter().map(picture).collect())
}

/// The pictures of every revision of an item.
async fn shown(
    store: &Store,
    school: &str,
    kind: ItemKind,
    id: &str,
) -> anyhow::Result<Vec<MediumVerdict>> {
    let mut media: Vec<MediumVerdict> = Vec::new();
    let Some(state) = store.item_state(school, kind, id).await? else {
        return Ok(media);
    };
    for revision in (1..=state.revision).rev().take(MAX_REVISIONS as usize) {
        let verdict = store.verdict(school, kind, id, Some(revision)).await?;
        for medium in verdict.into_iter().flat_map(|stored| stored.verdict.media) {
            let is_new = media.iter().all(|known| known.sha256 != medium.sha256);
            if medium.sha256.is_some() && is_new {
                media.push(medium);
            }
        }
    }
    Ok(media)
}

/// Removes one picture; false where a file is left for the service to clear away.
async fn purge(
    store: &Store,
    places: &Places,
    darkroom: &Darkroom,
    arguments: &Arguments,
    picture: &Picture,
) -> anyhow::Result<bool> {
    let removal = Removal {
        school: picture.school.clone(),
        sha256: picture.hashes.clone(),
        by: BY.to_owned(),
        reason: arguments.reason,
    };
    let listed = match arguments.also_list {
        Some(list) => {
            Some(recognised(&places.media, darkroom, picture, list, arguments.reason).await?)
        }
        None => None,
    };
    let done = store
        .remove_pictures(&removal, listed.as_ref(), SystemClock.now())
        .await?;
    let cleared = remove_files(store, places, &removal.school, &done.sha256).await;
    say(format_args!(
        "{}: removed; items that showed it and cannot be published with it any more: {}",
        removal.school,
        done.items.len()
    ))?;
    if listed.is_some_and(|known| known.likeness.is_empty()) {
        complain(
            "warning: no copy of the picture was left to learn from, so only the very same file will be found again",
        );
    }
    if let Err(error) = &cleared {
        complain(&format!(
            "warning: a file could not be removed yet ({error:#}); the service tries again"
        ));
    }
    Ok(cleared.is_ok())
}

/// How a picture is listed: by what its clean copy can be recognised by, where there still is one.
async fn recognised(
    media: &MediaStore,
    darkroom: &Darkroom,
    picture: &Picture,
    list: KnownList,
    reason: PictureReason,
) -> anyhow::Result<NewKnown> {
    let (media, hashes) = (media.clone(), picture.hashes.clone());
    let reading = move || hashes.iter().find_map(|hash| media.get(hash));
    let copy = tokio::task::spawn_blocking(reading).await?;
    let asked = Asked {
        likeness: true,
        ..Asked::PROOF
    };
    let likeness = match copy {
        Some(bytes) => darkroom
            .develop_asked(bytes, asked)
            .await
            .ok()
            .and_then(|developed| developed.likeness),
        None => None,
    };
    Ok(NewKnown {
        sha256: picture
            .hashes
            .first()
            .cloned()
            .context("a picture without a hash")?,
        list,
        fingerprint: likeness
            .as_ref()
            .map(|found| found.fingerprint().to_string()),
        likeness: likeness.map_or_else(Vec::new, |found| found.without_sketch().to_bytes()),
        sketch: Vec::new(),
        copy_sha256: None,
        reason,
    })
}
