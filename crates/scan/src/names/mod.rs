//! The register name detector: which words of an item could mean a pupil, and which pupils.
//!
//! `roster` compiles the register, `stream` cuts a text into atoms, `parts` finds registered names among them; the
//! rules (`whole`, `misspelt`, `alone`, `adults`) make candidates, and this file keeps the strongest at each place.
//! What may be published about whom is the policy's business, not decided here.

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, Meter, RuleId, Severity, Surface,
};

use crate::SurfaceText;

mod adults;
mod against;
mod alike;
mod alone;
mod classes;
mod company;
mod cues;
mod echoes;
mod entries;
mod evidence;
mod families;
mod forms;
mod frames;
mod grammar;
mod grammar_words;
mod hailed;
mod initials;
mod joined;
mod letters;
mod lists;
mod misspelt;
mod others;
mod own;
mod parts;
mod register;
mod reports;
mod roster;
mod said;
mod scene;
mod slots;
mod small;
mod somebody;
mod sounds;
mod spoken;
mod stream;
mod tables;
mod talk;
#[cfg(test)]
mod tests;
mod things;
mod unlisted;
mod weighed;
mod whole;
mod works;
mod worlds;

pub use roster::{Roster, RosterFault};

use classes::Group;
use parts::Parts;
use scene::{Candidate, Rule, Scene};
use stream::Stream;

/// What kind of item the texts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameContext {
    /// A draft of the school; otherwise a comment by a member of the public.
    pub draft: bool,
    /// Whether a picture comes with it.
    pub pictured: bool,
}

/// The rule ids of this detector, as `rules check --list` prints them.
pub const NAME_RULES: &[RuleId] = &[
    RuleId::fixed("pupil-full-name"),
    RuleId::fixed("pupil-part-of-double-name"),
    RuleId::fixed("pupil-name-initial"),
    RuleId::fixed("pupil-single-name"),
    RuleId::fixed("pupil-name-class"),
    RuleId::fixed("pupil-family-class"),
    RuleId::fixed("pupil-initials-class"),
    RuleId::fixed("pupil-given-name"),
    RuleId::fixed("unlisted-child-name"),
    RuleId::fixed("staff-name"),
];

/// How one rule is reported.
struct Report {
    rule: &'static str,
    kind: &'static str,
    severity: Severity,
    message: &'static str,
}

fn report(rule: Rule) -> Report {
    let (rule, kind, severity, message) = match rule {
        Rule::Full => (
            "pupil-full-name",
            "full",
            Severity::High,
            "A pupil's full name",
        ),
        Rule::PartOfDouble => (
            "pupil-part-of-double-name",
            "full",
            Severity::High,
            "A pupil's given name with half of the double-barrelled family name",
        ),
        Rule::NameInitial => (
            "pupil-name-initial",
            "initials",
            Severity::Medium,
            "A pupil's name with an initial",
        ),
        Rule::Single => (
            "pupil-single-name",
            "given",
            Severity::High,
            "The name of a pupil who has a single name",
        ),
        Rule::GivenClass => (
            "pupil-name-class",
            "given",
            Severity::Medium,
            "A pupil's given name, and the class or year is mentioned too",
        ),
        Rule::FamilyClass => (
            "pupil-family-class",
            "family",
            Severity::Medium,
            "A pupil's family name, with a class, a year or a word for a child",
        ),
        Rule::InitialsClass => (
            "pupil-initials-class",
            "initials",
            Severity::Medium,
            "Initials that fit a pupil of the class or year mentioned",
        ),
        Rule::Given => (
            "pupil-given-name",
            "given",
            Severity::Low,
            "A given name that a pupil has",
        ),
        Rule::Unlisted => (
            "unlisted-child-name",
            "full",
            Severity::Low,
            "The name of a child who is not on the pupil list",
        ),
        Rule::Staff => (
            "staff-name",
            "full",
            Severity::Info,
            "A member of staff's name",
        ),
    };
    Report {
        rule,
        kind,
        severity,
        message,
    }
}

/// Finds every reference to a pupil of the register, and the staff names beside them. All surfaces of one item go in
/// together: a class in the caption counts for a name in the text. The author's name of a comment is left alone.
///
/// # Errors
/// `CheckFailure::OverBudget` where the meter runs out.
pub fn scan_names(
    surfaces: &[SurfaceText],
    roster: &Roster,
    context: &NameContext,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut texts: Vec<(Stream<'_>, Vec<classes::Mention>)> = Vec::with_capacity(surfaces.len());
    for surface in surfaces {
        if surface.surface() == Surface::Author && !context.draft {
            continue;
        }
        meter.spend(4 * surface.char_count() as u64)?;
        let stream = Stream::read(surface);
        let mentions = roster.classes.mentions(&stream);
        texts.push((stream, mentions));
    }
    let mut groups: Vec<Group> = Vec::new();
    for mention in texts.iter().flat_map(|(_, mentions)| mentions) {
        meter.spend(1 + groups.len() as u64)?;
        if !groups.contains(&mention.group) {
            groups.push(mention.group.clone());
        }
    }
    let mut findings = Vec::new();
    for (stream, mentions) in &texts {
        let item = Item {
            roster,
            groups: &groups,
            pictured: context.pictured,
            draft: context.draft,
        };
        let candidates = candidates(stream, mentions, &item, meter)?;
        for candidate in strongest(candidates, meter)? {
            findings.extend(finding(stream, roster, &candidate));
        }
    }
    Ok(findings)
}

/// What is the same for every text of an item.
struct Item<'i> {
    roster: &'i Roster,
    groups: &'i [Group],
    pictured: bool,
    draft: bool,
}

fn candidates(
    stream: &Stream<'_>,
    mentions: &[classes::Mention],
    item: &Item<'_>,
    meter: &Meter,
) -> Result<Vec<Candidate>, CheckFailure> {
    let roster = item.roster;
    let parts = Parts::find(stream, roster, meter)?;
    meter.spend(stream.len() as u64)?;
    let (adults, mut candidates) = adults::find(stream, roster, &parts);
    let scene = Scene {
        stream,
        roster,
        parts: &parts,
        mentions,
        groups: item.groups,
        pictured: item.pictured,
        adults,
        worlds: worlds::of_text(stream, &parts),
        draft: item.draft,
        spelt: item.draft && stream.has_capitals(),
        free: frames::free_with_capitals(stream),
    };
    whole::find(&scene, meter, &mut candidates)?;
    misspelt::find(&scene, meter, &mut candidates)?;
    joined::find(&scene, meter, &mut candidates)?;
    misspelt::shared(&scene, meter, &mut candidates)?;
    alone::find(&scene, item.groups, meter, &mut candidates)?;
    reports::find(&scene, meter, &mut candidates)?;
    unlisted::find(&scene, meter, &mut candidates)?;
    Ok(candidates)
}

/// Keeps the strongest candidate at each place: by rule, then by how sure it is, then by length. The same rule at the
/// very same place adds its pupils.
fn strongest(
    mut candidates: Vec<Candidate>,
    meter: &Meter,
) -> Result<Vec<Candidate>, CheckFailure> {
    if candidates.len() < 2 {
        return Ok(candidates);
    }
    meter.spend(16 * candidates.len() as u64)?;
    candidates.sort_by(|a, b| {
        b.rule
            .cmp(&a.rule)
            .then_with(|| b.confidence.total_cmp(&a.confidence))
            .then_with(|| b.bytes.len().cmp(&a.bytes.len()))
            .then_with(|| a.bytes.start.cmp(&b.bytes.start))
    });
    // Kept candidates never overlap, so a map by their start finds the only two that could.
    let mut kept: std::collections::BTreeMap<usize, Candidate> = std::collections::BTreeMap::new();
    for candidate in candidates {
        let same = kept.get_mut(&candidate.bytes.start).filter(|other| {
            other.bytes == candidate.bytes
                && other.rule == candidate.rule
                && other.rule == Rule::Full
        });
        if let Some(other) = same {
            if candidate.confidence >= other.confidence - 0.15 {
                other.pupils.extend(candidate.pupils);
                other.more = other.more.saturating_add(candidate.more);
            }
            continue;
        }
        let overlaps = kept
            .range(..candidate.bytes.end)
            .next_back()
            .is_some_and(|(_, other)| other.bytes.end > candidate.bytes.start);
        if !overlaps {
            kept.insert(candidate.bytes.start, candidate);
        }
    }
    Ok(kept.into_values().collect())
}

fn finding(stream: &Stream<'_>, roster: &Roster, candidate: &Candidate) -> Option<Finding> {
    let surface = stream.surface;
    let span = surface.folded().span(candidate.bytes.clone())?;
    let report = report(candidate.rule);
    let place = surface.surface().plain();
    let kind = if candidate.handle && candidate.rule != Rule::Staff {
        "handle"
    } else {
        report.kind
    };
    let category = if candidate.rule == Rule::Staff {
        Category::StaffName
    } else {
        Category::PupilName
    };
    let finding = Finding::new(
        CheckName::Names,
        RuleId::fixed(report.rule),
        category,
        report.severity,
        candidate.confidence,
        format!("{} stands in {place}.", report.message),
    )
    .with_kind(kind)
    .on(surface.surface(), surface.media().cloned())
    .at(span, surface.slice(span));
    Some(
        if category == Category::PupilName && candidate.rule != Rule::Unlisted {
            finding.about(&roster.refs(&candidate.pupils, candidate.more))
        } else {
            finding
        },
    )
}
