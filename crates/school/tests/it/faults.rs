//! Broken folders, and the exact place that each fault names.

use crate::Config;

/// Puts one file into a sound folder; every fault must begin with the given places, in order.
fn check(file: &str, text: impl AsRef<[u8]>, expected: &[&str]) {
    let shown = Config::sound().with(file, text).faults();
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (fault, expected) in shown.iter().zip(expected) {
        assert!(
            fault.starts_with(expected),
            "{fault}\nshould begin with\n{expected}"
        );
    }
}

const SCHOOL_FILE: &str = "schools/larkmere/school.toml";
const PUPILS_FILE: &str = "schools/larkmere/pupils.csv";
const STAFF_FILE: &str = "schools/larkmere/staff.csv";

fn check_school(text: &str, expected: &str) {
    check(SCHOOL_FILE, text, &[&format!("{SCHOOL_FILE}:{expected}")]);
}

fn check_pupils(text: impl AsRef<[u8]>, expected: &str) {
    check(PUPILS_FILE, text, &[&format!("{PUPILS_FILE}:{expected}")]);
}

fn check_staff(text: &str, expected: &str) {
    check(STAFF_FILE, text, &[&format!("{STAFF_FILE}:{expected}")]);
}

#[test]
fn faults_of_a_school_file_name_line_and_column() {
    check_school("name = \"A\"\nown = 5\n", "2:7: this must be a table");
    check_school(
        "name = \"A\"\nclasses = \"1 Robin\"\n",
        "2:11: this must be a list",
    );
    check_school(
        "name = \"A\"\naccount = true\n",
        "2:11: this must be a list",
    );
    check_school(
        "name = \"A\"\ncontacts = []\n",
        "2:12: this must be a table",
    );
    check_school("name = \"A\"\nname = \"B\"\n", "2:1: duplicate key");
    check_school("", "1:1: the key `name` is missing");
    check_school("name = \"A\"\nclosed\n", "2:7: key with no value");
    check_school("name = [\"A\"]\n", "1:8: this must be a string");
    check_school(
        "name = \"A\"\nnotice = 1\n",
        "2:1: unknown key `notice` (one of: name, ",
    );
    check_school(
        "name = \"A\"\ndivison = \"scotland\"\n",
        "2:1: unknown key `divison` (did you mean `division`?)",
    );
    check_school(
        "name = \"A\"\ndivision = \"Scotland\"\n",
        "2:12: there is no division `Scotland` (did you mean `scotland`?)",
    );
    check_school(
        "name = \"A\"\npreset = \"strict\"\n",
        "2:10: there is no preset `strict` (",
    );
    check_school(
        "name = \"A\"\nclasses = [\"1 Robin\", \"\"]\n",
        "2:23: a class name is empty",
    );
    check_school(
        "name = \"A\"\n[window]\napplies_to = \"everything\"\n",
        "3:14: `everything` is not allowed here (one of: all, needs_response)",
    );
    check_school(
        "name = \"A\"\n[window]\nclosures = [{ from = \"2026-12-21\" }]\n",
        "3:13: the key `to` is missing",
    );
    check_school(
        "name = \"A\"\n[own]\ndomains = [\"sch.uk\"]\n",
        "3:12: this domain is shared with strangers",
    );
    check_school(
        "name = \"A\"\n[[account]]\nplatform = \"facebook\"\nid = 1000000000001\n",
        "4:6: this must be a string",
    );
    check_school(
        "name = \"A\"\n[contacts]\ndeputy = [\"a@b.example\"]\n",
        "3:1: there is no audience `deputy` (one of: moderator, ",
    );
}

#[test]
fn faults_of_a_pupil_register_name_line_and_column() {
    check_pupils(
        "P1,Ada,Tennick\nP2,Ben,Tennick\n",
        "1:1: the first line is not a header",
    );
    check_pupils(
        "pupil_id;legal_given\nP1;Ada\n",
        "1:1: the first line is not a header (separate the columns with commas)",
    );
    check_pupils(
        "legal_given\nAda\n",
        "1: the header has no column `pupil_id`",
    );
    check_pupils(
        "pupil_id,class\nP1,1 Robin\n",
        "1: the header has neither `legal_given` nor `legal_family`",
    );
    check_pupils(
        "pupil_id,legal_given,Pupil ID\nP1,Ada,P1\n",
        "1:22: two columns are named `pupil_id`",
    );
    check_pupils(
        "pupil_id,legal_given\nP1,Ada\n\nP1,Ben\n",
        "4:1: the `pupil_id` is already used on line 2",
    );
    check_pupils(
        "pupil_id,legal_given\nP1,\"Ada\nMary\"\n,Ben\n",
        "4:1: the row has no `pupil_id`",
    );
    check_pupils(
        "class,pupil_id,legal_given\n1 Robin,P1, \n",
        "2:12: the row has no legal name",
    );
    check_pupils(
        "pupil_id,legal_given,consent_name\r\nP1,Zoë,maybe\r\n",
        "2:8: `consent_name` holds a word that is not allowed",
    );
    check_pupils(
        "pupil_id,legal_given,do_not_publish\nP1,Ada,granted\n",
        "2:8: `do_not_publish` holds a word that is not allowed (use yes or no",
    );
    check_pupils(
        "pupil_id,legal_given\nP1,Ada,Tennick\n",
        "2: the row has 3 cells where the header has 2",
    );
    check_pupils(
        "pupil_id,legal_given\nP1,\"Ada\nP2,Ben\n",
        "2:4: the quotation mark that opens this cell is never closed",
    );
    check_pupils(
        "pupil_id,legal_given\nP1,Ada \"Addie\" T\n",
        "2:4: a quotation mark stands in a cell that does not begin with one",
    );
    check_pupils(
        b"pupil_id,legal_given,consent_name\nP1,Zo\xEB,x\n",
        "2:8: `consent_name` holds a word",
    );
}

#[test]
fn faults_of_a_staff_list_name_line_and_column() {
    check_staff(
        "given,family\nAda,Frost\n",
        "1: the header has no column `staff_id`",
    );
    check_staff(
        "staff_id,role\nS1,Cook\n",
        "1: the header has neither `given` nor `family`",
    );
    check_staff(
        "staff_id,given,end_date\nS1,Ada,31/02/2026\n",
        "2:8: `end_date` is not a date",
    );
    check_staff(
        "staff_id,given\nS1,Ada\nS1,Ben\n",
        "3:1: the `staff_id` is already used on line 2",
    );
}

#[test]
fn faults_of_policies_and_words_name_line_and_column() {
    check(
        "policy.toml",
        "version = 1\n[draft]\nprofantiy = \"hold\"\n",
        &["policy.toml:3:1: "],
    );
    check(
        "policy.toml",
        "version = 1\n[draft]\nprofanity = \"hld\"\n",
        &["policy.toml:3:13: "],
    );
    check(
        "policy.toml",
        "version = 1\n[draft]\ndo_not_publish = \"approve\"\n",
        &["policy.toml:3:"],
    );
    check(
        "schools/larkmere/policy.toml",
        "version = 1\n[draft]\nno-such-rule = \"hold\"\n",
        &["schools/larkmere/policy.toml:3:1: "],
    );
    check(
        "schools/larkmere/words.toml",
        "[[word]]\nterms = [\"x\"]\ncategory = \"insult\"\nseverity = \"low\"\n",
        &["schools/larkmere/words.toml:2:10: "],
    );
    check(
        "schools/larkmere/words.toml",
        b"\xFF",
        &["schools/larkmere/words.toml:1: the file is not UTF-8 text"],
    );
}

#[test]
fn a_line_that_the_trust_locked_is_not_loosened_by_a_school() {
    let config = Config::sound()
        .with(
            "policy.toml",
            "version = 1\n[draft]\ntone = \"hold\"\n[locked]\ndraft = [\"tone\"]\n",
        )
        .with(
            "schools/larkmere/policy.toml",
            "version = 1\n[draft]\ntone = \"approve\"\n",
        );
    let faults = config.faults();
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(
        faults[0].starts_with("schools/larkmere/policy.toml:3:"),
        "{}",
        faults[0]
    );
}

#[test]
fn faults_of_the_folder_itself_say_what_is_not_there() {
    assert_eq!(
        Config::empty().faults(),
        [
            "schools: there is no such folder in the configuration folder (name the configuration folder with --config, or make one with `schoolgate init`)"
        ]
    );
    assert_eq!(
        Config::empty().with("schools/notes.txt", "").faults(),
        [
            "schools: there is no school in this folder (each school has a folder with a school.toml)"
        ]
    );
    assert_eq!(
        Config::sound()
            .with("schools/St Jude/school.toml", "name = \"A\"")
            .faults(),
        [
            "schools/St Jude: the folder's name cannot be used as a school's short name (use lower-case letters, digits and single hyphens)"
        ]
    );
    assert_eq!(
        Config::sound()
            .without("schools/larkmere/school.toml")
            .faults(),
        [
            "schools/larkmere/school.toml: there is no such file (a school needs a school.toml with at least its `name`)"
        ]
    );
    let nowhere = std::path::Path::new("no-such-folder");
    let fault = &crate::load_dir(nowhere).unwrap_err()[0];
    assert!(
        fault
            .to_string()
            .starts_with("no-such-folder: there is no such configuration folder")
    );
}

#[test]
fn a_calendar_of_ones_own_must_be_one_and_know_the_division() {
    check("bank-holidays.json", "{", &["bank-holidays.json:1:"]);
    let calendar = r#"{"scotland": {"division": "scotland", "events": [{"title": "Easter", "date": "2028-04-14"}]}}"#;
    check(
        "bank-holidays.json",
        calendar,
        &["bank-holidays.json: the calendar has no division `england-and-wales`"],
    );
}

#[test]
fn every_fault_of_every_file_is_listed_and_none_twice() {
    let broken = Config::sound()
        .with(
            "policy.toml",
            "version = 1\n[draft]\ndo_not_publish = \"approve\"\n[locked]\ndraft = []\n",
        )
        .with(
            "schools/larkmere/pupils.csv",
            "pupil_id,legal_given,consent_name\nP1,,x\n,Ben,no\n",
        )
        .with("schools/larkmere/staff.csv", "staff_id,given\n,Ada\n")
        .with("schools/thornby/school.toml", "nam = \"Thornby\"\n");
    let files: Vec<String> = broken
        .faults()
        .iter()
        .map(|fault| fault.split(": ").next().unwrap().to_owned())
        .collect();
    assert_eq!(
        files,
        [
            "policy.toml:3:1",
            "schools/larkmere/pupils.csv:2:4",
            "schools/larkmere/pupils.csv:2:5",
            "schools/larkmere/pupils.csv:3:1",
            "schools/larkmere/staff.csv:2:1",
            "schools/thornby/school.toml:1:1",
        ]
    );
}

#[test]
fn a_long_list_of_faults_ends_with_a_count() {
    let rows: String = (1..=60).map(|n| format!("P{n},\n")).collect();
    let faults = Config::sound()
        .with(PUPILS_FILE, format!("pupil_id,legal_given\n{rows}"))
        .faults();
    assert_eq!(faults.len(), 51);
    assert_eq!(faults[50], "schools/larkmere/pupils.csv: and 10 more");
}

#[test]
fn no_fault_repeats_what_a_cell_of_a_register_holds() {
    let pupils = "pupil_id,legal_given,legal_family,do_not_publish,consent_name\n\
        Quillan,Hester,Quillan,Hester,Quillan\nQuillan,Hester,Quillan,,\nP3,\"Hester\" Quillan,,,\nHester,Quillan\n";
    let staff = "staff_id,given,end_date\nS1,Hester,Quillan\n";
    let faults = Config::sound()
        .with(PUPILS_FILE, pupils)
        .with(STAFF_FILE, staff)
        .faults();
    assert_eq!(faults.len(), 6, "{faults:#?}");
    assert!(
        faults
            .iter()
            .all(|fault| !fault.contains("Hester") && !fault.contains("Quillan")),
        "{faults:#?}"
    );
}
