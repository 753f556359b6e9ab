//! The pack `wordlists/tongues.toml`: its shape, and its words ready for looking up.

use std::collections::HashMap;

use schoolgate_model::{
    Budget, Category, CommentClass, ConfigFault, RuleId, Severity, Span, Surface,
};
use serde::Deserialize;
use toml::Spanned;

use super::{
    OTHER_LANGUAGE, Reading,
    book::{Entry, WordBook},
    phrases::{Meaning, Needs, Phrases, Says, Sense, pieces},
    scripts::{Script, script},
    together::{Chain, MOST_PARTS, Met, Reach},
    words::{Words, plain_words},
};
use crate::{
    hashing::WordMap,
    lexicon::{Source, category, literals::Literal, phrasebook::Phrasebook},
    surface::SurfaceText,
};

const FILE: &str = "wordlists/tongues.toml";
/// The pack's text.
pub(crate) const TEXT: &str = include_str!("../../../../wordlists/tongues.toml");
const EVERYDAY: &str = include_str!("../names/common_words.txt");

/// How many languages one set of bits can hold.
const MOST: usize = 64;

/// Within how many words the parts of a risk stand together, where it does not say.
const WITHIN: u32 = 6;
/// The most it may say: more is another thought.
const MOST_WITHIN: u32 = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "pack")]
    _pack: Head,
    english: English,
    tongue: Vec<TongueSyntax>,
    risk: Vec<RiskSyntax>,
    harmless: Vec<HarmlessSyntax>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "date")]
    _date: String,
    #[serde(rename = "locale")]
    _locale: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct English {
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TongueSyntax {
    code: Spanned<String>,
    name: String,
    script: Option<Script>,
    #[serde(default)]
    letters: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    praise: Vec<String>,
    #[serde(default)]
    asks: Vec<String>,
    #[serde(default)]
    complains: Vec<String>,
    #[serde(default)]
    must_match: Vec<Spanned<String>>,
    #[serde(default)]
    must_not_match: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RiskSyntax {
    tongue: Spanned<String>,
    category: Spanned<String>,
    severity: Severity,
    #[serde(default)]
    always: Vec<Spanned<String>>,
    #[serde(default)]
    spoken: Vec<Spanned<String>>,
    #[serde(default)]
    together: Vec<Vec<Spanned<String>>>,
    within: Option<Spanned<u32>>,
    must_match: Vec<Spanned<String>>,
    must_not_match: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HarmlessSyntax {
    tongue: Spanned<String>,
    words: Vec<String>,
}

/// A rule of the pack as lists show it.
pub(crate) struct TongueRule {
    pub(crate) id: RuleId,
    pub(crate) category: Category,
    pub(crate) severity: Severity,
    pub(crate) message: String,
}

struct Tongue {
    name: String,
    script: Option<Script>,
}

/// An example, where it stands, and what it must show.
struct Example {
    text: Spanned<String>,
    proves: Proof,
    expected: bool,
}

#[derive(Clone, Copy)]
enum Proof {
    Spoken(usize),
    Risk(Category),
}

/// The pack, ready for looking up.
pub(crate) struct Tongues {
    words: WordBook,
    letters: HashMap<char, u64>,
    tongues: Vec<Tongue>,
    phrases: Phrasebook,
    senses: Vec<Vec<Sense>>,
    chains: Vec<Chain>,
    rules: Vec<TongueRule>,
    harmless: HashMap<String, u64>,
    examples: Vec<Example>,
}

impl Tongues {
    /// Compiles the built-in pack.
    ///
    /// # Errors
    /// Every fault of it, with line and column.
    pub(crate) fn built_in() -> Result<Self, Vec<ConfigFault>> {
        Self::of(Source {
            file: FILE,
            text: TEXT,
        })
    }

    /// Compiles a pack.
    pub(super) fn of(source: Source<'_>) -> Result<Self, Vec<ConfigFault>> {
        let file: File = source.read().map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let codes: HashMap<&str, usize> = file
            .tongue
            .iter()
            .enumerate()
            .map(|(at, tongue)| (tongue.code.get_ref().as_str(), at))
            .collect();
        if codes.len() != file.tongue.len() || file.tongue.len() > MOST {
            faults.push(ConfigFault::whole(
                FILE,
                "the codes of the languages are not unique, or too many",
            ));
        }
        let mut built = Building::default();
        built.english(&file.english.words);
        for (at, tongue) in file.tongue.iter().enumerate().take(MOST) {
            built.tongue(at, tongue);
        }
        for risk in &file.risk {
            match (
                codes.get(risk.tongue.get_ref().as_str()),
                category(&risk.category, source),
            ) {
                (Some(at), Ok(category)) => {
                    faults.extend(wrong_parts(risk, source));
                    built.risk(*at, category, risk, &file.tongue[*at].name);
                }
                (None, _) => faults.push(source.fault(&risk.tongue, "no language has this code")),
                (_, Err(fault)) => faults.push(fault),
            }
        }
        for harmless in &file.harmless {
            match codes.get(harmless.tongue.get_ref().as_str()) {
                Some(at) => built.harmless(*at, &harmless.words),
                None => faults.push(source.fault(&harmless.tongue, "no language has this code")),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let tongues = file
            .tongue
            .into_iter()
            .map(|tongue| Tongue {
                name: tongue.name,
                script: tongue.script,
            })
            .collect();
        built.finish(tongues).map_err(|fault| vec![fault])
    }

    pub(super) fn count(&self) -> usize {
        self.tongues.len()
    }

    pub(super) fn name(&self, tongue: usize) -> &str {
        &self.tongues[tongue].name
    }

    /// The language that stands for an alphabet.
    pub(super) fn of_script(&self, script: Script) -> Option<(usize, &str)> {
        let at = self
            .tongues
            .iter()
            .position(|tongue| tongue.script == Some(script))?;
        Some((at, self.name(at)))
    }

    /// What is known about a word.
    pub(super) fn word(&self, word: &str) -> Entry {
        self.words.get(word)
    }

    /// Whether the text is English and says no risk word of another language; no is uncertain.
    pub(super) fn is_plainly_english(&self, text: &str) -> bool {
        self.words.is_plainly_english(text)
    }

    /// The languages that have the letter, as bits.
    pub(super) fn lettered(&self, letter: char) -> u64 {
        self.letters.get(&letter).copied().unwrap_or(0)
    }

    pub(super) fn is_harmless(&self, tongue: usize, text: &str) -> bool {
        self.harmless
            .get(&plain_words(text))
            .is_some_and(|mask| mask >> tongue & 1 == 1)
    }

    /// The pack's rules, one for each category.
    pub(crate) fn rules(&self) -> &[TongueRule] {
        &self.rules
    }

    /// Where the pack's phrases stand among the words.
    pub(super) fn hits(&self, words: &Words) -> Vec<(&Meaning, Span)> {
        let text = words.text();
        let mut places = Vec::new();
        self.phrases.find(text.as_bytes(), |number, place| {
            if self.phrases.is(number, &text.as_bytes()[place.clone()]) {
                places.push((number, place));
            }
        });
        places.sort_unstable_by_key(|(_, place)| (place.end, place.start));
        let mut met = Met::with(&self.chains);
        let mut hits = Vec::new();
        for (number, range) in places {
            let whole = bounds(text, range.start, range.end);
            let Some(stand) = words.stand(range) else {
                continue;
            };
            let senses = self.senses[number as usize].iter();
            for sense in senses.filter(|sense| whole.0 && (whole.1 || sense.open)) {
                let (meaning, first, last) = match &sense.says {
                    Says::Meaning(meaning) => (meaning, stand.first, stand.last),
                    Says::Part(part) => match met.part(*part, stand) {
                        Some(hit) => hit,
                        None => continue,
                    },
                };
                hits.extend(words.span(first, last).map(|span| (meaning, span)));
            }
        }
        hits
    }

    #[cfg(test)]
    pub(super) fn example_texts(&self) -> impl Iterator<Item = &str> {
        self.examples.iter().map(|one| one.text.get_ref().as_str())
    }

    /// Runs the pack's own examples.
    pub(crate) fn self_test(&self) -> Vec<ConfigFault> {
        let source = Source {
            file: FILE,
            text: TEXT,
        };
        self.examples
            .iter()
            .filter(|example| self.shows(example) != Some(example.expected))
            .map(|example| {
                let what = if example.expected {
                    "is not recognised"
                } else {
                    "is recognised, and must not be"
                };
                source.fault(
                    &example.text,
                    format!("the example `{}` {what}", example.text.get_ref()),
                )
            })
            .collect()
    }

    fn shows(&self, example: &Example) -> Option<bool> {
        let text = SurfaceText::new(Surface::Text, None, example.text.get_ref());
        let reading = Reading::of(&text, self, &Budget::default().meter()).ok()?;
        Some(match example.proves {
            Proof::Spoken(tongue) => reading
                .guess
                .as_ref()
                .is_some_and(|guess| guess.tongue == Some(tongue) || !example.expected),
            Proof::Risk(category) => reading
                .risks(&text)
                .iter()
                .any(|finding| finding.category == category),
        })
    }
}

/// Whether the text starts with a letter of an alphabet that leaves no space between words.
fn is_run_together(text: &str) -> bool {
    let first = text.chars().next();
    first.and_then(script).is_some_and(Script::is_run_together)
}

/// Whether no letter touches the bytes from before, and none from behind. Where words stand without spaces, anything
/// may touch.
fn bounds(text: &str, start: usize, end: usize) -> (bool, bool) {
    let run_together = text.get(start..).is_some_and(is_run_together);
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    let free = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
    (
        run_together || free(before),
        run_together || free(bytes.get(end)),
    )
}

/// The pack on its way.
#[derive(Default)]
struct Building {
    words: WordMap<String, Entry>,
    letters: HashMap<char, u64>,
    phrases: Phrases,
    rules: Vec<TongueRule>,
    harmless: HashMap<String, u64>,
    examples: Vec<Example>,
}

impl Building {
    fn english(&mut self, more: &str) {
        let lines = EVERYDAY.lines().filter(|line| !line.starts_with('#'));
        for word in lines.chain([more]).flat_map(str::split_whitespace) {
            for part in plain_words(word).split(' ').filter(|part| !part.is_empty()) {
                self.words.entry(part.to_owned()).or_default().english = true;
            }
        }
    }

    fn tongue(&mut self, at: usize, tongue: &TongueSyntax) {
        let bit = 1 << at;
        for word in plain_words(&tongue.words)
            .split(' ')
            .filter(|w| !w.is_empty())
        {
            self.words.entry(word.to_owned()).or_default().spoken |= bit;
        }
        for letter in tongue.letters.chars() {
            *self.letters.entry(letter).or_default() |= bit;
        }
        for phrase in &tongue.praise {
            let words = plain_words(phrase);
            let first = words.split(' ').next().unwrap_or_default();
            self.words.entry(first.to_owned()).or_default().thanks |= bit;
        }
        let lists = [
            (&tongue.praise, CommentClass::Praise),
            (&tongue.asks, CommentClass::Query),
            (&tongue.complains, CommentClass::Complaint),
        ];
        for (phrases, class) in lists {
            for phrase in phrases {
                let meaning = Meaning {
                    needs: Needs::Tongue(at),
                    class: Some(class),
                    risk: None,
                    severity: Severity::Info,
                    language: tongue.name.clone(),
                };
                self.phrases.add(phrase, Says::Meaning(meaning));
            }
        }
        self.prove(
            Proof::Spoken(at),
            &tongue.must_match,
            &tongue.must_not_match,
        );
    }

    fn risk<'s>(&mut self, at: usize, category: Category, risk: &'s RiskSyntax, language: &str) {
        let id = format!("tongue-{}", category.code().replace('_', "-"));
        let known = self.rules.iter().position(|rule| rule.category == category);
        let rule = known.unwrap_or_else(|| {
            self.rules.push(TongueRule {
                id: RuleId::new(id),
                category,
                severity: risk.severity,
                message: message(category).to_owned(),
            });
            self.rules.len() - 1
        });
        let meaning = |needs| Meaning {
            needs,
            class: None,
            risk: Some(rule),
            severity: risk.severity,
            language: language.to_owned(),
        };
        let lists = [
            (&risk.always, Needs::Nothing),
            (&risk.spoken, Needs::Tongue(at)),
        ];
        for (phrases, needs) in lists {
            for phrase in phrases {
                self.phrases.add_starred(phrase.get_ref(), meaning(needs));
            }
        }
        if !risk.together.is_empty() {
            let within = risk
                .within
                .as_ref()
                .map_or(WITHIN, |within| *within.get_ref());
            let ways =
                |part: &'s Vec<Spanned<String>>| part.iter().map(|way| way.get_ref().as_str());
            let parts = risk.together.iter().map(|part| ways(part).collect());
            self.phrases
                .add_chain(parts, Reach::Within(within), meaning(Needs::Nothing));
        }
        self.prove(
            Proof::Risk(category),
            &risk.must_match,
            &risk.must_not_match,
        );
    }

    fn harmless(&mut self, at: usize, words: &[String]) {
        for word in words {
            *self.harmless.entry(plain_words(word)).or_default() |= 1 << at;
        }
    }

    fn prove(&mut self, proves: Proof, right: &[Spanned<String>], wrong: &[Spanned<String>]) {
        for (texts, expected) in [(right, true), (wrong, false)] {
            self.examples.extend(texts.iter().map(|text| Example {
                text: text.clone(),
                proves,
                expected,
            }));
        }
    }

    fn finish(mut self, tongues: Vec<Tongue>) -> Result<Tongues, ConfigFault> {
        self.rules.push(TongueRule {
            id: RuleId::fixed(OTHER_LANGUAGE),
            category: Category::ScreeningIncomplete,
            severity: Severity::Info,
            message: "The text looks like another language, which was read for names, personal details and some \
                      risk words only."
                .to_owned(),
        });
        let literals = self.phrases.patterns.iter().map(|phrase| Literal {
            bytes: phrase.as_bytes().to_vec(),
            starts: !is_run_together(phrase),
            ends: false,
        });
        let phrases = Phrasebook::new(literals.collect())
            .ok_or_else(|| ConfigFault::whole(FILE, "the phrases take too much memory together"))?;
        Ok(Tongues {
            words: self.phrases.word_book(self.words),
            letters: self.letters,
            tongues,
            phrases,
            senses: self.phrases.senses,
            chains: self.phrases.chains,
            rules: self.rules,
            harmless: self.harmless,
            examples: self.examples,
        })
    }
}

/// What is wrong with the parts of a risk.
fn wrong_parts(risk: &RiskSyntax, source: Source<'_>) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    let no_letters = |piece: &str| plain_words(piece).is_empty();
    let star = |piece: &str| piece.split(' ').any(|word| word == "*");
    for phrase in risk.always.iter().chain(&risk.spoken) {
        let pieces = pieces(phrase.get_ref());
        if pieces.iter().any(|piece| no_letters(piece) || star(piece)) {
            faults.push(source.fault(phrase, "a star for other words needs words on both sides"));
        }
        if pieces.len() > MOST_PARTS {
            faults.push(source.fault(phrase, "the phrase has too many stars"));
        }
    }
    for way in risk.together.iter().flatten() {
        if no_letters(way.get_ref()) {
            faults.push(source.fault(way, "it has no letters"));
        }
        if star(way.get_ref()) {
            faults.push(source.fault(way, "a star for other words has no place in `together`"));
        }
    }
    let parts = risk.together.len();
    let empty = risk.together.iter().any(Vec::is_empty);
    if parts == 1 || parts > MOST_PARTS || empty {
        faults.push(source.fault(
            &risk.tongue,
            "`together` needs two to eight lists, none of them empty",
        ));
    }
    if let Some(within) = &risk.within
        && (parts == 0 || !(1..=MOST_WITHIN).contains(within.get_ref()))
    {
        faults.push(source.fault(
            within,
            "`within` is the number of words, up to 20, that `together` may take",
        ));
    }
    faults
}

/// What a teacher is told about words of a category.
fn message(category: Category) -> &'static str {
    match category {
        Category::Profanity => "Swearing in another language.",
        Category::Insult => "An insult in another language.",
        Category::Threat => {
            "Words of violence or despair in another language; somebody who reads it must look now."
        }
        Category::SelfHarm => {
            "Words about wanting to die or self-harm in another language; somebody who reads it must look now."
        }
        Category::Disclosure => {
            "Words about a child being hurt in another language; somebody who reads it must look now."
        }
        Category::StaffAllegation => {
            "Words about a member of staff hurting a child in another language; somebody who reads it must look now."
        }
        Category::Hate => "Hateful words in another language.",
        _ => "Words in another language that a person must look at.",
    }
}
