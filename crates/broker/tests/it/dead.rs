//! Dead letters are looked at without being touched, sent again with a confirm, or dropped.

use crate::world::*;
use lapin::BasicProperties;
use schoolgate_broker::{
    Outgoing, Publisher, Queue, ack_all,
    dead::{self, Which},
};

/// Three dead letters: one by intake with a reason, one that no queue took, one more by intake.
async fn with_three(world: &World) -> Publisher {
    let publisher = world.publisher().await;
    for id in ["d-1", "d-2"] {
        publisher.publish(&draft(id)).await.expect("published");
    }
    let (mut consumer, supervisor) = world.consumer(&[(Queue::Drafts, 10)]);
    let batch = take(&mut consumer, 2).await;
    for delivery in &batch {
        let id = delivery.properties().message_id.clone();
        let letter = Outgoing::dead(delivery, id.unwrap_or_default(), "unknown_version");
        publisher.publish(&letter).await.expect("published");
    }
    assert_eq!(ack_all(batch).await, 2);
    supervisor.abort();
    let (_connection, channel) = plain(&world.vhost.url()).await;
    let properties = BasicProperties::default().with_message_id("d-3".into());
    send(&channel, "drafts", b"lost", properties).await;
    world.await_depth("schoolgate.dead", 3).await;
    publisher
}

#[tokio::test(flavor = "multi_thread")]
async fn listing_tells_why_and_leaves_everything_however_often() {
    let world = World::new();
    let _publisher = with_three(&world).await;
    for _ in 0..25 {
        let letters = dead::list(&world.settings(), 10).await.expect("listed");
        let mut seen: Vec<_> = letters
            .iter()
            .map(|letter| {
                let id = letter.message_id.as_deref().unwrap_or_default();
                let key = letter.routing_key.as_deref().unwrap_or_default();
                (id, letter.reason.as_str(), key)
            })
            .collect();
        seen.sort_unstable();
        let expected = [
            ("d-1", "unknown_version", "draft"),
            ("d-2", "unknown_version", "draft"),
            ("d-3", "unroutable", "drafts"),
        ];
        assert_eq!(seen, expected);
    }
    assert_eq!(
        dead::list(&world.settings(), 1)
            .await
            .expect("listed")
            .len(),
        1
    );
    world.await_depth("schoolgate.dead", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn retrying_sends_to_the_first_routing_key_and_leaves_what_has_none() {
    let world = World::new();
    let _publisher = with_three(&world).await;
    let settings = world.settings();
    let one = dead::retry(&settings, &Which::Id("d-2".to_owned())).await;
    let one = one.expect("retried");
    assert_eq!((one.done, one.left), (1, 0));
    let all = dead::retry(&settings, &Which::All).await.expect("retried");
    assert_eq!((all.done, all.left), (1, 1));
    let (mut consumer, _) = world.consumer(&[(Queue::Drafts, 10)]);
    let batch = take(&mut consumer, 2).await;
    for delivery in &batch {
        let read = delivery.properties();
        assert_eq!((&read.reason, &read.original_routing_key), (&None, &None));
        assert_eq!(read.kind.as_deref(), Some("schoolgate.draft.v1"));
        assert!(delivery.body().starts_with(b"{\"id\":"));
    }
    assert_eq!(ack_all(batch).await, 2);
    world.await_depth("schoolgate.dead", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_removes_what_was_meant_and_nothing_else() {
    let world = World::new();
    let _publisher = with_three(&world).await;
    let settings = world.settings();
    let none = dead::drop(&settings, &Which::Id("d-9".to_owned())).await;
    assert_eq!(none.expect("dropped").done, 0);
    let one = dead::drop(&settings, &Which::Id("d-1".to_owned())).await;
    assert_eq!(one.expect("dropped").done, 1);
    world.await_depth("schoolgate.dead", 2).await;
    let rest = dead::drop(&settings, &Which::All).await;
    assert_eq!(rest.expect("dropped").done, 2);
    world.await_depth("schoolgate.dead", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_queue_or_the_right_the_sentence_says_what_to_do() {
    let world = World::new();
    let missing = dead::list(&world.settings(), 1).await.expect_err("missing");
    assert!(
        missing.to_string().contains("definitions.json"),
        "{missing}"
    );
    world.publisher().await;
    let url = world
        .vhost
        .user("nobody", "^$", "^$", "^$")
        .expect("a user");
    let settings = schoolgate_broker::BrokerSettings::new(url, "test");
    with_three(&world).await;
    let refused = dead::list(&settings, 1).await.expect_err("refused");
    assert!(
        refused.to_string().contains("read schoolgate.dead"),
        "{refused}"
    );
}
