//! Rules put together for one pass over a text, and that pass: terms, patterns, and what cancels a hit.

use std::{collections::HashMap, ops::Range};

use aho_corasick::AhoCorasick;
use schoolgate_model::{CheckFailure, ConfigFault, Meter, Severity, Span};

use super::{
    disguise::undisguise,
    pack::Subject,
    rule::{Context, Distance, Reach, Rule},
    titles::{named, titles},
    view::{Glyph, View, glyphs, plain},
    vocabulary::Vocabulary,
};
use crate::surface::SurfaceText;

/// Patterns that one character's step pays for; a pattern costs far less than a step a character.
const PATTERNS_PER_STEP: u64 = 4;

/// What stands for the letters of an excuse; no plain view has it.
const BLANK: u8 = b'_';

/// Rules put together.
pub(crate) struct Compiled {
    pub(crate) rules: Vec<Rule>,
    terms: AhoCorasick,
    /// The rules behind each term of the automaton.
    owners: Vec<Vec<usize>>,
    pub(crate) vocabulary: Vocabulary,
}

impl Compiled {
    /// Builds the automaton over every term.
    pub(crate) fn new(rules: Vec<Rule>, file: &str) -> Result<Self, ConfigFault> {
        let mut index: HashMap<&str, usize> = HashMap::new();
        let mut owners: Vec<Vec<usize>> = Vec::new();
        let mut patterns: Vec<&str> = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            for term in &rule.terms {
                let place = *index.entry(term).or_insert_with(|| {
                    patterns.push(term);
                    owners.push(Vec::new());
                    patterns.len() - 1
                });
                owners[place].push(at);
            }
        }
        let terms = AhoCorasick::new(&patterns)
            .map_err(|_| ConfigFault::whole(file, "the words take too much memory together"))?;
        let vocabulary = Vocabulary::of(&rules);
        Ok(Self {
            rules,
            terms,
            owners,
            vocabulary,
        })
    }
}

/// One place where a rule matches.
pub(crate) struct Hit<'l> {
    pub(crate) rule: &'l Rule,
    pub(crate) span: Span,
    pub(crate) disguised: bool,
    /// Found as a term, not by a pattern.
    by_term: bool,
    range: Range<usize>,
}

/// A surface made ready for matching.
pub(crate) struct Prepared {
    pub(crate) plain: View,
    disguised: Option<(View, Vec<Span>)>,
    glyphs: Vec<Glyph>,
    titles: Vec<Span>,
}

impl Prepared {
    /// Builds the views of a surface.
    pub(crate) fn new(
        text: &SurfaceText,
        vocabularies: &[&Vocabulary],
        meter: &Meter,
    ) -> Result<Self, CheckFailure> {
        let glyphs = glyphs(text);
        meter.spend(4 * glyphs.len() as u64)?;
        let disguised = undisguise(&glyphs, vocabularies, meter)?
            .map(|undisguised| (plain(&undisguised.glyphs), undisguised.places));
        Ok(Self {
            plain: plain(&glyphs),
            disguised,
            titles: titles(&glyphs),
            glyphs,
        })
    }
}

/// Where the topics stand in a text, in bytes of the plain view.
type Topics<'l> = Vec<(&'l Context, Vec<Range<usize>>)>;

/// The hits of the wanted rules that nothing cancels.
pub(crate) fn hits<'l>(
    compiled: &'l Compiled,
    prepared: &Prepared,
    contexts: &'l [Context],
    draft: bool,
    wanted: impl Fn(&Rule) -> bool,
    meter: &Meter,
) -> Result<Vec<Hit<'l>>, CheckFailure> {
    let wanted: Vec<bool> = compiled.rules.iter().map(wanted).collect();
    let mut hits = raw_hits(compiled, &prepared.plain, &wanted, false, meter)?;
    keep_standing(&mut hits, &prepared.plain, false, meter)?;
    if let Some((view, places)) = &prepared.disguised {
        let mut found = raw_hits(compiled, view, &wanted, true, meter)?;
        found.retain(|hit| hit.rule.evasion && touches(places, hit.span));
        keep_standing(&mut found, view, true, meter)?;
        found.retain(|hit| touches(places, hit.span));
        hits.append(&mut found);
    }
    hits.retain(|hit| !hit.rule.name_like || !named(&prepared.glyphs, hit.span));
    hits.retain(|hit| !hit.rule.excused_by_title || !touches_wholly(&prepared.titles, hit.span));
    if !hits.is_empty() {
        let topics = topics(contexts, &prepared.plain, draft, meter)?;
        hits.retain(|hit| !flipped(hit, &topics, prepared));
    }
    Ok(hits)
}

/// Whether one of the ordered places shares a character with the span.
fn touches(places: &[Span], span: Span) -> bool {
    let first = places.partition_point(|place| place.end <= span.start);
    places.get(first).is_some_and(|place| place.overlaps(span))
}

fn touches_wholly(places: &[Span], span: Span) -> bool {
    let first = places.partition_point(|place| place.end <= span.start);
    places.get(first).is_some_and(|place| place.contains(span))
}

fn raw_hits<'l>(
    compiled: &'l Compiled,
    view: &View,
    wanted: &[bool],
    disguised: bool,
    meter: &Meter,
) -> Result<Vec<Hit<'l>>, CheckFailure> {
    let text = view.text().as_bytes();
    let mut hits = Vec::new();
    let mut add = |rule: usize, by_term: bool, range: Range<usize>| {
        if wanted[rule]
            && let Some(span) = view.span(range.clone())
        {
            hits.push(Hit {
                rule: &compiled.rules[rule],
                span,
                disguised,
                by_term,
                range,
            });
        }
    };
    meter.spend(text.len() as u64)?;
    for found in compiled.terms.find_overlapping_iter(text) {
        if whole_words(text, found.range()) {
            for rule in &compiled.owners[found.pattern().as_usize()] {
                add(*rule, true, found.range());
            }
        }
    }
    let mut patterns = 0_u64;
    for (at, rule) in compiled.rules.iter().enumerate() {
        let Some(pattern) = rule.pattern.as_ref().filter(|_| wanted[at]) else {
            continue;
        };
        if patterns.is_multiple_of(PATTERNS_PER_STEP) {
            meter.spend(text.len() as u64)?;
        }
        patterns += 1;
        for found in pattern.find_iter(text) {
            if !found.is_empty() {
                add(at, false, found.range());
            }
        }
    }
    Ok(hits)
}

/// Whether no letter or digit touches the range from outside. The bytes of other alphabets count as letters.
fn whole_words(text: &[u8], range: Range<usize>) -> bool {
    let outside = |at: Option<usize>| {
        at.and_then(|at| text.get(at))
            .is_none_or(|byte| *byte == b' ')
    };
    outside(range.start.checked_sub(1)) && outside(Some(range.end))
}

/// Keeps the hits that have their companions and that no excuse takes the words from.
fn keep_standing<'l>(
    hits: &mut Vec<Hit<'l>>,
    view: &View,
    disguised: bool,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    let mut rules: Vec<&'l Rule> = Vec::new();
    for hit in hits.iter() {
        if !rules.iter().any(|rule| std::ptr::eq(*rule, hit.rule)) {
            rules.push(hit.rule);
        }
    }
    for rule in rules {
        excuse(rule, hits, view, disguised, meter)?;
        keep_accompanied(rule, hits, view, meter)?;
    }
    Ok(())
}

/// Where the pattern stands in the view.
fn places(
    pattern: Option<&regex::bytes::Regex>,
    view: &View,
    meter: &Meter,
) -> Result<Vec<Range<usize>>, CheckFailure> {
    let Some(pattern) = pattern else {
        return Ok(Vec::new());
    };
    let text = view.text().as_bytes();
    meter.spend(text.len() as u64)?;
    Ok(pattern.find_iter(text).map(|found| found.range()).collect())
}

/// Drops the hits of the rule that need the words of an excuse. The excuses' words are blanked and the rule is run
/// again, so an excuse never reaches a hit that stands without it.
fn excuse<'l>(
    rule: &'l Rule,
    hits: &mut Vec<Hit<'l>>,
    view: &View,
    disguised: bool,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    let mut excuses = places(rule.unless.as_ref(), view, meter)?;
    if excuses.is_empty() {
        return Ok(());
    }
    let mut harm = places(rule.harm.as_deref(), view, meter)?;
    harm.retain(|harm| !within_one(&excuses, harm));
    if !harm.is_empty() {
        let marks = view.marks();
        excuses.retain(|excuse| !spoilt(excuse, &harm, marks));
    }
    if excuses.is_empty() {
        return Ok(());
    }
    meter.spend(view.text().len() as u64)?;
    let mut blanked = view.text().as_bytes().to_vec();
    for byte in excuses.iter().flat_map(|excuse| excuse.clone()) {
        if let Some(byte) = blanked.get_mut(byte).filter(|byte| **byte != b' ') {
            *byte = BLANK;
        }
    }
    hits.retain(|hit| {
        !std::ptr::eq(hit.rule, rule) || (hit.by_term && !overlapping(&excuses, &hit.range))
    });
    let Some(pattern) = &rule.pattern else {
        return Ok(());
    };
    for found in pattern.find_iter(&blanked).filter(|f| !f.is_empty()) {
        let range = found.range();
        if let Some(span) = view.span(range.clone()) {
            hits.push(Hit {
                rule,
                span,
                disguised,
                by_term: false,
                range,
            });
        }
    }
    Ok(())
}

/// Whether a harm word that is no part of an excuse stands in the excuse's sentence.
fn spoilt(excuse: &Range<usize>, harm: &[Range<usize>], marks: &[usize]) -> bool {
    let sentence = sentence(marks, excuse);
    let first = harm.partition_point(|harm| harm.start < sentence.start);
    harm.get(first)
        .is_some_and(|harm| harm.start < sentence.end)
}

/// Whether one of the ordered, disjoint ranges holds all of the range.
fn within_one(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    let first = ranges.partition_point(|other| other.end <= range.start);
    ranges
        .get(first)
        .is_some_and(|other| other.start <= range.start && range.end <= other.end)
}

/// The bytes between the sentence marks around a range.
fn sentence(marks: &[usize], range: &Range<usize>) -> Range<usize> {
    let next = marks.partition_point(|mark| *mark < range.start);
    let start = next.checked_sub(1).map_or(0, |before| marks[before] + 1);
    let after = marks.partition_point(|mark| *mark < range.end);
    start..marks.get(after).copied().unwrap_or(usize::MAX)
}

/// Keeps the hits of the rule that have one companion of each group nearby.
fn keep_accompanied(
    rule: &Rule,
    hits: &mut Vec<Hit<'_>>,
    view: &View,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    for group in &rule.needs {
        let companions = places(Some(group), view, meter)?;
        keep_where(rule, hits, |hit| {
            near(&companions, &hit.range, rule.within, view)
        });
    }
    if rule.not_near.is_some() {
        let spoilers = places(rule.not_near.as_ref(), view, meter)?;
        keep_where(rule, hits, |hit| {
            !near(&spoilers, &hit.range, rule.not_within, view)
        });
    }
    if let Some(question) = rule.question {
        let marks = view.marks();
        let text = view.text().as_bytes();
        keep_where(rule, hits, |hit| {
            let end = sentence(marks, &hit.range).end;
            (text.get(end) == Some(&b'?')) == question
        });
    }
    Ok(())
}

/// Keeps the hits of the rule that pass the test, and those of all others.
fn keep_where(rule: &Rule, hits: &mut Vec<Hit<'_>>, test: impl Fn(&Hit<'_>) -> bool) {
    hits.retain(|hit| !std::ptr::eq(hit.rule, rule) || test(hit));
}

/// Whether one of the ordered, disjoint places stands so near to the range.
fn near(places: &[Range<usize>], range: &Range<usize>, within: Distance, view: &View) -> bool {
    match within {
        Distance::Words(words) => nearest(places, range)
            .iter()
            .any(|near| view.words_between(near, range) <= words),
        Distance::Sentence => {
            let around = sentence(view.marks(), range);
            let first = places.partition_point(|place| place.end <= around.start);
            places
                .get(first)
                .is_some_and(|place| place.start < around.end)
        }
    }
}

/// Whether one of the ordered, disjoint ranges overlaps the range.
fn overlapping(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    let first = ranges.partition_point(|other| other.end <= range.start);
    ranges
        .get(first)
        .is_some_and(|other| other.start < range.end)
}

/// The ordered, disjoint ranges that stand next to the range on either side.
fn nearest<'r>(ranges: &'r [Range<usize>], range: &Range<usize>) -> &'r [Range<usize>] {
    let first = ranges.partition_point(|other| other.end <= range.start);
    &ranges[first.saturating_sub(1)..(first + 1).min(ranges.len())]
}

fn topics<'l>(
    contexts: &'l [Context],
    view: &View,
    draft: bool,
    meter: &Meter,
) -> Result<Topics<'l>, CheckFailure> {
    let text = view.text().as_bytes();
    let mut topics = Vec::new();
    for context in contexts
        .iter()
        .filter(|context| draft || !context.draft_only)
    {
        meter.spend(text.len() as u64 / PATTERNS_PER_STEP)?;
        let companion = context.together_with.as_ref();
        if companion.is_some_and(|companion| !companion.is_match(text)) {
            continue;
        }
        let places: Vec<_> = context
            .phrases
            .find_iter(text)
            .map(|found| found.range())
            .collect();
        if !places.is_empty() {
            topics.push((context, places));
        }
    }
    Ok(topics)
}

/// Whether a topic of the text makes the hit harmless.
fn flipped(hit: &Hit<'_>, topics: &Topics<'_>, prepared: &Prepared) -> bool {
    let Subject::Category(category) = hit.rule.subject else {
        return false;
    };
    topics
        .iter()
        .filter(|(context, _)| {
            let weighty = hit.rule.firm || hit.rule.severity >= Severity::High;
            context.cancels.contains(&category) && (context.firm || !weighty)
        })
        .any(|(context, places)| excused(hit, context, places, &prepared.plain))
}

/// Whether the topic reaches the hit and may excuse its words.
fn excused(hit: &Hit<'_>, context: &Context, places: &[Range<usize>], view: &View) -> bool {
    let plain = context.only.is_none() && context.never_with.is_none();
    if plain && context.reach == Reach::Everywhere {
        return true;
    }
    // A disguised word is never excused by a topic nearby: whoever hides a word does not quote it.
    if hit.disguised {
        return false;
    }
    let text = view.text().as_bytes();
    let words = text.get(hit.range.clone()).unwrap_or_default().trim_ascii();
    if let Some(only) = &context.only
        && !only.iter().any(|term| term.as_bytes() == words)
    {
        return false;
    }
    let around = sentence(view.marks(), &hit.range);
    let around = around.start..around.end.min(text.len());
    if let (Some(never), Some(said)) = (&context.never_with, text.get(around.clone()))
        && never.is_match(said)
    {
        return false;
    }
    match context.reach {
        Reach::Everywhere => true,
        Reach::Sentence => places
            .iter()
            .any(|place| place.start < around.end && place.end > around.start),
        Reach::Words(within) => nearest(places, &hit.range)
            .iter()
            .any(|near| view.words_between(near, &hit.range) <= within),
    }
}
