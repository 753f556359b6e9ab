//! Stages of response windows: each once, however many sweep, and a breach that nobody can undo.

use jiff::Timestamp;
use schoolgate_model::{Audience, Outcome};
use schoolgate_policy::{OutboxKind, Restricted, Stage, stages_due};
use schoolgate_store::{NewItem, Store, StoredStage};

use crate::world::{SCHOOL, World, alerting, at, audit, comment, message, recorded};

const HOUR: i64 = 3_600;

/// One pass of a sweep, as the dispatch role makes it. Returns the new stages.
async fn sweep(store: &Store, now: Timestamp) -> Vec<Stage> {
    let mut new = Vec::new();
    for due in store.windows_due(now, 100).await.unwrap() {
        let stages = stages_due(&due.running(), now);
        new.extend(
            store
                .record_stages(&due.item_key, &stages, now)
                .await
                .unwrap(),
        );
    }
    new
}

async fn asks(store: &Store, id: &str, needs: bool) -> (NewItem, String) {
    let item = message(id, None, "Hi");
    let key = recorded(store, &item, &comment(&item, Outcome::Approve, needs)).await;
    (item, key)
}

async fn routes(store: &Store) -> Vec<String> {
    let rows = store.outbox_list(99).await.unwrap();
    let mut routes: Vec<String> = rows
        .into_iter()
        .map(|row| row.routing_key)
        .filter(|route| !route.starts_with("verdict."))
        .collect();
    routes.sort_unstable();
    routes
}

pub async fn each_stage_is_reached_once_and_in_order(world: World) {
    let store = &world.store;
    let (_, key) = asks(store, "c1", true).await;
    asks(store, "c2", false).await;
    assert_eq!(sweep(store, at(11 * HOUR)).await, []);
    assert_eq!(sweep(store, at(12 * HOUR)).await, [Stage::Amber]);
    assert_eq!(sweep(store, at(12 * HOUR)).await, []);
    assert_eq!(sweep(store, at(20 * HOUR)).await, [Stage::Red]);
    assert_eq!(
        sweep(store, at(25 * HOUR)).await,
        [Stage::Breach, Stage::Breach]
    );
    assert_eq!(store.windows_due(at(999 * HOUR), 9).await, Ok(Vec::new()));
    let stages = store.stages(&key).await.unwrap();
    let late: Vec<(Stage, i64, bool)> = stages
        .iter()
        .map(|stage| (stage.stage, stage.late_ms / 1_000 / 60, stage.superseded))
        .collect();
    assert_eq!(
        late,
        [
            (Stage::Amber, 0, false),
            (Stage::Red, 48, false),
            (Stage::Breach, 60, false)
        ]
    );
    assert_eq!(
        routes(store).await,
        [
            "alert.moderator.st-judes",
            "alert.slt.st-judes",
            "window.amber.st-judes",
            "window.breach.st-judes",
            "window.breach.st-judes",
            "window.red.st-judes",
        ]
    );
    let lines = store.audit_lines(SCHOOL, 0, 99).await.unwrap();
    let breaches = lines
        .iter()
        .filter(|line| line.entry.action == "window_breach");
    assert_eq!(breaches.count(), 2);
}

pub async fn a_sweep_that_comes_late_tells_the_last_stage_only(world: World) {
    let store = &world.store;
    let (_, key) = asks(store, "c1", true).await;
    let found = sweep(store, at(30 * HOUR)).await;
    assert_eq!(found, [Stage::Amber, Stage::Red, Stage::Breach]);
    let superseded: Vec<bool> = store
        .stages(&key)
        .await
        .unwrap()
        .iter()
        .map(|stage: &StoredStage| stage.superseded)
        .collect();
    assert_eq!(superseded, [true, true, false]);
    assert_eq!(
        routes(store).await,
        ["alert.slt.st-judes", "window.breach.st-judes"]
    );
}

pub async fn eight_sweepers_at_once_reach_each_stage_once(world: World) {
    for number in 0..20 {
        asks(&world.store, &format!("c{number}"), true).await;
    }
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let url = world.url.clone();
            tokio::spawn(async move {
                let store = Store::open(&url).await.unwrap();
                let found = sweep(&store, at(30 * HOUR)).await.len();
                store.close().await;
                found
            })
        })
        .collect();
    let mut found = 0;
    for task in tasks {
        found += task.await.unwrap();
    }
    assert_eq!(found, 60);
    assert_eq!(routes(&world.store).await.len(), 40);
}

pub async fn an_acknowledgement_in_time_ends_it_and_a_late_one_is_a_breach_still(world: World) {
    let store = &world.store;
    let (_, early) = asks(store, "c1", true).await;
    let (_, late) = asks(store, "c2", true).await;
    let seen = audit(at(13 * HOUR), "m1", "acknowledged");
    // Found by the sweep before, written after: the acknowledgement was first.
    let due = store.windows_due(at(12 * HOUR), 9).await.unwrap();
    assert_eq!(due.len(), 2);
    let stages = stages_due(&due[0].running(), at(25 * HOUR));
    store.acknowledge(&early, &seen).await.unwrap();
    let late_seen = audit(at(24 * HOUR), "m1", "acknowledged");
    store.acknowledge(&late, &late_seen).await.unwrap();
    assert_eq!(
        store.record_stages(&early, &stages, at(25 * HOUR)).await,
        Ok(vec![Stage::Amber])
    );
    let found = sweep(store, at(25 * HOUR)).await;
    assert_eq!(found, [Stage::Amber, Stage::Red, Stage::Breach]);
    assert_eq!(
        routes(store).await,
        ["window.breach.st-judes"],
        "nobody is alerted any more"
    );
    assert_eq!(sweep(store, at(99 * HOUR)).await, []);
}

pub async fn an_edit_carries_the_clock_on_and_breaches_once(world: World) {
    let store = &world.store;
    asks(store, "c1", true).await;
    assert_eq!(sweep(store, at(12 * HOUR)).await, [Stage::Amber]);
    let edit = message("c1", None, "Ho");
    let mut change = comment(&edit, Outcome::Approve, true);
    change.verdict.revision = 2;
    let newer = recorded(store, &edit, &change).await;
    assert_eq!(sweep(store, at(13 * HOUR)).await, [], "the same clock");
    let due = store.windows_due(at(25 * HOUR), 9).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].item_key, newer);
    assert_eq!(
        sweep(store, at(25 * HOUR)).await,
        [Stage::Red, Stage::Breach]
    );
    let again = message("c1", None, "Hum");
    let mut change = comment(&again, Outcome::Approve, true);
    change.verdict.revision = 3;
    let last = recorded(store, &again, &change).await;
    assert_eq!(sweep(store, at(99 * HOUR)).await, []);
    assert_eq!(store.stages(&last).await.unwrap().len(), 3);
}

pub async fn a_breach_nobody_was_told_of_is_told_when_an_edit_asks_for_words(world: World) {
    let store = &world.store;
    asks(store, "c1", false).await;
    assert_eq!(sweep(store, at(25 * HOUR)).await, [Stage::Breach]);
    assert_eq!(routes(store).await, ["window.breach.st-judes"]);
    for (revision, asks) in [(2, true), (3, false), (4, true)] {
        let edit = message("c1", Some(revision), &format!("Ho {revision}"));
        let mut change = comment(&edit, Outcome::Approve, asks);
        change.verdict.revision = revision;
        recorded(store, &edit, &change).await;
        let found = sweep(store, at(26 * HOUR)).await;
        assert!(!found.contains(&Stage::Breach), "it was reached once");
        sweep(store, at(27 * HOUR)).await;
        let told = ["alert.slt.st-judes", "window.breach.st-judes"];
        assert_eq!(routes(store).await, told, "revision {revision}");
    }
}

pub async fn a_window_that_cannot_be_understood_stops_no_other(world: World) {
    let store = &world.store;
    let (_, broken) = asks(store, "c1", true).await;
    let (_, sound) = asks(store, "c2", true).await;
    let spoil = "UPDATE response_window SET due_at = 9223372036854775807 WHERE item_key =";
    world.tamper(&format!("{spoil} '{broken}'")).await;
    let due = store.windows_due(at(12 * HOUR), 9).await.unwrap();
    let keys: Vec<&str> = due.iter().map(|due| due.item_key.as_str()).collect();
    assert_eq!(keys, [sound]);
}

pub async fn what_is_kept_back_alerts_only_those_who_may_see_it(world: World) {
    let store = &world.store;
    let item = message("c1", None, "Hi");
    let change = alerting(comment(&item, Outcome::Escalate, true), &[Audience::Dsl]);
    recorded(store, &item, &change).await;
    let due = store.windows_due(at(30 * HOUR), 9).await.unwrap();
    assert_eq!(due[0].restricted, Some(Restricted::Dsl));
    sweep(store, at(30 * HOUR)).await;
    let told: Vec<Option<Audience>> = store
        .outbox_list(9)
        .await
        .unwrap()
        .into_iter()
        .filter(|row| row.kind == OutboxKind::Alert)
        .map(|row| row.audience)
        .collect();
    assert_eq!(told, [Some(Audience::Dsl)]);
}
