//! What the service says is heard by who listens, by routing key.

use crate::world::*;
use schoolgate_broker::{BrokerError, Exchange, Outgoing, Subscriber};

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_hears_what_was_asked_for_and_nothing_else() {
    let world = World::new();
    let publisher = world.publisher().await;
    let mut listener = Subscriber::open(&world.settings(), "verdict.#")
        .await
        .expect("listening");
    for (key, id) in [
        ("alert.dsl.st-judes", "a-1"),
        ("verdict.draft.hold.st-judes", "v-1"),
        ("verdict.comment.approve.st-judes", "v-2"),
    ] {
        let mut message = Outgoing::new(Exchange::Out, key, id, "t", id.as_bytes().to_vec());
        message.correlation_id = Some(format!("item-{id}"));
        publisher.publish(&message).await.expect("published");
    }
    for id in ["v-1", "v-2"] {
        let told = within(AGAIN, listener.next()).await.expect("told");
        assert_eq!(told.message_id.as_deref(), Some(id));
        assert_eq!(told.correlation_id, Some(format!("item-{id}")));
        assert_eq!(told.body.expose(), id.as_bytes());
    }
    let close = ["close_all_connections", "-p", world.vhost.name(), "test"];
    world.vhost.ctl(&close).expect("closed");
    let ended = within(AGAIN, listener.next()).await.expect_err("gone");
    assert!(matches!(ended, BrokerError::NotConnected(_)), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn listening_before_there_is_anything_to_listen_to_is_told() {
    let world = World::new();
    let error = Subscriber::open(&world.settings(), "verdict.#").await;
    let error = error.expect_err("nothing there").to_string();
    assert!(error.contains("schoolgate.out is missing"), "{error}");
}
