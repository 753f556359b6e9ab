//! A private RabbitMQ node: found, started in the keeper's folder under a name, with ports and a port mapper of its own,
//! all on 127.0.0.1; killed and started again where a test asks for it. It neither uses nor disturbs a broker that the
//! machine runs as a service. Never speaks AMQP.

use super::{POLL, keeper::Keeper, secret, tail};
use crate::{ports::free_port, programs};
use anyhow::{Context as _, Result, bail, ensure};
use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpStream},
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Debian's layout: the scripts themselves, not the wrappers in /usr/sbin, which change the user.
const DEBIAN_HOME: &str = "/usr/lib/rabbitmq/bin";
const USER: &str = "schoolgate";
const START_LIMIT: Duration = Duration::from_secs(90);
/// Attempts at ports, in case somebody takes one between our look and the node's start.
const PORT_ATTEMPTS: u32 = 4;
/// What the node says when it takes connections.
const READY: &str = "Server startup complete";
/// A node that waits for work must not spin: other tests want the processor.
const CALM: &str = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none";

/// A running node.
#[derive(Debug)]
pub struct Node {
    bin: PathBuf,
    folder: PathBuf,
    name: String,
    ports: Ports,
    mapper: Child,
    child: Child,
    /// What goes into `SCHOOLGATE_TEST_RABBITMQ`: vhost `/`, a user who may do everything.
    pub url: String,
    /// The port for AMQP, on 127.0.0.1 only.
    pub port: u16,
}

#[derive(Debug, Clone, Copy)]
struct Ports {
    amqp: u16,
    distribution: u16,
    mapper: u16,
}

/// Returns the folder that holds RabbitMQ's scripts, if there is one and the Erlang that it needs.
#[must_use]
pub fn installation() -> Option<PathBuf> {
    let debian = PathBuf::from(DEBIAN_HOME);
    let found = if debian.join("rabbitmq-server").is_file() {
        debian
    } else {
        let script = programs::on_path("rabbitmq-server")?.canonicalize().ok()?;
        script.parent()?.to_path_buf()
    };
    let complete = found.join("rabbitmqctl").is_file()
        && programs::on_path("erl").is_some()
        && programs::on_path("epmd").is_some();
    complete.then_some(found)
}

/// Starts a node in the keeper's folder. Errors carry the tail of the node's own log.
///
/// # Errors
/// When there is no RabbitMQ on this machine, or it does not start.
pub fn start(keeper: &mut Keeper) -> Result<Node> {
    let bin = installation().context("there is no RabbitMQ on this machine")?;
    let password = secret()?;
    let folder = keeper.folder().to_path_buf();
    write_private(&folder.join(".erlang.cookie"), &secret()?, 0o400)?;
    fs::write(folder.join("enabled_plugins"), "[].\n").context("cannot write the plugin list")?;
    let mut last = String::new();
    for _ in 0..PORT_ATTEMPTS {
        let ports = Ports {
            amqp: free_port()?,
            distribution: free_port()?,
            mapper: free_port()?,
        };
        write_settings(&folder, ports, &password)?;
        let name = format!("schoolgate{}@localhost", ports.amqp);
        let mapper = start_mapper(keeper, ports)?;
        let child = spawn_node(&bin, &folder, &name, ports)?;
        keeper.watch_beam(child.id())?;
        let mut node = Node {
            bin: bin.clone(),
            folder: folder.clone(),
            name,
            ports,
            mapper,
            child,
            url: format!("amqp://{USER}:{password}@127.0.0.1:{}/%2f", ports.amqp),
            port: ports.amqp,
        };
        match node.await_ready() {
            Ok(()) => {
                node.write_control()?;
                return Ok(node);
            }
            Err(error) => last = format!("{error:#}"),
        }
        node.kill_nine(keeper)?;
        let mapper = node.mapper.id();
        node.reap();
        keeper.forget(mapper)?;
        let _ = fs::remove_dir_all(folder.join("mnesia"));
    }
    bail!("RabbitMQ did not start in {PORT_ATTEMPTS} attempts\n{last}")
}

impl Node {
    /// Kills the node as a crash would. Its port mapper lives on, as it does on a real machine.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill_nine(&mut self, keeper: &mut Keeper) -> Result<()> {
        let id = self.child.id();
        if let Some(group) = i32::try_from(id)
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        self.child.wait().context("cannot wait for RabbitMQ")?;
        keeper.forget(id)
    }

    /// Starts the node again with the same name, ports and data, and returns when it takes connections.
    ///
    /// # Errors
    /// With the end of the node's log, when it does not start.
    pub fn start_again(&mut self, keeper: &mut Keeper) -> Result<()> {
        self.child = spawn_node(&self.bin, &self.folder, &self.name, self.ports)?;
        keeper.watch_beam(self.child.id())?;
        self.await_ready()
    }

    /// Runs `rabbitmqctl` against the node and returns what it says on stdout.
    ///
    /// # Errors
    /// With what it says on stderr, when it fails.
    pub fn ctl(&self, arguments: &[&str]) -> Result<String> {
        control(&self.control_script(), arguments)
    }

    /// A script that runs `rabbitmqctl` against this node; what goes into `SCHOOLGATE_TEST_RABBITMQ_CTL`.
    #[must_use]
    pub fn control_script(&self) -> PathBuf {
        self.folder.join("rabbitmqctl")
    }

    /// Waits for node and mapper to end; the mapper is told to.
    pub fn reap(&mut self) {
        let _ = self.mapper.kill();
        let _ = self.mapper.wait();
        let _ = self.child.wait();
    }

    fn log(&self) -> PathBuf {
        self.folder.join("node.log")
    }

    /// Waits until our node says in its own log that it is ready, and its port is open.
    fn await_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        let (log, shown) = (self.log(), self.folder.join("node.out"));
        while begun.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait().context("cannot ask after RabbitMQ")? {
                bail!(
                    "RabbitMQ ended with {status}\n{}\n{}",
                    tail(&log),
                    tail(&shown)
                );
            }
            let says_so =
                fs::read(&log).is_ok_and(|text| String::from_utf8_lossy(&text).contains(READY));
            if says_so && TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
        bail!(
            "RabbitMQ was not ready after {} s\n{}",
            START_LIMIT.as_secs(),
            tail(&log)
        )
    }

    fn write_control(&self) -> Result<()> {
        let mut script =
            "#!/bin/sh\n# Runs rabbitmqctl against this private node only.\n".to_owned();
        for (name, value) in environment(&self.folder, &self.name, self.ports) {
            script.push_str(&format!("export {name}='{value}'\n"));
        }
        let program = self.bin.join("rabbitmqctl");
        script.push_str(&format!(
            "cd '{}' && exec '{}' -q -n '{}' \"$@\"\n",
            self.folder.display(),
            program.display(),
            self.name
        ));
        write_private(&self.control_script(), &script, 0o700)
    }
}

/// Runs a control script.
///
/// # Errors
/// With what it says on stderr, when it fails.
pub fn control(script: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(script)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", script.display()))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    ensure!(
        output.status.success(),
        "rabbitmqctl {} failed: {}{}",
        arguments.first().unwrap_or(&""),
        said(&output.stderr),
        said(&output.stdout)
    );
    Ok(said(&output.stdout))
}

/// Everything that tells RabbitMQ's scripts to stay in our folder.
fn environment(folder: &Path, name: &str, ports: Ports) -> Vec<(&'static str, String)> {
    let inside = |file: &str| folder.join(file).display().to_string();
    vec![
        ("HOME", folder.display().to_string()),
        ("LC_ALL", "C.UTF-8".to_owned()),
        ("ERL_EPMD_PORT", ports.mapper.to_string()),
        ("ERL_EPMD_ADDRESS", "127.0.0.1".to_owned()),
        ("RABBITMQ_NODENAME", name.to_owned()),
        ("RABBITMQ_DIST_PORT", ports.distribution.to_string()),
        ("RABBITMQ_MNESIA_BASE", inside("mnesia")),
        ("RABBITMQ_LOG_BASE", inside("log")),
        ("RABBITMQ_LOGS", inside("node.log")),
        ("RABBITMQ_CONF_ENV_FILE", inside("none.conf")),
        ("RABBITMQ_CONFIG_FILE", inside("rabbitmq.conf")),
        ("RABBITMQ_ADVANCED_CONFIG_FILE", inside("none.config")),
        ("RABBITMQ_ENABLED_PLUGINS_FILE", inside("enabled_plugins")),
        ("RABBITMQ_PID_FILE", inside("rabbitmq.pid")),
        (
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            format!("-kernel inet_dist_use_interface {{127,0,0,1}} {CALM}"),
        ),
    ]
}

fn write_settings(folder: &Path, ports: Ports, password: &str) -> Result<()> {
    let settings = format!(
        "listeners.tcp.1 = 127.0.0.1:{}\n\
         default_user = {USER}\n\
         default_pass = {password}\n\
         loopback_users = none\n\
         disk_free_limit.absolute = 50MB\n\
         log.file.level = info\n",
        ports.amqp
    );
    write_private(&folder.join("rabbitmq.conf"), &settings, 0o600)
}

fn write_private(file: &Path, text: &str, mode: u32) -> Result<()> {
    let _ = fs::remove_file(file);
    fs::write(file, text)
        .and_then(|()| fs::set_permissions(file, fs::Permissions::from_mode(mode)))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Starts the Erlang port mapper in the foreground: left to itself the node would start one that nobody stops.
fn start_mapper(keeper: &mut Keeper, ports: Ports) -> Result<Child> {
    let child = Command::new("epmd")
        .args(["-port", &ports.mapper.to_string()])
        .args(["-address", "127.0.0.1"])
        .current_dir(keeper.folder())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("cannot start epmd")?;
    keeper.watch_beam(child.id())?;
    let note = keeper.folder().join("epmd.pid");
    fs::write(note, child.id().to_string()).context("cannot note the id of epmd")?;
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, ports.mapper)).is_err() {
        ensure!(
            begun.elapsed() < Duration::from_secs(10),
            "epmd did not start"
        );
        std::thread::sleep(POLL);
    }
    Ok(child)
}

fn spawn_node(bin: &Path, folder: &Path, name: &str, ports: Ports) -> Result<Child> {
    // The last run's log would say that we are ready.
    let _ = fs::remove_file(folder.join("node.log"));
    let out = File::create(folder.join("node.out")).context("cannot write the node's output")?;
    let mut command = Command::new(bin.join("rabbitmq-server"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RABBITMQ_") {
            command.env_remove(name);
        }
    }
    let child = command
        .envs(environment(folder, name, ports))
        // The script then becomes the node instead of guarding it, so that killing our child kills the node.
        .env("RUNNING_UNDER_SYSTEMD", "1")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(out.try_clone().context("cannot share the output")?)
        .stderr(out)
        .process_group(0)
        .spawn()
        .context("cannot start rabbitmq-server")?;
    fs::write(folder.join("node.pid"), child.id().to_string())
        .context("cannot note the node's id")?;
    Ok(child)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_node_lies_outside_its_folder_or_loopback() {
        let ports = Ports {
            amqp: 21_001,
            distribution: 21_002,
            mapper: 21_003,
        };
        let environment = environment(Path::new("/x"), "a@localhost", ports);
        for (name, value) in environment {
            let is_place = value.starts_with('/');
            assert!(!is_place || value.starts_with("/x"), "{name}={value}");
        }
    }
}
