//! Who may see and decide what. The order of the questions is the order in which people are told.

use schoolgate_model::{Audience, Category, ItemKind, Role, Verdict};

use super::{DecisionKind, Matter, Person, Refusal, Sight, alike::plain, is_senior};
use crate::{
    change::ReviewState,
    settings::{Settings, Table},
};

/// Whether somebody may see an item, its words and pictures. An author sees their own draft and nothing else.
///
/// # Errors
/// `NotYours`.
pub fn may_see(person: &Person<'_>, matter: &Matter<'_>) -> Result<(), Refusal> {
    let works_here = person.roles.iter().any(|role| *role != Role::Administrator);
    if within_sight(person, matter) || (works_here && is_own_draft(person, matter)) {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

/// Whether somebody may decide this now.
///
/// # Errors
/// The first refusal that applies.
pub fn may_decide(
    person: &Person<'_>,
    matter: &Matter<'_>,
    kind: DecisionKind,
) -> Result<(), Refusal> {
    if is_own_draft(person, matter) {
        return Err(Refusal::OwnDraft);
    }
    if !within_sight(person, matter) {
        return Err(Refusal::NotYours);
    }
    if !matter.is_latest && !stands(matter.envelope.kind, matter.state, kind) {
        return Err(Refusal::NotLatest);
    }
    if matter.state == ReviewState::Closed {
        return Err(Refusal::Closed);
    }
    if kind != DecisionKind::Escalate && !is_asked(person, matter) {
        return Err(Refusal::HandedOn);
    }
    match kind {
        DecisionKind::Approve => may_approve(person, matter),
        DecisionKind::Acknowledge => may_acknowledge(matter),
        DecisionKind::Reject | DecisionKind::Escalate => Ok(()),
    }
}

/// Whether somebody may say who is in a held draft's pictures: its author, and everybody who works with it.
///
/// # Errors
/// The first refusal that applies.
pub fn may_answer(person: &Person<'_>, matter: &Matter<'_>) -> Result<(), Refusal> {
    may_see(person, matter)?;
    if matter.envelope.kind != ItemKind::Draft {
        return Err(Refusal::NothingHeld);
    }
    if !matter.is_latest {
        return Err(Refusal::NotLatest);
    }
    if matter.conflicted {
        return Err(Refusal::Conflicted);
    }
    if matter.state == ReviewState::Closed {
        return Err(Refusal::Closed);
    }
    if !matter.held {
        return Err(Refusal::NothingHeld);
    }
    Ok(())
}

/// Whether somebody may keep a picture of an item from ever being published, and compare it with those that are kept
/// back: the safeguarding lead and senior leaders, of what they work with.
///
/// # Errors
/// `NotYours`.
pub fn may_keep_back(person: &Person<'_>, matter: &Matter<'_>) -> Result<(), Refusal> {
    let leads = |role: &Role| matches!(role, Role::Dsl | Role::Slt | Role::Head);
    if within_sight(person, matter) && person.roles.iter().any(leads) {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

/// Whether a revision that is not the newest can still be decided so. What was said in an escalated comment must be
/// answered for, although it reads otherwise now. Whoever was alerted to a draft closes it when they have looked, but
/// never lets an old revision go out.
pub const fn stands(item: ItemKind, state: ReviewState, kind: DecisionKind) -> bool {
    matches!(state, ReviewState::Escalated)
        && match item {
            ItemKind::Comment => true,
            ItemKind::Draft => matches!(kind, DecisionKind::Reject | DecisionKind::Acknowledge),
        }
}

/// Whether an item that a person handed on is for this one to decide: not for who handed it on.
fn is_asked(person: &Person<'_>, matter: &Matter<'_>) -> bool {
    matter.handed.is_none_or(|(to, by)| {
        let stands = |role: &Role| stands_for(*role, to.audience());
        by != person.id && person.roles.iter().any(stands)
    })
}

/// Every decision that somebody may take now.
pub fn permitted(person: &Person<'_>, matter: &Matter<'_>) -> Vec<DecisionKind> {
    DecisionKind::ALL
        .into_iter()
        .filter(|kind| may_decide(person, matter, *kind).is_ok())
        .collect()
}

/// Who must approve a draft, by the policy lines behind its findings.
pub fn approvers(settings: &Settings, verdict: &Verdict, channel: Option<&str>) -> Vec<Audience> {
    let table = match verdict.kind {
        ItemKind::Draft => Table::Draft,
        ItemKind::Comment => Table::Comment,
    };
    let mut found = Vec::new();
    for reason in &verdict.reasons {
        let rule = reason.rule.as_str();
        let mut named: Vec<Vec<String>> = vec![vec![rule.to_owned()]];
        for finding in reason
            .findings
            .iter()
            .filter_map(|at| verdict.findings.get(*at))
        {
            let category = finding.category.code();
            let kind = finding.kind.iter().map(|kind| format!("{category}.{kind}"));
            let names = [rule.to_owned()].into_iter().chain(kind);
            named.push(names.chain([category.to_owned()]).collect());
        }
        for names in named {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let cell = settings.cell(table, channel, &names);
            found.extend(
                cell.and_then(|cell| cell.into_owned().approvers)
                    .unwrap_or_default(),
            );
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the roles cover an item, so that it is not seen as an own draft alone.
pub fn within_sight(person: &Person<'_>, matter: &Matter<'_>) -> bool {
    Sight::of(person.roles).covers(is_senior(matter.verdict), matter.restricted)
}

/// A draft whose author the account is, by id, by login or by the staff list, however it is written. Some tools send
/// the one as the author's name.
fn is_own_draft(person: &Person<'_>, matter: &Matter<'_>) -> bool {
    let mine: Vec<String> = [person.id, person.login.expose()]
        .into_iter()
        .chain(person.also.iter().map(String::as_str))
        .map(plain)
        .filter(|mine| !mine.is_empty())
        .collect();
    matter.envelope.kind == ItemKind::Draft
        && authors(matter).any(|author| mine.contains(&plain(author)))
}

/// What a draft says of its author, the id first.
fn authors<'a>(matter: &Matter<'a>) -> impl Iterator<Item = &'a str> {
    let author = &matter.envelope.author;
    [&author.id, &author.name]
        .into_iter()
        .flatten()
        .map(|author| author.expose().as_str())
}

fn may_approve(person: &Person<'_>, matter: &Matter<'_>) -> Result<(), Refusal> {
    if !matter.held {
        return Err(Refusal::NothingHeld);
    }
    if matter.envelope.kind == ItemKind::Comment {
        return Ok(());
    }
    if matter.conflicted {
        return Err(Refusal::Conflicted);
    }
    // the author could be the one who approves
    if authors(matter).all(|author| plain(author).is_empty())
        && person.roles.contains(&Role::Author)
    {
        return Err(Refusal::UnknownAuthor);
    }
    let barred = |category| matches!(category, Category::DoNotPublish | Category::KnownImage);
    let findings = &matter.verdict.findings;
    if findings.iter().any(|finding| barred(finding.category)) && !person.roles.contains(&Role::Dsl)
    {
        return Err(Refusal::OnlyDsl);
    }
    let approves = |to: &Audience| person.roles.iter().any(|role| stands_for(*role, *to));
    if matter.approvers.is_empty() || matter.approvers.iter().any(approves) {
        Ok(())
    } else {
        Err(Refusal::OtherApprover)
    }
}

fn may_acknowledge(matter: &Matter<'_>) -> Result<(), Refusal> {
    if matter.envelope.kind == ItemKind::Draft {
        // what a newer revision has taken the place of, `stands` has let through
        return if matter.is_latest {
            Err(Refusal::NotAComment)
        } else {
            Ok(())
        };
    }
    // A comment without a clock, such as one that was taken away, is acknowledged to leave the queue.
    if !matter.clock_runs && (matter.held || matter.state == ReviewState::Escalated) {
        return Err(Refusal::AlreadyAcknowledged);
    }
    Ok(())
}

/// Whether a role may approve where the policy names this audience. Audiences without a role of their own fall to the
/// senior leaders.
const fn stands_for(role: Role, audience: Audience) -> bool {
    match audience {
        Audience::Moderator => matches!(role, Role::Moderator | Role::Slt | Role::Head),
        Audience::Dsl => matches!(role, Role::Dsl),
        Audience::Head => matches!(role, Role::Head),
        Audience::Slt | Audience::Dpo | Audience::Press | Audience::LineManager => {
            matches!(role, Role::Slt | Role::Head)
        }
        // the author never approves the own draft
        Audience::Author => false,
    }
}
