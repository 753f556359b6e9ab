//! After an answer: the draft's next revision as soon as it is screened, or a page that says that this takes a moment.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use tokio::time::{Duration, Instant, sleep};

use super::{
    done::Done,
    fault::{PageFault, html},
    lists::{self, List},
    opened,
    shell::{Section, Shell},
    visitor::Visitor,
};
use crate::{
    asked::{Asked, Named},
    limits::Desk,
};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(80);

#[derive(Debug, Deserialize)]
pub(crate) struct From {
    list: Option<String>,
}

#[derive(Template)]
#[template(path = "answered.html")]
struct AnsweredPage {
    shell: Shell,
    back: &'static str,
    again: Option<String>,
}

/// Sends the visitor on to the revision that the answer made.
pub(crate) async fn lead_to(desk: &Desk, key: &str, list: List) -> Result<Response, PageFault> {
    // where too many wait already, the page says so at once
    let place = desk.wait_place().ok();
    let until = Instant::now() + desk.limits.verdict;
    let mut stopping = desk.stopping.clone();
    while place.is_some() && Instant::now() < until && !*stopping.borrow_and_update() {
        if desk.console.store.verdict_by_key(key).await?.is_some() {
            break;
        }
        sleep(LOOK_EVERY).await;
    }
    let to = format!("/items/{key}/answered?list={}", list.code());
    Ok(Redirect::to(&to).into_response())
}

/// The revision, where it is screened and the visitor may see it; else what is known of it.
pub(crate) async fn page(
    State(desk): State<Desk>,
    Extension(visitor): Extension<Visitor>,
    Named(key): Named,
    Asked(from): Asked<From>,
) -> Result<Response, PageFault> {
    let console = &desk.console;
    let list = from.list.as_deref().and_then(List::from_code);
    let list = list.unwrap_or(List::DraftsDecide);
    if opened::by_visitor(console, &visitor, &key).await?.is_some() {
        let (list, done) = (list.code(), Done::Answered.code());
        let to = format!("/items/{key}?list={list}&done={done}");
        return Ok(Redirect::to(&to).into_response());
    }
    let answer = console.store.answer_of(&key).await?;
    if answer.is_none_or(|answer| answer.actor != visitor.id) {
        return Err(PageFault::NotFound);
    }
    let screened = console.store.verdict_by_key(&key).await?.is_some();
    let (shell, _) = lists::frame(console, &visitor, Section::Drafts).await?;
    Ok(html(&AnsweredPage {
        shell,
        back: list.href(),
        again: (!screened).then(|| format!("/items/{key}/answered?list={}", list.code())),
    }))
}
