//! The sample day against the verdicts of a careful human, and the demo command that shows it.

use std::collections::{BTreeMap, BTreeSet};

use crate::world::{check, fixture, jsonl, run, sample_day, schoolgate};

/// Items whose verdict differs from the human's, as `id revision` a line. The list may only shrink.
fn known_misses(file: &str) -> BTreeSet<String> {
    std::fs::read_to_string(fixture(file))
        .unwrap()
        .lines()
        .map(|line| line.split('#').next().unwrap_or("").trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

fn verdicts(lines: impl Iterator<Item = String>) -> BTreeMap<String, String> {
    let input: Vec<u8> = lines
        .flat_map(|line| line.into_bytes().into_iter().chain([b'\n']))
        .collect();
    let (code, answers, errors) = check(&input);
    assert_eq!(code, 0, "{errors}");
    answers
        .iter()
        .map(|v| {
            (
                format!("{} {}", v["id"].as_str().unwrap(), v["revision"]),
                v["outcome"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn the_sample_day_gets_the_verdicts_of_a_careful_human() {
    let verdicts = verdicts(sample_day().into_iter().map(|(line, _)| line));
    let mut differs = BTreeMap::new();
    let expected = jsonl(&fixture("demo/day/expected.jsonl"));
    assert_eq!(expected.len(), verdicts.len());
    for (_, human) in &expected {
        let key = format!("{} {}", human["id"].as_str().unwrap(), human["revision"]);
        if verdicts[&key] != human["expect"].as_str().unwrap() {
            differs.insert(
                key.clone(),
                format!("is {}, human {}", verdicts[&key], human["expect"]),
            );
        }
    }
    let found: BTreeSet<_> = differs.keys().cloned().collect();
    assert_eq!(
        found,
        known_misses("demo/day/known_misses.txt"),
        "{differs:#?}"
    );
}

#[test]
fn short_texts_pass_and_hold_as_written_down() {
    let mut differs = BTreeMap::new();
    for file in [
        "text/must_pass.jsonl",
        "text/must_hold.jsonl",
        "text/abuse.jsonl",
        "text/urgent.jsonl",
    ] {
        let cases = jsonl(&fixture(file));
        let verdicts = verdicts(cases.iter().map(|(line, _)| line.clone()));
        for (_, case) in &cases {
            let key = format!("{} 1", case["id"].as_str().unwrap());
            if verdicts[&key] != case["expect"].as_str().unwrap() {
                differs.insert(
                    key.clone(),
                    format!("is {}, expected {}", verdicts[&key], case["expect"]),
                );
            }
        }
    }
    let found: BTreeSet<_> = differs.keys().cloned().collect();
    assert_eq!(found, known_misses("text/known_misses.txt"), "{differs:#?}");
}

/// Written for measuring: see `cargo xtask eval`.
const SETS: [&str; 9] = [
    "drafts", "comments", "urgent", "personal", "evasion", "emoji", "identity", "traps", "harmless",
];

/// The most misses there may be in the sets for measuring. It may only be lowered, unless a fresh set comes in.
const MOST_MISSES: usize = 680;

#[test]
fn the_sets_for_measuring_get_the_verdicts_of_a_careful_human() {
    let mut differs = BTreeMap::new();
    for half in ["tuned", "aside"] {
        for set in SETS {
            let cases = jsonl(&fixture(&format!("eval/{half}/{set}.jsonl")));
            let verdicts = verdicts(cases.iter().map(|(line, _)| line.clone()));
            for (_, case) in &cases {
                let key = format!("{} 1", case["id"].as_str().unwrap());
                if verdicts[&key] != case["expect"].as_str().unwrap() {
                    let says = format!("is {}, human {}", verdicts[&key], case["expect"]);
                    differs.insert(key, says);
                }
            }
        }
    }
    let known = known_misses("eval/known_misses.txt");
    let new: BTreeMap<_, _> = differs
        .iter()
        .filter(|(key, _)| !known.contains(*key))
        .collect();
    let gone: Vec<_> = known
        .iter()
        .filter(|key| !differs.contains_key(*key))
        .collect();
    assert!(new.is_empty(), "new misses: {new:#?}");
    assert!(
        gone.is_empty(),
        "no longer misses, take them off the list: {gone:#?}"
    );
    assert!(
        known.len() <= MOST_MISSES,
        "the list may only shrink: {}",
        known.len()
    );
}

#[test]
fn demo_once_prints_the_day_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let mut command = schoolgate();
    command.args(["demo", "--once", "--data"]).arg(&data);
    let output = run(&mut command, b"");
    let (shown, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(0), "{errors}");
    for (_, item) in sample_day() {
        assert!(
            shown.contains(item["id"].as_str().unwrap()),
            "{} is in the table",
            item["id"]
        );
    }
    assert!(
        shown.contains("Totals") && shown.contains("136 items"),
        "{shown}"
    );
    assert_readme_shows(&shown);
    let mails = std::fs::read_dir(data.join("mail")).unwrap().count();
    assert!(mails >= 5, "{mails} mails were written");
}

/// What the README shows of the demo is what the demo shows.
fn assert_readme_shows(shown: &str) {
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let block = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = squeezed(shown);
    for line in block.lines() {
        assert!(
            shown.contains(&squeezed(line)),
            "the README shows a line that the demo does not: {line}"
        );
    }
}
