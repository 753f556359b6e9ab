//! Every check and every fault: the verdict is a hold with `screening_incomplete` naming the check. Fail closed.

use std::sync::Arc;

use jiff::Timestamp;
use schoolgate_model::{
    Audience, Budget, Category, CheckFailure, CheckName, CleanCopy, Finding, Item, LinkFacts,
    LookFault, Looks, MediaFacts, MediumFacts, MediumFault, Outcome, PictureSettings, PictureWords,
    ReadMedium, ReadWords, Redacted, RuleId, SchoolId, Severity, wire::parse_submission,
};
use schoolgate_pipeline::{
    DETECTORS, Detector, Found, Listed, Screening, Snapshot, abandoned, screen, screen_with,
};

use schoolgate_scan::LinkSettings;

use crate::world::demo_config;

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

/// The sample school, asking for every check that there is.
fn snapshot() -> Snapshot {
    let schools =
        schoolgate_school::load(&demo_config(), "test", now()).expect("the sample school loads");
    let mut snapshot = Snapshot::clone(
        schools
            .get(&SchoolId::from("st-hildas"))
            .expect("the sample school"),
    );
    snapshot.pictures = PictureSettings {
        words: ReadWords::Required,
        head_count: true,
        known_pictures: true,
        ..PictureSettings::default()
    };
    snapshot
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
        re_encoded: false,
        format: "jpeg".into(),
    };
    let read = ReadMedium {
        format: "jpeg".into(),
        width: 10,
        height: 10,
        sha256: "a".repeat(64),
        metadata: Vec::new(),
        text_cut: false,
        unreadable: false,
        clean: Ok(clean),
        moving: false,
        looks: Looks {
            words: Some(Ok(PictureWords {
                text: Redacted::new(String::new()),
                cut: false,
            })),
            faces: Some(Ok(0)),
            known: Some(Ok(Vec::new())),
            fingerprint: None,
        },
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

/// Everything that can be wrong with a picture.
fn every_medium_fault() -> Vec<MediumFault> {
    vec![
        MediumFault::NotFound,
        MediumFault::OutsideRoot,
        MediumFault::NotFetched,
        MediumFault::Withheld,
        MediumFault::Removed("20 November 2026".into()),
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
    ]
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
    for check in [CheckName::Language, CheckName::Topics] {
        assert_held(
            &run(
                DETECTORS,
                &draft,
                &good_facts(),
                &no_words,
                Budget::default(),
            ),
            check,
            "no wordlists",
        );
    }

    let mut following = whole.clone();
    following.links = LinkSettings::new(&[], &[], &[], true);
    let mut linked = draft.clone();
    linked.content.text = "See https://ordinary.example/term".to_owned();
    assert_held(
        &run(
            DETECTORS,
            &linked,
            &good_facts(),
            &following,
            Budget::default(),
        ),
        CheckName::Links,
        "a link that nobody followed",
    );
}

#[test]
fn every_picture_that_is_not_there_or_not_readable_holds() {
    let (whole, draft) = (snapshot(), good_item("draft"));
    for fault in every_medium_fault() {
        let screening = run(
            DETECTORS,
            &draft,
            &facts_with(fault.clone()),
            &whole,
            Budget::default(),
        );
        for check in [
            CheckName::PhotoMetadata,
            CheckName::PhotoClean,
            CheckName::KnownPictures,
            CheckName::PictureText,
            CheckName::HeadCount,
        ] {
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

fn looks(facts: &mut MediaFacts) -> &mut Looks {
    let read = facts.media[0].read.as_mut().expect("it was read");
    &mut read.looks
}

#[test]
fn every_fault_of_a_look_at_the_pixels_holds_and_is_named() {
    let (snapshot, draft) = (snapshot(), good_item("draft"));
    let checks = [
        CheckName::PictureText,
        CheckName::HeadCount,
        CheckName::KnownPictures,
    ];
    let faults = [
        Some(LookFault::Missing("program".into())),
        Some(LookFault::TimedOut),
        Some(LookFault::Failed("garbage".into())),
        Some(LookFault::Unopened),
        None,
    ];
    for check in checks {
        for fault in &faults {
            let mut facts = good_facts();
            let looks = looks(&mut facts);
            match check {
                CheckName::PictureText => looks.words = fault.clone().map(Err),
                CheckName::HeadCount => looks.faces = fault.clone().map(Err),
                _ => looks.known = fault.clone().map(Err),
            }
            let screening = run(DETECTORS, &draft, &facts, &snapshot, Budget::default());
            assert_held(&screening, check, &format!("{fault:?}"));
        }
    }
    let mut cut = good_facts();
    looks(&mut cut).words = Some(Ok(PictureWords {
        text: Redacted::new("Well done".into()),
        cut: true,
    }));
    let screening = run(DETECTORS, &draft, &cut, &snapshot, Budget::default());
    assert_held(
        &screening,
        CheckName::PictureText,
        "more words than are read",
    );
    let mut stale = snapshot.clone();
    stale.pictures.list_max_age_days = Some(30);
    for kind in ["draft", "comment"] {
        let item = good_item(kind);
        let screening = run(DETECTORS, &item, &good_facts(), &stale, Budget::default());
        let verdict = &screening.verdict;
        assert_eq!(
            verdict.outcome,
            Outcome::Hold,
            "{kind}: a list of unknown age"
        );
        let rule = verdict.reasons[0].rule.as_str();
        assert_eq!(rule, "do-not-publish-list-stale", "{kind}");
    }
    let mut unreadable = good_facts();
    if let Ok(read) = &mut unreadable.media[0].read {
        read.unreadable = true;
    }
    let screening = run(DETECTORS, &draft, &unreadable, &snapshot, Budget::default());
    assert_held(&screening, CheckName::PhotoMetadata, "unreadable details");
}

#[test]
fn words_that_a_school_can_do_without_hold_nothing_and_the_verdict_says_so() {
    let mut snapshot = snapshot();
    snapshot.pictures.words = ReadWords::IfAvailable;
    for fault in [None, Some(LookFault::Missing("tesseract".into()))] {
        let mut facts = good_facts();
        looks(&mut facts).words = fault.map(Err);
        let draft = good_item("draft");
        let verdict = run(DETECTORS, &draft, &facts, &snapshot, Budget::default()).verdict;
        assert_eq!(verdict.outcome, Outcome::Approve, "{:?}", verdict.reasons);
        let line = verdict
            .checks
            .iter()
            .find(|line| line.name == CheckName::PictureText)
            .expect("the check is named");
        assert_eq!(line.status, "skipped");
        let detail = line.detail.as_deref();
        assert_eq!(detail, Some("the words in the picture were not read"));
    }
    let mut broken = good_facts();
    looks(&mut broken).words = Some(Err(LookFault::TimedOut));
    let screening = run(
        DETECTORS,
        &good_item("draft"),
        &broken,
        &snapshot,
        Budget::default(),
    );
    assert_held(&screening, CheckName::PictureText, "it is there and broke");
}

#[test]
fn a_check_that_the_school_does_not_ask_for_is_absent() {
    let mut snapshot = snapshot();
    snapshot.pictures = PictureSettings {
        words: ReadWords::Off,
        ..PictureSettings::default()
    };
    let mut facts = good_facts();
    *looks(&mut facts) = Looks::default();
    let draft = good_item("draft");
    let verdict = run(DETECTORS, &draft, &facts, &snapshot, Budget::default()).verdict;
    assert_eq!(verdict.outcome, Outcome::Approve);
    let names: Vec<_> = verdict.checks.iter().map(|line| line.name).collect();
    for absent in [
        CheckName::KnownPictures,
        CheckName::PictureText,
        CheckName::HeadCount,
    ] {
        assert!(!names.contains(&absent), "{names:?}");
    }
    let subjects = &verdict.checks[names.len() - 1];
    assert_eq!(
        subjects.detail.as_deref(),
        Some(
            "Faces are not recognised: a child in the picture whom nobody declared is not found. The words in the picture were not read."
        )
    );
}

#[test]
fn text_beyond_the_limit_holds_and_names_every_text_check() {
    let snapshot = snapshot();
    let mut item = good_item("comment");
    item.content.media.clear();
    item.content.text = "Lovely day at the fair. ".repeat(834);
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
        CheckName::Links,
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

/// Every way in which an item ends without having been screened, and what its verdict must say.
fn ends() -> [(CheckFailure, &'static str); 4] {
    [
        (CheckFailure::Abandoned, "two attempts"),
        (CheckFailure::Panicked, "stopped unexpectedly"),
        (
            CheckFailure::Error("the school is not configured any more".into()),
            "the school is not configured any more",
        ),
        (
            CheckFailure::Error("the stored item could not be read".into()),
            "the stored item could not be read",
        ),
    ]
}

#[test]
fn an_abandoned_item_is_held_and_names_every_check() {
    let snapshot = snapshot();
    let asked: Vec<_> = DETECTORS.iter().map(|detector| detector.name).collect();
    // without a school nobody knows whether it counts heads or keeps pictures that may not be published
    let always: Vec<_> = asked
        .iter()
        .copied()
        .filter(|name| !matches!(name, CheckName::HeadCount | CheckName::KnownPictures))
        .collect();
    for (school, checks) in [(Some(&snapshot), asked), (None, always)] {
        for (kind, told) in [
            ("draft", vec![Audience::Slt]),
            ("comment", vec![Audience::Dsl, Audience::Slt]),
        ] {
            for (failure, words) in ends() {
                let screening = abandoned(&good_item(kind), school, failure, &[], now());
                for check in &checks {
                    assert_held(&screening, *check, "abandoned");
                }
                let verdict = &screening.verdict;
                assert_eq!(verdict.outcome, Outcome::Hold);
                assert_eq!(verdict.alert, told, "{kind}");
                assert_eq!(verdict.needs_response, (kind == "comment").then_some(true));
                let details = verdict.checks.iter().map(|line| line.detail.as_deref());
                for said in details
                    .chain([Some(verdict.reasons[0].text.as_str())])
                    .chain(verdict.findings.iter().map(|f| Some(f.message.as_str())))
                {
                    let said = said.expect("a sentence");
                    assert!(said.contains(words), "{said}");
                    let attempts = said.contains("attempts");
                    assert_eq!(attempts, words.contains("attempts"), "{said}");
                }
            }
        }
    }
}

#[test]
fn an_abandoned_item_stays_escalated_where_somebody_was_already_alerted() {
    let snapshot = snapshot();
    for (urgent, told) in [
        (vec![Audience::Dsl], vec![Audience::Dsl, Audience::Slt]),
        (vec![Audience::Slt], vec![Audience::Slt]),
        (
            vec![Audience::Head, Audience::Dsl, Audience::Head],
            vec![Audience::Head, Audience::Dsl, Audience::Slt],
        ),
    ] {
        for kind in ["draft", "comment"] {
            for (failure, _) in ends() {
                let item = good_item(kind);
                let screening = abandoned(&item, Some(&snapshot), failure, &urgent, now());
                assert_eq!(screening.verdict.outcome, Outcome::Escalate);
                assert_eq!(screening.verdict.alert, told);
                assert_eq!(screening.severity, Severity::Critical);
            }
        }
    }
}

/// A comment whose body tells of harm and names a pupil, with long links beside it.
fn padded(links: usize) -> Item {
    let mut item = good_item("comment");
    item.content.media.clear();
    item.content.text = "My dad hits me and I am scared to go home. Amelia Hart knows".to_owned();
    let link = |n| format!("https://a.example/{n}/{}", "x".repeat(15_000));
    item.content.links = (0..links).map(link).collect();
    item
}

#[test]
fn a_disclosure_escalates_whatever_is_piled_up_beside_it() {
    let snapshot = snapshot();
    // 199 links are beyond what is read at all; five are read, but the small budget does not reach to their end
    let (whole, small) = (
        Budget::default(),
        Budget {
            steps_per_check: 100_000,
        },
    );
    for (links, budget, detail) in [
        (199, whole, "longer than 100000 characters"),
        (5, small, "too much work"),
    ] {
        let item = padded(links);
        let screening = run(DETECTORS, &item, &MediaFacts::default(), &snapshot, budget);
        let verdict = &screening.verdict;
        assert_eq!(verdict.outcome, Outcome::Escalate, "{links} links");
        assert!(verdict.alert.contains(&Audience::Dsl), "{links} links");
        for category in [Category::Disclosure, Category::PupilName] {
            let found = verdict.findings.iter().any(|f| f.category == category);
            assert!(found, "{links} links: no {}", category.code());
        }
        for check in [
            CheckName::Names,
            CheckName::PersonalData,
            CheckName::Language,
        ] {
            assert_held(&screening, check, detail);
            let line = verdict.checks.iter().find(|line| line.name == check);
            let said = line.and_then(|line| line.detail.as_deref());
            assert!(said.is_some_and(|said| said.contains(detail)), "{said:?}");
        }
    }
}

/// Hints, and one grave finding in the middle.
fn two_thousand_hints() -> Vec<Finding> {
    let finding = |n| {
        let severity = if n == 900 {
            Severity::Critical
        } else {
            Severity::Info
        };
        let rule = RuleId::fixed("tone");
        Finding::new(CheckName::Language, rule, Category::Tone, severity, 1.0, "")
    };
    (0..2_000).map(finding).collect()
}

#[test]
fn a_check_that_finds_too_much_keeps_the_gravest_and_holds() {
    let snapshot = snapshot();
    let mut detectors = DETECTORS.to_vec();
    for detector in &mut detectors {
        if detector.name == CheckName::Language {
            detector.run = |_, _| Found::from(Ok(two_thousand_hints()));
        }
    }
    let facts = good_facts();
    let item = good_item("draft");
    let screening = run(&detectors, &item, &facts, &snapshot, Budget::default());
    assert_held(&screening, CheckName::Language, "too many findings");
    let tone = |f: &&Finding| f.category == Category::Tone;
    let kept: Vec<_> = screening.verdict.findings.iter().filter(tone).collect();
    assert_eq!(kept.len(), Item::MAX_FINDINGS_PER_CHECK);
    assert!(kept.iter().any(|f| f.severity == Severity::Critical));
    let said = screening.verdict.checks.iter().any(|line| {
        let detail = line.detail.as_deref();
        detail.is_some_and(|detail| detail.contains("2000"))
    });
    assert!(said, "{:?}", screening.verdict.checks);
}

#[test]
fn a_comments_picture_is_held_where_a_list_is_missing_and_otherwise_only_looked_at() {
    let (whole, comment) = (snapshot(), good_item("comment"));
    let mut no_list = whole.clone();
    no_list.has_do_not_publish_list = false;
    let mut no_register = whole.clone();
    no_register.roster = Listed::Missing("pupil register".into());
    for (snapshot, what) in [(&no_list, "no list"), (&no_register, "no register")] {
        let budget = Budget::default();
        let screening = run(DETECTORS, &comment, &good_facts(), snapshot, budget);
        assert_held(&screening, CheckName::Subjects, what);
        let undeclared = screening
            .verdict
            .findings
            .iter()
            .any(|f| f.category == Category::UndeclaredSubjects);
        assert!(!undeclared, "{what}: the public declares nobody");
    }
    let budget = Budget::default();
    let screening = run(DETECTORS, &comment, &good_facts(), &whole, budget);
    let line = screening
        .verdict
        .checks
        .iter()
        .find(|line| line.name == CheckName::Subjects);
    assert_eq!(line.map(|line| &*line.status), Some("skipped"));
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
