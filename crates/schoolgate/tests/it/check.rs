//! `check`: shapes, order, exit codes, and input that wants to break it.

use serde_json::{Value, json};

use crate::world::{check, demo_config, run, schoolgate};

fn outcome(answer: &Value) -> &str {
    answer["outcome"].as_str().unwrap_or("none")
}

#[test]
fn a_plain_draft_is_approved_with_every_field_of_the_contract() {
    let (code, answers, errors) = check(
        br#"{"id":"d-1","kind":"draft","text":"Thank you to everybody who came to the fair."}"#,
    );
    assert_eq!((code, answers.len()), (0, 1), "{errors}");
    let verdict = &answers[0];
    assert_eq!(outcome(verdict), "approve");
    for field in [
        "id",
        "kind",
        "revision",
        "school",
        "outcome",
        "reasons",
        "findings",
        "alert",
        "received_at",
        "checks",
        "versions",
    ] {
        assert!(!verdict[field].is_null(), "{field} is missing");
    }
    for field in ["due_at", "needs_response", "classes", "media"] {
        assert!(
            verdict[field].is_null(),
            "{field} does not apply to this draft"
        );
    }
    for version in ["schoolgate", "policy", "wordlists", "register", "calendar"] {
        assert!(
            verdict["versions"][version]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{version}"
        );
    }
    let names: Vec<_> = verdict["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "names",
            "personal_data",
            "language",
            "topics",
            "links",
            "photo_metadata",
            "photo_clean",
            "subjects",
            "picture_text"
        ]
    );
}

#[test]
fn a_comment_has_a_window_and_a_class() {
    let (_, answers, _) = check(br#"{"id":"c-1","kind":"comment","text":"What time does the fair start?","created_at":"2026-11-17T10:15:00Z"}"#);
    assert_eq!(answers[0]["due_at"], "2026-11-18T10:15:00Z");
    assert_eq!(answers[0]["needs_response"], true);
    assert_eq!(answers[0]["classes"], json!(["query"]));
}

#[test]
fn spans_count_characters_and_give_the_words_back() {
    let text = "🎉 Zoë says ring 07700 900123";
    let item = json!({"id": "c", "kind": "comment", "text": text}).to_string();
    let (_, answers, _) = check(item.as_bytes());
    let finding = answers[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["type"] == "phone")
        .expect("a phone number");
    let (start, end) = (
        finding["start"].as_u64().unwrap() as usize,
        finding["end"].as_u64().unwrap() as usize,
    );
    let slice: String = text.chars().skip(start).take(end - start).collect();
    assert_eq!(
        (slice.as_str(), finding["text"].as_str().unwrap()),
        ("07700 900123", "07700 900123")
    );
}

#[test]
fn hostile_lines_get_an_answer_each_and_the_run_goes_on() {
    let nesting = format!(
        r#"{{"id":"deep","kind":"draft","text":"x","more":{}}}"#,
        "[".repeat(2_000_000)
    );
    let long =
        json!({"id": "long", "kind": "comment", "text": "fine words ".repeat(95_000)}).to_string();
    let media: Vec<Value> = (0..10_000)
        .map(|n| json!({"path": format!("{n}.jpg"), "pupils": []}))
        .collect();
    let many =
        json!({"id": "many", "kind": "draft", "text": "Pictures", "media": media}).to_string();
    let lines: Vec<(Vec<u8>, &str)> = vec![
        (b"this is not json".to_vec(), "error"),
        (
            br#"{"id":"types","kind":"draft","text":7}"#.to_vec(),
            "error",
        ),
        (br#"["id","kind"]"#.to_vec(), "error"),
        (
            b"{\"id\":\"utf8\",\"kind\":\"draft\",\"text\":\"\xff\xfe\"}".to_vec(),
            "error",
        ),
        (nesting.into_bytes(), "error"),
        (
            br#"{"id":"nul","kind":"comment","text":"be\u0000fore \u0000"}"#.to_vec(),
            "approve",
        ),
        (long.into_bytes(), "hold"),
        (many.into_bytes(), "hold"),
        (
            br#"{"id":"kind","kind":"event","text":"x"}"#.to_vec(),
            "error",
        ),
        (
            br#"{"id":"where","kind":"draft","text":"x","school":"nowhere"}"#.to_vec(),
            "error",
        ),
        (
            br#"{"id":"last","kind":"draft","text":"A good day."}"#.to_vec(),
            "approve",
        ),
    ];
    let input: Vec<u8> = lines
        .iter()
        .flat_map(|(line, _)| line.iter().copied().chain([b'\n']))
        .collect();
    let (code, answers, errors) = check(&input);
    assert_eq!(code, 3);
    assert!(
        !errors.contains("panicked") && !errors.contains("stopped unexpectedly"),
        "{errors}"
    );
    assert_eq!(answers.len(), lines.len());
    for (number, (answer, (line, expected))) in answers.iter().zip(&lines).enumerate() {
        let shown = String::from_utf8_lossy(&line[..line.len().min(60)]);
        if *expected == "error" {
            assert_eq!(answer["line"], number + 1, "{shown}");
            assert!(
                answer["error"].as_str().is_some_and(|why| !why.is_empty()),
                "{shown}"
            );
        } else {
            assert_eq!(outcome(answer), *expected, "{shown}: {answer}");
        }
    }
    assert_eq!(answers[1]["id"], "types", "an id that can be read is kept");
    assert_eq!(answers[0]["id"], Value::Null);
    for held in [6, 7] {
        let incomplete = answers[held]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["category"] == "screening_incomplete");
        assert!(incomplete, "line {} says what was not read", held + 1);
    }
}

#[test]
fn a_byte_order_mark_at_the_start_is_no_part_of_the_first_item() {
    let item = r#"{"id":"d-1","kind":"draft","text":"A good day."}"#;
    for (input, count) in [
        (format!("\u{feff}{item}\n"), 1),
        (format!("\u{feff}\r\n{item}\n"), 1),
        ("\u{feff}".to_owned(), 0),
    ] {
        let (code, answers, errors) = check(input.as_bytes());
        assert_eq!((code, answers.len()), (0, count), "{input:?}: {errors}");
        assert!(answers.iter().all(|answer| outcome(answer) == "approve"));
    }
    let (code, answers, _) = check(format!("{item}\n\u{feff}{item}\n").as_bytes());
    assert_eq!(code, 3, "anywhere else it is a fault");
    assert_eq!(answers[1]["line"], 2);
}

#[test]
fn a_draft_of_megabytes_gets_a_small_answer_that_says_what_was_not_read() {
    let words = "Ring 07700 900123 or 07700 900456 now. ".repeat(513);
    let media: Vec<Value> = (0..40)
        .map(|n| json!({"path": format!("{n}.jpg"), "pupils": [], "alt": words, "caption": words}))
        .collect();
    let links = vec![words.as_str(); 100];
    let item = json!({"id": "d", "kind": "draft", "text": words, "links": links, "media": media});
    let (code, answers, errors) = check(item.to_string().as_bytes());
    assert_eq!((code, outcome(&answers[0])), (0, "hold"), "{errors}");
    assert!(answers[0].to_string().len() < 1_000_000);
    for name in ["names", "personal_data", "language"] {
        let checks = answers[0]["checks"].as_array().unwrap();
        let line = checks.iter().find(|line| line["name"] == name).unwrap();
        assert_eq!(line["status"], "failed", "{line}");
        assert!(
            line["detail"].as_str().unwrap().contains("100000"),
            "{line}"
        );
    }
}

#[test]
fn check_never_fetches_and_says_so() {
    let (code, answers, _) = check(br#"{"id":"d","kind":"draft","text":"Look","media":[{"url":"https://a.example/b.jpg","pupils":[]}]}"#);
    assert_eq!((code, outcome(&answers[0])), (0, "hold"));
    let types: Vec<_> = answers[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["category"] == "screening_incomplete")
        .map(|f| f["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["photo_metadata", "photo_clean"]);
}

#[test]
fn fail_on_answers_with_the_exit_code() {
    let hold = br#"{"id":"c","kind":"comment","text":"ring me on 07700 900123"}"#;
    for (fail_on, expected) in [("hold", 1), ("escalate", 0)] {
        let mut command = schoolgate();
        command
            .args(["check", "--fail-on", fail_on, "--config"])
            .arg(demo_config());
        assert_eq!(
            run(&mut command, hold).status.code(),
            Some(expected),
            "{fail_on}"
        );
    }
}

#[test]
fn a_missing_file_and_a_missing_folder_are_usage_errors() {
    let mut command = schoolgate();
    command
        .args(["check", "--config"])
        .arg(demo_config())
        .arg("no-such-file.jsonl");
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-file.jsonl"));
    let mut command = schoolgate();
    command.args(["check", "--config", "no-such-folder"]);
    let output = run(&mut command, b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-folder"));
}

#[test]
fn an_empty_or_missing_register_holds_everything() {
    for register in [None, Some(""), Some("pupil_id,legal_given,legal_family\n")] {
        let folder = tempfile::tempdir().unwrap();
        let school = folder.path().join("schools/small");
        std::fs::create_dir_all(&school).unwrap();
        std::fs::write(school.join("school.toml"), "name = \"Small School\"\n").unwrap();
        std::fs::write(
            school.join("staff.csv"),
            "staff_id,title,given,family,role,email,end_date\n",
        )
        .unwrap();
        if let Some(register) = register {
            std::fs::write(school.join("pupils.csv"), register).unwrap();
        }
        let mut command = schoolgate();
        command.args(["check", "--config"]).arg(folder.path());
        let items = "{\"id\":\"d\",\"kind\":\"draft\",\"text\":\"A good day.\"}\n{\"id\":\"c\",\"kind\":\"comment\",\"text\":\"Lovely!\"}\n";
        let output = run(&mut command, items.as_bytes());
        assert_eq!(output.status.code(), Some(0));
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let verdict: Value = serde_json::from_str(line).unwrap();
            assert_eq!(outcome(&verdict), "hold", "{register:?}");
            let named = verdict["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|f| f["category"] == "screening_incomplete" && f["type"] == "names");
            assert!(named, "{register:?}: {verdict}");
        }
    }
}
