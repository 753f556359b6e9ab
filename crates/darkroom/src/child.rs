//! The child's side: bytes on standard input, a report and the clean copy on standard output. It limits itself
//! before it reads a byte, runs no async runtime and opens no file.

use std::io::{Read, Write};

use rustix::process::{Resource, Rlimit, setrlimit};
use schoolgate_media::{Limits, MediaError, clean, decode_check, inspect};
use schoolgate_model::{MetadataFact, MetadataKind, Redacted};
use serde::{Deserialize, Serialize};

/// Address space of the child: a 64-megapixel picture needs about 260 MB decoded (RELIABILITY 3.3).
const ADDRESS_SPACE_BYTES: u64 = 768 * 1024 * 1024;
/// Processor seconds of the child.
const CPU_SECONDS: u64 = 5;

/// What the child found out, sent as JSON before the clean bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The report, or why there is none.
    pub report: Result<ChildReport, Refusal>,
    /// What was removed, or why there is no clean copy. The copy's bytes follow the JSON.
    pub clean: Result<Vec<MetadataKind>, Refusal>,
    /// Length of the clean copy, bytes.
    pub clean_bytes: u64,
}

/// What a picture's file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildReport {
    /// Such as `jpeg`.
    pub format: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Everything identifying.
    pub metadata: Vec<MetadataFact>,
    /// Whether there was more text than is read.
    pub text_cut: bool,
}

/// Why the child refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// Plain words.
    pub plain: String,
    /// The format's name, where it is known but not supported.
    pub format: Option<String>,
}

impl From<&MediaError> for Refusal {
    fn from(error: &MediaError) -> Self {
        let format = match error {
            MediaError::Unsupported(format) => Some(format.to_string()),
            _ => None,
        };
        Self {
            code: error.code().to_owned(),
            plain: error.to_string(),
            format,
        }
    }
}

/// Runs the child to its end.
///
/// # Errors
/// When limits cannot be set or a pipe breaks; the parent takes any of it as a failed child.
pub fn run(input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    limit_self()?;
    let limits = Limits::default();
    let mut bytes = Vec::new();
    input
        .take(limits.max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    let (answer, copy) = develop(&bytes, &limits);
    let json = serde_json::to_vec(&answer)?;
    output.write_all(&u32::try_from(json.len()).unwrap_or(u32::MAX).to_be_bytes())?;
    output.write_all(&json)?;
    output.write_all(&copy)?;
    output.flush()
}

fn limit_self() -> std::io::Result<()> {
    let set = |resource, limit: u64| {
        setrlimit(
            resource,
            Rlimit {
                current: Some(limit),
                maximum: Some(limit),
            },
        )
        .map_err(std::io::Error::from)
    };
    set(Resource::As, ADDRESS_SPACE_BYTES)?;
    set(Resource::Cpu, CPU_SECONDS)?;
    set(Resource::Fsize, 0)?;
    set(Resource::Core, 0)
}

/// Reads and cleans one picture in this process. `photo inspect` shows the same answer.
pub fn develop(bytes: &[u8], limits: &Limits) -> (Answer, Vec<u8>) {
    let report = inspect(bytes, limits);
    let cleaned = decode_check(bytes, limits).and_then(|()| clean(bytes, limits));
    let (clean, copy) = match cleaned {
        Ok(cleaned) => (
            Ok(cleaned.removed.into_iter().map(kind).collect()),
            cleaned.bytes,
        ),
        Err(error) => (Err(Refusal::from(&error)), Vec::new()),
    };
    let report = report
        .map(|report| ChildReport {
            format: report.format.to_string(),
            width: report.width,
            height: report.height,
            text_cut: report.text_cut,
            metadata: report
                .entries
                .into_iter()
                .map(|entry| MetadataFact {
                    kind: kind(entry.kind),
                    tag: entry.tag,
                    text: entry.value.map(Redacted::new),
                })
                .collect(),
        })
        .map_err(|error| Refusal::from(&error));
    (
        Answer {
            report,
            clean,
            clean_bytes: copy.len() as u64,
        },
        copy,
    )
}

/// The picture crate knows nothing of our words, so the two lists meet here.
fn kind(kind: schoolgate_media::MetadataKind) -> MetadataKind {
    use schoolgate_media::MetadataKind as Media;
    match kind {
        Media::Gps => MetadataKind::Gps,
        Media::SerialNumber => MetadataKind::SerialNumber,
        Media::PersonName => MetadataKind::PersonName,
        Media::Owner => MetadataKind::Owner,
        Media::CaptureTime => MetadataKind::CaptureTime,
        Media::Thumbnail => MetadataKind::Thumbnail,
        Media::Comment => MetadataKind::Comment,
        Media::Device => MetadataKind::Device,
        Media::Trailer => MetadataKind::Trailer,
    }
}
