//! The wording model: what a text reads like as a whole, learnt from labelled texts. The rules of the word lists say
//! what they found; this says that wording which no rule names is like that of people who told of harm, or did harm.
//!
//! The weights are data (`wordlists/wording/weights.tsv`, made by `cargo xtask train` from fixtures/train), so are the kinds of
//! words (`wordlists/wording/kinds.toml`). The answer is the same for the same text, costs time linear in its length, and is a
//! reason to look, never a finding about a child.

mod features;
mod kinds;
mod model;
mod trust;

use std::{ops::Range, sync::LazyLock};

use schoolgate_model::{Category, CheckFailure, ConfigFault, Meter, RuleId, Severity};

pub use self::{
    features::{LETTERS, feature_names, words_of},
    model::DAMPING,
    trust::evidence,
};
use self::{
    features::{each_feature, mark_features, told_once},
    kinds::Token,
    model::{Rows, Sums},
};
pub(crate) use self::{
    kinds::Kinds,
    model::{Model, Topics},
    trust::Trust,
};
use crate::lexicon::view::View;

/// A window is at most so many words long; whoever writes more says more than one thing.
const LONGEST_WINDOW: usize = 45;

/// A window goes on over the end of a sentence until it has so many words.
const SHORTEST_WINDOW: usize = 20;

/// What one character's step pays for, in features.
const STEPS_PER_WORD: u64 = 32;

/// What a text can read like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label {
    /// As it stands in the training texts.
    pub name: &'static str,
    /// The category of a finding; `None` = nothing to say.
    pub category: Option<Category>,
    /// The sub-kind of a finding.
    pub kind: Option<&'static str>,
    /// Somebody must be told at once.
    pub urgent: bool,
    /// How a message calls it: "This reads like ...".
    pub plain: &'static str,
    /// The rule id of the finding.
    pub rule: &'static str,
}

impl Label {
    /// How much harm it can do.
    pub(crate) const fn severity(&self) -> Severity {
        if self.urgent {
            Severity::High
        } else {
            Severity::Medium
        }
    }
}

/// A label as a rule that verdicts and policies name.
pub(crate) struct LabelRule {
    pub(crate) id: RuleId,
    pub(crate) category: Category,
    pub(crate) label: &'static Label,
    pub(crate) message: String,
}

/// Every label of which there are findings.
pub(crate) static RULES: LazyLock<Vec<LabelRule>> = LazyLock::new(|| rules(LABELS));

/// Every topic, and every private matter.
pub(crate) static TOPIC_RULES: LazyLock<Vec<LabelRule>> = LazyLock::new(|| {
    [rules(TOPICS), rules(PRIVATE)]
        .into_iter()
        .flatten()
        .collect()
});

fn rules(labels: &'static [Label]) -> Vec<LabelRule> {
    let rule = |label: &'static Label| {
        Some(LabelRule {
            id: RuleId::fixed(label.rule),
            category: label.category?,
            label,
            message: format!("Read as a whole, this is like {}.", label.plain),
        })
    };
    labels.iter().filter_map(rule).collect()
}

const fn label(
    name: &'static str,
    category: Category,
    kind: Option<&'static str>,
    urgent: bool,
    rule: &'static str,
    plain: &'static str,
) -> Label {
    Label {
        name,
        category: Some(category),
        kind,
        urgent,
        plain,
        rule,
    }
}

/// Every label, the harmless one first.
pub const LABELS: &[Label] = &[
    Label {
        name: "harmless",
        category: None,
        kind: None,
        urgent: false,
        plain: "ordinary words",
        rule: "",
    },
    label(
        "self_harm",
        Category::SelfHarm,
        None,
        true,
        "reads-like-self-harm",
        "somebody who wishes to die or hurts themselves, or fear for such a person",
    ),
    label(
        "disclosure",
        Category::Disclosure,
        None,
        true,
        "reads-like-disclosure",
        "somebody telling that a child or a family is being harmed",
    ),
    label(
        "staff_allegation",
        Category::StaffAllegation,
        None,
        true,
        "reads-like-allegation",
        "an allegation that a member of staff harmed a child",
    ),
    label(
        "missing_child",
        Category::MissingChild,
        None,
        true,
        "reads-like-missing-child",
        "a child who is missing or needs help now",
    ),
    label(
        "threat",
        Category::Threat,
        None,
        true,
        "reads-like-threat",
        "a threat",
    ),
    label(
        "grooming",
        Category::Grooming,
        None,
        true,
        "reads-like-grooming",
        "an adult seeking private contact with a child",
    ),
    label(
        "image_abuse",
        Category::Sexual,
        Some("image"),
        true,
        "reads-like-image-abuse",
        "intimate pictures of a child being asked for, shared or threatened with",
    ),
    label(
        "exploitation",
        Category::Exploitation,
        None,
        true,
        "reads-like-exploitation",
        "a child being used by criminals",
    ),
    label(
        "radicalisation",
        Category::Radicalisation,
        None,
        true,
        "reads-like-radicalisation",
        "extremism",
    ),
    label(
        "weapon",
        Category::Weapon,
        None,
        true,
        "reads-like-weapon",
        "a weapon in or near the school",
    ),
    label(
        "drugs",
        Category::Drugs,
        None,
        true,
        "reads-like-drugs",
        "drugs or vapes being sold or used",
    ),
    label(
        "eating_disorder",
        Category::EatingDisorder,
        None,
        true,
        "reads-like-eating-disorder",
        "an eating disorder",
    ),
    label(
        "bullying",
        Category::Bullying,
        None,
        false,
        "reads-like-bullying",
        "a pupil being bullied",
    ),
    label(
        "location_probing",
        Category::Doxxing,
        Some("location"),
        false,
        "reads-like-probing",
        "somebody trying to find out where a child can be found",
    ),
    label(
        "hate",
        Category::Hate,
        None,
        false,
        "reads-like-hate",
        "hate against a group of people",
    ),
    label(
        "staff_abuse",
        Category::StaffAbuse,
        None,
        false,
        "reads-like-staff-abuse",
        "abuse of staff",
    ),
    label(
        "insult",
        Category::Insult,
        None,
        false,
        "reads-like-insult",
        "an insult",
    ),
    label(
        "sexual",
        Category::Sexual,
        None,
        false,
        "reads-like-sexual",
        "a sexual remark",
    ),
    label(
        "doxxing",
        Category::Doxxing,
        None,
        false,
        "reads-like-doxxing",
        "somebody's address, car or workplace being sought or given away",
    ),
    label(
        "spam",
        Category::Spam,
        None,
        false,
        "reads-like-spam",
        "spam or a scam",
    ),
];

/// What a draft can be about that a second person looks at first, each by itself.
pub const TOPICS: &[Label] = &[
    label(
        "confidential",
        Category::Confidential,
        None,
        false,
        "reads-like-confidential",
        "something that a school keeps to itself",
    ),
    label(
        "commercial",
        Category::Commercial,
        None,
        false,
        "reads-like-commercial",
        "contracts, prices paid and suppliers",
    ),
    label(
        "controversial",
        Category::Controversial,
        None,
        false,
        "reads-like-controversial",
        "a stand in politics or in another dispute",
    ),
    label(
        "individual_case",
        Category::IndividualCase,
        None,
        false,
        "reads-like-individual-case",
        "the case of one child, family or member of staff",
    ),
    label(
        "personal_gain",
        Category::PersonalGain,
        None,
        false,
        "reads-like-personal-gain",
        "the school's account used for somebody's own pocket",
    ),
    label(
        "grievance",
        Category::Grievance,
        None,
        false,
        "reads-like-grievance",
        "a grievance aired in public",
    ),
    label(
        "defamation",
        Category::Defamation,
        None,
        false,
        "reads-like-defamation",
        "an accusation against somebody",
    ),
    label(
        "pasted_harm",
        Category::Disclosure,
        None,
        true,
        "reads-like-pasted-harm",
        "a child's own words that tell of harm, shown to everybody",
    ),
];

/// What a draft can tell of one person that is private, each by itself.
pub const PRIVATE: &[Label] = &[
    private(
        "health",
        "reads-like-health",
        "something about one person's health",
    ),
    private(
        "sensitive",
        "reads-like-sensitive",
        "something private about one person, such as support, behaviour, care, family, money or results",
    ),
    private(
        "birthday",
        "reads-like-birthday",
        "a birthday that gives one person's age away",
    ),
    private(
        "location",
        "reads-like-location",
        "where a child or a private person is to be found",
    ),
    private(
        "routine",
        "reads-like-routine",
        "when and where one child can be found again and again",
    ),
    private(
        "credential",
        "reads-like-credential",
        "a password or code that lets a stranger in",
    ),
];

const fn private(name: &'static str, rule: &'static str, plain: &'static str) -> Label {
    label(name, Category::PersonalData, Some(name), false, rule, plain)
}

/// A draft that a second person would want to see first, whichever topic it is: learnt from all of them together, since a
/// draft can be between two of them. Of it there are no findings.
const SECOND_LOOK: Label = Label {
    name: "second_look",
    category: None,
    kind: None,
    urgent: false,
    plain: "",
    rule: "",
};

/// How many [`matters`] there are.
pub const MATTERS: usize = TOPICS.len() + PRIVATE.len() + 1;

/// Which of the [`matters`] tells who would be looked at first, whatever the topic is.
pub const MATTER_SECOND_LOOK: usize = MATTERS - 1;

/// Everything that a draft can be about: the topics, then what is private, then any topic at all.
pub fn matters() -> impl Iterator<Item = &'static Label> {
    TOPICS.iter().chain(PRIVATE).chain([&SECOND_LOOK])
}

/// What else a text can be, each by itself: four classes of comments; whether who tells of harm waits for help (a victim, a
/// witness) rather than does it; whether it is told to the public of nobody here, as news, stories, lessons and advice are;
/// and whether any label is urgent, learnt apart from the labels, so that the two do not err together.
pub const SIDES: [&str; 7] = [
    "praise",
    "query",
    "complaint",
    "journalist",
    "asks",
    "public",
    "urgent",
];

/// Which of the [`SIDES`] tells that somebody from the press writes.
pub const SIDE_PRESS: usize = 3;

/// Which of the [`SIDES`] tells who waits for help.
pub const SIDE_ASKS: usize = 4;

/// Which of the [`SIDES`] tells what is told to the public.
pub const SIDE_PUBLIC: usize = 5;

/// Which of the [`SIDES`] tells that a label is urgent.
pub const SIDE_URGENT: usize = 6;

/// What one window of a text reads like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// Where, in bytes of the plain view.
    pub(crate) range: Range<usize>,
    /// How many words and sentence marks it has.
    pub(crate) words: usize,
    /// The likeliest label that is not harmless.
    pub(crate) label: &'static Label,
    /// The likeliest urgent label.
    pub(crate) urgent_label: &'static Label,
    /// How likely one of the urgent labels is, 0 to 1.
    pub(crate) urgent: f32,
    /// How likely any label but the harmless one is, 0 to 1.
    pub(crate) harm: f32,
    /// How likely each of [`SIDES`] is, 0 to 1.
    pub(crate) sides: [f32; SIDES.len()],
}

#[cfg(test)]
impl Reading {
    /// Nine words that read like the first urgent label.
    pub(crate) fn urgent_so_far(range: Range<usize>, urgent: f32) -> Self {
        Self {
            range,
            words: 9,
            label: &LABELS[1],
            urgent_label: &LABELS[1],
            urgent,
            harm: urgent,
            sides: [0.0; SIDES.len()],
        }
    }
}

/// What one window of a draft is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct About {
    /// Where, in bytes of the plain view.
    pub(crate) range: Range<usize>,
    /// How many words and sentence marks it has.
    pub(crate) words: usize,
    /// How likely each of [`matters`] is, 0 to 1.
    pub(crate) likely: [f32; MATTERS],
}

/// The weights with the kinds of words that they were learnt with.
pub(crate) struct Wording {
    model: Model,
    topics: Topics,
    kinds: Kinds,
    trust: Trust,
}

impl Wording {
    /// Reads the files that are built in.
    ///
    /// # Errors
    /// A file that cannot be read, with the line.
    pub(crate) fn built_in() -> Result<Self, ConfigFault> {
        Ok(Self {
            model: Model::built_in()?,
            topics: Topics::built_in()?,
            kinds: Kinds::built_in()?,
            trust: Trust::built_in()?,
        })
    }

    /// The texts that it was made of.
    pub(crate) const fn texts() -> [&'static str; 4] {
        [Model::text(), Topics::text(), Kinds::text(), Trust::text()]
    }

    pub(crate) const fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Whether most of the words were learnt: another language, or gibberish, cannot be read.
    fn knows(&self, tokens: &[Token<'_>]) -> bool {
        let known = tokens.iter().filter(|token| self.model.knows(token));
        known.count() * 2 > tokens.len()
    }

    /// Reads a text window by window.
    ///
    /// # Errors
    /// `CheckFailure::OverBudget` when the meter runs out.
    pub(crate) fn read(&self, view: &View, meter: &Meter) -> Result<Vec<Reading>, CheckFailure> {
        self.each_window(view, meter, windows, |tokens, marks, range| {
            self.reading(tokens, marks, range)
        })
    }

    /// Reads a text as one, however long it is; nothing of a text that cannot be read.
    ///
    /// # Errors
    /// `CheckFailure::OverBudget` when the meter runs out.
    pub(crate) fn read_whole(
        &self,
        view: &View,
        meter: &Meter,
    ) -> Result<Option<Reading>, CheckFailure> {
        let read = self.each_window(view, meter, all_words, |tokens, marks, range| {
            self.reading(tokens, marks, range)
        })?;
        Ok(read.into_iter().next())
    }

    fn reading(&self, tokens: &[Token<'_>], marks: &[u64], range: Range<usize>) -> Reading {
        let alone = sums(&self.model, tokens, &[]);
        let mut with_marks = alone.clone();
        add_marks(&self.model, marks, &mut with_marks);
        self.model.reading(&alone, &with_marks, range, tokens.len())
    }

    /// Says what a draft is about, window by window.
    ///
    /// # Errors
    /// `CheckFailure::OverBudget` when the meter runs out.
    pub(crate) fn about(&self, view: &View, meter: &Meter) -> Result<Vec<About>, CheckFailure> {
        self.each_window(view, meter, windows, |tokens, marks, range| {
            self.about_window(tokens, marks, range)
        })
    }

    /// Says what a draft as a whole is about, however long it is; nothing of a text that cannot be read.
    ///
    /// # Errors
    /// `CheckFailure::OverBudget` when the meter runs out.
    pub(crate) fn about_whole(
        &self,
        view: &View,
        meter: &Meter,
    ) -> Result<Option<About>, CheckFailure> {
        let read = self.each_window(view, meter, all_words, |tokens, marks, range| {
            self.about_window(tokens, marks, range)
        })?;
        Ok(read.into_iter().next())
    }

    fn about_window(&self, tokens: &[Token<'_>], marks: &[u64], range: Range<usize>) -> About {
        let sums = sums(&self.topics, tokens, marks);
        let likely = self.topics.likely(&sums);
        About {
            range,
            words: tokens.len(),
            likely,
        }
    }

    fn each_window<T>(
        &self,
        view: &View,
        meter: &Meter,
        windows: impl Fn(&str, &[Range<usize>]) -> Vec<Range<usize>>,
        read: impl Fn(&[Token<'_>], &[u64], Range<usize>) -> T,
    ) -> Result<Vec<T>, CheckFailure> {
        let text = view.text();
        let words = words(text);
        meter.spend(words.len() as u64 * STEPS_PER_WORD)?;
        if is_spelt_out(text, &words) {
            return Ok(Vec::new());
        }
        let tokens: Vec<_> = words
            .iter()
            .map(|word| self.kinds.token(&text[word.clone()]))
            .collect();
        let marks = mark_features(view.punctuation());
        Ok(windows(text, &words)
            .into_iter()
            .filter(|window| self.knows(&tokens[window.clone()]))
            .map(|window| {
                let range = words[window.start].start..words[window.end - 1].end;
                read(&told_once(&tokens[window]), &marks, range)
            })
            .collect())
    }
}

/// How many rows are looked up together.
pub(super) const TOGETHER: usize = 32;

/// What the words and marks of a window add up to.
fn sums<const COLUMNS: usize>(
    rows: &Rows<COLUMNS>,
    tokens: &[Token<'_>],
    marks: &[u64],
) -> Sums<COLUMNS> {
    let mut sums = Sums::default();
    // the rows lie far apart: looked up one right after the other, they are waited for together
    let mut asked = [0; TOGETHER];
    let mut count = 0;
    each_feature(tokens, |feature| {
        if feature.is_word() {
            return;
        }
        let hash = feature.hash();
        // noted whether it may be known or not, and overwritten if not: nothing waits for the answer
        asked[count] = hash;
        count += usize::from(rows.may_have(hash));
        if count == TOGETHER {
            rows.add_all(&asked, &mut sums);
            count = 0;
        }
    });
    rows.add_all(&asked[..count], &mut sums);
    let words = tokens.iter();
    words.for_each(|token| rows.add_word(token, &mut sums));
    add_marks(rows, marks, &mut sums);
    sums
}

fn add_marks<const COLUMNS: usize>(rows: &Rows<COLUMNS>, marks: &[u64], sums: &mut Sums<COLUMNS>) {
    marks.iter().for_each(|mark| rows.add(*mark, sums));
}

/// The words and sentence marks of a plain view, in bytes.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::with_capacity(text.len() / 4 + 1);
    let mut start = 0;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        if byte == b' ' {
            if start < at {
                words.push(start..at);
            }
            start = at + 1;
        }
    }
    words
}

/// Whether a good part of the text is loose letters: words drawn apart, which the model has not learnt to read. They are
/// put together again in another view.
fn is_spelt_out(text: &str, words: &[Range<usize>]) -> bool {
    let loose = words.iter().filter(|word| {
        let word = &text[(*word).clone()];
        word.len() == 1
            && !matches!(word, "a" | "i" | "u" | "r" | "x" | "n" | "." | "?")
            && !word.starts_with(|c: char| c.is_ascii_digit())
    });
    loose.count() * 4 > words.len()
}

/// The one window over all words, of which there must be some.
fn whole(words: &[Range<usize>]) -> Option<Range<usize>> {
    (!words.is_empty()).then_some(0..words.len())
}

/// The text as one window.
fn all_words(_: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    whole(words).into_iter().collect()
}

/// The windows over the words: a short text whole; a longer one from the start of each sentence, as many whole sentences
/// as fit.
fn windows(text: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    if words.len() <= LONGEST_WINDOW {
        return whole(words).into_iter().collect();
    }
    let mark = |at: &usize| matches!(&text[words[*at].clone()], "." | "?");
    let mut ends: Vec<usize> = (0..words.len()).filter(mark).map(|at| at + 1).collect();
    ends.push(words.len());
    let mut windows = Vec::new();
    let mut start = 0;
    let mut next = 0;
    while start < words.len() {
        while next < ends.len() && ends[next] <= start {
            next += 1;
        }
        let longest = (start + LONGEST_WINDOW).min(words.len());
        let enough = ends[next..]
            .iter()
            .find(|end| **end >= start + SHORTEST_WINDOW);
        let end = enough.map_or(words.len(), |end| *end).min(longest);
        windows.push(start..end);
        // a sentence that is longer than a window is read in overlapping parts
        let sentence = ends.get(next).copied().unwrap_or(words.len());
        start = if sentence > longest {
            start + LONGEST_WINDOW / 2
        } else {
            sentence
        };
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let words = words(text);
        let whole = |window: Range<usize>| {
            text[words[window.start].start..words[window.end - 1].end].to_owned()
        };
        windows(text, &words).into_iter().map(whole).collect()
    }

    #[test]
    fn a_short_text_is_read_whole() {
        assert_eq!(cut("one two . three"), ["one two . three"]);
        assert_eq!(cut(""), Vec::<String>::new());
    }

    #[test]
    fn a_long_text_is_read_sentence_by_sentence_and_nothing_is_left_out() {
        let sentence = "a b c d e f g h i j k l .";
        let text = [sentence; 6].join(" ");
        let windows = cut(&text);
        assert_eq!(windows.len(), 6);
        assert!(windows.iter().all(|window| window.starts_with("a b c")));
        let long = vec!["word"; 1_000].join(" ");
        let words = words(&long);
        let mut reached = 0;
        for window in super::windows(&long, &words) {
            assert!(window.start <= reached && window.len() <= LONGEST_WINDOW);
            reached = window.end;
        }
        assert_eq!(reached, words.len());
    }

    #[test]
    fn labels_are_distinct() {
        let mut rules: Vec<_> = LABELS.iter().map(|label| label.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        assert_eq!(rules.len(), LABELS.len());
    }
}
