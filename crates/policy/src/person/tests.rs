//! What people may see and decide, and what it changes.

use jiff::Timestamp;
use schoolgate_model::{
    Audience, Category, CommentClass, Envelope, Finding, Outcome, Reason, RuleId, SchoolId,
    Severity, Surface, Verdict, Versions, wire::parse_submission,
};

use super::*;
use crate::settings::{KnownRules, Settings};

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn envelope(json: &str) -> Envelope {
    parse_submission(json.as_bytes())
        .unwrap()
        .into_item(SchoolId::from("st-judes"), 1, now())
        .envelope
}

fn draft() -> Envelope {
    envelope(
        r#"{"id":"d1","kind":"draft","text":"Hi","author":{"id":"A.Author@st-judes.example"}}"#,
    )
}

fn comment() -> Envelope {
    envelope(r#"{"id":"c/1","kind":"comment","text":"Hi","platform":"Face.Book"}"#)
}

fn verdict(envelope: &Envelope, outcome: Outcome, alert: &[Audience]) -> Verdict {
    Verdict {
        id: envelope.id.clone(),
        kind: envelope.kind,
        revision: 1,
        school: envelope.school.clone(),
        outcome,
        reasons: Vec::new(),
        findings: Vec::new(),
        classes: Vec::new(),
        alert: alert.to_vec(),
        needs_response: Some(false),
        received_at: now(),
        due_at: None,
        actions: Vec::new(),
        media: Vec::new(),
        checks: Vec::new(),
        versions: std::sync::Arc::new(Versions {
            schoolgate: String::new(),
            policy: String::new(),
            wordlists: String::new(),
            register: String::new(),
            calendar: String::new(),
        }),
    }
}

fn finding(category: Category) -> Finding {
    let json = serde_json::json!({
        "detector": "names", "rule": "a-rule", "category": category.code(), "severity": "high",
        "confidence": 1.0, "surface": Surface::Text, "text": "Amelia", "message": "m"
    });
    serde_json::from_value(json).unwrap()
}

fn matter<'a>(envelope: &'a Envelope, verdict: &'a Verdict) -> Matter<'a> {
    Matter {
        envelope,
        verdict,
        state: match verdict.outcome {
            Outcome::Escalate => ReviewState::Escalated,
            _ => ReviewState::Open,
        },
        version: 3,
        held: verdict.outcome != Outcome::Approve,
        restricted: Restricted::of(&verdict.alert),
        handed: None,
        clock_runs: envelope.kind == ItemKind::Comment,
        conflicted: false,
        is_latest: true,
        approvers: &[],
    }
}

fn who<T>(roles: &[Role], ask: impl Fn(&Person<'_>) -> T) -> T {
    let login = Redacted::new("m.moderator@st-judes.example".to_owned());
    ask(&Person {
        id: "u1",
        login: &login,
        roles,
        also: &["S07".to_owned()],
    })
}

#[test]
fn each_role_sees_its_own_items_and_nothing_else() {
    use Role::{Administrator, Author, Dsl, Head, Moderator, Slt};
    let all = [Author, Moderator, Slt, Dsl, Head, Administrator];
    let cases: [(Envelope, &[Audience], &[Role]); 8] = [
        (comment(), &[], &[Moderator, Slt, Head]),
        (comment(), &[Audience::Press], &[Moderator, Slt, Head]),
        (comment(), &[Audience::Dsl], &[Dsl]),
        (comment(), &[Audience::Head], &[Head]),
        (comment(), &[Audience::Dsl, Audience::Head], &[Dsl, Head]),
        (draft(), &[Audience::Author], &[Moderator, Slt, Head]),
        (draft(), &[Audience::Author, Audience::Dpo], &[Slt, Head]),
        (draft(), &[Audience::Slt, Audience::Dsl], &[Dsl]),
    ];
    for (envelope, alert, expected) in cases {
        let verdict = verdict(&envelope, Outcome::Hold, alert);
        let matter = matter(&envelope, &verdict);
        let seen: Vec<Role> = all
            .into_iter()
            .filter(|role| who(&[*role], |person| may_see(person, &matter)).is_ok())
            .collect();
        assert_eq!(seen, expected, "{:?} {alert:?}", envelope.kind);
        let decided: Vec<Role> = all
            .into_iter()
            .filter(|role| who(&[*role], |person| !permitted(person, &matter).is_empty()))
            .collect();
        assert_eq!(decided, expected, "who sees decides: {alert:?}");
    }
}

#[test]
fn who_sees_an_open_held_draft_may_say_who_is_in_its_pictures() {
    let (draft, comment) = (draft(), comment());
    let held = verdict(&draft, Outcome::Hold, &[Audience::Author]);
    let open = matter(&draft, &held);
    let may = |matter: &Matter<'_>| who(&[Role::Moderator], |person| may_answer(person, matter));
    assert_eq!(may(&open), Ok(()));
    let told = |role| who(&[role], |person| may_answer(person, &open));
    assert_eq!(told(Role::Author), Err(Refusal::NotYours));
    assert_eq!(told(Role::Administrator), Err(Refusal::NotYours));
    let own = envelope(r#"{"id":"d1","kind":"draft","text":"Hi","author":{"id":"u1"}}"#);
    let own = matter(&own, &held);
    assert_eq!(
        who(&[Role::Author], |person| may_answer(person, &own)),
        Ok(())
    );
    let cases = [
        (
            Matter {
                is_latest: false,
                ..open
            },
            Refusal::NotLatest,
        ),
        (
            Matter {
                conflicted: true,
                ..open
            },
            Refusal::Conflicted,
        ),
        (
            Matter {
                state: ReviewState::Closed,
                ..open
            },
            Refusal::Closed,
        ),
        (
            Matter {
                held: false,
                ..open
            },
            Refusal::NothingHeld,
        ),
        (
            Matter {
                envelope: &comment,
                ..open
            },
            Refusal::NothingHeld,
        ),
    ];
    for (matter, refusal) in cases {
        assert_eq!(may(&matter), Err(refusal));
    }
}

#[test]
fn leaders_keep_back_pictures_of_what_they_work_with_and_nobody_else_does() {
    use Role::{Administrator, Author, Dsl, Head, Moderator, Slt};
    let draft = draft();
    let cases: [(&[Audience], &[Role]); 2] = [
        (&[Audience::Author], &[Slt, Head]),
        (&[Audience::Dsl], &[Dsl]),
    ];
    for (alert, expected) in cases {
        let verdict = verdict(&draft, Outcome::Hold, alert);
        let matter = matter(&draft, &verdict);
        let may: Vec<Role> = [Author, Moderator, Slt, Dsl, Head, Administrator]
            .into_iter()
            .filter(|role| who(&[*role], |person| may_keep_back(person, &matter)).is_ok())
            .collect();
        assert_eq!(may, expected, "{alert:?}");
    }
}

#[test]
fn nobody_decides_an_own_draft_but_its_author_sees_it() {
    let verdict = verdict(&draft(), Outcome::Hold, &[Audience::Dsl]);
    let roles = [Role::Author, Role::Slt, Role::Dsl];
    for author in [
        r#"{"id":"U1"}"#,
        r#"{"id":" M.Moderator@st-judes.example"}"#,
        r#""m.moderator@st-judes.example""#,
        r#"{"id":"mailto:m.moderator@st-judes.example"}"#,
        r#"{"id":"x","name":"M Moderator <M.Moderator@st-judes.example>"}"#,
        r#"{"id":"u\u200b1"}"#,
        r#"{"id":"s07"}"#,
    ] {
        let own = envelope(&format!(
            r#"{{"id":"d1","kind":"draft","text":"Hi","author":{author}}}"#
        ));
        let matter = matter(&own, &verdict);
        who(&roles, |person| {
            assert_eq!(may_see(person, &matter), Ok(()));
            for kind in DecisionKind::ALL {
                assert_eq!(may_decide(person, &matter, kind), Err(Refusal::OwnDraft));
            }
        });
        who(&[Role::Administrator], |person| {
            assert_eq!(may_see(person, &matter), Err(Refusal::NotYours));
        });
    }
}

#[test]
fn a_draft_without_an_author_is_not_approved_by_somebody_who_writes_drafts() {
    let verdict = verdict(&draft(), Outcome::Hold, &[]);
    for author in [r#""#, r#","author":{"id":" "}"#, r#","author":"\u200b""#] {
        let nobodys = envelope(&format!(
            r#"{{"id":"d1","kind":"draft","text":"Hi"{author}}}"#
        ));
        let matter = matter(&nobodys, &verdict);
        let ask = |roles: &[Role], kind| who(roles, |person| may_decide(person, &matter, kind));
        let writes = [Role::Author, Role::Slt];
        assert_eq!(
            ask(&writes, DecisionKind::Approve),
            Err(Refusal::UnknownAuthor),
            "{author}"
        );
        assert_eq!(ask(&writes, DecisionKind::Reject), Ok(()));
        assert_eq!(ask(&[Role::Slt], DecisionKind::Approve), Ok(()));
    }
}

#[test]
fn a_draft_with_a_listed_pupil_or_a_banned_picture_is_approved_by_the_safeguarding_lead_only() {
    let envelope = draft();
    for category in [Category::DoNotPublish, Category::KnownImage] {
        let mut verdict = verdict(&envelope, Outcome::Hold, &[Audience::Slt]);
        verdict.findings.push(finding(category));
        let mut matter = matter(&envelope, &verdict);
        who(&[Role::Slt, Role::Head], |person| {
            let approve = may_decide(person, &matter, DecisionKind::Approve);
            assert_eq!(approve, Err(Refusal::OnlyDsl));
            assert_eq!(may_decide(person, &matter, DecisionKind::Reject), Ok(()));
        });
        matter.restricted = Some(Restricted::Dsl);
        who(&[Role::Dsl], |person| {
            assert_eq!(may_decide(person, &matter, DecisionKind::Approve), Ok(()));
        });
    }
}

#[test]
fn what_was_handed_on_is_decided_by_whom_it_was_handed_to_and_not_by_who_did() {
    let comment = comment();
    let verdict = verdict(&comment, Outcome::Hold, &[]);
    let mut matter = matter(&comment, &verdict);
    let cases = [
        (EscalateTo::Slt, "u2", &[Role::Moderator][..], false),
        (EscalateTo::Slt, "u2", &[Role::Slt], true),
        (EscalateTo::Slt, "u2", &[Role::Head], true),
        (EscalateTo::Slt, "u1", &[Role::Slt, Role::Head], false),
        (EscalateTo::Dsl, "u2", &[Role::Slt, Role::Head], false),
        (EscalateTo::Dsl, "u2", &[Role::Slt, Role::Dsl], true),
        (EscalateTo::Head, "u2", &[Role::Slt, Role::Dsl], false),
    ];
    for (to, by, roles, may) in cases {
        matter.handed = Some((to, by));
        let expected = if may { Ok(()) } else { Err(Refusal::HandedOn) };
        for kind in DecisionKind::ALL {
            let answer = who(roles, |person| may_decide(person, &matter, kind));
            match kind {
                DecisionKind::Escalate => assert_eq!(answer, Ok(()), "it can be handed on again"),
                _ => assert_eq!(answer, expected, "{to:?} {by} {roles:?} {kind:?}"),
            }
        }
    }
}

#[test]
fn the_policy_names_who_approves() {
    let known = KnownRules::new([]);
    let settings = Settings::built_in(&known).unwrap();
    let envelope = draft();
    let mut verdict = verdict(&envelope, Outcome::Hold, &[Audience::Author]);
    verdict.findings.push(finding(Category::Tone));
    verdict.reasons.push(Reason {
        rule: RuleId::fixed("a-rule"),
        clause: None,
        text: String::new(),
        fix: None,
        findings: vec![0],
    });
    assert_eq!(approvers(&settings, &verdict, None), []);
    verdict.findings[0].category = Category::Controversial;
    assert_eq!(approvers(&settings, &verdict, None), [Audience::Slt]);
    let mut matter = matter(&envelope, &verdict);
    for (named, refused) in [
        (&[] as &[Audience], None),
        (&[Audience::Moderator], None),
        (&[Audience::Slt], Some(Refusal::OtherApprover)),
        (&[Audience::Dpo], Some(Refusal::OtherApprover)),
        (&[Audience::Author], Some(Refusal::OtherApprover)),
        (&[Audience::Slt, Audience::Moderator], None),
    ] {
        matter.approvers = named;
        let answer = who(&[Role::Moderator], |person| {
            may_decide(person, &matter, DecisionKind::Approve)
        });
        assert_eq!(answer.err(), refused, "{named:?}");
    }
}

#[test]
fn what_has_changed_or_is_done_cannot_be_decided() {
    let (draft, comment) = (draft(), comment());
    let held = verdict(&draft, Outcome::Hold, &[]);
    let urgent = verdict(&comment, Outcome::Escalate, &[Audience::Slt]);
    let ask = |matter: &Matter<'_>, kind| {
        who(&[Role::Slt], |person| {
            may_decide(person, matter, kind).err()
        })
    };
    let mut matter = matter(&draft, &held);
    matter.conflicted = true;
    assert_eq!(
        ask(&matter, DecisionKind::Approve),
        Some(Refusal::Conflicted)
    );
    assert_eq!(ask(&matter, DecisionKind::Reject), None);
    assert_eq!(
        ask(&matter, DecisionKind::Acknowledge),
        Some(Refusal::NotAComment)
    );
    matter.is_latest = false;
    assert_eq!(ask(&matter, DecisionKind::Reject), Some(Refusal::NotLatest));
    matter.is_latest = true;
    matter.state = ReviewState::Closed;
    assert_eq!(ask(&matter, DecisionKind::Reject), Some(Refusal::Closed));
    // An escalated draft that was edited can be put away, but not let go out.
    let escalated = verdict(&draft, Outcome::Escalate, &[Audience::Slt]);
    let mut matter = super::tests::matter(&draft, &escalated);
    assert_eq!(
        ask(&matter, DecisionKind::Acknowledge),
        Some(Refusal::NotAComment)
    );
    matter.is_latest = false;
    for (kind, refusal) in [
        (DecisionKind::Acknowledge, None),
        (DecisionKind::Reject, None),
        (DecisionKind::Approve, Some(Refusal::NotLatest)),
        (DecisionKind::Escalate, Some(Refusal::NotLatest)),
    ] {
        assert_eq!(ask(&matter, kind), refusal, "{kind:?}");
    }
    let seen = decided(&matter, Decision::Acknowledge);
    assert_eq!((seen.review, seen.held), (ReviewState::Closed, false));
    // What was said stays said: the escalated comment is decided although it was edited.
    let mut matter = super::tests::matter(&comment, &urgent);
    matter.is_latest = false;
    assert_eq!(ask(&matter, DecisionKind::Reject), None);
    matter.clock_runs = false;
    assert_eq!(
        ask(&matter, DecisionKind::Acknowledge),
        Some(Refusal::AlreadyAcknowledged)
    );
}

fn decided(matter: &Matter<'_>, decision: Decision) -> PersonChange {
    let note = Some(Redacted::new("Amelia's mother rang".to_owned()));
    who(&[Role::Slt, Role::Dsl], |person| {
        person_change(person, matter, decision, note.clone(), now()).unwrap()
    })
}

#[test]
fn a_decision_changes_review_clock_and_outbox_as_its_kind_says() {
    let (draft, comment) = (draft(), comment());
    let held = verdict(&draft, Outcome::Hold, &[]);
    let rude = verdict(&comment, Outcome::Hold, &[]);
    let fine = verdict(&comment, Outcome::Approve, &[]);
    let mut asks = rude.clone();
    asks.needs_response = Some(true);
    use ReviewState::{Closed, Escalated, Open};
    let to = EscalateTo::Slt;
    let cases = [
        (&draft, &held, Decision::Approve, Closed, false, true, 1),
        (&draft, &held, Decision::Reject, Closed, false, true, 1),
        (
            &draft,
            &held,
            Decision::Escalate { to },
            Escalated,
            true,
            false,
            2,
        ),
        (&comment, &rude, Decision::Approve, Closed, false, true, 1),
        (&comment, &asks, Decision::Approve, Open, false, false, 1),
        (&comment, &asks, Decision::Reject, Closed, false, true, 2),
        (&comment, &rude, Decision::Acknowledge, Open, true, true, 1),
        (
            &comment,
            &fine,
            Decision::Acknowledge,
            Closed,
            false,
            true,
            1,
        ),
    ];
    for (envelope, verdict, decision, review, held, stops, rows) in cases {
        let change = decided(&matter(envelope, verdict), decision);
        assert_eq!(
            (
                change.review,
                change.held,
                change.stop_clock,
                change.outbox.len()
            ),
            (review, held, stops, rows),
            "{decision:?} {:?}",
            verdict.outcome
        );
    }
}

#[test]
fn keys_and_routes_are_stable_and_a_platforms_name_is_one_word() {
    let comment = comment();
    let held = verdict(&comment, Outcome::Hold, &[]);
    let change = decided(&matter(&comment, &held), Decision::Reject);
    assert_eq!(change.key, "decision/st-judes/comment/c%2F1/1/3");
    let rows: Vec<(&str, &str)> = change
        .outbox
        .iter()
        .map(|row| (row.key.as_str(), row.routing_key.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (
                "decision/st-judes/comment/c%2F1/1/3",
                "decision.comment.reject.st-judes"
            ),
            (
                "action/st-judes/comment/c%2F1/1/hide/3",
                "action.face_book.hide.st-judes"
            ),
        ]
    );
}

#[test]
fn handing_on_restricts_and_alerts_with_a_pointer() {
    let comment = comment();
    let mut held = verdict(&comment, Outcome::Hold, &[]);
    held.classes = vec![CommentClass::Complaint, CommentClass::Abuse];
    held.findings.push(finding(Category::PupilName));
    let open = matter(&comment, &held);
    for (to, restricted, class) in [
        (EscalateTo::Slt, None, "abuse"),
        (EscalateTo::Dsl, Some(Restricted::Dsl), "abuse"),
        (EscalateTo::Head, Some(Restricted::Head), "abuse"),
    ] {
        let change = decided(&open, Decision::Escalate { to });
        assert_eq!(change.restricted, restricted);
        let alert = &change.outbox[1];
        assert_eq!(alert.audience, Some(to.audience()));
        assert!(alert.urgent);
        assert!(
            alert.body.contains(&format!(r#""class":"{class}""#)),
            "{}",
            alert.body
        );
        assert!(alert.body.contains(r#""severity":"high""#));
    }
    let kept = Matter {
        restricted: Some(Restricted::Dsl),
        ..open
    };
    let to = EscalateTo::Slt;
    let refused = who(&[Role::Dsl], |person| {
        person_change(person, &kept, Decision::Escalate { to }, None, now())
    });
    assert_eq!(refused, Err(Refusal::KeptBack));
    let both = who(&[Role::Dsl], |person| {
        let to = EscalateTo::Head;
        person_change(person, &kept, Decision::Escalate { to }, None, now()).unwrap()
    });
    assert_eq!(both.restricted, Some(Restricted::DslAndHead));
}

#[test]
fn neither_outbox_nor_audit_holds_the_note_or_words() {
    let comment = comment();
    let mut held = verdict(&comment, Outcome::Hold, &[]);
    held.findings.push(finding(Category::PupilName));
    for decision in [
        Decision::Approve,
        Decision::Reject,
        Decision::Acknowledge,
        Decision::Escalate {
            to: EscalateTo::Dsl,
        },
    ] {
        let change = decided(&matter(&comment, &held), decision);
        let rows = change.outbox.iter().map(|row| row.body.as_str());
        for text in rows.chain([change.audit.detail.as_str()]) {
            assert!(!text.contains("Amelia"), "{text}");
        }
        assert!(!format!("{change:?}").contains("Amelia"));
    }
    assert_eq!(severity(&held), Some(Severity::High));
}

#[test]
fn codes_come_back_and_every_refusal_is_a_sentence() {
    for kind in DecisionKind::ALL {
        assert_eq!(DecisionKind::from_code(kind.code()), Some(kind));
    }
    for value in Restricted::ALL {
        assert_eq!(Restricted::from_code(value.code()), Some(value));
    }
    for to in EscalateTo::ALL {
        assert_eq!(EscalateTo::from_code(to.code()), Some(to));
    }
    for refusal in Refusal::ALL {
        assert!(refusal.sentence().ends_with('.'), "{}", refusal.code());
    }
}
