//! A tray of one person's pictures whose clean copies need no pixel: one child reads them one after the other and writes
//! each copy into a file that is waiting for it, so that the megabytes go through no pipe. Whatever is out of the ordinary
//! in a picture is left to a child of its own ([`Darkroom::develop_asked`]), which also says what is wrong with it.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Mode, OFlags, open},
    process::Resource,
};
use schoolgate_media::{Format, Limits, clean_in_parts, sniff};
use schoolgate_model::MetadataKind;
use serde::{Deserialize, Serialize};

use crate::{
    bounded::{READ_ONLY, read_into},
    child::{self, LIMITS},
    limits::limit_self,
    process,
    room::Darkroom,
    store::max_copy_bytes,
};

/// The most pictures on one tray: as many large PNGs as half of the child's processor time is enough for.
pub const MOST: usize = 8;
/// The most that is told of one picture.
const MAX_TOLD_BYTES: u64 = 1024;
/// What the child is told first, to know this work from another.
pub const WORD: &str = "tray";

/// A picture, and the empty file that its clean copy goes into.
#[derive(Debug, Clone)]
pub struct Place {
    /// The picture.
    pub picture: PathBuf,
    /// The file for its copy.
    pub copy: PathBuf,
}

/// A copy that the child has written and proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// What was removed.
    pub removed: Vec<MetadataKind>,
    /// The format, of picture and copy alike.
    pub format: String,
    /// The copy's length, bytes.
    pub bytes: u64,
}

/// Runs the child to its end: opens the files that `arguments` name in pairs, limits itself, and only then reads.
///
/// # Errors
/// When limits cannot be set or the answer cannot be sent.
pub fn run(arguments: &[PathBuf], mut output: impl Write) -> io::Result<()> {
    let opened: Vec<_> = arguments
        .chunks_exact(2)
        .map(|pair| open_both(&pair[0], &pair[1]))
        .collect();
    limit_self(&limits())?;
    let mut bytes = Vec::new();
    for pair in opened {
        let written = pair.ok().and_then(|(picture, copy)| {
            read_into(picture, Limits::default().max_bytes, &mut bytes).ok()?;
            clean(&bytes, copy)
        });
        serde_json::to_writer(&mut output, &written)?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

/// As every child's, but that files which are open may be written.
fn limits() -> [(Resource, u64); 6] {
    LIMITS.map(|(resource, limit)| match resource {
        Resource::Fsize => (resource, max_copy_bytes()),
        _ => (resource, limit),
    })
}

fn open_both(picture: &Path, copy: &Path) -> io::Result<(File, File)> {
    let write = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let picture = open(picture, READ_ONLY, Mode::empty())?;
    let copy = open(copy, write, Mode::empty())?;
    Ok((picture.into(), copy.into()))
}

/// Writes the clean copy of a picture; `None` for one that needs a look of its own.
fn clean(bytes: &[u8], mut copy: File) -> Option<Written> {
    let lossless = [Format::Jpeg, Format::Png, Format::WebP, Format::Gif];
    if !lossless.contains(&sniff(bytes)) {
        return None;
    }
    let no_pixels = Limits {
        max_alloc_bytes: 0,
        ..Limits::default()
    };
    let cleaned = clean_in_parts(bytes, &no_pixels).1.ok()?;
    if cleaned.re_encoded {
        return None;
    }
    copy.write_all(&cleaned.bytes.head).ok()?;
    copy.write_all(&cleaned.bytes.body).ok()?;
    Some(Written {
        removed: cleaned.removed.into_iter().map(child::kind).collect(),
        format: cleaned.format.to_string(),
        bytes: cleaned.bytes.len() as u64,
    })
}

impl Darkroom {
    /// Writes the clean copies of at most [`MOST`] pictures, each into the file that waits for it, in one child. `None` for
    /// a picture that needs a look of its own, and for all of them where the child failed; what their files then hold is
    /// no copy.
    pub async fn clean_tray(&self, places: &[Place]) -> Vec<Option<Written>> {
        let written = self.ask_tray(places).await.unwrap_or_default();
        let all = written.len() == places.len();
        let whole = |(written, place): (Option<Written>, &Place)| {
            let length = place.copy.symlink_metadata().ok()?.len();
            written.filter(|written| all && written.bytes == length)
        };
        let mut written = written.into_iter();
        let answers = places.iter().map(|place| (written.next().flatten(), place));
        answers.map(whole).collect()
    }

    async fn ask_tray(&self, places: &[Place]) -> Option<Vec<Option<Written>>> {
        let deadline = self.deadline();
        let _permit = self.permit(deadline).await.ok()?;
        let (program, first) = &self.settings().child;
        let paths = places
            .iter()
            .flat_map(|place| [&place.picture, &place.copy]);
        let rest: Vec<_> = [Path::new(WORD).as_os_str()]
            .into_iter()
            .chain(paths.map(|path| path.as_os_str()))
            .collect();
        let output = process::run(
            (program, &process::arguments(first, &rest)),
            b"",
            MAX_TOLD_BYTES * places.len() as u64,
            self.timeout_of_child(deadline).ok()?,
        )
        .await
        .ok()?;
        let lines = output.split_inclusive(|&byte| byte == b'\n');
        let told = lines.map(|line| serde_json::from_slice(line).ok());
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use rustix::process::getrlimit;
    use schoolgate_media::inspect_and_clean;

    use super::*;
    use crate::settings::DarkroomSettings;

    /// Set, to a folder, in the process that limits itself for the first test.
    const LIMITED_HALF: &str = "SCHOOLGATE_TEST_LIMITED_TRAY";
    const NAMES: [&str; 6] = [
        "relay.jpg",
        "note.txt",
        "wall.png",
        "gone.jpg",
        "cut.jpg",
        "open.jpg",
    ];

    fn pairs(folder: &Path) -> Vec<PathBuf> {
        let pair = |name: &&str| [folder.join(name), folder.join(format!("{name}.copy"))];
        NAMES.iter().flat_map(pair).collect()
    }

    /// Limits cannot be undone, so they are tried in a second process, which runs this very test.
    #[test]
    fn copies_are_those_of_a_child_alone_and_what_needs_pixels_is_left_to_one() {
        if let Some(folder) = std::env::var_os(LIMITED_HALF) {
            std::process::exit(limited_half(Path::new(&folder)));
        }
        let folder = tempfile::tempdir().unwrap();
        let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo/photos");
        let jpeg = fs::read(photos.join("sports-day-relay.jpg")).unwrap();
        let png = fs::read(photos.join("art-wall.png")).unwrap();
        let no_end = jpeg.strip_suffix(&[0xFF, 0xD9]).unwrap_or(&jpeg);
        let cut = &jpeg[..jpeg.len() / 2];
        for (name, bytes) in [
            ("relay.jpg", jpeg.as_slice()),
            ("wall.png", &png),
            ("note.txt", b"these are notes"),
            ("cut.jpg", cut),
            // whether it is whole only its pixels tell
            ("open.jpg", no_end),
        ] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        for name in NAMES {
            fs::write(folder.path().join(format!("{name}.copy")), b"").unwrap();
        }
        let name =
            "tray::tests::copies_are_those_of_a_child_alone_and_what_needs_pixels_is_left_to_one";
        let half = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(LIMITED_HALF, folder.path())
            .output()
            .unwrap();
        assert_eq!(half.status.code(), Some(42), "{half:?}");
        let answer = fs::read_to_string(folder.path().join("answer")).unwrap();
        let told: Vec<Option<Written>> = answer
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let done = told.iter().map(Option::is_some);
        assert!(
            done.eq([true, false, true, false, false, false]),
            "{told:?}"
        );
        for (name, bytes) in [("relay.jpg", &jpeg), ("wall.png", &png)] {
            let copy = fs::read(folder.path().join(format!("{name}.copy"))).unwrap();
            let alone = inspect_and_clean(bytes, &Limits::default()).1.unwrap();
            assert!(copy == alone.bytes, "{name}");
        }
    }

    fn limited_half(folder: &Path) -> i32 {
        let Ok(answer) = File::create(folder.join("answer")) else {
            return 1;
        };
        if run(&pairs(folder), answer).is_err() {
            return 2;
        }
        let kept = limits().iter().all(|(resource, limit)| {
            let now = getrlimit(*resource);
            (now.current, now.maximum) == (Some(*limit), Some(*limit))
        });
        let opens = File::open("/dev/null").is_ok();
        if kept && !opens { 42 } else { 3 }
    }

    #[tokio::test]
    async fn whatever_a_broken_child_claims_no_copy_is_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let places = ["a.jpg", "b.jpg"].map(|name| Place {
            picture: folder.path().join(name),
            copy: folder.path().join(name),
        });
        for place in &places {
            fs::write(&place.copy, b"copy").unwrap();
        }
        let line = |bytes: u64| format!(r#"{{"removed":[],"format":"jpeg","bytes":{bytes}}}\n"#);
        let (right, wrong) = (line(4), line(5));
        for (script, taken) in [
            (format!("printf '{right}{right}'"), [true, true]),
            (format!("printf '{right}null\\n'"), [true, false]),
            (format!("printf '{wrong}{right}'"), [false, true]),
            (format!("printf '{right}'"), [false, false]),
            (format!("printf '{right}{right}{right}'"), [false, false]),
            (format!("printf '{right}nonsense\\n'"), [false, false]),
            (format!("printf '{right}{right}'; exit 3"), [false, false]),
            (
                format!("printf '{right}{right}'; kill -9 $$"),
                [false, false],
            ),
            (format!("printf '{right}{right}'; sleep 30"), [false, false]),
        ] {
            let mut settings = DarkroomSettings::new("/bin/sh".into());
            settings.child.1 = vec!["-c".to_owned(), script.clone()];
            settings.timeout = std::time::Duration::from_millis(500);
            let written = Darkroom::new(settings).clean_tray(&places).await;
            let found: Vec<_> = written.iter().map(Option::is_some).collect();
            assert_eq!(found, taken, "{script}");
        }
        let nobody = Darkroom::new(DarkroomSettings::new("/nowhere/at/all".into()));
        assert_eq!(nobody.clean_tray(&places).await, [None, None]);
    }
}
