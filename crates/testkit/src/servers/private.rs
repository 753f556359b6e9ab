//! Servers of a test's own, which it may kill with signal 9 and start again. Killing the shared ones would break the
//! neighbours. Dropping one stops it and removes its folder; if the test itself is killed, its keeper does.

use super::{
    keeper::{self, Keeper},
    postgres, rabbitmq,
};
use anyhow::{Context as _, Result};
use std::{
    path::PathBuf,
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
};

/// Removes once a process what runs before it left behind.
fn sweep_once() {
    static SWEPT: Once = Once::new();
    SWEPT.call_once(|| keeper::sweep(&postgres::temp_parent()));
}

/// A RabbitMQ node of a test's own. About 6 s to start, 8 s after a kill.
#[derive(Debug)]
pub struct PrivateBroker {
    node: rabbitmq::Node,
    keeper: Keeper,
}

impl PrivateBroker {
    /// Starts a node.
    ///
    /// # Errors
    /// When there is no RabbitMQ on this machine, or it does not start.
    pub fn start() -> Result<Self> {
        sweep_once();
        let mut keeper = Keeper::start(&postgres::temp_parent())?;
        let node = rabbitmq::start(&mut keeper)?;
        Ok(Self { node, keeper })
    }

    /// The address of vhost `/` for a user who may do everything. The same after a kill.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.node.url
    }

    /// The address of vhost `/` for another user.
    #[must_use]
    pub fn url_for(&self, user: &str, password: &str) -> String {
        format!("amqp://{user}:{password}@127.0.0.1:{}/%2f", self.port())
    }

    /// The port, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.node.port
    }

    /// A script that runs `rabbitmqctl` against this node.
    #[must_use]
    pub fn control_script(&self) -> PathBuf {
        self.node.control_script()
    }

    /// Runs `rabbitmqctl` and returns what it says.
    ///
    /// # Errors
    /// With what it complains about.
    pub fn ctl(&self, arguments: &[&str]) -> Result<String> {
        self.node.ctl(arguments)
    }

    /// Kills the node with signal 9. What was confirmed is kept.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill_nine(&mut self) -> Result<()> {
        self.node.kill_nine(&mut self.keeper)
    }

    /// Starts the killed node again with its data, and returns when it takes connections.
    ///
    /// # Errors
    /// With the end of its log, when it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        self.node.start_again(&mut self.keeper)
    }
}

impl Drop for PrivateBroker {
    fn drop(&mut self) {
        self.keeper.release();
        self.node.reap();
        self.keeper.finish();
    }
}

/// A PostgreSQL of a test's own. What it has committed survives a kill.
#[derive(Debug)]
pub struct PrivatePostgres {
    server: postgres::Server,
    keeper: Keeper,
}

impl PrivatePostgres {
    /// Starts a server.
    ///
    /// # Errors
    /// When there is no PostgreSQL on this machine, or none that starts.
    pub fn start() -> Result<Self> {
        sweep_once();
        let mut keeper = Keeper::start(&postgres::temp_parent())?;
        let server = postgres::start(&mut keeper, postgres::Commits::SurviveKills)?;
        Ok(Self { server, keeper })
    }

    /// The address of its first, empty database, for a superuser. The same after a kill.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// The port, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// Kills the server and all its processes with signal 9.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill_nine(&mut self) -> Result<()> {
        self.server.kill_nine(&mut self.keeper)
    }

    /// Starts the killed server again with its data, and returns when it takes connections.
    ///
    /// # Errors
    /// With the end of its log, when it does not start.
    pub fn start_again(&mut self) -> Result<()> {
        self.server.start_again(&mut self.keeper)
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        self.keeper.release();
        self.server.reap();
        self.keeper.finish();
    }
}

/// A vhost of a test's own at the shared broker: its exchanges and queues have the names of the contract and meet nobody
/// else's. Removed when dropped.
#[derive(Debug)]
pub struct BrokerVhost {
    name: String,
    control: PathBuf,
    /// `amqp://user:password@host:port`, without the vhost.
    base: String,
}

impl BrokerVhost {
    /// Makes an empty vhost at the broker that `cargo xtask test` has started.
    ///
    /// # Errors
    /// When `SCHOOLGATE_TEST_RABBITMQ` and `SCHOOLGATE_TEST_RABBITMQ_CTL` do not name a broker.
    pub fn create() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let variable = |name: &str| {
            std::env::var(name).with_context(|| {
                format!(
                    "{name} names no RabbitMQ; run `cargo xtask test`, which starts one, or the test cannot run"
                )
            })
        };
        let url = variable("SCHOOLGATE_TEST_RABBITMQ")?;
        let (base, _) = url.rsplit_once('/').context("the address has no vhost")?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let vhost = Self {
            name: format!("test-{}-{number}", std::process::id()),
            control: PathBuf::from(variable("SCHOOLGATE_TEST_RABBITMQ_CTL")?),
            base: base.to_owned(),
        };
        vhost.ctl(&["add_vhost", &vhost.name])?;
        vhost.allow("schoolgate", ".*", ".*", ".*")?;
        Ok(vhost)
    }

    /// The vhost's name, for `ctl`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address for a user who may do everything.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/{}", self.base, self.name)
    }

    /// Makes a user with these rights in this vhost, and returns the address for them. The user is the vhost's own: the
    /// name gets the vhost's in front.
    ///
    /// # Errors
    /// With what `rabbitmqctl` complains about.
    pub fn user(&self, name: &str, configure: &str, write: &str, read: &str) -> Result<String> {
        let user = format!("{}-{name}", self.name);
        self.ctl(&["add_user", &user, "secret"])?;
        self.allow(&user, configure, write, read)?;
        let place = self.base.rsplit_once('@').map_or("", |(_, place)| place);
        Ok(format!("amqp://{user}:secret@{place}/{}", self.name))
    }

    /// Sets a user's rights in this vhost.
    ///
    /// # Errors
    /// With what `rabbitmqctl` complains about.
    pub fn allow(&self, user: &str, configure: &str, write: &str, read: &str) -> Result<()> {
        let rights = [configure, write, read];
        let mut arguments = vec!["set_permissions", "-p", self.name.as_str(), user];
        arguments.extend(rights);
        self.ctl(&arguments).map(drop)
    }

    /// Runs `rabbitmqctl` against the shared broker. Name the vhost with `-p`.
    ///
    /// # Errors
    /// With what it complains about.
    pub fn ctl(&self, arguments: &[&str]) -> Result<String> {
        rabbitmq::control(&self.control, arguments)
    }
}

impl Drop for BrokerVhost {
    fn drop(&mut self) {
        let _ = self.ctl(&["delete_vhost", &self.name]);
        let users = self.ctl(&["list_users", "--no-table-headers"]);
        for line in users.unwrap_or_default().lines() {
            let user = line.split_whitespace().next().unwrap_or_default();
            if user.starts_with(&format!("{}-", self.name)) {
                let _ = self.ctl(&["delete_user", user]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        net::{Ipv4Addr, TcpStream},
        time::{Duration, Instant},
    };

    fn answers(port: u16) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
    }

    /// Whether nothing answers any more, soon: a child that was just being born may hold the port for a moment.
    fn falls_silent(port: u16) -> bool {
        let until = Instant::now() + Duration::from_secs(20);
        while answers(port) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        !answers(port)
    }

    #[test]
    fn a_broker_is_killed_started_again_with_its_data_and_leaves_nothing_behind() {
        let mut broker = PrivateBroker::start().expect("RabbitMQ starts");
        let (port, folder) = (broker.port(), broker.keeper.folder().to_path_buf());
        broker.ctl(&["add_vhost", "kept"]).expect("ctl works");
        broker.kill_nine().expect("killed");
        assert!(falls_silent(port));
        broker.start_again().expect("it starts again");
        assert!(answers(port));
        let vhosts = broker.ctl(&["list_vhosts"]).expect("ctl works");
        assert!(vhosts.contains("kept"), "{vhosts}");
        drop(broker);
        assert!(falls_silent(port) && !folder.exists());
    }

    #[test]
    fn a_database_is_killed_and_started_again_and_leaves_nothing_behind() {
        let mut server = PrivatePostgres::start().expect("PostgreSQL starts");
        let (port, folder) = (server.port(), server.keeper.folder().to_path_buf());
        for _ in 0..2 {
            server.kill_nine().expect("killed");
            assert!(falls_silent(port));
            server.start_again().expect("it starts again");
            assert!(answers(port));
        }
        drop(server);
        assert!(falls_silent(port) && !folder.exists());
    }
}
