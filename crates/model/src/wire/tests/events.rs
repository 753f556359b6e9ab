//! Events: what is taken, what is refused, and that no fault repeats the message.

use crate::wire::{EventType, MAX_EVENT_BYTES, parse_event};

const GOOD: &str = r#"{"id":"e1","kind":"event","type":"replied","school":"st-judes","item":"c1","revision":2,
    "actor":"Mrs J Bloggs","at":"2026-11-20T09:00:00Z","detail":{"text":"Hello","n":[1,2]},"later":true}"#;

#[test]
fn an_event_is_read_and_what_is_unknown_is_ignored() {
    let event = parse_event(GOOD.as_bytes()).unwrap();
    assert_eq!(event.event, EventType::Replied);
    assert_eq!(
        (event.item.as_deref(), event.revision),
        (Some("c1"), Some(2))
    );
    assert_eq!(event.actor.as_ref().unwrap().expose(), "Mrs J Bloggs");
    assert!(!format!("{event:?}").contains("Bloggs"));
}

#[test]
fn every_type_is_read_by_its_code() {
    for kind in EventType::ALL {
        let json = format!(
            r#"{{"id":"e","kind":"event","type":"{}","item":"c"}}"#,
            kind.code()
        );
        assert_eq!(parse_event(json.as_bytes()).unwrap().event, *kind);
    }
    assert!(parse_event(br#"{"id":"e","kind":"event","type":"account_seen"}"#).is_ok());
}

#[test]
fn the_hash_follows_what_happened_and_not_how_it_is_written() {
    let hash = |json: &str| parse_event(json.as_bytes()).unwrap().content_hash();
    let same = GOOD
        .replace("\n", " ")
        .replace("[1,2]", "[1, 2]")
        .replace("true", "3");
    assert_eq!(hash(GOOD), hash(&same));
    for (from, to) in [
        ("replied", "hidden"),
        ("\"c1\"", "\"c2\""),
        ("2,", "3,"),
        ("Mrs J", "Mr J"),
        ("09:00", "09:01"),
        ("Hello", "Bye"),
    ] {
        assert_ne!(hash(GOOD), hash(&GOOD.replacen(from, to, 1)), "{from}");
    }
}

#[test]
fn what_is_wrong_is_said_without_the_messages_words() {
    let cases = [
        ("Amelia", "not a valid event"),
        ("[\"Amelia\"]", "a list, expected an object"),
        (
            r#"{"id":"e","kind":"Amelia","type":"hidden","item":"c"}"#,
            "found an unknown word, expected `event`",
        ),
        (
            r#"{"id":"e","kind":"event","type":"Amelia","item":"c"}"#,
            "found an unknown word, expected one of `acknowledged`",
        ),
        (
            r#"{"id":"e","kind":"event","type":"hidden"}"#,
            "missing field `item`",
        ),
        (
            r#"{"id":"e","kind":"event","item":"c"}"#,
            "missing field `type`",
        ),
        (
            r#"{"id":"e","kind":"event","type":"hidden","item":"c","item":"d"}"#,
            "duplicate field `item`",
        ),
        (
            r#"{"id":"e","kind":"event","type":"hidden","item":"c","at":"Amelia"}"#,
            "expected a time",
        ),
        (
            r#"{"id":"e","kind":"event","type":"hidden","item":"","at":null}"#,
            "`item` is empty",
        ),
        (
            r#"{"id":"e","kind":"event","type":"hidden","item":"c","revision":0}"#,
            "`revision` counts from 1",
        ),
        (
            "{\"id\":\"e\",\"kind\":\"event\",\"type\":\"hidden\",\"item\":\"a\\u0000b\"}",
            "control character",
        ),
    ];
    for (json, expected) in cases {
        let error = parse_event(json.as_bytes()).unwrap_err();
        assert!(
            error.message.contains(expected),
            "{json}: {}",
            error.message
        );
        assert!(!error.message.contains("Amelia"), "{}", error.message);
    }
    let long = format!("{GOOD}{}", " ".repeat(MAX_EVENT_BYTES));
    assert!(parse_event(long.as_bytes()).is_err());
    assert!(parse_event(b"\xff").is_err());
}

#[test]
fn nul_in_an_actor_is_replaced() {
    let json = "{\"id\":\"e\",\"kind\":\"event\",\"type\":\"hidden\",\"item\":\"c\",\"actor\":\"a\\u0000b\"}";
    let event = parse_event(json.as_bytes()).unwrap();
    assert_eq!(event.actor.unwrap().expose(), "a\u{FFFD}b");
}
