//! The checks in order, each behind one shape, so that a fault in any of them ends the same way.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    slice,
};

use jiff::Timestamp;
use schoolgate_model::{
    Budget, CheckFailure, CheckName, CheckResult, CheckStatus, Finding, Item, ItemKind, LinkFacts,
    MediaFacts, MediaId, MetadataKind, Meter, PictureSettings, ReadWords, Surface,
};
use schoolgate_scan::{
    SurfaceText,
    hints::{HintContext, scan_hints, scan_picture_hints},
    language::{
        LanguageContext, scan_language, scan_private_matters, scan_tongues, scan_topic_rules,
        scan_topics,
    },
    lexicon::Lexicon,
    links::scan_links,
    names::{NameContext, Roster, scan_names},
    personal::{PersonalContext, scan_personal_data},
};

use crate::{
    content::Surfaces,
    found::Found,
    looks, picture,
    roles::{LANGUAGE_ROLES, Roles, Scan, TOPIC_ROLES, findings_about_named},
    snapshot::{Listed, Snapshot},
    subjects,
};

/// What the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The item.
    pub item: &'a Item,
    /// Its texts, prepared.
    pub surfaces: &'a Surfaces,
    /// What is known about its pictures.
    pub media: &'a MediaFacts,
    /// What is known about its links.
    pub links: &'a LinkFacts,
    /// The school.
    pub snapshot: &'a Snapshot,
    /// When it is screened.
    pub now: Timestamp,
    /// What the checks before this one found.
    pub earlier: &'a [Finding],
}

impl Case<'_> {
    fn is_draft(&self) -> bool {
        self.item.envelope.kind == ItemKind::Draft
    }
}

/// One check.
#[derive(Debug, Clone, Copy)]
pub struct Detector {
    /// Its name in the verdict.
    pub name: CheckName,
    /// Whether the school asks for it; where it does not, the verdict does not name it.
    pub asked: fn(&PictureSettings, &MediaFacts) -> bool,
    /// Why it has nothing to read in this item, if so.
    pub skip: fn(&Case<'_>) -> Option<&'static str>,
    /// Does the work.
    pub run: fn(&Case<'_>, &Meter) -> Found,
}

/// The checks that are built, in the order of the verdict's `checks`.
pub const DETECTORS: &[Detector] = &[
    Detector {
        name: CheckName::Names,
        asked: always,
        skip: never,
        run: names,
    },
    Detector {
        name: CheckName::PersonalData,
        asked: always,
        skip: never,
        run: personal_data,
    },
    Detector {
        name: CheckName::Language,
        asked: always,
        skip: never,
        run: language,
    },
    Detector {
        name: CheckName::Topics,
        asked: always,
        skip: not_a_draft,
        run: topics,
    },
    Detector {
        name: CheckName::Links,
        asked: always,
        skip: never,
        run: links,
    },
    Detector {
        name: CheckName::PhotoMetadata,
        asked: always,
        skip: no_pictures,
        run: picture::metadata,
    },
    Detector {
        name: CheckName::PhotoClean,
        asked: always,
        skip: no_pictures,
        run: picture::clean_copy,
    },
    Detector {
        name: CheckName::Subjects,
        asked: always,
        skip: no_declarations,
        run: subjects::subjects,
    },
    Detector {
        name: CheckName::KnownPictures,
        asked: known_pictures_asked,
        skip: no_pictures,
        run: looks::known_pictures,
    },
    Detector {
        name: CheckName::PictureText,
        asked: words_asked,
        skip: looks::words_not_read,
        run: looks::words,
    },
    Detector {
        name: CheckName::HeadCount,
        asked: heads_asked,
        skip: no_heads_to_count,
        run: looks::head_count,
    },
];

/// The checks that read words only, run before any picture is touched.
pub(crate) fn text_detectors() -> Vec<Detector> {
    DETECTORS
        .iter()
        .copied()
        .filter(|detector| {
            matches!(
                detector.name,
                CheckName::Names | CheckName::PersonalData | CheckName::Language
            )
        })
        .collect()
}

/// Runs one check, whatever it does: a panic is a failure like any other.
pub(crate) fn run(
    detector: &Detector,
    case: &Case<'_>,
    budget: &Budget,
) -> (CheckResult, Vec<Finding>) {
    let result = catch_unwind(AssertUnwindSafe(|| match (detector.skip)(case) {
        Some(reason) => (CheckStatus::Skipped(reason), None, Vec::new()),
        None => {
            let found = (detector.run)(case, &budget.meter()).bounded();
            let limit = found.limit;
            let status = found.failure.map_or(CheckStatus::Ok, CheckStatus::Failed);
            (status, limit, found.findings)
        }
    }));
    let (status, limit, findings) = result.unwrap_or((
        CheckStatus::Failed(CheckFailure::Panicked),
        None,
        Vec::new(),
    ));
    let name = detector.name;
    let result = CheckResult {
        name,
        status,
        limit,
    };
    (result, findings)
}

/// The checks that a school asks for.
pub(crate) fn asked<'d>(
    detectors: &'d [Detector],
    settings: &PictureSettings,
    media: &MediaFacts,
) -> impl Iterator<Item = &'d Detector> {
    detectors
        .iter()
        .filter(|detector| (detector.asked)(settings, media))
}

fn always(_: &PictureSettings, _: &MediaFacts) -> bool {
    true
}

/// Pictures are compared where the school keeps some that may not be published, and where somebody did compare.
fn known_pictures_asked(settings: &PictureSettings, media: &MediaFacts) -> bool {
    settings.known_pictures
        || media
            .media
            .iter()
            .filter_map(|medium| medium.read.as_ref().ok())
            .any(|read| read.looks.known.is_some())
}

fn words_asked(settings: &PictureSettings, _: &MediaFacts) -> bool {
    settings.words != ReadWords::Off
}

fn heads_asked(settings: &PictureSettings, _: &MediaFacts) -> bool {
    settings.head_count
}

fn never(_: &Case<'_>) -> Option<&'static str> {
    None
}

fn not_a_draft(case: &Case<'_>) -> Option<&'static str> {
    (!case.is_draft())
        .then_some("only what the school itself is about to say is checked for topics")
}

pub(crate) fn no_pictures(case: &Case<'_>) -> Option<&'static str> {
    case.item
        .content
        .media
        .is_empty()
        .then_some("there is no picture")
}

/// A comment's picture is judged by a person, except that without a register or a do-not-publish list nobody may see
/// it (contract, section 2): then the check runs, and fails.
fn no_declarations(case: &Case<'_>) -> Option<&'static str> {
    let listed = matches!(case.snapshot.roster, Listed::Loaded(_))
        && case.snapshot.has_do_not_publish_list
        && case.snapshot.pictures.stale_list(case.now).is_none();
    match (case.is_draft(), case.item.content.media.is_empty()) {
        (_, true) => Some("there is no picture"),
        (false, false) if listed => {
            Some("a member of the public declares nobody; a person must look at the picture")
        }
        (_, false) => None,
    }
}

fn no_heads_to_count(case: &Case<'_>) -> Option<&'static str> {
    no_pictures(case).or_else(|| {
        (!case.is_draft())
            .then_some("a member of the public declares nobody; a person must look at the picture")
    })
}

/// Adds the failure that part of the item was not read.
fn with_cut(case: &Case<'_>, found: Found) -> Found {
    let cut = &case.surfaces.cut;
    if cut.is_empty() {
        return found;
    }
    found.failed(CheckFailure::Oversize(cut.join("; ")))
}

/// Runs a scan, whatever it does: a panic costs what this scan would have found, and nothing else.
fn scanned(
    scan: impl FnOnce() -> Result<Vec<Finding>, CheckFailure>,
) -> Result<Vec<Finding>, CheckFailure> {
    catch_unwind(AssertUnwindSafe(scan)).unwrap_or(Err(CheckFailure::Panicked))
}

/// Each surface with its own share of the steps: the body has half of them, the others share the rest by their
/// length. So nothing that stands beside the body can hide what the body says.
fn shares<'s>(
    texts: &'s [SurfaceText],
    meter: &'s Meter,
) -> impl Iterator<Item = (&'s SurfaceText, Meter)> {
    let weight = |text: &SurfaceText| text.original().len() as u64 + 16;
    let is_body = |text: &SurfaceText| text.surface() == Surface::Text;
    let total: u64 = texts.iter().filter(|t| !is_body(t)).map(weight).sum();
    let half = if total == 0 { 0 } else { meter.left() / 2 };
    let body = meter.left() - half;
    texts.iter().map(move |text| {
        let steps = if is_body(text) {
            body
        } else {
            part(half, weight(text), total)
        };
        (text, meter.share(steps))
    })
}

/// So much of the steps as the weight is of the total.
fn part(steps: u64, weight: u64, total: u64) -> u64 {
    if weight == total {
        return steps;
    }
    let part = u128::from(steps) * u128::from(weight) / u128::from(total.max(1));
    u64::try_from(part).unwrap_or(steps)
}

/// Scans surface by surface. What is found on one stays, whatever happens on another.
fn surface_by_surface(
    case: &Case<'_>,
    meter: &Meter,
    scan: impl Fn(&[SurfaceText], &Meter) -> Result<Vec<Finding>, CheckFailure>,
) -> Found {
    let mut found = Found::default();
    for (text, share) in shares(&case.surfaces.texts, meter) {
        match scanned(|| scan(slice::from_ref(text), &share)) {
            Ok(findings) => found.extend(findings),
            Err(failure) => found.note(failure),
        }
    }
    found
}

fn names(case: &Case<'_>, meter: &Meter) -> Found {
    let found = match &case.snapshot.roster {
        Listed::Missing(what) => Found::default().failed(CheckFailure::MissingList(what.clone())),
        Listed::Loaded(roster) => names_of(case, roster, meter),
    };
    with_cut(case, found)
}

/// Looks at all surfaces at once, because a class in a caption counts for a name in the body. Where that fails, the
/// body's own names are kept all the same.
fn names_of(case: &Case<'_>, roster: &Roster, meter: &Meter) -> Found {
    let texts = &case.surfaces.texts;
    let context = NameContext {
        draft: case.is_draft(),
        pictured: !case.item.content.media.is_empty(),
    };
    let found = Found::from(scanned(|| scan_names(texts, roster, &context, meter)));
    let Some(failure) = found.failure else {
        return found;
    };
    let bodies = texts
        .iter()
        .filter(|text| text.surface() == Surface::Text && texts.len() > 1);
    let mut kept = Found::default().failed(failure);
    for body in bodies {
        let alone = scanned(|| scan_names(slice::from_ref(body), roster, &context, &meter.fresh()));
        kept.extend(alone.into_iter().flatten());
    }
    kept
}

fn personal_data(case: &Case<'_>, meter: &Meter) -> Found {
    let envelope = &case.item.envelope;
    let written_at = envelope.publish_at.unwrap_or(envelope.created_at);
    let context = PersonalContext {
        draft: case.is_draft(),
        year: Some(written_at.to_zoned(jiff::tz::TimeZone::UTC).year()),
        names: case.earlier,
    };
    let mut found = surface_by_surface(case, meter, |texts, meter| {
        scan_personal_data(texts, &case.snapshot.own, &context, meter)
    });
    // a lexicon that is missing fails the language check
    if let Listed::Loaded(lexicon) = &case.snapshot.lexicon {
        let own = &case.snapshot.own;
        let by_wording = surface_by_surface(case, &meter.fresh(), |texts, meter| {
            scan_private_matters(texts, lexicon, own, &context, &found.findings, meter)
        });
        found.merge(by_wording);
    }
    with_cut(case, found)
}

fn language(case: &Case<'_>, meter: &Meter) -> Found {
    let found = match &case.snapshot.lexicon {
        Listed::Missing(what) => Found::default().failed(CheckFailure::MissingList(what.clone())),
        Listed::Loaded(lexicon) => language_of(case, lexicon, meter),
    };
    with_cut(case, found)
}

fn topics(case: &Case<'_>, meter: &Meter) -> Found {
    let found = match &case.snapshot.lexicon {
        Listed::Missing(what) => Found::default().failed(CheckFailure::MissingList(what.clone())),
        Listed::Loaded(lexicon) => topics_of(case, lexicon, meter),
    };
    with_cut(case, found)
}

/// What the words are about, as they stand and with the names as roles, and what the author could do better.
fn topics_of(case: &Case<'_>, lexicon: &Lexicon, meter: &Meter) -> Found {
    let scan = |texts: &[SurfaceText], meter: &Meter| scan_topics(texts, lexicon, meter);
    let mut found = surface_by_surface(case, meter, scan);
    let by_rule = |texts: &[SurfaceText], meter: &Meter| scan_topic_rules(texts, lexicon, meter);
    let about_named = about_named(case, &found.findings, &TOPIC_ROLES, meter, &by_rule);
    found.merge(about_named);
    found.merge(hints(case, &meter.fresh()));
    found
}

fn hints(case: &Case<'_>, meter: &Meter) -> Found {
    let media = || case.item.content.media.iter().take(Item::MAX_MEDIA);
    let without_description: Vec<MediaId> = media()
        .filter(|medium| {
            let alt = medium.alt.as_ref();
            alt.is_none_or(|alt| alt.expose().trim().is_empty())
        })
        .map(|medium| medium.id.clone())
        .collect();
    let owners: Vec<(MediaId, &str)> = media()
        .filter_map(|medium| Some((&medium.id, owner(case, &medium.id)?)))
        .map(|(id, owner)| (id.clone(), owner))
        .collect();
    let own_handles: Vec<&str> = case
        .snapshot
        .accounts
        .iter()
        .filter_map(|account| account.handle.as_deref())
        .collect();
    let context = HintContext {
        own_handles: &own_handles,
        own: &case.snapshot.own,
        school: &case.snapshot.name,
        without_description: &without_description,
        owners: &owners,
        names: case.earlier,
    };
    let mut found = surface_by_surface(case, meter, |texts, meter| {
        scan_hints(texts, &context, meter)
    });
    let pictures = scanned(|| scan_picture_hints(&context, &meter.fresh()));
    found.merge(Found::from(pictures));
    found
}

/// Whom a picture's file names as its owner.
fn owner<'a>(case: &Case<'a>, id: &MediaId) -> Option<&'a str> {
    let read = case.media.of(id)?.read.as_ref().ok()?;
    let owner = |fact: &&schoolgate_model::MetadataFact| fact.kind == MetadataKind::Owner;
    let mut texts = read.metadata.iter().filter(owner);
    texts.find_map(|fact| fact.text.as_ref().map(|text| text.expose().as_str()))
}

/// Reads the words as they stand, and those about people named by name once more with the names as roles.
fn language_of(case: &Case<'_>, lexicon: &Lexicon, meter: &Meter) -> Found {
    let context = LanguageContext {
        draft: case.is_draft(),
    };
    let mut found = surface_by_surface(case, meter, |texts, meter| {
        scan_language(texts, lexicon, &context, meter)
    });
    let scan =
        |texts: &[SurfaceText], meter: &Meter| scan_language(texts, lexicon, &context, meter);
    let about_named = about_named(case, &found.findings, &LANGUAGE_ROLES, meter, &scan);
    found.merge(about_named);
    for (text, share) in shares(&case.surfaces.texts, &meter.fresh()) {
        let earlier = case.earlier;
        let read = catch_unwind(AssertUnwindSafe(|| {
            scan_tongues(text, lexicon, earlier, &mut found.findings, &share)
        }));
        if let Err(failure) = read.unwrap_or(Err(CheckFailure::Panicked)) {
            found.note(failure);
        }
    }
    found
}

/// Reads the texts once more with the names as roles, with steps of its own.
fn about_named(
    case: &Case<'_>,
    first: &[Finding],
    roles: &Roles,
    meter: &Meter,
    scan: &Scan<'_>,
) -> Found {
    let mut found = Found::default();
    for (text, share) in shares(&case.surfaces.texts, &meter.fresh()) {
        let again = catch_unwind(AssertUnwindSafe(|| {
            findings_about_named(text, case.earlier, first, roles, &share, scan)
        }));
        match again {
            Ok(more) => found.merge(more),
            Err(_) => found.note(CheckFailure::Panicked),
        }
    }
    found
}

/// A link that had to be followed and was not is a fault of the check, whatever else was found.
fn links(case: &Case<'_>, meter: &Meter) -> Found {
    let settings = &case.snapshot.links;
    let follow = case.is_draft() && settings.follows();
    let not_followed = Cell::new(None);
    let mut found = surface_by_surface(case, meter, |texts, meter| {
        let scan = scan_links(texts, case.links, settings, follow, meter)?;
        not_followed.set(not_followed.get().or(scan.not_followed));
        Ok(scan.findings)
    });
    if let Some(fault) = not_followed.get() {
        let what = format!("a link was not followed to its end; {}", fault.describe());
        found.note(CheckFailure::Error(what));
    }
    with_cut(case, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(of: &[(Surface, usize)]) -> Vec<SurfaceText> {
        of.iter()
            .map(|(surface, length)| SurfaceText::new(*surface, None, &"a".repeat(*length)))
            .collect()
    }

    fn steps(of: &[(Surface, usize)], budget: u64) -> Vec<u64> {
        let budget = Budget {
            steps_per_check: budget,
        };
        shares(&texts(of), &budget.meter())
            .map(|(_, meter)| meter.left())
            .collect()
    }

    #[test]
    fn the_body_has_half_of_the_steps_and_the_others_share_the_rest_by_length() {
        let beside = [(Surface::Text, 9), (Surface::Alt, 84), (Surface::Link, 284)];
        assert_eq!(steps(&beside, 8_000), [4_000, 1_000, 3_000]);
        assert_eq!(steps(&[(Surface::Text, 9)], 8_000), [8_000]);
        let huge = steps(&beside, u64::MAX);
        assert!(huge.iter().all(|steps| *steps > 0), "{huge:?}");
    }

    #[test]
    fn the_shares_together_are_never_more_than_the_budget() {
        let many: Vec<_> = (0..300).map(|n| (Surface::Link, n)).collect();
        assert!(steps(&many, 1_001).iter().sum::<u64>() <= 1_001);
    }

    #[test]
    fn a_scan_that_panics_is_a_failure_of_that_scan() {
        let result = scanned(|| panic!("no"));
        assert_eq!(result, Err(CheckFailure::Panicked));
    }
}
