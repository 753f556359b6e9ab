//! Answers about a held draft: the next revision, once, on what was seen, and no contradiction of the producer.

use schoolgate_model::{ItemKind, Outcome};
use schoolgate_policy::{AuditEntry, Decision, ReviewState};
use schoolgate_store::{Answer, Answered, NewItem, Receipt, Store, StoreError};

use crate::world::{SCHOOL, World, at, change, decision, message, received, recorded};

fn draft(id: &str, revision: Option<u32>, text: &str) -> NewItem {
    let body = match revision {
        Some(n) => format!(r#"{{"id":"{id}","kind":"draft","revision":{n},"text":"{text}"}}"#),
        None => format!(r#"{{"id":"{id}","kind":"draft","text":"{text}"}}"#),
    };
    NewItem {
        kind: ItemKind::Draft,
        body: body.into_bytes(),
        ..message(id, revision, text)
    }
}

async fn held(store: &Store, id: &str) -> String {
    let item = draft(id, Some(1), "asked");
    let mut hold = change(&item, 1, Outcome::Hold);
    hold.review = ReviewState::Open;
    recorded(store, &item, &hold).await
}

fn answer(of_key: &str, id: &str, text: &str) -> Answer {
    Answer {
        of_key: of_key.to_owned(),
        version: 1,
        item: draft(id, None, text),
        actor: "u1".to_owned(),
        at: at(5),
        audit: AuditEntry {
            at: at(5),
            actor: "u1".to_owned(),
            action: "answered".to_owned(),
            detail: "{}".to_owned(),
        },
    }
}

pub async fn an_answer_is_the_next_revision_and_says_who_gave_it(world: World) {
    let store = &world.store;
    let key = held(store, "d1").await;
    let given = answer(&key, "d1", "answered");
    let written = store.answer(&given).await.unwrap();
    let Answered::Written { key: new, revision } = written else {
        panic!("{written:?}");
    };
    assert_eq!((revision, new.as_str()), (2, given.item.key.as_str()));
    let state = store
        .item_state(SCHOOL, ItemKind::Draft, "d1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((state.key.as_str(), state.revision), (new.as_str(), 2));
    assert!(state.verdict.is_none(), "it waits to be screened");
    let who = store.answer_of(&new).await.unwrap().unwrap();
    assert_eq!(
        (who.of_key.as_str(), who.actor.as_str()),
        (key.as_str(), "u1")
    );
    assert_eq!(store.answer_of(&key).await, Ok(None));
    let lines = store.audit_lines(SCHOOL, 0, 9).await.unwrap();
    let last = lines.last().unwrap();
    assert_eq!(last.entry, given.audit);
    assert_eq!(last.item_key.as_deref(), Some(new.as_str()));
}

pub async fn only_what_was_seen_is_answered_and_twice_is_once(world: World) {
    let store = &world.store;
    let key = held(store, "d1").await;
    let stale = Answer {
        version: 7,
        ..answer(&key, "d1", "a")
    };
    assert_eq!(store.answer(&stale).await, Ok(Answered::Stale));
    assert_eq!(
        store.answer(&answer(&key, "d1", "asked")).await,
        Ok(Answered::Same)
    );
    let other = store.answer(&answer(&key, "d2", "a")).await;
    assert!(
        matches!(other, Err(StoreError::Inconsistent { .. })),
        "{other:?}"
    );
    let nothing = store.answer(&answer("none", "d1", "a")).await;
    assert!(
        matches!(nothing, Err(StoreError::UnknownItem { .. })),
        "{nothing:?}"
    );
    let first = store.answer(&answer(&key, "d1", "a")).await.unwrap();
    // its receipt was lost
    assert_eq!(store.answer(&answer(&key, "d1", "a")).await.unwrap(), first);
    let late = Answer {
        actor: "u2".to_owned(),
        ..answer(&key, "d1", "a")
    };
    assert_eq!(store.answer(&late).await, Ok(Answered::NotLatest));
    assert_eq!(
        store.answer(&answer(&key, "d1", "b")).await,
        Ok(Answered::NotLatest)
    );

    let decided = held(store, "d3").await;
    let reject = decision(&decided, 1, "m1", Decision::Reject, ReviewState::Closed);
    store.decide(&decided, 1, &reject).await.unwrap();
    let after = Answer {
        version: 2,
        ..answer(&decided, "d3", "a")
    };
    assert_eq!(store.answer(&after).await, Ok(Answered::Closed));
    let unread = received(store, &draft("d4", Some(1), "asked")).await;
    assert_eq!(
        store.answer(&answer(&unread, "d4", "a")).await,
        Ok(Answered::NotScreened)
    );
}

pub async fn a_producer_who_counts_on_after_an_answer_contradicts_nothing(world: World) {
    let store = &world.store;
    let key = held(store, "d1").await;
    store.answer(&answer(&key, "d1", "answered")).await.unwrap();
    let send = async |revision, text: &str| {
        let receipts = store.receive(&[draft("d1", Some(revision), text)]).await;
        receipts.unwrap().remove(0)
    };
    let edit = send(2, "edited").await;
    assert!(matches!(edit, Receipt::New { revision: 3, .. }), "{edit:?}");
    let again = send(2, "edited").await;
    assert!(
        matches!(&again, Receipt::Duplicate { key, revision: 3 } if key == edit.key()),
        "{again:?}"
    );
    let first = send(1, "asked").await;
    assert!(
        matches!(first, Receipt::Duplicate { revision: 1, .. }),
        "{first:?}"
    );
    let next = send(3, "edited once more").await;
    assert!(matches!(next, Receipt::New { revision: 4, .. }), "{next:?}");
    let back = send(4, "asked").await;
    assert!(
        matches!(back, Receipt::New { revision: 5, .. }),
        "words taken back are an edit: {back:?}"
    );
    let late = send(2, "edited").await;
    assert!(
        matches!(late, Receipt::Duplicate { revision: 3, .. }),
        "{late:?}"
    );
    assert!(store.dead_letters(9).await.unwrap().is_empty());
}

pub async fn of_eight_people_who_answer_at_once_one_does(world: World) {
    let key = held(&world.store, "d1").await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let store = world.store.clone();
            let given = Answer {
                actor: format!("u{number}"),
                ..answer(&key, "d1", &format!("answer {number}"))
            };
            tokio::spawn(async move { store.answer(&given).await.unwrap() })
        })
        .collect();
    let mut written = 0;
    for task in tasks {
        match task.await.unwrap() {
            Answered::Written { revision, .. } => {
                assert_eq!(revision, 2);
                written += 1;
            }
            other => assert_eq!(other, Answered::NotLatest),
        }
    }
    assert_eq!(written, 1);
}
