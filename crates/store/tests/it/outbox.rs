//! Effects: who carries them out, in which order, and how they end.

use std::collections::HashSet;

use schoolgate_policy::OutboxKind;
use schoolgate_store::{OutboxEnd, OutboxState, Store, Wanted};

use crate::world::{World, alert, at, message, publish, received};

const LEASE_MS: u32 = 5_000;

async fn item(store: &Store) -> String {
    received(store, &message("c1", None, "Hi")).await
}

async fn claim(store: &Store, owner: &str, seconds: i64) -> Vec<String> {
    let rows = store
        .outbox_claim(owner, Wanted::default(), 100, at(seconds), LEASE_MS)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.key).collect()
}

pub async fn urgent_effects_come_first_then_the_oldest(world: World) {
    let key = item(&world.store).await;
    let store = &world.store;
    store
        .propose(
            &key,
            &[publish("p1", "verdict.x", "{}"), alert("a1", false)],
            at(1),
        )
        .await
        .unwrap();
    store
        .propose(
            &key,
            &[alert("a2", true), publish("p2", "verdict.x", "{}")],
            at(2),
        )
        .await
        .unwrap();
    let first = store
        .outbox_claim("r", Wanted::default(), 1, at(3), LEASE_MS)
        .await
        .unwrap();
    assert_eq!(first[0].key, "a2");
    assert!(first[0].urgent);
    assert_eq!(first[0].audience, Some(schoolgate_model::Audience::Dsl));
    let alerts = store
        .outbox_claim(
            "r",
            Wanted {
                kind: Some(OutboxKind::Alert),
                ..Wanted::default()
            },
            9,
            at(3),
            LEASE_MS,
        )
        .await
        .unwrap();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].key, "a1");
    assert_eq!(claim(store, "r", 3).await, ["p1", "p2"]);
}

pub async fn an_attempt_is_counted_before_the_effect_is_sent(world: World) {
    let key = item(&world.store).await;
    world
        .store
        .propose(&key, &[alert("a1", true)], at(0))
        .await
        .unwrap();
    // The relay dies after claiming; the next one sees that somebody has tried.
    for (seconds, attempts) in [(1, 1), (6, 2), (11, 3)] {
        let rows = world
            .store
            .outbox_claim("r", Wanted::default(), 9, at(seconds), LEASE_MS)
            .await
            .unwrap();
        assert_eq!(rows[0].attempts, attempts);
        assert!(claim(&world.store, "other", seconds + 4).await.is_empty());
    }
}

pub async fn eight_relays_get_each_effect_once(world: World) {
    let key = item(&world.store).await;
    let entries: Vec<_> = (0..100)
        .map(|n| alert(&format!("a{n}"), n % 3 == 0))
        .collect();
    world.store.propose(&key, &entries, at(0)).await.unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = world.store.clone();
            tokio::spawn(async move {
                let owner = format!("r{n}");
                let mut sent = Vec::new();
                loop {
                    let rows = store
                        .outbox_claim(&owner, Wanted::default(), 5, at(1), LEASE_MS)
                        .await
                        .unwrap();
                    if rows.is_empty() {
                        return sent;
                    }
                    for row in rows {
                        assert!(store.outbox_sent(&row.key, &owner, at(2)).await.unwrap());
                        sent.push(row.key);
                    }
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    assert_eq!(all.len(), 100);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 100);
    assert_eq!(world.store.counts().await.unwrap().outbox_sent, 100);
}

pub async fn an_effect_put_off_comes_back_at_its_time(world: World) {
    let key = item(&world.store).await;
    world
        .store
        .propose(&key, &[alert("a1", true)], at(0))
        .await
        .unwrap();
    assert_eq!(claim(&world.store, "r", 1).await, ["a1"]);
    assert!(
        !world
            .store
            .outbox_retry("a1", "other", at(30), "smtp_450")
            .await
            .unwrap()
    );
    assert!(
        world
            .store
            .outbox_retry("a1", "r", at(30), "450 <head@st-judes.example>")
            .await
            .unwrap()
    );
    assert!(claim(&world.store, "r", 29).await.is_empty());
    let rows = world
        .store
        .outbox_claim("r", Wanted::default(), 9, at(30), LEASE_MS)
        .await
        .unwrap();
    assert_eq!(
        (rows[0].attempts, rows[0].last_error.as_deref()),
        (2, Some("unclassified"))
    );
    assert!(
        world
            .store
            .outbox_retry("a1", "r", at(60), "smtp_450")
            .await
            .unwrap()
    );
    let rows = world.store.outbox_list(1).await.unwrap();
    assert_eq!(rows[0].last_error.as_deref(), Some("smtp_450"));
}

pub async fn an_effect_that_cannot_be_understood_stops_no_other(world: World) {
    let store = &world.store;
    let key = received(store, &message("c1", None, "Hi")).await;
    let effects = [alert("broken", true), alert("sound", false)];
    store.propose(&key, &effects, at(1)).await.unwrap();
    world
        .tamper("UPDATE outbox SET not_before = -9223372036854775807 WHERE key = 'broken'")
        .await;
    for found in [1, 0] {
        let rows = store
            .outbox_claim("r", Wanted::default(), 9, at(2), 60_000)
            .await
            .unwrap();
        assert_eq!(rows.len(), found);
        assert!(rows.iter().all(|row| row.key == "sound"));
    }
}

pub async fn only_the_owner_closes_an_effect(world: World) {
    let key = item(&world.store).await;
    world
        .store
        .propose(&key, &[alert("a1", true)], at(0))
        .await
        .unwrap();
    assert!(
        !world.store.outbox_sent("a1", "r1", at(0)).await.unwrap(),
        "nobody has claimed it"
    );
    claim(&world.store, "r1", 0).await;
    claim(&world.store, "r2", 5).await;
    assert!(!world.store.outbox_sent("a1", "r1", at(6)).await.unwrap());
    assert!(
        !world
            .store
            .outbox_close("a1", "r1", OutboxEnd::NoBroker)
            .await
            .unwrap()
    );
    assert!(world.store.outbox_sent("a1", "r2", at(6)).await.unwrap());
    assert!(
        !world
            .store
            .outbox_close("a1", "r2", OutboxEnd::Failed("late"))
            .await
            .unwrap()
    );
    let rows = world.store.outbox_list(1).await.unwrap();
    assert_eq!(
        (rows[0].state, rows[0].sent_at),
        (OutboxState::Sent, Some(at(6)))
    );
}

pub async fn effects_end_as_sent_failed_or_without_a_broker(world: World) {
    let key = item(&world.store).await;
    let entries = [
        publish("p1", "verdict.x", "{}"),
        alert("a1", false),
        alert("a2", false),
    ];
    world.store.propose(&key, &entries, at(0)).await.unwrap();
    claim(&world.store, "r", 1).await;
    assert!(
        world
            .store
            .outbox_close("p1", "r", OutboxEnd::NoBroker)
            .await
            .unwrap()
    );
    assert!(
        world
            .store
            .outbox_close("a1", "r", OutboxEnd::Failed("smtp_550"))
            .await
            .unwrap()
    );
    assert!(world.store.outbox_sent("a2", "r", at(2)).await.unwrap());
    assert!(claim(&world.store, "r", 999).await.is_empty());
    let counts = world.store.counts().await.unwrap();
    assert_eq!(
        (
            counts.outbox_no_broker,
            counts.outbox_failed,
            counts.outbox_sent
        ),
        (1, 1, 1)
    );
    assert_eq!(
        (counts.outbox_pending, counts.oldest_pending_alert),
        (0, None)
    );
}

pub async fn a_receipt_counts_once_and_urgent_audiences_are_known(world: World) {
    let key = item(&world.store).await;
    let store = &world.store;
    store
        .propose(
            &key,
            &[alert("a1", true), publish("p1", "verdict.x", "{}")],
            at(1),
        )
        .await
        .unwrap();
    assert_eq!(
        store.urgent_audiences(&key).await.unwrap(),
        [schoolgate_model::Audience::Dsl]
    );
    assert!(store.receipts("a1").await.unwrap().is_empty());
    for _ in 0..2 {
        store.receipt_add("a1", "hash-of-one", at(2)).await.unwrap();
    }
    store.receipt_add("a1", "hash-of-two", at(3)).await.unwrap();
    assert_eq!(
        store.receipts("a1").await.unwrap(),
        ["hash-of-one", "hash-of-two"]
    );
    let wanted = Wanted {
        kind: None,
        urgent_only: true,
    };
    let rows = store
        .outbox_claim("r", wanted, 9, at(4), LEASE_MS)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].key, "a1");
}

pub async fn many_effects_are_closed_at_once_but_only_the_owners(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    let rows: Vec<_> = (0..5)
        .map(|number| alert(&format!("k{number}"), false))
        .collect();
    world.store.propose(&key, &rows, at(0)).await.unwrap();
    let claim = |owner: &'static str, limit| {
        let store = world.store.clone();
        async move {
            let rows = store
                .outbox_claim(owner, Wanted::default(), limit, at(1), 60_000)
                .await;
            rows.unwrap()
                .into_iter()
                .map(|row| row.key)
                .collect::<Vec<_>>()
        }
    };
    let (mine, theirs) = (claim("r1", 3).await, claim("r2", 2).await);
    let all: Vec<String> = [mine, theirs].concat();
    assert_eq!(world.store.outbox_sent_many(&all, "r1", at(2)).await, Ok(3));
    assert_eq!(world.store.outbox_sent_many(&all, "r1", at(3)).await, Ok(0));
    assert_eq!(world.store.outbox_sent_many(&[], "r1", at(3)).await, Ok(0));
    assert_eq!(world.store.counts().await.unwrap().outbox_pending, 2);
}
