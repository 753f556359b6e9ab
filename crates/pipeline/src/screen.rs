//! The one function: an item and what is known about it, to a verdict.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use schoolgate_model::{
    Budget, CheckFailure, CheckLine, CheckName, CheckResult, CheckStatus, ConsentQuestion,
    Coverage, Finding, Item, ItemKind, LinkFacts, MediaFacts, MediumVerdict, PupilId, Severity,
    Surface, Verb, Verdict, Versions,
};
use schoolgate_policy::{
    AppliesTo, Change, Input, OutboxEntry, ResponseWindow, Ruling, Subject, Subjects, decide,
    effects, forbids_pictures, response_window, urgent_alerts,
};
use schoolgate_scan::language::{CommentCues, scan_classes};

use crate::{
    abandoned::abandoned,
    content::Surfaces,
    days::{is_moving, question},
    detectors::{Case, DETECTORS, Detector, asked, run, text_detectors},
    reading::weigh,
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

/// The addresses of a draft that have to be followed before it is screened, where the school wants that. The public's
/// links are never followed: strangers would choose what this service asks for.
pub fn links_to_follow(item: &Item, snapshot: &Snapshot, budget: &Budget) -> Vec<String> {
    if item.envelope.kind != ItemKind::Draft || !snapshot.links.follows() {
        return Vec::new();
    }
    // What fails here fails in the check too, which then has no facts and says so.
    catch_unwind(AssertUnwindSafe(|| {
        let surfaces = Surfaces::of(item, &MediaFacts::default());
        schoolgate_scan::links_to_follow(&surfaces.texts, &snapshot.links, &budget.meter())
    }))
    .map(Result::unwrap_or_default)
    .unwrap_or_default()
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
    guarded(item, snapshot, now, || {
        let evidence = gather(detectors, item, media, links, snapshot, now, budget);
        let own_reply = own_reply(item, snapshot);
        let (ruling, coverage) = rule(item, media, evidence, snapshot, own_reply, now);
        let window = window(item, &ruling, snapshot, own_reply, now);
        let severity = ruling.severity;
        let verdict = verdict(
            item,
            media,
            Arc::clone(&snapshot.versions),
            coverage,
            ruling,
            window.as_ref(),
        );
        Screening {
            verdict,
            severity,
            window,
            own_reply,
        }
    })
}

/// Whatever panics between the checks and the verdict, there is an answer: nothing was screened.
fn guarded(
    item: &Item,
    snapshot: &Snapshot,
    now: Timestamp,
    screen: impl FnOnce() -> Screening,
) -> Screening {
    catch_unwind(AssertUnwindSafe(screen)).unwrap_or_else(|_| {
        let failure = CheckFailure::Panicked;
        abandoned(item, Some(snapshot), failure, &[], now)
    })
}

/// What the words alone say before any picture is touched or link followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordsFirst {
    /// The urgent alerts that the words justify, with the same keys that the whole screening gives them.
    pub urgent: Vec<OutboxEntry>,
    /// Whether the item's pictures may not be fetched, opened or kept.
    pub forbids_pictures: bool,
}

/// Screens the words alone, so that urgent alerts can be recorded first and forbidden pictures stay closed. An item that
/// has neither pictures nor links to follow needs none of it.
pub fn words_first(
    item: &Item,
    snapshot: &Snapshot,
    now: Timestamp,
    budget: &Budget,
) -> WordsFirst {
    let waits_for_links = item.envelope.kind == ItemKind::Draft && snapshot.links.follows();
    if item.content.media.is_empty() && !waits_for_links {
        return WordsFirst::default();
    }
    // A panic here is left to the screening itself, which meets it next and answers for it; no picture is opened then.
    catch_unwind(AssertUnwindSafe(|| {
        let evidence = gather(
            &text_detectors(),
            item,
            &MediaFacts::default(),
            &LinkFacts::default(),
            snapshot,
            now,
            budget,
        );
        let own_reply = own_reply(item, snapshot);
        let (ruling, _) = rule(
            item,
            &MediaFacts::default(),
            evidence,
            snapshot,
            own_reply,
            now,
        );
        let window = window(item, &ruling, snapshot, own_reply, now);
        WordsFirst {
            urgent: urgent_alerts(&item.envelope, &ruling, window.map(|window| window.due_at)),
            forbids_pictures: forbids_pictures(&ruling.findings, ruling.outcome),
        }
    }))
    .unwrap_or_else(|_| WordsFirst {
        forbids_pictures: true,
        ..WordsFirst::default()
    })
}

/// The urgent alerts that the words alone justify.
pub fn urgent_text_alerts(
    item: &Item,
    snapshot: &Snapshot,
    now: Timestamp,
    budget: &Budget,
) -> Vec<OutboxEntry> {
    words_first(item, snapshot, now, budget).urgent
}

struct Evidence {
    findings: Vec<Finding>,
    coverage: Coverage,
    cues: CommentCues,
}

fn gather(
    detectors: &[Detector],
    item: &Item,
    media: &MediaFacts,
    links: &LinkFacts,
    snapshot: &Snapshot,
    now: Timestamp,
    budget: &Budget,
) -> Evidence {
    let detectors = || asked(detectors, &snapshot.pictures, media);
    let surfaces = catch_unwind(AssertUnwindSafe(|| Surfaces::of(item, media)));
    let Ok(surfaces) = surfaces else {
        let failed = |detector: &Detector| CheckResult {
            name: detector.name,
            status: CheckStatus::Failed(CheckFailure::Panicked),
            limit: None,
        };
        let coverage = Coverage {
            checks: detectors().map(failed).collect(),
        };
        return Evidence {
            findings: Vec::new(),
            coverage,
            cues: CommentCues::default(),
        };
    };
    let mut evidence = Evidence {
        findings: Vec::new(),
        coverage: Coverage {
            checks: Vec::with_capacity(DETECTORS.len()),
        },
        cues: CommentCues::default(),
    };
    fn about<'a>(case: &Case<'a>, earlier: &'a [Finding]) -> Case<'a> {
        Case { earlier, ..*case }
    }
    let case = Case {
        item,
        surfaces: &surfaces,
        media,
        links,
        snapshot,
        now,
        earlier: &[],
    };
    for detector in detectors() {
        let (result, mut findings) = run(detector, &about(&case, &evidence.findings), budget);
        weigh(&mut findings, &surfaces.texts);
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
fn cues(case: &Case<'_>, budget: &Budget) -> Result<CommentCues, CheckFailure> {
    let Listed::Loaded(lexicon) = &case.snapshot.lexicon else {
        return Ok(CommentCues::default());
    };
    let Some(text) = case
        .surfaces
        .texts
        .iter()
        .find(|text| text.surface() == Surface::Text)
    else {
        return Ok(CommentCues::default());
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

fn rule(
    item: &Item,
    media: &MediaFacts,
    evidence: Evidence,
    snapshot: &Snapshot,
    own_reply: bool,
    now: Timestamp,
) -> (Ruling, Coverage) {
    let input = Input {
        envelope: &item.envelope,
        has_picture: !item.content.media.is_empty(),
        own_reply,
        cues: &evidence.cues.classes,
        asks: evidence.cues.asks,
        coverage: &evidence.coverage,
        subjects: &subjects(item, media, &evidence.findings, snapshot, now),
        settings: &snapshot.settings,
    };
    let ruling = decide(&input, evidence.findings);
    (ruling, evidence.coverage)
}

/// Consent and do-not-publish of every pupil named or declared, for this item's channel and days.
fn subjects(
    item: &Item,
    media: &MediaFacts,
    findings: &[Finding],
    snapshot: &Snapshot,
    now: Timestamp,
) -> Subjects {
    let shown = || item.content.media.iter().take(Item::MAX_MEDIA);
    let named = findings.iter().flat_map(|finding| finding.pupil_ids.iter());
    let declared = shown().flat_map(|medium| medium.pupils.iter().flatten());
    let ids: BTreeSet<&PupilId> = named.chain(declared).collect();
    if ids.is_empty() {
        return Subjects::default();
    }
    let asked = question(item, false, now);
    let film = ConsentQuestion {
        moving: true,
        ..asked
    };
    let moving = shown().any(|medium| is_moving(medium, media));
    let still = !moving || shown().any(|medium| !is_moving(medium, media));
    let pupils: BTreeMap<PupilId, Subject> = ids
        .into_iter()
        .filter_map(|id| {
            let record = snapshot.pupils.get(id)?;
            let consents = &record.consents;
            let picture = match (still, moving) {
                (_, false) => consents.to_picture(&asked),
                (false, true) => consents.to_picture(&film),
                (true, true) => consents.to_picture(&asked).and(consents.to_picture(&film)),
            };
            let subject = Subject {
                do_not_publish: record.do_not_publish,
                name: consents.to_name(&asked),
                name_with_picture: consents.to_name_with_picture(&asked),
                given_name_with_picture: consents.to_given_name_with_picture(&asked),
                picture,
            };
            Some((id.clone(), subject))
        })
        .collect();
    Subjects { pupils }
}

pub(crate) fn own_reply(item: &Item, snapshot: &Snapshot) -> bool {
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

pub(crate) fn window(
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
    let received = envelope.received_at().min(now);
    Some(response_window(
        received,
        needs_response,
        &snapshot.window,
        &snapshot.calendar,
    ))
}

pub(crate) fn verdict(
    item: &Item,
    media: &MediaFacts,
    versions: Arc<Versions>,
    coverage: Coverage,
    ruling: Ruling,
    window: Option<&ResponseWindow>,
) -> Verdict {
    let comment = item.envelope.kind == ItemKind::Comment;
    Verdict {
        id: item.envelope.id.clone(),
        kind: item.envelope.kind,
        revision: item.envelope.revision,
        school: item.envelope.school.clone(),
        outcome: ruling.outcome,
        reasons: ruling.reasons,
        findings: ruling.findings,
        classes: if comment { ruling.classes } else { Vec::new() },
        alert: ruling.alert,
        needs_response: if comment { ruling.needs_response } else { None },
        received_at: item.envelope.received_at(),
        due_at: window.map(|window| window.due_at),
        actions: ruling.actions,
        media: item
            .content
            .media
            .iter()
            .take(Item::MAX_MEDIA)
            .map(|medium| medium_verdict(&medium.id, media))
            .collect(),
        checks: coverage.checks.into_iter().map(check_line).collect(),
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
        re_encoded: clean.is_some_and(|clean| clean.re_encoded),
        clean_format: read.zip(clean).and_then(|(read, clean)| {
            let other = !clean.format.is_empty() && clean.format != read.format;
            other.then(|| clean.format.clone())
        }),
        known: match read.and_then(|read| read.looks.known.as_ref()) {
            Some(Ok(known)) => known.clone(),
            _ => Vec::new(),
        },
    }
}

fn check_line(check: CheckResult) -> CheckLine {
    let (status, detail) = match check.status {
        CheckStatus::Ok => ("ok", check.limit.map(Cow::Owned)),
        CheckStatus::Failed(failure) => ("failed", Some(Cow::Owned(failure.describe()))),
        CheckStatus::Skipped(reason) => ("skipped", Some(Cow::Borrowed(reason))),
    };
    CheckLine {
        name: check.name,
        status: status.into(),
        detail,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use schoolgate_model::{Outcome, PictureSettings, SchoolId, wire::parse_submission};
    use schoolgate_policy::{Calendar, KnownRules, Settings, WindowSettings};

    use super::*;
    use crate::snapshot::Contacts;

    fn now() -> Timestamp {
        "2026-11-20T09:00:00Z".parse().unwrap()
    }

    fn snapshot() -> Snapshot {
        Snapshot {
            school: SchoolId::from("s"),
            name: "School".to_owned(),
            accounts: Vec::new(),
            roster: Listed::Missing("pupil register".to_owned()),
            pupils: Arc::default(),
            staff: Arc::default(),
            pictures: PictureSettings::default(),
            has_do_not_publish_list: false,
            lexicon: Listed::Missing("wordlists".to_owned()),
            own: schoolgate_scan::OwnDetails::new(&[], &[], &[], &[]),
            links: schoolgate_scan::LinkSettings::default(),
            settings: Settings::built_in(&KnownRules::new([])).unwrap(),
            calendar: Arc::new(Calendar::built_in().unwrap()),
            window: WindowSettings::default(),
            contacts: Contacts::default(),
            versions: Arc::new(Versions {
                schoolgate: "1".to_owned(),
                policy: "p".to_owned(),
                wordlists: "w".to_owned(),
                register: "r".to_owned(),
                calendar: "c".to_owned(),
            }),
        }
    }

    fn comment() -> Item {
        parse_submission(br#"{"id":"c","kind":"comment","text":"Hi"}"#)
            .unwrap()
            .into_item(SchoolId::from("s"), 1, now())
    }

    #[test]
    fn a_panic_outside_the_checks_is_answered_with_a_hold_that_names_every_check() {
        let screening = guarded(&comment(), &snapshot(), now(), || panic!("no"));
        let verdict = &screening.verdict;
        assert_eq!(verdict.outcome, Outcome::Hold);
        let settings = PictureSettings::default();
        let asked = asked(DETECTORS, &settings, &MediaFacts::default()).count();
        assert_eq!(verdict.checks.len(), asked);
        for line in &verdict.checks {
            let detail = line.detail.as_deref();
            assert_eq!(line.status, "failed");
            assert_eq!(
                detail,
                Some("the screening of the item stopped unexpectedly")
            );
        }
        assert_eq!(verdict.versions.policy, "p", "the versions are still told");
        assert!(verdict.due_at.is_some(), "the window runs all the same");
    }

    #[test]
    fn an_edited_comment_keeps_the_clock_of_its_first_revision() {
        let first: Timestamp = "2026-11-18T10:00:00Z".parse().unwrap();
        let mut item = comment();
        item.envelope.clock_started_at = Some(first);
        let screening = screen(
            &item,
            &MediaFacts::default(),
            &LinkFacts::default(),
            &snapshot(),
            now(),
            &Budget::default(),
        );
        let due: Timestamp = "2026-11-19T10:00:00Z".parse().unwrap();
        assert_eq!(screening.verdict.received_at, first);
        assert_eq!(screening.verdict.due_at, Some(due));
        assert_eq!(
            screening.window.map(|window| window.received_at),
            Some(first)
        );
    }
}
