//! The lexicon: rule packs as data, compiled once, with a school's own words on top.
//!
//! Here: which packs exist, loading, versions and the self-test. What a hit means for a comment or a draft is decided
//! in `language` and, after that, by the school's policy.

mod backwards;
mod compiled;
mod disguise;
mod excuses;
pub(crate) mod literals;
mod pack;
mod parallel;
pub(crate) mod pattern;
pub(crate) mod phrasebook;
mod prefilter;
mod quiet;
mod respelt;
mod rule;
mod self_test;
mod slips;
mod spelling;
mod starts;
mod titles;
pub(crate) mod view;
mod vocabulary;
mod walk;

use std::sync::Arc;

use schoolgate_model::{Category, CheckFailure, ConfigFault, Meter, RuleId, Severity, Span};

pub use self::pack::{Direction, PackCheck, Subject};
use self::{
    compiled::{Compiled, Wanted, hits},
    pack::{PackFile, WordSyntax, WordsFile, subject},
    pattern::Pattern,
    prefilter::Asked,
    rule::{
        Distance, Numbers, Pack, Phrases, compile_contexts, compile_harm, compile_phrases,
        compile_rule, forms,
    },
    spelling::Spelling,
    starts::Text,
    view::plain_form,
};
pub(crate) use self::{
    compiled::{Hit, Prepared},
    pack::{Source, category},
    rule::Rule,
};
use crate::{
    surface::SurfaceText,
    tongue::{self, Tongues},
    wording::{About, LabelRule, RULES, Reading, SIDE_PUBLIC, TOPIC_RULES, Trust, Wording},
};

// `PACKS`, `PHRASES` and `CONTEXTS`: every file of `wordlists/` by name, listed by the build script.
include!(concat!(env!("OUT_DIR"), "/wordlists.rs"));

/// The categories whose findings wake somebody: a school's own exceptions never silence their words as they stand.
const URGENT: &[Category] = &[
    Category::Disclosure,
    Category::Exploitation,
    Category::Grooming,
    Category::MissingChild,
    Category::Radicalisation,
    Category::SelfHarm,
    Category::StaffAllegation,
    Category::Threat,
];

/// Everything the language check knows: the built-in packs and a school's own words. Cheap to clone.
#[derive(Clone)]
pub struct Lexicon {
    built_in: Arc<Compiled>,
    school: Option<Arc<SchoolWords>>,
    version: Arc<str>,
    wording: Arc<Wording>,
    tongues: Arc<Tongues>,
    spelling: Arc<Spelling>,
}

struct SchoolWords {
    compiled: Compiled,
    fine_here: Option<Pattern>,
}

/// A rule as lists show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo<'l> {
    /// The stable id.
    pub id: &'l RuleId,
    /// The pack it stands in.
    pub pack: &'l str,
    /// What a hit means.
    pub subject: Subject,
    /// The check it belongs to.
    pub check: PackCheck,
    /// The sub-kind of its findings.
    pub kind: Option<&'l str>,
    /// How much harm the thing found can do.
    pub severity: Severity,
    /// Which items it reads.
    pub direction: Direction,
    /// Plain English for a teacher.
    pub message: &'l str,
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lexicon")
            .field("version", &self.version)
            .field("rules", &self.rules().count())
            .finish_non_exhaustive()
    }
}

impl Lexicon {
    /// Compiles the built-in packs. Their examples are not run here: that is [`Lexicon::self_test`].
    ///
    /// # Errors
    /// Every fault of every pack, with file, line and column.
    pub fn built_in() -> Result<Self, Vec<ConfigFault>> {
        let phrases = Phrases::read(PHRASES.iter().copied().map(source))?;
        let mut rules = Vec::new();
        let mut faults = Vec::new();
        let packs = parallel::each(PACKS, |pack| {
            let (mut rules, mut faults) = (Vec::new(), Vec::new());
            read_pack(source(*pack), &phrases, &mut rules, &mut faults);
            (rules, faults)
        });
        for (found, wrong) in packs {
            rules.extend(found);
            faults.extend(wrong);
        }
        let contexts = compile_contexts(source(CONTEXTS)).unwrap_or_else(|found| {
            faults.extend(found);
            Vec::new()
        });
        let tongues = Tongues::built_in();
        faults.extend(tongues.as_ref().err().into_iter().flatten().cloned());
        let tongues = match tongues {
            Ok(tongues) if faults.is_empty() => tongues,
            _ => return Err(faults),
        };
        let mut compiled =
            Compiled::new(rules, contexts, "wordlists").map_err(|fault| vec![fault])?;
        compiled.prefilter.learn(Spelling::words());
        let wording = Wording::built_in().map_err(|fault| vec![fault])?;
        let spelling = Spelling::built_in(&compiled.vocabulary).map_err(|fault| vec![fault])?;
        let texts = PACKS
            .iter()
            .chain(PHRASES)
            .chain([&CONTEXTS])
            .map(|(_, text)| *text)
            .chain([tongue::TEXT])
            .chain(Spelling::texts())
            .chain(Wording::texts());
        Ok(Self {
            built_in: Arc::new(compiled),
            tongues: Arc::new(tongues),
            school: None,
            version: short_hash(texts).into(),
            wording: Arc::new(wording),
            spelling: Arc::new(spelling),
        })
    }

    /// Adds a school's own words and exceptions (`schools/<slug>/words.toml`) to the built-in packs; words of an
    /// earlier call are replaced. `file` is the name that faults carry.
    ///
    /// # Errors
    /// Every fault of the file, with line and column.
    pub fn with_words(&self, file: &str, words_toml: &str) -> Result<Self, Vec<ConfigFault>> {
        let source = Source {
            file,
            text: words_toml,
        };
        let words: WordsFile = source.read().map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let mut rules = Vec::new();
        for (at, word) in words.word.into_iter().enumerate() {
            match school_rule(at, word, source) {
                Ok(rule) => rules.push(rule),
                Err(fault) => faults.push(fault),
            }
        }
        for phrase in &words.fine_here {
            if plain_form(phrase.get_ref()).is_empty() {
                faults.push(source.fault(phrase, "the exception has no letters"));
            }
        }
        let fine_here = compile_phrases(&words.fine_here, source).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let compiled = Compiled::new(rules, Vec::new(), file).map_err(|fault| vec![fault])?;
        let built_in = self.version.split('+').next().unwrap_or_default();
        Ok(Self {
            built_in: Arc::clone(&self.built_in),
            wording: Arc::clone(&self.wording),
            spelling: Arc::clone(&self.spelling),
            tongues: Arc::clone(&self.tongues),
            version: format!("{built_in}+{}", short_hash([words_toml])).into(),
            school: Some(Arc::new(SchoolWords {
                compiled,
                fine_here,
            })),
        })
    }

    /// A short hash of everything the lexicon was made of; a school's own words add a second part after `+`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every rule, the built-in ones first.
    pub fn rules(&self) -> impl Iterator<Item = RuleInfo<'_>> {
        let tongues = self.tongues().rules().iter().map(|rule| RuleInfo {
            check: PackCheck::Language,
            id: &rule.id,
            pack: "tongues",
            subject: Subject::Category(rule.category),
            kind: None,
            severity: rule.severity,
            direction: Direction::Both,
            message: &rule.message,
        });
        let packs = self.all_rules().map(|rule| RuleInfo {
            id: &rule.id,
            pack: &rule.pack,
            subject: rule.subject,
            check: rule.check,
            kind: rule.kind.as_deref(),
            severity: rule.severity,
            direction: rule.direction,
            message: &rule.message,
        });
        let reading = |check, direction| {
            move |rule: &'static LabelRule| RuleInfo {
                id: &rule.id,
                pack: "wording",
                subject: Subject::Category(rule.category),
                check,
                kind: rule.label.kind,
                severity: rule.label.severity(),
                direction,
                message: &rule.message,
            }
        };
        let readings = RULES
            .iter()
            .map(reading(PackCheck::Language, Direction::Both));
        let topics = TOPIC_RULES
            .iter()
            .map(reading(PackCheck::Topics, Direction::Draft));
        packs.chain(tongues).chain(readings).chain(topics)
    }

    /// What is known about other languages.
    pub(crate) fn tongues(&self) -> &Tongues {
        &self.tongues
    }

    /// Runs every rule's own examples and checks that ids are unique; an empty answer means that all is well.
    pub fn self_test(&self) -> Vec<ConfigFault> {
        let mut faults = self_test::run(self);
        faults.extend(self.tongues().self_test());
        faults
    }

    fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        let school = self.school.iter().flat_map(|school| &school.compiled.rules);
        self.built_in.rules.iter().chain(school)
    }

    /// The built-in rules and the school's own.
    fn sets(&self) -> Vec<&Compiled> {
        let school = self.school.iter().map(|school| &school.compiled);
        std::iter::once(&*self.built_in).chain(school).collect()
    }

    /// Builds the views of a surface for [`Lexicon::hits`], once for all checks of the same lexicon.
    pub(crate) fn prepare(
        &self,
        text: &SurfaceText,
        meter: &Meter,
    ) -> Result<Arc<Prepared>, CheckFailure> {
        text.prepared(&self.version, || {
            Prepared::new(text, &self.sets(), &self.spelling, meter)
        })
    }

    /// How far each rule is believed where the wording model reads a text otherwise.
    pub(crate) fn trust(&self) -> &Trust {
        self.wording.trust()
    }

    /// What the text reads like, window by window, its disguises undone where it has any.
    pub(crate) fn readings<'p>(
        &self,
        prepared: &'p Prepared,
        meter: &Meter,
    ) -> Result<&'p [(Span, Reading)], CheckFailure> {
        if let Some(known) = prepared.readings.get() {
            return Ok(known);
        }
        let mut readings = Vec::new();
        for view in prepared.views() {
            let found = self.wording.read(view, meter)?;
            readings.extend(
                found
                    .into_iter()
                    .filter_map(|reading| Some((view.span(reading.range.clone())?, reading))),
            );
        }
        Ok(prepared.readings.get_or_init(|| readings))
    }

    /// How likely something urgent is in the text read as one, its disguises undone where it has any; nothing of a text
    /// that cannot be read.
    pub(crate) fn urgent_as_a_whole(
        &self,
        prepared: &Prepared,
        meter: &Meter,
    ) -> Result<Option<f32>, CheckFailure> {
        if let Some(known) = prepared.urgent_as_a_whole.get() {
            return Ok(*known);
        }
        let mut urgent = None;
        for view in prepared.views() {
            let whole = self.wording.read_whole(view, meter)?;
            let whole = whole.map(|reading| reading.urgent);
            urgent = whole.into_iter().chain(urgent).reduce(f32::max);
        }
        Ok(*prepared.urgent_as_a_whole.get_or_init(|| urgent))
    }

    /// What a draft is about, window by window.
    pub(crate) fn about<'p>(
        &self,
        prepared: &'p Prepared,
        meter: &Meter,
    ) -> Result<&'p [(Span, About)], CheckFailure> {
        if let Some(known) = prepared.about.get() {
            return Ok(known);
        }
        let plain = prepared.plain();
        let about = self.wording.about(plain, meter)?.into_iter();
        let about = about
            .filter_map(|about| Some((plain.span(about.range.clone())?, about)))
            .collect();
        Ok(prepared.about.get_or_init(|| about))
    }

    /// What a draft as a whole is about, and how likely it is told to the public of nobody here; nothing of one that cannot be
    /// read.
    ///
    /// # Errors
    /// `CheckFailure::OverBudget` when the meter runs out.
    pub(crate) fn about_whole(
        &self,
        prepared: &Prepared,
        meter: &Meter,
    ) -> Result<Option<(About, f32)>, CheckFailure> {
        let plain = prepared.plain();
        let about = self.wording.about_whole(plain, meter)?;
        let reading = self.wording.read_whole(plain, meter)?;
        Ok(about
            .zip(reading)
            .map(|(about, reading)| (about, reading.sides[SIDE_PUBLIC])))
    }

    /// The wanted rules of which a hit stands in a comment, again for each.
    pub(crate) fn rules_that_hold(
        &self,
        prepared: &Prepared,
        wanted: impl Fn(&Rule) -> bool,
        meter: &Meter,
    ) -> Result<Vec<&Rule>, CheckFailure> {
        // an exception covers places
        let fine_here = self.school.as_ref().and_then(|own| own.fine_here.as_ref());
        let what = match fine_here {
            Some(_) => Wanted::Places,
            None => Wanted::Whether,
        };
        let hits = self.hits_of(prepared, false, (what, wanted), meter)?;
        let standing = hits.into_iter().filter(|hit| !hit.excused);
        Ok(standing.map(|hit| hit.rule).collect())
    }

    /// The hits of the wanted rules that no phrase, topic, title or school exception cancels.
    pub(crate) fn hits(
        &self,
        prepared: &Prepared,
        draft: bool,
        wanted: impl Fn(&Rule) -> bool,
        meter: &Meter,
    ) -> Result<Vec<Hit<'_>>, CheckFailure> {
        let mut hits = self.hits_and_excused(prepared, draft, wanted, meter)?;
        hits.retain(|hit| !hit.excused);
        Ok(hits)
    }

    /// The same, with the hits of firm rules beside which a harmless word stands.
    pub(crate) fn hits_and_excused(
        &self,
        prepared: &Prepared,
        draft: bool,
        wanted: impl Fn(&Rule) -> bool,
        meter: &Meter,
    ) -> Result<Vec<Hit<'_>>, CheckFailure> {
        self.hits_of(prepared, draft, (Wanted::Places, wanted), meter)
    }

    fn hits_of(
        &self,
        prepared: &Prepared,
        draft: bool,
        (what, wanted): (Wanted, impl Fn(&Rule) -> bool),
        meter: &Meter,
    ) -> Result<Vec<Hit<'_>>, CheckFailure> {
        let sets = self.sets();
        let mut found = hits(&sets, 0, prepared, draft, (what, &wanted), meter)?;
        let Some(school) = &self.school else {
            return Ok(found);
        };
        let plain = prepared.plain();
        if let Some(fine_here) = school.fine_here.as_ref().filter(|_| !found.is_empty()) {
            meter.spend(plain.text().len() as u64)?;
            let bytes = plain.text().as_bytes();
            let fine: Vec<_> = fine_here
                .places(&Text::new(bytes), Asked::All)?
                .into_iter()
                .filter_map(|fine| {
                    let said = bytes.get(fine.clone())?;
                    let words = said.iter().filter(|byte| **byte == b' ').count() + 1;
                    Some((plain.span(fine)?, words))
                })
                .collect();
            found.retain(|hit| !is_fine(hit, &fine));
        }
        found.extend(hits(&sets, 1, prepared, draft, (what, &wanted), meter)?);
        Ok(found)
    }
}

/// Whether a school's exception covers the hit. An urgent finding is covered only by a longer phrase around it, such as
/// a firm's name: what the trust has locked, no school may call fine as it stands.
fn is_fine(hit: &Hit<'_>, fine: &[(schoolgate_model::Span, usize)]) -> bool {
    let urgent =
        matches!(hit.rule.subject, Subject::Category(category) if URGENT.contains(&category));
    let first = fine.partition_point(|(span, _)| span.end <= hit.span.start);
    fine.get(first).is_some_and(|(span, words)| {
        let longer = *words > 1 && *span != hit.span;
        span.contains(hit.span) && (!urgent || longer)
    })
}

fn source((file, text): (&'static str, &'static str)) -> Source<'static> {
    Source { file, text }
}

fn read_pack(
    source: Source<'_>,
    phrases: &Phrases,
    rules: &mut Vec<Rule>,
    faults: &mut Vec<ConfigFault>,
) {
    if let Err(fault) = read_rules(source, phrases, rules, faults) {
        faults.push(fault);
    }
}

fn read_rules(
    source: Source<'_>,
    phrases: &Phrases,
    rules: &mut Vec<Rule>,
    faults: &mut Vec<ConfigFault>,
) -> Result<(), ConfigFault> {
    let file: PackFile = source.read()?;
    let head = [
        &file.pack.title,
        &file.pack.source,
        &file.pack.date,
        &file.pack.locale,
    ];
    if head.iter().any(|entry| entry.trim().is_empty()) {
        faults.push(source.fault(
            &file.pack.id,
            "title, source, date and locale may not be empty",
        ));
    }
    let subject = subject(&file.pack, source)?;
    let harm = compile_harm(&file.pack.harm, phrases, source)?;
    let pack = Pack {
        id: file.pack.id.get_ref().as_str().into(),
        subject,
        check: file.pack.check,
        harm,
    };
    for syntax in file.rule {
        match compile_rule(syntax, &pack, phrases, source) {
            Ok(rule) => rules.push(rule),
            Err(found) => faults.extend(found),
        }
    }
    Ok(())
}

/// One entry of a school's own words as a rule.
fn school_rule(at: usize, word: WordSyntax, source: Source<'_>) -> Result<Rule, ConfigFault> {
    let category = category(&word.category, source)?;
    let mut terms = Vec::new();
    for term in &word.terms {
        let plain = plain_form(term.get_ref());
        if plain.len() < 2 {
            return Err(source
                .fault(term, "the word is too short to look for")
                .hint("two letters at least"));
        }
        terms.extend(forms(&plain, word.forms));
    }
    if terms.is_empty() {
        return Err(source.fault(&word.category, "the entry has no terms"));
    }
    let code = category.code().replace('_', "-");
    Ok(Rule {
        id: RuleId::new(format!("school-{code}-{}", at + 1)),
        pack: "school".into(),
        subject: Subject::Category(category),
        check: PackCheck::Language,
        kind: None,
        severity: word.severity,
        direction: Direction::Both,
        message: word
            .message
            .unwrap_or_else(|| "This word is on the school's own list.".to_owned()),
        confidence: 0.9,
        evasion: word.evasion,
        only_disguised: false,
        firm: true,
        name_like: false,
        terms,
        pattern: None,
        pattern_words: Vec::new(),
        excused_by_title: false,
        unless: None,
        excuses: Vec::new(),
        harm: None,
        needs: Vec::new(),
        within: Distance::Words(0),
        not_near: None,
        not_within: Distance::Words(0),
        question: None,
        must_match: Vec::new(),
        must_not_match: Vec::new(),
        numbers: Numbers::default(),
    })
}

/// FNV-1a over the texts, as sixteen hexadecimal digits: enough to tell two versions of the lists apart.
fn short_hash<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
pub(crate) mod tests;
