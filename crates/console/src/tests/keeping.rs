//! What a picture's file said, known pictures side by side, and pictures that are kept back or removed.

use schoolgate_darkroom::sha256_hex;
use schoolgate_model::{ItemKind, KnownList, Role};
use schoolgate_store::{NewKnown, PictureReason};
use serde_json::{Value, json};

use super::{Door, SCHOOL, desk::Seat, plain_door};

const PICTURE: &[u8] = b"\x89PNG of this item";
const LISTED: &[u8] = b"\x89PNG that was listed";

fn original() -> String {
    sha256_hex(b"as it came")
}

/// A held draft with one picture, which shows a listed one again.
async fn known(door: &Door, alert: &[&str]) -> String {
    door.media.put(PICTURE).unwrap();
    door.media.put(LISTED).unwrap();
    let listed = NewKnown {
        sha256: sha256_hex(b"listed"),
        list: KnownList::DoNotPublish,
        fingerprint: None,
        likeness: Vec::new(),
        sketch: Vec::new(),
        copy_sha256: Some(sha256_hex(LISTED)),
        reason: PictureReason::Consent,
    };
    let now = schoolgate_model::Clock::now(&*door.clock);
    door.store
        .known_add(SCHOOL, &listed, "dsl", now)
        .await
        .unwrap();
    let verdict = json!({"outcome": "hold", "alert": alert,
        "media": [{"id": "m1", "sha256": original(), "clean_sha256": sha256_hex(PICTURE), "removed": ["gps"],
            "known": [{"sha256": listed.sha256, "list": "do_not_publish", "same_bytes": false}]}],
        "checks": [{"name": "subjects", "status": "ok", "detail": "nobody is recognised by the face"}],
        "reasons": [{"rule": "known-image", "text": "It was recognised.", "findings": [0]}],
        "findings": [{"detector": "known_pictures", "rule": "known-do-not-publish-picture", "category": "known_image",
            "severity": "critical", "confidence": 0.95, "media": "m1", "message": "A copy of a listed picture."},
            {"detector": "names", "rule": "pupil-full-name", "category": "pupil_name", "severity": "high",
            "confidence": 0.9, "surface": "metadata", "media": "m1", "text": "Zqxwv Hart", "message": "A name."}]});
    let item = json!({"id": "d-1", "text": "Hi", "author": {"id": "author"},
        "media": [{"id": "m1", "path": "a.jpg", "pupils": ["P0002"]}]});
    door.screened(ItemKind::Draft, item, verdict).await
}

async fn seat(door: &Door, id: &str, role: Role) -> Seat {
    door.person(id, &[role]).await;
    door.sign_in(id).await
}

async fn actions(door: &Door, key: Option<&str>) -> Vec<(String, String)> {
    let lines = door.store.audit_lines(SCHOOL, 0, 100).await.unwrap();
    lines
        .into_iter()
        .filter(|line| key.is_none() || line.item_key.as_deref() == key)
        .map(|line| (line.entry.actor, line.entry.action))
        .collect()
}

#[tokio::test]
async fn what_the_file_says_of_people_is_shown_only_after_it_is_recorded() {
    let door = plain_door().await;
    let key = known(&door, &["author"]).await;
    let moderator = seat(&door, "mod", Role::Moderator).await;
    let page = door.see(&moderator, &format!("/items/{key}")).await;
    for said in [
        "The place where it was taken",
        "All of it was taken out",
        "The pixels are exactly those",
        "Nobody is recognised by the face",
        "Oliver Bennett",
    ] {
        assert!(page.body.contains(said), "{said}: {page:?}");
    }
    assert!(!page.body.contains("Zqxwv"), "{page:?}");
    let path = format!("/items/{key}/file-details");
    let shown = door
        .send_form(&moderator, &path, "list=drafts-decide")
        .await;
    assert!(shown.body.contains("Zqxwv Hart"), "{shown:?}");
    let line = ("mod".to_owned(), "file_details_shown".to_owned());
    assert!(actions(&door, Some(&key)).await.contains(&line));
}

#[tokio::test]
async fn two_pictures_side_by_side_are_for_the_entitled_alone() {
    let door = plain_door().await;
    let key = known(&door, &["author"]).await;
    let copy = format!("/items/{key}/known/{}", sha256_hex(b"listed"));
    let keep_back = format!("/items/{key}/pictures/1/keep-back");
    for (id, role, status) in [
        ("slt", Role::Slt, 200),
        ("mod", Role::Moderator, 404),
        ("author", Role::Author, 404),
        ("admin", Role::Administrator, 404),
    ] {
        let seat = seat(&door, id, role).await;
        let page = door.see(&seat, &format!("/items/{key}")).await;
        let told = page.body.contains("May never be published");
        assert_eq!(told, status == 200, "{id}: {page:?}");
        assert_eq!(door.see(&seat, &copy).await.status, status, "{id}");
        assert_eq!(door.see(&seat, &keep_back).await.status, status, "{id}");
        let deed = "deed=remove&reason=other&go=do";
        if status != 200 {
            assert_eq!(
                door.send_form(&seat, &keep_back, deed).await.status,
                404,
                "{id}"
            );
        }
    }
    let slt = door.sign_in("slt").await;
    let other = format!("/items/{key}/known/{}", original());
    assert_eq!(
        door.see(&slt, &other).await.status,
        404,
        "only what the verdict names"
    );
    let line = ("slt".to_owned(), "known_picture_viewed".to_owned());
    assert!(actions(&door, Some(&key)).await.contains(&line));
}

#[tokio::test]
async fn a_picture_is_listed_with_what_recognises_it_once_that_is_confirmed() {
    let door = plain_door().await;
    let key = known(&door, &["dsl"]).await;
    let dsl = seat(&door, "dsl", Role::Dsl).await;
    let path = format!("/items/{key}/pictures/1/keep-back");
    let unsaid = door.send_form(&dsl, &path, "deed=list").await;
    assert!(
        unsaid.body.contains("Choose what shall happen"),
        "{unsaid:?}"
    );
    let asked = door
        .send_form(&dsl, &path, "deed=list&reason=request")
        .await;
    assert!(
        asked.body.contains("It counts from the next post on"),
        "{asked:?}"
    );
    let stored = async || door.store.known_picture(SCHOOL, &original()).await.unwrap();
    assert_eq!(stored().await, None, "nothing is done yet");
    let done = door
        .send_form(&dsl, &path, "deed=list&reason=request&go=do")
        .await;
    assert_eq!(done.status, 303, "{done:?}");
    let listed = stored().await.unwrap();
    assert_eq!(
        (listed.listed_by.as_str(), listed.picture.list),
        ("dsl", KnownList::DoNotPublish)
    );
    assert_eq!(listed.picture.reason, PictureReason::Request);
    assert_eq!(listed.picture.copy_sha256, Some(sha256_hex(PICTURE)));
    let likeness: Vec<u8> = PICTURE.iter().rev().copied().collect();
    assert_eq!(
        listed.picture.likeness, likeness,
        "worked out from the clean copy"
    );
    door.send_form(&dsl, &path, "deed=withdraw&reason=mistake&go=do")
        .await;
    assert_eq!(stored().await.unwrap().picture.list, KnownList::Withdrawn);
}

#[tokio::test]
async fn a_removed_picture_is_nowhere_and_the_page_says_who_when_and_why() {
    let door = plain_door().await;
    let key = known(&door, &["author"]).await;
    let slt = seat(&door, "slt", Role::Slt).await;
    let item = format!("/items/{key}");
    let picture = format!("/items/{key}/pictures/1");
    assert_eq!(door.see(&slt, &picture).await.status, 200);
    let path = format!("{picture}/keep-back");
    let asked = door
        .send_form(&slt, &path, "deed=remove&reason=compromising&also=1")
        .await;
    assert!(asked.body.contains("It cannot be undone."), "{asked:?}");
    assert_eq!(
        door.see(&slt, &picture).await.status,
        200,
        "nothing is done yet"
    );
    let done = door
        .send_form(&slt, &path, "deed=remove&reason=compromising&also=1&go=do")
        .await;
    assert_eq!(done.status, 303, "{done:?}");
    assert_eq!(
        door.media.get(&sha256_hex(PICTURE)),
        None,
        "the file is deleted"
    );
    assert_eq!(door.see(&slt, &picture).await.status, 404);
    let gone = door
        .get(&format!("/api/v1/media/{}", sha256_hex(PICTURE)), "")
        .await;
    assert_eq!(gone.status, 410, "{gone:?}");
    let page = door.see(&slt, &item).await;
    let said = "removed by Person slt, Fri 20 Nov, 09:00. Reason: it shows somebody as nobody should be shown.";
    assert!(page.body.contains(said), "{page:?}");
    assert!(!page.body.contains("keep-back"), "{page:?}");
    let stones = door.store.tombstones(SCHOOL).await.unwrap();
    assert!(
        stones
            .iter()
            .any(|stone| stone.sha256 == original() && stone.by == "slt")
    );
    let listed = door
        .store
        .known_picture(SCHOOL, &original())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        listed.picture.copy_sha256, None,
        "no copy is kept to compare"
    );
    let trail: Value = json!(actions(&door, None).await);
    assert!(trail.to_string().contains("picture_removed"), "{trail}");
}

#[tokio::test]
async fn a_picture_that_may_be_abuse_is_neither_shown_nor_touched() {
    let door = plain_door().await;
    door.media.put(PICTURE).unwrap();
    let verdict = json!({"outcome": "escalate", "alert": ["dsl"],
        "media": [{"id": "m1", "sha256": original(), "clean_sha256": sha256_hex(PICTURE)}],
        "findings": [{"detector": "language", "rule": "r", "category": "exploitation", "type": "image",
            "severity": "critical", "confidence": 0.9, "surface": "text", "message": "m"}]});
    let item = json!({"id": "d-1", "text": "Hi", "author": {"id": "author"}, "media": [{"id": "m1", "path": "a.jpg"}]});
    let key = door.screened(ItemKind::Draft, item, verdict).await;
    let dsl = seat(&door, "dsl", Role::Dsl).await;
    let page = door.see(&dsl, &format!("/items/{key}")).await;
    assert!(
        page.body.contains("This picture is not shown. It may be"),
        "{page:?}"
    );
    assert!(
        !page.body.contains("<img") && !page.body.contains("keep-back"),
        "{page:?}"
    );
    for path in ["pictures/1", "pictures/1/keep-back", "subjects"] {
        let path = format!("/items/{key}/{path}");
        assert_eq!(door.see(&dsl, &path).await.status, 404, "{path}");
    }
}
