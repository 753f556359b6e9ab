//! Other languages: which one a text looks like, the few words of it that somebody must look at, and what was not
//! understood.
//!
//! Recognising a language is a matter of its everyday words, counted against everyday English ones; dialect,
//! text-speak, names and emoji are English here. Nothing is translated.

mod book;
mod identify;
mod pack;
mod phrases;
mod scripts;
#[cfg(test)]
mod tests;
mod together;
mod words;

use schoolgate_model::{
    Category, CheckFailure, CheckName, CommentClass, Finding, Meter, RuleId, Severity, Span,
    Surface,
};

pub(crate) use self::pack::{TEXT, Tongues};
use self::{
    identify::{Guess, identify},
    phrases::{Meaning, Needs},
    words::Words,
};
use crate::surface::SurfaceText;

/// The rule of the finding that says which language was not understood.
pub(crate) const OTHER_LANGUAGE: &str = "other-language";

/// The least certainty at which a name found in the text keeps it from being approved unread.
const SURE_NAME: f32 = 0.5;

/// What a text says in another language.
pub(crate) struct Reading<'t> {
    tongues: &'t Tongues,
    guess: Option<Guess<'t>>,
    hits: Vec<(&'t Meaning, Span)>,
    /// Words that are neither English nor known words of the language.
    unknown: Vec<Span>,
    asks: bool,
}

impl<'t> Reading<'t> {
    /// Reads a text. Costs a step for each of its bytes.
    pub(crate) fn of(
        text: &SurfaceText,
        tongues: &'t Tongues,
        meter: &Meter,
    ) -> Result<Self, CheckFailure> {
        meter.spend(text.original().len() as u64)?;
        if tongues.is_plainly_english(text.original()) {
            return Ok(Self {
                tongues,
                guess: None,
                hits: Vec::new(),
                unknown: Vec::new(),
                asks: false,
            });
        }
        Ok(Self::word_by_word(text, tongues))
    }

    fn word_by_word(text: &SurfaceText, tongues: &'t Tongues) -> Self {
        let words = Words::of(text.original());
        let (guess, unknown) = identify(&words, text.original(), tongues);
        let mut hits = tongues.hits(&words);
        hits.retain(|(meaning, _)| match (meaning.needs, &guess) {
            (Needs::Nothing, _) | (Needs::Foreign, Some(_)) => true,
            (Needs::Tongue(needed), Some(guess)) => guess.tongue == Some(needed),
            _ => false,
        });
        Self {
            tongues,
            guess,
            hits,
            unknown,
            asks: text
                .original()
                .contains(['?', '\u{61F}', '\u{FF1F}', '\u{37E}']),
        }
    }

    /// What kind of comment its words speak for.
    pub(crate) fn classes(&self) -> Vec<CommentClass> {
        if self.guess.is_none() {
            return Vec::new();
        }
        let says = |class| {
            self.hits
                .iter()
                .any(|(meaning, _)| meaning.class == Some(class))
        };
        let complains = says(CommentClass::Complaint);
        let asks = says(CommentClass::Query) && (self.asks || !says(CommentClass::Praise));
        let mut classes = Vec::new();
        if says(CommentClass::Praise) && !complains {
            classes.push(CommentClass::Praise);
        }
        if !complains && (asks || self.asks) {
            classes.push(CommentClass::Query);
        }
        if complains {
            classes.push(CommentClass::Complaint);
        }
        classes
    }

    /// Whether a finding is an everyday word of the language that only looks like an English one.
    fn excuses(&self, finding: &Finding) -> bool {
        let tongue = self.guess.as_ref().and_then(|guess| guess.tongue);
        match (&finding.text, tongue) {
            (Some(text), Some(tongue)) => self.tongues.is_harmless(tongue, text),
            _ => false,
        }
    }

    /// The words that somebody must look at.
    fn risks(&self, text: &SurfaceText) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for (meaning, span) in &self.hits {
            let Some(rule) = meaning.risk.map(|risk| &self.tongues.rules()[risk]) else {
                continue;
            };
            let name = &meaning.language;
            let known = findings.iter().any(|earlier| {
                earlier.category == rule.category
                    && earlier.span().is_some_and(|other| other.overlaps(*span))
            });
            if !known {
                let message = format!("{} It looks like {name}.", rule.message);
                findings.push(
                    Finding::new(
                        CheckName::Language,
                        rule.id.clone(),
                        rule.category,
                        meaning.severity,
                        0.75,
                        message,
                    )
                    .on(text.surface(), text.media().cloned())
                    .at(*span, text.slice(*span)),
                );
            }
        }
        findings
    }

    /// The finding that says which language was not understood: for information, unless a register name, personal
    /// data or a risk stands in it.
    fn note(&self, text: &SurfaceText, found: &[&Finding]) -> Option<Finding> {
        let guess = self.guess.as_ref()?;
        let grave = found.iter().any(|finding| self.is_grave(finding));
        let severity = if grave {
            Severity::Medium
        } else {
            Severity::Info
        };
        let message = format!(
            "Looks like {}; Schoolgate read names, personal details and some risk words only.",
            guess.name
        );
        let note = Finding::new(
            CheckName::Language,
            RuleId::fixed(OTHER_LANGUAGE),
            Category::ScreeningIncomplete,
            severity,
            guess.confidence,
            message,
        )
        .with_kind(CheckName::Language.code())
        .on(text.surface(), text.media().cloned())
        .at(guess.span, text.slice(guess.span));
        Some(note)
    }

    /// Whether a finding keeps the text from being approved unread. A given name among words that are all understood
    /// is what it would be in English.
    fn is_grave(&self, finding: &Finding) -> bool {
        match finding.category {
            Category::PupilName => finding.confidence >= SURE_NAME && self.says_more(finding),
            Category::StaffName | Category::ScreeningIncomplete => false,
            Category::PersonalData => finding.confidence >= SURE_NAME,
            _ => finding.severity >= Severity::Medium,
        }
    }

    /// Whether words that nobody understood stand outside the finding.
    fn says_more(&self, finding: &Finding) -> bool {
        let own = finding.span();
        self.unknown
            .iter()
            .any(|word| own.is_none_or(|own| !own.overlaps(*word)))
    }
}

/// Adds to the findings about a text what its language makes of it: risk words of other languages, and a note of the
/// language that was not understood. Drops findings that are everyday words of that language. Answers with the classes
/// that its words speak for.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub(crate) fn scan(
    text: &SurfaceText,
    tongues: &Tongues,
    earlier: &[Finding],
    found: &mut Vec<Finding>,
    meter: &Meter,
) -> Result<Option<Vec<CommentClass>>, CheckFailure> {
    if !matches!(
        text.surface(),
        Surface::Text | Surface::Alt | Surface::Caption
    ) {
        return Ok(None);
    }
    let reading = Reading::of(text, tongues, meter)?;
    let here = |finding: &&Finding| {
        finding.surface == Some(text.surface()) && finding.media.as_ref() == text.media()
    };
    found.retain(|finding| !here(&finding) || !reading.excuses(finding));
    found.extend(reading.risks(text));
    let around: Vec<&Finding> = earlier.iter().chain(found.iter()).filter(here).collect();
    let note = reading.note(text, &around);
    found.extend(note);
    Ok(Some(reading.classes()))
}
