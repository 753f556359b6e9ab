//! The loop between the broker and the inbox: a batch becomes rows in one transaction, then it is acknowledged. It
//! screens nothing; rows wait for the screener, whichever door they came through.

use std::{sync::Arc, time::Duration};

use schoolgate_broker::{BrokerError, Consumer, Incoming, Outgoing, Publisher, ack_all};
use schoolgate_model::Clock;
use schoolgate_ops::metrics;
use schoolgate_school::Schools;
use schoolgate_store::{CONFLICTING_REVISION, Store};
use tokio::sync::{mpsc, watch};

use crate::{
    decode::{Decoded, Unusable, decode},
    row::{Row, Taken},
};

/// Messages in one transaction at most: PostgreSQL takes a hundred rows in little more time than one.
const BATCH: usize = 100;
/// Bytes in one transaction, roughly: a message with pictures in it can be 4 MiB.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// How long a batch waits for more after its first message.
const LINGER: Duration = Duration::from_millis(5);
/// Pause before a batch is tried again after a fault of the store or of the dead letters.
const BACK_OFF: Duration = Duration::from_secs(1);
/// Messages that wait to be put to the dead letters. They hold up nobody until there are so many.
const WAITING_DEAD: usize = 64;

/// Takes messages in.
pub struct Receiver {
    store: Store,
    schools: Arc<Schools>,
    dead: Publisher,
    clock: Arc<dyn Clock>,
    new_key: Arc<dyn Fn() -> String + Send + Sync>,
}

/// A message that is no use, on its way to the dead letters.
struct Useless {
    message: Incoming,
    why: Unusable,
}

impl Useless {
    /// A message whose bytes had gone into a row already.
    fn new<T: Row>(mut message: Incoming, row: T, why: Unusable) -> Self {
        message.put_body_back(row.into_body());
        Self { message, why }
    }
}

/// Messages of one sort with the rows that they become, in the same order.
struct Batch<T> {
    messages: Vec<Incoming>,
    rows: Vec<T>,
    bytes: usize,
}

impl<T> Batch<T> {
    const fn new() -> Self {
        Self {
            messages: Vec::new(),
            rows: Vec::new(),
            bytes: 0,
        }
    }

    fn push(&mut self, message: Incoming, row: T, bytes: usize) {
        self.messages.push(message);
        self.rows.push(row);
        self.bytes += bytes;
    }
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
        let (useless, burying) = mpsc::channel(WAITING_DEAD);
        let undertaker = Undertaker {
            dead: self.dead.clone(),
            new_key: Arc::clone(&self.new_key),
        };
        let burial = tokio::spawn(undertaker.run(burying, stop.clone()));
        while !*stop.borrow() {
            tokio::select! {
                batch = consumer.next_batch(BATCH, LINGER) => match batch {
                    Some(batch) => self.take(batch, &useless, &mut stop).await,
                    None => break,
                },
                _ = stop.changed() => {}
            }
        }
        drop(useless);
        if burial.await.is_err() {
            tracing::error!("dead letters stopped unexpectedly; what was left comes again");
        }
    }

    async fn take(
        &self,
        messages: Vec<Incoming>,
        useless: &mpsc::Sender<Useless>,
        stop: &mut watch::Receiver<bool>,
    ) {
        let (mut items, mut events) = (Batch::new(), Batch::new());
        let mut unusable = Vec::new();
        for mut message in messages {
            let size = message.body().len();
            match decode(&message, &self.schools, (self.new_key)(), self.clock.now()) {
                Ok(Decoded::Item(mut row)) => {
                    #[cfg(feature = "seeded-faults")]
                    crate::seeded::forget_inbox(&mut row);
                    row.body = message.take_body();
                    items.push(message, row, size);
                }
                Ok(Decoded::Event(mut row)) => {
                    row.body = message.take_body();
                    events.push(message, row, size);
                }
                Err(why) => unusable.push(Useless { message, why }),
            }
            if items.bytes >= BATCH_BYTES {
                let full = std::mem::replace(&mut items, Batch::new());
                unusable.extend(self.store(full, stop).await);
            }
        }
        // items first: an event is about an item that may be in the same batch; and what can be used never waits for
        // what cannot
        unusable.extend(self.store(items, stop).await);
        unusable.extend(self.store(events, stop).await);
        for message in unusable {
            let sending = useless.send(message);
            tokio::select! { _ = sending => {}, () = stopped(stop) => {} }
        }
    }

    /// Makes a batch safe and acknowledges it; gives what is for the dead letters.
    async fn store<T: Row>(
        &self,
        batch: Batch<T>,
        stop: &mut watch::Receiver<bool>,
    ) -> Vec<Useless> {
        #[cfg(feature = "seeded-faults")]
        if crate::seeded::acks_first() {
            acknowledge(batch.messages).await;
            drop(persist(&self.store, &batch.rows, stop).await);
            return Vec::new();
        }
        match persist(&self.store, &batch.rows, stop).await {
            Persisted::Done(taken) => settle(batch, taken).await,
            Persisted::Stopped => Vec::new(),
            Persisted::Refused => {
                let mut useless = Vec::new();
                for (message, row) in batch.messages.into_iter().zip(batch.rows) {
                    // one of them is refused for its content; alone, the others are not
                    useless.extend(self.store_alone(message, row, stop).await);
                }
                useless
            }
        }
    }

    async fn store_alone<T: Row>(
        &self,
        message: Incoming,
        row: T,
        stop: &mut watch::Receiver<bool>,
    ) -> Vec<Useless> {
        let mut one = Batch::new();
        one.push(message, row, 0);
        match persist(&self.store, &one.rows, stop).await {
            Persisted::Done(taken) => settle(one, taken).await,
            Persisted::Stopped => Vec::new(),
            Persisted::Refused => {
                let why = Unusable::new("store_refused", "the store cannot hold this message");
                let pairs = one.messages.into_iter().zip(one.rows);
                pairs
                    .map(|(message, row)| Useless::new(message, row, why.clone()))
                    .collect()
            }
        }
    }
}

/// Acknowledges what is safe; gives what contradicts something that is there.
async fn settle<T: Row>(batch: Batch<T>, taken: Vec<Taken>) -> Vec<Useless> {
    let (mut safe, mut useless) = (Vec::new(), Vec::new());
    let pairs = batch.messages.into_iter().zip(batch.rows);
    for ((message, row), taken) in pairs.zip(taken) {
        metrics::received("broker", row.kind(), taken.code());
        if taken == Taken::Conflict {
            let why = Unusable::new(CONFLICTING_REVISION, "");
            useless.push(Useless::new(message, row, why));
        } else {
            safe.push(message);
        }
    }
    acknowledge(safe).await;
    useless
}

/// Calls the store until it answers. A fault of the store is nobody's message's fault, so the messages stay in hand.
async fn persist<T: Row>(
    store: &Store,
    batch: &[T],
    stop: &mut watch::Receiver<bool>,
) -> Persisted {
    let rows = batch.len();
    if rows == 0 {
        return Persisted::Done(Vec::new());
    }
    loop {
        match T::store(store, batch).await {
            Ok(done) => return Persisted::Done(done),
            Err(error) if error.is_about_content() => {
                tracing::error!(error = %error, rows, "the store refused what one of the messages holds");
                return Persisted::Refused;
            }
            Err(error) => {
                tracing::error!(error = %error, rows, "messages could not be stored; trying again");
            }
        }
        if rest(stop).await {
            return Persisted::Stopped;
        }
    }
}

/// Puts messages to the dead letters, beside the loop that takes the others in: while the broker takes no messages, those
/// that can be used must still be taken from it.
struct Undertaker {
    dead: Publisher,
    new_key: Arc<dyn Fn() -> String + Send + Sync>,
}

impl Undertaker {
    async fn run(self, mut useless: mpsc::Receiver<Useless>, mut stop: watch::Receiver<bool>) {
        while let Some(Useless { message, why }) = useless.recv().await {
            self.bury(message, &why, &mut stop).await;
        }
    }

    /// Publishes a dead letter and, once the broker has confirmed that, acknowledges the message.
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
enum Persisted {
    /// It answered for each row.
    Done(Vec<Taken>),
    /// It will never take this content.
    Refused,
    /// The service stops first.
    Stopped,
}

/// Waits a little; true where the service stops.
async fn rest(stop: &mut watch::Receiver<bool>) -> bool {
    let pause = tokio::time::sleep(BACK_OFF);
    tokio::select! { () = pause => {}, _ = stop.changed() => {} }
    *stop.borrow()
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // a sender that is gone means the same
    let _ = stop.wait_for(|stopping| *stopping).await;
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
