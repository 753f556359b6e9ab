//! What waits for people, in the order in which it matters. Every list and count is cut to what its reader may see
//! in the statement itself, so that nothing restricted is loaded for anybody else.

use jiff::Timestamp;
use schoolgate_model::{CommentClass, ItemKind, Outcome, Redacted, Severity, Verb};
use schoolgate_policy::{Restricted, ReviewState, Sight};

use crate::{Store, StoreError};

/// The longest page.
pub const MAX_QUEUE_ROWS: u32 = 200;

/// One school and what its reader may see there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueScope {
    /// The school's slug.
    pub school: String,
    /// What the reader may see.
    pub sight: Sight,
}

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueList {
    /// What is open or escalated: escalated first, then held, then what waits for words by the time left, then the
    /// rest by due time.
    Waiting,
    /// Only what is escalated.
    Escalated,
    /// Only what a person must decide, escalated or not.
    Held,
    /// What is closed and was not superseded, last closed first.
    Done,
    /// The newest revisions of the drafts of one author (id or login), last arrived first; whatever their sight.
    Own {
        /// The author's names for themselves: id and login. Case does not count.
        authors: Vec<Redacted<String>>,
    },
}

/// What a screen asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueQuery {
    /// The schools and what the reader may see at each. None = nothing.
    pub scopes: Vec<QueueScope>,
    /// Only drafts or only comments.
    pub kind: Option<ItemKind>,
    /// Which list.
    pub list: QueueList,
}

/// A place in a list: the next page starts behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueMark {
    rank: i64,
    at: i64,
    key: String,
}

impl QueueMark {
    /// The mark as text for an address.
    pub fn to_text(&self) -> String {
        format!("{}.{}.{}", self.rank, self.at, self.key)
    }

    /// The mark of such a text.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        Some(Self {
            rank: parts.next()?.parse().ok()?,
            at: parts.next()?.parse().ok()?,
            key: parts.next()?.to_owned(),
        })
    }
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// The item's row.
    pub key: String,
    /// The producer's id.
    pub id: String,
    /// The revision.
    pub revision: u32,
    /// What happened.
    pub verb: Verb,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The school's slug.
    pub school: String,
    /// The platform.
    pub platform: Option<String>,
    /// The machine's answer; absent while an author's own draft is being screened.
    pub outcome: Option<Outcome>,
    /// What the comment is.
    pub classes: Vec<CommentClass>,
    /// The reasons in plain English, each once.
    pub reasons: Vec<String>,
    /// The gravest finding.
    pub severity: Option<Severity>,
    /// When the clock started, or it was written.
    pub received_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Whether somebody waits for words.
    pub needs_response: bool,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
    /// Whether a person must say what becomes of it.
    pub held: bool,
    /// The state of the review.
    pub state: ReviewState,
    /// The review's version, to be sent back with a decision; 0 before there is one.
    pub version: u32,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// Other content came for the same revision.
    pub conflicted: bool,
    /// Who has it open now; the account's id.
    pub claimed_by: Option<String>,
    /// Until when.
    pub claimed_until: Option<Timestamp>,
    /// Where the next page starts.
    pub mark: QueueMark,
}

/// How much waits, for one reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueCounts {
    /// Escalated.
    pub escalated: u64,
    /// Held drafts.
    pub held_drafts: u64,
    /// Held comments.
    pub held_comments: u64,
    /// Comments whose writer waits for words.
    pub needs_response: u64,
    /// Comments that only want to be acknowledged.
    pub rest: u64,
    /// Those of all these that are past their due time.
    pub overdue: u64,
}

impl Store {
    /// One page of a list, at most `limit` rows and never more than [`MAX_QUEUE_ROWS`].
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn queue(
        &self,
        query: &QueueQuery,
        now: Timestamp,
        limit: u32,
        after: Option<&QueueMark>,
    ) -> Result<Vec<QueueRow>, StoreError> {
        let _ = (query, now, limit, after);
        Err(StoreError::SchemaMissing)
    }

    /// How much waits within these scopes.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn queue_counts(
        &self,
        scopes: &[QueueScope],
        now: Timestamp,
    ) -> Result<QueueCounts, StoreError> {
        let _ = (scopes, now);
        Err(StoreError::SchemaMissing)
    }
}
