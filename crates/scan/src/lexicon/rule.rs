//! A rule ready to match: terms expanded, phrases and patterns compiled, every fault with its place.

use std::{collections::BTreeMap, sync::Arc};

use schoolgate_model::{Category, ConfigFault, RuleId, Severity};
use toml::Spanned;

use super::{
    pack::{
        ContextFile, ContextSyntax, Direction, PackCheck, PhraseFile, RuleSyntax, Source, Subject,
        Within, WithinName, category,
    },
    pattern::Pattern,
    view::plain_form,
};

/// How far a companion may stand when the rule does not say, in words.
const COMPANION_WORDS: usize = 8;

/// A rule ready to match.
pub(crate) struct Rule {
    pub(crate) id: RuleId,
    pub(crate) pack: Arc<str>,
    pub(crate) subject: Subject,
    pub(crate) check: PackCheck,
    pub(crate) kind: Option<String>,
    pub(crate) severity: Severity,
    pub(crate) direction: Direction,
    pub(crate) message: String,
    pub(crate) confidence: f32,
    pub(crate) evasion: bool,
    /// The word itself is a common one; only its disguises are hits.
    pub(crate) only_disguised: bool,
    pub(crate) firm: bool,
    pub(crate) name_like: bool,
    /// Every form of every term, in plain form.
    pub(crate) terms: Vec<String>,
    pub(crate) pattern: Option<Pattern>,
    /// Plain words that the patterns are made of, for the disguise view.
    pub(crate) pattern_words: Vec<String>,
    /// Quoted titles excuse the rule.
    pub(crate) excused_by_title: bool,
    pub(crate) unless: Option<Pattern>,
    /// The excuses as written, for the self-test.
    pub(crate) excuses: Vec<Example>,
    /// Words of the pack beside which no excuse counts.
    pub(crate) harm: Option<Arc<Pattern>>,
    /// Groups of companions: one of each group must stand so near.
    pub(crate) needs: Vec<Pattern>,
    pub(crate) within: Distance,
    /// Words that make a hit harmless where they stand so near.
    pub(crate) not_near: Option<Pattern>,
    pub(crate) not_within: Distance,
    /// Only in a question, or only where it is none.
    pub(crate) question: Option<bool>,
    pub(crate) must_match: Vec<Example>,
    pub(crate) must_not_match: Vec<Example>,
    pub(crate) numbers: Numbers,
}

impl Rule {
    /// Every pattern of the rule.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let own = [&self.pattern, &self.unless, &self.not_near];
        let harm = self.harm.as_deref();
        own.into_iter().flatten().chain(harm).chain(&self.needs)
    }
}

/// The numbers that the prefilter has for a rule's patterns.
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) own: usize,
    pub(crate) unless: Option<usize>,
    pub(crate) harm: Option<usize>,
    pub(crate) needs: Vec<usize>,
    pub(crate) not_near: Option<usize>,
}

/// How far two places of a text may stand apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Distance {
    /// So many words.
    Words(usize),
    /// In the same sentence.
    Sentence,
}

impl Distance {
    fn of(within: Option<&Spanned<Within>>) -> Self {
        match within.map(Spanned::get_ref) {
            None => Self::Words(COMPANION_WORDS),
            Some(Within::Words(words)) => Self::Words(*words),
            Some(Within::Named(WithinName::Sentence)) => Self::Sentence,
        }
    }
}

/// An example text and where it is written.
pub(crate) struct Example {
    pub(crate) text: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A topic that changes what words mean.
pub(crate) struct Context {
    pub(crate) phrases: Pattern,
    pub(crate) cancels: Vec<Category>,
    /// One of these must stand somewhere in the text too.
    pub(crate) together_with: Option<Pattern>,
    /// How far the topic reaches.
    pub(crate) reach: Reach,
    /// Only these words are excused.
    pub(crate) only: Option<Vec<String>>,
    /// Nothing is excused in a sentence with one of these.
    pub(crate) never_with: Option<Pattern>,
    /// Cancels firm rules and high severities too.
    pub(crate) firm: bool,
    /// Counts in drafts only.
    pub(crate) draft_only: bool,
    /// The prefilter's number for `together_with`.
    pub(crate) together_number: Option<usize>,
}

impl Context {
    /// Every pattern of the topic.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let beside = [&self.together_with, &self.never_with];
        std::iter::once(&self.phrases).chain(beside.into_iter().flatten())
    }
}

/// How far a topic reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The whole text.
    Everywhere,
    /// The hit's own sentence.
    Sentence,
    /// So many words.
    Words(usize),
}

/// The shared phrases, already expanded.
#[derive(Default)]
pub(crate) struct Phrases(BTreeMap<String, String>);

impl Phrases {
    /// Reads the shared phrases of every file in turn; a phrase may use those that are written above it or in an
    /// earlier file.
    pub(crate) fn read<'s>(
        sources: impl IntoIterator<Item = Source<'s>>,
    ) -> Result<Self, Vec<ConfigFault>> {
        let mut phrases = Self::default();
        let mut faults = Vec::new();
        for source in sources {
            match source.read() {
                Ok(file) => phrases.add(file, source, &mut faults),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            Ok(phrases)
        } else {
            Err(faults)
        }
    }

    fn add(&mut self, file: PhraseFile, source: Source<'_>, faults: &mut Vec<ConfigFault>) {
        let mut written: Vec<_> = file.phrases.into_iter().collect();
        written.sort_by_key(|(_, pattern)| pattern.span().start);
        for (name, pattern) in written {
            match self.expand(&pattern, source) {
                Ok(_) if self.has(&name) => faults.push(source.fault(
                    &pattern,
                    format!("another file has a shared phrase `<{name}>`"),
                )),
                Ok(expanded) => {
                    self.0.insert(name, format!("(?:{expanded})"));
                }
                Err(fault) => faults.push(fault),
            }
        }
    }

    /// Whether there is a shared phrase of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Puts the shared phrases into a pattern. `<gap>`, `<gap2>`, `<gap6>` stand for up to 4, 2 and 6 words.
    fn expand(&self, pattern: &Spanned<String>, source: Source<'_>) -> Result<String, ConfigFault> {
        let mut expanded = String::new();
        let mut rest = pattern.get_ref().as_str();
        while let Some((before, after)) = rest.split_once('<') {
            let Some((name, after)) = after.split_once('>') else {
                return Err(source.fault(pattern, "a `<` without its `>`"));
            };
            expanded.push_str(before);
            expanded.push_str(match (name, self.0.get(name)) {
                ("gap", _) => "(?:[^ .?][^ ]* ){0,4}",
                ("gap2", _) => "(?:[^ .?][^ ]* ){0,2}",
                ("gap6", _) => "(?:[^ .?][^ ]* ){0,6}",
                (_, Some(phrase)) => phrase,
                (_, None) => {
                    return Err(source
                        .fault(pattern, format!("there is no shared phrase `<{name}>`"))
                        .hint(
                            "shared phrases stand in phrases.toml and the files phrases-*.toml",
                        ));
                }
            });
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

fn compile_spanned(
    patterns: &[Spanned<String>],
    phrases: &Phrases,
    source: Source<'_>,
    prepare: fn(&str) -> String,
) -> Result<Option<Pattern>, ConfigFault> {
    let Some(first) = patterns.first() else {
        return Ok(None);
    };
    let mut alternatives = Vec::new();
    for pattern in patterns {
        let prepared = Spanned::new(pattern.span(), prepare(pattern.get_ref()));
        alternatives.push(phrases.expand(&prepared, source)?);
    }
    // The longest first: of two alternatives that start at the same word, the first one wins.
    alternatives.sort_by_key(|alternative| std::cmp::Reverse(alternative.len()));
    Pattern::new(&alternatives)
        .map(Some)
        .map_err(|reason| source.fault(first, format!("the pattern cannot be used: {reason}")))
}

/// A phrase as a pattern: `*` stands for up to four words, `word*` for any ending, `*word` for up to four words and any
/// beginning, `<name>` for a shared phrase.
fn phrase_pattern(phrase: &str) -> String {
    let phrase = phrase.trim();
    let (phrase, open) = match phrase.strip_suffix(" *") {
        Some(phrase) => (phrase, true),
        None => (phrase, false),
    };
    let words: Vec<String> = phrase
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(word_pattern)
        .collect();
    let mut pattern = words.concat().trim_end().to_owned();
    if open {
        pattern.push_str("(?: [^ .?][^ ]*){0,4}");
    }
    pattern
}

fn word_pattern(word: &str) -> String {
    // A sentence mark is a word of its own: no gap runs over it.
    let gap = "(?:[^ .?][^ ]* ){0,4}";
    if word == "*" {
        return gap.to_owned();
    }
    if word.starts_with('<') {
        return format!("{word} ");
    }
    let (before, word) = match word.strip_prefix('*') {
        Some(rest) => (format!("{gap}[^ ]*"), rest),
        None => (String::new(), word),
    };
    let (word, after) = match word.strip_suffix('*') {
        Some(stem) => (stem, "[^ ]*"),
        None => (word, ""),
    };
    format!("{before}{}{after} ", regex::escape(word))
}

/// The pattern of a list of plain phrases, for a school's `fine_here`: what takes too much memory is told at once.
pub(crate) fn compile_phrases(
    phrases: &[Spanned<String>],
    source: Source<'_>,
) -> Result<Option<Pattern>, ConfigFault> {
    let made = compile_spanned(phrases, &Phrases::default(), source, |phrase| {
        phrase_pattern(&plain_form(phrase))
    })?;
    if let (Some(first), Some(Err(failure))) = (phrases.first(), made.as_ref().map(Pattern::ready))
    {
        return Err(source.fault(first, failure.describe()));
    }
    Ok(made)
}

/// The words of a pack beside which no excuse counts.
pub(crate) fn compile_harm(
    harm: &[Spanned<String>],
    phrases: &Phrases,
    source: Source<'_>,
) -> Result<Option<Arc<Pattern>>, ConfigFault> {
    compile_spanned(harm, phrases, source, phrase_pattern).map(|harm| harm.map(Arc::new))
}

/// What the rules of one pack share.
pub(crate) struct Pack {
    pub(crate) id: Arc<str>,
    pub(crate) subject: Subject,
    pub(crate) check: PackCheck,
    pub(crate) harm: Option<Arc<Pattern>>,
}

/// Compiles one rule.
pub(crate) fn compile_rule(
    syntax: RuleSyntax,
    pack: &Pack,
    phrases: &Phrases,
    source: Source<'_>,
) -> Result<Rule, Vec<ConfigFault>> {
    let mut faults = check_shape(&syntax, source);
    let subject = own_subject(&syntax, pack, source).unwrap_or_else(|fault| {
        faults.push(fault);
        pack.subject
    });
    faults.extend(check_title(&syntax, subject, source));
    faults.extend(check_distances(&syntax, source));
    let mut keep = |result: Result<Option<Pattern>, ConfigFault>| {
        result.unwrap_or_else(|fault| {
            faults.push(fault);
            None
        })
    };
    let same = |pattern: &str| pattern.to_owned();
    let pattern = keep(compile_spanned(&syntax.pattern.0, phrases, source, same));
    let unless = keep(compile_spanned(
        &syntax.unless,
        phrases,
        source,
        phrase_pattern,
    ));
    let needs: Vec<Pattern> = syntax
        .needs
        .0
        .iter()
        .filter_map(|group| keep(compile_spanned(group, phrases, source, phrase_pattern)))
        .collect();
    let not_near = keep(compile_spanned(
        &syntax.not_near,
        phrases,
        source,
        phrase_pattern,
    ));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut pattern_words = Vec::new();
    for pattern in &syntax.pattern.0 {
        if let Ok(expanded) = phrases.expand(pattern, source) {
            words_of(&expanded, &mut pattern_words);
        }
    }
    if syntax.firm {
        faults.extend(super::excuses::check(
            &syntax,
            &pattern_words,
            phrases,
            source,
        ));
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    let mut terms: Vec<String> = syntax
        .terms
        .iter()
        .flat_map(|term| forms(term.get_ref(), syntax.forms))
        .collect();
    terms.sort_unstable();
    terms.dedup();
    let examples =
        |list: Vec<Spanned<String>>| list.into_iter().map(|e| example(e, source)).collect();
    Ok(Rule {
        id: RuleId::new(syntax.id.into_inner()),
        pack: Arc::clone(&pack.id),
        subject,
        check: pack.check,
        kind: syntax.kind,
        severity: syntax.severity,
        direction: syntax.direction,
        message: syntax.message,
        confidence: syntax.confidence.unwrap_or(0.85),
        evasion: syntax.evasion || syntax.only_disguised,
        only_disguised: syntax.only_disguised,
        firm: syntax.firm,
        name_like: syntax.name_like,
        terms,
        pattern,
        pattern_words,
        excused_by_title: syntax.excused_by_title,
        unless,
        excuses: examples(syntax.unless),
        harm: pack.harm.clone(),
        needs,
        within: Distance::of(syntax.within.as_ref()),
        not_near,
        not_within: Distance::of(syntax.not_within.as_ref()),
        question: syntax.question,
        must_match: examples(syntax.must_match),
        must_not_match: examples(syntax.must_not_match),
        numbers: Numbers::default(),
    })
}

fn example(text: Spanned<String>, source: Source<'_>) -> Example {
    let (line, column) = ConfigFault::place(source.text, text.span().start);
    Example {
        text: text.into_inner(),
        line,
        column,
    }
}

/// What is wrong with a rule before anything is compiled.
fn check_shape(syntax: &RuleSyntax, source: Source<'_>) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    let id = syntax.id.get_ref();
    let kebab = !id.is_empty()
        && id.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !kebab {
        faults.push(
            source
                .fault(&syntax.id, format!("the rule id `{id}` is not well formed"))
                .hint("small letters and digits, joined by hyphens"),
        );
    }
    if syntax.terms.is_empty() && syntax.pattern.0.is_empty() {
        faults.push(source.fault(&syntax.id, "a rule needs terms or a pattern"));
    }
    if syntax.message.trim().is_empty() {
        faults.push(source.fault(&syntax.id, "a rule needs a message"));
    }
    if syntax.confidence.is_some_and(|c| !(0.0..=1.0).contains(&c)) {
        faults.push(source.fault(&syntax.id, "confidence lies between 0 and 1"));
    }
    for term in &syntax.terms {
        let plain = plain_form(term.get_ref());
        if plain.is_empty() || plain != *term.get_ref() {
            faults.push(
                source
                    .fault(term, "the term is not written plainly")
                    .hint(format!("write \"{plain}\"")),
            );
        }
    }
    for pair in syntax.terms.windows(2) {
        if pair[0].get_ref() >= pair[1].get_ref() {
            faults.push(
                source
                    .fault(
                        &pair[1],
                        "the terms are not in alphabetical order, or one is there twice",
                    )
                    .hint(format!(
                        "`{}` comes before `{}`",
                        pair[1].get_ref(),
                        pair[0].get_ref()
                    )),
            );
        }
    }
    faults
}

/// What the rule's hits mean: what it says itself, or what its pack says.
fn own_subject(
    syntax: &RuleSyntax,
    pack: &Pack,
    source: Source<'_>,
) -> Result<Subject, ConfigFault> {
    match (&syntax.category, pack.subject) {
        (None, subject) => Ok(subject),
        (Some(code), Subject::Category(_)) => category(code, source).map(Subject::Category),
        (Some(code), Subject::Class(_)) => {
            Err(source.fault(code, "a rule of a class pack has no category"))
        }
    }
}

/// A distance without the words it is about is a slip.
fn check_distances(syntax: &RuleSyntax, source: Source<'_>) -> Vec<ConfigFault> {
    let mut faults = Vec::new();
    if let (Some(within), true) = (&syntax.within, syntax.needs.0.is_empty()) {
        faults.push(source.fault(within, "`within` is about `needs`, and the rule has none"));
    }
    if let (Some(within), true) = (&syntax.not_within, syntax.not_near.is_empty()) {
        faults.push(source.fault(
            within,
            "`not_within` is about `not_near`, and the rule has none",
        ));
    }
    faults
}

/// A quoted title excuses mild words only, never an attack on a person.
fn check_title(syntax: &RuleSyntax, subject: Subject, source: Source<'_>) -> Option<ConfigFault> {
    let attack = matches!(
        subject,
        Subject::Category(Category::Hate | Category::Sexual | Category::Insult)
    );
    let swearing = subject == Subject::Category(Category::Profanity);
    let refused = syntax.firm || attack || (swearing && syntax.severity >= Severity::Medium);
    (syntax.excused_by_title && refused)
        .then(|| source.fault(&syntax.id, "a title cannot excuse this rule"))
}

/// Letters in a pattern that are words, as far as a disguise can imitate them.
fn words_of(pattern: &str, words: &mut Vec<String>) {
    for word in pattern.split(|c: char| !c.is_ascii_lowercase()) {
        if word.len() >= 3 {
            words.push(word.to_owned());
        }
    }
}

/// The term and, where asked, its usual endings.
pub(crate) fn forms(term: &str, inflect: bool) -> Vec<String> {
    let mut forms = vec![term.to_owned()];
    if !inflect {
        return forms;
    }
    let mut chars = term.chars().rev();
    let (last, second, third) = (chars.next(), chars.next(), chars.next());
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    let consonant =
        |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() && !"aeiouwxy".contains(c));
    let doubled = consonant(last) && vowel(second) && !vowel(third) && third.is_some();
    let stem = match last {
        Some('e') => term[..term.len() - 1].to_owned(),
        Some(last) if doubled => format!("{term}{last}"),
        _ => term.to_owned(),
    };
    let plural = if term.ends_with(['s', 'x', 'z']) || term.ends_with("ch") || term.ends_with("sh")
    {
        "es"
    } else {
        "s"
    };
    forms.push(format!("{term}{plural}"));
    for ending in ["ed", "er", "ers", "in", "ing", "y"] {
        forms.push(format!("{stem}{ending}"));
    }
    forms
}

/// Compiles the topics.
pub(crate) fn compile_contexts(source: Source<'_>) -> Result<Vec<Context>, Vec<ConfigFault>> {
    let file: ContextFile = source.read().map_err(|fault| vec![fault])?;
    let mut contexts = Vec::new();
    let mut faults = Vec::new();
    for syntax in file.context {
        match compile_context(&syntax, source) {
            Ok(context) => contexts.push(context),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() {
        Ok(contexts)
    } else {
        Err(faults)
    }
}

fn compile_context(syntax: &ContextSyntax, source: Source<'_>) -> Result<Context, ConfigFault> {
    let phrases = compile_spanned(&syntax.phrases, &Phrases::default(), source, phrase_pattern)?
        .ok_or_else(|| source.fault(&syntax.id, "a topic needs phrases"))?;
    let cancels: Vec<Category> = syntax
        .cancels
        .iter()
        .map(|code| category(code, source))
        .collect::<Result<_, _>>()?;
    let together_with = compile_spanned(
        &syntax.together_with,
        &Phrases::default(),
        source,
        phrase_pattern,
    )?;
    let never_with = compile_spanned(
        &syntax.never_with,
        &Phrases::default(),
        source,
        phrase_pattern,
    )?;
    let only: Vec<String> = syntax
        .only
        .iter()
        .map(|term| plain_form(term.get_ref()))
        .collect();
    let words = [Category::Profanity, Category::Insult, Category::Sexual];
    if only.is_empty() && cancels.iter().any(|category| words.contains(category)) && !syntax.firm {
        return Err(source
            .fault(&syntax.id, "the topic would excuse every such word")
            .hint("list the words with two meanings under `only`"));
    }
    let reach = match syntax.within {
        _ if syntax.same_sentence => Reach::Sentence,
        0 => Reach::Everywhere,
        words => Reach::Words(words),
    };
    Ok(Context {
        phrases,
        cancels,
        together_with,
        reach,
        only: (!only.is_empty()).then_some(only),
        never_with,
        firm: syntax.firm,
        draft_only: syntax.draft_only,
        together_number: None,
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{prefilter::Asked, starts::Text},
        *,
    };

    #[test]
    fn forms_follow_english_spelling() {
        assert_eq!(
            forms("shit", true),
            [
                "shit", "shits", "shitted", "shitter", "shitters", "shittin", "shitting", "shitty"
            ]
        );
        assert!(forms("arse", true).contains(&"arsed".to_owned()));
        assert!(forms("bitch", true).contains(&"bitches".to_owned()));
        assert_eq!(forms("prick", false), ["prick"]);
    }

    #[test]
    fn a_phrase_pattern_spans_words_and_endings() {
        let pattern = Pattern::new(&[phrase_pattern("murder mystery * night*")]).unwrap();
        assert!(
            pattern
                .is_match(
                    &Text::new(b"our murder mystery and supper nights"),
                    Asked::All
                )
                .unwrap()
        );
        assert!(
            !pattern
                .is_match(&Text::new(b"murder mysteryx night"), Asked::All)
                .unwrap()
        );
        let pattern = Pattern::new(&[phrase_pattern("strap on your *")]).unwrap();
        let text = b"strap on your helmets for bike week now";
        let found = pattern.places(&Text::new(text), Asked::All).unwrap();
        assert_eq!(
            &text[found[0].clone()],
            b"strap on your helmets for bike week"
        );
        let pattern = Pattern::new(&[phrase_pattern("beaten by *team")]).unwrap();
        assert!(
            pattern
                .is_match(&Text::new(b"beaten by the other team"), Asked::All)
                .unwrap()
        );
    }
}
