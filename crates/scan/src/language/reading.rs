//! What the wording model adds to the rules: text that reads like harm although no rule names it.

use schoolgate_model::{Category, CheckName, Finding, RuleId, Severity, Span, Surface};

use super::LanguageContext;
use crate::{
    surface::SurfaceText,
    wording::{LABELS, Label, Reading, Trust},
};

/// How sure the model must be before somebody is called: in a comment, and in what the school itself wants to say.
const URGENT: [f32; 2] = [0.5, 0.7];

/// How sure it must be that something urgent is meant where a rule has found something else in the same words.
const URGENT_BESIDES: f32 = 0.9;

/// How sure it must be of a few words.
const URGENT_SHORT: f32 = 0.62;

/// How sure it must be before a person looks.
const HARM: [f32; 2] = [0.82, 0.85];

/// How likely something urgent must be in words that read like harm before a comment counts as a concern.
const CONCERN: f32 = 0.4;

/// A rule that is less sure than this is doubted where the model reads the text otherwise.
const DOUBTABLE: f32 = 0.92;

/// Only texts of so many words are doubted: a cry for help is short.
const PROSE: usize = 14;

/// A doubtful hit stands from this belief on: of something urgent, and of something else.
const BELIEVED: [f32; 2] = [0.45, 0.5];

/// Whether the wording model knows about such a finding, and the rule was not sure of it.
pub fn is_doubtable(found: &Finding) -> bool {
    let known = |label: &Label| label.category == Some(found.category);
    found.confidence < DOUBTABLE && LABELS.iter().any(known)
}

/// Takes out what a rule found without being sure of it, where the text as a whole reads like ordinary words and the
/// rule is known to be mistaken in such texts. What a rule is sure of stays, whatever the model thinks.
pub(super) fn doubt(readings: &[(Span, Reading)], trust: &Trust, findings: &mut Vec<Finding>) {
    let mut rules: Vec<&str> = findings.iter().map(|found| found.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let others = rules.len().saturating_sub(1);
    findings.retain(|found| {
        let (Some(span), true) = (found.span(), is_doubtable(found)) else {
            return true;
        };
        let over = readings
            .iter()
            .filter(|(place, reading)| place.overlaps(span) && reading.words >= PROSE);
        let harm = over.map(|(_, reading)| reading.harm).reduce(f32::max);
        let least = BELIEVED[usize::from(!is_urgent(found.category))];
        let belief = |harm| trust.belief(found.rule.as_str(), found.confidence, harm, others);
        harm.is_none_or(|harm| belief(harm) >= least)
    });
}

/// Whether this surface is written in sentences by somebody.
pub(super) fn is_prose(surface: Surface) -> bool {
    matches!(surface, Surface::Text | Surface::Alt | Surface::Caption)
}

/// The findings of the model in what somebody wrote in sentences, where no rule of the same weight has found something in the same words.
pub(super) fn findings(
    text: &SurfaceText,
    readings: &[(Span, Reading)],
    context: &LanguageContext,
    known: &[Finding],
) -> Vec<Finding> {
    let known = Known::of(known);
    let mut findings: Vec<Finding> = Vec::new();
    for (span, reading) in readings {
        let span = *span;
        let other = known
            .overlapping(span)
            .any(|found| !is_urgent(found.category));
        let Some((label, confidence)) = says(reading, context, other) else {
            continue;
        };
        let Some(category) = label.category else {
            continue;
        };
        if is_told(&known, &findings, category, label, span) {
            continue;
        }
        let severity = if label.urgent {
            Severity::High
        } else {
            Severity::Medium
        };
        let found = Finding::new(
            CheckName::Language,
            RuleId::fixed(label.rule),
            category,
            severity,
            confidence,
            format!(
                "Read as a whole, this is like {}. It was recognised by its wording, not by one phrase; please read it.",
                label.plain
            ),
        )
        .on(text.surface(), text.media().cloned())
        .at(span, text.slice(span));
        findings.push(match label.kind {
            Some(kind) => found.with_kind(kind),
            None => found,
        });
    }
    findings
}

/// Whether a comment reads like a concern: somebody must look, although nothing is sure enough to call somebody.
pub(super) fn is_concern(reading: &Reading) -> bool {
    let [least, urgent] = [least(reading, 0), reading.urgent];
    urgent >= least || (reading.words >= PROSE && reading.harm >= HARM[0] && urgent >= CONCERN)
}

/// How sure the model must be of something urgent in such a text. `at`: 0 in a comment, 1 in a draft.
fn least(reading: &Reading, at: usize) -> f32 {
    if reading.words < PROSE {
        URGENT_SHORT.max(URGENT[at])
    } else {
        URGENT[at]
    }
}

/// Whether the finding is the wording model's.
pub fn is_reading(found: &Finding) -> bool {
    let rule = found.rule.as_str();
    LABELS
        .iter()
        .any(|label| label.category.is_some() && label.rule == rule)
}

/// The label that the model is sure enough of, if any, and how sure. `other`: a rule found something that is not urgent.
fn says(
    reading: &Reading,
    context: &LanguageContext,
    other: bool,
) -> Option<(&'static Label, f32)> {
    let at = usize::from(context.draft);
    let least = if other {
        URGENT_BESIDES
    } else {
        least(reading, at)
    };
    if reading.urgent >= least {
        return Some((reading.urgent_label, reading.urgent));
    }
    (reading.harm >= HARM[at] && !reading.label.urgent).then_some((reading.label, reading.harm))
}

/// What the rules found, so that a place is looked up and not searched for.
struct Known<'f> {
    /// In the order of their starts.
    findings: Vec<(Span, &'f Finding)>,
    /// The longest of them.
    longest: u32,
}

impl<'f> Known<'f> {
    fn of(findings: &'f [Finding]) -> Self {
        let mut findings: Vec<_> = findings
            .iter()
            .filter(|found| found.severity >= Severity::Medium)
            .filter_map(|found| Some((found.span()?, found)))
            .collect();
        findings.sort_by_key(|(span, _)| *span);
        let longest = findings.iter().map(|(span, _)| span.end - span.start).max();
        Self {
            findings,
            longest: longest.unwrap_or(0),
        }
    }

    fn overlapping(&self, span: Span) -> impl Iterator<Item = &'f Finding> {
        let from = span.start.saturating_sub(self.longest);
        let first = self
            .findings
            .partition_point(|(known, _)| known.start < from);
        self.findings[first..]
            .iter()
            .take_while(move |(known, _)| known.start < span.end)
            .filter(move |(known, _)| known.overlaps(span))
            .map(|(_, found)| *found)
    }
}

/// Whether the same, or something urgent where this is not, is said about these words already.
fn is_told(
    known: &Known<'_>,
    findings: &[Finding],
    category: Category,
    label: &Label,
    span: Span,
) -> bool {
    let same = |found: &Finding| {
        found.category == category || (!label.urgent && is_urgent(found.category))
    };
    // neighbouring windows overlap only with those next to them
    let near = findings.iter().rev().take(2);
    let near = near.filter(|found| found.span().is_some_and(|place| place.overlaps(span)));
    known.overlapping(span).chain(near).any(same)
}

fn is_urgent(category: Category) -> bool {
    let mut urgent = LABELS.iter().filter(|label| label.urgent);
    urgent.any(|label| label.category == Some(category))
}
