//! What producers send: bytes to a `Submission`, and a `Submission` to an `Item`. Events are `event`'s.
//!
//! Parsing is the edge: sizes, ids and times are checked here once. Which school an item belongs to and which
//! revision it is are settled by the caller, who knows the configuration and the store. How JSON becomes fields is in
//! `read`; how a fault is told without the producer's words is in `explain`.

mod event;
mod explain;
mod read;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use base64::Engine as _;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    Author, Content, DeclaredStaff, Envelope, Item, ItemId, ItemKind, MediaId, MediaRef,
    MediaSource, PupilId, Redacted, SchoolId, StaffId, Verb,
};

use explain::explain;
use read::{AuthorFull, AuthorWire, MediaWire, StaffWire, SubmissionWire, rescue_id};

pub use event::{EventSubmission, EventType, MAX_EVENT_BYTES, parse_event};
pub use read::MAX_LIST;

/// The longest id that is taken, in characters.
pub const MAX_ID_CHARS: usize = 200;

/// The longest name that an author can have as shown, in characters.
const MAX_NAME_CHARS: usize = 1_000;
/// The longest address of a comment, in characters.
const MAX_LINK_CHARS: usize = 4_000;

/// Why a message is not a valid item. The message never repeats the producer's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WireError {
    /// The item's id, where it could be read.
    pub id: Option<String>,
    /// One plain sentence.
    pub message: String,
}

/// A message that is a well-formed draft or comment. Its school may be left out and its revision unsettled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The producer's id.
    pub id: ItemId,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's revision, from 1.
    pub revision: Option<u32>,
    /// What happened on the platform.
    pub verb: Verb,
    /// The school's slug.
    pub school: Option<String>,
    /// The platform, lower case.
    pub platform: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The post commented on.
    pub post: Option<String>,
    /// The comment answered.
    pub parent: Option<String>,
    /// The author.
    pub author: Author,
    /// Words and pictures.
    pub content: Content,
    /// Where it can be seen.
    pub permalink: Option<String>,
    /// When it should go out.
    pub publish_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Option<Timestamp>,
    /// The author asks for a second pair of eyes.
    pub unsure: bool,
}

/// Reads one message.
///
/// # Errors
/// `WireError` in one plain sentence for bad UTF-8, bad JSON, wrong types, duplicate or missing fields, bad ids and
/// lists beyond [`MAX_LIST`].
pub fn parse_submission(bytes: &[u8]) -> Result<Submission, WireError> {
    let text = std::str::from_utf8(bytes).map_err(|error| WireError {
        id: None,
        message: format!("not valid UTF-8 after byte {}", error.valid_up_to()),
    })?;
    // serde would take a list for an object, field by field
    if text.trim_start().starts_with('[') {
        return Err(WireError {
            id: None,
            message: "not a valid item: a list, expected an object".to_owned(),
        });
    }
    let wire: SubmissionWire = serde_json::from_str(text).map_err(|error| WireError {
        id: rescue_id(text),
        message: format!("not a valid item: {}", explain(&error)),
    })?;
    let id = wire.id.clone();
    from_wire(wire).map_err(|message| WireError {
        id: Some(id),
        message,
    })
}

fn check_id(id: &str) -> Result<(), String> {
    if id.trim().is_empty() {
        return Err("`id` is empty".to_owned());
    }
    if id.chars().count() > MAX_ID_CHARS {
        return Err(format!("`id` is longer than {MAX_ID_CHARS} characters"));
    }
    if id.chars().any(char::is_control) {
        return Err("`id` has a control character in it".to_owned());
    }
    Ok(())
}

/// A short text that is no id of ours: cleaned, and not longer than its kind ever is. An index has to hold some of them.
fn bounded(field: &str, value: Option<String>, most: usize) -> Result<Option<String>, String> {
    let value = value.map(clean);
    match &value {
        Some(text) if text.chars().count() > most => {
            Err(format!("`{field}` is longer than {most} characters"))
        }
        _ => Ok(value),
    }
}

fn author_from_wire(wire: Option<AuthorWire>) -> Result<Author, String> {
    let (id, name) = match wire {
        None => (None, None),
        Some(AuthorWire::Name(name)) => (None, Some(name)),
        Some(AuthorWire::Full(AuthorFull { id, name })) => (id, name),
    };
    Ok(Author {
        id: bounded("author.id", id, MAX_ID_CHARS)?.map(Redacted::new),
        name: bounded("author.name", name, MAX_NAME_CHARS)?.map(Redacted::new),
    })
}

fn from_wire(wire: SubmissionWire) -> Result<Submission, String> {
    check_id(&wire.id)?;
    if wire.revision == Some(0) {
        return Err("`revision` counts from 1".to_owned());
    }
    let media = media_from_wire(wire.media.map_or_else(Vec::new, |media| media.0))?;
    Ok(Submission {
        id: ItemId::new(wire.id),
        kind: wire.kind,
        revision: wire.revision,
        // A draft is always added: another verb would give it a second inbox key beside the first one's revision.
        verb: match wire.kind {
            ItemKind::Draft => Verb::Add,
            ItemKind::Comment => wire.verb.unwrap_or_default(),
        },
        school: bounded("school", wire.school, MAX_ID_CHARS)?,
        platform: bounded("platform", wire.platform, MAX_ID_CHARS)?
            .map(|platform| platform.trim().to_lowercase()),
        account: bounded("account", wire.account, MAX_ID_CHARS)?,
        post: bounded("post", wire.post, MAX_ID_CHARS)?,
        parent: bounded("parent", wire.parent, MAX_ID_CHARS)?,
        author: author_from_wire(wire.author)?,
        content: Content {
            text: clean(wire.text),
            links: wire
                .links
                .map_or_else(Vec::new, |links| links.0)
                .into_iter()
                .map(clean)
                .collect(),
            media,
        },
        permalink: bounded("permalink", wire.permalink, MAX_LINK_CHARS)?,
        publish_at: wire.publish_at.map(|at| at.0),
        created_at: wire.created_at.map(|at| at.0),
        unsure: wire.unsure.unwrap_or(false),
    })
}

fn media_from_wire(media: Vec<MediaWire>) -> Result<Vec<MediaRef>, String> {
    let mut seen = HashSet::new();
    media
        .into_iter()
        .enumerate()
        .map(|(index, medium)| {
            let place = index + 1;
            let id = medium.id.unwrap_or_else(|| format!("m{place}"));
            check_id(&id).map_err(|why| format!("media entry {place}: {why}"))?;
            if !seen.insert(id.clone()) {
                return Err(format!(
                    "media entry {place} has the same `id` as an earlier one"
                ));
            }
            let source = source_of(medium.path, medium.url, medium.data)
                .map_err(|why| format!("media entry {place}: {why}"))?;
            let text = |field: Option<String>| field.map(|field| Redacted::new(clean(field)));
            Ok(MediaRef {
                id: MediaId::new(id),
                source,
                filename: text(medium.filename),
                alt: text(medium.alt),
                caption: text(medium.caption),
                album: text(medium.album),
                pupils: medium
                    .pupils
                    .map(|ids| ids.0.into_iter().map(PupilId::new).collect()),
                staff: medium.staff.map(declared_staff),
            })
        })
        .collect()
}

fn declared_staff(staff: StaffWire) -> DeclaredStaff {
    match staff {
        StaffWire::Named(ids) => {
            DeclaredStaff::Named(ids.0.into_iter().map(StaffId::new).collect())
        }
        StaffWire::Counted(count) => DeclaredStaff::Counted(count),
    }
}

fn source_of(
    path: Option<String>,
    url: Option<String>,
    data: Option<String>,
) -> Result<MediaSource, String> {
    match (path, url, data) {
        (None, None, None) => Ok(MediaSource::Nowhere),
        (Some(path), None, None) => Ok(MediaSource::Path(path)),
        (None, Some(url), None) => Ok(MediaSource::Url(url)),
        (None, None, Some(data)) => Ok(base64::engine::general_purpose::STANDARD
            .decode(data.as_bytes())
            .map_or(MediaSource::BadData, MediaSource::Data)),
        _ => Err("give one of `path`, `url` and `data`, not several".to_owned()),
    }
}

/// NUL becomes U+FFFD one for one, so that offsets stay true and every store takes the text.
fn clean(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

impl Submission {
    /// Settles what the edge could not know: school, revision and arrival.
    /// A creation time in the future is clamped to the arrival.
    pub fn into_item(self, school: SchoolId, revision: u32, arrived_at: Timestamp) -> Item {
        let created_at = self
            .created_at
            .map_or(arrived_at, |created| created.min(arrived_at));
        Item {
            envelope: Envelope {
                id: self.id,
                kind: self.kind,
                revision,
                verb: self.verb,
                school,
                platform: self.platform,
                account: self.account,
                post: self.post,
                parent: self.parent,
                author: self.author,
                permalink: self.permalink,
                publish_at: self.publish_at,
                created_at,
                arrived_at,
                clock_started_at: None,
                unsure: self.unsure,
            },
            content: self.content,
        }
    }

    /// SHA-256 (lower-case hex) over everything that a person reading the item would call its content. Two
    /// messages with the same hash are the same revision; delivery details such as `created_at` do not count.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut field = |tag: &str, value: Option<&[u8]>| {
            hash.update(tag.as_bytes());
            match value {
                None => hash.update([0]),
                Some(bytes) => {
                    hash.update([1]);
                    hash.update((bytes.len() as u64).to_le_bytes());
                    hash.update(bytes);
                }
            }
        };
        let bytes = |value: &Option<String>| value.as_ref().map(|value| value.clone().into_bytes());
        field("verb", Some(self.verb.code().as_bytes()));
        for (tag, value) in [
            ("platform", &self.platform),
            ("account", &self.account),
            ("post", &self.post),
            ("parent", &self.parent),
        ] {
            field(tag, bytes(value).as_deref());
        }
        field(
            "author",
            self.author.id.as_ref().map(|id| id.expose().as_bytes()),
        );
        field(
            "author name",
            self.author
                .name
                .as_ref()
                .map(|name| name.expose().as_bytes()),
        );
        field(
            "publish",
            self.publish_at
                .map(|at| at.to_string().into_bytes())
                .as_deref(),
        );
        field("unsure", Some(&[u8::from(self.unsure)]));
        field("text", Some(self.content.text.as_bytes()));
        for link in &self.content.links {
            field("link", Some(link.as_bytes()));
        }
        for medium in &self.content.media {
            field("medium", Some(medium.id.as_str().as_bytes()));
            match &medium.source {
                MediaSource::Path(path) => field("path", Some(path.as_bytes())),
                MediaSource::Url(url) => field("url", Some(url.as_bytes())),
                MediaSource::Data(data) => field("data", Some(data)),
                MediaSource::BadData => field("bad data", None),
                MediaSource::Nowhere => field("nowhere", None),
            }
            for (tag, value) in [
                ("file", &medium.filename),
                ("alt", &medium.alt),
                ("caption", &medium.caption),
            ] {
                field(tag, value.as_ref().map(|value| value.expose().as_bytes()));
            }
            field("declared", medium.pupils.as_ref().map(|_| [].as_slice()));
            for pupil in medium.pupils.iter().flatten() {
                field("pupil", Some(pupil.as_str().as_bytes()));
            }
            // Absent ones are left out, so that an item stored before they were read keeps its hash.
            if let Some(album) = &medium.album {
                field("album", Some(album.expose().as_bytes()));
            }
            match &medium.staff {
                Some(DeclaredStaff::Counted(count)) => {
                    field("adults", Some(&count.to_le_bytes()));
                }
                Some(DeclaredStaff::Named(ids)) => {
                    field("staff", Some(&[]));
                    for id in ids {
                        field("member", Some(id.as_str().as_bytes()));
                    }
                }
                None => {}
            }
        }
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
