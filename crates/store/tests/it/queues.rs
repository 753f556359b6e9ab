//! The screens' lists: their order, their pages, and what nobody else may see.

use std::time::Instant;

use schoolgate_model::{Audience, ItemKind, Outcome, Redacted, Role};
use schoolgate_policy::{Decision, Restricted, ReviewState, Sight};
use schoolgate_store::{
    NewItem, QueueCounts, QueueList, QueueMark, QueueQuery, QueueRow, QueueScope, Store,
};

use crate::world::{
    ALL_SIGHT, SCHOOL, World, alerting, at, change, comment, decision, message, recorded,
};

fn scope(sight: Sight) -> QueueScope {
    QueueScope {
        school: SCHOOL.to_owned(),
        sight,
    }
}

fn asking(sight: Sight, list: QueueList) -> QueueQuery {
    QueueQuery {
        scopes: vec![scope(sight)],
        kind: None,
        list,
    }
}

async fn rows(store: &Store, query: &QueueQuery) -> Vec<QueueRow> {
    store.queue(query, at(100), 50, None).await.unwrap()
}

async fn ids(store: &Store, query: &QueueQuery) -> Vec<String> {
    let rows = rows(store, query).await;
    rows.into_iter().map(|row| row.id).collect()
}

fn draft(id: &str, author: &str) -> NewItem {
    let mut item = message(id, None, "Hi");
    item.kind = ItemKind::Draft;
    item.author = Some(Redacted::new(author.to_owned()));
    item
}

fn later(id: &str, seconds: i64) -> NewItem {
    let mut item = message(id, None, "Hi");
    item.created_at = at(seconds);
    item
}

/// One of each: what it is called says where it belongs.
async fn one_of_each(store: &Store) {
    for (item, change) in [
        (later("rest", 2), (Outcome::Approve, false)),
        (later("asks-later", 9), (Outcome::Approve, true)),
        (later("asks", 3), (Outcome::Approve, true)),
        (later("rude", 8), (Outcome::Hold, false)),
        (later("threat", 7), (Outcome::Escalate, false)),
    ] {
        let mut change = comment(&item, change.0, change.1);
        change.verdict.alert = Vec::new();
        recorded(store, &item, &change).await;
    }
    for (id, alert) in [
        ("plain", vec![Audience::Author]),
        ("senior", vec![Audience::Author, Audience::Slt]),
        ("listed", vec![Audience::Dsl]),
    ] {
        let item = draft(id, "j.bloggs");
        let change = alerting(change(&item, 1, Outcome::Hold), &alert);
        recorded(store, &item, &change).await;
    }
    let item = later("allegation", 1);
    let change = alerting(comment(&item, Outcome::Escalate, false), &[Audience::Head]);
    recorded(store, &item, &change).await;
}

pub async fn what_matters_comes_first(world: World) {
    one_of_each(&world.store).await;
    let query = asking(ALL_SIGHT, QueueList::Waiting);
    assert_eq!(
        ids(&world.store, &query).await,
        [
            "allegation",
            "threat",
            "plain",
            "senior",
            "listed",
            "rude",
            "asks",
            "asks-later",
            "rest"
        ]
    );
    let escalated = asking(ALL_SIGHT, QueueList::Escalated);
    assert_eq!(
        ids(&world.store, &escalated).await,
        ["allegation", "threat"]
    );
    let mut held = asking(ALL_SIGHT, QueueList::Held);
    held.kind = Some(ItemKind::Draft);
    assert_eq!(
        ids(&world.store, &held).await,
        ["plain", "senior", "listed"]
    );
    let row = &rows(&world.store, &query).await[6];
    assert_eq!(row.platform.as_deref(), Some("facebook"));
    assert_eq!((row.outcome, row.held), (Some(Outcome::Approve), false));
    assert_eq!((row.needs_response, row.version), (true, 1));
    assert_eq!((row.received_at, row.due_at), (at(3), Some(at(3 + 86_400))));
}

pub async fn what_is_kept_back_is_in_no_list_and_no_count_of_others(world: World) {
    one_of_each(&world.store).await;
    let count = |sight| {
        let store = world.store.clone();
        async move {
            store
                .queue_counts(&[scope(sight)], at(90_000))
                .await
                .unwrap()
        }
    };
    let everything = QueueCounts {
        escalated: 2,
        held_drafts: 3,
        held_comments: 1,
        needs_response: 2,
        rest: 1,
        overdue: 2,
    };
    assert_eq!(count(ALL_SIGHT).await, everything);
    for (roles, hidden, escalated, held_drafts) in [
        (
            vec![Role::Moderator],
            vec!["allegation", "senior", "listed"],
            1,
            1,
        ),
        (vec![Role::Slt], vec!["allegation", "listed"], 1, 2),
        (vec![Role::Head], vec!["listed"], 2, 2),
        (vec![Role::Slt, Role::Dsl], vec!["allegation"], 1, 3),
    ] {
        let sight = Sight::of(&roles);
        let seen = ids(&world.store, &asking(sight, QueueList::Waiting)).await;
        assert_eq!(seen.len(), 9 - hidden.len(), "{roles:?}");
        assert!(hidden.iter().all(|id| seen.iter().all(|seen| seen != id)));
        let counts = count(sight).await;
        assert_eq!(
            (counts.escalated, counts.held_drafts),
            (escalated, held_drafts)
        );
    }
    let dsl = asking(Sight::of(&[Role::Dsl]), QueueList::Waiting);
    assert_eq!(ids(&world.store, &dsl).await, ["listed"]);
    for roles in [&[Role::Author][..], &[Role::Administrator], &[]] {
        let sight = Sight::of(roles);
        for list in [QueueList::Waiting, QueueList::Done] {
            assert_eq!(ids(&world.store, &asking(sight, list)).await, [""; 0]);
        }
        assert_eq!(count(sight).await, QueueCounts::default());
    }
    let mut elsewhere = asking(ALL_SIGHT, QueueList::Waiting);
    elsewhere.scopes[0].school = "elsewhere".to_owned();
    assert_eq!(ids(&world.store, &elsewhere).await, [""; 0]);
}

pub async fn pages_over_several_schools_show_each_row_once(world: World) {
    let mut expected = Vec::new();
    for number in 0..30 {
        let mut item = later(&format!("c{number:02}"), number / 4);
        if number % 3 == 0 {
            item.school = "elsewhere".to_owned();
        }
        let change = comment(&item, Outcome::Approve, number % 2 == 0);
        expected.push(recorded(&world.store, &item, &change).await);
    }
    let mut query = asking(ALL_SIGHT, QueueList::Waiting);
    let mut other = scope(ALL_SIGHT);
    other.school = "elsewhere".to_owned();
    query.scopes.push(other);
    let (mut seen, mut mark) = (Vec::new(), None::<QueueMark>);
    loop {
        let page = world
            .store
            .queue(&query, at(0), 7, mark.as_ref())
            .await
            .unwrap();
        assert!(page.len() <= 7);
        let Some(last) = page.last() else { break };
        mark = QueueMark::from_text(&last.mark.to_text());
        assert_eq!(mark.as_ref(), Some(&last.mark));
        seen.extend(page.into_iter().map(|row| row.key));
    }
    let whole = world.store.queue(&query, at(0), 200, None).await.unwrap();
    let whole: Vec<String> = whole.into_iter().map(|row| row.key).collect();
    assert_eq!(seen, whole);
    seen.sort_unstable();
    assert_eq!(seen, expected);
    assert_eq!(QueueMark::from_text("1.2"), None);
}

pub async fn authors_find_their_own_newest_drafts_in_every_state(world: World) {
    let store = &world.store;
    for (id, author, alert) in [
        ("held", "J.Bloggs", vec![Audience::Author]),
        ("kept", " j.bloggs ", vec![Audience::Dsl]),
        ("other", "somebody", vec![]),
    ] {
        let item = draft(id, author);
        let change = alerting(change(&item, 1, Outcome::Hold), &alert);
        recorded(store, &item, &change).await;
    }
    let waiting = draft("waiting", "bloggs@st-judes.example");
    store.receive(&[waiting]).await.unwrap();
    let own = |names: &[&str]| {
        let authors = names.iter().map(|name| Redacted::new((*name).to_owned()));
        asking(
            Sight::default(),
            QueueList::Own {
                authors: authors.collect(),
            },
        )
    };
    let mut mine = ids(store, &own(&["J.BLOGGS", "bloggs@st-judes.example", ""])).await;
    mine.sort_unstable();
    assert_eq!(mine, ["held", "kept", "waiting"]);
    let one = rows(store, &own(&["bloggs@st-judes.example"])).await;
    assert_eq!((one[0].outcome, one[0].version), (None, 0));
    assert_eq!(ids(store, &own(&[])).await, [""; 0]);
}

pub async fn what_is_done_is_listed_last_closed_first(world: World) {
    let store = &world.store;
    for (id, seconds) in [("first", 10), ("second", 20)] {
        let item = message(id, None, "Hi");
        let key = recorded(store, &item, &comment(&item, Outcome::Hold, false)).await;
        let mut change = decision(&key, 1, "m1", Decision::Approve, ReviewState::Closed);
        change.at = at(seconds);
        store.decide(&key, 1, &change).await.unwrap();
    }
    let kept = message("kept", None, "Hi");
    let change = alerting(change(&kept, 1, Outcome::Approve), &[Audience::Dsl]);
    recorded(store, &kept, &change).await;
    let plain = asking(Sight::of(&[Role::Moderator]), QueueList::Done);
    assert_eq!(ids(store, &plain).await, ["second", "first"]);
    let all = rows(store, &asking(ALL_SIGHT, QueueList::Done)).await;
    assert_eq!(all.len(), 3);
    let next = store
        .queue(
            &asking(ALL_SIGHT, QueueList::Done),
            at(0),
            9,
            Some(&all[0].mark),
        )
        .await
        .unwrap();
    assert_eq!(next.len(), 2);
    assert_eq!(all[2].restricted, Some(Restricted::Dsl));
    let waiting = asking(ALL_SIGHT, QueueList::Waiting);
    assert_eq!(ids(store, &waiting).await, [""; 0]);
}

pub async fn fifty_thousand_waiting_comments_do_not_slow_a_page(world: World) {
    let item = message("seed", None, "Hi");
    let mut seed = comment(&item, Outcome::Approve, true);
    seed.verdict.alert = vec![Audience::Moderator];
    recorded(&world.store, &item, &seed).await;
    world
        .tamper(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) \
             INSERT INTO item_head SELECT school, kind, 'n' || x, 1, 1, 1, 'n' || x FROM n, item_head; \
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) \
             INSERT INTO item (key, school, kind, id, revision, verb, ordinal, content_hash, body, created_at, arrived_at, \
             has_media, state, attempts) SELECT 'n' || x, school, kind, 'n' || x, 1, verb, 1, content_hash, body, \
             created_at + x, arrived_at + x, 0, state, attempts FROM n, item WHERE id = 'seed'; \
             INSERT INTO verdict (item_key, version, is_current, outcome, body, recorded_at) \
             SELECT i.key, 1, 1, v.outcome, v.body, v.recorded_at FROM item i, verdict v WHERE i.id <> 'seed'; \
             INSERT INTO review (item_key, state, version, opened_at, school, kind, held, senior, restricted, rank, sort_at) \
             SELECT i.key, 'open', 1, i.arrived_at, i.school, i.kind, 0, 0, \
             CASE WHEN i.created_at % 10 = 0 THEN 'dsl' END, 2 + i.created_at % 2, i.created_at \
             FROM item i WHERE i.id <> 'seed'; \
             INSERT INTO response_window (item_key, received_at, due_at, mode, division, calendar_version, needs_response, \
             why) SELECT i.key, i.created_at, i.created_at + 86400000, w.mode, w.division, w.calendar_version, 1, w.why \
             FROM item i, response_window w WHERE i.id <> 'seed'; \
             ANALYZE",
        )
        .await;
    let query = asking(Sight::of(&[Role::Moderator]), QueueList::Waiting);
    let store = &world.store;
    let first = store.queue(&query, at(0), 50, None).await.unwrap();
    let began = Instant::now();
    let next = store
        .queue(&query, at(0), 50, first.last().map(|row| &row.mark))
        .await;
    let page = began.elapsed();
    assert_eq!(next.unwrap().len(), 50);
    let counts = store.queue_counts(&query.scopes, at(0)).await.unwrap();
    let counted = began.elapsed() - page;
    assert!(counts.needs_response + counts.rest > 40_000, "{counts:?}");
    assert!(page.as_millis() < 500, "{page:?}");
    assert!(counted.as_millis() < 2_000, "{counted:?}");
    store
        .queue(
            &query,
            at(0),
            50,
            Some(&QueueMark::from_text("3.0.x").unwrap()),
        )
        .await
        .unwrap();
}
