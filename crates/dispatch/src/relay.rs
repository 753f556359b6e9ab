//! The loop that carries alerts out: a pointer for the broker, a mail for each person. Messages are the press's.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, ToSpan as _};
use schoolgate_broker::Publisher;
use schoolgate_model::{Audience, Clock, SchoolId};
use schoolgate_ops::metrics;
use schoolgate_policy::OutboxKind;
use schoolgate_school::Schools;
use schoolgate_store::{OutboxEnd, OutboxRow, Store, StoreError, Wanted};
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::MissedTickBehavior,
};

use crate::{
    letter::{Letter, message_id, recipient_hash},
    mail::Mailer,
    press,
};

/// The longest pause between two attempts.
const MAX_PAUSE_SECONDS: i64 = 300;

/// After such a time without the safeguarding lead having got an alert, the head is told too.
const BEFORE_HEAD: SignedDuration = SignedDuration::from_mins(20);
/// After so many attempts that reached nobody the leaders are told as well, of what is not for somebody alone.
const ATTEMPTS_BEFORE_LEADERS: u32 = 2;
/// After so many attempts (about half an hour) an alert that somebody has got closes although another recipient never took it.
const ATTEMPTS_FOR_THE_REST: u32 = 12;
/// How often leases are made to last longer: several times within one.
const KEEP_EVERY: Duration = Duration::from_secs(3);
/// The broker's own line among the receipts of an alert.
const BROKER: &str = "broker";
/// How long finishing may take when the service stops.
const FINISH: Duration = Duration::from_secs(6);

/// How the loop works.
#[derive(Debug, Clone)]
pub struct RelaySettings {
    /// Names this loop in leases.
    pub owner: String,
    /// How long a claimed row is ours, milliseconds: it is kept as long as we live, and after a crash so long until somebody
    /// else sends the alert.
    pub lease_ms: u32,
    /// Effects in hand at once: so many urgent ones, and so many of the rest.
    pub slots: usize,
    /// Pause when there is nothing to do.
    pub idle: Duration,
    /// Pause after the store could not be read or written.
    pub back_off: Duration,
    /// Where people open the item.
    pub public_url: Option<String>,
}

impl RelaySettings {
    /// The usual settings for one process.
    pub fn new(owner: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            lease_ms: 10_000,
            slots: 4,
            back_off: Duration::from_secs(1),
            idle: Duration::from_millis(100),
            public_url: None,
        }
    }
}

/// Carries outbox rows out.
pub struct Relay {
    store: Store,
    schools: Arc<Schools>,
    mailer: Option<Mailer>,
    publisher: Option<Publisher>,
    clock: Arc<dyn Clock>,
    settings: RelaySettings,
}

impl Relay {
    /// Puts the parts together. Without a publisher there is no broker to tell.
    pub fn new(
        store: Store,
        schools: Arc<Schools>,
        mailer: Option<Mailer>,
        publisher: Option<Publisher>,
        clock: Arc<dyn Clock>,
        settings: RelaySettings,
    ) -> Self {
        Self {
            store,
            schools,
            mailer,
            publisher,
            clock,
            settings,
        }
    }

    /// Works until `stop` turns true; what is in hand is finished for a while. What is not finished by then goes out
    /// again after its lease, under the same Message-ID.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let relay = Arc::new(self);
        let mut hand = Hand::default();
        let mut keeping = tokio::time::interval(KEEP_EVERY);
        keeping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*stop.borrow() {
            let pause = match relay.fill(&mut hand).await {
                Ok(()) => relay.settings.idle,
                Err(error) => {
                    tracing::error!(error = %error, "the outbox could not be read; trying again");
                    relay.settings.back_off
                }
            };
            tokio::select! {
                Some(done) = hand.tasks.join_next_with_id(), if !hand.tasks.is_empty() => {
                    if !hand.settle(done) {
                        let pause = tokio::time::sleep(relay.settings.back_off);
                        tokio::select! { () = pause => {}, _ = stop.changed() => {} }
                    }
                }
                _ = keeping.tick() => relay.keep(&hand).await,
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        let deadline = tokio::time::Instant::now() + FINISH;
        while let Ok(Some(done)) =
            tokio::time::timeout_at(deadline, hand.tasks.join_next_with_id()).await
        {
            hand.settle(done);
        }
    }

    /// Tells the store that what is in hand is still being sent.
    async fn keep(&self, hand: &Hand) {
        let keys: Vec<String> = hand.slots.values().map(|(key, _)| key.clone()).collect();
        let (owner, now) = (&self.settings.owner, self.clock.now());
        if let Err(error) = self
            .store
            .outbox_keep(&keys, owner, now, self.settings.lease_ms)
            .await
        {
            tracing::warn!(error = %error, "leases could not be kept; an alert may go out twice, under the same id");
        }
    }

    /// Claims what there are free slots for. Urgent effects have slots of their own, so that no slow mailbox and no
    /// pile of other messages stands in their way.
    async fn fill(self: &Arc<Self>, hand: &mut Hand) -> Result<(), StoreError> {
        for urgent in [true, false] {
            let free = self.settings.slots.saturating_sub(hand.busy(urgent));
            if free == 0 {
                continue;
            }
            let wanted = Wanted {
                kind: Some(OutboxKind::Alert),
                urgent_only: urgent,
            };
            let limit = u32::try_from(free).unwrap_or(1);
            let (owner, now) = (&self.settings.owner, self.clock.now());
            for row in self
                .store
                .outbox_claim(owner, wanted, limit, now, self.settings.lease_ms)
                .await?
            {
                let (relay, key) = (Arc::clone(self), row.key.clone());
                let task = hand.tasks.spawn(async move { relay.carry_out(&row).await });
                hand.slots.insert(task.id(), (key, urgent));
            }
        }
        Ok(())
    }

    async fn carry_out(&self, row: &OutboxRow) -> Result<(), StoreError> {
        let reached = self.store.receipts(&row.key).await?;
        match self.road(row) {
            Road::Nobody => self.again(row, "no_audience").await,
            Road::Broker if self.publisher.is_none() => {
                self.store
                    .outbox_close(&row.key, &self.settings.owner, OutboxEnd::NoBroker)
                    .await?;
                Ok(())
            }
            Road::Broker => match self.tell_broker(row, &reached).await? {
                Ok(()) => self.sent(row).await,
                Err(code) => self.again(row, code).await,
            },
            Road::Mail(audience) => {
                // together: neither a slow mailbox nor a slow broker keeps the other waiting
                let (told, mailed) = tokio::join!(
                    self.tell_broker(row, &reached),
                    self.mail(row, audience, &reached)
                );
                match (mailed?, told?) {
                    (Err(code), _) | (Ok(()), Err(code)) => self.again(row, code).await,
                    (Ok(()), Ok(())) => self.sent(row).await,
                }
            }
        }
    }

    /// Publishes the pointer, once an alert: that it was is noted like a person's receipt. The inner error is the code of a
    /// broker that did not take it, which must not keep the mail waiting.
    async fn tell_broker(
        &self,
        row: &OutboxRow,
        reached: &[String],
    ) -> Result<Result<(), &'static str>, StoreError> {
        let Some(publisher) = &self.publisher else {
            return Ok(Ok(()));
        };
        if reached.iter().any(|receipt| receipt == BROKER) {
            return Ok(Ok(()));
        }
        if let Err(error) = publisher.publish(&press::message(row)).await {
            return Ok(Err(press::code(&error)));
        }
        metrics::effect("broker", "sent");
        self.store
            .receipt_add(&row.key, BROKER, self.clock.now())
            .await?;
        Ok(Ok(()))
    }

    /// Where an alert goes besides the broker. Authors are told by the verdict in their own tool, moderators by their queue
    /// and, where the school names some, by mail.
    fn road(&self, row: &OutboxRow) -> Road {
        match row.audience {
            Some(Audience::Author) => Road::Broker,
            Some(Audience::Moderator) if self.people(row, Audience::Moderator).is_empty() => {
                Road::Broker
            }
            Some(audience) => Road::Mail(audience),
            None => Road::Nobody,
        }
    }

    /// The people of exactly this audience.
    fn people(&self, row: &OutboxRow, audience: Audience) -> Vec<String> {
        let snapshot = self.schools.get(&SchoolId::new(row.school.as_str()));
        snapshot
            .and_then(|snapshot| snapshot.contacts.0.get(&audience).cloned())
            .unwrap_or_default()
    }

    /// Who must get an alert now: the audience, or where it has nobody the next that has; and where nobody could be
    /// reached, others as well. What only the safeguarding lead may know goes to the head after the time that a ladder
    /// would take (DOMAIN, Appendix D), and what only the head may know to nobody else.
    fn recipients(&self, row: &OutboxRow, audience: Audience, reached: &[String]) -> Vec<String> {
        let snapshot = self.schools.get(&SchoolId::new(row.school.as_str()));
        let mut people = snapshot.map_or_else(Vec::new, |snapshot| {
            snapshot.contacts.resolve(audience).to_vec()
        });
        if reached.is_empty() {
            let waited = self.clock.now().duration_since(row.created_at);
            for other in others(audience, row.attempts, waited) {
                people.extend(self.people(row, *other));
            }
        }
        let mut seen = HashSet::new();
        people.retain(|person| seen.insert(person.clone()));
        people
    }

    /// Mails the alert to everybody who has not got it. The inner error is the code of what stands in the way of somebody,
    /// until that has been tried long enough and others have it.
    async fn mail(
        &self,
        row: &OutboxRow,
        audience: Audience,
        receipts: &[String],
    ) -> Result<Result<(), &'static str>, StoreError> {
        let Some(mailer) = &self.mailer else {
            return Ok(Err("no_mail"));
        };
        let Some(letter) = Letter::write(row, self.settings.public_url.as_deref()) else {
            return Ok(Err("bad_body"));
        };
        // the broker's receipt is not a person's
        let people = receipts.iter().filter(|receipt| *receipt != BROKER);
        let mut reached: Vec<String> = people.cloned().collect();
        let recipients = self.recipients(row, audience, &reached);
        let mut failure = recipients.is_empty().then_some("no_recipient");
        for person in recipients {
            let receipt = recipient_hash(&person);
            if reached.contains(&receipt) {
                continue;
            }
            let id = message_id(&row.key, &person, mailer.domain());
            match mailer.send(&letter, &person, &id).await {
                Ok(()) => {
                    self.store
                        .receipt_add(&row.key, &receipt, self.clock.now())
                        .await?;
                    metrics::effect("mail", "sent");
                    reached.push(receipt);
                }
                Err(code) => {
                    metrics::effect("mail", code);
                    failure = Some(code);
                }
            }
        }
        match failure {
            Some(code) if reached.is_empty() || row.attempts < ATTEMPTS_FOR_THE_REST => {
                Ok(Err(code))
            }
            Some(code) => {
                tracing::error!(effect = %row.key, code, "one of the recipients never took an alert; the others have it");
                Ok(Ok(()))
            }
            None => Ok(Ok(())),
        }
    }

    async fn sent(&self, row: &OutboxRow) -> Result<(), StoreError> {
        self.store
            .outbox_sent(&row.key, &self.settings.owner, self.clock.now())
            .await?;
        tracing::info!(effect = %row.key, attempt = row.attempts, "alert handed over");
        Ok(())
    }

    async fn again(&self, row: &OutboxRow, code: &'static str) -> Result<(), StoreError> {
        let (now, pause) = (self.clock.now(), pause_seconds(row.attempts, code));
        let at = now.checked_add(pause.seconds()).unwrap_or(now);
        self.store
            .outbox_retry(&row.key, &self.settings.owner, at, code)
            .await?;
        tracing::error!(effect = %row.key, attempt = row.attempts, code, pause, "alert not sent; trying again");
        Ok(())
    }
}

/// Who else is told when nobody of an audience could be reached, after so many attempts and such a time.
fn others(audience: Audience, attempts: u32, waited: SignedDuration) -> &'static [Audience] {
    match audience {
        Audience::Head => &[],
        Audience::Dsl if waited < BEFORE_HEAD => &[],
        Audience::Dsl => &[Audience::Head],
        _ if attempts <= ATTEMPTS_BEFORE_LEADERS => &[],
        _ => &[Audience::Slt, Audience::Head],
    }
}

/// Which way an alert goes.
enum Road {
    /// To the broker alone.
    Broker,
    /// To the broker and by mail.
    Mail(Audience),
    /// An alert without an audience is a fault and is never closed in silence.
    Nobody,
}

/// What is in hand: each task's row, and whether its slot is an urgent one.
#[derive(Default)]
struct Hand {
    tasks: JoinSet<Result<(), StoreError>>,
    slots: HashMap<tokio::task::Id, (String, bool)>,
}

impl Hand {
    fn busy(&self, urgent: bool) -> usize {
        let slots = self.slots.values();
        slots.filter(|(_, slot)| *slot == urgent).count()
    }

    /// Frees the slot; false where the store failed and a pause is due.
    fn settle(
        &mut self,
        done: Result<(tokio::task::Id, Result<(), StoreError>), JoinError>,
    ) -> bool {
        match done {
            Ok((id, result)) => {
                self.slots.remove(&id);
                if let Err(error) = &result {
                    tracing::error!(error = %error, "an effect could not be written down; it goes out again");
                }
                result.is_ok()
            }
            Err(error) => {
                self.slots.remove(&error.id());
                tracing::error!("a sending task stopped unexpectedly; its effect goes out again");
                true
            }
        }
    }
}

/// 2, 4, 8 ... seconds, up to five minutes, for ever; where only the broker is missing, as short as the press's.
fn pause_seconds(attempts: u32, code: &str) -> i64 {
    if code.starts_with("broker_") {
        return press::pause_seconds(attempts);
    }
    2_i64
        .checked_pow(attempts.min(12))
        .unwrap_or(MAX_PAUSE_SECONDS)
        .min(MAX_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_somebody_alone_stays_with_them_while_mail_is_down() {
        let (soon, late) = (SignedDuration::from_mins(1), SignedDuration::from_mins(21));
        assert!(others(Audience::Dsl, 50, soon).is_empty());
        assert_eq!(others(Audience::Dsl, 1, late), [Audience::Head]);
        assert!(others(Audience::Head, 50, late).is_empty());
        assert!(others(Audience::Press, 2, late).is_empty());
        assert_eq!(
            others(Audience::Press, 3, soon),
            [Audience::Slt, Audience::Head]
        );
    }

    #[test]
    fn the_pause_grows_and_stays_below_five_minutes() {
        let pauses: Vec<_> = [1, 2, 3, 8, 9, 100]
            .into_iter()
            .map(|attempts| pause_seconds(attempts, "refused"))
            .collect();
        assert_eq!(pauses, [2, 4, 8, 256, 300, 300]);
        assert_eq!(pause_seconds(100, "broker_away"), 10);
    }
}
