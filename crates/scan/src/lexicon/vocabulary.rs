//! The words that a disguise can imitate, and how drawn-out and starred letters are compared with them.
//! Finding the disguised stretches of a text happens in `disguise`.

use schoolgate_model::{Category, Severity};

use super::{
    excuses::FUNCTION_WORDS, literals::COMMON, pack::Subject, respelt::Respelt, rule::Rule,
};
use crate::hashing::{WordMap, WordSet};

/// What the evasion rules are made of.
#[derive(Default)]
pub(crate) struct Vocabulary {
    words: WordSet<String>,
    /// The words of all rules, those that are matched in disguise or not.
    every: WordSet<String>,
    /// Single words that are terms by themselves.
    terms: WordSet<String>,
    /// The words by their form without doubled letters.
    collapsed: WordMap<String, Vec<String>>,
    /// The terms that starred letters may stand for, by first letter.
    starred: WordMap<char, Vec<Starred>>,
    /// The strongest swear words.
    strong: WordSet<String>,
    /// Other strong words that are still known with a space in them.
    split: WordSet<String>,
    respelt: Respelt,
}

/// How the words begin that swearing is run together with.
const SWORN: [[u8; 4]; 10] = [
    *b"arse", *b"bast", *b"bitc", *b"cunt", *b"fuck", *b"pric", *b"shit", *b"twat", *b"wank",
    *b"whor",
];

/// What no other English word has in it.
const UNMISTAKABLE: &[&str] = &["fucking", "fuck"];

/// Longest word that run-together letters are cut into.
const LONGEST_CUT: usize = 16;

struct Starred {
    word: String,
    severity: Severity,
    profanity: bool,
    slur: bool,
}

/// Cuts plain letters into as few words as possible, none longer than `longest`; where the ends of the words lie. `known` says
/// whether the letters from one place to another are a word.
pub(super) fn fewest_words(
    letters: &str,
    longest: usize,
    known: impl Fn(usize, usize) -> bool,
) -> Option<Vec<usize>> {
    // for each length of the front the fewest words it can be cut into, and the start of the last one
    let mut best: Vec<Option<(usize, usize)>> = vec![None; letters.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=letters.len() {
        for start in end.saturating_sub(longest)..end {
            let Some((words, _)) = best[start] else {
                continue;
            };
            let fewer = best[end].is_none_or(|(other, _)| words + 1 < other);
            if fewer && known(start, end) {
                best[end] = Some((words + 1, start));
            }
        }
    }
    let mut ends = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let (_, start) = best[end]?;
        ends.push(end);
        end = start;
    }
    ends.reverse();
    Some(ends)
}

impl Vocabulary {
    /// Collects the words of the rules that are matched in disguise.
    pub(crate) fn of(rules: &[Rule]) -> Self {
        let mut vocabulary = Self::default();
        for rule in rules {
            let terms = rule.terms.iter().flat_map(|term| term.split(' '));
            let own = terms.chain(rule.pattern_words.iter().map(String::as_str));
            for word in own.filter(|word| word.len() >= 2) {
                if !vocabulary.every.contains(word) {
                    vocabulary.every.insert(word.to_owned());
                }
            }
        }
        for rule in rules.iter().filter(|rule| rule.evasion) {
            for term in &rule.terms {
                term.split(' ').for_each(|word| vocabulary.add(word));
                if !term.contains(' ') && term.is_ascii() && term.len() >= 3 {
                    vocabulary.add_term(term, rule);
                }
            }
            rule.pattern_words
                .iter()
                .for_each(|word| vocabulary.add(word));
        }
        vocabulary
    }

    fn add(&mut self, word: &str) {
        if word.len() >= 3 && word.is_ascii() && self.words.insert(word.to_owned()) {
            let mut buffer = [0_u8; MOST_COLLAPSED];
            if let Some(short) = collapsed(word, &mut buffer) {
                let words = self.collapsed.entry(short.to_owned()).or_default();
                words.push(word.to_owned());
            }
        }
    }

    fn add_term(&mut self, term: &str, rule: &Rule) {
        self.terms.insert(term.to_owned());
        self.respelt.add(term, rule);
        let swearing = rule.subject == Subject::Category(Category::Profanity);
        if swearing && rule.severity >= Severity::High && term.len() >= 4 {
            self.strong.insert(term.to_owned());
        } else if swearing && rule.severity >= Severity::Medium && term.len() >= 5 {
            self.split.insert(term.to_owned());
        }
        if let (Some(first), true) = (term.chars().next(), (4..=MASK_BITS).contains(&term.len())) {
            self.starred.entry(first).or_default().push(Starred {
                word: term.to_owned(),
                severity: rule.severity,
                profanity: rule.subject == Subject::Category(Category::Profanity),
                slur: rule.subject == Subject::Category(Category::Hate),
            });
        }
    }

    /// Whether there is no word at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.every.is_empty() && self.words.is_empty()
    }

    /// Whether one of the words that are known with a space in them begins so.
    pub(crate) fn is_split_behind(&self, front: &str) -> bool {
        let mut words = self.strong.iter().chain(&self.split);
        words.any(|word| word.starts_with(front))
    }

    /// Whether the letters are a word of the rules.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether the letters are a term by themselves.
    pub(crate) fn has_term(&self, word: &str) -> bool {
        self.terms.contains(word)
    }

    /// Whether the letters are one of the strongest swear words.
    pub(crate) fn is_strong(&self, word: &str) -> bool {
        self.strong.contains(word)
    }

    /// Whether the letters are a milder swear word that is known with a space in it.
    pub(crate) fn is_split(&self, word: &str) -> bool {
        self.split.contains(word)
    }

    /// The term that small letters stand for by their sound, backwards or without their vowels.
    pub(crate) fn respelt(&self, word: &str) -> Option<&str> {
        self.respelt.find(word)
    }

    /// Cuts letters that run together into words, all of them known; where the ends of the words lie. Two words are too
    /// few to be sure: every therapist would be a rapist.
    pub(crate) fn cut(&self, letters: &str) -> Option<Vec<usize>> {
        if !letters.is_ascii() {
            return None;
        }
        let known = |word: &str| match word.len() {
            1 => matches!(word, "a" | "i" | "u"),
            _ => {
                self.every.contains(word)
                    || FUNCTION_WORDS.contains(&word)
                    || COMMON.contains(&word)
            }
        };
        let ends = fewest_words(letters, LONGEST_CUT, |start, end| {
            known(&letters[start..end])
        })?;
        (ends.len() >= 3).then_some(ends)
    }

    /// Where swearing stands in letters that run together, and what stands around it can be cut into words, too; where
    /// the ends of the words lie. Around a word of [`UNMISTAKABLE`] any letters may stand.
    pub(crate) fn sworn(&self, letters: &str) -> Option<Vec<usize>> {
        let mut fours = letters.as_bytes().windows(4);
        if !letters.is_ascii()
            || self.has(letters)
            || !fours.any(|four| SWORN.iter().any(|sworn| four == sworn))
        {
            return None;
        }
        let sure = UNMISTAKABLE.iter().find_map(|word| {
            let start = letters.find(word)?;
            let ends = [start, start + word.len(), letters.len()];
            Some(ends.into_iter().filter(|end| *end > 0).collect())
        });
        sure.or_else(|| {
            let ends = self.cut(letters)?;
            let starts = std::iter::once(&0).chain(&ends);
            let sworn = starts
                .zip(&ends)
                .any(|(start, end)| end - start > 3 && self.has_term(&letters[*start..*end]));
            sworn.then_some(ends)
        })
    }

    /// The word that the letters stand for: themselves, or themselves without drawn-out letters.
    pub(crate) fn find(&self, letters: &str) -> Option<&str> {
        if let Some(word) = self.words.get(letters) {
            return Some(word);
        }
        let mut buffer = [0_u8; MOST_COLLAPSED];
        let known = self.collapsed.get(collapsed(letters, &mut buffer)?)?;
        let runs = runs(letters);
        known
            .iter()
            .find(|word| drawn_out(&runs, word))
            .map(String::as_str)
    }

    /// How many terms a starred word with this first letter is compared with.
    pub(crate) fn candidates(&self, first: char) -> usize {
        self.starred.get(&first).map_or(0, Vec::len)
    }

    /// The term that a starred word stands for: the strongest one that fits.
    pub(crate) fn unstar(&self, mask: &Mask) -> Option<&str> {
        self.starred
            .get(&mask.first?)?
            .iter()
            .filter(|term| mask.allows(term))
            .max_by_key(|term| term.severity)
            .map(|term| term.word.as_str())
    }
}

/// Longest term that a mask is compared with, in letters.
const MASK_BITS: usize = 60;

/// One place of a starred word.
#[derive(Clone, Copy)]
enum Piece {
    /// A letter; `1` may be two.
    Letter(char, char),
    /// Between so many and so many letters.
    Any(u32, u32),
}

/// A word with hidden letters: `f**k`, `b@st*rd`, `sh-t`.
pub(crate) struct Mask {
    pieces: Vec<Piece>,
    first: Option<char>,
    known: usize,
    /// Stars at the end.
    trailing: u32,
    /// Hidden places written with something else than a star.
    other: usize,
}

impl Mask {
    /// Reads a word whose hidden letters are stars (`*`) or other marks (given as `?`); letters come as the two
    /// letters they may be. `None` where no mask can be meant.
    pub(crate) fn read(letters: &[(char, char)]) -> Option<Self> {
        let mut mask = Self {
            pieces: Vec::new(),
            first: letters.first().map(|(first, _)| *first),
            known: 0,
            trailing: 0,
            other: 0,
        };
        let mut at = 0;
        while let Some((c, second)) = letters.get(at).copied() {
            let stars = letters[at..].iter().take_while(|(c, _)| *c == '*').count();
            if stars > 0 {
                at += stars;
                let stars = u32::try_from(stars).unwrap_or(u32::MAX);
                let exact = at == letters.len();
                if exact {
                    mask.trailing = stars;
                }
                mask.pieces.push(match stars {
                    _ if exact => Piece::Any(stars, stars),
                    1 => Piece::Any(1, 2),
                    n => Piece::Any(n - 1, n.saturating_add(1)),
                });
                continue;
            }
            if c == '?' {
                mask.other += 1;
                mask.pieces.push(Piece::Any(1, 1));
            } else {
                mask.known += 1;
                mask.pieces.push(Piece::Letter(c, second));
            }
            at += 1;
        }
        let grade = letters.first().is_some_and(|(c, _)| *c == 'a')
            && letters.get(1).is_some_and(|(c, _)| *c == '*')
            && mask.known < 4;
        (!grade && mask.pieces.len() > 1).then_some(mask)
    }

    fn allows(&self, term: &Starred) -> bool {
        let strong = term.severity >= Severity::High && term.profanity;
        let medium = term.severity >= Severity::Medium && term.profanity;
        let length = u32::try_from(term.word.len()).unwrap_or(u32::MAX);
        let letters = u32::try_from(self.known).unwrap_or(u32::MAX);
        let plausible = match (self.trailing, self.known) {
            (0, known) if self.other > 0 => known >= 3 && (self.other == 1 || known >= 4),
            // A single star for two letters (`f*k`) is only believed of the strongest words.
            (0, known) => known >= 2 && (strong || length <= letters + self.hidden()),
            (1, known) => known >= 3 && medium,
            (stars, 1) => stars >= 3 && strong || stars >= 5 && term.slur,
            (_, known) => known >= 2 && medium,
        };
        plausible && self.fits(&term.word)
    }

    /// How many letters are hidden when every star hides one; a longer row of stars may be miscounted by one.
    fn hidden(&self) -> u32 {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Letter(..) => 0,
                Piece::Any(1, 2) => 1,
                Piece::Any(_, most) => *most,
            })
            .sum()
    }

    /// Whether the word can be read into the mask. Places in the word are bits, so the work is the mask's length.
    fn fits(&self, word: &str) -> bool {
        let letters: Vec<char> = word.chars().collect();
        let all = (1_u64 << (letters.len() + 1)) - 1;
        let mut places = 1_u64;
        for piece in &self.pieces {
            places = match piece {
                Piece::Letter(one, two) => {
                    let here = letters
                        .iter()
                        .enumerate()
                        .fold(0_u64, |bits, (at, letter)| {
                            bits | u64::from(letter == one || letter == two) << at
                        });
                    (places & here) << 1
                }
                Piece::Any(least, most) => (*least..=*most)
                    .take_while(|count| *count < 64)
                    .fold(0, |bits, count| bits | places << count),
            } & all;
            if places == 0 {
                return false;
            }
        }
        places >> letters.len() & 1 == 1
    }
}

/// Most letters of a word without its doubled ones; no listed word has more.
const MOST_COLLAPSED: usize = 64;

/// A word of plain letters without the doubled ones.
fn collapsed<'b>(word: &str, buffer: &'b mut [u8; MOST_COLLAPSED]) -> Option<&'b str> {
    if !word.is_ascii() {
        return None;
    }
    let mut length = 0;
    let mut last = None;
    for letter in word
        .bytes()
        .filter(|letter| last.replace(*letter) != Some(*letter))
    {
        *buffer.get_mut(length)? = letter;
        length += 1;
    }
    std::str::from_utf8(buffer.get(..length)?).ok()
}

fn runs(word: &str) -> Vec<(char, usize)> {
    let mut runs: Vec<(char, usize)> = Vec::new();
    for c in word.chars() {
        match runs.last_mut() {
            Some((last, count)) if *last == c => *count += 1,
            _ => runs.push((c, 1)),
        }
    }
    runs
}

/// Whether `written` is `word` with letters drawn out: three in a row anywhere, or two within a longer word.
fn drawn_out(written: &[(char, usize)], word: &str) -> bool {
    let plain = runs(word);
    if plain.len() != written.len() || word.len() < 3 {
        return false;
    }
    let mut stretched = false;
    for (at, ((_, wrote), (_, has))) in written.iter().zip(&plain).enumerate() {
        if wrote < has {
            return false;
        }
        let inside = at + 1 < plain.len() && word.len() >= 4;
        if wrote > has {
            if *wrote < 3 && !inside {
                return false;
            }
            stretched = true;
        }
    }
    stretched
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_out_words_keep_their_own_doubles() {
        assert!(drawn_out(&runs("fuuuck"), "fuck"));
        assert!(drawn_out(&runs("fuuck"), "fuck"));
        assert!(drawn_out(&runs("pusssy"), "pussy"));
        assert!(!drawn_out(&runs("twatt"), "twat"));
        assert!(!drawn_out(&runs("pusy"), "pussy"));
    }

    #[test]
    fn a_mask_is_read_by_length_and_known_letters() {
        let mask = |text: &str| {
            let letters: Vec<_> = text.chars().map(|c| (c, c)).collect();
            Mask::read(&letters)
        };
        assert!(mask("f**k").unwrap().fits("fuck"));
        assert!(mask("f*k").unwrap().fits("fuck"));
        assert!(mask("b*****d").unwrap().fits("bastard"));
        assert!(!mask("b*g").unwrap().fits("bastard"));
        assert!(mask("a*s").is_none());
    }
}
