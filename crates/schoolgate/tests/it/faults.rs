//! Every check and every fault: the verdict is a hold with `screening_incomplete` naming the check. Fail closed.

use std::sync::Arc;

use jiff::Timestamp;
use schoolgate_model::{
    Budget, Category, CheckFailure, CheckName, CleanCopy, Item, LinkFacts, MediaFacts, MediumFacts,
    MediumFault, Outcome, ReadMedium, SchoolId, wire::parse_submission,
};
use schoolgate_pipeline::{
    DETECTORS, Detector, Found, Listed, Screening, Snapshot, abandoned, screen, screen_with,
};

use crate::world::demo_config;

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn snapshot() -> Snapshot {
    let schools =
        schoolgate_school::load(&demo_config(), "test", now()).expect("the sample school loads");
    Snapshot::clone(
        schools
            .get(&SchoolId::from("st-hildas"))
            .expect("the sample school"),
    )
}

/// A draft with a picture that is approved when nothing goes wrong.
fn good_item(kind: &str) -> Item {
    let json = format!(
        r#"{{"id":"x","kind":"{kind}","text":"A good day.","media":[{{"id":"m1","path":"a.jpg","pupils":[]}}]}}"#
    );
    parse_submission(json.as_bytes())
        .unwrap()
        .into_item(SchoolId::from("st-hildas"), 1, now())
}

fn good_facts() -> MediaFacts {
    let clean = CleanCopy {
        sha256: "b".repeat(64),
        path: None,
        removed: Vec::new(),
    };
    let read = ReadMedium {
        format: "jpeg".into(),
        width: 10,
        height: 10,
        sha256: "a".repeat(64),
        metadata: Vec::new(),
        text_cut: false,
        clean: Ok(clean),
    };
    MediaFacts {
        media: vec![MediumFacts {
            id: "m1".into(),
            read: Ok(read),
        }],
    }
}

fn facts_with(fault: MediumFault) -> MediaFacts {
    MediaFacts {
        media: vec![MediumFacts {
            id: "m1".into(),
            read: Err(fault),
        }],
    }
}

fn run(
    detectors: &[Detector],
    item: &Item,
    facts: &MediaFacts,
    snapshot: &Snapshot,
    budget: Budget,
) -> Screening {
    screen_with(
        detectors,
        item,
        facts,
        &LinkFacts::default(),
        snapshot,
        now(),
        &budget,
    )
}

/// The verdict is a hold (or stricter) and says that this check did not do its work.
fn assert_held(screening: &Screening, check: CheckName, what: &str) {
    let verdict = &screening.verdict;
    assert!(
        verdict.outcome >= Outcome::Hold,
        "{what}: {} was not held",
        check.code()
    );
    let named = verdict.findings.iter().any(|finding| {
        finding.category == Category::ScreeningIncomplete
            && finding.kind.as_deref() == Some(check.code())
    });
    assert!(
        named,
        "{what}: no screening_incomplete for {}",
        check.code()
    );
    let line = verdict
        .checks
        .iter()
        .find(|line| line.name == check)
        .expect("the check is listed");
    assert_eq!(line.status, "failed", "{what}: {}", check.code());
    assert!(
        line.detail
            .as_deref()
            .is_some_and(|detail| !detail.is_empty()),
        "{what}"
    );
    let explained = verdict
        .reasons
        .iter()
        .any(|reason| reason.rule.as_str() == "screening-incomplete");
    assert!(explained, "{what}: no reason says so");
}

#[test]
fn without_a_fault_the_items_of_these_tests_are_approved() {
    let snapshot = snapshot();
    for kind in ["draft", "comment"] {
        let screening = run(
            DETECTORS,
            &good_item(kind),
            &good_facts(),
            &snapshot,
            Budget::default(),
        );
        assert_eq!(
            screening.verdict.outcome,
            Outcome::Approve,
            "{kind}: {:?}",
            screening.verdict.reasons
        );
    }
}

#[test]
fn every_check_with_every_fault_holds_and_is_named() {
    type Fault = (
        &'static str,
        fn(&schoolgate_pipeline::Case<'_>, &schoolgate_model::Meter) -> Found,
    );
    let faults: [Fault; 8] = [
        ("error", |_, _| {
            Found::default().failed(CheckFailure::Error("broken".into()))
        }),
        ("panic", |_, _| panic!("this message must not matter")),
        ("over budget", |_, meter| {
            Found::from(meter.spend(u64::MAX).map(|()| Vec::new()))
        }),
        ("missing list", |_, _| {
            Found::default().failed(CheckFailure::MissingList("list".into()))
        }),
        ("unreadable medium", |_, _| {
            Found::default().failed(CheckFailure::UnreadableMedium("broken".into()))
        }),
        ("child killed", |_, _| {
            Found::default().failed(CheckFailure::ChildKilled("killed".into()))
        }),
        ("oversize", |_, _| {
            Found::default().failed(CheckFailure::Oversize("too long".into()))
        }),
        ("abandoned", |_, _| {
            Found::default().failed(CheckFailure::Abandoned)
        }),
    ];
    let snapshot = snapshot();
    for detector in DETECTORS {
        for (what, broken) in faults {
            let mut detectors = DETECTORS.to_vec();
            for candidate in detectors
                .iter_mut()
                .filter(|candidate| candidate.name == detector.name)
            {
                candidate.run = broken;
                candidate.skip = |_| None;
            }
            for kind in ["draft", "comment"] {
                let screening = run(
                    &detectors,
                    &good_item(kind),
                    &good_facts(),
                    &snapshot,
                    Budget::default(),
                );
                assert_held(&screening, detector.name, what);
            }
        }
    }
}

#[test]
fn a_check_that_panics_while_it_decides_whether_to_run_holds_too() {
    let snapshot = snapshot();
    for detector in DETECTORS {
        let mut detectors = DETECTORS.to_vec();
        for candidate in detectors
            .iter_mut()
            .filter(|candidate| candidate.name == detector.name)
        {
            candidate.skip = |_| panic!("no");
        }
        let screening = run(
            &detectors,
            &good_item("draft"),
            &good_facts(),
            &snapshot,
            Budget::default(),
        );
        assert_held(&screening, detector.name, "panic in skip");
    }
}

#[test]
fn the_real_checks_hold_when_their_own_input_fails() {
    let (whole, draft) = (snapshot(), good_item("draft"));
    let small = Budget { steps_per_check: 0 };
    for detector in DETECTORS {
        // the picture checks count pictures and declarations; with one picture and nobody declared there is one step
        if detector.name != CheckName::Subjects {
            assert_held(
                &run(DETECTORS, &draft, &good_facts(), &whole, small),
                detector.name,
                "real over budget",
            );
        }
    }
    let mut no_register = whole.clone();
    no_register.roster = Listed::Missing("pupil register".into());
    let screening = run(
        DETECTORS,
        &draft,
        &good_facts(),
        &no_register,
        Budget::default(),
    );
    assert_held(&screening, CheckName::Names, "no register");
    assert_held(&screening, CheckName::Subjects, "no register");

    let mut no_list = whole.clone();
    no_list.has_do_not_publish_list = false;
    assert_held(
        &run(
            DETECTORS,
            &draft,
            &good_facts(),
            &no_list,
            Budget::default(),
        ),
        CheckName::Subjects,
        "no do-not-publish list",
    );

    let mut no_words = whole.clone();
    no_words.lexicon = Listed::Missing("wordlists".into());
    assert_held(
        &run(
            DETECTORS,
            &draft,
            &good_facts(),
            &no_words,
            Budget::default(),
        ),
        CheckName::Language,
        "no wordlists",
    );

    for fault in [
        MediumFault::NotFound,
        MediumFault::OutsideRoot,
        MediumFault::NotFetched,
        MediumFault::Unreadable {
            code: "malformed".into(),
            plain: "damaged".into(),
        },
        MediumFault::UnsupportedFormat("heic".into()),
        MediumFault::TooLarge("too many pixels".into()),
        MediumFault::ChildKilled,
        MediumFault::ChildTimedOut,
        MediumFault::ChildFailed("status 1".into()),
        MediumFault::StoreFailed("full".into()),
    ] {
        let screening = run(
            DETECTORS,
            &draft,
            &facts_with(fault.clone()),
            &whole,
            Budget::default(),
        );
        for check in [CheckName::PhotoMetadata, CheckName::PhotoClean] {
            assert_held(&screening, check, &format!("{fault:?}"));
        }
        let mut facts = good_facts();
        if let Some(MediumFacts { read: Ok(read), .. }) = facts.media.first_mut() {
            read.clean = Err(fault.clone());
        }
        assert_held(
            &run(DETECTORS, &draft, &facts, &whole, Budget::default()),
            CheckName::PhotoClean,
            &format!("clean: {fault:?}"),
        );
    }
    let nothing = run(
        DETECTORS,
        &draft,
        &MediaFacts::default(),
        &whole,
        Budget::default(),
    );
    assert_held(&nothing, CheckName::PhotoMetadata, "no facts at all");
    let mut cut = good_facts();
    if let Some(MediumFacts { read: Ok(read), .. }) = cut.media.first_mut() {
        read.text_cut = true;
    }
    assert_held(
        &run(DETECTORS, &draft, &cut, &whole, Budget::default()),
        CheckName::PhotoMetadata,
        "more hidden text than is read",
    );
}

#[test]
fn text_beyond_the_limit_holds_and_names_every_text_check() {
    let snapshot = snapshot();
    let mut item = good_item("comment");
    item.content.media.clear();
    item.content.text = "fine ".repeat(4_001);
    let screening = screen(
        &item,
        &MediaFacts::default(),
        &LinkFacts::default(),
        &snapshot,
        now(),
        &Budget::default(),
    );
    for check in [
        CheckName::Names,
        CheckName::PersonalData,
        CheckName::Language,
    ] {
        assert_held(&screening, check, "oversize");
    }
    item.content.text.truncate(20_000);
    let screening = screen(
        &item,
        &MediaFacts::default(),
        &LinkFacts::default(),
        &snapshot,
        now(),
        &Budget::default(),
    );
    assert_eq!(screening.verdict.outcome, Outcome::Approve);
}

#[test]
fn an_abandoned_item_is_held_and_names_every_check() {
    let snapshot = snapshot();
    for school in [Some(&snapshot), None] {
        for kind in ["draft", "comment"] {
            let screening = abandoned(&good_item(kind), school, now());
            for detector in DETECTORS {
                assert_held(&screening, detector.name, "abandoned");
            }
        }
    }
}

#[test]
fn screening_twice_gives_the_same_verdict() {
    let (snapshot, item) = (Arc::new(snapshot()), good_item("draft"));
    let once = run(
        DETECTORS,
        &item,
        &good_facts(),
        &snapshot,
        Budget::default(),
    );
    assert_eq!(
        once,
        run(
            DETECTORS,
            &item,
            &good_facts(),
            &snapshot,
            Budget::default()
        )
    );
}
