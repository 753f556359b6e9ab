//! What the wording model looks at: runs of one to three words, the same runs with kinds in place of words, and pairs
//! of kinds up to seven words apart.

use std::{borrow::Cow, sync::LazyLock};

use super::{
    kinds::{Kinds, Token},
    windows, words,
};
use crate::{
    hashing::{fnv, hash_part},
    lexicon::view::{PUNCTUATION, Punctuation, plain_view},
};

/// How far apart the two of a pair stand at most, in words.
const FURTHEST_PAIR: usize = 7;

/// One feature: up to three names and how they stand.
pub(super) struct Feature<'t> {
    parts: [Option<(&'t str, u64)>; 3],
    apart: bool,
    /// One word as it is written.
    is_word: bool,
    hash: u64,
}

impl Feature<'_> {
    /// The same for the same feature in every build.
    pub(super) const fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether it is one word as it is written.
    pub(super) const fn is_word(&self) -> bool {
        self.is_word
    }

    /// As it stands in the file of weights: `her <parent> hits`, `<fear> _ <home>`.
    fn name(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().flatten().map(|(name, _)| *name).collect();
        parts.join(if self.apart { " _ " } else { " " })
    }
}

/// What the hash of a feature goes on from: of names that stand apart, and of those that stand side by side.
const APART: u64 = 0x9E37_79B9_7F4A_7C15;
const BESIDE: u64 = 0x2545_F491_4F6C_DD1D;

/// The hash of a feature with one more name.
const fn with(hash: u64, part: u64) -> u64 {
    (hash.rotate_left(21) ^ part).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

fn combine(apart: bool, parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(if apart { APART } else { BESIDE }, with)
}

/// The hashes of the features of a text's punctuation.
pub(super) fn mark_features(punctuation: &Punctuation) -> Vec<u64> {
    static HASHES: LazyLock<Vec<u64>> = LazyLock::new(|| {
        let mut hashes = Vec::new();
        each_mark(&[u8::MAX; PUNCTUATION.len()], |name| {
            hashes.push(with(BESIDE, hash_part(name)));
        });
        hashes
    });
    let hashes = HASHES.chunks(OFTEN.len()).zip(punctuation);
    let often = hashes.flat_map(|(hashes, count)| {
        let often = OFTEN.iter().take_while(move |(least, _)| count >= least);
        hashes.iter().zip(often).map(|(hash, _)| *hash)
    });
    often.collect()
}

/// The hash of a feature by its name.
pub(super) fn hash_of(name: &str) -> u64 {
    match name.split_once(" _ ") {
        Some((one, other)) => combine(true, [one, other].into_iter().map(hash_part)),
        None => combine(false, name.split(' ').map(hash_part)),
    }
}

/// The feature that is one word.
pub(super) fn word_feature(token: &Token<'_>) -> u64 {
    combine(false, std::iter::once(token.word.1))
}

/// How the name of a run of letters begins.
pub const LETTERS: char = '~';

/// How long the runs of letters are, with the mark at either end of a word.
const RUNS: [usize; 2] = [4, 5];

/// Longest word whose letters are looked at.
const LONGEST_WORD: usize = 24;

/// Calls `take` for every run of letters in a word, which goes from `^` to `$`: what is misspelt, or has another ending,
/// still looks like the word that was learnt.
pub(super) fn each_letters(word: &str, mut take: impl FnMut(&[u8])) {
    let letters = word.as_bytes();
    if letters.len() > LONGEST_WORD || !letters.iter().all(u8::is_ascii_lowercase) {
        return;
    }
    let mut whole = [b'^'; LONGEST_WORD + 2];
    whole[1..=letters.len()].copy_from_slice(letters);
    whole[letters.len() + 1] = b'$';
    let whole = &whole[..letters.len() + 2];
    for run in RUNS {
        whole.windows(run).for_each(&mut take);
    }
}

/// The hash of a run of letters.
pub(super) fn letters_feature(run: &[u8]) -> u64 {
    let hash = run.iter().copied().fold(hash_part("~"), fnv);
    combine(false, std::iter::once(hash))
}

/// The words, of those for one kind of people that follow each other the first: a list of groups says no more than one.
pub(super) fn told_once<'w, 't>(tokens: &'w [Token<'t>]) -> Cow<'w, [Token<'t>]> {
    let again = |pair: &[Token<'_>]| pair[0].is_group() && pair[0].word.1 == pair[1].word.1;
    if !tokens.windows(2).any(again) {
        return Cow::Borrowed(tokens);
    }
    let first = tokens.first().into_iter();
    let others = tokens.windows(2).filter(|pair| !again(pair));
    Cow::Owned(first.chain(others.map(|pair| &pair[1])).copied().collect())
}

/// Calls `take` for every feature of the words, repeated ones again.
pub(super) fn each_feature<'t>(tokens: &[Token<'t>], mut take: impl FnMut(&Feature<'t>)) {
    for start in 0..tokens.len() {
        let run = &tokens[start..tokens.len().min(start + 3)];
        let mut words = [None; 3];
        let mut kinds = [None; 3];
        let (mut of_words, mut of_kinds) = (BESIDE, BESIDE);
        let mut has_kind = false;
        for (at, token) in run.iter().enumerate() {
            let kind = token.kind.unwrap_or(token.word);
            (words[at], kinds[at]) = (Some(token.word), Some(kind));
            (of_words, of_kinds) = (with(of_words, token.word.1), with(of_kinds, kind.1));
            has_kind |= token.kind.is_some() && !token.is_group();
            take(&Feature {
                parts: words,
                apart: false,
                is_word: at == 0,
                hash: of_words,
            });
            if has_kind {
                take(&Feature {
                    parts: kinds,
                    apart: false,
                    is_word: false,
                    hash: of_kinds,
                });
            }
        }
        let Some(kind) = tokens[start].kind else {
            continue;
        };
        let of_one = with(APART, kind.1);
        let reach = tokens.len().min(start + FURTHEST_PAIR + 1);
        let near = tokens.get(start + 2..reach).unwrap_or_default();
        for other in near.iter().filter_map(|token| token.kind) {
            take(&Feature {
                parts: [Some(kind), Some(other), None],
                apart: true,
                is_word: false,
                hash: with(of_one, other.1),
            });
        }
    }
}

/// A mark of punctuation is told to stand there once, twice, and often.
const OFTEN: [(u8, char); 3] = [(1, '1'), (2, '2'), (4, '4')];

/// Calls `take` for every feature of a text's punctuation, each the name of the mark and how often it stands there: `,2`.
pub(super) fn each_mark(punctuation: &Punctuation, mut take: impl FnMut(&str)) {
    for (mark, count) in PUNCTUATION.iter().zip(punctuation) {
        // a name stands in a line of its own
        let mark = if *mark == '\n' { '/' } else { *mark };
        for (_, often) in OFTEN.iter().filter(|(least, _)| count >= least) {
            let mut name = [0; 4];
            mark.encode_utf8(&mut name);
            often.encode_utf8(&mut name[mark.len_utf8()..]);
            let length = mark.len_utf8() + often.len_utf8();
            take(std::str::from_utf8(&name[..length]).unwrap_or_default());
        }
    }
}

/// The words of a text as the model reads them, sentence marks and emoji among them.
pub fn words_of(text: &str) -> Vec<String> {
    let view = plain_view(text);
    let plain = view.text();
    let word = |range: std::ops::Range<usize>| plain[range].to_owned();
    words(plain).into_iter().map(word).collect()
}

/// The features of a text by name, for learning: of the whole text, then of each window where it is longer than one.
pub fn feature_names(text: &str) -> Vec<Vec<String>> {
    static KINDS: LazyLock<Option<Kinds>> = LazyLock::new(|| Kinds::built_in().ok());
    let Some(kinds) = KINDS.as_ref() else {
        return Vec::new();
    };
    let view = plain_view(text);
    let plain = view.text();
    let words = words(plain);
    let tokens: Vec<_> = words
        .iter()
        .map(|word| kinds.token(&plain[word.clone()]))
        .collect();
    let names = |tokens: &[Token<'_>]| {
        let tokens = told_once(tokens);
        let mut names = Vec::new();
        each_feature(&tokens, |feature| names.push(feature.name()));
        each_mark(view.punctuation(), |mark| names.push(mark.to_owned()));
        for token in tokens.iter() {
            each_letters(token.word.0, |run| {
                let run = run.iter().map(|letter| char::from(*letter));
                names.push(std::iter::once(LETTERS).chain(run).collect());
            });
        }
        names
    };
    let windows = windows(plain, &words);
    let parts = windows
        .iter()
        .filter(|_| windows.len() > 1)
        .map(|window| names(&tokens[window.clone()]));
    std::iter::once(names(&tokens)).chain(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_features_name_and_its_hash_agree() {
        let kinds = Kinds::built_in().unwrap();
        let view = plain_view("Her dad hits her at home every night. Is she safe?");
        let plain = view.text();
        let tokens: Vec<_> = plain.split(' ').map(|word| kinds.token(word)).collect();
        let mut seen = 0;
        each_feature(&tokens, |feature| {
            assert_eq!(
                feature.hash(),
                hash_of(&feature.name()),
                "{}",
                feature.name()
            );
            seen += 1;
        });
        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn a_marks_name_and_its_hash_agree() {
        let view = plain_view("“No,” she said: (it's over!) 'Why?' - a@b; \n\n ... so");
        let mut names = Vec::new();
        each_mark(view.punctuation(), |name| names.push(hash_of(name)));
        assert!(names.len() > 12);
        assert_eq!(mark_features(view.punctuation()), names);
    }

    #[test]
    fn a_run_of_letters_has_one_name_and_one_hash() {
        let mut runs = Vec::new();
        each_letters("bruise", |run| {
            let name = format!("~{}", std::str::from_utf8(run).unwrap());
            assert_eq!(letters_feature(run), hash_of(&name), "{name}");
            runs.push(name);
        });
        assert_eq!(
            runs.join(" "),
            "~^bru ~brui ~ruis ~uise ~ise$ ~^brui ~bruis ~ruise ~uise$"
        );
        for none in ["", "22", "£5", "a-b", "zzzzzzzzzzzzzzzzzzzzzzzzz"] {
            each_letters(none, |run| panic!("{run:?} in {none}"));
        }
        each_letters("a", |run| panic!("{run:?}"));
    }

    #[test]
    fn kinds_stand_for_their_words() {
        let names = feature_names("her stepmum slaps him").concat();
        for name in [
            "stepmum slaps him",
            "<she> <parent> <hit>",
            "<she> _ <hit>",
            "<parent> _ <he>",
        ] {
            assert!(names.iter().any(|has| has == name), "{name} in {names:?}");
        }
    }

    #[test]
    fn who_people_are_is_not_looked_at() {
        let names = |text: &str| feature_names(text).concat();
        let told = names("my Muslim neighbours brought soup");
        assert_eq!(names("my Muslim Hindu Sikh neighbours brought soup"), told);
        for other in ["Jewish", "Polish-born"] {
            let said = format!("my {other} neighbours brought soup");
            assert_eq!(names(&said) == told, other == "Jewish", "{other}");
        }
        assert_eq!(told.iter().filter(|name| *name == "{people}").count(), 1);
        assert!(!told.iter().any(|name| name.contains("musl")), "{told:?}");
    }

    #[test]
    fn punctuation_is_told_by_its_marks_and_how_many_there_are() {
        let names = feature_names("“Well,” she said, “so be it; no more, no less.”").concat();
        let mark = |name: &str| names.iter().filter(|has| *has == name).count();
        assert_eq!(
            ["\"1", "\"2", "\"4", ",1", ",2", ",4", ";1", ".1", "!1"].map(mark),
            [1, 1, 1, 1, 1, 0, 1, 1, 0]
        );
    }
}
