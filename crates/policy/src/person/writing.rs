//! A decision to the change it makes. Keys hold the review's version, so that the same decision on the same state is
//! one effect and the next one is another.

use jiff::Timestamp;
use schoolgate_model::{CommentClass, ItemKind, Redacted};
use serde_json::json;

use super::{
    Decision, EscalateTo, Matter, Person, PersonChange, Refusal, Restricted, gravest_class,
    rules::may_decide, severity,
};
use crate::{
    change::{AuditEntry, OutboxEntry, OutboxKind, ReviewState},
    effects::{AlertRow, AlertWhy, alert_row, concerns, key, occasion},
};

/// What a decision changes, where the person may take it.
///
/// # Errors
/// The first refusal that applies.
pub fn person_change(
    person: &Person<'_>,
    matter: &Matter<'_>,
    decision: Decision,
    note: Option<Redacted<String>>,
    at: Timestamp,
) -> Result<PersonChange, Refusal> {
    may_decide(person, matter, decision.kind())?;
    if decision.to() == Some(EscalateTo::Slt) && matter.restricted.is_some() {
        return Err(Refusal::KeptBack);
    }
    let (review, held) = afterwards(matter, decision);
    let restricted = Restricted::and(
        matter.restricted,
        decision
            .to()
            .and_then(|to| Restricted::of(&[to.audience()])),
    );
    let mut outbox = vec![published(person, matter, decision, at)];
    match decision {
        Decision::Reject if matter.envelope.kind == ItemKind::Comment => {
            outbox.push(hiding(person, matter, at));
        }
        Decision::Escalate { to } => outbox.push(alert(matter, to)),
        Decision::Approve | Decision::Reject | Decision::Acknowledge => {}
    }
    Ok(PersonChange {
        key: decision_key(matter),
        decision,
        actor: person.id.to_owned(),
        at,
        review,
        held,
        stop_clock: stops_clock(matter, decision),
        restricted,
        outbox,
        audit: audit(person, matter, decision, note.is_some(), at),
        note,
    })
}

/// The review's state and whether something is still held.
fn afterwards(matter: &Matter<'_>, decision: Decision) -> (ReviewState, bool) {
    match decision {
        Decision::Escalate { .. } => (ReviewState::Escalated, true),
        Decision::Reject => (ReviewState::Closed, false),
        // The writer still waits for words, so the comment goes back among those that do.
        Decision::Approve if waits_for_words(matter) => (ReviewState::Open, false),
        Decision::Approve => (ReviewState::Closed, false),
        Decision::Acknowledge if matter.envelope.kind == ItemKind::Draft => {
            (ReviewState::Closed, false)
        }
        Decision::Acknowledge if matter.held || matter.state == ReviewState::Escalated => {
            (matter.state, matter.held)
        }
        Decision::Acknowledge => (ReviewState::Closed, false),
    }
}

fn waits_for_words(matter: &Matter<'_>) -> bool {
    matter.clock_runs && matter.verdict.needs_response == Some(true)
}

fn stops_clock(matter: &Matter<'_>, decision: Decision) -> bool {
    match decision {
        Decision::Acknowledge | Decision::Reject => true,
        Decision::Approve => !waits_for_words(matter),
        Decision::Escalate { .. } => false,
    }
}

fn subject<'a>(matter: &'a Matter<'_>) -> [&'a str; 3] {
    let envelope = matter.envelope;
    [
        envelope.school.as_str(),
        envelope.kind.code(),
        envelope.id.as_str(),
    ]
}

fn keyed(first: &str, matter: &Matter<'_>, rest: &[&str]) -> String {
    let (occasion, version) = (occasion(matter.envelope), matter.version.to_string());
    let mut parts = subject(matter).to_vec();
    parts.push(&occasion);
    parts.extend(rest);
    parts.push(&version);
    key(first, &parts)
}

fn decision_key(matter: &Matter<'_>) -> String {
    keyed("decision", matter, &[])
}

fn published(
    person: &Person<'_>,
    matter: &Matter<'_>,
    decision: Decision,
    at: Timestamp,
) -> OutboxEntry {
    let envelope = matter.envelope;
    let hashes: Vec<&str> = matter
        .verdict
        .media
        .iter()
        .filter_map(|medium| medium.clean_sha256.as_deref())
        .collect();
    let body = json!({
        "schema": "schoolgate.decision.v1",
        "item": envelope.id,
        "kind": envelope.kind,
        "revision": envelope.revision,
        "verb": envelope.verb,
        "school": envelope.school,
        "decision": decision.kind().code(),
        "to": decision.to().map(EscalateTo::code),
        "at": at,
        "actor": person.id,
        "media": hashes,
    });
    OutboxEntry {
        key: decision_key(matter),
        kind: OutboxKind::Publish,
        routing_key: format!(
            "decision.{}.{}.{}",
            envelope.kind.code(),
            decision.kind().code(),
            envelope.school
        ),
        audience: None,
        urgent: matches!(decision, Decision::Escalate { .. }),
        body: body.to_string(),
    }
}

/// The proposal to hide a comment on its platform.
fn hiding(person: &Person<'_>, matter: &Matter<'_>, at: Timestamp) -> OutboxEntry {
    let envelope = matter.envelope;
    let body = json!({
        "schema": "schoolgate.action.v1",
        "verb": "hide",
        "item": envelope.id,
        "kind": envelope.kind,
        "revision": envelope.revision,
        "school": envelope.school,
        "platform": envelope.platform,
        "account": envelope.account,
        "at": at,
        "actor": person.id,
    });
    OutboxEntry {
        key: keyed("action", matter, &["hide"]),
        kind: OutboxKind::Publish,
        routing_key: format!(
            "action.{}.hide.{}",
            routing_word(envelope.platform.as_deref()),
            envelope.school
        ),
        audience: None,
        urgent: false,
        body: body.to_string(),
    }
}

/// A platform's name as one word of a routing key: a dot would make it two, and a key has room for 255 bytes.
fn routing_word(platform: Option<&str>) -> String {
    let word: String = platform
        .unwrap_or_default()
        .chars()
        .take(40)
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .collect();
    if word.is_empty() {
        "unknown".to_owned()
    } else {
        word
    }
}

/// The pointer for whoever must decide now. Its key is the decision's own: who was alerted by the machine before is
/// alerted again, because a person asks.
fn alert(matter: &Matter<'_>, to: EscalateTo) -> OutboxEntry {
    let class = gravest_class(matter.verdict);
    let told = match to {
        EscalateTo::Dsl | EscalateTo::Head => class,
        EscalateTo::Slt if concerns(class).contains(&to.audience()) => class,
        EscalateTo::Slt => CommentClass::Other,
    };
    let envelope = matter.envelope;
    alert_row(AlertRow {
        key: keyed("alert", matter, &[told.code(), to.code(), "person"]),
        school: envelope.school.as_str(),
        kind: envelope.kind,
        id: envelope.id.as_str(),
        revision: envelope.revision,
        class: told,
        severity: severity(matter.verdict).unwrap_or(schoolgate_model::Severity::Info),
        platform: envelope.platform.as_deref(),
        account: envelope.account.as_deref(),
        received_at: matter.verdict.received_at,
        due_at: matter.verdict.due_at,
        audience: to.audience(),
        urgent: true,
        why: AlertWhy::HandedOn,
    })
}

fn audit(
    person: &Person<'_>,
    matter: &Matter<'_>,
    decision: Decision,
    noted: bool,
    at: Timestamp,
) -> AuditEntry {
    let mut roles: Vec<&str> = person.roles.iter().map(|role| role.code()).collect();
    roles.sort_unstable();
    roles.dedup();
    let detail = json!({
        "decision": decision.kind().code(),
        "to": decision.to().map(EscalateTo::code),
        "revision": matter.envelope.revision,
        "review_version": matter.version,
        "outcome": matter.verdict.outcome,
        "roles": roles,
        "note": noted,
    });
    AuditEntry {
        at,
        actor: person.id.to_owned(),
        action: "decided".to_owned(),
        detail: detail.to_string(),
    }
}
