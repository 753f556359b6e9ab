//! One message of the broker to one row, or to the reason why it cannot be one. Each message is judged alone, so a bad
//! one never costs its neighbours (design, the road of one item, steps 1 and 2).

use jiff::Timestamp;
use schoolgate_broker::{Incoming, Queue};
use schoolgate_model::{
    ItemKind, SchoolId,
    wire::{EventSubmission, Submission, WireError, parse_event, parse_submission},
};
use schoolgate_school::Schools;
use schoolgate_store::{NewEvent, NewItem};
use serde::de::IgnoredAny;

/// The largest message that is read, bytes; larger pictures travel by path or address.
pub const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// What a message is.
#[derive(Debug)]
pub(crate) enum Decoded {
    /// A draft or comment.
    Item(NewItem),
    /// Something that the school or the platform did.
    Event(NewEvent),
}

/// Why a message cannot be used: a stable code for programs and a sentence for people. Neither repeats the producer's
/// words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) reason: &'static str,
    pub(crate) detail: String,
}

impl Unusable {
    pub(crate) fn new(reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// Reads one message. `key` is the row's key to be; the row's body is still empty, and the caller moves it there.
pub(crate) fn decode(
    message: &Incoming,
    schools: &Schools,
    key: String,
    arrived_at: Timestamp,
) -> Result<Decoded, Unusable> {
    let body = message.body();
    if body.is_empty() {
        return Err(Unusable::new("empty", "the message has no body"));
    }
    if body.len() > MAX_MESSAGE_BYTES {
        let detail = format!("the message is larger than {MAX_MESSAGE_BYTES} bytes");
        return Err(Unusable::new("too_large", detail));
    }
    let promised = message
        .properties()
        .kind
        .as_deref()
        .map(promised)
        .transpose()?;
    match parse(body, promised, message.queue())? {
        Parsed::Item(submission) => {
            if promised.is_some_and(|kind| kind != Kind::Item(submission.kind)) {
                let detail = "the `type` property and the `kind` in the body disagree";
                return Err(Unusable::new("type_mismatch", detail));
            }
            let school = school(schools, submission.school.as_deref())?;
            let mut item =
                NewItem::from_submission(key, &school, &submission, Vec::new(), arrived_at);
            item.traceparent
                .clone_from(&message.properties().traceparent);
            Ok(Decoded::Item(item))
        }
        Parsed::Event(event) => {
            let school = school(schools, event.school.as_deref())?;
            let event = NewEvent::from_submission(&school, &event, Vec::new(), arrived_at);
            Ok(Decoded::Event(event))
        }
    }
}

/// What a message is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Item(ItemKind),
    Event,
}

enum Parsed {
    Item(Submission),
    Event(EventSubmission),
}

/// The kind that a `type` property promises. A producer that is newer than we are must be noticed, so a type that is not
/// known is never guessed at.
fn promised(kind: &str) -> Result<Kind, Unusable> {
    match kind {
        "schoolgate.draft.v1" => Ok(Kind::Item(ItemKind::Draft)),
        "schoolgate.comment.v1" => Ok(Kind::Item(ItemKind::Comment)),
        "schoolgate.event.v1" => Ok(Kind::Event),
        _ => Err(Unusable::new(
            "unknown_type",
            "the `type` property is none of schoolgate.draft.v1, schoolgate.comment.v1, schoolgate.event.v1",
        )),
    }
}

/// Parses as promised. Without a promise the queue says what to expect; a message of the other sort in it is taken all
/// the same, because a wrong routing key must not cost a child's disclosure.
fn parse(body: &[u8], promised: Option<Kind>, queue: Queue) -> Result<Parsed, Unusable> {
    let item = || parse_submission(body).map(Parsed::Item);
    let event = || parse_event(body).map(Parsed::Event);
    match (promised, queue) {
        (Some(Kind::Event), _) => event().map_err(|error| unusable(body, &error)),
        (Some(Kind::Item(_)), _) => item().map_err(|error| unusable(body, &error)),
        (None, Queue::Events) => {
            event().or_else(|first| item().map_err(|_| unusable(body, &first)))
        }
        (None, Queue::Drafts | Queue::Comments) => {
            item().or_else(|first| event().map_err(|_| unusable(body, &first)))
        }
    }
}

fn unusable(body: &[u8], error: &WireError) -> Unusable {
    let reason = if std::str::from_utf8(body).is_err() {
        "not_utf8"
    } else if serde_json::from_slice::<IgnoredAny>(body).is_err() {
        "not_json"
    } else {
        "invalid"
    };
    Unusable::new(reason, error.message.clone())
}

fn school(schools: &Schools, slug: Option<&str>) -> Result<SchoolId, Unusable> {
    schools.resolve(slug).ok_or_else(|| {
        let detail = match slug {
            Some(_) => "no school of this name is configured",
            None => "several schools are configured, so the message must name one",
        };
        Unusable::new("unknown_school", detail)
    })
}
