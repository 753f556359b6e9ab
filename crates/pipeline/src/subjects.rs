//! Who is in the picture: what its author declared against consent and the do-not-publish list, and against what the
//! file, its name, its caption and its words say (rules I1 to I4, O1, O17).

use std::collections::BTreeSet;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Consent, ConsentQuestion, DeclaredStaff, Finding, Item,
    ItemKind, MediaRef, MetadataFact, MetadataKind, Meter, PupilId, PupilRefs, ReadWords, RuleId,
    Severity, StaffId, Surface,
};

use crate::{
    days::{is_moving, question},
    detectors::Case,
    found::Found,
    picture::not_too_many,
    snapshot::Listed,
};

/// A given name by itself is a name here only where the check is at least this sure of it.
const SURE_GIVEN_NAME: f32 = 0.5;

/// Declared pupils against consent and the do-not-publish list, and the declaration against everything else that is
/// known. The public declares nobody, so of a comment's picture only the lists can be asked.
pub(crate) fn subjects(case: &Case<'_>, meter: &Meter) -> Found {
    let mut found = not_too_many(case);
    found.limit = Some(not_checked(case));
    if let Listed::Missing(what) = &case.snapshot.roster {
        return found.failed(CheckFailure::MissingList(what.clone()));
    }
    if !case.snapshot.has_do_not_publish_list {
        found = found.failed(CheckFailure::MissingList("do-not-publish list".to_owned()));
    }
    if let Some(stale) = case.snapshot.pictures.stale_list(case.now) {
        found.extend([stale_list(&stale)]);
        found = found.failed(CheckFailure::Stale(stale));
    }
    if case.item.envelope.kind == ItemKind::Comment {
        return found;
    }
    for medium in case.item.content.media.iter().take(Item::MAX_MEDIA) {
        if let Err(over) = of_medium(case, medium, meter, &mut found) {
            return found.failed(over);
        }
    }
    found
}

/// What nobody looks at, in words for the item's page (product invariant 8).
fn not_checked(case: &Case<'_>) -> String {
    let mut limits =
        vec!["Faces are not recognised: a child in the picture whom nobody declared is not found."];
    if case.snapshot.pictures.words == ReadWords::Off {
        limits.push("The words in the picture were not read.");
    }
    let media = &case.item.content.media;
    if media.iter().any(|medium| is_moving(medium, case.media)) {
        limits.push("Of what moves, nobody looked at every frame, and nobody listened to it.");
    }
    limits.join(" ")
}

fn stale_list(why: &str) -> Finding {
    Finding::new(
        CheckName::Subjects,
        RuleId::fixed("do-not-publish-list-stale"),
        Category::ScreeningIncomplete,
        Severity::Medium,
        1.0,
        why,
    )
    .with_kind(CheckName::Subjects.code())
}

fn of_medium(
    case: &Case<'_>,
    medium: &MediaRef,
    meter: &Meter,
    found: &mut Found,
) -> Result<(), CheckFailure> {
    let Some(declared) = &medium.pupils else {
        found.extend([about(
            medium,
            "undeclared-subjects",
            "Nobody has said which pupils are in this picture, or that nobody can be recognised",
        )]);
        return Ok(());
    };
    let asked = question(case.item, is_moving(medium, case.media), case.now);
    for pupil in declared {
        meter.spend(1)?;
        found.extend(declared_pupil(case, medium, pupil, &asked));
    }
    if let Some(DeclaredStaff::Named(members)) = &medium.staff {
        for member in members {
            meter.spend(1)?;
            found.extend(declared_member(case, medium, member));
        }
    }
    let names = named_with(case, medium, meter)?;
    if declared.is_empty() && !names.is_empty() {
        found.extend([about(
            medium,
            "nobody-declared-but-named",
            "It was declared that nobody in this picture can be recognised, and a name stands with it",
        )]);
    }
    tagged(case, medium, declared, meter, found)
}

/// A finding about who is in a picture.
fn about(medium: &MediaRef, rule: &'static str, message: &str) -> Finding {
    Finding::new(
        CheckName::Subjects,
        RuleId::fixed(rule),
        Category::UndeclaredSubjects,
        Severity::Medium,
        1.0,
        message,
    )
    .of_picture(medium.id.clone())
}

fn declared_pupil(
    case: &Case<'_>,
    medium: &MediaRef,
    pupil: &PupilId,
    asked: &ConsentQuestion<'_>,
) -> Option<Finding> {
    let refs = PupilRefs {
        ids: vec![pupil.clone()],
        count: 1,
    };
    let finding = |rule, category, severity, message: &str| {
        Finding {
            category,
            severity,
            ..about(medium, rule, message)
        }
        .about(&refs)
    };
    let Some(record) = case.snapshot.pupils.get(pupil) else {
        return Some(finding(
            "declared-unknown-pupil",
            Category::UndeclaredSubjects,
            Severity::Medium,
            "A pupil declared for this picture is not in the register, so nobody can say what the family agreed to",
        ));
    };
    if record.do_not_publish == Some(true) {
        return Some(finding(
            "declared-do-not-publish",
            Category::DoNotPublish,
            Severity::Critical,
            "A pupil declared for this picture may not be published",
        ));
    }
    let consent = record.consents.to_picture(asked);
    if consent == Consent::Granted {
        return None;
    }
    let shown = if asked.moving {
        "a film with this pupil"
    } else {
        "this pupil's picture"
    };
    Some(finding(
        "declared-consent",
        Category::Consent,
        Severity::High,
        &format!("Consent to publish {shown} here is {}", consent.plain()),
    ))
}

/// A member of staff who asked not to be in pictures is respected, for any reason (rule I3).
fn declared_member(case: &Case<'_>, medium: &MediaRef, member: &StaffId) -> Option<Finding> {
    let staff = &case.snapshot.staff;
    if staff.no_photos.contains(member) {
        return Some(Finding {
            category: Category::Consent,
            severity: Severity::High,
            ..about(
                medium,
                "declared-staff-no-photos",
                "A member of staff declared for this picture asked not to be in pictures",
            )
        });
    }
    (!staff.known.contains(member)).then(|| {
        about(
            medium,
            "declared-unknown-staff",
            "A member of staff declared for this picture is not on the staff list",
        )
    })
}

/// The pupils' names that stand with a picture, apart from the item's own text and the details inside the file.
fn named_with<'c>(
    case: &'c Case<'_>,
    medium: &MediaRef,
    meter: &Meter,
) -> Result<Vec<&'c Finding>, CheckFailure> {
    let album = medium
        .album
        .as_ref()
        .map_or(0, |album| album.expose().len());
    meter.spend(case.earlier.len() as u64 * (1 + album as u64))?;
    let in_album = |name: &Finding| {
        let album = medium.album.as_ref();
        album.is_some_and(|album| stands_in(name, album.expose()))
    };
    let names = case.earlier.iter().filter(|name| {
        name.category == Category::PupilName
            && name.media.as_ref() == Some(&medium.id)
            && (name.surface != Some(Surface::Metadata) || in_album(name))
            && (name.rule.as_str() != "pupil-given-name" || name.confidence >= SURE_GIVEN_NAME)
    });
    Ok(names.collect())
}

/// The words of the tags that name who made a picture, not who is in it.
const MAKERS: [&str; 23] = [
    "arranger",
    "artist",
    "author",
    "by-line",
    "byline",
    "composer",
    "conductor",
    "contact",
    "creator",
    "credit",
    "director",
    "editor",
    "engineer",
    "owner",
    "performer",
    "photographer",
    "producer",
    "publisher",
    "rights",
    "soloist",
    "songwriter",
    "source",
    "writer",
];

/// Whom the tag names as being in the picture, if so. A face that was marked and not named is nobody.
fn subject(fact: &MetadataFact) -> Option<&str> {
    let tag = fact.tag.to_ascii_lowercase();
    let made = MAKERS.iter().any(|maker| tag.contains(maker));
    let text = fact.text.as_ref()?.expose().as_str();
    let named = text.contains(char::is_alphabetic);
    (fact.kind == MetadataKind::PersonName && !made && named).then_some(text)
}

/// People tags inside the file: a pupil who was not declared, or anybody where nobody was.
fn tagged(
    case: &Case<'_>,
    medium: &MediaRef,
    declared: &[PupilId],
    meter: &Meter,
    found: &mut Found,
) -> Result<(), CheckFailure> {
    let Some(Ok(read)) = case.media.of(&medium.id).map(|facts| &facts.read) else {
        return Ok(());
    };
    let names: Vec<&Finding> = case
        .earlier
        .iter()
        .filter(|finding| finding.surface == Some(Surface::Metadata))
        .filter(|finding| finding.media.as_ref() == Some(&medium.id))
        .collect();
    let declared_ids: BTreeSet<&PupilId> = declared.iter().collect();
    let (mut strangers, mut undeclared): (usize, Vec<&Finding>) = (0, Vec::new());
    for text in read.metadata.iter().filter_map(subject) {
        meter.spend(1 + names.len() as u64 * (1 + text.len() as u64))?;
        let here: Vec<&&Finding> = names.iter().filter(|name| stands_in(name, text)).collect();
        let pupils = || here.iter().filter(|name| !name.pupil_ids.is_empty());
        if here.iter().any(|name| name.category == Category::StaffName) {
            continue;
        }
        if pupils().next().is_none() {
            strangers += 1;
        }
        undeclared.extend(
            pupils()
                .copied()
                .filter(|name| !name.pupil_ids.iter().any(|id| declared_ids.contains(id))),
        );
    }
    if let Some(first) = undeclared.first() {
        found.extend([Finding {
            severity: Severity::High,
            surface: Some(Surface::Metadata),
            pupil_id: first.pupil_id.clone(),
            pupil_ids: first.pupil_ids.clone(),
            pupil_count: first.pupil_count,
            ..about(
                medium,
                "undeclared-person-in-file",
                "The picture's file names a pupil who was not declared",
            )
        }]);
    } else if declared.is_empty() && strangers > 0 {
        found.extend([Finding {
            surface: Some(Surface::Metadata),
            ..about(
                medium,
                "nobody-declared-but-named",
                "It was declared that nobody in this picture can be recognised, and its file names people",
            )
        }]);
    }
    Ok(())
}

/// Whether a name was found in this very text.
fn stands_in(name: &Finding, text: &str) -> bool {
    let (Some(span), Some(found)) = (name.span(), name.text.as_deref()) else {
        return false;
    };
    let (start, length) = (span.start as usize, (span.end - span.start) as usize);
    text.chars().skip(start).take(length).eq(found.chars())
}
