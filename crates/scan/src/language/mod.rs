//! The language check: which of the lexicon's rules hold for an item, and what kind of comment it is.
//!
//! Words and patterns are data (`wordlists/`), matching them is the `lexicon`'s work. Nothing here knows a school's
//! policy, and nobody is told anything from here.

mod about;
mod around;
mod calm;
mod classes;
mod denied;
mod private;
mod reading;

use std::collections::{BTreeSet, HashMap};

use schoolgate_model::{
    Category, CheckFailure, CheckName, CommentClass, Finding, Meter, Severity, Span, Surface,
};

use self::calm::{Calm, Said};
pub use self::{
    classes::{CommentCues, scan_classes},
    reading::{is_doubtable, is_reading},
};
use crate::{
    lexicon::{Direction, Hit, Lexicon, PackCheck, Prepared, Rule, Subject},
    personal::{OwnDetails, PersonalContext, Whom, whom},
    surface::SurfaceText,
    tongue,
    wording::Reading,
};

/// What the language check must know about the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LanguageContext {
    /// The school is about to say it; otherwise somebody said it to the school.
    pub draft: bool,
}

/// How much less sure a hit is that had to be undone from a disguise.
const DISGUISE_FACTOR: f32 = 0.9;

/// How much less sure a hit in a draft is whose rule was written for comments: sure enough for a cue only.
const BORROWED_FACTOR: f32 = 0.55;

/// The most that such a hit is sure of, whatever its rule says.
const CUE_MOST: f32 = reading::CUE - 0.01;

/// Finds profanity, abuse and safeguarding language on every surface. Where several hits of one category overlap, the
/// strongest stands.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_language(
    surfaces: &[SurfaceText],
    lexicon: &Lexicon,
    context: &LanguageContext,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for text in surfaces {
        let mut found = by_rule(text, lexicon, PackCheck::Language, context, meter)?;
        if reading::is_prose(text.surface()) {
            let prepared = lexicon.prepare(text, meter)?;
            let readings = lexicon.readings(&prepared, meter)?;
            let closer = |span| match context.draft {
                true => around::harm(text, span, lexicon, meter),
                false => Ok(0.0),
            };
            reading::doubt(readings, lexicon.trust(), context, &mut found, closer)?;
            let cues = found.iter().filter(|found| reading::is_cue(found));
            let cues: BTreeSet<_> = cues.map(reading::place).collect();
            reading::weigh_cues(readings, context, &mut found);
            found.extend(reading::findings(text, readings, context, &found));
            denied::doubt(text, lexicon, &prepared, context, &mut found, meter)?;
            if context.draft {
                keep_shown((lexicon, &prepared), (&cues, readings), &mut found, meter)?;
            } else if readings.len() > 1 {
                keep_borne_out((lexicon, &prepared), &cues, &mut found, meter)?;
            }
            let unsure = |found: &Finding| reading::is_unsure(found, &cues);
            if found.iter().any(unsure) {
                let calm = calm(text, lexicon, &prepared, context, meter)?;
                calm.weigh(readings, &mut found, unsure);
            }
        } else {
            reading::weigh_cues(&[], context, &mut found);
        }
        findings.append(&mut found);
    }
    Ok(findings)
}

/// Takes out of a draft what nobody is sure of where the draft around it does not show harm.
fn keep_shown(
    (lexicon, prepared): (&Lexicon, &Prepared),
    (cues, readings): (&BTreeSet<reading::Place>, &[(Span, Reading)]),
    found: &mut Vec<Finding>,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    let asked = (found.iter()).map(|found| reading::must_be_shown(found, cues, readings));
    let asked: Vec<_> = asked.collect();
    if asked.iter().all(Option::is_none) {
        return Ok(());
    }
    let about = lexicon.about(prepared, meter)?;
    let mut asked = asked.into_iter();
    found.retain(|found| {
        let least = asked.next().flatten();
        let shown = found.span().and_then(|span| about::shown(about, span));
        least.zip(shown).is_none_or(|(least, shown)| shown >= least)
    });
    Ok(())
}

/// Takes out of a comment of several windows what the model sees in one of them without being sure, and what the comment
/// as a whole does not bear out: a long tale has some sentence that reads like harm by itself.
fn keep_borne_out(
    (lexicon, prepared): (&Lexicon, &Prepared),
    cues: &BTreeSet<reading::Place>,
    found: &mut Vec<Finding>,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    let asked = |found: &Finding| reading::must_be_borne_out(found, cues);
    if !found.iter().any(asked) {
        return Ok(());
    }
    let whole = lexicon.urgent_as_a_whole(prepared, meter)?;
    if whole.is_some_and(|urgent| urgent < reading::BORNE_OUT) {
        found.retain(|found| !asked(found));
    }
    Ok(())
}

/// Finds what a school does not publish, whoever is named: confidential, commercial and controversial matters and the
/// like. For drafts only.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_topics(
    surfaces: &[SurfaceText],
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for text in surfaces {
        let mut found = topics_by_rule(text, lexicon, meter)?;
        if reading::is_prose(text.surface()) {
            let prepared = lexicon.prepare(text, meter)?;
            let about = lexicon.about(&prepared, meter)?;
            about::doubt(about, &mut found);
            found.extend(about::findings(text, about, &found));
            if !found.iter().any(about::is_topic) {
                let whole = lexicon.about_whole(&prepared, meter)?;
                found.extend(
                    whole.and_then(|(whole, public)| {
                        about::second_look(text, about, (&whole, public))
                    }),
                );
            }
        }
        findings.append(&mut found);
    }
    Ok(findings)
}

/// Finds private matters of one person that are told in words which no rule of [`crate::scan_personal_data`] names;
/// `known` is what those rules found.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_private_matters(
    surfaces: &[SurfaceText],
    lexicon: &Lexicon,
    own: &OwnDetails,
    context: &PersonalContext<'_>,
    known: &[Finding],
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for text in surfaces
        .iter()
        .filter(|text| reading::is_prose(text.surface()))
    {
        let here = |found: &&Finding| {
            found.surface == Some(text.surface()) && found.media.as_ref() == text.media()
        };
        let spans = |found: &[Finding], wanted: fn(&Finding) -> bool| -> Vec<Span> {
            let found = found.iter().filter(here).filter(|found| wanted(found));
            found.filter_map(Finding::span).collect()
        };
        let pupils = spans(context.names, |found| found.category == Category::PupilName);
        if pupils.is_empty() && !context.draft {
            continue;
        }
        let prepared = lexicon.prepare(text, meter)?;
        let about = lexicon.about(&prepared, meter)?;
        let known = spans(known, |_| true);
        let mut found = private::findings(text, about, &known, context.draft);
        if found.is_empty() {
            continue;
        }
        let others = match context.draft {
            true => whom(text, own, context, meter)?,
            false => Whom::default(),
        };
        found.retain(|found| private::is_of_somebody(found, &pupils, &others, context.draft));
        found.retain(|found| !private::is_nobodys(text, found));
        for found in &mut found {
            private::tell_birth(text, found, context.year);
        }
        if !context.draft {
            let readings = lexicon.readings(&prepared, meter)?;
            found.retain(|found| !private::is_of_harm(found, readings));
        }
        findings.append(&mut found);
    }
    Ok(findings)
}

/// The same by the rules alone: for a text in which names stand no more, since drafts were learnt from as people write
/// them.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_topic_rules(
    surfaces: &[SurfaceText],
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let found = surfaces
        .iter()
        .map(|text| topics_by_rule(text, lexicon, meter));
    Ok(found.collect::<Result<Vec<_>, _>>()?.concat())
}

fn topics_by_rule(
    text: &SurfaceText,
    lexicon: &Lexicon,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let context = LanguageContext { draft: true };
    by_rule(text, lexicon, PackCheck::Topics, &context, meter)
}

/// What the rules of the language check find without its cues, before the wording model has its say: for measuring and
/// learning.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_rules(
    surfaces: &[SurfaceText],
    lexicon: &Lexicon,
    context: &LanguageContext,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for text in surfaces {
        findings.extend(by_rule(text, lexicon, PackCheck::Language, context, meter)?);
    }
    findings.retain(|found| !reading::is_cue(found));
    Ok(findings)
}

/// Where words speak of grave matters without reporting any: advice, stories, a claim to pictures or records.
fn calm(
    text: &SurfaceText,
    lexicon: &Lexicon,
    prepared: &Prepared,
    context: &LanguageContext,
    meter: &Meter,
) -> Result<Calm, CheckFailure> {
    let wanted = |rule: &Rule| {
        let class = |class| rule.subject == Subject::Class(class);
        let calm = class(CommentClass::Other) && !denied::takes_out(rule);
        (calm || class(CommentClass::DataRights)) && faces(rule, context)
    };
    let hits = lexicon.hits(prepared, context.draft, wanted, meter)?;
    let mut said = Said::default();
    for hit in hits {
        if hit.rule.subject == Subject::Class(CommentClass::DataRights) {
            said.claims.push(hit.span);
        } else if hit.rule.kind.as_deref() == Some("play") {
            said.play.push(hit.span);
        } else {
            let word = text.slice(hit.span).to_lowercase();
            said.words.push((hit.span, word));
        }
    }
    Ok(Calm::new(prepared.plain(), said, context.draft))
}

fn by_rule(
    text: &SurfaceText,
    lexicon: &Lexicon,
    check: PackCheck,
    context: &LanguageContext,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let prepared = lexicon.prepare(text, meter)?;
    let mut hits = lexicon.hits_and_excused(
        &prepared,
        context.draft,
        |rule| rule.check == check && reads(rule, text.surface(), context),
        meter,
    )?;
    hits.retain(|hit| !hit.excused || is_excusable(hit.rule));
    Ok(strongest(hits, context)
        .into_iter()
        .map(|(category, hit)| finding(text, category, &hit, context))
        .collect())
}

/// Adds to what was found on a surface what its language makes of it: risk words of other languages, and a note of a
/// language that was not understood. `earlier` is what other checks found. Drops findings that are everyday words of
/// that language.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_tongues(
    text: &SurfaceText,
    lexicon: &Lexicon,
    earlier: &[Finding],
    found: &mut Vec<Finding>,
    meter: &Meter,
) -> Result<(), CheckFailure> {
    let spoken = tongue::scan(text, lexicon.tongues(), earlier, found, meter)?;
    // the classes of the text are asked for later, and cost the same reading
    if let Some(spoken) = spoken {
        let _ = lexicon.prepare(text, meter)?.spoken.set(spoken);
    }
    Ok(())
}

/// Whether the rule reads this surface of this item.
fn reads(rule: &Rule, surface: Surface, context: &LanguageContext) -> bool {
    let direction = faces(rule, context) || is_borrowed(rule, context);
    // People are called Dick, Fanny and Randy: an author's name counts only where it can be nothing else.
    let name = surface != Surface::Author || (rule.severity >= Severity::Medium && !rule.name_like);
    matches!(rule.subject, Subject::Category(_)) && direction && name
}

/// Whether the rule was written for this kind of item.
fn faces(rule: &Rule, context: &LanguageContext) -> bool {
    match rule.direction {
        Direction::Both => true,
        Direction::Draft => context.draft,
        Direction::Comment => !context.draft,
    }
}

/// Whether the rule was written for what the public says and reads a draft none the less: somebody may have pasted into
/// it what a child or a stranger wrote. What it finds there is a cue and no more.
fn is_borrowed(rule: &Rule, context: &LanguageContext) -> bool {
    context.draft
        && rule.direction == Direction::Comment
        && matches!(rule.subject, Subject::Category(category) if reading::is_urgent(category))
}

/// Whether words of the rule beside something harmless are a cue still.
fn is_excusable(rule: &Rule) -> bool {
    let urgent =
        matches!(rule.subject, Subject::Category(category) if reading::is_urgent(category));
    urgent && rule.confidence >= reading::CUE
}

/// The hits that no stronger hit of the same category overlaps, in the order of the text.
fn strongest<'l>(hits: Vec<Hit<'l>>, context: &LanguageContext) -> Vec<(Category, Hit<'l>)> {
    let mut by_category: HashMap<Category, Vec<Hit<'l>>> = HashMap::new();
    for hit in hits {
        if let Subject::Category(category) = hit.rule.subject {
            by_category.entry(category).or_default().push(hit);
        }
    }
    let mut kept = Vec::new();
    for (category, mut hits) in by_category {
        hits.sort_by(|a, b| {
            (a.span.start, b.span.end)
                .cmp(&(b.span.start, a.span.end))
                .then_with(|| a.rule.id.cmp(&b.rule.id))
        });
        let mut group: Option<(Span, Hit<'l>)> = None;
        for hit in hits {
            group = match group {
                Some((reach, best)) if reach.overlaps(hit.span) => {
                    let reach = Span {
                        start: reach.start,
                        end: reach.end.max(hit.span.end),
                    };
                    let hit_wins = strength(&hit, context) > strength(&best, context);
                    Some((reach, if hit_wins { hit } else { best }))
                }
                other => {
                    kept.extend(other.map(|(_, best)| (category, best)));
                    Some((hit.span, hit))
                }
            };
        }
        kept.extend(group.map(|(_, best)| (category, best)));
    }
    kept.sort_by(|a, b| (a.1.span, a.0.code()).cmp(&(b.1.span, b.0.code())));
    kept
}

/// What makes one hit stronger than another: that it is no mere cue, severity, then certainty, then length.
fn strength(hit: &Hit<'_>, context: &LanguageContext) -> (bool, Severity, u32, u32) {
    let sure = confidence(hit, context);
    (
        sure >= reading::CUE,
        hit.rule.severity,
        (sure * 1000.0) as u32,
        hit.span.end - hit.span.start,
    )
}

fn confidence(hit: &Hit<'_>, context: &LanguageContext) -> f32 {
    let mut sure = hit.rule.confidence;
    if hit.disguised {
        sure *= DISGUISE_FACTOR;
    }
    if is_borrowed(hit.rule, context) {
        sure = (sure * BORROWED_FACTOR).min(CUE_MOST);
    }
    if hit.excused {
        sure = sure.min(reading::EXCUSED);
    }
    sure
}

fn finding(
    text: &SurfaceText,
    category: Category,
    hit: &Hit<'_>,
    context: &LanguageContext,
) -> Finding {
    let rule = hit.rule;
    let found = Finding::new(
        match rule.check {
            PackCheck::Language => CheckName::Language,
            PackCheck::Topics => CheckName::Topics,
        },
        rule.id.clone(),
        category,
        rule.severity,
        confidence(hit, context),
        rule.message.clone(),
    )
    .on(text.surface(), text.media().cloned())
    .at(hit.span, text.slice(hit.span));
    match &rule.kind {
        Some(kind) => found.with_kind(kind.clone()),
        None => found,
    }
}

#[cfg(test)]
mod tests;
