//! Decisions, events and the question before publishing, by programs and from pages.

use schoolgate_model::{ItemKind, Role};
use schoolgate_school::service::Right;
use serde_json::json;

use super::{SCHOOL, door, plain_door, problem, token};
use crate::limits::Limits;

fn body(version: u32, decision: &str) -> String {
    json!({"kind": "comment", "revision": 1, "version": version, "decision": decision, "note": "n"})
        .to_string()
}

#[tokio::test]
async fn a_decision_needs_somebody_who_takes_it() {
    let door = plain_door().await;
    door.held_comment("c-1", "what the heck").await;
    let path = "/api/v1/items/c-1/decisions";
    problem(
        &door.post(path, &body(1, "approve")).await,
        401,
        "unauthorised",
    );
    door.person("mod", &[Role::Moderator]).await;
    let seat = door.sign_in("mod").await;
    let json = format!(
        "Content-Type: application/json\r\nCookie: {}\r\n",
        seat.cookie
    );
    let ask =
        async |more: &str, body: &str| door.ask("POST", path, &format!("{json}{more}"), body).await;
    let own = "Origin: http://localhost\r\n";
    problem(&ask("", &body(1, "approve")).await, 403, "foreign_page");
    let foreign = "Origin: https://evil.example\r\n";
    problem(
        &ask(foreign, &body(1, "approve")).await,
        403,
        "foreign_page",
    );
    problem(&ask(own, "Zqxwv").await, 422, "invalid_body");
    problem(&ask(own, &body(1, "Zqxwv")).await, 422, "unknown_decision");
    problem(&ask(own, &body(7, "approve")).await, 409, "stale_version");
    let done = ask(own, &body(1, "reject")).await;
    assert_eq!(
        (done.status, done.json()["version"].as_u64()),
        (200, Some(2)),
        "{done:?}"
    );
    problem(&ask(own, &body(1, "approve")).await, 409, "stale_version");
    problem(&ask(own, &body(2, "approve")).await, 409, "closed");
}

#[tokio::test]
async fn a_token_decides_as_a_moderator_and_what_is_restricted_is_not_there_for_it() {
    let tokens = vec![
        token("decider", SCHOOL, &[Right::Decide, Right::Submit]),
        token("reader", SCHOOL, &[Right::Read]),
    ];
    let door = door(Limits::default(), &[SCHOOL], tokens).await;
    let bearer = |secret: &str| {
        format!("Content-Type: application/json\r\nAuthorization: Bearer {secret}\r\n")
    };
    let event =
        json!({"id": "e-1", "kind": "event", "type": "account_seen", "at": "2026-11-20T08:00:00Z"})
            .to_string();
    let sent = door
        .ask("POST", "/api/v1/events", &bearer("decider"), &event)
        .await;
    assert_eq!(
        (sent.status, sent.json()["status"].as_str()),
        (202, Some("received")),
        "{sent:?}"
    );
    let again = door
        .ask("POST", "/api/v1/events", &bearer("decider"), &event)
        .await;
    assert_eq!(again.json()["status"], "duplicate", "{again:?}");
    problem(
        &door
            .ask("POST", "/api/v1/events", &bearer("reader"), &event)
            .await,
        403,
        "forbidden",
    );
    problem(
        &door
            .ask("POST", "/api/v1/events", &bearer("decider"), "Zqxwv")
            .await,
        422,
        "invalid_event",
    );
    let path = "/api/v1/items/none/decisions";
    let wanted = body(1, "approve");
    problem(
        &door.ask("POST", path, &bearer("reader"), &wanted).await,
        403,
        "forbidden",
    );
    problem(
        &door.ask("POST", path, &bearer("decider"), &wanted).await,
        404,
        "unknown_item",
    );
}

#[tokio::test]
async fn a_session_sends_nothing_in_as_if_it_were_the_platform() {
    let door = plain_door().await;
    door.person("all", Role::ALL).await;
    let seat = door.sign_in("all").await;
    let headers = format!(
        "Content-Type: application/json\r\nOrigin: http://localhost\r\nCookie: {}\r\n",
        seat.cookie
    );
    for (path, body) in [
        ("drafts", json!({"id": "d-1", "kind": "draft", "text": "x"})),
        (
            "comments",
            json!({"id": "c-1", "kind": "comment", "text": "x"}),
        ),
        (
            "events",
            json!({"id": "e-1", "kind": "event", "type": "acknowledged", "item": "c-1", "at": "2026-11-20T08:00:00Z"}),
        ),
    ] {
        let path = format!("/api/v1/{path}");
        let sent = door.ask("POST", &path, &headers, &body.to_string()).await;
        problem(&sent, 403, "forbidden");
    }
    assert_eq!(door.store.counts().await.unwrap().waiting, 0);
}

#[tokio::test]
async fn exactly_what_was_approved_is_released_and_nothing_else() {
    let door = plain_door().await;
    let clear = json!({"outcome": "approve"});
    let held = json!({"outcome": "hold"});
    door.screened(ItemKind::Draft, json!({"id": "d-1", "text": "Fine"}), clear)
        .await;
    door.screened(ItemKind::Draft, json!({"id": "d-2", "text": "Hm"}), held)
        .await;
    let ask = async |id: &str, revision: u32, hashes: &[&str]| {
        let body = json!({"revision": revision, "hashes": hashes}).to_string();
        door.post(&format!("/api/v1/items/{id}/release"), &body)
            .await
    };
    let released = ask("d-1", 1, &[]).await;
    assert_eq!(
        (released.status, released.json()["approved"].as_bool()),
        (200, Some(true))
    );
    problem(&ask("d-1", 1, &["aa"]).await, 409, "other_pictures");
    problem(&ask("d-1", 2, &[]).await, 409, "unknown");
    problem(&ask("d-2", 1, &[]).await, 409, "not_approved");
    let due = door
        .get("/api/v1/window?received=2026-11-20T09:00:00Z", "")
        .await;
    assert_eq!(due.json()["due_at"], "2026-11-21T09:00:00Z", "{due:?}");
}
