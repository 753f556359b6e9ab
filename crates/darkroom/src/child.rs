//! The child's side: what is asked as arguments, bytes on standard input, a report, the clean copy and what the pixels
//! give on standard output. It limits itself before it reads a byte, runs no async runtime and opens no file. What a panic
//! or a failed allocation would print goes to the standard error that the parent closed.

use std::{
    io::{Read, Write},
    os::fd::AsFd,
};

use rustix::{pipe::fcntl_setpipe_size, process::Resource};
use schoolgate_media::{
    Cleaned, Limits, MediaError, Report, clean_again, clean_converted, grey, inspect,
    inspect_and_clean, lettering, likeness, open, smaller, to_pgm,
};
use schoolgate_model::{MetadataFact, MetadataKind, Redacted};
use serde::{Deserialize, Serialize};

use crate::limits::{MB, limit_self};

/// What the child may use. Address space: a 64-megapixel picture needs about 260 MB decoded (RELIABILITY 3.3).
pub(crate) const LIMITS: [(Resource, u64); 6] = [
    (Resource::As, 768 * MB),
    (Resource::Cpu, 5),
    (Resource::Fsize, 0),
    (Resource::Core, 0),
    // none at all: the pipes that it has stay open, and not even the number of one that it closes is free again
    (Resource::Nofile, 0),
    // neither processes nor threads; does not bind root
    (Resource::Nproc, 0),
];

/// How much a pipe may hold; anybody may ask for this much.
const PIPE_BYTES: usize = 1024 * 1024;

/// The longer side that a likeness is worked out from.
const LIKENESS_SIDE: u32 = 512;

/// What is asked about a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asked {
    /// A clean copy.
    pub copy: bool,
    /// The proof that what may be published opens.
    pub proof: bool,
    /// What it can be recognised by.
    pub likeness: bool,
    /// It in grey, its longer side at most this; 0 is none.
    pub grey: u32,
    /// What could be lines of letters in that, on a page of their own.
    pub lettering: bool,
    /// The copy compressed anew from the pixels.
    pub again: bool,
    /// Length of an original that another program made a JPEG of; both come, the original first. 0 is none.
    pub original: u64,
}

impl Asked {
    /// The report alone.
    pub const REPORT: Self = Self {
        copy: false,
        proof: false,
        likeness: false,
        grey: 0,
        lettering: false,
        again: false,
        original: 0,
    };
    /// Report and clean copy, without opening the picture.
    pub const COPY: Self = Self {
        copy: true,
        ..Self::REPORT
    };
    /// Report, clean copy and the proof that it opens: the least that is asked of what may be published.
    pub const PROOF: Self = Self {
        proof: true,
        ..Self::COPY
    };

    /// As arguments of the child.
    pub fn arguments(&self) -> Vec<String> {
        let named = [
            (self.copy, "copy"),
            (self.proof, "proof"),
            (self.likeness, "likeness"),
            (self.lettering, "lettering"),
            (self.again, "again"),
        ];
        let wanted = named.iter().filter(|(wanted, _)| *wanted);
        let mut arguments: Vec<_> = wanted.map(|(_, name)| (*name).to_owned()).collect();
        let numbers = [("grey", u64::from(self.grey)), ("original", self.original)];
        let given = numbers.iter().filter(|(_, number)| *number > 0);
        arguments.extend(given.map(|(name, number)| format!("{name}={number}")));
        arguments
    }

    /// From the arguments of the child; `None` for one that is not known.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Option<Self> {
        let mut asked = Self::REPORT;
        for argument in arguments {
            match argument.as_str() {
                "copy" => asked.copy = true,
                "proof" => asked.proof = true,
                "likeness" => asked.likeness = true,
                "lettering" => asked.lettering = true,
                "again" => asked.again = true,
                other => match other.split_once('=')? {
                    ("grey", side) => asked.grey = side.parse().ok()?,
                    ("original", length) => asked.original = length.parse().ok()?,
                    _ => return None,
                },
            }
        }
        Some(asked)
    }

    /// The longer side that the picture is opened at; `None` where it is not opened.
    fn side(&self) -> Option<u32> {
        let for_likeness = if self.likeness { LIKENESS_SIDE } else { 0 };
        let side = self.grey.max(for_likeness);
        (self.proof || side > 0).then_some(side.max(1))
    }
}

/// What the child found out, sent as JSON; then come the clean copy, the likeness, the grey picture and
/// the page of letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The report, or why there is none.
    pub report: Result<ChildReport, Refusal>,
    /// About the clean copy, or why there is none.
    pub clean: Result<ChildCopy, Refusal>,
    /// Lengths of the parts that follow, bytes.
    pub lengths: [u64; 4],
}

/// About a clean copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildCopy {
    /// What was removed.
    pub removed: Vec<MetadataKind>,
    /// Whether the pixels were compressed anew.
    pub re_encoded: bool,
    /// Its format, such as `jpeg`.
    pub format: String,
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
    /// Whether a part of it could not be read.
    pub unreadable: bool,
    /// Whether it moves.
    pub moving: bool,
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

impl Refusal {
    fn not_asked() -> Self {
        Self {
            code: "not_asked".to_owned(),
            plain: "no clean copy was asked for".to_owned(),
            format: None,
        }
    }
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

/// What was made of a picture.
#[derive(Debug)]
pub struct Print {
    /// What is told of it.
    pub answer: Answer,
    /// The parts; empty where there is none.
    pub parts: [Vec<u8>; 4],
}

/// Lets a picture go through a pipe in a few steps.
pub fn widen(pipe: impl AsFd) {
    // where the system refuses, it takes more of them
    let _ = fcntl_setpipe_size(pipe, PIPE_BYTES);
}

/// Runs the child to its end.
///
/// # Errors
/// When limits cannot be set or a pipe breaks; the parent takes any of it as a failed child.
pub fn run(asked: &Asked, input: impl Read, mut output: impl Write) -> std::io::Result<()> {
    limit_self(&LIMITS)?;
    let limits = Limits::default();
    let mut bytes = Vec::new();
    input
        .take(limits.max_bytes.saturating_add(1 + asked.original))
        .read_to_end(&mut bytes)?;
    let print = develop(&bytes, asked, &limits);
    drop(bytes);
    let json = serde_json::to_vec(&print.answer)?;
    output.write_all(&u32::try_from(json.len()).unwrap_or(u32::MAX).to_be_bytes())?;
    output.write_all(&json)?;
    for part in &print.parts {
        output.write_all(part)?;
    }
    output.flush()
}

/// Reads, cleans and opens one picture in this process.
pub fn develop(bytes: &[u8], asked: &Asked, limits: &Limits) -> Print {
    let length = usize::try_from(asked.original).unwrap_or(usize::MAX);
    let (original, bytes) = match bytes.split_at_checked(length) {
        Some((original, made)) if length > 0 => (original, made),
        _ => (bytes, bytes),
    };
    let (report, cleaned) = read_and_clean(original, bytes, asked, limits);
    let mut cleaned = match cleaned {
        Some(cleaned) => cleaned.map_err(|error| Refusal::from(&error)),
        None => Err(Refusal::not_asked()),
    };
    let mut parts = [const { Vec::new() }; 4];
    if let Some(side) = asked.side() {
        // what may be published is what is looked at; the original only where there is nothing to publish
        let seen = cleaned.as_ref().map_or(bytes, |cleaned| &cleaned.bytes);
        match open(seen, side, limits) {
            Ok(picture) => {
                if asked.grey > 0 {
                    let grey = grey(&picture, asked.grey);
                    let letters = asked.lettering.then(|| lettering(&grey)).flatten();
                    parts[3] = letters.as_ref().map(to_pgm).unwrap_or_default();
                    parts[2] = to_pgm(&grey);
                }
                if asked.likeness {
                    parts[1] = likeness(&smaller(picture, LIKENESS_SIDE)).to_bytes();
                }
            }
            Err(error) => cleaned = cleaned.and(Err(Refusal::from(&error))),
        }
    }
    let clean = cleaned.map(|cleaned| {
        let about = about(&cleaned);
        parts[0] = cleaned.bytes;
        about
    });
    let answer = Answer {
        report: report.map(told).map_err(|error| Refusal::from(&error)),
        clean,
        lengths: [0, 1, 2, 3].map(|part: usize| parts[part].len() as u64),
    };
    Print { answer, parts }
}

/// The report of the original, and the clean copy where one is asked for. Where something identifying cannot be taken out of
/// the file, the pixels alone are kept.
fn read_and_clean(
    original: &[u8],
    bytes: &[u8],
    asked: &Asked,
    limits: &Limits,
) -> (
    Result<Report, MediaError>,
    Option<Result<Cleaned, MediaError>>,
) {
    let is_converted = asked.original > 0;
    if !asked.copy || asked.again || is_converted {
        let report = inspect(original, limits);
        let cleaned = match &report {
            Ok(report) if asked.copy && is_converted => {
                Some(clean_converted(bytes, report, limits))
            }
            _ => asked.copy.then(|| clean_again(bytes, limits)),
        };
        return (report, cleaned);
    }
    let (report, cleaned) = inspect_and_clean(bytes, limits);
    let cleaned = match cleaned {
        Err(MediaError::StillIdentifying(left)) => {
            clean_again(bytes, limits).map_err(|_| MediaError::StillIdentifying(left))
        }
        cleaned => cleaned,
    };
    (report, Some(cleaned))
}

fn about(cleaned: &Cleaned) -> ChildCopy {
    ChildCopy {
        removed: cleaned.removed.iter().copied().map(kind).collect(),
        re_encoded: cleaned.re_encoded,
        format: cleaned.format.to_string(),
    }
}

fn told(report: Report) -> ChildReport {
    let fact = |entry: schoolgate_media::Entry| MetadataFact {
        kind: kind(entry.kind),
        tag: entry.tag,
        text: entry.value.map(Redacted::new),
    };
    ChildReport {
        format: report.format.to_string(),
        width: report.width,
        height: report.height,
        text_cut: report.text_cut,
        unreadable: report.unreadable,
        moving: report.is_moving(),
        metadata: report.entries.into_iter().map(fact).collect(),
    }
}

/// The picture crate knows nothing of our words, so the two lists meet here.
pub(crate) fn kind(kind: schoolgate_media::MetadataKind) -> MetadataKind {
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

    const ALL: Asked = Asked {
        likeness: true,
        grey: 2000,
        lettering: true,
        ..Asked::PROOF
    };

    fn sample(name: &str) -> Vec<u8> {
        let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo/photos");
        std::fs::read(photos.join(name)).unwrap()
    }

    #[test]
    fn what_is_asked_survives_the_way_to_the_child() {
        let again = Asked {
            again: true,
            original: 5,
            ..ALL
        };
        for asked in [Asked::REPORT, Asked::COPY, Asked::PROOF, ALL, again] {
            assert_eq!(Asked::parse(asked.arguments()), Some(asked));
        }
        assert_eq!(Asked::parse(["everything".to_owned()]), None);
        assert_eq!(Asked::parse(["grey=much".to_owned()]), None);
    }

    #[test]
    fn only_what_is_asked_is_done() {
        let picture = sample("sports-day-relay.jpg");
        let made = |asked: Asked| {
            develop(&picture, &asked, &Limits::default())
                .parts
                .map(|part| part.len())
        };
        assert_eq!(made(Asked::REPORT), [0; 4]);
        let [copy, 0, 0, 0] = made(Asked::COPY) else {
            panic!("more than a copy")
        };
        assert_eq!(made(Asked::PROOF), [copy, 0, 0, 0]);
        assert!(made(ALL)[..3].iter().all(|length| *length > 0));
    }

    #[test]
    fn a_copy_that_does_not_open_is_not_one() {
        let picture = sample("sports-day-relay.jpg");
        let torn = [&picture[..picture.len() / 2], &[0xFF, 0xD9]].concat();
        let print = develop(&torn, &ALL, &Limits::default());
        assert_eq!(print.answer.clean.unwrap_err().code, "truncated");
        assert_eq!(print.answer.lengths, [0; 4]);
    }

    #[test]
    fn a_copy_made_anew_says_so() {
        let picture = sample("sports-day-relay.jpg");
        let asked = Asked {
            again: true,
            ..Asked::PROOF
        };
        let copy = develop(&picture, &asked, &Limits::default())
            .answer
            .clean
            .unwrap();
        assert!(copy.re_encoded && copy.format == "jpeg" && !copy.removed.is_empty());
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
            if run(&ALL, picture.as_slice(), &mut output).is_err() {
                return 1;
            }
            let length = u32::from_be_bytes([output[0], output[1], output[2], output[3]]);
            let answer: Answer = serde_json::from_slice(&output[4..4 + length as usize]).unwrap();
            if answer.report.is_err() || answer.clean.is_err() || answer.lengths[..3].contains(&0) {
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
