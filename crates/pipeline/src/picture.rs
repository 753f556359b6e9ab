//! The checks that read facts about pictures: what the file says, and whether a clean copy exists.
//! Who is in it is asked by `subjects`, what the pixels show by `looks`.

use std::collections::BTreeMap;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, Item, MediaRef, MediumFault, MetadataKind,
    ReadMedium, RuleId, Severity, Surface,
};

use crate::{detectors::Case, disguise::misnamed, found::Found};

/// The facts of each picture; one that the facts do not mention counts as not read.
pub(crate) fn pictures<'a>(
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

pub(crate) fn failure(fault: &MediumFault) -> CheckFailure {
    match fault {
        MediumFault::ChildKilled | MediumFault::ChildTimedOut => {
            CheckFailure::ChildKilled(fault.describe())
        }
        MediumFault::TooLarge(_) => CheckFailure::Oversize(fault.describe()),
        other => CheckFailure::UnreadableMedium(other.describe()),
    }
}

/// Nothing found yet, and a failure where there are more pictures than are read.
pub(crate) fn not_too_many(case: &Case<'_>) -> Found {
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
pub(crate) fn unread(check: CheckName, medium: &MediaRef, why: String) -> Finding {
    Finding::new(
        check,
        RuleId::fixed("screening-incomplete"),
        Category::ScreeningIncomplete,
        Severity::Medium,
        1.0,
        why,
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
                found.extend([unread(CheckName::PhotoMetadata, medium, fault.describe())]);
                found.note(failure(&fault));
                continue;
            }
        };
        if read.unreadable {
            let why = "a part of the picture's hidden details could not be read";
            found.extend([unread(CheckName::PhotoMetadata, medium, why.to_owned())]);
            found.note(CheckFailure::UnreadableMedium(why.to_owned()));
        }
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
                    "The picture's file holds {} ({} {})",
                    kind.plain(),
                    tags.len(),
                    if tags.len() == 1 { "entry" } else { "entries" }
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

/// Why there is no copy that may be published, if so.
fn clean_fault(medium: &MediaRef, read: &ReadMedium) -> Option<MediumFault> {
    let misnamed = || {
        let plain = misnamed(medium, read)?;
        let code = "misnamed".to_owned();
        Some(MediumFault::Unreadable { code, plain })
    };
    read.clean.as_ref().err().cloned().or_else(misnamed)
}

/// Whether a clean copy exists that was proven clean (rule I9).
pub(crate) fn clean_copy(case: &Case<'_>, meter: &schoolgate_model::Meter) -> Found {
    let mut found = not_too_many(case);
    for (medium, read) in pictures(case) {
        if let Err(over) = meter.spend(1) {
            return found.failed(over);
        }
        let fault = match read {
            Ok(read) => clean_fault(medium, read),
            Err(fault) => Some(fault),
        };
        if let Some(fault) = fault {
            found.extend([unread(CheckName::PhotoClean, medium, fault.describe())]);
            found.note(failure(&fault));
        }
    }
    found
}
