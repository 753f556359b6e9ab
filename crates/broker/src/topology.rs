//! The exchanges, queues and bindings of the contract: declared where the user may, otherwise looked at. The same things
//! are shipped as `deploy/rabbitmq/definitions.json`; a test holds the two together.

use crate::{
    BrokerError, Exchange, Queue,
    link::{Link, Wrong, ask},
    names::DEAD_QUEUE,
};
use lapin::{
    Channel, ExchangeKind,
    options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable, LongString},
};

/// Deliveries that may fail before the broker dead-letters a message.
const DELIVERY_LIMIT: i32 = 20;

/// What one connection cannot do without.
#[derive(Debug, Clone, Default)]
pub(crate) struct Needs {
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) queues: Vec<&'static str>,
}

/// Declares everything; where the user may not, checks what is needed.
///
/// An error is `Topology` with a sentence that says how to mend it, or what happened to the connection.
pub(crate) async fn ensure(link: &Link, needs: &Needs) -> Result<(), BrokerError> {
    let channel = link.channel().await?;
    match declare(&channel).await {
        Ok(()) => {
            let _ = ask(channel.close(200, "bye".into())).await;
            Ok(())
        }
        // The refusal has closed the channel: looking needs another one.
        Err(Step { wrong, .. }) if wrong.code() == Some(403) => check(link, needs).await,
        Err(step) => Err(step.explain()),
    }
}

/// A step that failed.
struct Step {
    what: &'static str,
    wrong: Wrong,
}

impl Step {
    fn explain(self) -> BrokerError {
        let Self { what, wrong } = self;
        match wrong.code() {
            Some(404) => missing(what),
            Some(406) => BrokerError::Topology(format!(
                "{what} exists at the broker with other settings than Schoolgate's contract; \
                 when it is empty, delete it there and it is declared anew"
            )),
            Some(403) => BrokerError::NotAllowed(what.to_owned()),
            Some(530 | 540 | 541) => BrokerError::Topology(format!(
                "the broker cannot hold {what}: it must be RabbitMQ 3.10 or newer with quorum queues"
            )),
            _ => wrong.into(),
        }
    }
}

fn missing(what: &str) -> BrokerError {
    BrokerError::Topology(format!(
        "{what} is missing at the broker and this user may not declare it; \
         import deploy/rabbitmq/definitions.json, or start once with a user who may configure"
    ))
}

async fn declare(channel: &Channel) -> Result<(), Step> {
    for exchange in [Exchange::Dead, Exchange::In, Exchange::Out] {
        declare_exchange(channel, exchange).await?;
    }
    declare_queue(channel, DEAD_QUEUE, dead_arguments()).await?;
    bind(channel, DEAD_QUEUE, Exchange::Dead, "").await?;
    for queue in Queue::ALL {
        declare_queue(channel, queue.name(), queue_arguments()).await?;
        bind(channel, queue.name(), Exchange::In, queue.routing_key()).await?;
    }
    Ok(())
}

async fn declare_exchange(channel: &Channel, exchange: Exchange) -> Result<(), Step> {
    let (kind, arguments) = match exchange {
        Exchange::In => (ExchangeKind::Direct, alternate()),
        Exchange::Out => (ExchangeKind::Topic, FieldTable::default()),
        Exchange::Dead => (ExchangeKind::Fanout, FieldTable::default()),
    };
    let options = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    let what = exchange.name();
    ask(channel.exchange_declare(what.into(), kind, options, arguments))
        .await
        .map_err(|wrong| Step { what, wrong })
}

async fn declare_queue(
    channel: &Channel,
    what: &'static str,
    arguments: FieldTable,
) -> Result<(), Step> {
    let options = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    ask(channel.queue_declare(what.into(), options, arguments))
        .await
        .map(drop)
        .map_err(|wrong| Step { what, wrong })
}

async fn bind(
    channel: &Channel,
    queue: &'static str,
    exchange: Exchange,
    key: &str,
) -> Result<(), Step> {
    ask(channel.queue_bind(
        queue.into(),
        exchange.name().into(),
        key.into(),
        QueueBindOptions::default(),
        FieldTable::default(),
    ))
    .await
    .map_err(|wrong| Step { what: queue, wrong })
}

async fn check(link: &Link, needs: &Needs) -> Result<(), BrokerError> {
    for exchange in &needs.exchanges {
        check_exchange(&link.channel().await?, *exchange).await?;
    }
    for queue in &needs.queues {
        look_at(&link.channel().await?, queue)
            .await
            .map_err(|wrong| Step { what: queue, wrong }.explain())?;
    }
    Ok(())
}

/// Asks whether an exchange exists. Its settings are not compared.
pub(crate) async fn check_exchange(
    channel: &Channel,
    exchange: Exchange,
) -> Result<(), BrokerError> {
    let options = ExchangeDeclareOptions {
        passive: true,
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    let (what, kind) = (exchange.name(), ExchangeKind::Direct);
    ask(channel.exchange_declare(what.into(), kind, options, FieldTable::default()))
        .await
        .map_err(|wrong| Step { what, wrong }.explain())
}

/// Asks whether a queue exists; how many messages are ready in it and how many consumers it has.
pub(crate) async fn look_at(channel: &Channel, queue: &str) -> Result<lapin::Queue, Wrong> {
    let options = QueueDeclareOptions {
        passive: true,
        durable: true,
        ..QueueDeclareOptions::default()
    };
    ask(channel.queue_declare(queue.into(), options, FieldTable::default())).await
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(LongString::from(value))
}

fn table(entries: &[(&str, AMQPValue)]) -> FieldTable {
    let mut table = FieldTable::default();
    for (key, value) in entries {
        table.insert((*key).into(), value.clone());
    }
    table
}

/// What `schoolgate.in` cannot route goes to the dead letters.
fn alternate() -> FieldTable {
    table(&[("alternate-exchange", text(Exchange::Dead.name()))])
}

fn queue_arguments() -> FieldTable {
    table(&[
        ("x-queue-type", text("quorum")),
        ("x-delivery-limit", AMQPValue::LongInt(DELIVERY_LIMIT)),
        ("x-dead-letter-exchange", text(Exchange::Dead.name())),
        ("x-dead-letter-strategy", text("at-least-once")),
        ("x-overflow", text("reject-publish")),
    ])
}

fn dead_arguments() -> FieldTable {
    table(&[("x-queue-type", text("quorum"))])
}
