//! Which token sees which school's page and pictures.

use schoolgate_model::Role;
use schoolgate_school::service::{Right, Token};

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

#[tokio::test]
async fn a_token_gets_pictures_only_where_they_can_be_nobody_elses() {
    for (slugs, reader) in [(vec![SCHOOL], 200), (vec![SCHOOL, "other"], 404)] {
        let door = door(Limits::default(), &slugs, tokens()).await;
        let picture = b"\x89PNG and more";
        door.media.put(picture).unwrap();
        let path = format!("/api/v1/media/{}", schoolgate_darkroom::sha256_hex(picture));
        let answer = door.get(&path, &bearer("reader")).await;
        assert_eq!(answer.status, reader, "{slugs:?} {answer:?}");
        problem(&door.get(&path, &bearer("sender")).await, 403, "forbidden");
        let stranger = door.get(&path, &bearer("stranger")).await;
        assert!(matches!(stranger.status, 403 | 404), "{stranger:?}");
    }
    let door = door(Limits::default(), &[SCHOOL, "other"], Vec::new()).await;
    let picture = b"\x89PNG and more";
    door.media.put(picture).unwrap();
    let path = format!("/api/v1/media/{}", schoolgate_darkroom::sha256_hex(picture));
    assert_eq!(door.get(&path, "").await.status, 200, "this machine may");
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
