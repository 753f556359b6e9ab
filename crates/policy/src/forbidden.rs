//! When nobody may open a picture: the words around it say that it could show abuse of a child. Schools are told never to
//! view, copy or keep such a picture (UKCIS 2024), so a service that screens for them does not either.

use schoolgate_model::{Category, Finding, Outcome};

/// Whether the words that were found forbid fetching, opening, keeping and showing the pictures of their item. Asked of the
/// words alone before a picture is touched, and of the whole verdict before one is shown.
pub fn forbids_pictures(findings: &[Finding], outcome: Outcome) -> bool {
    findings.iter().any(|finding| match finding.category {
        Category::Sexual | Category::Grooming | Category::Exploitation => {
            outcome == Outcome::Escalate
                || says(finding, &["image", "images", "indecent", "nude", "nudes"])
        }
        // what a child or somebody for a child tells of can be in the picture
        Category::Disclosure => says(finding, &["sexual", "image", "images"]),
        _ => false,
    })
}

fn says(finding: &Finding, words: &[&str]) -> bool {
    let kind = finding.kind.as_deref().unwrap_or_default();
    kind.split(|c: char| !c.is_alphanumeric())
        .any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{CheckName, RuleId, Severity};

    use super::*;

    #[test]
    fn words_about_abuse_and_pictures_of_it_close_the_pictures_and_nothing_else_does() {
        let cases = [
            (Category::Sexual, "image", Outcome::Hold, true),
            (Category::Sexual, "remark", Outcome::Hold, false),
            (Category::Sexual, "remark", Outcome::Escalate, true),
            (Category::Exploitation, "image_report", Outcome::Hold, true),
            (Category::Grooming, "secrecy", Outcome::Escalate, true),
            (Category::Disclosure, "sexual", Outcome::Escalate, true),
            // a photograph of bruises is evidence that somebody must be able to see
            (Category::Disclosure, "concern", Outcome::Escalate, false),
            (Category::Threat, "image", Outcome::Escalate, false),
            (Category::Profanity, "strong", Outcome::Hold, false),
        ];
        for (category, kind, outcome, forbidden) in cases {
            let rule = RuleId::fixed("a-rule");
            let check = CheckName::Language;
            let finding = Finding::new(check, rule, category, Severity::High, 1.0, "m");
            let findings = [finding.with_kind(kind)];
            assert_eq!(forbids_pictures(&findings, outcome), forbidden, "{kind}");
        }
    }
}
