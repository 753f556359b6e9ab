//! The lists as pages: comments, drafts, and what is for the visitor alone.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use jiff::Timestamp;
use schoolgate_model::{ItemKind, Outcome, Role, SchoolId, wire::parse_submission};
use schoolgate_policy::ReviewState;
use schoolgate_store::{QueueCounts, QueueMark, QueueRow};
use serde::Deserialize;

use super::{
    done::Done,
    fault::{PageFault, html},
    lists::{self, List, Names, PAGE_ROWS, claimed_by_other},
    marks::preview,
    reading,
    shell::{Section, Shell},
    visitor::Visitor,
    words::{self, Due},
};
use crate::{Console, asked::Asked, limits::Desk};

/// Characters of an item's words in a list.
const PREVIEW_CHARS: usize = 160;

#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    show: Option<String>,
    after: Option<String>,
    done: Option<String>,
    count: Option<u64>,
    left: Option<u64>,
}

struct Tab {
    href: &'static str,
    label: &'static str,
    count: Option<u64>,
    current: bool,
}

struct Row {
    href: String,
    outcome: &'static str,
    outcome_code: &'static str,
    classes: Vec<&'static str>,
    state: Option<&'static str>,
    due: Option<Due>,
    heading: String,
    preview: Option<String>,
    meta: String,
    claimed: Option<String>,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    shell: Shell,
    title: &'static str,
    lead: String,
    now: String,
    current: Option<&'static str>,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    bulk: Option<&'static str>,
    empty_title: &'static str,
    empty_text: &'static str,
    older: Option<String>,
    newer: Option<&'static str>,
}

/// The start: the first list that the visitor has.
pub(crate) async fn start(Extension(visitor): Extension<Visitor>) -> axum::response::Redirect {
    let is = |role| visitor.is_anywhere(role);
    let to = if is(Role::Moderator) || is(Role::Slt) {
        "/comments"
    } else if is(Role::Dsl) || is(Role::Head) {
        "/for-you"
    } else if is(Role::Author) {
        "/drafts?show=own"
    } else if is(Role::Administrator) {
        "/people"
    } else {
        "/account"
    };
    axum::response::Redirect::to(to)
}

pub(crate) async fn comments(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Asked(which): Asked<Which>,
) -> Result<Response, PageFault> {
    let list = match which.show.as_deref() {
        None | Some("decide") => List::CommentsDecide,
        Some("reply") => List::CommentsReply,
        Some("rest") => List::CommentsRest,
        Some("done") => List::CommentsDone,
        Some(_) => return Err(PageFault::NotFound),
    };
    if visitor.schools_seen(&desk.console.schools).is_empty() {
        return Err(PageFault::Forbidden);
    }
    page(&desk.console, &visitor, list, &which).await
}

pub(crate) async fn drafts(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Asked(which): Asked<Which>,
) -> Result<Response, PageFault> {
    let sees = !visitor.schools_seen(&desk.console.schools).is_empty();
    let list = match which.show.as_deref() {
        None if !sees => List::DraftsOwn,
        None | Some("decide") => List::DraftsDecide,
        Some("done") => List::DraftsDone,
        Some("own") => List::DraftsOwn,
        Some(_) => return Err(PageFault::NotFound),
    };
    let may = match list {
        List::DraftsOwn => sees || visitor.is_anywhere(Role::Author),
        _ => sees,
    };
    if !may {
        return Err(PageFault::Forbidden);
    }
    page(&desk.console, &visitor, list, &which).await
}

pub(crate) async fn for_you(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Asked(which): Asked<Which>,
) -> Result<Response, PageFault> {
    if ![Role::Slt, Role::Dsl, Role::Head]
        .into_iter()
        .any(|role| visitor.is_anywhere(role))
    {
        return Err(PageFault::Forbidden);
    }
    page(&desk.console, &visitor, List::ForYou, &which).await
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    list: List,
    which: &Which,
) -> Result<Response, PageFault> {
    let now = console.clock.now();
    let after = which.after.as_deref().and_then(QueueMark::from_text);
    let wanted = PAGE_ROWS + 1;
    let limit = u32::try_from(wanted).unwrap_or(u32::MAX);
    let mut rows = lists::rows(console, visitor, list, limit, after.as_ref()).await?;
    let more = rows.len() == wanted;
    rows.truncate(PAGE_ROWS);
    let older = rows
        .last()
        .filter(|_| more && list != List::ForYou)
        .map(|row| address(list, &row.mark));
    let (mut shell, counts) = lists::frame(console, visitor, list.section()).await?;
    shell.done = which
        .done
        .as_deref()
        .and_then(Done::from_code)
        .map(|done| done.sentence(which.count, which.left));
    let names = Names::read(&console.store).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        shown.push(shown_row(console, visitor, list, row, &names, now).await?);
    }
    let (title, lead, empty_title, empty_text) = texts(list);
    let page = QueuePage {
        shell,
        title,
        lead: lead.to_owned(),
        now: words::moment(now, now),
        current: (list != List::ForYou).then(|| list.label()),
        tabs: tabs(console, visitor, list, &counts).await?,
        bulk: (list == List::CommentsRest && !rows.is_empty()).then_some("/comments/acknowledge"),
        rows: shown,
        empty_title,
        empty_text,
        older,
        newer: after.is_some().then(|| list.href()),
    };
    Ok(html(&page))
}

fn address(list: List, mark: &QueueMark) -> String {
    let joint = if list.href().contains('?') { '&' } else { '?' };
    // a mark holds digits, dots and a key, which is a UUID
    format!("{}{joint}after={}", list.href(), mark.to_text())
}

const fn texts(list: List) -> (&'static str, &'static str, &'static str, &'static str) {
    match list {
        List::CommentsDecide => (
            "Comments",
            "Somebody must say what becomes of these. The most urgent come first.",
            "Nothing waits for a decision",
            "New comments appear here as soon as one is held. Have a look at those that need a reply.",
        ),
        List::CommentsReply => (
            "Comments",
            "Their writers wait for words. Answer on the platform, then acknowledge here; the least time left comes first.",
            "Nobody waits for an answer",
            "Questions and complaints appear here with the time that is left to answer them.",
        ),
        List::CommentsRest => (
            "Comments",
            "Nothing was found in these and nobody waits for an answer. Acknowledge them when you have seen them.",
            "Everything has been seen",
            "Praise and chat appear here until somebody has acknowledged them.",
        ),
        List::CommentsDone => (
            "Comments",
            "Decided or acknowledged, the last first.",
            "Nothing has been done yet",
            "What you and your colleagues decide appears here.",
        ),
        List::DraftsDecide => (
            "Drafts",
            "Held before they were published. Approve them, or say what has to change.",
            "No draft is held",
            "A draft appears here when something in it needs a person. Approved drafts go straight on.",
        ),
        List::DraftsOwn => (
            "Drafts",
            "What you sent in, with what to change. Send a changed draft from where you wrote it.",
            "You have not sent anything yet",
            "Drafts that you send from your scheduling tool with your e-mail address appear here.",
        ),
        List::DraftsDone => (
            "Drafts",
            "Decided, the last first.",
            "Nothing has been decided yet",
            "Drafts that somebody approved or rejected appear here.",
        ),
        List::ForYou => (
            "For you",
            "Escalated to your role, or for your eyes only.",
            "Nothing waits for you",
            "You are told by mail when something is escalated to you, and it appears here.",
        ),
    }
}

async fn tabs(
    console: &Console,
    visitor: &Visitor,
    list: List,
    counts: &QueueCounts,
) -> Result<Vec<Tab>, PageFault> {
    let tab = |of: List, count| Tab {
        href: of.href(),
        label: of.label(),
        count,
        current: of == list,
    };
    Ok(match list.section() {
        Section::Comments => {
            let escalated = lists::escalated_comments(console, visitor).await?;
            vec![
                tab(List::CommentsDecide, Some(counts.held_comments + escalated)),
                tab(List::CommentsReply, Some(counts.needs_response)),
                tab(List::CommentsRest, Some(counts.rest)),
                tab(List::CommentsDone, None),
            ]
        }
        Section::Drafts if !visitor.schools_seen(&console.schools).is_empty() => vec![
            tab(List::DraftsDecide, None),
            tab(List::DraftsOwn, None),
            tab(List::DraftsDone, None),
        ],
        _ => Vec::new(),
    })
}

async fn shown_row(
    console: &Console,
    visitor: &Visitor,
    list: List,
    row: &QueueRow,
    names: &Names,
    now: Timestamp,
) -> Result<Row, PageFault> {
    let glimpse = Glimpse::of(console, row).await?;
    let reason = row.reasons.first().cloned();
    let (heading, below) = match reason {
        Some(reason) => (reason, glimpse.text),
        None => (
            glimpse
                .text
                .unwrap_or_else(|| "Nothing was found".to_owned()),
            None,
        ),
    };
    let outcome = row.outcome.unwrap_or(Outcome::Hold);
    let due = row
        .due_at
        .filter(|_| row.acknowledged_at.is_none() && row.state != ReviewState::Closed);
    Ok(Row {
        href: format!("/items/{}?list={}", row.key, list.code()),
        outcome: match row.outcome {
            Some(outcome) => words::outcome(outcome, row.kind),
            None => "Being read",
        },
        outcome_code: outcome.code(),
        classes: words::classes(&row.classes),
        state: state(row, visitor),
        due: due.map(|at| match row.needs_response {
            true => words::due(at, now),
            false => words::to_be_seen(at, now),
        }),
        heading,
        preview: below,
        meta: meta(console, row, glimpse.author.as_deref(), now),
        claimed: claimed_by_other(row, visitor, now)
            .map(|by| format!("Opened by {}", names.of(by))),
    })
}

/// Whether the roles cover a row, so that it is not there as an own draft alone.
fn is_covered(row: &QueueRow, visitor: &Visitor) -> bool {
    let sight = visitor.sight_at(&SchoolId::from(row.school.as_str()));
    sight.covers(row.kind == ItemKind::Draft, row.restricted)
}

fn state(row: &QueueRow, visitor: &Visitor) -> Option<&'static str> {
    if row.conflicted {
        Some("Two versions arrived")
    } else if row.state == ReviewState::Closed && row.outcome != Some(Outcome::Approve) {
        Some("Decided")
    } else if row.acknowledged_at.is_some() {
        Some("Acknowledged")
    } else if row.restricted.is_some() && is_covered(row, visitor) {
        Some("Restricted")
    } else {
        None
    }
}

fn meta(console: &Console, row: &QueueRow, author: Option<&str>, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if console.schools.only().is_none() {
        let school = console.schools.get(&SchoolId::from(row.school.as_str()));
        parts.extend(school.map(|school| school.name.clone()));
    }
    parts.extend(author.map(str::to_owned));
    parts.extend(row.platform.as_deref().map(words::platform));
    parts.push(words::moment(row.received_at, now));
    if row.revision > 1 {
        parts.push(format!("revision {}", row.revision));
    }
    if row.kind == ItemKind::Draft {
        parts.push("draft".to_owned());
    }
    parts.join(" · ")
}

/// What a list shows of an item's words: one line where they are not distressing.
#[derive(Default)]
struct Glimpse {
    text: Option<String>,
    author: Option<String>,
}

impl Glimpse {
    async fn of(console: &Console, row: &QueueRow) -> Result<Self, PageFault> {
        let masked = match row.outcome {
            Some(Outcome::Approve) | None => false,
            Some(Outcome::Escalate) => true,
            Some(Outcome::Hold) => {
                let stored = console.store.verdict_by_key(&row.key).await?;
                stored.is_none_or(|stored| reading::is_masked(&stored.verdict))
            }
        };
        let Some(item) = console.store.item(&row.key).await? else {
            return Ok(Self::default());
        };
        let Ok(submission) = parse_submission(&item.body) else {
            return Ok(Self::default());
        };
        let line = preview(&submission.content.text, PREVIEW_CHARS);
        let author = submission
            .author
            .name
            .map(|name| preview(name.expose(), 60));
        Ok(Self {
            text: Some(match masked {
                true => "Words hidden until you open it.".to_owned(),
                false if line.is_empty() => "No words".to_owned(),
                false => line,
            }),
            author: author.filter(|_| !masked),
        })
    }
}
