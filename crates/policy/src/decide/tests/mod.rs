//! The items that the tests judge, and single rulings; the contract's tables and the laws have files of their own.

mod laws;
mod tables;

use schoolgate_model::{
    Author, CheckResult, CheckStatus, ItemId, PupilRefs, SchoolId, Span, Surface,
};

use super::*;
use crate::settings::{BUILT_IN, KnownRules, PolicyFile};

fn envelope(kind: ItemKind) -> Envelope {
    let at = "2026-11-20T09:00:00Z".parse().unwrap();
    Envelope {
        id: ItemId::from("x-1"),
        kind,
        revision: 1,
        verb: Verb::Add,
        school: SchoolId::from("st-judes"),
        platform: Some("facebook".to_owned()),
        account: None,
        post: None,
        parent: None,
        author: Author::default(),
        permalink: None,
        publish_at: None,
        created_at: at,
        arrived_at: at,
        clock_started_at: None,
        unsure: false,
    }
}

fn complete() -> Coverage {
    Coverage {
        checks: vec![CheckResult {
            name: CheckName::Names,
            status: CheckStatus::Ok,
            limit: None,
        }],
    }
}

fn failed(name: CheckName) -> Coverage {
    let mut coverage = complete();
    coverage.checks.push(CheckResult {
        name,
        status: CheckStatus::Failed(CheckFailure::Panicked),
        limit: None,
    });
    coverage
}

fn with(school: &str) -> Settings {
    let known = KnownRules::new([]);
    let built_in = PolicyFile::parse("built-in", BUILT_IN, &known).unwrap();
    let school = PolicyFile::parse("school", school, &known).unwrap();
    Settings::layer(built_in, None, None, Some(school)).unwrap()
}

fn built_in() -> Settings {
    with("")
}

fn find(rule: &str, category: Category) -> Finding {
    Finding::new(
        CheckName::Language,
        RuleId::new(rule),
        category,
        Severity::Medium,
        0.9,
        "found",
    )
}

fn typed(rule: &str, category: Category, kind: &str) -> Finding {
    find(rule, category).with_kind(kind)
}

/// A text in another language was read for names and risk words only.
fn unread(severity: Severity) -> Finding {
    strong(
        typed("other-language", Category::ScreeningIncomplete, "language"),
        severity,
    )
}

/// Found in the words of a picture.
fn read_in_picture(finding: Finding, confidence: f32) -> Finding {
    Finding {
        confidence,
        ..finding.on(Surface::Ocr, Some("m1".into()))
    }
}

fn strong(mut finding: Finding, severity: Severity) -> Finding {
    finding.severity = severity;
    finding
}

/// Pupils: `yes` everything granted, `no` everything refused, `text` only the name in words, `dnp` not published.
fn subjects() -> Subjects {
    let granted = Consent::Granted;
    let all = Subject {
        do_not_publish: Some(false),
        name: granted,
        name_with_picture: granted,
        given_name_with_picture: granted,
        picture: granted,
    };
    let none = Subject {
        do_not_publish: Some(false),
        ..Subject::default()
    };
    let text = Subject {
        name: granted,
        ..none
    };
    let dnp = Subject {
        do_not_publish: Some(true),
        ..all
    };
    let entries = [("yes", all), ("no", none), ("text", text), ("dnp", dnp)];
    Subjects {
        pupils: entries
            .into_iter()
            .map(|(id, subject)| (PupilId::from(id), subject))
            .collect(),
    }
}

fn name(rule: &str, pupils: &[&str]) -> Finding {
    let refs = PupilRefs {
        ids: pupils.iter().map(|id| PupilId::from(*id)).collect(),
        count: u32::try_from(pupils.len()).unwrap(),
    };
    find(rule, Category::PupilName)
        .on(Surface::Text, None)
        .at(Span { start: 0, end: 6 }, "Amelia")
        .about(&refs)
}

struct Case {
    kind: ItemKind,
    findings: Vec<Finding>,
    cues: Vec<CommentClass>,
    picture: bool,
    settings: Settings,
}

fn draft(findings: Vec<Finding>) -> Case {
    Case {
        kind: ItemKind::Draft,
        findings,
        cues: Vec::new(),
        picture: false,
        settings: built_in(),
    }
}

fn comment(findings: Vec<Finding>, cues: &[CommentClass]) -> Case {
    Case {
        kind: ItemKind::Comment,
        cues: cues.to_vec(),
        ..draft(findings)
    }
}

impl Case {
    fn pictured(mut self) -> Self {
        self.picture = true;
        self
    }

    fn under(mut self, school: &str) -> Self {
        self.settings = with(school);
        self
    }

    fn ruling_with(&self, coverage: &Coverage, change: impl Fn(&mut Envelope)) -> Ruling {
        let mut envelope = envelope(self.kind);
        change(&mut envelope);
        decide(
            &Input {
                envelope: &envelope,
                has_picture: self.picture,
                own_reply: false,
                cues: &self.cues,
                asks: None,
                coverage,
                subjects: &subjects(),
                settings: &self.settings,
            },
            self.findings.clone(),
        )
    }

    fn ruling(&self) -> Ruling {
        self.ruling_with(&complete(), |_| {})
    }
}

const FULL: &str = "pupil-full-name";
const GIVEN: &str = "pupil-given-name";

#[test]
fn an_allegation_with_a_child_named_reaches_the_safeguarding_lead_too() {
    let ruling = comment(
        vec![find("a", Category::StaffAllegation), name(GIVEN, &["yes"])],
        &[],
    )
    .ruling();
    assert_eq!(ruling.alert, [Audience::Dsl, Audience::Head]);
}

#[test]
fn a_failed_check_holds_and_is_named_whatever_the_policy_says() {
    let loose = "[draft]\n\"undeclared-subjects\" = \"approve\"";
    for case in [
        draft(vec![]).under(loose),
        comment(vec![], &[CommentClass::Praise]),
    ] {
        let ruling = case.ruling_with(&failed(CheckName::Language), |_| {});
        assert_eq!(ruling.outcome, Outcome::Hold);
        let finding = ruling.findings.last().unwrap();
        assert_eq!(finding.rule.as_str(), "screening-incomplete");
        assert_eq!(finding.kind.as_deref(), Some("language"));
        assert!(
            ruling
                .reasons
                .iter()
                .any(|reason| reason.text.contains("language check"))
        );
    }
    assert_eq!(
        draft(vec![])
            .ruling_with(&Coverage::default(), |_| {})
            .outcome,
        Outcome::Hold
    );
}

#[test]
fn an_unsure_author_gets_a_second_pair_of_eyes() {
    let ruling = draft(vec![]).ruling_with(&complete(), |envelope| envelope.unsure = true);
    assert_eq!(ruling.outcome, Outcome::Hold);
    assert_eq!(ruling.reasons[0].rule.as_str(), "unsure");
}

#[test]
fn a_pupil_nobody_looked_up_is_held() {
    for pupils in [&["missing"][..], &[]] {
        let ruling = draft(vec![name(GIVEN, pupils)]).ruling();
        assert_eq!(ruling.outcome, Outcome::Hold);
        assert_eq!(ruling.reasons[0].rule.as_str(), "pupil-name-not-resolved");
    }
}

#[test]
fn more_pupils_than_are_listed_have_not_agreed() {
    let mut finding = name(FULL, &["yes"]);
    finding.pupil_count = Some(21);
    assert_eq!(draft(vec![finding]).ruling().outcome, Outcome::Hold);
}

#[test]
fn a_do_not_publish_reference_is_a_finding_of_its_own() {
    let ruling = draft(vec![name(GIVEN, &["dnp", "yes"])]).ruling();
    let added = &ruling.findings[1];
    assert_eq!(added.category, Category::DoNotPublish);
    assert_eq!(added.pupil_ids, [PupilId::from("dnp")]);
    assert_eq!((added.start, added.end), (Some(0), Some(6)));
    assert_eq!(ruling.reasons[0].findings, [0, 1]);
}

#[test]
fn a_doubtful_phone_number_is_a_hint_and_a_sure_one_a_hold() {
    let mut finding = typed("phone-number", Category::PersonalData, "phone");
    finding.confidence = 0.3;
    let ruling = draft(vec![finding]).ruling();
    assert_eq!(ruling.outcome, Outcome::Approve);
    assert!(ruling.reasons[0].text.contains("not sure"));
}

#[test]
fn findings_of_one_rule_share_a_reason_and_reasons_name_nobody() {
    let ruling = draft(vec![
        name(FULL, &["no"]),
        find("c", Category::Confidential),
        name(FULL, &["no"]),
    ])
    .ruling();
    assert_eq!(ruling.reasons.len(), 2);
    assert_eq!(ruling.reasons[0].findings, [0, 2]);
    for reason in &ruling.reasons {
        assert!(reason.clause.is_some() && reason.fix.is_some());
        assert!(!format!("{reason:?}").contains("Amelia"));
    }
}

#[test]
fn the_schools_own_reply_is_no_question_and_proposes_nothing() {
    let case = comment(vec![], &[CommentClass::Query]);
    let envelope = envelope(ItemKind::Comment);
    let ruling = decide(
        &Input {
            envelope: &envelope,
            has_picture: false,
            own_reply: true,
            cues: &case.cues,
            asks: None,
            coverage: &complete(),
            subjects: &subjects(),
            settings: &case.settings,
        },
        Vec::new(),
    );
    assert_eq!(ruling.needs_response, Some(false));
    assert_eq!(ruling.classes, [CommentClass::Other]);
}

#[test]
fn a_line_for_one_channel_counts_there_only() {
    let case = draft(vec![find("tag-in-photo", Category::UntrustedMention)])
        .under("[draft.channel.instagram]\ntag_in_photo = \"hold\"");
    assert_eq!(case.ruling().outcome, Outcome::Approve);
    let on = |platform: &str| {
        case.ruling_with(&complete(), |envelope| {
            envelope.platform = Some(platform.to_owned())
        })
    };
    assert_eq!(on("instagram").outcome, Outcome::Hold);
}

#[test]
fn a_category_line_tightens_every_name_but_loosens_no_situation() {
    let granted = || draft(vec![name(FULL, &["yes"])]);
    assert_eq!(
        granted()
            .under("[draft]\npupil_name = \"hold\"")
            .ruling()
            .outcome,
        Outcome::Hold
    );
    let loose = "[draft]\npupil_name = \"approve\"";
    assert_eq!(
        granted().pictured().under(loose).ruling().outcome,
        Outcome::Hold
    );
}

#[test]
fn every_category_has_a_line_in_both_tables() {
    let settings = built_in();
    for table in [Table::Draft, Table::Comment] {
        for category in Category::ALL {
            assert!(
                settings.cell(table, None, &[category.code()]).is_some(),
                "{table:?} {}",
                category.code()
            );
        }
    }
    for class in CommentClass::ALL {
        assert!(
            settings
                .cell(Table::Comment, None, &[class.code()])
                .is_some(),
            "{}",
            class.code()
        );
    }
}

#[test]
fn an_unclear_target_tells_both_leads_and_a_named_person_settles_it() {
    let threat = || find("t", Category::Threat);
    let alert = |findings| comment(findings, &[]).ruling().alert;
    assert_eq!(alert(vec![threat()]), [Audience::Slt, Audience::Dsl]);
    let staff = find("staff-name", Category::StaffName);
    assert_eq!(alert(vec![threat(), staff.clone()]), [Audience::Slt]);
    assert_eq!(
        alert(vec![threat(), name(GIVEN, &["yes"])]),
        [Audience::Dsl]
    );
    let both = vec![threat(), staff, name(GIVEN, &["yes"])];
    assert_eq!(alert(both), [Audience::Slt, Audience::Dsl]);
}

#[test]
fn a_route_adds_an_audience_and_takes_none_away() {
    let ruling = comment(vec![], &[CommentClass::Complaint])
        .under("[route]\ncomplaint = { to = [\"head\"] }")
        .ruling();
    assert_eq!(ruling.alert, [Audience::Moderator, Audience::Head]);
}

#[test]
fn held_abuse_proposes_hiding_and_praise_proposes_nothing() {
    let held = comment(vec![find("a", Category::StaffAbuse)], &[]).ruling();
    assert_eq!(held.actions, ["hide"]);
    let praise = comment(vec![], &[CommentClass::Praise]).ruling();
    assert!(praise.actions.is_empty() && praise.reasons.is_empty());
}

#[test]
fn the_fix_for_a_name_beside_a_picture_says_where_it_stands() {
    let on = |surfaces: &[Surface]| {
        let findings = surfaces
            .iter()
            .map(|surface| name(FULL, &["no"]).on(*surface, Some("m1".into())))
            .collect();
        let ruling = draft(findings).pictured().ruling();
        let fixes = ruling.reasons.iter().map(|reason| reason.fix.clone());
        fixes.map(Option::unwrap_or_default).collect::<Vec<_>>()
    };
    for (surface, words) in [
        (Surface::Ocr, "Crop it away"),
        (Surface::Filename, "Rename the file"),
        (Surface::Metadata, "taken out of the copy"),
        (Surface::Caption, "Take out the name"),
    ] {
        let fixes = on(&[surface, surface]);
        assert!(fixes.iter().all(|fix| fix.contains(words)), "{fixes:?}");
    }
    let both = on(&[Surface::Text, Surface::Ocr]);
    assert!(
        both.iter().all(|fix| fix.contains("Take out the name")),
        "{both:?}"
    );
}
