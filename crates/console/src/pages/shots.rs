//! The pictures of an item as its page shows them: the clean copy, who is said to be in it, what its file said, what it
//! is a copy of, and what is left of it where it was removed.

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use schoolgate_model::{KnownList, KnownPicture, MediumVerdict};
use schoolgate_policy::person::may_keep_back;
use schoolgate_store::PictureReason;

use super::{
    fault::PageFault,
    item,
    lists::Names,
    opened::{self, Actor, Opened},
    permission::{Pupils, Shown},
    reading::{self, Picture},
    report::{self, Report},
    visitor::Visitor,
    words,
};
use crate::{Console, limits::Desk};

/// One picture with everything that is told about it.
pub(crate) struct Shot {
    pub(crate) picture: Picture,
    pub(crate) report: Report,
    pub(crate) pupils: Vec<Shown>,
    pub(crate) known: Vec<KnownShot>,
    pub(crate) removed: Option<String>,
    /// Where it can be kept from being published.
    pub(crate) keep_back: Option<String>,
}

/// A listed picture that it shows again.
pub(crate) struct KnownShot {
    pub(crate) title: &'static str,
    pub(crate) how: &'static str,
    pub(crate) listed: String,
    pub(crate) address: Option<String>,
}

/// Whether the visitor compares pictures with known ones and keeps them back. Nobody does with one that may be an
/// indecent image of a child.
pub(crate) fn is_entitled(opened: &Opened, actor: &Actor) -> bool {
    !reading::is_suspect(&opened.view.verdict.verdict)
        && may_keep_back(&actor.person(), &opened.matter()).is_ok()
}

/// Every picture of the item.
pub(crate) async fn shots(
    console: &Console,
    opened: &Opened,
    actor: &Actor,
    names: &Names,
    reveals: bool,
    now: Timestamp,
) -> Result<Vec<Shot>, PageFault> {
    let (item, verdict) = (&opened.item, &opened.view.verdict.verdict);
    let key = &opened.view.item.key;
    let envelope = &item.envelope;
    let pupils = Pupils::of(console, &envelope.school, envelope.platform.as_deref());
    let entitled = is_entitled(opened, actor);
    let pictures = reading::pictures(key, item, verdict);
    let mut shots = Vec::with_capacity(pictures.len());
    for (number, (mut picture, medium)) in (1..).zip(pictures.into_iter().zip(&item.content.media))
    {
        let answer = verdict.media.iter().find(|answer| answer.id == medium.id);
        let removed = removed(console, opened, answer, names, now).await?;
        if removed.is_some() {
            picture.address = None;
        }
        let known = match answer.filter(|_| entitled) {
            Some(answer) => known(console, opened, answer, names, now).await?,
            None => Vec::new(),
        };
        let has_hash = answer.is_some_and(|answer| answer.sha256.is_some());
        shots.push(Shot {
            report: report::report(verdict, &medium.id, reveals),
            pupils: pupils.with_ids(medium.pupils.as_deref().unwrap_or_default()),
            keep_back: (entitled && has_hash && removed.is_none())
                .then(|| format!("/items/{key}/pictures/{number}/keep-back")),
            picture,
            known,
            removed,
        });
    }
    Ok(shots)
}

/// Who removed it, when and why.
async fn removed(
    console: &Console,
    opened: &Opened,
    answer: Option<&MediumVerdict>,
    names: &Names,
    now: Timestamp,
) -> Result<Option<String>, PageFault> {
    let school = &opened.view.item.school;
    let hashes: Vec<String> = match answer {
        Some(answer) => [answer.sha256.clone(), answer.clean_sha256.clone()]
            .into_iter()
            .flatten()
            .collect(),
        None => Vec::new(),
    };
    for hash in hashes {
        if let Some(stone) = console.store.tombstone(school, &hash).await? {
            return Ok(Some(format!(
                "This picture was removed by {}, {}. Reason: {}. It is kept nowhere here any more.",
                names.of(&stone.by),
                words::moment(stone.at, now),
                reason(stone.reason).to_lowercase()
            )));
        }
    }
    Ok(None)
}

/// The listed pictures that it shows again.
async fn known(
    console: &Console,
    opened: &Opened,
    answer: &MediumVerdict,
    names: &Names,
    now: Timestamp,
) -> Result<Vec<KnownShot>, PageFault> {
    let item = &opened.view.item;
    let mut shown = Vec::with_capacity(answer.known.len());
    for found in &answer.known {
        let listed = console
            .store
            .known_picture(&item.school, &found.sha256)
            .await?;
        shown.push(KnownShot {
            title: title(found.list),
            how: how(found),
            listed: match &listed {
                Some(listed) => format!(
                    "Listed by {}, {}. Reason: {}.",
                    names.of(&listed.listed_by),
                    words::moment(listed.listed_at, now),
                    reason(listed.picture.reason).to_lowercase()
                ),
                None => "It is in the school’s folder of pictures, or has been taken off the list since.".to_owned(),
            },
            address: listed
                .and_then(|listed| listed.picture.copy_sha256)
                .map(|_| format!("/items/{}/known/{}", item.key, found.sha256)),
        });
    }
    Ok(shown)
}

/// Why it is listed, as a title.
const fn title(list: KnownList) -> &'static str {
    match list {
        KnownList::DoNotPublish => "May never be published",
        KnownList::Withdrawn => "Was taken back",
    }
}

const fn how(found: &KnownPicture) -> &'static str {
    match found.same_bytes {
        true => "It is the same file.",
        false => "It is a copy of this picture, or shows a part of it.",
    }
}

/// A reason in words.
pub(crate) const fn reason(reason: PictureReason) -> &'static str {
    match reason {
        PictureReason::Compromising => "It shows somebody as nobody should be shown",
        PictureReason::Consent => "Consent was refused or withdrawn",
        PictureReason::Request => "Somebody in it asked",
        PictureReason::Mistake => "It was sent by mistake",
        PictureReason::Other => "Another reason",
    }
}

/// The kept copy of a listed picture that an item shows again, for those who compare the two.
pub(crate) async fn known_copy(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, PageFault> {
    let Path((key, sha256)) = path.map_err(|_| PageFault::NotFound)?;
    let console = &desk.console;
    let (opened, actor) = opened::by_visitor(console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    let answers = &opened.view.verdict.verdict.media;
    let is_named = answers
        .iter()
        .any(|answer| answer.known.iter().any(|known| known.sha256 == sha256));
    if !is_named || !is_entitled(&opened, &actor) {
        return Err(PageFault::NotFound);
    }
    let listed = console
        .store
        .known_picture(&opened.view.item.school, &sha256)
        .await?;
    let hash = listed
        .and_then(|listed| listed.picture.copy_sha256)
        .ok_or(PageFault::NotFound)?;
    item::note_view(console, &visitor, &opened, "known_picture_viewed").await?;
    copy(console, hash).await
}

/// A stored copy as an answer.
pub(crate) async fn copy(console: &Console, hash: String) -> Result<Response, PageFault> {
    let media = console.media.clone();
    let bytes = tokio::task::spawn_blocking(move || media.get(&hash))
        .await
        .ok()
        .flatten()
        .ok_or(PageFault::NotFound)?;
    Ok(([(header::CONTENT_TYPE, kind(&bytes))], bytes).into_response())
}

/// What a browser is told that clean bytes are. Only formats that a clean copy can have.
pub(crate) fn kind(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        _ => "image/jpeg",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_copy_says_what_it_is() {
        let cases: [(&[u8], &str); 5] = [
            (b"\x89PNG\r\n", "image/png"),
            (b"GIF89a", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"\xff\xd8\xff", "image/jpeg"),
            (b"", "image/jpeg"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind(bytes), expected);
        }
    }
}
