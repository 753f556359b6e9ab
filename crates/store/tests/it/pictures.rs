//! Pictures that are taken back for good, and pictures that may not be published again.

use schoolgate_model::{ItemKind, KnownList, MediaId, MediumVerdict, Outcome, Redacted};
use schoolgate_policy::{Change, Decision, DecisionKind, ReviewState};
use schoolgate_store::{
    AuditCheck, DeadLetter, Decided, KnownChange, NewItem, NewKnown, PictureReason, Release,
    ReleaseRefusal, Removal, Store,
};

use crate::world::{SCHOOL, World, at, change, decision, message, received, recorded};

/// `picture` in base64 and its SHA-256.
const DATA: &str = "cGljdHVyZQ==";
const ORIGINAL: &str = "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97";

/// A hash that nothing has.
fn hash(letter: char) -> String {
    std::iter::repeat_n(letter, 64).collect()
}

fn draft(id: &str, revision: u32, data: &str) -> NewItem {
    let body = format!(
        r#"{{"id":"{id}", "kind":"draft","text":"Sports day","media":[{{"id":"m1","data":"{data}"}}]}}"#
    );
    NewItem {
        kind: ItemKind::Draft,
        body: body.into_bytes(),
        has_media: true,
        content_hash: format!("{id} {revision} {data}"),
        ..message(id, Some(revision), "")
    }
}

/// What a screening of a draft with one picture changes.
fn shown(item: &NewItem, outcome: Outcome, original: &str, clean: &str) -> Change {
    let mut change = change(item, item.revision.unwrap_or(1), outcome);
    change.verdict.media = vec![MediumVerdict {
        id: MediaId::new("m1"),
        sha256: Some(original.to_owned()),
        clean_sha256: Some(clean.to_owned()),
        clean_path: None,
        removed: Vec::new(),
        re_encoded: false,
        clean_format: None,
        known: Vec::new(),
    }];
    change
}

async fn approved(store: &Store, id: &str, original: &str, clean: &str) -> String {
    let item = draft(id, 1, DATA);
    recorded(
        store,
        &item,
        &shown(&item, Outcome::Approve, original, clean),
    )
    .await
}

fn removal(sha256: &str) -> Removal {
    Removal {
        school: SCHOOL.to_owned(),
        sha256: vec![sha256.to_owned()],
        by: "d1".to_owned(),
        reason: PictureReason::Compromising,
    }
}

async fn release(store: &Store, id: &str, revision: u32, clean: &str) -> Release {
    let hashes = [clean.to_owned()];
    let answer = store.still_approved(SCHOOL, ItemKind::Draft, id, revision, &hashes);
    answer.await.unwrap()
}

async fn intact(store: &Store) {
    let check = store.audit_verify(SCHOOL).await.unwrap();
    assert!(matches!(check, AuditCheck::Intact { .. }), "{check:?}");
}

pub async fn a_removed_picture_leaves_a_tombstone_and_ends_every_approval(world: World) {
    let store = &world.store;
    let key = approved(store, "d-1", ORIGINAL, &hash('c')).await;
    // the same clean copy from other bytes is the same picture
    let other = approved(store, "d-2", &hash('e'), &hash('c')).await;
    let apart = approved(store, "d-3", &hash('1'), &hash('2')).await;
    let clean = hash('c');
    assert_eq!(
        release(store, "d-1", 1, &clean).await,
        Release::Approved { by: None }
    );
    let done = store
        .remove_pictures(&removal(ORIGINAL), None, at(60))
        .await
        .unwrap();
    assert_eq!(done.sha256, [ORIGINAL.to_owned(), clean.clone(), hash('e')]);
    assert_eq!(done.items, [key.clone(), other.clone()]);
    for sha256 in &done.sha256 {
        let stone = store.tombstone(SCHOOL, sha256).await.unwrap().unwrap();
        assert_eq!((stone.at, stone.by.as_str()), (at(60), "d1"));
        assert_eq!(stone.reason, PictureReason::Compromising);
    }
    for (id, key) in [("d-1", &key), ("d-2", &other)] {
        let refused = Release::Refused(ReleaseRefusal::RemovedPicture);
        assert_eq!(release(store, id, 1, &clean).await, refused);
        let view = store.review(key).await.unwrap().unwrap();
        assert!(view.held && !view.is_approved());
        assert_eq!(view.verdict.review.state, ReviewState::Open);
        let reason = view.verdict.verdict.reasons.last().unwrap();
        assert_eq!(reason.rule.as_str(), "removed-picture");
    }
    let standing = store.review(&apart).await.unwrap().unwrap();
    assert!(standing.is_approved());
    // the world is told, once
    let told = store.outbox_list(99).await.unwrap();
    let holds = told
        .iter()
        .filter(|row| row.routing_key == "verdict.draft.hold.st-judes");
    assert_eq!(holds.count(), 2);
    let lines = store.audit_lines(SCHOOL, 0, 99).await.unwrap();
    let actions: Vec<_> = lines
        .iter()
        .map(|line| line.entry.action.as_str())
        .collect();
    assert_eq!(
        actions[3..],
        [
            "approval_withdrawn",
            "approval_withdrawn",
            "picture_removed"
        ]
    );
    // again: no second line, no second version
    let again = store
        .remove_pictures(&removal(&clean), None, at(70))
        .await
        .unwrap();
    assert_eq!(again, done);
    assert_eq!(
        store.audit_lines(SCHOOL, 0, 99).await.unwrap().len(),
        lines.len()
    );
    assert_eq!(store.outbox_list(99).await.unwrap().len(), told.len());
    intact(store).await;
}

pub async fn the_picture_inside_a_message_goes_and_the_rest_stays(world: World) {
    let store = &world.store;
    let key = approved(store, "d-1", ORIGINAL, &hash('c')).await;
    let before = draft("d-1", 1, DATA).body;
    let letter = DeadLetter {
        key: "dead-1".to_owned(),
        school: None,
        item_key: None,
        reason: "unreadable".to_owned(),
        body: [&before[..before.len() - 1], b" oops"].concat(),
        at: at(1),
    };
    store.dead_letter_add(&letter).await.unwrap();
    store
        .remove_pictures(&removal(ORIGINAL), None, at(60))
        .await
        .unwrap();
    let body = store.item(&key).await.unwrap().unwrap().body;
    assert_eq!(body, draft("d-1", 1, "").body);
    let kept = store.dead_letter("dead-1").await.unwrap().unwrap().body;
    assert_eq!(kept, [&body[..body.len() - 1], b" oops"].concat());
    // the row still answers for the message that made it
    let again = store.receive(&[draft("d-1", 1, DATA)]).await.unwrap();
    assert_eq!(again[0].key(), key);
    assert_eq!(store.counts().await.unwrap().dead_letters, 1);
}

pub async fn the_same_picture_sent_again_is_held_and_not_kept(world: World) {
    let store = &world.store;
    store
        .remove_pictures(&removal(ORIGINAL), None, at(0))
        .await
        .unwrap();
    let item = draft("d-9", 1, DATA);
    let key = received(store, &item).await;
    let change = shown(&item, Outcome::Approve, ORIGINAL, &hash('c'));
    store.record(&key, &change, at(5)).await.unwrap();
    let view = store.review(&key).await.unwrap().unwrap();
    assert_eq!(view.verdict.verdict.outcome, Outcome::Hold);
    assert!(view.held);
    assert_eq!(view.item.body, draft("d-9", 1, "").body);
    let rule = &view.verdict.verdict.reasons[0].rule;
    assert_eq!(rule.as_str(), "removed-picture");
    intact(store).await;
}

pub async fn a_person_cannot_approve_a_removed_picture(world: World) {
    let store = &world.store;
    let item = draft("d-1", 1, DATA);
    let hold = shown(&item, Outcome::Hold, ORIGINAL, &hash('c'));
    let key = recorded(store, &item, &hold).await;
    store
        .remove_pictures(&removal(&hash('c')), None, at(60))
        .await
        .unwrap();
    let version = store
        .review(&key)
        .await
        .unwrap()
        .unwrap()
        .verdict
        .review
        .version;
    let mut approve = decision(&key, version, "s1", Decision::Approve, ReviewState::Closed);
    approve.note = Some(Redacted::new("fine".to_owned()));
    let refused = store.decide(&key, version, &approve).await.unwrap();
    assert_eq!(refused, Decided::RemovedPicture);
    let reject = decision(&key, version, "s1", Decision::Reject, ReviewState::Closed);
    let written = store.decide(&key, version, &reject).await.unwrap();
    assert!(matches!(written, Decided::Written { .. }));
    let view = store.review(&key).await.unwrap().unwrap();
    assert_eq!(view.decisions[0].decision, DecisionKind::Reject);
}

pub async fn a_persons_approval_ends_with_the_picture_too(world: World) {
    let store = &world.store;
    let item = draft("d-1", 1, DATA);
    let clean = hash('c');
    let key = recorded(store, &item, &shown(&item, Outcome::Hold, ORIGINAL, &clean)).await;
    let approve = decision(&key, 1, "s1", Decision::Approve, ReviewState::Closed);
    store.decide(&key, 1, &approve).await.unwrap();
    assert!(matches!(
        release(store, "d-1", 1, &clean).await,
        Release::Approved { .. }
    ));
    store
        .remove_pictures(&removal(ORIGINAL), None, at(90))
        .await
        .unwrap();
    let view = store.review(&key).await.unwrap().unwrap();
    assert!(view.held && !view.is_approved());
    assert_eq!(view.verdict.version, 2);
}

pub async fn an_approval_dies_when_its_picture_is_listed(world: World) {
    let store = &world.store;
    let clean = hash('c');
    let item = draft("d-1", 1, DATA);
    let key = recorded(
        store,
        &item,
        &shown(&item, Outcome::Approve, ORIGINAL, &clean),
    )
    .await;
    store
        .known_add(
            SCHOOL,
            &NewKnown {
                copy_sha256: None,
                ..listed(ORIGINAL)
            },
            "d1",
            at(50),
        )
        .await
        .unwrap();
    let refused = Release::Refused(ReleaseRefusal::ListedPicture);
    assert_eq!(release(store, "d-1", 1, &clean).await, refused);
    store
        .known_remove(SCHOOL, ORIGINAL, "d1", at(51))
        .await
        .unwrap();
    assert_eq!(
        release(store, "d-1", 1, &clean).await,
        Release::Approved { by: None }
    );
    // by its clean copy too
    let other = NewKnown {
        copy_sha256: Some(clean.clone()),
        ..listed(&hash('8'))
    };
    store.known_add(SCHOOL, &other, "d1", at(52)).await.unwrap();
    assert_eq!(release(store, "d-1", 1, &clean).await, refused);
    let view = store.review(&key).await.unwrap().unwrap();
    assert_eq!(view.verdict.version, 1);
}

pub async fn a_sweep_looks_again_until_nothing_can_be_on_its_way(world: World) {
    let store = &world.store;
    store
        .remove_pictures(&removal(ORIGINAL), None, at(0))
        .await
        .unwrap();
    let due = store.removals_to_sweep(9).await.unwrap();
    assert_eq!(due.len(), 1);
    // recorded by a process that began before the removal: as if its transaction had not seen it
    world.tamper("DELETE FROM removed_picture").await;
    let key = approved(store, "d-1", ORIGINAL, &hash('c')).await;
    store
        .remove_pictures(&removal(&hash('9')), None, at(0))
        .await
        .unwrap();
    store.swept(&due[0], at(5)).await.unwrap();
    let view = store.review(&key).await.unwrap().unwrap();
    assert!(view.held && !view.is_approved());
    assert_eq!(view.item.body, draft("d-1", 1, "").body);
    let due = store.removals_to_sweep(9).await.unwrap();
    store.swept(&due[0], at(590)).await.unwrap();
    assert_eq!(
        store.removals_to_sweep(9).await.unwrap().len(),
        1,
        "too early to be sure"
    );
    store.swept(&due[0], at(601)).await.unwrap();
    assert_eq!(store.removals_to_sweep(9).await.unwrap(), []);
    assert!(
        store
            .tombstone(SCHOOL, &due[0].sha256)
            .await
            .unwrap()
            .is_some()
    );
    intact(store).await;
}

pub async fn one_schools_removal_takes_nothing_from_another(world: World) {
    let store = &world.store;
    let clean = hash('c');
    approved(store, "d-1", ORIGINAL, &clean).await;
    let there = NewItem {
        school: "st-hildas".to_owned(),
        ..draft("d-1", 1, DATA)
    };
    let key = recorded(
        store,
        &there,
        &shown(&there, Outcome::Approve, ORIGINAL, &clean),
    )
    .await;
    store
        .remove_pictures(&removal(ORIGINAL), None, at(60))
        .await
        .unwrap();
    assert!(store.copy_elsewhere(SCHOOL, &clean).await.unwrap());
    assert!(store.review(&key).await.unwrap().unwrap().is_approved());
    assert_eq!(store.tombstone("st-hildas", ORIGINAL).await.unwrap(), None);
    assert_eq!(store.item(&key).await.unwrap().unwrap().body, there.body);
    let too = Removal {
        school: "st-hildas".to_owned(),
        ..removal(ORIGINAL)
    };
    store.remove_pictures(&too, None, at(61)).await.unwrap();
    assert!(!store.copy_elsewhere(SCHOOL, &clean).await.unwrap());
}

pub async fn a_hash_that_is_none_is_refused(world: World) {
    for bad in ["", "abc", &hash('C'), &format!("{}%", &hash('a')[1..])] {
        let refused = world
            .store
            .remove_pictures(&removal(bad), None, at(0))
            .await;
        assert!(refused.is_err(), "{bad}");
        let refused = world
            .store
            .known_add(SCHOOL, &listed(bad), "d1", at(0))
            .await;
        assert!(refused.is_err(), "{bad}");
    }
}

fn listed(sha256: &str) -> NewKnown {
    NewKnown {
        sha256: sha256.to_owned(),
        list: KnownList::DoNotPublish,
        fingerprint: Some(hash('f')),
        likeness: vec![0, 1, 2, 255],
        sketch: vec![1, 1, 9],
        copy_sha256: Some(hash('c')),
        reason: PictureReason::Consent,
    }
}

pub async fn a_listed_picture_comes_back_as_it_was_until_it_is_taken_off(world: World) {
    let store = &world.store;
    assert_eq!(store.known_version(SCHOOL).await.unwrap(), 0);
    let version = store
        .known_add(SCHOOL, &listed(ORIGINAL), "d1", at(1))
        .await
        .unwrap();
    assert_eq!(
        (version, store.known_version(SCHOOL).await.unwrap()),
        (1, 1)
    );
    let found = store.known_pictures(SCHOOL, 9).await.unwrap();
    assert_eq!(found[0].picture, listed(ORIGINAL));
    assert_eq!(
        (found[0].listed_at, found[0].listed_by.as_str()),
        (at(1), "d1")
    );
    assert!(
        !format!("{found:?}").contains(&hash('f')),
        "no fingerprint in a log"
    );
    // listed anew without a likeness it keeps the one that it has
    let withdrawn = NewKnown {
        list: KnownList::Withdrawn,
        fingerprint: None,
        likeness: Vec::new(),
        sketch: Vec::new(),
        ..listed(ORIGINAL)
    };
    store
        .known_add(SCHOOL, &withdrawn, "d1", at(2))
        .await
        .unwrap();
    let found = store
        .known_picture(SCHOOL, ORIGINAL)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.picture.list, KnownList::Withdrawn);
    assert_eq!(found.picture.likeness, listed(ORIGINAL).likeness);
    assert_eq!(found.picture.sketch, listed(ORIGINAL).sketch);
    assert!(store.copy_needed(&hash('c')).await.unwrap());
    assert_eq!(store.known_pictures("st-hildas", 9).await.unwrap(), []);
    let off = store
        .known_remove(SCHOOL, ORIGINAL, "d2", at(3))
        .await
        .unwrap();
    assert_eq!(off.unwrap().picture.copy_sha256, Some(hash('c')));
    assert_eq!(
        store
            .known_remove(SCHOOL, ORIGINAL, "d2", at(4))
            .await
            .unwrap(),
        None
    );
    assert!(!store.copy_needed(&hash('c')).await.unwrap());
    assert_eq!(store.known_pictures(SCHOOL, 9).await.unwrap(), []);
    assert_eq!(store.known_version(SCHOOL).await.unwrap(), 3);
    let left: Vec<(Option<String>, Vec<u8>)> = world
        .look("SELECT fingerprint, likeness FROM known_picture")
        .await;
    assert_eq!(left, [(None, Vec::new())]);
    let lines = store.audit_lines(SCHOOL, 0, 9).await.unwrap();
    let actions: Vec<_> = lines
        .iter()
        .map(|line| line.entry.action.as_str())
        .collect();
    let (add, remove) = ("known_picture_added", "known_picture_removed");
    assert_eq!(actions, [add, add, remove]);
    intact(store).await;
}

pub async fn whoever_keeps_the_list_learns_every_change_once(world: World) {
    let store = &world.store;
    for letter in ['1', '2', '3', '4', '5'] {
        store
            .known_add(SCHOOL, &listed(&hash(letter)), "d1", at(1))
            .await
            .unwrap();
    }
    let first = store.known_since(SCHOOL, 0, 3).await.unwrap();
    assert_eq!(
        (first.version, first.changes.len(), first.more),
        (3, 3, true)
    );
    let rest = store.known_since(SCHOOL, first.version, 3).await.unwrap();
    assert_eq!((rest.version, rest.changes.len(), rest.more), (5, 2, false));
    store
        .known_remove(SCHOOL, &hash('2'), "d1", at(2))
        .await
        .unwrap();
    store
        .known_add(SCHOOL, &listed(&hash('1')), "d1", at(3))
        .await
        .unwrap();
    let news = store.known_since(SCHOOL, rest.version, 9).await.unwrap();
    assert_eq!(news.version, 7);
    let gone = KnownChange::Gone { sha256: hash('2') };
    assert_eq!(news.changes[0], gone);
    assert!(
        matches!(&news.changes[1], KnownChange::Listed(known) if known.picture.sha256 == hash('1'))
    );
    let none = store.known_since(SCHOOL, news.version, 9).await.unwrap();
    assert_eq!((none.version, none.changes), (7, Vec::new()));
}

pub async fn eight_people_who_list_at_once_leave_no_change_unseen(world: World) {
    let store = &world.store;
    let tasks: Vec<_> = (0..8_u8)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                for part in 0..4_u8 {
                    let name = format!("{:064x}", u32::from(number) * 16 + u32::from(part));
                    store
                        .known_add(SCHOOL, &listed(&name), "d1", at(1))
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    // one who keeps the list meanwhile, and asks until all are there
    let (mut version, mut seen) = (0, 0);
    while seen < 32 {
        let news = store.known_since(SCHOOL, version, 5).await.unwrap();
        (version, seen) = (news.version, seen + news.changes.len());
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!((version, seen), (32, 32));
    intact(store).await;
}

pub async fn a_removed_picture_can_be_listed_and_is_never_shown_again(world: World) {
    let store = &world.store;
    approved(store, "d-1", ORIGINAL, &hash('c')).await;
    store
        .known_add(SCHOOL, &listed(&hash('7')), "d1", at(1))
        .await
        .unwrap();
    let list = listed(ORIGINAL);
    store
        .remove_pictures(&removal(ORIGINAL), Some(&list), at(60))
        .await
        .unwrap();
    for sha256 in [ORIGINAL.to_owned(), hash('7')] {
        // also one that was listed before with the same copy
        let known = store.known_picture(SCHOOL, &sha256).await.unwrap().unwrap();
        assert_eq!(known.picture.copy_sha256, None);
        assert_eq!(known.picture.likeness, list.likeness);
    }
    intact(store).await;
}
