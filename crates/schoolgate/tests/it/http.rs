//! The HTTP door of `serve`: take, wait, read back, refuse, stop.

use std::time::Duration;

use schoolgate_testkit::Running;
use serde_json::{Value, json};

use crate::world::{Answer, address_in, copy_folder, demo_config, fixture, http, post, schoolgate};

struct Service {
    running: Running,
    address: String,
    _folder: tempfile::TempDir,
}

fn service(settings: &str) -> Service {
    service_with(settings, &[])
}

fn service_with(settings: &str, environment: &[(&str, &str)]) -> Service {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    copy_folder(&demo_config(), &config);
    std::fs::write(config.join("schoolgate.toml"), settings).unwrap();
    let mut command = schoolgate();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(&config)
        .arg("--data")
        .arg(folder.path().join("data"))
        .arg("--media-root")
        .arg(fixture("demo"))
        .envs(environment.iter().copied());
    let mut running = Running::start(&mut command).unwrap();
    let line = running
        .wait_for("listening on", Duration::from_secs(60))
        .unwrap();
    Service {
        running,
        address: address_in(&line),
        _folder: folder,
    }
}

fn problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        answer.status,
        status,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    assert!(
        answer
            .head
            .to_ascii_lowercase()
            .contains("application/problem+json"),
        "{}",
        answer.head
    );
    assert_eq!(answer.json()["code"], code);
}

#[test]
fn an_item_is_taken_screened_and_read_back() {
    let service = service("");
    let draft = json!({"id": "d/1 ü", "kind": "draft", "text": "Well done to everybody at the harvest fair.",
        "media": [{"id": "m1", "path": "photos/harvest-table.jpg", "pupils": []}]})
    .to_string();
    let taken = post(&service.address, &draft, "draft", "?wait=20s").unwrap();
    assert_eq!(
        taken.status,
        200,
        "{}",
        String::from_utf8_lossy(&taken.body)
    );
    let verdict = taken.json();
    assert_eq!(verdict["outcome"], "approve");

    let clean = verdict["media"][0]["clean_sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let picture = http(
        &service.address,
        "GET",
        &format!("/api/v1/media/{clean}"),
        &[],
        b"",
    )
    .unwrap();
    assert_eq!(picture.status, 200);
    assert!(
        picture.body.starts_with(&[0xff, 0xd8, 0xff]),
        "the clean bytes are a JPEG"
    );
    assert!(picture.head.contains("nosniff"));

    let again = post(&service.address, &draft, "draft", "").unwrap();
    assert_eq!(
        (again.status, again.json()["status"].clone()),
        (202, Value::from("duplicate"))
    );

    let item = http(
        &service.address,
        "GET",
        "/api/v1/items/d%2F1%20%C3%BC?kind=draft",
        &[],
        b"",
    )
    .unwrap();
    assert_eq!(
        (item.status, item.json()["state"].clone()),
        (200, Value::from("screened"))
    );
    assert_eq!(item.json()["verdict"]["media"][0]["clean_sha256"], clean);

    let page = http(&service.address, "GET", "/day", &[], b"").unwrap();
    assert_eq!(page.status, 303, "pages want somebody who is signed in");
    let sign_in = http(&service.address, "GET", "/sign-in", &[], b"").unwrap();
    assert_eq!(sign_in.status, 200);
    assert!(
        sign_in
            .head
            .to_ascii_lowercase()
            .contains("content-security-policy")
    );

    assert_eq!(
        http(&service.address, "GET", "/healthz", &[], b"")
            .unwrap()
            .status,
        200
    );
    let ready = http(&service.address, "GET", "/readyz", &[], b"").unwrap();
    assert_eq!(
        ready.status, 503,
        "no mail is configured, and readiness says so"
    );
    assert!(String::from_utf8(ready.body).unwrap().contains("mail"));
}

#[test]
fn an_edit_is_a_new_revision_and_a_contradiction_is_a_conflict() {
    let service = service("");
    let comment = |text: &str, revision: Option<u32>| {
        let mut item = json!({"id": "c-1", "kind": "comment", "text": text});
        if let Some(revision) = revision {
            item["revision"] = revision.into();
        }
        post(&service.address, &item.to_string(), "comment", "?wait=20s").unwrap()
    };
    assert_eq!(comment("Lovely pictures!", None).json()["revision"], 1);
    assert_eq!(
        comment("Lovely pictures, thank you!", None).json()["revision"],
        2
    );
    problem(
        &comment("Something else", Some(2)),
        409,
        "conflicting_revision",
    );
    let item = http(&service.address, "GET", "/api/v1/items/c-1", &[], b"")
        .unwrap()
        .json();
    assert_eq!(
        item["verdict"]["outcome"], "hold",
        "a contradicted item is held: {item}"
    );
}

#[test]
fn bad_requests_are_problems_and_nothing_is_taken() {
    let service = service("");
    let address = &service.address;
    problem(
        &post(address, "not json", "draft", "").unwrap(),
        422,
        "invalid_item",
    );
    problem(
        &post(
            address,
            r#"{"id":"c","kind":"comment","text":"x"}"#,
            "draft",
            "",
        )
        .unwrap(),
        422,
        "wrong_kind",
    );
    problem(
        &post(
            address,
            r#"{"id":"c","kind":"comment","text":"x","school":"other"}"#,
            "comment",
            "",
        )
        .unwrap(),
        422,
        "unknown_school",
    );
    problem(
        &post(
            address,
            r#"{"id":"c","kind":"comment","text":"x"}"#,
            "comment",
            "?wait=soon",
        )
        .unwrap(),
        400,
        "wait",
    );
    let plain = http(
        address,
        "POST",
        "/api/v1/drafts",
        &[("Content-Type", "text/plain")],
        b"{}",
    )
    .unwrap();
    problem(&plain, 415, "content_type");
    let foreign = http(
        address,
        "GET",
        "/api/v1/items/c",
        &[("Host", "evil.example")],
        b"",
    )
    .unwrap();
    problem(&foreign, 403, "loopback_only");
    problem(
        &http(address, "GET", "/api/v1/items/none", &[], b"").unwrap(),
        404,
        "unknown_item",
    );
    problem(
        &http(address, "GET", "/nowhere", &[], b"").unwrap(),
        404,
        "not_found",
    );
    problem(
        &http(
            address,
            "GET",
            "/api/v1/media/..%2f..%2fetc%2fpasswd",
            &[],
            b"",
        )
        .unwrap(),
        404,
        "unknown_media",
    );
}

#[test]
fn tokens_are_asked_for_and_bound_to_their_right() {
    // SHA-256 of "open-sesame" and "read-only"
    let hash = |token: &str| schoolgate_darkroom::sha256_hex(token.as_bytes());
    let settings = format!(
        "[[http.token]]\nname = \"scheduler\"\nsha256 = \"{}\"\nschool = \"st-hildas\"\nrights = [\"submit\"]\n[[http.token]]\nname = \"report\"\nsha256 = \"{}\"\nschool = \"st-hildas\"\nrights = [\"read\"]\n",
        hash("open-sesame"),
        hash("read-only")
    );
    let service = service(&settings);
    let item = br#"{"id":"d","kind":"draft","text":"A good day."}"#;
    let send = |authorisation: &str| {
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", authorisation),
        ];
        http(&service.address, "POST", "/api/v1/drafts", &headers, item).unwrap()
    };
    problem(
        &post(&service.address, "{}", "draft", "").unwrap(),
        401,
        "unauthorised",
    );
    problem(&send("Bearer wrong"), 401, "unauthorised");
    problem(&send("Bearer read-only"), 403, "forbidden");
    assert_eq!(send("Bearer open-sesame").status, 202);
    let read = http(
        &service.address,
        "GET",
        "/api/v1/items/d",
        &[("Authorization", "Bearer open-sesame")],
        b"",
    )
    .unwrap();
    problem(&read, 403, "forbidden");
}

#[test]
fn a_token_shows_no_more_of_a_verdict_than_its_rights_and_the_item_allow() {
    let hash = |token: &str| schoolgate_darkroom::sha256_hex(token.as_bytes());
    let token = |name: &str, rights: &str| {
        format!(
            "[[http.token]]\nname = \"{name}\"\nsha256 = \"{}\"\nschool = \"st-hildas\"\nrights = [{rights}]\n",
            hash(name)
        )
    };
    let settings = format!(
        "{}{}{}",
        token("sender", "\"submit\""),
        token("both", "\"submit\", \"read\""),
        token("reader", "\"read\"")
    );
    let service = service(&settings);
    let send = |holder: &str, item: &Value| {
        let authorisation = format!("Bearer {holder}");
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", authorisation.as_str()),
        ];
        let path = format!("/api/v1/{}s?wait=20s", item["kind"].as_str().unwrap());
        let answer = http(
            &service.address,
            "POST",
            &path,
            &headers,
            item.to_string().as_bytes(),
        )
        .unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    };
    let read = |id: &str| {
        let path = format!("/api/v1/items/{id}");
        let headers = [("Authorization", "Bearer reader")];
        http(&service.address, "GET", &path, &headers, b"")
            .unwrap()
            .json()
    };

    let held = json!({"id": "d-1", "kind": "draft", "text": "Ring me on 07700 900123 about this bloody trip."});
    let sent = send("sender", &held);
    assert_eq!(sent["outcome"], "hold");
    assert!(sent["reasons"][0]["text"].is_string(), "{sent}");
    for hidden in ["findings", "alert", "checks"] {
        assert!(sent.get(hidden).is_none(), "{hidden}: {sent}");
    }
    assert!(!sent.to_string().contains("900123"), "{sent}");
    let both = send("both", &held);
    assert!(both["findings"].to_string().contains("900123"), "{both}");
    let seen = read("d-1");
    assert!(seen["verdict"]["findings"].to_string().contains("900123"));

    let told = json!({"id": "c-1", "kind": "comment",
        "text": "My stepdad hits me when mum is out and I am scared to go home. Ring me on 07700 900123."});
    let sent = send("both", &told);
    assert_eq!(sent["outcome"], "escalate", "{sent}");
    let seen = read("c-1");
    assert_eq!(seen["verdict"]["outcome"], "escalate");
    let findings = seen["verdict"]["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    for finding in findings {
        for hidden in ["text", "pupil_id", "pupil_ids"] {
            assert!(finding.get(hidden).is_none(), "{finding}");
        }
    }
    for reason in seen["verdict"]["reasons"].as_array().unwrap() {
        assert!(
            reason["text"].as_str().unwrap().starts_with("Restricted"),
            "{reason}"
        );
        assert!(reason.get("fix").is_none() && reason.get("clause").is_none());
    }
}

#[test]
fn no_answer_repeats_what_was_sent_in_the_wrong_place() {
    let service = service("");
    for item in [
        r#"{"id":"d","kind":"Zqxwv Whitcombe","text":""}"#,
        r#"{"id":"d","kind":"draft","text":447700900123}"#,
        r#"{"id":"d","kind":"draft","text":"","verb":"Zqxwv"}"#,
        r#"{"id":"d","kind":"draft","text":"","publish_at":"Zqxwv's birthday"}"#,
    ] {
        let answer = post(&service.address, item, "draft", "").unwrap();
        problem(&answer, 422, "invalid_item");
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(
            !text.contains("Zqxwv") && !text.contains("900123"),
            "{text}"
        );
        assert!(text.contains("line 1 column"), "{text}");
    }
    for path in ["/healthz", "/readyz"] {
        let foreign = http(
            &service.address,
            "GET",
            path,
            &[("Host", "evil.example")],
            b"",
        );
        problem(&foreign.unwrap(), 403, "loopback_only");
    }
}

#[test]
fn a_draft_with_another_verb_is_still_the_same_draft() {
    let service = service("");
    let draft = |text: &str, verb: &str| {
        let item = json!({"id": "d-1", "kind": "draft", "revision": 1, "text": text, "verb": verb});
        post(&service.address, &item.to_string(), "draft", "").unwrap()
    };
    assert_eq!(draft("Well done everybody.", "add").status, 202);
    assert_eq!(
        draft("Well done everybody.", "edit").json()["status"],
        "duplicate"
    );
    problem(
        &draft("Something else.", "edit"),
        409,
        "conflicting_revision",
    );
}

#[test]
fn a_service_with_half_sent_requests_stops_in_time() {
    use std::io::Write as _;
    let mut service = service("");
    let open: Vec<_> = ["GET / HT", "POST /api/v1/drafts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"]
        .iter()
        .map(|half| {
            let mut stream = std::net::TcpStream::connect(&service.address).unwrap();
            stream.write_all(half.as_bytes()).unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    service.running.terminate().unwrap();
    let status = service.running.wait_exit(Duration::from_secs(15)).unwrap();
    assert!(status.success(), "{status}");
    drop(open);
}

#[test]
fn a_terminated_service_stops_at_once_and_keeps_everything() {
    let mut service = service("");
    for n in 0..20 {
        let item =
            json!({"id": format!("c-{n}"), "kind": "comment", "text": "Lovely!"}).to_string();
        assert_eq!(
            post(&service.address, &item, "comment", "").unwrap().status,
            202
        );
    }
    service.running.terminate().unwrap();
    let status = service.running.wait_exit(Duration::from_secs(10)).unwrap();
    assert!(status.success(), "{status}");
}

#[test]
fn serve_keeps_its_items_in_postgresql_too() {
    let url = std::env::var("SCHOOLGATE_TEST_POSTGRES").expect(
        "SCHOOLGATE_TEST_POSTGRES is not set; run `cargo xtask test`, which starts a PostgreSQL",
    );
    let environment = [("SCHOOLGATE_DATABASE", url.as_str())];
    let mut first = service_with("", &environment);
    let item = json!({"id": "pg-1", "kind": "comment", "text": "What time does the fair start? 🎉 \u{FFFD}"}).to_string();
    let taken = post(&first.address, &item, "comment", "?wait=20s").unwrap();
    assert_eq!(
        taken.json()["needs_response"],
        true,
        "{}",
        String::from_utf8_lossy(&taken.body)
    );
    first.running.kill_nine().unwrap();

    let second = service_with("", &environment);
    let read = http(&second.address, "GET", "/api/v1/items/pg-1", &[], b"").unwrap();
    assert_eq!(
        (read.status, read.json()["state"].clone()),
        (200, Value::from("screened"))
    );
    let again = post(&second.address, &item, "comment", "").unwrap();
    assert_eq!(again.json()["status"], "duplicate");
}
