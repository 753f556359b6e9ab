//! The child's side: bytes on standard input, a report and the clean copy on standard output. It limits itself
//! before it reads a byte, runs no async runtime and opens no file. What a panic or a failed allocation would print goes
//! to the standard error that the parent closed.

use std::io::{Read, Write};

use rustix::{
    process::{Resource, Rlimit, setrlimit},
    thread::set_no_new_privs,
};
use schoolgate_media::{Limits, MediaError, clean, decode_check, inspect};
use schoolgate_model::{MetadataFact, MetadataKind, Redacted};
use serde::{Deserialize, Serialize};

/// Address space of the child: a 64-megapixel picture needs about 260 MB decoded (RELIABILITY 3.3).
const ADDRESS_SPACE_BYTES: u64 = 768 * 1024 * 1024;
/// Processor seconds of the child.
const CPU_SECONDS: u64 = 5;
/// What the child may use from the moment that it limits itself; it cannot raise any of it again.
const LIMITS: [(Resource, u64); 6] = [
    (Resource::As, ADDRESS_SPACE_BYTES),
    (Resource::Cpu, CPU_SECONDS),
    (Resource::Fsize, 0),
    (Resource::Core, 0),
    // none at all: the pipes that it has stay open, and not even the number of one that it closes is free again
    (Resource::Nofile, 0),
    // neither processes nor threads; does not bind root
    (Resource::Nproc, 0),
];

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
    set_no_new_privs(true)?;
    for (resource, limit) in LIMITS {
        let limit = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use std::{fs::File, net::UdpSocket, path::Path, process::Command};

    use rustix::{process::getrlimit, thread::no_new_privs};

    use super::*;

    /// Set in the process that limits itself for `the_child_cannot_open_or_start_anything_once_it_is_limited`.
    const LIMITED_HALF: &str = "SCHOOLGATE_TEST_LIMITED_HALF";

    fn sample(name: &str) -> Vec<u8> {
        let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo/photos");
        std::fs::read(photos.join(name)).unwrap()
    }

    /// Limits cannot be undone, so they are tried in a second process, which runs this very test.
    #[test]
    fn the_child_cannot_open_or_start_anything_once_it_is_limited() {
        if std::env::var_os(LIMITED_HALF).is_some() {
            std::process::exit(limited_half());
        }
        let name = "child::tests::the_child_cannot_open_or_start_anything_once_it_is_limited";
        let half = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(LIMITED_HALF, "1")
            .output()
            .unwrap();
        assert_eq!(half.status.code(), Some(42), "{half:?}");
    }

    /// 42 when everything is as it should be, otherwise the number of what is not.
    fn limited_half() -> i32 {
        let pictures = ["sports-day-relay.jpg", "art-wall.png"].map(sample);
        for picture in &pictures {
            let mut output = Vec::new();
            if run(picture.as_slice(), &mut output).is_err() {
                return 1;
            }
            let length = u32::from_be_bytes([output[0], output[1], output[2], output[3]]);
            let answer: Answer = serde_json::from_slice(&output[4..4 + length as usize]).unwrap();
            if answer.report.is_err() || answer.clean.is_err() || answer.clean_bytes == 0 {
                return 2;
            }
        }
        let kept = LIMITS.iter().all(|(resource, limit)| {
            let now = getrlimit(*resource);
            (now.current, now.maximum) == (Some(*limit), Some(*limit))
        });
        let as_root = rustix::process::geteuid().is_root();
        let faults = [
            !kept,
            File::open("/dev/null").is_ok(),
            UdpSocket::bind("127.0.0.1:0").is_ok(),
            !as_root && Command::new("/bin/true").status().is_ok(),
            !as_root && std::thread::Builder::new().spawn(|| {}).is_ok(),
            !no_new_privs().unwrap_or(false),
        ];
        match faults.iter().position(|fault| *fault) {
            Some(index) => 10 + i32::try_from(index).unwrap_or_default(),
            None => 42,
        }
    }
}
