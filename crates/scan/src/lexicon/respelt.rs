//! Words spelt so that they sound or look the same: `phuck`, `wanka`, `btch`, `kcuf`. Only for the words of the
//! evasion rules, and only where no common word is spelt that way.

use schoolgate_model::{Category, Severity};

use super::{pack::Subject, rule::Rule};
use crate::hashing::WordMap;

/// Backwards, some bad words are good ones.
const GOOD_BACKWARDS: &[&str] = &[
    "bonk", "drat", "gals", "gnat", "keep", "peels", "snips", "spots", "stops", "zaps",
];

/// Fewest consonants that a word without its vowels is known by.
const FEWEST_CONSONANTS: usize = 4;

/// Longest word that is respelt.
const LONGEST: usize = 24;

/// Other spellings, and the terms they stand for.
#[derive(Default)]
pub(crate) struct Respelt {
    /// Terms by their letters backwards.
    backwards: WordMap<String, String>,
    /// The strongest swear words by how they sound.
    sounds: WordMap<String, String>,
    /// Terms by their consonants.
    consonants: WordMap<String, String>,
    /// Which letters such spellings start with, one bit each.
    starts: u32,
    /// Which letters the sounds start with.
    sound_starts: u32,
}

impl Respelt {
    /// Adds the spellings of a term of this rule.
    pub(crate) fn add(&mut self, term: &str, rule: &Rule) {
        let Subject::Category(category) = rule.subject else {
            return;
        };
        if term.len() < 4 || term.len() > LONGEST || !term.bytes().all(|b| b.is_ascii_lowercase()) {
            return;
        }
        let swearing = category == Category::Profanity;
        let vicious = rule.severity >= Severity::High
            && matches!(category, Category::Hate | Category::Sexual);
        if swearing && rule.severity >= Severity::Medium || vicious {
            let back: String = term.chars().rev().collect();
            if !GOOD_BACKWARDS.contains(&back.as_str()) && back != term {
                self.start(&back);
                self.backwards.insert(back, term.to_owned());
            }
        }
        if rule.severity >= Severity::Medium
            && (swearing || vicious || category == Category::Insult)
        {
            let bare = consonants(term);
            if bare.len() >= FEWEST_CONSONANTS && bare != term {
                self.start(&bare);
                self.consonants.insert(bare, term.to_owned());
            }
        }
        if swearing && rule.severity >= Severity::High && term.contains(is_vowel) {
            let heard = sound(term).as_str().to_owned();
            self.sound_starts |= heard.bytes().next().map_or(0, bit);
            self.sounds.insert(heard, term.to_owned());
            "cfkmpqtw"
                .chars()
                .for_each(|first| self.start(&first.to_string()));
        }
    }

    fn start(&mut self, word: &str) {
        self.starts |= word.bytes().next().map_or(0, bit);
    }

    /// The term that a word of small letters stands for, where it is no term itself.
    pub(crate) fn find(&self, word: &str) -> Option<&str> {
        let first = word.bytes().next().map_or(0, bit);
        if self.starts & first == 0 || !(3..=LONGEST).contains(&word.len()) {
            return None;
        }
        let found = self.backwards.get(word);
        let found = found.or_else(|| {
            let bare = !word.contains(is_vowel);
            bare.then(|| self.consonants.get(word)).flatten()
        });
        found
            .or_else(|| {
                let heard = self.sound_starts & may_sound(word) != 0;
                heard.then(|| self.sounds.get(sound(word).as_str()))?
            })
            .map(String::as_str)
    }
}

fn bit(letter: u8) -> u32 {
    if letter.is_ascii_lowercase() {
        1 << (letter - b'a')
    } else {
        0
    }
}

/// The letters that the sound of the word may start with.
fn may_sound(word: &str) -> u32 {
    match word.bytes().next() {
        Some(first @ (b'p' | b'c' | b'k' | b'q' | b'v')) => {
            bit(first) | bit(b'f') | bit(b'k') | bit(b'u')
        }
        first => first.map_or(0, bit),
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn consonants(word: &str) -> String {
    word.chars().filter(|c| !is_vowel(*c)).collect()
}

/// The letters of a sound, at most one more than those of the longest word.
#[derive(Default, PartialEq, Eq, Debug)]
struct Sound {
    letters: [u8; LONGEST + 1],
    length: usize,
}

impl Sound {
    fn push(&mut self, letter: u8) {
        if let Some(place) = self.letters.get_mut(self.length) {
            *place = letter;
            self.length += 1;
        }
    }

    fn as_str(&self) -> &str {
        let letters = self.letters.get(..self.length).unwrap_or_default();
        std::str::from_utf8(letters).unwrap_or_default()
    }
}

/// How a word sounds, roughly: `ph` is `f`, every hard `c` is `k`, `v` before a consonant is `u`, a final `a` is `er`.
fn sound(word: &str) -> Sound {
    let letters = word.as_bytes();
    let mut sound = Sound::default();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let heard = match (*letter, next) {
            (b'p', Some(b'h')) => {
                at += 1;
                b'f'
            }
            (b'c' | b'k' | b'q', Some(b'k' | b'q')) => {
                at += 1;
                b'k'
            }
            (b'c', Some(b'h' | b'e' | b'i' | b'y')) => b'c',
            (b'c' | b'k' | b'q', _) => b'k',
            (b'v', Some(b'c' | b'k' | b'n')) => b'u',
            (letter, _) => letter,
        };
        sound.push(heard);
        at += 1;
    }
    if sound.as_str().ends_with("ka") {
        sound.length -= 1;
        sound.push(b'e');
        sound.push(b'r');
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_the_same_is_the_same() {
        for (one, other) in [
            ("phuck", "fuck"),
            ("fvck", "fuck"),
            ("kunt", "cunt"),
            ("wanka", "wanker"),
            ("phucking", "fuqing"),
        ] {
            assert_eq!(sound(one), sound(other), "{one}");
        }
        for word in [
            "phone", "cell", "cat", "kick", "queen", "vnit", "van", "wall", "ka",
        ] {
            let first = sound(word).as_str().bytes().next().map_or(0, bit);
            assert_eq!(may_sound(word) & first, first, "{word}");
        }
        for (one, other) in [
            ("fuchs", "fucks"),
            ("funk", "fuck"),
            ("count", "cunt"),
            ("wonk", "wank"),
        ] {
            assert_ne!(sound(one), sound(other), "{one}");
        }
    }
}
