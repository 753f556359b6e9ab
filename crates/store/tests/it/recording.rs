//! The one write path: once, whole or not at all, and what a newer revision does to an older one.

use jiff::SignedDuration;
use schoolgate_model::{ItemKind, Outcome};
use schoolgate_policy::ReviewState;
use schoolgate_store::{Backlog, Recorded, Store, StoreError, StoredVerdict, Wanted};

use crate::world::{SCHOOL, World, alert, at, audit, change, message, publish, received, window};

async fn of(store: &Store, key: &str) -> StoredVerdict {
    store.verdict_by_key(key).await.unwrap().unwrap()
}

pub async fn everything_of_a_change_is_written(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    let mut written = change(&item, 1, Outcome::Escalate);
    written.window = Some(window(at(0)));
    written.verdict.due_at = Some(window(at(0)).due_at);
    written.outbox.push(alert("c1:dsl", true));
    assert_eq!(
        world.store.record(&key, &written, at(5)).await,
        Ok(Recorded::Written)
    );

    let stored = world
        .store
        .verdict(SCHOOL, ItemKind::Comment, "c1", Some(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.verdict, written.verdict);
    assert_eq!((stored.version, stored.recorded_at), (1, at(5)));
    assert_eq!(stored.review.state, ReviewState::Escalated);
    assert_eq!(stored.window.unwrap().window, window(at(0)));
    assert!(stored.is_latest);
    let rows = world.store.outbox_list(10).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        rows.iter()
            .all(|row| row.item_id == "c1" && row.revision == 1)
    );
    let lines = world.store.audit_lines(SCHOOL, 0, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0].entry, lines[0].item_key.as_deref()),
        (&written.audit, Some(key.as_str()))
    );
}

pub async fn recording_twice_gives_one_verdict(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    let hold = change(&item, 1, Outcome::Hold);
    assert_eq!(
        world.store.record(&key, &hold, at(1)).await,
        Ok(Recorded::Written)
    );
    let mut approve = change(&item, 1, Outcome::Approve);
    approve.outbox[0].key = "another".to_owned();
    assert_eq!(
        world.store.record(&key, &approve, at(2)).await,
        Ok(Recorded::AlreadyThere)
    );
    assert_eq!(of(&world.store, &key).await.verdict.outcome, Outcome::Hold);
    assert_eq!(world.store.outbox_list(10).await.unwrap().len(), 1);
    assert_eq!(
        world.store.audit_lines(SCHOOL, 0, 10).await.unwrap().len(),
        1
    );
}

pub async fn two_tasks_that_record_at_once_give_one_verdict_and_one_row_a_key(world: World) {
    // Two processes, each with connections of its own.
    let other = Store::open(&world.url).await.unwrap();
    for round in 0..10 {
        let item = message(&format!("c{round}"), None, "Hi");
        let key = received(&world.store, &item).await;
        let tasks: Vec<_> = [(Outcome::Hold, &world.store), (Outcome::Approve, &other)]
            .into_iter()
            .map(|(outcome, store)| {
                let (store, key) = (store.clone(), key.clone());
                let written = change(&item, 1, outcome);
                tokio::spawn(async move { store.record(&key, &written, at(1)).await.unwrap() })
            })
            .collect();
        let mut written = 0;
        for task in tasks {
            written += usize::from(task.await.unwrap() == Recorded::Written);
        }
        assert_eq!(written, 1);
    }
    other.close().await;
    assert_eq!(world.store.outbox_list(100).await.unwrap().len(), 10);
    let counts = world.store.counts().await.unwrap();
    assert_eq!(counts.approve + counts.hold, 10);
}

pub async fn an_alert_that_was_proposed_is_not_written_again(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    let early = alert("c1:1:safeguarding", true);
    for expected in [1, 0] {
        let new = world
            .store
            .propose(&key, std::slice::from_ref(&early), at(1))
            .await;
        assert_eq!(new, Ok(expected));
    }
    // It can be on its way before the verdict is there.
    let sent = world
        .store
        .outbox_claim("r", Wanted::default(), 9, at(1), 1_000)
        .await
        .unwrap();
    assert_eq!(sent.len(), 1);
    let mut written = change(&item, 1, Outcome::Escalate);
    written.outbox.push(early);
    world.store.record(&key, &written, at(2)).await.unwrap();
    let rows = world.store.outbox_list(10).await.unwrap();
    assert_eq!(rows.len(), 2, "one alert, one verdict");
    assert_eq!(rows.iter().filter(|row| row.attempts == 1).count(), 1);
}

pub async fn a_failing_statement_leaves_nothing_behind(world: World) {
    let item = message("c1", None, "Hi");
    let key = received(&world.store, &item).await;
    let mut refused_by_check = change(&item, 1, Outcome::Hold);
    refused_by_check.window = Some(window(at(0)));
    refused_by_check
        .outbox
        .push(publish("k2", &"x".repeat(256), "{}"));
    let error = world
        .store
        .record(&key, &refused_by_check, at(1))
        .await
        .unwrap_err();
    assert_eq!(
        error,
        StoreError::Constraint {
            statement: "OUTBOX_INSERT",
            constraint: "outbox_routing_key".to_owned()
        }
    );
    let mut refused_by_us = change(&item, 1, Outcome::Hold);
    refused_by_us.audit.actor = "a\0b".to_owned();
    let error = world
        .store
        .record(&key, &refused_by_us, at(1))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NulInText { .. }), "{error:?}");
    let mut before_time = change(&item, 1, Outcome::Hold);
    let mut bad = window(at(0));
    bad.due_at = at(-1);
    before_time.window = Some(bad);
    assert!(world.store.record(&key, &before_time, at(1)).await.is_err());

    assert_eq!(world.store.verdict_by_key(&key).await.unwrap(), None);
    assert!(world.store.outbox_list(10).await.unwrap().is_empty());
    assert!(
        world
            .store
            .audit_lines(SCHOOL, 0, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(world.store.counts().await.unwrap().waiting, 1);
    let good = change(&item, 1, Outcome::Hold);
    assert_eq!(
        world.store.record(&key, &good, at(2)).await,
        Ok(Recorded::Written)
    );
}

pub async fn a_call_dropped_half_way_leaves_nothing_half_written(world: World) {
    for round in 0..40 {
        let item = message(&format!("c{round}"), None, "Hi");
        let key = received(&world.store, &item).await;
        let hold = change(&item, 1, Outcome::Hold);
        let dropped = tokio::spawn({
            let (store, key, hold) = (world.store.clone(), key.clone(), hold.clone());
            async move { store.record(&key, &hold, at(1)).await }
        });
        tokio::time::sleep(std::time::Duration::from_micros(round * 100)).await;
        dropped.abort();
        let _ = dropped.await;
        // Whatever became of it, the next call ends the matter.
        world.store.record(&key, &hold, at(2)).await.unwrap();
        assert_eq!(of(&world.store, &key).await.verdict, hold.verdict);
    }
    let counts = world.store.counts().await.unwrap();
    assert_eq!(
        (counts.hold, counts.waiting, counts.outbox_pending),
        (40, 0, 40)
    );
    let lines = world.store.audit_lines(SCHOOL, 0, 99).await.unwrap();
    assert_eq!(lines.len(), 40);
}

pub async fn a_key_of_another_item_is_refused(world: World) {
    let (one, two) = (message("c1", None, "Hi"), message("c2", None, "Hi"));
    let (key_one, key_two) = (
        received(&world.store, &one).await,
        received(&world.store, &two).await,
    );
    world
        .store
        .propose(&key_one, &[alert("same", true)], at(1))
        .await
        .unwrap();
    let refused = world
        .store
        .propose(&key_two, &[alert("same", true)], at(1))
        .await;
    assert!(
        matches!(
            refused,
            Err(StoreError::Inconsistent {
                table: "outbox",
                ..
            })
        ),
        "{refused:?}"
    );
}

pub async fn a_change_about_another_item_is_refused(world: World) {
    let (one, two) = (message("c1", None, "Hi"), message("c2", None, "Hi"));
    let key = received(&world.store, &one).await;
    for wrong in [
        change(&two, 1, Outcome::Approve),
        change(&one, 2, Outcome::Approve),
    ] {
        let refused = world.store.record(&key, &wrong, at(1)).await;
        assert!(
            matches!(refused, Err(StoreError::Inconsistent { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(world.store.verdict_by_key(&key).await.unwrap(), None);
}

pub async fn an_unknown_item_is_refused(world: World) {
    let item = message("c1", None, "Hi");
    let expected = StoreError::UnknownItem {
        key: "nobody".to_owned(),
    };
    let hold = change(&item, 1, Outcome::Hold);
    assert_eq!(
        world.store.record("nobody", &hold, at(1)).await,
        Err(expected.clone())
    );
    assert_eq!(
        world
            .store
            .propose("nobody", &[alert("k", true)], at(1))
            .await,
        Err(expected)
    );
}

pub async fn a_newer_revision_supersedes_an_open_review_and_keeps_the_clock(world: World) {
    let (first, second) = (message("c1", None, "Hi"), message("c1", None, "Hi!"));
    let key = received(&world.store, &first).await;
    let newer = received(&world.store, &second).await;
    let mut hold = change(&first, 1, Outcome::Hold);
    hold.window = Some(window(at(0)));
    world.store.record(&key, &hold, at(1)).await.unwrap();
    assert_eq!(of(&world.store, &key).await.review.state, ReviewState::Open);

    let mut approve = change(&second, 2, Outcome::Approve);
    approve.window = Some(window(at(3_600)));
    world
        .store
        .record(&newer, &approve, at(3_601))
        .await
        .unwrap();
    let old = of(&world.store, &key).await;
    assert_eq!(
        (old.review.state, old.review.version),
        (ReviewState::Closed, 2)
    );
    assert_eq!(old.review.superseded_by.as_deref(), Some(newer.as_str()));
    assert_eq!(
        old.window.unwrap().superseded_by.as_deref(),
        Some(newer.as_str())
    );
    assert!(!old.is_latest);
    let new = of(&world.store, &newer).await;
    let clock = new.window.unwrap();
    assert_eq!(clock.window.due_at, window(at(0)).due_at);
    assert_eq!(clock.inherited_from.as_deref(), Some(key.as_str()));
    assert_eq!(new.verdict.received_at, at(0));
    assert_eq!(new.verdict.due_at, Some(window(at(0)).due_at));
}

pub async fn a_newer_revision_leaves_an_escalated_review_standing(world: World) {
    let (first, second) = (message("c1", None, "Bad"), message("c1", None, "Nice"));
    let key = received(&world.store, &first).await;
    let newer = received(&world.store, &second).await;
    world
        .store
        .record(&key, &change(&first, 1, Outcome::Escalate), at(1))
        .await
        .unwrap();
    world
        .store
        .record(&newer, &change(&second, 2, Outcome::Approve), at(2))
        .await
        .unwrap();
    let review = of(&world.store, &key).await.review;
    assert_eq!(
        (review.state, review.closed_at),
        (ReviewState::Escalated, None)
    );
}

pub async fn an_older_revision_screened_last_is_superseded_and_hands_on_its_clock(world: World) {
    let (first, second) = (message("c1", None, "Hi"), message("c1", None, "Hi!"));
    let key = received(&world.store, &first).await;
    let newer = received(&world.store, &second).await;
    let mut approve = change(&second, 2, Outcome::Approve);
    approve.window = Some(window(at(3_600)));
    world
        .store
        .record(&newer, &approve, at(3_601))
        .await
        .unwrap();
    let mut hold = change(&first, 1, Outcome::Hold);
    hold.window = Some(window(at(0)));
    world.store.record(&key, &hold, at(3_602)).await.unwrap();

    let old = of(&world.store, &key).await;
    assert_eq!(old.review.state, ReviewState::Closed);
    assert_eq!(old.review.superseded_by.as_deref(), Some(newer.as_str()));
    assert_eq!(
        old.window.unwrap().superseded_by.as_deref(),
        Some(newer.as_str())
    );
    let clock = of(&world.store, &newer).await.window.unwrap();
    assert_eq!(clock.window.received_at, at(0));
    assert_eq!(clock.inherited_from.as_deref(), Some(key.as_str()));
    assert_eq!(clock.superseded_by, None);
}

pub async fn an_edit_after_the_acknowledgement_has_its_own_clock(world: World) {
    let (first, second) = (message("c1", None, "Hi"), message("c1", None, "Hi!"));
    let key = received(&world.store, &first).await;
    let mut approve = change(&first, 1, Outcome::Approve);
    approve.window = Some(window(at(0)));
    world.store.record(&key, &approve, at(1)).await.unwrap();
    let seen = audit(at(60), "m1", "acknowledged");
    assert_eq!(world.store.acknowledge(&key, &seen).await, Ok(true));
    assert_eq!(world.store.acknowledge(&key, &seen).await, Ok(false));
    assert_eq!(
        world.store.audit_lines(SCHOOL, 0, 9).await.unwrap().len(),
        2
    );

    let newer = received(&world.store, &second).await;
    let mut approve = change(&second, 2, Outcome::Approve);
    approve.window = Some(window(at(3_600)));
    world
        .store
        .record(&newer, &approve, at(3_601))
        .await
        .unwrap();
    let clock = of(&world.store, &newer).await.window.unwrap();
    assert_eq!(
        (clock.window, clock.inherited_from),
        (window(at(3_600)), None)
    );
    let old = of(&world.store, &key).await.window.unwrap();
    assert_eq!(
        (old.acknowledged_at, old.acknowledged_by.as_deref()),
        (Some(at(60)), Some("m1"))
    );
}

pub async fn the_newest_revision_has_no_verdict_until_it_is_screened(world: World) {
    let (first, second) = (message("c1", None, "Hi"), message("c1", None, "Hi!"));
    let key = received(&world.store, &first).await;
    world
        .store
        .record(&key, &change(&first, 1, Outcome::Approve), at(1))
        .await
        .unwrap();
    let newest = async || {
        world
            .store
            .verdict(SCHOOL, ItemKind::Comment, "c1", None)
            .await
            .unwrap()
    };
    assert!(newest().await.is_some());
    let newer = received(&world.store, &second).await;
    assert_eq!(newest().await, None);
    assert!(!of(&world.store, &key).await.is_latest);
    let state = world
        .store
        .item_state(SCHOOL, ItemKind::Comment, "c1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((state.key, state.revision, state.verdict), (newer, 2, None));
    assert_eq!(
        world
            .store
            .item_state(SCHOOL, ItemKind::Draft, "c1")
            .await
            .unwrap(),
        None
    );
}

pub async fn verdicts_are_listed_by_time_and_school(world: World) {
    for n in 0..6 {
        let mut item = message(&format!("c{n}"), None, "Hi");
        item.school = if n % 2 == 0 {
            "st-judes"
        } else {
            "st-saviours"
        }
        .to_owned();
        let key = received(&world.store, &item).await;
        world
            .store
            .record(&key, &change(&item, 1, Outcome::Approve), at(n))
            .await
            .unwrap();
    }
    let ids = async |school, from, to, limit| {
        let found = world
            .store
            .verdicts_between(school, at(from), at(to), limit)
            .await
            .unwrap();
        found
            .into_iter()
            .map(|found| found.verdict.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(None, 1, 4, 99).await, ["c3", "c2", "c1"]);
    assert_eq!(ids(Some("st-judes"), 0, 99, 2).await, ["c4", "c2"]);
    assert!(ids(Some("nobody"), 0, 99, 9).await.is_empty());
}

pub async fn counts_say_what_waits_and_what_was_decided(world: World) {
    assert_eq!(world.store.counts().await.unwrap(), Default::default());
    assert_eq!(world.store.backlog().await.unwrap(), Backlog::default());
    for (n, outcome) in [
        Outcome::Approve,
        Outcome::Hold,
        Outcome::Escalate,
        Outcome::Hold,
    ]
    .into_iter()
    .enumerate()
    {
        let item = message(&format!("c{n}"), None, "Hi");
        let key = received(&world.store, &item).await;
        let mut written = change(&item, 1, outcome);
        written.outbox.push(alert(&format!("a{n}"), false));
        world
            .store
            .record(&key, &written, at(10) + SignedDuration::from_secs(n as i64))
            .await
            .unwrap();
    }
    let mut waiting = message("c9", None, "Hi");
    waiting.arrived_at = at(3);
    received(&world.store, &waiting).await;
    let counts = world.store.counts().await.unwrap();
    assert_eq!(
        (counts.approve, counts.hold, counts.escalate, counts.waiting),
        (1, 2, 1, 1)
    );
    assert_eq!(counts.outbox_pending, 8);
    assert_eq!(counts.oldest_waiting, Some(at(3)));
    assert_eq!(counts.oldest_pending_alert, Some(at(10)));
    // What is still to be done is the same, asked cheaply.
    let backlog = world.store.backlog().await.unwrap();
    let expected = Backlog {
        waiting: 1,
        oldest_waiting: Some(at(3)),
        outbox_pending: 8,
        oldest_pending_alert: Some(at(10)),
        dead_letters: 0,
    };
    assert_eq!(backlog, expected);
    let key = received(&world.store, &message("c10", None, "Hi")).await;
    world
        .store
        .propose(&key, &[alert("urgent", true)], at(9))
        .await
        .unwrap();
    let backlog = world.store.backlog().await.unwrap();
    assert_eq!(backlog.oldest_pending_alert, Some(at(9)));
    assert_eq!(backlog.outbox_pending, 9);
}
