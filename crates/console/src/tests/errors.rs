//! What a caller gets who asks for something wrong: a problem, guarded by the same headers as everything else, in
//! which nothing of the request comes back.

use schoolgate_school::service::Right;

use super::{Answer, SCHOOL, door, door_at, plain_door, problem, token};
use crate::limits::Limits;

const PLANTED: &str = "Zqxwv";
const JSON: &str = "Content-Type: application/json\r\n";

fn guarded(answer: &Answer) {
    for line in [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "cross-origin-resource-policy: same-origin",
        "cross-origin-opener-policy: same-origin",
        "cache-control: no-store",
    ] {
        assert!(answer.head.contains(line), "{line}: {answer:?}");
    }
}

#[tokio::test]
async fn every_error_is_a_problem_and_repeats_nothing() {
    let door = plain_door().await;
    let draft = r#"{"id":"d","kind":"draft","text":"x"}"#;
    let huge = "x".repeat(crate::MAX_BODY_BYTES + 1);
    let cases: [(&str, &str, &str, &str, u16, &str); 28] = [
        ("GET", "/Zqxwv", "", "", 404, "not_found"),
        ("GET", "/api/v1/items/Zqxwv", "", "", 404, "unknown_item"),
        ("GET", "/api/v1/items/%FF%FEZqxwv", "", "", 400, "path"),
        ("GET", "/api/v1/media/%FFZqxwv", "", "", 400, "path"),
        ("GET", "/api/v1/items/%00Zqxwv", "", "", 404, "not_found"),
        ("GET", "/api/v1/media/%00Zqxwv", "", "", 404, "not_found"),
        ("GET", "/api/v1/media/Zqxwv", "", "", 404, "unknown_media"),
        ("GET", "/api/v1/items/d?kind=Zqxwv", "", "", 400, "query"),
        (
            "GET",
            "/api/v1/items/d?revision=Zqxwv",
            "",
            "",
            400,
            "query",
        ),
        (
            "GET",
            "/api/v1/items/d?kind=draft&kind=Zqxwv",
            "",
            "",
            400,
            "query",
        ),
        (
            "GET",
            "/api/v1/items/d?school=Zqxwv",
            "",
            "",
            404,
            "unknown_item",
        ),
        ("GET", "/api/v1/drafts?Zqxwv", "", "", 405, "method"),
        ("DELETE", "/api/v1/items/Zqxwv", JSON, "", 405, "method"),
        ("PUT", "/", JSON, "Zqxwv", 405, "method"),
        ("ZQXWV", "/api/v1/comments", JSON, "", 405, "method"),
        ("POST", "/healthz", JSON, "Zqxwv", 405, "method"),
        ("POST", "/readyz", JSON, "Zqxwv", 405, "method"),
        (
            "POST",
            "/api/v1/drafts?wait=Zqxwv",
            JSON,
            draft,
            400,
            "wait",
        ),
        (
            "POST",
            "/api/v1/drafts?wait=1&wait=Zqxwv",
            JSON,
            draft,
            400,
            "query",
        ),
        (
            "POST",
            "/api/v1/drafts",
            "Content-Type: text/Zqxwv\r\n",
            draft,
            415,
            "content_type",
        ),
        ("POST", "/api/v1/drafts", JSON, "Zqxwv", 422, "invalid_item"),
        (
            "POST",
            "/api/v1/drafts",
            JSON,
            r#"{"id":"d","kind":"Zqxwv","text":"x"}"#,
            422,
            "invalid_item",
        ),
        (
            "POST",
            "/api/v1/drafts",
            JSON,
            r#"{"id":"d","kind":"draft","text":"x","school":"Zqxwv"}"#,
            422,
            "unknown_school",
        ),
        ("POST", "/api/v1/comments", JSON, draft, 422, "wrong_kind"),
        ("POST", "/api/v1/drafts", JSON, &huge, 413, "body"),
        (
            "GET",
            "/api/v1/items/d",
            "Host: Zqxwv.example\r\n",
            "",
            403,
            "loopback_only",
        ),
        (
            "GET",
            "/healthz",
            "Host: Zqxwv.example\r\n",
            "",
            403,
            "loopback_only",
        ),
        (
            "GET",
            "/readyz",
            "Host: localhost\r\nHost: Zqxwv.example\r\n",
            "",
            403,
            "loopback_only",
        ),
    ];
    for (method, path, headers, body, status, code) in cases {
        let answer = door.ask(method, path, headers, body).await;
        problem(&answer, status, code);
        guarded(&answer);
        let whole = format!("{}{}", answer.head, answer.body).to_lowercase();
        assert!(!whole.contains(&PLANTED.to_lowercase()), "{answer:?}");
        if status == 405 {
            assert!(answer.head.contains("allow: "), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn good_answers_are_guarded_by_the_same_headers() {
    let door = plain_door().await;
    for path in ["/sign-in", "/healthz", "/readyz"] {
        let answer = door.get(path, "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        guarded(&answer);
        assert!(!answer.head.contains("unsafe-inline"), "{answer:?}");
    }
    let taken = door
        .post("/api/v1/drafts", r#"{"id":"d","kind":"draft","text":"x"}"#)
        .await;
    assert_eq!(taken.status, 202, "{taken:?}");
    guarded(&taken);
}

#[tokio::test]
async fn what_comes_in_by_http_is_counted() {
    schoolgate_ops::start_metrics();
    let door = plain_door().await;
    let draft = r#"{"id":"d","kind":"draft","text":"x"}"#;
    let event = r#"{"id":"e","kind":"event","type":"account_seen","at":"2026-11-20T08:00:00Z"}"#;
    for _ in 0..2 {
        assert_eq!(door.post("/api/v1/drafts", draft).await.status, 202);
        assert_eq!(door.post("/api/v1/events", event).await.status, 202);
    }
    let figures = door.get("/metrics", "").await.body;
    for kind in ["draft", "event"] {
        for result in ["new", "duplicate"] {
            let line = format!(
                "schoolgate_items_received_total{{door=\"http\",kind=\"{kind}\",result=\"{result}\"}}"
            );
            assert!(figures.contains(&line), "{line}: {figures}");
        }
    }
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let door = plain_door().await;
    let plain = door.get("/sign-in", "").await;
    assert!(
        !plain.head.contains("strict-transport-security"),
        "{plain:?}"
    );
    let url = "https://desk.school.example";
    let door = door_at(Some(url), Limits::default(), &[SCHOOL], Vec::new()).await;
    let secure = door.get("/sign-in", "Host: desk.school.example\r\n").await;
    assert_eq!(secure.status, 200);
    assert!(
        secure
            .head
            .contains("strict-transport-security: max-age=31536000"),
        "{secure:?}"
    );
}

#[tokio::test]
async fn without_a_public_address_pages_answer_under_a_loopback_name_only() {
    let tokens = vec![token("t", SCHOOL, &[Right::Read])];
    let door = door(Limits::default(), &[SCHOOL], tokens).await;
    for (headers, status) in [
        ("", 200),
        ("Host: evil.example\r\n", 403),
        ("X-Forwarded-For: 203.0.113.9\r\n", 403),
    ] {
        assert_eq!(
            door.get("/sign-in", headers).await.status,
            status,
            "{headers}"
        );
    }
}
