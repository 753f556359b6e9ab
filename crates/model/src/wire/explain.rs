//! What is wrong with a message, told in our own words only. A fault's text can quote the message, and a message is a
//! child's name or a stranger's telephone number: so nothing is cut out of that text, it is only recognised, and what
//! is said is put together from the fixed words below and from numbers of lines and columns.

use serde_json::error::Category;

use super::read::{A_TIME, AN_AUTHOR, LIST_TOO_LONG, THE_STAFF};

/// Every field that an item, an author or a medium can have.
pub(super) const FIELDS: [&str; 27] = [
    "id",
    "kind",
    "revision",
    "verb",
    "school",
    "platform",
    "account",
    "post",
    "parent",
    "author",
    "text",
    "links",
    "media",
    "permalink",
    "publish_at",
    "created_at",
    "unsure",
    "name",
    "path",
    "url",
    "data",
    "filename",
    "alt",
    "caption",
    "album",
    "pupils",
    "staff",
];

/// The fields that only an event can have.
const EVENT_FIELDS: [&str; 5] = ["type", "item", "actor", "at", "detail"];

/// What serde calls a value, and what we do.
const FOUND: [(&str, &str); 8] = [
    ("string", "a string"),
    ("integer", "a number"),
    ("floating point", "a number"),
    ("boolean", "true or false"),
    ("null", "null"),
    ("sequence", "a list"),
    ("map", "an object"),
    ("unit", "null"),
];

/// What serde says that a field takes, and what we do.
const EXPECTED: [(&str, &str); 12] = [
    ("a string", "a string"),
    ("a boolean", "true or false"),
    ("u32", "a whole number"),
    ("a list", "a list"),
    ("an object", "an object"),
    ("`draft` or `comment`", "`draft` or `comment`"),
    (
        "one of `add`, `edit`, `remove`",
        "one of `add`, `edit`, `remove`",
    ),
    ("`event`", "`event`"),
    (EVENT_TYPES, EVENT_TYPES),
    (A_TIME, A_TIME),
    (AN_AUTHOR, AN_AUTHOR),
    (THE_STAFF, THE_STAFF),
];

/// What serde says that `type` takes.
const EVENT_TYPES: &str = "one of `acknowledged`, `replied`, `hidden`, `unhidden`, `deleted`, `action_result`, \
                           `published`, `unpublished`, `account_seen`";

/// Says what is wrong and where, without a word of the message.
pub(super) fn explain(error: &serde_json::Error) -> String {
    match error.classify() {
        // the parser's own fixed sentences: they name what it looked for, never what it met
        Category::Syntax | Category::Eof => error.to_string(),
        Category::Io => "it cannot be read".to_owned(),
        Category::Data => {
            let place = format!(" at line {} column {}", error.line(), error.column());
            let text = error.to_string();
            let fault = data_fault(text.strip_suffix(&place).unwrap_or(&text));
            format!("{fault}{place}")
        }
    }
}

fn data_fault(text: &str) -> String {
    for field in FIELDS.iter().chain(&EVENT_FIELDS) {
        for fault in ["missing", "duplicate"] {
            let sentence = format!("{fault} field `{field}`");
            if text == sentence {
                return sentence;
            }
        }
    }
    if text == LIST_TOO_LONG {
        return LIST_TOO_LONG.to_owned();
    }
    // the last one is serde's own: what it quotes stands before
    let expected = text.rsplit_once(", expected ").and_then(|(_, tail)| {
        let known = EXPECTED.iter().find(|(theirs, _)| *theirs == tail);
        known.map(|(_, ours)| *ours)
    });
    let found = match text.strip_prefix("unknown variant ") {
        Some(_) => Some("an unknown word"),
        None => ["invalid type: ", "invalid value: "]
            .iter()
            .find_map(|kind| text.strip_prefix(kind))
            .and_then(|rest| FOUND.iter().find(|(theirs, _)| rest.starts_with(theirs)))
            .map(|(_, ours)| *ours),
    };
    match (found, expected) {
        (Some(found), Some(expected)) => format!("found {found}, expected {expected}"),
        (None, Some(expected)) => format!("expected {expected}"),
        (_, None) => "a field has a value that it cannot have".to_owned(),
    }
}
