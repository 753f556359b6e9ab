//! What the school or the platform did: kept once, and applied to its item in the same transaction. An event that
//! comes before its item, or before the item is screened, waits for it.

use std::fmt;

use jiff::Timestamp;
use schoolgate_model::{
    Redacted, SchoolId,
    wire::{EventSubmission, EventType},
};

use crate::{Store, StoreError};

/// The reason of a dead letter: other content came under an event's id.
pub const CONFLICTING_EVENT: &str = "conflicting_event";

/// One event as a door hands it over. `Debug` hides the body and the actor.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The school's slug.
    pub school: String,
    /// The producer's id.
    pub id: String,
    /// What happened.
    pub event: EventType,
    /// The producer's id of the item.
    pub item: Option<String>,
    /// The item's revision, where the producer gave one.
    pub revision: Option<u32>,
    /// Who did it, as the producer calls them.
    pub actor: Option<Redacted<String>>,
    /// When it happened, already clamped to the arrival.
    pub at: Timestamp,
    /// When it reached us.
    pub arrived_at: Timestamp,
    /// `EventSubmission::content_hash`.
    pub content_hash: String,
    /// The producer's JSON, byte for byte.
    pub body: Vec<u8>,
}

impl NewEvent {
    /// The row of a parsed event. `body` is the message as received; a time in the future is clamped.
    pub fn from_submission(
        school: &SchoolId,
        submission: &EventSubmission,
        body: Vec<u8>,
        arrived_at: Timestamp,
    ) -> Self {
        Self {
            school: school.to_string(),
            id: submission.id.clone(),
            event: submission.event,
            item: submission.item.clone(),
            revision: submission.revision,
            actor: submission.actor.clone(),
            at: submission.at.map_or(arrived_at, |at| at.min(arrived_at)),
            arrived_at,
            content_hash: submission.content_hash(),
            body,
        }
    }
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("school", &self.school)
            .field("id", &self.id)
            .field("event", &self.event)
            .field("item", &self.item)
            .field("revision", &self.revision)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventReceipt {
    /// It was kept and applied, or waits for its item to be screened.
    New {
        /// The item's row; absent where it concerns no item.
        item_key: Option<String>,
    },
    /// It was kept, but there is no such item yet. It is applied when the item is recorded.
    UnknownItem,
    /// The same event was there already; nothing was changed.
    Duplicate,
    /// Another event was there under the same id. The new body is a dead letter.
    Conflict,
}

impl Store {
    /// Keeps a batch of events, all or none, and applies them. When this returns, the messages may be acknowledged.
    /// Receipts come in the order of the batch.
    ///
    /// # Errors
    /// `NulInText` where an id holds NUL; otherwise the engine's faults.
    pub async fn receive_events(
        &self,
        events: &[NewEvent],
    ) -> Result<Vec<EventReceipt>, StoreError> {
        let _ = events;
        Err(StoreError::SchemaMissing)
    }
}
