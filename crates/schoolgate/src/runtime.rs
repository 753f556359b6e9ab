//! What the commands share: the async runtime, the darkroom's child, and the roles of one process.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use jiff::Timestamp;
use schoolgate_broker::{
    BrokerSettings, Consumer, ConsumerState, Exchange, LinkState, Publisher, Queue,
};
use schoolgate_darkroom::{
    BucketSettings, Darkroom, DarkroomSettings, FolderShelf, MediaRoot, MediaStore, Shelves,
};
use schoolgate_dispatch::{Mailer, Press, PressSettings, Relay, RelaySettings, Sweep};
use schoolgate_intake::{
    Places, Receiver, RemovedPictures, Remover, Screener, ScreenerSettings, StoredShelves,
    WebPictures,
};
use schoolgate_model::{Clock, SystemClock};
use schoolgate_school::{Schools, service::ServiceSettings};
use schoolgate_store::Store;
use tokio::{
    sync::watch,
    task::{AbortHandle, JoinHandle},
};

use crate::{
    exit::Faults,
    ids::{new_key, new_owner},
};

/// Runs a service on a runtime of its own to the end. What blocks beyond that, such as a screening that was given up or a
/// name that is looked up, does not keep the process.
///
/// # Errors
/// When the machine gives no threads; the service's own.
pub fn run_service<T>(service: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio_runtime()?;
    let ended = runtime.block_on(service);
    runtime.shutdown_timeout(Duration::from_millis(500));
    ended
}

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

/// A darkroom whose child is this very program. It looks for nothing.
///
/// # Errors
/// When the program cannot find itself.
pub fn darkroom(root: Option<PathBuf>, store: Option<MediaStore>) -> anyhow::Result<Darkroom> {
    Ok(Darkroom::new(DarkroomSettings {
        root: root.map(MediaRoot::new),
        store,
        ..darkroom_settings()?
    }))
}

fn darkroom_settings() -> anyhow::Result<DarkroomSettings> {
    let program = std::env::current_exe().context("the program's own file cannot be found")?;
    Ok(DarkroomSettings::new(program))
}

/// The pictures that the schools keep in their folders, to be compared with; worked out by a darkroom of its own.
///
/// # Errors
/// When the program cannot find itself.
pub fn folder_shelf(schools: &Schools) -> anyhow::Result<Arc<FolderShelf>> {
    let own = Darkroom::new(darkroom_settings()?);
    Ok(Arc::new(FolderShelf::new(&schools.folder, own)))
}

/// How a darkroom is set up that looks for what the schools ask.
///
/// # Errors
/// When the program cannot find itself.
pub fn looking_settings(
    schools: &Schools,
    shelves: Vec<Arc<dyn Shelves>>,
    root: PathBuf,
    store: Option<MediaStore>,
) -> anyhow::Result<DarkroomSettings> {
    let wished = schools.by_slug.iter();
    Ok(DarkroomSettings {
        root: Some(MediaRoot::new(root)),
        store,
        shelves,
        wished: wished
            .map(|(slug, school)| (slug.clone(), school.pictures.clone()))
            .collect(),
        ..darkroom_settings()?
    })
}

/// Where the service keeps clean copies.
///
/// # Errors
/// The bucket's key cannot be read, or its settings name nothing that could be asked.
pub fn media_store(settings: &ServiceSettings) -> anyhow::Result<MediaStore> {
    match &settings.bucket {
        None => Ok(MediaStore::new(&settings.data)),
        Some(bucket) => {
            let secret_key = bucket.secret_key().map_err(|fault| Faults(vec![fault]))?;
            MediaStore::in_bucket(&BucketSettings {
                bucket: bucket.name.clone(),
                region: bucket.region.clone(),
                endpoint: bucket.endpoint.clone(),
                prefix: bucket.prefix.clone(),
                path_style: bucket.path_style,
                access_key: bucket.access_key.clone(),
                secret_key,
            })
            .context("the bucket of [media.s3] cannot be used")
        }
    }
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
    /// The settings.
    pub settings: ServiceSettings,
}

/// Which loops a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Takes messages in and screens what waits.
    pub intake: bool,
    /// Carries effects out and watches the response windows.
    pub dispatch: bool,
}

impl Parts {
    /// Everything.
    pub const ALL: Self = Self {
        intake: true,
        dispatch: true,
    };
}

/// The running loops; dropping the stop side does not end them, [`Roles::stop`] does.
pub struct Roles {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    /// Told after the loops have ended, because they publish and acknowledge to the last.
    close: watch::Sender<bool>,
    supervisors: Vec<JoinHandle<()>>,
    links: Links,
}

/// A process's links to the broker, for readiness; empty where there is no broker.
#[derive(Clone, Default)]
pub struct Links {
    consumer: Option<watch::Receiver<ConsumerState>>,
    publisher: Option<watch::Receiver<LinkState>>,
}

impl Links {
    /// Each link with what is wrong with it.
    pub fn faults(&self) -> Vec<(&'static str, Option<String>)> {
        let mut faults = Vec::new();
        let sentence = |detail: &Option<String>, usual: &str| {
            Some(detail.clone().unwrap_or_else(|| usual.to_owned()))
        };
        if let Some(consumer) = &self.consumer {
            let state = consumer.borrow();
            let now = std::time::Instant::now();
            let usual = if state.stuck(now) {
                "messages are taken and nothing becomes of them"
            } else {
                "the queues are not being consumed"
            };
            let fault = (!state.ready(now))
                .then(|| sentence(&state.detail, usual))
                .flatten();
            faults.push(("consuming", fault));
        }
        if let Some(publisher) = &self.publisher {
            let state = publisher.borrow();
            let fault = (!state.ready())
                .then(|| sentence(&state.detail, "the broker takes no messages"))
                .flatten();
            faults.push(("publishing", fault));
        }
        faults
    }
}

/// Loops while they are being started.
struct Starting {
    watching: watch::Receiver<bool>,
    tasks: Vec<JoinHandle<()>>,
    closing: watch::Receiver<bool>,
    supervisors: Vec<JoinHandle<()>>,
    links: Links,
}

impl Starting {
    fn run(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.push(tokio::spawn(work));
    }

    /// A publishing link; its supervisor is one of the loops.
    fn publisher(&mut self, settings: BrokerSettings, exchanges: &[Exchange]) -> Publisher {
        let (publisher, supervisor) = Publisher::start(settings, exchanges, self.closing.clone());
        self.supervisors.push(supervisor);
        self.links.publisher = Some(publisher.state());
        publisher
    }
}

impl House {
    /// Starts the loops of the parts that this process plays.
    ///
    /// # Errors
    /// Bad mail or broker settings.
    pub fn start(&self, parts: Parts) -> anyhow::Result<Roles> {
        let (stop, watching) = watch::channel(false);
        let (close, closing) = watch::channel(false);
        let mut starting = Starting {
            watching,
            tasks: Vec::new(),
            closing,
            supervisors: Vec::new(),
            links: Links::default(),
        };
        // one publishing link a process, whatever it publishes
        let mut exchanges = Vec::new();
        if parts.intake {
            exchanges.push(Exchange::Dead);
        }
        if parts.dispatch {
            exchanges.push(Exchange::Out);
        }
        let publisher = broker_settings(&self.settings, "publish")?
            .map(|settings| starting.publisher(settings, &exchanges));
        #[cfg(feature = "seeded-faults")]
        if let Some(publisher) = &publisher {
            schoolgate_intake::seeded::lend(publisher.clone());
        }
        if parts.intake {
            self.intake(&mut starting, publisher.clone())?;
        }
        if parts.dispatch {
            self.dispatch(&mut starting, publisher)?;
        }
        Ok(Roles {
            stop,
            tasks: starting.tasks,
            close,
            supervisors: starting.supervisors,
            links: starting.links,
        })
    }

    fn intake(&self, starting: &mut Starting, dead: Option<Publisher>) -> anyhow::Result<()> {
        let media = media_store(&self.settings)?;
        let places = Places {
            media: media.clone(),
            root: MediaRoot::new(self.settings.inbox()),
        };
        let remover = Remover::new(self.store.clone(), places, clock());
        starting.run(remover.run(starting.watching.clone()));
        let screener = Screener::new(
            self.store.clone(),
            Arc::clone(&self.schools),
            self.darkroom(media)?,
            clock(),
            ScreenerSettings::new(new_owner("screen")),
        );
        starting.run(screener.run(starting.watching.clone()));
        let consuming = broker_settings(&self.settings, "consume")?;
        if let (Some(settings), Some(dead)) = (consuming, dead) {
            let (consumer, supervisor) =
                Consumer::start(settings, PREFETCH, starting.watching.clone());
            starting.links.consumer = Some(consumer.state());
            starting.supervisors.push(supervisor);
            let receiver = Receiver::new(
                self.store.clone(),
                Arc::clone(&self.schools),
                dead,
                clock(),
                Arc::new(new_key),
            );
            starting.run(receiver.run(consumer, starting.watching.clone()));
        }
        Ok(())
    }

    /// The darkroom of a service: it fetches, keeps clean copies, and knows what was removed and what is listed.
    fn darkroom(&self, media: MediaStore) -> anyhow::Result<Darkroom> {
        let shelves: Vec<Arc<dyn Shelves>> = vec![
            folder_shelf(&self.schools)?,
            Arc::new(StoredShelves::new(self.store.clone())),
        ];
        let looking = looking_settings(&self.schools, shelves, self.settings.inbox(), Some(media))?;
        Ok(Darkroom::new(DarkroomSettings {
            fetcher: Some(Arc::new(WebPictures::default())),
            gate: Some(Arc::new(RemovedPictures(self.store.clone()))),
            ..looking
        }))
    }

    fn dispatch(
        &self,
        starting: &mut Starting,
        publisher: Option<Publisher>,
    ) -> anyhow::Result<()> {
        let mail = self.settings.mail.as_ref();
        let relay = Relay::new(
            self.store.clone(),
            Arc::clone(&self.schools),
            mail.map(Mailer::new).transpose()?,
            publisher.clone(),
            clock(),
            RelaySettings {
                public_url: mail.and_then(|mail| mail.public_url.clone()),
                ..RelaySettings::new(new_owner("relay"))
            },
        );
        let press = Press::new(
            self.store.clone(),
            publisher,
            clock(),
            PressSettings::new(new_owner("press")),
        );
        starting.run(relay.run(starting.watching.clone()));
        starting.run(press.run(starting.watching.clone()));
        let sweep = Sweep::new(self.store.clone(), clock());
        starting.run(sweep.run(starting.watching.clone()));
        Ok(())
    }
}

/// How long the loops may take to finish what they have in hand: a service manager asks for ten seconds in all.
const FINISHING: Duration = Duration::from_secs(6);
/// How long a link to the broker may take to close; the broker notices by itself that it is gone.
const CLOSING: Duration = Duration::from_secs(1);

/// How many messages of each queue may be in hand: enough to fill a batch, few enough that a killed worker's come again
/// quickly. Rows, not deliveries, carry poison, so a large number costs no neighbour anything.
/// A message may be 4 MiB, so all in hand stay below 400 MiB.
const PREFETCH: &[(Queue, u16)] = &[
    (Queue::Drafts, 25),
    (Queue::Comments, 50),
    (Queue::Events, 25),
];

/// Where the broker is, for one link; `None` where none is configured.
///
/// # Errors
/// A password file that cannot be read.
pub fn broker_settings(
    settings: &ServiceSettings,
    purpose: &str,
) -> anyhow::Result<Option<BrokerSettings>> {
    let url = settings
        .broker_url()
        .map_err(|fault| anyhow::anyhow!("{fault}"))?;
    Ok(url.map(|url| BrokerSettings {
        ca_file: settings.broker_ca_file.clone(),
        ..BrokerSettings::new(url.into_inner(), format!("schoolgate {purpose}"))
    }))
}

impl Roles {
    /// Asks every loop to finish what it has in hand, and waits.
    pub async fn stop(self) {
        // nobody listening means that every loop has ended already
        let _ = self.stop.send(true);
        let deadline = tokio::time::Instant::now() + FINISHING;
        for mut task in self.tasks {
            match tokio::time::timeout_at(deadline, &mut task).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::error!("a loop stopped unexpectedly"),
                Err(_) => {
                    // it waits for a store that does not answer; whatever it had in hand is taken over after its lease
                    tracing::warn!("a loop did not finish in time");
                    task.abort();
                }
            }
        }
        let _ = self.close.send(true);
        let deadline = tokio::time::Instant::now() + CLOSING;
        for supervisor in self.supervisors {
            if tokio::time::timeout_at(deadline, supervisor).await.is_err() {
                tracing::warn!("a link to the broker did not close in time");
            }
        }
    }

    /// Handles that tell whether every loop is still turning, for readiness; they keep nothing alive.
    pub fn pulse(&self) -> Vec<AbortHandle> {
        let all = self.tasks.iter().chain(&self.supervisors);
        all.map(JoinHandle::abort_handle).collect()
    }

    /// The links to the broker, for readiness.
    pub fn links(&self) -> Links {
        self.links.clone()
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
