//! Items in: `POST drafts` and `POST comments`, and the wait for a verdict.

use std::time::Duration;

use axum::{
    Extension, Json,
    body::{Bytes, HttpBody as _},
    extract::{FromRequest as _, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schoolgate_model::{ItemId, ItemKind, SchoolId, Verdict, wire::parse_submission};
use schoolgate_ops::metrics::received;
use schoolgate_school::service::Right;
use schoolgate_store::{NewItem, Receipt};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    Console, MAX_BODY_BYTES, MAX_WAIT, access::Caller, asked::Asked, limits::Desk,
    problem::Problem, view,
};

/// How often a waiting request looks for its verdict, at first and after [`SOON`].
const LOOK_EVERY: [Duration; 2] = [Duration::from_millis(40), Duration::from_millis(200)];
/// When most verdicts are there.
const SOON: Duration = Duration::from_secs(1);
/// A body up to this size is parsed and hashed where it is: that takes less time than handing it over.
pub(crate) const SMALL_BODY_BYTES: usize = 64 * 1024;

#[derive(Debug, Deserialize)]
pub(crate) struct Wait {
    wait: Option<String>,
}

pub(crate) async fn post_draft(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Asked(wait): Asked<Wait>,
    request: Request,
) -> Result<Response, Problem> {
    receive(&desk, &caller, ItemKind::Draft, &wait, request).await
}

pub(crate) async fn post_comment(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Asked(wait): Asked<Wait>,
    request: Request,
) -> Result<Response, Problem> {
    receive(&desk, &caller, ItemKind::Comment, &wait, request).await
}

async fn receive(
    desk: &Desk,
    caller: &Caller,
    kind: ItemKind,
    wait: &Wait,
    request: Request,
) -> Result<Response, Problem> {
    caller.demand_anywhere(Right::Submit)?;
    let wait = wait.wait.as_deref().map(parse_wait).transpose()?;
    // before anything is taken: who is sent away has left nothing behind
    let _place = wait.map(|_| desk.wait_place()).transpose()?;
    let body = read_body(request, desk.limits.body).await?;
    let taken = prepare(desk, caller, kind, body).await?;
    let receipts = desk
        .console
        .store
        .receive(&[taken.row])
        .await
        .map_err(|error| Problem::store(&error))?;
    let (status, key, revision) = match receipts.into_iter().next() {
        Some(Receipt::New { key, revision }) => ("received", key, revision),
        Some(Receipt::Duplicate { key, revision }) => ("duplicate", key, revision),
        Some(Receipt::Conflict { .. }) => {
            received("http", kind.code(), "conflict");
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "conflicting_revision",
                "this revision is known with other content; the item is held for a person",
            ));
        }
        None => return Err(Problem::internal("the store gave no receipt")),
    };
    let result = if status == "received" { "new" } else { status };
    received("http", kind.code(), result);
    tracing::info!(item_key = %key, kind = kind.code(), status, "item received");
    if let Some(wait) = wait
        && let Some(verdict) = wait_for(desk, &key, wait).await?
    {
        return Ok(Json(view::for_sender(caller, &taken.school, &verdict)?).into_response());
    }
    let answer = json!({
        "id": taken.id, "kind": kind, "school": taken.school, "revision": revision, "status": status,
    });
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}

/// `5`, `5s` or `500ms`.
fn parse_wait(text: &str) -> Result<Duration, Problem> {
    let bad = || {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "wait",
            "`wait` is a number of seconds such as 5s, at most 30s",
        )
    };
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s').unwrap_or(text), 1_000),
    };
    let millis = number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(unit))
        .ok_or_else(bad)?;
    Ok(Duration::from_millis(millis).min(MAX_WAIT))
}

/// The whole body, which must be small enough and come soon enough.
pub(crate) async fn read_body(request: Request, patience: Duration) -> Result<Bytes, Problem> {
    let problem = |status| {
        Problem::new(
            status,
            "body",
            "the request's body is too large, too slow or broke off",
        )
    };
    // what is announced as too large need not be read to know it
    if request.body().size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(problem(StatusCode::PAYLOAD_TOO_LARGE));
    }
    match timeout(patience, Bytes::from_request(request, &())).await {
        Ok(body) => body.map_err(|rejection| problem(rejection.status())),
        Err(_) => Err(problem(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// An item that may be taken.
struct Taken {
    id: ItemId,
    school: SchoolId,
    row: NewItem,
}

/// Parses and hashes the body; a large one on a thread of its own, so that the others' requests go on meanwhile.
async fn prepare(
    desk: &Desk,
    caller: &Caller,
    kind: ItemKind,
    body: Bytes,
) -> Result<Taken, Problem> {
    if body.len() <= SMALL_BODY_BYTES {
        return item(&desk.console, caller, kind, body);
    }
    let place = desk.parse_place().await?;
    let (console, caller) = (desk.console.clone(), caller.clone());
    let work = move || {
        let taken = item(&console, &caller, kind, body);
        drop(place);
        taken
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Problem::internal("the item could not be read"))?
}

fn item(console: &Console, caller: &Caller, kind: ItemKind, body: Bytes) -> Result<Taken, Problem> {
    let unprocessable =
        |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let submission =
        parse_submission(&body).map_err(|error| unprocessable("invalid_item", error.message))?;
    if submission.kind != kind {
        return Err(unprocessable(
            "wrong_kind",
            format!("this address takes a {}", kind.code()),
        ));
    }
    let school = console
        .schools
        .resolve(submission.school.as_deref())
        .ok_or_else(|| {
            unprocessable(
                "unknown_school",
                "`school` is not a school of this service".to_owned(),
            )
        })?;
    caller.demand(Right::Submit, &school)?;
    let row = NewItem::from_submission(
        (console.new_key)(),
        &school,
        &submission,
        body.into(),
        console.clock.now(),
    );
    Ok(Taken {
        id: submission.id,
        school,
        row,
    })
}

/// The verdict, or `None` when the time is up or the service stops.
async fn wait_for(desk: &Desk, key: &str, wait: Duration) -> Result<Option<Verdict>, Problem> {
    let started = Instant::now();
    let deadline = started + wait;
    let mut stopping = desk.stopping.clone();
    loop {
        let found = desk
            .console
            .store
            .verdict_by_key(key)
            .await
            .map_err(|error| Problem::store(&error))?;
        let now = Instant::now();
        if found.is_some() || now >= deadline {
            return Ok(found.map(|stored| stored.verdict));
        }
        let pause = LOOK_EVERY[usize::from(now - started >= SOON)];
        let stop = stopping.wait_for(|stopping| *stopping);
        if timeout_at(deadline.min(now + pause), stop).await.is_ok() {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_and_bounded() {
        assert_eq!(parse_wait("5s").unwrap(), Duration::from_secs(5));
        assert_eq!(parse_wait("5").unwrap(), Duration::from_secs(5));
        assert_eq!(parse_wait("250ms").unwrap(), Duration::from_millis(250));
        assert_eq!(parse_wait("9999").unwrap(), MAX_WAIT);
        for bad in ["", "s", "-1", "five", "99999999999999999999"] {
            assert!(parse_wait(bad).is_err(), "{bad}");
        }
    }
}
