//! Slow callers, many callers, and callers who are still there when the service stops.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::{io::AsyncReadExt as _, time::timeout};

use super::{Door, LONG, SCHOOL, answer, door, plain_door, problem};
use crate::limits::Limits;

const DRAFT: &str = r#"{"id":"d","kind":"draft","text":"x"}"#;
const BRIEF: Duration = Duration::from_millis(200);

async fn bounded(limits: Limits) -> Door {
    door(limits, &[SCHOOL], Vec::new()).await
}

fn post_head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[tokio::test]
async fn a_half_sent_request_is_not_held_open_for_ever() {
    let door = bounded(Limits {
        head: BRIEF,
        ..Limits::default()
    })
    .await;
    for half in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX-"] {
        let mut stream = door.send(half).await;
        let mut rest = Vec::new();
        timeout(Duration::from_secs(5), stream.read_to_end(&mut rest))
            .await
            .expect("the service hangs up")
            .unwrap();
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_problem() {
    let door = bounded(Limits {
        body: BRIEF,
        ..Limits::default()
    })
    .await;
    let stream = door
        .send(&format!("{}{{\"id\"", post_head("/api/v1/drafts", 100)))
        .await;
    problem(&answer(stream).await, 408, "body");
}

#[tokio::test]
async fn more_waiting_requests_than_there_are_places_are_sent_away_and_nothing_is_taken() {
    let door = bounded(Limits {
        waits: 1,
        ..Limits::default()
    })
    .await;
    let waiting = door
        .send(&format!(
            "{}{DRAFT}",
            post_head("/api/v1/drafts?wait=3s", DRAFT.len())
        ))
        .await;
    let key = timeout(LONG, async {
        while door.store.counts().await.unwrap().waiting == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    key.await.expect("the first is taken");
    let other = r#"{"id":"e","kind":"draft","text":"x"}"#;
    let refused = door.post("/api/v1/drafts?wait=3s", other).await;
    problem(&refused, 429, "busy");
    assert!(refused.head.contains("retry-after: "), "{refused:?}");
    assert_eq!(door.store.counts().await.unwrap().waiting, 1);
    assert_eq!(door.post("/api/v1/drafts", other).await.status, 202);
    let late = answer(waiting).await;
    assert_eq!(
        (late.status, late.json()["status"].as_str()),
        (202, Some("received"))
    );
}

#[tokio::test]
async fn more_requests_than_there_are_places_are_sent_away_and_health_still_answers() {
    let door = bounded(Limits {
        requests: 1,
        queue: BRIEF,
        ..Limits::default()
    })
    .await;
    let slow = door
        .send(&format!(
            "{}{DRAFT}",
            post_head("/api/v1/drafts?wait=20s", DRAFT.len())
        ))
        .await;
    let refused = timeout(LONG, async {
        loop {
            let refused = door.get("/api/v1/window", "").await;
            if refused.status != 200 {
                return refused;
            }
        }
    });
    problem(&refused.await.expect("the place is taken"), 429, "busy");
    assert_eq!(door.get("/healthz", "").await.status, 200);
    drop(slow);
    let again = timeout(LONG, async {
        while door.get("/api/v1/window", "").await.status != 200 {}
    });
    again.await.expect("the place is given back");
}

#[tokio::test]
async fn half_sent_bodies_and_strangers_hold_no_place_of_others() {
    let door = bounded(Limits {
        requests: 1,
        strangers: 1,
        uploads: 2,
        queue: BRIEF,
        small_body: Duration::from_secs(1),
        ..Limits::default()
    })
    .await;
    door.person("mod", &[schoolgate_model::Role::Moderator])
        .await;
    let seat = door.sign_in("mod").await;
    let mut halves = Vec::new();
    for path in [
        "/api/v1/drafts",
        "/api/v1/events",
        "/sign-in",
        "/account/password",
    ] {
        for length in [100, 5_000] {
            halves.push(door.send(&post_head(path, length)).await);
        }
    }
    for _ in 0..2 {
        halves.push(door.send(&post_head("/api/v1/drafts", 1_000_000)).await);
    }
    tokio::time::sleep(BRIEF).await;
    assert_eq!(door.get("/api/v1/window", "").await.status, 200);
    assert_eq!(door.see(&seat, "/comments").await.status, 200);
    assert_eq!(door.get("/sign-in", "").await.status, 200);
    let large = "x".repeat(100_000);
    problem(&door.post("/api/v1/drafts", &large).await, 429, "busy");
    let first = halves.swap_remove(0);
    problem(&answer(first).await, 408, "body");
}

#[tokio::test]
async fn a_form_is_small() {
    let door = plain_door().await;
    door.person("mod", &[schoolgate_model::Role::Moderator])
        .await;
    let seat = door.sign_in("mod").await;
    let form = "Origin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let body = |length: usize| format!("login={}", "x".repeat(length));
    let sign_in = async |length| {
        door.ask("POST", "/sign-in", form, &body(length))
            .await
            .status
    };
    assert_eq!((sign_in(8_000).await, sign_in(9_000).await), (422, 413));
    let headers = format!("{form}Cookie: {}\r\n", seat.cookie);
    let ask = async |body: String| door.ask("POST", "/sign-out", &headers, &body).await.status;
    assert_eq!(ask(body(60_000)).await, 403, "no token, but read");
    assert_eq!(ask(body(70_000)).await, 413);
    let many = format!("form_token={}&{}", seat.form_token, "a=b&".repeat(200));
    assert_eq!(ask(many).await, 400);
}

#[tokio::test]
async fn a_connection_too_many_waits_until_another_ends() {
    let door = bounded(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let first = door.send("GET / HT").await;
    let second = door
        .send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await;
    let mut byte = [0];
    let early = timeout(BRIEF, second.peek(&mut byte)).await;
    assert!(early.is_err(), "there is no place for the second yet");
    drop(first);
    assert_eq!(answer(second).await.status, 200);
}

#[tokio::test]
async fn a_large_body_takes_a_place_for_parsing_and_small_ones_pass_it() {
    let large = |id: &str| {
        let text = "x".repeat(100 * 1024);
        format!(r#"{{"id":"{id}","kind":"draft","text":"{text}"}}"#)
    };
    let door = bounded(Limits {
        parses: 0,
        ..Limits::default()
    })
    .await;
    let stuck = timeout(BRIEF, door.post("/api/v1/drafts", &large("a"))).await;
    assert!(stuck.is_err(), "no place, no parsing");
    assert_eq!(door.post("/api/v1/drafts", DRAFT).await.status, 202);

    let door = plain_door().await;
    assert_eq!(door.post("/api/v1/drafts", &large("a")).await.status, 202);
    let broken = format!("{}Zqxwv", large("b"));
    let refused = door.post("/api/v1/drafts", &broken).await;
    problem(&refused, 422, "invalid_item");
    assert!(!refused.body.contains("Zqxwv"), "{refused:?}");
}

#[tokio::test]
async fn readiness_is_asked_for_once_a_second_at_most() {
    let door = plain_door().await;
    let start = Instant::now();
    for _ in 0..20 {
        assert_eq!(door.get("/readyz", "").await.status, 200);
    }
    let most = 1 + usize::try_from(start.elapsed().as_secs()).unwrap();
    assert!(door.asked.load(Ordering::Relaxed) <= most);
}

#[tokio::test]
async fn a_stopping_service_ends_in_time_and_lets_everything_go() {
    let closing = Duration::from_secs(2);
    let door = bounded(Limits {
        closing,
        ..Limits::default()
    })
    .await;
    let idle = door.connect().await;
    let half_head = door.send("GET / HT").await;
    let half_body = door.send(&post_head("/api/v1/drafts", 100)).await;
    let waiting = door
        .send(&format!(
            "{}{DRAFT}",
            post_head("/api/v1/drafts?wait=30s", DRAFT.len())
        ))
        .await;
    let kept = door
        .send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    timeout(LONG, async {
        while door.store.counts().await.unwrap().waiting == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("the draft is taken");

    let stopped_at = Instant::now();
    drop(door.stop);
    let late = answer(waiting).await;
    assert_eq!(late.status, 202, "who waits is told to ask later: {late:?}");
    assert!(stopped_at.elapsed() < closing / 2, "and at once");
    door.served.await.unwrap();
    assert!(
        stopped_at.elapsed() <= closing,
        "{:?}",
        stopped_at.elapsed()
    );
    assert_eq!(
        Arc::strong_count(&door.asked),
        1,
        "nothing is held any more"
    );
    assert!(tokio::net::TcpStream::connect(&door.address).await.is_err());
    drop((idle, half_head, half_body, kept));
}

#[tokio::test]
async fn a_service_that_nobody_uses_stops_at_once() {
    let door = plain_door().await;
    assert_eq!(door.get("/healthz", "").await.status, 200);
    let stopped_at = Instant::now();
    drop(door.stop);
    door.served.await.unwrap();
    assert!(stopped_at.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn old_sign_ins_are_removed_while_the_service_runs() {
    let door = bounded(Limits {
        sweep: BRIEF,
        ..Limits::default()
    })
    .await;
    let now = schoolgate_model::Clock::now(&*door.clock);
    door.store.sign_in_failed("a@x", "cafe", now).await.unwrap();
    let left = async || {
        let found = door.store.sign_in_failures("a@x", "cafe", now).await;
        found.unwrap().login
    };
    assert_eq!(left().await, 1);
    door.clock.advance(jiff::SignedDuration::from_hours(25));
    timeout(LONG, async {
        while left().await > 0 {
            tokio::time::sleep(BRIEF / 4).await;
        }
    })
    .await
    .expect("the failure is forgotten");
}
