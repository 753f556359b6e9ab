//! The rules' own examples as texts to learn from: what a rule must match is of its category; what it must not match is
//! harmless where no rule finds anything in it.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow};
use schoolgate_model::{Budget, Category, Surface};
use schoolgate_scan::{
    LanguageContext, Lexicon, SurfaceText,
    language::scan_rules,
    wording::{LABELS, Label},
};
use serde::Deserialize;

use super::Example;

#[derive(Deserialize)]
struct Pack {
    pack: Head,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
struct Head {
    category: Option<Category>,
    check: Option<String>,
}

#[derive(Deserialize)]
struct Rule {
    category: Option<Category>,
    kind: Option<String>,
    #[serde(default)]
    must_match: Vec<String>,
    #[serde(default)]
    must_not_match: Vec<String>,
}

/// Every example with its label's number, pack by pack in alphabetical order.
///
/// # Errors
/// When a pack cannot be read.
pub(super) fn texts(root: &Path) -> Result<Vec<Example>> {
    let lexicon = Lexicon::built_in().map_err(|faults| anyhow!("{faults:?}"))?;
    let mut files: Vec<_> = fs::read_dir(root.join("wordlists"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut texts = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_pack =
            !name.starts_with("phrases") && name != "contexts.toml" && name != "tongues.toml";
        if !is_pack || !name.ends_with(".toml") {
            continue;
        }
        let pack: Pack = toml::from_str(&fs::read_to_string(&file)?)
            .with_context(|| file.display().to_string())?;
        if pack.pack.check.is_some_and(|check| check != "language") {
            continue;
        }
        for rule in pack.rule {
            let category = rule.category.or(pack.pack.category);
            let Some(label) = category.and_then(|category| label(category, rule.kind.as_deref()))
            else {
                continue;
            };
            texts.extend(
                rule.must_match
                    .into_iter()
                    .map(|text| Example::new(label, text)),
            );
            for text in rule.must_not_match {
                if is_quiet(&lexicon, &text)? {
                    texts.push(Example::new(0, text));
                }
            }
        }
    }
    Ok(texts)
}

fn label(category: Category, kind: Option<&str>) -> Option<usize> {
    let of = |label: &Label| label.category == Some(category);
    let kind = kind.map(|kind| kind.split('.').next_back().unwrap_or(kind));
    LABELS
        .iter()
        .position(|label| of(label) && label.kind.is_some() && label.kind == kind)
        .or_else(|| {
            LABELS
                .iter()
                .position(|label| of(label) && label.kind.is_none())
        })
}

fn is_quiet(lexicon: &Lexicon, text: &str) -> Result<bool> {
    let text = [SurfaceText::new(Surface::Text, None, text)];
    let context = LanguageContext { draft: false };
    let found = scan_rules(&text, lexicon, &context, &Budget::default().meter());
    Ok(found.map_err(|fault| anyhow!("{fault:?}"))?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_have_the_label_of_their_rule() {
        let name = |category, kind| label(category, kind).map(|at| LABELS[at].name);
        assert_eq!(name(Category::SelfHarm, Some("own")), Some("self_harm"));
        assert_eq!(name(Category::Sexual, Some("image")), Some("image_abuse"));
        assert_eq!(name(Category::Sexual, None), Some("sexual"));
        assert_eq!(name(Category::Profanity, None), None);
    }
}
