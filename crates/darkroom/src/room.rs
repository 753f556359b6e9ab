//! The parent's side: fetches a picture's bytes, hands them to a child, checks the answer, keeps the clean copy. How a
//! child is started and ended is told in `process`.

use std::{collections::HashMap, sync::Arc, time::Duration};

use schoolgate_media::{Likeness, Limits};
use schoolgate_model::{
    Item, LookFault, Looks, MediaFacts, MediaRef, MediaSource, MediumFacts, MediumFault,
    PictureSettings, ReadMedium, ReadWords, SchoolId,
};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout_at},
};

use crate::{
    answer::{self, Seen},
    child::Asked,
    heif, looks, process,
    root::MediaRoot,
    settings::DarkroomSettings,
    shelves,
    store::{MediaStore, sha256_hex},
};

/// The longest time that a setting can ask for; keeps the arithmetic of the clock from overflowing.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

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
    /// What it can be recognised by, where that was asked and the picture opened.
    pub likeness: Option<Likeness>,
}

/// What came of the pictures of one item so far, by the SHA-256 of their bytes.
type Known = HashMap<String, Result<ReadMedium, MediumFault>>;

/// Bytes with their name.
struct Original<'a> {
    bytes: &'a [u8],
    sha256: &'a str,
}

impl Darkroom {
    /// A darkroom with the given settings.
    pub fn new(settings: DarkroomSettings) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(settings.children.max(1))),
            settings: Arc::new(settings),
        }
    }

    /// The facts of every picture of an item, up to the number that is read. Faults are facts; a picture that is not
    /// reached within the item's time is [`MediumFault::ChildTimedOut`]. Identical bytes are developed once.
    pub async fn facts(&self, item: &Item) -> MediaFacts {
        self.facts_of(&item.envelope.school, &item.content.media)
            .await
    }

    async fn facts_of(&self, school: &SchoolId, media: &[MediaRef]) -> MediaFacts {
        let deadline = self.deadline();
        let mut known = Known::new();
        let mut facts = MediaFacts::default();
        for medium in media.iter().take(Item::MAX_MEDIA) {
            let read = self
                .medium(school, &medium.source, deadline, &mut known)
                .await;
            facts.media.push(MediumFacts {
                id: medium.id.clone(),
                read,
            });
        }
        facts
    }

    pub(crate) fn settings(&self) -> &DarkroomSettings {
        &self.settings
    }

    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.settings.item_timeout.min(LONGEST_TIMEOUT)
    }

    async fn medium(
        &self,
        school: &SchoolId,
        source: &MediaSource,
        deadline: Instant,
        known: &mut Known,
    ) -> Result<ReadMedium, MediumFault> {
        let bytes = self.load(source, deadline).await?;
        let sha256 = sha256_hex(&bytes);
        if let Some(read) = known.get(&sha256) {
            return read.clone();
        }
        let original = Original {
            bytes: &bytes,
            sha256: &sha256,
        };
        let read = self.look_and_keep(school, original, deadline).await;
        known.insert(sha256, read.clone());
        read
    }

    /// Nothing is developed that was taken back for good, and no copy is kept of what looks the same without its metadata.
    async fn look_and_keep(
        &self,
        school: &SchoolId,
        original: Original<'_>,
        deadline: Instant,
    ) -> Result<ReadMedium, MediumFault> {
        self.pass(school, original.sha256, deadline).await?;
        let nothing = PictureSettings {
            words: ReadWords::Off,
            ..PictureSettings::default()
        };
        let wished = self.settings.wished.get(school).unwrap_or(&nothing);
        let reader = looks::reader(&self.settings, wished.words);
        let reading = matches!(reader, Some(Ok(_)));
        let asked = Asked {
            likeness: !self.settings.shelves.is_empty(),
            grey: looks::grey_side(reading, wished.head_count),
            lettering: reading,
            again: wished.re_encode,
            ..Asked::PROOF
        };
        let permit = self.permit(deadline).await?;
        let Seen {
            mut read,
            clean,
            likeness,
            grey,
            letters,
        } = self.develop_until(&original, asked, deadline).await?;
        if let Ok(copy) = &read.clean {
            self.pass(school, &copy.sha256, deadline).await?;
        }
        let pages = (grey.as_slice(), letters.as_slice());
        read.looks = self.look(wished.head_count, reader, pages, deadline).await;
        drop(permit);
        let finding = shelves::find(
            &self.settings.shelves,
            school,
            original.sha256,
            likeness.as_ref(),
        );
        let found = timeout_at(deadline, finding).await;
        read.looks.known = found.unwrap_or(Some(Err(LookFault::TimedOut)));
        read.looks.fingerprint = looks::fingerprint(likeness.as_ref());
        if let (Some(store), Ok(copy), Some(bytes)) = (&self.settings.store, &mut read.clean, clean)
        {
            match keep(store.clone(), bytes, deadline).await {
                Ok(path) => copy.path = Some(path),
                Err(fault) => read.clean = Err(fault),
            }
        }
        Ok(read)
    }

    /// Reads the words and counts the faces of a grey picture, which is empty where the picture did not open. What could
    /// be letters in it comes on a page of its own.
    async fn look(
        &self,
        count: bool,
        reader: looks::Reader,
        (grey, letters): (&[u8], &[u8]),
        deadline: Instant,
    ) -> Looks {
        let settings = &self.settings;
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = settings.look_timeout.min(left);
        let words = async {
            match reader {
                None => None,
                Some(Err(fault)) => Some(Err(fault)),
                Some(Ok(_)) if grey.is_empty() => Some(Err(LookFault::Unopened)),
                Some(Ok(program)) => {
                    Some(looks::words(settings, &program, (grey, letters), timeout).await)
                }
            }
        };
        let faces = async {
            match (count, grey.is_empty()) {
                (false, _) => None,
                (true, true) => Some(Err(LookFault::Unopened)),
                (true, false) => Some(looks::faces(settings, grey, timeout).await),
            }
        };
        let (words, faces) = tokio::join!(words, faces);
        Looks {
            words,
            faces,
            ..Looks::default()
        }
    }

    async fn pass(
        &self,
        school: &SchoolId,
        sha256: &str,
        deadline: Instant,
    ) -> Result<(), MediumFault> {
        match &self.settings.gate {
            Some(gate) => timeout_at(deadline, gate.pass(school, sha256))
                .await
                .unwrap_or(Err(MediumFault::ChildTimedOut)),
            None => Ok(()),
        }
    }

    async fn load(&self, source: &MediaSource, deadline: Instant) -> Result<Vec<u8>, MediumFault> {
        let in_time = || match Instant::now() < deadline {
            true => Ok(()),
            false => Err(MediumFault::ChildTimedOut),
        };
        match source {
            MediaSource::Path(path) => {
                let root = self.settings.root.clone().ok_or(MediumFault::NotFound)?;
                in_time()?;
                load_path(root, path.clone(), deadline).await
            }
            MediaSource::Data(bytes) => in_time().map(|()| bytes.clone()),
            MediaSource::BadData => Err(MediumFault::Unreadable {
                code: "base64".to_owned(),
                plain: "the picture was not sent as readable base64".to_owned(),
            }),
            MediaSource::Url(address) => {
                let fetcher = self
                    .settings
                    .fetcher
                    .as_ref()
                    .ok_or(MediumFault::NotFetched)?;
                in_time()?;
                timeout_at(deadline, fetcher.fetch(address))
                    .await
                    .unwrap_or(Err(MediumFault::ChildTimedOut))
            }
            MediaSource::Nowhere => Err(MediumFault::NotFound),
        }
    }

    /// Reads, cleans and opens one picture in a child process, within the time of an item.
    ///
    /// # Errors
    /// `MediumFault` for whatever the child said or how it ended.
    pub async fn develop(&self, bytes: Vec<u8>) -> Result<Developed, MediumFault> {
        self.develop_asked(bytes, Asked::PROOF).await
    }

    /// As [`Darkroom::develop`], but only what is asked.
    ///
    /// # Errors
    /// `MediumFault` for whatever the child said or how it ended.
    pub async fn develop_asked(
        &self,
        bytes: Vec<u8>,
        asked: Asked,
    ) -> Result<Developed, MediumFault> {
        let deadline = self.deadline();
        let original = Original {
            bytes: &bytes,
            sha256: &sha256_hex(&bytes),
        };
        let _permit = self.permit(deadline).await?;
        let mut seen = self.develop_until(&original, asked, deadline).await?;
        seen.read.looks.fingerprint = looks::fingerprint(seen.likeness.as_ref());
        Ok(Developed {
            read: seen.read,
            clean: seen.clean,
            likeness: seen.likeness,
        })
    }

    pub(crate) async fn permit(
        &self,
        deadline: Instant,
    ) -> Result<tokio::sync::SemaphorePermit<'_>, MediumFault> {
        timeout_at(deadline, self.permits.acquire())
            .await
            .map_err(|_| MediumFault::ChildTimedOut)?
            .map_err(|_| failed("shutting down"))
    }

    async fn develop_until(
        &self,
        original: &Original<'_>,
        asked: Asked,
        deadline: Instant,
    ) -> Result<Seen, MediumFault> {
        let seen = self.ask(original, asked, deadline).await?;
        if !(asked.copy && seen.needs_converting()) {
            return Ok(seen);
        }
        match self.convert(original, asked, deadline).await {
            Ok(converted) => Ok(converted),
            // what the file says is known all the same
            Err(fault) => Ok(seen.without_copy(fault)),
        }
    }

    /// What the child says of a picture which it cannot open, given the JPEG that another program makes of it.
    async fn convert(
        &self,
        original: &Original<'_>,
        asked: Asked,
        deadline: Instant,
    ) -> Result<Seen, MediumFault> {
        let timeout = self.timeout_of_child(deadline)?;
        let jpeg = heif::convert(&self.settings, original.bytes, timeout).await?;
        let both = Original {
            bytes: &[original.bytes, &jpeg].concat(),
            sha256: original.sha256,
        };
        let asked = Asked {
            original: original.bytes.len() as u64,
            again: false,
            ..asked
        };
        self.ask(&both, asked, deadline).await
    }

    async fn ask(
        &self,
        original: &Original<'_>,
        asked: Asked,
        deadline: Instant,
    ) -> Result<Seen, MediumFault> {
        let timeout = self.timeout_of_child(deadline)?;
        let (program, first) = &self.settings.child;
        let arguments = process::arguments(first, &asked.arguments());
        let output = process::run(
            (program, &arguments),
            original.bytes,
            answer::max_bytes(),
            timeout,
        )
        .await?;
        answer::understand(&output, original.sha256)
    }

    pub(crate) fn timeout_of_child(&self, deadline: Instant) -> Result<Duration, MediumFault> {
        match deadline.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(MediumFault::ChildTimedOut),
            left => Ok(self.settings.timeout.min(left)),
        }
    }
}

async fn load_path(
    root: MediaRoot,
    path: String,
    deadline: Instant,
) -> Result<Vec<u8>, MediumFault> {
    let max_bytes = Limits::default().max_bytes;
    let reading = tokio::task::spawn_blocking(move || root.read(&path, max_bytes));
    timeout_at(deadline, reading)
        .await
        .map_err(|_| MediumFault::ChildTimedOut)?
        .unwrap_or_else(|_| Err(failed("the file reader stopped")))
}

/// Keeps a clean copy. One that is late goes on being written, but nobody is told that it is there.
async fn keep(store: MediaStore, bytes: Vec<u8>, deadline: Instant) -> Result<String, MediumFault> {
    let fault = |what: &str| MediumFault::StoreFailed(what.to_owned());
    let writing = tokio::task::spawn_blocking(move || store.put(&bytes));
    timeout_at(deadline, writing)
        .await
        .map_err(|_| fault("it took too long"))?
        .map_err(|_| fault("the writer stopped"))?
        .map_err(|error| fault(&error.kind().to_string()))
}

fn failed(what: &str) -> MediumFault {
    MediumFault::ChildFailed(what.to_owned())
}

#[cfg(test)]
mod tests {
    use schoolgate_model::MediaId;

    use super::*;
    use crate::outside::{Asking, Fetcher, Gate};

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

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[tokio::test]
    async fn sources_that_cannot_be_read_are_faults() {
        let room = room("true");
        for (source, fault) in [
            (
                MediaSource::Url("https://a.example/x".into()),
                MediumFault::NotFetched,
            ),
            (MediaSource::Nowhere, MediumFault::NotFound),
            (MediaSource::Path("a.jpg".into()), MediumFault::NotFound),
        ] {
            // also where the item's time is over: no time is needed to say so
            assert_eq!(room.load(&source, soon()).await, Err(fault.clone()));
            assert_eq!(room.load(&source, Instant::now()).await, Err(fault));
        }
        assert!(matches!(
            room.load(&MediaSource::BadData, soon()).await,
            Err(MediumFault::Unreadable { .. })
        ));
    }

    /// A picture with the given bytes.
    fn medium(id: &str, bytes: &[u8]) -> MediaRef {
        MediaRef {
            id: MediaId::new(id),
            source: MediaSource::Data(bytes.to_vec()),
            filename: None,
            alt: None,
            caption: None,
            album: None,
            pupils: None,
            staff: None,
        }
    }

    /// A child that notes each of its runs in a file, waits, and answers with a clean copy.
    fn noting_room(notes: &std::path::Path, wait: &str) -> Darkroom {
        let answer = r#"{"report":{"Ok":{"format":"png","width":1,"height":1,"metadata":[],"text_cut":false,"unreadable":false,"moving":false}},"clean":{"Ok":{"removed":[],"re_encoded":false,"format":"png"}},"lengths":[4,0,0,0]}"#;
        let script = format!(
            "echo run >> '{}'; cat > /dev/null; sleep {wait}; printf '\\000\\000\\000\\{:03o}%scopy' '{answer}'",
            notes.display(),
            answer.len(),
        );
        let mut settings = DarkroomSettings::new("/bin/sh".into());
        settings.child.1 = vec!["-c".to_owned(), script];
        settings.timeout = Duration::from_secs(10);
        settings.item_timeout = Duration::from_millis(1500);
        settings.store = Some(MediaStore::new(notes.parent().unwrap()));
        Darkroom::new(settings)
    }

    fn runs(notes: &std::path::Path) -> usize {
        std::fs::read_to_string(notes)
            .unwrap_or_default()
            .lines()
            .count()
    }

    #[tokio::test]
    async fn identical_bytes_in_one_item_are_developed_once_and_answered_for_each() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes");
        let room = noting_room(&notes, "0");
        let media = [
            medium("m1", b"same"),
            medium("m2", b"other"),
            medium("m3", b"same"),
            medium("m4", b"same"),
        ];
        let facts = room.facts_of(&"a".into(), &media).await.media;
        assert_eq!(runs(&notes), 2);
        let ids: Vec<_> = facts.iter().map(|facts| facts.id.to_string()).collect();
        assert_eq!(ids, ["m1", "m2", "m3", "m4"]);
        for (facts, bytes) in facts.iter().zip(["same", "other", "same", "same"]) {
            let read = facts.read.as_ref().unwrap();
            assert_eq!(read.sha256, sha256_hex(bytes.as_bytes()));
            let path = read.clean.as_ref().unwrap().path.as_ref().unwrap();
            assert_eq!(std::fs::read(folder.path().join(path)).unwrap(), b"copy");
        }
    }

    /// Has removed one picture, of which it knows one hash.
    #[derive(Debug)]
    struct Removed(String);

    impl Gate for Removed {
        fn pass<'a>(&'a self, school: &'a SchoolId, sha256: &'a str) -> Asking<'a, ()> {
            Box::pin(async move {
                let is_it = school.as_str() == "a" && sha256 == self.0;
                if is_it { Err(gone()) } else { Ok(()) }
            })
        }
    }

    impl Fetcher for Removed {
        fn fetch<'a>(&'a self, address: &'a str) -> Asking<'a, Vec<u8>> {
            Box::pin(async move { Ok(address.as_bytes().to_vec()) })
        }
    }

    fn gone() -> MediumFault {
        MediumFault::Removed("20 November 2026".to_owned())
    }

    /// A room that knows of one removed picture and fetches.
    fn guarded_room(notes: &std::path::Path, removed: &[u8]) -> Darkroom {
        let room = noting_room(notes, "0");
        let mut settings = Arc::unwrap_or_clone(room.settings);
        let outside = Arc::new(Removed(sha256_hex(removed)));
        settings.gate = Some(Arc::clone(&outside) as Arc<dyn Gate>);
        settings.fetcher = Some(outside);
        Darkroom::new(settings)
    }

    #[tokio::test]
    async fn a_removed_picture_is_not_developed_wherever_it_comes_from() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes");
        let room = guarded_room(&notes, b"https://a.example/x");
        let mut media = [medium("m1", b"https://a.example/x"), medium("m2", b"")];
        media[1].source = MediaSource::Url("https://a.example/x".into());
        for facts in room.facts_of(&"a".into(), &media).await.media {
            assert_eq!(facts.read, Err(gone()));
        }
        assert_eq!(runs(&notes), 0);
        let elsewhere = room.facts_of(&"b".into(), &media).await.media;
        assert!(elsewhere.iter().all(|facts| facts.read.is_ok()));
    }

    #[tokio::test]
    async fn no_copy_is_kept_of_what_looks_like_a_removed_picture_without_its_metadata() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes");
        // the clean copy that the child answers with
        let room = guarded_room(&notes, b"copy");
        let facts = room.facts_of(&"a".into(), &[medium("m1", b"x")]).await;
        assert_eq!(facts.media[0].read, Err(gone()));
        assert!(!folder.path().join("media").exists());
    }

    #[tokio::test]
    async fn the_pictures_of_an_item_end_within_its_time_and_those_not_reached_have_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes");
        let room = noting_room(&notes, "0.6");
        let media: Vec<_> = (0..40u8)
            .map(|number| medium(&format!("m{number}"), &[number]))
            .collect();
        let started = Instant::now();
        let facts = room.facts_of(&"a".into(), &media).await.media;
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(facts.len(), 40);
        assert!(facts[0].read.is_ok(), "{:?}", facts[0].read);
        // the third is cut short, the others are never started
        let late = Err(MediumFault::ChildTimedOut);
        assert!(facts[3..].iter().all(|facts| facts.read == late));
        assert!(runs(&notes) <= 3);
    }

    #[tokio::test]
    async fn a_child_that_is_at_work_when_the_time_of_its_item_is_over_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let room = noting_room(&folder.path().join("notes"), "8");
        let started = Instant::now();
        let facts = room
            .facts_of(&"a".into(), &[medium("m1", b"x")])
            .await
            .media;
        assert_eq!(facts[0].read, Err(MediumFault::ChildTimedOut));
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn an_item_that_waits_for_a_free_child_gives_up_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let room = noting_room(&folder.path().join("notes"), "0");
        let _taken = room.permits.acquire_many(2).await.unwrap();
        let facts = room
            .facts_of(&"a".into(), &[medium("m1", b"x")])
            .await
            .media;
        assert_eq!(facts[0].read, Err(MediumFault::ChildTimedOut));
    }
}
