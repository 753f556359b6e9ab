//! A pile of one thing does not slow the way of another.

use std::time::{Duration, Instant};

use schoolgate_model::{ItemKind, Outcome};
use schoolgate_policy::OutboxKind;
use schoolgate_store::{Share, Tried, Wanted};

use crate::world::{World, alert, at, change, message, received, recorded};

/// What the fastest of ten takes in front of an index is a tenth of this, past fifty thousand rows twice as much.
const SOON: Duration = Duration::from_millis(5);

async fn pile(world: &World) {
    recorded(
        &world.store,
        &message("done", None, "Hi"),
        &change(&message("done", None, "Hi"), 1, Outcome::Approve),
    )
    .await;
    received(&world.store, &message("seed", None, "Hi")).await;
    world
        .tamper(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) \
             INSERT INTO item_head SELECT school, kind, 'n' || x, 1, 1, 1, 'n' || x FROM n, item_head WHERE id = 'seed'; \
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) \
             INSERT INTO item (key, school, kind, id, revision, verb, ordinal, content_hash, body, created_at, arrived_at, \
             has_media, state, attempts) SELECT 'n' || x, school, kind, 'n' || x, 1, verb, 1, content_hash, body, \
             created_at + x, arrived_at + x, 0, state, attempts FROM n, item WHERE id = 'seed'; \
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) \
             INSERT INTO outbox (key, item_key, kind, routing_key, urgent, body, state, attempts, not_before, created_at) \
             SELECT 'n' || x, item_key, kind, routing_key, 0, body, 'pending', 0, not_before, created_at + x \
             FROM n, outbox; \
             ANALYZE",
        )
        .await;
}

pub async fn fifty_thousand_of_one_kind_do_not_slow_the_claims_of_another(world: World) {
    pile(&world).await;
    let store = &world.store;
    let mut late = message("late", None, "Hi");
    (late.kind, late.arrived_at) = (ItemKind::Draft, at(99));
    let key = received(store, &late).await;
    store
        .propose(&key, &[alert("told", false)], at(99))
        .await
        .unwrap();
    let share = |kind, has_media, tried| Share {
        kind,
        has_media: Some(has_media),
        tried,
        limit: 4,
    };
    let drafts = Some(ItemKind::Draft);
    let comments = Some(ItemKind::Comment);
    let any = Share {
        tried: Tried::Before,
        ..Share::any(1)
    };
    for (name, share, found) in [
        ("drafts", share(drafts, false, Tried::Never), 1),
        ("comments", share(comments, false, Tried::Never), 4),
        ("any text", share(None, false, Tried::Never), 4),
        ("drafts again", share(drafts, false, Tried::Never), 0),
        ("pictures", share(comments, true, Tried::Never), 0),
        ("any pictures", share(None, true, Tried::Never), 0),
        ("tried", any, 0),
    ] {
        let mut fastest = Duration::MAX;
        for _ in 0..if found == 0 { 10 } else { 1 } {
            let began = Instant::now();
            let claimed = store.claim("w", share, at(100), 60_000).await.unwrap();
            fastest = fastest.min(began.elapsed());
            assert_eq!(claimed.len(), found, "{name}");
        }
        assert!(found > 0 || fastest < SOON, "{name} took {fastest:?}");
    }
    for (name, kind, urgent_only, found) in [
        ("alerts", OutboxKind::Alert, false, 1),
        ("publications", OutboxKind::Publish, false, 4),
        ("alerts again", OutboxKind::Alert, false, 0),
        ("urgent alerts", OutboxKind::Alert, true, 0),
        ("urgent publications", OutboxKind::Publish, true, 0),
    ] {
        let kind = Some(kind);
        let wanted = Wanted { kind, urgent_only };
        let mut fastest = Duration::MAX;
        for _ in 0..if found == 0 { 10 } else { 1 } {
            let began = Instant::now();
            let rows = store.outbox_claim("r", wanted, 4, at(200), 60_000).await;
            fastest = fastest.min(began.elapsed());
            assert_eq!(rows.unwrap().len(), found, "{name}");
        }
        assert!(found > 0 || fastest < SOON, "{name} took {fastest:?}");
    }
    let backlog = store.backlog().await.unwrap();
    assert!(backlog.waiting > 50_000 && backlog.outbox_pending > 50_000);
    assert_eq!(backlog.oldest_pending_alert, Some(at(99)));
}
