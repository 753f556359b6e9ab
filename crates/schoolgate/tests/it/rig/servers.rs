//! A broker and a database of a test's own, on loopback, that may be killed and started again. Nothing of them is left
//! when they are dropped.

use std::{
    fs,
    net::TcpStream,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use schoolgate_testkit::free_port;
use tempfile::TempDir;

const START: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(50);

/// A PostgreSQL of one's own.
pub struct Database {
    folder: TempDir,
    bin: PathBuf,
    port: u16,
    server: Option<Child>,
}

impl Database {
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("open");
        let bin = newest(Path::new("/usr/lib/postgresql")).join("bin");
        let mut database = Self {
            folder,
            bin,
            port: free_port().expect("a port"),
            server: None,
        };
        let data = database.folder.path().join("data");
        let made = database
            .tool("initdb")
            .args(["-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8", "-N", "-D"])
            .arg(data)
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", said(&made));
        database.restart();
        database
    }

    /// Starts the server again.
    pub fn restart(&mut self) {
        let begun = Instant::now();
        while begun.elapsed() < START {
            let data = self.folder.path().join("data");
            let server = self
                .tool("postgres")
                .arg("-D")
                .arg(data)
                .args(["-p", &self.port.to_string(), "-h", "127.0.0.1"])
                .args(["-c", "unix_socket_directories=", "-c", "max_connections=200"])
                .process_group(0)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("postgres starts");
            let server = self.server.insert(server);
            while begun.elapsed() < START && server.try_wait().expect("asked").is_none() {
                let ready = Command::new(self.bin.join("pg_isready"))
                    .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                    .status()
                    .is_ok_and(|status| status.success());
                if ready {
                    return;
                }
                std::thread::sleep(POLL);
            }
            // what the killed one left behind may still be ending
            std::thread::sleep(Duration::from_millis(300));
        }
        panic!("PostgreSQL did not start");
    }

    /// Kills the server as a power cut would.
    pub fn kill_nine(&mut self) {
        kill_group(&mut self.server);
    }

    /// Makes an empty database and returns its address.
    pub fn database(&self, name: &str) -> String {
        let made = Command::new(self.bin.join("createdb"))
            .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string(), name])
            .output()
            .expect("createdb runs");
        assert!(made.status.success(), "{}", said(&made));
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        if let Some((user, group)) = unprivileged() {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.kill_nine();
        // its children notice the end of their parent
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// PostgreSQL refuses root.
fn unprivileged() -> Option<(u32, u32)> {
    let id = |flag: &str, name: Option<&str>| -> Option<u32> {
        let output = Command::new("id").arg(flag).args(name).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    if id("-u", None) != Some(0) {
        return None;
    }
    Some((id("-u", Some("postgres"))?, id("-g", Some("postgres"))?))
}

fn newest(folder: &Path) -> PathBuf {
    let versions = fs::read_dir(folder).expect("PostgreSQL is installed");
    let mut versions: Vec<_> = versions.flatten().map(|entry| entry.path()).collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is installed")
}

/// A RabbitMQ of one's own.
pub struct Broker {
    folder: TempDir,
    node: String,
    port: u16,
    names_port: u16,
    own_port: u16,
    names: Option<Child>,
    server: Option<Child>,
}

impl Broker {
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let names_port = free_port().expect("a port");
        let names = Command::new("epmd")
            .args(["-address", "127.0.0.1", "-port", &names_port.to_string()])
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("epmd starts");
        let port = free_port().expect("a port");
        let mut broker = Self {
            node: format!("harness{port}@localhost"),
            folder,
            port,
            names_port,
            own_port: free_port().expect("a port"),
            names: Some(names),
            server: None,
        };
        broker.restart();
        broker
    }

    /// Starts the server again.
    pub fn restart(&mut self) {
        let server = self
            .tool("rabbitmq-server")
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("rabbitmq-server starts");
        self.server = Some(server);
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < START, "RabbitMQ did not start");
            std::thread::sleep(POLL);
        }
    }

    /// Kills the server as a power cut would.
    pub fn kill_nine(&mut self) {
        kill_group(&mut self.server);
    }

    /// Runs `rabbitmqctl` and returns what it printed.
    pub fn ctl(&self, arguments: &[&str]) -> String {
        let output = self
            .tool("rabbitmqctl")
            .args(["-q", "-n", &self.node])
            .args(arguments)
            .output()
            .expect("rabbitmqctl runs");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Makes a virtual host, so that two houses do not meet, and returns its address.
    pub fn virtual_host(&self, name: &str) -> String {
        self.ctl(&["add_vhost", name]);
        self.ctl(&["set_permissions", "-p", name, "guest", ".*", ".*", ".*"]);
        format!("amqp://guest:guest@127.0.0.1:{}/{name}", self.port)
    }

    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(Path::new("/usr/lib/rabbitmq/bin").join(name));
        let home = self.folder.path();
        command
            .current_dir(home)
            .env("HOME", home)
            .env("RABBITMQ_NODENAME", &self.node)
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", self.port.to_string())
            .env("RABBITMQ_DIST_PORT", self.own_port.to_string())
            .env("ERL_EPMD_PORT", self.names_port.to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_MNESIA_BASE", home.join("data"))
            .env("RABBITMQ_LOG_BASE", home.join("log"))
            .env("RABBITMQ_CONFIG_FILE", home.join("rabbitmq"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", home.join("plugins"))
            .env("RABBITMQ_PID_FILE", home.join("pid"))
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill_nine();
        kill_group(&mut self.names);
    }
}

fn kill_group(child: &mut Option<Child>) {
    if let Some(mut child) = child.take() {
        let group = format!("-{}", child.id());
        let killed = Command::new("sh")
            .args(["-c", "kill -s KILL -- \"$0\"", &group])
            .status();
        assert!(killed.is_ok(), "there is a shell");
        drop(child.wait());
    }
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}
