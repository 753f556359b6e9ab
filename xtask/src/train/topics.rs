//! What drafts are about, each topic learnt by itself from the drafts of fixtures/train/drafts: `topics<TAB>text`, where the
//! topics are `fine` or some of `TOPICS`. English that has nothing to do with schools is fine in a draft, too. What is private
//! is learnt from fixtures/train/private: `kinds<TAB>text`, where the kinds are `none` or some of `PRIVATE`. Nobody said what
//! else those texts are about, nor what drafts with a topic tell of a person.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use schoolgate_model::Category;
use schoolgate_scan::wording::{Label, MATTER_SECOND_LOOK, MATTERS, PRIVATE, TOPICS, matters};

use super::{Example, Text, Weights, numbered, render_rows, sides, tables};

/// Where the lines lie, and where harmless English from elsewhere does.
const FOLDERS: [&str; 3] = ["drafts", "elsewhere", "private"];

/// What a line is called that is about none of the topics, and tells nothing private.
const FINE: [&str; 2] = ["fine", ELSEWHERE];

/// What a line from elsewhere is called.
const ELSEWHERE: &str = "harmless";

/// What a line is called that tells nothing private, whatever it is about.
const NONE: &str = "none";

/// Learns and writes; gives the lines of a report, to `check` with how what was not learnt from is told.
///
/// # Errors
/// When a line cannot be read or has an unknown topic, or the file cannot be written.
pub(super) fn learn(root: &Path, check: bool) -> Result<Vec<String>> {
    let drafts = drafts(&root.join("fixtures/train"))?;
    let examples: Vec<Example> = drafts.iter().map(|(example, ..)| example.clone()).collect();
    let (names, texts) = numbered(&examples);
    // what is written elsewhere is fine in a draft, but most of it no school would write
    let counts = |text: &Text| !drafts[text.group].2 || text.group.is_multiple_of(ONE_OF);
    let has = |at: usize, text: &Text| {
        let holds = drafts[text.group].1[at];
        holds.filter(|_| at != MATTER_SECOND_LOOK || counts(text))
    };
    let topics: Vec<&str> = matters().map(|matter| matter.name).collect();
    let learnt = sides::each_by_itself(
        &topics,
        &has,
        &texts.iter().collect::<Vec<_>>(),
        names.len(),
        check,
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

/// One text from elsewhere of so many tells what no second person looks at.
const ONE_OF: usize = 3;

/// A text, what holds of it, and whether it comes from elsewhere.
type Draft = (Example, [Option<bool>; MATTERS], bool);

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
    // harm pasted into a draft is told by itself, and is escalated
    let harm = TOPICS.iter().any(|topic| topic.urgent && has(topic));
    all[MATTER_SECOND_LOOK] = (says_topics && !harm).then_some(topics);
    let label = usize::from(topics || private);
    let example = Example::new(label, text.replace("\\n", "\n"));
    Ok((example, all, names.contains(&ELSEWHERE)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_fine_or_names_its_topics() {
        let (example, has, _) = draft("commercial grievance\tone\\ntwo").unwrap();
        assert_eq!((example.label, example.text.as_str()), (1, "one\ntwo"));
        assert_eq!(has.iter().filter(|has| **has == Some(true)).count(), 3);
        assert_eq!(has[TOPICS.len()..MATTER_SECOND_LOOK], [None; PRIVATE.len()]);
        assert_eq!(has[MATTER_SECOND_LOOK], Some(true));
        let (example, has, elsewhere) = draft("harmless\tcake\tother").unwrap();
        assert_eq!((example.label, example.text.as_str()), (0, "cake"));
        assert!(elsewhere);
        assert_eq!(has, [Some(false); MATTERS]);
        let (_, has, _) = draft("pasted_harm\ttext").unwrap();
        assert_eq!(has[MATTER_SECOND_LOOK], None);
        let (_, has, _) = draft("health routine\ttext").unwrap();
        assert_eq!(has[..TOPICS.len()], [None; TOPICS.len()]);
        assert_eq!(has.iter().filter(|has| **has == Some(true)).count(), 2);
        let (_, has, _) = draft("none\ttext").unwrap();
        assert_eq!(
            has[TOPICS.len()..MATTER_SECOND_LOOK],
            [Some(false); PRIVATE.len()]
        );
        assert_eq!(has[MATTER_SECOND_LOOK], None);
        assert!(draft("health grievance\ttext").is_err());
        assert!(draft("comercial\ttext").is_err() && draft("fine").is_err());
    }
}
