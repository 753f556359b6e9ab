//! The verdict on an item that nobody could screen: never an approval, and nothing in it depends on what went wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use schoolgate_model::{
    Audience, Category, CheckFailure, CheckResult, CheckStatus, CommentClass, Coverage, Finding,
    Item, ItemKind, MediaFacts, Outcome, Reason, RuleId, Severity, Versions,
};
use schoolgate_policy::Ruling;

use crate::{
    detectors::{DETECTORS, Detector, asked},
    screen::{Screening, own_reply, verdict, window},
    snapshot::Snapshot,
};

const RULE: RuleId = RuleId::fixed("screening-incomplete");

/// The verdict on an item that could not be screened, for the reason given: a hold that names every check. A comment
/// that nobody read can be a disclosure, so the safeguarding lead is told of it too. Where `urgent` names audiences
/// that were alerted before the screening broke down, it stays an escalation, told to them and to `slt`.
///
/// Needs no list, no policy and no picture; where the snapshot itself is what fails, it does without.
pub fn abandoned(
    item: &Item,
    snapshot: Option<&Snapshot>,
    failure: CheckFailure,
    urgent: &[Audience],
    now: Timestamp,
) -> Screening {
    let settings = snapshot.map(|snapshot| snapshot.pictures.clone());
    let settings = settings.unwrap_or_default();
    let nothing = MediaFacts::default();
    let detectors: Vec<&Detector> = asked(DETECTORS, &settings, &nothing).collect();
    let ruling = ruling(item, &detectors, &failure, urgent);
    let settled = snapshot.and_then(|snapshot| {
        catch_unwind(AssertUnwindSafe(|| {
            let own_reply = own_reply(item, snapshot);
            (own_reply, window(item, &ruling, snapshot, own_reply, now))
        }))
        .ok()
    });
    let (own_reply, window) = settled.unwrap_or((false, None));
    let coverage = Coverage {
        checks: detectors
            .iter()
            .map(|detector| CheckResult {
                name: detector.name,
                status: CheckStatus::Failed(failure.clone()),
                limit: None,
            })
            .collect(),
    };
    let versions =
        snapshot.map_or_else(unknown_versions, |snapshot| Arc::clone(&snapshot.versions));
    let severity = ruling.severity;
    let mut verdict = verdict(item, &nothing, versions, coverage, ruling, window.as_ref());
    for line in &mut verdict.checks {
        line.detail = Some(detail(&failure).into());
    }
    Screening {
        verdict,
        severity,
        window,
        own_reply,
    }
}

fn ruling(
    item: &Item,
    detectors: &[&Detector],
    failure: &CheckFailure,
    urgent: &[Audience],
) -> Ruling {
    let comment = item.envelope.kind == ItemKind::Comment;
    let findings: Vec<Finding> = detectors
        .iter()
        .map(|detector| not_run(detector, failure))
        .collect();
    let (outcome, severity) = if urgent.is_empty() {
        (Outcome::Hold, Severity::High)
    } else {
        (Outcome::Escalate, Severity::Critical)
    };
    Ruling {
        outcome,
        reasons: vec![Reason {
            rule: RULE,
            clause: None,
            text: reason(failure),
            fix: Some("Read the whole item yourself before you decide.".to_owned()),
            findings: (0..findings.len()).collect(),
        }],
        findings,
        classes: if comment {
            vec![CommentClass::Other]
        } else {
            Vec::new()
        },
        alert: told(comment, urgent),
        needs_response: comment.then_some(true),
        actions: Vec::new(),
        severity,
    }
}

fn told(comment: bool, urgent: &[Audience]) -> Vec<Audience> {
    let first: &[Audience] = match (urgent, comment) {
        ([], true) => &[Audience::Dsl],
        (urgent, _) => urgent,
    };
    let mut told = Vec::new();
    for audience in first.iter().copied().chain([Audience::Slt]) {
        if !told.contains(&audience) {
            told.push(audience);
        }
    }
    told
}

fn not_run(detector: &Detector, failure: &CheckFailure) -> Finding {
    let message = format!("{} did not run: {}", detector.name.plain(), detail(failure));
    Finding::new(
        detector.name,
        RULE,
        Category::ScreeningIncomplete,
        Severity::High,
        1.0,
        message,
    )
    .with_kind(detector.name.code())
}

/// What went wrong, in words that are true of every check: here none of them reported it itself.
fn detail(failure: &CheckFailure) -> String {
    match failure {
        CheckFailure::Error(what) => what.clone(),
        CheckFailure::Panicked => "the screening of the item stopped unexpectedly".to_owned(),
        other => other.describe(),
    }
}

fn reason(failure: &CheckFailure) -> String {
    match failure {
        CheckFailure::Abandoned => {
            "This item could not be screened in two attempts, so a person must look at it"
                .to_owned()
        }
        CheckFailure::Panicked => {
            "The screening of this item stopped unexpectedly, so a person must look at it"
                .to_owned()
        }
        other => format!(
            "This item was not screened ({}), so a person must look at it",
            detail(other)
        ),
    }
}

fn unknown_versions() -> Arc<Versions> {
    let unknown = || "unknown".to_owned();
    Arc::new(Versions {
        schoolgate: env!("CARGO_PKG_VERSION").to_owned(),
        policy: unknown(),
        wordlists: unknown(),
        register: unknown(),
        calendar: unknown(),
    })
}
