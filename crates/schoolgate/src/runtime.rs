//! What the commands share: the async runtime, the darkroom's child, and the roles of one process.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use jiff::Timestamp;
use schoolgate_darkroom::{Darkroom, DarkroomSettings, MediaRoot, MediaStore};
use schoolgate_dispatch::{Mailer, Relay, RelaySettings};
use schoolgate_intake::{Screener, ScreenerSettings};
use schoolgate_model::{Clock, SystemClock};
use schoolgate_school::{Schools, service::MailSettings};
use schoolgate_store::Store;
use tokio::{
    sync::watch,
    task::{AbortHandle, JoinHandle},
};

use crate::{exit::Faults, ids::new_owner};

/// A multi-threaded runtime.
///
/// # Errors
/// When the machine gives no threads.
pub fn tokio_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")
}

/// A darkroom whose child is this very program.
///
/// # Errors
/// When the program cannot find itself.
pub fn darkroom(root: Option<PathBuf>, store: Option<MediaStore>) -> anyhow::Result<Darkroom> {
    let program = std::env::current_exe().context("the program's own file cannot be found")?;
    let settings = DarkroomSettings {
        root: root.map(MediaRoot::new),
        store,
        ..DarkroomSettings::new(program)
    };
    Ok(Darkroom::new(settings))
}

/// Reads the configuration folder.
///
/// # Errors
/// Every fault of every file.
pub fn load_schools(config: &std::path::Path) -> Result<Schools, Faults> {
    schoolgate_school::load(config, env!("CARGO_PKG_VERSION"), SystemClock.now()).map_err(Faults)
}

/// An item or alert that waits longer than this is a fault.
const LATE: Duration = Duration::from_secs(300);

/// The fault of something that has been waiting too long, for `doctor` and readiness.
pub fn late(since: Option<Timestamp>, now: Timestamp, what: &str) -> Option<String> {
    let since = since.filter(|at| now.duration_since(*at).unsigned_abs() > LATE)?;
    Some(format!("{what} has been waiting since {since}"))
}

/// The machine's clock, shared.
pub fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// What the roles of one process work with.
pub struct House {
    /// The store, migrated.
    pub store: Store,
    /// The schools.
    pub schools: Arc<Schools>,
    /// The darkroom.
    pub darkroom: Darkroom,
    /// The mail settings.
    pub mail: Option<MailSettings>,
}

/// The running loops; dropping the stop side does not end them, [`Roles::stop`] does.
pub struct Roles {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl House {
    /// Starts the screening and relay loops.
    ///
    /// # Errors
    /// Bad mail settings.
    pub fn start(&self) -> anyhow::Result<Roles> {
        let (stop, watching) = watch::channel(false);
        let mailer = self.mail.as_ref().map(Mailer::new).transpose()?;
        let screener = Screener::new(
            self.store.clone(),
            Arc::clone(&self.schools),
            self.darkroom.clone(),
            clock(),
            ScreenerSettings::new(new_owner("screen")),
        );
        let public_url = self.mail.as_ref().and_then(|mail| mail.public_url.clone());
        let settings = RelaySettings {
            public_url,
            ..RelaySettings::new(new_owner("relay"))
        };
        let relay = Relay::new(
            self.store.clone(),
            Arc::clone(&self.schools),
            mailer,
            clock(),
            settings,
        );
        let tasks = vec![
            tokio::spawn(screener.run(watching.clone())),
            tokio::spawn(relay.run(watching)),
        ];
        Ok(Roles { stop, tasks })
    }
}

impl Roles {
    /// Asks every loop to finish what it has in hand, and waits.
    pub async fn stop(self) {
        // nobody listening means that every loop has ended already
        let _ = self.stop.send(true);
        for task in self.tasks {
            if task.await.is_err() {
                tracing::error!("a loop stopped unexpectedly");
            }
        }
    }

    /// Handles that tell whether every loop is still turning, for readiness; they keep nothing alive.
    pub fn pulse(&self) -> Vec<AbortHandle> {
        self.tasks.iter().map(JoinHandle::abort_handle).collect()
    }
}

/// Resolves on Ctrl-C or SIGTERM.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminate.recv() => {} }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
