//! The stages of a response window: amber at half its time, red at 80 %, breach at its end (DOMAIN 5.2). Pure; the
//! dispatch role asks again and again, and the store keeps each stage once.

use jiff::Timestamp;
use schoolgate_model::{Audience, CommentClass, ItemKind, Severity, Verb};
use serde_json::json;

use crate::{
    change::{OutboxEntry, OutboxKind},
    effects::{AlertRow, AlertWhy, alert_row, key, occasion_of},
    person::Restricted,
    window::ResponseWindow,
};

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
    /// What happened.
    pub verb: Verb,
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

/// The stages that a window has reached by `now`, in order. Only the last of them is told to anybody; the store keeps
/// what it has already and drops it from here.
pub fn stages_due(running: &Running<'_>, now: Timestamp) -> Vec<StageDue> {
    let reached: Vec<(Stage, Timestamp)> = applicable(running.window, running.acknowledged_at)
        .into_iter()
        .filter(|(_, at)| *at <= now)
        .collect();
    let last = reached.last().map(|(stage, _)| *stage);
    reached
        .into_iter()
        .map(|(stage, at)| {
            let told = Some(stage) == last;
            let late_ms = now.as_millisecond().saturating_sub(at.as_millisecond());
            StageDue {
                stage,
                at,
                late_ms,
                superseded: !told,
                outbox: if told {
                    rows(running, stage, late_ms)
                } else {
                    Vec::new()
                },
            }
        })
        .collect()
}

/// When the first stage that is not among `recorded` is reached; `None` when none is left.
pub fn next_stage(
    window: &ResponseWindow,
    acknowledged_at: Option<Timestamp>,
    recorded: &[Stage],
) -> Option<Timestamp> {
    applicable(window, acknowledged_at)
        .into_iter()
        .find(|(stage, _)| !recorded.contains(stage))
        .map(|(_, at)| at)
}

/// The stages that a window can reach. One that nobody waits on only has its end; one that was acknowledged reaches
/// what lay before that, because a breach stays a breach.
fn applicable(
    window: &ResponseWindow,
    acknowledged_at: Option<Timestamp>,
) -> Vec<(Stage, Timestamp)> {
    Stage::ALL
        .into_iter()
        .filter(|stage| window.needs_response || *stage == Stage::Breach)
        .map(|stage| (stage, instant(window, stage)))
        .filter(|(_, at)| acknowledged_at.is_none_or(|acknowledged| acknowledged >= *at))
        .collect()
}

fn instant(window: &ResponseWindow, stage: Stage) -> Timestamp {
    let length = window.due_at.as_millisecond() - window.received_at.as_millisecond();
    let part = match stage {
        Stage::Amber => length / 2,
        Stage::Red => length / 5 * 4 + length % 5 * 4 / 5,
        Stage::Breach => return window.due_at,
    };
    Timestamp::from_millisecond(window.received_at.as_millisecond() + part).unwrap_or(window.due_at)
}

fn rows(running: &Running<'_>, stage: Stage, late_ms: i64) -> Vec<OutboxEntry> {
    let mut rows = vec![published(running, stage, late_ms)];
    if running.window.needs_response && running.acknowledged_at.is_none() {
        rows.extend(
            audiences(running.restricted, stage)
                .iter()
                .map(|to| alert(running, stage, *to)),
        );
    }
    rows
}

/// Who is told. What only the safeguarding lead or the head may see is told to nobody else.
const fn audiences(restricted: Option<Restricted>, stage: Stage) -> &'static [Audience] {
    match (stage, restricted) {
        (Stage::Amber, _) => &[],
        (_, Some(only)) => only.audiences(),
        (Stage::Red, None) => &[Audience::Moderator],
        (Stage::Breach, None) => &[Audience::Slt],
    }
}

fn keyed(first: &str, running: &Running<'_>, rest: &[&str]) -> String {
    let occasion = occasion_of(running.revision, running.verb);
    let mut parts = vec![running.school, running.kind.code(), running.id, &occasion];
    parts.extend(rest);
    key(first, &parts)
}

fn published(running: &Running<'_>, stage: Stage, late_ms: i64) -> OutboxEntry {
    let body = json!({
        "schema": "schoolgate.window.v1",
        "stage": stage.code(),
        "item": running.id,
        "kind": running.kind,
        "revision": running.revision,
        "school": running.school,
        "received_at": running.window.received_at,
        "due_at": running.window.due_at,
        "late_ms": late_ms,
        "needs_response": running.window.needs_response,
    });
    OutboxEntry {
        key: keyed("window", running, &[stage.code()]),
        kind: OutboxKind::Publish,
        routing_key: format!("window.{}.{}", stage.code(), running.school),
        audience: None,
        urgent: false,
        body: body.to_string(),
    }
}

fn alert(running: &Running<'_>, stage: Stage, to: Audience) -> OutboxEntry {
    alert_row(AlertRow {
        key: keyed("alert", running, &["window", stage.code(), to.code()]),
        school: running.school,
        kind: running.kind,
        id: running.id,
        revision: running.revision,
        class: running.class,
        severity: running.severity,
        platform: running.platform,
        account: running.account,
        received_at: running.window.received_at,
        due_at: Some(running.window.due_at),
        audience: to,
        urgent: false,
        why: match stage {
            Stage::Amber | Stage::Red => AlertWhy::WindowRed,
            Stage::Breach => AlertWhy::WindowBreach,
        },
    })
}

#[cfg(test)]
mod tests;
