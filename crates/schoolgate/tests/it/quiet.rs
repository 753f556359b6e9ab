//! Logs of the whole sample day, our crates at trace level: no pupil's name, no words of an item, no file name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::{fixture, run, sample_day, schoolgate};

/// Runs of four words of a text, as written.
fn phrases(text: &str) -> impl Iterator<Item = String> + '_ {
    let words: Vec<&str> = text.split_whitespace().collect();
    (0..words.len().saturating_sub(3)).map(move |at| words[at..at + 4].join(" "))
}

fn pupil_names() -> BTreeSet<String> {
    let mut reader =
        csv::Reader::from_path(fixture("demo/config/schools/st-hildas/pupils.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |row: &csv::StringRecord, name: &str| {
        let at = header.iter().position(|column| column == name).unwrap();
        row.get(at).unwrap_or("").trim().to_owned()
    };
    let mut names = BTreeSet::new();
    for row in reader.records().map(Result::unwrap) {
        for given in ["legal_given", "preferred_given"] {
            for family in ["legal_family", "preferred_family", "former_family"] {
                let (given, family) = (column(&row, given), column(&row, family));
                if !given.is_empty() && !family.is_empty() {
                    names.insert(format!("{given} {family}"));
                }
            }
        }
    }
    names
}

#[test]
fn the_logs_of_the_sample_day_hold_no_names_words_or_file_names() {
    let mut command = schoolgate();
    command
        .args(["demo", "--once"])
        .env("SCHOOLGATE_LOG", "trace");
    let output = run(&mut command, b"");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(
        log.lines().count() > 136,
        "the log of a day at trace level is not empty"
    );
    assert!(log.contains("screened"), "our crates do log");

    let names = pupil_names();
    assert!(names.len() > 220);
    for name in &names {
        assert!(
            !log.contains(name.as_str()),
            "the log holds a pupil's full name"
        );
    }
    let mut searched = 0;
    for (_, item) in sample_day() {
        let media = item["media"].as_array().cloned().unwrap_or_default();
        let field = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let texts = std::iter::once(field(&item["text"])).chain(
            media
                .iter()
                .flat_map(|m| [field(&m["alt"]), field(&m["caption"])]),
        );
        for text in texts {
            for phrase in phrases(&text) {
                searched += 1;
                assert!(
                    !log.contains(&phrase),
                    "the log holds words of {}",
                    item["id"]
                );
            }
        }
        for medium in &media {
            let name = field(&medium["filename"]);
            assert!(
                name.is_empty() || !log.contains(&name),
                "the log holds a file name of {}",
                item["id"]
            );
        }
    }
    assert!(searched > 1_000);
}
