//! The dead letters, for the administrator: looked at, sent again, or dropped.

use crate::{
    BrokerError, BrokerSettings, Exchange, Queue,
    link::{Link, Wrong, ask},
    message::{DETAIL, REASON, header},
    names::DEAD_QUEUE,
    topology,
};
use lapin::{
    BasicProperties, Channel, Confirmation,
    message::Delivery,
    options::{
        BasicAckOptions, BasicGetOptions, BasicNackOptions, BasicPublishOptions,
        ConfirmSelectOptions,
    },
    types::{AMQPValue, FieldTable},
};

/// Looking at a message counts as a delivery on RabbitMQ 4.0 to 4.2, which drop it after 20 unless a policy says
/// otherwise. One that was looked at so often is put back as a new one.
const LOOKS: i64 = 15;
/// A reason of somebody else's making is not repeated when it is no code.
const REASON_LENGTH: usize = 64;
/// Our sentences are shorter.
const DETAIL_LENGTH: usize = 300;

/// The reason of a message that contradicts a revision which is there.
const CONFLICT: &str = "conflicting_revision";

/// What can be said about a dead letter without showing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The `message_id` property; the item's id.
    pub message_id: Option<String>,
    /// The `type` property.
    pub kind: Option<String>,
    /// Why it is here: our own code, or the broker's reason (`delivery_limit`, `rejected`, `expired`, `maxlen`), or
    /// `unroutable` for what no queue of `schoolgate.in` took.
    pub reason: String,
    /// What is wrong in a sentence, where intake said so.
    pub detail: Option<String>,
    /// Where it was going on `schoolgate.in`, as far as is known.
    pub routing_key: Option<String>,
    /// Size of the body in bytes.
    pub body_bytes: usize,
}

/// Which dead letters are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All that are there now.
    All,
    /// Those with this message id.
    Id(String),
}

/// What became of the dead letters that were meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Sent again, or dropped.
    pub done: usize,
    /// Left where they were, because where they were going is not known or no queue took them.
    pub left: usize,
}

/// Lists up to `limit` dead letters, oldest first, and leaves them where they are.
///
/// # Errors
/// When the broker cannot be reached or the user may not read the queue.
pub async fn list(settings: &BrokerSettings, limit: usize) -> Result<Vec<DeadLetter>, BrokerError> {
    let mut session = Session::open(settings).await?;
    let mut letters = Vec::new();
    while let Some(delivery) = session.next().await? {
        if letters.len() < limit {
            letters.push(describe(&delivery));
        }
        session.leave(delivery).await?;
    }
    session.close().await?;
    Ok(letters)
}

/// Sends dead letters to `schoolgate.in` again with their first routing key, each confirmed before it leaves the dead
/// letters.
///
/// # Errors
/// As `list`; what was sent before the error stays sent.
pub async fn retry(settings: &BrokerSettings, which: &Which) -> Result<Done, BrokerError> {
    let mut session = Session::open(settings).await?;
    let mut done = Done::default();
    while let Some(delivery) = session.next().await? {
        if !which.means(&delivery) {
            session.leave(delivery).await?;
            continue;
        }
        let key = routing_key(&delivery);
        // the same revision with other content would only conflict again: it must be sent with the next number
        let known = Queue::ALL
            .iter()
            .find(|queue| queue.routing_key() == key)
            .filter(|_| reason(&delivery.properties) != CONFLICT);
        let sent = match known {
            Some(queue) => {
                let properties = renewed(&delivery.properties);
                session
                    .send(Exchange::In, queue.routing_key(), &delivery, properties)
                    .await?
            }
            // It would only come back: the alternate exchange leads here.
            None => false,
        };
        if sent {
            session.remove(&delivery).await?;
            done.done += 1;
        } else {
            session.leave(delivery).await?;
            done.left += 1;
        }
    }
    session.close().await?;
    Ok(done)
}

/// Removes dead letters for good.
///
/// # Errors
/// As `list`; what was removed before the error stays removed.
pub async fn drop(settings: &BrokerSettings, which: &Which) -> Result<Done, BrokerError> {
    let mut session = Session::open(settings).await?;
    let mut done = Done::default();
    while let Some(delivery) = session.next().await? {
        if which.means(&delivery) {
            session.remove(&delivery).await?;
            done.done += 1;
        } else {
            session.leave(delivery).await?;
        }
    }
    session.close().await?;
    Ok(done)
}

impl Which {
    fn means(&self, delivery: &Delivery) -> bool {
        match self {
            Self::All => true,
            Self::Id(id) => {
                let own = delivery.properties.message_id().as_ref();
                own.is_some_and(|own| own.as_str() == id)
            }
        }
    }
}

/// One walk through the messages that were there at its beginning. What comes in meanwhile, or is put back, is not met
/// again.
struct Session {
    link: Link,
    channel: Channel,
    to_come: u32,
    /// Held until the end, so that the walk does not meet them twice.
    left: Vec<lapin::Acker>,
}

impl Session {
    async fn open(settings: &BrokerSettings) -> Result<Self, BrokerError> {
        let link = Link::dial(settings, "dead letters").await?;
        let channel = link.channel().await?;
        let seen = topology::look_at(&channel, DEAD_QUEUE)
            .await
            .map_err(explain)?;
        ask(channel.confirm_select(ConfirmSelectOptions::default())).await?;
        Ok(Self {
            link,
            channel,
            to_come: seen.message_count(),
            left: Vec::new(),
        })
    }

    async fn next(&mut self) -> Result<Option<Delivery>, BrokerError> {
        if self.to_come == 0 {
            return Ok(None);
        }
        self.to_come -= 1;
        let got = ask(self
            .channel
            .basic_get(DEAD_QUEUE.into(), BasicGetOptions::default()))
        .await
        .map_err(explain)?;
        Ok(got.map(|message| message.delivery))
    }

    async fn remove(&self, delivery: &Delivery) -> Result<(), BrokerError> {
        match ask(delivery.acker.ack(BasicAckOptions::default())).await? {
            true => Ok(()),
            false => Err(BrokerError::Stale),
        }
    }

    /// Keeps a message for later, or puts it back as a new one when it has been looked at too often.
    async fn leave(&mut self, delivery: Delivery) -> Result<(), BrokerError> {
        if looks(&delivery.properties) >= LOOKS {
            let (key, properties) = (
                delivery.routing_key.to_string(),
                delivery.properties.clone(),
            );
            let kept =
                properties.with_headers(without(&delivery.properties, &["x-delivery-count"]));
            if self.send(Exchange::Dead, &key, &delivery, kept).await? {
                return self.remove(&delivery).await;
            }
        }
        self.left.push(delivery.acker);
        Ok(())
    }

    /// Publishes a message and tells whether a queue has it. One is in flight at a time, so that what comes back is this.
    async fn send(
        &self,
        exchange: Exchange,
        key: &str,
        delivery: &Delivery,
        properties: BasicProperties,
    ) -> Result<bool, BrokerError> {
        let options = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        let publishing = async {
            let (exchange, key) = (exchange.name().into(), key.into());
            let confirm =
                self.channel
                    .basic_publish(exchange, key, options, &delivery.data, properties);
            confirm.await?.await
        };
        match ask(publishing).await {
            Ok(confirmation) => Ok(confirmation == Confirmation::Ack(None)),
            Err(wrong) if wrong.code() == Some(403) => Err(BrokerError::NotAllowed(format!(
                "publish to {}",
                exchange.name()
            ))),
            Err(wrong) => Err(wrong.into()),
        }
    }

    /// Gives back what was left, in its order, and closes.
    async fn close(self) -> Result<(), BrokerError> {
        // Nack, not reject: from RabbitMQ 4.3 on it does not count as a failed delivery.
        let back = BasicNackOptions {
            requeue: true,
            ..BasicNackOptions::default()
        };
        for acker in &self.left {
            ask(acker.nack(back)).await?;
        }
        self.link.close().await;
        Ok(())
    }
}

fn explain(wrong: Wrong) -> BrokerError {
    match wrong.code() {
        Some(403) => BrokerError::NotAllowed(format!("read {DEAD_QUEUE}")),
        Some(404) => BrokerError::Topology(format!(
            "{DEAD_QUEUE} is missing at the broker; import deploy/rabbitmq/definitions.json, or start a worker once with a user who may configure"
        )),
        _ => wrong.into(),
    }
}

fn describe(delivery: &Delivery) -> DeadLetter {
    let own = |value: &Option<lapin::types::ShortString>| value.as_ref().map(ToString::to_string);
    DeadLetter {
        message_id: own(delivery.properties.message_id()),
        kind: own(delivery.properties.kind()),
        reason: reason(&delivery.properties),
        detail: detail(&delivery.properties),
        routing_key: Some(routing_key(delivery)).filter(|key| !key.is_empty()),
        body_bytes: delivery.data.len(),
    }
}

/// Our own reason, or the broker's. A dead letter without either came through the alternate exchange.
fn reason(properties: &BasicProperties) -> String {
    let Some(headers) = properties.headers() else {
        return "unroutable".to_owned();
    };
    let is_code = |word: &String| {
        word.len() <= REASON_LENGTH
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    [REASON, "x-first-death-reason"]
        .iter()
        .find_map(|name| header(headers, name))
        .or_else(|| first_death(headers))
        .map_or_else(
            || "unroutable".to_owned(),
            |word| {
                if is_code(&word) {
                    word
                } else {
                    "unknown".to_owned()
                }
            },
        )
}

/// Intake's sentence. A line that is too long or has control characters in it is not ours.
fn detail(properties: &BasicProperties) -> Option<String> {
    let sentence = header(properties.headers().as_ref()?, DETAIL)?;
    let ours = sentence.len() <= DETAIL_LENGTH && !sentence.chars().any(char::is_control);
    ours.then_some(sentence)
}

fn first_death(headers: &FieldTable) -> Option<String> {
    match headers.inner().get("x-death")? {
        AMQPValue::FieldArray(deaths) => match deaths.as_slice().first()? {
            AMQPValue::FieldTable(death) => header(death, "reason"),
            _ => None,
        },
        _ => None,
    }
}

/// Where the letter was going: neither the alternate exchange nor dead-lettering changes the routing key, and who
/// publishes a dead letter says it in a header.
fn routing_key(delivery: &Delivery) -> String {
    let headers = delivery.properties.headers().as_ref();
    headers
        .and_then(|headers| header(headers, crate::message::ROUTING_KEY))
        .unwrap_or_else(|| delivery.routing_key.to_string())
}

fn looks(properties: &BasicProperties) -> i64 {
    let headers = properties.headers().as_ref();
    match headers.and_then(|headers| headers.inner().get("x-delivery-count")) {
        Some(AMQPValue::LongLongInt(count)) => *count,
        Some(AMQPValue::LongInt(count)) => i64::from(*count),
        _ => 0,
    }
}

fn without(properties: &BasicProperties, names: &[&str]) -> FieldTable {
    let mut kept = FieldTable::default();
    for (name, value) in properties.headers().iter().flat_map(|table| table.inner()) {
        if !names.contains(&name.as_str()) {
            kept.insert(name.clone(), value.clone());
        }
    }
    kept
}

/// The properties for another try: what the sender said, without the traces of death, and without those properties
/// that the broker would judge by our own user or clock.
fn renewed(old: &BasicProperties) -> BasicProperties {
    let traces: Vec<&str> = old
        .headers()
        .iter()
        .flat_map(|table| table.inner().keys())
        .map(lapin::types::ShortString::as_str)
        .filter(|name| name.starts_with("x-"))
        .collect();
    let mut new = BasicProperties::default()
        .with_delivery_mode(2)
        .with_headers(without(old, &traces));
    if let Some(value) = old.content_type() {
        new = new.with_content_type(value.clone());
    }
    if let Some(value) = old.content_encoding() {
        new = new.with_content_encoding(value.clone());
    }
    if let Some(value) = old.message_id() {
        new = new.with_message_id(value.clone());
    }
    if let Some(value) = old.correlation_id() {
        new = new.with_correlation_id(value.clone());
    }
    if let Some(value) = old.kind() {
        new = new.with_type(value.clone());
    }
    new
}
