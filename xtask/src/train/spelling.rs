//! Which words the training texts are made of, and in how many of them each stands: what is spelt otherwise may be a slip.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::{Context, Result};
use schoolgate_scan::wording::words_of;

use super::tables;

/// Where the texts lie.
const FOLDERS: [&str; 3] = ["train", "train/drafts", "train/elsewhere"];

/// A word in fewer texts may be a slip itself.
const RAREST: usize = 3;

/// What is pasted into a draft keeps the spelling of the child or stranger who wrote it.
const PASTED: &str = "pasted_harm";

/// Counts and writes.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn learn(root: &Path) -> Result<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let fixtures = root.join("fixtures");
    for file in tables(&fixtures, &FOLDERS)? {
        let lines = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let told = lines.lines().filter_map(|line| line.split_once('\t'));
        for (_, text) in told.filter(|(label, _)| !label.contains(PASTED)) {
            let text = text.split('\t').next().unwrap_or_default();
            let words: BTreeSet<String> =
                words_of(&text.replace("\\n", "\n")).into_iter().collect();
            let plain = words
                .into_iter()
                .filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
            plain.for_each(|word| *counts.entry(word).or_insert(0) += 1);
        }
    }
    counts.retain(|_, count| *count >= RAREST);
    let mut list = String::new();
    for (word, count) in &counts {
        writeln!(list, "{word}\t{count}")?;
    }
    let file = root.join("wordlists/wording/words.tsv");
    fs::write(&file, list).with_context(|| file.display().to_string())?;
    Ok(format!(
        "{} words, written to {}",
        counts.len(),
        file.display()
    ))
}
