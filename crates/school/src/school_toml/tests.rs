//! What a `school.toml` may say, and where its faults are.

use super::*;

fn faults(text: &str) -> Vec<String> {
    let faults = parse_school("s.toml", text).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

fn school(text: &str) -> SchoolFile {
    parse_school("s.toml", text).unwrap()
}

#[test]
fn a_name_is_enough_and_everything_else_has_its_default() {
    let school = school("name = \"St Saviour's\"");
    assert_eq!(school.window, WindowSettings::default());
    assert_eq!(school.preset, None);
    assert!(school.accounts.is_empty() && school.contacts.is_empty());
}

#[test]
fn the_contracts_example_is_read_whole() {
    let school = school(
        r#"
name = "St Saviour's Primary School"
division = "scotland"
preset = "hr-model"
classes = ["R Acorn", "1 Robin"]
[own]
phones = ["0161 496 0123"]
emails = ["office@st-saviours.example"]
postcodes = ["M1 1AE"]
addresses = ["1 Church Lane"]
domains = ["st-saviours.example"]
[window]
mode = "roll_forward"
applies_to = "needs_response"
closures = [{ from = "2026-12-21", to = "2027-01-01" }]
[[account]]
platform = "Facebook"
id = "1000000000001"
handle = "@StSavioursPrimary"
editors = ["S01", "S07"]
[contacts]
slt = ["head@st-saviours.example"]
dsl = ["dsl@st-saviours.example", "deputy-dsl@st-saviours.example"]
"#,
    );
    assert_eq!(school.accounts[0].platform, "facebook");
    assert_eq!(
        school.accounts[0].handle.as_deref(),
        Some("StSavioursPrimary")
    );
    assert_eq!(school.accounts[0].place.0, 16);
    assert_eq!(school.contacts[&Audience::Dsl].len(), 2);
    assert_eq!(school.window.division, "scotland");
    assert_eq!(school.window.mode, WindowMode::RollForward);
    assert_eq!(school.window.applies_to, AppliesTo::NeedsResponse);
    assert_eq!(
        school.window.closures[0].from,
        jiff::civil::date(2026, 12, 21)
    );
}

#[test]
fn what_is_asked_of_pictures_is_read_and_faulted_with_its_place() {
    let read = school(
        "name = \"A\"\n[pictures]\nwords = \"required\"\nhead_count = true\nre_encode = true\nlist_max_age_days = 14\nsynchronised = \"2026-11-02\"\n",
    );
    let expected = Pictures {
        words: ReadWords::Required,
        head_count: true,
        re_encode: true,
        list_max_age_days: Some(14),
        synchronised: Some((jiff::civil::date(2026, 11, 2), (7, 16))),
    };
    assert_eq!(read.pictures, expected);
    assert_eq!(
        school("name = \"A\"").pictures.words,
        ReadWords::IfAvailable
    );
    for (line, expected) in [
        (
            "words = \"on\"",
            "s.toml:3:9: `on` is not one of off, if_available, required",
        ),
        (
            "list_max_age_days = -1",
            "s.toml:3:21: this is not an age for a list",
        ),
        (
            "list_max_age_days = 4000",
            "s.toml:3:21: this is not an age for a list",
        ),
        (
            "synchronised = \"2/11/2026\"",
            "s.toml:3:16: this is not a date",
        ),
        (
            "head_count = \"yes\"",
            "s.toml:3:14: this must be a boolean",
        ),
        ("faces = true", "s.toml:3:1: unknown key `faces`"),
    ] {
        let all = faults(&format!("name = \"A\"\n[pictures]\n{line}\n"));
        assert!(all[0].starts_with(expected), "{line}: {all:?}");
    }
}

#[test]
fn the_shape_of_the_file_is_faulted_with_place_and_hint() {
    for (text, expected) in [
        (
            "nmae = \"A\"\n",
            "s.toml:1:1: unknown key `nmae` (did you mean `name`?)",
        ),
        (
            "division = \"scotland\"\n",
            "s.toml:1:1: the key `name` is missing",
        ),
        ("name = 5\n", "s.toml:1:8: this must be a string"),
        (
            "name = \"A\"\n[window]\nmode = \"roll-forward\"\n",
            "s.toml:3:8: `roll-forward` is not allowed here (did you mean `roll_forward`?)",
        ),
        (
            "name = \"A\"\n[own]\nphone = [\"0161 496 0123\"]\n",
            "s.toml:3:1: unknown key `phone` (did you mean `phones`?)",
        ),
        (
            "name = \"A\"\n[[account]]\nplatform = \"x\"\n",
            "s.toml:2:1: the key `id` is missing",
        ),
    ] {
        assert_eq!(faults(text), [expected]);
    }
}

#[test]
fn every_bad_value_is_listed_in_order() {
    let text = r#"name = " "
division = "wales"
preset = "hr-modle"
[own]
phones = ["ask"]
emails = ["office"]
domains = ["gmail.com", "uk"]
[window]
closures = [{ from = "2027-01-01", to = "2026-12-21" }, { from = "21/12/2026", to = "2027-01-01" },
  { from = "2026-12-21", to = "2028-01-01" }]
[[account]]
platform = "facebook"
id = "1"
[[account]]
platform = "facebook"
id = "1"
[contacts]
dls = ["dsl@a.example"]
slt = ["head"]
"#;
    assert_eq!(
        faults(text),
        [
            "s.toml:1:8: the name is empty",
            "s.toml:2:12: there is no division `wales` (one of: england-and-wales, scotland, northern-ireland)",
            "s.toml:3:10: there is no preset `hr-modle` (did you mean `hr-model`?)",
            "s.toml:5:11: this is not a phone number (write it with its area code)",
            "s.toml:6:11: this is not a mail address (write name@school.example)",
            "s.toml:7:12: this domain is shared with strangers (name single addresses in `emails`)",
            "s.toml:7:25: this is not a domain (write st-saviours.example)",
            "s.toml:9:13: the closure ends before it begins (swap `from` and `to`)",
            "s.toml:9:66: this is not a date (write it as 2026-12-21)",
            "s.toml:10:3: the closure is longer than a year (check the years)",
            "s.toml:16:6: this account is listed twice (keep one of them)",
            "s.toml:18:1: there is no audience `dls` (did you mean `dsl`?)",
            "s.toml:19:8: this is not a mail address (write name@school.example)",
        ]
    );
}

#[test]
fn an_account_needs_two_editors_who_still_work_there() {
    let staff = crate::register::read_staff(
        "s.csv",
        b"staff_id,given,end_date\nS1,Ada,\nS2,Ben,2026-07-21\nS3,Cy,\n",
    )
    .unwrap();
    let crate::register::RegisterState::Loaded(staff) = staff.state else {
        panic!()
    };
    let today = jiff::civil::date(2026, 11, 20);
    for (editors, warned) in [
        ("[\"S1\", \"S3\"]", false),
        ("[\"S1\", \"S2\"]", true),
        ("[\"S1\", \"S1\"]", true),
        ("[\"S1\", \"S9\"]", true),
        ("[]", true),
    ] {
        let text = format!(
            "name = \"A\"\n[[account]]\nplatform = \"x\"\nid = \"1\"\neditors = {editors}\n"
        );
        let warnings = editor_warnings("s.toml", &school(&text), &staff, today);
        assert_eq!(warnings.len(), usize::from(warned), "{editors}");
    }
}

#[test]
fn link_lists_are_read_and_their_slips_are_shown_where_they_stand() {
    let school = school(
        "name = \"S\"\n[links]\nallow = [\"wexbournefc.example\"]\ndeny = [\"ads.example\"]\nfollow = true",
    );
    assert_eq!(school.links.allow, ["wexbournefc.example"]);
    assert_eq!(school.links.deny, ["ads.example"]);
    assert!(school.links.follow);
    let faults = faults(
        "name = \"S\"\n[links]\nallow = [\"https://a.example/x\", \"co.uk\", \"ads.example\"]\ndeny = [\"www.ads.example\"]",
    );
    assert_eq!(faults.len(), 3, "{faults:?}");
    for (fault, (place, words)) in faults.iter().zip([
        ("s.toml:3:10", "not a domain"),
        ("s.toml:3:33", "anybody"),
        ("s.toml:3:42", "both allowed and denied"),
    ]) {
        assert!(fault.contains(place) && fault.contains(words), "{fault}");
    }
    let unknown = parse_school("s.toml", "name = \"S\"\n[links]\nfolow = true").unwrap_err();
    assert!(unknown[0].to_string().contains("s.toml:3:1"), "{unknown:?}");
}
