//! One item for the person who has it open: everything about it, who else has it open, and the decision. A decision
//! counts only on the state that the person saw.

use jiff::Timestamp;
use schoolgate_model::{ItemKind, Redacted};
use schoolgate_policy::{DecisionKind, EscalateTo, PersonChange, Restricted, ReviewState};

use crate::{Store, StoreError, StoredItem, StoredVerdict};

/// A decision as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    /// What was decided.
    pub decision: DecisionKind,
    /// To whom it was handed on.
    pub to: Option<EscalateTo>,
    /// The review's version that the person saw.
    pub review_version: u32,
    /// The account's id.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The person's own words.
    pub note: Option<Redacted<String>>,
}

/// Who has an item open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The account's id.
    pub by: String,
    /// When that is forgotten.
    pub until: Timestamp,
}

/// Everything about one item that has a verdict. Who may see it is asked of `schoolgate_policy::person::may_see`.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewView {
    /// The item as received.
    pub item: StoredItem,
    /// The verdict with review and clock.
    pub verdict: StoredVerdict,
    /// Whether a person must say what becomes of it.
    pub held: bool,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// The decisions on this revision, in order.
    pub decisions: Vec<StoredDecision>,
    /// Who has it open; also where that is over, see [`Claim::until`].
    pub claim: Option<Claim>,
}

/// What `decide` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Everything was written, now or by an earlier call of the same person with the same decision.
    Written {
        /// The review's version now.
        version: u32,
    },
    /// The item has changed since the person looked; nothing was written.
    Stale {
        /// The review's version now.
        version: u32,
        /// Its state now.
        state: ReviewState,
        /// Who decided last; absent where the change was a machine's or the platform's.
        by: Option<String>,
    },
    /// A newer revision has arrived; nothing was written.
    NotLatest {
        /// The newest row.
        latest: String,
    },
    /// There is nothing left to decide; nothing was written.
    Closed,
    /// It has no verdict yet; nothing was written.
    NotScreened,
}

/// The answer to "still approved, now?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// Exactly this may be published.
    Approved {
        /// The account that approved it; absent where the machine did.
        by: Option<String>,
    },
    /// It may not.
    Refused(ReleaseRefusal),
}

/// Why something may not be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReleaseRefusal {
    /// There is no such item or revision.
    Unknown,
    /// It has no verdict yet.
    Waiting,
    /// A newer revision has arrived.
    NotLatest,
    /// Other content came for the same revision.
    Conflicted,
    /// Nobody has approved it, or somebody has rejected it.
    NotApproved,
    /// The pictures are not those that were approved, or one has no clean copy.
    OtherPictures,
}

impl ReleaseRefusal {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Waiting => "waiting",
            Self::NotLatest => "not_latest",
            Self::Conflicted => "conflicted",
            Self::NotApproved => "not_approved",
            Self::OtherPictures => "other_pictures",
        }
    }
}

impl Store {
    /// Everything about one item; `None` where there is none or it has no verdict yet.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn review(&self, key: &str) -> Result<Option<ReviewView>, StoreError> {
        let _ = key;
        Err(StoreError::SchemaMissing)
    }

    /// Says that somebody has an item open. Returns who has it: the caller, or somebody else whose claim still runs.
    /// `None` where there is no review.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn claim_review(
        &self,
        key: &str,
        user: &str,
        now: Timestamp,
        ms: u32,
    ) -> Result<Option<Claim>, StoreError> {
        let _ = (key, user, now, ms);
        Err(StoreError::SchemaMissing)
    }

    /// Says that somebody has closed the item. False where the claim was somebody else's.
    ///
    /// # Errors
    /// The engine's faults.
    pub async fn release_review(&self, key: &str, user: &str) -> Result<bool, StoreError> {
        let _ = (key, user);
        Err(StoreError::SchemaMissing)
    }

    /// Writes a decision and everything that it changes, or nothing. Only the state that the person saw can be
    /// decided: `expected_version` is the review's version on the screen.
    ///
    /// # Errors
    /// `UnknownItem`; the engine's faults.
    pub async fn decide(
        &self,
        key: &str,
        expected_version: u32,
        change: &PersonChange,
    ) -> Result<Decided, StoreError> {
        let _ = (key, expected_version, change);
        Err(StoreError::SchemaMissing)
    }

    /// Whether exactly this may be published now: the newest revision, approved by the machine or by a person, no
    /// conflict, and the pictures' clean copies with these hashes and no others.
    ///
    /// # Errors
    /// The engine's faults, or `Inconsistent`.
    pub async fn still_approved(
        &self,
        school: &str,
        kind: ItemKind,
        id: &str,
        revision: u32,
        hashes: &[String],
    ) -> Result<Release, StoreError> {
        let _ = (school, kind, id, revision, hashes);
        Err(StoreError::SchemaMissing)
    }
}
