//! `serve`: the whole house in one process for one box.

use std::{
    fs::{self, File, TryLockError},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use clap::Args;
use schoolgate_console::Console;
use schoolgate_darkroom::MediaStore;
use schoolgate_model::{Clock as _, SystemClock};
use schoolgate_ops::{Condition, LogFormat, ReadyCheck};
use schoolgate_school::{
    Schools,
    service::{self, ServiceSettings},
};
use schoolgate_store::Store;
use tokio::task::AbortHandle;
use tracing::Level;

use crate::{
    exit::{Exit, Failure, Faults, complain, say},
    ids::{new_key, new_secret},
    runtime::{House, clock, darkroom, late, load_schools, stop_signal, tokio_runtime},
};

/// Arguments of `serve`. Each also stands in schoolgate.toml; the flag wins over the environment, that over the file.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  schoolgate serve --config /etc/schoolgate --data /var/lib/schoolgate --listen 127.0.0.1:8080"
)]
pub struct Arguments {
    /// The database: sqlite://FILE or postgres://...; by default schoolgate.db in the data folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Where to listen; port 0 takes any free one, which is printed
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// The folder for store and media
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The folder that pictures' paths are relative to
    #[arg(long, value_name = "DIR")]
    media_root: Option<PathBuf>,
}

pub fn run(
    config: &Path,
    arguments: &Arguments,
    log_format: Option<LogFormat>,
    level: Level,
) -> Result<Exit, Failure> {
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
    let format = log_format.unwrap_or(match settings.log_format {
        service::LogFormat::Text => LogFormat::Text,
        service::LogFormat::Json => LogFormat::Json,
    });
    schoolgate_ops::start_logs(format, level);
    if let Some(data) = &arguments.data {
        settings.data.clone_from(data);
    }
    if let Some(database) = &arguments.database {
        settings.database = Some(database.clone().into());
    }
    if let Some(listen) = &arguments.listen {
        settings.listen = listen
            .parse()
            .context("--listen must look like 127.0.0.1:8080")?;
    }
    if let Some(root) = &arguments.media_root {
        settings.media_root = Some(root.clone());
    }
    let schools = load_schools(config)?;
    let faults = settings.token_faults(|school| schools.get(school).is_some());
    if !faults.is_empty() {
        return Err(Faults(faults).into());
    }
    for warning in &schools.warnings {
        complain(&format!("warning: {warning}"));
    }
    let runtime = tokio_runtime()?;
    runtime.block_on(serve(&settings, Arc::new(schools), stop_signal()))?;
    Ok(Exit::Success)
}

/// Where the service listens: loopback only, because it speaks no TLS itself.
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

/// The store of a service: opened, migrated, and, as this process is alone, without leases of a dead one.
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
    let store = Store::open(url.expose()).await?;
    store.migrate().await?;
    if lock.is_some() {
        store.clear_leases().await?;
    }
    Ok((store, lock))
}

/// Serves until `stop` resolves.
///
/// # Errors
/// When the house cannot be set up; afterwards every fault is logged and lived with.
pub async fn serve(
    settings: &ServiceSettings,
    schools: Arc<Schools>,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let address = loopback(settings.listen)?;
    make_data(&settings.data)?;
    let (store, _lock) = open_store(settings).await?;
    let media = MediaStore::new(&settings.data);
    let root = settings
        .media_root
        .clone()
        .unwrap_or_else(|| settings.data.join("inbox"));
    let house = House {
        store: store.clone(),
        schools: Arc::clone(&schools),
        darkroom: darkroom(Some(root), Some(media.clone()))?,
        mail: settings.mail.clone(),
    };
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; is another program using it?"))?;
    let address = listener.local_addr()?;
    let roles = house.start()?;
    let console = Console {
        store: store.clone(),
        schools: Arc::clone(&schools),
        media,
        clock: clock(),
        new_key: Arc::new(new_key),
        tokens: Arc::new(settings.tokens.clone()),
        new_secret: Arc::new(new_secret),
        public_url: settings
            .mail
            .as_ref()
            .and_then(|mail| mail.public_url.clone()),
    };
    let ready = readiness(store, schools, roles.pulse(), settings.mail.is_some());
    if settings.tokens.is_empty() {
        tracing::warn!(
            "no tokens are configured: any program on this machine may send items and read verdicts"
        );
    }
    if settings.mail.is_none() {
        tracing::warn!("no mail is configured: alerts wait in the outbox until it is");
    }
    if console.store.users().await?.is_empty() {
        tracing::warn!(
            "nobody can sign in to the console yet: `schoolgate user add` makes the first account"
        );
    }
    say(format_args!("Schoolgate is listening on http://{address}"))?;
    console.serve(listener, ready, stop).await;
    tracing::info!("stopping");
    roles.stop().await;
    Ok(())
}

fn readiness(
    store: Store,
    schools: Arc<Schools>,
    pulse: Vec<AbortHandle>,
    has_mail: bool,
) -> ReadyCheck {
    Arc::new(move || {
        let (store, schools, pulse) = (store.clone(), Arc::clone(&schools), pulse.clone());
        Box::pin(async move {
            let now = SystemClock.now();
            let lists = schools.missing_lists();
            let stopped = pulse.iter().any(AbortHandle::is_finished);
            let mut conditions = vec![
                condition(
                    "store",
                    store.ping(now).await.err().map(|error| error.to_string()),
                ),
                condition(
                    "loops",
                    stopped.then(|| "a loop has stopped; restart the service".to_owned()),
                ),
                condition("lists", (!lists.is_empty()).then(|| lists.join("; "))),
                condition(
                    "mail",
                    (!has_mail).then(|| "no mail is configured: alerts wait".to_owned()),
                ),
            ];
            match store.counts().await {
                Ok(counts) => {
                    conditions.push(condition(
                        "screening",
                        late(counts.oldest_waiting, now, "an item"),
                    ));
                    conditions.push(condition(
                        "alerts",
                        late(counts.oldest_pending_alert, now, "an alert"),
                    ));
                }
                Err(error) => conditions.push(condition("counts", Some(error.to_string()))),
            }
            conditions
        })
    })
}

fn condition(name: &'static str, fault: Option<String>) -> Condition {
    Condition {
        name,
        ok: fault.is_none(),
        detail: fault.unwrap_or_else(|| "ok".to_owned()),
    }
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
}
