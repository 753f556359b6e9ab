//! Every class of field that a JPEG can have: `inspect` finds it, and ExifTool, a reader we did not write, sees it before
//! cleaning and nothing of the kind afterwards.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use schoolgate_media::{Limits, clean};
use serde_json::{Map, Value};

use crate::classes::{self, Class};
use crate::pictures::{decoded, listing, report};

/// What a clean copy may show to ExifTool: what the container needs, and nothing else.
fn is_harmless(tag: &str) -> bool {
    let (group, name) = tag.split_once(':').unwrap_or((tag, ""));
    match group {
        "SourceFile" | "ExifTool" | "JFIF" | "Composite" => name != "Warning" && name != "Error",
        "File" => name != "Comment",
        "ICC-header" | "ICC_Profile" => true,
        _ => false,
    }
}

fn exiftool(folder: &Path) -> BTreeMap<String, Map<String, Value>> {
    let program = std::env::var_os("SCHOOLGATE_TEST_EXIFTOOL").unwrap_or("exiftool".into());
    let output = Command::new(program)
        .args(["-j", "-G1", "-a", "-u", "-x", "System:all"])
        .arg(folder)
        .output()
        // `cargo xtask test` finds or installs it.
        .unwrap();
    let files: Vec<Map<String, Value>> = serde_json::from_slice(&output.stdout).unwrap();
    files
        .into_iter()
        .map(|tags| {
            let path = tags["SourceFile"].as_str().unwrap();
            let name = Path::new(path).file_stem().unwrap().to_str().unwrap();
            (name.to_owned(), tags)
        })
        .collect()
}

#[test]
fn exiftool_sees_every_class_before_cleaning_and_none_afterwards() {
    let classes = classes::all();
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (index, Class(kind, tag, picture)) in classes.iter().enumerate() {
        let found = report(picture);
        assert!(
            found.kinds().any(|k| k == *kind) && !found.unreadable,
            "{tag}: {}",
            listing(&found)
        );
        let cleaned = clean(picture, &Limits::default()).unwrap();
        assert!(cleaned.removed.contains(kind), "{tag}");
        assert_eq!(decoded(&cleaned.bytes), decoded(picture), "{tag}");
        let name = format!("{index}.jpg");
        std::fs::write(before.path().join(&name), picture).unwrap();
        std::fs::write(after.path().join(&name), &cleaned.bytes).unwrap();
    }
    let (before, after) = (exiftool(before.path()), exiftool(after.path()));
    let mut faults = Vec::new();
    for (index, Class(_, tag, _)) in classes.iter().enumerate() {
        let name = index.to_string();
        if !before[&name].contains_key(*tag) {
            let seen: Vec<&String> = before[&name].keys().filter(|t| !is_harmless(t)).collect();
            faults.push(format!("{tag} is not in {seen:?}"));
        }
        let left: Vec<&String> = after[&name]
            .keys()
            .filter(|tag| !is_harmless(tag))
            .collect();
        let words = Value::Object(after[&name].clone()).to_string();
        if !left.is_empty() || words.contains("Zara") {
            faults.push(format!("{tag} leaves {left:?}: {words}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
