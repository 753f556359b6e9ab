//! What a screening changes in the world, as values. The store writes a `Change` in one transaction;
//! the dispatch role carries its outbox out. Nothing here does either; `effects` makes them.

use jiff::Timestamp;
use schoolgate_model::{Audience, Verdict};

pub use crate::effects::{effects, urgent_alerts};
use crate::window::ResponseWindow;

/// What an outbox row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutboxKind {
    /// A message for the broker's `schoolgate.out`.
    Publish,
    /// A mail to one audience of the school. Carries a pointer, never content.
    Alert,
}

impl OutboxKind {
    /// The stable name used in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Alert => "alert",
        }
    }

    /// The kind with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "publish" => Some(Self::Publish),
            "alert" => Some(Self::Alert),
            _ => None,
        }
    }
}

/// One effect to be carried out at least once, recognisable by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The idempotency key: the same effect always has the same key, however often it is proposed or sent.
    pub key: String,
    /// What it asks for.
    pub kind: OutboxKind,
    /// The routing key on `schoolgate.out`, such as `verdict.draft.hold.st-judes` or `alert.dsl.st-judes`.
    pub routing_key: String,
    /// Who is told; alerts only.
    pub audience: Option<Audience>,
    /// Whether it goes out before everything else.
    pub urgent: bool,
    /// JSON. An alert's body holds ids, class, severity, account, times: no name, no words, no picture.
    pub body: String,
}

/// The state of the work that a person has with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewState {
    /// Waits for a person.
    Open,
    /// Waits for a person who has been alerted.
    Escalated,
    /// Nothing to do.
    Closed,
}

impl ReviewState {
    /// The stable name used in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Escalated => "escalated",
            Self::Closed => "closed",
        }
    }
}

/// One line of the audit trail: who did what when. Never holds words or names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// `machine`, `clock` or a person's id.
    pub actor: String,
    /// A stable verb such as `screened`.
    pub action: String,
    /// JSON detail: codes and versions only.
    pub detail: String,
}

/// Everything that one screening changes, written in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The machine's answer.
    pub verdict: Verdict,
    /// The state of the review it opens (or closes at once).
    pub review: ReviewState,
    /// The response window of a visible comment.
    pub window: Option<ResponseWindow>,
    /// Effects to carry out.
    pub outbox: Vec<OutboxEntry>,
    /// The audit line.
    pub audit: AuditEntry,
}
