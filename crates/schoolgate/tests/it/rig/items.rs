//! What is sent: the sample day, and as many variations of it as are wanted, each with an id of its own.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::world::sample_day;

/// One message to be.
#[derive(Debug, Clone)]
pub struct Post {
    /// Routing key on `schoolgate.in`.
    pub key: String,
    pub body: Vec<u8>,
    pub message_id: Option<String>,
    pub kind: Option<String>,
    pub traceparent: Option<String>,
}

impl Post {
    /// The message of an item or event.
    pub fn of(item: &Value) -> Self {
        let kind = item["kind"].as_str().expect("a kind");
        Self {
            key: kind.to_owned(),
            body: item.to_string().into_bytes(),
            message_id: item["id"].as_str().map(str::to_owned),
            kind: Some(format!("schoolgate.{kind}.v1")),
            traceparent: None,
        }
    }

    /// Anything at all.
    pub fn raw(key: &str, message_id: &str, body: &[u8]) -> Self {
        Self {
            key: key.to_owned(),
            body: body.to_vec(),
            message_id: Some(message_id.to_owned()),
            kind: None,
            traceparent: None,
        }
    }

    /// As `publish.py` reads it.
    pub fn line(&self) -> Value {
        json!({
            "key": self.key,
            "body_base64": STANDARD.encode(&self.body),
            "message_id": self.message_id,
            "type": self.kind,
            "traceparent": self.traceparent,
        })
    }
}

/// A trace of its own for each number.
pub fn trace(number: usize) -> String {
    format!("00-{:032x}-{:016x}-01", number + 1, number + 1)
}

/// What the sample day does not say.
const CALM: &[&str] = &[
    "Book fair in the hall from Monday, all welcome after pick-up.",
    "What a lovely assembly this morning, thank you everybody!",
    "Reminder: PE kits on Thursdays, please name every jumper.",
    "Is the gate on Mill Lane open before half past eight?",
    "Our allotment club has grown the largest marrow in Wexbourne.",
    "Parents' evening slots open on Friday at six.",
    "So proud of the whole school after the concert.",
    "Could somebody tell me when the second newsletter comes out?",
];

/// `count` items: of every ten, seven are calm and short, three come from the sample day with every sort of trouble in it.
/// The first `pictures` items whose original has a picture keep it. All are new today, whenever the test runs.
pub fn variations(prefix: &str, count: usize, pictures: usize) -> Vec<Value> {
    let day: Vec<Value> = sample_day().into_iter().map(|(_, item)| item).collect();
    let pictured: Vec<&Value> = day
        .iter()
        .filter(|item| item.get("media").is_some())
        .collect();
    (0..count)
        .map(|n| {
            let mut item = if n < pictures {
                pictured[n % pictured.len()].clone()
            } else if n % 10 < 7 {
                calm(n)
            } else {
                let mut item = day[(n / 10 * 3 + n % 10) % day.len()].clone();
                let fields = item.as_object_mut().expect("an item");
                fields.remove("media");
                item
            };
            let fields = item.as_object_mut().expect("an item");
            fields.remove("created_at");
            fields.insert("id".to_owned(), json!(format!("{prefix}-{n}")));
            fields.insert("revision".to_owned(), json!(1));
            item
        })
        .collect()
}

fn calm(n: usize) -> Value {
    let text = format!("{} ({n})", CALM[n % CALM.len()]);
    if n.is_multiple_of(2) {
        json!({"kind": "draft", "school": "st-hildas", "platform": "facebook", "author": {"id": "S07"}, "text": text})
    } else {
        json!({"kind": "comment", "verb": "add", "school": "st-hildas", "platform": "facebook", "post": "p-1",
            "author": {"id": format!("9{n:05}"), "name": "A Parent"}, "text": text})
    }
}
