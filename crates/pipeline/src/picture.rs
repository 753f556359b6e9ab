//! The checks that read facts about pictures: what the file says, whether a clean copy exists, who is in it.

use std::collections::BTreeMap;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Consent, Finding, Item, ItemKind, MediaRef, MediumFault,
    MetadataKind, PupilRefs, ReadMedium, RuleId, Severity, Surface,
};

use crate::{detectors::Case, found::Found, snapshot::Listed};

/// The facts of each picture; one that the facts do not mention counts as not read.
fn pictures<'a>(
    case: &'a Case<'_>,
) -> impl Iterator<Item = (&'a MediaRef, Result<&'a ReadMedium, MediumFault>)> {
    case.item
        .content
        .media
        .iter()
        .take(Item::MAX_MEDIA)
        .map(|medium| {
            let read = match case.media.of(&medium.id) {
                Some(facts) => facts.read.as_ref().map_err(Clone::clone),
                None => Err(MediumFault::ChildFailed(
                    "no answer about this picture".to_owned(),
                )),
            };
            (medium, read)
        })
}

fn failure(fault: &MediumFault) -> CheckFailure {
    match fault {
        MediumFault::ChildKilled | MediumFault::ChildTimedOut => {
            CheckFailure::ChildKilled(fault.describe())
        }
        MediumFault::TooLarge(_) => CheckFailure::Oversize(fault.describe()),
        other => CheckFailure::UnreadableMedium(other.describe()),
    }
}

/// Nothing found yet, and a failure where there are more pictures than are read.
fn not_too_many(case: &Case<'_>) -> Found {
    let found = Found::default();
    if case.item.content.media.len() <= Item::MAX_MEDIA {
        return found;
    }
    found.failed(CheckFailure::Oversize(format!(
        "only the first {} pictures were read",
        Item::MAX_MEDIA
    )))
}

/// Which picture a check could not read, and why.
fn unread(check: CheckName, medium: &MediaRef, fault: &MediumFault) -> Finding {
    Finding::new(
        check,
        RuleId::fixed("screening-incomplete"),
        Category::ScreeningIncomplete,
        Severity::Medium,
        1.0,
        fault.describe(),
    )
    .with_kind(check.code())
    .of_picture(medium.id.clone())
}

/// What each picture's file says about people and places: one finding a kind and picture (rule I9).
pub(crate) fn metadata(case: &Case<'_>, meter: &schoolgate_model::Meter) -> Found {
    let mut found = not_too_many(case);
    for (medium, read) in pictures(case) {
        if let Err(over) = meter.spend(1) {
            return found.failed(over);
        }
        let read = match read {
            Ok(read) => read,
            Err(fault) => {
                found.extend([unread(CheckName::PhotoMetadata, medium, &fault)]);
                found.note(failure(&fault));
                continue;
            }
        };
        if read.text_cut {
            found = found.failed(CheckFailure::Oversize(
                "a picture's file holds more hidden text than is read".to_owned(),
            ));
        }
        let mut kinds: BTreeMap<MetadataKind, Vec<&str>> = BTreeMap::new();
        for fact in &read.metadata {
            if let Err(over) = meter.spend(1) {
                return found.failed(over);
            }
            kinds.entry(fact.kind).or_default().push(&fact.tag);
        }
        found.extend(kinds.into_iter().map(|(kind, tags)| {
            Finding::new(
                CheckName::PhotoMetadata,
                RuleId::fixed("photo-metadata"),
                Category::PhotoMetadata,
                severity_of(kind),
                1.0,
                format!(
                    "The picture's file says {} ({} entries)",
                    kind.plain(),
                    tags.len()
                ),
            )
            .with_kind(kind.code())
            .on(Surface::Metadata, Some(medium.id.clone()))
        }));
    }
    found
}

fn severity_of(kind: MetadataKind) -> Severity {
    match kind {
        MetadataKind::Gps
        | MetadataKind::PersonName
        | MetadataKind::Owner
        | MetadataKind::Thumbnail => Severity::Medium,
        MetadataKind::SerialNumber | MetadataKind::Comment | MetadataKind::Trailer => Severity::Low,
        MetadataKind::CaptureTime | MetadataKind::Device => Severity::Info,
    }
}

/// Whether a clean copy exists that was proven clean (rule I9).
pub(crate) fn clean_copy(case: &Case<'_>, meter: &schoolgate_model::Meter) -> Found {
    let mut found = not_too_many(case);
    for (medium, read) in pictures(case) {
        if let Err(over) = meter.spend(1) {
            return found.failed(over);
        }
        let fault = match read {
            Ok(read) => read.clean.as_ref().err().cloned(),
            Err(fault) => Some(fault),
        };
        if let Some(fault) = fault {
            found.extend([unread(CheckName::PhotoClean, medium, &fault)]);
            found.note(failure(&fault));
        }
    }
    found
}

/// Declared pupils against consent and the do-not-publish list (rules I1, I4, O1). The public declares nobody, so of a
/// comment's picture only the lists can be asked.
pub(crate) fn subjects(case: &Case<'_>, meter: &schoolgate_model::Meter) -> Found {
    let mut found = not_too_many(case);
    if let Listed::Missing(what) = &case.snapshot.roster {
        return found.failed(CheckFailure::MissingList(what.clone()));
    }
    if !case.snapshot.has_do_not_publish_list {
        found = found.failed(CheckFailure::MissingList("do-not-publish list".to_owned()));
    }
    if case.item.envelope.kind == ItemKind::Comment {
        return found;
    }
    for medium in case.item.content.media.iter().take(Item::MAX_MEDIA) {
        let Some(declared) = &medium.pupils else {
            found.extend([undeclared(medium)]);
            continue;
        };
        for pupil in declared {
            if let Err(over) = meter.spend(1) {
                return found.failed(over);
            }
            found.extend(declared_pupil(case, medium, pupil));
        }
    }
    found
}

fn undeclared(medium: &MediaRef) -> Finding {
    Finding::new(
        CheckName::Subjects,
        RuleId::fixed("undeclared-subjects"),
        Category::UndeclaredSubjects,
        Severity::Medium,
        1.0,
        "Nobody has said which pupils are in this picture, or that nobody can be recognised",
    )
    .of_picture(medium.id.clone())
}

fn declared_pupil(
    case: &Case<'_>,
    medium: &MediaRef,
    pupil: &schoolgate_model::PupilId,
) -> Option<Finding> {
    let refs = PupilRefs {
        ids: vec![pupil.clone()],
        count: 1,
    };
    let finding = |rule, category, severity, message: String| {
        Finding::new(
            CheckName::Subjects,
            RuleId::fixed(rule),
            category,
            severity,
            1.0,
            message,
        )
        .about(&refs)
        .of_picture(medium.id.clone())
    };
    let Some(record) = case.snapshot.pupils.get(pupil) else {
        return Some(finding(
            "declared-unknown-pupil",
            Category::UndeclaredSubjects,
            Severity::Medium,
            "A pupil declared for this picture is not in the register, so nobody can say what the family agreed to".to_owned(),
        ));
    };
    if record.do_not_publish == Some(true) {
        return Some(finding(
            "declared-do-not-publish",
            Category::DoNotPublish,
            Severity::Critical,
            "A pupil declared for this picture may not be published".to_owned(),
        ));
    }
    let consent = record
        .consents
        .for_picture(case.item.envelope.platform.as_deref());
    if consent == Consent::Granted {
        return None;
    }
    Some(finding(
        "declared-consent",
        Category::Consent,
        Severity::High,
        format!(
            "Consent to publish this pupil's picture here is {}",
            consent.plain()
        ),
    ))
}
