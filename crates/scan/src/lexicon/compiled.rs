//! Rules put together for one pass over a text, and that pass: terms, patterns, and what cancels a hit.

use std::{collections::HashMap, ops::Range, sync::OnceLock};

use regex_syntax::hir::Hir;
use schoolgate_model::{CheckFailure, CommentClass, ConfigFault, Meter, Severity, Span};

use super::{
    disguise::undisguise,
    pack::Subject,
    pattern::Pattern,
    prefilter::{Asked, Candidates, Prefilter},
    rule::{Context, Distance, Numbers, Reach, Rule},
    spelling::Spelling,
    starts::{Openings, Text},
    titles::{named, titles},
    view::{Glyph, View, glyphs, plain, plain_of},
    vocabulary::Vocabulary,
};
use crate::{
    surface::SurfaceText,
    wording::{About, Reading},
};

/// Patterns that one character's step pays for; a pattern costs far less than a step a character.
const PATTERNS_PER_STEP: u64 = 4;

/// What stands for the letters of an excuse; no plain view has it.
const BLANK: u8 = b'_';

/// Rules put together.
pub(crate) struct Compiled {
    pub(crate) rules: Vec<Rule>,
    /// Topics that change what the words mean, with the number of each one's pattern.
    pub(crate) contexts: Vec<Context>,
    pub(crate) prefilter: Prefilter,
    pub(crate) vocabulary: Vocabulary,
}

impl Compiled {
    /// Builds the automaton over every term and every word that a pattern needs.
    pub(crate) fn new(
        mut rules: Vec<Rule>,
        mut contexts: Vec<Context>,
        file: &str,
    ) -> Result<Self, ConfigFault> {
        let further = number_patterns(&mut rules, &mut contexts);
        let prefilter = Prefilter::new(&rules, further)
            .ok_or_else(|| ConfigFault::whole(file, "the words take too much memory together"))?;
        let vocabulary = Vocabulary::of(&rules);
        Ok(Self {
            rules,
            contexts,
            prefilter,
            vocabulary,
        })
    }

    /// Reads a view once for all rules.
    fn candidates(&self, view: &View, meter: &Meter) -> Result<Candidates, CheckFailure> {
        let text = view.text().as_bytes();
        meter.spend(text.len() as u64)?;
        Ok(self.prefilter.candidates(text))
    }
}

/// Numbers the patterns beside those of the rules, equal ones alike: the topics' phrases, then all others. The patterns
/// of the rules have the numbers of the rules. Gives the shapes of the patterns beside the rules'.
fn number_patterns(rules: &mut [Rule], contexts: &mut [Context]) -> Vec<Option<Hir>> {
    let first = rules.len();
    let mut shapes: Vec<Option<Hir>> = contexts
        .iter()
        .map(|context| context.phrases.take_shape())
        .collect();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut number = |pattern: &Pattern| {
        let shape = pattern.take_shape();
        if let Some(number) = known.get(pattern.written()) {
            return *number;
        }
        shapes.push(shape);
        let number = first + shapes.len() - 1;
        known.insert(pattern.written().to_owned(), number);
        number
    };
    for context in contexts {
        context.together_number = context.together_with.as_ref().map(&mut number);
    }
    for (own, rule) in rules.iter_mut().enumerate() {
        rule.numbers = Numbers {
            own,
            unless: rule.unless.as_ref().map(&mut number),
            harm: rule.harm.as_deref().map(&mut number),
            needs: rule.needs.iter().map(&mut number).collect(),
            not_near: rule.not_near.as_ref().map(&mut number),
        };
    }
    shapes
}

/// One place where a rule matches.
pub(crate) struct Hit<'l> {
    pub(crate) rule: &'l Rule,
    pub(crate) span: Span,
    pub(crate) disguised: bool,
    /// A harmless word stands near a firm rule's words: they are no more than a cue.
    pub(crate) excused: bool,
    /// Found as a term, not by a pattern.
    by_term: bool,
    range: Range<usize>,
}

/// A view with what one pass over it found, for each set of rules.
struct Read {
    view: View,
    candidates: Vec<Candidates>,
    openings: Openings,
}

impl Read {
    fn new(view: View, sets: &[&Compiled], meter: &Meter) -> Result<Self, CheckFailure> {
        let candidates = sets
            .iter()
            .map(|compiled| compiled.candidates(&view, meter))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            view,
            candidates,
            openings: Openings::new(),
        })
    }

    fn text(&self) -> Text<'_> {
        Text::sharing(self.view.text().as_bytes(), &self.openings)
    }
}

/// The view without disguises.
struct Disguised {
    read: Read,
    /// What was rewritten.
    places: Vec<Span>,
    /// What of it is no disguise.
    open: Vec<Span>,
    /// What of it is one.
    hidden: Vec<Span>,
}

/// A surface made ready for matching.
pub(crate) struct Prepared {
    plain: Read,
    disguised: Option<Disguised>,
    glyphs: Vec<Glyph>,
    titles: Vec<Span>,
    /// What the views read like, once somebody has asked.
    pub(crate) readings: OnceLock<Vec<(Span, Reading)>>,
    /// How likely something urgent is in it read as one, once somebody has asked.
    pub(crate) urgent_as_a_whole: OnceLock<Option<f32>>,
    /// What it is about, once somebody has asked.
    pub(crate) about: OnceLock<Vec<(Span, About)>>,
    /// The classes that its words speak for in another language, once that has been worked out.
    pub(crate) spoken: OnceLock<Vec<CommentClass>>,
}

impl Prepared {
    /// Builds the views of a surface for these sets of rules.
    pub(crate) fn new(
        text: &SurfaceText,
        sets: &[&Compiled],
        spelling: &Spelling,
        meter: &Meter,
    ) -> Result<Self, CheckFailure> {
        let glyphs = glyphs(text);
        meter.spend(4 * glyphs.len() as u64)?;
        let vocabularies: Vec<_> = sets.iter().map(|compiled| &compiled.vocabulary).collect();
        let disguised = match undisguise(&glyphs, (&vocabularies, spelling), meter)? {
            Some(undisguised) => {
                let view = plain(&undisguised.glyphs);
                let (places, open) = (undisguised.places, undisguised.open);
                let hidden = places.iter().copied();
                Some(Disguised {
                    read: Read::new(view, sets, meter)?,
                    hidden: hidden.filter(|place| !touches(&open, *place)).collect(),
                    places,
                    open,
                })
            }
            None => None,
        };
        Ok(Self {
            plain: Read::new(plain_of(text, &glyphs), sets, meter)?,
            disguised,
            titles: match text.folded().text().bytes().any(is_quote) {
                true => titles(&glyphs),
                false => Vec::new(),
            },
            glyphs,
            readings: OnceLock::new(),
            urgent_as_a_whole: OnceLock::new(),
            about: OnceLock::new(),
            spoken: OnceLock::new(),
        })
    }

    /// The plain view.
    pub(crate) fn plain(&self) -> &View {
        &self.plain.view
    }

    /// The plain view, and the one without disguises where there are any.
    pub(crate) fn views(&self) -> impl Iterator<Item = &View> {
        let disguised = self.disguised.iter().map(|disguised| &disguised.read.view);
        std::iter::once(&self.plain.view).chain(disguised)
    }

    /// The same as if every pattern might match.
    #[cfg(test)]
    pub(crate) fn unfiltered(mut self, sets: &[&Compiled]) -> Self {
        let disguised = self
            .disguised
            .iter_mut()
            .map(|disguised| &mut disguised.read);
        for read in disguised.chain([&mut self.plain]) {
            let text = read.view.text().as_bytes();
            read.candidates = sets
                .iter()
                .map(|set| set.prefilter.everything(text))
                .collect();
        }
        self
    }
}

/// Where the topics stand in a text, in bytes of the plain view.
type Topics<'l> = Vec<(&'l Context, Vec<Range<usize>>)>;

/// What is wanted to know about the hits of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Where each of them stands.
    Places,
    /// Whether there are any; where that is certain, a hit may be shown as the whole text.
    Whether,
}

/// The hits of the wanted rules of set `set` that nothing cancels. The topics are those of the first set.
pub(crate) fn hits<'l>(
    sets: &[&'l Compiled],
    set: usize,
    prepared: &Prepared,
    draft: bool,
    asked: (Wanted, impl Fn(&Rule) -> bool),
    meter: &Meter,
) -> Result<Vec<Hit<'l>>, CheckFailure> {
    let (what, wanted) = asked;
    let (Some(compiled), Some(first)) = (sets.get(set).copied(), sets.first().copied()) else {
        return Ok(Vec::new());
    };
    let plain = |rule: &Rule| !rule.only_disguised && wanted(rule);
    let text = prepared.plain.text();
    let mut hits = raw_hits(compiled, set, (&prepared.plain, &text), what, &plain, meter)?;
    keep_standing(&mut hits, (&prepared.plain, &text), set, false, meter)?;
    if let Some(disguised) = &prepared.disguised {
        let Disguised {
            read,
            places,
            open,
            hidden,
        } = disguised;
        let evasive = |rule: &Rule| (rule.evasion || !open.is_empty()) && wanted(rule);
        let text = read.text();
        let mut found = raw_hits(
            compiled,
            set,
            (read, &text),
            Wanted::Places,
            &evasive,
            meter,
        )?;
        found.retain_mut(|hit| {
            hit.disguised = touches(hidden, hit.span);
            match (hit.rule.only_disguised, hit.rule.evasion) {
                (true, _) => hit.disguised,
                (false, true) => touches(places, hit.span),
                (false, false) => touches(open, hit.span),
            }
        });
        keep_standing(&mut found, (read, &text), set, true, meter)?;
        found.retain(|hit| touches(places, hit.span));
        hits.append(&mut found);
    }
    hits.retain(|hit| !hit.rule.name_like || !named(&prepared.glyphs, hit.span));
    hits.retain(|hit| !hit.rule.excused_by_title || !touches_wholly(&prepared.titles, hit.span));
    if hits.iter().any(|hit| can_flip(hit.rule)) {
        let topics = topics(first, prepared, draft, meter)?;
        hits.retain(|hit| !flipped(hit, &topics, prepared));
    }
    Ok(hits)
}

/// Whether a topic can make hits of the rule harmless: classes of comment have no topics.
fn can_flip(rule: &Rule) -> bool {
    matches!(rule.subject, Subject::Category(_))
}

/// Whether a title may stand behind it.
const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'')
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

/// The hits of the wanted rules before anything cancels one: terms, then patterns in the order of the rules.
fn raw_hits<'l>(
    compiled: &'l Compiled,
    set: usize,
    (read, text): (&Read, &Text<'_>),
    what: Wanted,
    wanted: &impl Fn(&Rule) -> bool,
    meter: &Meter,
) -> Result<Vec<Hit<'l>>, CheckFailure> {
    let Some(candidates) = read.candidates.get(set) else {
        return Ok(Vec::new());
    };
    let length = read.view.text().len();
    let mut hits = Vec::new();
    // without its companions no hit of a rule stands
    let wanted = |rule: &Rule| {
        let mut needs = rule.numbers.needs.iter();
        wanted(rule) && needs.all(|group| candidates.has(*group))
    };
    let mut add = |rule: &'l Rule, by_term: bool, range: Range<usize>| {
        if let Some(span) = read.view.span(range.clone()) {
            hits.push(Hit {
                rule,
                span,
                disguised: false,
                excused: false,
                by_term,
                range,
            });
        }
    };
    for (at, range) in &candidates.terms {
        if let Some(rule) = compiled.rules.get(*at).filter(|rule| wanted(rule)) {
            add(rule, true, range.clone());
        }
    }
    for rule in candidates
        .rules
        .iter()
        .filter_map(|at| compiled.rules.get(at))
    {
        let Some(pattern) = rule.pattern.as_ref().filter(|_| wanted(rule)) else {
            continue;
        };
        meter.spend(1 + length as u64 / PATTERNS_PER_STEP)?;
        let asked = candidates.asked(rule.numbers.own);
        if what == Wanted::Whether && stands_anywhere(rule, candidates) {
            if pattern.is_match(text, asked)? {
                add(rule, false, 0..length);
            }
            continue;
        }
        for found in pattern.places(text, asked)? {
            add(rule, false, found);
        }
    }
    Ok(hits)
}

/// Whether nothing in this text can cancel a hit of the rule, wherever it stands.
fn stands_anywhere(rule: &Rule, candidates: &Candidates) -> bool {
    let excuse = rule.numbers.unless;
    !can_flip(rule)
        && !excuse.is_some_and(|excuse| candidates.has(excuse))
        && rule.needs.is_empty()
        && rule.not_near.is_none()
        && rule.question.is_none()
        && !rule.name_like
        && !rule.excused_by_title
}

/// Keeps the hits that have their companions and that no excuse takes the words from.
fn keep_standing<'l>(
    hits: &mut Vec<Hit<'l>>,
    (read, text): (&Read, &Text<'_>),
    set: usize,
    disguised: bool,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    let Some(candidates) = read.candidates.get(set) else {
        return Ok(());
    };
    let looked = Looked {
        view: &read.view,
        text,
        candidates,
        meter,
    };
    let mut rules: Vec<&'l Rule> = Vec::new();
    for hit in hits.iter() {
        if !rules.iter().any(|rule| std::ptr::eq(*rule, hit.rule)) {
            rules.push(hit.rule);
        }
    }
    for rule in rules {
        excuse(rule, hits, &looked, disguised)?;
        keep_accompanied(rule, hits, &looked)?;
    }
    Ok(())
}

/// A view that is searched for the patterns beside the rules' own.
struct Looked<'v> {
    view: &'v View,
    text: &'v Text<'v>,
    candidates: &'v Candidates,
    meter: &'v Meter,
}

impl Looked<'_> {
    /// Where the pattern of this number stands in the view.
    fn places(
        &self,
        pattern: Option<&Pattern>,
        number: Option<usize>,
    ) -> Result<Vec<Range<usize>>, CheckFailure> {
        let Some((pattern, number)) = pattern.zip(number) else {
            return Ok(Vec::new());
        };
        if !self.candidates.has(number) {
            return Ok(Vec::new());
        }
        self.meter.spend(self.view.text().len() as u64)?;
        pattern.places(self.text, self.candidates.asked(number))
    }
}

/// Drops the hits of the rule that need the words of an excuse. The excuses' words are blanked and the rule is run
/// again, so an excuse never reaches a hit that stands without it.
fn excuse<'l>(
    rule: &'l Rule,
    hits: &mut Vec<Hit<'l>>,
    looked: &Looked<'_>,
    disguised: bool,
) -> Result<(), CheckFailure> {
    let (view, meter) = (looked.view, looked.meter);
    let mut excuses = looked.places(rule.unless.as_ref(), rule.numbers.unless)?;
    if excuses.is_empty() {
        return Ok(());
    }
    let mut harm = looked.places(rule.harm.as_deref(), rule.numbers.harm)?;
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
    // what is blanked has no word that was not there before
    for range in pattern.places(
        &Text::new(&blanked),
        looked.candidates.asked(rule.numbers.own),
    )? {
        if let Some(span) = view.span(range.clone()) {
            hits.push(Hit {
                rule,
                span,
                disguised,
                excused: false,
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
    looked: &Looked<'_>,
) -> Result<(), CheckFailure> {
    let view = looked.view;
    for (group, number) in rule.needs.iter().zip(&rule.numbers.needs) {
        let companions = looked.places(Some(group), Some(*number))?;
        keep_where(rule, hits, |hit| {
            accompanied(&companions, &hit.range, rule.within, view)
        });
    }
    if rule.not_near.is_some() {
        let spoilers = looked.places(rule.not_near.as_ref(), rule.numbers.not_near)?;
        for hit in hits.iter_mut().filter(|hit| std::ptr::eq(hit.rule, rule)) {
            hit.excused = near(&spoilers, &hit.range, rule.not_within, view);
        }
        keep_where(rule, hits, |hit| rule.firm || !hit.excused);
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

/// Whether one of the ordered, disjoint places stands so near to the range; words are no companions of themselves.
fn accompanied(
    places: &[Range<usize>],
    range: &Range<usize>,
    within: Distance,
    view: &View,
) -> bool {
    let itself = places.partition_point(|place| place.end < range.end);
    match places.get(itself) {
        Some(place) if place == range => {
            near(&places[..itself], range, within, view)
                || near(&places[itself + 1..], range, within, view)
        }
        _ => near(places, range, within, view),
    }
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
    compiled: &'l Compiled,
    prepared: &Prepared,
    draft: bool,
    meter: &Meter,
) -> Result<Topics<'l>, CheckFailure> {
    let length = prepared.plain().text().len();
    let text = &prepared.plain.text();
    let mut topics = Vec::new();
    let Some(candidates) = prepared.plain.candidates.first() else {
        return Ok(topics);
    };
    for (at, context) in compiled.contexts.iter().enumerate() {
        let there = candidates.has(compiled.rules.len() + at);
        if !there || context.draft_only && !draft {
            continue;
        }
        meter.spend(length as u64 / PATTERNS_PER_STEP)?;
        if let (Some(companion), Some(number)) = (&context.together_with, context.together_number)
            && !(candidates.has(number) && companion.is_match(text, candidates.asked(number))?)
        {
            continue;
        }
        let places = context
            .phrases
            .places(text, candidates.asked(compiled.rules.len() + at))?;
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
        .any(|(context, places)| excused(hit, context, places, prepared.plain()))
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
        // an excuse that cannot be judged is none
        && never.is_match(&Text::new(said), Asked::All).unwrap_or(true)
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
