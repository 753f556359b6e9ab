//! Listening to what the service says: a queue of our own on `schoolgate.out`, gone with the connection.

use crate::{
    BrokerError, BrokerSettings, Exchange, Properties,
    link::{Link, Wrong, ask},
    message::short,
};
use lapin::{
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicQosOptions, QueueBindOptions,
        QueueDeclareOptions,
    },
    types::FieldTable,
};
use schoolgate_model::Redacted;
use tokio_stream::StreamExt as _;

/// Messages on their way to us at once.
const PREFETCH: u16 = 256;

/// Something that the service said on `schoolgate.out`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// For example `verdict.draft.hold.st-judes`.
    pub routing_key: String,
    /// The item's id.
    pub correlation_id: Option<String>,
    /// The effect's idempotency key.
    pub message_id: Option<String>,
    /// The body. It holds no text of the item, but is shown to nobody in passing all the same.
    pub body: Redacted<Vec<u8>>,
}

/// Listens on an exclusive queue. What is said while the connection is down is missed.
#[derive(Debug)]
pub struct Subscriber {
    link: Link,
    stream: lapin::Consumer,
}

impl Subscriber {
    /// Connects and binds an exclusive queue with `pattern`, for example `verdict.#`. Once it returns, nothing that is
    /// said is missed until the connection breaks.
    ///
    /// # Errors
    /// When the broker cannot be reached or the user lacks a right.
    pub async fn open(settings: &BrokerSettings, pattern: &str) -> Result<Self, BrokerError> {
        let pattern = short("the pattern", pattern)?;
        let link = Link::dial(settings, "listen").await?;
        let channel = link.channel().await?;
        let own = QueueDeclareOptions {
            exclusive: true,
            auto_delete: true,
            ..QueueDeclareOptions::default()
        };
        // The broker makes the name up (`amq.gen-...`), which is what the user's rights are written for.
        let queue = ask(channel.queue_declare("".into(), own, FieldTable::default()))
            .await
            .map_err(|wrong| explain(wrong, "declare a queue of its own"))?;
        ask(channel.queue_bind(
            queue.name().clone(),
            Exchange::Out.name().into(),
            pattern,
            QueueBindOptions::default(),
            FieldTable::default(),
        ))
        .await
        .map_err(|wrong| explain(wrong, "listen on schoolgate.out"))?;
        ask(channel.basic_qos(PREFETCH, BasicQosOptions::default())).await?;
        let stream = ask(channel.basic_consume(
            queue.name().clone(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        ))
        .await
        .map_err(|wrong| explain(wrong, "listen on schoolgate.out"))?;
        Ok(Self { link, stream })
    }

    /// Waits for the next message; may be dropped while waiting.
    ///
    /// # Errors
    /// `NotConnected` when the connection is gone; open a new one.
    pub async fn next(&mut self) -> Result<Told, BrokerError> {
        let delivery = match self.stream.next().await {
            Some(Ok(delivery)) => delivery,
            Some(Err(error)) => return Err(Wrong::Said(error).into()),
            None => {
                return Err(BrokerError::NotConnected(
                    "the broker has ended it".to_owned(),
                ));
            }
        };
        // Nothing depends on this ack but room for more; where it fails, the stream ends. Not waited for, so that a caller
        // who stops waiting loses nothing.
        let acker = delivery.acker.clone();
        tokio::spawn(async move { ask(acker.ack(BasicAckOptions::default())).await.is_ok() });
        let read = Properties::read(
            delivery.routing_key.as_str(),
            delivery.redelivered,
            &delivery.properties,
        );
        Ok(Told {
            routing_key: read.routing_key,
            correlation_id: read.correlation_id,
            message_id: read.message_id,
            body: Redacted::new(delivery.data),
        })
    }

    /// Closes the connection.
    pub async fn close(self) {
        self.link.close().await;
    }
}

fn explain(wrong: Wrong, what: &str) -> BrokerError {
    match wrong.code() {
        Some(403) => BrokerError::NotAllowed(what.to_owned()),
        Some(404) => BrokerError::Topology(
            "schoolgate.out is missing at the broker; start the service first".to_owned(),
        ),
        _ => wrong.into(),
    }
}
