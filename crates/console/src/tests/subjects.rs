//! “Who is in this picture?” and the photo permissions: who may ask and answer, what an answer makes, what is never told.

use std::time::Duration;

use schoolgate_model::{ItemKind, PupilId, Role, wire::parse_submission};
use serde_json::{Value, json};

use super::{
    Door, SCHOOL,
    desk::{Seat, between},
    door,
};
use crate::limits::Limits;

/// A door whose pages do not wait for verdicts, which nobody gives here.
async fn impatient_door() -> Door {
    let limits = Limits {
        verdict: Duration::ZERO,
        ..Limits::default()
    };
    door(limits, &[SCHOOL], Vec::new()).await
}

/// What the screening says where nobody has said who is in the pictures.
fn asks() -> Value {
    json!({"outcome": "hold", "alert": ["author"],
        "reasons": [{"rule": "undeclared-subjects", "text": "Nobody has said who is in it.", "findings": [0]}],
        "findings": [{"detector": "subjects", "rule": "undeclared-subjects", "category": "undeclared_subjects",
            "severity": "medium", "confidence": 1.0, "media": "m1", "message": "Nobody has said who is in it."}]})
}

fn draft(pictures: usize) -> Value {
    let media: Vec<_> = (1..=pictures)
        .map(|number| json!({"id": format!("m{number}"), "path": "a.jpg", "alt": "A child"}))
        .collect();
    json!({"id": "d-1", "revision": 1, "text": "Hi", "platform": "facebook", "author": {"id": "author"},
        "media": media})
}

async fn held(door: &Door, pictures: usize) -> String {
    door.screened(ItemKind::Draft, draft(pictures), asks())
        .await
}

async fn seat(door: &Door, id: &str, role: Role) -> Seat {
    door.person(id, &[role]).await;
    door.sign_in(id).await
}

/// Every hidden field of a page that carries an answer, encoded for the next form.
fn carried(page: &str) -> String {
    let mut fields = String::new();
    for part in page.split("name=\"said-").skip(1) {
        let (number, rest) = part.split_once('"').unwrap();
        let value = between(rest, "value=\"", "\"").unwrap();
        let value = value.replace('\n', "%0D%0A");
        fields.push_str(&format!("&said-{number}={value}"));
    }
    fields
}

const STEP: &str = "version=1&list=drafts-decide";

#[tokio::test]
async fn an_answer_is_given_picture_by_picture_and_becomes_the_next_revision() {
    let door = impatient_door().await;
    let key = held(&door, 2).await;
    let seat = seat(&door, "mod", Role::Moderator).await;
    let item = door.see(&seat, &format!("/items/{key}")).await;
    assert!(item.body.contains("Say who is in it"), "{item:?}");
    let path = format!("/items/{key}/subjects");
    let first = door.see(&seat, &path).await;
    assert!(
        first.body.contains("Who is in picture 1 of 2?"),
        "{first:?}"
    );
    assert!(first.body.contains("Oliver Bennett") && first.body.contains("Bella Fenwick"));
    assert!(
        !first.body.contains("Isabella"),
        "the name that she goes by"
    );
    let fields = format!("{STEP}&picture=1&go=next&pupil=P0002&pupil=P0001&adults=2");
    let second = door.send_form(&seat, &path, &fields).await;
    assert!(
        second.body.contains("Who is in picture 2 of 2?"),
        "{second:?}"
    );
    let fields = format!("{STEP}&picture=2&go=next&nobody=1{}", carried(&second.body));
    let check = door.send_form(&seat, &path, &fields).await;
    for said in [
        "Check your answer",
        "Picture 1: 2 pupils",
        "1 of 2 have permission",
        "Picture 2: Nobody who can be recognised",
        "revision 2",
    ] {
        assert!(check.body.contains(said), "{said}: {check:?}");
    }
    let fields = format!("{STEP}&go=send{}", carried(&check.body));
    let sent = door.send_form(&seat, &path, &fields).await;
    assert_eq!(sent.status, 303, "{sent:?}");
    let to = between(&sent.head, "location: ", "\r").unwrap().to_owned();
    let waits = door.see(&seat, &to).await;
    assert!(waits.body.contains("being screened again"), "{waits:?}");

    let state = door.store.item_state(SCHOOL, ItemKind::Draft, "d-1").await;
    let state = state.unwrap().unwrap();
    assert_eq!(state.revision, 2);
    let stored = door.store.item(&state.key).await.unwrap().unwrap();
    let media = parse_submission(&stored.body).unwrap().content.media;
    let ids = |ids: &[&str]| Some(ids.iter().map(|id| PupilId::from(*id)).collect::<Vec<_>>());
    assert_eq!(media[0].pupils, ids(&["P0001", "P0002"]));
    assert_eq!(media[1].pupils, ids(&[]));
    let trail = door.store.audit_lines(SCHOOL, 0, 100).await.unwrap();
    let line = trail
        .iter()
        .find(|line| line.entry.action == "said_who_is_in_it")
        .unwrap();
    assert_eq!(
        (line.entry.actor.as_str(), line.item_key.as_deref()),
        ("mod", Some(state.key.as_str()))
    );
    let detail: Value = serde_json::from_str(&line.entry.detail).unwrap();
    assert_eq!(
        detail["pictures"][0],
        json!({"media": "m1", "pupils": ["P0001", "P0002"], "staff": 2})
    );

    // the same form again, because the answer was lost, is the same revision
    let again = door.send_form(&seat, &path, &fields).await;
    assert_eq!(again.status, 409, "the screen is old now: {again:?}");
    let late = door.see(&seat, &path).await;
    assert_eq!(late.status, 404, "{late:?}");
    let mut answered = draft(2);
    answered["revision"] = 2.into();
    let old = door.see(&seat, &format!("/items/{key}")).await;
    assert!(
        old.body.contains("A newer revision has arrived") && !old.body.contains("Say who is in it")
    );
}

#[tokio::test]
async fn what_is_not_clear_is_asked_again_and_nothing_is_lost() {
    let door = impatient_door().await;
    let key = held(&door, 1).await;
    let seat = seat(&door, "mod", Role::Moderator).await;
    let path = format!("/items/{key}/subjects");
    let cases = [
        ("", "Tick the pupils in this picture"),
        ("&pupil=P0002&nobody=1", "You ticked pupils and also"),
        ("&pupil=P0002&adults=lots", "in digits"),
    ];
    for (fields, said) in cases {
        let page = format!("{STEP}&picture=1&go=next{fields}");
        let page = door.send_form(&seat, &path, &page).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains(said), "{said}: {page:?}");
        let kept = page.body.contains("value=\"P0002\" checked");
        assert_eq!(kept, fields.contains("P0002"), "{fields}");
    }
    let find = format!("{STEP}&picture=1&go=find&find=WISNIEWSKI+luk&pupil=P0002");
    let found = door.send_form(&seat, &path, &find).await;
    assert_eq!(found.status, 200);
    assert!(
        found.body.contains("Łukasz Wiśniewski")
            && found
                .body
                .contains("1 other pupil found for “WISNIEWSKI luk”."),
        "{found:?}"
    );
    assert!(
        found.body.contains("value=\"P0002\" checked"),
        "who is ticked stays"
    );
    assert!(!found.body.contains("Zoë Marchetti"));
    let class = format!("{STEP}&picture=1&go=next&class=R+Acorn");
    let whole = door.send_form(&seat, &path, &class).await;
    assert!(whole.body.contains("Picture 1: 30 pupils"), "{whole:?}");
    let stranger = format!("{STEP}&go=send&said-1=0%0A0%0AP9999");
    assert_eq!(door.send_form(&seat, &path, &stranger).await.status, 400);
    let unsaid = format!("{STEP}&go=send&said-1=0%0A0");
    assert_eq!(door.send_form(&seat, &path, &unsaid).await.status, 400);
}

#[tokio::test]
async fn an_answer_counts_only_on_what_was_seen() {
    let door = impatient_door().await;
    let key = held(&door, 1).await;
    let [one, two] = [
        seat(&door, "one", Role::Moderator).await,
        seat(&door, "two", Role::Moderator).await,
    ];
    let reject = "decision=reject&version=1&list=drafts-decide";
    let path = format!("/items/{key}/decision");
    assert_eq!(door.send_form(&one, &path, reject).await.status, 303);
    let send = format!("{STEP}&go=send&said-1=0%0A1");
    let late = door
        .send_form(&two, &format!("/items/{key}/subjects"), &send)
        .await;
    assert_eq!(late.status, 409, "{late:?}");
    assert!(
        late.body.contains("Your answer was not recorded"),
        "{late:?}"
    );
    assert!(late.body.contains("This has been decided"), "{late:?}");
    let state = door.store.item_state(SCHOOL, ItemKind::Draft, "d-1").await;
    assert_eq!(state.unwrap().unwrap().revision, 1);
}

#[tokio::test]
async fn the_author_and_those_who_work_with_it_are_asked_and_nobody_else() {
    let door = impatient_door().await;
    let key = held(&door, 1).await;
    let path = format!("/items/{key}/subjects");
    for (id, role, status) in [
        ("author", Role::Author, 200),
        ("mod", Role::Moderator, 200),
        ("slt", Role::Slt, 200),
        ("other", Role::Author, 404),
        ("dsl", Role::Dsl, 404),
        ("admin", Role::Administrator, 404),
    ] {
        let seat = seat(&door, id, role).await;
        assert_eq!(door.see(&seat, &path).await.status, status, "{id}");
        let send = format!("{STEP}&go=picture-1");
        assert_eq!(
            door.send_form(&seat, &path, &send).await.status,
            status,
            "{id}"
        );
    }
    let mut suspect = asks();
    suspect["outcome"] = "escalate".into();
    suspect["findings"][0]["category"] = "exploitation".into();
    let mut item = draft(1);
    item["id"] = "d-2".into();
    let suspect = door.screened(ItemKind::Draft, item, suspect).await;
    let slt = door.sign_in("slt").await;
    let page = door.see(&slt, &format!("/items/{suspect}/subjects")).await;
    assert_eq!(page.status, 404, "nobody looks at such a picture");
}

#[tokio::test]
async fn permissions_are_for_those_who_work_with_pictures_and_never_tell_why() {
    let door = impatient_door().await;
    let author = seat(&door, "author", Role::Author).await;
    let page = door
        .see(&author, "/permissions?channel=instagram&class=1+Robin")
        .await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(
        page.body.contains("may be in a photo for Instagram"),
        "{page:?}"
    );
    let row = |name: &str| between(&page.body, name, "</tr>").unwrap().to_owned();
    let listed = row("Bella Fenwick");
    assert_eq!(listed.matches("mark no").count(), 3, "{listed}");
    assert!(
        !page.body.to_lowercase().contains("do-not-publish"),
        "{page:?}"
    );
    assert!(page.body.contains("not recorded"));
    let found = door
        .send_form(
            &author,
            "/permissions",
            "school=st-hildas&channel=website&find=teddy+mar",
        )
        .await;
    assert!(
        found.body.contains("Teddy Marchant") && found.body.contains("4 Heron"),
        "{found:?}"
    );
    assert!(
        !found.body.contains(">Video<"),
        "the website has no column of its own for videos"
    );
    for (path, status) in [
        ("/permissions", 200),
        ("/permissions?class=9+Nowhere", 404),
        ("/permissions?channel=tiktok", 404),
        ("/permissions?school=elsewhere", 404),
    ] {
        assert_eq!(door.see(&author, path).await.status, status, "{path}");
    }
    let admin = seat(&door, "admin", Role::Administrator).await;
    assert_eq!(door.see(&admin, "/permissions").await.status, 403);
}
