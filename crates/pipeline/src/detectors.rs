//! The checks in order, each behind one shape, so that a fault in any of them ends the same way.

use std::panic::{AssertUnwindSafe, catch_unwind};

use schoolgate_model::{
    Budget, CheckFailure, CheckName, CheckResult, CheckStatus, Finding, Item, ItemKind, LinkFacts,
    MediaFacts, Meter,
};
use schoolgate_scan::{
    language::{LanguageContext, scan_language},
    names::{NameContext, scan_names},
    personal::scan_personal_data,
};

use crate::{
    content::Surfaces,
    picture,
    snapshot::{Listed, Snapshot},
};

/// What the checks look at.
#[derive(Debug)]
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
}

impl Case<'_> {
    fn is_draft(&self) -> bool {
        self.item.envelope.kind == ItemKind::Draft
    }
}

/// What a check found, and why it did not do its whole work, if it did not.
#[derive(Debug, Default)]
pub struct Found {
    /// What it found; kept even where it failed afterwards.
    pub findings: Vec<Finding>,
    /// The first failure.
    pub failure: Option<CheckFailure>,
}

impl Found {
    /// Notes a failure; the first one stays.
    #[must_use]
    pub fn failed(mut self, failure: CheckFailure) -> Self {
        self.failure.get_or_insert(failure);
        self
    }
}

impl From<Result<Vec<Finding>, CheckFailure>> for Found {
    fn from(result: Result<Vec<Finding>, CheckFailure>) -> Self {
        match result {
            Ok(findings) => Self {
                findings,
                failure: None,
            },
            Err(failure) => Self {
                findings: Vec::new(),
                failure: Some(failure),
            },
        }
    }
}

/// One check.
#[derive(Debug, Clone, Copy)]
pub struct Detector {
    /// Its name in the verdict.
    pub name: CheckName,
    /// Why it has nothing to read in this item, if so.
    pub skip: fn(&Case<'_>) -> Option<&'static str>,
    /// Does the work.
    pub run: fn(&Case<'_>, &Meter) -> Found,
}

/// The checks that are built, in the order of the verdict's `checks`.
pub const DETECTORS: &[Detector] = &[
    Detector {
        name: CheckName::Names,
        skip: never,
        run: names,
    },
    Detector {
        name: CheckName::PersonalData,
        skip: never,
        run: personal_data,
    },
    Detector {
        name: CheckName::Language,
        skip: never,
        run: language,
    },
    Detector {
        name: CheckName::PhotoMetadata,
        skip: no_pictures,
        run: picture::metadata,
    },
    Detector {
        name: CheckName::PhotoClean,
        skip: no_pictures,
        run: picture::clean_copy,
    },
    Detector {
        name: CheckName::Subjects,
        skip: no_declarations,
        run: picture::subjects,
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
        Some(reason) => (CheckStatus::Skipped(reason.to_owned()), Vec::new()),
        None => {
            let found = (detector.run)(case, &budget.meter());
            (
                found.failure.map_or(CheckStatus::Ok, CheckStatus::Failed),
                found.findings,
            )
        }
    }));
    let (status, findings) =
        result.unwrap_or((CheckStatus::Failed(CheckFailure::Panicked), Vec::new()));
    (
        CheckResult {
            name: detector.name,
            status,
        },
        findings,
    )
}

fn never(_: &Case<'_>) -> Option<&'static str> {
    None
}

fn no_pictures(case: &Case<'_>) -> Option<&'static str> {
    case.item
        .content
        .media
        .is_empty()
        .then_some("there is no picture")
}

fn no_declarations(case: &Case<'_>) -> Option<&'static str> {
    match (case.is_draft(), case.item.content.media.is_empty()) {
        (_, true) => Some("there is no picture"),
        (false, false) => {
            Some("a member of the public declares nobody; a person must look at the picture")
        }
        (true, false) => None,
    }
}

/// Adds the failure that part of the item was not read.
fn with_cut(case: &Case<'_>, found: Found) -> Found {
    match case.surfaces.cut.first() {
        Some(what) => found.failed(CheckFailure::Oversize(what.clone())),
        None => found,
    }
}

fn names(case: &Case<'_>, meter: &Meter) -> Found {
    let found = match &case.snapshot.roster {
        Listed::Missing(what) => Err(CheckFailure::MissingList(what.clone())),
        Listed::Loaded(roster) => scan_names(
            &case.surfaces.texts,
            roster,
            &NameContext {
                draft: case.is_draft(),
            },
            meter,
        ),
    };
    with_cut(case, found.into())
}

fn personal_data(case: &Case<'_>, meter: &Meter) -> Found {
    with_cut(
        case,
        scan_personal_data(&case.surfaces.texts, &case.snapshot.own, meter).into(),
    )
}

fn language(case: &Case<'_>, meter: &Meter) -> Found {
    let found = match &case.snapshot.lexicon {
        Listed::Missing(what) => Err(CheckFailure::MissingList(what.clone())),
        Listed::Loaded(lexicon) => scan_language(
            &case.surfaces.texts,
            lexicon,
            &LanguageContext {
                draft: case.is_draft(),
            },
            meter,
        ),
    };
    with_cut(case, found.into())
}
