//! What is for the safeguarding lead or the head stays theirs over all revisions, whichever was screened first.

use schoolgate_model::{Audience, ItemKind, Outcome};
use schoolgate_policy::{
    Change, Decision, EscalateTo, OutboxEntry, OutboxKind, Restricted, ReviewState, stages_due,
};
use schoolgate_store::{Decided, NewItem, QueueList, QueueQuery, QueueScope, Store};

use crate::world::{
    SCHOOL, World, alert, alerting, at, change, comment, decision, message, received, recorded,
};

const DSL: Option<Restricted> = Some(Restricted::Dsl);

async fn mark(store: &Store, key: &str) -> Option<Restricted> {
    store.review(key).await.unwrap().unwrap().restricted
}

fn revision(number: u32, kind: ItemKind, text: &str) -> NewItem {
    let mut item = message("c1", Some(number), text);
    item.kind = kind;
    item
}

fn telling(mut change: Change, to: Audience) -> Change {
    change.outbox.push(OutboxEntry {
        key: format!("told/{}/{}", change.verdict.revision, to.code()),
        routing_key: format!("alert.{}.{SCHOOL}", to.code()),
        audience: Some(to),
        ..alert("", false)
    });
    alerting(change, &[to])
}

async fn told(store: &Store) -> Vec<(Audience, String)> {
    let rows = store.outbox_list(99).await.unwrap();
    let mut told: Vec<(Audience, String)> = rows
        .into_iter()
        .filter(|row| row.kind == OutboxKind::Alert)
        .map(|row| (row.audience.unwrap(), row.routing_key))
        .collect();
    told.sort_unstable();
    told
}

async fn moderators_see(store: &Store) -> usize {
    let mut sight = crate::world::ALL_SIGHT;
    (sight.dsl, sight.head) = (false, false);
    let query = QueueQuery {
        scopes: vec![QueueScope {
            school: SCHOOL.to_owned(),
            sight,
        }],
        kind: None,
        list: QueueList::Waiting,
    };
    store.queue(&query, at(100), 50, None).await.unwrap().len()
}

async fn hand_on(store: &Store, key: &str, to: EscalateTo) {
    let decision = decision(
        key,
        1,
        "m1",
        Decision::Escalate { to },
        ReviewState::Escalated,
    );
    let written = store.decide(key, 1, &decision).await.unwrap();
    assert_eq!(written, Decided::Written { version: 2 });
}

pub async fn an_edit_after_a_person_handed_it_on_stays_with_the_lead(world: World) {
    let store = &world.store;
    let first = revision(1, ItemKind::Comment, "Hi");
    let key = recorded(store, &first, &comment(&first, Outcome::Approve, true)).await;
    assert_eq!(moderators_see(store).await, 1);
    hand_on(store, &key, EscalateTo::Dsl).await;
    let second = revision(2, ItemKind::Comment, "Hi,");
    let edit = comment(&second, Outcome::Approve, true);
    let newer = recorded(store, &second, &edit).await;
    assert_eq!(mark(store, &newer).await, DSL);
    assert_eq!(moderators_see(store).await, 0);
    // The clock that runs out is told to nobody else either.
    let now = at(30 * 3_600);
    let due = store.windows_due(now, 9).await.unwrap();
    assert_eq!(due.len(), 1);
    let stages = stages_due(&due[0].running(), now);
    store.record_stages(&newer, &stages, now).await.unwrap();
    assert_eq!(
        told(store).await,
        [(Audience::Dsl, "alert.dsl.st-judes".to_owned())]
    );
}

pub async fn a_hold_for_the_lead_stays_theirs_when_it_is_reworded(world: World) {
    let store = &world.store;
    for kind in [ItemKind::Comment, ItemKind::Draft] {
        let first = revision(1, kind, "Hi");
        let hold = alerting(change(&first, 1, Outcome::Hold), &[Audience::Dsl]);
        recorded(store, &first, &hold).await;
        let second = revision(2, kind, "Hi,");
        let fine = recorded(store, &second, &change(&second, 2, Outcome::Approve)).await;
        assert_eq!(mark(store, &fine).await, DSL, "{kind:?}");
        let third = revision(3, kind, "Ho");
        let head = alerting(change(&third, 3, Outcome::Hold), &[Audience::Head]);
        let both = recorded(store, &third, &head).await;
        for key in [fine, both] {
            assert_eq!(mark(store, &key).await, Some(Restricted::DslAndHead));
        }
    }
    assert_eq!(moderators_see(store).await, 0);
}

pub async fn those_who_may_see_it_are_told_of_the_edit_in_place_of_others(world: World) {
    let store = &world.store;
    let first = revision(1, ItemKind::Draft, "Hi");
    let hold = alerting(change(&first, 1, Outcome::Hold), &[Audience::Dsl]);
    recorded(store, &first, &hold).await;
    let second = revision(2, ItemKind::Draft, "Hi,");
    let key = received(store, &second).await;
    let early = telling(change(&second, 2, Outcome::Hold), Audience::Slt);
    store
        .propose(&key, &early.outbox[1..], at(2))
        .await
        .unwrap();
    store.record(&key, &early, at(2)).await.unwrap();
    let dsl = (Audience::Dsl, "alert.dsl.st-judes".to_owned());
    assert_eq!(told(store).await, std::slice::from_ref(&dsl));
    let third = revision(3, ItemKind::Draft, "Hi;");
    let author = telling(change(&third, 3, Outcome::Hold), Audience::Author);
    recorded(store, &third, &author).await;
    let author = (Audience::Author, "alert.author.st-judes".to_owned());
    assert_eq!(told(store).await, [dsl.clone(), dsl, author]);
}

pub async fn a_revision_that_was_screened_first_is_kept_back_by_an_earlier_one(world: World) {
    let store = &world.store;
    let first = revision(1, ItemKind::Comment, "Hi");
    let second = revision(2, ItemKind::Comment, "Ho");
    let key = received(store, &first).await;
    let newer = recorded(store, &second, &change(&second, 2, Outcome::Hold)).await;
    assert_eq!(mark(store, &newer).await, None);
    let late = alerting(change(&first, 1, Outcome::Hold), &[Audience::Dsl]);
    store.record(&key, &late, at(3)).await.unwrap();
    assert_eq!(
        (mark(store, &newer).await, moderators_see(store).await),
        (DSL, 0)
    );
    // Who had it on the screen may not see it any more, so what they decide does not count.
    let reject = decision(&newer, 1, "m1", Decision::Reject, ReviewState::Closed);
    let stale = Decided::Stale {
        version: 2,
        state: ReviewState::Open,
        by: None,
    };
    assert_eq!(store.decide(&newer, 1, &reject).await, Ok(stale));
}

pub async fn handing_on_an_older_revision_keeps_the_newest_one_too(world: World) {
    let store = &world.store;
    let first = revision(1, ItemKind::Comment, "Hi");
    let key = recorded(store, &first, &change(&first, 1, Outcome::Escalate)).await;
    let second = revision(2, ItemKind::Comment, "Ho");
    let newer = recorded(store, &second, &change(&second, 2, Outcome::Hold)).await;
    hand_on(store, &key, EscalateTo::Dsl).await;
    assert_eq!(mark(store, &newer).await, DSL);
    // What is another item's is not touched.
    let other = message("c2", Some(1), "Hi");
    let other = recorded(store, &other, &change(&other, 1, Outcome::Hold)).await;
    assert_eq!(mark(store, &other).await, None);
}
