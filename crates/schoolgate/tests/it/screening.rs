//! The screening loop on a real store: bad ends, neighbours, and alerts that were recorded before them.

use std::{path::Path, sync::Arc, time::Duration};

use schoolgate_darkroom::{Darkroom, DarkroomSettings};
use schoolgate_fetch::{Chain, Reach};
use schoolgate_intake::{Screener, ScreenerSettings};
use schoolgate_model::{
    Audience, Clock as _, Outcome, SchoolId, SystemClock, wire::parse_submission,
};
use schoolgate_pipeline::{Snapshot, urgent_text_alerts};
use schoolgate_scan::LinkSettings;
use schoolgate_school::Schools;
use schoolgate_store::{NewItem, Share, Store, StoredVerdict};
use schoolgate_testkit::PageServer;
use serde_json::json;
use tokio::sync::watch;

use crate::world::demo_config;

fn schools() -> Arc<Schools> {
    Arc::new(
        schoolgate_school::load(&demo_config(), "test", SystemClock.now())
            .expect("the sample school loads"),
    )
}

async fn store(folder: &Path) -> Store {
    let store = Store::open(&format!("sqlite://{}", folder.join("s.db").display()))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    store
}

async fn receive(store: &Store, id: &str, text: &str, picture: bool) -> String {
    let media = if picture {
        json!([{"path": "photos/none.jpg", "pupils": []}])
    } else {
        json!([])
    };
    let body = json!({"id": id, "kind": "comment", "text": text, "media": media});
    receive_body(store, &body).await
}

async fn receive_body(store: &Store, body: &serde_json::Value) -> String {
    let (id, body) = (body["id"].as_str().unwrap().to_owned(), body.to_string());
    let submission = parse_submission(body.as_bytes()).unwrap();
    let school = SchoolId::from("st-hildas");
    let item = NewItem::from_submission(
        id,
        &school,
        &submission,
        body.into_bytes(),
        SystemClock.now(),
    );
    store.receive(&[item]).await.unwrap()[0].key().to_owned()
}

/// What a process leaves behind that took these items and died.
async fn died_with(store: &Store, limit: u32) -> usize {
    let taken = store
        .claim("dead", Share::any(limit), SystemClock.now(), 0)
        .await
        .unwrap()
        .len();
    tokio::time::sleep(Duration::from_millis(5)).await;
    taken
}

async fn screen_all(store: &Store, schools: &Arc<Schools>, keys: &[String]) -> Vec<StoredVerdict> {
    screen_following(store, schools, keys, Chain::default()).await
}

async fn screen_following(
    store: &Store,
    schools: &Arc<Schools>,
    keys: &[String],
    links: Chain,
) -> Vec<StoredVerdict> {
    let darkroom = Darkroom::new(DarkroomSettings::new(
        env!("CARGO_BIN_EXE_schoolgate").into(),
    ));
    let screener = Screener::new(
        store.clone(),
        Arc::clone(schools),
        darkroom,
        Arc::new(SystemClock),
        ScreenerSettings::new("alive"),
    )
    .following_with(links);
    let (stop, watching) = watch::channel(false);
    let running = tokio::spawn(screener.run(watching));
    let mut verdicts = Vec::new();
    for key in keys {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(verdict) = store.verdict_by_key(key).await.unwrap() {
                verdicts.push(verdict);
                break;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{key} got no verdict"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    stop.send(true).unwrap();
    running.await.unwrap();
    verdicts
}

#[tokio::test(flavor = "multi_thread")]
async fn neighbours_of_an_item_that_ended_its_screener_twice_are_screened_as_ever() {
    let folder = tempfile::tempdir().unwrap();
    let (store, schools) = (store(folder.path()).await, schools());
    let poison = receive(&store, "poison", "Lovely day!", false).await;
    let mut keys = vec![poison];
    for n in 0..3 {
        keys.push(receive(&store, &format!("n{n}"), "Lovely day!", false).await);
    }
    assert_eq!(
        died_with(&store, 4).await,
        4,
        "the first process died with all four"
    );
    assert_eq!(
        died_with(&store, 1).await,
        1,
        "the second with the oldest alone"
    );
    let verdicts = screen_all(&store, &schools, &keys).await;
    assert_eq!(verdicts[0].verdict.outcome, Outcome::Hold);
    assert!(
        verdicts[0]
            .verdict
            .reasons
            .iter()
            .any(|reason| reason.rule.as_str() == "screening-incomplete")
    );
    for neighbour in &verdicts[1..] {
        assert_eq!(neighbour.verdict.outcome, Outcome::Approve);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_recorded_before_two_bad_ends_stays_an_escalation() {
    let folder = tempfile::tempdir().unwrap();
    let (store, schools) = (store(folder.path()).await, schools());
    let text = "please help, my uncle hits me every night and i am scared to go home";
    let key = receive(&store, "c-1", text, true).await;
    died_with(&store, 1).await;
    let row = store.item(&key).await.unwrap().unwrap();
    let item = parse_submission(&row.body).unwrap().into_item(
        SchoolId::from("st-hildas"),
        1,
        row.arrived_at,
    );
    let snapshot = schools.get(&SchoolId::from("st-hildas")).unwrap();
    let urgent = urgent_text_alerts(
        &item,
        snapshot,
        SystemClock.now(),
        &schoolgate_model::Budget::default(),
    );
    assert!(!urgent.is_empty(), "the words alone are urgent");
    store
        .propose(&key, &urgent, SystemClock.now())
        .await
        .unwrap();
    died_with(&store, 1).await;
    let verdict = screen_all(&store, &schools, std::slice::from_ref(&key))
        .await
        .remove(0);
    assert_eq!(
        verdict.verdict.outcome,
        Outcome::Escalate,
        "what was urgent stays urgent"
    );
    assert!(verdict.verdict.alert.contains(&Audience::Dsl));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_loop_gives_back_what_it_could_not_finish() {
    let folder = tempfile::tempdir().unwrap();
    let (store, schools) = (store(folder.path()).await, schools());
    let keys = [receive(&store, "a", "Lovely day!", false).await];
    screen_all(&store, &schools, &keys).await;
    let key = receive(&store, "b", "Lovely day!", false).await;
    let again = store
        .claim("next", Share::any(9), SystemClock.now(), 60_000)
        .await
        .unwrap();
    assert_eq!(
        (again.len(), again[0].key.as_str(), again[0].attempt),
        (1, key.as_str(), 1)
    );
}

#[tokio::test]
async fn the_schools_own_reply_acknowledges_its_parent_whichever_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let (store, schools) = (store(folder.path()).await, schools());
    let account = "1000000000417";
    let question =
        |id: &str| json!({"id": id, "kind": "comment", "text": "What time does the fair start?"});
    let reply = |id: &str, parent: &str| {
        json!({"id": id, "kind": "comment", "parent": parent, "author": {"id": account},
               "text": "The fair starts at two."})
    };
    let early = receive_body(&store, &question("early")).await;
    let answer = receive_body(&store, &reply("answer", "early")).await;
    let first = receive_body(&store, &reply("first", "late")).await;
    screen_all(&store, &schools, &[early.clone(), answer, first]).await;
    let late = receive_body(&store, &question("late")).await;
    let unanswered = receive_body(&store, &question("unanswered")).await;
    screen_all(&store, &schools, &[late.clone(), unanswered.clone()]).await;
    for (key, expected) in [(&early, true), (&late, true), (&unanswered, false)] {
        let verdict = store.verdict_by_key(key).await.unwrap().unwrap();
        let window = verdict.window.expect("a comment has a window");
        assert_eq!(window.acknowledged_at.is_some(), expected, "{key}");
    }
}

/// The sample school, with links of drafts followed.
fn following() -> Arc<Schools> {
    let mut schools = Schools::clone(&schools());
    for snapshot in schools.by_slug.values_mut() {
        let mut changed = Snapshot::clone(snapshot);
        changed.links = LinkSettings::new(&["st-hildas.example".to_owned()], &[], &[], true);
        *snapshot = Arc::new(changed);
    }
    Arc::new(schools)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_links_of_a_draft_are_followed_before_it_is_screened_and_a_comments_never() {
    let site = PageServer::start(|_, path| {
        let leads = |host: &str| {
            format!("HTTP/1.1 301 Moved\r\nLocation: http://{host}:PORT/end\r\nContent-Length: 0\r\n\r\n")
        };
        match path {
            "/own" => leads("www.st-hildas.example"),
            "/other" => leads("ordinary.example"),
            "/copy" => leads("st-hi1das.example"),
            _ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned(),
        }
    })
    .await
    .unwrap();
    let port = site.port();
    let links = Chain::new(Reach {
        resolve: Arc::new(|name| {
            let known = name != "gone.example";
            Box::pin(async move { known.then(|| vec![std::net::IpAddr::from([127, 0, 0, 1])]) })
        }),
        may_ask: |address| address.is_loopback(),
        ports: [port, 1],
    });
    let folder = tempfile::tempdir().unwrap();
    let (store, schools) = (store(folder.path()).await, following());
    let cases = [
        (
            "draft",
            "bit.ly",
            "/own",
            Outcome::Approve,
            "link-shortener-followed",
        ),
        ("draft", "bit.ly", "/other", Outcome::Hold, "link-shortener"),
        (
            "draft",
            "ordinary.example",
            "/copy",
            Outcome::Hold,
            "link-look-alike",
        ),
        (
            "draft",
            "ordinary.example",
            "/end",
            Outcome::Approve,
            "link-not-https",
        ),
        (
            "draft",
            "gone.example",
            "/end",
            Outcome::Hold,
            "screening-incomplete",
        ),
        ("comment", "bit.ly", "/own", Outcome::Hold, "link-shortener"),
        (
            "comment",
            "gone.example",
            "/end",
            Outcome::Approve,
            "link-not-https",
        ),
    ];
    let mut keys = Vec::new();
    for (n, (kind, host, path, ..)) in cases.iter().enumerate() {
        let text = format!("The form is at http://{host}:{port}{path}");
        let body = json!({"id": format!("l-{n}"), "kind": kind, "text": text});
        keys.push(receive_body(&store, &body).await);
    }
    let verdicts = screen_following(&store, &schools, &keys, links).await;
    for ((kind, host, path, outcome, rule), stored) in cases.iter().zip(&verdicts) {
        let verdict = &stored.verdict;
        assert_eq!(
            verdict.outcome, *outcome,
            "{kind} {host}{path}: {:?}",
            verdict.reasons
        );
        let told = verdict.findings.iter().any(|f| f.rule.as_str() == *rule);
        assert!(told, "{kind} {host}{path}: {:?}", verdict.findings);
    }
}
