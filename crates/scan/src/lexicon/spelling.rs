//! How words are spelt: `Wmoen`, `deserv`, `57up1d` and `womenarestupid` read as the words that were meant.
//!
//! The words are those of the training texts (`wordlists/wording/words.tsv`, made by `cargo xtask train`), and rarer real ones
//! (`real_words.txt`). A word that stands there is never touched, so ordinary text stays as it is; what is none is read as a
//! word only where one letter is missing inside it, one is too many or two have changed places, where figures stand for its
//! letters, or where it is at least three words without the spaces between them.

use std::sync::LazyLock;

use schoolgate_model::ConfigFault;

use super::{
    literals::Literal,
    quiet::hides_nothing,
    vocabulary::{Vocabulary, fewest_words},
};
use crate::hashing::{ByHash, EMPTY, Row, Table, fnv, hash_part};

/// In how many training texts words stand.
pub(super) struct Commonness {
    /// The words in order, each with how often it and all before it stand in a text.
    words: Vec<(&'static str, u64)>,
}

impl Commonness {
    pub(super) fn built_in() -> &'static Self {
        static COMMONNESS: LazyLock<Commonness> = LazyLock::new(|| {
            let entry = |line: &'static str| {
                let (word, count) = line.split_once('\t')?;
                Some((word, count.parse::<u64>().ok()?))
            };
            let mut words: Vec<_> = TEXT.lines().filter_map(entry).collect();
            words.sort_unstable();
            let mut all = 0;
            for (_, count) in &mut words {
                all += *count;
                *count = all;
            }
            Commonness { words }
        });
        &COMMONNESS
    }

    /// In about how many of the texts the literal stands: as often as the rarest of its words. What is only the end of a
    /// word stands nearly everywhere.
    pub(super) fn of(&self, literal: &Literal) -> u64 {
        let words = std::str::from_utf8(&literal.bytes).unwrap_or_default();
        let last = words.split(' ').count() - 1;
        let of =
            |(at, word): (usize, &str)| match (at > 0 || literal.starts, at < last || literal.ends)
            {
                (true, true) => self.between(word, &format!("{word}\0")),
                (true, false) => self.between(word, &format!("{word}~")),
                (false, _) => ENDS_A_WORD,
            };
        let rarest = words.split(' ').enumerate().map(of).min().unwrap_or(0);
        rarest / 8_u64.pow(u32::try_from(last.min(6)).unwrap_or(0))
    }

    /// How often the words from one on and before another stand in a text.
    fn between(&self, first: &str, end: &str) -> u64 {
        let before = |bound: &str| {
            let at = self.words.partition_point(|(word, _)| *word < bound);
            at.checked_sub(1).map_or(0, |last| self.words[last].1)
        };
        before(end) - before(first)
    }
}

/// What stands at the end of a word or within one may stand in so many texts.
const ENDS_A_WORD: u64 = 10_000;

const FILE: &str = "wordlists/wording/words.tsv";
const TEXT: &str = include_str!("../../../../wordlists/wording/words.tsv");

/// Real words that look like a slip in a commoner one.
const REAL: &str = include_str!("../../../../wordlists/wording/real_words.txt");

/// Shortest word that is taken for another one misspelt.
const SHORTEST: usize = 5;

/// Longest one.
const LONGEST: usize = 16;

/// In how many training texts a word stands at least for others to be read as it.
const OFTEN: u32 = 20;

/// Shortest letters that are taken for words run together.
const SHORTEST_RUN: usize = 8;

/// In how many training texts a word of two letters stands at least to be one of such words, and one of three.
const SHORT_WORD_OFTEN: [u32; 2] = [400, 100];

/// Little words that stand at the front or the end of two that run together, and nearly never in a name that does not.
const LITTLE: &[&str] = &[
    "are", "be", "dont", "im", "is", "its", "my", "no", "such", "that", "the", "these", "they",
    "those", "was", "were", "you", "your", "youre",
];

/// What somebody who writes `i` does, where it runs together with it; other words behind it are names: Ishita.
const DONE_BY_I: &[&str] = &[
    "cant", "despise", "dont", "fucking", "hate", "hope", "kill", "need", "really", "swear",
    "think", "want", "will", "wish", "would",
];

/// Shortest word that runs together with a little one.
const SHORTEST_OF_TWO: usize = 4;

/// What is known of the word of a hash.
#[derive(Clone, Copy, Default)]
struct Stands {
    key: u64,
    /// In how many training texts it stands.
    count: u32,
    /// Standing by itself it hides no other word.
    quiet: bool,
}

impl Row for Stands {
    fn key(&self) -> u64 {
        self.key
    }

    fn under(self, key: u64) -> Self {
        Self { key, ..self }
    }
}

/// The words, and in how many training texts each stands.
pub(crate) struct Spelling {
    /// By hash alone: whoever makes up letters that share one with a word has written no word still.
    words: Table<Stands>,
    /// Common words by the hashes of what is left of them without one of their inner letters.
    lacking: ByHash<Vec<&'static str>>,
}

impl Spelling {
    /// Reads the list that is built in. `hidden` are the words that others may hide.
    ///
    /// # Errors
    /// A line that is no word with its count.
    pub(crate) fn built_in(hidden: &Vocabulary) -> Result<Self, ConfigFault> {
        let mut words: ByHash<Stands> = ByHash::default();
        let mut lacking = ByHash::default();
        for (at, line) in TEXT.lines().enumerate() {
            let entry = line
                .split_once('\t')
                .and_then(|(word, count)| Some((word, count.parse().ok()?)));
            let Some((word, count)) = entry else {
                let message = "a line is a word, a tab and a count";
                return Err(ConfigFault::at(FILE, at + 1, 1, message));
            };
            let key = hash_part(word);
            let quiet = hides_nothing(word, hidden);
            words.insert(key, Stands { key, count, quiet });
            if count >= OFTEN {
                add_lacking(word, &mut lacking);
            }
        }
        for word in REAL.lines().filter(|line| !line.starts_with('#')) {
            let key = hash_part(word);
            words.entry(key).or_insert_with(|| Stands {
                key,
                count: 0,
                quiet: hides_nothing(word, hidden),
            });
        }
        Ok(Self {
            words: Table::of(words),
            lacking,
        })
    }

    /// The words of the training texts, the commonest first.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        let entry = |line: &'static str| {
            let (word, count) = line.split_once('\t')?;
            Some((word, count.parse::<u32>().ok()?))
        };
        let mut words: Vec<_> = TEXT.lines().filter_map(entry).collect();
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        words.into_iter().map(|(word, _)| word)
    }

    /// The texts that it was made of.
    pub(crate) const fn texts() -> [&'static str; 2] {
        [TEXT, REAL]
    }

    fn count(&self, word: &str) -> u32 {
        let known = self.words.get(hash_part(word));
        known.map_or(0, |known| known.count)
    }

    /// Whether the letters are a word.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.get(hash_part(word)).is_some()
    }

    /// Whether the word of this hash is known to hide no other one where it stands by itself, in small letters or capitals,
    /// with nothing but the end of a sentence behind it. Far too few ways to hide a word are letters alone for one of them to
    /// share its hash with a word.
    pub(super) fn is_quiet(&self, hash: u64) -> bool {
        self.words.get(hash).is_some_and(|known| known.quiet)
    }

    /// The common word that letters which are none were meant to be: one letter is missing inside, one stands twice, or two
    /// have changed places. An ending is never taken for a slip.
    pub(crate) fn meant(&self, letters: &str) -> Option<String> {
        if !(SHORTEST..=LONGEST).contains(&letters.len())
            || !letters.bytes().all(|byte| byte.is_ascii_lowercase())
            || self.has(letters)
        {
            return None;
        }
        let bytes = letters.as_bytes();
        let lacking = self.lacking.get(&hash_without(bytes, bytes.len()));
        let longer = lacking.into_iter().flatten().copied();
        let longer = longer.filter(|word| {
            (1..word.len() - 1).any(|without| {
                let (front, back) = (&word.as_bytes()[..without], &word.as_bytes()[without + 1..]);
                bytes.starts_with(front) && bytes[without..] == *back
            })
        });
        let swapped = (0..bytes.len() - 1).filter(|at| bytes[*at] != bytes[at + 1]);
        let swapped = swapped.map(|at| {
            let mut other = bytes.to_vec();
            other.swap(at, at + 1);
            other
        });
        let doubled = (1..bytes.len() - 1).filter(|at| bytes[*at] == bytes[at - 1]);
        let shorter = doubled.map(|at| {
            let mut other = bytes.to_vec();
            other.remove(at);
            other
        });
        let others = swapped
            .chain(shorter)
            .filter_map(|other| String::from_utf8(other).ok());
        longer
            .map(str::to_owned)
            .chain(others)
            .filter(|word| self.count(word) >= OFTEN)
            .max_by_key(|word| self.count(word))
    }

    /// Cuts letters that run together into at least three words; where the ends of the words lie. `also` knows further words.
    pub(crate) fn cut(&self, letters: &str, also: impl Fn(&str) -> bool) -> Option<Vec<usize>> {
        if letters.len() < SHORTEST_RUN
            || !letters.bytes().all(|byte| byte.is_ascii_lowercase())
            || self.has(letters)
            || is_laughter(letters)
        {
            return None;
        }
        let known = |start: usize, end: usize| match (end - start, &letters[start..end]) {
            (1, "i") => start == 0,
            (1, "a") => start > 0 && end < letters.len(),
            (1, _) => false,
            (2, word) => self.count(word) >= SHORT_WORD_OFTEN[0],
            (3, word) => self.count(word) >= SHORT_WORD_OFTEN[1],
            (_, word) => self.count(word) > 0 || also(word),
        };
        let ends = fewest_words(letters, LONGEST, known)?;
        // two words are too few to be sure, every therapist would be a rapist, and so are letters here and there
        (ends.len() >= 3 && ends.len() * 5 <= letters.len() * 2).then_some(ends)
    }

    /// Cuts letters that run together into a little word and another one, in whichever order: `arescum`, `hateyou`.
    pub(crate) fn cut_in_two(
        &self,
        letters: &str,
        also: impl Fn(&str) -> bool,
    ) -> Option<Vec<usize>> {
        if !letters.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let whole = |word: &str| {
            (SHORTEST_OF_TWO..=LONGEST).contains(&word.len())
                && (self.count(word) >= OFTEN || also(word))
        };
        let by_i = letters
            .strip_prefix('i')
            .filter(|word| DONE_BY_I.contains(word));
        let behind = LITTLE.iter().find_map(|little| {
            let rest = letters.strip_prefix(little)?;
            whole(rest).then_some(little.len())
        });
        let before = || {
            LITTLE.iter().find_map(|little| {
                let rest = letters.strip_suffix(little)?;
                whole(rest).then_some(rest.len())
            })
        };
        let front = by_i.map(|_| 1).or(behind).or_else(before)?;
        Some(vec![front, letters.len()])
    }

    /// The word that letters with figures among them were meant to be; `decoded` are the letters that the figures may
    /// stand for. A short one is one only beside longer ones.
    pub(crate) fn figured(&self, decoded: &str, beside_others: bool) -> bool {
        let count = self.count(decoded);
        match decoded.len() {
            0 | 1 => beside_others && matches!(decoded, "i" | "a"),
            2 | 3 => beside_others && count >= SHORT_WORD_OFTEN[0],
            _ => count >= OFTEN,
        }
    }
}

/// Enters a common word by what is left of it without one of its inner letters.
fn add_lacking(word: &'static str, lacking: &mut ByHash<Vec<&'static str>>) {
    if !(SHORTEST + 1..=LONGEST).contains(&word.len()) {
        return;
    }
    for without in 1..word.len() - 1 {
        let words = lacking
            .entry(hash_without(word.as_bytes(), without))
            .or_default();
        // of two equal letters either is left out
        if !words.contains(&word) {
            words.push(word);
        }
    }
}

/// Whether the letters are no more than three different ones: "hahahaha".
fn is_laughter(letters: &str) -> bool {
    let seen = letters
        .bytes()
        .fold(0_u32, |seen, byte| seen | 1 << (byte - b'a'));
    seen.count_ones() <= 3
}

/// The hash of a word without one of its letters.
fn hash_without(word: &[u8], without: usize) -> u64 {
    let letters = word.iter().enumerate().filter(|(at, _)| *at != without);
    letters.fold(EMPTY, |hash, (_, letter)| fnv(hash, *letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_and_longer_words_are_rarer_than_what_they_hold() {
        let texts = |bytes: &str, starts, ends| {
            let bytes = bytes.as_bytes().to_vec();
            Commonness::built_in().of(&Literal {
                bytes,
                starts,
                ends,
            })
        };
        let [the, school, run] = ["the", "school", "run"].map(|word| texts(word, true, true));
        assert!(
            the > school && school > run && run > 0,
            "{the} {school} {run}"
        );
        assert!(texts("run", true, false) > run);
        assert!(texts("the run", true, true) < run);
        assert_eq!(texts("zzyzx", true, false), 0);
        assert!(texts("ing", false, true) > 0);
    }

    #[test]
    fn a_little_word_is_parted_from_the_one_it_runs_together_with() {
        let spelling = Spelling::built_in(&Vocabulary::default()).unwrap();
        let cut = |letters| spelling.cut_in_two(letters, |word| word == "zzyzx");
        for (letters, front) in [
            ("arescum", 3),
            ("hateyou", 4),
            ("ihate", 1),
            ("thezzyzx", 3),
        ] {
            assert_eq!(cut(letters), Some(vec![front, letters.len()]), "{letters}");
        }
        for letters in [
            "ishita", "hiscock", "allcock", "theale", "beeston", "zzyzx", "is", "",
        ] {
            assert_eq!(cut(letters), None, "{letters}");
        }
    }

    #[test]
    fn slips_inside_a_word_are_seen_and_words_are_left_alone() {
        let spelling = Spelling::built_in(&Vocabulary::default()).unwrap();
        for (written, meant) in [
            ("wmoen", "women"),
            ("deesrve", "deserve"),
            ("deseve", "deserve"),
            ("immgirants", "immigrants"),
            ("stuppid", "stupid"),
            ("childern", "children"),
            ("scaerd", "scared"),
        ] {
            assert_eq!(spelling.meant(written).as_deref(), Some(meant), "{written}");
        }
        for word in [
            "women", "scared", "sacred", "trial", "trail", "dairy", "hous", "xyzzyq", "Wmoen",
        ] {
            assert_eq!(spelling.meant(word), None, "{word}");
        }
    }

    #[test]
    fn words_without_spaces_are_cut_and_long_words_are_not() {
        let spelling = Spelling::built_in(&Vocabulary::default()).unwrap();
        let cut = |letters: &str| spelling.cut(letters, |_| false);
        assert_eq!(cut("womenarestupid"), Some(vec![5, 8, 14]));
        assert_eq!(cut("ihatethem"), Some(vec![1, 5, 9]));
        for word in [
            "playground",
            "therapist",
            "nottinghamshire",
            "northamptonshire",
            "wolverhampton",
            "bartholomew",
            "headmistress",
            "scunthorpe",
            "aberystwyth",
            "substituting",
            "hahahahahaha",
            "impishness",
            "illuminating",
        ] {
            assert_eq!(cut(word), None, "{word}");
        }
    }
}
