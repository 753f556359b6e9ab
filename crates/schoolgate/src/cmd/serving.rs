//! What the commands that serve share: their flags, the settings from flag over environment over file, the data folder
//! and the store of a process.

use std::{
    fs::{self, File, TryLockError},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use schoolgate_ops::LogFormat;
use schoolgate_school::{
    Schools,
    service::{self, ServiceSettings, is_broker},
};
use schoolgate_store::{Store, StoreError};
use tokio::time::Instant;
use tracing::Level;

use crate::{
    exit::{Failure, Faults, complain},
    runtime::load_schools,
};

/// How long a starting service waits for a store that cannot be reached.
const PATIENCE: Duration = Duration::from_secs(30);

/// The flags of a command that serves. Each also stands in schoolgate.toml; the flag wins over the environment, that over
/// the file.
#[derive(Debug, Clone, Default, Args)]
pub struct Flags {
    /// The broker: amqp://... or amqps://...
    #[arg(long, value_name = "URL")]
    pub broker: Option<String>,
    /// The database: sqlite://FILE or postgres://...; by default schoolgate.db in the data folder
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Where to listen; port 0 takes any free one, which is printed
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// The folder for store and media
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The folder that pictures' paths are relative to
    #[arg(long, value_name = "DIR")]
    pub media_root: Option<PathBuf>,
}

/// How the command line wants log lines.
#[derive(Debug, Clone, Copy)]
pub struct Logs {
    /// Text or JSON, where the command line says.
    pub format: Option<LogFormat>,
    /// The level of our own crates.
    pub level: Level,
}

impl Flags {
    /// Reads the settings, starts logs and figures, and loads the schools.
    ///
    /// # Errors
    /// Every fault of the settings and the configuration folder.
    pub fn load(&self, config: &Path, logs: Logs) -> Result<(ServiceSettings, Schools), Failure> {
        let mut settings =
            ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
        let format = logs.format.unwrap_or(match settings.log_format {
            service::LogFormat::Text => LogFormat::Text,
            service::LogFormat::Json => LogFormat::Json,
        });
        schoolgate_ops::start_logs(format, logs.level);
        schoolgate_ops::start_metrics();
        self.overlay(&mut settings)?;
        let schools = load_schools(config)?;
        let faults = settings.token_faults(|school| schools.get(school).is_some());
        if !faults.is_empty() {
            return Err(Faults(faults).into());
        }
        for warning in &schools.warnings {
            complain(&format!("warning: {warning}"));
        }
        Ok((settings, schools))
    }

    /// Puts the flags on top of the settings.
    ///
    /// # Errors
    /// A flag that is no address.
    pub fn overlay(&self, settings: &mut ServiceSettings) -> anyhow::Result<()> {
        if let Some(data) = &self.data {
            settings.data.clone_from(data);
        }
        if let Some(database) = &self.database {
            settings.database = Some(database.clone().into());
        }
        if let Some(broker) = &self.broker {
            if !is_broker(broker) {
                bail!("--broker must look like amqp://user:password@host:5672");
            }
            settings.broker = Some(broker.clone().into());
            settings.broker_password_file = None;
        }
        if let Some(listen) = &self.listen {
            settings.listen = address(listen)?;
        }
        if let Some(root) = &self.media_root {
            settings.media_root = Some(root.clone());
        }
        Ok(())
    }

    /// Where a role without a console answers for its health: the flag or the environment, else any free port of this
    /// machine. The file's address is the console's, and several workers may run beside it.
    ///
    /// # Errors
    /// What is given is no address.
    pub fn probe_address(&self) -> anyhow::Result<SocketAddr> {
        let given = self
            .listen
            .clone()
            .or_else(|| std::env::var("SCHOOLGATE_LISTEN").ok())
            .filter(|text| !text.trim().is_empty());
        match given {
            Some(text) => address(text.trim()),
            None => Ok(SocketAddr::from(([127, 0, 0, 1], 0))),
        }
    }
}

fn address(text: &str) -> anyhow::Result<SocketAddr> {
    text.parse()
        .context("--listen must look like 127.0.0.1:8080")
}

/// Where the console listens: loopback only, because it speaks no TLS itself.
///
/// # Errors
/// An address that is not loopback.
pub fn loopback(address: SocketAddr) -> anyhow::Result<SocketAddr> {
    if !address.ip().is_loopback() {
        bail!(
            "without TLS Schoolgate listens on this machine only; use 127.0.0.1 and put a TLS proxy in front of it"
        );
    }
    Ok(address)
}

/// Refuses a console that strangers could reach as if they were this machine.
///
/// # Errors
/// A public address over https without tokens.
pub fn check_door(settings: &ServiceSettings) -> Result<(), Failure> {
    let faults = settings.door_faults();
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Faults(faults).into()),
    }
}

/// Listens, or says what is in the way.
///
/// # Errors
/// The address is taken or not this machine's.
pub async fn listen(address: SocketAddr) -> anyhow::Result<tokio::net::TcpListener> {
    tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; is another program using it?"))
}

/// Makes the data folder, for its owner's eyes only where it is new.
///
/// # Errors
/// When it cannot be made.
pub fn make_data(data: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .with_context(|| format!("cannot make the data folder {}", data.display()))
}

/// Holds a file for this process; the lock goes with the process, however it ends.
fn lock_file(path: &Path) -> anyhow::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another schoolgate is using this store ({}); stop it or choose another with --data",
                path.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).context("the store cannot be locked"),
    }
}

/// The store of a service: opened, migrated, and, where this process is alone with its file, without leases of a dead one.
///
/// # Errors
/// When the store cannot be reached or its schema is newer than this program.
pub async fn open_store(settings: &ServiceSettings) -> anyhow::Result<(Store, Option<File>)> {
    let url = settings.database_url();
    // one file, one service: the lock stands beside the database, wherever that is
    let lock = match url.expose().strip_prefix("sqlite://") {
        Some(file) => Some(lock_file(Path::new(&format!("{file}.lock")))?),
        None => None,
    };
    let store = open_patiently(url.expose()).await?;
    if lock.is_some() {
        store.clear_leases().await?;
    }
    Ok((store, lock))
}

/// Opens the store and brings its tables up to date. After a power cut a database server comes back later than we do, so
/// one that cannot be reached is asked again for a while.
async fn open_patiently(url: &str) -> Result<Store, StoreError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let opened = async {
            let store = Store::open(url).await?;
            store.migrate().await?;
            Ok(store)
        };
        match opened.await {
            Err(error @ (StoreError::Unreachable { .. } | StoreError::Busy { .. }))
                if Instant::now() < deadline =>
            {
                tracing::warn!(error = %error, "the store cannot be opened yet; trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            other => return other,
        }
    }
}

/// The store of a role that shares it with others: PostgreSQL.
///
/// # Errors
/// An SQLite file, which one process holds alone; or as [`open_store`].
pub async fn open_shared_store(settings: &ServiceSettings) -> anyhow::Result<Store> {
    if settings.database_url().expose().starts_with("sqlite://") {
        bail!(
            "this role shares its store with others, so it needs PostgreSQL: name it with --database postgres://... (for one box without it there is `schoolgate serve`)"
        );
    }
    Ok(open_store(settings).await?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_listened_on() {
        for good in ["127.0.0.1:0", "[::1]:8080"] {
            assert!(loopback(good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in ["0.0.0.0:80", "192.168.1.2:80", "[::]:80"] {
            assert!(loopback(bad.parse().unwrap()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_store_serves_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("schoolgate.db.lock");
        let first = lock_file(&path).unwrap();
        assert!(lock_file(&path).is_err());
        drop(first);
        assert!(lock_file(&path).is_ok());
    }

    #[test]
    fn flags_win_and_a_wrong_one_is_named() {
        let mut settings = ServiceSettings::default();
        let flags = Flags {
            broker: Some("amqp://a:b@c".to_owned()),
            listen: Some("127.0.0.1:9".to_owned()),
            ..Flags::default()
        };
        flags.overlay(&mut settings).unwrap();
        assert_eq!(settings.listen.port(), 9);
        assert!(settings.broker.is_some());
        for (broker, listen) in [(Some("http://x"), None), (None, Some("8080"))] {
            let flags = Flags {
                broker: broker.map(str::to_owned),
                listen: listen.map(str::to_owned),
                ..Flags::default()
            };
            assert!(flags.overlay(&mut settings).is_err());
        }
    }
}
