//! What drafts are about, each topic learnt by itself from the drafts of fixtures/train/drafts: `topics<TAB>text`, where the
//! topics are `fine` or some of `TOPICS`. English that has nothing to do with schools is fine in a draft, too. What is private
//! is learnt from fixtures/train/private: `kinds<TAB>text`, where the kinds are `none` or some of `PRIVATE`. Nobody said what
//! else those texts are about, nor what drafts with a topic tell of a person.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use schoolgate_model::Category;
use schoolgate_scan::wording::{Label, MATTERS, PRIVATE, TOPICS, matters};

use super::{Example, Text, Weights, numbered, render_rows, sides, tables};

/// Where the lines lie, and where harmless English from elsewhere does.
const FOLDERS: [&str; 3] = ["drafts", "elsewhere", "private"];

/// What a line is called that is about none of the topics, and tells nothing private.
const FINE: [&str; 2] = ["fine", "harmless"];

/// What a line is called that tells nothing private, whatever it is about.
const NONE: &str = "none";

/// Learns and writes; gives the lines of a report.
///
/// # Errors
/// When a line cannot be read or has an unknown topic, or the file cannot be written.
pub(super) fn learn(root: &Path) -> Result<Vec<String>> {
    let drafts = drafts(&root.join("fixtures/train"))?;
    let examples: Vec<Example> = drafts.iter().map(|(example, _)| example.clone()).collect();
    let (names, texts) = numbered(&examples);
    let has = |at: usize, text: &Text| drafts[text.group].1[at];
    let topics: Vec<&str> = matters().map(|matter| matter.name).collect();
    let learnt = sides::each_by_itself(
        &topics,
        &has,
        &texts.iter().collect::<Vec<_>>(),
        names.len(),
        true,
    );
    let empty: Weights = vec![Vec::new(); names.len()];
    let (weights, bias) = sides::beside(empty, Vec::new(), &learnt);
    let file = root.join("wordlists/wording/topics.tsv");
    let from = "fixtures/train/drafts, fixtures/train/private and fixtures/train/elsewhere";
    fs::write(&file, render_rows(from, &topics, &names, &weights, &bias))
        .with_context(|| file.display().to_string())?;
    let count = format!("{} drafts, written to {}", drafts.len(), file.display());
    let topics = learnt.iter().map(sides::Side::report);
    Ok(std::iter::once(count).chain(topics).collect())
}

type Draft = (Example, [Option<bool>; MATTERS]);

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
    let names: Vec<&str> = named.split_whitespace().collect();
    let known = |name: &&str| {
        FINE.contains(name) || *name == NONE || matters().any(|matter| matter.name == *name)
    };
    if let Some(name) = names.iter().find(|name| !known(name)) {
        bail!("there is no topic `{name}`");
    }
    let has = |matter: &Label| names.contains(&matter.name);
    let (topics, private) = (TOPICS.iter().any(has), PRIVATE.iter().any(has));
    ensure!(
        !(topics && private),
        "topics and private matters are learnt from lines of their own"
    );
    let fine = names.iter().any(|name| FINE.contains(name));
    let (says_topics, says_private) = (topics || fine, private || fine || names.contains(&NONE));
    let mut all = [None; MATTERS];
    for (holds, matter) in all.iter_mut().zip(matters()) {
        let says = if matter.category == Some(Category::PersonalData) {
            says_private
        } else {
            says_topics
        };
        *holds = says.then(|| has(matter));
    }
    let label = usize::from(topics || private);
    Ok((Example::new(label, text.replace("\\n", "\n")), all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_fine_or_names_its_topics() {
        let (example, has) = draft("commercial grievance\tone\\ntwo").unwrap();
        assert_eq!((example.label, example.text.as_str()), (1, "one\ntwo"));
        assert_eq!(has.iter().filter(|has| **has == Some(true)).count(), 2);
        assert_eq!(has[TOPICS.len()..], [None; PRIVATE.len()]);
        let (example, has) = draft("harmless\tcake\tother").unwrap();
        assert_eq!((example.label, example.text.as_str()), (0, "cake"));
        assert_eq!(has, [Some(false); MATTERS]);
        let (_, has) = draft("health routine\ttext").unwrap();
        assert_eq!(has[..TOPICS.len()], [None; TOPICS.len()]);
        assert_eq!(has.iter().filter(|has| **has == Some(true)).count(), 2);
        let (_, has) = draft("none\ttext").unwrap();
        assert_eq!(has[TOPICS.len()..], [Some(false); PRIVATE.len()]);
        assert!(draft("health grievance\ttext").is_err());
        assert!(draft("comercial\ttext").is_err() && draft("fine").is_err());
    }
}
