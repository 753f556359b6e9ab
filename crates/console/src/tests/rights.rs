//! Which token sees which school's page and pictures.

use schoolgate_model::{ItemKind, Role};
use schoolgate_school::service::{Right, Token};
use schoolgate_store::{PictureReason, Removal};
use serde_json::json;

use super::{SCHOOL, door, plain_door, problem, token};
use crate::limits::Limits;

fn tokens() -> Vec<Token> {
    vec![
        token("reader", SCHOOL, &[Right::Read]),
        token("sender", SCHOOL, &[Right::Submit]),
        token("stranger", "elsewhere", &[Right::Read, Right::Submit]),
    ]
}

fn bearer(secret: &str) -> String {
    format!("Authorization: Bearer {secret}\r\n")
}

/// A verdict on one picture, whose clean copy is `sha`.
fn verdict(outcome: &str, alert: &[&str], category: &str, sha: &str) -> serde_json::Value {
    json!({"outcome": outcome, "alert": alert,
        "media": [{"id": "m1", "sha256": "aa", "clean_sha256": sha, "removed": []}],
        "findings": [{"detector": "language", "rule": "r", "category": category, "type": "image",
            "severity": "high", "confidence": 0.9, "surface": "text", "message": "m"}]})
}

#[tokio::test]
async fn a_picture_is_given_out_for_an_approved_open_item_of_the_caller_s_school_and_no_other() {
    for slugs in [vec![SCHOOL], vec![SCHOOL, "elsewhere"]] {
        let door = door(Limits::default(), &slugs, tokens()).await;
        let cases = [
            ("approve", &[][..], "tone", 200),
            ("hold", &["moderator"][..], "tone", 404),
            ("approve", &["dsl"][..], "tone", 404),
            ("approve", &["slt", "head"][..], "tone", 404),
            ("approve", &[][..], "sexual", 404),
        ];
        for (number, (outcome, alert, category, status)) in cases.into_iter().enumerate() {
            let picture = format!("\u{89}PNG {number}").into_bytes();
            door.media.put(&picture).unwrap();
            let sha = schoolgate_darkroom::sha256_hex(&picture);
            let path = format!("/api/v1/media/{sha}");
            let before = door.get(&path, &bearer("reader")).await;
            problem(&before, 404, "unknown_media");
            let item = json!({"id": format!("d-{number}"), "text": "x", "author": "a"});
            let verdict = verdict(outcome, alert, category, &sha);
            let headers = bearer("sender");
            door.screened_by(&headers, ItemKind::Draft, item, verdict)
                .await;
            let answer = door.get(&path, &bearer("reader")).await;
            assert_eq!(answer.status, status, "{outcome} {alert:?} {category}");
            problem(&door.get(&path, &bearer("sender")).await, 403, "forbidden");
            problem(
                &door.get(&path, &bearer("stranger")).await,
                404,
                "unknown_media",
            );
        }
    }
}

#[tokio::test]
async fn a_picture_that_was_removed_is_gone_and_its_draft_cannot_be_released() {
    let door = door(Limits::default(), &[SCHOOL], tokens()).await;
    let picture = b"\x89PNG compromising".as_slice();
    door.media.put(picture).unwrap();
    let sha = schoolgate_darkroom::sha256_hex(picture);
    let path = format!("/api/v1/media/{sha}");
    let item = json!({"id": "d-1", "text": "x", "author": "a"});
    let verdict = verdict("approve", &[], "tone", &sha);
    door.screened_by(&bearer("sender"), ItemKind::Draft, item, verdict)
        .await;
    assert_eq!(door.get(&path, &bearer("reader")).await.status, 200);
    let removal = Removal {
        school: SCHOOL.to_owned(),
        sha256: vec![sha.clone()],
        by: "d1".to_owned(),
        reason: PictureReason::Compromising,
    };
    let now = "2026-11-20T10:00:00Z".parse().unwrap();
    door.store
        .remove_pictures(&removal, None, now)
        .await
        .unwrap();
    // the file is still there, as after a crash, and nobody gets it all the same
    problem(
        &door.get(&path, &bearer("reader")).await,
        410,
        "removed_media",
    );
    problem(
        &door.get(&path, &bearer("stranger")).await,
        404,
        "unknown_media",
    );
    let asked = json!({"kind": "draft", "revision": 1, "hashes": [sha]}).to_string();
    let headers = format!("Content-Type: application/json\r\n{}", bearer("reader"));
    let answer = door
        .ask("POST", "/api/v1/items/d-1/release", &headers, &asked)
        .await;
    assert_eq!(answer.status, 409, "{answer:?}");
    assert!(answer.body.contains("removed_picture"), "{answer:?}");
}

#[tokio::test]
async fn without_tokens_a_picture_that_nobody_approved_is_not_given_out_either() {
    let door = plain_door().await;
    let picture = b"\x89PNG and more";
    door.media.put(picture).unwrap();
    let path = format!("/api/v1/media/{}", schoolgate_darkroom::sha256_hex(picture));
    problem(&door.get(&path, "").await, 404, "unknown_media");
}

#[tokio::test]
async fn pages_want_somebody_who_is_signed_in_and_no_token_opens_them() {
    let door = door(Limits::default(), &[SCHOOL], tokens()).await;
    for path in [
        "/",
        "/comments",
        "/drafts",
        "/for-you",
        "/people",
        "/day",
        "/items/x",
    ] {
        for headers in [String::new(), bearer("reader")] {
            let answer = door.get(path, &headers).await;
            assert_eq!(answer.status, 303, "{path} {answer:?}");
            assert!(answer.head.contains("location: /sign-in"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_token_without_the_right_is_refused_before_anything_is_read() {
    let door = door(Limits::default(), &[SCHOOL], tokens()).await;
    let headers = format!("Content-Type: application/json\r\n{}", bearer("reader"));
    let answer = door
        .ask("POST", "/api/v1/drafts", &headers, "not an item")
        .await;
    problem(&answer, 403, "forbidden");
    let path = "/api/v1/items/d?school=unknown";
    problem(&door.get(path, &bearer("sender")).await, 403, "forbidden");
}

#[tokio::test]
async fn health_asks_for_no_token() {
    let door = door(Limits::default(), &[SCHOOL], tokens()).await;
    for path in ["/healthz", "/readyz"] {
        let answer = door.get(path, "Host: school.example\r\n").await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

#[tokio::test]
async fn without_tokens_nobody_behind_a_proxy_gets_anything() {
    let door = plain_door().await;
    door.held_comment("c-1", "what the heck").await;
    assert_eq!(door.get("/api/v1/items/c-1", "").await.status, 200);
    for line in [
        "X-Forwarded-For: 203.0.113.9",
        "X-Forwarded-Proto: https",
        "Forwarded: for=203.0.113.9",
        "Via: 1.1 proxy",
        "X-Real-IP: 203.0.113.9",
    ] {
        let answer = door.get("/api/v1/items/c-1", &format!("{line}\r\n")).await;
        problem(&answer, 403, "loopback_only");
    }
}

#[tokio::test]
async fn with_accounts_this_machine_reads_no_restricted_words() {
    let door = plain_door().await;
    door.disclosure("c-1").await;
    let path = "/api/v1/items/c-1";
    assert!(door.get(path, "").await.body.contains("tells of harm"));
    door.person("dsl", &[Role::Dsl]).await;
    let bare = door.get(path, "").await;
    assert_eq!(
        (bare.status, bare.json()["verdict"]["outcome"].as_str()),
        (200, Some("escalate"))
    );
    assert!(!bare.body.contains("tells of harm"), "{bare:?}");
}
