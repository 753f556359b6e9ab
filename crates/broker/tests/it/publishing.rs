//! A publish is a success only when the broker has the message where it must be.

use crate::world::*;
use lapin::{
    options::*,
    types::{AMQPValue, FieldTable, LongString},
};
use schoolgate_broker::{BrokerError, BrokerSettings, Exchange, Outgoing, Publisher, Queue};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::JoinSet};

#[tokio::test(flavor = "multi_thread")]
async fn a_published_message_arrives_with_everything_that_was_said_about_it() {
    let world = World::new();
    let publisher = world.publisher().await;
    let mut message = draft("d-1");
    message.traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into());
    message.correlation_id = Some("c-1".into());
    publisher.publish(&message).await.expect("published");
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let delivery = take(&mut consumer, 1).await.remove(0);
    assert_eq!(delivery.queue(), Queue::Drafts);
    assert_eq!(delivery.body(), message.body.expose());
    let read = delivery.properties().clone();
    assert_eq!(read.message_id.as_deref(), Some("d-1"));
    assert_eq!(read.kind.as_deref(), Some("schoolgate.draft.v1"));
    assert_eq!(read.content_type.as_deref(), Some("application/json"));
    assert_eq!(read.traceparent, message.traceparent);
    assert_eq!(read.correlation_id, message.correlation_id);
    assert_eq!(
        (read.routing_key.as_str(), read.redelivered),
        ("draft", false)
    );
    delivery.ack().await.expect("acked");
    world.await_depth(Queue::Drafts.name(), 0).await;
}

/// A user with no right to configure, in a vhost where only the drafts' queue is bound and nothing catches the rest.
async fn one_queue_only(world: &World) -> BrokerSettings {
    let (_connection, channel) = plain(&world.vhost.url()).await;
    let durable = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    for exchange in Exchange::ALL {
        let kind = lapin::ExchangeKind::Direct;
        let name = exchange.name().into();
        let declared = channel.exchange_declare(name, kind, durable, FieldTable::default());
        declared.await.expect("declared");
    }
    let mut arguments = FieldTable::default();
    let quorum = AMQPValue::LongString(LongString::from("quorum"));
    arguments.insert("x-queue-type".into(), quorum);
    let options = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    let declared = channel.queue_declare(Queue::Drafts.name().into(), options, arguments);
    declared.await.expect("declared");
    let bound = channel.queue_bind(
        Queue::Drafts.name().into(),
        Exchange::In.name().into(),
        "draft".into(),
        QueueBindOptions::default(),
        FieldTable::default(),
    );
    bound.await.expect("bound");
    let url = world
        .vhost
        .user("producer", "^$", ".*", ".*")
        .expect("a user");
    BrokerSettings::new(url, "test")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_mixed_messages_not_one_that_came_back_counts_as_sent() {
    const MESSAGES: usize = 10_000;
    let world = World::new();
    let settings = one_queue_only(&world).await;
    let (publisher, _) = Publisher::start(settings, &[Exchange::In], world.stop());
    publisher.wait_ready(AGAIN).await.expect("connected");
    let mut tasks = JoinSet::new();
    let room = Arc::new(Semaphore::new(256));
    for number in 0..MESSAGES {
        let permit = Arc::clone(&room).acquire_owned().await.expect("room");
        let publisher = publisher.clone();
        tasks.spawn(async move {
            let key = if number % 2 == 0 { "draft" } else { "nowhere" };
            let id = format!("m-{number}");
            let message =
                Outgoing::new(Exchange::In, key, id, "schoolgate.draft.v1", vec![b'x'; 64]);
            let answer = publisher.publish(&message).await;
            drop(permit);
            (number % 2 == 0, answer)
        });
    }
    let (mut sent, mut returned) = (0, 0);
    while let Some(done) = tasks.join_next().await {
        match done.expect("no panic") {
            (true, Ok(())) => sent += 1,
            (false, Err(BrokerError::Unroutable)) => returned += 1,
            (routable, answer) => panic!("routable: {routable}, answered {answer:?}"),
        }
    }
    assert_eq!((sent, returned), (MESSAGES / 2, MESSAGES / 2));
    world.await_depth(Queue::Drafts.name(), 5_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_listens_to_on_the_way_out_is_no_fault() {
    let world = World::new();
    let publisher = world.publisher().await;
    let key = "verdict.draft.hold.st-judes";
    let message = Outgoing::new(Exchange::Out, key, "k-1", "schoolgate.verdict.v1", vec![]);
    assert_eq!(publisher.publish(&message).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_and_the_publisher_goes_on() {
    let world = World::new();
    let publisher = world.publisher().await;
    let full = ["set_policy", "-p", world.vhost.name(), "full"];
    let rule = [
        "^schoolgate.drafts$",
        "{\"max-length\":3}",
        "--apply-to",
        "queues",
    ];
    world
        .vhost
        .ctl(&[&full[..], &rule[..]].concat())
        .expect("a policy");
    let mut answers = Vec::new();
    for number in 0..40 {
        answers.push(publisher.publish(&draft(&format!("d-{number}"))).await);
    }
    let taken = answers.iter().filter(|answer| answer.is_ok()).count();
    world.await_depth(Queue::Drafts.name(), taken as u64).await;
    assert_eq!(answers.last(), Some(&Err(BrokerError::Refused)));
    let message = Outgoing::new(Exchange::Out, "k", "k", "t", vec![]);
    assert_eq!(publisher.publish(&message).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_right_is_named_and_stops_nothing_else() {
    let world = World::new();
    world.publisher().await;
    let url = world
        .vhost
        .user("out-only", "^$", "^schoolgate\\.out$", "^$");
    let settings = BrokerSettings::new(url.expect("a user"), "test");
    let (publisher, _) = Publisher::start(settings, &[Exchange::Out], world.stop());
    publisher.wait_ready(AGAIN).await.expect("connected");
    let answer = publisher.publish(&draft("d-1")).await;
    assert!(
        matches!(answer, Err(BrokerError::NotAllowed(_))),
        "{answer:?}"
    );
    let message = Outgoing::new(Exchange::Out, "k", "k", "t", vec![]);
    assert_eq!(publisher.publish(&message).await, Ok(()));
    assert_eq!(publisher.state().borrow().generation, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_publisher_ends_soon_and_says_so() {
    let world = World::new();
    let (publisher, supervisor) = Publisher::start(world.settings(), &[Exchange::In], world.stop());
    publisher.wait_ready(AGAIN).await.expect("connected");
    world.stop_now();
    let ended = within(Duration::from_secs(6), supervisor).await;
    ended.expect("no panic");
    assert_eq!(
        publisher.publish(&draft("d")).await,
        Err(BrokerError::Stopped)
    );
}
