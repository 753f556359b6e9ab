//! What the school or the platform did: bytes to an `EventSubmission`, with the care of `parse_submission`. An event's
//! `detail` and its unknown fields are kept in the body and ignored here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    WireError, check_id, clean,
    explain::explain,
    read::{EventKind, EventWire, rescue_id},
};
use crate::{Redacted, verdict::coded};

/// The largest event that is taken, in bytes: it has no pictures, and `detail` is a platform's answer.
pub const MAX_EVENT_BYTES: usize = 64 * 1024;

/// The longest `actor` that is taken, in characters.
const MAX_ACTOR_CHARS: usize = 200;

coded!(
    /// What happened.
    EventType {
        /// The school said that it has seen it.
        Acknowledged = "acknowledged",
        /// The school answered, in public or in private.
        Replied = "replied",
        /// It was hidden on the platform.
        Hidden = "hidden",
        /// It was shown again.
        Unhidden = "unhidden",
        /// It was deleted on the platform.
        Deleted = "deleted",
        /// A platform's answer to an action.
        ActionResult = "action_result",
        /// A draft went out.
        Published = "published",
        /// It was taken down.
        Unpublished = "unpublished",
        /// An account was seen at work.
        AccountSeen = "account_seen",
    }
);

/// A well-formed event. Its school may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSubmission {
    /// The producer's id, unique within a school.
    pub id: String,
    /// What happened.
    pub event: EventType,
    /// The school's slug.
    pub school: Option<String>,
    /// The item that it happened to. Absent only for what concerns no item.
    pub item: Option<String>,
    /// The item's revision; the newest where it is absent.
    pub revision: Option<u32>,
    /// Who did it, as the producer calls them.
    pub actor: Option<Redacted<String>>,
    /// When it happened; the arrival where it is absent.
    pub at: Option<Timestamp>,
    detail_hash: String,
}

/// Reads one event.
///
/// # Errors
/// `WireError` in one plain sentence for bad UTF-8, bad JSON, wrong types, duplicate or missing fields, bad ids, and
/// more than [`MAX_EVENT_BYTES`].
pub fn parse_event(bytes: &[u8]) -> Result<EventSubmission, WireError> {
    let fault = |id: Option<String>, message: String| WireError { id, message };
    if bytes.len() > MAX_EVENT_BYTES {
        return Err(fault(
            None,
            format!("an event is larger than {MAX_EVENT_BYTES} bytes"),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        fault(
            None,
            format!("not valid UTF-8 after byte {}", error.valid_up_to()),
        )
    })?;
    if text.trim_start().starts_with('[') {
        return Err(fault(
            None,
            "not a valid event: a list, expected an object".to_owned(),
        ));
    }
    let wire: EventWire = serde_json::from_str(text).map_err(|error| {
        fault(
            rescue_id(text),
            format!("not a valid event: {}", explain(&error)),
        )
    })?;
    let id = wire.id.clone();
    from_wire(wire).map_err(|message| fault(Some(id), message))
}

fn from_wire(wire: EventWire) -> Result<EventSubmission, String> {
    let EventKind::Event = wire.kind;
    check_id(&wire.id)?;
    if let Some(item) = &wire.item {
        check_id(item).map_err(|why| why.replace("`id`", "`item`"))?;
    } else if wire.event != EventType::AccountSeen {
        return Err("missing field `item`".to_owned());
    }
    if wire.revision == Some(0) {
        return Err("`revision` counts from 1".to_owned());
    }
    let actor = wire.actor.map(clean);
    if actor
        .as_ref()
        .is_some_and(|actor| actor.chars().count() > MAX_ACTOR_CHARS)
    {
        return Err(format!(
            "`actor` is longer than {MAX_ACTOR_CHARS} characters"
        ));
    }
    Ok(EventSubmission {
        id: wire.id,
        event: wire.event,
        school: wire.school,
        item: wire.item,
        revision: wire.revision,
        actor: actor.map(Redacted::new),
        at: wire.at.map(|at| at.0),
        detail_hash: wire.detail.map_or_else(String::new, |detail| {
            hex(&Sha256::digest(detail.to_string().as_bytes()))
        }),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl EventSubmission {
    /// SHA-256 (lower-case hex) over what happened. Two messages with the same id and hash are the same event; when
    /// it was delivered does not count.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        let revision = self.revision.map(|revision| revision.to_string());
        let at = self.at.map(|at| at.to_string());
        for field in [
            Some(self.event.code()),
            self.item.as_deref(),
            revision.as_deref(),
            self.actor.as_ref().map(|actor| actor.expose().as_str()),
            at.as_deref(),
            Some(&self.detail_hash),
        ] {
            hash.update([u8::from(field.is_some())]);
            let bytes = field.unwrap_or_default().as_bytes();
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        }
        hex(&hash.finalize())
    }
}
