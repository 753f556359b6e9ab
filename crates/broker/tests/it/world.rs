//! A vhost a case, the messages that cases are made of, and a plain client on the other side. No case lives here.

use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, options::*};
use schoolgate_broker::{
    BrokerSettings, Consumer, ConsumerState, Exchange, Incoming, Outgoing, Publisher, Queue,
};
use schoolgate_testkit::BrokerVhost;
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tokio::{sync::watch, task::JoinHandle};

/// What the contract allows from a fault until we consume again.
pub const AGAIN: Duration = Duration::from_secs(30);
pub const LINGER: Duration = Duration::from_millis(100);

pub struct World {
    pub vhost: BrokerVhost,
    stop: watch::Sender<bool>,
}

impl World {
    pub fn new() -> Self {
        let vhost = BrokerVhost::create().expect("a vhost at the shared broker");
        Self {
            vhost,
            stop: watch::Sender::new(false),
        }
    }

    pub fn stop(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    pub fn stop_now(&self) {
        self.stop.send_replace(true);
    }

    pub fn settings(&self) -> BrokerSettings {
        BrokerSettings::new(self.vhost.url(), "test")
    }

    /// A publisher that is up.
    pub async fn publisher(&self) -> Publisher {
        let (publisher, _) = Publisher::start(self.settings(), &Exchange::ALL, self.stop());
        publisher.wait_ready(AGAIN).await.expect("connected");
        publisher
    }

    pub fn consumer(&self, queues: &[(Queue, u16)]) -> (Consumer, JoinHandle<()>) {
        Consumer::start(self.settings(), queues, self.stop())
    }

    /// Messages ready in a queue and not acked, as the broker counts them.
    pub fn depth(&self, queue: &str) -> u64 {
        let arguments = ["list_queues", "-p", self.vhost.name(), "--no-table-headers"];
        let arguments = [&arguments[..], &["name", "messages"]].concat();
        let said = self.vhost.ctl(&arguments).expect("ctl works");
        let line = said.lines().find_map(|line| line.strip_prefix(queue));
        line.and_then(|rest| rest.trim().parse().ok()).unwrap_or(0)
    }

    /// Waits until the broker counts so many messages.
    pub async fn await_depth(&self, queue: &str, expected: u64) {
        let begun = Instant::now();
        while self.depth(queue) != expected {
            let seen = self.depth(queue);
            assert!(
                begun.elapsed() < AGAIN,
                "{queue} holds {seen}, not {expected}"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

pub fn draft(id: &str) -> Outgoing {
    let body = format!("{{\"id\":\"{id}\"}}").into_bytes();
    Outgoing::new(Exchange::In, "draft", id, "schoolgate.draft.v1", body)
}

/// A plain client, as any program in any language would be.
pub async fn plain(url: &str) -> (Connection, Channel) {
    let properties = ConnectionProperties::default();
    let connection = Connection::connect(url, properties)
        .await
        .expect("a connection");
    let channel = connection.create_channel().await.expect("a channel");
    let select = channel.confirm_select(ConfirmSelectOptions::default());
    select.await.expect("confirms");
    (connection, channel)
}

/// Publishes as a plain client does.
pub async fn send(channel: &Channel, key: &str, body: &[u8], properties: BasicProperties) {
    let exchange = Exchange::In.name().into();
    let options = BasicPublishOptions::default();
    let confirm = channel.basic_publish(exchange, key.into(), options, body, properties);
    confirm.await.expect("sent").await.expect("confirmed");
}

/// Takes deliveries until there are `count`, or the time for it is over.
pub async fn take(consumer: &mut Consumer, count: usize) -> Vec<Incoming> {
    let mut all = Vec::new();
    let gathering = async {
        while all.len() < count {
            let batch = consumer.next_batch(count - all.len(), LINGER).await;
            all.extend(batch.expect("not stopped"));
        }
    };
    let done = tokio::time::timeout(AGAIN, gathering).await;
    assert!(done.is_ok(), "{} of {count} deliveries came", all.len());
    all
}

/// Waits until the consumer's state is as wanted, and tells how long it took.
pub async fn await_state(
    consumer: &Consumer,
    limit: Duration,
    wanted: impl Fn(&ConsumerState) -> bool,
) -> Duration {
    let begun = Instant::now();
    let mut state = consumer.state();
    let waiting = state.wait_for(|state| wanted(state));
    let seen = tokio::time::timeout(limit, waiting).await.map(drop);
    assert!(seen.is_ok(), "still {:?}", consumer.state().borrow());
    begun.elapsed()
}

/// Waits until it consumes, proved by a probe.
pub async fn await_ready(consumer: &Consumer) -> Duration {
    await_state(consumer, AGAIN, |state| state.ready(Instant::now())).await
}

/// Ends a case that hangs.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(limit, work).await;
    done.expect("done in time")
}
