//! A person's decision from a page: taken only on the state that they saw, then on to the next item.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use schoolgate_model::{ItemKind, Redacted};
use schoolgate_policy::{Decision, DecisionKind, EscalateTo, Refusal, person_change};
use schoolgate_store::Decided;

use super::{
    done::Done,
    fault::PageFault,
    form::Posted,
    history,
    item::{self, Collision, Context},
    lists::{self, List, Names},
    opened::{self, Actor, Opened},
    visitor::Visitor,
    words,
};
use crate::{Console, asked::Named, limits::Desk};

/// Why nobody can approve a draft whose picture is gone.
pub(crate) const REMOVED_PICTURE: &str = "A picture in this post has been removed, so it cannot be approved. Ask the author to send it again without the picture.";

/// The longest note.
pub(crate) const MAX_NOTE_CHARS: usize = 2_000;

struct Wanted {
    decision: Decision,
    version: u32,
    note: String,
    list: List,
}

impl Wanted {
    fn read(posted: &Posted) -> Option<Self> {
        let note: String = posted
            .text("note")
            .chars()
            .filter(|c| *c != '\0')
            .take(MAX_NOTE_CHARS)
            .collect();
        Some(Self {
            decision: decision(posted.text("decision"), posted.text("to"))?,
            version: posted.text("version").parse().ok()?,
            list: List::from_code(posted.text("list"))?,
            note,
        })
    }
}

/// A decision by its names.
pub(crate) fn decision(kind: &str, to: &str) -> Option<Decision> {
    Some(match DecisionKind::from_code(kind)? {
        DecisionKind::Approve => Decision::Approve,
        DecisionKind::Reject => Decision::Reject,
        DecisionKind::Acknowledge => Decision::Acknowledge,
        DecisionKind::Escalate => Decision::Escalate {
            to: EscalateTo::from_code(to)?,
        },
    })
}

pub(crate) async fn decide(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    posted: Posted,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let wanted = Wanted::read(&posted).ok_or(PageFault::BadForm)?;
    let (opened, actor) = opened::by_visitor(console, &visitor, &key)
        .await?
        .ok_or(PageFault::NotFound)?;
    if opened.view.verdict.review.version != wanted.version {
        let why = meanwhile(console, &opened, &actor).await?;
        return collided(console, &visitor, &key, wanted, why).await;
    }
    let note = (!wanted.note.is_empty()).then(|| Redacted::new(wanted.note.clone()));
    let now = console.clock.now();
    let change = person_change(
        &actor.person(),
        &opened.matter(),
        wanted.decision,
        note,
        now,
    );
    let change = match change {
        Ok(change) => change,
        Err(refusal) => {
            return collided(
                console,
                &visitor,
                &key,
                wanted,
                refusal.sentence().to_owned(),
            )
            .await;
        }
    };
    let next = lists::next_after(console, &visitor, wanted.list, &key).await?;
    match console.store.decide(&key, wanted.version, &change).await? {
        Decided::Written { .. } => {
            console.store.release_review(&key, &visitor.id).await?;
            tracing::info!(item_key = %key, decision = wanted.decision.kind().code(), "decided");
            let kind = opened.item.envelope.kind;
            Ok(onwards(
                wanted.list,
                next.as_deref(),
                said(wanted.decision, kind),
            ))
        }
        Decided::Closed => {
            let why = Refusal::Closed.sentence().to_owned();
            collided(console, &visitor, &key, wanted, why).await
        }
        Decided::RemovedPicture => {
            let why = REMOVED_PICTURE.to_owned();
            collided(console, &visitor, &key, wanted, why).await
        }
        Decided::NotLatest { .. } => {
            let why = Refusal::NotLatest.sentence().to_owned();
            collided(console, &visitor, &key, wanted, why).await
        }
        Decided::Stale { .. } | Decided::NotScreened => {
            let why = match opened::read(console, &key).await? {
                Some(opened) => meanwhile(console, &opened, &actor).await?,
                None => return Err(PageFault::NotFound),
            };
            collided(console, &visitor, &key, wanted, why).await
        }
    }
}

const fn said(decision: Decision, kind: ItemKind) -> Done {
    match (decision, kind) {
        (Decision::Approve, _) => Done::Approved,
        (Decision::Reject, ItemKind::Draft) => Done::Rejected,
        (Decision::Reject, ItemKind::Comment) => Done::Hidden,
        (Decision::Acknowledge, _) => Done::Acknowledged,
        (Decision::Escalate { .. }, _) => Done::Escalated,
    }
}

/// To the next item of the list, or to the list where it is done.
fn onwards(list: List, next: Option<&str>, done: Done) -> Response {
    let to = match next {
        Some(next) => format!("/items/{next}?list={}&done={}", list.code(), done.code()),
        None => {
            let joint = if list.href().contains('?') { '&' } else { '?' };
            format!("{}{joint}done={}", list.href(), done.code())
        }
    };
    Redirect::to(&to).into_response()
}

/// Who did what while somebody else looked.
async fn meanwhile(console: &Console, opened: &Opened, actor: &Actor) -> Result<String, PageFault> {
    let now: Timestamp = console.clock.now();
    let last = opened.view.decisions.last();
    let Some(last) = last.filter(|_| !opened.is_only_own(actor)) else {
        return Ok(
            "The item changed while you had it open: it was screened again, or something happened on the platform."
                .to_owned(),
        );
    };
    let names = Names::read(&console.store).await?;
    Ok(format!(
        "{} {} it {}, while you had it open.",
        names.of(&last.actor),
        history::decided(last.decision),
        words::ago(last.at, now)
    ))
}

/// The item as it is now, with the note kept. Who may not see it any more gets nothing of it.
async fn collided(
    console: &Console,
    visitor: &Visitor,
    key: &str,
    wanted: Wanted,
    why: String,
) -> Result<Response, PageFault> {
    let (opened, actor) = opened::by_visitor(console, visitor, key)
        .await?
        .ok_or(PageFault::NotFound)?;
    let context = Context {
        list: wanted.list,
        done: None,
        collision: Some(Collision {
            title: "Your decision was not recorded",
            why,
        }),
        note: wanted.note,
        reveals: false,
    };
    let page = item::render(console, visitor, &opened, &actor, context).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}
