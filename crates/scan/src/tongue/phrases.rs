//! The phrases of the pack on their way into the automaton: what each of them is there for, and which words begin a risk.

use std::collections::{HashMap, HashSet};

use schoolgate_model::{CommentClass, Severity};

use super::{
    book::{Beginnings, Entry, WordBook},
    together::{Chain, Part, Reach},
    words::plain_words,
};
use crate::hashing::WordMap;

/// What must have been recognised where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// Any language other than English.
    Foreign,
    Tongue(usize),
}

/// What a phrase means.
pub(crate) struct Meaning {
    pub(super) needs: Needs,
    /// The kind of comment it speaks for.
    pub(super) class: Option<CommentClass>,
    /// Which of the rules it breaks.
    pub(super) risk: Option<usize>,
    pub(super) severity: Severity,
    /// The language it belongs to.
    pub(super) language: String,
}

/// What a phrase is there for.
pub(super) struct Sense {
    /// Any ending may follow.
    pub(super) open: bool,
    pub(super) says: Says,
}

pub(super) enum Says {
    Meaning(Meaning),
    Part(Part),
}

/// Phrases on their way into the automaton.
#[derive(Default)]
pub(super) struct Phrases {
    index: HashMap<String, usize>,
    pub(super) patterns: Vec<String>,
    pub(super) senses: Vec<Vec<Sense>>,
    pub(super) chains: Vec<Chain>,
}

impl Phrases {
    pub(super) fn add(&mut self, written: &str, says: Says) {
        let phrase = plain_words(written);
        if phrase.is_empty() {
            return;
        }
        let place = *self.index.entry(phrase.clone()).or_insert_with(|| {
            self.patterns.push(phrase);
            self.senses.push(Vec::new());
            self.patterns.len() - 1
        });
        let open = written.ends_with('*');
        self.senses[place].push(Sense { open, says });
    }

    /// Adds a phrase, whose stars between words stand for others.
    pub(super) fn add_starred(&mut self, phrase: &str, meaning: Meaning) {
        let pieces = pieces(phrase);
        if pieces.len() == 1 {
            self.add(phrase, Says::Meaning(meaning));
        } else {
            let parts = pieces.into_iter().map(|piece| vec![piece]);
            self.add_chain(parts, Reach::InOrder, meaning);
        }
    }

    /// Adds what is said by several parts, each of them in one of several ways.
    pub(super) fn add_chain<'p>(
        &mut self,
        parts: impl Iterator<Item = Vec<&'p str>>,
        reach: Reach,
        meaning: Meaning,
    ) {
        let chain = u32::try_from(self.chains.len()).unwrap_or(u32::MAX);
        let mut number = 0;
        for ways in parts {
            let part = Part { chain, number };
            ways.iter().for_each(|way| self.add(way, Says::Part(part)));
            number += 1;
        }
        self.chains.push(Chain {
            meaning,
            parts: number,
            reach,
        });
    }

    /// Finds for each chain that needs no recognised language a part that English has no words for: its words begin the
    /// risk. A chain without such a part needs another language to be recognised.
    fn begin_chains(&mut self, words: &WordMap<String, Entry>) -> HashSet<Part> {
        let mut english: Vec<&str> = words
            .iter()
            .filter(|(_, entry)| entry.english)
            .map(|(word, _)| word.as_str())
            .collect();
        english.sort_unstable();
        let has = |word: &str| english.binary_search(&word).is_ok();
        let begins = |stem: &str| {
            let after = english.partition_point(|word| *word < stem);
            english
                .get(after)
                .is_some_and(|word| word.starts_with(stem))
        };
        let mut mistakable = HashSet::new();
        for (phrase, senses) in self.patterns.iter().zip(&self.senses) {
            let single = !phrase.contains(' ');
            for sense in senses {
                let Says::Part(part) = sense.says else {
                    continue;
                };
                let open = sense.open && single && begins(phrase);
                if open || phrase.split(' ').all(has) {
                    mistakable.insert(part);
                }
            }
        }
        let mut beginnings = HashSet::new();
        for (chain, told) in (0..).zip(&mut self.chains) {
            if told.meaning.needs != Needs::Nothing {
                continue;
            }
            let parts = (0..told.parts).map(|number| Part { chain, number });
            match parts.into_iter().find(|part| !mistakable.contains(part)) {
                Some(part) => _ = beginnings.insert(part),
                None => told.meaning.needs = Needs::Foreign,
            }
        }
        beginnings
    }

    /// The words, with those noted that begin what is a risk in any language.
    pub(super) fn word_book(&mut self, mut words: WordMap<String, Entry>) -> WordBook {
        let beginnings = self.begin_chains(&words);
        let begins = |sense: &&Sense| match &sense.says {
            Says::Meaning(meaning) => meaning.needs == Needs::Nothing,
            Says::Part(part) => beginnings.contains(part),
        };
        let mut risks = Beginnings::default();
        for (phrase, senses) in self.patterns.iter().zip(&self.senses) {
            let mut senses = senses.iter().filter(begins).peekable();
            if senses.peek().is_none() {
                continue;
            }
            let mut parts = phrase.splitn(3, ' ');
            let first = words.entry(parts.next().unwrap_or_default().to_owned());
            match parts.next() {
                Some(second) => {
                    let pair = format!("{} {second}", first.key());
                    risks.pairs.push(pair);
                    first.or_default().begins_risk = true;
                }
                None => {
                    if senses.any(|sense| sense.open) {
                        risks.stems.push(phrase.clone());
                    }
                    first.or_default().risk = true;
                }
            }
        }
        WordBook::of(words, &risks)
    }
}

/// The pieces of a phrase, between the stars that stand for a word or two.
pub(super) fn pieces(phrase: &str) -> Vec<&str> {
    phrase.split(" * ").collect()
}
