//! One item as a page: what was said, why it is here, what may be done, and who has it open.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use schoolgate_model::{ItemKind, Outcome, SchoolId};
use schoolgate_policy::{AuditEntry, Restricted, ReviewState};
use serde::Deserialize;
use serde_json::json;

use super::{
    deciding::{Action, Deciding},
    done::Done,
    fault::{PageFault, html},
    form::Posted,
    history::{self, Line},
    lists::{self, List, Names},
    marks::{Piece, preview, visible},
    opened::{self, Actor, Opened},
    reading::{self, FindingText, ReasonText, SurfaceText},
    shell::Shell,
    shots::{self, Shot},
    subjects::{self, Question},
    visitor::Visitor,
    words::{self, Due},
};
use crate::{
    Console,
    asked::{Asked, Named},
    limits::Desk,
};

/// How long others see that somebody has an item open.
const CLAIM_MS: u32 = 5 * 60 * 1_000;

#[derive(Debug, Deserialize)]
pub(crate) struct From {
    list: Option<String>,
    done: Option<String>,
}

struct Back {
    href: &'static str,
    label: String,
}

struct Window {
    line: String,
    why: String,
}

struct ThreadEntry {
    title: String,
    text: Option<String>,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "item.html")]
struct ItemPage {
    shell: Shell,
    back: Back,
    collision: Option<Collision>,
    kind: &'static str,
    id: String,
    heading: String,
    meta: String,
    permalink: Option<String>,
    outcome: &'static str,
    outcome_code: &'static str,
    classes: Vec<&'static str>,
    due: Option<Due>,
    notices: Vec<&'static str>,
    words_title: &'static str,
    masked: bool,
    seen_url: String,
    body: Vec<Piece>,
    surfaces: Vec<SurfaceText>,
    pictures: Vec<Shot>,
    details_url: String,
    question: Option<Question>,
    reasons: Vec<ReasonText>,
    findings: Vec<FindingText>,
    gaps: Vec<String>,
    limits: Vec<String>,
    thread: Vec<ThreadEntry>,
    history: Vec<Line>,
    versions: String,
    decide_title: &'static str,
    claimed: Option<String>,
    settled: Option<String>,
    actions: Vec<Action>,
    escalate_to: Vec<(&'static str, &'static str)>,
    refusals: Vec<&'static str>,
    reach: Option<String>,
    action_url: String,
    leave_url: String,
    version: u32,
    list: &'static str,
    note: String,
    note_hint: &'static str,
    next: Option<String>,
    window: Option<Window>,
    facts: Vec<(&'static str, String)>,
}

/// Something that came too late.
pub(crate) struct Collision {
    /// What was not recorded.
    pub(crate) title: &'static str,
    /// Why.
    pub(crate) why: String,
}

/// What a page shows besides the item.
pub(crate) struct Context {
    /// The list that the visitor works through.
    pub(crate) list: List,
    /// What was done just now, to another item.
    pub(crate) done: Option<Done>,
    /// What was not recorded, and why.
    pub(crate) collision: Option<Collision>,
    /// The note that goes with it, kept.
    pub(crate) note: String,
    /// Whether the visitor has asked for what the pictures' files say of people.
    pub(crate) reveals: bool,
}

pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    Asked(from): Asked<From>,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let (opened, actor) = opened::by_visitor(console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    let list = from.list.as_deref().and_then(List::from_code);
    let context = Context {
        list: list.unwrap_or_else(|| usual_list(&opened)),
        done: from.done.as_deref().and_then(Done::from_code),
        collision: None,
        note: String::new(),
        reveals: false,
    };
    render(console, &visitor, &opened, &actor, context).await
}

/// Somebody asks for what the pictures' files say of people: that is recorded before it is shown.
pub(crate) async fn file_details(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    posted: Posted,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let (opened, actor) = opened::by_visitor(console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    note_view(console, &visitor, &opened, "file_details_shown").await?;
    let list = List::from_code(posted.text("list"));
    let context = Context {
        list: list.unwrap_or_else(|| usual_list(&opened)),
        done: None,
        collision: None,
        note: String::new(),
        reveals: true,
    };
    render(console, &visitor, &opened, &actor, context).await
}

const fn usual_list(opened: &Opened) -> List {
    match opened.item.envelope.kind {
        ItemKind::Draft => List::DraftsDecide,
        ItemKind::Comment => List::CommentsDecide,
    }
}

/// The page of an item that the visitor may see.
pub(crate) async fn render(
    console: &Console,
    visitor: &Visitor,
    opened: &Opened,
    actor: &Actor,
    context: Context,
) -> Result<Response, PageFault> {
    let key = &opened.view.item.key;
    let now = console.clock.now();
    let verdict = &opened.view.verdict.verdict;
    let envelope = &opened.item.envelope;
    let masked = reading::is_masked(verdict);
    if masked || opened.view.restricted.is_some() {
        note_view(console, visitor, opened, "viewed").await?;
    }
    let names = Names::read(&console.store).await?;
    let (mut shell, _) = lists::frame(console, visitor, context.list.section()).await?;
    shell.done = context.done.map(|done| done.sentence(None, None));
    let deciding = Deciding::of(opened, actor);
    let only_own = opened.is_only_own(actor);
    let claimed = match deciding.is_possible() {
        true => claim(console, visitor, key, &names, now).await?,
        false => None,
    };
    let next = lists::next_after(console, visitor, context.list, key).await?;
    let page = ItemPage {
        back: Back {
            href: context.list.href(),
            label: format!("Back to “{}”", context.list.label()),
        },
        collision: context.collision,
        kind: kind_words(envelope.kind),
        id: visible(envelope.id.as_str()),
        heading: heading(opened, masked),
        meta: meta(console, opened, now),
        permalink: permalink(opened),
        outcome: words::outcome(verdict.outcome, envelope.kind),
        outcome_code: verdict.outcome.code(),
        classes: words::classes(&verdict.classes),
        due: running_due(opened, now),
        notices: notices(opened, only_own),
        words_title: match envelope.kind {
            ItemKind::Draft => "What it says",
            ItemKind::Comment => "What was said",
        },
        masked,
        seen_url: format!("/items/{key}/seen"),
        body: reading::body(&opened.item, verdict),
        surfaces: reading::surfaces(&opened.item, verdict),
        pictures: shots::shots(console, opened, actor, &names, context.reveals, now).await?,
        details_url: format!("/items/{key}/file-details"),
        question: subjects::question(opened, actor, context.list),
        reasons: reading::reasons(verdict),
        findings: reading::findings(verdict),
        gaps: reading::gaps(verdict),
        limits: verdict.not_checked(),
        thread: thread(console, opened, actor).await?,
        history: history::lines(console, opened, only_own, &names, now).await?,
        versions: history::versions(verdict),
        decide_title: deciding.title,
        claimed,
        settled: settled(opened, &names, now),
        actions: deciding.actions,
        escalate_to: deciding.escalate_to,
        refusals: deciding.refusals,
        reach: deciding.reach,
        action_url: format!("/items/{key}/decision"),
        leave_url: format!("/items/{key}/leave"),
        version: opened.view.verdict.review.version,
        list: context.list.code(),
        note: context.note,
        note_hint: match envelope.kind {
            ItemKind::Draft => "(optional; the author sees it)",
            ItemKind::Comment => "(optional, for colleagues only)",
        },
        next: next.map(|next| format!("/items/{next}?list={}", context.list.code())),
        window: window(opened, &names, now),
        facts: facts(opened, only_own, now),
        shell,
    };
    Ok(html(&page))
}

const fn kind_words(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Draft => "Draft",
        ItemKind::Comment => "Comment",
    }
}

/// The first reason, or the beginning of the words where there is none.
fn heading(opened: &Opened, masked: bool) -> String {
    let verdict = &opened.view.verdict.verdict;
    match verdict.plain_reasons().first() {
        Some((text, _)) => (*text).to_owned(),
        None if masked || opened.item.content.text.trim().is_empty() => {
            kind_words(verdict.kind).to_owned()
        }
        None => preview(&opened.item.content.text, 80),
    }
}

fn meta(console: &Console, opened: &Opened, now: Timestamp) -> String {
    let envelope = &opened.item.envelope;
    let mut parts = vec![kind_words(envelope.kind).to_owned()];
    if console.schools.only().is_none() {
        parts.extend(
            console
                .schools
                .get(&envelope.school)
                .map(|school| school.name.clone()),
        );
    }
    parts.extend(envelope.platform.as_deref().map(words::platform));
    parts.push(words::moment(opened.view.verdict.verdict.received_at, now));
    if envelope.revision > 1 {
        parts.push(format!("revision {}", envelope.revision));
    }
    parts.join(" · ")
}

/// The comment on its platform; only over the web.
fn permalink(opened: &Opened) -> Option<String> {
    let link = opened.item.envelope.permalink.as_ref()?;
    link.starts_with("https://").then(|| link.clone())
}

fn running_due(opened: &Opened, now: Timestamp) -> Option<Due> {
    let matter = opened.matter();
    let window = opened.view.verdict.window.as_ref()?;
    let due_at = window.window.due_at;
    matter
        .clock_runs
        .then(|| match window.window.needs_response {
            true => words::due(due_at, now),
            false => words::to_be_seen(due_at, now),
        })
}

fn notices(opened: &Opened, only_own: bool) -> Vec<&'static str> {
    let stored = &opened.view.verdict;
    let mut notices = Vec::new();
    match opened.view.restricted.filter(|_| !only_own) {
        Some(Restricted::Dsl) => {
            notices.push("Restricted: only the safeguarding lead can see this item.");
        }
        Some(Restricted::Head) => notices.push("Restricted: only the head can see this item."),
        Some(Restricted::DslAndHead) => {
            notices.push("Restricted: only the safeguarding lead and the head can see this item.");
        }
        None => {}
    }
    if !stored.is_latest {
        notices.push("A newer revision has arrived. What you see here is not what would go out.");
    }
    if stored.conflicted {
        notices.push(
            "Two messages with the same revision but different content arrived. What you see is the first.",
        );
    }
    if opened.item.envelope.unsure {
        notices.push("The author was unsure and asks for a second pair of eyes.");
    }
    notices
}

async fn claim(
    console: &Console,
    visitor: &Visitor,
    key: &str,
    names: &Names,
    now: Timestamp,
) -> Result<Option<String>, PageFault> {
    let claim = console
        .store
        .claim_review(key, &visitor.id, now, CLAIM_MS)
        .await?;
    Ok(claim.filter(|claim| claim.by != visitor.id).map(|claim| {
        let opened = claim
            .until
            .checked_sub(jiff::SignedDuration::from_millis(i64::from(CLAIM_MS)));
        let since = opened.map_or_else(|_| String::new(), |at| words::ago(at, now));
        format!("Opened by {} {since}", names.of(&claim.by))
    }))
}

/// What became of an item that is closed.
fn settled(opened: &Opened, names: &Names, now: Timestamp) -> Option<String> {
    let review = &opened.view.verdict.review;
    if review.state != ReviewState::Closed {
        return None;
    }
    let decided = opened.view.decisions.last();
    Some(match (decided, &review.superseded_by) {
        (_, Some(_)) => "A newer revision has taken its place.".to_owned(),
        (Some(last), None) => format!(
            "{} {} it, {}.",
            names.of(&last.actor),
            history::decided(last.decision),
            words::ago(last.at, now)
        ),
        (None, None) if opened.view.verdict.verdict.outcome == Outcome::Approve => {
            "There is nothing to decide.".to_owned()
        }
        (None, None) => "It is closed.".to_owned(),
    })
}

fn window(opened: &Opened, names: &Names, now: Timestamp) -> Option<Window> {
    let stored = opened.view.verdict.window.as_ref()?;
    let due = words::due(stored.window.due_at, now);
    let line = match (&stored.acknowledged_at, &stored.acknowledged_by) {
        (Some(at), by) => format!(
            "Acknowledged by {}, {}.",
            by.as_deref()
                .map_or_else(|| "somebody".to_owned(), |by| names.of(by)),
            words::moment(*at, now)
        ),
        (None, _) if stored.window.needs_response => match due.text.ends_with("left") {
            true => format!("{} to answer.", due.text),
            false => format!("An answer is {}.", due.text),
        },
        (None, _) => format!("Nobody waits for an answer. To be seen by: {}.", due.exact),
    };
    Some(Window {
        line,
        why: stored.window.why.clone(),
    })
}

fn facts(opened: &Opened, only_own: bool, now: Timestamp) -> Vec<(&'static str, String)> {
    let (envelope, stored) = (&opened.item.envelope, &opened.view.verdict);
    let mut facts = Vec::new();
    let author = envelope
        .author
        .name
        .as_ref()
        .or(envelope.author.id.as_ref());
    if let Some(author) = author {
        facts.push(("From", preview(author.expose(), 120)));
    }
    facts.push(("Item", visible(envelope.id.as_str())));
    if let Some(account) = &envelope.account {
        facts.push(("Account", preview(account, 80)));
    }
    if let Some(post) = &envelope.post {
        facts.push(("Under post", preview(post, 80)));
    }
    if let Some(at) = envelope.publish_at {
        facts.push(("To go out", words::moment(at, now)));
    }
    facts.push(("Received", words::moment(envelope.arrived_at, now)));
    facts.push(("Revision", envelope.revision.to_string()));
    let told: Vec<_> = stored
        .verdict
        .alert
        .iter()
        .map(|to| words::audience(*to))
        .collect();
    if !told.is_empty() && !only_own {
        facts.push(("Told", told.join(", ")));
    }
    facts
}

/// What it answers, where that is known and for the visitor's eyes; and the newer revision of an old one.
async fn thread(
    console: &Console,
    opened: &Opened,
    actor: &Actor,
) -> Result<Vec<ThreadEntry>, PageFault> {
    let envelope = &opened.item.envelope;
    let mut entries = Vec::new();
    let store = &console.store;
    let school = envelope.school.as_str();
    if let Some(parent) = &envelope.parent {
        let state = store.item_state(school, ItemKind::Comment, parent).await?;
        let parent = match &state {
            Some(state) => opened::read(console, &state.key).await?,
            None => None,
        };
        let visible = parent.filter(|parent| {
            schoolgate_policy::person::may_see(&actor.person(), &parent.matter()).is_ok()
        });
        if let Some(parent) = visible {
            let masked = reading::is_masked(&parent.view.verdict.verdict);
            entries.push(ThreadEntry {
                title: "It answers this comment".to_owned(),
                text: (!masked).then(|| preview(&parent.item.content.text, 600)),
                href: Some(format!("/items/{}", parent.view.item.key)),
            });
        }
    }
    if !opened.view.verdict.is_latest {
        let id = envelope.id.as_str();
        let state = store.item_state(school, envelope.kind, id).await?;
        entries.extend(state.map(|state| ThreadEntry {
            title: format!("Revision {} has arrived", state.revision),
            text: None,
            href: Some(format!("/items/{}", state.key)),
        }));
    }
    Ok(entries)
}

/// Writes into the audit trail that somebody looked.
pub(crate) async fn note_view(
    console: &Console,
    visitor: &Visitor,
    opened: &Opened,
    action: &str,
) -> Result<(), PageFault> {
    let entry = AuditEntry {
        at: console.clock.now(),
        actor: visitor.id.clone(),
        action: action.to_owned(),
        detail: json!({ "revision": opened.item.envelope.revision }).to_string(),
    };
    let item = &opened.view.item;
    console
        .store
        .audit_append(&item.school, Some(&item.key), &entry)
        .await?;
    Ok(())
}

/// Somebody asked for masked words.
pub(crate) async fn seen(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    _posted: Posted,
) -> Result<StatusCode, PageFault> {
    let (opened, _) = opened::by_visitor(&desk.console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    note_view(&desk.console, &visitor, &opened, "words_shown").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody closed the item without a decision.
pub(crate) async fn leave(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    _posted: Posted,
) -> Result<StatusCode, PageFault> {
    desk.console.store.release_review(&key, &visitor.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The clean copy of one of the item's pictures, never of one that may not be looked at.
pub(crate) async fn picture(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    path: Result<Path<(String, usize)>, axum::extract::rejection::PathRejection>,
) -> Result<Response, PageFault> {
    let Path((key, number)) = path.map_err(|_| PageFault::NotFound)?;
    let (opened, _) = opened::by_visitor(&desk.console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    let verdict = &opened.view.verdict.verdict;
    if reading::is_suspect(verdict) {
        return Err(PageFault::NotFound);
    }
    if opened.view.restricted.is_some() {
        note_view(&desk.console, &visitor, &opened, "viewed").await?;
    }
    let medium = number
        .checked_sub(1)
        .and_then(|at| opened.item.content.media.get(at));
    let answer =
        medium.and_then(|medium| verdict.media.iter().find(|answer| answer.id == medium.id));
    let hash = answer
        .and_then(|answer| answer.clean_sha256.clone())
        .ok_or(PageFault::NotFound)?;
    let school = &opened.view.item.school;
    if desk.console.store.tombstone(school, &hash).await?.is_some() {
        return Err(PageFault::NotFound);
    }
    shots::copy(&desk.console, hash).await
}

/// The school of an item, for messages.
pub(crate) fn school_name(console: &Console, school: &SchoolId) -> String {
    console
        .schools
        .get(school)
        .map_or_else(|| school.to_string(), |school| school.name.clone())
}
