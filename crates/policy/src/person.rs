//! What a person may see and decide about one item, and what a decision changes. Pure: the store writes it, the
//! screens show it. Who somebody is and which item they have open is told by the caller.

use jiff::Timestamp;
use schoolgate_model::{
    Audience, CommentClass, Envelope, ItemKind, Redacted, Role, Severity, Verdict,
};

use crate::change::{AuditEntry, OutboxEntry, ReviewState};

mod alike;
mod rules;
#[cfg(test)]
mod tests;
mod writing;

pub use alike::is_unseen;
pub use rules::{
    approvers, may_answer, may_decide, may_keep_back, may_see, permitted, stands, within_sight,
};
pub use writing::person_change;

/// What a person decides, without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DecisionKind {
    /// A draft may go out; a comment stays up.
    Approve,
    /// A draft will not go out; for a comment, hiding it is proposed.
    Reject,
    /// A comment has been seen: its clock stops. An escalated draft that was edited has been seen: it is closed.
    Acknowledge,
    /// Somebody else must decide, and is alerted.
    Escalate,
}

impl DecisionKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Approve,
        Self::Reject,
        Self::Acknowledge,
        Self::Escalate,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Acknowledge => "acknowledge",
            Self::Escalate => "escalate",
        }
    }

    /// The kind with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// To whom a person can hand an item on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EscalateTo {
    /// The senior leadership team.
    Slt,
    /// The safeguarding lead and deputies, alone.
    Dsl,
    /// The head, alone.
    Head,
}

impl EscalateTo {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::Slt, Self::Dsl, Self::Head];

    /// The audience that is alerted.
    pub const fn audience(self) -> Audience {
        match self {
            Self::Slt => Audience::Slt,
            Self::Dsl => Audience::Dsl,
            Self::Head => Audience::Head,
        }
    }

    /// The stable name, which is the audience's.
    pub const fn code(self) -> &'static str {
        self.audience().code()
    }

    /// The one with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|to| to.code() == code)
    }
}

/// A person's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// See [`DecisionKind::Approve`].
    Approve,
    /// See [`DecisionKind::Reject`].
    Reject,
    /// See [`DecisionKind::Acknowledge`].
    Acknowledge,
    /// See [`DecisionKind::Escalate`].
    Escalate {
        /// Who must decide.
        to: EscalateTo,
    },
}

impl Decision {
    /// The decision without its particulars.
    pub const fn kind(self) -> DecisionKind {
        match self {
            Self::Approve => DecisionKind::Approve,
            Self::Reject => DecisionKind::Reject,
            Self::Acknowledge => DecisionKind::Acknowledge,
            Self::Escalate { .. } => DecisionKind::Escalate,
        }
    }

    /// Who must decide instead.
    pub const fn to(self) -> Option<EscalateTo> {
        match self {
            Self::Escalate { to } => Some(to),
            Self::Approve | Self::Reject | Self::Acknowledge => None,
        }
    }
}

/// Who alone may see an item. An item that names both is for either of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Restricted {
    /// The safeguarding lead and deputies.
    Dsl,
    /// The head.
    Head,
    /// The safeguarding lead and the head.
    DslAndHead,
}

impl Restricted {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Dsl, Self::Head, Self::DslAndHead];

    /// The stable name used in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dsl => "dsl",
            Self::Head => "head",
            Self::DslAndHead => "dsl,head",
        }
    }

    /// The value with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.code() == code)
    }

    /// Who alone may see what these audiences are alerted about; `None` = it is open.
    pub fn of(alert: &[Audience]) -> Option<Self> {
        match (
            alert.contains(&Audience::Dsl),
            alert.contains(&Audience::Head),
        ) {
            (false, false) => None,
            (true, false) => Some(Self::Dsl),
            (false, true) => Some(Self::Head),
            (true, true) => Some(Self::DslAndHead),
        }
    }

    /// Both together.
    pub fn and(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        match (first, second) {
            (one, None) | (None, one) => one,
            (Some(one), Some(other)) if one == other => Some(one),
            (Some(_), Some(_)) => Some(Self::DslAndHead),
        }
    }

    /// Whom an alert about it is for.
    pub const fn audiences(self) -> &'static [Audience] {
        match self {
            Self::Dsl => &[Audience::Dsl],
            Self::Head => &[Audience::Head],
            Self::DslAndHead => &[Audience::Dsl, Audience::Head],
        }
    }

    /// Whether the safeguarding lead is one of them.
    pub const fn for_dsl(self) -> bool {
        matches!(self, Self::Dsl | Self::DslAndHead)
    }

    /// Whether the head is one of them.
    pub const fn for_head(self) -> bool {
        matches!(self, Self::Head | Self::DslAndHead)
    }
}

/// Which items of one school somebody works with. Own drafts come on top and need no sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sight {
    /// Comments, and drafts that alert nobody but moderators and the author.
    pub plain: bool,
    /// Drafts that alert further people.
    pub senior: bool,
    /// What is for the safeguarding lead alone.
    pub dsl: bool,
    /// What is for the head alone.
    pub head: bool,
}

impl Sight {
    /// What these roles at one school let somebody see.
    pub fn of(roles: &[Role]) -> Self {
        let has = |role| roles.contains(&role);
        let senior = has(Role::Slt) || has(Role::Head);
        Self {
            plain: senior || has(Role::Moderator),
            senior,
            dsl: has(Role::Dsl),
            head: has(Role::Head),
        }
    }

    /// Whether there is anything to see at all.
    pub const fn any(self) -> bool {
        self.plain || self.senior || self.dsl || self.head
    }

    /// Whether an item with these marks is within it.
    pub const fn covers(self, senior: bool, restricted: Option<Restricted>) -> bool {
        match restricted {
            Some(only) => (self.dsl && only.for_dsl()) || (self.head && only.for_head()),
            None if senior => self.senior,
            None => self.plain,
        }
    }
}

/// Whether a verdict is for senior leaders: a draft that alerts more than moderators and its author.
pub fn is_senior(verdict: &Verdict) -> bool {
    verdict.kind == ItemKind::Draft
        && verdict
            .alert
            .iter()
            .any(|to| !matches!(to, Audience::Moderator | Audience::Author))
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The account's id, which the audit trail keeps.
    pub id: &'a str,
    /// The login, an e-mail address.
    pub login: &'a Redacted<String>,
    /// The roles at the school of the item, those for every school included.
    pub roles: &'a [Role],
    /// Other ids of the same person at that school, such as the staff list's.
    pub also: &'a [String],
}

/// One item as it stands, as far as a decision asks.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// Who, when, where.
    pub envelope: &'a Envelope,
    /// The verdict that counts.
    pub verdict: &'a Verdict,
    /// The state of the review.
    pub state: ReviewState,
    /// Its version.
    pub version: u32,
    /// Whether a person must still say what becomes of it.
    pub held: bool,
    /// Who alone may see it.
    pub restricted: Option<Restricted>,
    /// To whom a person handed it on and who did, while that stands.
    pub handed: Option<(EscalateTo, &'a str)>,
    /// Whether it has a clock that nobody has stopped.
    pub clock_runs: bool,
    /// Whether other content came for the same revision.
    pub conflicted: bool,
    /// Whether it is the newest revision.
    pub is_latest: bool,
    /// Who must approve, from the policy lines behind its reasons; see [`approvers`]. Empty = the policy names nobody.
    pub approvers: &'a [Audience],
}

/// Why somebody may not see or decide something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// The roles do not cover this item.
    NotYours,
    /// It is the person's own draft.
    OwnDraft,
    /// Nobody says who wrote the draft, and the person writes drafts for the school.
    UnknownAuthor,
    /// Another role must approve it.
    OtherApprover,
    /// It was handed on to others, who must decide.
    HandedOn,
    /// Only the safeguarding lead can approve it.
    OnlyDsl,
    /// A newer revision has arrived.
    NotLatest,
    /// There is nothing left to decide.
    Closed,
    /// Two different contents came for the same revision.
    Conflicted,
    /// Drafts are not acknowledged.
    NotAComment,
    /// Somebody has acknowledged it.
    AlreadyAcknowledged,
    /// Nobody is asked to decide about it; it can be acknowledged.
    NothingHeld,
    /// Only the safeguarding lead or the head may see it, so it is not handed to others.
    KeptBack,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 13] = [
        Self::NotYours,
        Self::OwnDraft,
        Self::UnknownAuthor,
        Self::OtherApprover,
        Self::HandedOn,
        Self::OnlyDsl,
        Self::NotLatest,
        Self::Closed,
        Self::Conflicted,
        Self::NotAComment,
        Self::AlreadyAcknowledged,
        Self::NothingHeld,
        Self::KeptBack,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotYours => "not_yours",
            Self::OwnDraft => "own_draft",
            Self::UnknownAuthor => "unknown_author",
            Self::OtherApprover => "other_approver",
            Self::HandedOn => "handed_on",
            Self::OnlyDsl => "only_dsl",
            Self::NotLatest => "not_latest",
            Self::Closed => "closed",
            Self::Conflicted => "conflicted",
            Self::NotAComment => "not_a_comment",
            Self::AlreadyAcknowledged => "already_acknowledged",
            Self::NothingHeld => "nothing_held",
            Self::KeptBack => "kept_back",
        }
    }

    /// One plain sentence for the person.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotYours => "Your role at this school does not cover this item.",
            Self::OwnDraft => "Nobody decides about their own draft; ask a colleague.",
            Self::UnknownAuthor => {
                "Nobody says who wrote this, and you write drafts for the school; ask a colleague who does not."
            }
            Self::OtherApprover => "The school's policy asks for somebody else to approve this.",
            Self::HandedOn => "It was escalated: somebody to whom it was handed must decide.",
            Self::OnlyDsl => "Only the safeguarding lead can approve this.",
            Self::NotLatest => "A newer revision has arrived; look at that one.",
            Self::Closed => "This has been decided; there is nothing left to do.",
            Self::Conflicted => {
                "Two messages with the same revision number but different content arrived; ask for the draft to be \
                 sent again with the next revision number."
            }
            Self::NotAComment => "Only comments are acknowledged.",
            Self::AlreadyAcknowledged => "Somebody has acknowledged this already.",
            Self::NothingHeld => "Nothing is held here; acknowledge it instead.",
            Self::KeptBack => {
                "Only the safeguarding lead or the head may see this, so it cannot be handed to senior leaders."
            }
        }
    }
}

/// Everything that one decision changes, written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// The idempotency key.
    pub key: String,
    /// What was decided.
    pub decision: Decision,
    /// The person's id.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The person's own words, for entitled screens only.
    pub note: Option<Redacted<String>>,
    /// The state of the review afterwards.
    pub review: ReviewState,
    /// Whether a person must still say what becomes of it.
    pub held: bool,
    /// Whether the clock stops.
    pub stop_clock: bool,
    /// Who alone may see it afterwards.
    pub restricted: Option<Restricted>,
    /// Effects to carry out.
    pub outbox: Vec<OutboxEntry>,
    /// The audit line.
    pub audit: AuditEntry,
}

/// The gravest finding of a verdict.
pub fn severity(verdict: &Verdict) -> Option<Severity> {
    verdict
        .findings
        .iter()
        .map(|finding| finding.severity)
        .max()
}

/// The gravest class of a comment.
pub fn gravest_class(verdict: &Verdict) -> CommentClass {
    crate::effects::gravest(&verdict.classes).unwrap_or(CommentClass::Other)
}
