//! Who is in a picture: declarations against consent, the file, the words in the picture, known pictures and the lists.

use std::sync::Arc;

use jiff::{Timestamp, civil::date};
use schoolgate_model::{
    Audience, Budget, CleanCopy, Consent, ConsentMedium, ConsentRecord, Consents, KnownList,
    KnownPicture, LinkFacts, Looks, MediaFacts, MediumFacts, MediumFault, MetadataFact,
    MetadataKind, NameForm, Outcome, PictureWords, PupilId, Purpose, ReadMedium, Redacted,
    SchoolId, Surface, Verdict, wire::parse_submission,
};
use schoolgate_pipeline::{PupilRecord, Snapshot, StaffRecords, screen};
use serde_json::{Value, json};

use crate::world::demo_config;

/// Everything granted. Edward Salter, R Acorn.
const FREE: &str = "P0019";
/// Never to be published. Isabella Haddow, 1 Robin.
const HIDDEN: &str = "P0031";

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn snapshot() -> Snapshot {
    let schools =
        schoolgate_school::load(&demo_config(), "test", now()).expect("the sample school loads");
    Snapshot::clone(schools.only().expect("one school"))
}

/// The sample school with other consents for one pupil.
fn with_consents(pupil: &str, consents: Consents) -> Snapshot {
    let mut snapshot = snapshot();
    let mut pupils = (*snapshot.pupils).clone();
    let record = PupilRecord {
        do_not_publish: Some(false),
        consents,
    };
    pupils.insert(PupilId::from(pupil), record);
    snapshot.pupils = Arc::new(pupils);
    snapshot
}

fn by_consent(mut snapshot: Snapshot) -> Snapshot {
    use schoolgate_policy::{KnownRules, PolicyFile, Settings, settings::BUILT_IN};
    let known = KnownRules::new([]);
    let built_in = PolicyFile::parse("built-in", BUILT_IN, &known).unwrap();
    let school = PolicyFile::parse("school", "name_with_image = \"by_consent\"", &known).unwrap();
    snapshot.settings = Settings::layer(built_in, None, None, Some(school)).unwrap();
    snapshot
}

fn picture() -> ReadMedium {
    ReadMedium {
        format: "jpeg".into(),
        width: 10,
        height: 10,
        sha256: "a".repeat(64),
        metadata: Vec::new(),
        text_cut: false,
        unreadable: false,
        clean: Ok(CleanCopy {
            sha256: "b".repeat(64),
            path: None,
            removed: Vec::new(),
            re_encoded: false,
            format: "jpeg".into(),
        }),
        moving: false,
        looks: Looks::default(),
    }
}

fn tag(kind: MetadataKind, tag: &str, text: &str) -> MetadataFact {
    MetadataFact {
        kind,
        tag: tag.to_owned(),
        text: Some(Redacted::new(text.to_owned())),
    }
}

fn tagged(tags: &[(&str, &str)]) -> ReadMedium {
    ReadMedium {
        metadata: tags
            .iter()
            .map(|(name, text)| tag(MetadataKind::PersonName, name, text))
            .collect(),
        ..picture()
    }
}

fn reading(words: &str) -> ReadMedium {
    let words = PictureWords {
        text: Redacted::new(words.to_owned()),
        cut: false,
    };
    ReadMedium {
        looks: Looks {
            words: Some(Ok(words)),
            ..Looks::default()
        },
        ..picture()
    }
}

/// A draft for Facebook with one picture, the medium's fields given.
fn draft(medium: &Value, read: ReadMedium, snapshot: &Snapshot) -> Verdict {
    screened(
        json!({"platform": "facebook", "media": [medium]}),
        Ok(read),
        snapshot,
    )
}

fn screened(fields: Value, read: Result<ReadMedium, MediumFault>, snapshot: &Snapshot) -> Verdict {
    let mut item = json!({"id": "d", "kind": "draft", "text": "A good day."});
    for (key, value) in fields.as_object().expect("fields") {
        item[key] = value.clone();
    }
    for medium in item["media"].as_array_mut().expect("media") {
        medium["alt"] = medium
            .get("alt")
            .cloned()
            .unwrap_or_else(|| json!("A picture"));
    }
    let item = parse_submission(item.to_string().as_bytes())
        .unwrap()
        .into_item(SchoolId::from("st-hildas"), 1, now());
    let facts = MediaFacts {
        media: vec![MediumFacts {
            id: "m1".into(),
            read,
        }],
    };
    let links = LinkFacts::default();
    screen(&item, &facts, &links, snapshot, now(), &Budget::default()).verdict
}

fn rules(verdict: &Verdict) -> Vec<&str> {
    let reasons = verdict.reasons.iter();
    reasons.map(|reason| reason.rule.as_str()).collect()
}

#[track_caller]
fn approved(verdict: &Verdict) {
    assert_eq!(verdict.outcome, Outcome::Approve, "{:?}", rules(verdict));
}

#[track_caller]
fn held_for(verdict: &Verdict, rule: &str) {
    assert_eq!(verdict.outcome, Outcome::Hold, "{:?}", rules(verdict));
    assert!(rules(verdict).contains(&rule), "{:?}", rules(verdict));
    for reason in &verdict.reasons {
        assert!(!reason.text.contains("Salter") && !reason.text.contains("Haddow"));
    }
    let reason = verdict.reasons.iter().find(|r| r.rule.as_str() == rule);
    let fix = reason.and_then(|reason| reason.fix.as_deref());
    assert!(
        fix.is_some_and(|fix| fix.len() > 20),
        "{rule} says what would help"
    );
}

#[test]
fn consent_is_asked_for_the_channel_and_for_stills_and_films_apart() {
    let snapshot = with_consents(
        FREE,
        Consents {
            social_photo: Some(Consent::Granted),
            social_video: Some(Consent::Refused),
            website_photo: Some(Consent::Withdrawn),
            ..Consents::default()
        },
    );
    let on = |platform: &str, read: Result<ReadMedium, MediumFault>, path: &str| {
        let medium = json!({"path": path, "pupils": [FREE]});
        let fields = json!({"platform": platform, "media": [medium]});
        screened(fields, read, &snapshot)
    };
    let moving = || ReadMedium {
        moving: true,
        ..picture()
    };
    approved(&on("facebook", Ok(picture()), "a.jpg"));
    held_for(&on("facebook", Ok(moving()), "a.gif"), "declared-consent");
    held_for(&on("website", Ok(picture()), "a.jpg"), "declared-consent");
    held_for(&on("press", Ok(picture()), "a.jpg"), "declared-consent");
    let film = MediumFault::UnsupportedFormat("mp4".to_owned());
    let unread = on("facebook", Err(film), "day.mp4");
    held_for(&unread, "declared-consent");
    held_for(&unread, "screening-incomplete");
    let told = unread.reasons.iter().any(|r| r.text.contains("film (mp4)"));
    assert!(told, "{:?}", unread.reasons);
}

#[test]
fn consent_must_have_been_given_before_publication_and_hold_on_its_day() {
    let record = |given, expires| ConsentRecord {
        purpose: Purpose::Social,
        channel: Some("facebook".to_owned()),
        state: Consent::Granted,
        names: Some(NameForm::Given),
        medium: Some(ConsentMedium::Still),
        date: Some(given),
        expires: Some(expires),
    };
    let of = |given, expires, publish_at: &str| {
        let records = Arc::from([record(given, expires)]);
        let snapshot = with_consents(
            FREE,
            Consents {
                records,
                ..Consents::default()
            },
        );
        let medium = json!({"path": "a.jpg", "pupils": [FREE]});
        let fields = json!({"platform": "facebook", "publish_at": publish_at, "media": [medium]});
        screened(fields, Ok(picture()), &snapshot)
    };
    let (given, expires) = (date(2026, 9, 1), date(2026, 12, 31));
    approved(&of(given, expires, "2026-12-31T12:00:00Z"));
    let late = of(given, expires, "2027-01-02T12:00:00Z");
    held_for(&late, "declared-consent");
    assert!(
        late.findings
            .iter()
            .any(|f| f.message.ends_with("is expired"))
    );
    let after = of(date(2026, 11, 21), expires, "2026-11-25T12:00:00Z");
    held_for(&after, "declared-consent");
}

#[test]
fn a_first_name_agreed_to_may_stand_next_to_the_picture_and_the_full_name_may_not() {
    let record = ConsentRecord {
        purpose: Purpose::Social,
        channel: None,
        state: Consent::Granted,
        names: Some(NameForm::Given),
        medium: None,
        date: None,
        expires: None,
    };
    let consents = Consents {
        records: Arc::from([record]),
        ..Consents::default()
    };
    let snapshot = by_consent(with_consents("P0013", consents));
    let captioned = |caption: &str| {
        let medium = json!({"path": "a.jpg", "pupils": ["P0013"], "caption": caption});
        draft(&medium, picture(), &snapshot)
    };
    held_for(
        &captioned("Cerys Prydderch with her model."),
        "name-with-image-without-consent",
    );
    approved(&captioned("Well done Cerys!"));
    // another child, whose family has not agreed to it
    held_for(&captioned("Well done Cosmin!"), "given-name-with-image");
}

#[test]
fn a_member_of_staff_who_asked_not_to_be_shown_is_respected() {
    let mut snapshot = snapshot();
    snapshot.staff = Arc::new(StaffRecords {
        no_photos: ["S02".into()].into(),
        ..(*snapshot.staff).clone()
    });
    let with = |staff: Value| {
        let medium = json!({"path": "a.jpg", "pupils": [], "staff": staff});
        draft(&medium, picture(), &snapshot)
    };
    approved(&with(json!(["S01"])));
    approved(&with(json!(3)));
    held_for(&with(json!(["S01", "S02"])), "declared-staff-no-photos");
    held_for(&with(json!(["S99"])), "declared-unknown-staff");
}

#[test]
fn an_album_is_read_like_what_the_file_says() {
    let snapshot = by_consent(snapshot());
    let medium = json!({"path": "a.jpg", "pupils": [FREE], "album": "Isabella Haddow birthday"});
    let verdict = draft(&medium, picture(), &snapshot);
    held_for(&verdict, "do-not-publish-reference");
    let surfaces: Vec<_> = verdict.findings.iter().filter_map(|f| f.surface).collect();
    assert!(surfaces.contains(&Surface::Metadata), "{surfaces:?}");
    let nobody = json!({"path": "a.jpg", "pupils": [], "album": "Edward Salter"});
    held_for(
        &draft(&nobody, picture(), &snapshot),
        "nobody-declared-but-named",
    );
    let harmless = json!({"path": "a.jpg", "pupils": [], "album": "Harvest 2026"});
    approved(&draft(&harmless, picture(), &snapshot));
}

#[test]
fn a_child_who_may_not_be_published_is_a_hard_gate_wherever_the_name_stands() {
    let snapshot = by_consent(snapshot());
    let plain = json!({"path": "a.jpg", "pupils": [FREE]});
    let file = json!({"path": "isabella_haddow.jpg", "pupils": [FREE]});
    let region = tagged(&[("XMP:mwg-rs:Name", "Isabella Haddow")]);
    for (what, verdict) in [
        ("file name", draft(&file, picture(), &snapshot)),
        ("people tag", draft(&plain, region, &snapshot)),
        (
            "words",
            draft(&plain, reading("ISABELLA HADDOW\n1 Robin"), &snapshot),
        ),
        (
            "declared",
            draft(
                &json!({"path": "a.jpg", "pupils": [HIDDEN]}),
                picture(),
                &snapshot,
            ),
        ),
    ] {
        assert_eq!(verdict.outcome, Outcome::Hold, "{what}");
        let gate = ["do-not-publish-reference", "declared-do-not-publish"];
        let rules = rules(&verdict);
        assert!(
            rules.iter().any(|rule| gate.contains(rule)),
            "{what}: {rules:?}"
        );
        assert!(verdict.alert.contains(&Audience::Dsl), "{what}");
    }
}

#[test]
fn people_tags_of_the_file_are_compared_with_who_was_declared() {
    let snapshot = by_consent(snapshot());
    let of = |pupils: &[&str], tags: &[(&str, &str)]| {
        draft(
            &json!({"path": "a.jpg", "pupils": pupils}),
            tagged(tags),
            &snapshot,
        )
    };
    let person = "XMP:Iptc4xmpExt:PersonInImage";
    approved(&of(&[FREE], &[(person, "Edward Salter")]));
    held_for(
        &of(
            &[FREE],
            &[(person, "Edward Salter"), (person, "Maja Kowalska")],
        ),
        "undeclared-person-in-file",
    );
    held_for(
        &of(&[], &[(person, "Edward Salter")]),
        "undeclared-person-in-file",
    );
    held_for(
        &of(&[], &[(person, "Zebedee Quonk")]),
        "nobody-declared-but-named",
    );
    approved(&of(&[FREE], &[(person, "Zebedee Quonk")]));
    // a face that was marked and not named is nobody
    approved(&of(&[], &[("XMP:RegionInfo", ""), ("XMP:RegionName", "-")]));
    // whoever made a picture is not in it
    approved(&of(&[], &[("QuickTime:Composer", "Zebedee Quonk")]));
    approved(&of(&[], &[("EXIF:Artist", "Zebedee Quonk")]));
    approved(&of(&[], &[(person, "Mark Ellison")]));
}

#[test]
fn nobody_recognisable_and_a_name_beside_it_is_a_question() {
    let snapshot = by_consent(snapshot());
    let with = |medium: Value| draft(&medium, picture(), &snapshot);
    for medium in [
        json!({"path": "a.jpg", "pupils": [], "caption": "Edward Salter at the fair."}),
        json!({"path": "edward_salter.jpg", "pupils": []}),
        json!({"path": "a.jpg", "pupils": [], "alt": "Edward Salter holds a cake."}),
    ] {
        held_for(&with(medium), "nobody-declared-but-named");
    }
    let medium = json!({"path": "a.jpg", "pupils": []});
    let badge = draft(&medium, reading("Certificate\nEdward Salter"), &snapshot);
    held_for(&badge, "nobody-declared-but-named");
    approved(&with(
        json!({"path": "a.jpg", "pupils": [], "caption": "The hall in May."}),
    ));
}

#[test]
fn the_words_in_a_picture_are_read_like_any_other() {
    let snapshot = snapshot();
    let medium = json!({"path": "a.jpg", "pupils": [FREE]});
    let badge = draft(
        &medium,
        reading("Star of the week\nMaja Kowalska"),
        &snapshot,
    );
    held_for(&badge, "name-with-image");
    let name = badge
        .findings
        .iter()
        .find(|f| f.surface == Some(Surface::Ocr));
    let name = name.expect("a finding on the words in the picture");
    assert_eq!(name.media, Some("m1".into()));
    assert_eq!(name.text.as_deref(), Some("Maja Kowalska"));
    let peg = draft(&medium, reading("AMELIA"), &snapshot);
    held_for(&peg, "given-name-with-image");
    // a scrap of noise that happens to be somebody's name is said and holds nothing
    let noise = draft(&medium, reading("ee |\nSAM\n. a of"), &snapshot);
    approved(&noise);
    assert!(
        noise
            .findings
            .iter()
            .any(|f| f.rule.as_str() == "pupil-given-name")
    );
    let phone = draft(&medium, reading("Mum's mobile 07700 900123"), &snapshot);
    assert!(
        phone
            .findings
            .iter()
            .any(|f| f.rule.as_str() == "phone-number")
    );
    assert_eq!(phone.outcome, Outcome::Hold);
    let slur = draft(&medium, reading("FUCK THIS SCHOOL"), &snapshot);
    assert_eq!(slur.outcome, Outcome::Hold);
    approved(&draft(&medium, reading("Exit\nReading corner"), &snapshot));
}

#[test]
fn more_faces_than_people_are_a_question() {
    let mut snapshot = snapshot();
    snapshot.pictures.head_count = true;
    let with = |medium: Value, faces: u32| {
        let mut read = picture();
        read.looks.faces = Some(Ok(faces));
        draft(&medium, read, &snapshot)
    };
    let one = json!({"path": "a.jpg", "pupils": [FREE]});
    approved(&with(one.clone(), 1));
    held_for(&with(one, 3), "more-faces-than-declared");
    let adults = json!({"path": "a.jpg", "pupils": [FREE], "staff": 2});
    approved(&with(adults.clone(), 3));
    held_for(&with(adults, 4), "more-faces-than-declared");
    let nobody = json!({"path": "a.jpg", "pupils": []});
    let verdict = with(nobody, 1);
    held_for(&verdict, "more-faces-than-declared");
    let message = verdict
        .findings
        .iter()
        .find(|f| f.detector.code() == "head_count");
    assert_eq!(
        message.map(|f| f.message.as_str()),
        Some(
            "1 face can be seen from the front, and nobody is declared. Who else is in the picture?"
        )
    );
    let line = verdict
        .checks
        .iter()
        .find(|line| line.name.code() == "head_count");
    let limit = line.and_then(|line| line.detail.as_deref());
    assert!(limit.is_some_and(|limit| limit.contains("nobody is recognised")));
}

#[test]
fn a_known_picture_is_a_hard_gate_and_no_policy_loosens_it() {
    let known = |list, same_bytes| KnownPicture {
        sha256: "c".repeat(64),
        list,
        same_bytes,
        distance: None,
    };
    let with = |known: Vec<KnownPicture>| {
        let mut read = picture();
        read.looks.known = Some(Ok(known));
        draft(&json!({"path": "a.jpg", "pupils": []}), read, &snapshot())
    };
    approved(&with(Vec::new()));
    for (list, same, rule, says) in [
        (
            KnownList::DoNotPublish,
            true,
            "known-do-not-publish-picture",
            "same file",
        ),
        (
            KnownList::DoNotPublish,
            false,
            "known-do-not-publish-picture",
            "copy or a part",
        ),
        (
            KnownList::Withdrawn,
            false,
            "known-withdrawn-picture",
            "copy or a part",
        ),
    ] {
        let verdict = with(vec![known(list, false), known(list, same)]);
        held_for(&verdict, rule);
        assert!(verdict.alert.contains(&Audience::Dsl));
        let found: Vec<_> = verdict
            .findings
            .iter()
            .filter(|f| f.category.code() == "known_image")
            .collect();
        assert_eq!(found.len(), 1, "one finding a list");
        assert!(found[0].message.contains(says), "{}", found[0].message);
        assert!(found[0].pupil_id.is_none());
    }
    let known = schoolgate_policy::KnownRules::new([]);
    let loose = "[draft]\nknown_image = \"approve\"";
    let school = schoolgate_policy::PolicyFile::parse("school", loose, &known).unwrap();
    let built_in =
        schoolgate_policy::PolicyFile::parse("b", schoolgate_policy::settings::BUILT_IN, &known)
            .unwrap();
    assert!(schoolgate_policy::Settings::layer(built_in, None, None, Some(school)).is_err());
}
