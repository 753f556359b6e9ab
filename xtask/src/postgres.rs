//! A private PostgreSQL for one test run: found, initialised in the keeper's folder, started on a free loopback port,
//! ready or refused with its log. Stopping it is the keeper's work. Never speaks SQL.

use crate::keeper::Keeper;
use crate::needs;
use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsString;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const INITDB_LIMIT: Duration = Duration::from_secs(120);
const START_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(25);
/// Attempts at a port, in case somebody takes it between our look and the server's start.
const PORT_ATTEMPTS: u32 = 5;
/// Debian's layout: /usr/lib/postgresql/15/bin, not on PATH.
const DEBIAN_HOME: &str = "/usr/lib/postgresql";
const USER: &str = "schoolgate";

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// What goes into `SCHOOLGATE_TEST_POSTGRES`; the user may create databases.
    pub(crate) url: String,
    /// The port it listens on, on 127.0.0.1 only.
    pub(crate) port: u16,
}

impl Server {
    /// Waits for the server to end, once the keeper was told to stop it.
    pub(crate) fn reap(&mut self) {
        let _ = self.child.wait();
    }
}

/// Whom the server runs as: PostgreSQL refuses root.
#[derive(Debug, Clone, Copy)]
struct Identity {
    uid: u32,
    gid: u32,
}

/// Returns the folders that hold both `initdb` and a `postgres` that answers, newest version first.
pub(crate) fn installations() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(DEBIAN_HOME)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    if let Some(found) = needs::on_path("initdb").and_then(|path| path.canonicalize().ok()) {
        folders.extend(found.parent().map(Path::to_path_buf));
    }
    let mut versions: Vec<(u32, PathBuf)> = folders
        .into_iter()
        .filter(|folder| needs::answers(&folder.join("initdb"), "--version"))
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
pub(crate) fn temp_parent() -> PathBuf {
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
pub(crate) fn start(keeper: &mut Keeper) -> Result<Server> {
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
            Ok(()) => return listen(keeper, &bin, &password, identity),
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

/// Returns 128 random bits in hexadecimal. A superuser of a database may run programs, so even a private loopback
/// server on a shared machine gets a password.
fn secret() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("cannot read random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
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
        keeper.watch_server(0)?;
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
) -> Result<Server> {
    let log = keeper.folder().join("server.log");
    for _ in 0..PORT_ATTEMPTS {
        let port = free_port()?;
        let _ = fs::remove_file(&log);
        let mut child = spawn_server(keeper.folder(), bin, &log, port, identity)?;
        keeper.watch_server(child.id())?;
        match await_ready(keeper.folder(), &mut child)? {
            Readiness::Ready => {
                let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
                return Ok(Server { child, url, port });
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
) -> Result<Child> {
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
        "synchronous_commit=off".to_owned(),
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

/// Returns the last lines of a log.
fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(15);
    lines[from..].join("\n")
}

/// Returns a loopback port that is free now, below 32768 where the kernel does not hand out its own.
fn free_port() -> Result<u16> {
    for _ in 0..200 {
        let dice = RandomState::new().build_hasher().finish() % 12_000;
        let port = 20_000 + u16::try_from(dice)?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no free port between 20000 and 32000")
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn free_ports_lie_below_the_kernels_own() {
        for _ in 0..20 {
            assert!((20_000..32_768).contains(&free_port().expect("a port")));
        }
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
        let mut server = start(&mut keeper).expect("PostgreSQL starts");
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
