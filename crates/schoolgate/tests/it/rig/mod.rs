//! Schoolgate in its parts, as it runs at a trust: a broker, a database, workers in copies, a console, and around them
//! programs that are not ours, which send and listen. Every part may be killed.

pub mod items;
pub mod ledger;
pub mod weather;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use schoolgate_store::Store;
use schoolgate_testkit::{
    BrokerVhost, FaultProxy, Network, PrivateBroker, PrivatePostgres, Running, servers::postgres,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::world::{address_in, copy_folder, demo_config, fixture, http, schoolgate};
use items::Post;

/// How long anything may take that is not measured.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One installation: a broker and a database that it meets nobody at, and the sample school's configuration.
pub struct House {
    folder: TempDir,
    /// Where the broker is.
    pub broker: String,
    /// Where the database is.
    pub database: String,
    /// Corners of the shared servers, where it lives on those.
    pub vhost: Option<BrokerVhost>,
    _corner: Option<Corner>,
    control: PathBuf,
    /// A network between the intakes and the broker that fails when told.
    detour: OnceLock<FaultProxy>,
    intake_broker: Option<String>,
    program: Option<PathBuf>,
    environment: Vec<(String, String)>,
}

/// A database of one's own on the shared server. Dropped with everything in it.
struct Corner {
    server: String,
    name: String,
}

impl Corner {
    fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let corner = Self {
            server: std::env::var("SCHOOLGATE_TEST_POSTGRES").expect(
                "SCHOOLGATE_TEST_POSTGRES is not set; run `cargo xtask test`, which starts a PostgreSQL",
            ),
            name: format!("house_{}_{number}", std::process::id()),
        };
        corner.sql(&format!("CREATE DATABASE {}", corner.name));
        corner
    }

    fn url(&self) -> String {
        let (base, _) = self.server.rsplit_once('/').expect("an address");
        format!("{base}/{}", self.name)
    }

    fn sql(&self, text: &str) {
        psql(&self.server, text);
    }
}

impl Drop for Corner {
    fn drop(&mut self) {
        self.sql(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
    }
}

/// Asks a database something, as its administrator.
pub fn psql(url: &str, text: &str) -> String {
    let found = postgres::installations();
    let bin = found.first().expect("there is a PostgreSQL");
    let output = Command::new(bin.join("psql"))
        .args(["-X", "-q", "-A", "-t", "-c", text, url])
        .output()
        .expect("psql runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What a process is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Intake,
    Dispatch,
    Console,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Dispatch => "dispatch",
            Self::Console => "console",
        }
    }

    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Intake => &["worker", "intake"],
            Self::Dispatch => &["worker", "dispatch"],
            Self::Console => &["console"],
        }
    }
}

impl House {
    /// A house on the servers that all tests share.
    pub fn shared() -> Self {
        let vhost = BrokerVhost::create().expect("a vhost");
        let corner = Corner::create();
        let control = std::env::var("SCHOOLGATE_TEST_RABBITMQ_CTL").expect("named with the broker");
        let mut house = Self::at(&vhost.url(), &corner.url(), Path::new(&control));
        house.vhost = Some(vhost);
        house._corner = Some(corner);
        house
    }

    /// A house on servers of its own, which may be killed.
    pub fn private(broker: &PrivateBroker, database: &PrivatePostgres) -> Self {
        Self::at(broker.url(), database.url(), &broker.control_script())
    }

    fn at(broker: &str, database: &str, control: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy_folder(&demo_config(), &folder.path().join("config"));
        Self {
            broker: broker.to_owned(),
            database: database.to_owned(),
            folder,
            vhost: None,
            _corner: None,
            control: control.to_owned(),
            detour: OnceLock::new(),
            intake_broker: None,
            program: None,
            environment: Vec::new(),
        }
    }

    /// Mail goes to this port.
    pub fn mail_to(&self, port: u16) {
        let settings = format!(
            "[mail]\nsmtp = \"smtp://127.0.0.1:{port}\"\nfrom = \"schoolgate@st-hildas.example\"\n"
        );
        fs::write(self.config().join("schoolgate.toml"), settings).expect("settings");
    }

    /// Mail goes into a folder.
    pub fn mail_to_folder(&self) {
        let settings = "[mail]\nfolder = \"mail\"\nfrom = \"schoolgate@st-hildas.example\"\n";
        fs::write(self.config().join("schoolgate.toml"), settings).expect("settings");
    }

    /// Gives the house another school, like one that it has.
    pub fn copy_school(&self, from: &str, to: &str) {
        let schools = self.config().join("schools");
        copy_folder(&schools.join(from), &schools.join(to));
    }

    /// Intakes reach the broker by this address, as a user of their own.
    pub fn intakes_use(&mut self, broker: &str) {
        self.intake_broker = Some(broker.to_owned());
    }

    /// Roles are played by another program, told by the environment what it does wrong.
    pub fn played_by(mut self, program: &Path, name: &str, value: &str) -> Self {
        self.program = Some(program.to_owned());
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// A file of this house.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the program, in this house.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = schoolgate();
        if let Some(program) = &self.program {
            let clean = std::mem::replace(&mut command, Command::new(program));
            for (name, value) in clean.get_envs() {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
        }
        command
            .args(arguments)
            .arg("--config")
            .arg(self.config())
            .env("SCHOOLGATE_BROKER", &self.broker)
            .env("SCHOOLGATE_DATABASE", &self.database)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts a role and waits until it says where it answers.
    pub fn role(&self, kind: Kind) -> Role {
        let mut running = self.process(kind, 0);
        let line = running
            .wait_for("http://", PATIENCE)
            .expect("the role starts");
        Role {
            kind,
            address: address_in(&line),
            running,
        }
    }

    /// Starts a process without waiting for anything; a console listens on `door`.
    pub fn process(&self, kind: Kind, door: u16) -> Running {
        let mut command = self.command(kind.arguments());
        if kind == Kind::Console {
            command.arg("--listen").arg(format!("127.0.0.1:{door}"));
        }
        if let Some(broker) = self.intake_broker.as_ref().filter(|_| kind == Kind::Intake) {
            command.env("SCHOOLGATE_BROKER", broker);
        }
        if let Some(detour) = self.detour.get().filter(|_| kind == Kind::Intake) {
            let (before, _, after) = self.place();
            let broker = format!("{before}:{}/{after}", detour.port());
            command.env("SCHOOLGATE_BROKER", broker);
        }
        command
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .arg("--media-root")
            .arg(fixture("demo"));
        Running::start(&mut command).expect("the process starts")
    }

    /// Starts a role and waits until it is ready to work.
    pub fn ready_role(&self, kind: Kind) -> Role {
        let role = self.role(kind);
        role.wait_ready(PATIENCE);
        role
    }

    /// Somebody who publishes, in a program that is not ours; `rate` is messages a second.
    pub fn send(&self, name: &str, post: &[Post], rate: Option<u32>) -> Sender {
        let (list, done) = (
            self.file(&format!("{name}.list")),
            self.file(&format!("{name}.done")),
        );
        let lines: String = post
            .iter()
            .map(|post| format!("{}\n", post.line()))
            .collect();
        fs::write(&list, lines).expect("a list");
        let mut command = python("publish.py");
        command.arg(&self.broker).arg(&list).arg(&done);
        command.args(rate.map(|rate| rate.to_string()));
        Sender {
            running: Running::start(&mut command).expect("the publisher starts"),
            done,
            all: post.len(),
        }
    }

    /// Somebody who listens to `schoolgate.out`, in a program that is not ours. Once this returns nothing is missed.
    pub fn listen(&self, name: &str, patterns: &[&str]) -> Listener {
        let heard = self.file(&format!("{name}.heard"));
        let mut command = python("listen.py");
        command
            .args([&self.broker, name])
            .arg(&heard)
            .args(patterns);
        let mut running = Running::start(&mut command).expect("the listener starts");
        running.wait_for("ready", PATIENCE).expect("it listens");
        Listener {
            _running: running,
            heard,
        }
    }

    /// What waits in a queue, left where it is.
    pub fn peek(&self, queue: &str) -> Vec<Value> {
        let output = python("peek.py")
            .args([&self.broker, queue])
            .output()
            .expect("python runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a note"))
            .collect()
    }

    /// The broker's address: before the port, the port, and after it.
    fn place(&self) -> (&str, u16, &str) {
        let (before, rest) = self.broker.rsplit_once(':').expect("a port");
        let (port, after) = rest.split_once('/').expect("a vhost");
        (before, port.parse().expect("a port"), after)
    }

    /// From now on intakes reach the broker by a network that can fail. Within a tokio runtime, which carries it.
    pub fn detour(&self) {
        let detour = FaultProxy::start(self.place().1).expect("a proxy");
        assert!(self.detour.set(detour).is_ok(), "one detour is enough");
    }

    /// Changes that network.
    pub fn network(&self, network: Network) {
        self.detour.get().expect("there is a detour").set(network);
    }

    /// The queues in which something waits, with how much, and the dead letters.
    pub fn queues(&self) -> Vec<String> {
        let mut full = Vec::new();
        for queue in ["drafts", "comments", "events", "dead"] {
            let queue = format!("schoolgate.{queue}");
            let waiting = self.depth(&queue);
            if waiting != Some(0) {
                full.push(format!("{queue}: {waiting:?}"));
            }
        }
        full
    }

    /// How much waits in a queue, taken and not yet acknowledged included.
    pub fn depth(&self, queue: &str) -> Option<usize> {
        let host = self.vhost.as_ref().map_or("/", BrokerVhost::name);
        let arguments = [
            "-q",
            "list_queues",
            "-p",
            host,
            "--no-table-headers",
            "name",
            "messages",
        ];
        let said = self.ctl(&arguments);
        let line = said
            .lines()
            .find(|line| line.split_whitespace().next() == Some(queue))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Runs `rabbitmqctl` against the house's broker.
    pub fn ctl(&self, arguments: &[&str]) -> String {
        let output = Command::new(&self.control)
            .args(arguments)
            .output()
            .expect("rabbitmqctl runs");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The house's own record.
    pub async fn store(&self) -> Store {
        Store::open(&self.database).await.expect("the store opens")
    }
}

fn python(script: &str) -> Command {
    let python = std::env::var("SCHOOLGATE_TEST_PYTHON").unwrap_or("/usr/bin/python3".to_owned());
    let mut command = Command::new(python);
    command.arg("-B").arg(fixture("pika").join(script));
    command
}

/// One running process of ours.
pub struct Role {
    pub kind: Kind,
    pub address: String,
    pub running: Running,
}

impl Role {
    /// Whether it is ready, and what it says of itself.
    pub fn readiness(&self) -> (bool, Value) {
        match http(&self.address, "GET", "/readyz", &[], b"") {
            Ok(answer) => (answer.status == 200, answer.json()),
            Err(error) => (false, json!(error.to_string())),
        }
    }

    /// Waits until it is ready; how long that took.
    pub fn wait_ready(&self, limit: Duration) -> Duration {
        self.wait_readiness(true, limit)
    }

    /// Waits until it is ready, or is not; how long that took.
    pub fn wait_readiness(&self, wanted: bool, limit: Duration) -> Duration {
        let begun = Instant::now();
        loop {
            let (ready, said) = self.readiness();
            if ready == wanted {
                return begun.elapsed();
            }
            assert!(
                begun.elapsed() < limit,
                "{} is not ready={wanted} after {limit:?}: {said}\n{}",
                self.kind.name(),
                tail(&self.running.stderr())
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The last lines of a log.
pub fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

/// Somebody who publishes.
pub struct Sender {
    running: Running,
    done: PathBuf,
    all: usize,
}

impl Sender {
    /// The number of each confirmed message, and when that was, seconds.
    pub fn confirmed(&self) -> Vec<(usize, f64)> {
        let text = fs::read_to_string(&self.done).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole
            .lines()
            .filter_map(|line| {
                let (number, at) = line.split_once(' ')?;
                Some((number.parse().ok()?, at.parse().ok()?))
            })
            .collect()
    }

    /// Waits until every message is confirmed.
    pub fn wait(mut self, limit: Duration) -> Vec<(usize, f64)> {
        let status = self.running.wait_exit(limit).expect("the publisher ends");
        assert!(status.success(), "{}", self.running.stderr());
        let confirmed = self.confirmed();
        assert_eq!(confirmed.len(), self.all, "every message was confirmed");
        confirmed
    }
}

/// Somebody who listens.
pub struct Listener {
    _running: Running,
    heard: PathBuf,
}

impl Listener {
    /// Everything heard so far.
    pub fn heard(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.heard).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let parsed = whole.lines().map(serde_json::from_str);
        parsed.collect::<Result<_, _>>().expect("notes are JSON")
    }

    /// Waits until what was heard satisfies somebody.
    pub fn wait_until(
        &self,
        what: &str,
        limit: Duration,
        mut enough: impl FnMut(&[Value]) -> bool,
    ) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let heard = self.heard();
            if enough(&heard) {
                return heard;
            }
            assert!(
                begun.elapsed() < limit,
                "{what}: not within {limit:?}; {} heard",
                heard.len()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits for a verdict about an item.
    pub fn wait_verdict(&self, id: &str, limit: Duration) -> Value {
        let heard = self.wait_until(&format!("a verdict of {id}"), limit, |heard| {
            heard.iter().any(|note| is_verdict(note, id))
        });
        heard
            .into_iter()
            .find(|note| is_verdict(note, id))
            .expect("it was there")
    }
}

/// Whether a note is a verdict about an item.
pub fn is_verdict(note: &Value, id: &str) -> bool {
    note["correlation_id"] == id && note["type"] == "schoolgate.verdict.v1"
}

/// A broker and a database of a test's own, started side by side.
pub fn own_servers() -> (PrivateBroker, PrivatePostgres) {
    let broker = std::thread::spawn(PrivateBroker::start);
    let database = PrivatePostgres::start().expect("a database");
    let broker = broker.join().expect("started").expect("a broker");
    (broker, database)
}
