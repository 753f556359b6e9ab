//! Policy files: what is read, what is refused and where, and who wins.

use super::*;

fn known() -> KnownRules {
    KnownRules::new(["swearing-mild".to_owned()])
}

fn file(name: &str, text: &str) -> PolicyFile {
    PolicyFile::parse(name, text, &known()).unwrap()
}

fn base() -> PolicyFile {
    file("built-in", BUILT_IN)
}

fn faults(text: &str) -> Vec<String> {
    let faults = PolicyFile::parse("policy.toml", text, &known()).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

fn layered(trust: &str, school: &str) -> Result<Settings, Vec<ConfigFault>> {
    Settings::layer(
        base(),
        None,
        Some(file("trust", trust)),
        Some(file("school", school)),
    )
}

#[test]
fn the_built_in_policy_and_every_preset_are_free_of_faults() {
    let known = KnownRules::new([]);
    assert!(Settings::built_in(&known).is_ok());
    for (name, text) in PRESETS {
        let preset =
            PolicyFile::parse(name, text, &known).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert!(
            Settings::layer(base(), Some(preset), None, None).is_ok(),
            "{name}"
        );
    }
    assert_eq!(PRESETS.len(), 5);
    assert!(preset("strict-junior").is_some() && preset("lax").is_none());
}

#[test]
fn every_block_of_the_shipped_policies_says_in_words_what_its_lines_do() {
    for (name, text) in PRESETS.iter().copied().chain([("built-in", BUILT_IN)]) {
        assert!(text.starts_with('#'), "{name}");
        for block in text.split("\n\n") {
            let first = block.lines().find(|line| !line.starts_with('['));
            assert!(
                first.is_some_and(|line| line.starts_with('#')),
                "{name}: {block}"
            );
        }
    }
}

#[test]
fn the_contracts_example_is_read_whole() {
    let text = r#"
version = 1
name_with_image = "never"
undeclared_subjects = "hold"
[draft]
profanity = "hold"
tone = "hint"
"personal_data.phone" = { outcome = "hold", min_confidence = 0.6, clause = "Social media policy 4.2" }
controversial = { outcome = "hold", approvers = ["slt"] }
[draft.channel.instagram]
tag_in_photo = "hold"
[comment]
profanity = { mild = "approve", medium = "hold", strong = "hold", auto = "hide" }
[route]
safeguarding = { to = ["dsl"], ladder = ["dsl", "deputy_dsl", "head"], step = "10m", quiet_hours = "override" }
[locked]
draft = ["profanity", "do_not_publish", "screening_incomplete"]
"#;
    let settings = layered(text, "").unwrap();
    let phone = settings
        .cell(
            Table::Draft,
            None,
            &["phone-number", "personal_data.phone", "personal_data"],
        )
        .unwrap();
    assert_eq!(phone.min_confidence, Some(0.6));
    assert_eq!(phone.clause.as_deref(), Some("Social media policy 4.2"));
    let swearing = settings.cell(Table::Comment, None, &["profanity"]).unwrap();
    assert_eq!(swearing.at(Strength::Mild), Word::Approve);
    assert_eq!(swearing.auto.as_deref(), Some("hide"));
    assert_eq!(
        settings.route(CommentClass::Safeguarding).step,
        Some(std::time::Duration::from_secs(600))
    );
}

#[test]
fn every_fault_names_its_line_and_column() {
    let cases = [
        (
            "version = 2",
            "policy.toml:1:11: this program reads version 1 of the policy format (write `version = 1`)",
        ),
        (
            "[draft]\nprofantiy = \"hold\"",
            "policy.toml:2:1: unknown rule or category `profantiy` (did you mean `profanity`?)",
        ),
        (
            "[draft]\n  tone = \"hint\"\n  profanity = \"holt\"",
            "policy.toml:3:15: `holt` is not one of approve, hint, hold, escalate (did you mean `hold`?)",
        ),
        ("colour = 1", "policy.toml:1:1: unknown key `colour`"),
        (
            "name_with_image = \"newer\"",
            "policy.toml:1:19: `newer` is not one of by_consent, first_name, never (did you mean `never`?)",
        ),
        (
            "[draft]\ntone = { outcom = \"hint\" }",
            "policy.toml:2:10: unknown key `outcom` (did you mean `outcome`?)",
        ),
        (
            "[draft]\ntone = { mild = \"hint\" }",
            "policy.toml:2:10: `mild` is for comments only (move the line to [comment])",
        ),
        (
            "[draft]\npersonal_data.phone = \"hint\"",
            "policy.toml:2:15: unknown key `phone` (put the name in quotes: \"personal_data.phone\" = ...)",
        ),
        (
            "[draft]\ntone = { outcome = \"hint\", min_confidence = 1.5 }",
            "policy.toml:2:45: expected a number from 0 to 1",
        ),
        (
            "[draft]\ntone = { outcome = \"hint\", alert = [\"dls\"] }",
            "policy.toml:2:37: `dls` is not one of moderator, slt, dsl, head, dpo, press, line_manager, author (did you mean `dsl`?)",
        ),
        (
            "[draft]\ntone = 3",
            "policy.toml:2:8: expected words in quotes, found integer",
        ),
        (
            "draft = 3",
            "policy.toml:1:9: expected a table, found integer",
        ),
        (
            "[draft]\ncomplaint = \"hold\"",
            "policy.toml:2:1: unknown rule or category `complaint`",
        ),
        (
            "[draft]\ntag_in_photo = \"hold\"\ntag-in-photo = \"hold\"",
            "policy.toml:3:1: `tag-in-photo` is given twice",
        ),
        (
            "[route]\nsafegarding = { to = [\"dsl\"] }",
            "policy.toml:2:1: unknown class `safegarding` (did you mean `safeguarding`?)",
        ),
        (
            "[route]\nquery = { step = \"soon\" }",
            "policy.toml:2:18: `soon` is not a time in s, m or h (such as \"10m\")",
        ),
        (
            "[locked]\ndraft = [\"profantiy\"]",
            "policy.toml:2:10: unknown rule or category `profantiy` (did you mean `profanity`?)",
        ),
        ("[draft.channel.x]\nzoë = \"hold\"", "policy.toml:2:1: "),
    ];
    for (text, expected) in cases {
        let found = faults(text);
        assert!(
            found.iter().any(|fault| fault.starts_with(expected)),
            "{text}\n{found:#?}"
        );
    }
}

#[test]
fn all_faults_of_a_file_are_shown_at_once_in_order() {
    let found = faults("colour = 1\n[draft]\nprofantiy = \"hold\"\ntone = \"louder\"");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].contains(":1:1") && found[1].contains(":3:1") && found[2].contains(":4:8"));
    assert!(!faults("[draft\n").is_empty());
}

#[test]
fn the_most_specific_layer_wins_and_keeps_what_it_does_not_mention() {
    let settings = layered(
        "[draft]\ntone = \"hold\"",
        "[draft]\ntone = \"approve\"\n[comment]\nprofanity = \"hold\"",
    )
    .unwrap();
    let tone = settings.cell(Table::Draft, None, &["tone"]).unwrap();
    assert_eq!(tone.at(Strength::Medium), Word::Approve);
    assert_eq!(tone.clause.as_deref(), Some("Tone (T1)"));
    let swearing = settings.cell(Table::Comment, None, &["profanity"]).unwrap();
    assert_eq!(swearing.at(Strength::Mild), Word::Hold);
    assert!(swearing.audiences().count() > 0);
}

#[test]
fn a_school_cannot_loosen_a_locked_line() {
    let trust = "name_with_image = \"never\"\n[draft]\nprofanity = \"hold\"\n\"personal_data.phone\" = { outcome = \"hold\", min_confidence = 0.4 }\n[locked]\ndraft = [\"profanity\", \"name_with_image\", \"personal_data\"]";
    let cases = [
        (
            "[draft]\nprofanity = \"hint\"",
            "school:2:1: `profanity` is locked as hold by trust:6",
        ),
        (
            "[draft.channel.x]\nprofanity = \"hint\"",
            "school:2:1: `profanity` is locked",
        ),
        (
            "name_with_image = \"by_consent\"",
            "school:1:1: `name_with_image` is locked as never by trust:6",
        ),
        (
            "[draft]\n\"personal_data.phone\" = { outcome = \"hold\", min_confidence = 0.9 }",
            "school:2:1: `personal_data.phone` is locked",
        ),
        (
            "[draft]\n\"personal_data.email\" = \"hint\"",
            "school:2:1: `personal_data.email` is locked",
        ),
        (
            "[draft]\nphone-number = \"approve\"",
            "school:2:1: `phone-number` is locked",
        ),
        (
            "[draft]\ndisclosure = \"hold\"",
            "school:2:1: `disclosure` is locked as escalate by built-in",
        ),
    ];
    for (school, expected) in cases {
        let found = layered(trust, school).unwrap_err();
        assert!(
            found[0].to_string().starts_with(expected),
            "{school}: {}",
            found[0]
        );
    }
    assert!(layered(trust, "[draft]\nprofanity = \"escalate\"").is_ok());
}

#[test]
fn a_wordlist_rule_below_a_locked_category_stays_on_the_floor() {
    // The rule's category is not known here, so the line is no fault; it has no effect either.
    let settings = layered(
        "[locked]\ndraft = [\"profanity\"]",
        "[draft]\nswearing-mild = \"approve\"",
    )
    .unwrap();
    let cell = settings
        .cell(Table::Draft, None, &["swearing-mild", "profanity"])
        .unwrap();
    assert_eq!(cell.at(Strength::Mild), Word::Hold);
    let known = known().with_rule("swearing-mild", schoolgate_model::Category::Profanity);
    let school =
        PolicyFile::parse("school", "[draft]\nswearing-mild = \"approve\"", &known).unwrap();
    let trust = file("trust", "[locked]\ndraft = [\"profanity\"]");
    assert!(Settings::layer(base(), None, Some(trust), Some(school)).is_err());
}

#[test]
fn the_version_follows_what_the_policy_says_and_not_how_it_is_written() {
    let version = |school: &str| layered("", school).unwrap().version().to_owned();
    let one = version("[draft]\ntone = \"hold\"\nspam = \"hold\"");
    assert_eq!(
        one,
        version("# why\n[draft]\nspam = \"hold\"\n\ntone = { outcome = \"hold\" }")
    );
    assert_ne!(one, version("[draft]\ntone = \"hint\"\nspam = \"hold\""));
    assert_eq!(one.len(), 12);
}

#[test]
fn the_effective_policy_says_who_set_and_who_locked_a_line() {
    let settings = layered(
        "[locked]\ndraft = [\"profanity\"]",
        "[draft]\nprofanity = \"escalate\"",
    )
    .unwrap();
    let lines = settings.effective();
    let line = lines
        .iter()
        .find(|line| line.table == Table::Draft && line.name == "profanity")
        .unwrap();
    assert_eq!(
        (line.set_by.as_str(), line.locked_by.as_deref()),
        ("school:2", Some("trust:2"))
    );
    assert_eq!(line.cell.plain(), "escalate");
}
