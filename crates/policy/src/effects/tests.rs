//! Keys, bodies and review states.

use std::collections::BTreeSet;

use schoolgate_model::{
    Author, Category, CheckName, ItemId, PupilId, RuleId, SchoolId, Span, Surface, Versions,
};

use super::*;
use crate::window::WindowMode;

fn at() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn envelope(kind: ItemKind) -> Envelope {
    Envelope {
        id: ItemId::from("fb:1/2"),
        kind,
        revision: 3,
        verb: Verb::Add,
        school: SchoolId::from("st-judes"),
        platform: Some("facebook".to_owned()),
        account: Some("StJudesPrimary".to_owned()),
        post: None,
        parent: None,
        author: Author::default(),
        permalink: None,
        publish_at: None,
        created_at: at(),
        arrived_at: at(),
        clock_started_at: None,
        unsure: false,
    }
}

fn finding(category: Category) -> Finding {
    let mut finding = Finding::new(
        CheckName::Names,
        RuleId::fixed("pupil-full-name"),
        category,
        Severity::High,
        0.9,
        "Amelia Whitcombe is named",
    )
    .on(Surface::Text, None)
    .at(Span { start: 0, end: 6 }, "Amelia");
    finding.pupil_id = Some(PupilId::from("P0123"));
    finding.pupil_ids = vec![PupilId::from("P0123")];
    finding
}

fn verdict(
    kind: ItemKind,
    outcome: Outcome,
    alert: &[Audience],
    classes: &[CommentClass],
) -> Verdict {
    Verdict {
        id: ItemId::from("fb:1/2"),
        kind,
        revision: 3,
        school: SchoolId::from("st-judes"),
        outcome,
        reasons: Vec::new(),
        findings: vec![finding(Category::PupilName)],
        classes: classes.to_vec(),
        alert: alert.to_vec(),
        needs_response: None,
        received_at: at(),
        due_at: None,
        actions: Vec::new(),
        media: Vec::new(),
        checks: Vec::new(),
        versions: std::sync::Arc::new(Versions {
            schoolgate: "0".to_owned(),
            policy: "p".to_owned(),
            wordlists: "w".to_owned(),
            register: "r".to_owned(),
            calendar: "c".to_owned(),
        }),
    }
}

fn window() -> ResponseWindow {
    ResponseWindow {
        received_at: at(),
        due_at: at(),
        mode: WindowMode::AsWritten,
        division: "scotland".to_owned(),
        calendar_version: "c".to_owned(),
        needs_response: false,
        why: String::new(),
    }
}

fn change(verdict: &Verdict) -> Change {
    effects(
        &envelope(verdict.kind),
        verdict,
        Severity::High,
        Some(window()),
        false,
        at(),
    )
}

#[test]
fn the_review_state_follows_kind_and_outcome() {
    use ItemKind::{Comment, Draft};
    use ReviewState::{Closed, Escalated, Open};
    let cases = [
        (Draft, Outcome::Approve, Closed),
        (Comment, Outcome::Approve, Open),
        (Draft, Outcome::Hold, Open),
        (Comment, Outcome::Hold, Open),
        (Draft, Outcome::Escalate, Escalated),
        (Comment, Outcome::Escalate, Escalated),
    ];
    for (kind, outcome, review) in cases {
        let change = change(&verdict(kind, outcome, &[], &[]));
        assert_eq!(change.review, review, "{kind:?} {outcome:?}");
        assert_eq!(change.window.is_some(), kind == Comment);
    }
}

#[test]
fn an_own_reply_and_a_removed_comment_are_not_queued() {
    let verdict = verdict(ItemKind::Comment, Outcome::Approve, &[], &[]);
    let own = effects(
        &envelope(ItemKind::Comment),
        &verdict,
        Severity::Info,
        Some(window()),
        true,
        at(),
    );
    let mut removed = envelope(ItemKind::Comment);
    removed.verb = Verb::Remove;
    let removed = effects(
        &removed,
        &verdict,
        Severity::Info,
        Some(window()),
        false,
        at(),
    );
    for change in [own, removed] {
        assert_eq!((change.review, change.window), (ReviewState::Closed, None));
    }
}

#[test]
fn the_published_verdict_holds_neither_words_nor_pupil() {
    let change = change(&verdict(
        ItemKind::Draft,
        Outcome::Hold,
        &[Audience::Author],
        &[],
    ));
    let row = &change.outbox[0];
    assert_eq!(row.key, "verdict/st-judes/draft/fb:1%2F2/3");
    assert_eq!(row.routing_key, "verdict.draft.hold.st-judes");
    assert!(row.body.contains("\"version\":1"), "{}", row.body);
    assert!(!row.urgent);
    for secret in ["Amelia", "Whitcombe", "P0123", "pupil_id"] {
        assert!(!row.body.contains(secret), "{secret}");
    }
    let sent: Verdict = serde_json::from_str(&row.body).unwrap();
    assert!(sent.findings[0].message.contains("full name"));
    assert_eq!(
        change.verdict.findings[0].text.as_deref(),
        Some("Amelia"),
        "the store keeps the words"
    );
}

#[test]
fn alerts_hold_pointers_only_and_each_audience_learns_of_its_own_class() {
    let classes = [CommentClass::Complaint, CommentClass::Safeguarding];
    let alert = [Audience::Moderator, Audience::Dsl];
    let change = change(&verdict(
        ItemKind::Comment,
        Outcome::Escalate,
        &alert,
        &classes,
    ));
    let rows: Vec<_> = change.outbox[1..]
        .iter()
        .map(|row| (row.key.as_str(), row.routing_key.as_str(), row.urgent))
        .collect();
    assert_eq!(
        rows,
        [
            (
                "alert/st-judes/comment/fb:1%2F2/3/complaint/moderator",
                "alert.moderator.st-judes",
                false
            ),
            (
                "alert/st-judes/comment/fb:1%2F2/3/safeguarding/dsl",
                "alert.dsl.st-judes",
                true
            ),
        ]
    );
    let body: serde_json::Value = serde_json::from_str(&change.outbox[2].body).unwrap();
    let fields: BTreeSet<&str> = body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "account",
        "class",
        "due_at",
        "item",
        "kind",
        "platform",
        "received_at",
        "revision",
        "schema",
        "school",
        "severity",
        "why",
    ];
    assert_eq!(fields, expected.into_iter().collect());
}

#[test]
fn urgent_alerts_have_the_keys_of_the_final_rows() {
    for (kind, classes) in [
        (ItemKind::Comment, vec![CommentClass::Safeguarding]),
        (ItemKind::Draft, vec![]),
    ] {
        let ruling = Ruling {
            outcome: Outcome::Escalate,
            reasons: Vec::new(),
            findings: vec![finding(Category::SelfHarm)],
            classes: classes.clone(),
            alert: vec![Audience::Dsl],
            needs_response: None,
            actions: Vec::new(),
            severity: Severity::Critical,
        };
        let early = urgent_alerts(&envelope(kind), &ruling, None);
        assert_eq!(early.len(), 1);
        let mut full = verdict(
            kind,
            Outcome::Escalate,
            &[Audience::Moderator, Audience::Dsl],
            &classes,
        );
        full.findings.push(finding(Category::SelfHarm));
        let keys: Vec<String> = change(&full)
            .outbox
            .into_iter()
            .map(|row| row.key)
            .collect();
        assert!(
            keys.contains(&early[0].key),
            "{} not in {keys:?}",
            early[0].key
        );
        let held = Ruling {
            outcome: Outcome::Hold,
            ..ruling
        };
        assert!(urgent_alerts(&envelope(kind), &held, None).is_empty());
    }
}

#[test]
fn an_escalation_always_has_an_urgent_row() {
    for audience in Audience::ALL {
        let change = change(&verdict(
            ItemKind::Comment,
            Outcome::Escalate,
            &[*audience],
            &[CommentClass::Other],
        ));
        assert!(change.outbox[1].urgent, "{audience:?}");
    }
}

#[test]
fn the_audit_line_holds_codes_only() {
    let change = change(&verdict(ItemKind::Draft, Outcome::Hold, &[], &[]));
    assert_eq!(
        (change.audit.actor.as_str(), change.audit.action.as_str()),
        ("machine", "screened")
    );
    assert!(
        change.audit.detail.contains("\"outcome\":\"hold\"")
            && !change.audit.detail.contains("Amelia")
    );
}
