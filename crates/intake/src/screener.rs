//! The loop that claims rows and screens them. It knows no HTTP, no broker and no mail.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use schoolgate_darkroom::Darkroom;
use schoolgate_model::{
    Author, Budget, Clock, Content, Envelope, Item, ItemId, ItemKind, LinkFacts, MediaFacts,
    SchoolId, wire::parse_submission,
};
use schoolgate_pipeline::{Screening, Snapshot, abandoned, screen, urgent_text_alerts};
use schoolgate_school::Schools;
use schoolgate_store::{Claimed, Share, Store};
use tokio::{sync::watch, task::JoinSet};

/// Attempts that may end badly before the item is held unread.
const MAX_ATTEMPTS: u32 = 2;

/// How the loop works.
#[derive(Debug, Clone)]
pub struct ScreenerSettings {
    /// Names this loop in leases; unique among all running ones.
    pub owner: String,
    /// How long a claimed row is ours, milliseconds. Longer than the slowest item: 40 pictures of 20 s each
    /// would not fit, so such an item is tried twice and then held.
    pub lease_ms: u32,
    /// Rows of each kind in one claim.
    pub batch: u32,
    /// Pause when there is nothing to do.
    pub idle: Duration,
}

impl ScreenerSettings {
    /// The usual settings for one process.
    pub fn new(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            lease_ms: 120_000,
            batch: 8,
            idle: Duration::from_millis(100),
        }
    }
}

/// Claims rows without a verdict and gives them one.
#[derive(Clone)]
pub struct Screener {
    store: Store,
    schools: Arc<Schools>,
    darkroom: Darkroom,
    clock: Arc<dyn Clock>,
    settings: ScreenerSettings,
}

impl Screener {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        schools: Arc<Schools>,
        darkroom: Darkroom,
        clock: Arc<dyn Clock>,
        settings: ScreenerSettings,
    ) -> Self {
        Self {
            store,
            schools,
            darkroom,
            clock,
            settings,
        }
    }

    /// Works until `stop` turns true; rows in hand are finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let worked = match self.round().await {
                Ok(worked) => worked,
                Err(error) => {
                    tracing::error!(error = %error, "could not claim items; trying again");
                    0
                }
            };
            if worked == 0 {
                let pause = tokio::time::sleep(self.settings.idle);
                tokio::select! { () = pause => {}, _ = stop.changed() => {} }
            }
        }
    }

    /// One claim of each kind; gives the number of rows handled.
    ///
    /// # Errors
    /// When the store cannot be asked. A row's own failure is logged and counted in the row.
    pub async fn round(&self) -> anyhow::Result<usize> {
        let mut tasks = JoinSet::new();
        let mut rows = 0;
        for kind in [ItemKind::Comment, ItemKind::Draft] {
            let share = Share {
                kind: Some(kind),
                limit: self.settings.batch,
            };
            let claimed = self
                .store
                .claim(
                    &self.settings.owner,
                    share,
                    self.clock.now(),
                    self.settings.lease_ms,
                )
                .await
                .context("claim")?;
            for row in claimed {
                rows += 1;
                let screener = self.clone();
                tasks.spawn(async move { screener.row(row).await });
            }
        }
        while let Some(done) = tasks.join_next().await {
            if done.is_err() {
                tracing::error!(
                    "a screening task stopped unexpectedly; its item will be tried again"
                );
            }
        }
        Ok(rows)
    }

    async fn row(&self, row: Claimed) {
        let key = row.key.clone();
        if let Err(error) = self.screen_row(row).await {
            tracing::error!(item_key = %key, error = %error, "screening failed; the item will be tried again");
            if let Err(error) = self.store.release(&key, &self.settings.owner).await {
                tracing::warn!(item_key = %key, error = %error, "the lease runs out by itself");
            }
        }
    }

    async fn screen_row(&self, row: Claimed) -> anyhow::Result<()> {
        let now = self.clock.now();
        let school = SchoolId::new(row.school.as_str());
        let snapshot = self.schools.get(&school);
        let parsed = parse_submission(&row.body);
        let readable = parsed.is_ok();
        let item = match parsed {
            Ok(submission) => submission.into_item(school, row.revision, row.arrived_at),
            Err(_) => unread(&row, school),
        };
        let screening = match snapshot {
            Some(snapshot) if readable && row.attempt <= MAX_ATTEMPTS => {
                self.read(&row, &item, snapshot).await?
            }
            snapshot => {
                tracing::warn!(item_key = %row.key, attempt = row.attempt, "held without being read");
                abandoned(&item, snapshot.map(Arc::as_ref), now)
            }
        };
        let change = screening.change(&item, self.clock.now());
        self.store
            .record(&row.key, &change, self.clock.now())
            .await
            .context("record")?;
        tracing::debug!(
            item_key = %row.key,
            outcome = screening.verdict.outcome.code(),
            findings = screening.verdict.findings.len(),
            "screened"
        );
        Ok(())
    }

    async fn read(
        &self,
        row: &Claimed,
        item: &Item,
        snapshot: &Arc<Snapshot>,
    ) -> anyhow::Result<Screening> {
        let facts = if item.content.media.is_empty() {
            MediaFacts::default()
        } else {
            let (words, school, now) = (item.clone(), Arc::clone(snapshot), self.clock.now());
            let urgent =
                blocking(move || urgent_text_alerts(&words, &school, now, &Budget::default()))
                    .await?;
            if !urgent.is_empty() {
                self.store
                    .propose(&row.key, &urgent, self.clock.now())
                    .await
                    .context("record urgent alerts")?;
            }
            self.darkroom.facts(item).await
        };
        let (item, snapshot, now) = (item.clone(), Arc::clone(snapshot), self.clock.now());
        blocking(move || {
            screen(
                &item,
                &facts,
                &LinkFacts::default(),
                &snapshot,
                now,
                &Budget::default(),
            )
        })
        .await
    }
}

/// An item whose words cannot be read any more, so that it can still be held.
fn unread(row: &Claimed, school: SchoolId) -> Item {
    Item {
        envelope: Envelope {
            id: ItemId::new(row.id.as_str()),
            kind: row.kind,
            revision: row.revision,
            verb: row.verb,
            school,
            platform: None,
            account: None,
            post: None,
            parent: None,
            author: Author::default(),
            permalink: None,
            publish_at: None,
            created_at: row.created_at,
            arrived_at: row.arrived_at,
            unsure: false,
        },
        content: Content::default(),
    }
}

/// Runs processor work off the event loop. A panic in it is an error here, so that the row's attempt counts.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| anyhow::anyhow!("the work stopped unexpectedly"))
}
