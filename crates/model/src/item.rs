//! An item as the rest of the house sees it: checked, bounded, with NUL replaced and a known arrival time.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ItemId, MediaId, PupilId, Redacted, SchoolId, StaffId};

/// What a person or program sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Something an official account is about to say.
    Draft,
    /// Something a member of the public said.
    Comment,
}

impl ItemKind {
    /// The stable name used on the wire and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Comment => "comment",
        }
    }

    /// The kind with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "draft" => Some(Self::Draft),
            "comment" => Some(Self::Comment),
            _ => None,
        }
    }
}

/// What happened to a comment on the platform. A draft is always `Add`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It was written.
    #[default]
    Add,
    /// It was changed.
    Edit,
    /// Its author took it away.
    Remove,
}

impl Verb {
    /// The stable name used on the wire and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }
}

/// Who wrote it, as far as the producer said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// The platform's or scheduler's id.
    pub id: Option<Redacted<String>>,
    /// The name as shown.
    pub name: Option<Redacted<String>>,
}

/// Where a picture's bytes are.
#[derive(Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// A file below the media root.
    Path(String),
    /// A web address, fetched only by the service and only with its guards.
    Url(String),
    /// The bytes themselves.
    Data(Vec<u8>),
    /// The bytes were sent, but not in readable base64.
    BadData,
    /// The producer gave no source.
    Nowhere,
}

impl fmt::Debug for MediaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path(_) => "Path",
            Self::Url(_) => "Url",
            Self::Data(_) => "Data",
            Self::BadData => "BadData",
            Self::Nowhere => "Nowhere",
        })
    }
}

/// One picture or video of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRef {
    /// Its id within the item; `m1`, `m2`... where the producer gave none.
    pub id: MediaId,
    /// Where its bytes are.
    pub source: MediaSource,
    /// Its file name, which can hold a pupil's name.
    pub filename: Option<Redacted<String>>,
    /// Alternative text.
    pub alt: Option<Redacted<String>>,
    /// Caption.
    pub caption: Option<Redacted<String>>,
    /// Album or folder that it lies in, which can hold a pupil's name.
    pub album: Option<Redacted<String>>,
    /// Declared pupils: a list, `[]` = nobody identifiable, `None` = undeclared.
    pub pupils: Option<Vec<PupilId>>,
    /// Declared adults, where the author named or counted them.
    pub staff: Option<DeclaredStaff>,
}

/// The adults in a picture, as its author declares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredStaff {
    /// Members of staff by their ids.
    Named(Vec<StaffId>),
    /// How many adults there are, whoever they be.
    Counted(u32),
}

impl DeclaredStaff {
    /// How many adults are declared.
    pub fn count(&self) -> u32 {
        match self {
            Self::Named(ids) => u32::try_from(ids.len()).unwrap_or(u32::MAX),
            Self::Counted(count) => *count,
        }
    }
}

/// Everything about an item except its words and pictures. Safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The producer's id.
    pub id: ItemId,
    /// Draft or comment.
    pub kind: ItemKind,
    /// Counts up with each edit, from 1.
    pub revision: u32,
    /// What happened on the platform.
    pub verb: Verb,
    /// Which school.
    pub school: SchoolId,
    /// The platform's name in lower case, such as `facebook`.
    pub platform: Option<String>,
    /// The account's id or handle.
    pub account: Option<String>,
    /// The post that a comment belongs to.
    pub post: Option<String>,
    /// The comment that a comment answers.
    pub parent: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// Where the comment can be seen.
    pub permalink: Option<String>,
    /// When a draft is due to be published.
    pub publish_at: Option<Timestamp>,
    /// When it was written, never later than `arrived_at`.
    pub created_at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// When the response window of an earlier revision started, for an edited comment: an edit does not give the
    /// school more time (rule C2). `None` = the item starts its own.
    pub clock_started_at: Option<Timestamp>,
    /// The author asks for a second pair of eyes (rule O22).
    pub unsure: bool,
}

impl Envelope {
    /// When the clock of this item started: for a comment its inherited clock, where it has one, else when it was
    /// written.
    pub fn received_at(&self) -> Timestamp {
        match self.kind {
            ItemKind::Draft => self.created_at,
            ItemKind::Comment => self.clock_started_at.unwrap_or(self.created_at),
        }
    }
}

/// The words and pictures. `Debug` shows only sizes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// The body, NUL replaced by U+FFFD, whole.
    pub text: String,
    /// Links that the producer lists apart from the text.
    pub links: Vec<String>,
    /// Pictures and videos.
    pub media: Vec<MediaRef>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("text_bytes", &self.text.len())
            .field("links", &self.links.len())
            .field("media", &self.media.len())
            .finish()
    }
}

/// A draft or comment, ready to be screened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Who, when, where.
    pub envelope: Envelope,
    /// What was said and shown.
    pub content: Content,
}

impl Item {
    /// How many characters of one surface are screened; the rest makes the verdict a hold (contract, section 3).
    pub const MAX_TEXT_CHARS: usize = 20_000;
    /// How many pictures of one item are read; more makes the verdict a hold. Platforms allow 10 to 40.
    pub const MAX_MEDIA: usize = 40;
    /// How many characters of all surfaces together are screened; the rest makes the verdict a hold. The body is
    /// never what is cut for it: it goes first and its own limit is smaller.
    pub const MAX_TOTAL_CHARS: usize = 100_000;
    /// How many findings one check reports; more makes the verdict a hold, and the gravest are kept. Nobody reads
    /// more, and a verdict must stay small enough to store and send.
    pub const MAX_FINDINGS_PER_CHECK: usize = 500;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::parse_submission;

    #[test]
    fn a_comment_keeps_an_inherited_clock_and_a_draft_has_none() {
        let [earlier, now]: [Timestamp; 2] =
            ["2026-11-18T09:00:00Z", "2026-11-20T09:00:00Z"].map(|at| at.parse().unwrap());
        for (kind, expected) in [("comment", earlier), ("draft", now)] {
            let json = format!(r#"{{"id":"x","kind":"{kind}","text":"Hi"}}"#);
            let mut envelope = parse_submission(json.as_bytes())
                .unwrap()
                .into_item(SchoolId::from("s"), 2, now)
                .envelope;
            assert_eq!(envelope.received_at(), now, "{kind}");
            envelope.clock_started_at = Some(earlier);
            assert_eq!(envelope.received_at(), expected, "{kind}");
        }
    }
}
