//! What drafts are about, each topic learnt by itself from the drafts of fixtures/train/drafts: `topics<TAB>text`, where the
//! topics are `fine` or some of `TOPICS`. English that has nothing to do with schools is fine in a draft, too.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use schoolgate_scan::wording::TOPICS;

use super::{Example, Text, Weights, numbered, render_rows, sides, tables};

/// Where the lines lie, and where harmless English from elsewhere does.
const FOLDERS: [&str; 2] = ["drafts", "elsewhere"];

/// What a line is called that is about none of the topics.
const FINE: [&str; 2] = ["fine", "harmless"];

/// Learns and writes; gives the lines of a report.
///
/// # Errors
/// When a line cannot be read or has an unknown topic, or the file cannot be written.
pub(super) fn learn(root: &Path) -> Result<Vec<String>> {
    let drafts = drafts(&root.join("fixtures/train"))?;
    let examples: Vec<Example> = drafts.iter().map(|(example, _)| example.clone()).collect();
    let (names, texts) = numbered(&examples);
    let has = |at: usize, text: &Text| Some(drafts[text.group].1[at]);
    let topics: Vec<&str> = TOPICS.iter().map(|topic| topic.name).collect();
    let learnt = sides::each_by_itself(
        &topics,
        &has,
        &texts.iter().collect::<Vec<_>>(),
        names.len(),
    );
    let empty: Weights = vec![Vec::new(); names.len()];
    let (weights, bias) = sides::beside(empty, Vec::new(), &learnt);
    let file = root.join("wordlists/wording/topics.tsv");
    let from = "fixtures/train/drafts and fixtures/train/elsewhere";
    fs::write(&file, render_rows(from, &topics, &names, &weights, &bias))
        .with_context(|| file.display().to_string())?;
    let count = format!("{} drafts, written to {}", drafts.len(), file.display());
    let topics = learnt.iter().map(sides::Side::report);
    Ok(std::iter::once(count).chain(topics).collect())
}

type Draft = (Example, [bool; TOPICS.len()]);

fn drafts(folder: &Path) -> Result<Vec<Draft>> {
    let mut drafts = Vec::new();
    for file in tables(folder, &FOLDERS)? {
        for (at, line) in fs::read_to_string(&file)?.lines().enumerate() {
            let draft = draft(line).with_context(|| format!("{}:{}", file.display(), at + 1));
            drafts.push(draft?);
        }
    }
    ensure!(!drafts.is_empty(), "there are no drafts to learn from");
    Ok(drafts)
}

fn draft(line: &str) -> Result<Draft> {
    let (named, rest) = line.split_once('\t').context("there is no tab")?;
    let text = rest.split('\t').next().unwrap_or_default();
    let mut has = [false; TOPICS.len()];
    for name in named.split_whitespace() {
        match TOPICS.iter().position(|topic| topic.name == name) {
            Some(at) => has[at] = true,
            None => ensure!(FINE.contains(&name), "there is no topic `{name}`"),
        }
    }
    let label = usize::from(has.contains(&true));
    Ok((Example::new(label, text.replace("\\n", "\n")), has))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_fine_or_names_its_topics() {
        let (example, has) = draft("commercial grievance\tone\\ntwo").unwrap();
        assert_eq!((example.label, example.text.as_str()), (1, "one\ntwo"));
        assert_eq!(has.iter().filter(|has| **has).count(), 2);
        let (example, has) = draft("harmless\tcake\tother").unwrap();
        assert_eq!((example.label, example.text.as_str()), (0, "cake"));
        assert!(!has.contains(&true));
        assert!(draft("comercial\ttext").is_err() && draft("fine").is_err());
    }
}
