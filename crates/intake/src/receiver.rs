//! The loop between the broker and the inbox: a batch becomes rows in one transaction, then it is acknowledged. It
//! screens nothing; rows wait for the screener, whichever door they came through.

use std::{sync::Arc, time::Duration};

use schoolgate_broker::{BrokerError, Consumer, Incoming, Outgoing, Publisher, ack_all};
use schoolgate_model::Clock;
use schoolgate_ops::metrics;
use schoolgate_school::Schools;
use schoolgate_store::{
    CONFLICTING_REVISION, EventReceipt, NewEvent, NewItem, Receipt, Store, StoreError,
};
use tokio::sync::watch;

use crate::decode::{Decoded, Unusable, decode};

/// Messages in one transaction at most: PostgreSQL takes a hundred rows in little more time than one.
const BATCH: usize = 100;
/// How long a batch waits for more after its first message.
const LINGER: Duration = Duration::from_millis(5);
/// Pause before a batch is tried again after a fault of the store or of the dead letters.
const BACK_OFF: Duration = Duration::from_secs(1);

/// Takes messages in.
pub struct Receiver {
    store: Store,
    schools: Arc<Schools>,
    dead: Publisher,
    clock: Arc<dyn Clock>,
    new_key: Arc<dyn Fn() -> String + Send + Sync>,
}

/// A message and what has become of it so far.
struct Taken<T> {
    message: Incoming,
    row: T,
}

impl Receiver {
    /// Puts the parts together. `dead` publishes to the dead letters; `new_key` makes row keys (UUIDv7 text).
    pub fn new(
        store: Store,
        schools: Arc<Schools>,
        dead: Publisher,
        clock: Arc<dyn Clock>,
        new_key: Arc<dyn Fn() -> String + Send + Sync>,
    ) -> Self {
        Self {
            store,
            schools,
            dead,
            clock,
            new_key,
        }
    }

    /// Works until `stop` turns true. A batch that could not be made safe by then is not acknowledged, so the broker
    /// gives it to somebody else.
    pub async fn run(self, mut consumer: Consumer, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                batch = consumer.next_batch(BATCH, LINGER) => match batch {
                    Some(batch) => self.take(batch, &mut stop).await,
                    None => return,
                },
                _ = stop.changed() => {}
            }
        }
    }

    async fn take(&self, batch: Vec<Incoming>, stop: &mut watch::Receiver<bool>) {
        let (mut items, mut events) = (Vec::new(), Vec::new());
        for message in batch {
            match decode(&message, &self.schools, (self.new_key)(), self.clock.now()) {
                Ok(Decoded::Item(row)) => items.push(Taken { message, row }),
                Ok(Decoded::Event(row)) => events.push(Taken { message, row }),
                Err(why) => self.bury(message, &why, stop).await,
            }
        }
        // items first: an event is about an item that may be in the same batch
        self.take_items(items, stop).await;
        self.take_events(events, stop).await;
    }

    async fn take_items(&self, batch: Vec<Taken<NewItem>>, stop: &mut watch::Receiver<bool>) {
        if batch.is_empty() {
            return;
        }
        #[cfg_attr(
            not(feature = "seeded-faults"),
            expect(unused_mut, reason = "only bad workers change it")
        )]
        let mut rows: Vec<NewItem> = batch.iter().map(|taken| taken.row.clone()).collect();
        #[cfg(feature = "seeded-faults")]
        crate::seeded::forget_inbox(&mut rows);
        #[cfg(feature = "seeded-faults")]
        if crate::seeded::acks_first() {
            acknowledge(batch.into_iter().map(|taken| taken.message).collect()).await;
            drop(self.persist(|| self.store.receive(&rows), stop).await);
            return;
        }
        match self.persist(|| self.store.receive(&rows), stop).await {
            Persisted::Done(receipts) => self.settle_items(batch, receipts, stop).await,
            Persisted::Stopped => {}
            Persisted::Refused if batch.len() > 1 => {
                // one of them is refused for its content; alone, the others are not
                for taken in batch {
                    Box::pin(self.take_items(vec![taken], stop)).await;
                }
            }
            Persisted::Refused => self.bury_all(batch, stop).await,
        }
    }

    async fn take_events(&self, batch: Vec<Taken<NewEvent>>, stop: &mut watch::Receiver<bool>) {
        if batch.is_empty() {
            return;
        }
        let rows: Vec<NewEvent> = batch.iter().map(|taken| taken.row.clone()).collect();
        match self
            .persist(|| self.store.receive_events(&rows), stop)
            .await
        {
            Persisted::Done(receipts) => self.settle_events(batch, receipts, stop).await,
            Persisted::Stopped => {}
            Persisted::Refused if batch.len() > 1 => {
                for taken in batch {
                    Box::pin(self.take_events(vec![taken], stop)).await;
                }
            }
            Persisted::Refused => self.bury_all(batch, stop).await,
        }
    }

    async fn bury_all<T>(&self, batch: Vec<Taken<T>>, stop: &mut watch::Receiver<bool>) {
        let why = Unusable::new("store_refused", "the store cannot hold this message");
        for taken in batch {
            self.bury(taken.message, &why, stop).await;
        }
    }

    async fn settle_items(
        &self,
        batch: Vec<Taken<NewItem>>,
        receipts: Vec<Receipt>,
        stop: &mut watch::Receiver<bool>,
    ) {
        let mut safe = Vec::with_capacity(batch.len());
        for (taken, receipt) in batch.into_iter().zip(receipts) {
            let result = match &receipt {
                Receipt::New { .. } => "new",
                Receipt::Duplicate { .. } => "duplicate",
                Receipt::Conflict { .. } => "conflict",
            };
            metrics::received("broker", taken.row.kind.code(), result);
            if matches!(receipt, Receipt::Conflict { .. }) {
                let why = Unusable::new(CONFLICTING_REVISION, "");
                self.bury(taken.message, &why, stop).await;
            } else {
                safe.push(taken.message);
            }
        }
        acknowledge(safe).await;
    }

    async fn settle_events(
        &self,
        batch: Vec<Taken<NewEvent>>,
        receipts: Vec<EventReceipt>,
        stop: &mut watch::Receiver<bool>,
    ) {
        let mut safe = Vec::with_capacity(batch.len());
        for (taken, receipt) in batch.into_iter().zip(receipts) {
            let result = match &receipt {
                EventReceipt::New { .. } => "new",
                EventReceipt::Duplicate => "duplicate",
                EventReceipt::Conflict => "conflict",
                EventReceipt::UnknownItem => "unknown",
            };
            metrics::received("broker", "event", result);
            if matches!(receipt, EventReceipt::Conflict) {
                let why = Unusable::new(CONFLICTING_REVISION, "");
                self.bury(taken.message, &why, stop).await;
            } else {
                safe.push(taken.message);
            }
        }
        acknowledge(safe).await;
    }

    /// Calls the store until it answers. A fault of the store is nobody's message's fault, so the messages stay in hand.
    async fn persist<T, F>(
        &self,
        mut call: impl FnMut() -> F,
        stop: &mut watch::Receiver<bool>,
    ) -> Persisted<T>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        loop {
            match call().await {
                Ok(done) => return Persisted::Done(done),
                Err(error) if is_about_content(&error) => {
                    tracing::error!(error = %error, "the store refused a message for its content");
                    return Persisted::Refused;
                }
                Err(error) => {
                    tracing::error!(error = %error, "messages could not be stored; trying again");
                }
            }
            if rest(stop).await {
                return Persisted::Stopped;
            }
        }
    }

    /// Puts a message to the dead letters and, once the broker has confirmed that, acknowledges it.
    async fn bury(&self, message: Incoming, why: &Unusable, stop: &mut watch::Receiver<bool>) {
        let properties = message.properties();
        let id = properties
            .message_id
            .clone()
            .unwrap_or_else(|| (self.new_key)());
        let letter = Outgoing {
            detail: (!why.detail.is_empty()).then(|| why.detail.clone()),
            ..Outgoing::dead(&message, id, why.reason)
        };
        loop {
            match self.dead.publish(&letter).await {
                Ok(()) => break,
                Err(error @ BrokerError::TooLong(_)) => {
                    tracing::error!(error = %error, "a dead letter is kept by the broker's own dead-lettering");
                    return;
                }
                Err(error) => {
                    tracing::error!(error = %error, "a dead letter could not be published; trying again");
                }
            }
            if rest(stop).await {
                return;
            }
        }
        metrics::dead_letter(why.reason);
        tracing::error!(
            reason = why.reason,
            detail = %why.detail,
            queue = message.queue().name(),
            "a message could not be used; it is in schoolgate.dead"
        );
        acknowledge(vec![message]).await;
    }
}

/// What came of a call to the store.
enum Persisted<T> {
    /// It answered.
    Done(T),
    /// It will never take this content.
    Refused,
    /// The service stops first.
    Stopped,
}

/// Whether the same call can never succeed, whatever becomes of the store. Everything else is waited out.
const fn is_about_content(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::NulInText { .. }
            | StoreError::Constraint { .. }
            | StoreError::Inconsistent { .. }
    )
}

/// Waits a little; true where the service stops.
async fn rest(stop: &mut watch::Receiver<bool>) -> bool {
    let pause = tokio::time::sleep(BACK_OFF);
    tokio::select! { () = pause => {}, _ = stop.changed() => {} }
    *stop.borrow()
}

async fn acknowledge(messages: Vec<Incoming>) {
    if messages.is_empty() {
        return;
    }
    let all = messages.len();
    let taken = ack_all(messages).await;
    if taken < all {
        tracing::warn!(
            messages = all - taken,
            "could not be acknowledged; they come again and count once"
        );
    }
}
