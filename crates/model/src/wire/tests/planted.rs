//! A word that only the producer can have written is planted anywhere in a message; no fault may repeat it.

use serde_json::{Map, Value, json};

use crate::wire::{explain::FIELDS, parse_submission};

/// Every one of these holds one of the two [`SECRETS`], some in the shape of a parser's own sentence.
const PLANTED: [&str; 6] = [
    "Zqxwv",
    "Zqxwv Whitcombe`, expected `draft` or `comment`",
    "x\", expected Zqxwv",
    "missing field `Zqxwv`",
    "07700 900123 Zqxwv\", expected a boolean at line 1 column 1",
    "2026-11-20T09:00:00Zqxwv",
];
const SECRETS: [&str; 2] = ["Zqxwv", "447700900123"];

/// A small generator with a seed, so that a failure can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn planted(&mut self) -> Value {
        let word = PLANTED[self.roll(PLANTED.len())];
        match self.roll(8) {
            0 => json!(447_700_900_123_u64),
            1 => json!(-447_700_900_123_i64),
            2 => json!(447_700_900_123.5),
            3 => json!([word]),
            4 => json!({ word: word }),
            5 => json!({ FIELDS[self.roll(FIELDS.len())]: word }),
            6 => json!([{ FIELDS[self.roll(FIELDS.len())]: [word] }]),
            _ => json!(word),
        }
    }
}

fn whole_item() -> Value {
    json!({
        "id": "d-1", "kind": "comment", "revision": 1, "verb": "add", "school": "st-hildas", "platform": "facebook",
        "account": "a", "post": "p", "parent": null, "author": {"id": "9", "name": "A Parent"}, "text": "Hello",
        "links": ["https://school.example"], "permalink": "https://school.example/1",
        "publish_at": "2026-11-20T09:00:00Z", "created_at": "2026-11-20T09:00:00Z", "unsure": false,
        "media": [{"id": "m1", "path": "a.jpg", "filename": "a.jpg", "alt": "", "caption": "", "album": "", "pupils": ["P1"], "staff": ["S1"]}],
    })
}

/// Replaces, adds or renames something somewhere below `value`.
fn mutate(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(map) if dice.roll(4) == 0 => add(map, dice),
        Value::Object(map) if !map.is_empty() => {
            let at = dice.roll(map.len());
            if let Some(inner) = map.values_mut().nth(at) {
                mutate(inner, dice);
            }
        }
        Value::Array(list) if !list.is_empty() && dice.roll(3) > 0 => {
            let at = dice.roll(list.len());
            mutate(&mut list[at], dice);
        }
        other => *other = dice.planted(),
    }
}

fn add(map: &mut Map<String, Value>, dice: &mut Dice) {
    let key = match dice.roll(2) {
        0 => PLANTED[dice.roll(PLANTED.len())],
        _ => FIELDS[dice.roll(FIELDS.len())],
    };
    map.insert(key.to_owned(), dice.planted());
}

/// Cuts the text, doubles a part of it or writes a secret into it, as a broken producer would.
fn damage(text: &mut String, dice: &mut Dice) {
    let at = dice.roll(text.len());
    match dice.roll(3) {
        0 => text.truncate(at),
        1 => text.insert_str(at, PLANTED[dice.roll(PLANTED.len())]),
        _ => text.insert_str(at, "447700900123"),
    }
}

#[test]
fn no_fault_ever_repeats_a_word_of_the_message() {
    let mut dice = Dice(0x5eed_5eed_5eed_5eed);
    let mut faults = 0;
    for round in 0..30_000 {
        let mut item = whole_item();
        for _ in 0..=dice.roll(3) {
            mutate(&mut item, &mut dice);
        }
        let mut text = item.to_string();
        if round % 4 == 0 {
            damage(&mut text, &mut dice);
        }
        let Err(error) = parse_submission(text.as_bytes()) else {
            continue;
        };
        faults += 1;
        for secret in SECRETS {
            assert!(!error.message.contains(secret), "{}\n{text}", error.message);
        }
    }
    assert!(faults > 10_000, "the mutations break messages: {faults}");
}

#[test]
fn a_fault_says_what_is_wrong_and_where() {
    let item = |rest: &str| format!("{{\"id\":\"d\",\"kind\":\"draft\"{rest}}}");
    let cases = [
        (item(""), "missing field `text` at line 1 column 25"),
        (
            item(r#","text":447700900123"#),
            "found a number, expected a string at line 1",
        ),
        (
            item(r#","text":"","verb":"Amelia""#),
            "found an unknown word, expected one of `add`, `edit`, `remove`",
        ),
        (
            r#"{"id":"d","kind":"Amelia Whitcombe","text":""}"#.to_owned(),
            "found an unknown word, expected `draft` or `comment` at line 1 column 35",
        ),
        (
            item(r#","text":"","revision":-3"#),
            "found a number, expected a whole number",
        ),
        (
            item(r#","text":"","unsure":"Amelia""#),
            "found a string, expected true or false",
        ),
        (
            item(r#","text":"","publish_at":"on Amelia's birthday""#),
            "found a string, expected a time such as",
        ),
        (
            item(r#","text":"","author":7"#),
            "found a number, expected an author's name or an object",
        ),
        (
            item(r#","text":"","author":{"name":7}"#),
            "found a number, expected a string",
        ),
        (
            item(r#","text":"","links":{}"#),
            "found an object, expected a list",
        ),
        (
            item(r#","text":"","media":[7]"#),
            "found a number, expected an object",
        ),
        (item(r#","text":null"#), "found null, expected a string"),
        (item(",\"text\":\"\n\""), "control character"),
        ("[\"d\",\"draft\"]".to_owned(), "a list, expected an object"),
        (
            "{".to_owned(),
            "EOF while parsing an object at line 1 column 1",
        ),
    ];
    for (json, expected) in cases {
        let message = parse_submission(json.as_bytes()).unwrap_err().message;
        assert!(message.contains(expected), "{json}: {message}");
    }
}

#[test]
fn a_field_given_twice_is_named() {
    let inside = [
        "name", "path", "url", "data", "filename", "alt", "caption", "album", "pupils", "staff",
    ];
    for field in FIELDS {
        let twice = match field {
            "name" => r#""author":{"name":null,"name":null}"#.to_owned(),
            field if inside.contains(&field) => {
                format!("\"media\":[{{\"{field}\":null,\"{field}\":null}}]")
            }
            "id" | "text" => format!("\"{field}\":\"\""),
            "kind" => "\"kind\":\"draft\"".to_owned(),
            field => format!("\"{field}\":null,\"{field}\":null"),
        };
        let json = format!("{{\"id\":\"d\",\"kind\":\"draft\",\"text\":\"\",{twice}}}");
        let message = parse_submission(json.as_bytes()).unwrap_err().message;
        let expected = format!("duplicate field `{field}`");
        assert!(message.contains(&expected), "{json}: {message}");
    }
}
