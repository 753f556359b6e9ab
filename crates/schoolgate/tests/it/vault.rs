//! Pictures from the web, pictures that stay closed, pictures that are taken back, and pictures that are listed.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schoolgate_darkroom::{
    Asked, Darkroom, DarkroomSettings, Likeness, MediaRoot, MediaStore, Shelves as _, sha256_hex,
};
use schoolgate_fetch::{PictureFetcher, PictureLimits, Reach};
use schoolgate_intake::{
    Places, RemovedPictures, Remover, Screener, ScreenerSettings, StoredShelves, WebPictures,
};
use schoolgate_model::{
    Clock as _, KnownList, Outcome, SchoolId, SystemClock, wire::parse_submission,
};
use schoolgate_school::Schools;
use schoolgate_store::{NewItem, NewKnown, PictureReason, Release, Removal, Store, StoredVerdict};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::world::{demo_config, fixture, run, schoolgate};

const SCHOOL: &str = "st-hildas";

/// A store, a media folder and whoever is asked for pictures.
struct Vault {
    folder: tempfile::TempDir,
    store: Store,
    site: Site,
    schools: Arc<Schools>,
}

/// A web server that gives everybody the same bytes, and counts who asks.
struct Site {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Site {
    fn start(bytes: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                count.fetch_add(1, Ordering::Relaxed);
                let mut request = [0; 4096];
                drop(stream.read(&mut request));
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
                drop(stream.write_all(&[head.as_bytes(), &bytes].concat()));
            }
        });
        Self { port, asked }
    }

    fn reach(&self) -> Reach {
        Reach {
            resolve: Arc::new(|_| Box::pin(async { Some(vec![IpAddr::from([127, 0, 0, 1])]) })),
            may_ask: |address| address.is_loopback(),
            ports: [self.port, 1],
        }
    }
}

fn photo(name: &str) -> Vec<u8> {
    std::fs::read(fixture("demo/photos").join(name)).unwrap()
}

impl Vault {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!(
            "sqlite://{}",
            folder.path().join("schoolgate.db").display()
        ))
        .await
        .unwrap();
        store.migrate().await.unwrap();
        let site = Site::start(photo("cake-stall.jpg"));
        Self {
            folder,
            store,
            site,
            schools: Arc::new(
                schoolgate_school::load(&demo_config(), "test", SystemClock.now()).unwrap(),
            ),
        }
    }

    fn media(&self) -> MediaStore {
        MediaStore::new(self.folder.path())
    }

    fn darkroom(&self) -> Darkroom {
        let limits = PictureLimits::default();
        let fetcher = PictureFetcher::over_plain_http(self.site.reach(), limits);
        Darkroom::new(DarkroomSettings {
            root: Some(MediaRoot::new(self.folder.path().join("inbox"))),
            store: Some(self.media()),
            fetcher: Some(Arc::new(WebPictures(fetcher))),
            gate: Some(Arc::new(RemovedPictures(self.store.clone()))),
            shelves: vec![Arc::new(StoredShelves::new(self.store.clone()))],
            ..DarkroomSettings::new(env!("CARGO_BIN_EXE_schoolgate").into())
        })
    }

    /// Sends a draft with one picture in and waits for its verdict.
    async fn screened(&self, id: &str, text: &str, source: (&str, &str)) -> StoredVerdict {
        let body = json!({"id": id, "kind": "draft", "text": text, "author": "jbloggs",
            "media": [{"id": "m1", source.0: source.1, "alt": "Cakes on a table", "pupils": []}]})
        .to_string();
        let submission = parse_submission(body.as_bytes()).unwrap();
        let school = SchoolId::from(SCHOOL);
        let now = SystemClock.now();
        let item =
            NewItem::from_submission(format!("key-{id}"), &school, &submission, body.into(), now);
        let key = self.store.receive(&[item]).await.unwrap()[0]
            .key()
            .to_owned();
        let screener = Screener::new(
            self.store.clone(),
            Arc::clone(&self.schools),
            self.darkroom(),
            Arc::new(SystemClock),
            ScreenerSettings::new("vault"),
        );
        let (stop, watching) = watch::channel(false);
        let running = tokio::spawn(screener.run(watching));
        let verdict = loop {
            if let Some(verdict) = self.store.verdict_by_key(&key).await.unwrap() {
                break verdict;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        stop.send(true).unwrap();
        running.await.unwrap();
        verdict
    }

    /// What is in the media folder, by name.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("media")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => found.push(path.file_name().unwrap().to_string_lossy().into_owned()),
                }
            }
        }
        found.sort();
        found
    }

    async fn release(&self, verdict: &StoredVerdict) -> Release {
        let (kind, id) = (verdict.verdict.kind, verdict.verdict.id.as_str());
        let hashes: Vec<String> = clean(verdict).into_iter().collect();
        let asked = self.store.still_approved(SCHOOL, kind, id, 1, &hashes);
        asked.await.unwrap()
    }

    fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = schoolgate();
        command
            .args(["--config".as_ref(), demo_config().as_os_str()])
            .args(arguments)
            .args(["--data".as_ref(), self.folder.path().as_os_str()]);
        let output = run(&mut command, b"");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }
}

fn clean(verdict: &StoredVerdict) -> Option<String> {
    verdict.verdict.media[0].clean_sha256.clone()
}

fn told(verdict: &StoredVerdict) -> String {
    serde_json::to_string(&verdict.verdict).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_named_by_its_address_is_fetched_and_screened_like_any_other() {
    let vault = Vault::new().await;
    let address = format!("http://photos.example:{}/cakes", vault.site.port);
    let fetched = vault
        .screened("d-1", "Cake stall on Friday", ("url", &address))
        .await;
    let sent = STANDARD.encode(photo("cake-stall.jpg"));
    let inside = vault
        .screened("d-2", "Cake stall on Friday", ("data", &sent))
        .await;
    assert_eq!(
        fetched.verdict.outcome,
        Outcome::Approve,
        "{}",
        told(&fetched)
    );
    assert_eq!(fetched.verdict.media, inside.verdict.media);
    assert_eq!(vault.files(), [clean(&fetched).unwrap()]);
    // what no service may ask
    let metadata = "http://169.254.169.254/latest/meta-data";
    let refused = vault
        .screened("d-3", "Cake stall on Friday", ("url", metadata))
        .await;
    assert_eq!(refused.verdict.outcome, Outcome::Hold);
    assert!(told(&refused).contains("only https addresses on the public internet"));
    assert!(!told(&refused).contains("169.254"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_the_words_forbid_are_neither_fetched_nor_opened_nor_kept() {
    let vault = Vault::new().await;
    let address = format!("http://photos.example:{}/cakes", vault.site.port);
    let sent = STANDARD.encode(photo("cake-stall.jpg"));
    let words = "someone in year 9 is sharing nudes of a girl in her class, look";
    for (id, source) in [("d-1", ("url", address.as_str())), ("d-2", ("data", &sent))] {
        let verdict = vault.screened(id, words, source).await;
        assert_eq!(verdict.verdict.outcome, Outcome::Escalate);
        assert!(
            told(&verdict).contains("not opened on purpose"),
            "{}",
            told(&verdict)
        );
        assert_eq!(verdict.verdict.media[0].sha256, None);
    }
    assert_eq!(vault.site.asked.load(Ordering::Relaxed), 0);
    assert!(vault.files().is_empty(), "{:?}", vault.files());
}

#[test]
fn check_leaves_forbidden_pictures_closed_too() {
    let item = json!({"id": "1", "kind": "comment", "media": [{"path": "cake-stall.jpg"}],
        "text": "there is an indecent photo of my daughter going round the school"});
    let mut command = schoolgate();
    command
        .args([
            "check".as_ref(),
            "--config".as_ref(),
            demo_config().as_os_str(),
        ])
        .args(["--media-root".as_ref(), fixture("demo/photos").as_os_str()]);
    let output = run(&mut command, item.to_string().as_bytes());
    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdict["outcome"], "escalate");
    assert_eq!(verdict["media"], json!([{"id": "m1"}]));
    assert!(verdict.to_string().contains("not opened on purpose"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_purged_is_gone_everywhere_and_does_not_come_back() {
    let vault = Vault::new().await;
    let sent = STANDARD.encode(photo("cake-stall.jpg"));
    let approved = vault
        .screened("d-1", "Cake stall on Friday", ("data", &sent))
        .await;
    assert_eq!(
        vault.release(&approved).await,
        Release::Approved { by: None }
    );
    // the same picture by its path, and another one
    let inbox = vault.folder.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    for name in ["cake-stall.jpg", "choir-hall.jpg"] {
        std::fs::write(inbox.join(name), photo(name)).unwrap();
    }
    let by_path = ("path", "cake-stall.jpg");
    vault.screened("d-0", "Cake stall", by_path).await;
    // the folder has moved since
    let pictures = vault.folder.path().join("pictures");
    std::fs::rename(&inbox, &pictures).unwrap();
    let purge = [
        "photo",
        "purge",
        "d-1",
        "--reason",
        "compromising",
        "--also-list",
        "withdrawn",
        "--media-root",
        pictures.to_str().unwrap(),
    ];
    let (code, said) = vault.command(&purge);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("any more: 2"), "{said}");
    let left = ["cake-stall.jpg", "choir-hall.jpg"].map(|name| pictures.join(name).exists());
    assert_eq!(left, [false, true]);
    assert!(vault.files().is_empty(), "{:?}", vault.files());
    assert!(matches!(
        vault.release(&approved).await,
        Release::Refused(_)
    ));
    let body = vault.store.item("key-d-1").await.unwrap().unwrap().body;
    let body = String::from_utf8(body).unwrap();
    assert!(!body.contains(&sent) && body.contains("Cakes on a table"));
    let again = vault
        .screened("d-2", "Cake stall again", ("data", &sent))
        .await;
    assert_eq!(again.verdict.outcome, Outcome::Hold);
    assert!(
        told(&again).contains("this picture was removed on"),
        "{}",
        told(&again)
    );
    assert!(vault.files().is_empty(), "{:?}", vault.files());
    let kept = vault.store.item("key-d-2").await.unwrap().unwrap().body;
    assert!(!String::from_utf8(kept).unwrap().contains(&sent));
    let known = vault.store.known_pictures(SCHOOL, 9).await.unwrap();
    assert_eq!(known.len(), 1);
    let listed = &known[0].picture;
    assert!(listed.fingerprint.is_some() && listed.copy_sha256.is_none());
    // nothing to look at is kept of it
    let found = Likeness::from_bytes(&listed.likeness).unwrap();
    assert!(listed.sketch.is_empty() && found == found.clone().without_sketch());
    let check = vault.store.audit_verify(SCHOOL).await.unwrap();
    assert!(matches!(check, schoolgate_store::AuditCheck::Intact { .. }));
    // nothing by that name
    let (code, said) = vault.command(&["photo", "purge", "d-9", "--reason", "mistake"]);
    assert_eq!(code, Some(2), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_leaves_between_the_record_and_the_files_is_cleared_away() {
    let vault = Vault::new().await;
    let sent = STANDARD.encode(photo("cake-stall.jpg"));
    let approved = vault
        .screened("d-1", "Cake stall on Friday", ("data", &sent))
        .await;
    let removal = Removal {
        school: SCHOOL.to_owned(),
        sha256: vec![sha256_hex(&photo("cake-stall.jpg"))],
        by: "cli".to_owned(),
        reason: PictureReason::Compromising,
    };
    let now = SystemClock.now();
    vault
        .store
        .remove_pictures(&removal, None, now)
        .await
        .unwrap();
    assert_eq!(vault.files().len(), 1, "the process ended here");
    assert!(matches!(
        vault.release(&approved).await,
        Release::Refused(_)
    ));
    let (stop, watching) = watch::channel(false);
    let places = Places {
        media: vault.media(),
        root: MediaRoot::new(vault.folder.path()),
    };
    let remover = Remover::new(vault.store.clone(), places, Arc::new(SystemClock));
    let running = tokio::spawn(remover.run(watching));
    for _ in 0..500 {
        if vault.files().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(vault.files().is_empty(), "{:?}", vault.files());
    stop.send(true).unwrap();
    running.await.unwrap();
}

async fn likeness(vault: &Vault, bytes: Vec<u8>) -> Likeness {
    let asked = Asked {
        likeness: true,
        ..Asked::PROOF
    };
    let developed = vault.darkroom().develop_asked(bytes, asked).await.unwrap();
    developed.likeness.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_listed_is_found_at_once_by_everybody_and_no_more_once_it_is_taken_off() {
    let vault = Vault::new().await;
    let (cakes, choir) = (photo("cake-stall.jpg"), photo("choir-hall.jpg"));
    let (own, other) = (
        likeness(&vault, cakes.clone()).await,
        likeness(&vault, choir).await,
    );
    let school = SchoolId::from(SCHOOL);
    // two processes that have both asked before
    let shelves = [0, 1].map(|_| StoredShelves::new(vault.store.clone()));
    for shelf in &shelves {
        assert_eq!(
            shelf.find(&school, "00", Some(&own)).await,
            None,
            "there is no list"
        );
    }
    let file = fixture("demo/photos").join("cake-stall.jpg");
    let file: PathBuf = file.canonicalize().unwrap();
    let path = file.to_str().unwrap();
    let (code, said) = vault.command(&["photo", "list", "add", "--reason", "consent", path]);
    assert_eq!(code, Some(0), "{said}");
    let sha256 = sha256_hex(&cakes);
    for shelf in &shelves {
        let copy = shelf.find(&school, &"0".repeat(64), Some(&own)).await;
        let copy = copy.unwrap().unwrap();
        assert_eq!(copy.len(), 1);
        assert_eq!(
            (copy[0].sha256.as_str(), copy[0].same_bytes),
            (sha256.as_str(), false)
        );
        assert_eq!(copy[0].list, KnownList::DoNotPublish);
        let same = shelf.find(&school, &sha256, None).await.unwrap().unwrap();
        assert!(same[0].same_bytes && same.len() == 1);
        assert_eq!(
            shelf.find(&school, "00", Some(&other)).await,
            Some(Ok(Vec::new()))
        );
        assert!(
            shelf.find(&school, "00", None).await.unwrap().is_err(),
            "it did not open"
        );
        let elsewhere = SchoolId::from("elsewhere");
        assert_eq!(shelf.find(&elsewhere, &sha256, Some(&own)).await, None);
    }
    // the very next item with a copy, whose bytes are others
    let copy = STANDARD.encode([cakes.as_slice(), b"x"].concat());
    let held = vault
        .screened("d-1", "Cake stall on Friday", ("data", &copy))
        .await;
    assert_eq!(held.verdict.outcome, Outcome::Hold);
    assert!(told(&held).contains("known_image"), "{}", told(&held));
    // the copy for comparing is there, and gives nothing away
    assert_eq!(vault.files().len(), 1);
    let (_, shown) = vault.command(&["photo", "list", "show", "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (&shown["sha256"], &shown["finds_copies"]),
        (&json!(sha256), &json!(true))
    );
    let (code, said) = vault.command(&["photo", "list", "remove", &sha256]);
    assert_eq!(code, Some(0), "{said}");
    for shelf in &shelves {
        let found = shelf.find(&school, &sha256, Some(&own)).await;
        assert_eq!(found, Some(Ok(Vec::new())));
    }
    // the copy stays for as long as the held draft needs it
    assert_eq!(vault.files(), [clean(&held).unwrap()]);
    let choir = path.replace("cake-stall", "choir-hall");
    for (word, files) in [("add", 2), ("remove", 1)] {
        let (code, said) = vault.command(&["photo", "list", word, &choir]);
        assert_eq!((code, vault.files().len()), (Some(0), files), "{said}");
    }
    assert_eq!(
        vault.command(&["photo", "list", "remove", &sha256]).0,
        Some(1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_picture_that_another_version_prepared_is_a_fault_and_not_a_silence() {
    let vault = Vault::new().await;
    let known = NewKnown {
        sha256: "a".repeat(64),
        list: KnownList::Withdrawn,
        fingerprint: None,
        likeness: vec![255, 1, 2],
        sketch: Vec::new(),
        copy_sha256: None,
        reason: PictureReason::Other,
    };
    let now = SystemClock.now();
    vault
        .store
        .known_add(SCHOOL, &known, "d1", now)
        .await
        .unwrap();
    let own = likeness(&vault, photo("cake-stall.jpg")).await;
    let (school, shelf) = (
        SchoolId::from(SCHOOL),
        StoredShelves::new(vault.store.clone()),
    );
    let found = shelf.find(&school, &"b".repeat(64), Some(&own)).await;
    assert!(found.unwrap().is_err());
    let same = shelf.find(&school, &"a".repeat(64), Some(&own)).await;
    assert_eq!(same.unwrap().unwrap().len(), 1);
    for command in [&["photo", "list", "show"][..], &["doctor"]] {
        let (_, said) = vault.command(command);
        assert!(said.contains("another version"), "{said}");
        assert!(said.contains("schoolgate photo list add"), "{said}");
    }
    let (_, shown) = vault.command(&["photo", "list", "show", "--json"]);
    assert!(shown.contains(r#""outdated":true"#), "{shown}");
    let (code, said) = vault.command(&["photo", "list", "remove", &"a".repeat(64)]);
    assert_eq!(code, Some(0), "{said}");
    let (_, said) = vault.command(&["doctor"]);
    assert!(!said.contains("another version"), "{said}");
}

#[test]
fn a_file_that_is_no_picture_is_listed_by_its_bytes_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, b"no picture").unwrap();
    let mut command = schoolgate();
    let data: &Path = folder.path();
    command
        .args(["--config".as_ref(), demo_config().as_os_str()])
        .args([
            "photo".as_ref(),
            "list".as_ref(),
            "add".as_ref(),
            file.as_os_str(),
        ])
        .args(["--data".as_ref(), data.as_os_str()]);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("only the very same file will be found"),
        "{said}"
    );
}
