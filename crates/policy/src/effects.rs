//! A verdict to the change it makes: review state, outbox rows, audit line. Keys depend on the item and the effect
//! alone, so proposing the same effect twice is one effect. Writing and sending are the store's and dispatch's.

use jiff::Timestamp;
use schoolgate_model::{
    Audience, CommentClass, Envelope, Finding, ItemKind, Outcome, Severity, Verb, Verdict,
};
use serde_json::json;

use crate::{
    change::{AuditEntry, Change, OutboxEntry, OutboxKind, ReviewState},
    decide::{Ruling, facets},
    person,
    window::ResponseWindow,
    wording,
};

/// What one screening changes. `at` is when it was screened.
///
/// A draft, the school's own reply and a removed comment have no window, whatever is passed.
pub fn effects(
    envelope: &Envelope,
    verdict: &Verdict,
    severity: Severity,
    window: Option<ResponseWindow>,
    own_reply: bool,
    at: Timestamp,
) -> Change {
    let queued = envelope.kind == ItemKind::Comment && !own_reply && envelope.verb != Verb::Remove;
    let review = match verdict.outcome {
        Outcome::Escalate => ReviewState::Escalated,
        Outcome::Hold => ReviewState::Open,
        Outcome::Approve if queued => ReviewState::Open,
        Outcome::Approve => ReviewState::Closed,
    };
    let notice = Notice::of(About::from(envelope), verdict, severity);
    let mut outbox = vec![publication(envelope, verdict)];
    outbox.extend(notice.rows());
    Change {
        verdict: verdict.clone(),
        review,
        window: window.filter(|_| queued),
        outbox,
        audit: audit(verdict, at),
    }
}

/// The urgent alerts of a ruling over the text alone, for sending before the pictures are read. Their keys are those
/// of the full screening's rows, so nobody is alerted twice for the same class. Empty unless the ruling escalates.
pub fn urgent_alerts(
    envelope: &Envelope,
    ruling: &Ruling,
    due_at: Option<Timestamp>,
) -> Vec<OutboxEntry> {
    let notice = Notice {
        about: About::from(envelope),
        version: 1,
        outcome: ruling.outcome,
        findings: &ruling.findings,
        classes: &ruling.classes,
        alert: &ruling.alert,
        severity: ruling.severity,
        received_at: envelope.received_at(),
        due_at,
    };
    notice.rows().into_iter().filter(|row| row.urgent).collect()
}

/// The alerts of a verdict that became a hold although its screening did not make it one. Those of version 1 have the
/// keys of a screening's alerts; a later version is told anew, because somebody believed in the one before.
pub fn held_alerts(about: About<'_>, verdict: &Verdict, version: u32) -> Vec<OutboxEntry> {
    let severity = person::severity(verdict).unwrap_or(Severity::Info);
    let notice = Notice {
        version,
        ..Notice::of(about, verdict, severity)
    };
    notice.rows()
}

/// Which item an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// The school's slug.
    pub school: &'a str,
    /// Draft or comment.
    pub kind: ItemKind,
    /// The producer's id.
    pub id: &'a str,
    /// The revision.
    pub revision: u32,
    /// What happened.
    pub verb: Verb,
    /// The platform.
    pub platform: Option<&'a str>,
    /// The account.
    pub account: Option<&'a str>,
}

impl<'a> From<&'a Envelope> for About<'a> {
    fn from(envelope: &'a Envelope) -> Self {
        Self {
            school: envelope.school.as_str(),
            kind: envelope.kind,
            id: envelope.id.as_str(),
            revision: envelope.revision,
            verb: envelope.verb,
            platform: envelope.platform.as_deref(),
            account: envelope.account.as_deref(),
        }
    }
}

/// What the alert rows are made of. Screening more can only add classes and audiences, never take one away.
struct Notice<'a> {
    about: About<'a>,
    version: u32,
    outcome: Outcome,
    findings: &'a [Finding],
    classes: &'a [CommentClass],
    alert: &'a [Audience],
    severity: Severity,
    received_at: Timestamp,
    due_at: Option<Timestamp>,
}

impl<'a> Notice<'a> {
    fn of(about: About<'a>, verdict: &'a Verdict, severity: Severity) -> Self {
        Self {
            about,
            version: 1,
            outcome: verdict.outcome,
            findings: &verdict.findings,
            classes: &verdict.classes,
            alert: &verdict.alert,
            severity,
            received_at: verdict.received_at,
            due_at: verdict.due_at,
        }
    }

    fn rows(&self) -> Vec<OutboxEntry> {
        let pairs = self.pairs();
        let escalates = self.outcome == Outcome::Escalate;
        let any_leads = pairs.iter().any(|(_, to)| leads(*to));
        pairs
            .into_iter()
            .map(|(class, to)| self.row(class, to, escalates && (!any_leads || leads(to))))
            .collect()
    }

    /// Each audience with each class that concerns it. Where none does, the head and the safeguarding lead are told
    /// what the findings are by themselves, or the gravest class; everybody else learns of no class that is not theirs.
    fn pairs(&self) -> Vec<(CommentClass, Audience)> {
        let by_findings = classes_of(self.findings);
        let classes = match self.about.kind {
            ItemKind::Comment => self.classes.to_vec(),
            ItemKind::Draft => by_findings.clone(),
        };
        let gravest = gravest(&classes);
        let mut pairs = Vec::new();
        for audience in self.alert {
            let before = pairs.len();
            let concerning = classes
                .iter()
                .filter(|class| concerns(**class).contains(audience));
            pairs.extend(concerning.map(|class| (*class, *audience)));
            if pairs.len() == before {
                let sees_all = matches!(audience, Audience::Dsl | Audience::Head);
                let theirs = by_findings
                    .iter()
                    .copied()
                    .find(|class| concerns(*class).contains(audience));
                let class = theirs.or(gravest).filter(|_| sees_all);
                pairs.push((class.unwrap_or(CommentClass::Other), *audience));
            }
        }
        pairs
    }

    fn row(&self, class: CommentClass, audience: Audience, urgent: bool) -> OutboxEntry {
        let about = self.about;
        let occasion = occasion_of(about.revision, about.verb);
        let version = format!("v{}", self.version);
        let mut parts = vec![about.school, about.kind.code(), about.id, &occasion];
        parts.extend([class.code(), audience.code()]);
        if self.version > 1 {
            parts.push(&version);
        }
        alert_row(AlertRow {
            key: key("alert", &parts),
            school: about.school,
            kind: about.kind,
            id: about.id,
            revision: about.revision,
            class,
            severity: self.severity,
            platform: about.platform,
            account: about.account,
            received_at: self.received_at,
            due_at: self.due_at,
            audience,
            urgent,
            why: AlertWhy::Screened,
        })
    }
}

/// Why somebody is alerted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AlertWhy {
    /// The screening found something.
    Screened,
    /// A person handed the item on.
    HandedOn,
    /// Most of the response window is over.
    WindowRed,
    /// The response window is over.
    WindowBreach,
}

impl AlertWhy {
    const fn code(self) -> &'static str {
        match self {
            Self::Screened => "screened",
            Self::HandedOn => "handed_on",
            Self::WindowRed => "window_red",
            Self::WindowBreach => "window_breach",
        }
    }
}

/// What an alert says: a pointer, no name, no words, no picture.
pub(crate) struct AlertRow<'a> {
    pub(crate) key: String,
    pub(crate) school: &'a str,
    pub(crate) kind: ItemKind,
    pub(crate) id: &'a str,
    pub(crate) revision: u32,
    pub(crate) class: CommentClass,
    pub(crate) severity: Severity,
    pub(crate) platform: Option<&'a str>,
    pub(crate) account: Option<&'a str>,
    pub(crate) received_at: Timestamp,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) audience: Audience,
    pub(crate) urgent: bool,
    pub(crate) why: AlertWhy,
}

/// The outbox row of an alert, whoever asks for it.
pub(crate) fn alert_row(row: AlertRow<'_>) -> OutboxEntry {
    let body = json!({
        "schema": "schoolgate.alert.v1",
        "why": row.why.code(),
        "item": row.id,
        "kind": row.kind,
        "revision": row.revision,
        "school": row.school,
        "class": row.class,
        "severity": row.severity,
        "platform": row.platform,
        "account": row.account,
        "received_at": row.received_at,
        "due_at": row.due_at,
    });
    OutboxEntry {
        key: row.key,
        kind: OutboxKind::Alert,
        routing_key: format!("alert.{}.{}", row.audience.code(), row.school),
        audience: Some(row.audience),
        urgent: row.urgent,
        body: body.to_string(),
    }
}

/// Who is called at any hour when something escalates.
const fn leads(audience: Audience) -> bool {
    matches!(
        audience,
        Audience::Dsl | Audience::Head | Audience::Slt | Audience::LineManager
    )
}

/// The gravest of several classes.
pub(crate) fn gravest(classes: &[CommentClass]) -> Option<CommentClass> {
    classes.iter().copied().min_by_key(|class| gravity(*class))
}

const fn gravity(class: CommentClass) -> u8 {
    match class {
        CommentClass::Safeguarding => 0,
        CommentClass::Allegation => 1,
        CommentClass::Abuse => 2,
        CommentClass::Journalist => 3,
        CommentClass::DataRights => 4,
        CommentClass::Complaint => 5,
        CommentClass::Spam => 6,
        CommentClass::Query => 7,
        CommentClass::Praise => 8,
        CommentClass::Other => 9,
    }
}

/// Who is concerned by a class (DOMAIN Appendix D).
pub(crate) const fn concerns(class: CommentClass) -> &'static [Audience] {
    match class {
        CommentClass::Safeguarding => &[Audience::Dsl],
        CommentClass::Allegation => &[Audience::Head],
        CommentClass::Abuse => &[Audience::Slt, Audience::LineManager],
        CommentClass::Journalist => &[Audience::Press],
        CommentClass::DataRights => &[Audience::Dpo],
        CommentClass::Complaint | CommentClass::Spam => &[Audience::Moderator],
        CommentClass::Query | CommentClass::Praise => &[],
        CommentClass::Other => &[Audience::Author],
    }
}

/// What findings are by themselves, whoever wrote them: the classes of a draft, which has none of its own.
fn classes_of(findings: &[Finding]) -> Vec<CommentClass> {
    let suggested = facets::suggested(findings);
    let mut classes: Vec<CommentClass> = findings
        .iter()
        .flat_map(|finding| {
            let stated = facets::stated(finding);
            let targets = if stated.is_empty() {
                &suggested
            } else {
                &stated
            };
            facets::implied_classes(finding, targets)
        })
        .collect();
    classes.push(CommentClass::Other);
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// The verdict for the broker: no words found, no pupil.
fn publication(envelope: &Envelope, verdict: &Verdict) -> OutboxEntry {
    let kind = verdict.kind.code();
    OutboxEntry {
        key: key(
            "verdict",
            &[
                verdict.school.as_str(),
                kind,
                verdict.id.as_str(),
                &occasion(envelope),
            ],
        ),
        kind: OutboxKind::Publish,
        routing_key: format!(
            "verdict.{kind}.{}.{}",
            verdict.outcome.code(),
            verdict.school
        ),
        audience: None,
        urgent: verdict.outcome == Outcome::Escalate,
        body: published_body(verdict, 1),
    }
}

/// The verdict as it is published: without words, and with the version that tells whoever listens which of two verdicts
/// on the same revision counts.
pub fn published_body(verdict: &Verdict, version: u32) -> String {
    let mut body = json!(without_words(verdict));
    body["version"] = json!(version);
    body.to_string()
}

/// The verdict as it may leave the house (contract, section 3): findings carry neither words nor pupils, and their
/// messages say only what kind of thing it is.
pub fn without_words(verdict: &Verdict) -> Verdict {
    let kind = verdict.kind;
    let findings = verdict.findings.iter().map(|finding| Finding {
        text: None,
        pupil_id: None,
        pupil_ids: Vec::new(),
        message: wording::message(
            kind,
            finding.rule.as_str(),
            finding.category,
            finding.kind.as_deref(),
        ),
        ..finding.clone()
    });
    let mut bare = Verdict {
        findings: findings.collect(),
        ..verdict.clone()
    };
    for medium in &mut bare.media {
        medium.known.clear();
    }
    bare
}

fn audit(verdict: &Verdict, at: Timestamp) -> AuditEntry {
    let mut rules: Vec<&str> = verdict
        .reasons
        .iter()
        .map(|reason| reason.rule.as_str())
        .collect();
    rules.sort_unstable();
    rules.dedup();
    let detail = json!({
        "outcome": verdict.outcome,
        "rules": rules,
        "versions": *verdict.versions,
    });
    AuditEntry {
        at,
        actor: "machine".to_owned(),
        action: "screened".to_owned(),
        detail: detail.to_string(),
    }
}

/// The revision, with what happened where that is not its writing: two verbs of one revision are two effects.
pub(crate) fn occasion(envelope: &Envelope) -> String {
    occasion_of(envelope.revision, envelope.verb)
}

pub(crate) fn occasion_of(revision: u32, verb: Verb) -> String {
    match verb {
        Verb::Add => revision.to_string(),
        verb => format!("{revision}.{}", verb.code()),
    }
}

/// An idempotency key: parts joined by `/`, with `/` and `%` inside a part percent-encoded, so that two effects never
/// share one.
pub(crate) fn key(first: &str, parts: &[&str]) -> String {
    let mut key = first.to_owned();
    for part in parts {
        key.push('/');
        key.push_str(&part.replace('%', "%25").replace('/', "%2F"));
    }
    key
}

#[cfg(test)]
mod tests;
