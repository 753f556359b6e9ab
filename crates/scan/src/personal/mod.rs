//! Personal details of private people (DOMAIN 2): contact details, official numbers, money, birthdays, places and
//! routines, health and other private matters of one child.
//!
//! One pass finds the cue words of all kinds (`cues`); only the modules whose cues or shapes occur look closer. Format
//! and checksum raise confidence, the words around decide (DOMAIN 0.6). The school's own details and public helplines
//! are never findings.

mod address;
mod again;
mod ages;
mod apart;
mod asides;
mod bank;
mod birthdays;
mod born;
mod broken;
mod came;
mod contact;
mod credential;
mod cues;
mod dates;
mod dictated;
mod dwelling;
mod email;
mod entered;
mod family;
mod finder;
mod identity;
mod idiom;
mod keyed;
mod kind;
mod landmarks;
mod lived;
mod local;
mod marks;
mod needs;
mod network;
mod opened;
mod own;
mod page;
mod parted;
mod person;
mod phone;
mod place;
mod players;
mod postcode;
mod private;
mod reading;
mod remarks;
mod routine;
mod shape;
mod shapes;
mod shown;
mod stretch;
mod table;
mod tales;
mod tellings;
#[cfg(test)]
mod tests;
mod upn;
mod vehicle;
mod whereabouts;

use std::{collections::BTreeMap, ops::Range};

use schoolgate_model::{Category, CheckFailure, CheckName, Finding, Meter, RuleId, Span, Surface};

use crate::SurfaceText;
use kind::Kind;
pub use own::OwnDetails;
use page::Page;

/// What the check knows besides the words.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonalContext<'a> {
    /// A draft of the school; otherwise a comment by a member of the public.
    pub draft: bool,
    /// The year in which the item was written, for ages; without it no age is judged.
    pub year: Option<i16>,
    /// What the names check found.
    pub names: &'a [Finding],
}

/// One candidate of a detector: where (bytes of the folded text), how sure, which kind.
#[derive(Debug, Clone)]
struct Candidate {
    bytes: Range<usize>,
    confidence: f32,
    kind: Kind,
}

impl Candidate {
    const fn new(kind: Kind, bytes: Range<usize>, confidence: f32) -> Self {
        Self {
            bytes,
            confidence,
            kind,
        }
    }

    /// Whether it shares a byte with a stretch.
    const fn overlaps(&self, bytes: &Range<usize>) -> bool {
        self.bytes.start < bytes.end && bytes.start < self.bytes.end
    }
}

/// The rules of this check, with one sentence each for `rules check --list`.
pub fn personal_rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    kind::REPORTS
        .iter()
        .map(|(_, report)| (report.rule, report.summary))
}

/// Scans every surface but the author's shown name.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_personal_data(
    surfaces: &[SurfaceText],
    own: &OwnDetails,
    context: &PersonalContext<'_>,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for surface in surfaces
        .iter()
        .filter(|surface| surface.surface() != Surface::Author)
    {
        meter.spend(8 * surface.char_count() as u64 + 1)?;
        let page = Page::new(surface, own, context);
        let mut candidates = candidates(&page);
        candidates.retain(|candidate| match surface.surface() {
            Surface::Link => candidate.kind.holds_in_links(),
            Surface::Filename => candidate.kind.holds_in_names(),
            _ => candidate.kind.holds_in_links() || !page.in_link(&candidate.bytes),
        });
        meter.spend(candidates.len() as u64 * 16)?;
        strongest(&mut candidates);
        born_by_licence(&mut candidates);
        findings.extend(
            candidates
                .iter()
                .filter_map(|candidate| finding(surface, candidate)),
        );
    }
    Ok(findings)
}

/// Of whom a surface tells.
#[derive(Default)]
pub(crate) struct Whom {
    /// People by a given name, or by one that the check of names found; nobody known to the public and no staff.
    pub(crate) people: Vec<Span>,
    /// Classes and other groups of children, where nobody is invited to come.
    pub(crate) groups: Vec<Span>,
}

/// Of whom a surface tells.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub(crate) fn whom(
    surface: &SurfaceText,
    own: &OwnDetails,
    context: &PersonalContext<'_>,
    meter: &Meter,
) -> Result<Whom, CheckFailure> {
    meter.spend(4 * surface.char_count() as u64 + 1)?;
    let page = Page::new(surface, own, context);
    let span = |bytes| surface.folded().span(bytes);
    let mut whom = Whom::default();
    for sentence in page.sentences() {
        if person::is_public_prose(&page, &sentence) {
            continue;
        }
        let groups = place::groups(&page, &sentence);
        whom.groups.extend(groups.into_iter().filter_map(span));
        if tales::is_of_animals_or_parts(&page, &sentence)
            || tales::is_amid_a_book(&page, &sentence)
            || tales::is_studied(&page, &sentence)
        {
            continue;
        }
        let people = person::people(&page, &sentence).into_iter();
        let people = people.filter(|person| person.told >= person::Told::Given);
        whom.people
            .extend(people.filter_map(|person| span(person.bytes)));
    }
    Ok(whom)
}

/// Whether somebody born in that year is of school age in the year `now`.
pub(crate) fn is_pupil_birth(year: i16, now: Option<i16>) -> bool {
    match now {
        Some(now) => (2..=19).contains(&(now - year)),
        None => year >= 2004,
    }
}

/// Whether what is told of illness in words can be the name of a charity for which somebody ran or baked.
pub(crate) fn is_for_charity(words: &str) -> bool {
    idiom::is_for_a_cause(words)
}

/// Whether what is told of a prison is that somebody works there.
pub(crate) fn is_work_in_a_prison(words: &str) -> bool {
    shapes::is_work_in_a_prison(words)
}

/// What each module sees. A module whose cues and shapes are absent does nothing.
fn candidates(page: &Page<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    if page.digits >= 2 {
        upn::scan(page, &mut found);
        network::scan(page, &mut found);
    }
    if page.digits >= 1 || page.has(cues::DIGITWORD) {
        postcode::scan(page, &mut found);
    }
    if page.digits >= 1 || page.has(cues::DIGITWORD) && page.has(cues::VEHICLE | cues::PLATE) {
        vehicle::scan(page, &mut found);
    }
    identity::scan(page, &mut found);
    bank::scan(page, &mut found);
    email::scan(page, &mut found);
    phone::scan(page, &mut found);
    local::scan(page, &mut found);
    address::scan(page, &mut found);
    dwelling::scan(page, &mut found);
    broken::scan(page, &mut found);
    dictated::scan(page, &mut found);
    postcode::settle(&mut found);
    contact::scan(page, &mut found);
    players::scan(page, &mut found);
    credential::scan(page, &mut found);
    shown::scan(page, &mut found);
    opened::scan(page, &mut found);
    keyed::scan(page, &mut found);
    place::scan(page, &mut found);
    landmarks::scan(page, &mut found);
    again::scan(page, &mut found);
    if page.is_sentence_text() {
        born::scan(page, &mut found);
        came::scan(page, &mut found);
        entered::scan(page, &mut found);
        ages::scan(page, &mut found);
        routine::scan(page, &mut found);
        whereabouts::scan(page, &mut found);
        apart::scan(page, &mut found);
        private::scan(page, &mut found);
        table::ailments(page, &mut found);
    }
    if page.digits >= 10 {
        marks::recorded(page, &mut found);
    }
    found
}

/// Keeps the surest of those that overlap. Stretches of speech may hold single details; they only exclude each other.
fn strongest(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(|a, b| {
        (b.confidence.total_cmp(&a.confidence))
            .then(a.kind.cmp(&b.kind))
            .then(a.bytes.start.cmp(&b.bytes.start))
    });
    let mut narrow = BTreeMap::new();
    let mut wide: BTreeMap<Kind, BTreeMap<usize, usize>> = BTreeMap::new();
    candidates.retain(|candidate| {
        let taken = if candidate.kind.is_wide() {
            let group = match candidate.kind {
                Kind::Health => Kind::Sensitive,
                Kind::LiveLocation => Kind::Routine,
                kind => kind,
            };
            wide.entry(group).or_default()
        } else {
            &mut narrow
        };
        let Range { start, end } = candidate.bytes;
        let free = taken
            .range(..end)
            .next_back()
            .is_none_or(|(_, last)| *last <= start);
        if free {
            taken.insert(start, end);
        }
        free
    });
    candidates.sort_by_key(|candidate| (candidate.bytes.start, candidate.kind));
}

/// A driving licence number holds its owner's date of birth (DOMAIN 2.8): both are told.
fn born_by_licence(candidates: &mut Vec<Candidate>) {
    let births: Vec<Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.kind == Kind::DrivingLicence && candidate.bytes.len() >= 16)
        .map(|licence| Candidate::new(Kind::DateOfBirth, licence.bytes.clone(), 0.6))
        .collect();
    candidates.extend(births);
    candidates.sort_by_key(|candidate| (candidate.bytes.start, candidate.kind));
}

fn finding(surface: &SurfaceText, candidate: &Candidate) -> Option<Finding> {
    let span: Span = surface.folded().span(candidate.bytes.clone())?;
    let report = candidate.kind.report();
    let finding = Finding::new(
        CheckName::PersonalData,
        RuleId::fixed(report.rule),
        Category::PersonalData,
        report.severity,
        candidate.confidence,
        report.message,
    )
    .with_kind(report.kind)
    .on(surface.surface(), surface.media().cloned())
    .at(span, surface.slice(span));
    Some(finding)
}
