//! The machine's answer, in the contract's JSON shape.

use std::{borrow::Cow, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CheckName, Finding, ItemId, ItemKind, KnownPicture, MediaId, RuleId, SchoolId};

/// What the machine decided. Ordered: the strictest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// May go out; may stay up.
    Approve,
    /// A person must decide.
    Hold,
    /// A person must decide, and the alert goes out within seconds.
    Escalate,
}

impl Outcome {
    /// The stable name used in verdicts and the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Hold => "hold",
            Self::Escalate => "escalate",
        }
    }
}

/// A closed enum with a stable name for each value.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The value with this name.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

pub(crate) use coded;

coded!(
    /// Who is told.
    Audience {
        /// The comment moderators.
        Moderator = "moderator",
        /// The senior leadership team.
        Slt = "slt",
        /// The designated safeguarding lead and deputies.
        Dsl = "dsl",
        /// The head.
        Head = "head",
        /// The data protection officer.
        Dpo = "dpo",
        /// The press lead.
        Press = "press",
        /// The line manager of a member of staff.
        LineManager = "line_manager",
        /// The author of the draft.
        Author = "author",
    }
);

coded!(
    /// What a comment is.
    CommentClass {
        /// Thanks and compliments.
        Praise = "praise",
        /// A question.
        Query = "query",
        /// Dissatisfaction with the school.
        Complaint = "complaint",
        /// A journalist asks.
        Journalist = "journalist",
        /// A request under data-protection or information law.
        DataRights = "data_rights",
        /// Spam or scam.
        Spam = "spam",
        /// Abuse.
        Abuse = "abuse",
        /// A safeguarding concern.
        Safeguarding = "safeguarding",
        /// An allegation against staff.
        Allegation = "allegation",
        /// None of these.
        Other = "other",
    }
);

/// One reason of the verdict: which rule, which clause, what to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The policy rule.
    pub rule: RuleId,
    /// The clause of the school's policy behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Plain English.
    pub text: String,
    /// What to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Indices into the verdict's findings.
    pub findings: Vec<usize>,
}

/// One check in the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckLine {
    /// Which check.
    pub name: CheckName,
    /// `ok`, `failed` or `skipped`.
    pub status: Cow<'static, str>,
    /// Why it failed or was skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Cow<'static, str>>,
}

/// One picture in the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediumVerdict {
    /// Which picture.
    pub id: MediaId,
    /// SHA-256 of the bytes as they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// SHA-256 of the clean copy: the only bytes that may be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean_sha256: Option<String>,
    /// Where the clean copy is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean_path: Option<String>,
    /// What was taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// Whether the pixels were compressed anew, so that the copy may differ from the original by a trace.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub re_encoded: bool,
    /// The clean copy's format, where it is another than the original's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean_format: Option<String>,
    /// Which listed pictures it shows again. For entitled screens; it is not published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<KnownPicture>,
}

/// Which versions of program, policy and lists decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The program.
    pub schoolgate: String,
    /// The policy in force.
    pub policy: String,
    /// The wordlists.
    pub wordlists: String,
    /// The pupil and staff register.
    pub register: String,
    /// The bank-holiday calendar.
    pub calendar: String,
}

impl Verdict {
    /// What no check of the pictures looks at, in sentences: nobody should take an approval for more than it is
    /// (product invariant 8). Empty where there is no picture.
    pub fn not_checked(&self) -> Vec<String> {
        if self.media.is_empty() {
            return Vec::new();
        }
        let limits = self.checks.iter().filter(|check| {
            let of_people = matches!(check.name, CheckName::Subjects | CheckName::PictureText);
            check.status == "ok" || check.status == "skipped" && of_people
        });
        let sentences = limits.filter_map(|check| check.detail.as_deref());
        sentences.map(sentence).collect()
    }

    /// The reasons for people, each sentence once: two rules can say the same.
    pub fn plain_reasons(&self) -> Vec<(&str, Option<&str>)> {
        let mut plain: Vec<(&str, Option<&str>)> = Vec::new();
        for reason in &self.reasons {
            if plain.iter().all(|(text, _)| *text != reason.text) {
                plain.push((&reason.text, reason.fix.as_deref()));
            }
        }
        plain
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let text: String = first.chain(letters).collect();
    format!("{}.", text.trim_end_matches('.'))
}

/// The machine's answer to one revision of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The item.
    pub id: ItemId,
    /// Draft or comment.
    pub kind: ItemKind,
    /// Which revision.
    pub revision: u32,
    /// Which school.
    pub school: SchoolId,
    /// The decision.
    pub outcome: Outcome,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What the comment is; comments only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<CommentClass>,
    /// Who is told.
    pub alert: Vec<Audience>,
    /// Whether somebody waits for words; comments only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs_response: Option<bool>,
    /// When the clock started.
    pub received_at: Timestamp,
    /// When the response window ends; visible comments only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Proposed actions on the platform.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// The pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<MediumVerdict>,
    /// What was checked.
    pub checks: Vec<CheckLine>,
    /// What decided; the same for every item that a school's snapshot screens.
    #[serde(with = "shared")]
    pub versions: Arc<Versions>,
}

/// Versions are written and read as if each verdict had its own.
mod shared {
    use super::*;
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(of: &Versions, to: S) -> Result<S::Ok, S::Error> {
        of.serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Arc<Versions>, D::Error> {
        Versions::deserialize(from).map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_check_looks_at_is_said_where_there_is_a_picture() {
        let mut verdict: Verdict = serde_json::from_value(json!({
            "id": "d", "kind": "draft", "revision": 1, "school": "s", "outcome": "approve", "reasons": [],
            "findings": [], "alert": [], "received_at": "2026-11-20T09:00:00Z", "media": [{"id": "m1"}],
            "checks": [
                {"name": "names", "status": "ok"},
                {"name": "topics", "status": "skipped", "detail": "only drafts are checked for topics"},
                {"name": "photo_clean", "status": "failed", "detail": "a picture could not be read"},
                {"name": "subjects", "status": "ok", "detail": "Faces are not recognised."},
                {"name": "picture_text", "status": "skipped", "detail": "the words in the picture were not read"},
            ],
            "versions": {"schoolgate": "1", "policy": "1", "wordlists": "1", "register": "1", "calendar": "1"},
        }))
        .unwrap();
        assert_eq!(
            verdict.not_checked(),
            [
                "Faces are not recognised.",
                "The words in the picture were not read."
            ]
        );
        verdict.media.clear();
        assert!(verdict.not_checked().is_empty());
    }
}
