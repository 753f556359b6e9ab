//! The road of one item at a trust, walked by programs that are not ours: sent with pika, screened by two workers,
//! carried out by a third, heard with pika.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use schoolgate_model::ItemKind;
use serde_json::{Value, json};

use crate::{
    rig::{
        House, Kind, Listener, PATIENCE, Role,
        items::{Post, trace, variations},
    },
    world::run,
};

const SCHOOL: &str = "st-hildas";
const ITEMS: usize = 500;

/// Two intakes and a dispatch, and somebody who listens to verdicts.
fn at_work() -> (House, Listener, Vec<Role>) {
    let house = House::shared();
    house.mail_to_folder();
    let listener = house.listen("verdicts", &["verdict.#"]);
    let kinds = [Kind::Intake, Kind::Intake, Kind::Dispatch];
    let roles: Vec<Role> = kinds.into_iter().map(|kind| house.role(kind)).collect();
    for role in &roles {
        role.wait_ready(PATIENCE);
    }
    (house, listener, roles)
}

fn comment(id: &str, revision: Option<u32>, text: &str) -> Value {
    let mut item = json!({"id": id, "kind": "comment", "verb": "add", "school": SCHOOL, "platform": "facebook",
        "post": "p-1", "author": {"id": "90001", "name": "A Parent"}, "text": text});
    if let Some(revision) = revision {
        item["revision"] = json!(revision);
    }
    item
}

fn event(id: &str, kind: &str, item: &str) -> Value {
    json!({"id": id, "kind": "event", "type": kind, "school": SCHOOL, "item": item, "actor": "office"})
}

/// Runs a command of the program; its exit code and what it printed.
fn command(house: &House, arguments: &[&str], input: &[u8]) -> (i32, String) {
    let output = run(&mut house.command(arguments), input);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().expect("an exit code"), said)
}

#[test]
fn five_hundred_items_of_another_program_each_get_one_verdict() {
    let (house, listener, roles) = at_work();
    let items = variations("r", ITEMS, 12);
    let posts: Vec<Post> = items
        .iter()
        .enumerate()
        .map(|(n, item)| Post {
            traceparent: Some(trace(n)),
            ..Post::of(item)
        })
        .collect();
    house.send("five-hundred", &posts, None).wait(PATIENCE);
    let of = |heard: &[Value]| -> BTreeMap<String, BTreeSet<String>> {
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for note in heard {
            let text = |name: &str| note[name].as_str().unwrap_or_default().to_owned();
            ids.entry(text("correlation_id"))
                .or_default()
                .insert(text("message_id"));
        }
        ids
    };
    let heard = listener.wait_until("500 verdicts", Duration::from_secs(120), |heard| {
        of(heard).len() >= ITEMS
    });
    let ids = of(&heard);
    assert_eq!(ids.len(), ITEMS, "no verdict about what was not sent");
    assert!(
        ids.values().all(|ids| ids.len() == 1),
        "one message id an item"
    );
    assert_eq!(
        heard.len(),
        ITEMS,
        "nothing was killed, so nothing came twice"
    );
    for note in &heard {
        let id = note["correlation_id"].as_str().expect("a correlation id");
        let number: usize = id.trim_start_matches("r-").parse().expect("a number");
        let body = &note["body"];
        assert_eq!(note["type"], "schoolgate.verdict.v1");
        assert_eq!(note["content_type"], "application/json");
        assert_eq!(note["delivery_mode"], 2, "verdicts survive the broker");
        assert_eq!(
            note["headers"]["traceparent"],
            trace(number).as_str(),
            "{id}"
        );
        let (kind, outcome) = (&body["kind"], &body["outcome"]);
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let key = format!("verdict.{}.{}.{SCHOOL}", word(kind), word(outcome));
        assert_eq!(note["routing_key"], key.as_str());
        assert_eq!(body["id"], id);
        for finding in body["findings"].as_array().into_iter().flatten() {
            for hidden in ["text", "pupil_id", "pupil_ids"] {
                assert!(
                    finding.get(hidden).is_none(),
                    "{id}: {hidden} left the house"
                );
            }
        }
    }
    drop(roles);
}

#[test]
fn what_cannot_be_understood_is_a_dead_letter_and_stops_nobody() {
    let (house, listener, roles) = at_work();
    let item = |id: &str| comment(id, Some(1), "Thank you all!");
    let elsewhere = {
        let mut item = item("elsewhere");
        item["school"] = json!("st-nowhere");
        item
    };
    let typed = |kind: &str, mut post: Post| {
        post.kind = Some(kind.to_owned());
        post
    };
    let deep = [vec![b'['; 1024 * 1024], vec![b']'; 1024 * 1024]].concat();
    let bad: Vec<(Post, &str)> = vec![
        (
            Post::raw("comment", "bad-text", b"not JSON at all"),
            "not_json",
        ),
        (
            Post::raw("draft", "bad-schema", br#"{"id":"x","kind":"draft"}"#),
            "invalid",
        ),
        (Post::raw("draft", "bad-nest", &deep), "invalid"),
        (
            Post::raw("comment", "bad-utf8", b"{\"id\":\"\xff\xfe\"}"),
            "not_utf8",
        ),
        (Post::raw("event", "bad-empty", b""), "empty"),
        (
            typed("schoolgate.comment.v9", Post::of(&item("bad-type"))),
            "unknown_type",
        ),
        (
            typed("schoolgate.draft.v1", Post::of(&item("bad-kind"))),
            "type_mismatch",
        ),
        (Post::of(&elsewhere), "unknown_school"),
    ];
    let mut posts = Vec::new();
    for (n, (post, _)) in bad.iter().enumerate() {
        posts.push(Post::of(&item(&format!("before-{n}"))));
        posts.push(post.clone());
        posts.push(Post::of(&item(&format!("after-{n}"))));
    }
    house.send("mixed", &posts, None).wait(PATIENCE);
    listener.wait_until("the neighbours' verdicts", PATIENCE, |heard| {
        heard.len() >= 2 * bad.len()
    });

    let begun = std::time::Instant::now();
    let letters = loop {
        let letters = house.peek("schoolgate.dead");
        if letters.len() >= bad.len() || begun.elapsed() > PATIENCE {
            break letters;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    let reasons: BTreeMap<String, String> = letters
        .iter()
        .map(|letter| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (
                text(&letter["message_id"]),
                text(&letter["headers"]["x-schoolgate-reason"]),
            )
        })
        .collect();
    for (post, reason) in &bad {
        let id = post.message_id.as_deref().expect("an id");
        assert_eq!(reasons.get(id).map(String::as_str), Some(*reason), "{id}");
    }
    assert_eq!(letters.len(), bad.len(), "nothing else is there");

    // the administrator looks, drops one, and sends another in again once its school is configured
    let (code, listed) = command(&house, &["dead", "list", "--json"], b"");
    assert_eq!((code, listed.lines().count()), (0, bad.len()), "{listed}");
    assert!(listed.contains("unknown_school"));
    assert_eq!(command(&house, &["dead", "drop", "bad-text"], b"").0, 0);
    assert_eq!(house.peek("schoolgate.dead").len(), bad.len() - 1);
    drop(roles);
    house.copy_school(SCHOOL, "st-nowhere");
    let again = [house.role(Kind::Intake), house.role(Kind::Dispatch)];
    for role in &again {
        role.wait_ready(PATIENCE);
    }
    assert_eq!(command(&house, &["dead", "retry", "elsewhere"], b"").0, 0);
    let verdict = listener.wait_verdict("elsewhere", PATIENCE);
    assert_eq!(verdict["body"]["school"], "st-nowhere");
    assert_eq!(command(&house, &["dead", "drop", "--all"], b"").0, 0);
    assert_eq!(house.peek("schoolgate.dead").len(), 0);
}

#[test]
fn an_edit_counts_once_a_contradiction_is_held_and_an_event_stops_the_clock() {
    let (house, listener, roles) = at_work();
    let send = |name: &str, items: &[Value]| {
        let posts: Vec<Post> = items.iter().map(Post::of).collect();
        house.send(name, &posts, None).wait(PATIENCE);
    };
    let verdicts = |heard: &[Value], id: &str| {
        heard
            .iter()
            .filter(|note| note["correlation_id"] == id)
            .count()
    };
    send(
        "first",
        &[
            comment("edit", Some(1), "Lovely day at the fair!"),
            comment("same", Some(1), "Lovely day at the fair!"),
            comment("clash", Some(1), "Lovely day at the fair!"),
            comment("plain", None, "Is there parking?"),
            comment("seen", Some(1), "When does the office open?"),
            comment("answered", Some(1), "When does the office close?"),
        ],
    );
    listener.wait_until("six verdicts", PATIENCE, |heard| heard.len() >= 6);
    send(
        "second",
        &[
            comment("edit", Some(2), "Lovely day at the winter fair!"),
            comment("same", Some(1), "Lovely day at the fair!"),
            comment("clash", Some(1), "Something else altogether."),
            comment("plain", None, "Is there parking?"),
            comment("plain", None, "Is there parking near the church?"),
            event("e-1", "acknowledged", "seen"),
            event("e-2", "replied", "answered"),
            event("e-2", "replied", "answered"),
        ],
    );
    // the contradiction's verdict is the item's own, now a hold, under an id of its own
    let heard = listener.wait_until("the second verdicts", PATIENCE, |heard| {
        ["edit", "clash", "plain"]
            .iter()
            .all(|id| verdicts(heard, id) >= 2)
    });
    assert_eq!(
        verdicts(&heard, "same"),
        1,
        "the same revision is the same item"
    );
    let last = |id: &str| {
        let of = heard.iter().rev().find(|note| note["correlation_id"] == id);
        of.expect("a verdict")["body"].clone()
    };
    assert_eq!(
        (&last("edit")["revision"], &last("plain")["revision"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(last("clash")["outcome"], "hold");
    let begun = std::time::Instant::now();
    while house.peek("schoolgate.dead").is_empty() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(200));
    }
    let letters = house.peek("schoolgate.dead");
    assert_eq!(letters.len(), 1);
    assert_eq!(
        letters[0]["headers"]["x-schoolgate-reason"],
        "conflicting_revision"
    );

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = house.store().await;
        for (id, stopped) in [("seen", true), ("answered", true), ("same", false)] {
            let begun = std::time::Instant::now();
            loop {
                let state = store.item_state(SCHOOL, ItemKind::Comment, id).await;
                let state = state.expect("read").expect("there");
                let window = state
                    .verdict
                    .and_then(|verdict| verdict.window)
                    .expect("a window");
                if window.acknowledged_at.is_some() == stopped {
                    break;
                }
                assert!(begun.elapsed() < PATIENCE, "{id}: the clock");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        store.close().await;
    });
    drop(roles);
}

#[test]
fn submit_sends_by_broker_and_by_http_and_prints_the_verdicts() {
    let (house, _listener, roles) = at_work();
    let lines = |prefix: &str| -> Vec<u8> {
        let items = variations(prefix, 20, 0);
        items
            .iter()
            .flat_map(|item| format!("{item}\n").into_bytes())
            .collect()
    };
    let (code, said) = command(&house, &["submit", "--wait", "-"], &lines("by-broker"));
    assert_eq!((code, said.lines().count()), (0, 20), "{said}");
    assert!(
        said.lines().all(|line| line.contains("\"outcome\"")),
        "{said}"
    );

    let console = house.ready_role(Kind::Console);
    let http = format!("http://{}", console.address);
    let arguments = ["submit", "--wait", "--http", &http, "-"];
    let (code, said) = command(&house, &arguments, &lines("by-http"));
    assert_eq!((code, said.lines().count()), (0, 20), "{said}");
    assert!(
        said.lines().all(|line| line.contains("\"outcome\"")),
        "{said}"
    );
    drop(roles);
}
