//! Personal details: what is found in short texts, and that nothing else is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::{check, fixture, jsonl};

/// The confidence from which the built-in policy holds an item.
const HELD: f64 = 0.5;

#[test]
fn personal_details_are_found_as_written_down_and_nothing_else() {
    let cases = jsonl(&fixture("personal/cases.jsonl"));
    let input: Vec<u8> = cases
        .iter()
        .flat_map(|(line, _)| line.bytes().chain([b'\n']))
        .collect();
    let (code, verdicts, errors) = check(&input);
    assert_eq!(code, 0, "{errors}");
    assert_eq!(verdicts.len(), cases.len());
    let differs: Vec<String> = cases
        .iter()
        .zip(&verdicts)
        .filter_map(|((_, case), verdict)| difference(case, verdict))
        .collect();
    assert!(differs.is_empty(), "{differs:#?}");
}

/// What a case expects and the verdict lacks, or the other way round.
fn difference(case: &Value, verdict: &Value) -> Option<String> {
    let text = case["text"].as_str().unwrap();
    let expected: BTreeSet<(&str, usize)> = case["found"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            let place = text.find(found[1].as_str().unwrap()).unwrap();
            (found[0].as_str().unwrap(), text[..place].chars().count())
        })
        .collect();
    let found: Vec<&Value> = verdict["findings"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|finding| finding["category"] == "personal_data")
        .filter(|finding| finding["confidence"].as_f64().unwrap() >= HELD)
        .collect();
    let meets = |kind: &str, at: usize| {
        found.iter().any(|finding| {
            let (start, end) = (&finding["start"], &finding["end"]);
            let covers =
                start.as_u64().unwrap() <= at as u64 + 20 && (at as u64) < end.as_u64().unwrap();
            finding["type"] == kind && covers
        })
    };
    let right = expected.len() == found.len() && expected.iter().all(|(kind, at)| meets(kind, *at));
    (!right).then(|| format!("{}: {text} -> {found:?}", case["id"]))
}
