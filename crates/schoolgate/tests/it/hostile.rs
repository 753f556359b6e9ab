//! Every hostile picture is held with a reason that a person understands, and none brings the service down.

use std::fs;

use schoolgate_testkit::hostile;
use serde_json::{Value, json};

use crate::world::{demo_config, run, schoolgate};

fn reasons(verdict: &Value) -> Vec<&str> {
    let reasons = verdict["reasons"].as_array().unwrap();
    reasons
        .iter()
        .filter(|reason| reason["rule"] != "undeclared-subjects")
        .filter_map(|reason| reason["text"].as_str())
        .collect()
}

#[test]
fn every_hostile_picture_is_held_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = hostile::corpus().unwrap();
    let mut lines = Vec::new();
    for file in &corpus {
        fs::write(folder.path().join(file.file_name()), &file.bytes).unwrap();
        let media =
            json!([{"path": file.file_name(), "pupils": [], "alt": "Our new climbing frame"}]);
        let item = json!({"id": file.name, "kind": "draft", "text": "Our new climbing frame.", "media": media});
        lines.extend(item.to_string().into_bytes());
        lines.push(b'\n');
    }
    let mut command = schoolgate();
    command
        .args(["check", "--config"])
        .arg(demo_config())
        .arg("--media-root")
        .arg(folder.path());
    let output = run(&mut command, &lines);
    assert_eq!(output.status.code(), Some(0));
    let verdicts: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(verdicts.len(), corpus.len());
    let mut wrong = Vec::new();
    for (file, verdict) in corpus.iter().zip(&verdicts) {
        let said = reasons(verdict);
        let plain = said
            .iter()
            .all(|text| !text.contains("panic") && text.len() > 20);
        if verdict["outcome"] != "hold" || said.is_empty() || !plain {
            wrong.push(format!(
                "{}: {} {said:?}",
                file.file_name(),
                verdict["outcome"]
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        corpus.len(),
        wrong.join("\n")
    );
}
