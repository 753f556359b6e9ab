//! Findings to a ruling: the strictest line wins, and whatever the policy has no answer for is a hold.
//! Pure and total: no clock, no files, no error. Deadlines are `window`'s, effects are `change`'s.

pub(crate) mod facets;
mod names;
mod reasons;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use schoolgate_model::{
    Audience, Category, CheckFailure, CheckName, CommentClass, Consent, Coverage, Envelope,
    Finding, ItemKind, Outcome, PupilId, Reason, RuleId, Severity, Surface, Verb,
};

use crate::settings::{Cell, Need, Settings, Strength, Table, Word, rules};
use facets::Target;

/// What the register says about one pupil, for this item's channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Subject {
    /// Whether nothing of this pupil may be published; `None` = the list is missing.
    pub do_not_publish: Option<bool>,
    /// Consent to be named in words.
    pub name: Consent,
    /// Consent to be named next to a picture.
    pub name_with_picture: Consent,
    /// Consent to stand next to a picture by the first name.
    pub given_name_with_picture: Consent,
    /// Consent to be shown.
    pub picture: Consent,
}

/// Consent and do-not-publish of every pupil named or declared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subjects {
    /// By the register's id. A named pupil who is not here makes the ruling a hold.
    pub pupils: BTreeMap<PupilId, Subject>,
}

/// Everything a ruling depends on.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The item without its words.
    pub envelope: &'a Envelope,
    /// Whether the item has a picture.
    pub has_picture: bool,
    /// Whether a comment is the account's own answer.
    pub own_reply: bool,
    /// What the wording says the comment is.
    pub cues: &'a [CommentClass],
    /// Whether who writes of harm waits for help (`true`) or does it (`false`), as far as the wording says.
    pub asks: Option<bool>,
    /// Which checks did their work.
    pub coverage: &'a Coverage,
    /// The pupils concerned.
    pub subjects: &'a Subjects,
    /// The policy in force.
    pub settings: &'a Settings,
}

/// What policy makes of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// The decision.
    pub outcome: Outcome,
    /// Why, gravest first.
    pub reasons: Vec<Reason>,
    /// The input's findings in order, then those that policy adds.
    pub findings: Vec<Finding>,
    /// What the comment is; empty for a draft.
    pub classes: Vec<CommentClass>,
    /// Who is told.
    pub alert: Vec<Audience>,
    /// Whether the writer waits for words; comments only.
    pub needs_response: Option<bool>,
    /// Proposed actions; comments only.
    pub actions: Vec<String>,
    /// How much harm there is in it.
    pub severity: Severity,
}

/// Why a line was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A finding of this category.
    Finding(Category),
    /// The comment's class by its wording.
    Class(CommentClass),
}

/// One answer of the policy.
#[derive(Debug, Clone)]
struct Judged<'a> {
    rule: RuleId,
    cause: Cause,
    word: Word,
    cell: Cow<'a, Cell>,
    findings: Vec<usize>,
    doubtful: bool,
    targets: Vec<Target>,
}

/// Decides about one revision of one item in which the detectors found this.
pub fn decide(input: &Input<'_>, mut findings: Vec<Finding>) -> Ruling {
    let unsaid: Vec<Finding> = input
        .coverage
        .failures()
        .filter(|(name, _)| !says_incomplete(&findings, *name))
        .map(|(name, failure)| incomplete(name, failure))
        .collect();
    findings.extend(unsaid);
    let suggested = facets::suggested(&findings);
    let mut judged = Vec::with_capacity(findings.len() + input.cues.len());
    for index in 0..findings.len() {
        if findings[index].category == Category::PupilName {
            judge_name(input, &suggested, index, &mut findings, &mut judged);
        } else {
            judged.push(judge(input, &suggested, &findings[index], index));
        }
    }
    judged.extend(unexpected(input));
    class_lines(input, &mut judged);
    rule(input, findings, judged)
}

/// Makes the ruling of the policy's answers.
fn rule(input: &Input<'_>, findings: Vec<Finding>, judged: Vec<Judged<'_>>) -> Ruling {
    let words = judged.iter().map(|judged| judged.word.outcome());
    let outcome = words.max().unwrap_or(Outcome::Approve);
    let classes = classes(input, &findings, &judged);
    let severity = severity(outcome, &findings, &judged);
    Ruling {
        outcome,
        alert: audiences(input, outcome, &classes, &judged),
        needs_response: needs_response(input, &findings, &judged),
        actions: actions(input, &judged),
        reasons: reasons::of(input.envelope.kind, &judged, &findings),
        classes,
        findings,
        severity,
    }
}

fn table(input: &Input<'_>) -> Table {
    match input.envelope.kind {
        ItemKind::Draft => Table::Draft,
        ItemKind::Comment => Table::Comment,
    }
}

/// The policy's cell for these names; none at all is a hold.
fn cell<'a>(input: &Input<'a>, names: &[impl AsRef<str>]) -> Cow<'a, Cell> {
    let channel = input.envelope.platform.as_deref();
    input
        .settings
        .cell(table(input), channel, names)
        .unwrap_or_else(|| Cow::Owned(Cell::word(Word::Hold)))
}

/// Whether the finding says that a check did not do its work. One for information only says what nobody expects to
/// have been read, such as the sense of a text in another language.
fn is_hole(finding: &Finding) -> bool {
    finding.category == Category::ScreeningIncomplete && finding.severity > Severity::Info
}

/// Whether the check itself has said what it could not do, picture by picture.
fn says_incomplete(findings: &[Finding], name: CheckName) -> bool {
    findings
        .iter()
        .any(|finding| is_hole(finding) && finding.kind.as_deref() == Some(name.code()))
}

/// The finding that stands for a check that did not do its whole work.
fn incomplete(name: CheckName, failure: &CheckFailure) -> Finding {
    let message = format!(
        "{} did not finish its work: {}",
        name.plain(),
        failure.describe()
    );
    Finding::new(
        name,
        RuleId::fixed(rules::SCREENING_INCOMPLETE),
        Category::ScreeningIncomplete,
        Severity::Medium,
        1.0,
        message,
    )
    .with_kind(name.code())
}

/// How sure a finding in the words of a picture must be to be more than a hint: reading makes scraps of letters out of
/// leaves and bricks.
const SURE_READING: f32 = 0.4;

/// Whether a finding stands in the words of a picture and may be nothing but a bad reading.
fn is_doubtful_reading(finding: &Finding) -> bool {
    finding.surface == Some(Surface::Ocr) && finding.confidence < SURE_READING
}

/// The word of a cell for a finding. A finding less sure than the line asks for is a hint; a check that did not run
/// is a hold whatever any policy says.
fn word(finding: &Finding, cell: &Cell) -> (Word, bool) {
    let word = cell.at(Strength::of(finding.severity));
    if is_hole(finding) {
        return (word.max(Word::Hold), false);
    }
    if finding.category == Category::ScreeningIncomplete {
        return (Word::Hint, false);
    }
    let unsure = cell
        .min_confidence
        .is_some_and(|least| finding.confidence < least);
    let doubtful = unsure || is_doubtful_reading(finding);
    if doubtful && word > Word::Hint {
        (Word::Hint, true)
    } else {
        (word, false)
    }
}

/// The names of the lines that cover a finding, most specific first.
fn line_names<'f>(finding: &'f Finding, targets: &[Target]) -> Vec<Cow<'f, str>> {
    let category = finding.category.code();
    let within = |part: &str| Cow::Owned([category, ".", part].concat());
    let mut names = Vec::with_capacity(targets.len() + 3);
    names.push(Cow::Borrowed(finding.rule.as_str()));
    names.extend(finding.kind.as_deref().map(within));
    names.extend(targets.iter().map(|target| within(target.code())));
    names.push(Cow::Borrowed(category));
    names
}

/// Judges every finding but a pupil's name.
fn judge<'a>(
    input: &Input<'a>,
    suggested: &[Target],
    finding: &Finding,
    index: usize,
) -> Judged<'a> {
    let stated = facets::stated(finding);
    let ask = |targets: &[Target]| cell(input, &line_names(finding, targets));
    let base = if stated.is_empty() {
        ask(&[])
    } else {
        strictest(finding, stated.iter().map(|one| ask(&[*one])))
    };
    let (mut best, mut doubtful) = word(finding, &base);
    let mut chosen = base;
    let mut targets = stated;
    if targets.is_empty() {
        // Nobody said whom it is aimed at; the people named nearby suggest it. A suggestion decides who is told,
        // and can make the answer stricter, never milder.
        let suggested: Vec<Target> = suggested
            .iter()
            .copied()
            .filter(|target| has_line(input, finding, *target))
            .collect();
        if !suggested.is_empty() {
            let aimed = strictest(finding, suggested.iter().map(|one| ask(&[*one])));
            let (aimed_word, aimed_doubtful) = word(finding, &aimed);
            if aimed_word >= best {
                (best, doubtful, chosen) = (aimed_word, aimed_doubtful, aimed);
            }
            targets = suggested;
        }
    }
    Judged {
        rule: finding.rule.clone(),
        cause: Cause::Finding(finding.category),
        word: best,
        cell: chosen,
        findings: vec![index],
        doubtful,
        targets,
    }
}

fn has_line(input: &Input<'_>, finding: &Finding, target: Target) -> bool {
    let name = format!("{}.{}", finding.category.code(), target.code());
    let channel = input.envelope.platform.as_deref();
    input
        .settings
        .cell(table(input), channel, &[&name])
        .is_some()
}

/// Of several cells the strictest, telling everybody whom any of them tells.
fn strictest<'a>(finding: &Finding, cells: impl Iterator<Item = Cow<'a, Cell>>) -> Cow<'a, Cell> {
    let mut all: Vec<Cow<'_, Cell>> = cells.collect();
    all.sort_by_key(|cell| word(finding, cell).0);
    let Some(mut top) = all.pop().map(Cow::into_owned) else {
        return Cow::Owned(Cell::word(Word::Hold));
    };
    let mut told: BTreeSet<Audience> = top.audiences().collect();
    told.extend(all.iter().flat_map(|cell| cell.audiences()));
    top.alert = Some(told.into_iter().collect());
    Cow::Owned(top)
}

/// Judges a pupil's name in each situation it is in, and by the line of its own rule.
fn judge_name<'a>(
    input: &Input<'a>,
    suggested: &[Target],
    index: usize,
    findings: &mut Vec<Finding>,
    judged: &mut Vec<Judged<'a>>,
) {
    let situations = names::situations(&findings[index], input);
    let mut gravest = None;
    for (rule, category) in situations {
        let cell = cell(input, &[rule, category.code()]);
        let mut word = cell.at(Strength::Strong);
        if category == Category::ScreeningIncomplete {
            word = word.max(Word::Hold);
        }
        gravest = gravest.max(Some(word));
        let mut about = vec![index];
        if category == Category::DoNotPublish {
            about.push(findings.len());
            findings.push(names::do_not_publish_finding(&findings[index], input));
        }
        judged.push(Judged {
            rule: RuleId::fixed(rule),
            cause: Cause::Finding(category),
            word,
            cell,
            findings: about,
            doubtful: false,
            targets: Vec::new(),
        });
    }
    let plain = judge(input, suggested, &findings[index], index);
    if gravest.is_none_or(|gravest| plain.word > gravest) {
        judged.push(plain);
    }
}

/// Holds that need no finding: the author is unsure, or no check reported at all.
fn unexpected<'a>(input: &Input<'a>) -> Vec<Judged<'a>> {
    let hold = |rule: &'static str, category: Category| {
        let cell = cell(input, &[rule, category.code()]);
        Judged {
            rule: RuleId::fixed(rule),
            cause: Cause::Finding(category),
            word: cell.at(Strength::Strong).max(Word::Hold),
            cell,
            findings: Vec::new(),
            doubtful: false,
            targets: Vec::new(),
        }
    };
    let mut judged = Vec::new();
    if input.envelope.unsure {
        judged.push(hold(rules::UNSURE, Category::ScreeningIncomplete));
    }
    if input.coverage.checks.is_empty() {
        judged.push(hold(
            rules::SCREENING_INCOMPLETE,
            Category::ScreeningIncomplete,
        ));
    }
    judged
}

/// What the lines of the comment's own classes say. The school's own answer is none of them.
fn class_lines<'a>(input: &Input<'a>, judged: &mut Vec<Judged<'a>>) {
    if input.envelope.kind == ItemKind::Draft || input.own_reply {
        return;
    }
    let mut cues = input.cues.to_vec();
    cues.sort_unstable();
    cues.dedup();
    judged.extend(cues.into_iter().map(|class| {
        let cell = cell(input, &[class.code()]);
        Judged {
            rule: match class.code() {
                code if code.contains('_') => RuleId::new(code.replace('_', "-")),
                code => RuleId::fixed(code),
            },
            cause: Cause::Class(class),
            word: cell.at(Strength::Strong),
            cell,
            findings: Vec::new(),
            doubtful: false,
            targets: Vec::new(),
        }
    }));
}

impl Judged<'_> {
    fn holds(&self) -> bool {
        self.word >= Word::Hold
    }

    /// The finding whose category was judged: policy's own finding where it added one.
    fn finding<'f>(&self, findings: &'f [Finding]) -> Option<&'f Finding> {
        self.findings.last().and_then(|index| findings.get(*index))
    }
}

fn classes(input: &Input<'_>, findings: &[Finding], judged: &[Judged<'_>]) -> Vec<CommentClass> {
    if input.envelope.kind == ItemKind::Draft {
        return Vec::new();
    }
    let (mut said, mut implied) = (Vec::new(), Vec::new());
    let mut report_only = true;
    for judged in judged {
        match judged.cause {
            Cause::Class(class) => {
                said.push(class);
            }
            Cause::Finding(category) if judged.holds() => {
                let Some(finding) = judged.finding(findings) else {
                    continue;
                };
                let reports = facets::writer_asks_for_help(finding, &[], None);
                implied.extend(facets::comment_classes(finding, &judged.targets, reports));
                report_only &= facets::is_report(finding)
                    || !matches!(
                        category,
                        Category::Threat | Category::SelfHarm | Category::Exploitation
                    );
            }
            Cause::Finding(_) => {}
        }
    }
    facets::settled(said, &implied, report_only)
}

/// Who is told: whoever the lines that hold name, the audiences of a class's line even where it approves, and those
/// that a route adds. A hold or an escalation never goes out to nobody.
fn audiences(
    input: &Input<'_>,
    outcome: Outcome,
    classes: &[CommentClass],
    judged: &[Judged<'_>],
) -> Vec<Audience> {
    let mut told: Vec<Audience> = judged
        .iter()
        .filter(|judged| judged.holds() || matches!(judged.cause, Cause::Class(_)))
        .flat_map(|judged| judged.cell.audiences())
        .collect();
    // what concerns the leaders or the safeguarding lead is theirs; the moderators see the item in their queue, if they
    // may. What a school's own routes add comes afterwards and takes nobody away.
    if told
        .iter()
        .any(|audience| matches!(audience, Audience::Dsl | Audience::Head | Audience::Slt))
    {
        told.retain(|audience| *audience != Audience::Moderator);
    }
    for class in classes {
        told.extend(input.settings.route(*class).to.into_iter().flatten());
    }
    let escalated_to_nobody = !judged
        .iter()
        .any(|judged| judged.word == Word::Escalate && judged.cell.audiences().next().is_some());
    match outcome {
        Outcome::Escalate if escalated_to_nobody => {
            told.push(Audience::Dsl);
        }
        Outcome::Hold if told.is_empty() => {
            told.push(match input.envelope.kind {
                ItemKind::Draft => Audience::Author,
                ItemKind::Comment => Audience::Moderator,
            });
        }
        _ => {}
    }
    told.sort_unstable();
    told.dedup();
    told
}

/// Whether somebody waits for words: a victim, witness or reporter always, whoever asks or complains unless the
/// same comment does something that is not answered (rule C9).
fn needs_response(input: &Input<'_>, findings: &[Finding], judged: &[Judged<'_>]) -> Option<bool> {
    if input.envelope.kind == ItemKind::Draft {
        return None;
    }
    if input.own_reply || input.envelope.verb == Verb::Remove {
        return Some(false);
    }
    let (mut needs_help, mut asks, mut never) = (false, false, false);
    for judged in judged {
        let reports = || {
            judged.finding(findings).is_some_and(|finding| {
                facets::writer_asks_for_help(finding, input.cues, input.asks)
            })
        };
        match (judged.cause, judged.cell.needs) {
            (Cause::Class(_), Some(Need::Yes)) => asks = true,
            (Cause::Class(_), Some(Need::No)) => never |= judged.holds(),
            (Cause::Class(_), Some(Need::Reports)) => asks |= judged.holds(),
            (Cause::Finding(_), _) if !judged.holds() => {}
            (Cause::Finding(_), Some(Need::Yes)) => needs_help = true,
            (Cause::Finding(_), Some(Need::No)) => never = true,
            (Cause::Finding(_), Some(Need::Reports)) if reports() => needs_help = true,
            (Cause::Finding(_), Some(Need::Reports)) => never = true,
            (_, None) => {}
        }
    }
    Some(needs_help || (asks && !never))
}

fn actions(input: &Input<'_>, judged: &[Judged<'_>]) -> Vec<String> {
    let mine = input.own_reply || input.envelope.verb == Verb::Remove;
    if input.envelope.kind == ItemKind::Draft || mine {
        return Vec::new();
    }
    let proposed: BTreeSet<String> = judged
        .iter()
        .filter(|judged| judged.holds())
        .flat_map(|judged| {
            judged
                .cell
                .actions
                .iter()
                .flatten()
                .chain(&judged.cell.auto)
        })
        .cloned()
        .collect();
    proposed.into_iter().collect()
}

fn severity(outcome: Outcome, findings: &[Finding], judged: &[Judged<'_>]) -> Severity {
    let least = match outcome {
        Outcome::Approve => Severity::Info,
        Outcome::Hold => Severity::Medium,
        Outcome::Escalate => Severity::Critical,
    };
    judged
        .iter()
        .filter(|judged| judged.word >= Word::Hint)
        .flat_map(|judged| &judged.findings)
        .filter_map(|index| findings.get(*index))
        .map(|finding| finding.severity)
        .fold(least, Severity::max)
}
