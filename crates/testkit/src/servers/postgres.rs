//! A private PostgreSQL: found, initialised in the keeper's folder, started on a free loopback port, ready or refused with
//! its log; killed and started again where a test asks for it. Stopping it in the end is the keeper's work. Never speaks SQL.

use super::keeper::Keeper;
use super::{POLL, secret, tail};
use crate::ports::free_port;
use crate::programs;
use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const INITDB_LIMIT: Duration = Duration::from_secs(120);
const START_LIMIT: Duration = Duration::from_secs(60);
const AGAIN_LIMIT: Duration = Duration::from_secs(15);
/// Attempts at a port, in case somebody takes it between our look and the server's start.
const PORT_ATTEMPTS: u32 = 5;
/// Debian's layout: /usr/lib/postgresql/15/bin, not on PATH.
const DEBIAN_HOME: &str = "/usr/lib/postgresql";
const USER: &str = "schoolgate";

/// What a commit is worth when the server is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commits {
    /// It is safe: for tests that kill the server. A power cut is not survived; there is none in a test.
    SurviveKills,
    /// It may be lost: the fastest, for tests that never kill the server.
    MayBeLost,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    bin: PathBuf,
    identity: Option<Identity>,
    commits: Commits,
    /// What goes into `SCHOOLGATE_TEST_POSTGRES`; the user may create databases.
    pub url: String,
    /// The port it listens on, on 127.0.0.1 only.
    pub port: u16,
}

impl Server {
    /// Waits for the server to end, once the keeper was told to stop it.
    pub fn reap(&mut self) {
        let _ = self.child.wait();
    }

    /// Kills the server and everything it has started, all at once, as an out-of-memory killer or a crash would.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill_nine(&mut self, keeper: &mut Keeper) -> Result<()> {
        let id = self.child.id();
        let list = format!("/proc/{id}/task/{id}/children");
        let children = fs::read_to_string(list).unwrap_or_default();
        self.child.kill().context("cannot kill postgres")?;
        let ids = children.split_whitespace().filter_map(|id| id.parse().ok());
        for child in ids.filter_map(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(child, rustix::process::Signal::KILL);
        }
        self.child.wait().context("cannot wait for postgres")?;
        keeper.forget(id)
    }

    /// Starts the server again on the same port with the same data, and returns when it takes connections.
    ///
    /// # Errors
    /// With the end of the server's log, when it does not start.
    pub fn start_again(&mut self, keeper: &mut Keeper) -> Result<()> {
        let folder = keeper.folder().to_path_buf();
        let log = folder.join("server.log");
        let begun = Instant::now();
        loop {
            let (bin, port) = (self.bin.clone(), self.port);
            self.child = spawn_server(&folder, &bin, &log, port, self.identity, self.commits)?;
            keeper.watch_server(self.child.id())?;
            match await_ready(&folder, &mut self.child)? {
                Readiness::Ready => return Ok(()),
                // The last of the killed processes may still hold the shared memory for a moment.
                Readiness::Ended(_) if begun.elapsed() < AGAIN_LIMIT => {
                    keeper.forget(self.child.id())?;
                    std::thread::sleep(POLL);
                }
                Readiness::Ended(_) | Readiness::TooLate => {
                    bail!("PostgreSQL did not start again\n{}", tail(&log))
                }
            }
        }
    }
}

/// Whom the server runs as: PostgreSQL refuses root.
#[derive(Debug, Clone, Copy)]
struct Identity {
    uid: u32,
    gid: u32,
}

/// Returns the folders that hold both `initdb` and a `postgres` that answers, newest version first.
#[must_use]
pub fn installations() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(DEBIAN_HOME)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    if let Some(found) = programs::on_path("initdb").and_then(|path| path.canonicalize().ok()) {
        folders.extend(found.parent().map(Path::to_path_buf));
    }
    let mut versions: Vec<(u32, PathBuf)> = folders
        .into_iter()
        .filter(|folder| programs::answers(&folder.join("initdb"), "--version"))
        .filter_map(|folder| Some((version_of(&folder)?, folder)))
        .collect();
    versions.sort();
    versions.dedup();
    versions
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .collect()
}

fn version_of(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// Reads the major version from "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)".
fn parse_version(line: &str) -> Option<u32> {
    let (_, rest) = line.split_once("(PostgreSQL) ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Returns a folder for temporary files that the server's user can reach.
#[must_use]
pub fn temp_parent() -> PathBuf {
    let preferred = std::env::temp_dir();
    let reachable = |folder: &Path| {
        folder.ancestors().all(|step| {
            fs::metadata(step).is_ok_and(|facts| facts.mode() & 0o001 != 0 && facts.is_dir())
        })
    };
    if rustix::process::geteuid().is_root() && !reachable(&preferred) {
        return PathBuf::from("/tmp");
    }
    preferred
}

/// Initialises and starts a server in the keeper's folder. Errors carry the tail of the program's own log.
///
/// # Errors
/// When there is no PostgreSQL on this machine, or none that starts.
pub fn start(keeper: &mut Keeper, commits: Commits) -> Result<Server> {
    let identity = identity()?;
    give(keeper.folder(), identity)?;
    let password = secret()?;
    let mut refusals = Vec::new();
    let found = installations();
    ensure!(
        !found.is_empty(),
        "there is no PostgreSQL server on this machine"
    );
    for bin in found {
        match initialise(keeper, &bin, &password, identity) {
            Ok(()) => return listen(keeper, &bin, &password, identity, commits),
            Err(error) => refusals.push(format!("{}: {error:#}", bin.display())),
        }
    }
    bail!("no PostgreSQL here works:\n{}", refusals.join("\n"))
}

/// Tells whom to run the server as; `None` is oneself.
fn identity() -> Result<Option<Identity>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let (Some(uid), Some(gid)) = (id_of("-u", name), id_of("-g", name)) {
            return Ok(Some(Identity { uid, gid }));
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is no user postgres to run it as")
}

fn id_of(flag: &str, name: &str) -> Option<u32> {
    let output = Command::new("id")
        .args([flag, name])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// Hands a file or folder to the server's user, closed to everybody else.
fn give(path: &Path, identity: Option<Identity>) -> Result<()> {
    if let Some(Identity { uid, gid }) = identity {
        std::os::unix::fs::chown(path, Some(uid), Some(gid))
            .with_context(|| format!("cannot hand over {}", path.display()))?;
    }
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("cannot close {}", path.display()))
}

/// Prepares one of the server's programs: its user, its folder, its log, none of the caller's PG* settings.
fn command(
    program: &Path,
    folder: &Path,
    log: &Path,
    identity: Option<Identity>,
) -> Result<Command> {
    let out = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_postgres_setting(name)) {
        command.env_remove(name);
    }
    command
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(out.try_clone().context("cannot share the log")?)
        .stderr(out)
        .process_group(0);
    if let Some(Identity { uid, gid }) = identity {
        // Setting the user also drops root's further groups.
        command.uid(uid).gid(gid);
    }
    Ok(command)
}

fn is_postgres_setting(name: &OsString) -> bool {
    name.to_string_lossy().starts_with("PG")
}

/// Makes the data folder. C.UTF-8 is a locale of Debian's C library; plain C with UTF-8 text is the same elsewhere.
fn initialise(
    keeper: &mut Keeper,
    bin: &Path,
    password: &str,
    identity: Option<Identity>,
) -> Result<()> {
    let folder = keeper.folder().to_path_buf();
    let (data, log, words) = (
        folder.join("data"),
        folder.join("initdb.log"),
        folder.join("password"),
    );
    fs::write(&words, password).context("cannot write the password file")?;
    give(&words, identity)?;
    for locale in ["C.UTF-8", "C"] {
        let mut child = command(&bin.join("initdb"), &folder, &log, identity)?
            .arg("--pgdata")
            .arg(&data)
            .arg("--pwfile")
            .arg(&words)
            .args([
                "--username",
                USER,
                "--auth=password",
                "--encoding=UTF8",
                "--no-sync",
            ])
            .arg(format!("--locale={locale}"))
            .spawn()
            .context("cannot start initdb")?;
        keeper.watch_server(child.id())?;
        let ended = wait(&mut child, INITDB_LIMIT)?;
        keeper.forget(child.id())?;
        match ended {
            Some(status) if status.success() => return Ok(()),
            Some(_) => {
                // A half-made data folder would make the next attempt fail for the wrong reason.
                let _ = fs::remove_dir_all(&data);
            }
            None => bail!(
                "initdb did not finish in {} s\n{}",
                INITDB_LIMIT.as_secs(),
                tail(&log)
            ),
        }
    }
    bail!("initdb failed\n{}", tail(&log))
}

/// Starts the server, on another port if the first was taken meanwhile.
fn listen(
    keeper: &mut Keeper,
    bin: &Path,
    password: &str,
    identity: Option<Identity>,
    commits: Commits,
) -> Result<Server> {
    let log = keeper.folder().join("server.log");
    for _ in 0..PORT_ATTEMPTS {
        let port = free_port()?;
        let _ = fs::remove_file(&log);
        let mut child = spawn_server(keeper.folder(), bin, &log, port, identity, commits)?;
        keeper.watch_server(child.id())?;
        match await_ready(keeper.folder(), &mut child)? {
            Readiness::Ready => {
                let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
                return Ok(Server {
                    child,
                    bin: bin.to_path_buf(),
                    identity,
                    commits,
                    url,
                    port,
                });
            }
            Readiness::Ended(_) if tail(&log).contains("Address already in use") => {}
            Readiness::Ended(status) => {
                bail!("PostgreSQL ended with {status}\n{}", tail(&log))
            }
            Readiness::TooLate => bail!(
                "PostgreSQL was not ready after {} s\n{}",
                START_LIMIT.as_secs(),
                tail(&log)
            ),
        }
    }
    bail!("no free port in {PORT_ATTEMPTS} attempts\n{}", tail(&log))
}

fn spawn_server(
    folder: &Path,
    bin: &Path,
    log: &Path,
    port: u16,
    identity: Option<Identity>,
    commits: Commits,
) -> Result<Child> {
    let synchronous = match commits {
        Commits::SurviveKills => "on",
        Commits::MayBeLost => "off",
    };
    // The data are thrown away, so nothing waits for the disc. The socket lives in our folder, and where that folder's
    // name is too long for a socket (107 bytes) there is none.
    let socket = if folder.as_os_str().len() < 80 {
        folder.to_string_lossy().into_owned()
    } else {
        String::new()
    };
    let settings = [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("unix_socket_directories={socket}"),
        "fsync=off".to_owned(),
        format!("synchronous_commit={synchronous}"),
        "full_page_writes=off".to_owned(),
        "max_connections=200".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        "lc_messages=C".to_owned(),
    ];
    let mut server = command(&bin.join("postgres"), folder, log, identity)?;
    server.arg("-D").arg(folder.join("data"));
    server.args(["-p", &port.to_string()]);
    for setting in &settings {
        server.args(["-c", setting]);
    }
    server.spawn().context("cannot start postgres")
}

enum Readiness {
    Ready,
    Ended(ExitStatus),
    TooLate,
}

/// Waits until our server says in its own file that it takes connections; an open port could be somebody else's.
fn await_ready(folder: &Path, child: &mut Child) -> Result<Readiness> {
    let file = folder.join("data/postmaster.pid");
    let begun = Instant::now();
    while begun.elapsed() < START_LIMIT {
        if let Some(status) = child.try_wait().context("cannot ask after postgres")? {
            return Ok(Readiness::Ended(status));
        }
        if fs::read_to_string(&file).is_ok_and(|text| says_ready(&text, child.id())) {
            return Ok(Readiness::Ready);
        }
        std::thread::sleep(POLL);
    }
    Ok(Readiness::TooLate)
}

/// Reads postmaster.pid: the process id is its first line, the state its eighth.
fn says_ready(text: &str, pid: u32) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}

/// Waits for a child; `None` when the limit passed, in which case it was killed.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().context("cannot ask after a child")? {
            return Ok(Some(status));
        }
        if begun.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        std::thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn the_version_is_read_from_what_postgres_says() {
        let debian = "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n";
        assert_eq!(parse_version(debian), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn ready_means_our_process_and_that_state() {
        let file = "4711\n/x/data\n1700000000\n25432\n/x\n127.0.0.1\n  1 2\nready   \n";
        assert!(says_ready(file, 4711));
        assert!(!says_ready(file, 4712));
        assert!(!says_ready(&file.replace("ready", "starting"), 4711));
        assert!(!says_ready("4711\n", 4711));
    }

    #[test]
    fn a_child_that_does_not_end_is_killed_at_the_limit() {
        let mut child = Command::new("sleep").arg("600").spawn().expect("sleep");
        let ended = wait(&mut child, Duration::from_millis(50)).expect("waited");
        assert!(ended.is_none());
        assert!(child.try_wait().expect("asked").is_some());
    }

    #[test]
    fn a_server_starts_ready_and_leaves_nothing_behind() {
        let mut keeper = Keeper::start(&temp_parent()).expect("a keeper");
        let folder = keeper.folder().to_path_buf();
        let mut server = start(&mut keeper, Commits::MayBeLost).expect("PostgreSQL starts");
        let address = (Ipv4Addr::LOCALHOST, server.port);
        assert!(std::net::TcpStream::connect(address).is_ok());
        assert!(server.url.contains(&server.port.to_string()));
        keeper.release();
        server.reap();
        keeper.finish();
        assert!(std::net::TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }
}
