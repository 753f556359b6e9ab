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
use schoolgate_ops::{Condition, ReadyCheck};
use schoolgate_school::{Schools, service::ServiceSettings};
use schoolgate_store::Store;

use crate::{
    exit::{Exit, Failure, Faults, complain, say},
    ids::new_key,
    runtime::{House, clock, darkroom, load_schools, stop_signal, tokio_runtime},
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

pub fn run(config: &Path, arguments: &Arguments) -> Result<Exit, Failure> {
    let mut settings =
        ServiceSettings::load(config, &|name| std::env::var(name).ok()).map_err(Faults)?;
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

/// Holds the data folder for this process; the lock goes with the process, however it ends.
///
/// # Errors
/// When another process holds it or the folder cannot be written.
pub fn lock_data(data: &Path) -> anyhow::Result<File> {
    fs::create_dir_all(data)
        .with_context(|| format!("cannot make the data folder {}", data.display()))?;
    let path = data.join("serve.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot write to the data folder {}", data.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another schoolgate is using the data folder {}; stop it or choose another with --data",
                data.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).context("the data folder cannot be locked"),
    }
}

/// The store of a service: opened, migrated, and, as this process is alone, without leases of a dead one.
///
/// # Errors
/// When the store cannot be reached or its schema is newer than this program.
pub async fn open_store(settings: &ServiceSettings) -> anyhow::Result<Store> {
    let url = settings.database_url();
    let store = Store::open(url.expose()).await?;
    store.migrate().await?;
    if url.expose().starts_with("sqlite:") {
        store.clear_leases().await?;
    }
    Ok(store)
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
    let _lock = lock_data(&settings.data)?;
    let store = open_store(settings).await?;
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
    let roles = Arc::new(house.start()?);
    let console = Console {
        store: store.clone(),
        schools: Arc::clone(&schools),
        media,
        clock: clock(),
        new_key: Arc::new(new_key),
        tokens: Arc::new(settings.tokens.clone()),
    };
    let ready = readiness(store, schools, Arc::clone(&roles), settings.mail.is_some());
    if settings.tokens.is_empty() {
        tracing::warn!(
            "no tokens are configured: any program on this machine may send items and read verdicts"
        );
    }
    if settings.mail.is_none() {
        tracing::warn!("no mail is configured: alerts wait in the outbox until it is");
    }
    say(format_args!("Schoolgate is listening on http://{address}"))?;
    console.serve(listener, ready, stop).await;
    tracing::info!("stopping");
    if let Ok(roles) = Arc::try_unwrap(roles) {
        roles.stop().await;
    }
    Ok(())
}

fn readiness(
    store: Store,
    schools: Arc<Schools>,
    roles: Arc<crate::runtime::Roles>,
    has_mail: bool,
) -> ReadyCheck {
    Arc::new(move || {
        let (store, schools, roles) = (store.clone(), Arc::clone(&schools), Arc::clone(&roles));
        Box::pin(async move {
            let store_fault = store
                .ping(SystemClock.now())
                .await
                .err()
                .map(|error| error.to_string());
            let lists = schools.missing_lists();
            let condition = |name, fault: Option<String>| Condition {
                name,
                ok: fault.is_none(),
                detail: fault.unwrap_or_else(|| "ok".to_owned()),
            };
            let running = roles.all_running();
            vec![
                condition("store", store_fault),
                condition(
                    "loops",
                    (!running).then(|| "a loop has stopped; restart the service".to_owned()),
                ),
                condition("lists", (!lists.is_empty()).then(|| lists.join("; "))),
                condition(
                    "mail",
                    (!has_mail).then(|| "no mail is configured: alerts wait".to_owned()),
                ),
            ]
        })
    })
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
    fn a_data_folder_serves_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock_data(folder.path()).unwrap();
        assert!(lock_data(folder.path()).is_err());
        drop(first);
        assert!(lock_data(folder.path()).is_ok());
    }
}
