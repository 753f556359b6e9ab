//! What the wording model alone makes of words that deny hate, blame it, or threaten in jest: such words are taken out, and
//! the rest is read by itself.

use schoolgate_model::{Category, CheckFailure, CommentClass, Finding, Meter, Span};

use super::{LanguageContext, faces, reading};
use crate::{
    lexicon::{Lexicon, Prepared, Rule, Subject},
    surface::SurfaceText,
};

/// The kinds of calm rules whose words are taken out: of hate and what resembles it, and of anything.
const DENIED: &str = "denied";
const IDIOM: &str = "idiom";

/// Fewer words than this are read like nothing: where somebody denies hate, `they are people like us` is no contempt.
const FEWEST: usize = 9;

/// The same where an idiom was taken out of something else.
const FEWEST_BESIDES: usize = 3;

/// Whether the words of a calm rule are taken out, rather than speaking for the words around them.
pub(super) fn takes_out(rule: &Rule) -> bool {
    matches!(rule.kind.as_deref(), Some(DENIED | IDIOM))
}

/// Takes out what the model alone finds in words of which nothing of the kind is left once denials and idioms are gone.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub(super) fn doubt(
    text: &SurfaceText,
    lexicon: &Lexicon,
    prepared: &Prepared,
    context: &LanguageContext,
    findings: &mut Vec<Finding>,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    if !findings.iter().any(reading::is_reading) {
        return Ok(());
    }
    let wanted = |rule: &Rule| {
        rule.subject == Subject::Class(CommentClass::Other)
            && takes_out(rule)
            && faces(rule, context)
    };
    let hits = lexicon.hits(prepared, context.draft, wanted, meter)?;
    if hits.is_empty() {
        return Ok(());
    }
    let of = |kinds: &[&str]| {
        let kinds = hits.iter().filter(|hit| {
            let kind = hit.rule.kind.as_deref();
            kind.is_some_and(|kind| kinds.contains(&kind))
        });
        kinds.map(|hit| hit.span).collect::<Vec<_>>()
    };
    let (denials, idioms) = (of(&[DENIED, IDIOM]), of(&[IDIOM]));
    let mut kept = Vec::with_capacity(findings.len());
    for found in findings.iter() {
        let span = found.span().filter(|_| reading::is_reading(found));
        let (out, fewest) = if is_unkind(found.category) {
            (within(&denials, span), FEWEST)
        } else {
            (within(&idioms, span), FEWEST_BESIDES)
        };
        kept.push(match span {
            Some(span) if !out.is_empty() => {
                let rest = without(text, span, &out);
                let long = rest.split_whitespace().count() >= fewest;
                long && reads_like_harm(text, &rest, lexicon, context, meter)?
            }
            _ => true,
        });
    }
    let mut kept = kept.into_iter();
    findings.retain(|_| kept.next().unwrap_or(true));
    Ok(())
}

/// What denied hate is taken for.
fn is_unkind(category: Category) -> bool {
    matches!(
        category,
        Category::Hate | Category::Insult | Category::Bullying
    )
}

fn within(places: &[Span], span: Option<Span>) -> Vec<Span> {
    let here = places
        .iter()
        .filter(|place| span.is_some_and(|span| place.overlaps(span)));
    here.copied().collect()
}

/// The words of a span without those places.
fn without(text: &SurfaceText, span: Span, out: &[Span]) -> String {
    let is_out = |at: u32| {
        out.iter()
            .any(|place| (place.start..place.end).contains(&at))
    };
    let chars = text.slice(span).chars().zip(span.start..);
    chars
        .map(|(c, at)| if is_out(at) { ' ' } else { c })
        .collect()
}

/// Whether the model by itself finds harm in the words.
fn reads_like_harm(
    text: &SurfaceText,
    words: &str,
    lexicon: &Lexicon,
    context: &LanguageContext,
    meter: &Meter,
) -> Result<bool, CheckFailure> {
    let words = SurfaceText::new(text.surface(), None, words);
    let prepared = lexicon.prepare(&words, meter)?;
    let readings = lexicon.readings(&prepared, meter)?;
    Ok(!reading::findings(&words, readings, context, &[]).is_empty())
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Budget, CheckName, RuleId, Severity, Surface};

    use super::*;
    use crate::lexicon::tests::LEXICON;

    fn stands(words: &str, rule: &str, category: Category) -> bool {
        let text = SurfaceText::new(Surface::Text, None, words);
        let meter = Budget::default().meter();
        let prepared = LEXICON.prepare(&text, &meter).unwrap();
        let whole = Span {
            start: 0,
            end: u32::try_from(words.chars().count()).unwrap(),
        };
        let rule = RuleId::new(rule);
        let found = Finding::new(CheckName::Language, rule, category, Severity::High, 0.9, "");
        let mut findings = vec![found.at(whole, words)];
        let context = LanguageContext { draft: false };
        doubt(&text, &LEXICON, &prepared, &context, &mut findings, &meter).unwrap();
        !findings.is_empty()
    }

    #[test]
    fn hate_that_is_denied_is_read_without_its_denial() {
        let hate = |words| stands(words, "reads-like-hate", Category::Hate);
        assert!(!hate("Travellers aren't thieves"));
        assert!(!hate("You can't say that all immigrants are criminals"));
        assert!(hate("Travellers are thieves"));
        assert!(hate("Not all Somalis are criminals, just most of them"));
        assert!(hate(
            "Not all of them are thieves. But I hate every dirty one of them and they should all be sent back"
        ));
    }

    #[test]
    fn a_rule_or_something_urgent_is_not_denied_away() {
        let denied = "Travellers aren't thieves";
        assert!(stands(denied, "hate-derogation", Category::Hate));
        assert!(stands(denied, "reads-like-self-harm", Category::SelfHarm));
        let idiom = "My brother will have my head if I scratch his bike";
        assert!(!stands(idiom, "reads-like-self-harm", Category::SelfHarm));
    }
}
