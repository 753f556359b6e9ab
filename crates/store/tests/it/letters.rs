//! Dead letters taken up again or dropped by a person.

use schoolgate_store::{DeadLetter, Receipt, Retried};

use crate::world::{SCHOOL, World, at, message, received};

fn body(text: &str) -> Vec<u8> {
    format!(r#"{{"id":"c1","kind":"comment","revision":1,"text":"{text}"}}"#).into_bytes()
}

async fn conflict(world: &World) -> String {
    let mut first = message("c1", Some(1), "Hi");
    first.body = body("Hi");
    received(&world.store, &first).await;
    let mut other = message("c1", Some(1), "Other");
    other.body = body("Other");
    received(&world.store, &other).await;
    world.store.dead_letters(9).await.unwrap()[0].key.clone()
}

pub async fn a_contradicting_body_becomes_the_next_revision(world: World) {
    let key = conflict(&world).await;
    let found = world.store.dead_letter(&key).await.unwrap().unwrap();
    assert_eq!(found.body, body("Other"));
    let retried = world
        .store
        .dead_letter_retry(&key, "new-key", "u1", at(9))
        .await;
    let receipt = Receipt::New {
        key: "new-key".to_owned(),
        revision: 2,
    };
    assert_eq!(retried, Ok(Retried::Received(receipt)));
    assert_eq!(world.store.dead_letter(&key).await, Ok(None));
    let item = world.store.item("new-key").await.unwrap().unwrap();
    assert_eq!((item.revision, item.body), (2, body("Other")));
    let again = world
        .store
        .dead_letter_retry(&key, "newer", "u1", at(9))
        .await;
    assert_eq!(again, Ok(Retried::Gone));
    let lines = world.store.audit_lines(SCHOOL, 0, 9).await.unwrap();
    let last = &lines.last().unwrap().entry;
    assert_eq!(
        (last.actor.as_str(), last.action.as_str()),
        ("u1", "dead_letter_retried")
    );
}

pub async fn a_letter_that_cannot_be_read_stays_until_it_is_dropped(world: World) {
    let store = &world.store;
    let letter = DeadLetter {
        key: "l1".to_owned(),
        school: None,
        item_key: None,
        reason: "not_an_item".to_owned(),
        body: b"Amelia".to_vec(),
        at: at(0),
    };
    store.dead_letter_add(&letter).await.unwrap();
    let retried = store.dead_letter_retry("l1", "k", "u1", at(1)).await;
    assert_eq!(retried, Ok(Retried::Unusable));
    assert_eq!(store.dead_letter("l1").await, Ok(Some(letter)));
    assert_eq!(store.dead_letter_drop("l1", "u1", at(2)).await, Ok(true));
    assert_eq!(store.dead_letter_drop("l1", "u1", at(2)).await, Ok(false));
    let lines = store.audit_lines("*", 0, 9).await.unwrap();
    assert_eq!(lines[0].entry.action, "dead_letter_dropped");
    assert!(!lines[0].entry.detail.contains("Amelia"));
}

pub async fn a_letter_of_a_known_school_is_received_as_it_stands(world: World) {
    let letter = DeadLetter {
        key: "l1".to_owned(),
        school: Some(SCHOOL.to_owned()),
        item_key: None,
        reason: "unknown_school".to_owned(),
        body: body("Hi"),
        at: at(0),
    };
    world.store.dead_letter_add(&letter).await.unwrap();
    let retried = world.store.dead_letter_retry("l1", "k1", "u1", at(1)).await;
    let receipt = Receipt::New {
        key: "k1".to_owned(),
        revision: 1,
    };
    assert_eq!(retried, Ok(Retried::Received(receipt)));
}
