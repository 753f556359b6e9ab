//! The parent's side: fetches a picture's bytes, hands them to a child, checks the answer, keeps the clean copy.

use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use schoolgate_media::Limits;
use schoolgate_model::{
    CleanCopy, Item, MediaFacts, MediaSource, MediumFacts, MediumFault, ReadMedium,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::Command,
    sync::Semaphore,
};

use crate::{
    child::{Answer, Refusal},
    root::MediaRoot,
    store::{MediaStore, sha256_hex},
};

/// How long one child may take: its own limit is 5 s of processor time; this is the wall clock on a busy machine.
const CHILD_TIMEOUT: Duration = Duration::from_secs(20);
/// Children at once: one a core on the smallest machine that we support.
const CHILDREN: usize = 2;
/// The largest JSON answer that is believed.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// How a darkroom is set up.
#[derive(Debug, Clone)]
pub struct DarkroomSettings {
    /// The program to run as the child and its arguments: this binary with `media-child`.
    pub child: (PathBuf, Vec<String>),
    /// The folder that paths are relative to; without one every path is not found.
    pub root: Option<MediaRoot>,
    /// Where clean copies are kept; `check` keeps none.
    pub store: Option<MediaStore>,
    /// Wall-clock limit of one child.
    pub timeout: Duration,
}

impl DarkroomSettings {
    /// The usual settings: `program media-child`, 20 s.
    pub fn new(program: PathBuf) -> Self {
        Self {
            child: (program, vec!["media-child".to_owned()]),
            root: None,
            store: None,
            timeout: CHILD_TIMEOUT,
        }
    }
}

/// Reads and cleans pictures, a few at a time.
#[derive(Debug, Clone)]
pub struct Darkroom {
    settings: Arc<DarkroomSettings>,
    permits: Arc<Semaphore>,
}

/// A picture that was read: the facts and the clean bytes, where there are any.
#[derive(Debug)]
pub struct Developed {
    /// What is known.
    pub read: ReadMedium,
    /// The clean copy's bytes.
    pub clean: Option<Vec<u8>>,
}

impl Darkroom {
    /// A darkroom with the given settings.
    pub fn new(settings: DarkroomSettings) -> Self {
        Self {
            settings: Arc::new(settings),
            permits: Arc::new(Semaphore::new(CHILDREN)),
        }
    }

    /// The facts of every picture of an item, up to the number that is read. Faults are facts.
    pub async fn facts(&self, item: &Item) -> MediaFacts {
        let mut facts = MediaFacts::default();
        for medium in item.content.media.iter().take(Item::MAX_MEDIA) {
            let read = self.medium(&medium.source).await;
            facts.media.push(MediumFacts {
                id: medium.id.clone(),
                read,
            });
        }
        facts
    }

    async fn medium(&self, source: &MediaSource) -> Result<ReadMedium, MediumFault> {
        let bytes = self.load(source).await?;
        let developed = self.develop(bytes).await?;
        let mut read = developed.read;
        if let (Some(store), Ok(copy), Some(bytes)) =
            (&self.settings.store, &mut read.clean, developed.clean)
        {
            let store = store.clone();
            let kept = tokio::task::spawn_blocking(move || store.put(&bytes)).await;
            match kept {
                Ok(Ok(path)) => copy.path = Some(path),
                Ok(Err(error)) => {
                    read.clean = Err(MediumFault::StoreFailed(error.kind().to_string()))
                }
                Err(_) => {
                    read.clean = Err(MediumFault::StoreFailed("the writer stopped".to_owned()))
                }
            }
        }
        Ok(read)
    }

    async fn load(&self, source: &MediaSource) -> Result<Vec<u8>, MediumFault> {
        let max_bytes = Limits::default().max_bytes;
        match source {
            MediaSource::Path(path) => {
                let root = self.settings.root.clone().ok_or(MediumFault::NotFound)?;
                let path = path.clone();
                tokio::task::spawn_blocking(move || root.read(&path, max_bytes))
                    .await
                    .unwrap_or_else(|_| {
                        Err(MediumFault::ChildFailed(
                            "the file reader stopped".to_owned(),
                        ))
                    })
            }
            MediaSource::Data(bytes) => Ok(bytes.clone()),
            MediaSource::BadData => Err(MediumFault::Unreadable {
                code: "base64".to_owned(),
                plain: "the picture was not sent as readable base64".to_owned(),
            }),
            MediaSource::Url(_) => Err(MediumFault::NotFetched),
            MediaSource::Nowhere => Err(MediumFault::NotFound),
        }
    }

    /// Reads and cleans one picture in a child process.
    ///
    /// # Errors
    /// `MediumFault` for whatever the child said or how it ended.
    pub async fn develop(&self, bytes: Vec<u8>) -> Result<Developed, MediumFault> {
        let sha256 = sha256_hex(&bytes);
        let failed = |what: &str| MediumFault::ChildFailed(what.to_owned());
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| failed("shutting down"))?;
        let output = tokio::time::timeout(self.settings.timeout, self.run_child(bytes))
            .await
            .map_err(|_| MediumFault::ChildTimedOut)??;
        let (answer, copy) =
            parse(&output).ok_or_else(|| failed("its answer could not be read"))?;
        let report = answer.report.map_err(|refusal| fault(&refusal))?;
        let (clean, bytes) = match answer.clean {
            Ok(removed) => {
                let copy_facts = CleanCopy {
                    sha256: sha256_hex(copy),
                    path: None,
                    removed,
                };
                (Ok(copy_facts), Some(copy.to_vec()))
            }
            Err(refusal) => (Err(fault(&refusal)), None),
        };
        let read = ReadMedium {
            format: report.format,
            width: report.width,
            height: report.height,
            sha256,
            metadata: report.metadata,
            text_cut: report.text_cut,
            clean,
        };
        Ok(Developed { read, clean: bytes })
    }

    async fn run_child(&self, bytes: Vec<u8>) -> Result<Vec<u8>, MediumFault> {
        let failed = |what: &str| MediumFault::ChildFailed(what.to_owned());
        let (program, arguments) = &self.settings.child;
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(&format!("it could not be started ({})", error.kind())))?;
        let mut input = child
            .stdin
            .take()
            .ok_or_else(|| failed("it has no input"))?;
        // a child that refuses early closes its input; its answer and its end tell the rest
        let feeding = tokio::spawn(async move { input.write_all(&bytes).await });
        let mut output = Vec::new();
        let limit = Limits::default().max_bytes + MAX_ANSWER_BYTES as u64 + 4;
        let stdout = child
            .stdout
            .take()
            .ok_or_else(|| failed("it has no output"))?;
        stdout
            .take(limit)
            .read_to_end(&mut output)
            .await
            .map_err(|_| failed("its answer broke off"))?;
        let status = child
            .wait()
            .await
            .map_err(|_| failed("its end was not seen"))?;
        feeding.abort();
        match status.code() {
            Some(0) => Ok(output),
            Some(code) => Err(failed(&format!("it ended with status {code}"))),
            None => Err(MediumFault::ChildKilled),
        }
    }
}

fn parse(output: &[u8]) -> Option<(Answer, &[u8])> {
    let length = u32::from_be_bytes(output.get(..4)?.try_into().ok()?) as usize;
    if length > MAX_ANSWER_BYTES {
        return None;
    }
    let answer: Answer = serde_json::from_slice(output.get(4..4 + length)?).ok()?;
    let copy = &output[4 + length..];
    (copy.len() as u64 == answer.clean_bytes).then_some((answer, copy))
}

fn fault(refusal: &Refusal) -> MediumFault {
    match (refusal.code.as_str(), &refusal.format) {
        ("unsupported", Some(format)) => MediumFault::UnsupportedFormat(format.clone()),
        ("too_large" | "too_many_segments", _) => MediumFault::TooLarge(refusal.plain.clone()),
        _ => MediumFault::Unreadable {
            code: refusal.code.clone(),
            plain: refusal.plain.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(script: &str) -> Darkroom {
        let mut settings = DarkroomSettings::new("/bin/sh".into());
        settings.child.1 = vec!["-c".to_owned(), script.to_owned()];
        settings.timeout = Duration::from_millis(500);
        Darkroom::new(settings)
    }

    #[tokio::test]
    async fn however_the_child_ends_the_picture_has_a_fault() {
        let killed = room("kill -9 $$").develop(vec![1]).await.unwrap_err();
        assert_eq!(killed, MediumFault::ChildKilled);
        let late = room("sleep 20").develop(vec![1]).await.unwrap_err();
        assert_eq!(late, MediumFault::ChildTimedOut);
        for script in [
            "exit 3",
            "echo nonsense",
            "printf '\\000\\000\\000\\002{}'",
            "printf '\\377\\377\\377\\377'",
            "true",
        ] {
            let failed = room(script).develop(vec![1]).await.unwrap_err();
            assert!(
                matches!(failed, MediumFault::ChildFailed(_)),
                "{script}: {failed:?}"
            );
        }
        let missing = Darkroom::new(DarkroomSettings::new("/nowhere/at/all".into()))
            .develop(vec![1])
            .await
            .unwrap_err();
        assert!(matches!(missing, MediumFault::ChildFailed(_)));
    }

    #[tokio::test]
    async fn a_large_picture_does_not_choke_a_child_that_stops_reading() {
        let failed = room("exit 0")
            .develop(vec![0; 8 * 1024 * 1024])
            .await
            .unwrap_err();
        assert!(matches!(failed, MediumFault::ChildFailed(_)));
    }

    #[tokio::test]
    async fn sources_that_cannot_be_read_are_faults() {
        let room = room("true");
        assert_eq!(
            room.load(&MediaSource::Url("https://a.example/x".into()))
                .await,
            Err(MediumFault::NotFetched)
        );
        assert_eq!(
            room.load(&MediaSource::Nowhere).await,
            Err(MediumFault::NotFound)
        );
        assert_eq!(
            room.load(&MediaSource::Path("a.jpg".into())).await,
            Err(MediumFault::NotFound)
        );
        assert!(matches!(
            room.load(&MediaSource::BadData).await,
            Err(MediumFault::Unreadable { .. })
        ));
    }
}
