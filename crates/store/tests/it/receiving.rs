//! The inbox: duplicates, edits, conflicts, hostile text.

use schoolgate_model::{Audience, ItemKind, Outcome, Verb};
use schoolgate_policy::{OutboxKind, ReviewState};
use schoolgate_store::{
    CONFLICTING_REVISION, NewItem, OutboxState, Receipt, Recorded, Store, StoreError, Wanted,
};

use crate::world::{ALL, SCHOOL, World, at, change, message, received, recorded};

async fn one(store: &Store, item: &NewItem) -> Receipt {
    let mut receipts = store.receive(std::slice::from_ref(item)).await.unwrap();
    assert_eq!(receipts.len(), 1);
    receipts.remove(0)
}

fn new(item: &NewItem, revision: u32) -> Receipt {
    Receipt::New {
        key: item.key.clone(),
        revision,
    }
}

fn duplicate(item: &NewItem, revision: u32) -> Receipt {
    Receipt::Duplicate {
        key: item.key.clone(),
        revision,
    }
}

fn conflict(item: &NewItem, revision: u32) -> Receipt {
    Receipt::Conflict {
        key: item.key.clone(),
        revision,
    }
}

pub async fn a_first_message_makes_a_row(world: World) {
    let item = message("c1", Some(3), "Hello");
    assert_eq!(one(&world.store, &item).await, new(&item, 3));
    let stored = world.store.item(&item.key).await.unwrap().unwrap();
    assert_eq!(
        (stored.revision, stored.body, stored.verb),
        (3, b"Hello".to_vec(), Verb::Add)
    );
    assert_eq!(world.store.item("nobody").await.unwrap(), None);
}

pub async fn the_same_message_twice_is_a_duplicate(world: World) {
    for revision in [Some(1), None] {
        let id = format!("c{revision:?}");
        let (first, again) = (message(&id, revision, "Hi"), message(&id, revision, "Hi"));
        assert_eq!(one(&world.store, &first).await, new(&first, 1));
        assert_eq!(one(&world.store, &again).await, duplicate(&first, 1));
        assert_eq!(world.store.item(&again.key).await.unwrap(), None);
    }
    assert_eq!(world.store.counts().await.unwrap().waiting, 2);
}

pub async fn a_batch_may_hold_the_same_message_twice(world: World) {
    let batch = [
        message("c1", Some(1), "Hi"),
        message("c1", Some(1), "Hi"),
        message("c1", Some(1), "Ho"),
        message("c2", None, "Hi"),
        message("c2", None, "Hi"),
        message("c2", None, "Ho"),
    ];
    let receipts = world.store.receive(&batch).await.unwrap();
    assert_eq!(
        receipts,
        [
            new(&batch[0], 1),
            duplicate(&batch[0], 1),
            conflict(&batch[0], 1),
            new(&batch[3], 1),
            duplicate(&batch[3], 1),
            new(&batch[5], 2),
        ]
    );
    assert_eq!(world.store.receive(&[]).await.unwrap(), []);
}

pub async fn receipts_come_in_the_order_of_the_batch(world: World) {
    let batch = [
        message("z", None, "1"),
        message("a", None, "2"),
        message("z", None, "3"),
        message("m", None, "4"),
    ];
    let receipts = world.store.receive(&batch).await.unwrap();
    let expected: Vec<_> = batch
        .iter()
        .zip([1, 1, 2, 1])
        .map(|(item, revision)| new(item, revision))
        .collect();
    assert_eq!(receipts, expected);
}

pub async fn an_edit_without_a_revision_is_the_next_revision(world: World) {
    let first = message("c1", None, "Hi");
    let edited = message("c1", None, "Hi there");
    let back = message("c1", None, "Hi");
    assert_eq!(one(&world.store, &first).await, new(&first, 1));
    assert_eq!(one(&world.store, &edited).await, new(&edited, 2));
    assert_eq!(one(&world.store, &back).await, new(&back, 3));
    // The same words under another verb are something else that happened.
    let mut removed = message("c1", None, "Hi");
    removed.verb = Verb::Remove;
    assert_eq!(one(&world.store, &removed).await, new(&removed, 4));
}

pub async fn an_older_revision_that_comes_late_does_not_become_the_newest(world: World) {
    let second = message("c1", Some(2), "Second");
    let first = message("c1", Some(1), "First");
    assert_eq!(one(&world.store, &second).await, new(&second, 2));
    assert_eq!(one(&world.store, &first).await, new(&first, 1));
    let state = world
        .store
        .item_state(SCHOOL, ItemKind::Comment, "c1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(state.key, second.key);
    let third = message("c1", None, "Third");
    assert_eq!(one(&world.store, &third).await, new(&third, 3));
}

pub async fn two_verbs_of_one_revision_are_two_rows(world: World) {
    let added = message("c1", Some(1), "Hi");
    let mut removed = message("c1", Some(1), "Hi");
    removed.verb = Verb::Remove;
    assert_eq!(one(&world.store, &added).await, new(&added, 1));
    assert_eq!(one(&world.store, &removed).await, new(&removed, 1));
    let state = world
        .store
        .item_state(SCHOOL, ItemKind::Comment, "c1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((state.key, state.verb), (removed.key, Verb::Remove));
}

pub async fn the_same_id_in_another_school_or_kind_is_another_item(world: World) {
    let here = message("x", Some(1), "Hi");
    let mut there = message("x", Some(1), "Ho");
    there.school = "st-saviours".to_owned();
    let mut draft = message("x", Some(1), "Hum");
    draft.kind = ItemKind::Draft;
    for item in [&here, &there, &draft] {
        assert_eq!(one(&world.store, item).await, new(item, 1));
    }
}

pub async fn eight_tasks_that_receive_the_same_message_make_one_row(world: World) {
    for revision in [Some(1), None] {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = world.store.clone();
                let item = message(&format!("c{revision:?}"), revision, "Hi");
                tokio::spawn(async move { one(&store, &item).await })
            })
            .collect();
        let mut fresh = 0;
        for task in tasks {
            match task.await.unwrap() {
                Receipt::New { revision, .. } => {
                    assert_eq!(revision, 1);
                    fresh += 1;
                }
                Receipt::Duplicate { .. } => {}
                Receipt::Conflict { .. } => panic!("the content is the same"),
            }
        }
        assert_eq!(fresh, 1);
    }
}

pub async fn eight_tasks_that_edit_the_same_item_make_eight_revisions(world: World) {
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = world.store.clone();
            let item = message("c1", None, &format!("text {n}"));
            tokio::spawn(async move { one(&store, &item).await })
        })
        .collect();
    let mut revisions = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            Receipt::New { revision, .. } => revisions.push(revision),
            other => panic!("{other:?}"),
        }
    }
    revisions.sort_unstable();
    assert_eq!(revisions, [1, 2, 3, 4, 5, 6, 7, 8]);
}

pub async fn crossing_batches_do_not_block_each_other(world: World) {
    // Items in opposite order, each with a conflict, so that heads and audit chains of two schools are all locked.
    for item in schools("first", 1) {
        one(&world.store, &item).await;
    }
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = world.store.clone();
            tokio::spawn(async move {
                let mut batch = schools(&format!("other {n}"), 1);
                if n % 2 == 0 {
                    batch.reverse();
                }
                store.receive(&batch).await.map(|receipts| receipts.len())
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(10));
    }
}

fn schools(text: &str, revision: u32) -> Vec<NewItem> {
    (0..10)
        .map(|n| {
            let mut item = message(&format!("c{n}"), Some(revision), text);
            item.school = if n % 2 == 0 {
                "st-judes"
            } else {
                "st-saviours"
            }
            .to_owned();
            item
        })
        .collect()
}

pub async fn a_batch_of_conflicts_and_those_who_carry_out_do_not_block_each_other(world: World) {
    // The order of the ids is not that of the keys of rows and effects.
    for round in 0..4 {
        let mut keys = Vec::new();
        let mut effects = Vec::new();
        for number in (0..40).rev() {
            let item = message(&format!("c{round}-{number:02}"), Some(1), "Hi");
            let approval = change(&item, 1, Outcome::Approve);
            if number % 2 == 0 {
                recorded(&world.store, &item, &approval).await;
                effects.push(approval.outbox[0].key.clone());
            } else {
                keys.push(received(&world.store, &item).await);
            }
        }
        world.store.claim("w", ALL, at(1), 600_000).await.unwrap();
        world
            .store
            .outbox_claim("r", Wanted::default(), 1_000, at(1), 600_000)
            .await
            .unwrap();
        let other: Vec<NewItem> = (0..40)
            .map(|number| message(&format!("c{round}-{number:02}"), Some(1), "Ho"))
            .collect();
        let batch = {
            let store = world.store.clone();
            tokio::spawn(async move { store.receive(&other).await.map(drop) })
        };
        let sent = {
            let store = world.store.clone();
            tokio::spawn(
                async move { store.outbox_sent_many(&effects, "r", at(2)).await.map(drop) },
            )
        };
        let kept = {
            let store = world.store.clone();
            tokio::spawn(async move { store.keep(&keys, "w", at(2), 600_000).await.map(drop) })
        };
        for task in [batch, sent, kept] {
            assert_eq!(task.await.unwrap(), Ok(()));
        }
    }
}

pub async fn other_content_under_the_same_key_is_kept_and_marks_the_item(world: World) {
    let first = message("c1", Some(1), "Hi");
    let mut other = message("c1", Some(1), "Ho");
    other.body = b"Ho\0".to_vec();
    one(&world.store, &first).await;
    assert_eq!(one(&world.store, &other).await, conflict(&first, 1));
    let letters = world.store.dead_letters(10).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (letters[0].reason.as_str(), letters[0].school.as_deref()),
        (CONFLICTING_REVISION, Some(SCHOOL))
    );
    assert_eq!(letters[0].item_key.as_deref(), Some(first.key.as_str()));
    assert_eq!(letters[0].body, b"Ho\0");
    let claimed = world.store.claim("w", ALL, at(1), 1_000).await.unwrap();
    assert!(claimed[0].conflicted);
    assert_eq!(claimed[0].body, b"Hi");
    let lines = world.store.audit_lines(SCHOOL, 0, 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.action, CONFLICTING_REVISION);
}

pub async fn a_conflict_after_an_approval_makes_it_a_hold(world: World) {
    let first = message("c1", Some(1), "Hi");
    let key = received(&world.store, &first).await;
    let approval = change(&first, 1, Outcome::Approve);
    world.store.record(&key, &approval, at(1)).await.unwrap();
    one(&world.store, &message("c1", Some(1), "Ho")).await;

    let verdict = world
        .store
        .verdict(SCHOOL, ItemKind::Comment, "c1", Some(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(verdict.verdict.outcome, Outcome::Hold);
    assert_eq!((verdict.version, verdict.conflicted), (2, true));
    assert_eq!(verdict.review.state, ReviewState::Open);
    assert_eq!(verdict.verdict.reasons.len(), 1);
    assert_eq!(
        verdict.verdict.reasons[0].rule.as_str(),
        "conflicting-revision"
    );

    let rows = world.store.outbox_list(10).await.unwrap();
    assert_eq!(rows.len(), 3);
    let pending = |kind| {
        let mut rows = rows.iter();
        rows.find(|row| row.state == OutboxState::Pending && row.kind == kind)
            .unwrap()
    };
    let told = pending(OutboxKind::Alert);
    assert_eq!(told.audience, Some(Audience::Moderator));
    assert_eq!(verdict.verdict.alert, [Audience::Moderator]);
    let hold = pending(OutboxKind::Publish);
    assert_eq!(hold.routing_key, "verdict.comment.hold.st-judes");
    assert!(hold.body.contains("\"outcome\":\"hold\""), "{}", hold.body);
    assert!(hold.body.contains("\"version\":2"), "{}", hold.body);
    let approval_row = rows
        .iter()
        .find(|row| row.key == approval.outbox[0].key)
        .unwrap();
    assert_eq!(approval_row.state, OutboxState::Superseded);

    let counts = world.store.counts().await.unwrap();
    assert_eq!((counts.approve, counts.hold), (0, 1));
}

pub async fn a_conflict_before_the_verdict_turns_the_approval_into_a_hold(world: World) {
    let first = message("c1", Some(1), "Hi");
    let key = received(&world.store, &first).await;
    one(&world.store, &message("c1", Some(1), "Ho")).await;
    let recorded = world
        .store
        .record(&key, &change(&first, 1, Outcome::Approve), at(1))
        .await;
    assert_eq!(recorded, Ok(Recorded::Written));
    let verdict = world.store.verdict_by_key(&key).await.unwrap().unwrap();
    assert_eq!(verdict.verdict.outcome, Outcome::Hold);
    assert_eq!(verdict.review.state, ReviewState::Open);
    let rows = world.store.outbox_list(10).await.unwrap();
    let mut routes: Vec<&str> = rows.iter().map(|row| row.routing_key.as_str()).collect();
    routes.sort_unstable();
    let expected = ["alert.moderator.st-judes", "verdict.comment.hold.st-judes"];
    assert_eq!(routes, expected);
    assert!(rows.iter().all(|row| !row.body.contains("approve")));
}

pub async fn a_conflict_leaves_an_escalation_as_it_is(world: World) {
    let first = message("c1", Some(1), "Hi");
    let key = received(&world.store, &first).await;
    let escalation = change(&first, 1, Outcome::Escalate);
    world.store.record(&key, &escalation, at(1)).await.unwrap();
    one(&world.store, &message("c1", Some(1), "Ho")).await;
    let verdict = world.store.verdict_by_key(&key).await.unwrap().unwrap();
    assert_eq!(verdict.verdict, escalation.verdict);
    assert_eq!(
        (verdict.version, verdict.review.state),
        (1, ReviewState::Escalated)
    );
    assert!(verdict.conflicted);
}

pub async fn the_same_conflict_twice_has_one_effect(world: World) {
    let first = message("c1", Some(1), "Hi");
    let key = received(&world.store, &first).await;
    let approval = change(&first, 1, Outcome::Approve);
    world.store.record(&key, &approval, at(1)).await.unwrap();
    for _ in 0..3 {
        one(&world.store, &message("c1", Some(1), "Ho")).await;
    }
    assert_eq!(world.store.dead_letters(10).await.unwrap().len(), 1);
    assert_eq!(world.store.outbox_list(10).await.unwrap().len(), 3);
    // A second, different conflict is kept too, but the hold stands already.
    one(&world.store, &message("c1", Some(1), "Hum")).await;
    assert_eq!(world.store.dead_letters(10).await.unwrap().len(), 2);
    let verdict = world.store.verdict_by_key(&key).await.unwrap().unwrap();
    assert_eq!(verdict.version, 2);
    // screened, then one line a conflict
    assert_eq!(
        world.store.audit_lines(SCHOOL, 0, 10).await.unwrap().len(),
        3
    );
}

pub async fn a_producer_without_revisions_left_is_held(world: World) {
    let last = message("c1", Some(u32::MAX), "Hi");
    assert_eq!(one(&world.store, &last).await, new(&last, u32::MAX));
    let beyond = message("c1", None, "Ho");
    assert_eq!(one(&world.store, &beyond).await, conflict(&last, u32::MAX));
}

pub async fn a_text_with_nul_is_refused_and_a_body_with_nul_is_kept(world: World) {
    let refused = world.store.receive(&[message("c\0", None, "Hi")]).await;
    assert!(
        matches!(refused, Err(StoreError::NulInText { .. })),
        "{refused:?}"
    );
    assert_eq!(world.store.counts().await.unwrap().waiting, 0);
    let mut item = message("c1", None, "Hi");
    item.body = b"{\"text\":\"a\0b\",\"bytes\":\"\xff\xfe\"}".to_vec();
    let key = received(&world.store, &item).await;
    let stored = world.store.item(&key).await.unwrap().unwrap();
    assert_eq!(stored.body, item.body);
    let claimed = world.store.claim("w", ALL, at(1), 1_000).await.unwrap();
    assert_eq!(claimed[0].body, item.body);
}

pub async fn hostile_text_comes_back_unchanged(world: World) {
    let texts = [
        "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿".to_owned(),
        "\u{202e}evil\u{202c} \u{200f}שלום مرحبا".to_owned(),
        "\u{fffd}\u{feff}\u{10ffff}\u{1}\u{7f}".to_owned(),
        "'); DROP TABLE item; -- $1 ? :x @y".to_owned(),
        "Z̸̡̛̺͇a̷l̶g̴o".to_owned(),
        "ä".repeat(500_000),
    ];
    for (n, text) in texts.iter().enumerate() {
        let id = format!("{n} {}", text.chars().take(40).collect::<String>());
        let item = message(&id, None, text);
        let key = received(&world.store, &item).await;
        let mut written = change(&item, 1, Outcome::Hold);
        written.verdict.actions = vec![text.clone()];
        written.outbox[0].body.clone_from(text);
        world.store.record(&key, &written, at(1)).await.unwrap();
        let stored = world.store.item(&key).await.unwrap().unwrap();
        assert_eq!(
            (stored.id, stored.body),
            (id.clone(), text.as_bytes().to_vec())
        );
        let verdict = world
            .store
            .verdict(SCHOOL, ItemKind::Comment, &id, None)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(verdict.verdict, written.verdict);
        let sent = world
            .store
            .outbox_claim(
                "r",
                Wanted {
                    kind: Some(OutboxKind::Publish),
                    ..Wanted::default()
                },
                1,
                at(2),
                3_600_000,
            )
            .await
            .unwrap();
        assert_eq!(&sent[0].body, text);
    }
}

pub async fn nothing_prints_the_body(world: World) {
    let item = message("c1", Some(1), "Amelia Whitcombe");
    let key = received(&world.store, &item).await;
    let mut other = message("c1", Some(1), "x");
    other.body = b"Amelia".to_vec();
    one(&world.store, &other).await;
    let claimed = world.store.claim("w", ALL, at(1), 1_000).await.unwrap();
    let printed = format!(
        "{item:?} {claimed:?} {:?} {:?}",
        world.store.item(&key).await.unwrap(),
        world.store.dead_letters(9).await.unwrap()
    );
    assert!(!printed.contains("Amelia"), "{printed}");
    assert!(!printed.contains("65, 109"), "{printed}");
}

pub async fn a_trace_goes_from_the_message_to_its_effects(world: World) {
    let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for (id, sent, kept) in [
        ("c1", Some(good), Some(good)),
        ("c2", None, None),
        ("c3", Some("00-short-01"), None),
        (
            "c4",
            Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\0"),
            None,
        ),
        (
            "c5",
            Some("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            None,
        ),
        (
            "c6",
            Some("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            None,
        ),
    ] {
        let mut item = message(id, Some(1), "Hi");
        item.traceparent = sent.map(str::to_owned);
        // A label that no engine takes is no reason to lose the item.
        item.platform = Some("a\0b".to_owned());
        let key = recorded(&world.store, &item, &change(&item, 1, Outcome::Hold)).await;
        let rows = world.store.outbox_list(99).await.unwrap();
        let row = rows.iter().find(|row| row.item_key == key).unwrap();
        assert_eq!(row.traceparent.as_deref(), kept, "{id}");
    }
}
