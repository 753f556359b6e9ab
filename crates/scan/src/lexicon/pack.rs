//! A pack as a person writes it: the TOML shape and where each part stands. Compiling it happens in `rule`.

use schoolgate_model::{Category, CommentClass, ConfigFault, Severity};
use serde::Deserialize;
use toml::Spanned;

/// One pack file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackFile {
    pub(crate) pack: PackHead,
    #[serde(default)]
    pub(crate) rule: Vec<RuleSyntax>,
}

/// What the pack is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackHead {
    pub(crate) id: Spanned<String>,
    pub(crate) category: Option<Spanned<String>>,
    pub(crate) class: Option<Spanned<String>>,
    /// Which check the rules belong to: `language` where nothing is said, or `topics`.
    #[serde(default)]
    pub(crate) check: PackCheck,
    /// Words beside which no `unless` of the pack counts.
    #[serde(default)]
    pub(crate) harm: Vec<Spanned<String>>,
    pub(crate) title: String,
    pub(crate) source: String,
    pub(crate) date: String,
    pub(crate) locale: String,
}

/// Which check a pack's rules belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackCheck {
    /// Words and sentences that harm, in drafts and comments.
    #[default]
    Language,
    /// Matters that a school does not publish, in drafts only.
    Topics,
}

/// Which items a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Drafts and comments.
    #[default]
    Both,
    /// Drafts only.
    Draft,
    /// Comments only.
    Comment,
}

/// One rule as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSyntax {
    pub(crate) id: Spanned<String>,
    pub(crate) severity: Severity,
    /// Another category than the pack's.
    pub(crate) category: Option<Spanned<String>>,
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) direction: Direction,
    pub(crate) message: String,
    pub(crate) confidence: Option<f32>,
    #[serde(default)]
    pub(crate) terms: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) pattern: OneOrMany,
    #[serde(default)]
    pub(crate) forms: bool,
    #[serde(default)]
    pub(crate) evasion: bool,
    /// Only disguised spellings count: the word itself is a common one.
    #[serde(default)]
    pub(crate) only_disguised: bool,
    /// Topics do not cancel the rule, and its excuses must name something harmless.
    #[serde(default)]
    pub(crate) firm: bool,
    /// The words are names too (`Dick Whittington`): capitals beside them cancel the hit.
    #[serde(default)]
    pub(crate) name_like: bool,
    /// A quoted title excuses the rule.
    #[serde(default)]
    pub(crate) excused_by_title: bool,
    #[serde(default)]
    pub(crate) unless: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) needs: Groups,
    /// How far away a companion may stand.
    pub(crate) within: Option<Spanned<Within>>,
    /// Words that make the hit harmless where they stand nearby.
    #[serde(default)]
    pub(crate) not_near: Vec<Spanned<String>>,
    /// How far away such a word may stand.
    pub(crate) not_within: Option<Spanned<Within>>,
    /// Only in a question, or only where it is none.
    pub(crate) question: Option<bool>,
    #[serde(default)]
    pub(crate) must_match: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) must_not_match: Vec<Spanned<String>>,
}

/// A pattern, or several of which one must match.
#[derive(Default)]
pub(crate) struct OneOrMany(pub(crate) Vec<Spanned<String>>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Shape {
            One(String),
            Many(Vec<String>),
        }
        let spanned = Spanned::<Shape>::deserialize(deserializer)?;
        let span = spanned.span();
        let patterns = match spanned.into_inner() {
            Shape::One(one) => vec![one],
            Shape::Many(many) => many,
        };
        Ok(Self(
            patterns
                .into_iter()
                .map(|pattern| Spanned::new(span.clone(), pattern))
                .collect(),
        ))
    }
}

/// How far words may stand apart.
#[derive(Deserialize, Clone, Copy)]
#[serde(untagged, expecting = "either a number of words or \"sentence\"")]
pub(crate) enum Within {
    /// So many words.
    Words(usize),
    /// In the same sentence, however long it is.
    Named(WithinName),
}

/// A distance with a name.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WithinName {
    /// In the same sentence.
    Sentence,
}

/// Companions: one list, or several lists of each of which one must stand nearby.
#[derive(Default)]
pub(crate) struct Groups(pub(crate) Vec<Vec<Spanned<String>>>);

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Shape {
            One(Vec<String>),
            Many(Vec<Vec<String>>),
        }
        let spanned = Spanned::<Shape>::deserialize(deserializer)?;
        let span = spanned.span();
        let groups = match spanned.into_inner() {
            Shape::One(one) if one.is_empty() => Vec::new(),
            Shape::One(one) => vec![one],
            Shape::Many(many) => many,
        };
        let placed = |group: Vec<String>| {
            group
                .into_iter()
                .map(|phrase| Spanned::new(span.clone(), phrase))
                .collect()
        };
        Ok(Self(groups.into_iter().map(placed).collect()))
    }
}

/// The shared phrases that patterns name as `<name>`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhraseFile {
    pub(crate) phrases: std::collections::BTreeMap<String, Spanned<String>>,
}

/// Topics that change what words mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContextFile {
    pub(crate) context: Vec<ContextSyntax>,
}

/// One topic as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContextSyntax {
    pub(crate) id: Spanned<String>,
    pub(crate) phrases: Vec<Spanned<String>>,
    pub(crate) cancels: Vec<Spanned<String>>,
    /// Phrases of which one must stand somewhere in the text too.
    #[serde(default)]
    pub(crate) together_with: Vec<Spanned<String>>,
    /// How many words away the topic reaches; 0 means the whole text.
    #[serde(default)]
    pub(crate) within: usize,
    /// The topic reaches its own sentence only.
    #[serde(default)]
    pub(crate) same_sentence: bool,
    /// The only words that the topic excuses.
    #[serde(default)]
    pub(crate) only: Vec<Spanned<String>>,
    /// Nothing is excused in a sentence with one of these.
    #[serde(default)]
    pub(crate) never_with: Vec<Spanned<String>>,
    /// Cancels firm rules and high severities too.
    #[serde(default)]
    pub(crate) firm: bool,
    /// Counts in drafts only.
    #[serde(default)]
    pub(crate) draft_only: bool,
}

/// A school's own words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsFile {
    #[serde(default)]
    pub(crate) fine_here: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) word: Vec<WordSyntax>,
}

/// Words that a school adds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordSyntax {
    pub(crate) terms: Vec<Spanned<String>>,
    pub(crate) category: Spanned<String>,
    pub(crate) severity: Severity,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) forms: bool,
    #[serde(default = "yes")]
    pub(crate) evasion: bool,
}

fn yes() -> bool {
    true
}

/// What a rule's hit means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A finding of this category.
    Category(Category),
    /// The comment is of this class.
    Class(CommentClass),
}

/// Names the file and turns byte offsets into places.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    /// A fault at the place of a spanned value.
    pub(crate) fn fault<T>(self, value: &Spanned<T>, message: impl Into<String>) -> ConfigFault {
        self.fault_at(value.span().start, message)
    }

    fn fault_at(self, offset: usize, message: impl Into<String>) -> ConfigFault {
        let (line, column) = ConfigFault::place(self.text, offset);
        ConfigFault::at(self.file, line, column, message)
    }

    /// Reads the file's shape.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(self) -> Result<T, ConfigFault> {
        toml::from_str(self.text).map_err(|error| {
            let message = error.message().replace('\n', " ");
            match error.span() {
                Some(span) => self.fault_at(span.start, message),
                None => ConfigFault::whole(self.file, message),
            }
        })
    }
}

/// What a pack's head says its rules mean.
pub(crate) fn subject(head: &PackHead, source: Source<'_>) -> Result<Subject, ConfigFault> {
    if let (PackCheck::Topics, Some(class)) = (head.check, &head.class) {
        return Err(source
            .fault(class, "a pack of the topic check has no class")
            .hint("write category = \"confidential\", for example"));
    }
    match (&head.category, &head.class) {
        (Some(code), None) => category(code, source).map(Subject::Category),
        (None, Some(code)) => CommentClass::from_code(code.get_ref())
            .map(Subject::Class)
            .ok_or_else(|| {
                source.fault(
                    code,
                    format!("`{}` is not a class of comment", code.get_ref()),
                )
            }),
        _ => Err(source
            .fault(
                &head.id,
                "a pack has either a category or a class, never both or neither",
            )
            .hint("write category = \"profanity\", for example")),
    }
}

/// The category with this code.
pub(crate) fn category(
    code: &Spanned<String>,
    source: Source<'_>,
) -> Result<Category, ConfigFault> {
    Category::from_code(code.get_ref()).ok_or_else(|| {
        source
            .fault(code, format!("`{}` is not a category", code.get_ref()))
            .hint("for example profanity, insult, threat, bullying")
    })
}
