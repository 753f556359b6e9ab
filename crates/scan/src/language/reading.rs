//! What the wording model adds to the rules: text that reads like harm although no rule names it.

use schoolgate_model::{CheckFailure, CheckName, Finding, Meter, RuleId, Severity, Surface};

use super::LanguageContext;
use crate::{
    lexicon::{Lexicon, Prepared},
    surface::SurfaceText,
    wording::{LABELS, Label, Reading},
};

/// How sure the model must be before somebody is called: in a comment, and in what the school itself wants to say.
const URGENT: [f32; 2] = [0.5, 0.8];

/// How sure it must be before a person looks.
const HARM: [f32; 2] = [0.55, 0.8];

/// How sure it must be that something urgent may be meant before a comment counts as a concern.
pub(super) const CONCERN: f32 = 0.35;

/// Whether this surface is written in sentences by somebody.
pub(super) fn is_prose(surface: Surface) -> bool {
    matches!(surface, Surface::Text | Surface::Alt | Surface::Caption)
}

/// The findings of the model, where no rule of the same weight has found something in the same words.
pub(super) fn findings(
    text: &SurfaceText,
    prepared: &Prepared,
    lexicon: &Lexicon,
    context: &LanguageContext,
    known: &[Finding],
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    if !is_prose(text.surface()) {
        return Ok(Vec::new());
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (span, reading) in lexicon.readings(prepared, meter)? {
        let Some((label, confidence)) = says(&reading, context) else {
            continue;
        };
        let Some(category) = label.category else {
            continue;
        };
        let told = known.iter().chain(&findings).any(|known| {
            let same = known.category == category || (is_urgent(known) && !label.urgent);
            same && known.severity >= Severity::Medium
                && known.span().is_some_and(|place| place.overlaps(span))
        });
        if told {
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
    Ok(findings)
}

/// The label that the model is sure enough of, if any, and how sure.
fn says(reading: &Reading, context: &LanguageContext) -> Option<(&'static Label, f32)> {
    let at = usize::from(context.draft);
    if reading.urgent >= URGENT[at] {
        return Some((reading.urgent_label, reading.urgent));
    }
    (reading.harm >= HARM[at] && !reading.label.urgent).then_some((reading.label, reading.harm))
}

fn is_urgent(found: &Finding) -> bool {
    let label = |label: &&Label| label.urgent && label.category == Some(found.category);
    LABELS.iter().any(|l| label(&l))
}
