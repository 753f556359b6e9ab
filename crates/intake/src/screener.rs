//! The loop that claims rows and screens them. It knows no HTTP, no broker and no mail.

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::anyhow;
use schoolgate_darkroom::Darkroom;
use schoolgate_fetch::Chain;
use schoolgate_model::{
    Audience, Author, Budget, CheckFailure, Clock, Content, Envelope, Item, ItemId, ItemKind,
    LinkFacts, MediaFacts, MediumFault, Outcome, SchoolId, Verb,
    wire::{EventType, parse_submission},
};
use schoolgate_pipeline::{
    Screening, Snapshot, WordsFirst, abandoned, links_to_follow, screen, words_first,
};
use schoolgate_school::Schools;
use schoolgate_store::{Claimed, NewEvent, Share, Store, StoreError, Tried};
use tokio::{sync::watch, task::JoinSet, time::MissedTickBehavior};

/// Attempts that may end badly before the item is held unread.
const MAX_ATTEMPTS: u32 = 2;
/// How long finishing may take when the service stops; what is not done by then is given back.
const FINISH: Duration = Duration::from_secs(6);
/// How often leases are made to last longer: several times within one.
const KEEP_EVERY: Duration = Duration::from_secs(4);

/// How the loop works.
#[derive(Debug, Clone)]
pub struct ScreenerSettings {
    /// Names this loop in leases; unique among all running ones.
    pub owner: String,
    /// Items of words only in hand at once. Pictures can never keep a disclosure waiting, because they have slots of
    /// their own.
    pub text: usize,
    /// Items with pictures in hand at once; the darkroom gives up on one after 60 s.
    pub media: usize,
    /// How long a claimed item is ours, milliseconds: it is kept as long as we live, and after a crash so long until
    /// somebody tries again.
    pub lease_ms: u32,
    /// Pause when there is nothing to do.
    pub idle: Duration,
    /// Pause after the store could not be read or written.
    pub back_off: Duration,
}

impl ScreenerSettings {
    /// The usual settings for one process.
    pub fn new(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            text: 4,
            media: 2,
            lease_ms: 15_000,
            idle: Duration::from_millis(100),
            back_off: Duration::from_secs(1),
        }
    }
}

/// Claims rows without a verdict and gives them one.
#[derive(Clone)]
pub struct Screener {
    store: Store,
    schools: Arc<Schools>,
    darkroom: Darkroom,
    links: Chain,
    clock: Arc<dyn Clock>,
    settings: ScreenerSettings,
}

/// What is in hand.
#[derive(Default)]
struct Hand {
    tasks: JoinSet<Done>,
    /// Row key and slot of each task, so that a task that vanished can still be named.
    rows: HashMap<tokio::task::Id, (String, Slot)>,
    /// Whose turn it was to get the odd slot, among words and among pictures.
    drafts_had: [bool; 2],
    /// Rows that the store could not take back when it failed: it still owes them their attempt.
    owed: Vec<String>,
}

/// Which slot a row takes. A row that ended badly before has a single one: should it end the process again, every row
/// beside it is a fresh one, and none of them is given up for its neighbour's sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Text,
    Media,
    Suspect,
}

impl Hand {
    /// Whether drafts get the odd slot this time; every other time they do.
    fn drafts_turn(&mut self, slot: Slot) -> bool {
        let had = &mut self.drafts_had[usize::from(slot == Slot::Media)];
        *had = !*had;
        *had
    }

    fn busy(&self, slot: Slot) -> usize {
        self.rows
            .values()
            .filter(|(_, taken)| *taken == slot)
            .count()
    }
}

/// How one row's work ended.
enum Done {
    /// Its verdict is recorded.
    Recorded,
    /// The store failed and may be back soon; the item is not to blame.
    StoreFailed(StoreError),
    /// Reading it ended badly.
    Bad(anyhow::Error),
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
            links: Chain::default(),
            clock,
            settings,
        }
    }

    /// Follows links with this instead of on the public internet.
    #[must_use]
    pub fn following_with(mut self, links: Chain) -> Self {
        self.links = links;
        self
    }

    /// Works until `stop` turns true; rows in hand are finished or given back.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut hand = Hand::default();
        let mut keeping = tokio::time::interval(KEEP_EVERY);
        keeping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*stop.borrow() {
            let healthy = match self.fill(&mut hand).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::error!(error = %error, "could not claim items; trying again");
                    false
                }
            };
            let pause = if healthy {
                self.settings.idle
            } else {
                self.settings.back_off
            };
            tokio::select! {
                Some(done) = hand.tasks.join_next_with_id(), if !hand.tasks.is_empty() => {
                    if !self.settle(&mut hand, done).await {
                        self.rest(&mut stop).await;
                    }
                }
                _ = keeping.tick() => self.keep(&hand).await,
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        self.finish(hand).await;
    }

    /// Tells the store that what is in hand is still being worked on.
    async fn keep(&self, hand: &Hand) {
        let in_hand = hand.rows.values().map(|(key, _)| key);
        let keys: Vec<String> = in_hand.chain(&hand.owed).cloned().collect();
        let (owner, now) = (&self.settings.owner, self.clock.now());
        if let Err(error) = self
            .store
            .keep(&keys, owner, now, self.settings.lease_ms)
            .await
        {
            tracing::warn!(error = %error, "leases could not be kept; somebody else may try the same items");
        }
    }

    /// Waits after a fault of the store, or until the service stops.
    async fn rest(&self, stop: &mut watch::Receiver<bool>) {
        let pause = tokio::time::sleep(self.settings.back_off);
        tokio::select! { () = pause => {}, _ = stop.changed() => {} }
    }

    /// Claims as many rows as there are free slots, and not one more: a claimed row is a counted attempt.
    async fn fill(&self, hand: &mut Hand) -> Result<(), StoreError> {
        self.give_back(hand).await?;
        for (slot, slots) in [
            (Slot::Text, self.settings.text),
            (Slot::Media, self.settings.media),
        ] {
            let free = slots.saturating_sub(hand.busy(slot));
            let share = |kind, limit: usize| Share {
                kind,
                has_media: Some(slot == Slot::Media),
                tried: Tried::Never,
                limit: u32::try_from(limit).unwrap_or(1),
            };
            // drafts and comments get a share each, whichever is piling up, and the odd slot by turns: slots often become
            // free one at a time. What one does not use the other may.
            let (less, more) = (free / 2, free - free / 2);
            let (drafts, comments) = if free > 0 && hand.drafts_turn(slot) {
                (more, less)
            } else {
                (less, more)
            };
            let mut piling_up = false;
            for (kind, limit) in [(ItemKind::Draft, drafts), (ItemKind::Comment, comments)] {
                let taken = self.take(hand, share(Some(kind), limit), slot).await?;
                piling_up |= taken == limit;
            }
            if piling_up {
                let left = slots.saturating_sub(hand.busy(slot));
                self.take(hand, share(None, left), slot).await?;
            }
        }
        if hand.busy(Slot::Suspect) == 0 {
            let share = Share {
                tried: Tried::Before,
                ..Share::any(1)
            };
            self.take(hand, share, Slot::Suspect).await?;
        }
        Ok(())
    }

    async fn take(&self, hand: &mut Hand, share: Share, slot: Slot) -> Result<usize, StoreError> {
        if share.limit == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let rows = self
            .store
            .claim(&self.settings.owner, share, now, self.settings.lease_ms)
            .await?;
        let taken = rows.len();
        for row in rows {
            let (screener, key) = (self.clone(), row.key.clone());
            let task = hand.tasks.spawn(async move { screener.row(row).await });
            hand.rows.insert(task.id(), (key, slot));
        }
        Ok(taken)
    }

    /// Takes note of a row's end; false where the store is at fault and a pause is due.
    async fn settle(
        &self,
        hand: &mut Hand,
        done: Result<(tokio::task::Id, Done), tokio::task::JoinError>,
    ) -> bool {
        let (id, done) = match done {
            Ok((id, done)) => (id, done),
            Err(error) => (
                error.id(),
                Done::Bad(anyhow!("the task stopped unexpectedly")),
            ),
        };
        let Some((key, _)) = hand.rows.remove(&id) else {
            return true;
        };
        let freed = match done {
            Done::Recorded => return true,
            Done::StoreFailed(error) => {
                tracing::error!(item_key = %key, error = %error, "the store failed; the item goes back as it was");
                hand.owed.push(key);
                return false;
            }
            Done::Bad(error) => {
                tracing::error!(item_key = %key, error = %error, "screening ended badly; the item will be tried alone");
                self.store.release(&key, &self.settings.owner).await
            }
        };
        if let Err(error) = freed {
            tracing::warn!(item_key = %key, error = %error, "the lease runs out by itself");
        }
        true
    }

    /// Gives back what the store could not take when it failed. Until that works nothing new is claimed: the attempts of
    /// these must not be counted against them.
    async fn give_back(&self, hand: &mut Hand) -> Result<(), StoreError> {
        while let Some(key) = hand.owed.last() {
            self.store.give_back(key, &self.settings.owner).await?;
            hand.owed.pop();
        }
        Ok(())
    }

    /// Finishes what is in hand, for a while; what is left goes back as if it had not been taken.
    async fn finish(&self, mut hand: Hand) {
        let deadline = tokio::time::Instant::now() + FINISH;
        while !hand.tasks.is_empty() {
            match tokio::time::timeout_at(deadline, hand.tasks.join_next_with_id()).await {
                Ok(Some(done)) => {
                    self.settle(&mut hand, done).await;
                }
                Ok(None) => break,
                Err(_) => break,
            }
        }
        hand.tasks.abort_all();
        let left = hand.rows.values().map(|(key, _)| key);
        for key in left.chain(&hand.owed) {
            if let Err(error) = self.store.give_back(key, &self.settings.owner).await {
                tracing::warn!(item_key = %key, error = %error, "the lease runs out by itself");
            }
        }
    }

    async fn row(&self, row: Claimed) -> Done {
        match self.screen_row(&row).await {
            Ok(screening) => {
                schoolgate_ops::metrics::verdict(row.kind, screening.verdict.outcome);
                tracing::debug!(
                    item_key = %row.key,
                    outcome = screening.verdict.outcome.code(),
                    findings = screening.verdict.findings.len(),
                    "screened"
                );
                Done::Recorded
            }
            Err(RowError::Store(error)) if error.is_about_content() => {
                Done::Bad(anyhow!("the store refused what was found ({error})"))
            }
            Err(RowError::Store(error)) => Done::StoreFailed(error),
            Err(RowError::Reading(error)) => Done::Bad(error),
        }
    }

    async fn screen_row(&self, row: &Claimed) -> Result<Screening, RowError> {
        let school = SchoolId::new(row.school.as_str());
        let snapshot = self.schools.get(&school);
        let parsed = parse_submission(&row.body).ok();
        let failure = match (&snapshot, &parsed) {
            _ if row.attempt > MAX_ATTEMPTS => Some(CheckFailure::Abandoned),
            (None, _) => Some(CheckFailure::Error(
                "the school is not configured any more".to_owned(),
            )),
            (_, None) => Some(CheckFailure::Error(
                "the stored item could not be read".to_owned(),
            )),
            (Some(_), Some(_)) => None,
        };
        let mut item = match parsed {
            Some(submission) => submission.into_item(school, row.revision, row.arrived_at),
            None => unread(row, school),
        };
        item.envelope.clock_started_at = row.clock_started_at;
        let screening = match (failure, snapshot) {
            (None, Some(snapshot)) => self.read(row, &item, snapshot).await?,
            (failure, snapshot) => {
                let urgent = self.store.urgent_audiences(&row.key).await?;
                let failure = failure.unwrap_or(CheckFailure::Abandoned);
                tracing::warn!(item_key = %row.key, attempt = row.attempt, "held without being read");
                abandoned(
                    &item,
                    snapshot.map(Arc::as_ref),
                    failure,
                    &urgent,
                    self.clock.now(),
                )
            }
        };
        if let Some(reply) = reply(row, &item, &screening) {
            // before the verdict: should we be killed in between, it is found to be there already
            self.store.receive_events(&[reply]).await?;
        }
        let change = screening.change(&item, self.clock.now());
        #[cfg(feature = "seeded-faults")]
        let (change, late) = {
            let mut change = change;
            let late = change
                .outbox
                .extract_if(.., |entry| {
                    crate::seeded::publishes_late() && entry.audience.is_none()
                })
                .map(|entry| (entry.routing_key, entry.key, entry.body))
                .collect();
            (change, late)
        };
        self.store
            .record(&row.key, &change, self.clock.now())
            .await?;
        #[cfg(feature = "seeded-faults")]
        crate::seeded::publish(late, &row.id).await;
        Ok(screening)
    }

    async fn read(
        &self,
        row: &Claimed,
        item: &Item,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Screening, RowError> {
        let open = self.open_links(item, snapshot).await?;
        let words = self
            .words_first(row, item, snapshot, !open.is_empty())
            .await?;
        let urgent = words.urgent.iter().filter_map(|entry| entry.audience);
        let urgent: Vec<Audience> = urgent.collect();
        let media = &item.content.media;
        let facts = match (media.is_empty(), words.forbids_pictures) {
            (true, _) => MediaFacts::default(),
            (false, true) => MediaFacts::without(media, &MediumFault::Withheld),
            (false, false) => self.darkroom.facts(item).await,
        };
        let links = match open.is_empty() {
            true => LinkFacts::default(),
            false => self.links.facts(open).await,
        };
        let (read, school, now) = (item.clone(), Arc::clone(snapshot), self.clock.now());
        let screening =
            blocking(move || screen(&read, &facts, &links, &school, now, &Budget::default()))
                .await?;
        if screening.verdict.outcome < Outcome::Escalate && !urgent.is_empty() {
            // pictures can only add to what the words said; so the screening broke, and the alert is out already
            let failure = CheckFailure::Panicked;
            return Ok(abandoned(item, Some(snapshot), failure, &urgent, now));
        }
        Ok(screening)
    }

    /// The addresses that must be followed before the item can be screened.
    async fn open_links(
        &self,
        item: &Item,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Vec<String>, RowError> {
        if item.envelope.kind != ItemKind::Draft || !snapshot.links.follows() {
            return Ok(Vec::new());
        }
        let (words, school) = (item.clone(), Arc::clone(snapshot));
        blocking(move || links_to_follow(&words, &school, &Budget::default())).await
    }

    /// What the words alone say; whom they alert is told before a picture is touched or a link followed.
    async fn words_first(
        &self,
        row: &Claimed,
        item: &Item,
        snapshot: &Arc<Snapshot>,
        has_links: bool,
    ) -> Result<WordsFirst, RowError> {
        if item.content.media.is_empty() && !has_links {
            return Ok(WordsFirst::default());
        }
        let (words, school, now) = (item.clone(), Arc::clone(snapshot), self.clock.now());
        let said = blocking(move || words_first(&words, &school, now, &Budget::default())).await?;
        if !said.urgent.is_empty() {
            self.store
                .propose(&row.key, &said.urgent, self.clock.now())
                .await?;
        }
        Ok(said)
    }
}

/// Whose fault it was.
enum RowError {
    Store(StoreError),
    Reading(anyhow::Error),
}

impl From<StoreError> for RowError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The school's own reply acknowledges the comment that it answers, as if the platform had told us of it (contract,
/// section 3). It is keyed by the reply's revision, so screening that again stops no second clock.
fn reply(row: &Claimed, item: &Item, screening: &Screening) -> Option<NewEvent> {
    let envelope = &item.envelope;
    let parent = envelope.parent.clone()?;
    if !screening.own_reply || envelope.verb == Verb::Remove {
        return None;
    }
    let id = format!("reply/{}/{}", row.id, row.revision);
    Some(NewEvent {
        school: row.school.clone(),
        event: EventType::Replied,
        item: Some(parent),
        revision: None,
        actor: envelope.author.id.clone(),
        at: envelope.created_at,
        arrived_at: row.arrived_at,
        content_hash: id.clone(),
        body: b"{}".to_vec(),
        id,
    })
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
            clock_started_at: None,
            unsure: false,
        },
        content: Content::default(),
    }
}

/// Runs processor work off the event loop. A panic in it is an error here, so that the row's attempt counts.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, RowError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| RowError::Reading(anyhow!("the work stopped unexpectedly")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odd_slot_goes_to_drafts_every_other_time_in_each_lane() {
        let mut hand = Hand::default();
        let mut turns = Vec::new();
        for _ in 0..2 {
            turns.push(hand.drafts_turn(Slot::Text));
            turns.push(hand.drafts_turn(Slot::Media));
        }
        assert_eq!(turns, [true, true, false, false]);
    }
}
