//! What the doors to the world learned about pictures and links. `screen` reads facts, never bytes.

use serde::{Deserialize, Serialize};

use crate::{MediaId, MediaRef, Redacted};

/// What kind of identifying thing a picture's file holds: the contract's `photo_metadata` types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataKind {
    /// Where it was taken.
    Gps,
    /// Serial number of camera or lens.
    SerialNumber,
    /// A person's name.
    PersonName,
    /// The camera's owner.
    Owner,
    /// When it was taken.
    CaptureTime,
    /// An embedded smaller copy, possibly uncropped.
    Thumbnail,
    /// A comment or description.
    Comment,
    /// Make, model or software.
    Device,
    /// Bytes behind the end of the picture.
    Trailer,
}

impl MetadataKind {
    /// The stable name used in verdicts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::SerialNumber => "serial_number",
            Self::PersonName => "person_name",
            Self::Owner => "owner",
            Self::CaptureTime => "capture_time",
            Self::Thumbnail => "thumbnail",
            Self::Comment => "comment",
            Self::Device => "device",
            Self::Trailer => "trailer",
        }
    }

    /// How a message names it.
    pub const fn plain(self) -> &'static str {
        match self {
            Self::Gps => "the place where it was taken",
            Self::SerialNumber => "the camera's serial number",
            Self::PersonName => "a person's name",
            Self::Owner => "the camera owner's name",
            Self::CaptureTime => "when it was taken",
            Self::Thumbnail => "a hidden smaller copy of the picture",
            Self::Comment => "a hidden comment or description",
            Self::Device => "which device took it",
            Self::Trailer => "extra data after the end of the picture",
        }
    }
}

/// One identifying entry of a picture's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataFact {
    /// What kind of thing it is.
    pub kind: MetadataKind,
    /// The tag's standard name, such as `GPSLatitude`.
    pub tag: String,
    /// Its text, where it has one; screened like any other text.
    pub text: Option<Redacted<String>>,
}

/// Why nothing is known about a picture. The codes carry no file name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediumFault {
    /// There is no such file below the media root, or no source at all.
    NotFound,
    /// The path leaves the media root or follows a link out of it.
    OutsideRoot,
    /// A web address that was not fetched here.
    NotFetched,
    /// Nobody may open or keep it: the words of its item say what it could show (DOMAIN 4.4).
    Withheld,
    /// The same picture was taken back for good; on which day.
    Removed(String),
    /// The bytes are not the picture they should be; `code` is stable, `plain` is for people.
    Unreadable {
        /// Stable code.
        code: String,
        /// Plain words.
        plain: String,
    },
    /// A format that cannot be cleaned.
    UnsupportedFormat(String),
    /// More bytes, pixels or parts than are read.
    TooLarge(String),
    /// The reading process was killed.
    ChildKilled,
    /// The reading process took too long.
    ChildTimedOut,
    /// The reading process could not be started or answered nonsense.
    ChildFailed(String),
    /// The clean copy could not be stored.
    StoreFailed(String),
}

impl MediumFault {
    /// Plain words for the moderator's card.
    pub fn describe(&self) -> String {
        match self {
            Self::NotFound => "the picture's file was not found".to_owned(),
            Self::OutsideRoot => "the picture's path leaves the media folder".to_owned(),
            Self::NotFetched => "the picture's web address was not fetched".to_owned(),
            Self::Withheld => {
                "it was not opened on purpose, because of what the words say: tell the safeguarding lead, and do not \
                 open, copy or send it on"
                    .to_owned()
            }
            Self::Removed(day) => format!(
                "this picture was removed on {day} and may not be used again; send the item without it"
            ),
            Self::Unreadable { plain, .. } => plain.clone(),
            Self::UnsupportedFormat(format) if is_film(format) => format!(
                "a film ({format}) cannot be cleaned here; a person must look at it, and it is not sent out from here"
            ),
            Self::UnsupportedFormat(format) => {
                format!(
                    "a picture in the format {format} cannot be cleaned yet; save it as JPEG or PNG and send it again"
                )
            }
            Self::TooLarge(what) => format!("the picture is too large: {what}"),
            Self::ChildKilled => "the picture reader was stopped while reading it".to_owned(),
            Self::ChildTimedOut => "the picture reader took too long".to_owned(),
            Self::ChildFailed(what) => format!("the picture reader failed: {what}"),
            Self::StoreFailed(what) => format!("the clean copy could not be stored: {what}"),
        }
    }
}

/// Whether a format is a film's.
fn is_film(format: &str) -> bool {
    const FILMS: [&str; 7] = ["mp4", "mov", "m4v", "quicktime", "3gp", "webm", "avi"];
    FILMS.iter().any(|film| format.eq_ignore_ascii_case(film))
}

/// What is known about a picture that was read and cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMedium {
    /// The format found in the bytes, such as `jpeg`.
    pub format: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// SHA-256 of the bytes as they came, lower-case hex.
    pub sha256: String,
    /// Everything identifying that the file held.
    pub metadata: Vec<MetadataFact>,
    /// Whether the file held more text than is read; then the check of it is incomplete.
    pub text_cut: bool,
    /// Whether a part of the file's own details could not be read, so that nobody knows what it says.
    #[serde(default)]
    pub unreadable: bool,
    /// SHA-256 of the clean copy, or why there is none.
    pub clean: Result<CleanCopy, MediumFault>,
    /// Whether it moves: a film, or a picture of several frames. Consent for films is asked, not for stills.
    #[serde(default)]
    pub moving: bool,
    /// What looking at the pixels showed.
    #[serde(default)]
    pub looks: Looks,
}

/// What looking at a picture's pixels showed. Each part is absent where the school does not ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looks {
    /// The words in the picture: name badges, certificates, pegs, whiteboards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Result<PictureWords, LookFault>>,
    /// How many frontal faces there are; whose is never asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faces: Option<Result<u32, LookFault>>,
    /// Which listed pictures it is a copy or a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Result<Vec<KnownPicture>, LookFault>>,
    /// The PDQ fingerprint, 64 hex digits, and its quality from 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<(String, u8)>,
}

/// The words that were read in a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureWords {
    /// The words, one line a line of the picture.
    pub text: Redacted<String>,
    /// Whether there was more than is read.
    pub cut: bool,
}

/// A listed picture that this one shows again, whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPicture {
    /// SHA-256 of the listed picture's bytes, lower-case hex: names it without a word about anybody.
    pub sha256: String,
    /// Why it is listed.
    pub list: KnownList,
    /// The bytes are the same.
    pub same_bytes: bool,
    /// Bits of 256 in which the fingerprints differ, where they decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<u32>,
}

/// Why a picture is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownList {
    /// It may never be published.
    DoNotPublish,
    /// It was published or approved once and taken back.
    Withdrawn,
}

/// Why looking at the pixels gave no answer. The words carry no file name and nothing from the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookFault {
    /// The program or the list that it needs is not there.
    Missing(String),
    /// It took too long.
    TimedOut,
    /// It broke down.
    Failed(String),
    /// The picture could not be opened, so that there was nothing to look at.
    Unopened,
}

impl LookFault {
    /// Plain words for the moderator's card.
    pub fn describe(&self) -> String {
        match self {
            Self::Missing(what) => format!("{what} is not there"),
            Self::TimedOut => "it took too long".to_owned(),
            Self::Failed(what) => format!("it broke down: {what}"),
            Self::Unopened => "the picture could not be opened".to_owned(),
        }
    }
}

/// The copy that may be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleanCopy {
    /// SHA-256 of the clean bytes, lower-case hex.
    pub sha256: String,
    /// Where the media store keeps it, relative to the data folder; absent where nothing is stored.
    pub path: Option<String>,
    /// What was taken out.
    pub removed: Vec<MetadataKind>,
    /// Whether the pixels were compressed anew, so that the copy may differ from the original by a trace.
    #[serde(default)]
    pub re_encoded: bool,
    /// The copy's format, such as `jpeg`; differs from the original's where that cannot be published.
    #[serde(default)]
    pub format: String,
}

/// What is known about one picture of the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediumFacts {
    /// Which picture.
    pub id: MediaId,
    /// The facts, or why there are none.
    pub read: Result<ReadMedium, MediumFault>,
}

/// What is known about all pictures of the item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MediaFacts {
    /// One entry a picture. A picture without an entry counts as not read.
    pub media: Vec<MediumFacts>,
}

impl MediaFacts {
    /// The same fault for every picture.
    pub fn without(media: &[MediaRef], fault: &MediumFault) -> Self {
        let media = media.iter().map(|medium| MediumFacts {
            id: medium.id.clone(),
            read: Err(fault.clone()),
        });
        Self {
            media: media.collect(),
        }
    }

    /// The facts of one picture.
    pub fn of(&self, id: &MediaId) -> Option<&MediumFacts> {
        self.media.iter().find(|medium| &medium.id == id)
    }
}

/// Why a link was not followed to its end. The codes carry no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkFault {
    /// Nobody tried.
    NotFollowed,
    /// It leads to an address that is not on the public internet, or to one that is not asked.
    Refused,
    /// It leads on too often.
    TooManyHops,
    /// Its name is not known.
    NoSuchHost,
    /// Nobody answers there.
    Unreachable,
    /// The answer took too long.
    TimedOut,
    /// The answer cannot be understood.
    Broken,
}

impl LinkFault {
    /// Plain words for the moderator's card.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::NotFollowed => "it was not followed here",
            Self::Refused => "it leads to an address that is not on the public internet",
            Self::TooManyHops => "it leads on from site to site without an end",
            Self::NoSuchHost => "there is no such site",
            Self::Unreachable => "the site does not answer",
            Self::TimedOut => "the site took too long to answer",
            Self::Broken => "the site's answer cannot be understood",
        }
    }
}

/// One stop on the way of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkHop {
    /// `http` or `https`.
    pub scheme: String,
    /// The host that was asked.
    pub host: Redacted<String>,
    /// Path and query.
    pub path: Redacted<String>,
    /// What it answered.
    pub status: u16,
}

/// Where one link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFact {
    /// The address that was followed, as `scan` names it.
    pub address: Redacted<String>,
    /// The stops in order, the first being the link itself.
    pub hops: Vec<LinkHop>,
    /// Why the end was not reached, if so.
    pub fault: Option<LinkFault>,
}

/// What is known about the item's links. Empty where nobody follows links.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkFacts {
    /// One entry a link.
    pub links: Vec<LinkFact>,
}

impl LinkFacts {
    /// What is known about one address.
    pub fn of(&self, address: &str) -> Option<&LinkFact> {
        self.links
            .iter()
            .find(|link| link.address.expose() == address)
    }
}
