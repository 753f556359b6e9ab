//! A register that is missing makes everything held; one that is there is counted, versioned and believed.

use schoolgate_model::{Consent, ConsentQuestion, PupilId};
use schoolgate_pipeline::Listed;

use crate::{Config, PUPILS, STAFF};

const PUPILS_FILE: &str = "schools/larkmere/pupils.csv";
const STAFF_FILE: &str = "schools/larkmere/staff.csv";

/// What the only school's roster lacks.
fn missing(config: &Config) -> Option<String> {
    match &config.load().unwrap().only().unwrap().roster {
        Listed::Missing(what) => Some(what.clone()),
        Listed::Loaded(_) => None,
    }
}

#[test]
fn a_pupil_register_without_pupils_is_missing_and_warned_about() {
    let header = PUPILS.lines().next().unwrap();
    for (bytes, reason) in [
        (Vec::new(), "the file is empty"),
        (b" \n\n".to_vec(), "the file is empty"),
        (
            header.as_bytes().to_vec(),
            "the file has a header and no rows",
        ),
        (
            format!("{header}\n,,,,\n").into_bytes(),
            "the file has a header and no rows",
        ),
        (
            b"PK\x03\x04\0\0".to_vec(),
            "the file is not a CSV file in UTF-8 or Windows-1252",
        ),
        (
            b"\xFF\xFEp\0u\0".to_vec(),
            "the file is not a CSV file in UTF-8 or Windows-1252",
        ),
    ] {
        let config = Config::sound().with(PUPILS_FILE, bytes);
        assert_eq!(missing(&config), Some(format!("pupil register ({reason})")));
        let warnings = config.warnings();
        assert!(
            warnings[0].starts_with(PUPILS_FILE) && warnings[0].contains("everything is held"),
            "{warnings:?}"
        );
        let schools = config.load().unwrap();
        let school = schools.only().unwrap();
        assert!(school.pupils.is_empty() && !school.has_do_not_publish_list);
    }
    let config = Config::sound().without(PUPILS_FILE);
    assert_eq!(
        missing(&config).as_deref(),
        Some("pupil register (the file is not there)")
    );
}

#[test]
fn a_staff_list_may_be_absent_and_may_not_be_unreadable() {
    for config in [
        Config::sound().without(STAFF_FILE),
        Config::sound().with(STAFF_FILE, "staff_id,given\n"),
    ] {
        assert_eq!(missing(&config), None);
        assert!(config.warnings()[0].contains("no member of staff is recognised"));
    }
    for bytes in [&b""[..], b"PK\x03\x04\0"] {
        let config = Config::sound().with(STAFF_FILE, bytes);
        assert!(missing(&config).unwrap().starts_with("staff list ("));
        assert!(config.warnings()[0].contains("everything is held"));
    }
}

#[test]
fn the_version_of_the_register_follows_every_byte_of_it() {
    let version = |config: &Config| {
        config
            .load()
            .unwrap()
            .only()
            .unwrap()
            .versions
            .register
            .clone()
    };
    let sound = version(&Config::sound());
    assert_eq!(sound.len(), 12);
    assert_eq!(sound, version(&Config::sound()));
    let mut seen = vec![sound];
    for config in [
        Config::sound().with(PUPILS_FILE, format!("{PUPILS}P2,Ben,Tennick,1 Robin,no\n")),
        Config::sound().with(STAFF_FILE, format!("{STAFF}S3,Ms,Ines,Corrado\n")),
        Config::sound().with(
            "schools/larkmere/consents.csv",
            "pupil_id,state\nP1,withdrawn\n",
        ),
        Config::sound().without(STAFF_FILE),
    ] {
        let other = version(&config);
        assert!(!seen.contains(&other));
        seen.push(other);
    }
}

#[test]
fn the_do_not_publish_list_is_there_when_the_column_is() {
    let schools = Config::sound().load().unwrap();
    assert!(schools.only().unwrap().has_do_not_publish_list);
    let without = Config::sound().with(PUPILS_FILE, "pupil_id,legal_given\nP1,Ada\n");
    let schools = without.load().unwrap();
    assert!(!schools.only().unwrap().has_do_not_publish_list);
    assert!(without.warnings()[0].contains("no column `do_not_publish`"));
}

#[test]
fn the_long_form_of_consents_adds_to_the_columns_and_its_no_stands() {
    let config = Config::sound()
        .with(
            PUPILS_FILE,
            "pupil_id,legal_given,do_not_publish,consent_social_photo\nP1,Ada,no,yes\nP2,Ben,no,yes\nP3,Cy,no,\n",
        )
        .with(
            "schools/larkmere/consents.csv",
            "pupil_id,purpose,channel,state,method\nP2,social media,,withdrawn,\nP3,social media,facebook,granted,form\n\
             P9,social media,,granted,form\n",
        );
    let schools = config.load().unwrap();
    let pupils = &schools.only().unwrap().pupils;
    let day = "2026-11-20".parse().unwrap();
    let answer = |pupil: &str, platform| {
        pupils[&PupilId::from(pupil)]
            .consents
            .to_picture(&ConsentQuestion {
                platform: Some(platform),
                moving: false,
                given_by: day,
                valid_on: day,
            })
    };
    assert_eq!(answer("P1", "facebook"), Consent::Granted);
    assert_eq!(answer("P2", "facebook"), Consent::Withdrawn);
    assert_eq!(answer("P3", "facebook"), Consent::Granted);
    assert_eq!(answer("P3", "instagram"), Consent::Unknown);
    assert!(config.warnings().is_empty(), "{:?}", config.warnings());
}

#[test]
fn a_yes_of_the_long_form_that_grants_nothing_is_a_warning() {
    let config = Config::sound().with(
        "schools/larkmere/consents.csv",
        "pupil_id,purpose,state,method\nP1,social media,granted,verbal\n",
    );
    assert!(config.warnings()[0].contains("say yes and grant nothing"));
}

#[test]
fn lists_that_are_missing_are_named_school_by_school() {
    assert!(Config::sound().load().unwrap().missing_lists().is_empty());
    let config = Config::sound().with(PUPILS_FILE, "");
    assert_eq!(
        config.load().unwrap().missing_lists(),
        ["larkmere: no pupil register (the file is empty)"]
    );
    let config = Config::sound().with(PUPILS_FILE, "pupil_id,legal_given\nP1,Ada\n");
    assert_eq!(
        config.load().unwrap().missing_lists(),
        ["larkmere: no do-not-publish list"]
    );
}
