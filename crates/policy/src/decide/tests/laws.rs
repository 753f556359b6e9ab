//! What must hold for every ruling.

use proptest::prelude::*;

use super::*;

fn any_finding() -> impl Strategy<Value = Finding> {
    let severity = prop::sample::select(vec![
        Severity::Info,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ]);
    let kind = prop::sample::select(vec![
        "", "pupil", "staff", "report", "gps", "phone", "image",
    ]);
    let pupil = prop::sample::select(vec!["yes", "no", "text", "dnp", "missing"]);
    let rule = prop::sample::select(vec![FULL, GIVEN, "phone-number", "some-word"]);
    let category = prop::sample::select(Category::ALL.to_vec());
    (rule, category, severity, 0.0f32..=1.0, kind, pupil).prop_map(
        |(rule, category, severity, confidence, kind, pupil)| {
            let mut finding = name(rule, &[pupil]);
            (finding.category, finding.severity, finding.confidence) =
                (category, severity, confidence);
            finding.kind = (!kind.is_empty()).then(|| kind.to_owned());
            finding
        },
    )
}

proptest! {
    #[test]
    fn a_finding_or_a_failed_check_more_never_makes_it_milder(
        findings in prop::collection::vec(any_finding(), 0..5),
        more in any_finding(),
        is_draft in any::<bool>(),
        picture in any::<bool>(),
        policy in prop::sample::select(vec![
            "", "name_with_image = \"by_consent\"", "name_with_image = \"first_name\"",
            "[comment]\n\"insult.pupil\" = \"approve\"\n\"sexual.staff\" = \"approve\"\n[draft]\n\"threat.pupil\" = \"hint\"",
        ]),
        cue in prop::sample::select(CommentClass::ALL.to_vec()),
    ) {
        let mut case = if is_draft { draft(findings) } else { comment(findings, &[cue]) }.under(policy);
        case.picture = picture;
        let before = case.ruling();
        let unread = case.ruling_with(&failed(CheckName::Links), |_| {});
        prop_assert!(unread.outcome >= before.outcome && unread.outcome >= Outcome::Hold);
        case.findings.push(more);
        let after = case.ruling();
        prop_assert!(after.outcome >= before.outcome);
        for ruling in [&before, &unread, &after] {
            prop_assert!(ruling.outcome == Outcome::Approve || !ruling.alert.is_empty());
            prop_assert!(ruling.outcome == Outcome::Approve || !ruling.reasons.is_empty());
            for reason in &ruling.reasons {
                prop_assert!(reason.findings.iter().all(|index| *index < ruling.findings.len()));
            }
        }
    }
}
