//! The one function: an item and what is known about it, to a verdict.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use schoolgate_model::{
    Audience, Budget, Category, CheckFailure, CheckLine, CheckName, CheckResult, CheckStatus,
    CommentClass, Coverage, Finding, Item, ItemKind, LinkFacts, MediaFacts, MediumVerdict, Outcome,
    PupilId, Reason, RuleId, Severity, Surface, Verb, Verdict, Versions,
};
use schoolgate_policy::{
    AppliesTo, Change, Input, OutboxEntry, ResponseWindow, Ruling, Subject, Subjects, decide,
    effects, response_window, urgent_alerts,
};
use schoolgate_scan::language::scan_classes;

use crate::{
    content::Surfaces,
    detectors::{Case, DETECTORS, Detector, run, text_detectors},
    snapshot::{Listed, Snapshot},
};

/// A verdict with everything that its effects need.
#[derive(Debug, Clone, PartialEq)]
pub struct Screening {
    /// The machine's answer.
    pub verdict: Verdict,
    /// The gravest thing found.
    pub severity: Severity,
    /// The response window, for a visible comment.
    pub window: Option<ResponseWindow>,
    /// Whether it is the school's own reply.
    pub own_reply: bool,
}

impl Screening {
    /// What this screening changes, ready for the store.
    pub fn change(&self, item: &Item, at: Timestamp) -> Change {
        effects(
            &item.envelope,
            &self.verdict,
            self.severity,
            self.window.clone(),
            self.own_reply,
            at,
        )
    }
}

/// Screens one item. Cannot fail: what goes wrong inside is part of the answer.
pub fn screen(
    item: &Item,
    media: &MediaFacts,
    links: &LinkFacts,
    snapshot: &Snapshot,
    now: Timestamp,
    budget: &Budget,
) -> Screening {
    screen_with(DETECTORS, item, media, links, snapshot, now, budget)
}

/// [`screen`] with the given checks; tests put a broken one in a real one's place.
pub fn screen_with(
    detectors: &[Detector],
    item: &Item,
    media: &MediaFacts,
    links: &LinkFacts,
    snapshot: &Snapshot,
    now: Timestamp,
    budget: &Budget,
) -> Screening {
    let evidence = gather(detectors, item, media, links, snapshot, budget);
    let own_reply = own_reply(item, snapshot);
    let ruling = rule(item, &evidence, snapshot, own_reply);
    let window = window(item, &ruling, snapshot, own_reply, now);
    let verdict = verdict(
        item,
        media,
        snapshot.versions.clone(),
        &evidence.coverage,
        &ruling,
        window.as_ref(),
    );
    Screening {
        verdict,
        severity: ruling.severity,
        window,
        own_reply,
    }
}

/// The urgent alerts that the words alone justify, with the same keys that the whole screening gives them,
/// so that they can be recorded before any picture is touched.
pub fn urgent_text_alerts(
    item: &Item,
    snapshot: &Snapshot,
    now: Timestamp,
    budget: &Budget,
) -> Vec<OutboxEntry> {
    if item.content.media.is_empty() {
        return Vec::new();
    }
    let evidence = gather(
        &text_detectors(),
        item,
        &MediaFacts::default(),
        &LinkFacts::default(),
        snapshot,
        budget,
    );
    let own_reply = own_reply(item, snapshot);
    let ruling = rule(item, &evidence, snapshot, own_reply);
    let window = window(item, &ruling, snapshot, own_reply, now);
    urgent_alerts(&item.envelope, &ruling, window.map(|window| window.due_at))
}

struct Evidence {
    findings: Vec<Finding>,
    coverage: Coverage,
    cues: Vec<CommentClass>,
}

fn gather(
    detectors: &[Detector],
    item: &Item,
    media: &MediaFacts,
    links: &LinkFacts,
    snapshot: &Snapshot,
    budget: &Budget,
) -> Evidence {
    let surfaces = catch_unwind(AssertUnwindSafe(|| Surfaces::of(item, media)));
    let Ok(surfaces) = surfaces else {
        let failed = |detector: &Detector| CheckResult {
            name: detector.name,
            status: CheckStatus::Failed(CheckFailure::Panicked),
        };
        let coverage = Coverage {
            checks: detectors.iter().map(failed).collect(),
        };
        return Evidence {
            findings: Vec::new(),
            coverage,
            cues: Vec::new(),
        };
    };
    let case = Case {
        item,
        surfaces: &surfaces,
        media,
        links,
        snapshot,
    };
    let mut evidence = Evidence {
        findings: Vec::new(),
        coverage: Coverage::default(),
        cues: Vec::new(),
    };
    for detector in detectors {
        let (result, findings) = run(detector, &case, budget);
        evidence.coverage.checks.push(result);
        evidence.findings.extend(findings);
    }
    if item.envelope.kind == ItemKind::Comment {
        match cues(&case, budget) {
            Ok(cues) => evidence.cues = cues,
            Err(failure) => fail_language(&mut evidence.coverage, failure),
        }
    }
    evidence
}

/// What the wording says the comment is. A fault here is a fault of the language check.
fn cues(case: &Case<'_>, budget: &Budget) -> Result<Vec<CommentClass>, CheckFailure> {
    let Listed::Loaded(lexicon) = &case.snapshot.lexicon else {
        return Ok(Vec::new());
    };
    let Some(text) = case
        .surfaces
        .texts
        .iter()
        .find(|text| text.surface() == Surface::Text)
    else {
        return Ok(Vec::new());
    };
    catch_unwind(AssertUnwindSafe(|| {
        scan_classes(text, lexicon, &budget.meter())
    }))
    .unwrap_or(Err(CheckFailure::Panicked))
}

fn fail_language(coverage: &mut Coverage, failure: CheckFailure) {
    if let Some(check) = coverage
        .checks
        .iter_mut()
        .find(|check| check.name == CheckName::Language)
        && check.status == CheckStatus::Ok
    {
        check.status = CheckStatus::Failed(failure);
    }
}

fn rule(item: &Item, evidence: &Evidence, snapshot: &Snapshot, own_reply: bool) -> Ruling {
    decide(&Input {
        envelope: &item.envelope,
        has_picture: !item.content.media.is_empty(),
        own_reply,
        findings: &evidence.findings,
        cues: &evidence.cues,
        coverage: &evidence.coverage,
        subjects: &subjects(item, &evidence.findings, snapshot),
        settings: &snapshot.settings,
    })
}

/// Consent and do-not-publish of every pupil named or declared, for this item's channel.
fn subjects(item: &Item, findings: &[Finding], snapshot: &Snapshot) -> Subjects {
    let named = findings.iter().flat_map(|finding| finding.pupil_ids.iter());
    let declared = item
        .content
        .media
        .iter()
        .flat_map(|medium| medium.pupils.iter().flatten());
    let pupils: BTreeMap<PupilId, Subject> = named
        .chain(declared)
        .filter_map(|id| {
            let record = snapshot.pupils.get(id)?;
            let subject = Subject {
                do_not_publish: record.do_not_publish,
                name: record.consents.for_name(),
                name_with_picture: record.consents.for_name_with_picture(),
                picture: record
                    .consents
                    .for_picture(item.envelope.platform.as_deref()),
            };
            Some((id.clone(), subject))
        })
        .collect();
    Subjects { pupils }
}

fn own_reply(item: &Item, snapshot: &Snapshot) -> bool {
    item.envelope.kind == ItemKind::Comment
        && snapshot.is_own_account(
            item.envelope.platform.as_deref(),
            item.envelope
                .author
                .id
                .as_ref()
                .map(|id| id.expose().as_str()),
        )
}

fn window(
    item: &Item,
    ruling: &Ruling,
    snapshot: &Snapshot,
    own_reply: bool,
    now: Timestamp,
) -> Option<ResponseWindow> {
    let envelope = &item.envelope;
    if envelope.kind != ItemKind::Comment || own_reply || envelope.verb == Verb::Remove {
        return None;
    }
    let needs_response = ruling.needs_response.unwrap_or(true);
    if snapshot.window.applies_to == AppliesTo::NeedsResponse && !needs_response {
        return None;
    }
    let received = envelope.created_at.min(now);
    Some(response_window(
        received,
        needs_response,
        &snapshot.window,
        &snapshot.calendar,
    ))
}

fn verdict(
    item: &Item,
    media: &MediaFacts,
    versions: Versions,
    coverage: &Coverage,
    ruling: &Ruling,
    window: Option<&ResponseWindow>,
) -> Verdict {
    let comment = item.envelope.kind == ItemKind::Comment;
    Verdict {
        id: item.envelope.id.clone(),
        kind: item.envelope.kind,
        revision: item.envelope.revision,
        school: item.envelope.school.clone(),
        outcome: ruling.outcome,
        reasons: ruling.reasons.clone(),
        findings: ruling.findings.clone(),
        classes: if comment {
            ruling.classes.clone()
        } else {
            Vec::new()
        },
        alert: ruling.alert.clone(),
        needs_response: if comment { ruling.needs_response } else { None },
        received_at: item.envelope.created_at,
        due_at: window.map(|window| window.due_at),
        actions: ruling.actions.clone(),
        media: item
            .content
            .media
            .iter()
            .take(Item::MAX_MEDIA)
            .map(|medium| medium_verdict(&medium.id, media))
            .collect(),
        checks: coverage.checks.iter().map(check_line).collect(),
        versions,
    }
}

fn medium_verdict(id: &schoolgate_model::MediaId, media: &MediaFacts) -> MediumVerdict {
    let read = media.of(id).and_then(|facts| facts.read.as_ref().ok());
    let clean = read.and_then(|read| read.clean.as_ref().ok());
    MediumVerdict {
        id: id.clone(),
        sha256: read.map(|read| read.sha256.clone()),
        clean_sha256: clean.map(|clean| clean.sha256.clone()),
        clean_path: clean.and_then(|clean| clean.path.clone()),
        removed: clean.map_or_else(Vec::new, |clean| {
            clean
                .removed
                .iter()
                .map(|kind| kind.code().to_owned())
                .collect()
        }),
    }
}

fn check_line(check: &CheckResult) -> CheckLine {
    let (status, detail) = match &check.status {
        CheckStatus::Ok => ("ok", None),
        CheckStatus::Failed(failure) => ("failed", Some(failure.describe())),
        CheckStatus::Skipped(reason) => ("skipped", Some(reason.clone())),
    };
    CheckLine {
        name: check.name,
        status: status.to_owned(),
        detail,
    }
}

/// The verdict on an item that could not be screened in two attempts, or whose school is not configured any more:
/// a hold that names every check. Needs no list, no policy and no picture, and so cannot fail for the same reason.
pub fn abandoned(item: &Item, snapshot: Option<&Snapshot>, now: Timestamp) -> Screening {
    const NOT_READ: &str =
        "This item could not be screened in two attempts, so a person must look at it";
    let failure = CheckFailure::Abandoned;
    let findings: Vec<Finding> = DETECTORS
        .iter()
        .map(|detector| {
            let message = format!(
                "{} did not run: {}",
                detector.name.plain(),
                failure.describe()
            );
            Finding::new(
                detector.name,
                RuleId::fixed("screening-incomplete"),
                Category::ScreeningIncomplete,
                Severity::High,
                1.0,
                message,
            )
            .with_kind(detector.name.code())
        })
        .collect();
    let failed = |detector: &Detector| CheckResult {
        name: detector.name,
        status: CheckStatus::Failed(failure.clone()),
    };
    let comment = item.envelope.kind == ItemKind::Comment;
    let ruling = Ruling {
        outcome: Outcome::Hold,
        reasons: vec![Reason {
            rule: RuleId::fixed("screening-incomplete"),
            clause: None,
            text: NOT_READ.to_owned(),
            fix: Some("Read the whole item yourself before you decide.".to_owned()),
            findings: (0..findings.len()).collect(),
        }],
        findings,
        classes: if comment {
            vec![CommentClass::Other]
        } else {
            Vec::new()
        },
        alert: vec![Audience::Slt],
        needs_response: comment.then_some(true),
        actions: Vec::new(),
        severity: Severity::High,
    };
    let coverage = Coverage {
        checks: DETECTORS.iter().map(failed).collect(),
    };
    let own_reply = snapshot.is_some_and(|snapshot| own_reply(item, snapshot));
    let window = snapshot.and_then(|snapshot| window(item, &ruling, snapshot, own_reply, now));
    let versions = snapshot.map_or_else(unknown_versions, |snapshot| snapshot.versions.clone());
    let verdict = verdict(
        item,
        &MediaFacts::default(),
        versions,
        &coverage,
        &ruling,
        window.as_ref(),
    );
    Screening {
        verdict,
        severity: ruling.severity,
        window,
        own_reply,
    }
}

fn unknown_versions() -> Versions {
    let unknown = || "unknown".to_owned();
    Versions {
        schoolgate: env!("CARGO_PKG_VERSION").to_owned(),
        policy: unknown(),
        wordlists: unknown(),
        register: unknown(),
        calendar: unknown(),
    }
}
