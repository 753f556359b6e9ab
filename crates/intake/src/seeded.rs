//! Faults planted on purpose, so that the fault harness can prove that it sees them; chosen by `SCHOOLGATE_SEEDED_FAULT`.
//! Compiled only with the feature `seeded-faults`.

use std::{sync::OnceLock, time::Duration};

use schoolgate_broker::{Exchange, Outgoing, Publisher};
use schoolgate_store::NewItem;

static PUBLISHER: OnceLock<Publisher> = OnceLock::new();

/// Gives the bad worker something to publish verdicts with.
pub fn lend(publisher: Publisher) {
    // a second one is as good as the first
    let _ = PUBLISHER.set(publisher);
}

fn is(fault: &str) -> bool {
    std::env::var("SCHOOLGATE_SEEDED_FAULT").is_ok_and(|chosen| chosen == fault)
}

/// `ack-first`: messages are acknowledged before their rows are committed.
pub(crate) fn acks_first() -> bool {
    is("ack-first")
}

/// `no-inbox`: the inbox key is ignored, so that a redelivery counts as something new.
pub(crate) fn forget_inbox(row: &mut NewItem) {
    if is("no-inbox") {
        row.revision = None;
        row.content_hash.clone_from(&row.key);
    }
}

/// `commit-then-publish`: verdicts are committed without their messages, which are published afterwards.
pub(crate) fn publishes_late() -> bool {
    is("commit-then-publish")
}

/// What was left out of a change: routing key, message id, body.
pub(crate) type Late = (String, String, String);

/// Publishes what was left out. Whoever is killed before has lost it.
pub(crate) async fn publish(late: Vec<Late>, item_id: &str) {
    let Some(publisher) = PUBLISHER.get() else {
        return;
    };
    for (routing_key, key, body) in late {
        let kind = "schoolgate.verdict.v1".to_owned();
        let message = Outgoing {
            correlation_id: Some(item_id.to_owned()),
            ..Outgoing::new(Exchange::Out, routing_key, key, kind, body.into_bytes())
        };
        while publisher.publish(&message).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
