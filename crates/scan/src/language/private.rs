//! What a draft tells of one person that is private, where no rule names the words: learnt from sentences of drafts and comments
//! (fixtures/train/private), each with its closest harmless neighbours.

use schoolgate_model::{CheckName, Finding, Span};

use super::{about::surest, reading};
use crate::{
    surface::SurfaceText,
    wording::{About, PRIVATE, TOPICS},
};

/// How likely a private matter must be before a second person looks at a draft.
const LEAST: f32 = 0.5;

/// The same of health, of which much is written that is about nobody, and of the many other things that are sensitive.
const LEAST_HEALTH: f32 = 0.7;
const LEAST_SENSITIVE: f32 = 0.8;

/// Of fewer words nothing is said.
const FEWEST_WORDS: usize = 5;

/// The findings of the model in a draft, where one of the `names` stands in the same words and no rule has found anything of that
/// person there (`known`). The surest window speaks for a matter.
pub(super) fn findings(
    text: &SurfaceText,
    about: &[(Span, About)],
    names: &[Finding],
    known: &[Finding],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, matter) in PRIVATE.iter().enumerate() {
        let surest = surest(about, TOPICS.len() + at, FEWEST_WORDS);
        let (Some((span, likely)), Some(category)) = (surest, matter.category) else {
            continue;
        };
        let least = match matter.name {
            "health" => LEAST_HEALTH,
            "sensitive" => LEAST_SENSITIVE,
            _ => LEAST,
        };
        let here = |found: &Finding| found.span().is_some_and(|place| place.overlaps(span));
        if likely >= least && names.iter().any(here) && !known.iter().any(here) {
            let by = (CheckName::PersonalData, matter);
            findings.push(reading::finding(text, by, category, likely, span));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Category, RuleId, Severity, Surface};

    use super::{super::about::tests::about, *};

    fn name_at(start: u32, end: u32) -> Finding {
        let rule = RuleId::new("name-full");
        let category = Category::PupilName;
        Finding::new(CheckName::Names, rule, category, Severity::High, 0.9, "")
            .at(Span { start, end }, "name")
    }

    fn found(window: &(Span, About), names: &[Finding], known: &[Finding]) -> Vec<Finding> {
        let text = SurfaceText::new(Surface::Text, None, "some draft");
        findings(&text, std::slice::from_ref(window), names, known)
    }

    #[test]
    fn a_private_matter_of_somebody_named_is_told_once() {
        let names = [name_at(0, 2)];
        let told = found(&about("health", 0.8), &names, &[]);
        let [finding] = &told[..] else {
            panic!("{told:?}");
        };
        assert_eq!(finding.rule.as_str(), "reads-like-health");
        assert_eq!(finding.category, Category::PersonalData);
        assert_eq!(finding.kind.as_deref(), Some("health"));
        assert_eq!(finding.severity, Severity::Medium);
        assert_eq!(found(&about("health", 0.8), &names, &told), []);
        assert_eq!(found(&about("health", 0.6), &names, &[]), []);
        assert_eq!(found(&about("sensitive", 0.75), &names, &[]), []);
        assert_eq!(found(&about("routine", 0.6), &names, &[]).len(), 1);
        assert_eq!(found(&about("grievance", 0.9), &names, &[]), []);
    }

    #[test]
    fn what_is_written_of_nobody_who_is_named_is_not_private() {
        assert_eq!(found(&about("health", 0.9), &[], &[]), []);
        assert_eq!(found(&about("health", 0.9), &[name_at(5, 9)], &[]), []);
    }
}
