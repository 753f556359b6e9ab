//! Kinds of words: which class a word belongs to, if any.

use std::collections::BTreeMap;

use schoolgate_model::ConfigFault;
use serde::Deserialize;

use crate::hashing::{ByHash, Row, Table, hash_part};

/// The list that is built in.
const BUILT_IN: (&str, &str) = (
    "wordlists/wording/kinds.toml",
    include_str!("../../../../wordlists/wording/kinds.toml"),
);

#[derive(Deserialize)]
struct KindsFile {
    kinds: BTreeMap<String, Vec<String>>,
    /// Words for groups of people: each is read as the name of its kind and nothing else.
    groups: BTreeMap<String, Vec<String>>,
}

/// The word of a hash, and the number of its kind.
#[derive(Clone, Copy, Default)]
struct Known {
    key: u64,
    kind: usize,
}

impl Row for Known {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

/// The kinds by word.
pub(crate) struct Kinds {
    /// By hash alone: whoever makes up letters that share one with a word has written no word still.
    words: Table<Known>,
    /// The kinds' names in angle brackets, with their hashes; those of groups in braces.
    names: Vec<(String, u64)>,
    /// How many of the kinds are no groups: these come first.
    plain: usize,
    /// What a figure is where the list has no kind for it: a sum of money, a time of day, another number.
    figures: [(&'static str, u64); 3],
}

/// A word and its kind, each with its hash. Of a word for a group of people there is its kind alone: who they are says
/// nothing for or against a text.
#[derive(Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) word: (&'t str, u64),
    pub(super) kind: Option<(&'t str, u64)>,
}

impl Token<'_> {
    /// Whether it stands for a word for a group of people.
    pub(super) const fn is_group(&self) -> bool {
        matches!(self.kind, Some((_, kind)) if kind == self.word.1)
    }
}

impl Kinds {
    /// Reads the list that is built in.
    ///
    /// # Errors
    /// A list that cannot be read, or a word with two kinds.
    pub(crate) fn built_in() -> Result<Self, ConfigFault> {
        let (file, text) = BUILT_IN;
        Self::read(file, text)
    }

    fn read(file: &str, text: &str) -> Result<Self, ConfigFault> {
        let read: KindsFile = toml::from_str(text)
            .map_err(|error| ConfigFault::whole(file, error.message().to_owned()))?;
        let (mut known, mut names) = (ByHash::default(), Vec::new());
        let plain = read.kinds.len();
        let kinds = read.kinds.into_iter();
        let kinds = kinds.map(|(name, words)| (format!("<{name}>"), words));
        let groups = read.groups.into_iter();
        let groups = groups.map(|(name, words)| (format!("{{{name}}}"), words));
        for (name, words) in kinds.chain(groups) {
            let kind = names.len();
            let hash = hash_part(&name);
            names.push((name, hash));
            for word in words {
                let key = hash_part(&word);
                if known.insert(key, Known { key, kind }).is_some() {
                    let fault = format!("the word `{word}` has two kinds");
                    return Err(ConfigFault::whole(file, fault));
                }
            }
        }
        Ok(Self {
            words: Table::of(known),
            names,
            plain,
            figures: ["<money>", "<time>", "<number>"].map(|name| (name, hash_part(name))),
        })
    }

    /// The word with its kind.
    pub(super) fn token<'t>(&'t self, word: &'t str) -> Token<'t> {
        let hash = hash_part(word);
        let Some(known) = self.words.get(hash) else {
            return Token {
                word: (word, hash),
                kind: self.figure(word),
            };
        };
        let (name, hash_of_name) = &self.names[known.kind];
        let kind = (name.as_str(), *hash_of_name);
        let group = known.kind >= self.plain;
        Token {
            word: if group { kind } else { (word, hash) },
            kind: Some(kind),
        }
    }

    fn figure(&self, word: &str) -> Option<(&'static str, u64)> {
        if word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return None;
        }
        let [money, time, number] = self.figures;
        if let Some(sum) = word.strip_prefix('£') {
            return sum
                .starts_with(|c: char| c.is_ascii_digit())
                .then_some(money);
        }
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        match rest {
            _ if rest.len() == word.len() => None,
            "" => Some(number),
            "am" | "pm" => Some(time),
            "p" | "quid" | "k" => Some(money),
            _ => None,
        }
    }

    /// The text of the list, for the version of the lexicon.
    pub(crate) const fn text() -> &'static str {
        BUILT_IN.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::view::plain_form;

    #[test]
    fn figures_have_kinds_of_their_own() {
        let kinds = Kinds::built_in().unwrap();
        let kind = |word| kinds.token(word).kind.map(|(name, _)| name);
        assert_eq!(kind("£35"), Some("<money>"));
        assert_eq!(kind("7pm"), Some("<time>"));
        assert_eq!(kind("451"), Some("<number>"));
        assert_eq!(kind("3rd"), None);
        assert_eq!(kind("£££"), None);
    }

    #[test]
    fn every_word_is_in_plain_form_and_has_one_kind() {
        let read: KindsFile = toml::from_str(Kinds::text()).unwrap();
        for word in read.kinds.values().chain(read.groups.values()).flatten() {
            assert_eq!(*word, plain_form(word), "{word} is not as texts have it");
        }
        assert!(Kinds::built_in().is_ok());
        assert!(Kinds::read("k", "[kinds]\na = ['x']\nb = ['x']\n[groups]").is_err());
        assert!(Kinds::read("k", "[kinds]\na = ['x']\n[groups]\nb = ['x']").is_err());
        assert!(Kinds::read("k", "nothing").is_err());
    }
}
