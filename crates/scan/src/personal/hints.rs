//! Words of which none tells anything and several together do: "his nan says they've took him off cos of his heart thing but
//! the doctor said he can go in goal". They count only in a sentence that names somebody.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::{
    Candidate,
    kind::Kind,
    page::Page,
    person::{Told, bare, is_public_prose, people, words},
    private::PRONOUN,
    tales::is_of_animals_or_tales,
};

/// What a sentence must weigh.
const ENOUGH: i32 = 2;

/// What a word speaks for, and how much it weighs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Health(i32),
    Sensitive(i32),
    Body,
    Relative,
    Other(i32),
}

static HINTS: LazyLock<HashMap<&'static str, Vec<Hint>>> = LazyLock::new(|| {
    let mut hints: HashMap<&str, Vec<Hint>> = HashMap::new();
    let mut hint = Hint::Other(1);
    for line in include_str!("hints.txt").lines().map(str::trim) {
        match line.strip_prefix('[') {
            Some(heading) => hint = of_heading(heading.trim_end_matches(']')),
            None if line.starts_with('#') => {}
            None => {
                for word in line.split(", ").filter(|word| !word.is_empty()) {
                    hints.entry(word).or_default().push(hint);
                }
            }
        }
    }
    hints
});

fn of_heading(heading: &str) -> Hint {
    match heading {
        "health 2" => Hint::Health(2),
        "health 1" => Hint::Health(1),
        "sensitive 2" => Hint::Sensitive(2),
        "sensitive 1" => Hint::Sensitive(1),
        "body" => Hint::Body,
        "relatives" => Hint::Relative,
        "other 2" => Hint::Other(2),
        _ => Hint::Other(1),
    }
}

/// What the words of a sentence weigh together, and where the first and the last of them stand.
#[derive(Default)]
struct Weight {
    sum: i32,
    /// Whether a part of the body or a relative was counted.
    common: bool,
    words: Vec<&'static str>,
    stretch: Option<Range<usize>>,
}

impl Weight {
    fn add(&mut self, word: &'static str, weight: i32, bytes: &Range<usize>) {
        if self.words.contains(&word) {
            return;
        }
        self.words.push(word);
        self.sum += weight;
        let stretch = self.stretch.get_or_insert_with(|| bytes.clone());
        *stretch = stretch.start..bytes.end;
    }

    /// Counts a part of the body or a relative: all of them weigh one.
    fn add_common(&mut self, word: &'static str, bytes: &Range<usize>) {
        self.add(word, i32::from(!self.common), bytes);
        self.common = true;
    }

    /// Whether it weighs enough: two words or more, of which one at least is no part of the body and no relative.
    fn is_enough(&self, other: i32) -> bool {
        let telling = self.sum > i32::from(self.common);
        self.words.len() > 1 && telling && self.sum - other >= ENOUGH
    }
}

/// What sentences that name somebody tell by several words together. What was found in a sentence before is not told again.
pub(super) fn scan(page: &Page<'_>, first: usize, found: &mut Vec<Candidate>) {
    let mut told: Vec<usize> = found[first..]
        .iter()
        .filter(|earlier| matches!(earlier.kind, Kind::Health | Kind::Sensitive))
        .map(|earlier| earlier.bytes.start)
        .collect();
    told.sort_unstable();
    for sentence in page.sentences() {
        let next = told.partition_point(|start| *start < sentence.start);
        if told.get(next).is_some_and(|start| *start < sentence.end) {
            continue;
        }
        if let Some((kind, bytes)) = weighed(page, &sentence) {
            found.push(Candidate::new(kind, bytes, 0.5));
        }
    }
}

/// Whether a sentence names somebody.
fn is_named(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    people(page, sentence)
        .iter()
        .any(|person| person.told >= Told::Given)
}

/// Whether the sentence goes on about somebody whom the one before it names.
fn is_told_before(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    let goes_on = PRONOUN
        .iter()
        .any(|pronoun| pronoun.is_match(&page.text[sentence.clone()]));
    goes_on && sentence.start > 0 && is_named(page, &page.sentence_of(sentence.start - 1))
}

/// "Lost: left-hand splint, pink. Belongs to Phoebe": whether the next sentence says at once whose it is.
fn is_told_next(page: &Page<'_>, sentence: &Range<usize>) -> bool {
    if sentence.end >= page.text.len() {
        return false;
    }
    let next = page.sentence_of(sentence.end);
    let opening = page.text[next.clone()].trim_start();
    [
        "belongs to",
        "it's ",
        "its ",
        "it is ",
        "that's ",
        "well done",
        "get well",
        "for ",
        "so ",
    ]
    .iter()
    .any(|lead| opening.starts_with(lead))
        && is_named(page, &next)
}

fn weighed(page: &Page<'_>, sentence: &Range<usize>) -> Option<(Kind, Range<usize>)> {
    let words = words(page, sentence);
    let (mut health, mut sensitive, mut other) = (Weight::default(), Weight::default(), 0);
    let mut next = 0;
    for (nth, (at, word)) in words.iter().enumerate() {
        if nth < next {
            continue;
        }
        // the longest entry at a place counts, and none within it
        let longest = (1..=4).rev().find_map(|length| {
            let (last_at, last) = words.get(nth + length - 1)?;
            let end = last_at + last.len();
            let known = match length {
                1 => HINTS.get_key_value(bare(word)),
                _ => HINTS.get_key_value(&page.text[*at..end]),
            };
            known.map(|(key, hints)| (length, *key, hints, *at..end))
        });
        let Some((length, key, hints, bytes)) = longest else {
            continue;
        };
        next = nth + length;
        for hint in hints {
            match hint {
                Hint::Health(weight) => health.add(key, *weight, &bytes),
                Hint::Sensitive(weight) => sensitive.add(key, *weight, &bytes),
                Hint::Body => health.add_common(key, &bytes),
                Hint::Relative => sensitive.add_common(key, &bytes),
                Hint::Other(weight) => other += weight,
            }
        }
    }
    let (kind, weight) = if health.sum >= sensitive.sum {
        (Kind::Health, health)
    } else {
        (Kind::Sensitive, sensitive)
    };
    let bytes = weight.stretch.clone().filter(|_| weight.is_enough(other))?;
    let about =
        is_named(page, sentence) || is_told_before(page, sentence) || is_told_next(page, sentence);
    let else_told = is_public_prose(page, sentence) || is_of_animals_or_tales(page, sentence);
    (about && !else_told).then_some((kind, bytes))
}
