//! What comes is handed out once, settled on its own connection only, and comes again until it is settled.

use crate::world::*;
use lapin::{
    BasicProperties,
    types::{AMQPValue, FieldTable, LongString, ShortString},
};
use schoolgate_broker::{BrokerError, Properties, Queue, ack_all};
use std::{
    process::Command,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_bounded_and_acked_messages_are_gone() {
    let world = World::new();
    let publisher = world.publisher().await;
    for number in 0..50 {
        let message = draft(&format!("d-{number}"));
        publisher.publish(&message).await.expect("published");
    }
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 30), (Queue::Comments, 5)]);
    let (mut total, mut largest) = (0, 0);
    while total < 50 {
        let batch = within(AGAIN, consumer.next_batch(20, LINGER)).await;
        let batch = batch.expect("not stopped");
        largest = largest.max(batch.len());
        assert!(!batch.is_empty() && batch.len() <= 20);
        let size = batch.len();
        assert_eq!(ack_all(batch).await, size);
        total += size;
    }
    assert_eq!(largest, 20);
    world.await_depth(Queue::Drafts.name(), 0).await;
    assert_eq!(consumer.state().borrow().generation, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_may_be_given_up_without_losing_a_delivery() {
    let world = World::new();
    let publisher = world.publisher().await;
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    publisher.publish(&draft("d-1")).await.expect("published");
    let long = Duration::from_secs(60);
    let waiting = tokio::time::timeout(Duration::from_secs(3), consumer.next_batch(5, long));
    assert!(waiting.await.is_err());
    let batch = take(&mut consumer, 1).await;
    assert_eq!(ack_all(batch).await, 1);
    assert_eq!(consumer.state().borrow().generation, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_was_given_up_comes_again() {
    let world = World::new();
    let publisher = world.publisher().await;
    publisher.publish(&draft("d-1")).await.expect("published");
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    drop(take(&mut consumer, 1).await);
    let again = take(&mut consumer, 1).await.remove(0);
    assert!(again.properties().redelivered);
    again.ack().await.expect("acked");
    world.await_depth(Queue::Drafts.name(), 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crashed_consumer_held_comes_to_the_next() {
    let world = World::new();
    let publisher = world.publisher().await;
    for number in 0..5 {
        let message = draft(&format!("d-{number}"));
        publisher.publish(&message).await.expect("published");
    }
    let (mut crashing, supervisor) = world.consumer(&[(Queue::Drafts, 10)]);
    let held = take(&mut crashing, 5).await;
    supervisor.abort();
    drop((crashing, held));
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let batch = take(&mut consumer, 5).await;
    assert!(
        batch
            .iter()
            .all(|delivery| delivery.properties().redelivered)
    );
    assert_eq!(ack_all(batch).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ack_for_an_earlier_connection_is_refused_and_the_message_comes_again() {
    let world = World::new();
    let publisher = world.publisher().await;
    publisher.publish(&draft("d-1")).await.expect("published");
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let old = take(&mut consumer, 1).await.remove(0);
    let close = ["close_all_connections", "-p", world.vhost.name(), "test"];
    world.vhost.ctl(&close).expect("closed");
    await_state(&consumer, AGAIN, |state| state.generation == 2).await;
    assert_eq!(old.ack().await, Err(BrokerError::Stale));
    let new = take(&mut consumer, 1).await.remove(0);
    assert!(new.properties().redelivered);
    new.ack().await.expect("acked");
    world.await_depth(Queue::Drafts.name(), 0).await;
    assert_eq!(consumer.state().borrow().generation, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_fails_too_often_is_put_to_the_dead_letters_by_the_broker() {
    let world = World::new();
    let publisher = world.publisher().await;
    publisher.publish(&draft("d-1")).await.expect("published");
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let mut deliveries = 0;
    while let Ok(Some(batch)) =
        tokio::time::timeout(Duration::from_secs(3), consumer.next_batch(1, LINGER)).await
    {
        for delivery in batch {
            deliveries += 1;
            delivery.retry().await.expect("given back");
        }
    }
    assert_eq!(deliveries, 21);
    world.await_depth("schoolgate.dead", 1).await;
    let letters = schoolgate_broker::dead::list(&world.settings(), 10).await;
    assert_eq!(letters.expect("listed")[0].reason, "delivery_limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_properties_are_read_as_missing() {
    let world = World::new();
    world.publisher().await;
    let (_connection, channel) = plain(&world.vhost.url()).await;
    let mut headers = FieldTable::default();
    let bytes = LongString::from(vec![0xff, 0x00, 0xfe]);
    headers.insert("traceparent".into(), AMQPValue::LongString(bytes));
    headers.insert("x-schoolgate-reason".into(), AMQPValue::Boolean(true));
    headers.insert(ShortString::from("é".repeat(100)), AMQPValue::Void);
    let odd = BasicProperties::default().with_headers(headers);
    send(&channel, "draft", b"", BasicProperties::default()).await;
    send(&channel, "draft", &[0xff, 0xfe, 0x00], odd).await;
    let empty = BasicProperties::default().with_message_id("".into());
    send(&channel, "draft", b"{}", empty).await;
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let batch = take(&mut consumer, 3).await;
    for delivery in &batch {
        let expected = Properties {
            routing_key: "draft".to_owned(),
            ..Properties::default()
        };
        assert_eq!(delivery.properties(), &expected);
    }
    assert_eq!(batch[1].body(), &[0xff, 0xfe, 0x00]);
    assert_eq!(ack_all(batch).await, 3);
}

/// Publishes with Python what lapin cannot: a message id that is no UTF-8.
fn publish_unreadable(url: &str) {
    let python = std::env::var("SCHOOLGATE_TEST_PYTHON").expect("run `cargo xtask test`");
    let script = "import sys, pika\n\
        c = pika.BlockingConnection(pika.URLParameters(sys.argv[1]))\n\
        ch = c.channel(); ch.confirm_delivery()\n\
        p = pika.BasicProperties(message_id=b'\\xff\\xfe')\n\
        ch.basic_publish('schoolgate.in', 'draft', b'{}', p)\n\
        c.close()\n";
    let mut command = Command::new(python);
    let done = command
        .args(["-c", script, url])
        .output()
        .expect("python starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_read_costs_nobody_else_a_delivery() {
    let world = World::new();
    let publisher = world.publisher().await;
    publish_unreadable(&world.vhost.url());
    for number in 0..20 {
        let message = draft(&format!("d-{number}"));
        publisher.publish(&message).await.expect("published");
    }
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let begun = Instant::now();
    let mut taken = 0;
    while taken < 20 {
        let limit = Duration::from_secs(90);
        let batch = within(limit, consumer.next_batch(10, LINGER)).await;
        taken += ack_all(batch.expect("not stopped")).await;
    }
    println!("20 innocents through after {:?}", begun.elapsed());
    world.await_depth(Queue::Drafts.name(), 0).await;
    world.await_depth("schoolgate.dead", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_stop_what_is_in_hand_can_still_be_acked_and_the_rest_comes_again() {
    let world = World::new();
    let publisher = world.publisher().await;
    for number in 0..6 {
        let message = draft(&format!("d-{number}"));
        publisher.publish(&message).await.expect("published");
    }
    let (mut consumer, supervisor) = world.consumer(&[(Queue::Drafts, 10)]);
    let mut batch = take(&mut consumer, 6).await;
    drop(batch.split_off(6));
    world.stop_now();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(
        within(AGAIN, consumer.next_batch(1, LINGER))
            .await
            .is_none()
    );
    assert_eq!(ack_all(batch).await, 6);
    within(Duration::from_secs(6), supervisor)
        .await
        .expect("no panic");
    world.await_depth(Queue::Drafts.name(), 0).await;
}
