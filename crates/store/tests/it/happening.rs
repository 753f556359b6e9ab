//! Events from the school and the platforms: kept once, applied once, whenever they come.

use schoolgate_model::{ItemKind, Outcome, Redacted, SchoolId, wire::parse_event};
use schoolgate_policy::ReviewState;
use schoolgate_store::{CONFLICTING_EVENT, EventReceipt, NewEvent, Store, StoredVerdict};

use crate::world::{SCHOOL, World, at, change, comment, message, received, recorded};

fn event(id: &str, kind: &str, item: &str) -> NewEvent {
    let json = format!(
        r#"{{"id":"{id}","kind":"event","type":"{kind}","item":"{item}","actor":"Mrs J Bloggs"}}"#
    );
    let submission = parse_event(json.as_bytes()).unwrap();
    NewEvent::from_submission(
        &SchoolId::from(SCHOOL),
        &submission,
        json.into_bytes(),
        at(30),
    )
}

async fn one(store: &Store, event: NewEvent) -> EventReceipt {
    store.receive_events(&[event]).await.unwrap().remove(0)
}

async fn of(store: &Store, key: &str) -> StoredVerdict {
    store.verdict_by_key(key).await.unwrap().unwrap()
}

fn new(key: &str) -> EventReceipt {
    EventReceipt::New {
        item_key: Some(key.to_owned()),
    }
}

pub async fn an_answer_stops_the_clock_and_closes_what_is_not_held(world: World) {
    let store = &world.store;
    for (id, outcome, kind, state, stopped) in [
        (
            "asks",
            Outcome::Approve,
            "replied",
            ReviewState::Closed,
            true,
        ),
        (
            "seen",
            Outcome::Approve,
            "acknowledged",
            ReviewState::Closed,
            true,
        ),
        ("rude", Outcome::Hold, "replied", ReviewState::Open, true),
        ("rude2", Outcome::Hold, "hidden", ReviewState::Closed, true),
        ("gone", Outcome::Hold, "deleted", ReviewState::Closed, true),
        (
            "grave",
            Outcome::Escalate,
            "deleted",
            ReviewState::Escalated,
            true,
        ),
        ("shown", Outcome::Hold, "unhidden", ReviewState::Open, false),
        (
            "done",
            Outcome::Hold,
            "action_result",
            ReviewState::Open,
            false,
        ),
    ] {
        let item = message(id, None, "Hi");
        let key = recorded(store, &item, &comment(&item, outcome, true)).await;
        assert_eq!(
            one(store, event(&format!("e-{id}"), kind, id)).await,
            new(&key)
        );
        let stored = of(store, &key).await;
        assert_eq!(stored.review.state, state, "{id}");
        let clock = stored.window.unwrap();
        assert_eq!(clock.acknowledged_at, stopped.then(|| at(30)), "{id}");
        let by = stopped.then(|| format!("event/e-{id}"));
        assert_eq!(clock.acknowledged_by, by);
        let kept = store.events_of(&key).await.unwrap();
        assert_eq!(
            kept[0].actor,
            Some(Redacted::new("Mrs J Bloggs".to_owned()))
        );
    }
    let lines = store.audit_lines(SCHOOL, 0, 99).await.unwrap();
    assert_eq!(lines.len(), 16);
    assert!(
        lines
            .iter()
            .all(|line| !format!("{line:?}").contains("Bloggs"))
    );
}

pub async fn an_event_before_its_item_or_its_verdict_waits_for_it(world: World) {
    let store = &world.store;
    let early = one(store, event("e1", "replied", "c1")).await;
    assert_eq!(early, EventReceipt::UnknownItem);
    let (first, second) = (message("c1", None, "Hi"), message("c2", None, "Hi"));
    let (one_key, two_key) = (
        received(store, &first).await,
        received(store, &second).await,
    );
    assert_eq!(
        one(store, event("e2", "deleted", "c2")).await,
        new(&two_key)
    );
    for (item, key) in [(&first, &one_key), (&second, &two_key)] {
        let change = comment(item, Outcome::Approve, true);
        store.record(key, &change, at(40)).await.unwrap();
        let stored = of(store, key).await;
        assert_eq!(stored.review.state, ReviewState::Closed);
        assert_eq!(stored.window.unwrap().acknowledged_at, Some(at(30)));
        assert_eq!(store.events_of(key).await.unwrap().len(), 1);
    }
    // It counts once: an edit has a clock of its own.
    let edit = message("c1", None, "Ho");
    let mut again = comment(&edit, Outcome::Approve, true);
    again.verdict.revision = 2;
    again.outbox.clear();
    let key = recorded(store, &edit, &again).await;
    assert_eq!(of(store, &key).await.window.unwrap().acknowledged_at, None);
}

pub async fn an_event_about_a_draft_changes_nothing_but_the_trail(world: World) {
    let store = &world.store;
    let mut item = message("x", None, "Hi");
    item.kind = ItemKind::Draft;
    let key = recorded(store, &item, &change(&item, 1, Outcome::Hold)).await;
    assert_eq!(one(store, event("e1", "published", "x")).await, new(&key));
    assert_eq!(one(store, event("e2", "deleted", "x")).await, new(&key));
    assert_eq!(of(store, &key).await.review.state, ReviewState::Open);
    let mut nobody = event("e3", "account_seen", "x");
    nobody.item = None;
    let kept = EventReceipt::New { item_key: None };
    assert_eq!(one(store, nobody).await, kept);
    assert_eq!(store.audit_lines(SCHOOL, 0, 9).await.unwrap().len(), 4);
}

pub async fn the_same_event_twice_is_one_and_another_under_its_id_is_a_dead_letter(world: World) {
    let store = &world.store;
    let item = message("c1", None, "Hi");
    let key = recorded(store, &item, &comment(&item, Outcome::Approve, true)).await;
    let batch = [
        event("e1", "unhidden", "c1"),
        event("e1", "unhidden", "c1"),
        event("e1", "deleted", "c1"),
        event("e1", "deleted", "c1"),
    ];
    let receipts = store.receive_events(&batch).await.unwrap();
    use EventReceipt::{Conflict, Duplicate};
    assert_eq!(receipts, [new(&key), Duplicate, Conflict, Conflict]);
    assert_eq!(of(store, &key).await.window.unwrap().acknowledged_at, None);
    let letters = store.dead_letters(9).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].reason, CONFLICTING_EVENT);
    assert_eq!(letters[0].body, batch[2].body);
    // screened, the event, the contradiction once
    assert_eq!(store.audit_lines(SCHOOL, 0, 9).await.unwrap().len(), 3);
    assert!(!format!("{:?}", batch[0]).contains("Bloggs"));
}

pub async fn eight_tasks_that_receive_crossing_events_apply_each_once(world: World) {
    let store = &world.store;
    let mut keys = Vec::new();
    for id in ["a", "b", "c"] {
        let item = message(id, None, "Hi");
        keys.push(recorded(store, &item, &comment(&item, Outcome::Approve, true)).await);
    }
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut batch: Vec<NewEvent> = ["a", "b", "c"]
                    .map(|id| event(&format!("e-{id}"), "replied", id))
                    .to_vec();
                batch.rotate_left(number % 3);
                store.receive_events(&batch).await.unwrap()
            })
        })
        .collect();
    let mut fresh = 0;
    for task in tasks {
        let receipts = task.await.unwrap();
        let is_new = |receipt: &&EventReceipt| matches!(receipt, EventReceipt::New { .. });
        fresh += receipts.iter().filter(is_new).count();
    }
    assert_eq!(fresh, 3);
    for key in &keys {
        assert_eq!(of(store, key).await.review.version, 2);
    }
    assert_eq!(store.audit_lines(SCHOOL, 0, 99).await.unwrap().len(), 6);
}
