//! Who screens what, and how often.

use std::collections::HashMap;

use schoolgate_model::{ItemKind, Outcome};
use schoolgate_store::{Share, Store, Tried};

use crate::world::{ALL, World, at, audit, change, message, received, window};

const LEASE_MS: u32 = 10_000;

pub async fn eight_claimers_get_each_of_two_hundred_items_once(world: World) {
    let batch: Vec<_> = (0..200)
        .map(|n| message(&format!("c{n}"), None, "Hi"))
        .collect();
    world.store.receive(&batch).await.unwrap();
    // Half of them are another process with connections of its own.
    let other = Store::open(&world.url).await.unwrap();
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = if n % 2 == 0 {
                world.store.clone()
            } else {
                other.clone()
            };
            tokio::spawn(async move {
                let share = Share::any(7);
                let mut keys = Vec::new();
                loop {
                    let claimed = store
                        .claim(&format!("w{n}"), share, at(1), LEASE_MS)
                        .await
                        .unwrap();
                    assert!(claimed.len() <= 7);
                    if claimed.is_empty() {
                        return keys;
                    }
                    assert!(claimed.iter().all(|item| item.attempt == 1));
                    keys.extend(claimed.into_iter().map(|item| item.key));
                }
            })
        })
        .collect();
    let mut times: HashMap<String, u32> = HashMap::new();
    for task in tasks {
        for key in task.await.unwrap() {
            *times.entry(key).or_default() += 1;
        }
    }
    other.close().await;
    assert_eq!(times.len(), 200);
    assert!(times.values().all(|&times| times == 1));
}

pub async fn a_lease_that_is_over_is_given_again_and_counted(world: World) {
    let key = received(&world.store, &message("c1", None, "Hi")).await;
    for (seconds, expected) in [
        (0, Some(1)),
        (9, None),
        (10, Some(2)),
        (19, None),
        (20, Some(3)),
    ] {
        let claimed = world
            .store
            .claim(&format!("w{seconds}"), ALL, at(seconds), LEASE_MS)
            .await
            .unwrap();
        let attempt = claimed.first().map(|item| item.attempt);
        assert_eq!(attempt, expected, "at {seconds} s");
        assert!(claimed.iter().all(|item| item.key == key));
    }
}

pub async fn the_oldest_comes_first_and_a_share_takes_only_its_kind(world: World) {
    let mut keys = Vec::new();
    for (n, kind) in [
        (30, ItemKind::Comment),
        (10, ItemKind::Draft),
        (20, ItemKind::Comment),
    ] {
        let mut item = message(&format!("c{n}"), None, "Hi");
        item.kind = kind;
        item.arrived_at = at(n);
        keys.push(received(&world.store, &item).await);
    }
    let claim = async |kind, limit| {
        let share = Share {
            kind,
            ..Share::any(limit)
        };
        let claimed = world
            .store
            .claim("w", share, at(60), LEASE_MS)
            .await
            .unwrap();
        claimed.into_iter().map(|item| item.key).collect::<Vec<_>>()
    };
    assert_eq!(claim(Some(ItemKind::Comment), 1).await, [keys[2].clone()]);
    assert_eq!(claim(None, 9).await, [keys[1].clone(), keys[0].clone()]);
    assert!(claim(Some(ItemKind::Draft), 9).await.is_empty());
}

pub async fn a_released_item_is_free_at_once_and_its_attempt_stays_counted(world: World) {
    let key = received(&world.store, &message("c1", None, "Hi")).await;
    world.store.claim("w1", ALL, at(0), LEASE_MS).await.unwrap();
    assert!(!world.store.release(&key, "w2").await.unwrap());
    assert!(
        world
            .store
            .claim("w2", ALL, at(1), LEASE_MS)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(world.store.release(&key, "w1").await.unwrap());
    let claimed = world.store.claim("w2", ALL, at(1), LEASE_MS).await.unwrap();
    assert_eq!(claimed[0].attempt, 2);
}

pub async fn an_item_with_a_verdict_is_not_claimed(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    world.store.claim("w", ALL, at(0), LEASE_MS).await.unwrap();
    world
        .store
        .record(&key, &change(&item, 1, Outcome::Approve), at(1))
        .await
        .unwrap();
    assert!(
        world
            .store
            .claim("w", ALL, at(99), LEASE_MS)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(!world.store.release(&key, "w").await.unwrap());
}

pub async fn an_edit_learns_the_clock_of_the_revision_before(world: World) {
    let first = message("c1", None, "Hi");
    let key = received(&world.store, &first).await;
    let mut recorded = change(&first, 1, Outcome::Approve);
    recorded.window = Some(window(at(0)));
    world.store.record(&key, &recorded, at(1)).await.unwrap();
    received(&world.store, &message("c1", None, "Hi!")).await;
    let claimed = world.store.claim("w", ALL, at(2), 0).await.unwrap();
    assert_eq!(claimed[0].clock_started_at, Some(at(0)));
    // Once it is acknowledged, an edit has a clock of its own.
    assert!(
        world
            .store
            .acknowledge(&key, &audit(at(3), "m1", "acknowledged"))
            .await
            .unwrap()
    );
    let claimed = world.store.claim("w", ALL, at(4), 0).await.unwrap();
    assert_eq!(claimed[0].clock_started_at, None);
}

pub async fn a_share_takes_items_by_pictures_and_by_whether_they_were_tried(world: World) {
    let mut keys = Vec::new();
    for (n, has_media) in [(1, false), (2, true), (3, false)] {
        let mut item = message(&format!("c{n}"), None, "Hi");
        item.has_media = has_media;
        item.arrived_at = at(n);
        keys.push(received(&world.store, &item).await);
    }
    let claim = async |has_media, tried, limit, seconds| {
        let share = Share {
            has_media,
            tried,
            ..Share::any(limit)
        };
        let claimed = world
            .store
            .claim("w", share, at(seconds), LEASE_MS)
            .await
            .unwrap();
        claimed.into_iter().map(|item| item.key).collect::<Vec<_>>()
    };
    assert_eq!(
        claim(Some(true), Tried::Any, 9, 10).await,
        [keys[1].clone()]
    );
    assert!(claim(None, Tried::Before, 9, 10).await.is_empty());
    assert_eq!(
        claim(Some(false), Tried::Never, 1, 10).await,
        [keys[0].clone()]
    );
    let later = 10 + i64::from(LEASE_MS / 1_000) + 1;
    assert_eq!(claim(None, Tried::Never, 9, later).await, [keys[2].clone()]);
    assert_eq!(
        claim(None, Tried::Before, 9, later).await,
        [keys[0].clone(), keys[1].clone()]
    );
}

pub async fn an_item_given_back_was_never_taken(world: World) {
    let key = received(&world.store, &message("c1", None, "Hi")).await;
    world.store.claim("w1", ALL, at(0), LEASE_MS).await.unwrap();
    assert!(!world.store.give_back(&key, "w2").await.unwrap());
    assert!(world.store.give_back(&key, "w1").await.unwrap());
    let again = world.store.claim("w2", ALL, at(1), LEASE_MS).await.unwrap();
    assert_eq!(again[0].attempt, 1);
}

pub async fn a_lease_that_is_kept_lasts_and_one_that_has_passed_on_cannot_be_kept(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    let keys = [key.clone()];
    let claim = async |owner: &str, seconds| {
        let claimed = world
            .store
            .claim(owner, Share::any(1), at(seconds), LEASE_MS)
            .await
            .unwrap();
        claimed.len()
    };
    let keep = async |owner: &str, seconds| {
        world
            .store
            .keep(&keys, owner, at(seconds), LEASE_MS)
            .await
            .unwrap()
    };
    assert_eq!(claim("a", 0).await, 1);
    assert_eq!(keep("b", 1).await, 0, "it is not theirs");
    assert_eq!(keep("a", 8).await, 1);
    assert_eq!(
        claim("b", 17).await,
        0,
        "ten seconds have passed, but it was kept"
    );
    assert_eq!(claim("b", 18).await, 1);
    assert_eq!(keep("a", 19).await, 0, "it has passed on");
    world
        .store
        .record(&key, &change(&item, 1, Outcome::Hold), at(20))
        .await
        .unwrap();
    assert_eq!(keep("b", 21).await, 0, "it is done");
    let effects: Vec<String> = world
        .store
        .outbox_claim(
            "a",
            schoolgate_store::Wanted::default(),
            10,
            at(30),
            LEASE_MS,
        )
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.key)
        .collect();
    assert!(!effects.is_empty());
    let kept = async |owner: &str, seconds| {
        world
            .store
            .outbox_keep(&effects, owner, at(seconds), LEASE_MS)
            .await
            .unwrap()
    };
    assert_eq!(kept("b", 31).await, 0);
    assert_eq!(kept("a", 39).await, effects.len() as u64);
    let others = world
        .store
        .outbox_claim(
            "b",
            schoolgate_store::Wanted::default(),
            10,
            at(45),
            LEASE_MS,
        )
        .await
        .unwrap();
    assert!(others.is_empty());
}
