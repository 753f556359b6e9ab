//! Hashtags of several words that no capital tells apart.

use std::{collections::HashSet, sync::LazyLock};

use schoolgate_model::Span;

use super::span;

/// Shortest tag that is looked at, in letters; shorter ones are read as one word by everybody.
const SHORTEST: usize = 7;

/// Longest tag that is cut into words.
const LONGEST: usize = 40;

/// Shortest word of a tag, except for those of `SMALL`.
const SHORTEST_WORD: usize = 3;

/// Longest word of the list.
const LONGEST_WORD: usize = 14;

/// Small words that stand inside tags.
const SMALL: &[&str] = &[
    "at", "in", "is", "it", "my", "of", "on", "to", "up", "us", "we",
];

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("tag_words.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Hashtags of small letters that are several known words and not one.
pub(super) fn without_capitals(chars: &[char]) -> Vec<Span> {
    let mut found = Vec::new();
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '#') {
        let tag: String = chars[at + 1..]
            .iter()
            .take_while(|c| c.is_alphanumeric() || **c == '_')
            .take(LONGEST + 1)
            .collect();
        let plain = tag.chars().all(|c| c.is_ascii_lowercase());
        if plain && (SHORTEST..=LONGEST).contains(&tag.len()) && is_several_words(&tag) {
            found.push(span(at, at + 1 + tag.len()));
        }
    }
    found
}

/// Whether the letters can be cut into two or more known words, and are not one themselves.
fn is_several_words(tag: &str) -> bool {
    if WORDS.contains(tag) {
        return false;
    }
    let mut reachable = vec![false; tag.len() + 1];
    reachable[0] = true;
    for end in 1..=tag.len() {
        reachable[end] = (end.saturating_sub(LONGEST_WORD)..end)
            .any(|start| reachable[start] && is_word(&tag[start..end]));
    }
    reachable[tag.len()]
}

fn is_word(part: &str) -> bool {
    (part.len() >= SHORTEST_WORD && WORDS.contains(part)) || SMALL.contains(&part)
}
