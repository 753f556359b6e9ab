//! What a sound folder gives, what it warns of, and what schools share.

use std::sync::Arc;

use jiff::Timestamp;
use schoolgate_model::{Audience, SchoolId};
use schoolgate_pipeline::Listed;
use schoolgate_school::{check_policy, check_words, load};

use crate::{Config, PUPILS, SCHOOL, STAFF, now, shown};

#[test]
fn the_smallest_folder_of_the_contract_loads() {
    let config = Config::sound().with("schools/larkmere/school.toml", "name = \"Larkmere\"\n");
    let schools = config.load().unwrap();
    let school = schools.only().unwrap();
    assert_eq!(school.name, "Larkmere");
    assert_eq!(school.school, SchoolId::from("larkmere"));
    assert_eq!(school.versions.schoolgate, "0.0.0-test");
    assert!(matches!(school.roster, Listed::Loaded(_)));
    assert!(Arc::ptr_eq(
        school,
        schools.get(&SchoolId::from("larkmere")).unwrap()
    ));
    assert_eq!(
        shown(&schools.warnings),
        [
            "schools/larkmere/school.toml: alerts reach nobody for: moderator, slt, dsl, head, dpo, press (name people in [contacts]; `slt` and `head` stand in for the others)"
        ]
    );
}

#[test]
fn a_sound_folder_warns_of_nothing() {
    assert_eq!(Config::sound().warnings(), [""; 0]);
}

#[test]
fn hidden_folders_and_stray_files_are_no_schools() {
    let config = Config::sound()
        .with("schools/.git/x", "")
        .with("schools/notes.txt", "");
    assert_eq!(config.load().unwrap().by_slug.len(), 1);
}

#[test]
fn two_schools_share_the_wordlists_and_neither_is_the_only_one() {
    let config = Config::sound()
        .with("schools/thornby/school.toml", SCHOOL)
        .with("schools/thornby/pupils.csv", PUPILS)
        .with("schools/thornby/staff.csv", STAFF)
        .with("schools/rowan/school.toml", SCHOOL)
        .with("schools/rowan/pupils.csv", PUPILS)
        .with("schools/rowan/staff.csv", STAFF)
        .with(
            "schools/rowan/words.toml",
            "fine_here = [\"Dick Whittington\"]\n",
        );
    let schools = config.load().unwrap();
    assert!(schools.only().is_none());
    assert!(schools.get(&SchoolId::from("nowhere")).is_none());
    let lexicon = |slug| match &schools.get(&SchoolId::from(slug)).unwrap().lexicon {
        Listed::Loaded(lexicon) => Arc::clone(lexicon),
        Listed::Missing(what) => panic!("{what}"),
    };
    assert!(Arc::ptr_eq(&lexicon("larkmere"), &lexicon("thornby")));
    assert_ne!(lexicon("larkmere").version(), lexicon("rowan").version());
}

#[test]
fn a_policy_or_a_preset_changes_the_version_of_the_policy() {
    let version = |config: Config| {
        config
            .load()
            .unwrap()
            .only()
            .unwrap()
            .versions
            .policy
            .clone()
    };
    let sound = version(Config::sound());
    let strict =
        version(Config::sound().with("policy.toml", "version = 1\n[draft]\ntone = \"hold\"\n"));
    let preset = version(Config::sound().with(
        "schools/larkmere/school.toml",
        format!("preset = \"strict-junior\"\n{SCHOOL}"),
    ));
    assert!(sound != strict && sound != preset && strict != preset);
}

#[test]
fn a_calendar_of_the_folder_replaces_the_built_in_one() {
    let calendar = r#"{"england-and-wales": {"division": "england-and-wales", "events": [{"title": "Good Friday", "date": "2028-04-14"}]}}"#;
    let config = Config::sound().with("bank-holidays.json", calendar);
    let own = config
        .load()
        .unwrap()
        .only()
        .unwrap()
        .versions
        .calendar
        .clone();
    let built_in = Config::sound()
        .load()
        .unwrap()
        .only()
        .unwrap()
        .versions
        .calendar
        .clone();
    assert_ne!(own, built_in);
}

#[test]
fn the_end_of_the_calendar_is_told_sixty_days_ahead() {
    let calendar = r#"{"england-and-wales": {"division": "england-and-wales", "events": [{"title": "Boxing Day", "date": "2026-12-26"}]}}"#;
    let config = Config::sound().with("bank-holidays.json", calendar);
    let warned = |at: &str| {
        let at: Timestamp = at.parse().unwrap();
        let schools = load(config.root.path(), "0", at).unwrap();
        shown(&schools.warnings)
    };
    assert_eq!(warned("2026-11-01T12:00:00Z"), [""; 0]);
    assert!(warned("2026-11-03T12:00:00Z")[0].contains("known until 2026-12-31 only"));
}

#[test]
fn an_account_with_one_current_editor_is_warned_about() {
    let school = format!(
        "{SCHOOL}[[account]]\nplatform = \"facebook\"\nid = \"1\"\neditors = [\"S1\", \"S9\"]\n"
    );
    let config = Config::sound().with("schools/larkmere/school.toml", school);
    assert!(
        config.warnings()[0].starts_with(
            "schools/larkmere/school.toml:4:1: the facebook account has 1 current staff"
        )
    );
    let schools = config.load().unwrap();
    assert!(
        schools
            .only()
            .unwrap()
            .is_own_account(Some("facebook"), Some("1"))
    );
}

#[test]
fn contacts_and_own_details_reach_the_snapshot() {
    let school = format!("{SCHOOL}[own]\ndomains = [\"larkmere.example\"]\n");
    let config = Config::sound().with("schools/larkmere/school.toml", school);
    let schools = config.load().unwrap();
    let school = schools.only().unwrap();
    assert_eq!(
        school.contacts.resolve(Audience::Dsl),
        ["head@larkmere.example"]
    );
    assert_ne!(school.own, schoolgate_scan::OwnDetails::default());
}

#[test]
fn pictures_are_compared_where_the_school_keeps_some_that_may_not_be_published() {
    let config = Config::sound();
    let known = |config: &Config| {
        let schools = config.load().unwrap();
        schools.only().unwrap().pictures.known_pictures
    };
    assert!(!known(&config));
    assert!(known(
        &config.with("schools/larkmere/do-not-publish/a.jpg", "x")
    ));
}

#[test]
fn the_age_of_the_pupil_list_counts_only_where_the_school_speaks_of_it() {
    let pictures = |lines: &str| {
        let text = format!("name = \"Larkmere\"\n[pictures]\n{lines}\n");
        let config = Config::sound().with("schools/larkmere/school.toml", text);
        config
            .load()
            .map(|schools| schools.only().unwrap().pictures.clone())
    };
    let stale = |lines: &str| pictures(lines).unwrap().stale_list(now());
    let later = |lines: &str| {
        let later = "2099-01-01T00:00:00Z".parse().unwrap();
        pictures(lines).unwrap().stale_list(later)
    };
    assert_eq!(later(""), None, "a checkout of sample files never holds");
    assert!(
        later("list_max_age_days = 30").is_some(),
        "by the file's date"
    );
    assert_eq!(stale("synchronised = \"2026-10-22\""), None);
    assert_eq!(
        stale("synchronised = \"2026-10-20\"").as_deref(),
        Some("the pupil list is 31 days old, and the school allows 30")
    );
    assert_eq!(
        stale("synchronised = \"2025-10-20\"\nlist_max_age_days = 0"),
        None
    );
    let text = "name = \"Larkmere\"\n[pictures]\nsynchronised = \"2026-10-20\"\n";
    let config = Config::sound().with("schools/larkmere/school.toml", text);
    assert_eq!(
        config.load().unwrap().stale_lists(now()),
        ["larkmere: the pupil list is 31 days old, and the school allows 30; pictures are held"]
    );
    let faults = pictures("synchronised = \"2026-11-21\"").unwrap_err();
    assert_eq!(
        shown(&faults),
        [
            "schools/larkmere/school.toml:3:16: `synchronised` lies in the future (write the day of the last export)"
        ]
    );
}

#[test]
fn policies_and_words_are_checked_even_where_a_register_is_broken() {
    let config = Config::sound()
        .with(
            "schools/larkmere/pupils.csv",
            "pupil_id,legal_given\n,\n,x\n",
        )
        .with("policy.toml", "version = 1\n[draft]\ntone = \"hold\"\n")
        .with(
            "schools/larkmere/policy.toml",
            "version = 1\n[draft]\ntone = \"hld\"\n",
        )
        .with("schools/larkmere/words.toml", "fine_hre = []\n");
    let policies = check_policy(config.root.path()).unwrap();
    assert_eq!(policies.len(), 2);
    assert_eq!(
        (policies[0].file.as_str(), policies[0].faults.len()),
        ("policy.toml", 0)
    );
    assert!(!policies[1].faults.is_empty());
    let words = check_words(config.root.path()).unwrap();
    assert_eq!(words[0].faults[0].line, 1);
    assert!(check_words(Config::empty().root.path()).is_err());
}

#[test]
fn a_trusts_fault_is_the_trusts_and_not_every_schools() {
    let config = Config::sound().with(
        "policy.toml",
        "version = 1\n[draft]\ndo_not_publish = \"approve\"\n",
    );
    let policies = check_policy(config.root.path()).unwrap();
    assert_eq!(policies.len(), 1);
    assert_eq!(policies[0].faults[0].line, 3);
}

#[test]
fn no_debug_output_of_a_folder_holds_a_name_of_its_register() {
    let schools = load(Config::sound().root.path(), "0", now()).unwrap();
    let shown = format!("{schools:?}");
    assert!(!shown.contains("Tennick") && !shown.contains("Averill"));
}
