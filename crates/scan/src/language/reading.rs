//! What the wording model adds to the rules: text that reads like harm although no rule names it.

use std::collections::BTreeSet;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, RuleId, Severity, Span, Surface,
};

use super::LanguageContext;
use crate::{
    surface::SurfaceText,
    wording::{LABELS, Label, Reading, SIDE_PUBLIC, Trust},
};

/// How sure the model must be before somebody is called, of a comment and of a draft, which is seldom a cry for help.
const URGENT: [f32; 2] = [0.5, 0.6];

/// How sure it must be that something urgent is meant where a rule has found something else in the same words.
const URGENT_BESIDES: f32 = 0.9;

/// How likely a window of a comment must be told to the public of nobody here (news, a story, advice) before more is
/// asked of what is found in it.
const PUBLIC: f32 = 0.6;

/// How likely harm must be in such a window, whoever found it.
const IN_PUBLIC: f32 = 0.9;

/// The same where a rule found something urgent: how likely public, and how unlikely harm, so that it falls.
const SURELY_PUBLIC: f32 = 0.9;
const UNHARMED: f32 = 0.6;

/// How likely a draft must show harm to everybody around what the model alone or a cue says there, and around what a rule
/// found that is not sure or where the words surely read like harm.
const SHOWN: f32 = 0.04;
const SHOWN_LEAST: f32 = 0.01;

/// A rule stands in a draft where the words read like harm as surely as this, whatever the draft shows.
const SURELY_HARM: f32 = 0.9;

/// How sure it must be before a person looks.
const HARM: [f32; 2] = [0.7, 0.7];

/// The same of hate: the names of groups stand in what is kind, too.
const HATE: f32 = 0.82;

/// How likely something urgent must be in words that read like harm before a comment counts as a concern.
const CONCERN: f32 = 0.4;

/// A rule that is less sure than this is doubted where the model reads the text otherwise.
const DOUBTABLE: f32 = 0.92;

/// Only texts of so many words are doubted: a cry for help is short.
const PROSE: usize = 14;

/// A rule that is less sure than this of something urgent gives a cue, no finding by itself.
pub(super) const CUE: f32 = 0.5;

/// How likely something urgent must be in the same words before a cue counts; where several rules give one, each need
/// show less.
const CUED: f32 = 0.3;

/// However many cues there are, no less than this.
const CUED_LEAST: f32 = 0.15;

/// A rule is so sure at most of something urgent beside something harmless, and then the model must show more.
pub(super) const EXCUSED: f32 = 0.2;
const EXCUSED_CUED: f32 = 0.4;

/// What the model says is unsure below this.
const SURE: f32 = 0.8;

/// What the model says of one window of a long comment asks for the comment as a whole below this, and how likely
/// something urgent must be in that (of 133 labelled long comments with nothing but such findings, 18 of 24 that need
/// nobody's help are below, and 2 of 109 that do).
const SURE_OF_A_PART: f32 = 0.9;
pub(super) const BORNE_OUT: f32 = 0.4;

/// Where no window is as sure as the first, and the comment as a whole below the second, a person need not even look.
pub(super) const LIKELY_OF_A_PART: f32 = 0.7;
pub(super) const HINTED: f32 = 0.05;

/// A doubtful hit stands from this belief on: of something urgent, and of something else.
const BELIEVED: [f32; 2] = [0.3, 0.5];

/// Whether the wording model knows about such a finding, and the rule was not sure of it.
pub fn is_doubtable(found: &Finding) -> bool {
    let known = |label: &Label| label.category == Some(found.category);
    found.confidence < DOUBTABLE && LABELS.iter().any(known)
}

/// Takes out what a rule found without being sure of it, where the text as a whole reads like ordinary words and the
/// rule is known to be mistaken in such texts, or where a comment tells the public of nobody here and does not surely read
/// like harm. What a rule is sure of stays, whatever the model thinks. `closer` says how likely harm is in the words around
/// a place alone: something urgent that reads like it there stays.
///
/// # Errors
/// What `closer` gives.
pub(super) fn doubt(
    readings: &[(Span, Reading)],
    trust: &Trust,
    context: &LanguageContext,
    findings: &mut Vec<Finding>,
    closer: impl Fn(Span) -> Result<f32, CheckFailure>,
) -> Result<(), CheckFailure> {
    let sure = findings.iter().filter(|found| !is_cue(found));
    let mut rules: Vec<&str> = sure.map(|found| found.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let others = rules.len().saturating_sub(1);
    let mut believed = Vec::with_capacity(findings.len());
    for found in findings.iter() {
        let doubtable = is_doubtable(found) && !is_cue(found);
        let (Some(span), true) = (found.span(), doubtable) else {
            believed.push(true);
            continue;
        };
        let Some(harm) = harm_around(readings, span) else {
            believed.push(true);
            continue;
        };
        let urgent = is_urgent(found.category);
        let (public, harmed) = if urgent {
            (SURELY_PUBLIC, UNHARMED)
        } else {
            (PUBLIC, IN_PUBLIC)
        };
        if harm < harmed && in_public(readings, span, public, context) {
            believed.push(false);
            continue;
        }
        let least = BELIEVED[usize::from(!urgent)];
        let belief = |harm| trust.belief(found.rule.as_str(), found.confidence, harm, others);
        let stands = belief(harm) >= least || (urgent && belief(harm.max(closer(span)?)) >= least);
        believed.push(stands);
    }
    let mut believed = believed.into_iter();
    findings.retain(|_| believed.next().unwrap_or(true));
    Ok(())
}

/// How likely a draft must show harm around something urgent: where the model alone says it, where it is no more than one
/// of the `cues` (less where the words surely read like harm), or where a rule that is not sure found it and the words do
/// not surely read like harm (a page on the signs of abuse, a lesson on knives). A missing child is looked for at once.
pub(super) fn must_be_shown(
    found: &Finding,
    cues: &BTreeSet<Place>,
    readings: &[(Span, Reading)],
) -> Option<f32> {
    if !is_urgent(found.category) {
        return None;
    }
    let harm = found.span().and_then(|span| harm_around(readings, span));
    let surely = harm.is_some_and(|harm| harm >= SURELY_HARM);
    if is_reading(found) || cues.contains(&place(found)) {
        return Some(if surely { SHOWN_LEAST } else { SHOWN });
    }
    let searched = found.category == Category::MissingChild;
    let doubted = is_doubtable(found) && !searched && harm.is_some() && !surely;
    doubted.then_some(SHOWN_LEAST)
}

/// How likely harm is in the windows around a place that may be doubted: one of them is long enough, and the others, such
/// as the same words with their disguises undone, are heard too.
fn harm_around(readings: &[(Span, Reading)], span: Span) -> Option<f32> {
    let around = || readings.iter().filter(|(place, _)| place.overlaps(span));
    around().find(|(_, reading)| reading.words >= PROSE)?;
    around().map(|(_, reading)| reading.harm).reduce(f32::max)
}

/// Whether what is told here is told to the public of nobody here.
fn in_public(
    readings: &[(Span, Reading)],
    span: Span,
    least: f32,
    context: &LanguageContext,
) -> bool {
    let mut over = readings.iter().filter(|(place, _)| place.overlaps(span));
    let public = |(_, reading): &(Span, Reading)| {
        is_public(reading, context) && reading.sides[SIDE_PUBLIC] >= least
    };
    over.clone().next().is_some() && over.all(public)
}

/// Whether the window of a comment is told to the public of nobody here.
fn is_public(reading: &Reading, context: &LanguageContext) -> bool {
    !context.draft && reading.words >= PROSE && reading.sides[SIDE_PUBLIC] >= PUBLIC
}

/// How likely harm must be in a window for which `least` is enough where somebody speaks of people they know.
fn asked(least: f32, reading: &Reading, context: &LanguageContext) -> f32 {
    if is_public(reading, context) {
        least.max(IN_PUBLIC)
    } else {
        least
    }
}

/// Takes out the cues that the text as a whole does not bear out; those that stand are as sure as the model is. In a
/// comment each cue counts, in a draft each rule that gives some.
pub(super) fn weigh_cues(
    readings: &[(Span, Reading)],
    context: &LanguageContext,
    findings: &mut Vec<Finding>,
) {
    let mut cues: Vec<(&str, Option<&str>)> = findings
        .iter()
        .filter(|found| is_cue(found))
        .map(|found| {
            let words = found.text.as_deref().filter(|_| !context.draft);
            (found.rule.as_str(), words)
        })
        .collect();
    cues.sort_unstable();
    cues.dedup();
    let least = CUED / f32::from(u8::try_from(cues.len()).unwrap_or(u8::MAX));
    let least = least.max(CUED_LEAST);
    let others: Vec<Span> = findings
        .iter()
        .filter(|found| is_another_matter(found))
        .filter_map(Finding::span)
        .collect();
    findings.retain_mut(|found| {
        let (Some(span), true) = (found.span(), is_cue(found)) else {
            return true;
        };
        let other = |place: &Span| others.iter().any(|other| other.overlaps(*place));
        let excused = found.confidence <= EXCUSED;
        let over = readings.iter().filter(|(place, _)| place.overlaps(span));
        let bears_out = over.filter(|(place, reading)| {
            let least = if other(place) { URGENT_BESIDES } else { least };
            let least = if excused {
                least.max(EXCUSED_CUED)
            } else {
                least
            };
            reading.urgent >= asked(least, reading, context)
        });
        let urgent = bears_out
            .map(|(_, reading)| reading.urgent)
            .reduce(f32::max);
        found.confidence = found.confidence.max(urgent.unwrap_or(0.0));
        urgent.is_some()
    });
}

/// Whether a rule found harm that a person looks at and that is not urgent, such as bullying or hate.
fn is_another_matter(found: &Finding) -> bool {
    let known = |label: &Label| label.category == Some(found.category);
    found.severity >= Severity::Medium && !is_urgent(found.category) && LABELS.iter().any(known)
}

/// Whether a rule found something urgent and is not sure enough of it for a finding.
pub(super) fn is_cue(found: &Finding) -> bool {
    found.confidence < CUE && is_urgent(found.category)
}

/// A finding's rule and where it stands.
pub(super) type Place = (RuleId, Option<Span>);

/// Which finding it is.
pub(super) fn place(found: &Finding) -> Place {
    (found.rule.clone(), found.span())
}

/// Whether the model speaks of something urgent, alone or with a cue, and not strongly. `cues`: what was no more than a
/// cue before the model had its say.
pub(super) fn is_unsure(found: &Finding, cues: &BTreeSet<Place>) -> bool {
    found.confidence < SURE && must_be_borne_out(found, cues)
}

/// Whether the model speaks of something urgent in one window of a comment, alone or with a cue, and the comment as a whole
/// must bear it out. `cues`: what was no more than a cue before the model had its say.
pub(super) fn must_be_borne_out(found: &Finding, cues: &BTreeSet<Place>) -> bool {
    found.confidence < SURE_OF_A_PART
        && is_urgent(found.category)
        && (is_reading(found) || cues.contains(&place(found)))
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
        if is_signature(text.slice(span)) {
            continue;
        }
        if is_told(&known, &findings, category, label, span) {
            continue;
        }
        let by = (CheckName::Language, label);
        findings.push(finding(text, by, category, confidence, span));
    }
    findings
}

/// "Mr R. Tindall, Headteacher": whoever signs says nothing.
fn is_signature(said: &str) -> bool {
    const TITLES: &[&str] = &[
        "Mr", "Mrs", "Miss", "Ms", "Mx", "Dr", "Rev", "Revd", "Fr", "Sr", "Cllr", "Prof",
    ];
    const JOINED: &[&str] = &["of", "and", "the", "for", "de", "to"];
    let mut words = said
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty());
    let titled = words.next().is_some_and(|first| TITLES.contains(&first));
    titled
        && said
            .chars()
            .all(|c| c.is_alphabetic() || " \n.,'-\u{2019}\u{2013}()".contains(c))
        && words.clone().count() <= 8
        && words.all(|word| {
            let mut letters = word.chars();
            let capital = letters.next().is_some_and(char::is_uppercase);
            JOINED.contains(&word) || capital && (word.len() < 4 || letters.any(char::is_lowercase))
        })
}

/// The finding of a check that words read like a label, which is of this category.
pub(super) fn finding(
    text: &SurfaceText,
    (check, label): (CheckName, &Label),
    category: Category,
    confidence: f32,
    span: Span,
) -> Finding {
    let found = Finding::new(
        check,
        RuleId::fixed(label.rule),
        category,
        label.severity(),
        confidence,
        format!(
            "Read as a whole, this is like {}. It was recognised by its wording, not by one phrase; please read it.",
            label.plain
        ),
    )
    .on(text.surface(), text.media().cloned())
    .at(span, text.slice(span));
    match label.kind {
        Some(kind) => found.with_kind(kind),
        None => found,
    }
}

/// Whether a comment reads like a concern: somebody must look, although nothing is sure enough to call somebody. Beside
/// a claim to pictures or records, `claim`, the model must be sure.
pub(super) fn is_concern(reading: &Reading, claim: bool) -> bool {
    let urgent = reading.urgent;
    if claim {
        return urgent >= SURE;
    }
    urgent >= URGENT[0] || (reading.words >= PROSE && reading.harm >= HARM[0] && urgent >= CONCERN)
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
    let asked = |least| asked(least, reading, context);
    let least = if other { URGENT_BESIDES } else { URGENT[at] };
    if reading.urgent >= asked(least) {
        return Some((reading.urgent_label, reading.urgent));
    }
    let least = asked(match reading.label.category {
        Some(Category::Hate) => HATE,
        _ => HARM[at],
    });
    (reading.harm >= least && !reading.label.urgent).then_some((reading.label, reading.harm))
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

/// Whether somebody must be told at once of such a finding.
pub(super) fn is_urgent(category: Category) -> bool {
    let mut urgent = LABELS.iter().filter(|label| label.urgent);
    urgent.any(|label| label.category == Some(category))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(urgent: f32) -> (Span, Reading) {
        let reading = Reading::urgent_so_far(0..40, urgent);
        (Span { start: 0, end: 40 }, reading)
    }

    fn found(rule: &str, category: Category, confidence: f32) -> Finding {
        Finding::new(
            CheckName::Language,
            RuleId::new(rule),
            category,
            Severity::High,
            confidence,
            "",
        )
        .at(Span { start: 4, end: 8 }, "word")
    }

    fn weighed(mut findings: Vec<Finding>, urgent: f32) -> usize {
        weigh_cues(
            &[reading(urgent)],
            &LanguageContext { draft: false },
            &mut findings,
        );
        findings.len()
    }

    #[test]
    fn a_cue_stands_where_the_wording_bears_it_out() {
        let cue = |rule| found(rule, Category::SelfHarm, 0.4);
        assert_eq!(weighed(vec![cue("cue-a")], 0.2), 0);
        assert_eq!(weighed(vec![cue("cue-a")], 0.35), 1);
        assert_eq!(weighed(vec![cue("cue-a"), cue("cue-b")], 0.2), 2);
        assert_eq!(weighed(vec![found("a", Category::SelfHarm, 0.6)], 0.0), 1);
        assert_eq!(weighed(vec![found("a", Category::Insult, 0.4)], 0.0), 1);
    }

    #[test]
    fn more_is_asked_of_what_is_told_to_the_public() {
        let left = |urgent, public, draft| {
            let (span, mut window) = reading(urgent);
            window.words = PROSE;
            window.sides[SIDE_PUBLIC] = public;
            let mut findings = vec![found("cue-a", Category::SelfHarm, 0.4)];
            let context = LanguageContext { draft };
            weigh_cues(&[(span, window.clone())], &context, &mut findings);
            let said = says(&window, &context, false).is_some();
            (findings.len(), said)
        };
        assert_eq!(left(0.6, 0.1, false), (1, true));
        assert_eq!(left(0.6, 0.9, false), (0, false));
        assert_eq!(left(0.95, 0.9, false), (1, true));
        assert_eq!(left(0.6, 0.9, true), (1, true));
    }

    #[test]
    fn what_nobody_is_sure_of_must_be_shown_by_the_draft() {
        let asked = |rule: &str, category, sure, harm| {
            let found = found(rule, category, sure);
            let cues = BTreeSet::from([(RuleId::new("cue"), found.span())]);
            let mut reading = reading(harm);
            reading.1.words = PROSE;
            must_be_shown(&found, &cues, &[reading])
        };
        let harm = Category::SelfHarm;
        assert_eq!(asked("cue", harm, 0.6, 0.5), Some(SHOWN));
        assert_eq!(asked("cue", harm, 0.6, 0.99), Some(SHOWN_LEAST));
        assert_eq!(asked("reads-like-self-harm", harm, 0.6, 0.5), Some(SHOWN));
        assert_eq!(asked("self-harm-own", harm, 0.6, 0.5), Some(SHOWN_LEAST));
        assert_eq!(asked("self-harm-own", harm, 0.6, 0.95), None);
        assert_eq!(asked("self-harm-own", harm, 0.95, 0.5), None);
        assert_eq!(asked("missing", Category::MissingChild, 0.6, 0.5), None);
        assert_eq!(asked("reads-like-insult", Category::Insult, 0.6, 0.5), None);
    }

    #[test]
    fn a_name_with_its_office_is_a_signature_and_a_judgement_is_none() {
        for signed in [
            "Mr R. Tindall, Headteacher",
            "Mrs Ann Shayle\nHead of Sixth Form",
        ] {
            assert!(is_signature(signed), "{signed}");
        }
        for said in [
            "Mr Tindall is useless",
            "MR TINDALL IS USELESS",
            "Useless Headteacher",
            "Miss Whitfield 🍑",
        ] {
            assert!(!is_signature(said), "{said}");
        }
    }

    #[test]
    fn a_cue_beside_bullying_must_be_borne_out_strongly() {
        let both = || {
            vec![
                found("cue-a", Category::SelfHarm, 0.4),
                found("b", Category::Bullying, 0.7),
            ]
        };
        assert_eq!(weighed(both(), 0.5), 1);
        assert_eq!(weighed(both(), 0.95), 2);
    }
}
