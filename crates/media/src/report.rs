//! The words of the answer: what was found and what was removed. Also the collector that keeps a report bounded however
//! much text a picture carries. No reader lives here.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::MediaError;
use crate::format::Format;
use crate::limits::Limits;
use crate::text;

/// What a piece of metadata can give away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataKind {
    /// Where the picture was taken.
    Gps,
    /// A number that names one camera, lens or file.
    SerialNumber,
    /// Somebody's name: photographer, or a person in the picture.
    PersonName,
    /// Who owns the camera or the rights.
    Owner,
    /// When the picture was taken or edited.
    CaptureTime,
    /// A second picture inside the file, which can be the uncropped original.
    Thumbnail,
    /// Free text: caption, comment, keyword, place name.
    Comment,
    /// Make, model, software, and opaque blocks that devices and programs leave.
    Device,
    /// Bytes after the end of the picture.
    Trailer,
}

impl MetadataKind {
    /// Returns the stable snake-case identifier.
    pub fn as_str(self) -> &'static str {
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
}

impl fmt::Display for MetadataKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One piece of metadata.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it can give away.
    pub kind: MetadataKind,
    /// Where it was, such as `GPSLatitude`, `IFD1:Artist`, `PNG:tEXt:Author`, `JPEG:COM`, `IPTC:By-line`.
    pub tag: String,
    /// Its text, bounded; `None` for blobs and for values that could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

// The value is a child's name as often as not, and a PNG keyword is as free as a value: neither belongs in a log.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.tag.split(':').next().unwrap_or_default();
        f.debug_struct("Entry")
            .field("kind", &self.kind)
            .field("place", &place)
            .field("has_value", &self.value.is_some())
            .finish()
    }
}

/// What a picture carries besides its pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The format, by the bytes.
    pub format: Format,
    /// Stored width in pixels, before orientation.
    pub width: u32,
    /// Stored height in pixels, before orientation.
    pub height: u32,
    /// Exif orientation, 1 to 8; `None` when absent or outside that range. For HEIC and AVIF the turns and mirrors of the
    /// container, which viewers follow, in Exif's numbers.
    pub orientation: Option<u8>,
    /// Pictures shown one after the other: 1 for a still, more when it moves.
    #[serde(default = "one")]
    pub frames: u32,
    /// Everything found, in file order.
    pub entries: Vec<Entry>,
    /// True when some text is not in `entries`: it was longer than the limits, or stands in a block that could not be read.
    #[serde(default)]
    pub text_cut: bool,
    /// True when a metadata block was there and could not be read, or not to its end, so that nobody knows what it says.
    /// The clean copy is without it all the same.
    #[serde(default)]
    pub unreadable: bool,
}

fn one() -> u32 {
    1
}

impl Report {
    /// Tells whether the picture moves.
    pub fn is_moving(&self) -> bool {
        self.frames > 1
    }

    /// Returns the kinds found, one per entry.
    pub fn kinds(&self) -> impl Iterator<Item = MetadataKind> {
        self.entries.iter().map(|entry| entry.kind)
    }
}

/// A copy that [`crate::verify_clean`] has passed.
#[derive(Clone, PartialEq, Eq)]
pub struct Cleaned<B = Vec<u8>> {
    /// The copy.
    pub bytes: B,
    /// The format of the copy, which is the original's unless the pixels were compressed again.
    pub format: Format,
    /// The kinds that the original had and the copy has not; sorted, distinct.
    pub removed: Vec<MetadataKind>,
    /// True when the pixels were decoded and compressed again.
    pub re_encoded: bool,
}

impl<B> fmt::Debug for Cleaned<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cleaned")
            .field("format", &self.format)
            .field("removed", &self.removed)
            .field("re_encoded", &self.re_encoded)
            .finish_non_exhaustive()
    }
}

/// A copy that has not been put together: its bytes are `head` and then `body`. The megabytes of a photo's compressed
/// data stay where they are in the original.
#[derive(Clone, PartialEq, Eq)]
pub struct Parts<'a> {
    /// What was written anew; empty where all of it was.
    pub head: Vec<u8>,
    /// What follows.
    pub body: Cow<'a, [u8]>,
}

impl Parts<'_> {
    /// Length of the copy, bytes.
    pub fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// Tells whether there is no byte in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The copy in one piece.
    pub fn join(self) -> Vec<u8> {
        match self.head.is_empty() {
            true => self.body.into_owned(),
            false => [self.head.as_slice(), &self.body].concat(),
        }
    }
}

impl From<Vec<u8>> for Parts<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            head: Vec::new(),
            body: Cow::Owned(bytes),
        }
    }
}

impl<'a> Cleaned<Parts<'a>> {
    /// The same with its bytes in one piece.
    pub fn join(self) -> Cleaned {
        Cleaned {
            bytes: self.bytes.join(),
            format: self.format,
            removed: self.removed,
            re_encoded: self.re_encoded,
        }
    }
}

/// More fields than any camera or program writes; real pictures stay under 400.
const MAX_ENTRIES: usize = 10_000;
/// A whole report keeps this many times the text of one value.
const TOTAL_TEXT_FACTOR: usize = 8;

/// Plain text kept of one opaque block; an owner's name and a serial number stand well before that.
const MAX_OPAQUE_CHARS: usize = 2_000;

/// Gathers entries and keeps their number and text within bounds.
pub(crate) struct Collector {
    entries: Vec<Entry>,
    max_value_chars: usize,
    chars_left: usize,
    text_cut: bool,
    unreadable: bool,
    overflow: bool,
    place: &'static str,
}

impl Collector {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            entries: Vec::new(),
            max_value_chars: limits.max_text_chars,
            chars_left: limits.max_text_chars.saturating_mul(TOTAL_TEXT_FACTOR),
            text_cut: false,
            unreadable: false,
            overflow: false,
            place: "",
        }
    }

    /// Puts `place` in front of the tags that follow; empty for the picture itself.
    pub(crate) fn within(&mut self, place: &'static str) {
        self.place = place;
    }

    /// Bytes that can matter for one value; more need not be decoded or inflated (UTF-8 has at most 4 a character).
    pub(crate) fn max_value_bytes(&self) -> usize {
        self.max_value_chars.saturating_mul(4).saturating_add(4)
    }

    /// Records something whose content is opaque or unreadable.
    pub(crate) fn blob(&mut self, kind: MetadataKind, tag: impl Into<String>) {
        self.push(kind, tag.into(), None);
    }

    /// Records a text value. Blank values say nothing about anybody and are left out.
    pub(crate) fn text(&mut self, kind: MetadataKind, tag: impl Into<String>, value: &str) {
        let room = self.max_value_chars.min(self.chars_left);
        let (value, cut) = text::tidy(value, room);
        self.text_cut |= cut;
        if value.is_empty() && !cut {
            return;
        }
        self.chars_left -= value.chars().count().min(self.chars_left);
        self.push(kind, tag.into(), (!value.is_empty()).then_some(value));
    }

    /// Records bytes in an unstated encoding.
    pub(crate) fn bytes(&mut self, kind: MetadataKind, tag: impl Into<String>, value: &[u8]) {
        let head = &value[..value.len().min(self.max_value_bytes())];
        let cut = head.len() < value.len();
        self.text_cut |= cut;
        self.text(kind, tag, &text::guess(head, cut));
    }

    /// Runs the reader of a block of another standard, which may fail without hiding the rest of the report.
    pub(crate) fn block<T>(
        &mut self,
        block: &str,
        read: impl FnOnce(&mut Self) -> Result<T, MediaError>,
    ) -> Result<Option<T>, MediaError> {
        match read(self) {
            Err(MediaError::TooManySegments) => Err(MediaError::TooManySegments),
            found => Ok(self.tolerate(block, &[], found)),
        }
    }

    /// Records a block that nobody but its maker can read, with the runs of plain text in it. It counts neither as
    /// unreadable nor as cut.
    pub(crate) fn opaque(&mut self, kind: MetadataKind, tag: impl Into<String>, block: &[u8]) {
        let room = MAX_OPAQUE_CHARS.min(self.chars_left / 4);
        let runs = text::runs(block, room);
        self.chars_left -= runs.chars().count().min(self.chars_left);
        self.push(kind, tag.into(), (!runs.is_empty()).then_some(runs));
    }

    /// Records the runs of plain text in a block whose other content is figures; nothing if there are none.
    pub(crate) fn words(&mut self, kind: MetadataKind, tag: impl Into<String>, block: &[u8]) {
        let words = text::runs(block, MAX_OPAQUE_CHARS);
        self.text(kind, tag, &words);
    }

    /// Takes what the reader of the block `data` answers. A block that is there and cannot be read, or not to its end, is
    /// an entry with what looks like text in it, and the report says so.
    pub(crate) fn tolerate<T>(
        &mut self,
        block: &str,
        data: &[u8],
        read: Result<T, MediaError>,
    ) -> Option<T> {
        let found = read.ok();
        if found.is_none() {
            self.unreadable = true;
            self.opaque(MetadataKind::Device, format!("{block}:Unreadable"), data);
        }
        found
    }

    /// Takes the fault of a damaged file, of which everything that can be read has been. A file over a limit, or one with
    /// nothing to report, is an error.
    pub(crate) fn damaged(&mut self, fault: Option<MediaError>) -> Result<(), MediaError> {
        match fault {
            None => Ok(()),
            Some(error @ (MediaError::Truncated | MediaError::Malformed(_)))
                if !self.is_empty() =>
            {
                self.tolerate("File", &[], Err::<(), _>(error));
                Ok(())
            }
            Some(error) => Err(error),
        }
    }

    /// Tells whether nothing has been found.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Tells whether a block could not be read.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// Notes that text was left unread because of a bound.
    pub(crate) fn cut(&mut self) {
        self.text_cut = true;
    }

    fn push(&mut self, kind: MetadataKind, tag: String, value: Option<String>) {
        if self.entries.len() >= MAX_ENTRIES {
            self.overflow = true;
            return;
        }
        let (tag, _) = text::tidy(&format!("{}{tag}", self.place), 160);
        self.entries.push(Entry { kind, tag, value });
    }

    pub(crate) fn finish(self) -> Result<(Vec<Entry>, bool), MediaError> {
        match self.overflow {
            true => Err(MediaError::TooManySegments),
            // A caller that knows of missing text alone must notice what could not be read, too.
            false => Ok((self.entries, self.text_cut || self.unreadable)),
        }
    }
}
