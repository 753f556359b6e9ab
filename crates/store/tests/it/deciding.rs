//! Decisions: once, on the state that was seen, whole or not at all; claims; and what may be published.

use schoolgate_model::{Audience, ItemKind, MediaId, MediumVerdict, Outcome, Redacted, Role};
use schoolgate_policy::{
    Decision, DecisionKind, EscalateTo, Person, Restricted, ReviewState, person_change,
};
use schoolgate_store::{Decided, Release, ReleaseRefusal, ReviewView, Store, StoreError};

use crate::world::{
    SCHOOL, World, alerting, at, change, comment, decision, message, publish, received, recorded,
};

const CLOSED: ReviewState = ReviewState::Closed;
const WRITTEN: Result<Decided, StoreError> = Ok(Decided::Written { version: 2 });

async fn held(store: &Store, id: &str) -> String {
    let item = message(id, Some(1), "Hi");
    recorded(store, &item, &comment(&item, Outcome::Hold, true)).await
}

async fn view(store: &Store, key: &str) -> ReviewView {
    store.review(key).await.unwrap().unwrap()
}

pub async fn everything_of_a_decision_is_written(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    store.claim_review(&key, "m1", at(2), 60_000).await.unwrap();
    let before = view(store, &key).await;
    assert!(before.held && before.decisions.is_empty());
    assert_eq!(before.item.body, b"Hi");
    let reject = decision(&key, 1, "m1", Decision::Reject, CLOSED);
    assert_eq!(store.decide(&key, 1, &reject).await, WRITTEN);
    let after = view(store, &key).await;
    assert_eq!(
        (after.verdict.review.state, after.verdict.review.version),
        (CLOSED, 2)
    );
    assert_eq!((after.held, after.claim), (false, None));
    let clock = after.verdict.window.unwrap();
    assert_eq!(clock.acknowledged_by.as_deref(), Some("m1"));
    let written = &after.decisions[0];
    assert_eq!(
        (written.decision, written.review_version),
        (DecisionKind::Reject, 1)
    );
    assert_eq!(written.note.as_ref().unwrap().expose(), "she rang");
    assert_eq!(store.outbox_list(9).await.unwrap().len(), 2);
    let lines = store.audit_lines(SCHOOL, 0, 9).await.unwrap();
    assert_eq!(lines.last().unwrap().entry, reject.audit);
    assert!(!format!("{:?}", view(store, &key).await).contains("she rang"));
}

pub async fn a_second_decision_on_the_same_state_is_stale_and_says_who_was_first(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    let first = decision(&key, 1, "m1", Decision::Approve, CLOSED);
    assert_eq!(store.decide(&key, 1, &first).await, WRITTEN);
    let second = decision(&key, 1, "m2", Decision::Reject, CLOSED);
    let stale = Decided::Stale {
        version: 2,
        state: CLOSED,
        by: Some("m1".to_owned()),
    };
    assert_eq!(store.decide(&key, 1, &second).await, Ok(stale));
    // The first one again, because its answer was lost, is the same decision.
    assert_eq!(store.decide(&key, 1, &first).await, WRITTEN);
    let third = decision(&key, 2, "m2", Decision::Reject, CLOSED);
    assert_eq!(store.decide(&key, 2, &third).await, Ok(Decided::Closed));
    assert_eq!(view(store, &key).await.decisions.len(), 1);
    assert_eq!(store.outbox_list(9).await.unwrap().len(), 2);
}

pub async fn of_eight_people_who_decide_at_once_one_does(world: World) {
    let key = held(&world.store, "c1").await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let (store, key) = (world.store.clone(), key.clone());
            tokio::spawn(async move {
                let actor = format!("m{number}");
                let change = decision(&key, 1, &actor, Decision::Approve, CLOSED);
                store.decide(&key, 1, &change).await.unwrap()
            })
        })
        .collect();
    let mut written = 0;
    for task in tasks {
        match task.await.unwrap() {
            Decided::Written { .. } => written += 1,
            Decided::Stale { by, .. } => assert!(by.is_some()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(written, 1);
    assert_eq!(view(&world.store, &key).await.decisions.len(), 1);
}

pub async fn a_decision_dies_with_its_revision(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    let newer = message("c1", Some(2), "Ho");
    let latest = received(store, &newer).await;
    let approve = decision(&key, 1, "m1", Decision::Approve, CLOSED);
    // Not even while the newer one waits for its verdict.
    let refused = Decided::NotLatest {
        latest: latest.clone(),
    };
    assert_eq!(store.decide(&key, 1, &approve).await, Ok(refused));
    let early = decision(&latest, 1, "m1", Decision::Approve, CLOSED);
    assert_eq!(
        store.decide(&latest, 1, &early).await,
        Ok(Decided::NotScreened)
    );
    assert_eq!(store.review(&latest).await, Ok(None));
    let unknown = store.decide("nothing", 1, &early).await;
    assert!(matches!(unknown, Err(StoreError::UnknownItem { .. })));
}

pub async fn an_escalated_comment_is_decided_although_it_was_edited(world: World) {
    let store = &world.store;
    let item = message("c1", Some(1), "Hi");
    let key = recorded(store, &item, &comment(&item, Outcome::Escalate, false)).await;
    received(store, &message("c1", Some(2), "Ho")).await;
    let reject = decision(&key, 1, "s1", Decision::Reject, CLOSED);
    assert_eq!(store.decide(&key, 1, &reject).await, WRITTEN);
}

pub async fn an_escalated_draft_that_was_edited_can_be_closed_but_not_approved(world: World) {
    let store = &world.store;
    for (id, last) in [("d1", Decision::Reject), ("d2", Decision::Acknowledge)] {
        let mut item = message(id, Some(1), "Hi");
        item.kind = ItemKind::Draft;
        let key = recorded(store, &item, &change(&item, 1, Outcome::Escalate)).await;
        let mut edit = message(id, Some(2), "Ho");
        edit.kind = ItemKind::Draft;
        let latest = recorded(store, &edit, &change(&edit, 2, Outcome::Approve)).await;
        assert_eq!(
            view(store, &key).await.verdict.review.state,
            ReviewState::Escalated
        );
        let to = EscalateTo::Dsl;
        for refused in [Decision::Approve, Decision::Escalate { to }] {
            let decision = decision(&key, 1, "s1", refused, CLOSED);
            let newer = Decided::NotLatest {
                latest: latest.clone(),
            };
            assert_eq!(store.decide(&key, 1, &decision).await, Ok(newer));
        }
        let decision = decision(&key, 1, "s1", last, CLOSED);
        assert_eq!(store.decide(&key, 1, &decision).await, WRITTEN);
        assert_eq!(view(store, &key).await.verdict.review.state, CLOSED);
    }
}

pub async fn a_draft_that_a_person_handed_on_is_not_let_out_by_rewriting_it(world: World) {
    let store = &world.store;
    let draft = |revision: u32| {
        let mut item = message("d1", Some(revision), &format!("words {revision}"));
        item.kind = ItemKind::Draft;
        item
    };
    let first = draft(1);
    let key = recorded(store, &first, &change(&first, 1, Outcome::Hold)).await;
    let to = EscalateTo::Dsl;
    let hand_on = decision(
        &key,
        1,
        "m1",
        Decision::Escalate { to },
        ReviewState::Escalated,
    );
    assert_eq!(store.decide(&key, 1, &hand_on).await, WRITTEN);
    let second = draft(2);
    let edited = recorded(store, &second, &change(&second, 2, Outcome::Approve)).await;
    let seen = view(store, &edited).await;
    assert_eq!(seen.verdict.verdict.outcome, Outcome::Hold);
    assert!(seen.verdict.verdict.alert.contains(&Audience::Dsl));
    assert_eq!(seen.verdict.review.state, ReviewState::Open);
    let decided = view(store, &key).await.verdict.review.version;
    let reject = decision(&key, decided, "s1", Decision::Reject, CLOSED);
    assert!(matches!(
        store.decide(&key, decided, &reject).await,
        Ok(Decided::Written { .. })
    ));
    let third = draft(3);
    let free = recorded(store, &third, &change(&third, 3, Outcome::Approve)).await;
    assert_eq!(
        view(store, &free).await.verdict.verdict.outcome,
        Outcome::Approve,
        "decided is decided"
    );
}

pub async fn a_conflict_makes_an_open_screen_stale(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    store.claim_review(&key, "m1", at(2), 60_000).await.unwrap();
    store
        .receive(&[message("c1", Some(1), "Other")])
        .await
        .unwrap();
    let approve = decision(&key, 1, "m1", Decision::Approve, CLOSED);
    let stale = Decided::Stale {
        version: 2,
        state: ReviewState::Open,
        by: None,
    };
    assert_eq!(store.decide(&key, 1, &approve).await, Ok(stale));
}

pub async fn a_conflict_after_a_persons_approval_takes_it_back_and_says_so(world: World) {
    let store = &world.store;
    let mut item = message("d1", Some(1), "Hi");
    item.kind = ItemKind::Draft;
    let hold = alerting(change(&item, 1, Outcome::Hold), &[Audience::Slt]);
    let key = recorded(store, &item, &hold).await;
    let mut approve = decision(&key, 1, "s1", Decision::Approve, CLOSED);
    approve.outbox[0].routing_key = "decision.draft.approve.st-judes".to_owned();
    assert_eq!(store.decide(&key, 1, &approve).await, WRITTEN);
    for (number, text) in [(1, "Other"), (2, "Another")] {
        let mut other = message("d1", Some(1), text);
        other.kind = ItemKind::Draft;
        store.receive(&[other]).await.unwrap();
        // The second one finds a hold that everybody knows of.
        let after = view(store, &key).await;
        assert_eq!((after.verdict.version, after.held), (2, true), "{number}");
        assert_eq!(after.verdict.verdict.outcome, Outcome::Hold);
        assert_eq!(after.verdict.review.state, ReviewState::Open);
    }
    let mut rows: Vec<(String, &str)> = store
        .outbox_list(9)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.routing_key, row.state.code()))
        .collect();
    rows.sort_unstable();
    let expected = [
        ("alert.slt.st-judes", "pending"),
        ("decision.draft.approve.st-judes", "superseded"),
        ("verdict.draft.hold.st-judes", "pending"),
        ("verdict.draft.hold.st-judes", "superseded"),
    ];
    assert_eq!(
        rows,
        expected.map(|(route, state)| (route.to_owned(), state))
    );
    let lines = store.audit_lines(SCHOOL, 0, 9).await.unwrap();
    let detail = &lines[2].entry.detail;
    assert!(detail.contains("\"approval_withdrawn\":true"), "{detail}");
}

pub async fn a_comment_that_is_approved_after_a_conflict_is_held_by_the_next(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    let approved = async |version: u32| {
        let approve = decision(&key, version, "m1", Decision::Approve, CLOSED);
        store.decide(&key, version, &approve).await.unwrap();
    };
    approved(1).await;
    for (version, text) in [(2, "Other"), (4, "Another")] {
        store
            .receive(&[message("c1", Some(1), text)])
            .await
            .unwrap();
        approved(version + 1).await;
    }
    assert_eq!(view(store, &key).await.verdict.version, 3);
    let rows = store.outbox_list(99).await.unwrap();
    let mut keys: Vec<&str> = rows
        .iter()
        .filter(|row| row.routing_key.starts_with("verdict."))
        .filter_map(|row| row.key.rsplit(':').next())
        .collect();
    keys.sort_unstable();
    assert_eq!(keys, ["1", "v2", "v3"]);
}

pub async fn handing_on_keeps_an_item_for_those_it_is_for(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    for (version, to, expected) in [
        (1, EscalateTo::Slt, None),
        (2, EscalateTo::Dsl, Some(Restricted::Dsl)),
        (3, EscalateTo::Head, Some(Restricted::DslAndHead)),
    ] {
        let state = ReviewState::Escalated;
        let mut change = decision(&key, version, "m1", Decision::Escalate { to }, state);
        change.stop_clock = false;
        let written = Decided::Written {
            version: version + 1,
        };
        assert_eq!(store.decide(&key, version, &change).await, Ok(written));
        let view = view(store, &key).await;
        assert_eq!((view.restricted, view.held), (expected, true));
        assert_eq!(view.verdict.window.unwrap().acknowledged_at, None);
        assert_eq!(view.decisions.last().unwrap().to, Some(to));
    }
    // No later decision makes it open again.
    let mut done = decision(&key, 4, "d1", Decision::Reject, CLOSED);
    done.restricted = None;
    store.decide(&key, 4, &done).await.unwrap();
    assert_eq!(
        view(store, &key).await.restricted,
        Some(Restricted::DslAndHead)
    );
}

pub async fn a_decision_that_fails_half_way_leaves_nothing_behind(world: World) {
    let store = &world.store;
    let (key, other) = (held(store, "c1").await, held(store, "c2").await);
    let taken = decision(&other, 1, "m1", Decision::Approve, CLOSED);
    store.decide(&other, 1, &taken).await.unwrap();
    let mut change = decision(&key, 1, "m1", Decision::Approve, CLOSED);
    change.outbox = vec![publish(
        &taken.key,
        "decision.comment.approve.st-judes",
        "{}",
    )];
    let error = store.decide(&key, 1, &change).await.unwrap_err();
    assert!(
        matches!(error, StoreError::Inconsistent { .. }),
        "{error:?}"
    );
    let view = view(store, &key).await;
    assert_eq!((view.verdict.review.version, view.decisions.len()), (1, 0));
    assert_eq!(view.verdict.window.unwrap().acknowledged_at, None);
}

pub async fn one_person_at_a_time_has_an_item_open(world: World) {
    let store = &world.store;
    let key = held(store, "c1").await;
    let claim = |user: &'static str, seconds| {
        let (store, key) = (store.clone(), key.clone());
        async move {
            let claim = store
                .claim_review(&key, user, at(seconds), 60_000)
                .await
                .unwrap();
            claim.unwrap().by
        }
    };
    assert_eq!(claim("m1", 0).await, "m1");
    assert_eq!(claim("m2", 1).await, "m1");
    assert_eq!(claim("m1", 30).await, "m1");
    assert_eq!(claim("m2", 61).await, "m1", "it was prolonged");
    assert_eq!(claim("m2", 90).await, "m2");
    assert_eq!(store.release_review(&key, "m1").await, Ok(false));
    assert_eq!(store.release_review(&key, "m2").await, Ok(true));
    assert_eq!(claim("m1", 91).await, "m1");
    assert_eq!(
        store.claim_review("nothing", "m1", at(0), 1).await,
        Ok(None)
    );
    // A claim is a courtesy: it does not change the version that a decision names.
    assert_eq!(view(store, &key).await.verdict.review.version, 1);
}

fn picture(clean: Option<&str>) -> MediumVerdict {
    MediumVerdict {
        id: MediaId::from("m1"),
        sha256: None,
        clean_sha256: clean.map(str::to_owned),
        clean_path: None,
        removed: Vec::new(),
        re_encoded: false,
        clean_format: None,
        known: Vec::new(),
    }
}

pub async fn only_what_was_approved_may_be_published(world: World) {
    let store = &world.store;
    let ask = |id: &'static str, revision, hashes: &[&str]| {
        let (store, hashes) = (
            store.clone(),
            hashes.iter().map(|h| (*h).to_owned()).collect(),
        );
        async move {
            let hashes: Vec<String> = hashes;
            let kind = ItemKind::Draft;
            store
                .still_approved(SCHOOL, kind, id, revision, &hashes)
                .await
                .unwrap()
        }
    };
    let by = |who: Option<&str>| Release::Approved {
        by: who.map(str::to_owned),
    };
    use ReleaseRefusal::{Conflicted, NotApproved, NotLatest, OtherPictures, Unknown, Waiting};
    let no = Release::Refused;
    let draft = |id: &str, revision, text: &str| {
        let mut item = message(id, Some(revision), text);
        item.kind = ItemKind::Draft;
        item
    };
    let fine = draft("fine", 1, "Hi");
    let mut approved = change(&fine, 1, Outcome::Approve);
    approved.verdict.media = vec![picture(Some("bb")), picture(Some("aa"))];
    recorded(store, &fine, &approved).await;
    assert_eq!(ask("fine", 1, &["aa", "bb"]).await, by(None));
    let with = async |school, sha| store.approved_with(school, sha).await.unwrap().len();
    assert_eq!((with(SCHOOL, "aa").await, with(SCHOOL, "bb").await), (1, 1));
    assert_eq!(
        (with(SCHOOL, "cc").await, with("other", "aa").await),
        (0, 0)
    );
    for other in [&["aa"][..], &[], &["aa", "bb", "bb"], &["aa", "cc"]] {
        assert_eq!(ask("fine", 1, other).await, no(OtherPictures));
    }
    assert_eq!(ask("fine", 2, &[]).await, no(Unknown));
    let item = draft("held", 1, "Hi");
    let key = recorded(store, &item, &change(&item, 1, Outcome::Hold)).await;
    assert_eq!(ask("held", 1, &[]).await, no(NotApproved));
    let approve = decision(&key, 1, "s1", Decision::Approve, CLOSED);
    store.decide(&key, 1, &approve).await.unwrap();
    assert_eq!(ask("held", 1, &[]).await, by(Some("s1")));
    store.receive(&[draft("held", 2, "Ho")]).await.unwrap();
    assert_eq!(ask("held", 1, &[]).await, no(NotLatest));
    assert_eq!(ask("held", 2, &[]).await, no(Waiting));
    let item = draft("no", 1, "Hi");
    let key = recorded(store, &item, &change(&item, 1, Outcome::Hold)).await;
    let reject = decision(&key, 1, "s1", Decision::Reject, CLOSED);
    store.decide(&key, 1, &reject).await.unwrap();
    assert_eq!(ask("no", 1, &[]).await, no(NotApproved));
    store.receive(&[draft("fine", 1, "Other")]).await.unwrap();
    assert_eq!(ask("fine", 1, &["aa", "bb"]).await, no(Conflicted));
    assert_eq!(with(SCHOOL, "aa").await, 0);
    let raw = draft("raw", 1, "Hi");
    let mut approved = change(&raw, 1, Outcome::Approve);
    approved.verdict.media = vec![picture(None)];
    recorded(store, &raw, &approved).await;
    assert_eq!(ask("raw", 1, &[]).await, no(OtherPictures));
}

pub async fn what_the_policy_makes_of_a_decision_is_written(world: World) {
    let store = &world.store;
    let mut item = message("c1", Some(1), "Hi");
    item.body = br#"{"id":"c1","kind":"comment","platform":"facebook","text":"Hi"}"#.to_vec();
    let key = recorded(store, &item, &comment(&item, Outcome::Hold, true)).await;
    let login = Redacted::new("m@st-judes.example".to_owned());
    let person = Person {
        id: "m1",
        login: &login,
        roles: &[Role::Moderator],
        also: &[],
    };
    let leader = Person {
        id: "s1",
        roles: &[Role::Slt],
        ..person
    };
    let to = EscalateTo::Slt;
    let decisions = [
        (Decision::Acknowledge, ReviewState::Open, true),
        (Decision::Escalate { to }, ReviewState::Escalated, true),
        (Decision::Reject, CLOSED, false),
    ];
    for (version, (decision, state, held)) in (1..).zip(decisions) {
        let seen = view(store, &key).await;
        let envelope = seen.envelope().unwrap();
        let matter = seen.matter(&envelope, &[]);
        assert_eq!((matter.version, matter.clock_runs), (version, version == 1));
        let person = match decision {
            Decision::Reject => &leader,
            _ => &person,
        };
        let change = person_change(person, &matter, decision, None, at(70)).unwrap();
        let written = Decided::Written {
            version: version + 1,
        };
        assert_eq!(store.decide(&key, version, &change).await, Ok(written));
        let after = view(store, &key).await;
        assert_eq!((after.verdict.review.state, after.held), (state, held));
    }
    let rows = store.outbox_list(99).await.unwrap();
    let mut routes: Vec<&str> = rows.iter().map(|row| row.routing_key.as_str()).collect();
    routes.sort_unstable();
    assert_eq!(
        routes,
        [
            "action.facebook.hide.st-judes",
            "alert.slt.st-judes",
            "decision.comment.acknowledge.st-judes",
            "decision.comment.escalate.st-judes",
            "decision.comment.reject.st-judes",
            "verdict.comment.hold.st-judes",
        ]
    );
    let broken = message("c2", Some(1), "no JSON");
    let key = recorded(store, &broken, &comment(&broken, Outcome::Hold, true)).await;
    let error = view(store, &key).await.envelope().unwrap_err();
    assert!(matches!(error, StoreError::Inconsistent { .. }));
}

pub async fn a_conflict_about_an_old_revision_opens_nothing_that_nobody_could_close(world: World) {
    let store = &world.store;
    let draft = |revision: u32, text: &str| {
        let mut item = message("d1", Some(revision), text);
        item.kind = ItemKind::Draft;
        item
    };
    let (first, second) = (draft(1, "one"), draft(2, "two"));
    let key = recorded(store, &first, &change(&first, 1, Outcome::Approve)).await;
    assert_eq!(view(store, &key).await.verdict.review.state, CLOSED);
    recorded(store, &second, &change(&second, 2, Outcome::Approve)).await;
    store.receive(&[draft(1, "other")]).await.unwrap();
    let seen = view(store, &key).await.verdict;
    assert_eq!(seen.review.state, CLOSED);
    assert!(seen.conflicted, "it is known all the same");
}
