//! The whole door over real connections, against a store in a folder of its own. Nothing is screened here: what a
//! verdict holds is tested with the whole service.

mod decisions;
mod desk;
mod errors;
mod keeping;
mod patience;
mod rights;
mod subjects;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use schoolgate_darkroom::{MediaStore, sha256_hex};
use schoolgate_model::SchoolId;
use schoolgate_ops::{Condition, ReadyCheck};
use schoolgate_school::{
    Schools,
    service::{Right, Token},
};
use schoolgate_store::Store;
use schoolgate_testkit::TestClock;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

use crate::{Console, Recognised, limits::Limits};

const SCHOOL: &str = "st-hildas";
const LONG: Duration = Duration::from_secs(20);

/// A running door.
struct Door {
    address: String,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    store: Store,
    media: MediaStore,
    clock: Arc<TestClock>,
    /// How often readiness was asked; its other owners are the door's.
    asked: Arc<AtomicUsize>,
    _folder: tempfile::TempDir,
}

fn token(secret: &str, school: &str, rights: &[Right]) -> Token {
    Token {
        name: secret.to_owned(),
        sha256: sha256_hex(secret.as_bytes()),
        school: SchoolId::from(school),
        rights: rights.to_vec(),
        place: (1, 1),
    }
}

fn schools(slugs: &[&str]) -> Schools {
    let now: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let config = schoolgate_testkit::fixture("demo/config");
    let mut schools = schoolgate_school::load(Path::new(&config), "test", now).unwrap();
    let snapshot = Arc::clone(&schools.by_slug[&SchoolId::from(SCHOOL)]);
    schools.by_slug = slugs
        .iter()
        .map(|slug| (SchoolId::from(*slug), Arc::clone(&snapshot)))
        .collect();
    schools
}

/// Secrets that are different each time and the same in each run.
fn secrets() -> impl Fn() -> [u8; 32] + Send + Sync {
    let drawn = AtomicUsize::new(1);
    move || {
        let number = drawn.fetch_add(1, Ordering::Relaxed);
        std::array::from_fn(|at| (number * 31 + at * 7) as u8)
    }
}

async fn door(limits: Limits, slugs: &[&str], tokens: Vec<Token>) -> Door {
    door_at(None, limits, slugs, tokens).await
}

/// A door that people reach under this address.
async fn door_at(
    public_url: Option<&str>,
    limits: Limits,
    slugs: &[&str],
    tokens: Vec<Token>,
) -> Door {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let media = MediaStore::new(folder.path());
    let keys = AtomicUsize::new(0);
    let clock = Arc::new(TestClock::at("2026-11-20T09:00:00Z"));
    let console = Console {
        store: store.clone(),
        schools: Arc::new(schools(slugs)),
        media: media.clone(),
        clock: clock.clone(),
        new_key: Arc::new(move || format!("key-{}", keys.fetch_add(1, Ordering::Relaxed))),
        tokens: Arc::new(tokens),
        new_secret: Arc::new(secrets()),
        public_url: public_url.map(str::to_owned),
        recognise: Some(Arc::new(|bytes: Vec<u8>| {
            let likeness = bytes.into_iter().rev().collect();
            Box::pin(async move {
                Some(Recognised {
                    fingerprint: Some("ab".repeat(32)),
                    likeness,
                    sketch: vec![1, 1, 7],
                })
            })
        })),
    };
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let ready: ReadyCheck = Arc::new(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {
            vec![Condition {
                name: "store",
                ok: true,
                detail: "ok".to_owned(),
            }]
        })
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(console.serve_within(limits, listener, ready, async move {
        drop(stopped.await);
    }));
    Door {
        address,
        stop,
        served,
        store,
        media,
        clock,
        asked,
        _folder: folder,
    }
}

/// A door with the usual limits, one school and no tokens.
async fn plain_door() -> Door {
    door(Limits::default(), &[SCHOOL], Vec::new()).await
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Door {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    /// Opens a connection and sends this much.
    async fn send(&self, bytes: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        stream
    }

    /// One request; `headers` end with a line break each. Without a `Host` among them, this machine's.
    async fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let host = match headers.contains("Host:") {
            true => "",
            false => "Host: localhost\r\n",
        };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        answer(self.send(&request).await).await
    }

    async fn get(&self, path: &str, headers: &str) -> Answer {
        self.ask("GET", path, headers, "").await
    }

    async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, "Content-Type: application/json\r\n", body)
            .await
    }
}

/// Reads until the other end closes.
async fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    timeout(LONG, stream.read_to_end(&mut bytes))
        .await
        .expect("the connection ends")
        .unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").expect("an answer");
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}

fn problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(
        answer
            .head
            .contains("content-type: application/problem+json"),
        "{answer:?}"
    );
    assert_eq!(answer.json()["code"], code, "{answer:?}");
    assert_eq!(answer.json()["status"], status, "{answer:?}");
}
